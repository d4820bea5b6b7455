"""Refused rows as a workbook: what stands in it, that it is refused again uncorrected, that corrected it goes in and takes nothing back."""

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
from starlette.testclient import TestClient
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
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.readers.delivery import SourceTable, open_delivery
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests import county
from tests.conftest import REGISTER, emptied
from tests.contract.test_commands import said
from tests.county import FIRST, H1, H2, H6, SHEETS, Sheets
from tests.processes import awake, environment
from tests.township import township

pytestmark = pytest.mark.one_engine
"""The workbook is written of what was read; what an engine makes of its rows is tried where they are imported."""

DAY = 20161231


def imported(store: Store, path: Path | list[Path], **more: Any) -> tuple[ImportReport, RejectedRowCollector]:
    rejects = RejectedRowCollector()
    return import_files(store, path if isinstance(path, list) else [path], rejected_rows=rejects, **more), rejects


def written(rejects: RejectedRowCollector, path: Path) -> Path:
    with path.open("wb") as file:
        write_correction_workbook(rejects, DAY, file)
    return path


def refused(report: ImportReport) -> list[tuple[str, str, str]]:
    return [(one.sheet, one.key, one.code) for one in report.remarks if one.refused]


def corrected(path: Path, act: Callable[[Workbook], None]) -> Path:
    """The workbook with something in it corrected, as a spreadsheet program saves it."""
    book = openpyxl.load_workbook(path)
    act(book)
    out = path.with_name(f"corrected-{path.name}")
    book.save(out)
    return out


def harmed(value: Any) -> Any:
    """A value without the apostrophe that keeps a spreadsheet from running it."""
    return value.removeprefix("'") if isinstance(value, str) else value


def cell(book: Workbook, sheet: str, row: int, header: str) -> Any:
    """A cell of a row of refused ones, the first of which is 1."""
    headers = [one.value for one in book[sheet][1]]
    return book[sheet].cell(row + 1, headers.index(header) + 1)


@pytest.fixture(scope="module")
def registered(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Path, ImportReport]:
    """The sample register imported, its refused rows as a workbook."""
    emptied(spare)
    report, rejects = imported(spare, REGISTER)
    return spare, written(rejects, tmp_path_factory.mktemp("rejects") / "rejects.xlsx"), report


@pytest.fixture
def sample(registered: tuple[Store, Path, ImportReport]) -> Any:
    yield registered
    while len(versions(registered[0])) > 1:
        undo(registered[0])


def test_the_refused_rows_of_the_sample(sample: tuple[Store, Path, ImportReport]) -> None:
    _, path, report = sample
    book, register = openpyxl.load_workbook(path), openpyxl.load_workbook(REGISTER)
    wanted = [one for one in report.remarks if one.refused]
    assert book.sheetnames == [*dict.fromkeys(one.sheet for one in wanted), "#说明"]
    found = []
    for sheet in book.worksheets[:-1]:
        headers = [one.value for one in sheet[1]]
        assert headers[-len(REASON_HEADERS) :] == list(REASON_HEADERS)
        assert headers[: -len(REASON_HEADERS)] == [one.value for one in register[sheet.title][2]]
        for row in sheet.iter_rows(min_row=2):
            cells, told = row[: -len(REASON_HEADERS)], [one.value for one in row[-len(REASON_HEADERS) :]]
            number = int(str(told[1]))
            # As they were delivered: texts are texts, days days, amounts numbers.
            original = [one.value for one in register[sheet.title][number]]
            assert [type(one.value) for one in cells] == [type(value) for value in original]
            assert [harmed(one.value) for one in cells] == original
            blamed = [str(headers[at]) for at, one in enumerate(cells) if one.fill.start_color.rgb == "FFFFC7CE"]
            assert blamed == [told[-1]]
            assert (told[4], told[5]) == ISSUE_MESSAGES[str(told[3])]
            found.append((sheet.title, number, told[3], told[-1]))
    assert found == [(one.sheet, one.row, one.code, one.column) for one in wanted]
    assert "2016-12-31" in str(book["#说明"]["A1"].value)


