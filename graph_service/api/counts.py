"""What an area has in it and in all below it, on the day: counted by the range of its codes, when asked for."""

from __future__ import annotations

from graph_service.api.anchors import RANGES
from graph_service.api.building import Field, Types
from graph_service.api.pages import Encode, object_encoder
from graph_service.api.selection import Selected
from graph_service.api.slots import Slots
from graph_service.api.statement import Statement
from graph_service.catalog import HOLDS
from graph_service.declare import Label

COUNTED = {
    "villages": ("行政村数:Villages.", "({v}:Village)", ()),
    "households": ("户数:Households that live there.", "({v}:Village)<-[{v}l:LIVES_IN]-(:Household)", ("l",)),
    "poorHouseholds": (
        "贫困户数:Households that are poor there.",
        "({v}:Village)<-[{v}p:POOR_IN]-(:Household)",
        ("p",),
    ),
    "persons": (
        "人口数:Members of households that live there.",
        "({v}:Village)<-[{v}l:LIVES_IN]-(:Household)<-[{v}m:MEMBER_OF]-(:Person)",
        ("l", "m"),
    ),
}
COUNTS = Field("counts", "AreaCounts!", "统计:What it and all below it have, on the day asked.", size=20)
"""It costs as much as a page of as many rows would."""


def declare(types: Types) -> None:
    """The type of the counts."""
    fields = [Field(name, "Int!", doc) for name, (doc, _, _) in COUNTED.items()]
    types.add_object(
        "AreaCounts", "区划统计:What an area and all below it have, each counted only when asked for.", fields
    )


def has_counts(label: Label) -> bool:
    """Whether nodes of a label are areas."""
    return "Area" in (label.name, label.also)


def counts(statement: Statement, variable: str, one: Selected, slots: Slots) -> Encode:
    """Places for the counts selected of an area, and their encoder."""

    def on_field(field: Selected) -> Encode:
        place = slots.place(_count(statement, variable, field.name))
        return lambda row: row[place]

    return object_encoder(statement.document, "AreaCounts", [one], on_field)


def _count(statement: Statement, area: str, name: str) -> str:
    v = statement.variable()
    _, pattern, dated = COUNTED[name]
    # A colon comes after every digit.
    conditions = [f"{v}.code >= {area}.code", f"{v}.code < {area}.code + ':'", f"{v}.recorded <= $seq"]
    conditions += [HOLDS.format(v + r) for r in dated]
    if statement.scoped:
        conditions.append(RANGES.format(v=v, ranges="scope"))
    return f"COUNT {{ MATCH {pattern.format(v=v)} WHERE {' AND '.join(conditions)} }}"
