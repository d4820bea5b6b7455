"""Masking: which classes of personal data a caller sees masked, and what a masked value looks like."""

from __future__ import annotations

from typing import Any

from graph_service.access.permissions import Permissions
from graph_service.access.rights import Right
from graph_service.domain.metamodel import DataClassification

RIGHT_BY_CLASS = {
    DataClassification.PERSONAL: Right.READ_NAMES,
    DataClassification.CONFIDENTIAL: Right.READ_CONFIDENTIAL,
    DataClassification.SENSITIVE: Right.READ_SENSITIVE,
}
"""Right that shows the values of a class in full; values of other classes are part of a record."""
AUDITED_CLASSES = frozenset((DataClassification.CONFIDENTIAL, DataClassification.SENSITIVE))
"""Classes whose values are read in full for a stated purpose only, and leave an entry in the audit log."""
MASK = "*"
DOCUMENT_LENGTH, PHONE_LENGTH = 18, 11

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
    """Return a value as it is shown masked: of a name its first character, of an ID document the region and the last four characters, of
    a telephone the first three and the last four; nothing of a sensitive value."""
    if class_ is DataClassification.SENSITIVE or not isinstance(value, str):
        return None
    if class_ is DataClassification.PERSONAL:
        return value[:1] + MASK * 2
    if len(value) == DOCUMENT_LENGTH:
        return f"{value[:6]}{MASK * 8}{value[-4:]}"
    if len(value) == PHONE_LENGTH:
        return f"{value[:3]}{MASK * 4}{value[-4:]}"
    return MASK * 4
