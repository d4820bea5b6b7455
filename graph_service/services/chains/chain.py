"""What a chain is: nodes in the order of the money, each hop with its documents and what of the money passes it, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Node = tuple[str, str]
"""Label and key."""
Amount = Fraction | None
"""Fen, exact; none where it is not known."""
NOTHING = Fraction(0)
LOAN = "LENT"
"""The relationship by which money is lent: it is owed, and benefits nobody."""
NOWHERE: Node = ("", "")
"""Begins the place of a chain whose money has no source."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document. `kind`: the relationship that it shows; voucher or certificate, its amount in fen or its shares, its day (YYYYMMDD);
    the voucher that it corrects."""

    kind: str
    number: str | None
    amount: int | None = None
    shares: int | None = None
    total_shares: int | None = None
    on: int | None = None
    corrects: str | None = None
    share: Fraction | None = None
    """A part, of 1: what an operator holds of another."""
    payee: str | None = None
    """Who was paid, where a fund paid for a measure."""


@dataclass(frozen=True, slots=True)
class Break:
    """Why a chain stops at its node, or should have gone otherwise: the hops expected there, and a reason (`breaks.REASON`)."""

    at: int
    expected: tuple[str, ...]
    reason: str
    amount: Amount = None
    """How much it is about, where that is known: what left a node beyond what it had."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A node and how the chain came to it; `amount`: what its documents say in sum, in fen.

    Of the money that is followed: `arrives` over this hop, `back`: what comes back to the node round circles, `goes_on`, `stays`;
    arrives + back = goes_on + stays. One whom the asker may not see is hidden: it has no documents, and its key stays inside.
    """

    label: str
    key: str
    relationship: str = ""
    amount: int | None = None
    evidence: tuple[Evidence, ...] = ()
    hidden: bool = False
    arrives: Amount = NOTHING
    back: Amount = NOTHING
    goes_on: Amount = NOTHING
    dividends: tuple[Evidence, ...] = ()
    part: Fraction | None = None
    """What part of the node before goes here, where that is stated: shares of all shares, a part of an operator."""
    lent: Amount = NOTHING
    """Of the money that is followed what was lent over this hop; what was paid back of that is `repaid`."""
    repaid: Amount = NOTHING

    @property
    def node(self) -> Node:
        return self.label, self.key

    @property
    def place(self) -> Node:
        """What stands for it in a chain's place: to the same node money may be given and lent."""
        return (f"{self.label} {LOAN}" if self.relationship == LOAN else self.label), self.key

    @property
    def stays(self) -> Amount:
        if self.arrives is None or self.back is None or self.goes_on is None:
            return None
        return self.arrives + self.back - self.goes_on


@dataclass(frozen=True, slots=True)
class Chain:
    """One distinct sequence of nodes. `complete`: it reaches whom it is for, or what was asked for. `attributed`: what arrives there as a
    benefit; nothing where it stops before, at what is for all, or where it was lent on the way: then `lent`, and `repaid` of that."""

    hops: tuple[Hop, ...]
    complete: bool
    attributed: Amount
    breaks: tuple[Break, ...] = ()
    unsourced: bool = False
    """Whether it is the money that left its first node beyond what that had: nothing says where it came from."""
    lent: Amount = NOTHING
    repaid: Amount = NOTHING

    @property
    def is_loan(self) -> bool:
        """Whether its money was lent on the way."""
        return any(hop.relationship == LOAN for hop in self.hops)

    @property
    def outstanding(self) -> Amount:
        """What of its money is still owed at its end."""
        return None if self.lent is None or self.repaid is None else self.lent - self.repaid

    @property
    def place(self) -> tuple[Node, ...]:
        """What it is found by, and what chains are in order of."""
        return (*((NOWHERE,) if self.unsourced else ()), *(hop.place for hop in self.hops))


def shown(amount: Amount) -> int | None:
    """Whole fen, rounded once, half to even."""
    return None if amount is None else round(amount)
