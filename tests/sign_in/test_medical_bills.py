"""Medical bills: who has any is told for a purpose only, by whatever way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.county import FIRST, Sheets, workbook
from tests.sign_in.conftest import COUNTY, Ask

PURPOSE = 'purpose: "核对费用"'
AREA = f'area: {{code: "{COUNTY}"}}'
BILLS = f"{{ medicalCosts({AREA}, first: 5, {PURPOSE}) {{ nodes {{ id costNo person {{ personNo }} }} }} }}"
HOUSEHOLD = f"{FIRST}0001"
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], [HOUSEHOLD, FIRST, "某", "未脱贫", 2016]],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "与户主关系", "年度"],
        [f"{HOUSEHOLD}01", HOUSEHOLD, "某", "户主", 2016],
    ],
    "医疗费用": [["人口编号", "就诊日期", "总费用(元)"], [f"{HOUSEHOLD}01", date(2016, 4, 1), 1000]],
}
WAYS = (
    f"medicalCosts({AREA}%s) {{ totalCount }}",
    "medicalCost(costNo: $cost%s) { person { personNo } }",
    "person(personNo: $person%s) { medicalCosts { totalCount } }",
    f"persons({AREA}, first: 1, where: {{medicalCosts: {{}}}}%s) {{ totalCount }}",
    f"households({AREA}, first: 1%s) {{ nodes {{ members {{ nodes {{ medicalCosts {{ totalCount }} }} }} }} }}",
)
IDS = ("list", "number", "of-a-person", "condition", "of-members")


@pytest.fixture
def client(client_of_empty: TestClient, empty: Store, tmp_path: Path) -> TestClient:
    """A client of a service with a register of one bill."""
    import_files(empty, [workbook(SHEETS, tmp_path / "register.xlsx")], day=20161231)
    return client_of_empty


@pytest.fixture
def bill(ask: Ask) -> dict[str, Any]:
    """A bill of a person of the county, as an official sees it for a purpose."""
    bills: list[dict[str, Any]] = ask("wang", BILLS)["data"]["medicalCosts"]["nodes"]
    return bills[0]


def ask_about(ask: Ask, user: str, bill: dict[str, Any], way: str, purpose: str) -> dict[str, Any]:
    variables = {"cost": bill["costNo"], "person": bill["person"]["personNo"]}
    declared = ", ".join(f"${name}: String!" for name in variables if f"${name}" in way)
    return ask(user, f"query{f'({declared})' if declared else ''} {{ {way % purpose} }}", **variables)


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_without_a_purpose_nobody_is_told_who_has_bills(ask: Ask, bill: dict[str, Any], way: str) -> None:
    for user in ("wang", "deng"):
        [error] = ask_about(ask, user, bill, way, "")["errors"]
        assert error["extensions"]["code"] == "ARGUMENT_INVALID"
        assert "medicalCosts" in error["message"]
    for user in ("portal", "shen"):
        for purpose in ("", f", {PURPOSE}"):
            [error] = ask_about(ask, user, bill, way, purpose)["errors"]
            assert error["extensions"]["code"] == "ACCESS_DENIED"


@pytest.mark.parametrize("way", WAYS, ids=IDS)
def test_for_a_purpose_whose_bills_are_read_is_in_the_audit_log(ask: Ask, bill: dict[str, Any], way: str) -> None:
    answer = ask_about(ask, "wang", bill, way, f", {PURPOSE}")
    assert "errors" not in answer, answer
    log = "{ auditLog(first: 1) { nodes { user purpose values count subjects { label areas } } } }"
    [entry] = ask("shen", log)["data"]["auditLog"]["nodes"]
    assert (entry["user"], entry["purpose"], entry["values"]) == ("wang", "核对费用", ["medicalCosts"])
    assert entry["count"] > 0
    assert all(area.startswith(COUNTY) for subject in entry["subjects"] for area in subject["areas"])
    assert entry["subjects"]


def test_the_id_of_a_bill_opens_nothing(ask: Ask, bill: dict[str, Any]) -> None:
    for query in ("node(id: $id) { id }", "nodes(ids: [$id]) { id }"):
        [error] = ask("wang", f"query($id: ID!) {{ {query} }}", id=bill["id"])["errors"]
        assert error["extensions"]["code"] == "ARGUMENT_INVALID"
        assert "medicalCost(purpose" in error["message"]
