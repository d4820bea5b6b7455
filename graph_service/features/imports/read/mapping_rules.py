"""Rules of a mapping file: other names of sheets and columns, and tables that feed sheets (docs/how-to/roster.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

HEADER_FIELD = re.compile(r"\{([^{}]+)\}")
"""A header in a format: P2020-{序号}."""

Scalar = str | int | float


@dataclass(frozen=True, slots=True)
class CellRule:
    """The source of the cells of a column: the first existing header, a constant, a format with headers in it, or
    names that are looked up (headers, the widest area first, the name itself last).

    `split`, `part`: the text is split at the first of these marks that it contains, and this part of it is taken,
    counted from 0; where there is no such part, the cell is not understood, or blank if `optional`; a text with more
    parts than `max_parts` is not understood either. `is_record_number`: True where the text composed by `format`
    names a record. `values`: replacements of texts. `otherwise`: the number to use where the name is not found.
    """

    headers: tuple[str, ...] = ()
    constant: Scalar | None = None
    format: str = ""
    split: tuple[str, ...] = ()
    part: int = 0
    optional: bool = False
    max_parts: int = 0
    is_record_number: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    lookup: tuple[str, ...] = ()
    otherwise: str = ""

    @property
    def is_computed(self) -> bool:
        """True where the rule's cells differ from those of the file."""
        return self.constant is not None or bool(self.format or self.split or self.values)


@dataclass(frozen=True, slots=True)
class SheetRule:
    """The rules by which a table feeds a sheet. `where`: header → texts, one of which must stand in a row that feeds
    it; `once`: True where several rows may describe the same record, as the row of each person describes the
    household."""

    sheet: str
    columns: Mapping[str, CellRule]
    where: Mapping[str, tuple[str, ...]]
    once: bool = False


@dataclass(frozen=True, slots=True)
class TableRule:
    """A table by the name of its file or sheet (`*` for any text), the areas in which its names are looked up,
    numbers of names by label, and the sheets that it feeds."""

    names: tuple[str, ...]
    areas: tuple[str, ...]
    numbers: Mapping[str, Mapping[str, str]]
    sheets: tuple[SheetRule, ...]


@dataclass(frozen=True, slots=True)
class HeaderMapping:
    """A user's mapping file: other names of sheets, other headers of columns; tables that feed sheets by rules."""

    sheets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    source_text: str = ""
    tables: tuple[TableRule, ...] = ()
    file: str = ""
