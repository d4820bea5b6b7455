"""What a draft of a mapping takes a table for, and what it says of that only as a question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_service.declare import Relationship
from graph_service.model import MODEL
from graph_service.services.imports.header_rows import Placement
from graph_service.services.imports.name_columns import sheet_columns

_PERIOD = re.compile("(帮扶|结对|驻村|任职|服务).*(时间|日期|期限)|起止")
"""A header under which a period may stand in one cell."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A sheet that a table may feed: where its columns are, and what is proposed for those that it lacks."""

    sheet: str
    placement: Placement
    alike: Mapping[str, str]

    @property
    def lacking(self) -> list[str]:
        """The columns that a row cannot do without and that are neither there nor proposed."""
        return [
            name
            for name in sorted(required_columns(self.sheet))
            if name not in self.placement.places and name not in self.alike
        ]


def required_columns(sheet: str) -> set[str]:
    """The columns that no row of a sheet can do without."""
    return {name for name, column in sheet_columns(sheet).items() if column.required}


def is_beside(guess: Guess, guesses: Sequence[Guess], headers: int) -> bool:
    """Whether a sheet of relationships is only what stands beside another one's records: that the department of a helper and the village
    of a household stand in one row does not say that the department helps the village; or whether it uses less than
    half of the table's `headers`."""
    main = max(guesses, key=lambda one: len(one.placement.places))
    ends = {label for name in _ends(guess.sheet) for label in (*name.start, *name.end)}
    own = {write.target for write in MODEL.sheets[main.sheet].writes}
    few = 2 * len(set(guess.placement.places.values())) < headers
    return bool(ends) and ((guess is not main and not ends & own) or (guess is main and few))


def _ends(sheet: str) -> list[Relationship]:
    """The relationships of a sheet that tells of nothing else; empty for one that has records of its own."""
    targets = [write.target for write in MODEL.sheets[sheet].writes]
    alone = all(target in MODEL.relationships for target in targets)
    return [MODEL.relationships[target] for target in targets] if alone else []


def periods(guess: Guess, rest: Sequence[str]) -> Iterator[str]:
    """What is proposed for a column that may have the first and the last day in one cell."""
    columns, taken = sheet_columns(guess.sheet), guess.placement.places.keys() | guess.alike.keys()
    period = next((text for text in rest if _PERIOD.search(text)), "")
    begin = next((name for name in columns if name.endswith(".since") and name not in taken), "")
    if not period or not begin:
        return
    for part, name in enumerate((begin, begin.replace(".since", ".until"))):
        if name in columns and name not in taken:
            optional = ", optional = true" if part else ""
            rule = f'{{header = {quoted(period)}, split = ["至", "—", "-"], part = {part}{optional}}}'
            yield f"# columns.{quoted(name)} = {rule}  # 一格写起止两日时 / where one cell has both days"


def quoted(text: str) -> str:
    """Return a text as a mapping file writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
