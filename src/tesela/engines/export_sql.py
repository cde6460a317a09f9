"""A DuckDB relation -> the rows of a CSV file or a sheet, as text made by the engine itself.

Runs in the walled worker. One expression makes a row's whole text, so no value ever becomes a Python object.
How a cell looks is decided in `files.cells`; the same for rows of Python values is in `export_rows`.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import arro3.compute as compute
import arro3.core as arrow
import duckdb

from tesela.engines.arrow import kind_of, read_on
from tesela.engines.names import final_names
from tesela.files import cells
from tesela.model.result import Column, ColumnType, ExportEnd, ExportFormat, ExportHead, ExportPart

BATCH_ROWS = 2_048
"""Rows that the engine hands over at a time: its own step, so that wide rows do not fill the memory."""
SMALL = re.compile(r"U?(TINY|SMALL)?INT(EGER)?$|DECIMAL\((\d|1[0-5]),\d+\)")
"""Types of numbers whose digits every spreadsheet keeps."""
DAYS = {
    "DATE": "BETWEEN DATE '1900-03-01' AND DATE '9999-12-31'",
    "TIMESTAMP": "BETWEEN TIMESTAMP '1900-03-01' AND TIMESTAMP '9999-12-31 23:59:59'",
}
"""What a sheet has a number for; see `cells.FIRST_DAY`."""
YEARS = {
    "DATE": "BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'",
    "TIMESTAMP": "BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'",
}
"""What ISO 8601 writes with four digits."""


def exported(
    relation: duckdb.DuckDBPyRelation,
    *,
    names: Sequence[str | None],
    to: ExportFormat,
    max_rows: int,
    max_bytes: int,
    still_wanted: Callable[[], None],
) -> Iterator[ExportPart]:
    """Yield the head, pieces of text, and the end.

    still_wanted: called between the pieces; raises when nobody waits any more.
    """
    kinds = [kind_of(str(each))[0] for each in relation.types]
    columns = zip(final_names(relation.columns, names), kinds, strict=True)
    head: list[ExportPart] = [ExportHead(tuple(Column(name, kind) for name, kind in columns))]
    rows = size = cut = 0
    more = False
    for batch in read_on(_batches(_lines(relation, kinds, to))):
        still_wanted()
        if batch.num_rows and (rows == max_rows or size > max_bytes):
            more = True
            break
        more = batch.num_rows > max_rows - rows
        batch = batch.slice(0, max_rows - rows) if more else batch
        text = _joined(batch.column(0))
        rows, size = rows + batch.num_rows, size + len(text)
        cut += compute.sum(batch.column(1)).as_py() or 0
        yield from head
        head = []
        yield text
        if more:
            break
    yield from head
    yield ExportEnd(rows, more, cut)


def _batches(lines: duckdb.DuckDBPyRelation) -> Any:
    """Return the relation's batches. Only the inner call takes their size; the public one takes 60 times it."""
    return arrow.RecordBatchReader.from_arrow_pycapsule(lines._submit("stream", BATCH_ROWS).arrow_capsule())


def _lines(
    relation: duckdb.DuckDBPyRelation,
    kinds: Sequence[ColumnType],
    to: ExportFormat,
) -> duckdb.DuckDBPyRelation:
    """Return two columns: a row's text, and how many of its texts were cut."""
    types = [str(each) for each in relation.types]
    refs = [f"#{place}" for place in range(1, len(kinds) + 1)]
    relation = _projected(relation, [_simple(*each) for each in zip(types, kinds, refs, strict=True)])
    if to == "csv":
        written = [_csv_cell(kind, ref) for kind, ref in zip(kinds, refs, strict=True)]
        if len(written) == 1:  # an empty line would be no row
            written = [f"""coalesce({written[0]}, '""')"""]
        line = ", ',', ".join(written)
        return relation.project(f"concat({line}, chr(13), chr(10)) AS line, 0 AS cut")
    texts = [ref for kind, ref in zip(kinds, refs, strict=True) if _is_text(kind)]
    cut = " + ".join(f"coalesce({_is_cut(ref)}, 0)" for ref in texts) or "0"
    fitted = [_fitted(ref) if ref in texts else ref for ref in refs]
    relation = _projected(relation, [*fitted, cut])
    written = [_sheet_cell(*each) for each in zip(types, kinds, refs, strict=True)]
    line = ", ".join(written)
    return relation.project(f"concat('<row>', {line}, '</row>') AS line, #{len(refs) + 1} AS cut")


