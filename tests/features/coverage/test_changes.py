"""Changes by officials: what is written and refused, once per client key; earlier data versions stay unchanged."""

from __future__ import annotations

import os
import threading
from datetime import date
from typing import Any

import pytest

from graph_service.core.recording.import_lifecycle import undo
from graph_service.core.recording.writer_lock import acquire, release
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.platform.store.graph import Store
from tests.callers import permissions_in
from tests.conftest import REGISTER, emptied

CARD, OTHER = "5134311002000000", "5134311002000001"
VILLAGE = "513431100200"
SUCCESS = "dataVersion changed asOf subject { __typename ... on Household { cardNo helpers { nodes { cadreNo } } visits { edges { on note node { cadreNo } } } } ... on Village { code posts { edges { duty since until node { cadreNo } } } assistingDepartments { nodes { departmentNo } } } }"
ERROR_FIELDS = "... on Refusal { code zh en } ... on Invalid { field }"


@pytest.fixture(scope="module")
def registered(spare: Store) -> Store:
    """Return a store with the register, imported once; changes are undone after each test."""
    emptied(spare)
    import_files(spare, [REGISTER])
    return spare


def ask(api: GraphQLApi, query: str, granted: tuple[str, ...] = ("",), **variables: Any) -> dict[str, Any]:
    body = api.execute(GraphQLRequest(query, variables=variables), permissions=permissions_in(granted)).body()
    assert "errors" not in body, body["errors"]
    answer: dict[str, Any] = body["data"]
    return answer


