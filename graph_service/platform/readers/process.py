"""Reading of workbooks in a separate process: a crash of it refuses the file and does not end the service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.display_names import display_name
from graph_service.platform.readers.limits import BASE_CPU_SECONDS, BYTES_PER_SECOND, MAX_MEMORY_BYTES, WAIT_FACTOR
from graph_service.platform.readers.manifest import ManifestEntry
from graph_service.platform.readers.spool import Spool

_ROOT = Path(__file__).parents[3]
_PASSED_VARIABLES = ("TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Only these variables are passed to the process: the environment holds settings and keys."""


def read_workbooks(paths: Sequence[Path], spool: Spool) -> list[list[ManifestEntry]]:
    """Read workbooks into a spool; return the manifest entries of each. Raises `FileUnreadable` for the first that cannot be read."""
    seconds = BASE_CPU_SECONDS + sum(path.stat().st_size for path in paths) // BYTES_PER_SECOND
    job = {"paths": [str(path.absolute()) for path in paths], "spool": spool.descriptor, "seconds": seconds}
    environment = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
    try:
        with subprocess.Popen(
            [sys.executable, "-s", "-P", "-X", "utf8", "-m", "graph_service.platform.readers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(spool.descriptor,),
            env={**environment, "PYTHONPATH": str(_ROOT)},
            cwd=_ROOT.anchor,
        ) as process:
            output = _communicate(process, json.dumps(job).encode("ascii"), seconds * WAIT_FACTOR)
    except OSError as error:
        raise _unreadable_error(
            paths[0],
            f"无法启动读取进程（{error.strerror}）；请稍后重试",
            f"the process that reads workbooks cannot be started ({error.strerror}); try again later",
        ) from error
    return _parse_entries(paths, output, process.returncode)


def _communicate(process: subprocess.Popen[bytes], job: bytes, seconds: int) -> bytes:
    try:
        return process.communicate(job, timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]
    except BaseException:
        process.kill()
        raise


def _parse_entries(paths: Sequence[Path], output: bytes, status: int) -> list[list[ManifestEntry]]:
    entry_lists: list[list[ManifestEntry]] = []
    entry: ManifestEntry = ManifestEntry(kind="")
    # A last line without a line end was being written when the process died.
    for line in output[: output.rfind(b"\n") + 1].splitlines():
        entry = json.loads(line)
        if entry["kind"] == "file":
            entry_lists.append([])
        elif entry["kind"] == "refused":
            raise _unreadable_error(paths[len(entry_lists) - 1], entry["zh"], entry["en"])
        elif entry["kind"] != "done":
            entry_lists[-1].append(entry)
    if status == 0 and entry["kind"] == "done":
        return entry_lists
    path = paths[max(len(entry_lists) - 1, 0)]
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        raise _unreadable_error(
            path,
            "读取所需时间或内存超过上限；请拆分后用 Excel 重新保存",
            "reading the file exceeds the time or memory limit; split it and save it again in Excel",
        )
    raise _unreadable_error(
        path,
        f"读取时出错（退出码 {status}，内存上限 {MAX_MEMORY_BYTES >> 20} MB）；请用 Excel 打开后重新保存",
        f"reading the file failed (exit code {status}, memory limit {MAX_MEMORY_BYTES >> 20} MB); open it in Excel and save it again",
    )


def _unreadable_error(path: Path, zh: str, en: str) -> FileUnreadable:
    return FileUnreadable(file=display_name(path), reason_zh=zh, reason_en=en)
