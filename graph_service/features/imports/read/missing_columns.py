"""Columns that a table lacks and no row can do without: told once, and left free in the workbook of refused rows."""

from __future__ import annotations

from collections.abc import Collection

from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import required_columns
from graph_service.features.imports.read.name_columns import sheet_columns

COLUMN_MISSING = "COLUMN_MISSING"
MAX_SHOWN_HEADERS = 6
"""Headers of a missing column that are told."""


def missing_columns(sheet: str, positions: Collection[str]) -> tuple[str, ...]:
    """Return the columns of a sheet that are not there and must not be blank: what names its rows, figures, what they refer to. Columns
    with the same headers are one."""
    columns = sheet_columns(sheet)
    needed = required_columns(MODEL, MODEL.sheets[sheet])
    found = {columns[name].headers: name for name in columns if name in needed and name not in positions}
    taken = {columns[name].headers for name in positions if name in columns}
    return tuple(name for headers, name in found.items() if headers not in taken)


def usable_headers(sheet: str, column: str) -> str:
    """Return the headers under which a column would be recognised, the usual one first."""
    return "、".join(sheet_columns(sheet)[column].headers[:MAX_SHOWN_HEADERS])
