"""For whom, where, for which day and on which data a question is asked: the same for all questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from graph_service.errors import ArgumentInvalid, NothingPublished, VersionUnknown
from graph_service.services.areas import EVERYWHERE, asked, intersected
from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Version:
    """A published data version and the day of its collection (YYYYMMDD)."""

    sequence: int
    day: int


def versions(store: Store) -> list[Version]:
    """The published ones, the newest first."""
    return [Version(row[0], row[2]) for row in store.lately("imports/versions") if row[1] == "PUBLISHED"]


def newest(store: Store) -> Version | None:
    """The newest published one; none where there is none."""
    return next(iter(versions(store)), None)


@dataclass(frozen=True, slots=True)
class Viewing:
    """Ranges of codes asked ∩ granted, the day (YYYYMMDD), the data version; `scope`: all that is granted."""

    areas: tuple[tuple[str, str], ...]
    as_of: int
    sequence: int
    scope: tuple[tuple[str, str], ...]
    sees_all: bool = False

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
        known = versions(store)
        if not known:
            raise NothingPublished
        chosen = known[0] if as_known_at is None else next((v for v in known if v.sequence == as_known_at), None)
        if chosen is None:
            raise VersionUnknown(version=as_known_at, known=", ".join(str(v.sequence) for v in known))
        scope = intersected("", granted)
        ranges = scope if area is None else asked(store, area, mode, granted)
        # An older collection published later does not take the day back.
        latest = max(v.day for v in known if v.sequence <= chosen.sequence)
        return cls(ranges, day(as_of) if as_of else latest, chosen.sequence, scope, granted == EVERYWHERE)

    def parameters(self) -> dict[str, Any]:
        return {"areas": [list(r) for r in self.areas], "asOf": self.as_of, "seq": self.sequence}


def day(text: str) -> int:
    """YYYYMMDD of an ISO date. Raises `ArgumentInvalid`."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentInvalid(name="asOf", reason_zh=f"{text} 不是日期", reason_en=f"{text} is not a date") from error
    return parsed.year * 10000 + parsed.month * 100 + parsed.day
