"""The command `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from graph_service.domain.documentation import render_documentation
from graph_service.domain.generated_files import generated_files
from graph_service.domain.model import MODEL
from graph_service.graphql.schema import sdl
from graph_service.platform.catalog import render_page


@click.command()
@click.option("--write", is_flag=True, help="Write the derived files into the checkout.")
def schema(write: bool) -> None:
    """The GraphQL schema; with --write all derived files. Example: graph-service schema > schema.graphql"""
    root = Path(__file__).parent.parent.parent
    files = {f"cypher/generated/{name}": text for name, text in generated_files(MODEL).items()}
    files |= {"docs/model.md": render_documentation(MODEL), "docs/questions.md": render_page(), "schema.graphql": sdl()}
    for name, text in files.items():
        if write:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        elif name == "schema.graphql":
            click.echo(text, nl=False)
