"""Network of money, read from rows of the statements: each node with the amounts that came to it, their sources, and
the amount that it can pass on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from graph_service.domain.amounts import MILLION
from graph_service.features.chains.chain import LENT, ChainEvidence, Node

Sources = Mapping[Node, tuple[ChainEvidence, ...]]
FUNDING_LABELS = ("Fund", "Bank")
OPERATOR_LABELS = ("Enterprise", "Cooperative")


LOAN_RELATIONSHIPS = (LENT, "REPAID")


def split_grants_and_loans(evidence: Iterable[ChainEvidence]) -> list[tuple[ChainEvidence, ...]]:
    """Return the vouchers of grants, and those of loans and repayments; a group without vouchers is left out."""
    vouchers = list(evidence)
    grants = tuple(voucher for voucher in vouchers if voucher.kind not in LOAN_RELATIONSHIPS)
    loans = tuple(voucher for voucher in vouchers if voucher.kind in LOAN_RELATIONSHIPS)
    return [group for group in (grants, loans) if group]


def is_loan(evidence: Sequence[ChainEvidence]) -> bool:
    """Return True where vouchers, as `split_grants_and_loans` groups them, are of a loan."""
    return evidence[0].kind in LOAN_RELATIONSHIPS


def repaid_amount(evidence: Iterable[ChainEvidence]) -> int:
    """Return the amount of a loan that was paid back."""
    return -sum(voucher.amount or 0 for voucher in evidence if voucher.kind == "REPAID")


def net_inflow(evidence: Iterable[ChainEvidence]) -> int:
    """Return the amount that came by vouchers and did not go back, grants and loans apart: zero where more went back
    than had come."""
    return sum(max(0, net_amount(group)) for group in split_grants_and_loans(evidence))


def net_amount(evidence: Iterable[ChainEvidence]) -> int:
    """Return the sum of vouchers; corrections and repayments are negative."""
    return sum(voucher.amount or 0 for voucher in evidence)


@dataclass(frozen=True, slots=True)
class FundingNode:
    """A fund or a bank: its amount in fen, its level, its sources, its total outflow (over the targets to which more
    went than came back); whether it granted and lent money to households, pays for measures, and gave money to persons
    and villages."""

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
        """Return the larger of the stated amount and the inflow; where no amount is stated, as for banks, at least the outflow."""
        return max(self.inflow, self.outflow if self.amount is None else self.amount)

    @property
    def available(self) -> int:
        """Return the whole of which parts are computed: the larger of the total funds and the outflow."""
        return max(self.total_funds, self.outflow)

    @property
    def own_funds(self) -> int:
        """Return the part of the total funds that came from no other node."""
        return self.total_funds - self.inflow

    @property
    def unsourced(self) -> int:
        """Return the outflow beyond the total funds: its source is not recorded."""
        return self.available - self.total_funds


@dataclass(frozen=True, slots=True)
class Project:
    """A project. `formations`: asset → documents of the value that it formed; an amount that is not stated is None."""

    is_hidden: bool
    sources: Sources
    formations: Mapping[str, tuple[ChainEvidence, ...]]

    @property
    def inflow(self) -> int:
        return sum(map(net_inflow, self.sources.values()))


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator. `holders`: holders of stakes in it; `assets`: those that it owns or operates, [number, relationship]."""

    sources: Sources
    holders: Mapping[Node, tuple[ChainEvidence, ...]]
    assets: tuple[tuple[str, str], ...]

    @property
    def inflow(self) -> int:
        return sum(map(net_inflow, self.sources.values()))


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset. `formed_amounts`: by projects, in fen; `owners`, `operators`: nodes."""

    is_hidden: bool
    kind: str | None
    quantified_value: int | None
    total_shares: int | None
    formed_amounts: tuple[int | None, ...]
    owners: tuple[Node, ...]
    operators: tuple[Node, ...]

    @property
    def funding_operators(self) -> tuple[Node, ...]:
        """Return the operators whose money stands in the asset: its owners; its operators where no project formed it
        and nobody owns it."""
        owners = tuple(owner for owner in self.owners if owner[0] in OPERATOR_LABELS)
        return tuple(dict.fromkeys(owners if self.owners or self.formed_amounts else self.operators))

    @property
    def unformed_value(self) -> int | None:
        """Return the part of the value that no project formed, in fen."""
        if self.quantified_value is None or None in self.formed_amounts:
            return None
        return max(0, self.quantified_value - sum(amount or 0 for amount in self.formed_amounts))


@dataclass(frozen=True)
class MoneyNetwork:
    funding_nodes: dict[Node, FundingNode] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)
    operators: dict[Node, Operator] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[Any]]) -> MoneyNetwork:
        """Return the network that rows of the statement part `money_facts` describe."""
        network = cls()
        for kind, key, facts in rows:
            network._add((kind, key), facts)
        return network

    def _add(self, node: Node, facts: Sequence[Any]) -> None:
        label, key = node
        if label in FUNDING_LABELS:
            amount, level, sources, *flags = facts
            self.funding_nodes[node] = FundingNode(amount, level, _parse_sources(sources), *flags)
        elif label == "Project":
            is_hidden, sources, formations = facts
            by_asset: dict[str, list[ChainEvidence]] = defaultdict(list)
            for asset, amount, day, _portion in formations:
                by_asset[asset].append(ChainEvidence("FORMED", None, amount, day=day))
            self.projects[key] = Project(
                is_hidden, _parse_sources(sources), {asset: tuple(documents) for asset, documents in by_asset.items()}
            )
        elif label in OPERATOR_LABELS:
            sources, holders, assets = facts
            stakes_by_holder: dict[Node, list[ChainEvidence]] = defaultdict(list)
            for kind, holder, share, day in holders:
                stake = None if share is None else Fraction(share, MILLION)
                stakes_by_holder[kind, holder].append(ChainEvidence("INVESTS_IN", None, day=day, stake=stake))
            operator_assets = tuple((asset, type_) for asset, type_ in assets)
            self.operators[node] = Operator(
                _parse_sources(sources),
                {holder: tuple(documents) for holder, documents in stakes_by_holder.items()},
                operator_assets,
            )
        else:
            is_hidden, kind, quantified_value, total_shares, formations, owners, operators = facts
            amounts = tuple(amount for _, amount in formations)
            self.assets[key] = Asset(
                is_hidden, kind, quantified_value, total_shares, amounts, _parse_nodes(owners), _parse_nodes(operators)
            )

    @cached_property
    def targets(self) -> Mapping[Node, tuple[Node, ...]]:
        """Return the targets of the money of each fund and bank: funds, banks, projects, operators, in their order."""
        targets_by_source: dict[Node, set[Node]] = defaultdict(set)
        for node, sources in self._nodes_with_sources():
            for source in sources:
                targets_by_source[source].add(node)
        return {source: tuple(sorted(targets)) for source, targets in targets_by_source.items()}

    def _nodes_with_sources(self) -> Iterable[tuple[Node, Sources]]:
        yield from ((node, pot.sources) for node, pot in self.funding_nodes.items())
        yield from ((("Project", key), project.sources) for key, project in self.projects.items())
        yield from ((node, operator.sources) for node, operator in self.operators.items())

    def has_node(self, node: Node) -> bool:
        """Return True where the network has facts about a node."""
        label, key = node
        return (
            node in self.funding_nodes
            or node in self.operators
            or (label == "Project" and key in self.projects)
            or (label == "Asset" and key in self.assets)
        )

    @cached_property
    def funded_operators(self) -> frozenset[Node]:
        """Return the operators into which money was put, and those in which such operators hold stakes, over others too."""
        funded_nodes = {node for node, operator in self.operators.items() if operator.inflow > 0}
        added_nodes = set(funded_nodes)
        while added_nodes:
            added_nodes = {
                node
                for node, operator in self.operators.items()
                if node not in funded_nodes and not added_nodes.isdisjoint(operator.holders)
            }
            funded_nodes |= added_nodes
        return frozenset(funded_nodes)

    def upstream_nodes(self, node: Node) -> list[Node]:
        """Return the nodes from which a node's money came: each source of which money remains there."""
        label, key = node
        if label == "Asset":
            projects = [("Project", number) for number, project in self.projects.items() if key in project.formations]
            return [
                *projects,
                *(operator for operator in self.assets[key].funding_operators if operator in self.funded_operators),
            ]
        nodes = [
            source
            for source, evidence in self.sources(node).items()
            if self.has_node(source) and net_inflow(evidence) > 0
        ]
        if label in OPERATOR_LABELS:
            nodes += [holder for holder in self.operators[node].holders if holder in self.funded_operators]
        return nodes

    def is_funded(self, node: Node) -> bool:
        """Return True where money came to a node that is not a fund, from a source in the network or outside of it."""
        from_funds = node[0] != "Asset" and any(net_inflow(evidence) > 0 for evidence in self.sources(node).values())
        return from_funds or bool(self.upstream_nodes(node))

    def sources(self, node: Node) -> Sources:
        """Return the sources of a fund, a bank, a project or an operator, with their documents."""
        if node[0] == "Project":
            return self.projects[node[1]].sources
        return self.operators[node].sources if node in self.operators else self.funding_nodes[node].sources


def _parse_nodes(pairs: Iterable[Sequence[str]]) -> tuple[Node, ...]:
    return tuple((label, key) for label, key in pairs)


def _parse_sources(rows: Iterable[Sequence[Any]]) -> Sources:
    evidence_by_source: dict[Node, list[ChainEvidence]] = defaultdict(list)
    for label, key, type_, voucher, amount, day, corrects in rows:
        evidence_by_source[label, key].append(ChainEvidence(type_, voucher, amount, day=day, corrects=corrects))
    return {source: tuple(evidence) for source, evidence in evidence_by_source.items()}
