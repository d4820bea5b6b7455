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
"""So deep may `not`, `all` and `any` be nested."""
COMPARISON_OPERATORS = {"eq": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
COMBINATORS = ("all", "any")


class Conditions:
    """The conditions of one field's argument `where`."""

    def __init__(self, statement: StatementBuilder, selected: SelectedField) -> None:
        self._statement, self._selected = statement, selected
        self._condition_count = 0

    def for_label(self, label: Label, variable: str) -> list[str]:
        """Of a label's `…Where`: all must be so of `variable`."""
        return self._label_conditions(label, variable, self._where_argument(), ("where",))

    def for_hop(self, hop: RelationshipField, r: str, far: str) -> list[str]:
        """Of a relationship's `…Where`, or of the `…Properties` of a yearly record."""
        return self._far_end_conditions(hop, r, far, self._where_argument(), ("where",))

    def _where_argument(self) -> FilterInput:
        found: FilterInput = enums_to_names(self._selected.arguments.get("where")) or {}
        return found

    def _label_conditions(self, label: Label, variable: str, filter_input: FilterInput, path: InputPath) -> list[str]:
        model = self._statement.model
        made = self._property_conditions(label, variable, filter_input, path)
        ways = {hop.name: hop for hop in relationship_fields(model, label)}
        for name, value in sorted(filter_input.items()):
            if value is None:
                continue
            here = (*path, name)
            if name in ways and not ways[name].latest:
                made += self._match_conditions(ways[name], variable, value, here)
            elif name == "lacks":
                self._add_condition(here)
                made.append(_any([self._statement.lacks_duty(duty, variable) for duty in sorted(set(value))]))
            elif name == "not":
                self._add_condition(here)
                made.append(f"NOT coalesce({_all(self._label_conditions(label, variable, value, here))}, false)")
            elif name in COMBINATORS:
                several = []
                for i, one in enumerate(value):
                    self._add_condition((*here, i))
                    several.append(_all(self._label_conditions(label, variable, one, (*here, i))))
                made.append(_all(several) if name == "all" else _any(several))
        return made

    def _add_condition(self, path: InputPath) -> None:
        """One more condition. Raises `ArgumentInvalid` where there are too many, or too deep."""
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
        made = self._value_conditions(
            (leaf for leaf in leaves if leaf.stored_on == "node"), variable, filter_input, path
        )
        s = self._statement.new_variable()
        state = self._value_conditions((leaf for leaf in leaves if leaf.stored_on == "state"), s, filter_input, path)
        if state:
            known = KNOWN_CONDITION.format(s)
            made.append(
                f"EXISTS {{ MATCH ({variable})<-[:OF]-({s}:{label.state_label}) WHERE {known} AND {_all(state)} }}"
            )
        card = yearly_label(self._statement.model, label)
        if card is not None and filter_input.get("current") is not None:
            made += self._current_conditions(card, variable, filter_input["current"], (*path, "current"))
        return made

    def _current_conditions(self, card: Label, variable: str, filter_input: FilterInput, path: InputPath) -> list[str]:
        """Of the yearly record in force: the latest of those until the year asked."""
        c = self._statement.new_variable()
        conditions = self._property_conditions(card, c, filter_input, path)
        if not conditions:
            return []
        return [current_value(card, variable, c, f"coalesce({_all(conditions)}, false)")]

    def _match_conditions(
        self, hop: RelationshipField, variable: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        made = []
        for name in ("none", "some"):
            if name not in filter_input or not _is_value(wanted := filter_input[name], (*path, name)):
                continue
            self._add_condition((*path, name))
            r, far = self._statement.new_variable(), self._statement.new_variable()
            conditions = hop_conditions(
                self._statement.model, hop, r, far, ever=bool(filter_input.get("ever")), scoped=self._statement.scoped
            )
            conditions += self._far_end_conditions(hop, r, far, wanted, (*path, name))
            exists = f"EXISTS {{ {hop_match(hop, variable, r, far, conditions)} }}"
            made.append(exists if name == "some" else f"NOT {exists}")
        return made

    def _far_end_conditions(
        self, hop: RelationshipField, r: str, far: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        model = self._statement.model
        if not hop.dated:
            return self._property_conditions(model.labels[hop.targets[0]], far, filter_input, path)
        made = self._value_conditions(relationship_value_fields(hop.relationship), r, filter_input, path)
        for target in hop.targets:
            name = hop.end_filter_name(target)
            if filter_input.get(name) is not None:
                inner = self._property_conditions(model.labels[target], far, filter_input[name], (*path, name))
                made += [f"{far}:{target}", *inner] if len(hop.targets) > 1 else inner
        return made

    def _value_conditions(
        self, leaves: Iterable[ValueField], variable: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        made: list[str] = []
        for leaf in leaves:
            asked: FilterInput = filter_input.get(leaf.name) or {}
            made.extend(
                self._value_condition(leaf, f"{variable}.{leaf.stored_name}", operator, asked, (*path, leaf.name))
                for operator in sorted(asked)
                if _is_value(asked[operator], (*path, leaf.name, operator))
            )
        return made

    def _value_condition(
        self, leaf: ValueField, expression: str, operator: str, filter_input: FilterInput, path: InputPath
    ) -> str:
        self._add_condition(path)
        if leaf.kind is PropertyKind.DATE:
            # The first and the last day of time stand for none.
            expression = f"CASE WHEN {expression} IN [{FIRST_DAY}, {LAST_DAY}] THEN null ELSE {expression} END"
        if operator == "isNull":
            return f"{expression} IS {'NULL' if filter_input['isNull'] else 'NOT NULL'}"
        stored = self._to_stored(leaf)
        parameter = self._statement.add_parameter(
            self._selected, partial(_filter_value, path=(*path, operator), to_stored=stored, is_list=operator == "in")
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
    """Raises `ArgumentInvalid` for null: a condition that is left out because a variable is null would find everything."""
    if value is None:
        where = ".".join(map(str, path))
        raise ArgumentInvalid(
            name=where,
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
    return [to_stored(one) for one in value] if is_list else to_stored(value)


def _any(conditions: list[str]) -> str:
    # One of a list, not words joined by OR: an engine would multiply out what is joined.
    return f"(true IN [{', '.join(conditions)}])" if conditions else "(false)"


def _all(conditions: list[str]) -> str:
    return f"({' AND '.join(conditions) or 'true'})"
