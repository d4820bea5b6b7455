"""A large made-up register: the sample county copied onto other counties, with numbers of their own.

Everything that depends on a household is copied with it, and county 513431 is the sample's own, so that a page of it can be
asked in the small register and in the large one. Example: python -m bench.register 100000 var/bench/register
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from graph_service.domain.check_characters import document_check_character
from graph_service.platform.readers.delivery import open_delivery

DATA = Path(str(files("graph_service") / "data"))
COUNTY = "513431"
NUMBER_HEADERS = {
    "户编号", "人口编号", "单位编号", "干部编号", "实施单位", "统一社会信用代码", "经营主体", "实施主体",
    "资金编号", "凭证号", "来源资金编号", "去向编号", "项目编号", "资产编号", "股权证号", "分配编号",
}  # fmt: skip
"""Headers of numbers: each county has its own."""
DOCUMENT_HEADERS, PHONE_HEADERS = {"证件号码"}, {"联系电话"}
"""Headers of values that nobody shares: each county has its own of these too."""
DAY = "2016-12-31"
"""Day of the collection, which the files do not state."""
SEQUENCES_PER_DAY = 1000
VILLAGE_HEADERS = {"村编码", "所在村编码"}
"""Headers of village codes."""


def villages_by_county() -> dict[str, list[str]]:
    """Return county → its villages' codes, the sample's county first."""
    codes_by_county: dict[str, list[str]] = defaultdict(list)
    with (DATA / "sichuan-areas.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["level"] == "VILLAGE":
                codes_by_county[row["code"][:6]].append(row["code"])
    return {COUNTY: codes_by_county.pop(COUNTY), **codes_by_county}


def read_sample_sheets() -> dict[str, list[list[Any]]]:
    """Return the sample's sheets, each from its header row on."""
    rows_by_sheet: dict[str, list[list[Any]]] = {}
    for table in open_delivery([DATA / "sample-register.xlsx"]).tables:
        header, *rows = [row.cells for row in table.rows() if row.number > 1]
        padded_rows = [[*cells, *[None] * (len(header) - len(cells))] for cells in (header, *rows)]
        rows_by_sheet[table.name] = [["" if cell is None else cell for cell in cells] for cells in padded_rows]
    return rows_by_sheet


def write_register(households: int, folder: Path) -> int:
    """Write one CSV file for each sheet with at least this many households, and return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    sample = read_sample_sheets()
    sample_villages = [row[0] for row in sample["行政村"][1:]]
    households_per_county = len(sample["贫困户"]) - 1
    eligible = [
        (county, villages) for county, villages in villages_by_county().items() if len(villages) >= len(sample_villages)
    ]
    selected = eligible[: -(-households // households_per_county)]
    if len(selected) * households_per_county < households:
        raise SystemExit(f"the province has counties for {len(eligible) * households_per_county} households")
    for name, (header, *rows) in sample.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            for county_index, (county, villages) in enumerate(selected):
                village_codes = dict(
                    zip(sample_villages, sample_villages if county == COUNTY else villages, strict=False)
                )
                writer.writerows(_copy_rows(header, rows, county, village_codes, county_index))
    return len(selected) * households_per_county


def _copy_rows(
    header: list[str], rows: list[list[Any]], county: str, village_codes: dict[str, str], county_index: int
) -> Iterator[list[Any]]:
    for row in rows:
        copied_row = []
        for title, cell in zip(header, row, strict=True):
            value: Any = cell.date() if isinstance(cell, datetime) else cell
            if title in DOCUMENT_HEADERS and county_index:
                value = _shift_document(str(value), county_index) if value else value
            elif title in PHONE_HEADERS and county_index:
                value = (
                    f"{str(value)[:3]}{(int(str(value)[3:]) + county_index * 10_000) % 10**8:08d}" if value else value
                )
            elif title in VILLAGE_HEADERS:
                value = village_codes.get(value, value)
            elif title in NUMBER_HEADERS and value and county != COUNTY:
                value = f"{county}{value}" if not str(value).startswith(COUNTY) else f"{county}{str(value)[6:]}"
            copied_row.append(value)
        yield copied_row


def _shift_document(number: str, county_index: int) -> str:
    """Return another number in the sequence of the day of birth, for the same sex; an invalid number is returned unchanged."""
    head, check, rest = number[:17], number[17:18], number[18:]
    if not head.isdecimal() or len(head) < 17 or document_check_character(head) != check:
        return number
    shifted_number = f"{head[:14]}{(int(head[14:]) + 2 * county_index) % SEQUENCES_PER_DAY:03d}"
    return shifted_number + document_check_character(shifted_number) + rest


if __name__ == "__main__":
    print(write_register(int(sys.argv[1]), Path(sys.argv[2])), "households")
