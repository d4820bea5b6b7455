"""Scalars, and how the store's values are shown: dates and money as text, exact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from graph_service.declare import FIRST_DAY, LAST_DAY, Kind

Show = Callable[[Any], Any]


class Date(str):
    __slots__ = ()


class Yuan(str):
    __slots__ = ()


class Rate(str):
    __slots__ = ()


class Shares(str):
    __slots__ = ()


def _day(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a date is text: YYYY-MM-DD")
    return date.fromisoformat(value).isoformat()


def _text(value: object) -> str:
    return str(value)


SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(name="Date", description="日期:A day, YYYY-MM-DD.", serialize=_text, parse_value=_day),
    Yuan: strawberry.scalar(
        name="Yuan", description="金额(元):Yuan as a decimal with two places, exact to the fen.", serialize=_text
    ),
    Rate: strawberry.scalar(name="Rate", description="比例:An exact decimal; 0.05 is 5 %.", serialize=_text),
    Shares: strawberry.scalar(name="Shares", description="股数:A whole number of shares, exact.", serialize=_text),
}
CONFIG = StrawberryConfig(auto_camel_case=False, scalar_map=SCALARS)


def show_day(stored: int | None) -> str | None:
    """ISO date of YYYYMMDD; null for the first and the last day of time."""
    return None if stored is None or stored in (FIRST_DAY, LAST_DAY) else iso_day(stored)


def iso_day(stored: int) -> str:
    """ISO date of YYYYMMDD."""
    return f"{stored // 10000:04d}-{stored // 100 % 100:02d}-{stored % 100:02d}"


def show_yuan(fen: int | None) -> str | None:
    """12345 → 123.45"""
    if fen is None:
        return None
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{part:02d}"


def show_rate(millionths: int | None) -> str | None:
    """50000 → 0.05"""
    return None if millionths is None else f"{(Decimal(millionths) / 1_000_000).normalize():f}"


def show_shares(stored: int | None) -> str | None:
    return None if stored is None else str(stored)


SHOWN: dict[Kind, Show] = {Kind.DATE: show_day, Kind.YUAN: show_yuan, Kind.RATE: show_rate, Kind.SHARES: show_shares}
"""Kinds that are shown otherwise than they are stored."""
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
