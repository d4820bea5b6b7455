"""What is known of a sheet's writes before any row is read."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.domain.metamodel import Label, Sheet, Write
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import (
    absent_positions,
    column_name,
    end_columns,
    end_labels,
    identifying_columns,
)

Reference = tuple[str, tuple[str, ...], bool]
"""A column, the labels of which one must know its key, whether it may be blank."""


@dataclass(frozen=True, slots=True)
class WritePlan:
    """What is known of a write before any row. `label`: none for a relationship, whose `end_columns` and `end_labels` are its ends' columns
    and labels; `references`: those that the sheet does not bring itself; `may_repeat`: whether several rows may say the same of it."""

    write: Write
    label: Label | None
    may_repeat: bool
    absent_positions: tuple[int, ...]
    end_columns: tuple[str, str] = ("", "")
    end_labels: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    references: tuple[Reference, ...] = ()

    @property
    def end_positions(self) -> tuple[int, ...]:
        """Position in `values` of the last day, which a former year's row does not tell."""
        return (3,) if self.label is None else ()


def plan_write(sheet: Sheet, write: Write, available_columns: set[str], *, is_complete: bool = False) -> WritePlan:
    """The plan of a write. `available_columns`: the columns of which the file says something. What a `is_complete` sheet tells without an end,
    holds on the day."""
    known = {*available_columns, f"{write.target}.until"} if is_complete else available_columns
    repeats, unsaid = not set(sheet.key) <= identifying_columns(MODEL, write), absent_positions(MODEL, write, known)
    brought = {w.target for w in sheet.writes}
    label = MODEL.labels.get(write.target)
    if label is not None:
        refers: tuple[Reference, ...] = ()
        if label.owner and label.owner not in brought:
            owner = MODEL.labels[label.owner]
            refers = ((column_name(owner, owner.key.name), (label.owner,), False),)
        return WritePlan(write, label, repeats, unsaid, references=refers)
    columns, ends = end_columns(MODEL, write), end_labels(MODEL.relationships[write.target], write)
    refers = tuple(
        (column, labels, write.optional)
        for column, labels in zip(columns, ends, strict=True)
        if not brought.intersection(labels)
    )
    return WritePlan(write, None, repeats, unsaid, columns, ends, refers)
