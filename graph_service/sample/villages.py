"""A village: its households, its money, its help, its books; made whole, then written, then forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.sample import links, lists, needs, responsibility, traps
from graph_service.sample.assets import Assets
from graph_service.sample.chance import stream
from graph_service.sample.credit import Bank
from graph_service.sample.help import Help
from graph_service.sample.households import Household, Life, life
from graph_service.sample.incomes import incomes
from graph_service.sample.ledger import Ledger
from graph_service.sample.making import Maker, Wish
from graph_service.sample.money import Purse
from graph_service.sample.numbers import Documents
from graph_service.sample.offices import Cadres, Office
from graph_service.sample.plan import DUTY_GAPS, HOUSEHOLDS, MONEY, REJECTED, Place, Slot, slots
from graph_service.sample.rejected import reject
from graph_service.sample.writing import Cell, Register, Values, yes, yuan
from graph_service.services.duties import years_after_exit

FACILITIES = {
    "hard_road": "VILLAGE_NO_ROAD", "clinic": "VILLAGE_NO_CLINIC", "culture_room": "VILLAGE_NO_CULTURE_ROOM",
    "network": "VILLAGE_NO_NETWORK",
}  # fmt: skip
"""What a village has, and the check that finds it lacking."""
ID_CARD = 18
"""Characters of the number of an ID card; certificates have more."""
POOR_VILLAGES, ASSETS, WORKS, COLLECTIVES = 0.35, 0.4, 0.3, 0.5
"""Shares of villages: poor ones, others with an asset of shares, with works for all; of poor ones, with money for their collective."""
STRANGERS, WATCHED, RELATIVES = 0.03, 0.05, 0.05
"""Entries of outside lists a household, who are not in the register; households watched of those that are not poor; villages with kin of
a cadre in the register."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What all villages of a register share."""

    register: Register
    ledger: Ledger
    documents: Documents
    planter: traps.Planter
    seed: int
    households: int
    first: int
    last: int
    planted: bool


