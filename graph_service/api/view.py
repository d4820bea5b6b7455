"""GraphQL over HTTP: POST and GET, as the specification has it (graphql.github.io/graphql-over-http)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse

from graph_service.api.execution import Graphql, Request, Response
from graph_service.api.refusals import refusal
from graph_service.errors import DocumentRefused

MODERN = "application/graphql-response+json"
LEGACY = "application/json"


class View:
    """Endpoint of the API. `body_bytes`: the largest body that is read."""

    def __init__(self, graphql: Graphql, body_bytes: int) -> None:
        self._graphql = graphql
        self._body_bytes = body_bytes

    async def __call__(self, http: HttpRequest) -> HttpResponse:
        media = accepted(http.headers.get("accept", ""))
        if media is None:
            return _refused(406, LEGACY, "Accept 不被支持", f"accept {MODERN} or {LEGACY}")
        try:
            body = await self._asked(http)
            request = _request(body)
        except TooLargeError:
            return _refused(
                413, media, f"请求体超过 {self._body_bytes} 字节", f"the body is larger than {self._body_bytes} bytes"
            )
        except NotJsonError:
            return _refused(415, media, "请用 application/json(UTF-8)", "send application/json (UTF-8)")
        except DocumentRefused as error:
            return _answer(400, media, {"errors": [refusal(error)]})
        except ClientDisconnect:
            return HttpResponse(status_code=400)
        response: Response = await run_in_threadpool(self._graphql.execute, request, read_only=http.method == "GET")
        status = 200 if media == LEGACY and response.status == 400 else response.status
        return _answer(status, media, response.body())

    async def _asked(self, http: HttpRequest) -> Mapping[str, Any]:
        """The request's parameters. Raises `DocumentRefused` for what is not JSON."""
        if http.method == "GET":
            found: dict[str, Any] = dict(http.query_params)
            for name in ("variables", "extensions"):
                if name in found:
                    found[name] = _json(found[name].encode()) if found[name] else None
            return found
        content_type, *parameters = [part.strip().lower() for part in http.headers.get("content-type", "").split(";")]
        charsets = [p.partition("=")[2].strip('"') for p in parameters if p.startswith("charset=")]
        if content_type != LEGACY or any(charset != "utf-8" for charset in charsets):
            raise NotJsonError
        body = bytearray()
        async for chunk in http.stream():
            body += chunk
            if len(body) > self._body_bytes:
                raise TooLargeError
        parsed = _json(bytes(body))
        if not isinstance(parsed, dict):
            raise DocumentRefused(reason_zh="请求体应为一个 JSON 对象", reason_en="the body must be one JSON object")
        return parsed


class TooLargeError(Exception):
    """The body is larger than allowed."""


class NotJsonError(Exception):
    """The body is not declared to be JSON."""


def accepted(accept: str) -> str | None:
    """The media type to answer in, for what a client accepts; None where it is neither."""
    offers = []
    for place, part in enumerate(accept.split(",") if accept.strip() else ["*/*"]):
        media, *parameters = [piece.strip().lower() for piece in part.split(";")]
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            offers.append((-float(quality), place, media))
        except ValueError:
            continue
    for quality_, _, media in sorted(offers):
        if quality_ == 0:
            continue
        if media == MODERN:
            return MODERN
        if media in (LEGACY, "*/*", "application/*"):
            return LEGACY
    return None


def _json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except ValueError as error:
        raise DocumentRefused(reason_zh=f"不是有效的 JSON({error})", reason_en=f"it is not JSON ({error})") from error


def _request(asked: Mapping[str, Any]) -> Request:
    """What is asked, its parts checked. Raises `DocumentRefused`."""
    query, name = asked.get("query"), asked.get("operationName")
    variables, extensions = asked.get("variables"), asked.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise DocumentRefused(reason_zh="缺少 query", reason_en="query is missing")
    if name is not None and not isinstance(name, str):
        raise DocumentRefused(reason_zh="operationName 应为文本", reason_en="operationName must be text")
    if not all(part is None or isinstance(part, dict) for part in (variables, extensions)):
        raise DocumentRefused(
            reason_zh="variables 和 extensions 应为 JSON 对象",
            reason_en="variables and extensions must be JSON objects",
        )
    return Request(query, name, variables or {})


def _answer(status: int, media: str, body: object) -> HttpResponse:
    headers = {"allow": "POST"} if status == 405 else None
    return HttpResponse(orjson.dumps(body), status, headers, f"{media}; charset=utf-8")


def _refused(status: int, media: str, zh: str, en: str) -> HttpResponse:
    return _answer(status, media, {"errors": [refusal(DocumentRefused(reason_zh=zh, reason_en=en))]})
