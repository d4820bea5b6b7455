"""Number formats: what a spreadsheet shows of a number, as a cell.

The value stays the stored one (a format that rounds changes nothing); what a format adds (a unit, a sign of percent, a part of a
date) is added to it. What shows another number than is stored is not understood.
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
    """One of the up to four parts of a format. `tokens`: (kind, text) as `serials` reads them; `kind`: number, date or literal."""

    kind: str = "literal"
    prefix: str = ""
    suffix: str = ""
    infix: str = ""
    pattern: list[tuple[str, str]] = field(default_factory=list)
    """From the first digit to the last one."""
    tokens: list[tuple[str, str]] = field(default_factory=list)
    percents: int = 0
    scaled: bool = False
    fraction: bool = False
    zeros: int = 0
    condition: tuple[str, float] | None = None
    shows_text: bool = False
    """Whether it shows a text (`@`)."""

    @property
    def literal(self) -> str:
        """Return the text that it adds."""
        return (self.prefix + self.suffix).translate(_SIGNS)


def _tokenize(code: str) -> list[list[tuple[str, str]]]:
    """Return the tokens of each section."""
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
        if kind == "bracket" and (found := _CONDITION.match(text)):
            section.condition = (found[1], float(found[2]))
    if any(is_date_token(kind) for kind, _ in tokens):
        section.kind, section.tokens = "date", [token for token in tokens if token[0] != "bracket"]
        return section
    digits = [at for at, (kind, _) in enumerate(tokens) if kind in ("digit", "general", "science")]
    section.shows_text = any(token == ("rest", "@") for token in tokens)
    if digits:
        section.kind = "number"
    first, last = (digits[0], digits[-1]) if digits else (len(tokens), len(tokens))
    point = False
    section.pattern = [token for token in tokens[first : last + 1] if token[0] in ("digit", "literal")]
    for at, (kind, text) in enumerate(tokens):
        if kind == "literal":
            if at < first and not (section.shows_text and ("rest", "@") in tokens[:at]):
                section.prefix += text
            elif at > last or not digits:
                section.suffix += text
            else:
                section.infix += text
        elif (kind, text) == ("rest", "%"):
            section.percents += 1
        elif (kind, text) == ("rest", "."):
            point = True
        elif (kind, text) == ("rest", ",") and digits:
            # A comma after the last digit, or just before the point, divides by a thousand.
            following = next((token for token in tokens[at + 1 :] if token != ("rest", ",")), None)
            section.scaled |= at > first and (at > last or following == ("rest", "."))
        elif (kind, text) == ("rest", "/"):
            section.fraction = True
        elif kind == "digit" and not point:
            section.zeros = section.zeros + 1 if text == "0" else section.zeros
            section.tokens.append((kind, text))
    if section.tokens and (any(text != "0" for _, text in section.tokens) or point):
        section.zeros = 0
    return section


@lru_cache(maxsize=4096)
def format_sections(code: str) -> tuple[FormatSection, ...]:
    """Return the parts of a format."""
    return tuple(_parse_section(tokens) for tokens in _tokenize(code[:MAX_FORMAT_LENGTH]))


def _select_section(code: str, value: float) -> FormatSection:
    parts = [part for part in format_sections(code) if not (part.shows_text and part.kind == "literal")][:3]
    if not parts:
        return FormatSection(kind="number")
    if any(part.condition for part in parts):
        for part in parts:
            if part.condition is None or _COMPARISONS[part.condition[0]](float(value), part.condition[1]):
                return part
        # Excel shows only marks (#####) of what no condition is for.
        return FormatSection()
    at = 0 if value > 0 or len(parts) == 1 else 1 if value < 0 else 2
    return parts[at] if at < len(parts) else parts[0]


def number_cell(value: float, code: str, *, computed: bool = False, from_1904: bool = False) -> Cell:
    """Return what is shown of a number in this format."""
    if not math.isfinite(value):
        return UnreadableCell("CELL_ERROR", str(value))
    section = _select_section(code, value)
    if section.kind == "date":
        return day_cell(value, section.tokens, from_1904=from_1904)
    plain: Cell = ComputedNumber(value) if computed else value
    if section.kind == "literal":
        text = (section.prefix + section.suffix).strip()
        if any(character.isalnum() for character in section.literal):
            return text
        # An accounting format shows a dash for nothing; one that shows nothing hides it.
        return plain if value == 0 and text else UnreadableCell(SHOWN_OTHERWISE, text)
    if abs(value) >= 10**15:
        # Its last digits are lost: a text would hide that.
        return plain
    if section.scaled or section.percents > 1:
        return UnreadableCell(SHOWN_OTHERWISE, decimal_text(value))
    if section.infix and not section.fraction:
        return _apply_pattern(value, section)
    if section.percents:
        return _add_unit(decimal_text(value, 2), section, "%", computed)
    if section.zeros > 1 and value >= 0 and float(value).is_integer():
        # A number of a record that is filled up with zeros.
        return section.prefix.strip() + str(int(value)).zfill(section.zeros) + section.suffix.strip()
    if not section.literal:
        return plain
    return _add_unit(decimal_text(value), section, "", computed)


def _add_unit(text: str, section: FormatSection, sign: str, computed: bool) -> str:
    before, after, minus = section.prefix.strip(), section.suffix.strip(), ""
    if text.startswith("-"):
        # The section for negative numbers has its own sign or brackets.
        before, after, minus = before.translate(_SIGNS), after.translate(_SIGNS), "-"
    shown = f"{minus}{before}{text.lstrip('-')}{sign}{after}"
    return ComputedText(shown) if computed else shown


def _apply_pattern(value: float, section: FormatSection) -> Cell:
    """Return the digits of a whole number with the hyphens or blanks that its format puts between them (138-0000-0000)."""
    separated = set(section.infix) <= set("- ") and not section.scaled and not section.percents
    if not separated or value < 0 or not float(value).is_integer():
        return UnreadableCell(SHOWN_OTHERWISE, decimal_text(value))
    digits, text = list(str(int(value))), ""
    for kind, written in reversed(section.pattern):
        text = (written if kind == "literal" else digits.pop() if digits else "0" if written == "0" else "") + text
    return (section.prefix + "".join(digits) + text + section.suffix).strip()


def text_cell(value: str, code: str) -> Cell:
    """Return what is shown of a text: a format may add to it, or hide it."""
    parts = format_sections(code)
    part = next((part for part in parts if part.shows_text), parts[3] if len(parts) > 3 else None)
    if part is None or not value:
        return value or None
    if not part.shows_text:
        return UnreadableCell(SHOWN_OTHERWISE, value)
    return f"{part.prefix}{value}{part.suffix}".strip()
