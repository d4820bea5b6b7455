"""Turns: one writer at a time, who holds it, and what the others are told."""

from __future__ import annotations

import os
import secrets
import socket

import psutil
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from graph_service.errors import ChangeConflict, EngineBusy
from graph_service.store.graph import Store

STALE_MILLISECONDS = 60_000
"""A writer that has not been heard of for so long is taken to be dead."""
CLOCK_SECONDS = 60.0
"""By how much the moment of a beginning may differ when it is read again: a clock may have been set meanwhile."""
PATIENCE_SECONDS = 5.0
"""For so long a change or an undo waits for another one. An import takes longer: it is told."""


def take(store: Store) -> str:
    """Become the one writer. Raises `EngineBusy` while another lives."""
    token, holder = secrets.token_hex(8), f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"
    seen = store.ask("imports/writer")
    if seen and seen[0][0] and not _dead(seen[0][1], seen[0][2]):
        raise EngineBusy(what="import", reason=f"{seen[0][1]}")
    if not store.tell("imports/take", seen=seen[0][0] if seen else "", token=token, holder=holder):
        raise EngineBusy(what="import", reason="-")
    return token


def take_soon(store: Store) -> str:
    """The same, after others that do not take long. Raises `EngineBusy` while another one imports."""
    for attempt in Retrying(
        retry=retry_if_exception_type(EngineBusy),
        stop=stop_after_delay(PATIENCE_SECONDS),
        wait=wait_random(0.02, 0.2),
        reraise=True,
    ):
        with attempt:
            token = take(store)
    return token


def release(store: Store, token: str) -> None:
    """Stop being the writer."""
    store.tell("imports/release", token=token)


def beat(store: Store, token: str, sheet: str | None = None, rows: int | None = None) -> None:
    """Say that the writer lives, and how far it has come. Raises `EngineBusy` where another has taken over."""
    if not store.tell("imports/beat", token=token, sheet=sheet, rows=rows):
        raise taken_over()


def taken_over() -> EngineBusy:
    """What one is told that has held an import and holds it no more."""
    return EngineBusy(what="import", reason="另一导入已接手 / another import has taken over")


def importing() -> ChangeConflict:
    """What one is told who wants to change something while another one imports."""
    return ChangeConflict(
        reason_zh="另一导入、变更或撤销正在进行,请稍后再试",
        reason_en="an import, a change or an undoing is running; try again later",
    )


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
