"""suggestHelpers: a proposed matching of helpers to the households that have none."""

from __future__ import annotations

from functools import partial
from typing import Any

from graph_service.api.planning import Run
from graph_service.api.root import Root
from graph_service.api.roots.inquiries import Source, declare_inquiry, field_of, plan
from graph_service.api.types.building import Field, Types
from graph_service.services.inquiries.inquiry import Given
from graph_service.services.matching.suggesting import SUGGESTED, page, suggested
from graph_service.services.viewing import Viewing

FIGURES = (
    Field("totalDistance", "Int!", "总距离:The sum of all distances, over all pages."),
    Field("squaredLoads", "Int!", "负担平方和:The squares of the loads after the proposal, summed over all cadres who could help."),
    Field("unserved", "Int!", "无人可帮的户数:For how many households nobody is left who has room."),
)  # fmt: skip


def declare(types: Types) -> None:
    """Types of its rows and its connection."""
    declare_inquiry(types, SUGGESTED, *FIGURES)


def _source(run: Run, viewing: Viewing, given: Given) -> Source:
    viewing = viewing.with_merged(run.store)

    def told() -> dict[str, Any]:
        proposal = suggested(run.store, viewing, given)
        return {
            "totalCount": len(proposal.matches),
            "eligibleCount": proposal.eligible,
            "totalDistance": proposal.total_distance,
            "squaredLoads": proposal.squared_loads,
            "unserved": proposal.unserved,
        }

    return Source(
        lambda first, after, extra: page(
            run.store, viewing, suggested(run.store, viewing, given), first=first, after=after, extra=extra
        ),
        told,
    )


ROOTS = (
    Root(
        field_of(SUGGESTED),
        partial(plan, SUGGESTED, _source, ("totalCount", "eligibleCount", *(one.name for one in FIGURES))),
    ),
)
