"""Files that commands write: whole or not at all, and never over another one unless that is asked for."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar

import click
from xlsxwriter.exceptions import FileCreateError

from graph_service.errors import FileUnreadable, OutputExists, OutputRefused

Command = TypeVar("Command", bound=Callable[..., object])
OS_ERROR_REASONS = {
    errno.ENOSPC: ("磁盘空间不足", "no space is left on the disk"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EACCES: ("没有写入权限", "writing there is not permitted"),
    errno.EPERM: ("没有写入权限", "writing there is not permitted"),
    errno.EROFS: ("磁盘是只读的", "the disk is read-only"),
    errno.ENOENT: ("文件夹不存在", "there is no such folder"),
    errno.ENOTDIR: ("路径中有一段不是文件夹", "a part of its path is no folder"),
    errno.EISDIR: ("这是一个文件夹", "it is a folder"),
    errno.ENAMETOOLONG: ("文件名过长", "its name is too long"),
    errno.EIO: ("磁盘读写出错", "the disk failed"),
}
"""What the system says, for users."""
FAILURE_LOG = "failures.log"
"""What commands failed at, with everything that users should not see."""
OUTPUT_DESCRIPTION = "标准输出或临时文件 / standard output or a temporary file"

force_option = click.option("--force", is_flag=True, help="Overwrite files that are there.")


@contextmanager
def atomic_write(path: Path, *, force: bool = False) -> Iterator[IO[bytes]]:
    """Give a file that stands under its name only when it is whole; where nothing is written to it, what stood there stays.

    Raises `OutputExists` before anything is done where a file stands there and `force` was not given, `OutputRefused`.
    """
    require_absent(path, force=force)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            written = file.tell() > 0
        if written:
            # It may have come meanwhile.
            require_absent(path, force=force)
            part.replace(path)
    except (OSError, FileCreateError) as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def require_absent(*files: Path, force: bool) -> None:
    """Raises `OutputExists` where a file stands already and may not be overwritten."""
    for file in files:
        with suppress(OSError):
            if not force and (file.exists() or file.is_symlink()):
                raise OutputExists(file=printable(file))


def require_file(path: Path) -> Path:
    """Return a path that is a file, to be read without waiting. Raises `FileUnreadable` for what is none."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise FileUnreadable(
            file=printable(path),
            reason_zh="文件不存在、无权读取,或链接指向的文件已不在",
            reason_en="it is not there, may not be read, or is a link to what is not there",
        ) from error
    if not stat.S_ISREG(mode):
        raise FileUnreadable(
            file=printable(path),
            reason_zh="这不是普通文件(是文件夹、管道或设备);请给出文件本身",
            reason_en="it is no ordinary file but a folder, a pipe or a device: name the file itself",
        )
    return path


def output_error(output: object, error: Exception) -> OutputRefused:
    """Return our error for one of the system's."""
    causes = (error, *error.args, error.__cause__, error.__context__)
    cause = next((one for one in causes if isinstance(one, OSError)), None)
    said = (cause.strerror if cause is not None else None) or type(error).__name__
    reason_zh, reason_en = OS_ERROR_REASONS.get((cause.errno if cause is not None else None) or 0, (said, said))
    return OutputRefused(file=printable(output), reason_zh=reason_zh, reason_en=reason_en)


def record_failure(folder: Path) -> Path:
    """Write the traceback of the exception at hand to a log that only its owner can read, and return its path.

    It stands in the folder of the data; where nothing can be written there, in a temporary file.
    """
    text = f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{traceback.format_exc()}\n"
    path = folder.absolute() / FAILURE_LOG
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        descriptor, name = tempfile.mkstemp(prefix="graph-service-", suffix=f"-{FAILURE_LOG}")
        path = Path(name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def printable(name: object) -> str:
    """Return a name as a terminal can show it, whatever bytes a file system has for it."""
    text = str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in text)