def with_test_key(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with the name of the test added to the client's key, so that tests do not share keys."""
    key = arguments["clientKey"]
    return {**arguments, "clientKey": f"{os.environ['PYTEST_CURRENT_TEST']}:{key}" if key.strip() else key}


def change(api: GraphQLApi, name: str, granted: tuple[str, ...] = ("",), **arguments: Any) -> dict[str, Any]:
    type_ = name[0].upper() + name[1:]
    success = SUCCESS
    if name == "recordVisit":
        success = "dataVersion changed asOf subject { cardNo visits { edges { on note node { cadreNo } } } }"
    query = f"mutation($input: {type_}Input!) {{ made: {name}(input: $input) {{ __typename ... on {type_}Success {{ {success} }} {ERROR_FIELDS} }} }}"
    result: dict[str, Any] = ask(api, query, granted, input=with_test_key({"clientKey": "k1", **arguments}))["made"]
    return result


def gaps(api: GraphQLApi, duty: str, **variables: Any) -> set[str]:
    query = """query($duty: Duty!, $at: Int, $on: Date) { coverageGaps(area: {code: "513431"}, duties: [$duty], first: 500, asKnownAt: $at, asOf: $on) {
      nodes { subject { ... on Household { cardNo } ... on Village { code } } } } }"""
    nodes = ask(api, query, duty=duty, **variables)["coverageGaps"]["nodes"]
    return {node["subject"].get("cardNo") or node["subject"]["code"] for node in nodes}


def present_cadre(api: GraphQLApi) -> str:
    query = '{ cadres(area: {code: "513431"}, where: {leftOn: {isNull: true}}, first: 1) { nodes { cadreNo } } }'
    cadre: str = ask(api, query)["cadres"]["nodes"][0]["cadreNo"]
    return cadre


def test_a_helper_is_assigned_and_the_next_question_sees_it(api: GraphQLApi) -> None:
    before = gaps(api, "HELPER")
    card, cadre = min(before), present_cadre(api)
    result = change(api, "assignDuty", duty="HELPER", cadreNo=cadre, cardNo=card, since="2016-12-01", by="县扶贫办")
    assert result["__typename"] == "AssignDutySuccess", result
    assert result["changed"]
    [base_version] = [version["sequence"] for version in ask(api, "{ dataVersions { sequence } }")["dataVersions"][1:]]
    assert cadre in [helper["cadreNo"] for helper in result["subject"]["helpers"]["nodes"]]
    assert gaps(api, "HELPER") == before - {card}
    assert gaps(api, "HELPER", at=base_version) == before, "what was known before stays"
    assert gaps(api, "HELPER", on="2016-11-30") >= {card} & gaps(api, "HELPER", on="2016-11-30", at=1)
    versions = ask(api, "{ dataVersions { sequence purpose by day } }")["dataVersions"]
    assert versions[0] == {
        "sequence": result["dataVersion"],
        "purpose": "CHANGE",
        "by": "县扶贫办",
        "day": "2016-12-31",
    }


def test_a_change_of_today_is_seen_without_a_day(api: GraphQLApi) -> None:
    def default_day() -> str:
        day: str = ask(api, "{ dataVersions(first: 1) { defaultDay } }")["dataVersions"][0]["defaultDay"]
        return day

    card, cadre, today = min(gaps(api, "HELPER")), present_cadre(api), date.today().isoformat()
    query = f'{{ household(cardNo: "{card}") {{ helpers {{ nodes {{ cadreNo }} }} }} }}'
    helpers = ask(api, query)["household"]["helpers"]["nodes"]
    assert default_day() == "2016-12-31"
    change(api, "assignDuty", duty="HELPER", cadreNo=cadre, cardNo=card, since="2016-06-01", until="2016-06-30")
    assert default_day() == "2016-12-31", "what begins before the collection does not move the day"
    change(api, "assignDuty", duty="HELPER", cadreNo=cadre, cardNo=card, since=today, clientKey="k2")
    assert {"cadreNo": cadre} not in helpers
    assert {"cadreNo": cadre} in ask(api, query)["household"]["helpers"]["nodes"]
    assert default_day() == today
    change(
        api,
        "assignDuty",
        duty="FIRST_SECRETARY",
        cadreNo=cadre,
        villageCode=VILLAGE,
        since="2099-01-01",
        clientKey="k3",
    )
    assert default_day() == today, "what is to come does not move the day"
    assert ask(api, '{ coverageGaps(area: {code: "513431"}, first: 0) { asOf } }')["coverageGaps"]["asOf"] == today


def test_sent_again_it_is_made_once(api: GraphQLApi) -> None:
    card, cadre = min(gaps(api, "HELPER")), present_cadre(api)
    arguments: dict[str, Any] = {"duty": "HELPER", "cadreNo": cadre, "cardNo": card, "since": "2016-12-01"}
    first, repeated = change(api, "assignDuty", **arguments), change(api, "assignDuty", **arguments)
    assert first["changed"]
    assert repeated == {**first, "changed": False}
    same_duty = change(api, "assignDuty", **arguments, clientKey="k2")
    assert same_duty == repeated, "the same under another key is so already"
    later_start = change(api, "assignDuty", **{**arguments, "since": "2016-12-02"})
    assert (later_start["__typename"], later_start["code"]) == ("Conflict", "CLIENT_KEY_REUSED")
    assert len(ask(api, "{ dataVersions { sequence } }")["dataVersions"]) == 2


def test_a_duty_is_ended_and_its_history_stays(api: GraphQLApi) -> None:
    query = '{ household(cardNo: "%s") { helpers(ever: true) { edges { since until node { cadreNo } } } } }'
    card = next(card for card in (CARD, OTHER) if card not in gaps(api, "HELPER"))
    [edge, *_] = [e for e in ask(api, query % card)["household"]["helpers"]["edges"] if e["until"] is None]
    cadre = edge["node"]["cadreNo"]
    early = change(api, "endDuty", duty="HELPER", cadreNo=cadre, cardNo=card, until="1990-01-01")
    assert (early["__typename"], early["field"], early["code"]) == ("Invalid", "until", "DAY_TOO_EARLY")
    result = change(api, "endDuty", duty="HELPER", cadreNo=cadre, cardNo=card, until="2016-12-15", clientKey="k2")
    assert (result["__typename"], result["changed"]) == ("EndDutySuccess", True)
    assert cadre not in [helper["cadreNo"] for helper in result["subject"]["helpers"]["nodes"]]
    ended = [e for e in ask(api, query % card)["household"]["helpers"]["edges"] if e["node"]["cadreNo"] == cadre]
    assert {**edge, "until": "2016-12-15"} in ended
    later = change(api, "endDuty", duty="HELPER", cadreNo=cadre, cardNo=card, until="2016-12-20", clientKey="k3")
    assert (later["__typename"], later["code"]) == ("Conflict", "ALREADY_ENDED")
    other_cadre = next(number for number in (present_cadre(api), "GB0001") if number != cadre)
    never_assigned = change(
        api, "endDuty", duty="HELPER", cadreNo=other_cadre, cardNo=card, until="2016-12-20", clientKey="k4"
    )
    assert (never_assigned["field"], never_assigned["code"]) == ("cadreNo", "NOT_A_HOLDER")


def test_a_change_of_today_is_seen_by_questions_for_today(api: GraphQLApi) -> None:
    card, cadre, today = min(gaps(api, "HELPER")), present_cadre(api), date.today().isoformat()
    result = change(api, "assignDuty", duty="HELPER", cadreNo=cadre, cardNo=card, since=today)
    assert result["asOf"] == today
    assert card in gaps(api, "HELPER", on="2016-12-31"), "on the day of the collection nobody helped yet"
    assert card not in gaps(api, "HELPER", on=result["asOf"])


def test_posts_and_departments(api: GraphQLApi) -> None:
    cadre = present_cadre(api)
    vague = change(api, "assignDuty", duty="RESIDENT_TEAM", cadreNo=cadre, villageCode=VILLAGE, since="2016-12-01")
    assert (vague["field"], vague["code"]) == ("post", "REQUIRED_VALUE_MISSING")
    assert "TEAM_MEMBER" in vague["en"], "the posts to choose from"
    result = change(
        api,
        "assignDuty",
        duty="RESIDENT_TEAM",
        post="TEAM_MEMBER",
        cadreNo=cadre,
        villageCode=VILLAGE,
        since="2016-12-01",
        until="2017-12-31",
        clientKey="k2",
    )
    assert {"duty": "TEAM_MEMBER", "since": "2016-12-01", "until": "2017-12-31", "node": {"cadreNo": cadre}} in result[
        "subject"
    ]["posts"]["edges"]
    department = ask(api, "{ departments(first: 1) { nodes { departmentNo } } }")["departments"]["nodes"][0][
        "departmentNo"
    ]
    village = min(gaps(api, "HELPING_DEPARTMENT"))
    result = change(
        api,
        "assignDuty",
        duty="HELPING_DEPARTMENT",
        departmentNo=department,
        villageCode=village,
        since="2016-12-01",
        clientKey="k3",
    )
    assert department in [node["departmentNo"] for node in result["subject"]["assistingDepartments"]["nodes"]]
    assert village not in gaps(api, "HELPING_DEPARTMENT")


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"cardNo": None}, "cardNo", "REQUIRED_VALUE_MISSING"),
        ({"villageCode": VILLAGE}, "cardNo", "VALUES_DO_NOT_COMBINE"),
        ({"cardNo": None, "villageCode": VILLAGE}, "cardNo", "SUBJECT_KIND_WRONG"),
        ({"cadreNo": None}, "cadreNo", "REQUIRED_VALUE_MISSING"),
        ({"departmentNo": "BM01"}, "cadreNo", "HOLDER_KIND_WRONG"),
        ({"cadreNo": None, "departmentNo": "BM01"}, "cadreNo", "HOLDER_KIND_WRONG"),
        ({"cardNo": "nobody's"}, "cardNo", "RECORD_UNKNOWN"),
        ({"cadreNo": "nobody"}, "cadreNo", "RECORD_UNKNOWN"),
        ({"duty": "VISIT"}, "duty", "VALUE_NOT_ALLOWED"),
        ({"post": "TEAM_LEADER"}, "post", "VALUE_NOT_ALLOWED"),
        ({"until": "2016-11-30"}, "until", "DAY_TOO_EARLY"),
        ({"clientKey": " "}, "clientKey", "REQUIRED_VALUE_MISSING"),
    ],
)
def test_what_cannot_be_is_told_as_data(api: GraphQLApi, given: dict[str, Any], field: str, code: str) -> None:
    arguments = {"duty": "HELPER", "cadreNo": "GB0001", "cardNo": CARD, "since": "2016-12-01", **given}
    result = change(api, "assignDuty", **arguments)
    assert (result["__typename"], result["field"], result["code"]) == ("Invalid", field, code)
    assert result["zh"]
    assert result["en"]
    assert len(ask(api, "{ dataVersions { sequence } }")["dataVersions"]) == 1


