"""Tables of what is asked of one subject: an exit standard, a row a predicate; the chains of a fund, a row a hop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import GraphQLArgument, GraphQLField, GraphQLObjectType, get_named_type, is_required_input_field

from graph_service.api.schema import schema
from graph_service.api.types.derived import both
from graph_service.exports.columns import BETWEEN_ROWS, BETWEEN_VALUES, WITHIN_ROW, Column, leaf, row
from graph_service.exports.shapes import AS_KNOWN_AT, AS_OF, Parameter, Table, document
from graph_service.services.chains.breaks import REASONS
from graph_service.services.rules import rules

TREE, CHAINS = "exitReadiness", "benefitChains"
OF_CHAINS = ("kind", "complete", "attributed", "lent", "repaid")
"""What is told of a chain as a whole, at its last hop."""
LEAVES = ("predicate", "result", "value", "comparison", "threshold", "source")
BETWEEN_LEVELS = " / "
SAID = f"title {' '.join(LEAVES)} evidence {{ kind key says }}"


def subjects(fields: Mapping[str, GraphQLField]) -> Iterator[Table]:
    """Both tables."""
    yield _tree(fields[TREE])
    yield _chains(fields[CHAINS])


def _parameters(field: GraphQLField, of: str) -> dict[str, Parameter]:
    """The fields of the input that names the subject, and the two times."""
    named: Mapping[str, Any] = getattr(get_named_type(field.args[of].type), "fields", {})
    found = [Parameter(n, *both(f.description), f.type, is_required_input_field(f)) for n, f in named.items()]
    times: list[tuple[str, GraphQLArgument]] = [(name, field.args[name]) for name in (AS_OF, AS_KNOWN_AT)]
    found += [Parameter(name, *both(argument.description), argument.type, required=False) for name, argument in times]
    return {one.name: one for one in found}


def _inputs(field: GraphQLField, of: str) -> dict[str, str]:
    return dict.fromkeys(getattr(get_named_type(field.args[of].type), "fields", {}), of)


def _chains(field: GraphQLField) -> Table:
    """Chains are numbered as they come, hops from the fund on."""
    hop, chain = row(schema(), _type("ChainHop")), _type("BenefitChain")
    numbers = (Column("链条序号", lambda one: one["number"]), Column("环节序号", lambda one: one["place"]))
    whole = (leaf(name, chain.fields[name]).under("chain", "整链") for name in OF_CHAINS)
    breaks = Column("中断原因", lambda one: BETWEEN_VALUES.join(one["breaks"]) or None)
    counts = {"totalCount": "链条总数"}
    return Table(
        CHAINS,
        *both(field.description),
        (*numbers, *hop.columns, *whole, breaks),
        _parameters(field, "from"),
        counts,
        document(CHAINS, field, f"hops {{ {hop.selection} }} {' '.join(OF_CHAINS)} breaks {{ at reason }}", counts),
        _inputs(field, "from"),
        _hops,
    )


def _hops(nodes: Sequence[Any], before: int) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "place": place,
            "chain": chain if place == len(chain["hops"]) else None,
            "breaks": [REASONS[one["reason"]] for one in chain["breaks"] if one["at"] == place],
            **hop,
        }
        for number, chain in enumerate(nodes, before + 1)
        for place, hop in enumerate(chain["hops"], 1)
    ]


def _tree(field: GraphQLField) -> Table:
    """The whole standard first, then what it is made of, each with all above it."""
    judgement = _type("ExitJudgement")
    columns = [leaf(name, judgement.fields[name]) for name in LEAVES]
    selection = SAID
    for _ in range(_depth()):
        selection = f"{SAID} parts {{ {selection} }}"
    subject = "household { cardNo } village { code } county { code }"
    return Table(
        TREE,
        *both(field.description),
        (
            Column("层级", lambda one: one["level"]),
            Column("路径", lambda one: one["path"]),
            *columns,
            Column(both(judgement.fields["evidence"].description)[0], _evidence),
        ),
        _parameters(field, "subject"),
        {},
        f"query($subject: ExitSubject!, $asOf: Date, $asKnownAt: Int) {{ found: {TREE}(subject: $subject, asOf: $asOf, "
        f"asKnownAt: $asKnownAt) {{ asOf dataVersion {subject} nodes: standard {{ {selection} }} }} }}",
        _inputs(field, "subject"),
        lambda tree, _: list(_predicates(tree, 1, "")),
    )


def _depth() -> int:
    """How deep standards go below their root."""
    above = {(rule["standard"], rule["predicate"]): rule["parent"] for rule in rules("exit-standards")}

    def steps(standard: str, predicate: str) -> int:
        parent = above[standard, predicate]
        return 1 + steps(standard, parent) if parent else 0

    return max(steps(*one) for one in above)


def _predicates(one: Any, level: int, above: str) -> Iterator[dict[str, Any]]:
    path = f"{above}{BETWEEN_LEVELS}{one['title']}" if above else one["title"]
    yield {**one, "level": level, "path": path}
    for part in one.get("parts", ()):
        yield from _predicates(part, level + 1, path)


def _evidence(one: Any) -> str | None:
    told = (WITHIN_ROW.join(filter(None, (e["kind"], e["key"], e["says"]))) for e in one["evidence"])
    return BETWEEN_ROWS.join(told) or None


def _type(name: str) -> GraphQLObjectType:
    found = schema().type_map[name]
    if not isinstance(found, GraphQLObjectType):
        raise TypeError(f"{name} has no fields")
    return found
