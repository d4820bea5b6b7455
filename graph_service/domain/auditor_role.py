"""The Neo4j role of auditors who ask the graph directly: privileges derived from the model, `ops/neo4j-auditor.cypher`.

It reads all labels and relationships without the values that identify people or concern their health. Only the Enterprise edition has roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph_service.domain.metamodel import DataClassification, Label, Model, Property

ROLE = "graph_service_auditor"
GRAPH = "neo4j"
OPEN_CLASSES = (DataClassification.PUBLIC, DataClassification.INTERNAL)
"""Classes of values that are a part of a record; those of the others concern people, and are denied."""
RECORD_NAMES = ("since", "until", "recorded", "superseded", "source", "replaced")
"""Stored properties of every version: when it holds, when it was recorded, from which row of which file."""
HEAD = f"""// 审计只读角色 — Role of auditors who ask the graph directly: they read everything except values that identify people or concern their health.
// 由数据模型生成，请勿手工修改 / Generated from the model by `graph-service schema --write`. Do not edit.
// 仅 Neo4j 企业版支持角色；社区版的所有账户都能看到全部数据。以管理员身份在 system 数据库执行，数据库名不是 {GRAPH} 时请先替换。
// Needs Neo4j Enterprise: in the Community edition every account sees everything. Run it as an administrator in the database `system`, after
// replacing {GRAPH} where the database has another name. Then: GRANT ROLE {ROLE} TO <user>.
// 升级后请重新执行；新列为个人信息的属性随即被拒绝读取 / Run it again after an upgrade: properties that were classified since are denied then.
// 该角色不限区划，能看到所有区划的记录 / The role knows no areas: it reads the records of all of them.
"""


def auditor_role(model: Model) -> str:
    """Return the statements that create the role, each ended by a semicolon. They may be run again, and have to be after an
    upgrade: what the model has classified since is denied then, which prevails over what was granted before."""
    return HEAD + "".join(f"{text};\n" for text in _statements(model))


def _statements(model: Model) -> Iterator[str]:
    yield f"CREATE ROLE {ROLE} IF NOT EXISTS"
    yield f"GRANT ACCESS ON DATABASE {GRAPH} TO {ROLE}"
    labels = {name: properties for label in model.labels.values() for name, properties in _stored_labels(label)}
    yield f"GRANT TRAVERSE ON GRAPH {GRAPH} NODES {', '.join(labels)} TO {ROLE}"
    yield f"GRANT TRAVERSE ON GRAPH {GRAPH} RELATIONSHIPS {', '.join(model.relationships)} TO {ROLE}"
    for name, properties in labels.items():
        yield from _privileges("NODES", name, properties)
    for relationship in model.relationships.values():
        yield from _privileges("RELATIONSHIPS", relationship.type, relationship.properties)


def _stored_labels(label: Label) -> Iterator[tuple[str, Sequence[Property]]]:
    """Yield the labels of a label's nodes, with their properties: the identity node has the key, its state the rest."""
    if label.state_label:
        yield label.name, (label.key,)
        yield label.state_label, label.properties
    else:
        yield label.name, (label.key, *label.properties)


def _privileges(kind: str, name: str, properties: Sequence[Property]) -> Iterator[str]:
    open_names = [stored for p in properties if p.classification in OPEN_CLASSES for stored in _stored_names(p)]
    denied_names = [stored for p in properties if p.classification not in OPEN_CLASSES for stored in _stored_names(p)]
    yield f"GRANT READ {{{', '.join((*open_names, *RECORD_NAMES))}}} ON GRAPH {GRAPH} {kind} {name} TO {ROLE}"
    if denied_names:
        yield f"DENY READ {{{', '.join(denied_names)}}} ON GRAPH {GRAPH} {kind} {name} TO {ROLE}"


def _stored_names(property_: Property) -> tuple[str, ...]:
    """Return the stored names of a property; the pinyin of a name says as much as the name."""
    return (*property_.stored_names, *(property_.pinyin_names if property_.search_kind else ()))
