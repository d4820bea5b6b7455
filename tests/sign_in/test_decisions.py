"""The decision table over HTTP with real keys: role × class of data × area × action."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.sign_in.services import AccessServices
from tests.sign_in.conftest import COUNTY, TOWN, Ask

OTHER_TOWN = "513431101"
HEADER = ["FRONT_END", "OFFICIAL", "AUDITOR", "REGISTRAR", "ADMINISTRATOR", "APPROVER", "MONITORING", "OUTSIDER"]
# Written independently of the package: what a role that is granted one town gets there. x: it is done or shown in full, m: masked, -: refused or nothing.
DECISIONS = {
    "records":      "x x x x - x - -",
    "names":        "x x m x - x - -",
    "confidential": "m m m m - m - -",
    "confidential in full": "- x - x - - - -",
    "sensitive in full": "- x - x - - - -",
    "filter by names": "x x - x - x - -",
    "filter by confidential": "- x - x - - - -",
    "filter by sensitive": "- x - x - - - -",
    "sensitive question": "- x - x - - - -",
    "money":        "x x x x - x - -",
    "schema":       "- - x x x - - -",
    "audit log":    "- - x - - - - -",
    "change duties": "- x - x - - - -",
    "change shares": "- x - x - - - -",
    "grant access": "- - - - x - - -",
    "break the glass": "- x - x - - - -",
}  # fmt: skip
CASES = [
    (action, role, cell)
    for action, cells in DECISIONS.items()
    for role, cell in zip(HEADER, cells.split(), strict=True)
]
PERSONS = "persons(area: {code: $town}, first: 5"
QUERIES = {
    "records": "query($town: String!) { households(area: {code: $town}, first: 5) { nodes { cardNo } } }",
    "names": f"query($town: String!) {{ {PERSONS}) {{ nodes {{ current {{ name }} }} }} }}",
    "confidential": f"query($town: String!) {{ {PERSONS}) {{ nodes {{ current {{ idDocument }} }} }} }}",
    "confidential in full": f'query($town: String!) {{ {PERSONS}) {{ nodes {{ current {{ full(purpose: "核查") {{ idDocument }} }} }} }} }}',
    "sensitive in full": f'query($town: String!) {{ {PERSONS}) {{ nodes {{ current {{ full(purpose: "核查") {{ bornOn }} }} }} }} }}',
    "filter by names": 'query($town: String!) { households(area: {code: $town}, where: {current: {headName: {isNull: false}}}, first: 5) { nodes { cardNo } } }',
    "filter by confidential": f'query($town: String!) {{ {PERSONS}, purpose: "核查", where: {{current: {{idDocument: {{isNull: false}}}}}}) {{ nodes {{ personNo }} }} }}',
    "filter by sensitive": f'query($town: String!) {{ {PERSONS}, purpose: "核查", where: {{current: {{bornOn: {{isNull: false}}}}}}) {{ nodes {{ personNo }} }} }}',
    "sensitive question": 'query($town: String!) { guaranteeGaps(area: {code: $town}, purpose: "核查", first: 5) { nodes { household { cardNo } } } }',
    "money": "query($town: String!) { projects(area: {code: $town}, first: 5) { nodes { projectNo } } }",
    "schema": '{ __type(name: "Household") { name } }',
    "audit log": "{ auditLog { totalCount } }",
    "change duties": 'mutation { made: endDuty(input: {clientKey: "k", duty: HELPER, cardNo: "none", cadreNo: "none", until: "2016-12-31"}) { __typename ... on Refusal { code } } }',
    "change shares": 'mutation { made: announceDividend(input: {clientKey: "k", distributionNo: "none", assetNo: "none", year: 2016, amount: "1", recordDate: "2016-12-31"}) { __typename ... on Refusal { code } } }',
    "grant access": f'mutation {{ made: grantAccess(input: {{user: "li", role: OFFICIAL, readAreas: ["{TOWN}"], reason: "新任"}}) {{ __typename ... on Refusal {{ code }} }} }}',
    "break the glass": f'mutation {{ made: breakGlass(input: {{area: "{COUNTY}", reason: "洪水转移群众"}}) {{ __typename ... on Refusal {{ code }} }} }}',
}  # fmt: skip


@pytest.fixture(autouse=True)
def users(access: AccessServices, imported: ImportReport) -> None:
    """A user of each role, named like it, who is granted one town."""
    for role in HEADER:
        access.grants.add(AccessGrant(role, Role(role), (TOWN,), (TOWN,)))


@pytest.fixture
def keys(access: AccessServices, users: None) -> dict[str, str]:
    return {role: access.api_keys.create(role, "admin")[0] for role in HEADER}


def outcome(answer: dict[str, Any]) -> str:
    """Return x, m or - as an answer shows it."""
    data = answer.get("data") or {}
    if "made" in data:
        return "-" if data["made"] is None or data["made"].get("code") == "RIGHT_MISSING" else "x"
    values = [value for value in _leaves(data) if value not in (None, 0, False)]
    if not values and "auditLog" not in data:
        return "-"
    if data.get("auditLog", data) is None:
        return "-"
    return "m" if all("*" in str(value) for value in values) and values else "x"


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    return [leaf for part in value for leaf in _leaves(part)] if isinstance(value, list) else [value]


@pytest.mark.parametrize(("action", "role", "cell"), CASES)
def test_a_role_does_in_its_area_what_the_table_says(ask: Ask, action: str, role: str, cell: str) -> None:
    query = QUERIES[action]
    answer = ask(role, query, **({"town": TOWN} if "$town" in query else {}))
    assert outcome(answer) == cell, answer


@pytest.mark.parametrize("role", HEADER)
@pytest.mark.parametrize("action", [name for name, query in QUERIES.items() if "$town" in query])
def test_a_role_sees_nothing_of_another_area(ask: Ask, action: str, role: str) -> None:
    assert outcome(ask(role, QUERIES[action], town=OTHER_TOWN)) == "-"


@pytest.mark.parametrize(("role", "cell"), list(zip(HEADER, ["x", "x", "x", "x", "-", "x", "-", "x"], strict=True)))
def test_a_role_reads_the_published_totals_of_a_whole_county(
    ask: Ask, access: AccessServices, role: str, cell: str
) -> None:
    query = f'{{ publishedTotals(area: {{code: "{COUNTY}"}}) {{ nodes {{ countyName eligible }} }} }}'
    assert outcome(ask(role, query)) == "-"
    access.grants.add(AccessGrant(role, Role(role), (COUNTY,)))
    assert outcome(ask(role, query)) == cell


def test_every_role_has_its_column() -> None:
    assert {*HEADER, "EMERGENCY"} == {role.value for role in Role}


READING = {"FRONT_END", "OFFICIAL", "AUDITOR", "REGISTRAR", "APPROVER"}
OF_NO_AREA = {
    "money without an area": "{ funds { totalCount } }",
    "a report": '{ fundReport(fundNo: "ZJ001") { passedOn } }',
    "chains": '{ benefitChains(from: {fundNo: "ZJ001"}) { totalCount } }',
    "places": "{ areas { totalCount } }",
    "days": "{ dataVersions { day } }",
    "statements": "{ questions { name } }",
    "checks": "{ checks { code } }",
    "a search": '{ search(text: "一村") { nodes { __typename } } }',
}
"""Queries that take no area, of what lies in none."""


@pytest.mark.parametrize("action", OF_NO_AREA)
@pytest.mark.parametrize("role", HEADER)
def test_who_reads_no_records_reads_nothing_at_all(ask: Ask, action: str, role: str) -> None:
    codes = [error["extensions"]["code"] for error in ask(role, OF_NO_AREA[action]).get("errors", ())]
    assert ("ACCESS_DENIED" in codes) == (role not in READING), codes


@pytest.mark.parametrize("role", sorted(READING))
def test_an_area_that_is_not_granted_is_refused_and_not_empty(ask: Ask, role: str) -> None:
    query = "query($area: AreaScope!) { coverageGaps(area: $area) { eligibleCount } }"
    for area in ({"code": OTHER_TOWN}, {"code": COUNTY, "mode": "SELF"}):
        [error] = ask(role, query, area=area)["errors"]
        assert error["extensions"]["code"] == "AREA_NOT_GRANTED"
    for area in ({"code": TOWN}, {"code": COUNTY}):
        assert ask(role, query, area=area)["data"]["coverageGaps"]["eligibleCount"] > 0
    assert "errors" not in ask(role, query, area={"code": COUNTY, "mode": "CHILDREN"})


def test_a_role_is_listed_the_exports_that_it_may_ask_for(client: TestClient, keys: dict[str, str]) -> None:
    def listed(role: str) -> set[str]:
        exports = client.get("/exports", headers={"authorization": f"Bearer {keys[role]}"}).json()["exports"]
        return {export["field"] for export in exports}

    assert listed("OUTSIDER") == {"publishedTotals"}
    assert [listed(role) for role in ("ADMINISTRATOR", "MONITORING")] == [set(), set()]
    assert all({"households", "checkFindings"} < listed(role) for role in READING)
    # Who is among these rows is ill, disabled or old, or goes to school.
    telling = {"medicalBurdens", "medicalCosts", "guaranteeGaps"}
    assert {role for role in READING if telling <= listed(role)} == {"OFFICIAL", "REGISTRAR"}
    assert not telling & (listed("AUDITOR") | listed("FRONT_END"))
