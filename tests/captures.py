"""Names in statements that a part binds for itself and that are bound where it is used: there they mean what is bound already.

`held`, which counted who holds an asset by `MATCH (s)<-[o:HOLDS]-(h)`, counted one holder where its statement had an `h`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

CLAUSE = re.compile(
    r"\b(OPTIONAL MATCH|MATCH|WITH|UNWIND|RETURN|WHERE|ORDER BY|LIMIT|UNION ALL|UNION|CALL|SET|CREATE|MERGE|DETACH DELETE|DELETE|REMOVE)\b"
)
INNER = re.compile(r"\b(?:EXISTS|COUNT|COLLECT)\s*\{|\bpart\((\w+)\)")
NEEDS = re.compile(r"Needs (.*)")
NAME = re.compile(r"(?<!\$)\b[A-Za-z_]\w*\b")
BOUND = re.compile(r"(?<!\w)\((\w+)\s*(?=[:){])|(?<![\w\])])\[(\w+)\s*(?=[:*\]])")
ALIAS = re.compile(r"\bAS (\w+)")
SCOPE = re.compile(r"\s*\(([^)]*)\)\s*\{")


class Captures:
    """Of the statements and parts of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found: list[tuple[str, str, list[str]]] = []
        """[file, part that it uses, names that are bound in both]."""
        for path in sorted(folder.rglob("*.cypher")):
            self._file, text = path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
            if path.parent.name == "parts":
                self._uses(_bare(text), self._needs(path.stem))
            else:
                self._block(_bare(text), set())

    def _text(self, part: str) -> str:
        return (self._folder / "parts" / f"{part}.cypher").read_text(encoding="utf-8")

    def _needs(self, part: str) -> set[str]:
        head = " ".join(line.lstrip("/ ") for line in self._text(part).splitlines() if line.startswith("//"))
        told = NEEDS.search(head)
        return set(NAME.findall(told[1])) if told else set()

    def _own(self, part: str) -> set[str]:
        """The names that a part binds in its subqueries."""
        body = _bare(self._text(part))
        inner = (body[one.end() :] for one in INNER.finditer(body) if not one[1])
        return {name for text in inner for name in _bound(text)} - self._needs(part)

    def _block(self, text: str, outer: set[str]) -> None:
        """Go through the clauses of a statement or subquery, with the names that are bound outside."""
        scope, clauses = set(outer), list(_clauses(text))
        for word, body in clauses:
            if word.startswith("UNION"):
                scope = set(outer)
            elif word == "CALL":
                scope |= self._call(body, scope)
            elif word in ("MATCH", "OPTIONAL MATCH", "CREATE", "MERGE"):
                scope |= _bound(_without_blocks(body))
                self._uses(body, scope)
            elif word == "WITH":
                self._uses(body, scope)
                scope = self._kept(body, scope)
            else:
                self._uses(body, scope)
                scope |= set(ALIAS.findall(body)) if word == "UNWIND" else set()

    def _call(self, body: str, scope: set[str]) -> set[str]:
        """Go through a subquery; the names that it returns."""
        head = SCOPE.match(body)
        if head is None:
            return set()
        inner, given = body[head.end() : body.rindex("}")], head[1].strip()
        self._block(inner, scope if given == "*" else set(NAME.findall(given)))
        returned = [told for word, told in _clauses(inner) if word == "RETURN"]
        return {name for item in _items(returned[-1]) for name in _names(item)} if returned else set()

    def _kept(self, body: str, scope: set[str]) -> set[str]:
        kept: set[str] = set()
        for item in _items(body.removeprefix(" DISTINCT")):
            part = re.fullmatch(r"part\((\w+)\)", item.strip())
            if item.strip() == "*":
                kept |= scope
            elif part:
                kept |= set(ALIAS.findall(_bare(self._text(part[1]))))
            else:
                kept |= set(_names(item))
        return kept

    def _uses(self, text: str, scope: set[str]) -> None:
        """What is used in a clause."""
        at = 0
        while one := INNER.search(text, at):
            at = one.end()
            if one[1]:
                captured = self._own(one[1]) & scope
                if captured:
                    self.found.append((self._file, one[1], sorted(captured)))
                continue
            depth = 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            inner = text[one.end() : at - 1]
            self._block(inner if CLAUSE.match(inner.lstrip()) else f"MATCH {inner}", scope)


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))


def _bound(text: str) -> set[str]:
    return {name for one in BOUND.finditer(text) for name in one.groups() if name and not name.isdigit()}


def _names(item: str) -> list[str]:
    alias = re.search(r"\bAS (\w+)\s*$", item)
    return [alias[1]] if alias else re.findall(r"^\s*(\w+)\s*$", item)


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Words and bodies of the clauses that are not within brackets or texts."""
    starts: list[tuple[int, str]] = []
    depth, at = 0, 0
    while at < len(text):
        if text[at] == "'":
            at = text.index("'", at + 1)
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text[at], 0)
        word = CLAUSE.match(text, at) if depth == 0 else None
        if word and not text[:at].rstrip().endswith(("STARTS", "ENDS")):
            starts.append((at, word[1]))
            at = word.end() - 1
        at += 1
    for (start, found), (end, _) in zip(starts, [*starts[1:], (len(text), "")], strict=True):
        yield found, text[start + len(found) : end]


def _items(text: str) -> list[str]:
    """What commas part, outside of brackets."""
    found, depth = [""], 0
    for sign in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return found


def _without_blocks(text: str) -> str:
    kept, depth = "", 0
    for sign in text:
        depth += {"{": 1}.get(sign, 0)
        kept += sign if depth == 0 else ""
        depth -= {"}": 1}.get(sign, 0)
    return kept
