"""Versions of records: the key, the values and the source of a row to be written."""

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
    """A row for a target: its key, its values, its source."""

    key: tuple[Any, ...]
    """Key as the `known` statement takes it."""
    leading_values: list[Any]
    """Values before the source in its row: the key's parts; for relationships both ends and the two times."""
    values: list[Any]
    """Values compared with the recorded ones."""
    stored_values: list[Any]
    """Values that follow the source in its row."""
    source: str
    is_repeated: bool = False
    """An earlier row of this delivery has brought the same node: what is recorded of it was written by that row, or left as it is."""
    absent_positions: tuple[int, ...] = ()
    """Positions in `values` for which the file has no column. They keep the recorded values."""

    is_current: bool = True
    """True where its row describes the collection's day: the row of a former year's card describes that year."""
    outcome: RowOutcome | None = None
    """Outcome of its row; none where it comes from no row."""
    has_unread_end: bool = False
    """True where the cell of its last day is not understood: a new relationship cannot be taken to have no end."""

    def fill_absent(self, known_values: list[Any]) -> None:
        """Fill the values that the file lacks from the recorded ones."""
        for position in self.absent_positions:
            self.values[position] = known_values[position]
            # A relationship's ends and times lead its row, its stored values follow.
            row_part, part_index = (
                (self.leading_values, position)
                if position < len(self.values) - len(self.stored_values)
                else (self.stored_values, position - len(self.values) + len(self.stored_values))
            )
            row_part[part_index] = known_values[position]


def label_version(target: Target, row: Sequence[Any], source: str) -> RecordVersion:
    size = 2 if MODEL.labels[target[0]].owner else 1
    values = list(row[size:])
    return RecordVersion(tuple(row[:size]), list(row[:size]), values, list(values), source)


@cache
def _key_parts(type_: str) -> tuple[bool, bool, tuple[int, ...]]:
    """Return the parts of a relationship's key in its row: start, end, positions of the key's properties."""
    relationship = MODEL.relationships[type_]
    names = ("since", "until", *relationship.stored_names())
    identified_by = relationship.identified_by
    return (
        identified_by in ("both", "start"),
        identified_by in ("both", "end"),
        tuple(2 + names.index(name) for name in relationship.key),
    )


def relationship_version(target: Target, row: list[Any], source: str) -> RecordVersion:
    start, end, positions = _key_parts(target[0])
    key = (row[0] if start else None, row[1] if end else None, *(row[position] for position in positions))
    return RecordVersion(key, row[:4], row, row[4:], source)


def record_version(target: Target, row: list[Any], source: str) -> RecordVersion:
    """Return the version of a row of a label, [key(s), *stored values], or of a relationship, [start, end, since, until, *stored
    values]."""
    return label_version(target, row, source) if len(target) == 1 else relationship_version(target, row, source)
