"""Micro-credit: a county's bank, its loans to households with a credit measure, their repayments, and the relending behind them."""

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
"""Smallest and largest loan of a household, and the step between amounts, in yuan."""
LOAN_TERMS = (1, 2, 3)
"""Years until a loan is due."""
RELENDING_TERM = 5
"""Years until relending is due, with all its extensions (展期)."""
RELENDING_UNIT = 1_000_000
"""Unit of relending, in fen: 10,000 yuan."""
RELENDING_DAY = (1, 5)
"""Month and day of relending: no loan to a household is earlier."""
HOUSEHOLD_KIND, BANK_KIND = "户", "银行"


class Bank:
    """Bank of a county (农村信用社), from the first year to the last. It draws from its own random streams."""

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
        """Write a loan for each credit measure that began in these years, give the measure the loan's amount, and write the repayments."""
        for index, measure in enumerate(household.measures, 1):
            if measure.content != CREDIT or measure.since.year < self._first_year:
                continue
            rng = stream(self._seed, household.card, "credit", index)
            lent_on = measure.since + timedelta(rng.randint(7, 25))
            # A day that exists in every year, so that the loan can be due on it.
            lent_on = lent_on.replace(day=min(lent_on.day, 28))
            due_on = lent_on.replace(year=lent_on.year + rng.choice(LOAN_TERMS))
            measure.amount = fen = rng.randrange(MIN_LOAN, MAX_LOAN + LOAN_STEP, LOAN_STEP) * 100
            self._lent_by_year[lent_on.year] += fen
            self._write(
                "贷款", "LENT", f"{household.card}DK{index:02d}", household.card, lent_on, fen, {"LENT.due": due_on}
            )
            for number, (repaid_on, repaid_fen) in enumerate(
                _instalments(rng, lent_on, due_on, fen, date(self._last_year, 12, 31)), 1
            ):
                self._write(
                    "还款",
                    "REPAID",
                    f"{household.card}HK{index:02d}{number}",
                    household.card,
                    repaid_on,
                    repaid_fen,
                    {},
                )

    def _write(self, sheet: str, type_: str, voucher: str, card: str, since: date, fen: int, cells: RowCells) -> None:
        end_cells = {"voucher": voucher, "lender": self._bank_no, "borrower_kind": HOUSEHOLD_KIND, "borrower": card}
        self._register.add(sheet, {**end_cells, f"{type_}.since": since, f"{type_}.amount": yuan_text(fen), **cells})

    def write_relending(self) -> None:
        """Write the province's relending, in each year enough for the loans to households. None of it is due by the last year."""
        for year, fen in sorted(self._lent_by_year.items()):
            relent_fen, lent_on = -(-fen // RELENDING_UNIT) * RELENDING_UNIT, date(year, *RELENDING_DAY)
            loan_cells: RowCells = {
                "voucher": f"{self._county}DK{year}", "lender": self._funds.relend(year, relent_fen), "borrower_kind": BANK_KIND,
                "borrower": self._bank_no, "LENT.since": lent_on, "LENT.amount": yuan_text(relent_fen), "LENT.due": lent_on.replace(year=year + RELENDING_TERM),
            }  # fmt: skip
            self._register.add("贷款", loan_cells)


def _instalments(rng: Random, lent_on: date, due: date, fen: int, end: date) -> Iterator[tuple[date, int]]:
    """Yield day and fen: all is repaid by the due day; some repay a part or all before. Nothing is repaid after the end."""
    last = min(due, end)
    days = (last - lent_on).days
    if days < 60 or (due > end and rng.random() < 0.6):
        return
    part = fen * rng.choice((2, 4, 5)) // 10 if rng.random() < 0.6 else 0
    if part:
        yield lent_on + timedelta(rng.randint(days // 4, days // 2)), part
    if due <= end or not part:
        yield last - timedelta(rng.randint(0, days // 4)), fen - part
