"""Conditions in three values: true, false, unknown (None), as a database has them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from graph_service.domain.fields import ValueField
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, PropertyKind

Truth = bool | None


def both(found: Iterable[Truth]) -> Truth:
    several = list(found)
    return False if False in several else None if None in several else True


def either(found: Iterable[Truth]) -> Truth:
    several = list(found)
    return True if True in several else None if None in several else False


def stored(leaf: ValueField, asked: Any) -> Any:
    """What a client writes, as it is kept."""
    if leaf.kind is PropertyKind.DATE:
        return int(asked.replace("-", ""))
    if leaf.kind is PropertyKind.YUAN:
        return int(Decimal(asked) * 100)
    if leaf.kind is PropertyKind.RATE:
        return int(Decimal(asked) * 1_000_000)
    return int(asked) if leaf.kind is PropertyKind.SHARES else asked


def holds_of(leaf: ValueField, value: Any, given: dict[str, Any]) -> Truth:
    """Whether a value is as a filter says."""
    if leaf.kind is PropertyKind.DATE and value in (FIRST_DAY, LAST_DAY):
        value = None
    return both(_one(leaf, value, operator, asked) for operator, asked in given.items() if asked is not None)


def _one(leaf: ValueField, value: Any, operator: str, asked: Any) -> Truth:
    if operator == "isNull":
        return bool((value is None) == asked)
    if operator == "in":
        wanted = [stored(leaf, one) for one in asked]
        return False if not wanted else None if value is None else value in wanted
    if value is None:
        return None
    if operator == "has":
        return asked in value
    wanted = stored(leaf, asked)
    if operator == "startsWith":
        return bool(value.startswith(wanted))
    return bool(
        {"eq": value == wanted}.get(operator)
        if operator == "eq"
        else {"lt": value < wanted, "lte": value <= wanted, "gt": value > wanted, "gte": value >= wanted}[operator]
    )
