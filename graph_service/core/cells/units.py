"""Units of measured columns and cells, as registers write them: in a header, in a note above the table, in the cell.

A unit has a dimension (money, rate, area …) and a factor to the base unit of the dimension: yuan, percent, mu, kilometre. A text
that is not in the tables below is not understood: it is never taken for the usual unit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

MONEY, RATE, AREA, LENGTH = "money", "rate", "area", "length"
PEOPLE, HOUSEHOLDS, MONTHS, HEAD, SHARES = "people", "households", "months", "head", "shares"


class Unit(NamedTuple):
    """A unit that is understood: its name as written, its dimension, its factor to the base unit."""

    name: str
    dimension: str
    factor: Decimal


_BASE_UNITS: dict[str, dict[str, str]] = {
    MONEY: {"分": "0.01", "角": "0.1", "元": "1", "圆": "1", "人民币": "1", "人民币元": "1", "rmb": "1", "cny": "1", "¥": "1", "元整": "1", "元正": "1", "块": "1", "块钱": "1", "yuan": "1"},
    RATE: {"%": "1", "‰": "0.1", "百分比": "1", "千分比": "0.1"},
    AREA: {"亩": "1", "公顷": "15", "市亩": "1"},
    LENGTH: {"公里": "1", "千米": "1", "km": "1", "米": "0.001", "m": "0.001", "里": "0.5", "华里": "0.5"},
    PEOPLE: {"人": "1", "口": "1", "人口": "1", "名": "1", "人次": "1", "口人": "1"},
    HOUSEHOLDS: {"户": "1"},
    MONTHS: {"月": "1", "个月": "1"},
    HEAD: {"头": "1", "只": "1", "匹": "1", "羽": "1"},
    SHARES: {"股": "1"},
}  # fmt: skip
_MULTIPLES = {
    "百": "100", "千": "1000", "万": "10000", "十万": "100000", "百万": "1000000", "千万": "10000000", "亿": "100000000",
}  # fmt: skip
_MULTIPLIED_UNITS = {
    MONEY: ("元", "圆", "人民币元"),
    AREA: ("亩",),
    PEOPLE: ("人", "口"),
    HOUSEHOLDS: ("户",),
    SHARES: ("股",),
    HEAD: ("头", "只"),
}


def _unit_table() -> dict[str, dict[str, Unit]]:
    table = {
        dimension: {name: Unit(name, dimension, Decimal(factor)) for name, factor in names.items()}
        for dimension, names in _BASE_UNITS.items()
    }
    for dimension, names in _MULTIPLIED_UNITS.items():
        for multiple, factor in _MULTIPLES.items():
            for name in names:
                table[dimension][multiple + name] = Unit(
                    multiple + name, dimension, Decimal(factor) * table[dimension][name].factor
                )
            # "5万" means yuan in a column of amounts, shares in a column of shares.
            table[dimension][multiple] = Unit(multiple, dimension, Decimal(factor))
    return table


UNITS = _unit_table()
_OPENING = r"[(\[{<【〔〖《「『]"
_CLOSING = r"[)\]}>】〕〗》」』]"
_BRACKETED = re.compile(
    rf"^(.*?){_OPENING}(?:(?:金额|计量|货币)?单位[:/]?|以)?([^()\[\]{{}}<>【】〔〕〖〗《》「」『』]+?)(?:计)?{_CLOSING}[:]?$"
)
_UNIT_LABEL = re.compile(rf"{_OPENING}(?:金额|计量|货币)?单位")
_SEPARATED = re.compile(r"^(.+?)[:/,_\-·、;|]+(?:(?:金额|计量|货币)?单位[:]?)?(.+)$")
_UNIT_LIKE = re.compile(
    r"(元|圆|币|钱|斤|克|吨|担|两|石|米|尺|里|顷|亩|升|度|台|套|人|户|口|股|头|只|月|年|天|日|岁|%|‰|万|亿|千|百|m2)$"
)
_HEADER_NOISE = re.compile(r"[\s*※]+|\((?:必填|选填|可选|必录)\)")
_PER = re.compile(r"^(.+?)(?:/|每)(年|月)$")

_MAX_CACHED_HEADERS = 20_000
"""Texts of headers whose readings are cached: each is compared with the columns of every sheet."""


class HeaderReading(NamedTuple):
    """A reading of a header: the name of the column, and its unit (empty where it states none)."""

    name: str
    unit: str


@lru_cache(_MAX_CACHED_HEADERS)
def plain_header(text: str) -> str:
    """Return a header without its variable parts: width, white space, marks of required columns."""
    return _HEADER_NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def strip_marks(text: str) -> str:
    """Return a plain header without brackets and colons, in which form headers without a unit are compared."""
    return re.sub(r"[()\[\]{}<>【】〔〕〖〗《》「」『』:]+", "", text)


@lru_cache(_MAX_CACHED_HEADERS)
def is_unit(text: str) -> bool:
    """Return True where a text is a unit of any dimension."""
    return any(unit_of(text, dimension, yearly=True, monthly=True) for dimension in UNITS)


def unit_of(text: str, dimension: str, *, yearly: bool = False, monthly: bool = False) -> Unit | None:
    """Return the unit of a dimension that a text names; None where it names none. `yearly`, `monthly`: whether the amount is stated
    by the year or the month, so that "元/年" is the same as "元"."""
    plain = plain_header(text)
    per_period = _PER.match(plain)
    if per_period is not None and dimension == MONEY and {"年": yearly, "月": monthly}[per_period[2]]:
        plain = per_period[1]
    return UNITS[dimension].get(plain)


@lru_cache(_MAX_CACHED_HEADERS)
def header_readings(text: str) -> tuple[HeaderReading, ...]:
    """Return the readings of a header, the likeliest first: as it is, with its unit in brackets, after a mark, at its end."""
    plain = plain_header(text)
    unit_starts = (start for start in range(max(1, len(plain) - 5), len(plain)) if is_unit(plain[start:]))
    return (
        HeaderReading(plain, ""),
        *marked_readings(text),
        *(HeaderReading(plain[:start], plain[start:]) for start in unit_starts),
    )


def marked_readings(text: str) -> Iterator[HeaderReading]:
    """Yield the readings of a header whose unit stands in brackets or after a mark."""
    plain = plain_header(text)
    if bracket_match := _BRACKETED.match(plain):
        yield HeaderReading(bracket_match[1], bracket_match[2])
    if separator_match := _SEPARATED.match(plain):
        yield HeaderReading(separator_match[1], separator_match[2])


def stated_unit(text: str, *, allow_ending: bool = True) -> str:
    """Return the unit of a header that is taken as a whole, as a mapping names it; empty where it states none. `allow_ending`:
    whether a unit at its end, without a mark, counts; that of 总人口 does not."""
    plain = plain_header(text)
    for reading in header_readings(text) if allow_ending else marked_readings(text):
        if reading.unit and (is_unit(reading.unit) or (_UNIT_LIKE.search(reading.unit) and len(reading.unit) <= 5)):
            return reading.unit
    if _UNIT_LABEL.search(plain):
        bracket_match = _BRACKETED.match(plain)
        return bracket_match[2] if bracket_match else plain
    return ""
