"""Personal data by role: what is shown, what is masked, and that no filter, order or sum tells what is masked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from graph_service.access.masking import mask_value
from graph_service.domain.metamodel import DataClassification
from graph_service.features.imports.publish.import_report import ImportReport
from tests.sign_in.conftest import COUNTY, Ask

FULL_FIELDS = "status idDocument bornOn health illness"
CARDS = f"""{{ households(area: {{code: "{COUNTY}"}}, first: 20) {{ nodes {{ cardNo
  current {{ headName phone maskedFields full(purpose: "入户核查") {{ status phone }} }}
  members(first: 5) {{ nodes {{ personNo current {{ name idDocument maskedFields
    full(purpose: "入户核查") {{ {FULL_FIELDS} }} }} }} }} }} }} }}"""
FULL_DOCUMENT, FULL_PHONE = re.compile(r"\d{17}[\dX]"), re.compile(r"\b1\d{10}\b")


@pytest.fixture(autouse=True)
def register(imported: ImportReport) -> None:
    assert imported.sequence == 1


def people(answer: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return (cards, yearly records of members) of an answer."""
    households = answer["data"]["households"]["nodes"]
    members = [member["current"] for each in households for member in each["members"]["nodes"]]
    return [each["current"] for each in households], members


def test_an_official_sees_names_and_for_a_purpose_the_rest(ask: Ask) -> None:
    cards, members = people(ask("wang", CARDS))
    assert any(len(card["headName"]) > 1 and "*" not in card["headName"] for card in cards)
    assert {card["full"]["status"] for card in cards} == {"SHOWN"}
    assert any(FULL_PHONE.fullmatch(card["full"]["phone"] or "") for card in cards)
    assert any(member["full"]["bornOn"] and member["full"]["health"] for member in members)
    assert any(FULL_DOCUMENT.fullmatch(member["full"]["idDocument"] or "") for member in members)


def test_numbers_are_masked_beside_the_full_value(ask: Ask) -> None:
    cards, members = people(ask("wang", CARDS))
    assert all(re.fullmatch(r"100\*{4}\d{4}", card["phone"]) for card in cards if card["phone"])
    assert all(card["maskedFields"] == ["phone"] * (card["phone"] is not None) for card in cards)
    assert all("*" in member["idDocument"] for member in members if member["idDocument"])


def test_a_front_end_sees_names_and_masked_numbers(ask: Ask) -> None:
    cards, members = people(ask("portal", CARDS))
    assert all("*" not in card["headName"] for card in cards)
    assert all(re.fullmatch(r"100\*{4}\d{4}", card["phone"]) for card in cards if card["phone"])
    assert any(re.fullmatch(r"519900\*{8}\d{3}[\dX]", member["idDocument"] or "") for member in members)
    for full in (record["full"] for record in (*cards, *members)):
        assert full["status"] == "DENIED"
        assert set(full.values()) == {"DENIED", None}
    assert not FULL_DOCUMENT.search(str(members))
    assert not FULL_PHONE.search(str(cards))


def test_an_auditor_sees_money_and_masked_people(ask: Ask) -> None:
    cards, members = people(ask("shen", CARDS))
    assert all(re.fullmatch(r".\*\*", card["headName"]) for card in cards)
    assert all(re.fullmatch(r".\*\*", member["name"]) for member in members)
    assert all("name" in member["maskedFields"] for member in members)
    assert {record["full"]["status"] for record in (*cards, *members)} == {"DENIED"}
    funds = ask("shen", '{ fundReport(fundNo: "ZJ000") { attributedTotal } }')
    assert funds["data"]["fundReport"]["attributedTotal"] == "957941.13"


@pytest.mark.parametrize(
    "purpose",
    [
        "",
        " ",
        "x",
        "查 51990019700228002X",
        "致电 10012341234",
        "致电 100-1234-1234",
        "查 519900 19700228 002X",
        "查 519900.19700228.002X",
        "x" * 201,
        "a\nb",
    ],
)
def test_a_purpose_is_a_line_without_numbers_of_people(ask: Ask, purpose: str) -> None:
    query = (
        "query($purpose: Purpose!) { persons(first: 1) { nodes { current { full(purpose: $purpose) { health } } } } }"
    )
    answer = ask("wang", query, purpose=purpose)
    assert "data" not in answer
    assert answer["errors"][0]["extensions"]["code"] == "DOCUMENT_INVALID"


FILTERS = [
    '{ persons(purpose: "核对", where: {current: {idDocument: {eq: "x"}}}) { totalCount } }',
    '{ persons(purpose: "核对", where: {current: {bornOn: {lt: "1990-01-01"}}}) { totalCount } }',
    '{ persons(purpose: "核对", where: {current: {health: [HEALTHY]}}) { totalCount } }',
    '{ persons(purpose: "核对", where: {current: {illness: {isNull: false}}}) { totalCount } }',
    '{ persons(purpose: "核对", where: {not: {current: {bornOn: {isNull: true}}}}) { totalCount } }',
    '{ households(purpose: "核对", where: {members: {person: {current: {bornOn: {lt: "1990-01-01"}}}}}) { totalCount } }',
    '{ households(purpose: "核对", where: {current: {phone: {eq: "10012345678"}}}) { totalCount } }',
    '{ persons(purpose: "核对", orderBy: {by: BORN_ON}) { totalCount } }',
    '{ persons(purpose: "核对", first: 0) { aggregate(by: LABOUR) { key count } } }',
    '{ medicalBurdens(purpose: "核对", area: {code: "513431"}) { totalCount } }',
    '{ policyGaps(purpose: "核对", area: {code: "513431"}) { totalCount } }',
    '{ idleLabour(purpose: "核对", area: {code: "513431"}) { totalCount } }',
]


@pytest.mark.parametrize("query", FILTERS)
def test_no_list_tells_a_masked_value(ask: Ask, query: str) -> None:
    for user in ("portal", "shen"):
        answer = ask(user, query)
        assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED", (user, answer)
    assert "errors" not in ask("wang", query), query
    without_purpose = ask("wang", query.replace('purpose: "核对", ', ""))
    assert without_purpose["errors"][0]["extensions"]["code"] in ("ARGUMENT_INVALID", "DOCUMENT_INVALID")


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
    for query in (
        "{ househols { totalCount } }",
        "{ households(orderBy: {by: BRON_ON}) { totalCount } }",
        '{ households(area: {code: "51", mod: SELF}) { totalCount } }',
    ):
        text = str(ask(user, query))
        assert "Did you mean" not in text
        assert "相近的名称" not in text
    assert "Did you mean" in str(ask("shen", "{ househols { totalCount } }"))


@pytest.mark.parametrize(
    ("class_", "value", "masked"),
    [
        (DataClassification.CONFIDENTIAL, "51990019700228002X", "519900********002X"),
        (DataClassification.CONFIDENTIAL, "51990019700228002X43", "519900********002X"),
        (DataClassification.CONFIDENTIAL, "51990019700228002X43B1", "519900********002X"),
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
