"""Catalogue of the hand-written statements under `cypher/`: one file for each question, file name = name.

A file begins with a head of `//` lines: its Chinese title, what it returns in English, then `@params` and `@returns` with names; a
list of names may go on in the next line. `@compares` names the sealed values that it compares with each other.
At load, declared and used parameters must be the same and the last RETURN must give the declared columns; labels,
relationship types and properties must be the model's (tests check these).

Macros are expanded:
    known(r)     r is recorded and not superseded at $seq
    holds(r)     r is known at $seq and holds on $asOf, its first and last day included
    within(a)    the area a lies in the requested areas: $low, $high (the span of the ranges, for the index), $areas
    excepts(w)   the state w of a waiver is known at $seq, and it excepts on $asOf; a missing first or last day is no bound
    merged(xs)   each of the mergers xs (PREDECESSOR_OF, one after another) is known at $seq and had happened by $asOf
    unsettled(p) by its state p a problem is not closed on $asOf; a problem closed without a day counts as always closed
    part(name)   `parts/<name>.cypher`: an expression that several statements share; its head lists the variables it needs
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from graph_service.errors import StatementRefused

_MACRO = re.compile(r"\b(holds|known|within|excepts|unsettled|merged)\((\w+)\)")
_PART = re.compile(r"\bpart\((\w+)\)")
_COMMENT_LINE = re.compile(r"^//\s?(.*)$")
_WRITE_CLAUSE = re.compile(
    r"\b(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|DROP|FOREACH|LOAD\s+CSV|IN\s+TRANSACTIONS)\b", re.IGNORECASE
)
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|//[^\n]*")
_BRACKETS = re.compile(r"\{[^{}]*\}|\([^()]*\)|\[[^\[\]]*\]")
_LAST_RETURN = re.compile(
    r"\bRETURN\b(?!.*\bRETURN\b)\s+(?:DISTINCT\s+)?(.*?)(?=\bORDER\s+BY\b|\bLIMIT\b|\Z)", re.DOTALL
)
PARTS_FOLDER = "parts"
"""Folder of the expressions that several statements share."""
KNOWN_CONDITION = "{0}.recorded <= $seq AND {0}.superseded > $seq"
HOLDS_CONDITION = "{0}.since <= $asOf AND {0}.until >= $asOf AND " + KNOWN_CONDITION
MACROS = {
    "known": KNOWN_CONDITION,
    "holds": HOLDS_CONDITION,
    "within": "{0}.code >= $low AND {0}.code < $high AND size([area IN $areas WHERE {0}.code >= area[0] AND {0}.code < area[1]]) > 0",
    "excepts": KNOWN_CONDITION
    + " AND coalesce({0}.begins_on, $asOf) <= $asOf AND coalesce({0}.expires_on, $asOf) >= $asOf",
    "merged": "all(x IN {0} WHERE " + KNOWN_CONDITION.format("x") + " AND x.since <= $asOf)",
    "unsettled": "coalesce({0}.closed_on, CASE WHEN {0}.state = 'CLOSED' THEN 10101 ELSE 99991231 END) > $asOf",
}


@dataclass(frozen=True, slots=True)
class ExtraColumns:
    """Further columns of a question, by name, with their parameters: projections of the nodes in its rows."""

    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


NO_EXTRA_COLUMNS = ExtraColumns()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: its text with the macros expanded, its parameters and columns. `columns_end`: end of its last RETURN's columns in `text`.
    `compared`: sealed properties whose stored values it compares, which are equal only where all are sealed with the same key."""

    name: str
    title: str
    text: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    columns_end: int
    compared: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """Return the first line of the title."""
        return self.title.partition("\n")[0]

    def with_extra_columns(self, extra: ExtraColumns) -> Statement:
        """Return the statement with further columns at the end."""
        if not extra.columns:
            return self
        extra_text = "".join(f",\n  {text} AS {name}" for name, text in extra.columns.items())
        text = self.text[: self.columns_end] + extra_text + "\n" + self.text[self.columns_end :]
        return replace(self, text=text, columns=(*self.columns, *extra.columns))


def statements_folder() -> Path:
    """Return the folder of the statements: in the installed package, else beside it in the checkout."""
    package = Path(__file__).parents[1]
    packaged_folder = package / "_cypher"
    return packaged_folder if packaged_folder.is_dir() else package.parent / "cypher"


