"""Mapping files with rules: constants, parts of cells, names that are looked up, tables that feed several sheets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph_service.domain.metamodel import LAST_DAY
from graph_service.domain.model import MODEL
from graph_service.errors import DeliveryRefused, MappingInvalid
from graph_service.features.imports.publish import correction_workbook
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapped_tables import apply_mapping
from graph_service.features.imports.read.mapping_draft import draft_mapping
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store
from tests import DATA, ROOT
from tests.county import Sheets, workbook

CASE = DATA / "cases" / "18-flat-public-tables"
PERSONS, MONEY = "已脱贫人口名单.csv", "财政扶贫专项资金分配表.csv"
PEOPLE = """
[[tables]]
name = "已脱贫人口名单"
area = "513431"
numbers.Village."城东社区" = "513431100006"

[[tables.sheets]]
sheet = "行政村"
once = true
columns."Village.code" = {lookup = ["乡(镇)", "行政村"]}
columns."VillageYear.name" = "行政村"
columns."VillageYear.year" = {constant = 2020}

[[tables.sheets]]
sheet = "贫困户"
once = true
columns."Village.code" = {lookup = ["乡(镇)", "行政村"]}
columns."HouseholdYear.year" = {constant = 2020}
columns."HouseholdYear.size" = "人数"
columns."HouseholdYear.main_cause" = {header = "致贫原因1", values = {"缺少技术" = "缺技术"}}
columns."HouseholdYear.safe_water" = "是否解决安全饮用水"
columns."HouseholdYear.identified_year" = "首次识别时间"

[[tables.sheets]]
sheet = "家庭成员"
columns."Person.person_no" = "人编号"
columns."PersonYear.year" = {constant = 2020}
columns."PersonYear.months_worked" = "务工时间(月)"
"""
RULE = '[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "贫困户"\ncolumns."HouseholdYear.size" = {}\n'
"""A rule for the size of a household."""
PROJECTS = """
[[tables]]
name = "财政扶贫专项资金分配表"
area = "513431"

[[tables.sheets]]
sheet = "资金"
once = true
columns."Fund.fund_no" = {format = "2020-{资金来源}"}
columns."Fund.name" = "资金来源"
columns."Fund.level" = {header = "资金来源", values = {"市级资金" = "市"}}
columns."Fund.year" = {constant = 2020}
columns."Fund.amount" = []

[[tables.sheets]]
sheet = "项目"
columns."Project.project_no" = {format = "P2020-{序号}"}
columns."Village.code" = {lookup = ["建设地点"], otherwise = "513431"}

