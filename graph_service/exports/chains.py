"""A set of chains as a table, a row a hop, with its documents: CSV and workbook."""

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
    "链条序号", "环节序号", "类型", "编号", "关系", "凭证金额(元)", "到达(元)", "回流(元)", "转出(元)", "滞留(元)", "份额", "凭据", "分红凭据", "是否完整", "归属金额(元)", "中断原因", "借出(元)", "已还(元)",
)  # fmt: skip


def chains_to_csv(chains: Sequence[Chain]) -> bytes:
    """UTF-8 with its mark, RFC 4180."""
    said = StringIO(newline="")
    lines = csv.writer(said, lineterminator="\r\n")
    lines.writerow(HEADERS)
    lines.writerows([render_cell(cell) for cell in row] for row in _hop_rows(chains))
    return UTF8_BOM + said.getvalue().encode()


def chains_to_workbook(chains: Sequence[Chain]) -> bytes:
    """A workbook of one sheet. Raises `TableTooLong`."""
    if sum(len(one.hops) for one in chains) > MAX_ROWS:
        raise TableTooLong(most=MAX_ROWS)
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet, bold, money = (
            book.add_worksheet(ROWS_SHEET),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "0.00"}),
        )
        sheet.freeze_panes(1, 0)
        for at, header in enumerate(HEADERS):
            sheet.set_column(at, at, 4 + 2 * len(header))
            sheet.write_string(0, at, header, bold)
        for line, row in enumerate(_hop_rows(chains), 1):
            for at, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(line, at, float(cell), money)
                elif isinstance(cell, int):
                    sheet.write_number(line, at, cell)
                elif cell is not None:
                    sheet.write_string(line, at, truncate_text(render_cell(cell)))
    return file.getvalue()


def _hop_rows(chains: Sequence[Chain]) -> Iterator[list[Cell]]:
    for number, chain in enumerate(chains, 1):
        for place, hop in enumerate(chain.hops, 1):
            breaks = "、".join(BREAK_REASON_NAMES[one.reason] for one in chain.breaks if one.hop_index == place - 1)
            last = place == len(chain.hops)
            yield [
                number,
                place,
                *_hop_cells(hop),
                "是" if chain.is_complete else "否",
                _yuan_cell(chain.attributed) if last else None,
                breaks or None,
                *((_yuan_cell(chain.lent), _yuan_cell(chain.repaid)) if last and chain.is_loan else (None, None)),
            ]


def _hop_cells(hop: ChainHop) -> list[Cell]:
    relationship = MODEL.relationships[hop.relationship].zh if hop.relationship else None
    amount = None if hop.amount is None else Decimal(format_yuan(hop.amount) or "0")
    flows = [_yuan_cell(one) for one in (hop.inflow, hop.recirculated, hop.outflow, hop.retained)]
    part = None if hop.part is None else str(hop.part)
    documents = [_documents_cell(some) for some in (hop.evidence, hop.dividends)]
    return [MODEL.labels[hop.label].zh, hop.key, relationship, amount, *flows, part, *documents]


def _yuan_cell(amount: Amount) -> Decimal | None:
    return None if amount is None else Decimal(format_yuan(round_to_fen(amount)) or "0")


def _documents_cell(documents: Sequence[ChainEvidence]) -> str | None:
    told = []
    for one in documents:
        held = None if one.shares is None else f"{one.shares}/{one.total_shares or '—'}"
        parts = (
            one.number,
            format_yuan(one.amount),
            held,
            format_day(one.day),
            one.corrects and f"更正 {one.corrects}",
            one.payee and f"收款 {one.payee}",
        )
        told.append(" ".join(part for part in parts if part))
    return ";".join(filter(None, told)) or None
