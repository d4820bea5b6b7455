"""The life of an import's sequence: running, published, undone; what nobody is to see is swept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph_service.catalog import question
from graph_service.declare import OPEN
from graph_service.engine.port import Row, Transaction
from graph_service.errors import ChangeConflict, ChangeInvalid, LeaseLost, NothingToUndo
from graph_service.services.imports import turns
from graph_service.services.imports.turns import guard, writing
from graph_service.store.graph import Store

SWEPT_AT_ONCE = 10_000
CHANGE = "CHANGE"
"""The purpose of what is no delivery."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import or change that nobody is to see, and of which something may be left in the graph."""

    sequence: int
    state: str
    content: str
    purpose: str


def unfinished(store: Store) -> list[Unfinished]:
    """Every one, the newest first."""
    return [Unfinished(*row) for row in store.ask("imports/unfinished")]


def require_key(key: str) -> None:
    """Raises `ChangeInvalid` for a client's key that is none."""
    if not key.strip():
        raise ChangeInvalid(field="clientKey", reason_zh="不能为空", reason_en="it may not be empty")


def known_change(store: Store, key: str | None, content: str) -> int | None:
    """The data version that a client's key has made already, 0 where there was nothing to make and nothing there; none where it is
    new, or has to be made anew: it was cut off, or what said so already was undone."""
    found = store.ask("imports/keyed", key=key) if key is not None else []
    if not found:
        return None
    sequence, state, said, same = found[0]
    if said != content:
        raise ChangeConflict(
            reason_zh=f"请求键 {key} 已用于另一项变更", reason_en=f"the key {key} was used for another change"
        )
    if state == "UNDONE" and not same:
        raise ChangeConflict(
            reason_zh=f"该变更(数据版本 {sequence})已撤销;如需再做,请换请求键",
            reason_en=f"the change (data version {sequence}) was undone; to make it again take another key",
        )
    return int(sequence) if state in ("PUBLISHED", "UNCHANGED") else None


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
    guarded(store, token, "imports/begin", sequence=sequence, **parameters)
    return sequence


def publish(store: Store, sequence: int, counts: str, token: str) -> None:
    """In one step everybody sees it. Raises `LeaseLost` where another has taken over."""
    held = {"sequence": sequence, "token": token}
    before = store.ask("imports/published", before=sequence, limit=1)
    latest = before[0][2] if before else 0
    if not store.tell("imports/publish", counts=counts, published=now(), latest=latest, **held):
        raise LeaseLost


def drop(store: Store, sequence: int, token: str) -> None:
    """A running import that has written nothing leaves nothing."""
    store.tell("imports/drop", sequence=sequence, token=token)


def unchanged(store: Store, sequence: int, token: str, key: str | None, same: int) -> None:
    """A running import that has written nothing: what its key came to is remembered. `same`: the version that says so already."""
    if key is None:
        drop(store, sequence, token)
    else:
        store.tell("imports/unchanged", sequence=sequence, token=token, same=same)


def interrupted(sequence: int) -> ChangeConflict:
    """What one is told who wants to change something while an import that was cut off may be taken up again."""
    return ChangeConflict(
        reason_zh=f"导入 {sequence} 中断未完成;请先继续或撤销该导入",
        reason_en=f"import {sequence} was cut off; take it up again or undo it first",
    )


def undo(store: Store) -> int:
    """Take back the last published import or change: hidden in one step, then swept. Gives its sequence.

    An undo that was killed is finished, an import that was cut off is cleared: then no further one is taken back. Raises
    `NothingToUndo`, `ImportRunning`.
    """
    return _undo(store, None)[0]


def undone(store: Store, sequence: int) -> bool:
    """Take back this one, the last; whether it was there to be taken back. Raises as `undo` does; `ChangeConflict` where another
    one is the last."""
    return _undo(store, sequence)[1]


def _undo(store: Store, expected: int | None) -> tuple[int, bool]:
    with writing(store, turns.PATIENCE_SECONDS) as token:
        left = unfinished(store)
        gone = [one.sequence for one in left if one.state == "UNDONE"]
        cut_off = [one.sequence for one in left if one.state == "RUNNING" and one.purpose != CHANGE]
        if cut_off and expected not in (None, *cut_off):
            raise interrupted(cut_off[0])
        # What a killed import has written stands on the one that is to go.
        _clear(store, left, token)
        # Who took up what was begun has not asked for another one to go.
        if (gone or cut_off) and expected in (None, *gone, *cut_off):
            return expected or (gone or cut_off)[0], True
        if expected is not None and store.ask("imports/state", sequence=expected) == [["UNDONE"]]:
            return expected, False
        published = store.ask("imports/published", before=OPEN, limit=1)
        if not published:
            raise NothingToUndo
        sequence: int = published[0][0]
        if expected is not None and sequence != expected:
            raise ChangeConflict(
                reason_zh=f"最新数据版本为 {sequence},只能撤销最新版本",
                reason_en=f"the newest data version is {sequence}; only that one can be undone",
            )
        guarded(store, token, "imports/hide", sequence=sequence)
        _clear(store, unfinished(store), token)
        return sequence, True


def _clear(store: Store, left: list[Unfinished], token: str) -> None:
    """Sweep what nobody is to see: killed imports and undone ones, the newest first."""
    for one in left:
        _sweep(store, one.sequence, token)
        if one.state == "RUNNING":
            drop(store, one.sequence, token)
        else:
            guarded(store, token, "imports/swept", sequence=one.sequence)


def _sweep(store: Store, sequence: int, token: str) -> None:
    """Take out what an import that is not to be seen has written, and open again what it had superseded."""
    for name in ("sweep/relationships", "sweep/reopen_relationships", "sweep/nodes", "sweep/reopen_nodes"):
        while guarded(store, token, name, seq=sequence, open=OPEN, limit=SWEPT_AT_ONCE)[0][0]:
            pass


def guarded(store: Store, token: str, name: str, **parameters: Any) -> list[Row]:
    """Run one catalogued write, only by the writer that holds the right to. Raises `LeaseLost`."""

    def work(tx: Transaction) -> list[Row]:
        guard(tx, token)
        return tx.run(question(name).text, parameters)

    return store.write(work, name)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
