"""Texts above a header, in a title or in a note that change the meaning of a column: it is not read, and this is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.core.cells.cell_texts import is_list
from graph_service.core.cells.stated_units import units_in_note
from graph_service.domain.model import MODEL
from graph_service.errors import DeliveryRefused
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.read.row_classification import non_record_reason
from graph_service.features.imports.read.upper_headers import is_neutral_upper_text
from graph_service.platform.store.graph import Store
from tests.county import workbook
from tests.features.imports.test_edges import DAY, Files, csv_files, read, stacked, values
from tests.features.imports.test_files import VILLAGE

pytestmark = pytest.mark.one_engine
__all__ = ["csv_files"]
CARD = ["H1", 2016, VILLAGE, "甲", "未脱贫"]


def card_of(path: Path, upper: str, lower: str, cell: object) -> tuple[object, set[str]]:
    """Return the household's value in the column `lower` below `upper`, and the codes of the columns left out."""
    head: list[object] = ["户编号", "年度", "村编码", "户主姓名", "脱贫属性", upper, None]
    below: list[object] = [None, None, None, None, None, lower, "低保金"]
    records, _, left_out = read(stacked(path, head, below, [*CARD, cell, None], sheet="贫困户"))
    return values(records, "HouseholdYear.wage_income")["H1"], {part.code for part in left_out}


@pytest.mark.parametrize(
    "upper",
    ["收入情况", "家庭收入情况", "家庭年收入", "收入（元）", "收入（单位：元）", "收入来源及构成", "五、收入情况", "2016年收入(元)", "贫困户2016年收入统计表"],
)  # fmt: skip
def test_words_for_things_above_a_header_leave_it_what_it_is(tmp_path: Path, upper: str) -> None:
    wage, codes = card_of(tmp_path / "a.xlsx", upper, "工资性收入", 1000)
    assert (wage, codes) == (100_000, set())


@pytest.mark.parametrize(
    "upper",
    [
        "人均收入（元）", "年人均纯收入（元/人）", "家庭人均收入", "月均收入", "1-6月收入", "上半年收入", "三季度收入", "户主本人收入", "户主收入", "全村收入",
        "合作社收入", "非贫困户对照收入", "收入核减", "收入(人均)", "2016年1-6月收入统计表",
    ],
)  # fmt: skip
def test_any_other_word_above_an_income_makes_it_another_one(tmp_path: Path, upper: str) -> None:
    wage, codes = card_of(tmp_path / "a.xlsx", upper, "工资性收入", 1000)
    assert (wage, codes) == (None, {"COLUMN_UNCLEAR"})


@pytest.mark.parametrize("upper", ["结余", "未拨付", "应拨付", "申请", "退回", "质保金", "累计拨付", "截至上月累计"])
def test_money_that_did_not_go_is_no_flow(tmp_path: Path, empty: Store, upper: str) -> None:
    head: list[object] = ["凭证号", "来源资金编号", "去向类型", "去向编号", upper, None]
    below: list[object] = [None, None, None, None, "金额", "日期"]
    row: list[object] = ["W1", "F1", "户", "H1", 100, "2016-03-01"]
    with pytest.raises(DeliveryRefused) as error:
        import_files(empty, [stacked(tmp_path / "a.xlsx", head, below, row, sheet="资金流向")], day=DAY)
    assert "上级表头另有所指" in error.value.message_zh


@pytest.mark.parametrize("upper", ["代领人", "开户人", "户主", "配偶", "母亲", "班主任", "家庭成员代领人"])
def test_the_document_of_somebody_else_is_not_the_member_s(tmp_path: Path, upper: str) -> None:
    head: list[object] = ["人口编号", "年度", "户编号", "姓名", "与户主关系", upper, None]
    below: list[object] = [None, None, None, None, None, "证件号码", "性别"]
    row: list[object] = ["P1", 2016, "H1", "甲", "户主", "513431197001010028", "女"]
    records, _, left_out = read(stacked(tmp_path / "a.xlsx", head, below, row, sheet="家庭成员"))
    assert values(records, "PersonYear.id_document") == {"P1": None}
    assert [part.column for part in left_out if part.code == "COLUMN_UNCLEAR"] == [f"{upper}证件号码", f"{upper}性别"]


@pytest.mark.parametrize(
    ("title", "wage"),
    [
        ("2016年1-6月贫困户收入表", None), ("2016年贫困户人均收入表", None), ("2016年贫困户增收计划表", None),
        ("2016年计划脱贫户花名册", 100_000), ("2016年6月贫困户花名册", 100_000),
    ],
)  # fmt: skip
def test_a_title_says_whether_incomes_are_those_of_the_year(csv_files: Files, title: str, wage: int | None) -> None:
    head = "户编号,年度,村编码,户主姓名,脱贫属性,工资性收入"
    records, _, left_out = read(csv_files(贫困户=f"{title},,,,,\n{head}\nH1,2016,{VILLAGE},甲,未脱贫,1000\n"))
    assert values(records, "HouseholdYear.wage_income") == {"H1": wage}
    assert {part.code for part in left_out} == (set() if wage else {"COLUMN_UNCLEAR"})


