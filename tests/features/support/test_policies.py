"""Policies: 十免四补助 with their amounts, stages of school, low income, housing: who qualifies, who has it and how much, of whom it is not known."""

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
# In the second village: school and what is known of it; unsafe and on low income, in name only; safe, relocated, paid in parts.
SCHOOL, HOLLOW, SAFE, GUARDED = (f"{SECOND}000{at}" for at in range(1, 5))
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
# In the third: what is answered by records and links. Insurance of either kind, medical aid; livestock that is lent, went back, is entrusted.
THIRD = "513431102200"
PATIENTS, LENT, BACK, ENTRUSTING = (f"{THIRD}000{at}" for at in range(1, 5))
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
        *([f"{PATIENTS}{number}", PATIENTS, "某", "男", date(1980, 1, 1), "非在校生", health, illness, "否", 2016, *said] for number, health, illness, *said in CARE),
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
    return GraphQLApi(filled)


def ask(api: GraphQLApi, area: str, policies: list[str], answers: list[str] | None) -> dict[str, Any]:
    query = """query($area: AreaScope!, $policies: [PolicyCode!], $answers: [PolicyAnswer!]) { found: policyGaps(area: $area, policies: $policies, answers: $answers) {
      totalCount eligibleCount nodes { policy answer household { cardNo } person { personNo } amount given standard measures { measureNo } recorded { personNo } } } }"""
    given = {"area": {"code": area}, "policies": policies, "answers": answers}
    body = api.execute(GraphQLRequest(query, variables=given)).body()
    assert "errors" not in body, body["errors"]
    found: dict[str, Any] = body["data"]["found"]
    assert found["totalCount"] == len(found["nodes"])
    return found


def told(api: GraphQLApi, policies: list[str], answers: list[str]) -> list[list[Any]]:
    """What is told of the first village."""
    found = ask(api, FIRST, policies, answers)
    return [[one["policy"], one["person"]["personNo"], one["amount"]] for one in found["nodes"]]


def of_persons(found: dict[str, Any]) -> list[list[Any]]:
    return [[one["policy"], one["answer"], one["person"]["personNo"], one["given"]] for one in found["nodes"]]


def test_four_subsidies_with_their_amounts(register: GraphQLApi) -> None:
    wanted = [
        ["AID_ECHINOCOCCOSIS", "01", "25000.00"],
        ["AID_DISABLED_CHILD", "02", "30000.00"],
        ["AID_SCHISTOSOMIASIS", "04", "5000.00"],
        ["AID_KASHIN_BECK", "05", "120.00"],
    ]
    assert told(register, AIDS, ["MISSING"]) == [[code, f"{ILL}{who}", amount] for code, who, amount in wanted]
    # A fen less than the standard is less; of an amount that is not known it is not said.
    enough, less = [wanted[0], wanted[1], wanted[3]], [wanted[2]]
    assert told(register, AIDS, ["ANSWERED"]) == [[code, f"{GIVEN}{who}", amount] for code, who, amount in enough]
    assert told(register, AIDS, ["LESS"]) == [[code, f"{GIVEN}{who}", amount] for code, who, amount in less]


def test_who_has_it_and_does_not_qualify(register: GraphQLApi) -> None:
    """The healthy do not; of one who is ill of something that is not told it is not known."""
    assert told(register, AIDS, ["UNDUE"]) == [["AID_KASHIN_BECK", f"{GIVEN}06", "120.00"]]


def test_stages_of_school(register: GraphQLApi) -> None:
    assert told(register, STAGES, ["MISSING"]) == [["EDU_VOCATIONAL", f"{card}07", None] for card in (ILL, GIVEN)]


