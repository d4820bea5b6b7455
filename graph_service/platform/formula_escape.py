"""Texts that no spreadsheet runs."""

from __future__ import annotations

import unicodedata

FORMULA_SIGNS = frozenset("=+-@")
"""A spreadsheet takes what begins with one of these for a formula."""
LINE_BREAKS = frozenset("\t\r\n")
INVISIBLE_CATEGORIES = ("Cf", "Cc")


def escape_formula(text: str) -> str:
    """The same text, behind an apostrophe where a spreadsheet would run it: where a sign of a formula comes first, also
    a wide one, also behind blanks, or a tab or the end of a line."""
    for character in text:
        if character in LINE_BREAKS:
            return f"'{text}"
        if not character.isspace() and unicodedata.category(character) not in INVISIBLE_CATEGORIES:
            return f"'{text}" if unicodedata.normalize("NFKC", character)[0] in FORMULA_SIGNS else text
    return text
