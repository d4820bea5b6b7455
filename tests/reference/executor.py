"""The directory answered by graphql-core's own executor over a graph in memory: field by field, slowly and plainly."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cmp_to_key
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLSchema, build_schema, execute_sync, parse

from graph_service.domain.area_paths import location_kind
from graph_service.domain.fields import (
    RelationshipField,
    ValueField,
    camel_case,
    node_value_fields,
    relationship_fields,
    relationship_value_fields,
    subtype_labels,
    yearly_label,
)
from graph_service.domain.metamodel import (
    FIRST_DAY,
    LAST_DAY,
    AnchorStep,
    Label,
    LabelStorage,
    PropertyKind,
)
from graph_service.domain.model import MODEL
from graph_service.domain.pinyin import to_pinyin
from graph_service.graphql.cursors import (
    decode_cursor,
    decode_global_id,
    encode_cursor,
    encode_global_id,
    format_mark,
)
from graph_service.graphql.schema import sdl
from tests.reference.graphs import DAY, SEQUENCES, Graph, Thing, Tie, Version
from tests.reference.truth import both, either, holds_of

ONLY = "$"
"""Ends a code that is meant without what lies below it."""
Areas = list[str] | None
"""Beginnings of codes; None: everything, whether or not it lies in any."""


@dataclass(frozen=True, slots=True)
class View:
    """For whom, for which day, on which data."""

    graph: Graph
    day: int
    sequence: int
    granted: Areas
    asked: tuple[int | None, int | None] = (None, None)
    """The day and the version that the question names."""

    def known(self, version: Version) -> bool:
        return version.recorded <= self.sequence < version.superseded

    def holds(self, tie: Tie) -> bool:
        values = tie.version.values
        return self.known(tie.version) and values["since"] <= self.day <= values["until"]

    def state(self, thing: Thing) -> dict[str, Any]:
        """The values of a thing that are known; none where it has none yet."""
        if MODEL.labels[thing.label].storage is not LabelStorage.STATE:
            return thing.states[0].values
        return next((version.values for version in thing.states if self.known(version)), {})

    def there(self, thing: Thing) -> bool:
        if thing.owner is not None:
            return self.known(thing.states[0])
        return thing.recorded <= self.sequence

    def seen(self, thing: Thing, label: str) -> bool:
        """Whether a node lies in what is granted, or is public."""
        anchors = MODEL.labels[label].anchors
        return self.granted is None or not anchors or self.lies(thing, anchors, self.granted)

    def lies(self, thing: Thing, anchors: Iterable[tuple[AnchorStep, ...]], codes: list[str]) -> bool:
        return any(inside(area.key, codes) for path in anchors for area in self.areas(thing, path))

    def areas(self, thing: Thing, path: tuple[AnchorStep, ...]) -> Iterator[Thing]:
        """Where one of a label's anchors leads to. A tie of which there is one on a day counts on the day, others whenever."""
        if not path:
            if thing.is_a("Area"):
                yield thing
            return
        step, *rest = path
        if step.relationship == "OF":
            assert thing.owner is not None
            yield from self.areas(thing.owner, tuple(rest))
            return
        one = MODEL.relationships[step.relationship].single_from == ("start" if step.forward else "end")
        for tie in thing.ties[step.relationship, step.forward]:
            if self.holds(tie) if one else self.known(tie.version):
                yield from self.areas(tie.end if step.forward else tie.start, tuple(rest))


