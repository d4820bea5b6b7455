"""Output files of commands: written completely or not at all, over an existing file only on request, for the account alone that runs the command."""

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

from graph_service.access.masking import mask_message
from graph_service.errors import FileUnreadable, OutputExists, OutputRefused
from graph_service.telemetry.redaction import redact_text

Command = TypeVar("Command", bound=Callable[..., object])
OS_ERROR_REASONS = {
    errno.ENOSPC: ("磁盘空间不足", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is exceeded"),
    errno.EACCES: ("没有写入权限", "permission denied"),
    errno.EPERM: ("没有写入权限", "permission denied"),
    errno.EROFS: ("磁盘是只读的", "the disk is read-only"),
    errno.ENOENT: ("文件夹不存在", "the folder does not exist"),
    errno.ENOTDIR: ("路径中有一级不是文件夹", "part of the path is not a folder"),
    errno.EISDIR: ("这是一个文件夹", "it is a folder"),
    errno.ENAMETOOLONG: ("文件名过长", "the file name is too long"),
    errno.EIO: ("磁盘读写出错", "disk input/output error"),
}
"""Error number of the system → reason for users, in both languages."""
FAILURE_LOG = "failures.log"
"""Log of the failures of commands, with everything that users should not see."""
PRIVATE_MODE = 0o600
"""Rights of a file that nobody but its owner can read."""
OUTPUT_DESCRIPTION = "标准输出或临时文件 / standard output or a temporary file"

force_option = click.option("--force", is_flag=True, help="覆盖已有文件。 / Overwrite existing files.")


@contextmanager
def atomic_write(path: Path, *, force: bool = False) -> Iterator[IO[bytes]]:
    """Yield a file that gets its name only when it is complete and on disk; where nothing is written to it, an existing file stays.

    It may hold records of people, so nobody but its owner can read it at any moment, also where it replaces a file that others could
    read. Raise `OutputExists` before anything is done where the file exists and `force` was not given; raise `OutputRefused`.
    """
    require_absent(path, force=force)
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE), "wb") as file:
            yield file
            has_content = file.tell() > 0
            file.flush()
            os.fsync(file.fileno())
        if has_content:
            # Another process may have created the file meanwhile.
            require_absent(path, force=force)
            part.replace(path)
    except (OSError, FileCreateError) as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def require_absent(*files: Path, force: bool) -> None:
    """Raise `OutputExists` where a file exists already and may not be overwritten."""
    for file in files:
        with suppress(OSError):
            if not force and (file.exists() or file.is_symlink()):
                raise OutputExists(file=printable(file))


def require_file(path: Path) -> Path:
    """Return a path that is a regular file, to be read without waiting. Raise `FileUnreadable` for any other."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise FileUnreadable(
            file=printable(path),
            reason_zh="文件不存在、无权读取，或链接指向的文件不存在",
            reason_en="it does not exist, cannot be read, or is a link to a missing file",
        ) from error
    if not stat.S_ISREG(mode):
        raise FileUnreadable(
            file=printable(path),
            reason_zh="不是普通文件（而是文件夹、管道或设备）；请指定文件",
            reason_en="it is a folder, pipe or device; give a regular file",
        )
    return path


def output_error(output: object, error: Exception) -> OutputRefused:
    """Return `OutputRefused` for an error of the system."""
    causes = (error, *error.args, error.__cause__, error.__context__)
    cause = next((candidate for candidate in causes if isinstance(candidate, OSError)), None)
    reason = (cause.strerror if cause is not None else None) or type(error).__name__
    reason_zh, reason_en = OS_ERROR_REASONS.get((cause.errno if cause is not None else None) or 0, (reason, reason))
    return OutputRefused(file=printable(output), reason_zh=reason_zh, reason_en=reason_en)


def record_failure(folder: Path) -> Path:
    """Write the traceback of the current exception, redacted, to a log that only its owner can read, and return its path.

    The log is in the data folder or, where nothing can be written there, a temporary file.
    """
    text = f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{redact_text(traceback.format_exc())}\n"
    path = folder.absolute() / FAILURE_LOG
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_MODE)
    except OSError:
        descriptor, name = tempfile.mkstemp(prefix="graph-service-", suffix=f"-{FAILURE_LOG}")
        path = Path(name)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def path_text(path: Path) -> str:
    """Return a path as commands print it, with the numbers of people in it masked."""
    return mask_message(str(path))


def printable(name: object) -> str:
    """Return a name as a terminal can show it, whatever bytes a file system has for it."""
    text = str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)
