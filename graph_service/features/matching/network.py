"""The area tree as a network of flow: households go up from their villages until a helper takes them.

Nodes are the areas that the villages lie in, up to one above all provinces; the helpers; `served`, where all end who are taken; and `left`,
where those end for whom there is no room. An arc up costs `step`. A helper takes from every area that has one of his places in it, for
nothing: so a household costs as many steps as it has to go up until its area holds the nearest of his places. The household that makes
k + 1 of his k costs 2k + 1, which sums up to the square of his load.

How many can be taken is settled beforehand, as everybody is reached from the top: the room that there is, or all. That distance comes before
loads needs a step that outweighs them: of what can be changed about a flow, every part is a cycle that passes `served` at most once,
so it puts one household at most from one helper's load to another's, which makes less than 2 · most of a difference to the squares.
With a step of 2 · most no such cycle makes the distance longer, or the loads uneven at the same distance, and looks like a gain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.core.areas import lineage
from graph_service.errors import ArgumentInvalid

MAX_ARCS = 1_000_000
"""What is solved within seconds, and in some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Helper:
    """A cadre who may take households. `load`: how many he has; `area_codes`: codes of areas, one at least."""

    cadre_no: str
    load: int
    area_codes: tuple[str, ...]

    def capacity(self, max_load: int) -> int:
        """How many he may take until he has `max_load`; none where he has more."""
        return max(max_load - self.load, 0)


@dataclass(slots=True)
class FlowNetwork:
    """Arcs in columns: from and to which node, what a unit costs, for how many there is room. `supply` by node, below 0 where units end.

    `up_arcs`: the arc up from an area; `assignment_arcs`: (area, helper's position) and the arc; `load_arcs`: where the helpers' own arcs begin and end.
    """

    step_cost: int
    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    capacities: list[int] = field(default_factory=list)
    supply: list[int] = field(default_factory=list)
    up_arcs: dict[str, int] = field(default_factory=dict)
    assignment_arcs: dict[tuple[str, int], int] = field(default_factory=dict)
    load_arcs: range = range(0)

    def add_node(self, supply: int = 0) -> int:
        """A further node."""
        self.supply.append(supply)
        return len(self.supply) - 1

    def add_arc(self, tail: int, head: int, cost: int, capacity: int) -> int:
        """A further arc."""
        self.tails.append(tail)
        self.heads.append(head)
        self.costs.append(cost)
        self.capacities.append(capacity)
        return len(self.tails) - 1


def build_network(needs: Mapping[str, int], helpers: Sequence[Helper], max_load: int) -> FlowNetwork:
    """Of how many households in which villages, and of helpers of whom none is to have more than `max_load`.

    Raises `ArgumentInvalid` where it would be too large.
    """
    wanted = sum(needs.values())
    served = min(wanted, sum(helper.capacity(max_load) for helper in helpers))
    if sum(min(helper.capacity(max_load), wanted) for helper in helpers) > MAX_ARCS:
        raise ArgumentInvalid(
            name="maxLoad",
            reason_zh="区域内可结对的干部和户数过多,请缩小区域或减小每人最多户数",
            reason_en="for so many cadres and households ask for a smaller area, or a smaller load",
        )
    made = FlowNetwork(step_cost=2 * max_load)
    areas: dict[str, int] = {}
    for village in sorted(needs):
        for code in lineage(village):
            if code not in areas:
                areas[code] = made.add_node(needs.get(code, 0))
    for code, node in areas.items():
        if code:
            made.up_arcs[code] = made.add_arc(node, areas[lineage(code)[1]], made.step_cost, wanted)
    nodes = [made.add_node() for _ in helpers]
    for at, helper in enumerate(helpers):
        reached = {code for place in helper.area_codes for code in lineage(place) if code in areas}
        for code in sorted(reached) if helper.capacity(max_load) else ():
            made.assignment_arcs[code, at] = made.add_arc(areas[code], nodes[at], 0, wanted)
    end, left = made.add_node(-served), made.add_node(served - wanted)
    begin = len(made.tails)
    for at, helper in enumerate(helpers):
        for load in range(helper.load, helper.load + min(helper.capacity(max_load), wanted)):
            made.add_arc(nodes[at], end, 2 * load + 1, 1)
    made.load_arcs = range(begin, len(made.tails))
    for village in sorted(needs):
        made.add_arc(areas[village], left, 0, needs[village])
    return made
