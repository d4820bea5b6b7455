"""Server-sent events: one operation per connection, by the protocol of graphql-sse (distinct connections mode)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import orjson
from starlette.responses import StreamingResponse

from graph_service.errors import ServiceBusy
from graph_service.graphql.error_formatting import format_service_error
from graph_service.graphql.execution import GraphQLResponse, PreparedOperation
from graph_service.graphql.http.admission import Admission
from graph_service.graphql.http.watch import Watch

EVENT_STREAM_MEDIA_TYPE = "text/event-stream"
KEEP_ALIVE_SECONDS = 12.0
"""Longest silence before a comment is sent, so that no proxy takes the connection for dead."""


Prepare = Callable[[], PreparedOperation | GraphQLResponse]


def stream_response(
    operation: PreparedOperation | GraphQLResponse, prepare: Prepare, watch: Watch, admission: Admission
) -> StreamingResponse:
    """Return the responses of an operation as a stream of events. `prepare` prepares it anew."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        _encode_events(iterate_responses(operation, prepare, watch, admission.run)),
        media_type=EVENT_STREAM_MEDIA_TYPE,
        headers=headers,
    )


async def iterate_responses(
    operation: PreparedOperation | GraphQLResponse,
    prepare: Prepare,
    watch: Watch,
    run_in_thread: Callable[..., Awaitable[Any]],
) -> AsyncGenerator[GraphQLResponse]:
    """Yield one response of a query or mutation; of a subscription one whenever its topic changes, each with what its caller may do then.
    `run_in_thread` runs blocking work."""
    if isinstance(operation, GraphQLResponse):
        yield operation
    elif not operation.topic:
        yield await run_unless_busy(run_in_thread, operation.execute)
    else:
        async with aclosing(watch.changes(operation.topic)) as changes:
            async for _ in changes:
                response = await run_in_thread(_run_anew, prepare, wait_indefinitely=True)
                yield response
                if response.status != 200:
                    break


def _run_anew(prepare: Prepare) -> GraphQLResponse:
    operation = prepare()
    return operation if isinstance(operation, GraphQLResponse) else operation.execute()


async def run_unless_busy(run_in_thread: Callable[..., Awaitable[Any]], work: Callable[..., Any], *args: Any) -> Any:
    """Return the result of the work, or a refusal where it has to wait too long."""
    try:
        return await run_in_thread(work, *args)
    except ServiceBusy as error:
        return GraphQLResponse(None, [format_service_error(error)], 503)


async def _encode_events(responses: AsyncGenerator[GraphQLResponse]) -> AsyncGenerator[bytes]:
    next_response = asyncio.ensure_future(anext(responses, None))
    try:
        while True:
            finished, _ = await asyncio.wait({next_response}, timeout=KEEP_ALIVE_SECONDS)
            if not finished:
                yield b":\n\n"
                continue
            response = next_response.result()
            if response is None:
                break
            yield b"event: next\ndata: " + orjson.dumps(response.body()) + b"\n\n"
            next_response = asyncio.ensure_future(anext(responses, None))
        yield b"event: complete\ndata: \n\n"
    finally:
        next_response.cancel()
        await asyncio.gather(next_response, return_exceptions=True)
        await responses.aclose()
