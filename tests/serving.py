"""An application served by a thread of the test process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from graph_service.app import build_app
from graph_service.cli.server import listening_socket, server_config, socket_url
from graph_service.config import Settings
from graph_service.platform.store.graph import Store
from tests.callers import shared_audit_log
from tests.leaks import WatchedApplication


@contextmanager
def running(app: ASGIApp, host: str = "127.0.0.1", **overrides: object) -> Iterator[str]:
    """Serve an application and yield its address. Answers are looked through for numbers of people."""
    with listening_socket(host, 0) as sock:
        server = uvicorn.Server(server_config(WatchedApplication(app), Settings.model_validate({}), **overrides))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield socket_url(sock)
        finally:
            server.should_exit = True
            thread.join(30)


@contextmanager
def serving(store: Store, settings: Settings | None = None) -> Iterator[str]:
    """Serve the application over a store and yield the address of /graphql."""
    app = build_app(store, settings or Settings.model_validate({}), audit_log=shared_audit_log())
    with running(app) as base:
        try:
            yield f"{base}/graphql"
        finally:
            # A signal would close it, but a thread gets none.
            app.state.watch.close()
