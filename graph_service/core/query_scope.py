"""The scope of a question: requested and granted areas, day and data version; the same for all questions."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from graph_service.access.masking import excerpt
from graph_service.access.permissions import EVERYWHERE
from graph_service.core.areas import (
    CODE_DIGITS,
    CodeRange,
    code_range,
    intersect_granted,
    intersect_ranges,
    lies_in,
    merge_ranges,
    resolve_area_ranges,
    single_code_range,
)
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import day_from_iso
from graph_service.domain.metamodel import LAST_DAY, OPEN_SEQUENCE
from graph_service.errors import AreaNotGranted, ArgumentInvalid, NothingPublished, VersionUnknown
from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class DataVersion:
    """A published data version: the day of its collection, the latest day of all collections until it, and the default day of questions,
    the later of that and of the day on which the last change takes effect (YYYYMMDD); its purpose, author and time (UTC)."""

    sequence: int
    day: int
    latest_day: int
    default_day: int
    purpose: str
    by: str
    published: str


def versions(store: Store, *, before: int = OPEN_SEQUENCE, limit: int = 100) -> list[DataVersion]:
    """Return the published data versions below a number, the newest first."""
    return [DataVersion(*row) for row in store.query("imports/published", before=before, limit=limit)]


def newest_version(store: Store) -> DataVersion | None:
    """Return the newest published data version, as it was at most a second ago; none where there is none. Raises `SettingInvalid` where the
    key file lacks the key of its confidential values."""
    store.require_key()
    rows = store.query_recent("imports/published", before=OPEN_SEQUENCE, limit=1)
    return DataVersion(*rows[0]) if rows else None


def get_version(store: Store, number: int) -> DataVersion:
    """Return a published data version. Raises `VersionUnknown`."""
    candidates = versions(store, before=min(number, OPEN_SEQUENCE - 1) + 1, limit=1)
    if not candidates or candidates[0].sequence != number:
        newest_numbers = ", ".join(str(version.sequence) for version in versions(store, limit=5))
        raise VersionUnknown(version=number, known=newest_numbers)
    return candidates[0]


RequestedTimes = tuple[int | None, int | None]
"""A day (YYYYMMDD) and a data version; null where the request names none."""
NO_REQUESTED_TIMES: RequestedTimes = (None, None)


@dataclass(frozen=True, slots=True)
class QueryScope:
    """Ranges of codes requested ∩ granted, the day (YYYYMMDD), the data version; `granted_areas`: all that is granted. `card_year`: the
    year of the cards, where that was looked up. `merged_away`: codes of areas merged into others, each with its present area, where the
    scope is within the current boundaries. `requested_times`: the day and the version, where the request names them."""

    areas: tuple[tuple[str, str], ...]
    as_of: int
    version: int
    granted_areas: tuple[tuple[str, str], ...]
    sees_everything: bool = False
    card_year: int | None = None
    merged_away: tuple[tuple[str, str], ...] = ()
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
        granted_areas: tuple[str, ...] = EVERYWHERE,
    ) -> QueryScope:
        """Resolve the scope of a request; `area` None: all that is granted. Raises `AreaUnknown`, `AreaNotGranted`, `VersionUnknown`,
        `ArgumentInvalid`, `NothingPublished`."""
        data_version = newest_version(store)
        if data_version is None:
            raise NothingPublished
        if as_known_at is not None and as_known_at != data_version.sequence:
            data_version = get_version(store, as_known_at)
        scope = intersect_granted("", granted_areas)
        ranges = scope if area is None else resolve_area_ranges(store, area, mode, granted_areas)
        if area is not None and not ranges and resolve_area_ranges(store, area, mode, EVERYWHERE):
            # An empty answer would say that nothing is wrong there.
            raise AreaNotGranted(area=excerpt(unpad_code(area)))
        # An older collection that is published later does not move the day back; a change made since moves it forward.
        return cls(
            ranges,
            parse_as_of(as_of) if as_of else data_version.default_day,
            data_version.sequence,
            scope,
            granted_areas == EVERYWHERE,
        )

    def not_before(self, earliest: int) -> QueryScope:
        """Return the same scope for a day (YYYYMMDD), where that is later."""
        return replace(self, as_of=max(self.as_of, earliest))

    def with_merged_areas(self, store: Store) -> QueryScope:
        """Return the same scope with the areas that were merged into it until the day, as far as they are granted: households may still be
        registered under their codes. No area is merged into another province."""
        areas, new_ranges = (
            self.areas,
            [area_range for area_range in self.areas if len(area_range[0]) > CODE_DIGITS["PROVINCE"]],
        )
        is_single_code = all(area_range == single_code_range(area_range[0]) for area_range in areas)
        while new_ranges:
            codes = codes_merged_into(store, tuple(new_ranges), self.as_of, self.version)
            merged_ranges = (
                area_range
                for code in codes
                for area_range in intersect_ranges(code, self.granted_areas, self_only=is_single_code)
            )
            new_ranges = [
                area_range
                for area_range in merged_ranges
                if not any(low <= area_range[0] and area_range[1] <= high for low, high in areas)
            ]
            areas = merge_ranges((*areas, *new_ranges))
        return replace(self, areas=areas)

    def areas_merged_away(self, store: Store) -> list[tuple[str, str]]:
        """Return the areas of the scope that were merged into others until the day, each with its present area, as far as that is
        granted."""
        low, high = self.span
        rows = store.query_published(
            "areas/departed", areas=self.areas, low=low, high=high, asOf=self.as_of, seq=self.version
        )
        return [(code, present_code) for code, present_code in rows if lies_in(present_code, self.granted_areas)]

    def with_current_boundaries(self, store: Store) -> QueryScope:
        """Return the same scope within the boundaries of the day: with the areas merged into it, without those merged into others. An area
        that was itself merged can still be requested by its code."""
        merged_scope = self.with_merged_areas(store)
        areas, merged_away = list(merged_scope.areas), merged_scope.areas_merged_away(store)
        for code, present_code in merged_away:
            first, beyond = code_range(code)
            if not lies_in(present_code, merged_scope.areas):
                areas = [part for area_range in areas for part in _subtract_range(area_range, first, beyond)]
        return replace(merged_scope, areas=tuple(areas), merged_away=tuple(merged_away))

    @property
    def year(self) -> int:
        """Return the year of the day, or of the cards where it was looked up."""
        return self.card_year or self.as_of // 10000

    def with_card_year(self, store: Store) -> QueryScope:
        """Return the same scope for the last year until the day's that has cards: in a year without any, no household has a card, and none
        has left."""
        low, high = self.span
        rows = store.query_recent(
            "areas/collected", areas=self.areas, low=low, high=high, seq=self.version, year=self.year
        )
        return replace(self, card_year=rows[0][0])

    @property
    def span(self) -> tuple[str, str]:
        """Return the range [first, beyond) that spans all ranges."""
        return min((r[0] for r in self.areas), default=""), max((r[1] for r in self.areas), default="")

    @property
    def granted_ranges(self) -> list[list[str]] | None:
        """Return the granted ranges, as statements take them; none = everything."""
        return None if self.sees_everything else [list(area_range) for area_range in self.granted_areas]

    def parameters(self) -> dict[str, Any]:
        # The span is passed separately as well: an engine uses its index only for a plain parameter.
        low, high = self.span
        ranges = {"areas": [list(r) for r in self.areas], "low": low, "high": high}
        return {**ranges, "asOf": self.as_of, "seq": self.version}


def _subtract_range(area_range: CodeRange, first: str, beyond: str) -> list[CodeRange]:
    """Return the parts of a range outside [first, beyond); the whole range where it lies within that."""
    low, high = area_range
    if beyond <= low or first >= high or (first <= low and high <= beyond):
        return [area_range]
    parts = ((low, min(high, first)), (max(low, beyond), high))
    return [part for part in parts if part[0] < part[1]]


def codes_merged_into(store: Store, areas: tuple[CodeRange, ...], as_of: int, version: int) -> list[str]:
    """Return the codes of the areas that were merged until a day (YYYYMMDD) into areas within ranges of codes."""
    # All mergers of a data version: one query serves all areas and days.
    mergers = store.query_published("areas/merged", asOf=LAST_DAY, seq=version)
    code = itemgetter(0)
    parts = (mergers[bisect_left(mergers, low, key=code) : bisect_left(mergers, high, key=code)] for low, high in areas)
    return [former for group in parts for _, former, since in group if since <= as_of]


def parse_as_of(text: str) -> int:
    """Parse an ISO date as YYYYMMDD. Raises `ArgumentInvalid`."""
    try:
        return day_from_iso(text)
    except ValueError as error:
        raise ArgumentInvalid(name="asOf", reason_zh=f"{text} 不是日期", reason_en=f"{text} is not a date") from error
