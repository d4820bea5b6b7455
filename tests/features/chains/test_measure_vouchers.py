"""Payments of a fund for measures have a document: voucher, day and payee."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import iter_chains
from graph_service.features.chains.query import build_query
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.county import Sheets, workbook
from tests.flows import CARDS, ON, money


def test_chains_over_measures_end_with_a_document(empty: Store, tmp_path: Path) -> None:
    sheets: Sheets = {name: rows for name, rows in money(1).items() if name in ("行政村", "贫困户", "家庭成员")} | {
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ9", "ZJ9", 100]],
        "帮扶措施": [
            ["户编号", "措施类别", "项目内容", "开始时间", "金额(元)", "资金编号", "支付凭证号", "支付日期", "收款人"],
            [CARDS[0], "产业", "养羊", ON, 30, "ZJ9", "ZF1", date(2016, 4, 1), "某养殖场"],
            [CARDS[0], "产业", "养羊", ON, 30, "ZJ9", "ZF2", date(2016, 5, 1), "某养殖场"],
            [CARDS[1], "产业", "养羊", ON, 20, "ZJ9", None, None, None],
        ],
    }
    path = workbook(sheets, tmp_path / "measures.xlsx")
    report = import_files(empty, [path], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    scope = QueryScope.resolve(empty, None, as_of="2016-12-31")
    downward = list(iter_chains(empty, scope, build_query(("Fund", "ZJ9"))))
    documents = [
        [(document.number, document.amount, document.day, document.payee) for document in chain.hops[1].evidence]
        for chain in downward
    ]
    assert sorted(documents) == [
        [],
        [("ZF1", 3000, 20160401, "某养殖场")],
        [("ZF2", 3000, 20160501, "某养殖场")],
    ]
    upward = [chain for card in CARDS[:2] for chain in iter_chains(empty, scope, build_query(("Household", card)))]
    assert sorted(upward, key=lambda chain: chain.sort_key) == sorted(downward, key=lambda chain: chain.sort_key)
    assert import_files(empty, [workbook(sheets, tmp_path / "again.xlsx")], day=20161231).changed == 0
