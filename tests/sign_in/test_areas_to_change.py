"""Changes of records that their author may read and not change: the refusal says so; of what may not be read, it is that of a missing record."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.core.rules import sensitive_checks
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.sign_in.services import AccessServices
from tests.sign_in.conftest import COUNTY, TOWN, Ask

FAR = "513432"
RECORDS = {
    "household": ("households(area: {code: $area}, first: 500)", "cardNo"),
    "asset": ("assets(area: {code: $area}, first: 500)", "assetNo"),
}
HOLDER = 'holder: {cardNo: "%s"}'
CHANGES = {
    "waiveDuty": ("household", 'duty: HELPER, cardNo: "%s", reason: "外出务工", until: "2099-12-31"'),
    "assignDuty": ("household", 'duty: HELPER, cadreNo: "none", cardNo: "%s", since: "2016-12-01"'),
    "endDuty": ("household", 'duty: HELPER, cadreNo: "none", cardNo: "%s", until: "2016-12-01"'),
    "recordVisit": ("household", 'cadreNo: "none", cardNo: "%s", on: "2016-12-01"'),
    "applyAssignments": ("household", 'since: "2016-12-01", assignments: [{cadreNo: "none", cardNo: "%s"}]'),
    "openProblem": ("household", 'problemNo: "P1", content: "住房漏雨", cardNo: "%s", cadreNo: "none", due: "2099-12-31"'),
    "announceDividend": ("asset", 'distributionNo: "D1", assetNo: "%s", year: 2016, amount: "1", recordDate: "2016-12-31"'),
    "issueShares": ("asset", 'decisionNo: "D1", assetNo: "%s", decidedOn: "2016-12-31", shares: [{holder: {cardNo: "none"}, shares: 1, kind: ORDINARY}]'),
}  # fmt: skip


@pytest.fixture(autouse=True)
def users(access: AccessServices, imported: ImportReport) -> None:
    """Users who may change the town: wang reads the county as an official, mixed as a front end; far has nothing there."""
    access.grants.add(AccessGrant("mixed", Role.FRONT_END, (COUNTY,)))
    access.grants.add(AccessGrant("mixed", Role.OFFICIAL, (TOWN,), (TOWN,)))
    access.grants.add(AccessGrant("far", Role.OFFICIAL, (FAR,), (FAR,)))


@pytest.fixture
def keys(access: AccessServices) -> dict[str, str]:
    return {user: access.api_keys.create(user, "admin")[0] for user in ("wang", "deng", "mixed", "far")}


def make(ask: Ask, user: str, name: str, values: str) -> dict[str, Any]:
    """Return the result of a change, which must not be made."""
    query = f'mutation {{ made: {name}(input: {{clientKey: "k", {values}}}) {{ __typename ... on Refusal {{ code zh en }} ... on Invalid {{ field }} }} }}'
    made: dict[str, Any] = ask(user, query)["data"]["made"]
    assert not made["__typename"].endswith("Success"), made
    return made


def outside_town(ask: Ask, kind: str) -> str:
    """Return the key of a record in the county and outside of the town."""
    question, key = RECORDS[kind]
    listed = [
        {
            row[key]
            for row in ask("deng", f"query($area: String!) {{ rows: {question} {{ nodes {{ {key} }} }} }}", area=area)[
                "data"
            ]["rows"]["nodes"]
        }
        for area in (COUNTY, TOWN)
    ]
    return str(min(listed[0] - listed[1]))


@pytest.mark.parametrize("name", CHANGES)
def test_what_may_be_read_and_not_changed_is_called_so(ask: Ask, name: str) -> None:
    kind, values = CHANGES[name]
    record = outside_town(ask, kind)
    for user in ("wang", "mixed"):
        refused = make(ask, user, name, values % record)
        assert (refused["__typename"], refused["code"]) == ("Forbidden", "OUTSIDE_GRANTED_AREAS"), refused
        assert f"{record} 在您可查看的区划内，但不在可变更的区划内" in refused["zh"]


@pytest.mark.parametrize("name", CHANGES)
def test_what_may_not_be_read_is_called_missing(ask: Ask, name: str) -> None:
    kind, values = CHANGES[name]
    record = outside_town(ask, kind)
    hidden, absent = (make(ask, "far", name, values % key) for key in (record, "0000"))
    assert (hidden["__typename"], hidden["code"]) == ("Invalid", "RECORD_UNKNOWN")
    assert {name: value.replace(record, "0000") for name, value in hidden.items()} == absent
    # The same for who reads much and names what does not exist.
    assert make(ask, "wang", name, values % "0000") == absent


FINDINGS = """query($area: String!, $codes: [CheckCode!]) { found: checkFindings(area: {code: $area}, codes: $codes, purpose: "核查", first: 500) {
  nodes { finding { findingNo check } } } }"""
WAIVE = "waiveFinding", 'findingNo: "%s", reason: "已核实", until: "2099-12-31"'
RESOLVE = "resolveFinding", 'findingNo: "%s", note: "已更正"'
PURPOSE = ', purpose: "核查"'


def finding_outside_town(ask: Ask, *, is_sensitive: bool) -> str:
    codes = list(sensitive_checks()) if is_sensitive else None
    county, town = (
        {row["finding"]["findingNo"]: row["finding"]["check"] for row in ask("deng", FINDINGS, area=area, codes=codes)["data"]["found"]["nodes"]}
        for area in (COUNTY, TOWN)
    )  # fmt: skip
    return str(
        min(
            number
            for number, check in county.items()
            if number not in town and (check in sensitive_checks()) is is_sensitive and f"!{COUNTY}" in number
        )
    )


@pytest.mark.parametrize(("name", "values"), [WAIVE, RESOLVE], ids=["waive", "resolve"])
@pytest.mark.parametrize("is_sensitive", [False, True], ids=["plain", "sensitive"])
def test_a_finding_that_may_be_read_and_not_changed_is_called_so(
    ask: Ask, name: str, values: str, is_sensitive: bool
) -> None:
    number, purpose = finding_outside_town(ask, is_sensitive=is_sensitive), PURPOSE if is_sensitive else ""
    absent = make(ask, "wang", name, values % f"{number}0" + purpose)
    assert absent["code"] == "RECORD_UNKNOWN"
    assert make(ask, "wang", name, values % number + purpose)["code"] == "OUTSIDE_GRANTED_AREAS"
    hidden = make(ask, "far", name, values % number + purpose)
    assert {name: value.replace(number, f"{number}0") for name, value in hidden.items()} == absent


@pytest.mark.parametrize(("name", "values"), [WAIVE, RESOLVE], ids=["waive", "resolve"])
def test_a_sensitive_finding_is_not_told_to_who_reads_records_only(ask: Ask, name: str, values: str) -> None:
    number = finding_outside_town(ask, is_sensitive=True)
    codes = []
    for finding_no in (number, f"{number}0"):
        query = f'mutation {{ made: {name}(input: {{clientKey: "k", {values % finding_no}{PURPOSE}}}) {{ ... on Refusal {{ code }} }} }}'
        [error] = ask("mixed", query)["errors"]
        codes.append(error["extensions"]["code"])
        assert make(ask, "mixed", name, values % finding_no)["code"] == "REQUIRED_VALUE_MISSING"
    assert codes == ["ACCESS_DENIED"] * 2
    plain = finding_outside_town(ask, is_sensitive=False)
    assert make(ask, "mixed", name, values % plain)["code"] == "OUTSIDE_GRANTED_AREAS"


@pytest.mark.parametrize(("name", "values"), [WAIVE, RESOLVE], ids=["waive", "resolve"])
def test_a_finding_of_a_fund_that_is_listed_and_not_changed_is_called_so(ask: Ask, name: str, values: str) -> None:
    """Nobody manages the funds of the sample, so that a finding about them is changed by who may change all areas."""
    listed = ask("wang", FINDINGS, area=COUNTY, codes=["UNSPENT"])["data"]["found"]["nodes"]
    number = min(row["finding"]["findingNo"] for row in listed)
    refused = make(ask, "wang", name, values % number)
    assert (refused["__typename"], refused["code"]) == ("Forbidden", "OUTSIDE_GRANTED_AREAS")
    assert "不属于任何区划" in refused["zh"]
    assert make(ask, "mixed", name, values % number) == refused
    absent = make(ask, "wang", name, values % f"{number}0")
    hidden = make(ask, "far", name, values % number)
    assert absent["code"] == "RECORD_UNKNOWN"
    assert {name: value.replace(number, f"{number}0") for name, value in hidden.items()} == absent
