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

from graph_service.catalog import question
from graph_service.engine.port import Transaction
from graph_service.engine.port import importing as patiently
from graph_service.errors import ChangeConflict, EngineError, ImportRunning, LeaseLost
from graph_service.store.graph import Store

RENEWALS = 12
"""How often a lease is renewed within its term."""
POLL_MILLISECONDS = 180
PATIENCE_SECONDS = 5.0
"""For so long a change or an undo waits for a writer that lives. An import takes longer: who wants to import is told at once."""
SILENCE_SECONDS = 3600.0
"""A lease is renewed no longer than so for work that gives no sign of life: what hangs does not hold it for ever."""
JOIN_SECONDS = 10.0
STARTED_SECONDS = 1.0
"""By how much the moment at which a process started may differ between two readings of it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the right to write, and the signs of life so far. An empty token: nobody."""

    token: str = ""
    process: str = ""
    batch: int = 0
    beats: int = 0
    term: float = 0.0


class Observed:
    """The holder that was last seen in a store, and since when nothing of it has changed."""

    def __init__(self) -> None:
        self._holder = Holder()
        self._since = time.monotonic()
        self._lock = threading.Lock()

    def silence(self, holder: Holder) -> float:
        """Return for how many seconds this holder has given no sign of life, as far as this process has seen."""
        with self._lock:
            if holder != self._holder:
                self._holder, self._since = holder, time.monotonic()
            return time.monotonic() - self._since


@dataclass(slots=True)
class Work:
    """What a holder of this process does: when it last gave a sign of life."""

    active: float


_observed: WeakKeyDictionary[Store, Observed] = WeakKeyDictionary()
_working: dict[str, Work] = {}
"""Tokens that this process holds."""
_lock = threading.Lock()


class Renewal(threading.Thread):
    """Renews a lease until it is given back or lost, or the work falls silent."""

    def __init__(self, store: Store, token: str, term: float) -> None:
        super().__init__(name="lease", daemon=True)
        self._store, self._token, self._seconds = store, token, term / RENEWALS
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(self._seconds):
            work = _working.get(self._token)
            if work is None or time.monotonic() - work.active > SILENCE_SECONDS:
                return
            # An engine that is away is tried again: whether the lease lapses meanwhile is for others to say.
            with suppress(EngineError):
                if not self._store.tell("imports/renew", token=self._token):
                    return

    def end(self) -> None:
        self._ended.set()
        self.join(JOIN_SECONDS)


@contextmanager
def writing(store: Store, patience: float = 0.0) -> Iterator[str]:
    """Hold the right to write, by its token. It ends free, or where it cannot be given back, lapses.

    `patience`: seconds to wait for a writer that lives. Raises `ImportRunning`.
    """
    with patiently():
        yield from _held(store, take(store, patience))


def _held(store: Store, token: str) -> Iterator[str]:
    """Renew the lease for as long as the work goes on, and give it back."""
    renewal = Renewal(store, token, store.lease_seconds)
    renewal.start()
    try:
        yield token
    finally:
        renewal.end()
        release(store, token)


def take(store: Store, patience: float = 0.0) -> str:
    """Become the one writer: at once where nobody is or the writer is known to be gone, else when its lease has lapsed.

    Raises `ImportRunning` for a writer that is seen to live when `patience` is over.
    """
    token, until = secrets.token_hex(8), time.monotonic() + patience
    alive, before = False, ""
    _working[token] = Work(time.monotonic())
    try:
        while True:
            holder = current(store)
            if holder.token and not gone(holder):
                silence = _observation(store).silence(holder)
                # Its number of batches, or of renewals, has moved since we came; or it works in this very process.
                signs = f"{holder.token} {holder.batch} {holder.beats}"
                alive = alive or holder.token in _working or before not in ("", signs)
                before = signs
                if silence < (holder.term or store.lease_seconds):
                    _wait(holder, over=alive and time.monotonic() >= until)
                    continue
            seen = {"seen": holder.token, "batch": holder.batch, "beats": holder.beats}
            mine = {"token": token, "holder": identity(os.getpid()), "term": store.lease_seconds}
            if store.tell("imports/take", **seen, **mine):
                return token
            # Another one was faster, or the writer has given a sign of life.
            alive = True
    except BaseException:
        _working.pop(token, None)
        raise


def _wait(holder: Holder, *, over: bool) -> None:
    """Wait a moment, each its own. Raises `ImportRunning` where patience is over."""
    if over:
        raise ImportRunning(holder=holder.process, seconds=f"{holder.term:g}")
    time.sleep((20 + secrets.randbelow(POLL_MILLISECONDS)) / 1000)


def release(store: Store, token: str) -> None:
    """Stop being the writer. Where the engine cannot be told, the lease lapses: what was written and published stays so."""
    _working.pop(token, None)
    try:
        store.tell("imports/release", token=token)
    except EngineError as error:
        log.warning("the right to write could not be given back; it lapses: %s", error.code)


def beat(store: Store, token: str, sheet: str, rows: int) -> None:
    """Record how far the writer has come. Raises `LeaseLost` where another has taken over."""
    active(token)
    if not store.tell("imports/beat", token=token, sheet=sheet, rows=rows):
        raise LeaseLost


def guard(tx: Transaction, token: str) -> None:
    """Hold the right to write until the transaction ends. Raises `LeaseLost` where another has taken over."""
    active(token)
    if not tx.run(question("imports/guard").text, {"token": token}):
        raise LeaseLost


def active(token: str) -> None:
    """Note that the work of a holder goes on."""
    if token in _working:
        _working[token].active = time.monotonic()


def current(store: Store) -> Holder:
    """Return who holds the right to write now."""
    found = store.ask("imports/writer")
    return Holder(*found[0]) if found else Holder()


def lapsed(store: Store) -> bool:
    """Whether the writer, if any, is gone: its process, or its lease. Does not wait: as far as this process has seen."""
    found = store.lately("imports/writer")
    holder = Holder(*found[0]) if found else Holder()
    return bool(holder.token) and (gone(holder) or _observation(store).silence(holder) >= holder.term)


def importing() -> ChangeConflict:
    """What one is told who wants to change something while another one imports."""
    return ChangeConflict(
        reason_zh="另一导入、变更或撤销正在进行,请稍后再试",
        reason_en="an import, a change or an undoing is running; try again later",
    )


def gone(holder: Holder) -> bool:
    """Whether it is known at once that a writer is gone: by its process on this machine, by its work in this process."""
    machine, _, process = holder.process.partition(":")
    pid, _, started = process.partition(":")
    if machine != _machine() or not pid.isdigit():
        return False
    now_there = _started(int(pid))
    # A number is given again after a restart: the moment of the start tells whether it is the same process.
    if not now_there or not started or abs(float(now_there) - float(started)) > STARTED_SECONDS:
        return True
    return int(pid) == os.getpid() and holder.token not in _working


def identity(pid: int) -> str:
    """Return a process of this machine as `machine:pid:started`."""
    return f"{_machine()}:{pid}:{_started(pid)}"


def _machine() -> str:
    """The name of this machine, and of the container within it: two of these may be called alike."""
    try:
        space = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        space = ""
    return f"{socket.gethostname()}/{space}".replace(":", "-")


def _started(pid: int) -> str:
    """When a process of this machine started, in seconds since the machine did: no clock that can be set; empty where there is none."""
    try:
        return f"{psutil.Process(pid).create_time() - psutil.boot_time():.2f}"
    except psutil.Error:
        return ""


def _observation(store: Store) -> Observed:
    with _lock:
        return _observed.setdefault(store, Observed())
