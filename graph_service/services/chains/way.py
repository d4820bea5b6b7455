"""One way of money: its hops, and which part of a fund's money goes over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from graph_service.services.chains.amounts import times
from graph_service.services.chains.chain import LOAN, Amount, Break, Evidence, Hop, Node
from graph_service.services.chains.network import net, repaid


class Part(Enum):
    """Which part of the money of a fund or a bank is followed: all that it has, what came there from no other, what left it beyond that."""

    HAS = "HAS"
    OWN = "OWN"
    UNSOURCED = "UNSOURCED"


@dataclass(frozen=True, slots=True)
class Way:
    """Hops from the start. `leaves`: what kind of ends follow, which are looked for apart; none where it `stops` early, or at
    what was asked for."""

    hops: tuple[Hop, ...]
    leaves: str = ""
    breaks: tuple[Break, ...] = ()
    stops: bool = False
    unsourced: bool = False
    """Whether it is the money that left the start beyond what that had."""

    @property
    def place(self) -> tuple[Node, ...]:
        return tuple(hop.place for hop in self.hops)


def owed(hop: Hop, ratio: Amount, evidence: Sequence[Evidence]) -> Hop:
    """A hop with what was lent over it and paid back, where it is one of a loan."""
    if hop.relationship != LOAN:
        return hop
    back = repaid(evidence)
    return replace(hop, lent=times(ratio, Fraction(net(evidence) + back)), repaid=times(ratio, Fraction(back)))
