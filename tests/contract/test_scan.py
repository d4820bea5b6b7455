"""A service in its whole life, over real records: no number of a person stands where it may not.

The sample register is imported with a key; users of each role ask, export, page, subscribe, import and make mistakes over HTTP. Then the
service and its engine are stopped, and everything that has left them is looked through: answers, cursors, logs, metrics, spans, temporary
files and the files of the engine.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import neo4j
import orjson
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import GRANTABLE_ROLES, Role
from graph_service.config import Settings
from graph_service.console.examples import read_examples
from graph_service.graphql.http.sockets import SUBPROTOCOL
from graph_service.sign_in.services import open_access
from tests import county
from tests.conftest import ENGINES, left_out
from tests.leaks import REGISTER, files_with_numbers, numbers_in, numbers_of_answer, register_numbers
from tests.patience import CAP_SECONDS, wait_until
from tests.ports import free_port
from tests.processes import awake, environment, ready, run_command
from tests.reference.boundaries import Draw
from tests.servers.neo4j_server import NotHereError, neo4j_server
from tests.telemetry.test_service import Collector

COUNTY, HOUSEHOLD, FUND = "513431", "5134311002000000", "ZJ000"
DRAWN, PAGES = 3, 3
"""Operations and pages of persons that a user of each role asks for."""
PERSONS = """query($area: String!, $after: String) { persons(area: {code: $area}, first: 40, after: $after) {
  pageInfo { endCursor } nodes { id personNo current { name idDocument maskedFields } household { id current { headName phone } } } } }"""
IN_FULL = """query($area: String!) { persons(area: {code: $area}, first: 40) { nodes {
  current { full(purpose: "核对") { status idDocument } } } } }"""
IMPORT = """mutation($input: ImportRegisterInput!) { importRegister(input: $input) { __typename
  ... on ImportRegisterSuccess { remarks { file sheet row key column value code zh en } leftOut { file sheet column value zh en } rejects { rows } }
  ... on Refusal { code zh en } } }"""
ROLES = {"embedded": GRANTABLE_ROLES, "neo4j": (Role.OFFICIAL, Role.REGISTRAR)}
"""Roles whose users ask, by engine: what is masked depends on the role, what an engine says and keeps does not."""
EVENTS = "subscription { dataVersionChanged { sequence day by } }"
END_CURSOR = re.compile(rb'"endCursor":"([^"]+)"')
EXPORTS = ("households.csv", "persons.xlsx", "checkFindings.csv")
# A number in place of every kind of argument. %s: the number.
MISTAKES = (
    '{ household(cardNo: "%s") { cardNo } }',
    '{ node(id: "%s") { id } }',
    '{ persons(area: {code: "%s"}, first: 1) { totalCount } }',
    '{ persons(area: {code: "513431"}, first: 1, after: "%s") { totalCount } }',
    '{ households(area: {code: "513431"}, asOf: "%s") { totalCount } }',
    "{ households(area: {code: %s}) { totalCount } }",
    "{ households(first: %s) { totalCount } }",
    '{ coverageGaps(area: {code: "513431"}, duties: [X%s]) { totalCount } }',
    '{ persons(purpose: "%s", first: 1) { totalCount } }',
    '{ benefitChains(from: {fundNo: "%s"}) { totalCount } }',
    "{ persons%s { totalCount } }",
    '{ persons(where: {n%s: 1}) { totalCount } }',
    '{ search(text: "%s", first: 5) { nodes { __typename } } }',
    '{ households(area: {code: "513431"}, asOf: "%s',
    "%s",
    'mutation { endDuty(input: {clientKey: "%s", duty: HELPER, cardNo: "%s", cadreNo: "%s", until: "2016-12-31"}) { __typename ... on Refusal { code zh en } } }',
    'mutation { recordVisit(input: {clientKey: "visit", cardNo: "5134311002000000", cadreNo: "GB0003", on: "2016-06-01", note: "%s"}) { __typename ... on Refusal { code zh en } } }',
)  # fmt: skip


@dataclass
class Life:
    """What has left a service: `answers` by what was asked, the body of one in full, and the folder, texts and stored values beside them."""

    folder: Path
    answers: dict[str, bytes] = field(default_factory=dict)
    in_full: bytes = b""
    metrics: bytes = b""
    spans: bytes = b""
    command_output: bytes = b""
    stored_values: bytes = b""

    @cached_property
    def log(self) -> bytes:
        return (self.folder / "service.log").read_bytes()


@dataclass(frozen=True)
class User:
    """A user of one role, with an API key, before the service on a port."""

    role: Role
    key: str
    port: int

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        """Send a request, and return the head and the body of the answer; of a stream of events its first part."""
        connection = HTTPConnection("localhost", self.port, timeout=CAP_SECONDS)
        try:
            sent = {"authorization": f"Bearer {self.key}", "content-type": "application/json", **headers}
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            head = "\n".join(f"{name}: {value}" for name, value in answer.getheaders()).encode()
            is_stream = headers.get("accept") == "text/event-stream"
            return head + b"\n\n" + (answer.read1() if is_stream else answer.read())
        finally:
            connection.close()

    def ask(self, query: str, **variables: Any) -> bytes:
        return self.send("POST", "/graphql", json.dumps({"query": query, "variables": variables}).encode())

    def pages(self) -> Iterator[bytes]:
        """Yield pages of persons, each by the cursor of the one before."""
        after = None
        for _ in range(PAGES):
            answer = self.ask(PERSONS, area=COUNTY, after=after)
            yield answer
            cursor = END_CURSOR.search(answer)
            after = cursor and cursor[1].decode()

    def upload(self, content: bytes) -> bytes:
        """Import a workbook, and return the answer."""
        operations = {"query": IMPORT, "variables": {"input": {"clientKey": "scan", "files": [None]}}}
        return httpx2.post(
            f"http://localhost:{self.port}/graphql",
            data={"operations": json.dumps(operations), "map": '{"0": ["variables.input.files.0"]}'},
            files={"0": ("register.xlsx", content)},
            headers={"graphql-require-preflight": "1", "authorization": f"Bearer {self.key}"},
            timeout=CAP_SECONDS,
        ).content

    def converse(self, number: str) -> bytes:
        """Make mistakes over a WebSocket until the service closes it; return what it says, without the ids that it repeats for its client."""
        queries = (MISTAKES[0].replace("%s", number), f"{{ n{number} }}", EVENTS, EVENTS)
        messages: list[dict[str, Any]] = [
            {"type": "connection_init"},
            *({"type": "subscribe", "id": number, "payload": {"query": query}} for query in queries),
            {"type": f"a{number}"},
        ]
        said: list[str] = []

        def listen() -> None:
            said.append(json.dumps(orjson.loads(socket.recv(CAP_SECONDS)) | {"id": ""}, ensure_ascii=False))

        with connect(
            f"ws://localhost:{self.port}/graphql",
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            additional_headers={"authorization": f"Bearer {self.key}"},
        ) as socket:
            with suppress(ConnectionClosed):
                for message in messages:
                    socket.send(json.dumps(message))
                    if message.get("payload") != {"query": EVENTS}:
                        listen()
            with suppress(ConnectionClosed):
                while True:
                    listen()
            said.append(str(socket.close_reason))
        return "\n".join(said).encode()


def answers_for(user: User, numbers: list[str], workbook: bytes) -> Iterator[tuple[str, bytes]]:
    """Ask, page, search, export, subscribe, import and make mistakes as a user; yield what was asked and the answer. No purpose is stated."""
    for index, page in enumerate(user.pages()):
        yield f"page {index}", page
    for example in read_examples({"area": {"code": COUNTY}, "fund": FUND, "card": HOUSEHOLD}):
        yield example.name, user.ask(example.query, **example.variables)
    for index in range(DRAWN):
        draw = Draw(random.Random(f"{user.role} {index} scan"), "Query", wrong=0.05)
        if "full(" not in draw.text:
            yield draw.text, user.ask(draw.text, **draw.variables)
    for number in numbers:
        for mistake in MISTAKES:
            yield f"{mistake} {number}", user.ask(mistake.replace("%s", number))
        query = "query($text: Int!, $id: ID!) { node(id: $id) { id } households(first: $text) { totalCount } }"
        yield f"variables {number}", user.ask(query, text=number, id=number)
        yield f"body {number}", user.send("POST", "/graphql", number.encode())
        yield f"path {number}", user.send("GET", f"/exports/{quote(number)}.csv")
        parameters = urlencode({"area": number, number: "1"})
        yield f"parameter {number}", user.send("GET", f"/exports/persons.csv?{parameters}")
        yield f"socket {number}", user.converse(number)
    yield "upload", user.upload(workbook)
    for name in EXPORTS:
        yield name, user.send("GET", f"/exports/{name}?area={COUNTY}")
    yield "events", user.send("POST", "/graphql", orjson.dumps({"query": EVENTS}), accept="text/event-stream")


def wrong_rows(phone: str, document: str) -> county.Sheets:
    """Return sheets that have the numbers where they belong and where they do not, in rows that are refused."""
    return {
        "贫困户": [
            ["户编号", "村编码", "户主姓名", "联系电话", "年度", f"备注{phone}"],
            ["", f"{COUNTY}100200", f"某{phone}", phone, 2016, document],
            [HOUSEHOLD, f"{COUNTY}100200", document, f"{phone}0", 2016, phone],
        ],
        "家庭成员": [
            ["人口编号", "户编号", "姓名", "证件号码", "与户主关系"],
            [f"{HOUSEHOLD}09", HOUSEHOLD, document, f"{document}1", document],
            ["", HOUSEHOLD, phone, document, phone],
        ],
    }


def make_users(data: Path, port: int) -> list[User]:
    """Return a user of each role that can be granted, who reads the county."""
    settings = Settings.model_validate({"GRAPH_SERVICE_SIGN_IN": "required", "GRAPH_SERVICE_DATA": data})
    access = open_access(settings)
    try:
        for role in GRANTABLE_ROLES:
            read_areas = ("",) if role is Role.MONITORING else (COUNTY,)
            access.grants.add(AccessGrant(role.value, role, read_areas, ("",)))
        return [User(role, access.api_keys.create(role.value, "tests")[0], port) for role in GRANTABLE_ROLES]
    finally:
        access.close()


@contextmanager
def collecting() -> Iterator[Collector]:
    """Yield a running collector of spans."""
    collector = Collector()
    thread = Thread(target=collector.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.shutdown()
        collector.server_close()
        thread.join(CAP_SECONDS)


@contextmanager
def service_with_log(settings: dict[str, str], port: int, log: Path) -> Iterator[None]:
    """Run the service, with all that it prints in a file."""
    command = [sys.executable, "-m", "graph_service", "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=settings, stdout=output, stderr=output)
    try:
        wait_until(lambda: ready(port) is not None, "the service", process.pid)
        yield
    finally:
        process.terminate()
        process.wait(CAP_SECONDS)


def values_in_neo4j(uri: str) -> bytes:
    """Return all values of nodes and relationships: the store packs short texts, so that its files do not show them as text."""
    with neo4j.GraphDatabase.driver(uri) as driver:
        rows = driver.execute_query("MATCH (n) RETURN properties(n) UNION ALL MATCH ()-[n]->() RETURN properties(n)")
        return "\n".join(str(row.values()) for row in rows.records).encode()


@pytest.fixture(scope="module", params=ENGINES)
def life(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Life:
    folder, delivered = tmp_path_factory.mktemp("life"), tmp_path_factory.mktemp("delivered")
    own, port = Life(folder), free_port()
    (folder / "tmp").mkdir()
    settings = environment(
        folder / "data",
        GRAPH_SERVICE_KEY_FILE=str(folder / "key"),
        GRAPH_SERVICE_SIGN_IN="required",
        GRAPH_SERVICE_AUDIT_ANCHOR=str(folder / "anchor.txt"),
        GRAPH_SERVICE_LOG="json",
        OTEL_BSP_SCHEDULE_DELAY="100",
        TMPDIR=str(folder / "tmp"),
    )
    phone, document = (
        number.decode() for number in (min(register_numbers(), key=len), max(register_numbers(), key=len))
    )
    workbook = county.workbook(wrong_rows(phone, document), delivered / "wrong.xlsx")
    with ExitStack() as stack:
        if request.param == "neo4j":
            try:
                settings["NEO4J_URI"] = stack.enter_context(neo4j_server(folder / "neo4j", kept=True))
            except NotHereError as error:
                left_out("real Neo4j", str(error))
        commands: list[tuple[str, ...]] = [
            ("keys", "generate", "--file", settings["GRAPH_SERVICE_KEY_FILE"]),
            ("import", str(REGISTER)),
            ("import", str(workbook), "--dry-run", "--json", "--yes", "--rejects", str(delivered / f"{phone}.xlsx")),
        ]
        with ExitStack() as commanded:
            if request.param == "embedded":
                commanded.enter_context(awake(settings))
                commands += [
                    ("import", str(workbook), "--dry-run", "--yes"),
                    ("check", "--area", COUNTY),
                    ("ask", "persons", "--area", COUNTY, "--json"),
                    ("ask", "households", "--area", document),
                ]
            own.command_output = b"".join(
                "\n".join(map(str, run_command(settings, *words))).encode() for words in commands
            )
        collector = stack.enter_context(collecting())
        settings["GRAPH_SERVICE_OTLP"] = f"http://127.0.0.1:{collector.server_port}/v1/traces"
        users = {user.role: user for user in make_users(folder / "data", port)}
        with service_with_log(settings, port, folder / "service.log"):
            for role in ROLES[request.param]:
                for name, answer in answers_for(users[role], [phone, document], workbook.read_bytes()):
                    own.answers[f"{role} {name}"] = answer
            own.in_full = users[Role.OFFICIAL].ask(IN_FULL, area=COUNTY)
            own.metrics = users[Role.MONITORING].send("GET", "/metrics")
        own.spans = b"\n".join(collector.bodies)
        if request.param == "neo4j":
            own.stored_values = values_in_neo4j(settings["NEO4J_URI"])
    return own


pytestmark = pytest.mark.slow


def test_the_scan_finds_numbers_where_they_may_be(life: Life) -> None:
    """Else it would be blind."""
    assert len(register_numbers()) > 2_000
    assert len(numbers_of_answer(REGISTER.read_bytes())) > 2_000
    assert len(numbers_in(life.in_full)) > 10
    assert numbers_in(min(register_numbers()).decode().encode("utf-16-le"))
    assert len(life.answers) > 100
    people = [body for name, body in life.answers.items() if name.startswith("OFFICIAL page")]
    assert all(b"519900********" in body for body in people)
    upload = life.answers["REGISTRAR upload"]
    assert (b"NUMBER_MASKED" in upload, b"KEY_MISSING" in upload) == (True, True)
    visits = [body for name, body in life.answers.items() if name.startswith("OFFICIAL mutation { recordVisit")]
    assert [b"VALUE_NOT_ALLOWED" in body for body in visits] == [True, True]
    sockets = [body for name, body in life.answers.items() if " socket " in name]
    assert all(b"connection_ack" in body and b"****" in body for body in sockets)


def test_no_answer_without_a_purpose_tells_a_number(life: Life) -> None:
    assert [name for name, body in life.answers.items() if numbers_of_answer(body)] == []


def test_no_output_of_a_command_tells_a_number(life: Life) -> None:
    assert b"519900********" in life.command_output
    assert numbers_of_answer(life.command_output) == set()


def test_no_log_metric_or_span_tells_a_number(life: Life) -> None:
    assert life.log.count(b"\n") > 10
    assert b"graph_service_statements" in life.metrics
    assert b"graphql query" in life.spans
    assert [numbers_in(content) for content in (life.log, life.metrics, life.spans)] == [set(), set(), set()]


def test_no_file_of_the_service_or_its_engine_tells_a_number(life: Life) -> None:
    """The files of the engine, of access and audit, the anchor and the temporary ones: whatever is below the folder."""
    assert (life.folder / "data" / "audit.sqlite").exists()
    assert files_with_numbers(life.folder) == []
    assert numbers_in(life.stored_values) == set()
