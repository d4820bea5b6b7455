"""Texts of a workbook's sheet that stand beside its cells: text boxes and comments. They may say in which unit the amounts are."""

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
    """Return what text boxes and comments of the sheet in a part say, at most `MOST_TEXTS` texts."""
    found: list[str] = []
    for related in part_relationships(archive, part).values():
        if related.kind in _KINDS and not related.external and archive.has_part(related.target):
            found.extend(_part_texts(archive, related.target))
    return found[:MAX_NOTES]


def header_footer_texts(parts: list[str]) -> list[str]:
    """Return what a sheet's printed headers and footers say, without their layout: &R单位：万元 → 单位：万元."""
    texts = (_LAYOUT.sub(" ", part).strip()[:MAX_NOTE_LENGTH] for part in parts)
    return [text for text in texts if text]


def _part_texts(archive: Archive, part: str) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    inside = False

    def start(tag: str, _attributes: Attributes) -> None:
        nonlocal inside
        inside = tag == "t"

    def text(data: str) -> None:
        if inside and len(found) < MAX_NOTES and sum(map(len, pieces)) < MAX_NOTE_LENGTH:
            pieces.append(data)

    def end(tag: str) -> None:
        nonlocal inside
        inside = False
        if tag in _PARAGRAPHS and pieces:
            found.append("".join(pieces)[:MAX_NOTE_LENGTH])
            pieces.clear()

    parse_part(archive, part, start, end, text)
    return found
