"""Transfer of a certificate, in whole or in part, to another holder (转让). The sum of held shares stays the same on every day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import ChangeRequest, parse_new_number, unchangeable
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.core.refusals import RefusalCode, invalid_change, unknown_reference
from graph_service.domain.days import days_after, iso_day
from graph_service.features.shares import holders as share_holders
from graph_service.features.shares.asset_state import (
    AssetShareState,
    ShareCertificate,
    load_asset_state,
    parse_whole_number,
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
from graph_service.features.shares.holders import load_holders_by_ref, parse_holder_ref, require_entitled
from graph_service.features.shares.issue import require_kind
from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class Transfer:
    """A certificate, in whole or `shares` of it, for another holder; `kind`: the new kind of the shares, by default the former one."""

    certificate: str
    new_holder: Mapping[str, Any]
    shares: object = None
    kind: str | None = None
    certificate_numbers: tuple[str | None, str | None] = (None, None)
    """Numbers of the new certificates: of the new holder, and of the former holder for the rest."""


def transfer(store: Store, request: ChangeRequest, decision: Decision, terms: Transfer) -> ChangeResult:
    """Transfer shares from the decision's first day on: the former certificate ends on the day before, and the rest gets a new certificate.

    Raises `ChangeInvalid`, `ChangeConflict`.
    """
    decision.validate()
    receiver_ref = parse_holder_ref(terms.new_holder, "to.")
    if terms.kind is not None:
        require_kind("kind", terms.kind)
    requested_shares = None if terms.shares is None else parse_whole_number("shares", terms.shares)
    certificate_numbers = [
        None if number is None else parse_new_number(field, number)
        for field, number in zip(("newCertificate", "restCertificate"), terms.certificate_numbers, strict=True)
    ]
    change = decision.build_change(
        "transferShares",
        request,
        terms.certificate,
        terms.new_holder,
        requested_shares,
        terms.kind,
        *certificate_numbers,
    )

    def build_rows() -> list[ChangeRow]:
        state = load_asset_state(store, request, decision.asset)
        if is_already_recorded(store, decision, change):
            return []
        former_certificate = _find_certificate(state, terms.certificate)
        owners = {
            holder.id: holder
            for holder in share_holders.load_holders_by_id(
                store, [(former_certificate.label, former_certificate.key)], decision.since
            )
        }
        owner = owners[former_certificate.label, former_certificate.key]
        if not owner.lies_within(request.granted_areas):
            raise unchangeable(request, owner.area_code, "certificate", terms.certificate)
        require_open(former_certificate, decision.since, "certificate")
        require_no_payments(state, decision.since)
        held_shares = require_shares(former_certificate, "certificate")
        moved_shares = held_shares if requested_shares is None else requested_shares
        if moved_shares > held_shares:
            raise invalid_change(
                RefusalCode.SHARES_INSUFFICIENT,
                "shares",
                f"股权证 {former_certificate.number} 只有 {held_shares} 股，拟转 {moved_shares} 股。请减少转让股数。",
                f"The certificate {former_certificate.number} has {held_shares} shares, and {moved_shares} would be transferred. Transfer fewer.",
            )
        [holder] = load_holders_by_ref(store, request, [receiver_ref], decision.since)
        if holder.id == owner.id and terms.kind in (None, former_certificate.kind):
            raise invalid_change(
                RefusalCode.VALUES_DO_NOT_COMBINE,
                receiver_ref.field_path,
                "受让人即原持有人。请另选受让人，或改变股份类型。",
                "The receiver is the present holder. Choose another receiver, or another kind of shares.",
            )
        kind = terms.kind or former_certificate.kind or ""
        require_kind("kind", kind)
        require_entitled(receiver_ref.field_path, holder, kind, iso_day(decision.since))
        total = former_certificate.total if former_certificate.total is not None else state.stated_total
        grants = [Grant(holder, kind, moved_shares, certificate_numbers[0], "newCertificate")]
        if held_shares > moved_shares:
            grants.append(
                Grant(
                    owner,
                    former_certificate.kind or "",
                    held_shares - moved_shares,
                    certificate_numbers[1],
                    "restCertificate",
                )
            )
        new_certificates = list(issue_certificates(state, decision, grants, total))
        return decision.rows(
            "TRANSFER",
            [former_certificate.with_end(days_after(decision.since, -1), decision.number), *new_certificates],
        )

    return apply_change(store, change, build_rows)


def _find_certificate(state: AssetShareState, number: str) -> ShareCertificate:
    for certificate in state.certificates:
        if certificate.number == number:
            return certificate
    raise unknown_reference("certificate", number)
