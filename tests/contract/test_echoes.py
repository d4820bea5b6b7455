"""What a request repeats: no message of an error has the number of an ID document, a bank card or a telephone that somebody sent."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from graph_service.__main__ import main
from graph_service.app import build_app
from graph_service.cli.output import print_error
from graph_service.config import Settings
from graph_service.errors import NotFound
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.graphql.http import sockets
from graph_service.platform.store.graph import Store
from tests.callers import LocalClient, local_api, shared_audit_log
from tests.conftest import REGISTER
from tests.reference import boundaries

pytestmark = pytest.mark.one_engine

OPERATIONS = int(os.environ.get("OPERATIONS", "400"))
DOCUMENT, CARD, PHONE = "519900197001010024", "6222020000000000000", "10012345678"
RAW = re.compile(r"70\W?01\W?01\W?00|220200000000|12\W?345\W?678")
"""What masked numbers do not have: the day of birth, the middle of the card and of the telephone."""
SPELLINGS = (
    DOCUMENT, "51990019700101002X", "51990019700101002x", "519900 19700101 0024", "５１９９００１９７００１０１００２４", CARD, PHONE, "100 1234 5678",
    f"+86{PHONE}", f"{DOCUMENT},{PHONE}", f"户主{DOCUMENT}", f"{'某' * 30}{DOCUMENT}", f"{'x' * 115}{DOCUMENT}{'x' * 300}", f"{'x y ' * 700}{DOCUMENT}",
)  # fmt: skip
"""How somebody may write them, also where a message is cut."""
FIGURES = (int(DOCUMENT), float(DOCUMENT), int(PHONE), float(PHONE), [DOCUMENT], {f"a{DOCUMENT}": 1}, {"a": DOCUMENT})
MESSAGE_KEYS = {"message", "zh", "en", "argument", "field"}


def messages(value: Any) -> Iterator[str]:
    """Yield the texts of errors and refusals at any depth of a body."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in MESSAGE_KEYS and isinstance(member, str):
                yield member
            else:
                yield from messages(member)
    elif isinstance(value, list):
        for member in value:
            yield from messages(member)


def draw_and_ask(store: Store, kind: str, count: int) -> tuple[int, int]:
    """Send operations whose values are numbers of people; return the numbers of messages, and of masks in them."""
    api, seen = local_api(store), []
    for seed in range(count):
        operation = boundaries.Draw(random.Random(f"{kind} {seed}"), kind, wrong=0.4)
        body = api.execute(GraphQLRequest(operation.text, variables=operation.variables)).body()
        for message in messages(body):
            assert not RAW.search(message), (message, operation.text, operation.variables)
            seen.append(message)
    return len(seen), sum("****" in message for message in seen)


