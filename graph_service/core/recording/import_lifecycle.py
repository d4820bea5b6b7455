"""Life cycle of an import's sequence: running, published, undone; what is not published is swept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from graph_service.core.query_scope import versions
from graph_service.core.recording import writer_lock
from graph_service.core.recording.writer_lock import hold_writer_lock, require_lock
from graph_service.core.refusals import RefusalCode, conflicting_change, invalid_change, personal_number_refused
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.domain.personal_numbers import is_named_by_number
from graph_service.errors import ChangeConflict, LeaseLost, NothingToUndo
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Row, Transaction
from graph_service.platform.store.graph import Store

SWEEP_BATCH_SIZE = 10_000
CHANGE_PURPOSE = "CHANGE"
"""The purpose of a version that is not a delivery."""


class LatestImport(NamedTuple):
    """The import or change with the highest sequence, whatever its state."""

    sequence: int
    state: str
    purpose: str


class RecordedChange(NamedTuple):
    """The change that was made with a client's key: its data version, or the one that had its content already (`is_same`)."""

    sequence: int
    state: str
    content: str
    is_same: bool


class UndoResult(NamedTuple):
    """The version that an undo was for, and whether it was there to be undone."""

    sequence: int
    was_undone: bool


@dataclass(frozen=True, slots=True)
class UnfinishedImport:
    """An import or change that is not visible, and of which something may be left in the graph."""

    sequence: int
    state: str
    content: str
    purpose: str


def unfinished_imports(store: Store) -> list[UnfinishedImport]:
    """Return all unfinished imports, the newest first."""
    return [UnfinishedImport(*row) for row in store.query("imports/unfinished")]


def latest_import(store: Store) -> LatestImport | None:
    """Return the latest import or change, or None where there is none."""
    return next((LatestImport(*row) for row in store.query("imports/newest")), None)


def require_client_key(client_key: str) -> None:
    """Raise `ChangeInvalid` for a client's key that is blank, or has a number of a person: it is kept with the data version."""
    if not client_key.strip():
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            "clientKey",
            "请求键不能为空。请为每项变更给出一个新的请求键。",
            "The client key is blank. Give each change a key of its own.",
        )
    if is_named_by_number(client_key):
        raise personal_number_refused("clientKey")


def find_recorded_change(store: Store, client_key: str | None, submitted_by: str, content: str) -> int | None:
    """Return the data version that an author has made already with a client's key, 0 where there was nothing to change and no version; none where it is
    new, or has to be made anew: it was cut off, or the version that had its content already was undone.

    Raises `ChangeConflict` for a key used for another change, and for a change that was undone.
    """
    rows = store.query("imports/keyed", key=client_key, by=submitted_by) if client_key is not None else []
    if not rows:
        return None
    recorded = RecordedChange(*rows[0])
    if recorded.content != content:
        raise conflicting_change(
            RefusalCode.CLIENT_KEY_REUSED,
            f"请求键 {client_key} 已用于另一项变更。请换一个请求键。",
            f"The client key {client_key} was used for another change. Use a new key.",
        )
    if recorded.state == "UNDONE" and not recorded.is_same:
        raise conflicting_change(
            RefusalCode.CHANGE_UNDONE,
            f"该变更（数据版本 {recorded.sequence}）已撤销。如需重做，请换一个请求键。",
            f"This change (data version {recorded.sequence}) was undone. To make it again, use a new client key.",
        )
    return recorded.sequence if recorded.state in ("PUBLISHED", "UNCHANGED") else None


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
    """Begin an import and return its sequence: a killed run of the same delivery is continued, the remains of another one are swept."""
    unfinished = unfinished_imports(store)
    for import_ in unfinished:
        if import_.state == "RUNNING" and import_.content == content:
            return import_.sequence
    _clear_unfinished(store, unfinished, token)
    latest = latest_import(store)
    sequence = latest.sequence + 1 if latest else 1
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


def publish(store: Store, sequence: int, counts: str, token: str, effective_day: int = 0) -> None:
    """Publish an import in one step. `effective_day`: the day (YYYYMMDD) on which a change takes effect. Raises `LeaseLost` where another
    writer has taken over."""
    lock_parameters = {"sequence": sequence, "token": token}
    earlier = next(iter(versions(store, before=sequence, limit=1)), None)
    latest_day, default_day = (earlier.latest_day, earlier.default_day) if earlier else (0, 0)
    days = {"latest": latest_day, "changed": max(default_day, effective_day)}
    if not store.execute("imports/publish", counts=counts, published=utc_timestamp(), **days, **lock_parameters):
        raise LeaseLost


def drop(store: Store, sequence: int, token: str) -> None:
    """Drop a running import that has written nothing, without a trace."""
    store.execute("imports/drop", sequence=sequence, token=token)


def finish_unchanged(store: Store, sequence: int, token: str, client_key: str | None, existing_sequence: int) -> None:
    """Finish a running import that has written nothing; the result of its key is recorded. `existing_sequence`: the version that has its
    content already."""
    if client_key is None:
        drop(store, sequence, token)
    else:
        store.execute("imports/unchanged", sequence=sequence, token=token, same=existing_sequence)


