"""Conditions of three values, as in a database: true, false, unknown (None)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from graph_service.domain.fields import ValueField
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, PropertyKind

Truth = bool | None


def both(conditions: Iterable[Truth]) -> Truth:
    values = list(conditions)
    return False if False in values else None if None in values else True


def either(conditions: Iterable[Truth]) -> Truth:
    values = list(conditions)
    return True if True in values else None if None in values else False


def stored(leaf: ValueField, value: Any) -> Any:
    """Convert the value that a client writes to its stored form."""
    if leaf.kind is PropertyKind.DATE:
        return int(value.replace("-", ""))
    if leaf.kind is PropertyKind.YUAN:
        return int(Decimal(value) * 100)
    if leaf.kind is PropertyKind.RATE:
        return int(Decimal(value) * 1_000_000)
    return int(value) if leaf.kind is PropertyKind.SHARES else value


def has_code(leaf: ValueField, value: Any, codes: list[str | None]) -> Truth:
    """Tell whether a value is, or a list of values has, one of the codes; None among them stands for no value."""
    expected = [code for code in codes if code is not None]
    if value is None:
        return True if None in codes else None if expected else False
    return any(code in expected for code in value) if leaf.kind is PropertyKind.ENUMS else value in expected


def holds_of(leaf: ValueField, value: Any, filters: Any) -> Truth:
    """Tell whether a value meets a filter."""
    if leaf.kind in (PropertyKind.ENUM, PropertyKind.ENUMS):
        return has_code(leaf, value, filters)
    if leaf.kind is PropertyKind.DATE and value in (FIRST_DAY, LAST_DAY):
        value = None
    return both(
        _compare(leaf, value, operator, operand) for operator, operand in filters.items() if operand is not None
    )


def _compare(leaf: ValueField, value: Any, operator: str, operand: Any) -> Truth:
    if operator == "isNull":
        return bool((value is None) == operand)
    if operator == "in":
        expected = [stored(leaf, element) for element in operand]
        return False if not expected else None if value is None else value in expected
    if value is None:
        return None
    expected = stored(leaf, operand)
    if operator == "startsWith":
        return bool(value.startswith(expected))
    if operator == "contains":
        return expected in value
    return bool(
        {"eq": value == expected}.get(operator)
        if operator == "eq"
        else {"lt": value < expected, "lte": value <= expected, "gt": value > expected, "gte": value >= expected}[
            operator
        ]
    )
