"""For whom, where, for which day and on which data a question is asked: the same for all questions."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from graph_service.core.areas import (
    ALL_AREAS,
    CODE_DIGITS,
    CodeRange,
    code_range,
    intersect_granted,
    intersect_ranges,
    merge_ranges,
    resolve_area_ranges,
    single_code_range,
)
from graph_service.domain.days import day_from_iso
from graph_service.domain.metamodel import LAST_DAY, OPEN_SEQUENCE
from graph_service.errors import ArgumentInvalid, NothingPublished, VersionUnknown
from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class DataVersion:
    """A published data version, the day of its collection and the latest of collections until it (YYYYMMDD); why, by whom and when
    (UTC) it was made."""

    sequence: int
    day: int
    latest_day: int
    purpose: str
    by: str
    published: str


def versions(store: Store, *, before: int = OPEN_SEQUENCE, limit: int = 100) -> list[DataVersion]:
    """Published ones below a number, the newest first."""
    return [DataVersion(*row) for row in store.query("imports/published", before=before, limit=limit)]


def newest_version(store: Store) -> DataVersion | None:
    """The newest published one, as it was at most a second ago; none where there is none."""
    rows = store.query_recent("imports/published", before=OPEN_SEQUENCE, limit=1)
    return DataVersion(*rows[0]) if rows else None


def get_version(store: Store, number: int) -> DataVersion:
    """A published one. Raises `VersionUnknown`."""
    found = versions(store, before=min(number, OPEN_SEQUENCE - 1) + 1, limit=1)
    if not found or found[0].sequence != number:
        known = ", ".join(str(one.sequence) for one in versions(store, limit=5))
        raise VersionUnknown(version=number, known=known)
    return found[0]


RequestedTimes = tuple[int | None, int | None]
"""A day (YYYYMMDD) and a data version; null where nobody named one."""
NO_REQUESTED_TIMES: RequestedTimes = (None, None)


@dataclass(frozen=True, slots=True)
class QueryScope:
    """Ranges of codes asked ∩ granted, the day (YYYYMMDD), the data version; `granted_areas`: all that is granted. `card_year`: the year
    of the cards, where that was looked up. `requested_times`: the day and the version, where the asker named them."""

    areas: tuple[tuple[str, str], ...]
    as_of: int
    version: int
    granted_areas: tuple[tuple[str, str], ...]
    sees_everything: bool = False
    card_year: int | None = None
    requested_times: RequestedTimes = NO_REQUESTED_TIMES

    @classmethod
    def resolve(
        cls,
        store: Store,
        area: str | None,
        *,
        mode: str = "DESCENDANTS",
        as_of: str | None = None,
        as_known_at: int | None = None,
        granted_areas: tuple[str, ...] = ALL_AREAS,
    ) -> QueryScope:
        """`area` None: all that is granted. Raises `AreaUnknown`, `VersionUnknown`, `ArgumentInvalid`; `NothingPublished`."""
        chosen = newest_version(store)
        if chosen is None:
            raise NothingPublished
        if as_known_at is not None and as_known_at != chosen.sequence:
            chosen = get_version(store, as_known_at)
        scope = intersect_granted("", granted_areas)
        ranges = scope if area is None else resolve_area_ranges(store, area, mode, granted_areas)
        # An older collection published later does not take the day back.
        return cls(
            ranges,
            parse_as_of(as_of) if as_of else chosen.latest_day,
            chosen.sequence,
            scope,
            granted_areas == ALL_AREAS,
        )

    def not_before(self, earliest: int) -> QueryScope:
        """The same for a day (YYYYMMDD), where that is later."""
        return replace(self, as_of=max(self.as_of, earliest))

    def with_merged_areas(self, store: Store) -> QueryScope:
        """The same with the areas that were merged until the day into those asked for, as far as they are granted: households may
        still be registered under their codes. None is merged into another province."""
        areas, new = self.areas, [one for one in self.areas if len(one[0]) > CODE_DIGITS["PROVINCE"]]
        alone = all(one == single_code_range(one[0]) for one in areas)
        while new:
            codes = codes_merged_into(store, tuple(new), self.as_of, self.version)
            found = (one for code in codes for one in intersect_ranges(code, self.granted_areas, self_only=alone))
            new = [one for one in found if not any(low <= one[0] and one[1] <= high for low, high in areas)]
            areas = merge_ranges((*areas, *new))
        return replace(self, areas=areas)

    def areas_merged_away(self, store: Store) -> list[tuple[str, str]]:
        """Return the areas of those asked for that were merged into others until the day, each with the one that it is now, as far as
        that is granted."""
        low, high = self.span
        rows = store.query_published(
            "areas/departed", areas=self.areas, low=low, high=high, asOf=self.as_of, seq=self.version
        )
        return [(code, now) for code, now in rows if any(first <= now < beyond for first, beyond in self.granted_areas)]

    def with_current_boundaries(self, store: Store) -> QueryScope:
        """Return the same as areas are on the day: with what was merged into those asked for, without what was merged into others. An
        area that was itself merged is still asked for by its code."""
        wider = self.with_merged_areas(store)
        areas = list(wider.areas)
        for code, now in wider.areas_merged_away(store):
            first, beyond = code_range(code)
            if not any(low <= now < high for low, high in wider.areas):
                areas = [part for one in areas for part in _subtract_range(one, first, beyond)]
        return replace(wider, areas=tuple(areas))

    @property
    def year(self) -> int:
        """That of the day, or of the cards where it was looked up."""
        return self.card_year or self.as_of // 10000

    def with_card_year(self, store: Store) -> QueryScope:
        """The same for the last year until the day's of which there are cards: in one without, nobody has a card, and nobody has gone."""
        low, high = self.span
        rows = store.query_recent(
            "areas/collected", areas=self.areas, low=low, high=high, seq=self.version, year=self.year
        )
        return replace(self, card_year=rows[0][0])

    @property
    def span(self) -> tuple[str, str]:
        """[first, beyond) of all ranges."""
        return min((r[0] for r in self.areas), default=""), max((r[1] for r in self.areas), default="")

    @property
    def granted_ranges(self) -> list[list[str]] | None:
        """Ranges that the asker may see, as statements take them; none = everything."""
        return None if self.sees_everything else [list(one) for one in self.granted_areas]

    def parameters(self) -> dict[str, Any]:
        # What the ranges span stands alone as well: an engine uses its index for what is a parameter as it is.
        low, high = self.span
        ranges = {"areas": [list(r) for r in self.areas], "low": low, "high": high}
        return {**ranges, "asOf": self.as_of, "seq": self.version}


