"""The compiler: a selection of the model's types → positional lists in Cypher, and their encoder.

`[h.card_no, head(COLLECT { … RETURN [s.head_name] }), [COUNT { … }, COLLECT { … RETURN […] }]]`: in canonical order,
without the document's aliases and values, so that equal questions are equal text, which an engine plans once. Map
literals would do, were they not answered wrongly by one engine when they hold subqueries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.api.cursors import global_id
from graph_service.api.pages import ConnectionShape, Encode, Page, object_encoder
from graph_service.api.paging import Window
from graph_service.api.planning import Run
from graph_service.api.selection import Document, Selected
from graph_service.api.statements.anchors import within
from graph_service.api.statements.conditions import Conditions
from graph_service.api.statements.counts import counts
from graph_service.api.statements.matches import far_key, hop_conditions, hop_match, hop_order
from graph_service.api.statements.slots import Slots, at, of_state, shown
from graph_service.api.statements.statement import Statement
from graph_service.api.types.counts import COUNTS
from graph_service.api.types.derived import connection_name
from graph_service.catalog import KNOWN, Extra
from graph_service.codec import Codec
from graph_service.declare import Label, Model
from graph_service.derive.fields import Hop, facets, hops, is_version, node_leaves, relationship_leaves
from graph_service.services.viewing import Viewing


class Compiler(Statement):
    """Projections for one root field."""

    def __init__(self, model: Model, document: Document, codec: Codec, *, scoped: bool) -> None:
        super().__init__(model, document, codec, scoped=scoped)
        self._columns: dict[str, str] = {}

    def further(self, run: Run, viewing: Viewing) -> Extra:
        """What was asked for beside a question's own columns."""
        return Extra(self._columns, self.parameters(run, viewing))

    def column(self, label_name: str, key: str, one: Selected) -> Encode:
        """A further column: the node that a column of the question names by its key. Encodes the further columns."""
        label = self.model.labels[label_name]
        text, encode = self.by_key(label, [key], [one])
        place = len(self._columns)
        self._columns[f"node{place}"] = text
        return at(place, encode)

    def by_key(
        self, label: Label, key: Sequence[str], selected: Sequence[Selected], *, guarded: bool = False
    ) -> tuple[str, Encode]:
        """The projection of a node found by the expressions of its key, null where there is none; its encoder. `guarded`: it must
        be known, and in scope."""
        variable = self.variable()
        text, encode = self.node(label, variable, selected)
        conditions = [KNOWN.format(variable)] if is_version(label) else []
        if guarded:
            conditions = known_node(self.model, label, variable, scoped=self.scoped)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"head(COLLECT {{ MATCH {self.pattern(label, variable, key)}{where} RETURN {text} LIMIT 1 }})", encode

    def pattern(self, label: Label, variable: str, key: Sequence[str]) -> str:
        """A node by the expressions of its key: of a yearly record its owner's comes first."""
        if not label.owner or len(key) == 1:
            return f"({variable}:{label.name} {{{label.key.name}: {key[0]}}})"
        owner = self.model.labels[label.owner]
        return (
            f"(:{owner.name} {{{owner.key.name}: {key[0]}}})<-[:OF]-"
            f"({variable}:{label.name} {{{label.key.name}: {key[1]}}})"
        )

    def node(self, label: Label, variable: str, selected: Sequence[Selected]) -> tuple[str, Encode]:
        """Projection of a node of one label, and the encoder of its answer."""
        slots, state = Slots(), Slots()
        leaves = {leaf.name: leaf for leaf in node_leaves(label)}
        ways = {hop.name: hop for hop in hops(self.model, label)}
        others = {other.name.lower(): other for other in facets(self.model, label)}

        def on_field(one: Selected) -> Encode:
            if one.name == "id":
                return self._id(label, variable, slots)
            if one.name == COUNTS.name:
                return counts(self, variable, one, slots)
            if one.name in others:
                return self._facet(others[one.name], variable, one, slots)
            if one.name in ways:
                make = self._single if ways[one.name].single else self._connection
                return make(ways[one.name], variable, one, slots)
            leaf = leaves[one.name]
            if leaf.on == "state":
                return of_state(state.place(leaf.stored), leaf, self.codec)
            return shown(slots.place(f"{variable}.{leaf.stored}"), leaf, self.codec)

        encode = object_encoder(self.document, label.name, selected, on_field)
        if state:
            s = self.variable()
            match = f"MATCH ({variable})<-[:OF]-({s}:{label.state}) WHERE {KNOWN.format(s)}"
            slots.place(f"head(COLLECT {{ {match} RETURN {state.text(f'{s}.')} LIMIT 1 }})")
        return slots.text(), encode

    def _id(self, label: Label, variable: str, slots: Slots) -> Encode:
        key, mark = slots.place(f"{variable}.{label.key.name}"), slots.place(self.mark())
        if not label.owner:
            return lambda row: global_id(label.name, row[mark], row[key])
        o, owner = self.variable(), self.model.labels[label.owner]
        place = slots.place(
            f"head(COLLECT {{ MATCH ({variable})-[:OF]->({o}:{owner.name}) RETURN {o}.{owner.key.name} LIMIT 1 }})"
        )
        return lambda row: global_id(label.name, row[mark], row[place], row[key])

    def _facet(self, other: Label, variable: str, one: Selected, slots: Slots) -> Encode:
        text, encode = self.node(other, variable, [one])
        return at(slots.place(f"CASE WHEN {variable}:{other.name} THEN {text} END"), encode)

    def far(self, targets: Sequence[str], variable: str, selected: Sequence[Selected]) -> tuple[str, Encode]:
        """Projection of a hop's far end; where it is of several labels, the label's number comes first."""
        made = [self.node(self.model.labels[name], variable, selected) for name in targets]
        if len(made) == 1:
            return made[0]
        cases = " ".join(
            f"WHEN {variable}:{name} THEN [{i}, {text}]"
            for i, (name, (text, _)) in enumerate(zip(targets, made, strict=True))
        )
        encoders = [encode for _, encode in made]
        return f"CASE {cases} END", lambda row: None if row is None else encoders[row[0]](row[1])

    def _single(self, hop: Hop, variable: str, one: Selected, slots: Slots) -> Encode:
        r, far = self.variable(), self.variable()
        text, encode = self.far(hop.targets, far, [one])
        key = far_key(self.model, hop, far)
        order = f"{r}.since DESC, {key}" if hop.dated else f"{key} DESC"
        conditions = hop_conditions(self.model, hop, r, far, ever=False, scoped=self.scoped)
        match = hop_match(hop, variable, r, far, conditions)
        return at(slots.place(f"head(COLLECT {{ {match} RETURN {text} ORDER BY {order} LIMIT 1 }})"), encode)

    def _connection(self, hop: Hop, variable: str, one: Selected, slots: Slots) -> Encode:
        shape = ConnectionShape.of(self.document, connection_name(self.model, hop), one)
        r, far = self.variable(), self.variable()
        window, ever = Window.of(one.arguments), bool(one.arguments.get("ever"))
        conditions = hop_conditions(self.model, hop, r, far, ever=ever, scoped=self.scoped)
        conditions += Conditions(self, one).of_hop(hop, r, far)
        match = hop_match(hop, variable, r, far, conditions)
        counted = slots.place(f"COUNT {{ {match} }}") if shape.wants("totalCount") else None
        terms = hop_order(self.model, hop, r, far)
        leaves = {leaf.name: leaf for leaf in relationship_leaves(hop.relationship)}
        row = Slots()
        row.place(f"[{', '.join(term.expression for term in terms)}]")

        def on_row(field: Selected) -> Encode:
            if field.name in leaves:
                leaf = leaves[field.name]
                return shown(row.place(f"{r}.{leaf.stored}"), leaf, self.codec)
            text, encode = self.far(hop.targets, far, [field])
            return at(row.place(text), encode)

        encode = shape.encoder(on_row)
        listed = None
        if shape.paged:
            match = hop_match(hop, variable, r, far, [*conditions, *window.bounds(terms, one, self.parameter)])
            limit, order = self.parameter(one, lambda _: window.size + 1), window.order(terms)
            listed = slots.place(f"COLLECT {{ {match} RETURN {row.text()} ORDER BY {order} LIMIT {limit} }}")

        def answer(values: list[Any]) -> dict[str, Any]:
            rows = values[listed] if listed is not None else []
            total = values[counted] if counted is not None else None
            page = window.shown(rows)
            told = {"totalCount": total}
            return encode(Page(page, [found[0] for found in page], len(rows) > window.size, window, told))

        return answer


def known_node(model: Model, label: Label, variable: str, *, scoped: bool) -> list[str]:
    """That a node is there in the data version asked, and in scope."""
    conditions = [KNOWN.format(variable) if is_version(label) else f"{variable}.recorded <= $seq"]
    inside = within(model, label, variable) if scoped else ""
    return [*conditions, f"({inside})"] if inside else conditions
