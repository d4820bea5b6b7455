"""How many questions are answered side by side; how many wait for their turn, and for how long; and that one nobody waits for any more ends."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread
from starlette.requests import Request

from graph_service.errors import ServiceBusy
from graph_service.platform.engine.watchdog import CANCELLATION, Cancellation

T = TypeVar("T")
MAX_CONCURRENT = 16
MAX_WAITING = 100
MAX_WAIT_SECONDS = 5.0
"""Who has had no turn for so long is told to come again later."""
RETRY_AFTER_SECONDS = 5


class Admission:
    """Gives what blocks its turn in a thread. Health and assets have threads of their own. Of one event loop."""

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
        """Run what blocks in a thread. Its statements end when this is cancelled or, with `http_request`, when the client has gone.

        Raises `ServiceBusy` where too many wait; not for the `wait_indefinitely`, of whom somebody else bounds how many there are.
        """
        await self._acquire_slot(wait_indefinitely)
        cancellation = Cancellation()
        running = asyncio.create_task(self._run_in_slot(cancellation, work, args))
        leaving = (
            None if http_request is None else asyncio.create_task(_cancel_on_disconnect(http_request, cancellation))
        )
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            cancellation.cancel()
            # A thread cannot be ended: what it works with is not taken from it.
            with CancelScope(shield=True):
                await asyncio.wait({running})
            if not running.cancelled():
                running.exception()
            raise
        finally:
            if leaving is not None:
                leaving.cancel()

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


def _run_cancellable(cancellation: Cancellation, work: Callable[..., T], args: tuple[object, ...]) -> T:
    """Do the work as part of what may be cancelled."""
    # Of this thread's copy of the context: nobody else sees it.
    CANCELLATION.set(cancellation)
    return work(*args)


async def _cancel_on_disconnect(http_request: Request, cancellation: Cancellation) -> None:
    """Wait until a client has gone, and cancel what it asked for."""
    while (await http_request.receive())["type"] != "http.disconnect":
        pass
    cancellation.cancel()
