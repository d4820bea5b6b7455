"""Micro-credit: a county's bank, what it lends to households of which a measure says so, what they pay back; the relending behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from graph_service.sample.chance import stream
from graph_service.sample.households import Household
from graph_service.sample.money import Purse
from graph_service.sample.needs import CREDIT
from graph_service.sample.plan import Area
from graph_service.sample.writing import Register, Values, yuan

LEAST, MOST, STEP = 5_000, 50_000, 1_000
"""Yuan that a household is lent, in steps of so many."""
TERMS = (1, 2, 3)
"""Years until a loan is due."""
EXTENDED = 5
"""Years until relending is due, with all its extensions (展期)."""
WHOLE = 1_000_000
"""The fen of 10,000 yuan: relending is so many times that."""
RELENT = (1, 5)
"""Month and day of relending: no household is lent anything before."""
HOUSEHOLD, BANK = "户", "银行"


class Bank:
    """Of a county (农村信用社), in the years from the first to the last. Draws from streams of its own."""

    def __init__(self, register: Register, purse: Purse, county: Area, seed: int, first: int, last: int) -> None:
        self._register, self._purse, self._county, self._seed = register, purse, county.code, seed
        self._first, self._last = first, last
        self._number = f"{county.code}YH01"
        self._lent: Counter[int] = Counter()
        register.add("银行", {"Bank.bank_no": self._number, "Bank.name": f"{county.name}农村信用社"})

    def lend(self, household: Household) -> None:
        """A loan for each measure that is one and began in these years, which then is as large; what of it is paid back."""
        for at, measure in enumerate(household.measures, 1):
            if measure.content != CREDIT or measure.since.year < self._first:
                continue
            rng = stream(self._seed, household.card, "credit", at)
            on = measure.since + timedelta(rng.randint(7, 25))
            # Each year has such a day, for the loan to be due on.
            on = on.replace(day=min(on.day, 28))
            due = on.replace(year=on.year + rng.choice(TERMS))
            measure.amount = fen = rng.randrange(LEAST, MOST + STEP, STEP) * 100
            self._lent[on.year] += fen
            self._write("贷款", "LENT", f"{household.card}DK{at:02d}", household.card, on, fen, {"LENT.due": due})
            for number, (day, part) in enumerate(_instalments(rng, on, due, fen, date(self._last, 12, 31)), 1):
                self._write("还款", "REPAID", f"{household.card}HK{at:02d}{number}", household.card, day, part, {})

    def _write(self, sheet: str, type_: str, voucher: str, card: str, on: date, fen: int, more: Values) -> None:
        ends = {"voucher": voucher, "lender": self._number, "borrower_kind": HOUSEHOLD, "borrower": card}
        self._register.add(sheet, {**ends, f"{type_}.since": on, f"{type_}.amount": yuan(fen), **more})

    def close(self) -> None:
        """The province's relending, of each year enough for what households were lent in it. None of it is due by the last year."""
        for year, fen in sorted(self._lent.items()):
            relent, on = -(-fen // WHOLE) * WHOLE, date(year, *RELENT)
            told: Values = {
                "voucher": f"{self._county}DK{year}", "lender": self._purse.relend(year, relent), "borrower_kind": BANK,
                "borrower": self._number, "LENT.since": on, "LENT.amount": yuan(relent), "LENT.due": on.replace(year=year + EXTENDED),
            }  # fmt: skip
            self._register.add("贷款", told)


def _instalments(rng: Random, on: date, due: date, fen: int, end: date) -> Iterator[tuple[date, int]]:
    """Day and fen: all of it by the day on which it is due; before, some pay a part or all. Nothing after the end."""
    last = min(due, end)
    days = (last - on).days
    if days < 60 or (due > end and rng.random() < 0.6):
        return
    part = fen * rng.choice((2, 4, 5)) // 10 if rng.random() < 0.6 else 0
    if part:
        yield on + timedelta(rng.randint(days // 4, days // 2)), part
    if due <= end or not part:
        yield last - timedelta(rng.randint(0, days // 4)), fen - part
