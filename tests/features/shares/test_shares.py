"""The register of shares and its changes: worked examples to the fen, refusals with their figures, and totals that stay whole."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from graph_service.core.query_scope import versions
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.shares.division import Rounding, divide
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import permissions_in
from tests.conftest import emptied
from tests.county import COOP, FARM, FIRST, SECOND, Sheets, workbook

LAST = "2016-12-31"
TOWN = FIRST[:9]
HOUSES = [f"{FIRST}{number:04d}" for number in range(1001, 1101)]
"""A hundred households: ten are poor; ten others are poor until 30 December 2016, the day before their exit."""
POOR, EXITED, OTHERS = HOUSES[:10], HOUSES[90:], HOUSES[10:90]
ELSEWHERE = [f"{SECOND}{number:04d}" for number in range(1001, 1004)]
PEOPLE = [f"{HOUSES[index % 100]}{index // 100 + 1:02d}" for index in range(212)]
PREFERRED, ORDINARY = "PREFERRED", "ORDINARY"
BEGUN = date(2015, 1, 1)


def rows(sheet_rows: Iterable[list[Any]]) -> list[list[object]]:
    """Return the rows of a sheet as a list that mypy accepts."""
    return list(sheet_rows)


SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "是否贫困村", "年度"], [FIRST, "一村", "是", 2016], [SECOND, "二村", "否", 2016]],
    "贫困户": [
        ["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "年度", "识别年度"],
        *rows([card, FIRST, "甲某", "未脱贫", None, 2016, 2014] for card in POOR),
        *rows([card, FIRST, "乙某", "已脱贫", 2015, 2016, 2014] for card in OTHERS),
        *rows([card, FIRST, "丙某", "已脱贫", 2016, 2016, 2014] for card in EXITED),
        *rows([card, SECOND, "丁某", "未脱贫", None, 2016, 2014] for card in ELSEWHERE),
    ],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "与户主关系", "年度"],
        *rows([person, person[:16], "甲某", "户主" if person.endswith("01") else "子", 2016] for person in PEOPLE),
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
        *rows([f"HJ{index:03d}", "HJ", person, "人", "普通股", 1, 138, BEGUN, None] for index, person in enumerate(PEOPLE[:138])),
        *rows([f"FX{index:03d}", "FX", person, "人", "普通股", 1, 212, BEGUN, None] for index, person in enumerate(PEOPLE)),
        ["HJX1", "HJX", COOP, "合作社", "普通股", 2420000, 3420000, BEGUN, None],
        ["HJX2", "HJX", FIRST, "村", "普通股", 1000000, 3420000, BEGUN, None],
        ["HJP1", "HJP", COOP, "合作社", "普通股", 71, 100, BEGUN, None],
        ["HJP2", "HJP", FIRST, "村", "普通股", 29, 100, BEGUN, None],
        *rows([f"GX{index}", "GX", card, "户", "优先股", 10, 100, BEGUN, None] for index, card in enumerate([*EXITED[:3], POOR[0]])),
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
    "announceDividend": "distribution { distributionNo year amount recordDate asset { assetNo } }",
    "recordPayments": "paid remaining distribution { distributionNo amount }",
}
REFUSED = "... on Refusal { code zh en } ... on Invalid { field }"
Given = dict[str, Any]


@pytest.fixture(scope="module")
def registered(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Import a register with the assets of the worked examples; `api` undoes the changes of each test."""
    emptied(spare)
    report = import_files(spare, [workbook(SHEETS, tmp_path_factory.mktemp("shares") / "shares.xlsx")])
    assert not report.remarks or not any(remark.refused for remark in report.remarks), report.remarks
    return spare


