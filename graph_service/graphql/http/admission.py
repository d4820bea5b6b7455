"""Admission of questions: how many run side by side, how many wait and for how long; those of clients that are gone are cancelled."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread
from starlette.requests import Request

from graph_service.errors import ServiceBusy
from graph_service.platform.engine.watchdog import CANCELLATION, Cancellation
from graph_service.telemetry.events import slots_changed

T = TypeVar("T")
MAX_CONCURRENT = 16
MAX_WAITING = 100
MAX_WAIT_SECONDS = 5.0
"""Longest wait for a turn; after it the client is told to come again later."""
RETRY_AFTER_SECONDS = 5


class Admission:
    """Queue for blocking work in threads. Health and assets have threads of their own. It belongs to one event loop."""

    def __init__(self, max_concurrent: int = MAX_CONCURRENT, wait_seconds: float = MAX_WAIT_SECONDS) -> None:
        self._slots = asyncio.Semaphore(max_concurrent)
        self._wait_seconds = wait_seconds
        self._waiting = 0

    async def run(
        self,
        work: Callable[..., T],
        *args: object,
        wait_indefinitely: bool = False,
        http_request: Request | None = None,
    ) -> T:
        """Run blocking work in a thread. Its statements are cancelled with this call or, with `http_request`, when the client disconnects.

        Raises `ServiceBusy` where too many wait; not with `wait_indefinitely`, for callers whose number is limited elsewhere.
        """
        await self._wait_for_slot(wait_indefinitely)
        cancellation = Cancellation()
        task = asyncio.create_task(self._run_in_slot(cancellation, work, args))
        disconnect_task = (
            None if http_request is None else asyncio.create_task(_cancel_on_disconnect(http_request, cancellation))
        )
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            cancellation.cancel()
            # A thread cannot be ended: its resources must stay until it returns.
            with CancelScope(shield=True):
                await asyncio.wait({task})
            if not task.cancelled():
                task.exception()
            raise
        finally:
            if disconnect_task is not None:
                disconnect_task.cancel()

    async def _wait_for_slot(self, wait_indefinitely: bool) -> None:
        waiting = int(self._slots.locked())
        slots_changed(waiting=waiting)
        try:
            await self._acquire_slot(wait_indefinitely)
        except ServiceBusy:
            slots_changed(refused=1)
            raise
        finally:
            slots_changed(waiting=-waiting)
        slots_changed(used=1)

    async def _acquire_slot(self, wait_indefinitely: bool) -> None:
        if wait_indefinitely:
            await self._slots.acquire()
            return
        if self._slots.locked() and self._waiting >= MAX_WAITING:
            raise ServiceBusy(seconds=RETRY_AFTER_SECONDS)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._slots.acquire()
        except TimeoutError as error:
            raise ServiceBusy(seconds=RETRY_AFTER_SECONDS) from error
        finally:
            self._waiting -= 1

    async def _run_in_slot(self, cancellation: Cancellation, work: Callable[..., T], args: tuple[object, ...]) -> T:
        try:
            return await to_thread.run_sync(
                _run_cancellable, cancellation, work, args, limiter=CapacityLimiter(math.inf)
            )
        finally:
            self._slots.release()
            slots_changed(used=-1)


def _run_cancellable(cancellation: Cancellation, work: Callable[..., T], args: tuple[object, ...]) -> T:
    """Run the work so that its statements can be cancelled."""
    # Set in this thread's copy of the context only.
    CANCELLATION.set(cancellation)
    return work(*args)


async def _cancel_on_disconnect(http_request: Request, cancellation: Cancellation) -> None:
    """Wait until the client disconnects, and cancel its work."""
    while (await http_request.receive())["type"] != "http.disconnect":
        pass
    cancellation.cancel()
