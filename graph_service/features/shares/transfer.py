"""A certificate of shares, in whole or in part, to another holder (转让). What is held in all stays the same on every day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import ChangeRequest, invalid_change, parse_number, unknown_reference
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.domain.days import days_after, iso_day
from graph_service.features.shares import holders as there
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
    """A certificate, in whole or so many shares of it, to another holder; `kind`: what they are then, else as they were."""

    certificate: str
    new_holder: Mapping[str, Any]
    shares: object = None
    kind: str | None = None
    certificate_numbers: tuple[str | None, str | None] = (None, None)
    """Numbers of the new certificates: of the new holder, of the former one for the rest."""


def transfer(store: Store, request: ChangeRequest, decision: Decision, terms: Transfer) -> ChangeResult:
    """Transfer shares from the decision's first day on: the former certificate ends on the day before, and the rest of it is another.

    Raises `ChangeInvalid`, `ChangeConflict`.
    """
    decision.validate()
    to = parse_holder_ref(terms.new_holder, "to.")
    if terms.kind is not None:
        require_kind("kind", terms.kind)
    wanted = None if terms.shares is None else parse_whole_number("shares", terms.shares)
    given = [
        None if one is None else parse_number(field, one)
        for field, one in zip(("newCertificate", "restCertificate"), terms.certificate_numbers, strict=True)
    ]
    change = decision.build_change(
        "transferShares", request, terms.certificate, terms.new_holder, wanted, terms.kind, *given
    )

    def rows() -> list[ChangeRow]:
        if is_already_recorded(store, decision, change):
            return []
        known = load_asset_state(store, request, decision.asset)
        former = _find_certificate(known, terms.certificate)
        owners = {one.id: one for one in there.load_holders_by_id(store, [(former.label, former.key)], decision.since)}
        owner = owners[former.label, former.key]
        if not owner.lies_within(request.granted_areas):
            raise unknown_reference("certificate", terms.certificate)
        require_open(former, decision.since, "certificate")
        require_no_payments(known, decision.since)
        held = require_shares(former, "certificate")
        moved = held if wanted is None else wanted
        if moved > held:
            raise invalid_change(
                "shares",
                f"股权证 {former.number} 只有 {held} 股,拟转 {moved} 股",
                f"the certificate {former.number} has {held} shares, and {moved} are to go",
            )
        [holder] = load_holders_by_ref(store, request, [to], decision.since)
        if holder.id == owner.id and terms.kind in (None, former.kind):
            raise invalid_change(to.field_path, "受让人即原持有人", "that is the holder already")
        kind = terms.kind or former.kind or ""
        require_kind("kind", kind)
        require_entitled(to.field_path, holder, kind, iso_day(decision.since))
        total = former.total if former.total is not None else known.stated_total
        grants = [Grant(holder, kind, moved, given[0], "newCertificate")]
        if held > moved:
            grants.append(Grant(owner, former.kind or "", held - moved, given[1], "restCertificate"))
        made = list(issue_certificates(known, decision, grants, total))
        return decision.rows("TRANSFER", [former.with_end(days_after(decision.since, -1), decision.number), *made])

    return apply_change(store, change, rows)


def _find_certificate(state: AssetShareState, number: str) -> ShareCertificate:
    for one in state.certificates:
        if one.number == number:
            return one
    raise unknown_reference("certificate", number)
