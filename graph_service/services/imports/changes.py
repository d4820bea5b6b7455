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

from graph_service.errors import ImportRunning
from graph_service.services.imports import turns
from graph_service.services.imports.sequences import CHANGE, begin, interrupted, known_change, publish, unchanged
from graph_service.services.imports.turns import importing, writing
from graph_service.services.imports.versions import Target, version
from graph_service.services.imports.writing import Writer
from graph_service.services.viewing import newest
from graph_service.store.graph import Store, in_batches

Row = tuple[Target, list[Any]]
"""What is written: a node as [key(s), *stored values], a relationship as [start, end, since, until, *stored values]."""
AT_ONCE = 1_000
"""How many of these are written in one transaction."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who asks for what. `content`: everything that it says, as JSON; the same key with another content is refused."""

    key: str
    kind: str
    content: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The data version that has it; whether it was made by this call or was so already."""

    sequence: int
    changed: bool


def changed(store: Store, change: Change, rows: Callable[[], list[Row]]) -> Recorded:
    """Make a change. `rows` looks at the data and says what to write, while nobody else writes.

    Raises `ChangeInvalid`, `ChangeConflict` (a key used again, another change meanwhile), and what `rows` raises.
    """
    content = f"{CHANGE}:{hashlib.sha256(orjson.dumps([change.kind, change.content])).hexdigest()}"
    done = known_change(store, change.key, content)
    if done is not None:
        return Recorded(done, changed=False)
    with _writing(store) as token:
        # Another process may have made it while this one waited.
        done = known_change(store, change.key, content)
        if done is not None:
            return Recorded(done, changed=False)
        last = newest(store)
        day = last.latest if last else 0
        written = rows()
        sequence = begin(store, token, content, (), CHANGE, change.by, day, change.key)
        writer = Writer(store, sequence, token, {})
        source = f"{change.kind}!{change.key}"
        for target, alike in groupby(written, key=itemgetter(0)):
            versions = [version(target, row, source) for _, row in alike]
            for batch in in_batches(versions, AT_ONCE):
                writer.write(change.kind, {target: list(batch)}, len(batch))
        counts = writer.counts[change.kind]
        if not counts["new"] + counts["changed"] + counts["resumed"]:
            same = last.sequence if last else 0
            unchanged(store, sequence, token, change.key, same)
            return Recorded(same, changed=False)
        publish(store, sequence, orjson.dumps({change.kind: dict(counts)}).decode(), token)
        return Recorded(sequence, changed=True)


@contextmanager
def _writing(store: Store) -> Iterator[str]:
    """Being the one writer, for a moment. An import that was cut off is not swept for a change: it may be taken up again."""
    with ExitStack() as stack:
        try:
            token = stack.enter_context(writing(store, turns.PATIENCE_SECONDS))
        except ImportRunning as error:
            raise importing() from error
        last = store.ask("imports/newest")
        if last and last[0][1] == "RUNNING" and last[0][2] != CHANGE:
            raise interrupted(last[0][0])
        yield token
