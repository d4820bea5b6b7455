"""Issues of rows and cells of a delivery, as reported to the user."""

from __future__ import annotations

from dataclasses import dataclass

MAX_SHOWN_CHARACTERS = 200
"""Characters of a cell that are reported."""


@dataclass(frozen=True, slots=True)
class ReportedIssue:
    """A refused row or a flagged cell, as reported to the user."""

    sheet: str
    row: int
    key: str
    column: str
    value: str
    code: str
    refused: bool
    file: str
