"""The ASGI application: /graphql, GraphiQL and its assets, exports, health, metrics."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import asdict
from functools import partial
from importlib.resources import files
from pathlib import Path
from types import FrameType
from typing import cast

import orjson
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Lifespan

from graph_service import __version__
from graph_service.access.approvals import Approvals, Proposals, mutations_to_approve
from graph_service.access.permissions import EVERYWHERE
from graph_service.access.rights import Right, access_denied
from graph_service.audit.log import AuditLog, open_audit_log
from graph_service.config import Settings, get_settings
from graph_service.console.examples import load_examples, read_examples
from graph_service.console.page import console_page
from graph_service.core.query_scope import versions
from graph_service.errors import (
    EngineUnresponsive,
    GraphServiceError,
    MethodNotAllowed,
    NotFound,
    ServiceBusy,
    SettingInvalid,
)
from graph_service.exports.http import ExportEndpoints
from graph_service.features.imports.events import TOPICS
from graph_service.graphql.allowances import CallerLimits
from graph_service.graphql.error_formatting import format_service_error, mask_failure
from graph_service.graphql.execution import GraphQLApi
from graph_service.graphql.http.admission import Admission
from graph_service.graphql.http.bodies import BodyLimits
from graph_service.graphql.http.sockets import WebSocketView
from graph_service.graphql.http.view import View
from graph_service.graphql.http.watch import Watch
from graph_service.graphql.plan_key import ApiServices
from graph_service.graphql.proposing import FOLDER_NAME
from graph_service.graphql.schema import sdl
from graph_service.graphql.trusted_documents import TrustedDocuments, load_trusted_documents
from graph_service.platform.store.factory import open_store
from graph_service.platform.store.graph import Store
from graph_service.sign_in.authentication import Authenticator, OpenAuthenticator
from graph_service.sign_in.demo_pages import DemoPages
from graph_service.sign_in.hosts import is_loopback
from graph_service.sign_in.middleware import AccessMiddleware
from graph_service.sign_in.pages import SignInPages
from graph_service.sign_in.services import AccessServices, open_access
from graph_service.telemetry import metrics
from graph_service.telemetry.events import set_listener
from graph_service.telemetry.recorder import Recorder
from graph_service.telemetry.requests import TRACE_HEADER, PathTemplates, TelemetryMiddleware
from graph_service.telemetry.setup import start_telemetry

ASSETS_FOLDER = Path(str(files("graph_service") / "console" / "assets"))
READY_TIMEOUT_SECONDS = 1.5
"""Time within which an engine that is ready answers."""
PARENT_CHECK_SECONDS = 1.0
"""Interval at which a worker checks that its supervisor lives."""


def create_app() -> Starlette:
    """Create the application on the engine of the settings; called by each of several worker processes."""
    settings = get_settings()
    start_telemetry(settings)
    store = open_store(settings)
    access = open_access(settings) if settings.requires_sign_in else None
    audit_log = open_audit_log(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watch = asyncio.create_task(_exit_with_parent(os.getppid()))
        yield
        watch.cancel()
        store.close()
        audit_log.close()
        if access is not None:
            access.close()

    return build_app(store, settings, lifespan, access, audit_log)


async def _exit_with_parent(parent_pid: int) -> None:
    """End this worker when the process that supervises it is gone."""
    while os.getppid() == parent_pid:
        await asyncio.sleep(PARENT_CHECK_SECONDS)
    signal.raise_signal(signal.SIGTERM)


def build_app(
    store: Store,
    settings: Settings,
    lifespan: Lifespan[Starlette] | None = None,
    access: AccessServices | None = None,
    audit_log: AuditLog | None = None,
) -> Starlette:
    """Build the application on a store. Without `access`, whoever reaches it may do everything; without `audit_log`, nothing is read that has
    to be logged. Raises `SettingInvalid`."""
    documents, limits = read_documents(settings), CallerLimits(settings)
    authenticator: Authenticator | OpenAuthenticator = access.authenticator if access else OpenAuthenticator()
    services = ApiServices(access.database if access else None, audit_log, _approvals(settings, access))
    graphql_api = GraphQLApi(store, settings.max_cost, services)
    watch = Watch({topic: partial(fetch, store) for topic, fetch in TOPICS.items()})
    admission = Admission(settings.max_concurrent)
    readiness = Readiness(store)
    set_listener(Recorder())
    metrics.SLOTS.set(settings.max_concurrent)
    body_limits = BodyLimits(settings.max_body_bytes, settings.max_upload_bytes)
    view = View(graphql_api, watch, body_limits, admission, limits, documents)

    def list_examples() -> list[dict[str, object]]:
        return [asdict(example) for example in load_examples(store)]

    async def examples(request: Request) -> Response:
        # Their variables name a county, a fund and a household of the whole register.
        sees_everything = request.state.caller.permissions().areas_for(Right.READ_RECORDS) == EVERYWHERE
        return await _json_endpoint(partial(admission.run, list_examples if sees_everything else list))(request)

    async def graphql(request: Request) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return console_page(only_trusted=documents.is_required)
        return await view(request)

    app = _ObservedApplication(
        routes=[
            Route("/", _home),
            Route("/graphql", graphql, methods=["GET", "POST"]),
            WebSocketRoute(
                "/graphql",
                WebSocketView(
                    graphql_api,
                    watch,
                    settings.allowed_origins,
                    admission,
                    authenticator.caller_of_header,
                    limits,
                    documents,
                ).serve,
            ),
            *(SignInPages(settings, access.sessions, access.provider).routes() if access else []),
            *(DemoPages(access.sessions).routes() if access and access.is_demo else []),
            *ExportEndpoints(graphql_api, admission, limits).routes(),
            Route("/examples", examples),
            Route("/schema.graphql", _schema_text),
            Route("/healthz", _json_endpoint(_health)),
            Route("/readyz", _json_endpoint(readiness.check)),
            *([Route("/metrics", MetricsEndpoint(readiness).answer)] if settings.metrics == "on" else []),
            Mount("/assets", StaticFiles(directory=ASSETS_FOLDER)),
        ],
        middleware=[
            *_cors_middleware(settings.allowed_origins),
            Middleware(
                AccessMiddleware,
                authenticator=authenticator,
                hosts=settings.allowed_hosts,
                limits=limits,
                is_secure=settings.is_public_address_secure,
            ),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        lifespan=_lifespan_closing_watch(watch, lifespan),
        exception_handlers={HTTPException: _handle_http_exception, Exception: _handle_unexpected_error},
    )
    app.state.watch = watch
    app.state.admission = admission
    return app


class _ObservedApplication(Starlette):
    """An application whose telemetry is around everything, the answers to unexpected errors included."""

    def build_middleware_stack(self) -> ASGIApp:
        return TelemetryMiddleware(super().build_middleware_stack(), PathTemplates(self.routes))


def _approvals(settings: Settings, access: AccessServices | None) -> Approvals | None:
    """Return the approvals of the settings, None where no change needs one. Raises `SettingInvalid`."""
    mutations = mutations_to_approve(settings)
    if access is None or not mutations:
        return None
    return Approvals(mutations, Proposals(access.database), settings.data_folder / FOLDER_NAME)


def read_documents(settings: Settings) -> TrustedDocuments:
    """Return the trusted documents of the settings. Raises `SettingInvalid`."""
    is_required = settings.only_documents == "required"
    if is_required and not settings.document_paths:
        raise SettingInvalid(
            name="GRAPH_SERVICE_ONLY_DOCUMENTS",
            reason_zh="须在 GRAPH_SERVICE_DOCUMENTS 中列出清单",
            reason_en="GRAPH_SERVICE_DOCUMENTS must name a manifest",
        )
    console_texts = (example.query for example in read_examples({}))
    return load_trusted_documents(settings.document_paths, console_texts, is_required=is_required)


def _lifespan_closing_watch(watch: Watch, inner: Lifespan[Starlette] | None) -> Lifespan[Starlette]:
    """Return a lifespan in which waiting clients are released as soon as the server is told to stop: it waits for them."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                _add_signal_handler(number, lambda: loop.call_soon_threadsafe(watch.close))
            # The schema and the statements live as long as the process: to look through them for garbage held requests of workers up for 0.3 s.
            gc.collect()
            gc.freeze()
        async with inner(app) if inner else nullcontext():
            yield
        watch.close()

    return lifespan


