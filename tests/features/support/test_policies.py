"""Policies: 十免四补助 with their amounts, stages of school, low income, housing; who qualifies, who receives how much, and cases left open."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import statement_parameters
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.support.policies import POLICY_GAPS
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.conftest import emptied
from tests.county import FARM, FIRST, SECOND, Sheets, workbook

ILL, GIVEN = f"{FIRST}0001", f"{FIRST}0002"
MEMBERS: list[tuple[str, date, str, str, str | None]] = [
    # number, day of birth, school, health, illness
    ("01", date(1970, 1, 1), "非在校生", "患有大病", "包虫病"),
    ("02", date(2010, 1, 1), "学龄前儿童", "残疾", None),
    ("03", date(2009, 12, 31), "学龄前儿童", "残疾", None),
    ("04", date(1960, 1, 1), "非在校生", "长期慢性病", "晚期血吸虫病"),
    ("05", date(1950, 1, 1), "非在校生", "长期慢性病", "重症大骨节病"),
    ("06", date(1990, 1, 1), "非在校生", "健康", None),
    ("07", date(2000, 1, 1), "中职", "健康", None),
    ("08", date(1998, 1, 1), "某种班", "患有大病", None),
]
CONTENTS: dict[str, tuple[object, object]] = {
    "01": ("包虫病手术补助", 25000),
    "02": ("残疾儿童康复", None),
    "04": ("血吸虫病救治", 4999.99),
    "05": ("大骨节病对症治疗", 120),
    "06": ("大骨节病对症治疗", 100),
}
# In the second village: persons at school; an unsafe house with hollow measures; a safe house, relocated, paid in parts.
SCHOOL, HOLLOW, SAFE, GUARDED = (f"{SECOND}000{index}" for index in range(1, 5))
FEW: list[tuple[object, ...]] = [
    # number, household, sex, day of birth, school, illness, on low income
    ("01", SCHOOL, "女", date(2000, 1, 1), "高中", None, "是"),
    ("02", SCHOOL, "女", date(2003, 1, 1), "七年级", None, "否"),
    ("03", SCHOOL, "男", date(1980, 1, 1), "非在校生", None, "否"),
    ("04", SCHOOL, "男", date(1998, 1, 1), "某种班", None, "否"),
    ("05", SCHOOL, "男", date(2008, 1, 1), "二年级", None, "否"),
    ("06", SCHOOL, "男", date(1999, 1, 1), "中职", None, "否"),
    ("01", HOLLOW, "女", date(1966, 12, 31), "非在校生", None, "否"),
    ("01", SAFE, "女", date(1967, 1, 1), "非在校生", "血吸虫病", "是"),
    ("02", SAFE, "男", date(1960, 1, 1), "非在校生", "血吸虫病", "否"),
    ("03", SAFE, "男", None, "非在校生", "大骨节病", "否"),
    ("04", SAFE, "女", None, "非在校生", "血吸虫病", "否"),
]
# In the third village: policies answered by records and links. Insurance of either kind, medical aid; livestock lent, returned, entrusted.
THIRD = "513431102200"
PATIENTS, LENT, BACK, ENTRUSTING = (f"{THIRD}000{index}" for index in range(1, 5))
CARE: list[tuple[object, ...]] = [
    # number, health, illness, insured as a resident, as an employee, aided
    ("01", "患有大病", None, "是", "否", "是"),
    ("02", "患有大病", None, "否", "是", "否"),
    ("03", "健康", None, "否", None, "否"),
    ("04", "长期慢性病", "胃癌", "否", "否", None),
    ("05", "长期慢性病", None, None, None, "否"),
    ("06", "患有大病", None, None, None, None),
    ("07", "健康", None, "是", "否", "是"),
    ("08", "患有大病", None, "否", "否", None),
]
YEAR = date(2016, 1, 1)
ADULT: tuple[object, ...] = ("某", "男", date(1980, 1, 1), "非在校生", None, None, "是", 2016)
RECORDS = ("是否参加城乡居民基本医疗保险", "是否参加城镇职工基本医疗保险", "是否享受医疗救助")
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016], [SECOND, "二村", 2016], [THIRD, "三村", 2016]],
    "贫困户": [
        ["户编号", "村编码", "户主姓名", "脱贫属性", "贫困户属性", "危房等级", "年度"],
        [ILL, FIRST, "某", "未脱贫", None, None, 2016],
        [GIVEN, FIRST, "某", "未脱贫", None, None, 2016],
        [SCHOOL, SECOND, "某", "未脱贫", "低保贫困户", "D级", 2016],
        [HOLLOW, SECOND, "某", "未脱贫", "低保贫困户", "C级", 2016],
        [SAFE, SECOND, "某", "未脱贫", "一般贫困户", "否", 2016],
        [GUARDED, SECOND, "某", "未脱贫", "一般贫困户", "否", 2016],
        [PATIENTS, THIRD, "某", "未脱贫", "一般贫困户", "否", 2016],
        [LENT, THIRD, "某", "未脱贫", None, "否", 2016],
        [BACK, THIRD, "某", "未脱贫", "五保贫困户", "否", 2016],
        [ENTRUSTING, THIRD, "某", "未脱贫", "低保贫困户", "否", 2016],
    ],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "性别", "出生日期", "在校生状况", "健康状况", "患病名称", "是否享受低保", "年度", *RECORDS],
        *([f"{card}{number}", card, "某", None, *facts, None, 2016] for card in (ILL, GIVEN) for number, *facts in MEMBERS),
        *([f"{card}{number}", card, "某", sex, born, school, None, illness, low, 2016] for number, card, sex, born, school, illness, low in FEW),
        *([f"{PATIENTS}{number}", PATIENTS, "某", "男", date(1980, 1, 1), "非在校生", health, illness, "否", 2016, *insurance] for number, health, illness, *insurance in CARE),
        *([f"{card}01", card, *ADULT] for card in (LENT, BACK, ENTRUSTING)),
    ],
    "政策": [["政策编号", "名称", "补助标准(元)"], ["EDU_COLLEGE", "高等教育资助", None], ["ZC9", "易地搬迁", 20000]],
    "帮扶措施": [
        ["户编号", "人口编号", "措施类别", "项目内容", "金额(元)", "开始时间", "结束时间", "政策编号"],
        *([GIVEN, f"{GIVEN}{number}", "健康", content, amount, YEAR, None, None] for number, (content, amount) in CONTENTS.items()),
        [SCHOOL, f"{SCHOOL}01", "教育", "生活补助", 2000, YEAR, None, None],
        [SCHOOL, f"{SCHOOL}02", "教育", "助学金", 1000, YEAR, None, None],
        [SCHOOL, f"{SCHOOL}03", "教育", "生活补助", 900, YEAR, None, None],
        [SCHOOL, f"{SCHOOL}04", "教育", "生活补助", 800, YEAR, None, None],
        [SCHOOL, f"{SCHOOL}05", "教育", "高中助学金", 700, YEAR, None, None],
        [SCHOOL, f"{SCHOOL}06", "教育", "中职生活补助", 600, YEAR, None, "EDU_COLLEGE"],
        [SCHOOL, f"{SCHOOL}03", "住房安全", "危房改造", 30000, YEAR, None, None],
        [HOLLOW, None, "住房安全", "其他", 30000, YEAR, None, None],
        [HOLLOW, None, "综合保障", "低保", 3000, date(2015, 1, 1), date(2016, 6, 30), None],
        [SAFE, None, "搬迁", "易地搬迁", 15000, YEAR, None, "ZC9"],
        [SAFE, None, "金融", "小额信贷", 30000, YEAR, None, None],
        [SAFE, f"{SAFE}01", "健康", "血吸虫病救治", 2000, date(2016, 2, 1), date(2016, 6, 30), None],
        [SAFE, f"{SAFE}01", "健康", "血吸虫病救治", 3000, date(2016, 7, 1), None, None],
        [SAFE, f"{SAFE}02", "健康", "血吸虫病救治", 5000, date(2015, 3, 1), date(2015, 12, 31), None],
        [SAFE, f"{SAFE}02", "健康", "血吸虫病救治", 1000, YEAR, date(2016, 3, 31), None],
        [SAFE, f"{SAFE}03", "健康", "大骨节病治疗", None, YEAR, None, None],
        [SAFE, f"{SAFE}04", "健康", "血吸虫病救治", 5000, date(2015, 3, 1), date(2015, 12, 31), None],
        [GUARDED, None, "住房安全", "危房改造", 8000, YEAR, None, None],
        [PATIENTS, f"{PATIENTS}03", "健康", "医疗救助", 100, YEAR, None, None],
        [PATIENTS, f"{PATIENTS}07", "健康", "代缴医保", 180, YEAR, None, None],
        [PATIENTS, f"{PATIENTS}08", "健康", "代缴医保", 180, YEAR, None, None],
        [PATIENTS, f"{PATIENTS}08", "健康", "大病救助", 3000, YEAR, None, None],
    ],
    "经营主体": [["统一社会信用代码", "名称", "类型"], [FARM, "某公司", "企业"]],
    "借牛还牛": [["户编号", "经营主体", "开始时间", "归还日期"], [LENT, FARM, YEAR, None], [BACK, FARM, YEAR, date(2016, 6, 30)]],
    "托养寄养": [["户编号", "经营主体", "开始时间"], [ENTRUSTING, FARM, YEAR]],
}  # fmt: skip
AIDS = ["AID_ECHINOCOCCOSIS", "AID_DISABLED_CHILD", "AID_SCHISTOSOMIASIS", "AID_KASHIN_BECK"]
STAGES = ["EDU_PRESCHOOL", "EDU_COMPULSORY", "EDU_SENIOR", "EDU_VOCATIONAL", "EDU_COLLEGE"]
HOUSES = ["LOW_INCOME", "UNSAFE_HOUSE", "RELOCATION", "MICRO_CREDIT"]


@pytest.fixture(scope="module")
def filled(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    emptied(spare)
    assert import_files(spare, [workbook(SHEETS, tmp_path_factory.mktemp("policies") / "register.xlsx")]).remarks == []
    return spare


@pytest.fixture(scope="module")
def register(filled: Store) -> GraphQLApi:
    return local_api(filled)


def ask(api: GraphQLApi, area: str, policies: list[str], answers: list[str] | None) -> dict[str, Any]:
    query = """query($area: AreaScope!, $policies: [PolicyCode!], $answers: [PolicyAnswer!]) { found: policyGaps(purpose: "核对", area: $area, policies: $policies, answers: $answers) {
      totalCount eligibleCount nodes { policy answer household { cardNo } person { personNo } amount given standard measures { measureNo } recorded { personNo } } } }"""
    variables = {"area": {"code": area}, "policies": policies, "answers": answers}
    body = api.execute(GraphQLRequest(query, variables=variables)).body()
    assert "errors" not in body, body["errors"]
    page: dict[str, Any] = body["data"]["found"]
    assert page["totalCount"] == len(page["nodes"])
    return page


def load_amounts(api: GraphQLApi, policies: list[str], answers: list[str]) -> list[list[Any]]:
    """Return policy, person and amount of the rows of the first village."""
    page = ask(api, FIRST, policies, answers)
    return [[row["policy"], row["person"]["personNo"], row["amount"]] for row in page["nodes"]]


def person_rows(page: dict[str, Any]) -> list[list[Any]]:
    return [[row["policy"], row["answer"], row["person"]["personNo"], row["given"]] for row in page["nodes"]]


def test_four_subsidies_with_their_amounts(register: GraphQLApi) -> None:
    expected = [
        ["AID_ECHINOCOCCOSIS", "01", "25000.00"],
        ["AID_DISABLED_CHILD", "02", "30000.00"],
        ["AID_SCHISTOSOMIASIS", "04", "5000.00"],
        ["AID_KASHIN_BECK", "05", "120.00"],
    ]
    assert load_amounts(register, AIDS, ["MISSING"]) == [
        [code, f"{ILL}{member}", amount] for code, member, amount in expected
    ]
    # A fen below the standard is LESS; an unknown amount is not LESS.
    enough, less = [expected[0], expected[1], expected[3]], [expected[2]]
    assert load_amounts(register, AIDS, ["ANSWERED"]) == [
        [code, f"{GIVEN}{member}", amount] for code, member, amount in enough
    ]
    assert load_amounts(register, AIDS, ["LESS"]) == [
        [code, f"{GIVEN}{member}", amount] for code, member, amount in less
    ]


def test_who_has_it_and_does_not_qualify(register: GraphQLApi) -> None:
    """Check that healthy persons do not qualify, and that an illness without a name is left open."""
    assert load_amounts(register, AIDS, ["UNDUE"]) == [["AID_KASHIN_BECK", f"{GIVEN}06", "120.00"]]


def test_stages_of_school(register: GraphQLApi) -> None:
    assert load_amounts(register, STAGES, ["MISSING"]) == [
        ["EDU_VOCATIONAL", f"{card}07", None] for card in (ILL, GIVEN)
    ]


def test_words_of_several_policies_are_of_the_one_that_fits(register: GraphQLApi) -> None:
    """Check that a shared word answers the policy of the person's stage; where none fits, one row is UNDUE; an unknown stage gives no row.

    Words and policies that name the stage take precedence.
    """
    assert person_rows(ask(register, SECOND, STAGES, ["ANSWERED", "UNDUE", "MISSING"])) == [
        ["EDU_SENIOR", "ANSWERED", f"{SCHOOL}01", "2000.00"],
        ["EDU_COMPULSORY", "ANSWERED", f"{SCHOOL}02", "1000.00"],
        ["EDU_PRESCHOOL", "UNDUE", f"{SCHOOL}03", "900.00"],
        ["EDU_COMPULSORY", "MISSING", f"{SCHOOL}05", "0.00"],
        ["EDU_SENIOR", "UNDUE", f"{SCHOOL}05", "700.00"],
        ["EDU_VOCATIONAL", "MISSING", f"{SCHOOL}06", "0.00"],
        ["EDU_COLLEGE", "UNDUE", f"{SCHOOL}06", "600.00"],
    ]
    # A policy requested alone has the same rows as among all.
    assert ask(register, SECOND, ["EDU_COMPULSORY"], ["UNDUE"])["nodes"] == []


def test_households(register: GraphQLApi) -> None:
    """Check that a member's measure answers; a hollow or ended one does not; in a safe house relocation is not UNDUE, its repair is."""
    page = ask(register, SECOND, HOUSES, ["ANSWERED", "UNDUE", "MISSING", "LESS"])
    keys = ("policy", "answer", "given", "standard", "amount")
    assert [[row["household"]["cardNo"], *(row[key] for key in keys)] for row in page["nodes"]] == [
        [SCHOOL, "LOW_INCOME", "ANSWERED", None, None, None],
        [SCHOOL, "UNSAFE_HOUSE", "ANSWERED", "30000.00", None, None],
        [HOLLOW, "LOW_INCOME", "MISSING", "0.00", None, None],
        [HOLLOW, "UNSAFE_HOUSE", "MISSING", "0.00", None, None],
        [SAFE, "MICRO_CREDIT", "ANSWERED", "30000.00", None, "50000.00"],
        [SAFE, "RELOCATION", "LESS", "15000.00", "20000.00", None],
        [GUARDED, "UNSAFE_HOUSE", "UNDUE", "8000.00", None, None],
    ]
    first = page["nodes"][0]
    assert (first["measures"], first["recorded"]) == ([], [{"personNo": f"{SCHOOL}01"}])


