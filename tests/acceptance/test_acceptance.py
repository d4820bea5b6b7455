"""The truth file of the sample register: computed apart from this project, and what both engines must answer."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from graph_service.core import question as inquiries
from graph_service.core.query_scope import QueryScope
from graph_service.domain.days import format_day
from graph_service.features.chains import load_page
from graph_service.features.chains.chain import round_to_fen
from graph_service.features.chains.query import build_query
from graph_service.features.checks.reconciliation import RECONCILIATION
from graph_service.features.coverage.coverage_gaps import START_CURSOR, CoverageGap, gaps, summary
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.flows import by_pages

TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))


def told(gap: CoverageGap) -> str | None:
    """The day that the truth file tells: the last holder's last day, or the first day on which the holder was gone."""
    day = gap.holder_left or gap.held_until
    return format_day(day)


def test_rows_are_counted(imported: ImportReport) -> None:
    assert {name: counts["rows"] for name, counts in imported.counts.items()} == TRUTH["counts"]


def test_refused_rows(imported: ImportReport) -> None:
    refused = [[r.sheet, r.row, r.key, r.code] for r in imported.remarks if r.refused]
    assert sorted(refused) == sorted(TRUTH["rejected"])


def test_flagged_cells(imported: ImportReport) -> None:
    flagged = [[r.sheet, r.row, r.key, r.code] for r in imported.remarks if not r.refused]
    assert sorted(flagged) == sorted(TRUTH["flagged"])


@pytest.mark.parametrize("duty", sorted(TRUTH["coverage"]))
def test_coverage_gaps(store: Store, imported: ImportReport, duty: str) -> None:
    page = gaps(store, QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"]), duties=[duty], first=500)
    found = {g.household or g.village: [g.reason, g.cadre or g.department, told(g)] for g in page.gaps}
    assert found == TRUTH["coverage"][duty]["gaps"]
    assert not page.has_next


def test_coverage_summary_of_the_county(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"])
    found = {s.duty.name: (s.area, s.eligible, s.missing) for s in summary(store, viewing, by="COUNTY").shares}
    assert found == {name: (TRUTH["county"], t["eligible"], t["missing"]) for name, t in TRUTH["coverage"].items()}


def test_townships_sum_to_the_county(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of="2015-06-30")
    whole = {s.duty: (s.eligible, s.missing) for s in summary(store, viewing, by="COUNTY").shares}
    parts = summary(store, viewing, by="TOWNSHIP").shares
    assert len({s.area for s in parts}) > 1
    for duty, (eligible, missing) in whole.items():
        assert sum(s.eligible for s in parts if s.duty == duty) == eligible
        assert sum(s.missing for s in parts if s.duty == duty) == missing


@pytest.mark.parametrize("fund", sorted(TRUTH["funds"]))
def test_chains_of_a_fund(store: Store, imported: ImportReport, fund: str) -> None:
    """Through shares as the truth file counts them, with its exact fractions; all others beside them: grants, and what stops."""
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"])
    asked, expected = build_query(("Fund", fund)), TRUTH["funds"][fund]
    found = list(by_pages(store, viewing, asked, 40))
    assert len({chain.sort_key for chain in found}) == len(found)
    through = [one for one in found if one.is_complete and any(hop.label == "Asset" for hop in one.hops)]
    assert len(through) == expected["chains_through_shares"]
    reached: dict[str, Fraction] = defaultdict(Fraction)
    for one in through:
        assert one.attributed is not None
        reached[one.hops[-1].key] += one.attributed
    assert {card: round(float(fen), 4) for card, fen in reached.items()} == pytest.approx(
        expected["value_by_household_fen"], abs=1e-4
    )
    granted = [one for one in found if one.hops[-1].relationship == "GRANTED"]
    assert sum(one.hops[-1].amount or 0 for one in granted if len(one.hops) == 2) == expected["granted"]
    first = found[0].hops[0]
    # What left a fund beyond what it has is not its money.
    goes_on = min(expected["amount"], expected["passed_on"])
    assert (first.inflow, first.outflow, first.retained) == (expected["amount"], goes_on, max(0, expected["stays"]))
    sums = load_page(store, viewing, asked, first=1, with_totals=True).totals
    assert sums is not None
    assert (sums.count, sums.unknown_count) == (len(found), 0)
    assert sums.attributed == sum((one.attributed or 0 for one in found), Fraction(0))
    assert sums.rounded == sum(round_to_fen(one.attributed) or 0 for one in found)


@pytest.mark.parametrize("size", [7, 500])
def test_what_does_not_add_up(store: Store, imported: ImportReport, size: int) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"])
    kinds = sorted({kind for kind, _ in TRUTH["findings"]})
    found, after = list[list[str]](), None
    while True:
        answer = inquiries.fetch_page(store, viewing, RECONCILIATION, {"kinds": kinds}, first=size, after=after)
        for area, kind, key, *_ in answer.rows:
            found.append([kind, key.removesuffix("/2016") if kind == "DIVIDEND_CELL_DIFFERS" else key])
            after = [area, kind, key]
        if not answer.has_next:
            break
    assert sorted(found) == sorted(TRUTH["findings"])
    assert inquiries.fetch_totals(store, viewing, RECONCILIATION, {"kinds": kinds}).total == len(found)


def test_a_page_of_gaps_is_one_statement(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"])
    store.statement_log = []
    gaps(store, viewing, first=50)
    assert store.statement_log == ["coverage/coverage_gaps"]
    store.statement_log = None


@pytest.mark.parametrize("size", [1, 7, 50])
def test_pages_of_gaps_lose_and_repeat_nothing(store: Store, imported: ImportReport, size: int) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"])
    whole = gaps(store, viewing, first=500).gaps
    paged: list[CoverageGap] = []
    for _ in range(40 if size == 1 else 400):
        page = gaps(store, viewing, first=size, after=paged[-1].cursor if paged else ("", "", 0))
        paged.extend(page.gaps)
        if not page.has_next:
            break
    assert tuple(paged) == whole[: len(paged)]
    assert size == 1 or len(paged) == len(whole)


def test_since_is_the_first_day_unmet(store: Store, imported: ImportReport) -> None:
    """On that day the gap is there, on its eve it is not: asked of the same engine, for these days."""
    viewing = QueryScope.resolve(store, TRUTH["county"])
    told_on: dict[int, list[CoverageGap]] = defaultdict(list)
    for gap in every_gap(store, viewing):
        if gap.since is not None:
            told_on[gap.since].append(gap)
    assert len(told_on) > 20
    for day in random.Random(7).sample(sorted(told_on), 12):
        there, before = (
            {(g.village, g.household, g.duty.name) for g in every_gap(store, replace(viewing, as_of=d))}
            for d in (day, eve(day))
        )
        for gap in told_on[day]:
            subject = (gap.village, gap.household)
            # A visit is owed where there is a helper: without one that day, the helper is what lacks.
            assert (*subject, gap.duty.name) in there or (gap.duty.name == "VISIT" and (*subject, "HELPER") in there)
            assert (*subject, gap.duty.name) not in before


def every_gap(store: Store, viewing: QueryScope) -> list[CoverageGap]:
    found: list[CoverageGap] = []
    while (page := gaps(store, viewing, first=500, after=found[-1].cursor if found else START_CURSOR)).has_next:
        found.extend(page.gaps)
    return [*found, *page.gaps]


def eve(day: int) -> int:
    before = date(day // 10000, day // 100 % 100, day % 100) - timedelta(days=1)
    return before.year * 10000 + before.month * 100 + before.day
