"""Sheets of a workbook that only explain how to read it: covers and instructions (docs/reference/files.md)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from graph_service.features.imports.read.unit_notes import unclear_units
from graph_service.platform.readers.delivery import SourceTable

_COVER = re.compile("封面|封皮|首页|目录|说明|须知|要求|指南|备注|readme|cover", re.IGNORECASE)
_MAX_ROWS = 200
"""The number of rows read of such a sheet."""


def is_cover(name: str) -> bool:
    """Return True where a sheet has the name of a cover or an instruction for the other sheets."""
    return _COVER.search(name) is not None


def units_on_covers(tables: Sequence[SourceTable]) -> Mapping[Path, Sequence[str]]:
    """Return by workbook the units other than yuan named on its covers and instructions. It is not known whether the
    amounts of the other sheets are in them."""
    units: dict[Path, list[str]] = defaultdict(list)
    for table in tables:
        if table.sheet and is_cover(table.name):
            for row in islice(table.rows(), _MAX_ROWS):
                units[table.path] += unclear_units(row.cells)
    return units
