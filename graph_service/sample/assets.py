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
from graph_service.sample.money import COLLECTIVE, HOUSEHOLD, OPERATOR, PERSON, PROJECT, Purse
from graph_service.sample.offices import Office
from graph_service.sample.plan import Place
from graph_service.sample.responsibility import office_town
from graph_service.sample.writing import Register, Values, texts, yuan

PROJECTS, ASSETS, SHARES = texts(enums.PROJECT_KIND), texts(enums.ASSET_KIND), texts(enums.SHARE_KIND)
ACTS = texts(enums.SHARE_ACT)
WORKS = (
    ("INFRASTRUCTURE", "通村公路"), ("WATER", "集中供水站"), ("CULTURE", "村文化室"), ("HEALTH", "村卫生室"), ("ECOLOGY", "护坡林"),
)  # fmt: skip
BUSINESS = ("养殖场", "花椒基地", "光伏电站", "冷水鱼塘", "加工车间")
WHOLE = 1000
"""Shares of an asset."""
AUTUMN = 9
"""Month from which aid for a school year goes to who studies, not to the household."""
DECIDED = (12, 28)
"""Month and day on which shares of the next year are decided on."""
INVESTED, PORTIONS = 0.25, 0.3
"""Shares of assets that are formed by money put into a cooperative; of works that two projects form."""


