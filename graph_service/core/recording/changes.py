"""One change by an official, as a version of its own: checked and written behind the same fence as an import, seen in one step.

A client's key makes it idempotent: the same change under the same key is made once, however often it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from graph_service.core.query_scope import newest_version
from graph_service.core.recording import writer_lock
from graph_service.core.recording.import_lifecycle import (
    CHANGE_PURPOSE,
    begin,
    find_recorded_change,
    finish_unchanged,
    interrupted_import_error,
    publish,
)
from graph_service.core.recording.record_versions import Target, record_version
from graph_service.core.recording.version_writer import VersionWriter
from graph_service.core.recording.writer_lock import hold_writer_lock, import_running_error
from graph_service.errors import ImportRunning
from graph_service.platform.store.graph import Store, in_batches

ChangeRow = tuple[Target, list[Any]]
"""What is written: a node as [key(s), *stored values], a relationship as [start, end, since, until, *stored values]."""
WRITE_BATCH_SIZE = 1_000
"""How many of these are written in one transaction."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who asks for what. `content`: everything that it says, as JSON; the same key with another content is refused."""

    key: str
    kind: str
    content: str
    submitted_by: str = ""


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The data version that has it; whether it was made by this call or was so already."""

    sequence: int
    changed: bool


def apply_change(store: Store, change: Change, build_rows: Callable[[], list[ChangeRow]]) -> ChangeResult:
    """Make a change. `build_rows` looks at the data and says what to write, while nobody else writes.

    Raises `ChangeInvalid`, `ChangeConflict` (a key used again, another change meanwhile), and what `build_rows` raises.
    """
    content = f"{CHANGE_PURPOSE}:{hashlib.sha256(orjson.dumps([change.kind, change.content])).hexdigest()}"
    done = find_recorded_change(store, change.key, content)
    if done is not None:
        return ChangeResult(done, changed=False)
    with _hold_lock_for_change(store) as token:
        # Another process may have made it while this one waited.
        done = find_recorded_change(store, change.key, content)
        if done is not None:
            return ChangeResult(done, changed=False)
        last = newest_version(store)
        day = last.latest_day if last else 0
        written = build_rows()
        sequence = begin(store, token, content, (), CHANGE_PURPOSE, change.submitted_by, day, change.key)
        writer = VersionWriter(store, sequence, token, {})
        source = f"{change.kind}!{change.key}"
        for target, alike in groupby(written, key=itemgetter(0)):
            versions = [record_version(target, row, source) for _, row in alike]
            for batch in in_batches(versions, WRITE_BATCH_SIZE):
                writer.write(change.kind, {target: list(batch)}, len(batch))
        counts = writer.counts[change.kind]
        if not counts["new"] + counts["changed"] + counts["resumed"]:
            same = last.sequence if last else 0
            finish_unchanged(store, sequence, token, change.key, same)
            return ChangeResult(same, changed=False)
        publish(store, sequence, orjson.dumps({change.kind: dict(counts)}).decode(), token)
        return ChangeResult(sequence, changed=True)


@contextmanager
def _hold_lock_for_change(store: Store) -> Iterator[str]:
    """Being the one writer, for a moment. An import that was cut off is not swept for a change: it may be taken up again."""
    with ExitStack() as stack:
        try:
            token = stack.enter_context(hold_writer_lock(store, writer_lock.LOCK_TIMEOUT_SECONDS))
        except ImportRunning as error:
            raise import_running_error() from error
        last = store.query("imports/newest")
        if last and last[0][1] == "RUNNING" and last[0][2] != CHANGE_PURPOSE:
            raise interrupted_import_error(last[0][0])
        yield token
