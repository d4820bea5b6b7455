"""Upserts of the model: for each label and relationship, statements that look up current versions by key and write new ones.

An importer reads the `known` versions and writes only those that differ: `supersede` closes the current version, `create` makes
the new one (`replaced`: the sequence of the version before, none for a first). `$seq` is the import's sequence, `$open` the
`superseded` of current versions.

Rows and keys are positional lists:
    label        key  k (or [owner, year])          row  [k, source, replaced, *stored values, *pinyin of the search property]
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
    """Statements for a target; an empty one does not apply.

    `lookup` returns one list of [key, recorded, values]: one result row for each version would cost more than the look-up. `create`
    also creates the identity node where it is missing. `exists` returns a row where there is any version. `end` sets the last day of
    relationships that this import has written. `spell` computes the pinyin at the end of a row from its stored values.
    """

    lookup: str
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
    """Return the statements for a label's nodes."""
    names, key = label.stored_names(), label.key.name
    pinyin_names, spelling_function = (
        label.search_property.pinyin_names if label.search_property else (),
        _spelling_function(label),
    )
    if label.storage is LabelStorage.FIXED:
        labels = f"{label.base_label}:{label.name}" if label.base_label else label.name
        assignments = "".join(f", n.{name} = row[{3 + i}]" for i, name in enumerate((*names, *pinyin_names)))
        # A village may exist as an Area already, so nodes are matched by the label that both have.
        match_label = label.base_label or label.name
        return Upsert(
            lookup=f"UNWIND $keys AS key MATCH (n:{match_label} {{{key}: key}}) RETURN collect([key, n.recorded, {_property_list('n', names)}])",
            create=f"UNWIND $rows AS row CREATE (n:{labels} {{{key}: row[0]}}) "
            f"SET n.recorded = $seq, n.source = row[1], n.replaced = row[2]{assignments}",
            spell=spelling_function,
        )
    if label.owner:
        owner = model.labels[label.owner]

        def match_owner(source: str) -> str:
            return f"UNWIND ${source}s AS {source} MATCH (o:{owner.name} {{{owner.key.name}: {source}[0]}})"

        def match_state(source: str) -> str:
            return f"MATCH (o)<-[:OF]-(s:{label.name} {{{key}: {source}[1], superseded: $open}})"

        # A card holds from the first to the last day of its year.
        version = VERSION_PROPERTIES.format(source=2, replaced=3)
        return Upsert(
            exists=_exists_statement(label.name),
            lookup=f"{match_owner('key')} {match_state('key')} RETURN collect([key, s.recorded, {_property_list('s', names)}])",
            create=f"{match_owner('row')} CREATE (o)<-[:OF]-(s:{label.name} {{{key}: row[1], "
            f"{_property_map((*names, *pinyin_names), 4)}since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, {version}}})",
            supersede=f"{match_owner('row')} {match_state('row')} WHERE s.recorded < $seq SET s.superseded = $seq",
            spell=spelling_function,
        )
    version = VERSION_PROPERTIES.format(source=1, replaced=2)
    always_valid = f"since: {FIRST_DAY}, until: {LAST_DAY}, "
    # The source of an identity node is stored on its states or cards.
    identity = f"UNWIND $rows AS row MERGE (n:{label.name} {{{key}: row[0]}}) ON CREATE SET n.recorded = $seq"
    if not label.state_label:
        return Upsert(
            exists=_exists_statement(label.name),
            lookup=f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}}) RETURN collect([key, n.recorded, []])",
            create=identity,
        )
    match_current = f"MATCH (n)<-[:OF]-(s:{label.state_label} {{superseded: $open}})"
    by_key = f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}})"
    by_row = f"UNWIND $rows AS row MATCH (n:{label.name} {{{key}: row[0]}})"
    return Upsert(
        exists=_exists_statement(label.state_label),
        lookup=f"{by_key} {match_current} RETURN collect([key, s.recorded, {_property_list('s', names)}])",
        create=f"{identity} CREATE (n)<-[:OF]-(s:{label.state_label} {{{_property_map((*names, *pinyin_names), 3)}{always_valid}{version}}})",
        supersede=f"{by_row} {match_current} WHERE s.recorded < $seq SET s.superseded = $seq",
        spell=spelling_function,
    )


