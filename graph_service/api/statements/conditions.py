"""Filters → conditions of a statement: names come from the model, values become parameters, nothing else of a document gets in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from graph_service.api.planning import Arguments, plain
from graph_service.api.selection import Selected
from graph_service.api.statements.matches import hop_conditions, hop_match, in_force
from graph_service.api.statements.statement import Statement
from graph_service.api.types.scalars import STORED
from graph_service.catalog import KNOWN
from graph_service.declare import FIRST_DAY, LAST_DAY, Kind, Label
from graph_service.derive.fields import Hop, Leaf, hops, node_leaves, relationship_leaves, yearly
from graph_service.errors import ArgumentInvalid

Given = Mapping[str, Any]
Path = tuple[str | int, ...]
MOST_CONDITIONS = 60
DEEPEST = 6
"""So deep may `not`, `all` and `any` be nested."""
SIGNS = {"eq": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
LISTS = ("all", "any")


class Conditions:
    """The conditions of one field's argument `where`."""

    def __init__(self, statement: Statement, selected: Selected) -> None:
        self._statement, self._selected = statement, selected
        self._made = 0

    def of_label(self, label: Label, variable: str) -> list[str]:
        """Of a label's `…Where`: all must be so of `variable`."""
        return self._label(label, variable, self._given(), ("where",))

    def of_hop(self, hop: Hop, r: str, far: str) -> list[str]:
        """Of a relationship's `…Where`, or of the `…Properties` of a yearly record."""
        return self._far(hop, r, far, self._given(), ("where",))

    def _given(self) -> Given:
        found: Given = plain(self._selected.arguments.get("where")) or {}
        return found

    def _label(self, label: Label, variable: str, given: Given, path: Path) -> list[str]:
        model = self._statement.model
        made = self._properties(label, variable, given, path)
        ways = {hop.name: hop for hop in hops(model, label)}
        for name, value in sorted(given.items()):
            if value is None:
                continue
            here = (*path, name)
            if name in ways and not ways[name].latest:
                made += self._match(ways[name], variable, value, here)
            elif name == "lacks":
                self._count(here)
                made.append(_any([self._statement.lacking(duty, variable) for duty in sorted(set(value))]))
            elif name == "not":
                self._count(here)
                made.append(f"NOT coalesce({_all(self._label(label, variable, value, here))}, false)")
            elif name in LISTS:
                several = []
                for i, one in enumerate(value):
                    self._count((*here, i))
                    several.append(_all(self._label(label, variable, one, (*here, i))))
                made.append(_all(several) if name == "all" else _any(several))
        return made

    def _count(self, path: Path) -> None:
        """One more condition. Raises `ArgumentInvalid` where there are too many, or too deep."""
        self._made += 1
        if self._made > MOST_CONDITIONS or sum(part in ("not", *LISTS) for part in path) > DEEPEST:
            raise ArgumentInvalid(
                name="where",
                reason_zh=f"最多 {MOST_CONDITIONS} 个条件,not、all、any 最多嵌套 {DEEPEST} 层",
                reason_en=f"it may have {MOST_CONDITIONS} conditions at most, and `not`, `all`, `any` nested {DEEPEST} deep",
            )

    def _properties(self, label: Label, variable: str, given: Given, path: Path) -> list[str]:
        leaves = node_leaves(label)
        made = self._values((leaf for leaf in leaves if leaf.on == "node"), variable, given, path)
        s = self._statement.variable()
        state = self._values((leaf for leaf in leaves if leaf.on == "state"), s, given, path)
        if state:
            known = KNOWN.format(s)
            made.append(f"EXISTS {{ MATCH ({variable})<-[:OF]-({s}:{label.state}) WHERE {known} AND {_all(state)} }}")
        card = yearly(self._statement.model, label)
        if card is not None and given.get("current") is not None:
            made += self._current(card, variable, given["current"], (*path, "current"))
        return made

    def _current(self, card: Label, variable: str, given: Given, path: Path) -> list[str]:
        """Of the yearly record in force: the latest of those until the year asked."""
        c = self._statement.variable()
        conditions = self._properties(card, c, given, path)
        if not conditions:
            return []
        return [in_force(card, variable, c, f"coalesce({_all(conditions)}, false)")]

    def _match(self, hop: Hop, variable: str, given: Given, path: Path) -> list[str]:
        made = []
        for name in ("none", "some"):
            if name not in given or not _is_value(wanted := given[name], (*path, name)):
                continue
            self._count((*path, name))
            r, far = self._statement.variable(), self._statement.variable()
            conditions = hop_conditions(
                self._statement.model, hop, r, far, ever=bool(given.get("ever")), scoped=self._statement.scoped
            )
            conditions += self._far(hop, r, far, wanted, (*path, name))
            exists = f"EXISTS {{ {hop_match(hop, variable, r, far, conditions)} }}"
            made.append(exists if name == "some" else f"NOT {exists}")
        return made

    def _far(self, hop: Hop, r: str, far: str, given: Given, path: Path) -> list[str]:
        model = self._statement.model
        if not hop.dated:
            return self._properties(model.labels[hop.targets[0]], far, given, path)
        made = self._values(relationship_leaves(hop.relationship), r, given, path)
        for target in hop.targets:
            name = hop.end(target)
            if given.get(name) is not None:
                inner = self._properties(model.labels[target], far, given[name], (*path, name))
                made += [f"{far}:{target}", *inner] if len(hop.targets) > 1 else inner
        return made

    def _values(self, leaves: Iterable[Leaf], variable: str, given: Given, path: Path) -> list[str]:
        made: list[str] = []
        for leaf in leaves:
            asked: Given = given.get(leaf.name) or {}
            made.extend(
                self._value(leaf, f"{variable}.{leaf.stored}", operator, asked, (*path, leaf.name))
                for operator in sorted(asked)
                if _is_value(asked[operator], (*path, leaf.name, operator))
            )
        return made

    def _value(self, leaf: Leaf, expression: str, operator: str, given: Given, path: Path) -> str:
        self._count(path)
        if leaf.kind is Kind.DATE:
            # The first and the last day of time stand for none.
            expression = f"CASE WHEN {expression} IN [{FIRST_DAY}, {LAST_DAY}] THEN null ELSE {expression} END"
        if operator == "isNull":
            return f"{expression} IS {'NULL' if given['isNull'] else 'NOT NULL'}"
        stored = self._stored(leaf)
        parameter = self._statement.parameter(
            self._selected, partial(_made_of, path=(*path, operator), stored=stored, listed=operator == "in")
        )
        if operator == "in":
            return f"{expression} IN {parameter}"
        if operator == "startsWith":
            return f"{expression} STARTS WITH {parameter}"
        if operator == "has":
            return f"{parameter} IN {expression}"
        return f"{expression} {SIGNS[operator]} {parameter}"

    def _stored(self, leaf: Leaf) -> Callable[[Any], Any]:
        if leaf.sealed_as:
            return partial(self._statement.codec.sealed, leaf.sealed_as)
        return STORED.get(leaf.kind, _same)


def _is_value(value: object, path: Path) -> bool:
    """Raises `ArgumentInvalid` for null: a condition that is left out because a variable is null would find everything."""
    if value is None:
        where = ".".join(map(str, path))
        raise ArgumentInvalid(
            name=where,
            reason_zh="null 不是条件的值;查没有值的用 isNull,不要此条件就不写",
            reason_en="null is no value of a condition: ask isNull for what has none, or leave the condition out",
        )
    return True


def _same(value: Any) -> Any:
    return value


def _made_of(arguments: Arguments, *, path: Path, stored: Callable[[Any], Any], listed: bool) -> Any:
    value: Any = arguments
    for part in path:
        value = value[part]
    return [stored(one) for one in value] if listed else stored(value)


def _any(conditions: list[str]) -> str:
    # One of a list, not words joined by OR: an engine would multiply out what is joined.
    return f"(true IN [{', '.join(conditions)}])" if conditions else "(false)"


def _all(conditions: list[str]) -> str:
    return f"({' AND '.join(conditions) or 'true'})"
