"""A change by an official, as a data version: checked and written under the same lock as an import, published in one step.

A client's key makes it idempotent: the same change of an author under the same key is made once, however often it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

import orjson

from graph_service.core.query_scope import newest_version
from graph_service.core.recording import writer_lock
from graph_service.core.recording.import_lifecycle import (
    CHANGE_PURPOSE,
    begin,
    find_recorded_change,
    finish_unchanged,
    interrupted_import_error,
    latest_import,
    publish,
)
from graph_service.core.recording.record_versions import record_version
from graph_service.core.recording.version_writer import VersionWriter
from graph_service.core.recording.writer_lock import hold_writer_lock, import_running_error
from graph_service.domain.days import today
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.domain.model import MODEL
from graph_service.domain.records import (
    Record,
    RelationshipRecord,
    Target,
    node_record,
    relationship_record,
)
from graph_service.errors import ImportRunning
from graph_service.platform.store.graph import Store, in_batches

_VALIDATES_ONLY: ContextVar[bool] = ContextVar("validates_only", default=False)
WRITE_BATCH_SIZE = 1_000
"""Number of rows written in one transaction."""


class ChangeRow(NamedTuple):
    """A record to be written, and its target."""

    target: Target
    record: Record


def node_row(label: str, key: str, /, **values: Any) -> ChangeRow:
    """Return the row of a node with its stored values; those that are left out are blank."""
    return ChangeRow(Target(label), node_record(MODEL.labels[label], key, **values))


def relationship_row(
    target: Target, start: str, end: str, /, since: int = FIRST_DAY, until: int = LAST_DAY, **values: Any
) -> ChangeRow:
    """Return the row of a relationship between two keys, from its first to its last day (YYYYMMDD), with its stored values; those that are
    left out are blank."""
    relationship = MODEL.relationships[target.name]
    return ChangeRow(target, relationship_record(relationship, start, end, since=since, until=until, **values))


@dataclass(frozen=True, slots=True)
class Change:
    """A change and its requester. `content`: the whole content as JSON; the same key with another content is refused."""

    key: str
    kind: str
    content: str
    submitted_by: str = ""


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The data version that contains the change; whether it was made by this call or was there already."""

    sequence: int
    changed: bool


class ChangeValidated(Exception):
    """Nothing refuses the change, which is not to be made."""


@contextmanager
def validate_only() -> Iterator[None]:
    """Check the changes that are applied in this context, and make none of them."""
    token = _VALIDATES_ONLY.set(True)
    try:
        yield
    except ChangeValidated:
        return
    finally:
        _VALIDATES_ONLY.reset(token)


def apply_change(store: Store, change: Change, build_rows: Callable[[], list[ChangeRow]]) -> ChangeResult:
    """Make a change. `build_rows` reads the graph and returns the rows to be written, while nobody else writes.

    Raises `ChangeInvalid`, `ChangeConflict` (a key used again, another change meanwhile), and what `build_rows` raises.
    """
    content = f"{CHANGE_PURPOSE}:{hashlib.sha256(orjson.dumps([change.kind, change.content])).hexdigest()}"
    recorded_sequence = find_recorded_change(store, change.key, change.submitted_by, content)
    if recorded_sequence is not None:
        return ChangeResult(recorded_sequence, changed=False)
    with _hold_lock_for_change(store) as token:
        # Another process may have made the change while this one waited.
        recorded_sequence = find_recorded_change(store, change.key, change.submitted_by, content)
        if recorded_sequence is not None:
            return ChangeResult(recorded_sequence, changed=False)
        newest = newest_version(store)
        day = newest.latest_day if newest else 0
        rows = build_rows()
        if _VALIDATES_ONLY.get():
            raise ChangeValidated
        sequence = begin(store, token, content, (), CHANGE_PURPOSE, change.submitted_by, day, change.key)
        writer = VersionWriter(store, sequence, token, {})
        source = f"{change.kind}!{change.key}"
        for target, group in groupby(rows, key=attrgetter("target")):
            versions = [record_version(target, row.record, source) for row in group]
            for batch in in_batches(versions, WRITE_BATCH_SIZE):
                writer.write(change.kind, {target: list(batch)}, len(batch))
        counts = writer.counts[change.kind]
        if not counts["new"] + counts["changed"] + counts["resumed"]:
            existing_sequence = newest.sequence if newest else 0
            finish_unchanged(store, sequence, token, change.key, existing_sequence)
            return ChangeResult(existing_sequence, changed=False)
        publish(store, sequence, orjson.dumps({change.kind: dict(counts)}).decode(), token, _effective_day(rows))
        return ChangeResult(sequence, changed=True)


def _effective_day(rows: Sequence[ChangeRow]) -> int:
    """Return the latest day, until today, on which a relationship of a change begins or ends; 0 where it has none."""
    relationships = (row.record for row in rows if isinstance(row.record, RelationshipRecord))
    days = (day for relationship in relationships for day in (relationship.since, relationship.until))
    latest = today()
    return max((day for day in days if FIRST_DAY < day <= latest), default=0)


@contextmanager
def _hold_lock_for_change(store: Store) -> Iterator[str]:
    """Hold the writer lock for a change. An import that was cut off is not swept for a change: it may be resumed."""
    with ExitStack() as stack:
        try:
            token = stack.enter_context(hold_writer_lock(store, writer_lock.LOCK_TIMEOUT_SECONDS))
        except ImportRunning as error:
            raise import_running_error() from error
        latest = latest_import(store)
        if latest is not None and latest.state == "RUNNING" and latest.purpose != CHANGE_PURPOSE:
            raise interrupted_import_error(latest.sequence)
        yield token
