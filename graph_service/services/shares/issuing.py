"""Issuing shares (配股): those that are named, or a number of shares divided over holders by a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.derive.days import iso_day
from graph_service.services.areas import unpadded
from graph_service.services.imports.changes import Recorded, Row, changed
from graph_service.services.requests import NOW, Request, invalid, number_of, unknown
from graph_service.services.shares.decisions import MOST, Decision, Grant, certified, made_already
from graph_service.services.shares.division import Rounding, divide
from graph_service.services.shares.holders import Holder, found, named, require_entitled, require_unique
from graph_service.services.shares.standing import KINDS, most_held, require_unpaid, standing, the_total, whole_number
from graph_service.store.graph import Store

POOR_HOUSEHOLDS, HOUSEHOLDS = "POOR_HOUSEHOLDS", "HOUSEHOLDS"
EACH, MEMBERS = "EACH", "MEMBERS"
VILLAGE_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """So many shares of a kind, divided: among the households of villages (all, or the poor ones) or the holders that are given;
    the same to each, or by how many people they are."""

    kind: str
    shares: int
    among: str | None
    villages: tuple[str, ...]
    holders: tuple[Mapping[str, Any], ...]
    by: str
    rounding: Rounding


def require_kind(field: str, kind: str) -> None:
    """Raises `ChangeInvalid` for a kind that shares cannot be issued as."""
    if kind not in KINDS:
        raise invalid(field, "应为优先股或普通股", "it is preferred or ordinary")


def rule_of(given: Mapping[str, Any]) -> Rule:
    """The rule as it is asked for. Raises `ChangeInvalid` for what does not go together."""
    require_kind("rule.kind", given["kind"])
    villages = tuple(unpadded(code) for code in given.get("villageCodes") or ())
    holders = tuple(given.get("holders") or ())
    if bool(holders) == bool(villages) or bool(villages) != (given.get("among") is not None):
        raise invalid(
            "rule.among",
            "请给出持有人(holders),或农户范围与村编码(among、villageCodes)",
            "give holders, or which households (among) of which villages (villageCodes)",
        )
    shares, rounding = whole_number("rule.shares", given["shares"]), Rounding(given["rounding"])
    return Rule(given["kind"], shares, given.get("among"), villages, holders, given.get("per") or EACH, rounding)


def issue(
    store: Store,
    request: Request,
    decision: Decision,
    shares: Sequence[Mapping[str, Any]],
    rule: Mapping[str, Any] | None,
    total: int | None = None,
) -> Recorded:
    """Issue the shares that are listed, or those of a rule, from the decision's first day on. `total`: the asset's total of shares,
    where nothing states it yet.

    Raises `ChangeInvalid`: more than the whole on any day, preferred shares of who is not poor; `ChangeConflict`.
    """
    decision.checked()
    if bool(shares) == (rule is not None) or len(shares) > MOST:
        raise invalid("shares", f"请给出 1 至 {MOST} 条,或一项规则", f"give 1 to {MOST} of them, or a rule")
    ruled = None if rule is None else rule_of(rule)
    for at, one in enumerate(shares):
        require_kind(f"shares[{at}].kind", one["kind"])
    change = decision.change("issueShares", request, list(shares), rule, total)

    def rows() -> list[Row]:
        if made_already(store, decision, change):
            return []
        known = standing(store, request, decision.asset)
        whole = the_total(known, decision.since, total)
        require_unpaid(known, decision.since)
        grants = _listed(store, request, decision, shares) if ruled is None else _ruled(store, request, decision, ruled)
        asked = sum(one.shares for one in grants)
        if ruled is not None and not asked:
            raise invalid(
                "rule.shares",
                f"{ruled.shares} 股按此规则分配,每户(人)不足 1 股",
                f"{ruled.shares} shares divided so are less than one for each",
            )
        held, day = most_held(known, decision.since)
        if held + asked > whole:
            on = iso_day(day)
            raise invalid(
                "shares" if ruled is None else "rule.shares",
                f"超过总股数:总股数 {whole},{on} 已配 {held},本次 {asked},超出 {held + asked - whole}",
                f"more than the whole: {whole} in all, {held} held on {on}, {asked} asked for, {held + asked - whole} too many",
            )
        return decision.rows("ISSUE", certified(known, decision, grants, whole))

    return changed(store, change, rows)


def _listed(store: Store, request: Request, decision: Decision, shares: Sequence[Mapping[str, Any]]) -> list[Grant]:
    asked = [named(one["holder"], f"shares[{at}].holder.") for at, one in enumerate(shares)]
    holders = found(store, request, asked, decision.since)
    grants = []
    for at, (one, holder) in enumerate(zip(shares, holders, strict=True)):
        where = f"shares[{at}]."
        require_entitled(asked[at].where, holder, one["kind"], iso_day(decision.since))
        certificate = None if one.get("certificate") is None else number_of(f"{where}certificate", one["certificate"])
        grants.append(
            Grant(
                holder, one["kind"], whole_number(f"{where}shares", one["shares"]), certificate, f"{where}certificate"
            )
        )
    return grants


def _ruled(store: Store, request: Request, decision: Decision, rule: Rule) -> list[Grant]:
    if rule.holders:
        asked = [named(one, f"rule.holders[{at}].") for at, one in enumerate(rule.holders)]
        require_unique(asked)
        holders, where = found(store, request, asked, decision.since), "rule.holders"
        for one, holder in zip(asked, holders, strict=True):
            require_entitled(one.where, holder, rule.kind, iso_day(decision.since))
    else:
        where = "rule.villageCodes"
        holders = households(store, request, rule.villages, where, decision.since, poor=rule.among == POOR_HOUSEHOLDS)
        for holder in holders:
            require_entitled(where, holder, rule.kind, iso_day(decision.since))
    parts = divided(rule.shares, holders, where, rule.by, rule.rounding)
    return [Grant(holder, rule.kind, parts[holder.id]) for holder in holders if parts[holder.id]]


def divided(
    whole: int, holders: Sequence[Holder], where: str, by: str, rounding: Rounding
) -> Mapping[tuple[str, str], int]:
    """So many over the holders, the same to each or by how many people they are. Raises `ChangeInvalid` where nobody is there, where
    there are too many, or where of one it is not known how many people it is."""
    if not 0 < len(holders) <= MOST:
        raise invalid(
            where,
            f"应为 1 至 {MOST} 户(人),现有 {len(holders)}",
            f"there are 1 to {MOST} holders, and not {len(holders)}",
        )
    if by == MEMBERS and (unsaid := [one.key for one in holders if not one.members]):
        raise invalid(where, f"{unsaid[0]} 的人口数不详", f"of {unsaid[0]} it is not known how many people it is")
    weights = {one.id: (one.members or 0) if by == MEMBERS else 1 for one in holders}
    return divide(whole, weights, rounding).parts


def households(
    store: Store, request: Request, villages: Sequence[str], where: str, day: int, *, poor: bool
) -> list[Holder]:
    """Households that live in the villages on a day, all or the poor ones. Raises `ChangeInvalid` for a village that is not the asker's."""
    for code in villages:
        if len(code) != VILLAGE_DIGITS or not code.startswith(request.granted):
            raise unknown(where, code)
    rows = store.ask("shares/households", villages=sorted(set(villages)), poor=poor, asOf=day, seq=NOW)
    return [Holder("Household", card, village, poor or None, members) for card, village, members in rows]
