"""Loans are no benefits: amounts given, lent and paid back are kept apart, on each chain and in the totals."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import fund_report, iter_chains, load_page
from graph_service.features.chains.chain import LENT, Chain, Node
from graph_service.features.chains.query import SortKey, build_query
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FIRST, Sheets, workbook
from tests.features.chains.test_audit_script import audited, served
from tests.flows import CARDS, ON, money

A, B = CARDS[:2]
COOPERATIVE = "91513431000000001X"
FUND: Node = ("Fund", "ZJ9")


@pytest.fixture
def seen(empty: Store, tmp_path: Path) -> QueryScope:
    """Import a fund of 100,000: 9,000 given and 20,000 lent to A, who paid 5,000 back; 10,000 lent to B through a bank that borrowed
    40,000 from the fund; 6,000 invested in and 3,000 lent to a cooperative, whose asset of 9,000 belongs to A by shares."""
    sheets: Sheets = {name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")} | {
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ9", "ZJ9", 100_000]],
        "银行": [["银行编号", "银行名称"], ["YH9", "YH9"]],
        "经营主体": [["统一社会信用代码", "名称", "类型"], [COOPERATIVE, "甲社", "合作社"]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            ["PZ1", "ZJ9", "户", A, 9_000, ON],
            ["PZ2", "ZJ9", "经营主体", COOPERATIVE, 6_000, ON],
        ],
        "贷款": [
            ["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期"],
            ["DK1", "ZJ9", "户", A, 20_000, ON],
            ["DK2", "ZJ9", "银行", "YH9", 40_000, ON],
            ["DK3", "YH9", "户", B, 10_000, ON],
            ["DK4", "ZJ9", "经营主体", COOPERATIVE, 3_000, ON],
        ],
        "还款": [
            ["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期"],
            ["HK1", "ZJ9", "户", A, 5_000, ON],
        ],
        "资产": [["资产编号", "资产名称", "村编码", "所有者", "量化金额(元)"], ["ZC9", "甲场", FIRST, COOPERATIVE, 9_000]],
        "股权": [
            ["股权证号", "资产编号", "持有人编号", "股数", "总股数", "起始日期"],
            ["GQ1", "ZC9", A, 1, 1, "2015-01-01"],
        ],
    }  # fmt: skip
    report = import_files(empty, [workbook(sheets, tmp_path / "loans.xlsx")], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    return QueryScope.resolve(empty, None, as_of="2016-12-31")


def yuan(amount: Fraction | None) -> int | None:
    return None if amount is None else round(amount / 100)


def test_what_is_given_and_what_is_lent_are_chains_of_their_own(empty: Store, seen: QueryScope) -> None:
    figures_by_path = {
        tuple(f"{hop.relationship} {hop.key}" for hop in chain.hops[1:]): (
            chain.is_loan, yuan(chain.attributed), yuan(chain.lent), yuan(chain.repaid),
        )
        for chain in iter_chains(empty, seen, build_query(FUND))
    }  # fmt: skip
    assert figures_by_path == {
        (f"LENT {'YH9'}", f"LENT {B}"): (True, 0, 10_000, 0),
        (f"INVESTED {COOPERATIVE}", "OWNS ZC9", f"HOLDS {A}"): (False, 6_000, 0, 0),
        (f"LENT {COOPERATIVE}", "OWNS ZC9", f"HOLDS {A}"): (True, 0, 3_000, 0),
        (f"GRANTED {A}",): (False, 9_000, 0, 0),
        (f"LENT {A}",): (True, 0, 20_000, 5_000),
    }


@pytest.mark.parametrize("size", [1, 2, 50])
def test_pages_and_both_directions_tell_the_same(empty: Store, seen: QueryScope, size: int) -> None:
    chains, paged = list(iter_chains(empty, seen, build_query(FUND))), list[Chain]()
    after: SortKey = ()
    while True:
        page = load_page(empty, seen, build_query(FUND), first=size, after=after)
        paged += page.chains
        if not page.has_next:
            break
        after = page.chains[-1].sort_key
    assert paged == chains
    upward = [chain for card in (A, B) for chain in iter_chains(empty, seen, build_query(("Household", card), FUND))]
    assert sorted((chain.sort_key, chain.attributed, chain.lent, chain.repaid) for chain in upward) == sorted(
        (chain.sort_key, chain.attributed, chain.lent, chain.repaid) for chain in chains
    )


def test_loans_have_totals_of_their_own(empty: Store, seen: QueryScope) -> None:
    query = """{ found: benefitChains(from: {fundNo: "ZJ9"}, asOf: "2016-12-31") { attributedTotal lentTotal repaidTotal outstandingTotal
      unknownCount nodes { kind attributed lent repaid outstanding } } }"""
    answer: dict[str, Any] = local_api(empty).execute(GraphQLRequest(query)).body()["data"]["found"]
    nodes = answer.pop("nodes")
    assert answer == {
        "attributedTotal": "15000.00", "lentTotal": "33000.00", "repaidTotal": "5000.00", "outstandingTotal": "28000.00",
        "unknownCount": 0,
    }  # fmt: skip
    assert {
        "kind": "LOAN",
        "attributed": "0.00",
        "lent": "20000.00",
        "repaid": "5000.00",
        "outstanding": "15000.00",
    } in nodes


def test_reports_tell_what_benefits_a_household_and_what_it_owes(empty: Store, seen: QueryScope) -> None:
    report = fund_report.report(empty, seen, "ZJ9")
    assert [(card, yuan(benefit), yuan(owed)) for card, benefit, owed in report.by_household] == [
        (A, 15_000, 18_000),
        (B, 0, 10_000),
    ]
    assert {row.key: (row.reason, yuan(row.amount)) for row in report.untraced} == {
        "ZJ9": ("UNSPENT", 27_000),
        "YH9": ("UNSPENT", 30_000),
    }


def test_the_auditors_script_agrees(empty: Store, seen: QueryScope) -> None:
    amounts = served(empty, seen, "ZJ9")
    assert audited(empty, "ZJ9")[0] == amounts
    assert [yuan(amount) for key, amount in amounts.items() if key[-1] == "LOAN" and key[-2] == ("Household", A)] == [
        3_000,
        15_000,
    ]


def test_what_was_paid_back_in_whole_is_told_as_that(empty: Store, seen: QueryScope, tmp_path: Path) -> None:
    repayments: Sheets = {
        "还款": [
            ["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期"],
            ["HK2", "ZJ9", "户", A, 15_000, ON],
        ]
    }
    import_files(empty, [workbook(repayments, tmp_path / "more.xlsx")], day=20161231)
    seen = QueryScope.resolve(empty, None, as_of="2016-12-31")
    [loan] = [
        chain
        for chain in iter_chains(empty, seen, build_query(FUND, ("Household", A)))
        if chain.hops[-1].relationship == LENT
    ]
    assert (loan.is_complete, yuan(loan.lent), yuan(loan.repaid), [chain_break.reason for chain_break in loan.breaks]) == (
        False, 20_000, 20_000, ["TAKEN_BACK"],
    )  # fmt: skip
