"""Misleading texts in files: below a header, beside a name or above a column without belonging to it (docs/reference/files.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from graph_service.core.cells.row_parsing import ParsedRow, RowParser
from graph_service.core.recording.row_outcomes import RowOutcomes
from graph_service.domain.model import MODEL
from graph_service.features.imports.publish import correction_workbook
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.header_matching import match_tables
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.read.mapping_rules import HeaderMapping
from graph_service.features.imports.read.row_classification import is_total
from graph_service.features.imports.validate.cell_masks import CellMasks
from graph_service.features.imports.validate.delivery_years import years_by_sheet
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.features.imports.validate.row_reading import RecordReader
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store
from tests.county import workbook
from tests.features.imports.test_files import VILLAGE, assert_rows_add_up, cards, csv_files, helpers, issues_of, states
from tests.numbers import CODEC

pytestmark = pytest.mark.one_engine
DAY = 20161231
VILLAGES = f"村编码,村名,年度\n{VILLAGE},甲村,2016\n"
Files = Callable[..., Path]
__all__ = ["csv_files"]


def read(
    *paths: Path, areas: tuple[str, ...] = ()
) -> tuple[list[tuple[int, ParsedRow]], set[tuple[str, int, str]], list[LeftOutPart]]:
    """Return the records of files with their rows, before any import; (sheet, row, code) of all issues; and the parts left out."""
    delivery = open_delivery(list(paths))
    matched, unmatched = match_tables(delivery.tables, MODEL, HeaderMapping())
    records: list[tuple[int, ParsedRow]] = []
    left_out = [part for table in unmatched for part in (table.left_out_part, *table.unusable_columns)]
    issues: set[tuple[str, int, str]] = set()
    delivery_years = years_by_sheet(matched)
    for table in matched:
        reader = RowParser(MODEL, table.sheet, table.positions, table.header_texts, CODEC, table.units)
        masks = CellMasks(table, reader.header_texts)
        rows = RecordReader(table, reader, RowOutcomes(), masks, delivery_years[table.sheet.name])
        for row in rows:
            records.append((row.number, row.parsed))
            issues |= {
                (table.sheet.name, row.number, issue.code) for issue in (*row.parsed.refusals, *row.parsed.flags)
            }
        left_out += [*table.unused, *rows.left_out]
    return records, issues, left_out


def values(records: list[tuple[int, ParsedRow]], column: str) -> dict[str, object]:
    """Return the values of a column by record key, for the rows that are not refused."""
    return {parsed.key_text: parsed.values.get(column) for _, parsed in records if parsed.main_refusal is None}


def import_folder(store: Store, folder: Path, **arguments: object) -> ImportReport:
    report = import_files(store, [folder], day=DAY, **arguments)  # type: ignore[arg-type]
    assert_rows_add_up(report)
    return report


# A further header


@pytest.mark.parametrize(
    "second",
    [
        "户编号,年度,村编码,户主姓名,脱贫属性,转移性收入,工资性收入",
        "户编号,年度,村编码,户主姓名,脱贫属性,工资性收入(万元),转移性收入",
        "人口编号,年度,户编号,姓名,与户主关系,,",
    ],
)
def test_rows_below_another_header_are_not_read_under_the_first(csv_files: Files, second: str) -> None:
    first = "户编号,年度,村编码,户主姓名,脱贫属性,工资性收入,转移性收入"
    rows = f"{first}\nH1,2016,{VILLAGE},张三,未脱贫,1000,200\n{second}\nH2,2016,{VILLAGE},李四,未脱贫,300,5000\n"
    records, issues, _ = read(csv_files(贫困户=rows))
    assert values(records, "HouseholdYear.wage_income") == {"H1": 100_000}
    assert {("贫困户", 3, "HEADER_CHANGED"), ("贫困户", 4, "BELOW_OTHER_HEADER")} <= issues
    records, _, _ = read(csv_files(贫困户=f"{rows}{first}\nH3,2016,{VILLAGE},王五,未脱贫,7,8\n"))
    assert values(records, "HouseholdYear.wage_income") == {"H1": 100_000, "H3": 700}, "the first header again"


def test_a_header_with_another_unit_is_another_header(csv_files: Files) -> None:
    text = "资金编号,年度,金额(万元)\nF1,2016,1\n（续表）,,\n资金编号,年度,金额(元)\nF3,2016,20000\n"
    records, issues, _ = read(csv_files(资金=text))
    assert values(records, "Fund.amount") == {"F1": 1_000_000}
    assert ("资金", 5, "BELOW_OTHER_HEADER") in issues


def test_words_of_headers_in_records_are_no_header(csv_files: Files) -> None:
    records, _, _ = read(csv_files(家庭成员="人口编号,年度,户编号,姓名,与户主关系\nP1,2016,H1,配偶,户主\n"))
    assert values(records, "PersonYear.name") == {"P1": "配偶"}


@pytest.mark.parametrize("word", ["户主", "男", "3户", "2人", "未脱贫"])
def test_a_word_of_another_column_is_no_name(csv_files: Files, word: str) -> None:
    records, issues, _ = read(csv_files(家庭成员=f"人口编号,年度,户编号,姓名,与户主关系\nP1,2016,H1,{word},户主\n"))
    assert values(records, "PersonYear.name") == {"P1": None}
    assert ("家庭成员", 2, "NAME_SHAPE") in issues


# Units below a header


@pytest.mark.parametrize(
    "below",
    [
        "单位：万元,制表人：张三,审核：李四,2016年12月1日",
        ",,（万元）,",
        ",,万元,",
        "/,/,万元,/",
        "必填,必填,必填，单位万元,选填",
        ",年,（万元）,文字",
        "合计（万元）,,1.5,",
        "合计(单位：万元),,1.5,",
    ],
)
def test_a_unit_below_the_header_counts(csv_files: Files, below: str) -> None:
    records, _, _ = read(csv_files(资金=f"资金编号,年度,金额,备注\nF1,2016,1.5,\n{below}\n"))
    assert values(records, "Fund.amount")["F1"] == 1_500_000


@pytest.mark.parametrize("below", ["合计,,3.5万元,", "F2,2016,200,元\nF3,2016,3,万元", "单位：万元/人,,,"])
def test_a_unit_that_may_not_reach_all_amounts_refuses_them(csv_files: Files, below: str) -> None:
    records, _, left_out = read(csv_files(资金=f"资金编号,年度,金额,备注\nF1,2016,1.5,\n{below}\n"))
    assert values(records, "Fund.amount")["F1"] is None
    assert "COLUMN_UNIT" in {part.code for part in left_out}


@pytest.mark.parametrize(
    "note", ["单位：人民币 万元", "单位，万元", "单位.万元", "單位：萬元", "单位︰万元", "单位、万元"]
)
def test_a_unit_in_a_note_counts_however_it_is_written(csv_files: Files, note: str) -> None:
    records, _, _ = read(csv_files(资金=f'"{note}",,\n资金编号,年度,金额\nF1,2016,12\n'))
    assert values(records, "Fund.amount") == {"F1": 12_000_000}


@pytest.mark.parametrize("note", ["单位：万元/户", "（单位：万元/人）", "Unit: 10k RMB", "单位(Unit):10,000元"])
def test_a_unit_in_a_note_that_is_not_understood_refuses_the_amounts(csv_files: Files, note: str) -> None:
    records, _, left_out = read(csv_files(资金=f'"{note}",,\n资金编号,年度,金额\nF1,2016,12\n'))
    assert values(records, "Fund.amount") == {"F1": None}
    assert "COLUMN_UNIT" in {part.code for part in left_out}


def test_a_unit_in_the_name_of_the_file_and_in_a_hidden_row(tmp_path: Path) -> None:
    rows: list[list[object]] = [["资金编号", "年度", "金额"], ["F1", 2016, 12]]
    records, _, _ = read(workbook({"资金": rows}, tmp_path / "资金明细表(单位：万元).xlsx"))
    assert values(records, "Fund.amount") == {"F1": 12_000_000}
    path = workbook({"资金": [["单位：万元", None, None], *rows]}, tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(path)
    book["资金"].row_dimensions[1].hidden = True
    book.save(path)
    records, _, left_out = read(path)
    assert values(records, "Fund.amount") == {"F1": None}
    assert "COLUMN_UNIT" in {part.code for part in left_out}


@pytest.mark.parametrize(
    ("text", "fen"), [("单位：万元", None), ("单位：元", 1_200), ("填报单位：某局", 1_200), ("请核对", 1_200)]
)
@pytest.mark.parametrize("where", ["comment", "header", "box"])
def test_a_unit_beside_the_cells_may_not_be_theirs(tmp_path: Path, where: str, text: str, fen: int | None) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("资金")
    for column, (above, below) in enumerate(zip(["资金编号", "年度", "金额"], ["F1", 2016, 12], strict=True)):
        sheet.write(0, column, above)
        sheet.write(1, column, below)
    if where == "comment":
        sheet.write_comment("C1", text)
    elif where == "header":
        sheet.set_header(f'&L&"宋体,常规"&12资金表&R{text}')
    else:
        sheet.insert_textbox("E1", text)
    book.close()
    records, _, left_out = read(path)
    assert values(records, "Fund.amount") == {"F1": fen}
    assert ("COLUMN_UNIT" in {part.code for part in left_out}) == (fen is None)


# Headers above headers


def stacked(path: Path, upper: list[object], lower: list[object], *rows: list[object], sheet: str) -> Path:
    """Write a workbook whose header has two rows; where the lower one is blank the upper one is merged over both."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for cells in (upper, lower, *rows):
        page.append(cells)
    for column, text in enumerate(lower, 1):
        if text is None:
            page.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    start = next(column for column, text in enumerate(lower, 1) if text is not None)
    page.merge_cells(start_row=1, end_row=1, start_column=start, end_column=len(lower))
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("upper", "wage"),
    [("2015年收入(元)", None), ("2017年预计收入(元)", None), ("2016年收入(元)", 100_000), ("收入", 100_000)],
)
def test_a_year_above_a_column_that_is_not_the_row_s(tmp_path: Path, upper: str, wage: int | None) -> None:
    head: list[object] = ["户编号", "年度", "村编码", "户主姓名", "脱贫属性", upper, None]
    below: list[object] = [None, None, None, None, None, "工资性收入", "转移性收入"]
    path = stacked(tmp_path / "a.xlsx", head, below, ["H1", 2016, VILLAGE, "张三", "未脱贫", 1000, 200], sheet="贫困户")
    records, _, left_out = read(path)
    assert values(records, "HouseholdYear.wage_income") == {"H1": wage}
    assert any("工资性收入" in part.column for part in left_out) == (wage is None)


