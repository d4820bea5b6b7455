"""Files of real registers: the records read from each kind and the issues reported (docs/reference/files.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph_service.domain.model import MODEL
from graph_service.errors import DayUnknown, DeliveryRefused
from graph_service.features.imports import rejected_types
from graph_service.features.imports.publish import correction_workbook
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.read.titles import year_of_title
from graph_service.features.imports.validate import issue_list
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.platform.store.graph import Store
from tests import DATA
from tests.county import Sheets, workbook

CASES = DATA / "cases"
VILLAGE = "513431100200"
VILLAGES: list[list[object]] = [["村编码", "村名", "是否贫困村", "年度"], [VILLAGE, "甲村", "是", "2016"]]


def states(store: Store, label: str, *names: str) -> dict[str, list[Any]]:
    """Return values of the state in force of each node of a label, by key."""
    columns = ", ".join(f"s.{name}" for name in names)
    text = f"MATCH (n:{label})<-[:OF]-(s:{MODEL.labels[label].state_label} {{superseded: $open}}) RETURN n.{MODEL.labels[label].key.name}, {columns}"
    return {row[0]: row[1:] for row in store.query_text(text, {"open": 2**31 - 1})}


def cards(store: Store, *names: str) -> dict[str, list[Any]]:
    """Return values of the cards in force, by household."""
    columns = ", ".join(f"s.{name}" for name in names)
    text = f"MATCH (n:Household)<-[:OF]-(s:HouseholdYear {{superseded: $open}}) RETURN n.card_no, {columns}"
    return {row[0]: row[1:] for row in store.query_text(text, {"open": 2**31 - 1})}


def helpers(store: Store) -> dict[str, list[int]]:
    """Return the first and last day of each household's pairing."""
    text = "MATCH (:Cadre)-[r:HELPS {superseded: $open}]->(h:Household) RETURN h.card_no, r.since, r.until"
    return {row[0]: row[1:] for row in store.query_text(text, {"open": 2**31 - 1})}


def rows_for(values: Iterable[Any], row: Callable[[Any], list[object]]) -> list[list[object]]:
    """Return a row for each value."""
    return [row(value) for value in values]


def issues_of(report: ImportReport) -> set[tuple[str, int, str]]:
    """Return (sheet, row, code) of all remarks and parts left out."""
    remarks = {(r.sheet, r.row, r.code) for r in report.remarks}
    return remarks | {(part.sheet, part.row, part.code) for part in report.left_out}


def assert_rows_add_up(report: ImportReport) -> None:
    """Assert that each row read has exactly one outcome."""
    for sheet, counts in report.counts.items():
        assert counts["rows"] == sum(number for kind, number in counts.items() if kind != "rows"), (sheet, counts)
        assert counts.get("left_out", 0) == sum(report.left_out_rows[sheet].values())


@pytest.fixture
def csv_files(tmp_path: Path) -> Callable[..., Path]:
    """Write CSV files into a folder, by name of the sheet."""

    def write(**texts: str) -> Path:
        folder = tmp_path / "delivery"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "mapping", "fen"),
    [
        ("title-row.xlsx", None, 120_000_000),
        ("header-0.csv", "header-0.toml", 120_000_000),
        ("header-4.csv", "header-4.toml", 1_200_000_000_000),
    ],
)
def test_the_unit_stands_in_a_title_or_a_header(empty: Store, name: str, mapping: str | None, fen: int) -> None:
    folder = CASES / "01-unit-outside-brackets"
    report = import_files(empty, [folder / name], mapping=load_mapping(folder / mapping, MODEL) if mapping else None)
    assert (states(empty, "Fund", "amount"), report.remarks, report.day) == ({"F1": [fen]}, [], 20161231)


UNITS = [
    ("金额(万元)", "", 12, 12_000_000), ("金额（单位：万元）", "", 12, 12_000_000), ("金额【亿元】", "", 12, 120_000_000_000), ("金额/千元", "", 12, 1_200_000),
    ("金额万元", "", 12, 12_000_000), ("金额：百万元", "", 12, 1_200_000_000), ("金额", "单位:万元", 12, 12_000_000), ("金额", "（金额单位：元）", 12, 1_200),
    ("金额(元)", "单位:万元", 12, 1_200), ("金额", "填报单位:昭觉县扶贫局", 12, 1_200), ("金额", "2016年资金表（千元）", 12, 1_200_000),
]  # fmt: skip


@pytest.mark.one_engine
@pytest.mark.parametrize(("header", "note", "cell", "fen"), UNITS)
def test_units_wherever_they_stand(empty: Store, tmp_path: Path, header: str, note: str, cell: int, fen: int) -> None:
    table: list[list[object]] = [[note, None, None]] if note else []
    table += [["资金编号", "年度", header], ["F1", 2016, cell]]
    report = import_files(empty, [workbook({"资金": table}, tmp_path / "a.xlsx")])
    assert (states(empty, "Fund", "amount"), report.left_out) == ({"F1": [fen]}, [])


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("header", "note"),
    [("金额(美元)", ""), ("金额(亩)", ""), ("金额(单位:担)", ""), ("金额", "金额单位:千克"), ("金额", "单位:美元")],
)
def test_a_unit_that_is_not_understood_refuses_the_column(empty: Store, tmp_path: Path, header: str, note: str) -> None:
    table: list[list[object]] = [[note, None, None]] if note else []
    table += [["资金编号", "年度", header], ["F1", 2016, 12]]
    report = import_files(empty, [workbook({"资金": table}, tmp_path / "a.xlsx")])
    assert states(empty, "Fund", "amount") == {"F1": [None]}
    assert [(part.column, part.code) for part in report.left_out] == [(header, "COLUMN_UNIT")]


