"""Workbook of refused rows: its content; uncorrected it is refused again, corrected it is imported and reverts nothing."""

from __future__ import annotations

import base64
import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from xlsxwriter.exceptions import FileCreateError

from graph_service.app import build_app
from graph_service.cli.output_files import atomic_write
from graph_service.config import Settings
from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import undo
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import columns_by_name
from graph_service.errors import OutputRefused
from graph_service.features.imports.publish.correction_workbook import write_correction_workbook
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.features.imports.read.header_matching import match_tables
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.features.imports.read.mapping_rules import HeaderMapping
from graph_service.features.imports.read.row_issues import ISSUE_MESSAGES
from graph_service.features.imports.validate import rejected_rows as kept
from graph_service.features.imports.validate.output_columns import REASON_HEADERS, plan_output_sheet
from graph_service.features.imports.validate.rejected_rows import RejectedRowCollector
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.readers.delivery import SourceTable, open_delivery
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests import county
from tests.callers import LocalClient, local_api, shared_audit_log
from tests.conftest import REGISTER, emptied
from tests.county import FIRST, H1, H2, H6, SHEETS, Sheets
from tests.processes import awake, environment, run_command
from tests.township import township

pytestmark = pytest.mark.one_engine
"""The workbook is written from the rows as read; how an engine handles its rows is tested where they are imported."""

DAY = 20161231


def import_with_rejects(
    store: Store, path: Path | list[Path], **arguments: Any
) -> tuple[ImportReport, RejectedRowCollector]:
    rejects = RejectedRowCollector()
    return import_files(store, path if isinstance(path, list) else [path], rejected_rows=rejects, **arguments), rejects


def write_workbook(rejects: RejectedRowCollector, path: Path) -> Path:
    with path.open("wb") as file:
        write_correction_workbook(rejects, DAY, file)
    return path


def refused_rows(report: ImportReport) -> list[tuple[str, str, str]]:
    return [(remark.sheet, remark.key, remark.code) for remark in report.remarks if remark.refused]


def save_corrected(path: Path, edit: Callable[[Workbook], None]) -> Path:
    """Save an edited copy of the workbook, as a spreadsheet program saves it."""
    book = openpyxl.load_workbook(path)
    edit(book)
    out = path.with_name(f"corrected-{path.name}")
    book.save(out)
    return out


def without_apostrophe(value: Any) -> Any:
    """Return a value without the apostrophe that keeps a spreadsheet from running it."""
    return value.removeprefix("'") if isinstance(value, str) else value


def cell(book: Workbook, sheet: str, row: int, header: str) -> Any:
    """Return a cell of a refused row; the first row is 1."""
    headers = [header_cell.value for header_cell in book[sheet][1]]
    return book[sheet].cell(row + 1, headers.index(header) + 1)


@pytest.fixture(scope="module")
def registered(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Path, ImportReport]:
    """Import the sample register; return the store, the workbook of its refused rows and the report."""
    emptied(spare)
    report, rejects = import_with_rejects(spare, REGISTER)
    return spare, write_workbook(rejects, tmp_path_factory.mktemp("rejects") / "rejects.xlsx"), report


@pytest.fixture
def sample(registered: tuple[Store, Path, ImportReport]) -> Any:
    yield registered
    while len(versions(registered[0])) > 1:
        undo(registered[0])


def test_the_refused_rows_of_the_sample(sample: tuple[Store, Path, ImportReport]) -> None:
    _, path, report = sample
    book, register = openpyxl.load_workbook(path), openpyxl.load_workbook(REGISTER)
    refused_remarks = [remark for remark in report.remarks if remark.refused]
    assert book.sheetnames == [*dict.fromkeys(remark.sheet for remark in refused_remarks), "#说明"]
    reported_rows = []
    for sheet in book.worksheets[:-1]:
        headers = [header_cell.value for header_cell in sheet[1]]
        assert headers[-len(REASON_HEADERS) :] == list(REASON_HEADERS)
        assert headers[: -len(REASON_HEADERS)] == [header_cell.value for header_cell in register[sheet.title][2]]
        for row in sheet.iter_rows(min_row=2):
            cells, reasons = (
                row[: -len(REASON_HEADERS)],
                [reason_cell.value for reason_cell in row[-len(REASON_HEADERS) :]],
            )
            number = int(str(reasons[1]))
            # Types are those of the delivery: texts stay texts, days days, amounts numbers.
            original = [source_cell.value for source_cell in register[sheet.title][number]]
            assert [type(output_cell.value) for output_cell in cells] == [type(value) for value in original]
            assert [without_apostrophe(output_cell.value) for output_cell in cells] == original
            blamed_headers = [
                str(headers[index])
                for index, output_cell in enumerate(cells)
                if output_cell.fill.start_color.rgb == "FFFFC7CE"
            ]
            assert blamed_headers == [reasons[-1]]
            assert (reasons[4], reasons[5]) == ISSUE_MESSAGES[str(reasons[3])]
            reported_rows.append((sheet.title, number, reasons[3], reasons[-1]))
    assert reported_rows == [(remark.sheet, remark.row, remark.code, remark.column) for remark in refused_remarks]
    assert "2016-12-31" in str(book["#说明"]["A1"].value)


