"""What became of a fund: budgeted, arrived, passed on, returned, stays; by hop, by area, by household; and what cannot be traced, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from graph_service.services.areas import digits_of
from graph_service.services.chains import down
from graph_service.services.chains.amounts import ZERO, total
from graph_service.services.chains.asked import HOLDERS, directed
from graph_service.services.chains.chain import Amount, Chain, Hop, Node
from graph_service.services.chains.leaves import Sum, of
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

Received = tuple[Fraction, Fraction]
"""Exact fen that benefit a holder, and that it owes."""
RETURNED, ARRIVED = "REPAID", "TRANSFERRED"
PARTLY = {"Fund": "UNSPENT", "Bank": "UNSPENT", "Project": "NOT_FORMED", "Asset": "SHARES_DO_NOT_SUM"}
"""Why part of what came to a node did not go on, where part of it did; of operators NOT_QUANTIFIED."""
BEYOND = "OVERSPENT"
"""Why the remainder of a node is negative: more left it than was there, and what is beyond has no source."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What came (`incoming`) or left by a relationship: fen, vouchers, corrections among them, to or from how many."""

    relationship: str
    incoming: bool
    amount: int
    vouchers: int
    corrections: int
    ends: int


@dataclass(frozen=True, slots=True)
class Remainder:
    """What stays at a node on the way, exact fen (none: not known), and why; negative: what left it beyond what was there, which has no
    source and is no part of the fund's money. Without a key where the asker may not see it."""

    label: str
    key: str | None
    reason: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class FundReport:
    """Amounts in fen. `budgeted`: what the fund is said to be; `by_area`: code (none: nowhere told), exact fen that benefit there, holders, what
    is owed there; `by_household`: card number, exact fen that benefit it, what it owes, of those whom the asker may see."""

    budgeted: int | None
    flows: tuple[Flow, ...]
    reached: Sum
    by_area: tuple[tuple[str | None, Fraction, int, Fraction], ...]
    by_household: tuple[tuple[str, Fraction, Fraction], ...]
    untraced: tuple[Remainder, ...]
    year: int | None = None
    """The one of which the flows are; none: of all."""

    def summed(self, *relationships: str, incoming: bool = False) -> int:
        """What left the fund by these relationships, by all where none is named; or came."""
        return sum(
            one.amount
            for one in self.flows
            if one.incoming == incoming and (not relationships or one.relationship in relationships)
        )

    @property
    def stays(self) -> int | None:
        """What of the amount has not left it, what was paid back added; negative where more left it. Of one year nothing can be said:
        other years' flows count too."""
        if self.budgeted is None or self.year is not None:
            return None
        return self.budgeted - self.summed() + self.summed(RETURNED, incoming=True)


def report(store: Store, viewing: Viewing, fund: str, *, year: int | None = None, by: str = "COUNTY") -> FundReport:
    """The whole report; flows of a `year` alone, where one is named. Three statements. Raises `NotFound`."""
    key = ("fund report", fund, year, by, viewing)
    return store.kept(key, lambda: _made(store, viewing, fund, year, by))


def _made(store: Store, viewing: Viewing, fund: str, year: int | None, by: str) -> FundReport:
    network, found = down.every(store, viewing, directed(("Fund", fund)))
    reached = Sum()
    received: dict[Node, Received] = defaultdict(lambda: (Fraction(0), Fraction(0)))
    hidden: set[Node] = set()
    stays: dict[Node, Amount] = {}
    reasons: dict[Node, str] = {}
    seen: set[tuple[Node, ...]] = set()
    for one in found:
        reached += of(one)
        if one.complete and None not in (one.attributed, one.outstanding) and one.hops[-1].label != "Asset":
            benefit, owed = received[one.hops[-1].node]
            received[one.hops[-1].node] = benefit + (one.attributed or 0), owed + (one.outstanding or 0)
        _remains(one, stays, reasons, hidden, seen)
    places = _keys(received)
    rows = store.ask("money/fund_report", fund=fund, year=year, **places, asOf=viewing.as_of, seq=viewing.sequence)
    where = {key: figures[0] for kind, key, figures in rows if kind == "PLACE"}
    flows = tuple(Flow(key, kind == "IN", *figures) for kind, key, figures in rows if kind != "PLACE")
    return FundReport(
        network.pots["Fund", fund].amount,
        flows,
        reached,
        _by_area(received, where, digits_of(by)),
        tuple(
            sorted(
                (key, *amounts)
                for (label, key), amounts in received.items()
                if label == "Household" and (label, key) not in hidden
            )
        ),
        tuple(
            Remainder(node[0], None if node in hidden else node[1], reasons[node], amount)
            for node, amount in sorted(stays.items())
            if amount is None or amount
        ),
        year,
    )


def _remains(
    chain: Chain, stays: dict[Node, Amount], reasons: dict[Node, str], hidden: set[Node], seen: set[tuple[Node, ...]]
) -> None:
    """What stays on a chain; a beginning that several chains have counts once."""
    for at, hop in enumerate(chain.hops):
        if hop.hidden:
            hidden.add(hop.node)
        if chain.place[: at + 1] in seen or (at == len(chain.hops) - 1 and _is_end(chain, hop)):
            continue
        seen.add(chain.place[: at + 1])
        if hop.stays is None or hop.stays:
            stays[hop.node] = total([stays.get(hop.node, ZERO), hop.stays])
            reasons[hop.node] = _reason(chain, at, hop)
        for one in chain.breaks:
            if one.at == at and one.reason == BEYOND and one.amount is not None:
                # All that it had went on: nothing of it stays.
                stays[hop.node], reasons[hop.node] = -one.amount, BEYOND


def _reason(chain: Chain, at: int, hop: Hop) -> str:
    """Why something stays at a hop of a chain."""
    stopped = [one.reason for one in chain.breaks if one.at == at == len(chain.hops) - 1 and one.reason != BEYOND]
    if stopped:
        return stopped[-1]
    if hop.stays is None:
        return "SHARES_UNKNOWN" if hop.label == "Asset" and hop.arrives is not None else "AMOUNT_UNKNOWN"
    return "NO_SHARES" if hop.label == "Asset" and not hop.goes_on else PARTLY.get(hop.label, "NOT_QUANTIFIED")


def _is_end(chain: Chain, hop: Hop) -> bool:
    """Whether what stays there has reached whom it is for."""
    return chain.complete and hop.label != "Asset"


def _keys(received: dict[Node, Received]) -> dict[str, list[str]]:
    names = dict(zip(HOLDERS, ("households", "persons", "villages"), strict=True))
    return {name: sorted(key for one, key in received if one == label) for label, name in names.items()}


def _by_area(
    received: dict[Node, Received], where: dict[str, str], digits: int
) -> tuple[tuple[str | None, Fraction, int, Fraction], ...]:
    found: dict[str | None, tuple[Fraction, int, Fraction]] = {}
    for (_, key), (benefit, owed) in received.items():
        code = where[key][:digits] if key in where else None
        before, holders, owed_before = found.get(code, (Fraction(0), 0, Fraction(0)))
        found[code] = before + benefit, holders + 1, owed_before + owed
    return tuple((code, *found[code]) for code in sorted(found, key=lambda one: (one is None, one or "")))
