"""Personal data by role: what is shown, what is masked, and that no filter, order or sum tells what is masked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from graph_service.access.masking import mask_value
from graph_service.domain.metamodel import DataClassification
from graph_service.features.imports.publish.import_report import ImportReport
from tests.sign_in.conftest import COUNTY, Ask

CARDS = f"""{{ households(area: {{code: "{COUNTY}"}}, first: 20) {{ nodes {{ cardNo
  current {{ headName phone }}
  members(first: 5) {{ nodes {{ personNo current {{ name idDocument bornOn health illness }} }} }} }} }} }}"""
FULL_DOCUMENT, FULL_PHONE = re.compile(r"\d{17}[\dX]"), re.compile(r"\b1\d{10}\b")


@pytest.fixture(autouse=True)
def register(imported: ImportReport) -> None:
    assert imported.sequence == 1


def people(answer: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (cards, yearly records of members) of an answer."""
    households = answer["data"]["households"]["nodes"]
    members = [member["current"] for each in households for member in each["members"]["nodes"]]
    return [each["current"] for each in households], members


def test_an_official_sees_the_people_of_the_area(ask: Ask) -> None:
    cards, members = people(ask("wang", CARDS))
    assert any(len(card["headName"]) > 1 and "*" not in card["headName"] for card in cards)
    assert any(FULL_PHONE.fullmatch(card["phone"] or "") for card in cards)
    assert any(member["bornOn"] for member in members)


def test_a_front_end_sees_names_and_masked_numbers(ask: Ask) -> None:
    answer = ask("portal", CARDS)
    cards, members = people(answer)
    assert all("*" not in card["headName"] for card in cards)
    assert {card["phone"] for card in cards if card["phone"]}
    assert all(re.fullmatch(r"100\*{4}\d{4}", card["phone"]) for card in cards if card["phone"])
    assert any(re.fullmatch(r"519900\*{8}\d{3}[\dX]", member["idDocument"] or "") for member in members)
    assert all(member[name] in (None, []) for member in members for name in ("bornOn", "health", "illness"))
    assert not FULL_DOCUMENT.search(str(members))
    assert not FULL_PHONE.search(str(cards))


def test_an_auditor_sees_money_and_masked_people(ask: Ask) -> None:
    cards, members = people(ask("shen", CARDS))
    assert all(re.fullmatch(r".\*\*", card["headName"]) for card in cards)
    assert all(re.fullmatch(r".\*\*", member["name"]) for member in members)
    funds = ask("shen", '{ fundReport(fundNo: "ZJ000") { attributedTotal } }')
    assert funds["data"]["fundReport"]["attributedTotal"] == "957941.13"


FILTERS = [
    '{ persons(where: {current: {idDocument: {eq: "x"}}}) { totalCount } }',
    '{ persons(where: {current: {bornOn: {lt: "1990-01-01"}}}) { totalCount } }',
    "{ persons(where: {current: {health: [HEALTHY]}}) { totalCount } }",
    "{ persons(where: {current: {illness: {isNull: false}}}) { totalCount } }",
    "{ persons(where: {not: {current: {bornOn: {isNull: true}}}}) { totalCount } }",
    '{ households(where: {members: {person: {current: {bornOn: {lt: "1990-01-01"}}}}}) { totalCount } }',
    '{ households(where: {current: {phone: {eq: "10012345678"}}}) { totalCount } }',
    "{ persons(orderBy: {by: BORN_ON}) { totalCount } }",
    "{ persons(first: 0) { aggregate(by: LABOUR) { key count } } }",
    '{ medicalBurdens(area: {code: "513431"}) { totalCount } }',
    '{ policyGaps(area: {code: "513431"}) { totalCount } }',
    '{ idleLabour(area: {code: "513431"}) { totalCount } }',
]


@pytest.mark.parametrize("query", FILTERS)
def test_no_list_tells_a_masked_value(ask: Ask, query: str) -> None:
    for user in ("portal", "shen"):
        answer = ask(user, query)
        assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED", (user, answer)
    assert "errors" not in ask("wang", query), query


def test_a_masked_name_is_not_found_by_its_letters(ask: Ask) -> None:
    cards, _ = people(ask("wang", CARDS))
    query = "query($text: String!) { search(text: $text, kinds: [HOUSEHOLD, PERSON]) { nodes { text } } }"
    for user, is_found in (("wang", True), ("portal", True), ("shen", False)):
        hits = ask(user, query, text=cards[0]["headName"])["data"]["search"]["nodes"]
        assert bool(hits) is is_found, user
    names = ask("shen", '{ households(where: {current: {headName: {startsWith: "王"}}}) { totalCount } }')
    assert names["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


@pytest.mark.parametrize("user", ["portal", "wang", "nobody"])
def test_a_caller_who_needs_no_schema_reads_none(ask: Ask, user: str) -> None:
    answer = ask(user, '{ __schema { types { name } } __type(name: "Household") { name } }')
    assert answer["data"] == {"__schema": None, "__type": None}
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"ACCESS_DENIED"}
    for query in ("{ househols { totalCount } }", "{ households(orderBy: {by: BRON_ON}) { totalCount } }"):
        assert "Did you mean" not in str(ask(user, query))
    assert "Did you mean" in str(ask("shen", "{ househols { totalCount } }"))


@pytest.mark.parametrize(
    ("class_", "value", "masked"),
    [
        (DataClassification.CONFIDENTIAL, "51990019700228002X", "519900********002X"),
        (DataClassification.CONFIDENTIAL, "10012341234", "100****1234"),
        (DataClassification.CONFIDENTIAL, "123", "****"),
        (DataClassification.CONFIDENTIAL, "", "****"),
        (DataClassification.CONFIDENTIAL, None, None),
        (DataClassification.PERSONAL, "阿尔石布", "阿**"),
        (DataClassification.PERSONAL, None, None),
        (DataClassification.SENSITIVE, ["DISABLED"], None),
        (DataClassification.SENSITIVE, "1970-02-28", None),
        (DataClassification.SENSITIVE, False, None),
    ],
)
def test_what_a_masked_value_looks_like(class_: DataClassification, value: Any, masked: Any) -> None:
    assert mask_value(class_, value) == masked