def test_uncorrected_they_are_refused_again(sample: tuple[Store, Path, ImportReport], tmp_path: Path) -> None:
    store, path, report = sample
    before = graph_hash(store)
    for turn in range(3):
        second_report, rejects = import_with_rejects(store, path)
        assert refused_rows(second_report) == refused_rows(report)
        assert (second_report.sequence, second_report.changed, second_report.left_out) == (None, 0, [])
        path = write_workbook(rejects, tmp_path / f"{turn}.xlsx")
    headers = [header_cell.value for header_cell in openpyxl.load_workbook(path)["股权"][1]]
    assert len(headers) == len(set(headers)), "what rows were refused for before is not told twice"
    assert graph_hash(store) == before


def test_corrected_they_go_in_and_take_nothing_back(sample: tuple[Store, Path, ImportReport]) -> None:
    store, path, _ = sample

    def correct(book: Workbook) -> None:
        cell(book, "贫困户", 1, "户编号").value = "5134311002009001"
        cell(book, "贫困户", 2, "户编号").value = "5134311002009002"
        cell(book, "贫困户", 3, "村编码").value = FIRST
        cell(book, "结对帮扶", 1, "干部编号").value = "GB0003"
        cell(book, "结对帮扶", 2, "结束时间").value = date(2016, 12, 1)
        cell(book, "走访记录", 1, "走访日期").value = date(2016, 2, 29)
        cell(book, "资金流向", 1, "金额(元)").value = 5
        cell(book, "股权", 1, "股数").value = 10

    before = {row[0]: row[1] for row in store.query_text(OPEN_RELATIONSHIPS, {})}
    report = import_files(store, [save_corrected(path, correct)])
    assert refused_rows(report) == []
    assert not any(counts.get("changed") or counts.get("older") for counts in report.counts.values()), report.counts
    assert (report.sequence, report.counts["贫困户"]["rows"]) == (2, 3)
    after = {row[0]: row[1] for row in store.query_text(OPEN_RELATIONSHIPS, {})}
    new_counts = {
        type_: count - before.get(type_, 0) for type_, count in after.items() if count != before.get(type_, 0)
    }
    assert {type_: new_counts.get(type_) for type_ in ("LIVES_IN", "HELPS", "VISITED", "HOLDS")} == {
        "LIVES_IN": 3, "HELPS": 2, "VISITED": 1, "HOLDS": 1,
    }  # fmt: skip
    assert min(new_counts.values()) > 0


OPEN_RELATIONSHIPS = "MATCH ()-[r]->() WHERE r.superseded = 2147483647 RETURN type(r) AS type, count(r) AS n"


@pytest.fixture
def home(empty: Store, tmp_path: Path) -> Callable[..., tuple[ImportReport, Path]]:
    """Import the handmade county; return a function that imports further sheets and writes their refused rows."""
    import_files(empty, [county.workbook(SHEETS, tmp_path / "county.xlsx")])

    def make(sheets: Sheets, **arguments: Any) -> tuple[ImportReport, Path]:
        report, rejects = import_with_rejects(empty, county.workbook(sheets, tmp_path / "more.xlsx"), **arguments)
        return report, write_workbook(rejects, tmp_path / "rejects.xlsx")

    return make


def head_of(store: Store, card: str) -> Any:
    query = "query($card: String!) { household(cardNo: $card) { current { headName } } }"
    body = local_api(store).execute(GraphQLRequest(query, variables={"card": card})).body()
    return body["data"]["household"]["current"]["headName"]


