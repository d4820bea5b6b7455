"""Upserts of the model: for each label and relationship, what is known of given keys, and how a version is made.

An importer reads what is `known` and writes only what differs: `supersede` closes the open version, `create` makes the
new one (`replaced`: the sequence of the version before, none for a first). `$seq` is the import's sequence, `$open` the sequence of what nothing has superseded.

Rows and keys are positional lists:
    label        key  k (or [owner, year])          row  [k, source, replaced, *stored values, *spelling of the one looked for]
    relationship key  [start or null, end or null, *key properties]
                 row  [start, end, since, until, source, replaced, *stored values]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.declare import FIRST_DAY, LAST_DAY, Keeping, Label, Model, Relationship
from graph_service.derive.fields import key_of
from graph_service.derive.spelling import spelt

Spell = Callable[[Sequence[Any]], tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Upsert:
    """Texts for one target. `known` gives one list of [key, recorded, values]: a record a row would cost more than the
    look-up. `end` gives what this import has brought its last day. `create` makes the identity node too where it is not there. `any` tells whether there is a version at all; empty texts do
    not apply. `spell` gives the spelling that ends a row, from its stored values."""

    known: str
    create: str
    any: str = ""
    supersede: str = ""
    end: str = ""
    spell: Spell | None = None


def _values(names: tuple[str, ...], offset: int) -> str:
    return "".join(f"{name}: row[{offset + i}], " for i, name in enumerate(names))


def _listed(variable: str, names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"{variable}.{name}" for name in names) + "]"


VERSION = "recorded: $seq, superseded: $open, source: row[{source}], replaced: row[{replaced}]"


def _any_node(label: str) -> str:
    return f"MATCH (s:{label}) RETURN 1 LIMIT 1"


def label_upsert(model: Model, label: Label) -> Upsert:
    """Statements for a label's nodes."""
    names, key = label.stored(), label.key.name
    spelling, spell = label.searched.spelt if label.searched else (), _speller(label)
    if label.keeping is Keeping.FIXED:
        labels = f"{label.also}:{label.name}" if label.also else label.name
        sets = "".join(f", n.{name} = row[{3 + i}]" for i, name in enumerate((*names, *spelling)))
        # A village may be there as an Area already; the match is by the label that both have.
        found = label.also or label.name
        return Upsert(
            known=f"UNWIND $keys AS key MATCH (n:{found} {{{key}: key}}) RETURN collect([key, n.recorded, {_listed('n', names)}])",
            create=f"UNWIND $rows AS row CREATE (n:{labels} {{{key}: row[0]}}) "
            f"SET n.recorded = $seq, n.source = row[1], n.replaced = row[2]{sets}",
            spell=spell,
        )
    if label.owner:
        owner = model.labels[label.owner]

        def match(source: str) -> str:
            return f"UNWIND ${source}s AS {source} MATCH (o:{owner.name} {{{owner.key.name}: {source}[0]}})"

        def state(source: str) -> str:
            return f"MATCH (o)<-[:OF]-(s:{label.name} {{{key}: {source}[1], superseded: $open}})"

        # The year's bounds: a card holds in its year.
        version = VERSION.format(source=2, replaced=3)
        return Upsert(
            any=_any_node(label.name),
            known=f"{match('key')} {state('key')} RETURN collect([key, s.recorded, {_listed('s', names)}])",
            create=f"{match('row')} CREATE (o)<-[:OF]-(s:{label.name} {{{key}: row[1], "
            f"{_values((*names, *spelling), 4)}since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, {version}}})",
            supersede=f"{match('row')} {state('row')} WHERE s.recorded < $seq SET s.superseded = $seq",
            spell=spell,
        )
    version = VERSION.format(source=1, replaced=2)
    always = f"since: {FIRST_DAY}, until: {LAST_DAY}, "
    # Where an identity comes from is told by its states or cards.
    identity = f"UNWIND $rows AS row MERGE (n:{label.name} {{{key}: row[0]}}) ON CREATE SET n.recorded = $seq"
    if not label.state:
        return Upsert(
            any=_any_node(label.name),
            known=f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}}) RETURN collect([key, n.recorded, []])",
            create=identity,
        )
    current = f"MATCH (n)<-[:OF]-(s:{label.state} {{superseded: $open}})"
    by_key = f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}})"
    by_row = f"UNWIND $rows AS row MATCH (n:{label.name} {{{key}: row[0]}})"
    return Upsert(
        any=_any_node(label.state),
        known=f"{by_key} {current} RETURN collect([key, s.recorded, {_listed('s', names)}])",
        create=f"{identity} CREATE (n)<-[:OF]-(s:{label.state} {{{_values((*names, *spelling), 3)}{always}{version}}})",
        supersede=f"{by_row} {current} WHERE s.recorded < $seq SET s.superseded = $seq",
        spell=spell,
    )


