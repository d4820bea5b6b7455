"""Derived statements as files under `cypher/generated`, for reading and review, never edited."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.domain.constraints import schema_statements
from graph_service.domain.metamodel import Model
from graph_service.domain.upserts import Upsert, label_upsert, relationship_upsert

GENERATED_NOTE = "// Derived from the model by `graph-service schema --write`. Do not edit.\n"


def _statement_lines(title: str, upsert: Upsert) -> Iterator[str]:
    for name in ("known", "supersede", "create"):
        if text := getattr(upsert, name):
            yield f"\n// {title} · {name}\n{text};\n"


def generated_files(model: Model) -> dict[str, str]:
    """Return the text of each generated file by its name below `cypher/generated`."""
    files = {"schema.cypher": GENERATED_NOTE + "".join(f"{text};\n" for text in schema_statements(model))}
    for label in model.labels.values():
        files[f"labels/{label.name}.cypher"] = GENERATED_NOTE + "".join(
            _statement_lines(label.name, label_upsert(model, label))
        )
    for relationship in model.relationships.values():
        lines = [
            line
            for start in relationship.start
            for end in relationship.end
            for line in _statement_lines(
                f"{start} → {end}", relationship_upsert(model, relationship, model.labels[start], model.labels[end])
            )
        ]
        files[f"relationships/{relationship.type}.cypher"] = GENERATED_NOTE + "".join(lines)
    return files
