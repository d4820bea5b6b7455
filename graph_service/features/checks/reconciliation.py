"""Reconciliation of money (DOMAIN §7): sums that do not add up, each break with both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.features.chains.paths import LEVELS_ABOVE_COUNTY
from graph_service.features.checks.catalogue import ALL_MONEY_GROUPS, checks_by_code, checks_in_force, grace_cutoff_day

MONEY_BREAK = Enumeration(
    "MoneyBreak",
    "对账不符类型",
    "How money may not add up (DOMAIN §7): the checks on money.",
    tuple(EnumMember(check.code, check.zh) for check in checks_by_code().values() if check.group in ALL_MONEY_GROUPS),
)


def _reconciliation_parameters(scope: QueryScope, arguments: QuestionArguments) -> QuestionArguments:
    kinds = arguments.get("kinds")
    codes = [check.code for check in checks_in_force(scope.as_of).values() if check.group in ALL_MONEY_GROUPS]
    return {
        "kinds": [code for code in codes if kinds is None or code in kinds],
        "onlyYear": arguments.get("year"),
        "asset": arguments.get("assetNo"),
        "grace": grace_cutoff_day(scope.as_of),
        "above": list(LEVELS_ABOVE_COUNTY),
        "scope": scope.granted_ranges,
    }


BreakDocument = str | list[Any]
"""The number of a document, or a holder: [number, amount due, amount paid]."""


def _number_rows(documents: Sequence[BreakDocument]) -> list[list[str]]:
    """Return a row with the number of each document or holder."""
    return [[document] if isinstance(document, str) else [document[0]] for document in documents]


def _holder_rows(documents: Sequence[BreakDocument]) -> list[list[Any]]:
    """Return a row for each holder whose part differs."""
    return [document for document in documents if not isinstance(document, str)]


RECONCILIATION = Question(
    "reconciliation",
    "Reconciliation",
    "对账",
    "What of the money of an area does not add up on a day, with both sides, amounts and documents, and where its finding stands: funds and what lies in no area first, then by area, kind and key. `eligibleCount` is how much was held against something else.",
    "checks/reconciliation",
    (("area", str), ("kind", str), ("key", str)),
    (
        ResultColumn("kind", "对账不符类型", "What does not add up.", PropertyKind.ENUM, enum="MoneyBreak", required=True),
        ResultColumn("key", "编号", "What it is told apart by: number of the fund, project, asset or distribution, with the household's where it is about one.", required=True),
        ResultColumn("area", "所在区划", "Where it is; none of a fund.", node="Area"),
        ResultColumn("fund", "资金", "The fund.", node="Fund"),
        ResultColumn("project", "项目", "The project.", node="Project"),
        ResultColumn("asset", "资产", "The asset.", node="Asset"),
        ResultColumn("distribution", "收益分配", "The dividend.", node="Distribution"),
        ResultColumn("household", "户", "The household.", node="Household"),
        ResultColumn("expected", "应有金额", "What it should be, or be at most or at least.", PropertyKind.YUAN),
        ResultColumn("found", "实际金额", "What it is.", PropertyKind.YUAN),
        ResultColumn("difference", "差额", "By how much it differs.", PropertyKind.YUAN),
        ResultColumn("expectedShares", "应有股数", "What it should be, where it is about shares.", PropertyKind.SHARES, source="expected_shares"),
        ResultColumn("foundShares", "实际股数", "What it is, where it is about shares.", PropertyKind.SHARES, source="found_shares"),
        ResultColumn(
            "documents", "凭据", "Vouchers and certificates; of what was not paid by shares, whose part differs.",
            parts=(ResultColumn("number", "编号", "Its number.", required=True),), required=True, convert=_number_rows,
        ),
        ResultColumn(
            "holders", "持有人", "Of what was not paid by shares, the holders whose part differs (— where the asker may not see one): households, persons, villages or operators.",
            parts=(
                ResultColumn("number", "持有人编号", "The holder's number.", required=True),
                ResultColumn("expected", "应得金额", "What its shares would bring of all that was paid.", PropertyKind.YUAN),
                ResultColumn("found", "实得金额", "What it was paid.", PropertyKind.YUAN),
            ), required=True, source="documents", convert=_holder_rows,
        ),
        ResultColumn("status", "处理状态", "Where its finding stands; none until the checks have found it.", PropertyKind.ENUM, enum="FindingStatus"),
        ResultColumn("finding", "疑点", "The finding: to be waived or resolved.", node="Finding", source="finding_no"),
        ResultColumn("waiver", "豁免", "What excepts it on the day.", node="Waiver"),
    ),
    _reconciliation_parameters,
    (
        Filter("kinds", "对账不符类型", "Only these; all where none is named.", enum="MoneyBreak"),
        Filter("year", "年度", "Only funds, dividends and cards of this year.", PropertyKind.YEAR),
        Filter("assetNo", "资产编号", "Only what is about this asset, its shares and its dividends.", PropertyKind.TEXT),
    ),
    (MONEY_BREAK,),
)  # fmt: skip
