"""Filters → conditions of a statement: names come from the model, values become parameters, nothing else of a document gets in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from graph_service.domain.fields import (
    RelationshipField,
    ValueField,
    lower_first,
    node_value_fields,
    relationship_fields,
    relationship_value_fields,
    yearly_label,
)
from graph_service.domain.metamodel import Label, PropertyKind
from graph_service.errors import ArgumentInvalid
from graph_service.graphql.plan_key import Arguments, enums_to_names
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.matches import current_value, day_expression, hop_conditions, hop_match
from graph_service.graphql.statements.statement_builder import StatementBuilder
from graph_service.graphql.types.filters import is_code
from graph_service.graphql.types.scalars import STORED_VALUE_PARSERS
from graph_service.platform.catalog import KNOWN_CONDITION

FilterInput = Mapping[str, Any]
InputPath = tuple[str | int, ...]
MAX_CONDITIONS = 60
MAX_NESTING = 6
"""Largest depth to which `not`, `all` and `any` may be nested."""
MAX_RELATIONSHIPS = 3
"""Largest number of relationships that a condition may follow in a row."""
COMPARISON_OPERATORS = {"eq": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
COMBINATORS = ("all", "any")


class Conditions:
    """Conditions of one field's argument `where`."""

    def __init__(self, statement: StatementBuilder, selected: SelectedField) -> None:
        self._statement, self._selected = statement, selected
        self._condition_count = self._relationship_depth = 0

    def for_label(self, label: Label, variable: str) -> list[str]:
        """Return the conditions of a label's `…Where`, all of which must hold for `variable`."""
        return self._label_conditions(label, variable, self._where_argument(), ("where",))

    def for_hop(self, hop: RelationshipField, r: str, far: str) -> list[str]:
        """Return the conditions of a relationship's `…Where`, or of that of yearly records."""
        return self._far_end_conditions(hop, r, far, self._where_argument(), ("where",))

    def _where_argument(self) -> FilterInput:
        where: FilterInput = enums_to_names(self._selected.arguments.get("where")) or {}
        _require_values(where, ("where",))
        return where

    def _label_conditions(self, label: Label, variable: str, filter_input: FilterInput, path: InputPath) -> list[str]:
        model = self._statement.model
        conditions = self._property_conditions(label, variable, filter_input, path)
        hops = {hop.name: hop for hop in relationship_fields(model, label)}
        for name, value in sorted(filter_input.items()):
            name_path = (*path, name)
            if name in hops and not hops[name].latest:
                conditions.append(self._relationship_condition(hops[name], variable, value, name_path))
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
                reason_zh=f"最多 {MAX_CONDITIONS} 个条件，not、all、any 最多嵌套 {MAX_NESTING} 层",
                reason_en=f"at most {MAX_CONDITIONS} conditions are allowed, with `not`, `all` and `any` nested at most {MAX_NESTING} levels deep",
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
        if card is not None and "current" in filter_input:
            conditions += self._current_conditions(card, variable, filter_input["current"], (*path, "current"))
        return conditions

    def _current_conditions(self, card: Label, variable: str, filter_input: FilterInput, path: InputPath) -> list[str]:
        """Return conditions on the yearly record in force: the latest up to the requested year."""
        c = self._statement.new_variable()
        conditions = self._label_conditions(card, c, filter_input, path)
        if not conditions:
            return []
        return [current_value(card, variable, c, f"coalesce({_all(conditions)}, false)")]

    def _relationship_condition(
        self, hop: RelationshipField, variable: str, filter_input: FilterInput, path: InputPath
    ) -> str:
        """Return the condition that there is such a relationship. Raises `ArgumentInvalid` where too many follow each other."""
        self._add_condition(path)
        self._relationship_depth += 1
        if self._relationship_depth > MAX_RELATIONSHIPS:
            raise ArgumentInvalid(
                name=_argument_name(path),
                reason_zh=f"条件中的关系最多连续 {MAX_RELATIONSHIPS} 层",
                reason_en=f"a condition can follow at most {MAX_RELATIONSHIPS} relationships in a row",
            )
        r, far = self._statement.new_variable(), self._statement.new_variable()
        conditions = hop_conditions(self._statement, hop, r, far, ever=bool(filter_input.get("ever")))
        conditions += self._far_end_conditions(hop, r, far, filter_input, path)
        self._relationship_depth -= 1
        return f"EXISTS {{ {hop_match(hop, variable, r, far, conditions)} }}"

    def _far_end_conditions(
        self, hop: RelationshipField, r: str, far: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        model = self._statement.model
        if not hop.dated:
            return self._label_conditions(model.labels[hop.targets[0]], far, filter_input, path)
        conditions = self._value_conditions(relationship_value_fields(hop.relationship), r, filter_input, path)
        for label in dict.fromkeys((*hop.relationship.start, *hop.relationship.end)):
            name = lower_first(label)
            if name not in filter_input:
                continue
            if label not in hop.targets:
                target_names = ", ".join(map(lower_first, hop.targets))
                raise ArgumentInvalid(
                    name=_argument_name((*path, name)),
                    reason_zh=f"这一关系在此不指向 {label}，可用：{target_names}",
                    reason_en=f"this relationship does not lead to {label} here; use {target_names}",
                )
            inner = self._label_conditions(model.labels[label], far, filter_input[name], (*path, name))
            conditions += [f"{far}:{label}", *inner] if len(hop.targets) > 1 else inner
        return conditions

    def _value_conditions(
        self, leaves: Iterable[ValueField], variable: str, filter_input: FilterInput, path: InputPath
    ) -> list[str]:
        conditions: list[str] = []
        for leaf in leaves:
            if filter_input.get(leaf.name):
                self._statement.require_selectable(leaf)
            if is_code(leaf):
                if leaf.name in filter_input:
                    conditions.append(self._code_condition(leaf, variable, filter_input[leaf.name], (*path, leaf.name)))
                continue
            comparisons: FilterInput = filter_input.get(leaf.name) or {}
            conditions.extend(
                self._value_condition(leaf, f"{variable}.{leaf.stored_name}", operator, comparisons, (*path, leaf.name))
                for operator in sorted(comparisons)
            )
        return conditions

    def _code_condition(self, leaf: ValueField, variable: str, codes: Sequence[str | None], path: InputPath) -> str:
        """Return the condition that a value is, or that a list of values has, one of these codes; null stands for no value."""
        self._add_condition(path)
        expression = f"{variable}.{leaf.stored_name}"
        if leaf.kind is PropertyKind.ENUMS:
            condition = _any(
                [
                    f"{self._statement.add_parameter(self._selected, partial(_value_at, path=(*path, i)))} IN {expression}"
                    for i, code in enumerate(codes)
                    if code is not None
                ]
            )
        else:
            condition = f"{expression} IN {self._statement.add_parameter(self._selected, partial(_codes, path=path))}"
        return f"({condition} OR {expression} IS NULL)" if None in codes else condition

    def _value_condition(
        self, leaf: ValueField, expression: str, operator: str, filter_input: FilterInput, path: InputPath
    ) -> str:
        self._add_condition(path)
        if leaf.kind is PropertyKind.DATE:
            expression = day_expression(expression)
        if operator == "isNull":
            return f"{expression} IS {'NULL' if filter_input['isNull'] else 'NOT NULL'}"
        if leaf.seal_name:
            return self._sealed_condition(leaf, expression, (*path, operator))
        to_stored = STORED_VALUE_PARSERS.get(leaf.kind, _identity)
        parameter = self._statement.add_parameter(
            self._selected,
            partial(_filter_value, path=(*path, operator), to_stored=to_stored, is_list=operator == "in"),
        )
        if operator == "in":
            return f"{expression} IN {parameter}"
        if operator == "startsWith":
            return f"{expression} STARTS WITH {parameter}"
        if operator == "contains":
            return f"{expression} CONTAINS {parameter}"
        return f"{expression} {COMPARISON_OPERATORS[operator]} {parameter}"

    def _sealed_condition(self, leaf: ValueField, expression: str, path: InputPath) -> str:
        """Return the condition that a sealed value is one of those of the filter. It may be stored sealed with any key of the file, or plain."""
        seal = partial(self._statement.codec.sealings, leaf.seal_name)
        return (
            f"{expression} IN {self._statement.add_parameter(self._selected, partial(_sealings, path=path, seal=seal))}"
        )


def _require_values(filter_input: object, path: InputPath) -> None:
    """Raise `ArgumentInvalid` for a null: a condition left out because a variable is null would match everything."""
    if isinstance(filter_input, dict):
        for name, value in filter_input.items():
            if name != "ever":
                _require_values(value, (*path, name))
    elif isinstance(filter_input, list):
        # A null in a list of codes stands for no value; lists of conditions have none.
        for i, element in enumerate(filter_input):
            if element is not None:
                _require_values(element, (*path, i))
    elif filter_input is None:
        raise ArgumentInvalid(
            name=_argument_name(path),
            reason_zh="null 不能作为条件；查没有值的请用 isNull（代码类用 [null]），不需要此条件请省略",
            reason_en="null is not a condition; use isNull (or [null] for a code) to find missing values, or omit the condition",
        )


def _argument_name(path: InputPath) -> str:
    """Return the path as errors name it: where.any[0].cardNo."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _codes(arguments: Arguments, *, path: InputPath) -> list[str]:
    """Return the codes of a list, without null."""
    return [code for code in _value_at(arguments, path) if code is not None]


def _identity(value: Any) -> Any:
    return value


def _sealings(arguments: Arguments, *, path: InputPath, seal: Callable[[str], list[str]]) -> list[str]:
    """Return all texts as which the values of a filter may be stored."""
    value = _value_at(arguments, path)
    return [sealing for element in (value if isinstance(value, list) else [value]) for sealing in seal(element)]


def _filter_value(arguments: Arguments, *, path: InputPath, to_stored: Callable[[Any], Any], is_list: bool) -> Any:
    value = _value_at(arguments, path)
    return [to_stored(element) for element in value] if is_list else to_stored(value)


def _value_at(arguments: Arguments, path: InputPath) -> Any:
    value: Any = arguments
    for part in path:
        value = value[part]
    return value


def _any(conditions: list[str]) -> str:
    # A test of a list, not conditions joined by OR, which an engine would multiply out.
    return f"(true IN [{', '.join(conditions)}])" if conditions else "(false)"


def _all(conditions: list[str]) -> str:
    return f"({' AND '.join(conditions) or 'true'})"
