"""Exports: every table has the rows of the API, of one data version; no cell runs as a formula; files, addresses and the command line."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import openpyxl
import psutil
import pytest
from graphql import GraphQLEnumType
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from graph_service.access.permissions import UNRESTRICTED, Permissions
from graph_service.app import build_app
from graph_service.config import Settings
from graph_service.core.recording.import_lifecycle import undo
from graph_service.errors import ApiError, ArgumentInvalid, NotFound, TableTooLong
from graph_service.exports.files import csv_chunks, write_workbook
from graph_service.exports.http import ExportEndpoints, content_disposition
from graph_service.exports.table_answer import GraphQLClient, TableAnswer, open_answer
from graph_service.exports.table_request import parse_table_request
from graph_service.exports.tables import get_table, tables
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.allowances import Allowance, CallerLimits
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest, GraphQLResponse
from graph_service.graphql.http.admission import Admission
from graph_service.graphql.schema import schema
from graph_service.platform.formula_escape import escape_formula
from graph_service.platform.store.graph import Store
from graph_service.sign_in.authentication import OpenAuthenticator
from graph_service.sign_in.middleware import AccessMiddleware
from tests import county as made
from tests.callers import LocalClient, local_api, permissions_in, shared_audit_log
from tests.conftest import emptied
from tests.county import FIRST, H1, H2, H3, H4, H6, SECOND, SHEETS, TOWN, Sheets
from tests.patience import CAP_SECONDS, wait_until
from tests.processes import environment
from tests.serving import running

pytestmark = pytest.mark.one_engine
"""Tables are built from answers of the API, which other tests compare on both engines."""

COUNTY = "513431"
FIELDS = sorted(name for name, table in tables().items() if "area" in table.parameters)
PURPOSE = {"purpose": "核对"}
REQUIRED_ARGUMENTS = {
    **dict.fromkeys(
        ("exitGaps", "guaranteeGaps", "idleLabour", "medicalBurdens", "medicalCosts", "policyGaps", "watchDelays"),
        PURPOSE,
    ),
    "coverageSummary": {"by": "TOWNSHIP"},
    "search": {"text": "5134311"},
}
"""Required arguments besides the area, by table."""
NOT_IN_THE_COUNTY = {
    "conflictsOfInterest",
    "reconciliation",
    "projects",
    "assets",
    "distributions",
    "shareDecisions",
    "waivers",
}
IN_THE_SAMPLE = {"reconciliation", "projects", "assets", "distributions"}
HEADS = {H1: "=1+1", H2: "@x", H3: "-2", H4: "+甲"}
WAGES = {H1: -12.5, H2: 1234567.89}
CODES = {name for type_ in schema().type_map.values() if isinstance(type_, GraphQLEnumType) for name in type_.values}


def sheets(heads: dict[str, str] = HEADS) -> Sheets:
    header, *rows = SHEETS["贫困户"]
    name, wage = header.index("户主姓名"), header.index("工资性收入")
    cards = [
        [heads.get(str(row[0]), value) if column == name else WAGES.get(str(row[0])) if column == wage else value for column, value in enumerate(row)]
        for row in rows
    ]  # fmt: skip
    return {**SHEETS, "贫困户": [header, *cards]}


def write_register(contents: Sheets, path: Path) -> Path:
    """Write a workbook whose texts are stored as texts, also where they begin like formulas, and return its path."""
    book = openpyxl.load_workbook(made.workbook(contents, path))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def filled(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Import the county of tests/county.py with names that spreadsheets would run as formulas."""
    emptied(spare)
    report = import_files(spare, [write_register(sheets(), tmp_path_factory.mktemp("county") / "county.xlsx")])
    assert report.remarks == []
    return spare


@pytest.fixture(scope="module")
def county(filled: Store) -> GraphQLApi:
    return local_api(filled)


@pytest.fixture(scope="module")
def client(filled: Store) -> Iterator[TestClient]:
    with LocalClient(build_app(filled, Settings.model_validate({}), audit_log=shared_audit_log())) as test_client:
        yield test_client


def begin(
    api: GraphQLApi,
    field: str,
    granted: tuple[str, ...] = ("",),
    *,
    size: int = 500,
    counted: bool = False,
    **overrides: str,
) -> TableAnswer:
    arguments = {"area": COUNTY, **REQUIRED_ARGUMENTS.get(field, {}), **overrides}
    return open_answer(
        GraphQLClient(api, permissions_in(granted)),
        parse_table_request(get_table(field), arguments.items()),
        with_counts=counted,
        page_size=size,
    )


def lines(text: bytes) -> list[list[str]]:
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text[3:].decode(), newline=""), strict=True))


def export_rows(api: GraphQLApi, field: str, **overrides: Any) -> list[list[str]]:
    """Return the header and the rows of a table as CSV."""
    return lines(b"".join(csv_chunks(begin(api, field, **overrides))))


