"""Persons who could work and have no work: public-welfare posts of a household, of one member, hollow, or ended."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FIRST, Sheets, workbook

OURS, MINE, NAMED, OVER, TRAINED, NONE = (f"{FIRST}000{index}" for index in range(1, 7))
CARDS = (OURS, MINE, NAMED, OVER, TRAINED, NONE)
YEAR = date(2016, 1, 1)
MEMBERS = ("01", "02")
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], *([card, FIRST, "某", "未脱贫", 2016] for card in CARDS)],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "性别", "出生日期", "在校生状况", "劳动技能", "务工月数", "年度"],
        *([f"{card}{member}", card, "某", "男", date(1980, 1, 1), "非在校生", "普通劳动力", 0, 2016] for card in CARDS for member in MEMBERS),
    ],
    "帮扶措施": [
        ["户编号", "人口编号", "措施类别", "项目内容", "开始时间", "结束时间"],
        [OURS, None, "公益性岗位", "护林员", YEAR, None],
        [MINE, f"{MINE}01", "公益性岗位", "保洁员", YEAR, None],
        [NAMED, None, "公益性岗位", "其他", YEAR, None],
        [OVER, None, "公益性岗位", "护林员", YEAR, date(2016, 12, 30)],
        [TRAINED, None, "就业", "技能培训", YEAR, None],
    ],
}  # fmt: skip
QUERY = """{ found: idleLabour(purpose: "核对", area: {code: "513431"}) { totalCount eligibleCount nodes { person { personNo } } } }"""


def test_a_post_of_the_household_is_work_of_its_members(empty: Store, tmp_path: Path) -> None:
    """Check that a post of a named member counts for that member only; a hollow or ended post, or another measure, is no work."""
    assert import_files(empty, [workbook(SHEETS, tmp_path / "labour.xlsx")]).remarks == []
    body = local_api(empty).execute(GraphQLRequest(QUERY)).body()
    assert "errors" not in body, body["errors"]
    page = body["data"]["found"]
    idle = [f"{MINE}02", *(f"{card}{member}" for card in (NAMED, OVER, TRAINED, NONE) for member in MEMBERS)]
    assert [row["person"]["personNo"] for row in page["nodes"]] == idle
    assert (page["totalCount"], page["eligibleCount"]) == (len(idle), len(CARDS) * len(MEMBERS))
