"""Name captures: names that a part binds in its subqueries and that the statement around it has bound already.

A part that counts the holders of an asset with `MATCH (s)<-[o:HOLDS]-(h)` counts one in a statement that has bound `h`.
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
    """Name captures in the statements and parts of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found: list[tuple[str, str, list[str]]] = []
        """Captures: [file, part that it uses, names that are bound in both]."""
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
        match = NEEDS.search(head)
        return set(NAME.findall(match[1])) if match else set()

    def _own(self, part: str) -> set[str]:
        """Return the names that a part binds in its subqueries."""
        body = _bare(self._text(part))
        inner = (body[match.end() :] for match in INNER.finditer(body) if not match[1])
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
        """Go through a subquery and return the names that it returns."""
        head = SCOPE.match(body)
        if head is None:
            return set()
        inner, imports = body[head.end() : body.rindex("}")], head[1].strip()
        self._block(inner, scope if imports == "*" else set(NAME.findall(imports)))
        returned = [text for word, text in _clauses(inner) if word == "RETURN"]
        return {name for item in _items(returned[-1]) for name in _names(item)} if returned else set()

    def _kept(self, body: str, scope: set[str]) -> set[str]:
        names: set[str] = set()
        for item in _items(body.removeprefix(" DISTINCT")):
            part = re.fullmatch(r"part\((\w+)\)", item.strip())
            if item.strip() == "*":
                names |= scope
            elif part:
                names |= set(ALIAS.findall(_bare(self._text(part[1]))))
            else:
                names |= set(_names(item))
        return names

    def _uses(self, text: str, scope: set[str]) -> None:
        """Record the captures of the parts and subqueries in a clause."""
        position = 0
        while match := INNER.search(text, position):
            position = match.end()
            if match[1]:
                captured = self._own(match[1]) & scope
                if captured:
                    self.found.append((self._file, match[1], sorted(captured)))
                continue
            depth = 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[position], 0)
                position += 1
            inner = text[match.end() : position - 1]
            self._block(inner if CLAUSE.match(inner.lstrip()) else f"MATCH {inner}", scope)


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))


def _bound(text: str) -> set[str]:
    return {name for match in BOUND.finditer(text) for name in match.groups() if name and not name.isdigit()}


def _names(item: str) -> list[str]:
    alias = re.search(r"\bAS (\w+)\s*$", item)
    return [alias[1]] if alias else re.findall(r"^\s*(\w+)\s*$", item)


def _clauses(text: str) -> Iterator[tuple[str, str]]:
    """Yield keyword and body of each clause outside of brackets and string literals."""
    starts: list[tuple[int, str]] = []
    depth, position = 0, 0
    while position < len(text):
        if text[position] == "'":
            position = text.index("'", position + 1)
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text[position], 0)
        match = CLAUSE.match(text, position) if depth == 0 else None
        if match and not text[:position].rstrip().endswith(("STARTS", "ENDS")):
            starts.append((position, match[1]))
            position = match.end() - 1
        position += 1
    for (start, word), (end, _) in zip(starts, [*starts[1:], (len(text), "")], strict=True):
        yield word, text[start + len(word) : end]


def _items(text: str) -> list[str]:
    """Split a text at the commas outside of brackets."""
    items, depth = [""], 0
    for character in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            items.append("")
        else:
            items[-1] += character
    return items


def _without_blocks(text: str) -> str:
    outside, depth = "", 0
    for character in text:
        depth += {"{": 1}.get(character, 0)
        outside += character if depth == 0 else ""
        depth -= {"}": 1}.get(character, 0)
    return outside
