"""Records and areas that a request names by their numbers, for the audit log: whether they exist or not, and whether the answer shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph_service.audit.entries import RequestedRecord
from graph_service.core.rules import mask_check
from graph_service.domain.fields import camel_case
from graph_service.domain.metamodel import PropertyKind
from graph_service.domain.model import MODEL
from graph_service.domain.personal_numbers import mask_numbers

CLASSED_BY_CHECK = frozenset(camel_case(label.key.name) for label in MODEL.labels.values() if label.classed_by_check)
RECORD_ARGUMENTS = frozenset(
    camel_case(label.key.name) for label in MODEL.labels.values() if label.key.kind is PropertyKind.TEXT
) | {
    *("area", "areaCode", "countyCode", "villageCode", "villageCodes", "readAreas", "writeAreas"),
    *("user", "number", "dataVersion"),
}
"""Names of the arguments and input fields whose values are numbers of records, codes of areas, or users of grants and keys. Other values may
tell what nobody who reads the log may know."""
OPERATORS = ("eq", "in", "startsWith", "contains")
"""Fields of a condition on the number that the condition's name is of."""
MAX_VALUE_LENGTH = 64
"""Number of characters of a value that are logged: no number of a record is longer."""


def requested_records(arguments: Any) -> tuple[RequestedRecord, ...]:
    """Return the records and areas that the arguments of a root field name, in their order."""
    return tuple(dict.fromkeys(_requested(arguments, "")))


def _requested(value: Any, name: str) -> Iterator[RequestedRecord]:
    """Yield what a value names. `name`: name of the number that it is; empty where it is none."""
    if isinstance(value, dict):
        for key, element in value.items():
            yield from _requested(element, key if key in RECORD_ARGUMENTS else name if key in OPERATORS else "")
    elif isinstance(value, list):
        for element in value:
            yield from _requested(element, name)
    elif name and isinstance(value, str | int) and not isinstance(value, bool):
        text = mask_numbers(str(value)[:MAX_VALUE_LENGTH])
        yield RequestedRecord(name, mask_check(text) if name in CLASSED_BY_CHECK else text)
