"""Stakes in operators without a stated part, or with a range: the stake is kept, amounts that depend on its part are unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.domain.inexact_numbers import is_range_or_bound
from graph_service.features.chains import iter_chains
from graph_service.features.chains.query import build_query
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.county import FIRST, Sheets, workbook
from tests.features.chains.test_audit_script import audited, served
from tests.flows import CARDS, ON, money

INVESTOR, INVESTEE = "91513431000000001X", "91513431000000002X"


def import_stake(store: Store, path: Path, part: object) -> ImportReport:
    """Import a fund's 60 in an operator that holds a part of another operator; a household has one third of the latter's asset of 80."""
    sheets: Sheets = {name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")} | {
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ9", "ZJ9", 100]],
        "经营主体": [["统一社会信用代码", "名称", "类型"], [INVESTOR, "甲社", "合作社"], [INVESTEE, "乙社", "合作社"]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            ["PZ1", "ZJ9", "经营主体", INVESTOR, 60, ON],
        ],
        "资产": [["资产编号", "资产名称", "村编码", "所有者", "量化金额(元)"], ["ZC8", "甲场", FIRST, INVESTEE, 80]],
        "股权": [
            ["股权证号", "资产编号", "持有人编号", "股数", "总股数", "起始日期"],
            ["GQ1", "ZC8", CARDS[0], 1, 3, "2015-01-01"],
        ],
        "参股": [["出资主体", "被投资主体", "持股比例(%)", "开始时间"], [INVESTOR, INVESTEE, part, "2015-01-01"]],
    }
    return import_files(store, [workbook(sheets, path / "stakes.xlsx")], day=20161231)


@pytest.mark.parametrize("part", [None, "25–50", ">25", "25%-50%", "不低于25%"])
def test_a_part_that_is_not_stated_is_not_known_and_told(empty: Store, tmp_path: Path, part: object) -> None:
    report = import_stake(empty, tmp_path, part)
    assert [(remark.code, remark.value, remark.refused) for remark in report.remarks if remark.sheet == "参股"] == [
        ("NUMBER_NOT_STATED", part or "", False)
    ]
    assert empty.query_text("MATCH ()-[r:INVESTS_IN]->() RETURN r.share, r.share_text", {}) == [[None, part]]
    scope = QueryScope.resolve(empty, None, as_of="2016-12-31")
    [chain] = iter_chains(empty, scope, build_query(("Fund", "ZJ9")))
    assert [hop.key for hop in chain.hops] == ["ZJ9", INVESTOR, INVESTEE, "ZC8", CARDS[0]]
    assert (chain.attributed, chain.is_complete) == (None, True)
    assert audited(empty, "ZJ9")[0] == served(empty, scope, "ZJ9")


@pytest.mark.one_engine
@pytest.mark.parametrize(("text", "vague"), [("25—50", True), ("25%以上", True), ("约30", True), ("25", False), ("abc", False), ("25/50", False)])  # fmt: skip
def test_what_is_a_range(text: str, vague: bool) -> None:
    assert is_range_or_bound(text) is vague
