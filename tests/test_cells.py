"""Cells as registers have them: what is read, what is refused, what a spreadsheet has done to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.declare import Kind, Property
from graph_service.derive.cells import CellRefused, day_of, key_text, parser, text_of, unit_of
from graph_service.derive.documents import Document, document
from graph_service.readers.cells import Cell

YUAN = parser(Property("amount", Kind.YUAN, "金额", "Amount."))
YEAR = parser(Property("year", Kind.YEAR, "年度", "Year."))
RATE = parser(Property("rate", Kind.RATE, "比例", "Rate.", unit="%"))


@pytest.mark.parametrize(
    "cell", ["2016-12-01", "2016/12/1", "2016.12.1", "2016年12月1日", "20161201", "2016-12-01 00:00:00", "２０１６－１２－０１", date(2016, 12, 1)]
)  # fmt: skip
def test_days(cell: Cell) -> None:
    assert day_of(cell) == 20161201


@pytest.mark.parametrize(
    "cell", ["2016-12", "201612", "2016.12", "2016年12月", "2016/11", "2016-02-30", "2016-13-01", "十二月", 42_705.0]
)
def test_what_is_no_day_is_refused_and_never_guessed(cell: Cell) -> None:
    with pytest.raises(CellRefused):
        day_of(cell)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (0.1 + 0.2, 30), (1334.3999999999999, 133_440), ("1,234.5元", 123_450), ("１２．５", 1_250), (-3.0, -300), (None, None), ("", None),
    ],
)  # fmt: skip
def test_amounts_are_what_the_spreadsheet_shows(cell: Cell, fen: int | None) -> None:
    assert YUAN(cell) == (fen, None)


@given(st.integers(-(10**13), 10**13))
def test_amounts_are_exact(fen: int) -> None:
    shown = f"{Decimal(fen) / 100:f}"
    assert YUAN(shown) == (fen, None)


@pytest.mark.parametrize("cell", ["一百", "1.234", "1e3x", "NaN", "Infinity", "1" * 30])
def test_what_is_no_amount_is_refused(cell: Cell) -> None:
    with pytest.raises(CellRefused):
        YUAN(cell)


def test_years_and_rates() -> None:
    assert [YEAR(cell)[0] for cell in ("2016", "2016年", 2016.0, None)] == [2016, 2016, 2016, None]
    assert [RATE(cell)[0] for cell in ("5%", "5", 5.0, 7.000000000000001)] == [50_000, 50_000, 50_000, 70_000]


def test_units_are_those_of_the_header() -> None:
    assert unit_of("集体经济收入(元)", "万元") == ""
    assert unit_of("集体经济收入", "万元") == "万元"
    assert unit_of("金额(万元)", "") == "万元"


def test_numbers_that_lost_their_digits_are_refused_as_keys() -> None:
    """A spreadsheet keeps fifteen: one of sixteen, typed as a number, may name another household."""
    assert key_text(123_456_789_012_345.0) == "123456789012345"
    assert key_text("5134311002000001") == "5134311002000001"
    for cell in (5134311002000000.0, "5.13431E+15"):
        with pytest.raises(CellRefused):
            key_text(cell)


def test_text_as_it_is_meant() -> None:
    assert [text_of(cell) for cell in ("  甲 ", "'0012", "ＧＢ０１", 12.0, 0.1 + 0.2, True)] == [
        "甲",
        "0012",
        "GB01",
        "12",
        "0.3",
        "是",
    ]


def test_documents() -> None:
    """One of the eleven check characters is right; 20 and 22 characters carry it at the same place."""
    [valid] = [t for c in "0123456789X" if document(t := f"51990019700101001{c}").fault is None]
    card = document(valid)
    assert (card.kind, card.born_on, card.sex, card.identity) == ("RESIDENT", 19700101, "MALE", valid)
    assert document(valid + "11") == Document("DISABILITY", None, 19700101, "MALE", valid)
    assert document(valid + "11b1") == Document("REISSUED", None, 19700101, "MALE", valid)
    assert document(valid + "1") == Document(fault="LENGTH")
    assert document("51990019701301001" + valid[-1]).fault == "DAY_OF_BIRTH"
    assert document(valid[:-1] + ("1" if valid[-1] == "0" else "0")).fault == "CHECK_CHARACTER"
    assert document("5199001970O101001" + valid[-1]).fault == "SHAPE"
