"""Later deliveries: they correct the values they contain and nothing else, whatever their sheets leave out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.change_request import ChangeRequest
from graph_service.core.query_scope import QueryScope
from graph_service.features.coverage.assignments import record_visit
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests.county import Sheets
from tests.features.imports.test_import import HOUSEHOLD, VILLAGE, register, small, told
from tests.gaps import coverage_gaps, coverage_summary

__all__ = ["small"]
OTHER_VILLAGE = "513431101200"
USCC = ("91513431MA6YYYYY01", "91513431MA6YYYYY02")


def relationship_ends(store: Store, pattern: str) -> list[list[Any]]:
    """Return the keys of both ends of the relationships in force that match a pattern `(a)-[r…]->(b)`."""
    keys = ", ".join(
        f"coalesce({v}.card_no, {v}.measure_no, {v}.department_no, {v}.uscc, {v}.asset_no, {v}.code, {v}.cadre_no)"
        for v in "ab"
    )
    return store.query_text(f"MATCH {pattern} WHERE r.superseded > 1000 RETURN {keys}", {})


def changes(report: ImportReport) -> dict[str, int]:
    return {sheet: counts["changed"] for sheet, counts in report.records.items() if counts.get("changed")}


def measures(ends: date | None = None, department: str = "BM1", money: int = 100) -> Sheets:
    return register() | {
        "帮扶部门": [["部门编号", "部门名称"], ["BM1", "某局"], ["BM2", "某厅"]],
        "帮扶措施": [
            ["户编号", "措施类别", "项目内容", "开始时间", "结束时间", "实施单位", "金额"],
            [HOUSEHOLD, "产业", "养羊", date(2016, 1, 1), ends, department, money],
        ],
    }


def test_a_corrected_measure_keeps_who_receives_and_who_gives_it(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(measures(), "a.xlsx")])
    assert changes(import_files(empty, [small(measures(ends=date(2016, 12, 1)), "b.xlsx")])) == {"帮扶措施": 1}
    assert len(relationship_ends(empty, "(a:Household)-[r:RECEIVES]->(b:Measure)")) == 1
    assert [row[0] for row in relationship_ends(empty, "(a)-[r:IMPLEMENTS]->(b:Measure)")] == ["BM1"]
    assert import_files(empty, [small(measures(ends=date(2016, 12, 1)), "c.xlsx")]).changed == 0


def test_another_giver_replaces_the_first(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(measures(), "a.xlsx")])
    assert changes(import_files(empty, [small(measures(department="BM2"), "b.xlsx")])) == {"帮扶措施": 1}
    assert [row[0] for row in relationship_ends(empty, "(a)-[r:IMPLEMENTS]->(b:Measure)")] == ["BM2"]


def test_an_operator_of_another_kind_replaces_the_first(empty: Store, small: Callable[..., Path]) -> None:
    def sheets(operator: str) -> Sheets:
        return register() | {
            "经营主体": [["统一社会信用代码", "名称", "类型"], [USCC[0], "甲", "企业"], [USCC[1], "乙", "合作社"]],
            "项目": [["项目编号", "项目名称", "村编码"], ["XM1", "某项目", VILLAGE]],
            "资产": [
                ["资产编号", "资产名称", "项目编号", "村编码", "经营主体"],
                ["ZC1", "某资产", "XM1", VILLAGE, operator],
            ],
        }

    import_files(empty, [small(sheets(USCC[0]), "a.xlsx")])
    assert changes(import_files(empty, [small(sheets(USCC[1]), "b.xlsx")])) == {"资产": 1}
    assert relationship_ends(empty, "(a)-[r:OPERATES]->(b:Asset)") == [[USCC[1], "ZC1"]]


@pytest.mark.parametrize("order", [(2016, 2017), (2017, 2016)])
def test_cards_of_two_years_in_two_files(
    empty: Store, small: Callable[..., Path], tmp_path: Path, order: tuple[int, int]
) -> None:
    """Check that a household's poverty follows from all cards, in whatever order and batch they come."""
    folder = tmp_path / "delivery"
    folder.mkdir()
    rest = register()
    head, row = rest.pop("贫困户")
    status = {2016: ("未脱贫", None), 2017: ("已脱贫", 2017)}
    for index, year in enumerate(order):
        sheet = {"贫困户": [head, [*row[:3], *status[year], "因病", year]]}
        small(sheet, f"{index}.xlsx").rename(folder / f"{index}.xlsx")
    small(rest, "rest.xlsx").rename(folder / "rest.xlsx")
    report = import_files(empty, [folder])
    spans = empty.query_text("MATCH (:Household)-[r:POOR_IN]->() WHERE r.superseded > 1000 RETURN r.since, r.until", {})
    assert spans == [[20160101, 20171230]]
    assert report.day == 20171231
    before = graph_hash(empty)
    assert import_files(empty, [folder]).changed == 0
    assert graph_hash(empty) == before


