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
_HEAD = re.compile(r"^//\s?(.*)$")
_WRITES = re.compile(
    r"\b(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|DROP|FOREACH|LOAD\s+CSV|IN\s+TRANSACTIONS)\b", re.IGNORECASE
)
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|//[^\n]*")
_BRACKETS = re.compile(r"\{[^{}]*\}|\([^()]*\)|\[[^\[\]]*\]")
_LAST = re.compile(r"\bRETURN\b(?!.*\bRETURN\b)\s+(?:DISTINCT\s+)?(.*?)(?=\bORDER\s+BY\b|\bLIMIT\b|\Z)", re.DOTALL)
PARTS = "parts"
"""The folder of what several statements share."""
KNOWN = "{0}.recorded <= $seq AND {0}.superseded > $seq"
HOLDS = "{0}.since <= $asOf AND {0}.until >= $asOf AND " + KNOWN
MACROS = {
    "known": KNOWN,
    "holds": HOLDS,
    "within": "{0}.code >= $low AND {0}.code < $high AND size([area IN $areas WHERE {0}.code >= area[0] AND {0}.code < area[1]]) > 0",
    "excepts": KNOWN + " AND coalesce({0}.begins_on, $asOf) <= $asOf AND coalesce({0}.expires_on, $asOf) >= $asOf",
    "merged": "all(x IN {0} WHERE " + KNOWN.format("x") + " AND x.since <= $asOf)",
    "unsettled": "coalesce({0}.closed_on, CASE WHEN {0}.state = 'CLOSED' THEN 10101 ELSE 99991231 END) > $asOf",
}


@dataclass(frozen=True, slots=True)
class Extra:
    """Further columns of a question, by name, and what they take: projections of the nodes that its rows name."""

    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Extra()


@dataclass(frozen=True, slots=True)
class Question:
    """One statement: its text with the macros expanded, what it takes and gives. `end`: where its last RETURN's columns end."""

    name: str
    title: str
    text: str
    params: tuple[str, ...]
    columns: tuple[str, ...]
    end: int

    @property
    def headline(self) -> str:
        """The question in a line."""
        return self.title.partition("\n")[0]

    def with_extra(self, extra: Extra) -> Question:
        """The same with further columns after its own."""
        if not extra.columns:
            return self
        further = "".join(f",\n  {text} AS {name}" for name, text in extra.columns.items())
        text = self.text[: self.end] + further + "\n" + self.text[self.end :]
        return replace(self, text=text, columns=(*self.columns, *extra.columns))


def locate() -> Path:
    """The folder of the statements: in the installed package, else beside it in the checkout."""
    inside = Path(__file__).parent / "_cypher"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "cypher"


def expanded(text: str) -> str:
    """`text` with its parts and macros written out and its comments gone."""
    whole = _bare(text)
    while _PART.search(whole):
        whole = _PART.sub(lambda m: _bare(_part(m[1])), whole)
    return _MACRO.sub(lambda m: MACROS[m[1]].format(m[2]), whole)


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("//"))


@cache
def _part(name: str) -> str:
    return (locate() / PARTS / f"{name}.cypher").read_text(encoding="utf-8")


def parsed(name: str, source: str) -> Question:
    """A question from a file's text. Raises `StatementRefused` where head and statement disagree."""
    title: list[str] = []
    declared: dict[str, tuple[str, ...]] = {"params": (), "returns": ()}
    for line in source.splitlines():
        head = _HEAD.match(line)
        if head is None:
            break
        tag = re.match(r"@(params|returns)\s+(.*)", head[1])
        if tag:
            declared[tag[1]] = tuple(part.strip() for part in tag[2].split(",") if part.strip())
        else:
            title.append(head[1])
    text = expanded(source).rstrip().rstrip(";")
    bare = _STRINGS.sub(_blank, text)
    used = set(re.findall(r"\$(\w+)", bare))
    if used != set(declared["params"]):
        raise StatementRefused(name=name, reason=f"@params {sorted(declared['params'])}, used {sorted(used)}")
    outer = bare
    while (inner := _BRACKETS.sub(_blank, outer)) != outer:
        outer = inner
    last = _LAST.search(outer)
    columns = tuple(re.split(r"\s+", part.strip())[-1] for part in last[1].split(",")) if last else ()
    if columns != declared["returns"]:
        raise StatementRefused(name=name, reason=f"@returns {declared['returns']}, last RETURN gives {columns}")
    end = len(last[0].rstrip()) + last.start() if last else len(text)
    title_text = "\n".join(title).strip()
    return Question(name, title_text, text, declared["params"], columns, end)


@lru_cache(2_000)
def writes(text: str) -> bool:
    """Whether a statement writes. Where in doubt it does: a word that writes counts wherever it stands outside of quotes."""
    return bool(_WRITES.search(_STRINGS.sub(_blank, text)))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


@cache
def question(name: str) -> Question:
    """The statement `name`, as `topic/question`."""
    path = locate() / f"{name}.cypher"
    try:
        return parsed(name, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StatementRefused(name=name, reason=f"no file {path.name}") from error


def names() -> list[str]:
    """Every hand-written statement, sorted."""
    root = locate()
    return sorted(
        p.relative_to(root).with_suffix("").as_posix()
        for p in root.rglob("*.cypher")
        if not {"generated", PARTS}.intersection(p.parts)
    )


INTERNAL = ("areas/", "imports/", "sweep/", "poverty/")
"""Topics of the service's own: what it looks up to do its work."""


def asked() -> tuple[Question, ...]:
    """The questions that the service asks for its users."""
    return tuple(question(name) for name in names() if not name.startswith(INTERNAL))


def page() -> str:
    """The catalogue as a page: `docs/questions.md`."""
    lines = [
        "# 问题目录 / The questions",
        "",
        "Derived from the heads of `cypher/` by `graph-service schema --write`. Do not edit.",
    ]
    for one in asked():
        lines += ["", f"## {one.headline}", "", f"`cypher/{one.name}.cypher`", ""]
        lines += [f"{line}  " for line in one.title.splitlines()[1:]]
        lines += [
            "",
            f"- takes: {', '.join(f'`{p}`' for p in one.params)}",
            f"- gives: {', '.join(f'`{c}`' for c in one.columns)}",
        ]
    return "\n".join(lines) + "\n"
