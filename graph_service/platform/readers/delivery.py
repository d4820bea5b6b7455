"""A delivery: the tables of files and folders, read lazily, with a hash of their content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from graph_service.domain.personal_numbers import mask_numbers
from graph_service.errors import FileUnreadable
from graph_service.platform.readers.cells import SourceRow
from graph_service.platform.readers.display_names import display_name, display_text
from graph_service.platform.readers.encodings import detect_encoding
from graph_service.platform.readers.manifest import ManifestEntry
from graph_service.platform.readers.process import read_workbooks
from graph_service.platform.readers.spool import Spool
from graph_service.platform.readers.text_records import TextDialect
from graph_service.platform.readers.text_tables import detect_dialect, read_text_rows
from graph_service.platform.readers.unread_parts import (
    TEXT_SUFFIXES,
    WORKBOOK_SUFFIXES,
    UnreadPart,
    is_regular_file,
    limit_unread_parts,
    list_folder,
)

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A sheet, or a text file. `rows` may be called again. `hidden_columns`: their letters; they are read as well.
    `notes`: the texts of text boxes, comments and printed headers of a sheet."""

    file: str
    name: str
    path: Path
    sheet: str = ""
    encoding: str = ""
    hidden_columns: tuple[str, ...] = ()
    hidden_rows: int = 0
    notes: tuple[str, ...] = ()
    dialect: TextDialect | None = field(default=None, repr=False)
    spool: Spool | None = field(default=None, repr=False, compare=False)
    span: tuple[int, int] = field(default=(0, 0), repr=False)
    """Position of the rows in the spool: first byte, number of bytes."""

    @property
    def source_prefix(self) -> str:
        """Return the beginning of a row's source: the file, and the sheet of a workbook. It is short because every node stores it."""
        return f"{self.file}!{self.name}" if self.sheet else self.file

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows that are not blank, with their numbers in the file."""
        if self.spool is not None:
            return self.spool.rows(*self.span)
        return read_text_rows(self.path, self.encoding, self.dialect or detect_dialect(self.path, self.encoding))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Tables in a stable order. `content_hash`: SHA-256 over names and bytes, not over folders. `unread_parts`: parts not read."""

    tables: tuple[SourceTable, ...]
    content_hash: str
    files: tuple[str, ...]
    unread_parts: tuple[UnreadPart, ...] = ()


def open_delivery(paths: Sequence[Path]) -> Delivery:
    """Open files and folders. Raises `FileUnreadable` with the fault and its remedy."""
    files: list[Path] = []
    unread_parts: list[UnreadPart] = []
    for path in paths:
        path_files, path_unread_parts = _files_to_read(path)
        files += path_files
        unread_parts += path_unread_parts
    files.sort(key=lambda f: (f.name, str(f)))
    if not files:
        raise _unreadable_error(
            ", ".join(display_text(str(path)) for path in paths),
            "没有可导入的 .xlsx/.xls/.csv 文件",
            "it contains no .xlsx, .xls or .csv file to import",
        )
    digest = hashlib.sha256()
    for path in files:
        with _open_file(path) as file:
            digest.update(os.fsencode(path.name) + b"\0" + hashlib.file_digest(file, "sha256").digest())
        _check_kind(path)
    tables: list[SourceTable] = []
    workbooks = [path for path in files if path.suffix.lower() in WORKBOOK_SUFFIXES]
    spool = _create_spool(workbooks[0]) if workbooks else None
    entries_by_path = dict(zip(workbooks, read_workbooks(workbooks, spool), strict=True)) if spool else {}
    for path in files:
        for entry in entries_by_path.get(path, [None]):
            if entry is None:
                tables.append(_text_table(path))
            elif entry["kind"] == "table":
                tables.append(_sheet_table(path, entry, spool))
            else:
                unread_parts.append(UnreadPart(display_name(path), display_text(entry["sheet"]), entry["code"]))
    if not tables:
        raise _unreadable_error(
            "、".join(display_name(path) for path in files[:10]),
            "工作表都是隐藏的、空的或图表，没有可读取的；请取消隐藏登记表所在的工作表",
            "all sheets are hidden, empty or charts, so none could be read; unhide the sheets of the register",
        )
    return Delivery(
        tuple(tables), digest.hexdigest(), tuple(map(display_name, files)), limit_unread_parts(unread_parts)
    )


