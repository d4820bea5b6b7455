"""HTML of the pages of the sign-in: Chinese first, without scripts."""

from __future__ import annotations

from html import escape

from starlette.responses import HTMLResponse

from graph_service.access.masking import mask_message

TEMPLATE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/assets/pages.css"></head>
<body><main><h1>{title}</h1>
{content}
</main></body></html>
"""
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    # With `no-referrer` a form of the page itself would be sent with the origin `null`.
    "referrer-policy": "same-origin",
}


def html_page(status: int, title: str, content: str) -> HTMLResponse:
    """Return a page. `content` is HTML."""
    return HTMLResponse(TEMPLATE.format(title=escape(title), content=content), status, HEADERS)


def paragraphs(zh: str, en: str) -> str:
    """Return the HTML of a message in both languages."""
    return f'<p>{escape(mask_message(zh))}</p>\n<p lang="en">{escape(mask_message(en))}</p>'


def link(path: str, text: str) -> str:
    """Return the HTML of a link to a path of this service."""
    return f'<p><a href="{escape(path)}">{escape(text)}</a></p>'
