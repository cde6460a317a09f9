# ruff: noqa: S608 - only names and paths of our own, quoted, stand in this SQL
"""How an uploaded file is understood: CSV, Parquet, JSON and XLSX -> tables. Runs in the walled process."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tesela.engines.names import clean_names
from tesela.engines.workbooks import Unreadable, sheets

SCRATCH = ["text.csv", *(f"sheet-{number}.csv" for number in range(50))]
"""Names of files that may be made on the way, in the work folder."""
MOST_COLUMNS = 2_000
REJECTED_SHOWN = 20
REJECTED_MOST = 10_000
"""A file with more unreadable lines is not what it says it is."""
FULL_SAMPLE_BYTES = 200_000_000
"""Up to this size the types of a CSV are decided by all of its lines, so none is rejected for its type."""
NULL_WORDS = ("NA", "N/A", "#N/A", "n/a", "NULL", "null", "None", "NaN", "nan", "-")
ISO_DATES = (None, "", "%Y-%m-%d")
BLOCK = 2**20
MARKS = {"Delimiter": "delim", "Quote": "quote", "Escape": "escape", "Comment": "comment"}


@dataclass(frozen=True, slots=True)
class Made:
    """A table that was made. columns: (name, type). rejected: (line, reason), the first ones."""

    table: str
    columns: list[tuple[str, str]]
    rows: int
    rejected: list[tuple[int, str]] = field(default_factory=list)
    rejected_count: int = 0

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def from_sql(connection: duckdb.DuckDBPyConnection, table: str, sql: str) -> Made:
    """Make a table of a query of our own."""
    connection.execute(f"CREATE OR REPLACE TABLE {_quoted(table)} AS {sql}")
    return _described(connection, table)


def from_file(
    connection: duckdb.DuckDBPyConnection, path: Path, ending: str, table: str, work: Path
) -> list[Made]:
    """Make the tables of one upload: one, or one for each sheet of a workbook."""
    if path.stat().st_size == 0:
        raise Unreadable("The file is empty.")
    if ending == ".xlsx":
        return _from_workbook(connection, path, table, work)
    if ending == ".parquet":
        return [_from_reader(connection, f"read_parquet({_text(path)})", table, "Parquet")]
    if ending in (".json", ".ndjson", ".jsonl"):
        reader = f"read_json({_text(path)}, sample_size = -1, maximum_object_size = 67108864)"
        return [_from_reader(connection, reader, table, "JSON")]
    return [_from_csv(connection, _in_utf8(path, work / SCRATCH[0]), table)]


def warm_up() -> None:
    """Load what reading may need while it can still be loaded."""
    for encoding in ("cp1252", "utf-16"):
        codecs.lookup(encoding)
    with duckdb.connect() as connection:
        connection.execute("SELECT 1").fetchall()


def _from_reader(connection: duckdb.DuckDBPyConnection, reader: str, table: str, what: str) -> Made:
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()
        names = [str(row[0]) for row in described]
        _check_width(names)
        return from_sql(connection, table, f"SELECT {_renamed(names)} FROM {reader}")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise Unreadable(f"The file could not be read as {what}: {_reason(error)}") from error


def _from_csv(connection: duckdb.DuckDBPyConnection, path: Path, table: str) -> Made:
    sample = -1 if path.stat().st_size <= FULL_SAMPLE_BYTES else 200_000
    try:
        found = _sniffed(connection, path, f"sample_size = {sample}")
        if found["Delimiter"] != "," and _has_numbers_with_commas(
            found, commas := _sniffed(connection, path, f"sample_size = {sample}, decimal_separator = ','")
        ):
            return _read_csv(connection, path, table, commas, ", decimal_separator = ','", {})
        typed = _typed_but_for_null_words(connection, path, found) if sample == -1 else {}
        return _read_csv(connection, path, table, found, "", typed)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise Unreadable(f"The file could not be read as CSV: {_reason(error)}") from error


def _sniffed(connection: duckdb.DuckDBPyConnection, path: Path, options: str) -> dict[str, Any]:
    """Return what the engine takes a CSV for: delimiter, quote, header, columns with types, formats."""
    lenient = "strict_mode = false, null_padding = false, ignore_errors = true"
    result = connection.execute(f"SELECT * FROM sniff_csv({_text(path)}, {options}, {lenient})")
    names = [column[0] for column in result.description or ()]
    row = result.fetchone()
    if row is None:
        raise Unreadable("The file could not be read as CSV.")
    return dict(zip(names, row, strict=True))


def _has_numbers_with_commas(points: dict[str, Any], commas: dict[str, Any]) -> bool:
    """Return whether reading `2,5` as a number makes numbers out of text, and text out of no number."""
    if len(points["Columns"]) != len(commas["Columns"]) or points["Delimiter"] != commas["Delimiter"]:
        return False
    pairs = [
        (one["type"], other["type"])
        for one, other in zip(points["Columns"], commas["Columns"], strict=True)
        if one["type"] != other["type"]
    ]
    return bool(pairs) and all(pair == ("VARCHAR", "DOUBLE") for pair in pairs)


def _typed_but_for_null_words(
    connection: duckdb.DuckDBPyConnection, path: Path, found: dict[str, Any]
) -> dict[int, str]:
    """Return the types of columns that are text only because of words like `NA`, by their place.

    In the other text columns such a word may be a value (Namibia), and stays one.
    """
    if all(column["type"] != "VARCHAR" for column in found["Columns"]):
        return {}
    words = ", ".join(_text(word) for word in ("", *NULL_WORDS))
    without = _sniffed(connection, path, f"sample_size = -1, nullstr = [{words}]")
    if without["Delimiter"] != found["Delimiter"] or len(without["Columns"]) != len(found["Columns"]):
        return {}
    castable = {"BIGINT", "DOUBLE", "BOOLEAN"} | ({"DATE"} if without["DateFormat"] in ISO_DATES else set())
    pairs = zip(found["Columns"], without["Columns"], strict=True)
    return {
        place: str(other["type"])
        for place, (one, other) in enumerate(pairs)
        if one["type"] == "VARCHAR" and other["type"] in castable
    }


def _read_csv(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: str,
    found: dict[str, Any],
    options: str,
    typed: dict[int, str],
) -> Made:
    own = [str(column["name"]) for column in found["Columns"]]
    _check_width(own)
    names = clean_names(own)
    kinds = ", ".join(
        f"{_text(name)}: {_text(column['type'])}"
        for name, column in zip(names, found["Columns"], strict=True)
    )
    marks = {key: "" if found[key] in (None, "(empty)", chr(0)) else found[key] for key in MARKS}
    marks["Escape"] = marks["Escape"] or marks["Quote"]
    for key, option in MARKS.items():
        options += f", {option} = {_text(marks[key])}"
    for option, key in (("dateformat", "DateFormat"), ("timestampformat", "TimestampFormat")):
        if found[key]:
            options += f", {option} = {_text(found[key])}"
    reader = (
        f"read_csv({_text(path)}, auto_detect = false, strict_mode = false, header = {bool(found['HasHeader'])}, "
        f"skip = {int(found['SkipRows'] or 0)}, columns = {{{kinds}}}, store_rejects = true, "
        f"rejects_limit = {REJECTED_MOST}, max_line_size = 16777216{options})"
    )
    selected = ", ".join(
        _but_for_null_words(_quoted(name), typed[place]) if place in typed else _quoted(name)
        for place, name in enumerate(names)
    )
    made = from_sql(connection, table, f"SELECT {selected} FROM {reader}")
    (count,) = connection.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchone() or (0,)
    if count >= REJECTED_MOST or (count and not made.rows):
        raise Unreadable("The file could not be read as CSV: most of its lines do not fit its first ones.")
    shown = connection.execute(
        "SELECT line, any_value(column_name), any_value(error_message) FROM reject_errors "
        f"GROUP BY line ORDER BY line LIMIT {REJECTED_SHOWN}"
    ).fetchall()
    rejected = [(int(line), _rejection(column, message)) for line, column, message in shown]
    return Made(made.table, made.columns, made.rows, rejected, int(count))


def _but_for_null_words(column: str, type_: str) -> str:
    words = ", ".join(map(_text, NULL_WORDS))
    return f"CAST(CASE WHEN {column} NOT IN ({words}) THEN {column} END AS {type_}) AS {column}"


def _rejection(column: str | None, message: str) -> str:
    reason = " ".join(str(message).split("\n")[0].split())[:200]
    return f"{column}: {reason}" if column else reason


def _in_utf8(path: Path, copy: Path) -> Path:
    """Return the file, or a copy in UTF-8 when it is in something else: UTF-16 by its mark, else Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _recoded(path, copy, "utf-16")
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _recoded(path, copy, "cp1252")
    return path


