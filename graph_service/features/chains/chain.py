"""Chains: nodes in the order of the money, each hop with its documents and the exact amounts that pass it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Node = tuple[str, str]
"""Label and key."""
Amount = Fraction | None
"""Exact fen; None where unknown."""
ZERO = Fraction(0)
LENT = "LENT"
"""Relationship of a loan: the money is owed, and benefits nobody."""
UNSOURCED_MARKER: Node = ("", "")
"""First element of the sort key of a chain whose money has no source."""


@dataclass(frozen=True, slots=True)
class ChainEvidence:
    """A document. `kind`: the relationship that it shows; number of the voucher or certificate; its amount in fen or
    its shares; its day (YYYYMMDD); the voucher that it corrects."""

    kind: str
    number: str | None
    amount: int | None = None
    shares: int | None = None
    total_shares: int | None = None
    day: int | None = None
    corrects: str | None = None
    stake: Fraction | None = None
    """Part, of 1, that an operator holds of another."""
    payee: str | None = None
    """Payee, where a fund paid for a measure."""


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """A stop of a chain at its node, or a departure from the expected course: the relationships expected there, and a
    reason (`breaks.BREAK_REASON`)."""

    hop_index: int
    expected: tuple[str, ...]
    reason: str
    amount: Amount = None
    """Amount concerned, where known: what left a node beyond what it had."""


@dataclass(frozen=True, slots=True)
class ChainHop:
    """A node and the relationship by which the chain reached it; `amount`: the sum of its documents, in fen.

    Of the followed money, `inflow` arrives over this hop, `recirculated` comes back to the node through cycles,
    `outflow` goes on, `retained` stays; inflow + recirculated = outflow + retained. A node that the asker may not see
    is hidden: it has no documents, and its key is never shown.
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
    """Part of the previous node that goes here, where it is stated: shares of all shares, a stake in an operator."""
    lent: Amount = ZERO
    """Part of the followed money that was lent over this hop; `repaid`: the part of it that was paid back."""
    repaid: Amount = ZERO

    @property
    def node(self) -> Node:
        return self.label, self.key

    @property
    def sort_key(self) -> Node:
        """Return the element of the chain's sort key for this hop; it tells apart money given and money lent to the same node."""
        return (f"{self.label} {LENT}" if self.relationship == LENT else self.label), self.key

    @property
    def retained(self) -> Amount:
        if self.inflow is None or self.recirculated is None or self.outflow is None:
            return None
        return self.inflow + self.recirculated - self.outflow


@dataclass(frozen=True, slots=True)
class Chain:
    """A distinct sequence of nodes. `is_complete`: it reaches a beneficiary, or the requested end. `attributed`: the
    amount that arrives there as a benefit; zero where the chain stops before, ends at a public asset, or where the
    money was lent on the way: then `lent`, and `repaid` of that."""

    hops: tuple[ChainHop, ...]
    is_complete: bool
    attributed: Amount
    breaks: tuple[ChainBreak, ...] = ()
    is_unsourced: bool = False
    """True for money that left the first node beyond what it had: its source is not recorded."""
    lent: Amount = ZERO
    repaid: Amount = ZERO

    @property
    def is_loan(self) -> bool:
        """Return True where the money was lent on the way."""
        return any(hop.relationship == LENT for hop in self.hops)

    @property
    def outstanding(self) -> Amount:
        """Return the part of the loan that is still owed at the end."""
        return None if self.lent is None or self.repaid is None else self.lent - self.repaid

    @property
    def sort_key(self) -> tuple[Node, ...]:
        """Return the key that identifies a chain and by which chains are ordered."""
        return (*((UNSOURCED_MARKER,) if self.is_unsourced else ()), *(hop.sort_key for hop in self.hops))


def round_to_fen(amount: Amount) -> int | None:
    """Return whole fen, rounded once, half to even."""
    return None if amount is None else round(amount)
