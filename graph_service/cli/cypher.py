"""The command `cypher`."""

from __future__ import annotations

import click

from graph_service.domain.derived_statements import derived_statements
from graph_service.domain.model import MODEL
from graph_service.errors import NotFound
from graph_service.platform.catalog import get_statement, statement_names

EXAMPLE_VALUES = {
    "areas": "[['513431', '513432']]",
    "low": "'513431'",
    "high": "'513432'",
    "asOf": "20161231",
    "seq": "1",
    "year": "2016",
    "limit": "51",
}
"""Values of common parameters to begin with: Zhaojue county, the last day of 2016, the first data version."""


@click.command()
@click.argument("name", required=False)
def cypher(name: str | None) -> None:
    """Print a Cypher statement, ready to paste. Without NAME, list the statements.

    Example: graph-service cypher coverage/expiring_duties
    """
    if name is None:
        for listed in statement_names():
            click.echo(f"{listed}  {get_statement(listed).headline}")
        for target in derived_statements(MODEL):
            click.echo(f"{target}  由模型生成 / generated from the model")
    elif name in statement_names():
        click.echo(_paste_text(name), nl=False)
    elif text := derived_statements(MODEL).get(name):
        click.echo(text, nl=False)
    else:
        raise NotFound(what_zh="语句", what_en="statement", key=name)


def _paste_text(name: str) -> str:
    """The statement behind its question and a `:param` line for each of its parameters."""
    statement = get_statement(name)
    lines = [f"// {line}" for line in statement.title.splitlines()]
    lines += [f":param {parameter} => {EXAMPLE_VALUES.get(parameter, 'null')};" for parameter in statement.parameters]
    return "\n".join([*lines, f"{statement.text};"]) + "\n"
