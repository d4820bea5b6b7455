"""Report of a fund: amounts budgeted, arrived, passed on, returned and retained; by hop, area and household; amounts
that cannot be traced, and the reasons."""

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
"""Exact fen that benefit a holder, and exact fen that the holder owes."""
REPAYMENT, TRANSFER = "REPAID", "TRANSFERRED"
PARTIAL_REASONS = {"Fund": "UNSPENT", "Bank": "UNSPENT", "Project": "NOT_FORMED", "Asset": "SHARES_DO_NOT_SUM"}
"""Reason why a node passed on only part of its inflow, by label; NOT_QUANTIFIED for operators."""
OVERSPENT = "OVERSPENT"
"""Reason why the remainder of a node is negative: more left it than was there, and the excess has no source."""


@dataclass(frozen=True, slots=True)
class FundFlow:
    """Money that came (`incoming`) or left by a relationship: fen, vouchers, corrections among them, number of sources
    or targets."""

    relationship: str
    incoming: bool
    amount: int
    vouchers: int
    corrections: int
    ends: int


@dataclass(frozen=True, slots=True)
class FundRemainder:
    """Amount retained at a node on the way, in exact fen (None: unknown), and the reason. Negative: the excess that
    left the node beyond what was there; it has no source and is not part of the fund's money. `key` is None where the
    asker may not see the node."""

    label: str
    key: str | None
    reason: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class FundReport:
    """Report of a fund, amounts in fen. `budgeted`: the stated amount of the fund; `by_area`: code (None: location
    unknown), exact fen of benefit, holders, exact fen owed; `by_household`: card number, exact fen of benefit, exact
    fen owed, only of households that the asker may see."""

    budgeted: int | None
    flows: tuple[FundFlow, ...]
    totals: ChainTotals
    by_area: tuple[tuple[str | None, Fraction, int, Fraction], ...]
    by_household: tuple[tuple[str, Fraction, Fraction], ...]
    untraced: tuple[FundRemainder, ...]
    year: int | None = None
    """Year of the flows; None for all years."""

    def sum_flows(self, *relationships: str, incoming: bool = False) -> int:
        """Return the sum of what left the fund (or came, with `incoming`) by these relationships; by all where none is given."""
        return sum(
            flow.amount
            for flow in self.flows
            if flow.incoming == incoming and (not relationships or flow.relationship in relationships)
        )

    @property
    def stays(self) -> int | None:
        """Return the part of the amount that has not left the fund, repayments added; negative where more left it.
        None where no amount is stated, and for a single year, as the flows of other years count too."""
        if self.budgeted is None or self.year is not None:
            return None
        return self.budgeted - self.sum_flows() + self.sum_flows(REPAYMENT, incoming=True)


def report(store: Store, scope: QueryScope, fund: str, *, year: int | None = None, by: str = "COUNTY") -> FundReport:
    """Return the whole report; with the flows of one `year` where it is given. Three statements. Raises `NotFound`."""
    key = ("fund report", fund, year, by, scope)
    return store.get_or_compute(key, lambda: _build_report(store, scope, fund, year, by))


def _build_report(store: Store, scope: QueryScope, fund: str, year: int | None, by: str) -> FundReport:
    network, chains = downstream.load_chains(store, scope, build_query(("Fund", fund)))
    totals = ChainTotals()
    amounts_by_holder: dict[Node, ReceivedAmounts] = defaultdict(lambda: (Fraction(0), Fraction(0)))
    hidden_nodes: set[Node] = set()
    remainders: dict[Node, Amount] = {}
    reasons: dict[Node, str] = {}
    visited: set[tuple[Node, ...]] = set()
    for chain in chains:
        totals += chain_totals(chain)
        if chain.is_complete and None not in (chain.attributed, chain.outstanding) and chain.hops[-1].label != "Asset":
            benefit, debt = amounts_by_holder[chain.hops[-1].node]
            amounts_by_holder[chain.hops[-1].node] = benefit + (chain.attributed or 0), debt + (chain.outstanding or 0)
        _collect_remainders(chain, remainders, reasons, hidden_nodes, visited)
    holder_keys = _holder_keys(amounts_by_holder)
    rows = store.query("chains/fund_report", fund=fund, year=year, **holder_keys, asOf=scope.as_of, seq=scope.version)
    area_code_by_holder = {key: figures[0] for kind, key, figures in rows if kind == "PLACE"}
    flows = tuple(FundFlow(key, kind == "IN", *figures) for kind, key, figures in rows if kind != "PLACE")
    return FundReport(
        network.funding_nodes["Fund", fund].amount,
        flows,
        totals,
        _by_area(amounts_by_holder, area_code_by_holder, code_digits(by)),
        tuple(
            sorted(
                (key, *amounts)
                for (label, key), amounts in amounts_by_holder.items()
                if label == "Household" and (label, key) not in hidden_nodes
            )
        ),
        tuple(
            FundRemainder(node[0], None if node in hidden_nodes else node[1], reasons[node], amount)
            for node, amount in sorted(remainders.items())
            if amount is None or amount
        ),
        year,
    )


