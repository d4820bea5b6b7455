"""Reach of special plans and batches: by the name in the policy or the kind of the measure, each measure and its amount once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.conftest import emptied
from tests.county import FIRST, SECOND, Sheets, workbook

FORMER, PRESENT = f"{FIRST}0001", f"{SECOND}0001"
MOVED = f"{FORMER}02"
"""A person who lived in the first household in 2015 and lives in the second one since 2016."""
BEGUN = date(2015, 1, 1)
NAMES = {
    # text of the policy: kind of the measure, plan
    "业": ("健康", "HEALTH"),
    "社会": ("产业", "SOCIAL_ASSISTANCE"),
    "社会保障扶贫": ("住房安全", "SOCIAL_SECURITY"),
    "建设": ("教育", "EDUCATION_EMPLOYMENT"),
    "文化": ("金融", "CULTURE"),
    "生态建设扶贫规划": ("基础设施", "ECOLOGY"),
}
CARDS = {text: f"{FIRST}01{index:02d}" for index, text in enumerate(NAMES)}
"""A household for each text, with one measure."""


def rows(*sheet_rows: list[Any]) -> list[list[object]]:
    return list(sheet_rows)


SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016], [SECOND, "二村", 2016]],
    "贫困户": [
        ["户编号", "村编码", "户主姓名", "脱贫属性", "年度"],
        [FORMER, FIRST, "某", "未脱贫", 2015], [PRESENT, SECOND, "某", "未脱贫", 2015],
        *rows(*([card, FIRST, "某", "未脱贫", 2015] for card in CARDS.values())),
    ],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "与户主关系", "年度"],
        [f"{FORMER}01", FORMER, "某", "户主", 2015], [MOVED, FORMER, "某", "女", 2015], [MOVED, PRESENT, "某", "儿媳", 2016],
    ],
    "政策": [["政策编号", "名称", "专项方案"], *rows(*([f"ZC{text}", text, text] for text in NAMES))],
    "帮扶措施": [
        ["户编号", "人口编号", "措施类别", "项目内容", "开始时间", "金额(元)", "政策编号"],
        [FORMER, MOVED, "社会帮扶", "慰问", BEGUN, 300, None],
        *rows(*([CARDS[text], None, kind, text, BEGUN, 100, f"ZC{text}"] for text, (kind, _) in NAMES.items())),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def api(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> GraphQLApi:
    emptied(spare)
    import_files(spare, [workbook(SHEETS, tmp_path_factory.mktemp("reach") / "register.xlsx")], day=20161231)
    return local_api(spare)


def reach(api: GraphQLApi, question: str, column: str, filters: str = "", day: str = "2016-12-31") -> dict[Any, Any]:
    """Return measures, households, persons and amount by area and plan, without those that reach nobody."""
    query = f"""{{ reach: {question}(area: {{code: "513431"}}, asOf: "{day}", first: 100, {filters} blank: false) {{
      totalCount nodes {{ area {{ code }} {column} measures households persons amount }} }} }}"""
    body = api.execute(GraphQLRequest(query)).body()
    assert "errors" not in body, body["errors"]
    answer = body["data"]["reach"]
    figures = {(row.pop("area")["code"], row.pop(column)): list(row.values()) for row in answer["nodes"]}
    assert answer["totalCount"] == len(figures)
    return figures


def test_a_policy_names_its_plan_only_where_its_text_tells_one(api: GraphQLApi) -> None:
    """Check a text of one character, one that is a plan's name and a part of another's, and one that is a part of two names."""
    figures = reach(api, "planReach", "plan", "by: VILLAGE,")
    household_counts = {plan: row[1] for (code, plan), row in figures.items() if code == FIRST}
    # The measure of the member who left belongs to the last of these by its kind.
    assert household_counts == {plan: 1 for _, plan in NAMES.values()} | {"SOCIAL_ASSISTANCE": 2}


def test_the_measure_of_a_member_who_left_stays_the_households(api: GraphQLApi) -> None:
    """Check that it counts for the household to which it was given, and for the person where the person lives."""
    plan = "SOCIAL_ASSISTANCE"
    former = reach(api, "planReach", "plan", f"plans: [{plan}], by: VILLAGE,", "2015-12-31")
    assert former == {(FIRST, plan): [2, 2, 1, "400.00"]}
    present = reach(api, "planReach", "plan", f"plans: [{plan}], by: VILLAGE,")
    assert present == {(FIRST, plan): [2, 2, 0, "400.00"], (SECOND, plan): [1, 1, 1, "300.00"]}
    assert reach(api, "planReach", "plan", f"plans: [{plan}], by: COUNTY,") == {("513431", plan): [2, 3, 1, "400.00"]}


def test_batches_count_the_same(api: GraphQLApi) -> None:
    batch = "LOW_INCOME_SECURITY"
    figures = reach(api, "batchReach", "batch", f"batches: [{batch}], by: COUNTY,")
    assert figures == {("513431", batch): [1, 2, 1, "300.00"]}
