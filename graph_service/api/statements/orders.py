"""Orders of a label's list: by place and key, or by a value with those that have none last."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.api.paging import Term
from graph_service.api.statements.matches import as_known, in_force, key_type
from graph_service.api.types.building import MUST, Field, Types
from graph_service.api.types.filters import asked_leaves
from graph_service.declare import Kind, Label, Model
from graph_service.derive.fields import Leaf, node_leaves, yearly

KINDS: dict[Kind, type] = {Kind.TEXT: str, Kind.ENUM: str, Kind.NUMBER: float}
BLANKS: dict[type, str] = {str: "''", float: "0.0", int: "0"}


@dataclass(frozen=True, slots=True)
class Sorted:
    """A value by which nodes of a label can be put in order; `card`: the yearly record that has it."""

    leaf: Leaf
    card: Label | None = None

    @property
    def member(self) -> str:
        """CARD_NO"""
        return self.leaf.stored.upper()

    @property
    def stored(self) -> str:
        """What is compared: of names how they are read, as a Chinese list has them."""
        declared = self.leaf.property
        return declared.spelt[0] if declared is not None and declared.searched else self.leaf.stored


def sortable(model: Model, label: Label) -> dict[str, Sorted]:
    """By the enumeration's member: the label's own values, then those of the yearly record in force. Nothing that is sealed."""
    card = yearly(model, label)
    found: dict[str, Sorted] = {}
    for owner, leaves in ((None, node_leaves(label)), (card, node_leaves(card) if card else [])):
        for leaf in asked_leaves(leaves):
            raw = leaf.property is not None and leaf.stored != leaf.property.name
            if leaf.sealed_as or raw or leaf.kind is Kind.ENUMS or (owner and leaf.property is owner.key):
                continue
            one = Sorted(leaf, owner)
            found.setdefault(one.member, one)
    return found


def derive_orders(types: Types, model: Model) -> None:
    """An enumeration and an input type for each label."""
    for label in model.labels.values():
        members = [(name, f"{one.leaf.zh}:{one.leaf.doc}") for name, one in sortable(model, label).items()]
        types.add_enum(
            f"{label.name}Property", f"{label.zh}排序项:Values by which {label.plural_name} are ordered.", members
        )
        by = Field(
            "by",
            f"{label.name}Property!",
            "排序项:By which value, names by their pinyin; those without one come last.",
            default=MUST,
        )
        down = Field("descending", "Boolean!", "降序:The largest first.", default=False)
        types.add_input(f"{label.name}Order", f"{label.zh}排序:An order of {label.plural_name}.", [by, down])


def value_of(one: Sorted, label: Label, node: str) -> str:
    """The expression of a value of a node."""
    if one.card is not None:
        return in_force(one.card, node, "c", f"c.{one.stored}")
    if one.leaf.on == "state":
        return as_known(label.state, node, "s", f"s.{one.stored}")
    return f"{node}.{one.stored}"


def value_terms(one: Sorted, variable: str, *, descending: bool) -> list[Term]:
    """Terms of an order by a value that stands in `variable`."""
    kind = KINDS.get(one.leaf.kind, int)
    value = f"coalesce({variable}, {BLANKS[kind]})"
    if one.leaf.kind is Kind.FLAG:
        value = f"CASE WHEN {variable} THEN 1 ELSE 0 END"
    return [Term(f"CASE WHEN {variable} IS NULL THEN 1 ELSE 0 END", int), Term(value, kind, descending)]


def key_terms(model: Model, label: Label, node: str, owner: str) -> list[Term]:
    """Terms that tell a label's nodes apart."""
    key = [Term(f"{node}.{label.key.name}", key_type(label))]
    if not label.owner:
        return key
    held = model.labels[label.owner]
    return [Term(f"{owner}.{held.key.name}", key_type(held)), *key]
