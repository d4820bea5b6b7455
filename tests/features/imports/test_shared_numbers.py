"""Numbers that a mapping composes from a telephone belong to one person: a second person with the same number is ambiguous."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from graph_service.domain.model import MODEL
from graph_service.features.imports.publish import correction_workbook
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.platform.store.graph import Store

ROSTER = """\
户编号,村编码,年度,户主姓名,帮扶干部姓名,帮扶人联系电话,帮扶时间
H1,513431100205,2016,甲一,庚七,0834-8322001,2016-03-01
H2,513431100205,2016,甲二,辛八,0834-8322001,2016-03-01
H3,513431100205,2016,甲三,庚七,0834-8322001,2016-03-01
H4,513431100205,2016,甲四,辛八,0834-8322001,2016-03-01
H5,513431100205,2016,甲五,壬九,0834-8322002,2016-03-01
"""
MAPPING = """
[[tables]]
name = ["名册", "帮扶干部", "结对帮扶"]

[[tables.sheets]]
sheet = "贫困户"

[[tables.sheets]]
sheet = "帮扶干部"
once = {once}
columns."Cadre.name" = "帮扶干部姓名"
columns."Cadre.phone" = "帮扶人联系电话"
columns."Cadre.cadre_no" = {{format = "A-{{帮扶人联系电话}}"}}

