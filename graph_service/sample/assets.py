"""What projects form in a village: an asset whose shares its poor households hold, works that all use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from random import Random

from graph_service.model import enumerations as enums
from graph_service.sample import shares
from graph_service.sample.households import Household
from graph_service.sample.ledger import Ledger
from graph_service.sample.money import HOUSEHOLD, PROJECT, Purse
from graph_service.sample.plan import Place
from graph_service.sample.writing import Register, Values, texts, yuan

PROJECTS, ASSETS, SHARES = texts(enums.PROJECT_KIND), texts(enums.ASSET_KIND), texts(enums.SHARE_KIND)
WORKS = (
    ("INFRASTRUCTURE", "通村公路"), ("WATER", "集中供水站"), ("CULTURE", "村文化室"), ("HEALTH", "村卫生室"), ("ECOLOGY", "护坡林"),
)  # fmt: skip
BUSINESS = ("养殖场", "花椒基地", "光伏电站", "冷水鱼塘", "加工车间")
WHOLE = 1000
"""Shares of an asset."""


class Assets:
    """Of a village, in the years from the first to the last."""

    def __init__(
        self, register: Register, purse: Purse, place: Place, operators: list[str], rng: Random, first: int, last: int
    ) -> None:
        self._register, self._purse, self._place, self._operators, self._rng = register, purse, place, operators, rng
        self._first, self._last = first, last
        self._vouchers = self._projects = 0

    def _voucher(self) -> str:
        self._vouchers += 1
        return f"{self._place.code}PZ{self._vouchers:04d}"

    def grants(self, households: Sequence[Household]) -> None:
        """Money that the education and the medical fund give straight to households, in the last year."""
        for household in households:
            ill, studies = any(m.ill for m in household.members), any(m.studies(self._last) for m in household.members)
            if (ill or studies) and self._rng.random() < 0.1:
                kind = "MEDICAL_AID" if ill else "EDUCATION_AID"
                on, fen = date(self._last, self._rng.randint(3, 11), 15), self._rng.randint(3, 30) * 10_000
                self._purse.pay(kind, HOUSEHOLD, household.card, on, fen, self._voucher())

    def works(self) -> None:
        """Something that all use; now and then a voucher was too high, and is corrected."""
        rng = self._rng
        kind, name = rng.choice(WORKS)
        project, on = self._project(kind, name), date(rng.randint(self._first, self._last), rng.randint(3, 9), 10)
        fen, first = rng.randint(50, 600) * 100_000, self._voucher()
        over = rng.choice((0, 0, 0, 500_000))
        self._purse.pay("AGRICULTURE_INTEGRATED", PROJECT, project, on, fen + over, first)
        if over:
            later = on.replace(day=28)
            self._purse.pay("AGRICULTURE_INTEGRATED", PROJECT, project, later, -over, self._voucher(), first)
        self._asset(project, name, on.replace(month=11), fen, {"Asset.kind": ASSETS["PUBLIC"]})

    def _project(self, kind: str, name: str) -> str:
        self._projects += 1
        project = f"{self._place.code}XM{self._projects:02d}"
        values = {"Project.name": f"{self._place.name}{name}", "Project.kind": PROJECTS[kind]}
        operator = self._rng.choice(self._operators)
        self._register.add(
            "项目", {"Project.project_no": project, "Village.code": self._place.code, "operator": operator, **values}
        )
        return project

    def _asset(self, project: str, name: str, formed: date, fen: int, more: Values) -> str:
        asset = project.replace("XM", "ZC")
        values: Values = {
            "Asset.name": name,
            "Project.project_no": project,
            "FORMED.since": formed,
            "FORMED.amount": yuan(fen),
        }
        self._register.add("资产", {"Asset.asset_no": asset, "Village.code": self._place.code, **values, **more})
        return asset

    def shared(self, households: Sequence[Household], ledger: Ledger) -> None:
        """An asset with shares, where in each year there are those who may hold them. The households' dividends are noted."""
        rng, traps = self._rng, self._place.traps
        formed = rng.randint(self._first - 1, self._last - 1)
        common = WHOLE // 5 if rng.random() < 0.25 else 0
        years = shares.preferred(WHOLE - common, households, formed, self._last)
        if not years:
            return
        spread = shares.ordinary(common, households, formed, self._last) if common else []
        if common and not spread:
            years, common = shares.preferred(WHOLE, households, formed, self._last), 0
        fen = min(map(len, years)) * rng.randint(2000, 3500) * 100
        project, voucher = self._project("INDUSTRY", name := rng.choice(BUSINESS)), self._voucher()
        paid_on = date(formed, rng.randint(3, 8), 10)
        if "COUNTY_HOP_MISSING" in traps:
            ledger.money["COUNTY_HOP_MISSING"].add(project)
            self._purse.pay_straight(project, paid_on, fen, voucher)
        else:
            self._purse.pay("POVERTY_SPECIAL", PROJECT, project, paid_on, fen, voucher)
        value = fen
        if "FORMED_OVER_SPENT" in traps:
            ledger.money["FORMED_OVER_SPENT"].add(project)
            value += 1_000_000
        rate = rng.choice((5, 6))
        told: Values = {
            "Asset.kind": ASSETS["OPERATING"], "Asset.quantified": yuan(fen), "Asset.floor_rate": rate,
            "Asset.total_shares": WHOLE, "operator": rng.choice(self._operators),
        }  # fmt: skip
        asset = self._asset(project, name, date(formed, 11, 20), value, told)
        self._certify(asset, years, spread, formed)
        together = [Counter(one) + Counter(two) for one, two in zip(years, spread or [{}] * len(years), strict=True)]
        self._distribute(asset, together, fen * rate // 100, households, formed, ledger)

    def _certify(self, asset: str, years: list[shares.Holdings], spread: list[shares.Holdings], formed: int) -> None:
        number = 0
        for kind, held in (("PREFERRED", years), ("ORDINARY", spread)):
            for one in shares.certificates(held, formed):
                number += 1
                values: Values = {"HOLDS.since": one.since, "HOLDS.until": one.until, "HOLDS.shares": one.shares}
                self._register.add(
                    "股权",
                    {
                        "HOLDS.certificate": f"{asset}GQ{number:04d}", "Asset.asset_no": asset, "HOLDS.kind": SHARES[kind],
                        "holder": one.card, "HOLDS.total_shares": WHOLE, **values,
                    },
                )  # fmt: skip

    def _distribute(
        self,
        asset: str,
        years: list[Counter[str]],
        floor: int,
        households: Sequence[Household],
        formed: int,
        ledger: Ledger,
    ) -> None:
        """A dividend for each year but the one to come: so many fen a share that nothing is left over, not below the floor."""
        traps, by_card = self._place.traps, {h.card: h for h in households}
        for year, held in zip(range(formed + 1, self._last + 1), years, strict=False):
            number, voucher = f"{asset}FP{year}", self._voucher()
            each = -(-floor // WHOLE) + self._rng.randint(0, 10)
            if "DECLARED_BELOW_FLOOR" in traps and year == self._last:
                each = floor // WHOLE - 10
                ledger.money["DECLARED_BELOW_FLOOR"].add(number)
            told: Values = {"Distribution.year": year, "Distribution.declared": yuan(each * WHOLE)}
            on = date(year, *shares.RECORD)
            self._register.add(
                "收益分配",
                {
                    "Distribution.distribution_no": number,
                    "Asset.asset_no": asset,
                    "Distribution.declared_on": on,
                    **told,
                },
            )
            amounts = {card: shares_held * each for card, shares_held in held.items()}
            if "PAID_NOT_BY_SHARES" in traps and year == self._last:
                one, two = list(amounts)[:2]
                amounts[one], amounts[two] = amounts[one] + 1234, amounts[two] - 1234
                ledger.money["PAID_NOT_BY_SHARES"].add(number)
            for card, fen in amounts.items():
                household = by_card[card]
                household.dividends[year] += fen
                if household.keeps and not household.life.poor_on(year):
                    ledger.money["DIVIDEND_AFTER_EXIT"].add((number, card))
                values: Values = {
                    "PAID.since": date(year, *shares.PAID),
                    "PAID.amount": yuan(fen),
                    "PAID.voucher": voucher,
                }
                self._register.add("分红发放", {"Distribution.distribution_no": number, "payee": card, **values})
