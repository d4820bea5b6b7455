"""The page of GraphiQL. Its scripts carry a nonce that is new in every response: the browser runs no other script."""

from __future__ import annotations

import secrets
from functools import cache
from importlib.resources import files

from starlette.responses import HTMLResponse

NONCE_BYTES = 16
NONCE_MARK, NOTICE_MARK = "{nonce}", "{notice}"
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; "
    # GraphiQL's editor writes style attributes and elements.
    "style-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NOTICE = (
    '<p id="notice">本服务只执行受信文档：可执行所列示例，其他查询会被拒绝。'
    '<span lang="en">This service runs trusted documents only: the examples can be run, other queries are refused.</span></p>'
)


def console_page(*, only_trusted: bool) -> HTMLResponse:
    """Return the page. `only_trusted`: it says that only trusted documents are served."""
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    text = _template().replace(NONCE_MARK, nonce).replace(NOTICE_MARK, NOTICE if only_trusted else "")
    headers = {"cache-control": "no-store", "content-security-policy": POLICY.replace(NONCE_MARK, nonce)}
    return HTMLResponse(text, headers=headers)


@cache
def _template() -> str:
    return (files("graph_service") / "console" / "assets" / "graphiql.html").read_text(encoding="utf-8")
