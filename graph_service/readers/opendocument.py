"""An OpenDocument spreadsheet (.ods) into the spool. It keeps beside each value the text that is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph_service.readers.archives import Archive
from graph_service.readers.cells import Cell
from graph_service.readers.limits import LARGEST_CELL, MOST_ROWS
from graph_service.readers.manifest import Entry, left_out
from graph_service.readers.markup import Attributes, attribute, parse
from graph_service.readers.sheets import SheetWriter
from graph_service.readers.shown import StoredCell, shown_cell
from graph_service.readers.spool import SpoolWriter

LONGEST_COUNT = 10
"""Digits of a count of repeats."""
FURTHEST = 16_384
"""Columns of a spreadsheet; files repeat their blank cells up to there."""
_ASIDE = {"annotation", "ruby-text", "shapes", "tracked-changes", "frame", "forms"}
"""Elements whose text is not the cell's."""


def read_opendocument(path: Path, spool: SpoolWriter) -> Iterator[Entry]:
    """Yield what the manifest says of each sheet, in order. Raises `FileUnreadable`."""
    with Archive(path) as archive:
        if archive.has("META-INF/manifest.xml"):
            _refuse_encrypted(archive)
        reader = _Content(archive, spool)
        parse(archive, "content.xml", reader.start, reader.end, reader.text)
        yield from reader.entries


def _refuse_encrypted(archive: Archive) -> None:
    def start(tag: str, _attributes: Attributes) -> None:
        if tag == "encryption-data":
            raise archive.refused(
                "工作簿已加密;请去掉密码后重新保存", "the workbook is encrypted: remove the password and save it again"
            )

    parse(archive, "META-INF/manifest.xml", start)


def _count(attributes: Attributes, name: str, space: str = "table") -> int:
    """Return how often something is repeated, or over how many it spans."""
    text = attributes.get(f"{space}:{name}", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT and int(text) >= 1):
        raise ValueError(name)
    return int(text)


class _Content:
    """Handlers of the content: one table after the other."""

    def __init__(self, archive: Archive, spool: SpoolWriter) -> None:
        self._archive, self._spool = archive, spool
        self.entries: list[Entry] = []
        self._style, self._hidden_styles = "", set[str]()
        self._tables = self._aside = 0
        self._rows: SheetWriter | None = None
        self._row, self._repeated, self._hidden = 0, 1, False
        self._cells: list[Cell] = []
        self._column, self._at = 0, 0
        self._cell: Attributes | None = None
        self._parts: list[str] = []
        self._size = 0
        self._in_text = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""
        if tag in _ASIDE:
            self._aside += 1
        if self._aside:
            return
        if tag == "style":
            self._style = attribute(attributes, "name")
        elif tag == "table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._begin(attributes)
        elif self._rows is None or self._tables > 1:
            return
        elif tag == "table-column":
            count = _count(attributes, "number-columns-repeated")
            if attributes.get("table:visibility", "visible") != "visible":
                self._rows.hidden_columns.append((self._at, min(self._at + count, FURTHEST) - 1))
            self._at += count
        elif tag == "table-row":
            self._repeated = _count(attributes, "number-rows-repeated")
            self._hidden = attributes.get("table:visibility", "visible") != "visible"
            self._cells, self._column = [], 0
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell, self._parts, self._size = attributes, [], 0
        elif self._cell is not None:
            self._inner(tag, attributes)

    def _begin(self, attributes: Attributes) -> None:
        name = attribute(attributes, "name")
        if attributes.get("table:style-name") in self._hidden_styles:
            self.entries.append(left_out(name, "SHEET_HIDDEN"))
        else:
            self._rows = SheetWriter(name, self._spool, self._archive.refused)
        self._row, self._at = 1, 0

    def _inner(self, tag: str, attributes: Attributes) -> None:
        if tag == "p":
            if self._parts:
                self._parts.append("\n")
            self._in_text += 1
        elif tag == "s":
            self._parts.append(" " * min(_count(attributes, "c", "text"), 1_000))
        elif tag == "tab":
            self._parts.append("\t")
        elif tag == "line-break":
            self._parts.append("\n")

    def text(self, data: str) -> None:
        """Take characters."""
        if self._in_text and not self._aside:
            self._parts.append(data)
            self._size += len(data)
            if self._size > LARGEST_CELL:
                raise self._archive.refused(
                    f"有一个单元格超过 {LARGEST_CELL:,} 个字符;请缩短",
                    f"a cell has more than {LARGEST_CELL:,} characters: shorten it",
                )

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in _ASIDE:
            self._aside -= 1
        elif self._aside:
            return
        elif tag == "table":
            if self._tables == 1 and self._rows is not None:
                self.entries.append(self._rows.finish())
                self._rows = None
            self._tables -= 1
        elif self._rows is None or self._tables > 1:
            return
        elif tag == "p" and self._cell is not None:
            self._in_text -= 1
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(tag, self._cell)
        elif tag == "table-row":
            if self._cells:
                for number in range(self._row, min(self._row + self._repeated, MOST_ROWS + 2)):
                    self._rows.add(number, self._hidden, self._cells)
            self._row += self._repeated

    def _end_cell(self, tag: str, attributes: Attributes) -> None:
        count = _count(attributes, "number-columns-repeated")
        cell = shown_cell(_stored(attributes, "".join(self._parts)))
        if self._rows is None:
            return
        if cell is not None:
            for column in range(self._column, self._column + count):
                self._rows.put(self._cells, self._row, column, cell)
        if tag == "table-cell":
            down, right = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
            self._rows.merge(self._row, self._column, self._row + down - 1, min(self._column + right, FURTHEST) - 1)
        self._column += count
        self._cell, self._in_text = None, 0


def _stored(attributes: Attributes, shown: str) -> StoredCell:
    kind = attributes.get("office:value-type", "")
    if attributes.get("calcext:value-type") == "error":
        kind = "error"
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value", "string": "string-value"}.get(
        kind, "value"
    )
    return StoredCell(kind, attributes.get(f"office:{name}"), shown.strip(), attributes.get("table:formula"))
