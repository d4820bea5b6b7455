"""Random operations over the schema: any selection, any filter, any window, as text with variables."""

from __future__ import annotations

import json
import random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from graph_service.domain.fields import (
    RelationshipField,
    lower_first,
    node_value_fields,
    relationship_fields,
    value_class,
)
from graph_service.domain.metamodel import DataClassification
from graph_service.domain.model import MODEL
from graph_service.graphql.cursors import encode_global_id, format_mark
from tests.reference.executor import reference_schema, roots
from tests.reference.graphs import AREAS, KEYS, TEXTS

DEEPEST = 4
DAYS = ("2014-06-30", "2015-12-31", "2016-01-01", "2016-12-31", "2018-02-28")
POOLS: dict[str, tuple[Any, ...]] = {
    "String": (*KEYS, *TEXTS, "K", "K", "乙", "51343110"),
    "Int": (0, 1, 3, 2014, 2015, 2016),
    "Float": (0.5, 1.0, 2),
    "Boolean": (True, False),
    "Date": (*DAYS, "2015-01-01", "2016-06-01"),
    "Yuan": ("0", "0.01", "123.45", "10000000000.00"),
    "Shares": ("0", "3", "1000000000"),
    "Purpose": ("核对",),
    "Rate": ("0", "0.000001", "0.05"),
}


