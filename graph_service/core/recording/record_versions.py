"""Versions of records: a record to be written, its identity, its source."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph_service.core.recording.row_outcomes import RowOutcome
from graph_service.domain.model import MODEL
from graph_service.domain.records import (
    NodeKey,
    NodeRecord,
    Record,
    RecordKey,
    Target,
    keep_stored,
    relationship_key,
)
from graph_service.domain.upserts import Upsert, label_upsert, relationship_upsert


@cache
def upsert_statements(target: Target) -> Upsert:
    """Return the statements for a target."""
    if not target.is_relationship:
        return label_upsert(MODEL, MODEL.labels[target.name])
    relationship = MODEL.relationships[target.name]
    return relationship_upsert(MODEL, relationship, MODEL.labels[target.start], MODEL.labels[target.end])


@dataclass(slots=True)
class RecordVersion:
    """A record for a target, its key and its source (file, sheet and row, or `kind!key` of a change)."""

    record: Record
    key: RecordKey
    source: str
    is_repeated: bool = False
    """An earlier row of this delivery has brought the same node: what is recorded of it was written by that row, or left as it is."""
    absent_names: Collection[str] = frozenset()
    """Stored names of the values, and the days of a relationship, for which the file has no column. They keep the recorded values."""

    is_current: bool = True
    """True where its row describes the collection's day: the row of a former year's card describes that year."""
    outcome: RowOutcome | None = None
    """Outcome of its row; none where it comes from no row."""
    has_unread_end: bool = False
    """True where the cell of its last day is not understood: a new relationship cannot be taken to have no end."""

    def keep_absent(self, stored: Record) -> None:
        """Take the values that the file lacks from the recorded ones. Its key stays."""
        if self.absent_names:
            self.record = keep_stored(self.record, stored, self.absent_names)

    def to_parameters(self, target: Target, replaced_sequence: int | None = None) -> dict[str, Any]:
        """Return the version as a row of the target's statements. `replaced_sequence`: the sequence of the version that it replaces."""
        return upsert_statements(target).to_parameters(self.record, self.source, replaced_sequence)


def record_key(target: Target, record: Record) -> RecordKey:
    """Return what identifies a record among those of its target."""
    if isinstance(record, NodeRecord):
        return NodeKey(record.key, record.year)
    return relationship_key(MODEL.relationships[target.name], record)


def record_version(target: Target, record: Record, source: str) -> RecordVersion:
    """Return the version of a record."""
    return RecordVersion(record, record_key(target, record), source)
