"""Print one line that changes with what is asked for in pyproject.toml and requirements/*.in."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def asked_for() -> str:
    """Return the first line of every lock that fits what is asked for now."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        project["project"]["dependencies"],
        project["project"]["requires-python"],
        project["dependency-groups"],
        [file.read_text(encoding="utf-8") for file in sorted((ROOT / "requirements").glob("*.in"))],
    ]
    return f"# made from {hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]}"


if __name__ == "__main__":
    print(asked_for())
