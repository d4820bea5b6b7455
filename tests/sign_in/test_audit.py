"""The audit log of a service: who read whom in full, and why; sensitive reads without a log are refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.app import build_app
from graph_service.audit.log import AuditLog, open_audit_log
from graph_service.config import Settings
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store
from graph_service.sign_in.services import AccessServices
from tests.callers import LocalClient
from tests.sign_in.conftest import COUNTY, TOWN, Ask

READ = 'query($town: String!) { persons(area: {code: $town}, first: 3) { nodes { personNo current { full(purpose: "入户核查") { health idDocument } } } } }'
QUERY = 'query($town: String!) { persons(area: {code: $town}, where: {current: {health: [HEALTHY]}}, purpose: "统计健康状况", first: 2) { totalCount nodes { personNo } } }'
LOG = "{ auditLog { totalCount nodes { number user event operation purpose areas values count outcome subjects { label key areas } hiddenSubjects requested { argument value } } } }"


@pytest.fixture(autouse=True)
def register(imported: ImportReport) -> None:
    assert imported.sequence == 1


@pytest.fixture
def audit_log(settings: Settings) -> Iterator[AuditLog]:
    opened = open_audit_log(settings)
    yield opened
    opened.close()


@pytest.fixture
def client(store: Store, settings: Settings, access: AccessServices, audit_log: AuditLog) -> Iterator[TestClient]:
    """A client of a service with an audit log of its own."""
    with LocalClient(build_app(store, settings, access=access, audit_log=audit_log)) as test_client:
        yield test_client


def entries(ask: Ask, user: str = "shen") -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = ask(user, LOG)["data"]["auditLog"]["nodes"]
    return nodes


def test_a_full_read_names_who_read_what_of_whom_and_why(ask: Ask) -> None:
    people = ask("wang", READ, town=TOWN)["data"]["persons"]["nodes"]
    [entry] = entries(ask)
    assert (entry["user"], entry["event"], entry["operation"]) == ("wang", "READ", "persons")
    assert (entry["purpose"], entry["values"], entry["count"]) == ("入户核查", ["health", "idDocument"], 3)
    assert [subject["key"] for subject in entry["subjects"]] == [person["personNo"] for person in people]
    assert all(area.startswith(TOWN) for subject in entry["subjects"] for area in subject["areas"])


def test_a_masked_read_and_a_denied_one_leave_no_entry(ask: Ask) -> None:
    ask("wang", "{ persons(first: 3) { nodes { current { name idDocument } } } }")
    ask("portal", READ, town=TOWN)
    assert entries(ask) == []


def test_a_query_by_sensitive_values_is_logged_with_its_rows(ask: Ask) -> None:
    page = ask("wang", QUERY, town=TOWN)["data"]["persons"]
    [entry] = entries(ask)
    assert (entry["event"], entry["purpose"], entry["values"]) == ("QUERY", "统计健康状况", ["health"])
    assert [subject["key"] for subject in entry["subjects"]] == [person["personNo"] for person in page["nodes"]]
    assert (entry["count"], entry["areas"][0]) == (2, TOWN)


TOTAL = 'query($where: PersonWhere!) { persons(where: $where, purpose: "核对") { %s } }'


@pytest.mark.parametrize("shown", ["totalCount", "aggregate { count }", "totalCount aggregate { count }"])
def test_who_is_counted_by_sensitive_values_is_named(ask: Ask, shown: str) -> None:
    [person] = ask("wang", QUERY, town=TOWN)["data"]["persons"]["nodes"][:1]
    healthy = {"personNo": {"eq": person["personNo"]}, "current": {"health": ["HEALTHY"]}}
    ask("wang", TOTAL % shown, where=healthy)
    [entry] = entries(ask)[:1]
    assert (entry["event"], entry["values"], entry["count"]) == ("QUERY", ["health"], 1)
    assert [subject["key"] for subject in entry["subjects"]] == [person["personNo"]]
    # That nobody is found tells as much.
    ask("wang", TOTAL % shown, where=healthy | {"not": {"current": {"health": ["HEALTHY"]}}})
    [entry] = entries(ask)[:1]
    assert (entry["count"], entry["subjects"]) == (0, [])
    assert entry["requested"] == [{"argument": "personNo", "value": person["personNo"]}]


def test_the_total_of_a_sensitive_question_names_the_first_of_its_rows(ask: Ask) -> None:
    query = '{ guaranteeGaps(area: {code: "513431"}, purpose: "核对保障") { totalCount%s } }'
    total = ask("wang", query % "")["data"]["guaranteeGaps"]["totalCount"]
    ask("wang", query % " nodes { household { cardNo } }")
    listed, counted = entries(ask)
    assert counted["count"] == total
    assert counted["subjects"] == listed["subjects"] != []
    assert counted["requested"] == [{"argument": "code", "value": COUNTY}]


def test_a_county_sees_what_callers_of_all_areas_ask_about_all(
    ask: Ask, access: AccessServices, keys: dict[str, str]
) -> None:
    access.grants.add(AccessGrant("nobody", Role.AUDITOR, (TOWN,)))
    access.grants.add(AccessGrant("admin", Role.OFFICIAL, ("",)))
    [person] = ask("wang", QUERY, town=TOWN)["data"]["persons"]["nodes"][:1]
    for number in (person["personNo"], "P-elsewhere"):
        ask("admin", TOTAL % "totalCount", where={"personNo": {"eq": number}, "current": {"health": ["HEALTHY"]}})
    missed, counted, _ = entries(ask, "nobody")
    assert [(entry["user"], entry["count"], entry["areas"][0]) for entry in (missed, counted)] == [
        ("admin", 0, ""),
        ("admin", 1, ""),
    ]
    assert [subject["key"] for subject in counted["subjects"]] == [person["personNo"]]
    # What the caller typed may be about others.
    assert [entry["requested"] for entry in (missed, counted)] == [None, None]
    assert entries(ask)[0]["requested"] == [{"argument": "personNo", "value": "P-elsewhere"}]


def test_the_reason_of_a_grant_elsewhere_is_not_told(ask: Ask, access: AccessServices) -> None:
    access.grants.add(AccessGrant("nobody", Role.AUDITOR, (TOWN,)))
    grant = 'mutation { grantAccess(input: {user: "li", role: OFFICIAL, readAreas: ["513431101"], reason: "接替"}) { __typename } }'
    assert ask("admin", grant)["data"]["grantAccess"]["__typename"] == "GrantAccessSuccess"
    for user, reason, requested in (
        ("shen", "接替", [{"argument": "user", "value": "li"}, {"argument": "readAreas", "value": "513431101"}]),
        ("nobody", None, None),
    ):
        outcome, _ = entries(ask, user)
        assert (outcome["purpose"], outcome["requested"]) == (reason, requested)
        assert bool(outcome["subjects"]) is bool(reason)


def test_a_refused_change_names_what_it_was_to_change(ask: Ask) -> None:
    visit = 'mutation { recordVisit(input: {clientKey: "v", cadreNo: "C-none", cardNo: "510000000000002X", on: "2017-01-01"}) { __typename } }'
    ask("wang", visit)
    outcome, request = entries(ask)
    named = [{"argument": "cadreNo", "value": "C-none"}, {"argument": "cardNo", "value": "510000000000002X"}]
    assert (request["event"], outcome["outcome"]) == ("REQUEST", "RECORD_UNKNOWN")
    assert [entry["requested"] for entry in (request, outcome)] == [named, named]


@pytest.mark.parametrize(
    ("user", "change", "area"),
    [
        ("shen", 'reviewEmergencyAccess(input: {number: 7, note: "已核"})', ""),
        ("portal", 'recordVisit(input: {clientKey: "v", cadreNo: "C", cardNo: "H", on: "2017-01-01"})', COUNTY),
    ],
)
def test_a_caller_without_areas_to_change_is_seen_in_the_areas_to_read(
    ask: Ask, user: str, change: str, area: str
) -> None:
    ask(user, f"mutation {{ {change} {{ __typename }} }}")
    assert {entry["user"] for entry in entries(ask)} == {user}
    assert [entry["areas"] for entry in entries(ask)] == [[area]] * 2


def test_a_sensitive_question_is_logged_with_its_subjects(ask: Ask) -> None:
    query = (
        '{ guaranteeGaps(area: {code: "513431"}, purpose: "核对保障", first: 4) { nodes { household { cardNo } } } }'
    )
    gaps = ask("wang", query)["data"]["guaranteeGaps"]["nodes"]
    [entry] = entries(ask)
    assert (entry["event"], entry["operation"], entry["count"]) == ("QUERY", "guaranteeGaps", 4)
    keys = {subject["key"] for subject in entry["subjects"] if subject["label"] == "Household"}
    assert keys == {gap["household"]["cardNo"] for gap in gaps}


def test_an_auditor_sees_what_concerns_the_audited_areas_only(ask: Ask, access: AccessServices, keys: Any) -> None:
    access.grants.add(AccessGrant("nobody", Role.AUDITOR, (TOWN,)))
    ask("wang", READ, town=COUNTY)
    ask("wang", READ, town=TOWN)
    everything, own = entries(ask), entries(ask, "nobody")
    assert {entry["number"] for entry in own} <= {entry["number"] for entry in everything}
    assert all(area.startswith(TOWN) or area == COUNTY for entry in own for area in entry["areas"])
    shown = sum(len(entry["subjects"]) + entry["hiddenSubjects"] for entry in own)
    assert shown == sum(len(e["subjects"]) for e in everything if e["number"] in {entry["number"] for entry in own})
    for user in ("wang", "portal", "admin", "deng"):
        assert ask(user, LOG)["errors"][0]["extensions"]["code"] == "ACCESS_DENIED", user


def test_a_change_is_logged_before_and_after(ask: Ask) -> None:
    grant = 'mutation { grantAccess(input: {user: "li", role: OFFICIAL, readAreas: ["513431"], reason: "新任"}) { __typename } }'
    refused = 'mutation { grantAccess(input: {user: "admin", role: OFFICIAL, readAreas: [""], reason: "自用"}) { __typename } }'
    assert ask("admin", grant)["data"]["grantAccess"]["__typename"] == "GrantAccessSuccess"
    assert ask("admin", refused)["data"]["grantAccess"]["__typename"] == "Forbidden"
    shown = [(e["event"], e["operation"], e["user"], e["outcome"]) for e in reversed(entries(ask))]
    assert shown == [
        ("REQUEST", "grantAccess", "admin", None),
        ("OUTCOME", "grantAccess", "admin", "MADE"),
        ("REQUEST", "grantAccess", "admin", None),
        ("OUTCOME", "grantAccess", "admin", "OWN_ACCOUNT"),
    ]
    # Only the reason of a grant that was made: a refused one may be no text for the log.
    assert [entry["purpose"] for entry in reversed(entries(ask))] == [None, "新任", None, None]


def test_nothing_sensitive_is_read_and_nothing_changed_when_the_log_cannot_be_written(
    ask: Ask, tmp_path: Path, access: AccessServices
) -> None:
    blocker = sqlite3.connect(tmp_path / "audit.sqlite")
    blocker.execute("CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    blocker.close()
    grant = (
        'mutation { grantAccess(input: {user: "li", role: OFFICIAL, readAreas: [""], reason: "新任"}) { __typename } }'
    )
    for user, query in (("wang", READ), ("wang", QUERY), ("admin", grant)):
        answer = ask(user, query, **({"town": TOWN} if user == "wang" else {}))
        assert answer["errors"][0]["extensions"]["code"] == "AUDIT_LOG_FAILED"
        assert set(answer["data"].values()) == {None}
    assert access.grants.permissions_of("li").grants == ()
    assert "errors" not in ask("wang", "{ persons(first: 1) { nodes { current { name } } } }")


def test_an_export_in_full_needs_a_purpose_and_is_logged(client: TestClient, keys: dict[str, str], ask: Ask) -> None:
    headers = {"authorization": f"Bearer {keys['wang']}"}
    masked = client.get(f"/exports/persons.csv?area={TOWN}", headers=headers).text
    full = client.get(f"/exports/persons.csv?area={TOWN}&purpose=入户核查", headers=headers).text
    assert "健康状况" not in masked.splitlines()[0]
    assert "健康状况" in full.splitlines()[0]
    assert "********" in masked
    assert "********" not in full
    assert {entry["operation"] for entry in entries(ask)} == {"persons"}
