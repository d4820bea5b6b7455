"""Running the application: the server process, and the demo."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import orjson
import uvicorn
from uvicorn.supervisors import Multiprocess

from graph_service.api.http.connections import Connection
from graph_service.app import application
from graph_service.config import Settings
from graph_service.console.examples import Example
from graph_service.errors import SettingInvalid
from graph_service.store.choose import open_store
from graph_service.store.graph import Store

GRACE_SECONDS = 10
FACTORY = "graph_service.app:create"


BACKLOG = 2_048
"""Connections that wait to be accepted."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises `SettingInvalid` where the port is taken or not ours to take."""
    # Only of sockets that say they are TCP does asyncio send small writes at once (TCP_NODELAY): without it, the body of
    # an answer waits 40 ms until the client has acknowledged the headers.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        # From here on a client waits until it is served; it is not turned away.
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise SettingInvalid(
            name="--port, PORT=, GRAPH_SERVICE_PORT",
            reason=f"{host}:{port}: {error.strerror}",
        ) from error
    sock.set_inheritable(True)
    return sock


class _Server(uvicorn.Server):
    """A server that says when it serves."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell()


def address(sock: socket.socket) -> str:
    """Where a listening socket is reached."""
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(chosen: Settings, tell_address: Callable[[str], None], *, workers: int) -> None:
    """Serve until stopped. Several workers are processes that share the port and the engine."""
    # Opened before the workers: what is wrong is said once and plainly, and an embedded engine outlives a worker.
    store = open_store(chosen)
    try:
        store.prepare()
        with listening(chosen.host, chosen.port) as sock:
            tell_address(address(sock))
            if workers > 1:
                run_workers(FACTORY, chosen, sock, workers)
            else:
                uvicorn.Server(configured(application(store, chosen), chosen)).run(sockets=[sock])
    finally:
        store.close()


def run_workers(factory: str, chosen: Settings, sock: socket.socket, workers: int, *, loop: str = "auto") -> None:
    """Serve with several processes until stopped; each makes its application by `factory` (`module:function`)."""
    Multiprocess(configured(factory, chosen, workers=workers, factory=True, loop=loop), sockets=[sock]).run()


@dataclass(frozen=True, slots=True)
class Answer:
    """How an example was answered, as a client sees it."""

    example: Example
    link: str
    body: dict[str, Any]
    seconds: float


def demonstrate(
    store: Store,
    chosen: Settings,
    asked: list[Example],
    tell: Callable[[Answer], None],
    tell_address: Callable[[str], None],
    *,
    leave: bool,
) -> bool:
    """Serve, ask the examples over HTTP as a client would, and stay until stopped or, with `leave`, until answered.

    Gives whether all were answered without errors.
    """
    answered: list[bool] = []
    with listening(chosen.host, chosen.port) as sock:
        (host, port), base = sock.getsockname()[:2], address(sock)

        def ask() -> None:
            tell_address(base)
            try:
                for example in asked:
                    answer = _ask(host, port, base, example)
                    answered.append("errors" not in answer.body)
                    tell(answer)
            except OSError:
                if not server.should_exit:
                    raise
            finally:
                if leave:
                    server.should_exit = True

        server = _Server(
            configured(application(store, chosen), chosen), threading.Thread(target=ask, daemon=True).start
        )
        server.run(sockets=[sock])
    return len(answered) == len(asked) and all(answered)


def _ask(host: str, port: int, base: str, example: Example) -> Answer:
    began = time.perf_counter()
    connection = HTTPConnection(host, port, timeout=120)
    try:
        body = orjson.dumps({"query": example.query, "variables": example.variables})
        connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        found = orjson.loads(connection.getresponse().read())
    finally:
        connection.close()
    return Answer(example, example.link(base), found, time.perf_counter() - began)


def configured(app: object, chosen: Settings, **more: object) -> uvicorn.Config:
    """How an application is served, whatever serves it."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        server_header=False,
        http=Connection,
        ws="websockets-sansio",
        ws_max_size=chosen.body_bytes,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **more,  # type: ignore[arg-type]
    )
