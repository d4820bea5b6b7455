"""Import and undo over HTTP: multipart uploads, their results, one import per client key, malicious forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from gql import Client, FileVar, gql
from gql.transport.httpx import HTTPXTransport
from starlette.testclient import TestClient

from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.core.recording.writer_lock import acquire, release
from graph_service.features.imports import mutations
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests import county
from tests.callers import LocalClient, local_api, permissions_in, shared_audit_log
from tests.conftest import REGISTER
from tests.serving import serving

QUERY = """mutation($input: ImportRegisterInput!) { made: importRegister(input: $input) { __typename
  ... on ImportRegisterSuccess { dataVersion changed repeated day remarkCount leftOutCount leftOut { code } rejects { rows } counts { sheet rows new changed same refused flagged } remarks { file sheet row key column value code refused zh en } }
  ... on Refusal { code zh en } ... on Invalid { field } } }"""
UNDO = """mutation($v: Int!) { made: undoImport(input: {dataVersion: $v}) { __typename
  ... on UndoImportSuccess { undone changed dataVersion } ... on Refusal { code zh en } } }"""
MARK = {"graphql-require-preflight": "1"}


@pytest.fixture
def client(empty: Store) -> Iterator[TestClient]:
    settings = Settings.model_validate({"GRAPH_SERVICE_UPLOAD_BYTES": "5000000"})
    with LocalClient(build_app(empty, settings, audit_log=shared_audit_log())) as test_client:
        yield test_client


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a register of a few rows."""
    return county.workbook(county.SHEETS, tmp_path_factory.mktemp("small") / "register.xlsx").read_bytes()


def form(files: list[tuple[str, bytes]], **overrides: Any) -> dict[str, Any]:
    variables = {"input": {"clientKey": "k1", "files": [None] * len(files), **overrides}}
    return {
        "data": {
            "operations": json.dumps({"query": QUERY, "variables": variables}),
            "map": json.dumps({str(index): [f"variables.input.files.{index}"] for index in range(len(files))}),
        },
        "files": {str(index): (name, content) for index, (name, content) in enumerate(files)},
        "headers": MARK,
    }


def send(client: TestClient, *files: tuple[str, bytes], **overrides: Any) -> dict[str, Any]:
    answer = client.post("/graphql", **form(list(files), **overrides))
    assert "errors" not in answer.json(), answer.json()
    payload: dict[str, Any] = answer.json()["data"]["made"]
    return payload


def undo(client: TestClient, version: int) -> dict[str, Any]:
    payload: dict[str, Any] = client.post("/graphql", json={"query": UNDO, "variables": {"v": version}}).json()["data"][
        "made"
    ]
    return payload


def test_a_register_is_imported_once_and_undone(client: TestClient) -> None:
    workbook = ("登记表.xlsx", REGISTER.read_bytes())
    changed = ("other.xlsx", changed_register())
    payload = send(client, workbook, by="县扶贫办")
    assert (payload["__typename"], payload["changed"], payload["day"], payload["dataVersion"]) == (
        "ImportRegisterSuccess",
        True,
        "2016-12-31",
        1,
    )
    counts = {sheet_counts["sheet"]: sheet_counts for sheet_counts in payload["counts"]}
    assert counts["贫困户"]["rows"] == 674
    assert (
        payload["remarkCount"]
        == len(payload["remarks"])
        == sum(sheet_counts["refused"] + sheet_counts["flagged"] for sheet_counts in counts.values())
    )
    refused_remark = next(remark for remark in payload["remarks"] if remark["refused"])
    assert refused_remark["file"] == "登记表.xlsx"
    assert refused_remark["zh"]
    assert refused_remark["row"] > 2
    second_payload = send(client, workbook, by="县扶贫办")
    # Of a repeated request, no row is read: there is no report, which is not a report without remarks.
    assert (second_payload["changed"], second_payload["dataVersion"], second_payload["repeated"]) == (False, 1, True)
    report_fields = ("counts", "remarkCount", "remarks", "leftOutCount", "leftOut", "rejects")
    assert [second_payload[name] for name in report_fields] == [None] * 6
    assert payload["repeated"] is False
    assert payload["remarkCount"] > 0
    assert payload["rejects"]["rows"] > 0
    other_key_payload = send(client, workbook, clientKey="k2")
    assert (other_key_payload["changed"], other_key_payload["dataVersion"]) == (False, 1), "all of it was known"
    assert (other_key_payload["repeated"], other_key_payload["remarkCount"]) == (False, payload["remarkCount"])
    conflict = send(client, changed, by="县扶贫办")
    assert (conflict["__typename"], conflict["code"]) == ("Conflict", "CLIENT_KEY_REUSED")
    last_version = send(client, changed, clientKey="k3")["dataVersion"]
    assert last_version > 1
    assert undo(client, 1)["code"] == "NOT_THE_NEWEST_VERSION"
    expected = {"__typename": "UndoImportSuccess", "undone": last_version, "dataVersion": 1}
    assert undo(client, last_version) == expected | {"changed": True}
    assert undo(client, last_version) == expected | {"changed": False}
    assert undo(client, 1)["dataVersion"] is None
    nothing_left = undo(client, 7)
    assert (nothing_left["__typename"], nothing_left["code"]) == ("Conflict", "NOT_THE_NEWEST_VERSION")


