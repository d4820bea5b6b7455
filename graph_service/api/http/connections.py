"""Connections of HTTP: one that sends its headers or its body too slowly is cut, so that it holds nothing for ever."""

from __future__ import annotations

import asyncio
import time

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 10.0
"""So long the headers of a request may take, and so long a new connection may be silent."""
BODY_SECONDS = 20.0
"""So long a body may take at least; a larger one longer."""
BODY_BYTES = 2_000
"""So many bytes of a body must come a second, on the whole: what a slow line of the mountains has."""
CHECK_SECONDS = 1.0
LATE = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Connection(HttpToolsProtocol):
    """A connection with time limits for what the client sends."""

    _due: asyncio.TimerHandle | None = None
    _began = 0.0
    _received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._due = self.loop.call_later(HEADER_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self._expect_nothing()
        super().handle_websocket_upgrade()

    def on_message_begin(self) -> None:
        # Also of a request on a kept connection: when its first byte has come.
        self._expect_nothing()
        self._due = self.loop.call_later(HEADER_SECONDS, self._check_headers)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._expect_nothing()
        self._began, self._received = time.monotonic(), 0
        self._due = self.loop.call_later(CHECK_SECONDS, self._check_body)

    def on_body(self, body: bytes) -> None:
        self._received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._expect_nothing()
        super().on_message_complete()

    def _expect_nothing(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _check_headers(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._cut()
        else:
            # The answer to the request before is still being made: it is not lost for the next one.
            self._due = self.loop.call_later(HEADER_SECONDS, self._check_headers)

    def _check_body(self) -> None:
        if self.flow.read_paused:
            # It is we who do not read: the client's time begins anew.
            self._began, self._received = time.monotonic(), 0
        if time.monotonic() - self._began > BODY_SECONDS + self._received / BODY_BYTES:
            self._cut()
        else:
            self._due = self.loop.call_later(CHECK_SECONDS, self._check_body)

    def _cut(self) -> None:
        """Say why, and close; the application sees that its client has gone."""
        self._due = None
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(LATE)
        self.transport.close()