def test_uncorrected_they_are_refused_again(sample: tuple[Store, Path, ImportReport], tmp_path: Path) -> None:
    store, path, report = sample
    before = graph_hash(store)
    for turn in range(3):
        again, rejects = imported(store, path)
        assert refused(again) == refused(report)
        assert (again.sequence, again.changed, again.left_out) == (None, 0, [])
        path = written(rejects, tmp_path / f"{turn}.xlsx")
    headers = [one.value for one in openpyxl.load_workbook(path)["股权"][1]]
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
    report = import_files(store, [corrected(path, correct)])
    assert refused(report) == []
    assert not any(counts.get("changed") or counts.get("older") for counts in report.counts.values()), report.counts
    assert (report.sequence, report.counts["贫困户"]["rows"]) == (2, 3)
    after = {row[0]: row[1] for row in store.query_text(OPEN_RELATIONSHIPS, {})}
    more = {type_: count - before.get(type_, 0) for type_, count in after.items() if count != before.get(type_, 0)}
    assert {type_: more.get(type_) for type_ in ("LIVES_IN", "HELPS", "VISITED", "HOLDS")} == {
        "LIVES_IN": 3, "HELPS": 2, "VISITED": 1, "HOLDS": 1,
    }  # fmt: skip
    assert min(more.values()) > 0


OPEN_RELATIONSHIPS = "MATCH ()-[r]->() WHERE r.superseded = 2147483647 RETURN type(r) AS type, count(r) AS n"


@pytest.fixture
def home(empty: Store, tmp_path: Path) -> Callable[..., tuple[ImportReport, Path]]:
    """The county made by hand imported, then further sheets; their refused rows."""
    import_files(empty, [county.workbook(SHEETS, tmp_path / "county.xlsx")])

    def make(sheets: Sheets, **more: Any) -> tuple[ImportReport, Path]:
        report, rejects = imported(empty, county.workbook(sheets, tmp_path / "more.xlsx"), **more)
        return report, written(rejects, tmp_path / "rejects.xlsx")

    return make


def head_of(store: Store, card: str) -> Any:
    query = "query($card: String!) { household(cardNo: $card) { current { headName } } }"
    body = GraphQLApi(store).execute(GraphQLRequest(query, variables={"card": card})).body()
    return body["data"]["household"]["current"]["headName"]


def test_a_duplicate_never_replaces_the_first_unless_that_is_said(empty: Store, home: Any) -> None:
    rows = [["户编号", "村编码", "户主姓名", "年度"], [H1, FIRST, "甲某", 2016], [H1, FIRST, "赵某", 2016]]
    report, path = home({"贫困户": rows})
    assert refused(report) == [("贫困户", H1, "KEY_DUPLICATE")]
    assert refused(import_files(empty, [path])) == refused(report)
    # Another name alone is no correction of a number that is there twice.
    renamed = corrected(path, lambda book: setattr(cell(book, "贫困户", 1, "户主姓名"), "value", "钱某"))
    assert refused(import_files(empty, [renamed])) == refused(report)
    assert head_of(empty, H1) == "甲某"
    meant = corrected(renamed, lambda book: setattr(cell(book, "贫困户", 1, "#原因代码"), "value", None))
    assert refused(import_files(empty, [meant])) == []
    assert head_of(empty, H1) == "钱某"


def test_what_is_said_of_a_key_of_several_columns(empty: Store, home: Any) -> None:
    pair = ["GB2", H1, date(2016, 3, 1), None]
    report, path = home({"结对帮扶": [["干部编号", "户编号", "开始时间", "结束时间"], pair, pair]})
    assert refused(report) == [("结对帮扶", "GB2", "KEY_DUPLICATE")]
    assert cell(openpyxl.load_workbook(path), "结对帮扶", 1, "#原编号").value == f"GB2 / {H1} / 2016-03-01"
    assert refused(import_files(empty, [path])) == refused(report)
    other = corrected(path, lambda book: setattr(cell(book, "结对帮扶", 1, "开始时间"), "value", date(2016, 4, 1)))
    after = import_files(empty, [other])
    assert (refused(after), after.counts["结对帮扶"]["new"]) == ([], 1)


