"""Money of a fund that is paid directly to a person or a village's collective."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import fund_report, iter_chains, load_page
from graph_service.features.chains.chain import Chain, Node
from graph_service.features.chains.query import SortKey, build_query
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.county import FIRST, Sheets, workbook
from tests.features.chains.test_audit_script import audited, served
from tests.flows import CARDS, ON, money

FUND: Node = ("Fund", "ZJ9")
A, B = f"{CARDS[0]}01", f"{CARDS[0]}02"


@pytest.fixture
def seen(empty: Store, tmp_path: Path) -> QueryScope:
    """Import payments of 30 and 20 to two members of a household, and of 40 to a village's collective."""
    sheets: Sheets = {name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")} | {
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ9", "ZJ9", 100]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            ["PZ1", "ZJ9", "人", A, 30, ON],
            ["PZ2", "ZJ9", "个人", B, 20, ON],
            ["PZ3", "ZJ9", "村集体", FIRST, 40, ON],
        ],
    }
    report = import_files(empty, [workbook(sheets, tmp_path / "disbursed.xlsx")], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    return QueryScope.resolve(empty, None, as_of="2016-12-31")


def test_it_is_followed_to_the_household_and_the_collective(empty: Store, seen: QueryScope) -> None:
    chains = list(iter_chains(empty, seen, build_query(FUND)))
    assert [
        ([hop.key for hop in chain.hops[1:]], round(chain.attributed or 0), chain.is_complete) for chain in chains
    ] == [
        ([A, CARDS[0]], 3000, True),
        ([B, CARDS[0]], 2000, True),
        ([FIRST], 4000, True),
    ]
    assert [document.number for document in chains[0].hops[1].evidence] == ["PZ1"]
    totals = load_page(empty, seen, build_query(FUND), first=1, with_totals=True).totals
    assert totals is not None
    assert (totals.count, totals.attributed) == (3, Fraction(9000))


def test_pages_lose_nothing(empty: Store, seen: QueryScope) -> None:
    paged, after = list[Chain](), cast(SortKey, ())
    while len(paged) < 5:
        page = load_page(empty, seen, build_query(FUND), first=1, after=after)
        paged += page.chains
        if not page.has_next:
            break
        after = page.chains[-1].sort_key
    assert paged == list(iter_chains(empty, seen, build_query(FUND)))


def test_who_received_it_finds_where_it_came_from(empty: Store, seen: QueryScope) -> None:
    def keys(node: Node) -> list[list[str]]:
        return [[hop.key for hop in chain.hops] for chain in iter_chains(empty, seen, build_query(node))]

    assert keys(("Household", CARDS[0])) == [["ZJ9", A, CARDS[0]], ["ZJ9", B, CARDS[0]]]
    assert keys(("Person", A)) == [["ZJ9", A]]
    assert keys(("Village", FIRST)) == [["ZJ9", FIRST]]


def test_report_and_script_agree(empty: Store, seen: QueryScope) -> None:
    report = fund_report.report(empty, seen, "ZJ9")
    assert [(card, round(fen)) for card, fen, _ in report.by_household] == [(CARDS[0], 5000)]
    assert [report.sum_flows("DISBURSED"), report.stays] == [9000, 1000]
    assert audited(empty, "ZJ9")[0] == served(empty, seen, "ZJ9")