@dataclass(frozen=True, slots=True)
class Node:
    thing: Thing
    label: str
    view: View


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: the node, how it is reached, its place in the list's order."""

    node: Node
    place: list[Any]
    tie: Tie | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A page."""

    rows: list[Row]
    total: int
    previous: bool
    following: bool
    view: View


def inside(code: str, codes: list[str]) -> bool:
    return (code + ONLY).startswith(tuple(codes))


def refused(code: str) -> GraphQLError:
    return GraphQLError(code, extensions={"code": code})


def page(rows: list[Row], arguments: dict[str, Any], down: int | None, view: View) -> Rows:
    """`down`: which part of a place is in falling order."""

    def compared(one: list[Any], other: list[Any]) -> int:
        for at, (a, b) in enumerate(zip(one, other, strict=True)):
            if a != b:
                return (-1 if a < b else 1) * (-1 if at == down else 1)
        return 0

    in_order = cmp_to_key(compared)
    found = sorted(rows, key=lambda row: in_order(row.place))
    after, before = arguments.get("after"), arguments.get("before")
    kinds = [type(part) for part in found[0].place] if found else []
    if after is not None and found:
        start = decode_cursor(after, kinds)
        found = [row for row in found if compared(row.place, start) > 0]
    if before is not None and found:
        end = decode_cursor(before, kinds)
        found = [row for row in found if compared(row.place, end) < 0]
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None and after is None and before is not None:
        last = 50
    if last is not None:
        shown = found[max(0, len(found) - last) :]
        return Rows(shown, len(rows), len(shown) < len(found), before is not None, view)
    shown = found[: 50 if first is None else first]
    return Rows(shown, len(rows), after is not None, len(shown) < len(found), view)


class Conditions:
    """What a `where` says of a node: true, false, or unknown (None)."""

    def __init__(self, view: View) -> None:
        self._view = view

    def label(self, label: Label, thing: Thing, given: dict[str, Any]) -> bool | None:
        ways = {hop.name: hop for hop in relationship_fields(MODEL, label)}
        found = [self.properties(label, thing, given)]
        for name, value in given.items():
            if value is None:
                continue
            if name in ways and not ways[name].latest:
                found += self._hop(thing, ways[name], value)
            elif name == "lacks":
                found.append(any(self._lacks(thing, duty) for duty in value))
            elif name == "not":
                found.append(not self.label(label, thing, value))
            elif name == "all":
                found.append(both(self.label(label, thing, one) for one in value))
            elif name == "any":
                found.append(either(self.label(label, thing, one) for one in value))
        return both(found)

    def _lacks(self, household: Thing, duty: str) -> bool:
        """Whether the household is poor, or exited at most three years ago, and has no helper in post; or has, and no visit of the last
        six months."""
        view, (year, month) = self._view, divmod(self._view.day // 100, 100)

        def begun(type_: str, forward: bool) -> list[Tie]:
            ties = household.ties[type_, forward]
            return [tie for tie in ties if view.known(tie.version) and tie.version.values["since"] <= view.day]

        def exited(tie: Tie) -> bool:
            left = tie.version.values.get("exited_in")
            return left is not None and left <= year <= left + 3

        if not any(view.holds(tie) or exited(tie) for tie in begun("POOR_IN", True)):
            return False
        helpers = [view.state(tie.start).get("left_on") for tie in begun("HELPS", False) if view.holds(tie)]
        helped = any(left is None or left > view.day for left in helpers)
        if duty == "HELPER":
            return not helped
        year, month = (year, month - 6) if month > 6 else (year - 1, month + 6)
        since = min(view.day % 100, monthrange(year, month)[1]) + 100 * month + 10000 * year
        return helped and not any(tie.version.values["since"] >= since for tie in begun("VISITED", False))

    def properties(self, label: Label, thing: Thing, given: dict[str, Any]) -> bool | None:
        leaves, state = node_value_fields(label), self._view.state(thing)
        on_state = [leaf for leaf in leaves if leaf.stored_on == "state" and says(given.get(leaf.name))]
        found = [
            holds_of(leaf, value_of(leaf, thing, state), given[leaf.name])
            for leaf in leaves
            if leaf.stored_on == "node" and given.get(leaf.name)
        ]
        if on_state:
            # What has no state known has none that is so.
            found.append(
                bool(state)
                and both(holds_of(leaf, state.get(leaf.stored_name), given[leaf.name]) for leaf in on_state) is True
            )
        card = yearly_label(MODEL, label)
        if card is not None and given.get("current") is not None:
            found.append(self._current(thing, card, given["current"]))
        return both(found)

    def _current(self, thing: Thing, card: Label, given: dict[str, Any]) -> bool | None:
        if not any(says(one) for one in given.values()):
            return True
        latest = current(thing, self._view, card.name)
        return None if latest is None else self.properties(card, latest, given) is True

    def _hop(self, thing: Thing, hop: RelationshipField, given: dict[str, Any]) -> list[bool]:
        found = []
        for name in ("some", "none"):
            wanted = given.get(name)
            if wanted is not None:
                there = any(
                    self.far(hop, row, wanted) is True for row in reached(thing, hop, self._view, given.get("ever"))
                )
                found.append(there == (name == "some"))
        return found

    def far(self, hop: RelationshipField, row: Row, given: dict[str, Any]) -> bool | None:
        if not hop.dated:
            return self.properties(MODEL.labels[hop.targets[0]], row.node.thing, given)
        assert row.tie is not None
        values = row.tie.version.values
        found = [
            holds_of(leaf, values.get(leaf.stored_name), given[leaf.name])
            for leaf in relationship_value_fields(hop.relationship)
            if given.get(leaf.name)
        ]
        for target in hop.targets:
            name = "node" if len(hop.targets) == 1 else target[0].lower() + target[1:]
            if given.get(name) is not None:
                found.append(row.node.thing.is_a(target))
                if found[-1]:
                    found.append(self.properties(MODEL.labels[target], row.node.thing, given[name]))
        return both(found)


def says(given: Any) -> bool:
    """Whether an input says anything at all."""
    if isinstance(given, dict):
        # What some or none of the ends must be says something, be it ever so empty; so does an empty list.
        return any(
            (name in ("some", "none") and value is not None) or (name != "ever" and says(value))
            for name, value in given.items()
        )
    return given is not None


def value_of(leaf: ValueField, thing: Thing, state: dict[str, Any]) -> Any:
    label = MODEL.labels[thing.label]
    if leaf.property is not None and leaf.stored_name == label.key.name:
        return thing.key
    if leaf.name == "recorded" and not label.state_label and label.storage is not LabelStorage.FIXED:
        return thing.recorded
    return state.get(leaf.stored_name)


def current(thing: Thing, view: View, card: str) -> Thing | None:
    """The yearly record of this label in force. A village that is also an area may have records of both."""
    years = [
        year
        for year in thing.years
        if year.label == card and view.known(year.states[0]) and year.key <= view.day // 10000
    ]
    return max(years, key=lambda year: int(year.key), default=None)


def reached(thing: Thing, hop: RelationshipField, view: View, ever: Any = False) -> list[Row]:
    """What a hop leads to, in what may be seen."""
    if not hop.dated:
        some = [thing.owner] if hop.forward else [year for year in thing.years if year.label in hop.targets]
        # Of what is a village and an area, it is what the hop leads to.
        found = [Row(Node(one, hop.targets[0], view), [one.key]) for one in some if one is not None]
        return [row for row in found if view.there(row.node.thing) and view.seen(row.node.thing, row.node.label)]
    rows = []
    for tie in thing.ties[hop.relationship.type, hop.forward]:
        if not (view.known(tie.version) if ever else view.holds(tie)):
            continue
        far = tie.end if hop.forward else tie.start
        label = next(name for name in hop.targets if far.is_a(name))
        if all(view.seen(far, name) for name in hop.targets if far.is_a(name)):
            rows.append(Row(Node(far, label, view), place_of(hop, tie, far, label), tie))
    return rows


def place_of(hop: RelationshipField, tie: Tie, far: Thing, label: str) -> list[Any]:
    values = tie.version.values
    since = [values["since"], *(values[name] or "" for name in hop.relationship.key if name != "since")]
    key = [far.key] if len(hop.targets) == 1 else [far.key, hop.targets.index(label)]
    return [since[0], *key, *since[1:]] if hop.relationship.is_flow else [*key, *since]


def shown(leaf: ValueField, value: Any) -> Any:
    if value is None:
        return None
    if leaf.kind is PropertyKind.DATE:
        text = f"{value:08d}"
        return None if value in (FIRST_DAY, LAST_DAY) else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if leaf.kind is PropertyKind.YUAN:
        return f"{Decimal(value) / 100:.2f}"
    if leaf.kind is PropertyKind.RATE:
        return f"{(Decimal(value) / 1_000_000).normalize():f}"
    return str(value) if leaf.kind is PropertyKind.SHARES else value


class Reference:
    """Answers operations over the directory."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def execute(self, query: str, variables: dict[str, Any], granted: tuple[str, ...]) -> dict[str, Any]:
        """As `Graphql.execute` answers; errors as [path, code]."""
        result = execute_sync(
            reference_schema(),
            parse(query),
            context_value=granted,
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=lambda node, *_: node.label,
        )
        return {
            "data": result.data,
            "errors": [[e.path, (e.extensions or {}).get("code")] for e in result.errors or ()],
        }

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        name = info.field_name
        if source is None:
            return self._root(name, info.context, arguments)
        if isinstance(source, Node):
            return of_node(source, name, arguments)
        if isinstance(source, Row):
            return of_row(source, name)
        if isinstance(source, dict):
            return source[name]
        if isinstance(source, Rows):
            return of_rows(source, name)
        raise TypeError(name)

    def _root(self, name: str, granted: tuple[str, ...], arguments: dict[str, Any]) -> Any:
        sequence = arguments.get("asKnownAt") or SEQUENCES[-1]
        day = int(arguments["asOf"].replace("-", "")) if arguments.get("asOf") else DAY
        asked = day if arguments.get("asOf") else None, arguments.get("asKnownAt")
        view = View(self._graph, day, sequence, None if granted == ("",) else list(granted), asked)
        if name in ("node", "nodes"):
            found = [self._by_id(id_, view) for id_ in arguments.get("ids", [arguments.get("id")])]
            return found if name == "nodes" else found[0]
        label, plural = roots()[name]
        if plural:
            return self._listed(label, view, arguments)
        keys = [arguments[camel_case(MODEL.labels[n].key.name)] for n in (label.owner, label.name) if n]
        return self._one(label, keys, view)

    def _one(self, label: Label, keys: list[Any], view: View) -> Node | None:
        for thing in self._graph.things[label.name] + (self._graph.things["Village"] if label.name == "Area" else []):
            key = [thing.owner.key, thing.key] if thing.owner else [thing.key]
            if key == keys and view.there(thing) and view.seen(thing, label.name):
                return Node(thing, label.name, view)
        return None

    def _by_id(self, id_: str, view: View) -> Node | None:
        name, text, (day, sequence) = decode_global_id(id_) or ("", "", (None, None))
        if view.asked == (None, None):
            view = replace(view, day=day or DAY, sequence=sequence or SEQUENCES[-1], asked=(day, sequence))
        label = MODEL.labels.get(name)
        if label is None or name == "Import":
            return None
        keys: list[Any] = text.rsplit(":", 1) if label.owner else [text]
        if label.owner:
            keys[1] = int(keys[1])
        return self._one(label, keys, view)

    def _listed(self, label: Label, view: View, arguments: dict[str, Any]) -> Rows:
        asked, order = arguments.get("area"), arguments.get("orderBy")
        areas = self._asked(asked, view)
        kind = location_kind(MODEL, label)
        near = areas is not None and all(len(code) >= 6 for code in areas)
        if order and not near and kind in ("home", "ties"):
            raise refused("ARGUMENT_INVALID")
        conditions, rows = Conditions(view), []
        # A cursor says of which list and order it is.
        down = "DESC" if order and order.get("descending") else ""
        named = [one for one in (label.plural_name, order["by"] if order else "", down) if one]
        for thing in self._graph.things[label.name] + (self._graph.things["Village"] if label.name == "Area" else []):
            if not view.there(thing) or conditions.label(label, thing, arguments.get("where") or {}) is not True:
                continue
            keys = [thing.owner.key, thing.key] if thing.owner else [thing.key]
            if kind == "self" and areas is not None and not inside(thing.key, areas):
                continue
            if kind == "home":
                homes = [a.key for a in view.areas(thing, label.anchors[0]) if areas is None or inside(a.key, areas)]
                if not homes:
                    continue
                keys = [homes[0], *keys] if homes[0] != keys[0] or len(keys) == 1 else keys
            if kind == "ties" and areas is not None and not view.lies(thing, label.anchors, areas):
                continue
            place = [*ordered(label, thing, view, order), *keys[-(2 if label.owner else 1) :]] if order else keys
            rows.append(Row(Node(thing, label.name, view), [" ".join(named), *place]))
        return page(rows, arguments, 2 if order and order.get("descending") else None, view)

    def _asked(self, area: dict[str, Any] | None, view: View) -> Areas:
        """Beginnings of the codes that are meant, in what is granted."""
        if area is None:
            return view.granted
        code, granted = area["code"], view.granted if view.granted is not None else [""]
        mode = area.get("mode", "DESCENDANTS")
        if mode == "DESCENDANTS":
            return [max(code, g, key=len) for g in granted if code.startswith(g) or g.startswith(code)]
        wanted = [code]
        if mode == "CHILDREN":
            wanted = [t.key for t in self._graph.things["Area"] + self._graph.things["Village"] if above(t) == code]
        return [one + ONLY for one in wanted if inside(one, granted)]


