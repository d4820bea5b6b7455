"""Queries for chains between two ends, in the order in which money passes the kinds of nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.domain.metamodel import Label
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid, NotFound, RecordNotFound
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
"""Kinds that may be requested as the other end: all nodes of a kind. HOLDER: every beneficiary that money reaches."""
ANY_OPERATOR = "Operator"
"""Placeholder for the label of an operator of which only the code is known."""
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
    """Ends of the requested chains. `start`, `end`: a node, a kind of `ENDPOINT_KINDS`, or None (every source; as far
    as money goes). At least one is a node.

    `year`: year of the dividends to return.
    """

    start: Node | str | None
    end: Node | str | None = None
    year: int | None = None

    @property
    def is_downstream(self) -> bool:
        """Return True where chains are searched from the start; else from the end."""
        return not isinstance(self.end, tuple)


@dataclass(frozen=True, slots=True)
class ChainPage:
    """A page of chains. `totals`: over all chains, where requested."""

    chains: tuple[Chain, ...]
    has_next: bool
    totals: ChainTotals | None = None


def build_query(endpoint: Node, other_endpoint: Node | str | None = None, year: int | None = None) -> ChainQuery:
    """Return the query between two ends, from the one that money reaches first. Without a second end: from the node as
    far as money goes, or from every source to a beneficiary. Raises `ArgumentInvalid`."""
    rank = LABEL_RANKS[endpoint[0]]
    if other_endpoint is None:
        return ChainQuery(None, endpoint, year) if endpoint[0] in HOLDER_LABELS else ChainQuery(endpoint, None, year)
    other_rank = LABEL_RANKS[
        other_endpoint[0] if isinstance(other_endpoint, tuple) else ENDPOINT_KINDS[other_endpoint][0]
    ]
    if rank == other_rank == LABEL_RANKS["Household"]:
        raise ArgumentInvalid(
            name="to",
            reason_zh="两端都是受益对象；请将其中一端改为资金、项目等",
            reason_en="both ends are beneficiaries; give a fund, a project or another source instead of one of them",
        )
    return (
        ChainQuery(other_endpoint, endpoint, year) if other_rank < rank else ChainQuery(endpoint, other_endpoint, year)
    )


def seed_parameters(nodes: Sequence[Node]) -> dict[str, Any]:
    """Return nodes as parameters of the statements."""
    kinds = (("funds", "Fund"), ("banks", "Bank"), ("projects", "Project"), ("assets", "Asset"))
    keys_by_parameter = {name: [key for label, key in nodes if label == kind] for name, kind in kinds}
    operators = [
        [label, key]
        for node_label, key in nodes
        for label in (OPERATOR_LABELS if node_label == ANY_OPERATOR else (node_label,))
        if label in OPERATOR_LABELS
    ]
    return {**keys_by_parameter, "operators": operators}


def scope_parameters(scope: QueryScope) -> dict[str, Any]:
    """Return the asker's ranges, the day and the data version as parameters of the statements."""
    return {"scope": scope.granted_ranges, "asOf": scope.as_of, "seq": scope.version}


def resolve_node(network: MoneyNetwork, node: Node) -> Node:
    """Return the node with its own label. Raises `NotFound` where it is not in the register, or the asker may not see it."""
    label, key = node
    candidates = [(operator_label, key) for operator_label in OPERATOR_LABELS] if label == ANY_OPERATOR else [node]
    resolved_node = next((candidate for candidate in candidates if network.has_node(candidate)), None)
    is_hidden = (label == "Project" and resolved_node and network.projects[key].is_hidden) or (
        label == "Asset" and resolved_node and network.assets[key].is_hidden
    )
    if resolved_node is None or is_hidden:
        raise not_found_error(node)
    return resolved_node


def not_found_error(node: Node) -> NotFound:
    """Return the error for an end that is not in the register, or that the asker may not see."""
    label = MODEL.labels.get(node[0]) or MODEL.unions[node[0]]
    is_located = isinstance(label, Label) and bool(label.anchors)
    return (RecordNotFound if is_located else NotFound)(what_zh=label.zh, what_en=label.name.lower(), key=node[1])