def records(api: GraphQLApi, field: str, **overrides: Any) -> list[dict[str, str]]:
    header, *rows = export_rows(api, field, **overrides)
    return [dict(zip(header, row, strict=True)) for row in rows]


def sheets_of(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


def workbook_of(answer: TableAnswer) -> bytes:
    file = io.BytesIO()
    for _ in write_workbook(answer, file):
        pass
    return file.getvalue()


def from_api(api: GraphQLApi, field: str) -> dict[str, Any]:
    """Return the API's answer to the same selection, in one page, with its total where it has one."""
    arguments = {"area": COUNTY, **REQUIRED_ARGUMENTS.get(field, {})}
    request = parse_table_request(get_table(field), arguments.items())
    variables = {**request.variables, "first": 500, "counted": True}
    body = api.execute(GraphQLRequest(request.table.document, variables=variables)).body()
    assert "errors" not in body, body["errors"]
    page: dict[str, Any] = body["data"]["found"]
    assert not page["pageInfo"]["hasNextPage"]
    return page


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name != "__typename":
                yield from leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part)
    elif value is not None:
        yield value


def csv_text(leaf: Any) -> str:
    """Return a value that is no code as it is written in CSV."""
    if isinstance(leaf, bool):
        return "是" if leaf else "否"
    return f"'{leaf}" if leaf in HEADS.values() else str(leaf)


def assert_same_rows(api: GraphQLApi, field: str) -> None:
    """Check row by row that every value of the API is in its line, with codes in Chinese, and nothing else is."""
    page = from_api(api, field)
    header, *rows = export_rows(api, field)
    assert len(rows) == len(page["nodes"]) == page.get("totalCount", len(rows)) > 0
    assert len(header) == len(set(header))
    assert all(re.search(r"[一-鿿]", name) for name in header)
    for node, row in zip(page["nodes"], rows, strict=True):
        assert len(row) == len(header)
        values = list(leaves(node))
        cell_parts = {part for cell in row for part in re.split(r"; |, |、", cell) if part}
        assert {csv_text(value) for value in values if value not in CODES} <= cell_parts | set(row)
        # A finding refers to its check by the code.
        assert not CODES & (cell_parts - {node.get("check")} if field == "findings" else cell_parts)
        coded = sum(value in CODES for value in values)
        plain = {csv_text(value) for value in values if value not in CODES}
        assert len(cell_parts - plain) <= coded + 3 * str(node).count("__typename")


@pytest.mark.parametrize("field", sorted(set(FIELDS) - NOT_IN_THE_COUNTY))
def test_every_table_holds_the_rows_of_the_api(county: GraphQLApi, field: str) -> None:
    assert_same_rows(county, field)


@pytest.mark.parametrize("field", sorted(IN_THE_SAMPLE))
def test_also_what_only_the_sample_has(store: Store, imported: ImportReport, field: str) -> None:
    assert_same_rows(local_api(store), field)


@pytest.mark.parametrize("field", sorted(NOT_IN_THE_COUNTY))
def test_where_there_is_nothing_the_header_stands_alone(county: GraphQLApi, field: str) -> None:
    assert from_api(county, field)["totalCount"] == 0
    [header] = export_rows(county, field)
    assert len(header) == len(set(header)) == len(get_table(field).columns)


def test_everything_that_has_rows_of_an_area_is_a_table() -> None:
    assert {"coverageGaps", "coverageSummary", "measureGaps", "helperLoad", "households", "search"} <= set(FIELDS)
    assert not {"dataVersions", "household", "node"} & set(tables())
    assert set(tables()) - set(FIELDS) == {"benefitChains", "exitReadiness", "shareRegister"}
    for table in tables().values():
        required = {name for name, parameter in table.parameters.items() if parameter.required}
        assert required <= {"area", "fundNo", "assetNo", *REQUIRED_ARGUMENTS.get(table.field, {})}
        assert re.search(r"[一-鿿]", table.zh)
        assert all(re.search(r"[一-鿿]", parameter.zh) for parameter in table.parameters.values())


