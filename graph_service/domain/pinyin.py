"""Pinyin of names, for searches by their beginnings: 张国强 → zhangguoqiang, zgq."""

from __future__ import annotations

import re
from functools import lru_cache

SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "区": "ou", "翟": "zhai", "盖": "ge",
    "任": "ren", "冼": "xian", "乐": "yue", "覃": "qin", "缪": "miao", "员": "yun", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun",
    "宁": "ning", "牟": "mou", "种": "chong", "折": "she", "繁": "po", "秘": "bi", "黑": "he", "召": "shao", "都": "du",
}  # fmt: skip
"""Surnames with another reading than the same character elsewhere."""
_CHINESE = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+")
_PLAIN = re.compile(r"[^a-z0-9]+")


@lru_cache(50_000)
def to_pinyin(text: str | None, *, is_person: bool = False) -> tuple[str | None, str | None]:
    """Return the pinyin (in full, by the first letters) in lower-case letters and digits; (None, None) without a text. ü becomes v."""
    if not text:
        return None, None
    # The dictionaries take long to load, and most commands need no pinyin.
    from pypinyin import lazy_pinyin

    surname = (
        next((candidate for candidate in (text[:2], text[:1]) if candidate in SURNAME_READINGS), "")
        if is_person
        else ""
    )
    syllables = SURNAME_READINGS[surname].split() if surname else []
    initials = [syllable[0] for syllable in syllables]
    for piece in _CHINESE.findall(text[len(surname) :].lower()):
        readings = [_PLAIN.sub("", reading) for reading in lazy_pinyin(piece)]
        syllables += readings
        # A text already in Latin letters is kept whole among the initials.
        initials += readings if piece.isascii() else [reading[:1] for reading in readings]
    return "".join(syllables) or None, "".join(initials) or None
