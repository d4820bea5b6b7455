"""Agreement of the auditor's script with the service on every chain, to the exact fraction of a fen; they share no code and no driver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import iter_chains
from graph_service.features.chains.chain import Amount, round_to_fen
from graph_service.features.chains.query import build_query
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests import ROOT
from tests.conftest import emptied
from tests.county import FIRST, Sheets, workbook
from tests.flows import CARDS, ON, money
from tests.patience import CAP_SECONDS

SCRIPT = ROOT / "examples" / "audit_fund.py"
SEEDS = tuple(int(seed) for seed in os.environ.get("AUDIT_SEEDS", "3").split())
ChainAmounts = dict[tuple[Any, ...], Amount]


def audited(store: Store, fund: str, *options: str) -> tuple[ChainAmounts, dict[str, object]]:
    """Run the script on a fund; return the amounts of its chains and its totals."""
    address = store._engine._server.address()
    user, password = address.auth or ("neo4j", "none")
    connection = ("--uri", address.uri, "--user", user, f"--password={password}", "--database", address.database)
    # -I: the script sees neither this checkout nor any settings of the environment.
    process = subprocess.run(
        [sys.executable, "-I", SCRIPT, *connection, "--fund", fund, *options],
        capture_output=True,
        text=True,
        timeout=CAP_SECONDS,
    )
    assert (process.returncode, process.stderr) == (0, "")
    *lines, totals = map(json.loads, process.stdout.splitlines())
    amounts = {
        (*((label, key) for label, key in chain["keys"]), *(["LOAN"] * chain["loan"])): None
        if chain["fen"] is None
        else Fraction(chain["fen"])
        for chain in lines
    }
    assert len(amounts) == len(lines)
    return amounts, totals


def served(store: Store, viewing: QueryScope, fund: str) -> ChainAmounts:
    """Return the amounts by chain as the service has them: for each complete chain its nodes, with "LOAN" if it is a loan,
    and the amount that benefits or is owed at its end."""
    return {
        (*(hop.node for hop in chain.hops), *(["LOAN"] * chain.is_loan)): chain.outstanding
        if chain.is_loan
        else chain.attributed
        for chain in iter_chains(store, viewing, build_query(("Fund", fund)))
        if chain.is_complete
    }


@pytest.fixture(scope="module", params=SEEDS)
def flowing(request: pytest.FixtureRequest, spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store filled with random money."""
    store = emptied(spare)
    import_files(store, [workbook(money(request.param), tmp_path_factory.mktemp("audit") / "money.xlsx")], day=20161231)
    return store


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("fund", ["ZJ000", "ZJ002", "ZJ003"])
def test_it_agrees_about_the_sample(store: Store, fund: str) -> None:
    viewing = QueryScope.resolve(store, None)
    amounts, totals = audited(store, fund)
    assert amounts
    assert amounts == served(store, viewing, fund)
    benefit, owed = (
        sum((amount or Fraction(0) for key, amount in amounts.items() if ("LOAN" in key) is lent), Fraction(0))
        for lent in (False, True)
    )
    assert totals == {
        "chains": len(amounts), "unknown": 0, "fen": str(benefit), "yuan": f"{(round_to_fen(benefit) or 0) / 100:.2f}",
        "outstanding": f"{(round_to_fen(owed) or 0) / 100:.2f}",
    }  # fmt: skip


@pytest.mark.usefixtures("imported")
def test_it_agrees_about_another_day(store: Store) -> None:
    amounts, _ = audited(
        store, "ZJ000", "--as-of", "20150630", "--sequence", str(QueryScope.resolve(store, None).version)
    )
    assert amounts == served(store, QueryScope.resolve(store, None, as_of="2015-06-30"), "ZJ000")


def test_it_agrees_about_random_money(flowing: Store) -> None:
    viewing = QueryScope.resolve(flowing, None, as_of="2016-12-31")
    funds = [number for (number,) in flowing.query_text("MATCH (f:Fund) RETURN f.fund_no ORDER BY f.fund_no", {})]
    amounts_by_fund = {fund: audited(flowing, fund)[0] for fund in funds}
    assert any(amounts_by_fund.values())
    assert amounts_by_fund == {fund: served(flowing, viewing, fund) for fund in funds}


def idle_owner() -> Sheets:
    """Return sheets of a fund's money in an operator. A second operator, which received no money, holds a stake in the first
    and owns an asset of unknown value."""
    busy, idle = "91513431000000001X", "91513431000000002X"
    return money(1) | {
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ9", "ZJ9", 100]],
        "经营主体": [["统一社会信用代码", "名称", "类型"], [busy, "甲社", "合作社"], [idle, "乙社", "合作社"]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            ["PZ1", "ZJ9", "经营主体", busy, 60, ON],
        ],
        "资产": [
            ["资产编号", "资产名称", "村编码", "所有者", "量化金额(元)"],
            ["ZC8", "甲场", FIRST, busy, 80],
            ["ZC9", "乙场", FIRST, idle, None],
        ],
        "股权": [
            ["股权证号", "资产编号", "持有人编号", "股数", "总股数", "起始日期"],
            ["GQ1", "ZC8", CARDS[0], 1, 3, "2015-01-01"],
        ],
        "参股": [["出资主体", "被投资主体", "持股比例(%)", "开始时间"], [idle, busy, 10, "2015-01-01"]],
    }


def test_who_put_nothing_in_claims_nothing(empty: Store, tmp_path: Path) -> None:
    """An asset of unknown value of an operator without money does not make the amounts in other assets unknown."""
    sheet_names = ("行政村", "贫困户", "家庭成员", "资金", "经营主体", "资金流向", "资产", "股权", "参股")
    sheets = {name: rows for name, rows in idle_owner().items() if name in sheet_names}
    report = import_files(empty, [workbook(sheets, tmp_path / "money.xlsx")], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    amounts = served(empty, QueryScope.resolve(empty, None, as_of="2016-12-31"), "ZJ9")
    assert list(amounts.values()) == [Fraction(2000)]
    assert audited(empty, "ZJ9")[0] == amounts


def test_more_was_paid_back_than_left(empty: Store, tmp_path: Path) -> None:
    """Repayments of a bank beyond its loan take nothing from the money that the fund gave to another fund."""
    sheets: Sheets = {name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")} | {
        "资金": [["资金编号", "资金名称"], ["ZJ8", "ZJ8"], ["ZJ9", "ZJ9"]],
        "银行": [["银行编号", "银行名称"], ["YH9", "YH9"]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            ["PZ1", "ZJ9", "资金", "ZJ8", 5, ON],
            ["PZ2", "ZJ8", "户", CARDS[0], 5, ON],
        ],
        "贷款": [
            ["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期"],
            ["PZ3", "ZJ9", "银行", "YH9", 3, ON],
        ],
        "还款": [
            ["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期"],
            ["PZ4", "ZJ9", "银行", "YH9", 8, ON],
        ],
    }
    import_files(empty, [workbook(sheets, tmp_path / "money.xlsx")], day=20161231)
    amounts = served(empty, QueryScope.resolve(empty, None, as_of="2016-12-31"), "ZJ9")
    assert amounts == {(("Fund", "ZJ9"), ("Fund", "ZJ8"), ("Household", CARDS[0])): Fraction(500)}
    assert audited(empty, "ZJ9")[0] == amounts


def test_it_imports_nothing_of_the_service() -> None:
    assert "import graph_service" not in SCRIPT.read_text(encoding="utf-8")
    assert "from graph_service" not in SCRIPT.read_text(encoding="utf-8")
