"""Where nodes of a label lie: in themselves, by a home of which they have one, by ties of which they may have several, nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graph_service.domain.metamodel import AnchorStep, Label, Model

LocationKind = Literal["self", "home", "ties", "nowhere"]


@dataclass(frozen=True, slots=True)
class AreaPath:
    """The way from an area to nodes of a label: its pattern, the relationships on it that are dated, labels and variables.

    `is_single_valued`: whether each of them is one that a node has at most one of on a day. `end_label`: the area's label; `owner_variable`: variable of the
    node's owner, where the way leads over it.
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
    """From `area` to `node` along one of the label's anchors, walked from its far end."""
    near, dated, parts, here, owner = label.name, [], [f"({node}:{label.name})"], node, ""
    for i, step in enumerate(path):
        relationship = model.relationships[step.relationship]
        last = i == len(path) - 1
        ends = relationship.end if step.forward else relationship.start
        if step.relationship == "OF":
            ends = (model.labels[near].owner,)
        r, here = f"{node}r{i}", area if last else f"{node}a{i}"
        if step.relationship == "OF":
            owner = here
        else:
            dated.append((r, relationship.single_from == ("start" if step.forward else "end")))
        near = ends[0] if len(ends) == 1 else ""
        arrow = f"<-[{r}:{step.relationship}]-" if step.forward else f"-[{r}:{step.relationship}]->"
        parts = [f"({area})" if last else f"({here}:{near})" if near else f"({here})", arrow, *parts]
    return AreaPath("".join(parts), tuple(dated), near or "Area", owner if owner != area else area)


def location_kind(model: Model, label: Label) -> LocationKind:
    """How nodes of a label lie in areas. One that has a home lies there, whatever other ties show it to whom."""
    if label.name == "Area" or label.base_label == "Area":
        return "self"
    if not label.anchors:
        return "nowhere"
    first, *others = label.anchors
    # Ways that begin alike lead to one place or another, as what is found is about a household or a person.
    at = 1 if label.owner else 0
    several = any(len(first) > at and other[at] == first[at] for other in others)
    return "home" if area_path(model, label, first, "n", "v").is_single_valued and not several else "ties"