@pytest.mark.one_engine
def test_where_the_amount_is_needed_the_sheet_says_what_it_lacks(empty: Store, csv_files: Callable[..., Path]) -> None:
    text = "凭证号,来源资金编号,去向类型,去向编号,金额(担),日期\nW1,F1,资金,F2,60,2016-02-01\n"
    with pytest.raises(DeliveryRefused, match=r"资金流向\.csv（缺少表头 / missing headers: 金额（元））") as refused:
        import_files(empty, [csv_files(资金流向=text)])
    assert [message.count("资金流向") for message in (refused.value.message_zh, refused.value.message_en)] == [1, 1]


@pytest.mark.one_engine
def test_each_table_is_named_once_where_none_is_understood(tmp_path: Path, empty: Store) -> None:
    """Check a sheet of a workbook, and a table that feeds two sheets by a mapping."""
    roster: list[list[object]] = [["姓名", "备注"], ["甲某", "无"]]
    path = workbook({"花名册": roster, "名单": roster}, tmp_path / "a.xlsx")
    with pytest.raises(DeliveryRefused) as refused:
        import_files(empty, [path])
    assert "（a.xlsx!花名册、a.xlsx!名单）" in refused.value.message_zh
    (tmp_path / "mapping.toml").write_text(
        '[[tables]]\nname = "花名册"\n[[tables.sheets]]\nsheet = "贫困户"\n[[tables.sheets]]\nsheet = "家庭成员"\n',
        encoding="utf-8",
    )
    with pytest.raises(DeliveryRefused) as refused:
        import_files(empty, [path], mapping=load_mapping(tmp_path / "mapping.toml", MODEL))
    for target in ("贫困户", "家庭成员"):
        assert refused.value.message_en.count(f"a.xlsx!花名册 → {target}") == 1


def test_merged_cells_say_the_same_in_every_cell(empty: Store) -> None:
    report = import_files(empty, [CASES / "02-merged-cells" / "merged-optional.xlsx"])
    assert cards(empty, "status") == {"H1": ["POOR"], "H2": ["POOR"]}
    assert helpers(empty) == {"H1": [20160301, 20161031], "H2": [20160301, 20161031]}
    assert states(empty, "Fund", "kind", "level", "year")["F2"] == ["POVERTY_SPECIAL", "CENTRAL", 2015]
    assert report.remarks == []


def test_an_error_is_no_blank_and_what_was_known_stays(empty: Store) -> None:
    folder = CASES / "03-error-cells-and-uncached-formulas"
    import_files(empty, [folder / "1-first.xlsx"])
    report = import_files(empty, [folder / "2-with-errors.xlsx"])
    assert cards(empty, "status", "wage_income") == {"H1": ["POOR", 500_000], "H2": ["POOR", 500_000]}
    assert helpers(empty) == {"H1": [20160101, 20160630]}
    assert [(r.row, r.column, r.code) for r in report.remarks] == [
        (2, "脱贫属性", "CELL_ERROR"), (2, "工资性收入", "CELL_ERROR"), (3, "工资性收入", "FORMULA_WITHOUT_VALUE"), (2, "结束时间", "CELL_ERROR"),
    ]  # fmt: skip
    assert_rows_add_up(report)


def test_a_new_pairing_whose_end_is_an_error_is_not_taken_to_have_none(empty: Store) -> None:
    report = import_files(empty, [CASES / "03-error-cells-and-uncached-formulas" / "2-with-errors.xlsx"])
    assert helpers(empty) == {}
    assert (report.counts["结对帮扶"], [r.code for r in report.remarks if r.refused]) == (
        {"rows": 1, "refused": 1}, ["END_NOT_UNDERSTOOD"],
    )  # fmt: skip


@pytest.mark.one_engine
def test_a_lone_quotation_mark_swallows_no_row(empty: Store) -> None:
    report = import_files(empty, [CASES / "04-csv-lone-quote"], dry_run=True)
    assert (report.counts["贫困户"]["rows"], report.counts["走访记录"]["rows"]) == (3, 3)
    assert {("贫困户", 2, "CSV_QUOTE"), ("走访记录", 2, "CSV_QUOTE")} <= issues_of(report)
    assert_rows_add_up(report)


def test_percent_formats_are_percent(empty: Store) -> None:
    import_files(empty, [CASES / "05-percent-formatted-cells" / "percent.xlsx"])
    rates = states(empty, "Asset", "floor_rate")
    assert rates == {"Z1": [60_000], "Z2": [43_500], "Z3": [60_000], "Z4": [60_000]}
    assert [row[0] for row in empty.query_text("MATCH ()-[r:INVESTS_IN]->() RETURN r.share", {})] == [250_000]
    text = "MATCH (:Area)<-[:OF]-(s:AreaYear) RETURN s.wrongly_exited, s.satisfaction"
    assert [list(row) for row in empty.query_text(text, {})] == [[15_000, 930_000]]


@pytest.mark.one_engine
def test_invisible_characters_and_fillers_in_numbers(empty: Store) -> None:
    report = import_files(empty, [CASES / "06-invisible-characters-and-fillers-in-keys"])
    households = {row[0] for row in empty.query_text("MATCH (h:Household) RETURN h.card_no", {})}
    assert households == {"H1", "H2", "H4", "H5", "H7", "H10"} == set(helpers(empty))
    assert all(r.refused for r in report.remarks), "no number that went in is unlike the others"
    refused = {(r.row, r.code) for r in report.remarks}
    assert refused == {(8, "KEY_SHAPE"), (9, "CELL_ERROR"), *((row, "KEY_MISSING") for row in range(10, 16))}
    assert_rows_add_up(report)


@pytest.mark.one_engine
def test_totals_are_no_funds(empty: Store) -> None:
    report = import_files(empty, [CASES / "07-totals-and-footers"])
    assert states(empty, "Fund", "amount") == {"F1": [10_000], "F2": [20_000]}
    assert (report.counts["资金"], report.left_out_rows["资金"]) == (
        {"rows": 7, "new": 2, "left_out": 5},
        {"TOTAL_ROW": 5},
    )
    assert {row for _, row, _ in issues_of(report)} == {4, 5, 6, 7, 8}


