"""What follows from the records of all years, whatever the order in which they came: homes, members, stretches of poverty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from graph_service.declare import OPEN
from graph_service.services.imports.homes import Record, Span, kept, new_year, spans
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.poverty import Card, Stretch, stretches, unclear
from graph_service.services.imports.versions import Target, relationship_version, upsert
from graph_service.services.imports.writing import NOBODY, Writer

LIVES: Target = ("LIVES_IN", "Household", "Village")
BELONGS: Target = ("MEMBER_OF", "Person", "Household")
POOR: Target = ("POOR_IN", "Household", "Village")
UNCLEAR: Target = ("UNCLEAR_IN", "Household", "Village")
PLACED = ("LIVES_IN", "MEMBER_OF")
"""What rows tell of a year and is derived from the records of all."""
LACKING = "lacking"
"""The last part of the source of what ended as a complete delivery lacked it."""
FAMILY = "family"
BATCH = 5_000


class Former(NamedTuple):
    """A relationship as it is known: its end, first and last day, further values, sequence, whether it ended as a complete delivery lacked it."""

    end: str
    since: int
    until: int
    values: list[Any]
    recorded: int
    lacking: bool


class Wanted(NamedTuple):
    """A relationship as it follows from the records."""

    end: str
    since: int
    until: int
    values: list[Any]
    lacking: bool = False


class Silent(NamedTuple):
    """A person whose membership ended as the household has records of a year, and the person has none."""

    person: str
    household: str
    year: int


class _Steps:
    """What has to be written of one target, to be written in one transaction."""

    def __init__(self, writer: Writer, target: Target) -> None:
        self._writer, self._target = writer, target
        self._gone: list[list[Any]] = []
        self._ended: list[list[Any]] = []
        self._fresh: list[list[Any]] = []
        self._ends: list[list[Any]] = []

    def compare(self, start: str, wanted: Iterable[Wanted], known: Iterable[Former]) -> list[Wanted]:
        """Take in how one start's relationships differ from what is known; return those that are new or end on another day."""
        missing = {(one.end, one.since): one for one in wanted}
        altered: list[Wanted] = []
        for former in known:
            one = missing.pop((former.end, former.since), None)
            if one is not None and (one.until, one.values, one.lacking) == (
                former.until,
                former.values,
                former.lacking,
            ):
                continue
            self._ends.append([start, former.end])
            if one is not None and former.recorded == self._writer.sequence and one.values == former.values:
                # This import has made it: nobody has seen it yet.
                self._ended.append([start, None, one.since, one.until, self._source(start, one)])
                altered.append(one)
                continue
            self._gone.append([start, None, former.since])
            if one is not None:
                missing[one.end, one.since] = one
        for one in missing.values():
            version = relationship_version(
                self._target, [start, one.end, one.since, one.until, *one.values], self._source(start, one)
            )
            self._fresh.append([*version.ends, version.source, None, *version.stored])
            self._ends.append([start, one.end])
        return [*altered, *missing.values()]

    def _source(self, start: str, one: Wanted) -> str:
        return f"derived!{self._target[0]}!{LACKING if one.lacking else start}"

    def statements(self) -> Iterator[tuple[str, list[Any]]]:
        texts = upsert(self._target)
        self._writer.touched.add(self._target, self._ends)
        for text, rows in ((texts.supersede, self._gone), (texts.end, self._ended), (texts.create, self._fresh)):
            if rows:
                yield text, rows


def settle_households(writer: Writer, card_nos: Sequence[str], *, poverty: bool = True) -> None:
    """Derive and write anew where these households live, and in which stretches they are poor or their standing is not clear."""
    lives, poor, doubtful = (_Steps(writer, target) for target in (LIVES, POOR, UNCLEAR))
    [[households]] = writer.store.ask("imports/homes", keys=list(card_nos), open=OPEN)
    for card_no, rows, homes, stays, doubts in households:
        known = [Former(*one) for one in homes]
        found = _homes(rows, known)
        lives.compare(card_no, (Wanted(one.state, one.since, one.until, [], one.lacking) for one in found), known)
        if poverty:
            cards = [Card(*row[:4]) for row in rows]
            poor.compare(card_no, during(found, stretches(cards)), (Former(*one) for one in stays))
            spans_in_doubt: list[Stretch] = [(first, last, None) for first, last in unclear(cards)]
            wanted = (one._replace(values=[]) for one in during(found, spans_in_doubt))
            doubtful.compare(card_no, wanted, (Former(*one) for one in doubts))
    _apply(writer, (lives, poor, doubtful))


def _homes(rows: Sequence[Sequence[Any]], known: Sequence[Former]) -> list[Span[str]]:
    """Return where a household lives, from [year, status, exit year, year of identification, village] of its cards."""
    former = [Span(one.since, one.until, one.end, one.lacking) for one in known]
    records: list[Record[str]] = []
    for year, _, _, _, village in rows:
        # A card from before cards kept their village: where it is known to have lived.
        place = village or next((one.state for one in former if one.since <= year * 10000 + 1231 <= one.until), None)
        if place is not None:
            records.append(Record(year, place))
    if not records:
        return former if not rows else []
    begin = min(year for row in rows for year in (row[0], row[2], row[3]) if year is not None)
    return kept(former, spans(records, new_year(begin), [one.until for one in former if one.lacking]))


