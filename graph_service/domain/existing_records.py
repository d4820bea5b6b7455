"""Statements for the existing records of a sheet in areas: a complete delivery ends the records that it lacks.

Each takes `$areas` (codes), `$open`, `$seq` (the import's sequence: records that it ended before it was killed are included), and
`$day` (YYYYMMDD) or `$years`, and returns one list of versions as `Upsert.stored_version` takes them, yearly
records without values.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.domain.area_paths import area_path
from graph_service.domain.fields import key_expression
from graph_service.domain.metamodel import Label, Model, Relationship, Sheet
from graph_service.domain.records import Target
from graph_service.domain.sheet_columns import end_labels
from graph_service.domain.upserts import stored_relationship

LOCATED_LABELS = ("Area", "Village", "Household", "Person")
"""Labels that locate a relationship in an area, preferred ones first: the area itself needs no path."""


def ended_targets(model: Model, sheet: Sheet) -> Iterator[Target]:
    """Yield the targets that a complete delivery of the sheet ends."""
    for write in sheet.writes:
        if write.target not in sheet.ended_when_missing:
            continue
        if write.target in model.labels:
            yield Target(write.target)
            continue
        starts, ends = end_labels(model.relationships[write.target], write)
        yield from (Target(write.target, start, end) for start in starts for end in ends)


def existing_records_statement(model: Model, target: Target) -> str:
    """Return the statement for the existing records of a target in areas."""
    if not target.is_relationship:
        return _record_statement(model, model.labels[target.name])
    relationship, start, end = (
        model.relationships[target.name],
        model.labels[target.start],
        model.labels[target.end],
    )
    return _relationship_statement(relationship, start, end, model)


def _area_match(model: Model, label: Label, day: str) -> tuple[str, str]:
    """Return a pattern from an area `v` to nodes `n` of a label, and a condition: the relationships are not superseded, and where they
    succeed each other, each is the last one until `day`."""
    if label.name == "Area" or label.base_label == "Area":
        return f"MATCH (n:{label.name} {{{label.key.name}: area}})", ""
    path = area_path(model, label, label.anchors[0], "n", "v")
    area_match = f"MATCH (v:{path.end_label} {{{model.labels[path.end_label].key.name}: area}})"
    conditions = [f" AND {r}.superseded = $open" for r, _ in path.dated]
    for index, ((r, is_single), step) in enumerate(zip(path.dated, label.anchors[0], strict=True)):
        if is_single:
            later_match = f"MATCH ({f'na{index - 1}' if index else 'n'})-[k:{step.relationship}]->()"
            later_condition = f"k.superseded = $open AND k.since > {r}.since AND k.since <= {day}"
            conditions.append(f" AND {r}.since <= {day} AND NOT EXISTS {{ {later_match} WHERE {later_condition} }}")
    return f"{area_match} MATCH {path.pattern}", "".join(conditions)


def _relationship_statement(relationship: Relationship, start: Label, end: Label, model: Model) -> str:
    near_label = min(
        (start, end),
        key=lambda label: LOCATED_LABELS.index(label.name) if label.name in LOCATED_LABELS else len(LOCATED_LABELS),
    )
    start_variable, end_variable = ("n", "o") if near_label is start else ("o", "n")
    area_match, current_condition = _area_match(model, near_label, "$day")
    far_label = end if near_label is start else start
    arrow = f"-[r:{relationship.type}]->" if near_label is start else f"<-[r:{relationship.type}]-"
    stored = stored_relationship(
        key_expression([start], start_variable), key_expression([end], end_variable), relationship.stored_names()
    )
    return (
        f"UNWIND $areas AS area {area_match} MATCH (n){arrow}(o:{far_label.name}) "
        f"WHERE r.superseded = $open AND r.since <= $day AND (r.until >= $day OR r.recorded = $seq){current_condition} "
        f"RETURN collect({stored})"
    )


def _record_statement(model: Model, label: Label) -> str:
    owner = model.labels[label.owner]
    area_match, current_condition = _area_match(model, owner, f"s.{label.key.name} * 10000 + 1231")
    return (
        f"UNWIND $areas AS area {area_match} MATCH (n)<-[:OF]-(s:{label.name}) "
        f"WHERE s.superseded IN [$open, $seq] AND s.{label.key.name} IN $years{current_condition} "
        f"RETURN collect({{recorded: s.recorded, key: n.{owner.key.name}, year: s.{label.key.name}}})"
    )
