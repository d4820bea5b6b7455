"""Orders of a label's list: by area and key, or by a value, with nodes that lack the value last."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.domain.fields import ValueField, node_value_fields, yearly_label
from graph_service.domain.metamodel import Label, Model, PropertyKind
from graph_service.graphql.paging import OrderTerm
from graph_service.graphql.statements.matches import current_value, key_type, state_value
from graph_service.graphql.types.filters import filterable_leaves
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry

VALUE_TYPES: dict[PropertyKind, type] = {PropertyKind.TEXT: str, PropertyKind.ENUM: str, PropertyKind.NUMBER: float}
BLANK_VALUES: dict[type, str] = {str: "''", float: "0.0", int: "0"}


@dataclass(frozen=True, slots=True)
class SortableValue:
    """A value by which nodes of a label can be ordered; `card`: the yearly record that has it."""

    leaf: ValueField
    card: Label | None = None

    @property
    def member(self) -> str:
        """Return the enumeration's member: CARD_NO."""
        return self.leaf.stored_name.upper()

    @property
    def stored(self) -> str:
        """Return the stored name of the compared value: for names the pinyin, as in a Chinese list."""
        definition = self.leaf.property
        return (
            definition.pinyin_names[0] if definition is not None and definition.search_kind else self.leaf.stored_name
        )


def sortable_values(model: Model, label: Label) -> dict[str, SortableValue]:
    """Return values by the enumeration's member: the label's own, then those of the yearly record in force. Sealed values are left out."""
    card = yearly_label(model, label)
    values: dict[str, SortableValue] = {}
    for owner, leaves in ((None, node_value_fields(label)), (card, node_value_fields(card) if card else [])):
        for leaf in filterable_leaves(leaves):
            is_raw = leaf.property is not None and leaf.stored_name != leaf.property.name
            if leaf.seal_name or is_raw or leaf.kind is PropertyKind.ENUMS or (owner and leaf.property is owner.key):
                continue
            sortable = SortableValue(leaf, owner)
            values.setdefault(sortable.member, sortable)
    return values


def derive_orders(types: TypeRegistry, model: Model) -> None:
    """Add an enumeration and an input type for each label."""
    for label in model.directory_labels:
        members = [
            (name, f"{sortable.leaf.zh}：{sortable.leaf.doc}")
            for name, sortable in sortable_values(model, label).items()
        ]
        types.add_enum(
            f"{label.name}Property", f"{label.zh}排序项：Values by which {label.plural_name} can be sorted.", members
        )
        by = Field(
            "by",
            f"{label.name}Property!",
            "排序项：Value to sort by. Names are sorted by their pinyin; items without a value come last.",
            default=REQUIRED,
        )
        descending = Field("descending", "Boolean!", "降序：True to sort in descending order.", default=False)
        types.add_input(f"{label.name}Order", f"{label.zh}排序：Sort order of {label.plural_name}.", [by, descending])


def value_expression(sortable: SortableValue, label: Label, node: str) -> str:
    """Return the expression of a value of a node."""
    return record_expression(sortable, label, node, f"{record_variable(sortable, node)}.{sortable.stored}")


def record_variable(sortable: SortableValue, node: str) -> str:
    """Return the variable of the record that has a value: the card in force, the state, or the node itself."""
    if sortable.card is not None:
        return "c"
    return "s" if sortable.leaf.stored_on == "state" else node


def record_expression(sortable: SortableValue, label: Label, node: str, expression: str) -> str:
    """Return an expression over the record that has a value, as an expression over the node."""
    variable = record_variable(sortable, node)
    if sortable.card is not None:
        return current_value(sortable.card, node, variable, expression)
    if sortable.leaf.stored_on == "state":
        return state_value(label.state_label, node, variable, expression)
    return expression


def value_terms(sortable: SortableValue, variable: str, *, descending: bool) -> list[OrderTerm]:
    """Return the terms of an order by the value in `variable`."""
    kind = VALUE_TYPES.get(sortable.leaf.kind, int)
    value = f"coalesce({variable}, {BLANK_VALUES[kind]})"
    if sortable.leaf.kind is PropertyKind.FLAG:
        value = f"CASE WHEN {variable} THEN 1 ELSE 0 END"
    return [OrderTerm(f"CASE WHEN {variable} IS NULL THEN 1 ELSE 0 END", int), OrderTerm(value, kind, descending)]


def key_terms(model: Model, label: Label, node: str, owner: str) -> list[OrderTerm]:
    """Return the terms that distinguish a label's nodes."""
    key = [OrderTerm(f"{node}.{label.key.name}", key_type(label))]
    if not label.owner:
        return key
    owner_label = model.labels[label.owner]
    return [OrderTerm(f"{owner}.{owner_label.key.name}", key_type(owner_label)), *key]