def test_what_is_given_in_the_year(register: GraphQLApi) -> None:
    """Check that payments in parts are summed within the year only; one paid in the year before is MISSING."""
    page = ask(register, SECOND, ["AID_SCHISTOSOMIASIS", "AID_KASHIN_BECK"], ["ANSWERED", "LESS", "MISSING"])
    assert person_rows(page) == [
        ["AID_SCHISTOSOMIASIS", "ANSWERED", f"{SAFE}01", "5000.00"],
        ["AID_SCHISTOSOMIASIS", "LESS", f"{SAFE}02", "1000.00"],
        ["AID_KASHIN_BECK", "ANSWERED", f"{SAFE}03", None],
        ["AID_SCHISTOSOMIASIS", "MISSING", f"{SAFE}04", "0.00"],
    ]
    assert [len(row["measures"]) for row in page["nodes"]] == [2, 1, 1, 0]


def test_what_is_taken_up_on_demand_is_for_all_and_lacking_to_none(register: GraphQLApi) -> None:
    free = ask(register, SECOND, ["FREE_CONSULTATION"], None)
    assert (free["nodes"], free["eligibleCount"]) == ([], len(FEW))
    # Births: women of 15 to 49; the woman of unknown age is not counted.
    births = ask(register, SECOND, ["FREE_DELIVERY"], ["AVAILABLE"])
    assert [row["person"]["personNo"] for row in births["nodes"]] == [f"{SCHOOL}01", f"{SAFE}01"]
    assert births["eligibleCount"] == 2
    loans = ask(register, SECOND, ["MICRO_CREDIT"], ["AVAILABLE"])
    assert [row["household"]["cardNo"] for row in loans["nodes"]] == [SCHOOL, HOLLOW, GUARDED]
    assert loans["eligibleCount"] == 4


