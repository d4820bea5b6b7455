"""Records without a number: different rows are several records, equal rows are one, corrections change the existing record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.county import FIRST, Sheets, workbook

CARD = "5134311002000001"
HEAD = ["户编号", "措施类别", "项目内容", "开始时间", "金额(元)", "实施单位", "政策编号", "资金编号", "结束时间"]
Row = list[object]
Deliver = Callable[..., ImportReport]


def measure(amount: int | None, unit: str | None = None, fund: str | None = None, ends: date | None = None) -> Row:
    return [CARD, "产业", "养羊", date(2016, 1, 1), amount, unit, None, fund, ends]


@pytest.fixture
def deliver(empty: Store, tmp_path: Path) -> Deliver:
    """Return a function that imports a workbook of one household and rows of a sheet, its header first."""
    base: Sheets = {
        "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016]],
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], [CARD, FIRST, "甲某", "未脱贫", 2016]],
        "家庭成员": [["人口编号", "户编号", "姓名", "与户主关系", "年度"], [f"{CARD}01", CARD, "甲某", "户主", 2016]],
        "帮扶部门": [["部门编号", "部门名称"], ["BM1", "某局"], ["BM2", "某厅"]],
        "资金": [["资金编号", "资金名称", "金额(元)"], ["ZJ1", "甲", 5000], ["ZJ2", "乙", 5000]],
    }
    count = iter(range(100))

    def deliver_rows(*rows: Row, sheet: str = "帮扶措施", head: Row = HEAD) -> ImportReport:  # type: ignore[assignment]
        path = workbook(base | {sheet: [head, *rows]}, tmp_path / f"{next(count)}.xlsx")
        return import_files(empty, [path], day=20161231)

    return deliver_rows


def amounts(store: Store) -> list[tuple[int | None, str | None]]:
    """Return the amount and unit of every measure in force."""
    text = (
        "MATCH (m:Measure)<-[:OF]-(s:MeasureState {superseded: 2147483647}) "
        "RETURN s.amount, head(COLLECT { MATCH (m)<-[r:IMPLEMENTS {superseded: 2147483647}]-(d) RETURN d.department_no }) ORDER BY s.amount"
    )
    return [tuple(row) for row in store.query_text(text, {})]


def refused_codes(report: ImportReport) -> list[str]:
    return [remark.code for remark in report.remarks if remark.refused]


def flagged_codes(report: ImportReport) -> list[str]:
    return [remark.code for remark in report.remarks if not remark.refused]


def test_measures_of_two_departments_are_two(empty: Store, deliver: Deliver) -> None:
    report = deliver(measure(500, "BM1"), measure(800, "BM2"))
    assert (refused_codes(report), amounts(empty)) == ([], [(50000, "BM1"), (80000, "BM2")])
    assert deliver(measure(800, "BM2"), measure(500, "BM1")).changed == 0


def test_measures_of_two_departments_in_two_deliveries_are_two(empty: Store, deliver: Deliver) -> None:
    deliver(measure(500, "BM1"))
    deliver(measure(800, "BM2"))
    assert amounts(empty) == [(50000, "BM1"), (80000, "BM2")]


def test_rows_that_differ_in_any_column_are_several(empty: Store, deliver: Deliver) -> None:
    rows = (measure(500), measure(800), measure(500, ends=date(2016, 6, 30)), measure(500, fund="ZJ1"))
    report = deliver(*rows)
    assert (refused_codes(report), [amount for amount, _ in amounts(empty)]) == ([], [50000, 50000, 50000, 80000])
    assert deliver(*reversed(rows)).changed == 0
    assert deliver(rows[2]).changed == 0


def test_rows_that_say_the_same_are_one_and_it_is_said(empty: Store, deliver: Deliver) -> None:
    report = deliver(measure(500, "BM1"), measure(500, "BM1"))
    assert (refused_codes(report), amounts(empty)) == (["ROW_REPEATED"], [(50000, "BM1")])


def test_a_corrected_amount_corrects(empty: Store, deliver: Deliver) -> None:
    deliver(measure(500, "BM1"), measure(800, "BM2"))
    report = deliver(measure(600, "BM1"))
    assert (report.changed, flagged_codes(report), amounts(empty)) == (1, [], [(60000, "BM1"), (80000, "BM2")])
    assert deliver(measure(600, "BM1"), measure(800, "BM2")).changed == 0


def test_one_of_two_that_only_differ_in_amount_is_corrected_together_with_the_other(
    empty: Store, deliver: Deliver
) -> None:
    deliver(measure(500), measure(800))
    deliver(measure(600), measure(800))
    assert amounts(empty) == [(60000, None), (80000, None)]


def test_what_may_correct_either_of_two_is_another_one_and_flagged(empty: Store, deliver: Deliver) -> None:
    deliver(measure(500), measure(800))
    report = deliver(measure(600))
    assert (flagged_codes(report), amounts(empty)) == (
        ["RECORD_UNCLEAR"],
        [(50000, None), (60000, None), (80000, None)],
    )


def test_what_was_blank_is_filled_in(empty: Store, deliver: Deliver) -> None:
    deliver(measure(500))
    deliver(measure(500, "BM1"))
    assert amounts(empty) == [(50000, "BM1")]


def test_a_file_without_the_column_says_nothing_of_it(empty: Store, deliver: Deliver) -> None:
    deliver(measure(500, "BM1"))
    deliver([CARD, "产业", "养羊", date(2016, 1, 1), 600], head=HEAD[:5])
    assert amounts(empty) == [(60000, "BM1")]


def test_the_order_and_the_batches_of_rows_say_nothing(empty: Store, deliver: Deliver) -> None:
    rows = [measure(amount, unit) for amount in range(100, 130) for unit in (None, "BM1", "BM2")]
    deliver(*rows)
    before = amounts(empty)
    Random(1).shuffle(rows)
    assert (len(before), deliver(*rows).changed) == (90, 0)


def test_two_bills_of_a_day_and_cost_are_two(empty: Store, deliver: Deliver) -> None:
    head: Row = ["人口编号", "就诊日期", "总费用(元)", "报销金额(元)"]
    bills: list[Row] = [[f"{CARD}01", date(2016, 4, 1), 100, insured] for insured in (80, 90)]
    report = deliver(*bills, sheet="医疗费用", head=head)
    text = "MATCH (s:MedicalCostState {superseded: 2147483647}) RETURN s.insured ORDER BY s.insured"
    assert (refused_codes(report), empty.query_text(text, {})) == ([], [[8000], [9000]])
    assert deliver(*reversed(bills), sheet="医疗费用", head=head).changed == 0


def test_two_entries_of_a_list_that_differ_are_two(empty: Store, deliver: Deliver) -> None:
    head: Row = ["名单", "证件号码", "内容", "登记日期", "区划代码"]
    entries: list[Row] = [
        ["车辆登记", "519900197001010016", "小轿车", date(year, 1, 1), "513431"] for year in (2014, 2015)
    ]
    report = deliver(*entries, sheet="外部名单", head=head)
    text = "MATCH (s:OutsideRecordState {superseded: 2147483647}) RETURN s.began_on ORDER BY s.began_on"
    assert (refused_codes(report), empty.query_text(text, {})) == ([], [[20140101], [20150101]])
    assert deliver(*entries, sheet="外部名单", head=head).changed == 0
