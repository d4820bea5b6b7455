"""Homes of households, and periods in which they are poor or their status is unclear, from their cards of all years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graph_service.core.recording.version_writer import VersionWriter
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.features.imports.write.derived_relationships import (
    LIVES_IN,
    POOR_IN,
    UNCLEAR_IN,
    DerivedRelationship,
    RelationshipChanges,
    StoredRelationship,
    apply_changes,
    stored_relationships,
)
from graph_service.features.imports.write.poverty import (
    PovertySpan,
    UnclearSpan,
    YearlyCard,
    poverty_spans,
    unclear_spans,
)
from graph_service.features.imports.write.yearly_spans import (
    Span,
    YearlyRecord,
    first_day_of_year,
    keep_ended_spans,
    spans_from_records,
)


def derive_household_relationships(
    writer: VersionWriter, card_nos: Sequence[str], *, include_poverty: bool = True
) -> None:
    """Derive and rewrite where these households live, and the stretches in which they are poor or their status is unclear."""
    home_changes, poverty_changes, unclear_changes = (
        RelationshipChanges(writer, target) for target in (LIVES_IN, POOR_IN, UNCLEAR_IN)
    )
    [[households]] = writer.store.query("imports/homes", keys=list(card_nos), open=OPEN_SEQUENCE)
    for household in households:
        card_no, cards = household["card_no"], [YearlyCard(**card) for card in household["cards"]]
        stored_homes = stored_relationships(household["homes"])
        homes = _derive_homes(cards, stored_homes)
        home_changes.compare(
            card_no,
            (DerivedRelationship(home.state, home.since, home.until, {}, home.ended_as_missing) for home in homes),
            stored_homes,
        )
        if include_poverty:
            poverty_changes.compare(
                card_no, spans_at_homes(homes, poverty_spans(cards)), stored_relationships(household["poor"])
            )
            unclear_changes.compare(
                card_no, unclear_at_homes(homes, unclear_spans(cards)), stored_relationships(household["unclear"])
            )
    apply_changes(writer, (home_changes, poverty_changes, unclear_changes))


def _derive_homes(cards: Sequence[YearlyCard], stored: Sequence[StoredRelationship]) -> list[Span[str]]:
    """Return where a household lives, from its cards in order of years."""
    stored_spans = [Span(home.since, home.until, home.end_key, home.ended_as_missing) for home in stored]
    records: list[YearlyRecord[str]] = []
    for card in cards:
        # A card from before cards kept their village: the village where the household is recorded at the end of its year.
        village = card.village_code or next(
            (span.state for span in stored_spans if span.since <= card.year * 10000 + 1231 <= span.until), None
        )
        if village is not None:
            records.append(YearlyRecord(card.year, village))
    if not records:
        return stored_spans if not cards else []
    first_year = min(
        year for card in cards for year in (card.year, card.exit_year, card.identified_year) if year is not None
    )
    return keep_ended_spans(
        stored_spans,
        spans_from_records(
            records,
            first_day_of_year(first_year),
            [span.until for span in stored_spans if span.ended_as_missing],
        ),
    )


def spans_at_homes(homes: Iterable[Span[str]], periods: Sequence[PovertySpan]) -> Iterator[DerivedRelationship]:
    """Yield each stretch at the home where the household lives during it; only the last part has the exit that ended it."""
    for home in homes:
        for period in periods:
            first, last = max(period.since, home.since), min(period.until, home.until)
            if first <= last:
                exited_in = period.exited_in if last == period.until else None
                yield DerivedRelationship(home.state, first, last, {"exited_in": exited_in})


def unclear_at_homes(homes: Iterable[Span[str]], periods: Sequence[UnclearSpan]) -> Iterator[DerivedRelationship]:
    """Yield each stretch in which the status is unclear at the home where the household lives during it."""
    for home in homes:
        for period in periods:
            first, last = max(period.since, home.since), min(period.until, home.until)
            if first <= last:
                yield DerivedRelationship(home.state, first, last, {})
