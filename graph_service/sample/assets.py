"""Assets that projects form in a village: an asset whose shares poor households hold, and public works."""

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
"""Month from which aid for a school year is paid to the student, not to the household."""
DECISION_DAY = (12, 28)
"""Month and day of the decision on the shares of the next year."""
INVESTED_RATE, TWO_PORTIONS_RATE = 0.25, 0.3
"""Share of assets formed by money put into a cooperative; share of works formed by two projects."""


class VillageAssets:
    """Assets of a village, from the first year to the last. `details_rng`: draws approvers, cooperatives, and works with two portions."""

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
        """Write grants of the last year: from the medical fund to households, from the education fund to them or to a student."""
        for household in households:
            has_ill_member, has_student = (
                any(m.is_ill for m in household.members),
                any(m.is_student(self._last_year) for m in household.members),
            )
            if (has_ill_member or has_student) and self._rng.random() < 0.1:
                kind = "MEDICAL_AID" if has_ill_member else "EDUCATION_AID"
                paid_on, fen = date(self._last_year, self._rng.randint(3, 11), 15), self._rng.randint(3, 30) * 10_000
                recipient_kind, recipient = HOUSEHOLD, household.card
                if kind == "EDUCATION_AID" and paid_on.month >= SCHOOL_YEAR_MONTH:
                    recipient_kind, recipient = (
                        PERSON,
                        next(m.number for m in household.members if m.is_student(self._last_year)),
                    )
                self._funds.pay(kind, recipient_kind, recipient, paid_on, fen, self._next_voucher())

    def write_collective_funds(self, rng: Random) -> None:
        """Write the money for the collective economy of the village, in the last year."""
        paid_on, fen = date(self._last_year, rng.randint(3, 11), 20), rng.randint(5, 30) * 1_000_000
        self._funds.pay("POVERTY_SPECIAL", COLLECTIVE, self._village.code, paid_on, fen, self._next_voucher())

    def write_works(self) -> None:
        """Write public works; now and then a voucher is too high and is corrected."""
        rng = self._rng
        kind, name = rng.choice(WORKS)
        project, operator = self._next_project_no(), rng.choice(self._operators)
        paid_on = date(rng.randint(self._first_year, self._last_year), rng.randint(3, 9), 10)
        fen, first_voucher = rng.randint(50, 600) * 100_000, self._next_voucher()
        excess = rng.choice((0, 0, 0, 500_000))
        self._write_project(project, kind, name, operator, paid_on.year)
        self._funds.pay("AGRICULTURE_INTEGRATED", PROJECT, project, paid_on, fen + excess, first_voucher)
        if excess:
            corrected_on = paid_on.replace(day=28)
            self._funds.pay(
                "AGRICULTURE_INTEGRATED", PROJECT, project, corrected_on, -excess, self._next_voucher(), first_voucher
            )
        asset = self._write_asset(project, name, {
            "Asset.kind": ASSET_KINDS["PUBLIC"], "owner": self._village.code, "Project.project_no": project,
            "FORMED.since": paid_on.replace(month=11), "FORMED.amount": yuan_text(fen),
        })  # fmt: skip
        if self._details_rng.random() < TWO_PORTIONS_RATE:
            self._write_second_portion(asset, project, kind, name, paid_on.replace(month=10))

    def _write_second_portion(self, asset: str, first_project: str, kind: str, name: str, paid_on: date) -> None:
        """Write a second project and the portion of the works that it formed. Its numbers are outside the sequence of the others."""
        project, fen = f"{first_project}-2", self._details_rng.randint(20, 200) * 100_000
        self._write_project(project, kind, f"{name}（二期）", self._details_rng.choice(self._operators), paid_on.year)
        self._funds.pay("AGRICULTURE_INTEGRATED", PROJECT, project, paid_on, fen, f"{project}PZ")
        portion: RowCells = {
            "FORMED.portion": "二期",
            "FORMED.since": paid_on.replace(month=12),
            "FORMED.amount": yuan_text(fen),
        }
        self._register.add("资产形成", {"Asset.asset_no": asset, "Project.project_no": project, **portion})

    def _next_project_no(self) -> str:
        """Return the number of the next project, from which that of its asset is derived."""
        self._project_count += 1
        return f"{self._village.code}XM{self._project_count:02d}"

    def _write_project(self, number: str, kind: str, name: str, operator: str, year: int) -> None:
        approved_on = date(year, 2, self._details_rng.randint(1, 28))
        self._register.add(
            "项目",
            {
                "Project.project_no": number, "Project.name": f"{self._village.name}{name}", "Project.kind": PROJECT_KINDS[kind],
                "Village.code": self._village.code, "operator": operator, "Cadre.cadre_no": self._details_rng.choice(self._approvers),
                "APPROVED.since": approved_on,
            },
        )  # fmt: skip

    def _write_asset(self, project: str, name: str, cells: RowCells) -> str:
        asset = project.replace("XM", "ZC")
        key_cells = {"Asset.asset_no": asset, "Village.code": self._village.code}
        self._register.add("资产", {**key_cells, "Asset.name": name, **cells})
        return asset

    def write_shared_asset(self, households: Sequence[Household], ledger: TrapLedger) -> None:
        """Write an asset with shares, provided that in each year some households may hold them. Add the dividends to the households."""
        rng, traps = self._rng, self._village.traps
        formed_year = rng.randint(self._first_year - 1, self._last_year - 1)
        ordinary_shares = TOTAL_SHARES // 5 if rng.random() < 0.25 else 0
        preferred = shares.preferred_holdings(TOTAL_SHARES - ordinary_shares, households, formed_year, self._last_year)
        if not preferred:
            return
        ordinary = (
            shares.ordinary_holdings(ordinary_shares, households, formed_year, self._last_year)
            if ordinary_shares
            else []
        )
        if ordinary_shares and not ordinary:
            preferred, ordinary_shares = (
                shares.preferred_holdings(TOTAL_SHARES, households, formed_year, self._last_year),
                0,
            )
        fen = min(map(len, preferred)) * rng.randint(2000, 3500) * 100
        name, operator = rng.choice(BUSINESS_NAMES), rng.choice(self._operators)
        number, voucher, paid_on = (
            self._next_project_no(),
            self._next_voucher(),
            date(formed_year, rng.randint(3, 8), 10),
        )
        floor_rate, asset_operator = rng.choice((5, 6)), rng.choice(self._operators)
        asset_cells: RowCells = {
            "Asset.kind": ASSET_KINDS["OPERATING"], "Asset.quantified": yuan_text(fen), "Asset.floor_rate": floor_rate,
            "Asset.total_shares": TOTAL_SHARES,
        }  # fmt: skip
        if self._details_rng.random() < INVESTED_RATE and not traps & {"COUNTY_HOP_MISSING", "FORMED_OVER_SPENT"}:
            # Quantified directly from money given to a cooperative, which owns and operates the asset.
            cooperative = self._details_rng.choice(self._operators[1:])
            self._funds.pay("POVERTY_SPECIAL", OPERATOR, cooperative, paid_on, fen, voucher)
            origin_cells: RowCells = {"owner": cooperative, "operator": cooperative}
        else:
            self._write_project(number, "INDUSTRY", name, operator, formed_year)
            value = self._pay_project(number, paid_on, fen, voucher, ledger)
            origin_cells = {
                "owner": self._village.code, "operator": asset_operator, "Project.project_no": number,
                "FORMED.since": date(formed_year, 11, 20), "FORMED.amount": yuan_text(value),
            }  # fmt: skip
        asset = self._write_asset(number, name, {**asset_cells, **origin_cells})
        self._write_certificates(asset, preferred, ordinary, formed_year)
        holdings_by_year = [
            Counter(preferred_year) + Counter(ordinary_year)
            for preferred_year, ordinary_year in zip(preferred, ordinary or [{}] * len(preferred), strict=True)
        ]
        self._write_distributions(asset, holdings_by_year, fen * floor_rate // 100, households, formed_year, ledger)

    def _pay_project(self, project: str, paid_on: date, fen: int, voucher: str, ledger: TrapLedger) -> int:
        """Pay a project, past the county where a trap asks for it. Return the fen that it forms, more than paid where a trap asks for
        that."""
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
        """Write certificates, and the decisions that issued and ended them: one for each year in which shares move."""
        number, decision_years = 0, set[int]()
        for kind, holdings in (("PREFERRED", preferred), ("ORDINARY", ordinary)):
            for certificate in shares.certificates(holdings, formed_year):
                number += 1
                decision_years.add(certificate.since.year)
                values: RowCells = {
                    "HOLDS.since": certificate.since,
                    "HOLDS.until": certificate.until,
                    "HOLDS.shares": certificate.shares,
                }
                # The decision that ends shares also gives them to others.
                ended_by = f"{asset}JD{certificate.until.year}" if certificate.until else None
                self._register.add(
                    "股权",
                    {
                        "HOLDS.certificate": f"{asset}GQ{number:04d}", "Asset.asset_no": asset, "HOLDS.kind": SHARE_KINDS[kind],
                        "holder": certificate.card, "HOLDS.total_shares": TOTAL_SHARES, "HOLDS.decision": f"{asset}JD{certificate.since.year}",
                        "HOLDS.ended_by": ended_by, **values,
                    },
                )  # fmt: skip
        for year in sorted(decision_years):
            act, reason = (
                ("ISSUE", "资产量化到户")
                if year == formed_year
                else ("REDISTRIBUTE", "动态调整，按年末在册贫困户重新配股")
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
        """Write a dividend for each year but the coming one: whole fen a share with nothing left over, not below the floor."""
        traps, by_card = self._village.traps, {h.card: h for h in households}
        for year, holdings in zip(range(formed_year + 1, self._last_year + 1), holdings_by_year, strict=False):
            number, voucher = f"{asset}FP{year}", self._next_voucher()
            fen_per_share = -(-floor // TOTAL_SHARES) + self._rng.randint(0, 10)
            if "DIVIDEND_BELOW_FLOOR" in traps and year == self._last_year:
                fen_per_share = floor // TOTAL_SHARES - 10
                ledger.money["DIVIDEND_BELOW_FLOOR"].add(number)
            distribution_cells: RowCells = {
                "Distribution.year": year,
                "Distribution.amount": yuan_text(fen_per_share * TOTAL_SHARES),
            }
            record_date = date(year, *shares.RECORD_DAY)
            self._register.add(
                "收益分配",
                {
                    "Distribution.distribution_no": number,
                    "Asset.asset_no": asset,
                    "Distribution.record_date": record_date,
                    **distribution_cells,
                },
            )
            amounts = {card: shares_held * fen_per_share for card, shares_held in holdings.items()}
            if "PAID_NOT_BY_SHARES" in traps and year == self._last_year:
                first_card, second_card = list(amounts)[:2]
                amounts[first_card], amounts[second_card] = amounts[first_card] + 1234, amounts[second_card] - 1234
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