def ask(api: GraphQLApi, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> Given:
    body = api.execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    assert "errors" not in body, body["errors"]
    answer: Given = body["data"]
    return answer


KEYS = count()


def change(
    api: GraphQLApi, name: str, granted: tuple[str, ...] = ("",), key: str | None = None, **arguments: Any
) -> Given:
    """Return the result of a mutation, with a new client key where `key` is None. Client keys are unique: each test prefixes its own."""
    type_ = name[0].upper() + name[1:]
    query = f"mutation($input: {type_}Input!) {{ made: {name}(input: $input) {{ __typename ... on {type_}Success {{ dataVersion changed asOf {SHOWN[name]} }} {REFUSED} }} }}"
    key = f"{os.environ['PYTEST_CURRENT_TEST']}:{next(KEYS) if key is None else key}"
    result: Given = ask(api, query, granted, input={"clientKey": key, **arguments})["made"]
    return result


def change_successfully(api: GraphQLApi, name: str, **arguments: Any) -> Given:
    result = change(api, name, **arguments)
    assert result["__typename"].endswith("Success"), result
    return result


def register(api: GraphQLApi, asset: str, granted: tuple[str, ...] = ("",), **variables: Any) -> Given:
    page: Given = ask(api, REGISTER, granted, **{"asset": asset, "first": 500, **variables})["found"]
    return page


def shares_by_holder(api: GraphQLApi, asset: str, **variables: Any) -> dict[str, int]:
    """Return the number of shares by holder."""
    return {key_of(holding): int(holding["shares"]) for holding in register(api, asset, **variables)["nodes"]}


def key_of(edge: Given) -> str:
    return next(str(value) for name, value in edge["node"].items() if name != "__typename")


def make_decision(number: str, asset: str, on: str = "2016-06-01", **arguments: Any) -> Given:
    return {"decisionNo": number, "assetNo": asset, "decidedOn": on, **arguments}


def households(*cards: str) -> list[Given]:
    return [{"cardNo": card} for card in cards]


def make_grant(card: str, shares: int, kind: str = PREFERRED, **arguments: Any) -> Given:
    return {"holder": {"cardNo": card}, "kind": kind, "shares": shares, **arguments}


def make_rule(kind: str, shares: int, among: str, rounding: str = "LARGEST_REMAINDER", **arguments: Any) -> Given:
    return {"kind": kind, "shares": shares, "among": among, "villageCodes": [FIRST], "rounding": rounding, **arguments}


def test_ten_in_a_hundred(api: GraphQLApi) -> None:
    """Distribute 10 % as preferred shares over ten poor households, 90 % over all hundred: the poor have 1.9 % each, the others 0.9 %."""
    change_successfully(
        api, "issueShares", **make_decision("P", "TEN", LAST), rule=make_rule(PREFERRED, 100, "POOR_HOUSEHOLDS")
    )
    result = change_successfully(
        api, "issueShares", **make_decision("O", "TEN", LAST), rule=make_rule(ORDINARY, 900, "HOUSEHOLDS")
    )
    assert (result["issued"], result["kept"], result["asOf"]) == ("900", "0", LAST)
    assert result["decision"] == {"decisionNo": "O", "act": "ISSUE", "decidedOn": LAST, "reason": None, "asset": {"assetNo": "TEN"}}  # fmt: skip
    page = register(api, "TEN")
    figures = {name: page[name] for name in ("totalCount", "totalShares", "held", "heldPreferred", "heldOrdinary", "unassigned", "whole")}  # fmt: skip
    assert figures == {
        "totalCount": 100, "totalShares": "1000", "held": "1000", "heldPreferred": "100", "heldOrdinary": "900", "unassigned": "0", "whole": True,
    }  # fmt: skip
    part_by_holder = {key_of(holding): (holding["poor"], holding["part"]["percent"]) for holding in page["nodes"]}
    assert part_by_holder == {card: (card in POOR, "1.90" if card in POOR else "0.90") for card in HOUSES}
    exact = [
        Fraction(int(holding["part"]["numerator"]), int(holding["part"]["denominator"])) for holding in page["nodes"]
    ]
    assert sum(exact) == 1
    assert [(decision["decisionNo"], decision["issued"], decision["ended"]) for decision in page["decisions"]] == [("O", "900", "0"), ("P", "100", "0")]  # fmt: skip
    # On the day before their exit ten more households were poor; nobody held shares yet.
    assert register(api, "TEN", on="2016-12-30")["held"] == "0"


def test_huangjue(api: GraphQLApi) -> None:
    """Check a floor of 50,000 and a second share of 29,000 or 29,239.77, by the stated total of shares: 79,000 over 138 people."""
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
        change_successfully(api, "announceDividend", distributionNo=f"F{asset}", assetNo=asset, year=2016, amount="100000", recordDate=LAST)  # fmt: skip
        payment_result = change_successfully(api, "recordPayments", distributionNo=f"F{asset}", voucher=f"V{asset}", on=LAST, byShares={"rounding": "LARGEST_REMAINDER"})  # fmt: skip
        assert (payment_result["paid"], payment_result["remaining"]) == ("100000.00", "0.00")
        assert payments(api, f"F{asset}") == {FIRST: fund, COOP: coop}
    refused = change(api, "announceDividend", distributionNo="FP", assetNo="HJ", year=2016, amount="49999.99", recordDate=LAST)  # fmt: skip
    assert (refused["field"], refused["code"]) == ("amount", "AMOUNT_BELOW_FLOOR")
    for figure in ("50000.00", "49999.99", "0.01"):
        assert figure in refused["zh"]
        assert figure in refused["en"]
    change_successfully(
        api, "announceDividend", distributionNo="FP", assetNo="HJ", year=2016, amount=79000, recordDate=LAST
    )
    result = change_successfully(api, "recordPayments", distributionNo="FP", voucher="V1", on=LAST, byShares={"rounding": "FIRST"})  # fmt: skip
    assert (result["paid"], result["remaining"]) == ("79000.00", "0.00")
    paid_by_person, first_persons = payments(api, "FP"), sorted(PEOPLE[:138])[:52]
    assert paid_by_person == {person: "572.47" if person in first_persons else "572.46" for person in PEOPLE[:138]}, "the remainder of 52 fen is assigned"  # fmt: skip


def test_huangjue_where_the_remainder_stays(api: GraphQLApi) -> None:
    change_successfully(
        api, "announceDividend", distributionNo="FP", assetNo="HJ", year=2016, amount="79000", recordDate=LAST
    )
    result = change_successfully(
        api, "recordPayments", distributionNo="FP", voucher="V1", on=LAST, byShares={"rounding": "KEPT"}
    )
    assert (result["paid"], result["remaining"]) == ("78999.48", "0.52")
    assert set(payments(api, "FP").values()) == {"572.46"}


def test_fengxiang_does_not_agree_with_itself(api: GraphQLApi) -> None:
    """Check 148,000 at 6.7 %, which are 9,916, or 46.77 for each of 212: 98 each is refused, with the figures."""
    refused = change(api, "announceDividend", distributionNo="FX", assetNo="FX", year=2016, amount="9915.99", recordDate=LAST)  # fmt: skip
    assert "9916.00" in refused["zh"]
    change_successfully(
        api, "announceDividend", distributionNo="FX", assetNo="FX", year=2016, amount="9916", recordDate=LAST
    )
    equal_payments = [{"payee": {"personNo": person}, "amount": "98.00"} for person in PEOPLE]
    result = change(api, "recordPayments", distributionNo="FX", voucher="V1", on=LAST, payments=equal_payments)
    assert (result["field"], result["code"]) == ("payments", "AMOUNT_EXCEEDS_DIVIDEND")
    for figure in ("9916.00", "0.00", "20776.00", "10860.00"):
        assert figure in result["zh"]
        assert figure in result["en"]
    assert payments(api, "FX") == {}
    change_successfully(api, "recordPayments", distributionNo="FX", voucher="V1", on=LAST, byShares={"rounding": "LARGEST_REMAINDER"})  # fmt: skip
    paid_by_person = payments(api, "FX")
    assert set(paid_by_person.values()) == {"46.77", "46.78"}
    assert sum(Fraction(amount) for amount in paid_by_person.values()) == 9916


def payments(api: GraphQLApi, number: str, **variables: Any) -> dict[str, str]:
    """Return the sum of payments by payee, in yuan."""
    query = """query($number: String!, $at: Int) { distribution(distributionNo: $number, asOf: "2017-12-31", asKnownAt: $at) { payments(first: 500) {
      edges { amount voucher node { __typename ... on Household { cardNo } ... on Person { personNo } ... on Village { code } ... on Cooperative { uscc } } } } } }"""
    amount_by_payee: dict[str, Fraction] = {}
    for edge in ask(api, query, number=number, **variables)["distribution"]["payments"]["edges"]:
        amount_by_payee[key_of(edge)] = amount_by_payee.get(key_of(edge), Fraction(0)) + Fraction(edge["amount"])
    return {key: f"{Decimal(int(amount * 100)) / 100:.2f}" for key, amount in amount_by_payee.items()}


def test_the_register_says_what_is_not_known(api: GraphQLApi) -> None:
    odd, blank, over, empty = (register(api, asset, on="2016-06-01") for asset in ("ODD", "BLANK", "OVER", "EMPTY"))
    assert (odd["totalShares"], odd["statedTotals"], odd["held"], odd["unassigned"], odd["whole"]) == (None, ["100", "120"], "10", None, None)  # fmt: skip
    assert {holding["part"] for holding in odd["nodes"]} == {None}
    figures = ("held", "heldPreferred", "heldOrdinary", "heldOther", "unassigned", "unknownCertificates", "totalShares")
    assert [blank[name] for name in figures] == [None, None, "20", "7", None, 1, "100"]
    first, second = blank["nodes"]
    assert (first["shares"], first["preferred"], first["ordinary"], first["part"]) == (None, None, "0", None)
    assert second["part"] == {"numerator": "1", "denominator": "5", "percent": "20.00"}
    assert [blank_later["heldOther"] for blank_later in [register(api, "BLANK", on="2016-07-01")]] == ["0"]
    assert (over["unassigned"], over["whole"]) == ("-10", False)
    assert (empty["totalCount"], empty["totalShares"], empty["statedTotals"], empty["held"], empty["whole"]) == (0, None, [], "0", None)  # fmt: skip


def test_the_register_of_a_day(api: GraphQLApi) -> None:
    page = register(api, "GX", on="2016-12-30")
    assert {key_of(holding): holding["poor"] for holding in page["nodes"]} == {**dict.fromkeys([*EXITED[:3], POOR[0]], True), FIRST: None}  # fmt: skip
    assert {key_of(holding): holding["poor"] for holding in register(api, "GX")["nodes"]} == {**dict.fromkeys(EXITED[:3], False), POOR[0]: True, FIRST: None}  # fmt: skip
    village = page["nodes"][0]
    assert (village["kind"], village["node"]) == ("Village", {"__typename": "Village", "code": FIRST})
    assert village["certificates"] == [
        {"certificate": "GX9", "kind": ORDINARY, "shares": "60", "totalShares": "100", "since": "2015-01-01", "until": None, "decision": None, "endedBy": None}
    ]  # fmt: skip
    assert register(api, "GX", on="2014-12-31")["nodes"] == []
    body = api.execute(GraphQLRequest(REGISTER, variables={"asset": "none"})).body()
    assert body["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def load_pages(api: GraphQLApi, asset: str, size: int, granted: tuple[str, ...] = ("",)) -> list[Given]:
    holdings: list[Given] = []
    after = None
    while True:
        page = register(api, asset, granted, first=size, after=after)
        holdings += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return holdings
        after = page["pageInfo"]["endCursor"]


def test_pages_of_the_register(api: GraphQLApi, registered: Store) -> None:
    holdings = register(api, "HJ")["nodes"]
    assert [key_of(holding) for holding in holdings] == sorted(PEOPLE[:138])
    assert load_pages(api, "HJ", 50) == holdings
    registered.statement_log = []
    register(api, "HJ", first=50)
    statements = [name for name in registered.statement_log if name != "imports/published"]
    registered.statement_log = None
    assert len(statements) == 3, statements


def test_whom_the_asker_may_not_see(api: GraphQLApi) -> None:
    """Check that of a holder outside the grant the register shows only the shares, not its identity or poverty, nor by a cursor."""
    granted = (FIRST,)
    for size in (1, 2, 500):
        visible, hidden = load_pages(api, "OVER", size, granted)
        assert (key_of(visible), visible["hidden"]) == (POOR[0], False)
        assert (hidden["hidden"], hidden["node"], hidden["poor"], hidden["shares"], hidden["kind"]) == (True, None, None, "30", "Household")  # fmt: skip
        assert hidden["certificates"][0]["certificate"] is hidden["certificates"][0]["since"] is None
    cursor = register(api, "OVER", granted, first=2)["pageInfo"]["endCursor"]
    assert b64decode(cursor + "==") == b'["shareRegister",1,"1"]'
    assert register(api, "OVER", granted)["totalCount"] == 2
    body = api.execute(GraphQLRequest(REGISTER, variables={"asset": "FAR"}), permissions=permissions_in(granted)).body()
    assert body["errors"][0]["extensions"]["code"] == "NOT_FOUND"


NEWEST: Given = make_decision("D1", "GX", "2017-01-05", since=LAST, reason="脱贫退出")
REDISTRIBUTED: Given = {**NEWEST, "receivers": "NEWLY_POOR", "rounding": "LARGEST_REMAINDER"}


def test_who_has_exited_gives_up_to_the_newly_poor(api: GraphQLApi) -> None:
    page_before = register(api, "GX")
    result = change_successfully(api, "redistributeShares", **REDISTRIBUTED)
    assert (result["issued"], result["ended"], result["kept"], result["asOf"]) == ("30", "30", "0", LAST)
    assert result["decision"] == {"decisionNo": "D1", "act": "REDISTRIBUTE", "reason": "脱贫退出"}
    # 30 shares over nine poor households without shares: three each, and the remainder of three to the first by key.
    assert shares_by_holder(api, "GX") == {
        FIRST: 60,
        POOR[0]: 10,
        **dict.fromkeys(POOR[1:4], 4),
        **dict.fromkeys(POOR[4:], 3),
    }
    page = register(api, "GX", on="2017-01-05")
    assert (page["held"], page["whole"], page["heldPreferred"]) == ("100", True, "40")
    assert [(decision["decisionNo"], decision["act"], decision["issued"], decision["ended"]) for decision in page["decisions"]] == [("D1", "REDISTRIBUTE", "30", "30")]  # fmt: skip
    assert all(
        holding["certificates"][0]["decision"] == "D1" for holding in page["nodes"] if key_of(holding) in POOR[1:]
    )
    # On the day before they still held shares, and the register shows which decision ended them.
    holding_by_key = {key_of(holding): holding for holding in register(api, "GX", on="2016-12-30")["nodes"]}
    assert holding_by_key.keys() == {FIRST, POOR[0], *EXITED[:3]}
    certificate = holding_by_key[EXITED[0]]["certificates"][0]
    assert (certificate["until"], certificate["endedBy"], certificate["shares"]) == ("2016-12-30", "D1", "10")
    assert register(api, "GX", at=1) == page_before, "what was known before stays"


@pytest.mark.parametrize(
    ("given", "parts", "kept"),
    [
        ({"receivers": "REST", "rounding": "KEPT", "keeper": {"villageCode": FIRST}}, {POOR[0]: 40}, "0"),
        ({"to": households(*POOR[1:5]), "rounding": "FIRST"}, {POOR[0]: 10, POOR[1]: 8, POOR[2]: 8, POOR[3]: 7, POOR[4]: 7}, "0"),
        (
            {"to": households(*POOR[1:5]), "rounding": "KEPT", "keeper": {"uscc": COOP}},
            {POOR[0]: 10, **dict.fromkeys(POOR[1:5], 7), COOP: 2},
            "2",
        ),
        ({"receivers": "COLLECTIVE", "rounding": "FIRST", "keeper": {"uscc": COOP}}, {POOR[0]: 10, COOP: 30}, "30"),
        ({"to": households(POOR[1]), "exited": households(EXITED[0]), "rounding": "FIRST"}, {**dict.fromkeys([*EXITED[1:3], POOR[0], POOR[1]], 10)}, "0"),
        # By members: the first twelve households have three members each, the others two.
        ({"to": households(POOR[1], POOR[2]), "per": "MEMBERS", "rounding": "FIRST"}, {POOR[0]: 10, POOR[1]: 15, POOR[2]: 15}, "0"),
    ],
)  # fmt: skip
def test_to_whom_and_by_which_policy(api: GraphQLApi, given: Given, parts: dict[str, int], kept: str) -> None:
    result = change_successfully(api, "redistributeShares", **NEWEST, **given)
    assert (result["ended"], result["kept"]) == (result["issued"], kept)
    assert shares_by_holder(api, "GX") == {FIRST: 60, **parts}
    assert register(api, "GX")["whole"]


def test_a_transfer_in_part_and_in_whole(api: GraphQLApi) -> None:
    part_transfer = {
        "certificate": "GX3",
        "to": {"cardNo": POOR[1]},
        "shares": 4,
        "newCertificate": "N1",
        "restCertificate": "N2",
    }
    result = change_successfully(api, "transferShares", **make_decision("D1", "GX"), **part_transfer)
    assert (result["issued"], result["ended"], result["asOf"]) == ("10", "10", LAST)
    assert {key: shares_by_holder(api, "GX")[key] for key in POOR[:2]} == {POOR[0]: 6, POOR[1]: 4}
    assert {key: shares_by_holder(api, "GX", on="2016-05-31").get(key) for key in POOR[:2]} == {
        POOR[0]: 10,
        POOR[1]: None,
    }
    change_successfully(
        api, "transferShares", **make_decision("D2", "GX", "2016-07-01"), certificate="N2", to={"cardNo": POOR[1]}
    )
    holding_by_key = {key_of(holding): holding for holding in register(api, "GX")["nodes"]}
    assert POOR[0] not in holding_by_key
    assert [certificate["certificate"] for certificate in holding_by_key[POOR[1]]["certificates"]] == ["D2-001", "N1"]
    assert register(api, "GX")["whole"]
    # Ordinary shares of the collective become preferred ones of a poor household.
    conversion = {"certificate": "GX9", "to": {"cardNo": POOR[2]}, "shares": "20", "kind": PREFERRED}
    change_successfully(api, "transferShares", **make_decision("D3", "GX", "2016-07-01"), **conversion)
    assert {name: register(api, "GX")[name] for name in ("heldPreferred", "heldOrdinary", "whole")} == {"heldPreferred": "60", "heldOrdinary": "40", "whole": True}  # fmt: skip


def test_shares_by_a_rule_that_keeps_what_is_left_over(api: GraphQLApi) -> None:
    share_rule = {**make_rule(ORDINARY, 950, "HOUSEHOLDS", "KEPT"), "per": "EACH"}
    result = change_successfully(api, "issueShares", **make_decision("D1", "TEN"), rule=share_rule)
    assert (result["issued"], result["kept"]) == ("900", "50")
    assert (register(api, "TEN")["unassigned"], register(api, "TEN")["whole"]) == ("100", False)


def test_a_total_that_nothing_states_yet(api: GraphQLApi) -> None:
    arguments = (
        make_decision("D1", "EMPTY"),
        [make_grant(POOR[0], 3, certificate="A"), make_grant(POOR[0], 2, ORDINARY, certificate="B")],
    )
    refused = change(api, "issueShares", **arguments[0], shares=arguments[1])
    assert (refused["field"], refused["code"]) == ("totalShares", "TOTAL_UNKNOWN")
    change_successfully(api, "issueShares", **arguments[0], shares=arguments[1], totalShares=8)
    page = register(api, "EMPTY")
    assert (page["totalShares"], page["held"], page["unassigned"]) == ("8", "5", "3")
    conflict = change(
        api, "issueShares", **make_decision("D2", "EMPTY"), shares=[make_grant(POOR[1], 3)], totalShares=9
    )
    assert (conflict["__typename"], conflict["code"]) == ("Conflict", "RECORDED_OTHERWISE")
    assert "8" in conflict["zh"] and "9" in conflict["zh"]  # noqa: PT018
    change_successfully(api, "issueShares", **make_decision("D2", "EMPTY"), shares=[make_grant(POOR[1], 3)])
    assert register(api, "EMPTY")["whole"]


LISTED: Given = {"distributionNo": "FP1", "voucher": "V1", "on": "2016-12-20"}
ANNOUNCED: Given = {"distributionNo": "FP2", "assetNo": "GX", "year": 2016, "amount": "100", "recordDate": "2016-06-01"}
TRANSFERRED: Given = {**make_decision("D1", "GX"), "certificate": "GX3", "to": {"cardNo": POOR[1]}}


@pytest.mark.parametrize(
    ("name", "given", "field", "code", "figures"),
    [
        ("issueShares", {**make_decision("D1", "none"), "shares": [make_grant(POOR[0], 1)]}, "assetNo", "RECORD_UNKNOWN", ["none"]),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant("nobody", 1)]}, "shares[0].holder.cardNo", "RECORD_UNKNOWN", ["nobody"]),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant(POOR[0], 1), make_grant(OTHERS[0], 1)]}, "shares[1].holder.cardNo", "NOT_ENTITLED", [OTHERS[0], "2016-06-01"]),
        ("issueShares", {**make_decision("D1", "TEN", LAST), "shares": [make_grant(EXITED[0], 1)]}, "shares[0].holder.cardNo", "NOT_ENTITLED", [EXITED[0], LAST]),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [{"holder": {"uscc": COOP}, "kind": PREFERRED, "shares": 1}]}, "shares[0].holder.uscc", "NOT_ENTITLED", [COOP]),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [{"holder": {}, "kind": PREFERRED, "shares": 1}]}, "shares[0].holder.cardNo", "REQUIRED_VALUE_MISSING", []),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant(POOR[0], 0)]}, "shares[0].shares", "OUT_OF_RANGE", ["0"]),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant(POOR[0], -5)]}, "shares[0].shares", "OUT_OF_RANGE", ["-5"]),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant(POOR[0], 1, "OTHER")]}, "shares[0].kind", "VALUE_NOT_ALLOWED", []),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": []}, "shares", "REQUIRED_VALUE_MISSING", []),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant(POOR[0], 1001)]}, "shares", "SHARES_EXCEED_TOTAL", ["1000", "1001", " 0"]),
        ("issueShares", {**make_decision("D1", "GX"), "shares": [make_grant(POOR[0], 1)]}, "shares", "SHARES_EXCEED_TOTAL", ["100", "1", "2016-06-01"]),
        ("issueShares", {**make_decision("D1", "GX", "2014-01-01"), "shares": [make_grant(POOR[0], 1)]}, "shares", "SHARES_EXCEED_TOTAL", ["100", "1", "2015-01-01"]),
        ("issueShares", {**make_decision("D1", "BLANK"), "shares": [make_grant(POOR[0], 1)]}, "assetNo", "RECORD_NEEDS_CORRECTION", ["BLANK1"]),
        ("issueShares", {**make_decision("D1", "ODD"), "shares": [make_grant(POOR[0], 1)]}, "assetNo", "RECORD_NEEDS_CORRECTION", ["100", "120"]),
        ("issueShares", {**make_decision("D1", "HJ"), "shares": [make_grant(POOR[0], 1, certificate="HJ001")]}, "shares", "SHARES_EXCEED_TOTAL", ["138", "1"]),
        ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant(POOR[0], 1, certificate="A"), make_grant(POOR[1], 1, certificate="A")]}, "shares[1].certificate", "LISTED_TWICE", ["A"]),
        ("issueShares", {**make_decision("D1", "TEN", "2999-01-01"), "shares": [make_grant(POOR[0], 1)]}, "decidedOn", "DAY_IN_FUTURE", []),
        ("issueShares", {**make_decision("D1", "TEN"), "rule": make_rule(PREFERRED, 10, "HOUSEHOLDS")}, "rule.villageCodes", "NOT_ENTITLED", ["2016-06-01"]),
        ("issueShares", {**make_decision("D1", "TEN"), "rule": {**make_rule(PREFERRED, 10, "HOUSEHOLDS"), "among": None}}, "rule.among", "VALUES_DO_NOT_COMBINE", []),
        ("issueShares", {**make_decision("D1", "TEN"), "rule": {**make_rule(PREFERRED, 10, "HOUSEHOLDS"), "villageCodes": [TOWN]}}, "rule.villageCodes", "RECORD_UNKNOWN", [TOWN]),
        ("issueShares", {**make_decision("D1", "TEN"), "rule": make_rule(ORDINARY, 97, "HOUSEHOLDS", "KEPT")}, "rule.shares", "SHARES_INSUFFICIENT", ["97"]),
        ("transferShares", {**TRANSFERRED, "certificate": "none"}, "certificate", "RECORD_UNKNOWN", ["none"]),
        ("transferShares", {**TRANSFERRED, "shares": 11}, "shares", "SHARES_INSUFFICIENT", ["10", "11"]),
        ("transferShares", {**TRANSFERRED, "to": {"cardNo": OTHERS[0]}}, "to.cardNo", "NOT_ENTITLED", [OTHERS[0], "2016-06-01"]),
        ("transferShares", {**TRANSFERRED, "to": {"cardNo": POOR[0]}}, "to.cardNo", "VALUES_DO_NOT_COMBINE", []),
        ("transferShares", {**TRANSFERRED, "since": "2015-01-01"}, "since", "DAY_TOO_EARLY", ["2015-01-01"]),
        ("transferShares", {**TRANSFERRED, "newCertificate": "GX9"}, "newCertificate", "NUMBER_IN_USE", ["GX9"]),
        ("transferShares", {**TRANSFERRED, "assetNo": "BLANK", "certificate": "BLANK1"}, "certificate", "RECORD_NEEDS_CORRECTION", ["BLANK1"]),
        ("redistributeShares", {**REDISTRIBUTED, "since": "2016-06-01"}, "exited", "SHARES_INSUFFICIENT", ["2016-06-01", "4"]),
        ("redistributeShares", {**REDISTRIBUTED, "exited": households(POOR[5])}, "exited[0].cardNo", "NOT_A_HOLDER", [POOR[5]]),
        ("redistributeShares", {**REDISTRIBUTED, "villageCodes": [SECOND], "rounding": "KEPT"}, "keeper", "REQUIRED_VALUE_MISSING", []),
        ("redistributeShares", {**REDISTRIBUTED, "receivers": None, "to": households(EXITED[5])}, "to[0].cardNo", "NOT_ENTITLED", [EXITED[5], LAST]),
        ("redistributeShares", {**REDISTRIBUTED, "to": households(POOR[5])}, "receivers", "VALUES_DO_NOT_COMBINE", []),
        ("redistributeShares", {**REDISTRIBUTED, "receivers": None, "to": households(POOR[0]), "exited": households(POOR[0])}, "to[0].cardNo", "VALUES_DO_NOT_COMBINE", [POOR[0]]),
        ("announceDividend", {**ANNOUNCED, "amount": "0"}, "amount", "OUT_OF_RANGE", ["0.00"]),
        ("announceDividend", {**ANNOUNCED, "year": 16}, "year", "OUT_OF_RANGE", []),
        ("announceDividend", {**ANNOUNCED, "assetNo": "none"}, "assetNo", "RECORD_UNKNOWN", ["none"]),
        ("recordPayments", {**LISTED, "payments": [{"payee": {"cardNo": POOR[5]}, "amount": 1}]}, "payments[0].payee.cardNo", "NOT_A_HOLDER", [POOR[5], "2016-06-01", "GX", "5"]),
        ("recordPayments", {**LISTED, "payments": [{"payee": {"cardNo": POOR[0]}, "amount": "100.01"}]}, "payments", "AMOUNT_EXCEEDS_DIVIDEND", ["100.00", "100.01", "0.01"]),
        ("recordPayments", {**LISTED, "payments": [{"payee": {"cardNo": POOR[0]}, "amount": "-1"}]}, "payments[0].amount", "OUT_OF_RANGE", ["-1.00"]),
        ("recordPayments", {**LISTED, "payments": [{"payee": {"cardNo": POOR[0]}, "amount": "-1", "corrects": "V0"}]}, "payments[0].corrects", "RECORD_UNKNOWN", ["V0"]),
        ("recordPayments", {**LISTED, "payments": [{"payee": {"cardNo": POOR[0]}, "amount": "1"}] * 2}, "payments[1].payee.cardNo", "LISTED_TWICE", [POOR[0]]),
        ("recordPayments", {**LISTED, "payments": []}, "payments", "REQUIRED_VALUE_MISSING", []),
        ("recordPayments", {**LISTED, "distributionNo": "none", "byShares": {"rounding": "KEPT"}}, "distributionNo", "RECORD_UNKNOWN", ["none"]),
        ("recordPayments", {**LISTED, "byShares": {"rounding": "KEPT", "amount": "100.01"}}, "byShares.amount", "AMOUNT_EXCEEDS_DIVIDEND", ["100.00", "100.01"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_the_figures(
    api: GraphQLApi, registered: Store, name: str, given: Given, field: str, code: str, figures: list[str]
) -> None:
    if name == "recordPayments":
        change_successfully(api, "announceDividend", **{**ANNOUNCED, "distributionNo": "FP1"})
    result, version_count = change(api, name, **given), len(versions(registered))
    assert (result["__typename"], result.get("field"), result["code"]) == ("Invalid", field, code), result
    assert result["zh"] != result["en"]
    for figure in figures:
        assert figure in result["zh"], result
        assert figure in result["en"], result
    assert len(versions(registered)) == version_count


NO_FIGURES = [
    ("issueShares", {**make_decision("D1", "TEN"), "shares": [{**make_grant(POOR[0], 1), "shares": "1.5"}]}, "1.5"),
    ("announceDividend", {**ANNOUNCED, "amount": "-1.005"}, "-1.005"),
]


@pytest.mark.parametrize(("name", "given", "figure"), NO_FIGURES)
def test_what_is_no_figure_is_refused_before_anything_is_changed(
    api: GraphQLApi, registered: Store, name: str, given: Given, figure: str
) -> None:
    version_count = len(versions(registered))
    with pytest.raises(AssertionError, match=re.escape(figure)):
        change(api, name, **given)
    assert len(versions(registered)) == version_count


def test_a_certificate_number_is_in_use_also_where_it_has_ended(api: GraphQLApi) -> None:
    shares = [make_grant(POOR[0], 1, certificate="A")]
    change_successfully(api, "issueShares", **make_decision("D1", "TEN", "2016-01-01"), shares=shares)
    change_successfully(api, "transferShares", **make_decision("D2", "TEN"), certificate="A", to={"cardNo": POOR[1]})
    result = change(api, "issueShares", **make_decision("D3", "TEN", LAST), shares=shares)
    assert (result["field"], result["code"]) == ("shares[0].certificate", "NUMBER_IN_USE")


CHANGES: list[tuple[str, Given, Given]] = [
    ("issueShares", {**make_decision("D1", "TEN"), "shares": [make_grant(POOR[0], 1)]}, {"reason": "别的"}),
    ("issueShares", {**make_decision("D1", "TEN"), "rule": make_rule(PREFERRED, 103, "POOR_HOUSEHOLDS")}, {"decidedOn": "2016-06-02"}),
    ("transferShares", TRANSFERRED, {"shares": 3}),
    ("redistributeShares", REDISTRIBUTED, {"rounding": "FIRST"}),
    ("announceDividend", ANNOUNCED, {"amount": "100.01"}),
]  # fmt: skip


def test_a_number_in_use_tells_nothing_of_the_dividend_that_has_it(api: GraphQLApi, registered: Store) -> None:
    change(api, "announceDividend", key="a", **ANNOUNCED)
    refused = change(
        api, "announceDividend", key="b", **{**ANNOUNCED, "year": 2015, "amount": "7", "recordDate": "2016-12-30"}
    )
    assert refused["code"] == "NUMBER_IN_USE"
    message = refused["zh"] + refused["en"]
    assert ANNOUNCED["distributionNo"] in message
    assert not [name for name in ("amount", "recordDate") if str(ANNOUNCED[name]) in message]


@pytest.mark.parametrize(("name", "given", "other"), CHANGES)
def test_each_is_made_once(api: GraphQLApi, registered: Store, name: str, given: Given, other: Given) -> None:
    first = change(api, name, key="a", **given)
    assert first["changed"], first
    assert change(api, name, key="a", **given) == {**first, "changed": False}
    assert change(api, name, key="b", **given) == {**first, "changed": False}, "it is so already"
    assert change(api, name, key="a", **{**given, **other})["code"] == "CLIENT_KEY_REUSED"
    assert change(api, name, key="c", **{**given, **other})["code"] == "NUMBER_IN_USE"
    assert len(versions(registered)) == 2


def test_payments_are_made_once_and_corrected(api: GraphQLApi, registered: Store) -> None:
    change_successfully(api, "announceDividend", **{**ANNOUNCED, "distributionNo": "FP1"})
    paying: Given = {**LISTED, "payments": [{"payee": {"cardNo": POOR[0]}, "amount": "60"}]}
    first = change(api, "recordPayments", key="a", **paying)
    assert (first["changed"], first["paid"], first["remaining"], first["asOf"]) == (True, "60.00", "40.00", LAST)
    for key in "ab":
        assert change(api, "recordPayments", key=key, **paying) == {**first, "changed": False}
    other_payment: Given = {**paying, "payments": [{"payee": {"cardNo": POOR[0]}, "amount": "59"}]}
    refused = change(api, "recordPayments", **other_payment)
    assert (refused["__typename"], refused["code"]) == ("Conflict", "RECORDED_OTHERWISE")
    assert "60.00" in refused["en"]
    assert "59.00" in refused["en"]
    refused_over = change(api, "recordPayments", **{**LISTED, "voucher": "V2"}, payments=[{"payee": {"cardNo": EXITED[0]}, "amount": "40.01"}])  # fmt: skip
    assert refused_over["field"] == "payments"
    for figure in ("100.00", "60.00", "40.01", "0.01"):
        assert figure in refused_over["zh"]
    excessive = [{"payee": {"cardNo": POOR[0]}, "amount": "-60.01", "corrects": "V1"}]
    assert "60.00" in change(api, "recordPayments", **{**LISTED, "voucher": "V3"}, payments=excessive)["en"]
    correction = [{"payee": {"cardNo": POOR[0]}, "amount": "-50", "corrects": "V1"}]
    result = change_successfully(api, "recordPayments", **{**LISTED, "voucher": "V3"}, payments=correction)
    assert (result["paid"], result["remaining"]) == ("-50.00", "90.00")
    second_correction = [{"payee": {"cardNo": POOR[0]}, "amount": "-10.01", "corrects": "V1"}]
    assert "10.00" in change(api, "recordPayments", **{**LISTED, "voucher": "V4"}, payments=second_correction)["en"]
    # The rest is paid by shares, in two vouchers.
    change_successfully(
        api, "recordPayments", **{**LISTED, "voucher": "V5"}, byShares={"rounding": "FIRST", "amount": "30"}
    )
    final = change_successfully(api, "recordPayments", **{**LISTED, "voucher": "V6"}, byShares={"rounding": "FIRST"})
    assert (final["paid"], final["remaining"]) == ("60.00", "0.00")
    assert payments(api, "FP1") == {FIRST: "54.00", POOR[0]: "19.00", **dict.fromkeys(EXITED[:3], "9.00")}
    assert payments(api, "FP1", at=first["dataVersion"]) == {POOR[0]: "60.00"}
    refused_over = change(api, "recordPayments", **{**LISTED, "voucher": "V7"}, byShares={"rounding": "FIRST"})
    assert (refused_over["field"], refused_over["code"]) == ("byShares.amount", "AMOUNT_EXCEEDS_DIVIDEND")


def test_a_year_has_one_dividend(api: GraphQLApi) -> None:
    change_successfully(api, "announceDividend", **ANNOUNCED)
    result = change(api, "announceDividend", **{**ANNOUNCED, "distributionNo": "FP3", "amount": "120"})
    assert (result["__typename"], result["code"]) == ("Conflict", "ALREADY_ANNOUNCED")
    for figure in ("FP2", "100.00", "120.00", "2016-06-01"):
        assert figure in result["zh"]
    change_successfully(api, "announceDividend", **{**ANNOUNCED, "distributionNo": "FP3", "year": 2015})


def test_what_was_paid_by_the_shares_of_a_day_is_not_altered(api: GraphQLApi) -> None:
    change_successfully(api, "announceDividend", **ANNOUNCED)
    change_successfully(
        api, "recordPayments", distributionNo="FP2", voucher="V1", on=LAST, byShares={"rounding": "FIRST"}
    )
    for arguments in (TRANSFERRED, {**TRANSFERRED, "since": "2016-05-01"}):
        result = change(api, "transferShares", **arguments)
        assert (result["field"], result["code"]) == ("since", "DIVIDEND_ALREADY_PAID")
        assert "2016-06-01" in result["zh"]
        assert " 5 " in result["en"]
    change_successfully(api, "transferShares", **{**TRANSFERRED, "since": "2016-06-02"})


def test_shares_that_are_not_whole_are_not_paid_by(api: GraphQLApi) -> None:
    for asset, figures in (("OVER", ("100", "110")), ("BLANK", ("BLANK1",)), ("ODD", ("100", "120")), ("TEN", ("1000", " 0"))):  # fmt: skip
        change_successfully(api, "announceDividend", **{**ANNOUNCED, "distributionNo": asset, "assetNo": asset})
        result = change(
            api, "recordPayments", distributionNo=asset, voucher="V1", on=LAST, byShares={"rounding": "FIRST"}
        )
        assert result["code"] == "RECORD_NEEDS_CORRECTION"
        for figure in figures:
            assert figure in result["zh"]


def test_what_lies_elsewhere_is_not_the_askers(api: GraphQLApi) -> None:
    granted = (FIRST,)
    foreign_asset: Given = {**make_decision("D1", "FAR"), "shares": [make_grant(POOR[0], 1)]}
    assert change(api, "issueShares", granted, **foreign_asset)["field"] == "assetNo"
    foreign_holder: Given = {**make_decision("D1", "TEN"), "shares": [make_grant(ELSEWHERE[0], 1)]}
    assert change(api, "issueShares", granted, **foreign_holder)["field"] == "shares[0].holder.cardNo"
    foreign_village: Given = {
        **make_decision("D1", "TEN"),
        "rule": {**make_rule(PREFERRED, 10, "POOR_HOUSEHOLDS"), "villageCodes": [SECOND]},
    }
    assert change(api, "issueShares", granted, **foreign_village)["field"] == "rule.villageCodes"
    foreign_certificate: Given = {**make_decision("D1", "OVER"), "certificate": "OVER2", "to": {"cardNo": POOR[0]}}
    assert change(api, "transferShares", granted, **foreign_certificate)["field"] == "certificate"
    change_successfully(api, "announceDividend", **{**ANNOUNCED, "assetNo": "FAR", "distributionNo": "FAR"})
    paying: Given = {"distributionNo": "FAR", "voucher": "V1", "on": LAST, "byShares": {"rounding": "FIRST"}}
    assert change(api, "recordPayments", granted, **paying)["field"] == "distributionNo"
    change_successfully(api, "transferShares", **{**TRANSFERRED, "to": {"cardNo": ELSEWHERE[0]}})
    change_successfully(api, "announceDividend", **ANNOUNCED)
    result = change(api, "recordPayments", granted, **{**paying, "distributionNo": "FP2"})
    assert (result["__typename"], result["code"]) == ("Forbidden", "OUTSIDE_GRANTED_AREAS")
    assert "1" in result["zh"]
    redistribution: Given = {**NEWEST, "decisionNo": "D9", "receivers": "REST", "rounding": "FIRST"}
    assert change(api, "redistributeShares", granted, **redistribution)["code"] == "OUTSIDE_GRANTED_AREAS"
    assert change(api, "issueShares", (TOWN,), **make_decision("D7", "TEN"), shares=[make_grant(POOR[0], 1)])["changed"]


def test_a_voucher_in_use_does_not_disclose_the_other_dividend(api: GraphQLApi) -> None:
    to_operator: Given = {**make_decision("D1", "FAR"), "certificate": "FAR1", "to": {"uscc": COOP}, "kind": ORDINARY}
    change_successfully(api, "transferShares", **to_operator)
    for number, asset in (("FP1", "FAR"), ("FP2", "HJP")):
        change_successfully(api, "announceDividend", **{**ANNOUNCED, "distributionNo": number, "assetNo": asset})
    payment: Given = {"voucher": "V1", "on": LAST, "payments": [{"payee": {"uscc": COOP}, "amount": "50"}]}
    change_successfully(api, "recordPayments", **payment, distributionNo="FP1")
    payment["payments"][0]["amount"] = "20"
    refused = change(api, "recordPayments", (FIRST,), **payment, distributionNo="FP2")
    assert refused["code"] == "RECORDED_OTHERWISE"
    for language in ("zh", "en"):
        assert "V1" in refused[language]
        for figure in ("FP1", "50.00", LAST):
            assert figure not in refused[language]


def test_who_repeats_a_decision_elsewhere_does_not_learn_that_it_was_made(api: GraphQLApi) -> None:
    transfer: Given = {**make_decision("D1", "FAR"), "certificate": "FAR1", "to": {"uscc": COOP}, "kind": ORDINARY}
    change_successfully(api, "transferShares", **transfer)
    result = change(api, "transferShares", (FIRST,), **transfer)
    assert (result["field"], result["code"]) == ("assetNo", "RECORD_UNKNOWN")


def test_the_same_files_again_take_no_change_back(api: GraphQLApi, registered: Store, tmp_path: Any) -> None:
    change_successfully(api, "redistributeShares", **REDISTRIBUTED)
    page_before = register(api, "GX")
    import_files(registered, [workbook({**SHEETS, "行政村": [*SHEETS["行政村"], ["513431103201", "三村", "否", 2016]]}, tmp_path / "again.xlsx")])  # fmt: skip
    assert {**register(api, "GX"), "dataVersion": None} == {**page_before, "dataVersion": None}
