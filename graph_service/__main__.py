"""The command line: `graph-service`. Exit codes: 0 done, 1 found something or refused rows, 2 cannot run."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph_service import __version__
from graph_service.config import settings
from graph_service.derive.texts import generated
from graph_service.engine.choose import open_engine
from graph_service.errors import GraphServiceError
from graph_service.model import MODEL
from graph_service.services.imports import run as imports
from graph_service.services.imports.matching import load_mapping, template
from graph_service.services.troubles import TROUBLES
from graph_service.store.graph import Store


@contextmanager
def opened() -> Iterator[Store]:
    """A store on the engine of the settings."""
    store = Store(open_engine(settings()))
    try:
        yield store
    finally:
        store.close()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """谁帮扶谁,钱到了哪里 / Who helps whom, and where the money went."""


@cli.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    help="Mapping of sheet names and headers (see `graph-service mapping`).",
)
@click.option("--purpose", type=click.Choice(["collection", "look-back"]), default="collection", show_default=True)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the collection; else 31 December of the latest year on the cards.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def import_(files: tuple[Path, ...], mapping_file: Path | None, purpose: str, day: object, as_json: bool) -> None:
    """Import a register: workbooks, CSV files or folders of them.

    Example: graph-service import register.xlsx --purpose collection
    """
    mapping = load_mapping(mapping_file, MODEL) if mapping_file else None
    stored_day = int(f"{day:%Y%m%d}") if day else None
    with opened() as store, _progress(quiet=as_json) as advance:
        report = imports.run(
            store, files, mapping=mapping, purpose=purpose.upper().replace("-", "_"), day=stored_day, progress=advance
        )
    if as_json:
        click.echo(orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2).decode())
    else:
        _tell(report)
    sys.exit(1 if any(remark.refused for remark in report.remarks) else 0)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[imports.Progress]:
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


def _tell(report: imports.Report) -> None:
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


@cli.command()
def undo() -> None:
    """Take back the last published import. Example: graph-service undo"""
    with opened() as store:
        sequence = imports.undo(store)
    click.echo(f"已撤销数据版本 {sequence} / data version {sequence} was undone")


@cli.command()
def mapping() -> None:
    """Print the default mapping as a file to edit. Example: graph-service mapping > mapping.toml"""
    click.echo(template(MODEL), nl=False)


@cli.command()
@click.option("--write", is_flag=True, help="Write the derived files into the checkout.")
def schema(write: bool) -> None:
    """The statements derived from the model. Example: graph-service schema"""
    root = Path(__file__).parent.parent / "cypher" / "generated"
    for name, text in generated(MODEL).items():
        if write:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        elif name == "schema.cypher":
            click.echo(text, nl=False)


def main() -> None:
    """Entry point: expected failures become one line in both languages and exit code 2."""
    try:
        cli()
    except GraphServiceError as error:
        click.echo(f"{error.code}: {error.message_zh}\n{error.code}: {error.message_en}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
