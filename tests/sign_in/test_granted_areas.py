"""Areas that a request names by their code: refused where they are not granted or do not exist, and marked where they are granted in part."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.sign_in.services import AccessServices
from tests.sign_in.conftest import COUNTY, TOWN, Ask

VILLAGE, OTHER_TOWN, OTHER_VILLAGE, OTHER_COUNTY = f"{TOWN}200", "513431101", "513431101200", "513432"
SINGLE = {
    "area": "query($code: String!) { area(code: $code) { name } }",
    "village": "query($code: String!) { village(code: $code) { households { totalCount } } }",
    "villageYear": "query($code: String!) { villageYear(code: $code, year: 2016) { poor } }",
    "areaYear": "query($code: String!) { areaYear(code: $code, year: 2016) { clinic } }",
    "exit of a county": "query($code: String!) { exitReadiness(subject: {countyCode: $code}) { standard { result } } }",
    "exit of a village": "query($code: String!) { exitReadiness(subject: {villageCode: $code}) { standard { result } } }",
    "chains from a village": "query($code: String!) { benefitChains(from: {villageCode: $code}) { totalCount } }",
    "chains to a village": 'query($code: String!) { benefitChains(from: {fundNo: "ZJ000"}, to: {villageCode: $code}) { totalCount } }',
    "audit log": "query($code: String!) { auditLog(areaCode: $code) { totalCount } }",
    "list": "query($code: String!) { households(area: {code: $code}) { totalCount } }",
    "question": "query($code: String!) { coverageGaps(area: {code: $code}) { eligibleCount } }",
    "search": 'query($code: String!) { search(text: "王", area: {code: $code}) { nodes { text } } }',
}  # fmt: skip
"""Queries that name an area by its code."""
PARTS = ("area", "audit log", "list", "question", "search")
"""Those that are answered for an area of which a part is granted."""


@pytest.fixture(autouse=True)
def user(access: AccessServices, imported: ImportReport) -> str:
    """Return a user who reads, and audits, one town."""
    for role in (Role.OFFICIAL, Role.AUDITOR):
        access.grants.add(AccessGrant("nobody", role, (TOWN,)))
    return "nobody"


def code_of(answer: dict[str, Any]) -> str:
    """Return the code of the only error of an answer without data."""
    assert list(answer["data"].values()) == [None], answer
    [error] = answer["errors"]
    code: str = error["extensions"]["code"]
    return code


@pytest.mark.parametrize("query", SINGLE)
@pytest.mark.parametrize("area", [OTHER_TOWN, OTHER_VILLAGE, OTHER_COUNTY])
def test_an_area_that_is_not_granted_is_refused_wherever_it_is_named(
    ask: Ask, user: str, query: str, area: str
) -> None:
    assert code_of(ask(user, SINGLE[query], code=area)) == "AREA_NOT_GRANTED"


@pytest.mark.parametrize("query", SINGLE)
@pytest.mark.parametrize("area", ["999999", "5134311", f"{TOWN}999"])
def test_an_area_that_does_not_exist_is_unknown_wherever_it_is_named(
    ask: Ask, user: str, query: str, area: str
) -> None:
    assert code_of(ask(user, SINGLE[query], code=area)) == "AREA_UNKNOWN"


@pytest.mark.parametrize("query", [name for name in SINGLE if name not in (*PARTS, "village")])
def test_what_is_about_all_of_an_area_is_refused_where_a_part_is_granted(ask: Ask, user: str, query: str) -> None:
    assert code_of(ask(user, SINGLE[query], code=COUNTY)) == "AREA_NOT_GRANTED"


@pytest.mark.parametrize("query", [name for name in PARTS if name != "area"])
def test_an_answer_about_a_part_of_an_area_says_which_part_it_is(ask: Ask, user: str, query: str) -> None:
    answer = ask(user, SINGLE[query], code=f"{COUNTY}000000")
    assert "errors" not in answer
    assert answer["extensions"]["grantedParts"] == {COUNTY: [TOWN]}
    assert "grantedParts" not in ask(user, SINGLE[query], code=TOWN)["extensions"]


def test_the_parts_are_those_of_the_mode(ask: Ask, user: str, access: AccessServices) -> None:
    access.grants.add(AccessGrant(user, Role.OFFICIAL, (OTHER_VILLAGE,)))
    query = (
        "query($area: AreaScope!) { a: households(area: $area) { totalCount } b: persons(area: $area) { totalCount } }"
    )
    for mode, parts in (("DESCENDANTS", [TOWN, OTHER_VILLAGE]), ("CHILDREN", [TOWN])):
        answer = ask(user, query, area={"code": COUNTY, "mode": mode})
        assert answer["extensions"]["grantedParts"] == {COUNTY: parts}


def test_an_area_above_is_shown_by_its_name_and_not_counted(ask: Ask, user: str) -> None:
    assert ask(user, SINGLE["area"], code=COUNTY)["data"]["area"]["name"] == "昭觉县"
    counted = "query($code: String!) { area(code: $code) { name counts { villages households } } }"
    assert code_of(ask(user, counted, code=COUNTY)) == "AREA_NOT_GRANTED"
    town = ask(user, counted, code=TOWN)
    assert town == ask("shen", counted, code=TOWN)
    assert town["data"]["area"]["counts"]["households"] > 0


@pytest.mark.parametrize(
    "query",
    [
        "{ villages(first: 1) { nodes { parent { parent { counts { villages } } } } } }",
        '{ coverageSummary(area: {code: "513431"}, by: COUNTY) { nodes { area { counts { households } } } } }',
        '{ area(code: "513431") { children { nodes { code counts { persons } } } } }',
    ],
)
def test_no_other_way_leads_to_counts_of_a_part(ask: Ask, user: str, query: str) -> None:
    assert code_of(ask(user, query)) == "AREA_NOT_GRANTED"
    assert "errors" not in ask("shen", query)


def test_padded_codes_name_the_same_area(ask: Ask, user: str) -> None:
    for padded, code in ((f"{TOWN}000", TOWN), (VILLAGE, VILLAGE)):
        assert ask(user, "query($code: String!) { area(code: $code) { code } }", code=padded)["data"]["area"] == {
            "code": code
        }


def test_an_area_that_is_no_village_is_none(ask: Ask, user: str) -> None:
    for code in (TOWN, COUNTY):
        assert ask(user, SINGLE["village"], code=code)["data"] == {"village": None}


def test_a_filter_by_the_code_of_an_area_elsewhere_matches_nothing(ask: Ask, user: str) -> None:
    query = "query($code: String!) { households(where: {village: {village: {code: {eq: $code}}}}) { totalCount } }"
    for code in (OTHER_VILLAGE, "999999999999"):
        answer = ask(user, query, code=code)
        assert ("errors" in answer, answer["data"]["households"]["totalCount"]) == (False, 0)


def test_a_household_elsewhere_is_answered_like_one_that_does_not_exist(ask: Ask, user: str) -> None:
    cards = ask("wang", f'{{ households(area: {{code: "{OTHER_TOWN}"}}, first: 1) {{ nodes {{ cardNo }} }} }}')
    hidden, missing = cards["data"]["households"]["nodes"][0]["cardNo"], f"{OTHER_VILLAGE}9999"
    for query in (
        "query($card: String!) { exitReadiness(subject: {cardNo: $card}) { standard { result } } }",
        "query($card: String!) { benefitChains(from: {cardNo: $card}) { totalCount } }",
    ):
        texts = set()
        for card in (hidden, missing):
            [error] = ask(user, query, card=card)["errors"]
            assert error["extensions"]["code"] == "NOT_FOUND"
            texts.add(error["message"].replace(card, ""))
        assert len(texts) == 1
        assert "or it lies outside of the areas that you may read" in texts.pop()


def test_an_exported_file_says_that_it_is_about_a_part(client: TestClient, user: str, keys: dict[str, str]) -> None:
    headers = {"authorization": f"Bearer {keys[user]}"}
    for area, is_part in ((COUNTY, True), (TOWN, False)):
        response = client.get(f"/exports/households.xlsx?area={area}", headers=headers)
        assert response.status_code == 200
        name = unquote(response.headers["content-disposition"])
        assert (f"{area}部分-" in name, f"{area}-part-" in name) == (is_part, is_part)
        sheet = load_workbook(io.BytesIO(response.content))["说明"]
        notes = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
        assert notes.get("仅含已授权部分 Granted parts only") == (TOWN if is_part else None)


@pytest.mark.parametrize(
    ("export", "status", "code"),
    [
        (f"households.csv?area={OTHER_COUNTY}", 403, "AREA_NOT_GRANTED"),
        ("households.csv?area=999999", 400, "AREA_UNKNOWN"),
        (f"publishedTotals.xlsx?area={TOWN}", 400, "ARGUMENT_INVALID"),
        ("benefitChains.csv?cardNo=513431101200999", 404, "NOT_FOUND"),
    ],
)
def test_a_refused_export_has_the_status_of_its_error(
    client: TestClient, user: str, keys: dict[str, str], export: str, status: int, code: str
) -> None:
    response = client.get(f"/exports/{export}", headers={"authorization": f"Bearer {keys[user]}"})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (status, code)


def test_an_outsider_exports_published_totals_and_is_refused_all_else(
    client: TestClient, access: AccessServices
) -> None:
    access.grants.add(AccessGrant("xue", Role.OUTSIDER, (COUNTY,)))
    headers = {"authorization": f"Bearer {access.api_keys.create('xue', 'admin')[0]}"}
    for format_ in ("csv", "xlsx"):
        totals = client.get(f"/exports/publishedTotals.{format_}?area={COUNTY}", headers=headers)
        assert totals.status_code == 200, totals.text
        refused = client.get(f"/exports/households.{format_}?area={COUNTY}", headers=headers)
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "ACCESS_DENIED")
