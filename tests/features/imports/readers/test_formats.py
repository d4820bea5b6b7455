"""Numbers, percents, units and days as a spreadsheet shows them."""

from __future__ import annotations

from datetime import date

import pytest

from graph_service.platform.readers.cells import Cell, ComputedNumber, ComputedText, UnreadableCell
from graph_service.platform.readers.date_serials import BUILTIN_FORMATS
from graph_service.platform.readers.number_formats import number_cell, text_cell


def unreadable_cell(displayed: str) -> UnreadableCell:
    return UnreadableCell("CELL_SHOWN_OTHERWISE", displayed)


@pytest.mark.parametrize(
    ("code", "value", "cell"),
    [
        ("General", 12.5, 12.5),
        ("G/通用格式", 12.5, 12.5),
        ("0", 0.4, 0.4),
        ("#,##0.00_ ;[Red]\\-#,##0.00\\ ", -3.0, -3.0),
        ("0%", 0.06, "6%"),
        ("0.00%", 0.0435, "4.35%"),
        ("0%", 0.0435, "4.35%"),
        ("0.0%", 0.29, "29%"),
        ("0%", 1.0, "100%"),
        ("0%", 0.0, "0%"),
        ('0.00"%"', 6.0, "6%"),
        ("0%%", 0.06, unreadable_cell("0.06")),
        ('0.00"万元"', 120.0, "120万元"),
        ('#,##0.00"元"', 1234.5, "1234.5元"),
        ("0\\元", 3.0, "3元"),
        ("0元", 3.0, "3元"),
        ("¥#,##0.00", 1020.0, "¥1020"),
        ("[$¥-804]#,##0.00", 1020.5, "¥1020.5"),
        ("[$￥-804]#,##0.00;[$￥-804]-#,##0.00", -5.0, "-￥5"),
        ('_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 12.0, "¥12"),
        ('_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', -12.0, "-¥12"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 0.0, 0.0),
        ('G/通用格式"人"', 3.0, "3人"),
        ('General"户"', 3.0, "3户"),
        ("[$$-409]#,##0", 7.0, "$7"),
        ('#,##0.00" €"', 7.0, "7€"),
        ("0,", 120000.0, unreadable_cell("120000")),
        ("#,##0,,", 120000000.0, unreadable_cell("120000000")),
        ("0.00,", 5.0, unreadable_cell("5")),
        ('0!.0,"万"', 125000.0, unreadable_cell("125000")),
        ('0"."0', 12.0, unreadable_cell("12")),
        ('[>=10000]0!.0,"万";0', 500.0, 500.0),
        ('[>=10000]0!.0,"万";0', 25000.0, unreadable_cell("25000")),
        ('[=1]"是";[=0]"否"', 1.0, "是"),
        ('[=1]"是";[=0]"否"', 2.0, unreadable_cell("")),
        ('"合格";"不合格";"未检"', -1.0, "不合格"),
        (";;;", 5.0, unreadable_cell("")),
        ("0;-0;;@", 0.0, unreadable_cell("")),
        ("000000", 51.0, "000051"),
        ('"H"0000', 7.0, "H0007"),
        ("000-0000-0000", 13800000000.0, "138-0000-0000"),
        ("# ?/?", 1.5, 1.5),
        ("0.00E+00", 120000.0, 120000.0),
        ("0", 513431199001011234.0, 513431199001011234.0),
        ("000000000000000000", 513431199001011234.0, 513431199001011234.0),
        ("@", 12.0, 12.0),
        ("[Red]0.0[Blue]", 2.5, 2.5),
        ("[DBNum1]General", 2.0, 2.0),
    ],
)  # fmt: skip
def test_a_number_is_what_is_stored_with_what_its_format_adds(code: str, value: float, cell: Cell) -> None:
    assert number_cell(value, code) == cell


@pytest.mark.parametrize(
    ("code", "value", "cell"),
    [
        ("yyyy-mm-dd", 42460.0, date(2016, 3, 31)),
        ('yyyy"年"m"月"d"日"', 42460.75, date(2016, 3, 31)),
        ("[$-804]yyyy\\-mm\\-dd;@", 42460.0, date(2016, 3, 31)),
        ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', 42460.0, date(2016, 3, 31)),
        ("m/d/yy h:mm", 42460.5, date(2016, 3, 31)),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 42460.0, date(2016, 3, 31)),
        ("[$-404]e/m/d", 42460.0, date(2016, 3, 31)),
        ("yyyy.mm", 42460.0, "2016-03"),
        ('yyyy"年"m"月"', 42460.0, "2016-03"),
        ("mmm-yy", 42460.0, "2016-03"),
        ("yyyy", 42460.0, "2016"),
        ('m"月"d"日"', 42434.0, "3月5日"),
        ("d-mmm", 42434.0, "5-Mar"),
        ("mm/dd", 42434.0, "03/05"),
        ("h:mm", 0.5, "12:00:00"),
        ("上午/下午h:mm", 0.75, "18:00:00"),
        ("mm:ss", 0.5, "12:00:00"),
        ("[h]:mm:ss", 1.5, "36:00:00"),
        ("yyyy-mm-dd", 60.0, UnreadableCell("CELL_ERROR", "60")),
        ("yyyy-mm-dd", 0.0, UnreadableCell("CELL_ERROR", "0")),
        ("yyyy-mm-dd", -1.0, UnreadableCell("CELL_ERROR", "#####")),
        ("yyyy-mm-dd", 2958466.0, UnreadableCell("CELL_ERROR", "2958466")),
        ("yyyy-mm-dd", 59.0, date(1900, 2, 28)),
        ("yyyy-mm-dd", 61.0, date(1900, 3, 1)),
        ("yyyy-mm-dd", 2958465.0, date(9999, 12, 31)),
    ],
)  # fmt: skip
def test_a_day_is_the_part_of_it_that_is_shown(code: str, value: float, cell: Cell) -> None:
    assert number_cell(value, code) == cell


@pytest.mark.parametrize(("number", "cell"), [(14, date(2016, 3, 5)), (17, "2016-03"), (27, "2016-03"), (28, "3月5日"), (31, date(2016, 3, 5)), (57, "2016-03"), (58, "3月5日")])  # fmt: skip
def test_formats_that_a_file_names_by_number_are_those_of_a_chinese_excel(number: int, cell: Cell) -> None:
    assert number_cell(42434.0, BUILTIN_FORMATS[number]) == cell


def test_days_of_1904_count_from_there() -> None:
    assert number_cell(40998.0, "yyyy-mm-dd", from_1904=True) == date(2016, 3, 31)
    assert number_cell(0.0, "yyyy-mm-dd", from_1904=True) == date(1904, 1, 1)


def test_what_a_formula_gave_says_so() -> None:
    assert isinstance(number_cell(1 / 3, "0.00", computed=True), ComputedNumber)
    percent = number_cell(1 / 3, "0%", computed=True)
    assert isinstance(percent, ComputedText)
    assert percent == "33.3333333333333%"


@pytest.mark.parametrize(
    ("code", "text", "cell"),
    [("General", "甲", "甲"), ("@", "甲", "甲"), ('@"村"', "甲", "甲村"), ("0;-0;;@", "甲", "甲"), (";;;", "甲", unreadable_cell("甲")), ("0.00", "甲", "甲")],
)  # fmt: skip
def test_a_text_is_shown_as_its_format_says(code: str, text: str, cell: Cell) -> None:
    assert text_cell(text, code) == cell
