"""A village: its households, money, help and yearly books; generated as a whole, written, then dropped from memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.core.duties import years_after_exit
from graph_service.sample import (
    causes_and_measures,
    links,
    outside_lists,
    responsibility,
    traps,
)
from graph_service.sample.assets import VillageAssets
from graph_service.sample.county_funds import CountyFunds
from graph_service.sample.credit import Bank
from graph_service.sample.help_duties import HelpDuties
from graph_service.sample.household_factory import HouseholdFactory, HouseholdSpec
from graph_service.sample.households import Household, PovertyHistory, random_history
from graph_service.sample.incomes import income_cells
from graph_service.sample.numbers import DocumentNumbers
from graph_service.sample.offices import Office, VillageCadres
from graph_service.sample.plan import (
    DUTY_GAPS,
    HOUSEHOLDS_PER_TRAP,
    MONEY_TRAPS,
    REJECTED,
    PlannedTrap,
    PlannedVillage,
    planned_traps,
)
from graph_service.sample.register_writer import (
    CellValue,
    RegisterWriter,
    RowCells,
    yes_no,
    yuan_text,
)
from graph_service.sample.rejected_rows import write_rejected_rows
from graph_service.sample.rng import stream
from graph_service.sample.trap_ledger import TrapLedger

FACILITY_CHECKS = {
    "hard_road": "VILLAGE_NO_ROAD", "clinic": "VILLAGE_NO_CLINIC", "culture_room": "VILLAGE_NO_CULTURE_ROOM",
    "network": "VILLAGE_NO_NETWORK",
}  # fmt: skip
"""Facility of a village → the check that finds it missing."""
ID_CARD_LENGTH = 18
"""Characters of the number of an ID card; certificates have more."""
POOR_VILLAGE_RATE, SHARED_ASSET_RATE, WORKS_RATE, COLLECTIVE_FUNDS_RATE = 0.35, 0.4, 0.3, 0.5
"""Shares of villages: poor ones; others with a shared asset; those with public works; poor ones with money for their collective."""
OUTSIDER_RATE, WATCHED_RATE, RELATIVE_RATE = 0.03, 0.05, 0.05
"""Entries of outside lists per household, for people not in the register; share of households that are not poor that are watched; share
of villages with kin of a cadre in the register."""


@dataclass(frozen=True, slots=True)
class SampleContext:
    """Context shared by all villages of a register."""

    register: RegisterWriter
    ledger: TrapLedger
    documents: DocumentNumbers
    planter: traps.TrapPlanter
    seed: int
    households: int
    first_year: int
    last_year: int
    with_traps: bool


class VillageGenerator:
    """Generator of one village from its own random stream. It shares with other villages only that each document number is issued once."""

    def __init__(
        self, context: SampleContext, village: PlannedVillage, office: Office, funds: CountyFunds, bank: Bank
    ) -> None:
        self._context, self._village, self._office, self._funds, self._bank = context, village, office, funds, bank
        self._register, self._ledger = context.register, context.ledger
        self._first_year, self._last_year = context.first_year, context.last_year
        self._rng = stream(context.seed, village.code)
        self._is_poor = self._rng.random() < POOR_VILLAGE_RATE or bool(DUTY_GAPS.keys() & village.traps)
        self._operators = office.township_operators[responsibility.township_code(village)]

    def generate(self) -> None:
        context, village, rng = self._context, self._village, self._rng
        households = self._make_households()
        self._write_money(households)
        cadres = VillageCadres(self._register, self._office, village, rng)
        help_duties = HelpDuties(self._register, cadres, rng, self._first_year, self._last_year)
        support_years = years_after_exit(self._last_year * 10000 + 1231)
        help_duties.write_helpers([h for h in households if h.history.is_owed_help(self._last_year, support_years)])
        poor_count = sum(1 for h in households if h.history.is_poor_in(self._last_year + 1))
        help_duties.write_village_duties(village, self._office, self._is_poor, poor_count, self._ledger)
        for household in households:
            self._write_household(household)
        self._write_village_years(households)
        if households:
            responsibility.write_problems(self._register, village, households, self._office, rng, self._last_year)
        outsider_count = sum(1 for _ in households if rng.random() < OUTSIDER_RATE)
        outside_lists.write_outsiders(
            self._register, rng, context.documents, outsider_count, self._office.code, self._last_year
        )
        if cadres.numbers and rng.random() < RELATIVE_RATE:
            links.write_relative(self._register, rng, context.documents, cadres.numbers[0], self._last_year)
        if REJECTED in village.traps:
            write_rejected_rows(self._register, self._ledger, cadres.numbers, households, self._last_year)

    def _make_households(self) -> list[Household]:
        context, village = self._context, self._village
        factory = HouseholdFactory(self._rng, village.code, self._last_year, context.documents)
        # Money traps need two households that hold shares all the time, and one that has exited.
        required_histories = [
            PovertyHistory(self._first_year - 2),
            PovertyHistory(self._first_year - 2),
            PovertyHistory(self._first_year - 3, self._last_year - 1),
        ]
        required_histories = required_histories if village.traps.intersection(MONEY_TRAPS) else []
        households = []
        for number in range(village.households):
            index = village.first_household + number
            planned_trap = self._planned_trap(index)
            if planned_trap:
                household = factory.make(number, index, context.planter.spec(planned_trap))
                context.planter.plant(planned_trap, household, factory)
            elif required_histories:
                household = factory.make(number, index, HouseholdSpec(required_histories.pop(0), "FAMILY"))
                household.keeps_shares = (
                    household.history.exit_year is not None and "DIVIDEND_AFTER_EXIT" in village.traps
                )
            else:
                household = factory.make(
                    number, index, HouseholdSpec(random_history(self._rng, self._first_year, self._last_year))
                )
            if household.linked and not household.jobs:
                household.jobs = links.random_jobs(self._rng, household, self._last_year)
            households.append(household)
        return households

    def _planned_trap(self, index: int) -> PlannedTrap | None:
        if not self._context.with_traps:
            return None
        block, index_in_block = divmod(index, HOUSEHOLDS_PER_TRAP)
        return planned_traps(traps.TRAP_ROLES, self._context.seed, block, self._context.households).get(index_in_block)

    def _write_money(self, households: Sequence[Household]) -> None:
        rng, village = self._rng, self._village
        details_rng = stream(self._context.seed, village.code, "assets")
        assets = VillageAssets(
            self._register, self._funds, village, self._office, rng, details_rng, self._first_year, self._last_year
        )
        assets.write_grants([h for h in households if h.history.is_registered])
        if households and rng.random() < WORKS_RATE:
            assets.write_works()
        collective_rng = stream(self._context.seed, village.code, "collective")
        if self._is_poor and collective_rng.random() < COLLECTIVE_FUNDS_RATE:
            assets.write_collective_funds(collective_rng)
        if self._is_poor or rng.random() < SHARED_ASSET_RATE or village.traps.intersection(MONEY_TRAPS):
            assets.write_shared_asset(households, self._ledger)
        if "CELL_NOT_PAID" in village.traps:
            for household in [h for h in households if h.dividends[self._last_year] and not h.is_trapped][:1]:
                household.overrides["HouseholdYear.dividend_income"] = yuan_text(
                    household.dividends[self._last_year] + 5000
                )
                self._ledger.money["CELL_NOT_PAID"].add(household.card)

    def _write_household(self, household: Household) -> None:
        register, rng, last, card = self._register, self._rng, self._last_year, household.card
        is_registered = household.history.is_registered
        for year in range(max(self._first_year, household.history.identified_year), last + 1):
            overrides = household.overrides if year == last else {}
            cells = household.card_cells(self._village.code, year, last)
            register.add("贫困户", {**cells, **income_cells(rng, household, year, last), **overrides})
            for member in household.members_in(year):
                register.add("家庭成员", member.year_row(card, household.ethnic_group, year, last))
        self._bank.write_loans(household)
        payments_rng = stream(self._context.seed, card, "payments")
        for index, measure in enumerate(household.measures, 1):
            department, year = rng.choice(self._office.departments), measure.since.year
            fund = self._funds.charge_measure(measure.kind, year, measure.amount) if year >= self._first_year else None
            payment = causes_and_measures.payment_cells(payments_rng, household, measure, index) if fund else {}
            register.add("帮扶措施", causes_and_measures.measure_row(measure, card, department, fund, payment))
        if is_registered and household.linked:
            links.write_links(register, rng, household, self._operators, last)
        links.write_jobs(register, household, self._operators)
        for member in household.members:
            # A number of 17 characters is a defect and is recorded as one.
            if member.document and len(member.document) > ID_CARD_LENGTH:
                self._ledger.long_documents[str(len(member.document))].add(member.number)
            if is_registered and member.is_ill and rng.random() < 0.5:
                links.write_medical_cost(register, rng, member, last)
        outside_lists.write_listed_members(register, rng, household, self._office.code)
        if not household.history.is_poor_in(last + 1) and not household.is_trapped and rng.random() < WATCHED_RATE:
            outside_lists.write_watch(register, rng, household, last)

    def _write_village_years(self, households: Sequence[Household]) -> None:
        rng, village = self._rng, self._village
        member_count = sum(len(h.members) for h in households)
        household_count = 3 * len(households) + rng.randint(50, 200)
        land = sum((float(str(h.overrides.get("HouseholdYear.cultivated_land", h.land))) for h in households), 0.0)
        cultivated_land = round(1.3 * abs(land) + rng.randint(100, 900), 1)
        for year in range(self._first_year, self._last_year + 1):
            cells: dict[str, CellValue] = {
                "Village.code": village.code, "VillageYear.year": year, "VillageYear.name": village.name,
                "VillageYear.poor": yes_no(self._is_poor), "VillageYear.planned_exit_year": self._last_year + 1 if self._is_poor else None,
                "VillageYear.collective_income": rng.randint(20, 900) / 100, "VillageYear.households": household_count,
                "VillageYear.population": 3 * member_count + rng.randint(200, 700), "VillageYear.cultivated_land": cultivated_land,
            }  # fmt: skip
            for name in FACILITY_CHECKS:
                cells[f"VillageYear.{name}"] = yes_no(year == self._last_year or rng.random() < 0.8)
            self._register.add("行政村", {**cells, **(self._defect_cells(land) if year == self._last_year else {})})

    def _defect_cells(self, land: float) -> RowCells:
        """Return the cells of the last book that a trap makes wrong, and record the trap in the ledger."""
        village, ledger, rng = self._village, self._ledger, self._rng
        trap_code = next((code for code in village.traps if code.startswith(("VILLAGE_", "POST_"))), None)
        if trap_code:
            ledger.checks[trap_code].add(village.code)
        if trap_code == "VILLAGE_INCOME_BLANK":
            return {"VillageYear.collective_income": rng.choice((None, 0))}
        if trap_code == "VILLAGE_LAND":
            return {"VillageYear.cultivated_land": round(land * 0.8, 1)}
        return {f"VillageYear.{name}": yes_no(False) for name, check in FACILITY_CHECKS.items() if check == trap_code}
