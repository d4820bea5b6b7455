"""Parts of files that are not read are reported by the import; a reader that dies refuses its file and nothing else."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import openpyxl
import pytest

from graph_service.errors import FileUnreadable
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.readers import process
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store
from tests.features.imports.readers.books import raw_book, sheet_xml


def villages(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "行政村"
    for cells in (["村编码", "村名", "是否贫困村", "年度"], ["513431100200", "甲村", "是", "2016"]):
        sheet.append(cells)
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("旧表").sheet_state = "hidden"
    book.create_sheet("空表")
    book.save(path)
    return path


@pytest.mark.one_engine
def test_an_import_tells_hidden_and_empty_sheets_hidden_columns_and_other_files(empty: Store, tmp_path: Path) -> None:
    villages(tmp_path / "村.xlsx")
    (tmp_path / "说明.docx").touch()
    report = import_files(empty, [tmp_path])
    assert {(part.file, part.sheet, part.column, part.code) for part in report.left_out} == {
        ("村.xlsx", "旧表", "", "SHEET_HIDDEN"),
        ("村.xlsx", "空表", "", "SHEET_EMPTY"),
        ("村.xlsx", "行政村", "C", "COLUMN_HIDDEN"),
        ("说明.docx", "", "", "FILE_KIND"),
    }
    assert report.counts["行政村"]["new"] == 1


def test_a_reader_that_hangs_or_dies_refuses_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = villages(tmp_path / "村.xlsx")
    for target, name, value, says in (
        (process, "WAIT_FACTOR", 0, "exceeds the time or memory limit"),
        (sys, "executable", shutil.which("false"), "reading the file failed (exit code 1"),
        (sys, "executable", "/nowhere", "cannot be started"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(target, name, value)
            with pytest.raises(FileUnreadable) as caught:
                open_delivery([path])
        assert says in caught.value.message_en
    assert len(open_delivery([path]).tables) == 1


def test_no_space_for_temporary_files_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = villages(tmp_path / "村.xlsx")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(FileUnreadable, match="a temporary file cannot be created"):
        open_delivery([path])


def test_a_workbook_of_nothing_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = "".join(f'<sheet name="{n}" xmlns:r="r" r:id="rId0"/>' for n in range(200))
    sheet = sheet_xml(f'<row r="1">{"<c/>" * 2_000_000}</row>')
    path = raw_book(tmp_path / "a.xlsx", sheet, workbook=f"<sheets>{again}</sheets>")
    monkeypatch.setattr(process, "BASE_CPU_SECONDS", 1)
    with pytest.raises(FileUnreadable, match="exceeds the time or memory limit"):
        open_delivery([path])
