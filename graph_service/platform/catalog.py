"""The hand-written statements under `cypher/`: one file a question, file name = name.

A file begins with a head of `//` lines: the question in the field's words, then `@params` and `@returns` with names.
At load, declared and used parameters must agree both ways and the last RETURN must give the declared columns; labels,
relationship types and properties must be the model's (tests check these).

What is written once is expanded:
    known(r)     r is known at $seq
    holds(r)     r is known at $seq and holds on $asOf, both ends counting
    within(a)    the area a lies in the areas asked for: $low, $high (what the ranges span, for the index), $areas
    excepts(w)   the state w of a waiver is known at $seq, and it excepts on $asOf; one without a first or last day has no bound there
    merged(xs)   each of the mergers xs (PREDECESSOR_OF, one after another) is known at $seq and had happened by $asOf
    unsettled(p) by its state p a problem is not closed on $asOf; one that is closed without a day always was
    part(name)   `parts/<name>.cypher`: an expression that several statements share; its head says what it needs
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
"""The folder of what several statements share."""
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
    """Further columns of a question, by name, and what they take: projections of the nodes that its rows name."""

    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


NO_EXTRA_COLUMNS = ExtraColumns()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its text with the macros expanded, what it takes and gives. `columns_end`: where its last RETURN's columns end."""

    name: str
    title: str
    text: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]
    columns_end: int

    @property
    def headline(self) -> str:
        """The question in a line."""
        return self.title.partition("\n")[0]

    def with_extra_columns(self, extra: ExtraColumns) -> Statement:
        """The same with further columns after its own."""
        if not extra.columns:
            return self
        further = "".join(f",\n  {text} AS {name}" for name, text in extra.columns.items())
        text = self.text[: self.columns_end] + further + "\n" + self.text[self.columns_end :]
        return replace(self, text=text, columns=(*self.columns, *extra.columns))


def statements_folder() -> Path:
    """The folder of the statements: in the installed package, else beside it in the checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_cypher"
    return inside if inside.is_dir() else package.parent / "cypher"


def expand(text: str) -> str:
    """`text` with its parts and macros written out and its comments gone."""
    whole = _strip_comments(text)
    while _PART.search(whole):
        whole = _PART.sub(lambda m: _strip_comments(_read_part(m[1])), whole)
    return _MACRO.sub(lambda m: MACROS[m[1]].format(m[2]), whole)


def _strip_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("//"))


@cache
def _read_part(name: str) -> str:
    return (statements_folder() / PARTS_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")


def parse_statement(name: str, source: str) -> Statement:
    """A question from a file's text. Raises `StatementRefused` where head and statement disagree."""
    title: list[str] = []
    declared: dict[str, tuple[str, ...]] = {"params": (), "returns": ()}
    for line in source.splitlines():
        head = _COMMENT_LINE.match(line)
        if head is None:
            break
        tag = re.match(r"@(params|returns)\s+(.*)", head[1])
        if tag:
            declared[tag[1]] = tuple(part.strip() for part in tag[2].split(",") if part.strip())
        else:
            title.append(head[1])
    text = expand(source).rstrip().rstrip(";")
    bare = _STRINGS.sub(_mask, text)
    used = set(re.findall(r"\$(\w+)", bare))
    if used != set(declared["params"]):
        raise StatementRefused(name=name, reason=f"@params {sorted(declared['params'])}, used {sorted(used)}")
    outer = bare
    while (inner := _BRACKETS.sub(_mask, outer)) != outer:
        outer = inner
    last = _LAST_RETURN.search(outer)
    columns = tuple(re.split(r"\s+", part.strip())[-1] for part in last[1].split(",")) if last else ()
    if columns != declared["returns"]:
        raise StatementRefused(name=name, reason=f"@returns {declared['returns']}, last RETURN gives {columns}")
    end = len(last[0].rstrip()) + last.start() if last else len(text)
    title_text = "\n".join(title).strip()
    return Statement(name, title_text, text, declared["params"], columns, end)


@lru_cache(2_000)
def is_write(text: str) -> bool:
    """Whether a statement writes. Where in doubt it does: a word that writes counts wherever it stands outside of quotes."""
    return bool(_WRITE_CLAUSE.search(_STRINGS.sub(_mask, text)))


def _mask(match: re.Match[str]) -> str:
    return " " * len(match[0])


@cache
def get_statement(name: str) -> Statement:
    """The statement `name`, as `topic/question`."""
    path = statements_folder() / f"{name}.cypher"
    try:
        return parse_statement(name, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StatementRefused(name=name, reason=f"no file {path.name}") from error


def statement_names() -> list[str]:
    """Every hand-written statement, sorted."""
    root = statements_folder()
    return sorted(
        p.relative_to(root).with_suffix("").as_posix()
        for p in root.rglob("*.cypher")
        if not {"generated", PARTS_FOLDER}.intersection(p.parts)
    )


INTERNAL_TOPICS = ("areas/", "imports/")
"""Topics of the service's own: what it looks up to do its work."""


def public_statements() -> tuple[Statement, ...]:
    """The questions that the service asks for its users."""
    return tuple(get_statement(name) for name in statement_names() if not name.startswith(INTERNAL_TOPICS))


def render_page() -> str:
    """The catalogue as a page: `docs/questions.md`."""
    lines = [
        "# 问题目录 / The questions",
        "",
        "Derived from the heads of `cypher/` by `graph-service schema --write`. Do not edit.",
    ]
    for one in public_statements():
        lines += ["", f"## {one.headline}", "", f"`cypher/{one.name}.cypher`", ""]
        lines += [f"{line}  " for line in one.title.splitlines()[1:]]
        lines += [
            "",
            f"- takes: {', '.join(f'`{p}`' for p in one.parameters)}",
            f"- gives: {', '.join(f'`{c}`' for c in one.columns)}",
        ]
    return "\n".join(lines) + "\n"
