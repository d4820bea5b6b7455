"""Parsing of ID document numbers (DOMAIN §3; GB 11643).

18 characters = resident ID card, 20 = disability certificate (18, type, grade), 22 = re-issued certificate (18, type, grade, times).
The first 18 carry a day of birth, the sex and an ISO 7064 MOD 11-2 check character.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from graph_service.domain.check_characters import document_check_character

DOCUMENT_KINDS = {18: "RESIDENT", 20: "DISABILITY", 22: "REISSUED"}
IDENTITY_LENGTH = 18


@dataclass(frozen=True, slots=True)
class IdDocument:
    """A parsed number. `kind`, `fault`, `sex`: members of their code lists; `born_on`: YYYYMMDD; `identity`: the first 18 characters,
    which the documents of one person share.

    With a fault, birth and sex are None; with a wrong length, the identity as well.
    """

    kind: str | None = None
    fault: str | None = None
    born_on: int | None = None
    sex: str | None = None
    identity: str | None = None

    def stored_values(self) -> dict[str, object]:
        """Return the values by name of the person's property, in the form of row values."""
        return {
            "document_kind": self.kind and (self.kind, None),
            "document_fault": self.fault and (self.fault, None),
            "document_sex": self.sex and (self.sex, None),
            "born_on": self.born_on,
            "identity": self.identity,
        }


@lru_cache(64)
def parse_id_document(text: str) -> IdDocument:
    """Parse a number; white space between groups of digits is ignored."""
    text = "".join(text.split()).upper()
    kind = DOCUMENT_KINDS.get(len(text))
    if kind is None:
        return IdDocument(fault="LENGTH")
    identity, digits = text[:IDENTITY_LENGTH], text[: IDENTITY_LENGTH - 1]
    if not digits.isdecimal() or not (text[IDENTITY_LENGTH:].isalnum() or kind == "RESIDENT"):
        return IdDocument(kind, "SHAPE", identity=identity)
    born_on = int(digits[6:14])
    try:
        date(born_on // 10000, born_on // 100 % 100, born_on % 100)
    except ValueError:
        return IdDocument(kind, "DAY_OF_BIRTH", identity=identity)
    if document_check_character(digits) != identity[-1]:
        return IdDocument(kind, "CHECK_CHARACTER", identity=identity)
    return IdDocument(kind, None, born_on, "MALE" if int(digits[-1]) % 2 else "FEMALE", identity)
