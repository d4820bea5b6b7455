"""谁贫困谁享受: the preferred shares of those who have exited go to newly poor households or to the rest, by one recorded decision (再分配).

As many are given as are given up, on every day from its first one on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.derive.days import days_after, iso_day
from graph_service.errors import ChangeForbidden
from graph_service.services.areas import unpadded
from graph_service.services.imports.changes import Recorded, Row, changed
from graph_service.services.requests import Request, invalid
from graph_service.services.shares import holders as there
from graph_service.services.shares.decisions import Decision, Grant, certified, made_already, require_open
from graph_service.services.shares.division import Rounding
from graph_service.services.shares.holders import Holder, Named, found, named, require_entitled, require_unique
from graph_service.services.shares.issuing import EACH, divided, households
from graph_service.services.shares.standing import (
    ORDINARY,
    PREFERRED,
    Holding,
    require_unpaid,
    shares_of,
    standing,
)
from graph_service.store.graph import Store

NEWLY_POOR, REST, COLLECTIVE = "NEWLY_POOR", "REST", "COLLECTIVE"
People = Mapping[tuple[str, str], Holder]


@dataclass(frozen=True, slots=True)
class Redistribution:
    """Whose preferred shares are given up (`exited`; none named: of all who are not poor on the day), to whom (`receivers`, or those
    who are named: `to`), and who gets what is left over. `villages`: where newly poor households are looked for; none: where those live
    who give up. `keeper`: the collective."""

    exited: Sequence[Mapping[str, Any]] = ()
    receivers: str | None = None
    villages: Sequence[str] = ()
    to: Sequence[Mapping[str, Any]] = ()
    by: str = EACH
    rounding: Rounding = Rounding.LARGEST_REMAINDER
    keeper: Mapping[str, Any] | None = None

    def content(self) -> list[object]:
        of = [list(self.exited), self.receivers, list(self.villages), list(self.to)]
        return [*of, self.by, self.rounding, self.keeper]


def redistribute(store: Store, request: Request, decision: Decision, asked: Redistribution) -> Recorded:
    """Give up preferred shares to others from the decision's first day on; what the policy of rounding leaves over is the
    collective's, as ordinary shares.

    Raises `ChangeInvalid`; `ChangeForbidden` where shares of somebody would go whom the asker may not see; `ChangeConflict`.
    """
    decision.checked()
    exited = [named(one, f"exited[{at}].") for at, one in enumerate(asked.exited)]
    to = [named(one, f"to[{at}].") for at, one in enumerate(asked.to)]
    keeper = _checked(asked, exited, to)
    change = decision.change("redistributeShares", request, *asked.content())
    day = decision.since

    def rows() -> list[Row]:
        if made_already(store, decision, change):
            return []
        known = standing(store, request, decision.asset)
        require_unpaid(known, day)
        preferred = [one for one in known.on(day) if one.kind == PREFERRED]
        ids = sorted({(one.label, one.key) for one in preferred})
        people = {one.id: one for one in there.known(store, ids, day)}
        chosen = {holder.id: one for one, holder in zip(exited, found(store, request, exited, day), strict=True)}
        given_up = _given_up(request, preferred, people, chosen, day)
        freed = sum(shares_of(one) for one in given_up)
        kept_by = None if keeper is None else found(store, request, [keeper], day)[0]
        if keeper is not None and kept_by is not None and kept_by.label in ("Household", "Person"):
            raise invalid(keeper.where, "集体应为村或经营主体", "the collective is a village or an operator")
        grants: list[Grant] = []
        if asked.receivers != COLLECTIVE:
            former = {(one.label, one.key) for one in given_up}
            receivers = _receivers(store, request, asked, to, people, former, day)
            parts = divided(freed, receivers, "to" if to else "receivers", asked.by, asked.rounding)
            grants = [Grant(one, PREFERRED, parts[one.id]) for one in receivers if parts[one.id]]
        left = freed - sum(one.shares for one in grants)
        if left and kept_by is not None:
            grants.append(Grant(kept_by, ORDINARY, left))
        total = next((one.total for one in given_up if one.total is not None), known.stated)
        made = list(certified(known, decision, grants, total))
        last = days_after(day, -1)
        return decision.rows("REDISTRIBUTE", [*(one.ended(last, decision.number) for one in given_up), *made])

    return changed(store, change, rows)


def _checked(asked: Redistribution, exited: Sequence[Named], to: Sequence[Named]) -> Named | None:
    """The collective, where it keeps something. Raises `ChangeInvalid` for what does not go together."""
    require_unique(exited)
    require_unique(to)
    if (asked.receivers is None) != bool(to):
        raise invalid("receivers", "请给出 receivers 或 to 之一", "give receivers or to, one of them")
    if asked.villages and asked.receivers != NEWLY_POOR:
        raise invalid("villageCodes", "仅用于新增贫困户(NEWLY_POOR)", "that is for newly poor households (NEWLY_POOR)")
    collective = asked.receivers == COLLECTIVE or asked.rounding is Rounding.KEPT
    if collective != (asked.keeper is not None):
        raise invalid(
            "keeper",
            "全部或余数留存集体时须给出集体(村或经营主体),否则不给",
            "where the collective keeps all or what is left over, say who that is (a village, an operator), and only then",
        )
    return None if asked.keeper is None else named(asked.keeper, "keeper.")


def _given_up(
    request: Request,
    preferred: Sequence[Holding],
    people: People,
    chosen: Mapping[tuple[str, str], Named],
    day: int,
) -> list[Holding]:
    """The certificates that are given up: of those who are named, else of all who are not poor on the day."""
    held = {(one.label, one.key) for one in preferred}
    for id_, one in chosen.items():
        if id_ not in held:
            raise invalid(
                one.where,
                f"{one.key} 在 {iso_day(day)} 没有优先股",
                f"{one.key} has no preferred shares on {iso_day(day)}",
            )
    leaving = set(chosen) or {id_ for id_ in held if not people[id_].poor}
    given_up = [one for one in preferred if (one.label, one.key) in leaving]
    if not given_up:
        raise invalid(
            "exited",
            f"{iso_day(day)} 没有应退出的优先股(优先股持有人 {len(held)} 户均为贫困户)",
            f"on {iso_day(day)} there are no preferred shares to give up: all {len(held)} who hold some are poor",
        )
    _require_mine(request, [people[id_] for id_ in sorted(leaving)])
    for certificate in given_up:
        require_open(certificate, day, "since")
    return given_up


def _receivers(
    store: Store,
    request: Request,
    asked: Redistribution,
    to: Sequence[Named],
    people: People,
    former: set[tuple[str, str]],
    day: int,
) -> list[Holder]:
    if to:
        holders = found(store, request, to, day)
        for one, holder in zip(to, holders, strict=True):
            require_entitled(one.where, holder, PREFERRED, iso_day(day))
            if holder.id in former:
                raise invalid(one.where, f"{one.key} 正退出股份", f"{one.key} gives its shares up")
        return holders
    if asked.receivers == REST:
        rest = [one for id_, one in sorted(people.items()) if one.poor and id_ not in former]
        _require_mine(request, rest)
        return rest
    # Where nobody says where, it is where those live who give up.
    villages = [unpadded(code) for code in asked.villages] or [people[one].place or "" for one in sorted(former)]
    found_there = households(store, request, villages, "villageCodes", day, poor=True)
    return [one for one in found_there if one.id not in people]


def _require_mine(request: Request, holders: Sequence[Holder]) -> None:
    """Raises `ChangeForbidden` where some lie outside of what is granted: who they are is not told."""
    outside = sum(not one.lies_within(request.granted) for one in holders)
    if outside:
        raise ChangeForbidden(
            reason_zh=f"涉及授权区划以外的持有人 {outside} 户(人)",
            reason_en=f"{outside} of the holders lie outside of what is granted",
        )
