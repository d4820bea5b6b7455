"""Constraints and indexes of the model, as statements that both engines take."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.domain.metamodel import Label, LabelStorage, Model


def _constraint(label: str, key: str) -> str:
    return f"CREATE CONSTRAINT {label.lower()}_{key} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"


def index_name(label: str, *keys: str) -> str:
    """Return the name of an index of stored properties."""
    return f"{label.lower()}_{'_'.join(keys)}"


def index_statement(label: str, *keys: str) -> str:
    """Return the statement that creates an index of stored properties."""
    fields = ", ".join(f"n.{key}" for key in keys)
    return f"CREATE INDEX {index_name(label, *keys)} IF NOT EXISTS FOR (n:{label}) ON ({fields})"


def _label_statements(label: Label) -> Iterator[str]:
    if label.storage is not LabelStorage.ITSELF:
        yield _constraint(label.name, label.key.name)
    elif not label.owner:
        # The versions of a node share the key.
        yield index_statement(label.name, label.key.name)
    for property_ in label.properties:
        if property_.indexed:
            yield index_statement(label.state_label or label.name, property_.name)
    if label.search_property is not None and not label.base_label:
        for name in (label.search_property.name, *label.search_property.pinyin_names):
            yield index_statement(label.state_label or label.name, name)


def schema_statements(model: Model) -> tuple[str, ...]:
    """Return the schema statements in the model's order; each may be run again."""
    return tuple(text for label in model.labels.values() for text in _label_statements(label))