@pytest.fixture
def numbers_for_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let operations be drawn with numbers of people in place of texts and of wrong values."""
    for name in ("String", "ID", "Purpose"):
        monkeypatch.setitem(boundaries.POOLS, name, SPELLINGS)
    monkeypatch.setattr(boundaries, "TEXTS", SPELLINGS)
    monkeypatch.setattr(boundaries, "WRONG", (*SPELLINGS, *FIGURES))
    monkeypatch.setattr(boundaries, "LITERALS", (DOCUMENT, PHONE, f"a{DOCUMENT}", f"{PHONE}.5", f'"""{DOCUMENT}"""'))


def test_no_error_of_a_question_repeats_a_number(
    store: Store, imported: ImportReport, numbers_for_values: None
) -> None:
    count, masked = draw_and_ask(store, "Query", OPERATIONS)
    assert (count > OPERATIONS, masked > OPERATIONS // 2) == (True, True)


def test_no_refusal_of_a_change_repeats_a_number(empty: Store, numbers_for_values: None) -> None:
    import_files(empty, [REGISTER])
    count, masked = draw_and_ask(empty, "Mutation", OPERATIONS)
    assert (count > OPERATIONS, masked > OPERATIONS // 4) == (True, True)


DOCUMENTS = {
    "a wrong enumeration": '{ coverageGaps(area: {code: "513431"}, duties: [N%s]) { totalCount } }',
    "an enumeration as text": '{ coverageGaps(area: {code: "513431"}, duties: ["%s"]) { totalCount } }',
    "a wrong id": "{ nodes(ids: [%s.5]) { id } }",
    "an unknown key": '{ fundReport(fundNo: "%s") { attributedTotal } }',
    "a wrong day": '{ households(area: {code: "513431"}, asOf: "%s") { totalCount } }',
    "an unknown area": '{ households(area: {code: "%s"}) { totalCount } }',
    "a cursor": '{ households(area: {code: "513431"}, after: "x%s") { nodes { id } } }',
    "a search text": '{ search(text: "%s", kinds: [NONE%s]) { __typename } }',
    "a filter of a wrong type": '{ households(area: {code: "513431"}, where: {current: {size: {eq: "%s"}}}) { totalCount } }',
    "a filter of amounts": '{ households(area: {code: "513431"}, where: {current: {wageIncome: {eq: "%s元"}}}) { totalCount } }',
    "a purpose": '{ households(area: {code: "513431"}, first: 1) { nodes { current { full(purpose: "%s") { phone } } } } }',
    "a literal too large": '{ households(area: {code: "513431"}, first: %s) { totalCount } }',
    "a name of a field": "{ a%s }",
    "a name of an argument": '{ households(area: {code: "513431"}, a%s: 1) { totalCount } }',
    "a name of a condition": '{ households(area: {code: "513431"}, where: {a%s: 1}) { totalCount } }',
    "a name of a variable": "{ households(first: $a%s) { totalCount } }",
    "a name of a fragment": "{ ...a%s }",
    "a name of a type": "{ ... on A%s { id } }",
    "a directive": "{ __typename @a%s }",
    "syntax": "{ households %s }",
    "syntax before": '{ households(area: "%s" "x") { } }',
    "a text without its end": '{ households(area: "%s',
    "a figure followed by letters": "{ households(first: %sx) { totalCount } }",
    "an operation of two": "query A%s { __typename } query B { __typename }",
}


@pytest.fixture(scope="module")
def client(store: Store, imported: ImportReport) -> Iterator[TestClient]:
    with LocalClient(build_app(store, Settings.model_validate({}), audit_log=shared_audit_log())) as test_client:
        yield test_client


@pytest.mark.parametrize("number", [DOCUMENT, PHONE])
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_no_error_of_a_document_repeats_a_number(client: TestClient, kind: str, number: str) -> None:
    response = client.post("/graphql", json={"query": DOCUMENTS[kind].replace("%s", number)})
    assert response.json()["errors"]
    assert number not in response.text
    assert not RAW.search(response.text)


VARIABLES = {"Int": "first", "String": "after", "Date": "asOf", "HouseholdWhere": "where", "AreaScope!": "area"}


@pytest.mark.parametrize("value", [DOCUMENT, int(DOCUMENT), float(DOCUMENT), [PHONE], {f"a{PHONE}": DOCUMENT}], ids=str)
@pytest.mark.parametrize("type_", VARIABLES)
def test_no_error_of_a_variable_repeats_a_number(client: TestClient, type_: str, value: Any) -> None:
    area = "" if type_ == "AreaScope!" else 'area: {code: "513431"}, '
    query = f"query($a: {type_}) {{ households({area}{VARIABLES[type_]}: $a) {{ totalCount }} }}"
    response = client.post("/graphql", json={"query": query, "variables": {"a": value}})
    assert response.json().get("errors") or type_ == "String", "digits alone may be a cursor"
    assert not RAW.search(response.text)
    extra = client.post("/graphql", json={"query": "{ a }", "variables": value, "operationName": value})
    assert not RAW.search(extra.text)


@pytest.mark.parametrize("number", [DOCUMENT, PHONE])
@pytest.mark.parametrize(
    "path",
    [
        "/exports/{}.csv", "/exports/coverageGaps.{}", "/exports/coverageGaps.csv?area={}", "/exports/coverageGaps.csv?area=513431&n{}=1",
        "/exports/coverageGaps.csv?area=513431&duties={}", "/exports/helperLoad.csv?area=513431&over={}", "/exports/households.csv?area=513431&where={}",
        "/exports/households.csv?area=513431&where=%7B%22a{}%22:1%7D", "/exports/coverageGaps.csv?area=513431&asOf={}", "/exports/fundReport.csv?fundNo={}",
        "/graphql?query=%7Ba{}%7D", "/graphql?documentId={}", "/graphql?query=%7B__typename%7D&operationName={}", "/graphql?query=%7B__typename%7D&variables={}",
        "/graphql?query=%7B__typename%7D&variables=%7B{}", "/graphql/{}", "/{}", "/assets/{}", "/sign-in?next={}",
    ],
)  # fmt: skip
def test_no_address_is_repeated_with_its_number(client: TestClient, path: str, number: str) -> None:
    response = client.get(path.format(number), follow_redirects=False)
    assert not RAW.search(response.text)
    assert not RAW.search(response.headers.get("content-disposition", ""))


def test_a_workbook_says_what_was_asked_without_numbers(client: TestClient) -> None:
    where = json.dumps({"cardNo": {"eq": DOCUMENT}})
    content = client.get("/exports/households.xlsx", params={"area": "513431", "where": where}).content
    texts = [str(cell) for sheet in openpyxl.load_workbook(BytesIO(content)) for row in sheet.values for cell in row]
    assert any("519900********0024" in text for text in texts)
    assert not any(RAW.search(text) for text in texts)


def receive_all(socket: WebSocketTestSession) -> None:
    """Receive messages until the service closes the connection."""
    while True:
        socket.receive_json()


def test_no_upload_or_socket_repeats_a_number(client: TestClient) -> None:
    headers = {"graphql-require-preflight": "1"}
    data = {"operations": '{"query": "{ __typename }"}', "map": json.dumps({"0": [f"variables.a{DOCUMENT}"]})}
    response = client.post("/graphql", data=data, files={"0": ("a", b"")}, headers=headers)
    assert response.json()["errors"]
    assert not RAW.search(response.text)
    subscription = {
        "id": DOCUMENT,
        "type": "subscribe",
        "payload": {"query": "subscription { importProgress { sheet } }"},
    }
    with client.websocket_connect("/graphql", [sockets.SUBPROTOCOL]) as socket:
        for message in ({"type": "connection_init"}, subscription, subscription):
            socket.send_json(message)
        with pytest.raises(WebSocketDisconnect) as closed:
            receive_all(socket)
    assert (closed.value.code, closed.value.reason) == (
        sockets.SUBSCRIBER_EXISTS,
        "Subscriber for 519900********0024 already exists",
    )


def test_what_the_register_calls_a_record_stays_readable(client: TestClient) -> None:
    for key in ("5134311002009999", "513431100200999901", "91513431000000001X"):
        response = client.post(
            "/graphql", json={"query": f'{{ fundReport(fundNo: "{key}") {{ attributedTotal }} }}'}
        ).json()
        assert key in response["errors"][0]["message"], response


COMMANDS = (
    ("{}",), ("ask", "{}"), ("ask", "coverageGaps", "--area", "513431", "--filter", "{}"), ("ask", "coverageGaps", "--filter", "duties={}"),
    ("ask", "--a{}"), ("ask", "coverageGaps", "--out", "{}"), ("import", "a.xlsx", "--day", "{}"), ("import", "a.xlsx", "--purpose", "{}"),
    ("import", "a.xlsx", "--rejects", "{}"), ("import", "a.xlsx", "--mapping", "{}"), ("trace", "ZJ000", "--year", "x{}"),
    ("verify", "{}"), ("verify", "audit", "--head", "{}"), ("cypher", "{}"), ("sample", "--county", "{}", "--households", "1", "--out", "/dev/null/x"),
    ("sample", "--county", "513431", "--households", "x{}", "--out", "/dev/null/x"), ("mapping", "--for", "{}"), ("access", "grant", "--role", "{}"),
)  # fmt: skip


@pytest.mark.parametrize("number", [DOCUMENT, PHONE])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_error_of_a_command_repeats_a_number(
    words: tuple[str, ...], number: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for spelling in (number, f"{number[:3]} {number[3:7]} {number[7:]}" if number == PHONE else f"户主{number}"):
        monkeypatch.setattr("sys.argv", ["graph-service", *(word.format(spelling) for word in words)])
        with pytest.raises(SystemExit) as exit_info:
            main()
        shown = "".join(capsys.readouterr())
        assert (exit_info.value.code, bool(shown.strip()), RAW.findall(shown)) == (2, True, [])


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_of_a_command_is_printed_without_numbers(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    print_error(NotFound(what_zh="户", what_en="household", key=DOCUMENT), as_json=as_json)
    shown = "".join(capsys.readouterr())
    assert (shown.count("519900********0024"), DOCUMENT in shown) == (2, False)
