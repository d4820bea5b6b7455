"""Patterns of hops: on the day, as known, in scope; and the order of what they lead to."""

from __future__ import annotations

from graph_service.domain.fields import RelationshipField, is_version, key_expression
from graph_service.domain.metamodel import Label, Model, PropertyKind
from graph_service.graphql.paging import OrderTerm
from graph_service.graphql.statements.anchors import anchor_condition
from graph_service.platform.catalog import HOLDS_CONDITION, KNOWN_CONDITION

KEY_TYPES: dict[PropertyKind, type] = {PropertyKind.YEAR: int, PropertyKind.INTEGER: int}


def hop_conditions(model: Model, hop: RelationshipField, r: str, far: str, *, ever: bool, scoped: bool) -> list[str]:
    """What must be so of a hop's relationship and its far end."""
    conditions = []
    if hop.dated:
        conditions.append((KNOWN_CONDITION if ever else HOLDS_CONDITION).format(r))
    versions = [is_version(model.labels[name]) for name in hop.targets]
    if all(versions):
        conditions.append(KNOWN_CONDITION.format(far))
    elif any(versions):
        conditions.append(f"({far}.superseded IS NULL OR {KNOWN_CONDITION.format(far)})")
    if hop.latest:
        conditions.append(f"{far}.year <= $asOf / 10000")
    if scoped:
        one = len(hop.targets) == 1
        for name in hop.targets:
            condition = anchor_condition(model, model.labels[name], far)
            if condition:
                conditions.append(f"({condition})" if one else f"(NOT {far}:{name} OR {condition})")
    return conditions


def hop_match(hop: RelationshipField, near: str, r: str, far: str, conditions: list[str]) -> str:
    """MATCH and WHERE of a hop."""
    end = f"{far}:{hop.targets[0]}" if len(hop.targets) == 1 else far
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"MATCH {hop.pattern.format(near, r, end)}{where}"


def current_value(card: Label, node: str, variable: str, value: str) -> str:
    """The expression of a value of the yearly record in force: the latest of those until the year asked."""
    match = f"MATCH ({node})<-[:OF]-({variable}:{card.name}) WHERE {KNOWN_CONDITION.format(variable)} AND {variable}.year <= $asOf / 10000"
    return f"head(COLLECT {{ {match} RETURN {value} ORDER BY {variable}.year DESC LIMIT 1 }})"


def state_value(state: str, node: str, variable: str, value: str) -> str:
    """The expression of a value of a node's state, as it was known."""
    match = f"MATCH ({node})<-[:OF]-({variable}:{state}) WHERE {KNOWN_CONDITION.format(variable)}"
    return f"head(COLLECT {{ {match} RETURN {value} LIMIT 1 }})"


def far_end_key(model: Model, hop: RelationshipField, far: str) -> str:
    return key_expression((model.labels[name] for name in hop.targets), far)


def key_type(label: Label) -> type:
    return KEY_TYPES.get(label.key.kind, str)


def hop_order_terms(model: Model, hop: RelationshipField, r: str, far: str) -> list[OrderTerm]:
    """What a hop's far ends are in order of: flows by day first, others by key first."""
    key = [OrderTerm(far_end_key(model, hop, far), key_type(model.labels[hop.targets[0]]))]
    if len(hop.targets) > 1:
        # Keys tell nodes of one label apart, not those of several.
        labels = " ".join(f"WHEN {far}:{name} THEN {at}" for at, name in enumerate(hop.targets))
        key.append(OrderTerm(f"CASE {labels} END", int))
    if not hop.dated:
        return key
    since = [OrderTerm(f"{r}.since", int)]
    further = [OrderTerm(f"coalesce({r}.{name}, '')", str) for name in hop.relationship.key if name != "since"]
    return [*since, *key, *further] if hop.relationship.is_flow else [*key, *since, *further]
