"""Running the application: the server process and the demo."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import orjson
import structlog
import uvicorn
from uvicorn.supervisors import Multiprocess

from graph_service import __version__
from graph_service.access.approvals import mutations_to_approve
from graph_service.app import build_app, read_documents
from graph_service.audit.log import open_audit_log
from graph_service.config import Settings
from graph_service.console.examples import Example
from graph_service.errors import SettingInvalid, SignInMissing
from graph_service.graphql.allowances import CallerLimits
from graph_service.graphql.http.connections import HttpConnection
from graph_service.platform.store.factory import open_store
from graph_service.platform.store.graph import Store
from graph_service.sign_in.hosts import is_loopback
from graph_service.sign_in.services import AccessServices, open_access
from graph_service.telemetry.logs import configure_logs
from graph_service.telemetry.setup import log_format, start_telemetry
from graph_service.telemetry.worker_files import shared_metrics

GRACE_SECONDS = 10
APP_FACTORY = "graph_service.app:create_app"


MAX_PENDING_CONNECTIONS = 2_048
"""Maximum number of connections that wait to be accepted."""


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raise `SettingInvalid` where the port is taken or not permitted."""
    # asyncio sends small writes at once (TCP_NODELAY) only on sockets declared as TCP: without it, the body of an answer
    # waits 40 ms until the client has acknowledged the headers.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        # From here on clients wait until they are served; they are not refused.
        sock.listen(MAX_PENDING_CONNECTIONS)
    except OSError as error:
        sock.close()
        raise SettingInvalid(
            name="--port, PORT=, GRAPH_SERVICE_PORT",
            reason_zh=f"无法监听 {host}:{port}（{error.strerror}）",
            reason_en=f"{host}:{port} cannot be listened on ({error.strerror})",
        ) from error
    sock.set_inheritable(True)
    return sock


class _NotifyingServer(uvicorn.Server):
    """A server that calls back when it has started to serve."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()


def socket_url(sock: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def require_protected(settings: Settings) -> None:
    """Raise `SignInMissing` where whoever reaches another address than loopback could do everything."""
    if not settings.requires_sign_in and not is_loopback(settings.host):
        raise SignInMissing(host=settings.host)


def serve(settings: Settings, report_address: Callable[[str], None], *, workers: int) -> None:
    """Serve until stopped. Several workers are processes that share the port and the engine."""
    start_telemetry(settings)
    # Read and opened before the workers: an error is reported once and plainly, and an embedded engine outlives a worker.
    read_documents(settings)
    CallerLimits(settings)
    store = open_store(settings)
    mutations_to_approve(settings)
    access = open_access(settings) if settings.requires_sign_in else None
    audit_log = open_audit_log(settings)
    try:
        store.prepare()
        with listening_socket(settings.host, settings.port) as sock:
            if log_format(settings) == "text":
                report_address(socket_url(sock))
            structlog.get_logger("graph_service").info(
                "service started",
                address=socket_url(sock),
                workers=workers,
                engine=store.engine_name,
                version=__version__,
            )
            if workers > 1:
                with shared_metrics(settings.data_folder):
                    run_workers(APP_FACTORY, settings, sock, workers)
            else:
                app = build_app(store, settings, access=access, audit_log=audit_log)
                uvicorn.Server(server_config(app, settings)).run(sockets=[sock])
    finally:
        store.close()
        audit_log.close()
        if access is not None:
            access.close()


def run_workers(factory: str, settings: Settings, sock: socket.socket, workers: int, *, loop: str = "auto") -> None:
    """Serve with several processes until stopped; each builds its application with `factory` (`module:function`)."""
    Multiprocess(server_config(factory, settings, workers=workers, factory=True, loop=loop), sockets=[sock]).run()


@dataclass(frozen=True, slots=True)
class ExampleAnswer:
    """Answer to an example, as a client sees it."""

    example: Example
    link: str
    body: dict[str, Any]
    seconds: float


def run_demo(
    store: Store,
    settings: Settings,
    access: AccessServices,
    examples: list[Example],
    report_answer: Callable[[ExampleAnswer], None],
    report_address: Callable[[str], None],
    *,
    exit_when_answered: bool,
) -> bool:
    """Serve, ask the examples over HTTP as a client would, and stay until stopped or, with `exit_when_answered`, until answered.

    Return True where all were answered without errors.
    """
    configure_logs("text")
    outcomes: list[bool] = []
    with listening_socket(settings.host, settings.port) as sock, closing(open_audit_log(settings)) as audit_log:
        (host, port), base = sock.getsockname()[:2], socket_url(sock)

        def ask() -> None:
            report_address(base)
            try:
                for example in examples:
                    answer = _ask_example(host, port, base, example)
                    outcomes.append("errors" not in answer.body)
                    report_answer(answer)
            except OSError:
                if not server.should_exit:
                    raise
            finally:
                if exit_when_answered:
                    server.should_exit = True

        server = _NotifyingServer(
            server_config(build_app(store, settings, access=access, audit_log=audit_log), settings),
            threading.Thread(target=ask, daemon=True).start,
        )
        server.run(sockets=[sock])
    return len(outcomes) == len(examples) and all(outcomes)


def _ask_example(host: str, port: int, base_url: str, example: Example) -> ExampleAnswer:
    start = time.perf_counter()
    connection = HTTPConnection(host, port, timeout=120)
    try:
        body = orjson.dumps({"query": example.query, "variables": example.variables})
        connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        answer = orjson.loads(connection.getresponse().read())
    finally:
        connection.close()
    return ExampleAnswer(example, example.link(base_url), answer, time.perf_counter() - start)


def server_config(app: object, settings: Settings, **options: object) -> uvicorn.Config:
    """Return the configuration for serving an application, in every kind of server."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=settings.host,
        port=settings.port,
        log_config=None,
        log_level="warning",
        server_header=False,
        http=HttpConnection,
        ws="websockets-sansio",
        ws_max_size=settings.max_body_bytes,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **options,  # type: ignore[arg-type]
    )