def test_of_several_that_fit_the_one_whose_amount_it_is(filled: Store) -> None:
    """Check two policies of the owner with the same word: an amount equal to one of them answers that one, any other answers both."""
    policies: list[dict[str, Any]] = [
        {
            "name": name, "person": True, "needs": ["REGISTERED"], "illness": [], "telling": [],
            "common": [{"kind": "HEALTH", "word": "血吸虫"}],
            "amount": fen, "standard": fen, "demand": True, "recorded": None,
        }
        for name, fen in (("SMALL", 100_000), ("LARGE", 400_000))
    ]  # fmt: skip
    viewing = QueryScope.resolve(filled, SECOND)
    parameters = statement_parameters(
        viewing, POLICY_GAPS, {"answers": ["ANSWERED", "LESS"]}, POLICY_GAPS.statement_name
    )
    overrides = {"policies": policies, "names": [policy["name"] for policy in policies], "positions": [0, 1]}
    rows = filled.query(POLICY_GAPS.statement_name, **{**parameters, **overrides}, after=POLICY_GAPS.start_key, limit=9)
    column_index = POLICY_GAPS.column_index
    assert [
        [row[column_index("person")], row[column_index("policy")], row[column_index("answer")]] for row in rows
    ] == [
        [f"{SAFE}01", "SMALL", "ANSWERED"],
        [f"{SAFE}01", "LARGE", "ANSWERED"],
        [f"{SAFE}02", "SMALL", "ANSWERED"],
    ]


