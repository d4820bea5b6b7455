"""Plans of a sheet's writes, made before any row is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from graph_service.domain.metamodel import Label, Sheet, Write
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import (
    absent_names,
    column_name,
    end_columns,
    end_labels,
    identifying_columns,
)


class Reference(NamedTuple):
    """A reference of a row: its column, the labels that its key may belong to, and whether the cell may be blank."""

    column: str
    labels: tuple[str, ...]
    is_optional: bool


@dataclass(frozen=True, slots=True)
class WritePlan:
    """The plan of a write. `label`: None for a relationship, whose `end_columns` and `end_labels` are the columns and labels of its
    ends; `absent_names`: stored names of values for which the file has no column; `references`: those that the sheet does not bring itself; `may_repeat`: whether several rows may state it with the same
    values."""

    write: Write
    label: Label | None
    may_repeat: bool
    absent_names: frozenset[str]
    end_columns: tuple[str, str] = ("", "")
    end_labels: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    references: tuple[Reference, ...] = ()

    @property
    def last_day_names(self) -> frozenset[str]:
        """Return the stored name of the last day of a relationship, which the row of a former year does not state."""
        return frozenset({"until"}) if self.label is None else frozenset()


def plan_write(sheet: Sheet, write: Write, available_columns: set[str], *, is_complete: bool = False) -> WritePlan:
    """Return the plan of a write. `available_columns`: the columns that the file has. In a sheet with `is_complete`, a relationship
    without an end holds on the day."""
    stated_columns = {*available_columns, f"{write.target}.until"} if is_complete else available_columns
    may_repeat, absent = (
        not set(sheet.key) <= identifying_columns(MODEL, write),
        absent_names(MODEL, write, stated_columns),
    )
    written_targets = {sheet_write.target for sheet_write in sheet.writes}
    label = MODEL.labels.get(write.target)
    if label is not None:
        references: tuple[Reference, ...] = ()
        if label.owner and label.owner not in written_targets:
            owner = MODEL.labels[label.owner]
            references = (Reference(column_name(owner, owner.key.name), (label.owner,), is_optional=False),)
        return WritePlan(write, label, may_repeat, absent, references=references)
    columns, ends = end_columns(MODEL, write), end_labels(MODEL.relationships[write.target], write)
    references = tuple(
        Reference(column, labels, write.optional)
        for column, labels in zip(columns, ends, strict=True)
        if not written_targets.intersection(labels)
    )
    return WritePlan(write, None, may_repeat, absent, columns, ends, references)
