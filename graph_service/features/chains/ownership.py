"""Money in operators: it stands in the assets that they own and, in proportion to their stakes, in those of operators
in which they hold stakes."""

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
    """Return the part of an operator that is held; None where one of the stakes is not stated."""
    shares = [document.stake for document in evidence]
    known_shares = [share for share in shares if share is not None]
    return sum(known_shares, Fraction(0)) if len(known_shares) == len(shares) else None


class Ownership:
    """Stakes of operators in each other, and the part of each operator's money that stands in each asset.

    A stake is followed through cycles: what A holds of B, directly and through others, without counting again what
    leads back to A. Operators' money in an asset is at most the part of its value that no project formed: where they
    claim more, each claim is reduced in proportion.
    """

    def __init__(self, network: MoneyNetwork) -> None:
        self._network = network
        stakes: dict[Node, dict[Node, Amount]] = defaultdict(dict)
        for node, operator in sorted(network.operators.items()):
            for holder, evidence in sorted(operator.holders.items()):
                stake = combined_stake(evidence)
                if holder in network.operators and stake != 0:
                    stakes[holder][node] = stake
        self._stakes: EdgeWeights = stakes
        self._cycles = Cycles(stakes)
        self._assets_by_operator: dict[Node, list[str]] = defaultdict(list)
        for number, asset in sorted(network.assets.items()):
            for owner in asset.funding_operators:
                self._assets_by_operator[owner].append(number)
        self._paths: dict[Node, list[tuple[NodePath, Amount]]] = {}
        self._claims_by_node: dict[Node, dict[str, Amount]] = {}
        self._total_claims_by_asset: dict[str, Amount] = {}

    def paths(self, node: Node) -> list[tuple[NodePath, Amount]]:
        """Return every path from an operator to one with assets, with the part of the latter that it holds along the path."""
        if node not in self._paths:
            weighted_paths = path_weights(
                self._stakes, self._cycles, node, MAX_OWNERSHIP_STEPS, lambda target: target in self._assets_by_operator
            )
            self._paths[node] = sorted(weighted_paths, key=lambda weighted_path: weighted_path[0])
        return self._paths[node]

    def effective_stakes(self, node: Node) -> dict[Node, Amount]:
        """Return the part of each operator that an operator holds, directly and through others; the whole of itself."""
        stakes: dict[Node, Amount] = {}
        for path, part in self.paths(node):
            previous_stake = stakes.get(path[-1], Fraction(0))
            stakes[path[-1]] = None if previous_stake is None or part is None else previous_stake + part
        return stakes

    def flows(self, node: Node) -> Iterator[tuple[NodePath, str, Amount]]:
        """Yield all flows of the money in an operator: the path, the asset, and the amount in fen."""
        claims = self._claims(node)
        stakes = self.effective_stakes(node)
        for path, part in self.paths(node):
            stake = stakes[path[-1]]
            for asset in self._assets_by_operator[path[-1]]:
                claim, total_claims = claims[asset], self._total_claims(asset)
                value = self._value(asset)
                if claim == 0:
                    yield path, asset, Fraction(0)
                    continue
                if None in (part, stake, claim, total_claims, value):
                    yield path, asset, None
                    continue
                assert part is not None
                assert stake
                assert claim is not None
                assert total_claims is not None
                assert value is not None
                scale = ONE if total_claims <= value else value / total_claims
                yield path, asset, claim * scale * part / stake

    def _value(self, asset: str) -> Amount:
        facts = self._network.assets[asset]
        # The parts of several owners are not recorded.
        if len(facts.funding_operators) != 1 or facts.unformed_value is None:
            return None
        return Fraction(facts.unformed_value)

    def _claims(self, node: Node) -> dict[str, Amount]:
        """Return the claim of an operator on each asset as if it were the only one: all its parts of assets, scaled
        down to its money."""
        if node not in self._claims_by_node:
            claims: dict[str, Amount] = {}
            for owner, part in self.effective_stakes(node).items():
                for asset in self._assets_by_operator[owner]:
                    value = self._value(asset)
                    claims[asset] = None if part is None or value is None else part * value
            known_claims = [claim for claim in claims.values() if claim is not None]
            total, money = sum(known_claims, Fraction(0)), self._network.operators[node].inflow
            if not money:
                # An operator without money claims nothing, whatever its assets are worth.
                claims = dict.fromkeys(claims, Fraction(0))
            elif len(known_claims) < len(claims):
                claims = dict.fromkeys(claims)
            elif total > money:
                claims = {asset: value * money / total for asset, value in claims.items() if value is not None}
            self._claims_by_node[node] = claims
        return self._claims_by_node[node]

    def _total_claims(self, asset: str) -> Amount:
        if asset not in self._total_claims_by_asset:
            total: Amount = Fraction(0)
            for node in self._network.operators:
                claim = self._claims(node).get(asset, Fraction(0))
                total = None if claim is None or total is None else total + claim
            self._total_claims_by_asset[asset] = total
        return self._total_claims_by_asset[asset]
