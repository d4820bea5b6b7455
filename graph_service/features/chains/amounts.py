"""Arithmetic of amounts that may be unknown; value and inflow of assets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from graph_service.features.chains.chain import Amount, ChainEvidence
from graph_service.features.chains.network import MoneyNetwork, Project, net_amount
from graph_service.features.chains.ownership import Ownership

ONE, ZERO = Fraction(1), Fraction(0)


def multiply(left: Amount, right: Amount) -> Amount:
    """Return the product; None where a factor is unknown."""
    return None if left is None or right is None else left * right


def sum_amounts(amounts: Iterable[Amount]) -> Amount:
    """Return the sum; None where a summand is unknown."""
    total: Amount = ZERO
    for amount in amounts:
        total = None if total is None or amount is None else total + amount
    return total


def stated_amount(evidence: Sequence[ChainEvidence]) -> Amount:
    """Return the sum stated by documents; None where a document states no amount."""
    return None if any(document.amount is None for document in evidence) else Fraction(net_amount(evidence))


def formation_ratio(project: Project) -> Amount:
    """Return the part of each fen of a project that stands in each fen of value that it formed; no more can stand
    there than the project was given."""
    formed_total = sum_amounts(map(stated_amount, project.formations.values()))
    if formed_total is None:
        return None
    return min(ONE, project.inflow / formed_total) / project.inflow if formed_total > 0 and project.inflow else ZERO


def asset_value(network: MoneyNetwork, asset: str) -> Amount:
    """Return the value of an asset by its own documents."""
    facts = network.assets[asset]
    if None in facts.formed_amounts:
        return None
    return Fraction(sum(amount or 0 for amount in facts.formed_amounts) + (facts.unformed_value or 0))


def asset_inflow(network: MoneyNetwork, ownership: Ownership, asset: str) -> Amount:
    """Return the amount that came to an asset from projects and operators."""
    by_projects = (
        multiply(multiply(Fraction(project.inflow), formation_ratio(project)), stated_amount(project.formations[asset]))
        for project in network.projects.values()
        if asset in project.formations
    )
    by_operators = (flow for node in network.operators for _, target, flow in ownership.flows(node) if target == asset)
    return sum_amounts([*by_projects, *by_operators])
