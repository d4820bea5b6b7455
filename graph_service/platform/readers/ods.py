"""Reader of OpenDocument spreadsheets (.ods), which store the displayed text beside each value, into the spool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph_service.platform.readers.archives import Archive
from graph_service.platform.readers.cells import Cell
from graph_service.platform.readers.displayed_cells import StoredCell, cell_from_display
from graph_service.platform.readers.limits import MAX_CELL_LENGTH, MAX_ROWS
from graph_service.platform.readers.manifest import ManifestEntry, unread_entry
from graph_service.platform.readers.sheet_writer import SheetWriter
from graph_service.platform.readers.spool import SpoolWriter
from graph_service.platform.readers.xml_stream import Attributes, get_attribute, parse_part

MAX_COUNT_DIGITS = 10
"""Maximum digits of a repeat count."""
MAX_COLUMN = 16_384
"""Columns of a spreadsheet; files repeat their blank cells up to this one."""
_IGNORED_ELEMENTS = {"annotation", "ruby-text", "shapes", "tracked-changes", "frame", "forms"}
"""Elements whose text does not belong to the cell."""


def read_ods(path: Path, spool: SpoolWriter) -> Iterator[ManifestEntry]:
    """Yield the manifest entry of each sheet, in order. Raises `FileUnreadable`."""
    with Archive(path) as archive:
        if archive.has_part("META-INF/manifest.xml"):
            _refuse_encrypted(archive)
        handler = _ContentHandler(archive, spool)
        parse_part(archive, "content.xml", handler.start, handler.end, handler.text)
        yield from handler.entries


def _refuse_encrypted(archive: Archive) -> None:
    def start(tag: str, _attributes: Attributes) -> None:
        if tag == "encryption-data":
            raise archive.unreadable_error(
                "工作簿已加密；请去掉密码后重新保存", "the workbook is encrypted; remove the password and save it again"
            )

    parse_part(archive, "META-INF/manifest.xml", start)


def _repeat_count(attributes: Attributes, name: str, namespace: str = "table") -> int:
    """Return a repeat count or a span of an element, 1 by default. Raises `ValueError`."""
    text = attributes.get(f"{namespace}:{name}", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_COUNT_DIGITS and int(text) >= 1):
        raise ValueError(name)
    return int(text)


class _ContentHandler:
    """Handlers of the elements of the content part, which holds one table after another."""

    def __init__(self, archive: Archive, spool: SpoolWriter) -> None:
        self._archive, self._spool = archive, spool
        self.entries: list[ManifestEntry] = []
        self._style, self._hidden_styles = "", set[str]()
        self._table_depth = self._ignored_depth = 0
        self._writer: SheetWriter | None = None
        self._row, self._row_repeats, self._hidden = 0, 1, False
        self._cells: list[Cell] = []
        self._column, self._column_definition = 0, 0
        self._cell: Attributes | None = None
        self._parts: list[str] = []
        self._size = 0
        self._in_text = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Handle the start of an element."""
        if tag in _IGNORED_ELEMENTS:
            self._ignored_depth += 1
        if self._ignored_depth:
            return
        if tag == "style":
            self._style = get_attribute(attributes, "name")
        elif tag == "table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif tag == "table":
            self._table_depth += 1
            if self._table_depth == 1:
                self._start_table(attributes)
        elif self._writer is None or self._table_depth > 1:
            return
        elif tag == "table-column":
            count = _repeat_count(attributes, "number-columns-repeated")
            if attributes.get("table:visibility", "visible") != "visible":
                self._writer.hidden_columns.append(
                    (self._column_definition, min(self._column_definition + count, MAX_COLUMN) - 1)
                )
            self._column_definition += count
        elif tag == "table-row":
            self._row_repeats = _repeat_count(attributes, "number-rows-repeated")
            self._hidden = attributes.get("table:visibility", "visible") != "visible"
            self._cells, self._column = [], 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._parts, self._size = attributes, [], 0
        elif self._cell is not None:
            self._start_inline(tag, attributes)

    def _start_table(self, attributes: Attributes) -> None:
        name = get_attribute(attributes, "name")
        if attributes.get("table:style-name") in self._hidden_styles:
            self.entries.append(unread_entry(name, "SHEET_HIDDEN"))
        else:
            self._writer = SheetWriter(name, self._spool, self._archive.unreadable_error)
        self._row, self._column_definition = 1, 0

    def _start_inline(self, tag: str, attributes: Attributes) -> None:
        if tag == "p":
            if self._parts:
                self._parts.append("\n")
            self._in_text += 1
        elif tag == "s":
            self._parts.append(" " * min(_repeat_count(attributes, "c", "text"), 1_000))
        elif tag == "tab":
            self._parts.append("\t")
        elif tag == "line-break":
            self._parts.append("\n")

    def text(self, data: str) -> None:
        """Handle character data."""
        if self._in_text and not self._ignored_depth:
            self._parts.append(data)
            self._size += len(data)
            if self._size > MAX_CELL_LENGTH:
                raise self._archive.unreadable_error(
                    f"有一个单元格超过 {MAX_CELL_LENGTH:,} 个字符；请缩短",
                    f"a cell has more than {MAX_CELL_LENGTH:,} characters; shorten it",
                )

    def end(self, tag: str) -> None:
        """Handle the end of an element."""
        if tag in _IGNORED_ELEMENTS:
            self._ignored_depth -= 1
        elif self._ignored_depth:
            return
        elif tag == "table":
            if self._table_depth == 1 and self._writer is not None:
                self.entries.append(self._writer.finish())
                self._writer = None
            self._table_depth -= 1
        elif self._writer is None or self._table_depth > 1:
            return
        elif tag == "p" and self._cell is not None:
            self._in_text -= 1
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(tag, self._cell)
        elif tag == "table-row":
            if self._cells:
                for number in range(self._row, min(self._row + self._row_repeats, MAX_ROWS + 2)):
                    self._writer.add_row(number, self._hidden, self._cells)
            self._row += self._row_repeats

    def _end_cell(self, tag: str, attributes: Attributes) -> None:
        count = _repeat_count(attributes, "number-columns-repeated")
        cell = cell_from_display(_stored_cell(attributes, "".join(self._parts)))
        if self._writer is None:
            return
        if cell is not None:
            for column in range(self._column, self._column + count):
                self._writer.put_cell(self._cells, self._row, column, cell)
        if tag == "table-cell":
            row_span, column_span = (
                _repeat_count(attributes, "number-rows-spanned"),
                _repeat_count(attributes, "number-columns-spanned"),
            )
            self._writer.add_merged_range(
                self._row, self._column, self._row + row_span - 1, min(self._column + column_span, MAX_COLUMN) - 1
            )
        self._column += count
        self._cell, self._in_text = None, 0


def _stored_cell(attributes: Attributes, displayed: str) -> StoredCell:
    kind = attributes.get("office:value-type", "")
    if attributes.get("calcext:value-type") == "error":
        kind = "error"
    attribute_name = {
        "date": "date-value",
        "time": "time-value",
        "boolean": "boolean-value",
        "string": "string-value",
    }.get(kind, "value")
    return StoredCell(
        kind, attributes.get(f"office:{attribute_name}"), displayed.strip(), attributes.get("table:formula")
    )
