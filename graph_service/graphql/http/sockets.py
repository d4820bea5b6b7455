"""GraphQL over WebSocket: the protocol graphql-transport-ws (github.com/enisdenjo/graphql-ws, PROTOCOL.md)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack, aclosing
from functools import partial
from typing import Any

import orjson
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect

from graph_service.access.callers import Caller
from graph_service.access.masking import excerpt
from graph_service.errors import DocumentRefused, GraphServiceError, RateExceeded
from graph_service.graphql.allowances import CallerLimits
from graph_service.graphql.error_formatting import format_service_error
from graph_service.graphql.execution import GraphQLApi, GraphQLResponse
from graph_service.graphql.http.admission import Admission
from graph_service.graphql.http.graphql_requests import busy_response, parse_json, parse_request, prepare_for_caller
from graph_service.graphql.http.streams import Prepare, iterate_responses, run_unless_busy
from graph_service.graphql.http.watch import Watch
from graph_service.graphql.trusted_documents import TrustedDocuments

Identify = Callable[[str, HTTPConnection], Awaitable[Caller]]
SUBPROTOCOL = "graphql-transport-ws"
INIT_TIMEOUT_SECONDS = 10.0
MAX_CONNECTIONS = 1_000
MAX_SILENT_CONNECTIONS = 100
"""Connections of one address at a time that have not said yet who they are."""
MAX_OPERATIONS = 50
"""Operations of one connection at a time; a completed one counts until the work it has begun has ended."""
MAX_CONCURRENT_RUNS = 4
"""Statements of one connection that run at a time; others wait."""
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, SUBPROTOCOL_NOT_ACCEPTABLE, INIT_TIMEOUT, SUBSCRIBER_EXISTS, TOO_MANY_REQUESTS = (
    4400,
    4401,
    4403,
    4406,
    4408,
    4409,
    4429,
)


class ProtocolViolation(Exception):
    """A breach of the protocol, which closes the connection with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class WebSocketView:
    """Endpoint of the connections. `origins`: origins that may connect besides the service's own; `*` allows all. `identify` returns the
    caller of an Authorization header."""

    def __init__(
        self,
        graphql: GraphQLApi,
        watch: Watch,
        origins: tuple[str, ...],
        admission: Admission,
        identify: Identify,
        limits: CallerLimits,
        documents: TrustedDocuments,
    ) -> None:
        self.graphql, self.watch, self.admission, self.identify = graphql, watch, admission, identify
        self.limits, self.documents = limits, documents
        self.silent_counts: Counter[str] = Counter()
        self._origins = origins
        self._connection_count = 0

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection to its end."""
        if not self._is_origin_allowed(socket):
            await socket.close(FORBIDDEN, "Forbidden")
            return
        is_supported = SUBPROTOCOL in socket.scope.get("subprotocols", ())
        await socket.accept(SUBPROTOCOL if is_supported else None)
        if not is_supported:
            await socket.close(SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable")
            return
        address = socket.client.host if socket.client else ""
        if self._connection_count >= MAX_CONNECTIONS or self.silent_counts[address] >= MAX_SILENT_CONNECTIONS:
            await socket.close(TOO_MANY_REQUESTS, "Too many connections")
            return
        self._connection_count += 1
        try:
            await _WebSocketConnection(socket, self, address).run()
        finally:
            self._connection_count -= 1

    def _is_origin_allowed(self, socket: WebSocket) -> bool:
        """Tell whether the page's origin may connect. Browsers send the origin but allow any, so it is checked here."""
        origin = socket.headers.get("origin")
        if origin is None or "*" in self._origins or origin in self._origins:
            return True
        scheme, _, host = origin.partition("://")
        return scheme in ("http", "https") and host == socket.headers.get("host")


