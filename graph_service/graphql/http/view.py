"""GraphQL over HTTP: POST and GET, by the specification (graphql.github.io/graphql-over-http)."""

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
from graph_service.access.callers import Caller
from graph_service.access.permissions import Permissions
from graph_service.access.rights import Right
from graph_service.errors import DocumentRefused, EngineError, NotSignedIn, ServiceBusy, StorageFull
from graph_service.graphql.allowances import CallerLimits
from graph_service.graphql.error_formatting import format_service_error, is_storage_full
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest, GraphQLResponse, PreparedOperation
from graph_service.graphql.http.admission import Admission
from graph_service.graphql.http.bodies import (
    JSON_MEDIA_TYPE,
    BodyLimits,
    BodyTooLargeError,
    UnsupportedMediaTypeError,
    is_read_only,
    read_request_parameters,
)
from graph_service.graphql.http.graphql_requests import busy_status, parse_request, prepare_for_caller, run_for_caller
from graph_service.graphql.http.streams import EVENT_STREAM_MEDIA_TYPE, stream_response
from graph_service.graphql.http.watch import Watch
from graph_service.graphql.trusted_documents import TrustedDocuments

EVENT_STREAM = EVENT_STREAM_MEDIA_TYPE
GRAPHQL_MEDIA_TYPE = "application/graphql-response+json"
LEGACY_MEDIA_TYPE = JSON_MEDIA_TYPE


class View:
    """HTTP endpoint of the API. `limits`: the largest bodies that are read; `caller_limits`: what callers may spend and have open."""

    def __init__(
        self,
        graphql: GraphQLApi,
        watch: Watch,
        limits: BodyLimits,
        admission: Admission,
        caller_limits: CallerLimits,
        documents: TrustedDocuments,
    ) -> None:
        self._graphql = graphql
        self._watch = watch
        self._limits = limits
        self._admission = admission
        self._caller_limits = caller_limits
        self._documents = documents

    async def __call__(self, http_request: HttpRequest) -> HttpResponse:
        media, is_streaming = negotiate_media_type(http_request.headers.get("accept", "")), False
        if media is None:
            return _error_response(
                406,
                LEGACY_MEDIA_TYPE,
                f"请求头 Accept 须包含 {GRAPHQL_MEDIA_TYPE} 或 {LEGACY_MEDIA_TYPE}",
                f"the Accept header must allow {GRAPHQL_MEDIA_TYPE} or {LEGACY_MEDIA_TYPE}",
            )
        try:
            body = await read_request_parameters(http_request, self._limits)
            request = parse_request(body, self._documents)
            response = await self._respond(http_request, media, body, request)
        except BodyTooLargeError as error:
            return _error_response(
                413,
                media,
                f"请求体超过上限 {error.max_bytes} 字节",
                f"the request body is larger than the limit of {error.max_bytes} bytes",
            )
        except UnsupportedMediaTypeError:
            return _error_response(
                415,
                media,
                "请求体须为未压缩的 application/json（UTF-8）",
                "the request body must be application/json (UTF-8), uncompressed",
            )
        except DocumentRefused as error:
            return _json_response(
                400, LEGACY_MEDIA_TYPE if media == EVENT_STREAM else media, {"errors": [format_service_error(error)]}
            )
        except ServiceBusy as error:
            headers = {"cache-control": "no-store", "retry-after": str(error.details["seconds"])}
            return _json_response(
                busy_status(error),
                LEGACY_MEDIA_TYPE if media == EVENT_STREAM else media,
                {"errors": [format_service_error(error)]},
                headers,
            )
        except OSError as error:
            if not is_storage_full(error):
                raise
            return _json_response(
                507,
                LEGACY_MEDIA_TYPE if media == EVENT_STREAM else media,
                {"errors": [format_service_error(StorageFull())]},
            )
        except ClientDisconnect:
            return HttpResponse(status_code=400)
        else:
            # A stream is computed while it is sent: the uploaded files are needed until its end.
            is_streaming = isinstance(response, StreamingResponse)
            if is_streaming:
                response.background = BackgroundTask(http_request.close)
            return response
        finally:
            if not is_streaming:
                await http_request.close()

    async def _respond(
        self, http_request: HttpRequest, media: str, request_parameters: Mapping[str, Any], request: GraphQLRequest
    ) -> HttpResponse:
        if media == EVENT_STREAM:
            # Unlike a mutation, a subscription by GET does no more than a query.
            caller = http_request.state.caller
            prepare = partial(prepare_for_caller, self._graphql, self._caller_limits, caller, request)
            operation = await self._admission.run(prepare)
            if isinstance(operation, PreparedOperation) and operation.topic:
                # Refused before the stream begins, which has a status of its own.
                self._caller_limits.require_subscription(caller)
            if (
                isinstance(operation, PreparedOperation)
                and operation.kind is OperationType.MUTATION
                and is_read_only(http_request)
            ):
                return _error_response(
                    405,
                    LEGACY_MEDIA_TYPE,
                    "GET 请求只能查询，变更请用 POST",
                    "GET allows queries only; use POST for mutations",
                )
            open_subscription = partial(self._caller_limits.subscription, caller)
            return stream_response(operation, prepare, self._watch, self._admission, open_subscription)
        if not is_read_only(http_request):
            response: GraphQLResponse = await self._admission.run(
                self._execute, http_request.state.caller, request, http_request=http_request
            )
            return _graphql_response(media, response)
        tag = await self._admission.run(self._etag, http_request.state.caller, media, request_parameters)
        if tag is not None and _matches_etag(http_request.headers.get("if-none-match", ""), tag):
            return HttpResponse(status_code=304, headers=_cache_headers(tag))
        response = await self._admission.run(
            partial(self._execute, read_only=True), http_request.state.caller, request, http_request=http_request
        )
        return _graphql_response(media, response, {} if tag is None or response.errors else _cache_headers(tag))

    def _execute(self, caller: Caller, request: GraphQLRequest, *, read_only: bool = False) -> GraphQLResponse:
        return run_for_caller(
            caller,
            lambda permissions: self._graphql.execute(
                request,
                permissions=permissions,
                allowance=self._caller_limits.allowance(caller, permissions),
                read_only=read_only,
            ),
        )

    def _etag(self, caller: Caller, media: str, request_parameters: Mapping[str, Any]) -> str | None:
        """Return an answer's tag, from the request, data version, permissions and release; None where nothing is published, or the caller
        is not known any more."""
        try:
            permissions = caller.permissions()
            version = self._graphql.newest_version()
        except (EngineError, NotSignedIn):
            # Reported by the answer itself.
            return None
        if version is None:
            return None
        identity = orjson.dumps(
            [request_parameters, media, version, _identity(permissions), __version__], option=orjson.OPT_SORT_KEYS
        )
        return f'W/"{sha256(identity).hexdigest()[:32]}"'


