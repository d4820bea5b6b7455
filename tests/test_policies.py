"""十免四补助: the four subsidies with their amounts, and stages of school: who qualifies, who has it, of whom it is not known."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph_service.api.execution import Graphql, Request
from graph_service.services.imports.run import run
from graph_service.store.graph import Store
from tests.conftest import emptied
from tests.county import FIRST, Sheets, workbook

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
CONTENTS = {
    "01": "包虫病手术补助",
    "02": "残疾儿童康复",
    "04": "血吸虫病救治",
    "05": "大骨节病对症治疗",
    "06": "大骨节病对症治疗",
}
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([card, FIRST, "某", "未脱贫", 2016] for card in (ILL, GIVEN))],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "出生日期", "在校生状况", "健康状况", "患病名称", "年度"],
        *([f"{card}{number}", card, "某", *facts, 2016] for card in (ILL, GIVEN) for number, *facts in MEMBERS),
    ],
    "帮扶措施": [
        ["户编号", "人口编号", "措施类别", "项目内容", "金额(元)", "开始时间"],
        *([GIVEN, f"{GIVEN}{number}", "健康", content, 100, date(2016, 1, 1)] for number, content in CONTENTS.items()),
    ],
}  # fmt: skip
AIDS = ["AID_ECHINOCOCCOSIS", "AID_DISABLED_CHILD", "AID_SCHISTOSOMIASIS", "AID_KASHIN_BECK"]


@pytest.fixture(scope="module")
def register(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Graphql:
    emptied(spare)
    assert run(spare, [workbook(SHEETS, tmp_path_factory.mktemp("policies") / "register.xlsx")]).remarks == []
    return Graphql(spare)


def told(api: Graphql, policies: list[str], answers: list[str]) -> list[list[Any]]:
    query = """query($policies: [PolicyCode!], $answers: [PolicyAnswer!]) { found: policyGaps(area: {code: "513431"}, policies: $policies, answers: $answers) {
      totalCount nodes { policy answer person { personNo } amount } } }"""
    body = api.execute(Request(query, variables={"policies": policies, "answers": answers})).body()
    assert "errors" not in body, body["errors"]
    found = body["data"]["found"]
    assert found["totalCount"] == len(found["nodes"])
    return [[one["policy"], one["person"]["personNo"], one["amount"]] for one in found["nodes"]]


def test_four_subsidies_with_their_amounts(register: Graphql) -> None:
    wanted = [
        ["AID_ECHINOCOCCOSIS", "01", "25000.00"],
        ["AID_DISABLED_CHILD", "02", "30000.00"],
        ["AID_SCHISTOSOMIASIS", "04", "5000.00"],
        ["AID_KASHIN_BECK", "05", "120.00"],
    ]
    assert told(register, AIDS, ["MISSING"]) == [[code, f"{ILL}{who}", amount] for code, who, amount in wanted]
    assert told(register, AIDS, ["ANSWERED"]) == [[code, f"{GIVEN}{who}", amount] for code, who, amount in wanted]


def test_who_has_it_and_does_not_qualify(register: Graphql) -> None:
    """The healthy do not; of one who is ill of something that is not told it is not known."""
    assert told(register, AIDS, ["UNDUE"]) == [["AID_KASHIN_BECK", f"{GIVEN}06", "120.00"]]


def test_stages_of_school(register: Graphql) -> None:
    stages = ["EDU_PRESCHOOL", "EDU_COMPULSORY", "EDU_SENIOR", "EDU_VOCATIONAL", "EDU_COLLEGE"]
    assert told(register, stages, ["MISSING"]) == [["EDU_VOCATIONAL", f"{card}07", None] for card in (ILL, GIVEN)]
