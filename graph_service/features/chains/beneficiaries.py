"""Last steps of chains: from an asset to its shareholders, from a fund or a bank to households, from a fund over
measures to recipients."""

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
    """Totals over chains: their number, the benefit that reaches their ends, exact and as rounded for display, the
    number of chains whose amount is unknown; the amounts lent and repaid."""

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
    """Return the totals of one chain."""
    return repeated_totals(chain.attributed, chain.lent, chain.repaid, 1)


def repeated_totals(attributed: Amount, lent: Amount, repaid: Amount, count: int) -> ChainTotals:
    """Return the totals of `count` chains that each bring these amounts."""
    if attributed is None or lent is None or repaid is None:
        return ChainTotals(count, unknown_count=count)
    return ChainTotals(
        count, attributed * count, (round_to_fen(attributed) or 0) * count, 0, lent * count, repaid * count
    )


def split_benefit_and_loan(hops: Sequence[ChainHop], inflow: Amount) -> tuple[Amount, Amount, Amount]:
    """Return the parts of an amount that arrives at the end of hops: the benefit, the loan, the part of the loan that
    was repaid."""
    loan = next((hop for hop in reversed(hops) if hop.relationship == LENT), None)
    if loan is None:
        return inflow, ZERO, ZERO
    if inflow is None or not loan.inflow:
        return ZERO, inflow, inflow
    part = inflow / loan.inflow
    return ZERO, multiply(loan.lent, part), multiply(loan.repaid, part)


def with_loan_split(chain: Chain) -> Chain:
    """Return the chain with loan amounts instead of a benefit, where its money was lent on the way."""
    if not chain.is_loan:
        return chain
    last = chain.hops[-1]
    if last.relationship == LENT:
        return replace(chain, attributed=ZERO, lent=last.lent, repaid=last.repaid)
    attributed, lent, repaid = split_benefit_and_loan(chain.hops, chain.attributed)
    return replace(chain, attributed=attributed, lent=lent, repaid=repaid)


def share_of_asset(certificates: Sequence[tuple[int | None, int | None]], total_shares: int | None) -> Amount:
    """Return the part of an asset that certificates [shares, stated total] make up; `total_shares`: the asset's, where
    a certificate states none. None where unknown."""
    part: Amount = Fraction(0)
    for shares, stated_total in certificates:
        total = stated_total or total_shares
        part = None if part is None or shares is None or not total else part + Fraction(shares, total)
    return part


def total_share(shares: Sequence[tuple[Amount, int]]) -> Amount:
    """Return the sum of shares, each multiplied by its number of holders; None where one is unknown."""
    total: Amount = Fraction(0)
    for part, holders in shares:
        total = None if total is None or part is None else total + part * holders
    return total


def scale_share(share: Amount, shares: Sequence[tuple[Amount, int]]) -> Amount:
    """Return a share, scaled down where all shares exceed the whole; None where the known shares exceed it and others
    are unknown."""
    known_total = sum((part * holders for part, holders in shares if part is not None), Fraction(0))
    if share is None or known_total <= 1:
        return share
    return share / known_total if total_share(shares) is not None else None


