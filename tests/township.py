"""What the sample register has of one township: every sheet, and as many batches, in a fraction of the time."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.conftest import REGISTER

TOWNSHIP = "513431100"
COUNTY = "513431"


def township(path: Path) -> Path:
    """A workbook of it: the title row and the headers as they are, and the rows that name nothing elsewhere in the county."""
    whole, part = openpyxl.load_workbook(REGISTER, read_only=True), openpyxl.Workbook(write_only=True)
    for rows in whole.worksheets:
        sheet = part.create_sheet(rows.title)
        for at, row in enumerate(rows.iter_rows(values_only=True)):
            elsewhere = (
                isinstance(cell, str) and cell.startswith(COUNTY) and not cell.startswith(TOWNSHIP) for cell in row
            )
            if at < 2 or not any(elsewhere):
                sheet.append(row)
    part.save(path)
    return path
