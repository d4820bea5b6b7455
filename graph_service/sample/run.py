"""Generation of a made-up register, from its arguments to its files: one county after another, and the villages in each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import orjson

from graph_service.core.areas import CODE_DIGITS
from graph_service.errors import ArgumentInvalid
from graph_service.sample import causes_and_measures, responsibility
from graph_service.sample.county_funds import CountyFunds, write_fund
from graph_service.sample.credit import Bank
from graph_service.sample.numbers import DocumentNumbers
from graph_service.sample.offices import Office, open_office
from graph_service.sample.plan import (
    PlannedVillage,
    PublishedArea,
    areas_within,
    plan_villages,
    published_areas,
)
from graph_service.sample.register_writer import RegisterWriter, RowCells
from graph_service.sample.rng import stream
from graph_service.sample.trap_ledger import TrapLedger
from graph_service.sample.traps import TrapPlanter
from graph_service.sample.villages import SampleContext, VillageGenerator

TRAPS_FILE = "traps.json"
FILE_SUFFIXES = (".csv", ".json")
"""Suffixes of its files."""
MIN_YEAR = 1990
HIGHER_LEVEL_DIGITS = (CODE_DIGITS["PROVINCE"], CODE_DIGITS["PREFECTURE"])
YEARS_UNTIL_MERGED = 3
"""Years from the last year to the merger of villages, as in 2019 after 2016."""


@dataclass(frozen=True, slots=True)
class SampleArguments:
    """Arguments of a register. `area`: code of a county, prefecture or province; `first_year`, `last_year`: years of the cards."""

    area: str
    households: int
    seed: int
    first_year: int
    last_year: int
    with_traps: bool = True

    def as_dict(self) -> dict[str, object]:
        years = f"{self.first_year}-{self.last_year}"
        arguments: dict[str, object] = {"county": self.area, "households": self.households, "seed": self.seed}
        return {**arguments, "years": years, "traps": self.with_traps}


def parse_years(text: str) -> tuple[int, int]:
    """Return the first and the last year of 2014-2016, or of 2016. Raise `ArgumentInvalid`."""
    first, _, last = text.partition("-")
    years = [int(part) if part.isascii() and part.isdecimal() else 0 for part in (first, last or first)]
    if not MIN_YEAR <= years[0] <= years[1] <= date.today().year:
        raise ArgumentInvalid(
            name="years",
            reason_zh=f"应写成 2014-2016 的形式，不早于 {MIN_YEAR} 年，不晚于今年",
            reason_en=f"write it as 2014-2016, not before {MIN_YEAR} and not after this year",
        )
    return years[0], years[1]


def generate(arguments: SampleArguments, folder: Path) -> Counter[str]:
    """Write the files and return the rows by sheet. Raise `AreaUnknown`. The same arguments give the same bytes."""
    all_areas = published_areas()
    areas = areas_within(all_areas, arguments.area)
    ledger, documents, last = TrapLedger(), DocumentNumbers(), arguments.last_year
    villages = plan_villages(areas, arguments.households, arguments.seed, arguments.with_traps)
    township_indexes = {a.code: index for index, a in enumerate(a for a in all_areas if a.level == "TOWNSHIP")}
    spent_by_province: Counter[tuple[str, str, int]] = Counter()
    with RegisterWriter(folder) as register:
        context = SampleContext(
            register, ledger, documents, TrapPlanter(ledger, arguments.first_year, last), arguments.seed, arguments.households,
            arguments.first_year, last, arguments.with_traps,
        )  # fmt: skip
        for policy in causes_and_measures.policy_rows():
            register.add("政策", policy)
        villages_by_county = {
            code: list(group) for code, group in groupby(villages, key=lambda village: village.code[:6])
        }
        townships_by_county = {
            code: list(group)
            for code, group in groupby((a for a in areas if a.level == "TOWNSHIP"), lambda a: a.code[:6])
        }
        counties = [area for area in areas if area.level == "COUNTY"]
        for index, code in enumerate(
            sorted({county.code[:digits] for county in counties for digits in HIGHER_LEVEL_DIGITS})
        ):
            responsibility.write_higher_pledge(register, code, index, stream(arguments.seed, code), last)
        for county in counties:
            funds = _write_county(
                context,
                county,
                townships_by_county.get(county.code, []),
                villages_by_county.get(county.code, []),
                township_indexes,
            )
            spent_by_province.update(
                {(county.code[:2], *kind_and_year): fen for kind_and_year, fen in funds.spent_by_province.items()}
            )
        for (province, kind, year), fen in sorted(spent_by_province.items()):
            approver = responsibility.higher_cadre_no(province)
            write_fund(register, province, f"{year}年省级", kind, year, fen, approver)
        rows = register.rows
    trap_content = ledger.as_dict(arguments.as_dict())
    (folder / TRAPS_FILE).write_bytes(orjson.dumps(trap_content, option=orjson.OPT_INDENT_2))
    return rows


def _write_county(
    context: SampleContext,
    county: PublishedArea,
    townships: list[PublishedArea],
    villages: list[PlannedVillage],
    township_indexes: dict[str, int],
) -> CountyFunds:
    rng = stream(context.seed, county.code)
    first_index = township_indexes[townships[0].code] if townships else 0
    office = open_office(
        context.register, county, townships, first_index, rng, context.ledger, with_traps=context.with_traps
    )
    responsibility.write_county(context.register, office, townships, rng, context.first_year, context.last_year)
    funds = CountyFunds(context.register, county.code, office.approvers[0])
    bank = Bank(context.register, funds, county, context.seed, context.first_year, context.last_year)
    for village in villages:
        _write_village(context, village, office, funds, bank)
    bank.write_relending()
    funds.write_funds(county.name, context.last_year, context.ledger if context.with_traps else None)
    return funds


def _write_village(
    context: SampleContext, village: PlannedVillage, office: Office, funds: CountyFunds, bank: Bank
) -> None:
    head = office.township_heads[responsibility.township_code(village)]
    responsibility.write_village_pledge(context.register, village, head, context.last_year, context.ledger)
    if village.is_registered:
        VillageGenerator(context, village, office, funds, bank).generate()
    if village.successor:
        merged_on = date(context.last_year + YEARS_UNTIL_MERGED, 12, 1)
        end_cells: RowCells = {"former": village.code, "into": village.successor}
        context.register.add("区划调整", {**end_cells, "PREDECESSOR_OF.since": merged_on})
        context.ledger.merged_villages.add(village.code)
        context.ledger.flagged.add(("行政村", village.code, "VILLAGE_NOT_IN_TREE"))
