"""The compiler: a selection of the model's types → positional lists in Cypher, and their encoder.

`[h.card_no, head(COLLECT { … RETURN [s.head_name] }), [COUNT { … }, COLLECT { … RETURN […] }]]`: in canonical order,
without the document's aliases and values, so that equal questions are equal text, which an engine plans once. Map
literals would do, were they not answered wrongly by one engine when they hold subqueries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from graph_service.api.anchors import within
from graph_service.api.cursors import global_id, parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page, object_encoder, page_size
from graph_service.api.scalars import SHOWN
from graph_service.api.selection import Document, Selected
from graph_service.api.types import connection_name
from graph_service.catalog import HOLDS, KNOWN, Extra
from graph_service.codec import Codec
from graph_service.declare import Kind, Label, Model
from graph_service.derive.fields import Hop, Leaf, facets, hops, is_version, key_of, node_leaves, relationship_leaves


class Slots:
    """A positional list in the making: equal expressions share a place."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, expression: str) -> int:
        return self._places.setdefault(expression, len(self._places))

    def text(self, before: str = "") -> str:
        """A list is never empty: an empty one could not be told from nothing."""
        return f"[{', '.join(before + expression for expression in self._places) or 'true'}]"

    def __bool__(self) -> bool:
        return bool(self._places)


