"""What a node shows: its values and its hops, as the model declares them. Types and projections are both made of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from graph_service.domain.metamodel import (
    Label,
    LabelStorage,
    Model,
    Property,
    PropertyKind,
    Relationship,
)

CURRENT_FIELD = "current"
"""The hop to the yearly record in force."""


@dataclass(frozen=True, slots=True)
class ValueField:
    """A value of a node or a relationship. `stored_on` says where it is stored: on the node itself or on its state; `seal_name`: the
    name under which the codec has sealed it, empty for what is not confidential."""

    name: str
    stored_name: str
    kind: PropertyKind
    zh: str
    doc: str
    stored_on: Literal["node", "state"] = "node"
    property: Property | None = None
    seal_name: str = ""


@dataclass(frozen=True, slots=True)
class RelationshipField:
    """A way from a node to others. `latest` hops give the one yearly record in force; `dated` ones carry times."""

    name: str
    relationship: Relationship
    forward: bool
    targets: tuple[str, ...]
    single: bool
    dated: bool = True
    latest: bool = False

    @property
    def has_few(self) -> bool:
        """Whether a node has few of it, as the model declares."""
        return not self.dated or self.relationship.smaller_end == ("start" if self.forward else "end")

    @property
    def pattern(self) -> str:
        """With places for near node, relationship and far node."""
        arrow = "({0})-[{1}:{t}]->({2})" if self.forward else "({0})<-[{1}:{t}]-({2})"
        return arrow.replace("{t}", self.relationship.type)

    def end_filter_name(self, target: str) -> str:
        """How a filter names a far end of this label."""
        return "node" if len(self.targets) == 1 else lower_first(target)


def camel_case(name: str) -> str:
    """card_no → cardNo."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def lower_first(name: str) -> str:
    """HouseholdYear → householdYear."""
    return name[:1].lower() + name[1:]


def sentence_case(name: str) -> str:
    """FIRST_SECRETARY → First secretary."""
    return name.replace("_", " ").capitalize()


def value_fields(
    owner: str, properties: tuple[Property, ...], stored_on: Literal["node", "state"]
) -> Iterator[ValueField]:
    """One for each property; an enumeration has its raw text beside it."""
    for p in properties:
        yield ValueField(camel_case(p.name), p.name, p.kind, p.zh, p.doc, stored_on, p, p.seal_name(owner))
        if p.enum is not None:
            raw = "The text of the register where it is OTHER."
            yield ValueField(camel_case(p.raw_name), p.raw_name, PropertyKind.TEXT, f"{p.zh}原文", raw, stored_on, p)


def node_value_fields(label: Label) -> list[ValueField]:
    """A label's values: its key, what changes, where that comes from."""
    at: Literal["node", "state"] = "state" if label.state_label else "node"
    source = ValueField("source", "source", PropertyKind.TEXT, "来源", "File, sheet and row that it comes from.", at)
    recorded = ValueField(
        "recorded", "recorded", PropertyKind.INTEGER, "数据版本", "The data version that brought it.", at
    )
    return [
        *value_fields(label.name, (label.key,), "node"),
        *value_fields(label.name, label.properties, at),
        source,
        recorded,
    ]


def relationship_value_fields(relationship: Relationship) -> list[ValueField]:
    """A relationship's values, its times first."""
    if relationship.is_flow:
        times = [ValueField("on", "since", PropertyKind.DATE, "日期", "The day from which it counts.")]
    else:
        times = [
            ValueField("since", "since", PropertyKind.DATE, "开始", "First day on which it holds; null = always."),
            ValueField("until", "until", PropertyKind.DATE, "结束", "Last day on which it holds; null = open."),
        ]
    source = ValueField("source", "source", PropertyKind.TEXT, "来源", "File, sheet and row that it comes from.")
    recorded = ValueField("recorded", "recorded", PropertyKind.INTEGER, "数据版本", "The data version that brought it.")
    return [*times, *value_fields(relationship.type, relationship.properties, "node"), source, recorded]


def relationship_fields(model: Model, label: Label) -> list[RelationshipField]:
    """A label's hops, in declared order. A label that is also another has that one's hops too."""
    found: list[RelationshipField] = []
    for name in filter(None, (label.name, label.base_label)):
        for relationship, forward in model.relationships_of(name):
            if relationship.type == "OF":
                # A village has its own books, not an area's reports.
                if name == label.name:
                    found.extend(_yearly_fields(model, label, relationship, forward=forward))
                continue
            end = "start" if forward else "end"
            found.append(
                RelationshipField(
                    relationship.forward_name if forward else relationship.backward_name,
                    relationship,
                    forward,
                    relationship.end if forward else relationship.start,
                    relationship.single_from == end,
                )
            )
    return found


def _yearly_fields(
    model: Model, label: Label, relationship: Relationship, *, forward: bool
) -> Iterator[RelationshipField]:
    """Between a yearly record and its owner, who has them all and the one in force."""
    if forward:
        yield RelationshipField(relationship.forward_name, relationship, True, (label.owner,), True, dated=False)
        return
    of_mine = tuple(other.name for other in model.labels.values() if other.owner == label.name)
    yield RelationshipField(relationship.backward_name, relationship, False, of_mine, False, dated=False)
    yield RelationshipField(CURRENT_FIELD, relationship, False, of_mine, True, dated=False, latest=True)


def yearly_label(model: Model, label: Label) -> Label | None:
    """The label of the yearly records that a label's nodes own."""
    return next((other for other in model.labels.values() if other.owner == label.name), None)


def key_expression(labels: Iterable[Label], variable: str) -> str:
    """An expression for the key of a node that is of one of these labels."""
    keys = list(dict.fromkeys(f"{variable}.{label.key.name}" for label in labels))
    return keys[0] if len(keys) == 1 else f"coalesce({', '.join(keys)})"


def subtype_labels(model: Model, label: Label) -> list[Label]:
    """Labels that a node of this one may carry as well: an Area may be a Village."""
    return [other for other in model.labels.values() if other.base_label == label.name]


def is_version(label: Label) -> bool:
    """Whether the node itself is a version, with its own times."""
    return label.storage is LabelStorage.ITSELF
