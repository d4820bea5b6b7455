"""Relationships that follow from the records of all years, in whatever order these came: how they are compared with the recorded ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from graph_service.core.recording.record_versions import upsert_statements
from graph_service.core.recording.version_writer import VersionWriter, WriteStep
from graph_service.domain.records import RelationshipKey, RelationshipRecord, Target

LIVES_IN = Target("LIVES_IN", "Household", "Village")
MEMBER_OF = Target("MEMBER_OF", "Person", "Household")
POOR_IN = Target("POOR_IN", "Household", "Village")
UNCLEAR_IN = Target("UNCLEAR_IN", "Household", "Village")
DERIVED_TYPES = ("LIVES_IN", "MEMBER_OF")
"""Relationships that rows state for a year and that are derived from the records of all years."""
MISSING_SOURCE = "lacking"
"""The last part of the source of a relationship that ended because a complete delivery lacked it."""


class StoredRelationship(NamedTuple):
    """A recorded relationship: end node, first and last day (YYYYMMDD), values by stored name, sequence of the import that recorded it,
    and whether it ended because a complete delivery lacked it."""

    end_key: str
    since: int
    until: int
    values: Mapping[str, Any]
    sequence: int
    ended_as_missing: bool


class DerivedRelationship(NamedTuple):
    """A relationship that follows from the records: end node, first and last day (YYYYMMDD), values by stored name."""

    end_key: str
    since: int
    until: int
    values: Mapping[str, Any]
    ended_as_missing: bool = False


def stored_relationships(rows: Iterable[Mapping[str, Any]]) -> list[StoredRelationship]:
    """Return relationships as a statement returns them, by name."""
    return [StoredRelationship(**row) for row in rows]


class RelationshipChanges:
    """Changes to the relationships of one target, to be written in one transaction."""

    def __init__(self, writer: VersionWriter, target: Target) -> None:
        self._writer, self._target = writer, target
        self._statements = upsert_statements(target)
        self._superseded: list[dict[str, Any]] = []
        self._ended: list[dict[str, Any]] = []
        self._created: list[dict[str, Any]] = []
        self._affected_keys: list[tuple[str, ...]] = []

    def compare(
        self, start: str, derived: Iterable[DerivedRelationship], stored: Iterable[StoredRelationship]
    ) -> list[DerivedRelationship]:
        """Add the differences between derived and stored relationships of one start node; return those that are new or end on
        another day."""
        unmatched = {(relationship.end_key, relationship.since): relationship for relationship in derived}
        changed_relationships: list[DerivedRelationship] = []
        for existing in stored:
            relationship = unmatched.pop((existing.end_key, existing.since), None)
            if relationship is not None and (
                relationship.until,
                relationship.values,
                relationship.ended_as_missing,
            ) == (
                existing.until,
                existing.values,
                existing.ended_as_missing,
            ):
                continue
            self._affected_keys.append((start, existing.end_key))
            if (
                relationship is not None
                and existing.sequence == self._writer.sequence
                and relationship.values == existing.values
            ):
                # This import created it and it is not published yet, so it may be changed in place.
                self._ended.append(self._parameters(start, relationship))
                changed_relationships.append(relationship)
                continue
            self._superseded.append(RelationshipKey(start, None, existing.since).to_parameters())
            if relationship is not None:
                unmatched[relationship.end_key, relationship.since] = relationship
        for relationship in unmatched.values():
            self._created.append(self._parameters(start, relationship))
            self._affected_keys.append((start, relationship.end_key))
        return [*changed_relationships, *unmatched.values()]

    def _parameters(self, start: str, relationship: DerivedRelationship) -> dict[str, Any]:
        """Return a relationship of a start node as a row of the statements."""
        source = f"derived!{self._target.name}!{MISSING_SOURCE if relationship.ended_as_missing else start}"
        return self._statements.to_parameters(
            RelationshipRecord(
                start, relationship.end_key, relationship.since, relationship.until, relationship.values
            ),
            source,
        )

    def steps(self) -> Iterator[WriteStep]:
        """Yield the statements that write the changes, with their rows."""
        self._writer.affected_counties.add(self._target, self._affected_keys)
        for text, rows in (
            (self._statements.supersede, self._superseded),
            (self._statements.end, self._ended),
            (self._statements.create, self._created),
        ):
            if rows:
                yield WriteStep(text, rows)


def apply_changes(writer: VersionWriter, changes: Iterable[RelationshipChanges]) -> None:
    """Write the changes of several targets in one transaction."""
    steps = [step for relationship_changes in changes for step in relationship_changes.steps()]
    if steps:
        writer.apply(steps)