def _subtract_range(area_range: CodeRange, first: str, beyond: str) -> list[CodeRange]:
    """Return what a range has besides the codes from first until beyond; all of one that lies within them."""
    low, high = area_range
    if beyond <= low or first >= high or (first <= low and high <= beyond):
        return [area_range]
    parts = ((low, min(high, first)), (max(low, beyond), high))
    return [part for part in parts if part[0] < part[1]]


def codes_merged_into(store: Store, areas: tuple[CodeRange, ...], as_of: int, version: int) -> list[str]:
    """Return the codes of the areas that were merged until a day (YYYYMMDD) into those that lie in ranges of codes."""
    # All mergers of a data version: asked once, whatever areas and days come after.
    mergers = store.query_published("areas/merged", asOf=LAST_DAY, seq=version)
    code = itemgetter(0)
    parts = (mergers[bisect_left(mergers, low, key=code) : bisect_left(mergers, high, key=code)] for low, high in areas)
    return [former for part in parts for _, former, since in part if since <= as_of]


def parse_as_of(text: str) -> int:
    """YYYYMMDD of an ISO date. Raises `ArgumentInvalid`."""
    try:
        return day_from_iso(text)
    except ValueError as error:
        raise ArgumentInvalid(name="asOf", reason_zh=f"{text} 不是日期", reason_en=f"{text} is not a date") from error
