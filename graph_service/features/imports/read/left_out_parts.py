"""Parts of a delivery that were not used, with the reason: sheets, columns, rows that are no records (docs/reference/files.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.domain.personal_numbers import mask_numbers
from graph_service.platform.readers.delivery import Delivery

SHEET_UNKNOWN, SHEET_AMBIGUOUS, SHEET_INCOMPLETE = "SHEET_UNKNOWN", "SHEET_AMBIGUOUS", "COLUMN_MISSING"
SHEET_VOID, SHEET_UNSURE = "SHEET_VOID", "SHEET_UNSURE"
COLUMN_UNKNOWN, COLUMN_NAMELESS, COLUMN_SHARED = "COLUMN_UNKNOWN", "COLUMN_NAMELESS", "COLUMN_SHARED"
COLUMN_HIDDEN = "COLUMN_HIDDEN"


@dataclass(frozen=True, slots=True)
class LeftOutPart:
    """A sheet (`row` 0, no `column`), a column or a row that was not used, or was used and is to be verified
    (`row_issues.CODES_TO_VERIFY`). `value`: its text, in which numbers of people are masked, or what it lacks; `count`:
    for a sheet the number of its rows, without those of a header that is understood."""

    file: str
    sheet: str
    code: str
    row: int = 0
    column: str = ""
    value: str = ""
    count: int = 0

    def __post_init__(self) -> None:
        """Mask the texts of the part, whoever makes it: it is reported as it is here. Of a list without headers, cells stand for them."""
        object.__setattr__(self, "column", mask_numbers(self.column))
        object.__setattr__(self, "value", mask_numbers(self.value))


def unread_parts(delivery: Delivery) -> Iterator[LeftOutPart]:
    """Yield the files and sheets of a delivery that were not read, and the hidden columns that were."""
    for part in delivery.unread_parts:
        yield LeftOutPart(part.file, part.sheet, part.code, value="" if part.file else f"+{part.count}")
    for table in delivery.tables:
        if table.hidden_columns:
            yield LeftOutPart(table.file, table.name, COLUMN_HIDDEN, column=", ".join(table.hidden_columns))
