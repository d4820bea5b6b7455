"""Sealed values of the model, where they are stored, and the statements by which a rotation reads and seals them anew.

A rotation goes through the nodes that own the values, in the order of their keys, which are indexed. `$after`: key of the last node of the
batch before. All recorded versions of a node are read, superseded ones too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.domain.constraints import index_name, index_statement
from graph_service.domain.metamodel import Label, Model, Property


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed property of a label, with its statements.

    `page` returns [key, versions] of the next nodes: each version is [value, parts of the number]. `reseal` replaces a value in all versions
    of the nodes of `$rows`, {key, stored, sealed}; `renumber` replaces the number of nodes, {key, number}: it is derived from sealed
    values where a register has no number. `reindex` makes the index of the values anew, if there is one: an engine keeps in its files what was
    indexed before. `exists` returns a row where any value is stored. `number_parts`: the columns of the sheet from
    which the number is derived, by their stored names.
    """

    label: str
    name: str
    seal_name: str
    exists: str
    page: str
    reseal: str
    reindex: tuple[str, ...] = ()
    renumber: str = ""
    number_parts: tuple[tuple[str, ...], ...] = ()

    @property
    def title(self) -> str:
        """Return the label and the property."""
        return f"{self.label}.{self.name}"


def sealed_columns(model: Model) -> tuple[SealedColumn, ...]:
    """Return the sealed properties of all labels."""
    return tuple(
        _sealed_column(model, label, property_)
        for label in model.labels.values()
        for property_ in label.properties
        if property_.is_sealed
    )


def _sealed_column(model: Model, label: Label, property_: Property) -> SealedColumn:
    owner, state = (model.labels[label.owner], label.name) if label.owner else (label, label.state_label)
    key, name = owner.key.name, property_.name
    versions, by_row = f"(o)<-[:OF]-(s:{state})", f"UNWIND $rows AS row MATCH (o:{owner.name} {{{key}: row.key}})"
    parts = tuple(_number_parts(model, label, property_))
    values = ", ".join(f"s.{stored_name}" for stored_name in (name, *(part for group in parts for part in group)))
    return SealedColumn(
        label.name,
        name,
        property_.seal_name(label.name),
        exists=f"MATCH (s:{state}) WHERE s.{name} IS NOT NULL RETURN 1 LIMIT 1",
        page=f"MATCH (o:{owner.name}) WHERE o.{key} > $after WITH o ORDER BY o.{key} LIMIT $limit "
        f"RETURN o.{key} AS key, COLLECT {{ MATCH {versions} WHERE s.{name} IS NOT NULL "
        f"RETURN DISTINCT [{values}] }} AS versions ORDER BY key",
        reseal=f"{by_row} MATCH {versions} WHERE s.{name} = row.stored SET s.{name} = row.sealed",
        reindex=(f"DROP INDEX {index_name(state, name)} IF EXISTS", index_statement(state, name))
        if property_.indexed
        else (),
        renumber=f"{by_row} SET o.{key} = row.number" if parts else "",
        number_parts=parts,
    )


def _number_parts(model: Model, label: Label, property_: Property) -> Iterator[tuple[str, ...]]:
    """Yield the stored names of the values from which the number of a label's node is derived, where this property is one of them."""
    for sheet in model.sheets.values():
        if f"{label.name}.{property_.name}" in sheet.key:
            by_column = {f"{label.name}.{part.name}": part for part in label.properties}
            yield from (by_column[column].stored_names for column in sheet.key)