def load_records(api: GraphQLApi, field: str, size: int = 500, **arguments: str) -> list[dict[str, str]]:
    answer = open_answer(
        GraphQLClient(api), parse_table_request(get_table(field), arguments.items()), with_counts=True, page_size=size
    )
    header, *rows = lines(b"".join(csv_chunks(answer)))
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_an_exit_standard_is_a_row_a_predicate(county: GraphQLApi) -> None:
    rows = load_records(county, "exitReadiness", cardNo=H4, purpose="核对")
    assert [(row["层级"], row["指标"]) for row in rows] == [
        ("1", "一超六有"), ("2", "人均纯收入超过当年标准"), ("2", "有义务教育、基本医疗、住房安全保障"), ("3", "义务教育"), ("3", "基本医疗"), ("3", "住房安全"),
        ("2", "有安全饮水、生活用电、广播电视"), ("3", "安全饮水"), ("3", "生活用电"), ("3", "广播电视"),
    ]  # fmt: skip
    assert rows[1] == {
        "层级": "2", "路径": "一超六有 / 人均纯收入超过当年标准", "指标": "人均纯收入超过当年标准", "对照结果": "情况不明", "实际值": "",
        "比较方式": "ABOVE", "标准值": "2952.00", "来源": "四川贫困县、村、户退出标准：DOMAIN §6", "依据": f"HouseholdYear, {H4}:2016",
    }  # fmt: skip
    assert (rows[4]["路径"], rows[4]["依据"]) == (
        "一超六有 / 有义务教育、基本医疗、住房安全保障 / 基本医疗",
        f"Person, {H4}02, false",
    )
    answer = open_answer(
        GraphQLClient(county),
        parse_table_request(get_table("exitReadiness"), [("villageCode", FIRST)]),
        with_counts=True,
    )
    assert sheets_of(workbook_of(answer))["数据"][1][:2] == (1, "一低五有")
    for arguments, code in (((), "ARGUMENT_INVALID"), ((("cardNo", "1"),), "NOT_FOUND")):
        with pytest.raises(ApiError) as refused:
            open_answer(
                GraphQLClient(county), parse_table_request(get_table("exitReadiness"), arguments), with_counts=False
            )
        assert refused.value.code == code


@pytest.mark.parametrize("size", [7, 500])
def test_a_chain_is_a_row_a_hop(store: Store, imported: ImportReport, size: int) -> None:
    api = local_api(store)
    query = """{ found: benefitChains(from: {fundNo: "ZJ000"}, first: 500) { nodes { complete attributed breaks { at reason } hops { kind relationship amount evidence { number } } } } }"""
    chains = api.execute(GraphQLRequest(query)).body()["data"]["found"]["nodes"]
    rows = load_records(api, "benefitChains", size, fundNo="ZJ000")
    hops = [
        (str(number), str(position), hop)
        for number, chain in enumerate(chains, 1)
        for position, hop in enumerate(chain["hops"], 1)
    ]
    assert [(row["链条序号"], row["环节序号"], row["类型"], row["关系"]) for row in rows] == [
        (number, position, hop["kind"], hop["relationship"] or "") for number, position, hop in hops
    ]
    assert [row["金额"] for row in rows] == [hop["amount"] or "" for *_, hop in hops]
    for row, (*_, hop) in zip(rows, hops, strict=True):
        assert all(evidence["number"] in row["凭据"] for evidence in hop["evidence"] if evidence["number"])
    ends = [row for row, next_row in pairwise([*rows, {"环节序号": "1"}]) if next_row["环节序号"] == "1"]
    assert [(row["整链·是否完整"], row["整链·归属金额"]) for row in ends] == [
        ("是" if chain["complete"] else "否", chain["attributed"] or "") for chain in chains
    ]
    assert (
        sum(bool(row["疑点原因"]) for row in rows)
        == len({(number, b["at"]) for number, chain in enumerate(chains) for b in chain["breaks"]})
        > 0
    )
    with pytest.raises(ApiError) as refused:
        open_answer(GraphQLClient(api), parse_table_request(get_table("benefitChains"), []), with_counts=False)
    assert refused.value.code == "ARGUMENT_INVALID"


@pytest.mark.parametrize("size", [7, 500])
def test_a_share_register_is_a_row_a_holder(store: Store, imported: ImportReport, size: int) -> None:
    api = local_api(store)
    asset = store.query_text("MATCH (a:Asset)<-[:HOLDS]-() RETURN min(a.asset_no)", {})[0][0]
    query = """query($no: String!) { found: shareRegister(assetNo: $no, first: 500) { nodes { shares certificates { certificate } node { ... on Household { cardNo } } } } }"""
    holders = api.execute(GraphQLRequest(query, variables={"no": asset})).body()["data"]["found"]["nodes"]
    rows = load_records(api, "shareRegister", size, assetNo=asset)
    assert len(rows) > 7
    assert [(row["持有人·编号"], row["股数"]) for row in rows] == [
        (holder["node"]["cardNo"], holder["shares"]) for holder in holders
    ]
    assert all(
        holder["certificates"][0]["certificate"] in row["股权证"] for row, holder in zip(rows, holders, strict=True)
    )


@pytest.mark.parametrize("purpose", ["", "回头看"])
def test_a_file_of_differences_says_that_it_is_without_sensitive_values(client: TestClient, purpose: str) -> None:
    response = client.get("/exports/lookBack.xlsx", params={"area": COUNTY, "purpose": purpose})
    assert response.status_code == 200, response.text
    name, is_without = unquote(response.headers["content-disposition"]), not purpose
    marks = ("-不含姓名和敏感信息-", "-without-names-and-sensitive-values-")
    assert [mark in name for mark in marks] == [is_without, is_without]
    sheet = openpyxl.load_workbook(io.BytesIO(response.content))["说明"]
    notes = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert ("健康状况" in str(notes.get("未比较项目 withheldProperties"))) is is_without


