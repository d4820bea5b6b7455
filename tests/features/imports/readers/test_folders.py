"""Folders of a delivery: entries that are no registers are reported, and files that could block for ever are not opened."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.readers.unread_parts import UnreadPart


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "户.csv").write_text("户编号,姓名\nH1,甲\n", encoding="utf-8")
    return tmp_path


def test_what_is_no_register_is_told(folder: Path) -> None:
    for name in ("说明.docx", "~$户.xlsx", ".DS_Store", "表.xlsb"):
        (folder / name).write_bytes(b"x")
    (folder / "旧").mkdir()
    (folder / "旧" / "村.csv").write_text("村编码\n1\n", encoding="utf-8")
    assert set(open_delivery([folder]).unread_parts) == {
        UnreadPart("说明.docx", "", "FILE_KIND"),
        UnreadPart("~$户.xlsx", "", "FILE_LOCK"),
        UnreadPart(".DS_Store", "", "FILE_HIDDEN"),
        UnreadPart("表.xlsb", "", "FILE_KIND"),
        UnreadPart("旧", "", "FOLDER_NESTED"),
    }


def test_pipes_sockets_and_dangling_links_are_never_opened(folder: Path) -> None:
    os.mkfifo(folder / "管道.csv")
    (folder / "失效.csv").symlink_to(folder / "没有.csv")
    (folder / "循环.csv").symlink_to(folder / "循环.csv")
    (folder / "好.csv").symlink_to(folder / "户.csv")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "a.csv"))
    delivery = open_delivery([folder])
    assert delivery.files == ("好.csv", "户.csv")
    assert {entry.file for entry in delivery.unread_parts} == {"管道.csv", "失效.csv", "循环.csv", "a.csv"}
    for name in ("管道.csv", "失效.csv", "循环.csv"):
        with pytest.raises(FileUnreadable, match="not a regular file"):
            open_delivery([folder / name])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.csv", "a\\nb.csv"),
        (b"\xff\xfe.csv", "\\xff\\xfe.csv"),
        ("\u202egnp.csv".encode(), "\\u202egnp.csv"),
        (b"x" * 240 + b".csv", "x" * 199 + "…"),
    ],
)
def test_any_name_of_a_file_can_be_told(folder: Path, name: bytes, shown: str) -> None:
    os.rename(folder / "户.csv", os.path.join(os.fsencode(folder), name))  # noqa: PTH104, PTH118
    delivery = open_delivery([folder])
    assert delivery.files == (shown,)
    assert delivery.tables[0].source_prefix == shown
    assert [row.cells for row in delivery.tables[0].rows()] == [["户编号", "姓名"], ["H1", "甲"]]


def test_many_things_left_out_are_counted(folder: Path) -> None:
    for number in range(150):
        (folder / f"{number}.doc").touch()
    left_out = open_delivery([folder]).unread_parts
    assert len(left_out) == 101
    assert left_out[-1] == UnreadPart("", "", "FILE_KIND", 50)


def test_a_path_that_cannot_be_is_refused() -> None:
    for path in ("/proc/self/mem\0", "x" * 5_000, "/dev/null", "/dev/zero"):
        with pytest.raises(FileUnreadable):
            open_delivery([Path(path)])


def test_nothing_is_left_of_a_delivery(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    import openpyxl

    spools = folder / "spools"
    spools.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spools))
    book = openpyxl.Workbook()
    book.worksheets[0].append(["甲"])
    book.save(folder / "a.xlsx")
    before = set(Path("/proc/self/fd").iterdir())
    delivery = open_delivery([folder / "a.xlsx"])
    assert [row.cells for row in delivery.tables[0].rows()] == [["甲"]]
    assert list(spools.iterdir()) == []
    del delivery
    assert set(Path("/proc/self/fd").iterdir()) <= before