[[tables.sheets]]
sheet = "资金流向"
columns."voucher" = {format = "V2020-{序号}"}
columns."Fund.fund_no" = {format = "2020-{资金来源}"}
columns."to_kind" = {constant = "项目"}
columns."to" = {format = "P2020-{序号}"}
columns."ALLOCATED.amount" = "投资规模(万元)"
columns."ALLOCATED.since" = {constant = "2020-12-31"}
"""

Deliver = Callable[..., ImportReport]


@pytest.fixture
def deliver(empty: Store, tmp_path: Path) -> Deliver:
    """Import files with the text of a mapping; texts of CSV files by name."""

    def make(mapping: str, *paths: Path, day: int | None = None, **texts: str) -> ImportReport:
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        written_paths = [tmp_path / f"{name}.csv" for name in texts]
        for path, text in zip(written_paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        return import_files(
            empty, [*paths, *written_paths], mapping=load_mapping(tmp_path / "mapping.toml", MODEL), day=day
        )

    return make


def codes(report: ImportReport) -> list[tuple[int, str]]:
    return [(remark.row, remark.code) for remark in report.remarks if remark.code != "VALUE_UNKNOWN"]


def test_a_table_of_persons_feeds_villages_households_and_persons(empty: Store, deliver: Deliver) -> None:
    report = deliver(PEOPLE, CASE / PERSONS)
    assert [remark for remark in report.remarks if remark.refused] == []
    rows = {sheet: (counts["rows"], report.left_out_rows.get(sheet, {})) for sheet, counts in report.counts.items()}
    repeated = (2, {"RECORD_REPEATED": 1})
    assert rows == {"行政村": repeated, "贫困户": repeated, "家庭成员": (2, {})}
    text = "MATCH (p:Person)-[:MEMBER_OF]->(h:Household)-[:LIVES_IN]->(v:Village) RETURN p.person_no, h.card_no, v.code, v.name ORDER BY p.person_no"
    home = ["5134310001", "513431100006", "城东社区"]
    assert empty.query_text(text, {}) == [["513431000101", *home], ["513431000102", *home]]
    card = "MATCH (y:HouseholdYear) RETURN y.year, y.size, y.main_cause, y.safe_water, y.identified_year"
    assert {part.column for part in report.left_out} == {"序号", "县(市、区、旗)", "危房户", "户类型", "脱贫属性"}
    assert empty.query_text(card, {}) == [[2020, 2, "LACK_OF_SKILL", True, 2014]]


def test_a_list_of_projects_feeds_funds_projects_and_payments(empty: Store, deliver: Deliver) -> None:
    report = deliver(PROJECTS, CASE / MONEY)
    assert [remark for remark in report.remarks if remark.refused] == []
    assert [r.value for r in report.remarks if r.code == "NAME_OTHERWISE"] == ["相关乡镇办 → 513431", "城东村 → 513431"]
    assert {sheet: reasons["TOTAL_ROW"] for sheet, reasons in report.left_out_rows.items()} == {
        "资金": 1,
        "项目": 1,
        "资金流向": 1,
    }
    query = "MATCH (f:Fund)-[a:ALLOCATED]->(p:Project) RETURN f.fund_no, p.project_no, a.amount, a.voucher ORDER BY p.project_no"
    assert empty.query_text(query, {}) == [
        ["2020-市级资金", "P2020-1", 67907120, "V2020-1"],
        ["2020-市级资金", "P2020-2", 50000000, "V2020-2"],
    ]


def test_a_column_that_a_table_lacks_is_told_once_and_free_in_the_workbook(empty: Store, tmp_path: Path) -> None:
    rows = [["5134311002000001", "户主一", 2016], ["5134311002000002", "户主二", 2016]]
    path = workbook({"贫困户": [["户编号", "户主姓名", "年度"], *rows]}, tmp_path / "roster.xlsx")
    rejects = RejectedRowCollector()
    report = import_files(empty, [path], rejected_rows=rejects)
    [(row, code, column, value)] = [(r.row, r.code, r.column, r.value) for r in report.remarks]
    assert (row, code, column) == (0, "COLUMN_MISSING", "村编码")
    assert "行政村" in value, "the name would do"
    with (tmp_path / "rejects.xlsx").open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, report.day, file)
    book = openpyxl.load_workbook(tmp_path / "rejects.xlsx")
    sheet = book["贫困户"]
    [column_number] = [cell.column for cell in sheet[1] if cell.value == "村编码"]
    assert [(cell.value, cell.fill.fgColor.rgb) for (cell,) in sheet.iter_rows(2, 3, column_number, column_number)] == [
        (None, "FFFFC7CE")
    ] * 2
    for (cell,) in sheet.iter_rows(2, 3, column_number, column_number):
        cell.value = "513431100200"
    book.save(tmp_path / "rejects.xlsx")
    second_report = import_files(empty, [tmp_path / "rejects.xlsx"])
    assert (second_report.remarks, second_report.counts["贫困户"]["new"]) == ([], 2)


def test_a_sheet_without_its_number_can_be_completed_in_the_workbook(empty: Store, tmp_path: Path) -> None:
    path = workbook(
        {"贫困户": [["村编码", "户主姓名", "年度"], ["513431100200", "户主一", 2016]]}, tmp_path / "roster.xlsx"
    )
    rejects = RejectedRowCollector()
    with pytest.raises(DeliveryRefused):
        import_files(empty, [path], rejected_rows=rejects)
    [table] = rejects.tables.values()
    assert [column.header for column in table.columns] == ["村编码", "户主姓名", "年度", "户编号"]
    [reject] = table.rows
    assert (reject.cells, reject.faulty_positions) == (("513431100200", "户主一", 2016, None), {3})


MEASURES = """
[[tables]]
name = "措施台账"

[[tables.sheets]]
sheet = "帮扶措施"
where."类型" = ["产业扶持", "教育扶贫"]
columns."Measure.kind" = {header = "类型", values = {"产业扶持" = "产业", "教育扶贫" = "教育"}}
columns."Measure.content" = "措施"
columns."Measure.starts_on" = {header = "起止时间", split = "至", part = 0}
columns."Measure.ends_on" = {header = "起止时间", split = "至", part = 1}