def test_files_of_one_are_named_by_its_number(client: TestClient) -> None:
    answer = client.get("/exports/exitReadiness.csv", params={"cardNo": H4})
    assert answer.status_code == 200
    assert f'filename="exitReadiness-{H4}-2016-12-31.csv"' in answer.headers["content-disposition"]
    assert client.get("/exports/exitReadiness.csv").status_code == 400
    assert client.get("/exports/benefitChains.xlsx", params={"fundNo": "none"}).status_code == 404


def test_a_number_that_no_header_bears_names_no_file(county: GraphQLApi) -> None:
    odd_request = parse_table_request(get_table("benefitChains"), [("fundNo", 'x"\r\n资')])
    header = content_disposition(TableAnswer(GraphQLClient(county), odd_request, 500, {"asOf": "2016-12-31"}), "csv")
    assert header.startswith('attachment; filename="benefitChains-_-2016-12-31.csv"; ')


def test_what_stands_in_the_cells(county: GraphQLApi) -> None:
    first_gap = records(county, "guaranteeGaps")[0]
    assert first_gap == {
        "户·户编号": H1, "户·户主姓名": "'=1+1", "所在村·村编码": FIRST, "所在村·名称": "俄尔古取村村民委员会",
        "保障": "住房安全", "可对应的措施": "住房安全、搬迁", "落实情况": "没有措施", "涉及人口": "",
    }  # fmt: skip
    household = next(record for record in records(county, "households") if record["户编号"] == H1)
    assert (household["工资性收入"], household["饮水是否安全"], household["年度"]) == ("-12.50", "是", "2016")
    overdue, not_yet_due = records(county, "openProblems")
    assert (overdue["整改期限"], overdue["是否逾期"], overdue["整改责任人·姓名"]) == ("2016-09-30", "是", "壬某")
    assert (not_yet_due["整改责任人·姓名"], not_yet_due["整改责任单位·单位名称"]) == ("", "某局")
    about = {
        record["问题编号"]: [record[f"涉及·{part}"] for part in ("类别", "编号", "名称")]
        for record in records(county, "problems")
    }
    assert about["WT1"] == ["户", H6, "己某"]
    assert about["WT2"][1] == FIRST
    gap = next(
        record
        for record in records(county, "coverageGaps")
        if record["帮扶对象·编号"] == H6 and record["帮扶责任"] == "帮扶责任人"
    )
    assert gap["原因"] == "责任人已离岗"
    assert [gap[f"上一责任人·{part}"] for part in ("类别", "编号", "名称")] == ["帮扶干部", "GB4", "癸某"]
    hollow = next(record for record in records(county, "guaranteeGaps") if record["涉及人口"])
    assert hollow["涉及人口"] == f"{H1}02"


@pytest.mark.parametrize(
    "field", ["households", "persons", "openProblems", "unsignedPledges", "coverageGaps", "search"]
)
def test_pages_together_are_the_same_table(county: GraphQLApi, field: str) -> None:
    one_page = export_rows(county, field)
    assert export_rows(county, field, size=1 if field == "openProblems" else 2) == one_page
    assert len(one_page) > 2


BLANKS = st.text(" \u3000\xa0\u200b\ufeff\u2003", max_size=3)
RUN = re.compile("[\\s\u200b\ufeff]*[=+\\-@＝＋－＠﹣﹢﹦﹫]|[\\t\\r\\n]")


@given(st.one_of(st.text(), st.builds("{}{}{}".format, BLANKS, st.sampled_from("=+-@＝＋－＠﹣\t\r"), st.text())))
def test_no_text_is_run(text: str) -> None:
    escaped = escape_formula(text)
    assert escaped in (text, f"'{text}")
    assert not RUN.match(escaped)
    assert escape_formula(escaped) == escaped


@given(BLANKS, st.sampled_from("甲aZ07'#(<\"&"), st.text())
def test_other_texts_are_left_alone(blanks: str, begun_with: str, rest: str) -> None:
    assert escape_formula(blanks + begun_with + rest) == blanks + begun_with + rest


def test_names_that_spreadsheets_would_run(county: GraphQLApi) -> None:
    head_by_card = {record["户编号"]: record["户主姓名"] for record in records(county, "households")}
    assert {card: head_by_card[card] for card in HEADS} == {card: f"'{name}" for card, name in HEADS.items()}
    content = workbook_of(begin(county, "households"))
    header, *rows = sheets_of(content)["数据"]
    key, name = header.index("户编号"), header.index("户主姓名")
    assert {row[key]: row[name] for row in rows if row[key] in HEADS} == {
        card: f"'{head}" for card, head in HEADS.items()
    }
    cells = (cell for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets for row in sheet for cell in row)
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}


