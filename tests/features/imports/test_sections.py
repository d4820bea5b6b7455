"""Headings between rows, footers, repeated rows, unread parts: no record below or beside them is misread."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.domain.model import MODEL
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.platform.store.graph import Store
from tests.county import Sheets, workbook
from tests.features.imports.test_edges import DAY, Files, csv_files, read, values
from tests.features.imports.test_files import VILLAGE, assert_rows_add_up, issues_of

pytestmark = pytest.mark.one_engine
__all__ = ["csv_files"]
HEAD = ["户编号", "村编码", "户主姓名", "脱贫属性"]


def homes(store: Store) -> set[str]:
    """Return the households with a home after the day of the complete delivery."""
    return {
        row[0]
        for row in store.query_text(
            "MATCH (h:Household)-[l:LIVES_IN]->() WHERE l.until > 20161231 AND l.superseded = $open RETURN h.card_no",
            {"open": OPEN_SEQUENCE},
        )
    }


@pytest.mark.parametrize("heading", ["2015年贫困户花名册", "2015年度", "减少人口", "二、注销户"])
def test_rows_below_a_heading_that_makes_them_something_else_are_refused(csv_files: Files, heading: str) -> None:
    text = f"2016年贫困户花名册,,,\n{','.join(HEAD)}\nH1,{VILLAGE},甲,未脱贫\n{heading},,,\nH2,{VILLAGE},乙,未脱贫\n"
    records, issues, _ = read(csv_files(贫困户=text))
    assert set(values(records, "HouseholdYear.head_name")) == {"H1"}
    assert ("贫困户", 5, "BELOW_SECTION") in issues


@pytest.mark.parametrize("heading", ["火乐村", "城关镇", "2016年度", "一、未脱贫户", "以上数据真实"])
def test_rows_below_any_other_heading_are_read(csv_files: Files, heading: str) -> None:
    text = f"2016年贫困户花名册,,,\n{','.join(HEAD)}\nH1,{VILLAGE},甲,未脱贫\n{heading},,,\nH2,{VILLAGE},乙,未脱贫\n"
    records, _, _ = read(csv_files(贫困户=text))
    assert set(values(records, "HouseholdYear.head_name")) == {"H1", "H2"}


def test_a_heading_of_a_standing_counts_where_no_column_tells_it(csv_files: Files) -> None:
    text = f"户编号,村编码,户主姓名,年度\n一、未脱贫户,,,\nH1,{VILLAGE},甲,2016\n火乐村,,,\nH2,{VILLAGE},乙,2016\n"
    records, issues, _ = read(csv_files(贫困户=text))
    assert set(values(records, "HouseholdYear.head_name")) == {"H2"}
    assert ("贫困户", 3, "BELOW_SECTION") in issues


@pytest.mark.parametrize(
    "footer",
    [
        "审核人签字：,,制表人签字：,2017年12月", "镇长：,,经办人：,", "乡镇长（签字）：,,经办人（签字）：,", "主要负责人（签字）：,,经办人：,联系电话：10088880000",
        "村支部书记签名：,村主任签名：,,驻村工作队：", "公示时间：2016年12月1日,,监督电话：12317,", "注,单位：元,,",
    ],
)  # fmt: skip
def test_signatures_of_every_wording_are_no_records(csv_files: Files, footer: str) -> None:
    text = f"2016年,,,\n{','.join(HEAD)}\nH1,{VILLAGE},甲,未脱贫\n{footer}\n"
    records, _, left_out = read(csv_files(贫困户=text))
    assert [number for number, _ in records] == [3]
    assert (4, "NOTE_ROW") in {(part.row, part.code) for part in left_out}


def write_mapping(path: Path, rules: str) -> Path:
    path.write_text(f'[[tables]]\nname = "名册"\n[[tables.sheets]]\n{rules}', encoding="utf-8")
    return path


def test_each_row_without_its_number_is_refused_where_several_may_tell_of_one(empty: Store, tmp_path: Path) -> None:
    rules = write_mapping(
        tmp_path / "m.toml",
        'sheet = "贫困户"\nonce = true\ncolumns."Household.card_no" = "户号"\ncolumns."Village.code" = "村"\ncolumns."HouseholdYear.head_name" = "户主"\n',
    )
    first_row: list[object] = ["H1", VILLAGE, "甲"]
    unnumbered_rows: list[list[object]] = [[None, VILLAGE, name] for name in "乙丙丁"]
    sheets: Sheets = {"名册": [["户号", "村", "户主"], first_row, *unnumbered_rows, first_row]}
    report = import_files(empty, [workbook(sheets, tmp_path / "a.xlsx")], day=DAY, mapping=load_mapping(rules, MODEL))
    assert report.counts["贫困户"] == {"rows": 5, "new": 1, "refused": 3, "left_out": 1}
    assert [(remark.row, remark.code) for remark in report.remarks] == [(row, "KEY_MISSING") for row in (3, 4, 5)]


def test_what_a_mapping_has_kept_out_stays_out_until_somebody_says_otherwise(csv_files: Files) -> None:
    text = (
        "户编号,村编码,户主姓名,年度,#原编号,#原因代码\n"
        f"H1,{VILLAGE},甲,2016,H1,ROW_UNMAPPED\nH2,{VILLAGE},乙,2016,H2,\n"
    )
    records, issues, _ = read(csv_files(贫困户=text))
    assert set(values(records, "HouseholdYear.head_name")) == {"H2"}
    assert ("贫困户", 2, "ROW_UNMAPPED") in issues


@pytest.mark.parametrize(
    ("more", "homes_after"),
    [
        ({}, {"H1"}),
        ({"贫困户(二)": "户编码,年度,村编码,户主姓名\nH2,2016,V,乙\n"}, {"H1", "H2"}),
        ({"贫困户花名册": "户编号,年度,村编码,脱贫属性,脱贫属性\nH2,2016,V,未脱贫,未脱贫\n"}, {"H1", "H2"}),
        ({"贫困户": "户编号,年度,村编码,户主姓名\n"}, {"H1", "H2"}),
    ],
    ids=["read whole", "a header that is none", "a table that may be it", "no record"],
)
def test_a_complete_delivery_ends_nothing_of_what_it_was_not_read_of(
    csv_files: Files, empty: Store, more: dict[str, str], homes_after: set[str]
) -> None:
    import_files(
        empty, [csv_files(贫困户=f"户编号,年度,村编码,户主姓名\nH1,2015,{VILLAGE},甲\nH2,2015,{VILLAGE},乙\n")]
    )
    files = {"贫困户": f"户编号,年度,村编码,户主姓名\nH1,2016,{VILLAGE},甲\n"}
    files |= {name: text.replace("V,", f"{VILLAGE},") for name, text in more.items()}
    report = import_files(empty, [csv_files(**files)], day=20170101, complete_areas=["513431"])
    assert_rows_add_up(report)
    assert homes(empty) == homes_after
    assert any(code == "NOT_COMPLETE" for _, _, code in issues_of(report)) == bool(more)


# Names, years


@pytest.mark.parametrize(
    "name", [True, 5, 13900000000, "513431196001010010", "2016-05-01", "20160501", "李?", "李\ufffd", "12"]
)
def test_a_figure_in_the_column_of_names_is_no_name(tmp_path: Path, name: object) -> None:
    path = workbook({"贫困户": [[*HEAD, "年度"], ["H1", VILLAGE, name, "未脱贫", 2016]]}, tmp_path / "a.xlsx")
    records, issues, _ = read(path)
    assert values(records, "HouseholdYear.head_name") == {"H1": None}
    assert ("贫困户", 2, "NAME_SHAPE") in issues


@pytest.mark.parametrize("name", ["王明2", "阿力 木呷", "迪丽热巴·买买提", "张三(大)", "John"])
def test_names_of_every_kind_are_taken(tmp_path: Path, name: str) -> None:
    path = workbook({"贫困户": [[*HEAD, "年度"], ["H1", VILLAGE, name, "未脱贫", 2016]]}, tmp_path / "a.xlsx")
    assert values(read(path)[0], "HouseholdYear.head_name") == {"H1": name}


@pytest.mark.parametrize(
    ("year", "read_as"), [("2016 年", 2016), ("二〇一六", 2016), ("二〇一六年", 2016), (2106, None), (1905, None)]
)
def test_a_year_is_one_that_a_register_can_be_of(tmp_path: Path, year: object, read_as: int | None) -> None:
    path = workbook({"贫困户": [[*HEAD, "年度"], ["H1", VILLAGE, "甲", "未脱贫", year]]}, tmp_path / "a.xlsx")
    records, _, _ = read(path)
    assert values(records, "HouseholdYear.year") == ({"H1": read_as} if read_as else {})


@pytest.mark.parametrize("odd", ["Н104", "Η104", "H1O4", "Hl04", "H1۰4"])
def test_a_number_that_looks_like_the_others_and_is_not_shaped_so_is_told(
    empty: Store, csv_files: Files, odd: str
) -> None:
    rows = "".join(f"{key},2016,{VILLAGE},甲\n" for key in ("H100", "H101", "H102", "H103", odd, "H107"))
    report = import_files(empty, [csv_files(贫困户=f"户编号,年度,村编码,户主姓名\n{rows}")], day=DAY)
    assert {(row, code) for _, row, code in issues_of(report)} & {(6, "KEY_UNLIKE_OTHERS"), (6, "KEY_SHAPE")}


@pytest.mark.parametrize(
    ("title", "day"), [("2016年上半年", 20160630), ("2016年第一季度", 20160331), ("2016年四季度", 20161231)]
)
def test_half_a_year_ends_in_its_middle(csv_files: Files, empty: Store, title: str, day: int) -> None:
    text = f"{title}贫困户花名册,,,\n{','.join(HEAD)}\nH1,{VILLAGE},甲,未脱贫\n"
    assert import_files(empty, [csv_files(贫困户=text)]).day == day
