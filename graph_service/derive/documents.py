"""What the number of an ID document says of its holder (DOMAIN §3; GB 11643).

18 characters = resident ID card, 20 = disability certificate (18, type, grade), 22 = re-issued certificate (18, type, grade, times).
The first 18 carry a day of birth, the sex and an ISO 7064 MOD 11-2 check character.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_2

KINDS = {18: "RESIDENT", 20: "DISABILITY", 22: "REISSUED"}
IDENTITY = 18


@dataclass(frozen=True, slots=True)
class Document:
    """`kind`, `fault`, `sex`: members of their code lists; `born_on`: YYYYMMDD; `identity`: what two documents of one person share.

    Where there is a fault nothing is said of birth and sex; of a wrong length not the identity either.
    """

    kind: str | None = None
    fault: str | None = None
    born_on: int | None = None
    sex: str | None = None
    identity: str | None = None

    def stored(self) -> dict[str, object]:
        """By name of the person's property, as rows keep values."""
        return {
            "document_kind": self.kind and (self.kind, None),
            "document_fault": self.fault and (self.fault, None),
            "document_sex": self.sex and (self.sex, None),
            "born_on": self.born_on,
            "identity": self.identity,
        }


@lru_cache(64)
def document(text: str) -> Document:
    """Return what a number says; set apart in groups it is the same number."""
    text = "".join(text.split()).upper()
    kind = KINDS.get(len(text))
    if kind is None:
        return Document(fault="LENGTH")
    identity, digits = text[:IDENTITY], text[: IDENTITY - 1]
    if not digits.isdecimal() or not (text[IDENTITY:].isalnum() or kind == "RESIDENT"):
        return Document(kind, "SHAPE", identity=identity)
    born = int(digits[6:14])
    try:
        date(born // 10000, born // 100 % 100, born % 100)
        mod_11_2.validate(identity)
    except ValidationError:
        return Document(kind, "CHECK_CHARACTER", identity=identity)
    except ValueError:
        return Document(kind, "DAY_OF_BIRTH", identity=identity)
    return Document(kind, None, born, "MALE" if int(digits[-1]) % 2 else "FEMALE", identity)