def _projected(relation: duckdb.DuckDBPyRelation, parts: Sequence[str]) -> duckdb.DuckDBPyRelation:
    return relation.project(", ".join(f"{part} AS c{place}" for place, part in enumerate(parts)))


def _is_text(kind: ColumnType) -> bool:
    return kind in ("text", "json", "interval", "binary")


def _simple(type_: str, kind: ColumnType, ref: str) -> str:
    """Return a column as text, but for what a sheet has kinds of its own for."""
    match kind:
        case "json" if type_ != "JSON":
            return f"CAST(to_json({ref}) AS VARCHAR)"
        case "binary":
            return f"lower(hex({ref}))"
        case "date" | "timestamp" | "timestamptz" | "bool" | "float":
            return ref
        case "time" if type_ != "TIME WITH TIME ZONE":
            return f"CAST({ref} AS TIME)"
        case _:
            return f"CAST({ref} AS VARCHAR)"


def _csv_cell(kind: ColumnType, ref: str) -> str:
    if _is_text(kind):
        return _csv_text(ref)
    written = f"CAST({ref} AS VARCHAR)"
    match kind:
        case "float":
            return f"CASE WHEN isfinite({ref}) THEN {written} END"
        case "date":
            return f"CASE WHEN {ref} {YEARS['DATE']} THEN {written} ELSE {_csv_text(written)} END"
        case "timestamp":
            usual = f"TRY_CAST({ref} AS TIMESTAMP) {YEARS['TIMESTAMP']}"
            joined, odd = f"replace({written}, ' ', 'T')", f"regexp_replace({written}, ' ', 'T')"
            return f"CASE WHEN {usual} THEN {joined} ELSE {_csv_text(odd)} END"
        case "timestamptz":
            usual = f"CAST({ref} AS TIMESTAMP) {YEARS['TIMESTAMP']}"
            joined = f"replace({written}, ' ', 'T')"
            return (
                f"CASE WHEN NOT {usual} THEN {_csv_text(written)} "
                f"WHEN ends_with({written}, '+00') THEN concat(left({joined}, -3), 'Z') "
                f"WHEN regexp_matches({written}, '[+-]\\d\\d$') THEN concat({joined}, ':00') ELSE {joined} END"
            )
        case _:
            return written


def _csv_text(text: str) -> str:
    """Return a text as CSV has it. The first look is the quick one, at texts that most are like."""
    first, ends = _class(cells.RISKY), _class(cells.IN_QUOTES)
    mark = f"CASE WHEN {_is_risky(text)} THEN '''' ELSE '' END"
    quoted = f"""concat('"', {mark}, replace({text}, '"', '""'), '"')"""
    return (
        f"CASE WHEN regexp_full_match({text}, '[A-Za-z0-9][^{ends}]*') THEN {text} "
        f"WHEN regexp_matches({text}, '^[{first}]|[{ends}]|^$') THEN {quoted} ELSE {text} END"
    )


def _sheet_cell(type_: str, kind: ColumnType, ref: str) -> str:
    if _is_text(kind):
        return _text_cell(ref, _escaped(ref))
    written = f"CAST({ref} AS VARCHAR)"
    match kind:
        case "bool":
            true, false = cells.bool_cell(True), cells.bool_cell(False)
            return f"CASE {ref} WHEN true THEN '{true}' WHEN false THEN '{false}' ELSE '{cells.EMPTY}' END"
        case "float":
            return f"CASE WHEN isfinite({ref}) THEN {_number_cell(ref)} ELSE '{cells.EMPTY}' END"
        case "date":
            usual, days = f"{ref} {DAYS['DATE']}", f"({ref} - DATE '1899-12-30')"
            return f"CASE WHEN {usual} THEN {_number_cell(days, cells.DATE)} ELSE {_text_cell(written)} END"
        case "timestamp" | "timestamptz":
            moment = f"TRY_CAST({ref} AS TIMESTAMP)"
            days = f"((epoch_us({moment}) + 25569 * 86400000000) / 86400000000)"
            usual = f"{moment} {DAYS['TIMESTAMP']}"
            cell = _number_cell(days, cells.TIMESTAMP)
            return f"CASE WHEN {usual} THEN {cell} ELSE {_text_cell(written)} END"
        case "time" if type_ != "TIME WITH TIME ZONE":
            cell = _number_cell(f"(epoch({ref}) / 86400)", cells.TIME)
            return f"CASE WHEN {ref} IS NULL THEN '{cells.EMPTY}' ELSE {cell} END"
        case "time":
            return _text_cell(ref)
        case _ if SMALL.match(type_):
            return f"CASE WHEN {ref} IS NULL THEN '{cells.EMPTY}' ELSE {_number_cell(ref)} END"
        case _:
            digits = f"replace(ltrim({ref}, '-'), '.', '')"
            if kind == "decimal" and not type_.endswith(",0)"):
                digits = f"replace(ltrim(rtrim({ref}, '0'), '-'), '.', '')"
            most = cells.MAX_DIGITS
            kept = f"strlen({ref}) <= {most} OR strlen({digits}) <= {most}"
            return f"CASE WHEN {kept} THEN {_number_cell(ref)} ELSE {_text_cell(ref)} END"


