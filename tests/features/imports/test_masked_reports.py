"""Reports of imports: no value of a confidential or sensitive column and no number of a person is shown, whoever asks; where a cell
stands is exact, and the workbook of refused rows has the row as it was delivered."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pytest

from graph_service.access.masking import AUDITED_CLASSES
from graph_service.cli.output import print_report
from graph_service.domain.model import MODEL
from graph_service.features.imports.publish.correction_workbook import write_correction_workbook
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.mapping_draft import draft_mapping
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.read.name_columns import sheet_columns
from graph_service.features.imports.rejected_types import ISSUE_ENCODERS, LEFT_OUT_ENCODERS
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store
from tests import county
from tests.conftest import REGISTER
from tests.county import COOP, FARM, FIRST, H1, SHEETS, Sheets

pytestmark = pytest.mark.one_engine

DOCUMENT, PHONE, ILLNESS = "519900197001010024", "10012345678", "患尿毒症三期"
RAW = re.compile(r"19700101|12345678|尿毒")
DAY = 20161231
POISON = f"{ILLNESS}，{DOCUMENT}，电{PHONE}"


def shown(report: ImportReport, capsys: pytest.CaptureFixture[str] | None = None) -> list[str]:
    """Return all that is shown of a report: its values, what GraphQL encodes, what the command prints as text and as JSON."""
    texts = [orjson.dumps(asdict(report)).decode()]
    texts += [repr([encode(remark) for encode in ISSUE_ENCODERS.values()]) for remark in report.remarks]
    texts += [repr([encode(part) for encode in LEFT_OUT_ENCODERS.values()]) for part in report.left_out]
    if capsys is not None:
        for as_json in (False, True):
            print_report(report, as_json=as_json)
            texts.append("".join(capsys.readouterr()))
    return texts


def import_sheets(
    store: Store, sheets: Sheets, tmp_path: Path, **arguments: Any
) -> tuple[ImportReport, RejectedRowCollector]:
    rejects = RejectedRowCollector()
    path = county.workbook(sheets, tmp_path / "register.xlsx")
    return import_files(store, [path], rejected_rows=rejects, day=DAY, **arguments), rejects


@pytest.mark.parametrize("sheet", MODEL.sheets)
def test_no_column_of_a_sheet_shows_a_value_of_a_person(
    empty: Store, tmp_path: Path, sheet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Put into each column in turn what does not belong there: a number anywhere, an illness where the model says what it is."""
    columns = sheet_columns(sheet)
    headers: list[object] = list(dict.fromkeys(column.headers[0] for column in columns.values()))
    audited = {c.headers[0] for c in columns.values() if c.property.classification in AUDITED_CLASSES}
    usual_row: list[object] = [2016 if header == "年度" else f"N{index}" for index, header in enumerate(headers)]
    rows = [list(usual_row) for _ in headers]
    for position, header in enumerate(headers):
        rows[position][position] = POISON if header in audited else POISON.replace(ILLNESS, "某")
    report, rejects = import_sheets(empty, {sheet: [headers, *rows]}, tmp_path, dry_run=True)
    assert len(report.remarks) >= len(headers) // 2
    assert any("****" in remark.value for remark in report.remarks)
    for text in shown(report, capsys):
        assert not RAW.search(text), text
    places = {(remark.file, remark.sheet, remark.row) for remark in report.remarks}
    assert places <= {("register.xlsx", sheet, row) for row in range(len(rows) + 2)}
    if rejects.kept_count:
        file = (tmp_path / "rejects.xlsx").open("w+b")
        with file:
            write_correction_workbook(rejects, DAY, file, report.left_out)
            delivered = [str(cell) for row in openpyxl.load_workbook(file)[sheet].values for cell in row]
        assert any(DOCUMENT in cell for cell in delivered), "the row is there to be corrected"


