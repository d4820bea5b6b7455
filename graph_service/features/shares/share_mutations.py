"""Mutations on shares of assets: issue, transfer, redistribution."""

from __future__ import annotations

from typing import Any

from graph_service.access.rights import Right
from graph_service.core.change_request import parse_new_number
from graph_service.core.recording.changes import ChangeResult
from graph_service.domain.days import day_from_iso
from graph_service.features.shares.asset_state import parse_whole_number
from graph_service.features.shares.decisions import MAX_DECISION_ENTRIES, Decision, load_decision_effect
from graph_service.features.shares.division import ROUNDING_DESCRIPTIONS, Rounding
from graph_service.features.shares.issue import EACH, issue
from graph_service.features.shares.redistribute import Redistribution, redistribute
from graph_service.features.shares.transfer import Transfer, transfer
from graph_service.graphql.mutation import Mutation, MutationOutcome, change_request
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.types.derived import bilingual
from graph_service.graphql.types.scalars import Date, Shares, show_shares
from graph_service.graphql.types.type_registry import REQUIRED, Field, TypeRegistry


def _decision(arguments: dict[str, Any]) -> Decision:
    decided_on = day_from_iso(arguments["decidedOn"])
    since = day_from_iso(arguments["since"]) if arguments.get("since") else decided_on
    number = parse_new_number("decisionNo", arguments["decisionNo"])
    return Decision(number, arguments["assetNo"], decided_on, since, arguments.get("reason"))


def _decision_outcome(execution: Execution, decision: Decision, result: ChangeResult) -> MutationOutcome:
    effect = load_decision_effect(execution.store, decision.number, result.sequence)
    values = {name: show_shares(getattr(effect, name)) for name in ("issued", "ended", "kept")}
    return MutationOutcome(result, "ShareDecision", decision.number, decision.since, values)


