"""Cells of a register → stored values (docs/files.md). Parsers are made once for a column.

A cell is understood, blank, or not understood. What is not understood is never taken for another value or for blank: its parser
raises `NotUnderstood`, or `CellRefused` where its row cannot be without it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from graph_service.declare import Kind, Property, plain_spelling
from graph_service.derive.cell_days import Bound, day_of, recorded_day, year_of
from graph_service.derive.cell_keys import key_text
from graph_service.derive.cell_numbers import measure_of
from graph_service.derive.cell_texts import (
    CellRefused,
    Flag,
    NotUnderstood,
    Parser,
    is_error,
    is_filler,
    lost_digits,
    text_of,
)  # fmt: skip
from graph_service.derive.documents import document
from graph_service.derive.units import Unit
from graph_service.derive.vague import NUMBER_NOT_STATED, is_vague, is_worded
from graph_service.readers.cells import Cell, Computed, ComputedText, Unreadable

TRUE = {"是", "有", "1", "true", "√", "y", "yes", "✓", "✔", "☑", "对", "t"}
FALSE = {"否", "无", "0", "false", "×", "n", "no", "✗", "✘", "错", "f", "没有"}
BIRTH = "born_on"
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
LONGEST_NAME = 1_000
"""Characters: an index takes some 8 kB, and the spelling of a character has six letters."""
_LISTED = re.compile(r"[,,、;;|/\n]")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_NO_NAME = re.compile(
    r"\d{5}|[?？\ufffd]|^\d[\d./年月日-]*$|^\d+[户人]$|^(?:男|女|户主|计|[未已]脱贫|贫困户)$|[小合总共]计$"
)
"""A number, a day or a word of a shifted column, or a character that a conversion has lost."""
_SEPARATORS = re.compile(r"[,,、;;|/\s]+")


def _whole(number: Decimal | None, minimum: int | None) -> int | None:
    if number is None:
        return None
    if number != number.to_integral_value() or (minimum is not None and number < minimum):
        raise CellRefused("NUMBER_INVALID")
    return int(number)


def _text(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    if text is not None and not text.isprintable() and any(c < " " and c not in "\t\n\r" for c in text):
        raise NotUnderstood("TEXT_CONTROL")
    return text, None


def _name(cell: Cell) -> tuple[Any, Flag | None]:
    """A text that is looked for, and so indexed: no name is as long as what an index cannot take."""
    text, flag = _text(cell)
    if text is not None and len(text) > LONGEST_NAME:
        raise NotUnderstood("NAME_TOO_LONG")
    return text, flag


def _person(cell: Cell) -> tuple[Any, Flag | None]:
    """The name of one person: two names are nobody's, and what is written where there is none is no name; nor is a figure or a day."""
    if isinstance(cell, bool | int | float | date):
        raise NotUnderstood("NAME_SHAPE")
    text, flag = _name(cell)
    if text is not None and is_filler(text):
        raise NotUnderstood("CELL_FILLER")
    if text is not None and _LISTED.search(text):
        raise NotUnderstood("NAMES_LISTED")
    name = text and _closed_up(text)
    if name and _NO_NAME.search(name):
        raise NotUnderstood("NAME_SHAPE")
    return name, flag


def _closed_up(name: str) -> str:
    """A name without the blanks that set its characters apart to the width of longer ones: 周 平. Two names of several characters stay."""
    parts = name.split()
    spread = all(map(_CHINESE.fullmatch, parts)) and sum(len(part) > 1 for part in parts) <= 1
    return "".join(parts) if spread else name


def _voucher(cell: Cell) -> tuple[Any, Flag | None]:
    """The number of a voucher beside what it pays for: without it the row is all the same."""
    text = text_of(cell)
    try:
        number = key_text(cell)
    except CellRefused as error:
        raise NotUnderstood(error.code) from error
    if number is None and text is not None:
        raise NotUnderstood("CELL_FILLER")
    return number, None


def _document(cell: Cell) -> tuple[Any, Flag | None]:
    if lost_digits(cell):
        raise NotUnderstood("ID_STORED_AS_NUMBER")
    text = text_of(cell)
    if text is not None and is_filler(text):
        raise NotUnderstood("CELL_FILLER")
    return (text, None if text is None or document(text).fault is None else "ID_INVALID")


def _identity(cell: Cell) -> tuple[Any, Flag | None]:
    text, flag = _document(cell)
    return None if text is None else document(text).identity or text, flag


def phone_shaped(text: str) -> bool:
    """Whether it looks like a mobile number, or one of a line with its area's."""
    return bool(_PHONE.fullmatch(text))


