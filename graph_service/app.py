"""The ASGI application: /graphql, GraphiQL and its assets, exports, health."""

from __future__ import annotations

import asyncio
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

import orjson
from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Lifespan

from graph_service import __version__
from graph_service.api.execution import Graphql
from graph_service.api.http.admission import Admission
from graph_service.api.http.bodies import Limits
from graph_service.api.http.sockets import Sockets
from graph_service.api.http.view import View
from graph_service.api.http.watch import Watch
from graph_service.api.refusals import masked_failure, refusal
from graph_service.api.roots.events import TOPICS
from graph_service.config import Settings, settings
from graph_service.console.examples import examples
from graph_service.errors import EngineSilent, GraphServiceError, MethodRefused, NotFound, ServiceBusy
from graph_service.exports.http import Exports
from graph_service.services.viewing import versions
from graph_service.store.choose import open_store
from graph_service.store.graph import Store

ASSETS = Path(str(files("graph_service") / "console" / "assets"))
READY_SECONDS = 1.5
"""An engine that does not answer within them is not ready."""
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
    graphql_ = Graphql(store, chosen.cost)
    watch = Watch({topic: partial(look, store) for topic, look in TOPICS.items()})
    admission = Admission(chosen.concurrent)
    view = View(graphql_, watch, Limits(chosen.body_bytes, chosen.upload_bytes), admission)

    def examples_() -> list[dict[str, object]]:
        return [asdict(one) for one in examples(store)]

    async def graphql(request: Request) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return FileResponse(ASSETS / "graphiql.html", headers=PAGE_HEADERS)
        return await view(request)

    made = Starlette(
        routes=[
            Route("/", _home),
            Route("/graphql", graphql, methods=["GET", "POST"]),
            WebSocketRoute("/graphql", Sockets(graphql_, watch, chosen.origins, admission).connected),
            *Exports(graphql_, admission).routes(),
            Route("/examples", _json(partial(admission.run, examples_))),
            Route("/healthz", _json(_alive)),
            Route("/readyz", _json(Readiness(store).look)),
            Mount("/assets", StaticFiles(directory=ASSETS)),
        ],
        middleware=[*_across(chosen.origins), Middleware(GZipMiddleware, minimum_size=1000)],
        lifespan=_watched(watch, lifespan),
        exception_handlers={HTTPException: _not_answered, Exception: _failed},
    )
    made.state.watch = watch
    made.state.admission = admission
    return made


def _watched(watch: Watch, inner: Lifespan[Starlette] | None) -> Lifespan[Starlette]:
    """A lifespan in which those who wait are let go as soon as the server is told to leave: it waits for them."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if threading.current_thread() is threading.main_thread():
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                _also(number, lambda: loop.call_soon_threadsafe(watch.close))
        async with inner(app) if inner else nullcontext():
            yield
        watch.close()

    return lifespan


def _also(number: signal.Signals, then: Callable[[], object]) -> None:
    """Do this too when a signal comes; what handles it is the server's."""
    handler = signal.getsignal(number)
    if callable(handler):

        def both(number: int, frame: FrameType | None) -> None:
            then()
            handler(number, frame)

        signal.signal(number, both)


def _across(origins: tuple[str, ...]) -> list[Middleware]:
    """Pages of other origins may ask, where the setting names them."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["*"],
            expose_headers=["content-disposition", "etag", "retry-after"],
            max_age=600,
        )
    ]


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphql")


async def _not_answered(request: Request, error: Exception) -> Response:
    """A path that there is not, or not with this method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        refused: GraphServiceError = MethodRefused(path=request.url.path, method=request.method)
    elif error.status_code == 404:
        refused = NotFound(what_zh="路径", what_en="path", key=request.url.path)
    else:
        return PlainTextResponse(error.detail, error.status_code, error.headers)
    return Response(
        orjson.dumps({"errors": [refusal(refused)]}), error.status_code, error.headers, media_type="application/json"
    )


async def _failed(request: Request, _: Exception) -> Response:
    """What nobody expected, by the number under which the log has it."""
    return Response(orjson.dumps({"errors": [masked_failure(request.url.path)]}), 500, media_type="application/json")


async def _alive() -> dict[str, object]:
    return {"status": "ok", "version": __version__}


class Readiness:
    """Whether the engine answers, and the newest data version. Of one event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looking: asyncio.Task[dict[str, object]] | None = None

    async def look(self) -> dict[str, object]:
        """Ask the engine anew. Raises `EngineSilent` where it does not answer soon, and what else is wrong with it."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(to_thread.run_sync(self._ask))
            # What it comes to when nobody waits for it any more is nobody's.
            self._looking.add_done_callback(lambda look: None if look.cancelled() else look.exception())
        # Who asks while another waits for a silent engine takes no further thread.
        done, _ = await asyncio.wait({self._looking}, timeout=READY_SECONDS)
        if not done:
            raise EngineSilent(where=self._store.engine_name, seconds=READY_SECONDS)
        return self._looking.result()

    def _ask(self) -> dict[str, object]:
        known = versions(self._store, limit=1)
        return {"status": "ok", "engine": self._store.engine_name, "dataVersion": known[0].sequence if known else None}


def _json(answer: Callable[[], Awaitable[object]]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers in JSON; 503 with the error's code where it cannot."""

    async def endpoint(_: Request) -> Response:
        headers = {"cache-control": "no-store"}
        body: object
        try:
            body, status = await answer(), 200
        except GraphServiceError as error:
            body, status = {"errors": [refusal(error)]}, 503
            if isinstance(error, ServiceBusy):
                headers["retry-after"] = str(error.details["seconds"])
        return Response(orjson.dumps(body), status, headers, "application/json")

    return endpoint
