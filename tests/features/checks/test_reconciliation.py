"""Reconciliation: each kind of break with a case that trips it and one that does not; the worked example that contradicts itself."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import FIRST, H1, H2, H3, H4, H5, H6, SECOND, SHEETS, Sheets, workbook

COUNTY, OPERATOR = "513431", "93513431MA6YYYYY02"
PAID = date(2016, 12, 20)
MONEY_SHEETS: Sheets = {
    "资金": [
        ["资金编号", "资金名称", "级次", "年度", "金额(元)", "管理单位"],
        ["ZJ1", "一", "县", 2015, 10000, None], ["ZJ2", "二", "县", 2016, 5000, None], ["ZJ3", "三", "省", 2016, 9000, None], ["ZJ4", "四", "县", 2016, 3000, COUNTY],
    ],
    "项目": [["项目编号", "项目名称", "村编码"], ["XM1", "一", FIRST], ["XM2", "二", FIRST], ["XM3", "三", SECOND]],
    "资金流向": [
        ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期", "更正凭证号"],
        ["PZ1", "ZJ1", "项目", "XM1", 12000, date(2015, 3, 1), None], ["PZ2", "ZJ1", "项目", "XM1", -2000, date(2015, 4, 1), "PZ1"],
        ["PZ3", "ZJ2", "项目", "XM2", 6000, date(2016, 3, 1), None], ["PZ4", "ZJ3", "项目", "XM3", 9000, date(2016, 3, 1), None],
    ],
    "资产": [
        ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码", "保底收益率(%)"],
        ["ZC1", "一", "XM1", 10000, FIRST, 5], ["ZC2", "二", "XM2", 6500, FIRST, 5], ["ZC3", "三", "XM3", 9000, SECOND, None],
    ],
    "股权": [
        ["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期", "终止日期"],
        ["GQ1", "ZC1", H1, "优先股", 60, 100, date(2015, 6, 1), None], ["GQ2", "ZC1", H2, "优先股", 40, 100, date(2015, 6, 1), None],
        ["GQ3", "ZC2", H1, "优先股", 50, 100, date(2016, 6, 1), None], ["GQ4", "ZC2", H3, "普通股", 40, 100, date(2016, 6, 1), None],
        ["GQ5", "ZC3", H5, "优先股", 70, 100, date(2016, 6, 1), None], ["GQ6", "ZC3", H4, "普通股", 30, 100, date(2016, 6, 1), None],
    ],
    "收益分配": [
        ["分配编号", "资产编号", "年度", "应分金额(元)", "分配日期"],
        ["FP1", "ZC1", 2016, 600, PAID], ["FP2", "ZC2", 2016, 100, PAID], ["FP3", "ZC3", 2016, 900, PAID],
    ],
    "分红发放": [
        ["凭证号", "分配编号", "户编号", "金额(元)", "日期"],
        ["FH1", "FP1", H1, 360, PAID], ["FH1", "FP1", H2, 240, PAID], ["FH2", "FP2", H1, 100, PAID],
        ["FH3", "FP3", H5, 630, PAID], ["FH3", "FP3", H6, 271, PAID],
    ],
}  # fmt: skip
ROWS: list[list[Any]] = [
    ["ALLOCATED_EXCEEDS_FUND", "ZJ2", "5000.00", "6000.00", "1000.00", ["PZ3"]],
    ["UNSPENT", "ZJ4", "3000.00", "0.00", "-3000.00", []],
    ["DIVIDEND_BELOW_FLOOR", "FP2", "325.00", "100.00", "-225.00", ["FP2"]],
    ["DIVIDEND_CELL_DIFFERS", f"{H2}/2016", "240.00", "0.00", "-240.00", ["FH1"]],
    ["FORMED_EXCEEDS_SPENT", "XM2", "6000.00", "6500.00", "500.00", ["PZ3"]],
    ["PAID_NOT_BY_SHARES", "FP2", "100.00", "100.00", "0.00", [H1, H3]],
    ["SHARES_DO_NOT_SUM", "ZC2", 100, 90, None, ["GQ3", "GQ4"]],
    ["COUNTY_HOP_MISSING", "XM3", "0.00", "9000.00", "9000.00", ["PZ4"]],
    ["PAID_NOT_ANNOUNCED", "FP3", "900.00", "901.00", "1.00", ["FH3"]],
    ["PAID_NOT_BY_SHARES", "FP3", "901.00", "630.00", "-271.00", [H4, H5]],
    ["PAID_TO_NON_HOLDER", f"FP3/{H6}", "0.00", "271.00", "271.00", ["FH3"]],
    ["PREFERRED_HELD_AFTER_EXIT", f"ZC3/{H5}", 0, 70, None, ["GQ5"]],
]
QUERY = """query($code: String!, $kinds: [MoneyBreak!], $year: Int, $asset: String, $asOf: Date, $first: Int, $after: String) {
  found: reconciliation(area: {code: $code}, kinds: $kinds, year: $year, assetNo: $asset, asOf: $asOf, first: $first, after: $after) { totalCount eligibleCount pageInfo { hasNextPage endCursor }
    nodes { kind key expected found difference expectedShares foundShares documents { number } fund { fundNo } project { projectNo } asset { assetNo } distribution { distributionNo } household { cardNo } area { code } } } }"""


def with_dividends() -> Sheets:
    """Return the sheets of the county with its money, and the dividends stated on its cards."""
    sheets = deepcopy({**SHEETS, **MONEY_SHEETS})
    cards = sheets["贫困户"]
    cards[0].append("资产收益扶贫分红收入")
    for row, dividend in zip(cards[1:], (460, 0, 0, None, 630, 271), strict=True):
        row.extend([None] * (len(cards[0]) - 1 - len(row)))
        row.append(dividend)
    return sheets


@pytest.fixture(scope="module")
def money(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> GraphQLApi:
    return imported(spare, with_dividends(), tmp_path_factory.mktemp("money"))


def imported(spare: Store, sheets: Sheets, folder: Path) -> GraphQLApi:
    store = emptied(spare)
    report = import_files(store, [workbook(sheets, folder / "money.xlsx")], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    return local_api(store)


def ask(api: GraphQLApi, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(
        GraphQLRequest(QUERY, variables={"code": COUNTY, **variables}), permissions=permissions_in(granted)
    ).body()
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]["found"]
    return answer


def as_rows(answer: dict[str, Any]) -> list[list[Any]]:
    rows = []
    for node in answer["nodes"]:
        expected, actual = node["expected"], node["found"]
        if node["expectedShares"] is not None:
            expected, actual = int(node["expectedShares"]), int(node["foundShares"])
        documents = [document["number"] for document in node["documents"]]
        rows.append([node["kind"], node["key"], expected, actual, node["difference"], documents])
    return rows


@pytest.mark.parametrize("size", [1, 5, 50])
def test_what_does_not_add_up_and_nothing_else(money: GraphQLApi, size: int) -> None:
    rows: list[list[Any]] = []
    after = None
    while True:
        page = ask(money, first=size, after=after)
        rows += as_rows(page)
        assert page["totalCount"] == len(ROWS)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert rows == ROWS


def test_how_much_was_looked_at(money: GraphQLApi) -> None:
    """The eligible counts by kind are of funds, projects with formed assets, assets, preferred shares, dividends, payments, cards."""
    counts = {
        "ALLOCATED_EXCEEDS_FUND": 4, "UNSPENT": 4, "FORMED_EXCEEDS_SPENT": 3, "COUNTY_HOP_MISSING": 3, "SHARES_DO_NOT_SUM": 3, "PREFERRED_HELD_AFTER_EXIT": 4,
        "DIVIDEND_BELOW_FLOOR": 2, "PAID_NOT_ANNOUNCED": 3, "PAID_TO_NON_HOLDER": 5, "PAID_NOT_BY_SHARES": 3, "DIVIDEND_CELL_DIFFERS": 5,
    }  # fmt: skip
    for kind, eligible in counts.items():
        answer = ask(money, kinds=[kind])
        assert (answer["eligibleCount"], as_rows(answer)) == (eligible, [row for row in ROWS if row[0] == kind]), kind


def test_who_was_not_paid_by_shares_is_told_with_both_amounts(money: GraphQLApi) -> None:
    query = f"""{{ found: reconciliation(area: {{code: "{COUNTY}"}}, kinds: [PAID_NOT_BY_SHARES], asOf: "2016-12-31") {{
      nodes {{ key holders {{ number expected found }} }} }} }}"""
    nodes = money.execute(GraphQLRequest(query)).body()["data"]["found"]["nodes"]
    assert {node["key"]: [tuple(holder.values()) for holder in node["holders"]] for node in nodes} == {
        "FP2": [(H1, "55.56", "100.00"), (H3, "44.44", "0.00")],
        "FP3": [(H4, "270.30", "0.00"), (H5, "630.70", "630.00")],
    }


def test_both_sides_are_nodes(money: GraphQLApi) -> None:
    [payment] = ask(money, kinds=["PAID_TO_NON_HOLDER"])["nodes"]
    assert (payment["distribution"], payment["asset"], payment["household"], payment["area"]) == (
        {"distributionNo": "FP3"}, {"assetNo": "ZC3"}, {"cardNo": H6}, {"code": SECOND},
    )  # fmt: skip
    [fund] = ask(money, kinds=["UNSPENT"])["nodes"]
    assert (fund["fund"], fund["area"], fund["project"]) == ({"fundNo": "ZJ4"}, None, None)


def test_by_area_year_and_day(money: GraphQLApi) -> None:
    # A fund is listed in the areas that its money went to.
    assert as_rows(ask(money, code=SECOND)) == ROWS[7:]
    assert as_rows(ask(money, code=FIRST)) == [ROWS[0], *ROWS[2:7]]
    assert [row[1] for row in as_rows(ask(money, year=2015, kinds=["ALLOCATED_EXCEEDS_FUND", "UNSPENT"]))] == []
    assert as_rows(ask(money, asOf="2016-12-19", kinds=["PAID_NOT_ANNOUNCED", "DIVIDEND_BELOW_FLOOR"])) == []
    # Before the correction the first fund had paid more than its amount.
    before = as_rows(ask(money, asOf="2015-03-15", kinds=["ALLOCATED_EXCEEDS_FUND"]))
    assert before == [["ALLOCATED_EXCEEDS_FUND", "ZJ1", "10000.00", "12000.00", "2000.00", ["PZ1"]]]


def test_by_asset(money: GraphQLApi) -> None:
    answer = ask(money, asset="ZC2")
    assert [row[:2] for row in as_rows(answer)] == [
        ["DIVIDEND_BELOW_FLOOR", "FP2"],
        ["PAID_NOT_BY_SHARES", "FP2"],
        ["SHARES_DO_NOT_SUM", "ZC2"],
    ]
    # Eligible: the floor, the payment, its payee, its division between two holders, the sum of shares, a preferred certificate.
    assert (answer["totalCount"], answer["eligibleCount"]) == (3, 6)
    assert as_rows(ask(money, asset="none")) == []


def test_scope(money: GraphQLApi) -> None:
    assert as_rows(ask(money, (SECOND,))) == as_rows(ask(money, code=SECOND))


def test_fengxiang_does_not_agree_with_itself(spare: Store, tmp_path: Path) -> None:
    """148,000 yuan at 6.7 % are 9,916 a year, 46.77 each of 212 people; 98 each were paid, as the public notice says (DOMAIN §7)."""
    people = [f"{FIRST}{number:04d}" for number in range(1, 213)]
    sheets: Sheets = {
        "行政村": SHEETS["行政村"],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([card, FIRST, "某某", "未脱贫", 2016] for card in people)],
        "资产": [["资产编号", "资产名称", "村编码", "量化金额(元)", "保底收益率(%)"], ["ZC", "凤翔", FIRST, 148000, 6.7]],
        "股权": [["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期"], *([f"GQ{card}", "ZC", card, "优先股", 1, 212, date(2015, 1, 1)] for card in people)],
        "收益分配": [["分配编号", "资产编号", "年度", "应分金额(元)", "分配日期"], ["FP", "ZC", 2016, 9916, PAID]],
        "分红发放": [["凭证号", "分配编号", "户编号", "金额(元)", "日期"], *(["FH", "FP", card, 98, PAID] for card in people)],
    }  # fmt: skip
    rows = as_rows(ask(imported(spare, sheets, tmp_path)))
    assert rows == [["PAID_NOT_ANNOUNCED", "FP", "9916.00", "20776.00", "10860.00", ["FH"]]]


def test_corrections_take_back_what_was_given(spare: Store, tmp_path: Path) -> None:
    """Unfounded corrections: of more than was given (all corrections of a voucher together), to another receiver, of a missing voucher."""
    sheets: Sheets = {
        "行政村": SHEETS["行政村"],
        "资金": [["资金编号", "资金名称"], ["ZJ1", "一"]],
        "项目": [["项目编号", "项目名称", "村编码"], ["XM1", "一", FIRST], ["XM2", "二", FIRST], ["XM3", "三", FIRST]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期", "更正凭证号"],
            ["PZ1", "ZJ1", "项目", "XM1", 100, PAID, None], ["PZ2", "ZJ1", "项目", "XM1", -60, PAID, "PZ1"], ["PZ3", "ZJ1", "项目", "XM1", -41, PAID, "PZ1"],
            ["PZ4", "ZJ1", "项目", "XM2", 100, PAID, None], ["PZ5", "ZJ1", "项目", "XM2", -100, PAID, "PZ4"],
            ["PZ6", "ZJ1", "项目", "XM3", -1, PAID, "PZ4"], ["PZ7", "ZJ1", "项目", "XM2", -2, PAID, "PZ0"],
            ["PZ8", "ZJ1", "项目", "XM3", 5, PAID, "PZ9"],
        ],
    }  # fmt: skip
    api = imported(spare, sheets, tmp_path)
    answer = ask(api, kinds=["CORRECTION_UNFOUNDED"])
    assert (answer["eligibleCount"], [row[1:4] for row in as_rows(answer)]) == (
        6,
        [["ZJ1/PZ2", "-100.00", "-101.00"], ["ZJ1/PZ3", "-100.00", "-101.00"], ["ZJ1/PZ6", "0.00", "-1.00"], ["ZJ1/PZ7", "0.00", "-2.00"], ["ZJ1/PZ8", "0.00", "5.00"]],
    )  # fmt: skip
    query = """{ found: benefitChains(from: {fundNo: "ZJ1"}, to: {projectNo: "XM1"}) { totalCount attributedTotal nodes { complete breaks { reason } } } }"""
    chains = api.execute(GraphQLRequest(query)).body()["data"]["found"]
    assert chains == {
        "totalCount": 1,
        "attributedTotal": "0.00",
        "nodes": [{"complete": False, "breaks": [{"reason": "TAKEN_BACK"}]}],
    }


def test_a_correction_by_grant_and_loan_counts_each_amount_once(spare: Store, tmp_path: Path) -> None:
    """A voucher paid a household 1,000 yuan; another one takes back 800 of it as a grant and 400 as a loan."""
    sheets: Sheets = {
        "行政村": SHEETS["行政村"],
        "贫困户": SHEETS["贫困户"],
        "资金": [["资金编号", "资金名称"], ["ZJ1", "一"]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期", "更正凭证号"],
            ["PZ1", "ZJ1", "户", H1, 1000, PAID, None], ["GZ1", "ZJ1", "户", H1, -800, PAID, "PZ1"],
        ],
        "贷款": [
            ["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期", "更正凭证号"],
            ["GZ1", "ZJ1", "户", H1, -400, PAID, "PZ1"],
        ],
    }  # fmt: skip
    answer = ask(imported(spare, sheets, tmp_path), kinds=["CORRECTION_UNFOUNDED"])
    assert as_rows(answer) == [["CORRECTION_UNFOUNDED", "ZJ1/GZ1", "-1000.00", "-1200.00", "-200.00", ["GZ1"]]]


def test_a_fund_lies_where_the_measures_are_that_it_pays(spare: Store, tmp_path: Path) -> None:
    """Funds of the province that nobody in the county manages pay for a measure of a household, of a member, and of a household elsewhere; one
    measure has not begun."""
    elsewhere, far_card = "510104017001", "5101040170010000"
    sheets: Sheets = {
        "行政村": [*SHEETS["行政村"], [elsewhere, "别处", "否", 2016]],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([card, FIRST, "某", "未脱贫", 2016] for card in (H1, H2, H3)), [far_card, elsewhere, "某", "未脱贫", 2016]],
        "家庭成员": [["人口编号", "户编号", "姓名", "与户主关系", "年度"], [f"{H2}01", H2, "某", "户主", 2016]],
        "资金": [["资金编号", "资金名称", "级次", "年度", "金额(元)"], *([f"ZJ{number}", "某", "省", 2016, 1000] for number in range(1, 5))],
        "帮扶措施": [
            ["户编号", "人口编号", "措施类别", "项目内容", "开始时间", "金额(元)", "资金编号"],
            [H1, None, "产业", "养羊", date(2016, 3, 1), 300, "ZJ1"], [H2, f"{H2}01", "教育", "助学", date(2016, 3, 1), 300, "ZJ2"],
            [far_card, None, "产业", "养羊", date(2016, 3, 1), 300, "ZJ3"], [H3, None, "产业", "养羊", date(2017, 3, 1), 300, "ZJ4"],
        ],
    }  # fmt: skip
    api = imported(spare, sheets, tmp_path)

    def unspent(code: str) -> list[list[Any]]:
        return [row[1:5] for row in as_rows(ask(api, code=code, kinds=["UNSPENT"]))]

    spent = [[f"ZJ{number}", "1000.00", "300.00", "-700.00"] for number in (1, 2, 3)]
    assert unspent("51") == [*spent, ["ZJ4", "1000.00", "0.00", "-1000.00"]]
    assert unspent(COUNTY) == spent[:2]
    assert unspent(FIRST) == spent[:2]
    assert unspent(elsewhere) == spent[2:]


def test_the_floor_is_of_a_year_however_many_dividends_it_has(spare: Store, tmp_path: Path) -> None:
    sheets: Sheets = {
        "行政村": SHEETS["行政村"],
        "资产": [["资产编号", "资产名称", "村编码", "量化金额(元)", "保底收益率(%)"], ["ZC", "一", FIRST, 1000, 6]],
        "收益分配": [
            ["分配编号", "资产编号", "年度", "应分金额(元)", "分配日期"],
            ["FP1", "ZC", 2015, 30, date(2015, 6, 30)], ["FP2", "ZC", 2015, 30, date(2015, 12, 30)],
            ["FP3", "ZC", 2016, 30, date(2016, 6, 30)], ["FP4", "ZC", 2016, 29, date(2016, 12, 30)],
        ],
    }  # fmt: skip
    answer = ask(imported(spare, sheets, tmp_path), kinds=["DIVIDEND_BELOW_FLOOR"])
    assert (answer["eligibleCount"], as_rows(answer)) == (
        2,
        [["DIVIDEND_BELOW_FLOOR", "FP3", "60.00", "59.00", "-1.00", ["FP3", "FP4"]]],
    )


def test_money_without_an_amount_and_money_that_goes_nowhere_are_refused(empty: Store, tmp_path: Path) -> None:
    sheets: Sheets = {
        "资金": [["资金编号", "资金名称"], ["ZJ1", "一"], ["ZJ2", "二"]],
        "行政村": SHEETS["行政村"],
        "项目": [["项目编号", "项目名称", "村编码"], ["ZJ1", "与资金同号", FIRST]],
        "银行": [["银行编号", "银行名称"], ["YH", "行"]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
            ["PZ1", "ZJ1", "资金", "ZJ2", None, PAID], ["PZ2", "ZJ1", "资金", "ZJ1", 5, PAID], ["PZ3", "ZJ1", "资金", "ZJ2", 5, PAID],
            ["PZ5", "ZJ1", "项目", "ZJ1", 5, PAID],
        ],
        "贷款": [["凭证号", "出借方编号", "借款方类型", "借款方编号", "金额(元)", "日期"], ["PZ4", "YH", "银行", "YH", 5, PAID]],
    }  # fmt: skip
    report = import_files(empty, [workbook(sheets, tmp_path / "money.xlsx")])
    assert [(remark.sheet, remark.row, remark.column, remark.code) for remark in report.remarks if remark.refused] == [
        ("资金流向", 2, "金额(元)", "FIGURE_MISSING"),
        ("资金流向", 3, "去向编号", "FLOW_TO_ITSELF"),
        ("贷款", 2, "借款方编号", "FLOW_TO_ITSELF"),
    ]


def test_a_fund_lies_where_its_money_reached_a_collective_or_a_person(spare: Store, tmp_path: Path) -> None:
    sheets = {name: deepcopy(SHEETS[name]) for name in ("行政村", "贫困户", "家庭成员")}
    sheets["资金"] = [
        ["资金编号", "资金名称", "级次", "年度", "金额(元)"],
        ["ZJ1", "一", "省", 2016, 30],
        ["ZJ2", "二", "省", 2016, 30],
    ]
    sheets["资金流向"] = [
        ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期"],
        ["PZ1", "ZJ1", "村集体", FIRST, 40, date(2016, 3, 1)], ["PZ2", "ZJ2", "个人", f"{H4}01", 40, date(2016, 3, 1)],
    ]  # fmt: skip
    api = imported(spare, sheets, tmp_path)
    for area, fund in ((FIRST[:9], "ZJ1"), (SECOND[:9], "ZJ2")):
        answer = ask(api, code=area, kinds=["ALLOCATED_EXCEEDS_FUND"])
        assert [node["key"] for node in answer["nodes"]] == [fund]
