"""Links of households with operators: livestock that was returned is no longer a link."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FARM, FIRST, Sheets, workbook

KEPT, BACK, LAST_DAY, LATER, ENDED = CARDS = tuple(f"{FIRST}000{index}" for index in range(1, 6))
SINCE = date(2015, 1, 1)
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([card, FIRST, "某", "未脱贫", 2016] for card in CARDS)],
    "经营主体": [["统一社会信用代码", "名称", "类型"], [FARM, "某公司", "企业"]],
    "借牛还牛": [
        ["户编号", "经营主体", "开始时间", "结束时间", "归还日期"],
        [KEPT, FARM, SINCE, None, None],
        [BACK, FARM, SINCE, None, date(2016, 6, 30)],
        [LAST_DAY, FARM, SINCE, None, date(2016, 12, 31)],
        [LATER, FARM, SINCE, None, date(2017, 3, 1)],
        [ENDED, FARM, SINCE, date(2016, 3, 31), date(2016, 6, 30)],
    ],
}  # fmt: skip
QUERY = """query($day: Date) {
  links: operatorLinks(area: {code: "513431"}, asOf: $day) { totalCount nodes { households borrowing } }
  lacking: unlinkedHouseholds(area: {code: "513431"}, asOf: $day) { totalCount nodes { household { cardNo } endedOn } } }"""


def test_livestock_that_went_back_links_no_more(empty: Store, tmp_path: Path) -> None:
    """Check that the day of return still counts; the link ends on that day or with its term, whichever is earlier."""
    assert import_files(empty, [workbook(SHEETS, tmp_path / "links.xlsx")]).remarks == []
    returned_row, ended_row = [BACK, "2016-06-30"], [ENDED, "2016-03-31"]
    for day, unlinked_rows in (
        ("2016-03-31", []),
        ("2016-06-30", [ended_row]),
        ("2016-12-31", [returned_row, ended_row]),
        ("2017-01-01", [returned_row, [LAST_DAY, "2016-12-31"], ended_row]),
    ):
        body: dict[str, Any] = local_api(empty).execute(GraphQLRequest(QUERY, variables={"day": day})).body()
        assert "errors" not in body, body["errors"]
        links, unlinked = body["data"]["links"], body["data"]["lacking"]
        assert [[row["household"]["cardNo"], row["endedOn"]] for row in unlinked["nodes"]] == unlinked_rows
        assert unlinked["totalCount"] == len(unlinked_rows)
        linked = len(CARDS) - len(unlinked_rows)
        assert links["nodes"] == [{"households": linked, "borrowing": linked}]
        assert links["totalCount"] == 1


LEFT, GONE_LATER, STAYED, BEFORE = JOBLESS = tuple(f"{FIRST}001{index}" for index in range(1, 5))
JOBS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([card, FIRST, "某", "未脱贫", 2015] for card in JOBLESS)],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "与户主关系", "年度"],
        *([f"{card}01", card, "某", "户主", 2015] for card in JOBLESS),
        *([f"{card}01", card, "某", "户主", 2016] for card in JOBLESS),
        # The second member of each household has no record of 2016: the membership ends with 2015.
        *([f"{card}02", card, "某", "子", 2015] for card in JOBLESS),
    ],
    "经营主体": [["统一社会信用代码", "名称", "类型"], [FARM, "某公司", "企业"]],
    "用工": [
        ["经营主体", "人口编号", "开始时间", "结束时间"],
        [FARM, f"{LEFT}02", SINCE, date(2015, 10, 31)],
        [FARM, f"{GONE_LATER}02", SINCE, None],
        [FARM, f"{STAYED}01", SINCE, date(2016, 5, 31)],
        [FARM, f"{BEFORE}02", date(2016, 2, 1), date(2016, 3, 31)],
    ],
}  # fmt: skip


def test_a_job_links_the_household_while_its_holder_is_a_member(empty: Store, tmp_path: Path) -> None:
    """Check the last day of the link where the member has left since: the end of the job or of the membership."""
    import_files(empty, [workbook(JOBS, tmp_path / "jobs.xlsx")], day=20161231)
    body: dict[str, Any] = local_api(empty).execute(GraphQLRequest(QUERY, variables={"day": "2016-12-31"})).body()
    assert "errors" not in body, body["errors"]
    rows = {row["household"]["cardNo"]: row["endedOn"] for row in body["data"]["lacking"]["nodes"]}
    assert rows == {LEFT: "2015-10-31", GONE_LATER: "2015-12-31", STAYED: "2016-05-31", BEFORE: None}
    assert body["data"]["lacking"]["totalCount"] == len(rows)
