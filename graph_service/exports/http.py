"""Exports over HTTP: /exports lists them, /exports/{field}.csv and .xlsx give them."""

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

from graph_service.access.masking import excerpt
from graph_service.domain.personal_numbers import mask_numbers
from graph_service.errors import (
    EngineError,
    GraphServiceError,
    NotFound,
    ServiceBusy,
    ServiceFailed,
    StorageFull,
)
from graph_service.exports.files import csv_chunks, write_workbook
from graph_service.exports.table_answer import ACCESS_ERROR_CODES, GraphQLClient, TableAnswer, open_answer
from graph_service.exports.table_request import parse_table_request
from graph_service.exports.tables import get_table, tables
from graph_service.graphql.allowances import CallerLimits
from graph_service.graphql.error_formatting import format_service_error, is_storage_full
from graph_service.graphql.execution import GraphQLApi
from graph_service.graphql.http.admission import Admission
from graph_service.graphql.http.graphql_requests import busy_status
from graph_service.graphql.paging import MAX_PAGE_SIZE
from graph_service.graphql.schema import root_fields

T = TypeVar("T")
CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
JSON_MEDIA_TYPE = "application/json; charset=utf-8"
BLOCK_SIZE = 1 << 16
ALL_LABELS = ("全部", "all")
PART_LABELS = ("部分", "-part")
"""Mark of a file that is about parts of the requested area only."""
WITHHELD_LABELS = ("-不含敏感疑点", "-without-sensitive-findings")
"""Mark of a file without the findings for which a purpose has to be stated."""
WITHHELD_PROPERTIES_LABELS = ("-不含姓名和敏感信息", "-without-names-and-sensitive-values")
"""Mark of a file without the values for which a purpose has to be stated."""
ENGINE_ERROR_CODES = frozenset((EngineError.code, *(kind.code for kind in EngineError.__subclasses__())))


class ExportEndpoints:
    """Endpoints of the exports of an API, which is asked for `page_size` rows at a time."""

    def __init__(
        self, graphql: GraphQLApi, admission: Admission, limits: CallerLimits, page_size: int = MAX_PAGE_SIZE
    ) -> None:
        self._graphql = graphql
        self._admission = admission
        self._limits = limits
        self._page_size = page_size

    def routes(self) -> list[Route]:
        return [Route("/exports", self._list), Route("/exports/{name}", self._export)]

    async def _list(self, http_request: Request) -> Response:
        permissions, fields = http_request.state.caller.permissions(), root_fields()["Query"]
        exports = [table.describe() for table in tables().values() if fields[table.field].is_readable(permissions)]
        body = {"formats": list(MEDIA_TYPES), "exports": exports}
        return Response(orjson.dumps(body), media_type=JSON_MEDIA_TYPE, headers={"cache-control": "no-store"})

    async def _export(self, http_request: Request) -> Response:
        field, _, format_ = http_request.path_params["name"].rpartition(".")
        try:
            if format_ not in MEDIA_TYPES:
                available = ", ".join(f".{extension}" for extension in MEDIA_TYPES)
                raise NotFound(
                    what_zh=f"此格式的导出（可选：{available}）",
                    what_en=f"export in this format (available: {available})",
                    key=excerpt(format_, 80),
                )
            table_request = parse_table_request(get_table(field), http_request.query_params.multi_items())
            caller = http_request.state.caller
            permissions = caller.permissions()
            allowance = self._limits.allowance(caller, permissions, finishes=True)
            client = GraphQLClient(self._graphql, permissions, allowance)
            begin = partial(open_answer, client, table_request, with_counts=format_ == XLSX, page_size=self._page_size)
            answer = await self._admission.run(begin, http_request=http_request)
            headers = {
                "cache-control": "no-store",
                "content-type": MEDIA_TYPES[format_],
                "content-disposition": content_disposition(answer, format_),
                "x-content-type-options": "nosniff",
            }
            if http_request.method == "HEAD":
                return Response(headers=headers)
            if format_ == CSV:
                return StreamingResponse(self._iterate_in_threads(csv_chunks(answer)), headers=headers)
            return StreamingResponse(
                self._iterate_in_threads(_read_blocks(await self._build_workbook(http_request, answer))),
                headers=headers,
            )
        except GraphServiceError as error:
            return _error_response(error)
        except OSError as error:
            if not is_storage_full(error):
                raise
            return _error_response(StorageFull())
        except ClientDisconnect:
            return Response(status_code=400)

    async def _build_workbook(self, http_request: Request, answer: TableAnswer) -> IO[bytes]:
        """Build a workbook in a file without a name, which is removed when it is closed. Raises `GraphServiceError`, `ClientDisconnect`,
        `OSError`."""
        with ExitStack() as stack:
            file = stack.enter_context(TemporaryFile())
            async with aclosing(self._iterate_in_threads(write_workbook(answer, file))) as steps:
                async for _ in steps:
                    if await http_request.is_disconnected():
                        raise ClientDisconnect
            stack.pop_all()
            return file

    async def _iterate_in_threads(self, steps: Generator[T]) -> AsyncGenerator[T]:
        """Run blocking steps off the event loop. They end when the consumer stops."""
        end_marker: Any = object()
        try:
            # The export is already admitted: its further steps are not refused.
            while (
                step := await self._admission.run(next, steps, end_marker, wait_indefinitely=True)
            ) is not end_marker:
                yield step
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(steps.close)


def content_disposition(answer: TableAnswer, format_: str) -> str:
    """Return the header with the name of a file: in ASCII, and in Chinese for clients that support RFC 6266."""
    table, subject = answer.request.table, answer.request.subject
    # Numbers of funds come from registers and may contain any characters; a request may name whatever its sender has typed.
    subject_part = subject if re.fullmatch(r"[A-Za-z0-9._-]{0,60}", mask_numbers(subject)) else "_"
    part_labels = PART_LABELS if answer.granted_parts else ("", "")
    withheld_labels = (
        WITHHELD_LABELS
        if answer.withheld_checks
        else WITHHELD_PROPERTIES_LABELS
        if answer.withheld_properties
        else ("", "")
    )
    labels = zip((table.zh, table.field), ALL_LABELS, part_labels, withheld_labels, strict=True)
    zh, en = (
        f"{name}-{subject_part or all_label}{part_label}{withheld_label}-{answer.as_of}.{format_}"
        for name, all_label, part_label, withheld_label in labels
    )
    return f"attachment; filename=\"{en}\"; filename*=UTF-8''{quote(zh, safe='')}"


def _status_code(error: GraphServiceError) -> int:
    # The API's errors come as `ApiError`, with the code of the error.
    if error.code in ACCESS_ERROR_CODES:
        return 403
    if error.code == NotFound.code:
        return 404
    if error.code == ServiceFailed.code:
        return 500
    if error.code == StorageFull.code:
        return 507
    if isinstance(error, ServiceBusy):
        return busy_status(error)
    return 503 if error.code in ENGINE_ERROR_CODES else 400


def _read_blocks(file: IO[bytes]) -> Generator[bytes]:
    with file:
        file.seek(0)
        while block := file.read(BLOCK_SIZE):
            yield block


def _error_response(error: GraphServiceError) -> Response:
    headers = {"cache-control": "no-store"}
    if isinstance(error, ServiceBusy):
        headers["retry-after"] = str(error.details["seconds"])
    return Response(
        orjson.dumps({"errors": [format_service_error(error)]}), _status_code(error), headers, JSON_MEDIA_TYPE
    )
