"""Numbers of people in texts: recognised by their values, so that numbers of the register stay readable."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.access.masking import excerpt, mask_message, mask_text
from graph_service.domain.check_characters import document_check_character
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.personal_numbers import is_named_by_number, mask_numbers
from graph_service.sample.numbers import phone, with_wrong_check_digit

DOCUMENT, TELEPHONE = "519900197001010024", "10012345678"


def document_of(area: str, born: str, serial: str) -> str:
    digits = f"{area}{born}{serial}"
    return digits + document_check_character(digits)


CHILD = document_of("519900", "20120305", "101")


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (DOCUMENT, "519900********0024"),
        ("51990019700101002X", "519900********002X"),
        ("51990019700101002x", "519900********002X"),
        ("51990019700228002X", "519900********002X"),
        ("51990019700231002X", "519900********002X"),
        (with_wrong_check_digit(DOCUMENT), "519900********0020"),
        ("519900 19700101 0024", "519900********0024"),
        ("519900-1970-0101-0024", "519900********0024"),
        ("５１９９００１９７００１０１００２４", "519900********0024"),
        (CHILD, f"519900********{CHILD[-4:]}"),
        (f"{DOCUMENT}44", "519900********0024"),
        ("519900700101002", "****"),
        ("5.19900197001010E+17", "****"),
        ("6222020000000000000", "****"),
        ("6222 0200 0000 0000 000", "****"),
        (TELEPHONE, "100****5678"),
        ("100 1234 5678", "100****5678"),
        ("100.1234.5678", "100****5678"),
        ("519900.19700101.0024", "519900********0024"),
        ("100-1234-5678", "100****5678"),
        (f"86{TELEPHONE}", "****"),
        (f"+86 {TELEPHONE}", "+****"),
        ("0834-8322345", "083****2345"),
        ("（0834）8322345", "（****"),
    ],
)
@pytest.mark.parametrize(
    "sentence", ["{}", "人员{}重复", "key={}, row 7", '["{}"]', "n{}x", "12 {} 2016", "{}、5134311002000001"]
)
def test_a_number_of_a_person_is_masked_wherever_it_stands(number: str, masked: str, sentence: str) -> None:
    assert mask_numbers(sentence.format(number)) == sentence.format(masked)


@pytest.mark.parametrize(
    "number",
    [
        "513431100200",
        "5134311002000001",
        "513431100200000101",
        "513431200201010102",
        "6212261002000001",
        "621226100200000101",
        "5134311002000000101",
        "513431999999990001",
        "91513431000000001X",
        "91519900MA0000001X",
        "915134317090123456",
        "5134312016050100012",
        "513431201605010001",
        "513431160501001",
        "2016050100000123",
        "ZJ000",
        "2016-12-31",
        "5.13431E+15",
        "1733126132",
        "1,000,000.00",
    ],
)
@pytest.mark.parametrize("sentence", ["{}", "户编号{}重复", "{} / {} / 2016"])
def test_a_number_of_the_register_stays_readable(number: str, sentence: str) -> None:
    text = sentence.format(*[number] * sentence.count("{}"))
    assert mask_numbers(text) == mask_message(text) == text


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 999), st.text(), st.text())
def test_no_valid_number_stays_between_any_texts(born: date, serial: int, before: str, after: str) -> None:
    """A number next to further digits is a part of a longer one, which is judged as a whole."""
    number = document_of("519900", f"{born:%Y%m%d}", f"{serial:03d}")
    if not before[-1:].isdigit() and not after[:1].isdigit():
        assert number not in mask_numbers(before + number + after)


@given(st.integers(0, 10**8 - 1), st.text(st.characters(exclude_categories=["Nd"])))
def test_no_telephone_stays_between_words(index: int, word: str) -> None:
    assert phone(index) not in mask_numbers(f"{word}{phone(index)}{word}")


def test_a_cell_is_masked_by_its_class_and_never_vanishes() -> None:
    classes = DataClassification
    assert mask_text(classes.CONFIDENTIAL, DOCUMENT) == "519900********0024"
    assert mask_text(classes.CONFIDENTIAL, "a note instead") == mask_text(classes.SENSITIVE, "尿毒症") == "****"
    assert mask_text(classes.INTERNAL, f"户主{TELEPHONE}") == "户主100****5678"
    assert mask_text(classes.PERSONAL, "阿尔石布") == "阿尔石布"
    assert {mask_text(class_, "") for class_ in classes} == {""}


@pytest.mark.parametrize("length", range(1, 60))
def test_a_number_that_is_cut_is_not_shown_in_part(length: int) -> None:
    text = f"某某某某{DOCUMENT}某某{DOCUMENT[:6]} {DOCUMENT[6:14]} {DOCUMENT[14:]}"
    assert DOCUMENT[6:14] not in excerpt(text, length)
    for cut in (f"{text[:length]}…", f"{text[:length]}...", f"…{text[length:]}", f"... {text[length:]}"):
        assert DOCUMENT[8:14] not in mask_message(cut).replace(DOCUMENT[:8], ""), cut


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("100-1234-5678", True),
        ("visit-10012345678-2016", True),
        ("走访10012345678", True),
        ("WT519900197001010024", True),
        ("519900197001010024", True),
        ("3f2a8b1c-7d4e-4a6b-9c0d-13812345678a", False),
        ("k10012345678", False),
        ("WT-2016-001", False),
        ("513431100200000101", False),
    ],
)
def test_a_key_is_named_by_a_number_that_is_a_word_of_it(text: str, is_named: bool) -> None:
    assert is_named_by_number(text) is is_named
