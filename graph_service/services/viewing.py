"""For whom, where, for which day and on which data a question is asked: the same for all questions."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from graph_service.declare import LAST_DAY, OPEN
from graph_service.derive.days import stored_day
from graph_service.errors import ArgumentInvalid, NothingPublished, VersionUnknown
from graph_service.services.areas import (
    DIGITS,
    EVERYWHERE,
    Range,
    alone_range,
    asked,
    code_range,
    inside,
    intersected,
    united,
)
from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Version:
    """A published data version, the day of its collection and the latest of collections until it (YYYYMMDD); why, by whom and when
    (UTC) it was made."""

    sequence: int
    day: int
    latest: int
    purpose: str
    by: str
    published: str


def versions(store: Store, *, before: int = OPEN, limit: int = 100) -> list[Version]:
    """Published ones below a number, the newest first."""
    return [Version(*row) for row in store.ask("imports/published", before=before, limit=limit)]


def newest(store: Store) -> Version | None:
    """The newest published one, as it was at most a second ago; none where there is none."""
    rows = store.lately("imports/published", before=OPEN, limit=1)
    return Version(*rows[0]) if rows else None


def version(store: Store, sequence: int) -> Version:
    """A published one. Raises `VersionUnknown`."""
    found = versions(store, before=min(sequence, OPEN - 1) + 1, limit=1)
    if not found or found[0].sequence != sequence:
        known = ", ".join(str(one.sequence) for one in versions(store, limit=5))
        raise VersionUnknown(version=sequence, known=known)
    return found[0]


Named = tuple[int | None, int | None]
"""A day (YYYYMMDD) and a data version; null where nobody named one."""
UNNAMED: Named = (None, None)


@dataclass(frozen=True, slots=True)
class Viewing:
    """Ranges of codes asked ∩ granted, the day (YYYYMMDD), the data version; `scope`: all that is granted. `collected`: the year
    of the cards, where that was looked up. `named`: the day and the version, where the asker named them."""

    areas: tuple[tuple[str, str], ...]
    as_of: int
    sequence: int
    scope: tuple[tuple[str, str], ...]
    sees_all: bool = False
    collected: int | None = None
    named: Named = UNNAMED

    @classmethod
    def of(
        cls,
        store: Store,
        area: str | None,
        *,
        mode: str = "DESCENDANTS",
        as_of: str | None = None,
        as_known_at: int | None = None,
        granted: tuple[str, ...] = EVERYWHERE,
    ) -> Viewing:
        """`area` None: all that is granted. Raises `AreaUnknown`, `VersionUnknown`, `ArgumentInvalid`; `NothingPublished`."""
        chosen = newest(store)
        if chosen is None:
            raise NothingPublished
        if as_known_at is not None and as_known_at != chosen.sequence:
            chosen = version(store, as_known_at)
        scope = intersected("", granted)
        ranges = scope if area is None else asked(store, area, mode, granted)
        # An older collection published later does not take the day back.
        return cls(ranges, day(as_of) if as_of else chosen.latest, chosen.sequence, scope, granted == EVERYWHERE)

    def not_before(self, earliest: int) -> Viewing:
        """The same for a day (YYYYMMDD), where that is later."""
        return replace(self, as_of=max(self.as_of, earliest))

    def with_merged(self, store: Store) -> Viewing:
        """The same with the areas that were merged until the day into those asked for, as far as they are granted: households may
        still be registered under their codes. None is merged into another province."""
        areas, new = self.areas, [one for one in self.areas if len(one[0]) > DIGITS["PROVINCE"]]
        alone = all(one == alone_range(one[0]) for one in areas)
        while new:
            codes = merged_into(store, tuple(new), self.as_of, self.sequence)
            found = (one for code in codes for one in inside(code, self.scope, alone=alone))
            new = [one for one in found if not any(low <= one[0] and one[1] <= high for low, high in areas)]
            areas = united((*areas, *new))
        return replace(self, areas=areas)

    def departed(self, store: Store) -> list[tuple[str, str]]:
        """Return the areas of those asked for that were merged into others until the day, each with the one that it is now, as far as
        that is granted."""
        low, high = self.span
        rows = store.of_version(
            "areas/departed", areas=self.areas, low=low, high=high, asOf=self.as_of, seq=self.sequence
        )
        return [(code, now) for code, now in rows if any(first <= now < beyond for first, beyond in self.scope)]

    def as_merged(self, store: Store) -> Viewing:
        """Return the same as areas are on the day: with what was merged into those asked for, without what was merged into others. An
        area that was itself merged is still asked for by its code."""
        wider = self.with_merged(store)
        areas = list(wider.areas)
        for code, now in wider.departed(store):
            first, beyond = code_range(code)
            if not any(low <= now < high for low, high in wider.areas):
                areas = [part for one in areas for part in _without(one, first, beyond)]
        return replace(wider, areas=tuple(areas))

    @property
    def year(self) -> int:
        """That of the day, or of the cards where it was looked up."""
        return self.collected or self.as_of // 10000

    def of_cards(self, store: Store) -> Viewing:
        """The same for the last year until the day's of which there are cards: in one without, nobody has a card, and nobody has gone."""
        low, high = self.span
        rows = store.lately(
            "poverty/collected", areas=self.areas, low=low, high=high, seq=self.sequence, year=self.year
        )
        return replace(self, collected=rows[0][0])

    @property
    def span(self) -> tuple[str, str]:
        """[first, beyond) of all ranges."""
        return min((r[0] for r in self.areas), default=""), max((r[1] for r in self.areas), default="")

    @property
    def visible(self) -> list[list[str]] | None:
        """Ranges that the asker may see, as statements take them; none = everything."""
        return None if self.sees_all else [list(one) for one in self.scope]

    def parameters(self) -> dict[str, Any]:
        # What the ranges span stands alone as well: an engine uses its index for what is a parameter as it is.
        low, high = self.span
        ranges = {"areas": [list(r) for r in self.areas], "low": low, "high": high}
        return {**ranges, "asOf": self.as_of, "seq": self.sequence}


def _without(one: Range, first: str, beyond: str) -> list[Range]:
    """Return what a range has besides the codes from first until beyond; all of one that lies within them."""
    low, high = one
    if beyond <= low or first >= high or (first <= low and high <= beyond):
        return [one]
    parts = ((low, min(high, first)), (max(low, beyond), high))
    return [part for part in parts if part[0] < part[1]]


def merged_into(store: Store, areas: tuple[Range, ...], as_of: int, sequence: int) -> list[str]:
    """Return the codes of the areas that were merged until a day (YYYYMMDD) into those that lie in ranges of codes."""
    # All mergers of a data version: asked once, whatever areas and days come after.
    mergers = store.of_version("areas/merged", asOf=LAST_DAY, seq=sequence)
    code = itemgetter(0)
    parts = (mergers[bisect_left(mergers, low, key=code) : bisect_left(mergers, high, key=code)] for low, high in areas)
    return [former for part in parts for _, former, since in part if since <= as_of]


def day(text: str) -> int:
    """YYYYMMDD of an ISO date. Raises `ArgumentInvalid`."""
    try:
        return stored_day(text)
    except ValueError as error:
        raise ArgumentInvalid(name="asOf", reason_zh=f"{text} 不是日期", reason_en=f"{text} is not a date") from error