@pytest.mark.parametrize("word", ["家庭成员", "乡镇", "资金", "帮扶责任人", "1", "一", "2016"])
def test_a_long_text_above_a_header_is_given_up_at_once(word: str) -> None:
    for column in ("PersonYear.sex", "AreaYear.population", "Fund.amount", "Cadre.phone"):
        assert not is_neutral_upper_text(column, word * 500 + "未", measured=False)


def test_a_long_note_is_read_at_once() -> None:
    assert units_in_note("w" * 200_000) == []
    assert units_in_note(f"单位:元{' ' * 200_000}制表") == ["元"]
    assert units_in_note("单位: (公章)") == []
    assert units_in_note("1" * 200_000) == []


def test_a_long_cell_is_told_from_a_note_and_a_list_at_once() -> None:
    assert non_record_reason(["（" * 200_000, "a"], 0, ()) == ("", "")
    assert not is_list("1" * 200_000)
    assert (is_list("甲、乙"), is_list("、甲"), is_list("甲、"), is_list("a；")) == (True, False, False, False)


# Units in titles


@pytest.mark.parametrize("title", ["单位：万 元", "单 位 : 万 元", "单　位：万　元"])
def test_a_blank_in_a_unit_does_not_part_it(csv_files: Files, title: str) -> None:
    records, _, _ = read(
        csv_files(
            贫困户=f"{title},,,,,\n户编号,年度,村编码,工资性收入,家庭人口数,耕地面积\nH1,2016,{VILLAGE},1.2,3,4\n"
        )
    )
    card_values = [
        values(records, f"HouseholdYear.{name}")["H1"] for name in ("wage_income", "size", "cultivated_land")
    ]
    assert card_values == [1_200_000, 3, 4.0]


@pytest.mark.parametrize(
    "title", ["单位：万", "单位:万、元", "单位：元 万元", "（W元）", "￥万", "RMB'0000", "金额以“万”计", "单位：美元"]
)
def test_a_unit_that_may_be_of_anything_is_none(csv_files: Files, title: str) -> None:
    records, _, left_out = read(
        csv_files(贫困户=f"{title},,,,\n户编号,年度,村编码,工资性收入,家庭人口数\nH1,2016,{VILLAGE},1.2,3\n")
    )
    card_values = [values(records, f"HouseholdYear.{name}")["H1"] for name in ("wage_income", "size")]
    assert card_values == [None, 3]
    assert [part.code for part in left_out] == ["COLUMN_UNIT"]


@pytest.mark.parametrize(
    "text",
    [
        "单位：美元,,,,,\n凭证号,来源资金编号,去向类型,去向编号,金额,日期\nW1,F1,户,H1,5,2016-03-01\n",
        "单位：元、万元,,,,,\n凭证号,来源资金编号,去向类型,去向编号,金额,日期\nW1,F1,户,H1,5,2016-03-01\n",
        "凭证号,来源资金编号,去向类型,去向编号,金额,日期\nW1,F1,户,H1,5,2016-03-01\n注:单位:美元,,,,,\n",
        "凭证号,来源资金编号,去向类型,去向编号,金额,单位,日期\nW1,F1,户,H1,5,万元,2016-03-01\nW2,F1,户,H1,5,元,2016-03-01\n",
    ],
    ids=["not known", "two", "in a footer", "of each row"],
)
def test_no_money_flows_without_its_amount(csv_files: Files, text: str, empty: Store) -> None:
    with pytest.raises(DeliveryRefused) as error:
        import_files(empty, [csv_files(资金流向=text)], day=DAY)
    assert "金额：计量单位未能识别" in error.value.message_zh


def test_a_column_that_a_mapping_names_and_that_cannot_be_used_is_told(empty: Store, tmp_path: Path) -> None:
    rules = tmp_path / "m.toml"
    rules.write_text(
        '[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "贫困户"\ncolumns."Household.card_no" = "户号"\n'
        'columns."Village.code" = "村"\ncolumns."HouseholdYear.wage_income" = "收入(美元)"\n',
        encoding="utf-8",
    )
    path = workbook({"名册": [["户号", "村", "收入(美元)"], ["H1", VILLAGE, 20]]}, tmp_path / "a.xlsx")
    report = import_files(empty, [path], day=DAY, mapping=load_mapping(rules, MODEL))
    assert [(part.code, part.column) for part in report.left_out] == [
        ("COLUMN_UNIT", "收入(美元)"),
        ("STATUS_NOT_GIVEN", "脱贫属性"),
    ]


def test_notes_of_a_workbook_of_refused_rows_say_nothing_of_its_columns(csv_files: Files) -> None:
    records, _, left_out = read(
        csv_files(帮扶干部="干部编号,姓名,职务,联系电话,#结对贫困户\nG1,甲,科员,10012340001,乙\n")
    )
    assert (values(records, "Cadre.phone"), left_out) == ({"G1": "10012340001"}, [])
