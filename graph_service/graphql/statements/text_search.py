"""Search by the beginning of a text: in the indexes of numbers, names and pinyin, or, in a few areas, among all nodes there."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.domain.fields import yearly_label
from graph_service.domain.metamodel import Label, Property
from graph_service.domain.model import MODEL
from graph_service.graphql.statements.anchors import IN_RANGES, anchor_condition
from graph_service.graphql.statements.compiler import node_conditions
from graph_service.graphql.statements.listing import match_in_areas
from graph_service.graphql.statements.matches import current_value, state_value
from graph_service.platform.catalog import KNOWN_CONDITION


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """A label to search, the label that holds its name, and the property of that name."""

    label: Label
    name_label: Label
    name: Property

    @property
    def member(self) -> str:
        return self.label.name.upper()

    @property
    def name_node_label(self) -> str:
        """Return the label of the node that has its name; empty where it has the name itself."""
        return (
            ""
            if self.label is self.name_label and not self.label.state_label
            else self.name_label.state_label or self.name_label.name
        )


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """Parameters of the search text: as written, in lower case, in upper case."""

    text: str
    lower: str
    upper: str

    def number_condition(self, key: str) -> str:
        """Return the condition on a number, whose letters are capitals, which the search text may not have."""
        return f"({key} STARTS WITH {self.text} OR {key} STARTS WITH {self.upper})"

    def name_conditions(self, name: str, pinyin: str, initials: str) -> list[str]:
        return [
            f"{name} STARTS WITH {self.text}",
            *(f"{spelling} STARTS WITH {self.lower}" for spelling in (pinyin, initials)),
        ]


def _search_targets() -> tuple[SearchTarget, ...]:
    targets = []
    for label in MODEL.labels.values():
        card = yearly_label(MODEL, label)
        name_label = label if label.search_property else card
        if (
            name_label is not None
            and name_label.search_property is not None
            and not label.base_label
            and not label.owner
        ):
            targets.append(SearchTarget(label, name_label, name_label.search_property))
    return tuple(targets)


SEARCH_TARGETS = _search_targets()


MatchPart = tuple[str, list[str], str, str]
"""Match, conditions, expression of the returned text, and expression to sort by: the pinyin of names, as engines do not order all
characters alike."""


def index_parts(target: SearchTarget, method: int, texts: SearchTexts, *, is_ascii_letters: bool) -> list[MatchPart]:
    """Return parts that search by one method each. A part leaves out nodes found by an earlier one; each begins at an index, which
    takes a single parameter, not alternatives."""
    label, name_label, name = target.label, target.name_label, target.name
    key = f"n.{label.key.name}"
    if method == 0:
        match, as_written = f"MATCH (n:{label.name})", f"{key} STARTS WITH {texts.text}"
        upper_part = (match, [f"{key} STARTS WITH {texts.upper}", f"NOT {as_written}"], key, key)
        return [(match, [as_written], key, key), *([upper_part] if is_ascii_letters else [])]
    s = "s" if target.name_node_label else "n"
    name_conditions = texts.name_conditions(f"{s}.{name.name}", *(f"{s}.{spelling}" for spelling in name.pinyin_names))
    name_condition, text_expression, sort_expression = (
        name_conditions[method - 1],
        f"{s}.{name.name}",
        f"coalesce({s}.{name.pinyin_names[0]}, '')",
    )
    conditions = [
        f"NOT {texts.number_condition(key)}",
        *(f"NOT {earlier}" for earlier in name_conditions[: method - 1]),
    ]
    if not target.name_node_label:
        return [(f"MATCH (n:{label.name})", [name_condition, *conditions], text_expression, sort_expression)]
    if label is not name_label:
        later_card = f"MATCH (n)<-[:OF]-(l:{name_label.name}) WHERE {KNOWN_CONDITION.format('l')} AND l.year > s.year AND l.year <= $asOf / 10000"
        conditions += ["s.year <= $asOf / 10000", f"NOT EXISTS {{ {later_card} }}"]
    name_match = f"MATCH (s:{target.name_node_label}) WHERE {name_condition} AND {KNOWN_CONDITION.format('s')}"
    return [(f"{name_match} MATCH (s)-[:OF]->(n:{label.name})", conditions, text_expression, sort_expression)]


def area_match(target: SearchTarget, method_count: int, texts: SearchTexts) -> str:
    """Return the match of every node of a target in a few areas, with the first method that finds it and the text to return."""
    label, name = target.label, target.name
    key = f"n.{label.key.name}"
    name_values = f"[{', '.join(f's.{part}' for part in (name.name, *name.pinyin_names))}]"
    is_on_card = label is not target.name_label
    names = (
        current_value(target.name_label, "n", "s", name_values)
        if is_on_card
        else state_value(target.name_node_label, "n", "s", name_values)
    )
    conditions = [texts.number_condition(key), *texts.name_conditions("names[0]", "names[1]", "names[2]")][
        :method_count
    ]
    cases = " ".join(f"WHEN {condition} THEN {index}" for index, condition in enumerate(conditions))
    node_condition = " AND ".join(node_conditions(MODEL, label, "n", scoped=False))
    return (
        f"{match_in_areas(MODEL, label)} WHERE {node_condition} WITH n, {names} AS names "
        f"WITH n, names, CASE {cases} END AS way WHERE way IS NOT NULL "
        f"WITH n, way, CASE way WHEN 0 THEN {key} ELSE names[0] END AS text, "
        f"CASE way WHEN 0 THEN {key} ELSE coalesce(names[1], '') END AS sort"
    )


def area_conditions(label: Label) -> list[str]:
    """Return the condition that a node lies in the requested areas; none for nodes that lie in no area."""
    if label.name == "Area":
        return [IN_RANGES.format(v="n", ranges="areas")]
    area_condition = anchor_condition(MODEL, label, "n", "areas")
    return [f"({area_condition})"] if area_condition else []
