"""The writer lock: one writer at a time, by a lease that its holder renews and that anyone may take over once it has lapsed.

A lease has lapsed when no sign of life of its holder (a renewal, a batch) was seen for the holder's term, by the clock of the process that
wants to take over: no two clocks are compared, and none that can be set. On the same machine a process that is gone, or that has ended its
work, is recognized at once. A writer that has lost the lease can neither write nor publish: every transaction of a writer begins with its
token (`imports/fence`, `imports/guard`).
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import psutil

from graph_service.core.refusals import RefusalCode, conflicting_change
from graph_service.errors import ChangeConflict, EngineError, ImportRunning, LeaseLost
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Transaction
from graph_service.platform.engine.client import import_time_limit as patiently
from graph_service.platform.store.graph import Store

RENEWALS_PER_TERM = 12
"""Number of renewals of a lease within its term."""
POLL_MILLISECONDS = 180
LOCK_TIMEOUT_SECONDS = 5.0
"""Time for which a change or an undo waits for a writer that lives. An import takes longer: another import is refused at once."""
MAX_SILENCE_SECONDS = 3600.0
"""Time without a sign of life after which a lease is not renewed any longer: work that hangs does not hold it for ever."""
JOIN_TIMEOUT_SECONDS = 10.0
START_TOLERANCE_SECONDS = 1.0
"""Allowed difference between two readings of the moment at which a process started."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The holder of the writer lock, and its signs of life so far. An empty token: nobody."""

    token: str = ""
    process: str = ""
    batch: int = 0
    heartbeats: int = 0
    term: float = 0.0


class HolderObservation:
    """The holder that was last seen in a store, and the time since when nothing of it has changed."""

    def __init__(self) -> None:
        self._holder = LockHolder()
        self._since = time.monotonic()
        self._lock = threading.Lock()

    def seconds_silent(self, holder: LockHolder) -> float:
        """Return for how many seconds this holder has given no sign of life, as far as this process has seen."""
        with self._lock:
            if holder != self._holder:
                self._holder, self._since = holder, time.monotonic()
            return time.monotonic() - self._since


@dataclass(slots=True)
class LocalWork:
    """Work of a holder in this process: the time of its last sign of life."""

    last_active: float


_observations: WeakKeyDictionary[Store, HolderObservation] = WeakKeyDictionary()
_local_work: dict[str, LocalWork] = {}
"""Work of the holders in this process, by token."""
_lock = threading.Lock()


class LeaseRenewal(threading.Thread):
    """Thread that renews a lease until it is given back or lost, or the work falls silent."""

    def __init__(self, store: Store, token: str, term: float) -> None:
        super().__init__(name="lease", daemon=True)
        self._store, self._token, self._interval_seconds = store, token, term / RENEWALS_PER_TERM
        self._stop_requested = threading.Event()

    def run(self) -> None:
        while not self._stop_requested.wait(self._interval_seconds):
            work = _local_work.get(self._token)
            if work is None or time.monotonic() - work.last_active > MAX_SILENCE_SECONDS:
                return
            # An engine that is away is tried again: other processes decide whether the lease lapses meanwhile.
            with suppress(EngineError):
                if not self._store.execute("imports/renew", token=self._token):
                    return

    def stop(self) -> None:
        self._stop_requested.set()
        self.join(JOIN_TIMEOUT_SECONDS)


@contextmanager
def hold_writer_lock(store: Store, timeout: float = 0.0, *, rotates: bool = False) -> Iterator[str]:
    """Hold the writer lock and yield its token. The lock is released at the end, or where it cannot be, lapses.

    `timeout`: seconds to wait for a writer that lives. `rotates`: the writer seals values anew; any other needs them sealed with one key.
    Raises `ImportRunning`, `RotationNeeded`.
    """
    with patiently():
        yield from _renew_while_held(store, acquire(store, timeout), rotates=rotates)


def _renew_while_held(store: Store, token: str, *, rotates: bool) -> Iterator[str]:
    """Renew the lease for as long as the work goes on, and give it back."""
    renewal = LeaseRenewal(store, token, store.lease_seconds)
    renewal.start()
    try:
        if not rotates:
            store.require_uniform_sealing(token)
        yield token
    finally:
        renewal.stop()
        release(store, token)


