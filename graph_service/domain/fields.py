"""Fields of a node: its values and its hops, as the model declares them. GraphQL types and projections are derived from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from graph_service.domain.metamodel import (
    DataClassification,
    Label,
    LabelStorage,
    Model,
    Property,
    PropertyKind,
    Relationship,
)

CURRENT_FIELD = "current"
"""Name of the hop to the yearly record in force."""


@dataclass(frozen=True, slots=True)
class ValueField:
    """A value of a node or a relationship. `stored_on`: stored on the node itself or on its state; `seal_name`: name under which the
    codec seals it, empty for a value that is not confidential."""

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
    """A hop from a node to related nodes. `latest`: the hop gives only the yearly record in force; `dated`: its relationship has times."""

    name: str
    relationship: Relationship
    forward: bool
    targets: tuple[str, ...]
    single: bool
    dated: bool = True
    latest: bool = False

    @property
    def has_few(self) -> bool:
        """Tell whether the model declares that a node has few of these relationships."""
        return not self.dated or self.relationship.smaller_end == ("start" if self.forward else "end")

    @property
    def pattern(self) -> str:
        """Return the Cypher pattern with placeholders for the near node, the relationship and the far node."""
        arrow = "({0})-[{1}:{t}]->({2})" if self.forward else "({0})<-[{1}:{t}]-({2})"
        return arrow.replace("{t}", self.relationship.type)


def camel_case(name: str) -> str:
    """Convert to camel case: card_no → cardNo."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def lower_first(name: str) -> str:
    """Lower the first letter: HouseholdYear → householdYear."""
    return name[:1].lower() + name[1:]


def upper_first(name: str) -> str:
    """Raise the first letter: householdYear → HouseholdYear."""
    return name[:1].upper() + name[1:]


def sentence_case(name: str) -> str:
    """Convert to sentence case: FIRST_SECRETARY → First secretary."""
    return name.replace("_", " ").capitalize()


def value_fields(
    owner: str, properties: tuple[Property, ...], stored_on: Literal["node", "state"]
) -> Iterator[ValueField]:
    """Yield a field for each property, and a second one for the raw text of an enumeration."""
    for property_ in properties:
        yield ValueField(
            camel_case(property_.name),
            property_.name,
            property_.kind,
            property_.zh,
            property_.doc,
            stored_on,
            property_,
            property_.seal_name(owner),
        )
        if property_.enum is not None:
            raw_doc = "Original text of the register if it is not in the code list; otherwise null."
            yield ValueField(
                camel_case(property_.raw_name),
                property_.raw_name,
                PropertyKind.TEXT,
                f"{property_.zh}原文",
                raw_doc,
                stored_on,
                property_,
            )


def value_class(leaf: ValueField) -> DataClassification:
    """Return the class of a value; sources and versions are internal."""
    return leaf.property.classification if leaf.property is not None else DataClassification.INTERNAL


def node_value_fields(label: Label) -> list[ValueField]:
    """Return a label's value fields: key, changing properties, source and data version."""
    stored_on: Literal["node", "state"] = "state" if label.state_label else "node"
    source = ValueField(
        "source",
        "source",
        PropertyKind.TEXT,
        "来源",
        "File, sheet and row from which the record was imported.",
        stored_on,
    )
    recorded = ValueField(
        "recorded",
        "recorded",
        PropertyKind.INTEGER,
        "数据版本",
        "Data version in which the record was added.",
        stored_on,
    )
    return [
        *value_fields(label.name, (label.key,), "node"),
        *value_fields(label.name, label.properties, stored_on),
        *([source] if label.has_source else []),
        recorded,
    ]


def relationship_value_fields(relationship: Relationship) -> list[ValueField]:
    """Return a relationship's value fields, its times first."""
    if relationship.is_flow:
        times = [
            ValueField("on", "since", PropertyKind.DATE, "日期", "Date on which it took place; null if not recorded.")
        ]
    else:
        times = [
            ValueField(
                "since", "since", PropertyKind.DATE, "开始", "First day of validity; null if there is no start date."
            ),
            ValueField(
                "until", "until", PropertyKind.DATE, "结束", "Last day of validity; null if there is no end date."
            ),
        ]
    source = ValueField(
        "source", "source", PropertyKind.TEXT, "来源", "File, sheet and row from which the record was imported."
    )
    recorded = ValueField(
        "recorded", "recorded", PropertyKind.INTEGER, "数据版本", "Data version in which the record was added."
    )
    return [*times, *value_fields(relationship.type, relationship.properties, "node"), source, recorded]


def relationship_fields(model: Model, label: Label) -> list[RelationshipField]:
    """Return a label's hops, in declared order. A label with a base label has the hops of the base label too."""
    fields: list[RelationshipField] = []
    for name in filter(None, (label.name, label.base_label)):
        for relationship, forward in model.relationships_of(name):
            if relationship.type == "OF":
                # A village has the yearly records of a village, not those of an area.
                if name == label.name:
                    fields.extend(_yearly_fields(model, label, relationship, forward=forward))
                continue
            end = "start" if forward else "end"
            fields.append(
                RelationshipField(
                    relationship.forward_name if forward else relationship.backward_name,
                    relationship,
                    forward,
                    relationship.end if forward else relationship.start,
                    relationship.single_from == end,
                )
            )
    return fields


def _yearly_fields(
    model: Model, label: Label, relationship: Relationship, *, forward: bool
) -> Iterator[RelationshipField]:
    """Yield the hops between a yearly record and its owner; the owner has a hop to all records and one to the record in force."""
    if forward:
        yield RelationshipField(relationship.forward_name, relationship, True, (label.owner,), True, dated=False)
        return
    yearly_labels = tuple(
        yearly_label.name for yearly_label in model.labels.values() if yearly_label.owner == label.name
    )
    yield RelationshipField(relationship.backward_name, relationship, False, yearly_labels, False, dated=False)
    yield RelationshipField(CURRENT_FIELD, relationship, False, yearly_labels, True, dated=False, latest=True)


def yearly_label(model: Model, label: Label) -> Label | None:
    """Return the label of the yearly records that a label's nodes own, or None."""
    return next((candidate for candidate in model.labels.values() if candidate.owner == label.name), None)


def key_expression(labels: Iterable[Label], variable: str) -> str:
    """Return a Cypher expression for the key of a node that has one of these labels."""
    keys = list(dict.fromkeys(f"{variable}.{label.key.name}" for label in labels))
    return keys[0] if len(keys) == 1 else f"coalesce({', '.join(keys)})"


def subtype_labels(model: Model, label: Label) -> list[Label]:
    """Return the labels that a node of this label may carry as well: an Area may be a Village."""
    return [subtype for subtype in model.labels.values() if subtype.base_label == label.name]


def is_version(label: Label) -> bool:
    """Tell whether the node itself is a version, with times of validity."""
    return label.storage is LabelStorage.ITSELF
