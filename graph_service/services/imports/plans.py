"""What is known of a sheet's writes before any row is read."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.declare import Label, Sheet, Write
from graph_service.derive.sheets import absent, column_name, end_columns, end_labels, told_apart_by
from graph_service.model import MODEL

Reference = tuple[str, tuple[str, ...], bool]
"""A column, the labels of which one must know its key, whether it may be blank."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a write before any row. `label`: none for a relationship, whose `columns` and `ends` are its ends' columns
    and labels; `refers`: those that the sheet does not bring itself; `repeats`: whether several rows may say the same of it."""

    write: Write
    label: Label | None
    repeats: bool
    absent: tuple[int, ...]
    columns: tuple[str, str] = ("", "")
    ends: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    refers: tuple[Reference, ...] = ()

    @property
    def ends_at(self) -> tuple[int, ...]:
        """Position in `values` of the last day, which a former year's row does not tell."""
        return (3,) if self.label is None else ()


def planned(sheet: Sheet, write: Write, there: set[str], *, complete: bool = False) -> Plan:
    """The plan of a write. `there`: the columns of which the file says something. What a `complete` sheet tells without an end,
    holds on the day."""
    known = {*there, f"{write.target}.until"} if complete else there
    repeats, unsaid = not set(sheet.key) <= told_apart_by(MODEL, write), absent(MODEL, write, known)
    brought = {w.target for w in sheet.writes}
    label = MODEL.labels.get(write.target)
    if label is not None:
        refers: tuple[Reference, ...] = ()
        if label.owner and label.owner not in brought:
            owner = MODEL.labels[label.owner]
            refers = ((column_name(owner, owner.key.name), (label.owner,), False),)
        return Plan(write, label, repeats, unsaid, refers=refers)
    columns, ends = end_columns(MODEL, write), end_labels(MODEL.relationships[write.target], write)
    refers = tuple(
        (column, labels, write.optional)
        for column, labels in zip(columns, ends, strict=True)
        if not brought.intersection(labels)
    )
    return Plan(write, None, repeats, unsaid, columns, ends, refers)
