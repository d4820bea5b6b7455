"""Conflicts of interest in a register written by hand: each kind with a case that trips it and cases that do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from stdnum.iso7064 import mod_11_2

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Node
from graph_service.core.recording.import_lifecycle import undo
from graph_service.features.conflicts.cross_holdings import effective_shares, find_cycles, overallocated_operators
from graph_service.features.conflicts.detection import find_conflicts
from graph_service.features.conflicts.models import CONFLICT_KIND, ConflictEvidence
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from graph_service.sample.run import SampleArguments
from graph_service.sample.run import generate as make
from tests.callers import local_api, permissions_in
from tests.conftest import assert_alike, emptied
from tests.county import COOP, FARM, FIRST, H1, H2, H3, H4, H6, SECOND, SHEETS, TOWN, Sheets, workbook
from tests.exports.test_exports import assert_same_rows, records

COUNTY, PROVINCE = "513431", "51"
SOLE_COUNTY, SHARED_COUNTY = "510104", "510105"
"""County in which one operator has all projects, and county in which another operator has one of them."""
HERD, MILL, GREENHOUSE, WINNER, ALPHA, BETA, GAMMA, OUTER, FULL = (
    f"9{kind}513431MA6YYYYY{number}" for number, kind in enumerate("212111222", 11)
)
DISTANT = "510106024010"
"""A village of another county."""


def document(order: int) -> str:
    number = f"51990019700101{order:03d}"
    return number + mod_11_2.calc_check_digit(number)


DOCUMENTS = {
    f"{H2}01": document(21),
    f"{H3}01": document(31),
    f"{H4}02": document(42),
    f"{H6}01": document(61),
    f"{H1}01": document(11),
}


def rows_for(subjects: Iterable[Any], row: Callable[[Any], list[object]]) -> list[list[object]]:
    """Return one row for each subject."""
    return [row(subject) for subject in subjects]


def register() -> Sheets:
    """Return the sheets of the county with cadres' kin, money, assets and shares."""
    sheets = {name: [list(row) for row in rows] for name, rows in SHEETS.items()}
    people = sheets["家庭成员"]
    people.append(
        [f"{H6}02", H6, "庚某", "之女", "女", date(2005, 3, 1), "九年级", "健康", None, "无劳动力", "是", 0, 2016]
    )
    people[:] = [[*people[0], "证件号码"], *([*row, DOCUMENTS.get(str(row[0]))] for row in people[1:])]
    sheets["帮扶干部"] += [
        ["GB5", "子某", "副处长", None, "BM2"],
        ["GB6", "丑某", "一村村支书", None, None],
        ["GB7", "寅某", "科员", None, "BM1"],
        ["GB8", "卯某", "二村村支书", date(2016, 10, 1), None],
    ]
    sheets["驻村帮扶"].append(["GB7", SECOND, "第一书记", date(2015, 1, 1), None])
    sheets["经营主体"] = [
        ["统一社会信用代码", "名称", "类型", "区划代码"],
        [FARM, "某公司", "企业", TOWN],
        [COOP, "某社", "合作社", TOWN],
        *rows_for(
            (HERD, MILL, GREENHOUSE, ALPHA, BETA, GAMMA, OUTER, FULL),
            lambda code: [code, "又一社", "合作社" if code[1] == "2" else "企业", TOWN],
        ),
        [WINNER, "外地公司", "企业", SOLE_COUNTY],
    ]
    sheets["关系人"] = [
        ["姓名", "干部编号", "关系", "经营主体", "证件号码", "年度"],
        ["甲甲", "GB2", "配偶", FARM, None, 2016],
        ["乙乙", "GB1", "子女", COOP, None, 2016],
        ["丁丁", "GB4", "配偶", GREENHOUSE, None, 2016],
        ["子某", "GB5", "本人", HERD, None, 2016],
        ["戊戊", "GB5", "父母", None, DOCUMENTS[f"{H6}01"], 2016],
        ["己己", "GB7", "兄弟姐妹", MILL, None, 2016],
        ["丙某", "GB3", "父母", None, DOCUMENTS[f"{H3}01"], 2016],
        ["丑某", "GB6", "本人", None, DOCUMENTS[f"{H2}01"], 2016],
        ["卯某", "GB8", "本人", None, DOCUMENTS[f"{H4}02"], 2016],
    ]
    sheets["资金"] = [
        ["资金编号", "资金名称", "级次", "年度", "金额(元)", "审批人"],
        ["ZJ1", "省级资金", "省", 2016, 1000, "GB5"],
        ["ZJ2", "县级资金", "县", 2016, 700, None],
        ["ZJ3", "另一资金", "县", 2016, 500, None],
    ]
    sheets["项目"] = [
        ["项目编号", "项目名称", "项目类别", "村编码", "实施主体", "审批人"],
        ["XM1", "养殖", "产业发展", SECOND, HERD, None],
        ["XM2", "道路", "基础设施", SECOND, HERD, None],
        ["XM3", "加工", "产业发展", SECOND, MILL, "GB7"],
        ["XM4", "果园", "产业发展", FIRST, None, None],
        ["XM5", "水渠", "基础设施", DISTANT, FARM, None],
        *rows_for(
            range(1, 6), lambda number: [f"XW{number}", "房屋", "基础设施", f"{SOLE_COUNTY}017001", WINNER, None]
        ),
        *rows_for(
            range(5),
            lambda number: [
                f"XS{number}",
                "房屋",
                "基础设施",
                f"{SHARED_COUNTY}002002",
                WINNER if number else FARM,
                None,
            ],
        ),
    ]
    sheets["资金流向"] = [
        ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额(元)", "日期", "更正凭证号"],
        ["PZ1", "ZJ1", "资金", "ZJ2", 700, date(2016, 1, 10), None],
        ["PZ2", "ZJ2", "项目", "XM1", 300, date(2016, 2, 1), None],
        ["PZ3", "ZJ2", "项目", "XM1", -20, date(2016, 2, 2), "PZ2"],
        ["PZ4", "ZJ3", "项目", "XM2", 200, date(2016, 2, 1), None],
        ["PZ5", "ZJ3", "项目", "XM3", 90, date(2016, 3, 1), None],
        ["PZ6", "ZJ1", "经营主体", HERD, 50, date(2016, 4, 1), None],
        ["PZ7", "ZJ2", "户", H6, 25, date(2016, 5, 1), None],
        ["PZ8", "ZJ3", "户", H3, 25, date(2016, 5, 1), None],
        ["PZ9", "ZJ2", "人", f"{H6}01", 6, date(2016, 5, 2), None],
        ["PZ10", "ZJ1", "人", f"{H6}02", 9, date(2016, 5, 3), None],
        ["PZ11", "ZJ3", "人", f"{H6}02", 4, date(2016, 5, 4), None],
        *rows_for(
            range(1, 6), lambda number: [f"PW{number}", "ZJ3", "项目", f"XW{number}", 10, date(2016, 6, 1), None]
        ),
    ]
    sheets["资产"] = [
        ["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码", "经营主体", "资产总股数"],
        ["ZC1", "果园", "XM4", 80, FIRST, FARM, 100],
        ["ZC2", "鱼塘", None, None, SECOND, FARM, 100],
        ["ZC3", "大棚", None, None, FIRST, GREENHOUSE, 100],
        ["ZC4", "羊舍", "XM1", 250, SECOND, HERD, 100],
    ]
    sheets["股权"] = [
        ["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "开始时间", "结束时间"],
        ["GQ1", "ZC1", H3, "优先股", 10, 100, date(2015, 7, 1), None],
        ["GQ2", "ZC1", H2, "优先股", 10, 100, date(2015, 7, 1), date(2016, 6, 30)],
        ["GQ3", "ZC2", H6, "普通股", 10, 100, date(2015, 7, 1), None],
        ["GQ4", "ZC1", H4, "优先股", 5, 100, date(2015, 7, 1), None],
    ]
    sheets["收益分配"] = [
        ["分配编号", "资产编号", "年度", "应分金额(元)", "分配日期"],
        ["FP1", "ZC1", 2015, 100, date(2016, 1, 20)],
    ]
    sheets["分红发放"] = [
        ["凭证号", "分配编号", "户编号", "金额(元)", "日期", "更正凭证号"],
        ["PF1", "FP1", H3, 10, date(2016, 1, 25), None],
        ["PF2", "FP1", H2, 12.5, date(2016, 1, 25), None],
        ["PF3", "FP1", H1, 3, date(2016, 1, 25), None],
        ["PF4", "FP1", H1, -3, date(2016, 1, 26), "PF3"],
    ]
    sheets["外部名单"] += [
        ["财政供养人员", DOCUMENTS[f"{H4}02"], "某中学", "5134"],
        ["财政供养人员", DOCUMENTS[f"{H1}01"], "某小学", COUNTY],
        ["车辆登记", DOCUMENTS[f"{H3}01"], "小轿车", COUNTY],
    ]
    sheets["参股"] = [
        ["出资主体", "被投资主体", "持股比例(%)", "开始时间", "结束时间"],
        [ALPHA, BETA, 30, date(2015, 1, 1), None],
        [BETA, GAMMA, 50, date(2015, 1, 1), None],
        [GAMMA, ALPHA, 20, date(2015, 1, 1), None],
        [OUTER, ALPHA, 40, date(2015, 1, 1), None],
        [GAMMA, OUTER, 10, date(2014, 1, 1), date(2015, 12, 31)],
        [OUTER, FULL, 60, date(2015, 1, 1), None],
        [ALPHA, FULL, 50, date(2016, 1, 1), None],
        [FARM, COOP, 10, date(2015, 1, 1), None],
        [COOP, FARM, 10, date(2017, 6, 1), None],
    ]
    return sheets  # fmt: skip


STEPS = "steps { place from kind hidden relationship forward node { __typename %s } evidence { number amount shares totalShares shareKind part kinship duty post on } }"
KEYS = "... on Cadre { cadreNo } ... on Person { personNo } ... on Enterprise { uscc } ... on Cooperative { uscc } ... on Asset { assetNo } ... on Project { projectNo } ... on Fund { fundNo } ... on Household { cardNo } ... on Village { code } ... on Area { code } ... on Distribution { distributionNo } ... on OutsideRecord { list }"
QUERY = f"""query($area: AreaScope!, $kinds: [ConflictKind!], $asOf: Date, $asKnownAt: Int, $first: Int, $after: String) {{
  found: conflictsOfInterest(area: $area, kinds: $kinds, asOf: $asOf, asKnownAt: $asKnownAt, first: $first, after: $after) {{
    totalCount eligibleCount asOf dataVersion pageInfo {{ hasNextPage endCursor }}
    nodes {{ kind area {{ code }} cadre {{ cadreNo }} operator {{ ... on Enterprise {{ uscc }} ... on Cooperative {{ uscc }} }} household {{ cardNo }} amount undetermined
      {STEPS % KEYS}
      effective {{ holder {{ ... on Enterprise {{ uscc }} ... on Cooperative {{ uscc }} }} operator {{ ... on Enterprise {{ uscc }} ... on Cooperative {{ uscc }} }} outside share exact }} }} }} }}"""


@pytest.fixture(scope="module")
def filled(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    emptied(spare)
    report = import_files(spare, [workbook(register(), tmp_path_factory.mktemp("conflicts") / "county.xlsx")])
    assert [remark for remark in report.remarks if remark.refused] == []
    return spare


@pytest.fixture(scope="module")
def api(filled: Store) -> GraphQLApi:
    return local_api(filled)


def ask(api: GraphQLApi, area: str = COUNTY, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(
        GraphQLRequest(QUERY, variables={"area": {"code": area}, **variables}), permissions=permissions_in(granted)
    ).body()
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]["found"]
    return answer


def key(node: dict[str, Any] | None) -> Any:
    return None if node is None else next((value for name, value in node.items() if name != "__typename"), None)


def step_texts(row: dict[str, Any]) -> list[str]:
    """Return each step as a text: from, relationship and its direction, kind, key."""
    return [
        f"{step['from'] or ''}{'>' if step['forward'] else '<'}{step['relationship'] or ''} {step['kind']}"
        + ("" if step["kind"] in ("Person", "OutsideRecord") else f" {key(step['node'])}")
        for step in row["steps"]
    ]


def brief(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (row["kind"], *(key(row[name]) for name in ("area", "cadre", "operator", "household")), row["amount"])
        for row in answer["nodes"]
    ]


def of_kind(api: GraphQLApi, kind: str, **variables: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ask(api, kinds=[kind], **variables)["nodes"]
    return rows


def test_the_county(api: GraphQLApi, filled: Store, shared: Path) -> None:
    answer = ask(api)
    assert brief(answer) == [
        ("OPERATOR_OF_DUTY", FIRST, "GB1", COOP, H1, None), ("OPERATOR_OF_DUTY", FIRST, "GB1", COOP, H2, None),
        ("OPERATOR_OF_DUTY", FIRST, "GB2", FARM, None, None), ("OPERATOR_OF_DUTY", FIRST, "GB2", FARM, H3, None),
        ("OPERATOR_OF_DUTY", SECOND, "GB7", MILL, None, None),
        ("APPROVED_OWN", TOWN, "GB5", HERD, None, "50.00"), ("APPROVED_OWN", SECOND, "GB5", HERD, None, "250.00"),
        ("APPROVED_OWN", SECOND, "GB5", HERD, None, "280.00"), ("APPROVED_OWN", SECOND, "GB5", None, H6, "40.00"),
        ("APPROVED_OWN", SECOND, "GB7", MILL, None, "90.00"),
        ("HOLDER_IS_CADRE_OR_KIN", FIRST, "GB3", None, H3, "10.00"),
        ("PAYROLL_DIVIDENDS", FIRST, None, None, H4, None),
        ("VILLAGE_HEAD_DIVIDENDS", FIRST, "GB6", None, H2, "12.50"),
        ("CIRCLE_OF_INVESTMENTS", TOWN, None, ALPHA, None, None),
        ("STAKES_OVER_WHOLE", TOWN, None, FULL, None, None),
    ]  # fmt: skip
    assert answer["totalCount"] == len(answer["nodes"]) < answer["eligibleCount"]
    assert answer["asOf"] == "2016-12-31"
    assert_alike(shared, "conflicts of the county", filled, answer["nodes"])


def test_an_operator_of_kin_where_the_cadre_has_a_duty(api: GraphQLApi) -> None:
    membership, _, orchard, shared, mill = of_kind(api, "OPERATOR_OF_DUTY")
    assert step_texts(membership) == [
        "> Cadre GB1",
        "1<KIN_OF Person",
        f"2>REPRESENTS Cooperative {COOP}",
        f"3<JOINED Household {H1}",
        "4<HELPS Cadre GB1",
    ]
    assert [document["kinship"] for document in membership["steps"][1]["evidence"]] == ["CHILD"]
    assert [document["on"] for document in membership["steps"][3]["evidence"]] == ["2016-01-01"]
    assert step_texts(orchard) == [
        "> Cadre GB2",
        "1<KIN_OF Person",
        f"2>REPRESENTS Enterprise {FARM}",
        "3>OPERATES Asset ZC1",
        f"4>LOCATED_IN Village {FIRST}",
        "5<SERVES Cadre GB2",
    ]
    assert [(document["duty"], document["on"]) for document in orchard["steps"][5]["evidence"]] == [
        ("FIRST_SECRETARY", "2015-01-01")
    ]
    # A household that the cadre helps holds shares of an asset operated by the kin's operator: the whole cycle.
    assert step_texts(shared)[3:] == ["3>OPERATES Asset ZC1", f"4<HOLDS Household {H3}", "5<HELPS Cadre GB2"]
    assert step_texts(mill)[3:] == ["3>IMPLEMENTS Project XM3", f"4>LOCATED_IN Village {SECOND}", "5<SERVES Cadre GB7"]  # fmt: skip


def test_a_duty_that_has_ended_and_one_that_has_not_begun(api: GraphQLApi) -> None:
    # The help of the second household has ended, and so has the first secretary's term.
    late = of_kind(api, "OPERATOR_OF_DUTY", asOf="2017-02-01")
    assert [(key(row["cadre"]), key(row["household"])) for row in late] == [("GB1", H1), ("GB7", None)]
    early = of_kind(api, "OPERATOR_OF_DUTY", asOf="2014-12-31")
    assert early == []


def test_money_of_a_fund_that_the_cadre_approved(api: GraphQLApi) -> None:
    investment, asset_row, project_row, grant, own_approval = of_kind(api, "APPROVED_OWN")
    first_steps = [
        "> Cadre GB5",
        "1<SAME_AS Person",
        f"2>REPRESENTS {'Enterprise' if HERD[1] == '1' else 'Cooperative'} {HERD}",
    ]
    assert step_texts(project_row) == [
        *first_steps,
        "3>IMPLEMENTS Project XM1",
        "4<ALLOCATED Fund ZJ2",
        "5<TRANSFERRED Fund ZJ1",
        "6<APPROVED Cadre GB5",
    ]
    assert [
        (document["number"], document["amount"], document["on"]) for document in project_row["steps"][4]["evidence"]
    ] == [
        ("PZ2", "300.00", "2016-02-01"),
        ("PZ3", "-20.00", "2016-02-02"),
    ]
    assert step_texts(asset_row) == [
        *first_steps,
        "3>OPERATES Asset ZC4",
        "4<FORMED Project XM1",
        "5<ALLOCATED Fund ZJ2",
        "6<TRANSFERRED Fund ZJ1",
        "7<APPROVED Cadre GB5",
    ]
    assert step_texts(investment) == [*first_steps, "3<INVESTED Fund ZJ1", "4<APPROVED Cadre GB5"]
    assert step_texts(grant) == [
        "> Cadre GB5",
        "1<KIN_OF Person",
        "2>IDENTITY Person",
        f"3>MEMBER_OF Household {H6}",
        "4<GRANTED Fund ZJ2",
        "5<TRANSFERRED Fund ZJ1",
        "6<APPROVED Cadre GB5",
        "3<DISBURSED Fund ZJ2",
        "8<TRANSFERRED Fund ZJ1",
        "9<APPROVED Cadre GB5",
        "4<MEMBER_OF Person",
        "11<DISBURSED Fund ZJ1",
        "12<APPROVED Cadre GB5",
    ]
    assert [document["number"] for step in (7, 11) for document in grant["steps"][step]["evidence"]] == ["PZ9", "PZ10"]
    assert step_texts(own_approval)[3:] == ["3>IMPLEMENTS Project XM3", "4<APPROVED Cadre GB7"]
    # A day before the money arrived.
    assert [key(row["operator"]) for row in of_kind(api, "APPROVED_OWN", asOf="2016-01-31")] == [MILL]  # fmt: skip


def test_households_that_draw(api: GraphQLApi) -> None:
    [holder], [payroll], [head] = (
        of_kind(api, kind) for kind in ("HOLDER_IS_CADRE_OR_KIN", "PAYROLL_DIVIDENDS", "VILLAGE_HEAD_DIVIDENDS")
    )
    steps = step_texts(holder)
    assert steps[:7] == [
        "> Cadre GB3",
        "1<KIN_OF Person",
        "2>IDENTITY Person",
        f"3>MEMBER_OF Household {H3}",
        "4>HOLDS Asset ZC1",
        "4<PAID Distribution FP1",
        f"5<OPERATES Enterprise {FARM}",
    ]
    assert [
        (document["number"], document["shares"], document["totalShares"], document["shareKind"])
        for document in holder["steps"][4]["evidence"]
    ] == [("GQ1", "10", "100", "PREFERRED")]
    # The county's leader for the village is in its leading group too: both ties, for the household's village and for the asset's village.
    assert steps[7:] == [
        f"4>LIVES_IN Village {FIRST}",
        "8<SERVES Cadre GB3",
        f"8>PART_OF Area {COUNTY}",
        "10<LEADS Cadre GB3",
        f"5>LOCATED_IN Village {FIRST}",
        "12<SERVES Cadre GB3",
        f"12>PART_OF Area {COUNTY}",
        "14<LEADS Cadre GB3",
    ]
    assert step_texts(payroll) == [
        "> OutsideRecord",
        "1>IDENTITY Person",
        f"2>MEMBER_OF Household {H4}",
        "3>HOLDS Asset ZC1",
        f"4<OPERATES Enterprise {FARM}",
    ]
    assert key(payroll["steps"][0]["node"]) == "PAYROLL"
    # The household's shares have ended: the dividends that it was paid remain.
    assert step_texts(head) == [
        "> Cadre GB6",
        "1<SAME_AS Person",
        "2>IDENTITY Person",
        f"3>MEMBER_OF Household {H2}",
        "4<PAID Distribution FP1",
        "5<YIELDED Asset ZC1",
        f"6<OPERATES Enterprise {FARM}",
    ]
    assert step_texts(of_kind(api, "VILLAGE_HEAD_DIVIDENDS", asOf="2016-06-30")[0])[4] == "4>HOLDS Asset ZC1"
    # On the day before the other village's head left the post, his household drew dividends too: it holds shares.
    assert [key(row["cadre"]) for row in of_kind(api, "VILLAGE_HEAD_DIVIDENDS", asOf="2016-09-30")] == ["GB6", "GB8"]  # fmt: skip


def test_one_operator_wins_all_projects_of_a_county(api: GraphQLApi) -> None:
    assert [brief(ask(api, area, kinds=["SOLE_WINNER"])) for area in (COUNTY, SHARED_COUNTY)] == [[], []]
    answer = ask(api, PROVINCE, kinds=["SOLE_WINNER"])
    [row] = answer["nodes"]
    assert brief(answer) == [("SOLE_WINNER", SOLE_COUNTY, None, WINNER, None, "50.00")]
    assert step_texts(row) == [
        f"> Enterprise {WINNER}",
        *(f"1>IMPLEMENTS Project XW{number}" for number in range(1, 6)),
    ]
    # The county written by hand has four projects, fewer than the rules require.
    assert (answer["totalCount"], answer["eligibleCount"]) == (1, 2)
    assert brief(ask(api, f"{SOLE_COUNTY}017", kinds=["SOLE_WINNER"])) == []
    assert len(ask(api, SOLE_COUNTY, kinds=["SOLE_WINNER"])["nodes"]) == 1


def test_a_circle_with_each_part_and_to_whom_its_operators_belong(api: GraphQLApi) -> None:
    [row] = of_kind(api, "CIRCLE_OF_INVESTMENTS")
    assert [(step["from"], key(step["node"]), [e["part"] for e in step["evidence"]]) for step in row["steps"]] == [
        (None, ALPHA, []),
        (1, BETA, ["0.3"]),
        (2, GAMMA, ["0.5"]),
        (3, ALPHA, ["0.2"]),
    ]
    # An operator in the cycle keeps 1 / (1 − 0.3 · 0.5 · 0.2) of the money invested in it.
    expected = {
        (ALPHA, ALPHA): "40/97",
        (BETA, ALPHA): "7/97",
        (GAMMA, ALPHA): "10/97",
        (OUTER, ALPHA): "40/97",
        (ALPHA, BETA): "12/97",
        (BETA, BETA): "70/97",
        (GAMMA, BETA): "3/97",
        (OUTER, BETA): "12/97",
        (ALPHA, GAMMA): "6/97",
        (BETA, GAMMA): "35/97",
        (GAMMA, GAMMA): "50/97",
        (OUTER, GAMMA): "6/97",
    }
    assert {(key(share["holder"]), key(share["operator"])): share["exact"] for share in row["effective"]} == expected
    assert {share["outside"] for share in row["effective"] if key(share["holder"]) == OUTER} == {True}
    first_share = row["effective"][0]
    assert (first_share["share"], row["undetermined"]) == ("0.412371", None)
    # A stake that had not ended yet makes another operator a member; a stake that has begun closes a second cycle.
    [wider] = of_kind(api, "CIRCLE_OF_INVESTMENTS", asOf="2015-06-01")
    assert {key(step["node"]) for step in wider["steps"]} == {ALPHA, BETA, GAMMA, OUTER}
    assert [key(row["operator"]) for row in of_kind(api, "CIRCLE_OF_INVESTMENTS", asOf="2017-06-01")] == [FARM, ALPHA]  # fmt: skip


def test_parts_above_the_whole(api: GraphQLApi) -> None:
    [row] = of_kind(api, "STAKES_OVER_WHOLE")
    assert [(key(step["node"]), [e["part"] for e in step["evidence"]]) for step in row["steps"]] == [
        (FULL, []),
        (ALPHA, ["0.5"]),
        (OUTER, ["0.6"]),
    ]
    assert of_kind(api, "STAKES_OVER_WHOLE", asOf="2015-12-31") == []  # fmt: skip


@pytest.mark.parametrize("size", [1, 4])
def test_pages_lose_and_repeat_nothing(api: GraphQLApi, size: int) -> None:
    full_answer = ask(api, PROVINCE)
    rows, after = [], None
    while True:
        page = ask(api, PROVINCE, first=size, after=after)
        assert (page["totalCount"], page["eligibleCount"]) == (full_answer["totalCount"], full_answer["eligibleCount"])
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert rows == full_answer["nodes"]
    kinds = [member.name for member in CONFLICT_KIND.members]
    assert sum(ask(api, PROVINCE, kinds=[kind])["eligibleCount"] for kind in kinds) == full_answer["eligibleCount"]
    assert [row for kind in kinds for row in of_kind(api, kind, area=PROVINCE)] == full_answer["nodes"]


def test_three_statements_whatever_is_asked(api: GraphQLApi, filled: Store) -> None:
    filled._clear_caches()
    ask(api)
    filled.statement_log = []
    ask(api, first=1)
    assert [statement for statement in filled.statement_log if statement != "areas/merged"] == ["nodes"]
    filled._clear_caches()
    filled.statement_log = []
    ask(api)
    statements = [
        statement for statement in filled.statement_log if statement not in ("areas/merged", "imports/published")
    ]
    filled.statement_log = None
    assert statements == ["conflicts/beginnings", "conflicts/ways", "nodes"]


def test_what_may_not_be_seen_keeps_its_place(api: GraphQLApi) -> None:
    unscoped, scoped = ask(api, FIRST), ask(api, FIRST, granted=(FIRST,))
    assert len(unscoped["nodes"]) == len(scoped["nodes"]) == scoped["totalCount"] > 0
    for full_row, scoped_row in zip(unscoped["nodes"], scoped["nodes"], strict=True):
        assert [step["kind"] for step in full_row["steps"]] == [step["kind"] for step in scoped_row["steps"]]
        for step, scoped_step in zip(full_row["steps"], scoped_row["steps"], strict=True):
            assert scoped_step["node"] == (None if scoped_step["hidden"] else step["node"])
            ends = [scoped_step, scoped_row["steps"][(scoped_step["from"] or scoped_step["place"]) - 1]]
            assert scoped_step["evidence"] == ([] if any(end["hidden"] for end in ends) else step["evidence"])
    # The head of the village is in the register by name only, and has no duty there; the household lives in the other village.
    [head] = [row for row in scoped["nodes"] if row["kind"] == "VILLAGE_HEAD_DIVIDENDS"]
    assert [step["hidden"] for step in head["steps"]] == [True, True, False, False, False, False, False]
    assert (head["cadre"], key(head["household"]), head["amount"]) == (None, H2, "12.50")
    [payroll] = [row for row in scoped["nodes"] if row["kind"] == "PAYROLL_DIVIDENDS"]
    assert (payroll["household"], [step["hidden"] for step in payroll["steps"]]) == (
        None,
        [True, True, True, False, False],
    )
    assert all(step["evidence"] == [] for step in payroll["steps"][:4]), "a certificate of a hidden holder"
    request = GraphQLRequest(QUERY, variables={"area": {"code": COUNTY}})
    body = api.execute(request, permissions=permissions_in(("510104",))).body()
    assert (body["data"]["found"], body["errors"][0]["extensions"]["code"]) == (None, "AREA_NOT_GRANTED")


def test_tables_hold_the_same_rows(api: GraphQLApi) -> None:
    assert_same_rows(api, "conflictsOfInterest")
    rows = records(api, "conflictsOfInterest", kinds="循环参股")
    assert [row["冲突类型"] for row in rows] == ["循环参股"]
    assert rows[0]["环节"].count("参股") == 3


@pytest.mark.parametrize("area", [COUNTY, FIRST, SECOND, TOWN, SOLE_COUNTY])
def test_a_part_has_what_the_whole_has_of_it(filled: Store, area: str) -> None:
    """A question for a smaller area returns all of the conflicts that the whole province has there."""
    part, whole = (find_conflicts(filled, QueryScope.resolve(filled, code)) for code in (area, PROVINCE))
    within = QueryScope.resolve(filled, area).areas
    expected = [
        entry
        for entry in whole.conflicts
        if any(low <= code < high for low, high in within for code in entry.area_codes)
    ]
    assert expected or area == SOLE_COUNTY
    assert {(entry.kind, entry.name) for entry in part.conflicts} == {(entry.kind, entry.name) for entry in expected}
    conflict_by_key = {(entry.kind, entry.name): entry.conflict for entry in expected}
    assert all(entry.conflict == conflict_by_key[entry.kind, entry.name] for entry in part.conflicts)


def test_what_was_known_before_stays(api: GraphQLApi, filled: Store, tmp_path: Path) -> None:
    before = ask(api)
    sheets = register()
    sheets["关系人"] = [sheets["关系人"][0], *sheets["关系人"][1:], ["辰辰", "GB2", "子女", GREENHOUSE, None, 2016]]
    import_files(filled, [workbook({"关系人": sheets["关系人"]}, tmp_path / "further.xlsx")])
    try:
        now = ask(api)
        assert now["totalCount"] == before["totalCount"] + 1
        assert ask(api, asKnownAt=before["dataVersion"])["nodes"] == before["nodes"]
    finally:
        undo(filled)
    assert ask(api) == before


def test_rows_that_cannot_be_are_refused(empty: Store, tmp_path: Path) -> None:
    sheets: Sheets = {
        "经营主体": SHEETS["经营主体"],
        "参股": [
            ["出资主体", "被投资主体", "持股比例(%)"],
            [FARM, FARM, 10],
            [FARM, COOP, 100.5],
            [COOP, FARM, 100],
            [FARM, COOP, None],
        ],
    }
    report = import_files(empty, [workbook(sheets, tmp_path / "stakes.xlsx")], day=20161231)
    assert [(remark.row, remark.column, remark.code) for remark in report.remarks] == [
        (2, "被投资主体", "STAKE_IN_ITSELF"),
        (3, "持股比例(%)", "STAKE_OVER_WHOLE"),
        (5, "持股比例(%)", "NUMBER_NOT_STATED"),
    ]


@pytest.mark.parametrize("traps", [True, False])
def test_the_circles_of_a_made_up_register_are_found_and_no_others(empty: Store, tmp_path: Path, traps: bool) -> None:
    make(SampleArguments("5134", 120, 3, 2016, 2016, traps), tmp_path)
    planted = json.loads((tmp_path / "traps.json").read_text(encoding="utf-8"))["money"]
    import_files(empty, [tmp_path])
    rows = ask(local_api(empty), "5134")["nodes"]
    circles = [
        sorted({key(step["node"]) for step in row["steps"]}) for row in rows if row["kind"] == "CIRCLE_OF_INVESTMENTS"
    ]
    assert sorted(circles) == sorted(map(sorted, planted.get("CIRCLE_OF_INVESTMENTS", [])))
    assert bool(circles) == traps
    assert all(
        sum((Fraction(share["exact"]) for share in row["effective"] if key(share["operator"]) == operator), Fraction())
        == 1
        for row in rows
        for operator in {key(share["operator"]) for share in row["effective"]}
    )
    # No kin of cadres represents an operator, and their documents belong to nobody else.
    assert {row["kind"] for row in rows} <= {"CIRCLE_OF_INVESTMENTS", "PAYROLL_DIVIDENDS"}


def stakes(**parts: object) -> dict[tuple[Node, Node], list[ConflictEvidence]]:
    """Return stakes by (holder, operator). `ab=30`: a holds 30 % of b; None: an unknown part."""
    return {
        (("Enterprise", pair[0]), ("Enterprise", pair[1])): [ConflictEvidence(stake_millionths=None if part is None else int(Fraction(str(part)) * 10_000))]
        for pair, part in parts.items()
    }  # fmt: skip


def test_shares_of_a_circle_sum_to_the_whole() -> None:
    # Two cycles through one operator, and holders from outside.
    parts = stakes(ab=25, bc=50, ca=10, bd=40, da=30, xb=5, xd=60, yx=100)
    [circle] = find_cycles(parts)
    assert [key for _, key in circle] == ["a", "b", "c", "d"]
    shares, fault = effective_shares(parts, circle)
    assert fault is None
    for operator in circle:
        assert sum(share.share for share in shares if share.operator == operator) == 1
    # Only b and x hold stakes in d.
    assert {share.holder[1] for share in shares} == {"a", "b", "c", "x"}


def test_what_cannot_be_said_of_a_circle() -> None:
    cases = {
        "OWNS_ITSELF": stakes(ab=100, ba=100),
        "UNKNOWN_PART": stakes(ab=None, ba=10),
        "OVER_WHOLE": stakes(ab=60, ba=10, xb=50),
    }
    for expected_fault, parts in cases.items():
        [circle] = find_cycles(parts)
        assert effective_shares(parts, circle) == ((), expected_fault)
    assert overallocated_operators(cases["OVER_WHOLE"]) == {("Enterprise", "b"): Fraction(11, 10)}
    # The holder from outside owns all of the cycle.
    parts = stakes(ab=100, ba=40, xa=60)
    shares, fault = effective_shares(parts, find_cycles(parts)[0])
    assert fault is None
    assert {(share.holder[1], share.operator[1]): str(share.share) for share in shares} == {
        ("x", "a"): "1",
        ("x", "b"): "1",
    }


def test_the_sample_answers_alike(store: Store, imported: ImportReport, shared: Path) -> None:
    api = local_api(store)
    answer = ask(api)
    # The figures of the README.
    assert (answer["totalCount"], answer["eligibleCount"]) == (1, 58)
    assert_alike(shared, "conflicts of the sample", store, answer)
    assert find_conflicts(store, QueryScope.resolve(store, COUNTY)).eligible_count == answer["eligibleCount"]
