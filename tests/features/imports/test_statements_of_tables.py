"""Statements of headers, notes, headings and mappings about the cells below: they apply to them; unclear cells are not used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from graph_service.domain.model import MODEL
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.read.titles import year_of_title
from graph_service.platform.store.graph import Store

pytestmark = pytest.mark.one_engine
VILLAGE = "513431100205"
CARDS = "户编号,年度,村编码,户主姓名,脱贫属性"
AMOUNTS = "MATCH (m:MeasureState) WHERE m.superseded > 1000 RETURN m.content, m.amount ORDER BY m.content"
WAGES = "MATCH (y:HouseholdYear) RETURN y.wage_income"
Deliver = Callable[..., ImportReport]


@pytest.fixture
def deliver(empty: Store, tmp_path: Path) -> Deliver:
    """Return a function that imports the text of one CSV file, called `name`, with the text of a mapping."""

    def make(text: str, mapping: str = "", name: str = "贫困户") -> ImportReport:
        path, rules = tmp_path / f"{name}.csv", tmp_path / "mapping.toml"
        path.write_text(text, encoding="utf-8")
        rules.write_text(mapping, encoding="utf-8")
        return import_files(empty, [path], mapping=load_mapping(rules, MODEL), day=20161231)

    return make


def issue_codes(report: ImportReport) -> set[str]:
    return {remark.code for remark in report.remarks} | {part.code for part in report.left_out}


def measures(rules: str) -> str:
    return (
        '[[tables]]\nname = "发放表"\n[[tables.sheets]]\nsheet = "贫困户"\n[[tables.sheets]]\nsheet = "帮扶措施"\n'
        'columns."Measure.kind" = {constant = "产业"}\ncolumns."Measure.starts_on" = {constant = "2016-03-01"}\n'
        + rules
    )


@pytest.mark.parametrize(
    ("head", "rule", "fen"),
    [
        ("补助（万元）", '{header = "补助（万元）", values = {"无" = "0"}}', 100_000),
        ("补助(千元)", '{header = "补助(千元)", split = ["/"], part = 0}', 10_000),
        ("补助(万元)", '{format = "{补助(万元)}"}', 100_000),
        ("补助", '{header = "补助", values = {"无" = "0"}}', 10),
    ],
    ids=["other texts", "a part", "composed", "no unit"],
)
def test_a_computed_amount_keeps_the_unit_of_its_header(
    empty: Store, deliver: Deliver, head: str, rule: str, fen: int
) -> None:
    text = f"{CARDS},项目,{head}\nH1,2016,{VILLAGE},甲一,未脱贫,猪,0.1\n"
    mapping = measures(f'columns."Measure.content" = "项目"\ncolumns."Measure.amount" = {rule}\n')
    deliver(text, mapping, "发放表")
    assert empty.query_text(AMOUNTS, {}) == [["猪", fen]]


def test_a_computed_amount_has_the_unit_of_the_title(empty: Store, deliver: Deliver) -> None:
    text = f"单位：万元\n{CARDS},项目,补助\nH1,2016,{VILLAGE},甲一,未脱贫,猪,0.1\n"
    rule = 'columns."Measure.content" = "项目"\ncolumns."Measure.amount" = {header = "补助", values = {"无" = "0"}}\n'
    deliver(text, measures(rule), "发放表")
    assert empty.query_text(AMOUNTS, {}) == [["猪", 100_000]]


def test_what_is_composed_is_not_understood_where_a_part_is_blank(empty: Store, deliver: Deliver) -> None:
    text = (
        f"{CARDS},项目,数量\nH1,2016,{VILLAGE},甲一,未脱贫,鸭,无\nH2,2016,{VILLAGE},甲二,未脱贫,鱼,\n"
        f"H3,2016,{VILLAGE},甲三,未脱贫,,\nH4,2016,{VILLAGE},甲四,未脱贫,鹅,#N/A\n"
    )
    report = deliver(text, measures('columns."Measure.content" = {format = "{项目}{数量}"}\n'), "发放表")
    issues = {(remark.row, remark.code, remark.value) for remark in report.remarks if remark.column == "项目内容"}
    assert issues >= {(3, "CELL_PART_MISSING", "鱼"), (5, "CELL_ERROR", "#N/A")}
    assert ["鸭无", None] in empty.query_text(AMOUNTS, {}), "in a free text a filler is the text"


@pytest.mark.parametrize(
    "note",
    [
        "说明：本表收入为2015年度数", "注：表中收入均为人均数", "（本表数据为预测数）", "表中金额为计划数", "币种：美元",
    ],
)  # fmt: skip
@pytest.mark.parametrize("below", [False, True])
def test_a_note_that_says_what_the_incomes_are_makes_them_unclear(
    empty: Store, deliver: Deliver, note: str, below: bool
) -> None:
    table = f"{CARDS},工资性收入\nH1,2016,{VILLAGE},甲一,未脱贫,1000\n"
    report = deliver(f"{table}{note}\n" if below else f"{note}\n{table}")
    assert empty.query_text(WAGES, {}) == [[None]]
    assert issue_codes(report) & {"COLUMN_UNCLEAR", "COLUMN_UNIT"}


@pytest.mark.parametrize("note", ["注：收入为2016年数据", "本表数据来源于2016年采集", "说明：金额单位为元"])
def test_a_note_that_agrees_leaves_them(empty: Store, deliver: Deliver, note: str) -> None:
    deliver(f"{note}\n{CARDS},工资性收入\nH1,2016,{VILLAGE},甲一,未脱贫,1000\n")
    assert empty.query_text(WAGES, {}) == [[100_000]]


def test_years_below_a_header_belong_to_it(empty: Store, deliver: Deliver) -> None:
    report = deliver(f"{CARDS},工资性收入,\n,,,,,2015年,2016年\nH1,2016,{VILLAGE},甲一,未脱贫,1000,2000\n")
    assert [remark.code for remark in report.remarks if remark.refused] == []
    assert empty.query_text(WAGES, {}) != [[100_000]], "2015's are not 2016's"
    assert {part.column for part in report.left_out} >= {"工资性收入2015年"}


@pytest.mark.parametrize(("second", "fen"), [("万元", 4_500_000_00), ("", None)])
def test_a_column_of_units_counts_where_each_row_has_one(
    empty: Store, deliver: Deliver, second: str, fen: int | None
) -> None:
    text = f"{CARDS},项目,单位,金额\nH1,2016,{VILLAGE},甲一,未脱贫,猪,万元,1200\nH2,2016,{VILLAGE},甲二,未脱贫,肥,{second},450\n"
    report = deliver(text, measures('columns."Measure.content" = "项目"\n'), "发放表")
    assert ["肥", fen] in empty.query_text(AMOUNTS, {})
    assert ("COLUMN_UNIT" in issue_codes(report)) == (fen is None)


@pytest.mark.parametrize("heading", ["二、未脱贫户", "非贫困户（对照）", "三、一般农户"])
def test_below_a_heading_of_a_standing_a_row_tells_its_own(empty: Store, deliver: Deliver, heading: str) -> None:
    report = deliver(f"{CARDS}\n{heading},,,,\nH1,2016,{VILLAGE},甲一,\nH2,2016,{VILLAGE},甲二,未脱贫\n")
    assert [(remark.row, remark.code) for remark in report.remarks if remark.refused] == [(3, "BELOW_SECTION")]


def test_blank_statuses_are_told_with_their_number(deliver: Deliver) -> None:
    report = deliver(f"{CARDS}\nH1,2016,{VILLAGE},甲一,\nH2,2016,{VILLAGE},甲二,未脱贫\nH3,2016,{VILLAGE},甲三,\n")
    assert [(part.code, part.column, part.count) for part in report.left_out] == [("STATUS_BLANK", "脱贫属性", 2)]


@pytest.mark.parametrize("cell", ["2户", "12人", "2户7人"])
def test_a_count_is_no_number_of_a_household(deliver: Deliver, cell: str) -> None:
    report = deliver(f"{CARDS}\nH1,2016,{VILLAGE},甲一,未脱贫\n{cell},2016,{VILLAGE},,\n")
    assert [(remark.row, remark.code) for remark in report.remarks if remark.refused] == [(3, "KEY_SHAPE")]


@pytest.mark.parametrize(
    ("cell", "since"),
    [("2016-03-01", 20160301), ("2016-03", 20160301), ("2016.3~2016.12", 20160301), ("2016年3月起", 20160301)],
)
def test_a_period_of_one_day_is_its_beginning(empty: Store, deliver: Deliver, cell: str, since: int) -> None:
    rule = '{{header = "帮扶时间", split = ["至", "—", "~", "-"], part = {}{}}}\n'
    mapping = (
        '[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "贫困户"\n[[tables.sheets]]\nsheet = "帮扶干部"\n[[tables.sheets]]\n'
        f'sheet = "结对帮扶"\ncolumns."HELPS.since" = {rule.format(0, "")}columns."HELPS.until" = {rule.format(1, ", optional = true")}'
    )
    deliver(f"{CARDS},干部编号,帮扶时间\nH1,2016,{VILLAGE},甲一,未脱贫,G1,{cell}\n", mapping, "名册")
    assert empty.query_text("MATCH ()-[h:HELPS]->() RETURN h.since", {}) == [[since]]


@pytest.mark.parametrize("pattern", ["扶贫*", "*名册", "*贫名*", "扶贫名册"])
def test_a_star_in_the_name_of_a_table_stands_for_any_text(deliver: Deliver, pattern: str) -> None:
    mapping = f'[[tables]]\nname = "{pattern}"\n[[tables.sheets]]\nsheet = "贫困户"\n'
    report = deliver(f"{CARDS}\nH1,2016,{VILLAGE},甲一,未脱贫\n", mapping, "扶贫名册")
    assert report.counts["贫困户"]["new"] == 1


def test_a_document_set_apart_in_groups_is_the_same(empty: Store, deliver: Deliver) -> None:
    text = "户编号,人口编号,年度,姓名,证件号码,与户主关系\nH1,P1,2016,甲一,513431 19700101 0026,户主\n"
    deliver(f"{CARDS}\nH1,2016,{VILLAGE},甲一,未脱贫\n")
    report = deliver(text, "", "家庭成员")
    assert "ID_INVALID" not in issue_codes(report)
    assert empty.query_text("MATCH (p:PersonYear) RETURN p.document_kind", {}) == [["RESIDENT"]]


def test_an_amount_without_a_unit_beside_others_with_one_is_told(empty: Store, deliver: Deliver) -> None:
    report = deliver(f"{CARDS},工资性收入,财产性收入(万元)\nH1,2016,{VILLAGE},甲一,未脱贫,1000,0.1\n")
    assert [(part.code, part.column) for part in report.left_out] == [("UNIT_ASSUMED", "工资性收入")]
    assert empty.query_text(WAGES, {}) == [[100_000]]


def test_amounts_without_a_unit_among_others_with_one_are_told(empty: Store, deliver: Deliver) -> None:
    cells = "0.5万元", "0.6", "5000元", "0", "", "0.8"
    rows = (f"H{number},2016,{VILLAGE},甲{number},未脱贫,{cell}\n" for number, cell in enumerate(cells, 1))
    report = deliver(f"{CARDS},工资性收入\n{''.join(rows)}")
    assert [(part.code, part.column, part.count) for part in report.left_out] == [("UNIT_OF_SOME", "工资性收入", 2)]
    amounts = empty.query_text(
        "MATCH (y:HouseholdYear) RETURN y.household_no, y.wage_income ORDER BY y.household_no", {}
    )
    assert [fen for _, fen in amounts] == [500_000, 60, 500_000, 0, None, 80]


def test_an_amount_in_merged_cells_is_told(empty: Store, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "贫困户"
    sheet.append([*CARDS.split(","), "工资性收入", "财产性收入"])
    for number, name in enumerate("甲乙丙", 1):
        sheet.append([f"H{number}", 2016, VILLAGE, name * 2, "未脱贫", 900 if number == 1 else None, number])
    sheet.merge_cells("B2:B4")
    sheet.merge_cells("F2:F4")
    book.save(tmp_path / "a.xlsx")
    report = import_files(empty, [tmp_path / "a.xlsx"], day=20161231)
    assert [(part.code, part.column, part.count) for part in report.left_out] == [("AMOUNT_MERGED", "工资性收入", 2)]
    assert empty.query_text(f"{WAGES}, y.year", {}) == [[90_000, 2016]] * 3


@pytest.mark.parametrize("title", ["昭觉县拟于2018年脱贫户花名册", "2016年前脱贫户名册", "计划2018年退出户"])
def test_the_year_of_a_plan_is_not_the_tables(title: str) -> None:
    assert year_of_title([title]) is None


def test_an_exit_without_its_year_is_told(empty: Store, deliver: Deliver) -> None:
    rows = f"H1,2016,{VILLAGE},甲一,已脱贫,2015\nH2,2016,{VILLAGE},甲二,已脱贫,\nH3,2016,{VILLAGE},甲三,未脱贫,\n"
    report = deliver(f"{CARDS},脱贫年度\n{rows}")
    assert [(part.code, part.count) for part in report.left_out] == [("EXIT_YEAR_NOT_GIVEN", 1)]


def test_a_condition_on_a_cell_that_is_not_understood_refuses_the_row(empty: Store, deliver: Deliver) -> None:
    mapping = '[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "贫困户"\nwhere."备注" = "!注销"\n'
    remarks = "", "注销", "注 销", "#N/A", "外出"
    rows = "".join(f"H{number},2016,{VILLAGE},甲{number},未脱贫,{remark}\n" for number, remark in enumerate(remarks))
    report = deliver(f"{CARDS},备注\n{rows}", mapping, "名册")
    assert [(remark.row, remark.code) for remark in report.remarks if remark.refused] == [
        (row, "ROW_UNMAPPED") for row in (3, 4, 5)
    ]
    assert empty.query_text("MATCH (h:Household) RETURN h.card_no ORDER BY h.card_no", {}) == [["H0"], ["H4"]]