def test_what_stands_above_a_column_says_whose_it_is(tmp_path: Path) -> None:
    head: list[object] = ["户编号", "年度", "村编码", "户主姓名", "脱贫属性", "帮扶责任人", None, None]
    below: list[object] = [None, None, None, None, None, "姓名", "单位", "联系电话"]
    row: list[object] = ["H1", 2016, VILLAGE, "甲", "未脱贫", "庚", "局", "13900000001"]
    records, _, left_out = read(stacked(tmp_path / "a.xlsx", head, below, row, sheet="贫困户"))
    assert values(records, "HouseholdYear.phone") == {"H1": None}
    assert "帮扶责任人联系电话" in {part.column for part in left_out}
    head, below = ["资金编号", "年度", "计划下达(元)", "实际支出", None], [None, None, None, "金额(元)", "凭证"]
    records, _, _ = read(stacked(tmp_path / "b.xlsx", head, below, ["F1", 2016, 500, 300, "V1"], sheet="资金"))
    assert values(records, "Fund.amount") == {"F1": None}
    head, below = (
        ["人口编号", "年度", "户编号", "姓名", "与户主关系", "监护人", None],
        [None, None, None, None, None, "证件号码", "性别"],
    )
    row = ["P1", 2016, "H1", "甲", "户主", "513431197001010028", "女"]
    records, _, _ = read(stacked(tmp_path / "c.xlsx", head, below, row, sheet="家庭成员"))
    assert (values(records, "PersonYear.sex"), values(records, "PersonYear.id_document")) == (
        {"P1": None},
        {"P1": None},
    )