def _phone(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    if text is not None and is_filler(text):
        raise NotUnderstood("CELL_FILLER")
    return text, None if text is None or phone_shaped(text) else "PHONE_INVALID"


def _flag(cell: Cell) -> tuple[Any, Flag | None]:
    text = text_of(cell)
    if text is None:
        return None, None
    lower = text.lower()
    if lower in TRUE or lower in FALSE:
        return lower in TRUE, None
    raise NotUnderstood("FLAG_UNKNOWN")


def parser(property_: Property, stated: Unit | None = None, bound: Bound = "") -> Parser:
    """Return the parser of a property's cells; for enumerations the value is [member or members, raw text or None]. `stated`: the
    unit that header or note state of the column; `bound`: what a day bounds."""
    parse, enumerated = _parser(property_, stated, bound), property_.kind in (Kind.ENUM, Kind.ENUMS)

    def readable(cell: Cell) -> tuple[Any, Flag | None]:
        if isinstance(cell, Unreadable):
            raise NotUnderstood(cell.code, _raw(property_, cell.shown) if enumerated else None)
        if isinstance(cell, str) and cell.startswith("#") and is_error(cell.strip()):
            raise NotUnderstood("CELL_ERROR", _raw(property_, cell.strip()) if enumerated else None)
        return parse(cell)

    return readable


def _raw(property_: Property, text: str) -> tuple[Any, str]:
    return (["OTHER"] if property_.kind is Kind.ENUMS else "OTHER", text)


def _parser(property_: Property, stated: Unit | None, bound: Bound) -> Parser:
    kind, minimum = property_.kind, property_.minimum
    if property_.vague:
        exact = _parser(replace(property_, vague=False), stated, bound)

        def vague(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell) or ""
            if is_vague(text):
                return None, NUMBER_NOT_STATED
            try:
                return exact(cell)
            except (CellRefused, NotUnderstood):
                if is_filler(text) or not (isinstance(cell, date) or is_worded(text)):
                    raise
                return None, NUMBER_NOT_STATED

        return vague
    if property_.check == "id_document":
        return _document
    if property_.check == "identity":
        return _identity
    if property_.check == "phone":
        return _phone
    if property_.check == "voucher":
        return _voucher
    if property_.searched == "person":
        return _person
    if kind is Kind.FLAG:
        return _flag
    if kind is Kind.DATE:
        read_day = day_of if property_.name == BIRTH else recorded_day
        return lambda cell: read_day(cell, bound)
    if kind is Kind.YEAR:
        return lambda cell: (year_of(cell), None)
    measure = measure_of(property_, stated)
    if kind is Kind.YUAN:

        def fen(cell: Cell) -> tuple[Any, Flag | None]:
            number = measure(cell)
            if number is None:
                return None, None
            if minimum is not None and number < minimum:
                raise CellRefused("AMOUNT_NEGATIVE")
            exact = number * 100
            rounded = exact.to_integral_value(ROUND_HALF_EVEN)
            if exact == rounded:
                return int(rounded), None
            if isinstance(cell, Computed | ComputedText):
                return int(rounded), "AMOUNT_ROUNDED"
            raise NotUnderstood("AMOUNT_TOO_FINE")

        return fen
    if kind is Kind.RATE:

        def rate(cell: Cell) -> tuple[Any, Flag | None]:
            number = measure(cell)
            if number is None:
                return None, None
            rounded = (number * 10_000).to_integral_value(ROUND_HALF_EVEN)
            return _whole(rounded, minimum), None if rounded == number * 10_000 else "AMOUNT_ROUNDED"

        return rate
    if kind in (Kind.INTEGER, Kind.SHARES):
        return lambda cell: (_whole(measure(cell), minimum), None)
    if kind is Kind.NUMBER:
        return lambda cell: (None if (n := measure(cell)) is None else float(n), None)
    if kind is Kind.ENUM and property_.enum:
        members = property_.enum.members_by_spelling()

        def member(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell)
            if text is None:
                return (None, None), None
            name = members.get(plain_spelling(text))
            if name is None:
                raise NotUnderstood("CELL_FILLER" if is_filler(text) else "VALUE_UNKNOWN", ("OTHER", text))
            return (name, None), None

        return member
    if kind is Kind.ENUMS and property_.enum:
        members = property_.enum.members_by_spelling()
        # A set: the order in which a register writes it says nothing.
        order = {one.name: at for at, one in enumerate(property_.enum.members)}

        def several(cell: Cell) -> tuple[Any, Flag | None]:
            text = text_of(cell)
            whole = plain_spelling(text) if text else ""
            parts = [whole] if whole in members else [p for p in _SEPARATORS.split(text) if p] if text else []
            spelt = {p: members.get(plain_spelling(p)) for p in parts}
            names = sorted({name or "OTHER" for name in spelt.values()}, key=lambda name: order.get(name, len(order)))
            odd = [p for p, name in spelt.items() if name is None]
            if odd and len(odd) == len(parts):
                raise NotUnderstood("VALUE_UNKNOWN", (names, "、".join(odd)))
            return (names, "、".join(odd) or None), "VALUE_UNKNOWN" if odd else None

        return several
    return _name if property_.searched or property_.indexed else _text
