"""Every way of money from a start, in the lawful order of hops, as far as those whom it reaches: what arrives at each hop, exactly.

From a fund or a bank to funds, banks, projects, operators, households and measures; from a project to what it formed; from an operator
over its parts of others to assets; from an asset to who holds its shares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from graph_service.errors import TooManyWays
from graph_service.services.chains.amounts import arrived, passed, stated, times, total, worth
from graph_service.services.chains.chain import LOAN, Amount, Break, Evidence, Hop, Node
from graph_service.services.chains.circles import Circles
from graph_service.services.chains.network import OPERATORS, POTS, Network, came, is_loan, net, parted
from graph_service.services.chains.stakes import Stakes, part_held
from graph_service.services.chains.way import Part, Way, owed

HOLDS, GRANTED, PAYS = "HOLDS", "GRANTED", "PAYS"
DISBURSED, TO_PERSON, TO_VILLAGE = "DISBURSED", "TO_PERSON", "TO_VILLAGE"
LEAVES = {
    HOLDS: "",
    GRANTED: "Household",
    LOAN: f"Household {LOAN}",
    PAYS: "Measure",
    TO_PERSON: "Person",
    TO_VILLAGE: "Village",
}
"""What a way ends with, and the label that comes next in its place; of shares several."""
ABOVE_COUNTY = ("CENTRAL", "PROVINCE", "PREFECTURE")
"""Levels of funds from which money goes to projects by way of the county (四到县)."""
MOST_TRANSFERS = 8
MOST_WAYS = 30_000
"""Ways among funds and banks that are followed: a tree of a province has as many as it has funds."""
SPENDS = ("TRANSFERRED", "ALLOCATED", "GRANTED", "DISBURSED", "INVESTED", "LENT", "PAYS")
FED = {"Project": ("ALLOCATED",), **dict.fromkeys(OPERATORS, ("INVESTED", "LENT")), "Asset": ("FORMED", "OWNS")}
"""By which hops money comes to what is no fund."""
Place = Sequence[Node]


class Ways:
    """Ways through a network. `through`: only over these nodes. `until`: which nodes end a way (ways go on beyond them too).
    `after`: only what follows this place."""

    def __init__(
        self,
        network: Network,
        *,
        through: Callable[[Node], bool] = lambda _: True,
        until: Callable[[Node], bool] | None = None,
        after: Place = (),
    ) -> None:
        self._network, self._through, self._until, self._after = network, through, until, tuple(after)
        self._stakes = Stakes(network)
        parts: dict[Node, dict[Node, Amount]] = {}
        for node, pot in network.pots.items():
            for source, evidence in pot.sources.items():
                if source in network.pots and came(evidence) > 0:
                    parts.setdefault(source, {})[node] = Fraction(came(evidence), network.pots[source].base)
        self._circles = Circles(parts)
        self._followed = 0

    def start(self, node: Node, part: Part = Part.HAS) -> Iterator[Way]:
        """From a node: of all that it has, of its own alone (what came there from no other, which of what is no fund has no source), or of
        what left it beyond what it had."""
        label, key = node
        network = self._network
        unfed = label in FED and not network.fed(node)
        breaks = (Break(0, FED[label], "NO_SOURCE"),) if unfed else ()
        if label in POTS:
            pot = network.pots[node]
            visits = Fraction(1) if part is Part.HAS else self._circles.visits(node)
            had = Fraction({Part.HAS: pot.has, Part.OWN: pot.own, Part.UNSOURCED: pot.unsourced}[part])
            hop = Hop(label, key, arrives=had, back=times(had, None if visits is None else visits - 1))
            without = (Break(0, ("TRANSFERRED",), "NO_SOURCE", had),) if part is Part.UNSOURCED else ()
            ways = self._pot((hop,), None if not pot.base else times(had / pot.base, visits), without)
            yield from (replace(way, unsourced=True) for way in ways) if without else ways
        elif label == "Project":
            project = network.projects[key]
            yield from self._project(
                (Hop(label, key, hidden=project.hidden, arrives=Fraction(project.arrived)),), breaks
            )
        elif label in OPERATORS:
            yield from self._operator((Hop(label, key, arrives=Fraction(network.operators[node].arrived)),), breaks)
        else:
            asset = network.assets[key]
            arrives = worth(network, key) if unfed else arrived(network, self._stakes, key)
            hop = Hop(label, key, hidden=asset.hidden, arrives=arrives)
            yield from self._asset((hop,), breaks)

    def _past(self, hops: tuple[Hop, ...]) -> bool:
        """Whether all below lies before the place after which ways are wanted."""
        place = tuple(hop.place for hop in hops)
        return place < self._after[: len(place)]

    def _follows(self, hops: tuple[Hop, ...], leaves: str = "") -> bool:
        """Whether a way that ends so, or any of its leaves, may follow that place."""
        place = tuple(hop.place for hop in hops)
        upto = self._after[: len(place)]
        if place != upto or not self._after:
            return place > upto or not self._after
        beyond = self._after[len(place) :]
        return bool(leaves) and bool(beyond) and (not LEAVES[leaves] or LEAVES[leaves] >= beyond[0][0])

    def _ends(self, hops: tuple[Hop, ...], breaks: tuple[Break, ...]) -> Iterator[Way]:
        if self._until is not None and self._until(hops[-1].node) and self._follows(hops):
            yield Way(hops, "", breaks)

    def _leaves(self, hops: tuple[Hop, ...], leaves: str, breaks: tuple[Break, ...]) -> Iterator[Way]:
        if self._until is None and self._follows(hops, leaves):
            yield Way(hops, leaves, breaks)

    def _stops(
        self,
        hops: tuple[Hop, ...],
        breaks: tuple[Break, ...],
        expected: tuple[str, ...],
        reason: str,
        *,
        ends: bool = False,
    ) -> Iterator[Way]:
        """`ends`: told also where it stops at what was asked for."""
        wanted = self._until is None or (ends and self._until(hops[-1].node))
        if wanted and self._follows(hops):
            yield Way(hops, "", (*breaks, Break(len(hops) - 1, expected, reason)), stops=True)

    def _pot(self, hops: tuple[Hop, ...], ratio: Amount, breaks: tuple[Break, ...]) -> Iterator[Way]:
        """`ratio`: what of each fen that leaves it is of the money that is followed; none = not known, or nothing is there."""
        node, network = hops[-1].node, self._network
        pot = network.pots[node]
        hops = (*hops[:-1], replace(hops[-1], goes_on=times(ratio, Fraction(pot.left)) if pot.base else Fraction(0)))
        self._followed += 1
        if self._followed > MOST_WAYS:
            raise TooManyWays(most=MOST_WAYS)
        if self._past(hops):
            return
        yield from self._ends(hops, breaks)
        if pot.unsourced and not any(one.reason == "NO_SOURCE" for one in breaks if one.at == len(hops) - 1):
            breaks = (*breaks, Break(len(hops) - 1, ("TRANSFERRED",), "OVERSPENT", Fraction(pot.unsourced)))
        behind = {hop.node for hop in hops}
        targets: list[Node] = [one for one in network.targets.get(node, ()) if one not in behind and self._through(one)]
        far = False
        if sum(1 for hop in hops if hop.label in POTS) > MOST_TRANSFERS:
            targets, far = [one for one in targets if one[0] not in POTS], any(one[0] in POTS for one in targets)
        flags = (pot.grants, pot.lends, pot.pays, pot.persons, pot.villages)
        given = [kind for kind, flag in zip((GRANTED, LOAN, PAYS, TO_PERSON, TO_VILLAGE), flags, strict=True) if flag]
        if not targets and not given:
            reason = "TOO_FAR" if far else "WENT_BACK" if network.targets.get(node) else "UNSPENT"
            yield from self._stops(hops, breaks, SPENDS, reason)
        below: list[tuple[Node, Hop | str]] = [((LEAVES[kind], ""), kind) for kind in given]
        for to in targets:
            hops_there = (self._hop(to, ratio, evidence) for evidence in parted(network.sources(to)[node]))
            below += [(hop.place, hop) for hop in hops_there]
        for _, hop in sorted(below, key=lambda one: one[0]):
            if isinstance(hop, str):
                yield from self._leaves(hops, hop, breaks)
                continue
            to, arrives = hop.node, hop.arrives
            if (hop.amount or 0) <= 0:
                # It was taken back, or paid back: nothing is left that could go on, and nothing has come.
                yield from self._stops((*hops, hop), breaks, (), "TAKEN_BACK", ends=True)
            elif to[0] in POTS:
                visits = self._circles.visits(to, behind)
                whole = times(arrives, visits)
                back = None if whole is None or arrives is None else whole - arrives
                base = Fraction(network.pots[to].base)
                yield from self._pot((*hops, replace(hop, back=back)), None if whole is None else whole / base, breaks)
            elif to[0] == "Project":
                skipped = pot.level in ABOVE_COUNTY
                more = (Break(len(hops), ("TRANSFERRED",), "COUNTY_HOP_MISSING"),) if skipped else ()
                yield from self._project((*hops, hop), (*breaks, *more))
            else:
                yield from self._operator((*hops, hop), breaks)

    def _hop(self, to: Node, ratio: Amount, evidence: tuple[Evidence, ...]) -> Hop:
        """To what is fed by a fund or a bank: by what was given, or by what was lent."""
        hidden = to[0] == "Project" and self._network.projects[to[1]].hidden
        amount, kind = net(evidence), LOAN if is_loan(evidence) else evidence[0].kind
        hop = Hop(*to, kind, amount, () if hidden else evidence, hidden, times(ratio, Fraction(amount)))
        return owed(hop, ratio, evidence)

    def _project(self, hops: tuple[Hop, ...], breaks: tuple[Break, ...]) -> Iterator[Way]:
        hop, project = hops[-1], self._network.projects[hops[-1].key]
        amounts = {asset: stated(evidence) for asset, evidence in project.formed.items()}
        whole, part = total(None if one is None else Fraction(one) for one in amounts.values()), passed(project)
        hops = (*hops[:-1], replace(hop, goes_on=times(times(hop.arrives, part), whole)))
        if self._past(hops):
            return
        yield from self._ends(hops, breaks)
        if whole is not None and whole > project.arrived > 0:
            breaks = (*breaks, Break(len(hops) - 1, ("ALLOCATED",), "OVERSPENT", whole - project.arrived))
        assets = [asset for asset in sorted(project.formed) if self._through(("Asset", asset))]
        if not project.formed:
            yield from self._stops(hops, breaks, ("FORMED",), "NOT_FORMED")
        for asset in assets:
            value, evidence = amounts[asset], project.formed[asset]
            arrives, hidden = times(times(hop.arrives, part), value), self._network.assets[asset].hidden
            formed, documents = None if value is None else net(evidence), () if hidden else evidence
            yield from self._asset((*hops, Hop("Asset", asset, "FORMED", formed, documents, hidden, arrives)), breaks)

    def _operator(self, hops: tuple[Hop, ...], breaks: tuple[Break, ...]) -> Iterator[Way]:
        hop = hops[-1]
        money = self._network.operators[hop.node].arrived
        flows = [
            (way, asset, None if flow is None or not money else flow / money)
            for way, asset, flow in self._stakes.flows(hop.node)
        ]
        if not flows:
            if not self._past(hops):
                yield from self._ends(hops, breaks)
                yield from self._stops(hops, breaks, ("OWNS",), "NOT_QUANTIFIED")
            return
        yield from self._held(hops, len(hops) - 1, hop.arrives, flows, breaks)

    def _held(
        self,
        hops: tuple[Hop, ...],
        first: int,
        money: Amount,
        flows: list[tuple[tuple[Node, ...], str, Amount]],
        breaks: tuple[Break, ...],
    ) -> Iterator[Way]:
        """Below an operator that the way has reached; `first`: where in the way the money came to operators; `flows`: what goes by here."""
        goes_on = times(money, total(flow for _, _, flow in flows))
        hops = (*hops[:-1], replace(hops[-1], goes_on=goes_on))
        if self._past(hops):
            return
        yield from self._ends(hops, breaks)
        depth = len(hops) - first
        here = {asset: flow for way, asset, flow in flows if len(way) == depth and self._through(("Asset", asset))}
        below = sorted(filter(self._through, {way[depth] for way, _, _ in flows if len(way) > depth}))
        for asset in sorted(here):
            how = "OWNS" if hops[-1].node in self._network.assets[asset].owners else "OPERATES"
            facts = self._network.assets[asset]
            hop = Hop(
                "Asset", asset, how, facts.quantified, (Evidence(how, None),), facts.hidden, times(money, here[asset])
            )
            yield from self._asset((*hops, hop), breaks)
        for to in below:
            some = [one for one in flows if len(one[0]) > depth and one[0][depth] == to]
            arrives = times(money, total(flow for _, _, flow in some))
            evidence = self._network.operators[to].holders[hops[-1].node]
            part = part_held(evidence)
            hop = Hop(to[0], to[1], "INVESTS_IN", None, evidence, arrives=arrives, part=part)
            yield from self._held((*hops, hop), first, money, some, breaks)

    def _asset(self, hops: tuple[Hop, ...], breaks: tuple[Break, ...]) -> Iterator[Way]:
        if self._past(hops):
            return
        yield from self._ends(hops, breaks)
        yield from self._leaves(hops, HOLDS, breaks)
