"""Changes of the problem list and of responsibility letters: results, refusals, and earlier data versions that stay as they were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph_service.core.query_scope import versions
from graph_service.core.recording.import_lifecycle import undo
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import local_api, permissions_in
from tests.conftest import emptied
from tests.county import FIRST, H1, H6, SECOND, SHEETS, TOWN, workbook

COUNTY = "513431"
LAST = "2016-12-31"
VERSIONS = "{ dataVersions { sequence } }"
PROBLEM = """problem { problemNo content state closedOn evidence note subjects { __typename ... on Area { code } ... on Household { cardNo } ... on Person { personNo } }
  responsible { edges { due since until node { ... on Cadre { cadreNo } ... on Department { departmentNo } } } } foundBy { nodes { inspectionNo } } }"""
PLEDGE = "pledge { pledgeNo year content areas { nodes { code } } signatories { edges { on node { cadreNo } } } }"
REFUSED = "... on Refusal { code zh en } ... on Invalid { field }"
MONDAY: dict[str, Any] = {
    "problemNo": "WT9",
    "content": "安全饮水未达标",
    "cardNo": H1,
    "cadreNo": "GB3",
    "due": "2017-03-31",
}
LETTER: dict[str, Any] = {"pledgeNo": "ZR9", "areaCode": TOWN, "year": 2016, "cadreNo": "GB3", "on": "2016-03-01"}


@pytest.fixture(scope="module")
def registered(spare: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Path]:
    """Import the county of tests/county.py once; `api` undoes the changes of each test."""
    emptied(spare)
    path = workbook(SHEETS, tmp_path_factory.mktemp("county") / "county.xlsx")
    import_files(spare, [path])
    return spare, path


@pytest.fixture
def api(registered: tuple[Store, Path]) -> Iterator[GraphQLApi]:
    yield local_api(registered[0])
    while len(versions(registered[0])) > 1:
        undo(registered[0])


def ask(api: GraphQLApi, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]
    return answer


def change(
    api: GraphQLApi, name: str, granted: tuple[str, ...] = ("",), key: str = "k1", **arguments: Any
) -> dict[str, Any]:
    """Return the result of a mutation. Client keys are unique, so each test prefixes its own."""
    type_ = name[0].upper() + name[1:]
    selection = PLEDGE if name == "signPledge" else PROBLEM
    query = f"mutation($input: {type_}Input!) {{ made: {name}(input: $input) {{ __typename ... on {type_}Success {{ dataVersion changed asOf {selection} }} {REFUSED} }} }}"
    key = f"{os.environ['PYTEST_CURRENT_TEST']}:{key}" if key.strip() else key
    result: dict[str, Any] = ask(api, query, granted, input={"clientKey": key, **arguments})["made"]
    return result


def load_open_problems(api: GraphQLApi, **variables: Any) -> dict[str, dict[str, Any]]:
    """Return the open problems of the county by number, with who is responsible and the due date."""
    query = """query($at: Int, $on: Date) { openProblems(area: {code: "513431"}, first: 50, asKnownAt: $at, asOf: $on) {
      nodes { problem { problemNo } due overdue cadre { cadreNo } department { departmentNo } foundBy { inspectionNo } } } }"""
    return {row["problem"]["problemNo"]: row for row in ask(api, query, **variables)["openProblems"]["nodes"]}


def load_unsigned(api: GraphQLApi, **variables: Any) -> dict[str, str]:
    query = """query($at: Int) { unsignedPledges(area: {code: "513431"}, first: 500, asKnownAt: $at) { nodes { area { code } reason } } }"""
    return {row["area"]["code"]: row["reason"] for row in ask(api, query, **variables)["unsignedPledges"]["nodes"]}


def test_a_problem_is_opened_and_the_next_question_sees_it(api: GraphQLApi) -> None:
    problems_before = load_open_problems(api)
    result = change(api, "openProblem", **MONDAY, inspectionNo="DC1")
    assert result == {
        "__typename": "OpenProblemSuccess", "dataVersion": result["dataVersion"], "changed": True, "asOf": LAST,
        "problem": {
            "problemNo": "WT9", "content": "安全饮水未达标", "state": "OPEN", "closedOn": None, "evidence": None, "note": None,
            "subjects": {"__typename": "Household", "cardNo": H1},
            "responsible": {"edges": [{"due": "2017-03-31", "since": None, "until": None, "node": {"cadreNo": "GB3"}}]},
            "foundBy": {"nodes": [{"inspectionNo": "DC1"}]},
        },
    }  # fmt: skip
    assert load_open_problems(api).keys() == problems_before.keys() | {"WT9"}
    assert load_open_problems(api)["WT9"] | {"problem": None} == {
        "problem": None, "due": "2017-03-31", "overdue": False, "cadre": {"cadreNo": "GB3"}, "department": None,
        "foundBy": {"inspectionNo": "DC1"},
    }  # fmt: skip
    assert load_open_problems(api, on="2017-04-01")["WT9"]["overdue"]
    assert load_open_problems(api, at=1) == problems_before, "what was known before stays"


def test_a_problem_is_there_from_the_day_on_which_it_was_found(api: GraphQLApi) -> None:
    def check_days(number: str, **arguments: Any) -> list[bool]:
        result = change(api, "openProblem", **{**MONDAY, "problemNo": number}, **arguments, key=number)
        assert result["problem"]["subjects"] == {"__typename": "Household", "cardNo": H1}, result
        return [
            number in load_open_problems(api, on=day)
            for day in ("2016-04-30", "2016-05-01", "2016-12-30", LAST, "2017-02-02")
        ]

    assert check_days("WT9", inspectionNo="DC1") == [False, True, True, True, True]
    assert check_days("WT10") == [False, False, False, True, True]
    assert check_days("WT11", foundOn="2017-02-02", inspectionNo="DC1") == [False, False, False, False, True]
    assert change(api, "openProblem", **{**MONDAY, "problemNo": "WT11"}, foundOn="2017-02-03", key="k2")["code"] == (
        "NUMBER_IN_USE"
    )
    tomorrow = (date.today() + timedelta(1)).isoformat()
    assert (
        change(api, "openProblem", **{**MONDAY, "problemNo": "WT12"}, foundOn=tomorrow, key="k3")["field"] == "foundOn"
    )


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ({"villageCode": SECOND}, {"__typename": "Area", "code": SECOND}),
        ({"areaCode": COUNTY}, {"__typename": "Area", "code": COUNTY}),
        ({"areaCode": f"{TOWN}000"}, {"__typename": "Area", "code": TOWN}),
        ({"personNo": f"{H1}02"}, {"__typename": "Person", "personNo": f"{H1}02"}),
    ],
)
def test_a_problem_may_be_about_an_area_or_a_person(
    api: GraphQLApi, subject: dict[str, str], shown: dict[str, str]
) -> None:
    result = change(api, "openProblem", **{**MONDAY, "cardNo": None, "cadreNo": None, "departmentNo": "BM1", **subject})
    assert result["problem"]["subjects"] == shown, result
    assert load_open_problems(api)["WT9"]["department"] == {"departmentNo": "BM1"}


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("openProblem", MONDAY),
    ("updateProblem", {"problemNo": "WT2", "content": "村卫生室无村医", "state": "OPEN", "due": "2017-07-31"}),
    ("closeProblem", {"problemNo": "WT2", "closedOn": "2016-12-20", "evidence": "验收单 8 号"}),
    ("reopenProblem", {"problemNo": "WT3", "reason": "复查未通过"}),
    ("signPledge", LETTER),
]


@pytest.mark.parametrize(("name", "given"), CHANGES)
def test_sent_again_each_is_made_once(api: GraphQLApi, name: str, given: dict[str, Any]) -> None:
    first, second = change(api, name, **given), change(api, name, **given)
    assert first["changed"], first
    assert second == {**first, "changed": False}
    field = next(
        candidate for candidate in ("content", "evidence", "reason") if candidate in given or name == "signPledge"
    )
    refused = change(api, name, **{**given, field: "别的"})
    assert (refused["__typename"], refused["code"]) == ("Conflict", "CLIENT_KEY_REUSED")
    assert len(ask(api, VERSIONS)["dataVersions"]) == 2


@pytest.mark.parametrize(("name", "given"), [case for case in CHANGES if case[0] != "reopenProblem"])
def test_the_same_under_another_key_is_so_already(api: GraphQLApi, name: str, given: dict[str, Any]) -> None:
    first = change(api, name, **given)
    assert change(api, name, **given, key="k2") == {**first, "changed": False}


@pytest.mark.parametrize(
    ("name", "given", "field", "code"),
    [
        ("openProblem", {"problemNo": " "}, "problemNo", "REQUIRED_VALUE_MISSING"),
        ("openProblem", {"content": " "}, "content", "REQUIRED_VALUE_MISSING"),
        ("openProblem", {"cardNo": None}, "villageCode", "REQUIRED_VALUE_MISSING"),
        ("openProblem", {"areaCode": TOWN}, "cardNo", "VALUES_DO_NOT_COMBINE"),
        ("openProblem", {"cardNo": "nobody's"}, "cardNo", "RECORD_UNKNOWN"),
        ("openProblem", {"cardNo": None, "personNo": "nobody"}, "personNo", "RECORD_UNKNOWN"),
        ("openProblem", {"cardNo": None, "areaCode": "999999"}, "areaCode", "RECORD_UNKNOWN"),
        ("openProblem", {"cardNo": None, "villageCode": TOWN}, "villageCode", "RECORD_UNKNOWN"),
        ("openProblem", {"cadreNo": None}, "cadreNo", "REQUIRED_VALUE_MISSING"),
        ("openProblem", {"departmentNo": "BM1"}, "departmentNo", "VALUES_DO_NOT_COMBINE"),
        ("openProblem", {"cadreNo": "nobody"}, "cadreNo", "RECORD_UNKNOWN"),
        ("openProblem", {"cadreNo": "GB4"}, "cadreNo", "HOLDER_HAS_LEFT"),
        ("openProblem", {"cadreNo": None, "departmentNo": "none"}, "departmentNo", "RECORD_UNKNOWN"),
        ("openProblem", {"due": "0001-01-01"}, "due", "OUT_OF_RANGE"),
        ("openProblem", {"inspectionNo": "none"}, "inspectionNo", "RECORD_UNKNOWN"),
        ("openProblem", {"key": " "}, "clientKey", "REQUIRED_VALUE_MISSING"),
        ("updateProblem", {"problemNo": "none"}, "problemNo", "RECORD_UNKNOWN"),
        ("updateProblem", {"content": ""}, "content", "REQUIRED_VALUE_MISSING"),
        ("updateProblem", {"state": "CLOSED"}, "state", "VALUE_NOT_ALLOWED"),
        ("updateProblem", {"cadreNo": "GB1", "departmentNo": "BM1"}, "departmentNo", "VALUES_DO_NOT_COMBINE"),
        ("updateProblem", {"cadreNo": "GB4"}, "cadreNo", "HOLDER_HAS_LEFT"),
        ("updateProblem", {"since": "2016-12-01"}, "since", "REQUIRED_VALUE_MISSING"),
        ("updateProblem", {"due": "9999-12-31"}, "due", "OUT_OF_RANGE"),
        ("updateProblem", {"inspectionNo": "none"}, "inspectionNo", "RECORD_UNKNOWN"),
        ("closeProblem", {"problemNo": "none"}, "problemNo", "RECORD_UNKNOWN"),
        ("closeProblem", {"evidence": "  "}, "evidence", "REQUIRED_VALUE_MISSING"),
        ("closeProblem", {"closedOn": "2999-01-01"}, "closedOn", "DAY_IN_FUTURE"),
        ("reopenProblem", {"problemNo": "none"}, "problemNo", "RECORD_UNKNOWN"),
        ("reopenProblem", {"reason": " "}, "reason", "REQUIRED_VALUE_MISSING"),
        ("signPledge", {"pledgeNo": ""}, "pledgeNo", "REQUIRED_VALUE_MISSING"),
        ("signPledge", {"areaCode": "99"}, "areaCode", "RECORD_UNKNOWN"),
        ("signPledge", {"year": 16}, "year", "OUT_OF_RANGE"),
        ("signPledge", {"content": " "}, "content", "REQUIRED_VALUE_MISSING"),
        ("signPledge", {"cadreNo": "nobody"}, "cadreNo", "RECORD_UNKNOWN"),
        ("signPledge", {"cadreNo": "GB4", "on": "2016-07-01"}, "cadreNo", "HOLDER_HAS_LEFT"),
        ("signPledge", {"on": "2999-01-01"}, "on", "DAY_IN_FUTURE"),
    ],
)
def test_what_cannot_be_is_told_as_data(
    api: GraphQLApi, name: str, given: dict[str, Any], field: str, code: str
) -> None:
    usual_arguments = {
        "openProblem": MONDAY,
        "updateProblem": {"problemNo": "WT1"},
        "closeProblem": {"problemNo": "WT1", "closedOn": "2016-12-20", "evidence": "某"},
        "reopenProblem": {"problemNo": "WT3"},
        "signPledge": LETTER,
    }
    result = change(api, name, **{**usual_arguments[name], **given})
    assert (result["__typename"], result.get("field"), result["code"]) == ("Invalid", field, code)
    assert result["zh"] != result["en"]
    assert len(ask(api, VERSIONS)["dataVersions"]) == 1


def test_a_number_is_of_one_problem(api: GraphQLApi) -> None:
    for index, difference in enumerate(
        ({"content": "别的"}, {"cardNo": H6}, {"due": "2017-05-01"}, {"cadreNo": "GB1"})
    ):
        assert change(api, "openProblem", key=f"a{index}", **MONDAY)["__typename"] == "OpenProblemSuccess"
        assert change(api, "openProblem", key=f"b{index}", **{**MONDAY, **difference})["code"] == "NUMBER_IN_USE"
    assert change(api, "openProblem", key="c", **{**MONDAY, "problemNo": " WT9"})["changed"] is False


def test_who_takes_over_a_problem(api: GraphQLApi) -> None:
    result = change(api, "updateProblem", problemNo="WT1", cadreNo="GB1", since="2016-11-01", due="2017-02-28")
    assert (result["changed"], result["asOf"], result["problem"]["state"]) == (True, LAST, "UNDER_WAY")
    edge = {"due": "2017-02-28", "since": "2016-11-01", "until": None, "node": {"cadreNo": "GB1"}}
    assert result["problem"]["responsible"]["edges"] == [edge]
    now, day_before = load_open_problems(api)["WT1"], load_open_problems(api, on="2016-10-31")["WT1"]
    assert (now["cadre"], now["due"], now["overdue"]) == ({"cadreNo": "GB1"}, "2017-02-28", False)
    assert (day_before["cadre"], day_before["due"], day_before["overdue"]) == ({"cadreNo": "GB3"}, "2016-09-30", True)
    assert load_open_problems(api, at=1)["WT1"]["cadre"] == {"cadreNo": "GB3"}
    refused = change(api, "updateProblem", problemNo="WT1", departmentNo="BM1", since="2016-11-01", key="k2")
    assert (refused["field"], refused["code"]) == ("since", "DAY_TOO_EARLY")
    # The due date stays with the problem when the responsible changes.
    taken_over = change(api, "updateProblem", problemNo="WT1", departmentNo="BM1", since="2016-12-01", key="k3")
    assert taken_over["problem"]["responsible"]["edges"] == [
        {"due": "2017-02-28", "since": "2016-12-01", "until": None, "node": {"departmentNo": "BM1"}}
    ]
    repeated = change(api, "updateProblem", problemNo="WT1", departmentNo="BM1", since="2016-12-20", key="k4")
    assert not repeated["changed"], "who is responsible stays so"


def test_who_takes_over_today_is_seen_by_questions_for_today(api: GraphQLApi) -> None:
    result = change(api, "updateProblem", problemNo="WT1", cadreNo="GB1")
    today = date.today()
    assert result["asOf"] == today.isoformat()
    assert [edge["node"]["cadreNo"] for edge in result["problem"]["responsible"]["edges"]] == ["GB1"]
    assert load_open_problems(api, on=LAST)["WT1"]["cadre"] == {"cadreNo": "GB3"}, "on the day of the collection"
    assert load_open_problems(api, on=(today - timedelta(1)).isoformat())["WT1"]["cadre"] == {"cadreNo": "GB3"}
    assert load_open_problems(api, on=today.isoformat())["WT1"]["cadre"] == {"cadreNo": "GB1"}


def test_a_later_day_and_another_inspection(api: GraphQLApi) -> None:
    assert change(api, "openProblem", **MONDAY)["changed"]
    result = change(
        api, "updateProblem", key="k2", problemNo="WT9", due="2017-06-30", inspectionNo="DC1", state="UNDER_WAY"
    )
    assert (result["problem"]["state"], result["problem"]["content"]) == ("UNDER_WAY", MONDAY["content"])
    assert (load_open_problems(api)["WT9"]["due"], load_open_problems(api)["WT9"]["foundBy"]) == (
        "2017-06-30",
        {"inspectionNo": "DC1"},
    )
    assert load_open_problems(api, at=result["dataVersion"] - 1)["WT9"] | {"problem": None} == {
        "problem": None, "due": "2017-03-31", "overdue": False, "cadre": {"cadreNo": "GB3"}, "department": None, "foundBy": None,
    }  # fmt: skip


def test_the_life_of_a_problem(api: GraphQLApi, registered: tuple[Store, Path]) -> None:
    closing: dict[str, Any] = {"problemNo": "WT1", "closedOn": "2016-12-20", "evidence": "已结对"}
    result = change(api, "closeProblem", **closing)
    assert (result["asOf"], result["problem"]["state"], result["problem"]["closedOn"]) == (LAST, "CLOSED", "2016-12-20")
    assert load_open_problems(api).keys() == {"WT2"}
    assert load_open_problems(api, at=1).keys() == {"WT1", "WT2"}
    for index, difference in enumerate(({"evidence": "别的"}, {"closedOn": "2016-12-21"})):
        assert change(api, "closeProblem", key=f"o{index}", **{**closing, **difference})["code"] == "ALREADY_CLOSED"
    assert change(api, "updateProblem", key="k2", problemNo="WT1", content="某")["code"] == "ALREADY_CLOSED"
    # The files still record the problem as not closed.
    report = import_files(registered[0], [registered[1]])
    assert (report.changed, [remark.code for remark in report.remarks]) == (0, ["CHANGE_KEPT"])

    result = change(api, "reopenProblem", key="k3", problemNo="WT1", reason="复查未通过")
    problem = result["problem"]
    assert (problem["state"], problem["closedOn"], problem["evidence"], problem["note"]) == (
        "OPEN",
        None,
        None,
        "复查未通过",
    )
    assert load_open_problems(api).keys() == {"WT1", "WT2"}
    assert load_open_problems(api, at=result["dataVersion"] - 1).keys() == {"WT2"}
    assert change(api, "reopenProblem", key="k4", problemNo="WT1")["code"] == "NOT_CLOSED"
    assert (
        change(api, "closeProblem", key="k5", **{**closing, "evidence": "再次结对"})["problem"]["note"] == "复查未通过"
    )
    undo(registered[0])
    assert load_open_problems(api).keys() == {"WT1", "WT2"}


def test_a_letter_is_signed_and_the_next_question_sees_it(api: GraphQLApi) -> None:
    unsigned_before = load_unsigned(api)
    assert unsigned_before[TOWN] == "UNSIGNED"
    result = change(api, "signPledge", **{**LETTER, "pledgeNo": "ZR2"})
    assert result == {
        "__typename": "SignPledgeSuccess", "dataVersion": result["dataVersion"], "changed": True, "asOf": LAST,
        "pledge": {
            "pledgeNo": "ZR2", "year": 2016, "content": "脱贫责任", "areas": {"nodes": [{"code": TOWN}]},
            "signatories": {"edges": [{"on": "2016-03-01", "node": {"cadreNo": "GB3"}}]},
        },
    }  # fmt: skip
    assert load_unsigned(api) == {code: reason for code, reason in unsigned_before.items() if code != TOWN}
    assert load_unsigned(api, at=1) == unsigned_before
    second = change(api, "signPledge", key="k2", **{**LETTER, "pledgeNo": "ZR2", "cadreNo": "GB1"})
    assert [edge["node"]["cadreNo"] for edge in second["pledge"]["signatories"]["edges"]] == ["GB1", "GB3"]


def test_every_level_owes_a_letter(api: GraphQLApi) -> None:
    """Check all levels from the province down; with a grant for the county only, the areas above it are not listed."""
    query = """{ found: unsignedPledges(area: {code: "51"}, first: 500) { totalCount eligibleCount nodes { area { code } reason } } }"""

    def load_owing(granted: tuple[str, ...]) -> tuple[set[str], int, int]:
        page = ask(api, query, granted)["found"]
        return {row["area"]["code"] for row in page["nodes"]}, page["totalCount"], page["eligibleCount"]

    county_areas = set(load_unsigned(api))
    assert load_owing(("",)) == ({"51", "5134"} | county_areas, 2 + len(county_areas), 3 + len(county_areas))
    assert load_owing((COUNTY,)) == (county_areas, len(county_areas), 1 + len(county_areas))


def test_a_letter_that_was_not_there_is_made(api: GraphQLApi) -> None:
    unsigned_area = next(code for code, reason in load_unsigned(api).items() if reason == "NO_PLEDGE")
    result = change(api, "signPledge", **{**LETTER, "areaCode": unsigned_area, "content": "限期脱贫"})
    assert (result["pledge"]["content"], result["pledge"]["areas"]["nodes"]) == ("限期脱贫", [{"code": unsigned_area}])
    assert unsigned_area not in load_unsigned(api)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"areaCode": FIRST}, "NUMBER_IN_USE"),
        ({"year": 2017}, "NUMBER_IN_USE"),
        ({"content": "别的"}, "RECORDED_OTHERWISE"),
        ({"on": "2016-03-02"}, "RECORDED_OTHERWISE"),
    ],
)
def test_a_letter_is_of_one_area_and_year(api: GraphQLApi, other: dict[str, Any], code: str) -> None:
    letter = {**LETTER, "content": "限期脱贫"}
    assert change(api, "signPledge", **letter)["changed"]
    refused = change(api, "signPledge", key="k2", **{**letter, **other})
    assert (refused["__typename"], refused["code"]) == ("Conflict", code)


def test_what_lies_elsewhere_is_not_there(api: GraphQLApi) -> None:
    other_areas, own_areas = (f"{COUNTY}102",), (TOWN,)
    key_fields = {"openProblem": "cardNo", "signPledge": "areaCode"}
    for index, (name, arguments) in enumerate(CHANGES):
        hidden = change(api, name, other_areas, f"e{index}", **arguments)
        field = key_fields.get(name, "problemNo")
        absent = change(api, name, other_areas, f"n{index}", **{**arguments, field: "999999"})
        assert hidden["__typename"] == absent["__typename"] == "Invalid"
        assert hidden["field"] == absent["field"] == field
        assert hidden["code"] == absent["code"] == "RECORD_UNKNOWN"
        assert hidden["zh"].replace(arguments[field], "999999") == absent["zh"]
    assert len(ask(api, VERSIONS)["dataVersions"]) == 1
    # Changes within the granted area are accepted; they may refer to an inspection of an area above it.
    closing = {"closedOn": "2016-12-20", "evidence": "验收单"}
    assert change(api, "openProblem", own_areas, **MONDAY, inspectionNo="DC1")["changed"]
    assert change(api, "closeProblem", own_areas, "k2", problemNo="WT2", **closing)["changed"]
    assert change(api, "closeProblem", own_areas, "k3", problemNo="WT1", **closing)["field"] == "problemNo"
    hidden = {**MONDAY, "problemNo": "WT8", "cardNo": None, "areaCode": other_areas[0], "inspectionNo": "DC1"}
    assert change(api, "openProblem", other_areas, "k4", **hidden)["field"] == "inspectionNo"
