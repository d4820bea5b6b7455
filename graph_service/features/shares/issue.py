"""Issuing shares (配股): those that are named, or a number of shares divided over holders by a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    invalid_change,
    parse_number,
    unknown_reference,
)
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import iso_day
from graph_service.features.shares.asset_state import (
    SHARE_KINDS,
    load_asset_state,
    max_shares_held,
    parse_whole_number,
    require_no_payments,
    resolve_total_shares,
)
from graph_service.features.shares.decisions import (
    MAX_DECISION_ENTRIES,
    Decision,
    Grant,
    is_already_recorded,
    issue_certificates,
)
from graph_service.features.shares.division import Rounding, divide
from graph_service.features.shares.holders import (
    ShareHolder,
    load_holders_by_ref,
    parse_holder_ref,
    require_entitled,
    require_unique,
)
from graph_service.platform.store.graph import Store

POOR_HOUSEHOLDS, HOUSEHOLDS = "POOR_HOUSEHOLDS", "HOUSEHOLDS"
EACH, MEMBERS = "EACH", "MEMBERS"
VILLAGE_CODE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class IssueRule:
    """So many shares of a kind, divided: among the households of villages (all, or the poor ones) or the holders that are given;
    the same to each, or by how many people they are."""

    kind: str
    shares: int
    among: str | None
    villages: tuple[str, ...]
    holders: tuple[Mapping[str, Any], ...]
    per: str
    rounding: Rounding


def require_kind(field: str, kind: str) -> None:
    """Raises `ChangeInvalid` for a kind that shares cannot be issued as."""
    if kind not in SHARE_KINDS:
        raise invalid_change(field, "应为优先股或普通股", "it is preferred or ordinary")


def parse_rule(arguments: Mapping[str, Any]) -> IssueRule:
    """The rule as it is asked for. Raises `ChangeInvalid` for what does not go together."""
    require_kind("rule.kind", arguments["kind"])
    villages = tuple(unpad_code(code) for code in arguments.get("villageCodes") or ())
    holders = tuple(arguments.get("holders") or ())
    if bool(holders) == bool(villages) or bool(villages) != (arguments.get("among") is not None):
        raise invalid_change(
            "rule.among",
            "请给出持有人(holders),或农户范围与村编码(among、villageCodes)",
            "give holders, or which households (among) of which villages (villageCodes)",
        )
    shares, rounding = parse_whole_number("rule.shares", arguments["shares"]), Rounding(arguments["rounding"])
    return IssueRule(
        arguments["kind"], shares, arguments.get("among"), villages, holders, arguments.get("per") or EACH, rounding
    )


def issue(
    store: Store,
    request: ChangeRequest,
    decision: Decision,
    shares: Sequence[Mapping[str, Any]],
    rule: Mapping[str, Any] | None,
    total: int | None = None,
) -> ChangeResult:
    """Issue the shares that are listed, or those of a rule, from the decision's first day on. `total`: the asset's total of shares,
    where nothing states it yet.

    Raises `ChangeInvalid`: more than the whole on any day, preferred shares of who is not poor; `ChangeConflict`.
    """
    decision.validate()
    if bool(shares) == (rule is not None) or len(shares) > MAX_DECISION_ENTRIES:
        raise invalid_change(
            "shares",
            f"请给出 1 至 {MAX_DECISION_ENTRIES} 条,或一项规则",
            f"give 1 to {MAX_DECISION_ENTRIES} of them, or a rule",
        )
    ruled = None if rule is None else parse_rule(rule)
    for at, one in enumerate(shares):
        require_kind(f"shares[{at}].kind", one["kind"])
    change = decision.build_change("issueShares", request, list(shares), rule, total)

    def rows() -> list[ChangeRow]:
        if is_already_recorded(store, decision, change):
            return []
        known = load_asset_state(store, request, decision.asset)
        whole = resolve_total_shares(known, decision.since, total)
        require_no_payments(known, decision.since)
        grants = (
            _listed_grants(store, request, decision, shares)
            if ruled is None
            else _rule_grants(store, request, decision, ruled)
        )
        asked = sum(one.shares for one in grants)
        if ruled is not None and not asked:
            raise invalid_change(
                "rule.shares",
                f"{ruled.shares} 股按此规则分配,每户(人)不足 1 股",
                f"{ruled.shares} shares divided so are less than one for each",
            )
        held, day = max_shares_held(known, decision.since)
        if held + asked > whole:
            on = iso_day(day)
            raise invalid_change(
                "shares" if ruled is None else "rule.shares",
                f"超过总股数:总股数 {whole},{on} 已配 {held},本次 {asked},超出 {held + asked - whole}",
                f"more than the whole: {whole} in all, {held} held on {on}, {asked} asked for, {held + asked - whole} too many",
            )
        return decision.rows("ISSUE", issue_certificates(known, decision, grants, whole))

    return apply_change(store, change, rows)


def _listed_grants(
    store: Store, request: ChangeRequest, decision: Decision, shares: Sequence[Mapping[str, Any]]
) -> list[Grant]:
    asked = [parse_holder_ref(one["holder"], f"shares[{at}].holder.") for at, one in enumerate(shares)]
    holders = load_holders_by_ref(store, request, asked, decision.since)
    grants = []
    for at, (one, holder) in enumerate(zip(shares, holders, strict=True)):
        where = f"shares[{at}]."
        require_entitled(asked[at].field_path, holder, one["kind"], iso_day(decision.since))
        certificate = (
            None if one.get("certificate") is None else parse_number(f"{where}certificate", one["certificate"])
        )
        grants.append(
            Grant(
                holder,
                one["kind"],
                parse_whole_number(f"{where}shares", one["shares"]),
                certificate,
                f"{where}certificate",
            )
        )
    return grants


def _rule_grants(store: Store, request: ChangeRequest, decision: Decision, rule: IssueRule) -> list[Grant]:
    if rule.holders:
        asked = [parse_holder_ref(one, f"rule.holders[{at}].") for at, one in enumerate(rule.holders)]
        require_unique(asked)
        holders, where = load_holders_by_ref(store, request, asked, decision.since), "rule.holders"
        for one, holder in zip(asked, holders, strict=True):
            require_entitled(one.field_path, holder, rule.kind, iso_day(decision.since))
    else:
        where = "rule.villageCodes"
        holders = load_households(
            store, request, rule.villages, where, decision.since, only_poor=rule.among == POOR_HOUSEHOLDS
        )
        for holder in holders:
            require_entitled(where, holder, rule.kind, iso_day(decision.since))
    parts = divide_shares(rule.shares, holders, where, rule.per, rule.rounding)
    return [Grant(holder, rule.kind, parts[holder.id]) for holder in holders if parts[holder.id]]


def divide_shares(
    whole: int, holders: Sequence[ShareHolder], field_path: str, per: str, rounding: Rounding
) -> Mapping[tuple[str, str], int]:
    """So many over the holders, the same to each or by how many people they are. Raises `ChangeInvalid` where nobody is there, where
    there are too many, or where of one it is not known how many people it is."""
    if not 0 < len(holders) <= MAX_DECISION_ENTRIES:
        raise invalid_change(
            field_path,
            f"应为 1 至 {MAX_DECISION_ENTRIES} 户(人),现有 {len(holders)}",
            f"there are 1 to {MAX_DECISION_ENTRIES} holders, and not {len(holders)}",
        )
    if per == MEMBERS and (unsaid := [one.key for one in holders if not one.member_count]):
        raise invalid_change(
            field_path, f"{unsaid[0]} 的人口数不详", f"of {unsaid[0]} it is not known how many people it is"
        )
    weights = {one.id: (one.member_count or 0) if per == MEMBERS else 1 for one in holders}
    return divide(whole, weights, rounding).parts


def load_households(
    store: Store, request: ChangeRequest, villages: Sequence[str], field_path: str, day: int, *, only_poor: bool
) -> list[ShareHolder]:
    """Households that live in the villages on a day, all or the poor ones. Raises `ChangeInvalid` for a village that is not the asker's."""
    for code in villages:
        if len(code) != VILLAGE_CODE_LENGTH or not code.startswith(request.granted_areas):
            raise unknown_reference(field_path, code)
    rows = store.query(
        "shares/households", villages=sorted(set(villages)), poor=only_poor, asOf=day, seq=CURRENT_VERSION
    )
    return [ShareHolder("Household", card, village, only_poor or None, members) for card, village, members in rows]
