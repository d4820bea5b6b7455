"""Under which headers rows of a delivery are written, so that an import reads them again without a mapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.declare import Column, Kind
from graph_service.derive.cells import unit_of
from graph_service.derive.sheets import columns
from graph_service.model import MODEL
from graph_service.services.imports.matching import (
    NOTE,
    REFUSED_FOR,
    REFUSED_KEY,
    HeaderMapping,
    Matched,
    placed,
)

REASONS = (
    f"{NOTE}原文件",
    f"{NOTE}原行号",
    REFUSED_KEY,
    REFUSED_FOR,
    f"{NOTE}原因",
    f"{NOTE}Reason",
    f"{NOTE}列 Column",
)
"""What is written to the right of refused rows: file, row, number, code, reason in both languages, the column concerned."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that is written: its header, the place of its cells in a delivered row, whether they are texts."""

    header: str
    place: int
    textual: bool


@dataclass(frozen=True, slots=True)
class Headings:
    """The name of the sheet and its columns; `mapped`: only with the mapping of the delivery are they read again."""

    sheet: str
    columns: tuple[Heading, ...]
    mapped: bool = False


def headings(matched: Matched) -> Headings:
    """The delivered headers where they are recognised by default, else the model's; columns that were not used become notes.

    Where the model has no header that says the same (an amount in another unit, two columns that it takes for one), table and
    headers stay as they were delivered.
    """
    delivered = tuple(_delivered(matched))
    for some in (delivered, tuple(_usual(matched))):
        if _recognised(matched, some):
            return Headings(matched.sheet.name, some)
    return Headings(matched.table.name, delivered, mapped=True)


def _recognised(matched: Matched, some: tuple[Heading, ...]) -> bool:
    wanted = columns(MODEL, matched.sheet)
    found = placed([one.header for one in some], matched.sheet, wanted, HeaderMapping())
    return {name: some[at].place for name, at in found.items()} == matched.places


def _delivered(matched: Matched) -> Iterator[Heading]:
    named = _named(matched)
    for place, header in enumerate(matched.header):
        if place in named:
            yield Heading(header, place, _textual(named[place]))
        else:
            yield from _note(header, place)


def _usual(matched: Matched) -> Iterator[Heading]:
    named = _named(matched)
    for place, header in enumerate(matched.header):
        if place not in named:
            yield from _note(header, place)
        for usual in dict.fromkeys(_header(column, header) for column in named.get(place, ())):
            yield Heading(usual, place, _textual(named[place]))


def _named(matched: Matched) -> dict[int, list[Column]]:
    """The columns that are read at each place."""
    wanted = columns(MODEL, matched.sheet)
    found: dict[int, list[Column]] = defaultdict(list)
    for name, place in matched.places.items():
        found[place].append(wanted[name])
    return dict(found)


def _header(column: Column, delivered: str) -> str:
    """The first usual header of a column, of an amount the first in the unit that was delivered; blank where there is none."""
    of, unit = column.property, column.property.unit
    if of.kind is not Kind.YUAN:
        return column.headers[0]
    return next((one for one in column.headers if unit_of(one, unit) == unit_of(delivered, unit)), "")


def _note(header: str, place: int) -> Iterator[Heading]:
    """A column of which nothing is read; what rows were refused for before is not told again."""
    if header not in REASONS:
        yield Heading(f"{NOTE}{header}" if header and not header.startswith(NOTE) else header, place, textual=False)


def _textual(some: list[Column]) -> bool:
    return any(column.property.kind is Kind.TEXT for column in some)