def test_a_workbook_keeps_keys_as_texts_and_amounts_as_numbers(county: GraphQLApi) -> None:
    header, *rows = sheets_of(workbook_of(begin(county, "persons")))["数据"]
    numbers = [row[header.index("人口编号")] for row in rows]
    assert f"{H1}01" in numbers
    assert all(isinstance(number, str) for number in numbers)
    header, *rows = sheets_of(workbook_of(begin(county, "households")))["数据"]
    wages = {row[0]: row[header.index("工资性收入")] for row in rows}
    assert {card: wages[card] for card in WAGES} == WAGES
    assert {type(row[header.index("年度")]) for row in rows} == {int}


def test_a_workbook_says_what_was_asked(county: GraphQLApi) -> None:
    notes = dict(
        sheets_of(workbook_of(begin(county, "guaranteeGaps", counted=True, answers="没有措施,HOLLOW")))["说明"]
    )
    assert notes["查询"] == "两不愁三保障缺口"
    assert notes["Query"].startswith("guaranteeGaps: Guarantees that poor households")
    assert notes["区划 Area"] == f"{COUNTY} 昭觉县"
    assert notes["日期 As of"] == "2016-12-31"
    assert notes["条件 Filter: 落实情况"] == "没有措施、只有名义上的措施"
    assert notes["行数 Rows"] == notes["总数 totalCount"] == "5"
    assert notes["应有数 eligibleCount"] == "30"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", notes["生成时间 Created at"])
    assert re.fullmatch(r"\d+", notes["数据版本 Data version"])


def test_more_rows_than_a_sheet_holds(county: GraphQLApi) -> None:
    for counted in (True, False):
        with pytest.raises(TableTooLong, match=r"5 行.*5 rows"):
            list(write_workbook(begin(county, "households", counted=counted, size=4), io.BytesIO(), max_rows=5))
    assert sum(1 for _ in write_workbook(begin(county, "households", size=4), io.BytesIO(), max_rows=6)) == 2


def test_texts_longer_than_a_cell_say_so(county: GraphQLApi, filled: Store, tmp_path: Path) -> None:
    long = "问" * 40_000
    problems = [SHEETS["问题清单"][0], ["WT9", long, *SHEETS["问题清单"][1][2:]]]
    # CSV cells have no length limit, so the text can be imported.
    path = tmp_path / "问题清单.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(problems)
    import_files(filled, [path])
    try:
        _, *rows = sheets_of(workbook_of(begin(county, "problems")))["数据"]
        cell = next(row[1] for row in rows if row[0] == "WT9")
        assert len(cell) == 32_767
        assert cell.startswith("问问")
        assert "40000" in cell
        assert next(record for record in records(county, "problems") if record["问题编号"] == "WT9")["问题描述"] == long
    finally:
        undo(filled)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Write a delivery in which the cards have other heads."""
    return write_register(sheets({card: f"新{index}" for index, card in enumerate(HEADS)}), tmp_path / "changed.xlsx")


def test_all_pages_are_of_one_data_version(county: GraphQLApi, filled: Store, changed: Path) -> None:
    rows_before = export_rows(county, "households")
    answer = begin(county, "households", size=2)
    chunks = csv_chunks(answer)
    text = next(chunks)
    report = import_files(filled, [changed])
    try:
        assert lines(text + b"".join(chunks)) == rows_before
        rows_after = export_rows(county, "households")
        assert rows_after != rows_before
        assert export_rows(county, "households", size=2) == rows_after
        assert export_rows(county, "households", asKnownAt=str(answer.version), size=2) == rows_before
        assert report.sequence is not None
        assert begin(county, "households").version == report.sequence > answer.version
    finally:
        undo(filled)


def test_what_fails_midway_is_no_whole_table(
    county: GraphQLApi, filled: Store, changed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "made"))
    (tmp_path / "made").mkdir()
    import_files(filled, [changed])
    chunks = csv_chunks(begin(county, "households", size=2))
    steps = write_workbook(begin(county, "households", size=2), io.BytesIO())
    next(chunks)
    next(steps)
    assert list((tmp_path / "made").iterdir())
    undo(filled)
    for export in (chunks, steps):
        with pytest.raises(ApiError) as raised:
            list(export)
        assert raised.value.code == "VERSION_UNKNOWN"
    assert not list((tmp_path / "made").iterdir())


class Paced(GraphQLApi):
    """The API with answers after the first held back until `go` is set; `asked` counts the requests."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.asked = 0
        self.go = threading.Event()

    def execute(
        self,
        request: GraphQLRequest,
        *,
        permissions: Permissions = UNRESTRICTED,
        allowance: Allowance | None = None,
        read_only: bool = False,
    ) -> GraphQLResponse:
        self.asked += 1
        if self.asked > 1:
            assert self.go.wait(30)
        return super().execute(request, permissions=permissions, allowance=allowance, read_only=read_only)


def test_no_page_is_asked_before_it_is_written(filled: Store) -> None:
    api = Paced(filled)
    api.go.set()
    chunks = csv_chunks(begin(api, "persons", size=2))
    for pages in (1, 2, 3):
        next(chunks)
        assert api.asked == pages
    file = io.BytesIO()
    steps = write_workbook(begin(api, "persons", size=2), file)
    next(steps)
    assert api.asked == 4
    steps.close()
    assert api.asked == 4


