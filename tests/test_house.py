"""Clean house: what is derived is not stale, imports go one way, the README says what is true."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from graph_service import catalog
from graph_service.api.schema import schema, sdl
from graph_service.config import Settings
from graph_service.derive.texts import generated
from graph_service.model import MODEL

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "graph_service"
RANKS = (
    ("errors", "declare"),
    ("model", "config", "codec"),
    ("derive", "catalog", "readers"),
    ("engine",),
    ("store",),
    ("services",),
    ("api",),
    ("console",),
    ("app",),
    ("serving",),
    ("terminal",),
    ("__main__",),
)


def rank(module: str) -> int:
    """The rank of `graph_service.<module>…`; -1 for the package itself."""
    return next((at for at, names in enumerate(RANKS) if module in names), -1)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    mine = rank(parts[0])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("graph_service."):
            other = (node.module or "").split(".")[1]
            if other != parts[0]:
                assert rank(other) < mine, f"{path.name} imports {node.module}"


def test_derived_statements_are_not_stale() -> None:
    folder = ROOT / "cypher" / "generated"
    there = {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*.cypher")}
    assert there == generated(MODEL), "run `graph-service schema --write`"


def test_the_schema_is_in_step() -> None:
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == sdl(), "run `graph-service schema --write`"


def test_everything_in_the_schema_is_described() -> None:
    bare = []
    for name, type_ in schema().type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        bare += [name] * (not type_.description)
        for field_name, field in getattr(type_, "fields", {}).items():
            bare += [f"{name}.{field_name}"] * (not field.description)
            bare += [
                f"{name}.{field_name}({a})" for a, given in getattr(field, "args", {}).items() if not given.description
            ]
        bare += [f"{name}.{v}" for v, value in getattr(type_, "values", {}).items() if not value.description]
    assert not bare


@pytest.mark.parametrize("name", catalog.names())
def test_statements_say_what_they_take_and_give(name: str) -> None:
    asked = catalog.question(name)
    assert asked.title, "a statement begins with its question in the field's words"


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for field in Settings.model_fields.values():
        assert f"| `{field.alias}` |" in readme
        assert field.description in readme