def _add_signal_handler(signum: signal.Signals, callback: Callable[[], object]) -> None:
    """Run a callback when a signal comes, before the server's handler."""
    handler = signal.getsignal(signum)
    if callable(handler):

        def handle_both(signum: int, frame: FrameType | None) -> None:
            callback()
            handler(signum, frame)

        signal.signal(signum, handle_both)


def _cors_middleware(allowed_origins: tuple[str, ...]) -> list[Middleware]:
    """Return the middleware that admits pages of other origins, where the setting names them."""
    if not allowed_origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(allowed_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=["content-disposition", "etag", "retry-after", TRACE_HEADER],
            max_age=600,
        )
    ]


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphql")


async def _schema_text(request: Request) -> Response:
    """Serve the schema as text, for code generators."""
    if not request.state.caller.permissions().allows_anywhere(Right.INTROSPECT):
        return _denied_response(Right.INTROSPECT)
    return PlainTextResponse(sdl(), media_type="application/graphql; charset=utf-8")


async def _handle_http_exception(request: Request, error: Exception) -> Response:
    """Answer a request for an unknown path, or for one with another method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        service_error: GraphServiceError = MethodNotAllowed(path=request.url.path, method=request.method)
    elif error.status_code == 404:
        service_error = NotFound(what_zh="路径", what_en="path", key=request.url.path)
    else:
        return PlainTextResponse(error.detail, error.status_code, error.headers)
    return Response(
        orjson.dumps({"errors": [format_service_error(service_error)]}),
        error.status_code,
        error.headers,
        media_type="application/json",
    )


async def _handle_unexpected_error(request: Request, _: Exception) -> Response:
    """Answer an unexpected error with the number under which it is logged."""
    return Response(orjson.dumps({"errors": [mask_failure(request.url.path)]}), 500, media_type="application/json")


async def _health() -> dict[str, object]:
    return {"status": "ok", "version": __version__}


class Readiness:
    """Readiness of the engine, and the newest data version. Belongs to one event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending_check: asyncio.Task[dict[str, object]] | None = None

    async def check(self) -> dict[str, object]:
        """Check the engine anew. Raises `EngineUnresponsive` where it does not answer soon, and any other error of the engine."""
        if self._pending_check is None or self._pending_check.done():
            self._pending_check = asyncio.create_task(to_thread.run_sync(self._read_status))
            # The error of a check is consumed here, as nobody may be waiting for it any more.
            self._pending_check.add_done_callback(lambda task: None if task.cancelled() else task.exception())
        # Requests made during a check wait for the same one: a silent engine takes no further thread.
        finished, _ = await asyncio.wait({self._pending_check}, timeout=READY_TIMEOUT_SECONDS)
        if not finished:
            raise EngineUnresponsive(where=self._store.engine_name, seconds=READY_TIMEOUT_SECONDS)
        return self._pending_check.result()

    def _read_status(self) -> dict[str, object]:
        newest = versions(self._store, limit=1)
        return {
            "status": "ok",
            "engine": self._store.engine_name,
            "dataVersion": newest[0].sequence if newest else None,
        }


