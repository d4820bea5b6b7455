"""What follows from the records of all years, whatever the order in which they came: homes, members, stretches of poverty."""

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
"""What rows tell of a year and is derived from the records of all."""
MISSING_SOURCE = "lacking"
"""The last part of the source of what ended as a complete delivery lacked it."""
FAMILY_NAMESPACE = "family"
BATCH_SIZE = 5_000


class StoredRelationship(NamedTuple):
    """A relationship as it is known: its end, first and last day, further values, sequence, whether it ended as a complete delivery lacked it."""

    end_key: str
    since: int
    until: int
    values: list[Any]
    sequence: int
    ended_as_missing: bool


class DerivedRelationship(NamedTuple):
    """A relationship as it follows from the records."""

    end_key: str
    since: int
    until: int
    values: list[Any]
    ended_as_missing: bool = False


class SilentlyEndedMembership(NamedTuple):
    """A person whose membership ended as the household has records of a year, and the person has none."""

    person: str
    household: str
    year: int


class _RelationshipChanges:
    """What has to be written of one target, to be written in one transaction."""

    def __init__(self, writer: VersionWriter, target: Target) -> None:
        self._writer, self._target = writer, target
        self._superseded: list[list[Any]] = []
        self._ended: list[list[Any]] = []
        self._created: list[list[Any]] = []
        self._affected_ends: list[list[Any]] = []

    def compare(
        self, start: str, derived: Iterable[DerivedRelationship], stored: Iterable[StoredRelationship]
    ) -> list[DerivedRelationship]:
        """Take in how one start's relationships differ from what is known; return those that are new or end on another day."""
        missing = {(one.end_key, one.since): one for one in derived}
        altered: list[DerivedRelationship] = []
        for former in stored:
            one = missing.pop((former.end_key, former.since), None)
            if one is not None and (one.until, one.values, one.ended_as_missing) == (
                former.until,
                former.values,
                former.ended_as_missing,
            ):
                continue
            self._affected_ends.append([start, former.end_key])
            if one is not None and former.sequence == self._writer.sequence and one.values == former.values:
                # This import has made it: nobody has seen it yet.
                self._ended.append([start, None, one.since, one.until, self._source(start, one)])
                altered.append(one)
                continue
            self._superseded.append([start, None, former.since])
            if one is not None:
                missing[one.end_key, one.since] = one
        for one in missing.values():
            version = relationship_version(
                self._target, [start, one.end_key, one.since, one.until, *one.values], self._source(start, one)
            )
            self._created.append([*version.leading_values, version.source, None, *version.stored_values])
            self._affected_ends.append([start, one.end_key])
        return [*altered, *missing.values()]

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
    """Derive and write anew where these households live, and in which stretches they are poor or their standing is not clear."""
    lives, poor, doubtful = (_RelationshipChanges(writer, target) for target in (LIVES_IN, POOR_IN, UNCLEAR_IN))
    [[households]] = writer.store.query("imports/homes", keys=list(card_nos), open=OPEN_SEQUENCE)
    for card_no, rows, homes, stays, doubts in households:
        known = [StoredRelationship(*one) for one in homes]
        found = _derive_homes(rows, known)
        lives.compare(
            card_no,
            (DerivedRelationship(one.state, one.since, one.until, [], one.ended_as_missing) for one in found),
            known,
        )
        if include_poverty:
            cards = [YearlyCard(*row[:4]) for row in rows]
            poor.compare(
                card_no, spans_at_homes(found, poverty_spans(cards)), (StoredRelationship(*one) for one in stays)
            )
            spans_in_doubt: list[PovertySpan] = [(first, last, None) for first, last in unclear_spans(cards)]
            wanted = (one._replace(values=[]) for one in spans_at_homes(found, spans_in_doubt))
            doubtful.compare(card_no, wanted, (StoredRelationship(*one) for one in doubts))
    _apply_changes(writer, (lives, poor, doubtful))


def _derive_homes(rows: Sequence[Sequence[Any]], stored: Sequence[StoredRelationship]) -> list[Span[str]]:
    """Return where a household lives, from [year, status, exit year, year of identification, village] of its cards."""
    former = [Span(one.since, one.until, one.end_key, one.ended_as_missing) for one in stored]
    records: list[YearlyRecord[str]] = []
    for year, _, _, _, village in rows:
        # A card from before cards kept their village: where it is known to have lived.
        place = village or next((one.state for one in former if one.since <= year * 10000 + 1231 <= one.until), None)
        if place is not None:
            records.append(YearlyRecord(year, place))
    if not records:
        return former if not rows else []
    begin = min(year for row in rows for year in (row[0], row[2], row[3]) if year is not None)
    return keep_ended_spans(
        former,
        spans_from_records(records, first_day_of_year(begin), [one.until for one in former if one.ended_as_missing]),
    )


