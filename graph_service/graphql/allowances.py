"""Allowances: what a caller may spend on operations, by role, and what may be open for a caller at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from graph_service.access.callers import Caller
from graph_service.access.masking import excerpt
from graph_service.access.permissions import Permissions
from graph_service.access.rate_limits import OpenLimit, PerMinuteLimit
from graph_service.access.rights import Role
from graph_service.config import Settings, list_items
from graph_service.errors import SettingInvalid

UNLIMITED = 0
"""Value of a limit that does not limit."""


def _spend_freely(_: int) -> None:
    """Do nothing: nobody counts."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Allowance of a caller: the largest cost of one operation, and a function that counts the cost of each and raises `RateExceeded`."""

    max_cost: int
    spend: Callable[[int], None] = field(default=_spend_freely, compare=False)


@dataclass(frozen=True, slots=True)
class CostBudgets:
    """Budgets of callers: the largest cost of one operation and of all within a minute. Roles may have their own; of the roles of a caller
    the highest counts."""

    operation: int
    minute: int = UNLIMITED
    operation_by_role: Mapping[Role, int] = field(default_factory=dict)
    minute_by_role: Mapping[Role, int] = field(default_factory=dict)

    def per_minute(self, permissions: Permissions) -> int:
        """Return the largest cost of all operations of a minute."""
        budgets = [self.minute_by_role.get(role, self.minute) for role in permissions.roles] or [self.minute]
        return UNLIMITED if UNLIMITED in budgets else max(budgets)

    def per_operation(self, permissions: Permissions) -> int:
        """Return the largest cost of one operation; one that costs more than a minute has could never run."""
        budgets = (self.operation_by_role.get(role, self.operation) for role in permissions.roles)
        operation, minute = max(budgets, default=self.operation), self.per_minute(permissions)
        return min(operation, minute) if minute else operation


class CallerLimits:
    """Limits of callers in this process: requests and cost within a minute, open connections and subscriptions. Callers on this machine
    who are not signed in have none but the cost of one operation."""

    def __init__(self, settings: Settings) -> None:
        self._requests_per_minute = settings.requests_per_minute
        self._budgets = CostBudgets(
            settings.max_cost,
            settings.cost_per_minute,
            parse_role_numbers("GRAPH_SERVICE_ROLE_COST", settings.role_cost),
            parse_role_numbers("GRAPH_SERVICE_ROLE_COST_PER_MINUTE", settings.role_cost_per_minute),
        )
        self._requests = PerMinuteLimit("请求次数", "requests")
        self._costs = PerMinuteLimit("查询开销", "costs of operations")
        self._connections = OpenLimit(settings.user_connections, "WebSocket 连接", "WebSocket connections")
        self._subscriptions = OpenLimit(settings.user_subscriptions, "订阅", "subscriptions")

    def count_request(self, caller: Caller) -> None:
        """Count a request. Raises `RateExceeded`."""
        if caller.limit_key and self._requests_per_minute:
            self._requests.take(caller.limit_key, self._requests_per_minute)

    def allowance(self, caller: Caller, permissions: Permissions, *, finishes: bool = False) -> Allowance:
        """Return what the caller may spend now. With `finishes` it is refused only before the first operation: an answer of several
        operations that has begun is finished, and what it costs is counted."""
        max_cost, per_minute = self._budgets.per_operation(permissions), self._budgets.per_minute(permissions)
        key, has_begun = caller.limit_key, False

        def spend(cost: int) -> None:
            nonlocal has_begun
            if finishes and has_begun:
                self._costs.record(key, cost)
            else:
                self._costs.take(key, per_minute, cost)
            has_begun = True

        return Allowance(max_cost, spend) if key and per_minute else Allowance(max_cost)

    def connection(self, caller: Caller) -> AbstractContextManager[None]:
        """Return a context in which the caller has one more connection. Raises `RateExceeded` when it is entered."""
        return self._connections.hold(caller.limit_key) if caller.limit_key else nullcontext()

    def subscription(self, caller: Caller) -> AbstractContextManager[None]:
        """Return a context in which the caller has one more subscription. Raises `RateExceeded` when it is entered."""
        return self._subscriptions.hold(caller.limit_key) if caller.limit_key else nullcontext()

    def require_subscription(self, caller: Caller) -> None:
        """Raise `RateExceeded` where the caller may have no further subscription."""
        self._subscriptions.require_available(caller.limit_key)


def parse_role_numbers(name: str, text: str) -> dict[Role, int]:
    """Return the numbers of roles in a setting, such as `FRONT_END=50000,AUDITOR=500000`. Raises `SettingInvalid`."""
    numbers: dict[Role, int] = {}
    for part in list_items(text):
        role, _, number = (piece.strip() for piece in part.partition("="))
        if role not in Role.__members__ or not number.isascii() or not number.isdigit():
            raise SettingInvalid(
                name=name,
                reason_zh=f"{excerpt(part, 80)}：应为“角色=数字”，多个以逗号分隔；角色有 {'、'.join(Role)}",
                reason_en=f"{excerpt(part, 80)}: expected ROLE=NUMBER, separated by commas; the roles are {', '.join(Role)}",
            )
        numbers[Role[role]] = int(number)
    return numbers
