"""Chains as a table, a row for each hop with its documents: CSV and workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from graph_service.domain.amounts import format_yuan
from graph_service.domain.days import format_day
from graph_service.domain.model import MODEL
from graph_service.errors import TableTooLong
from graph_service.exports.cells import Cell, render_cell
from graph_service.exports.files import MAX_ROWS, ROWS_SHEET, UTF8_BOM, truncate_text
from graph_service.features.chains.breaks import BREAK_REASON_NAMES
from graph_service.features.chains.chain import (
    Amount,
    Chain,
    ChainEvidence,
    ChainHop,
    round_to_fen,
)

HEADERS = (
    "链条序号", "环节序号", "类型", "编号", "关系", "凭证金额（元）", "到达（元）", "回流（元）", "转出（元）", "结余（元）", "份额", "凭据", "分红凭据", "是否完整", "归属金额（元）", "疑点原因", "借出（元）", "已还（元）",
)  # fmt: skip


def chains_to_csv(chains: Sequence[Chain]) -> bytes:
    """Write chains as CSV: UTF-8 with byte order mark, RFC 4180."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADERS)
    writer.writerows([render_cell(cell) for cell in row] for row in _hop_rows(chains))
    return UTF8_BOM + buffer.getvalue().encode()


def chains_to_workbook(chains: Sequence[Chain]) -> bytes:
    """Write chains as a workbook of one sheet. Raises `TableTooLong`."""
    if sum(len(chain.hops) for chain in chains) > MAX_ROWS:
        raise TableTooLong(most=MAX_ROWS)
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet, bold, money = (
            book.add_worksheet(ROWS_SHEET),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "0.00"}),
        )
        sheet.freeze_panes(1, 0)
        for column_index, header in enumerate(HEADERS):
            sheet.set_column(column_index, column_index, 4 + 2 * len(header))
            sheet.write_string(0, column_index, header, bold)
        for row_index, row in enumerate(_hop_rows(chains), 1):
            for column_index, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(row_index, column_index, float(cell), money)
                elif isinstance(cell, int):
                    sheet.write_number(row_index, column_index, cell)
                elif cell is not None:
                    sheet.write_string(row_index, column_index, truncate_text(render_cell(cell)))
    return file.getvalue()


def _hop_rows(chains: Sequence[Chain]) -> Iterator[list[Cell]]:
    for number, chain in enumerate(chains, 1):
        for position, hop in enumerate(chain.hops, 1):
            breaks = "、".join(
                BREAK_REASON_NAMES[chain_break.reason]
                for chain_break in chain.breaks
                if chain_break.hop_index == position - 1
            )
            is_last = position == len(chain.hops)
            yield [
                number,
                position,
                *_hop_cells(hop),
                "是" if chain.is_complete else "否",
                _yuan_cell(chain.attributed) if is_last else None,
                breaks or None,
                *((_yuan_cell(chain.lent), _yuan_cell(chain.repaid)) if is_last and chain.is_loan else (None, None)),
            ]


def _hop_cells(hop: ChainHop) -> list[Cell]:
    relationship = MODEL.relationships[hop.relationship].zh if hop.relationship else None
    amount = None if hop.amount is None else Decimal(format_yuan(hop.amount) or "0")
    flows = [_yuan_cell(flow) for flow in (hop.inflow, hop.recirculated, hop.outflow, hop.retained)]
    share = None if hop.part is None else str(hop.part)
    documents = [_documents_cell(evidence) for evidence in (hop.evidence, hop.dividends)]
    return [MODEL.labels[hop.label].zh, hop.key, relationship, amount, *flows, share, *documents]


def _yuan_cell(amount: Amount) -> Decimal | None:
    return None if amount is None else Decimal(format_yuan(round_to_fen(amount)) or "0")


def _documents_cell(documents: Sequence[ChainEvidence]) -> str | None:
    texts = []
    for document in documents:
        shares = None if document.shares is None else f"{document.shares}/{document.total_shares or '—'}"
        parts = (
            document.number,
            format_yuan(document.amount),
            shares,
            format_day(document.day),
            document.corrects and f"更正 {document.corrects}",
            document.payee and f"收款 {document.payee}",
        )
        texts.append(" ".join(part for part in parts if part))
    return ";".join(filter(None, texts)) or None
