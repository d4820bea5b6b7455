"""The directory answered by graphql-core's own executor over a graph in memory: field by field, slow and simple."""

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
    DataClassification,
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
"""The end mark of a code that stands for the area alone, without the areas below it."""
Areas = list[str] | None
"""Prefixes of area codes; None: everything, also nodes that lie in no area."""


@dataclass(frozen=True, slots=True)
class View:
    """The graph as seen with a grant, on a day, in a version of the data."""

    graph: Graph
    day: int
    sequence: int
    granted: Areas
    asked: tuple[int | None, int | None] = (None, None)
    """The day and the version that the question names, None where it names none."""

    def known(self, version: Version) -> bool:
        return version.recorded <= self.sequence < version.superseded

    def holds(self, tie: Tie) -> bool:
        values = tie.version.values
        return self.known(tie.version) and values["since"] <= self.day <= values["until"]

    def state(self, thing: Thing) -> dict[str, Any]:
        """Return the known values of a thing; an empty dict where it has none yet."""
        if MODEL.labels[thing.label].storage is not LabelStorage.STATE:
            return thing.states[0].values
        return next((version.values for version in thing.states if self.known(version)), {})

    def there(self, thing: Thing) -> bool:
        if thing.owner is not None:
            return self.known(thing.states[0])
        return thing.recorded <= self.sequence

    def seen(self, thing: Thing, label: str) -> bool:
        """Return True where a node lies in the granted areas or is public."""
        anchors = MODEL.labels[label].anchors
        return self.granted is None or not anchors or self.lies(thing, anchors, self.granted)

    def lies(self, thing: Thing, anchors: Iterable[tuple[AnchorStep, ...]], codes: list[str]) -> bool:
        return any(inside(area.key, codes) for path in anchors for area in self.areas(thing, path))

    def areas(self, thing: Thing, path: tuple[AnchorStep, ...]) -> Iterator[Thing]:
        """Yield the areas at the end of an anchor path. A tie that is single on a day counts on that day, other ties on any day."""
        if not path:
            if thing.is_a("Area"):
                yield thing
            return
        step, *rest = path
        if step.relationship == "OF":
            assert thing.owner is not None
            yield from self.areas(thing.owner, tuple(rest))
            return
        is_single = MODEL.relationships[step.relationship].single_from == ("start" if step.forward else "end")
        for tie in thing.ties[step.relationship, step.forward]:
            if self.holds(tie) if is_single else self.known(tie.version):
                yield from self.areas(tie.end if step.forward else tie.start, tuple(rest))


@dataclass(frozen=True, slots=True)
class Node:
    thing: Thing
    label: str
    view: View


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: the node, its position in the order of the list, and the tie that leads to it."""

    node: Node
    place: list[Any]
    tie: Tie | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a list."""

    rows: list[Row]
    total: int
    previous: bool
    following: bool
    view: View


def inside(code: str, codes: list[str]) -> bool:
    return (code + ONLY).startswith(tuple(codes))


def error_of(code: str) -> GraphQLError:
    return GraphQLError(code, extensions={"code": code})


def page_of(rows: list[Row], arguments: dict[str, Any], descending_index: int | None, view: View) -> Rows:
    """Return a page of the rows. `descending_index`: the index of the part of a position that is in descending order."""

    def compare(position: list[Any], other_position: list[Any]) -> int:
        for index, (a, b) in enumerate(zip(position, other_position, strict=True)):
            if a != b:
                return (-1 if a < b else 1) * (-1 if index == descending_index else 1)
        return 0

    sort_key = cmp_to_key(compare)
    in_order = sorted(rows, key=lambda row: sort_key(row.place))
    after, before = arguments.get("after"), arguments.get("before")
    kinds = [type(part) for part in in_order[0].place] if in_order else []
    if after is not None and in_order:
        start = decode_cursor(after, kinds)
        in_order = [row for row in in_order if compare(row.place, start) > 0]
    if before is not None and in_order:
        end = decode_cursor(before, kinds)
        in_order = [row for row in in_order if compare(row.place, end) < 0]
    first, last = arguments.get("first"), arguments.get("last")
    if first is None and last is None and after is None and before is not None:
        last = 50
    if last is not None:
        selected = in_order[max(0, len(in_order) - last) :]
        return Rows(selected, len(rows), len(selected) < len(in_order), before is not None, view)
    selected = in_order[: 50 if first is None else first]
    return Rows(selected, len(rows), after is not None, len(selected) < len(in_order), view)


