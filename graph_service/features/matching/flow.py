"""The cheapest flow through a network, by linear programming, and the proof that there is no cheaper one.

Supplies and rooms are whole numbers, so a vertex of the program is one of whole numbers; so are the prices at its nodes. Both are
rounded, and then it is held in whole numbers that the flow goes through, and that by these prices no arc that could take more is
cheaper than what is used, none that is used dearer: what has such prices is the cheapest.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

from graph_service.features.matching.network import FlowNetwork

IntArray = NDArray[np.int64]
MAX_ROUNDING_ERROR = 1e-6
"""How far from a whole number a value of the solver may be."""
EXACT_INTEGER_LIMIT = 2**53
"""Whole numbers below it are exact as the solver has them."""


class SilentHighs(highspy.Highs):
    """The solver says on standard output that it runs, as soon as its callbacks are enabled: on the way to that it is told not to."""

    def enableCallbacks(self) -> None:  # noqa: N802
        self.silent()


def min_cost_flow(network: FlowNetwork) -> list[int]:
    """How many units go over each arc."""
    if not network.tails:
        return []
    tails, heads = np.array(network.tails, np.int64), np.array(network.heads, np.int64)
    costs, rooms = np.array(network.costs, np.int64), np.array(network.capacities, np.int64)
    supply = np.array(network.supply, np.int64)
    if int(costs @ rooms) >= EXACT_INTEGER_LIMIT:
        raise ArithmeticError("the costs are larger than the solver counts exactly")
    found, prices = _solve(tails, heads, costs, rooms, supply)
    flow, rounded = np.rint(found).astype(np.int64), np.rint(prices).astype(np.int64)
    through = np.zeros_like(supply)
    np.add.at(through, tails, flow)
    np.subtract.at(through, heads, flow)
    dearer = costs - rounded[tails] + rounded[heads]
    if not (
        np.abs(found - flow).max(initial=0) < MAX_ROUNDING_ERROR
        and np.array_equal(through, supply)
        and ((flow >= 0) & (flow <= rooms)).all()
        and ((dearer >= 0) | (flow == rooms)).all()
        and ((dearer <= 0) | (flow == 0)).all()
    ):
        raise ArithmeticError("what the solver found is not proved to be the cheapest")
    amounts: list[int] = flow.tolist()
    return amounts


def _solve(
    tails: IntArray, heads: IntArray, costs: IntArray, capacities: IntArray, supply: IntArray
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Units over each arc and the price at each node, as the solver has them."""
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
    # On a network presolving takes a hundred times as long as it saves; one thread finds the same of several cheapest each time.
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
