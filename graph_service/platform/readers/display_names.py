"""Names of files as they can be told and stored: whatever bytes a file system has let into them."""

from __future__ import annotations

from pathlib import Path

MAX_LENGTH = 200


def display_text(text: str) -> str:
    """Return a name with bytes that are no text and characters that do not show written as escapes, and not too long."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in whole)
    return shown if len(shown) <= MAX_LENGTH else f"{shown[: MAX_LENGTH - 1]}…"


def display_name(path: Path) -> str:
    """Return the name of a file, to be told."""
    return display_text(path.name)