def _collect_remainders(
    chain: Chain,
    remainders: dict[Node, Amount],
    reasons: dict[Node, str],
    hidden_nodes: set[Node],
    visited: set[tuple[Node, ...]],
) -> None:
    """Add the amounts retained on a chain; a beginning shared by several chains counts once."""
    for index, hop in enumerate(chain.hops):
        if hop.is_hidden:
            hidden_nodes.add(hop.node)
        if chain.sort_key[: index + 1] in visited or (index == len(chain.hops) - 1 and _is_end(chain, hop)):
            continue
        visited.add(chain.sort_key[: index + 1])
        if hop.retained is None or hop.retained:
            remainders[hop.node] = sum_amounts([remainders.get(hop.node, ZERO), hop.retained])
            reasons[hop.node] = _remainder_reason(chain, index, hop)
        for chain_break in chain.breaks:
            if chain_break.hop_index == index and chain_break.reason == OVERSPENT and chain_break.amount is not None:
                # The node passed on all that it had and retains nothing.
                remainders[hop.node], reasons[hop.node] = -chain_break.amount, OVERSPENT


def _remainder_reason(chain: Chain, index: int, hop: ChainHop) -> str:
    """Return the reason why an amount is retained at a hop of a chain."""
    stop_reasons = [
        chain_break.reason
        for chain_break in chain.breaks
        if chain_break.hop_index == index == len(chain.hops) - 1 and chain_break.reason != OVERSPENT
    ]
    if stop_reasons:
        return stop_reasons[-1]
    if hop.retained is None:
        return "SHARES_UNKNOWN" if hop.label == "Asset" and hop.inflow is not None else "AMOUNT_UNKNOWN"
    return "NO_SHARES" if hop.label == "Asset" and not hop.outflow else PARTIAL_REASONS.get(hop.label, "NOT_QUANTIFIED")


def _is_end(chain: Chain, hop: ChainHop) -> bool:
    """Return True where the amount retained at the hop has reached its beneficiary."""
    return chain.is_complete and hop.label != "Asset"


def _holder_keys(amounts_by_holder: dict[Node, ReceivedAmounts]) -> dict[str, list[str]]:
    parameter_by_label = dict(zip(HOLDER_LABELS, ("households", "persons", "villages"), strict=True))
    return {
        name: sorted(key for holder_label, key in amounts_by_holder if holder_label == label)
        for label, name in parameter_by_label.items()
    }


def _by_area(
    amounts_by_holder: dict[Node, ReceivedAmounts], area_codes: dict[str, str], digits: int
) -> tuple[tuple[str | None, Fraction, int, Fraction], ...]:
    amounts_by_code: dict[str | None, tuple[Fraction, int, Fraction]] = {}
    for (_, key), (benefit, debt) in amounts_by_holder.items():
        code = area_codes[key][:digits] if key in area_codes else None
        benefit_before, holders, debt_before = amounts_by_code.get(code, (Fraction(0), 0, Fraction(0)))
        amounts_by_code[code] = benefit_before + benefit, holders + 1, debt_before + debt
    return tuple(
        (code, *amounts_by_code[code]) for code in sorted(amounts_by_code, key=lambda code: (code is None, code or ""))
    )
