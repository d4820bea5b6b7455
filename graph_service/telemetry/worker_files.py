"""Files in which several worker processes count together, so that /metrics of any of them has the totals of all.

A worker holds a numbered slot by a lock, and counts in the files of its slot. A worker started in place of a dead one takes over
its slot and counts on, so that no total falls, and no files pile up.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Variable of prometheus_client that names the folder; it is set for the workers alone."""
FOLDER = "metrics"
LOCK_FILE = "lock"
SLOT_PREFIX = "slot-"
FILE_BYTES = 1 << 20
"""Size of a file, above what all label values together need."""
LIVE_GAUGE_FILES = ("gauge_livesum", "gauge_livemax", "gauge_livemostrecent")
"""Files of figures that end with their process."""
LASTING_FILES = ("counter", "histogram", "summary", "gauge_mostrecent")


@contextmanager
def shared_metrics(data_folder: Path) -> Iterator[Path]:
    """Let the workers that are started inside count together, in a new folder of the data folder; remove those of services that have
    ended without doing so."""
    base = data_folder.absolute() / FOLDER
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (base / LOCK_FILE).open("ab") as starting:
        # One service at a time: a folder that is not locked yet would be taken for that of a dead one.
        fcntl.flock(starting, fcntl.LOCK_EX)
        for folder in base.iterdir():
            _remove_unlocked(folder)
        folder = Path(tempfile.mkdtemp(prefix="workers-", dir=base))
        lock = (folder / LOCK_FILE).open("ab")
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.environ[VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        os.environ.pop(VARIABLE, None)
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()


def shared_folder() -> Path | None:
    """Return the folder in which the workers of this service count; None in a process that counts alone."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder else None


def claim_slot(folder: Path) -> tuple[int, IO[bytes]]:
    """Claim the first slot that no living process holds; it is held until the file that is returned is closed. Figures that ended with
    its last process are removed."""
    slot, lock = next(
        (slot, lock) for slot in count() if (lock := _try_lock(folder / f"{SLOT_PREFIX}{slot}")) is not None
    )
    _remove_gauges(folder, slot)
    for name in (*LIVE_GAUGE_FILES, *LASTING_FILES):
        _write_in_full(folder / f"{name}_{slot}.db")
    return slot, lock


def remove_dead_gauges(folder: Path) -> None:
    """Remove the figures that ended with a process whose slot nobody has taken over yet."""
    for path in folder.glob(f"{SLOT_PREFIX}*"):
        lock = _try_lock(path)
        if lock is not None:
            with lock:
                _remove_gauges(folder, int(path.name.removeprefix(SLOT_PREFIX)))


def _remove_gauges(folder: Path, slot: int) -> None:
    for name in LIVE_GAUGE_FILES:
        (folder / f"{name}_{slot}.db").unlink(missing_ok=True)


def _write_in_full(path: Path) -> None:
    """Write a new file to its full size: memory mapped to a hole in it would end the process when the disk is full."""
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_bytes(bytes(FILE_BYTES))
        part.replace(path)


def _try_lock(path: Path) -> IO[bytes] | None:
    """Return a file that is locked until it is closed; None where another process holds it."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _remove_unlocked(folder: Path) -> None:
    """Remove the folder of a service that has ended."""
    lock = _try_lock(folder / LOCK_FILE) if folder.is_dir() else None
    if lock is not None:
        with lock:
            shutil.rmtree(folder, ignore_errors=True)
