"""The last steps of chains: from an asset to who holds its shares, from a fund or a bank to households, from a fund over measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from graph_service.services.chains.amounts import times
from graph_service.services.chains.chain import LOAN, NOTHING, Amount, Break, Chain, Evidence, Hop, shown
from graph_service.services.chains.network import Network, net
from graph_service.services.chains.way import Way, owed
from graph_service.services.chains.ways import DISBURSED, GRANTED, HOLDS, PAYS, TO_PERSON, TO_VILLAGE

Row = Sequence[Any]
PUBLIC = "PUBLIC"


@dataclass(frozen=True, slots=True)
class Sum:
    """Of some chains: how many, what reaches their ends as a benefit, exactly and as they show it, of how many it is not known what
    reaches them; what was lent, and paid back of that."""

    count: int = 0
    attributed: Fraction = Fraction(0)
    shown: int = 0
    unknown: int = 0
    lent: Fraction = Fraction(0)
    repaid: Fraction = Fraction(0)

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            self.count + other.count,
            self.attributed + other.attributed,
            self.shown + other.shown,
            self.unknown + other.unknown,
            self.lent + other.lent,
            self.repaid + other.repaid,
        )


def of(chain: Chain) -> Sum:
    """The sum of one chain."""
    return many(chain.attributed, chain.lent, chain.repaid, 1)


def many(attributed: Amount, lent: Amount, repaid: Amount, chains: int) -> Sum:
    """So many chains that each bring so much."""
    if attributed is None or lent is None or repaid is None:
        return Sum(chains, unknown=chains)
    return Sum(chains, attributed * chains, (shown(attributed) or 0) * chains, 0, lent * chains, repaid * chains)


def benefit_and_loan(hops: Sequence[Hop], arrives: Amount) -> tuple[Amount, Amount, Amount]:
    """Of what arrives at the end of hops: what benefits, what was lent, what of that was paid back."""
    loan = next((hop for hop in reversed(hops) if hop.relationship == LOAN), None)
    if loan is None:
        return arrives, NOTHING, NOTHING
    if arrives is None or not loan.arrives:
        return NOTHING, arrives, arrives
    part = arrives / loan.arrives
    return NOTHING, times(loan.lent, part), times(loan.repaid, part)


def parted_chain(chain: Chain) -> Chain:
    """A chain whose money was lent on the way brings no benefit."""
    if not chain.is_loan:
        return chain
    last = chain.hops[-1]
    if last.relationship == LOAN:
        return replace(chain, attributed=NOTHING, lent=last.lent, repaid=last.repaid)
    attributed, lent, repaid = benefit_and_loan(chain.hops, chain.attributed)
    return replace(chain, attributed=attributed, lent=lent, repaid=repaid)


def part_of(certificates: Sequence[tuple[int | None, int | None]], total: int | None) -> Amount:
    """What part of an asset certificates are, [shares, stated total]; `total`: the asset's, where a certificate states none."""
    found: Amount = Fraction(0)
    for shares, stated in certificates:
        whole = stated or total
        found = None if found is None or shares is None or not whole else found + Fraction(shares, whole)
    return found


def whole_of(parts: Sequence[tuple[Amount, int]]) -> Amount:
    """What parts and how many holders have each of them come to; not known where one is not."""
    found: Amount = Fraction(0)
    for part, holders in parts:
        found = None if found is None or part is None else found + part * holders
    return found


def scaled(part: Amount, parts: Sequence[tuple[Amount, int]]) -> Amount:
    """A part, scaled down where all of them come to more than the whole; not known where those that are known do, and others are not."""
    known = sum((one * holders for one, holders in parts if one is not None), Fraction(0))
    if part is None or known <= 1:
        return part
    return part / known if whole_of(parts) is not None else None