def expand(text: str) -> str:
    """Return `text` with its parts and macros expanded and its comments removed."""
    expanded = _strip_comments(text)
    while _PART.search(expanded):
        expanded = _PART.sub(lambda m: _strip_comments(_read_part(m[1])), expanded)
    return _MACRO.sub(lambda m: MACROS[m[1]].format(m[2]), expanded)


def _strip_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("//"))


@cache
def _read_part(name: str) -> str:
    return (statements_folder() / PARTS_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")


def parse_statement(name: str, source: str) -> Statement:
    """Parse a file's text into a statement. Raises `StatementRefused` where head and statement disagree."""
    title: list[str] = []
    declared: dict[str, tuple[str, ...]] = {"params": (), "returns": (), "compares": ()}
    tag_name = ""
    for line in source.splitlines():
        comment = _COMMENT_LINE.match(line)
        if comment is None:
            break
        tag = re.match(r"@(params|returns|compares)\s+(.*)", comment[1])
        if tag or tag_name:
            # A list that ends with a comma goes on in the next line.
            tag_name, names = (tag[1], tag[2]) if tag else (tag_name, comment[1])
            declared[tag_name] += tuple(part.strip() for part in names.split(",") if part.strip())
            tag_name = tag_name if names.rstrip().endswith(",") else ""
        else:
            title.append(comment[1])
    text = expand(source).rstrip().rstrip(";")
    masked = _STRINGS.sub(_mask, text)
    used_parameters = set(re.findall(r"\$(\w+)", masked))
    if used_parameters != set(declared["params"]):
        raise StatementRefused(
            name=name,
            reason=f"@params declares {sorted(declared['params'])}, but the statement uses {sorted(used_parameters)}",
        )
    top_level = masked
    while (reduced := _BRACKETS.sub(_mask, top_level)) != top_level:
        top_level = reduced
    last_return = _LAST_RETURN.search(top_level)
    columns = tuple(re.split(r"\s+", part.strip())[-1] for part in last_return[1].split(",")) if last_return else ()
    if columns != declared["returns"]:
        raise StatementRefused(
            name=name, reason=f"@returns declares {declared['returns']}, but the last RETURN has {columns}"
        )
    columns_end = len(last_return[0].rstrip()) + last_return.start() if last_return else len(text)
    title_text = "\n".join(title).strip()
    return Statement(name, title_text, text, declared["params"], columns, columns_end, declared["compares"])


@lru_cache(2_000)
def is_write(text: str) -> bool:
    """Tell whether a statement writes. In doubt it does: a write keyword counts anywhere outside of quotes."""
    return bool(_WRITE_CLAUSE.search(_STRINGS.sub(_mask, text)))


def _mask(match: re.Match[str]) -> str:
    return " " * len(match[0])


@cache
def get_statement(name: str) -> Statement:
    """Return the statement `name`, as `topic/question`. Raises `StatementRefused` where it has no file."""
    path = statements_folder() / f"{name}.cypher"
    try:
        return parse_statement(name, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StatementRefused(name=name, reason=f"the file {path.name} does not exist") from error


def statement_names() -> list[str]:
    """Return the names of all hand-written statements, sorted."""
    root = statements_folder()
    return sorted(
        p.relative_to(root).with_suffix("").as_posix() for p in root.rglob("*.cypher") if PARTS_FOLDER not in p.parts
    )


INTERNAL_TOPICS = ("areas/", "imports/")
"""Topics of internal look-ups of the service."""


def public_statements() -> tuple[Statement, ...]:
    """Return the statements that the service runs for its users."""
    return tuple(get_statement(name) for name in statement_names() if not name.startswith(INTERNAL_TOPICS))


def render_page() -> str:
    """Return the catalogue as a page: `docs/reference/statements.md`."""
    lines = [
        "# 查询语句目录 / Statements",
        "",
        "Generated from the file headers in `cypher/` by `graph-service schema --write`. Do not edit.",
    ]
    for statement in public_statements():
        lines += ["", f"## {statement.headline}", "", f"`cypher/{statement.name}.cypher`", ""]
        lines += [f"{line}  " for line in statement.title.splitlines()[1:]]
        lines += [
            "",
            f"- parameters: {', '.join(f'`{p}`' for p in statement.parameters)}",
            f"- columns: {', '.join(f'`{c}`' for c in statement.columns)}",
        ]
    return "\n".join(lines) + "\n"
