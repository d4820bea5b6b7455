"""Filters → conditions of a statement: names come from the model, values become parameters, nothing else of a document gets in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from graph_service.domain.fields import (
    RelationshipField,
    ValueField,
    node_value_fields,
    relationship_fields,
    relationship_value_fields,
    yearly_label,
)
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY, Label, PropertyKind
from graph_service.errors import ArgumentInvalid
from graph_service.graphql.plan_key import Arguments, enums_to_names
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.matches import current_value, hop_conditions, hop_match
from graph_service.graphql.statements.statement_builder import StatementBuilder
from graph_service.graphql.types.scalars import STORED_VALUE_PARSERS
from graph_service.platform.catalog import KNOWN_CONDITION

FilterInput = Mapping[str, Any]
InputPath = tuple[str | int, ...]
MAX_CONDITIONS = 60
MAX_NESTING = 6
"""Largest depth to which `not`, `all` and `any` may be nested."""
COMPARISON_OPERATORS = {"eq": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
COMBINATORS = ("all", "any")


class Conditions:
    """Conditions of one field's argument `where`."""

    def __init__(self, statement: StatementBuilder, selected: SelectedField) -> None:
        self._statement, self._selected = statement, selected
        self._condition_count = 0

    def for_label(self, label: Label, variable: str) -> list[str]:
        """Return the conditions of a label's `…Where`, all of which must hold for `variable`."""
        return self._label_conditions(label, variable, self._where_argument(), ("where",))

    def for_hop(self, hop: RelationshipField, r: str, far: str) -> list[str]:
        """Return the conditions of a relationship's `…Where`, or of the `…Properties` of a yearly record."""
        return self._far_end_conditions(hop, r, far, self._where_argument(), ("where",))

    def _where_argument(self) -> FilterInput:
        where: FilterInput = enums_to_names(self._selected.arguments.get("where")) or {}
        return where

    def _label_conditions(self, label: Label, variable: str, filter_input: FilterInput, path: InputPath) -> list[str]:
        model = self._statement.model
        conditions = self._property_conditions(label, variable, filter_input, path)
        hops = {hop.name: hop for hop in relationship_fields(model, label)}
        for name, value in sorted(filter_input.items()):
            if value is None:
                continue
            name_path = (*path, name)
            if name in hops and not hops[name].latest:
                conditions += self._match_conditions(hops[name], variable, value, name_path)
            elif name == "lacks":
                self._add_condition(name_path)
                conditions.append(_any([self._statement.lacks_duty(duty, variable) for duty in sorted(set(value))]))
            elif name == "not":
                self._add_condition(name_path)
                conditions.append(
                    f"NOT coalesce({_all(self._label_conditions(label, variable, value, name_path))}, false)"
                )
            elif name in COMBINATORS:
                groups = []
                for i, nested_input in enumerate(value):
                    self._add_condition((*name_path, i))
                    groups.append(_all(self._label_conditions(label, variable, nested_input, (*name_path, i))))
                conditions.append(_all(groups) if name == "all" else _any(groups))
        return conditions

    def _add_condition(self, path: InputPath) -> None:
        """Count one more condition. Raises `ArgumentInvalid` where there are too many, or they are nested too deep."""
        self._condition_count += 1
        if self._condition_count > MAX_CONDITIONS or sum(part in ("not", *COMBINATORS) for part in path) > MAX_NESTING:
            raise ArgumentInvalid(
                name="where",
                reason_zh=f"最多 {MAX_CONDITIONS} 个条件,not、all、any 最多嵌套 {MAX_NESTING} 层",
                reason_en=f"it may have {MAX_CONDITIONS} conditions at most, and `not`, `all`, `any` nested {MAX_NESTING} deep",
            )

    def _property_conditions(
        self, label: Label, variable: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        leaves = node_value_fields(label)
        conditions = self._value_conditions(
            (leaf for leaf in leaves if leaf.stored_on == "node"), variable, filter_input, path
        )
        s = self._statement.new_variable()
        state_conditions = self._value_conditions(
            (leaf for leaf in leaves if leaf.stored_on == "state"), s, filter_input, path
        )
        if state_conditions:
            known_condition = KNOWN_CONDITION.format(s)
            conditions.append(
                f"EXISTS {{ MATCH ({variable})<-[:OF]-({s}:{label.state_label}) WHERE {known_condition} AND {_all(state_conditions)} }}"
            )
        card = yearly_label(self._statement.model, label)
        if card is not None and filter_input.get("current") is not None:
            conditions += self._current_conditions(card, variable, filter_input["current"], (*path, "current"))
        return conditions

    def _current_conditions(self, card: Label, variable: str, filter_input: FilterInput, path: InputPath) -> list[str]:
        """Return conditions on the yearly record in force: the latest up to the requested year."""
        c = self._statement.new_variable()
        conditions = self._property_conditions(card, c, filter_input, path)
        if not conditions:
            return []
        return [current_value(card, variable, c, f"coalesce({_all(conditions)}, false)")]

    def _match_conditions(
        self, hop: RelationshipField, variable: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        match_conditions = []
        for name in ("none", "some"):
            if name not in filter_input or not _is_value(far_input := filter_input[name], (*path, name)):
                continue
            self._add_condition((*path, name))
            r, far = self._statement.new_variable(), self._statement.new_variable()
            conditions = hop_conditions(
                self._statement.model, hop, r, far, ever=bool(filter_input.get("ever")), scoped=self._statement.scoped
            )
            conditions += self._far_end_conditions(hop, r, far, far_input, (*path, name))
            exists = f"EXISTS {{ {hop_match(hop, variable, r, far, conditions)} }}"
            match_conditions.append(exists if name == "some" else f"NOT {exists}")
        return match_conditions

    def _far_end_conditions(
        self, hop: RelationshipField, r: str, far: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        model = self._statement.model
        if not hop.dated:
            return self._property_conditions(model.labels[hop.targets[0]], far, filter_input, path)
        conditions = self._value_conditions(relationship_value_fields(hop.relationship), r, filter_input, path)
        for target in hop.targets:
            name = hop.end_filter_name(target)
            if filter_input.get(name) is not None:
                inner = self._property_conditions(model.labels[target], far, filter_input[name], (*path, name))
                conditions += [f"{far}:{target}", *inner] if len(hop.targets) > 1 else inner
        return conditions

    def _value_conditions(
        self, leaves: Iterable[ValueField], variable: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        conditions: list[str] = []
        for leaf in leaves:
            comparisons: FilterInput = filter_input.get(leaf.name) or {}
            conditions.extend(
                self._value_condition(leaf, f"{variable}.{leaf.stored_name}", operator, comparisons, (*path, leaf.name))
                for operator in sorted(comparisons)
                if _is_value(comparisons[operator], (*path, leaf.name, operator))
            )
        return conditions

    def _value_condition(
        self, leaf: ValueField, expression: str, operator: str, filter_input: FilterInput, path: InputPath
    ) -> str:
        self._add_condition(path)
        if leaf.kind is PropertyKind.DATE:
            # The first and the last day of time stand for no date.
            expression = f"CASE WHEN {expression} IN [{FIRST_DAY}, {LAST_DAY}] THEN null ELSE {expression} END"
        if operator == "isNull":
            return f"{expression} IS {'NULL' if filter_input['isNull'] else 'NOT NULL'}"
        to_stored = self._to_stored(leaf)
        parameter = self._statement.add_parameter(
            self._selected,
            partial(_filter_value, path=(*path, operator), to_stored=to_stored, is_list=operator == "in"),
        )
        if operator == "in":
            return f"{expression} IN {parameter}"
        if operator == "startsWith":
            return f"{expression} STARTS WITH {parameter}"
        if operator == "has":
            return f"{parameter} IN {expression}"
        return f"{expression} {COMPARISON_OPERATORS[operator]} {parameter}"

    def _to_stored(self, leaf: ValueField) -> Callable[[Any], Any]:
        if leaf.seal_name:
            return partial(self._statement.codec.seal, leaf.seal_name)
        return STORED_VALUE_PARSERS.get(leaf.kind, _identity)


def _is_value(value: object, path: InputPath) -> bool:
    """Return True. Raises `ArgumentInvalid` for null: a condition left out because a variable is null would match everything."""
    if value is None:
        argument_name = ".".join(map(str, path))
        raise ArgumentInvalid(
            name=argument_name,
            reason_zh="null 不是条件的值;查没有值的用 isNull,不要此条件就不写",
            reason_en="null is no value of a condition: ask isNull for what has none, or leave the condition out",
        )
    return True


def _identity(value: Any) -> Any:
    return value


def _filter_value(arguments: Arguments, *, path: InputPath, to_stored: Callable[[Any], Any], is_list: bool) -> Any:
    value: Any = arguments
    for part in path:
        value = value[part]
    return [to_stored(element) for element in value] if is_list else to_stored(value)


def _any(conditions: list[str]) -> str:
    # A test of a list, not conditions joined by OR, which an engine would multiply out.
    return f"(true IN [{', '.join(conditions)}])" if conditions else "(false)"


def _all(conditions: list[str]) -> str:
    return f"({' AND '.join(conditions) or 'true'})"