def acquire(store: Store, timeout: float = 0.0) -> str:
    """Become the only writer: at once where there is none or the writer is known to be gone, else when its lease has lapsed.

    Raises `ImportRunning` for a writer that is seen to live when `timeout` is over.
    """
    token, deadline = secrets.token_hex(8), time.monotonic() + timeout
    is_alive, previous_signs = False, ""
    _local_work[token] = LocalWork(time.monotonic())
    try:
        while True:
            holder = current_holder(store)
            if holder.token and not is_gone(holder):
                silence = _observation(store).seconds_silent(holder)
                # Alive: its number of batches or of renewals has changed during the wait, or it works in this process.
                signs = f"{holder.token} {holder.batch} {holder.heartbeats}"
                is_alive = is_alive or holder.token in _local_work or previous_signs not in ("", signs)
                previous_signs = signs
                if silence < (holder.term or store.lease_seconds):
                    _wait(holder, is_timed_out=is_alive and time.monotonic() >= deadline)
                    continue
            expected_holder = {"seen": holder.token, "batch": holder.batch, "beats": holder.heartbeats}
            new_holder = {"token": token, "holder": process_identity(os.getpid()), "term": store.lease_seconds}
            if store.execute("imports/take", **expected_holder, **new_holder):
                return token
            # Another writer was faster, or the holder has given a sign of life.
            is_alive = True
    except BaseException:
        _local_work.pop(token, None)
        raise


def _wait(holder: LockHolder, *, is_timed_out: bool) -> None:
    """Wait a short time, randomized. Raises `ImportRunning` where the timeout is over."""
    if is_timed_out:
        raise ImportRunning(holder=holder.process, seconds=f"{holder.term:g}")
    time.sleep((20 + secrets.randbelow(POLL_MILLISECONDS)) / 1000)


def release(store: Store, token: str) -> None:
    """Release the writer lock. Where the engine cannot be reached, the lease lapses: what was written and published stays so."""
    _local_work.pop(token, None)
    try:
        store.execute("imports/release", token=token)
    except EngineError as error:
        log.warning("the right to write could not be given back; it lapses: %s", error.code)


def record_heartbeat(store: Store, token: str, sheet: str, rows: int) -> None:
    """Record the progress of the writer. Raises `LeaseLost` where another writer has taken over."""
    mark_active(token)
    if not store.execute("imports/beat", token=token, sheet=sheet, rows=rows):
        raise LeaseLost


def require_lock(tx: Transaction, token: str) -> None:
    """Hold the writer lock until the transaction ends. Raises `LeaseLost` where another writer has taken over."""
    mark_active(token)
    if not tx.run(get_statement("imports/guard").text, {"token": token}):
        raise LeaseLost


def mark_active(token: str) -> None:
    """Record a sign of life of a holder in this process."""
    if token in _local_work:
        _local_work[token].last_active = time.monotonic()


def current_holder(store: Store) -> LockHolder:
    """Return the present holder of the writer lock."""
    rows = store.query("imports/writer")
    return LockHolder(*rows[0]) if rows else LockHolder()


def has_lapsed(store: Store) -> bool:
    """Tell whether the writer, if any, is gone: its process, or its lease. Does not wait: judges by what this process has seen."""
    rows = store.query_recent("imports/writer")
    holder = LockHolder(*rows[0]) if rows else LockHolder()
    return bool(holder.token) and (is_gone(holder) or _observation(store).seconds_silent(holder) >= holder.term)


def import_running_error() -> ChangeConflict:
    """Return the error for a change that is requested while another import runs."""
    return conflicting_change(
        RefusalCode.WRITER_BUSY,
        "另一导入、变更或撤销正在进行。请稍后重试。",
        "Another import, change or undo is running. Try again later.",
    )


def is_gone(holder: LockHolder) -> bool:
    """Tell whether a writer is known at once to be gone: by its process on this machine, by its work in this process."""
    machine, _, process = holder.process.partition(":")
    pid, _, started = process.partition(":")
    if machine != _machine_name() or not pid.isdigit():
        return False
    current_start = _start_time(int(pid))
    # Process numbers are reused after a restart: the time of the start tells whether it is the same process.
    if not current_start or not started or abs(float(current_start) - float(started)) > START_TOLERANCE_SECONDS:
        return True
    return int(pid) == os.getpid() and holder.token not in _local_work


def process_identity(pid: int) -> str:
    """Return a process of this machine as `machine:pid:started`."""
    return f"{_machine_name()}:{pid}:{_start_time(pid)}"


def _machine_name() -> str:
    """Return the name of this machine, and of the container within it: two containers may have the same host name."""
    try:
        namespace = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}".replace(":", "-")


def _start_time(pid: int) -> str:
    """Return when a process of this machine started, in seconds since the machine did: no clock that can be set; empty where there is no
    such process."""
    try:
        return f"{psutil.Process(pid).create_time() - psutil.boot_time():.2f}"
    except psutil.Error:
        return ""


def _observation(store: Store) -> HolderObservation:
    with _lock:
        return _observations.setdefault(store, HolderObservation())
