"""Cells of registers: values that are read, cells that are refused, and changes made by spreadsheets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.core.cells.cell_days import parse_day, parse_year
from graph_service.core.cells.cell_keys import parse_key
from graph_service.core.cells.cell_parsers import NUMBER_MASKED, make_parser
from graph_service.core.cells.cell_texts import CellNotUnderstood, CellRefused, cell_text
from graph_service.core.cells.units import unit_of
from graph_service.domain.id_documents import IdDocument, parse_id_document
from graph_service.domain.metamodel import Property, PropertyKind
from graph_service.domain.model import MODEL
from graph_service.domain.personal_numbers import mask_numbers
from graph_service.platform.readers.cells import Cell, ComputedNumber, UnreadableCell

YUAN = make_parser(Property("amount", PropertyKind.YUAN, "金额", "Amount."))
NAME = make_parser(Property("name", PropertyKind.TEXT, "姓名", "Name.", search_kind="person"))
YEAR = make_parser(Property("year", PropertyKind.YEAR, "年度", "Year."))
RATE = make_parser(Property("rate", PropertyKind.RATE, "比例", "Rate.", unit="%"))


DAYS = [
    "20161201.0", '="2016-12-01"',
    "2016-12-01", "2016/12/1", "2016.12.1", "2016年12月1日", "2016年12月1号", "20161201", "2016-12-01 00:00:00", "２０１６－１２－０１",
    "二〇一六年十二月一日", "2016\u200b-12-01", 20161201, date(2016, 12, 1),
]  # fmt: skip


@pytest.mark.parametrize("cell", DAYS)
def test_days(cell: Cell) -> None:
    assert parse_day(cell) == (20161201, None)


@pytest.mark.parametrize("cell", ["2016-12", "201612", "2016.12", "2016年12月", "2016年12月份", "二〇一六年十二月"])
def test_a_month_is_its_first_day_as_a_beginning_and_its_last_as_an_end(cell: Cell) -> None:
    assert parse_day(cell, "first") == (20161201, "DAY_FROM_MONTH")
    assert parse_day(cell, "last") == (20161231, "DAY_FROM_MONTH")
    with pytest.raises(CellNotUnderstood, match="MONTH_ONLY"):
        parse_day(cell)


@pytest.mark.parametrize(
    "cell", ["2016-02-30", "2016-13-01", "2016-13", "十二月", "16.3.1", "3-5", "0001-01-01", 42_705.0, 2016.1, "明年"]
)
def test_what_is_no_day_is_never_guessed(cell: Cell) -> None:
    with pytest.raises(CellNotUnderstood, match="DATE_INVALID"):
        parse_day(cell)
    for bound in ("first", "last"):
        with pytest.raises(CellRefused, match="DATE_INVALID"):
            parse_day(cell, bound)


@pytest.mark.parametrize("cell", ["2016", "2016.0", "2016年", "2016年度", '="2016"', 2016.0, "2016-12"])
def test_a_year_as_programs_export_it(cell: Cell) -> None:
    assert parse_year(cell) == 2016


def test_a_name_is_what_its_wrapping_encloses() -> None:
    assert NAME('="某丙"') == ("某丙", None)


@pytest.mark.parametrize("cell", ["至今", "长期", "-", "—", "/", "无", "目前"])
def test_an_open_end_is_no_end_and_no_beginning(cell: Cell) -> None:
    assert parse_day(cell, "last") == (None, None)
    with pytest.raises((CellNotUnderstood, CellRefused)):
        parse_day(cell, "first")


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (0.1 + 0.2, 30), (1334.3999999999999, 133_440), ("1,234.5元", 123_450), ("１２．５", 1_250), (-3.0, -300), (None, None), ("", None),
        ("￥1,020.00", 102_000), ("0.5万元", 500_000), ("3 元", 300), ("1.2亿元", 12_000_000_000), ("人民币1,020元整", 102_000), ("-¥5.00", -500),
        ("1,234,567.89", 123_456_789), ("5千元", 500_000), ("2万", 2_000_000),
    ],
)  # fmt: skip
def test_amounts_are_what_the_spreadsheet_shows(cell: Cell, fen: int | None) -> None:
    assert YUAN(cell) == (fen, None)


@given(st.integers(-(10**13), 10**13))
def test_amounts_are_exact(fen: int) -> None:
    text = f"{Decimal(fen) / 100:f}"
    assert YUAN(text) == (fen, None)


NO_AMOUNT = [
    "一百", "1e3x", "Infinity", "1" * 30, "12,3456", "1,5", "1,20", "1_000", "1 200", "1.2E+05", "约500", "500左右", "(1,200)", "1200-", "10²", "½",
    "1.2.3", "--5", "1,234,5", "3元5角", True, date(2016, 3, 5),
]  # fmt: skip


@pytest.mark.parametrize("cell", NO_AMOUNT)
def test_what_is_no_amount_is_refused(cell: Cell) -> None:
    with pytest.raises(CellRefused):
        YUAN(cell)


NOT_UNDERSTOOD = [
    ("-", "CELL_FILLER"), ("无", "CELL_FILLER"), ("NaN", "CELL_FILLER"), ("待定", "CELL_FILLER"), ("6%", "CELL_UNIT"), ("5亩", "CELL_UNIT"), ("3人", "CELL_UNIT"),
    ("1.234", "AMOUNT_TOO_FINE"), (0.12345, "AMOUNT_TOO_FINE"), ("#N/A", "CELL_ERROR"), ("####", "CELL_ERROR"),
    (UnreadableCell("FORMULA_WITHOUT_VALUE", "=1+1"), "FORMULA_WITHOUT_VALUE"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), NOT_UNDERSTOOD)
def test_what_is_not_understood_of_an_amount_is_no_amount(cell: Cell, code: str) -> None:
    with pytest.raises(CellNotUnderstood, match=code):
        YUAN(cell)


def test_only_what_a_formula_gave_is_rounded_and_that_is_said() -> None:
    assert YUAN(ComputedNumber(33.335)) == (3334, "AMOUNT_ROUNDED")
    assert YUAN(ComputedNumber(33.5)) == (3350, None)


def test_years_and_rates() -> None:
    assert [YEAR(cell)[0] for cell in ("2016", "2016年", 2016.0, "2016-03", "2016年3月", None)] == [2016] * 5 + [None]
    assert [RATE(cell)[0] for cell in ("5%", "5", 5.0, 7.000000000000001, "0.5%", "‰", 0) if cell != "‰"] == [
        50_000, 50_000, 50_000, 70_000, 5_000, 0,
    ]  # fmt: skip


def test_a_rate_without_a_sign_of_percent_is_understood_above_one_only() -> None:
    for cell in (0.06, "0.06", 1, "1"):
        with pytest.raises(CellNotUnderstood, match="RATE_AMBIGUOUS"):
            RATE(cell)
    stated = make_parser(Property("rate", PropertyKind.RATE, "比例", "Rate.", unit="%"), unit_of("%", "rate"))
    assert stated(0.06) == (600, None)


COLUMN_UNITS = [
    ("万元", 12, 12_000_000),
    ("亿元", 12, 120_000_000_000),
    ("千元", 12, 1_200_000),
    ("角", 12, 120),
    ("万元", "5000元", 500_000),
]


@pytest.mark.parametrize(("unit", "cell", "fen"), COLUMN_UNITS)
def test_a_cell_is_in_the_unit_of_its_column_unless_it_states_its_own(unit: str, cell: Cell, fen: int) -> None:
    assert make_parser(Property("amount", PropertyKind.YUAN, "金额", "Amount."), unit_of(unit, "money"))(cell) == (
        fen,
        None,
    )


KEYS = [
    ("5134311002.0", "5134311002"), ("H1.0", "H1.0"), ('="0012"', "0012"),
    ("H2\u200b", "H2"), ("H4\u202c", "H4"), ("\u200eH5", "H5"), ("H\u00ad10", "H10"), ('="H7"', "H7"), ("Ｈ８", "H8"), ("'0012", "0012"), (12.0, "12"),
    ("无", None), ("-", None), ("0", None), ("/", None), ("null", None), ("待定", None), ("同上", None), ("N/A", None), ("——", None), (None, None),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "key"), KEYS)
def test_numbers_of_records_without_what_nobody_sees(cell: Cell, key: str | None) -> None:
    assert parse_key(cell, strict=True) == key


NO_KEYS = [
    ("5134311002000001.0", "KEY_STORED_AS_NUMBER"), ("H 11", "KEY_SHAPE"), ("H\x0011", "KEY_SHAPE"), ("=1+1", "KEY_SHAPE"), ("=H1", "KEY_SHAPE"), (True, "KEY_SHAPE"), ("H1，H2", "KEY_SHAPE"), ("注：见附表", "KEY_SHAPE"), ("H²", "KEY_SHAPE"), ("#N/A", "CELL_ERROR"),
    (date(2016, 3, 5), "KEY_STORED_AS_DATE"), (1.1, "KEY_STORED_AS_NUMBER"), (UnreadableCell("CELL_ERROR", "#REF!"), "CELL_ERROR"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), NO_KEYS)
def test_what_cannot_name_a_record_is_refused(cell: Cell, code: str) -> None:
    with pytest.raises(CellRefused, match=code):
        parse_key(cell, strict=True)


def test_numbers_that_lost_their_digits_are_refused_as_keys() -> None:
    """Check that keys of sixteen digits stored as numbers are refused: a spreadsheet keeps fifteen, so another household may match."""
    assert parse_key(123_456_789_012_345.0) == "123456789012345"
    assert parse_key("5134311002000001") == "5134311002000001"
    for cell in (5134311002000000.0, "5.13431E+15"):
        with pytest.raises(CellRefused):
            parse_key(cell)


def test_text_as_it_is_meant() -> None:
    assert [cell_text(cell) for cell in ("  甲 ", "'0012", "ＧＢ０１", 12.0, 0.1 + 0.2, True)] == [
        "甲",
        "0012",
        "GB01",
        "12",
        "0.3",
        "是",
    ]


def test_documents() -> None:
    """Check that one of the eleven check characters is right; documents of 20 and 22 characters have it at the same position."""
    [valid] = [t for c in "0123456789X" if parse_id_document(t := f"51990019700101001{c}").fault is None]
    card = parse_id_document(valid)
    assert (card.kind, card.born_on, card.sex, card.identity) == ("RESIDENT", 19700101, "MALE", valid)
    assert parse_id_document(valid + "11") == IdDocument("DISABILITY", None, 19700101, "MALE", valid)
    assert parse_id_document(valid + "11b1") == IdDocument("REISSUED", None, 19700101, "MALE", valid)
    assert parse_id_document(valid + "1") == IdDocument(fault="LENGTH")
    assert parse_id_document("51990019701301001" + valid[-1]).fault == "DAY_OF_BIRTH"
    assert parse_id_document(valid[:-1] + ("1" if valid[-1] == "0" else "0")).fault == "CHECK_CHARACTER"
    assert parse_id_document("5199001970O101001" + valid[-1]).fault == "SHAPE"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("王小明/张明", "NAMES_LISTED"), ("庚七、辛八", "NAMES_LISTED"), ("甲一,乙二", "NAMES_LISTED"), ("甲一；乙二", "NAMES_LISTED"),
     ("甲一\n乙二", "NAMES_LISTED"), ("待定", "CELL_FILLER"), ("无", "CELL_FILLER"), ("/", "CELL_FILLER")],
)  # fmt: skip
def test_several_names_and_fillers_are_no_name(cell: Cell, code: str) -> None:
    with pytest.raises(CellNotUnderstood) as refused:
        NAME(cell)
    assert refused.value.code == code


@pytest.mark.parametrize("cell", ["吉克·伍果", "阿尔 木呷", "欧阳小明", "李强(财政局)"])
def test_a_name_is_taken_as_it_is_written(cell: Cell) -> None:
    assert NAME(cell) == (cell, None)


SHARE = make_parser(
    next(declared for declared in MODEL.relationships["INVESTS_IN"].properties if declared.name == "share")
)


@pytest.mark.parametrize(
    "cell",
    ["50%以内", "25%（含）以上", "25%及以上", "小于等于25%", "⩾25%", "大于25小于50", "25%—50%（估）", "约三成", "控股", "全资", "一半", "1/3", date(2016, 3, 1)],
)  # fmt: skip
def test_a_part_in_words_is_not_known(cell: Cell) -> None:
    assert SHARE(cell) == (None, "NUMBER_NOT_STATED")


@pytest.mark.parametrize("cell", ["-5%", "1.2.3%", "-"])
def test_a_part_that_is_no_figure_and_no_word_is_not_understood(cell: Cell) -> None:
    with pytest.raises((CellRefused, CellNotUnderstood)):
        SHARE(cell)


TEXT_KINDS = (PropertyKind.TEXT, PropertyKind.ENUM, PropertyKind.ENUMS)
TEXTS = {
    f"{name}.{property_.name}": property_
    for owners in (MODEL.labels, MODEL.relationships)
    for name, owner in owners.items()
    for property_ in owner.properties
    if property_.headers and property_.kind in TEXT_KINDS and not property_.is_sealed
}
"""Columns of texts that no key seals."""
RECORD_NUMBERS = {column for column, property_ in TEXTS.items() if property_.has_record_numbers}


@pytest.mark.parametrize("column", sorted(set(TEXTS) - RECORD_NUMBERS))
@pytest.mark.parametrize("number", ["519900197001010024", "６２２２０２０００００００００００００", "100 1234 5678"])
def test_no_text_has_a_number_of_a_person(column: str, number: str) -> None:
    text = f"王某{number}"
    try:
        value, flag = make_parser(TEXTS[column])(text)
    except CellNotUnderstood as error:
        value, flag = error.value, error.code
    assert flag == ("NAME_SHAPE" if TEXTS[column].search_kind == "person" else NUMBER_MASKED)
    assert mask_numbers(str(value)) == str(value)


@pytest.mark.parametrize(
    "text",
    [
        "户 5134311002000001 于 2016-12-31 入户 发放 1200000.00 元",
        "3组128号 91513431000000001X",
        "川发改〔2016〕1234567号",
        "20160501、20160601、20161231",
        "(0834) 2016",
    ],
)
def test_other_numbers_stay_in_texts(text: str) -> None:
    assert make_parser(TEXTS["VISITED.note"])(text) == (text, None)


@pytest.mark.parametrize("column", sorted(RECORD_NUMBERS))
@pytest.mark.parametrize(
    "text", ["13912345678", "513431601123412", "6222020000000000000", "519900197001010024", "川W12345"]
)
def test_numbers_of_records_are_stored_as_delivered(column: str, text: str) -> None:
    assert make_parser(TEXTS[column])(text) == (text, None)
