"""Requests to the service: ASGI middleware around all others, which counts them and gives each a trace."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable

from opentelemetry import trace
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_service.telemetry import metrics, spans

TRACE_HEADER = "x-trace-id"
UNKNOWN_PATH, UNKNOWN_METHOD = "(unknown)", "(unknown)"
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class PathTemplates:
    """Templates of the paths of an application; all paths that it does not have share one."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._exact: set[str] = set()
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        for route in routes:
            if isinstance(route, Route) and "{" not in route.path:
                self._exact.add(route.path)
            elif isinstance(route, Route | Mount):
                self._patterns.append((route.path_regex, route.path))

    def template(self, path: str) -> str:
        """Return the template of a path, such as /exports/{name}."""
        if path in self._exact:
            return path
        return next((template for pattern, template in self._patterns if pattern.match(path)), UNKNOWN_PATH)


class TelemetryMiddleware:
    """ASGI middleware that measures requests. It must be the outermost one, so that it sees the answers to unexpected errors, too."""

    def __init__(self, app: ASGIApp, templates: PathTemplates) -> None:
        self._app, self._templates = app, templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._handle_request(scope, receive, send)
        elif scope["type"] == "websocket":
            with metrics.WEBSOCKETS.track_inprogress(), spans.remote_trace(_traceparent(scope)):
                await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _handle_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self._templates.template(scope["path"])
        method = scope["method"] if scope["method"] in METHODS else UNKNOWN_METHOD
        status = 500
        started_at = time.perf_counter()
        with spans.request_span(f"{method} {path}", _traceparent(scope)) as span:
            trace_header = (TRACE_HEADER.encode(), spans.current_trace_id().encode())

            async def send_with_trace(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    message = {**message, "headers": [*message.get("headers", ()), trace_header]}
                await send(message)

            try:
                await self._app(scope, receive, send_with_trace)
            finally:
                metrics.series(metrics.HTTP_REQUESTS, method, path, str(status)).inc()
                metrics.series(metrics.HTTP_SECONDS, path).observe(time.perf_counter() - started_at)
                _describe(span, method, path, status)


def _traceparent(scope: Scope) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)


def _describe(span: trace.Span, method: str, path: str, status: int) -> None:
    """Describe a request in its span by method, template and status."""
    if span.is_recording():
        span.set_attributes({"http.request.method": method, "http.route": path, "http.response.status_code": status})
        if status >= 500:
            span.set_status(trace.StatusCode.ERROR)
