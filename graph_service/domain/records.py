"""Records on their way to the graph: what a row of a delivery or of a change states of one node or one relationship.

Fields have names, also in the statements of `upserts`, for which `to_parameters` builds maps. Values are keyed by the stored names of the
model's properties (`stored_names`), all of them, blank ones as None. Days are YYYYMMDD; values have the units in which the model stores
them (fen for amounts in yuan).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, Label, Relationship


class Target(NamedTuple):
    """Kind of a record: a label, or a relationship type with the labels of its ends, which are empty for a label."""

    name: str
    start: str = ""
    end: str = ""

    @property
    def is_relationship(self) -> bool:
        """Return True for a relationship type."""
        return bool(self.start)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the labels of a record's `keys`."""
        return (self.start, self.end) if self.start else (self.name,)

    def __str__(self) -> str:
        return "!".join(filter(None, self))


class NodeKey(NamedTuple):
    """Identity of a node's record among those of its label: the node's key; of a yearly record the owner's key and the year."""

    key: str
    year: int | None = None

    def to_parameters(self) -> Any:
        """Return the key as a look-up takes it."""
        return self.key if self.year is None else {"key": self.key, "year": self.year}


class RelationshipKey(NamedTuple):
    """Identity of a relationship's record among those of its type: the keys of the ends that identify it (None for an end that does
    not), its first day where this is a part of the key, and the properties of the key as (name, value)."""

    start: str | None
    end: str | None
    since: int | None = None
    values: tuple[tuple[str, Any], ...] = ()

    def to_parameters(self) -> dict[str, Any]:
        """Return the key as the statements take it."""
        return {"start": self.start, "end": self.end, "since": self.since, **dict(self.values)}


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """A record of a node: its key and stored values; of a yearly record the owner's key and the year."""

    key: str
    values: Mapping[str, Any]
    year: int | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the key of the node that it is about."""
        return (self.key,)

    @property
    def first_key(self) -> str:
        """Return the key of the node that it is about."""
        return self.key

    @property
    def reference(self) -> str:
        """Return the key, and the year of a yearly record, as text."""
        return self.key if self.year is None else f"{self.key} / {self.year}"

    def to_parameters(self) -> dict[str, Any]:
        """Return the record as the statements take it."""
        year = {} if self.year is None else {"year": self.year}
        return {"key": self.key, **year, **_without_blanks(self.values)}


@dataclass(frozen=True, slots=True)
class RelationshipRecord:
    """A record of a relationship: the keys of its ends, first and last day, and stored values."""

    start: str
    end: str
    since: int
    until: int
    values: Mapping[str, Any]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the nodes at its ends."""
        return (self.start, self.end)

    @property
    def first_key(self) -> str:
        """Return the key of the node at its start."""
        return self.start

    @property
    def reference(self) -> str:
        """Return the keys of its ends as text."""
        return f"{self.start} / {self.end}"

    def to_parameters(self) -> dict[str, Any]:
        """Return the record as the statements take it."""
        return {
            "start": self.start,
            "end": self.end,
            "since": self.since,
            "until": self.until,
            **_without_blanks(self.values),
        }


Record = NodeRecord | RelationshipRecord
RecordKey = NodeKey | RelationshipKey


def node_record(label: Label, key: str, year: int | None = None, /, **values: Any) -> NodeRecord:
    """Return a record of a label; values that are left out are blank. Raises `ValueError` for a name that the label does not have."""
    return NodeRecord(key, _complete_values(label.stored_names(), values), year)


def relationship_record(
    relationship: Relationship, start: str, end: str, /, since: int = FIRST_DAY, until: int = LAST_DAY, **values: Any
) -> RelationshipRecord:
    """Return a record of a relationship; values that are left out are blank, days without a limit. Raises `ValueError` for a name that it
    does not have."""
    return RelationshipRecord(start, end, since, until, _complete_values(relationship.stored_names(), values))


def relationship_key(relationship: Relationship, record: RelationshipRecord) -> RelationshipKey:
    """Return what identifies a record among those of its relationship type."""
    return RelationshipKey(
        record.start if relationship.identified_by != "end" else None,
        record.end if relationship.identified_by != "start" else None,
        record.since if "since" in relationship.key else None,
        tuple((name, record.values[name]) for name in relationship.key if name != "since"),
    )


def keep_stored(record: Record, stored: Record, names: Collection[str]) -> Record:
    """Return a record with the values, and the days of a relationship (`since`, `until`), of these names as the stored one has them."""
    values = {name: stored.values[name] if name in names else value for name, value in record.values.items()}
    if isinstance(record, RelationshipRecord) and isinstance(stored, RelationshipRecord):
        since = stored.since if "since" in names else record.since
        until = stored.until if "until" in names else record.until
        return replace(record, since=since, until=until, values=values)
    return replace(record, values=values)


def _complete_values(names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    complete = {name: values.get(name) for name in names}
    if unknown_names := values.keys() - complete.keys():
        raise ValueError(f"no stored property: {', '.join(sorted(unknown_names))}")
    return complete


def _without_blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are set: a blank one is not stored."""
    return {name: value for name, value in values.items() if value is not None}
