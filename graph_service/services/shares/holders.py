"""Holders of shares as requests name them: households, persons, villages, operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.services.areas import unpadded
from graph_service.services.requests import NOW, Request, invalid, unknown
from graph_service.services.shares.standing import PREFERRED
from graph_service.store.graph import Store, in_batches

FIELDS = ("cardNo", "personNo", "villageCode", "uscc")
"""The fields of a request, one of which names a holder."""
LABELS = ("Household", "Person", "Village")
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Named:
    """A holder that a request names: where it does, by which field, and the key."""

    within: str
    field: str
    key: str

    @property
    def where(self) -> str:
        return f"{self.within}{self.field}"


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder who is there: label, key, the code of where it lies (operators: none), whether it is poor, how many people it is."""

    label: str
    key: str
    place: str | None
    poor: bool | None
    members: int | None

    @property
    def id(self) -> tuple[str, str]:
        return self.label, self.key

    def lies_within(self, granted: tuple[str, ...]) -> bool:
        """Operators are public, as they are everywhere."""
        return self.label not in LABELS or (self.place is not None and self.place.startswith(granted))


def named(given: Mapping[str, Any], within: str = "") -> Named:
    """The one holder that is named. Raises `ChangeInvalid`."""
    said = [field for field in FIELDS if given.get(field) is not None]
    if len(said) != 1:
        raise invalid(
            f"{within}{said[-1] if said else FIELDS[0]}",
            "请只给出户编号、人口编号、村编码、统一社会信用代码之一",
            "give one of a household, a person, a village, an operator",
        )
    key = str(given[said[0]])
    return Named(within, said[0], unpadded(key) if said[0] == "villageCode" else key)


def found(store: Store, request: Request, asked: Sequence[Named], day: int) -> list[Holder]:
    """Those who are named, on a day (YYYYMMDD). Raises `ChangeInvalid` for one who is not there, or not the asker's to see."""
    holders = list(_looked_up(store, [(one.field, one.key) for one in asked], day))
    for one, holder in zip(asked, holders, strict=True):
        if holder is None or not holder.lies_within(request.granted):
            raise unknown(one.where, one.key)
    return [one for one in holders if one is not None]


def known(store: Store, ids: Sequence[tuple[str, str]], day: int) -> list[Holder]:
    """Those who hold something, by label and key, wherever they lie."""
    fields = {**dict(zip(LABELS, FIELDS, strict=False)), "Enterprise": "uscc", "Cooperative": "uscc"}
    return [one for one in _looked_up(store, [(fields[label], key) for label, key in ids], day) if one is not None]


def _looked_up(store: Store, asked: Sequence[tuple[str, str]], day: int) -> Iterator[Holder | None]:
    rows = [[at, *(key if field == one else None for one in FIELDS)] for at, (field, key) in enumerate(asked)]
    for batch in in_batches(rows, AT_ONCE):
        for _, kind, *said in store.ask("shares/holders", asked=batch, asOf=day, seq=NOW):
            yield None if kind is None else Holder(kind, *said)


def require_unique(asked: Sequence[Named]) -> None:
    """Raises `ChangeInvalid` where one is named twice."""
    first: dict[tuple[str, str], Named] = {}
    for one in asked:
        if first.setdefault((one.field, one.key), one) is not one:
            raise invalid(one.where, f"{one.key} 重复", f"{one.key} is there twice")


def require_entitled(where: str, holder: Holder, kind: str, day: str) -> None:
    """Raises `ChangeInvalid` where preferred shares would be of somebody who is not poor on the day."""
    if kind == PREFERRED and not holder.poor:
        raise invalid(
            where,
            f"优先股只属于贫困户;{holder.key} 在 {day} 不是贫困户",
            f"preferred shares are of poor households alone: {holder.key} is not one on {day}",
        )
