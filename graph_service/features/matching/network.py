"""The area tree as a flow network: households go up from their villages until a helper takes them.

Nodes are the areas around the villages, up to a root above all provinces; the helpers; the served node, the end of the households
that are taken; and the unserved node, the end of those for whom there is no room. An arc up costs `step_cost`. A helper takes from
every area that contains one of his areas, at no cost: a household costs as many steps as it has to go up until its area contains the
nearest of his areas. The household that makes k + 1 of his k costs 2k + 1, which sums up to the square of his load.

The number of households taken is known beforehand, as every helper is reached from the root: the capacity of all helpers, or all
households. For distance to come before loads, a step has to outweigh them. Every change to a flow consists of cycles that pass the
served node at most once: a cycle moves at most one household from one helper's load to another's, which changes the squares by less
than 2 · max_load. With a step of 2 · max_load no cycle that makes the distance longer, or the loads uneven at the same distance,
looks like a gain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.core.areas import lineage
from graph_service.errors import ArgumentInvalid

MAX_ARCS = 1_000_000
"""Size that is solved within seconds, and in some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Helper:
    """A cadre who may take households. `load`: number of households that he has; `area_codes`: codes of his areas, at least one."""

    cadre_no: str
    load: int
    area_codes: tuple[str, ...]

    def capacity(self, max_load: int) -> int:
        """Return how many households he may take until he has `max_load`; 0 where he has more."""
        return max(max_load - self.load, 0)


@dataclass(slots=True)
class FlowNetwork:
    """Arcs in columns: tail and head node, cost of a unit, capacity. `supply` by node, negative where units end.

    `up_arcs`: the arc up from an area; `assignment_arcs`: the arc of (area, helper's position); `load_arcs`: the helpers' own arcs.
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
        """Add a node and return its index."""
        self.supply.append(supply)
        return len(self.supply) - 1

    def add_arc(self, tail: int, head: int, cost: int, capacity: int) -> int:
        """Add an arc and return its index."""
        self.tails.append(tail)
        self.heads.append(head)
        self.costs.append(cost)
        self.capacities.append(capacity)
        return len(self.tails) - 1


def build_network(needs: Mapping[str, int], helpers: Sequence[Helper], max_load: int) -> FlowNetwork:
    """Build the network of the number of households in each village, and of helpers none of whom may have more than `max_load`.

    Raises `ArgumentInvalid` where it would be too large.
    """
    household_count = sum(needs.values())
    served_count = min(household_count, sum(helper.capacity(max_load) for helper in helpers))
    if sum(min(helper.capacity(max_load), household_count) for helper in helpers) > MAX_ARCS:
        raise ArgumentInvalid(
            name="maxLoad",
            reason_zh="区域内可结对的干部和户数过多，请缩小区域或减小每人最多户数",
            reason_en="there are too many cadres and households to match; choose a smaller area or a smaller `maxLoad`",
        )
    network = FlowNetwork(step_cost=2 * max_load)
    area_nodes: dict[str, int] = {}
    for village in sorted(needs):
        for code in lineage(village):
            if code not in area_nodes:
                area_nodes[code] = network.add_node(needs.get(code, 0))
    for code, node in area_nodes.items():
        if code:
            network.up_arcs[code] = network.add_arc(
                node, area_nodes[lineage(code)[1]], network.step_cost, household_count
            )
    helper_nodes = [network.add_node() for _ in helpers]
    for index, helper in enumerate(helpers):
        reachable_codes = {code for area_code in helper.area_codes for code in lineage(area_code) if code in area_nodes}
        for code in sorted(reachable_codes) if helper.capacity(max_load) else ():
            network.assignment_arcs[code, index] = network.add_arc(
                area_nodes[code], helper_nodes[index], 0, household_count
            )
    served_node, unserved_node = network.add_node(-served_count), network.add_node(served_count - household_count)
    first_load_arc = len(network.tails)
    for index, helper in enumerate(helpers):
        for load in range(helper.load, helper.load + min(helper.capacity(max_load), household_count)):
            network.add_arc(helper_nodes[index], served_node, 2 * load + 1, 1)
    network.load_arcs = range(first_load_arc, len(network.tails))
    for village in sorted(needs):
        network.add_arc(area_nodes[village], unserved_node, 0, needs[village])
    return network
