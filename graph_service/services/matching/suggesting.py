"""suggestHelpers: who could help the households of an area that have no present helper on a day."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.catalog import NOTHING, Extra
from graph_service.declare import Kind
from graph_service.errors import ArgumentInvalid
from graph_service.services.duties import in_force, most_households, years_after_exit
from graph_service.services.inquiries.inquiry import Column, Filter, Found, Given, Inquiry, parameters
from graph_service.services.matching.network import Helper
from graph_service.services.matching.proposal import Proposal, proposed
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

NEEDS, HELPERS = "duties/matching_needs", "duties/matching_helpers"
LARGEST_LOAD = 500


def _asked(viewing: Viewing, given: Given) -> Given:
    most = given.get("maxLoad")
    most = most_households(viewing.as_of) or LARGEST_LOAD if most is None else most
    if not 1 <= most <= LARGEST_LOAD:
        raise ArgumentInvalid(
            name="maxLoad",
            reason_zh=f"应在 1 至 {LARGEST_LOAD} 之间",
            reason_en=f"it lies between 1 and {LARGEST_LOAD}",
        )
    return {"most": most, "yearsAfterExit": years_after_exit(viewing.as_of)}


SUGGESTED = Inquiry(
    "suggestHelpers",
    "HelperSuggestion",
    "帮扶结对建议",
    "A proposed matching: cadres who could help the households that have no present helper on a day. As many households as can be, then at the least distance, then with the loads as even as can be; by village and household.",
    "duties/matching_page",
    (("village", str), ("household", str)),
    (
        Column("household", "户", "The household.", node="Household"),
        Column("village", "所在村", "Where it lives.", node="Village"),
        Column("cadre", "建议帮扶责任人", "Who could help it: present on the day, with a place in the area.", node="Cadre", source="cadre_no"),
        Column("distance", "距离", "From the village to the nearest of the cadre's places in the area: 0 in the village, 1 in its township, 2 in its county, 3 in its prefecture, 4 in its province. Places: the villages in which he helps or holds a post, areas to which he is posted; of one who has none, where his department lies and the villages that it helps.", Kind.INTEGER, always=True),
        Column("load", "帮扶户数", "How many households the cadre has, here and elsewhere, after all of the proposal.", Kind.INTEGER, always=True),
    ),
    _asked,
    (Filter("maxLoad", "每人最多户数", "How many households a cadre may have at most, with those that he has; as many as the rules of the day say (duties.csv) where nothing is said.", Kind.INTEGER),),
)  # fmt: skip


def suggested(store: Store, viewing: Viewing, given: Given) -> Proposal:
    """The proposal, worked out once for a data version. At most two statements. Raises `ArgumentInvalid`."""
    most = _asked(viewing, given)["most"]
    return store.kept((SUGGESTED.name, viewing, most), lambda: _worked_out(store, viewing, given, most))


def _worked_out(store: Store, viewing: Viewing, given: Given, most: int) -> Proposal:
    owed = any(duty.name == "HELPER" for duty in in_force(viewing.as_of))
    needs = store.ask(NEEDS, **parameters(viewing, SUGGESTED, given, NEEDS)) if owed else []
    helpers = store.ask(HELPERS, **parameters(viewing, SUGGESTED, given, HELPERS))
    found = [Helper(number, load, tuple(places)) for number, load, places in helpers]
    return proposed([(village, household) for village, household in needs], found, most)


def page(
    store: Store,
    viewing: Viewing,
    proposal: Proposal,
    *,
    first: int,
    after: Sequence[str] | None = None,
    extra: Extra = NOTHING,
) -> Found:
    """One page of a proposal, in order of the key. One statement, where anything of the nodes is asked for."""
    matches, more = proposal.page(first, after if after is not None else SUGGESTED.start)
    rows = [match.row for match in matches]
    if extra.columns and rows:
        return Found(store.ask(SUGGESTED.file, extra, **viewing.parameters(), rows=rows), more)
    return Found(rows, more)
