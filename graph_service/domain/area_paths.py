"""Paths from areas to nodes of a label: the node is the area, has one home, may have several ties, or lies in no area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graph_service.domain.metamodel import AnchorStep, Label, Model

LocationKind = Literal["self", "home", "ties", "nowhere"]


@dataclass(frozen=True, slots=True)
class AreaPath:
    """A path from an area to nodes of a label: its pattern, its dated relationships, labels and variables.

    `dated`: (variable, whether a node has at most one of it on a day) of each dated relationship; `is_single_valued`: True where all
    have at most one. `end_label`: label of the area; `owner_variable`: variable of the node's owner, where the path passes it.
    """

    pattern: str
    dated: tuple[tuple[str, bool], ...]
    end_label: str
    owner_variable: str = ""

    @property
    def is_single_valued(self) -> bool:
        return all(single for _, single in self.dated)


def unpad_code(code: str) -> str:
    """Return an area's code without the zeros that stand for the levels below: 513400 → 5134, 513431100000 → 513431100."""
    for zeros, digits in (("000", 12), ("000", 9), ("00", 6), ("00", 4)):
        if len(code) == digits:
            code = code.removesuffix(zeros)
    return code


def area_path(model: Model, label: Label, path: tuple[AnchorStep, ...], node: str, area: str) -> AreaPath:
    """Return the path from `area` to `node` along one of the label's anchors, walked from its far end."""
    near_label, dated_relationships, parts, variable, owner_variable = (
        label.name,
        [],
        [f"({node}:{label.name})"],
        node,
        "",
    )
    for i, step in enumerate(path):
        relationship = model.relationships[step.relationship]
        is_last = i == len(path) - 1
        ends = relationship.end if step.forward else relationship.start
        if step.relationship == "OF":
            ends = (model.labels[near_label].owner,)
        relationship_variable, variable = f"{node}r{i}", area if is_last else f"{node}a{i}"
        if step.relationship == "OF":
            owner_variable = variable
        else:
            dated_relationships.append(
                (relationship_variable, relationship.single_from == ("start" if step.forward else "end"))
            )
        near_label = ends[0] if len(ends) == 1 else ""
        arrow = (
            f"<-[{relationship_variable}:{step.relationship}]-"
            if step.forward
            else f"-[{relationship_variable}:{step.relationship}]->"
        )
        parts = [
            f"({area})" if is_last else f"({variable}:{near_label})" if near_label else f"({variable})",
            arrow,
            *parts,
        ]
    return AreaPath(
        "".join(parts),
        tuple(dated_relationships),
        near_label or "Area",
        owner_variable if owner_variable != area else area,
    )


def is_area(label: Label) -> bool:
    """Tell whether nodes of a label are areas, which lie in themselves."""
    return "Area" in (label.name, label.base_label)


def location_kind(model: Model, label: Label) -> LocationKind:
    """Return how nodes of a label lie in areas. A node with a home lies there, even where other ties make it visible elsewhere."""
    if is_area(label):
        return "self"
    if not label.anchors:
        return "nowhere"
    first, *alternatives = label.anchors
    # Anchors with the same first step have different ends, such as the household or the person of a finding.
    step_index = 1 if label.owner else 0
    has_alternatives = any(len(first) > step_index and path[step_index] == first[step_index] for path in alternatives)
    return "home" if area_path(model, label, first, "n", "v").is_single_valued and not has_alternatives else "ties"
