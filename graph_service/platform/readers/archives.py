"""Workbooks as zip archives: parts are found by name without regard to case, and unpacked piece by piece within limits."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from graph_service.errors import FileUnreadable

MAX_UNPACKED_BYTES = 4 * 1024**3
"""Limit of all parts together. The largest honest sheet of a register (a million rows, 30 columns) unpacks to less than 3 GB."""
MAX_COMPRESSION_RATIO = 500
"""Limit of a part's unpacked size divided by its packed size. Sheets of repeated words reach about 50."""
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
                "工作簿已加密；请去掉密码后重新保存", "the workbook is encrypted; remove the password and save it again"
            )
        total_size = sum(part.file_size for part in parts)
        swollen_parts = [
            part
            for part in parts
            if part.file_size > SMALL_PART_BYTES and part.file_size > MAX_COMPRESSION_RATIO * max(part.compress_size, 1)
        ]
        if total_size > MAX_UNPACKED_BYTES or swollen_parts:
            raise self.unreadable_error(
                f"解压后有 {total_size:,} 字节，远大于正常登记表；请拆分或重新导出",
                f"the file unpacks to {total_size:,} bytes, far more than a normal register; split it or export it again",
            )
        parts_by_name = {part.filename.replace("\\", "/").lstrip("/").lower(): part for part in parts}
        if len(parts_by_name) != len(parts) or len(parts) > MAX_PARTS:
            raise self.damaged_error("部件重名或过多", "duplicate part names, or too many parts")
        return parts_by_name

    def has_part(self, name: str) -> bool:
        """Tell whether the archive has this part."""
        return name.lower() in self._parts

    def part_size(self, name: str) -> int:
        """Return the unpacked size of a part in bytes, 0 where it is missing."""
        part = self._parts.get(name.lower())
        return part.file_size if part else 0

    def read_chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a part in chunks. Raises `FileUnreadable` where it is missing or damaged."""
        part = self._parts.get(name.lower())
        if part is None:
            raise self.damaged_error(f"缺少部件 {name}", f"the part {name} is missing")
        with self._translate_errors(), self._zip.open(part) as content:
            while chunk := content.read(CHUNK_BYTES):
                yield chunk

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except DAMAGE_ERRORS as error:
            raise self.damaged_error(str(error), str(error)) from error

    def unreadable_error(self, zh: str, en: str) -> FileUnreadable:
        """Return the error that refuses this file."""
        return FileUnreadable(file=self.path.name, reason_zh=zh, reason_en=en)

    def damaged_error(self, zh: str, en: str) -> FileUnreadable:
        """Return the error that refuses an incomplete workbook."""
        return self.unreadable_error(
            f"工作簿不完整（{zh}）；请重新导出", f"the workbook is incomplete ({en}); export it again"
        )
