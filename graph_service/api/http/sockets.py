"""GraphQL over WebSocket: the protocol graphql-transport-ws (github.com/enisdenjo/graphql-ws, PROTOCOL.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

from graph_service.api.execution import Graphql, Response
from graph_service.api.http.admission import Admission
from graph_service.api.http.asked import parsed, request_of
from graph_service.api.http.streams import answers, attempted
from graph_service.api.http.watch import Watch
from graph_service.api.refusals import refusal
from graph_service.errors import DocumentRefused

PROTOCOL = "graphql-transport-ws"
INIT_SECONDS = 10.0
MOST_SOCKETS = 1_000
MOST_OPERATIONS = 50
"""Of one connection, at a time; one that was completed counts until what it has begun has ended."""
SIDE_BY_SIDE = 4
"""So many statements of one connection run at a time: the others' wait."""
BAD, UNAUTHORIZED, FORBIDDEN, PROTOCOL_UNKNOWN, LATE, AGAIN, MANY = 4400, 4401, 4403, 4406, 4408, 4409, 4429


class Closed(Exception):
    """The connection is to be closed, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Sockets:
    """Endpoint of the connections. `origins`: whose pages may connect besides our own; `*` is everyone's."""

    def __init__(self, graphql: Graphql, watch: Watch, origins: tuple[str, ...], admission: Admission) -> None:
        self._graphql, self._watch, self._origins, self._admission = graphql, watch, origins, admission
        self._open = 0

    async def connected(self, socket: WebSocket) -> None:
        """One connection, to its end."""
        if not self._welcome(socket):
            await socket.close(FORBIDDEN, "Forbidden")
            return
        known = PROTOCOL in socket.scope.get("subprotocols", ())
        await socket.accept(PROTOCOL if known else None)
        if not known:
            await socket.close(PROTOCOL_UNKNOWN, "Subprotocol not acceptable")
            return
        if self._open >= MOST_SOCKETS:
            await socket.close(MANY, "Too many connections")
            return
        self._open += 1
        try:
            await _Connection(socket, self._graphql, self._watch, self._admission).run()
        finally:
            self._open -= 1

    def _welcome(self, socket: WebSocket) -> bool:
        """Browsers say whose page connects, and let any: so it is looked at here."""
        origin = socket.headers.get("origin")
        if origin is None or "*" in self._origins or origin in self._origins:
            return True
        return origin.partition("://")[2] == socket.headers.get("host")


class _Connection:
    """One connection: its messages in order, its operations side by side."""

    def __init__(self, socket: WebSocket, graphql: Graphql, watch: Watch, admission: Admission) -> None:
        self._socket, self._graphql, self._watch, self._admission = socket, graphql, watch, admission
        self._greeted = asyncio.Event()
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._running: set[asyncio.Task[Any]] = set()
        self._turn = asyncio.Semaphore(SIDE_BY_SIDE)
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        late = asyncio.create_task(self._late())
        try:
            while True:
                await self._received(_message(await self._socket.receive()))
        except Closed as closed:
            await self._close(closed)
        except WebSocketDisconnect:
            pass
        finally:
            late.cancel()
            tasks = [late, *self._operations.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _late(self) -> None:
        await asyncio.sleep(INIT_SECONDS)
        if not self._greeted.is_set():
            await self._close(Closed(LATE, "Connection initialisation timeout"))

    async def _close(self, closed: Closed) -> None:
        try:
            await self._socket.close(closed.code, closed.reason)
        except RuntimeError:  # it has closed meanwhile
            return

    async def _received(self, message: Mapping[str, Any]) -> None:
        handlers: dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "connection_init": self._greet,
            "ping": self._ping,
            "pong": self._pong,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }
        handler = handlers.get(str(message.get("type")))
        if handler is None:
            raise Closed(BAD, "Invalid message")
        await handler(message)

    async def _greet(self, _: Mapping[str, Any]) -> None:
        if self._greeted.is_set():
            raise Closed(MANY, "Too many initialisation requests")
        self._greeted.set()
        await self._send({"type": "connection_ack"})

    async def _ping(self, _: Mapping[str, Any]) -> None:
        await self._send({"type": "pong"})

    async def _pong(self, _: Mapping[str, Any]) -> None:
        return None

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        id_, payload = message.get("id"), message.get("payload")
        if not self._greeted.is_set():
            raise Closed(UNAUTHORIZED, "Unauthorized")
        if not isinstance(id_, str) or not id_ or not isinstance(payload, dict):
            raise Closed(BAD, "Invalid message")
        if id_ in self._operations:
            raise Closed(AGAIN, f"Subscriber for {id_[:40]} already exists")
        if max(len(self._operations), len(self._running)) >= MOST_OPERATIONS:
            raise Closed(MANY, f"At most {MOST_OPERATIONS} operations at a time")
        self._operations[id_] = asyncio.create_task(self._operation(id_, payload))

    async def _complete(self, message: Mapping[str, Any]) -> None:
        task = self._operations.pop(str(message.get("id")), None)
        if task is not None:
            task.cancel()

    async def _operation(self, id_: str, payload: Mapping[str, Any]) -> None:
        mine = asyncio.current_task()
        try:
            request = request_of(payload)
        except DocumentRefused as error:
            operation: Any = Response(None, [refusal(error)], 400)
        else:
            operation = await attempted(self._apart, self._graphql.prepare, request)
        async with aclosing(answers(operation, self._watch, self._apart)) as coming:
            async for answer in coming:
                if answer.status != 200:
                    await self._send({"id": id_, "type": "error", "payload": answer.body()["errors"]})
                    break
                await self._send({"id": id_, "type": "next", "payload": answer.body()})
            else:
                await self._send({"id": id_, "type": "complete"})
        if self._operations.get(id_) is mine:
            del self._operations[id_]

    async def _apart(self, work: Callable[..., Any], *given: Any, patient: bool = False) -> Any:
        """Run what blocks in a thread, in its turn. Who completes meanwhile has that turn until the thread has ended.

        Raises `ServiceBusy`, but not for the `patient`.
        """
        wanted, begun = True, False

        async def turn() -> Any:
            nonlocal begun
            async with self._turn:
                begun = wanted
                return await self._admission.run(work, *given, patient=patient) if wanted else None

        running = asyncio.create_task(turn())
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            wanted = False
            if begun:
                running.cancel()
            raise

    async def _send(self, message: Mapping[str, Any]) -> None:
        async with self._sending:
            await self._socket.send_text(orjson.dumps(message).decode())


def _message(received: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message of the protocol. Raises `Closed`, `WebSocketDisconnect`."""
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1005))
    try:
        message = parsed(received.get("text") or "")
    except DocumentRefused as error:
        raise Closed(BAD, "Invalid message") from error
    if not isinstance(message, dict):
        raise Closed(BAD, "Invalid message")
    return message