# Records and their numbers


def test_a_formula_of_an_old_workbook_without_a_result_is_not_blank(empty: Store, tmp_path: Path) -> None:
    for name, amount in (("a", 5000), ("b", xlwt.Formula("B2*100"))):
        book = xlwt.Workbook()
        sheet = book.add_sheet("资金")
        for column, cell in enumerate(["资金编号", "年度", "金额(元)"]):
            sheet.write(0, column, cell)
        for column, value in enumerate(["F1", 2016, amount]):
            sheet.write(1, column, value)
        book.save(str(tmp_path / f"{name}.xls"))
        report = import_files(empty, [tmp_path / f"{name}.xls"], day=DAY)
    assert states(empty, "Fund", "amount") == {"F1": [500_000]}
    assert ("资金", 2, "FORMULA_WITHOUT_VALUE") in issues_of(report)


@pytest.mark.parametrize("code", ["513431100", "513431", "5134", "51"])
def test_an_area_that_is_no_village_is_none(empty: Store, csv_files: Files, code: str) -> None:
    report = import_folder(
        empty,
        csv_files(
            行政村=f"村编码,村名,年度\n{code},某,2016\n", 贫困户=f"户编号,年度,村编码,脱贫属性\nH1,2016,{code},未脱贫\n"
        ),
    )
    assert {("行政村", 2, "AREA_CODE_INVALID"), ("贫困户", 2, "REFERENCE_UNKNOWN")} <= issues_of(report)
    assert cards(empty, "status") == {}