FOOTERS = [
    "注：本表金额单位为元,,,", "填表人：某甲,审核人：某乙,2016年12月31日,", "资金编号,资金名称,年度,金额(元)", ",第1页 共3页,,", "以下空白,,,", "甲村小计,,,300",
    "共2笔,,,300", "总 计：,,,300", "6,合计,,300", "Total,,,300", "其中：中央,,,100", "备注：数据截至12月,,,", "单位负责人：,,,", "负责人（签字）：,,,", "打印时间：2016-12-31,,,",
]  # fmt: skip


@pytest.mark.one_engine
@pytest.mark.parametrize("footer", FOOTERS)
def test_rows_that_are_no_records(empty: Store, csv_files: Callable[..., Path], footer: str) -> None:
    text = f"资金编号,资金名称,年度,金额(元)\nF1,甲,2016,100\nF2,乙,2016,200\nF3,丙,2016,0\n{footer}\n"
    report = import_files(empty, [csv_files(资金=text)])
    assert set(states(empty, "Fund", "amount")) == {"F1", "F2", "F3"}
    assert [(part.row, part.code in {"TOTAL_ROW", "NOTE_ROW", "HEADER_REPEATED"}) for part in report.left_out] == [
        (5, True)
    ]
    assert_rows_add_up(report)


@pytest.mark.one_engine
def test_a_number_unlike_all_others_is_told(empty: Store, csv_files: Callable[..., Path]) -> None:
    rows = "".join(f"H{n},{VILLAGE},某,2016\n" for n in range(1, 12))
    report = import_files(
        empty,
        [
            csv_files(
                行政村="村编码,村名,年度\n513431100200,甲,2016\n",
                贫困户=f"户编号,村编码,户主姓名,年度\n{rows}6,{VILLAGE},,2016\n",
            )
        ],
    )
    assert [(r.row, r.key, r.code) for r in report.remarks] == [(13, "6", "KEY_UNLIKE_OTHERS")]


def test_a_word_that_is_not_understood_is_told_and_kept_as_written(empty: Store) -> None:
    report = import_files(empty, [CASES / "08-national-status-values"])
    assert cards(empty, "status", "status_text")["H4"] == ["OTHER", "一般农户"]
    assert [(r.row, r.key, r.code) for r in report.remarks] == [(6, "H4", "VALUE_UNKNOWN")]


@pytest.mark.one_engine
def test_what_is_left_out_of_a_delivery_is_told(empty: Store) -> None:
    report = import_files(empty, [CASES / "14-api-does-not-tell-what-was-left-out"])
    assert [(part.sheet, part.column, part.code) for part in report.left_out] == [
        ("贫困户", "脱贫属性", "STATUS_NOT_GIVEN"),
        ("资金", "下达金额(万元)", "COLUMN_UNKNOWN"),
    ]
    assert set(cards(empty, "year")) == {"H1"}, "separated by full-width commas"


def test_open_ends_and_months(empty: Store, csv_files: Callable[..., Path]) -> None:
    pairings = (CASES / "17-placeholders-in-dates" / "结对帮扶.csv").read_text(encoding="utf-8")
    households = "".join(f"H{n},{VILLAGE},某,2016\n" for n in range(5))
    folder = csv_files(
        行政村=f"村编码,村名,年度\n{VILLAGE},甲,2016\n",
        贫困户=f"户编号,村编码,户主姓名,年度\n{households}",
        帮扶干部="干部编号,姓名\nG1,某\n",
        结对帮扶=pairings,
    )
    report = import_files(empty, [folder])
    assert helpers(empty) == {f"H{n}": [20160101, 99991231] for n in range(4)} | {"H4": [20160301, 99991231]}
    assert [(r.row, r.code) for r in report.remarks] == [(6, "DAY_FROM_MONTH")]


@pytest.mark.one_engine
def test_an_optional_day_that_is_none_is_left_out_and_told(empty: Store, csv_files: Callable[..., Path]) -> None:
    text = "干部编号,姓名,离岗日期\nG1,甲,2016-13-45\nG2,乙,-\nG3,丙,2016-05-01\n"
    report = import_files(empty, [csv_files(帮扶干部=text)], day=20161231)
    assert states(empty, "Cadre", "left_on") == {"G1": [None], "G2": [None], "G3": [20160501]}
    assert [(r.row, r.code, r.refused) for r in report.remarks] == [
        (2, "DATE_INVALID", False),
        (3, "CELL_FILLER", False),
    ]


@pytest.mark.one_engine
def test_a_delivery_that_names_no_day_is_not_of_today(empty: Store, csv_files: Callable[..., Path]) -> None:
    folder = csv_files(帮扶干部="干部编号,姓名\nG1,甲\n")
    with pytest.raises(DayUnknown):
        import_files(empty, [folder])
    assert import_files(empty, [folder], day=20161231).day == 20161231


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("title", "day"),
    [("昭觉县2016年帮扶干部花名册", 20161231), ("截至2016年6月30日", 20160630), ("2015-2016年名册", None)],
)
def test_a_title_tells_the_day(empty: Store, tmp_path: Path, title: str, day: int | None) -> None:
    table: Sheets = {"帮扶干部": [[title, None], ["干部编号", "姓名"], ["G1", "甲"]]}
    path = workbook(table, tmp_path / "a.xlsx")
    if day is None:
        with pytest.raises(DayUnknown):
            import_files(empty, [path])
    else:
        assert import_files(empty, [path]).day == day


@pytest.mark.one_engine
def test_rows_without_a_year_are_of_the_year_of_their_title(empty: Store, tmp_path: Path) -> None:
    """Check that the collection's year is not used instead: other sheets may be of another year."""
    households: list[list[object]] = [
        ["昭觉县2015年贫困户名册", None, None],
        ["户编号", "村编码", "户主姓名"],
        ["H1", VILLAGE, "甲"],
    ]
    report = import_files(empty, [workbook({"行政村": VILLAGES, "贫困户": households}, tmp_path / "a.xlsx")])
    assert (report.day, cards(empty, "year")) == (20161231, {"H1": [2015]})


