"""A workbook (ECMA-376) written from its beginning to its end, so that no part of it is ever held whole.

Sheets get their rows as text, as engines write it (`cells`). Nothing is shared between cells and no cell says
its place: both are optional, and would cost a table in memory or a count in every row.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from typing import IO
from xml.sax.saxutils import quoteattr

from tesela.files import cells
from tesela.model.result import Column, ColumnType

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_DATA_ROWS = cells.MAX_ROWS - 8
"""Rows of a query that a sheet has room for, beside the names and the notes."""
MAX_BYTES = 2_000_000_000
"""Of a sheet's text: up to here the archive needs none of the extensions that some readers lack."""
LEVEL = 1
"""Of compression: the next ones cost twice the time for a tenth of the size."""
WIDTHS: dict[ColumnType, int] = {"text": 24, "json": 32, "timestamp": 20, "timestamptz": 20, "bool": 9}
MAX_WIDTH = 60

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="3">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>'
    '<numFmt numFmtId="166" formatCode="hh:mm:ss"/>'
    "</numFmts>"
    '<fonts count="4">'
    '<font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><i/><sz val="11"/><color rgb="FF666666"/><name val="Calibri"/></font>'
    '<font><b/><sz val="16"/><name val="Calibri"/></font>'
    "</fonts>"
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="9">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
    '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/>'
    '<xf numFmtId="0" fontId="3" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
"""In the order of the styles in `cells`."""

Value = str | int | float | bool | dt.datetime | None


class Workbook:
    """Writes sheet after sheet; every method returns the bytes that are ready by then, in the order of the file.

    names: of all sheets, as they will stand (`names.sheet_names`). They may be written in any order.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(names)
        self._ready = _Ready()
        self._zip = zipfile.ZipFile(self._ready, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._sheet: IO[bytes] | None = None
        self._columns = 0
        for path, text in _frame(self._names):
            self._zip.writestr(path, text)

    def open_table(self, place: int, columns: Sequence[Column]) -> bytes:
        """Begin the sheet at a place, from 0, with a row of names that stays in sight."""
        self._columns = len(columns)
        widths = [_width(column) for column in columns]
        names = "".join(cells.text_cell(cells.fitted(column.name), cells.HEADER) for column in columns)
        self._open(place, widths, freezes=True)
        return self.write(f"<row>{names}</row>".encode())

    def write(self, rows: bytes) -> bytes:
        """Add rows, or any piece of their text, to the open sheet."""
        self._add(rows)
        return self._ready.taken()

    def close_table(self, row_count: int, notes: Sequence[str] = ()) -> bytes:
        """End the open sheet, with notes below its rows and a filter on its columns."""
        said = "".join(f"<row>{cells.text_cell(note, cells.NOTE)}</row>" for note in notes)
        last = f"{column_letters(self._columns)}{row_count + 1}"
        return self._close(f'{said}</sheetData><autoFilter ref="A1:{last}"/>')

    def add_page(
        self, place: int, widths: Sequence[int], rows: Sequence[tuple[int, Sequence[Value]]]
    ) -> bytes:
        """Write the whole sheet at a place: rows of plain values, each in a style."""
        self._open(place, widths, freezes=False)
        for style, values in rows:
            self._add(f"<row>{''.join(value_cell(value, style) for value in values)}</row>".encode())
        return self._close("</sheetData>")

    def break_off(self, place: int, note: str) -> bytes:
        """End the open sheet before its time, or make the one at a place, with a note that says why."""
        row = f"<row>{cells.text_cell(cells.fitted(note), cells.NOTE)}</row>"
        if self._sheet is None:
            self._open(place, [MAX_WIDTH], freezes=False)
        return self._close(f"{row}</sheetData>")

    def end(self) -> bytes:
        """Write what comes after the last sheet."""
        self._zip.close()
        return self._ready.taken()

    def close(self) -> None:
        """Let go of everything, also in the middle."""
        if self._sheet is not None:
            self._sheet.close()
        self._zip.close()

    def _open(self, place: int, widths: Sequence[int], *, freezes: bool) -> None:
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if freezes else ""
        chosen = ' tabSelected="1"' if place == 0 else ""
        columns = "".join(
            f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
            for number, width in enumerate(widths, 1)
        )
        self._sheet = self._zip.open(f"xl/worksheets/sheet{place + 1}.xml", "w")
        self._sheet.write(
            f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView{chosen} workbookViewId="0">{pane}</sheetView>'
            f"</sheetViews><cols>{columns}</cols><sheetData>".encode()
        )

    def _close(self, text: str) -> bytes:
        self._add(f"{text}</worksheet>".encode())
        if self._sheet is not None:
            self._sheet.close()
            self._sheet = None
        return self._ready.taken()

    def _add(self, text: bytes) -> None:
        if self._sheet is None:
            raise ValueError("no sheet is open")
        self._sheet.write(text)


class _Ready:
    """Where the archive goes: it cannot go back, as a download cannot."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def value_cell(value: Value, style: int = 0) -> str:
    """Return a plain value as a cell.

    >>> value_cell(2), value_cell(None), value_cell("a", cells.HEADER)
    ('<c><v>2</v></c>', '<c/>', '<c t="inlineStr" s="1"><is><t xml:space="preserve">a</t></is></c>')
    """
    match value:
        case None:
            return cells.EMPTY
        case bool():
            return cells.bool_cell(value)
        case int() | float():
            return cells.exact_cell(str(value))
        case dt.datetime():
            local = value.replace(tzinfo=None)
            return cells.moment_cell(local, cells.TIMESTAMP) or cells.text_cell(str(local))
    return cells.text_cell(cells.fitted(value), style)


def column_letters(number: int) -> str:
    """Return the letters of a column, from 1.

    >>> column_letters(1), column_letters(26), column_letters(27), column_letters(16_384)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _width(column: Column) -> int:
    return min(MAX_WIDTH, max(WIDTHS.get(column.type, 13), len(column.name) + 4))


def _frame(names: Sequence[str]) -> list[tuple[str, str]]:
    """Return what a workbook has beside its sheets: (path, text)."""
    numbers = range(1, len(names) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{KINDS}.worksheet+xml"/>'
        for number in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    return [
        (
            "[Content_Types].xml",
            f'{XML}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>{types}</Types>',
        ),
        (
            "_rels/.rels",
            f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        ),
        (
            "xl/workbook.xml",
            f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
            f"<bookViews><workbookView/></bookViews><sheets>{sheets}</sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{relations}'
            f'<Relationship Id="rId{len(names) + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        ),
        ("xl/styles.xml", STYLES),
    ]
