"""Numbers of people where they may not be: what the scans of a test run look for, in every form in which it could stand.

Every test is watched: what is logged, the spans, what answers say that no purpose was stated for, their errors and cursors, and the files of
access, audit, logs and metrics that it leaves behind. `tests/contract/test_scan.py` looks through all of a real service.
"""

from __future__ import annotations

import gzip
import logging
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import openpyxl
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_service.domain.days import today
from graph_service.domain.id_documents import IDENTITY_LENGTH, parse_id_document
from graph_service.telemetry.logs import _formatter
from tests import PACKAGE_DATA

REGISTER = PACKAGE_DATA / "sample-register.xlsx"
PRIVATE_COLUMNS = {"证件号码", "联系电话"}
PLAIN = re.compile(rb"(?<!\d)(?<!\d\.)(?:\d{17}[\dXx](?:\d\d){0,2}|(?:86)?1\d{10})(?!\d)")
"""What could be a citizen ID number, a certificate that begins with one, or a telephone. What stands within a longer number is none: numbers
of persons and cards are longer; nor what follows a decimal point."""
WIDE = re.compile(rb"(?<!\0\d\0)(?=(\d(?:\0\d){16}\0[\dXx](?:\0\d\0\d){0,2}|(?:8\x006\0)?1(?:\0\d){10})(?!\0\d))")
"""The same in UTF-16, of either order of bytes: a half of the character before may be a digit by chance."""
EMPTY_SPACE = re.compile(rb"\0{9,}")
"""What an engine has reserved in a file, hundreds of megabytes of it: no number of UTF-16 has two such bytes beside each other."""
DIGEST = re.compile(
    rb"[0-9a-f]{32,}|(?<![0-9A-Za-z])(?=\d*[a-f])[0-9a-f]{16}(?![0-9A-Za-z])|\b[A-Z][A-Za-z]+_\d_\d{11,}\b"
)
"""A digest, the id of a trace or a span, or an index that the embedded engine names by nanoseconds since the start of the machine: its digits may
resemble a telephone by chance."""
MADE_UP_DOCUMENT = re.compile(rb"519900(?:19|20)\d{9}[\dX]")
"""An ID document of the tests, with a right or a wrong check character: documents that begin with 519900 are assigned to nobody."""
REGION = re.compile(rb"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}")
TELEPHONE = re.compile(rb"1(?:00|[3-9]\d)\d{8}")
"""A mobile number, or one of the tests: those that begin with 100 are assigned to nobody."""
TOKEN = re.compile(rb"UEsDB[\w+/]+|[\w-]{12,}")
"""A text that could be base64: a workbook in an answer, cursors and ids."""
UNPROTECTED = re.compile(rb'"(?:message|zh|en|value|(?:end|start)?[cC]ursor)": ?"[^"]*"')
"""What an error says, and a cursor."""
OWN_FILES = ("access.sqlite*", "audit.sqlite*", "*anchor*.txt", "*.log", "log/**/*", "metrics/**/*")
"""Files below a data folder in which no number may stand, whatever its key and its records."""
TESTS_FOLDER = str(Path(__file__).parent)
_hits: list[str] = []


@cache
def register_numbers() -> frozenset[bytes]:
    """Return the telephones and the citizen ID numbers of the sample register; of longer documents their first 18 characters."""
    numbers: set[bytes] = set()
    with REGISTER.open("rb") as file:
        sheets = [list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(file, read_only=True)]
    for sheet in sheets:
        rows = [[str(cell or "") for cell in row] for row in sheet]
        header = next((row for row in rows if PRIVATE_COLUMNS & set(row)), [])
        for position, name in enumerate(header):
            if name in PRIVATE_COLUMNS:
                numbers |= {row[position][:IDENTITY_LENGTH].encode() for row in rows}
    return frozenset(number for number in numbers if PLAIN.fullmatch(number))


def numbers_in(content: bytes) -> set[bytes]:
    """Return the numbers of people in a content, in UTF-8 or UTF-16: those of the sample register and any that are valid."""
    is_binary = b"\0" in content
    if is_binary:
        content = EMPTY_SPACE.sub(b"\0\0", content)
    candidates = PLAIN.findall(content)
    if is_binary:
        candidates += [wide.replace(b"\0", b"") for wide in WIDE.findall(content)]
    if not candidates:
        return set()
    digests = b" ".join(DIGEST.findall(content))
    numbers = {_number(candidate) for candidate in candidates if candidate not in digests}
    return {number for number in numbers if is_personal(number)}


def _number(candidate: bytes) -> bytes:
    """Return the citizen ID number of a certificate, and a telephone without the code of the country."""
    return candidate[:IDENTITY_LENGTH].upper() if len(candidate) >= IDENTITY_LENGTH else candidate[-11:]


