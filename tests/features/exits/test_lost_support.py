"""Support lost after exit: the last of several measures counts, whoever of the household had it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FIRST, H1, Sheets, workbook

SINCE = date(2015, 1, 1)
QUERY = '{ lostSupport(area: {code: "513431"}, kinds: [MEASURES], asOf: "2016-12-31") { nodes { measureUntil } } }'


@pytest.mark.parametrize(
    ("household_until", "member_until"), [("2016-03-31", "2016-06-30"), ("2016-06-30", "2016-03-31")]
)
def test_the_last_measure_of_household_and_members_counts(
    empty: Store, tmp_path: Path, household_until: str, member_until: str
) -> None:
    sheets: Sheets = {
        "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "年度"], [H1, FIRST, "某", "已脱贫", 2015, 2015]],
        "家庭成员": [["人口编号", "户编号", "姓名", "与户主关系", "年度"], ["R1", H1, "某", "户主", 2015]],
        "帮扶措施": [
            ["户编号", "人口编号", "措施类别", "项目内容", "开始时间", "结束时间"],
            [H1, None, "产业", "养羊", SINCE, household_until],
            [H1, "R1", "健康", "代缴医保", SINCE, member_until],
        ],
    }  # fmt: skip
    import_files(empty, [workbook(sheets, tmp_path / "register.xlsx")], day=20161231)
    body = local_api(empty).execute(GraphQLRequest(QUERY)).body()
    assert body["data"]["lostSupport"]["nodes"] == [{"measureUntil": "2016-06-30"}]
