"""A village that has exited stays a poor village for its duties, and so does the one into which it is merged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api
from tests.county import FIRST, MERGED, SECOND, Sheets, workbook

SHEETS: Sheets = {
    "行政村": [
        ["村编码", "村名", "是否贫困村", "年度", "出列年度"],
        [FIRST, "一村", "是", 2016, 2015], [SECOND, "二村", "否", 2016, None], [MERGED, "旧村", "是", 2016, 2015],
    ],
    "区划调整": [["原区划代码", "现区划代码", "合并日期"], [MERGED, SECOND, date(2016, 7, 1)]],
}  # fmt: skip
POOR_VILLAGE_DUTIES = ["COUNTY_LEADER", "HELPING_DEPARTMENT", "RESIDENT_TEAM", "FIRST_SECRETARY", "AGRI_TECHNICIAN"]


def test_duties_go_on_after_the_exit_of_a_village_and_after_its_merger(empty: Store, tmp_path: Path) -> None:
    import_files(empty, [workbook(SHEETS, tmp_path / "register.xlsx")], day=20161231)

    def duties_by_village(day: str) -> dict[str, list[str]]:
        query = f'{{ coverageGaps(area: {{code: "513431"}}, asOf: "{day}") {{ totalCount nodes {{ duty village {{ code }} }} }} }}'
        body: dict[str, Any] = local_api(empty).execute(GraphQLRequest(query)).body()
        assert "errors" not in body, body["errors"]
        duties: dict[str, list[str]] = {}
        for node in body["data"]["coverageGaps"]["nodes"]:
            duties.setdefault(node["village"]["code"], []).append(node["duty"])
        return duties

    # The first village exited on 31 December 2015, and so did the merged one.
    assert duties_by_village("2015-12-30") == dict.fromkeys((FIRST, MERGED), POOR_VILLAGE_DUTIES)
    assert duties_by_village("2016-06-30") == dict.fromkeys((FIRST, MERGED), POOR_VILLAGE_DUTIES)
    assert duties_by_village("2016-07-01") == dict.fromkeys((FIRST, SECOND), POOR_VILLAGE_DUTIES)
