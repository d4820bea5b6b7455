"""The register of shares and what changes it: worked examples to the fen, what is refused with which figures, that the whole stays whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from graph_service.api.execution import Graphql, Request
from graph_service.services.imports.run import run
from graph_service.services.imports.sequences import undo
from graph_service.services.shares.division import Rounding, divide
from graph_service.services.viewing import versions
from graph_service.store.graph import Store
from tests.conftest import emptied
from tests.county import COOP, FARM, FIRST, SECOND, Sheets, workbook

LAST = "2016-12-31"
TOWN = FIRST[:9]
HOUSES = [f"{FIRST}{at:04d}" for at in range(1001, 1101)]
"""Of a hundred households ten are poor; ten others are until 30 December 2016, the eve of their exit."""
POOR, EXITED, OTHERS = HOUSES[:10], HOUSES[90:], HOUSES[10:90]
ELSEWHERE = [f"{SECOND}{at:04d}" for at in range(1001, 1004)]
PEOPLE = [f"{HOUSES[at % 100]}{at // 100 + 1:02d}" for at in range(212)]
PREFERRED, ORDINARY = "PREFERRED", "ORDINARY"
BEGUN = date(2015, 1, 1)
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "是否贫困村", "年度"], [FIRST, "一村", "是", 2016], [SECOND, "二村", "否", 2016]],
    "贫困户": [
        ["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "年度", "识别年度"],
        *([card, FIRST, "甲某", "未脱贫", None, 2016, 2014] for card in POOR),
        *([card, FIRST, "乙某", "已脱贫", 2015, 2016, 2014] for card in OTHERS),
        *([card, FIRST, "丙某", "已脱贫", 2016, 2016, 2014] for card in EXITED),
        *([card, SECOND, "丁某", "未脱贫", None, 2016, 2014] for card in ELSEWHERE),
    ],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "与户主关系", "年度"],
        *([person, person[:16], "甲某", "户主" if person.endswith("01") else "子", 2016] for person in PEOPLE),
    ],
    "经营主体": [["统一社会信用代码", "名称", "类型"], [FARM, "某公司", "企业"], [COOP, "某社", "合作社"]],
    "资产": [
        ["资产编号", "资产名称", "量化金额(元)", "保底收益率(%)", "资产总股数", "所在村编码"],
        ["TEN", "百户", None, None, 1000, FIRST],
        ["HJ", "黄桷", 1000000, 5, 138, FIRST],
        ["HJX", "黄桷(按金额)", 3420000, None, 3420000, FIRST],
        ["HJP", "黄桷(按百分点)", 3420000, None, 100, FIRST],
        ["FX", "凤翔", 148000, "6.7", 212, FIRST],
        ["GX", "某资产", None, None, 100, FIRST],
        ["EMPTY", "无总股数", None, None, None, FIRST],
        ["ODD", "不一致", None, None, None, FIRST],
        ["BLANK", "股数不详", None, None, 100, FIRST],
        ["OVER", "超配", None, None, 100, FIRST],
        ["FAR", "二村资产", None, None, 100, SECOND],
    ],
    "股权": [
        ["股权证号", "资产编号", "户编号", "持有人类型", "股份类型", "股数", "总股数", "起始日期", "终止日期"],
        *([f"HJ{at:03d}", "HJ", person, "人", "普通股", 1, 138, BEGUN, None] for at, person in enumerate(PEOPLE[:138])),
        *([f"FX{at:03d}", "FX", person, "人", "普通股", 1, 212, BEGUN, None] for at, person in enumerate(PEOPLE)),
        ["HJX1", "HJX", COOP, "合作社", "普通股", 2420000, 3420000, BEGUN, None],
        ["HJX2", "HJX", FIRST, "村", "普通股", 1000000, 3420000, BEGUN, None],
        ["HJP1", "HJP", COOP, "合作社", "普通股", 71, 100, BEGUN, None],
        ["HJP2", "HJP", FIRST, "村", "普通股", 29, 100, BEGUN, None],
        *([f"GX{at}", "GX", card, "户", "优先股", 10, 100, BEGUN, None] for at, card in enumerate([*EXITED[:3], POOR[0]])),
        ["GX9", "GX", FIRST, "村", "普通股", 60, 100, BEGUN, None],
        ["ODD1", "ODD", POOR[0], "户", "优先股", 5, 100, BEGUN, None],
        ["ODD2", "ODD", POOR[1], "户", "普通股", 5, 120, BEGUN, None],
        ["BLANK1", "BLANK", POOR[0], "户", "优先股", None, 100, BEGUN, None],
        ["BLANK2", "BLANK", POOR[0], "户", None, 7, None, BEGUN, date(2016, 6, 30)],
        ["BLANK3", "BLANK", POOR[1], "户", "普通股", 20, None, BEGUN, None],
        ["OVER1", "OVER", POOR[0], "户", "优先股", 80, 100, BEGUN, None],
        ["OVER2", "OVER", ELSEWHERE[0], "户", "普通股", 30, 100, BEGUN, None],
        ["FAR1", "FAR", ELSEWHERE[0], "户", "优先股", 100, 100, BEGUN, None],
    ],
}  # fmt: skip
REGISTER = """query($asset: String!, $on: Date, $at: Int, $first: Int, $after: String) {
  found: shareRegister(assetNo: $asset, asOf: $on, asKnownAt: $at, first: $first, after: $after) {
    totalCount totalShares statedTotals held heldPreferred heldOrdinary heldOther unassigned whole unknownCertificates asOf dataVersion
    decisions { decisionNo act decidedOn reason issued ended } pageInfo { hasNextPage endCursor }
    nodes { kind hidden poor shares preferred ordinary part { numerator denominator percent }
      node { __typename ... on Household { cardNo } ... on Person { personNo } ... on Village { code } ... on Cooperative { uscc } }
      certificates { certificate kind shares totalShares since until decision endedBy } } } }"""
SHOWN = {
    "issueShares": "issued ended kept decision { decisionNo act decidedOn reason asset { assetNo } }",
    "transferShares": "issued ended kept decision { decisionNo act }",
    "redistributeShares": "issued ended kept decision { decisionNo act reason }",
    "declareDividend": "distribution { distributionNo year declared declaredOn asset { assetNo } }",
    "recordPayments": "paid remaining distribution { distributionNo declared }",
}
REFUSED = "... on Invalid { field code zh en } ... on Forbidden { zh en } ... on Conflict { zh en }"
Given = dict[str, Any]


@pytest.fixture(scope="module")
def registered(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A register with the assets of the worked examples; what tests change is taken back after each."""
    emptied(spare)
    report = run(spare, [workbook(SHEETS, tmp_path_factory.mktemp("shares") / "shares.xlsx")])
    assert not report.remarks or not any(one.refused for one in report.remarks), report.remarks
    return spare


