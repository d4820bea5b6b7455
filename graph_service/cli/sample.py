"""The command `sample`."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.cli.output_files import force_option, output_error, require_absent
from graph_service.sample import run as making


@click.command()
@click.option("--county", "area", required=True, help="Code of a county, a prefecture or a province.")
@click.option(
    "--households", required=True, type=click.IntRange(1), help="Total number of households, spread over all villages."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Random seed. The same arguments always give the same files."
)
@click.option(
    "--years", default="2014-2016", show_default=True, help="Years of the cards: first and last year, or a single year."
)
@click.option(
    "--traps/--no-traps",
    default=True,
    show_default=True,
    help="Include deliberate errors, which are listed in traps.json.",
)
@click.option("--out", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Output folder.")
@force_option
def sample(area: str, households: int, seed: int, years: str, traps: bool, folder: Path, force: bool) -> None:
    """Write a fictitious register. Each sheet is a CSV file.

    Example: graph-service sample --county 513431 --households 2000 --out var/sample
    """
    arguments = making.SampleArguments(area, households, seed, *making.parse_years(years), traps)
    require_absent(*(path for path in folder.glob("*") if path.suffix in making.FILE_SUFFIXES), force=force)
    try:
        rows_by_sheet = making.generate(arguments, folder)
    except OSError as error:
        raise output_error(folder, error) from error
    for sheet, rows in rows_by_sheet.items():
        click.echo(f"{sheet}: {rows}", err=True)
    click.echo(f"虚构的登记表已写入 / The fictitious register was written to {folder}")
