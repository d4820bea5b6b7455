"""Arithmetic of amounts that may not be known, and what an asset has of whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from graph_service.services.chains.chain import Amount, Evidence
from graph_service.services.chains.network import Network, Project, net
from graph_service.services.chains.stakes import Stakes

ONE, ZERO = Fraction(1), Fraction(0)


def times(one: Amount, two: Amount) -> Amount:
    """The product; not known where one of them is not."""
    return None if one is None or two is None else one * two


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum; not known where one of them is not."""
    found: Amount = ZERO
    for one in amounts:
        found = None if found is None or one is None else found + one
    return found


def stated(evidence: Sequence[Evidence]) -> Amount:
    """What documents say in sum; not known where one says nothing."""
    return None if any(one.amount is None for one in evidence) else Fraction(net(evidence))


def passed(project: Project) -> Amount:
    """What of each fen of a project stands in each fen of what it formed: more cannot stand there than it was given."""
    whole = total(map(stated, project.formed.values()))
    if whole is None:
        return None
    return min(ONE, project.arrived / whole) / project.arrived if whole > 0 and project.arrived else ZERO


def worth(network: Network, asset: str) -> Amount:
    """What an asset is worth by its own papers."""
    facts = network.assets[asset]
    if None in facts.formed:
        return None
    return Fraction(sum(one or 0 for one in facts.formed) + (facts.unformed or 0))


def arrived(network: Network, stakes: Stakes, asset: str) -> Amount:
    """What came to an asset from projects and operators."""
    by_projects = (
        times(times(Fraction(project.arrived), passed(project)), stated(project.formed[asset]))
        for project in network.projects.values()
        if asset in project.formed
    )
    by_operators = (flow for node in network.operators for _, to, flow in stakes.flows(node) if to == asset)
    return total([*by_projects, *by_operators])
