"""Operators: which households none is linked to."""

from __future__ import annotations

from graph_service.declare import Enumeration, Kind, Member
from graph_service.services.duties import years_after_exit
from graph_service.services.inquiries.inquiry import Column, Filter, Given, Inquiry
from graph_service.services.viewing import Viewing

LINK = Enumeration(
    "OperatorLink",
    "联结方式",
    "How an operator is linked to a household (DOMAIN §1, row 14).",
    (
        Member("JOINED", "加入"),
        Member("LEASES_TO", "流转土地"),
        Member("BORROWED_FROM", "借牛还牛"),
        Member("ENTRUSTS_TO", "托养寄养"),
        Member("HOLDS", "持股"),
        Member("EMPLOYS", "用工"),
    ),
)


def _unlinked(viewing: Viewing, given: Given) -> Given:
    return {"links": given.get("links"), "yearsAfterExit": years_after_exit(viewing.as_of)}


UNLINKED_HOUSEHOLDS = Inquiry(
    "unlinkedHouseholds",
    "UnlinkedHousehold",
    "未联结经营主体的户",
    "Poor households, and those in the years of support after exit, that no operator is linked to on a day; by village and household.",
    "operators/unlinked_households",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("endedOn", "联结截止日", "The last day of the last link that there was.", Kind.DATE, source="ended"),
    ),
    _unlinked,
    (Filter("links", "联结方式", "Which links count; all where none is named.", enum="OperatorLink"),),
    (LINK,),
)  # fmt: skip
