"""Workbooks are zip archives: a part is found whatever the case of its name, and unpacked piece by piece within limits."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from graph_service.errors import FileUnreadable

MAX_UNPACKED_BYTES = 4 * 1024**3
"""All parts together. A register's largest honest sheet (a million rows, 30 columns) unpacks to less than 3 GB."""
MAX_COMPRESSION_RATIO = 500
"""A part's unpacked size to its packed one. Sheets of repeated words reach about 50."""
SMALL_PART_BYTES = 10 * 1024**2
"""Parts up to this size may have any ratio."""
MAX_PARTS = 20_000
CHUNK_BYTES = 1 << 18
DAMAGE_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError)


class Archive:
    """An open workbook archive. Raises `FileUnreadable` where it is damaged, encrypted, or far larger unpacked than packed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._translate_errors():
            self._zip = zipfile.ZipFile(path)
        try:
            self._parts = self._inspect()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def _inspect(self) -> dict[str, zipfile.ZipInfo]:
        parts = self._zip.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise self.unreadable_error(
                "工作簿已加密;请去掉密码后重新保存", "the workbook is encrypted: remove the password and save it again"
            )
        total = sum(part.file_size for part in parts)
        swollen = [
            p
            for p in parts
            if p.file_size > SMALL_PART_BYTES and p.file_size > MAX_COMPRESSION_RATIO * max(p.compress_size, 1)
        ]
        if total > MAX_UNPACKED_BYTES or swollen:
            raise self.unreadable_error(
                f"解压后有 {total:,} 字节,远大于正常登记表;请拆分或重新导出",
                f"it unpacks to {total:,} bytes, far more than a register: split it or export it again",
            )
        names = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in parts}
        if len(names) != len(parts) or len(parts) > MAX_PARTS:
            raise self.damaged_error("部件重名或过多", "parts with the same name, or too many of them")
        return names

    def has_part(self, name: str) -> bool:
        """Return whether there is such a part."""
        return name.lower() in self._parts

    def part_size(self, name: str) -> int:
        """Return the unpacked size of a part, 0 where there is none."""
        part = self._parts.get(name.lower())
        return part.file_size if part else 0

    def read_chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a part."""
        part = self._parts.get(name.lower())
        if part is None:
            raise self.damaged_error(f"缺少部件 {name}", f"the part {name} is missing")
        with self._translate_errors(), self._zip.open(part) as content:
            while piece := content.read(CHUNK_BYTES):
                yield piece

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except DAMAGE_ERRORS as error:
            raise self.damaged_error(str(error), str(error)) from error

    def unreadable_error(self, zh: str, en: str) -> FileUnreadable:
        """Return the refusal of this file."""
        return FileUnreadable(file=self.path.name, reason_zh=zh, reason_en=en)

    def damaged_error(self, zh: str, en: str) -> FileUnreadable:
        """Return the refusal of a workbook that is not whole."""
        return self.unreadable_error(
            f"不是完整的工作簿({zh});请重新导出", f"it is not a whole workbook ({en}): export it again"
        )
