"""Origin of posts: a page of another site must not end or begin a session in somebody's browser."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from graph_service.errors import OriginRefused

OWN_SITES = ("same-origin", "none")
"""Values of Sec-Fetch-Site: a page of this service, or the user's own act."""


def is_same_origin(connection: HTTPConnection) -> bool:
    """Tell whether a page of this service sends a post, or a program that is no browser: browsers state the site or the origin of a post."""
    headers = connection.headers
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] in OWN_SITES
    own_origins = [f"{scheme}://{headers.get('host')}" for scheme in ("http", "https")]
    return headers.get("origin") in (None, *own_origins)


def require_same_origin(connection: HTTPConnection) -> None:
    """Raise `OriginRefused` for a post from a page of another site."""
    if not is_same_origin(connection):
        raise OriginRefused(origin=connection.headers.get("origin", "null")[:100])
