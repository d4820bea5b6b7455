"""Operations with values at and beyond the limits of each scalar, for every root field, as a careless or hostile client sends them."""

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
    is_leaf_type,
)

from graph_service.graphql.cursors import encode_cursor, encode_global_id
from graph_service.graphql.schema import schema

DEEPEST = 4
BIG = "9" * 400
TEXTS = (
    "", " ", "\x00", "a\x00b", "\t\n", "'", '"', "\\", "`", "$x", "键", "𠮷", "\u202e", "\ufeff", "ﬀ", "null", "NaN", "x" * 3000,
    "51", "5134", "513431", "513431100", "513431100200", "9" * 12, "ZJ000", "XM000", "ZC000", "GB0003", "5134311002000000", "2016", "-1",
)  # fmt: skip
DAYS = ("0001-01-01", "9999-12-31", "2016-02-29", "2016-12-31", "2014-06-30")
AREAS = ("513431", "513431100", "513431100200")
NUMBERS = ("0", "0.00", "-0.01", "0.01", "92233720368547758.07", "-92233720368547758.07", "1")
POOLS: dict[str, tuple[Any, ...]] = {
    "String": TEXTS,
    "ID": (*TEXTS, encode_global_id("Household", "@20151231", "5134311002000000"), encode_global_id("HouseholdYear", "@99991231@7", "5134311002000000", 2016), encode_global_id("Import", "", 1)),
    "Int": (0, 1, -1, 2, 3, 2016, 9999, 10000, 2**31 - 1, -(2**31)),
    "Float": (0, -0.0, 0.5, 1e-308, 1e308, -1e308, 2**53, 3),
    "Boolean": (True, False),
    "Date": DAYS,
    "Yuan": NUMBERS,
    "Shares": ("0", "1", "-1", "9223372036854775807"),
    "Purpose": ("核对", "入户走访", "x" * 200),
    "Rate": ("0", "0.000001", "-1", "9223372036854.775807"),
}  # fmt: skip
CURSORS = (
    encode_cursor(["513431100200", "", 0]),
    encode_cursor([0]),
    encode_cursor([2**62]),
    encode_cursor([""]),
    "e30",
    "bnVsbA",
    "x",
)
WRONG: tuple[Any, ...] = (
    "", "x", "0.001", "1e3", "NaN", "Infinity", "-", "1_000", "１２", "92233720368547758.08", "0000-01-01", "10000-01-01", "2015-02-29",
    "2016-1-1", "2016-13-01", 0.005, 1e22, -1, 20161231, 2**31, 2**63, 10**30, True, [], [1], [[]], [None], {}, {"a": 1},
)  # fmt: skip
LIKELY: dict[str, tuple[str, ...]] = {
    "first": ("0", "1", "2", "500"),
    "last": (),
    "asKnownAt": ("1", "1", "1", "0", "2147483647"),
    "after": tuple(json.dumps(cursor) for cursor in CURSORS),
    "before": (),
}
"""Values of arguments with which most operations run."""
LITERALS = (BIG, f"-{BIG}", f"0.{BIG}", "1e999", "-1e999", "OTHER", "null", '"""\n"""', '"\\u0000"')
"""Values that only a document can spell, not JSON."""
SKIPPED = ("importRegister", "undoImport")
"""Fields that take files, or undo the data that the other fields read."""


