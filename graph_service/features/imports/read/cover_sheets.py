"""Sheets of a workbook that only say how it is to be read: covers and instructions (docs/files.md)."""

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
"""Of such a sheet that are read."""


def is_cover(name: str) -> bool:
    """Whether a sheet is called like one that says how others are to be read."""
    return _COVER.search(name) is not None


def units_on_covers(tables: Sequence[SourceTable]) -> Mapping[Path, Sequence[str]]:
    """Return by workbook the units, but yuan, that its covers and instructions name: whether the amounts of the other sheets are in them
    nobody can tell."""
    units: dict[Path, list[str]] = defaultdict(list)
    for table in tables:
        if table.sheet and is_cover(table.name):
            for row in islice(table.rows(), _MAX_ROWS):
                units[table.path] += unclear_units(row.cells)
    return units
