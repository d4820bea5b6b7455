"""Scope of units, headings and upper headers: a note on one column, another table or a part does not apply to the whole table."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph_service.features.imports.publish import correction_workbook
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.titles import year_of_title
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.platform.store.graph import Store
from tests.county import workbook
from tests.features.imports.test_edges import DAY, Files, csv_files, read, stacked, values
from tests.features.imports.test_files import VILLAGE

pytestmark = pytest.mark.one_engine
__all__ = ["csv_files"]
FUNDS = "资金编号,年度,资金名称,金额"
MONEY: dict[str, tuple[list[object], list[object], str]] = {
    "帮扶措施": (["户编号", "措施类别", "项目内容", "开始时间"], ["H1", "产业扶贫", "养牛", "2016-03-01"], "Measure.amount"),
    "资金": (["资金编号", "年度", "资金名称", "资金类型"], ["F1", 2016, "甲", "财政专项扶贫资金"], "Fund.amount"),
}  # fmt: skip
CARDS = "户编号,年度,村编码,户主姓名,脱贫属性"


@pytest.mark.parametrize("word", ["十万元", "百万元", "万元", "千万元"])
def test_an_amount_in_words_is_no_unit_of_the_others(csv_files: Files, word: str) -> None:
    records, issues, _ = read(csv_files(资金=f"{FUNDS}\nF1,2016,甲,50000\nF2,2016,乙,{word}\nF3,2016,丙,2000\n"))
    assert values(records, "Fund.amount") == {"F1": 5_000_000, "F3": 200_000}
    assert ("资金", 3, "NUMBER_INVALID") in issues


@pytest.mark.parametrize("last", ["十万元", "万元"])
def test_a_remark_that_is_an_amount_leaves_it_open_what_the_others_are(csv_files: Files, last: str) -> None:
    records, _, left_out = read(csv_files(资金=f"{FUNDS},备注\nF1,2016,甲,50000,{last}\nF2,2016,乙,3,{last}\n"))
    assert values(records, "Fund.amount") == {"F1": None, "F2": None}
    assert "COLUMN_UNIT" in {part.code for part in left_out}


@pytest.mark.parametrize(
    "note",
    [
        "注：县级配套资金单位为万元，另表反映。", "注：绩效目标见《资金绩效表（万元）》", "注：县级配套资金（万元）见附表2", "注：贷款金额：万元",
        "注：以万元为单位的项目另附", "说明：其中省级资金（万元）已拨付",
    ],
)  # fmt: skip
def test_a_note_about_one_thing_is_no_unit_of_the_table(csv_files: Files, note: str) -> None:
    records, _, left_out = read(csv_files(资金=f"{FUNDS}\nF1,2016,甲,350000\nF2,2016,乙,120000\n{note},,,\n"))
    assert values(records, "Fund.amount") == {"F1": None, "F2": None}
    assert "COLUMN_UNIT" in {part.code for part in left_out}


@pytest.mark.parametrize(
    ("title", "fen"),
    [
        ("2016年财政专项扶贫资金（万元）及贫困户情况表", None), ("2016年贫困户表 总投资（万元）：350", None), ("2016年资金表（不含工作经费（万元））", None),
        ("一、中央资金（万元）", None), ("2016年资金表（万元）", 500_000_000), ("2016年扶贫资金（万元）分配表", 500_000_000),
        ("2016年资金表（单位：万元）", 500_000_000), ("2016年资金表单位：万元", 500_000_000), ("2016年资金表 金额单位：万元", 500_000_000),
    ],
)  # fmt: skip
def test_a_title_states_a_unit_of_the_whole_or_leaves_it_open(csv_files: Files, title: str, fen: int | None) -> None:
    records, _, left_out = read(csv_files(资金=f"{title},,,\n{FUNDS}\nF1,2016,甲,500\n"))
    assert values(records, "Fund.amount") == {"F1": fen}
    assert ("COLUMN_UNIT" in {part.code for part in left_out}) == (fen is None)


@pytest.mark.parametrize("heading", ["二、省级资金（单位：万元）", "省级资金（万元）", "单位：万元"])
def test_a_unit_between_records_leaves_all_of_them_open(csv_files: Files, heading: str) -> None:
    records, _, left_out = read(
        csv_files(资金=f"{FUNDS}\nF1,2016,甲,50000\nF2,2016,乙,3000\n{heading},,,\nF3,2016,丙,2\n")
    )
    assert values(records, "Fund.amount") == {"F1": None, "F2": None, "F3": None}
    assert "COLUMN_UNIT" in {part.code for part in left_out}


def test_a_title_repeated_on_a_further_page_contradicts_nothing(csv_files: Files) -> None:
    records, _, _ = read(
        csv_files(资金=f"单位：万元,,,\n{FUNDS}\nF1,2016,甲,5\n单位：万元,,,\n{FUNDS}\nF2,2016,乙,3\n")
    )
    assert values(records, "Fund.amount") == {"F1": 5_000_000, "F2": 3_000_000}


@pytest.mark.parametrize("note", ["注：工资性收入单位：万元", "说明：其中转移性收入（万元）据实填报"])
def test_a_unit_of_one_income_is_not_that_of_another(csv_files: Files, note: str) -> None:
    text = f"{CARDS},工资性收入,转移性收入\nH1,2016,{VILLAGE},甲,未脱贫,1200,300\n{note},,,,,,\n"
    records, _, left_out = read(csv_files(贫困户=text))
    assert (values(records, "HouseholdYear.wage_income"), values(records, "HouseholdYear.transfer_income")) == (
        {"H1": None},
        {"H1": None},
    )
    assert [part.code for part in left_out if part.column] == ["COLUMN_UNIT"] * 2


@pytest.mark.parametrize(
    ("title", "note", "land"),
    [
        ("", "注：林地面积单位为公顷", None), ("贫困户表（林地单位：公顷）", "", None), ("单位：平方米", "", None), ("单位：亩/户", "", None),
        ("计量单位：顷", "", None), ("", "面积单位：平方米", None), ("", "注：面积以公顷计", 30.0), ("注：面积以公顷计", "", 30.0),
        ("（金额：千元，面积：公顷）", "", 30.0), ("单位：元、亩", "", 2.0), ("单位：元", "", 2.0), ("单位：天", "", 2.0),
    ],
)  # fmt: skip
def test_a_unit_of_land_holds_where_it_is_said_of_all_land(
    csv_files: Files, title: str, note: str, land: float | None
) -> None:
    text = f"{title},,,,,\n{CARDS},耕地面积\nH1,2016,{VILLAGE},甲,未脱贫,2\n{note},,,,,\n"
    records, _, left_out = read(csv_files(贫困户=text))
    assert values(records, "HouseholdYear.cultivated_land") == {"H1": land}
    assert ("COLUMN_UNIT" in {part.code for part in left_out}) == (land is None)


@pytest.mark.parametrize(
    ("note", "above"), [("务工时间单位：天", True), ("单位：天", True), ("以天计", False), ("单位：天", False)]
)
def test_days_are_no_months(csv_files: Files, note: str, above: bool) -> None:
    head, row = "人口编号,年度,户编号,姓名,与户主关系,务工时间", "P1,2016,H1,甲,户主,9"
    lines = [note, head, row] if above else [head, row, note]
    records, _, left_out = read(csv_files(家庭成员="\n".join(lines) + "\n"))
    assert values(records, "PersonYear.months_worked") == {"P1": None}
    assert "COLUMN_UNIT" in {part.code for part in left_out}


def test_a_distance_in_metres_is_no_kilometres(csv_files: Files) -> None:
    text = f"贫困户表（距离：米）,,,,,\n{CARDS},与村主干路距离\nH1,2016,{VILLAGE},甲,未脱贫,500\n"
    records, _, _ = read(csv_files(贫困户=text))
    assert values(records, "HouseholdYear.road_distance") == {"H1": 0.5}


@pytest.mark.parametrize(
    ("name", "says"),
    [("填表说明", "1.本表金额单位统一为万元"), ("封面", "金额单位：万元"), ("目录", "2016年资金表（万元）")],
)
def test_a_cover_that_names_a_unit_leaves_the_amounts_open(tmp_path: Path, name: str, says: str) -> None:
    sheets: dict[str, list[list[object]]] = {name: [[says]], "资金": [[*FUNDS.split(",")], ["F1", 2016, "甲", 12]]}
    records, _, left_out = read(workbook(sheets, tmp_path / "a.xlsx"))
    assert values(records, "Fund.amount") == {"F1": None}
    assert "COLUMN_UNIT" in {part.code for part in left_out}


def test_the_second_file_of_a_sheet_without_the_unit_of_the_first_is_told(empty: Store, tmp_path: Path) -> None:
    (tmp_path / "资金.csv").write_text(f"单位：万元,,,\n{FUNDS}\nF1,2016,甲,5\n", encoding="utf-8")
    (tmp_path / "资金(2).csv").write_text(f"{FUNDS}\nF2,2016,乙,6\n", encoding="utf-8")
    report = import_files(empty, sorted(tmp_path.iterdir()), day=DAY)
    assert [(part.file, part.code, part.column) for part in report.left_out] == [
        ("资金(2).csv", "UNIT_ASSUMED", "金额")
    ]


@pytest.mark.parametrize(
    "upper", ["脱贫情况", "识别情况", "退出", "建档立卡", "危房改造", "搬迁情况", "贷款", "住房保障"]
)
def test_the_year_of_something_is_not_the_card_s(tmp_path: Path, upper: str) -> None:
    head: list[object] = ["户编号", "村编码", "户主姓名", "脱贫属性", upper, None]
    below: list[object] = [None, None, None, None, "年度", "原因"]
    row: list[object] = ["H1", VILLAGE, "甲", "已脱贫", 2015, "产业"]
    records, issues, left_out = read(stacked(tmp_path / "a.xlsx", head, below, row, sheet="贫困户"))
    assert values(records, "HouseholdYear.year") == {}
    assert "YEAR_MISSING" in {code for _, _, code in issues}
    assert (f"{upper}年度", "COLUMN_UNCLEAR") in {(part.column, part.code) for part in left_out}


@pytest.mark.parametrize("upper", ["结对帮扶情况", "帮扶情况", "驻村帮扶", "帮扶联系"])
def test_the_telephone_of_a_helper_is_not_the_household_s(tmp_path: Path, upper: str) -> None:
    head: list[object] = ["户编号", "村编码", "户主姓名", "脱贫属性", "年度", upper, None]
    below: list[object] = [None, None, None, None, None, "单位", "联系电话"]
    row: list[object] = ["H1", VILLAGE, "甲", "未脱贫", 2016, "农业局", "13900000009"]
    records, _, left_out = read(stacked(tmp_path / "a.xlsx", head, below, row, sheet="贫困户"))
    assert values(records, "HouseholdYear.phone") == {"H1": None}
    assert "COLUMN_UNCLEAR" in {part.code for part in left_out}


@pytest.mark.parametrize("upper", ["贷款情况", "还款情况", "借款", "收益分红", "已拨付", "整改金额", "问题资金"])
@pytest.mark.parametrize("sheet", ["帮扶措施", "资金"])
def test_money_of_another_kind_is_no_benefit_and_no_fund(tmp_path: Path, upper: str, sheet: str) -> None:
    first, row, column = MONEY[sheet]
    head: list[object] = [*first, upper, None]
    below: list[object] = [None, None, None, None, "金额(元)", "银行"]
    records, _, left_out = read(stacked(tmp_path / "a.xlsx", head, below, [*row, 500, "某行"], sheet=sheet))
    assert set(values(records, column).values()) <= {None}
    assert "COLUMN_UNCLEAR" in {part.code for part in left_out}


@pytest.mark.parametrize(
    ("upper", "lower", "column"),
    [
        ("土地流转情况", "耕地面积(亩)", "cultivated_land"),
        ("识别情况", "危房等级", "housing"),
        ("脱贫情况", "工资性收入", "wage_income"),
    ],
)
def test_what_is_said_of_another_thing_is_not_the_card_s(tmp_path: Path, upper: str, lower: str, column: str) -> None:
    head: list[object] = ["户编号", "村编码", "户主姓名", "脱贫属性", "年度", upper, None]
    below: list[object] = [None, None, None, None, None, lower, "其他"]
    row: list[object] = ["H1", VILLAGE, "甲", "未脱贫", 2016, 3 if column != "housing" else "D级", "无"]
    records, _, left_out = read(stacked(tmp_path / "a.xlsx", head, below, row, sheet="贫困户"))
    assert set(values(records, f"HouseholdYear.{column}").values()) <= {None, (None, None)}
    assert "COLUMN_UNCLEAR" in {part.code for part in left_out}


@pytest.mark.parametrize(
    "title",
    [
        "某县2014年以来贫困户花名册", "自2014年起贫困户台账", "2014年至今贫困户台账", "根据2014年建档立卡数据整理的花名册", "文号：川扶贫办发2014年12号",
        "贫困户花名册 2020年全面小康", "贫困户花名册（迎接2018年省级考核）", "2016—17年贫困户花名册", "2014—2016年贫困户花名册",
    ],
)  # fmt: skip
def test_a_year_that_is_not_the_table_s_is_none(title: str) -> None:
    assert year_of_title([title]) is None


@pytest.mark.parametrize("heading", ["以下作废", "样例", "示例：", "以下删除"])
def test_what_stands_below_a_heading_of_no_records_is_refused(csv_files: Files, heading: str) -> None:
    text = f"{CARDS}\nH1,2016,{VILLAGE},甲,未脱贫\n{heading},,,,\nH2,2016,{VILLAGE},乙,未脱贫\n"
    records, issues, _ = read(csv_files(贫困户=text))
    assert values(records, "HouseholdYear.head_name") == {"H1": "甲"}
    assert ("贫困户", 4, "BELOW_SECTION") in issues


@pytest.mark.parametrize(
    ("title", "fen"),
    [
        ("单位：人、元、亩、公斤", 200), ("金额单位：元，面积单位：亩", 200), ("单位：元、株、亩", 200), ("注：以上金额单位为万元", 2_000_000),
        ("注：所有金额均以万元计", 2_000_000), ("注：资金以万元为单位填写", 2_000_000), ("2016年收入（万元）统计", 2_000_000), ("注：金额均为万元", 2_000_000),
        ("注：金额单位为“万元”", 2_000_000), ("单位：万元人民币", 2_000_000), ("单位：人、元/年", 200), ("填报以户为单位  单位：元", 200),
        ("注：粮食产量单位：公斤", 200), ("贫困户收入表（元/人）", None), ("贫困户花名册（收入：元/月，面积：亩）", None), ("注：收入为元/人", None),
        ("2016年贫困户评分表（分）", None), ("单位：户、人、分", None),
    ],
)  # fmt: skip
def test_a_list_of_units_states_that_of_money_among_others(csv_files: Files, title: str, fen: int | None) -> None:
    text = f'"{title}",,,,,\n{CARDS},工资性收入\nH1,2016,{VILLAGE},甲,未脱贫,2\n'
    records, _, left_out = read(csv_files(贫困户=text))
    assert values(records, "HouseholdYear.wage_income") == {"H1": fen}
    assert ("COLUMN_UNIT" in {part.code for part in left_out}) == (fen is None)


@pytest.mark.parametrize(
    ("upper", "lower", "is_read"),
    [
        ("转移性收入（元）", "低保金", True), ("政策性补贴", "养老金", True), ("财产性收入", "资产收益扶贫分红", True), ("家庭总收入", "工资性收入", True),
        ("家庭收入及支出", "工资性收入", True), ("饮水安全", "饮水是否安全", True), ("住房及生活条件", "是否通生活用电", True), ("贫困退出", "脱贫年度", True),
        ("贷款统计", "联系电话", False), ("结对帮扶台账", "联系电话", False), ("土地流转台账", "耕地面积", False), ("第一年收入", "工资性收入", False),
        ("一、贷款情况", "联系电话", False),
    ],
)  # fmt: skip
def test_what_the_usual_forms_have_above_a_header(tmp_path: Path, upper: str, lower: str, is_read: bool) -> None:
    head: list[object] = ["户编号", "年度", "村编码", "户主姓名", "脱贫属性", upper, None]
    below: list[object] = [None, None, None, None, None, lower, "其他"]
    _, _, left_out = read(
        stacked(tmp_path / "a.xlsx", head, below, ["H1", 2016, VILLAGE, "甲", "已脱贫", None, None], sheet="贫困户")
    )
    assert (f"{upper}{lower}", "COLUMN_UNCLEAR") not in {(part.column, part.code) for part in left_out} or not is_read
    assert ("COLUMN_UNCLEAR" in {part.code for part in left_out}) != is_read


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (["贫困户登记表 有效期至2017年6月"], None), (["贫困户花名册（扶贫标准2300元，2010年不变价）"], None), (["贫困户表（2014版）"], None),
        (["贫困户表（省扶贫办2014年下发）"], None), (["2020年脱贫规划户花名册"], None), (["导出时间：2017年1月5日"], None),
        (["2016年贫困户花名册", "填报单位：某乡 日期：2017年1月5日"], 2016), (["某县2016年贫困户花名册（2017年1月导出）"], 2016),
        (["2016年贫困户花名册", "2017年1月5日"], 2016), (["2015年、2016年贫困户花名册"], None),
    ],
)  # fmt: skip
def test_the_year_of_a_title_counts_before_the_days_beside_it(lines: list[str], year: int | None) -> None:
    title_year = year_of_title(lines)
    assert (title_year and title_year[0]) == year


@pytest.mark.parametrize(
    ("title", "is_read"),
    [
        ("2016年拟脱贫户收入情况表", True), ("2016年脱贫计划户收入台账", True), ("2016年贫困户家庭收入及人均纯收入统计表", True),
        ("2016年12月贫困户家庭收入情况表", True), ("注：人均纯收入=总收入/家庭人口", True), ("注：收入计算周期为2015年10月至2016年9月", True),
        ("2016年贫困户收入表（1-9月）", False), ("2016年贫困户月收入表", False), ("注：收入为上年数据", False), ("2015年贫困户收入表", False),
    ],
)  # fmt: skip
def test_what_is_said_of_incomes(csv_files: Files, title: str, is_read: bool) -> None:
    text = f"{title},,,,,\n{CARDS},工资性收入\nH1,2016,{VILLAGE},甲,未脱贫,2\n"
    records, _, _ = read(csv_files(贫困户=text))
    assert values(records, "HouseholdYear.wage_income") == {"H1": 200 if is_read else None}


@pytest.mark.parametrize(
    "heading", ["二、销号户", "已销户", "外迁户", "以下为搬走户", "已故五保户", "不符合条件户", "不再享受政策户"]
)
def test_those_who_left_are_no_records_whatever_the_word(csv_files: Files, heading: str) -> None:
    text = f"{CARDS}\nH1,2016,{VILLAGE},甲,未脱贫\n{heading},,,,\nH2,2016,{VILLAGE},乙,未脱贫\n"
    records, issues, _ = read(csv_files(贫困户=text))
    assert values(records, "HouseholdYear.head_name") == {"H1": "甲"}
    assert ("贫困户", 4, "BELOW_SECTION") in issues


def test_a_row_below_such_a_heading_stays_refused_until_its_reason_is_cleared(empty: Store, tmp_path: Path) -> None:
    (tmp_path / "贫困户.csv").write_text(
        f"{CARDS}\nH1,2016,{VILLAGE},甲,未脱贫\n减少户,,,,\nH2,2016,{VILLAGE},乙,未脱贫\n", encoding="utf-8"
    )
    rejects = RejectedRowCollector()
    report = import_files(empty, [tmp_path / "贫困户.csv"], day=DAY, rejected_rows=rejects)
    rejects_path = tmp_path / "refused.xlsx"
    with rejects_path.open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, report.day, file)
    second_report = import_files(empty, [rejects_path], day=DAY)
    assert {remark.code for remark in second_report.remarks if remark.refused} == {"BELOW_SECTION"}
    book = openpyxl.load_workbook(rejects_path)
    for row in book["贫困户"].iter_rows():
        for cell in row:
            if cell.value == "BELOW_SECTION":
                cell.value = None
    book.save(rejects_path)
    assert import_files(empty, [rejects_path], day=DAY).counts["贫困户"]["new"] == 1


@pytest.mark.parametrize("day", ["1900-01-01", "1970-01-01", "1970/1/1 8:00"])
def test_the_first_day_of_a_calendar_is_no_day_of_a_register(csv_files: Files, day: str) -> None:
    text = f"干部编号,姓名,职务,离岗日期\nA1,甲,科员,{day}\n"
    records, issues, _ = read(csv_files(帮扶干部=text))
    assert values(records, "Cadre.left_on") == {"A1": None}
    assert ("帮扶干部", 2, "CELL_FILLER") in issues


def test_somebody_may_be_born_on_it(csv_files: Files) -> None:
    text = "人口编号,年度,户编号,姓名,与户主关系,出生日期\nP1,2016,H1,甲,户主,1935-03-02\n"
    records, _, _ = read(csv_files(家庭成员=text))
    assert values(records, "PersonYear.born_on") == {"P1": 19350302}


@pytest.mark.parametrize("keys", [("0.0",), ("待定1", "待定2"), ("新增1", "新增2"), ("无1", "无2")])
def test_a_filler_with_a_figure_is_no_number(csv_files: Files, keys: tuple[str, ...]) -> None:
    rows = [*(f"{number}.0" for number in range(1, 9)), *keys]
    text = "".join(f"{key},2016,{VILLAGE},甲,未脱贫\n" for key in rows)
    records, _, _ = read(csv_files(贫困户=f"{CARDS}\n{text}"))
    assert [parsed.main_refusal.code for _, parsed in records if parsed.main_refusal] == ["KEY_MISSING"] * len(keys)


@pytest.mark.parametrize("keys", [("-1", "-2"), ("xx1", "xx2"), ("H__", "H1xx")])
def test_numbers_that_are_still_to_come_are_told(empty: Store, tmp_path: Path, keys: tuple[str, ...]) -> None:
    rows = [*(f"H10{number}" for number in range(8)), *keys]
    text = "".join(f"{key},2016,{VILLAGE},甲,未脱贫\n" for key in rows)
    (tmp_path / "贫困户.csv").write_text(f"{CARDS}\n{text}", encoding="utf-8")
    report = import_files(empty, [tmp_path / "贫困户.csv"], day=DAY)
    assert {remark.key for remark in report.remarks if remark.code == "KEY_UNLIKE_OTHERS"} == set(keys)
