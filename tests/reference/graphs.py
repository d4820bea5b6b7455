"""Random graphs over the whole model, in memory and written to an engine: every label and relationship, superseded
versions, ties that have ended or not begun, blanks, hubs, keys that several labels share."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from graph_service.core.areas import bootstrap
from graph_service.core.recording.record_versions import upsert_statements
from graph_service.domain.metamodel import (
    FIRST_DAY,
    LAST_DAY,
    OPEN_SEQUENCE,
    Label,
    LabelStorage,
    Property,
    PropertyKind,
    Relationship,
)
from graph_service.domain.model import MODEL
from graph_service.domain.records import NodeRecord, RelationshipRecord, Target
from graph_service.domain.sheet_columns import stated_properties
from graph_service.platform.engine.client import Transaction
from graph_service.platform.store.graph import Store

SEQUENCES = (1, 2, 3)
DAY = 2016_12_31
KEYS = ("K0", "k'1", "键2", "K:3", "😀4", 'K"5', "K6", "{7}")
PLACES = ("513431100001", "513431100002", "513431101200", "513432100201")
AREAS = ("51", "5134", "513431", "513431100", "513432", *PLACES)
TEXTS = ("甲", "乙", "乙丙", "a'b\"`\\", "$x //", "😀")
VALUES: dict[PropertyKind, tuple[Any, ...]] = {
    PropertyKind.TEXT: TEXTS,
    PropertyKind.INTEGER: (0, 1, 3),
    PropertyKind.NUMBER: (0.5, 1.0, 2.25),
    PropertyKind.FLAG: (True, False),
    PropertyKind.DATE: (20150101, 20160601, 20161231),
    PropertyKind.YEAR: (2014, 2015, 2016, 2017),
    PropertyKind.YUAN: (0, 1, 12345, 10**12),
    PropertyKind.SHARES: (0, 3, 10**9),
    PropertyKind.RATE: (0, 1, 50_000),
}
SINCE = (FIRST_DAY, 20140101, 20150601, 20160101, 20161231, 20170301)
UNTIL = (20151231, 20161230, 20161231, LAST_DAY, LAST_DAY)


@dataclass(slots=True)
class Version:
    """Values and the versions of the data in which they are known."""

    values: dict[str, Any]
    recorded: int
    superseded: int = OPEN_SEQUENCE


@dataclass(eq=False, slots=True)
class Thing:
    """A node. `states`: the versions of its values; a yearly record has exactly one and is known in the same versions of the data."""

    label: str
    key: Any
    recorded: int
    states: list[Version] = field(default_factory=list)
    owner: Thing | None = None
    ties: dict[tuple[str, bool], list[Tie]] = field(default_factory=lambda: defaultdict(list))
    years: list[Thing] = field(default_factory=list)

    def is_a(self, label: str) -> bool:
        return label in (self.label, MODEL.labels[self.label].base_label)


@dataclass(eq=False, slots=True)
class Tie:
    """A relationship."""

    start: Thing
    end: Thing
    version: Version


Steps = list[tuple[int, str, list[Any]]]
"""Writes: the sequence, a statement, its rows."""


class Graph:
    """A graph drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.things: dict[str, list[Thing]] = defaultdict(list)
        self.steps: Steps = []
        self._areas()
        for label in MODEL.labels.values():
            if label.storage is LabelStorage.STATE:
                self._nodes(label)
        for label in MODEL.labels.values():
            if label.owner:
                self._years(label)
        for relationship in MODEL.relationships.values():
            if relationship.type not in ("OF", "PART_OF"):
                self._ties(relationship)

    def write(self, store: Store) -> None:
        """Write the graph to a store without imports."""
        bootstrap(store)

        def work(tx: Transaction) -> None:
            for sequence, text, rows in self.steps:
                tx.run(text, {"rows": rows, "seq": sequence, "open": OPEN_SEQUENCE})

        store.write(work, "graph")
        for sequence in SEQUENCES:
            fields = {
                "content": str(sequence),
                "files": "",
                "purpose": "COLLECTION",
                "by": "",
                "day": DAY,
                "began": "",
                "key": None,
            }
            store.execute("imports/begin", sequence=sequence, **fields)
        store.write(
            lambda tx: tx.run("MATCH (i:Import) SET i.state = 'PUBLISHED', i.latest = i.day, i.published = ''", {})
        )

    def _areas(self) -> None:
        with (files("graph_service") / "data" / "sichuan-areas.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        things_by_code: dict[str, Thing] = {}
        for line, row in enumerate(rows, 2):
            values = {
                "name": row["name"],
                "level": row["level"],
                "source": f"sichuan-areas.csv!{line}",
                "recorded": 0,
            }
            thing = Thing("Village" if row["level"] == "VILLAGE" else "Area", row["code"], 0, [Version(values, 0)])
            things_by_code[row["code"]] = thing
            self.things[thing.label].append(thing)
        for row in rows:
            above = next((things_by_code[row["code"][:n]] for n in (9, 6, 4, 2) if n < len(row["code"])), None)
            if above is not None:
                thing = things_by_code[row["code"]]
                source = thing.states[0].values["source"]
                self._tied("PART_OF", thing, above, {"since": FIRST_DAY, "until": LAST_DAY, "source": source}, 0)
        self._chosen = {code: things_by_code[code] for code in AREAS}

    def _tied(self, type_: str, start: Thing, end: Thing, values: dict[str, Any], sequence: int) -> Version:
        version = Version({**values, "recorded": sequence}, sequence)
        tie = Tie(start, end, version)
        start.ties[type_, True].append(tie)
        end.ties[type_, False].append(tie)
        return version

    def _nodes(self, label: Label) -> None:
        for key in KEYS[: self._random.randint(3, len(KEYS))]:
            first = self._random.choice((1, 1, 2))
            thing = Thing(label.name, key, first)
            self.things[label.name].append(thing)
            for sequence in SEQUENCES:
                if sequence == first or (sequence > first and label.state_label and self._random.random() < 0.3):
                    self._versioned(label, thing.states, key, None, sequence)

    def _years(self, label: Label) -> None:
        for owner in self._of(label.owner):
            for year in sorted(self._random.sample(VALUES[PropertyKind.YEAR], self._random.randint(0, 3))):
                states: list[Version] = []
                for sequence in (s for s in SEQUENCES if s >= owner.recorded):
                    if self._random.random() < 0.5:
                        self._versioned(label, states, owner.key, year, sequence)
                for state in states:
                    thing = Thing(label.name, year, state.recorded, [state], owner)
                    owner.years.append(thing)
                    self.things[label.name].append(thing)

    def _versioned(self, label: Label, states: list[Version], key: str, year: int | None, sequence: int) -> None:
        """Add a version of a node's values, which supersedes the last one."""
        text = upsert_statements(Target(label.name))
        values = self._values(label)
        source, replaced = f"graph!{sequence}", states[-1].recorded if states else None
        row = text.to_parameters(NodeRecord(key, values, year), source, replaced)
        if states:
            states[-1].superseded = sequence
            self.steps.append((sequence, text.supersede, [row]))
        self.steps.append((sequence, text.create, [row]))
        if label.state_label or label.owner:
            states.append(Version({**values, "source": source, "recorded": sequence}, sequence))

    def _of(self, label: str) -> list[Thing]:
        """Return the nodes of a label that get ties: of villages and areas only a few."""
        if label in ("Area", "Village"):
            return [thing for thing in self._chosen.values() if thing.is_a(label)]
        return self.things[label]

    def _ties(self, relationship: Relationship) -> None:
        versions_by_key: dict[tuple[Any, ...], tuple[Version, dict[str, Any], str]] = {}
        last_version_by_end: dict[Thing, Version] = {}
        ends = [(start, end) for start in relationship.start for end in relationship.end]
        has_hub = self._random.random() < 0.5
        for start_label, end_label in ends:
            start_things, end_things = self._of(start_label), self._of(end_label)
            hubs = self._random.choice(start_things), self._random.choice(end_things)
            for sequence in sorted(self._random.choice(SEQUENCES) for _ in range(self._random.randint(3, 14))):
                start, end = self._random.choice(start_things), self._random.choice(end_things)
                if has_hub:
                    start, end = (hubs[0], end) if relationship.smaller_end == "end" else (start, hubs[1])
                if start.recorded > sequence or end.recorded > sequence:
                    continue
                since = self._random.choice(SINCE)
                until = LAST_DAY if relationship.is_flow else self._random.choice([u for u in UNTIL if u >= since])
                values = self._values(relationship)
                values |= {p: self._random.choice(KEYS) for p in relationship.key if values.get(p, since) is None}
                single_end = {"start": start, "end": end}.get(relationship.single_from)
                key_values = tuple({**values, "since": since}[name] for name in relationship.key)
                identity = (
                    start if relationship.identified_by != "end" else None,
                    end if relationship.identified_by != "start" else None,
                    *key_values,
                )
                if (
                    single_end is not None
                    and single_end in last_version_by_end
                    and (
                        identity not in versions_by_key
                        or versions_by_key[identity][0] is not last_version_by_end[single_end]
                    )
                ):
                    # At most one tie is in force: a new one is added only where it supersedes the last one, with the same identity.
                    continue
                if identity in versions_by_key and versions_by_key[identity][0].recorded >= sequence:
                    continue
                text = upsert_statements(Target(relationship.type, start_label, end_label))
                replaced = versions_by_key[identity][0].recorded if identity in versions_by_key else None
                record = RelationshipRecord(start.key, end.key, since, until, values)
                row = text.to_parameters(record, f"graph!{sequence}", replaced)
                if identity in versions_by_key:
                    versions_by_key[identity][0].superseded = sequence
                    self.steps.append((sequence, text.supersede, [row]))
                self.steps.append((sequence, text.create, [row]))
                stored = {**values, "since": since, "until": until, "source": row["source"]}
                version = self._tied(relationship.type, start, end, stored, sequence)
                versions_by_key[identity] = (version, row, text.supersede)
                if single_end is not None:
                    last_version_by_end[single_end] = version
        # Some ties are withdrawn without a successor.
        for version, row, supersede in versions_by_key.values():
            if version.recorded < SEQUENCES[-1] and self._random.random() < 0.1:
                version.superseded = SEQUENCES[-1]
                self.steps.append((SEQUENCES[-1], supersede, [row]))

    def _values(self, owner: Label | Relationship) -> dict[str, Any]:
        stated = stated_properties(MODEL, owner)
        return {name: value for p in owner.properties for name, value in self._value(p, stated=p.name in stated)}

    def _value(self, p: Property, *, stated: bool) -> Iterator[tuple[str, Any]]:
        blank = self._random.random() < 0.3 and not stated
        if p.enum is None:
            yield p.name, None if blank else self._random.choice(VALUES[p.kind])
            return
        members = [*(m.name for m in p.enum.members[:3]), "OTHER"]
        raw = self._random.choice(TEXTS)
        if p.kind is PropertyKind.ENUMS:
            chosen = self._random.sample(members, self._random.randint(1, 3))
            yield p.name, None if blank else chosen
            yield p.raw_name, raw if not blank and "OTHER" in chosen else None
            return
        member = self._random.choice(members)
        yield p.name, None if blank else member
        yield p.raw_name, raw if not blank and member == "OTHER" else None
