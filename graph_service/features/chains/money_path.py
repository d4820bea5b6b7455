"""One way of money: its hops, and which part of a fund's money goes over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from graph_service.features.chains.amounts import multiply
from graph_service.features.chains.chain import (
    LENT,
    Amount,
    ChainBreak,
    ChainEvidence,
    ChainHop,
    Node,
)
from graph_service.features.chains.network import net_amount, repaid_amount


class FundingPortion(Enum):
    """Which part of the money of a fund or a bank is followed: all that it has, what came there from no other, what left it beyond that."""

    HAS = "HAS"
    OWN = "OWN"
    UNSOURCED = "UNSOURCED"


@dataclass(frozen=True, slots=True)
class MoneyPath:
    """Hops from the start. `beneficiary_kind`: what kind of ends follow, which are looked for apart; none where it `is_stopped` early, or at
    what was asked for."""

    hops: tuple[ChainHop, ...]
    beneficiary_kind: str = ""
    breaks: tuple[ChainBreak, ...] = ()
    is_stopped: bool = False
    is_unsourced: bool = False
    """Whether it is the money that left the start beyond what that had."""

    @property
    def sort_key(self) -> tuple[Node, ...]:
        return tuple(hop.sort_key for hop in self.hops)


def with_loan_amounts(hop: ChainHop, ratio: Amount, evidence: Sequence[ChainEvidence]) -> ChainHop:
    """A hop with what was lent over it and paid back, where it is one of a loan."""
    if hop.relationship != LENT:
        return hop
    back = repaid_amount(evidence)
    return replace(
        hop, lent=multiply(ratio, Fraction(net_amount(evidence) + back)), repaid=multiply(ratio, Fraction(back))
    )
