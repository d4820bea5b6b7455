"""Texts that no spreadsheet runs."""

from __future__ import annotations

import unicodedata

SIGNS = frozenset("=+-@")
"""A spreadsheet takes what begins with one of these for a formula."""
BREAKS = frozenset("\t\r\n")
UNSEEN = ("Cf", "Cc")


def harmless(said: str) -> str:
    """The same text, behind an apostrophe where a spreadsheet would run it: where a sign of a formula comes first, also
    a wide one, also behind blanks, or a tab or the end of a line."""
    for character in said:
        if character in BREAKS:
            return f"'{said}"
        if not character.isspace() and unicodedata.category(character) not in UNSEEN:
            return f"'{said}" if unicodedata.normalize("NFKC", character)[0] in SIGNS else said
    return said
