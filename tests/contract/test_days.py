"""Every question on any day, from before all records to the end of time: it is answered without facts of later days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph_service.core.duties import duties_by_name
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import TELLS_SENSITIVE, Question, ResultTotals, fetch_page, fetch_totals
from graph_service.domain.days import day_from_iso
from graph_service.domain.metamodel import PropertyKind
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.graphql.schema import questions
from graph_service.platform.catalog import get_statement
from graph_service.platform.store.graph import Store
from tests.callers import local_api
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
"""Columns of end days, which may lie in the future."""
UNDATED_SHEETS = {"责任书", "目标任务", "问题清单"}
"""Sheets whose rows have no day: a later row changes the answers for every day."""
CHECK_QUESTIONS = {"checkFindings", "findingCounts"}
"""Questions about the findings of checks: their answers depend on the data that were checked."""
STATUS = {"status", "finding_no", "waiver"}
"""Columns with the finding of a check on a row, which may be of a later day."""
FUTURE_COLUMNS = {"ends", "leaves", "due", "starts_on"}
"""Columns of future days: ends of terms, due days, starts of planned measures."""
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
WHOLE: Sheets = {name: rows for name, rows in (SHEETS | MONEY).items() if name not in UNDATED_SHEETS}


def register_until(sheets: Sheets, eve: date) -> Sheets:
    """Return the part of a later register that a collection on the last day of a year has: that year's records, no row that began later."""
    former_sheets: Sheets = {}
    for name, (header, *rows) in sheets.items():
        year = header.index("年度") if "年度" in header else None
        kept_rows = [
            [eve.year if index == year and name != "资金" else cell for index, cell in enumerate(row)]
            for row in rows
            if all(not isinstance(cell, date) or cell <= eve or header[index] in ENDS for index, cell in enumerate(row))
            and not (name == "资金" and year is not None and int(str(row[year])) > eve.year)
        ]
        if kept_rows:
            former_sheets[name] = [header, *kept_rows]
    return former_sheets


FORMER = register_until(WHOLE, EVE)
FORMER["贫困户"] = [
    [SECOND if index == 1 and row[0] == H2 else cell for index, cell in enumerate(row)] for row in FORMER["贫困户"]
]
"""The register of the year before, in which the second household lived in the other village."""


def answers(store: Store, day: str, names: set[str] | None = None) -> dict[str, Any]:
    """Return rows and totals of every question about an area on a day that statements answer."""
    viewing = QueryScope.resolve(store, COUNTY, as_of=day)
    answer_by_question: dict[str, Any] = {}
    for inquiry in questions():
        if inquiry.statement_name and (names is None or inquiry.name in names):
            arguments: dict[str, Any] = {TELLS_SENSITIVE: True}
            if any(argument.name == "by" for argument in inquiry.filters):
                arguments["by"] = "VILLAGE"
            columns = {*get_statement(inquiry.statement_name).columns, *date_columns(inquiry)}
            if "finding_no" in columns and inquiry.name not in CHECK_QUESTIONS:
                columns -= STATUS
            rows = [
                {name: getattr(row, name) for name in columns}
                for row in fetch_page(store, viewing, inquiry, arguments, first=500).rows
            ]
            totals = fetch_totals(store, viewing, inquiry, arguments) if inquiry.has_total_count else ResultTotals(0, 0)
            answer_by_question[inquiry.name] = [rows, totals.total, totals.eligible]
    return answer_by_question


@pytest.fixture(scope="module")
def both(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, Any]]:
    """Return a store with a register of two years, and the answers for the end of the first year before the second was imported."""
    folder = tmp_path_factory.mktemp("days")
    emptied(spare)
    assert not any(
        remark.refused for remark in import_files(spare, [workbook(FORMER, folder / "2015.xlsx")], day=20151231).remarks
    )
    before = answers(spare, "2015-12-31")
    assert not any(
        remark.refused for remark in import_files(spare, [workbook(WHOLE, folder / "2016.xlsx")], day=20161231).remarks
    )
    return spare, before


