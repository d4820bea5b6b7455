"""Constraints and indexes of the model, as statements that both engines take."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.declare import Keeping, Label, Model


def _constraint(label: str, key: str) -> str:
    return f"CREATE CONSTRAINT {label.lower()}_{key} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"


def _index(label: str, *keys: str) -> str:
    fields = ", ".join(f"n.{key}" for key in keys)
    return f"CREATE INDEX {label.lower()}_{'_'.join(keys)} IF NOT EXISTS FOR (n:{label}) ON ({fields})"


def _of_label(label: Label) -> Iterator[str]:
    if label.keeping is not Keeping.ITSELF:
        yield _constraint(label.name, label.key.name)
    elif not label.owner:
        # Its versions share the key.
        yield _index(label.name, label.key.name)
    for property_ in label.properties:
        if property_.indexed:
            yield _index(label.state or label.name, property_.name)
    if label.searched is not None and not label.also:
        for name in (label.searched.name, *label.searched.spelt):
            yield _index(label.state or label.name, name)


def schema(model: Model) -> tuple[str, ...]:
    """The statements, in the model's order; each may be run again."""
    return tuple(text for label in model.labels.values() for text in _of_label(label))
