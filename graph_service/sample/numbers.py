"""Numbers that belong to nobody and are otherwise valid: ID documents, telephones, credit codes."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from graph_service.domain.check_characters import credit_code_check_character, document_check_character

UNASSIGNED_AREA = "519900"
"""An area code that is not assigned."""
MAX_SERIALS = 500
"""Numbers available for a day of birth and a sex."""
FIRST_CADRE_PHONE = 50_000_000
"""First telephone index of cadres; lower ones are households'."""


class DocumentNumbers:
    """Issuer of document numbers, each given once: the next one for a day of birth and a sex, as offices do."""

    def __init__(self) -> None:
        self._issued: Counter[int] = Counter()

    def issue(self, born: date, is_male: bool) -> tuple[str, date]:
        """Return a number and the day of birth it is for: a later day where all numbers of the day are given."""
        while self._issued[key := born.toordinal() * 2 + is_male] >= MAX_SERIALS:
            born += timedelta(1)
        serial = self._issued[key]
        self._issued[key] = serial + 1
        digits = f"{UNASSIGNED_AREA}{born.year}{born.month:02d}{born.day:02d}{serial * 2 + is_male:03d}"
        return digits + document_check_character(digits), born


def with_wrong_check_digit(document: str) -> str:
    """Return the same number with a wrong check character."""
    return document[:17] + ("0" if document[17] != "0" else "1")


def phone(index: int) -> str:
    """Return the telephone at an index: 11 digits, no two alike below 10**8."""
    return f"100{(index * 61_803_399 + 12_345_678) % 10**8:08d}"


def credit_code(is_cooperative: bool, index: int) -> str:
    """Return the unified social credit code of the operator at an index."""
    digits = f"{'93' if is_cooperative else '91'}{UNASSIGNED_AREA}MA{index:07d}"
    return digits + credit_code_check_character(digits)