class Village:
    """One of them, made from a stream of chance of its own: of the others it takes only that a number of a document is given once."""

    def __init__(self, scope: Scope, place: Place, office: Office, purse: Purse, bank: Bank) -> None:
        self._scope, self._place, self._office, self._purse, self._bank = scope, place, office, purse, bank
        self._register, self._ledger = scope.register, scope.ledger
        self._first, self._last = scope.first, scope.last
        self._rng = stream(scope.seed, place.code)
        self._poor = self._rng.random() < POOR_VILLAGES or bool(DUTY_GAPS.keys() & place.traps)
        self._operators = office.operators[responsibility.office_town(place)]

    def make(self) -> None:
        scope, place, rng = self._scope, self._place, self._rng
        households = self._households()
        self._money(households)
        cadres = Cadres(self._register, self._office, place, rng)
        help_ = Help(self._register, cadres, rng, self._first, self._last)
        support = years_after_exit(self._last * 10000 + 1231)
        help_.households([h for h in households if h.life.helped(self._last, support)])
        poor = sum(1 for h in households if h.life.poor_on(self._last + 1))
        help_.village(place, self._office, self._poor, poor, self._ledger)
        for household in households:
            self._write(household)
        self._books(households)
        if households:
            responsibility.problems(self._register, place, households, self._office, rng, self._last)
        strangers = sum(1 for _ in households if rng.random() < STRANGERS)
        lists.strangers(self._register, rng, scope.documents, strangers, self._office.code, self._last)
        if cadres.numbers and rng.random() < RELATIVES:
            links.relative(self._register, rng, scope.documents, cadres.numbers[0], self._last)
        if REJECTED in place.traps:
            reject(self._register, self._ledger, cadres.numbers, households, self._last)

    def _households(self) -> list[Household]:
        scope, place = self._scope, self._place
        maker = Maker(self._rng, place.code, self._last, scope.documents)
        # Who holds shares all the time, and one who has exited: what goes wrong with money needs them.
        wanted = [Life(self._first - 2), Life(self._first - 2), Life(self._first - 3, self._last - 1)]
        wanted = wanted if place.traps.intersection(MONEY) else []
        found = []
        for number in range(place.households):
            at = place.first + number
            slot = self._slot(at)
            if slot:
                household = maker.make(number, at, scope.planter.wish(slot))
                scope.planter.plant(slot, household, maker)
            elif wanted:
                household = maker.make(number, at, Wish(wanted.pop(0), "FAMILY"))
                household.keeps = household.life.exit_year is not None and "DIVIDEND_AFTER_EXIT" in place.traps
            else:
                household = maker.make(number, at, Wish(life(self._rng, self._first, self._last)))
            if household.linked and not household.jobs:
                household.jobs = links.jobs(self._rng, household, self._last)
            found.append(household)
        return found

    def _slot(self, at: int) -> Slot | None:
        if not self._scope.planted:
            return None
        block, within = divmod(at, HOUSEHOLDS)
        return slots(traps.ROLES, self._scope.seed, block, self._scope.households).get(within)

    def _money(self, households: Sequence[Household]) -> None:
        rng, place = self._rng, self._place
        own = stream(self._scope.seed, place.code, "assets")
        assets = Assets(self._register, self._purse, place, self._office, rng, own, self._first, self._last)
        assets.grants([h for h in households if h.life.registered])
        if households and rng.random() < WORKS:
            assets.works()
        collective = stream(self._scope.seed, place.code, "collective")
        if self._poor and collective.random() < COLLECTIVES:
            assets.collective(collective)
        if self._poor or rng.random() < ASSETS or place.traps.intersection(MONEY):
            assets.shared(households, self._ledger)
        if "CELL_NOT_PAID" in place.traps:
            for household in [h for h in households if h.dividends[self._last] and not h.trapped][:1]:
                household.said["HouseholdYear.dividend_income"] = yuan(household.dividends[self._last] + 5000)
                self._ledger.money["CELL_NOT_PAID"].add(household.card)

    def _write(self, household: Household) -> None:
        register, rng, last, card = self._register, self._rng, self._last, household.card
        registered = household.life.registered
        for year in range(max(self._first, household.life.identified), last + 1):
            said = household.said if year == last else {}
            cells = household.cells(self._place.code, year, last)
            register.add("贫困户", {**cells, **incomes(rng, household, year, last), **said})
            for member in household.present(year):
                register.add("家庭成员", member.row(card, household.ethnic_group, year, last))
        self._bank.lend(household)
        payments = stream(self._scope.seed, card, "payments")
        for at, measure in enumerate(household.measures, 1):
            department, year = rng.choice(self._office.departments), measure.since.year
            fund = self._purse.cover(measure.kind, year, measure.amount) if year >= self._first else None
            payment = needs.payment(payments, household, measure, at) if fund else {}
            register.add("帮扶措施", needs.row(measure, card, department, fund, payment))
        if registered and household.linked:
            links.link(register, rng, household, self._operators, last)
        links.employ(register, household, self._operators)
        for member in household.members:
            # 17 characters are a fault, and told as that.
            if member.document and len(member.document) > ID_CARD:
                self._ledger.documents[str(len(member.document))].add(member.number)
            if registered and member.ill and rng.random() < 0.5:
                links.medical_costs(register, rng, member, last)
        lists.listed(register, rng, household, self._office.code)
        if not household.life.poor_on(last + 1) and not household.trapped and rng.random() < WATCHED:
            lists.watch(register, rng, household, last)

    def _books(self, households: Sequence[Household]) -> None:
        rng, place = self._rng, self._place
        people = sum(len(h.members) for h in households)
        whole = 3 * len(households) + rng.randint(50, 200)
        land = sum((float(str(h.said.get("HouseholdYear.cultivated_land", h.land))) for h in households), 0.0)
        enough = round(1.3 * abs(land) + rng.randint(100, 900), 1)
        for year in range(self._first, self._last + 1):
            told: dict[str, Cell] = {
                "Village.code": place.code, "VillageYear.year": year, "VillageYear.name": place.name,
                "VillageYear.poor": yes(self._poor), "VillageYear.planned_exit_year": self._last + 1 if self._poor else None,
                "VillageYear.collective_income": rng.randint(20, 900) / 100, "VillageYear.households": whole,
                "VillageYear.population": 3 * people + rng.randint(200, 700), "VillageYear.cultivated_land": enough,
            }  # fmt: skip
            for name in FACILITIES:
                told[f"VillageYear.{name}"] = yes(year == self._last or rng.random() < 0.8)
            self._register.add("行政村", {**told, **(self._wrong(land) if year == self._last else {})})

    def _wrong(self, land: float) -> Values:
        """Cells of the last book that a trap puts wrong, told to the ledger."""
        place, ledger, rng = self._place, self._ledger, self._rng
        trap = next((one for one in place.traps if one.startswith(("VILLAGE_", "POST_"))), None)
        if trap:
            ledger.checks[trap].add(place.code)
        if trap == "VILLAGE_INCOME_BLANK":
            return {"VillageYear.collective_income": rng.choice((None, 0))}
        if trap == "VILLAGE_LAND":
            return {"VillageYear.cultivated_land": round(land * 0.8, 1)}
        return {f"VillageYear.{name}": yes(False) for name, check in FACILITIES.items() if check == trap}