def test_a_number_in_a_text_is_told_and_recorded_masked(client: TestClient, tmp_path: Path) -> None:
    visits: list[list[object]] = [
        ["干部编号", "户编号", "走访日期", "内容"],
        ["GB1", county.H1, "2016-05-01", "户主电话 10012345678、卡 6222020000000000000"],
    ]
    path = county.workbook(county.SHEETS | {"走访记录": visits}, tmp_path / "register.xlsx")
    masked_note = "户主电话 100****5678、卡 ****"
    payload = send(client, (path.name, path.read_bytes()))
    remarks = [remark for remark in payload["remarks"] if remark["code"] == "NUMBER_MASKED"]
    places = [tuple(remark[name] for name in ("sheet", "row", "column", "value", "refused")) for remark in remarks]
    assert places == [("走访记录", 2, "内容", masked_note, False)]
    query = f'{{ household(cardNo: "{county.H1}") {{ visits {{ edges {{ note }} }} }} }}'
    answer = client.post("/graphql", json={"query": query}).json()
    assert answer["data"]["household"]["visits"]["edges"] == [{"note": masked_note}]


def test_a_real_client_uploads(empty: Store, township_register: Path) -> None:
    request = gql(QUERY)
    with serving(empty) as url:
        request.variable_values = {"input": {"clientKey": "gql", "files": [FileVar(str(township_register))]}}
        with Client(transport=HTTPXTransport(url=url, headers=MARK, timeout=120)) as session:
            payload = session.execute(request, upload_files=True)["made"]
    assert (payload["changed"], payload["dataVersion"]) == (True, 1)
    assert payload["remarks"][0]["file"] == township_register.name


def changed_register() -> bytes:
    """Return the register with a different name for one household's head."""
    book = openpyxl.load_workbook(REGISTER)
    sheet = book["贫困户"]
    names = [cell.value for cell in sheet[2]]
    sheet.cell(3, names.index("户主姓名") + 1).value = "另一人"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"nothing of the kind"),
        ("a.csv", b""),
        ("a.csv", "甲,乙\n1,2\n".encode()),
        ("../../a.exe", b"MZ"),
        ("", b"x"),
    ],
)
def test_files_that_are_no_register_are_told_as_data(client: TestClient, name: str, content: bytes) -> None:
    payload = send(client, (name or "x", content))
    assert (payload["__typename"], payload["field"], payload["code"]) == ("Invalid", "files", "FILE_INVALID"), payload
    assert payload["zh"]
    assert payload["en"]


def test_while_another_imports_it_is_told_so(client: TestClient, empty: Store) -> None:
    empty.prepare()
    token = acquire(empty)
    assert send(client, ("a.xlsx", REGISTER.read_bytes()))["code"] == "WRITER_BUSY"
    release(empty, token)


@pytest.mark.one_engine
def test_so_many_are_read_at_once_and_no_more(client: TestClient) -> None:
    """Check that queries can still be answered while files are read."""
    for _ in range(2):
        assert mutations.IMPORT_SLOTS.acquire(blocking=False)
    try:
        [error] = client.post("/graphql", **form([("a.xlsx", REGISTER.read_bytes())])).json()["errors"]
    finally:
        for _ in range(2):
            mutations.IMPORT_SLOTS.release()
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("SERVICE_BUSY", True)


def test_who_may_not_see_everything_may_not_import(empty: Store) -> None:
    body = (
        local_api(empty)
        .execute(GraphQLRequest(UNDO, variables={"v": 1}), permissions=permissions_in(("513431",)))
        .body()
    )
    refusal = body["data"]["made"]
    assert (refusal["__typename"], refusal["code"]) == ("Forbidden", "OUTSIDE_GRANTED_AREAS")