def spans_at_homes(homes: Iterable[Span[str]], periods: Sequence[PovertySpan]) -> Iterator[DerivedRelationship]:
    """Give each stretch where the household lives meanwhile; the last part alone has the exit that ended it."""
    for home in homes:
        for since, until, exited_in in periods:
            first, last = max(since, home.since), min(until, home.until)
            if first <= last:
                yield DerivedRelationship(home.state, first, last, [exited_in if last == until else None])


def derive_memberships(
    writer: VersionWriter, persons: KeyIndex, *, silent_until: int | None = None
) -> list[SilentlyEndedMembership]:
    """Derive and write anew who belongs to the households of these persons (space `Person`); return whose membership ended silently.

    `silent_until`: the first year in which silence means nothing, as a complete delivery tells of it; none where it always does.
    """
    found: list[SilentlyEndedMembership] = []
    with KeyIndex() as families:
        for some in persons.batches("Person", BATCH_SIZE):
            [[pairs]] = writer.store.query(
                "imports/families", keys=some, open=OPEN_SEQUENCE, seq=writer.sequence or DRY_RUN_SEQUENCE
            )
            families.add_all(
                FAMILY_NAMESPACE,
                (f"{household}\x1f{person}" for person, households in pairs for household in households),
            )
        for asked in _batch_by_household(families):
            found.extend(_derive_families(writer, asked, silent_until))
    return found


def _batch_by_household(families: KeyIndex) -> Iterator[list[list[Any]]]:
    """Give [household, its persons], some at a time, each household whole."""
    pairs = (pair.partition("\x1f") for some in families.batches(FAMILY_NAMESPACE, BATCH_SIZE) for pair in some)
    batch: list[list[Any]] = []
    many = 0
    for household, members in groupby(pairs, key=lambda pair: pair[0]):
        batch.append([household, [person for _, _, person in members]])
        many += len(batch[-1][1])
        if many >= BATCH_SIZE:
            yield batch
            batch, many = [], 0
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
    steps, silent = _RelationshipChanges(writer, MEMBER_OF), []
    families: dict[str, list[_HouseholdMember]] = defaultdict(list)
    [[rows]] = writer.store.query(
        "imports/members", keys=households, open=OPEN_SEQUENCE, seq=writer.sequence or DRY_RUN_SEQUENCE
    )
    for household, person, records, known in rows:
        former = [StoredRelationship(*one) for one in known]
        born = min((row[4] for row in records if row[4] is not None), default=None)
        families[household].append(_HouseholdMember(person, _membership_records(records, former), former, born))
    for household, members in families.items():
        years = {record.year for one in members for record in one.records if record.state[0] == household}
        years = {year for year in years if silent_until is None or year < silent_until}
        for one in members:
            known = [former for former in one.stored if former.end_key == household]
            found = _membership_spans(one, household, known, years)
            wanted = [
                DerivedRelationship(household, span.since, span.until, list(span.state[1:]), span.ended_as_missing)
                for span in found
            ]
            altered = {(made.since, made.until) for made in steps.compare(one.person, wanted, known)}
            silent += [
                SilentlyEndedMembership(one.person, household, span.until // 10000 + 1)
                for span in found
                if span.ended_silently and (span.since, span.until) in altered
            ]
    _apply_changes(writer, (steps,))
    return silent


def _membership_records(
    rows: Sequence[Sequence[Any]], stored: Sequence[StoredRelationship]
) -> list[YearlyRecord[tuple[str, str | None, str | None]]]:
    """Return [year, household, relation, its text, day of birth] as records; of a relation that one does not tell, the one before does."""
    found: list[YearlyRecord[tuple[str, str | None, str | None]]] = []
    for year, household, relation, text, _ in rows:
        # A record from before records kept their household: where the person is known to have belonged.
        last = year * 10000 + 1231
        former = next(
            (one for one in stored if one.since <= last <= one.until and household in (None, one.end_key)), None
        )
        home = household or (former.end_key if former else None)
        if home is None:
            continue
        said = [relation, text]
        if relation is None and found and found[-1].state[0] == home:
            said = list(found[-1].state[1:])
        elif relation is None and household is None and former is not None:
            said = former.values
        found.append(YearlyRecord(year, (home, said[0], said[1])))
    return found


def _membership_spans(
    member: _HouseholdMember, household: str, stored: Sequence[StoredRelationship], household_years: set[int]
) -> list[Span[tuple[str, str | None, str | None]]]:
    begin = None
    if member.records and member.born_on is not None and member.born_on // 10000 == member.records[0].year:
        begin = member.born_on
    former = [Span(was.since, was.until, (household, *was.values), was.ended_as_missing) for was in stored]
    lacked = [was.until for was in stored if was.ended_as_missing]
    found = [
        span
        for span in spans_from_records(member.records, begin, lacked, household_years)
        if span.state[0] == household
    ]
    return keep_ended_spans(former, found)


def _apply_changes(writer: VersionWriter, changes: Iterable[_RelationshipChanges]) -> None:
    steps = [step for one in changes for step in one.statements()]
    if steps:
        writer.apply(steps)
