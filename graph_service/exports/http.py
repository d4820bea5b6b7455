"""Exports over HTTP: /exports tells which there are, /exports/{field}.csv and .xlsx give them."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, aclosing
from functools import partial
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar
from urllib.parse import quote

import orjson
from anyio import CancelScope, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from graph_service.api.execution import Graphql
from graph_service.api.http.admission import Admission
from graph_service.api.paging import LARGEST_PAGE
from graph_service.api.refusals import refusal, storage_is_full
from graph_service.errors import EngineError, GraphServiceError, NotFound, ServiceBusy, ServiceFailed, StorageFull
from graph_service.exports.answers import Answer, Asker, begun
from graph_service.exports.asked import asked
from graph_service.exports.files import csv_pieces, workbook
from graph_service.exports.tables import table, tables

T = TypeVar("T")
CSV, XLSX = "csv", "xlsx"
MEDIA = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
JSON = "application/json; charset=utf-8"
BLOCK = 1 << 16
EVERYWHERE = ("全部", "all")
ENGINE = frozenset((EngineError.code, *(kind.code for kind in EngineError.__subclasses__())))


class Exports:
    """Endpoints of the exports of an API, which is asked for so many rows at a time."""

    def __init__(self, graphql: Graphql, admission: Admission, size: int = LARGEST_PAGE) -> None:
        self._asker = Asker(graphql)
        self._admission = admission
        self._size = size

    def routes(self) -> list[Route]:
        return [Route("/exports", self._list), Route("/exports/{name}", self._export)]

    async def _list(self, _: Request) -> Response:
        told = {"formats": list(MEDIA), "exports": [one.told() for one in tables().values()]}
        return Response(orjson.dumps(told), media_type=JSON, headers={"cache-control": "no-store"})

    async def _export(self, http: Request) -> Response:
        field, _, format_ = http.path_params["name"].rpartition(".")
        try:
            if format_ not in MEDIA:
                offered = ", ".join(f".{one}" for one in MEDIA)
                raise NotFound(
                    what_zh=f"此格式的导出(可用:{offered})",
                    what_en=f"export of this kind ({offered})",
                    key=format_[:80],
                )
            wanted = asked(table(field), http.query_params.multi_items())
            begin = partial(begun, self._asker, wanted, counted=format_ == XLSX, size=self._size)
            answer = await self._admission.run(begin, http=http)
            headers = {
                "cache-control": "no-store",
                "content-type": MEDIA[format_],
                "content-disposition": disposition(answer, format_),
                "x-content-type-options": "nosniff",
            }
            if http.method == "HEAD":
                return Response(headers=headers)
            if format_ == CSV:
                return StreamingResponse(self._apart(csv_pieces(answer)), headers=headers)
            return StreamingResponse(self._apart(_sent(await self._made(http, answer))), headers=headers)
        except GraphServiceError as error:
            return _refused(error)
        except OSError as error:
            if not storage_is_full(error):
                raise
            return _refused(StorageFull())
        except ClientDisconnect:
            return Response(status_code=400)

    async def _made(self, http: Request, answer: Answer) -> IO[bytes]:
        """A workbook in a file that has no name: it is gone when it is closed. Raises `GraphServiceError`, `ClientDisconnect`, `OSError`."""
        with ExitStack() as stack:
            file = stack.enter_context(TemporaryFile())
            async with aclosing(self._apart(workbook(answer, file))) as steps:
                async for _ in steps:
                    if await http.is_disconnected():
                        raise ClientDisconnect
            stack.pop_all()
            return file

    async def _apart(self, steps: Generator[T]) -> AsyncGenerator[T]:
        """Steps that block, each off the event loop. They end when nobody takes them any longer."""
        ended: Any = object()
        try:
            # It has begun: what bounds how many wait has let it in.
            while (step := await self._admission.run(next, steps, ended, patient=True)) is not ended:
                yield step
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(steps.close)


def disposition(answer: Answer, format_: str) -> str:
    """The name of a file: in ASCII, and in Chinese for all who know RFC 6266."""
    table_, about = answer.asked.table, answer.asked.about
    # Numbers of funds are what registers make of them.
    whom = about if re.fullmatch(r"[A-Za-z0-9._-]{0,60}", about) else "_"
    zh, en = (
        f"{name}-{whom or all_}-{answer.as_of}.{format_}"
        for name, all_ in zip((table_.zh, table_.field), EVERYWHERE, strict=True)
    )
    return f"attachment; filename=\"{en}\"; filename*=UTF-8''{quote(zh, safe='')}"


def _status(error: GraphServiceError) -> int:
    if isinstance(error, NotFound):
        return 404
    if error.code == ServiceFailed.code:
        return 500
    if error.code == StorageFull.code:
        return 507
    return 503 if error.code in ENGINE or isinstance(error, ServiceBusy) else 400


def _sent(file: IO[bytes]) -> Generator[bytes]:
    with file:
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _refused(error: GraphServiceError) -> Response:
    headers = {"cache-control": "no-store"}
    if isinstance(error, ServiceBusy):
        headers["retry-after"] = str(error.details["seconds"])
    return Response(orjson.dumps({"errors": [refusal(error)]}), _status(error), headers, JSON)
