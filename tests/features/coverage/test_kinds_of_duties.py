"""Kinds of duties: a new duty of an existing kind is one row of duties.csv."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph_service.core import duties as duty_rules
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import statement_parameters
from graph_service.errors import ArgumentInvalid
from graph_service.features.coverage.coverage_summary import COVERAGE_SUMMARY, NO_LIMIT
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.catalog import expand, get_statement
from graph_service.platform.store.graph import Store
from tests.gaps import coverage_gaps, coverage_summary

COUNTY = "513431"
DECLARED = duty_rules.duties()


@pytest.fixture
def scope(store: Store, imported: ImportReport, monkeypatch: pytest.MonkeyPatch) -> QueryScope:
    """Return the scope of the county, with two more duties: of a monthly visit, and of a second helper."""
    visit, helper = duty_rules.duty_of_kind(duty_rules.VISIT), duty_rules.duty_of_kind(duty_rules.HELPER)
    more_duties = (
        replace(visit, rank=90, name="MONTHLY_VISIT", months=1),
        replace(helper, rank=91, name="SECOND_HELPER"),
    )
    monkeypatch.setattr(duty_rules, "duties", lambda: (*DECLARED, *more_duties))
    return QueryScope.resolve(store, COUNTY, as_of="2016-12-31")


def gaps(store: Store, scope: QueryScope, duty: str) -> set[str]:
    page = coverage_gaps(store, scope, duties=[duty], first=10_000)
    assert {gap.duty.name for gap in page.rows} == {duty}
    return {gap.household for gap in page.rows}


def test_a_shorter_period_of_visits_is_one_row(store: Store, scope: QueryScope) -> None:
    rows = store.query_text(
        "MATCH (h:Household)<-[t:VISITED]-(:Cadre) WHERE t.since >= 20161130 AND t.since <= 20161231 RETURN DISTINCT h.card_no",
        {},
    )
    visited = {card for [card] in rows}
    monthly, half_yearly = gaps(store, scope, "MONTHLY_VISIT"), gaps(store, scope, "VISIT")
    assert half_yearly < monthly
    assert not monthly & visited
    assert monthly.isdisjoint(gaps(store, scope, "HELPER")), "visits are owed by a helper"


def test_a_second_duty_of_helpers_is_one_row(store: Store, scope: QueryScope) -> None:
    assert gaps(store, scope, "SECOND_HELPER") == gaps(store, scope, "HELPER")


def test_the_summary_counts_it_too(store: Store, scope: QueryScope) -> None:
    shares = coverage_summary(store, scope)
    missing = {share.duty.name: share.missing for share in shares}
    assert missing["MONTHLY_VISIT"] == len(gaps(store, scope, "MONTHLY_VISIT"))
    assert missing["SECOND_HELPER"] == missing["HELPER"]


@pytest.mark.parametrize(
    ("as_of", "sentence"),
    [
        (20151231, "MONTHLY_VISIT begins on 2016-01-01, so it is not in force on 2015-12-31"),
        (20190101, "MONTHLY_VISIT ended on 2018-12-31, so it is not in force on 2019-01-01"),
    ],
)
def test_a_duty_out_of_its_term_is_told_with_the_day(
    monkeypatch: pytest.MonkeyPatch, as_of: int, sentence: str
) -> None:
    visit = duty_rules.duty_of_kind(duty_rules.VISIT)
    monthly_visit = replace(visit, rank=90, name="MONTHLY_VISIT", months=1, since=20160101, until=20181231)
    monkeypatch.setattr(duty_rules, "duties", lambda: (*DECLARED, monthly_visit))
    with pytest.raises(ArgumentInvalid) as refused:
        duty_rules.duty_parameters(["MONTHLY_VISIT", "HELPER"], as_of)
    assert sentence in refused.value.message_en
    assert ("2016-01-01" if as_of < 20160101 else "2018-12-31") in refused.value.message_zh
    assert duty_rules.duty_parameters(["MONTHLY_VISIT"], 20160101)["householdDuties"]


def test_a_duty_that_does_not_exist_is_told_with_the_choices() -> None:
    with pytest.raises(ArgumentInvalid, match="no duty NO_SUCH_DUTY; must be one of COUNTY_LEADER"):
        duty_rules.duty_parameters(["NO_SUCH_DUTY"], 20161231)


@pytest.mark.one_engine
def test_every_duty_needs_a_record_of_its_village() -> None:
    """Statements pass by villages of which nothing is recorded: no duty may be owed to one."""
    assert all(duty.from_poor_households is None or duty.from_poor_households > 0 for duty in DECLARED)


def test_villages_of_which_nothing_is_recorded_are_owed_nothing(store: Store, scope: QueryScope) -> None:
    """Villages that are passed by would add no row to the summary of the province."""
    province = QueryScope.resolve(store, "51", as_of="2016-12-31")
    statement = get_statement(COVERAGE_SUMMARY.statement_name)
    condition = f"AND {expand('part(village_recorded)')}"
    assert condition in statement.text
    parameters = statement_parameters(province, COVERAGE_SUMMARY, {"by": "VILLAGE"}, statement.name) | {
        "after": COVERAGE_SUMMARY.start_key,
        "limit": NO_LIMIT,
    }
    unrestricted = store.query_text(statement.text.replace(condition, ""), parameters)
    assert len(unrestricted) > 0
    assert store.query_statement(statement, parameters) == unrestricted