@pytest.mark.one_engine
def test_headers_over_two_rows(empty: Store, tmp_path: Path) -> None:
    table: list[list[object]] = [
        ["户编号", "村编码", "户主", None, "年度", "收入(元)", None],
        [None, None, "姓名", "邮编", None, "工资性收入", "低保金"],
        ["H1", VILLAGE, "某甲", "13", 2016, 5000, 120],
    ]
    report = import_files(empty, [workbook({"行政村": VILLAGES, "贫困户": table}, tmp_path / "a.xlsx")])
    assert cards(empty, "wage_income", "low_income_payment") == {"H1": [500_000, 12_000]}
    assert [(part.column, part.code) for part in report.left_out] == [
        ("户主邮编", "COLUMN_UNKNOWN"),
        ("脱贫属性", "STATUS_NOT_GIVEN"),
    ]


@pytest.mark.one_engine
def test_a_header_that_is_there_twice_is_not_used(empty: Store, csv_files: Callable[..., Path]) -> None:
    report = import_files(empty, [csv_files(资金="资金编号,年度,金额(元),金额(元)\nF1,2016,1,2\n")])
    assert states(empty, "Fund", "amount") == {"F1": [None]}
    assert {part.code for part in report.left_out} == {"COLUMN_TWICE"}


@pytest.mark.one_engine
def test_a_table_that_could_be_several_sheets_is_none(empty: Store, tmp_path: Path) -> None:
    table: Sheets = {"名册": [["户编号", "经营主体", "开始时间"], ["H1", "91519900MA00000011", "2016-01-01"]]}
    with pytest.raises(DeliveryRefused, match="可能是"):
        import_files(empty, [workbook(table, tmp_path / "a.xlsx")], day=20161231)


@pytest.mark.one_engine
def test_all_that_is_wrong_with_a_row_is_told_at_once(empty: Store, csv_files: Callable[..., Path]) -> None:
    text = "凭证号,来源资金编号,去向类型,去向编号,金额(元),日期\nW1,F9,资金,F2,约500,2016-02-30\n"
    report = import_files(empty, [csv_files(资金="资金编号,年度\nF2,2016\n", 资金流向=text)])
    assert sorted(r.code for r in report.remarks) == ["DATE_INVALID", "NUMBER_INVALID", "REFERENCE_UNKNOWN"]
    assert report.counts["资金流向"] == {"rows": 1, "refused": 1}


@pytest.mark.one_engine
def test_a_title_repeated_on_a_further_page_is_no_fund(empty: Store, tmp_path: Path) -> None:
    title: list[object] = ["2016年资金登记表", None, None]
    header: list[object] = ["资金编号", "资金名称", "年度"]
    table: Sheets = {"资金": [title, header, ["F1", "甲", 2016], title, header, ["F2", "乙", 2016]]}
    report = import_files(empty, [workbook(table, tmp_path / "a.xlsx")])
    assert set(states(empty, "Fund", "year")) == {"F1", "F2"}
    assert [(part.row, part.code) for part in report.left_out] == [(4, "HEADER_REPEATED"), (5, "HEADER_REPEATED")]


def test_a_filler_in_a_column_of_words_leaves_what_was_known(empty: Store, csv_files: Callable[..., Path]) -> None:
    header, village = "户编号,村编码,户主姓名,年度,脱贫属性", f"村编码,村名,年度\n{VILLAGE},甲,2016\n"
    import_files(empty, [csv_files(行政村=village, 贫困户=f"{header}\nH1,{VILLAGE},某,2016,未脱贫\n")])
    report = import_files(
        empty, [csv_files(行政村=village, 贫困户=f"{header}\nH1,{VILLAGE},某,2016,—\nH2,{VILLAGE},某,2016,/\n")]
    )
    assert cards(empty, "status", "status_text") == {"H1": ["POOR", None], "H2": ["OTHER", "/"]}
    assert [(r.key, r.code) for r in report.remarks] == [("H1", "CELL_FILLER"), ("H2", "CELL_FILLER")]


@pytest.mark.one_engine
def test_what_was_not_used_stands_in_the_workbook_of_refused_rows(
    empty: Store, csv_files: Callable[..., Path], tmp_path: Path
) -> None:
    text = "资金编号,资金名称,年度,备用\nF1,甲,2016,x\n,乙,2016,\n合计,,,\n"
    rejects = RejectedRowCollector()
    report = import_files(empty, [csv_files(资金=text)], rejected_rows=rejects)
    with (tmp_path / "rejects.xlsx").open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, report.day, file, report.left_out)
    lines = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "rejects.xlsx")["#未使用"]]
    assert [line[2:7] for line in lines[1:]] == [
        [None, "备用", None, None, "COLUMN_UNKNOWN"],
        ["4", None, "合计", None, "TOTAL_ROW"],
    ]


@pytest.mark.one_engine
def test_what_was_used_and_is_to_be_verified_is_told_apart(empty: Store, tmp_path: Path) -> None:
    """Check a hidden column, which is read, beside one without a known header, in the workbook of refused rows and in the API."""
    path = workbook(
        {"资金": [["资金编号", "年度", "备用"], ["F1", 2016, "x"], [None, 2016, None]]}, tmp_path / "funds.xlsx"
    )
    book = openpyxl.load_workbook(path)
    book["资金"].column_dimensions["B"].hidden = True
    book.save(path)
    rejects = RejectedRowCollector()
    report = import_files(empty, [path], rejected_rows=rejects)
    with (tmp_path / "rejects.xlsx").open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, report.day, file, report.left_out)
    written = openpyxl.load_workbook(tmp_path / "rejects.xlsx")
    codes = {name: [row[6].value for row in written[name].iter_rows(2)] for name in ("#未使用", "#请核对")}
    assert codes == {"#未使用": ["COLUMN_UNKNOWN"], "#请核对": ["COLUMN_HIDDEN"]}
    used = {part.code: rejected_types.LEFT_OUT_ENCODERS["used"](part) for part in report.left_out}
    assert used == {"COLUMN_UNKNOWN": False, "COLUMN_HIDDEN": True}


