"""Holders of shares as requests name them: households, persons, villages, operators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import CURRENT_VERSION, ChangeRequest, unchangeable
from graph_service.core.refusals import RefusalCode, choice_code, forbidden_change, invalid_change
from graph_service.domain.area_paths import unpad_code
from graph_service.features.shares.asset_state import PREFERRED
from graph_service.platform.store.graph import Store, in_batches

HOLDER_FIELDS = ("cardNo", "personNo", "villageCode", "uscc")
"""Fields of a request, one of which names a holder."""
HOLDER_LABELS = ("Household", "Person", "Village")
BATCH_SIZE = 1_000


@dataclass(frozen=True, slots=True)
class HolderRef:
    """Reference to a holder in a request: path prefix, field, and key."""

    prefix: str
    field: str
    key: str

    @property
    def field_path(self) -> str:
        return f"{self.prefix}{self.field}"


@dataclass(frozen=True, slots=True)
class ShareHolder:
    """A holder in the register: label, key, code of its area (operators: none), whether it is poor, number of people."""

    label: str
    key: str
    area_code: str | None
    is_poor: bool | None
    member_count: int | None

    @property
    def id(self) -> tuple[str, str]:
        return self.label, self.key

    def lies_within(self, granted_areas: tuple[str, ...]) -> bool:
        """Return True where the holder lies in the granted areas. Operators are public and always do."""
        return self.label not in HOLDER_LABELS or (
            self.area_code is not None and self.area_code.startswith(granted_areas)
        )


def parse_holder_ref(arguments: Mapping[str, Any], prefix: str = "") -> HolderRef:
    """Return the one holder that is named. Raises `ChangeInvalid`."""
    named_fields = [field for field in HOLDER_FIELDS if arguments.get(field) is not None]
    if len(named_fields) != 1:
        raise invalid_change(
            choice_code(len(named_fields)),
            f"{prefix}{named_fields[-1] if named_fields else HOLDER_FIELDS[0]}",
            "请给出户编号、人口编号、村编码、统一社会信用代码之一，且只给一个。",
            f"Give exactly one of {', '.join(HOLDER_FIELDS)}.",
        )
    key = str(arguments[named_fields[0]])
    return HolderRef(prefix, named_fields[0], unpad_code(key) if named_fields[0] == "villageCode" else key)


def load_holders_by_ref(store: Store, request: ChangeRequest, refs: Sequence[HolderRef], day: int) -> list[ShareHolder]:
    """Return the named holders on a day (YYYYMMDD). Raises `ChangeInvalid` for a holder that is missing or not visible to
    the caller, `ChangeForbidden` for one that the caller may not change."""
    holders = list(_query_holders(store, [(ref.field, ref.key) for ref in refs], day))
    for ref, holder in zip(refs, holders, strict=True):
        if holder is None or not holder.lies_within(request.granted_areas):
            raise unchangeable(request, holder.area_code if holder else None, ref.field_path, ref.key)
    return [holder for holder in holders if holder is not None]


def load_holders_by_id(store: Store, ids: Sequence[tuple[str, str]], day: int) -> list[ShareHolder]:
    """Return the holders with these labels and keys, in whatever area they lie."""
    fields = {**dict(zip(HOLDER_LABELS, HOLDER_FIELDS, strict=False)), "Enterprise": "uscc", "Cooperative": "uscc"}
    return [
        holder
        for holder in _query_holders(store, [(fields[label], key) for label, key in ids], day)
        if holder is not None
    ]


def _query_holders(store: Store, fields_and_keys: Sequence[tuple[str, str]], day: int) -> Iterator[ShareHolder | None]:
    rows = [
        {"position": index, **dict.fromkeys(HOLDER_FIELDS), field: key}
        for index, (field, key) in enumerate(fields_and_keys)
    ]
    for batch in in_batches(rows, BATCH_SIZE):
        for _, label, *values in store.query("shares/holders", holders=batch, asOf=day, seq=CURRENT_VERSION):
            yield None if label is None else ShareHolder(label, *values)


def require_unique(refs: Sequence[HolderRef]) -> None:
    """Raise `ChangeInvalid` where a holder is named twice."""
    first_refs: dict[tuple[str, str], HolderRef] = {}
    for ref in refs:
        if first_refs.setdefault((ref.field, ref.key), ref) is not ref:
            raise invalid_change(
                RefusalCode.LISTED_TWICE,
                ref.field_path,
                f"{ref.key} 重复列出。请只列一次。",
                f"{ref.key} is listed twice. List each holder once.",
            )


def require_entitled(field_path: str, holder: ShareHolder, kind: str, day: str) -> None:
    """Raise `ChangeInvalid` where preferred shares would go to a holder who is not poor on the day."""
    if kind == PREFERRED and not holder.is_poor:
        raise invalid_change(
            RefusalCode.NOT_ENTITLED,
            field_path,
            f"优先股只配给贫困户，{holder.key} 在 {day} 不是贫困户。请改配普通股，或另选持有人。",
            f"Preferred shares are for poor households, and {holder.key} is not one on {day}. Give ordinary shares, or choose another holder.",
        )


def require_granted(request: ChangeRequest, holders: Iterable[ShareHolder]) -> None:
    """Raise `ChangeForbidden` where holders lie outside of the granted areas, without naming them."""
    outside_count = sum(not holder.lies_within(request.granted_areas) for holder in holders)
    if outside_count:
        raise forbidden_change(
            RefusalCode.OUTSIDE_GRANTED_AREAS,
            f"涉及授权区划以外的持有人 {outside_count} 户（人）。请由有相应区划权限的人员办理。",
            f"{outside_count} of the holders lie outside of the areas granted to you. Ask somebody who is granted these areas.",
        )