def test_who_has_left_cannot_be_given_a_duty(api: GraphQLApi) -> None:
    query = '{ cadres(area: {code: "513431"}, where: {leftOn: {lt: "2016-12-01"}}, first: 1) { nodes { cadreNo } } }'
    cadre = ask(api, query)["cadres"]["nodes"][0]["cadreNo"]
    result = change(api, "assignDuty", duty="HELPER", cadreNo=cadre, cardNo=CARD, since="2016-12-01")
    assert (result["field"], result["code"]) == ("cadreNo", "HOLDER_HAS_LEFT")
    assert "-" in result["zh"], "the day as days are written"


def test_a_visit_ends_a_gap(api: GraphQLApi) -> None:
    card, cadre = min(gaps(api, "VISIT")), present_cadre(api)
    result = change(api, "recordVisit", cadreNo=cadre, cardNo=card, on="2016-12-20", note="核对收入")
    assert {"on": "2016-12-20", "note": "核对收入", "node": {"cadreNo": cadre}} in result["subject"]["visits"]["edges"]
    assert card not in gaps(api, "VISIT")
    other_note = change(api, "recordVisit", cadreNo=cadre, cardNo=card, on="2016-12-20", note="别的", clientKey="k2")
    assert (other_note["__typename"], other_note["code"]) == ("Conflict", "RECORDED_OTHERWISE")
    future = change(api, "recordVisit", cadreNo=cadre, cardNo=card, on="2999-01-01", clientKey="k3")
    assert (future["field"], future["code"]) == ("on", "DAY_IN_FUTURE")