@pytest.mark.parametrize("key", ["新增", "待编", "没有编号", "未编号户", "（无）", "[无]", "【待定】"])
def test_words_for_no_number_are_none(csv_files: Files, key: str) -> None:
    records, issues, _ = read(csv_files(贫困户=f"户编号,年度,村编码\nH1,2016,{VILLAGE}\n{key},2016,{VILLAGE}\n"))
    assert values(records, "HouseholdYear.year").keys() == {"H1"}
    assert ("贫困户", 3, "KEY_MISSING") in issues


def test_words_and_counts_among_numbers_are_told(empty: Store, csv_files: Files) -> None:
    rows = "中央资金,,500\nF1,2016,200\nF2,2016,300\n省级资金,,400\nF3,2016,150\nF4,2016,250\n5,,700\n6,,1100\n"
    report = import_folder(empty, csv_files(资金=f"资金编号,年度,金额(元)\n{rows}"))
    flagged_rows = {(remark.row, remark.code) for remark in report.remarks}
    assert flagged_rows >= {(row, "KEY_UNLIKE_OTHERS") for row in (2, 5, 8, 9)}
    assert (3, "KEY_UNLIKE_OTHERS") not in flagged_rows


@pytest.mark.parametrize(
    "word",
    [
        "总户数",
        "总合",
        "一共",
        "共计3笔资金",
        "上年结转",
        "结转下页",
        "续上页",
        "接上页",
        "Sub-total",
        "均值",
        "合-计",
        "合.计",
    ],
)
def test_further_words_of_totals(word: str) -> None:
    assert is_total(word)


@pytest.mark.parametrize("year", ["", "待定", "-", "同上", "〃"])
def test_a_year_that_is_not_written_is_not_the_collection_s(csv_files: Files, year: str) -> None:
    rows = f"户编号,年度,村编码\nH1,2015,{VILLAGE}\nH3,{year},{VILLAGE}\n"
    records, issues, _ = read(csv_files(贫困户=rows))
    assert values(records, "HouseholdYear.year") == {"H1": 2015} | ({} if year else {"H3": 2015})
    assert ("贫困户", 3, "YEAR_MISSING" if year else "YEAR_OF_OTHERS") in issues
    _, issues, _ = read(csv_files(贫困户=f"{rows}H4,2014,{VILLAGE}\nH5,{year},{VILLAGE}\n"))
    assert {("贫困户", 3, "YEAR_MISSING"), ("贫困户", 5, "YEAR_MISSING")} <= issues


@pytest.mark.parametrize("header", ["统计年度", "采集年度", "年度(年)"])
def test_the_year_under_other_headers(csv_files: Files, header: str) -> None:
    records, _, _ = read(csv_files(贫困户=f"户编号,{header},村编码\nH1,2014,{VILLAGE}\n"))
    assert values(records, "HouseholdYear.year") == {"H1": 2014}


