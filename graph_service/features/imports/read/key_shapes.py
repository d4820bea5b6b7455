"""Shapes of the numbers in a column: a number unlike all others is reported (a row of totals would become household "6")."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

MIN_ROWS = 4
"""The least number of rows for which shapes are compared."""
MAX_SHAPES = 1_000
"""The number of shapes stored: a column with more has no usual one."""
MAX_COUNTER_DIGITS = 6
"""The most digits of a number that only counts: 10 follows 9, but seventeen digits do not follow sixteen."""
_LOWERCASE, _UPPERCASE, _DIGITS = re.compile("[a-z]+"), re.compile("[A-Z]+"), re.compile("[0-9]+")
_HAN = re.compile("[\u3400-\u9fff]+")
_LOOKALIKES = str.maketrans("OoIl", "0011")
"""Letters that are mistaken for digits."""
_LOOKALIKE = re.compile("[OoIl]")
_MISWRITTEN_CREDIT_CODE = re.compile(r"9[1-3](?=.*[IOSVZ])[0-9IOSVZ]{6}[0-9A-Z]{10}")
"""A credit code with a letter that no credit code has: O for 0, I for 1, S for 5, Z for 2 (GB 32100)."""
_COUNT = re.compile(r"\d{1,3}[户人笔个项条]?")
_UNFINISHED = re.compile(r"[_?？]{2}|[xX]{2,}$|^x{2,}\d|^-\d")
"""Placeholders for a number that is not assigned yet: H__, Hxxx, -1."""
_CONTINUATION = re.compile(r"(?:[-_.]?[9Aa])*")


def key_shape(key: str) -> str:
    """Return the shape of a number: capital letters are A, small ones a, Chinese 字, digits 9; letters and digits of
    other scripts stay as they are. A number of digits alone has their count in its shape. H12 → A9, 513431 → 9×6."""
    if key.isascii() and key.isdigit():
        return f"9×{len(key)}"
    return _HAN.sub("字", _DIGITS.sub("9", _UPPERCASE.sub("A", _LOWERCASE.sub("a", key))))


class ShapeUse(NamedTuple):
    """The number of rows with numbers of a shape, the first of these rows, and its number."""

    row_count: int
    row: int
    key: str


@dataclass(slots=True)
class KeyShapes:
    """Shapes of the numbers in a column."""

    row_count: int = 0
    _odd_keys: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _shapes: dict[str, ShapeUse] = field(default_factory=dict)

    def add(self, row_number: int, key: str) -> None:
        """Count the number of a row."""
        if not key:
            return
        self.row_count += 1
        if kind := _odd_kind(key):
            keys = self._odd_keys.setdefault(kind, [])
            if len(keys) < MAX_SHAPES:
                keys.append((row_number, key))
        shape = key_shape(key)
        use = self._shapes.get(shape, ShapeUse(0, row_number, key))
        if use.row_count or len(self._shapes) < MAX_SHAPES:
            self._shapes[shape] = use._replace(row_count=use.row_count + 1)

    def find_outliers(self) -> list[tuple[int, str]]:
        """Return (row, number) of each number whose shape no other row has, unless it is a longer form of the usual
        one (XM01-2 of XM01), and of each that is only words, or a small count, where most are not."""
        odd_keys = [
            key
            for kind, keys in self._odd_keys.items()
            if kind == "miswritten" or 2 * len(keys) < self.row_count
            for key in keys
        ]
        return sorted({*odd_keys, *self._unique_shapes(), *self._miswritten_shapes()})

    def _miswritten_shapes(self) -> Iterator[tuple[int, str]]:
        """Yield the first number of each shape that differs from another shape only by small letters, or letters
        that are mistaken for digits: h002 and H0O2 beside H001, however few they are."""
        groups: dict[str, list[ShapeUse]] = defaultdict(list)
        for use in self._shapes.values():
            groups[key_shape(use.key.upper().translate(_LOOKALIKES))].append(use)
        for group in groups.values():
            usual = max(group, key=lambda use: (use.row_count, use.key.isupper(), not _LOOKALIKE.search(use.key)))
            yield from ((use.row, use.key) for use in group if use.key != usual.key)

    def _unique_shapes(self) -> list[tuple[int, str]]:
        usual_shape, max_count = max(
            ((shape, use.row_count) for shape, use in self._shapes.items()), key=itemgetter(1), default=("", 0)
        )
        if self.row_count < MIN_ROWS or 2 * max_count <= self.row_count:
            return []
        return [
            (use.row, use.key)
            for shape, use in self._shapes.items()
            if use.row_count == 1
            and (
                not _is_longer_form(shape, usual_shape)
                or key_shape(use.key.translate(_LOOKALIKES)) == usual_shape
                or not use.key.isascii()
            )
        ]


def _odd_kind(key: str) -> str:
    """Return the kind of a number that does not look like one: words (中央资金), a count (3, 5户); empty for any other."""
    if not any(character.isascii() and character.isalnum() for character in key):
        return "words"
    if _MISWRITTEN_CREDIT_CODE.fullmatch(key):
        return "miswritten"
    if _UNFINISHED.search(key):
        return "unfinished"
    return "count" if _COUNT.fullmatch(key) else ""


def _is_longer_form(shape: str, usual: str) -> bool:
    """Return True where a number continues the usual ones: XM01-2 continues XM01, 10 continues 9."""
    if "×" in shape and "×" in usual:
        digits, usual_digits = (int(text.partition("×")[2]) for text in (shape, usual))
        return digits == usual_digits + 1 <= MAX_COUNTER_DIGITS
    if "×" in shape + usual or shape[0] != usual[0] or len(shape) < len(usual):
        return False
    return not shape.startswith(usual) or _CONTINUATION.fullmatch(shape[len(usual) :]) is not None
