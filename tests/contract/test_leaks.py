"""The scan of the test run finds numbers of people in every form and at every place that it watches, and takes nothing else for one."""

from __future__ import annotations

import base64
import logging
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from graph_service.graphql.cursors import encode_cursor
from graph_service.sample.numbers import with_wrong_check_digit
from graph_service.telemetry import spans
from tests import leaks
from tests.callers import LocalClient

DOCUMENT, PHONE = "519900197001010024", "10012345678"
ELSEWHERE, MOBILE = "110101199003070011", "13900000000"
"""Valid numbers that no register of the tests has: the serial numbers of the first are handed out to nobody, the second is no line."""


def zipped(content: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", content)
    return file.getvalue()


@pytest.mark.parametrize("number", [DOCUMENT, f"{DOCUMENT[:-1]}X", with_wrong_check_digit(DOCUMENT), PHONE, MOBILE])
def test_a_number_is_found_in_every_form(number: str) -> None:
    contents = [
        f'{{"text":"户主{number}"}}'.encode(),
        f"x{number.lower()}y".encode(),
        number.encode("utf-16-le"),
        f"户{number}".encode("utf-16-be"),
        bytes(50) + number.encode("utf-16-le") + bytes(50),
        bytes(50) + number.encode("utf-16-be") + bytes(50),
        zipped(f"<t>{number}</t>"),
        f'"after":"{encode_cursor([number, 0])}"'.encode(),
        b'"workbook":"' + base64.b64encode(zipped(number)) + b'"',
        (f"{number}44" if len(number) == 18 else f"86{number}").encode(),
    ]
    assert [leaks.numbers_of_answer(content) for content in contents] == [{number.encode()}] * len(contents)


def test_every_number_of_the_register_is_one() -> None:
    assert len(leaks.register_numbers()) > 2_000
    assert all(map(leaks.is_personal, leaks.register_numbers()))
    assert len(leaks.numbers_of_answer(leaks.REGISTER.read_bytes())) > 2_000


@pytest.mark.parametrize(
    "text",
    [
        "5134311002000001", "513431100200000101", "513431999999990001", "91513431000000001X", "5134312016050100012", "513431100200", "20161231",
        "519900********0024", "100****5678", "1733126132.123456", "0.19822882174", "ab13912345678cde", "9223372036854775807", "99999999999", "12345678901", "4bf92f3577b34d13912345678a3ce929d0e0e4736",
        "110101199013070011", "110101199003070012", "010101199003070011", "110101179003070011",
    ],
)  # fmt: skip
def test_no_other_number_is_taken_for_one(text: str) -> None:
    assert leaks.numbers_of_answer(f'"a {text}"'.encode()) == set()


def test_a_valid_document_is_known_by_its_check_character() -> None:
    digits = "11010119900307001"
    valid = [f"{digits}{last}" for last in "0123456789X" if leaks.is_personal(f"{digits}{last}".encode())]
    assert len(valid) == 1


def hits() -> str:
    return "\n".join(leaks.take_hits(None))


def test_what_is_logged_and_exported_is_noted() -> None:
    record = logging.LogRecord("graph_service.x", logging.INFO, "/elsewhere.py", 1, "row %s", (DOCUMENT,), None)
    logging.getLogger("graph_service.x").handle(record)
    assert f"log of graph_service.x: [b'{DOCUMENT}']" in hits()
    logging.getLogger("graph_service.x").info("a test sees %s redacted", DOCUMENT)
    assert hits() == ""
    with spans.request_span(f"GET /{PHONE}", None):
        pass
    assert f"span 'GET /{PHONE}'" in hits()
    with spans.request_span("GET /", None), spans.inner_span("statement") as span:
        span.set_attribute("note", DOCUMENT)
    assert f"span 'statement': [b'{DOCUMENT}']" in hits()


async def echo(request: Request) -> Response:
    return Response((await request.body()) * 100, headers={"x-note": request.query_params.get("note", "")})


async def echo_messages(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close(4409, PHONE)


ECHO = Starlette(
    routes=[Route("/", echo, methods=["POST"]), WebSocketRoute("/", echo_messages)],
    middleware=[Middleware(GZipMiddleware)],
)


@pytest.mark.parametrize(
    ("body", "is_hit"),
    [
        (f'{{"name":"{DOCUMENT}"}}', True),
        (f'{{"endCursor":"{encode_cursor([PHONE])}"}}', True),
        (f'{{"purpose":"核对","idDocument":"{DOCUMENT}"}}', False),
        (f'{{"purpose":"核对","message":"{DOCUMENT}"}}', True),
        (f'{{"purpose":"核对","endCursor":"{encode_cursor([PHONE])}"}}', True),
        ('{"name":"519900********0024"}', False),
    ],
)
def test_answers_are_noted_but_values_for_a_purpose(body: str, *, is_hit: bool) -> None:
    answer = LocalClient(ECHO).post("/", content=body)
    assert answer.headers["content-encoding"] == "gzip"
    assert ("answer to b'/" in hits()) == is_hit


def test_heads_and_messages_of_sockets_are_noted() -> None:
    LocalClient(ECHO).post(f"/?note={PHONE}", content="{}")
    assert PHONE in hits()
    with LocalClient(ECHO).websocket_connect("/") as socket:
        socket.send_text(DOCUMENT)
        assert socket.receive_text() == DOCUMENT
    assert DOCUMENT in (noted := hits())
    assert PHONE in noted


@pytest.mark.parametrize(
    "name", ["failures.log", "log/engine.log.0", "metrics/counter_1.db", "anchor.txt", "access.sqlite"]
)
def test_files_that_the_service_leaves_are_looked_through(tmp_path: Path, name: str) -> None:
    path = tmp_path / "data" / name
    path.parent.mkdir(parents=True)
    if name.endswith(".sqlite"):
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE access_grant (reason TEXT)")
            database.execute("INSERT INTO access_grant VALUES (?)", (f"致电 {PHONE}",))
            database.commit()
    else:
        path.write_text(f"row {DOCUMENT}", encoding="utf-8")
    (tmp_path / "register.csv").write_text(DOCUMENT, encoding="utf-8")
    assert leaks.take_hits(tmp_path) == [f"file data/{name}"]
    path.unlink()
