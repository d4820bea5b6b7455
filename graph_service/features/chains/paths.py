"""Every way of money from a start, in the lawful order of hops, as far as those whom it reaches: what arrives at each hop, exactly.

From a fund or a bank to funds, banks, projects, operators, households and measures; from a project to what it formed; from an operator
over its parts of others to assets; from an asset to who holds its shares.
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
"""What a way ends with, and the label that comes next in its place; of shares several."""
LEVELS_ABOVE_COUNTY = ("CENTRAL", "PROVINCE", "PREFECTURE")
"""Levels of funds from which money goes to projects by way of the county (四到县)."""
MAX_TRANSFERS = 8
MAX_PATHS = 30_000
"""Ways among funds and banks that are followed: a tree of a province has as many as it has funds."""
OUTFLOW_RELATIONSHIPS = ("TRANSFERRED", "ALLOCATED", "GRANTED", "DISBURSED", "INVESTED", "LENT", "PAYS")
INFLOW_RELATIONSHIPS = {
    "Project": ("ALLOCATED",),
    **dict.fromkeys(OPERATOR_LABELS, ("INVESTED", "LENT")),
    "Asset": ("FORMED", "OWNS"),
}
"""By which hops money comes to what is no fund."""
SortKey = Sequence[Node]


class PathFinder:
    """Ways through a network. `is_allowed`: only over these nodes. `is_end`: which nodes end a way (ways go on beyond them too).
    `after`: only what follows this place."""

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
        parts: dict[Node, dict[Node, Amount]] = {}
        for node, pot in network.funding_nodes.items():
            for source, evidence in pot.sources.items():
                if source in network.funding_nodes and net_inflow(evidence) > 0:
                    parts.setdefault(source, {})[node] = Fraction(
                        net_inflow(evidence), network.funding_nodes[source].available
                    )
        self._cycles = Cycles(parts)
        self._path_count = 0

    def find_paths(self, node: Node, portion: FundingPortion = FundingPortion.HAS) -> Iterator[MoneyPath]:
        """From a node: of all that it has, of its own alone (what came there from no other, which of what is no fund has no source), or of
        what left it beyond what it had."""
        label, key = node
        network = self._network
        unfed = label in INFLOW_RELATIONSHIPS and not network.is_funded(node)
        breaks = (ChainBreak(0, INFLOW_RELATIONSHIPS[label], "NO_SOURCE"),) if unfed else ()
        if label in FUNDING_LABELS:
            pot = network.funding_nodes[node]
            visits = Fraction(1) if portion is FundingPortion.HAS else self._cycles.expected_visits(node)
            had = Fraction(
                {
                    FundingPortion.HAS: pot.total_funds,
                    FundingPortion.OWN: pot.own_funds,
                    FundingPortion.UNSOURCED: pot.unsourced,
                }[portion]
            )
            hop = ChainHop(label, key, inflow=had, recirculated=multiply(had, None if visits is None else visits - 1))
            without = (
                (ChainBreak(0, ("TRANSFERRED",), "NO_SOURCE", had),) if portion is FundingPortion.UNSOURCED else ()
            )
            ways = self._funding_paths(
                (hop,), None if not pot.available else multiply(had / pot.available, visits), without
            )
            yield from (replace(way, is_unsourced=True) for way in ways) if without else ways
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
            arrives = asset_value(network, key) if unfed else asset_inflow(network, self._ownership, key)
            hop = ChainHop(label, key, is_hidden=asset.is_hidden, inflow=arrives)
            yield from self._asset_paths((hop,), breaks)

    def _is_before_cursor(self, hops: tuple[ChainHop, ...]) -> bool:
        """Whether all below lies before the place after which ways are wanted."""
        place = tuple(hop.sort_key for hop in hops)
        return place < self._after[: len(place)]

    def _may_follow_cursor(self, hops: tuple[ChainHop, ...], beneficiary_kind: str = "") -> bool:
        """Whether a way that ends so, or any of its leaves, may follow that place."""
        place = tuple(hop.sort_key for hop in hops)
        upto = self._after[: len(place)]
        if place != upto or not self._after:
            return place > upto or not self._after
        beyond = self._after[len(place) :]
        return (
            bool(beneficiary_kind)
            and bool(beyond)
            and (not BENEFICIARY_LABELS[beneficiary_kind] or BENEFICIARY_LABELS[beneficiary_kind] >= beyond[0][0])
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
        """`include_end`: told also where it stops at what was asked for."""
        wanted = self._is_end is None or (include_end and self._is_end(hops[-1].node))
        if wanted and self._may_follow_cursor(hops):
            yield MoneyPath(hops, "", (*breaks, ChainBreak(len(hops) - 1, expected, reason)), is_stopped=True)

    def _funding_paths(
        self, hops: tuple[ChainHop, ...], ratio: Amount, breaks: tuple[ChainBreak, ...]
    ) -> Iterator[MoneyPath]:
        """`ratio`: what of each fen that leaves it is of the money that is followed; none = not known, or nothing is there."""
        node, network = hops[-1].node, self._network
        pot = network.funding_nodes[node]
        hops = (
            *hops[:-1],
            replace(hops[-1], outflow=multiply(ratio, Fraction(pot.outflow)) if pot.available else Fraction(0)),
        )
        self._path_count += 1
        if self._path_count > MAX_PATHS:
            raise TooManyPaths(most=MAX_PATHS)
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        if pot.unsourced and not any(one.reason == "NO_SOURCE" for one in breaks if one.hop_index == len(hops) - 1):
            breaks = (*breaks, ChainBreak(len(hops) - 1, ("TRANSFERRED",), "OVERSPENT", Fraction(pot.unsourced)))
        behind = {hop.node for hop in hops}
        targets: list[Node] = [
            one for one in network.targets.get(node, ()) if one not in behind and self._is_allowed(one)
        ]
        far = False
        if sum(1 for hop in hops if hop.label in FUNDING_LABELS) > MAX_TRANSFERS:
            targets, far = (
                [one for one in targets if one[0] not in FUNDING_LABELS],
                any(one[0] in FUNDING_LABELS for one in targets),
            )
        flags = (pot.has_grants, pot.has_loans, pot.has_measures, pot.has_person_payments, pot.has_village_payments)
        given = [kind for kind, flag in zip((GRANTED, LENT, PAYS, TO_PERSON, TO_VILLAGE), flags, strict=True) if flag]
        if not targets and not given:
            reason = "TOO_FAR" if far else "WENT_BACK" if network.targets.get(node) else "UNSPENT"
            yield from self._stopped_paths(hops, breaks, OUTFLOW_RELATIONSHIPS, reason)
        below: list[tuple[Node, ChainHop | str]] = [((BENEFICIARY_LABELS[kind], ""), kind) for kind in given]
        for to in targets:
            hops_there = (
                self._make_hop(to, ratio, evidence) for evidence in split_grants_and_loans(network.sources(to)[node])
            )
            below += [(hop.sort_key, hop) for hop in hops_there]
        for _, hop in sorted(below, key=lambda one: one[0]):
            if isinstance(hop, str):
                yield from self._beneficiary_paths(hops, hop, breaks)
                continue
            to, arrives = hop.node, hop.inflow
            if (hop.amount or 0) <= 0:
                # It was taken back, or paid back: nothing is left that could go on, and nothing has come.
                yield from self._stopped_paths((*hops, hop), breaks, (), "TAKEN_BACK", include_end=True)
            elif to[0] in FUNDING_LABELS:
                visits = self._cycles.expected_visits(to, behind)
                whole = multiply(arrives, visits)
                back = None if whole is None or arrives is None else whole - arrives
                base = Fraction(network.funding_nodes[to].available)
                yield from self._funding_paths(
                    (*hops, replace(hop, recirculated=back)), None if whole is None else whole / base, breaks
                )
            elif to[0] == "Project":
                skipped = pot.level in LEVELS_ABOVE_COUNTY
                more = (ChainBreak(len(hops), ("TRANSFERRED",), "COUNTY_HOP_MISSING"),) if skipped else ()
                yield from self._project_paths((*hops, hop), (*breaks, *more))
            else:
                yield from self._operator_paths((*hops, hop), breaks)

    def _make_hop(self, to: Node, ratio: Amount, evidence: tuple[ChainEvidence, ...]) -> ChainHop:
        """To what is fed by a fund or a bank: by what was given, or by what was lent."""
        hidden = to[0] == "Project" and self._network.projects[to[1]].is_hidden
        amount, kind = net_amount(evidence), LENT if is_loan(evidence) else evidence[0].kind
        hop = ChainHop(*to, kind, amount, () if hidden else evidence, hidden, multiply(ratio, Fraction(amount)))
        return with_loan_amounts(hop, ratio, evidence)

    def _project_paths(self, hops: tuple[ChainHop, ...], breaks: tuple[ChainBreak, ...]) -> Iterator[MoneyPath]:
        hop, project = hops[-1], self._network.projects[hops[-1].key]
        amounts = {asset: stated_amount(evidence) for asset, evidence in project.formations.items()}
        whole, part = (
            sum_amounts(None if one is None else Fraction(one) for one in amounts.values()),
            formation_ratio(project),
        )
        hops = (*hops[:-1], replace(hop, outflow=multiply(multiply(hop.inflow, part), whole)))
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        if whole is not None and whole > project.inflow > 0:
            breaks = (*breaks, ChainBreak(len(hops) - 1, ("ALLOCATED",), "OVERSPENT", whole - project.inflow))
        assets = [asset for asset in sorted(project.formations) if self._is_allowed(("Asset", asset))]
        if not project.formations:
            yield from self._stopped_paths(hops, breaks, ("FORMED",), "NOT_FORMED")
        for asset in assets:
            value, evidence = amounts[asset], project.formations[asset]
            arrives, hidden = multiply(multiply(hop.inflow, part), value), self._network.assets[asset].is_hidden
            formed, documents = None if value is None else net_amount(evidence), () if hidden else evidence
            yield from self._asset_paths(
                (*hops, ChainHop("Asset", asset, "FORMED", formed, documents, hidden, arrives)), breaks
            )

    def _operator_paths(self, hops: tuple[ChainHop, ...], breaks: tuple[ChainBreak, ...]) -> Iterator[MoneyPath]:
        hop = hops[-1]
        money = self._network.operators[hop.node].inflow
        flows = [
            (way, asset, None if flow is None or not money else flow / money)
            for way, asset, flow in self._ownership.flows(hop.node)
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
        """Below an operator that the way has reached; `first_operator_index`: where in the way the money came to operators; `flows`: what goes by here."""
        goes_on = multiply(money, sum_amounts(flow for _, _, flow in flows))
        hops = (*hops[:-1], replace(hops[-1], outflow=goes_on))
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        depth = len(hops) - first_operator_index
        here = {asset: flow for way, asset, flow in flows if len(way) == depth and self._is_allowed(("Asset", asset))}
        below = sorted(filter(self._is_allowed, {way[depth] for way, _, _ in flows if len(way) > depth}))
        for asset in sorted(here):
            how = "OWNS" if hops[-1].node in self._network.assets[asset].owners else "OPERATES"
            facts = self._network.assets[asset]
            hop = ChainHop(
                "Asset",
                asset,
                how,
                facts.quantified_value,
                (ChainEvidence(how, None),),
                facts.is_hidden,
                multiply(money, here[asset]),
            )
            yield from self._asset_paths((*hops, hop), breaks)
        for to in below:
            some = [one for one in flows if len(one[0]) > depth and one[0][depth] == to]
            arrives = multiply(money, sum_amounts(flow for _, _, flow in some))
            evidence = self._network.operators[to].holders[hops[-1].node]
            part = combined_stake(evidence)
            hop = ChainHop(to[0], to[1], "INVESTS_IN", None, evidence, inflow=arrives, part=part)
            yield from self._stake_paths((*hops, hop), first_operator_index, money, some, breaks)

    def _asset_paths(self, hops: tuple[ChainHop, ...], breaks: tuple[ChainBreak, ...]) -> Iterator[MoneyPath]:
        if self._is_before_cursor(hops):
            return
        yield from self._end_paths(hops, breaks)
        yield from self._beneficiary_paths(hops, HOLDS, breaks)