class Draw:
    """A random operation: `text` and `variables`. `wrong`: how often a value is one that its type may refuse."""

    def __init__(self, rnd: random.Random, kind: str, *, wrong: float) -> None:
        self._random, self._wrong = rnd, wrong
        self.variables: dict[str, Any] = {}
        self._declared: list[str] = []
        type_ = schema().get_type(kind)
        assert isinstance(type_, GraphQLObjectType)
        names = [name for name in type_.fields if name not in SKIPPED]
        roots = [
            self._field(f"r{i}", name, type_.fields[name], 0)
            for i, name in enumerate(rnd.sample(names, rnd.choice((1, 1, 2))))
        ]
        head = f"({', '.join(self._declared)})" if self._declared else ""
        self.text = f"{'mutation' if kind == 'Mutation' else 'query'} Q{head} {{ {' '.join(roots)} }}"

    def _often(self, chance: float) -> bool:
        return self._random.random() < chance

    def _field(self, key: str, name: str, field: GraphQLField, depth: int) -> str:
        named_type = get_named_type(field.type)
        below = "" if is_leaf_type(named_type) else f" {{ {self._object(named_type, depth + 1)} }}"
        return f"{key}: {name}{self._arguments(field)}{below}"

    def _object(self, type_: Any, depth: int) -> str:
        if not isinstance(type_, GraphQLObjectType):
            kinds = self._random.sample(schema().get_possible_types(type_), 1)
            return " ".join(
                ["__typename", *(f"... on {kind.name} {{ {self._object(kind, depth)} }}" for kind in kinds)]
            )
        leaves = [n for n, f in type_.fields.items() if is_leaf_type(get_named_type(f.type))]
        composites = [n for n in type_.fields if n not in leaves] if depth < DEEPEST else []
        names = self._random.sample(leaves, min(len(leaves), 3)) + self._random.sample(
            composites, min(len(composites), 2)
        )
        texts = [self._field(f"f{depth}{i}", name, type_.fields[name], depth) for i, name in enumerate(names)]
        return " ".join(texts or ["__typename"])

    def _arguments(self, field: GraphQLField) -> str:
        texts = []
        for name, argument in field.args.items():
            if not isinstance(argument.type, GraphQLNonNull) and not self._often(0.7 if name == "first" else 0.35):
                continue
            likely = LIKELY.get(name)
            if likely is not None and not self._often(self._wrong):
                if likely and self._often(0.5):
                    texts.append(f"{name}: {self._random.choice(likely)}")
                continue
            if self._often(0.3):
                variable = f"v{len(self._declared)}"
                self._declared.append(f"${variable}: {argument.type}")
                self.variables[variable] = self._plain(argument.type, 0)
                texts.append(f"{name}: ${variable}")
            else:
                texts.append(f"{name}: {self._literal(argument.type, 0)}")
        return f"({', '.join(texts)})" if texts else ""

    def _plain(self, type_: Any, depth: int) -> Any:
        """Draw the value of a variable."""
        return json.loads(self._literal(type_, depth, plain=True))

    def _literal(self, type_: Any, depth: int, *, plain: bool = False) -> str:
        """Draw a value as text: in a document's syntax, or in JSON where it is `plain`."""
        if isinstance(type_, GraphQLNonNull):
            type_ = type_.of_type
        elif self._often(0.1):
            return "null"
        if isinstance(type_, GraphQLList):
            length = self._random.choice((0, 1, 1, 2, 101))
            return "[" + ", ".join([self._literal(type_.of_type, depth + 1, plain=plain)] * length) + "]"
        if isinstance(type_, GraphQLEnumType):
            name = self._random.choice(sorted(type_.values))
            return json.dumps(name) if plain else name
        if isinstance(type_, GraphQLInputObjectType):
            return self._input(type_, depth, plain=plain)
        if self._often(self._wrong):
            if not plain and self._often(0.3):
                return self._random.choice(LITERALS)
            return spell(self._random.choice(WRONG), plain=plain)
        return spell(self._random.choice(POOLS.get(type_.name, TEXTS)), plain=plain)

    def _input(self, type_: GraphQLInputObjectType, depth: int, *, plain: bool) -> str:
        required_fields = [
            field_name
            for field_name, input_field in type_.fields.items()
            if isinstance(input_field.type, GraphQLNonNull)
        ]
        optional_fields = [
            field_name
            for field_name in type_.fields
            if field_name not in required_fields
            and (depth < 4 or is_leaf_type(get_named_type(type_.fields[field_name].type)))
        ]
        names = [
            *required_fields,
            *self._random.sample(optional_fields, min(len(optional_fields), self._random.choice((0, 1, 1, 2)))),
        ]
        parts = [(name, self._literal(type_.fields[name].type, depth + 1, plain=plain)) for name in names]
        if "mode" in required_fields and not self._often(self._wrong):
            # An area: most questions answer nothing for an unknown area.
            parts = [
                (name, json.dumps(self._random.choice(AREAS)) if name == "code" else value) for name, value in parts
            ]
        return "{" + ", ".join(f"{json.dumps(name) if plain else name}: {value}" for name, value in parts) + "}"


def spell(value: Any, *, plain: bool) -> str:
    """Spell a value in JSON where it is `plain`, else in a document's syntax."""
    if plain or not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "{" + ", ".join(f"{name}: {spell(member, plain=False)}" for name, member in value.items()) + "}"