def test_more_than_is_kept_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issue_list, "MAX_ISSUES", 2)
    issues = issue_list.IssueList(LeftOutPart("a", "b", code) for code in ("X", "X", "X", "Y"))
    assert ([issue.code for issue in issues], issues.omitted_counts) == (["X", "X"], {"X": 1, "Y": 1})


@pytest.mark.one_engine
def test_what_is_hidden_is_told(empty: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "资金"
    for line in (["资金编号", "资金名称", "年度"], ["F1", "甲", 2016], ["F2", "乙", 2016]):
        sheet.append(line)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("旧表").sheet_state = "veryHidden"
    book["旧表"].append(["资金编号"])
    book.save(tmp_path / "a.xlsx")
    report = import_files(empty, [tmp_path / "a.xlsx"])
    assert set(states(empty, "Fund", "year")) == {"F1"}
    assert {(part.sheet, part.row, part.column, part.code) for part in report.left_out} == {
        ("旧表", 0, "", "SHEET_VERY_HIDDEN"), ("资金", 3, "", "HIDDEN_ROW"), ("资金", 0, "B", "COLUMN_HIDDEN"),
    }  # fmt: skip
    assert_rows_add_up(report)


FUND: list[object] = ["F1", "甲", 2016, 12]
FUND_HEADER: list[object] = ["资金编号", "资金名称", "年度", "金额"]
READ, REFUSED = 12_000_000, None


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("above", "fen"),
    [
        (["单 位：万元"], READ), (["单  位：万元"], READ), ([None, None, "单位：", "万元"], READ), ([None, None, None, "万元"], READ),
        (["2016年扶贫资金（万元）分配表"], READ), (["本表以万元为单位"], READ), (["金额以万元计"], READ), (["金额：万元"], READ),
        (["人民币：万元"], READ), (["币种：人民币；单位＝万元"], READ), (["单位：县扶贫局   万元"], REFUSED), (["Unit: 10,000 yuan"], REFUSED),
        (["万元表"], REFUSED), (["投资2000万元以上项目"], 12_00), (["填报单位：昭觉县扶贫局"], 12_00), (["2016年资金表"], 12_00),
    ],
    ids=lambda value: str(value)[:24],
)  # fmt: skip
def test_the_unit_of_a_table_is_read_from_any_note_above_or_its_amounts_are_not(
    empty: Store, tmp_path: Path, above: list[object], fen: int | None
) -> None:
    report = import_files(empty, [workbook({"资金": [above, FUND_HEADER, FUND]}, tmp_path / "f.xlsx")], day=20161231)
    assert states(empty, "Fund", "amount") == {"F1": [fen]}
    assert ("COLUMN_UNIT" in {code for _, _, code in issues_of(report)}) == (fen is None)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "rows",
    [
        [FUND_HEADER, [None, None, None, "万元"], FUND],
        [FUND_HEADER, [None, None, None, "（万元）"], FUND],
        [FUND_HEADER, ["资金编号", "资金名称", "年度", "（万元）"], FUND],
        [["资金", "资金", "年度", "金额（万元）"], FUND_HEADER, FUND],
    ],
    ids=["row of units", "in brackets", "below merged headers", "in the upper row"],
)
def test_a_unit_in_a_row_of_the_header_is_read(empty: Store, tmp_path: Path, rows: list[list[object]]) -> None:
    report = import_files(empty, [workbook({"资金": rows}, tmp_path / "f.xlsx")], day=20161231)
    assert states(empty, "Fund", "amount") == {"F1": [READ]}
    assert report.refused == 0


INCOMES = ["户编号", "村编码", "年度"]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("upper", "lower", "yuan"),
    [
        ([*INCOMES, "收入（万元）", "收入（万元）", "低保金"], [*INCOMES, "工资性收入", "财产性收入", "低保金"], [12000, 3000, 1200]),
        ([None, None, None, "收入（万元）", "收入（万元）", None], [*INCOMES, "工资性收入", "财产性收入", "低保金"], [12000, 3000, None]),
        ([*INCOMES, "收入（万元）", "收入（万元）", "补助（元）"], [*INCOMES, "工资性收入", "财产性收入", "低保金"], [12000, 3000, 1200]),
        ([*INCOMES, "收入（万元）", None, "低保金"], [None, None, None, "工资性收入", "财产性收入", None], [12000, None, 1200]),
    ],
    ids=["merged", "above its columns alone", "two groups", "how far it reaches is not told"],
)  # fmt: skip
def test_a_unit_above_some_columns_is_theirs_alone(
    empty: Store, tmp_path: Path, upper: list[object], lower: list[object], yuan: list[int | None]
) -> None:
    rows: Sheets = {"行政村": VILLAGES, "贫困户": [upper, lower, ["H1", VILLAGE, 2016, 1.2, 0.3, 1200]]}
    report = import_files(empty, [workbook(rows, tmp_path / "f.xlsx")], day=20161231)
    incomes = cards(empty, "wage_income", "property_income", "low_income_payment")["H1"]
    assert incomes == [None if value is None else value * 100 for value in yuan]
    assert ("COLUMN_UNIT" in {code for _, _, code in issues_of(report)}) == (None in yuan)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("rows", "fen"),
    [
        ([["单位：元"], FUND_HEADER, FUND, ["单位：万元"], FUND_HEADER, ["F2", "乙", 2016, 2]], {"F1": [None], "F2": [None]}),
        ([FUND_HEADER, FUND, ["注：本表金额单位为万元"]], {"F1": [READ]}),
        ([FUND_HEADER, FUND, ["单位：万元"]], {"F1": [READ]}),
        ([["单位：元"], FUND_HEADER, FUND, ["单位：元"], FUND_HEADER, ["F2", "乙", 2016, 2]], {"F1": [1200], "F2": [200]}),
    ],
    ids=["another on the next page", "in a footer", "below", "the same on the next page"],
)  # fmt: skip
def test_a_unit_below_the_header_counts_for_the_whole_table(
    empty: Store, tmp_path: Path, rows: list[list[object]], fen: dict[str, list[int | None]]
) -> None:
    import_files(empty, [workbook({"资金": rows}, tmp_path / "f.xlsx")], day=20161231)
    assert states(empty, "Fund", "amount") == fen


