"""The rights of files: nobody but its account can read what the service and the embedded engine keep, and what a command writes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.access.database import FILE_NAME, AccessDatabase
from graph_service.cli.output_files import atomic_write, record_failure
from graph_service.platform.private_files import make_private
from tests.conftest import REGISTER
from tests.processes import environment, ready, run_command, service

pytestmark = pytest.mark.one_engine
WIDE_UMASK = 0o022
CLI = Path(__file__).resolve().parents[2] / "graph_service" / "cli"
WRITES = re.compile(r"write_text|write_bytes|open\([^)]*[\"'][wax]b?[\"']|os\.open")
GENERATED_SOURCES = "schema.py"
"""The module that writes the pages and the schema of the repository, which everybody reads."""


@pytest.fixture
def wide() -> Iterator[None]:
    """Let new files be readable by everybody, as accounts usually do."""
    before = os.umask(WIDE_UMASK)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """Return the modes of a folder and of all in it that others can use, by path."""
    paths = [folder, *folder.rglob("*")]
    return {str(path): stat.filemode(mode) for path in paths if (mode := path.lstat().st_mode) & 0o077}


def widen(folder: Path) -> None:
    """Give everybody rights to a folder and all in it, as earlier versions did."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.slow
def test_all_in_the_data_folder_is_private_and_what_is_not_is_repaired(tmp_path: Path, wide: None) -> None:
    folder, uploads = tmp_path / "data", tmp_path / "tmp"
    uploads.mkdir(mode=0o700)
    settings = environment(folder, TMPDIR=str(uploads))
    assert run_command(settings, "import", str(REGISTER), "--dry-run")[0] == 1
    with service(settings) as (_, port):
        assert ready(port) is not None
        AccessDatabase(folder / FILE_NAME).close()
        record_failure(folder)
        assert len(list(folder.rglob("*"))) > 100
        assert (modes(folder), modes(uploads)) == ({}, {})
    widen(folder)
    with service(settings) as (_, port):
        assert ready(port) is not None
        assert modes(folder) == {}


def test_what_others_keep_in_the_folder_is_left_as_it_is(tmp_path: Path, wide: None) -> None:
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    for path in (folder / "graph" / "inner" / "file", folder / "engine.log", folder / "script", elsewhere / "file"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    for link in (folder / "log", folder / "graph" / "link"):
        link.symlink_to(elsewhere)
    open_elsewhere = modes(elsewhere)
    make_private(folder)
    assert {Path(path).name for path in modes(folder)} == {"data", "script", "log", "link"}
    (folder / "script").unlink()
    make_private(folder)
    assert {Path(path).name for path in modes(folder)} == {"log", "link"}
    assert modes(elsewhere) == open_elsewhere != {}
    make_private(folder / "missing")


@pytest.mark.parametrize("leftovers", [(), ("out.csv",), ("out.csv.part",)], ids=["new", "replaced", "of a killed run"])
def test_what_a_command_writes_is_private_at_every_moment(
    tmp_path: Path, wide: None, leftovers: tuple[str, ...]
) -> None:
    for name in leftovers:
        (tmp_path / name).write_text("of another run", encoding="utf-8")
        (tmp_path / name).chmod(0o644)
    out = tmp_path / "out.csv"
    with atomic_write(out, force=True) as file:
        file.write(b"mine")
        file.flush()
        assert stat.S_IMODE((tmp_path / "out.csv.part").stat().st_mode) == 0o600
    assert (out.read_bytes(), stat.S_IMODE(out.stat().st_mode)) == (b"mine", 0o600)
    assert list(tmp_path.iterdir()) == [out]


def test_commands_write_files_in_that_way_only() -> None:
    writers = {path.name for path in CLI.glob("*.py") if WRITES.search(path.read_text(encoding="utf-8"))}
    assert writers == {"output_files.py", GENERATED_SOURCES}