[[tables.sheets]]
sheet = "结对帮扶"
columns."Cadre.cadre_no" = {{format = "A-{{帮扶人联系电话}}"}}
columns."HELPS.since" = "帮扶时间"
"""
HELPERS = "MATCH (s:CadreState)-[:OF]->(c:Cadre)-[:HELPS]->(h:Household) RETURN h.card_no, c.cadre_no, s.name ORDER BY h.card_no"


def refused_cells(report: ImportReport, code: str) -> list[tuple[int, str]]:
    return [(remark.row, remark.column) for remark in report.remarks if remark.refused and remark.code == code]


@pytest.mark.parametrize("once", ["true", "false"])
def test_the_second_of_a_number_is_refused_with_whom_it_helps(empty: Store, tmp_path: Path, once: str) -> None:
    roster, mapping = tmp_path / "名册.csv", tmp_path / "m.toml"
    roster.write_text(ROSTER, encoding="utf-8")
    mapping.write_text(MAPPING.format(once=once), encoding="utf-8")
    rejects = RejectedRowCollector()
    report = import_files(empty, [roster], mapping=load_mapping(mapping, MODEL), rejected_rows=rejects)

    cadres = [3] if once == "true" else [3, 5]
    assert refused_cells(report, "NUMBER_SHARED") == [(row, "干部编号") for row in (*cadres, 3, 5)]
    first_cadre, last_cadre = ["A-0834-8322001", "庚七"], ["A-0834-8322002", "壬九"]
    remark_values = {r.value for r in report.remarks if r.code == "NUMBER_SHARED" and r.sheet}
    assert "A-083****2001(第2行 庚七)" in remark_values, "the message says whose it is, and where"
    assert empty.query_text(HELPERS, {}) == [["H1", *first_cadre], ["H3", *first_cadre], ["H5", *last_cadre]]
    for counts in report.counts.values():
        assert counts["rows"] == 5

    # Unedited, the workbook of refused rows changes nothing; with a separate number the cadre is imported and helps.
    book = tmp_path / "rejects.xlsx"
    with book.open("wb") as file:
        correction_workbook.write_correction_workbook(rejects, report.day, file)
    second_report = import_files(empty, [book], day=report.day)
    assert {r.code for r in second_report.remarks if r.refused} >= {"NUMBER_SHARED"}
    assert empty.query_text(HELPERS, {}) == [["H1", *first_cadre], ["H3", *first_cadre], ["H5", *last_cadre]]

    sheets = openpyxl.load_workbook(book)
    for sheet in (sheets["帮扶干部"], sheets["结对帮扶"]):
        column = [cell.value for cell in sheet[1]].index("干部编号") + 1
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, column).value = "A-辛八"
    sheets.save(book)
    import_files(empty, [book], day=report.day)
    renumbered_cadre = ["A-辛八", "辛八"]
    assert empty.query_text(HELPERS, {}) == [
        ["H1", *first_cadre],
        ["H2", *renumbered_cadre],
        ["H3", *first_cadre],
        ["H4", *renumbered_cadre],
        ["H5", *last_cadre],
    ]


@pytest.mark.one_engine
def test_one_telephone_written_twice_is_one_person(empty: Store, tmp_path: Path) -> None:
    roster, mapping = tmp_path / "名册.csv", tmp_path / "m.toml"
    roster.write_text(ROSTER.replace("辛八", "庚七"), encoding="utf-8")
    mapping.write_text(MAPPING.format(once="true"), encoding="utf-8")
    report = import_files(empty, [roster], mapping=load_mapping(mapping, MODEL))
    assert refused_cells(report, "NUMBER_SHARED") == []
    assert [row[1] for row in empty.query_text(HELPERS, {})] == ["A-0834-8322001"] * 4 + ["A-0834-8322002"]


def test_a_number_is_its_first_owners_in_later_deliveries_too(empty: Store, tmp_path: Path) -> None:
    head, *rows = ROSTER.splitlines()
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING.format(once="true"), encoding="utf-8")
    for name, lines in (("名册", rows[:1]), ("名册二", rows[1:3])):
        roster = tmp_path / f"{name}.csv"
        roster.write_text("\n".join([head, *lines]), encoding="utf-8")
        text = MAPPING.format(once="true").replace('"名册"', f'"{name}"')
        mapping.write_text(text, encoding="utf-8")
        report = import_files(empty, [roster], mapping=load_mapping(mapping, MODEL))
    assert refused_cells(report, "NUMBER_SHARED") == [(2, "干部编号"), (2, "干部编号")]
    first_cadre = ["A-0834-8322001", "庚七"]
    assert empty.query_text(HELPERS, {}) == [["H1", *first_cadre], ["H3", *first_cadre]]


@pytest.mark.one_engine
@pytest.mark.parametrize("name", ["无", "待定", "庚七、辛八", "12345"])
def test_who_is_not_understood_helps_nobody(empty: Store, tmp_path: Path, name: str) -> None:
    roster, mapping = tmp_path / "名册.csv", tmp_path / "m.toml"
    roster.write_text(ROSTER.replace("甲一,庚七", f"甲一,{name}"), encoding="utf-8")
    mapping.write_text(MAPPING.format(once="true"), encoding="utf-8")
    report = import_files(empty, [roster], mapping=load_mapping(mapping, MODEL))
    assert refused_cells(report, "NUMBER_UNNAMED")[0] == (2, "干部编号")
    assert [row[0] for row in empty.query_text(HELPERS, {})] == ["H2", "H4", "H5"], (
        "the first name that is understood has it"
    )


@pytest.mark.one_engine
def test_a_pairing_is_compared_by_the_name_beside_its_number(empty: Store, tmp_path: Path) -> None:
    cadres, roster, mapping = tmp_path / "帮扶干部.csv", tmp_path / "名册.csv", tmp_path / "m.toml"
    cadres.write_text("干部编号,姓名\nA-0834-8322001,庚七\nA-0834-8322002,壬九\n", encoding="utf-8")
    roster.write_text(ROSTER, encoding="utf-8")
    mapping_text = MAPPING.format(once="true")
    begin, end = (
        mapping_text.index('[[tables.sheets]]\nsheet = "帮扶干部"'),
        mapping_text.index('[[tables.sheets]]\nsheet = "结对帮扶"'),
    )
    mapping.write_text((mapping_text[:begin] + mapping_text[end:]).replace(', "帮扶干部"', ""), encoding="utf-8")
    report = import_files(empty, [cadres, roster], mapping=load_mapping(mapping, MODEL))
    assert refused_cells(report, "NUMBER_SHARED") == [(3, "干部编号"), (5, "干部编号")]
    assert [row[0] for row in empty.query_text(HELPERS, {})] == ["H1", "H3", "H5"]