def test_what_lies_elsewhere_is_not_there(api: GraphQLApi) -> None:
    arguments: dict[str, Any] = {"duty": "HELPER", "cadreNo": present_cadre(api), "cardNo": CARD, "since": "2016-12-01"}
    result = change(api, "assignDuty", ("513431200",), **arguments)
    assert result == change(api, "assignDuty", ("513431200",), **{**arguments, "cardNo": "none"}) | {
        "zh": result["zh"],
        "en": result["en"],
    }
    assert (result["field"], result["code"]) == ("cardNo", "RECORD_UNKNOWN")


def test_the_same_files_again_do_not_take_a_change_back(api: GraphQLApi, registered: Store) -> None:
    query = '{ household(cardNo: "%s") { helpers(ever: true) { edges { until node { cadreNo } } } } }'
    card = next(card for card in (CARD, OTHER) if card not in gaps(api, "HELPER"))
    edge = next(e for e in ask(api, query % card)["household"]["helpers"]["edges"] if e["until"] is None)
    change(api, "endDuty", duty="HELPER", cadreNo=edge["node"]["cadreNo"], cardNo=card, until="2016-12-15")
    after = ask(api, query % card)
    report = import_files(registered, [REGISTER])
    assert report.changed == 0
    assert "CHANGE_KEPT" in [remark.code for remark in report.remarks]
    assert ask(api, query % card) == after


def test_a_change_can_be_undone(api: GraphQLApi, registered: Store) -> None:
    before, cadre = gaps(api, "HELPER"), present_cadre(api)
    arguments: dict[str, Any] = {"duty": "HELPER", "cadreNo": cadre, "cardNo": min(before), "since": "2016-12-01"}
    result = change(api, "assignDuty", **arguments)
    assert undo(registered) == result["dataVersion"]
    assert gaps(api, "HELPER") == before
    assert change(api, "assignDuty", **arguments)["code"] == "CHANGE_UNDONE", "its key is spent"
    assert change(api, "assignDuty", **arguments, clientKey="k2")["changed"]


