"""Holders of shares as requests name them: households, persons, villages, operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import CURRENT_VERSION, ChangeRequest, invalid_change, unknown_reference
from graph_service.domain.area_paths import unpad_code
from graph_service.features.shares.asset_state import PREFERRED
from graph_service.platform.store.graph import Store, in_batches

HOLDER_FIELDS = ("cardNo", "personNo", "villageCode", "uscc")
"""The fields of a request, one of which names a holder."""
HOLDER_LABELS = ("Household", "Person", "Village")
BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class HolderRef:
    """A holder that a request names: where it does, by which field, and the key."""

    prefix: str
    field: str
    key: str

    @property
    def field_path(self) -> str:
        return f"{self.prefix}{self.field}"


@dataclass(frozen=True, slots=True)
class ShareHolder:
    """A holder who is there: label, key, the code of where it lies (operators: none), whether it is poor, how many people it is."""

    label: str
    key: str
    area_code: str | None
    is_poor: bool | None
    member_count: int | None

    @property
    def id(self) -> tuple[str, str]:
        return self.label, self.key

    def lies_within(self, granted_areas: tuple[str, ...]) -> bool:
        """Operators are public, as they are everywhere."""
        return self.label not in HOLDER_LABELS or (
            self.area_code is not None and self.area_code.startswith(granted_areas)
        )


def parse_holder_ref(arguments: Mapping[str, Any], prefix: str = "") -> HolderRef:
    """The one holder that is named. Raises `ChangeInvalid`."""
    said = [field for field in HOLDER_FIELDS if arguments.get(field) is not None]
    if len(said) != 1:
        raise invalid_change(
            f"{prefix}{said[-1] if said else HOLDER_FIELDS[0]}",
            "请只给出户编号、人口编号、村编码、统一社会信用代码之一",
            "give one of a household, a person, a village, an operator",
        )
    key = str(arguments[said[0]])
    return HolderRef(prefix, said[0], unpad_code(key) if said[0] == "villageCode" else key)


def load_holders_by_ref(store: Store, request: ChangeRequest, refs: Sequence[HolderRef], day: int) -> list[ShareHolder]:
    """Those who are named, on a day (YYYYMMDD). Raises `ChangeInvalid` for one who is not there, or not the asker's to see."""
    holders = list(_query_holders(store, [(one.field, one.key) for one in refs], day))
    for one, holder in zip(refs, holders, strict=True):
        if holder is None or not holder.lies_within(request.granted_areas):
            raise unknown_reference(one.field_path, one.key)
    return [one for one in holders if one is not None]


def load_holders_by_id(store: Store, ids: Sequence[tuple[str, str]], day: int) -> list[ShareHolder]:
    """Those who hold something, by label and key, wherever they lie."""
    fields = {**dict(zip(HOLDER_LABELS, HOLDER_FIELDS, strict=False)), "Enterprise": "uscc", "Cooperative": "uscc"}
    return [one for one in _query_holders(store, [(fields[label], key) for label, key in ids], day) if one is not None]


def _query_holders(store: Store, fields_and_keys: Sequence[tuple[str, str]], day: int) -> Iterator[ShareHolder | None]:
    rows = [
        [at, *(key if field == one else None for one in HOLDER_FIELDS)]
        for at, (field, key) in enumerate(fields_and_keys)
    ]
    for batch in in_batches(rows, BATCH_SIZE):
        for _, kind, *said in store.query("shares/holders", asked=batch, asOf=day, seq=CURRENT_VERSION):
            yield None if kind is None else ShareHolder(kind, *said)


def require_unique(refs: Sequence[HolderRef]) -> None:
    """Raises `ChangeInvalid` where one is named twice."""
    first: dict[tuple[str, str], HolderRef] = {}
    for one in refs:
        if first.setdefault((one.field, one.key), one) is not one:
            raise invalid_change(one.field_path, f"{one.key} 重复", f"{one.key} is there twice")


def require_entitled(field_path: str, holder: ShareHolder, kind: str, day: str) -> None:
    """Raises `ChangeInvalid` where preferred shares would be of somebody who is not poor on the day."""
    if kind == PREFERRED and not holder.is_poor:
        raise invalid_change(
            field_path,
            f"优先股只属于贫困户;{holder.key} 在 {day} 不是贫困户",
            f"preferred shares are of poor households alone: {holder.key} is not one on {day}",
        )
