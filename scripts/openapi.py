"""Write web/src/api/openapi.json, from which the web app's types are made; `--check` says if it is right."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tesela.app import describe_app

FILE = Path(__file__).resolve().parent.parent / "web" / "src" / "api" / "openapi.json"


def text() -> str:
    return json.dumps(describe_app().openapi(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        same = FILE.exists() and json.loads(FILE.read_text(encoding="utf-8")) == json.loads(text())
        sys.exit(None if same else "web/src/api/openapi.json is not what `make docs` writes")
    FILE.write_text(text(), encoding="utf-8")
