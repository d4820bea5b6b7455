"""Upserts of the model: for each label and relationship, statements that look up current versions by key and write new ones.

An importer reads the current versions (`lookup`) and writes only those that differ: `supersede` closes the current version, `create`
makes the new one (`replaced`: the sequence of the version before, none for a first). `$seq` is the import's sequence, `$open` the
`superseded` of current versions.

Rows and keys are maps, as the records build them (`records.py`); a property that a row lacks is blank:
    label         key  the key                     row  {key, source, replaced, properties}
    yearly label  key  {key, year}                 row  {key, year, source, replaced, properties}: key is the owner's
    relationship  key  {start, end, key properties}  row  {start, end, since, until, source, replaced, properties}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

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
from graph_service.domain.records import NodeRecord, Record, RelationshipRecord

SpellingFunction = Callable[[Mapping[str, Any]], Mapping[str, Any]]
VERSION_PROPERTIES = "recorded: $seq, superseded: $open, source: row.source, replaced: row.replaced"


class StoredVersion(NamedTuple):
    """A current version of the graph: the sequence of the import that recorded it, and its record."""

    sequence: int
    record: Record


@dataclass(frozen=True, slots=True)
class Upsert:
    """Statements for a target; an empty one does not apply.

    `lookup` returns one list of versions as `stored_version` takes them: one result row for each version would cost more than the look-up.
    `create` also creates the identity node where it is missing. `exists` returns a row where there is any version. `end` sets the last
    day of relationships that this import has written. `names`: stored names of the values. `spell` returns the pinyin that is stored
    beside the values, by stored name.
    """

    lookup: str
    create: str
    names: tuple[str, ...]
    exists: str = ""
    supersede: str = ""
    end: str = ""
    spell: SpellingFunction | None = None

    def to_parameters(self, record: Record, source: str, replaced: int | None = None) -> dict[str, Any]:
        """Return a record as a row of these statements. `replaced`: the sequence of the version that it replaces."""
        spelling = self.spell(record.values) if self.spell else {}
        return {**record.to_parameters(), **spelling, "source": source, "replaced": replaced}

    def stored_version(self, row: Mapping[str, Any]) -> StoredVersion:
        """Return a version as a look-up returns it: {recorded, key, year, values} of a label, {recorded, start, end, since, until, values}
        of a relationship; the values in the order of `names`, if any."""
        values = dict(zip(self.names, row["values"], strict=True)) if "values" in row else {}
        if "start" in row:
            record: Record = RelationshipRecord(row["start"], row["end"], row["since"], row["until"], values)
        else:
            record = NodeRecord(row["key"], values, row.get("year"))
        return StoredVersion(row["recorded"], record)


def _property_map(names: tuple[str, ...]) -> str:
    return "".join(f"{name}: row.{name}, " for name in names)


def _value_list(variable: str, names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"{variable}.{name}" for name in names) + "]"


def _exists_statement(label: str) -> str:
    return f"MATCH (s:{label}) RETURN 1 LIMIT 1"


def label_upsert(model: Model, label: Label) -> Upsert:
    """Return the statements for a label's nodes."""
    names, key = label.stored_names(), label.key.name
    pinyin_names, spelling_function = (
        label.search_property.pinyin_names if label.search_property else (),
        _spelling_function(label),
    )
    by_key = f"UNWIND $keys AS key MATCH (n:{label.base_label or label.name} {{{key}: key}})"
    if label.storage is LabelStorage.FIXED:
        labels = f"{label.base_label}:{label.name}" if label.base_label else label.name
        assignments = "".join(f", n.{name} = row.{name}" for name in (*names, *pinyin_names))
        # A village may exist as an Area already, so nodes are matched by the label that both have.
        return Upsert(
            lookup=f"{by_key} RETURN collect({{key: key, recorded: n.recorded, values: {_value_list('n', names)}}})",
            create=f"UNWIND $rows AS row CREATE (n:{labels} {{{key}: row.key}}) "
            f"SET n.recorded = $seq, n.source = row.source, n.replaced = row.replaced{assignments}",
            names=names,
            spell=spelling_function,
        )
    if label.owner:
        owner = model.labels[label.owner]

        def match_owner(source: str) -> str:
            return f"UNWIND ${source}s AS {source} MATCH (o:{owner.name} {{{owner.key.name}: {source}.key}})"

        def match_state(source: str) -> str:
            return f"MATCH (o)<-[:OF]-(s:{label.name} {{{key}: {source}.year, superseded: $open}})"

        # A card holds from the first to the last day of its year.
        return Upsert(
            exists=_exists_statement(label.name),
            lookup=f"{match_owner('key')} {match_state('key')} "
            f"RETURN collect({{key: key.key, year: key.year, recorded: s.recorded, values: {_value_list('s', names)}}})",
            create=f"{match_owner('row')} CREATE (o)<-[:OF]-(s:{label.name} {{{key}: row.year, "
            f"{_property_map((*names, *pinyin_names))}since: row.year * 10000 + 101, until: row.year * 10000 + 1231, {VERSION_PROPERTIES}}})",
            supersede=f"{match_owner('row')} {match_state('row')} WHERE s.recorded < $seq SET s.superseded = $seq",
            names=names,
            spell=spelling_function,
        )
    always_valid = f"since: {FIRST_DAY}, until: {LAST_DAY}, "
    # The source of an identity node is stored on its states or cards.
    identity = f"UNWIND $rows AS row MERGE (n:{label.name} {{{key}: row.key}}) ON CREATE SET n.recorded = $seq"
    if not label.state_label:
        return Upsert(
            exists=_exists_statement(label.name),
            lookup=f"{by_key} RETURN collect({{key: key, recorded: n.recorded, values: []}})",
            create=identity,
            names=names,
        )
    match_current = f"MATCH (n)<-[:OF]-(s:{label.state_label} {{superseded: $open}})"
    by_row = f"UNWIND $rows AS row MATCH (n:{label.name} {{{key}: row.key}})"
    return Upsert(
        exists=_exists_statement(label.state_label),
        lookup=f"{by_key} {match_current} RETURN collect({{key: key, recorded: s.recorded, values: {_value_list('s', names)}}})",
        create=f"{identity} CREATE (n)<-[:OF]-(s:{label.state_label} "
        f"{{{_property_map((*names, *pinyin_names))}{always_valid}{VERSION_PROPERTIES}}})",
        supersede=f"{by_row} {match_current} WHERE s.recorded < $seq SET s.superseded = $seq",
        names=names,
        spell=spelling_function,
    )