@pytest.fixture
def paced(filled: Store) -> Iterator[tuple[Paced, HTTPConnection]]:
    """Serve exports with one row a page: the first page is sent at once, the others when `go` is set."""
    api, limits = Paced(filled), CallerLimits(Settings.model_validate({}))
    with running(
        Starlette(
            routes=ExportEndpoints(api, Admission(), limits, page_size=1).routes(),
            middleware=[Middleware(AccessMiddleware, authenticator=OpenAuthenticator(), hosts=(), limits=limits)],
        )
    ) as base:
        connection = HTTPConnection(base.removeprefix("http://"), timeout=CAP_SECONDS)
        try:
            yield api, connection
        finally:
            api.go.set()
            connection.close()


def test_a_failure_while_it_is_sent_cuts_the_connection(
    filled: Store, changed: Path, paced: tuple[Paced, HTTPConnection]
) -> None:
    api, connection = paced
    import_files(filled, [changed])
    connection.request("GET", f"/exports/persons.csv?area={COUNTY}")
    answer = connection.getresponse()
    assert answer.status == 200
    undo(filled)
    api.go.set()
    with pytest.raises(IncompleteRead):
        answer.read()


def peers() -> set[int]:
    """Return the remote ports of the connections of this process."""
    return {connection.raddr.port for connection in psutil.Process().net_connections("tcp") if connection.raddr}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_who_leaves_is_asked_for_no_more(paced: tuple[Paced, HTTPConnection], kind: str) -> None:
    api, connection = paced
    connection.request("GET", f"/exports/persons.{kind}?area={COUNTY}")
    if kind == "csv":
        assert b"\r\n" in connection.getresponse().readline()
    wait_until(lambda: api.asked >= 2, "the second page")
    port = connection.sock.getsockname()[1]
    connection.close()
    wait_until(lambda: port not in peers(), "the server lets the connection go")
    api.go.set()
    time.sleep(1)
    assert 2 <= api.asked <= 3, "of seven"


