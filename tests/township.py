"""The part of the sample register on one township: every sheet and as many batches, in a fraction of the time."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from tests.leaks import REGISTER

TOWNSHIP = "513431100"
COUNTY = "513431"


def township(path: Path) -> Path:
    """Write a workbook with the title row and the headers as they are, and the rows that refer to no place elsewhere in the county."""
    register, extract = openpyxl.load_workbook(REGISTER, read_only=True), openpyxl.Workbook(write_only=True)
    for source in register.worksheets:
        sheet = extract.create_sheet(source.title)
        for index, row in enumerate(source.iter_rows(values_only=True)):
            is_elsewhere = (
                isinstance(cell, str) and cell.startswith(COUNTY) and not cell.startswith(TOWNSHIP) for cell in row
            )
            if index < 2 or not any(is_elsewhere):
                sheet.append(row)
    extract.save(path)
    return path
