"""Outflow above inflow: the excess has no source, is not attributed to anybody, and is reported."""

from __future__ import annotations

from fractions import Fraction

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import fund_report, iter_chains, load_page
from graph_service.features.chains.query import build_query
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.features.chains.test_audit_script import audited, served

CASE = DATA / "cases" / "10-more-than-was-given"


@pytest.fixture
def seen(empty: Store) -> QueryScope:
    """Import the case: F1 (100) gives 60 to F2 (60), which gives 150 to H1."""
    import_files(empty, sorted(CASE.glob("*.csv")))
    return QueryScope.resolve(empty, None, as_of="2016-12-31")


def test_a_fund_is_credited_with_no_more_than_it_gave(empty: Store, seen: QueryScope) -> None:
    totals = load_page(empty, seen, build_query(("Fund", "F1")), first=1, with_totals=True).totals
    assert totals is not None
    assert totals.attributed == 6000
    [chain] = iter_chains(empty, seen, build_query(("Fund", "F1")))
    assert [(hop.key, hop.inflow, hop.outflow, hop.retained) for hop in chain.hops] == [
        ("F1", Fraction(10000), Fraction(6000), Fraction(4000)),
        ("F2", Fraction(6000), Fraction(6000), Fraction(0)),
        ("H1", Fraction(6000), Fraction(0), Fraction(6000)),
    ]
    [chain_break] = chain.breaks
    assert (chain_break.hop_index, chain_break.reason, chain_break.amount) == (1, "OVERSPENT", Fraction(9000))


def test_the_rest_has_no_source_for_who_received_it(empty: Store, seen: QueryScope) -> None:
    figures_by_path = {
        tuple(hop.key for hop in chain.hops): (
            chain.attributed,
            chain.is_unsourced,
            [chain_break.reason for chain_break in chain.breaks],
        )
        for chain in iter_chains(empty, seen, build_query(("Household", "H1")))
    }
    assert figures_by_path == {
        ("F1", "F2", "H1"): (Fraction(6000), False, ["OVERSPENT"]),
        ("F2", "H1"): (Fraction(9000), True, ["NO_SOURCE"]),
    }


def test_pages_have_the_sourceless_chain_once(empty: Store, seen: QueryScope) -> None:
    query = build_query(("Household", "H1"))
    first_page = load_page(empty, seen, query, first=1)
    second_page = load_page(empty, seen, query, first=1, after=first_page.chains[-1].sort_key)
    assert ([chain.is_unsourced for chain in (*first_page.chains, *second_page.chains)], second_page.has_next) == (
        [True, False],
        False,
    )


@pytest.mark.parametrize(("fund", "reached", "stays"), [("F1", 6000, 4000), ("F2", 6000, 0)])
def test_reports_tell_what_has_no_source(empty: Store, seen: QueryScope, fund: str, reached: int, stays: int) -> None:
    report = fund_report.report(empty, seen, fund)
    assert report.totals.attributed == reached
    untraced = {row.key: (row.reason, row.amount) for row in report.untraced}
    assert untraced.pop("F2") == ("OVERSPENT", Fraction(-9000))
    assert sum(amount or 0 for _, amount in untraced.values()) == stays


def test_the_auditors_script_agrees(empty: Store, seen: QueryScope) -> None:
    for fund in ("F1", "F2"):
        assert audited(empty, fund)[0] == served(empty, seen, fund)
