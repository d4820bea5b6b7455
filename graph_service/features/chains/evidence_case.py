"""Evidence cases: a set of chains with the question, the data version, the time, every document, and a hash. Asked
again on that data version, the answer is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import networkx as nx
import orjson

from graph_service.core.query_scope import QueryScope
from graph_service.domain.amounts import format_fraction, format_yuan
from graph_service.domain.days import format_day, iso_day
from graph_service.errors import ArgumentInvalid, CaseInvalid, NotFound
from graph_service.features import chains
from graph_service.features.chains.amounts import ZERO, sum_amounts
from graph_service.features.chains.chain import (
    LENT,
    Amount,
    Chain,
    ChainBreak,
    ChainEvidence,
    ChainHop,
    Node,
    round_to_fen,
)
from graph_service.features.chains.query import ENDPOINT_KINDS, build_query
from graph_service.platform.store.graph import Store

UNKNOWN_AMOUNT = "?"
CASE_FORMAT = "graph_service chains 1"
HASH_FIELD = "sha256"
QUESTION_FIELDS = {"from", "to", "year", "asOf", "dataVersion"}
Case = dict[str, Any]


def find_node(store: Store, scope: QueryScope, number: str) -> Node:
    """Return the node that has a number. Raises `NotFound`; `ArgumentInvalid` where several have it."""
    labels = [row[0] for row in store.query("chains/named", key=number, seq=scope.version)]
    if not labels:
        raise NotFound(what_zh="编号", what_en="number", key=number)
    if len(labels) > 1:
        node_names = ", ".join(f"{label}:{number}" for label in labels)
        raise ArgumentInvalid(
            name=number, reason_zh=f"多个对象有此编号：{node_names}", reason_en=f"several have it: {node_names}"
        )
    return labels[0], number


def resolve_end(store: Store, scope: QueryScope, text: str) -> Node | str:
    """Return the end that a text names: a kind, a number, or Label:number."""
    if text.upper() in ENDPOINT_KINDS:
        return text.upper()
    label, colon, key = text.partition(":")
    return (label, key) if colon else find_node(store, scope, text)


def find_chains(
    store: Store, scope: QueryScope, start: str, to: str | None = None, year: int | None = None
) -> list[Chain]:
    """Return every chain between two ends, the same as `benefitChains`. Raises `NotFound`, `ArgumentInvalid`."""
    endpoint = resolve_end(store, scope, start)
    if isinstance(endpoint, str):
        raise ArgumentInvalid(name="from", reason_zh="请给出编号，而不是类型", reason_en="give a number, not a type")
    other_endpoint = None if to is None else resolve_end(store, scope, to)
    return list(chains.iter_chains(store, scope, build_query(endpoint, other_endpoint, year)))


def build_case(store: Store, scope: QueryScope, start: str, to: str | None, year: int | None, by: str) -> Case:
    """Return a sealed case: the question, the asker and the time (UTC), the data version, the answer, and the hash of all that."""
    answer = [encode_chain(chain) for chain in find_chains(store, scope, start, to, year)]
    content: Case = {
        "form": CASE_FORMAT,
        "question": {
            "from": start,
            "to": to,
            "year": year,
            "asOf": iso_day(scope.as_of),
            "dataVersion": scope.version,
        },
        "asked": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": by,
        "answer": answer,
    }
    return {**content, HASH_FIELD: case_hash(content)}


def case_hash(content: Mapping[str, Any]) -> str:
    """Return the hash of the content of a case."""
    hashed_content = {name: value for name, value in content.items() if name != HASH_FIELD}
    return hashlib.sha256(orjson.dumps(hashed_content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def load_case(data: bytes) -> Case:
    """Return the case in a file. Raises `CaseInvalid` where it is no case, or where its content is not what was sealed."""
    try:
        content: Case = orjson.loads(data)
        is_case = (
            isinstance(content, dict)
            and content["form"] == CASE_FORMAT
            and {"answer", HASH_FIELD} <= content.keys()
            and content["question"].keys() >= QUESTION_FIELDS
        )
    except (orjson.JSONDecodeError, KeyError, AttributeError):
        is_case = False
    if not is_case:
        raise CaseInvalid(reason_zh="不是案卷文件", reason_en="the file is not a case file")
    if case_hash(content) != content[HASH_FIELD]:
        raise CaseInvalid(
            reason_zh="内容与封存时的哈希不符",
            reason_en="the content does not match the hash recorded when the case was sealed",
        )
    return content


def differences(store: Store, content: Case) -> list[str]:
    """Return how the answer differs when it is asked again for the same day on the same data version: the paths of the
    chains that differ (`*`: they are repeated, or in another order); empty where it is the same.

    Raises `VersionUnknown` where that version does not exist.
    """
    question = content["question"]
    scope = QueryScope.resolve(store, None, as_of=question["asOf"], as_known_at=question["dataVersion"])
    current_answer = [
        encode_chain(chain) for chain in find_chains(store, scope, question["from"], question["to"], question["year"])
    ]
    if content["answer"] == current_answer:
        return []
    chain_by_path, current_chain_by_path = _index_by_path(content["answer"]), _index_by_path(current_answer)
    differing_paths = [
        path
        for path in dict.fromkeys([*chain_by_path, *current_chain_by_path])
        if chain_by_path.get(path) != current_chain_by_path.get(path)
    ]
    return differing_paths or ["*"]


def _index_by_path(answer: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {" > ".join([*_source_marker(chain), *map(_step_text, chain["hops"])]): chain for chain in answer}


def _step_text(hop: Mapping[str, Any]) -> str:
    lent = f" {LENT}" if hop["relationship"] == LENT else ""
    return f"{hop['kind']}{lent}:{hop['key']}"


def _source_marker(chain: Mapping[str, Any]) -> list[str]:
    """Return the first element of the path of a chain whose money left its first node beyond what that had."""
    return ["?"] if any(stop["reason"] == "NO_SOURCE" and "amount" in stop for stop in chain["breaks"]) else []


def encode_chain(chain: Chain) -> dict[str, Any]:
    """Return a chain with every document; divided amounts as exact fractions of fen."""
    return {
        "hops": [_encode_hop(hop) for hop in chain.hops],
        "complete": chain.is_complete,
        "attributed": format_yuan(round_to_fen(chain.attributed)),
        "attributedExact": _encode_exact(chain.attributed),
        **({"lent": _encode_exact(chain.lent), "repaid": _encode_exact(chain.repaid)} if chain.is_loan else {}),
        "breaks": [_encode_break(chain_break) for chain_break in chain.breaks],
    }


def _encode_break(chain_break: ChainBreak) -> dict[str, Any]:
    amount_field = {} if chain_break.amount is None else {"amount": _encode_exact(chain_break.amount)}
    return {
        "at": chain_break.hop_index + 1,
        "expected": list(chain_break.expected),
        "reason": chain_break.reason,
        **amount_field,
    }


def _encode_hop(hop: ChainHop) -> dict[str, Any]:
    return {
        "kind": hop.label,
        "key": hop.key,
        "relationship": hop.relationship or None,
        "amount": format_yuan(hop.amount),
        "in": _encode_exact(hop.inflow),
        "cameBack": _encode_exact(hop.recirculated),
        "on": _encode_exact(hop.outflow),
        "stays": _encode_exact(hop.retained),
        "part": _encode_exact(hop.part),
        "evidence": [_encode_document(document) for document in hop.evidence],
        "dividends": [_encode_document(document) for document in hop.dividends],
    }


def _encode_document(document: ChainEvidence) -> dict[str, Any]:
    fields = {
        "kind": document.kind, "number": document.number, "amount": format_yuan(document.amount), "shares": document.shares, "totalShares": document.total_shares,
        "on": format_day(document.day), "corrects": document.corrects, "share": format_fraction(document.stake), "payee": document.payee,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def _encode_exact(amount: Amount | Fraction) -> str | None:
    return None if amount is None else str(amount)


def build_graph(case_chains: Iterable[Chain]) -> nx.DiGraph[str]:
    """Return chains as one graph for GraphML: nodes with kind, number and retained amount (yuan); edges with
    relationship, documents, amount and passing amount."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    visited: set[tuple[Node, ...]] = set()
    passing_amounts: dict[tuple[str, str], Amount] = {}
    retained_amounts: dict[str, Amount] = {}
    for chain in case_chains:
        for index, hop in enumerate(chain.hops):
            name = ":".join(hop.node)
            graph.add_node(name, kind=hop.label, number=hop.key)
            path = chain.sort_key[: index + 1 + chain.is_unsourced]
            if path in visited:
                continue
            visited.add(path)
            retained_amounts[name] = sum_amounts([retained_amounts.get(name, ZERO), hop.retained])
            if index:
                previous_name = ":".join(chain.hops[index - 1].node)
                documents = " ".join(document.number for document in hop.evidence if document.number)
                graph.add_edge(
                    previous_name,
                    name,
                    relationship=hop.relationship,
                    documents=documents,
                    amount=format_yuan(hop.amount) or "",
                )
                passing_amounts[previous_name, name] = sum_amounts(
                    [passing_amounts.get((previous_name, name), ZERO), hop.inflow]
                )
    for name, amount in retained_amounts.items():
        graph.nodes[name]["stays"] = format_yuan(round_to_fen(amount)) or UNKNOWN_AMOUNT
    for (previous_name, name), amount in passing_amounts.items():
        graph.edges[previous_name, name]["passes"] = format_yuan(round_to_fen(amount)) or UNKNOWN_AMOUNT
    return graph