def interrupted_import_error(sequence: int) -> ChangeConflict:
    """Return the error for a change that is requested while an import that was cut off may be resumed."""
    return conflicting_change(
        RefusalCode.IMPORT_UNFINISHED,
        f"导入 {sequence} 已中断，尚未完成。请先继续或撤销该导入。",
        f"Import {sequence} was interrupted. Resume or undo it first.",
    )


@dataclass(frozen=True, slots=True)
class RecordedDelivery:
    """An import or change as it is recorded: its state, purpose and author, the day of its collection (YYYYMMDD), when it was published or
    began (UTC), its files, and its counts as JSON."""

    sequence: int
    state: str
    purpose: str
    by: str
    day: int
    time: str
    files: str
    counts: str


def delivery_to_undo(store: Store) -> RecordedDelivery | None:
    """Return the import or change that `undo` would take back: an undo or import that was cut off, else the newest version; none where
    there is none."""
    unfinished = unfinished_imports(store)
    sequences = [import_.sequence for import_ in unfinished if import_.state == "UNDONE"]
    sequences += [import_.sequence for import_ in unfinished if _is_interrupted(import_)]
    sequences += [row[0] for row in store.query("imports/published", before=OPEN_SEQUENCE, limit=1)]
    if not sequences:
        return None
    [row] = store.query("imports/delivery", sequence=sequences[0])
    return RecordedDelivery(sequences[0], *row)


def _is_interrupted(import_: UnfinishedImport) -> bool:
    """Return True for a delivery that was cut off, and may be resumed. A change that was cut off is made anew."""
    return import_.state == "RUNNING" and import_.purpose != CHANGE_PURPOSE


def undo(store: Store) -> int:
    """Undo the last published import or change: it is hidden in one step, then swept. Return its sequence.

    An undo that was killed is finished, an import that was cut off is cleared: then no further version is undone. Raises `NothingToUndo`,
    `ImportRunning`.
    """
    return _undo(store, None).sequence


def undo_version(store: Store, sequence: int) -> bool:
    """Undo this version, the last; return True where it was there to be undone. Raises as `undo` does; `ChangeConflict` where another
    version is the last."""
    return _undo(store, sequence).was_undone


def _undo(store: Store, expected: int | None) -> UndoResult:
    with hold_writer_lock(store, writer_lock.LOCK_TIMEOUT_SECONDS) as token:
        unfinished = unfinished_imports(store)
        undone_sequences = [import_.sequence for import_ in unfinished if import_.state == "UNDONE"]
        interrupted_sequences = [import_.sequence for import_ in unfinished if _is_interrupted(import_)]
        if interrupted_sequences and expected not in (None, *interrupted_sequences):
            raise interrupted_import_error(interrupted_sequences[0])
        # A killed import has written on top of the version to be undone.
        _clear_unfinished(store, unfinished, token)
        # The request has finished an undo or cleared an import: no further version is undone for it.
        if (undone_sequences or interrupted_sequences) and expected in (
            None,
            *undone_sequences,
            *interrupted_sequences,
        ):
            return UndoResult(expected or (undone_sequences or interrupted_sequences)[0], was_undone=True)
        if expected is not None and store.query("imports/state", sequence=expected) == [["UNDONE"]]:
            return UndoResult(expected, was_undone=False)
        newest = next(iter(versions(store, limit=1)), None)
        if newest is None:
            raise NothingToUndo
        sequence = newest.sequence
        if expected is not None and sequence != expected:
            raise conflicting_change(
                RefusalCode.NOT_THE_NEWEST_VERSION,
                f"最新数据版本为 {sequence}。只能撤销最新版本。",
                f"The newest data version is {sequence}. Only the newest version can be undone.",
            )
        run_guarded(store, token, "imports/hide", sequence=sequence)
        _clear_unfinished(store, unfinished_imports(store), token)
        return UndoResult(sequence, was_undone=True)


def _clear_unfinished(store: Store, imports: list[UnfinishedImport], token: str) -> None:
    """Sweep the imports that are not visible: killed and undone ones, the newest first."""
    for import_ in imports:
        _sweep(store, import_.sequence, token)
        if import_.state == "RUNNING":
            drop(store, import_.sequence, token)
        else:
            run_guarded(store, token, "imports/swept", sequence=import_.sequence)


def _sweep(store: Store, sequence: int, token: str) -> None:
    """Remove the rows written by an import that is not visible, and reopen those that it had superseded."""
    for name in (
        "imports/sweep_relationships",
        "imports/sweep_reopen_relationships",
        "imports/sweep_nodes",
        "imports/sweep_reopen_nodes",
    ):
        # Each run goes through the whole graph: one that has not filled its batch was the last.
        swept_count = SWEEP_BATCH_SIZE
        while swept_count == SWEEP_BATCH_SIZE:
            parameters = {"seq": sequence, "open": OPEN_SEQUENCE, "limit": SWEEP_BATCH_SIZE}
            [[swept_count]] = run_guarded(store, token, name, **parameters)


def run_guarded(store: Store, token: str, name: str, **parameters: Any) -> list[Row]:
    """Run one catalogued write, only as the writer that holds the lock. Raises `LeaseLost`."""

    def work(tx: Transaction) -> list[Row]:
        require_lock(tx, token)
        return tx.run(get_statement(name).text, parameters)

    return store.write(work, name)


def utc_timestamp() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
