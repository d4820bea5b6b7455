"""GraphQL over HTTP: POST and GET, as the specification has it (graphql.github.io/graphql-over-http)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Any

import orjson
from graphql import OperationType
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.responses import StreamingResponse

from graph_service import __version__
from graph_service.api.execution import Graphql, Operation, Request, Response
from graph_service.api.http.admission import Admission
from graph_service.api.http.asked import request_of
from graph_service.api.http.bodies import JSON, Limits, NotJsonError, TooLargeError, asked_of, reads
from graph_service.api.http.streams import MEDIA, streamed
from graph_service.api.http.watch import Watch
from graph_service.api.refusals import refusal, storage_is_full
from graph_service.errors import DocumentRefused, EngineError, ServiceBusy, StorageFull
from graph_service.services.areas import EVERYWHERE

EVENTS = MEDIA
MODERN = "application/graphql-response+json"
LEGACY = JSON


class View:
    """Endpoint of the API. `limits`: the largest bodies that are read."""

    def __init__(self, graphql: Graphql, watch: Watch, limits: Limits, admission: Admission) -> None:
        self._graphql = graphql
        self._watch = watch
        self._limits = limits
        self._admission = admission

    async def __call__(self, http: HttpRequest) -> HttpResponse:
        media, streaming = accepted(http.headers.get("accept", "")), False
        if media is None:
            return _refused(406, LEGACY, "Accept 不被支持", f"accept {MODERN} or {LEGACY}")
        try:
            body = await asked_of(http, self._limits)
            request = request_of(body)
            response = await self._response(http, media, body, request)
        except TooLargeError as error:
            return _refused(413, media, f"请求体超过 {error.most} 字节", f"the body is larger than {error.most} bytes")
        except NotJsonError:
            return _refused(
                415, media, "请用 application/json(UTF-8),不压缩", "send application/json (UTF-8), uncompressed"
            )
        except DocumentRefused as error:
            return _answer(400, LEGACY if media == EVENTS else media, {"errors": [refusal(error)]})
        except ServiceBusy as error:
            headers = {"cache-control": "no-store", "retry-after": str(error.details["seconds"])}
            return _answer(503, LEGACY if media == EVENTS else media, {"errors": [refusal(error)]}, headers)
        except OSError as error:
            if not storage_is_full(error):
                raise
            return _answer(507, LEGACY if media == EVENTS else media, {"errors": [refusal(StorageFull())]})
        except ClientDisconnect:
            return HttpResponse(status_code=400)
        else:
            # What is streamed is answered while it is sent: till then files that came with it are needed.
            streaming = isinstance(response, StreamingResponse)
            if streaming:
                response.background = BackgroundTask(http.close)
            return response
        finally:
            if not streaming:
                await http.close()

    async def _response(self, http: HttpRequest, media: str, body: Mapping[str, Any], request: Request) -> HttpResponse:
        if media == EVENTS:
            # Unlike a mutation, a subscription by GET does no more than a query.
            operation = await self._admission.run(self._graphql.prepare, request)
            if isinstance(operation, Operation) and operation.kind is OperationType.MUTATION and reads(http):
                return _refused(405, LEGACY, "GET 只能查询", "GET may only query")
            return streamed(operation, self._watch, self._admission)
        if not reads(http):
            response: Response = await self._admission.run(self._graphql.execute, request, http=http)
            return _answered(media, response)
        tag = await self._admission.run(self._tag, media, body)
        if tag is not None and _has(http.headers.get("if-none-match", ""), tag):
            return HttpResponse(status_code=304, headers=_kept(tag))
        response = await self._admission.run(partial(self._graphql.execute, read_only=True), request, http=http)
        return _answered(media, response, {} if tag is None or response.errors else _kept(tag))

    def _tag(self, media: str, asked: Mapping[str, Any]) -> str | None:
        """An answer's tag: what is asked, of which data version, for whom, by which release; none where nothing is published."""
        try:
            version = self._graphql.version()
        except EngineError:
            # Told by the answer itself, in its place.
            return None
        if version is None:
            return None
        named = orjson.dumps([asked, media, version, EVERYWHERE, __version__], option=orjson.OPT_SORT_KEYS)
        return f'W/"{sha256(named).hexdigest()[:32]}"'


def _has(known: str, tag: str) -> bool:
    """Whether a client that knows these tags knows this one."""
    return known.strip() == "*" or tag in (one.strip() for one in known.split(","))


def accepted(accept: str) -> str | None:
    """The media type to answer in, for what a client accepts; None where it is none of ours."""
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
        if media in (MODERN, EVENTS):
            return media
        if media in (LEGACY, "*/*", "application/*"):
            return LEGACY
    return None


def _answered(media: str, response: Response, headers: Mapping[str, str] | None = None) -> HttpResponse:
    status = 200 if media == LEGACY and response.status == 400 else response.status
    return _answer(status, media, response.body(), headers)


def _kept(tag: str) -> dict[str, str]:
    """Headers of an answer that a client may keep, as long as it asks whether it is still so."""
    return {"etag": tag, "cache-control": "private, no-cache", "vary": "accept, authorization"}


def _answer(status: int, media: str, body: object, headers: Mapping[str, str] | None = None) -> HttpResponse:
    given = dict(headers or {"cache-control": "no-store"}) | ({"allow": "POST"} if status == 405 else {})
    return HttpResponse(orjson.dumps(body), status, given, f"{media}; charset=utf-8")


def _refused(status: int, media: str, zh: str, en: str) -> HttpResponse:
    return _answer(status, media, {"errors": [refusal(DocumentRefused(reason_zh=zh, reason_en=en))]})
