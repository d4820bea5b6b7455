"""Numbers that belong to nobody, and are otherwise right: ID documents, telephones, credit codes."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

NOWHERE = "519900"
"""An area code that is assigned to nobody."""
SERIALS = 500
"""How many numbers there are for a day of birth and a sex."""
CADRES = 50_000_000
"""The first of the telephones of cadres; those before are households'."""


class Documents:
    """Each number is given once: for a day of birth and a sex the next one, as offices do."""

    def __init__(self) -> None:
        self._given: Counter[int] = Counter()

    def issue(self, born: date, male: bool) -> tuple[str, date]:
        """A number, and the day of birth that it is for: a later one where that day's are all given."""
        while self._given[key := born.toordinal() * 2 + male] >= SERIALS:
            born += timedelta(1)
        serial = self._given[key]
        self._given[key] = serial + 1
        digits = f"{NOWHERE}{born.year}{born.month:02d}{born.day:02d}{serial * 2 + male:03d}"
        return digits + str(mod_11_2.calc_check_digit(digits)), born


def other_check(document: str) -> str:
    """The same number with another check character than the right one."""
    return document[:17] + ("0" if document[17] != "0" else "1")


def phone(at: int) -> str:
    """The telephone of whom stands at this place: 11 digits, no two alike below 10**8."""
    return f"100{(at * 61_803_399 + 12_345_678) % 10**8:08d}"


def credit_code(cooperative: bool, at: int) -> str:
    """The unified social credit code of the operator at this place."""
    digits = f"{'93' if cooperative else '91'}{NOWHERE}MA{at:07d}"
    return digits + str(uscc.calc_check_digit(digits))
