"""A service in its whole life, over real records: no number of a person stands where it may not.

The sample register is imported with a key; users of each role ask, export, page, subscribe and make mistakes over HTTP. Then everything
that has left the service is looked through: answers, cursors, logs, metrics, spans, temporary files and the files of the engine.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pytest

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.config import Settings
from graph_service.sign_in.services import open_access
from tests.leaks import REGISTER, files_with_numbers, numbers_in, numbers_of_answer, register_numbers
from tests.patience import CAP_SECONDS, wait_until
from tests.processes import environment, free_port, ready, run_command
from tests.reference.boundaries import Draw
from tests.telemetry.test_service import Collector

COUNTY = "513431"
DRAWN = 25
"""Operations of each role."""
MAY_READ_IN_FULL = (Role.OFFICIAL, Role.REGISTRAR)
PERSONS = """query($area: String!, $after: String) { persons(area: {code: $area}, first: 40, after: $after) {
  pageInfo { endCursor } nodes { id personNo current { name idDocument maskedFields } household { id current { headName phone } } } } }"""
IN_FULL = """query($area: String!) { persons(area: {code: $area}, first: 40) { nodes {
  current { full(purpose: "核对") { status idDocument } } } } }"""
EVENTS = "subscription { dataVersionChanged { sequence day by } }"
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
)  # fmt: skip


@dataclass
class Life:
    """What has left a service: `answers` by what was asked, the body of an answer in full, and the folders and texts beside them."""

    folder: Path
    answers: dict[str, bytes] = field(default_factory=dict)
    in_full: bytes = b""
    metrics: bytes = b""
    spans: bytes = b""
    command_output: bytes = b""

    @property
    def log(self) -> bytes:
        return (self.folder / "service.log").read_bytes()


def send(port: int, method: str, path: str, key: str, body: bytes | None = None, **headers: str) -> bytes:
    """Send a request with an API key, and return the head and the body of the answer."""
    connection = HTTPConnection("localhost", port, timeout=CAP_SECONDS)
    try:
        sent = {"authorization": f"Bearer {key}", "content-type": "application/json", **headers}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        head = "\n".join(f"{name}: {value}" for name, value in answer.getheaders()).encode()
        if headers.get("accept") == "text/event-stream":
            return head + answer.read1()
        return head + b"\n\n" + answer.read()
    finally:
        connection.close()


def graphql(port: int, key: str, query: str, **variables: Any) -> bytes:
    return send(port, "POST", "/graphql", key, json.dumps({"query": query, "variables": variables}).encode())


def ask_as(life: Life, port: int, role: Role, key: str, numbers: list[str]) -> None:
    """Ask, page, search, export and make mistakes as a user of a role."""
    after = None
    for page in range(3):
        body = graphql(port, key, PERSONS, area=COUNTY, after=after)
        life.answers[f"{role} page {page}"] = body
        connection = (orjson.loads(body.partition(b"\n\n")[2]).get("data") or {}).get("persons")
        after = connection and connection["pageInfo"]["endCursor"]
    for number in range(DRAWN):
        draw = Draw(random.Random(f"{role} {number} scan"), "Query", wrong=0.05)
        if role not in MAY_READ_IN_FULL or "full(" not in draw.text:
            life.answers[f"{role} {draw.text}"] = graphql(port, key, draw.text, **draw.variables)
    for mistake in MISTAKES:
        for number_text in numbers:
            life.answers[f"{role} {mistake} {number_text}"] = graphql(port, key, mistake.replace("%s", number_text))
    for number_text in numbers:
        query = "query($text: Int!, $id: ID!) { node(id: $id) { id } households(first: $text) { totalCount } }"
        life.answers[f"{role} variables {number_text}"] = graphql(port, key, query, text=number_text, id=number_text)
        life.answers[f"{role} body {number_text}"] = send(port, "POST", "/graphql", key, number_text.encode())
        life.answers[f"{role} path {number_text}"] = send(port, "GET", f"/exports/{quote(number_text)}.csv", key)
        life.answers[f"{role} parameter {number_text}"] = send(
            port, "GET", f"/exports/persons.csv?{urlencode({'area': number_text, number_text: '1'})}", key
        )
    for name in ("persons.csv", "households.csv", "persons.xlsx", "checkFindings.csv"):
        life.answers[f"{role} {name}"] = send(port, "GET", f"/exports/{name}?area={COUNTY}", key)
    events = orjson.dumps({"query": EVENTS})
    life.answers[f"{role} events"] = send(port, "POST", "/graphql", key, events, accept="text/event-stream")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder, collector = tmp_path_factory.mktemp("life"), Collector()
    (folder / "tmp").mkdir()
    (folder / "data").mkdir()
    Thread(target=collector.serve_forever, daemon=True).start()
    settings = environment(
        folder / "data",
        GRAPH_SERVICE_KEY_FILE=str(folder / "key"),
        GRAPH_SERVICE_SIGN_IN="required",
        GRAPH_SERVICE_AUDIT_ANCHOR=str(folder / "anchor.txt"),
        GRAPH_SERVICE_LOG="json",
        GRAPH_SERVICE_OTLP=f"http://127.0.0.1:{collector.server_port}/v1/traces",
        OTEL_BSP_SCHEDULE_DELAY="100",
        TMPDIR=str(folder / "tmp"),
    )
    own = Life(folder)
    commands = (
        ("keys", "generate", "--file", settings["GRAPH_SERVICE_KEY_FILE"]),
        ("import", str(REGISTER)),
        ("import", str(REGISTER), "--json"),
        ("check", "--area", COUNTY),
        ("ask", "persons", "--area", COUNTY, "--json"),
        ("ask", "households", "--area", sorted(register_numbers())[0].decode()),
    )
    own.command_output = b"".join("\n".join(map(str, run_command(settings, *words))).encode() for words in commands)
    access = open_access(Settings.model_validate({"GRAPH_SERVICE_SIGN_IN": "required", "GRAPH_SERVICE_DATA": folder / "data"}))  # fmt: skip
    keys: dict[Role, str] = {}
    for role in Role:
        areas = ("",) if role is Role.MONITORING else (COUNTY,)
        access.grants.add(AccessGrant(role.value, role, areas, areas))
        keys[role] = access.api_keys.create(role.value, "tests")[0]
    access.close()
    port = free_port()
    with (folder / "service.log").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "graph_service", "serve", "--port", str(port)],
            env=settings, stdout=errors, stderr=errors,
        )  # fmt: skip
    try:
        wait_until(lambda: ready(port) is not None, "the service", process.pid)
        numbers = [number.decode() for number in (min(register_numbers(), key=len), max(register_numbers(), key=len))]
        for role, key in keys.items():
            if role is not Role.EMERGENCY:
                ask_as(own, port, role, key, numbers)
        own.in_full = graphql(port, keys[Role.OFFICIAL], IN_FULL, area=COUNTY)
        own.metrics = send(port, "GET", "/metrics", keys[Role.MONITORING])
        wait_until(lambda: len(collector.bodies) > 3, "the collector", process.pid)
        yield own
    finally:
        process.terminate()
        process.wait(CAP_SECONDS)
        collector.shutdown()
        collector.server_close()
        own.spans = b"\n".join(collector.bodies)


pytestmark = [pytest.mark.slow, pytest.mark.one_engine]


def test_the_scan_finds_numbers_where_they_may_be(life: Life) -> None:
    """Else it would be blind."""
    assert len(register_numbers()) > 2_000
    assert len(numbers_of_answer(REGISTER.read_bytes())) > 2_000
    assert len(numbers_in(life.in_full)) > 10
    assert numbers_in(min(register_numbers()).decode().encode("utf-16-le"))
    assert len(life.answers) > 500
    people = [body for name, body in life.answers.items() if name.startswith("OFFICIAL page")]
    assert all(b"519900********" in body for body in people)


def test_no_answer_without_a_purpose_tells_a_number(life: Life) -> None:
    assert [name for name, body in life.answers.items() if numbers_of_answer(body)] == []


def test_no_output_of_a_command_tells_a_number(life: Life) -> None:
    assert b"519900********" in life.command_output
    assert numbers_of_answer(life.command_output) == set()


def test_no_log_metric_or_span_tells_a_number(life: Life) -> None:
    assert (life.log.count(b"\n") > 10, b"graph_service_statements" in life.metrics) == (True, True)
    assert [numbers_in(content) for content in (life.log, life.metrics, life.spans)] == [set(), set(), set()]


def test_no_file_of_the_service_tells_a_number(life: Life) -> None:
    """The files of the engine, of access and audit, the anchor and the temporary ones: whatever is below the folder."""
    assert (life.folder / "data" / "audit.sqlite").exists()
    assert files_with_numbers(life.folder) == []
