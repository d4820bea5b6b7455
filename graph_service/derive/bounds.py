"""Which columns of a sheet bring days that bound an interval, or on which something happened."""

from __future__ import annotations

from graph_service.declare import Model, Sheet
from graph_service.derive.cell_days import Bound

FIRST_DAYS, LAST_DAYS = (".since", ".starts_on"), (".until", ".ends_on")
"""How the names of columns end that bound an interval."""
PAYMENT_DAY = ".paid_on"


def flows_of(model: Model, sheet: Sheet) -> set[str]:
    """Return the columns that bring the day of a visit or payment."""
    relationships = (model.relationships.get(write.target) for write in sheet.writes)
    return {f"{r.type}.since" for r in relationships if r is not None and r.flow}


def bound_of(name: str, flows: set[str]) -> Bound:
    """Return what the day of a column bounds. `flows`: columns of visits and payments."""
    if name in flows or name.endswith(PAYMENT_DAY):
        return "event"
    if name.endswith(LAST_DAYS):
        return "last"
    return "first" if name.endswith(FIRST_DAYS) else ""
