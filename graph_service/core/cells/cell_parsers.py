"""Parsers from cells of a register to stored values (docs/reference/files.md), made once for a column.

A cell is understood, blank, or not understood. A cell that is not understood is never taken for another value or for blank: its
parser raises `CellNotUnderstood`, or `CellRefused` where its row is unusable without it.
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
from graph_service.domain.personal_numbers import find_personal_numbers, mask_numbers
from graph_service.platform.readers.cells import Cell, ComputedNumber, ComputedText, UnreadableCell

TRUE_TEXTS = {"是", "有", "1", "true", "√", "y", "yes", "✓", "✔", "☑", "对", "t"}
FALSE_TEXTS = {"否", "无", "0", "false", "×", "n", "no", "✗", "✘", "错", "f", "没有"}
BIRTH = "born_on"
NUMBER_MASKED = "NUMBER_MASKED"
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
MAX_NAME_LENGTH = 1_000
"""Characters: an index entry holds about 8 kB, and the spelling of a character has up to six letters."""
_NAME_REMARK = re.compile(
    r"(?<=.)\s*[(\[【](?:已?(?:病故|亡故|死亡|去世|故|亡|迁出|外嫁|出嫁|离异|失踪|注销|服刑|外出|清退|脱贫)|户主|代领?|代签|新增)[)\]】]$"
)
"""A remark on a person behind the name: (已故), (户主)."""
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


def _parse_note(cell: Cell) -> tuple[Any, FlagCode | None]:
    """Parse a text that no key seals: the numbers of people in it are masked, as those of a shifted column or of a telephone in a note."""
    text, flag = _parse_text(cell)
    masked_text = text and mask_numbers(text)
    return masked_text, flag if masked_text == text else NUMBER_MASKED


def _parse_name(cell: Cell) -> tuple[Any, FlagCode | None]:
    """Parse a text that is searched, and so indexed: names too long for an index are not understood."""
    text, flag = _parse_note(cell)
    _require_name_length(text)
    return text, flag


def _require_name_length(text: str | None) -> None:
    if text is not None and len(text) > MAX_NAME_LENGTH:
        raise CellNotUnderstood("NAME_TOO_LONG")


def _with_year(cell: Cell, year: int) -> Cell:
    """Return a day without a year (3月5日) with the year of the table's title."""
    return f"{year}年{cell.strip()}" if isinstance(cell, str) and _DAY_OF_YEAR.fullmatch(cell.strip()) else cell


def _parse_person_name(cell: Cell) -> tuple[Any, FlagCode | None]:
    """Parse the name of one person: two names, fillers, figures and days are not understood."""
    if isinstance(cell, bool | int | float | date):
        raise CellNotUnderstood("NAME_SHAPE")
    text, flag = _parse_text(cell)
    _require_name_length(text)
    if text is not None and is_filler(text):
        raise CellNotUnderstood("CELL_FILLER")
    if text is not None and _NAME_SEPARATORS.search(text):
        raise CellNotUnderstood("NAMES_LISTED")
    remark = _NAME_REMARK.search(text) if text else None
    if text and remark:
        text, flag = text[: remark.start()].rstrip(), "NAME_REMARK"
    name = text and _join_spaced_name(text)
    if name and (_NOT_A_NAME.search(name) or find_personal_numbers(name)):
        raise CellNotUnderstood("NAME_SHAPE")
    return name, flag


def _join_spaced_name(name: str) -> str:
    """Return a name without the blanks that spread its characters to the width of longer names: 周 平. Two names of several
    characters stay as they are."""
    parts = name.split()
    is_spaced = all(map(_CHINESE.fullmatch, parts)) and sum(len(part) > 1 for part in parts) <= 1
    return "".join(parts) if is_spaced else name


def _parse_voucher(cell: Cell) -> tuple[Any, FlagCode | None]:
    """Parse the number of a voucher beside its payment; the row is usable without it."""
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
    """Return True where a text has the form of a mobile number, or of a landline number with its area code."""
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
    """Return the parser of a property's cells; for enumerations the value is [member or members, raw text or None]. `column_unit`:
    the unit that header or note state for the column; `bound`: the kind of a day; `year`: the only year in the title of the table."""
    parse, is_enumeration = (
        _value_parser(property_, column_unit, bound, year),
        property_.kind in (PropertyKind.ENUM, PropertyKind.ENUMS),
    )

    def parse_readable(cell: Cell) -> tuple[Any, FlagCode | None]:
        if isinstance(cell, UnreadableCell):
            raise CellNotUnderstood(cell.code, _other_value(property_, cell.displayed) if is_enumeration else None)
        if isinstance(cell, str) and cell.startswith("#") and is_error(cell.strip()):
            raise CellNotUnderstood("CELL_ERROR", _other_value(property_, cell.strip()) if is_enumeration else None)
        return parse(cell)

    return parse_readable


