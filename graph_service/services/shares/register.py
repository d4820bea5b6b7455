"""The register of an asset's shares on a day (股权登记): holders with their parts, what it comes to, the decisions until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graph_service.errors import CursorInvalid, NotFound
from graph_service.services.shares.standing import KINDS, ORDINARY, OTHER, PREFERRED
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

START = (0, "")
"""Before the first holder."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of the day; days as YYYYMMDD. Of a holder who is hidden it tells kind and shares alone."""

    number: str | None
    kind: str | None
    shares: int | None
    total: int | None
    since: int | None
    until: int | None
    decision: str | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """What one holder has; who is hidden has no key."""

    label: str
    key: str
    hidden: bool
    poor: bool | None
    certificates: tuple[Certificate, ...]
    cursor: tuple[int, str]

    def shares(self, kind: str | None = None) -> int | None:
        """Of a kind, else of all; none where a certificate of it does not tell its own."""
        found = [one.shares for one in self.certificates if kind is None or one.kind == kind]
        return None if None in found else sum(one or 0 for one in found)


@dataclass(frozen=True, slots=True)
class Sum:
    """Shares of some certificates, and how many of these do not tell theirs."""

    shares: int = 0
    untold: int = 0

    @property
    def known(self) -> int | None:
        """The sum, none where it is not known."""
        return None if self.untold else self.shares

    def plus(self, other: Sum) -> Sum:
        return Sum(self.shares + other.shares, self.untold + other.untold)


@dataclass(frozen=True, slots=True)
class Told:
    """A decision, its day (YYYYMMDD), and the shares of the certificates that it issued and ended."""

    number: str
    act: str | None
    decided_on: int | None
    reason: str | None
    issued: int | None
    ended: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a register comes to: the total of shares, none where it is not known; each total that is stated; sums by kind."""

    total: int | None
    stated: tuple[int, ...]
    by_kind: dict[str, Sum]
    holders: int
    decisions: tuple[Told, ...]

    @property
    def held(self) -> Sum:
        found = Sum()
        for one in self.by_kind.values():
            found = found.plus(one)
        return found

    @property
    def unassigned(self) -> int | None:
        """What of the total nobody holds; below nothing where more is held. None where one of both is not known."""
        held = self.held.known
        return None if self.total is None or held is None else self.total - held

    def part(self, shares: int | None) -> Fraction | None:
        """The part of the whole that so many shares are."""
        return None if shares is None or not self.total else Fraction(shares, self.total)


def totals(store: Store, viewing: Viewing, asset: str) -> Totals:
    """What the register of an asset comes to on a day. Raises `NotFound` for one that is not there, or not the asker's."""
    rows = store.ask(
        "shares/share_register.count", asset=asset, scope=viewing.visible, asOf=viewing.as_of, seq=viewing.sequence
    )
    for _, own, on_certificates, held, holders, decisions, issued, ended in rows:
        stated = tuple(sorted({*on_certificates, *([] if own is None else [own])}))
        # The asset's own sheet speaks for it; certificates do where it is blank and they agree.
        total = own if own is not None else stated[0] if len(stated) == 1 else None
        by_kind: dict[str, Sum] = {PREFERRED: Sum(), ORDINARY: Sum(), OTHER: Sum()}
        for kind, certificates, told, shares in held:
            name = kind if kind in KINDS else OTHER
            by_kind[name] = by_kind[name].plus(Sum(shares, certificates - told))
        gave, took = (
            {decision: None if told < certificates else shares for decision, certificates, told, shares in some}
            for some in (issued, ended)
        )
        told_of = tuple(_told(one, gave, took) for one in decisions)
        return Totals(total, stated, by_kind, holders, told_of)
    raise NotFound(what_zh="资产", what_en="asset", key=asset)


def page(
    store: Store, viewing: Viewing, asset: str, *, first: int, after: Sequence[int | str] = START
) -> tuple[list[Held], bool]:
    """Holders after a place in the register, in order of their keys, and whether more follow. Whom the asker may not see comes last,
    and its place is how many of these came before: a cursor tells no key that the page does not."""
    hidden, place = int(after[0]), str(after[1])
    if hidden not in (0, 1) or (hidden and not (place.isascii() and place.isdigit() and len(place) < 10)):
        raise CursorInvalid(cursor=place[:80])
    skip = int(place) if hidden else 0
    rows = store.ask(
        "shares/share_register",
        asset=asset,
        scope=viewing.visible,
        asOf=viewing.as_of,
        seq=viewing.sequence,
        after=[hidden, "" if hidden else place],
        skip=skip,
        limit=first + 1,
    )
    found: list[Held] = []
    for unseen, key, label, poor, certificates in rows[:first]:
        if unseen:
            skip += 1
            shown = tuple(Certificate(None, one[1], one[2], one[3], *[None] * 4) for one in _sorted(certificates))
            found.append(Held(label, "", True, None, shown, (1, str(skip))))
        else:
            shown = tuple(Certificate(*one) for one in _sorted(certificates))
            found.append(Held(label, key, False, poor, shown, (0, key)))
    return found, len(rows) > first


def _told(said: list[Any], issued: dict[str, int | None], ended: dict[str, int | None]) -> Told:
    number, act, decided_on, reason = said
    return Told(number, act, decided_on, reason, issued.get(number, 0), ended.get(number, 0))


def _sorted(certificates: list[list[Any]]) -> list[list[Any]]:
    return sorted(certificates, key=lambda one: (str(one[0]), str(one[4])))
