"""Every question on any day, from before all records to the end of time: it answers, and tells nothing of the future."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Question, fetch_page, fetch_totals
from graph_service.domain.days import day_from_iso
from graph_service.features.coverage.coverage_gaps import gaps, summary
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.graphql.schema import questions
from graph_service.platform.catalog import get_statement
from graph_service.platform.store.graph import Store
from tests.conftest import emptied
from tests.county import H1, H2, SECOND, SHEETS, Sheets, workbook

COUNTY = "513431"
EVE, END = date(2015, 12, 31), "9999-12-31"
DAYS = (
    "0001-01-01",
    "1900-01-01",
    "2012-12-31",
    "2013-12-31",
    "2014-12-31",
    "2015-12-31",
    "2016-12-31",
    "2100-12-31",
    END,
)
ENDS = {"结束时间", "离岗日期", "终止日期"}
"""Columns of days that may lie ahead."""
STATED = {"责任书", "目标任务", "问题清单"}
"""Sheets whose rows say what is so now, of no day: a later one says otherwise of any day."""
FOUND = {"checkFindings", "findingCounts"}
"""What checks have found: told as of the data that they looked at."""
STATUS = {"status", "finding_no", "waiver"}
"""Columns that tell what the checks have found of a row."""
AHEAD = {"ends", "leaves", "due", "starts_on"}
"""Columns of days to come: of terms, of what is due, of measures that are planned."""
MONEY: Sheets = {
    "资金": [["资金编号", "资金名称", "资金类型", "级次", "年度", "金额(元)"], ["ZJ5", "一", "财政专项扶贫资金", "县", 2015, 500], ["ZJ6", "二", "财政专项扶贫资金", "县", 2016, 600]],
    "项目": [["项目编号", "项目名称", "项目类别", "所在村编码"], ["XM1", "水池", "水利", SECOND]],
    "资金流向": [
        ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
        ["PZ1", "ZJ5", "项目", "XM1", 300, date(2015, 3, 1)], ["PZ2", "ZJ6", "户", H1, 200, date(2016, 3, 1)],
    ],
    "资产": [["资产编号", "资产名称", "项目编号", "形成金额(元)", "资产类型", "所在村编码"], ["ZC1", "水池", "XM1", 300, "经营性", SECOND]],
    "股权": [["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期", "终止日期"], ["GQ1", "ZC1", H1, "优先股", 60, 100, date(2015, 6, 1), None], ["GQ2", "ZC1", H2, "优先股", 40, 100, date(2016, 6, 1), None]],
}  # fmt: skip
WHOLE: Sheets = {name: rows for name, rows in (SHEETS | MONEY).items() if name not in STATED}


def until(sheets: Sheets, eve: date) -> Sheets:
    """What a collection on the last day of a year has of a register of the next: its own year's records, nothing that began later."""
    found: Sheets = {}
    for name, (header, *rows) in sheets.items():
        year = header.index("年度") if "年度" in header else None
        kept = [
            [eve.year if at == year and name != "资金" else cell for at, cell in enumerate(row)]
            for row in rows
            if all(not isinstance(cell, date) or cell <= eve or header[at] in ENDS for at, cell in enumerate(row))
            and not (name == "资金" and year is not None and int(str(row[year])) > eve.year)
        ]
        if kept:
            found[name] = [header, *kept]
    return found


FORMER = until(WHOLE, EVE)
FORMER["贫困户"] = [
    [SECOND if at == 1 and row[0] == H2 else cell for at, cell in enumerate(row)] for row in FORMER["贫困户"]
]
"""In the year before, the second household lived in the other village."""


def answers(store: Store, day: str, names: set[str] | None = None) -> dict[str, Any]:
    """Rows and totals of every question about an area on a day."""
    viewing = QueryScope.resolve(store, COUNTY, as_of=day)
    found: dict[str, Any] = {}
    for inquiry in questions():
        if names is None or inquiry.name in names:
            given = {"by": "VILLAGE"} if any(one.name == "by" for one in inquiry.filters) else {}
            counted = fetch_totals(store, viewing, inquiry, given)
            told = [
                at
                for at, name in enumerate(get_statement(inquiry.statement_name).columns)
                if name not in STATUS or inquiry.name in FOUND
            ]
            rows = [[row[at] for at in told] for row in fetch_page(store, viewing, inquiry, given, first=500).rows]
            found[inquiry.name] = [rows, counted.total, counted.eligible]
    if names is None:
        found["coverageGaps"] = [
            [g.village, g.household, g.duty.name, g.reason, g.since] for g in gaps(store, viewing, first=500).gaps
        ]
        found["coverageSummary"] = [
            [s.area, s.duty.name, s.eligible, s.missing] for s in summary(store, viewing, by="VILLAGE").shares
        ]
    return found


