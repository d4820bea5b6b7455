"""A random graph, and the same graph with everything changed that callers granted some areas may not see."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from graph_service.core.recording.record_versions import upsert_statements
from graph_service.domain.metamodel import AnchorStep, PropertyKind
from graph_service.domain.model import MODEL
from graph_service.domain.records import Target
from tests.reference.graphs import TEXTS, VALUES, Graph, Thing


def is_hidden(thing: Thing, granted: tuple[str, ...]) -> bool:
    """Return True where no tie of any day or version places a node in the granted areas, and it is not public."""
    labels = [name for name in MODEL.labels if thing.is_a(name)]
    anchors = [path for name in labels for path in MODEL.labels[name].anchors]
    is_public = any(not MODEL.labels[name].anchors for name in labels)
    return not is_public and not any(code.startswith(granted) for path in anchors for code in _codes(thing, path))


def _codes(thing: Thing, path: tuple[AnchorStep, ...]) -> Iterator[str]:
    """Yield the codes of the areas at the end of an anchor path, whenever its ties hold."""
    if not path:
        if thing.is_a("Area"):
            yield thing.key
        return
    step, *rest = path
    if step.relationship == "OF":
        assert thing.owner is not None
        yield from _codes(thing.owner, tuple(rest))
        return
    for tie in thing.ties[step.relationship, step.forward]:
        yield from _codes(tie.end if step.forward else tie.start, tuple(rest))


class ChangedGraph(Graph):
    """The graph of a seed, in which other values stand on all hidden nodes, and ties between two hidden nodes are gone."""

    def __init__(self, seed: int, granted: tuple[str, ...]) -> None:
        super().__init__(seed)
        rng = random.Random(f"hidden {seed}")
        hidden = {
            (name, thing.owner.key if thing.owner else thing.key)
            for things in self.things.values()
            for thing in things
            if is_hidden(thing, granted)
            for name in MODEL.labels
            if thing.is_a(name)
        }
        nodes = {upsert_statements(Target(name)).create: name for name in MODEL.labels if name in _written_labels()}
        ties = {
            statement: (start, end)
            for relationship in MODEL.relationships.values()
            if relationship.type not in ("OF", "PART_OF")
            for start in relationship.start
            for end in relationship.end
            for upsert in [upsert_statements(Target(relationship.type, start, end))]
            for statement in (upsert.create, upsert.supersede)
        }
        self.changed_count = self.removed_count = 0
        steps = []
        for sequence, text, rows in self.steps:
            [row] = rows
            if text in nodes and (nodes[text], row["key"]) in hidden:
                steps.append((sequence, text, [_other_values(nodes[text], row, rng)]))
                self.changed_count += 1
            elif text in ties and {(ties[text][0], row["start"]), (ties[text][1], row["end"])} <= hidden:
                self.removed_count += 1
            else:
                steps.append((sequence, text, rows))
        self.steps = steps


def _written_labels() -> frozenset[str]:
    return frozenset(label.name for label in MODEL.labels.values() if label.state_label or label.owner)


def _other_values(label: str, row: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return a row with other values of its properties; what identifies the node and its version stays."""
    values = dict(row)
    for property_ in MODEL.labels[label].properties:
        if property_.kind in (PropertyKind.ENUM, PropertyKind.ENUMS):
            members = [member.name for member in property_.enum.members[:3]] if property_.enum else []
            values[property_.name] = members[:1] if property_.kind is PropertyKind.ENUMS else rng.choice(members)
        elif property_.kind is PropertyKind.TEXT:
            values[property_.name] = rng.choice([text for text in TEXTS if text != row.get(property_.name)])
        else:
            values[property_.name] = rng.choice(VALUES[property_.kind])
    return values