def test_words_of_several_policies_are_of_the_one_that_fits(register: GraphQLApi) -> None:
    """Of the person's stage; where none fits, undue once; where the stage is not known, nothing; words and policies that tell it go before."""
    assert of_persons(ask(register, SECOND, STAGES, ["ANSWERED", "UNDUE", "MISSING"])) == [
        ["EDU_SENIOR", "ANSWERED", f"{SCHOOL}01", "2000.00"],
        ["EDU_COMPULSORY", "ANSWERED", f"{SCHOOL}02", "1000.00"],
        ["EDU_PRESCHOOL", "UNDUE", f"{SCHOOL}03", "900.00"],
        ["EDU_COMPULSORY", "MISSING", f"{SCHOOL}05", "0.00"],
        ["EDU_SENIOR", "UNDUE", f"{SCHOOL}05", "700.00"],
        ["EDU_VOCATIONAL", "MISSING", f"{SCHOOL}06", "0.00"],
        ["EDU_COLLEGE", "UNDUE", f"{SCHOOL}06", "600.00"],
    ]
    # Asked for alone, each is what it is among all.
    assert ask(register, SECOND, ["EDU_COMPULSORY"], ["UNDUE"])["nodes"] == []


def test_households(register: GraphQLApi) -> None:
    """What a member has answers; what is in name only, or has ended, does not; relocation is nothing undue in a safe house, its repair is."""
    found = ask(register, SECOND, HOUSES, ["ANSWERED", "UNDUE", "MISSING", "LESS"])
    keys = ("policy", "answer", "given", "standard", "amount")
    assert [[one["household"]["cardNo"], *(one[key] for key in keys)] for one in found["nodes"]] == [
        [SCHOOL, "LOW_INCOME", "ANSWERED", None, None, None],
        [SCHOOL, "UNSAFE_HOUSE", "ANSWERED", "30000.00", None, None],
        [HOLLOW, "LOW_INCOME", "MISSING", "0.00", None, None],
        [HOLLOW, "UNSAFE_HOUSE", "MISSING", "0.00", None, None],
        [SAFE, "MICRO_CREDIT", "ANSWERED", "30000.00", None, "50000.00"],
        [SAFE, "RELOCATION", "LESS", "15000.00", "20000.00", None],
        [GUARDED, "UNSAFE_HOUSE", "UNDUE", "8000.00", None, None],
    ]
    first = found["nodes"][0]
    assert (first["measures"], first["recorded"]) == ([], [{"personNo": f"{SCHOOL}01"}])


def test_what_is_given_in_the_year(register: GraphQLApi) -> None:
    """Parts are added, of the year alone; of one who has had it in the year before it is missing."""
    found = ask(register, SECOND, ["AID_SCHISTOSOMIASIS", "AID_KASHIN_BECK"], ["ANSWERED", "LESS", "MISSING"])
    assert of_persons(found) == [
        ["AID_SCHISTOSOMIASIS", "ANSWERED", f"{SAFE}01", "5000.00"],
        ["AID_SCHISTOSOMIASIS", "LESS", f"{SAFE}02", "1000.00"],
        ["AID_KASHIN_BECK", "ANSWERED", f"{SAFE}03", None],
        ["AID_SCHISTOSOMIASIS", "MISSING", f"{SAFE}04", "0.00"],
    ]
    assert [len(one["measures"]) for one in found["nodes"]] == [2, 1, 1, 0]


def test_what_is_taken_up_on_demand_is_for_all_and_lacking_to_none(register: GraphQLApi) -> None:
    free = ask(register, SECOND, ["FREE_CONSULTATION"], None)
    assert (free["nodes"], free["eligibleCount"]) == ([], len(FEW))
    # Births: of women of 15 to 49; the one whose age is not known is not counted.
    births = ask(register, SECOND, ["FREE_DELIVERY"], ["AVAILABLE"])
    assert [one["person"]["personNo"] for one in births["nodes"]] == [f"{SCHOOL}01", f"{SAFE}01"]
    assert births["eligibleCount"] == 2
    loans = ask(register, SECOND, ["MICRO_CREDIT"], ["AVAILABLE"])
    assert [one["household"]["cardNo"] for one in loans["nodes"]] == [SCHOOL, HOLLOW, GUARDED]
    assert loans["eligibleCount"] == 4


