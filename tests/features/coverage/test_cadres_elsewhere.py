"""Cadres of areas that the author of a change may not read cannot be named in it: they are answered as if they did not exist."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.access.permissions import AccessGrant, Permissions
from graph_service.access.rights import Role
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.conftest import emptied
from tests.county import FIRST, H1, H5, SECOND, SHEETS, Sheets, workbook

COUNTY, TOWN = SECOND[:6], SECOND[:9]
"""The town of the second village; the first village lies in another one."""
ELSEWHERE = "GB2"
"""A helper and first secretary in the first village, of a department that helps it."""
NAMEABLE = {
    "GB1": "helps in both villages",
    "GB3": "serves the first village, and leads the county",
    "GB5": "is new, and tied to no area",
    "GB6": "helps in the first village, and works for an office of the town",
}
NEW_CADRES: list[list[object]] = [["GB5", "子某", "科员", None, None], ["GB6", "丑某", "科员", None, "BM3"]]
OFFICES: list[list[object]] = [["部门编号", "部门名称", "区划代码"], ["BM1", "某局", None], ["BM2", "某厅", None], ["BM3", "某镇", TOWN]]  # fmt: skip
REGISTER: Sheets = {
    **SHEETS,
    "帮扶部门": OFFICES,
    "帮扶干部": [*SHEETS["帮扶干部"], *NEW_CADRES],
    "结对帮扶": [*SHEETS["结对帮扶"], ["GB6", H1, date(2015, 1, 1), None]],
}
CHANGES = {
    "assignDuty": f'duty: HELPER, cadreNo: "%s", cardNo: "{H5}", since: "2016-12-01"',
    "endDuty": f'duty: HELPER, cadreNo: "%s", cardNo: "{H5}", until: "2016-12-01"',
    "applyAssignments": f'since: "2016-12-01", assignments: [{{cadreNo: "%s", cardNo: "{H5}"}}]',
    "recordVisit": f'cadreNo: "%s", cardNo: "{H5}", on: "2016-12-01"',
    "openProblem": f'problemNo: "P1", content: "住房漏雨", cardNo: "{H5}", cadreNo: "%s", due: "2099-12-31"',
    "updateProblem": 'problemNo: "WT1", cadreNo: "%s", since: "2017-01-01"',
    "signPledge": f'pledgeNo: "ZR9", areaCode: "{TOWN}", year: 2016, cadreNo: "%s", on: "2016-03-01"',
}


@pytest.fixture(scope="module")
def registered(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Import the county once; `api` undoes the changes of each test."""
    emptied(spare)
    path: Path = workbook(REGISTER, tmp_path_factory.mktemp("county") / "county.xlsx")
    report = import_files(spare, [path])
    assert not any(remark.refused for remark in report.remarks), report.remarks
    return spare


def official(read_area: str = TOWN, user: str = "town") -> Permissions:
    """Return the permissions of an official who changes the town."""
    return Permissions(user, (AccessGrant(user, Role.OFFICIAL, (read_area,), (TOWN,)),))


def ask(api: GraphQLApi, query: str, permissions: Permissions) -> dict[str, Any]:
    body = api.execute(GraphQLRequest(query), permissions=permissions).body()
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]
    return answer


def make(api: GraphQLApi, name: str, values: str, permissions: Permissions, key: str = "k") -> dict[str, Any]:
    """Return the result of a change. Each test has client keys of its own."""
    key = f"{os.environ['PYTEST_CURRENT_TEST']}:{key}"
    query = f'mutation {{ made: {name}(input: {{clientKey: "{key}", {values}}}) {{ __typename ... on Refusal {{ code zh en }} ... on Invalid {{ field }} }} }}'
    made: dict[str, Any] = ask(api, query, permissions)["made"]
    return made


@pytest.mark.parametrize("name", CHANGES)
def test_a_cadre_elsewhere_is_called_missing(api: GraphQLApi, name: str) -> None:
    hidden, absent = (make(api, name, CHANGES[name] % cadre, official(), cadre) for cadre in (ELSEWHERE, "none"))
    assert (hidden["__typename"], hidden["code"]) == ("Invalid", "RECORD_UNKNOWN")
    assert {field: text.replace(ELSEWHERE, "none") for field, text in hidden.items()} == absent


@pytest.mark.parametrize("name", [name for name in CHANGES if name != "endDuty"])
def test_a_cadre_who_may_be_read_is_taken_though_not_of_the_areas_to_change(api: GraphQLApi, name: str) -> None:
    made = make(api, name, CHANGES[name] % ELSEWHERE, official(COUNTY))
    assert made["__typename"].endswith("Success"), made


@pytest.mark.parametrize("cadre", NAMEABLE, ids=[reason.replace(" ", "_") for reason in NAMEABLE.values()])
def test_a_cadre_is_taken_who(api: GraphQLApi, cadre: str) -> None:
    made = make(api, "assignDuty", CHANGES["assignDuty"] % cadre, official())
    assert made["__typename"] == "AssignDutySuccess", made


def test_a_department_that_helps_here_does_not_bring_its_cadres(api: GraphQLApi) -> None:
    """Any department can be made to help in a village."""
    department = f'duty: HELPING_DEPARTMENT, departmentNo: "BM1", villageCode: "{SECOND}", since: "2016-12-01"'
    assert make(api, "assignDuty", department, official(), "department")["__typename"] == "AssignDutySuccess"
    assert make(api, "assignDuty", CHANGES["assignDuty"] % ELSEWHERE, official())["code"] == "RECORD_UNKNOWN"


def test_an_emergency_access_brings_no_cadres_to_assign(api: GraphQLApi) -> None:
    grants = (*official().grants, AccessGrant("town", Role.EMERGENCY, (COUNTY,)))
    made = make(api, "assignDuty", CHANGES["assignDuty"] % ELSEWHERE, Permissions("town", grants))
    assert made["code"] == "RECORD_UNKNOWN"


def test_a_new_cadre_may_be_read_from_the_assignment_on(api: GraphQLApi) -> None:
    query = '{ cadre(cadreNo: "GB5") { cadreNo } }'
    assert ask(api, query, official())["cadre"] is None
    make(api, "assignDuty", CHANGES["assignDuty"] % "GB5", official())
    assert ask(api, query, official())["cadre"] == {"cadreNo": "GB5"}
    away = Permissions("away", (AccessGrant("away", Role.OFFICIAL, (FIRST,), (FIRST,)),))
    visit = f'cadreNo: "GB5", cardNo: "{H1}", on: "2016-12-01"'
    assert make(api, "recordVisit", visit, away)["code"] == "RECORD_UNKNOWN"


def test_authors_do_not_share_client_keys(api: GraphQLApi) -> None:
    first = CHANGES["recordVisit"] % "GB1"
    second = first.replace("2016-12-01", "2016-12-02")
    assert make(api, "recordVisit", first, official())["__typename"] == "RecordVisitSuccess"
    assert make(api, "recordVisit", second, official())["code"] == "CLIENT_KEY_REUSED"
    assert make(api, "recordVisit", second, official(user="station"))["__typename"] == "RecordVisitSuccess"