def _spelling_function(label: Label) -> SpellingFunction | None:
    search_property = label.search_property
    if search_property is None:
        return None
    is_person = search_property.search_kind == "person"
    return lambda values: dict(
        zip(
            search_property.pinyin_names,
            to_pinyin(values[search_property.name], is_person=is_person),
            strict=True,
        )
    )


def _node_pattern(label: Label, variable: str, value: str) -> str:
    return f"({variable}:{label.name} {{{label.key.name}: {value}}})"


def relationship_upsert(model: Model, relationship: Relationship, start: Label, end: Label) -> Upsert:
    """Return the statements for a relationship between two of its labels. Each walks from the end with few relationships.

    A relationship identified by a single end is found with any node at its far end: the far end may have been corrected.
    """
    names = relationship.stored_names()
    variables, labels = {"start": "a", "end": "b"}, {"start": start, "end": end}
    # Current versions are looked up from the identifying end, else from the end with few relationships.
    near = relationship.identified_by if relationship.identified_by != "both" else relationship.smaller_end
    far = "end" if near == "start" else "start"
    uses_both_ends = relationship.identified_by == "both"
    far_labels = [labels[far]] if uses_both_ends else [model.labels[name] for name in getattr(relationship, far)]
    key_expressions = {
        near: key_expression([labels[near]], variables[near]),
        far: key_expression(far_labels, variables[far]),
    }

    def node(end_name: str, source: str) -> str:
        return _node_pattern(labels[end_name], variables[end_name], f"{source}.{end_name}")

    def pattern(source: str) -> str:
        filters = "".join(f"{name}: {source}.{name}, " for name in relationship.key)
        arrow = f"-[r:{relationship.type} {{{filters}superseded: $open}}]-"
        arrow = f"{arrow}>" if near == "start" else f"<{arrow}"
        far_node = node(far, source) if uses_both_ends else f"({variables[far]})"
        return f"MATCH {node(near, source)} MATCH ({variables[near]}){arrow}{far_node}"

    first, second = ("start", "end") if relationship.smaller_end == "start" else ("end", "start")
    label_filters = {near: f":{labels[near].name}", far: f":{labels[far].name}" if uses_both_ends else ""}
    return Upsert(
        exists=f"MATCH ({label_filters['start']})-[r:{relationship.type}]->({label_filters['end']}) RETURN 1 LIMIT 1",
        lookup=f"UNWIND $keys AS key {pattern('key')} "
        f"RETURN collect({stored_relationship(key_expressions['start'], key_expressions['end'], names)})",
        create=f"UNWIND $rows AS row MATCH {node(first, 'row')} MATCH {node(second, 'row')} CREATE (a)-[r:{relationship.type} "
        f"{{since: row.since, until: row.until, {_property_map(names)}{VERSION_PROPERTIES}}}]->(b)",
        supersede=f"UNWIND $rows AS row {pattern('row')} WHERE r.recorded < $seq SET r.superseded = $seq",
        end=f"UNWIND $rows AS row {pattern('row')} WHERE r.recorded = $seq SET r.until = row.until, r.source = row.source",
        names=names,
    )


def stored_relationship(start_key: str, end_key: str, names: tuple[str, ...]) -> str:
    """Return a Cypher expression for a relationship `r` as `Upsert.stored_version` takes it, from expressions for the keys of its ends."""
    return (
        f"{{recorded: r.recorded, start: {start_key}, end: {end_key}, since: r.since, until: r.until, "
        f"values: {_value_list('r', names)}}}"
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
