"""What a chain is: nodes in the order of the money, each hop with its documents and what of the money passes it, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Node = tuple[str, str]
"""Label and key."""
Amount = Fraction | None
"""Fen, exact; none where it is not known."""
ZERO = Fraction(0)
LENT = "LENT"
"""The relationship by which money is lent: it is owed, and benefits nobody."""
UNSOURCED_MARKER: Node = ("", "")
"""Begins the place of a chain whose money has no source."""


@dataclass(frozen=True, slots=True)
class ChainEvidence:
    """A document. `kind`: the relationship that it shows; voucher or certificate, its amount in fen or its shares, its day (YYYYMMDD);
    the voucher that it corrects."""

    kind: str
    number: str | None
    amount: int | None = None
    shares: int | None = None
    total_shares: int | None = None
    day: int | None = None
    corrects: str | None = None
    stake: Fraction | None = None
    """A part, of 1: what an operator holds of another."""
    payee: str | None = None
    """Who was paid, where a fund paid for a measure."""


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Why a chain stops at its node, or should have gone otherwise: the hops expected there, and a reason (`breaks.REASON`)."""

    hop_index: int
    expected: tuple[str, ...]
    reason: str
    amount: Amount = None
    """How much it is about, where that is known: what left a node beyond what it had."""


@dataclass(frozen=True, slots=True)
class ChainHop:
    """A node and how the chain came to it; `amount`: what its documents say in sum, in fen.

    Of the money that is followed: `inflow` over this hop, `recirculated`: what comes back to the node round circles, `outflow`, `retained`;
    arrives + back = goes_on + stays. One whom the asker may not see is hidden: it has no documents, and its key stays inside.
    """

    label: str
    key: str
    relationship: str = ""
    amount: int | None = None
    evidence: tuple[ChainEvidence, ...] = ()
    is_hidden: bool = False
    inflow: Amount = ZERO
    recirculated: Amount = ZERO
    outflow: Amount = ZERO
    dividends: tuple[ChainEvidence, ...] = ()
    part: Fraction | None = None
    """What part of the node before goes here, where that is stated: shares of all shares, a part of an operator."""
    lent: Amount = ZERO
    """Of the money that is followed what was lent over this hop; what was paid back of that is `repaid`."""
    repaid: Amount = ZERO

    @property
    def node(self) -> Node:
        return self.label, self.key

    @property
    def sort_key(self) -> Node:
        """What stands for it in a chain's place: to the same node money may be given and lent."""
        return (f"{self.label} {LENT}" if self.relationship == LENT else self.label), self.key

    @property
    def retained(self) -> Amount:
        if self.inflow is None or self.recirculated is None or self.outflow is None:
            return None
        return self.inflow + self.recirculated - self.outflow


@dataclass(frozen=True, slots=True)
class Chain:
    """One distinct sequence of nodes. `is_complete`: it reaches whom it is for, or what was asked for. `attributed`: what arrives there as a
    benefit; nothing where it stops before, at what is for all, or where it was lent on the way: then `lent`, and `repaid` of that."""

    hops: tuple[ChainHop, ...]
    is_complete: bool
    attributed: Amount
    breaks: tuple[ChainBreak, ...] = ()
    is_unsourced: bool = False
    """Whether it is the money that left its first node beyond what that had: nothing says where it came from."""
    lent: Amount = ZERO
    repaid: Amount = ZERO

    @property
    def is_loan(self) -> bool:
        """Whether its money was lent on the way."""
        return any(hop.relationship == LENT for hop in self.hops)

    @property
    def outstanding(self) -> Amount:
        """What of its money is still owed at its end."""
        return None if self.lent is None or self.repaid is None else self.lent - self.repaid

    @property
    def sort_key(self) -> tuple[Node, ...]:
        """What it is found by, and what chains are in order of."""
        return (*((UNSOURCED_MARKER,) if self.is_unsourced else ()), *(hop.sort_key for hop in self.hops))


def round_to_fen(amount: Amount) -> int | None:
    """Whole fen, rounded once, half to even."""
    return None if amount is None else round(amount)
