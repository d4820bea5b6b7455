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
MOST_HEADER_BYTES = 65_536
"""Of the request line and all headers of a request."""
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
LATE = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Connection(HttpToolsProtocol):
    """A connection with time limits for what the client sends."""

    _due: asyncio.TimerHandle | None = None
    _began = 0.0
    _received = 0
    _too_many = False
    _headers = 0
    """Bytes of the headers so far, as they come in pieces; -1 where none are expected."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._due = self.loop.call_later(HEADER_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self._expect_nothing()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        if self._headers >= 0:
            self._headers += len(data)
        super().data_received(data)
        if self._headers > MOST_HEADER_BYTES or self._too_many:
            self._cut(TOO_LARGE)

    def on_message_begin(self) -> None:
        self._headers = max(self._headers, 0)
        # Also of a request on a kept connection: when its first byte has come.
        self._expect_nothing()
        self._due = self.loop.call_later(HEADER_SECONDS, self._check_headers)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._headers = -1
        self._too_many = sum(len(name) + len(value) for name, value in self.headers) > MOST_HEADER_BYTES
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

    def _cut(self, why: bytes = LATE) -> None:
        """Say why, and close; the application sees that its client has gone."""
        self._expect_nothing()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(why)
        self.transport.close()
