"""The command `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.cli.reference import reference_pages
from graph_service.graphql.schema import sdl


@click.command()
@click.option("--write", is_flag=True, help="Write the generated files into the checkout.")
def schema(write: bool) -> None:
    """Print the GraphQL schema; with --write, write all generated files. Example: graph-service schema > schema.graphql"""
    root = Path(__file__).parents[2]
    files = {**reference_pages(), "schema.graphql": sdl()}
    for name, text in files.items():
        if write:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        elif name == "schema.graphql":
            click.echo(text, nl=False)
