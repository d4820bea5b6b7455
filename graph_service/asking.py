"""`graph-service ask`: a question's answer as a table, CSV, a workbook or JSON."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
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

from graph_service.api.execution import Graphql
from graph_service.api.paging import LARGEST_PAGE
from graph_service.config import settings
from graph_service.exports.answers import Answer, Asker, begun
from graph_service.exports.asked import Asked, asked
from graph_service.exports.cells import text
from graph_service.exports.files import csv_pieces, json_pieces, workbook
from graph_service.exports.shapes import AREA, AS_KNOWN_AT, AS_OF, SCOPE
from graph_service.exports.tables import table, tables
from graph_service.outputs import force_option, require_free, whole
from graph_service.store.choose import opened
from graph_service.store.graph import Store
from graph_service.terminal import tell_store

TABLE, CSV, XLSX, JSON = FORMATS = ("table", "csv", "xlsx", "json")
SHOWN = 50
WIDEST, GAP = 24, 2
OPTIONS = (AREA, SCOPE, AS_OF, AS_KNOWN_AT)
"""What has options of its own."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
"""What a terminal would obey."""


@click.command()
@click.argument("field", required=False)
@click.option(f"--{AREA}", "area", help="Code of the area.")
@click.option(f"--{SCOPE}", "scope", help="SELF, CHILDREN or DESCENDANTS; all below where nothing is said.")
@click.option("--as-of", help="Day, YYYY-MM-DD; else that of the last published collection.")
@click.option("--as-known-at", help="Data version; else the newest.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="NAME=VALUE",
    help="What else the question takes; values of lists by commas.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Else a table on a terminal, CSV in a pipe; for a file what its name ends in.",
)
@click.option("--json", "format_", flag_value=JSON, help="For machines.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
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
    force: bool,
) -> None:
    """Ask a question; without FIELD, tell which there are.

    Example: graph-service ask helperLoad --area 513431 --filter over=2 --out load.xlsx
    """
    if field is None:
        _tell_questions(as_json=format_ == JSON)
        return
    chosen = chosen_format(format_, out)
    given = zip(OPTIONS, (area, scope, as_of, as_known_at), strict=True)
    named = [(name, value) for name, value in given if value is not None]
    wanted = asked(table(field), [*named, *map(_parted, filters)])
    if out is not None:
        require_free(out, force=force)
    tell_store(settings(), quiet=chosen == JSON)
    with opened(settings()) as store:
        give(store, wanted, chosen, out, counted=chosen != CSV, force=force)


def chosen_format(format_: str | None, out: Path | None) -> str:
    """The format that is asked for, or the usual one. Raises `click.UsageError` where it does not go with where it is to go."""
    chosen = format_ or _usual(out)
    if chosen == XLSX and out is None and sys.stdout.isatty():
        raise click.UsageError("请用 --out 指定文件 / name a file with --out")
    if chosen == TABLE and out is not None:
        raise click.UsageError("--out 须配 csv、xlsx 或 json / --out goes with csv, xlsx or json")
    return chosen


def give(store: Store, wanted: Asked, chosen: str, out: Path | None, *, counted: bool, force: bool = False) -> Answer:
    """Ask, and write the answer to a file or to standard output."""
    size = SHOWN if chosen == TABLE else LARGEST_PAGE
    answer = begun(Asker(Graphql(store, settings().cost)), wanted, counted=counted, size=size)
    if chosen == TABLE:
        _tell_table(answer)
    elif out is None:
        WRITERS[chosen](answer, sys.stdout.buffer)
    else:
        _keep(answer, chosen, out, force=force)
        total = answer.counts.get("totalCount")
        many = "" if total is None else f",共 {total} 条 ({total} rows)"
        click.echo(f"已写入 / written: {out}{many}", err=True)
    return answer


def _keep(answer: Answer, format_: str, out: Path, *, force: bool) -> None:
    with whole(out, force=force) as file:
        WRITERS[format_](answer, file)


def _usual(out: Path | None) -> str:
    if out is None:
        return TABLE if sys.stdout.isatty() else CSV
    ending = out.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        listed = ", ".join(f".{name}" for name in FORMATS if name != TABLE)
        raise click.UsageError(
            f"文件名应以 {listed} 结尾,或用 --format 指定格式 / the file ends with {listed}, or give --format"
        )
    return ending


def _parted(said: str) -> tuple[str, str]:
    name, sign, value = said.partition("=")
    if not sign:
        raise click.UsageError(f"--filter NAME=VALUE: {said}")
    if not value.strip():
        raise click.UsageError(
            f"--filter {name.strip()}= 没有值;不筛选请去掉此项 / it has no value: leave it out not to filter"
        )
    return name.strip(), value


def _write_pieces(pieces: Callable[[Answer], Iterator[bytes]]) -> Callable[[Answer, IO[bytes]], None]:
    def write(answer: Answer, file: IO[bytes]) -> None:
        for piece in pieces(answer):
            file.write(piece)

    return write


def _write_workbook(answer: Answer, file: IO[bytes]) -> None:
    """By way of a file: what it goes to need not be one that can be sought in, and gets nothing of what is not whole."""
    with TemporaryFile() as whole:
        for _ in workbook(answer, whole):
            pass
        whole.seek(0)
        while block := whole.read(1 << 16):
            file.write(block)


def _tell_table(answer: Answer) -> None:
    """The first rows, as many columns as fit, and how many of how many there are."""
    table_, nodes = answer.asked.table, answer.beginning
    console = Console(highlight=False)
    lines = [[CONTROL.sub(" ", text(column.read(row))) for column in table_.columns] for row in nodes]
    headers = [column.header for column in table_.columns]
    wide = [min(WIDEST, max(map(cell_len, cells))) + GAP for cells in zip(headers, *lines, strict=True)]
    fitting = max(1, sum(width <= console.width for width in accumulate(wide)))
    shown = Shown(box=SIMPLE, pad_edge=False)
    for header in headers[:fitting]:
        shown.add_column(Text(header), no_wrap=True, overflow="ellipsis", max_width=WIDEST)
    for line in lines:
        shown.add_row(*map(Text, line[:fitting]))
    click.echo(
        f"{table_.zh} · {answer.place() or answer.asked.about or '全部 / all'} · {answer.as_of} · 数据版本 / data version {answer.version}"
    )
    console.print(shown)
    counted = "".join(f",{table_.counts[name]} {name} {count}" for name, count in answer.counts.items())
    more = ",后面还有 / more follow" if answer.goes_on else ""
    left = len(headers) - fitting
    click.echo(f"显示 {len(lines)} 行 / {len(lines)} rows shown{counted}{more}")
    if left:
        click.echo(f"另有 {left} 列未显示,见 --format csv 或 xlsx / {left} more columns: --format csv or xlsx")


def _tell_questions(*, as_json: bool) -> None:
    """What can be asked: field, Chinese name, what each takes."""
    if as_json:
        click.echo(orjson.dumps([one.told() for one in tables().values()], option=orjson.OPT_INDENT_2).decode())
        return
    for one in tables().values():
        filters = "".join(
            f" {name}{'!' * taken.required}" for name, taken in one.parameters.items() if name not in OPTIONS
        )
        click.echo(f"{one.field} {one.zh}{':' * bool(filters)}{filters}")
    click.echo(f"可用 / where it has them: {', '.join(OPTIONS)};! 必须给出 / must be given", err=True)


WRITERS: dict[str, Callable[[Answer, IO[bytes]], None]] = {
    CSV: _write_pieces(csv_pieces),
    JSON: _write_pieces(json_pieces),
    XLSX: _write_workbook,
}
