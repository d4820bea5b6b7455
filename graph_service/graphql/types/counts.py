"""Counts of an area and everything below it that can be selected."""

from __future__ import annotations

from graph_service.domain.metamodel import Label
from graph_service.graphql.types.type_registry import Field, TypeRegistry

COUNT_DESCRIPTIONS = {
    "villages": "行政村数：Villages.",
    "households": "户数：Households that live there.",
    "poorHouseholds": "贫困户数：Households that are poor there.",
    "unclearHouseholds": "贫困状态不明户数：Households of which nobody can tell whether they are poor, as the status of their last card is not understood.",
    "persons": "人口数：Members of households that live there.",
}
COUNTS_FIELD = Field("counts", "AreaCounts!", "统计：What it and all below it have, on the day asked.", size=20)
"""Field of the counts; it costs as much as a page of `size` rows."""


def add_types(types: TypeRegistry) -> None:
    """Add the type of the counts."""
    fields = [Field(name, "Int!", doc) for name, doc in COUNT_DESCRIPTIONS.items()]
    types.add_object(
        "AreaCounts", "区划统计：What an area and all below it have, each counted only when asked for.", fields
    )


def has_counts(label: Label) -> bool:
    """Tell whether nodes of a label are areas."""
    return "Area" in (label.name, label.base_label)