def _identity(permissions: Permissions) -> list[object]:
    """Return what an answer depends on of its caller."""
    return [permissions.user, [[right, permissions.areas_for(right)] for right in Right]]


def _matches_etag(if_none_match: str, tag: str) -> bool:
    """Tell whether the client's tags include this one."""
    return if_none_match.strip() == "*" or tag in (known_tag.strip() for known_tag in if_none_match.split(","))


def negotiate_media_type(accept: str) -> str | None:
    """Return the media type of the answer for an Accept header; None where none is supported."""
    offers = []
    for position, part in enumerate(accept.split(",") if accept.strip() else ["*/*"]):
        media, *parameters = [piece.strip().lower() for piece in part.split(";")]
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            offers.append((-float(quality), position, media))
        except ValueError:
            continue
    for quality_, _, media in sorted(offers):
        if quality_ == 0:
            continue
        if media in (GRAPHQL_MEDIA_TYPE, EVENT_STREAM):
            return media
        if media in (LEGACY_MEDIA_TYPE, "*/*", "application/*"):
            return LEGACY_MEDIA_TYPE
    return None


def _graphql_response(media: str, response: GraphQLResponse, headers: Mapping[str, str] | None = None) -> HttpResponse:
    status = 200 if media == LEGACY_MEDIA_TYPE and response.status == 400 else response.status
    return _json_response(status, media, response.body(), headers)


def _cache_headers(tag: str) -> dict[str, str]:
    """Return headers of an answer that a client may keep, as long as it revalidates it."""
    return {"etag": tag, "cache-control": "private, no-cache", "vary": "accept, authorization"}


def _json_response(status: int, media: str, body: object, headers: Mapping[str, str] | None = None) -> HttpResponse:
    response_headers = dict(headers or {"cache-control": "no-store"}) | ({"allow": "POST"} if status == 405 else {})
    return HttpResponse(orjson.dumps(body), status, response_headers, f"{media}; charset=utf-8")


def _error_response(status: int, media: str, zh: str, en: str) -> HttpResponse:
    return _json_response(
        status, media, {"errors": [format_service_error(DocumentRefused(reason_zh=zh, reason_en=en))]}
    )
