"""Middleware in front of all paths: host name, caller, and the headers that protect pages."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote

import orjson
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_service.errors import GraphServiceError, HostRefused, NotSignedIn, RateExceeded
from graph_service.graphql.allowances import CallerLimits
from graph_service.graphql.error_formatting import format_service_error
from graph_service.sign_in.authentication import Authenticator, OpenAuthenticator, anonymous_caller
from graph_service.sign_in.hosts import is_host_allowed

CALLER = "caller"
"""Name under which a request's state has its caller."""
PUBLIC_PATHS = ("/healthz", "/readyz", "/assets/", "/sign-in", "/sign-out")
"""Beginnings of paths that are open to callers who are not known."""
COUNTED_PUBLIC_PATH = "/sign-in"
"""Beginning of the public paths of which requests are counted, by address: each begins a session."""
STATUS_CODES: dict[type[GraphServiceError], int] = {NotSignedIn: 401, HostRefused: 421, RateExceeded: 429}
"""HTTP status of a refusal; 503 where provider or database cannot be used."""
UNAUTHORIZED_CLOSE, FORBIDDEN_CLOSE, TOO_MANY_CLOSE = 4401, 4403, 4429
STRICT_TRANSPORT_SECURITY = "max-age=31536000"
SECURITY_HEADERS = {
    # Pages have a policy of their own; nothing else is shown as a page.
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class AccessMiddleware:
    """ASGI middleware that lets a request pass with its caller in `request.state.caller`. `is_secure`: browsers see the service by HTTPS."""

    def __init__(
        self,
        app: ASGIApp,
        authenticator: Authenticator | OpenAuthenticator,
        hosts: tuple[str, ...],
        limits: CallerLimits,
        *,
        is_secure: bool = False,
    ) -> None:
        self._app, self._authenticator, self._hosts, self._limits = app, authenticator, hosts, limits
        self._headers = SECURITY_HEADERS | (
            {"strict-transport-security": STRICT_TRANSPORT_SECURITY} if is_secure else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        try:
            host = ", ".join(connection.headers.getlist("host"))
            if not is_host_allowed(host, self._hosts):
                raise HostRefused(host=host[:100])
            if not scope["path"].startswith(PUBLIC_PATHS):
                state[CALLER] = await self._authenticator.caller(connection)
                # A WebSocket client may give its token in its first message.
                if state[CALLER] is None and scope["type"] == "http":
                    raise NotSignedIn(
                        reason_zh="请求没有登录信息，请在请求头中写“Authorization: Bearer 令牌”或“Authorization: Bearer 接口密钥”",
                        reason_en="the request has no credentials; send the header Authorization: Bearer, followed by a token or an API key",
                    )
                # Operations over a WebSocket are counted one by one.
                if scope["type"] == "http":
                    self._limits.count_request(state[CALLER])
            elif scope["path"].startswith(COUNTED_PUBLIC_PATH):
                self._limits.count_request(anonymous_caller(connection))
        except GraphServiceError as error:
            await _refuse(error, scope, receive, self._with_headers(send))
            return
        await self._app(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return send_with_headers


async def _refuse(error: GraphServiceError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request that may not pass: a page is sent to the sign-in, another client gets the error."""
    is_signed_out = isinstance(error, NotSignedIn)
    if scope["type"] == "websocket":
        codes: dict[type[GraphServiceError], int] = {NotSignedIn: UNAUTHORIZED_CLOSE, RateExceeded: TOO_MANY_CLOSE}
        await send({"type": "websocket.close", "code": codes.get(type(error), FORBIDDEN_CLOSE)})
        return
    connection = HTTPConnection(scope)
    wants_page = scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "")
    response: Response
    if is_signed_out and wants_page:
        target = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        response = RedirectResponse(f"/sign-in?next={quote(target, safe='')}", 303)
    else:
        status = STATUS_CODES.get(type(error), 503)
        headers = {"cache-control": "no-store", **({"www-authenticate": "Bearer"} if is_signed_out else {})}
        if isinstance(error, RateExceeded):
            headers["retry-after"] = str(error.details["seconds"])
        body = orjson.dumps({"errors": [format_service_error(error)]})
        response = Response(body, status, headers, "application/json")
    await response(scope, receive, send)
