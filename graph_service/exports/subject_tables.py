"""Tables of questions about one subject: an exit standard, a row for each predicate; the chains of a fund, a row for each hop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLArgument, GraphQLField, GraphQLObjectType, get_named_type, is_required_input_field

from graph_service.core.rules import rules
from graph_service.exports.columns import (
    CELL_SEPARATOR,
    ROW_SEPARATOR,
    VALUE_SEPARATOR,
    TableColumn,
    leaf_column,
    select_row,
)
from graph_service.exports.table_definition import (
    AS_KNOWN_AT,
    AS_OF,
    ExportTable,
    TableParameter,
    build_document,
)
from graph_service.features.chains.breaks import BREAK_REASON_NAMES
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.schema import schema
from graph_service.graphql.types.derived import split_bilingual

EXIT_READINESS, BENEFIT_CHAINS = "exitReadiness", "benefitChains"
CHAIN_FIELDS = ("kind", "complete", "attributed", "lent", "repaid")
"""Fields of a chain as a whole, shown at its last hop."""
PREDICATE_FIELDS = ("predicate", "result", "value", "comparison", "threshold", "source")
LEVEL_SEPARATOR = " / "
PREDICATE_SELECTION = f"title {' '.join(PREDICATE_FIELDS)} evidence {{ kind key says }}"


def subject_tables(fields: Mapping[str, GraphQLField]) -> Iterator[ExportTable]:
    """Yield both tables."""
    yield _readiness_table(fields[EXIT_READINESS])
    yield _chains_table(fields[BENEFIT_CHAINS])


def _parameters(field: GraphQLField, input_name: str) -> dict[str, TableParameter]:
    """Return the fields of the input that names the subject, the two times, and the purpose where the field takes one."""
    input_fields: Mapping[str, Any] = getattr(get_named_type(field.args[input_name].type), "fields", {})
    parameters = [
        TableParameter(
            name, *split_bilingual(input_field.description), input_field.type, is_required_input_field(input_field)
        )
        for name, input_field in input_fields.items()
    ]
    further_arguments: list[tuple[str, GraphQLArgument]] = [
        (name, field.args[name]) for name in (AS_OF, AS_KNOWN_AT, PURPOSE) if name in field.args
    ]
    parameters += [
        TableParameter(name, *split_bilingual(argument.description), argument.type, required=False)
        for name, argument in further_arguments
    ]
    return {parameter.name: parameter for parameter in parameters}


def _inputs(field: GraphQLField, input_name: str) -> dict[str, str]:
    return dict.fromkeys(getattr(get_named_type(field.args[input_name].type), "fields", {}), input_name)


def _chains_table(field: GraphQLField) -> ExportTable:
    """Return the table of chains, which are numbered in their order, their hops from the fund on."""
    hop, chain = select_row(schema(), _object_type("ChainHop")), _object_type("BenefitChain")
    numbers = (TableColumn("链条序号", lambda row: row["number"]), TableColumn("环节序号", lambda row: row["place"]))
    chain_columns = (leaf_column(name, chain.fields[name]).nest("chain", "整链") for name in CHAIN_FIELDS)
    breaks = TableColumn("疑点原因", lambda row: VALUE_SEPARATOR.join(row["breaks"]) or None)
    counts = {"totalCount": "链条总数"}
    return ExportTable(
        BENEFIT_CHAINS,
        *split_bilingual(field.description),
        (*numbers, *hop.columns, *chain_columns, breaks),
        _parameters(field, "from"),
        counts,
        build_document(
            BENEFIT_CHAINS, field, f"hops {{ {hop.selection} }} {' '.join(CHAIN_FIELDS)} breaks {{ at reason }}", counts
        ),
        _inputs(field, "from"),
        _hop_rows,
    )


def _hop_rows(nodes: Sequence[Any], offset: int) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "place": position,
            "chain": chain if position == len(chain["hops"]) else None,
            "breaks": [
                BREAK_REASON_NAMES[chain_break["reason"]]
                for chain_break in chain["breaks"]
                if chain_break["at"] == position
            ],
            **hop,
        }
        for number, chain in enumerate(nodes, offset + 1)
        for position, hop in enumerate(chain["hops"], 1)
    ]


def _readiness_table(field: GraphQLField) -> ExportTable:
    """Return the table of a standard: the whole standard first, then its parts, each with the path above it."""
    judgement = _object_type("ExitJudgement")
    columns = [leaf_column(name, judgement.fields[name]) for name in PREDICATE_FIELDS]
    selection = PREDICATE_SELECTION
    for _ in range(_standard_depth()):
        selection = f"{PREDICATE_SELECTION} parts {{ {selection} }}"
    subject = "household { cardNo } village { code } county { code }"
    return ExportTable(
        EXIT_READINESS,
        *split_bilingual(field.description),
        (
            TableColumn("层级", lambda row: row["level"]),
            TableColumn("路径", lambda row: row["path"]),
            *columns,
            TableColumn(split_bilingual(judgement.fields["evidence"].description)[0], _evidence_cell),
        ),
        _parameters(field, "subject"),
        {},
        f"query($subject: ExitSubject!, $asOf: Date, $asKnownAt: Int, $purpose: Purpose) {{ found: {EXIT_READINESS}(subject: $subject, asOf: $asOf, "
        f"asKnownAt: $asKnownAt, purpose: $purpose) {{ asOf dataVersion {subject} nodes: standard {{ {selection} }} }} }}",
        _inputs(field, "subject"),
        lambda tree, _: list(_predicate_rows(tree, 1, "")),
    )


def _standard_depth() -> int:
    """Return the number of levels of the deepest standard below its root."""
    parents = {(rule["standard"], rule["predicate"]): rule["parent"] for rule in rules("exit-standards")}

    def count_levels(standard: str, predicate: str) -> int:
        parent = parents[standard, predicate]
        return 1 + count_levels(standard, parent) if parent else 0

    return max(count_levels(*predicate_key) for predicate_key in parents)


def _predicate_rows(judgement: Any, level: int, parent_path: str) -> Iterator[dict[str, Any]]:
    path = f"{parent_path}{LEVEL_SEPARATOR}{judgement['title']}" if parent_path else judgement["title"]
    yield {**judgement, "level": level, "path": path}
    for part in judgement.get("parts", ()):
        yield from _predicate_rows(part, level + 1, path)


def _evidence_cell(judgement: Any) -> str | None:
    texts = (
        CELL_SEPARATOR.join(filter(None, (evidence["kind"], evidence["key"], evidence["says"])))
        for evidence in judgement["evidence"]
    )
    return ROW_SEPARATOR.join(texts) or None


def _object_type(name: str) -> GraphQLObjectType:
    type_ = schema().type_map[name]
    if not isinstance(type_, GraphQLObjectType):
        raise TypeError(f"{name} has no fields")
    return type_
