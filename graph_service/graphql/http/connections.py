"""HTTP connections: one that sends its headers or its body too slowly is closed, so that it holds no resources for ever."""

from __future__ import annotations

import asyncio
import time

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER_SECONDS = 10.0
"""Longest time for the headers of a request, and for the silence of a new connection."""
BODY_GRACE_SECONDS = 20.0
"""Time that any body may take; a larger one may take longer."""
MIN_BODY_BYTES_PER_SECOND = 2_000
"""Lowest average rate of a body, as a slow line in the mountains has it."""
CHECK_INTERVAL_SECONDS = 1.0
MAX_HEADER_BYTES = 65_536
"""Largest size of the request line and all headers of a request."""
HEADERS_TOO_LARGE_RESPONSE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)
TIMEOUT_RESPONSE = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class HttpConnection(HttpToolsProtocol):
    """A connection with time limits for what the client sends."""

    _timer: asyncio.TimerHandle | None = None
    _body_started_at = 0.0
    _body_bytes = 0
    _headers_too_large = False
    _header_bytes = 0
    """Bytes of the headers received so far, in any number of pieces; -1 where none are expected."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(MAX_HEADER_SECONDS, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_timer()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self._cancel_timer()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        if self._header_bytes >= 0:
            self._header_bytes += len(data)
        super().data_received(data)
        if self._header_bytes > MAX_HEADER_BYTES or self._headers_too_large:
            self._abort(HEADERS_TOO_LARGE_RESPONSE)

    def on_message_begin(self) -> None:
        self._header_bytes = max(self._header_bytes, 0)
        # On a reused connection too, the time runs from the first byte of a request.
        self._cancel_timer()
        self._timer = self.loop.call_later(MAX_HEADER_SECONDS, self._check_headers)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._header_bytes = -1
        self._headers_too_large = sum(len(name) + len(value) for name, value in self.headers) > MAX_HEADER_BYTES
        super().on_headers_complete()
        self._cancel_timer()
        self._body_started_at, self._body_bytes = time.monotonic(), 0
        self._timer = self.loop.call_later(CHECK_INTERVAL_SECONDS, self._check_body)

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._cancel_timer()
        super().on_message_complete()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check_headers(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._abort()
        else:
            # The previous request is still being answered: its answer must not be lost for the next one.
            self._timer = self.loop.call_later(MAX_HEADER_SECONDS, self._check_headers)

    def _check_body(self) -> None:
        if self.flow.read_paused:
            # The server has paused reading: the client's time begins anew.
            self._body_started_at, self._body_bytes = time.monotonic(), 0
        if time.monotonic() - self._body_started_at > BODY_GRACE_SECONDS + self._body_bytes / MIN_BODY_BYTES_PER_SECOND:
            self._abort()
        else:
            self._timer = self.loop.call_later(CHECK_INTERVAL_SECONDS, self._check_body)

    def _abort(self, response: bytes = TIMEOUT_RESPONSE) -> None:
        """Send the reason and close; the application sees that its client has disconnected."""
        self._cancel_timer()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(response)
        self.transport.close()
