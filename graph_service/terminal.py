"""What the commands say: progress on a terminal, plain lines in a pipe, reports in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph_service.services.imports import run as imports
from graph_service.services.troubles import TROUBLES
from graph_service.serving import Answer

LINES = 40
"""How much of an answer the demo prints."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[imports.Progress]:
    """A bar a sheet on a terminal, a line a sheet in a pipe, nothing when quiet."""
    if quiet:
        yield lambda _sheet, _rows: None
        return
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            tasks: dict[str, object] = {}

            def advance(sheet: str, rows: int) -> None:
                if sheet not in tasks:
                    tasks[sheet] = bar.add_task(sheet, total=None)
                bar.update(tasks[sheet], advance=rows)  # type: ignore[arg-type]

            yield advance
        return
    counts: Counter[str] = Counter()

    def line(sheet: str, rows: int) -> None:
        counts[sheet] += rows
        click.echo(f"{sheet}: {counts[sheet]}", err=True)

    yield line


def tell_report(report: imports.Report) -> None:
    for sheet, counts in report.counts.items():
        parts = ", ".join(f"{name} {number}" for name, number in counts.items())
        click.echo(f"{sheet}: {parts}")
    for remark in report.remarks:
        zh, en = TROUBLES[remark.code]
        what = "拒收 refused" if remark.refused else "标记 flagged"
        click.echo(f"{what} {remark.sheet}!{remark.row} [{remark.column}] {remark.value!r} {remark.code}: {zh} / {en}")
    for table in report.unmatched:
        click.echo(f"未识别的表 not a sheet of a register: {table}")
    for sheet, headers in report.unused.items():
        click.echo(f"未使用的列 columns not used: {sheet}: {'、'.join(headers)}")
    if report.sequence is None:
        click.echo("无变化:数据与已有的一致 / nothing changed: all of it was known")
    else:
        click.echo(
            f"已发布数据版本 {report.sequence},采集日 {report.day} / published as data version {report.sequence}"
        )


def tell_answer(answer: Answer) -> None:
    """A question of the demo, how long it took, the first lines of its answer, its link."""
    text = orjson.dumps(answer.body, option=orjson.OPT_INDENT_2).decode().splitlines()
    shown = text if len(text) <= LINES else [*text[:LINES], f"  … {len(text) - LINES} 行 / more lines"]
    click.secho(f"\n{answer.example.title}", bold=True)
    click.echo("\n".join(shown))
    click.echo(f"{answer.seconds * 1000:.0f} ms · 打开 / open: {answer.link}")