def test_who_is_ill_and_not_insured_or_aided(register: GraphQLApi) -> None:
    """Check that either insurance answers, by record or by measure; a blank record or an unspecified illness is left open."""
    page = ask(
        register, THIRD, ["FREE_INSURANCE", "MEDICAL_AID", "INSURED_ILL"], ["ANSWERED", "LESS", "MISSING", "UNDUE"]
    )
    assert [[policy, answer, person[-2:], received] for policy, answer, person, received in person_rows(page)] == [
        ["FREE_INSURANCE", "ANSWERED", "01", None],
        ["MEDICAL_AID", "ANSWERED", "01", None],
        ["INSURED_ILL", "ANSWERED", "01", None],
        ["FREE_INSURANCE", "ANSWERED", "02", None],
        ["MEDICAL_AID", "MISSING", "02", "0.00"],
        ["INSURED_ILL", "ANSWERED", "02", None],
        ["FREE_INSURANCE", "MISSING", "03", "0.00"],
        ["MEDICAL_AID", "UNDUE", "03", "100.00"],
        ["FREE_INSURANCE", "MISSING", "04", "0.00"],
        ["INSURED_ILL", "MISSING", "04", "0.00"],
        ["FREE_INSURANCE", "ANSWERED", "07", "180.00"],
        ["FREE_INSURANCE", "ANSWERED", "08", "180.00"],
        ["MEDICAL_AID", "ANSWERED", "08", "3000.00"],
        ["INSURED_ILL", "ANSWERED", "08", "180.00"],
    ]
    assert page["eligibleCount"] == len(page["nodes"])
    assert page["nodes"][2]["recorded"] == [{"personNo": f"{PATIENTS}01"}]


