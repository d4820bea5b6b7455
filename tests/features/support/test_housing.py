"""States of housing: households that have moved, that are to move, and without any measure, on several days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.conftest import emptied
from tests.county import H1, H2, H3, H4, H6, SHEETS, Sheets, workbook

QUERY = """query($asOf: Date, $kinds: [MeasureKind!]) { found: housingStates(area: {code: "513431"}, asOf: $asOf, kinds: $kinds) {
  totalCount eligibleCount noneCount notToldCount plannedCount underWayCount movedCount
  nodes { household { cardNo } grade state kind movedInOn measure { movedInOn } } } }"""
COUNTS = ("total", "eligible", "none", "notTold", "planned", "underWay", "moved")


@pytest.fixture(scope="module")
def county(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> GraphQLApi:
    """Import the county with measures of housing: the houses of the first two are unsafe, those of the others safe."""
    emptied(spare)
    sheets: Sheets = {
        **SHEETS,
        "帮扶措施": [
            ["户编号", "人口编号", "措施类别", "项目内容", "开始时间", "结束时间", "搬迁入住日期"],
            [H1, None, "住房安全", "其他", date(2016, 1, 1), None, None],
            [H2, None, "易地搬迁", "集中安置", date(2016, 3, 1), None, date(2016, 10, 1)],
            [H2, None, "住房安全", "农房加固", date(2017, 3, 1), None, None],
            [H3, None, "住房安全", "危房改造", date(2015, 1, 1), date(2016, 6, 30), None],
            [H4, f"{H4}02", "搬迁", "分散安置", date(2017, 5, 1), None, None],
            [H6, None, "产业", "养羊", date(2016, 1, 1), None, None],
        ],
    }
    report = import_files(spare, [workbook(sheets, tmp_path_factory.mktemp("housing") / "county.xlsx")])
    assert report.remarks == []
    return local_api(spare)


def ask(county: GraphQLApi, **variables: Any) -> tuple[list[list[Any]], list[int]]:
    """Return rows of (household, grade, state, kind, day of moving in), and the counts."""
    body = county.execute(GraphQLRequest(QUERY, variables=variables)).body()
    assert "errors" not in body, body["errors"]
    page = body["data"]["found"]
    rows = [
        [node["household"]["cardNo"], node["grade"], node["state"], node["kind"], node["movedInOn"]]
        for node in page["nodes"]
    ]
    return rows, [page[f"{name}Count"] for name in COUNTS]


def test_where_they_stand(county: GraphQLApi) -> None:
    rows, counts = ask(county)
    assert rows == [
        [H1, "GRADE_C", "NONE", None, None],
        [H2, "GRADE_D", "MOVED", "RELOCATION", "2016-10-01"],
        [H3, "SAFE", "NOT_TOLD", "SAFE_HOUSING", None],
        [H4, "SAFE", "PLANNED", "RELOCATION", None],
    ]
    assert counts == [4, 4, 1, 1, 1, 0, 1]


def test_on_an_earlier_day_they_had_not_moved_yet(county: GraphQLApi) -> None:
    rows, counts = ask(county, asOf="2016-09-30")
    assert rows[1] == [H2, "GRADE_D", "UNDER_WAY", "RELOCATION", None]
    assert counts == [4, 4, 1, 1, 1, 1, 0]
    assert ask(county, asOf="2016-06-30")[0][2] == [H3, "SAFE", "UNDER_WAY", "SAFE_HOUSING", None]


def test_only_those_who_move(county: GraphQLApi) -> None:
    rows, counts = ask(county, kinds=["RELOCATION"])
    assert [row[0] for row in rows] == [H2, H4]
    assert counts == [2, 4, 1, 1, 1, 0, 1]
