"""Reasons of coverage gaps: in name only, unit dissolved, village merged; the reason chosen among several; waived duties."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import undo
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import FIRST, MERGED, SECOND, TOWN, Sheets, workbook

CADRES: list[list[object]] = [[f"GB{number}", "某", None] for number in range(1, 8)]
SHEETS: Sheets = {
    "行政村": [["村编码", "村名", "是否贫困村", "年度"], [FIRST, "一村", "是", 2019], [MERGED, "旧村", "是", 2019]],
    "帮扶部门": [["部门编号", "部门名称", "撤销日期"], ["BM1", "某局", date(2021, 5, 1)], ["BM2", "某厅", None]],
    "帮扶干部": [["干部编号", "姓名", "离岗日期"], *CADRES, ["GB9", "某", date(2021, 2, 1)]],
    "驻村帮扶": [
        ["干部编号", "村编码", "职责", "开始时间", "结束时间"],
        ["GB1", FIRST, "第一书记", date(2018, 1, 1), None],
        ["GB1", SECOND, "第一书记", date(2018, 6, 1), None],
        ["GB2", FIRST, "驻村工作队队长", date(2018, 1, 1), None],
        ["GB3", MERGED, "县级联系领导", date(2018, 1, 1), None],
        ["GB4", SECOND, "县级联系领导", date(2018, 1, 1), date(2020, 12, 31)],
        ["GB5", MERGED, "驻村工作队队员", date(2018, 1, 1), date(2020, 12, 31)],
        ["GB6", FIRST, "县级联系领导", date(2018, 1, 1), None],
        ["GB6", SECOND, "驻村农技员", date(2018, 1, 1), None],
        ["GB7", FIRST, "驻村农技员", date(2018, 1, 1), None],
        ["GB7", SECOND, "驻村农技员", date(2018, 1, 1), None],
        ["GB9", MERGED, "第一书记", date(2018, 1, 1), None],
    ],
    "部门帮村": [["单位编号", "村编码", "开始时间"], ["BM1", FIRST, date(2018, 1, 1)], ["BM2", MERGED, date(2018, 1, 1)]],
    "区划调整": [["原区划代码", "现区划代码", "合并日期"], [MERGED, SECOND, date(2021, 4, 1)]],
}  # fmt: skip
QUERY = """query($asOf: Date, $waived: Boolean, $reasons: [GapReason!]) {
  found: coverageGaps(area: {code: "513431"}, asOf: $asOf, waived: $waived, reasons: $reasons, first: 500) { totalCount eligibleCount nodes {
    duty village { code } reason since goneOn heldUntil lastHolder { ... on Cadre { cadreNo } ... on Department { departmentNo } } waiver { reason expiresOn } } } }"""


@pytest.fixture(scope="module")
def register(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    emptied(spare)
    report = import_files(spare, [workbook(SHEETS, tmp_path_factory.mktemp("reasons") / "register.xlsx")], day=20211231)
    assert report.remarks == []
    return spare


def ask(store: Store, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> Any:
    body = (
        local_api(store).execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    )
    assert "errors" not in body, body["errors"]
    return body["data"]


def gaps(store: Store, day: str, **variables: Any) -> dict[tuple[str, str], list[Any]]:
    """Return [reason, gone on, last holder] by (village, duty)."""
    answer = ask(store, QUERY, asOf=day, **variables)["found"]
    return {
        (node["village"]["code"], node["duty"]): [node["reason"], node["goneOn"], next(iter((node["lastHolder"] or {"": None}).values()))]
        for node in answer["nodes"]
    }  # fmt: skip


def test_in_name_only(register: Store) -> None:
    """From 2020 on a resident post counts in one village only: the one that began last. Other posts may be held in several villages."""
    assert (FIRST, "FIRST_SECRETARY") not in gaps(register, "2019-12-31")
    assert gaps(register, "2020-01-01")[FIRST, "FIRST_SECRETARY"] == ["IN_NAME_ONLY", "2018-06-01", "GB1"]
    assert not {duty for _, duty in gaps(register, "2020-06-30")} & {"COUNTY_LEADER", "AGRI_TECHNICIAN"} - {
        "AGRI_TECHNICIAN"
    }
    assert (FIRST, "AGRI_TECHNICIAN") not in gaps(register, "2020-06-30")


def test_a_department_that_is_no_more(register: Store) -> None:
    assert (FIRST, "HELPING_DEPARTMENT") not in gaps(register, "2021-04-30")
    assert gaps(register, "2021-05-01")[FIRST, "HELPING_DEPARTMENT"] == ["UNIT_DISSOLVED", "2021-05-01", "BM1"]


def test_a_merged_village_owes_nothing_and_its_successor_what_it_owed(register: Store) -> None:
    before, after = gaps(register, "2021-03-31"), gaps(register, "2021-04-01")
    assert {duty for code, duty in before if code == MERGED} == {"RESIDENT_TEAM", "FIRST_SECRETARY", "AGRI_TECHNICIAN"}
    assert not {code for code, _ in before} & {SECOND}
    assert not {code for code, _ in after} & {MERGED}
    gap_by_duty = {duty: gap for (code, duty), gap in after.items() if code == SECOND}
    assert gap_by_duty == {
        # The term of its own county leader had ended, that of the old village goes on: the later holder is given.
        "COUNTY_LEADER": ["VILLAGE_MERGED", "2021-04-01", "GB3"],
        "HELPING_DEPARTMENT": ["VILLAGE_MERGED", "2021-04-01", "BM2"],
        "RESIDENT_TEAM": ["ENDED", None, "GB5"],
    }


def test_totals_tell_the_same_reasons(register: Store) -> None:
    for day in ("2019-12-31", "2020-01-01", "2021-03-31", "2021-12-31"):
        all_gaps = gaps(register, day)
        for reason in ("IN_NAME_ONLY", "UNIT_DISSOLVED", "VILLAGE_MERGED", "ENDED", "HOLDER_LEFT", "NEVER_ASSIGNED"):
            answer = ask(register, QUERY, asOf=day, reasons=[reason])["found"]
            assert answer["totalCount"] == len(answer["nodes"]) == sum(gap[0] == reason for gap in all_gaps.values())


WAIVE = """mutation($input: WaiveDutyInput!) { made: waiveDuty(input: $input) { __typename
  ... on WaiveDutySuccess { changed waiver { waiverNo excepts reason expiresOn } } ... on Refusal { code zh en } ... on Invalid { field } } }"""


def waive(store: Store, granted: tuple[str, ...] = ("",), **overrides: Any) -> dict[str, Any]:
    defaults = {
        "clientKey": f"w{sorted(overrides.items(), key=str)}{granted}",
        "duty": "HELPING_DEPARTMENT",
        "villageCode": FIRST,
        "reason": "单位改革中",
        "until": "2022-06-30",
    }
    waiver_input = {name: value for name, value in {**defaults, **overrides}.items() if value is not None}
    result: dict[str, Any] = ask(store, WAIVE, granted, input=waiver_input)["made"]
    return result


def test_a_duty_is_excepted_for_a_time(register: Store) -> None:
    result = waive(register)
    assert result["waiver"] == {
        "waiverNo": f"HELPING_DEPARTMENT!{FIRST}",
        "excepts": "HELPING_DEPARTMENT",
        "reason": "单位改革中",
        "expiresOn": "2022-06-30",
    }
    assert not waive(register)["changed"]
    key = (FIRST, "HELPING_DEPARTMENT")
    for day, waived in (("2021-12-31", True), ("2022-06-30", True), ("2022-07-01", False)):
        nodes = ask(register, QUERY, asOf=day)["found"]["nodes"]
        [gap] = [node for node in nodes if (node["village"]["code"], node["duty"]) == key]
        assert (gap["waiver"] is not None) == waived
        assert (key in gaps(register, day, waived=True), key in gaps(register, day, waived=False)) == (
            waived,
            not waived,
        )
    unwaived = ask(register, QUERY, asOf="2021-12-31", waived=False)["found"]
    assert unwaived["totalCount"] == len(unwaived["nodes"])
    all_gaps = ask(register, QUERY, asOf="2021-12-31")["found"]
    assert (all_gaps["totalCount"], all_gaps["eligibleCount"]) == (
        unwaived["totalCount"] + 1,
        unwaived["eligibleCount"],
    )
    while len(versions(register)) > 1:
        undo(register)
    assert gaps(register, "2021-12-31", waived=True) == {}


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"reason": " "}, "reason", "REQUIRED_VALUE_MISSING"),
        ({"until": "2021-12-30"}, "until", "DAY_TOO_EARLY"),
        ({"villageCode": "519999999999"}, "villageCode", "RECORD_UNKNOWN"),
        ({"duty": "HELPER"}, "cardNo", "SUBJECT_KIND_WRONG"),
        ({"villageCode": None, "cardNo": "1"}, "villageCode", "SUBJECT_KIND_WRONG"),
    ],
)
def test_what_cannot_be_excepted(register: Store, given: dict[str, Any], field: str, code: str) -> None:
    result = waive(register, **given)
    assert (result["__typename"], result["field"], result["code"]) == ("Invalid", field, code)
    assert waive(register, ("5199",))["field"] == "villageCode"
    assert len(versions(register)) == 1
    assert waive(register, (TOWN[:6],), reason="")["field"] == "reason"


def test_what_was_owed_is_owed_through_several_mergers_and_beside_a_book_of_ones_own(
    spare: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    third = "513431101205"
    sheets: Sheets = {
        **SHEETS,
        "行政村": [*SHEETS["行政村"], [SECOND, "二村", "否", 2019], [third, "三村", "否", 2019]],
        "区划调整": [*SHEETS["区划调整"], [SECOND, third, date(2021, 8, 1)]],
    }
    emptied(spare)
    path = workbook(sheets, tmp_path_factory.mktemp("mergers") / "register.xlsx")
    assert import_files(spare, [path], day=20211231).remarks == []
    before, after = gaps(spare, "2021-07-31"), gaps(spare, "2021-08-01")
    assert before[SECOND, "COUNTY_LEADER"] == ["VILLAGE_MERGED", "2021-04-01", "GB3"]
    assert not {code for code, _ in after} & {MERGED, SECOND}
    gap_by_duty = {duty: gap for (code, duty), gap in after.items() if code == third}
    assert gap_by_duty["COUNTY_LEADER"] == ["VILLAGE_MERGED", "2021-04-01", "GB3"]
    assert set(gap_by_duty) == {
        "COUNTY_LEADER",
        "HELPING_DEPARTMENT",
        "RESIDENT_TEAM",
        "FIRST_SECRETARY",
        "AGRI_TECHNICIAN",
    }
    assert gap_by_duty["AGRI_TECHNICIAN"][0] == "VILLAGE_MERGED"


EXPIRING = """query($asOf: Date) { found: expiringDuties(area: {code: "513431"}, asOf: $asOf, withinDays: 40, first: 500) {
  totalCount eligibleCount nodes { duty village { code } endsOn leavesOn holders cadre { cadreNo } } } }"""


def test_duties_at_risk_are_those_owed_and_held_by_more_than_a_name(
    spare: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sheets: Sheets = {
        **SHEETS,
        "帮扶干部": [*SHEETS["帮扶干部"], ["GB8", "某", None], ["GB10", "某", None]],
        "驻村帮扶": [
            *SHEETS["驻村帮扶"],
            ["GB8", FIRST, "第一书记", date(2018, 1, 1), date(2020, 7, 15)],
            # A cadre who has left by then is no successor.
            ["GB9", MERGED, "驻村工作队队员", date(2021, 2, 2), date(2022, 12, 31)],
            ["GB10", MERGED, "县级联系领导", date(2020, 1, 1), date(2021, 4, 30)],
            ["GB3", FIRST, "县级联系领导", date(2018, 1, 1), date(2020, 6, 30)],
        ],
    }
    emptied(spare)
    path = workbook(sheets, tmp_path_factory.mktemp("risk") / "register.xlsx")
    assert import_files(spare, [path], day=20211231).remarks == []

    def duties_at_risk(day: str) -> list[list[Any]]:
        answer = ask(spare, EXPIRING, asOf=day)["found"]
        assert answer["totalCount"] == len(answer["nodes"])
        gap_answer = ask(spare, QUERY, asOf=day)["found"]
        assert answer["eligibleCount"] == gap_answer["eligibleCount"] - gap_answer["totalCount"]
        return [
            [n["duty"], n["village"]["code"], n["endsOn"], n["holders"], n["cadre"] and n["cadre"]["cadreNo"]]
            for n in answer["nodes"]
        ]

    # GB1 is first secretary in the first village in name only.
    assert duties_at_risk("2020-06-30") == [["FIRST_SECRETARY", FIRST, "2020-07-15", 1, "GB8"]]
    # The second village, which has no duties itself, has a leader whose term ends that day.
    assert duties_at_risk("2020-12-01") == [["RESIDENT_TEAM", MERGED, "2020-12-31", 1, "GB5"]]
    # A merged village has no duties any more.
    assert duties_at_risk("2021-03-31")[0] == ["HELPING_DEPARTMENT", FIRST, None, 1, None]
    assert duties_at_risk("2021-04-02") == [["HELPING_DEPARTMENT", FIRST, None, 1, None]]


def test_what_was_merged_is_mended_where_it_is_now(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A household is registered under the code of a village merged into a village of another township, and that one into a third."""
    old, third, home = FIRST, "513431102200", f"{FIRST}0001"
    sheets: Sheets = {
        "贫困户": [["户编号", "村编码", "户主姓名", "脱贫属性", "年度"], [home, old, "某", "未脱贫", 2020]],
        "帮扶干部": [["干部编号", "姓名"], ["GB1", "某"], ["GB2", "某"]],
        "驻村帮扶": [
            ["干部编号", "村编码", "职责", "开始时间", "结束时间"],
            ["GB1", old, "县级联系领导", date(2018, 1, 1), None],
            ["GB2", third, "县级联系领导", date(2021, 9, 1), None],
        ],
        "区划调整": [
            ["原区划代码", "现区划代码", "合并日期"],
            [old, SECOND, date(2021, 4, 1)],
            [SECOND, third, date(2021, 8, 1)],
        ],
    }
    emptied(spare)
    import_files(spare, [workbook(sheets, tmp_path_factory.mktemp("mended") / "register.xlsx")], day=20211231)
    query = """query($day: Date) { found: coverageGaps(area: {code: "513431"}, asOf: $day, duties: [HELPER], first: 5) { nodes {
      subject { ... on Household { cardNo } } village { code } mustMend { office cadre { cadreNo } area { code } } } } }"""

    def mends(day: str) -> list[Any]:
        [node] = ask(spare, query, day=day)["found"]["nodes"]
        assert (node["subject"]["cardNo"], node["village"]["code"]) == (home, old)
        mend = node["mustMend"]
        return [mend["office"], mend["cadre"] and mend["cadre"]["cadreNo"], mend["area"]["code"]]

    assert mends("2021-03-31") == ["COUNTY_LEADER", "GB1", old]
    assert mends("2021-04-01") == ["TOWNSHIP", None, SECOND[:9]]
    assert mends("2021-08-01") == ["TOWNSHIP", None, third[:9]]
    assert mends("2021-09-01") == ["COUNTY_LEADER", "GB2", third]
