"""The worked example of docs/explanation/money.md, imported and asked: its table is what the product answers."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import fund_report, iter_chains
from graph_service.features.chains.query import build_query
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.county import FIRST, Sheets, workbook
from tests.flows import CARDS

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "money.md"
H, *OTHER_HOLDERS = CARDS[:3]
ON = date(2016, 3, 1)
SHEETS: Sheets = {
    "贫困户": [["户编号", "村编码", "年度"], *([card, FIRST, 2016] for card in (H, *OTHER_HOLDERS))],
    "资金": [["资金编号", "资金名称", "金额(元)"], ["F1", "F1", 1000], ["F2", "F2", 1000]],
    "项目": [["项目编号", "项目名称", "村编码"], ["P", "P", FIRST]],
    "资金流向": [
        ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
        ["V1", "F1", "资金", "F2", 600, ON],
        ["V2", "F2", "项目", "P", 500, ON],
    ],
    "资产": [["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"], ["A", "A", "P", 500, FIRST]],
    "股权": [
        ["股权证号", "资产编号", "持有人编号", "股数", "总股数", "起始日期"],
        ["S1", "A", H, 20, 100, "2016-04-01"],
        ["S2", "A", OTHER_HOLDERS[0], 50, 100, "2016-04-01"],
        ["S3", "A", OTHER_HOLDERS[1], 30, 100, "2016-04-01"],
    ],
}


def fen(text: str) -> int:
    return round(float(text.replace(",", "")) * 100)


@pytest.fixture
def scope(empty: Store, tmp_path: Path) -> QueryScope:
    report = import_files(empty, [workbook(SHEETS, tmp_path / "money.xlsx")], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    return QueryScope.resolve(empty, None, as_of="2016-12-31")


def test_each_hop_is_what_the_table_says(empty: Store, scope: QueryScope) -> None:
    table = dict(re.findall(r"^\| \w+ → (\w+) \| .* \| ([\d.,]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    chains = [chain for chain in iter_chains(empty, scope, build_query(("Fund", "F1"))) if chain.hops[-1].key == H]
    [chain] = chains
    assert {hop.key.replace(H, "H"): hop.inflow for hop in chain.hops[1:]} == {
        key: Fraction(fen(amount)) for key, amount in table.items()
    }
    assert len(table) == 4


def test_the_rest_is_where_the_text_says(empty: Store, scope: QueryScope) -> None:
    text = PAGE.read_text(encoding="utf-8")
    amounts = re.search(
        r"So ([\d.]+) yuan of F1 benefit H; ([\d.]+) stay at F1, ([\d.]+) at F2, and ([\d.]+) are attributed to other holders",
        text,
    )
    assert amounts is not None
    benefit, at_f1, at_f2, others = map(fen, amounts.groups())
    report = fund_report.report(empty, scope, "F1")
    by_household = {card: amount for card, amount, _ in report.by_household}
    assert by_household[H] == benefit
    assert sum(by_household[card] for card in OTHER_HOLDERS) == others
    assert {row.key: row.amount for row in report.untraced} == {"F1": at_f1, "F2": at_f2}
