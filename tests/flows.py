"""Random money flows: funds and banks that pay in circles, take back and lend, several funds for one project, several projects for one
asset, operators with stakes in each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import Chain, ChainQuery, load_page
from graph_service.features.chains.query import SortKey
from graph_service.platform.store.graph import Store
from tests.county import FIRST, SECOND, SHEETS, Sheets

CARDS = tuple(f"51343110020000{number:02d}" for number in range(1, 7))
ON = date(2016, 3, 1)


class Vouchers:
    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        self._last += 1
        return f"PZ{self._last:04d}"


def money(seed: int) -> Sheets:
    """Return the sheets of money flows, with the households and villages of `tests.county`."""
    rng, vouchers = Random(seed), Vouchers()
    funds, banks = (
        [f"ZJ{number}" for number in range(rng.randint(2, 5))],
        [f"YH{number}" for number in range(rng.randint(0, 2))],
    )
    projects, assets = (
        [f"XM{number}" for number in range(rng.randint(1, 4))],
        [f"ZC{number}" for number in range(rng.randint(2, 4))],
    )
    operators = [f"9151343100000000{number}X" for number in range(rng.randint(0, 4))]
    flows: list[list[object]] = []
    loans: list[list[object]] = []
    repayments: list[list[object]] = []

    def pay(fund: str, kind: str, target: str) -> None:
        fen, voucher = rng.randint(1, 90), vouchers.next()
        flows.append([voucher, fund, kind, target, fen, ON, None])
        if rng.random() < 0.2:
            flows.append([vouchers.next(), fund, kind, target, -rng.choice((fen, rng.randint(1, fen))), ON, voucher])

    def lend(lender: str, kind: str, target: str) -> None:
        fen = rng.randint(1, 50)
        loans.append([vouchers.next(), lender, kind, target, fen, ON, date(2017, 3, 1)])
        if rng.random() < 0.5:
            repayments.append(
                [vouchers.next(), lender, kind, target, rng.choice((fen, rng.randint(1, fen))), date(2016, 9, 1)]
            )

    for source in funds:
        for target in funds:
            if target != source and rng.random() < 0.4:
                pay(source, "资金", target)
        for kind, targets, chance in (("项目", projects, 0.5), ("户", CARDS, 0.15), ("经营主体", operators, 0.3)):
            for target in targets:
                if rng.random() < chance:
                    pay(source, kind, target)
        for bank in banks:
            if rng.random() < 0.4:
                lend(source, "银行", bank)
    for lender in banks:
        for bank in banks:
            if lender != bank and rng.random() < 0.5:
                lend(lender, "银行", bank)
    for lender in (*funds, *banks):
        for kind, target in [("经营主体", key) for key in operators] + [("户", key) for key in CARDS]:
            if rng.random() < 0.15:
                lend(lender, kind, target)
    owned = {asset: rng.choice([*operators, None]) for asset in assets}
    formed = {asset: rng.sample(projects, rng.randint(0, min(2, len(projects)))) for asset in assets}
    holdings: list[list[object]] = []
    for asset in assets:
        for number, card in enumerate(rng.sample(CARDS, rng.randint(0, 4))):
            until = date(2016, 6, 1) if rng.random() < 0.1 else None
            holdings.append(
                [f"{asset}GQ{number}", asset, None, card, "优先股", rng.randint(1, 30), 100, date(2015, 1, 1), until]
            )
        if rng.random() < 0.3:
            holdings.append(
                [f"{asset}GQV", asset, "村", FIRST, "普通股", rng.randint(1, 20), 100, date(2015, 1, 1), None]
            )
    stakes = [
        [investor, investee, rng.randint(1, 30), date(2015, 1, 1)]
        for investor in operators
        for investee in operators
        if investor != investee and rng.random() < 0.5
    ]
    sheets: dict[str, list[Any]] = {
        "资金": [
            ["资金编号", "资金名称", "资金类型", "级次", "年度", "金额(元)"],
            *([fund, fund, "财政专项扶贫资金", rng.choice(("省", "县")), 2016, rng.choice((None, 0, 50, 200))] for fund in funds),
        ],
        "银行": [["银行编号", "银行名称"], *([bank, bank] for bank in banks)],
        "经营主体": [["统一社会信用代码", "名称", "类型"], *([operator, operator, rng.choice(("企业", "合作社"))] for operator in operators)],
        "项目": [["项目编号", "项目名称", "村编码"], *([project, project, rng.choice((FIRST, SECOND))] for project in projects)],
        "资金流向": [["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期", "更正凭证号"], *flows],
        "资产": [
            ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码", "所有者", "量化金额(元)"],
            *(
                [asset, asset, *((formed[asset][0], rng.randint(1, 60)) if formed[asset] else (None, None)), FIRST, owned[asset], rng.randint(0, 90)]
                for asset in assets
            ),
        ],
        "资产形成": [
            ["资产编号", "形成批次", "项目编号", "形成金额(元)"],
            *([asset, "二期", formed[asset][1], rng.randint(1, 40)] for asset in assets if len(formed[asset]) > 1),
        ],
        "贷款": [["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期", "到期日"], *loans],
        "还款": [["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期"], *repayments],
        "股权": [["股权证号", "资产编号", "持有人类型", "持有人编号", "股份类型", "股数", "总股数", "起始日期", "终止日期"], *holdings],
        "参股": [["出资主体", "被投资主体", "持股比例(%)", "开始时间"], *stakes],
        "帮扶措施": [
            ["户编号", "人口编号", "措施类别", "项目内容", "开始时间", "金额(元)", "资金编号"],
            *([card, None, "产业", f"养羊{number}", ON, rng.choice((None, 3, 20)), rng.choice(funds)] for number, card in enumerate(CARDS[:2])),
        ],
    }  # fmt: skip
    return {name: SHEETS[name] for name in ("行政村", "贫困户", "家庭成员")} | {
        name: rows for name, rows in sheets.items() if len(rows) > 1
    }


def by_pages(store: Store, viewing: QueryScope, query: ChainQuery, size: int) -> Iterator[Chain]:
    """Yield all chains, page by page."""
    after: SortKey = ()
    while True:
        page = load_page(store, viewing, query, first=size, after=after)
        yield from page.chains
        if not page.has_next:
            return
        after = page.chains[-1].sort_key
