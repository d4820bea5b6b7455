"""Server-sent events: one operation a connection, as the protocol of graphql-sse has it (distinct connections mode)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import orjson
from starlette.responses import StreamingResponse

from graph_service.api.execution import Operation, Response
from graph_service.api.http.admission import Admission
from graph_service.api.http.watch import Watch
from graph_service.api.refusals import refusal
from graph_service.errors import ServiceBusy

MEDIA = "text/event-stream"
QUIET_SECONDS = 12.0
"""So long nothing is sent before a comment is, so that what lies between does not take the connection for dead."""


def streamed(operation: Operation | Response, watch: Watch, admission: Admission) -> StreamingResponse:
    """The answers of an operation, as they come."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_events(answers(operation, watch, admission.run)), media_type=MEDIA, headers=headers)


async def answers(
    operation: Operation | Response, watch: Watch, apart: Callable[..., Awaitable[Any]]
) -> AsyncGenerator[Response]:
    """One answer of a query or mutation; of a subscription one whenever its topic changes. `apart` runs what blocks."""
    if isinstance(operation, Response):
        yield operation
    elif not operation.topic:
        yield await attempted(apart, operation.answer)
    else:
        async with aclosing(watch.changes(operation.topic)) as changes:
            async for _ in changes:
                yield await apart(operation.answer, patient=True)


async def attempted(apart: Callable[..., Awaitable[Any]], work: Callable[..., Any], *given: Any) -> Any:
    """Return what the work gives; a refusal where it has to wait too long."""
    try:
        return await apart(work, *given)
    except ServiceBusy as error:
        return Response(None, [refusal(error)], 503)


async def _events(coming: AsyncGenerator[Response]) -> AsyncGenerator[bytes]:
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
