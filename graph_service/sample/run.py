"""A made-up register from its arguments to its files: counties one after another, in them villages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import orjson

from graph_service.errors import ArgumentInvalid
from graph_service.sample import needs, responsibility
from graph_service.sample.chance import stream
from graph_service.sample.credit import Bank
from graph_service.sample.ledger import Ledger
from graph_service.sample.money import Purse, write_fund
from graph_service.sample.numbers import Documents
from graph_service.sample.offices import Office, open_office
from graph_service.sample.plan import Area, Place, below, places, tree
from graph_service.sample.traps import Planter
from graph_service.sample.villages import Scope, Village
from graph_service.sample.writing import Register, Values
from graph_service.services.areas import DIGITS

TRAPS = "traps.json"
ENDINGS = (".csv", ".json")
"""What its files end in."""
EARLIEST = 1990
ABOVE = (DIGITS["PROVINCE"], DIGITS["PREFECTURE"])
MERGED_AFTER = 3
"""Years after the last one in which villages were merged, as in 2019 after 2016."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """`area`: code of a county, prefecture or province; `first`, `last`: years of the cards."""

    area: str
    households: int
    seed: int
    first: int
    last: int
    traps: bool = True

    def told(self) -> dict[str, object]:
        years = f"{self.first}-{self.last}"
        told: dict[str, object] = {"county": self.area, "households": self.households, "seed": self.seed}
        return {**told, "years": years, "traps": self.traps}


def years(text: str) -> tuple[int, int]:
    """The first and the last of 2014-2016, or of 2016. Raises `ArgumentInvalid`."""
    first, _, last = text.partition("-")
    found = [int(one) if one.isascii() and one.isdecimal() else 0 for one in (first, last or first)]
    if not EARLIEST <= found[0] <= found[1] <= date.today().year:
        raise ArgumentInvalid(
            name="years",
            reason_zh=f"应写成 2014-2016,不早于 {EARLIEST} 年,不晚于今年",
            reason_en=f"write it as 2014-2016, from {EARLIEST} on and not beyond this year",
        )
    return found[0], found[1]


def run(arguments: Arguments, folder: Path) -> Counter[str]:
    """Write the files; rows by sheet. Raises `AreaUnknown`. The same arguments give the same bytes."""
    every = tree()
    areas = below(every, arguments.area)
    ledger, documents, last = Ledger(), Documents(), arguments.last
    planted = places(areas, arguments.households, arguments.seed, arguments.traps)
    townships = {a.code: at for at, a in enumerate(a for a in every if a.level == "TOWNSHIP")}
    provinces: Counter[tuple[str, str, int]] = Counter()
    with Register(folder) as register:
        scope = Scope(
            register, ledger, documents, Planter(ledger, arguments.first, last), arguments.seed, arguments.households,
            arguments.first, last, arguments.traps,
        )  # fmt: skip
        for policy in needs.policies():
            register.add("政策", policy)
        by_county = {code: list(some) for code, some in groupby(planted, key=lambda place: place.code[:6])}
        towns = {
            code: list(some)
            for code, some in groupby((a for a in areas if a.level == "TOWNSHIP"), lambda a: a.code[:6])
        }
        counties = [area for area in areas if area.level == "COUNTY"]
        for at, code in enumerate(sorted({county.code[:digits] for county in counties for digits in ABOVE})):
            responsibility.above(register, code, at, stream(arguments.seed, code), last)
        for county in counties:
            purse = _county(scope, county, towns.get(county.code, []), by_county.get(county.code, []), townships)
            provinces.update({(county.code[:2], *of): fen for of, fen in purse.province.items()})
        for (province, kind, year), fen in sorted(provinces.items()):
            approver = responsibility.above_no(province)
            write_fund(register, province, f"{year}年省级", kind, year, fen, approver)
        rows = register.rows
    told = ledger.told(arguments.told())
    (folder / TRAPS).write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    return rows


def _county(scope: Scope, county: Area, towns: list[Area], places: list[Place], townships: dict[str, int]) -> Purse:
    rng = stream(scope.seed, county.code)
    at = townships[towns[0].code] if towns else 0
    office = open_office(scope.register, county, towns, at, rng, scope.ledger, planted=scope.planted)
    responsibility.county(scope.register, office, towns, rng, scope.first, scope.last)
    purse = Purse(scope.register, county.code, office.approvers[0])
    bank = Bank(scope.register, purse, county, scope.seed, scope.first, scope.last)
    for place in places:
        _village(scope, place, office, purse, bank)
    bank.close()
    purse.close(county.name, scope.last, scope.ledger if scope.planted else None)
    return purse


def _village(scope: Scope, place: Place, office: Office, purse: Purse, bank: Bank) -> None:
    head = office.heads[responsibility.office_town(place)]
    responsibility.village_pledge(scope.register, place, head, scope.last, scope.ledger)
    if place.registered:
        Village(scope, place, office, purse, bank).make()
    if place.successor:
        merged = date(scope.last + MERGED_AFTER, 12, 1)
        ends: Values = {"former": place.code, "into": place.successor}
        scope.register.add("区划调整", {**ends, "PREDECESSOR_OF.since": merged})
        scope.ledger.merged.add(place.code)
        scope.ledger.flagged.add(("行政村", place.code, "VILLAGE_NOT_IN_TREE"))
