"""Redistribution (再分配, 谁贫困谁享受): preferred shares of households that have exited go to newly poor households or to the remaining
holders, by one recorded decision.

The number of shares given equals the number given up, on every day from the first one on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import ChangeRequest
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.core.refusals import RefusalCode, choice_code, invalid_change
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import days_after, iso_day
from graph_service.features.shares import holders as share_holders
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
    require_granted,
    require_unique,
)
from graph_service.features.shares.issue import EACH, divide_shares, load_households
from graph_service.platform.store.graph import Store

NEWLY_POOR, REST, COLLECTIVE = "NEWLY_POOR", "REST", "COLLECTIVE"
HoldersById = Mapping[tuple[str, str], ShareHolder]


@dataclass(frozen=True, slots=True)
class Redistribution:
    """Terms of a redistribution.

    `exited`: holders who give up their preferred shares; empty: all who are not poor on the day. `receivers`, or else `named_receivers`:
    the new holders. `villages`: where newly poor households are looked for; empty: where the former holders live. `rounding`: who
    gets the remainder. `keeper`: the collective.
    """

    exited: Sequence[Mapping[str, Any]] = ()
    receivers: str | None = None
    villages: Sequence[str] = ()
    named_receivers: Sequence[Mapping[str, Any]] = ()
    per: str = EACH
    rounding: Rounding = Rounding.LARGEST_REMAINDER
    keeper: Mapping[str, Any] | None = None

    def content(self) -> list[object]:
        holder_terms = [list(self.exited), self.receivers, list(self.villages), list(self.named_receivers)]
        return [*holder_terms, self.per, self.rounding, self.keeper]


def redistribute(store: Store, request: ChangeRequest, decision: Decision, terms: Redistribution) -> ChangeResult:
    """Give up preferred shares to others from the decision's first day on; the remainder of the rounding goes to the collective, as
    ordinary shares.

    Raises `ChangeInvalid`; `ChangeForbidden` where shares would be taken from a holder who is not visible to the caller; `ChangeConflict`.
    """
    decision.validate()
    exited_refs = [parse_holder_ref(holder, f"exited[{index}].") for index, holder in enumerate(terms.exited)]
    receiver_refs = [parse_holder_ref(holder, f"to[{index}].") for index, holder in enumerate(terms.named_receivers)]
    keeper = _validate(terms, exited_refs, receiver_refs)
    change = decision.build_change("redistributeShares", request, *terms.content())
    day = decision.since

    def build_rows() -> list[ChangeRow]:
        state = load_asset_state(store, request, decision.asset)
        if is_already_recorded(store, decision, change):
            return []
        require_no_payments(state, day)
        preferred_certificates = [
            certificate for certificate in state.certificates_on(day) if certificate.kind == PREFERRED
        ]
        holder_ids = sorted({(certificate.label, certificate.key) for certificate in preferred_certificates})
        holders_by_id = {holder.id: holder for holder in share_holders.load_holders_by_id(store, holder_ids, day)}
        refs_by_id = {
            holder.id: ref
            for ref, holder in zip(exited_refs, load_holders_by_ref(store, request, exited_refs, day), strict=True)
        }
        surrendered_certificates = _surrendered_certificates(
            request, preferred_certificates, holders_by_id, refs_by_id, day
        )
        surrendered_shares = sum(require_shares(certificate) for certificate in surrendered_certificates)
        collective = None if keeper is None else load_holders_by_ref(store, request, [keeper], day)[0]
        if keeper is not None and collective is not None and collective.label in ("Household", "Person"):
            raise invalid_change(
                RefusalCode.HOLDER_KIND_WRONG,
                keeper.field_path,
                "集体应为村或经营主体。请给出村编码或统一社会信用代码。",
                "The collective is a village or an operator. Give villageCode or uscc.",
            )
        grants: list[Grant] = []
        if terms.receivers != COLLECTIVE:
            former_ids = {(certificate.label, certificate.key) for certificate in surrendered_certificates}
            receivers = _find_receivers(store, request, terms, receiver_refs, holders_by_id, former_ids, day)
            parts = divide_shares(
                surrendered_shares, receivers, "to" if receiver_refs else "receivers", terms.per, terms.rounding
            )
            grants = [Grant(receiver, PREFERRED, parts[receiver.id]) for receiver in receivers if parts[receiver.id]]
        remaining_shares = surrendered_shares - sum(grant.shares for grant in grants)
        if remaining_shares and collective is not None:
            grants.append(Grant(collective, ORDINARY, remaining_shares))
        total = next(
            (certificate.total for certificate in surrendered_certificates if certificate.total is not None),
            state.stated_total,
        )
        new_certificates = list(issue_certificates(state, decision, grants, total))
        last_day = days_after(day, -1)
        return decision.rows(
            "REDISTRIBUTE",
            [
                *(certificate.with_end(last_day, decision.number) for certificate in surrendered_certificates),
                *new_certificates,
            ],
        )

    return apply_change(store, change, build_rows)


def _validate(
    terms: Redistribution, exited_refs: Sequence[HolderRef], receiver_refs: Sequence[HolderRef]
) -> HolderRef | None:
    """Return the collective, where it keeps something. Raises `ChangeInvalid` for terms that do not go together."""
    require_unique(exited_refs)
    require_unique(receiver_refs)
    if (terms.receivers is None) != bool(receiver_refs):
        raise invalid_change(
            choice_code(len(receiver_refs)),
            "receivers",
            "请给出受让范围（receivers）或受让人（to），且只给其一。",
            "Give either receivers or to, and not both.",
        )
    if terms.villages and terms.receivers != NEWLY_POOR:
        raise invalid_change(
            RefusalCode.VALUES_DO_NOT_COMBINE,
            "villageCodes",
            "村编码仅用于新增贫困户（NEWLY_POOR）。请不要填写。",
            "Villages are given only for newly poor households (NEWLY_POOR). Leave them out.",
        )
    needs_keeper = terms.receivers == COLLECTIVE or terms.rounding is Rounding.KEPT
    if needs_keeper != (terms.keeper is not None):
        code, zh, en = (
            (RefusalCode.REQUIRED_VALUE_MISSING, "请给出该集体（村或经营主体）", "Name it, a village or an operator")
            if needs_keeper
            else (RefusalCode.VALUES_DO_NOT_COMBINE, "请不要填写", "Leave it out")
        )
        raise invalid_change(
            code,
            "keeper",
            f"集体仅在全部股份或余数留存集体时填写。{zh}。",
            f"The collective is given where it keeps all shares or the remainder, and only then. {en}.",
        )
    return None if terms.keeper is None else parse_holder_ref(terms.keeper, "keeper.")


def _surrendered_certificates(
    request: ChangeRequest,
    preferred_certificates: Sequence[ShareCertificate],
    holders_by_id: HoldersById,
    named_holders: Mapping[tuple[str, str], HolderRef],
    day: int,
) -> list[ShareCertificate]:
    """Return the certificates that are given up: those of the named holders, else of all who are not poor on the day."""
    holder_ids = {(certificate.label, certificate.key) for certificate in preferred_certificates}
    for id_, ref in named_holders.items():
        if id_ not in holder_ids:
            raise invalid_change(
                RefusalCode.NOT_A_HOLDER,
                ref.field_path,
                f"{ref.key} 在 {iso_day(day)} 没有优先股。请核对持有人和日期。",
                f"{ref.key} has no preferred shares on {iso_day(day)}. Check the holder and the day.",
            )
    leaving_ids = set(named_holders) or {id_ for id_ in holder_ids if not holders_by_id[id_].is_poor}
    surrendered_certificates = [
        certificate for certificate in preferred_certificates if (certificate.label, certificate.key) in leaving_ids
    ]
    if not surrendered_certificates:
        raise invalid_change(
            RefusalCode.SHARES_INSUFFICIENT,
            "exited",
            f"{iso_day(day)} 没有应退出的优先股（优先股持有人 {len(holder_ids)} 户均为贫困户）。请核对起始日期。",
            f"There are no preferred shares to give up on {iso_day(day)}: all {len(holder_ids)} holders are poor. Check the first day.",
        )
    require_granted(request, [holders_by_id[id_] for id_ in sorted(leaving_ids)])
    for certificate in surrendered_certificates:
        require_open(certificate, day, "since")
    return surrendered_certificates


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
        for ref, holder in zip(receiver_refs, holders, strict=True):
            require_entitled(ref.field_path, holder, PREFERRED, iso_day(day))
            if holder.id in former:
                raise invalid_change(
                    RefusalCode.VALUES_DO_NOT_COMBINE,
                    ref.field_path,
                    f"{ref.key} 正退出股份，不能同时受让。请另选受让人。",
                    f"{ref.key} gives its shares up, so it cannot receive them. Choose another receiver.",
                )
        return holders
    if terms.receivers == REST:
        remaining_holders = [
            holder for id_, holder in sorted(holders_by_id.items()) if holder.is_poor and id_ not in former
        ]
        require_granted(request, remaining_holders)
        return remaining_holders
    # By default the villages are those of the former holders.
    villages = [unpad_code(code) for code in terms.villages] or [
        holders_by_id[holder_id].area_code or "" for holder_id in sorted(former)
    ]
    poor_households = load_households(store, request, villages, "villageCodes", day, only_poor=True)
    return [household for household in poor_households if household.id not in holders_by_id]
