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

from graph_service.core.cells.cell_days import DayBound, parse_day, parse_year, recorded_day
from graph_service.core.cells.cell_keys import parse_key
from graph_service.core.cells.cell_numbers import number_parser
from graph_service.core.cells.cell_texts import (  # fmt: skip
    CellNotUnderstood,
    CellParser,
    CellRefused,
    FlagCode,
    cell_text,
    has_lost_digits,
    is_error,
    is_filler,
)
from graph_service.core.cells.units import Unit
from graph_service.domain.id_documents import parse_id_document
from graph_service.domain.inexact_numbers import NUMBER_NOT_STATED, has_words, is_range_or_bound
from graph_service.domain.metamodel import Property, PropertyKind, plain_spelling
from graph_service.platform.readers.cells import Cell, ComputedNumber, ComputedText, UnreadableCell

TRUE_TEXTS = {"是", "有", "1", "true", "√", "y", "yes", "✓", "✔", "☑", "对", "t"}
FALSE_TEXTS = {"否", "无", "0", "false", "×", "n", "no", "✗", "✘", "错", "f", "没有"}
BIRTH = "born_on"
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
MAX_NAME_LENGTH = 1_000
"""Characters: an index takes some 8 kB, and the spelling of a character has six letters."""
_NAME_REMARK = re.compile(
    r"(?<=.)\s*[(\[【](?:已?(?:病故|亡故|死亡|去世|故|亡|迁出|外嫁|出嫁|离异|失踪|注销|服刑|外出|清退|脱贫)|户主|代领?|代签|新增)[)\]】]$"
)
"""What is noted of a person behind the name: (已故), (户主)."""
_DAY_OF_YEAR = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_NAME_SEPARATORS = re.compile(r"[,,、;;|/\n]")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_NOT_A_NAME = re.compile(
    r"\d{5}|[?？\ufffd]|^\d[\d./年月日-]*$|^\d+[户人]$|^(?:男|女|户主|计|[未已]脱贫|贫困户)$|[小合总共]计$"
)
"""A number, a day or a word of a shifted column, or a character that a conversion has lost."""
_SEPARATORS = re.compile(r"[,,、;;|/\s]+")


def _to_integer(number: Decimal | None, minimum: int | None, maximum: int | None = None) -> int | None:
    if number is None:
        return None
    if number != number.to_integral_value() or (minimum is not None and number < minimum):
        raise CellRefused("NUMBER_INVALID")
    if maximum is not None and number > maximum:
        raise CellNotUnderstood("NUMBER_TOO_LARGE")
    return int(number)


def _parse_text(cell: Cell) -> tuple[Any, FlagCode | None]:
    text = cell_text(cell)
    if text is not None and not text.isprintable() and any(c < " " and c not in "\t\n\r" for c in text):
        raise CellNotUnderstood("TEXT_CONTROL")
    return text, None


def _parse_name(cell: Cell) -> tuple[Any, FlagCode | None]:
    """A text that is looked for, and so indexed: no name is as long as what an index cannot take."""
    text, flag = _parse_text(cell)
    if text is not None and len(text) > MAX_NAME_LENGTH:
        raise CellNotUnderstood("NAME_TOO_LONG")
    return text, flag


def _with_year(cell: Cell, year: int) -> Cell:
    """A day that has no year of its own (3月5日), with the year of the table's title."""
    return f"{year}年{cell.strip()}" if isinstance(cell, str) and _DAY_OF_YEAR.fullmatch(cell.strip()) else cell


def _parse_person_name(cell: Cell) -> tuple[Any, FlagCode | None]:
    """The name of one person: two names are nobody's, and what is written where there is none is no name; nor is a figure or a day."""
    if isinstance(cell, bool | int | float | date):
        raise CellNotUnderstood("NAME_SHAPE")
    text, flag = _parse_name(cell)
    if text is not None and is_filler(text):
        raise CellNotUnderstood("CELL_FILLER")
    if text is not None and _NAME_SEPARATORS.search(text):
        raise CellNotUnderstood("NAMES_LISTED")
    remark = _NAME_REMARK.search(text) if text else None
    if text and remark:
        text, flag = text[: remark.start()].rstrip(), "NAME_REMARK"
    name = text and _join_spaced_name(text)
    if name and _NOT_A_NAME.search(name):
        raise CellNotUnderstood("NAME_SHAPE")
    return name, flag


