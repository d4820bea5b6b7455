"""Money: what of it does not add up (DOMAIN §7), each break with both sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.declare import Enumeration, Kind, Member
from graph_service.services.chains.ways import ABOVE_COUNTY
from graph_service.services.checks.catalogue import MONEY, catalogued, grace, in_force
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.viewing import Viewing

BREAK = Enumeration(
    "MoneyBreak",
    "对账不符类型",
    "How money may not add up (DOMAIN §7): the checks on money.",
    tuple(Member(one.code, one.zh) for one in catalogued().values() if one.group in MONEY),
)


def _asked(viewing: Viewing, given: Given) -> Given:
    kinds = given.get("kinds")
    known = [check.code for check in in_force(viewing.as_of).values() if check.group in MONEY]
    return {
        "kinds": [kind for kind in known if kinds is None or kind in kinds],
        "onlyYear": given.get("year"),
        "asset": given.get("assetNo"),
        "grace": grace(viewing.as_of),
        "above": list(ABOVE_COUNTY),
        "scope": viewing.visible,
    }


Document = str | list[Any]
"""The number of a document, or a holder: [number, what it should have been paid, what it was paid]."""


def _numbers(documents: Sequence[Document]) -> list[list[str]]:
    """A row each."""
    return [[one] if isinstance(one, str) else [one[0]] for one in documents]


def _holders(documents: Sequence[Document]) -> list[list[Any]]:
    """Holders whose part differs, a row each."""
    return [one for one in documents if not isinstance(one, str)]


RECONCILIATION = Inquiry(
    "reconciliation",
    "Reconciliation",
    "对账",
    "What of the money of an area does not add up on a day, with both sides, amounts and documents, and where its finding stands: funds and what lies in no area first, then by area, kind and key. `eligibleCount` is how much was held against something else.",
    "money/reconciliation",
    (("area", str), ("kind", str), ("key", str)),
    (
        Column("kind", "对账不符类型", "What does not add up.", Kind.ENUM, enum="MoneyBreak", always=True),
        Column("key", "编号", "What it is told apart by: number of the fund, project, asset or distribution, with the household's where it is about one.", always=True),
        Column("area", "所在区划", "Where it is; none of a fund.", node="Area"),
        Column("fund", "资金", "The fund.", node="Fund"),
        Column("project", "项目", "The project.", node="Project"),
        Column("asset", "资产", "The asset.", node="Asset"),
        Column("distribution", "收益分配", "The dividend.", node="Distribution"),
        Column("household", "户", "The household.", node="Household"),
        Column("expected", "应有金额", "What it should be, or be at most or at least.", Kind.YUAN),
        Column("found", "实际金额", "What it is.", Kind.YUAN),
        Column("difference", "差额", "By how much it differs.", Kind.YUAN),
        Column("expectedShares", "应有股数", "What it should be, where it is about shares.", Kind.SHARES, source="expected_shares"),
        Column("foundShares", "实际股数", "What it is, where it is about shares.", Kind.SHARES, source="found_shares"),
        Column(
            "documents", "凭据", "Vouchers and certificates; of what was not paid by shares, whose part differs.",
            parts=(Column("number", "编号", "Its number.", always=True),), always=True, show=_numbers,
        ),
        Column(
            "holders", "持有人", "Of what was not paid by shares, the holders whose part differs (— where the asker may not see one): households, persons, villages or operators.",
            parts=(
                Column("number", "持有人编号", "The holder's number.", always=True),
                Column("expected", "应得金额", "What its shares would bring of all that was paid.", Kind.YUAN),
                Column("found", "实得金额", "What it was paid.", Kind.YUAN),
            ), always=True, source="documents", show=_holders,
        ),
        Column("status", "处理状态", "Where its finding stands; none until the checks have found it.", Kind.ENUM, enum="FindingStatus"),
        Column("finding", "疑点", "The finding: to be waived or resolved.", node="Finding", source="finding_no"),
        Column("waiver", "豁免", "What excepts it on the day.", node="Waiver"),
    ),
    _asked,
    (
        Filter("kinds", "对账不符类型", "Only these; all where none is named.", enum="MoneyBreak"),
        Filter("year", "年度", "Only funds, dividends and cards of this year.", Kind.YEAR),
        Filter("assetNo", "资产编号", "Only what is about this asset, its shares and its dividends.", Kind.TEXT),
    ),
    (BREAK,),
)  # fmt: skip
