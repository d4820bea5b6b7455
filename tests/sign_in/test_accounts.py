"""Administration of access through the API: who may grant what to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.cli.access import access as access_command
from graph_service.core.refusals import refusal_code
from graph_service.errors import AreaUnknown, ChangeInvalid
from graph_service.sign_in.services import AccessServices
from tests.sign_in.conftest import COUNTY, Ask

GRANT = """mutation($input: GrantAccessInput!) { grantAccess(input: $input) {
  ... on Refusal { code } ... on GrantAccessSuccess { grant { number user role readAreas writeAreas grantedBy reason } } } }"""
REVOKE = """mutation($number: Int!) { revokeAccess(input: {number: $number}) {
  ... on Refusal { code } ... on RevokeAccessSuccess { grant { user revokedBy } } } }"""
CREATE_KEY = """mutation($user: String!) { createApiKey(input: {user: $user}) {
  ... on Refusal { code } ... on CreateApiKeySuccess { key apiKey { number user createdBy } } } }"""
REVOKE_KEY = """mutation($number: Int!) { revokeApiKey(input: {number: $number}) {
  ... on Refusal { code } ... on RevokeApiKeySuccess { apiKey { user revokedBy } } } }"""


def grant(user: str = "li", role: str = "OFFICIAL", read: list[str] | None = None, **values: Any) -> dict[str, Any]:
    return {"user": user, "role": role, "readAreas": [COUNTY] if read is None else read, "reason": "驻县", **values}


def test_an_administrator_grants_and_revokes(ask: Ask) -> None:
    result = ask("admin", GRANT, input=grant(writeAreas=["513431100", "513431100200"]))["data"]["grantAccess"]["grant"]
    number = result.pop("number")
    assert result == {
        "user": "li", "role": "OFFICIAL", "readAreas": [COUNTY], "writeAreas": ["513431100"], "grantedBy": "admin", "reason": "驻县",
    }  # fmt: skip
    listed = ask("admin", "{ accessGrants { number user } }")["data"]["accessGrants"]
    assert {"number": number, "user": "li"} in listed
    revoked = ask("admin", REVOKE, number=number)["data"]["revokeAccess"]
    assert revoked == {"grant": {"user": "li", "revokedBy": "admin"}}
    listed = ask("admin", "{ accessGrants { number } }")["data"]["accessGrants"]
    assert {"number": number} not in listed
    listed = ask("admin", "{ accessGrants(ended: true) { number } }")["data"]["accessGrants"]
    assert {"number": number} in listed


def test_only_an_administrator_manages_access(ask: Ask) -> None:
    for user in ("portal", "wang", "shen", "deng", "nobody"):
        assert ask(user, GRANT, input=grant())["data"]["grantAccess"] == {"code": "RIGHT_MISSING"}
        assert ask(user, REVOKE, number=1)["data"]["revokeAccess"] == {"code": "RIGHT_MISSING"}
        assert ask(user, CREATE_KEY, user="wang")["data"]["createApiKey"] == {"code": "RIGHT_MISSING"}
        assert ask(user, REVOKE_KEY, number=1)["data"]["revokeApiKey"] == {"code": "RIGHT_MISSING"}
        for field in ("accessGrants", "apiKeys"):
            assert ask(user, f"{{ {field} {{ number }} }}")["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_an_administrator_of_a_county_grants_within_it(ask: Ask) -> None:
    def code(**values: Any) -> Any:
        return ask("county-admin", GRANT, input=grant(**values))["data"]["grantAccess"].get("code")

    assert code() is None
    assert code(read=["5134"]) == "OUTSIDE_GRANTED_AREAS"
    assert code(read=[""]) == "OUTSIDE_GRANTED_AREAS"
    assert code(read=["513432"]) == "OUTSIDE_GRANTED_AREAS"
    listed = ask("county-admin", "{ accessGrants { user } }")["data"]["accessGrants"]
    assert {row["user"] for row in listed} == {"portal", "wang", "county-admin", "li"}


def test_an_administrator_of_a_county_takes_nothing_of_others(ask: Ask) -> None:
    [number] = [
        row["number"]
        for row in ask("admin", "{ accessGrants { number user } }")["data"]["accessGrants"]
        if row["user"] == "shen"
    ]
    assert ask("county-admin", REVOKE, number=number)["data"]["revokeAccess"] == {"code": "RECORD_UNKNOWN"}
    assert ask("county-admin", CREATE_KEY, user="shen")["data"]["createApiKey"] == {"code": "OUTSIDE_GRANTED_AREAS"}
    keys = ask("admin", "{ apiKeys { number user } }")["data"]["apiKeys"]
    [key] = [row["number"] for row in keys if row["user"] == "shen"]
    assert ask("county-admin", REVOKE_KEY, number=key)["data"]["revokeApiKey"] == {"code": "RECORD_UNKNOWN"}


def test_nobody_grants_to_themselves(ask: Ask) -> None:
    assert ask("admin", GRANT, input=grant("admin", "REGISTRAR", [""]))["data"]["grantAccess"] == {
        "code": "OWN_ACCOUNT"
    }


def test_what_is_no_area_is_refused(ask: Ask) -> None:
    for read in (["51343"], ["昭觉县"], ["*"], ["513431 513432"], ["５１"]):
        assert ask("admin", GRANT, input=grant(read=read))["data"]["grantAccess"] == {"code": "VALUE_NOT_ALLOWED"}, read
    assert ask("admin", GRANT, input=grant(writeAreas=["513432"]))["data"]["grantAccess"] == {"code": "OUT_OF_RANGE"}
    assert ask("admin", GRANT, input=grant(expiresOn="2016-01-01"))["data"]["grantAccess"] == {"code": "DAY_TOO_EARLY"}
    assert ask("admin", GRANT, input=grant(" "))["data"]["grantAccess"] == {"code": "REQUIRED_VALUE_MISSING"}


REQUESTS = [
    ("OFFICIAL", ["513431"], [], None),
    ("OFFICIAL", ["513431"], ["513431100"], None),
    ("OFFICIAL", [], ["513431100"], None),
    ("OFFICIAL", [], [], ("readAreas", "REQUIRED_VALUE_MISSING")),
    ("OFFICIAL", ["513431100"], ["513431"], ("writeAreas", "OUT_OF_RANGE")),
    ("OFFICIAL", ["999999"], [], ("readAreas", "RECORD_UNKNOWN")),
    ("OFFICIAL", ["513431999"], [], ("readAreas", "RECORD_UNKNOWN")),
    ("OFFICIAL", ["513431100999"], [], None),
    ("FRONT_END", ["513431"], ["513431"], ("writeAreas", "VALUE_NOT_ALLOWED")),
    ("AUDITOR", ["513431"], [], None),
    ("AUDITOR", ["513431"], ["513431"], ("writeAreas", "VALUE_NOT_ALLOWED")),
    ("REGISTRAR", ["513431"], ["513431"], ("writeAreas", "OUT_OF_RANGE")),
    ("REGISTRAR", [""], [], ("writeAreas", "OUT_OF_RANGE")),
    ("REGISTRAR", [], [""], None),
    ("ADMINISTRATOR", ["513431"], [], ("writeAreas", "REQUIRED_VALUE_MISSING")),
    ("ADMINISTRATOR", [], ["513431"], None),
    ("APPROVER", ["51"], [], ("writeAreas", "REQUIRED_VALUE_MISSING")),
    ("APPROVER", [], ["51"], None),
    ("MONITORING", ["51"], [], ("readAreas", "OUT_OF_RANGE")),
    ("MONITORING", [""], [], None),
    ("OUTSIDER", ["513431100"], [], ("readAreas", "OUT_OF_RANGE")),
    ("OUTSIDER", ["513431", "513432100"], [], ("readAreas", "OUT_OF_RANGE")),
    ("OUTSIDER", ["5134"], [], None),
]
"""Role, areas to read, areas to change, and the field and code with which they are refused."""


@pytest.mark.parametrize(("role", "read", "write", "refusal"), REQUESTS)
def test_the_api_and_the_command_take_and_refuse_the_same_grants(
    ask: Ask, data_folder: Path, role: str, read: list[str], write: list[str], refusal: tuple[str, str] | None
) -> None:
    query = """mutation($input: GrantAccessInput!) { made: grantAccess(input: $input) { __typename
      ... on Refusal { code } ... on Invalid { field } ... on GrantAccessSuccess { grant { readAreas writeAreas } } } }"""
    made = ask("admin", query, input=grant(role=role, read=read, writeAreas=write))["data"]["made"]
    words = [
        part
        for option, codes in (("--read", read), ("--write", write))
        for code in codes
        for part in (option, code or "all")
    ]
    result = CliRunner().invoke(
        access_command, ["grant", "li", role.lower().replace("_", "-"), *words, "--reason", "驻县"]
    )
    if refusal is None:
        assert made["__typename"] == "GrantAccessSuccess", made
        assert made["grant"]["readAreas"] == (read or write)
        assert result.exit_code == 0, result.output
        return
    assert (made["__typename"], made["field"], made["code"]) == ("Invalid", *refusal)
    if refusal[1] == "RECORD_UNKNOWN":
        assert isinstance(result.exception, AreaUnknown)
        return
    assert isinstance(result.exception, ChangeInvalid)
    assert (result.exception.details["field"], refusal_code(result.exception).name) == refusal


def test_areas_to_read_may_be_omitted(ask: Ask) -> None:
    request = {"user": "li", "role": "OFFICIAL", "writeAreas": [COUNTY], "reason": "驻县"}
    assert ask("admin", GRANT, input=request)["data"]["grantAccess"]["grant"]["readAreas"] == [COUNTY]


def test_an_administrator_of_a_county_does_not_learn_who_has_grants_elsewhere(ask: Ask, access: AccessServices) -> None:
    query = """mutation($user: String!) { createApiKey(input: {user: $user}) {
      __typename ... on Refusal { code zh en } ... on Invalid { field } } }"""
    access.grants.add(AccessGrant("far", Role.OFFICIAL, ("513432",)))
    ended = access.grants.add(AccessGrant("left", Role.OFFICIAL, ("513432",)))
    access.grants.revoke(ended.number, "admin")
    access.api_keys.create("left", "admin")
    answers = [ask("county-admin", query, user=user) for user in ("far", "left", "stranger")]
    assert answers[0]["data"]["createApiKey"]["code"] == "OUTSIDE_GRANTED_AREAS"
    assert answers == [answers[0]] * 3
    # Nor by the keys of those who had some.
    listed = "{ apiKeys(first: 100) { number user } }"
    assert "left" not in {row["user"] for row in ask("county-admin", listed)["data"]["apiKeys"]}
    [key] = [row["number"] for row in ask("admin", listed)["data"]["apiKeys"] if row["user"] == "left"]
    assert ask("county-admin", REVOKE_KEY, number=key)["data"]["revokeApiKey"] == {"code": "RECORD_UNKNOWN"}
    assert ask("admin", REVOKE_KEY, number=key)["data"]["revokeApiKey"]["apiKey"]["user"] == "left"


def test_a_county_ends_the_key_of_its_user_whose_grants_have_ended(ask: Ask, access: AccessServices) -> None:
    number = access.grants.add(AccessGrant("li", Role.OFFICIAL, (COUNTY,))).number
    key = access.api_keys.create("li", "admin")[1].number
    access.grants.revoke(number, "admin")
    assert ask("county-admin", REVOKE_KEY, number=key)["data"]["revokeApiKey"]["apiKey"]["user"] == "li"


def test_a_key_brings_its_maker_no_areas_that_the_maker_does_not_administer(ask: Ask, access: AccessServices) -> None:
    access.grants.add(AccessGrant("portal-3", Role.FRONT_END, ("513431",)))
    key = access.api_keys.create("portal-3", "county-admin")[1].number
    wider = grant(user="portal-3", read=["5134"])
    refused = ask("admin", GRANT, input=wider)["data"]["grantAccess"]
    assert refused["code"] == "OUTSIDE_GRANTED_AREAS"
    assert ask("admin", REVOKE_KEY, number=key)["data"]["revokeApiKey"]["apiKey"]["user"] == "portal-3"
    assert "code" not in ask("admin", GRANT, input=wider)["data"]["grantAccess"]


def test_a_key_is_shown_once(ask: Ask) -> None:
    created = ask("admin", CREATE_KEY, user="wang")["data"]["createApiKey"]
    assert created["key"].startswith("gsk_")
    assert created["apiKey"]["createdBy"] == "admin"
    listed = ask("admin", "{ apiKeys { number user lastUsedAt } }")
    assert created["key"] not in str(listed)
    assert ask("admin", CREATE_KEY, user="stranger")["data"]["createApiKey"] == {"code": "RECORD_UNKNOWN"}
    revoked = ask("admin", REVOKE_KEY, number=created["apiKey"]["number"])["data"]["revokeApiKey"]
    assert revoked == {"apiKey": {"user": "wang", "revokedBy": "admin"}}


def test_lists_are_paged_by_number(ask: Ask) -> None:
    numbers = [row["number"] for row in ask("admin", "{ apiKeys { number } }")["data"]["apiKeys"]]
    assert len(numbers) == len(set(numbers)) > 3
    page = ask("admin", "query($after: Int) { apiKeys(first: 2, after: $after) { number } }", after=numbers[1])
    assert [row["number"] for row in page["data"]["apiKeys"]] == numbers[2:4]
    assert ask("admin", "{ apiKeys(first: 1000) { number } }")["errors"][0]["extensions"]["code"] == "ARGUMENT_INVALID"
