"""Parameters of a request, from its address or its body, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.types import Message

from graph_service.errors import DocumentRefused
from graph_service.graphql.http.graphql_requests import parse_json
from graph_service.graphql.http.uploads import FORM_MEDIA_TYPE, read_form

JSON_MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Largest bodies that are read, in bytes: without files and with."""

    max_body_bytes: int
    max_upload_bytes: int


class BodyTooLargeError(Exception):
    """The body is larger than allowed."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes)
        self.max_bytes = max_bytes


class UnsupportedMediaTypeError(Exception):
    """The body is not declared to be JSON, nor a form with files, or it is compressed."""


async def read_request_parameters(http_request: Request, limits: BodyLimits) -> Mapping[str, Any]:
    """Return the request's parameters. Raises `DocumentRefused` for invalid JSON, `UnsupportedMediaTypeError`, `BodyTooLargeError`."""
    if is_read_only(http_request):
        query_parameters: dict[str, Any] = dict(http_request.query_params)
        for name in ("variables", "extensions"):
            if name in query_parameters:
                query_parameters[name] = parse_json(query_parameters[name].encode()) if query_parameters[name] else None
        return query_parameters
    if http_request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaTypeError
    content_type, *parameters = [
        part.strip().lower() for part in http_request.headers.get("content-type", "").split(";")
    ]
    if content_type == FORM_MEDIA_TYPE:
        _limit_body(http_request, limits.max_upload_bytes)
        return await read_form(http_request)
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if content_type != JSON_MEDIA_TYPE or any(charset != "utf-8" for charset in charsets):
        raise UnsupportedMediaTypeError
    _limit_body(http_request, limits.max_body_bytes)
    body = parse_json(await http_request.body())
    if not isinstance(body, dict):
        raise DocumentRefused(reason_zh="请求体应为一个 JSON 对象", reason_en="the request body must be a JSON object")
    return body


def is_read_only(http_request: Request) -> bool:
    """Tell whether the request is in the address (GET, HEAD), and so may change nothing."""
    return http_request.method in ("GET", "HEAD")


def _limit_body(http_request: Request, max_bytes: int) -> None:
    """Limit the body: reading beyond `max_bytes` raises `BodyTooLargeError`."""
    bytes_read, receive = 0, http_request.receive

    async def receive_limited() -> Message:
        nonlocal bytes_read
        message = await receive()
        bytes_read += len(message.get("body", b""))
        if bytes_read > max_bytes:
            raise BodyTooLargeError(max_bytes)
        return message

    http_request._receive = receive_limited
