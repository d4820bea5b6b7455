"""Duties are assigned to those who can fulfill them: not to cadres who have left, to departments that were dissolved, or in villages that
were merged into others."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.conftest import emptied
from tests.county import FIRST, MERGED, SECOND, Sheets, workbook

CARD = f"{MERGED}0000"
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "是否贫困村", "年度"], [FIRST, "一村", "是", 2016], [SECOND, "二村", "是", 2016], [MERGED, "旧村", "是", 2015]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], [CARD, MERGED, "某", "未脱贫", 2016]],
    "帮扶部门": [["部门编号", "部门名称", "撤销日期"], ["BM1", "某局", date(2016, 7, 1)], ["BM2", "某厅", None]],
    "帮扶干部": [["干部编号", "姓名", "离岗日期"], ["GB1", "某", date(2016, 7, 1)], ["GB2", "某", None]],
    "部门帮村": [["单位编号", "村编码", "开始时间"], ["BM1", MERGED, date(2015, 1, 1)]],
    "区划调整": [["原区划代码", "现区划代码", "合并日期"], [MERGED, SECOND, date(2016, 7, 1)]],
}  # fmt: skip
POST = {"duty": "FIRST_SECRETARY", "cadreNo": "GB2", "villageCode": FIRST}
HELP = {"duty": "HELPING_DEPARTMENT", "departmentNo": "BM2", "villageCode": FIRST}
CASES = {
    "cadre who has left": ({**POST, "cadreNo": "GB1"}, "cadreNo", "HOLDER_HAS_LEFT"),
    "dissolved department": ({**HELP, "departmentNo": "BM1"}, "departmentNo", "HOLDER_HAS_LEFT"),
    "post in a merged village": ({**POST, "villageCode": MERGED}, "villageCode", "VILLAGE_MERGED"),
    "department of a merged village": ({**HELP, "villageCode": MERGED}, "villageCode", "VILLAGE_MERGED"),
}


@pytest.fixture
def api(spare: Store, tmp_path: Path) -> GraphQLApi:
    emptied(spare)
    import_files(spare, [workbook(SHEETS, tmp_path / "register.xlsx")], day=20161231)
    return local_api(spare)


def change(api: GraphQLApi, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    type_ = name[0].upper() + name[1:]
    query = f"mutation($input: {type_}Input!) {{ change: {name}(input: $input) {{ __typename ... on Refusal {{ code zh en }} ... on Invalid {{ field }} }} }}"
    variables = {"input": {"clientKey": f"{sorted(arguments.items())}", **arguments}}
    body = api.execute(GraphQLRequest(query, variables=variables)).body()
    assert "errors" not in body, body["errors"]
    result: dict[str, Any] = body["data"]["change"]
    return result


def test_nobody_is_assigned_who_is_gone_on_the_first_day(api: GraphQLApi) -> None:
    for case, (arguments, field, code) in CASES.items():
        refused = change(api, "assignDuty", {**arguments, "since": "2016-07-01"})
        assert (refused["__typename"], refused["field"], refused["code"]) == ("Invalid", field, code), case
        assert "2016-07-01" in refused["zh"], case
        assert "2016-07-01" in refused["en"], case
        assert (SECOND in refused["en"]) == (code == "VILLAGE_MERGED"), case
    for case, (arguments, _, _) in CASES.items():
        assert change(api, "assignDuty", {**arguments, "since": "2016-06-30"})["__typename"] == "AssignDutySuccess", (
            case
        )


def test_what_was_assigned_in_a_merged_village_can_be_ended(api: GraphQLApi) -> None:
    ended = change(api, "endDuty", {**HELP, "departmentNo": "BM1", "villageCode": MERGED, "until": "2016-12-31"})
    assert ended["__typename"] == "EndDutySuccess"


def test_households_registered_in_a_merged_village_get_helpers_and_visits(api: GraphQLApi) -> None:
    helper = {"cadreNo": "GB2", "cardNo": CARD}
    assert (
        change(api, "assignDuty", {**helper, "duty": "HELPER", "since": "2016-08-01"})["__typename"]
        == "AssignDutySuccess"
    )
    assert change(api, "recordVisit", {**helper, "on": "2016-08-02"})["__typename"] == "RecordVisitSuccess"
