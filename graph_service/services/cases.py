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

from graph_service.derive.amounts import show_part, show_yuan
from graph_service.derive.days import iso_day, show_day
from graph_service.errors import ArgumentInvalid, CaseInvalid, NotFound
from graph_service.services import chains
from graph_service.services.chains.amounts import ZERO, total
from graph_service.services.chains.asked import KINDS, directed
from graph_service.services.chains.chain import LOAN, Amount, Break, Chain, Evidence, Hop, Node, shown
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

UNKNOWN = "?"
FORM = "graph_service chains 1"
SEAL = "sha256"
ASKED = {"from", "to", "year", "asOf", "dataVersion"}
Case = dict[str, Any]


def named(store: Store, viewing: Viewing, number: str) -> Node:
    """What a number is of. Raises `NotFound`; `ArgumentInvalid` where several have it."""
    labels = [row[0] for row in store.ask("chains/named", key=number, seq=viewing.sequence)]
    if not labels:
        raise NotFound(what_zh="编号", what_en="number", key=number)
    if len(labels) > 1:
        told = ", ".join(f"{label}:{number}" for label in labels)
        raise ArgumentInvalid(name=number, reason_zh=f"多个对象有此编号:{told}", reason_en=f"several have it: {told}")
    return labels[0], number


def ended(store: Store, viewing: Viewing, text: str) -> Node | str:
    """The end that a text names: a kind, a number, or Label:number."""
    if text.upper() in KINDS:
        return text.upper()
    label, colon, key = text.partition(":")
    return (label, key) if colon else named(store, viewing, text)


def asked(store: Store, viewing: Viewing, start: str, to: str | None = None, year: int | None = None) -> list[Chain]:
    """Every chain between two ends, as `benefitChains` has them. Raises `NotFound`, `ArgumentInvalid`."""
    one = ended(store, viewing, start)
    if isinstance(one, str):
        raise ArgumentInvalid(name="from", reason_zh="请给出编号", reason_en="name a number")
    other = None if to is None else ended(store, viewing, to)
    return list(chains.every(store, viewing, directed(one, other, year)))


def case(store: Store, viewing: Viewing, start: str, to: str | None, year: int | None, by: str) -> Case:
    """A sealed case: the question, who asked it when (UTC), the data version, the answer, the hash of all that."""
    found = [told(one) for one in asked(store, viewing, start, to, year)]
    made: Case = {
        "form": FORM,
        "question": {
            "from": start,
            "to": to,
            "year": year,
            "asOf": iso_day(viewing.as_of),
            "dataVersion": viewing.sequence,
        },
        "asked": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": by,
        "answer": found,
    }
    return {**made, SEAL: sealed(made)}


def sealed(content: Mapping[str, Any]) -> str:
    """The hash of what a case says."""
    bare = {name: value for name, value in content.items() if name != SEAL}
    return hashlib.sha256(orjson.dumps(bare, option=orjson.OPT_SORT_KEYS)).hexdigest()


def opened(data: bytes) -> Case:
    """A case from a file. Raises `CaseInvalid` where it is none, or where what it says is not what was sealed."""
    try:
        content: Case = orjson.loads(data)
        known = (
            isinstance(content, dict)
            and content["form"] == FORM
            and {"answer", SEAL} <= content.keys()
            and content["question"].keys() >= ASKED
        )
    except (orjson.JSONDecodeError, KeyError, AttributeError):
        known = False
    if not known:
        raise CaseInvalid(reason_zh="不是案卷文件", reason_en="it is no case file")
    if sealed(content) != content[SEAL]:
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
    viewing = Viewing.of(store, None, as_of=question["asOf"], as_known_at=question["dataVersion"])
    now = [told(one) for one in asked(store, viewing, question["from"], question["to"], question["year"])]
    if content["answer"] == now:
        return []
    before, after = _by_place(content["answer"]), _by_place(now)
    differing = [place for place in dict.fromkeys([*before, *after]) if before.get(place) != after.get(place)]
    return differing or ["*"]


def _by_place(answer: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {" > ".join([*_sourceless(one), *map(_step, one["hops"])]): one for one in answer}


def _step(hop: Mapping[str, Any]) -> str:
    lent = f" {LOAN}" if hop["relationship"] == LOAN else ""
    return f"{hop['kind']}{lent}:{hop['key']}"


def _sourceless(one: Mapping[str, Any]) -> list[str]:
    """Begins the place of a chain whose money left its first node beyond what that had."""
    return ["?"] if any(stop["reason"] == "NO_SOURCE" and "amount" in stop for stop in one["breaks"]) else []


def told(chain: Chain) -> dict[str, Any]:
    """A chain with every document; amounts that are divided as exact fractions of fen."""
    return {
        "hops": [_hop(hop) for hop in chain.hops],
        "complete": chain.complete,
        "attributed": show_yuan(shown(chain.attributed)),
        "attributedExact": _exact(chain.attributed),
        **({"lent": _exact(chain.lent), "repaid": _exact(chain.repaid)} if chain.is_loan else {}),
        "breaks": [_break(one) for one in chain.breaks],
    }


def _break(one: Break) -> dict[str, Any]:
    about = {} if one.amount is None else {"amount": _exact(one.amount)}
    return {"at": one.at + 1, "expected": list(one.expected), "reason": one.reason, **about}


def _hop(hop: Hop) -> dict[str, Any]:
    return {
        "kind": hop.label,
        "key": hop.key,
        "relationship": hop.relationship or None,
        "amount": show_yuan(hop.amount),
        "in": _exact(hop.arrives),
        "cameBack": _exact(hop.back),
        "on": _exact(hop.goes_on),
        "stays": _exact(hop.stays),
        "part": _exact(hop.part),
        "evidence": [_document(one) for one in hop.evidence],
        "dividends": [_document(one) for one in hop.dividends],
    }


def _document(one: Evidence) -> dict[str, Any]:
    said = {
        "kind": one.kind, "number": one.number, "amount": show_yuan(one.amount), "shares": one.shares, "totalShares": one.total_shares,
        "on": show_day(one.on), "corrects": one.corrects, "share": show_part(one.share), "payee": one.payee,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def _exact(amount: Amount | Fraction) -> str | None:
    return None if amount is None else str(amount)


def graph(found: Iterable[Chain]) -> nx.DiGraph[str]:
    """Chains as one graph, for GraphML: nodes with kind, number and what stays (yuan), edges with relationship, documents, amount, what passes."""
    made: nx.DiGraph[str] = nx.DiGraph()
    seen: set[tuple[Node, ...]] = set()
    passing: dict[tuple[str, str], Amount] = {}
    stays: dict[str, Amount] = {}
    for chain in found:
        for at, hop in enumerate(chain.hops):
            name = ":".join(hop.node)
            made.add_node(name, kind=hop.label, number=hop.key)
            place = chain.place[: at + 1 + chain.unsourced]
            if place in seen:
                continue
            seen.add(place)
            stays[name] = total([stays.get(name, ZERO), hop.stays])
            if at:
                before = ":".join(chain.hops[at - 1].node)
                documents = " ".join(one.number for one in hop.evidence if one.number)
                made.add_edge(
                    before, name, relationship=hop.relationship, documents=documents, amount=show_yuan(hop.amount) or ""
                )
                passing[before, name] = total([passing.get((before, name), ZERO), hop.arrives])
    for name, amount in stays.items():
        made.nodes[name]["stays"] = show_yuan(shown(amount)) or UNKNOWN
    for (before, name), amount in passing.items():
        made.edges[before, name]["passes"] = show_yuan(shown(amount)) or UNKNOWN
    return made
