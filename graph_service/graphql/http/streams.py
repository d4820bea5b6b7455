"""Server-sent events: one operation per connection, by the protocol of graphql-sse (distinct connections mode)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager, ExitStack, aclosing
from typing import Any

import orjson
from starlette.responses import StreamingResponse

from graph_service.errors import RateExceeded, ServiceBusy
from graph_service.graphql.execution import GraphQLResponse, PreparedOperation
from graph_service.graphql.http.admission import Admission
from graph_service.graphql.http.graphql_requests import busy_response
from graph_service.graphql.http.watch import Watch

EVENT_STREAM_MEDIA_TYPE = "text/event-stream"
KEEP_ALIVE_SECONDS = 12.0
"""Longest silence before a comment is sent, so that no proxy takes the connection for dead."""


Prepare = Callable[[], PreparedOperation | GraphQLResponse]
OpenSubscription = Callable[[], AbstractContextManager[None]]


def stream_response(
    operation: PreparedOperation | GraphQLResponse,
    prepare: Prepare,
    watch: Watch,
    admission: Admission,
    open_subscription: OpenSubscription,
) -> StreamingResponse:
    """Return the responses of an operation as a stream of events. `prepare` prepares it anew."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        _encode_events(iterate_responses(operation, prepare, watch, admission.run, open_subscription)),
        media_type=EVENT_STREAM_MEDIA_TYPE,
        headers=headers,
    )


async def iterate_responses(
    operation: PreparedOperation | GraphQLResponse,
    prepare: Prepare,
    watch: Watch,
    run_in_thread: Callable[..., Awaitable[Any]],
    open_subscription: OpenSubscription,
) -> AsyncGenerator[GraphQLResponse]:
    """Yield one response of a query or mutation; of a subscription one whenever its topic changes, each with what its caller may do then.
    `run_in_thread` runs blocking work; `open_subscription` holds one of the caller's subscriptions."""
    if isinstance(operation, GraphQLResponse):
        yield operation
    elif not operation.topic:
        yield await run_unless_busy(run_in_thread, operation.execute)
    else:
        with ExitStack() as stack:
            try:
                stack.enter_context(open_subscription())
            except RateExceeded as error:
                yield busy_response(error)
                return
            async with aclosing(watch.changes(operation.topic)) as changes:
                async for _ in changes:
                    response = await run_unless_busy(run_in_thread, _run_anew, prepare, wait_indefinitely=True)
                    yield response
                    if response.status != 200:
                        break


def _run_anew(prepare: Prepare) -> GraphQLResponse:
    operation = prepare()
    return operation if isinstance(operation, GraphQLResponse) else operation.execute()


async def run_unless_busy(
    run_in_thread: Callable[..., Awaitable[Any]], work: Callable[..., Any], *args: Any, **options: Any
) -> Any:
    """Return the result of the work, or a refusal where it has to wait too long, or its caller has."""
    try:
        return await run_in_thread(work, *args, **options)
    except ServiceBusy as error:
        return busy_response(error)


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
