"""Write the table of docs/settings.md from `tesela.settings` (`make docs`); `--check` says if it is right."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pydantic.fields import FieldInfo

from tesela.settings import Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
BEGIN, END = "<!-- table: made by scripts/settings_docs.py -->", "<!-- end of table -->"


def table() -> str:
    """Return every setting as a row of a Markdown table."""
    rows = ["| variable | default | what it does |", "| --- | --- | --- |"]
    rows += [row(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join(rows)


def row(name: str, field: FieldInfo) -> str:
    default = "unset" if field.default is None else f"`{shown(field.default)}`"
    return f"| `TESELA_{name.upper()}` | {default} | {field.description}{bounds(field)} |"


def shown(value: object) -> str:
    return f"./{value}" if isinstance(value, Path) and not value.is_absolute() else str(value)


def bounds(field: FieldInfo) -> str:
    """Return ` From 1 to 64.` for a field with limits, else nothing."""
    low = next((f"{rule.ge:,}" for rule in field.metadata if getattr(rule, "ge", None) is not None), None)
    high = next((f"{rule.le:,}" for rule in field.metadata if getattr(rule, "le", None) is not None), None)
    if low and high:
        return f" From {low} to {high}."
    return f" At least {low}." if low else ""


def page(text: str) -> str:
    """Return the page with its table written anew."""
    made = f"{BEGIN}\n{table()}\n{END}"
    return re.sub(re.escape(BEGIN) + r".*?" + re.escape(END), lambda _: made, text, flags=re.DOTALL)


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8")
    after = page(before)
    if "--check" in sys.argv:
        sys.exit(None if before == after else "docs/settings.md is not what `make docs` writes")
    PAGE.write_text(after, encoding="utf-8")