def _join_spaced_name(name: str) -> str:
    """A name without the blanks that set its characters apart to the width of longer ones: 周 平. Two names of several characters stay."""
    parts = name.split()
    spread = all(map(_CHINESE.fullmatch, parts)) and sum(len(part) > 1 for part in parts) <= 1
    return "".join(parts) if spread else name


def _parse_voucher(cell: Cell) -> tuple[Any, FlagCode | None]:
    """The number of a voucher beside what it pays for: without it the row is all the same."""
    text = cell_text(cell)
    try:
        number = parse_key(cell)
    except CellRefused as error:
        raise CellNotUnderstood(error.code) from error
    if number is None and text is not None:
        raise CellNotUnderstood("CELL_FILLER")
    return number, None


def _parse_document(cell: Cell) -> tuple[Any, FlagCode | None]:
    if has_lost_digits(cell):
        raise CellNotUnderstood("ID_STORED_AS_NUMBER")
    text = cell_text(cell)
    if text is not None and is_filler(text):
        raise CellNotUnderstood("CELL_FILLER")
    return (text, None if text is None or parse_id_document(text).fault is None else "ID_INVALID")


def _parse_identity(cell: Cell) -> tuple[Any, FlagCode | None]:
    text, flag = _parse_document(cell)
    return None if text is None else parse_id_document(text).identity or text, flag


def is_phone_number(text: str) -> bool:
    """Whether it looks like a mobile number, or one of a line with its area's."""
    return bool(_PHONE.fullmatch(text))


def _parse_phone(cell: Cell) -> tuple[Any, FlagCode | None]:
    text = cell_text(cell)
    if text is not None and is_filler(text):
        raise CellNotUnderstood("CELL_FILLER")
    return text, None if text is None or is_phone_number(text) else "PHONE_INVALID"


def _parse_flag(cell: Cell) -> tuple[Any, FlagCode | None]:
    text = cell_text(cell)
    if text is None:
        return None, None
    lower = text.lower()
    if lower in TRUE_TEXTS or lower in FALSE_TEXTS:
        return lower in TRUE_TEXTS, None
    raise CellNotUnderstood("FLAG_UNKNOWN")


def make_parser(
    property_: Property, column_unit: Unit | None = None, bound: DayBound = "", year: int = 0
) -> CellParser:
    """Return the parser of a property's cells; for enumerations the value is [member or members, raw text or None]. `column_unit`: the
    unit that header or note state of the column; `bound`: what a day bounds; `year`: the one year that the title of the table names."""
    parse, enumerated = (
        _value_parser(property_, column_unit, bound, year),
        property_.kind in (PropertyKind.ENUM, PropertyKind.ENUMS),
    )

    def readable(cell: Cell) -> tuple[Any, FlagCode | None]:
        if isinstance(cell, UnreadableCell):
            raise CellNotUnderstood(cell.code, _other_value(property_, cell.displayed) if enumerated else None)
        if isinstance(cell, str) and cell.startswith("#") and is_error(cell.strip()):
            raise CellNotUnderstood("CELL_ERROR", _other_value(property_, cell.strip()) if enumerated else None)
        return parse(cell)

    return readable


def _other_value(property_: Property, text: str) -> tuple[Any, str]:
    return (["OTHER"] if property_.kind is PropertyKind.ENUMS else "OTHER", text)


