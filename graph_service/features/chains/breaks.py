"""Reasons why a chain stops, or departs from the expected course."""

from __future__ import annotations

from graph_service.domain.metamodel import Enumeration, EnumMember

BREAK_REASON = Enumeration(
    "ChainBreakReason",
    "链条疑点原因",
    "Reasons why a benefit chain stops or departs from the expected path.",
    (
        EnumMember("UNSPENT", "资金未支出"),
        EnumMember("TAKEN_BACK", "已冲销或已归还"),
        EnumMember("NOT_FORMED", "项目未形成资产"),
        EnumMember("NOT_QUANTIFIED", "投入未量化为资产"),
        EnumMember("NO_SHARES", "资产未量化到户"),
        EnumMember("SHARES_ENDED", "股权均已到期"),
        EnumMember("SHARES_UNKNOWN", "股数或总股数不明"),
        EnumMember("AMOUNT_UNKNOWN", "金额不明"),
        EnumMember("NO_RECIPIENT", "措施无享受对象"),
        EnumMember("COUNTY_HOP_MISSING", "未经县级统筹直接到项目"),
        EnumMember("NO_SOURCE", "来源无记录"),
        EnumMember("OVERSPENT", "支出超过到账"),
        EnumMember("SHARES_DO_NOT_SUM", "股份合计与总股数不符"),
        EnumMember("WENT_BACK", "只流回途经资金"),
        EnumMember("TOO_FAR", "划转次数过多"),
    ),
)
"""UNSPENT: nothing has left a fund or a bank. TAKEN_BACK: the payment was corrected away, or repaid, in whole.
NOT_QUANTIFIED: the money is in an operator that neither owns assets nor holds stakes in one that does.
COUNTY_HOP_MISSING: a fund above the county paid a project itself (四到县: DOMAIN §1, row 9). NO_SOURCE: the source of the
money is not recorded. OVERSPENT: more went on than was there: the excess has no source, and reaches nobody from the
chain's start. SHARES_DO_NOT_SUM: the shares held are not the whole of the asset's; where they are more, each is scaled
down. SHARES_UNKNOWN: shares or their total are not stated. AMOUNT_UNKNOWN: the amount that came, or went on, is
unknown. WENT_BACK: all that left the node went to funds that the chain had passed. TOO_FAR: the money is passed on
over more transfers than are followed."""
BREAK_REASON_NAMES = {member.name: member.zh for member in BREAK_REASON.members}
"""Reason → its Chinese name."""
