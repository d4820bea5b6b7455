"""The small graph in which conflicts are looked for: read in two statements, walked in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph_service.services.areas import everywhere
from graph_service.services.conflicts.kinds import Evidence, Node
from graph_service.services.conflicts.stakes import Stakes, operators_amiss
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

BEGINNINGS, WAYS = "conflicts/beginnings", "conflicts/ways"
KIN = ("SAME_AS", "KIN_OF")
ASSETS = ("OPERATES", "OWNS")
NOTHING = Evidence()
Ends = Mapping[Node, Sequence[Evidence]]
NOBODY: Ends = {}


@dataclass(frozen=True, slots=True)
class County:
    """How many projects it has, of how many it is not told who carries them out, which ones the first who is told carries out alone."""

    projects: int
    untold: int
    operator: Node
    alone: tuple[str, ...]


class Ties:
    """Ties by their type and one end. `there`: cadres and operators that have to do with the area asked for; `stakes`: parts that operators hold of each other; `seats`: codes of where they are; `payroll`:
    person → entries of the payroll list."""

    def __init__(self) -> None:
        self._out: dict[tuple[str, Node], dict[Node, list[Evidence]]] = defaultdict(dict)
        self._into: dict[tuple[str, Node], dict[Node, list[Evidence]]] = defaultdict(dict)
        self.cadres: set[str] = set()
        self.there: set[Node] = set()
        self.counties: dict[str, County] = {}
        self.payroll: dict[str, list[str]] = defaultdict(list)
        self.stakes: Stakes = {}
        self.seats: dict[Node, str] = {}

    def add(self, tie: str, a: Node, b: Node, evidence: Evidence = NOTHING) -> None:
        for ends, one, other in ((self._out, a, b), (self._into, b, a)):
            told = ends[tie, one].setdefault(other, [])
            if evidence != NOTHING and evidence not in told:
                told.append(evidence)

    def out(self, tie: str, node: Node) -> Ends:
        """Where ties of a type lead from a node, with their evidence."""
        return self._out.get((tie, node), NOBODY)

    def into(self, tie: str, node: Node) -> Ends:
        """Where ties of a type that lead to a node come from, with their evidence."""
        return self._into.get((tie, node), NOBODY)

    def place(self, node: Node) -> Node | None:
        """Where it lies or lives."""
        tie = "LIVES_IN" if node[0] == "Household" else "LOCATED_IN"
        return next(iter(self.out(tie, node)), None)

    def operator_places(self, operator: Node) -> frozenset[str]:
        """Codes of where it lies, and of where lies what it operates, owns and carries out."""
        reached = [thing for tie in (*ASSETS, "IMPLEMENTS") for thing in self.out(tie, operator)]
        seat = self.seats.get(operator)
        return self.codes([operator, *reached]) | ({seat} if seat else set())

    def codes(self, nodes: Iterable[Node]) -> frozenset[str]:
        """Codes of where they lie."""
        return frozenset(place[1] for node in nodes if (place := self.place(node)) is not None)

    def present(self, cadre: Node) -> bool:
        """Whether a cadre has not left the post."""
        return bool(self.out("POST", cadre))

    def post(self, cadre: Node) -> str:
        """The post of a cadre who has not left it; blank where it is not told."""
        return next((one[0].says or "" for one in self.out("POST", cadre).values()), "")


def beginnings(viewing: Viewing, counties: Sequence[str]) -> dict[str, Any]:
    """What the statement of beginnings takes."""
    first, beyond = (min(counties), max(counties) + "~") if counties else ("", "")
    spans = {"counties": list(counties), "first": first, "beyond": beyond, "everywhere": everywhere(viewing.areas)}
    return {**viewing.parameters(), **spans, "year": viewing.year}


def read(store: Store, viewing: Viewing, counties: Sequence[str]) -> Ties:
    """The ties from which conflicts of the areas asked for may be made; of projects those of these counties. Two statements."""
    ties = Ties()
    for tie, a, a_key, b, b_key, facts in store.ask(BEGINNINGS, **beginnings(viewing, counties)):
        _begin(ties, tie, (a, a_key), (b, b_key), facts)
    asked = {**asked_of(ties), "asOf": viewing.as_of, "seq": viewing.sequence}
    for tie, a, a_key, b, b_key, number, amount, shares, total, says, since in store.ask(WAYS, **asked):
        _lead_on(ties, tie, (a, a_key), (b, b_key), Evidence(number, amount, shares, total, None, says, since))
    return ties


def _begin(ties: Ties, tie: str, a: Node, b: Node, facts: list[Any]) -> None:
    if tie == "PROJECTS":
        projects, untold, numbers = facts
        ties.counties[a[1]] = County(projects, untold, b, tuple(numbers))
    elif tie == "INVESTS_IN":
        part, since, *seats = facts
        # A part of nothing ties nobody.
        if part != 0:
            ties.stakes.setdefault((a, b), []).append(Evidence(part=part, on=since))
        ties.seats.update({node: seat for node, seat in zip((a, b), seats, strict=True) if seat})
    elif tie == "PAYROLL":
        ties.payroll[b[1]].append(a[1])
        ties.add("MEMBER_OF", b, ("Household", facts[0]))
    elif tie == "IDENTITY":
        ties.add(tie, a, b)
        for household in facts:
            ties.add("MEMBER_OF", b, ("Household", household))
    else:
        says, since, there = facts
        ties.add(tie, a, b, Evidence(says=says, on=since))
        if tie in KIN:
            ties.cadres.add(b[1])
        if there:
            ties.there.add(b)


def asked_of(ties: Ties) -> dict[str, list[str]]:
    """From whom ways lead on: of cadres those who, or whose kin, stand for an operator or are members of a household, one that has
    to do with the area; or who help a household there that an operator may be linked with."""
    operators = {operator[1] for operator in operators_amiss(ties.stakes)}
    households = {end[1] for person in ties.payroll for end in ties.out("MEMBER_OF", ("Person", person))}
    cadres = set()
    for cadre in ties.cadres:
        people = {person for tie in KIN for person in ties.into(tie, ("Cadre", cadre))}
        people |= {other for person in people for other in ties.out("IDENTITY", person)}
        helps = ("Cadre", cadre) in ties.there
        stood_for = {end for person in people for end in ties.out("REPRESENTS", person)}
        represented = {end[1] for end in stood_for if helps or end in ties.there}
        homes = {end[1] for person in people for end in ties.out("MEMBER_OF", person)}
        if represented or homes:
            cadres.add(cadre)
            operators |= represented
            households |= homes
    projects = {number for county in ties.counties.values() for number in county.alone}
    named = (("cadres", cadres), ("operators", operators), ("households", households), ("projects", projects))
    return {name: sorted(keys) for name, keys in named}


def _lead_on(ties: Ties, tie: str, a: Node, b: Node, evidence: Evidence) -> None:
    if tie == "HELPS" and evidence.number:
        ties.add("LIVES_IN", b, ("Village", evidence.number))
    if tie == "EMPLOYS" and evidence.number:
        ties.add("MEMBER_OF", b, ("Household", evidence.number))
    if tie == "DISBURSED" and evidence.says:
        ties.add("MEMBER_OF", b, ("Household", evidence.says))
        evidence = replace(evidence, says=None)
    plain = tie in ("HELPS", "EMPLOYS")
    ties.add(tie, a, b, Evidence(says=evidence.says, on=evidence.on) if plain else evidence)
