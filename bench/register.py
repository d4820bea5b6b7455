"""A large made-up register: the sample county copied onto other counties, with numbers of their own.

Everything that hangs on a household comes with it, and county 513431 is the sample's own, so that a page of it can be
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

from stdnum.iso7064 import mod_11_2

from graph_service.platform.readers.delivery import open_delivery

DATA = Path(str(files("graph_service") / "data"))
COUNTY = "513431"
NUMBER_HEADERS = {
    "户编号", "人口编号", "单位编号", "干部编号", "实施单位", "统一社会信用代码", "经营主体", "实施主体",
    "资金编号", "凭证号", "来源资金编号", "去向编号", "项目编号", "资产编号", "股权证号", "分配编号",
}  # fmt: skip
"""Headers of numbers: each county has its own."""
DOCUMENT_HEADERS, PHONE_HEADERS = {"证件号码"}, {"联系电话"}
"""Headers of what nobody shares: each county has its own of these too."""
DAY = "2016-12-31"
"""The day of the collection: the files name none."""
SEQUENCES_PER_DAY = 1000
VILLAGE_HEADERS = {"村编码", "所在村编码"}
"""Headers of village codes."""


def villages_by_county() -> dict[str, list[str]]:
    """County → its villages' codes, the sample's county first."""
    found: dict[str, list[str]] = defaultdict(list)
    with (DATA / "sichuan-areas.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["level"] == "VILLAGE":
                found[row["code"][:6]].append(row["code"])
    return {COUNTY: found.pop(COUNTY), **found}


def read_sample_sheets() -> dict[str, list[list[Any]]]:
    """The sample's sheets, each from its header row on."""
    read: dict[str, list[list[Any]]] = {}
    for table in open_delivery([DATA / "sample-register.xlsx"]).tables:
        header, *rows = [row.cells for row in table.rows() if row.number > 1]
        padded = [[*cells, *[None] * (len(header) - len(cells))] for cells in (header, *rows)]
        read[table.name] = [["" if cell is None else cell for cell in cells] for cells in padded]
    return read


def write_register(households: int, folder: Path) -> int:
    """Write one CSV file a sheet with at least so many households; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    sample = read_sample_sheets()
    own = [row[0] for row in sample["行政村"][1:]]
    each = len(sample["贫困户"]) - 1
    placed = [(county, villages) for county, villages in villages_by_county().items() if len(villages) >= len(own)]
    chosen = placed[: -(-households // each)]
    if len(chosen) * each < households:
        raise SystemExit(f"the province has counties for {len(placed) * each} households")
    for name, (header, *rows) in sample.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            for at, (county, villages) in enumerate(chosen):
                moved = dict(zip(own, own if county == COUNTY else villages, strict=False))
                writer.writerows(_copy_rows(header, rows, county, moved, at))
    return len(chosen) * each


def _copy_rows(
    header: list[str], rows: list[list[Any]], county: str, village_codes: dict[str, str], county_index: int
) -> Iterator[list[Any]]:
    for row in rows:
        out = []
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
            out.append(value)
        yield out


def _shift_document(number: str, county_index: int) -> str:
    """Another number in the sequence of the day of birth, for the same sex; what is wrong with it stays wrong."""
    head, check, rest = number[:17], number[17:18], number[18:]
    if not head.isdecimal() or len(head) < 17 or not mod_11_2.is_valid(head + check):
        return number
    other = f"{head[:14]}{(int(head[14:]) + 2 * county_index) % SEQUENCES_PER_DAY:03d}"
    return other + mod_11_2.calc_check_digit(other) + rest


if __name__ == "__main__":
    print(write_register(int(sys.argv[1]), Path(sys.argv[2])), "households")
