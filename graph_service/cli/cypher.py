"""The command `cypher`."""

from __future__ import annotations

import re
from typing import Any

import click

from graph_service.cli.example_parameters import example_parameters
from graph_service.domain.derived_statements import derived_statements
from graph_service.domain.model import MODEL
from graph_service.errors import NotFound
from graph_service.platform.catalog import get_statement, is_write, statement_names

WRITE_NOTE = "此语句写入数据；示例参数不改动任何记录。 / The statement writes; its example parameters change no record."


@click.command(short_help="打印 Cypher 语句 / Print a Cypher statement.")
@click.argument("name", required=False)
def cypher(name: str | None) -> None:
    """Print a Cypher statement, ready to paste in Neo4j Browser. Without NAME, list the statements.

    打印一条 Cypher 语句，可直接粘贴到 Neo4j Browser；不带 NAME 时列出所有语句。

    Its parameters are printed with it; they give rows on the packaged sample register.

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
    """Return the statement behind its question and a `:param` line for each of its parameters."""
    statement = get_statement(name)
    lines = [f"// {line}" for line in statement.title.splitlines()]
    if is_write(statement.text):
        lines.append(f"// {WRITE_NOTE}")
    lines += [f":param {parameter} => {literal(value)};" for parameter, value in example_parameters(name).items()]
    return "\n".join([*lines, f"{statement.text};"]) + "\n"


def literal(value: Any) -> str:
    """Return a value as a Cypher literal."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            escaped_text = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped_text}'"
        case list() | tuple():
            return f"[{', '.join(map(literal, value))}]"
        case dict():
            return f"{{{', '.join(f'{_map_key(key)}: {literal(entry)}' for key, entry in value.items())}}}"
        case _:
            return str(value)


def _map_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_]\w*", key, re.ASCII) else f"`{key}`"
