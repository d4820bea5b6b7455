"""The right to write: one writer at a time, by a lease that its holder renews and that anyone may take over once it has lapsed.

A lease has lapsed when no sign of life of its holder (a renewal, a batch) was seen for the holder's term, by the clock of whoever
wants to take over: no two clocks are compared, and none that can be set. On the same machine a process that is gone, or that
has ended its work, is known to be gone at once. Who has lost the lease can neither write nor publish: every transaction of
a writer begins with its token (`imports/fence`, `imports/guard`).
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

from graph_service.errors import ChangeConflict, EngineError, ImportRunning, LeaseLost
from graph_service.platform.catalog import get_statement
from graph_service.platform.engine.client import Transaction
from graph_service.platform.engine.client import import_time_limit as patiently
from graph_service.platform.store.graph import Store

RENEWALS_PER_TERM = 12
"""How often a lease is renewed within its term."""
POLL_MILLISECONDS = 180
LOCK_TIMEOUT_SECONDS = 5.0
"""For so long a change or an undo waits for a writer that lives. An import takes longer: who wants to import is told at once."""
MAX_SILENCE_SECONDS = 3600.0
"""A lease is renewed no longer than so for work that gives no sign of life: what hangs does not hold it for ever."""
JOIN_TIMEOUT_SECONDS = 10.0
START_TOLERANCE_SECONDS = 1.0
"""By how much the moment at which a process started may differ between two readings of it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who holds the right to write, and the signs of life so far. An empty token: nobody."""

    token: str = ""
    process: str = ""
    batch: int = 0
    heartbeats: int = 0
    term: float = 0.0


class HolderObservation:
    """The holder that was last seen in a store, and since when nothing of it has changed."""

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
    """What a holder of this process does: when it last gave a sign of life."""

    last_active: float


_observations: WeakKeyDictionary[Store, HolderObservation] = WeakKeyDictionary()
_local_work: dict[str, LocalWork] = {}
"""Tokens that this process holds."""
_lock = threading.Lock()


class LeaseRenewal(threading.Thread):
    """Renews a lease until it is given back or lost, or the work falls silent."""

    def __init__(self, store: Store, token: str, term: float) -> None:
        super().__init__(name="lease", daemon=True)
        self._store, self._token, self._interval_seconds = store, token, term / RENEWALS_PER_TERM
        self._stop_requested = threading.Event()

    def run(self) -> None:
        while not self._stop_requested.wait(self._interval_seconds):
            work = _local_work.get(self._token)
            if work is None or time.monotonic() - work.last_active > MAX_SILENCE_SECONDS:
                return
            # An engine that is away is tried again: whether the lease lapses meanwhile is for others to say.
            with suppress(EngineError):
                if not self._store.execute("imports/renew", token=self._token):
                    return

    def stop(self) -> None:
        self._stop_requested.set()
        self.join(JOIN_TIMEOUT_SECONDS)


@contextmanager
def hold_writer_lock(store: Store, timeout: float = 0.0) -> Iterator[str]:
    """Hold the right to write, by its token. It ends free, or where it cannot be given back, lapses.

    `timeout`: seconds to wait for a writer that lives. Raises `ImportRunning`.
    """
    with patiently():
        yield from _renew_while_held(store, acquire(store, timeout))


def _renew_while_held(store: Store, token: str) -> Iterator[str]:
    """Renew the lease for as long as the work goes on, and give it back."""
    renewal = LeaseRenewal(store, token, store.lease_seconds)
    renewal.start()
    try:
        yield token
    finally:
        renewal.stop()
        release(store, token)


def acquire(store: Store, timeout: float = 0.0) -> str:
    """Become the one writer: at once where nobody is or the writer is known to be gone, else when its lease has lapsed.

    Raises `ImportRunning` for a writer that is seen to live when `timeout` is over.
    """
    token, until = secrets.token_hex(8), time.monotonic() + timeout
    alive, before = False, ""
    _local_work[token] = LocalWork(time.monotonic())
    try:
        while True:
            holder = current_holder(store)
            if holder.token and not is_gone(holder):
                silence = _observation(store).seconds_silent(holder)
                # Its number of batches, or of renewals, has moved since we came; or it works in this very process.
                signs = f"{holder.token} {holder.batch} {holder.heartbeats}"
                alive = alive or holder.token in _local_work or before not in ("", signs)
                before = signs
                if silence < (holder.term or store.lease_seconds):
                    _wait(holder, is_timed_out=alive and time.monotonic() >= until)
                    continue
            seen = {"seen": holder.token, "batch": holder.batch, "beats": holder.heartbeats}
            mine = {"token": token, "holder": process_identity(os.getpid()), "term": store.lease_seconds}
            if store.execute("imports/take", **seen, **mine):
                return token
            # Another one was faster, or the writer has given a sign of life.
            alive = True
    except BaseException:
        _local_work.pop(token, None)
        raise


def _wait(holder: LockHolder, *, is_timed_out: bool) -> None:
    """Wait a moment, each its own. Raises `ImportRunning` where patience is over."""
    if is_timed_out:
        raise ImportRunning(holder=holder.process, seconds=f"{holder.term:g}")
    time.sleep((20 + secrets.randbelow(POLL_MILLISECONDS)) / 1000)


def release(store: Store, token: str) -> None:
    """Stop being the writer. Where the engine cannot be told, the lease lapses: what was written and published stays so."""
    _local_work.pop(token, None)
    try:
        store.execute("imports/release", token=token)
    except EngineError as error:
        log.warning("the right to write could not be given back; it lapses: %s", error.code)


def record_heartbeat(store: Store, token: str, sheet: str, rows: int) -> None:
    """Record how far the writer has come. Raises `LeaseLost` where another has taken over."""
    mark_active(token)
    if not store.execute("imports/beat", token=token, sheet=sheet, rows=rows):
        raise LeaseLost


def require_lock(tx: Transaction, token: str) -> None:
    """Hold the right to write until the transaction ends. Raises `LeaseLost` where another has taken over."""
    mark_active(token)
    if not tx.run(get_statement("imports/guard").text, {"token": token}):
        raise LeaseLost


def mark_active(token: str) -> None:
    """Note that the work of a holder goes on."""
    if token in _local_work:
        _local_work[token].last_active = time.monotonic()


def current_holder(store: Store) -> LockHolder:
    """Return who holds the right to write now."""
    found = store.query("imports/writer")
    return LockHolder(*found[0]) if found else LockHolder()


def has_lapsed(store: Store) -> bool:
    """Whether the writer, if any, is gone: its process, or its lease. Does not wait: as far as this process has seen."""
    found = store.query_recent("imports/writer")
    holder = LockHolder(*found[0]) if found else LockHolder()
    return bool(holder.token) and (is_gone(holder) or _observation(store).seconds_silent(holder) >= holder.term)


def import_running_error() -> ChangeConflict:
    """What one is told who wants to change something while another one imports."""
    return ChangeConflict(
        reason_zh="另一导入、变更或撤销正在进行,请稍后再试",
        reason_en="an import, a change or an undoing is running; try again later",
    )


def is_gone(holder: LockHolder) -> bool:
    """Whether it is known at once that a writer is gone: by its process on this machine, by its work in this process."""
    machine, _, process = holder.process.partition(":")
    pid, _, started = process.partition(":")
    if machine != _machine_name() or not pid.isdigit():
        return False
    now_there = _start_time(int(pid))
    # A number is given again after a restart: the moment of the start tells whether it is the same process.
    if not now_there or not started or abs(float(now_there) - float(started)) > START_TOLERANCE_SECONDS:
        return True
    return int(pid) == os.getpid() and holder.token not in _local_work


def process_identity(pid: int) -> str:
    """Return a process of this machine as `machine:pid:started`."""
    return f"{_machine_name()}:{pid}:{_start_time(pid)}"


def _machine_name() -> str:
    """The name of this machine, and of the container within it: two of these may be called alike."""
    try:
        space = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        space = ""
    return f"{socket.gethostname()}/{space}".replace(":", "-")


def _start_time(pid: int) -> str:
    """When a process of this machine started, in seconds since the machine did: no clock that can be set; empty where there is none."""
    try:
        return f"{psutil.Process(pid).create_time() - psutil.boot_time():.2f}"
    except psutil.Error:
        return ""


def _observation(store: Store) -> HolderObservation:
    with _lock:
        return _observations.setdefault(store, HolderObservation())
