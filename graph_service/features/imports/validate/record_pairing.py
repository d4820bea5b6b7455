"""Pairing of rows of a delivery with stored records, for records to which registers give no number (`record_numbering.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

UNSTATED = object()
"""Stands for a value that the file does not state."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record of the graph: its number, the values that identify it further (all that were ever recorded), its label's values."""

    number: str
    identifying_values: tuple[tuple[Any, ...], ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class DeliveredRecord:
    """A record of a delivery. `identifying_values`: the values that identify it further; `content_hash`: a hash of all values of
    its row; `values`: its label's values."""

    base: str
    identifying_values: tuple[Any, ...]
    content_hash: str
    values: tuple[Any, ...]
    is_distinct: bool = False
    """Whether it is another record than the stored one with the same values: it was refused as repeated, and has been distinguished
    since."""
    has_unclear_base: bool = False
    """Whether a column of its base is not understood: then the base is unreliable."""

    @property
    def specific_number(self) -> str:
        """Return its number for the case that another record has its base."""
        return f"{self.base}~{self.content_hash[:8]}"

    def has_same_values(self, record: StoredRecord) -> bool:
        """Return True where the record has the values of this one."""
        return all(
            value is UNSTATED or value == stored for value, stored in zip(self.values, record.values, strict=True)
        )

    def count_differences(self, record: StoredRecord) -> int:
        """Return in how many of the identifying columns it differs from a record."""
        pairs = zip(self.identifying_values, record.identifying_values, strict=True)
        return sum(
            not (value is UNSTATED or value in stored or (value is None and not stored)) for value, stored in pairs
        )

    def may_match(self, record: StoredRecord) -> bool:
        """Return True where it agrees with a record in each identifying column that both have."""
        if self.is_distinct:
            return False
        pairs = zip(self.identifying_values, record.identifying_values, strict=True)
        return all(value is UNSTATED or value is None or not stored or value in stored for value, stored in pairs)


def assign_record_numbers(
    delivered_records: set[DeliveredRecord], stored_records: Sequence[StoredRecord]
) -> Iterator[tuple[DeliveredRecord, tuple[str, bool]]]:
    """Yield each record of a base with its number, and whether it is unclear which stored record it means; the order of records
    does not matter."""
    unpaired_stored = {record.number: record for record in sorted(stored_records, key=lambda record: record.number)}
    unpaired_delivered = {
        member.content_hash: member for member in sorted(delivered_records, key=lambda member: member.content_hash)
    }

    def pair_unique_matches(
        is_match: Callable[[DeliveredRecord, StoredRecord], bool],
    ) -> Iterator[tuple[DeliveredRecord, tuple[str, bool]]]:
        """Yield pairs of one row and one record that match only each other."""
        for member in list(unpaired_delivered.values()):
            matches = [record for record in unpaired_stored.values() if is_match(member, record)]
            if (
                len(matches) == 1
                and sum(is_match(candidate, matches[0]) for candidate in unpaired_delivered.values()) == 1
            ):
                yield pair(member, matches[0])

    def pair(member: DeliveredRecord, record: StoredRecord) -> tuple[DeliveredRecord, tuple[str, bool]]:
        del unpaired_delivered[member.content_hash], unpaired_stored[record.number]
        return member, (record.number, False)

    # A row with the same values as a stored record is that record; a blank of the record may have been filled in.
    for is_match in (lambda member, record: not member.count_differences(record), DeliveredRecord.may_match):
        for member in list(unpaired_delivered.values()):
            same_record = next(
                (
                    record
                    for record in unpaired_stored.values()
                    if is_match(member, record) and member.has_same_values(record)
                ),
                None,
            )
            if same_record is not None:
                yield pair(member, same_record)
    for member in list(unpaired_delivered.values()):
        if member.specific_number in unpaired_stored:
            yield pair(member, unpaired_stored[member.specific_number])
    yield from pair_unique_matches(
        lambda member, record: not member.is_distinct and not member.count_differences(record)
    )
    yield from pair_unique_matches(
        lambda member, record: (
            not member.is_distinct and member.count_differences(record) == 1 and member.has_same_values(record)
        )
    )
    # The base alone is the number of a record that shares it with no other.
    is_single = len(delivered_records) == 1 and not stored_records
    for member in unpaired_delivered.values():
        number = member.base if is_single else member.specific_number
        yield member, (number, any(member.may_match(record) for record in unpaired_stored.values()))
