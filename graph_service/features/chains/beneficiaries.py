"""The last steps of chains: from an asset to who holds its shares, from a fund or a bank to households, from a fund over measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from graph_service.features.chains.amounts import multiply
from graph_service.features.chains.chain import (
    LENT,
    ZERO,
    Amount,
    Chain,
    ChainBreak,
    ChainEvidence,
    ChainHop,
    round_to_fen,
)
from graph_service.features.chains.money_path import MoneyPath, with_loan_amounts
from graph_service.features.chains.network import MoneyNetwork, net_amount
from graph_service.features.chains.paths import (
    DISBURSED,
    GRANTED,
    HOLDS,
    PAYS,
    TO_PERSON,
    TO_VILLAGE,
)

Row = Sequence[Any]
PUBLIC = "PUBLIC"


@dataclass(frozen=True, slots=True)
class ChainTotals:
    """Of some chains: how many, what reaches their ends as a benefit, exactly and as they show it, of how many it is not known what
    reaches them; what was lent, and paid back of that."""

    count: int = 0
    attributed: Fraction = Fraction(0)
    rounded: int = 0
    unknown_count: int = 0
    lent: Fraction = Fraction(0)
    repaid: Fraction = Fraction(0)

    def __add__(self, other: ChainTotals) -> ChainTotals:
        return ChainTotals(
            self.count + other.count,
            self.attributed + other.attributed,
            self.rounded + other.rounded,
            self.unknown_count + other.unknown_count,
            self.lent + other.lent,
            self.repaid + other.repaid,
        )


def chain_totals(chain: Chain) -> ChainTotals:
    """The sum of one chain."""
    return repeated_totals(chain.attributed, chain.lent, chain.repaid, 1)


def repeated_totals(attributed: Amount, lent: Amount, repaid: Amount, count: int) -> ChainTotals:
    """So many chains that each bring so much."""
    if attributed is None or lent is None or repaid is None:
        return ChainTotals(count, unknown_count=count)
    return ChainTotals(
        count, attributed * count, (round_to_fen(attributed) or 0) * count, 0, lent * count, repaid * count
    )


def split_benefit_and_loan(hops: Sequence[ChainHop], inflow: Amount) -> tuple[Amount, Amount, Amount]:
    """Of what arrives at the end of hops: what benefits, what was lent, what of that was paid back."""
    loan = next((hop for hop in reversed(hops) if hop.relationship == LENT), None)
    if loan is None:
        return inflow, ZERO, ZERO
    if inflow is None or not loan.inflow:
        return ZERO, inflow, inflow
    part = inflow / loan.inflow
    return ZERO, multiply(loan.lent, part), multiply(loan.repaid, part)


def with_loan_split(chain: Chain) -> Chain:
    """A chain whose money was lent on the way brings no benefit."""
    if not chain.is_loan:
        return chain
    last = chain.hops[-1]
    if last.relationship == LENT:
        return replace(chain, attributed=ZERO, lent=last.lent, repaid=last.repaid)
    attributed, lent, repaid = split_benefit_and_loan(chain.hops, chain.attributed)
    return replace(chain, attributed=attributed, lent=lent, repaid=repaid)


def share_of_asset(certificates: Sequence[tuple[int | None, int | None]], total_shares: int | None) -> Amount:
    """What part of an asset certificates are, [shares, stated total]; `total_shares`: the asset's, where a certificate states none."""
    found: Amount = Fraction(0)
    for shares, stated in certificates:
        whole = stated or total_shares
        found = None if found is None or shares is None or not whole else found + Fraction(shares, whole)
    return found


def total_share(shares: Sequence[tuple[Amount, int]]) -> Amount:
    """What parts and how many holders have each of them come to; not known where one is not."""
    found: Amount = Fraction(0)
    for part, holders in shares:
        found = None if found is None or part is None else found + part * holders
    return found


def scale_share(share: Amount, shares: Sequence[tuple[Amount, int]]) -> Amount:
    """A part, scaled down where all of them come to more than the whole; not known where those that are known do, and others are not."""
    known = sum((one * holders for one, holders in shares if one is not None), Fraction(0))
    if share is None or known <= 1:
        return share
    return share / known if total_share(shares) is not None else None


