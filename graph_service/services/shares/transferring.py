"""A certificate of shares, in whole or in part, to another holder (转让). What is held in all stays the same on every day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph_service.derive.days import days_after, iso_day
from graph_service.services.imports.changes import Recorded, Row, changed
from graph_service.services.requests import Request, invalid, number_of, unknown
from graph_service.services.shares import holders as there
from graph_service.services.shares.decisions import Decision, Grant, certified, made_already, require_open
from graph_service.services.shares.holders import found, named, require_entitled
from graph_service.services.shares.issuing import require_kind
from graph_service.services.shares.standing import Holding, Standing, require_unpaid, shares_of, standing, whole_number
from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Transfer:
    """A certificate, in whole or so many shares of it, to another holder; `kind`: what they are then, else as they were."""

    certificate: str
    to: Mapping[str, Any]
    shares: object = None
    kind: str | None = None
    numbers: tuple[str | None, str | None] = (None, None)
    """Numbers of the new certificates: of the new holder, of the former one for the rest."""


def transfer(store: Store, request: Request, decision: Decision, asked: Transfer) -> Recorded:
    """Transfer shares from the decision's first day on: the former certificate ends on the day before, and the rest of it is another.

    Raises `ChangeInvalid`, `ChangeConflict`.
    """
    decision.checked()
    to = named(asked.to, "to.")
    if asked.kind is not None:
        require_kind("kind", asked.kind)
    wanted = None if asked.shares is None else whole_number("shares", asked.shares)
    given = [
        None if one is None else number_of(field, one)
        for field, one in zip(("newCertificate", "restCertificate"), asked.numbers, strict=True)
    ]
    change = decision.change("transferShares", request, asked.certificate, asked.to, wanted, asked.kind, *given)

    def rows() -> list[Row]:
        if made_already(store, decision, change):
            return []
        known = standing(store, request, decision.asset)
        former = _certificate(known, asked.certificate)
        owners = {one.id: one for one in there.known(store, [(former.label, former.key)], decision.since)}
        owner = owners[former.label, former.key]
        if not owner.lies_within(request.granted):
            raise unknown("certificate", asked.certificate)
        require_open(former, decision.since, "certificate")
        require_unpaid(known, decision.since)
        held = shares_of(former, "certificate")
        moved = held if wanted is None else wanted
        if moved > held:
            raise invalid(
                "shares",
                f"股权证 {former.certificate} 只有 {held} 股,拟转 {moved} 股",
                f"the certificate {former.certificate} has {held} shares, and {moved} are to go",
            )
        [holder] = found(store, request, [to], decision.since)
        if holder.id == owner.id and asked.kind in (None, former.kind):
            raise invalid(to.where, "受让人即原持有人", "that is the holder already")
        kind = asked.kind or former.kind or ""
        require_kind("kind", kind)
        require_entitled(to.where, holder, kind, iso_day(decision.since))
        total = former.total if former.total is not None else known.stated
        grants = [Grant(holder, kind, moved, given[0], "newCertificate")]
        if held > moved:
            grants.append(Grant(owner, former.kind or "", held - moved, given[1], "restCertificate"))
        made = list(certified(known, decision, grants, total))
        return decision.rows("TRANSFER", [former.ended(days_after(decision.since, -1), decision.number), *made])

    return changed(store, change, rows)


def _certificate(known: Standing, number: str) -> Holding:
    for one in known.holdings:
        if one.certificate == number:
            return one
    raise unknown("certificate", number)