@pytest.mark.one_engine
@pytest.mark.parametrize(("note", "people"), [("单位：万元、万人", 20_000), ("单位：人", 2), ("2016年", 2)])
def test_a_header_that_ends_like_a_unit_states_none(empty: Store, tmp_path: Path, note: str, people: int) -> None:
    rows: Sheets = {"行政村": [[note], ["村编码", "年度", "总人口"], [VILLAGE, 2016, 2]]}
    import_files(empty, [workbook(rows, tmp_path / "f.xlsx")], day=20161231)
    text = "MATCH (s:VillageYear {superseded: $open}) RETURN s.population"
    assert empty.query_text(text, {"open": 2**31 - 1}) == [[people]]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("title", "year", "day"),
    [
        ("全县贫困户名册（共2012户）", None, None), ("昭觉县贫困户名册（川扶发〔2014〕12号）", None, None), ("总投资2000万元", None, None),
        ("截至2016年6月31日", None, None), ("截止2016年2月30日", None, None), ("制表时间：2017年1月5日", None, None), ("2014—2016年度", None, None),
        ("截至2016年6月", 2016, 20160630), ("2016年1-6月", 2016, 20160630), ("2016年名册 制表时间：2017年1月5日", 2016, 20161231),
        ("昭觉县2015年贫困户（川扶发〔2014〕12号）", 2015, 20151231), ("2016.12.30", 2016, 20161230), ("20161230", 2016, 20161230),
        ("贫困户(2016)", 2016, 20161231), ("2016贫困户名册", 2016, 20161231),
    ],
)  # fmt: skip
def test_a_title_names_a_year_only_where_a_year_is_meant(title: str, year: int | None, day: int | None) -> None:
    assert year_of_title([title]) == (None if year is None else (year, day))


@pytest.mark.one_engine
def test_a_day_that_no_month_has_is_asked_for(empty: Store, tmp_path: Path) -> None:
    cadres: Sheets = {
        "行政村": [["村编码", "村名"], [VILLAGE, "甲村"]],
        "帮扶干部": [["截至2016年6月31日"], ["干部编号", "姓名"], ["G1", "甲"]],
    }
    with pytest.raises(DayUnknown):
        import_files(empty, [workbook(cadres, tmp_path / "a.xlsx")])


NO_FUNDS = [
    "合计3笔300元", "合计共3笔", "共有3笔", "合计人民币壹万元整", "合计(大写)壹万元整", "总金额", "总额", "全县总数", "合計", "【合计】", "（合计）", "*合计*",
    "---合计---", "合计/Total", "合计=", "Σ", "累计完成", "平均", "户均", "承前页", "过次页", "转下页", "合计:12户36人", "小计：5户20人", "合计。", "例", "示例",
]  # fmt: skip


@pytest.mark.one_engine
def test_no_wording_of_a_total_becomes_a_record(empty: Store, tmp_path: Path) -> None:
    rows: list[list[object]] = [FUND_HEADER, FUND, *rows_for(NO_FUNDS, lambda text: [text, None, None, 600])]
    report = import_files(empty, [workbook({"资金": rows}, tmp_path / "f.xlsx")], day=20161231)
    assert list(states(empty, "Fund", "amount")) == ["F1"]
    assert report.counts["资金"]["left_out"] == len(NO_FUNDS)
    assert_rows_add_up(report)


ALONE = [
    "新城镇人民政府", "乡镇人民政府（盖章）", "(此页无正文)", "—以下无数据—", "第一页", "1/3", "见附件", "附表1", "备注", "签收", "昭觉县扶贫开发局制",
    "1.本表数据以公示为准", "2016-12-31", "2016年资金表（续）", "资金编号",
]  # fmt: skip


@pytest.mark.one_engine
def test_what_stands_alone_in_a_row_is_no_record(empty: Store, tmp_path: Path) -> None:
    numbering_rows: list[list[object]] = [["1", "2", "3", "4"], ["甲", "乙", 1, 2], ["栏次", 1, 2, 3]]
    rows: list[list[object]] = [FUND_HEADER, *numbering_rows, FUND, ["F2"], *rows_for(ALONE, lambda text: [text])]
    report = import_files(empty, [workbook({"资金": rows}, tmp_path / "f.xlsx")], day=20161231)
    assert sorted(states(empty, "Fund", "amount")) == ["F1", "F2"]
    assert report.left_out_rows["资金"] == {"NOTE_ROW": len(ALONE), "HEADER_REPEATED": len(numbering_rows)}
    assert_rows_add_up(report)


