"""The truth file of the sample register, computed independently of this project: both engines must give its answers."""

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
from graph_service.features.coverage.coverage_gaps import COVERAGE_GAPS, CoverageGap
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.flows import by_pages
from tests.gaps import coverage_gaps, coverage_summary

TRUTH: dict[str, Any] = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))


def truth_day(gap: CoverageGap) -> str | None:
    """Return the day as the truth file records it: the first day without the holder who left, or else the last holder's last day."""
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
    page = coverage_gaps(
        store, QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"]), duties=[duty], first=500
    )
    gaps_by_subject = {
        gap.household or gap.village: [gap.reason, gap.cadre_no or gap.department_no, truth_day(gap)]
        for gap in page.rows
    }
    assert gaps_by_subject == TRUTH["coverage"][duty]["gaps"]
    assert not page.has_next


def test_coverage_summary_of_the_county(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"])
    counts = {
        share.duty.name: (share.area, share.eligible, share.missing)
        for share in coverage_summary(store, viewing, by="COUNTY")
    }
    assert counts == {
        name: (TRUTH["county"], entry["eligible"], entry["missing"]) for name, entry in TRUTH["coverage"].items()
    }


def test_townships_sum_to_the_county(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of="2015-06-30")
    county_counts = {
        share.duty: (share.eligible, share.missing) for share in coverage_summary(store, viewing, by="COUNTY")
    }
    township_shares = coverage_summary(store, viewing, by="TOWNSHIP")
    assert len({share.area for share in township_shares}) > 1
    for duty, (eligible, missing) in county_counts.items():
        assert sum(share.eligible for share in township_shares if share.duty == duty) == eligible
        assert sum(share.missing for share in township_shares if share.duty == duty) == missing


@pytest.mark.parametrize("fund", sorted(TRUTH["funds"]))
def test_chains_of_a_fund(store: Store, imported: ImportReport, fund: str) -> None:
    """Check chains through shares against the exact fractions of the truth file, and all others: grants, and chains that stop."""
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"])
    query, expected = build_query(("Fund", fund)), TRUTH["funds"][fund]
    chains = list(by_pages(store, viewing, query, 40))
    assert len({chain.sort_key for chain in chains}) == len(chains)
    through_shares = [
        chain for chain in chains if chain.is_complete and any(hop.label == "Asset" for hop in chain.hops)
    ]
    assert len(through_shares) == expected["chains_through_shares"]
    value_by_household: dict[str, Fraction] = defaultdict(Fraction)
    for chain in through_shares:
        assert chain.attributed is not None
        value_by_household[chain.hops[-1].key] += chain.attributed
    assert {card: round(float(fen), 4) for card, fen in value_by_household.items()} == pytest.approx(
        expected["value_by_household_fen"], abs=1e-4
    )
    grants = [chain for chain in chains if chain.hops[-1].relationship == "GRANTED"]
    assert sum(grant.hops[-1].amount or 0 for grant in grants if len(grant.hops) == 2) == expected["granted"]
    fund_hop = chains[0].hops[0]
    # Money that left a fund beyond its amount is not its own.
    passed_on = min(expected["amount"], expected["passed_on"])
    assert (fund_hop.inflow, fund_hop.outflow, fund_hop.retained) == (
        expected["amount"],
        passed_on,
        max(0, expected["stays"]),
    )
    sums = load_page(store, viewing, query, first=1, with_totals=True).totals
    assert sums is not None
    assert (sums.count, sums.unknown_count) == (len(chains), 0)
    assert sums.attributed == sum((chain.attributed or 0 for chain in chains), Fraction(0))
    assert sums.rounded == sum(round_to_fen(chain.attributed) or 0 for chain in chains)


@pytest.mark.parametrize("size", [7, 500])
def test_what_does_not_add_up(store: Store, imported: ImportReport, size: int) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"], as_of=TRUTH["as_of"])
    kinds = sorted({kind for kind, _ in TRUTH["findings"]})
    findings, after = list[list[str]](), None
    while True:
        page = inquiries.fetch_page(store, viewing, RECONCILIATION, {"kinds": kinds}, first=size, after=after)
        for area, kind, key, *_ in page.rows:
            findings.append([kind, key.removesuffix("/2016") if kind == "DIVIDEND_CELL_DIFFERS" else key])
            after = [area, kind, key]
        if not page.has_next:
            break
    assert sorted(findings) == sorted(TRUTH["findings"])
    assert inquiries.fetch_totals(store, viewing, RECONCILIATION, {"kinds": kinds}).total == len(findings)


def test_a_page_of_gaps_is_one_statement(store: Store, imported: ImportReport) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"])
    store.statement_log = []
    coverage_gaps(store, viewing, first=50)
    assert store.statement_log == ["coverage/coverage_gaps"]
    store.statement_log = None


@pytest.mark.parametrize("size", [1, 7, 50])
def test_pages_of_gaps_lose_and_repeat_nothing(store: Store, imported: ImportReport, size: int) -> None:
    viewing = QueryScope.resolve(store, TRUTH["county"])
    all_gaps = coverage_gaps(store, viewing, first=500).rows
    paged_gaps: list[CoverageGap] = []
    for _ in range(40 if size == 1 else 400):
        page = coverage_gaps(store, viewing, first=size, after=last_key(paged_gaps))
        paged_gaps.extend(page.rows)
        if not page.has_next:
            break
    assert paged_gaps == all_gaps[: len(paged_gaps)]
    assert size == 1 or len(paged_gaps) == len(all_gaps)


def test_since_is_the_first_day_unmet(store: Store, imported: ImportReport) -> None:
    """Check on the same engine that each gap exists on its `since` day and not on the day before."""
    viewing = QueryScope.resolve(store, TRUTH["county"])
    gaps_by_day: dict[int, list[CoverageGap]] = defaultdict(list)
    for gap in every_gap(store, viewing):
        if gap.since is not None:
            gaps_by_day[gap.since].append(gap)
    assert len(gaps_by_day) > 20
    for day in random.Random(7).sample(sorted(gaps_by_day), 12):
        gaps_that_day, gaps_day_before = (
            {(gap.village, gap.household, gap.duty.name) for gap in every_gap(store, replace(viewing, as_of=as_of))}
            for as_of in (day, previous_day(day))
        )
        for gap in gaps_by_day[day]:
            subject = (gap.village, gap.household)
            # A visit is owed only where there is a helper: without one that day, the gap is HELPER.
            assert (*subject, gap.duty.name) in gaps_that_day or (
                gap.duty.name == "VISIT" and (*subject, "HELPER") in gaps_that_day
            )
            assert (*subject, gap.duty.name) not in gaps_day_before


def every_gap(store: Store, viewing: QueryScope) -> list[CoverageGap]:
    all_gaps: list[CoverageGap] = []
    while (page := coverage_gaps(store, viewing, first=500, after=last_key(all_gaps))).has_next:
        all_gaps.extend(page.rows)
    return [*all_gaps, *page.rows]


def last_key(gaps: list[CoverageGap]) -> tuple[Any, ...] | None:
    return COVERAGE_GAPS.row_key(gaps[-1]) if gaps else None


def previous_day(day: int) -> int:
    yesterday = date(day // 10000, day // 100 % 100, day % 100) - timedelta(days=1)
    return yesterday.year * 10000 + yesterday.month * 100 + yesterday.day
