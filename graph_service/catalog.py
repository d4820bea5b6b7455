"""The hand-written statements under `cypher/`: one file a question, file name = name.

A file begins with a head of `//` lines: the question in the field's words, then `@params` and `@returns` with names.
At load, declared and used parameters must agree both ways and the last RETURN must give the declared columns; labels,
relationship types and properties must be the model's (tests check these).

Two macros are expanded, so that time is written once:
    known(r)   r is known at $seq
    holds(r)   r is known at $seq and holds on $asOf, both ends counting
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graph_service.errors import StatementRefused

_MACRO = re.compile(r"\b(holds|known)\((\w+)\)")
_HEAD = re.compile(r"^//\s?(.*)$")
_WRITES = re.compile(
    r"\b(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|DROP|FOREACH|LOAD\s+CSV|IN\s+TRANSACTIONS)\b", re.IGNORECASE
)
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|//[^\n]*")
_BRACES = re.compile(r"\{[^{}]*\}")
KNOWN = "{0}.recorded <= $seq AND {0}.superseded > $seq"
HOLDS = "{0}.since <= $asOf AND {0}.until >= $asOf AND " + KNOWN


@dataclass(frozen=True, slots=True)
class Question:
    """One statement: its text with the macros expanded, what it takes and gives."""

    name: str
    title: str
    text: str
    params: tuple[str, ...]
    columns: tuple[str, ...]
    writes: bool


def locate() -> Path:
    """The folder of the statements: in the installed package, else beside it in the checkout."""
    inside = Path(__file__).parent / "_cypher"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "cypher"


def expanded(text: str) -> str:
    """`text` with its macros written out and its comments gone."""
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("//"))
    return _MACRO.sub(lambda m: (HOLDS if m[1] == "holds" else KNOWN).format(m[2]), "\n".join(lines))


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
    bare = _STRINGS.sub("''", text)
    used = set(re.findall(r"\$(\w+)", bare))
    if used != set(declared["params"]):
        raise StatementRefused(name=name, reason=f"@params {sorted(declared['params'])}, used {sorted(used)}")
    outer = bare
    while (inner := _BRACES.sub(" ", outer)) != outer:
        outer = inner
    last = re.split(r"\bRETURN\b", outer)[-1]
    columns = tuple(re.findall(r"\bAS\s+(\w+)", last)) if declared["returns"] else ()
    if columns != declared["returns"]:
        raise StatementRefused(name=name, reason=f"@returns {declared['returns']}, last RETURN gives {columns}")
    return Question(name, "\n".join(title).strip(), text, declared["params"], columns, bool(_WRITES.search(bare)))


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
        p.relative_to(root).with_suffix("").as_posix() for p in root.rglob("*.cypher") if "generated" not in p.parts
    )