@pytest.mark.one_engine
def test_records_that_sound_like_totals_and_notes_go_in(empty: Store, tmp_path: Path) -> None:
    texts = ["共3户贫困户无帮扶责任人", "帮扶资金未汇总", "台账无小计", "全村", "共12人未参加医保"]
    names = ["阿尔小计", "李小计", "王总计", "总某", "注某", "计某"]
    problems: list[list[object]] = [
        ["问题描述", "问题编号", "整改状态", "提出日期"],
        *rows_for(enumerate(texts), lambda row: [row[1], f"WT{row[0]}", "整改中", "2016-01-01"]),
    ]
    cadres: list[list[object]] = [
        ["姓名", "干部编号"],
        *rows_for(enumerate(names), lambda row: [row[1], f"GB{row[0]}"]),
    ]
    vouchers = ["附件1", "附件12-3", "附注2", "续表3", "第1页"]
    flows: list[list[object]] = [
        ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额", "日期"],
        *([voucher, "F1", "资金", "F2", 5, "2016-05-01"] for voucher in vouchers),
    ]
    funds: list[list[object]] = [FUND_HEADER, FUND, ["F2", "乙", 2016, 2]]
    sheets: Sheets = {"行政村": VILLAGES, "帮扶干部": cadres, "问题清单": problems, "资金": funds, "资金流向": flows}
    report = import_files(empty, [workbook(sheets, tmp_path / "f.xlsx")], day=20161231)
    assert {sheet: counts.get("left_out", 0) for sheet, counts in report.counts.items() if counts.get("left_out")} == {}
    assert report.counts["帮扶干部"]["new"] == len(names)
    assert report.counts["资金流向"]["new"] == len(vouchers)


@pytest.mark.one_engine
def test_odd_numbers_of_records_are_refused_or_told(empty: Store, tmp_path: Path) -> None:
    plain_keys = [f"H{number}" for number in range(1, 9)]
    refused_keys = ["H1\ufe0f", "H2\u3164", "H3*", "H1~H5", "H7\ufffd", "H6\uf0b7", "无编号", "见备注", "不适用"]
    flagged_keys = ["H4(作废)", "H5/H6", "h7"]
    rows: list[list[object]] = [
        ["户编号", "村编码", "户主姓名", "年度"],
        *([key, VILLAGE, "甲", 2016] for key in (*plain_keys, *refused_keys, *flagged_keys)),
    ]
    report = import_files(empty, [workbook({"行政村": VILLAGES, "贫困户": rows}, tmp_path / "f.xlsx")])
    assert report.refused == len(refused_keys)
    assert {remark.key for remark in report.remarks if remark.code == "KEY_UNLIKE_OTHERS"} == set(flagged_keys)
    assert set(cards(empty, "year")) == {*plain_keys, *flagged_keys}


@pytest.mark.one_engine
def test_a_number_with_a_digit_too_many_is_told(empty: Store, tmp_path: Path) -> None:
    keys = [f"513431100200{number:04}" for number in range(1, 7)]
    rows: list[list[object]] = [
        ["户编号", "村编码", "户主姓名", "年度"],
        *([key, VILLAGE, "甲", 2016] for key in (*keys, "51343110020000071")),
    ]
    report = import_files(empty, [workbook({"行政村": VILLAGES, "贫困户": rows}, tmp_path / "f.xlsx")])
    assert [remark.key for remark in report.remarks if remark.code == "KEY_UNLIKE_OTHERS"] == ["51343110020000071"]


@pytest.mark.one_engine
def test_numbers_are_not_composed_of_what_is_none(empty: Store, tmp_path: Path) -> None:
    mapping = '[[tables]]\nname = "名册"\n[[tables.sheets]]\nsheet = "贫困户"\ncolumns."Household.card_no" = {format = "K-{户号}"}\n'
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    cells: list[object] = ["无", "#N/A", 12.5, date(2016, 3, 5), 1234567890123456789, "A1"]
    rows: list[list[object]] = [
        ["户号", "村编码", "户主姓名", "年度"],
        *([cell, VILLAGE, "甲", 2016] for cell in cells),
    ]
    path = workbook({"行政村": VILLAGES, "名册": rows}, tmp_path / "f.xlsx")
    report = import_files(empty, [path], mapping=load_mapping(tmp_path / "mapping.toml", MODEL))
    assert list(cards(empty, "year")) == ["K-A1"]
    assert report.refused == len(cells) - 1


@pytest.mark.one_engine
@pytest.mark.parametrize("cell", ["?", "？", "*", "…", "×", "√", "、", "。", "待定"])
def test_marks_are_no_open_end(empty: Store, tmp_path: Path, cell: str) -> None:
    sheets: Sheets = {
        "行政村": VILLAGES, "帮扶干部": [["干部编号", "姓名"], ["G1", "甲"]],
        "贫困户": [["户编号", "村编码", "户主姓名", "年度"], ["H1", VILLAGE, "甲", 2016]],
        "结对帮扶": [["干部编号", "户编号", "开始时间", "结束时间"], ["G1", "H1", "2016-01-01", cell]],
    }  # fmt: skip
    report = import_files(empty, [workbook(sheets, tmp_path / "f.xlsx")])
    assert (helpers(empty), report.refused) == ({}, 1)


@pytest.mark.one_engine
@pytest.mark.parametrize("cell", ["待定", "同上", "?", "-", "至今"])
def test_a_beginning_or_a_payment_without_its_day_is_refused(empty: Store, tmp_path: Path, cell: str) -> None:
    sheets: Sheets = {
        "行政村": VILLAGES, "帮扶干部": [["干部编号", "姓名"], ["G1", "甲"]], "资金": [FUND_HEADER, FUND],
        "贫困户": [["户编号", "村编码", "户主姓名", "年度"], ["H1", VILLAGE, "甲", 2016]],
        "结对帮扶": [["干部编号", "户编号", "开始时间"], ["G1", "H1", cell]],
        "资金流向": [["凭证号", "来源资金编号", "去向类型", "去向编号", "金额", "日期"], ["PZ1", "F1", "户", "H1", 5, cell]],
    }  # fmt: skip
    report = import_files(empty, [workbook(sheets, tmp_path / "f.xlsx")])
    assert helpers(empty) == {}
    assert [(remark.sheet, remark.code) for remark in report.remarks] == [
        ("结对帮扶", "DATE_INVALID"),
        ("资金流向", "DATE_INVALID"),
    ]