class Assets:
    """Of a village, in the years from the first to the last. `own`: draws who approves, which cooperatives, what has two portions."""

    def __init__(
        self,
        register: Register,
        purse: Purse,
        place: Place,
        office: Office,
        rng: Random,
        own: Random,
        first: int,
        last: int,
    ) -> None:
        self._register, self._purse, self._place, self._rng, self._own = register, purse, place, rng, own
        self._first, self._last = first, last
        self._operators, self._approvers = office.operators[office_town(place)], office.approvers
        self._vouchers = self._projects = 0

    def _voucher(self) -> str:
        self._vouchers += 1
        return f"{self._place.code}PZ{self._vouchers:04d}"

    def grants(self, households: Sequence[Household]) -> None:
        """Money that the medical fund gives straight to households, and the education fund to them or to who studies, in the last year."""
        for household in households:
            ill, studies = any(m.ill for m in household.members), any(m.studies(self._last) for m in household.members)
            if (ill or studies) and self._rng.random() < 0.1:
                kind = "MEDICAL_AID" if ill else "EDUCATION_AID"
                on, fen = date(self._last, self._rng.randint(3, 11), 15), self._rng.randint(3, 30) * 10_000
                to_kind, to = HOUSEHOLD, household.card
                if kind == "EDUCATION_AID" and on.month >= AUTUMN:
                    to_kind, to = PERSON, next(m.number for m in household.members if m.studies(self._last))
                self._purse.pay(kind, to_kind, to, on, fen, self._voucher())

    def collective(self, rng: Random) -> None:
        """Money for the collective economy of a village, in the last year."""
        on, fen = date(self._last, rng.randint(3, 11), 20), rng.randint(5, 30) * 1_000_000
        self._purse.pay("POVERTY_SPECIAL", COLLECTIVE, self._place.code, on, fen, self._voucher())

    def works(self) -> None:
        """Something that all use; now and then a voucher was too high, and is corrected."""
        rng = self._rng
        kind, name = rng.choice(WORKS)
        project, operator = self._next(), rng.choice(self._operators)
        on = date(rng.randint(self._first, self._last), rng.randint(3, 9), 10)
        fen, first = rng.randint(50, 600) * 100_000, self._voucher()
        over = rng.choice((0, 0, 0, 500_000))
        self._project(project, kind, name, operator, on.year)
        self._purse.pay("AGRICULTURE_INTEGRATED", PROJECT, project, on, fen + over, first)
        if over:
            later = on.replace(day=28)
            self._purse.pay("AGRICULTURE_INTEGRATED", PROJECT, project, later, -over, self._voucher(), first)
        asset = self._asset(project, name, {
            "Asset.kind": ASSETS["PUBLIC"], "owner": self._place.code, "Project.project_no": project,
            "FORMED.since": on.replace(month=11), "FORMED.amount": yuan(fen),
        })  # fmt: skip
        if self._own.random() < PORTIONS:
            self._further(asset, project, kind, name, on.replace(month=10))

    def _further(self, asset: str, first: str, kind: str, name: str, on: date) -> None:
        """A second project, and the portion of the works that it formed. Its numbers are beside those of the others."""
        project, fen = f"{first}-2", self._own.randint(20, 200) * 100_000
        self._project(project, kind, f"{name}(二期)", self._own.choice(self._operators), on.year)
        self._purse.pay("AGRICULTURE_INTEGRATED", PROJECT, project, on, fen, f"{project}PZ")
        portion: Values = {"FORMED.portion": "二期", "FORMED.since": on.replace(month=12), "FORMED.amount": yuan(fen)}
        self._register.add("资产形成", {"Asset.asset_no": asset, "Project.project_no": project, **portion})

    def _next(self) -> str:
        """The number of the next project, and of what it forms."""
        self._projects += 1
        return f"{self._place.code}XM{self._projects:02d}"

    def _project(self, number: str, kind: str, name: str, operator: str, year: int) -> None:
        approved = date(year, 2, self._own.randint(1, 28))
        self._register.add(
            "项目",
            {
                "Project.project_no": number, "Project.name": f"{self._place.name}{name}", "Project.kind": PROJECTS[kind],
                "Village.code": self._place.code, "operator": operator, "Cadre.cadre_no": self._own.choice(self._approvers),
                "APPROVED.since": approved,
            },
        )  # fmt: skip

    def _asset(self, project: str, name: str, told: Values) -> str:
        asset = project.replace("XM", "ZC")
        ends = {"Asset.asset_no": asset, "Village.code": self._place.code}
        self._register.add("资产", {**ends, "Asset.name": name, **told})
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
        name, operator = rng.choice(BUSINESS), rng.choice(self._operators)
        number, voucher, paid_on = self._next(), self._voucher(), date(formed, rng.randint(3, 8), 10)
        rate, operated = rng.choice((5, 6)), rng.choice(self._operators)
        told: Values = {
            "Asset.kind": ASSETS["OPERATING"], "Asset.quantified": yuan(fen), "Asset.floor_rate": rate,
            "Asset.total_shares": WHOLE,
        }  # fmt: skip
        if self._own.random() < INVESTED and not traps & {"COUNTY_HOP_MISSING", "FORMED_OVER_SPENT"}:
            # Quantified straight from what a cooperative was given, which owns it and works with it.
            given = self._own.choice(self._operators[1:])
            self._purse.pay("POVERTY_SPECIAL", OPERATOR, given, paid_on, fen, voucher)
            how: Values = {"owner": given, "operator": given}
        else:
            self._project(number, "INDUSTRY", name, operator, formed)
            value = self._spend(number, paid_on, fen, voucher, ledger)
            how = {
                "owner": self._place.code, "operator": operated, "Project.project_no": number,
                "FORMED.since": date(formed, 11, 20), "FORMED.amount": yuan(value),
            }  # fmt: skip
        asset = self._asset(number, name, {**told, **how})
        self._certify(asset, years, spread, formed)
        together = [Counter(one) + Counter(two) for one, two in zip(years, spread or [{}] * len(years), strict=True)]
        self._distribute(asset, together, fen * rate // 100, households, formed, ledger)

    def _spend(self, project: str, on: date, fen: int, voucher: str, ledger: Ledger) -> int:
        """Pay a project, past the county where a trap says so. The fen that it then forms: more where one does."""
        if "COUNTY_HOP_MISSING" in self._place.traps:
            ledger.money["COUNTY_HOP_MISSING"].add(project)
            self._purse.pay_straight(project, on, fen, voucher)
        else:
            self._purse.pay("POVERTY_SPECIAL", PROJECT, project, on, fen, voucher)
        if "FORMED_OVER_SPENT" not in self._place.traps:
            return fen
        ledger.money["FORMED_OVER_SPENT"].add(project)
        return fen + 1_000_000

    def _certify(self, asset: str, years: list[shares.Holdings], spread: list[shares.Holdings], formed: int) -> None:
        """Certificates, and the decisions by which they were issued and ended: one in each year in which any moves."""
        number, moved = 0, set[int]()
        for kind, held in (("PREFERRED", years), ("ORDINARY", spread)):
            for one in shares.certificates(held, formed):
                number += 1
                moved.add(one.since.year)
                values: Values = {"HOLDS.since": one.since, "HOLDS.until": one.until, "HOLDS.shares": one.shares}
                # Shares that one year's decision ends it gives to others.
                ended = f"{asset}JD{one.until.year}" if one.until else None
                self._register.add(
                    "股权",
                    {
                        "HOLDS.certificate": f"{asset}GQ{number:04d}", "Asset.asset_no": asset, "HOLDS.kind": SHARES[kind],
                        "holder": one.card, "HOLDS.total_shares": WHOLE, "HOLDS.decision": f"{asset}JD{one.since.year}",
                        "HOLDS.ended_by": ended, **values,
                    },
                )  # fmt: skip
        for year in sorted(moved):
            act, reason = (
                ("ISSUE", "资产量化到户") if year == formed else ("REDISTRIBUTE", "动态调整,按年末在册贫困户重新配股")
            )
            self._register.add(
                "股权决定",
                {
                    "ShareDecision.decision_no": f"{asset}JD{year}", "ShareDecision.act": ACTS[act],
                    "ShareDecision.decided_on": date(year, *DECIDED), "ShareDecision.reason": reason, "Asset.asset_no": asset,
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
