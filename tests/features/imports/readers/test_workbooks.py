"""Workbooks as Excel shows them: merged ranges, formulas, errors, hidden sheets, rows and columns, odd but valid XML."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from graph_service.platform.readers.cells import ComputedNumber, UnreadableCell
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.readers.unread_parts import UnreadPart
from tests.features.imports.readers.books import cells_of, raw_book, sheet_xml


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number: int, *cells: str, attributes: str = "") -> str:
    return f'<row r="{number}" {attributes}>{"".join(cells)}</row>'


def merge_cells(*ranges: str) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={reference!r}/>' for reference in ranges)}</mergeCells>"


def test_ranges_over_rows_and_columns_are_filled(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cells in (
        ["题", None, None],
        ["甲", "乙", "丙"],
        ["A", "x", 1],
        [None, None, 2],
        [None, "z", 3],
        ["B", "w", 4],
    ):
        sheet.append(cells)
    for reference in ("A1:C1", "A3:A5", "B3:B4"):
        sheet.merge_cells(reference)
    book.save(tmp_path / "a.xlsx")
    assert cells_of(tmp_path / "a.xlsx") == [
        ["题", "题", "题"],
        ["甲", "乙", "丙"],
        ["A", "x", 1],
        ["A", "x", 2],
        ["A", "z", 3],
        ["B", "w", 4],
    ]


def test_a_row_that_is_merged_wholly_into_the_one_above_is_none(tmp_path: Path) -> None:
    rows = row(1, text("A1", "甲"), text("B1", "乙")) + row(2, text("A2", "x"), text("B2", "y")) + row(3, '<c r="A3"/>')
    path = raw_book(tmp_path / "a.xlsx", sheet_xml(rows + row(4, text("B4", "z")), merge_cells("A2:A3", "B2:B3")))
    assert cells_of(path) == [["甲", "乙"], ["x", "y"], [None, "z"]]


def test_what_lies_hidden_under_a_merged_range_is_not_read(tmp_path: Path) -> None:
    rows = row(1, text("A1", "x"), text("B1", "old"), text("C1", "y")) + row(2, text("A2", "old"), text("C2", "z"))
    path = raw_book(tmp_path / "a.xlsx", sheet_xml(rows, merge_cells("A1:B2")))
    assert cells_of(path) == [["x", "x", "y"], ["x", "x", "z"]]


def test_a_range_over_whole_columns_costs_nothing(tmp_path: Path) -> None:
    rows = row(1, text("A1", "甲")) + row(1_048_576, text("B1048576", "y"))
    path = raw_book(tmp_path / "a.xlsx", sheet_xml(rows, merge_cells("A1:A1048576", "C1:XFD1048576")))
    assert cells_of(path) == [["甲"], ["甲", "y"]]


def test_ranges_that_begin_in_an_absent_row_are_blank(tmp_path: Path) -> None:
    path = raw_book(tmp_path / "a.xlsx", sheet_xml(row(3, text("A3", "x"), text("B3", "y")), merge_cells("A2:A4")))
    assert cells_of(path) == [[None, "y"]]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('<c r="A1"><f>B1*2</f></c>', UnreadableCell("FORMULA_WITHOUT_VALUE", "=B1*2")),
        ('<c r="A1"><f>B1*2</f><v/></c>', UnreadableCell("FORMULA_WITHOUT_VALUE", "=B1*2")),
        ('<c r="A1"><f>B1*2</f><v>5</v></c>', ComputedNumber(5)),
        ('<c r="A1" t="str"><f>B1&amp;"元"</f><v>5元</v></c>', "5元"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', UnreadableCell("CELL_ERROR", "#DIV/0!")),
        ('<c r="A1" t="e"><v>#N/A</v></c>', UnreadableCell("CELL_ERROR", "#N/A")),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><f>TRUE()</f><v>0</v></c>', False),
        ('<c r="A1" t="d"><v>2016-03-05T00:00:00</v></c>', date(2016, 3, 5)),
        ('<c r="A1"><v>1E+400</v></c>', UnreadableCell("CELL_ERROR", "1E+400")),
        ('<c r="A1"><v>1_000</v></c>', UnreadableCell("CELL_ERROR", "1_000")),
        ('<c r="A1" s="1"><v>0.06</v></c>', "6%"),
        ('<c r="A1" s="2"><v>42460</v></c>', "2016-03"),
        ('<c t="n"><v>7</v></c>', 7.0),
        ('<c r="A1" t="inlineStr"><is><r><t>户</t></r><r><t>编号</t></r><rPh sb="0" eb="1"><t>hu</t></rPh></is></c>', "户编号"),
        ('<c r="A1" t="inlineStr"><is><t>a_x000D_\nb_xD83D_</t></is></c>', "a\r\nb_xD83D_"),
        ("<c\n r='A1'\tt='inlineStr'><is><t>x</t></is></c>", "x"),
    ],
)  # fmt: skip
def test_a_cell_is_what_excel_shows(tmp_path: Path, cell: str, read: object) -> None:
    sheet = sheet_xml(f"<row>{cell}</row>" + row(2, text("A2", "x")))
    (first, *_), _ = cells_of(raw_book(tmp_path / "a.xlsx", sheet, formats=("0%", "yyyy.mm")))
    assert first == read
    assert type(first) is type(read)


def test_the_empty_result_of_a_formula_is_blank(tmp_path: Path) -> None:
    cells = '<c r="A1" t="str"><f>IF(B1,"","")</f><v></v></c><c r="C1" t="str"><f>""</f></c>' + text("D1", "x")
    assert cells_of(raw_book(tmp_path / "a.xlsx", sheet_xml(row(1, cells)))) == [[None, None, None, "x"]]


def test_a_zero_that_nobody_has_calculated_is_no_value(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "=2500*2")
    sheet.write_formula("B1", "=2500*2", None, 5000)
    book.close()
    assert cells_of(tmp_path / "a.xlsx") == [[UnreadableCell("FORMULA_WITHOUT_VALUE", "=2500*2"), ComputedNumber(5000)]]


def test_shared_strings_are_read_without_their_phonetic_guides(tmp_path: Path) -> None:
    strings = "<sst><si><t>甲</t><phoneticPr/></si><si><r><t>乙</t></r><r><t xml:space='preserve'> 丙</t></r><rPh><t>yi</t></rPh></si></sst>"
    sheet = sheet_xml(row(1, '<c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c>'))
    assert cells_of(raw_book(tmp_path / "a.xlsx", sheet, strings=strings)) == [["乙 丙", "甲"]]


def test_days_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    sheet = sheet_xml(row(1, '<c r="A1" s="1"><v>40998</v></c>'))
    path = raw_book(tmp_path / "a.xlsx", sheet, formats=("yyyy-mm-dd",), workbook='<workbookPr date1904="1"/>')
    assert cells_of(path) == [[date(2016, 3, 31)]]


def test_hidden_rows_and_columns_are_told(tmp_path: Path) -> None:
    rows = (
        row(1, text("A1", "甲"), text("D1", "丁"))
        + row(2, text("A2", "x"), attributes='hidden="1"')
        + row(3, text("A3", "y"), attributes='ht="0" customHeight="1"')
        + row(4, text("A4", "z"), attributes='ht="15"')
    )
    columns = '<cols><col min="2" max="3" width="9" hidden="1"/><col min="4" max="4" width="0"/><col min="5" max="16384" hidden="true"/></cols>'
    (table,) = open_delivery([raw_book(tmp_path / "a.xlsx", sheet_xml(rows, before=columns))]).tables
    assert [(r.number, r.hidden) for r in table.rows()] == [(1, False), (2, True), (3, True), (4, False)]
    assert (table.hidden_rows, table.hidden_columns) == (2, ("B", "C", "D"))


def test_sheets_that_are_not_read_are_told(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("表").write("A1", "甲")
    for name, hide in (("藏", "hide"), ("深藏", "very_hidden")):
        sheet = book.add_worksheet(name)
        sheet.write("A1", "乙")
        getattr(sheet, hide)()
    book.add_worksheet("空")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=表!$A$1"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    delivery = open_delivery([tmp_path / "a.xlsx"])
    assert [table.name for table in delivery.tables] == ["表"]
    assert set(delivery.unread_parts) == {
        UnreadPart("a.xlsx", "藏", "SHEET_HIDDEN"),
        UnreadPart("a.xlsx", "深藏", "SHEET_VERY_HIDDEN"),
        UnreadPart("a.xlsx", "空", "SHEET_EMPTY"),
        UnreadPart("a.xlsx", "图", "SHEET_CHART"),
    }


def test_a_filled_cell_far_below_is_a_row_and_the_blank_ones_are_none(tmp_path: Path) -> None:
    rows = row(1, text("A1", "甲"), '<c r="XFD1" s="0"/>') + row(1_048_576, text("A1048576", "乙"))
    (table,) = open_delivery([raw_book(tmp_path / "a.xlsx", sheet_xml(rows))]).tables
    assert [(r.number, r.cells) for r in table.rows()] == [(1, ["甲"]), (1_048_576, ["乙"])]


def test_rows_can_be_read_again_and_side_by_side(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(5_000):
        book.worksheets[0].append([number, "x" * 300])
    book.save(tmp_path / "a.xlsx")
    (table,) = open_delivery([tmp_path / "a.xlsx"]).tables
    pairs = list(zip(table.rows(), table.rows(), strict=True))
    assert len(pairs) == 5_000
    assert all(first == second for first, second in pairs)
