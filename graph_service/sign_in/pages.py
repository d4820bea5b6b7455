"""Pages of the sign-in: to the provider and back, the end of a session, and what went wrong."""

from __future__ import annotations

import html
from dataclasses import asdict
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from graph_service.access.openid import OpenIdProvider, SignInRequest
from graph_service.access.sessions import Session, Sessions
from graph_service.config import Settings
from graph_service.errors import GraphServiceError, NotSignedIn
from graph_service.platform.local_database import utc_now
from graph_service.sign_in.authentication import SESSION_COOKIE, session_of

PENDING_COOKIE = "graph_service_sign_in"
SIGN_IN_PATH, CALLBACK_PATH, SIGN_OUT_PATH = "/sign-in", "/sign-in/callback", "/sign-out"
PENDING_TIME = timedelta(minutes=10)
"""Time within which the browser has to return from the provider."""
HOME = "/"
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1><p>{zh}</p><p lang="en">{en}</p><p><a href="{link}">{link_text}</a></p></main></body></html>
"""
PAGE_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}


class SignInPages:
    """Endpoints of the sign-in with a provider; without one, they say how to get access."""

    def __init__(self, settings: Settings, sessions: Sessions, provider: OpenIdProvider | None) -> None:
        self._settings, self._sessions, self._provider = settings, sessions, provider

    def routes(self) -> list[Route]:
        return [
            Route(SIGN_IN_PATH, self._begin),
            Route(CALLBACK_PATH, self._finish),
            Route(SIGN_OUT_PATH, self._end, methods=["POST"]),
        ]

    async def _begin(self, request: Request) -> Response:
        if self._provider is None:
            return _page(
                401,
                "请使用接口密钥",
                "本服务未配置单点登录。请向系统管理员申请接口密钥，并在请求头 Authorization 中给出。",
                "Single sign-on is not configured. Ask the administrator for an API key and send it in the Authorization header.",
            )
        next_path = local_path(request.query_params.get("next", ""))
        try:
            url, pending = await self._provider.begin(self._base_url(request) + CALLBACK_PATH, next_path)
        except GraphServiceError as error:
            return _failure_page(error)
        session = Session("", "", asdict(pending), utc_now() + PENDING_TIME)
        response = RedirectResponse(url, 303, {"cache-control": "no-store"})
        self._set_cookie(request, response, PENDING_COOKIE, self._sessions.begin(session), PENDING_TIME)
        return response

    async def _finish(self, request: Request) -> Response:
        cookie = request.cookies.get(PENDING_COOKIE, "")
        # A response is used once: the pending sign-in ends with it.
        session = self._sessions.end(cookie) if cookie else None
        try:
            if self._provider is None or session is None or session.user:
                raise NotSignedIn(
                    reason_zh="登录已超时，请重新登录", reason_en="the sign-in took too long; start again"
                )
            pending = SignInRequest(**session.content)
            if request.query_params.get("state") != pending.state:
                raise NotSignedIn(
                    reason_zh="登录响应与请求不符", reason_en="the response does not belong to this sign-in"
                )
            code = request.query_params.get("code")
            if not code:
                raise NotSignedIn(
                    reason_zh="身份提供方未同意登录", reason_en="the identity provider did not agree to the sign-in"
                )
            identity = await self._provider.finish(pending, code)
        except GraphServiceError as error:
            return _failure_page(error)
        duration = timedelta(minutes=self._settings.session_minutes)
        response = RedirectResponse(pending.next_path, 303, {"cache-control": "no-store"})
        new_id = self._sessions.begin(session_of(identity, utc_now() + duration))
        self._set_cookie(request, response, SESSION_COOKIE, new_id, duration)
        response.delete_cookie(PENDING_COOKIE, path=SIGN_IN_PATH)
        return response

    async def _end(self, request: Request) -> Response:
        cookie = request.cookies.get(SESSION_COOKIE)
        if cookie:
            self._sessions.end(cookie)
        response = _page(200, "已退出登录", "您已退出登录。", "You are signed out.", HOME, "重新登录 / Sign in again")
        response.delete_cookie(SESSION_COOKIE)
        return response

    def _base_url(self, request: Request) -> str:
        return (self._settings.public_url or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")

    def _set_cookie(self, request: Request, response: Response, name: str, value: str, duration: timedelta) -> None:
        response.set_cookie(
            name,
            value,
            max_age=int(duration.total_seconds()),
            path=SIGN_IN_PATH if name == PENDING_COOKIE else HOME,
            secure=self._base_url(request).startswith("https:"),
            httponly=True,
            # The provider sends the browser here from its own page: a strict cookie would be missing then.
            samesite="lax",
        )


def local_path(text: str) -> str:
    """Return a path of this service as it is, the home page for anything else: a sign-in must not lead to another site."""
    parts = urlsplit(text)
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return text if is_local and text.isprintable() else HOME


def _failure_page(error: GraphServiceError) -> HTMLResponse:
    status = 401 if isinstance(error, NotSignedIn) else 503
    return _page(status, "登录未完成", error.public_message_zh, error.public_message_en)


def _page(
    status: int, title: str, zh: str, en: str, link: str = SIGN_IN_PATH, link_text: str = "重新登录 / Sign in again"
) -> HTMLResponse:
    texts = {"title": title, "zh": zh, "en": en, "link": link, "link_text": link_text}
    body = PAGE.format(**{name: html.escape(text) for name, text in texts.items()})
    return HTMLResponse(body, status, PAGE_HEADERS)