class Draw:
    """A random operation: `text` and `variables`."""

    def __init__(self, rnd: random.Random) -> None:
        self._random = rnd
        self.variables: dict[str, Any] = {}
        self._declared: list[str] = []
        self._fragments: list[str] = []
        self.roots: list[str] = []
        """Response keys of the root fields that are lists."""
        selected = [self._root(f"r{i}") for i in range(rnd.choice((1, 1, 2)))]
        head = f"query Q({', '.join(self._declared)})" if self._declared else "query Q"
        self.text = "\n".join([f"{head} {{ {' '.join(selected)} }}", *self._fragments])

    def _often(self, chance: float) -> bool:
        return self._random.random() < chance

    def _root(self, key: str) -> str:
        self._has_purpose = not self._often(0.1)
        if not self._has_purpose:
            ids = json.dumps([self._id() for _ in range(3)], ensure_ascii=False)
            return f"{key}: nodes(ids: {ids}{self._times(', ')}) {{ {self._abstract('Node', 1)} }}"
        label = MODEL.labels[self._random.choice(sorted(set(MODEL.labels) - {"Import"}))]
        plural = self._often(0.8)
        name = next(name for name, root in roots().items() if root == (label, plural))
        field = reference_schema().query_type.fields[name]  # type: ignore[union-attr]
        if plural:
            self.roots.append(key)
            return f"{key}: {name}{self._arguments(field, 1.0)} {{ {self._object(get_named_type(field.type), 1, page=True)} }}"
        arguments = []
        for argument in list(field.args)[: 2 if label.owner else 1]:
            pool: Any = VALUES_OF.get(argument, KEYS)
            arguments.append(f"{argument}: {self._literal(self._random.choice(pool))}")
        return f"{key}: {name}({', '.join(arguments)}{self._times(', ')}, {PURPOSE}) {{ {self._object(get_named_type(field.type), 1)} }}"

    def _id(self) -> str:
        label = MODEL.labels[self._random.choice(sorted(set(MODEL.labels) - {"Import", "MedicalCost"}))]
        if self._often(0.05):
            return self._random.choice(("", "x", "SG91c2Vob2xkOg", "键"))
        owner = MODEL.labels[label.owner] if label.owner else None
        keys = [self._key(owner.name)] if owner else []
        times = int(self._random.choice(DAYS).replace("-", "")), self._random.choice((1, 2, 3))
        mark = format_mark((times[0] if self._often(0.2) else None, times[1] if self._often(0.2) else None))
        return encode_global_id(
            label.name, mark, *keys, self._random.choice(VALUES_OF["year"]) if owner else self._key(label.name)
        )

    def _key(self, label: str) -> str:
        return self._random.choice(AREAS if label in ("Area", "Village") else KEYS)

    def _times(self, prefix: str) -> str:
        arguments = ""
        if self._often(0.3):
            arguments += f'{prefix}asOf: "{self._random.choice(DAYS)}"'
        if self._often(0.3):
            arguments += f"{prefix or ', '}asKnownAt: {self._random.choice((1, 2, 2, 3))}"
        return arguments

    def _object(self, type_: Any, depth: int, *, page: bool = False) -> str:
        """Draw a selection of an object type; of a connection with its page information where `page` is set."""
        if is_abstract_type(type_):
            return self._abstract(type_.name, depth)
        assert isinstance(type_, GraphQLObjectType)
        fields = [
            name
            for name in type_.fields
            if self._meant(type_.fields[name]) and (self._has_purpose or name not in PERSONAL_NAMES)
        ]
        if "pageInfo" in fields:
            return self._connection(type_, depth, page=page)
        leaves = [name for name in fields if is_leaf_type(get_named_type(type_.fields[name].type))]
        composites = [name for name in fields if name not in leaves]
        names = self._random.sample(leaves, min(len(leaves), self._random.randint(1, 4)))
        if depth < DEEPEST and composites:
            names += self._random.sample(composites, min(len(composites), self._random.choice((0, 1, 1, 2))))
        texts = [self._field(field_name, type_.fields[field_name], depth) for field_name in names]
        if self._often(0.15):
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {type_.name} {{ {texts[-1]} }}")
            texts[-1] = f"...{name}"
        if self._often(0.1):
            texts.append("__typename")
        return " ".join(texts)

    @staticmethod
    def _meant(field: GraphQLField) -> bool:
        return get_named_type(field.type).name not in ("Import", "ImportConnection")

    def _connection(self, type_: GraphQLObjectType, depth: int, *, page: bool) -> str:
        selections = ["totalCount"] if self._often(0.4) else []
        node = get_named_type(get_named_type(type_.fields["edges"].type).fields["node"].type)
        if self._often(0.6):
            selections.append(f"nodes {{ {self._object(node, depth + 1)} }}")
        if self._often(0.5) or not selections:
            edge = get_named_type(type_.fields["edges"].type)
            leaves = [name for name in edge.fields if name != "node"]
            names = self._random.sample(leaves, self._random.randint(1, min(3, len(leaves))))
            selections.append(f"edges {{ {' '.join(names)} node {{ {self._object(node, depth + 1)} }} }}")
        if page or self._often(0.2):
            selections.append("pageInfo { hasNextPage hasPreviousPage startCursor endCursor }")
        if page and self._often(0.2):
            selections += ["asOf", "dataVersion"]
        self._random.shuffle(selections)
        return " ".join(selections)

    def _abstract(self, name: str, depth: int) -> str:
        type_: Any = reference_schema().get_type(name)
        kinds = [t for t in reference_schema().get_possible_types(type_) if t.name != "Import"]
        chosen = self._random.sample(kinds, min(len(kinds), self._random.randint(1, 3)))
        return " ".join(["__typename", *(self._of_kind(kind, depth) for kind in chosen)])

    def _of_kind(self, kind: GraphQLObjectType, depth: int) -> str:
        """Draw a selection of one type, inline or as a fragment."""
        if self._often(0.3):
            return f"... on {kind.name} {{ id other{kind.name}: id }}"
        text = self._object(kind, depth)
        if self._often(0.7):
            return f"... on {kind.name} {{ {text} }}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {kind.name} {{ {text} }}")
        return f"...{name}"

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        alias = f"{name}{depth}{self._random.randint(0, 99)}: " if self._often(0.2) else ""
        named_type = get_named_type(field.type)
        below = "" if is_leaf_type(named_type) else f" {{ {self._object(named_type, depth + 1)} }}"
        directive = f" @{self._random.choice(('include', 'skip'))}(if: {self._literal(self._often(0.5))})"
        return f"{alias}{name}{self._arguments(field, 0.5)}{directive if self._often(0.05) else ''}{below}"

    def _arguments(self, field: GraphQLField, chance: float) -> str:
        arguments: dict[str, Any] = {}
        windows = [name for name in ("first", "last") if name in field.args]
        if windows and self._often(0.8):
            arguments[self._random.choice(windows)] = self._random.choice((0, 1, 2, 3, 3, 7, 50))
        if "ever" in field.args and self._often(0.3):
            arguments["ever"] = True
        if "where" in field.args and self._often(0.4 * chance):
            arguments["where"] = self._input(field.args["where"].type, 0, _targets(field))
        if "orderBy" in field.args and self._often(0.3):
            arguments["orderBy"] = self._input(field.args["orderBy"].type, 0)
        if "area" in field.args and self._often(0.8):
            mode = self._random.choice(("SELF", "CHILDREN", *["DESCENDANTS"] * 6))
            code = self._random.choice((*AREAS, "51", "513431", "513431", "513431"))
            arguments["area"] = {"code": code, "mode": Name(mode)}
        texts = [PURPOSE] if "purpose" in field.args else []
        for name, value in arguments.items():
            if self._often(0.3):
                variable = f"v{len(self._declared)}"
                self._declared.append(f"${variable}: {field.args[name].type}")
                self.variables[variable] = plain(value)
                texts.append(f"{name}: ${variable}")
            else:
                texts.append(f"{name}: {self._literal(value)}")
        if "asOf" in field.args and (times := self._times(", ")):
            texts.append(times.removeprefix(", "))
        return f"({', '.join(texts)})" if texts else ""

    def _input(self, type_: Any, depth: int, targets: tuple[str, ...] = ()) -> Any:
        """Draw a value of an input type. `targets`: the types to which the relationship leads that it filters."""
        if isinstance(type_, GraphQLNonNull):
            return self._input(type_.of_type, depth)
        if isinstance(type_, GraphQLList):
            return [self._input(type_.of_type, depth) for _ in range(self._random.choice((0, 1, 2)))]
        if isinstance(type_, GraphQLEnumType):
            return Name(self._random.choice(sorted(type_.values)[:8] + (["OTHER"] if "OTHER" in type_.values else [])))
        if not isinstance(type_, GraphQLInputObjectType):
            return self._random.choice(POOLS[type_.name])
        hops = _hops(type_.name)
        names = [
            name
            for name in type_.fields
            if (depth < 4 or is_leaf_type(get_named_type(type_.fields[name].type)))
            and (self._has_purpose or name not in PERSONAL_NAMES)
            and (not targets or not _is_end(name) or name in map(lower_first, targets))
        ]
        required_fields = [name for name in names if isinstance(type_.fields[name].type, GraphQLNonNull)]
        size = self._random.choice((0, 1, 1, 1, 2)) if depth < 5 else 0
        operators = [name for name in ("all", "any", "not") if name in names and self._often(0.15)]
        selected = dict.fromkeys([*required_fields, *operators, *self._random.sample(names, min(len(names), size))])
        return {
            name: self._input(type_.fields[name].type, depth + 1, hops[name].targets if name in hops else ())
            for name in selected
        }

    def _literal(self, value: Any) -> str:
        if isinstance(value, Name):
            return value
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name}: {self._literal(member)}" for name, member in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._literal(member) for member in value) + "]"
        return json.dumps(value, ensure_ascii=False)