def above(thing: Thing) -> str | None:
    return next((tie.end.key for tie in thing.ties["PART_OF", True]), None)


def ordered(label: Label, thing: Thing, view: View, order: dict[str, Any]) -> list[Any]:
    """A value's place in an order: blanks last, whichever way."""
    card = yearly_label(MODEL, label)
    latest = current(thing, view, card.name) if card is not None else None
    for leaf in node_value_fields(label):
        if leaf.stored_name.upper() == order["by"]:
            value = value_of(leaf, thing, view.state(thing))
            break
    else:
        assert card is not None
        leaf = next(leaf for leaf in node_value_fields(card) if leaf.stored_name.upper() == order["by"])
        value = None if latest is None else view.state(latest).get(leaf.stored_name)
    if leaf.property is not None and leaf.property.search_kind:
        value = to_pinyin(value, is_person=leaf.property.search_kind == "person")[0]
    if leaf.kind is PropertyKind.FLAG:
        return [int(value is None), int(bool(value))]
    blank: Any = (
        "" if leaf.kind in (PropertyKind.TEXT, PropertyKind.ENUM) else 0.0 if leaf.kind is PropertyKind.NUMBER else 0
    )
    return [int(value is None), blank if value is None else value]


def of_node(node: Node, name: str, arguments: dict[str, Any]) -> Any:
    label, thing, view = MODEL.labels[node.label], node.thing, node.view
    if name == "id":
        return encode_global_id(
            label.name, format_mark(view.asked), *([thing.owner.key] if thing.owner else []), thing.key
        )
    if name == "counts":
        return counts(thing, view)
    for other in subtype_labels(MODEL, label):
        if other.name.lower() == name:
            return Node(thing, other.name, view) if thing.is_a(other.name) else None
    for leaf in node_value_fields(label):
        if leaf.name == name:
            return shown(leaf, value_of(leaf, thing, view.state(thing)))
    hop = next(hop for hop in relationship_fields(MODEL, label) if hop.name == name)
    if hop.latest:
        latest = current(thing, view, hop.targets[0])
        return None if latest is None or not view.seen(latest, latest.label) else Node(latest, latest.label, view)
    rows = reached(thing, hop, view, arguments.get("ever"))
    if hop.single:
        rows.sort(key=lambda row: (-row.tie.version.values["since"] if row.tie else 0, row.node.thing.key))
        return rows[0].node if rows else None
    conditions, where = Conditions(view), arguments.get("where") or {}
    return page([row for row in rows if conditions.far(hop, row, where) is True], arguments, None, view)


