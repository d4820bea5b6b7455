"""The statements that are derived from the model, as text: constraints, upserts, those of a rotation of keys, and the role of auditors.

They are made when they run; people read them here.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.domain.auditor_role import auditor_role
from graph_service.domain.constraints import schema_statements
from graph_service.domain.metamodel import Model
from graph_service.domain.sealed_values import sealed_columns
from graph_service.domain.upserts import Upsert, label_upsert, relationship_upsert


def _statement_lines(title: str, upsert: Upsert) -> Iterator[str]:
    for name in ("lookup", "supersede", "create"):
        if text := getattr(upsert, name):
            yield f"// {title} · {name}\n{text};\n"


def derived_statements(model: Model) -> dict[str, str]:
    """Return the text by name: `constraints`, each label, each relationship type, `sealed_values`, `auditor_role`."""
    texts = {"constraints": "".join(f"{text};\n" for text in schema_statements(model))}
    for label in model.labels.values():
        texts[label.name] = "\n".join(_statement_lines(label.name, label_upsert(model, label)))
    for relationship in model.relationships.values():
        texts[relationship.type] = "\n".join(
            line
            for start in relationship.start
            for end in relationship.end
            for line in _statement_lines(
                f"{start} → {end}", relationship_upsert(model, relationship, model.labels[start], model.labels[end])
            )
        )
    texts["sealed_values"] = "\n".join(
        f"// {column.title} · {name}\n{text};\n"
        for column in sealed_columns(model)
        for name in ("exists", "page", "reseal", "renumber")
        if (text := getattr(column, name))
    )
    texts["auditor_role"] = auditor_role(model)
    return texts