def date_columns(inquiry: Question) -> set[str]:
    """Return the columns of days that are not in the future."""
    return {column.statement_column for column in inquiry.columns if column.kind is PropertyKind.DATE} - FUTURE_COLUMNS


def test_yesterday_does_not_know_what_came_later(both: tuple[Store, dict[str, Any]]) -> None:
    """Compare the answers for the end of a year with those from before the next year was delivered."""
    store, before = both
    after = answers(store, "2015-12-31")
    # A measure that begins later appears as planned.
    assert {
        name: after[name] for name in after.keys() - CHECK_QUESTIONS - {"housingStates"} if after[name] != before[name]
    } == {}


@pytest.mark.parametrize("day", DAYS)
def test_every_question_is_answered_on_any_day_and_tells_no_later_one(
    both: tuple[Store, dict[str, Any]], day: str
) -> None:
    store, _ = both
    answer_by_question = answers(store, day)
    for inquiry in questions():
        rows = (
            answer_by_question[inquiry.name][0]
            if inquiry.statement_name and inquiry.name not in CHECK_QUESTIONS
            else []
        )
        days = [row[column] for row in rows for column in date_columns(inquiry)]
        assert all(row_day is None or row_day <= day_from_iso(day) for row_day in days), inquiry.name


@pytest.mark.parametrize("day", DAYS[:2])
def test_before_the_first_record_there_is_nothing(both: tuple[Store, dict[str, Any]], day: str) -> None:
    store, _ = both
    answer_by_question = answers(store, day)
    # A village exists before its first record, which defines its duties; no household does.
    assert {row["household"] for row in answer_by_question.pop("coverageGaps")[0]} == {""}
    duties = {duty.rank: duty.subject for duty in duties_by_name().values()}
    assert {duties[row["rank"]] for row in answer_by_question.pop("coverageSummary")[0]} == {"VILLAGE"}
    # Questions that list areas list them without figures; an asset without a day of formation is compared with the spending until then.
    area_questions = {
        "ledger",
        "planReach",
        "batchReach",
        "povertyBalances",
        "leaderlessAreas",
        "unsignedPledges",
        "villageExitGaps",
        "countyExitGaps",
    }
    undated_questions = {"reconciliation"}
    assert {
        name for name, answer in answer_by_question.items() if answer[0]
    } <= area_questions | undated_questions | CHECK_QUESTIONS
    assert {row["households"] for row in answer_by_question["ledger"][0]} <= {0}


def test_after_the_last_fact_nothing_changes_any_more(both: tuple[Store, dict[str, Any]]) -> None:
    store, _ = both
    last_answers, end_answers = answers(store, "2100-12-31"), answers(store, END)
    dated_questions = {"lookBack", "povertyBalances"}
    assert {name for name in last_answers if last_answers[name] != end_answers[name]} <= dated_questions
    # A term without an end does not expire on the last possible day.
    assert end_answers["expiringDuties"][0] == []


def test_a_fund_of_a_later_year_is_not_unspent_yet(both: tuple[Store, dict[str, Any]]) -> None:
    store, _ = both
    funds_by_day = {}
    for day in ("2014-12-31", "2015-12-31", "2016-12-31"):
        document = f'{{ reconciliation(area: {{code: "51"}}, kinds: [UNSPENT], asOf: "{day}") {{ nodes {{ fund {{ fundNo }} }} }} }}'
        body = local_api(store).execute(GraphQLRequest(document)).body()
        assert "errors" not in body, body["errors"]
        funds_by_day[day] = [node["fund"]["fundNo"] for node in body["data"]["reconciliation"]["nodes"]]
    assert funds_by_day == {"2014-12-31": [], "2015-12-31": ["ZJ5"], "2016-12-31": ["ZJ5", "ZJ6"]}
