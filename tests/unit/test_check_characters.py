"""Check characters of ID documents and credit codes, compared with the examples of the standards and with python-stdnum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from graph_service.domain.check_characters import (
    CREDIT_CODE_ALPHABET,
    credit_code_check_character,
    document_check_character,
)
from graph_service.domain.id_documents import parse_id_document


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_numbers_of_the_standard_of_documents_have_their_check_character(number: str) -> None:
    assert document_check_character(number[:-1]) == number[-1]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91110000600037341L"])
def test_credit_codes_have_their_check_character(code: str) -> None:
    assert credit_code_check_character(code[:-1]) == code[-1]


@given(st.text("0123456789", min_size=17, max_size=17))
def test_every_document_has_the_character_that_iso_7064_gives(digits: str) -> None:
    assert document_check_character(digits) == mod_11_2.calc_check_digit(digits)
    assert mod_11_2.is_valid(digits + document_check_character(digits))


@given(st.text(CREDIT_CODE_ALPHABET, min_size=17, max_size=17))
def test_every_credit_code_has_the_character_that_gb_32100_gives(code: str) -> None:
    assert credit_code_check_character(code) == uscc.calc_check_digit(code)


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_a_wrong_digit_is_detected(digits: str, position: int, step: int) -> None:
    wrong = digits[:position] + str((int(digits[position]) + step) % 10) + digits[position + 1 :]
    assert document_check_character(wrong) != document_check_character(digits)


def test_a_character_that_no_code_has_is_refused() -> None:
    with pytest.raises(ValueError, match="substring"):
        credit_code_check_character("I" * 17)
    assert parse_id_document("519900197001010021").fault == "CHECK_CHARACTER"
    assert parse_id_document("51990019700230002X").fault == "DAY_OF_BIRTH"
