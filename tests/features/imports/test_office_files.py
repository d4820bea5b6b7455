"""Typical files of county offices: missing years, rows that are parts of others, padded codes, unstated units (docs/reference/files.md)."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph_service.core.cells.cell_days import parse_day
from graph_service.errors import DayUnknown
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.cell_rules import compute_cell
from graph_service.features.imports.read.key_shapes import KeyShapes
from graph_service.features.imports.read.mapping_rules import CellRule
from graph_service.platform.store.graph import Store
from tests.county import workbook
from tests.features.imports.test_edges import DAY, Files, csv_files, read, values
from tests.features.imports.test_files import VILLAGE, VILLAGES

pytestmark = pytest.mark.one_engine
__all__ = ["csv_files"]
FUNDS = "资金编号,资金名称,年度,金额（万元）,级次"
VILLAGE_BOOK = "村编码,村名,年度,是否贫困村,集体经济收入"


def codes(issues: set[tuple[str, int, str]], row: int) -> set[str]:
    return {code for _, number, code in issues if number == row}


# Years of cards


def undated_roster(path: Path, date_note: str) -> Path:
    """Write a roster of households without a year; `date_note` is its note of the day it was filled in."""
    rows: list[list[object]] = [
        ["新城镇花名册"], ["填报单位：新城镇", None, None, None, date_note], ["户编号", "户主姓名", "家庭人口", "脱贫属性", "村编码"],
        ["H1", "张甲一", 5, "已脱贫", VILLAGE],
    ]  # fmt: skip
    return workbook({"贫困户": rows}, path)


@pytest.mark.parametrize("written", ["填报时间：2017年1月10日", "填报时间：2016年12月20日", ""])
def test_cards_of_no_year_are_not_those_of_the_last_collection(empty: Store, tmp_path: Path, written: str) -> None:
    cards: list[list[object]] = [
        ["户编号", "年度", "户主姓名", "家庭人口", "脱贫属性", "村编码"], ["H1", 2015, "张甲一", 4, "未脱贫", VILLAGE],
    ]  # fmt: skip
    import_files(empty, [workbook({"行政村": VILLAGES, "贫困户": cards}, tmp_path / "first.xlsx")])
    roster = undated_roster(tmp_path / "roster.xlsx", written)
    with pytest.raises(DayUnknown, match="贫困户"):
        import_files(empty, [roster])
    assert import_files(empty, [roster], day=20161231).counts["贫困户"]["new"] == 1


def test_sheets_without_cards_are_of_the_last_collection(empty: Store, tmp_path: Path) -> None:
    import_files(empty, [workbook({"行政村": VILLAGES}, tmp_path / "first.xlsx")])
    cadres: list[list[object]] = [["干部编号", "姓名"], ["GB1", "甲"]]
    assert import_files(empty, [workbook({"帮扶干部": cadres}, tmp_path / "cadres.xlsx")]).day == 20161231


# Usual but unstated units


@pytest.mark.parametrize(
    ("header", "cell", "fen"),
    [
        ("集体经济收入", "35000", None),
        ("集体经济收入(万元)", "3.5", 3_500_000),
        ("集体经济收入(元)", "35000", 3_500_000),
    ],
)
def test_what_registers_keep_in_ten_thousands_is_not_assumed_so(
    csv_files: Files, header: str, cell: str, fen: int | None
) -> None:
    text = f"{VILLAGE_BOOK.replace('集体经济收入', header)}\n{VILLAGE},甲村,2016,是,{cell}\n"
    records, _, left_out = read(csv_files(行政村=text))
    assert values(records, "VillageYear.collective_income") == {VILLAGE: fen}
    assert ("COLUMN_UNIT" in {part.code for part in left_out}) == (fen is None)


# Rows that are parts of others


@pytest.mark.parametrize("part", ["其中：发展资金", "其中:发展资金", "（其中：发展资金）"])
def test_a_part_of_the_row_above_is_not_counted_beside_it(csv_files: Files, part: str) -> None:
    rows = f"1,财政专项扶贫资金,2016,350,中央\n1.1,{part},2016,200,中央\n1.2,少数民族资金,2016,150,中央\n2,县级配套,2016,80,县级\n"
    records, issues, _ = read(csv_files(资金=f"{FUNDS}\n{rows}"))
    assert values(records, "Fund.amount") == {"1": 350_000_000, "2": 80_000_000}
    assert codes(issues, 3) == codes(issues, 4) == {"ROW_IS_PART"}


def test_numbers_that_go_on_from_others_are_records_where_no_row_is_a_part(csv_files: Files) -> None:
    records, _, _ = read(csv_files(资金=f"{FUNDS}\n1,甲,2016,350,中央\n1.1,乙,2016,200,中央\n"))
    assert set(values(records, "Fund.amount")) == {"1", "1.1"}


# Numbers


@pytest.mark.parametrize(("months", "value"), [("12", 12), ("180", None), ("6个月", 6)])
def test_a_year_has_twelve_months(csv_files: Files, months: str, value: int | None) -> None:
    records, issues, _ = read(csv_files(家庭成员=f"户编号,人口编号,年度,姓名,务工时间\nH1,R1,2016,张甲一,{months}\n"))
    assert [parsed.values.get("PersonYear.months_worked") for _, parsed in records] == [value]
    assert ("NUMBER_TOO_LARGE" in codes(issues, 2)) == (value is None)


@pytest.mark.parametrize("kind", ["农民专业合作社", "农民合作社", "股份合作社", "有限责任公司", "有限公司"])
def test_operators_are_called_as_the_law_calls_them(empty: Store, tmp_path: Path, kind: str) -> None:
    rows: list[list[object]] = [["统一社会信用代码", "类型", "名称"], ["91519900ma00000047", kind, "甲"]]
    report = import_files(empty, [workbook({"经营主体": rows}, tmp_path / "o.xlsx")], day=DAY)
    assert report.counts["经营主体"]["new"] == 1
    label = "Cooperative" if "合作社" in kind else "Enterprise"
    stored = empty.write(lambda tx: [list(row) for row in tx.run(f"MATCH (o:{label}) RETURN o.uscc", {})])
    assert ["91519900MA00000047"] in stored, "letters of credit codes are capitals"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (["H001", "h002", "H003"], ["h002"]), (["H001", "H0O2"], ["H0O2"]), (["H001", "H002", "H003"], []),
        (["91519900MA00000020", "91519900MAOOOO0063"], ["91519900MAOOOO0063"]), (["XM1", "XM1-2"], []),
    ],
)  # fmt: skip
def test_a_slip_in_a_number_is_told_in_a_short_table_too(keys: list[str], told: list[str]) -> None:
    shapes = KeyShapes()
    for row, key in enumerate(keys):
        shapes.add(row, key)
    assert [key for _, key in shapes.find_outliers()] == told


@pytest.mark.parametrize("voucher", ["3月1日", "5-Mar", "Mar-05"])
def test_a_voucher_that_a_spreadsheet_made_a_day_is_refused(csv_files: Files, voucher: str) -> None:
    head = "凭证号,来源资金编号,去向类型,去向编号,金额(元),日期"
    _, issues, _ = read(csv_files(资金流向=f"{head}\n{voucher},F1,项目,P1,5,2016-05-01\n"))
    assert "KEY_STORED_AS_DATE" in codes(issues, 2)


# Names, codes, days


@pytest.mark.parametrize("name", ["张甲五(已故)", "张甲五（户主）", "张甲五 (死亡)"])
def test_a_remark_behind_a_name_is_no_part_of_it(csv_files: Files, name: str) -> None:
    records, issues, _ = read(csv_files(家庭成员=f"户编号,人口编号,年度,姓名\nH1,R1,2016,{name}\n"))
    assert [parsed.values["PersonYear.name"] for _, parsed in records] == ["张甲五"]
    assert codes(issues, 2) == {"NAME_REMARK"}


@pytest.mark.parametrize(
    ("written", "code"),
    [("513431000000", "513431"), ("513431100000", "513431100"), ("510000", "51"), ("513431", "513431")],
)
def test_codes_of_areas_may_be_padded(csv_files: Files, written: str, code: str) -> None:
    records, _, _ = read(csv_files(帮扶部门=f"单位编号,单位名称,隶属关系,区划代码\nD1,县扶贫局,县级,{written}\n"))
    assert [parsed.values["Village.code"] for _, parsed in records] == [code]


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2016-03-01至今", ["2016-03-01", "至今"]), ("2016-3-1至今", ["2016-3-1", "至今"]), ("2016年3月1日至今", ["2016年3月1日", "至今"]),
        ("2016-03-01至2018-02-28", ["2016-03-01", "2018-02-28"]), ("2016.3-2017.5", ["2016.3", "2017.5"]),
    ],
)  # fmt: skip
def test_the_dashes_of_a_day_part_nothing(period: str, days: list[str]) -> None:
    rules = [CellRule(headers=("起止",), split=("至", "—", "~", "-"), part=part, max_parts=2) for part in range(2)]
    assert [compute_cell(rule, [period], {"起止": 0}) for rule in rules] == days


@pytest.mark.parametrize(
    ("cell", "day"), [("2016年3月5日上午", 20160305), ("2016年3月 5日", 20160305), ("2016年 3 月 5 日", 20160305)]
)
def test_blanks_and_halves_of_a_day(cell: str, day: int) -> None:
    assert parse_day(cell, "event") == (day, None)


def test_a_visit_has_the_year_of_its_title(empty: Store, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["2016年走访记录表"], ["干部编号", "户编号", "走访日期"], ["GB1", "H1", "3月5日"],
    ]  # fmt: skip
    cards: list[list[object]] = [
        ["户编号", "年度", "户主姓名", "脱贫属性", "村编码"], ["H1", 2016, "张甲一", "未脱贫", VILLAGE],
    ]  # fmt: skip
    cadres: list[list[object]] = [["干部编号", "姓名"], ["GB1", "甲"]]
    sheets = {"行政村": VILLAGES, "贫困户": cards, "帮扶干部": cadres, "走访记录": rows}
    import_files(empty, [workbook(sheets, tmp_path / "v.xlsx")])
    visit_days = empty.write(lambda tx: [list(row) for row in tx.run("MATCH ()-[v:VISITED]->() RETURN v.since", {})])
    assert visit_days == [[20160305]]


@pytest.mark.parametrize("title", ["走访记录表", "2015年至2016年走访记录表"])
def test_a_visit_whose_title_names_no_one_year_is_refused(csv_files: Files, title: str) -> None:
    _, issues, _ = read(csv_files(走访记录=f"{title},,\n干部编号,户编号,走访日期\nGB1,H1,3月5日\n"))
    assert "DATE_INVALID" in {code for _, _, code in issues}


# Texts above and below a header


@pytest.mark.parametrize("line", ["总股数：10000股", "共10000股", "填报单位：塘木村", "资产编号：A001"])
def test_a_statement_beside_a_title_is_no_upper_header(tmp_path: Path, line: str) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "股权"
    for row in (
        ["2016年股权花名册", None, None, None, None, line],
        ["股权证号", "户编号", "股份类型", "股数（股）", "资产编号", "开始时间"],
        ["GQ1", "H1", "优先股", 50, "A001", "2016-07-01"],
    ):
        page.append(row)
    book.save(tmp_path / "s.xlsx")
    records, _, _ = read(tmp_path / "s.xlsx")
    assert values(records, "HOLDS.shares") == {"GQ1": 50}


@pytest.mark.parametrize("marks", ["—,—,—,万元,—", "/,/,/,万元,/", ",,,万元,"])
def test_a_row_of_units_may_have_dashes(csv_files: Files, marks: str) -> None:
    head = FUNDS.replace("（万元）", "")
    records, issues, _ = read(csv_files(资金=f"{head}\n{marks}\nF1,甲,2016,350,县级\n"))
    assert values(records, "Fund.amount") == {"F1": 350_000_000}
    assert not issues


def test_letters_and_figures_number_the_columns(csv_files: Files) -> None:
    _, _, left_out = read(csv_files(资金=f"{FUNDS}\n甲,乙,1,2,丙\nF1,甲,2016,350,县级\n"))
    assert [(part.code, part.row) for part in left_out] == [("HEADER_REPEATED", 2)]


def test_many_lines_may_stand_above_a_header(tmp_path: Path) -> None:
    titles = ["附件1", "2016年资金台账", "填表说明", *(f"{n}．按要求填写。" for n in range(1, 12))]
    lines: list[list[object]] = [[title] for title in titles]
    rows: list[list[object]] = [*lines, list(FUNDS.split(",")), ["F1", "甲", 2016, 350, "县级"]]
    records, _, _ = read(workbook({"资金": rows}, tmp_path / "f.xlsx"))
    assert values(records, "Fund.amount") == {"F1": 350_000_000}
