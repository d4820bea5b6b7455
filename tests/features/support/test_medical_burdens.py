"""Medical burdens: one row for each patient, in the household to which the person belongs on the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FIRST, Sheets, workbook

FORMER, PRESENT = f"{FIRST}0001", f"{FIRST}0002"
PATIENT = f"{FORMER}02"
"""A person who lived in the first household in 2015 and lives in the second one, of the same village, since 2016."""
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
    "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], [FORMER, FIRST, "某", "未脱贫", 2015], [PRESENT, FIRST, "某", "未脱贫", 2015]],
    "家庭成员": [
        ["人口编号", "户编号", "姓名", "与户主关系", "年度"],
        [f"{FORMER}01", FORMER, "某", "户主", 2015], [PATIENT, FORMER, "某", "女", 2015], [PATIENT, PRESENT, "某", "儿媳", 2016],
    ],
    "医疗费用": [
        ["人口编号", "就诊日期", "总费用(元)", "报销金额(元)", "自付金额(元)"],
        [PATIENT, date(2015, 4, 1), 1000, 500, 500], [PATIENT, date(2016, 4, 1), 2000, 1000, 1000], [PATIENT, date(2016, 5, 1), 500, 0, 500],
    ],
}  # fmt: skip
QUERY = """query($day: Date) { found: medicalBurdens(purpose: "核对", area: {code: "513431"}, asOf: $day, all: true) {
  totalCount eligibleCount nodes { household { cardNo } person { personNo } bills own } } }"""


def test_a_patient_who_changed_households_is_listed_and_counted_once(empty: Store, tmp_path: Path) -> None:
    import_files(empty, [workbook(SHEETS, tmp_path / "register.xlsx")], day=20161231)
    for day, card, bills, own in (("2015-12-31", FORMER, 1, "500.00"), ("2016-12-31", PRESENT, 2, "1500.00")):
        body: dict[str, Any] = local_api(empty).execute(GraphQLRequest(QUERY, variables={"day": day})).body()
        assert "errors" not in body, body["errors"]
        row = {"household": {"cardNo": card}, "person": {"personNo": PATIENT}, "bills": bills, "own": own}
        assert body["data"]["found"] == {"totalCount": 1, "eligibleCount": 1, "nodes": [row]}
