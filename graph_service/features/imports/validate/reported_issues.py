"""Issues of rows and cells of a delivery, as reported to the user."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportedIssue:
    """A refused row or a flagged cell, as reported to the user: `key` and `value` are masked."""

    sheet: str
    row: int
    key: str
    column: str
    value: str
    code: str
    refused: bool
    file: str
