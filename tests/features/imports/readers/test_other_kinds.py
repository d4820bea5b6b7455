"""Old Excel workbooks and OpenDocument spreadsheets, read by the same rules."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlwt

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.cells import Cell, ComputedNumber, ComputedText, UnreadableCell
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.readers.unread_parts import UnreadPart
from tests.features.imports.readers.books import cells_of


def styled(code: str) -> xlwt.XFStyle:
    style = xlwt.XFStyle()
    style.num_format_str = code
    return style


def test_an_old_workbook_is_read_as_excel_shows_it(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    sheet.write_merge(0, 0, 0, 2, "题")
    for column, (value, code) in enumerate(
        [
            (0.06, "0%"),
            (120, '0.00"万元"'),
            (date(2016, 3, 31), "yyyy-mm-dd"),
            (date(2016, 3, 31), "yyyy.mm"),
            (125000, '0!.0,"万"'),
        ]
    ):
        sheet.write(1, column, value, styled(code))
    sheet.write_merge(2, 3, 0, 0, "甲")
    sheet.write(2, 1, True)
    sheet.write(3, 2, 5)
    sheet.row(3).hidden = True
    sheet.col(1).hidden = True
    for name, visibility in (("藏", 1), ("深藏", 2)):
        hidden = book.add_sheet(name)
        hidden.write(0, 0, "乙")
        hidden.visibility = visibility
    book.save(str(tmp_path / "a.xls"))
    delivery = open_delivery([tmp_path / "a.xls"])
    (table,) = delivery.tables
    assert [list(row.cells) for row in table.rows()] == [
        ["题", "题", "题"],
        ["6%", "120万元", date(2016, 3, 31), "2016-03", UnreadableCell("CELL_SHOWN_OTHERWISE", "125000")],
        ["甲", True],
        ["甲", None, 5.0],
    ]
    assert [row.hidden for row in table.rows()] == [False, False, False, True]
    assert table.hidden_columns == ("B",)
    assert set(delivery.unread_parts) == {
        UnreadPart("a.xls", "藏", "SHEET_HIDDEN"),
        UnreadPart("a.xls", "深藏", "SHEET_VERY_HIDDEN"),
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "the workbook is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page or text"),
        ("户编号\tH1\n".encode("gb18030"), "web page or text"),
        (b"PK\x03\x04" + b"\0" * 60, "change its extension to .xlsx"),
    ],
)
def test_what_is_called_an_old_workbook_and_is_none_says_what_to_do(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(FileUnreadable) as caught:
        open_delivery([tmp_path / "a.xls"])
    assert says in caught.value.message_en


def open_document(path: Path, table: str, styles: str = "") -> Path:
    names = "".join(f'xmlns:{name}="urn:{name}" ' for name in ("office", "table", "text", "style", "calcext"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def stored_cell(kind: str, displayed: str, **values: str) -> str:
    attributes = "".join(f' {name.replace("__", ":").replace("_", "-")}="{value}"' for name, value in values.items())
    return f'<table:table-cell office:value-type="{kind}"{attributes}><text:p>{displayed}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (stored_cell("float", "12.5", office__value="12.5"), 12.5),
        (stored_cell("float", "1,235", office__value="1234.56"), 1234.56),
        (stored_cell("float", "120.00万元", office__value="120"), "120万元"),
        (stored_cell("float", "12.5万", office__value="125000"), UnreadableCell("CELL_SHOWN_OTHERWISE", "12.5万")),
        (stored_cell("float", "0051", office__value="51"), "0051"),
        (stored_cell("float", "5", office__value="5", table__formula="of:=[.B1]"), ComputedNumber(5)),
        (stored_cell("percentage", "6%", office__value="0.06"), "6%"),
        (stored_cell("percentage", "4%", office__value="0.0435", table__formula="of:=1"), ComputedText("4.35%")),
        (stored_cell("currency", "￥1,020.00", office__value="1020", office__currency="CNY"), "￥1020"),
        (stored_cell("date", "2016-03-31", office__date_value="2016-03-31"), date(2016, 3, 31)),
        (stored_cell("date", "2016年3月", office__date_value="2016-03-31"), "2016-03"),
        (stored_cell("date", "3月5日", office__date_value="2016-03-05"), "3月5日"),
        (stored_cell("boolean", "TRUE", office__boolean_value="true"), True),
        (stored_cell("string", "#N/A", office__string_value="", calcext__value_type="error"), UnreadableCell("CELL_ERROR", "#N/A")),
        (stored_cell("float", "Err:502", office__value="0", table__formula="of:=1/0"), UnreadableCell("CELL_ERROR", "Err:502")),
        ('<table:table-cell table:formula="of:=[.B1]*2"/>', UnreadableCell("FORMULA_WITHOUT_VALUE", "=[.B1]*2")),
        (stored_cell("string", "甲<text:s text:c='2'/>乙</text:p><text:p>丙"), "甲  乙\n丙"),
        (stored_cell("string", "甲</text:p><office:annotation><text:p>批注</text:p></office:annotation><text:p>"), "甲"),
    ],
)  # fmt: skip
def test_a_cell_of_a_spreadsheet_is_what_is_shown(tmp_path: Path, cell: str, read: Cell) -> None:
    table = f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'
    ((first,),) = cells_of(open_document(tmp_path / "a.ods", table))
    assert first == read
    assert type(first) is type(read)


def test_repeated_merged_and_hidden_parts_of_a_spreadsheet(tmp_path: Path) -> None:
    text = stored_cell("string", "甲")
    rows = (
        '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse" table:number-columns-repeated="16382"/>'
        f"<table:table-row>{text.replace('<table:table-cell', '<table:table-cell table:number-rows-spanned=' + chr(34) + '2' + chr(34))}{text}</table:table-row>"
        f'<table:table-row table:visibility="filter"><table:covered-table-cell/>{stored_cell("float", "1", office__value="1")}'
        '<table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    hidden = (
        f'<table:table table:name="藏" table:style-name="ta2"><table:table-row>{text}</table:table-row></table:table>'
    )
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    path = open_document(tmp_path / "a.ods", f'<table:table table:name="表">{rows}</table:table>{hidden}', styles)
    delivery = open_delivery([path])
    (table,) = delivery.tables
    assert [(row.number, row.cells, row.hidden) for row in table.rows()] == [
        (1, ["甲", "甲"], False),
        (2, ["甲", 1.0], True),
    ]
    assert delivery.unread_parts == (UnreadPart("a.ods", "藏", "SHEET_HIDDEN"),)


@pytest.mark.parametrize("count", ["9" * 5_000, "abc", "-1", "0", "１"])
def test_a_count_of_repeats_that_is_none_is_told_in_our_words(tmp_path: Path, count: str) -> None:
    table = f'<table:table table:name="表"><table:table-row table:number-rows-repeated="{count}">{stored_cell("string", "x")}</table:table-row></table:table>'
    with pytest.raises(FileUnreadable) as error:
        open_delivery([open_document(tmp_path / "a.ods", table)])
    assert not re.search("int\\(\\)|digits|literal", error.value.message_en)


def test_a_spreadsheet_that_repeats_without_end_is_refused(tmp_path: Path) -> None:
    cell = stored_cell("string", "x").replace(
        "<table:table-cell", '<table:table-cell table:number-columns-repeated="999999999"'
    )
    table = f'<table:table table:name="表"><table:table-row>{cell}</table:table-row></table:table>'
    with pytest.raises(FileUnreadable, match="beyond the limit of 1,000 columns"):
        open_delivery([open_document(tmp_path / "a.ods", table)])
