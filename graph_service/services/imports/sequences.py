"""The life of an import's sequence: one writer at a time, running, published, undone; what nobody is to see is swept."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil

from graph_service.declare import OPEN
from graph_service.errors import EngineBusy, NothingToUndo
from graph_service.store.graph import Store

STALE_MILLISECONDS = 60_000
"""A writer that has not been heard of for so long is taken to be dead."""
CLOCK_SECONDS = 60.0
"""By how much the moment of a beginning may differ when it is read again: a clock may have been set meanwhile."""
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


def begin(store: Store, token: str, content: str, files: tuple[str, ...], purpose: str, by: str, day: int) -> int:
    """The sequence to write under: a killed run of the same delivery goes on, another one's remains are swept."""
    known = deliveries(store)
    for left in known:
        if left.state == "RUNNING" and left.content == content:
            return left.sequence
    _clear(store, known, token)
    sequence = max((one.sequence for one in known if one.state != "RUNNING"), default=0) + 1
    parameters = {
        "content": content,
        "files": "; ".join(files),
        "purpose": purpose,
        "by": by,
        "day": day,
        "began": now(),
    }
    store.tell("imports/begin", sequence=sequence, **parameters)
    return sequence


def publish(store: Store, sequence: int, counts: str, token: str) -> None:
    """In one step everybody sees it. Raises `EngineBusy` where another has taken over."""
    held = {"sequence": sequence, "token": token}
    # A retry after a lost answer finds it published already.
    if not store.tell("imports/publish", counts=counts, published=now(), **held) and not _published(store, sequence):
        raise taken_over()


def _published(store: Store, sequence: int) -> bool:
    return any(one.sequence == sequence and one.state == "PUBLISHED" for one in deliveries(store))


def drop(store: Store, sequence: int, token: str) -> None:
    """A running import that has written nothing leaves nothing."""
    store.tell("imports/drop", sequence=sequence, token=token)


def taken_over() -> EngineBusy:
    """What one is told that has held an import and holds it no more."""
    return EngineBusy(what="import", reason="另一导入已接手 / another import has taken over")


def beat(store: Store, token: str, sheet: str | None = None, rows: int | None = None) -> None:
    """Say that the writer lives, and how far it has come. Raises `EngineBusy` where another has taken over."""
    if not store.tell("imports/beat", token=token, sheet=sheet, rows=rows):
        raise taken_over()


def undo(store: Store) -> int:
    """Take back the last published import: hidden in one step, then swept. Gives its sequence.

    An undo that was killed is finished, and no further import is taken back. Raises `NothingToUndo`, `EngineBusy`.
    """
    token = take(store)
    try:
        known = deliveries(store)
        unfinished = [one.sequence for one in known if one.state == "UNDONE" and not one.swept]
        # What a killed import has written stands on the one that is to go.
        _clear(store, known, token)
        if unfinished:
            return unfinished[0]
        published = [one.sequence for one in known if one.state == "PUBLISHED"]
        if not published:
            raise NothingToUndo
        store.tell("imports/hide", sequence=published[0])
        _clear(store, deliveries(store), token)
        return published[0]
    finally:
        release(store, token)


def _clear(store: Store, known: list[Delivery], token: str) -> None:
    """Sweep what nobody is to see: killed imports and undone ones, the newest first."""
    for left in known:
        if left.state == "RUNNING":
            _sweep(store, left.sequence, token)
            drop(store, left.sequence, token)
        elif left.state == "UNDONE" and not left.swept:
            _sweep(store, left.sequence, token)
            store.tell("imports/swept", sequence=left.sequence)


def _sweep(store: Store, sequence: int, token: str) -> None:
    """Take out what an import that is not to be seen has written, and open again what it had superseded."""
    for name in ("sweep/relationships", "sweep/reopen_relationships", "sweep/nodes", "sweep/reopen_nodes"):
        while store.tell(name, seq=sequence, open=OPEN, limit=SWEPT_AT_ONCE)[0][0]:
            beat(store, token)


def take(store: Store) -> str:
    """Become the one writer. Raises `EngineBusy` while another lives."""
    token, holder = secrets.token_hex(8), f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"
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
    """Whether a writer is gone: on this machine by its process, elsewhere by its silence."""
    host, _, process = holder.partition(":")
    pid, _, began = process.partition(":")
    if host == socket.gethostname() and pid.isdigit():
        # A number is given again after a restart: the moment of its beginning tells whether it is the same process.
        now_there = _began(int(pid))
        return not now_there or not began or abs(float(now_there) - float(began)) > CLOCK_SECONDS
    return age > STALE_MILLISECONDS


def _began(pid: int) -> str:
    """When a process of this machine began, as the kernel has it; empty where there is none."""
    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.Error:
        return ""


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
