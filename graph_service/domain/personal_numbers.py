"""Numbers of people in texts, recognised by their values: ID documents, bank cards, telephones; and how they look masked.

Length alone does not tell them: numbers of households have 16 digits, those of persons and operators 18, vouchers any number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from graph_service.domain.days import today
from graph_service.domain.id_documents import DOCUMENT_KINDS, IDENTITY_LENGTH, parse_id_document

MASK = "*"
PHONE_LENGTH = 11
MAX_PHONE_LENGTH = 15
"""Length of a mobile number with the code of the country, as 0086; ID documents of today and cards are longer."""

_GAP = r"[ \t\xa0\u2010-\u2015\u3000\uff0d-]?"
"""What people write between the groups of a number: one blank or one dash."""
_BLANKS = re.compile(rf"{_GAP.removesuffix('?')}|\.")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_LEAST_DIGITS = 10
_MANY_DIGITS = re.compile(rf"\d(?:[^\d]?\d){{{_LEAST_DIGITS - 1}}}")
"""A text without ten digits close to each other has no number of a person."""
_PROVINCES = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DOCUMENT = re.compile(rf"(?<!\d)(?=({_PROVINCES}(?:{_GAP}\d){{15}}{_GAP}[\dXx](?:\d\d){{0,2}})(?!\d))")
_DOTTED = re.compile(rf"(?<!\d)(?=({_PROVINCES}\d{{4}}\.\d{{8}}\.\d{{3}}[\dXx]|1\d\d\.\d{{4}}\.\d{{4}})(?!\d))")
"""An ID document or mobile number in groups with dots between them. One dot alone is that of a decimal number."""
_OLD_DOCUMENT = re.compile(rf"(?<!\d)(?=({_PROVINCES}\d{{4}}[2-9]\d{{5}}\d{{3}})(?!\d))")
"""A citizen ID number of 15 digits, as they were issued until 1999, of a person born in 1920 or later: what has a year from 2000 to 2019
in its place may be a voucher that begins with an area and a day."""
_FIGURE = re.compile(r"(?<![\d.])(?=(\d\.\d{11,17}[eE]\+?17)(?!\d))")
"""A number of 18 digits that a program has taken for a figure."""
_CARDS = tuple(re.compile(rf"(?<!\d)(?=(62(?:{_GAP}\d){{{length - 2}}})(?!\d))") for length in range(16, 20))
"""Cards of Chinese banks, by length."""
_GANSU = re.compile(r"62(?:0[1-9]|1[0-2]|29|30)")
"""How codes of areas in Gansu begin, and with them the numbers of its households (16 digits) and persons (18)."""
_REGISTER_LENGTHS = (16, 18)
_TELEPHONE = re.compile(
    rf"(?<!\d)(?=((?:(?:00)?86{_GAP})?1\d\d{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|0(?:10|2\d|[3-9]\d\d)(?:[)）]|{_GAP})[2-8]\d{{6,7}})(?!\d))"
)
"""A mobile number, or a landline number with its area code."""


class PersonalNumber(NamedTuple):
    """A number of a person in a text: where it stands, and its characters without gaps."""

    start: int
    end: int
    characters: str


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Return the numbers of people in a text, in order and without overlaps."""
    if len(text) < _LEAST_DIGITS:
        return []
    text = text.translate(_HALF_WIDTH)
    if not _MANY_DIGITS.search(text):
        return []
    numbers: list[PersonalNumber] = []
    for number in sorted(_candidates(text), key=lambda candidate: (candidate.start, -candidate.end)):
        if not numbers or number.start >= numbers[-1].end:
            numbers.append(number)
    return numbers


def is_named_by_number(text: str) -> bool:
    """Tell whether a number of a person stands in a key or name. Among the letters and digits of random ones, some look like a telephone: it
    must be a word of its own."""
    return any(
        len(number.characters) > MAX_PHONE_LENGTH
        or not (_is_key_character(text[: number.start][-1:]) or _is_key_character(text[number.end :][:1]))
        for number in find_personal_numbers(text)
    )


def _is_key_character(character: str) -> bool:
    return character.isascii() and character.isalnum()


def mask_number(number: str) -> str:
    """Return a number of a person as it is shown masked: of a citizen ID number the region and the last four characters, of a telephone the
    first three and the last four. A disability certificate, which begins with the number, looks the same: its length tells a disability."""
    if len(number) in DOCUMENT_KINDS and number[: IDENTITY_LENGTH - 1].isdigit():
        return f"{number[:6]}{MASK * 8}{number[14:IDENTITY_LENGTH]}"
    if len(number) == PHONE_LENGTH:
        return f"{number[:3]}{MASK * 4}{number[-4:]}"
    return MASK * 4


def mask_numbers(text: str) -> str:
    """Return a text in which the numbers of ID documents, bank cards and telephones are masked, wherever they stand."""
    parts, end = [], 0
    for number in find_personal_numbers(text):
        parts += [text[end : number.start], mask_number(number.characters)]
        end = number.end
    return "".join([*parts, text[end:]])


def _candidates(text: str) -> Iterator[PersonalNumber]:
    for pattern, is_number in _KINDS:
        for match in pattern.finditer(text):
            characters = _BLANKS.sub("", match[1]).upper()
            if is_number(characters):
                yield PersonalNumber(match.start(1), match.end(1), characters)


def _is_document(number: str) -> bool:
    """Tell whether a number is that of an ID document, one with a slip of the pen included: no number of a register that begins with an area
    ends with X, or has a day before 2000 there. Digits with a later day may be the number of a person in one of the townships 200 to
    202 of a county, or of a voucher: only the check character tells."""
    if number[IDENTITY_LENGTH - 1] == "X":
        return True
    birth = number[6:14]
    return _is_past(birth) and (birth < "2000" or parse_id_document(number).fault is None)


def _is_old_document(number: str) -> bool:
    return _is_past(f"19{number[6:12]}")


def _is_figure_of_document(number: str) -> bool:
    """Tell whether a figure may be an ID number without its last digits, so that its check character is lost."""
    return _is_past(str(int(Decimal(number)))[6:14])


def _is_card(number: str) -> bool:
    """Tell whether a number is that of a bank card, by the check digit of Luhn."""
    if len(number) in _REGISTER_LENGTHS and _GANSU.match(number):
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


def _is_past(day: str) -> bool:
    """Tell whether eight digits are a day from 1900 until today on which somebody can be born."""
    try:
        date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return False
    return 1900_01_01 <= int(day) <= today()


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_DOCUMENT, _is_document),
    (_DOTTED, lambda number: len(number) == PHONE_LENGTH or _is_document(number)),
    (_OLD_DOCUMENT, _is_old_document),
    (_FIGURE, _is_figure_of_document),
    *((pattern, _is_card) for pattern in _CARDS),
    (_TELEPHONE, bool),
)
"""Forms of numbers, and what tells whether a text of this form is one."""
