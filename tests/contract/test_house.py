"""Repository hygiene: generated files are current, imports go in one direction, the README matches the code."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from graph_service.cli.reference import reference_pages
from graph_service.graphql.schema import schema, sdl
from graph_service.platform import catalog
from tests import ROOT

PACKAGE = ROOT / "graph_service"
RANKS = (
    ("errors",),
    ("domain",),
    ("config",),
    ("telemetry",),
    ("platform",),
    ("access",),
    ("audit",),
    ("core",),
    ("graphql",),
    ("features",),
    ("exports", "console", "sample"),
    ("sign_in",),
    ("app",),
    ("cli",),
    ("__main__",),
)
RANKS_WITHIN: dict[str, tuple[tuple[str, ...], ...]] = {
    "domain": (
        ("metamodel",),
        ("check_characters",),
        ("model", "amounts", "area_paths", "days", "fields", "id_documents", "inexact_numbers", "pinyin", "records", "sheet_columns"),
        ("auditor_role", "constraints", "personal_numbers", "upserts"),
        ("sealed_values",),
        ("derived_statements", "existing_records"),
        ("documentation",),
    ),
    "platform": (("codec", "formula_escape", "private_files", "readers", "catalog"), ("engine", "sealed_files"), ("store",)),
    "core": (
        ("cells", "refusals", "rules"),
        ("areas", "duties"),
        ("query_scope",),
        ("recording", "question"),
        ("change_request",),
        ("cadre_places",),
    ),
    "graphql": (
        ("allowances", "argument_paths", "cursors", "requested_records", "selection"),
        ("plan_key",),
        ("audit_trail", "paging"),
        ("pages", "limits", "error_formatting"),
        ("types",),
        ("statements",),
        ("cost", "root_fields", "aggregates", "proposing"),
        ("schema_part", "nodes", "code_lists", "data_versions", "directory", "search", "statement_list", "mutation_result"),
        ("question_fields",),
        ("mutation",),
        ("schema",),
        ("plan_cache", "trusted_documents"),
        ("execution",),
        ("http",),
    ),
    "imports": (
        ("read",),
        ("validate",),
        ("write",),
        ("publish",),
        ("events", "import_counts", "rejected_types"),
        ("mutations",),
        ("schema",),
    ),
}  # fmt: skip
"""Ranks of the modules inside packages."""


def rank(module: str, ranks: tuple[tuple[str, ...], ...] = RANKS) -> int:
    """Return the rank of a module of the package; -1 where it has none."""
    return next((index for index, names in enumerate(ranks) if module in names), -1)


def imported_modules(path: Path) -> list[list[str]]:
    """Return the names, part by part below the package, that a module imports from the package."""
    modules = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("graph_service"):
            base = (node.module or "").split(".")[1:]
            modules += [[*base, alias.name] for alias in node.names]
    return modules


MODULES = sorted(PACKAGE.rglob("*.py"))


def module_id(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_imports_go_one_way(path: Path) -> None:
    module = path.relative_to(PACKAGE).with_suffix("").parts
    for imported in imported_modules(path):
        if imported == ["__version__"] or (module[-1], imported) == ("schema", ["features"]):
            # The schema discovers the features at run time.
            continue
        depth = 1 if module[0] == "features" == imported[0] and module[1:2] == tuple(imported[1:2]) else 0
        parent = module[depth] if depth else ""
        if depth == 0 and module[0] != imported[0]:
            assert rank(imported[0]) < rank(module[0]), f"{module_id(path)} imports {imported}"
        elif (inner_ranks := RANKS_WITHIN.get(parent or module[0])) and module[depth + 1] not in (
            "__init__",
            imported[depth + 1],
        ):
            assert rank(imported[depth + 1], inner_ranks) < rank(module[depth + 1], inner_ranks), (
                f"{module_id(path)} imports {imported}"
            )


FEATURES = sorted(path.name for path in (PACKAGE / "features").iterdir() if (path / "__init__.py").exists())


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_uses_the_features_that_it_declares(feature: str) -> None:
    used_features = {
        imported[1]
        for path in (PACKAGE / "features" / feature).rglob("*.py")
        for imported in imported_modules(path)
        if imported[0] == "features" and imported[1] != feature
    }
    assert used_features == set(import_module(f"graph_service.features.{feature}").REQUIRES)


def test_features_do_not_use_each_other_in_a_circle() -> None:
    requirements = {name: import_module(f"graph_service.features.{name}").REQUIRES for name in FEATURES}
    assert list(TopologicalSorter(requirements).static_order())


@pytest.mark.parametrize("page", reference_pages())
def test_generated_pages_are_in_step(page: str) -> None:
    assert (ROOT / page).read_text(encoding="utf-8") == reference_pages()[page], "run `graph-service schema --write`"


def test_questions_have_headlines_in_both_languages() -> None:
    headlines = [statement.headline for statement in catalog.public_statements()]
    assert all(" — " in title for title in headlines), "in Chinese and in English"
    assert len(headlines) == len(set(headlines)) > 4


def test_the_schema_is_in_step() -> None:
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == sdl(), "run `graph-service schema --write`"


def test_everything_in_the_schema_is_described() -> None:
    undescribed = []
    for name, type_ in schema().type_map.items():
        if name.startswith("__") or name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        undescribed += [name] * (not type_.description)
        for field_name, field in getattr(type_, "fields", {}).items():
            undescribed += [f"{name}.{field_name}"] * (not field.description)
            undescribed += [
                f"{name}.{field_name}({argument_name})"
                for argument_name, argument in getattr(field, "args", {}).items()
                if not argument.description
            ]
        undescribed += [
            f"{name}.{value_name}"
            for value_name, value in getattr(type_, "values", {}).items()
            if not value.description
        ]
    assert not undescribed


@pytest.mark.parametrize("name", catalog.statement_names())
def test_statements_say_what_they_take_and_give(name: str) -> None:
    statement = catalog.get_statement(name)
    assert statement.title, "a statement begins with its question in the field's words"


def test_no_module_holds_two_ideas() -> None:
    """Limit the length of a module: beyond some 250 lines it may hold two ideas. Declarations are tables and may be longer."""
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "model" and path.name not in ("metamodel.py", "errors.py"):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= 400, f"{path.name}: {lines}"


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda p: p.name)
def test_no_assertion_is_on_wall_time(path: Path) -> None:
    """Forbid assertions on clocks, as a machine may be busy: tests count, and wait for events."""
    clocks = {"monotonic", "perf_counter", "time"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assert):
            called_methods = {
                call.func.attr
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            }
            assert not called_methods & clocks, f"{path.name}:{node.lineno}"


PRONOUNS = {
    "asked", "at", "found", "given", "held", "known", "made", "more", "named", "one", "other", "place", "shown", "some", "still", "there", "told", "way",
}  # fmt: skip
"""Words that say that something was met, not what it is."""
RIDDLES = {"Of", "How", "What", "When", "Where", "Whether", "Which", "Who", "Whom", "Whose", "Why"}
"""First words of a docstring that is no sentence with a verb."""


def bound_names(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield (name, whether a comprehension binds it) of everything that a module binds."""
    targets = {
        id(name) for node in ast.walk(tree) if isinstance(node, ast.comprehension) for name in ast.walk(node.target)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, id(node) in targets
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, False
            if isinstance(node, ast.FunctionDef):
                # Methods like __add__ and __lt__ call their second operand so.
                arguments = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                yield from ((name, False) for name in arguments if arguments != ["self", "other"] or name != "other")
        elif isinstance(node, ast.Lambda):
            yield from ((argument.arg, False) for argument in node.args.args)


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_names_say_what_a_thing_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [
        name for name, comprehended in bound_names(tree) if name in PRONOUNS and not (name == "one" and comprehended)
    ]


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_docstrings_are_sentences(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and (text := ast.get_docstring(node)):
            assert text.split()[0] not in RIDDLES, text


def test_names_of_classes_are_unique() -> None:
    names = Counter(
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert not [name for name, count in names.items() if count > 1]


HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]")
"""Half-width punctuation beside a Chinese character."""
PATTERN = re.compile(r"[|\\]|\[\^")
"""Marks that a regular expression has, and a text for people has not."""
AS_NORMALIZED = {"!本人", "本人(干部)"}
"""Texts that are compared with cells, which are normalized by then."""


def shown_texts(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of a module that users may see: not docstrings, regular expressions, nor lists of words to be read."""
    hidden = {
        id(node)
        for statement in ast.walk(tree)
        for node in (
            [statement.value]
            if isinstance(statement, ast.Expr)
            else statement.args
            if isinstance(statement, ast.Call)
            and isinstance(statement.func, ast.Attribute)
            and isinstance(statement.func.value, ast.Name)
            and statement.func.value.id == "re"
            else ()
        )
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden:
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_chinese_has_its_own_punctuation(path: Path) -> None:
    texts = shown_texts(ast.parse(path.read_text(encoding="utf-8")))
    assert not [
        text for text in texts if HALF_WIDTH.search(text) and not PATTERN.search(text) and text not in AS_NORMALIZED
    ]


STATEMENTS = sorted((ROOT / "cypher").rglob("*.cypher"))
CYPHER_NAME = re.compile(r"\bAS (\w+)|[\[(](\w+) IN\b|, (\w+) IN\b")
"""A name that a statement binds: an alias, or the variable of a list comprehension, predicate or reduction."""
POSITION = re.compile(r"(?<!\$after)\[(?:[2-9]|\d\d+)\]")
"""A position beyond a pair; that in a cursor is part of the order of a page."""
PUBLIC_COLUMNS = {"held"}
"""Columns that have the name of a field of the API."""


def statement_lines(path: Path) -> list[str]:
    """Return the lines of a statement without its head."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("//")]


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.stem)
def test_statements_name_what_a_thing_is(path: Path) -> None:
    text = "\n".join(statement_lines(path))
    names = {name for match in CYPHER_NAME.finditer(text) for name in match.groups() if name}
    assert not names & PRONOUNS - PUBLIC_COLUMNS


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.stem)
def test_statements_read_maps_by_name(path: Path) -> None:
    assert not [line for line in statement_lines(path) if POSITION.search(line)]


def display_width(text: str) -> int:
    """Return the number of columns of a text: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: path.stem)
def test_statements_fit_a_screen(path: Path) -> None:
    assert [line for line in path.read_text(encoding="utf-8").splitlines() if display_width(line) > 120] == []
