"""Pages of the sign-in: to the provider and back, the end of a session, and what went wrong."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from graph_service.access.openid import OpenIdProvider, SignInRequest
from graph_service.access.sessions import Session, Sessions
from graph_service.config import Settings
from graph_service.errors import GraphServiceError, NotSignedIn, OriginRefused
from graph_service.platform.local_database import utc_now
from graph_service.sign_in.authentication import SESSION_COOKIE, session_of
from graph_service.sign_in.html_pages import html_page, link, paragraphs
from graph_service.sign_in.origins import require_same_origin

PENDING_COOKIE = "graph_service_sign_in"
SIGN_IN_PATH, CALLBACK_PATH, SIGN_OUT_PATH = "/sign-in", "/sign-in/callback", "/sign-out"
PENDING_TIME = timedelta(minutes=10)
"""Time within which the browser has to return from the provider."""
HOME = "/"


class SignInPages:
    """Endpoints of the sign-in with a provider; without one, they say how to get access."""

    def __init__(self, settings: Settings, sessions: Sessions, provider: OpenIdProvider | None) -> None:
        self._settings, self._sessions, self._provider = settings, sessions, provider

    def routes(self) -> list[Route]:
        return [
            Route(SIGN_IN_PATH, self._begin),
            Route(CALLBACK_PATH, self._finish),
            Route(SIGN_OUT_PATH, _confirm_end, methods=["GET"]),
            Route(SIGN_OUT_PATH, self._end, methods=["POST"]),
        ]

    async def _begin(self, request: Request) -> Response:
        if self._provider is None:
            # No link to sign in again: it would lead to this page.
            text = paragraphs(
                "本服务未配置单点登录，浏览器不能打开其页面。请向系统管理员申请接口密钥，由客户端在请求头中写“Authorization: Bearer 接口密钥”。",
                "Single sign-on is not configured, so a browser cannot open the pages of this service. Ask the administrator for an API key, which a client sends in the header Authorization: Bearer.",
            )
            return html_page(401, "请使用接口密钥", text)
        next_path = local_path(request.query_params.get("next", ""))
        try:
            url, pending = await self._provider.begin(self._base_url(request) + CALLBACK_PATH, next_path)
        except GraphServiceError as error:
            return _failure_page(error)
        session = Session("", "", asdict(pending), utc_now() + PENDING_TIME)
        response = RedirectResponse(url, 303, {"cache-control": "no-store"})
        pending_id = self._sessions.begin(session)
        set_cookie(response, PENDING_COOKIE, pending_id, PENDING_TIME, SIGN_IN_PATH, is_secure=self._is_secure(request))
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
        set_cookie(response, SESSION_COOKIE, new_id, duration, is_secure=self._is_secure(request))
        response.delete_cookie(PENDING_COOKIE, path=SIGN_IN_PATH)
        return response

    async def _end(self, request: Request) -> Response:
        try:
            require_same_origin(request)
        except OriginRefused as error:
            return html_page(403, "未退出登录", paragraphs(error.message_zh, error.message_en))
        cookie = request.cookies.get(SESSION_COOKIE)
        if cookie:
            self._sessions.end(cookie)
        response = _page(200, "已退出登录", "您已退出登录。", "You are signed out.", HOME)
        response.delete_cookie(SESSION_COOKIE)
        return response

    def _base_url(self, request: Request) -> str:
        return (self._settings.public_url or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")

    def _is_secure(self, request: Request) -> bool:
        return self._base_url(request).startswith("https:")


def set_cookie(
    response: Response, name: str, value: str, duration: timedelta, path: str = HOME, *, is_secure: bool
) -> None:
    """Set the cookie of a session, which no script can read."""
    response.set_cookie(
        name,
        value,
        max_age=int(duration.total_seconds()),
        path=path,
        secure=is_secure,
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


async def _confirm_end(_: Request) -> Response:
    button = f'<form method="post" action="{SIGN_OUT_PATH}"><button>退出登录 / Sign out</button></form>'
    return html_page(200, "退出登录", paragraphs("确定退出登录吗？", "Do you want to sign out?") + button)


def _page(status: int, title: str, zh: str, en: str, target: str = SIGN_IN_PATH) -> HTMLResponse:
    return html_page(status, title, paragraphs(zh, en) + link(target, "重新登录 / Sign in again"))