def _other_value(property_: Property, text: str) -> tuple[Any, str]:
    return (["OTHER"] if property_.kind is PropertyKind.ENUMS else "OTHER", mask_numbers(text))


def _value_parser(property_: Property, column_unit: Unit | None, bound: DayBound, year: int = 0) -> CellParser:
    kind, minimum, maximum = property_.kind, property_.minimum, property_.maximum
    if property_.accepts_range:
        parse_exact = _value_parser(replace(property_, accepts_range=False), column_unit, bound)

        def parse_or_flag_range(cell: Cell) -> tuple[Any, FlagCode | None]:
            text = cell_text(cell) or ""
            if is_range_or_bound(text):
                return None, NUMBER_NOT_STATED
            try:
                return parse_exact(cell)
            except (CellRefused, CellNotUnderstood):
                if is_filler(text) or not (isinstance(cell, date) or has_words(text)):
                    raise
                return None, NUMBER_NOT_STATED

        return parse_or_flag_range
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

        def parse_fen(cell: Cell) -> tuple[Any, FlagCode | None]:
            number = measure(cell)
            if number is None:
                return None, None
            if minimum is not None and number < minimum:
                raise CellRefused("AMOUNT_NEGATIVE")
            exact_fen = number * 100
            rounded = exact_fen.to_integral_value(ROUND_HALF_EVEN)
            if exact_fen == rounded:
                return int(rounded), None
            if isinstance(cell, ComputedNumber | ComputedText):
                return int(rounded), "AMOUNT_ROUNDED"
            raise CellNotUnderstood("AMOUNT_TOO_FINE")

        return parse_fen
    if kind is PropertyKind.RATE:

        def parse_rate(cell: Cell) -> tuple[Any, FlagCode | None]:
            number = measure(cell)
            if number is None:
                return None, None
            rounded = (number * 10_000).to_integral_value(ROUND_HALF_EVEN)
            return _to_integer(rounded, minimum), None if rounded == number * 10_000 else "AMOUNT_ROUNDED"

        return parse_rate
    if kind in (PropertyKind.INTEGER, PropertyKind.SHARES):
        return lambda cell: (_to_integer(measure(cell), minimum, maximum), None)
    if kind is PropertyKind.NUMBER:
        return lambda cell: (None if (n := measure(cell)) is None else float(n), None)
    if kind is PropertyKind.ENUM and property_.enum:
        members = property_.enum.names_by_spelling()

        def parse_member(cell: Cell) -> tuple[Any, FlagCode | None]:
            text = cell_text(cell)
            if text is None:
                return (None, None), None
            name = members.get(plain_spelling(text))
            if name is None:
                masked_text = mask_numbers(text)
                code = "CELL_FILLER" if is_filler(text) else _unknown_code(text, masked_text)
                raise CellNotUnderstood(code, ("OTHER", masked_text))
            return (name, None), None

        return parse_member
    if kind is PropertyKind.ENUMS and property_.enum:
        members = property_.enum.names_by_spelling()
        # The values are a set: the order in a register has no meaning.
        order = {member.name: index for index, member in enumerate(property_.enum.members)}

        def parse_members(cell: Cell) -> tuple[Any, FlagCode | None]:
            delivered_text = cell_text(cell)
            # It is masked as a whole: blanks within a number separate values, too.
            text = delivered_text and mask_numbers(delivered_text)
            whole = plain_spelling(text) if text else ""
            parts = [whole] if whole in members else [part for part in _SEPARATORS.split(text) if part] if text else []
            name_by_part = {part: members.get(plain_spelling(part)) for part in parts}
            names = sorted(
                {name or "OTHER" for name in name_by_part.values()}, key=lambda name: order.get(name, len(order))
            )
            unknown_parts = [part for part, name in name_by_part.items() if name is None]
            if not unknown_parts:
                return (names, None), None
            unknown_text, code = "、".join(unknown_parts), _unknown_code(delivered_text, text)
            if len(unknown_parts) == len(parts):
                raise CellNotUnderstood(code, (names, unknown_text))
            return (names, unknown_text), code

        return parse_members
    if property_.has_record_numbers:
        return _parse_text
    return _parse_name if property_.search_kind or property_.indexed else _parse_note


def _unknown_code(text: str | None, masked_text: str | None) -> FlagCode:
    return "VALUE_UNKNOWN" if masked_text == text else NUMBER_MASKED
