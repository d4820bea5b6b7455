"""Minimum-cost flow through a network, by linear programming, and the proof that no flow is cheaper.

Supplies and capacities are whole numbers, so a vertex of the program is integral; so are the prices at its nodes. Both are rounded,
and then checked in whole numbers: the flow is feasible, and by these prices no arc with room left is cheaper than those in use, and
none in use is dearer. A flow with such prices has the least cost.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from graph_service.features.matching.network import FlowNetwork

IntArray = NDArray[np.int64]
MAX_ROUNDING_ERROR = 1e-6
"""Maximum distance of a solver's value from a whole number."""
EXACT_INTEGER_LIMIT = 2**53
"""Limit below which whole numbers are exact in the solver."""


class SilentHighs(highspy.Highs):
    """Solver without its banner, which is printed on standard output as soon as callbacks are enabled: it is silenced before that."""

    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()


def min_cost_flow(network: FlowNetwork) -> list[int]:
    """Return the units on each arc. Raises `ArithmeticError` where the flow is not proved to have the least cost."""
    if not network.tails:
        return []
    tails, heads = np.array(network.tails, np.int64), np.array(network.heads, np.int64)
    costs, capacities = np.array(network.costs, np.int64), np.array(network.capacities, np.int64)
    supply = np.array(network.supply, np.int64)
    if int(costs @ capacities) >= EXACT_INTEGER_LIMIT:
        raise ArithmeticError("the costs are larger than the solver counts exactly")
    raw_flow, raw_prices = _solve(tails, heads, costs, capacities, supply)
    flow, prices = np.rint(raw_flow).astype(np.int64), np.rint(raw_prices).astype(np.int64)
    net_outflow = np.zeros_like(supply)
    np.add.at(net_outflow, tails, flow)
    np.subtract.at(net_outflow, heads, flow)
    reduced_costs = costs - prices[tails] + prices[heads]
    if not (
        np.abs(raw_flow - flow).max(initial=0) < MAX_ROUNDING_ERROR
        and np.array_equal(net_outflow, supply)
        and ((flow >= 0) & (flow <= capacities)).all()
        and ((reduced_costs >= 0) | (flow == capacities)).all()
        and ((reduced_costs <= 0) | (flow == 0)).all()
    ):
        raise ArithmeticError("what the solver found is not proved to be the cheapest")
    amounts: list[int] = flow.tolist()
    return amounts


def _solve(
    tails: IntArray, heads: IntArray, costs: IntArray, capacities: IntArray, supply: IntArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the units on each arc and the price at each node, as the solver has them."""
    size = len(tails)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = size, len(supply)
    program.col_cost_ = costs.astype(np.float64)
    program.col_lower_, program.col_upper_ = np.zeros(size), capacities.astype(np.float64)
    program.row_lower_ = program.row_upper_ = supply.astype(np.float64)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.arange(0, 2 * size + 1, 2)
    program.a_matrix_.index_ = np.stack([tails, heads], axis=1).ravel()
    program.a_matrix_.value_ = np.tile([1.0, -1.0], size)
    solver = SilentHighs()  # type: ignore[no-untyped-call]
    # On a network presolving takes a hundred times as long as it saves; a single thread finds the same of several optimal flows each time.
    for option, value in (
        ("output_flag", False),
        ("solver", "simplex"),
        ("presolve", "off"),
        ("parallel", "off"),
        ("threads", 1),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(program)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ArithmeticError(f"the solver ended with {solver.getModelStatus()}")
    solution = solver.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual)
