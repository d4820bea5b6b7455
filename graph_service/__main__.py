"""The command line: `graph-service`. Exit codes: 0 done, 1 found something or refused rows, 2 cannot run."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib.resources import files as package_files
from pathlib import Path
from typing import TextIO

import click

from graph_service import __version__, serving
from graph_service.api.schema import sdl
from graph_service.asking import ask
from graph_service.catalog import page
from graph_service.checking import check
from graph_service.config import Settings, settings
from graph_service.console.examples import examples
from graph_service.derive.documentation import documentation
from graph_service.derive.texts import generated
from graph_service.errors import CommandFailed, EngineError, EngineUnavailable, GraphServiceError, StatementRefused
from graph_service.importing import import_
from graph_service.model import MODEL
from graph_service.outputs import OUTPUT, force_option, record_failure, refused, require_free
from graph_service.readers.delivery import open_delivery
from graph_service.sample import run as making
from graph_service.services.imports import run as imports
from graph_service.services.imports.drafting import draft
from graph_service.services.imports.mapping import template
from graph_service.services.imports.sequences import undo as undone
from graph_service.services.viewing import versions
from graph_service.store.choose import opened
from graph_service.terminal import (
    progress,
    tell_address,
    tell_answer,
    tell_error,
    tell_refused,
    tell_store,
)
from graph_service.tracing import trace, verify
from graph_service.usage import tell_usage

SAMPLE = Path(str(package_files("graph_service") / "data" / "sample-register.xlsx"))


OBJECTS_BETWEEN_COLLECTIONS = 100_000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """谁帮扶谁,钱到了哪里 / Who helps whom, and where the money went."""


@cli.command()
def undo() -> None:
    """Take back the last published import. Example: graph-service undo"""
    tell_store(settings(), quiet=False)
    with opened(settings()) as store:
        sequence = undone(store)
        left = versions(store)
    zh, en = (f"数据版本 {left[0].sequence}", f"data version {left[0].sequence}") if left else ("空", "empty")
    click.echo(f"已撤销数据版本 {sequence},现为:{zh} / data version {sequence} was undone, now it is: {en}")


@cli.command()
@click.option(
    "--for",
    "paths",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A file or folder to draft a mapping for. May be given several times.",
)
@click.argument("more", nargs=-1, type=click.Path(path_type=Path, exists=True))
def mapping(paths: tuple[Path, ...], more: tuple[Path, ...]) -> None:
    """Print a mapping as a file to edit: the default one, or a draft for files.

    Example: graph-service mapping --for roster.xlsx > mapping.toml
    """
    if more and not paths:
        raise click.UsageError("请写 --for FILE / write --for FILE")
    click.echo(draft(open_delivery([*paths, *more]).tables) if paths else template(MODEL), nl=False)


@cli.command()
@click.option("--host", help="Address to listen on; else GRAPH_SERVICE_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; else GRAPH_SERVICE_PORT.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that serve.")
def serve(host: str | None, port: int | None, workers: int) -> None:
    """Serve the API and GraphiQL. Example: graph-service serve --port 8000 --workers 2"""
    with suppress(KeyboardInterrupt):
        serving.serve(listening_on(host, port), tell_address, workers=workers)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; else GRAPH_SERVICE_PORT.")
@click.option("--exit", "leave", is_flag=True, help="Leave once the three questions are answered.")
def demo(port: int | None, leave: bool) -> None:
    """A made-up county: import it, serve it, ask three questions.

    Example: graph-service demo --exit
    """
    with suppress(KeyboardInterrupt), opened(settings()) as store:
        store.prepare()
        if not versions(store):
            click.echo("导入示例登记表(虚构) / importing the sample register (made up)", err=True)
            with progress(quiet=False) as advance:
                report = imports.run(store, [SAMPLE], progress=advance)
            tell_refused(report)
        chosen = listening_on(None, port)
        questions = [one for one in examples(store) if one.headline]
        answered = serving.demonstrate(store, chosen, questions, tell_answer, tell_address, leave=leave)
        sys.exit(0 if answered or not leave else 2)


@cli.command()
@click.option("--county", "area", required=True, help="Code of a county, a prefecture or a province.")
@click.option("--households", required=True, type=click.IntRange(1), help="How many, over all its villages.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same arguments give the same bytes.")
@click.option(
    "--years", default="2014-2016", show_default=True, help="Years of the cards: the first and the last, or one."
)
@click.option(
    "--traps/--no-traps",
    default=True,
    show_default=True,
    help="Whether things are amiss on purpose; traps.json tells which.",
)
@click.option(
    "--out", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of the files."
)
@force_option
def sample(area: str, households: int, seed: int, years: str, traps: bool, folder: Path, force: bool) -> None:
    """Write a made-up register of any size: one CSV file a sheet.

    Example: graph-service sample --county 513431 --households 2000 --out var/sample
    """
    arguments = making.Arguments(area, households, seed, *making.years(years), traps)
    require_free(*(path for path in folder.glob("*") if path.suffix in making.ENDINGS), force=force)
    try:
        made = making.run(arguments, folder)
    except OSError as error:
        raise refused(folder, error) from error
    for sheet, rows in made.items():
        click.echo(f"{sheet}: {rows}", err=True)
    click.echo(f"虚构登记表已写入 / a made-up register was written to: {folder}")


def listening_on(host: str | None, port: int | None) -> Settings:
    """The settings, with what the command line says instead."""
    given = {"host": host, "port": port}
    return settings().model_copy(update={name: value for name, value in given.items() if value is not None})


@cli.command()
@click.option("--write", is_flag=True, help="Write the derived files into the checkout.")
def schema(write: bool) -> None:
    """The GraphQL schema; with --write all derived files. Example: graph-service schema > schema.graphql"""
    root = Path(__file__).parent.parent
    files = {f"cypher/generated/{name}": text for name, text in generated(MODEL).items()}
    files |= {"docs/model.md": documentation(MODEL), "docs/questions.md": page(), "schema.graphql": sdl()}
    for name, text in files.items():
        if write:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        elif name == "schema.graphql":
            click.echo(text, nl=False)


cli.add_command(import_)
cli.add_command(ask)
cli.add_command(check)
cli.add_command(trace)
cli.add_command(verify)


READER_GONE = 128 + 13
"""Exit code of a command whose output nobody reads any more, as of one that the signal ends."""


IN_ENGINES_WORDS = (EngineError, EngineUnavailable, StatementRefused)
"""Errors whose reason an engine or its driver gave."""


def _silence(stream: TextIO) -> None:
    """Have nothing more written to a stream that takes nothing: the interpreter would say so at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main() -> None:
    """Entry point: expected failures are said in both languages, with exit code 2; a Ctrl-C gives 130."""
    # Rows and answers are many small objects without cycles: to look for those every 700 of them took a quarter of the reading.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        try:
            cli(standalone_mode=False)
        finally:
            # What does not get out is told, not left to the interpreter's end.
            sys.stdout.flush()
    except BrokenPipeError:
        # Who reads has enough.
        _silence(sys.stdout)
        sys.exit(READER_GONE)
    except OSError as error:
        _silence(sys.stdout)
        tell_error(refused(error.filename or OUTPUT, error), as_json=False)
        sys.exit(2)
    except GraphServiceError as error:
        # What an engine says in its own words is for who looks after it.
        log = record_failure(settings().data) if type(error) in IN_ENGINES_WORDS else None
        tell_error(error, as_json="--json" in sys.argv, log=log)
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("已中断 / interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        tell_usage(error)
        sys.exit(2)
    except Exception:
        tell_error(CommandFailed(log=record_failure(settings().data)), as_json="--json" in sys.argv)
        sys.exit(2)


if __name__ == "__main__":
    main()
