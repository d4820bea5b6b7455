"""An Excel workbook (.xlsx, .xlsm) into the spool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph_service.readers.archives import Archive
from graph_service.readers.beside_cells import printed_texts, texts_beside
from graph_service.readers.manifest import Entry, left_out
from graph_service.readers.sheets import SheetWriter
from graph_service.readers.spool import SpoolWriter
from graph_service.readers.strings import SharedStrings, read_strings
from graph_service.readers.workbook import VERY_HIDDEN, VISIBLE, open_workbook
from graph_service.readers.worksheet import read_sheet


def read_excel(path: Path, spool: SpoolWriter) -> Iterator[Entry]:
    """Yield what the manifest says of each sheet, in order. Raises `FileUnreadable`."""
    with Archive(path) as archive, SharedStrings() as strings:
        book = open_workbook(archive)
        if archive.has(book.strings) and any(sheet.state == VISIBLE and sheet.part for sheet in book.sheets):
            read_strings(archive, book.strings, strings)
        for sheet in book.sheets:
            if not sheet.part:
                yield left_out(sheet.name, "SHEET_CHART")
            elif sheet.state != VISIBLE:
                yield left_out(sheet.name, "SHEET_VERY_HIDDEN" if sheet.state == VERY_HIDDEN else "SHEET_HIDDEN")
            else:
                rows = SheetWriter(sheet.name, spool, archive.refused)
                read_sheet(archive, sheet.part, book, strings, rows)
                rows.beside = [*printed_texts(rows.beside), *texts_beside(archive, sheet.part)]
                yield rows.finish()
