"""An application that tells of its own connection whether small writes go out at once: asked of the socket that was accepted."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import orjson
from starlette.types import Receive, Scope, Send

from graph_service.cli.server import listening_socket, run_workers, socket_url
from graph_service.config import Settings


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the process's id and `TCP_NODELAY` of the connection."""
    assert scope["type"] == "http"
    body = orjson.dumps({"worker": os.getpid(), "no_delay": no_delay(scope["client"])})
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})


def create() -> object:
    """Return the application: what each of several workers calls."""
    return application


def no_delay(client: tuple[str, int]) -> bool:
    """Return whether the socket of this process that is connected with a client sends small writes at once."""
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(descriptor.name))) as sock:
            if sock.getpeername()[:2] == tuple(client):
                return bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    raise LookupError(client)


if __name__ == "__main__":
    chosen = Settings.model_validate({})
    with listening_socket(sys.argv[1], 0) as sock:
        print(socket_url(sock), flush=True)
        run_workers("tests.delays:create", chosen, sock, int(sys.argv[2]), loop=sys.argv[3])
