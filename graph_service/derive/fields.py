"""What a node shows: its values and its hops, as the model declares them. Types and projections are both made of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from graph_service.declare import Keeping, Kind, Label, Model, Property, Relationship

LATEST = "current"
"""The hop to the yearly record in force."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a node or a relationship. `on` says where it is stored: on the node itself or on its state; `sealed_as`: the
    name under which the codec has sealed it, empty for what is not confidential."""

    name: str
    stored: str
    kind: Kind
    zh: str
    doc: str
    on: Literal["node", "state"] = "node"
    property: Property | None = None
    sealed_as: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """A way from a node to others. `latest` hops give the one yearly record in force; `dated` ones carry times."""

    name: str
    relationship: Relationship
    forward: bool
    targets: tuple[str, ...]
    single: bool
    dated: bool = True
    latest: bool = False

    @property
    def few(self) -> bool:
        """Whether a node has few of it, as the model declares."""
        return not self.dated or self.relationship.small == ("start" if self.forward else "end")

    @property
    def pattern(self) -> str:
        """With places for near node, relationship and far node."""
        arrow = "({0})-[{1}:{t}]->({2})" if self.forward else "({0})<-[{1}:{t}]-({2})"
        return arrow.replace("{t}", self.relationship.type)

    def end(self, target: str) -> str:
        """How a filter names a far end of this label."""
        return "node" if len(self.targets) == 1 else small(target)


def camel(name: str) -> str:
    """card_no → cardNo."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def small(name: str) -> str:
    """HouseholdYear → householdYear."""
    return name[:1].lower() + name[1:]


def spoken(name: str) -> str:
    """FIRST_SECRETARY → First secretary."""
    return name.replace("_", " ").capitalize()


def leaves(owner: str, properties: tuple[Property, ...], on: Literal["node", "state"]) -> Iterator[Leaf]:
    """One for each property; an enumeration has its raw text beside it."""
    for p in properties:
        yield Leaf(camel(p.name), p.name, p.kind, p.zh, p.doc, on, p, p.sealed_as(owner))
        if p.enum is not None:
            raw = "The text of the register where it is OTHER."
            yield Leaf(camel(p.raw_name), p.raw_name, Kind.TEXT, f"{p.zh}原文", raw, on, p)


def node_leaves(label: Label) -> list[Leaf]:
    """A label's values: its key, what changes, where that comes from."""
    at: Literal["node", "state"] = "state" if label.state else "node"
    source = Leaf("source", "source", Kind.TEXT, "来源", "File, sheet and row that it comes from.", at)
    recorded = Leaf("recorded", "recorded", Kind.INTEGER, "数据版本", "The data version that brought it.", at)
    return [*leaves(label.name, (label.key,), "node"), *leaves(label.name, label.properties, at), source, recorded]


def relationship_leaves(relationship: Relationship) -> list[Leaf]:
    """A relationship's values, its times first."""
    if relationship.flow:
        times = [Leaf("on", "since", Kind.DATE, "日期", "The day from which it counts.")]
    else:
        times = [
            Leaf("since", "since", Kind.DATE, "开始", "First day on which it holds; null = always."),
            Leaf("until", "until", Kind.DATE, "结束", "Last day on which it holds; null = open."),
        ]
    source = Leaf("source", "source", Kind.TEXT, "来源", "File, sheet and row that it comes from.")
    recorded = Leaf("recorded", "recorded", Kind.INTEGER, "数据版本", "The data version that brought it.")
    return [*times, *leaves(relationship.type, relationship.properties, "node"), source, recorded]


def hops(model: Model, label: Label) -> list[Hop]:
    """A label's hops, in declared order. A label that is also another has that one's hops too."""
    found: list[Hop] = []
    for name in filter(None, (label.name, label.also)):
        for relationship, forward in model.hops(name):
            if relationship.type == "OF":
                # A village has its own books, not an area's reports.
                if name == label.name:
                    found.extend(_years(model, label, relationship, forward=forward))
                continue
            end = "start" if forward else "end"
            found.append(
                Hop(
                    relationship.forward if forward else relationship.backward,
                    relationship,
                    forward,
                    relationship.end if forward else relationship.start,
                    relationship.single == end,
                )
            )
    return found


def _years(model: Model, label: Label, relationship: Relationship, *, forward: bool) -> Iterator[Hop]:
    """Between a yearly record and its owner, who has them all and the one in force."""
    if forward:
        yield Hop(relationship.forward, relationship, True, (label.owner,), True, dated=False)
        return
    of_mine = tuple(other.name for other in model.labels.values() if other.owner == label.name)
    yield Hop(relationship.backward, relationship, False, of_mine, False, dated=False)
    yield Hop(LATEST, relationship, False, of_mine, True, dated=False, latest=True)


def yearly(model: Model, label: Label) -> Label | None:
    """The label of the yearly records that a label's nodes own."""
    return next((other for other in model.labels.values() if other.owner == label.name), None)


def key_of(labels: Iterable[Label], variable: str) -> str:
    """An expression for the key of a node that is of one of these labels."""
    keys = list(dict.fromkeys(f"{variable}.{label.key.name}" for label in labels))
    return keys[0] if len(keys) == 1 else f"coalesce({', '.join(keys)})"


def facets(model: Model, label: Label) -> list[Label]:
    """Labels that a node of this one may carry as well: an Area may be a Village."""
    return [other for other in model.labels.values() if other.also == label.name]


def is_version(label: Label) -> bool:
    """Whether the node itself is a version, with its own times."""
    return label.keeping is Keeping.ITSELF
