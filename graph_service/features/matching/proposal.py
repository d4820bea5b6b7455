"""A proposed matching: which household to which helper, how far, what it costs."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.core.areas import lineage
from graph_service.features.matching.flow import min_cost_flow
from graph_service.features.matching.network import FlowNetwork, Helper, build_network

HouseholdKey = tuple[str, str]
"""A household: the code of its village, its card number."""


@dataclass(frozen=True, slots=True)
class Match:
    """A household given to a cadre. `distance`: see `distance`; `load`: how many the cadre has after all of the proposal."""

    village: str
    household: str
    cadre_no: str
    distance: int
    load: int

    @property
    def sort_key(self) -> HouseholdKey:
        return (self.village, self.household)

    @property
    def row(self) -> list[str | int]:
        """As the statement takes it that shows a page."""
        return [self.village, self.household, self.cadre_no, self.distance, self.load]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Matches in order of (village, household), of `eligible_count` households that have no helper. `squared_loads`: the squares of the loads
    after it, summed over all who may help."""

    matches: tuple[Match, ...]
    eligible_count: int
    total_distance: int
    squared_loads: int

    @property
    def unserved(self) -> int:
        """For how many households nobody is left."""
        return self.eligible_count - len(self.matches)

    def page(self, first: int, after: Sequence[str]) -> tuple[Sequence[Match], bool]:
        """So many after a place, and whether there are more."""
        at = bisect_right(self.matches, tuple(after), key=lambda match: match.sort_key)
        return self.matches[at : at + first], at + first < len(self.matches)


def distance(village: str, area_codes: Sequence[str]) -> int:
    """Steps up the area tree from a village until the area holds one of the places: 0 in the village, 1 in its township, 2 in its county,
    3 in its prefecture, 4 in its province. A place may be an area of any level: a township's cadre is 1 from its villages."""
    return next(
        steps for steps, area in enumerate(lineage(village)) if any(place.startswith(area) for place in area_codes)
    )


def propose_matching(households: Sequence[HouseholdKey], helpers: Sequence[Helper], max_load: int) -> Proposal:
    """The best matching with no helper above `max_load`: the most households first, of these matchings the least distance, of these the
    least sum of squared loads. Raises `ArgumentInvalid` where there is too much to work out."""
    helpers = sorted(helpers, key=lambda helper: helper.cadre_no)
    net = build_network(Counter(village for village, _ in households), helpers, max_load)
    flow = min_cost_flow(net)
    given = _assign_households(sorted(households), net, flow)
    taken = Counter(given.values())
    loads = [helper.load + taken[at] for at, helper in enumerate(helpers)]
    matches = tuple(
        Match(*place, helpers[at].cadre_no, distance(place[0], helpers[at].area_codes), loads[at])
        for place, at in sorted(given.items())
    )
    total, squares = sum(match.distance for match in matches), sum(load**2 for load in loads)
    steps = sum(flow[arc] for arc in net.up_arcs.values())
    added = sum(net.costs[arc] * flow[arc] for arc in net.load_arcs)
    if (total, squares) != (steps, added + sum(helper.load**2 for helper in helpers)):
        raise ArithmeticError("the matching does not cost what the flow does")
    return Proposal(matches, len(households), total, squares)


def _assign_households(
    households: Sequence[HouseholdKey], network: FlowNetwork, flow: Sequence[int]
) -> dict[HouseholdKey, int]:
    """The helper's position for each household: area by area, from the villages up, the first households to the first helpers."""
    here: dict[str, list[HouseholdKey]] = defaultdict(list)
    for place in households:
        here[place[0]].append(place)
    takers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (area, at), arc in network.assignment_arcs.items():
        if flow[arc]:
            takers[area].append((at, flow[arc]))
    given: dict[HouseholdKey, int] = {}
    for area in sorted((*network.up_arcs, ""), key=lambda code: (-len(code), code)):
        waiting = iter(sorted(here[area]))
        for at, many in sorted(takers[area]):
            given.update((next(waiting), at) for _ in range(many))
        if area:
            here[lineage(area)[1]] += [next(waiting) for _ in range(flow[network.up_arcs[area]])]
    return given