class Conditions:
    """The value of a `where` for a node: true, false, or unknown (None)."""

    def __init__(self, view: View) -> None:
        self._view = view

    def label(self, label: Label, thing: Thing, where: dict[str, Any]) -> bool | None:
        hops_by_name = {hop.name: hop for hop in relationship_fields(MODEL, label)}
        results = [self.properties(label, thing, where)]
        for name, value in where.items():
            if value is None:
                continue
            if name in hops_by_name and not hops_by_name[name].latest:
                results.append(self._has(thing, hops_by_name[name], value))
            elif name == "lacks":
                results.append(any(self._lacks(thing, duty) for duty in value))
            elif name == "not":
                results.append(not self.label(label, thing, value))
            elif name == "all":
                results.append(both(self.label(label, thing, nested) for nested in value))
            elif name == "any":
                results.append(either(self.label(label, thing, nested) for nested in value))
        return both(results)

    def _lacks(self, household: Thing, duty: str) -> bool:
        """Return True where a household that is poor or exited at most three years ago has no helper in post (HELPER), or has one but no
        visit in the last six months (VISIT)."""
        view, (year, month) = self._view, divmod(self._view.day // 100, 100)

        def begun_ties(type_: str, forward: bool) -> list[Tie]:
            ties = household.ties[type_, forward]
            return [tie for tie in ties if view.known(tie.version) and tie.version.values["since"] <= view.day]

        def exited(tie: Tie) -> bool:
            exit_year = tie.version.values.get("exited_in")
            return exit_year is not None and exit_year <= year <= exit_year + 3

        if not any(view.holds(tie) or exited(tie) for tie in begun_ties("POOR_IN", True)):
            return False
        departures = [view.state(tie.start).get("left_on") for tie in begun_ties("HELPS", False) if view.holds(tie)]
        has_helper = any(departure is None or departure > view.day for departure in departures)
        if duty == "HELPER":
            return not has_helper
        year, month = (year, month - 6) if month > 6 else (year - 1, month + 6)
        since = min(view.day % 100, monthrange(year, month)[1]) + 100 * month + 10000 * year
        return has_helper and not any(tie.version.values["since"] >= since for tie in begun_ties("VISITED", False))

    def properties(self, label: Label, thing: Thing, where: dict[str, Any]) -> bool | None:
        leaves, state = node_value_fields(label), self._view.state(thing)
        on_state = [leaf for leaf in leaves if leaf.stored_on == "state" and has_condition(where.get(leaf.name))]
        results = [
            holds_of(leaf, value_of(leaf, thing, state), where[leaf.name])
            for leaf in leaves
            if leaf.stored_on == "node" and leaf.name in where
        ]
        if on_state:
            # A node without a known state has no state that meets the filter.
            results.append(
                bool(state)
                and both(holds_of(leaf, state.get(leaf.stored_name), where[leaf.name]) for leaf in on_state) is True
            )
        card = yearly_label(MODEL, label)
        if card is not None and where.get("current") is not None:
            results.append(self._current(thing, card, where["current"]))
        return both(results)

    def _current(self, thing: Thing, card: Label, where: dict[str, Any]) -> bool | None:
        if not any(has_condition(operand) for operand in where.values()):
            return True
        latest = current(thing, self._view, card.name)
        return None if latest is None else self.label(card, latest, where) is True

    def _has(self, thing: Thing, hop: RelationshipField, where: dict[str, Any]) -> bool:
        rows = reachable_rows(thing, hop, self._view, where.get("ever"))
        return any(self.far(hop, row, where) is True for row in rows)

    def far(self, hop: RelationshipField, row: Row, where: dict[str, Any]) -> bool | None:
        if not hop.dated:
            return self.label(MODEL.labels[hop.targets[0]], row.node.thing, where)
        assert row.tie is not None
        values = row.tie.version.values
        results = [
            holds_of(leaf, values.get(leaf.stored_name), where[leaf.name])
            for leaf in relationship_value_fields(hop.relationship)
            if leaf.name in where
        ]
        for target in hop.targets:
            name = target[0].lower() + target[1:]
            if name in where:
                results.append(row.node.thing.is_a(target))
                if results[-1]:
                    results.append(self.label(MODEL.labels[target], row.node.thing, where[name]))
        return both(results)


def has_condition(argument: Any) -> bool:
    """Return True where an input holds a condition."""
    # An empty list is a condition, a filter without an operator is none.
    return argument is not None and argument != {}


def value_of(leaf: ValueField, thing: Thing, state: dict[str, Any]) -> Any:
    label = MODEL.labels[thing.label]
    if leaf.property is not None and leaf.stored_name == label.key.name:
        return thing.key
    if leaf.name == "recorded" and not label.state_label and label.storage is not LabelStorage.FIXED:
        return thing.recorded
    return state.get(leaf.stored_name)


def current(thing: Thing, view: View, card: str) -> Thing | None:
    """Return the yearly record of this label in force. A village that is also an area may have records of both labels."""
    years = [
        year
        for year in thing.years
        if year.label == card and view.known(year.states[0]) and year.key <= view.day // 10000
    ]
    return max(years, key=lambda year: int(year.key), default=None)


def reachable_rows(thing: Thing, hop: RelationshipField, view: View, ever: Any = False) -> list[Row]:
    """Return a row for each node that a hop leads to and the viewer may see."""
    if not hop.dated:
        ends = [thing.owner] if hop.forward else [year for year in thing.years if year.label in hop.targets]
        # A node that is a village and an area gets the label of the hop's target.
        undated = [Row(Node(end, hop.targets[0], view), [end.key]) for end in ends if end is not None]
        return [row for row in undated if view.there(row.node.thing) and view.seen(row.node.thing, row.node.label)]
    rows = []
    for tie in thing.ties[hop.relationship.type, hop.forward]:
        if not (view.known(tie.version) if ever else view.holds(tie)):
            continue
        far = tie.end if hop.forward else tie.start
        label = next(name for name in hop.targets if far.is_a(name))
        if all(view.seen(far, name) for name in hop.targets if far.is_a(name)):
            rows.append(Row(Node(far, label, view), position_of(hop, tie, far, label), tie))
    return rows


def position_of(hop: RelationshipField, tie: Tie, far: Thing, label: str) -> list[Any]:
    values = tie.version.values
    since = [values["since"], *(values[name] or "" for name in hop.relationship.key if name != "since")]
    key = [far.key] if len(hop.targets) == 1 else [far.key, hop.targets.index(label)]
    return [since[0], *key, *since[1:]] if hop.relationship.is_flow else [*key, *since]


def serialize(leaf: ValueField, value: Any) -> Any:
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
    """An executor of operations over the directory."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def execute(self, query: str, variables: dict[str, Any], granted: tuple[str, ...]) -> dict[str, Any]:
        """Answer as `Graphql.execute` does, with errors as [path, code]."""
        result = execute_sync(
            reference_schema(),
            parse(query),
            context_value=granted,
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=lambda node, *_: node.label,
        )
        # A field that is refused below the root refuses the root field.
        errors = {
            str(error.path[0]): (error.extensions or {}).get("code") for error in result.errors or () if error.path
        }
        data = (
            None if result.data is None else {key: None if key in errors else result.data[key] for key in result.data}
        )
        return {"data": data, "errors": [[[key], code] for key, code in errors.items()]}

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
        if not granted:
            raise error_of("ACCESS_DENIED")
        sequence = arguments.get("asKnownAt") or SEQUENCES[-1]
        day = int(arguments["asOf"].replace("-", "")) if arguments.get("asOf") else DAY
        named_times = day if arguments.get("asOf") else None, arguments.get("asKnownAt")
        view = View(self._graph, day, sequence, None if granted == ("",) else list(granted), named_times)
        if name in ("node", "nodes"):
            nodes = [self._by_id(id_, view) for id_ in arguments.get("ids", [arguments.get("id")])]
            return nodes if name == "nodes" else nodes[0]
        label, plural = roots()[name]
        if plural:
            return self._listed(label, view, arguments)
        keys = [
            arguments[camel_case(MODEL.labels[key_label].key.name)]
            for key_label in (label.owner, label.name)
            if key_label
        ]
        if MODEL.labels[label.owner or label.name].name in ("Area", "Village"):
            granted_areas = view.granted if view.granted is not None else [""]
            # An area above those granted is shown, but no record of it.
            is_part = not label.owner and any(grant.startswith(keys[0]) for grant in granted_areas)
            if not is_part and not keys[0].startswith(tuple(granted_areas)):
                raise error_of("AREA_NOT_GRANTED")
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
        area, order = arguments.get("area"), arguments.get("orderBy")
        areas = self._asked(area, view)
        kind = location_kind(MODEL, label)
        is_within_county = areas is not None and all(len(code) >= 6 for code in areas)
        if order and not is_within_county and kind in ("home", "ties"):
            raise error_of("ARGUMENT_INVALID")
        conditions, rows = Conditions(view), []
        # A cursor names its list and order.
        direction = "DESC" if order and order.get("descending") else ""
        list_words = [word for word in (label.plural_name, order["by"] if order else "", direction) if word]
        for thing in self._graph.things[label.name] + (self._graph.things["Village"] if label.name == "Area" else []):
            if not view.there(thing) or conditions.label(label, thing, arguments.get("where") or {}) is not True:
                continue
            keys = [thing.owner.key, thing.key] if thing.owner else [thing.key]
            if kind == "self" and areas is not None and not inside(thing.key, areas):
                continue
            if kind == "home":
                homes = [
                    home.key for home in view.areas(thing, label.anchors[0]) if areas is None or inside(home.key, areas)
                ]
                if not homes:
                    continue
                keys = [homes[0], *keys] if homes[0] != keys[0] or len(keys) == 1 else keys
            if kind == "ties" and areas is not None and not view.lies(thing, label.anchors, areas):
                continue
            position = (
                [*order_position(label, thing, view, order), *keys[-(2 if label.owner else 1) :]] if order else keys
            )
            rows.append(Row(Node(thing, label.name, view), [" ".join(list_words), *position]))
        return page_of(rows, arguments, 2 if order and order.get("descending") else None, view)

    def _asked(self, area: dict[str, Any] | None, view: View) -> Areas:
        """Return the code prefixes of the requested areas within the granted ones."""
        if area is None:
            return view.granted
        codes = self._requested(area, view.granted if view.granted is not None else [""])
        if not codes and self._requested(area, [""]):
            raise error_of("AREA_NOT_GRANTED")
        return codes

    def _requested(self, area: dict[str, Any], granted: list[str]) -> list[str]:
        code, mode = area["code"], area.get("mode", "DESCENDANTS")
        if mode == "DESCENDANTS":
            return [max(code, grant, key=len) for grant in granted if code.startswith(grant) or grant.startswith(code)]
        codes = [code]
        if mode == "CHILDREN":
            codes = [
                thing.key
                for thing in self._graph.things["Area"] + self._graph.things["Village"]
                if above(thing) == code
            ]
        return [area_code + ONLY for area_code in codes if inside(area_code, granted)]


def above(thing: Thing) -> str | None:
    return next((tie.end.key for tie in thing.ties["PART_OF", True]), None)


def order_position(label: Label, thing: Thing, view: View, order: dict[str, Any]) -> list[Any]:
    """Return the position of a value in an order: blanks last in both directions."""
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
    for subtype in subtype_labels(MODEL, label):
        if subtype.name.lower() == name:
            return Node(thing, subtype.name, view) if thing.is_a(subtype.name) else None
    leaves = {leaf.name: leaf for leaf in node_value_fields(label)}
    if name == "full":
        return {leaf.name: value_in_full(leaf, node) for leaf in leaves.values()} | {"status": "SHOWN"}
    if name == "maskedFields":
        numbers = [leaf for leaf in leaves.values() if class_of(leaf) is DataClassification.CONFIDENTIAL]
        return [leaf.name for leaf in numbers if value_in_full(leaf, node) is not None]
    if name in leaves:
        value = value_in_full(leaves[name], node)
        return masked_number(value) if class_of(leaves[name]) is DataClassification.CONFIDENTIAL else value
    hop = next(hop for hop in relationship_fields(MODEL, label) if hop.name == name)
    if hop.latest:
        latest = current(thing, view, hop.targets[0])
        return None if latest is None or not view.seen(latest, latest.label) else Node(latest, latest.label, view)
    rows = reachable_rows(thing, hop, view, arguments.get("ever"))
    if hop.single:
        rows.sort(key=lambda row: (-row.tie.version.values["since"] if row.tie else 0, row.node.thing.key))
        return rows[0].node if rows else None
    conditions, where = Conditions(view), arguments.get("where") or {}
    return page_of([row for row in rows if conditions.far(hop, row, where) is True], arguments, None, view)


def class_of(leaf: ValueField) -> DataClassification | None:
    return leaf.property.classification if leaf.property is not None else None


def value_in_full(leaf: ValueField, node: Node) -> Any:
    return serialize(leaf, value_of(leaf, node.thing, node.view.state(node.thing)))


def masked_number(number: str | None) -> str | None:
    """Return a telephone with its first three and last four digits, an ID document with its region and last four characters."""
    if number is None:
        return None
    shown = {11: (3, 4), 18: (6, 4)}.get(len(number))
    if shown is None:
        return "****"
    start, end = shown
    return number[:start] + "*" * (len(number) - start - end) + number[-end:]


def counts(area: Thing, view: View) -> dict[str, int]:
    """Return the totals of an area and all areas below it, of which the viewer may see everything."""
    if view.granted is not None and not area.key.startswith(tuple(view.granted)):
        raise error_of("AREA_NOT_GRANTED")
    totals = {"villages": 0, "households": 0, "poorHouseholds": 0, "unclearHouseholds": 0, "persons": 0}
    for village in view.graph.things["Village"]:
        if not village.key.startswith(area.key):
            continue
        residences = [tie for tie in village.ties["LIVES_IN", False] if view.holds(tie)]
        totals["villages"] += 1
        totals["households"] += len(residences)
        totals["poorHouseholds"] += sum(view.holds(tie) for tie in village.ties["POOR_IN", False])
        totals["unclearHouseholds"] += sum(view.holds(tie) for tie in village.ties["UNCLEAR_IN", False])
        totals["persons"] += sum(view.holds(tie) for home in residences for tie in home.start.ties["MEMBER_OF", False])
    return totals


def of_row(row: Row, name: str) -> Any:
    if name == "node":
        return row.node
    if name == "cursor":
        return encode_cursor(row.place)
    assert row.tie is not None
    for relationship in MODEL.relationships.values():
        for leaf in relationship_value_fields(relationship):
            if leaf.name == name and leaf.stored_name in row.tie.version.values:
                return serialize(leaf, row.tie.version.values[leaf.stored_name])
    return None


def of_rows(rows: Rows, name: str) -> Any:
    cursors = [encode_cursor(row.place) for row in rows.rows]
    resolvers: dict[str, Callable[[], Any]] = {
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
    return resolvers[name]()


@cache
def reference_schema() -> GraphQLSchema:
    return build_schema(sdl())


@cache
def roots() -> dict[str, tuple[Label, bool]]:
    """Return, for each root field of the directory, its label and True where it is a list."""
    fields = {}
    for label in MODEL.labels.values():
        for name, plural in ((label.name, False), (label.plural_name, True)):
            fields[name[0].lower() + name[1:]] = label, plural
    return fields
