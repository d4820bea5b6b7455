"""The workbook of refused rows has the values of people: it needs the rights and a purpose, and is in the audit log before it leaves."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.audit.log import open_audit_log
from graph_service.cli.import_ import CORRECTION_PURPOSE
from graph_service.config import Settings
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import AccessServices
from tests import county
from tests.callers import LocalClient
from tests.county import FIRST, H1
from tests.processes import environment, run_command
from tests.sign_in.conftest import COUNTY, Ask

pytestmark = pytest.mark.one_engine

PHONE = "10012345678"
IMPORT = """mutation($input: ImportRegisterInput!) { made: importRegister(input: $input) { ... on ImportRegisterSuccess { dataVersion
  remarks { row column value code } rejects { rows given: workbook(purpose: "更正拒收行") } } } }"""
LOG = "{ auditLog { nodes { user event operation purpose areas values count outcome } } }"
SHEETS: county.Sheets = {
    "贫困户": [
        ["户编号", "村编码", "户主姓名", "联系电话", "年度"],
        [H1, FIRST, "甲某", PHONE, 2016],
        ["", FIRST, "乙某", f"{PHONE}0", 2016],
    ]
}
ImportAs = Callable[..., dict[str, Any]]
ONE_REFUSED_ROW = ("READ", "importRegister", "更正拒收行", [""], ["workbook"], 1)


@pytest.fixture
def client(empty: Store, settings: Settings, access: AccessServices) -> Iterator[TestClient]:
    access.grants.add(AccessGrant("county-registrar", Role.REGISTRAR, (COUNTY,), ("",)))
    with (
        closing(open_audit_log(settings)) as audit_log,
        LocalClient(build_app(empty, settings, access=access, audit_log=audit_log)) as test_client,
    ):
        yield test_client


@pytest.fixture
def import_as(client: TestClient, access: AccessServices, tmp_path: Path) -> ImportAs:
    """A function that imports a register as a user, and returns the response's body."""

    def post(user: str, query: str = IMPORT) -> dict[str, Any]:
        key, _ = access.api_keys.create(user, "admin")
        content = county.workbook(SHEETS, tmp_path / "register.xlsx").read_bytes()
        operations = {"query": query, "variables": {"input": {"clientKey": "k1", "files": [None]}}}
        response = client.post(
            "/graphql",
            data={"operations": json.dumps(operations), "map": '{"0": ["variables.input.files.0"]}'},
            files={"0": ("登记表.xlsx", content)},
            headers={"graphql-require-preflight": "1", "authorization": f"Bearer {key}"},
        )
        body: dict[str, Any] = response.json()
        return body

    return post


def reads(ask: Ask) -> list[tuple[Any, ...]]:
    names = ("event", "operation", "purpose", "areas", "values", "count")
    nodes = ask("shen", LOG)["data"]["auditLog"]["nodes"]
    return [tuple(node[name] for name in names) for node in nodes if node["event"] == "READ"]


def test_a_registrar_gets_the_rows_as_delivered_and_leaves_an_entry(import_as: ImportAs, ask: Ask) -> None:
    body = import_as("deng")
    assert "errors" not in body
    made = body["data"]["made"]
    sheet = openpyxl.load_workbook(BytesIO(base64.b64decode(made["rejects"]["given"])))["贫困户"]
    assert [str(cell) for cell in list(sheet.values)[1][:5]] == ["None", FIRST, "乙某", f"{PHONE}0", "2016"]
    assert {remark["value"] for remark in made["remarks"]} == {None, "****"}
    assert reads(ask) == [ONE_REFUSED_ROW]
    assert [node["event"] for node in ask("shen", LOG)["data"]["auditLog"]["nodes"]] == ["OUTCOME", "READ", "REQUEST"]


def test_who_may_not_read_everybody_gets_no_workbook_and_the_import_stays_made(import_as: ImportAs, ask: Ask) -> None:
    body = import_as("county-registrar")
    assert (body["data"]["made"]["dataVersion"], body["data"]["made"]["rejects"]) == (1, {"rows": 1, "given": None})
    [error] = body["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("ACCESS_DENIED", ["made", "rejects", "given"])
    assert reads(ask) == []


def test_no_workbook_leaves_when_its_entry_cannot_be_written(import_as: ImportAs, ask: Ask, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "audit.sqlite")) as blocker:
        blocker.execute(
            "CREATE TRIGGER full BEFORE INSERT ON entry WHEN json_extract(NEW.content, '$.event') = 'READ' "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    body = import_as("deng")
    assert (body["data"]["made"]["dataVersion"], body["data"]["made"]["rejects"]) == (1, {"rows": 1, "given": None})
    [error] = body["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("AUDIT_LOG_FAILED", ["made", "rejects", "given"])
    outcomes = [node["outcome"] for node in ask("shen", LOG)["data"]["auditLog"]["nodes"]]
    assert outcomes == ["MADE", None], "the import itself is in the log as it is in the graph"


@pytest.mark.parametrize("purpose", ["", '(purpose: "x")', f'(purpose: "致电 {PHONE}")', "(purpose: null)"])
def test_nothing_is_imported_without_a_purpose(import_as: ImportAs, ask: Ask, purpose: str) -> None:
    body = import_as("deng", IMPORT.replace('(purpose: "更正拒收行")', purpose))
    assert body["errors"][0]["extensions"]["code"] == "DOCUMENT_INVALID"
    assert PHONE not in str(body)
    assert ask("deng", "{ dataVersions { sequence } }")["data"] == {"dataVersions": []}


@pytest.mark.slow
def test_a_command_leaves_an_entry_of_the_workbook_that_it_writes(tmp_path: Path) -> None:
    settings, out = environment(tmp_path / "data"), tmp_path / "rejects.xlsx"
    register = county.workbook(SHEETS, tmp_path / "register.xlsx")
    for options in (("--dry-run",), ()):
        code, shown, _ = run_command(settings, "import", str(register), "--by", "登记员", "--rejects", str(out), "--force", *options)  # fmt: skip
        assert (code, PHONE in shown, "'****'" in shown) == (1, False, True)
    with closing(open_audit_log(Settings.model_validate({"GRAPH_SERVICE_DATA": tmp_path / "data"}))) as audit_log:
        entries = [entry.record for entry in reversed(audit_log.list_entries(("",)))]
    assert [entry.event.value for entry in entries] == ["READ", "REQUEST", "OUTCOME", "READ"]
    for entry in (entries[0], entries[-1]):
        assert (entry.user, entry.operation, entry.purpose) == ("登记员", "import", CORRECTION_PURPOSE)
        assert (entry.values, entry.count) == (("workbook",), 1)
    blocker = sqlite3.connect(tmp_path / "data" / "audit.sqlite")
    blocker.execute(
        "CREATE TRIGGER full BEFORE INSERT ON entry WHEN json_extract(NEW.content, '$.event') = 'READ' "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    blocker.close()
    other = tmp_path / "other.xlsx"
    code, _, err = run_command(settings, "import", str(register), "--rejects", str(other))
    assert (code, "AUDIT_LOG_FAILED" in err, other.exists()) == (2, True, False)
