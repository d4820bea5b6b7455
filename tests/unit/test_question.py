"""Pages of computed answers; rows without what depends on hidden nodes."""

from __future__ import annotations

from typing import NamedTuple

from graph_service.core.question import RecordList, ResultTotals
from graph_service.features.conflicts.models import Conflict, ConflictCandidate, ConflictEvidence, ConflictPath

CADRE, FARM, ASSET = ("Cadre", "GB1"), ("Enterprise", "915101"), ("Asset", "ZC1")


class Area(NamedTuple):
    code: str
    rank: int


AREAS = [Area("511000", 1), Area("511000", 3), Area("512000", 2)]
RESULTS = RecordList(AREAS, lambda row: (row.code, row.rank), ResultTotals(3, 7))


def test_pages_of_a_computed_answer_lose_and_repeat_nothing() -> None:
    first, rest = RESULTS.page(2, None), RESULTS.page(2, ("511000", 3))
    assert (first.rows, first.has_next) == (AREAS[:2], True)
    assert (rest.rows, rest.has_next) == (AREAS[2:], False)


def test_a_position_between_rows_continues_behind_it() -> None:
    assert RESULTS.page(9, ("511000", 2)).rows == AREAS[1:]
    assert RESULTS.page(9, ("513000", 0)).rows == []


def conflict() -> ConflictCandidate:
    path = ConflictPath.starting_at(CADRE)
    path.add_step(FARM, "REPRESENTS", [ConflictEvidence(day=20150101)], is_forward=True)
    path.add_step(ASSET, "HOLDS", [ConflictEvidence(number="GQ1", amount=100, detail="ORDINARY")], is_forward=True)
    return ConflictCandidate(
        "OPERATOR_OF_DUTY", "GB1", frozenset({"511000"}), Conflict(tuple(path.steps), cadre="GB1", amount=100)
    )


def test_a_step_keeps_its_evidence_where_both_ends_are_visible() -> None:
    masked = conflict().mask_hidden(lambda node: node != CADRE).conflict
    assert masked is not None
    assert [step.is_hidden for step in masked.steps] == [True, False, False]
    assert [len(step.evidence) for step in masked.steps] == [0, 0, 1]
    assert masked.amount == 100


def test_an_amount_is_hidden_with_any_of_its_evidence() -> None:
    masked = conflict().mask_hidden(lambda node: node != ASSET).conflict
    assert masked is not None
    assert [step.node for step in masked.steps] == [CADRE, FARM, ASSET], "the path stays whole"
    assert (masked.amount, masked.steps[2].evidence) == (None, ())


def test_a_document_tells_what_its_relationship_says() -> None:
    certificate = conflict().conflict.steps[2].evidence[0]  # type: ignore[union-attr]
    assert (certificate.share_kind, certificate.kinship, certificate.post) == ("ORDINARY", None, None)
