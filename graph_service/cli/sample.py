"""The command `sample`."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.cli.output_files import force_option, output_error, path_text, require_absent
from graph_service.sample import run as making


@click.command(short_help="生成虚构的登记表 / Write a fictitious register.")
@click.option(
    "--county",
    "area",
    required=True,
    help="县、市（州）或省的区划代码。 / Code of a county, a prefecture or a province.",
)
@click.option(
    "--households",
    required=True,
    type=click.IntRange(1),
    help="总户数，分布到所有村。 / Total number of households, spread over all villages.",
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="随机种子；参数相同，文件即相同。 / Random seed. The same arguments always give the same files.",
)
@click.option(
    "--years",
    default="2014-2016",
    show_default=True,
    help="户卡年度：起止年度，或单个年度。 / Years of the cards: first and last year, or a single year.",
)
@click.option(
    "--traps/--no-traps",
    default=True,
    show_default=True,
    help="包含有意设置的错误，清单见 traps.json。 / Include deliberate errors, which are listed in traps.json.",
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="输出文件夹。 / Output folder.",
)
@force_option
def sample(area: str, households: int, seed: int, years: str, traps: bool, folder: Path, force: bool) -> None:
    """Write a fictitious register. Each sheet is a CSV file.

    生成虚构的登记表，每张表为一个 CSV 文件。

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
    click.echo(f"虚构的登记表已写入 / The fictitious register was written to {path_text(folder)}")
