"""Which rows of a delivery are which known records, of records that registers give no number (`imports/numbering.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

ANY = object()
"""Stands for a value of which the file says nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record of the graph: its number, what names it further (all that was ever recorded there), its label's values."""

    number: str
    named: tuple[tuple[Any, ...], ...]
    stored: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A record of a delivery. `named`: what names it further; `content`: a hash of all that its row says; `stored`: its label's values."""

    base: str
    named: tuple[Any, ...]
    content: str
    stored: tuple[Any, ...]
    another: bool = False
    """Whether it is another one than the record that says the same: it was refused as repeated, and has been told apart since."""
    vague: bool = False
    """Whether a column of its base is not understood: then the base is not its own."""

    @property
    def own_number(self) -> str:
        """Its number where another record has its base."""
        return f"{self.base}~{self.content[:8]}"

    def says(self, known: Known) -> bool:
        """Whether the record's values are those of this one."""
        return all(mine is ANY or mine == theirs for mine, theirs in zip(self.stored, known.stored, strict=True))

    def differences(self, known: Known) -> int:
        """In how many columns that name it further it differs from a record."""
        pairs = zip(self.named, known.named, strict=True)
        return sum(not (mine is ANY or mine in theirs or (mine is None and not theirs)) for mine, theirs in pairs)

    def may_be(self, known: Known) -> bool:
        """Whether it agrees with a record in each column that names both further."""
        if self.another:
            return False
        pairs = zip(self.named, known.named, strict=True)
        return all(mine is ANY or mine is None or not theirs or mine in theirs for mine, theirs in pairs)


def numbered(group: set[Member], known: Sequence[Known]) -> Iterator[tuple[Member, tuple[str, bool]]]:
    """Each record of a base with its number, and whether it is unclear which known one it means: the same whatever the order."""
    free = {one.number: one for one in sorted(known, key=lambda one: one.number)}
    left = {one.content: one for one in sorted(group, key=lambda one: one.content)}

    def alone(fits: Callable[[Member, Known], bool]) -> Iterator[tuple[Member, tuple[str, bool]]]:
        """Pairs of one row and one record that fit only each other."""
        for member in list(left.values()):
            likely = [one for one in free.values() if fits(member, one)]
            if len(likely) == 1 and sum(fits(one, likely[0]) for one in left.values()) == 1:
                yield take(member, likely[0])

    def take(member: Member, one: Known) -> tuple[Member, tuple[str, bool]]:
        del left[member.content], free[one.number]
        return member, (one.number, False)

    # What is known word for word is that record; a blank of it may have been filled in.
    for agrees in (lambda member, one: not member.differences(one), Member.may_be):
        for member in list(left.values()):
            same = next((one for one in free.values() if agrees(member, one) and member.says(one)), None)
            if same is not None:
                yield take(member, same)
    for member in list(left.values()):
        if member.own_number in free:
            yield take(member, free[member.own_number])
    yield from alone(lambda member, one: not member.another and not member.differences(one))
    yield from alone(lambda member, one: not member.another and member.differences(one) == 1 and member.says(one))
    # Its base alone is the number of what shares it with no other.
    single = len(group) == 1 and not known
    for member in left.values():
        number = member.base if single else member.own_number
        yield member, (number, any(member.may_be(one) for one in free.values()))