class ChainBuilder:
    """Builder of the chains of a path, from rows of `chains/ends`; the part of an asset that goes on is computed from
    the row of all its shares."""

    def __init__(self, network: MoneyNetwork) -> None:
        self._network = network

    def build_chains(
        self, path: MoneyPath, held_facts: Row | None, rows: Sequence[Row], *, is_resumed: bool
    ) -> Iterator[Chain]:
        """Yield the chains of a path. `rows`: [kind, key, recipient, facts], in their order; `held_facts`: facts of
        the row HELD. `is_resumed`: earlier chains of the path precede these."""
        chains = self._build_chains(path, held_facts, rows, is_resumed=is_resumed)
        for chain in chains:
            yield replace(with_loan_split(chain), is_unsourced=path.is_unsourced)

    def _build_chains(
        self, path: MoneyPath, held_facts: Row | None, rows: Sequence[Row], *, is_resumed: bool
    ) -> Iterator[Chain]:
        if not path.beneficiary_kind:
            yield Chain(path.hops, not path.is_stopped, ZERO if path.is_stopped else path.hops[-1].inflow, path.breaks)
        elif path.beneficiary_kind == HOLDS:
            yield from self._shareholder_chains(path, held_facts, rows, is_resumed=is_resumed)
        elif path.beneficiary_kind in (GRANTED, LENT, TO_PERSON, TO_VILLAGE):
            for kind, key, household, (is_hidden, vouchers) in rows:
                evidence = tuple(
                    ChainEvidence(type_, number, amount, day=day, corrects=corrects)
                    for type_, number, amount, day, corrects in vouchers
                )
                ratio = self._ratio(path)
                inflow = multiply(ratio, Fraction(net_amount(evidence)))
                relationship = path.beneficiary_kind if path.beneficiary_kind in (GRANTED, LENT) else DISBURSED
                hop = ChainHop(
                    kind, key, relationship, net_amount(evidence), () if is_hidden else evidence, is_hidden, inflow
                )
                hop = with_loan_amounts(hop, ratio, evidence)
                if net_amount(evidence) > 0 and household:
                    hop = replace(hop, outflow=inflow)
                    end = ChainHop("Household", household, "MEMBER_OF", None, (), is_hidden, inflow)
                    yield Chain((*path.hops, hop, end), True, inflow, path.breaks)
                elif net_amount(evidence) > 0:
                    yield Chain((*path.hops, hop), True, inflow, path.breaks)
                else:
                    chain_break = ChainBreak(len(path.hops), (), "TAKEN_BACK")
                    yield Chain((*path.hops, hop), False, ZERO, (*path.breaks, chain_break))
        else:
            yield from self._measure_chains(path, rows)

    def _shareholder_chains(
        self, path: MoneyPath, held_facts: Row | None, rows: Sequence[Row], *, is_resumed: bool
    ) -> Iterator[Chain]:
        asset = path.hops[-1]
        facts = self._network.assets[asset.key]
        groups, has_ended_shares = held_facts or ((), False)
        parts = [(share_of_asset(certificates, facts.total_shares), holders) for certificates, holders in groups]
        total = total_share(parts)
        outflow = multiply(asset.inflow, None if total is None else min(total, Fraction(1)))
        hops, breaks = (*path.hops[:-1], replace(asset, outflow=outflow)), path.breaks
        if total is not None and total > 1:
            breaks = (
                *breaks,
                ChainBreak(len(hops) - 1, ("HOLDS",), "SHARES_DO_NOT_SUM", multiply(asset.inflow, total - 1)),
            )
        if not parts and not is_resumed:
            if facts.kind == PUBLIC:
                yield Chain(hops, True, ZERO, path.breaks)
            else:
                reason = "SHARES_ENDED" if has_ended_shares else "NO_SHARES"
                yield Chain(hops, False, ZERO, (*path.breaks, ChainBreak(len(hops) - 1, ("HOLDS",), reason)))
        for kind, key, _, (is_hidden, certificates, dividends) in rows:
            part = share_of_asset(
                [(certificate[2], certificate[3]) for certificate in certificates], facts.total_shares
            )
            shares = tuple(
                ChainEvidence(
                    HOLDS,
                    None if is_hidden else number,
                    shares=share_count,
                    total_shares=total,
                    day=None if is_hidden else day,
                )
                for number, _kind, share_count, total, day in sorted(certificates, key=str)
            )
            payments = tuple(
                ChainEvidence(
                    "PAID",
                    None if is_hidden else number,
                    amount,
                    day=None if is_hidden else day,
                    corrects=None if is_hidden else corrects,
                )
                for number, amount, day, corrects in dividends
            )
            inflow = multiply(asset.inflow, scale_share(part, parts))
            hop = ChainHop(kind, key, HOLDS, None, shares, is_hidden, inflow, dividends=payments, part=part)
            yield Chain((*hops, hop), True, inflow, breaks)

    def _measure_chains(self, path: MoneyPath, rows: Sequence[Row]) -> Iterator[Chain]:
        for kind, key, recipient, (is_hidden, amount, (voucher, paid_on, payee)) in rows:
            inflow = None if amount is None else multiply(self._ratio(path), Fraction(amount))
            outflow = inflow if recipient else Fraction(0)
            document = ChainEvidence(PAYS, voucher, amount, day=paid_on, payee=payee)
            evidence = () if is_hidden or (voucher, paid_on, payee) == (None, None, None) else (document,)
            measure = ChainHop("Measure", key, PAYS, amount, evidence, is_hidden, inflow, outflow=outflow)
            if recipient:
                end = ChainHop(kind, recipient, "RECEIVES", amount, (), is_hidden, inflow)
                yield Chain((*path.hops, measure, end), True, inflow, path.breaks)
            else:
                index = len(path.hops)
                yield Chain(
                    (*path.hops, measure), False, ZERO, (*path.breaks, ChainBreak(index, ("RECEIVES",), "NO_RECIPIENT"))
                )

    def sum_chains(self, path: MoneyPath, rows: Sequence[Row], *, only_complete: bool = False) -> ChainTotals:
        """Return the number and totals of the chains of a path. `rows`: the facts of its row of sums. `only_complete`:
        of complete chains alone."""
        incomplete_count = 0 if only_complete else 1
        if not path.beneficiary_kind:
            return sum(
                (chain_totals(chain) for chain in self.build_chains(path, None, (), is_resumed=False)), ChainTotals()
            )
        totals = ChainTotals()
        if path.beneficiary_kind == HOLDS:
            asset = path.hops[-1]
            groups, _ = rows
            parts = [
                (share_of_asset(certificates, self._network.assets[asset.key].total_shares), holders)
                for certificates, holders in groups
            ]
            for part, holders in parts:
                totals += repeated_totals(
                    *split_benefit_and_loan(path.hops, multiply(asset.inflow, scale_share(part, parts))), holders
                )
            return totals if totals.count else ChainTotals(incomplete_count)
        ratio = self._ratio(path)
        if path.beneficiary_kind in (GRANTED, TO_PERSON, TO_VILLAGE):
            for amount, households in rows:
                grant_amounts = split_benefit_and_loan(path.hops, multiply(ratio, Fraction(amount)))
                totals += (
                    repeated_totals(*grant_amounts, households)
                    if amount > 0
                    else ChainTotals(households * incomplete_count)
                )
        elif path.beneficiary_kind == LENT:
            for amount, repaid, households in rows:
                loan_amounts = ZERO, multiply(ratio, Fraction(amount + repaid)), multiply(ratio, Fraction(repaid))
                totals += repeated_totals(*loan_amounts, households * (1 if amount > 0 else incomplete_count))
        else:
            for recipients, amount, measures in rows:
                known_amount = None if amount is None or recipients > 1 else Fraction(amount)
                payment_amounts = split_benefit_and_loan(path.hops, multiply(ratio, known_amount))
                totals += (
                    repeated_totals(*payment_amounts, recipients * measures)
                    if recipients
                    else ChainTotals(measures * incomplete_count)
                )
        return totals

    def _ratio(self, path: MoneyPath) -> Amount:
        """Return the part of each fen leaving the last hop, a fund or a bank, that belongs to the followed money."""
        hop = path.hops[-1]
        available = self._network.funding_nodes[hop.node].available
        if hop.inflow is None or hop.recirculated is None or not available:
            return None
        return (hop.inflow + hop.recirculated) / available
