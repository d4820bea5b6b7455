"""Values of an answer as cells of a table: codes and flags in Chinese, amounts as decimals, texts that no program runs."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from graphql import GraphQLEnumType, GraphQLNamedType

from graph_service.graphql.types.derived import split_bilingual
from graph_service.platform.formula_escape import escape_formula

Cell = str | int | float | Decimal | None
"""The value of a cell: a number where it is used in calculations, else text; keys are text."""
CellConverter = Callable[[Any], Cell]
NUMBER_FORMATS = {"Yuan": "0.00"}
"""Number formats of a workbook, by scalar."""
FLAG_LABELS = {True: "是", False: "否"}
SCALAR_CONVERTERS: dict[str, CellConverter] = {
    "Boolean": FLAG_LABELS.__getitem__,
    "Int": int,
    "Float": float,
    "Yuan": Decimal,
    "Rate": Decimal,
    "Shares": int,
}


def cell_converter(type_: GraphQLNamedType) -> CellConverter:
    """Return the converter of values of a scalar or an enumeration to cells; the values are never null."""
    if isinstance(type_, GraphQLEnumType):
        return {name: split_bilingual(member.description)[0] for name, member in type_.values.items()}.__getitem__
    return SCALAR_CONVERTERS.get(type_.name, str)


def render_cell(cell: Cell) -> str:
    """Render a cell as text, as in CSV; blank for none. Numbers are plain, texts harmless."""
    if cell is None:
        return ""
    return escape_formula(cell) if isinstance(cell, str) else str(cell)
