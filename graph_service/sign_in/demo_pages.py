"""Page on which a browser chooses a user of the demo; until then it may do everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graph_service.access.sessions import Session, Sessions
from graph_service.errors import GraphServiceError, HostRefused, NotFound, OriginRefused
from graph_service.platform.local_database import utc_now
from graph_service.sign_in.authentication import SESSION_COOKIE
from graph_service.sign_in.demo_users import AREA_NAMES, DEMO_USERS, DemoUser
from graph_service.sign_in.hosts import host_name, is_loopback
from graph_service.sign_in.html_pages import html_page, paragraphs
from graph_service.sign_in.origins import require_same_origin
from graph_service.sign_in.pages import set_cookie

PATH, TITLE = "/demo-users", "演示用户 / Demo users"
EVERYTHING = "everything"
"""Last part of the path to post to for the caller who may do everything."""
SESSION_TIME = timedelta(hours=8)
USERS_BY_NAME = {user.user: user for user in DEMO_USERS}
QUERY = """{
  me { user roles }
  households { totalCount }
  persons(area: {code: "513431100205"}, first: 3) {
    nodes { current { name idDocument full(purpose: "演示") { status bornOn health } } }
  }
}
"""
"""Query whose answer differs by user: number of households, names, ID documents and health."""
INTRODUCTION = """<p>选择一个用户后，本浏览器的查询以该用户的身份执行；未选择时可查看并更改全部数据。用户是虚构的机构，只在演示中存在。</p>
<p lang="en">After a choice, queries of this browser are asked as that user; without one, everything may be read and changed. The users
are made-up offices and exist in the demo only.</p>
<p class="state">当前用户 <span lang="en">/ Current user</span>：<strong>{current}</strong></p>
<p><a href="/graphql?query={query}">在 GraphiQL 中查看该用户看到的内容 <span lang="en">/ See in GraphiQL what this user sees</span></a></p>
<form method="post" action="{path}/{everything}">
<table><thead><tr><th>用户 <span lang="en">User</span></th><th>角色 <span lang="en">Role</span></th><th>区划 <span lang="en">Area</span></th>
<th>权限 <span lang="en">May</span></th><th></th></tr></thead><tbody>
{rows}
</tbody></table></form>"""
EVERYTHING_CELLS = (
    ("不选用户", "no user"),
    ("全部角色", "all roles"),
    ("全部", "everywhere"),
    ("查看并更改全部数据", "Reads and changes everything"),
)
"""Texts of the row of the caller who may do everything."""
STATUS_CODES: dict[type[GraphServiceError], int] = {NotFound: 404, HostRefused: 421, OriginRefused: 403}


class DemoPages:
    """Endpoints of the choice of a user. They answer to loopback names only."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def routes(self) -> list[Route]:
        return [
            Route(PATH, self._show, methods=["GET"]),
            Route(f"{PATH}/{{name}}", self._choose, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        try:
            _require_loopback(request)
        except GraphServiceError as error:
            return _failure_page(error)
        return html_page(200, TITLE, _content(request.state.caller.user))

    async def _choose(self, request: Request) -> Response:
        try:
            _require_loopback(request)
            require_same_origin(request)
            user = _named_user(request)
        except GraphServiceError as error:
            return _failure_page(error)
        if cookie := request.cookies.get(SESSION_COOKIE):
            self._sessions.end(cookie)
        response = RedirectResponse(PATH, 303, {"cache-control": "no-store"})
        if user is None:
            response.delete_cookie(SESSION_COOKIE)
        else:
            id_ = self._sessions.begin(Session(user.user, user.title, {}, utc_now() + SESSION_TIME))
            set_cookie(response, SESSION_COOKIE, id_, SESSION_TIME, is_secure=request.url.scheme == "https")
        return response


def _require_loopback(request: Request) -> None:
    """Raise `HostRefused` for a name of another machine, even where the settings allow it."""
    host = request.headers.get("host", "")
    if not is_loopback(host_name(host)):
        raise HostRefused(host=host[:100])


def _named_user(request: Request) -> DemoUser | None:
    """Return the user in the path, None for the caller who may do everything. Raises `NotFound`."""
    name = request.path_params["name"]
    if name != EVERYTHING and name not in USERS_BY_NAME:
        raise NotFound(what_zh="演示用户", what_en="demo user", key=name)
    return USERS_BY_NAME.get(name)


def _failure_page(error: GraphServiceError) -> Response:
    return html_page(STATUS_CODES[type(error)], TITLE, paragraphs(error.message_zh, error.message_en))


def _content(current: str) -> str:
    user = USERS_BY_NAME.get(current)
    rows = [
        _row(EVERYTHING, EVERYTHING_CELLS, is_current=user is None),
        *(_row(each.user, _cells(each), is_current=each is user) for each in DEMO_USERS),
    ]
    title = f"{user.title} {user.user}" if user else "未选择，可查看并更改全部数据 / none, everything may be done"
    return INTRODUCTION.format(
        current=escape(title), query=quote(QUERY), path=PATH, everything=EVERYTHING, rows="\n".join(rows)
    )


def _cells(user: DemoUser) -> tuple[tuple[str, str], ...]:
    """Return the texts of a user's row, in Chinese and English."""
    return (
        (user.title, user.user),
        (user.role_name, user.role.value),
        AREA_NAMES[user.areas],
        (user.rights_zh, user.rights_en),
    )


def _row(name: str, cells: Sequence[tuple[str, str]], *, is_current: bool) -> str:
    """Return the HTML of a row with the button that chooses its user."""
    texts = "".join(f'<td>{escape(zh)}<br><span lang="en">{escape(en)}</span></td>' for zh, en in cells)
    mark, disabled = (' class="current"', " disabled") if is_current else ("", "")
    action = "当前用户 / Current" if is_current else "切换 / Switch"
    return f'<tr{mark}>{texts}<td><button formaction="{PATH}/{name}"{disabled}>{action}</button></td></tr>'
