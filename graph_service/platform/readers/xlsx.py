"""Reader of Excel workbooks (.xlsx, .xlsm) into the spool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph_service.platform.readers.archives import Archive
from graph_service.platform.readers.manifest import ManifestEntry, unread_entry
from graph_service.platform.readers.shared_strings import SharedStrings, read_shared_strings
from graph_service.platform.readers.sheet_notes import header_footer_texts, note_texts
from graph_service.platform.readers.sheet_writer import SheetWriter
from graph_service.platform.readers.spool import SpoolWriter
from graph_service.platform.readers.workbook import VERY_HIDDEN, VISIBLE, open_workbook
from graph_service.platform.readers.worksheet import read_sheet


def read_xlsx(path: Path, spool: SpoolWriter) -> Iterator[ManifestEntry]:
    """Yield the manifest entry of each sheet, in order. Raises `FileUnreadable`."""
    with Archive(path) as archive, SharedStrings() as strings:
        book = open_workbook(archive)
        if archive.has_part(book.strings_part) and any(sheet.state == VISIBLE and sheet.part for sheet in book.sheets):
            read_shared_strings(archive, book.strings_part, strings)
        for sheet in book.sheets:
            if not sheet.part:
                yield unread_entry(sheet.name, "SHEET_CHART")
            elif sheet.state != VISIBLE:
                yield unread_entry(sheet.name, "SHEET_VERY_HIDDEN" if sheet.state == VERY_HIDDEN else "SHEET_HIDDEN")
            else:
                writer = SheetWriter(sheet.name, spool, archive.unreadable_error)
                read_sheet(archive, sheet.part, book, strings, writer)
                writer.notes = [*header_footer_texts(writer.notes), *note_texts(archive, sheet.part)]
                yield writer.finish()
