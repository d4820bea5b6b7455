"""Manifest of the process that reads workbooks: one line of JSON for each event or sheet."""

from __future__ import annotations

from typing import TypedDict


class ManifestEntry(TypedDict, total=False):
    """A line of the manifest. `kind`: file (a file begins), table, left_out, refused or done."""

    kind: str
    file: int
    sheet: str
    code: str
    offset: int
    length: int
    rows: int
    hidden_rows: int
    hidden_columns: list[str]
    beside: list[str]
    zh: str
    en: str


def unread_entry(sheet: str, code: str) -> ManifestEntry:
    """Return the manifest entry of a sheet that is not read."""
    return ManifestEntry(kind="left_out", sheet=sheet, code=code)
