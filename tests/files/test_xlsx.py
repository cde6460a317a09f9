"""A workbook comes out in pieces and is read back whole."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tesela.files import cells
from tesela.files.xlsx import STYLES, Workbook
from tesela.model.result import Column

COLUMNS = (Column("n", "int"), Column("=name", "text"))
ROW = f"<row>{cells.number_cell('1')}{cells.text_cell('=1+1')}</row>".encode()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_sheets_may_be_written_in_another_order_than_they_stand() -> None:
    book = Workbook(["Overview", "A & B"])
    content = book.open_table(1, COLUMNS) + book.write(ROW) + book.close_table(1, ["Not all."])
    content += book.add_page(0, (10, 20), [(cells.TITLE, ["Title", 2, 1.5, True, None])]) + book.end()

    read = opened(content)

    assert read.sheetnames == ["Overview", "A & B"]
    assert values(read["A & B"]) == [["n", "=name"], [1, "=1+1"], ["Not all.", None]]
    assert values(read["Overview"]) == [["Title", 2, 1.5, True, None]]
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["Overview", "A & B"]


def test_nothing_is_held_back_while_rows_come() -> None:
    book = Workbook(["A"])
    dice = random.Random(7)
    sizes = [len(book.open_table(0, COLUMNS))]
    for _ in range(50):
        text = "".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=20_000))
        sizes.append(len(book.write(f"<row>{cells.text_cell(text)}</row>".encode())))

    assert min(sum(sizes[place : place + 5]) for place in range(0, 50, 5)) > 10_000


def test_a_sheet_that_breaks_off_says_why_and_the_others_are_whole() -> None:
    book = Workbook(["A", "B", "C"])
    content = book.open_table(0, COLUMNS) + book.write(ROW) + book.break_off(0, "It broke.")
    content += book.break_off(1, "It never began.")
    content += book.open_table(2, COLUMNS) + book.close_table(0) + book.end()

    read = opened(content)

    assert [values(read[name]) for name in "ABC"] == [
        [["n", "=name"], [1, "=1+1"], ["It broke.", None]],
        [["It never began."]],
        [["n", "=name"]],
    ]


def test_a_workbook_can_be_let_go_in_the_middle() -> None:
    book = Workbook(["A"])
    book.open_table(0, COLUMNS)

    book.close()
    book.close()

    with pytest.raises(ValueError, match="no sheet is open"):
        Workbook(["A"]).write(ROW)


def test_moments_are_dates_with_their_format() -> None:
    book = Workbook(["A"])
    moment = dt.datetime(2026, 1, 31, 12, 30, tzinfo=dt.UTC)
    content = book.add_page(0, (20,), [(0, [moment])]) + book.end()

    cell = opened(content)["A"]["A1"]

    assert (cell.value, cell.is_date) == (moment.replace(tzinfo=None), True)


def test_there_is_a_style_for_each_place_and_its_date_formats_are_ones() -> None:
    book = Workbook(["A"])
    styles = range(cells.WRAPPED + 1)
    row = "".join(cells.number_cell("1", style) for style in styles)
    content = (
        book.open_table(0, COLUMNS)
        + book.write(f"<row>{row}</row>".encode())
        + book.close_table(1)
        + book.end()
    )

    read = [opened(content)["A"].cell(2, place + 1) for place in styles]

    assert STYLES.count("<xf ") == len(styles) + 1
    assert [style for style in styles if read[style].is_date] == [cells.DATE, cells.TIMESTAMP, cells.TIME]
    assert [style for style in styles if read[style].font.b] == [cells.HEADER, cells.TITLE]


def test_the_archive_is_one_that_simple_readers_read() -> None:
    book = Workbook(["A"])
    content = book.open_table(0, COLUMNS) + book.write(ROW) + book.close_table(1) + book.end()

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [info.filename for info in archive.infolist()]
        versions = {info.extract_version for info in archive.infolist()}

    assert names[0] == "[Content_Types].xml"
    assert versions == {20}
