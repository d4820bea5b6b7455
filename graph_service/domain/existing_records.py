"""What lies in some areas of what a sheet tells: statements by which a complete delivery finds what it lacks.

Each takes `$areas` (codes), `$open`, `$seq` (the import's own sequence: what it ended before it was killed is there too), and `$day`
(YYYYMMDD) or `$years`, and gives one list of [recorded, values]: values as
`known` of the upsert gives them for a relationship, [owner's key, year] for a record of a year.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.domain.area_paths import area_path
from graph_service.domain.fields import key_expression
from graph_service.domain.metamodel import Label, Model, Relationship, Sheet
from graph_service.domain.sheet_columns import end_labels

LOCATED_LABELS = ("Area", "Village", "Household", "Person")
"""Labels by which a relationship lies in an area, those that need no way there first."""


def ended_targets(model: Model, sheet: Sheet) -> Iterator[tuple[str, ...]]:
    """What a complete delivery of the sheet ends: (label,) or (relationship type, start label, end label)."""
    for write in sheet.writes:
        if write.target not in sheet.ended_when_missing:
            continue
        if write.target in model.labels:
            yield (write.target,)
            continue
        starts, ends = end_labels(model.relationships[write.target], write)
        yield from ((write.target, start, end) for start in starts for end in ends)


def existing_records_statement(model: Model, target: tuple[str, ...]) -> str:
    """What lies in the areas of a target."""
    if len(target) == 1:
        return _record_statement(model, model.labels[target[0]])
    relationship, start, end = model.relationships[target[0]], model.labels[target[1]], model.labels[target[2]]
    return _relationship_statement(relationship, start, end, model)


def _area_match(model: Model, label: Label, day: str) -> tuple[str, str]:
    """From an area `v` to nodes `n` of a label that is placed: a pattern, and a condition that it is not superseded, and the last until a
    day where there are several one after another."""
    if label.name == "Area" or label.base_label == "Area":
        return f"MATCH (n:{label.name} {{{label.key.name}: area}})", ""
    way = area_path(model, label, label.anchors[0], "n", "v")
    area = f"MATCH (v:{way.end_label} {{{model.labels[way.end_label].key.name}: area}})"
    conditions = [f" AND {r}.superseded = $open" for r, _ in way.dated]
    for at, ((r, once), step) in enumerate(zip(way.dated, label.anchors[0], strict=True)):
        if once:
            later = f"MATCH ({f'na{at - 1}' if at else 'n'})-[k:{step.relationship}]->()"
            whether = f"k.superseded = $open AND k.since > {r}.since AND k.since <= {day}"
            conditions.append(f" AND {r}.since <= {day} AND NOT EXISTS {{ {later} WHERE {whether} }}")
    return f"{area} MATCH {way.pattern}", "".join(conditions)


def _relationship_statement(relationship: Relationship, start: Label, end: Label, model: Model) -> str:
    near = min(
        (start, end),
        key=lambda one: LOCATED_LABELS.index(one.name) if one.name in LOCATED_LABELS else len(LOCATED_LABELS),
    )
    a, b = ("n", "o") if near is start else ("o", "n")
    way, still = _area_match(model, near, "$day")
    other = end if near is start else start
    arrow = f"-[r:{relationship.type}]->" if near is start else f"<-[r:{relationship.type}]-"
    values = ", ".join(f"r.{name}" for name in ("since", "until", *relationship.stored_names()))
    return (
        f"UNWIND $areas AS area {way} MATCH (n){arrow}(o:{other.name}) "
        f"WHERE r.superseded = $open AND r.since <= $day AND (r.until >= $day OR r.recorded = $seq){still} "
        f"RETURN collect([r.recorded, [{key_expression([start], a)}, {key_expression([end], b)}, {values}]])"
    )


def _record_statement(model: Model, label: Label) -> str:
    owner = model.labels[label.owner]
    way, still = _area_match(model, owner, f"s.{label.key.name} * 10000 + 1231")
    return (
        f"UNWIND $areas AS area {way} MATCH (n)<-[:OF]-(s:{label.name}) "
        f"WHERE s.superseded IN [$open, $seq] AND s.{label.key.name} IN $years{still} "
        f"RETURN collect([s.recorded, [n.{owner.key.name}, s.{label.key.name}]])"
    )
