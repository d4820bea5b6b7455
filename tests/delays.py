"""An application that answers whether its connection sends small writes at once, read from the accepted socket."""

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
    """Answer with the id of the process and `TCP_NODELAY` of the connection."""
    assert scope["type"] == "http"
    body = orjson.dumps({"worker": os.getpid(), "no_delay": no_delay(scope["client"])})
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})


def create() -> object:
    """Return the application; each of several workers calls this."""
    return application


def no_delay(client: tuple[str, int]) -> bool:
    """Return whether the socket of this process that is connected with a client sends small writes at once."""
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError), socket.socket(fileno=os.dup(int(descriptor.name))) as sock:
            if sock.getpeername()[:2] == tuple(client):
                return bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    raise LookupError(client)


if __name__ == "__main__":
    settings = Settings.model_validate({})
    with listening_socket(sys.argv[1], 0) as sock:
        print(socket_url(sock), flush=True)
        run_workers("tests.delays:create", settings, sock, int(sys.argv[2]), loop=sys.argv[3])
