"""Values of an answer as cells of a table: codes and flags in Chinese, amounts as decimals, texts that no program runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from graphql import GraphQLEnumType, GraphQLNamedType

from graph_service.api.types.derived import both

Cell = str | int | float | Decimal | None
"""What a cell holds: a number where it is one to reckon with, else text; keys are text."""
Show = Callable[[Any], Cell]
SIGNS = frozenset("=+-@")
"""A spreadsheet takes what begins with one of these for a formula."""
BREAKS = frozenset("\t\r\n")
UNSEEN = ("Cf", "Cc")
FORMATS = {"Yuan": "0.00"}
"""How a workbook shows numbers of a scalar."""
FLAGS = {True: "是", False: "否"}
SCALARS: dict[str, Show] = {
    "Boolean": FLAGS.__getitem__,
    "Int": int,
    "Float": float,
    "Yuan": Decimal,
    "Rate": Decimal,
    "Shares": int,
}


def show(type_: GraphQLNamedType) -> Show:
    """How values of a scalar or an enumeration become cells; none of them is null."""
    if isinstance(type_, GraphQLEnumType):
        return {name: both(member.description)[0] for name, member in type_.values.items()}.__getitem__
    return SCALARS.get(type_.name, str)


def text(cell: Cell) -> str:
    """A cell as text, as CSV has it; blank for none. Numbers are plain, texts harmless."""
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else str(cell)


def harmless(said: str) -> str:
    """The same text, behind an apostrophe where a spreadsheet would run it: where a sign of a formula comes first, also
    a wide one, also behind blanks, or a tab or the end of a line."""
    for character in said:
        if character in BREAKS:
            return f"'{said}"
        if not character.isspace() and unicodedata.category(character) not in UNSEEN:
            return f"'{said}" if unicodedata.normalize("NFKC", character)[0] in SIGNS else said
    return said
