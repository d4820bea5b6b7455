"""谁贫困谁享受: the preferred shares of those who have exited go to newly poor households or to the rest, by one recorded decision (再分配).

As many are given as are given up, on every day from its first one on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import ChangeRequest, invalid_change
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import days_after, iso_day
from graph_service.errors import ChangeForbidden
from graph_service.features.shares import holders as there
from graph_service.features.shares.asset_state import (
    ORDINARY,
    PREFERRED,
    ShareCertificate,
    load_asset_state,
    require_no_payments,
    require_shares,
)
from graph_service.features.shares.decisions import (
    Decision,
    Grant,
    is_already_recorded,
    issue_certificates,
    require_open,
)
from graph_service.features.shares.division import Rounding
from graph_service.features.shares.holders import (
    HolderRef,
    ShareHolder,
    load_holders_by_ref,
    parse_holder_ref,
    require_entitled,
    require_unique,
)
from graph_service.features.shares.issue import EACH, divide_shares, load_households
from graph_service.platform.store.graph import Store

NEWLY_POOR, REST, COLLECTIVE = "NEWLY_POOR", "REST", "COLLECTIVE"
HoldersById = Mapping[tuple[str, str], ShareHolder]


@dataclass(frozen=True, slots=True)
class Redistribution:
    """Whose preferred shares are given up (`exited`; none named: of all who are not poor on the day), to whom (`receivers`, or those
    who are named: `named_receivers`), and who gets what is left over. `villages`: where newly poor households are looked for; none: where those live
    who give up. `keeper`: the collective."""

    exited: Sequence[Mapping[str, Any]] = ()
    receivers: str | None = None
    villages: Sequence[str] = ()
    named_receivers: Sequence[Mapping[str, Any]] = ()
    per: str = EACH
    rounding: Rounding = Rounding.LARGEST_REMAINDER
    keeper: Mapping[str, Any] | None = None

    def content(self) -> list[object]:
        of = [list(self.exited), self.receivers, list(self.villages), list(self.named_receivers)]
        return [*of, self.per, self.rounding, self.keeper]


def redistribute(store: Store, request: ChangeRequest, decision: Decision, terms: Redistribution) -> ChangeResult:
    """Give up preferred shares to others from the decision's first day on; what the policy of rounding leaves over is the
    collective's, as ordinary shares.

    Raises `ChangeInvalid`; `ChangeForbidden` where shares of somebody would go whom the asker may not see; `ChangeConflict`.
    """
    decision.validate()
    exited = [parse_holder_ref(one, f"exited[{at}].") for at, one in enumerate(terms.exited)]
    to = [parse_holder_ref(one, f"to[{at}].") for at, one in enumerate(terms.named_receivers)]
    keeper = _validate(terms, exited, to)
    change = decision.build_change("redistributeShares", request, *terms.content())
    day = decision.since

    def rows() -> list[ChangeRow]:
        if is_already_recorded(store, decision, change):
            return []
        known = load_asset_state(store, request, decision.asset)
        require_no_payments(known, day)
        preferred = [one for one in known.certificates_on(day) if one.kind == PREFERRED]
        ids = sorted({(one.label, one.key) for one in preferred})
        people = {one.id: one for one in there.load_holders_by_id(store, ids, day)}
        chosen = {
            holder.id: one for one, holder in zip(exited, load_holders_by_ref(store, request, exited, day), strict=True)
        }
        given_up = _surrendered_certificates(request, preferred, people, chosen, day)
        freed = sum(require_shares(one) for one in given_up)
        kept_by = None if keeper is None else load_holders_by_ref(store, request, [keeper], day)[0]
        if keeper is not None and kept_by is not None and kept_by.label in ("Household", "Person"):
            raise invalid_change(
                keeper.field_path, "集体应为村或经营主体", "the collective is a village or an operator"
            )
        grants: list[Grant] = []
        if terms.receivers != COLLECTIVE:
            former = {(one.label, one.key) for one in given_up}
            receivers = _find_receivers(store, request, terms, to, people, former, day)
            parts = divide_shares(freed, receivers, "to" if to else "receivers", terms.per, terms.rounding)
            grants = [Grant(one, PREFERRED, parts[one.id]) for one in receivers if parts[one.id]]
        left = freed - sum(one.shares for one in grants)
        if left and kept_by is not None:
            grants.append(Grant(kept_by, ORDINARY, left))
        total = next((one.total for one in given_up if one.total is not None), known.stated_total)
        made = list(issue_certificates(known, decision, grants, total))
        last = days_after(day, -1)
        return decision.rows("REDISTRIBUTE", [*(one.with_end(last, decision.number) for one in given_up), *made])

    return apply_change(store, change, rows)


def _validate(
    terms: Redistribution, exited_refs: Sequence[HolderRef], receiver_refs: Sequence[HolderRef]
) -> HolderRef | None:
    """The collective, where it keeps something. Raises `ChangeInvalid` for what does not go together."""
    require_unique(exited_refs)
    require_unique(receiver_refs)
    if (terms.receivers is None) != bool(receiver_refs):
        raise invalid_change("receivers", "请给出 receivers 或 to 之一", "give receivers or to, one of them")
    if terms.villages and terms.receivers != NEWLY_POOR:
        raise invalid_change(
            "villageCodes", "仅用于新增贫困户(NEWLY_POOR)", "that is for newly poor households (NEWLY_POOR)"
        )
    collective = terms.receivers == COLLECTIVE or terms.rounding is Rounding.KEPT
    if collective != (terms.keeper is not None):
        raise invalid_change(
            "keeper",
            "全部或余数留存集体时须给出集体(村或经营主体),否则不给",
            "where the collective keeps all or what is left over, say who that is (a village, an operator), and only then",
        )
    return None if terms.keeper is None else parse_holder_ref(terms.keeper, "keeper.")


def _surrendered_certificates(
    request: ChangeRequest,
    preferred: Sequence[ShareCertificate],
    holders_by_id: HoldersById,
    named_holders: Mapping[tuple[str, str], HolderRef],
    day: int,
) -> list[ShareCertificate]:
    """The certificates that are given up: of those who are named, else of all who are not poor on the day."""
    held = {(one.label, one.key) for one in preferred}
    for id_, one in named_holders.items():
        if id_ not in held:
            raise invalid_change(
                one.field_path,
                f"{one.key} 在 {iso_day(day)} 没有优先股",
                f"{one.key} has no preferred shares on {iso_day(day)}",
            )
    leaving = set(named_holders) or {id_ for id_ in held if not holders_by_id[id_].is_poor}
    given_up = [one for one in preferred if (one.label, one.key) in leaving]
    if not given_up:
        raise invalid_change(
            "exited",
            f"{iso_day(day)} 没有应退出的优先股(优先股持有人 {len(held)} 户均为贫困户)",
            f"on {iso_day(day)} there are no preferred shares to give up: all {len(held)} who hold some are poor",
        )
    _require_granted(request, [holders_by_id[id_] for id_ in sorted(leaving)])
    for certificate in given_up:
        require_open(certificate, day, "since")
    return given_up


def _find_receivers(
    store: Store,
    request: ChangeRequest,
    terms: Redistribution,
    receiver_refs: Sequence[HolderRef],
    holders_by_id: HoldersById,
    former: set[tuple[str, str]],
    day: int,
) -> list[ShareHolder]:
    if receiver_refs:
        holders = load_holders_by_ref(store, request, receiver_refs, day)
        for one, holder in zip(receiver_refs, holders, strict=True):
            require_entitled(one.field_path, holder, PREFERRED, iso_day(day))
            if holder.id in former:
                raise invalid_change(one.field_path, f"{one.key} 正退出股份", f"{one.key} gives its shares up")
        return holders
    if terms.receivers == REST:
        rest = [one for id_, one in sorted(holders_by_id.items()) if one.is_poor and id_ not in former]
        _require_granted(request, rest)
        return rest
    # Where nobody says where, it is where those live who give up.
    villages = [unpad_code(code) for code in terms.villages] or [
        holders_by_id[one].area_code or "" for one in sorted(former)
    ]
    found_there = load_households(store, request, villages, "villageCodes", day, only_poor=True)
    return [one for one in found_there if one.id not in holders_by_id]


def _require_granted(request: ChangeRequest, holders: Sequence[ShareHolder]) -> None:
    """Raises `ChangeForbidden` where some lie outside of what is granted: who they are is not told."""
    outside = sum(not one.lies_within(request.granted_areas) for one in holders)
    if outside:
        raise ChangeForbidden(
            reason_zh=f"涉及授权区划以外的持有人 {outside} 户(人)",
            reason_en=f"{outside} of the holders lie outside of what is granted",
        )