def test_poverty_moves_with_the_household(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    moved_register = register()
    moved_register["贫困户"][1][1] = OTHER_VILLAGE
    assert changes(import_files(empty, [small(moved_register, "b.xlsx")])) == {"贫困户": 1}
    assert relationship_ends(empty, "(a)-[r:POOR_IN]->(b)") == [[HOUSEHOLD, OTHER_VILLAGE]]
    eligible_by_area = {
        s.area: s.eligible
        for s in coverage_summary(empty, QueryScope.resolve(empty, "513431"), by="VILLAGE", duties=["HELPER"])
    }
    assert eligible_by_area == {OTHER_VILLAGE: 1}


def test_a_column_that_is_not_there_says_nothing(empty: Store, small: Callable[..., Path]) -> None:
    """Check that a blank cell removes a value and that a missing column keeps it."""
    import_files(empty, [small(register(helper_ends=date(2016, 3, 1), left_on=date(2016, 5, 2)), "a.xlsx")])
    before = told(empty)
    partial_sheets: Sheets = {
        "贫困户": [["户编号", "村编码", "户主姓名", "年度"], [HOUSEHOLD, VILLAGE, "某甲", 2016]],
        "帮扶干部": [["干部编号", "姓名"], ["GB1", "某乙"]],
        "结对帮扶": [["干部编号", "户编号", "开始时间"], ["GB1", HOUSEHOLD, date(2015, 1, 1)]],
    }
    assert import_files(empty, [small(partial_sheets, "b.xlsx")]).changed == 0
    partial_sheets["贫困户"][1][2] = "某丙"
    assert changes(import_files(empty, [small(partial_sheets, "c.xlsx")])) == {"贫困户": 1}
    assert told(empty) == before
    blanked_register = register(helper_ends=date(2016, 3, 1))
    assert changes(import_files(empty, [small(blanked_register, "d.xlsx")])) == {"贫困户": 1, "帮扶干部": 1}


def test_a_sheet_by_its_name_is_never_another(empty: Store, small: Callable[..., Path]) -> None:
    sheets = register()
    sheets["走访记录"][0][2] = "走访日"
    report = import_files(empty, [small(sheets)])
    assert [(part.sheet, part.code, part.value, part.count) for part in report.left_out] == [
        ("走访记录", "COLUMN_MISSING", "走访日期", 1)
    ]
    assert report.lacking
    assert relationship_ends(empty, "(a)-[r:HELPS]->(b)") == [["GB1", HOUSEHOLD]]
    assert [g.reason for g in coverage_gaps(empty, QueryScope.resolve(empty, VILLAGE), duties=["VISIT"]).rows] == [
        "NO_RECENT_VISIT"
    ]


def test_kin_of_nobody_is_refused(empty: Store, small: Callable[..., Path]) -> None:
    sheets = register()
    sheets["关系人"] = [["姓名", "干部编号", "关系"], ["某戊", "GB9", "配偶"], ["某己", "GB1", "本人"]]
    report = import_files(empty, [small(sheets)])
    assert [(r.row, r.column, r.code) for r in report.remarks] == [(2, "干部编号", "REFERENCE_UNKNOWN")]
    assert import_files(empty, [small(sheets)]).changed == 0


def test_a_late_older_collection_never_changes_anything_silently(empty: Store, small: Callable[..., Path]) -> None:
    """Check a value that a later collection confirmed unchanged: it is recorded under the number of the first one."""
    import_files(empty, [small(register(), "2015.xlsx")], day=20151231)
    import_files(
        empty,
        [small(register() | {"帮扶部门": [["部门编号", "部门名称"], ["BM1", "某局"]]}, "2017.xlsx")],
        day=20171231,
    )
    late_report = import_files(empty, [small(register(cause="因残"), "2016.xlsx")], day=20161231)
    assert [(r.sheet, r.row, r.code) for r in late_report.remarks] == [("贫困户", 2, "CHANGED_BY_OLDER")]
    # Queries still refer to the day of the latest collection.
    assert QueryScope.resolve(empty, VILLAGE).as_of == 20171231


def test_the_day_of_a_delivery(empty: Store, small: Callable[..., Path]) -> None:
    """Check that the day is that of the cards, future years being mistakes; without cards, that of the last collection."""
    sheets = register()
    sheets["贫困户"].append(["5134311002000002", VILLAGE, "某丙", "未脱贫", None, "因病", 2106])
    assert import_files(empty, [small(sheets, "a.xlsx")]).day == 20161231
    helpers = {"结对帮扶": register(helper_ends=date(2016, 3, 1))["结对帮扶"]}
    assert import_files(empty, [small(helpers, "b.xlsx")]).day == 20161231


def test_what_is_corrected_after_a_change_is_no_older_collection(empty: Store, small: Callable[..., Path]) -> None:
    import_files(empty, [small(register(), "a.xlsx")])
    record_visit(empty, ChangeRequest("k1", "", ("",)), "GB1", HOUSEHOLD, 20170105, None)
    report = import_files(empty, [small(register(cause="因残"), "b.xlsx")])
    assert (report.changed, report.remarks) == (1, [])
