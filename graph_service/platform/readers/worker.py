"""Process that reads workbooks within limits of memory and time, so that no file can harm the service.

It reads the paths from its standard input, writes rows to the inherited file, and the manifest to its standard output.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.limits import MAX_MEMORY_BYTES, MAX_SHEET_NAME_LENGTH, MAX_SHEETS
from graph_service.platform.readers.manifest import ManifestEntry
from graph_service.platform.readers.spool import RowTooLarge, SpoolFull, SpoolWriter


def main() -> None:
    """Read the workbooks one after another, up to the first that cannot be read."""
    job = json.load(sys.stdin)
    _set_limit(resource.RLIMIT_CPU, job["seconds"])
    _set_limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        # macOS has this limit but does not allow setting it.
        _set_limit(resource.RLIMIT_AS, MAX_MEMORY_BYTES)
    # Output printed by a library must not get into the manifest.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as output, open(os.devnull, "w") as null_file:  # noqa: PTH123
        sys.stdout = null_file
        spool = SpoolWriter(job["spool"])
        for file_index, name in enumerate(job["paths"]):
            _send(output, ManifestEntry(kind="file", file=file_index))
            if not _read_workbook(Path(name), spool, output):
                return
        spool.flush()
        _send(output, ManifestEntry(kind="done"))


def _set_limit(kind: int, value: int) -> None:
    """Set a resource limit, unless a lower one is already set."""
    _, hard_limit = resource.getrlimit(kind)
    value = value if hard_limit == resource.RLIM_INFINITY else min(value, hard_limit)
    resource.setrlimit(kind, (value, value))


def _send(output: TextIO, entry: ManifestEntry) -> None:
    output.write(json.dumps(entry) + "\n")
    output.flush()


def _read_workbook(path: Path, spool: SpoolWriter, output: TextIO) -> bool:
    refusal: tuple[str, str] | None = None
    try:
        if path.suffix.lower() == ".xls":
            from graph_service.platform.readers.xls import read_xls as read
        elif path.suffix.lower() == ".ods":
            from graph_service.platform.readers.ods import read_ods as read
        else:
            from graph_service.platform.readers.xlsx import read_xlsx as read
        for entry in _check_limits(read(path, spool), path):
            _send(output, entry)
    except FileUnreadable as error:
        refusal = (str(error.details["reason_zh"]), str(error.details["reason_en"]))
    except MemoryError:
        refusal = (
            f"读取文件需要超过 {MAX_MEMORY_BYTES >> 20} MB 内存；请拆分后重新保存",
            f"reading the file requires more than {MAX_MEMORY_BYTES >> 20} MB of memory; split it and save it again",
        )
    except (SpoolFull, RowTooLarge):
        refusal = (
            "文字远多于正常登记表；请拆分后重新保存",
            "the file has more text than a normal register; split it and save it again",
        )
    except OSError as error:
        is_disk_full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        refusal = (
            (
                "临时目录空间不足；请清理后重试",
                "the temporary folder has too little space; free some space and try again",
            )
            if is_disk_full
            else (
                f"系统无法读取（{error.strerror}）；请检查文件后重试",
                f"the system cannot read the file ({error.strerror}); check the file and try again",
            )
        )
    except Exception as error:
        kind = type(error).__name__
        refusal = (
            f"工作簿已损坏（{kind}）；请用 Excel 打开后重新保存",
            f"the workbook is damaged ({kind}); open it in Excel and save it again",
        )
    if refusal is not None:
        gc.collect()
        _send(output, ManifestEntry(kind="refused", zh=refusal[0], en=refusal[1]))
    return refusal is None


def _check_limits(entries: Iterator[ManifestEntry], path: Path) -> Iterator[ManifestEntry]:
    """Yield the entries. Raises `FileUnreadable` where there are too many sheets, or their names are too long."""
    for count, entry in enumerate(entries, 1):
        if count > MAX_SHEETS or len(entry["sheet"]) > MAX_SHEET_NAME_LENGTH:
            raise FileUnreadable(
                file=path.name,
                reason_zh=f"工作表超过 {MAX_SHEETS:,} 张，或表名过长；请拆分后重新保存",
                reason_en=f"the workbook has more than {MAX_SHEETS:,} sheets, or a sheet name is too long; split it and save it again",
            )
        yield entry


if __name__ == "__main__":
    main()
