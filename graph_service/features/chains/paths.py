"""Paths of money from a start to its beneficiaries, in the lawful order of hops, with the exact amount that arrives at
each hop.

Money goes from a fund or a bank to funds, banks, projects, operators, households and measures; from a project to the
assets that it formed; from an operator, through its stakes in other operators, to assets; from an asset to its
shareholders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from graph_service.errors import TooManyPaths
from graph_service.features.chains.amounts import (
    asset_inflow,
    asset_value,
    formation_ratio,
    multiply,
    stated_amount,
    sum_amounts,
)
from graph_service.features.chains.chain import (
    LENT,
    Amount,
    ChainBreak,
    ChainEvidence,
    ChainHop,
    Node,
)
from graph_service.features.chains.cycles import Cycles
from graph_service.features.chains.money_path import FundingPortion, MoneyPath, with_loan_amounts
from graph_service.features.chains.network import (
    FUNDING_LABELS,
    OPERATOR_LABELS,
    MoneyNetwork,
    is_loan,
    net_amount,
    net_inflow,
    split_grants_and_loans,
)
from graph_service.features.chains.ownership import Ownership, combined_stake

HOLDS, GRANTED, PAYS = "HOLDS", "GRANTED", "PAYS"
DISBURSED, TO_PERSON, TO_VILLAGE = "DISBURSED", "TO_PERSON", "TO_VILLAGE"
BENEFICIARY_LABELS = {
    HOLDS: "",
    GRANTED: "Household",
    LENT: f"Household {LENT}",
    PAYS: "Measure",
    TO_PERSON: "Person",
    TO_VILLAGE: "Village",
}
"""Kind of beneficiary at the end of a path → the label that follows in the sort key; empty for HOLDS, whose holders
have several labels."""
LEVELS_ABOVE_COUNTY = ("CENTRAL", "PROVINCE", "PREFECTURE")
"""Levels of funds whose money goes to projects through the county (四到县)."""
MAX_TRANSFERS = 8
MAX_PATHS = 30_000
"""Limit of followed paths among funds and banks: the tree of a province has as many paths as funds."""
OUTFLOW_RELATIONSHIPS = ("TRANSFERRED", "ALLOCATED", "GRANTED", "DISBURSED", "INVESTED", "LENT", "PAYS")
INFLOW_RELATIONSHIPS = {
    "Project": ("ALLOCATED",),
    **dict.fromkeys(OPERATOR_LABELS, ("INVESTED", "LENT")),
    "Asset": ("FORMED", "OWNS"),
}
"""Relationships by which money comes to nodes that are not funds or banks, by label."""
SortKey = Sequence[Node]


class PathFinder:
    """Paths through a network. `is_allowed`: only over these nodes. `is_end`: nodes at which a path ends (paths also
    go on beyond them). `after`: only paths after this cursor."""

    def __init__(
        self,
        network: MoneyNetwork,
        *,
        is_allowed: Callable[[Node], bool] = lambda _: True,
        is_end: Callable[[Node], bool] | None = None,
        after: SortKey = (),
    ) -> None:
        self._network, self._is_allowed, self._is_end, self._after = network, is_allowed, is_end, tuple(after)
        self._ownership = Ownership(network)
        edge_weights: dict[Node, dict[Node, Amount]] = {}
        for node, funding_node in network.funding_nodes.items():
            for source, evidence in funding_node.sources.items():
                if source in network.funding_nodes and net_inflow(evidence) > 0:
                    edge_weights.setdefault(source, {})[node] = Fraction(
                        net_inflow(evidence), network.funding_nodes[source].available
                    )
        self._cycles = Cycles(edge_weights)
        self._path_count = 0

    def find_paths(self, node: Node, portion: FundingPortion = FundingPortion.HAS) -> Iterator[MoneyPath]:
        """Yield the paths from a node for a portion of its money: all it has; only its own, which came from no other
        node (a node that is not a fund and has no funding has no source); or what left it beyond what it had."""
        label, key = node
        network = self._network
        is_unfunded = label in INFLOW_RELATIONSHIPS and not network.is_funded(node)
        breaks = (ChainBreak(0, INFLOW_RELATIONSHIPS[label], "NO_SOURCE"),) if is_unfunded else ()
        if label in FUNDING_LABELS:
            funding_node = network.funding_nodes[node]
            visits = Fraction(1) if portion is FundingPortion.HAS else self._cycles.expected_visits(node)
            funds = Fraction(
                {
                    FundingPortion.HAS: funding_node.total_funds,
                    FundingPortion.OWN: funding_node.own_funds,
                    FundingPortion.UNSOURCED: funding_node.unsourced,
                }[portion]
            )
            hop = ChainHop(
                label, key, inflow=funds, recirculated=multiply(funds, None if visits is None else visits - 1)
            )
            source_breaks = (
                (ChainBreak(0, ("TRANSFERRED",), "NO_SOURCE", funds),) if portion is FundingPortion.UNSOURCED else ()
            )
            paths = self._funding_paths(
                (hop,),
                None if not funding_node.available else multiply(funds / funding_node.available, visits),
                source_breaks,
            )
            yield from (replace(path, is_unsourced=True) for path in paths) if source_breaks else paths
        elif label == "Project":
            project = network.projects[key]
            yield from self._project_paths(
                (ChainHop(label, key, is_hidden=project.is_hidden, inflow=Fraction(project.inflow)),), breaks
            )
        elif label in OPERATOR_LABELS:
            yield from self._operator_paths(
                (ChainHop(label, key, inflow=Fraction(network.operators[node].inflow)),), breaks
            )
        else:
            asset = network.assets[key]
            inflow = asset_value(network, key) if is_unfunded else asset_inflow(network, self._ownership, key)
            hop = ChainHop(label, key, is_hidden=asset.is_hidden, inflow=inflow)
            yield from self._asset_paths((hop,), breaks)

    def _is_before_cursor(self, hops: tuple[ChainHop, ...]) -> bool:
        """Return True where every path that begins with these hops precedes the cursor."""
        sort_key = tuple(hop.sort_key for hop in hops)
        return sort_key < self._after[: len(sort_key)]

    def _may_follow_cursor(self, hops: tuple[ChainHop, ...], beneficiary_kind: str = "") -> bool:
        """Return True where a path that ends with these hops, or any of its beneficiaries, may follow the cursor."""
        sort_key = tuple(hop.sort_key for hop in hops)
        cursor_prefix = self._after[: len(sort_key)]
        if sort_key != cursor_prefix or not self._after:
            return sort_key > cursor_prefix or not self._after
        cursor_rest = self._after[len(sort_key) :]
        return (
            bool(beneficiary_kind)
            and bool(cursor_rest)
            and (not BENEFICIARY_LABELS[beneficiary_kind] or BENEFICIARY_LABELS[beneficiary_kind] >= cursor_rest[0][0])
        )

    def _end_paths(self, hops: tuple[ChainHop, ...], breaks: tuple[ChainBreak, ...]) -> Iterator[MoneyPath]:
        if self._is_end is not None and self._is_end(hops[-1].node) and self._may_follow_cursor(hops):
            yield MoneyPath(hops, "", breaks)

    def _beneficiary_paths(
        self, hops: tuple[ChainHop, ...], beneficiary_kind: str, breaks: tuple[ChainBreak, ...]
    ) -> Iterator[MoneyPath]:
        if self._is_end is None and self._may_follow_cursor(hops, beneficiary_kind):
            yield MoneyPath(hops, beneficiary_kind, breaks)

    def _stopped_paths(
        self,
        hops: tuple[ChainHop, ...],
        breaks: tuple[ChainBreak, ...],
        expected: tuple[str, ...],
        reason: str,
        *,
        include_end: bool = False,
    ) -> Iterator[MoneyPath]:
        """Yield the path that stops at these hops. `include_end`: also where it stops at a requested end."""
        is_requested = self._is_end is None or (include_end and self._is_end(hops[-1].node))
        if is_requested and self._may_follow_cursor(hops):
            yield MoneyPath(hops, "", (*breaks, ChainBreak(len(hops) - 1, expected, reason)), is_stopped=True)

    def _funding_paths(
        self, hops: tuple[ChainHop, ...], ratio: Amount, breaks: tuple[ChainBreak, ...]
    ) -> Iterator[MoneyPath]:
        """Yield the paths on from a fund or a bank. `ratio`: the part of each fen leaving it that belongs to the
        followed money; None where it is unknown, or where there is no money."""
        node, network = hops[-1].node, self._network
        funding_node = network.funding_nodes[node]
        hops = (
            *hops[:-1],
            replace(
                hops[-1],
                outflow=multiply(ratio, Fraction(funding_node.outflow)) if funding_node.available else Fraction(0),
            ),
        )
        self._path_count += 1
        if self._path_count > MAX_PATHS:
            raise TooManyPaths(most=MAX_PATHS)
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        if funding_node.unsourced and not any(
            chain_break.reason == "NO_SOURCE" for chain_break in breaks if chain_break.hop_index == len(hops) - 1
        ):
            breaks = (
                *breaks,
                ChainBreak(len(hops) - 1, ("TRANSFERRED",), "OVERSPENT", Fraction(funding_node.unsourced)),
            )
        passed_nodes = {hop.node for hop in hops}
        targets: list[Node] = [
            target
            for target in network.targets.get(node, ())
            if target not in passed_nodes and self._is_allowed(target)
        ]
        has_distant_funds = False
        if sum(1 for hop in hops if hop.label in FUNDING_LABELS) > MAX_TRANSFERS:
            targets, has_distant_funds = (
                [target for target in targets if target[0] not in FUNDING_LABELS],
                any(target[0] in FUNDING_LABELS for target in targets),
            )
        flags = (
            funding_node.has_grants,
            funding_node.has_loans,
            funding_node.has_measures,
            funding_node.has_person_payments,
            funding_node.has_village_payments,
        )
        beneficiary_kinds = [
            kind for kind, flag in zip((GRANTED, LENT, PAYS, TO_PERSON, TO_VILLAGE), flags, strict=True) if flag
        ]
        if not targets and not beneficiary_kinds:
            reason = "TOO_FAR" if has_distant_funds else "WENT_BACK" if network.targets.get(node) else "UNSPENT"
            yield from self._stopped_paths(hops, breaks, OUTFLOW_RELATIONSHIPS, reason)
        successors: list[tuple[Node, ChainHop | str]] = [
            ((BENEFICIARY_LABELS[kind], ""), kind) for kind in beneficiary_kinds
        ]
        for target in targets:
            target_hops = (
                self._make_hop(target, ratio, evidence)
                for evidence in split_grants_and_loans(network.sources(target)[node])
            )
            successors += [(hop.sort_key, hop) for hop in target_hops]
        for _, hop in sorted(successors, key=lambda successor: successor[0]):
            if isinstance(hop, str):
                yield from self._beneficiary_paths(hops, hop, breaks)
                continue
            target, inflow = hop.node, hop.inflow
            if (hop.amount or 0) <= 0:
                # The money was taken back or repaid in whole: nothing arrives, and nothing can go on.
                yield from self._stopped_paths((*hops, hop), breaks, (), "TAKEN_BACK", include_end=True)
            elif target[0] in FUNDING_LABELS:
                visits = self._cycles.expected_visits(target, passed_nodes)
                total_inflow = multiply(inflow, visits)
                recirculated = None if total_inflow is None or inflow is None else total_inflow - inflow
                available = Fraction(network.funding_nodes[target].available)
                yield from self._funding_paths(
                    (*hops, replace(hop, recirculated=recirculated)),
                    None if total_inflow is None else total_inflow / available,
                    breaks,
                )
            elif target[0] == "Project":
                is_county_skipped = funding_node.level in LEVELS_ABOVE_COUNTY
                county_breaks = (
                    (ChainBreak(len(hops), ("TRANSFERRED",), "COUNTY_HOP_MISSING"),) if is_county_skipped else ()
                )
                yield from self._project_paths((*hops, hop), (*breaks, *county_breaks))
            else:
                yield from self._operator_paths((*hops, hop), breaks)

    def _make_hop(self, target: Node, ratio: Amount, evidence: tuple[ChainEvidence, ...]) -> ChainHop:
        """Return the hop to a node that a fund or a bank feeds: by grants, or by loans."""
        is_hidden = target[0] == "Project" and self._network.projects[target[1]].is_hidden
        amount, kind = net_amount(evidence), LENT if is_loan(evidence) else evidence[0].kind
        hop = ChainHop(
            *target, kind, amount, () if is_hidden else evidence, is_hidden, multiply(ratio, Fraction(amount))
        )
        return with_loan_amounts(hop, ratio, evidence)

    def _project_paths(self, hops: tuple[ChainHop, ...], breaks: tuple[ChainBreak, ...]) -> Iterator[MoneyPath]:
        hop, project = hops[-1], self._network.projects[hops[-1].key]
        amounts = {asset: stated_amount(evidence) for asset, evidence in project.formations.items()}
        formed_total, ratio = (
            sum_amounts(None if amount is None else Fraction(amount) for amount in amounts.values()),
            formation_ratio(project),
        )
        hops = (*hops[:-1], replace(hop, outflow=multiply(multiply(hop.inflow, ratio), formed_total)))
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        if formed_total is not None and formed_total > project.inflow > 0:
            breaks = (*breaks, ChainBreak(len(hops) - 1, ("ALLOCATED",), "OVERSPENT", formed_total - project.inflow))
        assets = [asset for asset in sorted(project.formations) if self._is_allowed(("Asset", asset))]
        if not project.formations:
            yield from self._stopped_paths(hops, breaks, ("FORMED",), "NOT_FORMED")
        for asset in assets:
            value, evidence = amounts[asset], project.formations[asset]
            inflow, is_hidden = multiply(multiply(hop.inflow, ratio), value), self._network.assets[asset].is_hidden
            formed_amount, documents = None if value is None else net_amount(evidence), () if is_hidden else evidence
            yield from self._asset_paths(
                (*hops, ChainHop("Asset", asset, "FORMED", formed_amount, documents, is_hidden, inflow)), breaks
            )

    def _operator_paths(self, hops: tuple[ChainHop, ...], breaks: tuple[ChainBreak, ...]) -> Iterator[MoneyPath]:
        hop = hops[-1]
        operator_inflow = self._network.operators[hop.node].inflow
        flows = [
            (path, asset, None if flow is None or not operator_inflow else flow / operator_inflow)
            for path, asset, flow in self._ownership.flows(hop.node)
        ]
        if not flows:
            if not self._is_before_cursor(hops):
                yield from self._end_paths(hops, breaks)
                yield from self._stopped_paths(hops, breaks, ("OWNS",), "NOT_QUANTIFIED")
            return
        yield from self._stake_paths(hops, len(hops) - 1, hop.inflow, flows, breaks)

    def _stake_paths(
        self,
        hops: tuple[ChainHop, ...],
        first_operator_index: int,
        money: Amount,
        flows: list[tuple[tuple[Node, ...], str, Amount]],
        breaks: tuple[ChainBreak, ...],
    ) -> Iterator[MoneyPath]:
        """Yield the paths on from an operator. `first_operator_index`: index of the hop at which the money came to
        operators; `money`: the amount that came there; `flows`: the flows that pass this operator."""
        outflow = multiply(money, sum_amounts(flow for _, _, flow in flows))
        hops = (*hops[:-1], replace(hops[-1], outflow=outflow))
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        depth = len(hops) - first_operator_index
        flow_by_asset = {
            asset: flow for path, asset, flow in flows if len(path) == depth and self._is_allowed(("Asset", asset))
        }
        held_operators = sorted(filter(self._is_allowed, {path[depth] for path, _, _ in flows if len(path) > depth}))
        for asset in sorted(flow_by_asset):
            relationship = "OWNS" if hops[-1].node in self._network.assets[asset].owners else "OPERATES"
            facts = self._network.assets[asset]
            hop = ChainHop(
                "Asset",
                asset,
                relationship,
                facts.quantified_value,
                (ChainEvidence(relationship, None),),
                facts.is_hidden,
                multiply(money, flow_by_asset[asset]),
            )
            yield from self._asset_paths((*hops, hop), breaks)
        for operator in held_operators:
            operator_flows = [flow for flow in flows if len(flow[0]) > depth and flow[0][depth] == operator]
            inflow = multiply(money, sum_amounts(flow for _, _, flow in operator_flows))
            evidence = self._network.operators[operator].holders[hops[-1].node]
            stake = combined_stake(evidence)
            hop = ChainHop(operator[0], operator[1], "INVESTS_IN", None, evidence, inflow=inflow, part=stake)
            yield from self._stake_paths((*hops, hop), first_operator_index, money, operator_flows, breaks)

    def _asset_paths(self, hops: tuple[ChainHop, ...], breaks: tuple[ChainBreak, ...]) -> Iterator[MoneyPath]:
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        yield from self._beneficiary_paths(hops, HOLDS, breaks)
