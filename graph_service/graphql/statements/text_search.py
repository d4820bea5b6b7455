"""What begins with a text: by the indexes of numbers, names and their spelling, or, in a few areas, among all that lies there."""

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
    """A label that is looked for, where its name stands, and which of its properties that is."""

    label: Label
    name_label: Label
    name: Property

    @property
    def member(self) -> str:
        return self.label.name.upper()

    @property
    def name_node_label(self) -> str:
        """The label of the node that has its name; empty where it has that itself."""
        return (
            ""
            if self.label is self.name_label and not self.label.state_label
            else self.name_label.state_label or self.name_label.name
        )


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """Parameters of what is looked for: as it is written, in small letters, in capitals."""

    text: str
    lower: str
    upper: str

    def number_condition(self, key: str) -> str:
        """Numbers have capital letters, where they have any; who looks for one may not."""
        return f"({key} STARTS WITH {self.text} OR {key} STARTS WITH {self.upper})"

    def name_conditions(self, name: str, pinyin: str, initials: str) -> list[str]:
        return [
            f"{name} STARTS WITH {self.text}",
            *(f"{spelt} STARTS WITH {self.lower}" for spelt in (pinyin, initials)),
        ]


def _search_targets() -> tuple[SearchTarget, ...]:
    found = []
    for label in MODEL.labels.values():
        card = yearly_label(MODEL, label)
        named = label if label.search_property else card
        if named is not None and named.search_property is not None and not label.base_label and not label.owner:
            found.append(SearchTarget(label, named, named.search_property))
    return tuple(found)


SEARCH_TARGETS = _search_targets()


MatchPart = tuple[str, list[str], str, str]
"""What is matched, its conditions, the text that is told, and what that is in order of: names of their pinyin, as engines do not
order all characters alike."""


def index_parts(target: SearchTarget, method: int, texts: SearchTexts, *, is_ascii_letters: bool) -> list[MatchPart]:
    """Parts that find one way each. None finds again what another one before it has found; each begins at an index, which takes
    one parameter, not one or another."""
    label, named, name = target.label, target.name_label, target.name
    key = f"n.{label.key.name}"
    if method == 0:
        match, written = f"MATCH (n:{label.name})", f"{key} STARTS WITH {texts.text}"
        capitals = (match, [f"{key} STARTS WITH {texts.upper}", f"NOT {written}"], key, key)
        return [(match, [written], key, key), *([capitals] if is_ascii_letters else [])]
    s = "s" if target.name_node_label else "n"
    ways = texts.name_conditions(f"{s}.{name.name}", *(f"{s}.{spelt}" for spelt in name.pinyin_names))
    first, told, order = ways[method - 1], f"{s}.{name.name}", f"coalesce({s}.{name.pinyin_names[0]}, '')"
    conditions = [f"NOT {texts.number_condition(key)}", *(f"NOT {earlier}" for earlier in ways[: method - 1])]
    if not target.name_node_label:
        return [(f"MATCH (n:{label.name})", [first, *conditions], told, order)]
    if label is not named:
        later = f"MATCH (n)<-[:OF]-(l:{named.name}) WHERE {KNOWN_CONDITION.format('l')} AND l.year > s.year AND l.year <= $asOf / 10000"
        conditions += ["s.year <= $asOf / 10000", f"NOT EXISTS {{ {later} }}"]
    begun = f"MATCH (s:{target.name_node_label}) WHERE {first} AND {KNOWN_CONDITION.format('s')}"
    return [(f"{begun} MATCH (s)-[:OF]->(n:{label.name})", conditions, told, order)]


def area_match(target: SearchTarget, method_count: int, texts: SearchTexts) -> str:
    """Everything of a kind that lies in a few areas, with the first way in which it is found and the text that is told."""
    label, name = target.label, target.name
    key = f"n.{label.key.name}"
    several = f"[{', '.join(f's.{part}' for part in (name.name, *name.pinyin_names))}]"
    owned = label is not target.name_label
    names = (
        current_value(target.name_label, "n", "s", several)
        if owned
        else state_value(target.name_node_label, "n", "s", several)
    )
    found = [texts.number_condition(key), *texts.name_conditions("names[0]", "names[1]", "names[2]")][:method_count]
    cases = " ".join(f"WHEN {condition} THEN {at}" for at, condition in enumerate(found))
    known = " AND ".join(node_conditions(MODEL, label, "n", scoped=False))
    return (
        f"{match_in_areas(MODEL, label)} WHERE {known} WITH n, {names} AS names "
        f"WITH n, names, CASE {cases} END AS way WHERE way IS NOT NULL "
        f"WITH n, way, CASE way WHEN 0 THEN {key} ELSE names[0] END AS text, "
        f"CASE way WHEN 0 THEN {key} ELSE coalesce(names[1], '') END AS sort"
    )


def area_conditions(label: Label) -> list[str]:
    """That a node lies in the areas asked for; of what lies nowhere nothing."""
    if label.name == "Area":
        return [IN_RANGES.format(v="n", ranges="areas")]
    inside = anchor_condition(MODEL, label, "n", "areas")
    return [f"({inside})"] if inside else []
