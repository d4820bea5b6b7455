"""Output of a reader: the rows of a table, with cells as a spreadsheet shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class UnreadableCell:
    """A cell without a readable value. `code`: the row issue that explains it; `displayed`: the text that a spreadsheet shows."""

    code: str
    displayed: str

    def __str__(self) -> str:
        return self.displayed


class ComputedNumber(float):
    """A number computed by a formula: it may have more decimals than its column, and is rounded to them."""


class RepeatedNumber(float):
    """A number repeated from the first cell of its merged range, which shows it only once."""


class RepeatedComputedNumber(ComputedNumber, RepeatedNumber):
    """A repeated number that was computed by a formula."""


class ComputedText(str):
    """The text of a number computed by a formula, with the unit or percent sign that its format adds."""

    __slots__ = ()


class MonthOrNumber(str):
    """A text such as 2016.1 from a file that does not distinguish texts from numbers: it may have been the number 2016.10."""

    __slots__ = ()


Cell = str | int | float | bool | date | UnreadableCell | None


class SourceRow(NamedTuple):
    """A row of a table. `number`: as Excel shows it. `hidden`: not shown in the sheet. `fault`: the row issue that keeps the
    row from being split into cells; `cells` then holds only its text."""

    number: int
    cells: list[Cell]
    hidden: bool = False
    fault: str = ""
