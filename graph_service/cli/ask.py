"""`graph-service ask`: a question's answer as a table, CSV, a workbook or JSON."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import click
import orjson
from rich.box import SIMPLE
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as Shown
from rich.text import Text

from graph_service.access.permissions import UNRESTRICTED
from graph_service.audit.log import open_audit_log
from graph_service.cli.output import account_name, print_store
from graph_service.cli.output_files import atomic_write, force_option, path_text, require_absent
from graph_service.config import get_settings
from graph_service.errors import ArgumentInvalid
from graph_service.exports.cells import render_cell
from graph_service.exports.files import csv_chunks, json_chunks, write_workbook
from graph_service.exports.table_answer import GraphQLClient, TableAnswer, open_answer
from graph_service.exports.table_definition import AREA, AS_KNOWN_AT, AS_OF, SCOPE
from graph_service.exports.table_request import TableRequest, parse_table_request
from graph_service.exports.tables import get_table, tables
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.execution import GraphQLApi
from graph_service.graphql.paging import MAX_PAGE_SIZE
from graph_service.graphql.plan_key import ApiServices
from graph_service.platform.store.factory import managed_store
from graph_service.platform.store.graph import Store

TABLE, CSV, XLSX, JSON = FORMATS = ("table", "csv", "xlsx", "json")
MAX_ROWS_SHOWN = 50
MAX_COLUMN_WIDTH, COLUMN_GAP = 24, 2
OPTION_BY_PARAMETER = {
    AREA: "--area",
    SCOPE: "--scope",
    AS_OF: "--as-of",
    AS_KNOWN_AT: "--as-known-at",
    PURPOSE: "--purpose",
}
"""Parameters that have command-line options; all others are given by `--filter`."""
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
"""Characters that a terminal would act on."""


@click.command(short_help="查询并列出结果 / Run a query and print its rows.")
@click.argument("field", metavar="[QUERY]", required=False)
@click.option(f"--{AREA}", "area", help="区划代码。 / Area code.")
@click.option(
    f"--{SCOPE}",
    "scope",
    help="区划范围：SELF 仅本级，CHILDREN 仅下一级，DESCENDANTS 所有下级（默认）。 / SELF: the area alone; CHILDREN: one level down; DESCENDANTS: all below (default).",
)
@click.option(
    "--as-of",
    help="截至日期（年-月-日），默认为最近采集日与最近变更日中较晚者。 / Date (YYYY-MM-DD). Default: the later of the last collection and the last change.",
)
@click.option("--as-known-at", help="数据版本，默认为最新。 / Data version. Default: the latest.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="NAME=VALUE",
    help="查询的其他参数，列表的多个值用逗号分隔，可多次给出；不带 QUERY 运行可查看各查询的参数。 / Further argument of the query; separate the values of a list by commas. Can be given several times. Run without QUERY to see which there are.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="输出格式，默认按文件后缀；无文件时，终端上为表格，管道中为 CSV。 / Output format. Default: the suffix of the file; otherwise a table on a terminal, CSV in a pipe.",
)
@click.option("--json", "format_", flag_value=JSON, help="输出 JSON。 / Output JSON.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="输出文件。 / Output file.")
@click.option(
    "--purpose",
    help="用途，记入审计日志；查看完整的个人信息时必填。 / Purpose, for the audit log. Required to read personal values in full.",
)
@force_option
def ask(
    field: str | None,
    area: str | None,
    scope: str | None,
    as_of: str | None,
    as_known_at: str | None,
    filters: tuple[str, ...],
    format_: str | None,
    out: Path | None,
    purpose: str | None,
    force: bool,
) -> None:
    """Run QUERY and print its rows. Without QUERY, list the queries and their arguments.

    查询并列出结果；不带 QUERY 时列出所有查询及其参数。

    Example: graph-service ask helperLoad --area 513431 --filter over=2 --out load.xlsx
    """
    if field is None:
        _print_questions(as_json=format_ == JSON)
        return
    output_format = resolve_format(format_, out)
    option_values = zip(OPTION_BY_PARAMETER, (area, scope, as_of, as_known_at, purpose), strict=True)
    arguments = [(name, value) for name, value in option_values if value is not None]
    request = _parse_request(field, [*arguments, *map(_split_filter, filters)])
    if out is not None:
        require_absent(out, force=force)
    print_store(get_settings(), quiet=output_format == JSON)
    with managed_store(get_settings()) as store:
        write_answer(store, request, output_format, out, counted=output_format != CSV, force=force)


def _parse_request(field: str, arguments: list[tuple[str, str]]) -> TableRequest:
    """Return the request. Raises `ArgumentInvalid` with the name of the option by which the argument is given."""
    try:
        return parse_table_request(get_table(field), arguments)
    except ArgumentInvalid as error:
        name = error.details["name"]
        option = OPTION_BY_PARAMETER.get(str(name), f"--filter {name}")
        raise ArgumentInvalid(**error.details | {"name": option}) from error


def resolve_format(format_: str | None, out: Path | None) -> str:
    """Return the requested format, or the default one. Raise `click.UsageError` where it does not fit the destination."""
    output_format = format_ or _default_format(out)
    if output_format == XLSX and out is None and sys.stdout.isatty():
        raise click.UsageError("请用 --out 指定输出文件 / Give an output file with --out")
    if output_format == TABLE and out is not None:
        raise click.UsageError("--out 只能用于 csv、xlsx 或 json 格式 / --out requires the format csv, xlsx or json")
    return output_format


def write_answer(
    store: Store, request: TableRequest, format_: str, out: Path | None, *, counted: bool, force: bool = False
) -> TableAnswer:
    """Ask the question, and write the answer to a file or to standard output."""
    page_size = MAX_ROWS_SHOWN if format_ == TABLE else MAX_PAGE_SIZE
    with closing(open_audit_log(get_settings())) as audit_log:
        api = GraphQLApi(store, get_settings().max_cost, ApiServices(audit_log=audit_log))
        client = GraphQLClient(api, UNRESTRICTED.of_user(account_name()))
        answer = open_answer(client, request, with_counts=counted, page_size=page_size)
        _write(answer, format_, out, force=force)
    if count := len(answer.withheld_checks):
        click.echo(
            f"未列出 {count} 项涉及敏感信息的检查的疑点，如需列出请用 --purpose 说明用途 / Findings of {count} checks that tell sensitive values were left out; state a purpose with --purpose to list them",
            err=True,
        )
    if names := answer.withheld_properties:
        click.echo(
            f"未比较姓名和敏感信息（{'、'.join(names)}），如需比较请用 --purpose 说明用途 / {len(names)} names and sensitive values were not compared; state a purpose with --purpose to compare them",
            err=True,
        )
    return answer


def _write(answer: TableAnswer, format_: str, out: Path | None, *, force: bool) -> None:
    if format_ == TABLE:
        _print_table(answer)
    elif out is None:
        WRITERS[format_](answer, sys.stdout.buffer)
    else:
        _write_file(answer, format_, out, force=force)
        total = answer.counts.get("totalCount")
        total_text = "" if total is None else f"，共 {total} 行 ({total} rows)"
        click.echo(f"已写入 / Written to {path_text(out)}{total_text}", err=True)


def _write_file(answer: TableAnswer, format_: str, out: Path, *, force: bool) -> None:
    with atomic_write(out, force=force) as file:
        WRITERS[format_](answer, file)


def _default_format(out: Path | None) -> str:
    if out is None:
        return TABLE if sys.stdout.isatty() else CSV
    suffix = out.suffix.removeprefix(".").lower()
    if suffix not in FORMATS:
        suffixes = ", ".join(f".{name}" for name in FORMATS if name != TABLE)
        raise click.UsageError(
            f"文件名应以 {suffixes} 结尾，或用 --format 指定格式 / The file name must end in {suffixes}, or give --format"
        )
    return suffix


def _split_filter(condition: str) -> tuple[str, str]:
    name, sign, value = condition.partition("=")
    if not sign:
        raise click.UsageError(
            f"--filter 应写成 NAME=VALUE：{condition} / --filter must be NAME=VALUE, not {condition}"
        )
    if not value.strip():
        raise click.UsageError(
            f"--filter {name.strip()}= 没有值；如不筛选请去掉此项 / --filter {name.strip()}= has no value; omit it if you do not want to filter"
        )
    return name.strip(), value


def _pieces_writer(pieces: Callable[[TableAnswer], Iterator[bytes]]) -> Callable[[TableAnswer, IO[bytes]], None]:
    def write(answer: TableAnswer, file: IO[bytes]) -> None:
        for piece in pieces(answer):
            file.write(piece)

    return write


def _write_workbook(answer: TableAnswer, file: IO[bytes]) -> None:
    """Write a workbook by way of a temporary file: the destination need not be seekable, and gets nothing of an incomplete workbook."""
    with TemporaryFile() as workbook_file:
        for _ in write_workbook(answer, workbook_file):
            pass
        workbook_file.seek(0)
        while block := workbook_file.read(1 << 16):
            file.write(block)


def _print_table(answer: TableAnswer) -> None:
    """Print the first rows, in as many columns as fit, and how many rows there are."""
    table_, nodes = answer.request.table, answer.first_rows
    console = Console(highlight=False)
    lines = [[CONTROL_CHARACTERS.sub(" ", render_cell(column.read(row))) for column in table_.columns] for row in nodes]
    headers = [column.header for column in table_.columns]
    widths = [
        min(MAX_COLUMN_WIDTH, max(map(cell_len, cells))) + COLUMN_GAP for cells in zip(headers, *lines, strict=True)
    ]
    column_count = max(1, sum(width <= console.width for width in accumulate(widths)))
    terminal_table = Shown(box=SIMPLE, pad_edge=False)
    for header in headers[:column_count]:
        terminal_table.add_column(Text(header), no_wrap=True, overflow="ellipsis", max_width=MAX_COLUMN_WIDTH)
    for line in lines:
        terminal_table.add_row(*map(Text, line[:column_count]))
    click.echo(
        f"{table_.zh} · {answer.fetch_area_name() or answer.request.subject or '全部 / all areas'} · {answer.as_of} · "
        f"数据版本 / data version {answer.version}"
    )
    console.print(terminal_table)
    counts_text = "".join(f"，{name} {count}" for name, count in answer.format_counts().items())
    more_text = "，后面还有 / there are more" if answer.has_next_page else ""
    hidden_count = len(headers) - column_count
    click.echo(f"显示 {len(lines)} 行 / {len(lines)} rows shown{counts_text}{more_text}")
    if hidden_count:
        click.echo(
            f"另有 {hidden_count} 列未显示，可用 --format csv 或 xlsx 查看 / {hidden_count} columns are not shown; use --format csv or xlsx"
        )


def _print_questions(*, as_json: bool) -> None:
    """Print the queries: field, Chinese name, parameters."""
    if as_json:
        click.echo(orjson.dumps([table.describe() for table in tables().values()], option=orjson.OPT_INDENT_2).decode())
        return
    for table in tables().values():
        filters = " ".join(
            f"{name}{'!' * parameter.required}"
            for name, parameter in table.parameters.items()
            if name not in OPTION_BY_PARAMETER
        )
        click.echo(f"{table.field} {table.zh}{'：' * bool(filters)}{filters}")
    click.echo(
        f"另可用选项 {', '.join(OPTION_BY_PARAMETER.values())}（如该查询支持）；带“!”的参数必填 / "
        f"Also {', '.join(OPTION_BY_PARAMETER.values())}, if the query has them; arguments with ! are required",
        err=True,
    )


WRITERS: dict[str, Callable[[TableAnswer, IO[bytes]], None]] = {
    CSV: _pieces_writer(csv_chunks),
    JSON: _pieces_writer(json_chunks),
    XLSX: _write_workbook,
}