@pytest.fixture
def api(registered: Store) -> Iterator[Graphql]:
    yield Graphql(registered)
    while len(versions(registered)) > 1:
        undo(registered)


def ask(api: Graphql, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> Given:
    body = api.execute(Request(query, variables=variables), granted=granted).body()
    assert "errors" not in body, body["errors"]
    found: Given = body["data"]
    return found


def change(api: Graphql, name: str, granted: tuple[str, ...] = ("",), key: str = "k1", **given: Any) -> Given:
    """What a mutation comes to. A client's key is its own: each test has others."""
    type_ = name[0].upper() + name[1:]
    query = f"mutation($input: {type_}Input!) {{ made: {name}(input: $input) {{ __typename ... on {type_}Success {{ dataVersion changed asOf {SHOWN[name]} }} {REFUSED} }} }}"
    key = f"{os.environ['PYTEST_CURRENT_TEST']}:{key}" if key.strip() else key
    made: Given = ask(api, query, granted, input={"clientKey": key, **given})["made"]
    return made


def done(api: Graphql, name: str, **given: Any) -> Given:
    made = change(api, name, **given)
    assert made["__typename"].endswith("Success"), made
    return made


def register(api: Graphql, asset: str, granted: tuple[str, ...] = ("",), **more: Any) -> Given:
    found: Given = ask(api, REGISTER, granted, **{"asset": asset, "first": 500, **more})["found"]
    return found


def held(api: Graphql, asset: str, **more: Any) -> dict[str, int]:
    """Shares by holder."""
    return {key_of(one): int(one["shares"]) for one in register(api, asset, **more)["nodes"]}


def key_of(one: Given) -> str:
    return next(str(value) for name, value in one["node"].items() if name != "__typename")


def decided(number: str, asset: str, on: str = "2016-06-01", **more: Any) -> Given:
    return {"decisionNo": number, "assetNo": asset, "decidedOn": on, **more}


def of(*cards: str) -> list[Given]:
    return [{"cardNo": card} for card in cards]


def grant(card: str, shares: int, kind: str = PREFERRED, **more: Any) -> Given:
    return {"holder": {"cardNo": card}, "kind": kind, "shares": shares, **more}


def rule(kind: str, shares: int, among: str, rounding: str = "LARGEST_REMAINDER", **more: Any) -> Given:
    return {"kind": kind, "shares": shares, "among": among, "villageCodes": [FIRST], "rounding": rounding, **more}


def test_ten_in_a_hundred(api: Graphql) -> None:
    """10 % preferred over ten poor households, 90 % over all hundred: the poor have 1.9 % each, the others 0.9 %."""
    done(api, "issueShares", **decided("P", "TEN", LAST), rule=rule(PREFERRED, 100, "POOR_HOUSEHOLDS"))
    made = done(api, "issueShares", key="k2", **decided("O", "TEN", LAST), rule=rule(ORDINARY, 900, "HOUSEHOLDS"))
    assert (made["issued"], made["kept"], made["asOf"]) == ("900", "0", LAST)
    assert made["decision"] == {"decisionNo": "O", "act": "ISSUE", "decidedOn": LAST, "reason": None, "asset": {"assetNo": "TEN"}}  # fmt: skip
    found = register(api, "TEN")
    figures = {name: found[name] for name in ("totalCount", "totalShares", "held", "heldPreferred", "heldOrdinary", "unassigned", "whole")}  # fmt: skip
    assert figures == {
        "totalCount": 100, "totalShares": "1000", "held": "1000", "heldPreferred": "100", "heldOrdinary": "900", "unassigned": "0", "whole": True,
    }  # fmt: skip
    parts = {key_of(one): (one["poor"], one["part"]["percent"]) for one in found["nodes"]}
    assert parts == {card: (card in POOR, "1.90" if card in POOR else "0.90") for card in HOUSES}
    exact = [Fraction(int(one["part"]["numerator"]), int(one["part"]["denominator"])) for one in found["nodes"]]
    assert sum(exact) == 1
    assert [(one["decisionNo"], one["issued"], one["ended"]) for one in found["decisions"]] == [("O", "900", "0"), ("P", "100", "0")]  # fmt: skip
    # On the eve of their exit ten more were poor; then nobody held anything yet.
    assert register(api, "TEN", on="2016-12-30")["held"] == "0"


def test_huangjue(api: Graphql) -> None:
    """A floor of 50,000 and a second share of 29,000 or 29,239.77, as the whole is told: 79,000 over 138 people."""
    profit = 100_000_00
    invested = {"cooperative": 2_420_000_00, "fund": 1_000_000_00}
    assert Fraction(profit * invested["fund"], sum(invested.values())) / 100 == Fraction(100_000 * 100, 342)
    exact = divide(profit, invested, Rounding.LARGEST_REMAINDER).parts
    assert exact == {"cooperative": 70_760_23, "fund": 29_239_77}
    points = divide(100, invested, Rounding.LARGEST_REMAINDER).parts
    assert points == {"cooperative": 71, "fund": 29}, "the published 29 %"
    assert divide(profit, points, Rounding.LARGEST_REMAINDER).parts["fund"] == 29_000_00
    # The same as dividends by shares: of 3,420,000 shares, and of 100.
    for asset, fund, coop in (("HJX", "29239.77", "70760.23"), ("HJP", "29000.00", "71000.00")):
        done(api, "declareDividend", key=asset, distributionNo=f"F{asset}", assetNo=asset, year=2016, amount="100000", recordDate=LAST)  # fmt: skip
        paid = done(api, "recordPayments", key=f"{asset}p", distributionNo=f"F{asset}", voucher=f"V{asset}", on=LAST, byShares={"rounding": "LARGEST_REMAINDER"})  # fmt: skip
        assert (paid["paid"], paid["remaining"]) == ("100000.00", "0.00")
        assert payments(api, f"F{asset}") == {FIRST: fund, COOP: coop}
    below = change(api, "declareDividend", distributionNo="FP", assetNo="HJ", year=2016, amount="49999.99", recordDate=LAST)  # fmt: skip
    assert (below["__typename"], below["field"]) == ("Invalid", "amount")
    for figure in ("50000.00", "49999.99", "0.01"):
        assert figure in below["zh"]
        assert figure in below["en"]
    done(api, "declareDividend", key="k2", distributionNo="FP", assetNo="HJ", year=2016, amount=79000, recordDate=LAST)
    made = done(api, "recordPayments", key="k3", distributionNo="FP", voucher="V1", on=LAST, byShares={"rounding": "FIRST"})  # fmt: skip
    assert (made["paid"], made["remaining"]) == ("79000.00", "0.00")
    found, first = payments(api, "FP"), sorted(PEOPLE[:138])[:52]
    assert found == {one: "572.47" if one in first else "572.46" for one in PEOPLE[:138]}, "the remainder of 52 fen is assigned"  # fmt: skip


def test_huangjue_where_the_remainder_stays(api: Graphql) -> None:
    done(api, "declareDividend", distributionNo="FP", assetNo="HJ", year=2016, amount="79000", recordDate=LAST)
    made = done(api, "recordPayments", distributionNo="FP", voucher="V1", on=LAST, byShares={"rounding": "KEPT"})
    assert (made["paid"], made["remaining"]) == ("78999.48", "0.52")
    assert set(payments(api, "FP").values()) == {"572.46"}


def test_fengxiang_does_not_agree_with_itself(api: Graphql) -> None:
    """148,000 at 6.7 % are 9,916, or 46.77 each of 212: 98 each is refused, with the figures."""
    low = change(api, "declareDividend", distributionNo="FX", assetNo="FX", year=2016, amount="9915.99", recordDate=LAST)  # fmt: skip
    assert "9916.00" in low["zh"]
    done(api, "declareDividend", key="k2", distributionNo="FX", assetNo="FX", year=2016, amount="9916", recordDate=LAST)
    each = [{"payee": {"personNo": person}, "amount": "98.00"} for person in PEOPLE]
    made = change(api, "recordPayments", distributionNo="FX", voucher="V1", on=LAST, payments=each)
    assert (made["__typename"], made["field"]) == ("Invalid", "payments")
    for figure in ("9916.00", "0.00", "20776.00", "10860.00"):
        assert figure in made["zh"]
        assert figure in made["en"]
    assert payments(api, "FX") == {}
    done(api, "recordPayments", key="k3", distributionNo="FX", voucher="V1", on=LAST, byShares={"rounding": "LARGEST_REMAINDER"})  # fmt: skip
    found = payments(api, "FX")
    assert set(found.values()) == {"46.77", "46.78"}
    assert sum(Fraction(one) for one in found.values()) == 9916


def payments(api: Graphql, number: str, **more: Any) -> dict[str, str]:
    """Sums paid by payee."""
    query = """query($number: String!, $at: Int) { distribution(distributionNo: $number, asOf: "2017-12-31", asKnownAt: $at) { payments(first: 500) {
      edges { amount voucher node { __typename ... on Household { cardNo } ... on Person { personNo } ... on Village { code } ... on Cooperative { uscc } } } } } }"""
    found: dict[str, Fraction] = {}
    for edge in ask(api, query, number=number, **more)["distribution"]["payments"]["edges"]:
        found[key_of(edge)] = found.get(key_of(edge), Fraction(0)) + Fraction(edge["amount"])
    return {key: f"{Decimal(int(one * 100)) / 100:.2f}" for key, one in found.items()}