class MetricsEndpoint:
    """Endpoint of the metrics: for callers who are granted them for all areas; without sign-in, for this machine alone."""

    def __init__(self, readiness: Readiness) -> None:
        self._readiness = readiness

    async def answer(self, request: Request) -> Response:
        """Answer a scrape, after a look at the engine and the newest data version."""
        headers = {"cache-control": "no-store"}
        if not _may_read_metrics(request):
            return _denied_response(Right.READ_METRICS)
        try:
            status = await self._readiness.check()
        except GraphServiceError:
            metrics.ENGINE_READY.set(0)
        else:
            metrics.ENGINE_READY.set(1)
            metrics.DATA_VERSION.set(cast(int, status["dataVersion"] or 0))
        return Response(await to_thread.run_sync(metrics.render_metrics), 200, headers, metrics.CONTENT_TYPE)


def _denied_response(right: Right) -> Response:
    """Return the response for a caller who lacks a right."""
    body = orjson.dumps({"errors": [format_service_error(access_denied(right))]})
    return Response(body, 403, {"cache-control": "no-store"}, "application/json")


def _may_read_metrics(request: Request) -> bool:
    caller = request.state.caller
    if caller.grants is None:
        return request.client is not None and is_loopback(request.client.host)
    return bool(caller.permissions().areas_for(Right.READ_METRICS) == EVERYWHERE)


def _json_endpoint(handler: Callable[[], Awaitable[object]]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that answers in JSON; 503 with the error's code where it cannot."""

    async def endpoint(_: Request) -> Response:
        headers = {"cache-control": "no-store"}
        body: object
        try:
            body, status = await handler(), 200
        except GraphServiceError as error:
            body, status = {"errors": [format_service_error(error)]}, 503
            if isinstance(error, ServiceBusy):
                headers["retry-after"] = str(error.details["seconds"])
        return Response(orjson.dumps(body), status, headers, "application/json")

    return endpoint