def test_over_http_a_table_is_the_same(client: TestClient, county: GraphQLApi) -> None:
    answer = client.get("/exports/guaranteeGaps.csv", params={"area": COUNTY, "answers": "MISSING,HOLLOW", **PURPOSE})
    assert answer.status_code == 200
    assert lines(answer.content) == export_rows(county, "guaranteeGaps", answers="MISSING,HOLLOW")
    assert len(lines(answer.content)) == 6
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    disposition = re.fullmatch(
        r"attachment; filename=\"([\x20-\x7e]+)\"; filename\*=UTF-8''([\x21-\x7e]+)",
        answer.headers["content-disposition"],
    )
    assert disposition is not None
    assert (disposition[1], unquote(disposition[2])) == (
        "guaranteeGaps-513431-2016-12-31.csv",
        "两不愁三保障缺口-513431-2016-12-31.csv",
    )
    book = client.get("/exports/guaranteeGaps.xlsx", params={"area": COUNTY, **PURPOSE})
    assert book.headers["content-type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    tables_by_sheet = sheets_of(book.content)
    assert list(tables_by_sheet) == ["数据", "说明"]
    assert [["" if cell is None else cell for cell in row] for row in tables_by_sheet["数据"]] == export_rows(
        county, "guaranteeGaps"
    )


def test_area_scope_day_and_conditions(client: TestClient) -> None:
    def count_rows(field: str, **params: str) -> int:
        answer = client.get(f"/exports/{field}.csv", params=params)
        assert answer.status_code == 200, answer.text
        return len(lines(answer.content)) - 1

    assert count_rows("households", area=TOWN) == count_rows("households", area=FIRST) == 3
    assert count_rows("households", area=COUNTY) == count_rows("households") == 6
    assert count_rows("households", area=SECOND, scope="本级") == 3
    assert count_rows("households", area=TOWN, scope="SELF") == 0
    assert count_rows("areas", area=TOWN, scope="SELF") == 1
    assert count_rows("helperLoad", area=COUNTY, over="1") == count_rows("openProblems", area=COUNTY, overdue="是") == 1
    assert count_rows("openProblems", area=COUNTY, overdue="false") == 1
    # Most households have their first record in 2016: in 2015 they had no helper yet.
    assert count_rows("helperLoad", area=COUNTY, asOf="2015-06-01") == 1
    where = json.dumps({"current": {"mainCause": ["ILLNESS"]}})
    assert count_rows("households", area=COUNTY, where=where) == 1


def test_only_what_is_granted(county: GraphQLApi) -> None:
    granted = ("513431101",)
    assert {record["居住于·村编码"] for record in records(county, "households")} == {FIRST, SECOND}
    assert {record["居住于·村编码"] for record in records(county, "households", granted=granted, size=1)} == {SECOND}
    notes = dict(sheets_of(workbook_of(begin(county, "households", granted, counted=True)))["说明"])
    assert notes["行数 Rows"] == notes["总数 totalCount"] == "3"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("nothing.csv", 404, "NOT_FOUND"),
        ("household.csv", 404, "NOT_FOUND"),
        ("households.pdf", 404, "NOT_FOUND"),
        ("households", 404, "NOT_FOUND"),
        ("measureGaps.csv", 400, "ARGUMENT_INVALID"),
        ("measureGaps.csv?area=999999", 400, "AREA_UNKNOWN"),
        ("measureGaps.xlsx?area=999999", 400, "AREA_UNKNOWN"),
        (f"measureGaps.csv?area={COUNTY}&causes=BOREDOM", 400, "ARGUMENT_INVALID"),
        (f"measureGaps.csv?area={COUNTY}&cause=ILLNESS", 400, "ARGUMENT_INVALID"),
        (f"measureGaps.csv?area={COUNTY}&area={COUNTY}", 400, "ARGUMENT_INVALID"),
        (f"measureGaps.csv?area={COUNTY}&first=3", 400, "ARGUMENT_INVALID"),
        (f"measureGaps.csv?area={COUNTY}&scope=BELOW", 400, "ARGUMENT_INVALID"),
        ("households.csv?scope=SELF", 400, "ARGUMENT_INVALID"),
        (f"helperLoad.csv?area={COUNTY}&over=many", 400, "ARGUMENT_INVALID"),
        (f"helperLoad.csv?area={COUNTY}&over=9999999999", 400, "DOCUMENT_INVALID"),
        (f"openProblems.csv?area={COUNTY}&overdue=maybe", 400, "ARGUMENT_INVALID"),
        (f"expiringDuties.csv?area={COUNTY}&withinDays=-1", 400, "ARGUMENT_INVALID"),
        (f"households.csv?area={COUNTY}&where=%7B", 400, "ARGUMENT_INVALID"),
        (f"households.csv?area={COUNTY}&where=%7B%22none%22:1%7D", 400, "DOCUMENT_INVALID"),
        (f"measureGaps.csv?area={COUNTY}&asOf=2016-13-01", 400, "DOCUMENT_INVALID"),
        (f"measureGaps.csv?area={COUNTY}&asKnownAt=9999", 400, "VERSION_UNKNOWN"),
    ],
)  # fmt: skip
def test_what_cannot_be_exported_says_why(client: TestClient, address: str, status: int, code: str) -> None:
    answer = client.get(f"/exports/{address}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json; charset=utf-8")
    assert "content-disposition" not in answer.headers
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    assert re.search(r"[一-鿿]", error["extensions"]["zh"])
    assert error["message"].endswith(error["extensions"]["en"])
    assert client.head(f"/exports/{address}").status_code == status


def test_the_list_and_heads(client: TestClient, filled: Store) -> None:
    listing = client.get("/exports").json()
    assert listing["formats"] == ["csv", "xlsx"]
    assert [export["field"] for export in listing["exports"]] == list(tables())
    gaps = next(export for export in listing["exports"] if export["field"] == "measureGaps")
    assert gaps["zh"] == "帮扶措施缺口"
    assert [parameter["name"] for parameter in gaps["parameters"]] == [
        "area",
        "scope",
        "causes",
        "statuses",
        "asOf",
        "asKnownAt",
    ]
    assert gaps["parameters"][0] | {"en": ""} == {
        "name": "area",
        "zh": "区划代码",
        "en": "",
        "type": "String!",
        "required": True,
    }
    filled.statement_log = []
    head = client.head("/exports/households.xlsx", params={"area": COUNTY})
    try:
        assert (head.status_code, head.content) == (200, b"")
        assert quote("户") in head.headers["content-disposition"]
        assert filled.statement_log.count("directory/households") == 1
    finally:
        filled.statement_log = None
    assert client.post("/exports/households.csv").status_code == 405


def test_parameters_that_are_wrong_are_told_before_anything_is_asked() -> None:
    with pytest.raises(NotFound):
        get_table("dataVersions")
    with pytest.raises(ArgumentInvalid, match="duties, reasons"):
        parse_table_request(get_table("coverageGaps"), [("area", COUNTY), ("duty", "HELPER")])
    values = parse_table_request(
        get_table("coverageGaps"), [("area", COUNTY), ("duties", "帮扶责任人, VISIT"), ("reasons", "")]
    )
    assert values.variables == {"area": {"code": COUNTY}, "duties": ["HELPER", "VISIT"]}


