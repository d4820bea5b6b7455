"""The table of promises names tests that exist."""

from __future__ import annotations

import ast
import re

import pytest

from tests import ROOT

PAGE = ROOT / "docs" / "reference" / "promises.md"
ROWS = [line.split("|")[1:3] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
MODULE_TESTS = re.compile(r"`(tests/[\w/]+\.py)`(?:: ((?:`test_\w+`(?:, )?)+))?")


def names_of_tests(module: str) -> set[str]:
    """Return the names of the tests in a module."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize(("promise", "tests"), ROWS, ids=[promise.strip()[:60] for promise, _ in ROWS])
def test_a_promise_is_held_by_tests_that_exist(promise: str, tests: str) -> None:
    references = MODULE_TESTS.findall(tests)
    assert references, promise
    for module, names in references:
        listed = set(re.findall(r"`(test_\w+)`", names))
        assert names_of_tests(module) >= listed, (module, listed)
        assert names_of_tests(module), module


def test_every_word_between_ticks_was_understood() -> None:
    for promise, tests in ROWS:
        understood = "".join(f"`{module}`{names}" for module, names in MODULE_TESTS.findall(tests))
        assert tests.count("`") == understood.count("`"), promise