class Leaves:
    """Chains of a way, from rows as `chains/ends` gives them; what of an asset goes on is in the row of all that is held."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def chains(self, way: Way, held: Row | None, rows: Sequence[Row], *, resumed: bool) -> Iterator[Chain]:
        """`rows`: [kind, key, recipient, facts], in their order; `held`: facts of the row HELD. `resumed`: some went before."""
        chains = self._chains(way, held, rows, resumed=resumed)
        for one in chains:
            yield replace(parted_chain(one), unsourced=way.unsourced)

    def _chains(self, way: Way, held: Row | None, rows: Sequence[Row], *, resumed: bool) -> Iterator[Chain]:
        if not way.leaves:
            yield Chain(way.hops, not way.stops, NOTHING if way.stops else way.hops[-1].arrives, way.breaks)
        elif way.leaves == HOLDS:
            yield from self._held(way, held, rows, resumed=resumed)
        elif way.leaves in (GRANTED, LOAN, TO_PERSON, TO_VILLAGE):
            for kind, key, household, (hidden, vouchers) in rows:
                evidence = tuple(
                    Evidence(type_, number, amount, on=on, corrects=c) for type_, number, amount, on, c in vouchers
                )
                ratio = self._ratio(way)
                arrives = times(ratio, Fraction(net(evidence)))
                relationship = way.leaves if way.leaves in (GRANTED, LOAN) else DISBURSED
                hop = Hop(kind, key, relationship, net(evidence), () if hidden else evidence, hidden, arrives)
                hop = owed(hop, ratio, evidence)
                if net(evidence) > 0 and household:
                    hop = replace(hop, goes_on=arrives)
                    end = Hop("Household", household, "MEMBER_OF", None, (), hidden, arrives)
                    yield Chain((*way.hops, hop, end), True, arrives, way.breaks)
                elif net(evidence) > 0:
                    yield Chain((*way.hops, hop), True, arrives, way.breaks)
                else:
                    taken = Break(len(way.hops), (), "TAKEN_BACK")
                    yield Chain((*way.hops, hop), False, NOTHING, (*way.breaks, taken))
        else:
            yield from self._paid(way, rows)

    def _held(self, way: Way, held: Row | None, rows: Sequence[Row], *, resumed: bool) -> Iterator[Chain]:
        asset = way.hops[-1]
        facts = self._network.assets[asset.key]
        groups, ever = held or ((), False)
        parts = [(part_of(some, facts.total_shares), holders) for some, holders in groups]
        whole = whole_of(parts)
        goes_on = times(asset.arrives, None if whole is None else min(whole, Fraction(1)))
        hops, breaks = (*way.hops[:-1], replace(asset, goes_on=goes_on)), way.breaks
        if whole is not None and whole > 1:
            breaks = (*breaks, Break(len(hops) - 1, ("HOLDS",), "SHARES_DO_NOT_SUM", times(asset.arrives, whole - 1)))
        if not parts and not resumed:
            if facts.kind == PUBLIC:
                yield Chain(hops, True, NOTHING, way.breaks)
            else:
                reason = "SHARES_ENDED" if ever else "NO_SHARES"
                yield Chain(hops, False, NOTHING, (*way.breaks, Break(len(hops) - 1, ("HOLDS",), reason)))
        for kind, key, _, (hidden, certificates, dividends) in rows:
            part = part_of([(one[2], one[3]) for one in certificates], facts.total_shares)
            shares = tuple(
                Evidence(
                    HOLDS, None if hidden else number, shares=held_, total_shares=total, on=None if hidden else since
                )
                for number, _kind, held_, total, since in sorted(certificates, key=str)
            )
            paid = tuple(
                Evidence(
                    "PAID", None if hidden else n, amount, on=None if hidden else on, corrects=None if hidden else c
                )
                for n, amount, on, c in dividends
            )
            arrives = times(asset.arrives, scaled(part, parts))
            hop = Hop(kind, key, HOLDS, None, shares, hidden, arrives, dividends=paid, part=part)
            yield Chain((*hops, hop), True, arrives, breaks)

    def _paid(self, way: Way, rows: Sequence[Row]) -> Iterator[Chain]:
        for kind, key, recipient, (hidden, amount, (voucher, paid_on, payee)) in rows:
            arrives = None if amount is None else times(self._ratio(way), Fraction(amount))
            goes_on = arrives if recipient else Fraction(0)
            document = Evidence(PAYS, voucher, amount, on=paid_on, payee=payee)
            shows = () if hidden or (voucher, paid_on, payee) == (None, None, None) else (document,)
            measure = Hop("Measure", key, PAYS, amount, shows, hidden, arrives, goes_on=goes_on)
            if recipient:
                end = Hop(kind, recipient, "RECEIVES", amount, (), hidden, arrives)
                yield Chain((*way.hops, measure, end), True, arrives, way.breaks)
            else:
                at = len(way.hops)
                yield Chain(
                    (*way.hops, measure), False, NOTHING, (*way.breaks, Break(at, ("RECEIVES",), "NO_RECIPIENT"))
                )

    def total(self, way: Way, rows: Sequence[Row], *, complete: bool = False) -> Sum:
        """How many chains a way has and what they bring, from `rows`: the facts of its row of sums. `complete`: of these alone."""
        empty = 0 if complete else 1
        if not way.leaves:
            return sum((of(chain) for chain in self.chains(way, None, (), resumed=False)), Sum())
        found = Sum()
        if way.leaves == HOLDS:
            asset = way.hops[-1]
            groups, _ = rows
            parts = [(part_of(some, self._network.assets[asset.key].total_shares), holders) for some, holders in groups]
            for part, holders in parts:
                found += many(*benefit_and_loan(way.hops, times(asset.arrives, scaled(part, parts))), holders)
            return found if found.count else Sum(empty)
        ratio = self._ratio(way)
        if way.leaves in (GRANTED, TO_PERSON, TO_VILLAGE):
            for amount, households in rows:
                given = benefit_and_loan(way.hops, times(ratio, Fraction(amount)))
                found += many(*given, households) if amount > 0 else Sum(households * empty)
        elif way.leaves == LOAN:
            for amount, back, households in rows:
                lent = NOTHING, times(ratio, Fraction(amount + back)), times(ratio, Fraction(back))
                found += many(*lent, households * (1 if amount > 0 else empty))
        else:
            for recipients, amount, measures in rows:
                known = None if amount is None or recipients > 1 else Fraction(amount)
                paid = benefit_and_loan(way.hops, times(ratio, known))
                found += many(*paid, recipients * measures) if recipients else Sum(measures * empty)
        return found

    def _ratio(self, way: Way) -> Amount:
        """What of each fen that leaves the last hop, a fund or a bank, is of the money that is followed."""
        hop = way.hops[-1]
        base = self._network.pots[hop.node].base
        if hop.arrives is None or hop.back is None or not base:
            return None
        return (hop.arrives + hop.back) / base