def _hops(type_name: str) -> dict[str, RelationshipField]:
    """Return the relationships that the conditions of a label name."""
    label = MODEL.labels.get(type_name.removesuffix("Where"))
    return {hop.name: hop for hop in relationship_fields(MODEL, label) if hop.dated} if label else {}


def _targets(field: GraphQLField) -> tuple[str, ...]:
    """Return the types of the nodes of a connection."""
    connection: Any = get_named_type(field.type)
    edge: Any = get_named_type(connection.fields["edges"].type)
    node: Any = get_named_type(edge.fields["node"].type)
    kinds = reference_schema().get_possible_types(node) if is_abstract_type(node) else [node]
    return tuple(kind.name for kind in kinds)


def _is_end(name: str) -> bool:
    return name in map(lower_first, MODEL.labels)


PURPOSE = 'purpose: "核对"'
PERSONAL_NAMES = frozenset(
    leaf.name
    for label in MODEL.labels.values()
    for leaf in node_value_fields(label)
    if value_class(leaf) in (DataClassification.CONFIDENTIAL, DataClassification.SENSITIVE)
) | {
    hop.name
    for label in MODEL.labels.values()
    for hop in relationship_fields(MODEL, label)
    if any(MODEL.labels[name].classification is DataClassification.SENSITIVE for name in hop.targets)
}
"""Values by which an operation selects records only for a purpose, which `nodes` does not take."""


class Name(str):
    """A member of an enumeration: written without quotes."""

    __slots__ = ()


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    return (
        [plain(member) for member in value]
        if isinstance(value, list)
        else str(value)
        if isinstance(value, Name)
        else value
    )


VALUES_OF: dict[str, tuple[Any, ...]] = {
    "year": (2014, 2015, 2016, 2017),
    "code": AREAS,
}