def _open_file(path: Path) -> BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable_error(
            display_name(path),
            f"无法打开（{error.strerror}）；请检查权限",
            f"the file cannot be opened ({error.strerror}); check its permissions",
        ) from error


def _create_spool(path: Path) -> Spool:
    try:
        return Spool()
    except OSError as error:
        raise _unreadable_error(
            display_name(path),
            f"无法建立临时文件（{error.strerror}）；请检查临时目录的空间和权限",
            f"a temporary file cannot be created ({error.strerror}); check the space and permissions of the temporary folder",
        ) from error


def _files_to_read(path: Path) -> tuple[list[Path], list[UnreadPart]]:
    """Return the files to read of a path, and the unread parts of a folder."""
    try:
        if path.is_dir():
            return list_folder(path)
        if is_regular_file(path):
            return [path], []
        exists = os.path.lexists(path)
    except (OSError, ValueError) as error:
        raise _unreadable_error(
            display_text(str(path)),
            f"无法打开{f'（{error.strerror}）' if isinstance(error, OSError) else ''}；请检查路径和权限",
            f"the file cannot be opened ({error}); check its path and permissions",
        ) from error
    if exists:
        raise _unreadable_error(
            display_text(str(path)),
            "不是普通文件（管道、设备或失效的链接）；请给出文件本身",
            "not a regular file (a pipe, a device or a broken link); specify the file itself",
        )
    raise _unreadable_error(display_text(str(path)), "文件不存在", "the file does not exist")


def _check_kind(path: Path) -> None:
    """Raise `FileUnreadable` where the content of a file does not match its suffix."""
    with _open_file(path) as file:
        head = file.read(8)
    suffix, name = path.suffix.lower(), display_name(path)
    if not head:
        raise _unreadable_error(name, "文件是空的", "the file is empty")
    if suffix not in WORKBOOK_SUFFIXES | TEXT_SUFFIXES:
        raise _unreadable_error(
            name,
            "不支持此类文件；请另存为 .xlsx 或 CSV",
            "this type of file is not supported; save it as .xlsx or CSV",
        )
    if suffix in TEXT_SUFFIXES and head.startswith((_ZIP, _OLE)):
        raise _unreadable_error(
            name,
            "这是工作簿，不是文本；请把扩展名改为 .xlsx 或 .xls",
            "the file is a workbook, not text; change its extension to .xlsx or .xls",
        )
    if suffix in (".xlsx", ".xlsm", ".ods") and head.startswith(_OLE):
        raise _unreadable_error(
            name,
            "工作簿已加密或是旧的 .xls 格式；请去掉密码或另存为 .xlsx",
            "the workbook is encrypted or in the old .xls format; remove the password or save it as .xlsx",
        )
    if suffix == ".xls" and head.startswith(_ZIP):
        raise _unreadable_error(
            name,
            "这是新格式的工作簿；请把扩展名改为 .xlsx",
            "the workbook is in the new format; change its extension to .xlsx",
        )
    if suffix == ".xls" and not head.startswith((_OLE, b"\x09")):
        raise _unreadable_error(
            name,
            "不是工作簿，而是网页或文本；请用 Excel 打开后另存为 .xlsx",
            "the file is a web page or text, not a workbook; open it in Excel and save it as .xlsx",
        )


def _text_table(path: Path) -> SourceTable:
    encoding = detect_encoding(path)
    return SourceTable(
        display_name(path), display_text(path.stem), path, encoding=encoding, dialect=detect_dialect(path, encoding)
    )


def _sheet_table(path: Path, entry: ManifestEntry, spool: Spool | None) -> SourceTable:
    return SourceTable(
        display_name(path),
        mask_numbers(entry["sheet"].strip()),
        path,
        sheet=entry["sheet"],
        hidden_columns=tuple(entry["hidden_columns"]),
        hidden_rows=entry["hidden_rows"],
        notes=tuple(entry["beside"]),
        spool=spool,
        span=(entry["offset"], entry["length"]),
    )


def _unreadable_error(file: str, zh: str, en: str) -> FileUnreadable:
    return FileUnreadable(file=file, reason_zh=zh, reason_en=en)