def test_of_several_that_fit_the_one_whose_amount_it_is(filled: Store) -> None:
    """Two policies of the owner's own with the same word: an amount of either is of that one, another one is of both."""
    both: list[dict[str, Any]] = [
        {
            "name": name, "person": True, "needs": ["REGISTERED"], "illness": [], "telling": [], "common": [["HEALTH", "血吸虫"]],
            "amount": fen, "standard": fen, "demand": True, "recorded": None,
        }
        for name, fen in (("SMALL", 100_000), ("LARGE", 400_000))
    ]  # fmt: skip
    viewing = QueryScope.resolve(filled, SECOND)
    asked = statement_parameters(viewing, POLICY_GAPS, {"answers": ["ANSWERED", "LESS"]}, POLICY_GAPS.statement_name)
    own = {"policies": both, "names": [one["name"] for one in both], "positions": [0, 1]}
    rows = filled.query(POLICY_GAPS.statement_name, **{**asked, **own}, after=POLICY_GAPS.start_key, limit=9)
    place = POLICY_GAPS.column_index
    assert [[row[place("person")], row[place("policy")], row[place("answer")]] for row in rows] == [
        [f"{SAFE}01", "SMALL", "ANSWERED"],
        [f"{SAFE}01", "LARGE", "ANSWERED"],
        [f"{SAFE}02", "SMALL", "ANSWERED"],
    ]


def test_who_is_ill_and_not_insured_or_aided(register: GraphQLApi) -> None:
    """Either insurance will do; what the record says, or a measure; of whom the record is blank, or how ill is not told, it is not known."""
    found = ask(
        register, THIRD, ["FREE_INSURANCE", "MEDICAL_AID", "INSURED_ILL"], ["ANSWERED", "LESS", "MISSING", "UNDUE"]
    )
    assert [[policy, answer, person[-2:], given] for policy, answer, person, given in of_persons(found)] == [
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
    assert found["eligibleCount"] == len(found["nodes"])
    assert found["nodes"][2]["recorded"] == [{"personNo": f"{PATIENTS}01"}]


def test_livestock_that_is_lent_or_entrusted_answers(register: GraphQLApi) -> None:
    """By the link with the operator, while it holds. Low income by a record alone is undue where the kind is known to be another."""
    asked = ["LOW_INCOME", "LIVESTOCK_LENDING", "ENTRUSTED_RAISING"]
    found = ask(register, THIRD, asked, ["ANSWERED", "UNDUE", "MISSING", "AVAILABLE"])
    assert [[one["household"]["cardNo"], one["policy"], one["answer"]] for one in found["nodes"]] == [
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
    undue = found["nodes"][4]
    assert (undue["measures"], undue["recorded"]) == ([], [{"personNo": f"{BACK}01"}])


PARTS = ("工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出")
DUE: list[tuple[str | None, int | None, str | None, bool, str | None]] = [
    # kind, wages of two persons (the line of 2016 is 5,904 yuan for two), the second one's labour, given low income → answer
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
    numbers = [f"{FIRST}{at:04}" for at in range(len(DUE))]
    cases = list(zip(numbers, DUE, strict=True))
    cards: list[list[object]] = [[n, FIRST, "某", "未脱贫", one[0], 2, 2016, one[1], 0, 0, 0, 0] for n, one in cases]
    heads: list[list[object]] = [[f"{n}01", n, "某", "丧失劳动力", 2016] for n in numbers]
    others: list[list[object]] = [[f"{n}02", n, "某", one[2], 2016] for n, one in cases]
    measures: list[list[object]] = [[n, None, "综合保障", "低保", YEAR] for n, one in cases if one[3]]
    sheets: Sheets = {
        "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "贫困户属性", "家庭人口数", "年度", *PARTS], *cards],
        "家庭成员": [["人口编号", "户编号", "姓名", "劳动技能", "年度"], *heads, *others],
        "帮扶措施": [["户编号", "人口编号", "措施类别", "项目内容", "开始时间"], *measures],
    }
    assert import_files(empty, [workbook(sheets, tmp_path / "register.xlsx")]).remarks == []
    found = ask(GraphQLApi(empty), FIRST, ["LOW_INCOME"], ["ANSWERED", "UNDUE", "MISSING"])
    answers = {one["household"]["cardNo"]: one["answer"] for one in found["nodes"]}
    assert answers == {n: one[4] for n, one in cases if one[4]}
