"""Scalars, and how the store's values are shown: dates and money as text, exact."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from functools import partial
from typing import Any, BinaryIO

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from graph_service.declare import Kind
from graph_service.derive.amounts import show_rate, show_yuan
from graph_service.derive.days import iso_day, show_day, stored_day
from graph_service.errors import ArgumentInvalid

Show = Callable[[Any], Any]


class Date(str):
    __slots__ = ()


class Yuan(str):
    __slots__ = ()


class Rate(str):
    __slots__ = ()


class Shares(str):
    __slots__ = ()


class Uploaded:
    """A file that came with a request: its name, without folders, and its bytes. It is gone when the request is answered."""

    __slots__ = ("file", "name")

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name, self.file = name, file


class Upload:
    __slots__ = ()


def _day(value: object) -> str:
    try:
        if isinstance(value, str):
            return iso_day(stored_day(value))
    except ValueError:
        pass
    raise _misread("Date", value, "日期,请写作 2016-12-31", "a date; write it as 2016-12-31")


def _misread(name: str, found: object, zh: str, en: str) -> ArgumentInvalid:
    text = str(found)[:40]
    return ArgumentInvalid(name=name, reason_zh=f"{text} 不是{zh}", reason_en=f"{text} is not {en}")


def _text(value: object) -> str:
    return str(value)


def _uploaded(value: object) -> Uploaded:
    if not isinstance(value, Uploaded):
        raise _misread(
            "Upload",
            value,
            "上传的文件,请见 GraphQL multipart 规范",
            "an uploaded file; see the GraphQL multipart request specification",
        )
    return value


SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(name="Date", description="日期:A day, YYYY-MM-DD.", serialize=_text, parse_value=_day),
    Yuan: strawberry.scalar(
        name="Yuan", description="金额(元):Yuan as a decimal with two places, exact to the fen.", serialize=_text
    ),
    Rate: strawberry.scalar(name="Rate", description="比例:An exact decimal; 0.05 is 5 %.", serialize=_text),
    Upload: strawberry.scalar(
        name="Upload",
        description="上传文件:A file, by the GraphQL multipart request specification.",
        parse_value=_uploaded,
    ),
    Shares: strawberry.scalar(name="Shares", description="股数:A whole number of shares, exact.", serialize=_text),
}
CONFIG = StrawberryConfig(auto_camel_case=False, scalar_map=SCALARS)


def show_shares(stored: int | None) -> str | None:
    return None if stored is None else str(stored)


SHOWN: dict[Kind, Show] = {Kind.DATE: show_day, Kind.YUAN: show_yuan, Kind.RATE: show_rate, Kind.SHARES: show_shares}
"""Kinds that are shown otherwise than they are stored."""


def _exact(places: int, name: str, text: str) -> int:
    """A decimal as a whole number of its smallest parts. Raises `ArgumentInvalid`."""
    try:
        scaled = Decimal(text).scaleb(places)
    except DecimalException:
        scaled = Decimal("NaN")
    if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) >= 2**63:
        raise ArgumentInvalid(
            name=name,
            reason_zh=f"{text[:40]} 不是最多 {places} 位小数的数",
            reason_en=f"{text[:40]} is not a decimal with at most {places} places",
        )
    return int(scaled)


STORED: dict[Kind, Callable[[Any], Any]] = {
    Kind.DATE: stored_day,
    Kind.YUAN: partial(_exact, 2, "Yuan"),
    Kind.SHARES: partial(_exact, 0, "Shares"),
    Kind.RATE: partial(_exact, 6, "Rate"),
}
"""How values that are shown otherwise are stored; of what is asked for."""
TYPES: dict[Kind, object] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.NUMBER: float,
    Kind.FLAG: bool,
    Kind.DATE: Date,
    Kind.YEAR: int,
    Kind.YUAN: Yuan,
    Kind.SHARES: Shares,
    Kind.RATE: Rate,
}