def test_livestock_that_is_lent_or_entrusted_answers(register: GraphQLApi) -> None:
    """Check that a link with the operator answers while it lasts. Low income by a record alone is UNDUE where another kind is recorded."""
    codes = ["LOW_INCOME", "LIVESTOCK_LENDING", "ENTRUSTED_RAISING"]
    page = ask(register, THIRD, codes, ["ANSWERED", "UNDUE", "MISSING", "AVAILABLE"])
    assert [[row["household"]["cardNo"], row["policy"], row["answer"]] for row in page["nodes"]] == [
        [PATIENTS, "LIVESTOCK_LENDING", "AVAILABLE"],
        [PATIENTS, "ENTRUSTED_RAISING", "AVAILABLE"],
        [LENT, "LIVESTOCK_LENDING", "ANSWERED"],
        [LENT, "ENTRUSTED_RAISING", "AVAILABLE"],
        [BACK, "LOW_INCOME", "UNDUE"],
        [BACK, "LIVESTOCK_LENDING", "AVAILABLE"],
        [BACK, "ENTRUSTED_RAISING", "AVAILABLE"],
        [ENTRUSTING, "LOW_INCOME", "ANSWERED"],
        [ENTRUSTING, "LIVESTOCK_LENDING", "AVAILABLE"],
        [ENTRUSTING, "ENTRUSTED_RAISING", "ANSWERED"],
    ]
    undue = page["nodes"][4]
    assert (undue["measures"], undue["recorded"]) == ([], [{"personNo": f"{BACK}01"}])


