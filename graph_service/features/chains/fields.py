"""benefitChains: every way of money between two ends, hop by hop."""

from __future__ import annotations

from typing import Any

import orjson

from graph_service.domain.amounts import format_yuan
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid, CursorInvalid
from graph_service.features import chains
from graph_service.features.chains.chain import Chain, Node, round_to_fen
from graph_service.features.chains.query import ChainPage, SortKey, build_query
from graph_service.features.chains.types import (
    BREAK_ENCODERS,
    CHAIN_ENCODERS,
    CONNECTION,
    END_FIELDS,
    EVIDENCE_ENCODERS,
    HOP_ENCODERS,
    add_types,
)
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.nodes import NodeLookup
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    FORWARD_PAGING,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import bilingual
from graph_service.graphql.types.type_registry import Argument, Field
from graph_service.platform.codec import SEALED_PREFIX

__all__ = ("ROOT_FIELDS", "add_types")
TOTAL_FIELDS = (
    "totalCount",
    "attributedTotal",
    "roundingDifference",
    "unknownCount",
    "lentTotal",
    "repaidTotal",
    "outstandingTotal",
)


def parse_end(end: dict[str, Any], argument_name: str) -> Node | str:
    """The end that an argument names: a node, or a kind. Raises `ArgumentInvalid`."""
    named = [(field, value) for field, value in end.items() if value is not None]
    if len(named) != 1:
        raise ArgumentInvalid(
            name=argument_name,
            reason_zh=f"请只给出其一:{'、'.join([*END_FIELDS, 'kind'][: len(END_FIELDS) + (argument_name == 'to')])}",
            reason_en=f"name exactly one of {', '.join([*END_FIELDS, 'kind'][: len(END_FIELDS) + (argument_name == 'to')])}",
        )
    [(field, value)] = named
    return value if field == "kind" else (END_FIELDS[field][0], value)


def _decode_place(execution: Execution, cursor: str | None) -> SortKey:
    if cursor is None:
        return ()
    [_, told] = decode_cursor(cursor, (str, str))
    # With a key, what is not sealed is no cursor of ours.
    if execution.store.codec.key_fingerprint and not told.startswith(SEALED_PREFIX):
        raise CursorInvalid(cursor=cursor[:80])
    try:
        pairs = orjson.loads(execution.store.codec.unseal(CONNECTION, told) or "")
        return tuple((str(label), str(key)) for label, key in pairs)
    except (TypeError, ValueError) as error:
        raise CursorInvalid(cursor=cursor[:80]) from error


def _encode_place(execution: Execution, chain: Chain) -> tuple[str, str]:
    """Its nodes; sealed, as some may be hidden."""
    told = orjson.dumps(chain.sort_key).decode()
    return CONNECTION, execution.store.codec.seal(CONNECTION, told) or ""


def chain_encoder(context: RootFieldContext, nodes: NodeLookup, selected: SelectedField) -> Encoder:
    """Encodes pairs of a chain and what was found of its nodes."""

    def on_hop(selected: SelectedField) -> Encoder:
        if selected.name == "node":
            place = nodes.select(selected)
            return lambda pair: None if pair[0].is_hidden else pair[1][pair[0].label, (pair[0].key,)][place]
        if selected.name in ("evidence", "dividends"):
            encode = context.object_encoder("Evidence", selected, lambda field: EVIDENCE_ENCODERS[field.name])
            name = selected.name
            return lambda pair: [encode(document) for document in getattr(pair[0], name)]
        show = HOP_ENCODERS[selected.name]
        return lambda pair: show(pair[0])

    def on_chain(selected: SelectedField) -> Encoder:
        if selected.name == "hops":
            encode = context.object_encoder("ChainHop", selected, on_hop)
            return lambda pair: [encode((hop, pair[1])) for hop in pair[0].hops]
        if selected.name == "breaks":
            encode = context.object_encoder("ChainBreak", selected, lambda field: BREAK_ENCODERS[field.name])
            return lambda pair: [encode((pair[0], each)) for each in pair[0].breaks]
        show = CHAIN_ENCODERS[selected.name]
        return lambda pair: show(pair[0])

    return context.object_encoder("BenefitChain", selected, on_chain)


def total_values(page: ChainPage) -> dict[str, Any]:
    """Values of `SUMMED`."""
    sums = page.totals
    if sums is None:
        return {}
    total = round_to_fen(sums.attributed) or 0
    return {
        "totalCount": sums.count,
        "attributedTotal": format_yuan(total),
        "roundingDifference": format_yuan(sums.rounded - total),
        "unknownCount": sums.unknown_count,
        "lentTotal": format_yuan(round_to_fen(sums.lent)),
        "repaidTotal": format_yuan(round_to_fen(sums.repaid)),
        "outstandingTotal": format_yuan(round_to_fen(sums.lent - sums.repaid)),
    }


def _plan_chains(context: RootFieldContext) -> Resolver:
    window, nodes = context.window(), NodeLookup(context.compiler(), MODEL.unions["ChainNode"].labels)
    shape = ConnectionSelection.from_field(context.operation, CONNECTION, context.selected)
    encode = shape.encoder(lambda one: chain_encoder(context, nodes, one))
    nodes.finish()
    counted = shape.selects(*TOTAL_FIELDS)

    def answer(execution: Execution) -> dict[str, Any]:
        viewing, after, to = execution.query_scope(), execution.argument("after"), execution.argument("to")
        start = parse_end(execution.argument("from"), "from")
        assert isinstance(start, tuple)
        between = build_query(start, parse_end(to, "to") if to is not None else None, execution.argument("year"))
        page = ChainPage((), has_next=False)
        if shape.needs_rows or counted:
            page = chains.load_page(
                execution.store,
                viewing,
                between,
                first=window.size,
                after=_decode_place(execution, after),
                with_totals=counted,
            )
        seen = (hop.node for chain in page.chains for hop in chain.hops if not hop.is_hidden)
        found = nodes.find_nodes(execution, viewing, seen)
        cursors = [_encode_place(execution, chain) for chain in page.chains]
        rows = [(chain, found) for chain in page.chains]
        return encode(Page(rows, cursors, page.has_next, window, {**answer_values(viewing), **total_values(page)}))

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "benefitChains",
            CONNECTION,
            bilingual(
                "受益链条",
                "Every chain of money between two ends, in the order in which money passes: from one as far as money goes; to a household from wherever it comes; between two whichever comes first. With every voucher, what arrives, goes on and stays at each hop, and where and why it stops. At most three statements a page.",
            ),
            (
                Argument("from", "ChainStart!", "起点:One end."),
                Argument(
                    "to",
                    "ChainEnd",
                    "终点:The other end, or its kind; none = as far as money goes, for who holds shares or receives from wherever it comes.",
                ),
                Argument("year", "Int", "年度:The year of which dividends are told; all where none is named."),
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_chains,
    ),
)