def test_while_an_import_runs_a_change_is_told_so(
    api: GraphQLApi, registered: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph_service.core.recording.writer_lock.LOCK_TIMEOUT_SECONDS", 0.3)
    token = acquire(registered)
    arguments: dict[str, Any] = {"duty": "HELPER", "cadreNo": present_cadre(api), "cardNo": CARD, "since": "2016-12-01"}
    refused = change(api, "assignDuty", **arguments)
    assert (refused["__typename"], refused["code"]) == ("Conflict", "WRITER_BUSY")
    release(registered, token)
    assert change(api, "assignDuty", **arguments)["__typename"] == "AssignDutySuccess"


def test_many_at_once_are_all_made(api: GraphQLApi, registered: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Concurrent changes, each with its own key, and each sent twice."""
    monkeypatch.setattr("graph_service.core.recording.writer_lock.LOCK_TIMEOUT_SECONDS", 60.0)
    cadre, cards = present_cadre(api), sorted(gaps(api, "HELPER"))[:6]
    results: list[dict[str, Any]] = []

    def send(card: str) -> None:
        results.append(
            change(api, "assignDuty", duty="HELPER", cadreNo=cadre, cardNo=card, since="2016-12-01", clientKey=card)
        )

    threads = [threading.Thread(target=send, args=[card]) for card in cards * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result["changed"] for result in results) == [False] * 6 + [True] * 6, results
    assert len(ask(api, "{ dataVersions { sequence } }")["dataVersions"]) == 7
    assert not set(cards) & gaps(api, "HELPER")


def test_a_key_is_remembered_also_where_nothing_changed(api: GraphQLApi) -> None:
    cadre, card = present_cadre(api), min(gaps(api, "VISIT"))
    visit: dict[str, Any] = {"cadreNo": cadre, "cardNo": card, "on": "2016-12-20"}
    assert change(api, "recordVisit", **visit)["changed"]
    unchanged = change(api, "recordVisit", **visit, clientKey="k2")
    assert not unchanged["changed"]
    assert change(api, "recordVisit", **{**visit, "on": "2016-12-21"}, clientKey="k2")["__typename"] == "Conflict"
    change(api, "recordVisit", **{**visit, "on": "2016-12-22"}, clientKey="k3")
    assert change(api, "recordVisit", **visit, clientKey="k2") == unchanged, "whatever came since"


def test_a_duty_is_not_assigned_twice_at_once(api: GraphQLApi) -> None:
    arguments: dict[str, Any] = {"duty": "HELPER", "cadreNo": present_cadre(api), "cardNo": min(gaps(api, "HELPER"))}
    assert change(api, "assignDuty", **arguments, since="2016-12-01")["changed"]
    result = change(api, "assignDuty", **arguments, since="2016-12-15", clientKey="k2")
    assert (result["__typename"], result["code"]) == ("Conflict", "ALREADY_ASSIGNED")
    assert "2016-12-01" in result["en"]


def test_every_refusal_has_the_same_fields(api: GraphQLApi) -> None:
    """Read an Invalid, a Conflict and a Forbidden by the interface alone."""
    refusal = "{ __typename ... on Refusal { code zh en } }"
    query = f"mutation($visit: RecordVisitInput!, $undo: UndoImportInput!) {{ recordVisit(input: $visit) {refusal} undoImport(input: $undo) {refusal} }}"
    variables = {
        "visit": {"clientKey": "k", "cadreNo": "GB0001", "cardNo": CARD, "on": "2999-01-01"},
        "undo": {"dataVersion": 99},
    }
    everywhere, county = (ask(api, query, granted, **variables) for granted in (("",), ("513431",)))
    assert everywhere == {
        "recordVisit": {
            "__typename": "Invalid",
            "code": "DAY_IN_FUTURE",
            "zh": "on：日期在今天之后。请填写今天或以前的日期。",
            "en": "on: The day is in the future. Give today or an earlier day.",
        },
        "undoImport": {
            "__typename": "Conflict",
            "code": "NOT_THE_NEWEST_VERSION",
            "zh": "未作变更：最新数据版本为 1。只能撤销最新版本。",
            "en": "Nothing was changed: The newest data version is 1. Only the newest version can be undone.",
        },
    }
    assert (county["undoImport"]["__typename"], county["undoImport"]["code"]) == ("Forbidden", "OUTSIDE_GRANTED_AREAS")


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("recordVisit", {"on": "0001-01-01"}),
        ("recordVisit", {"on": "2016-12-20", "clientKey": "  "}),
        ("assignDuty", {"duty": "HELPER", "since": "0001-01-01"}),
        ("endDuty", {"duty": "HELPER", "until": "9999-12-31"}),
    ],
)
def test_days_and_keys_that_are_slips_are_refused(api: GraphQLApi, name: str, more: dict[str, Any]) -> None:
    result = change(api, name, cadreNo="GB0001", cardNo=CARD, **more)
    assert (result["__typename"], result["field"] in ("on", "clientKey", "since", "until")) == ("Invalid", True)
    assert len(ask(api, "{ dataVersions { sequence } }")["dataVersions"]) == 1


def test_of_several_who_undo_the_same_all_come_to_the_same(api: GraphQLApi, registered: Store) -> None:
    query = "mutation($v: Int!) { undoImport(input: {dataVersion: $v}) { __typename ... on UndoImportSuccess { undone changed } } }"
    visit: dict[str, Any] = {"cadreNo": present_cadre(api), "cardNo": min(gaps(api, "VISIT")), "on": "2016-12-20"}
    version = change(api, "recordVisit", **visit)["dataVersion"]
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(ask(api, query, v=version)["undoImport"])) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["changed"] for answer in answers) == [False, False, False, True]
    assert {answer["undone"] for answer in answers} == {version}
