"""The application served on this machine by a thread, as long as a test needs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from graph_service.app import application
from graph_service.config import Settings
from graph_service.serving import configured, listening
from graph_service.store.graph import Store


@contextmanager
def serving(store: Store) -> Iterator[str]:
    """Address of /graphql."""
    chosen = Settings.model_validate({})
    with listening("127.0.0.1", 0) as sock:
        app = application(store, chosen)
        server = uvicorn.Server(configured(app, chosen))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{sock.getsockname()[1]}/graphql"
        finally:
            # What a signal would do, which a thread does not get.
            app.state.watch.close()
            server.should_exit = True
            thread.join(30)
