"""What projects form in a village: an asset whose shares its poor households hold, works that all use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from random import Random

from graph_service.domain.model import enumerations as enums
from graph_service.sample import shares
from graph_service.sample.county_funds import (
    COLLECTIVE,
    HOUSEHOLD,
    OPERATOR,
    PERSON,
    PROJECT,
    CountyFunds,
)
from graph_service.sample.households import Household
from graph_service.sample.offices import Office
from graph_service.sample.plan import PlannedVillage
from graph_service.sample.register_writer import RegisterWriter, RowCells, member_texts, yuan_text
from graph_service.sample.responsibility import township_code
from graph_service.sample.trap_ledger import TrapLedger

PROJECT_KINDS, ASSET_KINDS, SHARE_KINDS = (
    member_texts(enums.PROJECT_KIND),
    member_texts(enums.ASSET_KIND),
    member_texts(enums.SHARE_KIND),
)
SHARE_ACTS = member_texts(enums.SHARE_ACT)
WORKS = (
    ("INFRASTRUCTURE", "通村公路"), ("WATER", "集中供水站"), ("CULTURE", "村文化室"), ("HEALTH", "村卫生室"), ("ECOLOGY", "护坡林"),
)  # fmt: skip
BUSINESS_NAMES = ("养殖场", "花椒基地", "光伏电站", "冷水鱼塘", "加工车间")
TOTAL_SHARES = 1000
"""Shares of an asset."""
SCHOOL_YEAR_MONTH = 9
"""Month from which aid for a school year goes to who studies, not to the household."""
DECISION_DAY = (12, 28)
"""Month and day on which shares of the next year are decided on."""
INVESTED_RATE, TWO_PORTIONS_RATE = 0.25, 0.3
"""Shares of assets that are formed by money put into a cooperative; of works that two projects form."""


class VillageAssets:
    """Of a village, in the years from the first to the last. `details_rng`: draws who approves, which cooperatives, what has two portions."""

    def __init__(
        self,
        register: RegisterWriter,
        funds: CountyFunds,
        village: PlannedVillage,
        office: Office,
        rng: Random,
        details_rng: Random,
        first_year: int,
        last_year: int,
    ) -> None:
        self._register, self._funds, self._village, self._rng, self._details_rng = (
            register,
            funds,
            village,
            rng,
            details_rng,
        )
        self._first_year, self._last_year = first_year, last_year
        self._operators, self._approvers = office.township_operators[township_code(village)], office.approvers
        self._voucher_count = self._project_count = 0

    def _next_voucher(self) -> str:
        self._voucher_count += 1
        return f"{self._village.code}PZ{self._voucher_count:04d}"

    def write_grants(self, households: Sequence[Household]) -> None:
        """Money that the medical fund gives straight to households, and the education fund to them or to who studies, in the last year."""
        for household in households:
            ill, studies = (
                any(m.is_ill for m in household.members),
                any(m.is_student(self._last_year) for m in household.members),
            )
            if (ill or studies) and self._rng.random() < 0.1:
                kind = "MEDICAL_AID" if ill else "EDUCATION_AID"
                on, fen = date(self._last_year, self._rng.randint(3, 11), 15), self._rng.randint(3, 30) * 10_000
                to_kind, to = HOUSEHOLD, household.card
                if kind == "EDUCATION_AID" and on.month >= SCHOOL_YEAR_MONTH:
                    to_kind, to = PERSON, next(m.number for m in household.members if m.is_student(self._last_year))
                self._funds.pay(kind, to_kind, to, on, fen, self._next_voucher())

    def write_collective_funds(self, rng: Random) -> None:
        """Money for the collective economy of a village, in the last year."""
        on, fen = date(self._last_year, rng.randint(3, 11), 20), rng.randint(5, 30) * 1_000_000
        self._funds.pay("POVERTY_SPECIAL", COLLECTIVE, self._village.code, on, fen, self._next_voucher())

    def write_works(self) -> None:
        """Something that all use; now and then a voucher was too high, and is corrected."""
        rng = self._rng
        kind, name = rng.choice(WORKS)
        project, operator = self._next_project_no(), rng.choice(self._operators)
        on = date(rng.randint(self._first_year, self._last_year), rng.randint(3, 9), 10)
        fen, first = rng.randint(50, 600) * 100_000, self._next_voucher()
        over = rng.choice((0, 0, 0, 500_000))
        self._write_project(project, kind, name, operator, on.year)
        self._funds.pay("AGRICULTURE_INTEGRATED", PROJECT, project, on, fen + over, first)
        if over:
            later = on.replace(day=28)
            self._funds.pay("AGRICULTURE_INTEGRATED", PROJECT, project, later, -over, self._next_voucher(), first)
        asset = self._write_asset(project, name, {
            "Asset.kind": ASSET_KINDS["PUBLIC"], "owner": self._village.code, "Project.project_no": project,
            "FORMED.since": on.replace(month=11), "FORMED.amount": yuan_text(fen),
        })  # fmt: skip
        if self._details_rng.random() < TWO_PORTIONS_RATE:
            self._write_second_portion(asset, project, kind, name, on.replace(month=10))

    def _write_second_portion(self, asset: str, first_project: str, kind: str, name: str, paid_on: date) -> None:
        """A second project, and the portion of the works that it formed. Its numbers are beside those of the others."""
        project, fen = f"{first_project}-2", self._details_rng.randint(20, 200) * 100_000
        self._write_project(project, kind, f"{name}(二期)", self._details_rng.choice(self._operators), paid_on.year)
        self._funds.pay("AGRICULTURE_INTEGRATED", PROJECT, project, paid_on, fen, f"{project}PZ")
        portion: RowCells = {
            "FORMED.portion": "二期",
            "FORMED.since": paid_on.replace(month=12),
            "FORMED.amount": yuan_text(fen),
        }
        self._register.add("资产形成", {"Asset.asset_no": asset, "Project.project_no": project, **portion})

    def _next_project_no(self) -> str:
        """The number of the next project, and of what it forms."""
        self._project_count += 1
        return f"{self._village.code}XM{self._project_count:02d}"

    def _write_project(self, number: str, kind: str, name: str, operator: str, year: int) -> None:
        approved = date(year, 2, self._details_rng.randint(1, 28))
        self._register.add(
            "项目",
            {
                "Project.project_no": number, "Project.name": f"{self._village.name}{name}", "Project.kind": PROJECT_KINDS[kind],
                "Village.code": self._village.code, "operator": operator, "Cadre.cadre_no": self._details_rng.choice(self._approvers),
                "APPROVED.since": approved,
            },
        )  # fmt: skip

    def _write_asset(self, project: str, name: str, cells: RowCells) -> str:
        asset = project.replace("XM", "ZC")
        ends = {"Asset.asset_no": asset, "Village.code": self._village.code}
        self._register.add("资产", {**ends, "Asset.name": name, **cells})
        return asset

    def write_shared_asset(self, households: Sequence[Household], ledger: TrapLedger) -> None:
        """An asset with shares, where in each year there are those who may hold them. The households' dividends are noted."""
        rng, traps = self._rng, self._village.traps
        formed = rng.randint(self._first_year - 1, self._last_year - 1)
        common = TOTAL_SHARES // 5 if rng.random() < 0.25 else 0
        years = shares.preferred_holdings(TOTAL_SHARES - common, households, formed, self._last_year)
        if not years:
            return
        spread = shares.ordinary_holdings(common, households, formed, self._last_year) if common else []
        if common and not spread:
            years, common = shares.preferred_holdings(TOTAL_SHARES, households, formed, self._last_year), 0
        fen = min(map(len, years)) * rng.randint(2000, 3500) * 100
        name, operator = rng.choice(BUSINESS_NAMES), rng.choice(self._operators)
        number, voucher, paid_on = self._next_project_no(), self._next_voucher(), date(formed, rng.randint(3, 8), 10)
        rate, operated = rng.choice((5, 6)), rng.choice(self._operators)
        told: RowCells = {
            "Asset.kind": ASSET_KINDS["OPERATING"], "Asset.quantified": yuan_text(fen), "Asset.floor_rate": rate,
            "Asset.total_shares": TOTAL_SHARES,
        }  # fmt: skip
        if self._details_rng.random() < INVESTED_RATE and not traps & {"COUNTY_HOP_MISSING", "FORMED_OVER_SPENT"}:
            # Quantified straight from what a cooperative was given, which owns it and works with it.
            given = self._details_rng.choice(self._operators[1:])
            self._funds.pay("POVERTY_SPECIAL", OPERATOR, given, paid_on, fen, voucher)
            how: RowCells = {"owner": given, "operator": given}
        else:
            self._write_project(number, "INDUSTRY", name, operator, formed)
            value = self._pay_project(number, paid_on, fen, voucher, ledger)
            how = {
                "owner": self._village.code, "operator": operated, "Project.project_no": number,
                "FORMED.since": date(formed, 11, 20), "FORMED.amount": yuan_text(value),
            }  # fmt: skip
        asset = self._write_asset(number, name, {**told, **how})
        self._write_certificates(asset, years, spread, formed)
        together = [Counter(one) + Counter(two) for one, two in zip(years, spread or [{}] * len(years), strict=True)]
        self._write_distributions(asset, together, fen * rate // 100, households, formed, ledger)

    def _pay_project(self, project: str, paid_on: date, fen: int, voucher: str, ledger: TrapLedger) -> int:
        """Pay a project, past the county where a trap says so. The fen that it then forms: more where one does."""
        if "COUNTY_HOP_MISSING" in self._village.traps:
            ledger.money["COUNTY_HOP_MISSING"].add(project)
            self._funds.pay_past_county(project, paid_on, fen, voucher)
        else:
            self._funds.pay("POVERTY_SPECIAL", PROJECT, project, paid_on, fen, voucher)
        if "FORMED_OVER_SPENT" not in self._village.traps:
            return fen
        ledger.money["FORMED_OVER_SPENT"].add(project)
        return fen + 1_000_000

    def _write_certificates(
        self, asset: str, preferred: list[shares.Holdings], ordinary: list[shares.Holdings], formed_year: int
    ) -> None:
        """Certificates, and the decisions by which they were issued and ended: one in each year in which any moves."""
        number, moved = 0, set[int]()
        for kind, held in (("PREFERRED", preferred), ("ORDINARY", ordinary)):
            for one in shares.certificates(held, formed_year):
                number += 1
                moved.add(one.since.year)
                values: RowCells = {"HOLDS.since": one.since, "HOLDS.until": one.until, "HOLDS.shares": one.shares}
                # Shares that one year's decision ends it gives to others.
                ended = f"{asset}JD{one.until.year}" if one.until else None
                self._register.add(
                    "股权",
                    {
                        "HOLDS.certificate": f"{asset}GQ{number:04d}", "Asset.asset_no": asset, "HOLDS.kind": SHARE_KINDS[kind],
                        "holder": one.card, "HOLDS.total_shares": TOTAL_SHARES, "HOLDS.decision": f"{asset}JD{one.since.year}",
                        "HOLDS.ended_by": ended, **values,
                    },
                )  # fmt: skip
        for year in sorted(moved):
            act, reason = (
                ("ISSUE", "资产量化到户")
                if year == formed_year
                else ("REDISTRIBUTE", "动态调整,按年末在册贫困户重新配股")
            )
            self._register.add(
                "股权决定",
                {
                    "ShareDecision.decision_no": f"{asset}JD{year}", "ShareDecision.act": SHARE_ACTS[act],
                    "ShareDecision.decided_on": date(year, *DECISION_DAY), "ShareDecision.reason": reason, "Asset.asset_no": asset,
                },
            )  # fmt: skip

    def _write_distributions(
        self,
        asset: str,
        holdings_by_year: list[Counter[str]],
        floor: int,
        households: Sequence[Household],
        formed_year: int,
        ledger: TrapLedger,
    ) -> None:
        """A dividend for each year but the one to come: so many fen a share that nothing is left over, not below the floor."""
        traps, by_card = self._village.traps, {h.card: h for h in households}
        for year, held in zip(range(formed_year + 1, self._last_year + 1), holdings_by_year, strict=False):
            number, voucher = f"{asset}FP{year}", self._next_voucher()
            each = -(-floor // TOTAL_SHARES) + self._rng.randint(0, 10)
            if "DECLARED_BELOW_FLOOR" in traps and year == self._last_year:
                each = floor // TOTAL_SHARES - 10
                ledger.money["DECLARED_BELOW_FLOOR"].add(number)
            told: RowCells = {"Distribution.year": year, "Distribution.declared": yuan_text(each * TOTAL_SHARES)}
            on = date(year, *shares.RECORD_DAY)
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
            if "PAID_NOT_BY_SHARES" in traps and year == self._last_year:
                one, two = list(amounts)[:2]
                amounts[one], amounts[two] = amounts[one] + 1234, amounts[two] - 1234
                ledger.money["PAID_NOT_BY_SHARES"].add(number)
            for card, fen in amounts.items():
                household = by_card[card]
                household.dividends[year] += fen
                if household.keeps_shares and not household.history.is_poor_in(year):
                    ledger.money["DIVIDEND_AFTER_EXIT"].add((number, card))
                values: RowCells = {
                    "PAID.since": date(year, *shares.PAYMENT_DAY),
                    "PAID.amount": yuan_text(fen),
                    "PAID.voucher": voucher,
                }
                self._register.add("分红发放", {"Distribution.distribution_no": number, "payee": card, **values})
