"""benefitChains: every path of money between two ends, hop by hop."""

from __future__ import annotations

from typing import Any

import orjson

from graph_service.access.masking import excerpt
from graph_service.core.areas import require_granted_area
from graph_service.domain.amounts import format_yuan
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid, CursorInvalid
from graph_service.features import chains
from graph_service.features.chains.chain import Chain, Node, round_to_fen
from graph_service.features.chains.query import ChainPage, SortKey, build_query
from graph_service.features.chains.types import (
    AREA_ENDS,
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
    """Return the end that an argument names: a node, or a kind. Raises `ArgumentInvalid`."""
    field_values = [(field, value) for field, value in end.items() if value is not None]
    if len(field_values) != 1:
        raise ArgumentInvalid(
            name=argument_name,
            reason_zh=f"请只给出其一：{'、'.join([*END_FIELDS, 'kind'][: len(END_FIELDS) + (argument_name == 'to')])}",
            reason_en=f"set exactly one of {', '.join([*END_FIELDS, 'kind'][: len(END_FIELDS) + (argument_name == 'to')])}",
        )
    [(field, value)] = field_values
    if field == "kind":
        kind: str = value
        return kind
    label, _ = END_FIELDS[field]
    return label, unpad_code(value) if label in AREA_ENDS else value


def _require_granted_ends(execution: Execution, *ends: Node | str | None) -> None:
    """Raise `AreaUnknown`, `AreaNotGranted` for an end that is an area."""
    for end in ends:
        if isinstance(end, tuple) and end[0] in AREA_ENDS:
            require_granted_area(execution.store, end[1], execution.granted_areas)


def _decode_place(execution: Execution, cursor: str | None) -> SortKey:
    if cursor is None:
        return ()
    [_, sealed_key] = decode_cursor(cursor, (str, str))
    # With a key, a cursor that is not sealed was not issued here.
    if execution.store.codec.key_fingerprint and not sealed_key.startswith(SEALED_PREFIX):
        raise CursorInvalid(cursor=excerpt(cursor, 80))
    try:
        pairs = orjson.loads(execution.store.codec.unseal(CONNECTION, sealed_key) or "")
        return tuple((str(label), str(key)) for label, key in pairs)
    except (TypeError, ValueError) as error:
        raise CursorInvalid(cursor=excerpt(cursor, 80)) from error


def _encode_place(execution: Execution, chain: Chain) -> tuple[str, str]:
    """Return the cursor of a chain: its sort key, sealed, as some nodes may be hidden."""
    encoded_key = orjson.dumps(chain.sort_key).decode()
    return CONNECTION, execution.store.codec.seal(CONNECTION, encoded_key) or ""


def chain_encoder(context: RootFieldContext, nodes: NodeLookup, selected: SelectedField) -> Encoder:
    """Return the encoder of pairs: a chain, and the values of its nodes."""

    def on_hop(selected: SelectedField) -> Encoder:
        if selected.name == "node":
            value_index = nodes.select(selected)
            return lambda pair: None if pair[0].is_hidden else pair[1][pair[0].label, (pair[0].key,)][value_index]
        if selected.name in ("evidence", "dividends"):
            encode = context.object_encoder("Evidence", selected, lambda field: EVIDENCE_ENCODERS[field.name])
            name = selected.name
            return lambda pair: [encode(document) for document in getattr(pair[0], name)]
        encode_field = HOP_ENCODERS[selected.name]
        return lambda pair: encode_field(pair[0])

    def on_chain(selected: SelectedField) -> Encoder:
        if selected.name == "hops":
            encode = context.object_encoder("ChainHop", selected, on_hop)
            return lambda pair: [encode((hop, pair[1])) for hop in pair[0].hops]
        if selected.name == "breaks":
            encode = context.object_encoder("ChainBreak", selected, lambda field: BREAK_ENCODERS[field.name])
            return lambda pair: [encode((pair[0], chain_break)) for chain_break in pair[0].breaks]
        encode_field = CHAIN_ENCODERS[selected.name]
        return lambda pair: encode_field(pair[0])

    return context.object_encoder("BenefitChain", selected, on_chain)


def total_values(page: ChainPage) -> dict[str, Any]:
    """Return the values of `TOTAL_FIELDS`."""
    totals = page.totals
    if totals is None:
        return {}
    attributed = round_to_fen(totals.attributed) or 0
    return {
        "totalCount": totals.count,
        "attributedTotal": format_yuan(attributed),
        "roundingDifference": format_yuan(totals.rounded - attributed),
        "unknownCount": totals.unknown_count,
        "lentTotal": format_yuan(round_to_fen(totals.lent)),
        "repaidTotal": format_yuan(round_to_fen(totals.repaid)),
        "outstandingTotal": format_yuan(round_to_fen(totals.lent - totals.repaid)),
    }


def _plan_chains(context: RootFieldContext) -> Resolver:
    window, nodes = context.window(), NodeLookup(context.compiler(), MODEL.unions["ChainNode"].labels)
    selection = ConnectionSelection.from_field(context.operation, CONNECTION, context.selected)
    encode = selection.encoder(lambda selected: chain_encoder(context, nodes, selected))
    nodes.finish()
    has_totals = selection.selects(*TOTAL_FIELDS)

    def answer(execution: Execution) -> dict[str, Any]:
        scope, after, to = execution.query_scope(), execution.argument("after"), execution.argument("to")
        start = parse_end(execution.argument("from"), "from")
        assert isinstance(start, tuple)
        end = parse_end(to, "to") if to is not None else None
        _require_granted_ends(execution, start, end)
        query = build_query(start, end, execution.argument("year"))
        page = ChainPage((), has_next=False)
        if selection.needs_rows or has_totals:
            page = chains.load_page(
                execution.store,
                scope,
                query,
                first=window.size,
                after=_decode_place(execution, after),
                with_totals=has_totals,
            )
        visible_nodes = (hop.node for chain in page.chains for hop in chain.hops if not hop.is_hidden)
        node_values = nodes.find_nodes(execution, scope, visible_nodes)
        cursors = [_encode_place(execution, chain) for chain in page.chains]
        rows = [(chain, node_values) for chain in page.chains]
        return encode(Page(rows, cursors, page.has_next, window, {**answer_values(scope), **total_values(page)}))

    return answer


ROOT_FIELDS = (
    RootField(
        Field(
            "benefitChains",
            CONNECTION,
            bilingual(
                "受益链条",
                "Every chain of money between two ends, in the order in which money passes through them. From a source, money is followed as far as it goes; to a beneficiary, it is traced back to every source; between two ends, the chain starts at the one that money reaches first. Each hop has its vouchers and the amounts that arrive, leave and remain; each chain states where and why it stops. Uses at most three statements per page.",
            ),
            (
                Argument("from", "ChainStart!", "起点：One end of the chains."),
                Argument(
                    "to",
                    "ChainEnd",
                    "终点：The other end, or its type. If omitted, money is followed as far as it goes or, if `from` is a beneficiary, traced back to every source.",
                ),
                Argument("year", "Int", "年度：Year of the dividend payments to return; all years if omitted."),
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_chains,
    ),
)