class ChainBuilder:
    """Chains of a way, from rows as `chains/ends` gives them; what of an asset goes on is in the row of all that is held."""

    def __init__(self, network: MoneyNetwork) -> None:
        self._network = network

    def build_chains(
        self, path: MoneyPath, held_facts: Row | None, rows: Sequence[Row], *, is_resumed: bool
    ) -> Iterator[Chain]:
        """`rows`: [kind, key, recipient, facts], in their order; `held_facts`: facts of the row HELD. `is_resumed`: some went before."""
        chains = self._build_chains(path, held_facts, rows, is_resumed=is_resumed)
        for one in chains:
            yield replace(with_loan_split(one), is_unsourced=path.is_unsourced)

    def _build_chains(
        self, path: MoneyPath, held_facts: Row | None, rows: Sequence[Row], *, is_resumed: bool
    ) -> Iterator[Chain]:
        if not path.beneficiary_kind:
            yield Chain(path.hops, not path.is_stopped, ZERO if path.is_stopped else path.hops[-1].inflow, path.breaks)
        elif path.beneficiary_kind == HOLDS:
            yield from self._shareholder_chains(path, held_facts, rows, is_resumed=is_resumed)
        elif path.beneficiary_kind in (GRANTED, LENT, TO_PERSON, TO_VILLAGE):
            for kind, key, household, (hidden, vouchers) in rows:
                evidence = tuple(
                    ChainEvidence(type_, number, amount, day=on, corrects=c)
                    for type_, number, amount, on, c in vouchers
                )
                ratio = self._ratio(path)
                arrives = multiply(ratio, Fraction(net_amount(evidence)))
                relationship = path.beneficiary_kind if path.beneficiary_kind in (GRANTED, LENT) else DISBURSED
                hop = ChainHop(
                    kind, key, relationship, net_amount(evidence), () if hidden else evidence, hidden, arrives
                )
                hop = with_loan_amounts(hop, ratio, evidence)
                if net_amount(evidence) > 0 and household:
                    hop = replace(hop, outflow=arrives)
                    end = ChainHop("Household", household, "MEMBER_OF", None, (), hidden, arrives)
                    yield Chain((*path.hops, hop, end), True, arrives, path.breaks)
                elif net_amount(evidence) > 0:
                    yield Chain((*path.hops, hop), True, arrives, path.breaks)
                else:
                    taken = ChainBreak(len(path.hops), (), "TAKEN_BACK")
                    yield Chain((*path.hops, hop), False, ZERO, (*path.breaks, taken))
        else:
            yield from self._measure_chains(path, rows)

    def _shareholder_chains(
        self, path: MoneyPath, held_facts: Row | None, rows: Sequence[Row], *, is_resumed: bool
    ) -> Iterator[Chain]:
        asset = path.hops[-1]
        facts = self._network.assets[asset.key]
        groups, ever = held_facts or ((), False)
        parts = [(share_of_asset(some, facts.total_shares), holders) for some, holders in groups]
        whole = total_share(parts)
        goes_on = multiply(asset.inflow, None if whole is None else min(whole, Fraction(1)))
        hops, breaks = (*path.hops[:-1], replace(asset, outflow=goes_on)), path.breaks
        if whole is not None and whole > 1:
            breaks = (
                *breaks,
                ChainBreak(len(hops) - 1, ("HOLDS",), "SHARES_DO_NOT_SUM", multiply(asset.inflow, whole - 1)),
            )
        if not parts and not is_resumed:
            if facts.kind == PUBLIC:
                yield Chain(hops, True, ZERO, path.breaks)
            else:
                reason = "SHARES_ENDED" if ever else "NO_SHARES"
                yield Chain(hops, False, ZERO, (*path.breaks, ChainBreak(len(hops) - 1, ("HOLDS",), reason)))
        for kind, key, _, (hidden, certificates, dividends) in rows:
            part = share_of_asset([(one[2], one[3]) for one in certificates], facts.total_shares)
            shares = tuple(
                ChainEvidence(
                    HOLDS, None if hidden else number, shares=held_, total_shares=total, day=None if hidden else since
                )
                for number, _kind, held_, total, since in sorted(certificates, key=str)
            )
            paid = tuple(
                ChainEvidence(
                    "PAID", None if hidden else n, amount, day=None if hidden else on, corrects=None if hidden else c
                )
                for n, amount, on, c in dividends
            )
            arrives = multiply(asset.inflow, scale_share(part, parts))
            hop = ChainHop(kind, key, HOLDS, None, shares, hidden, arrives, dividends=paid, part=part)
            yield Chain((*hops, hop), True, arrives, breaks)

    def _measure_chains(self, path: MoneyPath, rows: Sequence[Row]) -> Iterator[Chain]:
        for kind, key, recipient, (hidden, amount, (voucher, paid_on, payee)) in rows:
            arrives = None if amount is None else multiply(self._ratio(path), Fraction(amount))
            goes_on = arrives if recipient else Fraction(0)
            document = ChainEvidence(PAYS, voucher, amount, day=paid_on, payee=payee)
            shows = () if hidden or (voucher, paid_on, payee) == (None, None, None) else (document,)
            measure = ChainHop("Measure", key, PAYS, amount, shows, hidden, arrives, outflow=goes_on)
            if recipient:
                end = ChainHop(kind, recipient, "RECEIVES", amount, (), hidden, arrives)
                yield Chain((*path.hops, measure, end), True, arrives, path.breaks)
            else:
                at = len(path.hops)
                yield Chain(
                    (*path.hops, measure), False, ZERO, (*path.breaks, ChainBreak(at, ("RECEIVES",), "NO_RECIPIENT"))
                )

    def sum_chains(self, path: MoneyPath, rows: Sequence[Row], *, only_complete: bool = False) -> ChainTotals:
        """How many chains a way has and what they bring, from `rows`: the facts of its row of sums. `only_complete`: of these alone."""
        empty = 0 if only_complete else 1
        if not path.beneficiary_kind:
            return sum(
                (chain_totals(chain) for chain in self.build_chains(path, None, (), is_resumed=False)), ChainTotals()
            )
        found = ChainTotals()
        if path.beneficiary_kind == HOLDS:
            asset = path.hops[-1]
            groups, _ = rows
            parts = [
                (share_of_asset(some, self._network.assets[asset.key].total_shares), holders)
                for some, holders in groups
            ]
            for part, holders in parts:
                found += repeated_totals(
                    *split_benefit_and_loan(path.hops, multiply(asset.inflow, scale_share(part, parts))), holders
                )
            return found if found.count else ChainTotals(empty)
        ratio = self._ratio(path)
        if path.beneficiary_kind in (GRANTED, TO_PERSON, TO_VILLAGE):
            for amount, households in rows:
                given = split_benefit_and_loan(path.hops, multiply(ratio, Fraction(amount)))
                found += repeated_totals(*given, households) if amount > 0 else ChainTotals(households * empty)
        elif path.beneficiary_kind == LENT:
            for amount, back, households in rows:
                lent = ZERO, multiply(ratio, Fraction(amount + back)), multiply(ratio, Fraction(back))
                found += repeated_totals(*lent, households * (1 if amount > 0 else empty))
        else:
            for recipients, amount, measures in rows:
                known = None if amount is None or recipients > 1 else Fraction(amount)
                paid = split_benefit_and_loan(path.hops, multiply(ratio, known))
                found += repeated_totals(*paid, recipients * measures) if recipients else ChainTotals(measures * empty)
        return found

    def _ratio(self, path: MoneyPath) -> Amount:
        """What of each fen that leaves the last hop, a fund or a bank, is of the money that is followed."""
        hop = path.hops[-1]
        base = self._network.funding_nodes[hop.node].available
        if hop.inflow is None or hop.recirculated is None or not base:
            return None
        return (hop.inflow + hop.recirculated) / base
