"""What a request asks, from its address or its body, within limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.types import Message

from graph_service.api.http.asked import parsed
from graph_service.api.http.uploads import FORM, received
from graph_service.errors import DocumentRefused

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest bodies that are read, in bytes: without files and with."""

    body: int
    upload: int


class TooLargeError(Exception):
    """The body is larger than allowed."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class NotJsonError(Exception):
    """The body is not declared to be JSON, nor a form with files, or it is compressed."""


async def asked_of(http: Request, limits: Limits) -> Mapping[str, Any]:
    """The request's parameters. Raises `DocumentRefused` for what is not JSON, `NotJsonError`, `TooLargeError`."""
    if reads(http):
        found: dict[str, Any] = dict(http.query_params)
        for name in ("variables", "extensions"):
            if name in found:
                found[name] = parsed(found[name].encode()) if found[name] else None
        return found
    if http.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise NotJsonError
    content_type, *parameters = [part.strip().lower() for part in http.headers.get("content-type", "").split(";")]
    if content_type == FORM:
        _bounded(http, limits.upload)
        return await received(http)
    charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
    if content_type != JSON or any(charset != "utf-8" for charset in charsets):
        raise NotJsonError
    _bounded(http, limits.body)
    said = parsed(await http.body())
    if not isinstance(said, dict):
        raise DocumentRefused(reason_zh="请求体应为一个 JSON 对象", reason_en="the body must be one JSON object")
    return said


def reads(http: Request) -> bool:
    """Whether it is asked by the address, and may change nothing."""
    return http.method in ("GET", "HEAD")


def _bounded(http: Request, most: int) -> None:
    """No more of the body is read than that."""
    read, receive = 0, http.receive

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise TooLargeError(most)
        return message

    http._receive = counted
