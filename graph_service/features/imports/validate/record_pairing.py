"""Which rows of a delivery are which known records, of records that registers give no number (`imports/numbering.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

UNSTATED = object()
"""Stands for a value of which the file says nothing."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record of the graph: its number, what names it further (all that was ever recorded there), its label's values."""

    number: str
    identifying_values: tuple[tuple[Any, ...], ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class DeliveredRecord:
    """A record of a delivery. `identifying_values`: what names it further; `content_hash`: a hash of all that its row says; `values`: its label's values."""

    base: str
    identifying_values: tuple[Any, ...]
    content_hash: str
    values: tuple[Any, ...]
    is_distinct: bool = False
    """Whether it is another one than the record that says the same: it was refused as repeated, and has been told apart since."""
    has_unclear_base: bool = False
    """Whether a column of its base is not understood: then the base is not its own."""

    @property
    def specific_number(self) -> str:
        """Its number where another record has its base."""
        return f"{self.base}~{self.content_hash[:8]}"

    def has_same_values(self, record: StoredRecord) -> bool:
        """Whether the record's values are those of this one."""
        return all(mine is UNSTATED or mine == theirs for mine, theirs in zip(self.values, record.values, strict=True))

    def count_differences(self, record: StoredRecord) -> int:
        """In how many columns that name it further it differs from a record."""
        pairs = zip(self.identifying_values, record.identifying_values, strict=True)
        return sum(not (mine is UNSTATED or mine in theirs or (mine is None and not theirs)) for mine, theirs in pairs)

    def may_match(self, record: StoredRecord) -> bool:
        """Whether it agrees with a record in each column that names both further."""
        if self.is_distinct:
            return False
        pairs = zip(self.identifying_values, record.identifying_values, strict=True)
        return all(mine is UNSTATED or mine is None or not theirs or mine in theirs for mine, theirs in pairs)


def assign_record_numbers(
    delivered_records: set[DeliveredRecord], stored_records: Sequence[StoredRecord]
) -> Iterator[tuple[DeliveredRecord, tuple[str, bool]]]:
    """Each record of a base with its number, and whether it is unclear which known one it means: the same whatever the order."""
    free = {one.number: one for one in sorted(stored_records, key=lambda one: one.number)}
    left = {one.content_hash: one for one in sorted(delivered_records, key=lambda one: one.content_hash)}

    def alone(
        is_match: Callable[[DeliveredRecord, StoredRecord], bool],
    ) -> Iterator[tuple[DeliveredRecord, tuple[str, bool]]]:
        """Pairs of one row and one record that fit only each other."""
        for member in list(left.values()):
            likely = [one for one in free.values() if is_match(member, one)]
            if len(likely) == 1 and sum(is_match(one, likely[0]) for one in left.values()) == 1:
                yield take(member, likely[0])

    def take(member: DeliveredRecord, record: StoredRecord) -> tuple[DeliveredRecord, tuple[str, bool]]:
        del left[member.content_hash], free[record.number]
        return member, (record.number, False)

    # What is known word for word is that record; a blank of it may have been filled in.
    for agrees in (lambda member, one: not member.count_differences(one), DeliveredRecord.may_match):
        for member in list(left.values()):
            same = next((one for one in free.values() if agrees(member, one) and member.has_same_values(one)), None)
            if same is not None:
                yield take(member, same)
    for member in list(left.values()):
        if member.specific_number in free:
            yield take(member, free[member.specific_number])
    yield from alone(lambda member, one: not member.is_distinct and not member.count_differences(one))
    yield from alone(
        lambda member, one: (
            not member.is_distinct and member.count_differences(one) == 1 and member.has_same_values(one)
        )
    )
    # Its base alone is the number of what shares it with no other.
    single = len(delivered_records) == 1 and not stored_records
    for member in left.values():
        number = member.base if single else member.specific_number
        yield member, (number, any(member.may_match(one) for one in free.values()))
