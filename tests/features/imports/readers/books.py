"""Workbooks written part by part, as programs other than Excel write them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from graph_service.platform.readers.cells import Cell
from graph_service.platform.readers.delivery import open_delivery

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    """Return the part of a sheet with these rows."""
    return f"<worksheet {_MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def raw_book(
    path: Path,
    sheet: str | bytes,
    *,
    strings: str | bytes = "",
    formats: tuple[str, ...] = (),
    state: str = "visible",
    workbook: str = "",
    part: str = "worksheets/sheet1.xml",
) -> Path:
    """Write a workbook of one sheet. `formats`: number formats of the styles 1, 2 …; `workbook`: elements of the workbook's part."""
    codes = "".join(
        f'<numFmt numFmtId="{200 + index}" formatCode="{escape_attribute(code)}"/>'
        for index, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{200 + index}"/>' for index in range(len(formats)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relationships(("officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{_OFFICE}">{workbook}<sheets><sheet name="表" sheetId="1" state="{state}" r:id="rId0"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            relationships(("worksheet", part), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")),
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet {_MAIN}><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
        )
        if strings:
            archive.writestr("xl/sharedStrings.xml", strings)
        archive.writestr(part[1:] if part.startswith("/") else f"xl/{part}", sheet)
    return path


def relationships(*targets: tuple[str, str]) -> str:
    """Return a relationships part with the ids rId0, rId1 …"""
    entries = "".join(
        f'<Relationship Id="rId{index}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for index, (kind, target) in enumerate(targets)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entries}</Relationships>'
    )


def escape_attribute(text: str) -> str:
    """Return a text escaped as the value of an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def cells_of(path: Path, sheet: str = "") -> list[list[Cell]]:
    """Return the rows of cells of the table with the name `sheet`, or of all tables where it is empty."""
    return [row.cells for table in open_delivery([path]).tables if sheet in ("", table.name) for row in table.rows()]
