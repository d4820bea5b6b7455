"""Reconciliation of money (DOMAIN §7): sums that do not add up, each break with both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import Filter, Question, QuestionArguments, ResultColumn
from graph_service.domain.metamodel import Enumeration, EnumMember, PropertyKind
from graph_service.features.chains.paths import LEVELS_ABOVE_COUNTY
from graph_service.features.checks.catalogue import ALL_MONEY_GROUPS, checks_by_code, checks_in_force, grace_cutoff_day

MONEY_BREAK = Enumeration(
    "MoneyBreak",
    "对账不符类型",
    "Kinds of discrepancies in money and shares, which are the checks on money; see docs/explanation/checks.md.",
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


BreakDocument = str | Mapping[str, Any]
"""The number of a document, or a holder with the amounts due (`expected`) and paid."""


def _number_rows(documents: Sequence[BreakDocument]) -> list[list[str]]:
    """Return a row with the number of each document or holder."""
    return [[document if isinstance(document, str) else document["holder"]] for document in documents]


def _holder_rows(documents: Sequence[BreakDocument]) -> list[list[Any]]:
    """Return a row for each holder whose part differs."""
    return [
        [document["holder"], document["expected"], document["paid"]]
        for document in documents
        if not isinstance(document, str)
    ]


RECONCILIATION = Question(
    "reconciliation",
    "Reconciliation",
    "对账",
    "Discrepancies in the money of an area on the query date, with the expected and the actual value, the documents, and the status of the finding. Funds and other records without an area come first; the others are sorted by area, kind and key. `eligibleCount` is the number of comparisons made.",
    "checks/reconciliation",
    (("area", str), ("kind", str), ("key", str)),
    (
        ResultColumn("kind", "对账不符类型", "Kind of the discrepancy.", PropertyKind.ENUM, enum="MoneyBreak", required=True),
        ResultColumn("key", "编号", "Identifies the discrepancy: number of the fund, project, asset or distribution, with the card number of the household if one is concerned.", required=True),
        ResultColumn("area", "所在区划", "Area of the discrepancy; null for a fund.", node="Area"),
        ResultColumn("fund", "资金", "Fund concerned.", node="Fund"),
        ResultColumn("project", "项目", "Project concerned.", node="Project"),
        ResultColumn("asset", "资产", "Asset concerned.", node="Asset"),
        ResultColumn("distribution", "收益分配", "Dividend concerned.", node="Distribution"),
        ResultColumn("household", "户", "Household concerned.", node="Household"),
        ResultColumn("expected", "应有金额", "Expected amount, or the highest or lowest amount allowed.", PropertyKind.YUAN),
        ResultColumn("found", "实际金额", "Actual amount.", PropertyKind.YUAN, source="actual"),
        ResultColumn("difference", "差额", "Actual amount minus expected amount.", PropertyKind.YUAN),
        ResultColumn("expectedShares", "应有股数", "Expected number of shares, for a discrepancy in shares.", PropertyKind.SHARES, source="expected_shares"),
        ResultColumn("foundShares", "实际股数", "Actual number of shares, for a discrepancy in shares.", PropertyKind.SHARES, source="actual_shares"),
        ResultColumn(
            "documents", "凭据", "Vouchers and certificates; for a dividend that was not paid by shares, the holders whose payment differs.",
            parts=(ResultColumn("number", "编号", "Number of the document or holder.", required=True),), required=True, convert=_number_rows,
        ),
        ResultColumn(
            "holders", "持有人", "For a dividend that was not paid by shares, the holders whose payment differs: households, persons, villages or operators.",
            parts=(
                ResultColumn("number", "持有人编号", "Number of the holder; a dash if the holder is outside the granted areas.", required=True),
                ResultColumn("expected", "应得金额", "Amount due to the holder by its shares of the total paid.", PropertyKind.YUAN),
                ResultColumn("found", "实得金额", "Amount paid to the holder.", PropertyKind.YUAN),
            ), required=True, source="documents", convert=_holder_rows,
        ),
        ResultColumn("status", "处理状态", "Status of the finding; null until the checks have reported it.", PropertyKind.ENUM, enum="FindingStatus"),
        ResultColumn("finding", "疑点", "The finding, which can be resolved or waived.", node="Finding", source="finding_no"),
        ResultColumn("waiver", "豁免", "Waiver in force on the query date; null if there is none.", node="Waiver"),
    ),
    _reconciliation_parameters,
    (
        Filter("kinds", "对账不符类型", "Only discrepancies of these kinds; all if omitted.", enum="MoneyBreak"),
        Filter("year", "年度", "Only funds, dividends and cards of this year; all years if omitted.", PropertyKind.YEAR),
        Filter("assetNo", "资产编号", "Only discrepancies of this asset, its shares and its dividends; all if omitted.", PropertyKind.TEXT),
    ),
    (MONEY_BREAK,),
)  # fmt: skip
