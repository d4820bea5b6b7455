"""Waits of tests: as long as the awaited process makes progress, up to a cap that only a hang reaches."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

CAP_SECONDS = 900.0
"""The longest wait, on the slowest machine."""
STALL_SECONDS = 240.0
"""The time without any work after which a process is taken to hang."""
POLL_SECONDS = 0.1


class StalledError(AssertionError):
    """The awaited process has ended, hangs, or took longer than any machine would need."""


def wait_until(reached: Callable[[], bool], subject: str, pid: int | None = None, log: Path | None = None) -> None:
    """Wait until a condition holds, as long as the process that works on it lives and makes progress.

    Raises `StalledError` with the reason why the wait ended.
    """
    cap = time.monotonic() + CAP_SECONDS
    last_work, since = None, time.monotonic()
    while not reached():
        now = time.monotonic()
        if now > cap:
            raise StalledError(f"{subject}: not within {CAP_SECONDS:.0f} s")
        if pid is not None:
            work = work_done(pid, log)
            if work is None:
                raise StalledError(f"{subject}: its process has ended")
            if work != last_work:
                last_work, since = work, now
            elif now - since > STALL_SECONDS:
                raise StalledError(f"{subject}: its process has done nothing for {STALL_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)


def work_done(pid: int, log: Path | None) -> tuple[float, int] | None:
    """Return the processor time of a process and its children, and the size of its log; None where it has ended."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        seconds = sum(process.cpu_times()[:4])
        for child in process.children(recursive=True):
            with suppress(psutil.Error):
                seconds += sum(child.cpu_times()[:2])
    except psutil.Error:
        return None
    return seconds, log.stat().st_size if log is not None and log.exists() else 0
