"""Micro-credit: a county's bank, what it lends to households of which a measure says so, what they pay back; the relending behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from graph_service.sample.causes_and_measures import CREDIT
from graph_service.sample.county_funds import CountyFunds
from graph_service.sample.households import Household
from graph_service.sample.plan import PublishedArea
from graph_service.sample.register_writer import RegisterWriter, RowCells, yuan_text
from graph_service.sample.rng import stream

MIN_LOAN, MAX_LOAN, LOAN_STEP = 5_000, 50_000, 1_000
"""Yuan that a household is lent, in steps of so many."""
LOAN_TERMS = (1, 2, 3)
"""Years until a loan is due."""
RELENDING_TERM = 5
"""Years until relending is due, with all its extensions (展期)."""
RELENDING_UNIT = 1_000_000
"""The fen of 10,000 yuan: relending is so many times that."""
RELENDING_DAY = (1, 5)
"""Month and day of relending: no household is lent anything before."""
HOUSEHOLD_KIND, BANK_KIND = "户", "银行"


class Bank:
    """Of a county (农村信用社), in the years from the first to the last. Draws from streams of its own."""

    def __init__(
        self,
        register: RegisterWriter,
        funds: CountyFunds,
        county: PublishedArea,
        seed: int,
        first_year: int,
        last_year: int,
    ) -> None:
        self._register, self._funds, self._county, self._seed = register, funds, county.code, seed
        self._first_year, self._last_year = first_year, last_year
        self._bank_no = f"{county.code}YH01"
        self._lent_by_year: Counter[int] = Counter()
        register.add("银行", {"Bank.bank_no": self._bank_no, "Bank.name": f"{county.name}农村信用社"})

    def write_loans(self, household: Household) -> None:
        """A loan for each measure that is one and began in these years, which then is as large; what of it is paid back."""
        for at, measure in enumerate(household.measures, 1):
            if measure.content != CREDIT or measure.since.year < self._first_year:
                continue
            rng = stream(self._seed, household.card, "credit", at)
            on = measure.since + timedelta(rng.randint(7, 25))
            # Each year has such a day, for the loan to be due on.
            on = on.replace(day=min(on.day, 28))
            due = on.replace(year=on.year + rng.choice(LOAN_TERMS))
            measure.amount = fen = rng.randrange(MIN_LOAN, MAX_LOAN + LOAN_STEP, LOAN_STEP) * 100
            self._lent_by_year[on.year] += fen
            self._write("贷款", "LENT", f"{household.card}DK{at:02d}", household.card, on, fen, {"LENT.due": due})
            for number, (day, part) in enumerate(_instalments(rng, on, due, fen, date(self._last_year, 12, 31)), 1):
                self._write("还款", "REPAID", f"{household.card}HK{at:02d}{number}", household.card, day, part, {})

    def _write(self, sheet: str, type_: str, voucher: str, card: str, since: date, fen: int, cells: RowCells) -> None:
        ends = {"voucher": voucher, "lender": self._bank_no, "borrower_kind": HOUSEHOLD_KIND, "borrower": card}
        self._register.add(sheet, {**ends, f"{type_}.since": since, f"{type_}.amount": yuan_text(fen), **cells})

    def write_relending(self) -> None:
        """The province's relending, of each year enough for what households were lent in it. None of it is due by the last year."""
        for year, fen in sorted(self._lent_by_year.items()):
            relent, on = -(-fen // RELENDING_UNIT) * RELENDING_UNIT, date(year, *RELENDING_DAY)
            told: RowCells = {
                "voucher": f"{self._county}DK{year}", "lender": self._funds.relend(year, relent), "borrower_kind": BANK_KIND,
                "borrower": self._bank_no, "LENT.since": on, "LENT.amount": yuan_text(relent), "LENT.due": on.replace(year=year + RELENDING_TERM),
            }  # fmt: skip
            self._register.add("贷款", told)


def _instalments(rng: Random, lent_on: date, due: date, fen: int, end: date) -> Iterator[tuple[date, int]]:
    """Day and fen: all of it by the day on which it is due; before, some pay a part or all. Nothing after the end."""
    last = min(due, end)
    days = (last - lent_on).days
    if days < 60 or (due > end and rng.random() < 0.6):
        return
    part = fen * rng.choice((2, 4, 5)) // 10 if rng.random() < 0.6 else 0
    if part:
        yield lent_on + timedelta(rng.randint(days // 4, days // 2)), part
    if due <= end or not part:
        yield last - timedelta(rng.randint(0, days // 4)), fen - part
