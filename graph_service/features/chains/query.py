"""Between which ends chains are asked for, in the order in which money passes kinds of nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid, NotFound
from graph_service.features.chains.beneficiaries import ChainTotals
from graph_service.features.chains.chain import Chain, Node
from graph_service.features.chains.network import OPERATOR_LABELS, MoneyNetwork

HOLDER_LABELS = ("Household", "Person", "Village")
ENDPOINT_KINDS = {
    "FUND": ("Fund",),
    "BANK": ("Bank",),
    "PROJECT": ("Project",),
    "OPERATOR": OPERATOR_LABELS,
    "ASSET": ("Asset",),
    "HOLDER": HOLDER_LABELS,
}
"""What may be asked for as the other end: all of a kind. HOLDER: whoever money reaches in the end."""
ANY_OPERATOR = "Operator"
"""Stands for the label of an operator of which only the code is known."""
LABEL_RANKS = {
    "Fund": 0,
    "Bank": 1,
    "Project": 2,
    **dict.fromkeys((ANY_OPERATOR, *OPERATOR_LABELS), 2),
    "Asset": 3,
    **dict.fromkeys(HOLDER_LABELS, 4),
}
SortKey = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ChainQuery:
    """`start`, `end`: a node, a kind of `KINDS`, or none: wherever money comes from, as far as it goes. One at least is a node.

    `year`: of the dividends that are told.
    """

    start: Node | str | None
    end: Node | str | None = None
    year: int | None = None

    @property
    def is_downstream(self) -> bool:
        """Whether it is looked for from the start; else from the end."""
        return not isinstance(self.end, tuple)


@dataclass(frozen=True, slots=True)
class ChainPage:
    """`totals`: over all chains, where they were asked for."""

    chains: tuple[Chain, ...]
    has_next: bool
    totals: ChainTotals | None = None


def build_query(endpoint: Node, other_endpoint: Node | str | None = None, year: int | None = None) -> ChainQuery:
    """From one end to another, whichever money comes to first. Without another: from one as far as money goes, or from wherever it came
    to whom it reached. Raises `ArgumentInvalid`."""
    mine = LABEL_RANKS[endpoint[0]]
    if other_endpoint is None:
        return ChainQuery(None, endpoint, year) if endpoint[0] in HOLDER_LABELS else ChainQuery(endpoint, None, year)
    theirs = LABEL_RANKS[other_endpoint[0] if isinstance(other_endpoint, tuple) else ENDPOINT_KINDS[other_endpoint][0]]
    if mine == theirs == LABEL_RANKS["Household"]:
        raise ArgumentInvalid(
            name="to",
            reason_zh="两端都是受益对象;请给出资金、项目等",
            reason_en="both ends are whom money reaches: name a fund, a project or the like",
        )
    return ChainQuery(other_endpoint, endpoint, year) if theirs < mine else ChainQuery(endpoint, other_endpoint, year)


def seed_parameters(nodes: Sequence[Node]) -> dict[str, Any]:
    """Nodes as the statements take them."""
    kinds = (("funds", "Fund"), ("banks", "Bank"), ("projects", "Project"), ("assets", "Asset"))
    by = {name: [key for label, key in nodes if label == kind] for name, kind in kinds}
    operators = [
        [label, key]
        for one, key in nodes
        for label in (OPERATOR_LABELS if one == ANY_OPERATOR else (one,))
        if label in OPERATOR_LABELS
    ]
    return {**by, "operators": operators}


def scope_parameters(scope: QueryScope) -> dict[str, Any]:
    """For which day, on which data, and what the asker may see."""
    return {"scope": scope.granted_ranges, "asOf": scope.as_of, "seq": scope.version}


def resolve_node(network: MoneyNetwork, node: Node) -> Node:
    """The node with its own label. Raises `NotFound` for what is not in the register, or not the asker's to see."""
    label, key = node
    named = [(one, key) for one in OPERATOR_LABELS] if label == ANY_OPERATOR else [node]
    there = next((one for one in named if network.has_node(one)), None)
    hidden = (label == "Project" and there and network.projects[key].is_hidden) or (
        label == "Asset" and there and network.assets[key].is_hidden
    )
    if there is None or hidden:
        raise not_found_error(node)
    return there


def not_found_error(node: Node) -> NotFound:
    """What one is told who asks from or to what is not in the register."""
    label = MODEL.labels.get(node[0]) or MODEL.unions[node[0]]
    return NotFound(what_zh=label.zh, what_en=label.name.lower(), key=node[1])
