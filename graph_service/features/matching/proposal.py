"""Proposed matching of households and helpers, with its distances and loads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.core.areas import lineage
from graph_service.features.matching.flow import min_cost_flow
from graph_service.features.matching.network import FlowNetwork, Helper, build_network

HouseholdKey = tuple[str, str]
"""Key of a household: the code of its village, its card number."""


@dataclass(frozen=True, slots=True)
class Match:
    """A household assigned to a cadre. `distance`: see `distance`; `load`: number of the cadre's households after the whole proposal."""

    village: str
    household: str
    cadre_no: str
    distance: int
    load: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Matches in order of (village, household), for `eligible_count` households without a helper. `squared_loads`: the squares of the loads
    after the proposal, summed over all who may help."""

    matches: tuple[Match, ...]
    eligible_count: int
    total_distance: int
    squared_loads: int

    @property
    def unserved(self) -> int:
        """Return the number of households for whom no helper is left."""
        return self.eligible_count - len(self.matches)


def distance(village: str, area_codes: Sequence[str]) -> int:
    """Return the steps up the area tree from a village until the area contains one of `area_codes`: 0 in the village, 1 in its township,
    2 in its county, 3 in its prefecture, 4 in its province. Codes may be of any level: a township's cadre is 1 from its villages."""
    return next(
        steps for steps, area in enumerate(lineage(village)) if any(code.startswith(area) for code in area_codes)
    )


def propose_matching(households: Sequence[HouseholdKey], helpers: Sequence[Helper], max_load: int) -> Proposal:
    """Return the best matching with no helper above `max_load`: the most households first, of these matchings the least distance, of these
    the least sum of squared loads. Raises `ArgumentInvalid` where the problem is too large."""
    helpers = sorted(helpers, key=lambda helper: helper.cadre_no)
    network = build_network(Counter(village for village, _ in households), helpers, max_load)
    flow = min_cost_flow(network)
    helper_by_household = _assign_households(sorted(households), network, flow)
    added_loads = Counter(helper_by_household.values())
    loads = [helper.load + added_loads[index] for index, helper in enumerate(helpers)]
    matches = tuple(
        Match(*household, helpers[index].cadre_no, distance(household[0], helpers[index].area_codes), loads[index])
        for household, index in sorted(helper_by_household.items())
    )
    total_distance, squared_loads = sum(match.distance for match in matches), sum(load**2 for load in loads)
    steps = sum(flow[arc] for arc in network.up_arcs.values())
    added_squares = sum(network.costs[arc] * flow[arc] for arc in network.load_arcs)
    if (total_distance, squared_loads) != (steps, added_squares + sum(helper.load**2 for helper in helpers)):
        raise ArithmeticError("the matching does not cost what the flow does")
    return Proposal(matches, len(households), total_distance, squared_loads)


def _assign_households(
    households: Sequence[HouseholdKey], network: FlowNetwork, flow: Sequence[int]
) -> dict[HouseholdKey, int]:
    """Return the helper's position for each household: area by area, from the villages up, the first households to the first helpers."""
    households_by_area: dict[str, list[HouseholdKey]] = defaultdict(list)
    for household in households:
        households_by_area[household[0]].append(household)
    helpers_by_area: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (area, index), arc in network.assignment_arcs.items():
        if flow[arc]:
            helpers_by_area[area].append((index, flow[arc]))
    helper_by_household: dict[HouseholdKey, int] = {}
    for area in sorted((*network.up_arcs, ""), key=lambda code: (-len(code), code)):
        queue = iter(sorted(households_by_area[area]))
        for index, count in sorted(helpers_by_area[area]):
            helper_by_household.update((next(queue), index) for _ in range(count))
        if area:
            households_by_area[lineage(area)[1]] += [next(queue) for _ in range(flow[network.up_arcs[area]])]
    return helper_by_household
