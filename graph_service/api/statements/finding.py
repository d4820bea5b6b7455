"""What begins with a text: by the indexes of numbers, names and their spelling, or, in a few areas, among all that lies there."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.api.statements.anchors import RANGES, within
from graph_service.api.statements.compiler import known_node
from graph_service.api.statements.listing import gathered
from graph_service.api.statements.matches import as_known, in_force
from graph_service.catalog import KNOWN
from graph_service.declare import Label, Property
from graph_service.derive.fields import yearly
from graph_service.model import MODEL


@dataclass(frozen=True, slots=True)
class Kind:
    """A label that is looked for, where its name stands, and which of its properties that is."""

    label: Label
    named: Label
    name: Property

    @property
    def member(self) -> str:
        return self.label.name.upper()

    @property
    def apart(self) -> str:
        """The label of the node that has its name; empty where it has that itself."""
        return "" if self.label is self.named and not self.label.state else self.named.state or self.named.name


@dataclass(frozen=True, slots=True)
class Texts:
    """Parameters of what is looked for: as it is written, in small letters, in capitals."""

    text: str
    small: str
    large: str

    def number(self, key: str) -> str:
        """Numbers have capital letters, where they have any; who looks for one may not."""
        return f"({key} STARTS WITH {self.text} OR {key} STARTS WITH {self.large})"

    def named(self, name: str, pinyin: str, initials: str) -> list[str]:
        return [
            f"{name} STARTS WITH {self.text}",
            *(f"{spelt} STARTS WITH {self.small}" for spelt in (pinyin, initials)),
        ]


def _kinds() -> tuple[Kind, ...]:
    found = []
    for label in MODEL.labels.values():
        card = yearly(MODEL, label)
        named = label if label.searched else card
        if named is not None and named.searched is not None and not label.also and not label.owner:
            found.append(Kind(label, named, named.searched))
    return tuple(found)


KINDS = _kinds()


Part = tuple[str, list[str], str, str]
"""What is matched, its conditions, the text that is told, and what that is in order of: names of their pinyin, as engines do not
order all characters alike."""


def by_way(kind: Kind, way: int, texts: Texts, *, letters: bool) -> list[Part]:
    """Parts that find one way each. None finds again what another one before it has found; each begins at an index, which takes
    one parameter, not one or another."""
    label, named, name = kind.label, kind.named, kind.name
    key = f"n.{label.key.name}"
    if way == 0:
        match, written = f"MATCH (n:{label.name})", f"{key} STARTS WITH {texts.text}"
        capitals = (match, [f"{key} STARTS WITH {texts.large}", f"NOT {written}"], key, key)
        return [(match, [written], key, key), *([capitals] if letters else [])]
    s = "s" if kind.apart else "n"
    ways = texts.named(f"{s}.{name.name}", *(f"{s}.{spelt}" for spelt in name.spelt))
    first, told, order = ways[way - 1], f"{s}.{name.name}", f"coalesce({s}.{name.spelt[0]}, '')"
    conditions = [f"NOT {texts.number(key)}", *(f"NOT {earlier}" for earlier in ways[: way - 1])]
    if not kind.apart:
        return [(f"MATCH (n:{label.name})", [first, *conditions], told, order)]
    if label is not named:
        later = f"MATCH (n)<-[:OF]-(l:{named.name}) WHERE {KNOWN.format('l')} AND l.year > s.year AND l.year <= $asOf / 10000"
        conditions += ["s.year <= $asOf / 10000", f"NOT EXISTS {{ {later} }}"]
    begun = f"MATCH (s:{kind.apart}) WHERE {first} AND {KNOWN.format('s')}"
    return [(f"{begun} MATCH (s)-[:OF]->(n:{label.name})", conditions, told, order)]


def by_place(kind: Kind, ways: int, texts: Texts) -> str:
    """Everything of a kind that lies in a few areas, with the first way in which it is found and the text that is told."""
    label, name = kind.label, kind.name
    key = f"n.{label.key.name}"
    several = f"[{', '.join(f's.{part}' for part in (name.name, *name.spelt))}]"
    owned = label is not kind.named
    names = in_force(kind.named, "n", "s", several) if owned else as_known(kind.apart, "n", "s", several)
    found = [texts.number(key), *texts.named("names[0]", "names[1]", "names[2]")][:ways]
    cases = " ".join(f"WHEN {condition} THEN {at}" for at, condition in enumerate(found))
    known = " AND ".join(known_node(MODEL, label, "n", scoped=False))
    return (
        f"{gathered(MODEL, label)} WHERE {known} WITH n, {names} AS names "
        f"WITH n, names, CASE {cases} END AS way WHERE way IS NOT NULL "
        f"WITH n, way, CASE way WHEN 0 THEN {key} ELSE names[0] END AS text, "
        f"CASE way WHEN 0 THEN {key} ELSE coalesce(names[1], '') END AS sort"
    )


def placed(label: Label) -> list[str]:
    """That a node lies in the areas asked for; of what lies nowhere nothing."""
    if label.name == "Area":
        return [RANGES.format(v="n", ranges="areas")]
    inside = within(MODEL, label, "n", "areas")
    return [f"({inside})"] if inside else []
