"""Patterns of hops: on the day, as known, in scope; and the order of their far ends."""

from __future__ import annotations

from graph_service.domain.fields import RelationshipField, is_version, key_expression
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, Label, Model, PropertyKind
from graph_service.graphql.paging import OrderTerm
from graph_service.graphql.statements.anchors import anchor_condition
from graph_service.graphql.statements.statement_builder import StatementBuilder
from graph_service.platform.catalog import HOLDS_CONDITION, KNOWN_CONDITION

KEY_TYPES: dict[PropertyKind, type] = {PropertyKind.YEAR: int, PropertyKind.INTEGER: int}


def hop_conditions(statement: StatementBuilder, hop: RelationshipField, r: str, far: str, *, ever: bool) -> list[str]:
    """Return the conditions on a hop's relationship and its far end."""
    model, conditions = statement.model, []
    if hop.dated:
        conditions.append((KNOWN_CONDITION if ever else HOLDS_CONDITION).format(r))
    are_versions = [is_version(model.labels[name]) for name in hop.targets]
    if all(are_versions):
        conditions.append(KNOWN_CONDITION.format(far))
    elif any(are_versions):
        conditions.append(f"({far}.superseded IS NULL OR {KNOWN_CONDITION.format(far)})")
    if hop.latest:
        conditions.append(f"{far}.year <= $asOf / 10000")
    has_one_target = len(hop.targets) == 1
    for label in map(model.labels.__getitem__, hop.targets):
        scope_condition = anchor_condition(model, label, far) if statement.scoped else ""
        own_conditions = [
            *([f"({scope_condition})"] if scope_condition else []),
            *statement.class_conditions(label, far),
        ]
        if own_conditions:
            condition = " AND ".join(own_conditions)
            conditions.append(condition if has_one_target else f"(NOT {far}:{label.name} OR ({condition}))")
    return conditions


def hop_match(hop: RelationshipField, near: str, r: str, far: str, conditions: list[str]) -> str:
    """Return MATCH and WHERE of a hop."""
    end = f"{far}:{hop.targets[0]}" if len(hop.targets) == 1 else far
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"MATCH {hop.pattern.format(near, r, end)}{where}"


def current_value(card: Label, node: str, variable: str, value: str) -> str:
    """Return the expression of a value of the yearly record in force: the latest up to the requested year."""
    match = f"MATCH ({node})<-[:OF]-({variable}:{card.name}) WHERE {KNOWN_CONDITION.format(variable)} AND {variable}.year <= $asOf / 10000"
    return f"head(COLLECT {{ {match} RETURN {value} ORDER BY {variable}.year DESC LIMIT 1 }})"


def day_expression(expression: str) -> str:
    """Return the expression of a stored day, null where it is the first or the last day of time, which stand for no day."""
    return f"CASE WHEN {expression} IN [{FIRST_DAY}, {LAST_DAY}] THEN null ELSE {expression} END"


def state_value(state: str, node: str, variable: str, value: str) -> str:
    """Return the expression of a value of a node's state, as known in the requested data version."""
    match = f"MATCH ({node})<-[:OF]-({variable}:{state}) WHERE {KNOWN_CONDITION.format(variable)}"
    return f"head(COLLECT {{ {match} RETURN {value} LIMIT 1 }})"


def far_end_key(model: Model, hop: RelationshipField, far: str) -> str:
    return key_expression((model.labels[name] for name in hop.targets), far)


def key_type(label: Label) -> type:
    return KEY_TYPES.get(label.key.kind, str)


def hop_order_terms(model: Model, hop: RelationshipField, r: str, far: str) -> list[OrderTerm]:
    """Return the order of a hop's far ends: flows by day first, others by key first."""
    key = [OrderTerm(far_end_key(model, hop, far), key_type(model.labels[hop.targets[0]]))]
    if len(hop.targets) > 1:
        # Keys distinguish nodes of one label, not those of several.
        labels = " ".join(f"WHEN {far}:{name} THEN {index}" for index, name in enumerate(hop.targets))
        key.append(OrderTerm(f"CASE {labels} END", int))
    if not hop.dated:
        return key
    since = [OrderTerm(f"{r}.since", int)]
    further_terms = [OrderTerm(f"coalesce({r}.{name}, '')", str) for name in hop.relationship.key if name != "since"]
    return [*since, *key, *further_terms] if hop.relationship.is_flow else [*key, *since, *further_terms]
