"""One operator that carries out every project of a county."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.services.conflicts.closing import amounts
from graph_service.services.conflicts.kinds import Conflict, Opening, Way
from graph_service.services.conflicts.ties import County, Ties
from graph_service.services.rules import in_force

OPERATORS = ("Enterprise", "Cooperative")
PERCENT = 100


def openings(ties: Ties, as_of: int) -> Iterator[Opening]:
    """Counties that have as many projects as the rules of the day ask (`sole-winners.csv`)."""
    for rule in in_force("sole-winners", as_of):
        least, untold = int(rule["least_projects"]), int(rule["most_untold_percent"])
        for code, county in sorted(ties.counties.items()):
            if county.projects >= least:
                conflict = _won(ties, county) if _wins(county, least, untold) else None
                yield Opening("SOLE_WINNER", code, frozenset((code,)), conflict)


def _wins(county: County, least: int, untold: int) -> bool:
    """What is not told of too many projects is not taken to be this operator's."""
    told = county.projects - county.untold
    known = county.untold * PERCENT <= untold * county.projects
    return known and county.operator[0] in OPERATORS and len(county.alone) == told >= least


def _won(ties: Ties, county: County) -> Conflict:
    """The county's projects, each carried out by the operator; what they were given."""
    operator, amount = county.operator, 0
    way = Way.at(operator)
    for number in county.alone:
        project = ("Project", number)
        way.on(project, "IMPLEMENTS", forward=True, origin=0)
        amount += sum(amounts(evidence) for evidence in ties.into("ALLOCATED", project).values())
    return Conflict(tuple(way.steps), operator=operator, amount=amount or None)
