"""Recorded answers of a register, which a change of names or layout must not alter.

For each root field documents are made that select all its leaves, for each area, day, version and value of an enumeration, and for each
connection one more. Ids and cursors are left out. Example: python -m bench.answers var/bench/answers graph_service/data/sample-register.xlsx;
after the change the same with --compare, which asks the recorded documents again and prints the differences.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    get_named_type,
    is_leaf_type,
    is_list_type,
)

from bench.engines import ENGINE_KINDS, fresh_engine
from graph_service.features.imports.publish.import_run import import_files
from graph_service.graphql.execution import GraphQLApi, GraphQLRequest
from graph_service.graphql.schema import schema
from graph_service.platform.store.graph import Store

AREAS = ("513431", "513431100", "51")
DAYS = ("", "2015-12-31")
VERSIONS = ("", "1")
MAX_DEPTH = 3
PAGE_SIZE, NEIGHBOUR_PAGE_SIZE = 20, 3
UNSTABLE_FIELDS = {"id", "cursor", "startCursor", "endCursor", "recordedAt", "finishedAt", "startedAt", "readyAt"}
"""Fields whose values differ from run to run, or that name an object of one data version."""
SKIPPED_FIELDS = {"node", "nodes", "imports", "dataVersions", "importReport"}
KEY_LITERALS = {
    "subject": ("{village: \"513431100200\"}", "{county: \"513431\"}"),
    "from": ('{fund: "ZJ000"}', '{household: "5134311002000000"}'),
    "text": ('"村"', '"ZJ"'),
    "year": ("2015", "2016"),
    "code": ('"513431100200"', '"513431"'),
}  # fmt: skip
Document = str


def documents(numbers: Mapping[str, list[str]]) -> Iterator[Document]:
    """Yield the documents. `numbers`: for each argument that is a record's number, some numbers of the register, as literals."""
    query = schema().query_type
    assert query is not None
    for name, field in query.fields.items():
        if name in SKIPPED_FIELDS:
            continue
        required = [
            argument
            for argument, declared in field.args.items()
            if isinstance(declared.type, GraphQLNonNull) and declared.default_value is Undefined
        ]
        yield from _field_documents(name, field, required, numbers)


def _field_documents(
    name: str, field: GraphQLField, required: list[str], numbers: Mapping[str, list[str]]
) -> Iterator[Document]:
    areas = [f'area: {{code: "{area}"}}' for area in AREAS] if "area" in required else [""]
    keys = [argument for argument in required if argument != "area"]
    literals = [[f"{key}: {value}" for value in _argument_literals(field, key, numbers)] for key in keys]
    page = f"first: {PAGE_SIZE}" if "first" in field.args else ""
    type_ = get_named_type(field.type)
    selection = _selection(type_, 1)
    for fixed_arguments in product(areas, *literals):
        for day in DAYS:
            for version in VERSIONS:
                times = [f'asOf: "{day}"' if day else "", f"asKnownAt: {version}" if version else ""]
                yield _document(name, [*fixed_arguments, page, *times], selection)
    fixed_arguments = tuple(choices[0] for choices in (areas, *literals))
    for argument, declared in field.args.items():
        enum = get_named_type(declared.type)
        values = list(enum.values) if isinstance(enum, GraphQLEnumType) else []
        if enum is not None and enum.name == "Boolean":
            values = ["true", "false"]
        for value in values:
            if argument not in required:
                argument_text = f"{argument}: {'[' + value + ']' if is_list_type(declared.type) else value}"
                yield _document(name, [*fixed_arguments, page, argument_text], selection)
    node = _node_type(type_)
    for connection, inner in (node.fields if isinstance(node, GraphQLObjectType) else {}).items():
        inner_type = get_named_type(inner.type)
        if "first" in inner.args and not any(
            isinstance(inner_argument.type, GraphQLNonNull) for inner_argument in inner.args.values()
        ):
            connection_text = f"{connection}(first: {NEIGHBOUR_PAGE_SIZE}) {_selection(inner_type, 2)}"
            inner_selection = (
                f"{{ edges {{ node {{ {connection_text} }} }} }}" if node is not type_ else f"{{ {connection_text} }}"
            )
            yield _document(name, [*fixed_arguments, page], inner_selection)


def _document(name: str, arguments: list[str], selection: str) -> Document:
    argument_list = ", ".join(filter(None, arguments))
    return f"{{ {name}{f'({argument_list})' if argument_list else ''} {selection} }}"


def _argument_literals(field: GraphQLField, argument: str, numbers: Mapping[str, list[str]]) -> list[str]:
    enum = get_named_type(field.args[argument].type)
    if isinstance(enum, GraphQLEnumType):
        return list(enum.values)
    return list(KEY_LITERALS.get(argument) or numbers.get(argument) or ['"ZJ000"'])


