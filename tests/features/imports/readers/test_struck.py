"""Crossed-out cells of workbooks: not read, neither as a value nor as a number that identifies a record."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from graph_service.platform.readers.cells import UnreadableCell
from graph_service.platform.readers.delivery import open_delivery


@pytest.fixture
def xlsx(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["户编号", "工资性收入", "备注"], ["H1", 100, "甲"], ["H2", 200, "乙"]):
        sheet.append(row)
    for reference in ("A3", "B2"):
        sheet[reference].font = Font(strike=True)
    sheet["C2"].font = Font(bold=True)
    sheet["C3"] = CellRichText("1", TextBlock(InlineFont(strike=True), "2"), "3")
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


@pytest.fixture
def xls(tmp_path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("贫困户")
    struck_style = xlwt.easyxf("font: struck_out on")
    rows: list[list[object]] = [["户编号", "工资性收入", "备注"], ["H1", 100, "甲"], ["H2", 200, "乙"]]
    for row_index, row in enumerate(rows):
        for column_index, value in enumerate(row):
            if (row_index, column_index) in ((2, 0), (1, 1)):
                sheet.write(row_index, column_index, value, struck_style)
            else:
                sheet.write(row_index, column_index, value)
    book.save(str(tmp_path / "a.xls"))
    return tmp_path / "a.xls"


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_what_is_crossed_out_is_not_understood(request: pytest.FixtureRequest, kind: str) -> None:
    [table] = open_delivery([request.getfixturevalue(kind)]).tables
    _, first, second = (row.cells for row in table.rows())
    assert [first[0], first[2]] == ["H1", "甲"]
    assert [type(cell) for cell in (first[1], second[0])] == [UnreadableCell, UnreadableCell]
    assert (first[1].code, second[0].displayed) == ("CELL_STRUCK", "H2")  # type: ignore[union-attr]


def test_a_part_that_is_crossed_out_leaves_the_rest_unclear(xlsx: Path, tmp_path: Path) -> None:
    """Check a text stored in the cell and a shared text."""
    book = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["户编号", "工资性收入", "备注"])
    sheet.write_row(1, 0, ["H1", 100, "甲"])
    sheet.write_rich_string(1, 2, "1", book.add_format({"font_strikeout": True}), "2", "3")
    book.close()
    for path in (xlsx, tmp_path / "b.xlsx"):
        [table] = open_delivery([path]).tables
        *_, last = (row.cells for row in table.rows())
        assert last[2] == UnreadableCell("CELL_STRUCK", "123")
