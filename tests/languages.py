"""The two languages of a message: each line is in its own."""

from __future__ import annotations

import re

from graph_service.errors import GraphServiceError

ENGLISH_SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
"""Three words of English in a row that are no command."""
COMMAND = re.compile(r"graph-service( [a-z-]+)+")
SYSTEM_WORDS = re.compile(r"（[A-Z][a-z ]+）")
"""What the operating system says, quoted."""
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def assert_own_language(error: GraphServiceError) -> None:
    """Check that the Chinese line has no English sentence, and the English line no Chinese."""
    assert_languages(error.message_zh, error.message_en)


def assert_languages(zh: str, en: str) -> None:
    assert CHINESE.search(zh), zh
    assert " / " not in zh, zh
    assert not ENGLISH_SENTENCE.search(SYSTEM_WORDS.sub("", COMMAND.sub("", zh))), zh
    assert not CHINESE.search(en), en
