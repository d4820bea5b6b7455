"""The life of an import's sequence: one writer at a time, running, published, undone; what nobody is to see is swept."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil

from graph_service.declare import OPEN
from graph_service.errors import ChangeConflict, EngineBusy, NothingToUndo
from graph_service.store.graph import Store

STALE_MILLISECONDS = 60_000
"""A writer that has not been heard of for so long is taken to be dead."""
CLOCK_SECONDS = 60.0
"""By how much the moment of a beginning may differ when it is read again: a clock may have been set meanwhile."""
SWEPT_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import or change that nobody is to see, and of which something may be left in the graph."""

    sequence: int
    state: str
    content: str


def unfinished(store: Store) -> list[Unfinished]:
    """Every one, the newest first."""
    return [Unfinished(*row) for row in store.ask("imports/unfinished")]


def known_change(store: Store, key: str | None, content: str) -> int | None:
    """The data version that a client's key has made already; none where it is new, or its change was cut off and has to be made anew."""
    found = store.ask("imports/keyed", key=key) if key is not None else []
    if not found:
        return None
    sequence, state, said = found[0]
    if said != content:
        raise ChangeConflict(
            reason_zh=f"请求键 {key} 已用于另一项变更", reason_en=f"the key {key} was used for another change"
        )
    if state == "UNDONE":
        raise ChangeConflict(
            reason_zh=f"该变更(数据版本 {sequence})已撤销;如需再做,请换请求键",
            reason_en=f"the change (data version {sequence}) was undone; to make it again take another key",
        )
    return int(sequence) if state == "PUBLISHED" else None


def begin(
    store: Store,
    token: str,
    content: str,
    files: tuple[str, ...],
    purpose: str,
    by: str,
    day: int,
    key: str | None = None,
) -> int:
    """The sequence to write under: a killed run of the same delivery goes on, another one's remains are swept."""
    left = unfinished(store)
    for one in left:
        if one.state == "RUNNING" and one.content == content:
            return one.sequence
    _clear(store, left, token)
    newest = store.ask("imports/newest")
    sequence = newest[0][0] + 1 if newest else 1
    parameters = {
        "content": content,
        "files": "; ".join(files),
        "purpose": purpose,
        "by": by,
        "day": day,
        "began": now(),
        "key": key,
    }
    store.tell("imports/begin", sequence=sequence, **parameters)
    return sequence


def publish(store: Store, sequence: int, counts: str, token: str) -> None:
    """In one step everybody sees it. Raises `EngineBusy` where another has taken over."""
    held = {"sequence": sequence, "token": token}
    before = store.ask("imports/published", before=sequence, limit=1)
    latest = before[0][2] if before else 0
    # A retry after a lost answer finds it published already.
    if not store.tell("imports/publish", counts=counts, published=now(), latest=latest, **held) and not _published(
        store, sequence
    ):
        raise taken_over()


def _published(store: Store, sequence: int) -> bool:
    return any(row[0] == sequence for row in store.ask("imports/published", before=sequence + 1, limit=1))


def drop(store: Store, sequence: int, token: str) -> None:
    """A running import that has written nothing leaves nothing."""
    store.tell("imports/drop", sequence=sequence, token=token)


def taken_over() -> EngineBusy:
    """What one is told that has held an import and holds it no more."""
    return EngineBusy(what="import", reason="另一导入已接手 / another import has taken over")


def importing() -> ChangeConflict:
    """What one is told who wants to change something while another one imports."""
    return ChangeConflict(reason_zh="正在导入,请稍后再试", reason_en="an import is running; try again later")


def beat(store: Store, token: str, sheet: str | None = None, rows: int | None = None) -> None:
    """Say that the writer lives, and how far it has come. Raises `EngineBusy` where another has taken over."""
    if not store.tell("imports/beat", token=token, sheet=sheet, rows=rows):
        raise taken_over()


def undo(store: Store, expected: int | None = None) -> int:
    """Take back the last published import or change: hidden in one step, then swept. Gives its sequence.

    An undo that was killed is finished, and no further one is taken back. `expected`: the one that is meant. Raises `NothingToUndo`,
    `EngineBusy`; `ChangeConflict` where another one is the last.
    """
    token = take(store)
    try:
        left = unfinished(store)
        undone = [one.sequence for one in left if one.state == "UNDONE"]
        # What a killed import has written stands on the one that is to go.
        _clear(store, left, token)
        if undone:
            return undone[0]
        published = store.ask("imports/published", before=OPEN, limit=1)
        if not published:
            raise NothingToUndo
        sequence: int = published[0][0]
        if expected is not None and sequence != expected:
            raise ChangeConflict(
                reason_zh=f"最新数据版本为 {sequence},只能撤销最新版本",
                reason_en=f"the newest data version is {sequence}; only that one can be undone",
            )
        store.tell("imports/hide", sequence=sequence)
        _clear(store, unfinished(store), token)
        return sequence
    finally:
        release(store, token)


def undone(store: Store, sequence: int) -> bool:
    """Take back this one, the last published; whether it was there to be taken back. Raises as `undo` does."""
    state = store.ask("imports/state", sequence=sequence)
    if state and state[0][0] == "UNDONE":
        return False
    undo(store, sequence)
    return True


def _clear(store: Store, left: list[Unfinished], token: str) -> None:
    """Sweep what nobody is to see: killed imports and undone ones, the newest first."""
    for one in left:
        _sweep(store, one.sequence, token)
        if one.state == "RUNNING":
            drop(store, one.sequence, token)
        else:
            store.tell("imports/swept", sequence=one.sequence)


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
