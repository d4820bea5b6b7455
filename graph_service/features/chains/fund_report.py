"""What became of a fund: budgeted, arrived, passed on, returned, stays; by hop, by area, by household; and what cannot be traced, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from graph_service.core.areas import code_digits
from graph_service.core.query_scope import QueryScope
from graph_service.features.chains import downstream
from graph_service.features.chains.amounts import ZERO, sum_amounts
from graph_service.features.chains.beneficiaries import ChainTotals, chain_totals
from graph_service.features.chains.chain import Amount, Chain, ChainHop, Node
from graph_service.features.chains.query import HOLDER_LABELS, build_query
from graph_service.platform.store.graph import Store

ReceivedAmounts = tuple[Fraction, Fraction]
"""Exact fen that benefit a holder, and that it owes."""
REPAYMENT, TRANSFER = "REPAID", "TRANSFERRED"
PARTIAL_REASONS = {"Fund": "UNSPENT", "Bank": "UNSPENT", "Project": "NOT_FORMED", "Asset": "SHARES_DO_NOT_SUM"}
"""Why part of what came to a node did not go on, where part of it did; of operators NOT_QUANTIFIED."""
OVERSPENT = "OVERSPENT"
"""Why the remainder of a node is negative: more left it than was there, and what is beyond has no source."""


@dataclass(frozen=True, slots=True)
class FundFlow:
    """What came (`incoming`) or left by a relationship: fen, vouchers, corrections among them, to or from how many."""

    relationship: str
    incoming: bool
    amount: int
    vouchers: int
    corrections: int
    ends: int


@dataclass(frozen=True, slots=True)
class FundRemainder:
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
    flows: tuple[FundFlow, ...]
    totals: ChainTotals
    by_area: tuple[tuple[str | None, Fraction, int, Fraction], ...]
    by_household: tuple[tuple[str, Fraction, Fraction], ...]
    untraced: tuple[FundRemainder, ...]
    year: int | None = None
    """The one of which the flows are; none: of all."""

    def sum_flows(self, *relationships: str, incoming: bool = False) -> int:
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
        return self.budgeted - self.sum_flows() + self.sum_flows(REPAYMENT, incoming=True)


def report(store: Store, scope: QueryScope, fund: str, *, year: int | None = None, by: str = "COUNTY") -> FundReport:
    """The whole report; flows of a `year` alone, where one is named. Three statements. Raises `NotFound`."""
    key = ("fund report", fund, year, by, scope)
    return store.get_or_compute(key, lambda: _build_report(store, scope, fund, year, by))


def _build_report(store: Store, scope: QueryScope, fund: str, year: int | None, by: str) -> FundReport:
    network, found = downstream.load_chains(store, scope, build_query(("Fund", fund)))
    reached = ChainTotals()
    received: dict[Node, ReceivedAmounts] = defaultdict(lambda: (Fraction(0), Fraction(0)))
    hidden: set[Node] = set()
    stays: dict[Node, Amount] = {}
    reasons: dict[Node, str] = {}
    seen: set[tuple[Node, ...]] = set()
    for one in found:
        reached += chain_totals(one)
        if one.is_complete and None not in (one.attributed, one.outstanding) and one.hops[-1].label != "Asset":
            benefit, owed = received[one.hops[-1].node]
            received[one.hops[-1].node] = benefit + (one.attributed or 0), owed + (one.outstanding or 0)
        _collect_remainders(one, stays, reasons, hidden, seen)
    places = _holder_keys(received)
    rows = store.query("chains/fund_report", fund=fund, year=year, **places, asOf=scope.as_of, seq=scope.version)
    where = {key: figures[0] for kind, key, figures in rows if kind == "PLACE"}
    flows = tuple(FundFlow(key, kind == "IN", *figures) for kind, key, figures in rows if kind != "PLACE")
    return FundReport(
        network.funding_nodes["Fund", fund].amount,
        flows,
        reached,
        _by_area(received, where, code_digits(by)),
        tuple(
            sorted(
                (key, *amounts)
                for (label, key), amounts in received.items()
                if label == "Household" and (label, key) not in hidden
            )
        ),
        tuple(
            FundRemainder(node[0], None if node in hidden else node[1], reasons[node], amount)
            for node, amount in sorted(stays.items())
            if amount is None or amount
        ),
        year,
    )


def _collect_remainders(
    chain: Chain,
    remainders: dict[Node, Amount],
    reasons: dict[Node, str],
    hidden: set[Node],
    seen: set[tuple[Node, ...]],
) -> None:
    """What stays on a chain; a beginning that several chains have counts once."""
    for at, hop in enumerate(chain.hops):
        if hop.is_hidden:
            hidden.add(hop.node)
        if chain.sort_key[: at + 1] in seen or (at == len(chain.hops) - 1 and _is_end(chain, hop)):
            continue
        seen.add(chain.sort_key[: at + 1])
        if hop.retained is None or hop.retained:
            remainders[hop.node] = sum_amounts([remainders.get(hop.node, ZERO), hop.retained])
            reasons[hop.node] = _remainder_reason(chain, at, hop)
        for one in chain.breaks:
            if one.hop_index == at and one.reason == OVERSPENT and one.amount is not None:
                # All that it had went on: nothing of it stays.
                remainders[hop.node], reasons[hop.node] = -one.amount, OVERSPENT


def _remainder_reason(chain: Chain, index: int, hop: ChainHop) -> str:
    """Why something stays at a hop of a chain."""
    stopped = [
        one.reason for one in chain.breaks if one.hop_index == index == len(chain.hops) - 1 and one.reason != OVERSPENT
    ]
    if stopped:
        return stopped[-1]
    if hop.retained is None:
        return "SHARES_UNKNOWN" if hop.label == "Asset" and hop.inflow is not None else "AMOUNT_UNKNOWN"
    return "NO_SHARES" if hop.label == "Asset" and not hop.outflow else PARTIAL_REASONS.get(hop.label, "NOT_QUANTIFIED")


def _is_end(chain: Chain, hop: ChainHop) -> bool:
    """Whether what stays there has reached whom it is for."""
    return chain.is_complete and hop.label != "Asset"


def _holder_keys(received: dict[Node, ReceivedAmounts]) -> dict[str, list[str]]:
    names = dict(zip(HOLDER_LABELS, ("households", "persons", "villages"), strict=True))
    return {name: sorted(key for one, key in received if one == label) for label, name in names.items()}


def _by_area(
    received: dict[Node, ReceivedAmounts], area_codes: dict[str, str], digits: int
) -> tuple[tuple[str | None, Fraction, int, Fraction], ...]:
    found: dict[str | None, tuple[Fraction, int, Fraction]] = {}
    for (_, key), (benefit, owed) in received.items():
        code = area_codes[key][:digits] if key in area_codes else None
        before, holders, owed_before = found.get(code, (Fraction(0), 0, Fraction(0)))
        found[code] = before + benefit, holders + 1, owed_before + owed
    return tuple((code, *found[code]) for code in sorted(found, key=lambda one: (one is None, one or "")))
