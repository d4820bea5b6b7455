"""Limits: the time until a caller may come again, budgets of roles, addresses that count as one."""

from __future__ import annotations

import pytest

from graph_service.access.permissions import UNRESTRICTED, Permissions
from graph_service.access.rate_limits import OpenLimit, PerMinuteLimit, seconds_until_available
from graph_service.access.rights import Role
from graph_service.errors import RateExceeded, SettingInvalid
from graph_service.graphql.allowances import CostBudgets, parse_role_numbers
from graph_service.sign_in.hosts import client_network
from tests.callers import permissions_in
from tests.languages import assert_own_language

EVERYWHERE = ("",)


@pytest.mark.parametrize(
    ("window", "amount", "seconds"),
    [
        # (of the minute before, its seconds left, of this minute, its seconds left), of a limit of 100
        ((0, 0.0, 100, 90.0), 1, 31),
        ((0, 0.0, 100, 90.0), 50, 60),
        ((0, 0.0, 100, 90.0), 100, 90),
        ((100, 30.0, 60, 90.0), 1, 7),
        ((100, 30.0, 60, 90.0), 40, 30),
        ((0, 0.0, 400, 90.0), 100, 90),
        ((0, 0.0, 400, 90.0), 1, 76),
        ((0, 0.0, 0, 120.0), 1, 1),
    ],
    ids=str,
)
def test_a_caller_may_come_again_when_the_window_has_moved(
    window: tuple[int, float, int, float], amount: int, seconds: int
) -> None:
    assert seconds_until_available(*window, 100, amount) == seconds


def test_what_is_refused_does_not_count() -> None:
    limit = PerMinuteLimit("请求次数", "requests")
    limit.take("a", 10, 8)
    for _ in range(3):
        with pytest.raises(RateExceeded, match="上限 10") as raised:
            limit.take("a", 10, 5)
        assert 1 <= int(str(raised.value.details["seconds"])) <= 120
    limit.take("a", 10, 2)
    limit.take("b", 10, 10)


def test_what_has_begun_counts_beyond_the_limit() -> None:
    limit = PerMinuteLimit("查询开销", "costs")
    limit.record("a", 25)
    with pytest.raises(RateExceeded):
        limit.require_available("a", 10)
    limit.require_available("b", 10)


def test_what_is_closed_may_be_opened_again() -> None:
    limit = OpenLimit(1, "订阅", "subscriptions")
    for _ in range(2):
        with limit.hold("a"), limit.hold("b"), pytest.raises(RateExceeded), limit.hold("a"):
            pass
    assert not limit._counts


BUDGETS = CostBudgets(
    100, 1_000, {Role.FRONT_END: 10, Role.AUDITOR: 500, Role.APPROVER: 5_000}, {Role.FRONT_END: 50, Role.REGISTRAR: 0}
)


@pytest.mark.parametrize(
    ("permissions", "operation", "minute"),
    [
        (Permissions("nobody", ()), 100, 1_000),
        (permissions_in(EVERYWHERE, [Role.FRONT_END]), 10, 50),
        (permissions_in(EVERYWHERE, [Role.FRONT_END, Role.OFFICIAL]), 100, 1_000),
        (permissions_in(EVERYWHERE, [Role.AUDITOR, Role.FRONT_END]), 500, 1_000),
        (permissions_in(EVERYWHERE, [Role.APPROVER]), 1_000, 1_000),
        (permissions_in(EVERYWHERE, [Role.REGISTRAR, Role.FRONT_END]), 100, 0),
        (UNRESTRICTED, 5_000, 0),
    ],
    ids=["no role", "a small budget", "two roles", "a large budget", "more than a minute has", "no limit", "all roles"],
)
def test_the_highest_budget_of_a_callers_roles_counts(permissions: Permissions, operation: int, minute: int) -> None:
    assert (BUDGETS.per_operation(permissions), BUDGETS.per_minute(permissions)) == (operation, minute)


def test_numbers_of_roles_are_read_from_a_setting() -> None:
    assert parse_role_numbers("X", " FRONT_END=5 , AUDITOR = 70,") == {Role.FRONT_END: 5, Role.AUDITOR: 70}
    assert parse_role_numbers("X", "") == {}


@pytest.mark.parametrize("text", ["FRONT_END", "FRONT_END=", "FRONT_END=-1", "CLERK=5", "FRONT_END=5;AUDITOR=6", "=5"])
def test_a_setting_that_is_none_is_refused_with_the_roles(text: str) -> None:
    with pytest.raises(SettingInvalid, match="OFFICIAL") as error:
        parse_role_numbers("X", text)
    assert_own_language(error.value)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_addresses_of_one_client_count_as_one(address: str, name: str) -> None:
    assert client_network(address) == name