class Compiler:
    """Projections for one root field. `scope`: ranges of codes in which every further node must lie; null: all of them."""

    def __init__(self, model: Model, document: Document, codec: Codec, scope: Sequence[Sequence[str]] | None) -> None:
        self._model = model
        self._codec = codec
        self._document = document
        self._scoped = scope is not None
        self._parameters: dict[str, Any] = {"scope": [list(r) for r in scope]} if scope is not None else {}
        self._columns: dict[str, str] = {}
        self._variables = 0

    def extra(self) -> Extra:
        """What was asked for beside a question's own columns."""
        return Extra(self._columns, self._parameters)

    def column(self, label_name: str, key: str, one: Selected) -> Encode:
        """A further column: the node that a column of the question names by its key. Encodes the further columns."""
        match, text, encode = self._by_key(label_name, key, one)
        place = len(self._columns)
        self._columns[f"node{place}"] = f"head(COLLECT {{ {match} RETURN {text} LIMIT 1 }})"
        return _at(place, encode)

    def nodes(
        self, keys: Mapping[str, Sequence[str]], selected: Sequence[Selected]
    ) -> tuple[str, dict[str, list[Encode]]]:
        """One statement for nodes of several labels by their keys: rows of label, key and a projection for each
        selection, whose encoders it gives by label."""
        parts, encoders = [], {}
        for name in sorted(keys):
            made = [self._by_key(name, "key", one) for one in selected]
            encoders[name] = [encode for _, _, encode in made]
            columns = "".join(
                f", head(COLLECT {{ {match} RETURN {text} LIMIT 1 }}) AS node{i}"
                for i, (match, text, _) in enumerate(made)
            )
            parts.append(
                f"UNWIND {self._parameter(list(keys[name]))} AS key RETURN '{name}' AS label, key AS key{columns}"
            )
        return " UNION ALL ".join(parts), encoders

    def _by_key(self, label_name: str, key: str, one: Selected) -> tuple[str, str, Encode]:
        """MATCH of a node by its key, its projection, the encoder of that."""
        label, variable = self._model.labels[label_name], self._variable()
        text, encode = self._node(label, variable, [one])
        match = f"MATCH ({variable}:{label.name} {{{label.key.name}: {key}}})"
        return match + (f" WHERE {KNOWN.format(variable)}" if is_version(label) else ""), text, encode

    def _variable(self) -> str:
        self._variables += 1
        return f"x{self._variables}"

    def _parameter(self, value: object) -> str:
        name = f"p{len(self._parameters)}"
        self._parameters[name] = value
        return f"${name}"

    def _node(self, label: Label, variable: str, selected: Sequence[Selected]) -> tuple[str, Encode]:
        """Projection of a node of one label, and the encoder of its answer."""
        slots, state = Slots(), Slots()
        leaves = {leaf.name: leaf for leaf in node_leaves(label)}
        ways = {hop.name: hop for hop in hops(self._model, label)}
        others = {other.name.lower(): other for other in facets(self._model, label)}

        def on_field(one: Selected) -> Encode:
            if one.name == "id":
                return self._id(label, variable, slots)
            if one.name in others:
                return self._facet(others[one.name], variable, one, slots)
            if one.name in ways:
                make = self._single if ways[one.name].single else self._connection
                return make(ways[one.name], variable, one, slots)
            leaf = leaves[one.name]
            if leaf.on == "state":
                return _of_state(state.place(leaf.stored), leaf, self._codec)
            return _shown(slots.place(f"{variable}.{leaf.stored}"), leaf, self._codec)

        encode = object_encoder(self._document, label.name, selected, on_field)
        if state:
            s = self._variable()
            match = f"MATCH ({variable})<-[:OF]-({s}:{label.state}) WHERE {KNOWN.format(s)}"
            slots.place(f"head(COLLECT {{ {match} RETURN {state.text(f'{s}.')} LIMIT 1 }})")
        return slots.text(), encode

    def _id(self, label: Label, variable: str, slots: Slots) -> Encode:
        key = slots.place(f"{variable}.{label.key.name}")
        if not label.owner:
            return lambda row: global_id(label.name, row[key])
        o, owner = self._variable(), self._model.labels[label.owner]
        at = slots.place(
            f"head(COLLECT {{ MATCH ({variable})-[:OF]->({o}:{owner.name}) RETURN {o}.{owner.key.name} LIMIT 1 }})"
        )
        return lambda row: global_id(label.name, row[at], row[key])

    def _facet(self, other: Label, variable: str, one: Selected, slots: Slots) -> Encode:
        text, encode = self._node(other, variable, [one])
        at = slots.place(f"CASE WHEN {variable}:{other.name} THEN {text} END")
        return lambda row: encode(row[at])

    def _far(self, targets: tuple[str, ...], variable: str, selected: Sequence[Selected]) -> tuple[str, Encode]:
        """Projection of a hop's far end; where it is of several labels, the label's number comes first."""
        made = [self._node(self._model.labels[name], variable, selected) for name in targets]
        if len(made) == 1:
            return made[0]
        cases = " ".join(
            f"WHEN {variable}:{name} THEN [{i}, {text}]"
            for i, (name, (text, _)) in enumerate(zip(targets, made, strict=True))
        )
        encoders = [encode for _, encode in made]
        return f"CASE {cases} END", lambda row: None if row is None else encoders[row[0]](row[1])

    def _key(self, targets: tuple[str, ...], variable: str) -> str:
        return key_of((self._model.labels[name] for name in targets), variable)

    def _match(self, hop: Hop, near: str, r: str, far: str, *, ever: bool = False) -> str:
        """MATCH and WHERE of a hop: on the day, as known, in scope."""
        one = len(hop.targets) == 1
        conditions = []
        if hop.dated:
            conditions.append((KNOWN if ever else HOLDS).format(r))
        versions = [is_version(self._model.labels[name]) for name in hop.targets]
        if all(versions):
            conditions.append(KNOWN.format(far))
        elif any(versions):
            conditions.append(f"({far}.superseded IS NULL OR {KNOWN.format(far)})")
        if hop.latest:
            conditions.append(f"{far}.year <= $asOf / 10000")
        if self._scoped:
            for name in hop.targets:
                condition = within(self._model, self._model.labels[name], far)
                if condition:
                    conditions.append(f"({condition})" if one else f"(NOT {far}:{name} OR {condition})")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"MATCH {hop.pattern.format(near, r, f'{far}:{hop.targets[0]}' if one else far)}{where}"

    def _single(self, hop: Hop, variable: str, one: Selected, slots: Slots) -> Encode:
        r, far = self._variable(), self._variable()
        text, encode = self._far(hop.targets, far, [one])
        key = self._key(hop.targets, far)
        order = f"{r}.since DESC, {key}" if hop.dated else f"{key} DESC"
        match = self._match(hop, variable, r, far)
        at = slots.place(f"head(COLLECT {{ {match} RETURN {text} ORDER BY {order} LIMIT 1 }})")
        return lambda row: encode(row[at])

    def _connection(self, hop: Hop, variable: str, one: Selected, slots: Slots) -> Encode:
        shape = ConnectionShape.of(self._document, connection_name(self._model, hop), one)
        r, far = self._variable(), self._variable()
        size, after = page_size(one.arguments), one.arguments.get("after")
        match = self._match(hop, variable, r, far, ever=bool(one.arguments.get("ever")))
        counted = slots.place(f"COUNT {{ {match} }}") if shape.wants("totalCount") else None
        order = self._order(hop, r, far)
        leaves = {leaf.name: leaf for leaf in relationship_leaves(hop.relationship)}
        row = Slots()
        row.place(f"[{', '.join(order)}]")

        def on_row(field: Selected) -> Encode:
            if field.name in leaves:
                leaf = leaves[field.name]
                return _shown(row.place(f"{r}.{leaf.stored}"), leaf, self._codec)
            text, encode = self._far(hop.targets, far, [field])
            return _at(row.place(text), encode)

        encode = shape.encoder(on_row)
        listed = None
        if shape.paged:
            if after is not None:
                places = [self._parameter(part) for part in parts_of(after, list(order.values()))]
                match += f"{' AND' if ' WHERE ' in match else ' WHERE'} {beyond(list(order), places)}"
            limit = self._parameter(size + 1)
            listed = slots.place(f"COLLECT {{ {match} RETURN {row.text()} ORDER BY {', '.join(order)} LIMIT {limit} }}")

        def answer(values: list[Any]) -> dict[str, Any]:
            rows = values[listed] if listed is not None else []
            total = values[counted] if counted is not None else None
            shown = rows[:size]
            cursors = [found[0] for found in shown]
            return encode(Page(shown, cursors, len(rows) > size, after is not None, {"totalCount": total}))

        return answer

    def _order(self, hop: Hop, r: str, far: str) -> dict[str, type]:
        """What a hop's far ends are in order of, each with its type: flows by day first, others by key first."""
        first = self._model.labels[hop.targets[0]].key
        key: dict[str, type] = {self._key(hop.targets, far): int if first.kind in (Kind.YEAR, Kind.INTEGER) else str}
        if not hop.dated:
            return key
        since: dict[str, type] = {f"{r}.since": int}
        further: dict[str, type] = {
            f"coalesce({r}.{name}, '')": str for name in hop.relationship.key if name != "since"
        }
        return {**since, **key, **further} if hop.relationship.flow else {**key, **since, **further}


def beyond(expressions: Sequence[str], places: Sequence[str]) -> str:
    """The condition that a row comes after a place, both in order of several expressions."""
    (expression, *rest), (place, *others) = expressions, places
    if not rest:
        return f"{expression} > {place}"
    return f"({expression} > {place} OR ({expression} = {place} AND {beyond(rest, others)}))"


def _at(place: int, encode: Encode) -> Encode:
    return lambda row: encode(row[place])


def _shown(place: int, leaf: Leaf, codec: Codec) -> Encode:
    show = partial(codec.opened, leaf.sealed_as) if leaf.sealed_as else SHOWN.get(leaf.kind)
    return (lambda row: row[place]) if show is None else (lambda row: show(row[place]))


def _of_state(place: int, leaf: Leaf, codec: Codec) -> Encode:
    """A value of the state, whose list is the row's last place."""
    inner = _shown(place, leaf, codec)
    return lambda row: None if row[-1] is None else inner(row[-1])
