"""A delivery: the tables of some files and folders, read lazily, and what they hash to."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from graph_service.errors import FileUnreadable
from graph_service.readers.archives import inspect
from graph_service.readers.cells import Cell, SourceRow

WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".ods"}
TEXTS = {".csv", ".tsv", ".txt"}
LARGEST_CELL = 1_000_000
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one text file. `rows` may be called again."""

    file: str
    name: str
    path: Path
    sheet: str = ""
    encoding: str = ""

    @property
    def place(self) -> str:
        """What a row's source begins with: the file, and the sheet of a workbook. Short, for it stands in every node."""
        return f"{self.file}!{self.name}" if self.sheet else self.file

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows that are not wholly blank; the numbers stay right."""
        source = self._text_rows() if self.encoding else self._sheet_rows()
        for number, cells in enumerate(source, 1):
            if any(cell is not None for cell in cells):
                yield SourceRow(number, cells)

    def _sheet_rows(self) -> Iterator[list[Cell]]:
        try:
            sheet = CalamineWorkbook.from_path(self.path).get_sheet_by_name(self.sheet)
            start = sheet.start
            if sheet.width > MOST_COLUMNS:
                raise _unreadable(
                    self.file,
                    f"表“{self.name}”有 {sheet.width:,} 列;请删除右侧的空列",
                    f"the sheet {self.name} has {sheet.width:,} columns: delete the empty ones on the right",
                )
            # Rows come from the first one on; columns only from where the used range begins.
            left: list[Cell] = [None] * (start[1] if start else 0)
            for row in sheet.iter_rows():
                yield left + [_cell(value) for value in row]
        except CalamineError as error:
            raise _unreadable(
                self.file, f"工作簿已损坏({error}),请重新导出", f"the workbook is damaged ({error}); export it again"
            ) from error

    def _text_rows(self) -> Iterator[list[Cell]]:
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                sample = file.read(8192)
                file.seek(0)
                for row in csv.reader(file, delimiter=_delimiter(sample)):
                    yield [value.strip().lstrip("﻿").strip() or None for value in row]
        except csv.Error as error:
            raise _unreadable(self.file, f"CSV 格式有误({error})", f"the CSV is not right ({error})") from error
        except UnicodeError as error:
            raise _unreadable(
                self.file, f"文件被截断({self.encoding})", f"the file is cut short ({self.encoding})"
            ) from error


@dataclass(frozen=True, slots=True)
class Delivery:
    """Tables in a stable order; `content` is the SHA-256 over names and bytes, whatever the paths."""

    tables: tuple[Table, ...]
    content: str
    files: tuple[str, ...]


def open_delivery(paths: Sequence[Path]) -> Delivery:
    """Open files and folders. Raises `FileUnreadable`, saying what was found and how to mend it."""
    csv.field_size_limit(LARGEST_CELL)
    files = sorted((f for p in paths for f in _files(p)), key=lambda f: (f.name, str(f)))
    if not files:
        raise _unreadable(
            ", ".join(map(str, paths)),
            "没有可导入的 .xlsx/.xls/.csv 文件",
            "there is no .xlsx, .xls or .csv file in it",
        )
    digest = hashlib.sha256()
    tables: list[Table] = []
    for path in files:
        with path.open("rb") as file:
            digest.update(f"{path.name}\0".encode() + hashlib.file_digest(file, "sha256").digest())
        tables.extend(_tables(path))
    return Delivery(tuple(tables), digest.hexdigest(), tuple(f.name for f in files))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [
            f
            for f in sorted(path.iterdir())
            if f.suffix.lower() in WORKBOOKS | TEXTS and not f.name.startswith((".", "~$"))
        ]
    if not path.is_file():
        raise _unreadable(str(path), "文件不存在", "there is no such file")
    return [path]


def _tables(path: Path) -> Iterator[Table]:
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise _unreadable(path.name, "文件是空的", "the file is empty")
    suffix = path.suffix.lower()
    if suffix in TEXTS:
        if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise _unreadable(
                path.name,
                "这是工作簿,不是文本;请把扩展名改为 .xlsx 或 .xls",
                "this is a workbook, not text: rename it to .xlsx or .xls",
            )
        yield Table(path.name, path.stem, path, encoding=_encoding(path))
        return
    if suffix in (".xlsx", ".xlsm") and head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(
            path.name,
            "工作簿已加密或是旧的 .xls 格式;请去掉密码或另存为 .xlsx",
            "the workbook is encrypted, or an old .xls: remove the password or save it as .xlsx",
        )
    if suffix in (".xlsx", ".xlsm", ".ods"):
        inspect(path)
    try:
        names = CalamineWorkbook.from_path(path).sheet_names
    except CalamineError as error:
        raise _unreadable(
            path.name, f"不是可读的工作簿({error})", f"it is not a workbook that can be read ({error})"
        ) from error
    for name in names:
        yield Table(path.name, name.strip(), path, sheet=name)


def _encoding(path: Path) -> str:
    """UTF-16 and UTF-8 by their marks, else UTF-8 where the whole file is, else GB18030 (which GBK is a part of)."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 16):
                    pass
        except UnicodeDecodeError as error:
            where = error.start
            continue
        return encoding
    raise _unreadable(
        path.name,
        f"既不是 UTF-8 也不是 GB18030(第 {where} 字节附近)",
        f"it is neither UTF-8 nor GB18030 (near byte {where})",
    )


def _delimiter(sample: str) -> str:
    """The delimiter that the first lines use most; a title line without any does not count."""
    lines = sample.splitlines()[:10]
    return max(",\t;|", key=lambda mark: (sum(line.count(mark) for line in lines), -",\t;|".index(mark)))


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, time):
        return value.isoformat()
    return value if isinstance(value, (int, float, bool, date)) else None


def _unreadable(file: str, zh: str, en: str) -> FileUnreadable:
    return FileUnreadable(file=file, reason_zh=zh, reason_en=en)