def _value_parser(property_: Property, column_unit: Unit | None, bound: DayBound, year: int = 0) -> CellParser:
    kind, minimum, maximum = property_.kind, property_.minimum, property_.maximum
    if property_.accepts_range:
        exact = _value_parser(replace(property_, accepts_range=False), column_unit, bound)

        def vague(cell: Cell) -> tuple[Any, FlagCode | None]:
            text = cell_text(cell) or ""
            if is_range_or_bound(text):
                return None, NUMBER_NOT_STATED
            try:
                return exact(cell)
            except (CellRefused, CellNotUnderstood):
                if is_filler(text) or not (isinstance(cell, date) or has_words(text)):
                    raise
                return None, NUMBER_NOT_STATED

        return vague
    if property_.check == "id_document":
        return _parse_document
    if property_.check == "identity":
        return _parse_identity
    if property_.check == "phone":
        return _parse_phone
    if property_.check == "voucher":
        return _parse_voucher
    if property_.search_kind == "person":
        return _parse_person_name
    if kind is PropertyKind.FLAG:
        return _parse_flag
    if kind is PropertyKind.DATE:
        read_day = parse_day if property_.name == BIRTH else recorded_day
        return lambda cell: read_day(_with_year(cell, year) if bound == "event" and year else cell, bound)
    if kind is PropertyKind.YEAR:
        return lambda cell: (parse_year(cell), None)
    measure = number_parser(property_, column_unit)
    if kind is PropertyKind.YUAN:

        def fen(cell: Cell) -> tuple[Any, FlagCode | None]:
            number = measure(cell)
            if number is None:
                return None, None
            if minimum is not None and number < minimum:
                raise CellRefused("AMOUNT_NEGATIVE")
            exact = number * 100
            rounded = exact.to_integral_value(ROUND_HALF_EVEN)
            if exact == rounded:
                return int(rounded), None
            if isinstance(cell, ComputedNumber | ComputedText):
                return int(rounded), "AMOUNT_ROUNDED"
            raise CellNotUnderstood("AMOUNT_TOO_FINE")

        return fen
    if kind is PropertyKind.RATE:

        def rate(cell: Cell) -> tuple[Any, FlagCode | None]:
            number = measure(cell)
            if number is None:
                return None, None
            rounded = (number * 10_000).to_integral_value(ROUND_HALF_EVEN)
            return _to_integer(rounded, minimum), None if rounded == number * 10_000 else "AMOUNT_ROUNDED"

        return rate
    if kind in (PropertyKind.INTEGER, PropertyKind.SHARES):
        return lambda cell: (_to_integer(measure(cell), minimum, maximum), None)
    if kind is PropertyKind.NUMBER:
        return lambda cell: (None if (n := measure(cell)) is None else float(n), None)
    if kind is PropertyKind.ENUM and property_.enum:
        members = property_.enum.names_by_spelling()

        def member(cell: Cell) -> tuple[Any, FlagCode | None]:
            text = cell_text(cell)
            if text is None:
                return (None, None), None
            name = members.get(plain_spelling(text))
            if name is None:
                raise CellNotUnderstood("CELL_FILLER" if is_filler(text) else "VALUE_UNKNOWN", ("OTHER", text))
            return (name, None), None

        return member
    if kind is PropertyKind.ENUMS and property_.enum:
        members = property_.enum.names_by_spelling()
        # A set: the order in which a register writes it says nothing.
        order = {one.name: at for at, one in enumerate(property_.enum.members)}

        def several(cell: Cell) -> tuple[Any, FlagCode | None]:
            text = cell_text(cell)
            whole = plain_spelling(text) if text else ""
            parts = [whole] if whole in members else [p for p in _SEPARATORS.split(text) if p] if text else []
            spelt = {p: members.get(plain_spelling(p)) for p in parts}
            names = sorted({name or "OTHER" for name in spelt.values()}, key=lambda name: order.get(name, len(order)))
            odd = [p for p, name in spelt.items() if name is None]
            if odd and len(odd) == len(parts):
                raise CellNotUnderstood("VALUE_UNKNOWN", (names, "、".join(odd)))
            return (names, "、".join(odd) or None), "VALUE_UNKNOWN" if odd else None

        return several
    return _parse_name if property_.search_kind or property_.indexed else _parse_text
