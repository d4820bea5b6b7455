"""Files that only the account of the service can read: the data folder with all that the engine and the service keep in it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PRIVATE_UMASK = 0o077
"""Rights of others that new files and folders do not get."""
OWNER_RIGHTS = 0o700
OWN_PREFIXES = ("engine.", "access.sqlite", "audit.sqlite", "audit-anchor.txt", "failures.log")
OWN_FOLDERS = ("graph", "log", "metrics", "proposals")
"""What the service and the embedded engine keep in the data folder."""

log = logging.getLogger(__name__)


def make_private(folder: Path) -> None:
    """Take the rights of others from all that is ours in a data folder, as earlier versions left it, and from the folder.

    Where somebody keeps other things in the folder, they and the folder itself are left as they are.
    """
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        # Missing, or not to be listed: whoever opens it says so.
        return
    own_names = [name for name in names if name in OWN_FOLDERS or name.startswith(OWN_PREFIXES)]
    paths = [folder] if own_names == names else []
    for path in (*paths, *(inner for name in own_names for inner in _walk(folder / name))):
        try:
            _take_rights(path)
        except PermissionError:
            log.warning("%s belongs to another account, and others may read it", path)


def _walk(path: Path) -> Iterator[Path]:
    """Yield a path and all below it. No link is followed: what it leads to is not ours."""
    if path.is_symlink():
        return
    yield path
    for parent, folders, files in os.walk(path):
        yield from (Path(parent, name) for name in (*folders, *files))


def _take_rights(path: Path) -> None:
    # The engine may remove a file meanwhile. A link has no rights of its own, and what it leads to is not ours.
    with suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if mode & PRIVATE_UMASK and not path.is_symlink():
            path.chmod(mode & OWNER_RIGHTS)
