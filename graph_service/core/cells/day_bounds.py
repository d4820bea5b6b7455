"""Columns of a sheet with days that bound an interval, or on which an event took place."""

from __future__ import annotations

from graph_service.core.cells.cell_days import DayBound
from graph_service.domain.metamodel import Model, Sheet

FIRST_DAY_SUFFIXES, LAST_DAY_SUFFIXES = (".since", ".starts_on"), (".until", ".ends_on")
"""Suffixes of the names of columns that bound an interval."""
PAYMENT_DAY_SUFFIX = ".paid_on"


def flow_day_columns(model: Model, sheet: Sheet) -> set[str]:
    """Return the columns with the day of a visit or payment."""
    relationships = (model.relationships.get(write.target) for write in sheet.writes)
    return {
        f"{relationship.type}.since"
        for relationship in relationships
        if relationship is not None and relationship.is_flow
    }


def day_bound(name: str, flow_columns: set[str]) -> DayBound:
    """Return the kind of the day in a column. `flow_columns`: columns of visits and payments."""
    if name in flow_columns or name.endswith(PAYMENT_DAY_SUFFIX):
        return "event"
    if name.endswith(LAST_DAY_SUFFIXES):
        return "last"
    return "first" if name.endswith(FIRST_DAY_SUFFIXES) else ""