def _spelling_function(label: Label) -> SpellingFunction | None:
    search_property = label.search_property
    if search_property is None:
        return None
    position, is_person = label.stored_names().index(search_property.name), search_property.search_kind == "person"
    return lambda stored_values: to_pinyin(stored_values[position], is_person=is_person)


def _node_pattern(label: Label, variable: str, value: str) -> str:
    return f"({variable}:{label.name} {{{label.key.name}: {value}}})"


def relationship_upsert(model: Model, relationship: Relationship, start: Label, end: Label) -> Upsert:
    """Return the statements for a relationship between two of its labels. Each walks from the end with few relationships.

    A relationship identified by a single end is found with any node at its far end: the far end may have been corrected.
    """
    names = relationship.stored_names()
    ends = {"start": ("a", start, 0), "end": ("b", end, 1)}
    # Current versions are looked up from the identifying end, else from the end with few relationships.
    near = relationship.identified_by if relationship.identified_by != "both" else relationship.smaller_end
    far = "end" if near == "start" else "start"
    near_variable, near_label, near_position = ends[near]
    far_variable, far_label, far_position = ends[far]
    uses_both_ends = relationship.identified_by == "both"
    far_labels = [far_label] if uses_both_ends else [model.labels[name] for name in getattr(relationship, far)]
    key_expressions = {near: key_expression([near_label], near_variable), far: key_expression(far_labels, far_variable)}

    def pattern(source: str, positions: tuple[str, ...]) -> str:
        filters = "".join(
            f"{name}: {source}[{position}], " for name, position in zip(relationship.key, positions, strict=True)
        )
        arrow = f"-[r:{relationship.type} {{{filters}superseded: $open}}]-"
        arrow = f"{arrow}>" if near == "start" else f"<{arrow}"
        target = (
            _node_pattern(far_label, far_variable, f"{source}[{far_position}]")
            if uses_both_ends
            else f"({far_variable})"
        )
        return f"MATCH {_node_pattern(near_label, near_variable, f'{source}[{near_position}]')} MATCH ({near_variable}){arrow}{target}"

    row_positions = tuple("2" if name == "since" else str(6 + names.index(name)) for name in relationship.key)
    key_positions = tuple(str(2 + i) for i in range(len(relationship.key)))
    version = VERSION_PROPERTIES.format(source=4, replaced=5)
    first, second = (
        (ends["start"], ends["end"]) if relationship.smaller_end == "start" else (ends["end"], ends["start"])
    )
    matches = " ".join(
        f"MATCH {_node_pattern(end_label, end_variable, f'row[{position}]')}"
        for end_variable, end_label, position in (first, second)
    )
    stored_values = _property_list("r", ("since", "until", *names))
    label_filters = {near: f":{near_label.name}", far: f":{far_label.name}" if uses_both_ends else ""}
    return Upsert(
        exists=f"MATCH ({label_filters['start']})-[r:{relationship.type}]->({label_filters['end']}) RETURN 1 LIMIT 1",
        lookup=f"UNWIND $keys AS key {pattern('key', key_positions)} "
        f"RETURN collect([key, r.recorded, [{key_expressions['start']}, {key_expressions['end']}] + {stored_values}])",
        create=f"UNWIND $rows AS row {matches} CREATE (a)-[r:{relationship.type} "
        f"{{since: row[2], until: row[3], {_property_map(names, 6)}{version}}}]->(b)",
        supersede=f"UNWIND $rows AS row {pattern('row', row_positions)} WHERE r.recorded < $seq SET r.superseded = $seq",
        end=f"UNWIND $rows AS row {pattern('row', row_positions)} WHERE r.recorded = $seq SET r.until = row[3], r.source = row[4]",
    )


def current_names_statement(model: Model, label: Label) -> str:
    """Return the statement for current names, [key, name], of `$keys` of a searchable label; with an owner, keys are the owner's."""
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
    """Return the statement for those of `$keys` that a label's nodes have."""
    key = label.key.name
    return f"UNWIND $keys AS key MATCH (n:{label.name} {{{key}: key}}) RETURN collect(DISTINCT n.{key})"
