"""Emergency access: begun with a reason for a short time, logged, and reviewed by somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from graph_service.access.grants import Grants
from graph_service.access.permissions import AccessGrant
from graph_service.access.rights import Role
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.platform.local_database import utc_now
from graph_service.sign_in.services import AccessServices
from tests.sign_in.conftest import COUNTY, TOWN, Ask

BREAK = """mutation($area: String!, $reason: String!, $minutes: Int) { made: breakGlass(input: {area: $area, reason: $reason, minutes: $minutes})
  { __typename ... on BreakGlassSuccess { grant { number role readAreas writeAreas reason expiresAt } } ... on Refusal { code } } }"""
REVIEW = """mutation($number: Int!) { made: reviewEmergencyAccess(input: {number: $number, note: "属实"}) { __typename
  ... on ReviewEmergencyAccessSuccess { emergency { reviewedBy note grant { user } } } ... on Refusal { code } } }"""
LIST = "query($reviewed: Boolean) { emergencyAccess(reviewed: $reviewed) { grant { number user reason } reviewedBy } }"
FULL = '{ persons(first: 1) { nodes { current { full(purpose: "抢险转移") { status bornOn } } } } }'
REASON = "洪水转移群众，需联系家属"


@pytest.fixture(autouse=True)
def register(imported: ImportReport) -> None:
    assert imported.sequence == 1


@pytest.fixture(autouse=True)
def visitor(access: AccessServices) -> None:
    """An official of another county."""
    access.grants.add(AccessGrant("nobody", Role.OFFICIAL, ("510104",), ("510104",)))


def made(answer: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = answer["data"]["made"]
    return result


def test_an_official_reads_another_county_until_the_time_is_over(ask: Ask, access: AccessServices) -> None:
    assert ask("nobody", FULL)["data"]["persons"]["nodes"] == []
    grant = made(ask("nobody", BREAK, area=COUNTY, reason=REASON, minutes=5))["grant"]
    assert (grant["role"], grant["readAreas"], grant["writeAreas"]) == ("EMERGENCY", [COUNTY], [])
    [person] = ask("nobody", FULL)["data"]["persons"]["nodes"]
    assert person["current"]["full"]["status"] == "SHOWN"
    later = Grants(access.database).permissions_of("nobody", utc_now() + timedelta(minutes=6))
    assert later.roles == (Role.OFFICIAL,)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"area": COUNTY, "reason": "急"}, "REQUIRED_VALUE_MISSING"),
        ({"area": "51", "reason": REASON}, "OUT_OF_RANGE"),
        ({"area": "", "reason": REASON}, "OUT_OF_RANGE"),
        ({"area": COUNTY, "reason": REASON, "minutes": 61}, "OUT_OF_RANGE"),
        ({"area": COUNTY, "reason": REASON, "minutes": 0}, "OUT_OF_RANGE"),
        ({"area": "x", "reason": REASON}, "VALUE_NOT_ALLOWED"),
    ],
)
def test_it_needs_a_reason_a_small_area_and_a_short_time(ask: Ask, arguments: dict[str, Any], code: str) -> None:
    assert made(ask("nobody", BREAK, **arguments))["code"] == code


@pytest.mark.parametrize("user", ["portal", "shen", "admin"])
def test_roles_without_the_right_cannot_begin_one(ask: Ask, user: str) -> None:
    assert made(ask(user, BREAK, area=TOWN, reason=REASON))["code"] == "RIGHT_MISSING"


def test_nobody_can_be_granted_it(ask: Ask) -> None:
    query = f'mutation {{ made: grantAccess(input: {{user: "li", role: EMERGENCY, readAreas: ["{TOWN}"], reason: "x"}}) {{ ... on Refusal {{ code }} }} }}'
    assert made(ask("admin", query))["code"] == "VALUE_NOT_ALLOWED"


def test_an_auditor_reviews_it_once(ask: Ask) -> None:
    number = made(ask("nobody", BREAK, area=COUNTY, reason=REASON))["grant"]["number"]
    waiting = ask("shen", LIST, reviewed=False)["data"]["emergencyAccess"]
    assert waiting == [{"grant": {"number": number, "user": "nobody", "reason": REASON}, "reviewedBy": None}]
    review = made(ask("shen", REVIEW, number=number))["emergency"]
    assert review == {"reviewedBy": "shen", "note": "属实", "grant": {"user": "nobody"}}
    assert ask("shen", LIST, reviewed=False)["data"]["emergencyAccess"] == []
    assert made(ask("shen", REVIEW, number=number))["code"] == "ALREADY_DECIDED"
    for user in ("nobody", "portal", "admin"):
        assert made(ask(user, REVIEW, number=number))["code"] == "RIGHT_MISSING"


def test_an_auditor_of_the_same_name_does_not_review_the_own_access(ask: Ask, access: AccessServices) -> None:
    access.grants.add(AccessGrant("nobody", Role.AUDITOR, (COUNTY,)))
    number = made(ask("nobody", BREAK, area=COUNTY, reason=REASON))["grant"]["number"]
    assert made(ask("nobody", REVIEW, number=number))["code"] == "OWN_ACCOUNT"
