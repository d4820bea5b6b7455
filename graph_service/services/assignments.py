"""Changes that officials make to who helps whom: duties assigned and ended, visits recorded. Each keeps what was before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.declare import LAST_DAY
from graph_service.derive.days import iso_day
from graph_service.errors import ChangeConflict
from graph_service.services.holdings import VISIT, Holding, checked, require_free, row, terms_of
from graph_service.services.imports.changes import Change, Recorded, Row, changed
from graph_service.services.requests import Request, change, invalid, require_dated, require_past
from graph_service.store.graph import Store

HELPER, PAIRS = "HELPER", "assignments"
MOST_PAIRS = 10_000
"""As many as one change makes."""


def assign(store: Store, request: Request, holding: Holding, since: int, until: int | None) -> Recorded:
    """Give a duty to a holder from a day on (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    post = checked(holding)
    require_dated(since=since, until=until)
    if until is not None and until < since:
        raise invalid("until", "早于开始日期", "it is before the first day")

    def rows() -> list[Row]:
        last = LAST_DAY if until is None else until
        [terms] = terms_of(store, request.granted, [holding], post=post, since=since)
        require_free(holding, terms, since, last)
        return [row(holding, post, since, last)]

    return changed(store, _change("assignDuty", request, holding, since, until), rows)


def assign_helpers(store: Store, request: Request, pairs: Sequence[tuple[str, str]], since: int) -> Recorded:
    """Make each (cadre, card number) a helper and a household from a day on (YYYYMMDD): all of them, or none. Raises `ChangeInvalid`,
    `ChangeConflict`."""
    require_dated(since=since)
    if not 0 < len(pairs) <= MOST_PAIRS:
        raise invalid(PAIRS, f"应为 1 至 {MOST_PAIRS} 条", f"there are 1 to {MOST_PAIRS} of them")
    first: dict[tuple[str, str], int] = {}
    for at, pair in enumerate(pairs):
        if first.setdefault(pair, at) != at:
            raise invalid(f"{PAIRS}[{at}]", f"与第 {first[pair]} 条相同", f"it is the same as {PAIRS}[{first[pair]}]")
    holdings = [Holding(HELPER, cadre_no=cadre, card_no=card) for cadre, card in pairs]

    def rows() -> list[Row]:
        known = terms_of(store, request.granted, holdings, since=since, within=PAIRS)
        for holding, terms in zip(holdings, known, strict=True):
            require_free(holding, terms, since, LAST_DAY)
        return [row(holding, None, since, LAST_DAY) for holding in holdings]

    return changed(store, _change("applyAssignments", request, since, *pairs), rows)


def end(store: Store, request: Request, holding: Holding, until: int) -> Recorded:
    """End a duty that a holder has: `until` is its last day. Raises `ChangeInvalid`, `ChangeConflict`."""
    post = checked(holding)
    require_dated(until=until)

    def rows() -> list[Row]:
        [terms] = terms_of(store, request.granted, [holding], post=post)
        if not terms:
            raise invalid(holding.holder_field, "该责任人没有承担过此责任", "the holder never had this duty")
        begun, ended, _ = max((term for term in terms if term[0] <= until), default=min(terms))
        if begun > until:
            first = iso_day(begun)
            raise invalid("until", f"该责任 {first} 才开始", f"the duty begins on {first} only")
        if ended < until:
            over = iso_day(ended)
            raise ChangeConflict(reason_zh=f"该责任已于 {over} 结束", reason_en=f"it has ended already, on {over}")
        return [row(holding, post, begun, until)]

    return changed(store, _change("endDuty", request, holding, until), rows)


def visit(store: Store, request: Request, cadre_no: str, card_no: str, on: int, note: str | None) -> Recorded:
    """Record a visit to a household. Raises `ChangeInvalid`, `ChangeConflict`."""
    require_past(on=on)
    holding = Holding(VISIT, cadre_no=cadre_no, card_no=card_no)

    def rows() -> list[Row]:
        [visits] = terms_of(store, request.granted, [holding], kind="VISITED", since=on)
        for begun, _, said in visits:
            if begun == on and said != note:
                raise ChangeConflict(
                    reason_zh="当天已有该干部的走访记录,内容不同",
                    reason_en="a visit of that cadre on that day is recorded, with another note",
                )
        return [(("VISITED", "Cadre", "Household"), [cadre_no, card_no, on, LAST_DAY, note])]

    return changed(store, _change("recordVisit", request, holding, on, note), rows)


def _change(kind: str, request: Request, *content: Any) -> Change:
    said = [[getattr(one, name) for name in Holding.__slots__] if isinstance(one, Holding) else one for one in content]
    return change(kind, request, *said)
