"""Shared strings of a workbook: in memory up to a limit, the rest on disk."""

from __future__ import annotations

import os
import re
import tempfile
from array import array
from types import TracebackType

from graph_service.platform.readers.archives import Archive
from graph_service.platform.readers.limits import MAX_CELL_LENGTH, MAX_SPOOL_BYTES
from graph_service.platform.readers.workbook import is_struck
from graph_service.platform.readers.xml_stream import Attributes, parse_part

MAX_BYTES_IN_MEMORY = 24_000_000
"""Approximate limit of the strings in memory, in bytes."""
_FLUSH_BYTES = 1 << 20
_STRING_OVERHEAD_BYTES = 80
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Return a text of a workbook with escapes of characters that XML cannot hold (`_x000D_`) decoded; surrogates stay escaped."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda m: m[0] if 0xD800 <= int(m[1], 16) < 0xE000 else chr(int(m[1], 16)), text)


class SharedStrings:
    """Shared strings, by number from 0."""

    def __init__(self) -> None:
        self._in_memory: list[str] = []
        self._bytes_in_memory = 0
        self._ends = array("Q", [0])
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._buffer = bytearray()
        self.struck: set[int] = set()
        """Numbers of the strings with a crossed-out part."""

    def __enter__(self) -> SharedStrings:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, text: str) -> None:
        """Add the next string."""
        if self._bytes_in_memory < MAX_BYTES_IN_MEMORY and len(self._ends) == 1:
            self._in_memory.append(text)
            self._bytes_in_memory += 2 * len(text) + _STRING_OVERHEAD_BYTES
            return
        content = text.encode("utf-8", "replace")
        self._buffer += content
        self._ends.append(self._ends[-1] + len(content))
        if len(self._buffer) > _FLUSH_BYTES:
            self.flush()

    @property
    def size_on_disk(self) -> int:
        """Return the size of the strings on disk in bytes."""
        return self._ends[-1]

    @property
    def count(self) -> int:
        """Return the number of strings."""
        return len(self._in_memory) + len(self._ends) - 1

    def flush(self) -> None:
        """Write the buffer to disk."""
        self._file.write(self._buffer)
        self._file.flush()
        self._buffer = bytearray()

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        if number < len(self._in_memory):
            return self._in_memory[number]
        index = number - len(self._in_memory)
        start, end = self._ends[index], self._ends[index + 1]
        return os.pread(self._file.fileno(), end - start, start).decode("utf-8")


def read_shared_strings(archive: Archive, part: str, strings: SharedStrings) -> None:
    """Read the part of shared strings: runs of rich text are joined, phonetic guides and surrounding white space dropped."""
    parts: list[str] = []
    is_collecting, phonetic_depth, size = False, 0, 0

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal is_collecting, phonetic_depth, size
        if tag == "strike" and is_struck(attributes):
            strings.struck.add(strings.count)
        elif tag == "t":
            is_collecting = not phonetic_depth
        elif tag == "si":
            parts.clear()
            size = 0
        elif tag == "rPh":
            phonetic_depth += 1

    def end(tag: str) -> None:
        nonlocal is_collecting, phonetic_depth
        if tag == "t":
            is_collecting = False
        elif tag == "si":
            strings.add(unescape("".join(parts)).strip())
            if strings.size_on_disk > MAX_SPOOL_BYTES:
                raise archive.unreadable_error(
                    "文字远多于正常登记表；请拆分后重新保存",
                    "the file has more text than a normal register; split it and save it again",
                )
        elif tag == "rPh":
            phonetic_depth -= 1

    def text(data: str) -> None:
        nonlocal size
        if is_collecting:
            parts.append(data)
            size += len(data)
            if size > MAX_CELL_LENGTH:
                raise archive.unreadable_error(
                    f"有一个单元格超过 {MAX_CELL_LENGTH:,} 个字符；请缩短",
                    f"a cell has more than {MAX_CELL_LENGTH:,} characters; shorten it",
                )

    parse_part(archive, part, start, end, text)
    strings.flush()
