"""The command `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.api.schema import sdl
from graph_service.catalog import page
from graph_service.derive.documentation import documentation
from graph_service.derive.texts import generated
from graph_service.model import MODEL


@click.command()
@click.option("--write", is_flag=True, help="Write the derived files into the checkout.")
def schema(write: bool) -> None:
    """The GraphQL schema; with --write all derived files. Example: graph-service schema > schema.graphql"""
    root = Path(__file__).parent.parent.parent
    files = {f"cypher/generated/{name}": text for name, text in generated(MODEL).items()}
    files |= {"docs/model.md": documentation(MODEL), "docs/questions.md": page(), "schema.graphql": sdl()}
    for name, text in files.items():
        if write:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        elif name == "schema.graphql":
            click.echo(text, nl=False)
