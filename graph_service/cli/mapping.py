"""The command `mapping`."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.domain.model import MODEL
from graph_service.features.imports.read.mapping_draft import draft_mapping
from graph_service.features.imports.read.mapping_file import mapping_template
from graph_service.platform.readers.delivery import open_delivery


@click.command(short_help="打印映射文件 / Print a mapping file to edit.")
@click.option(
    "--for",
    "paths",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="要据以起草映射文件的文件或文件夹，可多次给出。 / File or folder for which to draft a mapping. Can be given several times.",
)
@click.argument("further_paths", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path, exists=True))
def mapping(paths: tuple[Path, ...], further_paths: tuple[Path, ...]) -> None:
    """Print a mapping file to edit. With --for, print a draft for the given files.

    打印供编辑的映射文件；用 --for 时按给定文件起草。

    Example: graph-service mapping --for roster.xlsx > mapping.toml
    """
    if further_paths and not paths:
        raise click.UsageError("请在文件名前加 --for / Put --for before the file name")
    click.echo(
        draft_mapping(open_delivery([*paths, *further_paths]).tables) if paths else mapping_template(MODEL), nl=False
    )
