"""An application served on this machine by a thread, as long as a test needs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from graph_service.app import build_app
from graph_service.cli.server import listening_socket, server_config, socket_url
from graph_service.config import Settings
from graph_service.platform.store.graph import Store


@contextmanager
def running(app: object, host: str = "127.0.0.1", **more: object) -> Iterator[str]:
    """The address of an application."""
    with listening_socket(host, 0) as sock:
        server = uvicorn.Server(server_config(app, Settings.model_validate({}), **more))
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
def serving(store: Store) -> Iterator[str]:
    """Address of /graphql."""
    app = build_app(store, Settings.model_validate({}))
    with running(app) as base:
        try:
            yield f"{base}/graphql"
        finally:
            # What a signal would do, which a thread does not get.
            app.state.watch.close()
