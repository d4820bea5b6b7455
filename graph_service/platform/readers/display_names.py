"""Printable names of files, also of names with undecodable bytes and of names with numbers of people."""

from __future__ import annotations

from pathlib import Path

from graph_service.domain.personal_numbers import mask_numbers

MAX_LENGTH = 200


def display_text(text: str) -> str:
    """Return a name with undecodable bytes and unprintable characters as escapes and the numbers of people in it masked, cut to `MAX_LENGTH`
    characters. A name is stored with every record as its source, and read by whoever reads the record."""
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    printable = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in decoded
    )
    printable = mask_numbers(printable)
    return printable if len(printable) <= MAX_LENGTH else f"{printable[: MAX_LENGTH - 1]}…"


def display_name(path: Path) -> str:
    """Return the printable name of a file."""
    return display_text(path.name)