def test_a_duplicate_never_replaces_the_first_unless_that_is_said(empty: Store, home: Any) -> None:
    rows = [["户编号", "村编码", "户主姓名", "年度"], [H1, FIRST, "甲某", 2016], [H1, FIRST, "赵某", 2016]]
    report, path = home({"贫困户": rows})
    assert refused_rows(report) == [("贫困户", H1, "KEY_DUPLICATE")]
    assert refused_rows(import_files(empty, [path])) == refused_rows(report)
    # A different name alone does not correct a duplicate number.
    renamed_path = save_corrected(path, lambda book: setattr(cell(book, "贫困户", 1, "户主姓名"), "value", "钱某"))
    assert refused_rows(import_files(empty, [renamed_path])) == refused_rows(report)
    assert head_of(empty, H1) == "甲某"
    cleared_path = save_corrected(
        renamed_path, lambda book: setattr(cell(book, "贫困户", 1, "#原因代码"), "value", None)
    )
    assert refused_rows(import_files(empty, [cleared_path])) == []
    assert head_of(empty, H1) == "钱某"


def test_what_is_said_of_a_key_of_several_columns(empty: Store, home: Any) -> None:
    pair = ["GB2", H1, date(2016, 3, 1), None]
    report, path = home({"结对帮扶": [["干部编号", "户编号", "开始时间", "结束时间"], pair, pair]})
    assert refused_rows(report) == [("结对帮扶", "GB2", "KEY_DUPLICATE")]
    assert cell(openpyxl.load_workbook(path), "结对帮扶", 1, "#原编号").value == f"GB2 / {H1} / 2016-03-01"
    assert refused_rows(import_files(empty, [path])) == refused_rows(report)
    corrected_path = save_corrected(
        path, lambda book: setattr(cell(book, "结对帮扶", 1, "开始时间"), "value", date(2016, 4, 1))
    )
    corrected_report = import_files(empty, [corrected_path])
    assert (refused_rows(corrected_report), corrected_report.counts["结对帮扶"]["new"]) == ([], 1)


