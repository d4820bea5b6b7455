"""The life of an import's sequence: one writer at a time, running, published, undone; what nobody is to see is swept."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime

from graph_service.declare import OPEN
from graph_service.errors import DeliveryRefused, EngineBusy
from graph_service.store.graph import Store

STALE_MILLISECONDS = 60_000
"""A writer that has not been heard of for so long is taken to be dead."""
SWEPT_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """An import as the graph has it. `swept`: undone, and nothing of it is left."""

    sequence: int
    state: str
    day: int
    content: str
    swept: bool


def deliveries(store: Store) -> list[Delivery]:
    """Every one, the newest first."""
    rows = store.ask("imports/versions")
    return [Delivery(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]


def begin(store: Store, content: str, files: tuple[str, ...], purpose: str, day: int) -> int:
    """The sequence to write under: a killed run of the same delivery goes on, another one's remains are swept."""
    known = deliveries(store)
    for left in known:
        if left.state == "RUNNING" and left.content == content:
            return left.sequence
    _clear(store, known)
    sequence = max((one.sequence for one in known if one.state != "RUNNING"), default=0) + 1
    parameters = {"content": content, "files": "; ".join(files), "purpose": purpose, "day": day, "began": now()}
    store.tell("imports/begin", sequence=sequence, **parameters)
    return sequence


def publish(store: Store, sequence: int, counts: str) -> None:
    """In one step everybody sees it."""
    store.tell("imports/publish", sequence=sequence, counts=counts, published=now())


def drop(store: Store, sequence: int) -> None:
    """A running import that has written nothing leaves nothing."""
    store.tell("imports/drop", sequence=sequence)


def undo(store: Store) -> int:
    """Take back the last published import: hidden in one step, then swept. Gives its sequence.

    An undo that was killed is finished, and no further import is taken back. Raises `DeliveryRefused`, `EngineBusy`.
    """
    token = take(store)
    try:
        known = deliveries(store)
        unfinished = [one.sequence for one in known if one.state == "UNDONE" and not one.swept]
        # What a killed import has written stands on the one that is to go.
        _clear(store, known)
        if unfinished:
            return unfinished[0]
        published = [one.sequence for one in known if one.state == "PUBLISHED"]
        if not published:
            raise DeliveryRefused(reason_zh="没有可撤销的导入", reason_en="there is no import to undo")
        store.tell("imports/hide", sequence=published[0])
        _clear(store, deliveries(store))
        return published[0]
    finally:
        release(store, token)


def _clear(store: Store, known: list[Delivery]) -> None:
    """Sweep what nobody is to see: killed imports and undone ones, the newest first."""
    for left in known:
        if left.state == "RUNNING":
            _sweep(store, left.sequence)
            drop(store, left.sequence)
        elif left.state == "UNDONE" and not left.swept:
            _sweep(store, left.sequence)
            store.tell("imports/swept", sequence=left.sequence)


def _sweep(store: Store, sequence: int) -> None:
    """Take out what an import that is not to be seen has written, and open again what it had superseded."""
    for name in ("sweep/relationships", "sweep/reopen_relationships", "sweep/nodes", "sweep/reopen_nodes"):
        while store.tell(name, seq=sequence, open=OPEN, limit=SWEPT_AT_ONCE)[0][0]:
            pass


def take(store: Store) -> str:
    """Become the one writer. Raises `EngineBusy` while another lives."""
    token, holder = secrets.token_hex(8), f"{socket.gethostname()}:{os.getpid()}"
    seen = store.ask("imports/writer")
    if seen and seen[0][0] and not _dead(seen[0][1], seen[0][2]):
        raise EngineBusy(what="import", reason=f"{seen[0][1]}")
    if not store.tell("imports/take", seen=seen[0][0] if seen else "", token=token, holder=holder):
        raise EngineBusy(what="import", reason="-")
    return token


def release(store: Store, token: str) -> None:
    """Stop being the writer."""
    store.tell("imports/release", token=token)


def _dead(holder: str, age: int) -> bool:
    host, _, pid = holder.rpartition(":")
    if host == socket.gethostname() and pid.isdigit():
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False
    return age > STALE_MILLISECONDS


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
