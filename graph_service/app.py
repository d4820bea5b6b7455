"""The ASGI application: /graphql, GraphiQL and its assets, health."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import orjson
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Lifespan

from graph_service import __version__
from graph_service.api.execution import Graphql
from graph_service.api.refusals import refusal
from graph_service.api.view import View
from graph_service.config import Settings, settings
from graph_service.console.examples import examples
from graph_service.errors import GraphServiceError
from graph_service.services.viewing import versions
from graph_service.store.choose import open_store
from graph_service.store.graph import Store

ASSETS = Path(str(files("graph_service") / "console" / "assets"))
PARENT_SECONDS = 1.0
"""How often a worker looks whether its supervisor lives."""
PAGE_HEADERS = {
    # GraphiQL's editor sets styles on its elements; scripts come from here only.
    "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def create() -> Starlette:
    """The application on the engine of the settings: what each of several worker processes calls."""
    chosen = settings()
    store = open_store(chosen)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watch = asyncio.create_task(_leave_with(os.getppid()))
        yield
        watch.cancel()
        store.close()

    return application(store, chosen, lifespan)


async def _leave_with(parent: int) -> None:
    """End this worker when the process that supervises it is gone."""
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_SECONDS)
    signal.raise_signal(signal.SIGTERM)


def application(store: Store, chosen: Settings, lifespan: Lifespan[Starlette] | None = None) -> Starlette:
    """The application on a store."""
    view = View(Graphql(store, chosen.cost), chosen.body_bytes)

    async def graphql(request: Request) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return FileResponse(ASSETS / "graphiql.html", headers=PAGE_HEADERS)
        return await view(request)

    return Starlette(
        routes=[
            Route("/", _home),
            Route("/graphql", graphql, methods=["GET", "POST"]),
            Route("/examples", _json(lambda: [asdict(e) for e in examples(store)])),
            Route("/healthz", _json(lambda: {"status": "ok", "version": __version__})),
            Route("/readyz", _json(lambda: _ready(store))),
            Mount("/assets", StaticFiles(directory=ASSETS)),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
        lifespan=lifespan,
    )


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphql")


def _ready(store: Store) -> dict[str, object]:
    """Whether the engine answers, and the newest data version."""
    known = versions(store)
    return {"status": "ok", "engine": store.engine_name, "dataVersion": known[0].sequence if known else None}


def _json(answer: Callable[[], object]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers in JSON; 503 with the error's code where it cannot."""

    async def endpoint(_: Request) -> Response:
        try:
            body, status = await run_in_threadpool(answer), 200
        except GraphServiceError as error:
            body, status = {"errors": [refusal(error)]}, 503
        headers = {"cache-control": "no-store"}
        return Response(orjson.dumps(body), status, headers, "application/json")

    return endpoint
