"""Workbooks are zip archives: what must not be opened is found before anything is unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from graph_service.errors import FileUnreadable

LARGEST_UNPACKED = 4 * 1024**3
"""All parts together. A register's largest honest sheet (a million rows, 30 columns) unpacks to less than 3 GB."""
LARGEST_RATIO = 500
"""A part's unpacked size to its packed one. Sheets of repeated words reach about 50."""
SMALL = 10 * 1024**2
"""Parts up to this size may have any ratio."""
MEASURED = 64 * 1024**2
"""Sheets up to this size, unpacked, are looked through for cells far apart; larger ones have cells enough to be meant."""
LARGEST_RECTANGLE = 40_000_000
"""Cells from the first to the farthest: a register of a million rows and 40 columns."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")
_ROW = re.compile(rb'<row [^>]*?\br="(\d{1,9})"')
_COLUMN = re.compile(rb'<c [^>]*?\br="([A-Z]{1,4})\d')
_ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def inspect(path: Path) -> None:
    """Raise `FileUnreadable` for an archive that is damaged, encrypted, far larger unpacked than packed, or has entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise _refused(
                    path,
                    "工作簿已加密;请去掉密码后重新保存",
                    "the workbook is encrypted: remove the password and save it again",
                )
            total = sum(part.file_size for part in parts)
            swollen = [
                p for p in parts if p.file_size > SMALL and p.file_size > LARGEST_RATIO * max(p.compress_size, 1)
            ]
            if total > LARGEST_UNPACKED or swollen:
                raise _refused(
                    path,
                    f"解压后有 {total:,} 字节,远大于正常登记表;请拆分或重新导出",
                    f"it unpacks to {total:,} bytes, far more than a register: split it or export it again",
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as content:
                        if _ENTITIES.search(content.read(4096)):
                            raise _refused(
                                path, "含有 XML 实体声明;请重新导出", "it declares XML entities: export it again"
                            )
                if _SHEET.match(part.filename) and part.file_size <= MEASURED:
                    _measure(path, archive.read(part))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise _refused(
            path, f"不是完整的工作簿({error});请重新导出", f"it is not a whole workbook ({error}): export it again"
        ) from error


def _measure(path: Path, sheet: bytes) -> None:
    """A sheet is read as one rectangle: two cells far apart must not make it larger than memory."""
    rows = max((int(n) for n in _ROW.findall(sheet)), default=0)
    columns = max((_number(letters) for letters in set(_COLUMN.findall(sheet))), default=0)
    if rows * columns > LARGEST_RECTANGLE:
        raise _refused(
            path,
            f"有一张表占用 {rows:,} 行 × {columns:,} 列;请删除远处的空单元格",
            f"one of its sheets spans {rows:,} rows and {columns:,} columns: delete the far cells",
        )


def _number(letters: bytes) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refused(path: Path, zh: str, en: str) -> FileUnreadable:
    return FileUnreadable(file=path.name, reason_zh=zh, reason_en=en)