def _speller(label: Label) -> Spell | None:
    one = label.searched
    if one is None:
        return None
    at, person = label.stored().index(one.name), one.searched == "person"
    return lambda stored: spelt(stored[at], person=person)


def _node(label: Label, variable: str, value: str) -> str:
    return f"({variable}:{label.name} {{{label.key.name}: {value}}})"


def relationship_upsert(model: Model, relationship: Relationship, start: Label, end: Label) -> Upsert:
    """Statements for a relationship between two of the labels it may join. Each walks from the small end.

    One that a single end tells from others is found whatever is at its other end: that may be what was corrected.
    """
    names = relationship.stored()
    ends = {"start": ("a", start, 0), "end": ("b", end, 1)}
    # What is known is looked up from the end that tells one from another, else from the end that has few.
    near = relationship.by if relationship.by != "both" else relationship.small
    far = "end" if near == "start" else "start"
    variable, label, position = ends[near]
    other, other_label, other_position = ends[far]
    told = relationship.by == "both"
    others = [other_label] if told else [model.labels[name] for name in getattr(relationship, far)]
    keys = {near: key_of([label], variable), far: key_of(others, other)}

    def pattern(source: str, positions: tuple[str, ...]) -> str:
        filters = "".join(f"{name}: {source}[{at}], " for name, at in zip(relationship.key, positions, strict=True))
        arrow = f"-[r:{relationship.type} {{{filters}superseded: $open}}]-"
        arrow = f"{arrow}>" if near == "start" else f"<{arrow}"
        target = _node(other_label, other, f"{source}[{other_position}]") if told else f"({other})"
        return f"MATCH {_node(label, variable, f'{source}[{position}]')} MATCH ({variable}){arrow}{target}"

    in_row = tuple("2" if name == "since" else str(6 + names.index(name)) for name in relationship.key)
    in_key = tuple(str(2 + i) for i in range(len(relationship.key)))
    version = VERSION.format(source=4, replaced=5)
    first, second = (ends["start"], ends["end"]) if relationship.small == "start" else (ends["end"], ends["start"])
    matches = " ".join(f"MATCH {_node(one, v, f'row[{at}]')}" for v, one, at in (first, second))
    listed = _listed("r", ("since", "until", *names))
    either = {near: f":{label.name}", far: f":{other_label.name}" if told else ""}
    return Upsert(
        any=f"MATCH ({either['start']})-[r:{relationship.type}]->({either['end']}) RETURN 1 LIMIT 1",
        known=f"UNWIND $keys AS key {pattern('key', in_key)} "
        f"RETURN collect([key, r.recorded, [{keys['start']}, {keys['end']}] + {listed}])",
        create=f"UNWIND $rows AS row {matches} CREATE (a)-[r:{relationship.type} "
        f"{{since: row[2], until: row[3], {_values(names, 6)}{version}}}]->(b)",
        supersede=f"UNWIND $rows AS row {pattern('row', in_row)} WHERE r.recorded < $seq SET r.superseded = $seq",
        end=f"UNWIND $rows AS row {pattern('row', in_row)} WHERE r.recorded = $seq SET r.until = row[3], r.source = row[4]",
    )


def current_names(model: Model, label: Label) -> str:
    """Which names, [key, name], `$keys` of a label have now that is looked for by one; of a label with an owner, those of the owner."""
    assert label.searched is not None
    name = label.searched.name
    if label.owner or label.state:
        owner = model.labels[label.owner] if label.owner else label
        state, key = label.name if label.owner else label.state, owner.key.name
        pattern = f"(n:{owner.name} {{{key}: key}})<-[:OF]-(s:{state} {{superseded: $open}})"
    else:
        key = label.key.name
        pattern = f"(s:{label.name} {{{key}: key}})"
    return f"UNWIND $keys AS key MATCH {pattern} WHERE s.{name} IS NOT NULL RETURN collect(DISTINCT [key, s.{name}])"


def present(label: Label) -> str:
    """Which of `$keys` a label's nodes have."""
    key = label.key.name
    return f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}}) RETURN collect(DISTINCT n.{key})"
