"""Reasons of refusals: each is used, each call gives one, and each message is a sentence or two in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.core.refusals import RefusalCode, choice_code
from tests import ROOT

PACKAGE = ROOT / "graph_service"
DECLARATION = PACKAGE / "core" / "refusals.py"
MODULES = sorted(PACKAGE.rglob("*.py"))
BUILDERS = {"invalid_change", "conflicting_change", "forbidden_change"}
ERRORS = {"ChangeInvalid", "ChangeConflict", "ChangeForbidden"}


def calls(path: Path, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def message(node: ast.expr) -> str:
    """Return a message as it is written, with `{}` for each placeholder; empty for one that is passed on."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return message(node.func.value)
    return ""


MESSAGES = [
    pytest.param(*map(message, call.args[-2:]), id=f"{path.stem}:{call.lineno}")
    for path in MODULES
    for call in calls(path, BUILDERS)
    if message(call.args[-1])
]


def test_every_reason_is_used() -> None:
    used_names = {
        node.attr
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "RefusalCode"
    }
    assert used_names == set(RefusalCode.__members__)


def test_every_refusal_has_a_reason() -> None:
    """Check that only the functions that take a reason make these errors."""
    assert not [str(path) for path in MODULES if path != DECLARATION for _ in calls(path, ERRORS)]


@pytest.mark.parametrize("code", RefusalCode)
def test_reasons_are_described(code: RefusalCode) -> None:
    assert re.fullmatch(r"[\u4e00-\u9fff]+", code.zh)
    assert re.fullmatch(r"[A-Z][ -~]+\.", code.doc)


@pytest.mark.parametrize(("zh", "en"), MESSAGES)
def test_messages_are_one_or_two_sentences(zh: str, en: str) -> None:
    assert zh.endswith("。")
    assert re.fullmatch(r"[A-Z{][ -~]*\.", en)
    assert zh.count("。") <= 2
    assert len(re.findall(r"\.(?: |$)", en)) <= 2


def test_a_choice_of_none_and_of_several() -> None:
    assert [choice_code(count) for count in (0, 2)] == [
        RefusalCode.REQUIRED_VALUE_MISSING,
        RefusalCode.VALUES_DO_NOT_COMBINE,
    ]
