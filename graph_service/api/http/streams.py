"""Server-sent events: one operation a connection, as the protocol of graphql-sse has it (distinct connections mode)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from graph_service.api.execution import Operation, Response
from graph_service.api.http.watch import Watch

Apart = Callable[..., Awaitable[Any]]
MEDIA = "text/event-stream"
QUIET_SECONDS = 12.0
"""So long nothing is sent before a comment is, so that what lies between does not take the connection for dead."""


def streamed(operation: Operation | Response, watch: Watch) -> StreamingResponse:
    """The answers of an operation, as they come."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(operation, watch), media_type=MEDIA, headers=headers)


async def answers(
    operation: Operation | Response, watch: Watch, apart: Apart = run_in_threadpool
) -> AsyncGenerator[Response]:
    """One answer of a query or mutation; of a subscription one whenever its topic changes. `apart` runs what blocks."""
    if isinstance(operation, Response):
        yield operation
    elif not operation.topic:
        yield await apart(operation.answer)
    else:
        async with aclosing(watch.changes(operation.topic)) as changes:
            async for _ in changes:
                yield await apart(operation.answer)


async def _events(operation: Operation | Response, watch: Watch) -> AsyncGenerator[bytes]:
    coming = answers(operation, watch)
    waiting = asyncio.ensure_future(anext(coming, None))
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=QUIET_SECONDS)
            if not done:
                yield b":\n\n"
                continue
            answer = waiting.result()
            if answer is None:
                break
            yield b"event: next\ndata: " + orjson.dumps(answer.body()) + b"\n\n"
            waiting = asyncio.ensure_future(anext(coming, None))
        yield b"event: complete\ndata: \n\n"
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await coming.aclose()
