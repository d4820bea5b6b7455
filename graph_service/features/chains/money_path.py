"""A path of money: its hops, and the portion of a fund's money that takes it."""

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
    """Followed portion of the money of a fund or a bank: all that it has, what came there from no other node, what
    left it beyond that."""

    HAS = "HAS"
    OWN = "OWN"
    UNSOURCED = "UNSOURCED"


@dataclass(frozen=True, slots=True)
class MoneyPath:
    """Hops from the start. `beneficiary_kind`: kind of the ends that follow, which are looked up apart; empty where
    the path `is_stopped` early, or ends at a requested node."""

    hops: tuple[ChainHop, ...]
    beneficiary_kind: str = ""
    breaks: tuple[ChainBreak, ...] = ()
    is_stopped: bool = False
    is_unsourced: bool = False
    """True for the money that left the start beyond what the start had."""

    @property
    def sort_key(self) -> tuple[Node, ...]:
        return tuple(hop.sort_key for hop in self.hops)


def with_loan_amounts(hop: ChainHop, ratio: Amount, evidence: Sequence[ChainEvidence]) -> ChainHop:
    """Return a hop with the amounts that were lent over it and repaid, where it is a loan."""
    if hop.relationship != LENT:
        return hop
    repaid = repaid_amount(evidence)
    return replace(
        hop, lent=multiply(ratio, Fraction(net_amount(evidence) + repaid)), repaid=multiply(ratio, Fraction(repaid))
    )