def _issue_shares(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    decision, total, rule = _decision(arguments), arguments.get("totalShares"), arguments.get("rule")
    total_shares = None if total is None else parse_whole_number("totalShares", total)
    result = issue(
        execution.store,
        change_request(execution, arguments, Right.CHANGE_SHARES),
        decision,
        arguments.get("shares") or (),
        rule,
        total_shares,
    )
    outcome = _decision_outcome(execution, decision, result)
    # The remainder of a rule is not issued: it stays with the collective.
    kept_shares = (
        0 if rule is None else parse_whole_number("rule.shares", rule["shares"]) - int(outcome.values["issued"])
    )
    return MutationOutcome(
        result, outcome.label, outcome.key, outcome.day, {**outcome.values, "kept": show_shares(kept_shares)}
    )


def _transfer_shares(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    decision = _decision(arguments)
    certificate_numbers = (arguments.get("newCertificate"), arguments.get("restCertificate"))
    terms = Transfer(
        arguments["certificate"], arguments["to"], arguments.get("shares"), arguments.get("kind"), certificate_numbers
    )
    outcome = _decision_outcome(
        execution,
        decision,
        transfer(execution.store, change_request(execution, arguments, Right.CHANGE_SHARES), decision, terms),
    )
    return MutationOutcome(outcome.recorded, outcome.label, outcome.key, outcome.day, {**outcome.values, "kept": "0"})


def _redistribute_shares(execution: Execution, arguments: dict[str, Any]) -> MutationOutcome:
    decision = _decision(arguments)
    terms = Redistribution(
        tuple(arguments.get("exited") or ()),
        arguments.get("receivers"),
        tuple(arguments.get("villageCodes") or ()),
        tuple(arguments.get("to") or ()),
        arguments.get("per") or EACH,
        Rounding(arguments["rounding"]),
        arguments.get("keeper"),
    )
    return _decision_outcome(
        execution,
        decision,
        redistribute(execution.store, change_request(execution, arguments, Right.CHANGE_SHARES), decision, terms),
    )


DECISION_FIELDS = (
    Field("decisionNo", "String!", "决定编号：Unique number of the decision.", default=REQUIRED),
    Field("assetNo", "String!", "资产编号：Number of the asset whose shares are changed.", default=REQUIRED),
    Field("decidedOn", Date, "决定日期：Date of the decision.", default=REQUIRED),
    Field("since", Date | None, "起始日期：First day on which the decision takes effect; `decidedOn` by default. Certificates that it ends are in force until the day before."),
    Field("reason", "String", "决定事由：Reason for the decision."),
)  # fmt: skip
OUTCOME_FIELDS = (
    Field("issued", Shares, "新增股数：Number of shares on the certificates issued."),
    Field("ended", Shares, "退出股数：Number of shares on the certificates ended."),
    Field(
        "kept",
        Shares,
        "留存股数：Number of shares that the collective keeps; for an issue, the number of shares that are not issued.",
    ),
)
DECISION_NODE = (("ShareDecision",), "decision", "股权决定：The decision, as of `asOf`.", OUTCOME_FIELDS)
ROUNDING = Field(
    "rounding", "ShareRounding!", "取整规则：How the remainder of the division is distributed.", default=REQUIRED
)


PER = Field("per", "SharePer", "分配口径：Basis for dividing the shares; EACH by default.")


MUTATIONS = (
    Mutation(
        "IssueShares",
        f"配股：Issue shares of an asset, either from a list (at most {MAX_DECISION_ENTRIES:,} entries) or by a rule. The shares held never exceed the total on any day.",
        (
            *DECISION_FIELDS,
            Field("totalShares", Shares | None, "总股数：Total number of shares of the asset, if it is not stated yet."),
            Field("shares", "[ShareGrant!]", "配股清单：Shares to issue to each holder."),
            Field("rule", "ShareRule", "配股规则：Rule for issuing shares, instead of a list."),
        ),
        _issue_shares,
        *DECISION_NODE,
    ),
    Mutation(
        "TransferShares",
        "转让：Transfer a certificate, in whole or in part, to another holder. Preferred shares can be transferred only to poor households.",
        (
            *DECISION_FIELDS,
            Field("certificate", "String!", "股权证号：Number of the certificate to transfer; it ends on the day before `since`.", default=REQUIRED),
            Field("to", "HolderRef!", "受让人：New holder.", default=REQUIRED),
            Field("shares", Shares | None, "股数：Number of shares to transfer; all by default. A separate certificate is issued for the rest."),
            Field("kind", "ShareKind", "股份类型：Kind of the shares after the transfer; unchanged by default."),
            Field("newCertificate", "String", "新股权证号：Number of the new holder's certificate; derived from the decision number by default."),
            Field("restCertificate", "String", "剩余股权证号：Number of the certificate for the rest; derived from the decision number by default."),
        ),
        _transfer_shares,
        *DECISION_NODE,
    ),
    Mutation(
        "RedistributeShares",
        "再分配：End preferred shares of households that have exited poverty and issue the same number to others, by one recorded decision.",
        (
            *DECISION_FIELDS,
            Field("exited", "[HolderRef!]", "退出人：Holders who give up preferred shares; by default, all who are not poor on the first day."),
            Field("receivers", "ShareReceivers", "再分配对象：Group that receives the shares. Set either `receivers` or `to`."),
            Field("villageCodes", "[String!]", "村编码：Codes of the villages whose newly poor households receive shares; by default, the villages of the former holders."),
            Field("to", "[HolderRef!]", "指定对象：Holders who receive the shares, instead of `receivers`."),
            PER,
            ROUNDING,
            Field("keeper", "HolderRef", "集体：Village or operator that keeps all shares or the remainder, as ordinary shares."),
        ),
        _redistribute_shares,
        *DECISION_NODE,
    ),
)  # fmt: skip


def add_types(types: TypeRegistry) -> None:
    """Add the types of inputs and results."""
    members = [(rounding.value, bilingual(*ROUNDING_DESCRIPTIONS[rounding])) for rounding in Rounding]
    types.add_enum(
        "ShareRounding",
        "取整规则：How the remainder is distributed when a whole is divided. Nothing is lost by rounding.",
        members,
    )
    types.add_enum(
        "ShareAmong",
        "配股范围：Households of the villages that are included.",
        [
            ("POOR_HOUSEHOLDS", "贫困户：Households that are poor on the day."),
            ("HOUSEHOLDS", "全部农户：All households that live there on the day."),
        ],
    )
    types.add_enum(
        "SharePer",
        "分配口径：Basis for dividing shares.",
        [
            ("EACH", "按户：The same number of shares for each holder."),
            ("MEMBERS", "按人：In proportion to the number of household members on the day."),
        ],
    )
    types.add_enum(
        "ShareReceivers",
        "再分配对象：Receivers of preferred shares that are given up.",
        [
            (
                "NEWLY_POOR",
                "新增贫困户：Households that are poor on the day and hold no preferred shares of the asset.",
            ),
            ("REST", "其余贫困户：Other holders of preferred shares of the asset who are poor on the day."),
            ("COLLECTIVE", "集体：The collective, which receives ordinary shares."),
        ],
    )
    types.add_input(
        "HolderRef",
        "持有人：A household, person, village or operator. Set exactly one field.",
        [
            Field("cardNo", "String", "户编号：Card number of a household."),
            Field("personNo", "String", "人口编号：Number of a person."),
            Field("villageCode", "String", "村编码：Code of a village."),
            Field("uscc", "String", "统一社会信用代码：Unified social credit code of an enterprise or cooperative."),
        ],
    )
    types.add_input(
        "ShareGrant",
        "配股：Shares to issue to one holder.",
        [
            Field("holder", "HolderRef!", "持有人：Holder of the shares.", default=REQUIRED),
            Field(
                "kind",
                "ShareKind!",
                "股份类型：Kind of the shares: preferred or ordinary. Preferred shares can be issued only to holders who are poor on the first day.",
                default=REQUIRED,
            ),
            Field("shares", Shares, "股数：Number of shares.", default=REQUIRED),
            Field(
                "certificate",
                "String",
                "股权证号：Number of the certificate; derived from the decision number by default.",
            ),
        ],
    )
    types.add_input(
        "ShareRule",
        "配股规则：Rule that divides a number of shares among the given holders, or among households of villages.",
        [
            Field("kind", "ShareKind!", "股份类型：Kind of the shares: preferred or ordinary.", default=REQUIRED),
            Field("shares", Shares, "股数：Total number of shares to divide.", default=REQUIRED),
            Field("among", "ShareAmong", "配股范围：Households of the villages to include."),
            Field("villageCodes", "[String!]", "村编码：Codes of the villages."),
            Field("holders", "[HolderRef!]", "持有人：Holders, instead of villages."),
            PER,
            ROUNDING,
        ],
    )
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