def test_two_columns_of_years_are_none(csv_files: Files) -> None:
    records, issues, _ = read(csv_files(贫困户=f"户编号,年度,村编码,年度\nH1,2014,{VILLAGE},2015\n"))
    assert values(records, "HouseholdYear.year") == {}
    assert ("贫困户", 2, "YEAR_MISSING") in issues


def test_a_year_in_chinese_numerals_in_a_title(empty: Store, csv_files: Files) -> None:
    import_folder(
        empty, csv_files(行政村=VILLAGES, 贫困户=f"二〇一五年贫困户花名册,,\n户编号,村编码,户主姓名\nH1,{VILLAGE},甲\n")
    )
    assert cards(empty, "year") == {"H1": [2015]}


@pytest.mark.parametrize(("year", "refused"), [("#N/A", True), ("待定", True), ("", False), ("2016", False)])
def test_an_exit_whose_year_is_not_understood_did_not_happen_in_the_card_s(
    csv_files: Files, year: str, refused: bool
) -> None:
    records, _, _ = read(
        csv_files(贫困户=f"户编号,年度,村编码,脱贫属性,脱贫年度,识别年度\nH1,2016,{VILLAGE},已脱贫,{year},2014\n")
    )
    assert (values(records, "HouseholdYear.status") == {}) is refused


# Days


@pytest.mark.parametrize(("text", "until"), [("2016.1", None), ("2016.3", 20160331), ("2016-01", 20160131)])
def test_a_text_file_may_have_lost_the_nought_of_october(
    empty: Store, csv_files: Files, text: str, until: int | None
) -> None:
    pairings_csv = f"干部编号,户编号,开始时间,结束时间\nC1,H1,2015-01-01,{text}\n"
    report = import_folder(
        empty,
        csv_files(
            行政村=VILLAGES,
            贫困户=f"户编号,年度,村编码\nH1,2016,{VILLAGE}\n",
            帮扶干部="干部编号,姓名\nC1,庚\n",
            结对帮扶=pairings_csv,
        ),
    )
    assert helpers(empty) == ({"H1": [20150101, until]} if until else {})
    assert (("结对帮扶", 2, "DATE_INVALID") in issues_of(report)) == (until is None)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2015.3——2016.6", [20150301, 20160630]),
        ("2015.3--2016.6", [20150301, 20160630]),
        ("2015年3月——2016年6月", [20150301, 20160630]),
        ("2015.3-至今", [20150301, 99991231]),
        ("2015.3-2015.9-2016.6", None),
    ],
)
def test_a_period_in_one_cell(
    empty: Store, csv_files: Files, tmp_path: Path, period: str, days: list[int] | None
) -> None:
    rule = 'columns."HELPS.{}" = {{header = "帮扶时间", split = ["至", "—", "-"], part = {}, optional = true}}\n'
    text = f'[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "结对帮扶"\n{rule.format("since", 0)}{rule.format("until", 1)}'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    folder = csv_files(
        行政村=VILLAGES, 贫困户=f"户编号,年度,村编码\nH1,2016,{VILLAGE}\n", 帮扶干部="干部编号,姓名\nC1,庚\n",
        名册=f"干部编号,户编号,帮扶时间\nC1,H1,{period}\n",
    )  # fmt: skip
    import_folder(empty, folder, mapping=load_mapping(tmp_path / "m.toml", MODEL))
    assert helpers(empty) == ({"H1": days} if days else {})


# Persons meant by a name


OFFICES = "单位编号,单位名称,隶属关系\nD1,财政局,县级\nD2,教育局,县级\n"


@pytest.mark.parametrize(
    ("office", "found"), [("财政局", True), ("教育局", False), ("林业局", False), ("", True), ("-", True)]
)
def test_a_cadre_of_another_office_is_another_one(empty: Store, csv_files: Files, office: str, found: bool) -> None:
    folder = csv_files(
        行政村=VILLAGES, 贫困户=f"户编号,年度,村编码\nH1,2016,{VILLAGE}\n", 帮扶部门=OFFICES, 帮扶干部="干部编号,姓名,单位编号\nC1,张三,D1\n",
        结对帮扶=f"帮扶责任人,帮扶单位,户编号,开始日期\n张三,{office},H1,2016-01-01\n",
    )  # fmt: skip
    report = import_folder(empty, folder, lookup_areas=("513431",))
    assert bool(helpers(empty)) is found
    assert (("结对帮扶", 2, "NAME_UNKNOWN") in issues_of(report)) is not found


