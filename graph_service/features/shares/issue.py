"""Issue of shares (配股): listed shares, or a number of shares divided over holders by a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    parse_new_number,
    require_changeable,
    require_item_count,
)
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.core.refusals import RefusalCode, choice_code, invalid_change
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
    """A number of shares of a kind, divided among the households of villages (all, or the poor ones) or the listed holders: equally, or by
    the number of people."""

    kind: str
    shares: int
    among: str | None
    villages: tuple[str, ...]
    holders: tuple[Mapping[str, Any], ...]
    per: str
    rounding: Rounding


def require_kind(field: str, kind: str) -> None:
    """Raise `ChangeInvalid` for a kind in which shares cannot be issued."""
    if kind not in SHARE_KINDS:
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            field,
            "股份类型应为优先股（PREFERRED）或普通股（ORDINARY）。请改用其一。",
            "The kind of shares is PREFERRED or ORDINARY. Give one of these.",
        )


def parse_rule(arguments: Mapping[str, Any]) -> IssueRule:
    """Return the requested rule. Raises `ChangeInvalid` for arguments that do not go together."""
    require_kind("rule.kind", arguments["kind"])
    villages = tuple(unpad_code(code) for code in arguments.get("villageCodes") or ())
    holders = tuple(arguments.get("holders") or ())
    if bool(holders) == bool(villages) or bool(villages) != (arguments.get("among") is not None):
        raise invalid_change(
            RefusalCode.VALUES_DO_NOT_COMBINE,
            "rule.among",
            "请给出持有人（holders），或同时给出农户范围（among）与村编码（villageCodes）；两者不能并用。",
            "Give either holders, or both among and villageCodes.",
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
    """Issue the listed shares, or those of a rule, from the decision's first day on. `total`: the asset's total of shares, where none
    is stated yet.

    Raises `ChangeInvalid`: more shares than the total on any day, preferred shares for a holder who is not poor; `ChangeConflict`.
    """
    decision.validate()
    if bool(shares) == (rule is not None):
        raise invalid_change(
            choice_code(len(shares)),
            "shares",
            f"请给出 1 至 {MAX_DECISION_ENTRIES} 条股份（shares），或一项规则（rule），二者择一。",
            f"Give either shares, 1 to {MAX_DECISION_ENTRIES} of them, or a rule.",
        )
    if shares:
        require_item_count("shares", len(shares), MAX_DECISION_ENTRIES)
    issue_rule = None if rule is None else parse_rule(rule)
    for index, share in enumerate(shares):
        require_kind(f"shares[{index}].kind", share["kind"])
    change = decision.build_change("issueShares", request, list(shares), rule, total)

    def build_rows() -> list[ChangeRow]:
        state = load_asset_state(store, request, decision.asset)
        if is_already_recorded(store, decision, change):
            return []
        total_shares = resolve_total_shares(state, decision.since, total)
        require_no_payments(state, decision.since)
        grants = (
            _listed_grants(store, request, decision, shares)
            if issue_rule is None
            else _rule_grants(store, request, decision, issue_rule)
        )
        requested_shares = sum(grant.shares for grant in grants)
        if issue_rule is not None and not requested_shares:
            raise invalid_change(
                RefusalCode.SHARES_INSUFFICIENT,
                "rule.shares",
                f"{issue_rule.shares} 股按此规则分配，每户（人）不足 1 股。请增加股数或改用其他规则。",
                f"Divided by this rule, {issue_rule.shares} shares are less than one for each holder. Give more shares, or another rule.",
            )
        held_shares, day = max_shares_held(state, decision.since)
        if held_shares + requested_shares > total_shares:
            day_text = iso_day(day)
            excess = held_shares + requested_shares - total_shares
            raise invalid_change(
                RefusalCode.SHARES_EXCEED_TOTAL,
                "shares" if issue_rule is None else "rule.shares",
                f"超过总股数：总股数 {total_shares}，{day_text} 已配 {held_shares}，本次 {requested_shares}，超出 {excess}。请减少本次股数。",
                f"More shares than the total: {total_shares} in all, {held_shares} held on {day_text}, {requested_shares} requested, {excess} too many. Reduce them.",
            )
        return decision.rows("ISSUE", issue_certificates(state, decision, grants, total_shares))

    return apply_change(store, change, build_rows)


def _listed_grants(
    store: Store, request: ChangeRequest, decision: Decision, shares: Sequence[Mapping[str, Any]]
) -> list[Grant]:
    holder_refs = [parse_holder_ref(share["holder"], f"shares[{index}].holder.") for index, share in enumerate(shares)]
    holders = load_holders_by_ref(store, request, holder_refs, decision.since)
    grants = []
    for index, (share, holder) in enumerate(zip(shares, holders, strict=True)):
        field_prefix = f"shares[{index}]."
        require_entitled(holder_refs[index].field_path, holder, share["kind"], iso_day(decision.since))
        certificate = (
            None
            if share.get("certificate") is None
            else parse_new_number(f"{field_prefix}certificate", share["certificate"])
        )
        grants.append(
            Grant(
                holder,
                share["kind"],
                parse_whole_number(f"{field_prefix}shares", share["shares"]),
                certificate,
                f"{field_prefix}certificate",
            )
        )
    return grants


def _rule_grants(store: Store, request: ChangeRequest, decision: Decision, rule: IssueRule) -> list[Grant]:
    if rule.holders:
        holder_refs = [parse_holder_ref(holder, f"rule.holders[{index}].") for index, holder in enumerate(rule.holders)]
        require_unique(holder_refs)
        holders, field_path = load_holders_by_ref(store, request, holder_refs, decision.since), "rule.holders"
        for ref, holder in zip(holder_refs, holders, strict=True):
            require_entitled(ref.field_path, holder, rule.kind, iso_day(decision.since))
    else:
        field_path = "rule.villageCodes"
        holders = load_households(
            store, request, rule.villages, field_path, decision.since, only_poor=rule.among == POOR_HOUSEHOLDS
        )
        for holder in holders:
            require_entitled(field_path, holder, rule.kind, iso_day(decision.since))
    parts = divide_shares(rule.shares, holders, field_path, rule.per, rule.rounding)
    return [Grant(holder, rule.kind, parts[holder.id]) for holder in holders if parts[holder.id]]


def divide_shares(
    whole: int, holders: Sequence[ShareHolder], field_path: str, per: str, rounding: Rounding
) -> Mapping[tuple[str, str], int]:
    """Divide shares over the holders, equally or by their number of people. Raises `ChangeInvalid` where there are no holders or too many,
    or the number of people of a holder is unknown."""
    if not holders:
        raise invalid_change(
            RefusalCode.RECORD_UNKNOWN,
            field_path,
            "没有符合条件的农户或人员。请核对范围和日期。",
            "No household or person meets the conditions. Check the villages, the holders and the day.",
        )
    require_item_count(field_path, len(holders), MAX_DECISION_ENTRIES)
    if per == MEMBERS and (unknown_keys := [holder.key for holder in holders if not holder.member_count]):
        raise invalid_change(
            RefusalCode.RECORD_NEEDS_CORRECTION,
            field_path,
            f"{unknown_keys[0]} 的人口数不详。请先补报其家庭成员。",
            f"The number of people of {unknown_keys[0]} is unknown. Record the members of the household first.",
        )
    weights = {holder.id: (holder.member_count or 0) if per == MEMBERS else 1 for holder in holders}
    return divide(whole, weights, rounding).parts


def load_households(
    store: Store, request: ChangeRequest, villages: Sequence[str], field_path: str, day: int, *, only_poor: bool
) -> list[ShareHolder]:
    """Return the households that live in the villages on a day, all or the poor ones. Raises `ChangeInvalid` for a village that is not
    granted to the caller."""
    for code in villages:
        require_changeable(request, code if len(code) == VILLAGE_CODE_LENGTH else None, field_path, code)
    rows = store.query(
        "shares/households", villages=sorted(set(villages)), poor=only_poor, asOf=day, seq=CURRENT_VERSION
    )
    return [ShareHolder("Household", card, village, only_poor or None, members) for card, village, members in rows]