class _WebSocketConnection:
    """A connection: its messages in order, its operations side by side."""

    def __init__(self, socket: WebSocket, view: WebSocketView, address: str) -> None:
        self._socket, self._view, self._address = socket, view, address
        self._connection_slot = ExitStack()
        self._caller: Caller | None = socket.state.caller
        self._initialised = asyncio.Event()
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._running_tasks: set[asyncio.Task[Any]] = set()
        self._slots = asyncio.Semaphore(MAX_CONCURRENT_RUNS)
        self._send_lock = asyncio.Lock()

    async def run(self) -> None:
        self._view.silent_counts[self._address] += 1
        init_timeout = asyncio.create_task(self._enforce_init_timeout())
        try:
            while True:
                await self._handle_message(_parse_message(await self._socket.receive()))
        except ProtocolViolation as violation:
            await self._close(violation)
        except WebSocketDisconnect:
            pass
        finally:
            init_timeout.cancel()
            self._connection_slot.close()
            if not self._initialised.is_set():
                self._release_silent()
            tasks = [init_timeout, *self._operations.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _release_silent(self) -> None:
        self._view.silent_counts[self._address] -= 1
        if not self._view.silent_counts[self._address]:
            del self._view.silent_counts[self._address]

    async def _enforce_init_timeout(self) -> None:
        await asyncio.sleep(INIT_TIMEOUT_SECONDS)
        if not self._initialised.is_set():
            await self._close(ProtocolViolation(INIT_TIMEOUT, "Connection initialisation timeout"))

    async def _close(self, violation: ProtocolViolation) -> None:
        try:
            await self._socket.close(violation.code, violation.reason)
        except RuntimeError:  # it was closed meanwhile
            return

    async def _handle_message(self, message: Mapping[str, Any]) -> None:
        handlers: dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "connection_init": self._initialise,
            "ping": self._ping,
            "pong": self._pong,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }
        handler = handlers.get(str(message.get("type")))
        if handler is None:
            raise ProtocolViolation(BAD_REQUEST, "Invalid message")
        await handler(message)

    async def _initialise(self, message: Mapping[str, Any]) -> None:
        if self._initialised.is_set():
            raise ProtocolViolation(TOO_MANY_REQUESTS, "Too many initialisation requests")
        payload = message.get("payload")
        header = payload.get("authorization") if isinstance(payload, dict) else None
        try:
            # Browsers cannot set the header of a WebSocket.
            if self._caller is None and isinstance(header, str):
                self._caller = await self._view.identify(header, self._socket)
        except RateExceeded as error:
            raise ProtocolViolation(TOO_MANY_REQUESTS, "Too many failed sign-ins") from error
        except GraphServiceError as error:
            raise ProtocolViolation(UNAUTHORIZED, "Unauthorized") from error
        if self._caller is None:
            raise ProtocolViolation(UNAUTHORIZED, "Unauthorized")
        try:
            self._connection_slot.enter_context(self._view.limits.connection(self._caller))
        except RateExceeded as error:
            raise ProtocolViolation(TOO_MANY_REQUESTS, "Too many connections") from error
        self._initialised.set()
        self._release_silent()
        await self._send({"type": "connection_ack"})

    async def _ping(self, _: Mapping[str, Any]) -> None:
        await self._send({"type": "pong"})

    async def _pong(self, _: Mapping[str, Any]) -> None:
        return None

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        id_, payload = message.get("id"), message.get("payload")
        if not self._initialised.is_set() or self._caller is None:
            raise ProtocolViolation(UNAUTHORIZED, "Unauthorized")
        if not isinstance(id_, str) or not id_ or not isinstance(payload, dict):
            raise ProtocolViolation(BAD_REQUEST, "Invalid message")
        if id_ in self._operations:
            raise ProtocolViolation(SUBSCRIBER_EXISTS, f"Subscriber for {excerpt(id_)} already exists")
        if max(len(self._operations), len(self._running_tasks)) >= MAX_OPERATIONS:
            raise ProtocolViolation(TOO_MANY_REQUESTS, f"At most {MAX_OPERATIONS} operations at a time")
        self._operations[id_] = asyncio.create_task(self._run_operation(id_, payload, self._caller))

    async def _complete(self, message: Mapping[str, Any]) -> None:
        task = self._operations.pop(str(message.get("id")), None)
        if task is not None:
            task.cancel()

    async def _run_operation(self, id_: str, payload: Mapping[str, Any], caller: Caller) -> None:
        task = asyncio.current_task()
        limits = self._view.limits
        try:
            limits.count_request(caller)
            request = parse_request(payload, self._view.documents)
        except RateExceeded as error:
            prepare: Prepare = partial(busy_response, error)
        except DocumentRefused as error:
            prepare = partial(GraphQLResponse, None, [format_service_error(error)], 400)
        else:
            prepare = partial(prepare_for_caller, self._view.graphql, limits, caller, request)
        operation = await run_unless_busy(self._run_in_thread, prepare)
        open_subscription = partial(limits.subscription, caller)
        async with aclosing(
            iterate_responses(operation, prepare, self._view.watch, self._run_in_thread, open_subscription)
        ) as responses:
            async for response in responses:
                if response.status != 200:
                    await self._send({"id": id_, "type": "error", "payload": response.body()["errors"]})
                    break
                await self._send({"id": id_, "type": "next", "payload": response.body()})
            else:
                await self._send({"id": id_, "type": "complete"})
        if self._operations.get(id_) is task:
            del self._operations[id_]

    async def _run_in_thread(self, work: Callable[..., Any], *args: Any, wait_indefinitely: bool = False) -> Any:
        """Run blocking work in a thread, in its turn. An operation that completes meanwhile keeps its turn until the thread has ended.

        Raises `ServiceBusy`, but not with `wait_indefinitely`.
        """
        is_active, has_begun = True, False

        async def take_turn() -> Any:
            nonlocal has_begun
            async with self._slots:
                has_begun = is_active
                return (
                    await self._view.admission.run(work, *args, wait_indefinitely=wait_indefinitely)
                    if is_active
                    else None
                )

        task = asyncio.create_task(take_turn())
        self._running_tasks.add(task)
        task.add_done_callback(self._running_tasks.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            is_active = False
            if has_begun:
                task.cancel()
            raise

    async def _send(self, message: Mapping[str, Any]) -> None:
        async with self._send_lock:
            await self._socket.send_text(orjson.dumps(message).decode())


def _parse_message(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a message of the protocol. Raises `ProtocolViolation`, `WebSocketDisconnect`."""
    if event["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(event.get("code", 1005))
    try:
        message = parse_json(event.get("text") or "")
    except DocumentRefused as error:
        raise ProtocolViolation(BAD_REQUEST, "Invalid message") from error
    if not isinstance(message, dict):
        raise ProtocolViolation(BAD_REQUEST, "Invalid message")
    return message
