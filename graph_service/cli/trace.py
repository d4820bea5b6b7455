"""`graph-service trace`: chains of money as a tree, a table, a graph or a sealed case."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path

import click
import networkx as nx
import orjson
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from graph_service.cli.output import author_option, print_store
from graph_service.cli.output_files import atomic_write, force_option, path_text, require_absent
from graph_service.config import get_settings
from graph_service.core.query_scope import QueryScope
from graph_service.domain.amounts import format_yuan
from graph_service.domain.days import iso_day
from graph_service.domain.model import MODEL
from graph_service.exports.chains import chains_to_csv, chains_to_workbook
from graph_service.features.chains import evidence_case
from graph_service.features.chains.beneficiaries import ChainTotals, chain_totals
from graph_service.features.chains.breaks import BREAK_REASON_NAMES
from graph_service.features.chains.chain import (
    Chain,
    ChainBreak,
    ChainHop,
    round_to_fen,
)
from graph_service.platform.store.factory import managed_store

TREE, CSV, XLSX, GRAPHML, JSON, CASE = FORMATS = ("tree", "csv", "xlsx", "graphml", "json", "case")
SUFFIX_FORMATS = {"csv": CSV, "xlsx": XLSX, "graphml": GRAPHML, "json": JSON, "case": CASE}
MAX_TREE_LINES, MAX_LINE_WIDTH = 2_000, 200
"""Limits of a tree; a table has all chains."""
REMAINDER_TEXTS = {
    "Project": "未形成资产部分 / part that formed no asset",
    "Asset": "未量化到户部分 / part that nobody has shares of",
}
"""What a remainder is, by label. Of funds and banks the amount says it all."""


@click.command(short_help="追踪资金 / Trace money.")
@click.argument("number")
@click.option(
    "--to",
    help="链条的另一端：编号、类型加编号（如 Household:5134311052070000），或一类对象（fund、bank、project、operator、asset、holder）。 / Other end of the chains: a number, Label:number (such as Household:5134311052070000), or a kind (fund, bank, project, operator, asset, holder).",
)
@click.option(
    "--year",
    type=int,
    help="只计某一年度的分红，默认为所有年度。 / Year of the dividends to include. Default: all years.",
)
@click.option(
    "--as-of",
    help="截至日期（年-月-日），默认为最近采集日与最近变更日中较晚者。 / Date (YYYY-MM-DD). Default: the later of the last collection and the last change.",
)
@click.option("--as-known-at", type=int, help="数据版本，默认为最新。 / Data version. Default: the latest.")
@author_option("提取案卷的人。", "Name of the person who extracts a case.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="输出格式，默认按文件后缀；无文件时为树形。 / Output format. Default: the suffix of the file; otherwise a tree.",
)
@click.option("--json", "format_", flag_value=JSON, help="输出 JSON。 / Output JSON.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="输出文件。 / Output file.")
@force_option
def trace(
    number: str,
    to: str | None,
    year: int | None,
    as_of: str | None,
    as_known_at: int | None,
    by: str,
    format_: str | None,
    out: Path | None,
    force: bool,
) -> None:
    """Trace money from a fund, bank, project, operator or asset to households, or back from a household, person or village.

    The exit code is 1 if a chain has a finding (✗): it stops, or departs from the expected course.

    从资金、银行、项目、经营主体或资产追踪到户，或从户、人、村往回追踪；有疑点（✗）时退出码为 1。

    Example: graph-service trace ZJ000 --out ZJ000.case
    """
    output_format = format_ or (SUFFIX_FORMATS.get(out.suffix.removeprefix(".").lower(), "") if out else TREE)
    if not output_format:
        suffixes = "、".join(f".{suffix}" for suffix in SUFFIX_FORMATS)
        raise click.UsageError(
            f"文件名应以 {suffixes} 之一结尾，或用 --format 指定格式 / The file name must end in one of {suffixes}, or give --format"
        )
    if output_format == XLSX and out is None and sys.stdout.isatty():
        raise click.UsageError("请用 --out 指定输出文件 / Give an output file with --out")
    if out is not None:
        require_absent(out, force=force)
    print_store(get_settings(), quiet=output_format == JSON)
    with managed_store(get_settings()) as store:
        viewing = QueryScope.resolve(store, None, as_of=as_of, as_known_at=as_known_at)
        if output_format == CASE:
            case = evidence_case.build_case(store, viewing, number, to, year, by)
            chain_count, break_count = len(case["answer"]), sum(bool(chain["breaks"]) for chain in case["answer"])
            _write(orjson.dumps(case, option=orjson.OPT_INDENT_2), out, force=force)
        else:
            chains = evidence_case.find_chains(store, viewing, number, to, year)
            chain_count, break_count = len(chains), sum(bool(chain.breaks) for chain in chains)
            if output_format == TREE and out is None:
                _print_tree(chains, viewing)
            else:
                _write(_encode(output_format, chains), out, force=force)
    if out is not None:
        click.echo(
            f"已写入 {path_text(out)}：{chain_count} 条链，有疑点 {break_count} 条 / "
            f"Written to {path_text(out)}: {chain_count} chains, {break_count} with a finding",
            err=True,
        )
    sys.exit(1 if break_count else 0)


def _encode(format_: str, chains: Sequence[Chain]) -> bytes:
    if format_ == CSV:
        return chains_to_csv(chains)
    if format_ == XLSX:
        return chains_to_workbook(chains)
    if format_ == GRAPHML:
        file = BytesIO()
        nx.write_graphml(evidence_case.build_graph(chains), file, encoding="utf-8", prettyprint=True)
        return file.getvalue()
    if format_ == TREE:
        console = Console(file=StringIO(), record=True, width=MAX_LINE_WIDTH)
        console.print(_build_tree(chains))
        return console.export_text().encode()
    return orjson.dumps([evidence_case.encode_chain(chain) for chain in chains], option=orjson.OPT_INDENT_2)


def _write(data: bytes, out: Path | None, *, force: bool) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        return
    with atomic_write(out, force=force) as file:
        file.write(data)


def _print_tree(chains: Sequence[Chain], scope: QueryScope) -> None:
    # Lines are not wrapped in a pipe.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else MAX_LINE_WIDTH)
    console.print(_build_tree(chains))
    totals = sum(map(chain_totals, chains), ChainTotals())
    attributed, outstanding = round(totals.attributed), round(totals.lent - totals.repaid)
    incomplete_count = sum(1 for chain in chains if not chain.is_complete)
    loan_texts = (
        (f"，借出未还 {format_yuan(outstanding)} 元", f", {format_yuan(outstanding)} yuan of loans outstanding")
        if outstanding
        else ("", "")
    )
    break_count = sum(1 for chain in chains if chain.breaks)
    click.echo(
        f"{len(chains)} 条链，归属 {format_yuan(attributed)} 元{loan_texts[0]}，未到终点 {incomplete_count} 条，有疑点（✗）{break_count} 条 / "
        f"{len(chains)} chains, {format_yuan(attributed)} yuan attributed{loan_texts[1]}, "
        f"{incomplete_count} stop before the end, {break_count} with a finding (✗)"
    )
    difference = attributed - totals.rounded
    if difference:
        click.echo(
            f"各链金额取整后相加与合计相差 {format_yuan(difference)} 元 / "
            f"The sum of the rounded amounts differs from the total by {format_yuan(difference)} yuan"
        )
    click.echo(f"截至 / As of {iso_day(scope.as_of)}，数据版本 / data version {scope.version}")


def _build_tree(chains: Sequence[Chain]) -> Tree:
    """Return the chains as a tree that merges their common beginnings."""
    root = Tree("链条 / chains", hide_root=True)
    branches: dict[tuple[tuple[str, str], ...], Tree] = {(): root}
    for line, chain in enumerate(chains):
        if line >= MAX_TREE_LINES:
            root.add(
                f"… 另有 {len(chains) - line} 条，可用 --format csv 查看 / {len(chains) - line} more; use --format csv"
            )
            break
        for hop_index, hop in enumerate(chain.hops):
            path = chain.sort_key[: hop_index + 1 + chain.is_unsourced]
            if path not in branches:
                breaks = "".join(
                    _break_text(chain_break) for chain_break in chain.breaks if chain_break.hop_index == hop_index
                )
                branches[path] = branches[path[:-1] if hop_index else ()].add(Text(_hop_text(hop, breaks)))
    return root


def _break_text(chain_break: ChainBreak) -> str:
    amount_text = "" if chain_break.amount is None else f" {format_yuan(round_to_fen(chain_break.amount))}"
    return f" ✗ {BREAK_REASON_NAMES[chain_break.reason]} {chain_break.reason}{amount_text}"


def _hop_text(hop: ChainHop, breaks: str) -> str:
    """Return the line of a hop. Where it has a break, that tells why money remains."""
    node_text = f"{MODEL.labels[hop.label].zh} {hop.key}"
    relationship_text = f"{MODEL.relationships[hop.relationship].zh} → " if hop.relationship else ""
    document_numbers = [document.number for document in hop.evidence if document.number]
    documents_text = (
        f" [{' '.join(document_numbers[:3])}{' …' * (len(document_numbers) > 3)}]" if document_numbers else ""
    )
    inflow, retained = format_yuan(round_to_fen(hop.inflow)), hop.retained
    remainder_text = "" if breaks else REMAINDER_TEXTS.get(hop.label, "")
    retained_text = (
        f"，结余 / remains {format_yuan(round_to_fen(retained))}{f'（{remainder_text}）' if remainder_text else ''}"
        if retained
        and hop.outflow is not None
        and hop.label in ("Fund", "Bank", "Project", "Asset", "Enterprise", "Cooperative")
        else ""
    )
    return f"{relationship_text}{node_text} {inflow if inflow is not None else '金额不明 / amount unknown'}{retained_text}{documents_text}{breaks}"
