"""Files as people send them: encodings, delimiters, titles, and files that must not be opened."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.delivery import open_delivery
from tests.features.imports.readers.books import raw_book

LETTERS = "户甲乙\"' a1㐀𠮷·"
TEXT = st.one_of(
    st.text(st.sampled_from(LETTERS + ",;|\t"), max_size=6), st.text(st.sampled_from(LETTERS + "\n"), max_size=6)
)
"""Cells with separators or with line breaks. A cell with both could hide rows: such rows are refused."""


def rows_of(path: Path) -> list[tuple[int, list[object]]]:
    (table,) = open_delivery([path]).tables
    return [(row.number, list(row.cells)) for row in table.rows()]


def book(path: Path, rows: list[list[Any]], start: tuple[int, int] = (1, 1)) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row_index, row in enumerate(rows):
        for column_index, value in enumerate(row):
            sheet.cell(start[0] + row_index, start[1] + column_index, value)
    workbook.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_text_in_any_usual_form(tmp_path: Path, encoding: str, end: str, mark: str) -> None:
    lines = ["登记表(样例)", mark.join(["户编号", "姓名", "民族"]), mark.join(["1", "俄木𠮷", "彝族"])]
    (tmp_path / "户.csv").write_bytes(end.join(lines).encode(encoding))
    assert rows_of(tmp_path / "户.csv") == [
        (1, ["登记表(样例)"]),
        (2, ["户编号", "姓名", "民族"]),
        (3, ["1", "俄木𠮷", "彝族"]),
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(["utf-8", "gb18030"]))
def test_what_is_written_is_read(tmp_path: Path, cells: list[list[str]], encoding: str) -> None:
    out = StringIO(newline="")
    csv.writer(out).writerows([["甲", "乙", "丙"], *cells])
    path = tmp_path / "t.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    expected = [[c.strip() or None for c in row] for row in cells]
    assert [cells for number, cells in rows_of(path) if number > 1] == [r for r in expected if any(r)]


def test_row_numbers_are_those_that_excel_shows(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["甲", "乙"], [None, None], [1, date(2016, 12, 31)]], start=(3, 2))
    assert rows_of(path) == [(3, [None, "甲", "乙"]), (5, [None, 1.0, date(2016, 12, 31)])]


def refusal(path: Path) -> str:
    def read() -> None:
        for table in open_delivery([path]).tables:
            list(table.rows())

    with pytest.raises(FileUnreadable) as caught:
        read()
    assert caught.value.message_zh
    assert caught.value.message_en
    return caught.value.message_en


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "none.xlsx")
    (tmp_path / "empty.csv").touch()
    assert "empty" in refusal(tmp_path / "empty.csv")
    (tmp_path / "text.xlsx").write_text("户编号", encoding="utf-8")
    assert "the workbook is incomplete" in refusal(tmp_path / "text.xlsx")
    book(tmp_path / "real.xlsx", [["甲"]]).rename(tmp_path / "renamed.csv")
    assert "change its extension" in refusal(tmp_path / "renamed.csv")
    (tmp_path / "ole.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "encrypted" in refusal(tmp_path / "ole.xlsx")
    (tmp_path / "bytes.csv").write_bytes("户编号\n".encode() + b"\xff\x80\x80")
    assert "neither UTF-8 nor GB18030" in refusal(tmp_path / "bytes.csv")
    (tmp_path / "folder").mkdir()
    assert "no .xlsx" in refusal(tmp_path / "folder")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = book(tmp_path / "bomb.xlsx", [["甲"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"\0" * (40 * 1024**2))
    assert "unpacks to" in refusal(path)


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    sheet = '<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    assert "entities" in refusal(raw_book(tmp_path / "entity.xlsx", sheet))


def test_a_sheet_too_wide_is_refused(tmp_path: Path) -> None:
    assert "columns" in refusal(book(tmp_path / "wide.xlsx", [["甲"] * 1001]))


def test_cells_far_apart_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "甲", "乙"
    workbook.save(tmp_path / "far.xlsx")
    assert "a cell in column XFD" in refusal(tmp_path / "far.xlsx")


def test_a_damaged_part_is_told(tmp_path: Path) -> None:
    path = book(tmp_path / "damaged.xlsx", [["甲", "乙"]] * 2_000)
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    middle = part.header_offset + 200
    content[middle : middle + 400] = b"\xff" * 400
    path.write_bytes(content)
    assert "the workbook is incomplete" in refusal(path)
