"""Varied registers on several days: both engines against an independent calculation, written from the domain alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.domain.days import format_day
from graph_service.errors import NotFound
from graph_service.features.chains import iter_chains, load_page
from graph_service.features.chains.query import build_query
from graph_service.features.coverage.coverage_gaps import COVERAGE_GAPS
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.conftest import REGISTER
from tests.gaps import coverage_gaps, coverage_summary
from tests.reference import recount
from tests.reference.variations import vary

AREAS = REGISTER.parent / "sichuan-areas.csv"
COUNTY = "513431"
DAYS = ("2014-06-30", "2015-12-30", "2015-12-31", "2016-06-30", "2016-12-31", "2018-02-28")
SEEDS = (1, 2)


def iter_gaps(store: Store, viewing: QueryScope, duty: str) -> Iterator[tuple[str, list[str | None]]]:
    after: tuple[str, str, int] | None = None
    while True:
        page = coverage_gaps(store, viewing, duties=[duty], first=500, after=after)
        for gap in page.rows:
            assert gap.since is None or gap.since <= viewing.as_of
            day = gap.holder_left or gap.held_until
            yield gap.household or gap.village, [gap.reason, gap.cadre_no or gap.department_no, format_day(day)]
        if not page.has_next:
            return
        after = COVERAGE_GAPS.row_key(page.rows[-1])


def complete_chains(store: Store, viewing: QueryScope, fund: str) -> list[tuple[str, ...]]:
    """Return the keys of the chains of a fund that reach a holder of shares."""
    chains = iter_chains(store, viewing, build_query(("Fund", fund)))
    complete = (chain for chain in chains if chain.is_complete and chain.hops[-1].relationship == "HOLDS")
    return [tuple(hop.key for hop in chain.hops) for chain in complete]


@pytest.fixture(scope="module", params=SEEDS)
def varied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, recount.Register]:
    path = tmp_path_factory.mktemp("varied") / f"register-{request.param}.xlsx"
    vary(REGISTER, path, request.param)
    return path, recount.read(path, AREAS)


def test_a_register_of_this_form(empty: Store, varied: tuple[Path, recount.Register]) -> None:
    path, register = varied
    report: ImportReport = import_files(empty, [path], day=20161231)
    refused = [[remark.sheet, remark.row, remark.key, remark.code] for remark in report.remarks if remark.refused]
    assert sorted(refused) == sorted(recount.refused(path, AREAS))
    for day in DAYS:
        viewing = QueryScope.resolve(empty, COUNTY, as_of=day)
        expected = recount.coverage(register, date.fromisoformat(day))
        shares = {
            share.duty.name: (share.eligible, share.missing) for share in coverage_summary(empty, viewing, by="COUNTY")
        }
        for duty, truth in expected.items():
            assert dict(iter_gaps(empty, viewing, duty)) == truth["gaps"], (day, duty)
            assert shares.get(duty, (0, 0)) == (truth["eligible"], truth["missing"]), (day, duty)
    for fund in sorted(row["资金编号"] for row in register.rows["资金"]):
        for day in DAYS[3:]:
            keys = complete_chains(empty, QueryScope.resolve(empty, COUNTY, as_of=day), str(fund))
            assert len(keys) == len(set(keys))
            assert set(keys) == recount.chains(register, str(fund), date.fromisoformat(day)), (day, fund)


def test_an_unknown_fund_is_not_an_empty_one(store: Store, imported: ImportReport) -> None:
    with pytest.raises(NotFound):
        load_page(store, QueryScope.resolve(store, COUNTY), build_query(("Fund", "none")))
