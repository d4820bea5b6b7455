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

from graph_service.domain.fields import key_expression
from graph_service.domain.metamodel import (
    FIRST_DAY,
    LAST_DAY,
    Label,
    LabelStorage,
    Model,
    Relationship,
)
from graph_service.domain.pinyin import to_pinyin

SpellingFunction = Callable[[Sequence[Any]], tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Upsert:
    """Texts for one target. `known` gives one list of [key, recorded, values]: a record a row would cost more than the
    look-up. `end` gives what this import has brought its last day. `create` makes the identity node too where it is not there. `exists` tells whether there is a version at all; empty texts do
    not apply. `spell` gives the spelling that ends a row, from its stored values."""

    known: str
    create: str
    exists: str = ""
    supersede: str = ""
    end: str = ""
    spell: SpellingFunction | None = None


def _property_map(names: tuple[str, ...], offset: int) -> str:
    return "".join(f"{name}: row[{offset + i}], " for i, name in enumerate(names))


def _property_list(variable: str, names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"{variable}.{name}" for name in names) + "]"


VERSION_PROPERTIES = "recorded: $seq, superseded: $open, source: row[{source}], replaced: row[{replaced}]"


def _exists_statement(label: str) -> str:
    return f"MATCH (s:{label}) RETURN 1 LIMIT 1"


def label_upsert(model: Model, label: Label) -> Upsert:
    """Statements for a label's nodes."""
    names, key = label.stored_names(), label.key.name
    spelling, spell = label.search_property.pinyin_names if label.search_property else (), _spelling_function(label)
    if label.storage is LabelStorage.FIXED:
        labels = f"{label.base_label}:{label.name}" if label.base_label else label.name
        sets = "".join(f", n.{name} = row[{3 + i}]" for i, name in enumerate((*names, *spelling)))
        # A village may be there as an Area already; the match is by the label that both have.
        found = label.base_label or label.name
        return Upsert(
            known=f"UNWIND $keys AS key MATCH (n:{found} {{{key}: key}}) RETURN collect([key, n.recorded, {_property_list('n', names)}])",
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
        version = VERSION_PROPERTIES.format(source=2, replaced=3)
        return Upsert(
            exists=_exists_statement(label.name),
            known=f"{match('key')} {state('key')} RETURN collect([key, s.recorded, {_property_list('s', names)}])",
            create=f"{match('row')} CREATE (o)<-[:OF]-(s:{label.name} {{{key}: row[1], "
            f"{_property_map((*names, *spelling), 4)}since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, {version}}})",
            supersede=f"{match('row')} {state('row')} WHERE s.recorded < $seq SET s.superseded = $seq",
            spell=spell,
        )
    version = VERSION_PROPERTIES.format(source=1, replaced=2)
    always = f"since: {FIRST_DAY}, until: {LAST_DAY}, "
    # Where an identity comes from is told by its states or cards.
    identity = f"UNWIND $rows AS row MERGE (n:{label.name} {{{key}: row[0]}}) ON CREATE SET n.recorded = $seq"
    if not label.state_label:
        return Upsert(
            exists=_exists_statement(label.name),
            known=f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}}) RETURN collect([key, n.recorded, []])",
            create=identity,
        )
    current = f"MATCH (n)<-[:OF]-(s:{label.state_label} {{superseded: $open}})"
    by_key = f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}})"
    by_row = f"UNWIND $rows AS row MATCH (n:{label.name} {{{key}: row[0]}})"
    return Upsert(
        exists=_exists_statement(label.state_label),
        known=f"{by_key} {current} RETURN collect([key, s.recorded, {_property_list('s', names)}])",
        create=f"{identity} CREATE (n)<-[:OF]-(s:{label.state_label} {{{_property_map((*names, *spelling), 3)}{always}{version}}})",
        supersede=f"{by_row} {current} WHERE s.recorded < $seq SET s.superseded = $seq",
        spell=spell,
    )


def _spelling_function(label: Label) -> SpellingFunction | None:
    one = label.search_property
    if one is None:
        return None
    at, person = label.stored_names().index(one.name), one.search_kind == "person"
    return lambda stored: to_pinyin(stored[at], is_person=person)