def counts(area: Thing, view: View) -> dict[str, int]:
    """What an area and all below it have, in what may be seen."""
    found = {"villages": 0, "households": 0, "poorHouseholds": 0, "unclearHouseholds": 0, "persons": 0}
    for village in view.graph.things["Village"]:
        if not village.key.startswith(area.key) or (view.granted is not None and not inside(village.key, view.granted)):
            continue
        living = [tie for tie in village.ties["LIVES_IN", False] if view.holds(tie)]
        found["villages"] += 1
        found["households"] += len(living)
        found["poorHouseholds"] += sum(view.holds(tie) for tie in village.ties["POOR_IN", False])
        found["unclearHouseholds"] += sum(view.holds(tie) for tie in village.ties["UNCLEAR_IN", False])
        found["persons"] += sum(view.holds(tie) for home in living for tie in home.start.ties["MEMBER_OF", False])
    return found


def of_row(row: Row, name: str) -> Any:
    if name == "node":
        return row.node
    if name == "cursor":
        return encode_cursor(row.place)
    assert row.tie is not None
    for relationship in MODEL.relationships.values():
        for leaf in relationship_value_fields(relationship):
            if leaf.name == name and leaf.stored_name in row.tie.version.values:
                return shown(leaf, row.tie.version.values[leaf.stored_name])
    return None


def of_rows(rows: Rows, name: str) -> Any:
    cursors = [encode_cursor(row.place) for row in rows.rows]
    found: dict[str, Callable[[], Any]] = {
        "nodes": lambda: [row.node for row in rows.rows],
        "edges": lambda: rows.rows,
        "totalCount": lambda: rows.total,
        "pageInfo": lambda: rows,
        "hasNextPage": lambda: rows.following,
        "hasPreviousPage": lambda: rows.previous,
        "startCursor": lambda: cursors[0] if cursors else None,
        "endCursor": lambda: cursors[-1] if cursors else None,
        "asOf": lambda: f"{rows.view.day // 10000}-{rows.view.day // 100 % 100:02d}-{rows.view.day % 100:02d}",
        "dataVersion": lambda: rows.view.sequence,
    }
    return found[name]()


@cache
def reference_schema() -> GraphQLSchema:
    return build_schema(sdl())


@cache
def roots() -> dict[str, tuple[Label, bool]]:
    """Root fields of the directory: their label, and whether they are lists."""
    found = {}
    for label in MODEL.labels.values():
        for name, plural in ((label.name, False), (label.plural_name, True)):
            found[name[0].lower() + name[1:]] = label, plural
    return found
