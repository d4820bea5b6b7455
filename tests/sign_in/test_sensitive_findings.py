"""Findings that tell health, capacity for work, age, schooling or aid of people: who is told of them, and how."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from graph_service.core.rules import rules, sensitive_checks
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.model import MODEL
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.statements.text_search import SEARCH_TARGETS
from graph_service.platform.catalog import get_statement
from tests.sign_in.conftest import COUNTY, Ask

AREA = f'area: {{code: "{COUNTY}"}}'
PURPOSE = 'purpose: "核查疑点"'
FINDINGS = f"{{ found: checkFindings({AREA}, first: 500%s) {{ totalCount withheldChecks nodes {{ check finding {{ id findingNo }} household {{ cardNo }} person {{ personNo }} }} }} }}"
DERIVED_NAMES = ("age", "after_head", "schooled", "posted")
"""Names of statements for what they derive from sensitive values."""


@pytest.fixture(autouse=True)
def register(imported: ImportReport) -> None:
    assert imported.sequence == 1


def found(ask: Ask, user: str, arguments: str = "") -> dict[str, Any]:
    answer = ask(user, FINDINGS % arguments)
    assert "errors" not in answer, answer
    page: dict[str, Any] = answer["data"]["found"]
    return page


@pytest.fixture
def sensitive(ask: Ask) -> list[dict[str, Any]]:
    """The sensitive findings of the county, as an official sees them for a purpose."""
    page = found(ask, "wang", f", codes: [{', '.join(sensitive_checks())}], {PURPOSE}")
    rows: list[dict[str, Any]] = page["nodes"]
    assert len(rows) > 10, "there is something to hide"
    assert (page["totalCount"], page["withheldChecks"]) == (len(rows), [])
    return rows


@pytest.mark.parametrize("group", ["members", "cards", "documents", "phones", "villages", "outside"])
def test_a_check_of_sensitive_values_is_sensitive(group: str) -> None:
    """Look for the names of sensitive values in what each check compares and tells."""
    names = {
        name
        for label in MODEL.labels.values()
        for property_ in label.properties
        if property_.classification is DataClassification.SENSITIVE
        for name in property_.stored_names
    } - {"paid_on", "cost", "own", "insured", "content"}
    pattern = re.compile(rf"\b({'|'.join([*names, *DERIVED_NAMES])})\b")
    entries = get_statement(f"checks/{group}").text.partition("UNWIND [")[2].partition("] AS finding")[0]
    texts = dict(re.findall(r"\{check: '(\w+)',(.*?)(?=\{check:|$)", entries, re.DOTALL))
    codes = {rule["check"] for rule in rules("checks") if rule["group"] == group}
    assert codes == set(texts) or group in ("phones", "outside", "villages")
    assert {code for code, text in texts.items() if pattern.search(text)} == codes.intersection(sensitive_checks())


@pytest.mark.parametrize("user", ["portal", "shen", "wang"])
def test_without_a_purpose_they_are_left_out_and_that_is_told(ask: Ask, sensitive: list[Any], user: str) -> None:
    page = found(ask, user)
    assert not {row["check"] for row in page["nodes"]}.intersection(sensitive_checks())
    everything = found(ask, "wang", f", {PURPOSE}")
    assert 0 < page["totalCount"] == everything["totalCount"] - len(sensitive)
    assert page["withheldChecks"] == sorted(sensitive_checks())
    assert found(ask, user, ", codes: [TWO_HEADS]")["withheldChecks"] == []
    [error] = ask(user, FINDINGS % ", codes: [TWO_HEADS, CAUSE_ILLNESS]")["errors"]
    assert "CAUSE_ILLNESS" in error["message"]


@pytest.mark.parametrize("user", ["portal", "shen"])
def test_for_a_purpose_they_are_told_to_those_who_may_read_them(ask: Ask, sensitive: list[Any], user: str) -> None:
    [error] = ask(user, FINDINGS % f", {PURPOSE}")["errors"]
    assert (error["extensions"]["code"], "READ_SENSITIVE" in error["message"]) == ("ACCESS_DENIED", True)


def test_whom_they_are_about_is_in_the_audit_log(ask: Ask, sensitive: list[dict[str, Any]]) -> None:
    log = "{ auditLog(first: 1) { nodes { user operation purpose count subjects { key } } } }"
    [entry] = ask("shen", log)["data"]["auditLog"]["nodes"]
    assert (entry["user"], entry["operation"], entry["purpose"]) == ("wang", "checkFindings", "核查疑点")
    keys = {subject["key"] for subject in entry["subjects"]}
    assert keys >= {row["person"]["personNo"] for row in sensitive if row["person"]}


OTHER_WAYS = ("listed", "one", "person", "persons", "waived")
"""Response keys of the root fields that take a purpose."""


def ask_other_ways(ask: Ask, sensitive: list[dict[str, Any]], user: str, purpose: str) -> dict[str, Any]:
    """Return the answer to all other queries that could lead to a sensitive finding."""
    [row] = [row for row in sensitive if row["person"]][:1]
    number, id_, person = row["finding"]["findingNo"], row["finding"]["id"], row["person"]["personNo"]
    codes = "[" + ", ".join(f'"{code}"' for code in sensitive_checks()) + "]"
    more = f", {purpose}" if purpose else ""
    query = f"""query($number: String!, $id: ID!, $person: String!) {{
      listed: findings({AREA}, where: {{check: {{in: {codes}}}}}, first: 500{more}) {{ withheldChecks totalCount nodes {{ findingNo }} aggregate {{ count }} }}
      waived: waivers({AREA}{more}) {{ withheldChecks }}
      one: finding(findingNo: $number{more}) {{ check }}
      node(id: $id) {{ id }}
      person(personNo: $person{more}) {{ notices(where: {{finding: {{check: {{in: {codes}}}}}}}) {{ withheldChecks totalCount nodes {{ __typename }} }} }}
      persons({AREA}, where: {{personNo: {{eq: $person}}, notices: {{finding: {{check: {{in: {codes}}}}}}}}}, first: 1{more}) {{ totalCount }}
      findingCounts({AREA}, first: 500) {{ nodes {{ check }} withheldChecks }}
    }}"""
    return ask(user, query, number=number, id=id_, person=person)


@pytest.mark.parametrize("user", ["portal", "shen", "wang"])
def test_no_other_way_leads_to_them(ask: Ask, sensitive: list[dict[str, Any]], user: str) -> None:
    answer = ask_other_ways(ask, sensitive, user, "")
    assert "errors" not in answer, answer
    data, withheld = answer["data"], {"withheldChecks": sorted(sensitive_checks())}
    assert data["listed"] == {**withheld, "totalCount": 0, "nodes": [], "aggregate": []}
    assert data["waived"] == withheld
    assert (data["one"], data["node"]) == (None, None)
    assert data["person"]["notices"] == {**withheld, "totalCount": 0, "nodes": []}
    assert data["persons"]["totalCount"] == 0
    assert not {row["check"] for row in data["findingCounts"]["nodes"]}.intersection(sensitive_checks())
    assert data["findingCounts"]["withheldChecks"] == sorted(sensitive_checks())


@pytest.mark.parametrize("user", ["portal", "shen"])
def test_a_purpose_of_who_may_not_read_them_is_refused_everywhere(
    ask: Ask, sensitive: list[dict[str, Any]], user: str
) -> None:
    answer = ask_other_ways(ask, sensitive, user, PURPOSE)
    codes = {error["path"][0]: error["extensions"]["code"] for error in answer["errors"]}
    assert codes == dict.fromkeys(OTHER_WAYS, "ACCESS_DENIED")
    assert all("READ_SENSITIVE" in error["message"] for error in answer["errors"])
    data = answer["data"]
    assert [data[key] for key in (*OTHER_WAYS, "node")] == [None] * 6
    assert not {row["check"] for row in data["findingCounts"]["nodes"]}.intersection(sensitive_checks())
    # A purpose is no matter where nothing sensitive is selected.
    for query in ("households", "persons"):
        assert "errors" not in ask(user, f"{{ {query}({AREA}, {PURPOSE}, first: 1) {{ totalCount }} }}")


def test_for_a_purpose_each_way_leads_to_them_and_is_logged(ask: Ask, sensitive: list[dict[str, Any]]) -> None:
    [row] = [row for row in sensitive if row["person"]][:1]
    number, person = row["finding"]["findingNo"], row["person"]["personNo"]
    query = f"""query($number: String!, $person: String!) {{
      listed: findings({AREA}, where: {{findingNo: {{eq: $number}}}}, {PURPOSE}) {{ withheldChecks totalCount nodes {{ findingNo }} }}
      one: finding(findingNo: $number, {PURPOSE}) {{ check }}
      person(personNo: $person, {PURPOSE}) {{ notices {{ nodes {{ ... on Finding {{ findingNo }} }} }} }}
      findingCounts({AREA}, first: 500, {PURPOSE}) {{ nodes {{ check }} withheldChecks }}
    }}"""
    answer = ask("wang", query, number=number, person=person)
    assert "errors" not in answer, answer
    data = answer["data"]
    assert data["listed"] == {"withheldChecks": [], "totalCount": 1, "nodes": [{"findingNo": number}]}
    assert data["one"] == {"check": row["check"]}
    assert number in [notice.get("findingNo") for notice in data["person"]["notices"]["nodes"]]
    assert {row["check"] for row in data["findingCounts"]["nodes"]} >= set(sensitive_checks())
    log = "{ auditLog(first: 4) { nodes { operation purpose values count subjects { label key areas } } } }"
    entries = {entry["operation"]: entry for entry in ask("shen", log)["data"]["auditLog"]["nodes"]}
    assert entries.keys() == {"findings", "finding", "person", "findingCounts"}
    # An auditor may not read which finding it is.
    assert {subject["key"] for name in ("finding", "findings") for subject in entries[name]["subjects"]} == {
        f"****!{person}"
    }
    assert [subject["key"] for subject in entries["person"]["subjects"]] == [person]
    assert all(area.startswith(COUNTY) for area in entries["finding"]["subjects"][0]["areas"])


def test_nothing_of_a_check_is_searched() -> None:
    assert not [target.label.name for target in SEARCH_TARGETS if target.label.classed_by_check]


WAIVE = """mutation($number: String!, $key: String!) { made: waiveFinding(input: {clientKey: $key, findingNo: $number, reason: "已核实", until: "2017-12-31"%s})
  { __typename ... on Invalid { field } ... on Refusal { code zh en } } }"""
RESOLVE = """mutation($number: String!, $key: String!) { made: resolveFinding(input: {clientKey: $key, findingNo: $number, note: "已更正"%s})
  { __typename ... on Invalid { field } ... on Refusal { code zh en } } }"""


@pytest.mark.parametrize("change", [WAIVE, RESOLVE], ids=["waive", "resolve"])
def test_without_a_purpose_a_change_does_not_tell_whether_one_exists(
    ask: Ask, sensitive: list[dict[str, Any]], change: str
) -> None:
    number = sensitive[0]["finding"]["findingNo"]
    answers = [
        ask("wang", change % "", number=tried, key=f"tried-{tried}")["data"]["made"]
        for tried in (number, f"{number}0", f"{sensitive[0]['check']}!51343199999999")
    ]
    assert answers == [answers[0]] * 3
    assert (answers[0]["code"], answers[0]["field"]) == ("REQUIRED_VALUE_MISSING", "purpose")
    # Where the right is missing, a purpose opens nothing.
    for user in ("portal", "shen"):
        [error] = ask(user, change % f", {PURPOSE}", number=number, key="tried")["errors"]
        assert error["extensions"]["code"] == "ACCESS_DENIED"


def test_a_number_that_is_tried_for_a_purpose_is_in_the_audit_log(ask: Ask) -> None:
    made = ask("wang", WAIVE % f", {PURPOSE}", number="CAUSE_ILLNESS!51343199999999", key="tried")["data"]["made"]
    assert made["code"] == "RECORD_UNKNOWN"
    log = "{ auditLog(first: 3) { nodes { user event operation purpose count outcome requested { argument value } } } }"
    entries = ask("shen", log)["data"]["auditLog"]["nodes"]
    shown = [(entry["event"], entry["purpose"], entry["outcome"]) for entry in entries]
    assert shown == [
        ("OUTCOME", "核查疑点", "RECORD_UNKNOWN"),
        ("QUERY", "核查疑点", None),
        ("REQUEST", "核查疑点", None),
    ]
    # An auditor may not read which finding it is.
    tried = [{"argument": "findingNo", "value": "****!51343199999999"}]
    assert [entry["requested"] for entry in entries] == [tried] * 3
    assert ask("wang", f'{{ finding(findingNo: "CAUSE_ILLNESS!51343188888888", {PURPOSE}) {{ check }} }}')["data"] == {
        "finding": None
    }
    [entry] = ask("shen", log)["data"]["auditLog"]["nodes"][:1]
    assert (entry["operation"], entry["count"]) == ("finding", 0)
    assert entry["requested"] == [{"argument": "findingNo", "value": "****!51343188888888"}]


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
@pytest.mark.parametrize(("table", "is_scoped"), [("checkFindings", True), ("findings", True), ("findings", False)])
def test_an_exported_file_says_that_it_is_without_them(
    client: TestClient, keys: dict[str, str], table: str, is_scoped: bool, format_: str
) -> None:
    """Check its name, which is all that a CSV file can say, and the sheet of notes of a workbook."""
    headers = {"authorization": f"Bearer {keys['wang']}"}
    for purpose in ("", "核查疑点"):
        parameters = {"purpose": purpose} | ({"area": COUNTY} if is_scoped else {})
        response = client.get(f"/exports/{table}.{format_}", params=parameters, headers=headers)
        assert response.status_code == 200, response.text
        name, is_without = unquote(response.headers["content-disposition"]), not purpose
        assert ("-不含敏感疑点-" in name, "-without-sensitive-findings-" in name) == (is_without, is_without)
        if format_ == "xlsx":
            sheet = load_workbook(io.BytesIO(response.content))["说明"]
            notes = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
            withheld = ", ".join(sorted(sensitive_checks())) if is_without else None
            assert notes.get("未列检查 withheldChecks") == withheld