def _node_pattern(label: Label, variable: str, value: str) -> str:
    return f"({variable}:{label.name} {{{label.key.name}: {value}}})"


def relationship_upsert(model: Model, relationship: Relationship, start: Label, end: Label) -> Upsert:
    """Statements for a relationship between two of the labels it may join. Each walks from the small end.

    One that a single end tells from others is found whatever is at its other end: that may be what was corrected.
    """
    names = relationship.stored_names()
    ends = {"start": ("a", start, 0), "end": ("b", end, 1)}
    # What is known is looked up from the end that tells one from another, else from the end that has few.
    near = relationship.identified_by if relationship.identified_by != "both" else relationship.smaller_end
    far = "end" if near == "start" else "start"
    variable, label, position = ends[near]
    other, other_label, other_position = ends[far]
    told = relationship.identified_by == "both"
    others = [other_label] if told else [model.labels[name] for name in getattr(relationship, far)]
    keys = {near: key_expression([label], variable), far: key_expression(others, other)}

    def pattern(source: str, positions: tuple[str, ...]) -> str:
        filters = "".join(f"{name}: {source}[{at}], " for name, at in zip(relationship.key, positions, strict=True))
        arrow = f"-[r:{relationship.type} {{{filters}superseded: $open}}]-"
        arrow = f"{arrow}>" if near == "start" else f"<{arrow}"
        target = _node_pattern(other_label, other, f"{source}[{other_position}]") if told else f"({other})"
        return f"MATCH {_node_pattern(label, variable, f'{source}[{position}]')} MATCH ({variable}){arrow}{target}"

    in_row = tuple("2" if name == "since" else str(6 + names.index(name)) for name in relationship.key)
    in_key = tuple(str(2 + i) for i in range(len(relationship.key)))
    version = VERSION_PROPERTIES.format(source=4, replaced=5)
    first, second = (
        (ends["start"], ends["end"]) if relationship.smaller_end == "start" else (ends["end"], ends["start"])
    )
    matches = " ".join(f"MATCH {_node_pattern(one, v, f'row[{at}]')}" for v, one, at in (first, second))
    listed = _property_list("r", ("since", "until", *names))
    either = {near: f":{label.name}", far: f":{other_label.name}" if told else ""}
    return Upsert(
        exists=f"MATCH ({either['start']})-[r:{relationship.type}]->({either['end']}) RETURN 1 LIMIT 1",
        known=f"UNWIND $keys AS key {pattern('key', in_key)} "
        f"RETURN collect([key, r.recorded, [{keys['start']}, {keys['end']}] + {listed}])",
        create=f"UNWIND $rows AS row {matches} CREATE (a)-[r:{relationship.type} "
        f"{{since: row[2], until: row[3], {_property_map(names, 6)}{version}}}]->(b)",
        supersede=f"UNWIND $rows AS row {pattern('row', in_row)} WHERE r.recorded < $seq SET r.superseded = $seq",
        end=f"UNWIND $rows AS row {pattern('row', in_row)} WHERE r.recorded = $seq SET r.until = row[3], r.source = row[4]",
    )


def current_names_statement(model: Model, label: Label) -> str:
    """Which names, [key, name], `$keys` of a label have now that is looked for by one; of a label with an owner, those of the owner."""
    assert label.search_property is not None
    name = label.search_property.name
    if label.owner or label.state_label:
        owner = model.labels[label.owner] if label.owner else label
        state, key = label.name if label.owner else label.state_label, owner.key.name
        pattern = f"(n:{owner.name} {{{key}: key}})<-[:OF]-(s:{state} {{superseded: $open}})"
    else:
        key = label.key.name
        pattern = f"(s:{label.name} {{{key}: key}})"
    return f"UNWIND $keys AS key MATCH {pattern} WHERE s.{name} IS NOT NULL RETURN collect(DISTINCT [key, s.{name}])"


def existing_keys_statement(label: Label) -> str:
    """Which of `$keys` a label's nodes have."""
    key = label.key.name
    return f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}}) RETURN collect(DISTINCT n.{key})"
