"""Printable names of files, also of names with undecodable bytes."""

from __future__ import annotations

from pathlib import Path

MAX_LENGTH = 200


def display_text(text: str) -> str:
    """Return a name with undecodable bytes and unprintable characters as escapes, cut to `MAX_LENGTH` characters."""
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    printable = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in decoded
    )
    return printable if len(printable) <= MAX_LENGTH else f"{printable[: MAX_LENGTH - 1]}…"


def display_name(path: Path) -> str:
    """Return the printable name of a file."""
    return display_text(path.name)