def _recoded(path: Path, copy: Path, encoding: str) -> Path:
    with (
        path.open(encoding=encoding, errors="replace", newline="") as file,
        copy.open("w", encoding="utf-8", newline="") as out,
    ):
        while block := file.read(BLOCK):
            out.write(block)
    return copy


def _from_workbook(connection: duckdb.DuckDBPyConnection, path: Path, table: str, work: Path) -> list[Made]:
    made = []
    for number, sheet in enumerate(sheets(path, work, SCRATCH[1:])):
        _check_width(sheet.names)
        names = clean_names(sheet.names)
        kinds = ", ".join(
            f"{_text(name)}: {_text(kind)}" for name, kind in zip(names, sheet.kinds, strict=True)
        )
        reader = (
            f"read_csv({_text(sheet.file)}, auto_detect = false, header = false, delim = ',', quote = '\"', "
            f"escape = '\"', max_line_size = 67108864, columns = {{{kinds}}})"
        )
        name = table if number == 0 else clean_names([f"{table}_{sheet.title}"])[0]
        try:
            made.append(from_sql(connection, name, f"SELECT * FROM {reader}"))
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise Unreadable(f"The sheet {sheet.title!r} could not be read: {_reason(error)}") from error
        sheet.file.unlink()
    if not made:
        raise Unreadable("The workbook has no sheet with anything in it.")
    return made


def _described(connection: duckdb.DuckDBPyConnection, table: str) -> Made:
    columns = connection.execute(f"DESCRIBE {_quoted(table)}").fetchall()
    (rows,) = connection.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone() or (0,)
    return Made(table, [(str(row[0]), str(row[1])) for row in columns], int(rows))


def _renamed(names: Sequence[str]) -> str:
    return ", ".join(f"#{place} AS {_quoted(name)}" for place, name in enumerate(clean_names(names), 1))


def _check_width(names: Sequence[str]) -> None:
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"The file has {len(names):,} columns; at most {MOST_COLUMNS:,} can be read.")


def _reason(error: Exception) -> str:
    """Return the first sentence of the engine's message, without paths."""
    text = re.sub(r"^(?:[A-Z]\w* )*Error: ", "", str(error)).split("\n")[0]
    return re.sub(r"""["']?(?:/[\w.@ +-]+){2,}["']?""", "the file", text)[:300]


def _text(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
