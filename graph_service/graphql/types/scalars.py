"""Scalars, and the formats of stored values: dates and money as text, exact."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO

import strawberry
from graphql import FloatValueNode, IntValueNode, ValueNode, value_from_ast_untyped
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from graph_service.access.masking import excerpt
from graph_service.domain.amounts import format_rate, format_yuan
from graph_service.domain.days import day_from_iso, format_day, iso_day
from graph_service.domain.metamodel import PropertyKind
from graph_service.domain.personal_numbers import find_personal_numbers
from graph_service.errors import ArgumentInvalid

Formatter = Callable[[Any], Any]
DECIMAL = re.compile(r"-?[0-9]{1,19}(?:\.([0-9]{1,19}))?")
MAX_FLOAT_DIGITS = 15
"""Number of decimal digits that every float keeps."""
MIN_PURPOSE_LENGTH, MAX_PURPOSE_LENGTH = 2, 200
LONG_NUMBER = re.compile(r"\d{11,}")
"""A number as long as that of a telephone or an ID document."""
EMPTY_TEXT = ("空文本", "an empty text")


class Date(str):
    __slots__ = ()


class Yuan(str):
    __slots__ = ()


class Rate(str):
    __slots__ = ()


class Purpose(str):
    __slots__ = ()


class Shares(str):
    __slots__ = ()


class UploadedFile:
    """An uploaded file: its name, without folders, and its bytes. It is gone when the request is answered."""

    __slots__ = ("file", "name")

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name, self.file = name, file


class Upload:
    __slots__ = ()


def _parse_day(value: object) -> str:
    try:
        if isinstance(value, str):
            return iso_day(day_from_iso(value))
    except ValueError:
        pass
    raise _value_invalid("Date", value, "有效日期，格式应为 2016-12-31", "a valid date; use the format 2016-12-31")


def _parse_purpose(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not MIN_PURPOSE_LENGTH <= len(text) <= MAX_PURPOSE_LENGTH or not text.isprintable():
        raise ArgumentInvalid(
            name="Purpose",
            reason_zh=f"用途应为 {MIN_PURPOSE_LENGTH} 至 {MAX_PURPOSE_LENGTH} 个字的一行文字，如“入户核查”",
            reason_en=f"a purpose is a line of {MIN_PURPOSE_LENGTH} to {MAX_PURPOSE_LENGTH} characters, such as: visit to check the card",
        )
    if LONG_NUMBER.search(text) or find_personal_numbers(text):
        raise ArgumentInvalid(
            name="Purpose",
            reason_zh="用途会记入审计日志，其中不得有证件号码或电话号码",
            reason_en="a purpose is kept in the audit log and must not have numbers of ID documents or telephones",
        )
    return text


def _value_invalid(name: str, value: object, zh: str, en: str) -> ArgumentInvalid:
    try:
        text = str(value)
    except ValueError:
        # Python does not write whole numbers of more than 4,300 digits.
        text = "9…"
    text = excerpt(text)
    return ArgumentInvalid(
        name=name, reason_zh=f"{text or EMPTY_TEXT[0]} 不是{zh}", reason_en=f"{text or EMPTY_TEXT[1]} is not {en}"
    )


def _parse_number(name: str, places: int, value: object) -> str:
    """Return the text of a number: digits, at most `places` of them after the point. Raises `ArgumentInvalid`."""
    # JSON has no decimals: a float of more digits may not be the number that was sent.
    if (
        isinstance(value, float)
        and math.isfinite(value)
        and len(f"{Decimal(repr(value)):f}".strip("-0.")) <= MAX_FLOAT_DIGITS
    ):
        text = f"{Decimal(repr(value)):f}"
        text = text.removesuffix(".0")
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**19:
        text = str(value)
    else:
        text = value if isinstance(value, str) else ""
    match = DECIMAL.fullmatch(text)
    if match is None or len(match[1] or "") > places or abs(Decimal(text).scaleb(places)) >= 2**63:
        if places == 0:
            raise _value_invalid(name, value, '整数，格式应为 "1200"', 'a whole number; use the format "1200"')
        raise _value_invalid(
            name,
            value,
            f'最多 {places} 位小数的数，格式应为 "1200.05"',
            f'a number with at most {places} decimal places; use the format "1200.05"',
        )
    return text


def _literal_parser(parse: Callable[[object], str]) -> Callable[..., str]:
    """Return the parser of a number in a document, where its digits stand as they were written."""

    def parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> str:
        if isinstance(node, (IntValueNode, FloatValueNode)):
            return parse(node.value)
        return parse(value_from_ast_untyped(node, variables))

    return parse_literal


DATE_SPECIFICATION = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
DECIMAL_SPECIFICATION = "https://www.w3.org/TR/xmlschema-2/#decimal"
INTEGER_SPECIFICATION = "https://www.w3.org/TR/xmlschema-2/#integer"
UPLOAD_SPECIFICATION = "https://github.com/jaydenseric/graphql-multipart-request-spec"


def _decimal_scalar(name: str, description: str, places: int) -> ScalarDefinition:
    """Return a scalar of exact numbers, which are written as text."""
    parse = partial(_parse_number, name, places)
    return strawberry.scalar(
        name=name,
        description=description,
        serialize=_serialize,
        parse_value=parse,
        parse_literal=_literal_parser(parse),
        specified_by_url=DECIMAL_SPECIFICATION if places else INTEGER_SPECIFICATION,
    )


def _serialize(value: object) -> str:
    return str(value)


def _parse_upload(value: object) -> UploadedFile:
    if not isinstance(value, UploadedFile):
        raise _value_invalid(
            "Upload",
            value,
            "上传的文件，请见 GraphQL multipart 规范",
            "an uploaded file; see the GraphQL multipart request specification",
        )
    return value


SCALAR_DEFINITIONS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date",
        description="日期：Date in the format YYYY-MM-DD.",
        serialize=_serialize,
        parse_value=_parse_day,
        specified_by_url=DATE_SPECIFICATION,
    ),
    Yuan: _decimal_scalar("Yuan", "金额（元）：Exact amount in yuan with two decimal places, as a string.", 2),
    Rate: _decimal_scalar("Rate", "比例：Exact decimal, as a string; 0.05 means 5 %.", 6),
    Upload: strawberry.scalar(
        name="Upload",
        description="上传文件：File uploaded as in the GraphQL multipart request specification.",
        parse_value=_parse_upload,
        specified_by_url=UPLOAD_SPECIFICATION,
    ),
    Purpose: strawberry.scalar(
        name="Purpose",
        description="用途：Purpose for which personal values are read or queried, for the audit log: a line of "
        f"{MIN_PURPOSE_LENGTH} to {MAX_PURPOSE_LENGTH} characters, without numbers of ID documents or telephones.",
        serialize=_serialize,
        parse_value=_parse_purpose,
    ),
    Shares: _decimal_scalar("Shares", "股数：Exact whole number of shares, as a string.", 0),
}
CONFIG = StrawberryConfig(auto_camel_case=False, scalar_map=SCALAR_DEFINITIONS)


def show_shares(stored: int | None) -> str | None:
    return None if stored is None else str(stored)


FORMATTERS: dict[PropertyKind, Formatter] = {
    PropertyKind.DATE: format_day,
    PropertyKind.YUAN: format_yuan,
    PropertyKind.RATE: format_rate,
    PropertyKind.SHARES: show_shares,
}
"""Formatters of kinds that are stored in another form than shown."""


def _to_smallest_units(places: int, name: str, text: object) -> int:
    """Return a decimal as a whole number of its smallest units. Raises `ArgumentInvalid`."""
    return int(Decimal(_parse_number(name, places, text)).scaleb(places))


STORED_VALUE_PARSERS: dict[PropertyKind, Callable[[Any], Any]] = {
    PropertyKind.DATE: day_from_iso,
    PropertyKind.YUAN: partial(_to_smallest_units, 2, "Yuan"),
    PropertyKind.SHARES: partial(_to_smallest_units, 0, "Shares"),
    PropertyKind.RATE: partial(_to_smallest_units, 6, "Rate"),
}
"""Parsers of requested values to their stored form, for kinds that are stored in another form than shown."""
TYPE_BY_KIND: dict[PropertyKind, object] = {
    PropertyKind.TEXT: str,
    PropertyKind.INTEGER: int,
    PropertyKind.NUMBER: float,
    PropertyKind.FLAG: bool,
    PropertyKind.DATE: Date,
    PropertyKind.YEAR: int,
    PropertyKind.YUAN: Yuan,
    PropertyKind.SHARES: Shares,
    PropertyKind.RATE: Rate,
}
