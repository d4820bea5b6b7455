"""Texts of a sheet outside of its cells: text boxes and comments. They may state the unit of the amounts."""

from __future__ import annotations

import re

from graph_service.platform.readers.archives import Archive
from graph_service.platform.readers.workbook import part_relationships
from graph_service.platform.readers.xml_stream import Attributes, parse_part

MAX_NOTES, MAX_NOTE_LENGTH = 200, 1_000
_KINDS = ("comments", "drawing")
_PARAGRAPHS = ("p", "comment", "sp")
_LAYOUT = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d+|[A-Z])')


def note_texts(archive: Archive, part: str) -> list[str]:
    """Return the texts of text boxes and comments of the sheet in a part, at most `MAX_NOTES`."""
    texts: list[str] = []
    for relationship in part_relationships(archive, part).values():
        if relationship.kind in _KINDS and not relationship.external and archive.has_part(relationship.target):
            texts.extend(_part_texts(archive, relationship.target))
    return texts[:MAX_NOTES]


def header_footer_texts(parts: list[str]) -> list[str]:
    """Return the texts of a sheet's printed headers and footers without layout codes: &R单位：万元 → 单位：万元."""
    texts = (_LAYOUT.sub(" ", part).strip()[:MAX_NOTE_LENGTH] for part in parts)
    return [text for text in texts if text]


def _part_texts(archive: Archive, part: str) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    is_in_text = False

    def start(tag: str, _attributes: Attributes) -> None:
        nonlocal is_in_text
        is_in_text = tag == "t"

    def text(data: str) -> None:
        if is_in_text and len(texts) < MAX_NOTES and sum(map(len, pieces)) < MAX_NOTE_LENGTH:
            pieces.append(data)

    def end(tag: str) -> None:
        nonlocal is_in_text
        is_in_text = False
        if tag in _PARAGRAPHS and pieces:
            texts.append("".join(pieces)[:MAX_NOTE_LENGTH])
            pieces.clear()

    parse_part(archive, part, start, end, text)
    return texts
