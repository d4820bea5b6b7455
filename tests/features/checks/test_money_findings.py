"""Findings of the money checks: each with both sides; they are waived, resolved, gone and back like findings of the register."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.recording.import_lifecycle import undo
from graph_service.features.checks import rerun
from graph_service.features.checks.catalogue import ALL_MONEY_GROUPS, all_checks
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import FIRST, H2, H5, H6, SECOND, SHEETS, Sheets, workbook
from tests.features.checks.test_checks import change
from tests.features.checks.test_reconciliation import COUNTY, MONEY_SHEETS, PAID, ROWS, with_dividends

CODES = sorted(check.code for check in all_checks() if check.group in ALL_MONEY_GROUPS)
SUBJECTS = (
    "fund { fundNo } project { projectNo } asset { assetNo } distribution { distributionNo } household { cardNo }"
)
QUERY = f"""query($code: String!, $statuses: [FindingStatus!], $codes: [CheckCode!], $at: Int, $first: Int, $after: String) {{
  found: checkFindings(area: {{code: $code}}, statuses: $statuses, codes: $codes, asKnownAt: $at, first: $first, after: $after) {{
    totalCount pageInfo {{ hasNextPage endCursor }}
    nodes {{ check status value severity by note area {{ code }} village {{ code }} {SUBJECTS} finding {{ findingNo }} waiver {{ waiverNo }} }} }} }}"""
RECONCILED = """query($code: String!) { found: reconciliation(area: {code: $code}, first: 100) {
  nodes { kind key status finding { findingNo subjects { __typename } } waiver { reason } } } }"""
ALL = ["OPEN", "BACK", "WAIVED", "RESOLVED", "GONE"]


def ask(store: Store, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> list[dict[str, Any]]:
    body = (
        local_api(store)
        .execute(GraphQLRequest(query, variables={"code": COUNTY, **variables}), permissions=permissions_in(granted))
        .body()
    )
    assert "errors" not in body, body["errors"]
    nodes: list[dict[str, Any]] = body["data"]["found"]["nodes"]
    return nodes


def findings(store: Store, granted: tuple[str, ...] = ("",), **variables: Any) -> list[dict[str, Any]]:
    return ask(store, QUERY, granted, **{"codes": CODES, "first": 100, **variables})


def numbers(nodes: list[dict[str, Any]]) -> list[str]:
    return [finding["finding"]["findingNo"] for finding in nodes]


def status(store: Store, number: str, **variables: Any) -> str | None:
    """Return the status of a finding, or None. Without further variables, assert that the reconciliation has the same status."""
    current_status: str | None = None
    for finding in findings(store, statuses=ALL, **variables):
        current_status = finding["status"] if numbers([finding]) == [number] else current_status
    if not variables:
        status_by_number = {f"{row['kind']}!{row['key']}": row["status"] for row in ask(store, RECONCILED)}
        assert status_by_number.get(number, "GONE") == (current_status or "GONE")
    return current_status


def delivery(folder: Path, name: str, *rows: list[object], headers: str = "") -> Path:
    """Write a workbook with rows of one sheet; return its path."""
    heads: list[object] = [*headers.split()] or list(MONEY_SHEETS[name][0])
    folder.mkdir(parents=True, exist_ok=True)
    return workbook({name: [heads, *rows]}, folder / f"{name}.xlsx")


@pytest.fixture(scope="module")
def money(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = emptied(spare)
    import_files(store, [workbook(with_dividends(), tmp_path_factory.mktemp("money") / "money.xlsx")], day=20161231)
    return store


def test_every_break_is_a_finding_with_both_sides_and_where_it_stands(money: Store) -> None:
    open_findings = findings(money)
    rows = {f"{kind}!{key}": (expected, actual) for kind, key, expected, actual, *_ in ROWS}
    assert sorted(numbers(open_findings)) == sorted(rows)
    for finding in open_findings:
        expected, actual = rows[finding["finding"]["findingNo"]]
        assert (finding["value"], finding["status"]) == (f"{actual} ({expected})", "OPEN")
    reconciled = ask(money, RECONCILED)
    assert [f"{row['kind']}!{row['key']}" for row in reconciled] == numbers(reconciled)
    assert {row["status"] for row in reconciled} == {"OPEN"}
    subject_types = {
        row["finding"]["findingNo"].partition("!")[0]: row["finding"]["subjects"]["__typename"] for row in reconciled
    }
    assert subject_types == {
        "ALLOCATED_EXCEEDS_FUND": "Fund", "UNSPENT": "Fund", "FORMED_EXCEEDS_SPENT": "Project", "COUNTY_HOP_MISSING": "Project", "SHARES_DO_NOT_SUM": "Asset",
        "PREFERRED_HELD_AFTER_EXIT": "Household", "PAID_TO_NON_HOLDER": "Household", "DIVIDEND_CELL_DIFFERS": "Household", "DIVIDEND_BELOW_FLOOR": "Distribution",
        "PAID_NOT_ANNOUNCED": "Distribution", "PAID_NOT_BY_SHARES": "Distribution",
    }  # fmt: skip


def test_whom_it_is_about_and_where(money: Store) -> None:
    finding_by_check = {finding["check"]: finding for finding in findings(money)}
    fund, asset, payee, dividend = (
        finding_by_check[code] for code in ("UNSPENT", "SHARES_DO_NOT_SUM", "PAID_TO_NON_HOLDER", "PAID_NOT_ANNOUNCED")
    )
    assert (fund["fund"], fund["area"], fund["severity"]) == ({"fundNo": "ZJ4"}, None, "NOTE")
    assert (asset["asset"], asset["village"]) == ({"assetNo": "ZC2"}, {"code": FIRST})
    assert (payee["household"], payee["distribution"], payee["area"]) == ({"cardNo": H6}, None, {"code": SECOND})
    assert (dividend["distribution"], dividend["area"]) == ({"distributionNo": "FP3"}, {"code": SECOND})


@pytest.mark.parametrize("size", [1, 4])
def test_by_pages(money: Store, size: int) -> None:
    paged_numbers: list[str] = []
    after = None
    while True:
        variables = {"code": COUNTY, "codes": CODES, "first": size, "after": after}
        page = local_api(money).execute(GraphQLRequest(QUERY, variables=variables)).body()["data"]["found"]
        paged_numbers += numbers(page["nodes"])
        assert page["totalCount"] == len(ROWS)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert paged_numbers == numbers(findings(money))


def test_by_area_and_scope(money: Store) -> None:
    first_village, second_village = findings(money, code=FIRST), findings(money, code=SECOND)
    assert numbers(findings(money, (SECOND,))) == numbers(second_village)
    village_numbers = {finding["finding"]["findingNo"] for finding in (*first_village, *second_village)}
    # The unspent fund, which the county manages, belongs to no village.
    assert {finding["finding"]["findingNo"] for finding in findings(money)} - village_numbers == {"UNSPENT!ZJ4"}
    assert {finding["area"]["code"] for finding in first_village if finding["area"]} == {FIRST}
    assert "ALLOCATED_EXCEEDS_FUND!ZJ2" in [
        finding["finding"]["findingNo"] for finding in first_village if finding["finding"]
    ]


def test_its_life(spare: Store, tmp_path: Path) -> None:
    store = emptied(spare)
    first_version = import_files(store, [workbook(with_dividends(), tmp_path / "money.xlsx")], day=20161231).sequence
    overspent, to_non_holder, unannounced = (
        "ALLOCATED_EXCEEDS_FUND!ZJ2",
        f"PAID_TO_NON_HOLDER!FP3/{H6}",
        "PAID_NOT_ANNOUNCED!FP3",
    )
    after_exit = f"PREFERRED_HELD_AFTER_EXIT!ZC3/{H5}"
    assert [status(store, number) for number in (overspent, to_non_holder, unannounced, after_exit)] == ["OPEN"] * 4

    assert change(store, "waiveFinding", findingNo=to_non_holder, reason="代领", until="2017-12-31")["changed"]
    assert change(store, "resolveFinding", findingNo=overspent, note="已追回", by="某")["changed"]
    assert change(store, "resolveFinding", findingNo=unannounced, note="已核实", by="某")["changed"]
    assert [status(store, number) for number in (overspent, to_non_holder, unannounced)] == [
        "RESOLVED",
        "WAIVED",
        "RESOLVED",
    ]
    [waived] = [row for row in ask(store, RECONCILED) if row["status"] == "WAIVED"]
    assert waived["waiver"] == {"reason": "代领"}
    assert status(store, overspent, at=first_version) == "OPEN"

    # A corrected voucher: the finding of the overspent fund is gone, though only a fund and a project were delivered.
    correction = delivery(tmp_path / "a", "资金流向", ["PZ5", "ZJ2", "项目", "XM2", -1000, date(2016, 5, 1), "PZ3"])
    assert import_files(store, [correction], day=20161231).findings["gone"] == 1
    assert status(store, overspent) == "GONE"
    # Resolved by a note only, the data unchanged: back with the next delivery that touches its county.
    assert status(store, unannounced) == "BACK"
    assert status(store, to_non_holder) == "WAIVED"
    overpayment = delivery(tmp_path / "b", "资金流向", ["PZ6", "ZJ2", "项目", "XM2", 500, date(2016, 6, 1), None])
    import_files(store, [overpayment], day=20161231)
    assert status(store, overspent) == "BACK"
    [reopened] = [finding for finding in findings(store) if numbers([finding]) == [overspent]]
    assert reopened["value"] == "5500.00 (5000.00)"
    undo(store)
    assert status(store, overspent) == "GONE"
    assert not rerun.rerun_checks(store, "某").changed

    counts = local_api(store).execute(
        GraphQLRequest(
            f'{{ findingCounts(area: {{code: "{COUNTY}"}}, codes: [ALLOCATED_EXCEEDS_FUND], first: 100) {{ nodes {{ dataVersion open }} }} }}'
        )
    )
    open_counts = [row["open"] for row in counts.body()["data"]["findingCounts"]["nodes"]]
    assert (open_counts[0], open_counts[-1]) == (1, 0)


def test_who_may_say_so(spare: Store, tmp_path: Path) -> None:
    """A finding is resolved by users who may change its area; of a fund, the managing area; of a fund that nobody manages, everything. Who
    is told of it in a list and may not change it is refused for that."""
    store = emptied(spare)
    import_files(store, [workbook(with_dividends(), tmp_path / "money.xlsx")], day=20161231)
    text = "mutation($input: ResolveFindingInput!) { made: resolveFinding(input: $input) { __typename } }"

    def resolve(number: str, *granted: str) -> str:
        variables = {"input": {"clientKey": f"{number}{granted}", "findingNo": number, "note": "已核实"}}
        body = (
            local_api(store)
            .execute(GraphQLRequest(text, variables=variables), permissions=permissions_in(granted))
            .body()
        )
        kind: str = body["data"]["made"]["__typename"]
        return kind

    assert resolve("SHARES_DO_NOT_SUM!ZC2", SECOND) == "Invalid"
    assert resolve("SHARES_DO_NOT_SUM!ZC2", FIRST) == "ResolveFindingSuccess"
    assert resolve("PAID_NOT_ANNOUNCED!FP3", FIRST) == "Invalid"
    assert resolve("PAID_NOT_ANNOUNCED!FP3", SECOND) == "ResolveFindingSuccess"
    assert resolve("UNSPENT!ZJ4", FIRST) == "Invalid"
    assert resolve("UNSPENT!ZJ4", COUNTY) == "ResolveFindingSuccess"
    # Money of the fund went to the first village.
    assert resolve("ALLOCATED_EXCEEDS_FUND!ZJ2", SECOND) == "Invalid"
    for area in (FIRST, COUNTY):
        assert "ALLOCATED_EXCEEDS_FUND!ZJ2" in numbers(findings(store, (area,), code=area))
        assert resolve("ALLOCATED_EXCEEDS_FUND!ZJ2", area) == "Forbidden"
    assert resolve("ALLOCATED_EXCEEDS_FUND!ZJ2", "") == "ResolveFindingSuccess"


def test_what_lies_nowhere(spare: Store, tmp_path: Path) -> None:
    """An asset without an area is listed in questions for a whole province, until it has an area."""
    store = emptied(spare)
    import_files(store, [workbook(SHEETS, tmp_path / "sheets.xlsx")], day=20161231)
    unplaced = delivery(tmp_path / "a", "资产", ["ZC9", "九"], headers="资产编号 资产名称")
    assert import_files(store, [unplaced], day=20161231).findings == {"found": 1}
    assert findings(store) == []
    [finding] = findings(store, code="51")
    assert (finding["check"], finding["asset"], finding["area"]) == ("ASSET_PLACE_MISSING", {"assetNo": "ZC9"}, None)
    assert [(row["kind"], row["key"]) for row in ask(store, RECONCILED, code="51")] == [("ASSET_PLACE_MISSING", "ZC9")]
    assert findings(store, (COUNTY,), code="51") == []
    placed = delivery(tmp_path / "b", "资产", ["ZC9", "九", SECOND], headers="资产编号 资产名称 村编码")
    assert import_files(store, [placed], day=20161231).findings == {"gone": 1}
    assert [finding["status"] for finding in findings(store, code=SECOND, statuses=ALL)] == ["GONE"]


def test_one_that_lies_above_the_counties_is_judged_alone(spare: Store, tmp_path: Path) -> None:
    sheets: Sheets = deepcopy(with_dividends())
    sheets["资产"][2][4] = "5134"
    store = emptied(spare)
    import_files(store, [workbook(sheets, tmp_path / "money.xlsx")], day=20161231)
    [finding] = findings(store, code="5134", codes=["SHARES_DO_NOT_SUM"])
    assert (finding["asset"], finding["area"], finding["village"]) == ({"assetNo": "ZC2"}, {"code": "5134"}, None)
    assert findings(store, codes=["SHARES_DO_NOT_SUM"]) == []
    assert not rerun.rerun_checks(store, "某").changed


def test_a_household_that_moves_takes_its_findings_along(spare: Store, tmp_path: Path) -> None:
    store = emptied(spare)
    import_files(store, [workbook(with_dividends(), tmp_path / "money.xlsx")], day=20161231)
    [cell] = findings(store, codes=["DIVIDEND_CELL_DIFFERS"])
    assert (cell["household"], cell["village"]) == ({"cardNo": H2}, {"code": FIRST})
    import_files(
        store,
        [workbook({"贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], [H2, SECOND, "乙某", "未脱贫", 2017]]}, tmp_path / "m.xlsx")],
        day=20171231,
    )  # fmt: skip
    [cell] = findings(store, codes=["DIVIDEND_CELL_DIFFERS"])
    assert (cell["household"], cell["village"]) == ({"cardNo": H2}, {"code": SECOND})


FAR = "513401001003"
"""A village of another county."""
HF1, HF2 = f"{FAR}0001", f"{FAR}0002"


def agreed_numbers(store: Store) -> set[str]:
    """Assert that the open findings are the rows of the reconciliation, over the whole province, and that running the checks again
    changes nothing. Return the finding numbers."""
    open_numbers = set(numbers(findings(store, code="51")))
    assert open_numbers == {f"{row['kind']}!{row['key']}" for row in ask(store, RECONCILED, code="51")}
    assert not rerun.rerun_checks(store, "某").changed
    return open_numbers


@pytest.fixture
def two_counties(empty: Store, tmp_path: Path) -> Store:
    """Import assets in two counties, with holders in both; the second household of the other county exited in 2014."""
    day = date(2016, 6, 1)
    sheets: Sheets = {
        "行政村": [["村编码", "村名", "年度"], [FIRST, "一村", 2016], [FAR, "远村", 2016]],
        "贫困户": [
            ["户编号", "村编码", "户主姓名", "脱贫属性", "脱贫年度", "识别年度", "年度"],
            [H2, FIRST, "乙某", "未脱贫", None, 2014, 2016], [HF1, FAR, "远某", "未脱贫", None, 2014, 2016], [HF2, FAR, "近某", "已脱贫", 2014, 2013, 2016],
        ],
        "家庭成员": [["人口编号", "户编号", "姓名", "与户主关系", "年度"], [f"{HF1}01", HF1, "远某", "户主", 2016]],
        "项目": [["项目编号", "项目名称", "村编码"], ["XM1", "一", FIRST], ["XM2", "二", FAR]],
        "资产": [["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"], ["ZC1", "一", "XM2", 100, FIRST], ["ZC2", "二", None, None, FAR]],
        "股权": [
            ["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期"],
            ["GQ1", "ZC1", HF2, "优先股", 100, 100, day], ["GQ2", "ZC2", H2, "普通股", 100, 100, day],
        ],
        "收益分配": [["分配编号", "资产编号", "年度", "应分金额(元)", "分配日期"], ["FP1", "ZC1", 2016, 100, None], ["FP2", "ZC2", 2016, 100, PAID]],
        "分红发放": [
            ["凭证号", "分配编号", "持有人类型", "领取人编号", "金额(元)", "日期"],
            ["FH1", "FP2", "户", H2, 100, PAID], ["FH2", "FP1", "人", f"{HF1}01", 60, PAID], ["FH3", "FP1", "村", FAR, 40, PAID],
        ],
    }  # fmt: skip
    report = import_files(empty, [workbook(sheets, tmp_path / "two.xlsx")], day=20161231)
    assert [remark for remark in report.remarks if remark.refused] == []
    assert agreed_numbers(empty) == {"FORMED_EXCEEDS_SPENT!XM2", f"PREFERRED_HELD_AFTER_EXIT!ZC1/{HF2}"}
    return empty


def test_where_something_led_before_is_looked_at_too(two_counties: Store, tmp_path: Path) -> None:
    """Corrections move a voucher to another dividend, a certificate to another holder, an asset to another project."""
    deliveries: list[tuple[Sheets, set[str]]] = [
        ({"分红发放": [["凭证号", "分配编号", "户编号", "金额(元)", "日期"], ["FH1", "FP1", H2, 100, PAID]]}, {"PAID_NOT_ANNOUNCED!FP1", "PAID_NOT_ANNOUNCED!FP2"}),
        ({"股权": [["股权证号", "资产编号", "户编号", "股份类型", "股数", "总股数", "起始日期"], ["GQ1", "ZC1", H2, "优先股", 100, 100, date(2016, 6, 1)]]}, set()),
        ({"资产": [["资产编号", "资产名称", "项目编号", "形成金额(元)", "村编码"], ["ZC1", "一", "XM1", 100, FIRST]]}, {"FORMED_EXCEEDS_SPENT!XM1"}),
    ]  # fmt: skip
    for index, (sheets, new) in enumerate(deliveries):
        import_files(two_counties, [workbook(sheets, tmp_path / f"{index}.xlsx")], day=20161231)
        assert new <= agreed_numbers(two_counties)
    assert f"PREFERRED_HELD_AFTER_EXIT!ZC1/{HF2}" not in agreed_numbers(two_counties)


def test_who_was_paid_elsewhere_is_looked_at_too(two_counties: Store, tmp_path: Path) -> None:
    """A person and a village of another county are checked if only the dividend was delivered; not for an asset without an area."""
    heads: list[object] = ["分配编号", "资产编号", "年度", "应分金额(元)", "分配日期"]
    non_holder_numbers = {f"PAID_TO_NON_HOLDER!FP1/{HF1}01", f"PAID_TO_NON_HOLDER!FP1/{FAR}"}
    for index, (day, expected) in enumerate(((date(2016, 6, 1), non_holder_numbers), (date(2017, 6, 1), set()))):
        import_files(
            two_counties,
            [workbook({"收益分配": [heads, ["FP1", "ZC1", 2016, 100, day]]}, tmp_path / f"{index}.xlsx")],
            day=20161231,
        )
        assert {number for number in agreed_numbers(two_counties) if number.startswith("PAID_TO")} == expected
    unplaced: Sheets = {
        "资产": [["资产编号", "资产名称"], ["ZC9", "九"]],
        "收益分配": [heads, ["FP9", "ZC9", 2016, 100, date(2016, 6, 1)]],
        "分红发放": [
            ["凭证号", "分配编号", "持有人类型", "领取人编号", "金额(元)", "日期"],
            ["FH9", "FP9", "户", HF1, 100, PAID],
        ],
    }
    import_files(two_counties, [workbook(unplaced, tmp_path / "lost.xlsx")], day=20161231)
    assert "ASSET_PLACE_MISSING!ZC9" in agreed_numbers(two_counties)


def test_what_is_gone_is_not_excepted(two_counties: Store, tmp_path: Path) -> None:
    number = f"PREFERRED_HELD_AFTER_EXIT!ZC1/{HF2}"
    sheets: Sheets = {"股权": [["股权证号", "资产编号", "户编号", "终止日期"], ["GQ1", "ZC1", HF2, date(2016, 7, 1)]]}
    import_files(two_counties, [workbook(sheets, tmp_path / "ended.xlsx")], day=20161231)
    assert status(two_counties, number, code="51") == "GONE"
    result = change(two_counties, "waiveFinding", findingNo=number, reason="x", until="2017-12-31")
    assert (result["__typename"], result["code"]) == ("Conflict", "ALREADY_ENDED")
