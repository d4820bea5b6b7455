"""A set of chains as evidence: what was asked, on which data version, when, the answer with every document, and its hash. Asked again on that
data version, it is the same."""

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
    """What a number is of. Raises `NotFound`; `ArgumentInvalid` where several have it."""
    labels = [row[0] for row in store.query("chains/named", key=number, seq=scope.version)]
    if not labels:
        raise NotFound(what_zh="编号", what_en="number", key=number)
    if len(labels) > 1:
        told = ", ".join(f"{label}:{number}" for label in labels)
        raise ArgumentInvalid(name=number, reason_zh=f"多个对象有此编号:{told}", reason_en=f"several have it: {told}")
    return labels[0], number


def resolve_end(store: Store, scope: QueryScope, text: str) -> Node | str:
    """The end that a text names: a kind, a number, or Label:number."""
    if text.upper() in ENDPOINT_KINDS:
        return text.upper()
    label, colon, key = text.partition(":")
    return (label, key) if colon else find_node(store, scope, text)


def find_chains(
    store: Store, scope: QueryScope, start: str, to: str | None = None, year: int | None = None
) -> list[Chain]:
    """Every chain between two ends, as `benefitChains` has them. Raises `NotFound`, `ArgumentInvalid`."""
    one = resolve_end(store, scope, start)
    if isinstance(one, str):
        raise ArgumentInvalid(name="from", reason_zh="请给出编号", reason_en="name a number")
    other = None if to is None else resolve_end(store, scope, to)
    return list(chains.iter_chains(store, scope, build_query(one, other, year)))


def build_case(store: Store, scope: QueryScope, start: str, to: str | None, year: int | None, by: str) -> Case:
    """A sealed case: the question, who asked it when (UTC), the data version, the answer, the hash of all that."""
    found = [encode_chain(one) for one in find_chains(store, scope, start, to, year)]
    made: Case = {
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
        "answer": found,
    }
    return {**made, HASH_FIELD: case_hash(made)}


def case_hash(content: Mapping[str, Any]) -> str:
    """The hash of what a case says."""
    bare = {name: value for name, value in content.items() if name != HASH_FIELD}
    return hashlib.sha256(orjson.dumps(bare, option=orjson.OPT_SORT_KEYS)).hexdigest()


def load_case(data: bytes) -> Case:
    """A case from a file. Raises `CaseInvalid` where it is none, or where what it says is not what was sealed."""
    try:
        content: Case = orjson.loads(data)
        known = (
            isinstance(content, dict)
            and content["form"] == CASE_FORMAT
            and {"answer", HASH_FIELD} <= content.keys()
            and content["question"].keys() >= QUESTION_FIELDS
        )
    except (orjson.JSONDecodeError, KeyError, AttributeError):
        known = False
    if not known:
        raise CaseInvalid(reason_zh="不是案卷文件", reason_en="it is no case file")
    if case_hash(content) != content[HASH_FIELD]:
        raise CaseInvalid(
            reason_zh="内容与封存时的哈希不符", reason_en="what it says is not what was sealed: its hash differs"
        )
    return content


def differences(store: Store, content: Case) -> list[str]:
    """What the answer is not any more, asked again for the same day on the same data version: places of chains that differ (`*`: they are repeated, or in another order);
    empty where it is the same.

    Raises `VersionUnknown` where that version is not there.
    """
    question = content["question"]
    viewing = QueryScope.resolve(store, None, as_of=question["asOf"], as_known_at=question["dataVersion"])
    now = [encode_chain(one) for one in find_chains(store, viewing, question["from"], question["to"], question["year"])]
    if content["answer"] == now:
        return []
    before, after = _index_by_path(content["answer"]), _index_by_path(now)
    differing = [place for place in dict.fromkeys([*before, *after]) if before.get(place) != after.get(place)]
    return differing or ["*"]


def _index_by_path(answer: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {" > ".join([*_source_marker(one), *map(_step_text, one["hops"])]): one for one in answer}


def _step_text(hop: Mapping[str, Any]) -> str:
    lent = f" {LENT}" if hop["relationship"] == LENT else ""
    return f"{hop['kind']}{lent}:{hop['key']}"


def _source_marker(chain: Mapping[str, Any]) -> list[str]:
    """Begins the place of a chain whose money left its first node beyond what that had."""
    return ["?"] if any(stop["reason"] == "NO_SOURCE" and "amount" in stop for stop in chain["breaks"]) else []


def encode_chain(chain: Chain) -> dict[str, Any]:
    """A chain with every document; amounts that are divided as exact fractions of fen."""
    return {
        "hops": [_encode_hop(hop) for hop in chain.hops],
        "complete": chain.is_complete,
        "attributed": format_yuan(round_to_fen(chain.attributed)),
        "attributedExact": _encode_exact(chain.attributed),
        **({"lent": _encode_exact(chain.lent), "repaid": _encode_exact(chain.repaid)} if chain.is_loan else {}),
        "breaks": [_encode_break(one) for one in chain.breaks],
    }


def _encode_break(chain_break: ChainBreak) -> dict[str, Any]:
    about = {} if chain_break.amount is None else {"amount": _encode_exact(chain_break.amount)}
    return {
        "at": chain_break.hop_index + 1,
        "expected": list(chain_break.expected),
        "reason": chain_break.reason,
        **about,
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
        "evidence": [_encode_document(one) for one in hop.evidence],
        "dividends": [_encode_document(one) for one in hop.dividends],
    }


def _encode_document(document: ChainEvidence) -> dict[str, Any]:
    said = {
        "kind": document.kind, "number": document.number, "amount": format_yuan(document.amount), "shares": document.shares, "totalShares": document.total_shares,
        "on": format_day(document.day), "corrects": document.corrects, "share": format_fraction(document.stake), "payee": document.payee,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def _encode_exact(amount: Amount | Fraction) -> str | None:
    return None if amount is None else str(amount)


def build_graph(case_chains: Iterable[Chain]) -> nx.DiGraph[str]:
    """Chains as one graph, for GraphML: nodes with kind, number and what stays (yuan), edges with relationship, documents, amount, what passes."""
    made: nx.DiGraph[str] = nx.DiGraph()
    seen: set[tuple[Node, ...]] = set()
    passing: dict[tuple[str, str], Amount] = {}
    stays: dict[str, Amount] = {}
    for chain in case_chains:
        for at, hop in enumerate(chain.hops):
            name = ":".join(hop.node)
            made.add_node(name, kind=hop.label, number=hop.key)
            place = chain.sort_key[: at + 1 + chain.is_unsourced]
            if place in seen:
                continue
            seen.add(place)
            stays[name] = sum_amounts([stays.get(name, ZERO), hop.retained])
            if at:
                before = ":".join(chain.hops[at - 1].node)
                documents = " ".join(one.number for one in hop.evidence if one.number)
                made.add_edge(
                    before,
                    name,
                    relationship=hop.relationship,
                    documents=documents,
                    amount=format_yuan(hop.amount) or "",
                )
                passing[before, name] = sum_amounts([passing.get((before, name), ZERO), hop.inflow])
    for name, amount in stays.items():
        made.nodes[name]["stays"] = format_yuan(round_to_fen(amount)) or UNKNOWN_AMOUNT
    for (before, name), amount in passing.items():
        made.edges[before, name]["passes"] = format_yuan(round_to_fen(amount)) or UNKNOWN_AMOUNT
    return made
