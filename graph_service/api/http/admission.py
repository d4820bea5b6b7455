"""How many questions are answered side by side; how many wait for their turn, and for how long; and that one nobody waits for any more ends."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread
from starlette.requests import Request

from graph_service.engine.watchdog import CANCELLATION, Cancellation
from graph_service.errors import ServiceBusy

T = TypeVar("T")
CONCURRENT = 16
MOST_WAITING = 100
WAIT_SECONDS = 5.0
"""Who has had no turn for so long is told to come again later."""
RETRY_SECONDS = 5


class Admission:
    """Gives what blocks its turn in a thread. Health and assets have threads of their own. Of one event loop."""

    def __init__(self, concurrent: int = CONCURRENT, seconds: float = WAIT_SECONDS) -> None:
        self._turns = asyncio.Semaphore(concurrent)
        self._seconds = seconds
        self._waiting = 0

    async def run(
        self, work: Callable[..., T], *given: object, patient: bool = False, http: Request | None = None
    ) -> T:
        """Run what blocks in a thread. Its statements end when this is cancelled or, with `http`, when the client has gone.

        Raises `ServiceBusy` where too many wait; not for the `patient`, of whom somebody else bounds how many there are.
        """
        await self._turn(patient)
        cancellation = Cancellation()
        running = asyncio.create_task(self._finished(cancellation, work, given))
        leaving = None if http is None else asyncio.create_task(_cancelled_by(http, cancellation))
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

    async def _turn(self, patient: bool) -> None:
        if patient:
            await self._turns.acquire()
            return
        if self._turns.locked() and self._waiting >= MOST_WAITING:
            raise ServiceBusy(seconds=RETRY_SECONDS)
        self._waiting += 1
        try:
            async with asyncio.timeout(self._seconds):
                await self._turns.acquire()
        except TimeoutError as error:
            raise ServiceBusy(seconds=RETRY_SECONDS) from error
        finally:
            self._waiting -= 1

    async def _finished(self, cancellation: Cancellation, work: Callable[..., T], given: tuple[object, ...]) -> T:
        try:
            return await to_thread.run_sync(_bound, cancellation, work, given, limiter=CapacityLimiter(math.inf))
        finally:
            self._turns.release()


def _bound(cancellation: Cancellation, work: Callable[..., T], given: tuple[object, ...]) -> T:
    """Do the work as part of what may be cancelled."""
    # Of this thread's copy of the context: nobody else sees it.
    CANCELLATION.set(cancellation)
    return work(*given)


async def _cancelled_by(http: Request, cancellation: Cancellation) -> None:
    """Wait until a client has gone, and cancel what it asked for."""
    while (await http.receive())["type"] != "http.disconnect":
        pass
    cancellation.cancel()