def test_a_number_in_a_text_is_recorded_masked_and_told(empty: Store, tmp_path: Path) -> None:
    """The telephone of a note, and the document of a shifted column."""
    sheets = SHEETS | {
        "家庭成员": [["人口编号", "户编号", "姓名", "与户主关系", "年度"], [f"{H1}01", H1, "甲某", DOCUMENT, 2016]],
        "走访记录": [["干部编号", "户编号", "走访日期", "内容"], ["GB1", H1, "2016-05-01", f"户主电话 {PHONE}"]],
    }
    report, _ = import_sheets(empty, sheets, tmp_path)
    masked_cells = {
        (remark.sheet, remark.column, remark.value) for remark in report.remarks if remark.code == "NUMBER_MASKED"
    }
    assert masked_cells == {
        ("家庭成员", "与户主关系", "519900********0024"),
        ("走访记录", "内容", "户主电话 100****5678"),
    }
    assert empty.query_text("MATCH (p:PersonYear) RETURN p.relation, p.relation_text", {}) == [
        ["OTHER", "519900********0024"]
    ]
    assert empty.query_text("MATCH ()-[v:VISITED]->() RETURN v.note", {}) == [["户主电话 100****5678"]]
    again, _ = import_sheets(empty, sheets, tmp_path)
    assert not again.changed


def test_a_department_is_found_by_its_name_with_a_telephone(empty: Store, tmp_path: Path) -> None:
    name = "某局0834-8322345"
    sheets = SHEETS | {
        "帮扶部门": [["部门编号", "部门名称"], ["BM1", name], ["BM2", "某厅"]],
        "部门帮村": [["单位编号", "村编码", "开始时间"], [name, FIRST, "2015-01-01"]],
    }
    report, _ = import_sheets(empty, sheets, tmp_path)
    assert "NAME_UNKNOWN" not in {remark.code for remark in report.remarks}
    assert empty.query_text("MATCH (d:Department)-[:ASSISTS]->() RETURN d.department_no", {}) == [["BM1"]]


def test_rows_that_differ_in_masked_numbers_alone_are_masked_cells(empty: Store, tmp_path: Path) -> None:
    """No measure vanishes: the second one waits among the refused rows, as it was delivered."""
    cards = ("6222020000000000000", "6222020000000000018")
    measures: list[list[object]] = [["户编号", "措施类别", "项目内容", "开始时间"]]
    measures += [[H1, "产业", f"发至卡{card}", "2016-01-01"] for card in cards]
    report, rejects = import_sheets(empty, SHEETS | {"帮扶措施": measures}, tmp_path)
    remarks = [(remark.row, remark.code, remark.value) for remark in report.remarks if remark.sheet == "帮扶措施"]
    assert remarks == [(2, "NUMBER_MASKED", "发至卡****"), (3, "ROW_REPEATED", H1), (3, "NUMBER_MASKED", "发至卡****")]
    assert rejects.kept_count == 1


def test_numbers_of_records_are_recorded_as_delivered(empty: Store, tmp_path: Path) -> None:
    """Of a business in the list of another office, and of a voucher: they resemble documents and telephones by chance."""
    first, second = "注册号513431601123412", "注册号513431601124412"
    sheets: Sheets = SHEETS | {
        "外部名单": [
            ["名单", "证件号码", "内容", "区划代码"],
            ["车辆登记", DOCUMENT, first, "513431"],
            ["车辆登记", DOCUMENT, second, "513431"],
        ],
        "资金": [["资金编号", "资金名称"], ["ZJ1", "某资金"]],
        "资金流向": [
            ["凭证号", "来源资金编号", "去向类型", "去向编号", "金额（元）", "日期"],
            ["13912345678", "ZJ1", "户", H1, 100, "2016-05-01"],
        ],
    }
    report, _ = import_sheets(empty, sheets, tmp_path)
    assert "NUMBER_MASKED" not in {remark.code for remark in report.remarks}
    assert empty.query_text("MATCH ()-[g:GRANTED]->() RETURN g.voucher", {}) == [["13912345678"]]
    texts = empty.query_text("MATCH (s:OutsideRecordState) RETURN s.content ORDER BY s.content", {})
    assert texts == [[first], [second]]


