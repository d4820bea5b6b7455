"""A row as what it writes: what finds it, what it says, where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph_service.core.recording.row_outcomes import RowOutcome
from graph_service.domain.model import MODEL
from graph_service.domain.upserts import Upsert, label_upsert, relationship_upsert

Target = tuple[str, ...]
"""(label,) or (relationship type, start label, end label)."""


@cache
def upsert_statements(target: Target) -> Upsert:
    if len(target) == 1:
        return label_upsert(MODEL, MODEL.labels[target[0]])
    return relationship_upsert(MODEL, MODEL.relationships[target[0]], MODEL.labels[target[1]], MODEL.labels[target[2]])


@dataclass(slots=True)
class RecordVersion:
    """One row for a target: what finds it, what it says, where it comes from."""

    key: tuple[Any, ...]
    """As the `known` statement takes it."""
    leading_values: list[Any]
    """What leads its row before source: the key's parts; for relationships both ends and the two times."""
    values: list[Any]
    """What is compared with what is known."""
    stored_values: list[Any]
    """What follows in its row."""
    source: str
    is_repeated: bool = False
    """An earlier row of this delivery has brought the same node: what there is of this was said by it, or left as it is."""
    absent_positions: tuple[int, ...] = ()
    """Positions in `values` of which the file says nothing: it has no such column. They stay as they are known."""

    is_current: bool = True
    """Whether its row tells of the collection's day: that of a former year's card tells what held then."""
    outcome: RowOutcome | None = None
    """What came of the row that tells it; none where no row does."""
    has_unread_end: bool = False
    """Whether the cell of its last day is not understood: a relationship that is new cannot be taken to have no end."""

    def fill_absent(self, known_values: list[Any]) -> None:
        """Take from what is known what the file does not say."""
        for at in self.absent_positions:
            self.values[at] = known_values[at]
            # A relationship's ends and times lead its row, what is stored follows.
            part, place = (
                (self.leading_values, at)
                if at < len(self.values) - len(self.stored_values)
                else (self.stored_values, at - len(self.values) + len(self.stored_values))
            )
            part[place] = known_values[at]


def label_version(target: Target, row: Sequence[Any], source: str) -> RecordVersion:
    size = 2 if MODEL.labels[target[0]].owner else 1
    values = list(row[size:])
    return RecordVersion(tuple(row[:size]), list(row[:size]), values, list(values), source)


@cache
def _key_parts(type_: str) -> tuple[bool, bool, tuple[int, ...]]:
    """What finds a relationship in its row: start, end, positions of its key's properties."""
    relationship = MODEL.relationships[type_]
    names = ("since", "until", *relationship.stored_names())
    by = relationship.identified_by
    return by in ("both", "start"), by in ("both", "end"), tuple(2 + names.index(name) for name in relationship.key)


def relationship_version(target: Target, row: list[Any], source: str) -> RecordVersion:
    start, end, positions = _key_parts(target[0])
    key = (row[0] if start else None, row[1] if end else None, *(row[at] for at in positions))
    return RecordVersion(key, row[:4], row, row[4:], source)


def record_version(target: Target, row: list[Any], source: str) -> RecordVersion:
    """A row of a label, [key(s), *stored values], or of a relationship, [start, end, since, until, *stored values]."""
    return label_version(target, row, source) if len(target) == 1 else relationship_version(target, row, source)
