"""Memberships of persons in households with their relation, from the records of all years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from graph_service.core.recording.version_writer import DRY_RUN_SEQUENCE, VersionWriter
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.write.derived_relationships import (
    MEMBER_OF,
    DerivedRelationship,
    RelationshipChanges,
    StoredRelationship,
    apply_changes,
    stored_relationships,
)
from graph_service.features.imports.write.yearly_spans import (
    Span,
    YearlyRecord,
    keep_ended_spans,
    spans_from_records,
)

FAMILY_NAMESPACE = "family"
BATCH_SIZE = 5_000


class Membership(NamedTuple):
    """Household of a person, with the relation to its head and the original text of that."""

    household: str
    relation: str | None
    relation_text: str | None


class PersonRecord(NamedTuple):
    """The record of a person for one year, of what memberships follow from: the household, and the relation to its head with its original
    text. The day of birth is not among it: the first day of a membership, which everybody may read, would tell it."""

    year: int
    card_no: str | None
    relation: str | None
    relation_text: str | None


class HouseholdPersons(NamedTuple):
    """Persons of a household whose memberships are derived."""

    household: str
    persons: list[str]


class SilentlyEndedMembership(NamedTuple):
    """A person whose membership ended because the household has records of a year and the person has none."""

    person: str
    household: str
    year: int


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


def _batch_by_household(families: KeyIndex) -> Iterator[list[HouseholdPersons]]:
    """Yield batches of households with their persons, each household whole."""
    pairs = (pair.partition("\x1f") for keys in families.batches(FAMILY_NAMESPACE, BATCH_SIZE) for pair in keys)
    batch: list[HouseholdPersons] = []
    person_count = 0
    for household, members in groupby(pairs, key=lambda pair: pair[0]):
        persons = [person for _, _, person in members]
        batch.append(HouseholdPersons(household, persons))
        person_count += len(persons)
        if person_count >= BATCH_SIZE:
            yield batch
            batch, person_count = [], 0
    if batch:
        yield batch


class _HouseholdMember(NamedTuple):
    person: str
    records: list[YearlyRecord[Membership]]
    stored: list[StoredRelationship]


def _derive_families(
    writer: VersionWriter, households: list[HouseholdPersons], silent_until: int | None
) -> list[SilentlyEndedMembership]:
    changes, silently_ended = RelationshipChanges(writer, MEMBER_OF), []
    families: dict[str, list[_HouseholdMember]] = defaultdict(list)
    [[rows]] = writer.store.query(
        "imports/members",
        keys=[household._asdict() for household in households],
        open=OPEN_SEQUENCE,
        seq=writer.sequence or DRY_RUN_SEQUENCE,
    )
    for row in rows:
        records, stored = (
            [PersonRecord(**record) for record in row["records"]],
            stored_relationships(row["memberships"]),
        )
        families[row["household"]].append(_HouseholdMember(row["person"], _membership_records(records, stored), stored))
    for household, members in families.items():
        years = {record.year for member in members for record in member.records if record.state.household == household}
        years = {year for year in years if silent_until is None or year < silent_until}
        for member in members:
            memberships = [membership for membership in member.stored if membership.end_key == household]
            spans = _membership_spans(member, household, memberships, years)
            derived_memberships = [
                DerivedRelationship(
                    household,
                    span.since,
                    span.until,
                    {"relation": span.state.relation, "relation_text": span.state.relation_text},
                    span.ended_as_missing,
                )
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
    apply_changes(writer, (changes,))
    return silently_ended


def _membership_records(
    person_records: Sequence[PersonRecord], stored: Sequence[StoredRelationship]
) -> list[YearlyRecord[Membership]]:
    """Return where a person belongs by the records of the years; a record without a relation takes that of the record before."""
    records: list[YearlyRecord[Membership]] = []
    for record in person_records:
        # A record from before records kept their household: the one to which the person is recorded to belong at the end of its year.
        last_day = record.year * 10000 + 1231
        membership = next(
            (
                stored_membership
                for stored_membership in stored
                if stored_membership.since <= last_day <= stored_membership.until
                and record.card_no in (None, stored_membership.end_key)
            ),
            None,
        )
        household = record.card_no or (membership.end_key if membership else None)
        if household is None:
            continue
        state = Membership(household, record.relation, record.relation_text)
        if record.relation is None and records and records[-1].state.household == household:
            state = records[-1].state
        elif record.relation is None and record.card_no is None and membership is not None:
            state = Membership(household, **membership.values)
        records.append(YearlyRecord(record.year, state))
    return records


def _membership_spans(
    member: _HouseholdMember, household: str, stored: Sequence[StoredRelationship], household_years: set[int]
) -> list[Span[Membership]]:
    stored_spans = [
        Span(
            membership.since,
            membership.until,
            Membership(household, **membership.values),
            membership.ended_as_missing,
        )
        for membership in stored
    ]
    ended_days = [membership.until for membership in stored if membership.ended_as_missing]
    derived_spans = [
        span
        for span in spans_from_records(member.records, ended_days=ended_days, silent_years=household_years)
        if span.state.household == household
    ]
    return keep_ended_spans(stored_spans, derived_spans)
