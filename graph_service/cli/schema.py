"""The command `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.cli.reference import reference_pages
from graph_service.graphql.schema import sdl


@click.command(short_help="打印接口定义 / Print the GraphQL schema.")
@click.option("--write", is_flag=True, help="将生成的文件写入项目目录。 / Write the generated files into the checkout.")
def schema(write: bool) -> None:
    """Print the GraphQL schema; with --write, write all generated files.

    打印 GraphQL 接口定义；用 --write 时写入所有生成的文件。

    Example: graph-service schema > schema.graphql
    """
    root = Path(__file__).parents[2]
    files = {**reference_pages(), "schema.graphql": sdl()}
    for name, text in files.items():
        if write:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        elif name == "schema.graphql":
            click.echo(text, nl=False)
