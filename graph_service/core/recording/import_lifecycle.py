"""The life of an import's sequence: running, published, undone; what nobody is to see is swept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph_service.core.recording import writer_lock
from graph_service.core.recording.writer_lock import hold_writer_lock, require_lock
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.errors import ChangeConflict, ChangeInvalid, LeaseLost, NothingToUndo
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Row, Transaction
from graph_service.platform.store.graph import Store

SWEEP_BATCH_SIZE = 10_000
CHANGE_PURPOSE = "CHANGE"
"""The purpose of what is no delivery."""


@dataclass(frozen=True, slots=True)
class UnfinishedImport:
    """An import or change that nobody is to see, and of which something may be left in the graph."""

    sequence: int
    state: str
    content: str
    purpose: str


def unfinished_imports(store: Store) -> list[UnfinishedImport]:
    """Every one, the newest first."""
    return [UnfinishedImport(*row) for row in store.query("imports/unfinished")]


def require_client_key(client_key: str) -> None:
    """Raises `ChangeInvalid` for a client's key that is none."""
    if not client_key.strip():
        raise ChangeInvalid(field="clientKey", reason_zh="不能为空", reason_en="it may not be empty")


def find_recorded_change(store: Store, client_key: str | None, content: str) -> int | None:
    """The data version that a client's key has made already, 0 where there was nothing to make and nothing there; none where it is
    new, or has to be made anew: it was cut off, or what said so already was undone."""
    found = store.query("imports/keyed", key=client_key) if client_key is not None else []
    if not found:
        return None
    sequence, state, said, same = found[0]
    if said != content:
        raise ChangeConflict(
            reason_zh=f"请求键 {client_key} 已用于另一项变更",
            reason_en=f"the key {client_key} was used for another change",
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
    submitted_by: str,
    day: int,
    client_key: str | None = None,
) -> int:
    """The sequence to write under: a killed run of the same delivery goes on, another one's remains are swept."""
    left = unfinished_imports(store)
    for one in left:
        if one.state == "RUNNING" and one.content == content:
            return one.sequence
    _clear_unfinished(store, left, token)
    newest = store.query("imports/newest")
    sequence = newest[0][0] + 1 if newest else 1
    parameters = {
        "content": content,
        "files": "; ".join(files),
        "purpose": purpose,
        "by": submitted_by,
        "day": day,
        "began": utc_timestamp(),
        "key": client_key,
    }
    run_guarded(store, token, "imports/begin", sequence=sequence, **parameters)
    return sequence


def publish(store: Store, sequence: int, counts: str, token: str) -> None:
    """In one step everybody sees it. Raises `LeaseLost` where another has taken over."""
    held = {"sequence": sequence, "token": token}
    before = store.query("imports/published", before=sequence, limit=1)
    latest = before[0][2] if before else 0
    if not store.execute("imports/publish", counts=counts, published=utc_timestamp(), latest=latest, **held):
        raise LeaseLost


def drop(store: Store, sequence: int, token: str) -> None:
    """A running import that has written nothing leaves nothing."""
    store.execute("imports/drop", sequence=sequence, token=token)


def finish_unchanged(store: Store, sequence: int, token: str, client_key: str | None, existing_sequence: int) -> None:
    """A running import that has written nothing: what its key came to is remembered. `existing_sequence`: the version that says so already."""
    if client_key is None:
        drop(store, sequence, token)
    else:
        store.execute("imports/unchanged", sequence=sequence, token=token, same=existing_sequence)


def interrupted_import_error(sequence: int) -> ChangeConflict:
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


def undo_version(store: Store, sequence: int) -> bool:
    """Take back this one, the last; whether it was there to be taken back. Raises as `undo` does; `ChangeConflict` where another
    one is the last."""
    return _undo(store, sequence)[1]


def _undo(store: Store, expected: int | None) -> tuple[int, bool]:
    with hold_writer_lock(store, writer_lock.LOCK_TIMEOUT_SECONDS) as token:
        left = unfinished_imports(store)
        gone = [one.sequence for one in left if one.state == "UNDONE"]
        cut_off = [one.sequence for one in left if one.state == "RUNNING" and one.purpose != CHANGE_PURPOSE]
        if cut_off and expected not in (None, *cut_off):
            raise interrupted_import_error(cut_off[0])
        # What a killed import has written stands on the one that is to go.
        _clear_unfinished(store, left, token)
        # Who took up what was begun has not asked for another one to go.
        if (gone or cut_off) and expected in (None, *gone, *cut_off):
            return expected or (gone or cut_off)[0], True
        if expected is not None and store.query("imports/state", sequence=expected) == [["UNDONE"]]:
            return expected, False
        published = store.query("imports/published", before=OPEN_SEQUENCE, limit=1)
        if not published:
            raise NothingToUndo
        sequence: int = published[0][0]
        if expected is not None and sequence != expected:
            raise ChangeConflict(
                reason_zh=f"最新数据版本为 {sequence},只能撤销最新版本",
                reason_en=f"the newest data version is {sequence}; only that one can be undone",
            )
        run_guarded(store, token, "imports/hide", sequence=sequence)
        _clear_unfinished(store, unfinished_imports(store), token)
        return sequence, True


def _clear_unfinished(store: Store, imports: list[UnfinishedImport], token: str) -> None:
    """Sweep what nobody is to see: killed imports and undone ones, the newest first."""
    for one in imports:
        _sweep(store, one.sequence, token)
        if one.state == "RUNNING":
            drop(store, one.sequence, token)
        else:
            run_guarded(store, token, "imports/swept", sequence=one.sequence)


def _sweep(store: Store, sequence: int, token: str) -> None:
    """Take out what an import that is not to be seen has written, and open again what it had superseded."""
    for name in (
        "imports/sweep_relationships",
        "imports/sweep_reopen_relationships",
        "imports/sweep_nodes",
        "imports/sweep_reopen_nodes",
    ):
        while run_guarded(store, token, name, seq=sequence, open=OPEN_SEQUENCE, limit=SWEEP_BATCH_SIZE)[0][0]:
            pass


def run_guarded(store: Store, token: str, name: str, **parameters: Any) -> list[Row]:
    """Run one catalogued write, only by the writer that holds the right to. Raises `LeaseLost`."""

    def work(tx: Transaction) -> list[Row]:
        require_lock(tx, token)
        return tx.run(get_statement(name).text, parameters)

    return store.write(work, name)


def utc_timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