PARTS = ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出")
DUE: list[tuple[str | None, int | None, str | None, bool, str | None]] = [
    # kind, wages of two persons (the line of 2016 is 5,904 yuan for two), labour of the second, has low income → answer
    ("一般贫困户", 5903, "无劳动力", False, "MISSING"),
    ("一般贫困户", 5903, "无劳动力", True, "ANSWERED"),
    (None, 5903, "丧失劳动力", False, "MISSING"),
    ("一般贫困户", 5904, "无劳动力", False, None),
    ("一般贫困户", 5903, "弱劳动力", True, "UNDUE"),
    ("一般贫困户", None, "无劳动力", True, None),
    ("一般贫困户", None, "普通劳动力", True, "UNDUE"),
    ("一般贫困户", 5904, None, True, "UNDUE"),
    ("一般贫困户", 5903, None, False, None),
    ("五保贫困户", 5903, "无劳动力", False, None),
    ("低保贫困户", 9000, "普通劳动力", False, "MISSING"),
]


def test_low_income_is_due_below_the_line_where_nobody_can_work(empty: Store, tmp_path: Path) -> None:
    card_numbers = [f"{FIRST}{index:04}" for index in range(len(DUE))]
    cases = list(zip(card_numbers, DUE, strict=True))
    cards: list[list[object]] = [
        [card, FIRST, "某", "未脱贫", case[0], 2, 2016, case[1], 0, 0, 0, 0] for card, case in cases
    ]
    heads: list[list[object]] = [[f"{card}01", card, "某", "丧失劳动力", 2016] for card in card_numbers]
    second_members: list[list[object]] = [[f"{card}02", card, "某", case[2], 2016] for card, case in cases]
    measures: list[list[object]] = [[card, None, "综合保障", "低保", YEAR] for card, case in cases if case[3]]
    sheets: Sheets = {
        "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "贫困户属性", "家庭人口数", "年度", *PARTS], *cards],
        "家庭成员": [["人口编号", "户编号", "姓名", "劳动技能", "年度"], *heads, *second_members],
        "帮扶措施": [["户编号", "人口编号", "措施类别", "项目内容", "开始时间"], *measures],
    }
    assert import_files(empty, [workbook(sheets, tmp_path / "register.xlsx")]).remarks == []
    page = ask(local_api(empty), FIRST, ["LOW_INCOME"], ["ANSWERED", "UNDUE", "MISSING"])
    answers = {row["household"]["cardNo"]: row["answer"] for row in page["nodes"]}
    assert answers == {card: case[4] for card, case in cases if case[4]}