def _number_cell(value: str, style: int = 0) -> str:
    before, after = cells.number_cell("|", style).split("|")
    return f"concat('{before}', {value}, '{after}')"


def _text_cell(text: str, inside: str | None = None) -> str:
    """Return a text's cell. inside: what stands between the tags; the text itself when nothing in it is special."""
    before, after = cells.text_cell("|").split("|")
    literal = cells.text_cell("|", cells.LITERAL).split("|")[0]
    start = f"CASE WHEN {_is_risky(text)} THEN '{literal}' ELSE '{before}' END"
    return (
        f"CASE WHEN {text} IS NULL THEN '{cells.EMPTY}' ELSE concat({start}, {inside or text}, '{after}') END"
    )


def _escaped(text: str) -> str:
    """Return text as XML holds it. Most texts have nothing special, so the dear way stands behind one look."""
    unseen = "\\x00-\\x08\\x0b-\\x1f\\x{fffe}\\x{ffff}"
    written = f"replace(replace({text}, '_x', '_x005F_x'), '&', '&amp;')"
    written = f"replace(replace({written}, '<', '&lt;'), '>', '&gt;')"
    spelled = written
    for code in cells.NOT_IN_XML:
        spelled = f"replace({spelled}, chr({code}), '{cells.xml_text(chr(code))}')"
    special = f"CASE WHEN regexp_matches({text}, '[{unseen}]') THEN {spelled} ELSE {written} END"
    return f"CASE WHEN regexp_matches({text}, '[{unseen}&<>]|_x') THEN {special} ELSE {text} END"


def _fitted(text: str) -> str:
    """Return as much of a text as a cell holds; short ones, in bytes, are not looked at."""
    beyond, half = f"regexp_matches({text}, '[\\x{{10000}}-\\x{{10ffff}}]')", cells.MAX_TEXT // 2
    most = f"CASE WHEN {beyond} THEN {half} ELSE {cells.MAX_TEXT} END"
    return f"CASE WHEN strlen({text}) <= {half} THEN {text} ELSE left({text}, {most}) END"


def _is_cut(text: str) -> str:
    cut = f"CAST(length({_fitted(text)}) < length({text}) AS INTEGER)"
    return f"CASE WHEN strlen({text}) <= {cells.MAX_TEXT // 2} THEN 0 ELSE {cut} END"


def _is_risky(text: str) -> str:
    return f"unicode({text}) IN ({', '.join(str(ord(one)) for one in cells.RISKY)})"


def _class(characters: str) -> str:
    """Return the inside of a regular expression's class."""
    return "".join(f"\\x{{{ord(one):x}}}" for one in characters)


def _joined(column: Any) -> bytes:
    """Return the texts of an Arrow column one after the other, copied once: in Arrow they lie side by side."""
    _, held = column.__arrow_c_array__()
    array = _CArray.from_address(_pointer(held, b"arrow_array"))
    offsets = (ctypes.c_int32 * (array.length + 1)).from_address(array.buffers[1] + 4 * array.offset)
    return ctypes.string_at(array.buffers[2] + offsets[0], offsets[array.length] - offsets[0])


class _CArray(ctypes.Structure):
    """An array of the Arrow C data interface, https://arrow.apache.org/docs/format/CDataInterface.html."""

    _fields_ = (
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
