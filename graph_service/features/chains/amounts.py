"""Arithmetic of amounts that may not be known, and what an asset has of whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from graph_service.features.chains.chain import Amount, ChainEvidence
from graph_service.features.chains.network import MoneyNetwork, Project, net_amount
from graph_service.features.chains.ownership import Ownership

ONE, ZERO = Fraction(1), Fraction(0)


def multiply(left: Amount, right: Amount) -> Amount:
    """The product; not known where one of them is not."""
    return None if left is None or right is None else left * right


def sum_amounts(amounts: Iterable[Amount]) -> Amount:
    """The sum; not known where one of them is not."""
    found: Amount = ZERO
    for one in amounts:
        found = None if found is None or one is None else found + one
    return found


def stated_amount(evidence: Sequence[ChainEvidence]) -> Amount:
    """What documents say in sum; not known where one says nothing."""
    return None if any(one.amount is None for one in evidence) else Fraction(net_amount(evidence))


def formation_ratio(project: Project) -> Amount:
    """What of each fen of a project stands in each fen of what it formed: more cannot stand there than it was given."""
    whole = sum_amounts(map(stated_amount, project.formations.values()))
    if whole is None:
        return None
    return min(ONE, project.inflow / whole) / project.inflow if whole > 0 and project.inflow else ZERO


def asset_value(network: MoneyNetwork, asset: str) -> Amount:
    """What an asset is worth by its own papers."""
    facts = network.assets[asset]
    if None in facts.formed_amounts:
        return None
    return Fraction(sum(one or 0 for one in facts.formed_amounts) + (facts.unformed_value or 0))


def asset_inflow(network: MoneyNetwork, ownership: Ownership, asset: str) -> Amount:
    """What came to an asset from projects and operators."""
    by_projects = (
        multiply(multiply(Fraction(project.inflow), formation_ratio(project)), stated_amount(project.formations[asset]))
        for project in network.projects.values()
        if asset in project.formations
    )
    by_operators = (flow for node in network.operators for _, to, flow in ownership.flows(node) if to == asset)
    return sum_amounts([*by_projects, *by_operators])
