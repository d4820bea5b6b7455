"""Required columns that a table lacks: reported once, and left blank in the workbook of refused rows."""

from __future__ import annotations

from collections.abc import Collection

from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import required_columns
from graph_service.features.imports.read.name_columns import sheet_columns

COLUMN_MISSING = "COLUMN_MISSING"
MAX_SHOWN_HEADERS = 6
"""The number of headers shown for a missing column."""


def missing_columns(sheet: str, positions: Collection[str]) -> tuple[str, ...]:
    """Return the missing columns of a sheet that must not be blank: keys of its rows, figures, references. Columns
    with the same headers count as one."""
    columns = sheet_columns(sheet)
    required = required_columns(MODEL, MODEL.sheets[sheet])
    missing_by_headers = {columns[name].headers: name for name in columns if name in required and name not in positions}
    existing_headers = {columns[name].headers for name in positions if name in columns}
    return tuple(name for headers, name in missing_by_headers.items() if headers not in existing_headers)


def usable_headers(sheet: str, column: str) -> str:
    """Return the headers by which a column would be recognised, the usual one first."""
    return "、".join(sheet_columns(sheet)[column].headers[:MAX_SHOWN_HEADERS])
