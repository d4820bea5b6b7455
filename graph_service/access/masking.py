"""Masking: which classes of personal data a caller sees masked, and what a masked value looks like."""

from __future__ import annotations

import re
from typing import Any

from graph_service.access.permissions import Permissions
from graph_service.access.rights import Right
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.personal_numbers import MASK, mask_number, mask_numbers

RIGHT_BY_CLASS = {
    DataClassification.PERSONAL: Right.READ_NAMES,
    DataClassification.CONFIDENTIAL: Right.READ_CONFIDENTIAL,
    DataClassification.SENSITIVE: Right.READ_SENSITIVE,
}
"""Right that shows the values of a class in full; values of other classes are part of a record."""
AUDITED_CLASSES = frozenset((DataClassification.CONFIDENTIAL, DataClassification.SENSITIVE))
"""Classes whose values are read in full for a stated purpose only, and leave an entry in the audit log."""
MAX_EXCERPT_LENGTH = 40
_CUT_NUMBER = re.compile(
    r"\d(?:[ -]?\d){5,}[Xx]?(?= {,2}(?:…|\.{3}))|(?:(?<=…)|(?<=… )|(?<=\.{3})|(?<=\.{3} )|(?<=[….]  ))\d(?:[ -]?\d){5,}"
)
"""Digits at the place where a text was cut: what is left of a number that is not recognised any more."""

MaskedClasses = frozenset[DataClassification]
NOTHING_MASKED: MaskedClasses = frozenset()


def masked_classes(permissions: Permissions) -> MaskedClasses:
    """Return the classes that a caller sees masked: those whose right does not hold wherever the caller reads records. A class is masked as
    a whole, also in areas in which the caller has the right: a value that is shown by mistake cannot be taken back."""
    readable = permissions.areas_for(Right.READ_RECORDS)
    return frozenset(
        class_
        for class_, right in RIGHT_BY_CLASS.items()
        if not all(area.startswith(permissions.areas_for(right)) for area in readable)
    )


def mask_value(class_: DataClassification, value: Any) -> Any:
    """Return a value as it is shown masked: of a name its first character, of a number what `mask_number` leaves; nothing of a sensitive
    value."""
    if class_ is DataClassification.SENSITIVE or not isinstance(value, str):
        return None
    if class_ is DataClassification.PERSONAL:
        return value[:1] + MASK * 2
    return mask_number(value)


def mask_text(class_: DataClassification, text: str) -> str:
    """Return the text of a cell as a report shows it: masked as a whole where its class is read for a purpose only, else with the numbers
    of people in it masked. A text that is there does not vanish."""
    if not text or class_ not in AUDITED_CLASSES:
        return mask_numbers(text)
    return mask_value(class_, text) or MASK * 4


def mask_message(text: str) -> str:
    """Return a message without the numbers of people that it repeats from a request, nor parts of them where it was cut."""
    return _CUT_NUMBER.sub(MASK * 4, mask_numbers(text))


def excerpt(text: str, length: int = MAX_EXCERPT_LENGTH) -> str:
    """Return the beginning of a text that somebody sent, as a message repeats it. The numbers of people are masked before it is cut: of a
    number that is cut nobody can tell what it is."""
    text = mask_numbers(text[: 4 * length])
    return text if len(text) <= length else f"{text[:length]}…"