@pytest.fixture(scope="module")
def settings(filled: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a command that uses the engine of the test."""
    address = filled._engine._server.address()
    user, password = address.auth or ("neo4j", "")
    return environment(
        tmp_path_factory.mktemp("nothing"),
        NEO4J_URI=address.uri, NEO4J_USERNAME=user, NEO4J_PASSWORD=password, NEO4J_DATABASE=address.database,
    )  # fmt: skip


def run_ask(settings: dict[str, str], *words: str) -> tuple[int, bytes, str]:
    """Run `graph-service ask …` and return (exit code, standard output, standard error)."""
    completed = subprocess.run(
        [sys.executable, "-m", "graph_service", "ask", *words],
        env=settings,
        capture_output=True,
        timeout=CAP_SECONDS,
        check=False,
    )
    return completed.returncode, completed.stdout, completed.stderr.decode()


def test_in_a_pipe_the_command_writes_csv(settings: dict[str, str], county: GraphQLApi) -> None:
    code, out, err = run_ask(
        settings,
        "guaranteeGaps",
        "--area",
        COUNTY,
        "--filter",
        "answers=MISSING",
        "--filter",
        "guarantees=住房安全,WATER",
        "--purpose",
        "核对",
    )
    assert (code, lines(out)) == (
        0,
        export_rows(county, "guaranteeGaps", answers="MISSING", guarantees="HOUSING,WATER"),
    )
    assert (len(lines(out)), "数据 / Data: " in err) == (2, True)
    code, out, _ = run_ask(
        settings, "households", "--area", TOWN, "--scope", "DESCENDANTS", "--as-of", "2016-06-01", "--json"
    )
    answer = json.loads(out)
    assert (code, answer["field"], answer["asOf"], answer["totalCount"]) == (0, "households", "2016-06-01", 3)
    assert [node["cardNo"] for node in answer["nodes"]] == [H1, H2, H3]


@pytest.mark.one_engine
def test_the_command_writes_files(settings: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "负担.xlsx"
    assert run_ask(settings, "helperLoad", "--area", COUNTY, "--out", str(out))[:2] == (0, b"")
    header, *rows = sheets_of(out.read_bytes())["数据"]
    assert [row[header.index("帮扶户数")] for row in rows] == [3, 1]
    assert run_ask(settings, "helperLoad", "--area", COUNTY, "--format", "xlsx")[1].startswith(b"PK")
    content = out.read_bytes()
    assert run_ask(settings, "helperLoad", "--area", "999999", "--out", str(out), "--force")[0] == 2
    assert (out.read_bytes(), list(tmp_path.iterdir())) == (content, [out])
    code, _, err = run_ask(settings, "helperLoad", "--area", COUNTY, "--out", str(tmp_path / "none" / "a.csv"))
    assert (code, err.count("OUTPUT_REFUSED")) == (2, 2)


@pytest.mark.one_engine
def test_on_a_terminal_the_command_shows_a_table(settings: dict[str, str]) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "graph_service", "ask", "villages", "--area", COUNTY],
        env=settings | {"TERM": "xterm", "COLUMNS": "60"}, stdout=follower, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(follower)
    output = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    os.close(leader)
    assert process.wait(120) == 0
    text = output.decode()
    assert text.splitlines()[0].startswith("行政村 · 昭觉县 · 2016-12-31")
    assert text.count("村级") == 50
    assert "显示 50 行 / 50 rows shown，总数 totalCount " in text
    assert "there are more" in text
    assert re.search(r"另有 \d+ 列未显示", text)


@pytest.mark.one_engine
def test_the_command_tells_what_can_be_asked_and_what_is_wrong(settings: dict[str, str], tmp_path: Path) -> None:
    code, out, _ = run_ask(settings)
    assert (code, len(out.decode().splitlines())) == (0, len(tables()))
    assert "coverageSummary 帮扶责任落实汇总：by! duties" in out.decode()
    assert [export["field"] for export in json.loads(run_ask(settings, "--json")[1])] == list(tables())
    for words, code_ in (
        (("nothing", "--area", COUNTY), "NOT_FOUND"),
        (("helperLoad",), "ARGUMENT_INVALID"),
        (("helperLoad", "--area", COUNTY, "--filter", "under=3"), "ARGUMENT_INVALID"),
        (("helperLoad", "--area", "999999"), "AREA_UNKNOWN"),
    ):
        code, out, err = run_ask(settings, *words)
        assert (code, out) == (2, b"")
        assert re.search(rf"^{code_}: .*[一-鿿].*\n{code_}: [\x00-\x7f]*$", err.strip(), re.MULTILINE), err
    code, out, _ = run_ask(settings, "helperLoad", "--area", "999999", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "AREA_UNKNOWN")
    assert run_ask(settings, "helperLoad", "--area", COUNTY, "--filter", "over")[0] == 2
    assert run_ask(settings, "helperLoad", "--area", COUNTY, "--filter", "over=")[0] == 2
    assert run_ask(settings, "helperLoad", "--area", COUNTY, "--format", "table", "--out", "x.csv")[0] == 2
    for name in ("x.xls", "x.pdf", "x"):
        code, _, err = run_ask(settings, "helperLoad", "--area", COUNTY, "--out", str(tmp_path / name))
        assert (code, ".xlsx" in err, "--format" in err) == (2, True, True)