[[tables.sheets]]
sheet = "走访记录"
where."类型" = "走访"
columns."VISITED.since" = {header = "起止时间", split = "至", part = 0}
columns."VISITED.note" = "措施"
"""
LEDGER = """户编号,类型,措施,起止时间,责任人
5134311002000001,产业扶持,养羊,2016-01-01至2016-12-31,
5134311002000001,教育扶贫,雨露计划,2016-09-01,
5134311002000001,走访,入户,2016-05-01,GB1
5134311002000001,其它,慰问,2016-02-01,
合计,,3项,,
"""
REGISTER = {
    "贫困户": "户编号,村编码,年度\n5134311002000001,513431100200,2016\n",
    "帮扶干部": "干部编号,姓名\nGB1,甲一\n",
}


def test_a_ledger_is_split_by_conditions_and_cells_into_parts(empty: Store, deliver: Deliver) -> None:
    report = deliver(MEASURES, day=20161231, 措施台账=LEDGER, **REGISTER)
    assert [(r.row, r.code, r.refused) for r in report.remarks] == [
        (3, "CELL_PART_MISSING", False),
        (5, "ROW_UNMAPPED", True),
    ]
    measures = "MATCH (s:MeasureState) RETURN s.kind, s.content, s.starts_on, s.ends_on ORDER BY s.starts_on"
    assert empty.query_text(measures, {}) == [
        ["INDUSTRY", "养羊", 20160101, 20161231],
        ["EDUCATION", "雨露计划", 20160901, None],
    ]
    assert empty.query_text("MATCH (:Cadre)-[v:VISITED]->(:Household) RETURN v.since, v.note", {}) == [
        [20160501, "入户"]
    ]


PERIODS = """
[[tables]]
name = "结对"
[[tables.sheets]]
sheet = "结对帮扶"
columns."HELPS.since" = {header = "帮扶时间", split = ["至", "-"], part = 0}
columns."HELPS.until" = {header = "帮扶时间", split = ["至", "-"], part = 1, optional = true}
"""


def test_one_cell_has_both_days_or_the_first_alone(empty: Store, deliver: Deliver) -> None:
    rows = ("2016年3月至2016年10月", "2016.3-至今", "2016年3月")
    pairs = "干部编号,户编号,帮扶时间\n" + "".join(
        f"GB1,513431100200000{index},{text}\n" for index, text in enumerate(rows)
    )
    households = "户编号,村编码,年度\n" + "".join(f"513431100200000{index},513431100200,2016\n" for index in range(3))
    deliver(PERIODS, day=20161231, 结对=pairs, 贫困户=households, 帮扶干部=REGISTER["帮扶干部"])
    query = "MATCH (:Cadre)-[h:HELPS]->(a:Household) RETURN a.card_no, h.since, h.until ORDER BY a.card_no"
    assert [row[1:] for row in empty.query_text(query, {})] == [
        [20160301, 20161031],
        [20160301, LAST_DAY],
        [20160301, LAST_DAY],
    ]


@pytest.mark.parametrize("period", ["至今", "—", "-", "至2016年12月", "-2016.12", "- 2016.12.31"])
def test_a_period_without_its_first_day_is_refused(empty: Store, deliver: Deliver, period: str) -> None:
    pairs = f"干部编号,户编号,帮扶时间\nGB1,5134311002000001,{period}\n"
    households = "户编号,村编码,年度\n5134311002000001,513431100200,2016\n"
    report = deliver(PERIODS, day=20161231, 结对=pairs, 贫困户=households, 帮扶干部=REGISTER["帮扶干部"])
    [remark] = [remark for remark in report.remarks if remark.refused]
    assert (remark.row, remark.column, remark.value) == (2, "开始时间", period)
    assert empty.query_text("MATCH ()-[h:HELPS]->() RETURN count(h)", {}) == [[0]]


def test_days_and_numbers_are_not_split(empty: Store, tmp_path: Path) -> None:
    """Check cells stored as numbers and days: 2016.1 may have been October, and a day cell has no dashes to split at."""
    path = tmp_path / "结对.xlsx"
    rows: list[list[object]] = [
        ["干部编号", "户编号", "帮扶时间"],
        ["GB1", "H1", 2016.1],
        ["GB1", "H2", datetime(2016, 3, 1)],
    ]
    workbook({"结对": rows}, path)
    people: Sheets = {
        "贫困户": [["户编号", "村编码", "年度"], ["H1", "513431100200", 2016], ["H2", "513431100200", 2016]],
        "帮扶干部": [["干部编号", "姓名"], ["GB1", "甲一"]],
    }
    mapping = tmp_path / "m.toml"
    mapping.write_text(PERIODS, encoding="utf-8")
    report = import_files(
        empty, [path, workbook(people, tmp_path / "p.xlsx")], mapping=load_mapping(mapping, MODEL), day=20161231
    )
    assert [(r.row, r.code) for r in report.remarks if r.refused] == [(2, "DATE_INVALID")]
    assert empty.query_text("MATCH (:Cadre)-[h:HELPS]->(:Household) RETURN h.since", {}) == [[20160301]]


def test_rows_that_say_otherwise_of_one_record_are_told(empty: Store, deliver: Deliver) -> None:
    text = "户编号,人口编号,姓名,村编码,年度,联系电话\n5134311002000001,1,甲,513431100200,2016,13900000001\n5134311002000001,2,乙,513431100204,2016,13900000001\n"
    mapping = '[[tables]]\nname = "名册"\n' + "".join(
        f'[[tables.sheets]]\nsheet = "{sheet}"\nonce = {once}\n'
        for sheet, once in (("贫困户", "true"), ("家庭成员", "false"))
    )
    report = deliver(mapping, 名册=text)
    assert [(r.row, r.code, r.column, r.value) for r in report.remarks] == [
        (3, "ROWS_DISAGREE", "村编码", "513431100204")
    ]
    assert empty.query_text("MATCH (:Household)-[l:LIVES_IN]->(v:Village) RETURN v.code", {}) == [["513431100200"]]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[[tables]]\nname = "名册"\n', "tables[1].sheets"),
        ('[[tables]]\nname = "名册"\nsheet = "贫困户"\n', "tables[1].sheet"),
        ('[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "户"\n', "tables[1].sheets[1].sheet"),
        (RULE.format('{constant = 1, format = "{a}"}'), 'tables[1].sheets[1].columns."HouseholdYear.size"'),
        (RULE.format('{format = "a"}'), 'tables[1].sheets[1].columns."HouseholdYear.size".format'),
        (RULE.format('{lookup = ["a"]}'), 'tables[1].sheets[1].columns."HouseholdYear.size"'),
        (RULE.format('"没有的表头"'), 'tables[1].sheets[1].columns."HouseholdYear.size"'),
        ('[[tables]]\nname = "别的"\n[[tables.sheets]]\nsheet = "贫困户"\n', "tables[1].name"),
        ("x = " + "[" * 5000, "-"),
    ],
    ids=[
        "no sheets",
        "unknown word",
        "unknown sheet",
        "two sources",
        "no header",
        "no name",
        "not there",
        "no table",
        "deep",
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_with_its_place(deliver: Deliver, text: str, where: str) -> None:
    with pytest.raises(MappingInvalid) as error:
        deliver(text, 名册="户编号,村编码,年度\n1,513431100200,2016\n")
    assert error.value.details["where"] == where


@pytest.mark.one_engine
@pytest.mark.parametrize(("content", "says"), [("a = 1".encode("utf-16"), "UTF-8"), (b"a = " + b"[" * 5_000, "nested")])
def test_a_mapping_that_cannot_be_read_is_told_in_our_words(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "m.toml").write_bytes(content)
    with pytest.raises(MappingInvalid) as error:
        load_mapping(tmp_path / "m.toml", MODEL)
    assert (says in error.value.message_en, "codec" in error.value.message_en) == (True, False)


@pytest.mark.one_engine
def test_a_draft_says_which_sheets_a_table_feeds_and_is_a_mapping(tmp_path: Path) -> None:
    text = draft_mapping(open_delivery([CASE]).tables)
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(tmp_path / "mapping.toml", MODEL)
    assert [(rule.names, [sheet.sheet for sheet in rule.sheets]) for rule in mapping.tables] == [
        (("已脱贫人口名单",), ["贫困户", "家庭成员"]),
        (("财政扶贫专项资金分配表",), ["项目"]),
    ]
    assert '# columns."Person.person_no" = "人编号"' in text, "what is only likely is a comment"


def test_the_how_to_page_is_what_happens(empty: Store, deliver: Deliver, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "roster.md").read_text(encoding="utf-8")
    persons, cadres = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    [mapping] = re.findall(r"```toml mapping\n(.*?)```", page, re.DOTALL)
    report = deliver(mapping, 已脱贫人口名单=persons, 帮扶干部=cadres)
    for sheet in ("贫困户", "家庭成员", "结对帮扶"):
        [(rows, new, refused, left_out)] = re.findall(
            rf"{sheet}: 行数 rows (\d+), 新增 new (\d+), 拒收 refused (\d+), 不计 left_out (\d+)", page
        )
        counts = {"rows": int(rows), "new": int(new), "refused": int(refused), "left_out": int(left_out)}
        assert report.counts[sheet] == counts, sheet
    [ambiguous] = [remark for remark in report.remarks if remark.code == "NAME_AMBIGUOUS"]
    assert f"'{ambiguous.value}' NAME_AMBIGUOUS" in page
    corrected_report = deliver(mapping, 已脱贫人口名单=persons.replace("南坪", "513431100206"), 帮扶干部=cadres)
    assert [remark for remark in corrected_report.remarks if remark.refused] == []
    assert empty.query_text("MATCH (h:Household) RETURN count(h)", {}) == [[7]]
    assert empty.query_text("MATCH (:Cadre)-[h:HELPS]->(:Household) RETURN count(h)", {}) == [[8]]


def roster(path: Path) -> Path:
    """Write a typical office roster of households: a merged signature row, two cadres of one name told apart by their department."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "花名册"
    households = [f"51343110020000{number:02}" for number in (11, 12, 13)]
    rows: list[list[Any]] = [
        ["昭觉县2020年帮扶责任人花名册"],
        ["序号", "乡镇", "村", "户编号", "户主姓名", "联系电话", "帮扶责任人", "帮扶单位"],
        [1, "新城镇", "塘木村", households[0], "甲一", "13900000001", "庚七", "县财政局"],
        [2, "新城镇", "塘木村", households[1], "乙一", "13900000002", "庚七", "县水利局"],
        [3, "新城镇", "塘木村", households[2], "丙一", "13900000003", "庚七", ""],
        ["填表人：丁一    审核人：戊一"],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("A6:H6")
    book.save(path)
    return path


ROSTER = """
[[tables]]
name = "花名册"
area = "513431"
[[tables.sheets]]
sheet = "贫困户"
columns."HouseholdYear.year" = {constant = 2020}
[[tables.sheets]]
sheet = "结对帮扶"
"""
HELPERS = {
    "帮扶部门": "单位编号,单位名称\nBM1,昭觉县财政局\nBM2,昭觉县水利局\n",
    "帮扶干部": "干部编号,姓名,单位编号\nGB1,庚七,BM1\nGB2,庚七,BM2\n",
}


def test_what_tells_two_cadres_apart_is_used_and_stays_in_the_workbook(empty: Store, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(ROSTER, encoding="utf-8")
    for name, text in HELPERS.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    rejects, mapping = RejectedRowCollector(), load_mapping(tmp_path / "mapping.toml", MODEL)
    files = [roster(tmp_path / "roster.xlsx"), *(tmp_path / f"{name}.csv" for name in HELPERS)]
    report = import_files(empty, files, mapping=mapping, rejected_rows=rejects)
    assert {part.column: part.code for part in report.left_out if part.column} == {
        "序号": "COLUMN_UNKNOWN",
        "联系电话": "COLUMN_UNCLEAR",
        "脱贫属性": "STATUS_NOT_GIVEN",
    }
    assert [(remark.row, remark.code) for remark in report.remarks if remark.refused] == [(5, "NAME_AMBIGUOUS")]
    pairs = "MATCH (c:Cadre)-[:HELPS]->(h:Household) RETURN c.cadre_no, right(h.card_no, 1) ORDER BY h.card_no"
    assert empty.query_text(pairs, {}) == [["GB1", "1"], ["GB2", "2"]]
    with (tmp_path / "rejects.xlsx").open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, report.day, file)
    book = openpyxl.load_workbook(tmp_path / "rejects.xlsx")
    sheet = next(book[name] for name in book.sheetnames if name.startswith("结对帮扶"))
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(2, headers.index("帮扶单位") + 1, "县水利局")
    book.save(tmp_path / "rejects.xlsx")
    second_report = import_files(empty, [tmp_path / "rejects.xlsx"], lookup_areas=["513431"])
    assert second_report.refused == 0
    assert empty.query_text(pairs, {})[-1] == ["GB2", "3"]


def test_a_signature_is_none_where_the_number_is_composed(empty: Store, tmp_path: Path) -> None:
    mapping_text = (
        ROSTER
        + """
[[tables.sheets]]
sheet = "帮扶干部"
columns."Cadre.cadre_no" = {format = "GB-{帮扶单位}-{帮扶责任人}"}
columns."Cadre.name" = "帮扶责任人"
columns."Cadre.phone" = []
"""
    )
    (tmp_path / "mapping.toml").write_text(mapping_text, encoding="utf-8")
    report = import_files(
        empty, [roster(tmp_path / "r.xlsx")], mapping=load_mapping(tmp_path / "mapping.toml", MODEL), dry_run=True
    )
    assert {sheet: reasons["NOTE_ROW"] for sheet, reasons in report.left_out_rows.items()} == dict.fromkeys(
        ("贫困户", "结对帮扶", "帮扶干部"), 1
    )


def test_a_column_that_is_taken_for_several_things_unasked_is_told(empty: Store, tmp_path: Path) -> None:
    (tmp_path / "户.csv").write_text("户编号,年度,村编码,耕地面积\nH1,2016,513431100200,3\n", encoding="utf-8")
    text = '[[tables]]\nname = "户"\n[[tables.sheets]]\nsheet = "贫困户"\n[[tables.sheets]]\nsheet = "行政村"\nonce = true\n'

    def find_shared_columns(rule: str) -> list[tuple[str, str]]:
        (tmp_path / "mapping.toml").write_text(text + rule, encoding="utf-8")
        report = import_files(
            empty, [tmp_path / "户.csv"], mapping=load_mapping(tmp_path / "mapping.toml", MODEL), dry_run=True
        )
        return [(part.column, part.value) for part in report.left_out if part.code == "COLUMN_SHARED"]

    assert find_shared_columns("") == [("耕地面积", "贫困户、行政村")]
    assert find_shared_columns('columns."VillageYear.cultivated_land" = []\n') == []


@pytest.mark.parametrize(
    ("rules", "told", "household", "cadre"),
    [
        ("{household}{cadre}", ["联系电话"], None, None),
        ('{household}columns."HouseholdYear.phone" = "联系电话"\n{cadre}', [], "13900000001", None),
        ('{household}{cadre}columns."Cadre.phone" = "联系电话"\n', [], None, "13900000001"),
    ],
)
def test_a_telephone_beside_a_household_and_its_helper_is_nobodys_until_it_is_said(
    empty: Store, deliver: Deliver, rules: str, told: list[str], household: str | None, cadre: str | None
) -> None:
    sheets = {
        "household": '[[tables.sheets]]\nsheet = "贫困户"\ncolumns."HouseholdYear.year" = {constant = 2016}\n',
        "cadre": '[[tables.sheets]]\nsheet = "帮扶干部"\ncolumns."Cadre.cadre_no" = {format = "G-{联系电话}"}\n',
    }
    text = rules.replace("{household}", sheets["household"]).replace("{cadre}", sheets["cadre"])
    report = deliver(
        '[[tables]]\nname = "名册"\narea = "513431"\n' + text,
        名册="户编号,户主姓名,村编码,致贫原因,帮扶责任人,联系电话\nH1,甲,513431100200,因病,庚,13900000001\n",
    )
    assert [part.column for part in report.left_out if part.code == "COLUMN_UNCLEAR"] == told
    phones = empty.query_text(
        "MATCH (n:HouseholdYear) RETURN n.phone UNION ALL MATCH (n:CadreState) RETURN n.phone AS `n.phone`", {}
    )
    assert [empty.codec.unseal("phone", row[0]) if row[0] else None for row in phones] == [household, cadre]


def test_the_roster_of_pairings_of_the_page_is_what_happens(empty: Store, deliver: Deliver, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "roster.md").read_text(encoding="utf-8")
    _, _, page = page.partition("## A roster of pairings")
    [pairings] = re.findall(r"```csv pairings\n(.*?)```", page, re.DOTALL)
    [mapping] = re.findall(r"```toml pairings\n(.*?)```", page, re.DOTALL)
    report = deliver(mapping, 帮扶花名册=pairings)
    documented_counts = re.findall(r"(\w+): 行数 rows (\d+), 新增 new (\d+), 不计 left_out (\d+) \(", page)
    assert [
        (sheet, *(str(report.counts[sheet][kind]) for kind in ("rows", "new", "left_out"))) for sheet in report.counts
    ] == documented_counts
    assert {remark.code for remark in report.remarks} == {"DAY_FROM_MONTH"}
    rows = [part.row for part in report.left_out if part.row]
    assert rows == [8, 9], "a row that feeds no sheet is told once, not once for each sheet"
    helper_spans = empty.query_text(
        "MATCH (c:Cadre)-[h:HELPS]->(:Household) RETURN c.cadre_no, h.since, h.until ORDER BY c.cadre_no, h.since", {}
    )
    assert [list(row) for row in helper_spans] == [
        ["A-13900000001", 20160301, 99991231],
        ["A-13900000001", 20160301, 99991231],
        ["A-13900000002", 20160301, 20161231],
        ["A-13900000003", 20160401, 99991231],
    ]


def test_a_village_beside_a_department_is_not_where_it_is(empty: Store, tmp_path: Path) -> None:
    text = (
        ROSTER + '[[tables.sheets]]\nsheet = "帮扶部门"\nonce = true\ncolumns."Department.department_no" = "帮扶单位"\n'
    )
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    import_files(empty, [roster(tmp_path / "r.xlsx")], mapping=load_mapping(tmp_path / "mapping.toml", MODEL))
    assert empty.query_text("MATCH (d:Department) RETURN count(d)", {}) == [[2]]
    assert empty.query_text("MATCH (:Department)-[l:LOCATED_IN]->() RETURN count(l)", {}) == [[0]]


def test_a_draft_takes_households_for_no_cadres(tmp_path: Path) -> None:
    text = draft_mapping(open_delivery([roster(tmp_path / "r.xlsx")]).tables)
    assert re.findall('^sheet = "(.+)"', text, re.MULTILINE) == ["结对帮扶"]
    assert "# 仅当这些户尚未登记时启用" in text, "their rows tell no more than who is meant"
    assert "帮扶单位" not in text.partition("未使用的表头")[2]


def draft_sheets(tmp_path: Path, name: str, text: str) -> tuple[list[str], list[str], str]:
    """Return the sheets that a draft for a file feeds, the sheets proposed in comments only, and the draft."""
    (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    draft = draft_mapping(open_delivery([tmp_path / f"{name}.csv"]).tables)
    fed_sheets, commented_sheets = (
        re.findall(f'^{prefix}sheet = "(.+)"', draft, re.MULTILINE) for prefix in ("", "# ")
    )
    return fed_sheets, commented_sheets, draft


@pytest.mark.one_engine
def test_a_draft_for_pairings_proposes_them_and_the_cadres(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "roster.md").read_text(encoding="utf-8")
    [pairings] = re.findall(r"```csv pairings\n(.*?)```", page, re.DOTALL)
    fed_sheets, commented_sheets, text = draft_sheets(tmp_path, "帮扶花名册", pairings)
    assert (fed_sheets, commented_sheets) == (["贫困户", "结对帮扶"], ["帮扶干部"])
    assert not re.search('HELPS.until" = "', text), "结对时间 is no last day"
    assert '# columns."Cadre.cadre_no" = {format = "A-{联系电话}"}' in text
    assert '# columns."HouseholdYear.status" = "脱贫状态"' in text


def test_a_draft_takes_no_number_of_households_for_one_of_departments(tmp_path: Path) -> None:
    roster = tmp_path / "花名册.csv"
    roster.write_text(
        "昭觉县2016年结对帮扶花名册\n户主姓名,户编号,家庭人口,帮扶干部姓名,职务,帮扶人联系电话\n甲一,H1,4,庚七,科员,13900000001\n",
        encoding="utf-8",
    )
    text = draft_mapping(open_delivery([roster]).tables)
    assert ("Cadre.phone" in text, "Department.department_no" in text) == (True, False)


def test_numbers_of_two_tables_never_begin_alike_in_a_draft(tmp_path: Path) -> None:
    """Check 28 tables of cadres with telephones and no numbers: the letters go on with AA after Z."""
    head = "帮扶干部姓名,职务,联系电话\n庚某,科员,13900000001\n"
    for number in range(28):
        (tmp_path / f"干部{number:02d}.csv").write_text(f"帮扶干部花名册\n{head}", encoding="utf-8")
    text = draft_mapping(open_delivery([tmp_path]).tables)
    letters = re.findall(r'format = "([A-Z]+)-', text)
    assert len(letters) == len(set(letters)) == 28
    assert letters[0] == "A"
    assert letters[-3:] == ["Z", "AA", "AB"]


@pytest.mark.one_engine
def test_a_draft_for_measures_proposes_them_and_their_households_once(tmp_path: Path) -> None:
    fed_sheets, commented_sheets, text = draft_sheets(
        tmp_path,
        "台账",
        "昭觉县2016年到户帮扶措施台账（单位：万元）\n序号,乡镇,行政村,户主,户编号,帮扶措施,措施内容,实施时间,投入资金(万元),责任单位\n"
        "1,新城镇,塘木村,甲一,5134311002050001,产业扶贫,养羊5只,2016年5月,0.5,昭觉县农牧局\n",
    )
    assert (fed_sheets, commented_sheets) == (["帮扶措施"], ["贫困户"])
    assert text.index("once = true") < text.index('"帮扶措施"')
    for column, header in (
        ("kind", "帮扶措施"),
        ("content", "措施内容"),
        ("starts_on", "实施时间"),
        ("amount", "投入资金(万元)"),
    ):
        assert f'# columns."Measure.{column}" = "{header}"' in text


@pytest.mark.one_engine
def test_a_draft_asks_whether_what_stands_side_by_side_is_tied(tmp_path: Path) -> None:
    fed_sheets, commented_sheets, _ = draft_sheets(
        tmp_path,
        "花名册",
        "昭觉县2016年干部结对帮扶贫困户花名册\n序号,乡镇,村,户主姓名,家庭人口,帮扶干部姓名,帮扶单位,职务,联系电话\n"
        "1,新城镇,塘木村,甲一,4,庚七,昭觉县财政局,科员,13900000001\n",
    )
    assert (fed_sheets, commented_sheets) == (["贫困户"], ["帮扶干部", "驻村帮扶", "部门帮村"]), (
        "households without their numbers"
    )
    fed_sheets, commented_sheets, _ = draft_sheets(
        tmp_path,
        "资金台账",
        "2016年财政专项扶贫资金项目台账\n序号,项目名称,建设地点,建设内容,资金来源,投资金额,实施单位,完成时间\n"
        "1,塘木村通村路,塘木村,硬化3公里,中央专项,120,昭觉县交通局,2016年10月\n",
    )
    assert (fed_sheets, commented_sheets) == (["项目"], ["帮扶部门"]), "the departments of a ledger of projects"


@pytest.mark.one_engine
def test_a_draft_makes_no_numbers_of_households_and_persons(tmp_path: Path) -> None:
    _, commented_sheets, text = draft_sheets(
        tmp_path,
        "医疗救助台账",
        "昭觉县2016年医疗救助台账\n序号,户编号,姓名,身份证号,病种,总费用(元),报销金额(元),医疗救助(元)\n1,H1,甲,1,肺炎,9,8,1\n",
    )
    assert "医疗费用" in commented_sheets
    assert "缺少 人口编号" in text
    assert ("{序号}" in text, "once = true" in text, '医疗救助(元)"' in text) == (False, False, False)


@pytest.mark.one_engine
def test_a_draft_for_a_ledger_of_projects_takes_what_was_granted_for_the_fund(tmp_path: Path) -> None:
    fed_sheets, commented_sheets, text = draft_sheets(
        tmp_path,
        "资金台账",
        "昭觉县2016年项目资金台账（万元）\n序号,资金文号,资金名称,资金类型,下达金额,项目名称,项目类别,建设地点,实施单位,拨付金额,凭证号,拨付日期\n"
        "1,川1号,专项,财政专项,300,路,基础设施,塘木村,县交通局,100,V1,2016-05-01\n",
    )
    assert {"资金", "项目"} <= set(fed_sheets)
    assert "帮扶措施" not in fed_sheets, commented_sheets
    assert '# columns."Fund.fund_no" = "资金文号"' in text
    assert '# columns."Fund.amount" = "下达金额"' in text


@pytest.mark.one_engine
def test_a_draft_tells_two_sheets_of_one_name_apart(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["户编号", "年度", "村编码", "户主姓名", "致贫原因"],
        ["H1", 2016, "513431100200", "甲", "因病"],
    ]
    files = [workbook({"Sheet1": rows}, tmp_path / name) for name in ("a.xlsx", "b.xlsx")]
    text = draft_mapping(open_delivery(files).tables)
    assert re.findall('^name = "(.+)"', text, re.MULTILINE) == ["a.xlsx!Sheet1", "b.xlsx!Sheet1"]
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(tmp_path / "m.toml", MODEL)
    assert {table.path.name for table in apply_mapping(open_delivery(files).tables, mapping)} == {"a.xlsx", "b.xlsx"}


@pytest.mark.one_engine
def test_a_draft_for_cadres_alone_numbers_them_by_their_telephones(tmp_path: Path) -> None:
    fed_sheets, commented_sheets, text = draft_sheets(tmp_path, "人员", "姓名,职务,联系电话\n庚七,科员,13900000001\n")
    assert (fed_sheets, commented_sheets) == (["帮扶干部"], [])
    assert '# columns."Cadre.cadre_no" = {format = "A-{联系电话}"}' in text