def during(homes: Iterable[Span[str]], stretches: Sequence[Stretch]) -> Iterator[Wanted]:
    """Give each stretch where the household lives meanwhile; the last part alone has the exit that ended it."""
    for home in homes:
        for since, until, exited_in in stretches:
            first, last = max(since, home.since), min(until, home.until)
            if first <= last:
                yield Wanted(home.state, first, last, [exited_in if last == until else None])


def settle_persons(writer: Writer, persons: Keys, *, silent_until: int | None = None) -> list[Silent]:
    """Derive and write anew who belongs to the households of these persons (space `Person`); return whose membership ended silently.

    `silent_until`: the first year in which silence means nothing, as a complete delivery tells of it; none where it always does.
    """
    found: list[Silent] = []
    with Keys() as families:
        for some in persons.batches("Person", BATCH):
            [[pairs]] = writer.store.ask("imports/families", keys=some, open=OPEN, seq=writer.sequence or NOBODY)
            families.add_all(
                FAMILY, (f"{household}\x1f{person}" for person, households in pairs for household in households)
            )
        for asked in _by_household(families):
            found.extend(_settle_families(writer, asked, silent_until))
    return found


def _by_household(families: Keys) -> Iterator[list[list[Any]]]:
    """Give [household, its persons], some at a time, each household whole."""
    pairs = (pair.partition("\x1f") for some in families.batches(FAMILY, BATCH) for pair in some)
    batch: list[list[Any]] = []
    many = 0
    for household, members in groupby(pairs, key=lambda pair: pair[0]):
        batch.append([household, [person for _, _, person in members]])
        many += len(batch[-1][1])
        if many >= BATCH:
            yield batch
            batch, many = [], 0
    if batch:
        yield batch


class _Member(NamedTuple):
    person: str
    records: list[Record[tuple[str, str | None, str | None]]]
    known: list[Former]
    born_on: int | None


def _settle_families(writer: Writer, asked: list[list[Any]], silent_until: int | None) -> list[Silent]:
    steps, silent = _Steps(writer, BELONGS), []
    families: dict[str, list[_Member]] = defaultdict(list)
    [[rows]] = writer.store.ask("imports/members", keys=asked, open=OPEN, seq=writer.sequence or NOBODY)
    for household, person, records, known in rows:
        former = [Former(*one) for one in known]
        born = min((row[4] for row in records if row[4] is not None), default=None)
        families[household].append(_Member(person, _records(records, former), former, born))
    for household, members in families.items():
        years = {record.year for one in members for record in one.records if record.state[0] == household}
        years = {year for year in years if silent_until is None or year < silent_until}
        for one in members:
            known = [former for former in one.known if former.end == household]
            found = _memberships(one, household, known, years)
            wanted = [Wanted(household, span.since, span.until, list(span.state[1:]), span.lacking) for span in found]
            altered = {(made.since, made.until) for made in steps.compare(one.person, wanted, known)}
            silent += [
                Silent(one.person, household, span.until // 10000 + 1)
                for span in found
                if span.silent and (span.since, span.until) in altered
            ]
    _apply(writer, (steps,))
    return silent


def _records(
    rows: Sequence[Sequence[Any]], known: Sequence[Former]
) -> list[Record[tuple[str, str | None, str | None]]]:
    """Return [year, household, relation, its text, day of birth] as records; of a relation that one does not tell, the one before does."""
    found: list[Record[tuple[str, str | None, str | None]]] = []
    for year, household, relation, text, _ in rows:
        # A record from before records kept their household: where the person is known to have belonged.
        last = year * 10000 + 1231
        former = next((one for one in known if one.since <= last <= one.until and household in (None, one.end)), None)
        home = household or (former.end if former else None)
        if home is None:
            continue
        said = [relation, text]
        if relation is None and found and found[-1].state[0] == home:
            said = list(found[-1].state[1:])
        elif relation is None and household is None and former is not None:
            said = former.values
        found.append(Record(year, (home, said[0], said[1])))
    return found


def _memberships(
    one: _Member, household: str, known: Sequence[Former], years: set[int]
) -> list[Span[tuple[str, str | None, str | None]]]:
    begin = None
    if one.records and one.born_on is not None and one.born_on // 10000 == one.records[0].year:
        begin = one.born_on
    former = [Span(was.since, was.until, (household, *was.values), was.lacking) for was in known]
    lacked = [was.until for was in known if was.lacking]
    found = [span for span in spans(one.records, begin, lacked, years) if span.state[0] == household]
    return kept(former, found)


def _apply(writer: Writer, some: Iterable[_Steps]) -> None:
    steps = [step for one in some for step in one.statements()]
    if steps:
        writer.apply(steps)
