"""Ranges and bounds in place of a number: 25–50, >25, 不低于25%. The number is not known exactly, only within limits."""

from __future__ import annotations

import re

NUMBER_NOT_STATED = "NUMBER_NOT_STATED"
_FIGURE = r"\d+(?:\.\d+)?\s*[%%%]?"
_BOUND = r"[><≥≤>＜<]=?|大于|小于|不低于|不高于|不少于|不超过|超过|低于|高于|至少|至多|最多|约|大约|近"
_RANGE_OR_BOUND = re.compile(
    rf"(?:(?:{_BOUND})\s*{_FIGURE}|{_FIGURE}\s*(?:[-–—−~～至到]|--|\.\.)\s*{_FIGURE}|{_FIGURE}\s*(?:以上|以下|左右|余|多|\+))"
)


def is_range_or_bound(text: str) -> bool:
    """Tell whether a text is a range or a bound."""
    return _RANGE_OR_BOUND.fullmatch(text.strip()) is not None


def has_words(text: str) -> bool:
    """Tell whether a text gives a quantity in words or as a fraction instead of a figure: 控股, 一半, 25%(含)以上, 1/3."""
    return re.search(r"[^\d.,%\s+-]", text) is not None
