"""A TCP connection between a client and an engine that a test can cut and mend."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from graph_service.platform.engine.client import Address, EngineServer

BLOCK = 65_536


class Wire:
    """A proxy that forwards bytes in both directions; when cut, it closes open connections and refuses new ones."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._cut = False
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            self._cut = True
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
            self._open.clear()

    def mend(self) -> None:
        with self._lock:
            self._cut = False

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                with self._lock:
                    if self._cut:
                        near.close()
                        continue
                    far = socket.create_connection(self._target)
                    self._open += [near, far]
                for pair in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()


class Through:
    """A source of the same engine, through a wire."""

    retry_seconds = 0.5

    def __init__(self, source: EngineServer) -> None:
        self._address = source.address()
        self.name, self.marks_imports = source.name, source.marks_imports
        parts = urlsplit(self._address.uri)
        self.wire = Wire(parts.hostname or "127.0.0.1", parts.port or 7687)

    def address(self) -> Address:
        return Address(f"bolt://127.0.0.1:{self.wire.port}", self._address.auth, self._address.database)

    def close(self) -> None:
        self.wire.close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(BLOCK):
            target.sendall(block)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
