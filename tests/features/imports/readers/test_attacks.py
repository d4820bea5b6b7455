"""Files made to break their reader: each is read or refused within 512 MB, and the service goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from graph_service.platform.readers.limits import MAX_MEMORY_BYTES
from tests.features.imports.readers.books import raw_book, sheet_xml

FAR = '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'


PROBE = """
import json, resource, sys
from pathlib import Path
from graph_service.errors import FileUnreadable
from graph_service.platform.readers.delivery import open_delivery
try:
    said = str(sum(1 for table in open_delivery([Path(sys.argv[1])]).tables for row in table.rows())) + " rows"
except FileUnreadable as error:
    said = error.message_en
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([said, own * 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


def outcome(path: Path) -> str:
    """Return the result of reading a file. Assert that neither the reader nor its caller takes more memory than allowed.

    The caller is a separate process, because its children begin with no more memory than it has.
    """
    completed = subprocess.run([sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True)
    result, caller_memory, reader_memory = json.loads(completed.stdout)
    assert caller_memory < MAX_MEMORY_BYTES
    assert reader_memory < MAX_MEMORY_BYTES
    return str(result)


def stuffing(size: int) -> bytes:
    """Return letters that compress to about a three-hundredth of their size, as parts of honest files may too."""
    random = Random(1)
    return b"".join(b"x" * 100_000 + random.randbytes(200).hex().encode() for _ in range(size // 100_400))


def single_quotes(path: Path) -> None:
    raw_book(path, sheet_xml(f'<row r="1048576">{FAR}</row>').replace('"', "'"))


def newlines(path: Path) -> None:
    raw_book(path, sheet_xml(f'<row\nr="1048576">{FAR}</row>').replace("<c ", "<c\n\t"))


def outside(path: Path) -> None:
    raw_book(path, sheet_xml(f'<row r="1048576">{FAR}</row>'), part="/other/sheet.XML")


def large(path: Path) -> None:
    blank = stuffing(70_000_000).replace(b"x" * 10_000, b"<row/>".ljust(10_000)).decode()
    raw_book(path, sheet_xml(f'{blank}<row r="1048576">{FAR}</row>'))


def far_columns(path: Path) -> None:
    cells = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="ALL{n}"><v>1</v></c><c r="ALM{n}"><v>1</v></c></row>'
        for n in range(1, 9)
    )
    raw_book(path, sheet_xml(cells))


def exploding_strings(path: Path) -> None:
    strings = f"<sst><si><t>{'户' * 900_000}</t></si></sst>"
    raw_book(path, sheet_xml('<row r="1">' + '<c t="s"><v>0</v></c>' * 900 + "</row>"), strings=strings)


def many_strings(path: Path) -> None:
    strings = "".join(f"<si><t>{n:0120}</t></si>" for n in range(400_000))
    raw_book(path, sheet_xml('<row r="1"><c t="s"><v>399999</v></c></row>'), strings=f"<sst>{strings}</sst>")


def endless_attribute(path: Path) -> None:
    raw_book(path, b'<worksheet a="' + stuffing(30_000_000) + b'"/>')


def endless_cell(path: Path) -> None:
    raw_book(path, sheet_xml(f'<row r="1"><c t="inlineStr"><is><t>{stuffing(12_000_000).decode()}</t></is></c></row>'))


def endless_row(path: Path) -> None:
    cells = f'<c t="inlineStr"><is><t>{"x" * 900_000}</t></is></c>' * 6
    raw_book(path, sheet_xml(f'<row r="1">{cells}</row>'))


def many_names(path: Path) -> None:
    raw_book(path, "<a>" + "".join(f"<b{n}/>" for n in range(300_000)) + "</a>")


def deep(path: Path) -> None:
    raw_book(path, "<a>" * 3_000_000)


def entities(path: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(1, 9))
    raw_book(
        path, sheet_xml("<row/>"), strings=f'<!DOCTYPE s [<!ENTITY a1 "x">{laughs}]><sst><si><t>&a9;</t></si></sst>'
    )


def outer_entity(path: Path) -> None:
    raw_book(
        path, '<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + sheet_xml("<row><c><v>&a;</v></c></row>")
    )


def twice_the_same(path: Path) -> None:
    raw_book(path, sheet_xml(""))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml('<row r="1"><c><v>1</v></c></row>'))


def overlong_format(path: Path) -> None:
    raw_book(path, sheet_xml('<row r="1"><c s="1"><v>1</v></c></row>'), formats=('[">' * 500_000,))


def rows_out_of_order(path: Path) -> None:
    raw_book(path, sheet_xml('<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>'))


def cells_of_other_rows(path: Path) -> None:
    raw_book(path, sheet_xml('<row r="2"><c r="A1"><v>1</v></c></row>'))


def one_cell_twice(path: Path) -> None:
    raw_book(path, sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'))


def swollen(path: Path) -> None:
    raw_book(path, sheet_xml(f'<row r="1">{"<c/>" * 5_000_000}</row>'))


def external_sheet(path: Path) -> None:
    raw_book(path, sheet_xml(""))
    rels = '<Relationships><Relationship Id="rId0" Type="a/worksheet" TargetMode="External" Target="file:///etc/hostname"/></Relationships>'
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, rels if name.endswith("workbook.xml.rels") else content)


def sheets_by_the_thousand(path: Path) -> None:
    sheets = "".join(f'<sheet name="{n}" state="hidden" xmlns:r="r" r:id="rId0"/>' for n in range(200_000))
    raw_book(path, sheet_xml(""), workbook=f"<sheets>{sheets}</sheets>")


ATTACKS: dict[Callable[[Path], None], str] = {
    single_quotes: "a cell in column XFD",
    newlines: "a cell in column XFD",
    outside: "a cell in column XFD",
    large: "a cell in column XFD",
    far_columns: "a cell in column ALM",
    exploding_strings: "more than 4,000,000 characters",
    many_strings: "1 rows",
    endless_attribute: "a tag that is too long",
    endless_cell: "a cell with more than 1,000,000 characters",
    endless_row: "more than 4,000,000 characters",
    deep: "the workbook is incomplete",
    many_names: "hidden, empty or charts",
    entities: "entities",
    outer_entity: "entities",
    twice_the_same: "duplicate part names",
    overlong_format: "1 rows",
    rows_out_of_order: "out of order",
    cells_of_other_rows: "the workbook is incomplete",
    one_cell_twice: "two cells in column A",
    swollen: "far more than a normal register",
    sheets_by_the_thousand: "more than 1,000 sheets",
    external_sheet: "the workbook is incomplete",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_hostile_workbook_is_refused(tmp_path: Path, attack: Callable[[Path], None]) -> None:
    attack(tmp_path / "a.xlsx")
    assert ATTACKS[attack] in outcome(tmp_path / "a.xlsx")