def test_a_number_beside_a_vague_share_is_recorded_masked(empty: Store, tmp_path: Path) -> None:
    sheets = SHEETS | {"参股": [["出资主体", "被投资主体", "持股比例(%)"], [FARM, COOP, f"控股,电{PHONE}"]]}
    report, _ = import_sheets(empty, sheets, tmp_path)
    codes = {remark.code: remark.value for remark in report.remarks if remark.sheet == "参股"}
    assert codes == {"NUMBER_NOT_STATED": "控股,电100****5678", "NUMBER_MASKED": "控股,电100****5678"}
    assert empty.query_text("MATCH ()-[i:INVESTS_IN]->() RETURN i.share_text", {}) == [["控股,电100****5678"]]


def test_the_sample_register_is_reported_without_numbers_of_people(
    empty: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    report = import_files(empty, [REGISTER], dry_run=True)
    people = re.compile(r"519900\d{11}[\dX]|(?<!\d)100\d{8}(?!\d)")
    texts = shown(report, capsys)
    assert sum(len(people.findall(text)) for text in texts) == 0
    documents = [remark for remark in report.remarks if remark.column == "证件号码"]
    assert {remark.value for remark in documents} >= {"****"} or all("****" in r.value for r in documents if r.value)
    assert all(re.fullmatch(r"[\w-]*", remark.key) for remark in report.remarks), "numbers of the register are readable"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (f'{H1},{FIRST},"{ILLNESS},{DOCUMENT},2016', H1),
        (f"{H1};{FIRST};{ILLNESS};{DOCUMENT};2016", H1),
        (f"{H1}、{FIRST}、{ILLNESS}、{DOCUMENT}，2016，，，", "****"),
        (f'"{ILLNESS}" x,{FIRST},{DOCUMENT},2016', "****"),
        (f'{DOCUMENT},"{ILLNESS},{FIRST},2016', "519900********0024"),
    ],
)
def test_a_line_that_cannot_be_split_shows_its_number_alone(
    empty: Store, tmp_path: Path, line: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "户编号,村编码,户主姓名,联系电话,年度\n"
    path = tmp_path / "贫困户.csv"
    path.write_text(f"{head}{line}\nH9,{FIRST},某,,2016\nH8,{FIRST},某,,2016\n", encoding="utf-8")
    report = import_files(empty, [path], dry_run=True)
    [remark] = [remark for remark in report.remarks if remark.refused]
    assert (remark.row, remark.code in ("CSV_QUOTE", "ROW_WIDTH"), remark.key, remark.value) == (2, True, key, key)
    assert not any(RAW.search(text) for text in shown(report, capsys))


def test_parts_that_are_not_read_show_no_number(
    empty: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Check notes, totals, columns without a header and files of lists: no column of the model says what they are."""
    sheets: Sheets = {
        "帮扶部门": [
            ["部门编号", "部门名称", None, f"填表人{PHONE}"],
            ["BM1", "某局", f"{'某' * 195}{DOCUMENT}", "某"],
            [f"注：请联系{PHONE}，{DOCUMENT}", None, None, None],
            [f"合计（经办人 {PHONE}）", None, None, None],
        ],
        "花名册": [["某", "联系"], [DOCUMENT, PHONE]],
    }
    report, _ = import_sheets(empty, sheets, tmp_path, dry_run=True)
    values = {part.code: part.value for part in report.left_out}
    assert values["COLUMN_NAMELESS"] == f"{'某' * 195}51990…"
    assert values["NOTE_ROW"] == "注:请联系100****5678,519900********0024"
    assert not any(RAW.search(text) for text in shown(report, capsys))


MAPPING = """[[tables]]
name = "名册"
area = "513431"
[[tables.sheets]]
sheet = "帮扶干部"
columns."Cadre.cadre_no" = {format = "%s"}
columns."Cadre.name" = "姓名"
"""


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("A-{联系电话}", "A-100****5678"),
        ("51343{联系电话}", "****"),
        ("{身份证号}", "519900********0024"),
        ("GB{序号}", "GB1"),
    ],
)
def test_a_number_composed_of_a_telephone_is_masked(
    empty: Store, tmp_path: Path, pattern: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    roster, mapping = tmp_path / "名册.csv", tmp_path / "m.toml"
    roster.write_text(
        f"序号,姓名,联系电话,身份证号,离岗日期\n1,某甲,{PHONE},{DOCUMENT},某日\n2,某乙,{PHONE[:-1]}9,{DOCUMENT[:-4]}0040,\n",
        encoding="utf-8",
    )
    mapping.write_text(MAPPING % pattern, encoding="utf-8")
    report = import_files(empty, [roster], mapping=load_mapping(mapping, MODEL), dry_run=True, day=DAY)
    [remark] = [remark for remark in report.remarks if remark.column == "离岗日期"]
    assert (remark.row, remark.key, remark.value) == (2, key, "某日")
    assert not any(RAW.search(text) for text in shown(report, capsys))


def test_a_text_alone_in_a_sensitive_column_is_masked(
    empty: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headers, first, *_ = SHEETS["家庭成员"]
    blank: list[object] = [None] * len(headers)
    lone = [*blank]
    lone[headers.index("患病名称")] = ILLNESS
    report, _ = import_sheets(
        empty, {"家庭成员": [headers, first, lone, ["注：核对", *blank[1:]]]}, tmp_path, dry_run=True
    )
    parts = {part.row: (part.code, part.value) for part in report.left_out if part.row}
    assert parts == {3: ("NOTE_ROW", "****"), 4: ("NOTE_ROW", "注:核对")}
    assert not any(RAW.search(text) for text in shown(report, capsys))


def test_a_draft_of_a_mapping_shows_no_number_in_place_of_a_header(tmp_path: Path) -> None:
    path = county.workbook({"名单": [[DOCUMENT, PHONE, "某"], [DOCUMENT, PHONE, "某"]]}, tmp_path / "list.xlsx")
    draft = draft_mapping(open_delivery([path]).tables)
    assert "519900********0024" in draft
    assert not RAW.search(draft)


def test_the_county_written_by_hand_shows_what_is_internal(empty: Store, tmp_path: Path) -> None:
    sheets: Sheets = {**SHEETS, "帮扶部门": [["部门编号", "部门名称", "撤销日期"], ["BM1", "某局", "某日"]]}
    report, _ = import_sheets(empty, sheets, tmp_path, dry_run=True)
    assert ("BM1", "某日") in {(remark.key, remark.value) for remark in report.remarks}


def test_a_number_in_the_name_of_a_file_or_sheet_is_stored_masked(empty: Store, tmp_path: Path) -> None:
    """The source of a record is read by whoever reads the record; a mapping names the file as it is."""
    path = county.workbook(SHEETS | {f"{DOCUMENT}交来": SHEETS["贫困户"]}, tmp_path / f"甲某{DOCUMENT}_{PHONE}.xlsx")
    report = import_files(empty, [path], day=DAY)
    sources = {
        source for (source,) in empty.query_text("MATCH (n) WHERE n.source IS NOT NULL RETURN DISTINCT n.source", {})
    }
    assert any(source.startswith("甲某519900********0024_100****5678.xlsx!") for source in sources)
    files = empty.query_text("MATCH (i:Import) RETURN i.files", {})
    for text in (*sources, repr(files), *shown(report)):
        assert not RAW.search(text), text
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(f'[[tables]]\nname = "{DOCUMENT}交来"\n[[tables.sheets]]\nsheet = "贫困户"\n', encoding="utf-8")
    again = import_files(empty, [path], day=DAY, mapping=load_mapping(mapping, MODEL))
    assert (again.changed, again.sequence) == (0, None)
