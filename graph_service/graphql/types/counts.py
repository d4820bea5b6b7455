"""Counts of an area and everything below it that can be selected."""

from __future__ import annotations

from graph_service.domain.metamodel import Label
from graph_service.graphql.types.type_registry import Field, TypeRegistry

COUNT_DESCRIPTIONS = {
    "villages": "行政村数：Number of villages.",
    "households": "户数：Number of households that live in the area.",
    "poorHouseholds": "贫困户数：Number of poor households that live in the area.",
    "unclearHouseholds": "贫困状态不明户数：Number of households whose poverty status is unknown, because the status on their latest card is not recognized.",
    "persons": "人口数：Number of members of the households that live in the area.",
}
COUNTS_FIELD = Field(
    "counts",
    "AreaCounts!",
    "统计：Counts for the area and all areas below it, on the query date. Refused (AREA_NOT_GRANTED) for an area of which the caller may not read everything.",
    size=20,
)
"""Field of the counts; it costs as much as a page of `size` rows."""


def add_types(types: TypeRegistry) -> None:
    """Add the type of the counts."""
    fields = [Field(name, "Int!", doc) for name, doc in COUNT_DESCRIPTIONS.items()]
    types.add_object(
        "AreaCounts", "区划统计：Counts for an area and all areas below it. Each is computed only if selected.", fields
    )


def has_counts(label: Label) -> bool:
    """Tell whether nodes of a label are areas."""
    return "Area" in (label.name, label.base_label)
