"""Number formats: cells as a spreadsheet displays stored numbers.

The value stays the stored one (a format that rounds changes nothing); a unit, a percent sign or a date part that a format adds
is added to it. A format that displays another number than the stored one gives an unreadable cell.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache

from graph_service.platform.readers.cells import Cell, ComputedNumber, ComputedText, UnreadableCell
from graph_service.platform.readers.date_serials import day_cell, decimal_text, is_date_token

SHOWN_OTHERWISE = "CELL_SHOWN_OTHERWISE"
MAX_FORMAT_LENGTH = 1_000
_TOKENS = re.compile(
    r"""(?P<text>"[^"]*"?)|(?P<escape>[\\!].?)|(?P<blank>[_*].?)|(?P<bracket>\[[^\]]*\]?)
    |(?P<general>general|G/通用格式|通用格式|standard)|(?P<science>E[+-]0+)|(?P<noon>AM/PM|A/P|上午/下午)
    |(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|a{3,}|e+|b+|g+)
    |(?P<digit>[0\#?])|(?P<rest>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_CONDITION = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\s*\]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_COMPARISONS = {
    "<": float.__lt__,
    ">": float.__gt__,
    "<=": float.__le__,
    ">=": float.__ge__,
    "=": float.__eq__,
    "<>": float.__ne__,
}
_SIGNS = str.maketrans("", "", "-−+()（） \u00a0\u3000")


@dataclass(slots=True)
class FormatSection:
    """A section of a format, which has up to four. `tokens`: (kind, text) as `date_serials` reads them; `kind`: number, date or literal."""

    kind: str = "literal"
    prefix: str = ""
    suffix: str = ""
    infix: str = ""
    pattern: list[tuple[str, str]] = field(default_factory=list)
    """Digits and literals from the first digit to the last one."""
    tokens: list[tuple[str, str]] = field(default_factory=list)
    percents: int = 0
    scaled: bool = False
    fraction: bool = False
    zeros: int = 0
    condition: tuple[str, float] | None = None
    shows_text: bool = False
    """True where the section displays a text (`@`)."""

    @property
    def literal(self) -> str:
        """Return the text that the section adds to a number, without signs."""
        return (self.prefix + self.suffix).translate(_SIGNS)


def _tokenize(code: str) -> list[list[tuple[str, str]]]:
    """Return the tokens of each section of a format."""
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKENS.finditer(code):
        kind, text = str(match.lastgroup), match[0]
        if kind == "rest" and text == ";":
            sections.append([])
        elif kind == "text":
            sections[-1].append(("literal", text.strip('"')))
        elif kind == "escape":
            sections[-1].append(("literal", text[1:]))
        elif kind == "bracket" and (currency := _CURRENCY.match(text)):
            sections[-1].append(("literal", currency[1]))
        elif kind == "bracket" and _ELAPSED.match(text):
            sections[-1].append(("elapsed", text[1:-1].lower()))
        elif kind == "rest" and text not in "@.,%/":
            sections[-1].append(("literal", text))
        elif kind != "blank":
            sections[-1].append((kind, text.lower() if kind == "date" else text))
    return sections


def _parse_section(tokens: list[tuple[str, str]]) -> FormatSection:
    section = FormatSection()
    for kind, text in tokens:
        if kind == "bracket" and (condition := _CONDITION.match(text)):
            section.condition = (condition[1], float(condition[2]))
    if any(is_date_token(kind) for kind, _ in tokens):
        section.kind, section.tokens = "date", [token for token in tokens if token[0] != "bracket"]
        return section
    digit_positions = [position for position, (kind, _) in enumerate(tokens) if kind in ("digit", "general", "science")]
    section.shows_text = any(token == ("rest", "@") for token in tokens)
    if digit_positions:
        section.kind = "number"
    first, last = (digit_positions[0], digit_positions[-1]) if digit_positions else (len(tokens), len(tokens))
    has_point = False
    section.pattern = [token for token in tokens[first : last + 1] if token[0] in ("digit", "literal")]
    for position, (kind, text) in enumerate(tokens):
        if kind == "literal":
            if position < first and not (section.shows_text and ("rest", "@") in tokens[:position]):
                section.prefix += text
            elif position > last or not digit_positions:
                section.suffix += text
            else:
                section.infix += text
        elif (kind, text) == ("rest", "%"):
            section.percents += 1
        elif (kind, text) == ("rest", "."):
            has_point = True
        elif (kind, text) == ("rest", ",") and digit_positions:
            # A comma after the last digit, or just before the point, divides by a thousand.
            next_token = next((token for token in tokens[position + 1 :] if token != ("rest", ",")), None)
            section.scaled |= position > first and (position > last or next_token == ("rest", "."))
        elif (kind, text) == ("rest", "/"):
            section.fraction = True
        elif kind == "digit" and not has_point:
            section.zeros = section.zeros + 1 if text == "0" else section.zeros
            section.tokens.append((kind, text))
    if section.tokens and (any(text != "0" for _, text in section.tokens) or has_point):
        section.zeros = 0
    return section


@lru_cache(maxsize=4096)
def format_sections(code: str) -> tuple[FormatSection, ...]:
    """Return the sections of a format."""
    return tuple(_parse_section(tokens) for tokens in _tokenize(code[:MAX_FORMAT_LENGTH]))


def _select_section(code: str, value: float) -> FormatSection:
    sections = [section for section in format_sections(code) if not (section.shows_text and section.kind == "literal")][
        :3
    ]
    if not sections:
        return FormatSection(kind="number")
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _COMPARISONS[section.condition[0]](float(value), section.condition[1]):
                return section
        # Excel displays only ##### where no condition matches.
        return FormatSection()
    index = 0 if value > 0 or len(sections) == 1 else 1 if value < 0 else 2
    return sections[index] if index < len(sections) else sections[0]


def number_cell(value: float, code: str, *, computed: bool = False, from_1904: bool = False) -> Cell:
    """Return the cell that displays a number in this format."""
    if not math.isfinite(value):
        return UnreadableCell("CELL_ERROR", str(value))
    section = _select_section(code, value)
    if section.kind == "date":
        return day_cell(value, section.tokens, from_1904=from_1904)
    plain_number: Cell = ComputedNumber(value) if computed else value
    if section.kind == "literal":
        text = (section.prefix + section.suffix).strip()
        if any(character.isalnum() for character in section.literal):
            return text
        # An accounting format displays a dash for zero; a format that displays nothing hides the number.
        return plain_number if value == 0 and text else UnreadableCell(SHOWN_OTHERWISE, text)
    if abs(value) >= 10**15:
        # The last digits are lost: a text would hide that.
        return plain_number
    if section.scaled or section.percents > 1:
        return UnreadableCell(SHOWN_OTHERWISE, decimal_text(value))
    if section.infix and not section.fraction:
        return _apply_pattern(value, section)
    if section.percents:
        return _add_unit(decimal_text(value, 2), section, "%", computed)
    if section.zeros > 1 and value >= 0 and float(value).is_integer():
        # A record number padded with zeros.
        return section.prefix.strip() + str(int(value)).zfill(section.zeros) + section.suffix.strip()
    if not section.literal:
        return plain_number
    return _add_unit(decimal_text(value), section, "", computed)


def _add_unit(text: str, section: FormatSection, sign: str, computed: bool) -> str:
    prefix, suffix, minus = section.prefix.strip(), section.suffix.strip(), ""
    if text.startswith("-"):
        # The section for negative numbers has a sign or brackets in its literals.
        prefix, suffix, minus = prefix.translate(_SIGNS), suffix.translate(_SIGNS), "-"
    displayed = f"{minus}{prefix}{text.lstrip('-')}{sign}{suffix}"
    return ComputedText(displayed) if computed else displayed


def _apply_pattern(value: float, section: FormatSection) -> Cell:
    """Return the digits of a whole number with the hyphens or blanks that its format inserts (138-0000-0000)."""
    is_separated = set(section.infix) <= set("- ") and not section.scaled and not section.percents
    if not is_separated or value < 0 or not float(value).is_integer():
        return UnreadableCell(SHOWN_OTHERWISE, decimal_text(value))
    digits, text = list(str(int(value))), ""
    for kind, pattern_text in reversed(section.pattern):
        text = (
            pattern_text if kind == "literal" else digits.pop() if digits else "0" if pattern_text == "0" else ""
        ) + text
    return (section.prefix + "".join(digits) + text + section.suffix).strip()


def text_cell(value: str, code: str) -> Cell:
    """Return the cell that displays a text in this format, which may add to it or hide it."""
    sections = format_sections(code)
    section = next((section for section in sections if section.shows_text), sections[3] if len(sections) > 3 else None)
    if section is None or not value:
        return value or None
    if not section.shows_text:
        return UnreadableCell(SHOWN_OTHERWISE, value)
    return f"{section.prefix}{value}{section.suffix}".strip()
