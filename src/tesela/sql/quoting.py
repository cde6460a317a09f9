"""How each dialect writes an identifier."""

from __future__ import annotations

from tesela.errors import QueryRefused

BACKTICK_DIALECTS = frozenset({"mysql", "clickhouse", "spark", "databricks", "bigquery", "hive"})
MAX_IDENTIFIER = 256
"""Characters; no supported database allows a longer name."""


def quote(name: str, dialect: str) -> str:
    """Return `name` as a quoted identifier. Raises QueryRefused for names that no database can hold.

    >>> quote("country", "duckdb"), quote("pays`", "mysql")
    ('"country"', '`pays```')
    """
    if not name or len(name) > MAX_IDENTIFIER or not is_clean_text(name):
        raise QueryRefused("a column name is empty, too long, or has characters that SQL cannot carry")
    if dialect in BACKTICK_DIALECTS:
        if dialect in ("clickhouse", "bigquery"):
            name = name.replace("\\", "\\\\")
        return "`" + name.replace("`", "``" if dialect != "bigquery" else "\\`") + "`"
    return '"' + name.replace('"', '""') + '"'


def is_clean_text(text: str) -> bool:
    """Return whether a database can take `text`: no NUL character and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