OPERATIONS = json.dumps({"query": QUERY, "variables": {"input": {"clientKey": "k", "files": [None]}}})
MAP = json.dumps({"0": ["variables.input.files.0"]})


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        ({"operations": OPERATIONS, "map": MAP}, {}, 400),
        ({"operations": OPERATIONS}, MARK, 400),
        ({"map": MAP}, MARK, 400),
        ({"operations": "{", "map": MAP}, MARK, 400),
        ({"operations": "[]", "map": MAP}, MARK, 400),
        ({"operations": OPERATIONS, "map": '{"0": "x"}'}, MARK, 400),
        ({"operations": OPERATIONS, "map": '{"0": ["query"]}'}, MARK, 400),
        ({"operations": OPERATIONS, "map": '{"0": ["variables.input.clientKey"]}'}, MARK, 400),
        ({"operations": OPERATIONS, "map": '{"0": ["variables.input.files.9"]}'}, MARK, 400),
        ({"operations": OPERATIONS, "map": json.dumps({"0": [f"variables.input.files.{'9' * 5000}"]})}, MARK, 400),
        ({"operations": OPERATIONS, "map": '{"9": ["variables.input.files.0"]}'}, MARK, 400),
        ({str(index): "x" for index in range(50)}, MARK, 400),
    ],
)  # fmt: skip
def test_forms_that_are_not_right_are_refused(
    client: TestClient, data: dict[str, str], headers: dict[str, str], status: int
) -> None:
    answer = client.post("/graphql", data=data, files={"0": ("a.csv", b"x")}, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_REFUSED"
    assert client.get("/healthz").status_code == 200


def test_more_than_is_allowed_is_refused(client: TestClient) -> None:
    answer = client.post("/graphql", **form([("a.xlsx", b"0" * 5_000_001)]))
    assert answer.status_code == 413


def test_text_is_no_file(client: TestClient) -> None:
    variables = {"input": {"clientKey": "k", "files": ["/etc/passwd"]}}
    answer = client.post("/graphql", json={"query": QUERY, "variables": variables})
    assert answer.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_INVALID"


@pytest.mark.parametrize("name", ["..", "a/..", ".", "x" * 300 + ".xlsx", "登记\x00表.xlsx", "C:\\\\a\\\\b.xlsx"])
def test_a_file_may_be_called_anything(client: TestClient, small: bytes, name: str) -> None:
    payload = send(client, (name, small))
    assert payload["dataVersion"] == 1, "what it is shows from its bytes"
    assert client.get("/healthz").status_code == 200


def test_one_file_may_stand_in_two_places(client: TestClient, small: bytes) -> None:
    operations = {"query": QUERY, "variables": {"input": {"clientKey": "k1", "files": [None, None]}}}
    file_map = {"0": ["variables.input.files.0", "variables.input.files.1"]}
    data = {"operations": json.dumps(operations), "map": json.dumps(file_map)}
    answer = client.post("/graphql", data=data, files={"0": ("a.xlsx", small)}, headers=MARK)
    assert answer.json()["data"]["made"]["dataVersion"] == 1


def test_an_import_is_answered_as_an_event_too(client: TestClient, small: bytes) -> None:
    request = form([("a.xlsx", small)])
    request["headers"] = {**MARK, "accept": "text/event-stream"}
    text = client.post("/graphql", **request).text
    assert '"ImportRegisterSuccess"' in text, text


def test_a_day_that_no_collection_is_of_is_told_as_data(client: TestClient, small: bytes) -> None:
    payload = send(client, ("a.xlsx", small), day="9999-12-31")
    assert (payload["field"], payload["code"]) == ("day", "OUT_OF_RANGE")
    assert "9999" not in payload["zh"]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"purpose": "CHANGE"}, "purpose", "VALUE_NOT_ALLOWED"),
        ({"area": ["999999"]}, "area", "RECORD_UNKNOWN"),
        ({"clientKey": " "}, "clientKey", "REQUIRED_VALUE_MISSING"),
    ],
)
def test_a_refused_delivery_names_its_field(
    client: TestClient, small: bytes, given: dict[str, Any], field: str, code: str
) -> None:
    payload = send(client, ("a.xlsx", small), **given)
    assert (payload["__typename"], payload["field"], payload["code"]) == ("Invalid", field, code)


def test_a_mapping_comes_with_the_files(client: TestClient) -> None:
    table = "编号,叫做\nBM9,某局\n".encode()
    mapping = '[sheets."帮扶部门"]\nnames = ["单位表"]\ncolumns."Department.department_no" = ["编号"]\ncolumns."Department.name" = ["叫做"]\n'

    def send_mapping(text: str, day: str | None = "2016-12-31") -> dict[str, Any]:
        variables = {"input": {"clientKey": "k1", "files": [None], "mapping": None, "day": day}}
        file_map = {"0": ["variables.input.files.0"], "1": ["variables.input.mapping"]}
        data = {"operations": json.dumps({"query": QUERY, "variables": variables}), "map": json.dumps(file_map)}
        files = {"0": ("单位表.csv", table), "1": ("mapping.toml", text.encode())}
        payload: dict[str, Any] = client.post("/graphql", data=data, files=files, headers=MARK).json()["data"]["made"]
        return payload

    invalid_payload = send_mapping("[")
    assert (invalid_payload["field"], invalid_payload["code"]) == ("mapping", "FILE_INVALID")
    undated_payload = send_mapping(mapping, day=None)
    assert (undated_payload["field"], undated_payload["code"]) == ("day", "REQUIRED_VALUE_MISSING"), (
        "it is not taken to be of today"
    )
    payload = send_mapping(mapping)
    assert [(sheet_counts["sheet"], sheet_counts["new"]) for sheet_counts in payload["counts"]] == [("帮扶部门", 1)], (
        payload
    )