@pytest.mark.parametrize(
    ("relation", "ties"),
    [("-", []), ("无", []), ("非亲属", []), ("系本人", ["SAME_AS"]), ("本人", ["SAME_AS"]), ("配偶", ["KIN_OF"])],
)
def test_a_relation_that_is_none_makes_no_kin(empty: Store, csv_files: Files, relation: str, ties: list[str]) -> None:
    import_folder(
        empty,
        csv_files(
            帮扶干部="干部编号,姓名\nC1,庚\n", 经营主体="统一社会信用代码,类型,名称\n91513400MA6AAAAA1X,企业,某公司\n",
            关系人=f"姓名,干部编号,关系,经营主体\n赵,C1,{relation},91513400MA6AAAAA1X\n",
        ),
    )  # fmt: skip
    relationship_types = empty.query_text("MATCH (:Person)-[r]->(:Cadre) RETURN type(r)", {})
    assert [row[0] for row in relationship_types] == ties


@pytest.mark.parametrize(
    ("written", "kept"),
    [("周 平", "周平"), ("周　平", "周平"), ("欧阳 锋", "欧阳锋"), ("阿力 木呷", "阿力 木呷"), ("Ann Lee", "Ann Lee")],
)
def test_names_set_apart_to_one_width_are_closed_up(csv_files: Files, written: str, kept: str) -> None:
    records, _, _ = read(csv_files(帮扶干部=f"干部编号,姓名\nC1,{written}\n"))
    assert values(records, "Cadre.name") == {"C1": kept}


# Lists of another kind


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("易地搬迁名单", f"户编号,户主姓名,村编码,补助资金(万元),入住时间\nH1,甲,{VILLAGE},2,2017-05-01\n"),
        ("项目资金台账", f"资金文号,项目名,实施单位,村编码,下达金额,拨付金额\n川1号,路,县交通局,{VILLAGE},3,2\n"),
        ("医疗台账", "人口编号,年度,姓名,总费用合计,报销\nP1,2017,甲,2,1\n"),
    ],
)
def test_a_list_that_only_says_who_is_meant_makes_no_records(
    empty: Store, csv_files: Files, name: str, text: str
) -> None:
    import_folder(empty, csv_files(行政村=VILLAGES, 贫困户=f"户编号,年度,村编码,脱贫属性\nH1,2016,{VILLAGE},未脱贫\n"))
    report = import_folder(empty, csv_files(**{name: text}))
    assert {part.code for part in report.left_out if part.sheet == name and not part.column} <= {
        "SHEET_UNSURE",
        "SHEET_UNKNOWN",
        "SHEET_AMBIGUOUS",
    }
    assert cards(empty, "year") == {"H1": [2016]}
    assert states(empty, "Department", "name") == {}


# The workbook of refused rows


def test_a_name_means_in_the_workbook_what_it_meant_in_the_file(empty: Store, tmp_path: Path) -> None:
    head: list[object] = ["户编号", "年度", "户主姓名", "工资性收入", "所在地", None, None]
    below: list[object] = [None, None, None, None, "县", "乡镇", "行政村"]
    rows: list[list[object]] = [
        ["H1", 2016, "甲", "约300", "昭觉县", "新城镇", "城南村"],
        ["H2", 2016, "乙", 5, "昭觉县", "新城镇", "塘木村"],
    ]
    path = stacked(tmp_path / "a.xlsx", head, below, *rows, sheet="贫困户")
    book = openpyxl.load_workbook(path)
    book["贫困户"]["D3"] = "#N/A"
    book["贫困户"]["A3"] = "待定"
    book.save(path)
    rejects = RejectedRowCollector()
    import_files(empty, [path], day=DAY, lookup_areas=("5134",), rejected_rows=rejects)
    with (tmp_path / "rejects.xlsx").open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, DAY, file)
    book = openpyxl.load_workbook(tmp_path / "rejects.xlsx")
    sheet = book[book.sheetnames[0]]
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(2, headers.index("户编号") + 1).value = "H1"
    book.save(tmp_path / "fixed.xlsx")
    report = import_files(empty, [tmp_path / "fixed.xlsx"], day=DAY, lookup_areas=("5134",))
    assert cards(empty, "village_code")["H1"] == ["513431100001"], issues_of(report)


