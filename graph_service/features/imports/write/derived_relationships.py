"""Relationships that follow from the records of all years, in whatever order these came: homes, members, stretches of poverty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from graph_service.core.recording.record_versions import Target, relationship_version, upsert_statements
from graph_service.core.recording.version_writer import DRY_RUN_SEQUENCE, VersionWriter
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.write.poverty import PovertySpan, YearlyCard, poverty_spans, unclear_spans
from graph_service.features.imports.write.yearly_spans import (
    Span,
    YearlyRecord,
    first_day_of_year,
    keep_ended_spans,
    spans_from_records,
)

LIVES_IN: Target = ("LIVES_IN", "Household", "Village")
MEMBER_OF: Target = ("MEMBER_OF", "Person", "Household")
POOR_IN: Target = ("POOR_IN", "Household", "Village")
UNCLEAR_IN: Target = ("UNCLEAR_IN", "Household", "Village")
DERIVED_TYPES = ("LIVES_IN", "MEMBER_OF")
"""Relationships that rows state for a year and that are derived from the records of all years."""
MISSING_SOURCE = "lacking"
"""The last part of the source of a relationship that ended because a complete delivery lacked it."""
FAMILY_NAMESPACE = "family"
BATCH_SIZE = 5_000


class StoredRelationship(NamedTuple):
    """A recorded relationship: end node, first and last day, further values, sequence, and whether it ended because a complete
    delivery lacked it."""

    end_key: str
    since: int
    until: int
    values: list[Any]
    sequence: int
    ended_as_missing: bool


class DerivedRelationship(NamedTuple):
    """A relationship that follows from the records."""

    end_key: str
    since: int
    until: int
    values: list[Any]
    ended_as_missing: bool = False


class SilentlyEndedMembership(NamedTuple):
    """A person whose membership ended because the household has records of a year and the person has none."""

    person: str
    household: str
    year: int


class _RelationshipChanges:
    """Changes to the relationships of one target, to be written in one transaction."""

    def __init__(self, writer: VersionWriter, target: Target) -> None:
        self._writer, self._target = writer, target
        self._superseded: list[list[Any]] = []
        self._ended: list[list[Any]] = []
        self._created: list[list[Any]] = []
        self._affected_ends: list[list[Any]] = []

    def compare(
        self, start: str, derived: Iterable[DerivedRelationship], stored: Iterable[StoredRelationship]
    ) -> list[DerivedRelationship]:
        """Add the differences between derived and stored relationships of one start node; return those that are new or end on
        another day."""
        unmatched = {(relationship.end_key, relationship.since): relationship for relationship in derived}
        changed_relationships: list[DerivedRelationship] = []
        for existing in stored:
            relationship = unmatched.pop((existing.end_key, existing.since), None)
            if relationship is not None and (
                relationship.until,
                relationship.values,
                relationship.ended_as_missing,
            ) == (
                existing.until,
                existing.values,
                existing.ended_as_missing,
            ):
                continue
            self._affected_ends.append([start, existing.end_key])
            if (
                relationship is not None
                and existing.sequence == self._writer.sequence
                and relationship.values == existing.values
            ):
                # This import created it and it is not published yet, so it may be changed in place.
                self._ended.append(
                    [start, None, relationship.since, relationship.until, self._source(start, relationship)]
                )
                changed_relationships.append(relationship)
                continue
            self._superseded.append([start, None, existing.since])
            if relationship is not None:
                unmatched[relationship.end_key, relationship.since] = relationship
        for relationship in unmatched.values():
            version = relationship_version(
                self._target,
                [start, relationship.end_key, relationship.since, relationship.until, *relationship.values],
                self._source(start, relationship),
            )
            self._created.append([*version.leading_values, version.source, None, *version.stored_values])
            self._affected_ends.append([start, relationship.end_key])
        return [*changed_relationships, *unmatched.values()]

    def _source(self, start: str, relationship: DerivedRelationship) -> str:
        return f"derived!{self._target[0]}!{MISSING_SOURCE if relationship.ended_as_missing else start}"

    def statements(self) -> Iterator[tuple[str, list[Any]]]:
        texts = upsert_statements(self._target)
        self._writer.affected_counties.add(self._target, self._affected_ends)
        for text, rows in (
            (texts.supersede, self._superseded),
            (texts.end, self._ended),
            (texts.create, self._created),
        ):
            if rows:
                yield text, rows


def derive_household_relationships(
    writer: VersionWriter, card_nos: Sequence[str], *, include_poverty: bool = True
) -> None:
    """Derive and rewrite where these households live, and the stretches in which they are poor or their status is unclear."""
    home_changes, poverty_changes, unclear_changes = (
        _RelationshipChanges(writer, target) for target in (LIVES_IN, POOR_IN, UNCLEAR_IN)
    )
    [[households]] = writer.store.query("imports/homes", keys=list(card_nos), open=OPEN_SEQUENCE)
    for card_no, card_rows, home_rows, poverty_rows, unclear_rows in households:
        stored_homes = [StoredRelationship(*row) for row in home_rows]
        homes = _derive_homes(card_rows, stored_homes)
        home_changes.compare(
            card_no,
            (DerivedRelationship(home.state, home.since, home.until, [], home.ended_as_missing) for home in homes),
            stored_homes,
        )
        if include_poverty:
            cards = [YearlyCard(*row[:4]) for row in card_rows]
            poverty_changes.compare(
                card_no,
                spans_at_homes(homes, poverty_spans(cards)),
                (StoredRelationship(*row) for row in poverty_rows),
            )
            periods: list[PovertySpan] = [(first, last, None) for first, last in unclear_spans(cards)]
            unclear_relationships = (span._replace(values=[]) for span in spans_at_homes(homes, periods))
            unclear_changes.compare(card_no, unclear_relationships, (StoredRelationship(*row) for row in unclear_rows))
    _apply_changes(writer, (home_changes, poverty_changes, unclear_changes))


def _derive_homes(rows: Sequence[Sequence[Any]], stored: Sequence[StoredRelationship]) -> list[Span[str]]:
    """Return where a household lives, from [year, status, exit year, year of identification, village] of its cards."""
    stored_spans = [Span(home.since, home.until, home.end_key, home.ended_as_missing) for home in stored]
    records: list[YearlyRecord[str]] = []
    for year, _, _, _, card_village in rows:
        # A card from before cards kept their village: the village where the household is recorded at the end of its year.
        village = card_village or next(
            (span.state for span in stored_spans if span.since <= year * 10000 + 1231 <= span.until), None
        )
        if village is not None:
            records.append(YearlyRecord(year, village))
    if not records:
        return stored_spans if not rows else []
    first_year = min(year for row in rows for year in (row[0], row[2], row[3]) if year is not None)
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
        for since, until, exited_in in periods:
            first, last = max(since, home.since), min(until, home.until)
            if first <= last:
                yield DerivedRelationship(home.state, first, last, [exited_in if last == until else None])


def derive_memberships(
    writer: VersionWriter, persons: KeyIndex, *, silent_until: int | None = None
) -> list[SilentlyEndedMembership]:
    """Derive and rewrite who belongs to the households of these persons (namespace `Person`); return the memberships that ended
    silently.

    `silent_until`: the first year in which missing records mean nothing, because a complete delivery decides on it; None where they
    always count.
    """
    ended_memberships: list[SilentlyEndedMembership] = []
    with KeyIndex() as families:
        for person_nos in persons.batches("Person", BATCH_SIZE):
            [[pairs]] = writer.store.query(
                "imports/families", keys=person_nos, open=OPEN_SEQUENCE, seq=writer.sequence or DRY_RUN_SEQUENCE
            )
            families.add_all(
                FAMILY_NAMESPACE,
                (f"{household}\x1f{person}" for person, households in pairs for household in households),
            )
        for household_batch in _batch_by_household(families):
            ended_memberships.extend(_derive_families(writer, household_batch, silent_until))
    return ended_memberships


def _batch_by_household(families: KeyIndex) -> Iterator[list[list[Any]]]:
    """Yield batches of [household, its persons], each household whole."""
    pairs = (pair.partition("\x1f") for keys in families.batches(FAMILY_NAMESPACE, BATCH_SIZE) for pair in keys)
    batch: list[list[Any]] = []
    person_count = 0
    for household, members in groupby(pairs, key=lambda pair: pair[0]):
        batch.append([household, [person for _, _, person in members]])
        person_count += len(batch[-1][1])
        if person_count >= BATCH_SIZE:
            yield batch
            batch, person_count = [], 0
    if batch:
        yield batch


class _HouseholdMember(NamedTuple):
    person: str
    records: list[YearlyRecord[tuple[str, str | None, str | None]]]
    stored: list[StoredRelationship]
    born_on: int | None


def _derive_families(
    writer: VersionWriter, households: list[list[Any]], silent_until: int | None
) -> list[SilentlyEndedMembership]:
    changes, silently_ended = _RelationshipChanges(writer, MEMBER_OF), []
    families: dict[str, list[_HouseholdMember]] = defaultdict(list)
    [[rows]] = writer.store.query(
        "imports/members", keys=households, open=OPEN_SEQUENCE, seq=writer.sequence or DRY_RUN_SEQUENCE
    )
    for household, person, record_rows, memberships in rows:
        stored = [StoredRelationship(*row) for row in memberships]
        born_on = min((row[4] for row in record_rows if row[4] is not None), default=None)
        families[household].append(_HouseholdMember(person, _membership_records(record_rows, stored), stored, born_on))
    for household, members in families.items():
        years = {record.year for member in members for record in member.records if record.state[0] == household}
        years = {year for year in years if silent_until is None or year < silent_until}
        for member in members:
            memberships = [membership for membership in member.stored if membership.end_key == household]
            spans = _membership_spans(member, household, memberships, years)
            derived_memberships = [
                DerivedRelationship(household, span.since, span.until, list(span.state[1:]), span.ended_as_missing)
                for span in spans
            ]
            changed_days = {
                (membership.since, membership.until)
                for membership in changes.compare(member.person, derived_memberships, memberships)
            }
            silently_ended += [
                SilentlyEndedMembership(member.person, household, span.until // 10000 + 1)
                for span in spans
                if span.ended_silently and (span.since, span.until) in changed_days
            ]
    _apply_changes(writer, (changes,))
    return silently_ended


def _membership_records(
    rows: Sequence[Sequence[Any]], stored: Sequence[StoredRelationship]
) -> list[YearlyRecord[tuple[str, str | None, str | None]]]:
    """Return [year, household, relation, its text, day of birth] as records; a record without a relation takes that of the record
    before."""
    records: list[YearlyRecord[tuple[str, str | None, str | None]]] = []
    for year, recorded_household, relation, text, _ in rows:
        # A record from before records kept their household: the one to which the person is recorded to belong at the end of its year.
        last_day = year * 10000 + 1231
        membership = next(
            (
                stored_membership
                for stored_membership in stored
                if stored_membership.since <= last_day <= stored_membership.until
                and recorded_household in (None, stored_membership.end_key)
            ),
            None,
        )
        household = recorded_household or (membership.end_key if membership else None)
        if household is None:
            continue
        relation_values = [relation, text]
        if relation is None and records and records[-1].state[0] == household:
            relation_values = list(records[-1].state[1:])
        elif relation is None and recorded_household is None and membership is not None:
            relation_values = membership.values
        records.append(YearlyRecord(year, (household, relation_values[0], relation_values[1])))
    return records


def _membership_spans(
    member: _HouseholdMember, household: str, stored: Sequence[StoredRelationship], household_years: set[int]
) -> list[Span[tuple[str, str | None, str | None]]]:
    first_day = None
    if member.records and member.born_on is not None and member.born_on // 10000 == member.records[0].year:
        first_day = member.born_on
    stored_spans = [
        Span(membership.since, membership.until, (household, *membership.values), membership.ended_as_missing)
        for membership in stored
    ]
    ended_days = [membership.until for membership in stored if membership.ended_as_missing]
    derived_spans = [
        span
        for span in spans_from_records(member.records, first_day, ended_days, household_years)
        if span.state[0] == household
    ]
    return keep_ended_spans(stored_spans, derived_spans)


def _apply_changes(writer: VersionWriter, changes: Iterable[_RelationshipChanges]) -> None:
    statements = [statement for relationship_changes in changes for statement in relationship_changes.statements()]
    if statements:
        writer.apply(statements)
