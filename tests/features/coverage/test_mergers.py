"""Merged villages with households still registered under the old codes: no household is lost, and no merged village counts on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.areas import published_codes
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import FIRST, MERGED, SECOND, TOWN, Sheets, workbook

COUNTY = "513431"
OLDER, LATER_TOWN = "513431102200", "513431103"
"""A village of a third township, merged into `MERGED` before the latter was merged into the second village."""
BARE = "513431102202"
"""Another merged village, which has a village book but no households."""
SHEETS: Sheets = {
    "行政村": [
        ["村编码", "村名", "是否贫困村", "年度", "总户数", "出列年度"],
        [FIRST, "一村", "否", 2016, 100, None],
        [SECOND, "二村", "否", 2016, 100, None],
        [MERGED, "旧村", "是", 2015, 50, None],
        [BARE, "又一村", "是", 2015, 50, None],
        [SECOND, "二村", "否", 2018, 100, 2018],
    ],
    "贫困户": [
        ["户编号", "村编码", "户主姓名", "脱贫属性", "年度"],
        [f"{FIRST}0000", FIRST, "某", "未脱贫", 2016], [f"{SECOND}0000", SECOND, "某", "未脱贫", 2016],
        [f"{MERGED}0000", MERGED, "某", "未脱贫", 2016], [f"{MERGED}0001", MERGED, "某", "未脱贫", 2016], [f"{OLDER}0000", OLDER, "某", "未脱贫", 2016],
    ],
    "帮扶干部": [["干部编号", "姓名"], ["GB1", "某"], ["GB2", "某"], ["GB3", "某"], ["GB4", "某"]],
    "驻村帮扶": [
        ["干部编号", "村编码", "职责", "开始时间", "结束时间"],
        ["GB1", MERGED, "驻村工作队队员", date(2015, 1, 1), date(2017, 6, 30)],
        ["GB2", MERGED, "第一书记", date(2015, 1, 1), date(2018, 12, 30)],
        ["GB3", MERGED, "农技员", date(2015, 1, 1), date(2016, 2, 29)],
        ["GB3", SECOND, "农技员", date(2016, 3, 1), None],
        ["GB4", MERGED, "驻村工作队队员", date(2015, 1, 1), date(2016, 2, 29)],
        ["GB4", MERGED, "第一书记", date(2016, 3, 1), None],
    ],
    "区划年报": [["区划代码", "年度", "标准中心校"], [TOWN, 2015, "否"], [LATER_TOWN, 2015, "是"]],
    "目标任务": [["目标编号", "年度", "指标", "目标值", "区划代码"], ["MB1", 2016, "贫困村数", 0, COUNTY]],
    "区划调整": [
        ["原区划代码", "现区划代码", "合并日期"],
        [OLDER, MERGED, date(2016, 2, 1)],
        [BARE, SECOND, date(2016, 2, 1)],
        [MERGED, SECOND, date(2016, 3, 1)],
        [TOWN, OLDER[:9], date(2016, 5, 1)],
        [OLDER[:9], LATER_TOWN, date(2016, 7, 1)],
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def merged(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> GraphQLApi:
    emptied(spare)
    import_files(spare, [workbook(SHEETS, tmp_path_factory.mktemp("mergers") / "register.xlsx")], day=20161231)
    return local_api(spare)


def ask(api: GraphQLApi, field: str, selected: str, granted: tuple[str, ...] = ("",)) -> Any:
    body = api.execute(
        GraphQLRequest(f"{{ found: {field} {{ {selected} }} }}"), permissions=permissions_in(granted)
    ).body()
    assert "errors" not in body, body["errors"]
    return body["data"]["found"]


def ledger(api: GraphQLApi, by: str, day: str) -> dict[str, list[int]]:
    answer = ask(api, f'ledger(area: {{code: "{COUNTY}"}}, by: {by}, asOf: "{day}")', "totalCount nodes { area { code } villages poorVillages households poorHouseholds }")  # fmt: skip
    rows = {row.pop("area")["code"]: list(row.values()) for row in answer["nodes"]}
    assert answer["totalCount"] == len(rows)
    return rows


def test_a_merged_village_is_no_village_and_its_households_stay(merged: GraphQLApi) -> None:
    before = ledger(merged, "VILLAGE", "2016-01-31")
    assert (before[MERGED], before[SECOND], before[BARE]) == ([1, 1, 2, 2], [1, 0, 1, 1], [1, 1, 0, 0])
    after = ledger(merged, "VILLAGE", "2016-12-31")
    # The merged poor villages are part of the second now.
    assert after == {FIRST: [1, 0, 1, 1], SECOND: [1, 1, 1, 1], MERGED: [0, 0, 2, 2], OLDER: [0, 0, 1, 1]}
    assert ledger(merged, "COUNTY", "2016-12-31") == {COUNTY: [2, 1, 5, 5]}
    assert ledger(merged, "COUNTY", "2018-12-31") == {COUNTY: [2, 0, 5, 5]}
    [target] = ask(merged, f'progress(area: {{code: "{COUNTY}"}}, asOf: "2016-12-31")', "nodes { actual }")["nodes"]
    assert target["actual"] == 1


def test_the_poor_of_merged_villages_count_in_the_share_of_the_successor(merged: GraphQLApi) -> None:
    def poor_shares(day: str) -> dict[str, list[str]]:
        nodes = ask(merged, f'villageExitGaps(area: {{code: "{COUNTY}"}}, asOf: "{day}")', "nodes { village { code } status indicators { predicate value } }")["nodes"]  # fmt: skip
        return {node["village"]["code"]: [node["status"], node["indicators"][0]["value"]] for node in nodes}

    assert poor_shares("2016-12-31") == {FIRST: ["OTHER", "0.01"], SECOND: ["POOR", "0.04"]}
    # Before the merger their households do not count for it.
    assert poor_shares("2016-01-31")[SECOND] == ["OTHER", "0.01"]


def test_who_left_a_merged_village_left_before_the_exit_of_its_successor(merged: GraphQLApi) -> None:
    field = f'earlyDepartures(area: {{code: "{MERGED}"}}, asOf: "%s")'
    selected = "totalCount nodes { cadre { cadreNo } leftOn exitYear }"

    def departures(day: str) -> list[list[Any]]:
        answer = ask(merged, field % day, selected)
        rows = [[node["cadre"]["cadreNo"], node["leftOn"], node["exitYear"]] for node in answer["nodes"]]
        assert answer["totalCount"] == len(rows)
        return rows

    assert departures("2017-12-31") == [["GB1", "2017-06-30", None]]
    assert departures("2018-12-31") == [["GB1", "2017-06-30", 2018]]


def test_who_changes_posts_in_one_village_has_not_left(merged: GraphQLApi) -> None:
    """The fourth cadre becomes first secretary on the day after his post in the team ends; the third continues in the successor village."""
    for day in ("2016-02-29", "2016-03-01", "2016-12-31"):
        assert ask(merged, f'earlyDepartures(area: {{code: "{COUNTY}"}}, asOf: "{day}")', "nodes { cadre { cadreNo } }")["nodes"] == []  # fmt: skip


def test_who_must_mend_follows_the_township(merged: GraphQLApi) -> None:
    def offices(day: str) -> dict[str, str]:
        nodes = ask(merged, f'coverageGaps(area: {{code: "{COUNTY}"}}, duties: [HELPER], asOf: "{day}")', "nodes { village { code } mustMend { office area { code } } }")["nodes"]  # fmt: skip
        assert {node["mustMend"]["office"] for node in nodes} == {"TOWNSHIP"}
        return {node["village"]["code"]: node["mustMend"]["area"]["code"] for node in nodes}

    assert offices("2016-04-30") == {FIRST: TOWN, SECOND: SECOND[:9], MERGED: SECOND[:9], OLDER: SECOND[:9]}
    assert offices("2016-05-01")[FIRST] == OLDER[:9]
    assert offices("2016-07-01")[FIRST] == LATER_TOWN


def test_what_was_merged_into_an_area_is_asked_for_with_it(merged: GraphQLApi) -> None:
    def gap_villages(area: str, day: str = "2016-12-31", granted: tuple[str, ...] = ("",)) -> list[str]:
        answer = ask(merged, f'coverageGaps(area: {{code: "{area}"}}, duties: [HELPER], asOf: "{day}")', "totalCount nodes { village { code } }", granted)  # fmt: skip
        assert answer["totalCount"] == len(answer["nodes"])
        return [node["village"]["code"] for node in answer["nodes"]]

    assert gap_villages(SECOND) == gap_villages(SECOND[:9]) == [SECOND, MERGED, MERGED, OLDER]
    assert gap_villages(SECOND, "2016-02-29") == [SECOND]
    assert gap_villages(MERGED, "2016-02-29") == [MERGED, MERGED, OLDER]
    assert gap_villages(SECOND, granted=(SECOND[:9],)) == [SECOND, MERGED, MERGED]
    assert gap_villages(SECOND, granted=(SECOND,)) == [SECOND]
    alone = ask(merged, f'coverageGaps(area: {{code: "{LATER_TOWN}", mode: SELF}})', "totalCount")
    assert alone["totalCount"] == 0
    rows = ask(
        merged, f'exitGaps(purpose: "核对", area: {{code: "{SECOND}"}})', "totalCount nodes { village { code } }"
    )
    assert rows["totalCount"] == len(rows["nodes"]) == 4
    # Totals of a level are listed under the area of today, so that the sums hold.
    totals = ask(merged, f'coverageSummary(area: {{code: "{SECOND[:9]}"}}, by: TOWNSHIP, duties: [HELPER])', "nodes { area { code } eligible }")["nodes"]  # fmt: skip
    assert totals == [{"area": {"code": SECOND[:9]}, "eligible": 4}]
    nodes = ask(merged, f'ledger(area: {{code: "{SECOND}"}})', "nodes { area { code } households }")["nodes"]
    assert nodes == [{"area": {"code": SECOND}, "households": 1}]


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("by", ["TOWNSHIP", "VILLAGE"])
def test_pages_of_a_summary_have_each_row_once(merged: GraphQLApi, by: str, size: int) -> None:
    """Merged villages count in another area than their code says: no row of a page before comes again."""
    field = f'coverageSummary(area: {{code: "{COUNTY}"}}, by: {by}, first: %s)'
    selected = "nodes { area { code } duty eligible missing } pageInfo { hasNextPage endCursor }"
    rows = ask(merged, field % 100, selected)["nodes"]
    paged: list[Any] = []
    after = ""
    while True:
        page = ask(merged, field % f"{size}{after}", selected)
        paged += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = f', after: "{page["pageInfo"]["endCursor"]}"'
    assert paged == rows
    assert len(rows) > size


def test_the_mergers_of_a_data_version_are_asked_for_once(merged: GraphQLApi, spare: Store) -> None:
    spare._clear_caches()
    spare.statement_log = []
    for area in (FIRST, SECOND, TOWN, COUNTY):
        for day in ("2016-01-31", "2016-12-31"):
            ask(merged, f'exitGaps(purpose: "核对", area: {{code: "{area}"}}, asOf: "{day}")', "totalCount")
    statements, spare.statement_log = spare.statement_log, None
    assert statements.count("areas/merged") == 1


def test_a_merged_township_is_none_of_its_county(merged: GraphQLApi) -> None:
    def lacking(day: str) -> bool:
        [county] = ask(merged, f'countyExitGaps(area: {{code: "{COUNTY}"}}, asOf: "{day}")', "nodes { unmet }")["nodes"]  # fmt: skip
        return "CENTRAL_SCHOOL" in county["unmet"]

    assert (lacking("2016-04-30"), lacking("2016-05-01")) == (True, False)


def test_a_successor_without_a_report_is_not_known(merged: GraphQLApi) -> None:
    """The township into which the first one was merged has no report, so it is unknown whether each township of the county qualifies."""
    [county] = ask(merged, f'countyExitGaps(area: {{code: "{COUNTY}"}}, asOf: "2016-05-01")', "nodes { unmet unknown }")["nodes"]  # fmt: skip
    assert "CENTRAL_SCHOOL" in county["unknown"]


FAR = min(code for code in published_codes() if code.startswith("513432") and len(code) == 12)
"""A village of another county of the prefecture."""
ACROSS: Sheets = {
    "行政村": [["村编码", "村名", "是否贫困村", "年度"], *([code, "村", "是", 2016] for code in (FIRST, SECOND, FAR))],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([f"{code}{number:04d}", code, "某", "未脱贫", 2016] for code, count in ((FIRST, 2), (SECOND, 3), (FAR, 1)) for number in range(count))],
    "区划调整": [["原区划代码", "现区划代码", "合并日期"], [FIRST, FAR, date(2016, 6, 1)]],
}  # fmt: skip


def figures(api: GraphQLApi, area: str, day: str) -> tuple[list[int], list[int]]:
    """Return [missing, eligible] of an area, once from the list of gaps and once from the summary of counties."""
    scope = f'area: {{code: "{area}"}}, asOf: "{day}"'
    answer = ask(api, f"coverageGaps({scope}, first: 500)", "totalCount eligibleCount nodes { duty }")
    assert len(answer["nodes"]) == answer["totalCount"]
    totals = ask(api, f"coverageSummary({scope}, by: COUNTY)", "nodes { area { code } eligible missing }")["nodes"]
    assert {row["area"]["code"] for row in totals} <= {"513431", "513432"}
    if len(area) == 6:
        assert {row["area"]["code"] for row in totals} <= {area}
    return (
        [answer["totalCount"], answer["eligibleCount"]],
        [sum(row["missing"] for row in totals), sum(row["eligible"] for row in totals)],
    )


@pytest.mark.parametrize("day", ["2016-05-31", "2016-06-01", "2016-12-31"])
def test_after_a_merger_across_counties_lists_and_totals_agree(spare: Store, tmp_path: Path, day: str) -> None:
    emptied(spare)
    import_files(spare, [workbook(ACROSS, tmp_path / "register.xlsx")], day=20161231)
    api = local_api(spare)
    figures_by_area = {}
    for area in ("513431", "513432", "5134"):
        from_list, from_summary = figures(api, area, day)
        assert from_list == from_summary, area
        figures_by_area[area] = from_list
    assert figures_by_area["5134"] == [
        a + b for a, b in zip(figures_by_area["513431"], figures_by_area["513432"], strict=True)
    ]
    helpers = {
        area: ask(api, f'coverageGaps(area: {{code: "{area}"}}, duties: [HELPER], asOf: "{day}")', "totalCount")[
            "totalCount"
        ]
        for area in figures_by_area
    }
    # From the day of the merger the two households count for the county of their present village.
    assert helpers == {"5134": 6} | ({"513431": 5, "513432": 1} if day < "2016-06-01" else {"513431": 3, "513432": 3})


def merger_sheet(*rows: tuple[str, str]) -> Sheets:
    return {"区划调整": [["原区划代码", "现区划代码", "合并日期"], *([a, b, date(2016, 3, 1)] for a, b in rows)]}


def refused_rows(store: Store, folder: Path, sheets: Sheets) -> list[tuple[int, str, str]]:
    report = import_files(store, [workbook(sheets, folder / "mergers.xlsx")], day=20161231)
    return [(remark.row, remark.value, remark.code) for remark in report.remarks if remark.refused]


def test_no_area_is_merged_into_itself_or_round_a_circle(spare: Store, tmp_path: Path) -> None:
    """Cycles are refused within a delivery and across deliveries, also through other areas; repeating the same merger is no cycle."""
    emptied(spare)
    rows = merger_sheet((FIRST, SECOND), (SECOND, SECOND), (SECOND, FAR), (FAR, FIRST))
    refusals = [(3, SECOND, "MERGED_INTO_ITSELF"), (5, FIRST, "MERGER_CIRCLE")]
    assert refused_rows(spare, tmp_path, rows) == refusals
    assert refused_rows(spare, tmp_path, rows) == refusals
    assert refused_rows(spare, tmp_path, merger_sheet((SECOND, FIRST), (FAR, SECOND), (FIRST, SECOND))) == [
        (2, FIRST, "MERGER_CIRCLE"),
        (3, SECOND, "MERGER_CIRCLE"),
    ]


def test_a_successor_of_which_there_is_no_book_is_a_village(empty: Store, tmp_path: Path) -> None:
    """The successor takes the status of the poor village that was merged into it; its indicators are unknown."""
    sheets: Sheets = {
        "行政村": [["村编码", "村名", "是否贫困村", "年度"], [MERGED, "旧村", "是", 2016]],
        "区划调整": [["原区划代码", "现区划代码", "合并日期"], [MERGED, SECOND, date(2016, 3, 1)]],
    }
    import_files(empty, [workbook(sheets, tmp_path / "register.xlsx")], day=20161231)
    api = local_api(empty)
    assert ledger(api, "VILLAGE", "2016-02-29") == {MERGED: [1, 1, 0, 0]}
    assert ledger(api, "VILLAGE", "2016-03-01") == {SECOND: [1, 1, 0, 0]}
    rows = ask(
        api, f'villageExitGaps(area: {{code: "{COUNTY}"}})', "totalCount nodes { village { code } status result }"
    )
    assert rows["totalCount"] == 1
    assert rows["nodes"] == [{"village": {"code": SECOND}, "status": "POOR", "result": "UNKNOWN"}]