@pytest.mark.one_engine
def test_the_document_of_a_measure_is_read_or_told(empty: Store, tmp_path: Path) -> None:
    header: list[object] = [
        "户编号",
        "措施类别",
        "项目内容",
        "开始时间",
        "金额",
        "资金编号",
        "支付凭证号",
        "支付日期",
        "收款人",
    ]
    measures: list[list[object]] = [
        header, ["H1", "产业", "养羊", "2016-01-01", 5, "F1", "PZ1", "2016-02", "甲"], ["H1", "产业", "养鸡", "2016-01-01", 5, None, "PZ3", "2016-02-01", "甲"],
        ["H1", "产业", "养牛", "2016-01-01", 5, "F1", "无", "2016-02-01", "甲"], ["H1", "产业", "养猪", "2016-01-01", 5, "F1", date(2016, 2, 1), "2016-02-01", "甲"],
    ]  # fmt: skip
    sheets: Sheets = {
        "行政村": VILLAGES, "资金": [FUND_HEADER, FUND], "贫困户": [["户编号", "村编码", "户主姓名", "年度"], ["H1", VILLAGE, "甲", 2016]], "帮扶措施": measures,
    }  # fmt: skip
    report = import_files(empty, [workbook(sheets, tmp_path / "f.xlsx")])
    query = "MATCH (:Fund)-[p:PAYS {superseded: $open}]->(m)<-[:OF]-(s {superseded: $open}) RETURN s.content, p.voucher, p.paid_on ORDER BY s.content"
    assert empty.query_text(query, {"open": 2**31 - 1}) == [
        ["养牛", None, 20160201],
        ["养猪", None, 20160201],
        ["养羊", "PZ1", 20160229],
    ]
    issues = [(remark.row, remark.column, remark.code) for remark in report.remarks]
    unattached_issues = [(3, column, "VALUE_UNATTACHED") for column in ("支付凭证号", "支付日期", "收款人")]
    assert issues == [
        (2, "支付日期", "DAY_FROM_MONTH"),
        *unattached_issues,
        (4, "支付凭证号", "CELL_FILLER"),
        (5, "支付凭证号", "KEY_STORED_AS_DATE"),
    ]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "name", ["资金（作废）", "资金(样表)", "资金【填报示例】", "资金（不用）", "资金(旧)", "作废资金"]
)
def test_a_sheet_that_says_it_is_void_is_not_read(empty: Store, tmp_path: Path, name: str) -> None:
    report = import_files(empty, [workbook({"行政村": VILLAGES, name: [FUND_HEADER, FUND]}, tmp_path / "f.xlsx")])
    assert states(empty, "Fund", "amount") == {}
    assert [(part.sheet, part.code) for part in report.left_out] == [(name, "SHEET_VOID")]


@pytest.mark.one_engine
@pytest.mark.parametrize(("place", "sheet"), [("村", "部门帮村"), ("地点", "帮扶部门")])
def test_a_ledger_of_projects_tells_neither_who_helps_a_village_nor_of_departments(
    empty: Store, tmp_path: Path, place: str, sheet: str
) -> None:
    rows: list[list[object]] = [
        ["项目名称", "项目类别", place, "实施单位", "计划资金", "已拨付"],
        ["道路", "基础设施", "513431100200", "BM1", 3, 1],
    ]
    departments: list[list[object]] = [["部门编号", "部门名称"], ["BM1", "某局"]]
    report = import_files(
        empty,
        [workbook({"行政村": VILLAGES, "帮扶部门": departments, "台账": rows}, tmp_path / "f.xlsx")],
        day=20161231,
    )
    assert [(part.sheet, part.code, part.value) for part in report.left_out] == [("台账", "SHEET_UNSURE", sheet)]
    assert empty.query_text("MATCH (:Department)-[a:ASSISTS]->() RETURN count(a)", {}) == [[0]]


@pytest.mark.one_engine
def test_a_header_that_is_merged_over_two_rows_is_no_record(empty: Store, tmp_path: Path) -> None:
    """Check a header whose used columns are merged over both rows, while other columns have a second text below."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "项目"
    for row in (
        ["项目编号", "项目名称", "村编码", "计划资金(万元)", None],
        [None, None, None, "中央", "省级"],
        ["XM1", "道路", "513431100200", 3, 1],
    ):
        sheet.append(row)
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "f.xlsx")
    report = import_files(empty, [tmp_path / "f.xlsx"], day=20161231)
    assert (report.counts["项目"]["rows"], [r.row for r in report.remarks]) == (1, [])
    assert states(empty, "Project", "name") == {"XM1": ["道路"]}


@pytest.mark.one_engine
def test_a_row_refused_for_its_last_day_can_be_corrected(empty: Store) -> None:
    rejects = RejectedRowCollector()
    path = CASES / "03-error-cells-and-uncached-formulas" / "2-with-errors.xlsx"
    report = import_files(empty, [path], rejected_rows=rejects)
    [remark] = [remark for remark in report.remarks if remark.refused]
    assert (remark.row, remark.column, remark.value, rejects.kept_count) == (2, "结束时间", "#VALUE!", 1)


@pytest.mark.one_engine
def test_what_is_not_understood_of_a_refused_row_is_told_with_it(empty: Store, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["户编号", "村编码", "户主姓名", "年度", "饮水是否安全", "危房等级"],
        ["H 1", "999", "甲", 2016, "也许", "E级"],
    ]
    report = import_files(empty, [workbook({"行政村": VILLAGES, "贫困户": rows}, tmp_path / "f.xlsx")])
    assert {(remark.column, remark.code) for remark in report.remarks} == {
        ("户编号", "KEY_SHAPE"), ("村编码", "REFERENCE_UNKNOWN"), ("饮水是否安全", "FLAG_UNKNOWN"), ("危房等级", "VALUE_UNKNOWN")
    }  # fmt: skip