def _node_type(type_: Any) -> Any:
    """Return the type of a connection's nodes, or any other type itself."""
    edges = type_.fields.get("edges") if isinstance(type_, GraphQLObjectType) else None
    node = get_named_type(edges.type).fields.get("node") if edges is not None else None
    return get_named_type(node.type) if node is not None else type_


def _selection(type_: Any, depth: int) -> str:
    if is_leaf_type(type_):
        return ""
    if not isinstance(type_, GraphQLObjectType):
        possible_types = sorted(schema().get_possible_types(type_), key=lambda possible_type: possible_type.name)
        inner = " ".join(
            f"... on {possible_type.name} {_selection(possible_type, MAX_DEPTH)}" for possible_type in possible_types
        )
        return f"{{ __typename {inner} }}"
    texts = ["__typename"]
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if name in UNSTABLE_FIELDS or any(
            isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined
            for argument in field.args.values()
        ):
            continue
        if is_leaf_type(inner):
            texts.append(name)
        elif "first" not in field.args and depth < MAX_DEPTH:
            texts.append(f"{name} {_selection(inner, depth if name in ('edges', 'node') else depth + 1)}")
    return f"{{ {' '.join(texts)} }}"


def sample_numbers(graphql: GraphQLApi) -> dict[str, list[str]]:
    """Return some numbers of records, as literals, by the argument that takes one."""
    query = schema().query_type
    assert query is not None
    numbers: dict[str, list[str]] = {}
    for name, field in query.fields.items():
        keys = [argument for argument in field.args if argument.endswith("No") or argument == "uscc"]
        if len(field.args) > 4 or not keys or name in ("fundReport", "shareRegister"):
            continue
        plural = next(
            (
                plural_name
                for plural_name, plural_field in query.fields.items()
                if getattr(_node_type(get_named_type(plural_field.type)), "name", "") == get_named_type(field.type).name
                and "where" in plural_field.args
            ),
            "",
        )
        if plural:
            answer = graphql.execute(
                GraphQLRequest(f"{{ {plural}(first: 2) {{ edges {{ node {{ {keys[0]} }} }} }} }}", None, {})
            )
            edges = orjson.loads(orjson.dumps(answer.data or {})).get(plural, {}).get("edges", [])
            numbers.setdefault(keys[0], []).extend(orjson.dumps(edge["node"][keys[0]]).decode() for edge in edges)
    return numbers


def execute_document(graphql: GraphQLApi, document: Document) -> bytes:
    """Return the answer to a document as bytes: its data and the messages of its errors."""
    answer = graphql.execute(GraphQLRequest(document, None, {}))
    return orjson.dumps({"data": answer.data, "errors": [error["message"] for error in answer.errors]})


def record_answers(folder: Path, kind: str, store: Store) -> None:
    graphql = GraphQLApi(store)
    digest, document_count, error_count = hashlib.sha256(), 0, 0
    with gzip.open(folder / f"{kind}.jsonl.gz", "wb") as file:
        for document in documents(sample_numbers(graphql)):
            answer = execute_document(graphql, document)
            digest.update(answer)
            document_count, error_count = document_count + 1, error_count + (b'"errors":[]' not in answer)
            file.write(orjson.dumps([document, answer.decode()]) + b"\n")
    print(f"{kind}: {document_count:,} documents ({error_count} with errors), sha256 {digest.hexdigest()}", flush=True)


def compare_answers(folder: Path, kind: str, store: Store) -> None:
    graphql, digest = GraphQLApi(store), hashlib.sha256()
    document_count = different_count = 0
    with gzip.open(folder / f"{kind}.jsonl.gz", "rb") as file:
        for line in file:
            document, recorded_answer = orjson.loads(line)
            answer = execute_document(graphql, document)
            digest.update(answer)
            document_count += 1
            if answer.decode() != recorded_answer:
                different_count += 1
                if different_count <= 10:
                    print(f"--- {document}\n< {recorded_answer[:2000]}\n> {answer.decode()[:2000]}")
    print(
        f"{kind}: {document_count:,} documents, {different_count} answers differ, sha256 {digest.hexdigest()}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--engines", nargs="*", default=ENGINE_KINDS, choices=ENGINE_KINDS)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for kind in arguments.engines:
        with fresh_engine(kind) as (store, _):
            store.prepare()
            import_files(store, arguments.files)
            (compare_answers if arguments.compare else record_answers)(arguments.folder, kind, store)


if __name__ == "__main__":
    main()