FORMULAS = ["=1+1", "+1", "-x", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.invalid")']


def test_texts_that_a_spreadsheet_would_run_stay_texts(empty: Store, home: Any, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    with (folder / "走访记录.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [["GB1", H1, "2016-02-30", text] for text in FORMULAS]
        csv.writer(file).writerows([["干部编号", "户编号", "走访日期", "内容"], *rows])
    report, rejects = imported(empty, folder)
    path = written(rejects, tmp_path / "rejects.xlsx")
    sheet = openpyxl.load_workbook(path)["走访记录"]
    assert {one.data_type for row in sheet.iter_rows() for one in row if one.value is not None} == {"s"}
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == [f"'{text}" for text in FORMULAS]
    assert (
        refused(import_files(empty, [path])) == refused(report) == [("走访记录", "GB1", "DATE_INVALID")] * len(FORMULAS)
    )

    def date_all(book: Workbook) -> None:
        for at in range(len(FORMULAS)):
            cell(book, "走访记录", at + 1, "走访日期").value = date(2016, 3, at + 1)

    assert refused(import_files(empty, [corrected(path, date_all)])) == []
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
    # A column that the mapping passes over must not be taken for the one that it names.
    rows = [
        ["户编号", "责任人", "户", "何时起"],
        ["旧号", "GB9", H1, date(2016, 3, 1)],
        ["旧号", "GB2", H1, date(2016, 5, 1)],
    ]
    report, path = home({"甲表": rows}, mapping=load_mapping(tmp_path / "mapping.toml", MODEL))
    assert refused(report) == [("甲表", "GB9", "REFERENCE_UNKNOWN")]
    book = openpyxl.load_workbook(path)
    assert [one.value for one in book["结对帮扶"][1]][:4] == ["#户编号", "干部编号", "户编号", "开始时间"]
    again = import_files(empty, [path])
    assert (refused(again), again.left_out) == ([("结对帮扶", "GB9", "REFERENCE_UNKNOWN")], [])
    right = corrected(path, lambda book: setattr(cell(book, "结对帮扶", 1, "干部编号"), "value", "GB3"))
    after = import_files(empty, [right])
    assert (refused(after), after.counts["结对帮扶"]["new"]) == ([], 1)


def test_an_amount_in_another_unit_stays_in_it_without_the_mapping(empty: Store, home: Any, tmp_path: Path) -> None:
    """In ten thousands under a header in yuan an amount would be another one."""
    text = '[sheets."资产"]\nnames = ["资产表"]\ncolumns."FORMED.amount" = ["投入(万元)"]\n'
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    mapping = load_mapping(tmp_path / "mapping.toml", MODEL)
    report, path = home({"资产表": [["资产编号", "项目编号", "投入(万元)"], ["ZC9", "XM9", 3]]}, mapping=mapping)
    assert refused(report) == [("资产表", "ZC9", "REFERENCE_UNKNOWN")]
    book = openpyxl.load_workbook(path)
    assert [one.value for one in book["资产"][1]][:3] == ["资产编号", "项目编号", "形成金额(万元)"]
    assert refused(import_files(empty, [path])) == [("资产", "ZC9", "REFERENCE_UNKNOWN")]


@pytest.mark.parametrize("name", MODEL.sheets)
def test_every_sheet_is_known_again_whatever_its_headers_were(name: str, tmp_path: Path) -> None:
    sheet = MODEL.sheets[name]
    # What is at first under one header stays under one.
    heads = dict.fromkeys(column.headers for column in columns_by_name(MODEL, sheet).values())
    other = {headers[0]: f"列{at}" for at, headers in enumerate(heads)}
    given = {column: (other[one.headers[0]],) for column, one in columns_by_name(MODEL, sheet).items()}
    table: list[list[object]] = [list(dict.fromkeys(other.values())), ["x"] * len(set(other.values()))]
    path = county.workbook({"某表": table}, tmp_path / "a.xlsx")
    mapping = HeaderMapping({name: ("某表",)}, {name: given})
    [matched], [] = match_tables(open_delivery([path]).tables, MODEL, mapping)
    found = plan_output_sheet(matched)
    assert (found.sheet, found.needs_mapping) == (name, False)
    rows: list[list[object]] = [[one.header for one in found.columns], ["x"] * len(found.columns)]
    [again], [] = match_tables(
        open_delivery([county.workbook({name: rows}, tmp_path / "b.xlsx")]).tables, MODEL, HeaderMapping()
    )
    assert (again.sheet, again.unused) == (sheet, ())
    assert {column: found.columns[at].position for column, at in again.positions.items()} == matched.positions


def test_tables_of_a_folder(empty: Store, home: Any, tmp_path: Path) -> None:
    """In GB18030, under several headers: what has the same becomes one sheet, other ones a second of the name."""
    tables = {
        "一乡/结对帮扶.csv": "干部编号,户编号,开始时间\nGB8,{h},2016-01-01\n",
        "二乡/结对帮扶.csv": "干部编号,户编号,开始时间\nGB7,{h},2016-01-01\n",
        "三乡/结对帮扶.csv": "户编号,干部编号,备注,#记\n{h},GB6,备,记\n",
    }
    for name, text in tables.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text.replace("{h}", H1), encoding="gb18030")
    report, rejects = imported(empty, [tmp_path / name for name in tables])
    assert {key for _, key, _ in refused(report)} == {"GB8", "GB7", "GB6"}
    untitled = [(one.column, one.code) for one in report.left_out]
    assert untitled == [("备注", "COLUMN_UNKNOWN")], "of a note nothing is said"
    path = written(rejects, tmp_path / "rejects.xlsx")
    book = openpyxl.load_workbook(path)
    assert sorted(book.sheetnames) == ["#说明", "结对帮扶", "结对帮扶 (2)"]
    sizes = sorted((sheet.max_row, sheet.max_column) for sheet in book.worksheets[:-1])
    assert sizes == [(2, 4 + len(REASON_HEADERS)), (3, 3 + len(REASON_HEADERS))]
    again = import_files(empty, [path])
    assert sorted(key for _, key, _ in refused(again)) == ["GB6", "GB7", "GB8"]


def test_long_numbers(empty: Store, home: Any) -> None:
    """Stored as a number it has lost digits and says so again; as text it keeps them all, and what is entered anew is text."""
    document = "519900197001010016"
    rows = [
        ["人口编号", "户编号", "姓名", "证件号码", "年度"],
        [5134311002000000101, H1, "甲某", document, 2016],
        [None, H1, "乙某", document, 2016.0],
    ]
    report, path = home({"家庭成员": rows})
    assert [code for _, _, code in refused(report)] == ["KEY_STORED_AS_NUMBER", "KEY_MISSING"]
    assert refused(import_files(empty, [path])) == refused(report)
    book = openpyxl.load_workbook(path)
    assert [cell(book, "家庭成员", at, "证件号码").value for at in (1, 2)] == [document] * 2
    assert {cell(book, "家庭成员", at, "人口编号").number_format for at in (1, 2)} == {"@"}


def test_no_more_is_held_than_is_said(empty: Store, home: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs: list[list[object]] = [[f"GB9{at}", H1] for at in range(9)]
    rows: list[list[object]] = [["干部编号", "户编号"], *pairs, ["x" * 16_001, H1]]
    monkeypatch.setattr(kept, "MAX_ROWS", 4)
    report, path = home({"结对帮扶": rows})
    book = openpyxl.load_workbook(path)
    assert (len(refused(report)), book["结对帮扶"].max_row) == (10, 5)
    told = "".join(str(row[0].value) for row in book["#说明"])
    assert "共 10 行,此处 4 行" in told
    assert "另有 6 行" in told
    monkeypatch.setattr(kept, "MAX_ROWS", 100)
    _, rejects = imported(empty, tmp_path / "more.xlsx")
    assert (rejects.kept_count, rejects.omitted_count) == (9, 1), "a cell that is too long for a workbook"
    monkeypatch.setattr(kept, "MAX_KEPT_SIZE", 5 * len(f"GB90{H1}||GB90 / {H1}"))
    _, rejects = imported(empty, tmp_path / "more.xlsx")
    assert (rejects.kept_count, rejects.omitted_count) == (5, 5)


def test_notes_alone_are_no_delivery(tmp_path: Path) -> None:
    table = SourceTable("a.xlsx", "#说明", tmp_path)
    assert match_tables((table,), MODEL, HeaderMapping()) == ([], [])


QUERY = """mutation($input: ImportRegisterInput!) { made: importRegister(input: $input) { __typename
  ... on ImportRegisterSuccess { changed remarks { sheet key code refused } rejects { rows leftOut workbook } } } }"""


def test_the_api_gives_the_workbook(empty: Store, home: Any, tmp_path: Path) -> None:
    def send(key: str, content: bytes) -> dict[str, Any]:
        operations = {"query": QUERY, "variables": {"input": {"clientKey": key, "files": [None]}}}
        data = {"operations": json.dumps(operations), "map": json.dumps({"0": ["variables.input.files.0"]})}
        answer = client.post(
            "/graphql", data=data, files={"0": ("a.xlsx", content)}, headers={"graphql-require-preflight": "1"}
        )
        assert "errors" not in answer.json(), answer.json()
        made: dict[str, Any] = answer.json()["data"]["made"]
        return made

    rows: list[list[object]]
    rows = [["干部编号", "户编号", "开始时间"], ["GB9", H2, date(2016, 1, 1)], ["GB2", H6, date(2016, 1, 1)]]
    path = county.workbook({"结对帮扶": rows}, tmp_path / "pairs.xlsx")
    with TestClient(build_app(empty, Settings.model_validate({}))) as client:
        made = send("k1", path.read_bytes())
        assert (made["changed"], made["rejects"]["rows"], made["rejects"]["leftOut"]) == (True, 1, 0)
        content = base64.b64decode(made["rejects"]["workbook"])
        again = send("k2", content)
        assert (again["changed"], again["remarks"]) == (False, made["remarks"])
        book = openpyxl.load_workbook(BytesIO(content))
        cell(book, "结对帮扶", 1, "干部编号").value = "GB2"
        out = BytesIO()
        book.save(out)
        right = send("k3", out.getvalue())
        assert right == {"__typename": "ImportRegisterSuccess", "changed": True, "remarks": [], "rejects": None}
        assert send("k1", path.read_bytes())["rejects"] is None, "told once"


@pytest.mark.parametrize("error", [OSError(28, "no space"), FileCreateError(OSError(28, "no space"))])
def test_what_cannot_be_written_whole_leaves_what_stood_there(tmp_path: Path, error: Exception) -> None:
    out = tmp_path / "rejects.xlsx"
    out.write_bytes(b"before")

    def cut_off() -> None:
        with atomic_write(out, force=True) as file:
            file.write(b"some")
            raise error

    with pytest.raises(OutputRefused, match="no space is left"):
        cut_off()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("rejects.xlsx", b"before")]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Those of a data folder whose engine is held."""
    chosen = environment(tmp_path / "data")
    with awake(chosen):
        yield chosen


def test_the_command_writes_it(tmp_path: Path, settings: dict[str, str]) -> None:
    out = tmp_path / "rejects.xlsx"
    register = township(tmp_path / "register.xlsx")
    nowhere = said(settings, "import", str(register), "--rejects", str(tmp_path / "none" / "r.xlsx"))
    assert (nowhere[0], "OUTPUT_REFUSED" in nowhere[2]) == (2, True)
    assert said(settings, "import", str(register), "--rejects", str(tmp_path / "r.csv"))[0] == 2
    code, told, _ = said(settings, "import", str(register), "--rejects", str(out))
    assert (code, f" 98 refused rows are in {out}" in told, "data version 1" in told) == (1, True, True)
    code, told, _ = said(settings, "import", str(out), "--rejects", str(out), "--force", "--json")
    assert (code, json.loads(told)["rejects"]) == (1, {"file": str(out), "rows": 98, "left_out": 0})
    before = out.read_bytes()
    clean = county.workbook({"帮扶部门": SHEETS["帮扶部门"]}, tmp_path / "clean.xlsx")
    code, told, _ = said(settings, "import", str(clean), "--rejects", str(out), "--force")
    assert (code, "was not written" in told, out.read_bytes() == before) == (0, True, True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["clean.xlsx", "data", "register.xlsx", "rejects.xlsx"]
