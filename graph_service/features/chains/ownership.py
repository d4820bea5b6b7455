"""Money in operators: it stands in the assets that they own, and in those of operators of which they hold parts, by that part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from graph_service.features.chains.chain import Amount, ChainEvidence, Node
from graph_service.features.chains.cycles import Cycles, EdgeWeights, path_weights
from graph_service.features.chains.network import MoneyNetwork

MAX_OWNERSHIP_STEPS = 6
NodePath = tuple[Node, ...]
ONE = Fraction(1)


def combined_stake(evidence: Iterable[ChainEvidence]) -> Amount:
    """What part of an operator is held; not known where one of the parts is not stated."""
    shares = [one.stake for one in evidence]
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) if len(known) == len(shares) else None


class Ownership:
    """The parts that operators hold of each other, and what of each one's money stands in which asset.

    A part is followed through circles: what A holds of B, directly and through others, that which leads back to A not counted again.
    What stands in an asset is at most what no project formed of its value: where more claim it, each one's claim shrinks alike.
    """

    def __init__(self, network: MoneyNetwork) -> None:
        self._network = network
        parts: dict[Node, dict[Node, Amount]] = defaultdict(dict)
        for node, operator in sorted(network.operators.items()):
            for holder, evidence in sorted(operator.holders.items()):
                share = combined_stake(evidence)
                if holder in network.operators and share != 0:
                    parts[holder][node] = share
        self._stakes: EdgeWeights = parts
        self._cycles = Cycles(parts)
        self._assets_by_operator: dict[Node, list[str]] = defaultdict(list)
        for number, asset in sorted(network.assets.items()):
            for keeper in asset.funding_operators:
                self._assets_by_operator[keeper].append(number)
        self._paths: dict[Node, list[tuple[NodePath, Amount]]] = {}
        self._claims_by_node: dict[Node, dict[str, Amount]] = {}
        self._total_claims_by_asset: dict[str, Amount] = {}

    def paths(self, node: Node) -> list[tuple[NodePath, Amount]]:
        """Every way from an operator to one with assets, with the part of that one that it holds by it."""
        if node not in self._paths:
            found = path_weights(
                self._stakes, self._cycles, node, MAX_OWNERSHIP_STEPS, lambda to: to in self._assets_by_operator
            )
            self._paths[node] = sorted(found, key=lambda one: one[0])
        return self._paths[node]

    def effective_stakes(self, node: Node) -> dict[Node, Amount]:
        """What part an operator holds of others, directly and through others; of itself the whole."""
        found: dict[Node, Amount] = {}
        for way, part in self.paths(node):
            before = found.get(way[-1], Fraction(0))
            found[way[-1]] = None if before is None or part is None else before + part
        return found

    def flows(self, node: Node) -> Iterator[tuple[NodePath, str, Amount]]:
        """Of all money in an operator, in fen: by which way to which asset how much."""
        wanted = self._claims(node)
        effective = self.effective_stakes(node)
        for way, part in self.paths(node):
            whole = effective[way[-1]]
            for asset in self._assets_by_operator[way[-1]]:
                claim, all_claims = wanted[asset], self._total_claims(asset)
                value = self._value(asset)
                if claim == 0:
                    yield way, asset, Fraction(0)
                    continue
                if None in (part, whole, claim, all_claims, value):
                    yield way, asset, None
                    continue
                assert part is not None
                assert whole
                assert claim is not None
                assert all_claims is not None
                assert value is not None
                shrunk = ONE if all_claims <= value else value / all_claims
                yield way, asset, claim * shrunk * part / whole

    def _value(self, asset: str) -> Amount:
        facts = self._network.assets[asset]
        # Which part is whose of several owners is not recorded.
        if len(facts.funding_operators) != 1 or facts.unformed_value is None:
            return None
        return Fraction(facts.unformed_value)

    def _claims(self, node: Node) -> dict[str, Amount]:
        """What of an operator's money would stand in each asset, were it alone: all its parts of assets, scaled down to its money."""
        if node not in self._claims_by_node:
            held: dict[str, Amount] = {}
            for owner, part in self.effective_stakes(node).items():
                for asset in self._assets_by_operator[owner]:
                    value = self._value(asset)
                    held[asset] = None if part is None or value is None else part * value
            known = [one for one in held.values() if one is not None]
            whole, money = sum(known, Fraction(0)), self._network.operators[node].inflow
            if not money:
                # It claims nothing, whatever its assets are worth.
                held = dict.fromkeys(held, Fraction(0))
            elif len(known) < len(held):
                held = dict.fromkeys(held)
            elif whole > money:
                held = {asset: value * money / whole for asset, value in held.items() if value is not None}
            self._claims_by_node[node] = held
        return self._claims_by_node[node]

    def _total_claims(self, asset: str) -> Amount:
        if asset not in self._total_claims_by_asset:
            total: Amount = Fraction(0)
            for node in self._network.operators:
                claim = self._claims(node).get(asset, Fraction(0))
                total = None if claim is None or total is None else total + claim
            self._total_claims_by_asset[asset] = total
        return self._total_claims_by_asset[asset]
