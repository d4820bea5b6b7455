"""What the statements tell of money, as a network: each node with what came to it, from where, and what it can pass on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from graph_service.features.chains.chain import LENT, ChainEvidence, Node

Sources = Mapping[Node, tuple[ChainEvidence, ...]]
FUNDING_LABELS = ("Fund", "Bank")
OPERATOR_LABELS = ("Enterprise", "Cooperative")
MILLION = 1_000_000


LOAN_RELATIONSHIPS = (LENT, "REPAID")


def split_grants_and_loans(evidence: Iterable[ChainEvidence]) -> list[tuple[ChainEvidence, ...]]:
    """Vouchers of what was given, and those of what was lent and paid back."""
    some = list(evidence)
    given = tuple(one for one in some if one.kind not in LOAN_RELATIONSHIPS)
    lent = tuple(one for one in some if one.kind in LOAN_RELATIONSHIPS)
    return [group for group in (given, lent) if group]


def is_loan(evidence: Sequence[ChainEvidence]) -> bool:
    """Whether vouchers that `parted` gives are of a loan."""
    return evidence[0].kind in LOAN_RELATIONSHIPS


def repaid_amount(evidence: Iterable[ChainEvidence]) -> int:
    """What of a loan was paid back."""
    return -sum(one.amount or 0 for one in evidence if one.kind == "REPAID")


def net_inflow(evidence: Iterable[ChainEvidence]) -> int:
    """What has come by vouchers and not gone back: of what was given and of what was lent, nothing where more went back than had come."""
    return sum(max(0, net_amount(group)) for group in split_grants_and_loans(evidence))


def net_amount(evidence: Iterable[ChainEvidence]) -> int:
    """The sum of vouchers; corrections are negative, and so is what was paid back."""
    return sum(one.amount or 0 for one in evidence)


@dataclass(frozen=True, slots=True)
class FundingNode:
    """A fund or a bank: its amount in fen, its level, what came to it, what left it in all (of each to which more went than came
    back); whether households were given and lent money of it, whether it pays for measures, whether persons and villages were given money of it."""

    amount: int | None
    level: str | None
    sources: Sources
    outflow: int
    has_grants: bool = False
    has_loans: bool = False
    has_measures: bool = False
    has_person_payments: bool = False
    has_village_payments: bool = False

    @property
    def inflow(self) -> int:
        return sum(map(net_inflow, self.sources.values()))

    @property
    def total_funds(self) -> int:
        """The larger of what it is said to be and what came to it; where nothing is said, as of banks, it had at least what left it."""
        return max(self.inflow, self.outflow if self.amount is None else self.amount)

    @property
    def available(self) -> int:
        """What its parts are parts of: the larger of what it has and what left it."""
        return max(self.total_funds, self.outflow)

    @property
    def own_funds(self) -> int:
        """What it has that came from no other."""
        return self.total_funds - self.inflow

    @property
    def unsourced(self) -> int:
        """What left it beyond what it had: nothing says where that came from."""
        return self.available - self.total_funds


@dataclass(frozen=True, slots=True)
class Project:
    """`formations`: asset → what it formed of it, documents; an amount that is not stated is none."""

    is_hidden: bool
    sources: Sources
    formations: Mapping[str, tuple[ChainEvidence, ...]]

    @property
    def inflow(self) -> int:
        return sum(map(net_inflow, self.sources.values()))


@dataclass(frozen=True, slots=True)
class Operator:
    """`holders`: who holds parts of it; `assets`: those that it owns or operates, [number, relationship]."""

    sources: Sources
    holders: Mapping[Node, tuple[ChainEvidence, ...]]
    assets: tuple[tuple[str, str], ...]

    @property
    def inflow(self) -> int:
        return sum(map(net_inflow, self.sources.values()))


@dataclass(frozen=True, slots=True)
class Asset:
    """`formed_amounts`: by projects, in fen; `owners`, `operators`: nodes."""

    is_hidden: bool
    kind: str | None
    quantified_value: int | None
    total_shares: int | None
    formed_amounts: tuple[int | None, ...]
    owners: tuple[Node, ...]
    operators: tuple[Node, ...]

    @property
    def funding_operators(self) -> tuple[Node, ...]:
        """The operators whose money stands in it: its owners; of one that no project formed and nobody owns, who operates it."""
        owners = tuple(one for one in self.owners if one[0] in OPERATOR_LABELS)
        return tuple(dict.fromkeys(owners if self.owners or self.formed_amounts else self.operators))

    @property
    def unformed_value(self) -> int | None:
        """What of its value no project formed, in fen."""
        if self.quantified_value is None or None in self.formed_amounts:
            return None
        return max(0, self.quantified_value - sum(one or 0 for one in self.formed_amounts))


@dataclass(frozen=True)
class MoneyNetwork:
    funding_nodes: dict[Node, FundingNode] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    operators: dict[Node, Operator] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[Any]]) -> MoneyNetwork:
        """From rows as the part `money_facts` gives them."""
        network = cls()
        for kind, key, facts in rows:
            network._add((kind, key), facts)
        return network

    def _add(self, node: Node, facts: Sequence[Any]) -> None:
        label, key = node
        if label in FUNDING_LABELS:
            amount, level, sources, *others = facts
            self.funding_nodes[node] = FundingNode(amount, level, _parse_sources(sources), *others)
        elif label == "Project":
            hidden, sources, formed = facts
            by_asset: dict[str, list[ChainEvidence]] = defaultdict(list)
            for asset, amount, on, _portion in formed:
                by_asset[asset].append(ChainEvidence("FORMED", None, amount, day=on))
            self.projects[key] = Project(
                hidden, _parse_sources(sources), {a: tuple(some) for a, some in by_asset.items()}
            )
        elif label in OPERATOR_LABELS:
            sources, holders, assets = facts
            held: dict[Node, list[ChainEvidence]] = defaultdict(list)
            for kind, holder, share, on in holders:
                part = None if share is None else Fraction(share, MILLION)
                held[kind, holder].append(ChainEvidence("INVESTS_IN", None, day=on, stake=part))
            listed = tuple((asset, type_) for asset, type_ in assets)
            self.operators[node] = Operator(
                _parse_sources(sources), {o: tuple(some) for o, some in held.items()}, listed
            )
        else:
            hidden, kind, quantified, total, formed, owners, operators = facts
            amounts = tuple(amount for _, amount in formed)
            self.assets[key] = Asset(
                hidden, kind, quantified, total, amounts, _parse_nodes(owners), _parse_nodes(operators)
            )

    @cached_property
    def targets(self) -> Mapping[Node, tuple[Node, ...]]:
        """Where the money of each fund and bank goes: funds, banks, projects, operators, in their order."""
        found: dict[Node, set[Node]] = defaultdict(set)
        for node, sources in self._nodes_with_sources():
            for source in sources:
                found[source].add(node)
        return {source: tuple(sorted(some)) for source, some in found.items()}

    def _nodes_with_sources(self) -> Iterable[tuple[Node, Sources]]:
        yield from ((node, pot.sources) for node, pot in self.funding_nodes.items())
        yield from ((("Project", key), project.sources) for key, project in self.projects.items())
        yield from ((node, operator.sources) for node, operator in self.operators.items())

    def has_node(self, node: Node) -> bool:
        """Whether anything is known of a node."""
        label, key = node
        return (
            node in self.funding_nodes
            or node in self.operators
            or (label == "Project" and key in self.projects)
            or (label == "Asset" and key in self.assets)
        )

    @cached_property
    def funded_operators(self) -> frozenset[Node]:
        """Operators into which money was put, and those of which such hold parts, over others too."""
        found = {node for node, operator in self.operators.items() if operator.inflow > 0}
        new = set(found)
        while new:
            new = {n for n, o in self.operators.items() if n not in found and not new.isdisjoint(o.holders)}
            found |= new
        return frozenset(found)

    def upstream_nodes(self, node: Node) -> list[Node]:
        """From where money came to a node: each source of which something is left there."""
        label, key = node
        if label == "Asset":
            projects = [("Project", number) for number, one in self.projects.items() if key in one.formations]
            return [*projects, *(one for one in self.assets[key].funding_operators if one in self.funded_operators)]
        some = [one for one, evidence in self.sources(node).items() if self.has_node(one) and net_inflow(evidence) > 0]
        if label in OPERATOR_LABELS:
            some += [one for one in self.operators[node].holders if one in self.funded_operators]
        return some

    def is_funded(self, node: Node) -> bool:
        """Whether money came to a node that is no fund, from what is in the network or not."""
        from_funds = node[0] != "Asset" and any(net_inflow(evidence) > 0 for evidence in self.sources(node).values())
        return from_funds or bool(self.upstream_nodes(node))

    def sources(self, node: Node) -> Sources:
        """What came to a fund, a bank, a project, an operator."""
        if node[0] == "Project":
            return self.projects[node[1]].sources
        return self.operators[node].sources if node in self.operators else self.funding_nodes[node].sources


def _parse_nodes(pairs: Iterable[Sequence[str]]) -> tuple[Node, ...]:
    return tuple((label, key) for label, key in pairs)


def _parse_sources(rows: Iterable[Sequence[Any]]) -> Sources:
    found: dict[Node, list[ChainEvidence]] = defaultdict(list)
    for label, key, type_, voucher, amount, on, corrects in rows:
        found[label, key].append(ChainEvidence(type_, voucher, amount, day=on, corrects=corrects))
    return {source: tuple(some) for source, some in found.items()}