def is_personal(number: bytes) -> bool:
    """Tell whether 11 digits are a telephone, or 18 characters a citizen ID number: of a region, a day of birth and its check character."""
    if number in register_numbers() or MADE_UP_DOCUMENT.fullmatch(number) or TELEPHONE.fullmatch(number):
        return True
    if not REGION.match(number) or len(number) != IDENTITY_LENGTH:
        return False
    born_on = parse_id_document(number.decode()).born_on
    return born_on is not None and 1900_01_01 <= born_on <= today()


def numbers_of_answer(content: bytes) -> set[bytes]:
    """Return the numbers that stand in an answer, in its cursors and ids, or in the parts of a workbook."""
    return {number for layer in _layers(content) for number in numbers_in(layer)}


def _layers(content: bytes) -> Iterator[bytes]:
    yield content
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
        return
    for token in TOKEN.findall(content):
        try:
            decoded = urlsafe_b64decode(token + b"=" * (-len(token) % 4))
        except ValueError:
            continue
        yield from _layers(decoded) if decoded.startswith(b"PK") else (decoded,)


def files_with_numbers(folder: Path) -> list[str]:
    """Return the names of the files below a folder in which a number stands."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [str(path.relative_to(folder)) for path in files if numbers_of_file(path)]


def numbers_of_file(path: Path) -> set[bytes]:
    """Return the numbers that stand in a file, or in its parts where it is a workbook; of a file that has gone meanwhile none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return set()
    return numbers_of_answer(content) if content[:2] == b"PK" else numbers_in(content)


def note_numbers(where: str, content: bytes) -> None:
    """Note the numbers in a content, which fail the test that runs."""
    if numbers := numbers_of_answer(content):
        _hits.append(f"{where}: {sorted(numbers)[:3]}")


def look_at_answer(asked: bytes, answer: bytes) -> None:
    """Note the numbers in an answer: none may stand in one to which no purpose was stated, nor ever in errors and cursors."""
    note_numbers(
        f"answer to {asked[:300]!r}", answer if b"purpose" not in asked else b" ".join(UNPROTECTED.findall(answer))
    )


class WatchedApplication:
    """An application whose answers are looked through, to whatever client and over whatever connection they go."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._application(scope, receive, send)
        asked, answered = [f"{scope['path']}?{scope['query_string'].decode()} ".encode()], Answered()

        async def receive_and_keep() -> Message:
            message = await receive()
            asked.append(_text(message))
            return message

        async def send_and_keep(message: Message) -> None:
            answered.add(message)
            await send(message)

        try:
            return await self._application(scope, receive_and_keep, send_and_keep)
        finally:
            look_at_answer(b"".join(asked), answered.content())


class Answered:
    """What an application has sent over one connection: head and body, or the messages of a socket."""

    def __init__(self) -> None:
        self._head, self._body, self._is_compressed = b"", bytearray(), False

    def add(self, message: Message) -> None:
        headers = message.get("headers", ())
        self._head += b"".join(b"%s: %s\n" % header for header in headers)
        self._is_compressed |= (b"content-encoding", b"gzip") in headers
        self._body += _text(message)

    def content(self) -> bytes:
        return self._head + (gzip.decompress(self._body) if self._is_compressed and self._body else bytes(self._body))


def _text(message: Message) -> bytes:
    """Return the body of a message of ASGI; of a socket a line with its text, or with the reason why it is closed."""
    if message["type"].startswith("http"):
        return bytes(message.get("body") or b"")
    return (message.get("bytes") or (message.get("text") or message.get("reason") or "").encode()) + b"\n"


class LogWatch(logging.Handler):
    """A handler that notes the numbers in what is logged, as the service prints it; and, but for what tests log to see how it is printed, in
    the record itself: redaction is the last line of defence."""

    printer = _formatter("json")

    def emit(self, record: logging.LogRecord) -> None:
        note_log(record.name, self.printer.format(record))
        if not record.pathname.startswith(TESTS_FOLDER):
            note_log(record.name, self.format(record))


def note_log(name: str, text: str) -> None:
    """Note the numbers in what was logged."""
    note_numbers(f"log of {name}", text.encode("utf-8", "replace"))


class SpanWatch(SpanProcessor):
    """A processor that notes the numbers in spans."""

    def on_end(self, span: ReadableSpan) -> None:
        context = span.get_span_context()
        parts = (
            span.name,
            dict(span.attributes or {}),
            span.events,
            span.status.description,
            context and context.trace_state,
        )
        note_numbers(f"span {span.name!r}", repr(parts).encode("utf-8", "replace"))


def watch_logs_and_spans() -> None:
    """Look at all that this process logs from now on, at the level of the service, and at its spans."""
    logging.getLogger().addHandler(LogWatch())
    logging.getLogger("graph_service").setLevel(logging.INFO)
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SpanWatch())
    trace.set_tracer_provider(provider)


def take_hits(folder: Path | None) -> list[str]:
    """Return what was noted since the last call, and the own files below a folder in which a number stands."""
    hits, _hits[:] = _hits[:], []
    files = {path for name in OWN_FILES for path in folder.rglob(name) if path.is_file()} if folder else set()
    return hits + [f"file {path.relative_to(folder)}" for path in sorted(files) if folder and numbers_of_file(path)]
