"""Mutations on shares of assets: issue, transfer, redistribution."""

from __future__ import annotations

from typing import Any

from graph_service.core.change_request import parse_number
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
    number = parse_number("decisionNo", arguments["decisionNo"])
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
        change_request(execution, arguments),
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
        execution, decision, transfer(execution.store, change_request(execution, arguments), decision, terms)
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
        execution, decision, redistribute(execution.store, change_request(execution, arguments), decision, terms)
    )


DECISION_FIELDS = (
    Field("decisionNo", "String!", "决定编号：Number of the decision, of no other one.", default=REQUIRED),
    Field("assetNo", "String!", "资产编号：The asset whose shares it moves.", default=REQUIRED),
    Field("decidedOn", Date, "决定日期：The day on which it was taken.", default=REQUIRED),
    Field("since", Date | None, "起始日期：First day from which it counts; else that on which it was taken. What ends, ends on the day before."),
    Field("reason", "String", "决定事由：Why."),
)  # fmt: skip
OUTCOME_FIELDS = (
    Field("issued", Shares, "新增股数：Shares of the certificates that the decision made."),
    Field("ended", Shares, "退出股数：Shares of the certificates that it ended."),
    Field("kept", Shares, "留存股数：What of that the collective keeps; of an issue, what is not issued."),
)
DECISION_NODE = (("ShareDecision",), "decision", "股权决定：The decision, on that day.", OUTCOME_FIELDS)
ROUNDING = Field("rounding", "ShareRounding!", "取整规则：Who gets what is left over.", default=REQUIRED)


PER = Field("per", "SharePer", "分配口径：The same to each holder, or by people; else to each.")


MUTATIONS = (
    Mutation(
        "IssueShares",
        f"配股：Issue shares of an asset, those that are listed (at most {MAX_DECISION_ENTRIES:,}) or those of a rule. Never more than the whole on any day.",
        (
            *DECISION_FIELDS,
            Field("totalShares", Shares | None, "总股数：The asset's total of shares, where nothing states it yet."),
            Field("shares", "[ShareGrant!]", "配股清单：Who is to have how many."),
            Field("rule", "ShareRule", "配股规则：Instead of a list."),
        ),
        _issue_shares,
        *DECISION_NODE,
    ),
    Mutation(
        "TransferShares",
        "转让：Transfer a certificate, in whole or in part, to another holder. Preferred shares go to poor households alone.",
        (
            *DECISION_FIELDS,
            Field("certificate", "String!", "股权证号：The certificate: it ends on the day before.", default=REQUIRED),
            Field("to", "HolderRef!", "受让人：The new holder.", default=REQUIRED),
            Field("shares", Shares | None, "股数：How many; else all. The rest of them gets a certificate of its own."),
            Field("kind", "ShareKind", "股份类型：What they are then; else as they were."),
            Field("newCertificate", "String", "新股权证号：Number of the new holder's; else it is called by the decision."),
            Field("restCertificate", "String", "剩余股权证号：Number of that for the rest; else it is called by the decision."),
        ),
        _transfer_shares,
        *DECISION_NODE,
    ),
    Mutation(
        "RedistributeShares",
        "再分配：End preferred shares of households that have exited and give as many to others, by one recorded decision.",
        (
            *DECISION_FIELDS,
            Field("exited", "[HolderRef!]", "退出人：Who gives preferred shares up; else all who are not poor on the first day."),
            Field("receivers", "ShareReceivers", "再分配对象：To whom they go."),
            Field("villageCodes", "[String!]", "村编码：Where newly poor households are looked for; else where those live who give up."),
            Field("to", "[HolderRef!]", "指定对象：To whom they go, instead of `receivers`."),
            PER,
            ROUNDING,
            Field("keeper", "HolderRef", "集体：A village or an operator, where the collective keeps all or what is left over: as ordinary shares."),
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
        "取整规则：Who gets the units that are left over when a whole is divided. The whole is always whole.",
        members,
    )
    types.add_enum(
        "ShareAmong",
        "配股范围：Which households of villages.",
        [
            ("POOR_HOUSEHOLDS", "贫困户：Those that are poor on the day."),
            ("HOUSEHOLDS", "全部农户：All that live there on the day."),
        ],
    )
    types.add_enum(
        "SharePer",
        "分配口径：What shares are divided by.",
        [
            ("EACH", "按户：The same to each holder."),
            ("MEMBERS", "按人：By how many people a household is on the day."),
        ],
    )
    types.add_enum(
        "ShareReceivers",
        "再分配对象：To whom preferred shares go that are given up.",
        [
            (
                "NEWLY_POOR",
                "新增贫困户：Households that are poor on the day and have no preferred shares of the asset.",
            ),
            ("REST", "其余贫困户：The others who hold preferred shares of it, as far as they are poor on the day."),
            ("COLLECTIVE", "集体：The collective, as ordinary shares."),
        ],
    )
    types.add_input(
        "HolderRef",
        "持有人：One household, person, village or operator.",
        [
            Field("cardNo", "String", "户编号：A household."),
            Field("personNo", "String", "人口编号：A person."),
            Field("villageCode", "String", "村编码：A village."),
            Field("uscc", "String", "统一社会信用代码：An enterprise or a cooperative."),
        ],
    )
    types.add_input(
        "ShareGrant",
        "配股：Shares that a holder is to have.",
        [
            Field("holder", "HolderRef!", "持有人：Whose they are to be.", default=REQUIRED),
            Field(
                "kind",
                "ShareKind!",
                "股份类型：Preferred ones are of who is poor on the first day alone.",
                default=REQUIRED,
            ),
            Field("shares", Shares, "股数：How many.", default=REQUIRED),
            Field("certificate", "String", "股权证号：Number of the certificate; else it is called by the decision."),
        ],
    )
    types.add_input(
        "ShareRule",
        "配股规则：So many shares, divided over the holders that are given, or households of villages.",
        [
            Field("kind", "ShareKind!", "股份类型：Preferred or ordinary.", default=REQUIRED),
            Field("shares", Shares, "股数：How many in all.", default=REQUIRED),
            Field("among", "ShareAmong", "配股范围：Which households of the villages."),
            Field("villageCodes", "[String!]", "村编码：Of which villages."),
            Field("holders", "[HolderRef!]", "持有人：Over whom, instead of villages."),
            PER,
            ROUNDING,
        ],
    )
    for mutation in MUTATIONS:
        mutation.add_types(types)


ROOT_FIELDS = tuple(mutation.root_field() for mutation in MUTATIONS)