FORMULAS = ["=1+1", "+1", "-x", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.invalid")']


def test_texts_that_a_spreadsheet_would_run_stay_texts(empty: Store, home: Any, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    with (folder / "走访记录.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [["GB1", H1, "2016-02-30", text] for text in FORMULAS]
        csv.writer(file).writerows([["干部编号", "户编号", "走访日期", "内容"], *rows])
    report, rejects = import_with_rejects(empty, folder)
    path = write_workbook(rejects, tmp_path / "rejects.xlsx")
    sheet = openpyxl.load_workbook(path)["走访记录"]
    assert {
        sheet_cell.data_type for row in sheet.iter_rows() for sheet_cell in row if sheet_cell.value is not None
    } == {"s"}
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == [f"'{text}" for text in FORMULAS]
    assert (
        refused_rows(import_files(empty, [path]))
        == refused_rows(report)
        == [("走访记录", "GB1", "DATE_INVALID")] * len(FORMULAS)
    )

    def date_all(book: Workbook) -> None:
        for index in range(len(FORMULAS)):
            cell(book, "走访记录", index + 1, "走访日期").value = date(2016, 3, index + 1)

    assert refused_rows(import_files(empty, [save_corrected(path, date_all)])) == []
    stored = empty.query_text("MATCH ()-[v:VISITED]->() RETURN v.note AS note ORDER BY v.since", {})
    assert [row[0] for row in stored] == FORMULAS, "as they were delivered"


MAPPING = """[sheets."结对帮扶"]
names = ["甲表"]
columns."Cadre.cadre_no" = ["责任人"]
columns."Household.card_no" = ["户"]
columns."HELPS.since" = ["何时起"]
"""


def test_a_mapping_is_not_needed_again(empty: Store, home: Any, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    # A column that the mapping ignores must not be taken for the column that it maps.
    rows = [
        ["户编号", "责任人", "户", "何时起"],
        ["旧号", "GB9", H1, date(2016, 3, 1)],
        ["旧号", "GB2", H1, date(2016, 5, 1)],
    ]
    report, path = home({"甲表": rows}, mapping=load_mapping(tmp_path / "mapping.toml", MODEL))
    assert refused_rows(report) == [("甲表", "GB9", "REFERENCE_UNKNOWN")]
    book = openpyxl.load_workbook(path)
    assert [header_cell.value for header_cell in book["结对帮扶"][1]][:4] == [
        "#户编号",
        "干部编号",
        "户编号",
        "开始时间",
    ]
    second_report = import_files(empty, [path])
    assert (refused_rows(second_report), second_report.left_out) == ([("结对帮扶", "GB9", "REFERENCE_UNKNOWN")], [])
    corrected_path = save_corrected(path, lambda book: setattr(cell(book, "结对帮扶", 1, "干部编号"), "value", "GB3"))
    corrected_report = import_files(empty, [corrected_path])
    assert (refused_rows(corrected_report), corrected_report.counts["结对帮扶"]["new"]) == ([], 1)


def test_an_amount_in_another_unit_stays_in_it_without_the_mapping(empty: Store, home: Any, tmp_path: Path) -> None:
    """Check the unit: an amount in ten thousands under a header in yuan would change its value."""
    text = '[sheets."资产"]\nnames = ["资产表"]\ncolumns."FORMED.amount" = ["投入(万元)"]\n'
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(tmp_path / "mapping.toml", MODEL)
    report, path = home({"资产表": [["资产编号", "项目编号", "投入(万元)"], ["ZC9", "XM9", 3]]}, mapping=mapping)
    assert refused_rows(report) == [("资产表", "ZC9", "REFERENCE_UNKNOWN")]
    book = openpyxl.load_workbook(path)
    assert [header_cell.value for header_cell in book["资产"][1]][:3] == ["资产编号", "项目编号", "形成金额(万元)"]
    assert refused_rows(import_files(empty, [path])) == [("资产", "ZC9", "REFERENCE_UNKNOWN")]


@pytest.mark.parametrize("name", MODEL.sheets)
def test_every_sheet_is_known_again_whatever_its_headers_were(name: str, tmp_path: Path) -> None:
    sheet = MODEL.sheets[name]
    # Columns that share a header at first keep sharing one.
    heads = dict.fromkeys(column.headers for column in columns_by_name(MODEL, sheet).values())
    renamed_headers = {headers[0]: f"列{index}" for index, headers in enumerate(heads)}
    custom_headers = {
        column: (renamed_headers[sheet_column.headers[0]],)
        for column, sheet_column in columns_by_name(MODEL, sheet).items()
    }
    table: list[list[object]] = [
        list(dict.fromkeys(renamed_headers.values())),
        ["x"] * len(set(renamed_headers.values())),
    ]
    path = county.workbook({"某表": table}, tmp_path / "a.xlsx")
    mapping = HeaderMapping({name: ("某表",)}, {name: custom_headers})
    [matched], [] = match_tables(open_delivery([path]).tables, MODEL, mapping)
    plan = plan_output_sheet(matched)
    assert (plan.sheet, plan.needs_mapping) == (name, False)
    rows: list[list[object]] = [[output_column.header for output_column in plan.columns], ["x"] * len(plan.columns)]
    [second_match], [] = match_tables(
        open_delivery([county.workbook({name: rows}, tmp_path / "b.xlsx")]).tables, MODEL, HeaderMapping()
    )
    assert (second_match.sheet, second_match.unused) == (sheet, ())
    assert {
        column: plan.columns[index].position for column, index in second_match.positions.items()
    } == matched.positions


def test_tables_of_a_folder(empty: Store, home: Any, tmp_path: Path) -> None:
    """Check GB18030 tables: those with the same headers become one sheet, others a second sheet of the name."""
    tables = {
        "一乡/结对帮扶.csv": "干部编号,户编号,开始时间\nGB8,{h},2016-01-01\n",
        "二乡/结对帮扶.csv": "干部编号,户编号,开始时间\nGB7,{h},2016-01-01\n",
        "三乡/结对帮扶.csv": "户编号,干部编号,备注,#记\n{h},GB6,备,记\n",
    }
    for name, text in tables.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text.replace("{h}", H1), encoding="gb18030")
    report, rejects = import_with_rejects(empty, [tmp_path / name for name in tables])
    assert {key for _, key, _ in refused_rows(report)} == {"GB8", "GB7", "GB6"}
    unknown_columns = [(part.column, part.code) for part in report.left_out]
    assert unknown_columns == [("备注", "COLUMN_UNKNOWN")], "of a note nothing is said"
    path = write_workbook(rejects, tmp_path / "rejects.xlsx")
    book = openpyxl.load_workbook(path)
    assert sorted(book.sheetnames) == ["#说明", "结对帮扶", "结对帮扶 (2)"]
    sizes = sorted((sheet.max_row, sheet.max_column) for sheet in book.worksheets[:-1])
    assert sizes == [(2, 4 + len(REASON_HEADERS)), (3, 3 + len(REASON_HEADERS))]
    second_report = import_files(empty, [path])
    assert sorted(key for _, key, _ in refused_rows(second_report)) == ["GB6", "GB7", "GB8"]


def test_long_numbers(empty: Store, home: Any) -> None:
    """Check long numbers: stored as numbers they lost digits and are refused again; as text they keep all; new entries are text."""
    document = "519900197001010016"
    rows = [
        ["人口编号", "户编号", "姓名", "证件号码", "年度"],
        [5134311002000000101, H1, "甲某", document, 2016],
        [None, H1, "乙某", document, 2016.0],
    ]
    report, path = home({"家庭成员": rows})
    assert [code for _, _, code in refused_rows(report)] == ["KEY_STORED_AS_NUMBER", "KEY_MISSING"]
    assert refused_rows(import_files(empty, [path])) == refused_rows(report)
    book = openpyxl.load_workbook(path)
    assert [cell(book, "家庭成员", row_number, "证件号码").value for row_number in (1, 2)] == [document] * 2
    assert {cell(book, "家庭成员", row_number, "人口编号").number_format for row_number in (1, 2)} == {"@"}


def test_no_more_is_held_than_is_said(empty: Store, home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs: list[list[object]] = [[f"GB9{number}", H1] for number in range(9)]
    rows: list[list[object]] = [["干部编号", "户编号"], *pairs, ["x" * 16_001, H1]]
    monkeypatch.setattr(kept, "MAX_ROWS", 4)
    report, path = home({"结对帮扶": rows})
    book = openpyxl.load_workbook(path)
    assert (len(refused_rows(report)), book["结对帮扶"].max_row) == (10, 5)
    notes = "".join(str(row[0].value) for row in book["#说明"])
    assert "共 10 行，本文件含 4 行" in notes
    assert "另有 6 行" in notes
    monkeypatch.setattr(kept, "MAX_ROWS", 100)
    _, rejects = import_with_rejects(empty, tmp_path / "more.xlsx")
    assert (rejects.kept_count, rejects.omitted_count) == (9, 1), "a cell that is too long for a workbook"
    monkeypatch.setattr(kept, "MAX_KEPT_SIZE", 5 * len(f"GB90{H1}||GB90 / {H1}"))
    _, rejects = import_with_rejects(empty, tmp_path / "more.xlsx")
    assert (rejects.kept_count, rejects.omitted_count) == (5, 5)


def test_notes_alone_are_no_delivery(tmp_path: Path) -> None:
    table = SourceTable("a.xlsx", "#说明", tmp_path)
    assert match_tables((table,), MODEL, HeaderMapping()) == ([], [])


QUERY = """mutation($input: ImportRegisterInput!) { made: importRegister(input: $input) { __typename
  ... on ImportRegisterSuccess { changed remarks { sheet key code refused } rejects { rows leftOut workbook(purpose: "更正拒收行") } } } }"""


def test_the_api_gives_the_workbook(empty: Store, home: Any, tmp_path: Path) -> None:
    def send(key: str, content: bytes) -> dict[str, Any]:
        operations = {"query": QUERY, "variables": {"input": {"clientKey": key, "files": [None]}}}
        data = {"operations": json.dumps(operations), "map": json.dumps({"0": ["variables.input.files.0"]})}
        answer = client.post(
            "/graphql", data=data, files={"0": ("a.xlsx", content)}, headers={"graphql-require-preflight": "1"}
        )
        assert "errors" not in answer.json(), answer.json()
        payload: dict[str, Any] = answer.json()["data"]["made"]
        return payload

    rows: list[list[object]]
    rows = [["干部编号", "户编号", "开始时间"], ["GB9", H2, date(2016, 1, 1)], ["GB2", H6, date(2016, 1, 1)]]
    path = county.workbook({"结对帮扶": rows}, tmp_path / "pairs.xlsx")
    with LocalClient(build_app(empty, Settings.model_validate({}), audit_log=shared_audit_log())) as client:
        payload = send("k1", path.read_bytes())
        assert (payload["changed"], payload["rejects"]["rows"], payload["rejects"]["leftOut"]) == (True, 1, 0)
        content = base64.b64decode(payload["rejects"]["workbook"])
        second_payload = send("k2", content)
        assert (second_payload["changed"], second_payload["remarks"]) == (False, payload["remarks"])
        book = openpyxl.load_workbook(BytesIO(content))
        cell(book, "结对帮扶", 1, "干部编号").value = "GB2"
        out = BytesIO()
        book.save(out)
        corrected_payload = send("k3", out.getvalue())
        assert corrected_payload == {
            "__typename": "ImportRegisterSuccess",
            "changed": True,
            "remarks": [],
            "rejects": None,
        }
        assert send("k1", path.read_bytes())["rejects"] is None, "told once"


@pytest.mark.parametrize("error", [OSError(28, "no space"), FileCreateError(OSError(28, "no space"))])
def test_what_cannot_be_written_whole_leaves_what_stood_there(tmp_path: Path, error: Exception) -> None:
    out = tmp_path / "rejects.xlsx"
    out.write_bytes(b"before")

    def interrupt_write() -> None:
        with atomic_write(out, force=True) as file:
            file.write(b"some")
            raise error

    with pytest.raises(OutputRefused, match="the disk is full"):
        interrupt_write()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("rejects.xlsx", b"before")]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield the settings of a data folder while its engine is kept running."""
    variables = environment(tmp_path / "data")
    with awake(variables):
        yield variables


def test_the_command_writes_it(tmp_path: Path, settings: dict[str, str]) -> None:
    out = tmp_path / "rejects.xlsx"
    register = township(tmp_path / "register.xlsx")
    missing_folder = run_command(settings, "import", str(register), "--rejects", str(tmp_path / "none" / "r.xlsx"))
    assert (missing_folder[0], "OUTPUT_REFUSED" in missing_folder[2]) == (2, True)
    assert run_command(settings, "import", str(register), "--rejects", str(tmp_path / "r.csv"))[0] == 2
    code, output, _ = run_command(settings, "import", str(register), "--rejects", str(out))
    assert (code, f" 98 refused rows are in {out}" in output, "data version 1" in output) == (1, True, True)
    code, output, _ = run_command(settings, "import", str(out), "--rejects", str(out), "--force", "--json")
    assert (code, json.loads(output)["rejects"]) == (1, {"file": str(out), "rows": 98, "left_out": 0})
    assert out.stat().st_mode & 0o077 == 0
    before = out.read_bytes()
    clean = county.workbook({"帮扶部门": SHEETS["帮扶部门"]}, tmp_path / "clean.xlsx")
    code, output, _ = run_command(settings, "import", str(clean), "--rejects", str(out), "--force")
    assert (code, "was not written" in output, out.read_bytes() == before) == (0, True, True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean.xlsx", "data", "register.xlsx", "rejects.xlsx"]


def test_what_refused_a_row_is_red_and_what_is_only_flagged_is_yellow(empty: Store, tmp_path: Path) -> None:
    """Check a row without its village and with an odd telephone; the notes explain both colours."""
    headers: list[object] = ["户编号", "村编码", "户主姓名", "联系电话", "年度"]
    sheets: Sheets = {"贫困户": [headers, ["5134311002000001", None, "某", "12345", 2016]]}
    _, rejects = import_with_rejects(empty, county.workbook(sheets, tmp_path / "register.xlsx"))
    book = openpyxl.load_workbook(write_workbook(rejects, tmp_path / "rejects.xlsx"))
    colors = {
        str(header.value): cell.fill.fgColor.rgb for header, cell in zip(*book["贫困户"].iter_rows(1, 2), strict=True)
    }
    assert (colors["村编码"], colors["联系电话"]) == ("FFFFC7CE", "FFFFEB9C")
    assert colors["户编号"] == colors["户主姓名"] == "00000000"
    notes = "".join(str(row[0].value) for row in book["#说明"].iter_rows())
    for text in ("红色", "黄色", "red", "yellow"):
        assert text in notes
