"""Escape of texts that a spreadsheet would run as formulas."""

from __future__ import annotations

import unicodedata

FORMULA_SIGNS = frozenset("=+-@")
"""Signs at the beginning of a text that a spreadsheet reads as a formula."""
LINE_BREAKS = frozenset("\t\r\n")
INVISIBLE_CATEGORIES = ("Cf", "Cc")


def escape_formula(text: str) -> str:
    """Return the text, behind an apostrophe where a spreadsheet would run it: where a formula sign comes first (also a
    full-width one, also after blanks), or a tab or line break comes before any text."""
    for character in text:
        if character in LINE_BREAKS:
            return f"'{text}"
        if not character.isspace() and unicodedata.category(character) not in INVISIBLE_CATEGORIES:
            return f"'{text}" if unicodedata.normalize("NFKC", character)[0] in FORMULA_SIGNS else text
    return text
