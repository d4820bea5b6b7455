"""Between which ends chains are asked for, in the order in which money passes kinds of nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.errors import ArgumentInvalid, NotFound
from graph_service.model import MODEL
from graph_service.services.chains.chain import Chain, Node
from graph_service.services.chains.leaves import Sum
from graph_service.services.chains.network import OPERATORS, Network
from graph_service.services.viewing import Viewing

HOLDERS = ("Household", "Person", "Village")
KINDS = {
    "FUND": ("Fund",),
    "BANK": ("Bank",),
    "PROJECT": ("Project",),
    "OPERATOR": OPERATORS,
    "ASSET": ("Asset",),
    "HOLDER": HOLDERS,
}
"""What may be asked for as the other end: all of a kind. HOLDER: whoever money reaches in the end."""
OPERATOR = "Operator"
"""Stands for the label of an operator of which only the code is known."""
RANKS = {
    "Fund": 0,
    "Bank": 1,
    "Project": 2,
    **dict.fromkeys((OPERATOR, *OPERATORS), 2),
    "Asset": 3,
    **dict.fromkeys(HOLDERS, 4),
}
Place = tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """`start`, `end`: a node, a kind of `KINDS`, or none: wherever money comes from, as far as it goes. One at least is a node.

    `year`: of the dividends that are told.
    """

    start: Node | str | None
    end: Node | str | None = None
    year: int | None = None

    @property
    def downwards(self) -> bool:
        """Whether it is looked for from the start; else from the end."""
        return not isinstance(self.end, tuple)


@dataclass(frozen=True, slots=True)
class ChainPage:
    """`sums`: over all chains, where they were asked for."""

    chains: tuple[Chain, ...]
    has_next: bool
    sums: Sum | None = None


def directed(one: Node, other: Node | str | None = None, year: int | None = None) -> Asked:
    """From one end to another, whichever money comes to first. Without another: from one as far as money goes, or from wherever it came
    to whom it reached. Raises `ArgumentInvalid`."""
    mine = RANKS[one[0]]
    if other is None:
        return Asked(None, one, year) if one[0] in HOLDERS else Asked(one, None, year)
    theirs = RANKS[other[0] if isinstance(other, tuple) else KINDS[other][0]]
    if mine == theirs == RANKS["Household"]:
        raise ArgumentInvalid(
            name="to",
            reason_zh="两端都是受益对象;请给出资金、项目等",
            reason_en="both ends are whom money reaches: name a fund, a project or the like",
        )
    return Asked(other, one, year) if theirs < mine else Asked(one, other, year)


def seeds(nodes: Sequence[Node]) -> dict[str, Any]:
    """Nodes as the statements take them."""
    kinds = (("funds", "Fund"), ("banks", "Bank"), ("projects", "Project"), ("assets", "Asset"))
    by = {name: [key for label, key in nodes if label == kind] for name, kind in kinds}
    operators = [
        [label, key] for one, key in nodes for label in (OPERATORS if one == OPERATOR else (one,)) if label in OPERATORS
    ]
    return {**by, "operators": operators}


def visible(viewing: Viewing) -> dict[str, Any]:
    """For which day, on which data, and what the asker may see."""
    return {"scope": viewing.visible, "asOf": viewing.as_of, "seq": viewing.sequence}


def found(network: Network, node: Node) -> Node:
    """The node with its own label. Raises `NotFound` for what is not in the register, or not the asker's to see."""
    label, key = node
    named = [(one, key) for one in OPERATORS] if label == OPERATOR else [node]
    there = next((one for one in named if network.has(one)), None)
    hidden = (label == "Project" and there and network.projects[key].hidden) or (
        label == "Asset" and there and network.assets[key].hidden
    )
    if there is None or hidden:
        raise not_there(node)
    return there


def not_there(node: Node) -> NotFound:
    """What one is told who asks from or to what is not in the register."""
    label = MODEL.labels.get(node[0]) or MODEL.unions[node[0]]
    return NotFound(what_zh=label.zh, what_en=label.name.lower(), key=node[1])
