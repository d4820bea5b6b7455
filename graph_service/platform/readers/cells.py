"""What a reader hands on: the rows of a table, and cells as a spreadsheet shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class UnreadableCell:
    """A cell from which no value can be taken. `code` says why (a row issue), `displayed` is what a spreadsheet shows."""

    code: str
    displayed: str

    def __str__(self) -> str:
        return self.displayed


class ComputedNumber(float):
    """A number that a formula gave: it may have more decimals than its column, and is rounded to them."""


class RepeatedNumber(float):
    """A number that a merged range shows once, in another of its cells."""


class RepeatedComputedNumber(ComputedNumber, RepeatedNumber):
    """The same of a number that a formula gave."""


class ComputedText(str):
    """The text of a number that a formula gave, with the unit or sign of percent that its format adds."""

    __slots__ = ()


class MonthOrNumber(str):
    """2016.1 in a file that does not tell texts from numbers: it may have been the number 2016.10."""

    __slots__ = ()


Cell = str | int | float | bool | date | UnreadableCell | None


class SourceRow(NamedTuple):
    """A row of a table. `number`: as Excel shows it. `hidden`: not shown in the sheet. `fault`: the row issue for which the
    row cannot be split into cells; `cells` then holds its text alone."""

    number: int
    cells: list[Cell]
    hidden: bool = False
    fault: str = ""