@pytest.fixture(scope="module")
def both(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, Any]]:
    """A register of two years, and what was answered for the end of the first before the second came."""
    folder = tmp_path_factory.mktemp("days")
    emptied(spare)
    assert not any(
        one.refused for one in import_files(spare, [workbook(FORMER, folder / "2015.xlsx")], day=20151231).remarks
    )
    before = answers(spare, "2015-12-31")
    assert not any(
        one.refused for one in import_files(spare, [workbook(WHOLE, folder / "2016.xlsx")], day=20161231).remarks
    )
    return spare, before


def days_in(inquiry: Question, rows: list[list[Any]]) -> list[int]:
    """The days that rows tell of what has been: of terms and steps to come they may tell later ones."""
    places = [
        inquiry.column_index(one.statement_column)
        for one in inquiry.columns
        if one.kind.value == "DATE" and one.statement_column not in AHEAD
    ]
    return [row[at] for row in rows for at in places if row[at] is not None]


def test_yesterday_does_not_know_what_came_later(both: tuple[Store, dict[str, Any]]) -> None:
    """Every question about the end of a year is answered as it was before the next year was delivered."""
    store, before = both
    after = answers(store, "2015-12-31")
    # A measure that begins later is told as planned.
    assert {name: after[name] for name in after.keys() - FOUND - {"housingStates"} if after[name] != before[name]} == {}


@pytest.mark.parametrize("day", DAYS)
def test_every_question_is_answered_on_any_day_and_tells_no_later_one(
    both: tuple[Store, dict[str, Any]], day: str
) -> None:
    store, _ = both
    found = answers(store, day)
    for inquiry in questions():
        rows = found[inquiry.name][0] if inquiry.name not in FOUND else []
        assert all(one <= day_from_iso(day) for one in days_in(inquiry, rows)), inquiry.name
    assert all(row[4] is None or row[4] <= day_from_iso(day) for row in found["coverageGaps"])


@pytest.mark.parametrize("day", DAYS[:2])
def test_before_the_first_record_there_is_nothing(both: tuple[Store, dict[str, Any]], day: str) -> None:
    store, _ = both
    found = answers(store, day)
    # A village was there before its first book, which tells what it owes; no household was.
    assert {row[1] for row in found.pop("coverageGaps")} == {""}
    assert {row[1] for row in found.pop("coverageSummary")}.isdisjoint({"HELPER", "VISIT"})
    # What lists areas lists them, without any figure; an asset that was formed on no day is held against what was spent until then.
    areas = {
        "ledger",
        "planReach",
        "batchReach",
        "povertyBalances",
        "leaderlessAreas",
        "unsignedPledges",
        "villageExitGaps",
        "countyExitGaps",
    }
    undated = {"reconciliation"}
    assert {name for name, one in found.items() if one[0]} <= areas | undated | FOUND
    [households] = [one.column_index("households") for one in questions() if one.name == "ledger"]
    assert {row[households] for row in found["ledger"][0]} <= {0}


def test_after_the_last_fact_nothing_changes_any_more(both: tuple[Store, dict[str, Any]]) -> None:
    store, _ = both
    near, end = answers(store, "2100-12-31"), answers(store, END)
    dated = {"lookBack", "povertyBalances"}
    assert {name for name in near if near[name] != end[name]} <= dated
    # Terms without an end do not end at the end of time.
    assert end["expiringDuties"][0] == []


def test_a_fund_of_a_later_year_is_not_unspent_yet(both: tuple[Store, dict[str, Any]]) -> None:
    store, _ = both
    found = {}
    for day in ("2014-12-31", "2015-12-31", "2016-12-31"):
        document = f'{{ reconciliation(area: {{code: "51"}}, kinds: [UNSPENT], asOf: "{day}") {{ nodes {{ fund {{ fundNo }} }} }} }}'
        body = GraphQLApi(store).execute(GraphQLRequest(document)).body()
        assert "errors" not in body, body["errors"]
        found[day] = [one["fund"]["fundNo"] for one in body["data"]["reconciliation"]["nodes"]]
    assert found == {"2014-12-31": [], "2015-12-31": ["ZJ5"], "2016-12-31": ["ZJ5", "ZJ6"]}