MEASURES = "户编号,措施类别,项目内容,开始时间,金额(元),支付凭证号,资金编号\n"


def test_a_measure_refused_as_repeated_and_then_told_apart_is_another_one(
    empty: Store, tmp_path: Path, csv_files: Files
) -> None:
    row = "H1,产业,绵羊5只,2016-03-01,3000,,F1\n"
    rejects = RejectedRowCollector()
    folder = csv_files(
        行政村=VILLAGES,
        贫困户=f"户编号,年度,村编码\nH1,2016,{VILLAGE}\n",
        资金="资金编号,年度,金额(元)\nF1,2016,9000\n",
        帮扶措施=MEASURES + row + row,
    )
    report = import_folder(empty, folder, rejected_rows=rejects)
    assert report.counts["帮扶措施"]["refused"] == 1
    with (tmp_path / "rejects.xlsx").open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, DAY, file)
    book = openpyxl.load_workbook(tmp_path / "rejects.xlsx")
    sheet = book[book.sheetnames[0]]
    sheet.cell(2, [cell.value for cell in sheet[1]].index("支付凭证号") + 1).value = "2016-03-0009"
    book.save(tmp_path / "fixed.xlsx")
    for expected_new in (1, 0):
        report = import_files(empty, [tmp_path / "fixed.xlsx"], day=DAY)
        assert report.counts["帮扶措施"].get("new", 0) == expected_new
    assert sorted(row[0] for row in states(empty, "Measure", "amount").values()) == [300_000, 300_000]


def test_a_measure_whose_kind_is_not_understood_is_the_known_one(empty: Store, csv_files: Files) -> None:
    row = "H1,{},低保,2016-03-01,6200,,\n"
    folder = csv_files(
        行政村=VILLAGES, 贫困户=f"户编号,年度,村编码\nH1,2016,{VILLAGE}\n", 帮扶措施=MEASURES + row.format("综合保障")
    )
    import_folder(empty, folder)
    report = import_folder(empty, csv_files(帮扶措施=MEASURES + row.format("某某保障")))
    assert ("帮扶措施", 2, "VALUE_UNKNOWN") in issues_of(report)
    assert list(states(empty, "Measure", "kind", "amount").values()) == [["SAFETY_NET", 620_000]]
    # Next to the same row with its kind, it is a further measure.
    import_folder(empty, csv_files(帮扶措施=MEASURES + row.format("综合保障") + row.format("某某保障")))
    assert sorted(states(empty, "Measure", "kind").values()) == [["OTHER"], ["SAFETY_NET"]]


def test_a_second_name_in_a_repeated_row_is_told(empty: Store, tmp_path: Path, csv_files: Files) -> None:
    text = '[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "帮扶干部"\nonce = true\ncolumns."Cadre.cadre_no" = {format = "A-{电话}"}\ncolumns."Cadre.phone" = []\n'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    folder = csv_files(名册="姓名,电话\n甲子,13700000001\n甲子、乙丑,13700000001\n甲子、乙丑,13700000001\n")
    report = import_folder(empty, folder, mapping=load_mapping(tmp_path / "m.toml", MODEL))
    assert [(remark.row, remark.code) for remark in report.remarks] == [(3, "NAMES_LISTED")]
    assert states(empty, "Cadre", "name") == {"A-13700000001": ["甲子"]}


def test_a_signature_is_a_note_whatever_a_mapping_adds(empty: Store, tmp_path: Path, csv_files: Files) -> None:
    text = '[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "贫困户"\ncolumns."HouseholdYear.year" = {constant = 2016}\n'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    folder = csv_files(
        行政村=VILLAGES,
        名册=f"户编号,村编码,户主姓名,致贫原因\nH1,{VILLAGE},甲,因病\n填表人：张三,审核人：李四,单位负责人：王五,\n",
    )
    report = import_folder(empty, folder, mapping=load_mapping(tmp_path / "m.toml", MODEL))
    assert report.left_out_rows["贫困户"] == {"NOTE_ROW": 1}
    assert "refused" not in report.counts["贫困户"]
