"""The documentation is true: its questions are asked, its commands run, its figures compared, its links followed, its tables held."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

import orjson
import pytest
from graphql import LoneAnonymousOperationRule, parse, specified_rules, validate

from graph_service.cli.reference import RULE_FILES
from graph_service.core.rules import rules
from graph_service.domain.model import MODEL
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.graphql.execution import GraphQLRequest
from graph_service.graphql.schema import schema
from graph_service.graphql.schema_part import SchemaPart
from graph_service.platform.store.graph import Store
from tests import PACKAGE_DATA, ROOT
from tests.callers import local_api
from tests.contract.test_house import FEATURES, RANKS
from tests.patience import CAP_SECONDS
from tests.processes import awake, environment, run_command

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("SECURITY*.md")), *sorted(DOCS.rglob("*.md"))]
MAX_README_LINES = 150
MAX_FEATURE_README_LINES = 15
QUESTION = re.compile(r"```graphql\n(.*?)```\s*```json\n(.*?)```", re.DOTALL)
SESSION = re.compile(r"```console\n(.*?)```", re.DOTALL)
PAIRS = [
    pytest.param(query, orjson.loads(answer), id=f"{page.relative_to(ROOT)}:{number}")
    for page in PAGES
    for number, (query, answer) in enumerate(QUESTION.findall(page.read_text(encoding="utf-8")))
]
SESSIONS = [page for page in PAGES if SESSION.search(page.read_text(encoding="utf-8"))]


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.one_engine
@pytest.mark.parametrize(("query", "answer"), PAIRS)
def test_a_question_has_the_answer_beside_it(
    imported: ImportReport, store: Store, query: str, answer: Mapping[str, object]
) -> None:
    assert imported.sequence == 1
    response = local_api(store).execute(GraphQLRequest(query, None, {}))
    assert not response.errors
    assert orjson.loads(orjson.dumps(response.data)) == answer


DOCUMENTS = [
    pytest.param(text, id=f"{page.relative_to(ROOT)}:{number}")
    for page in PAGES
    for number, text in enumerate(re.findall(r"(?:^ {4}.+\n)+", page.read_text(encoding="utf-8"), re.MULTILINE))
    if re.match(r" {4}(?:\{ |query |mutation |subscription )", text)
]
"""Documents without an answer beside them; a block may have several."""


@pytest.mark.parametrize("text", DOCUMENTS)
def test_a_document_fits_the_schema(text: str) -> None:
    document = parse(text)
    assert not validate(
        schema(), document, [rule for rule in specified_rules if rule is not LoneAnonymousOperationRule]
    )


def sessions(page: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Yield (words of the command, lines that its output has) of each command of a page."""
    for text in SESSION.findall(page.read_text(encoding="utf-8")):
        for part in text.split("$ graph-service ")[1:]:
            command, *output = part.splitlines()
            yield shlex.split(command), [line for line in output if line.strip()]


Shell = Callable[[list[str]], str]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A function that runs a command over the sample register in a checkout's folder; the same command runs once."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "graph_service").mkdir()
    (folder / "graph_service" / "data").symlink_to(PACKAGE_DATA)
    outputs: dict[tuple[str, ...], str] = {}
    settings = environment(folder / "var") | {"PYTHONPATH": str(ROOT)}

    def run(words: list[str]) -> str:
        key = tuple(words)
        if key not in outputs:
            code, output, errors = run_command(settings, *words, folder=folder)
            assert code in (0, 1), errors
            outputs[key] = output + errors
        return outputs[key]

    with awake(settings):
        run(["import", "graph_service/data/sample-register.xlsx"])
        yield run


@pytest.mark.parametrize("page", SESSIONS, ids=page_id)
def test_a_command_prints_what_stands_below_it(shell: Shell, page: Path) -> None:
    for words, lines in sessions(page):
        output = shell(words)
        missing = [line for line in lines if line.strip() not in output]
        assert not missing, (words, missing, output[:2_000])


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_says_where_its_fields_are(feature: str) -> None:
    """Check that the README of a feature is short, names all of its fields, and names only files that exist."""
    folder = ROOT / "graph_service" / "features" / feature
    text = (folder / "README.md").read_text(encoding="utf-8")
    part: SchemaPart = import_module(f"graph_service.features.{feature}.schema").SCHEMA
    roots = [root.field.name for root in (*part.queries, *part.mutations, *part.subscriptions)]
    named = set(re.findall(r"`([^`]+)`", text))
    assert {*roots, *(question.name for question in part.questions)} <= named
    assert len(text.splitlines()) <= MAX_FEATURE_README_LINES
    files = {name for name in named if "/" in name or name.endswith((".py", ".csv", ".cypher"))}
    assert all(
        any(
            (base / name).exists()
            for base in (folder, ROOT, ROOT / "graph_service" / "data", ROOT / "cypher" / "parts")
        )
        for name in files
    )


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)(（英文）)?")
"""Text, page, heading and mark of a link within the documentation."""
MIN_CHINESE_SHARE = 0.2
"""Share of lines with Chinese below which a page is one in English."""


def anchors(page: Path) -> set[str]:
    """Return the names of a page's headings in links, on GitHub and on the site."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {"#" + re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_to_headings_name_one_that_exists(page: Path) -> None:
    for _, target, anchor, _ in LINK.findall(page.read_text(encoding="utf-8")):
        linked_page = page.parent / target if target else page
        if anchor and linked_page.suffix == ".md":
            assert anchor in anchors(linked_page), (target, anchor)


def is_english(page: Path) -> bool:
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.strip()]
    return sum(len(re.findall(r"[一-鿿]", line)) >= 2 for line in lines) < MIN_CHINESE_SHARE * len(lines)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.zh.md")), ids=page_id)
def test_a_chinese_page_says_which_pages_are_in_english(page: Path) -> None:
    for text, target, _, mark in LINK.findall(page.read_text(encoding="utf-8")):
        linked_page = page.parent / target
        if linked_page.suffix == ".md" and is_english(linked_page):
            assert mark or "英文" in text or text == "English", (text, target)
            chinese_page = linked_page.with_name(f"{linked_page.stem}.zh.md")
            assert text in ("English", "英文页") or not chinese_page.exists(), (text, target)


COMMAND_LINE = re.compile(r"^(?: {4,}|\$ )graph-service ", re.MULTILINE)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if COMMAND_LINE.search(page.read_text(encoding="utf-8"))], ids=page_id
)
def test_a_page_with_commands_says_where_the_program_is(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "`.venv/bin/graph-service`" in text or "/bin/activate" in text


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MAX_README_LINES


@pytest.mark.parametrize(
    "page", sorted((DOCS / "tutorial").glob("*.md")) + sorted((DOCS / "how-to").glob("*.md")), ids=page_id
)
def test_tutorials_and_guides_exist_in_both_languages(page: Path) -> None:
    stem = page.name.removesuffix(".md").removesuffix(".zh")
    assert stem == "roster" or all((page.parent / f"{stem}{end}").exists() for end in (".md", ".zh.md"))


def test_the_site_has_every_page() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    # Only a colon of half width makes an entry a title with its page; any other text would be an address that leads nowhere.
    assert pages == set(re.findall(r"^ +- (?:[^:：\n]+: )?([\w/.-]+\.md)$", navigation, re.MULTILINE))


def test_the_site_is_built_strictly_and_fetches_nothing(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, env=environment(tmp_path) | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, timeout=CAP_SECONDS, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    fetched = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//")
    assert not [
        page for page in (tmp_path / "site").rglob("*.html") if fetched.search(page.read_text(encoding="utf-8"))
    ]


def test_the_picture_of_the_graph_is_true() -> None:
    text = (DOCS / "explanation" / "physical-model.md").read_text(encoding="utf-8")
    edges = re.findall(r"^  (\w+) -- (\w+) --> (\w+)$", text, re.MULTILINE)
    assert len(edges) > 20
    for start, type_, end in edges:
        relationship = MODEL.relationships[type_]
        # A village is also an area.
        for label, allowed in ((start, relationship.start), (end, relationship.end)):
            assert label in allowed or MODEL.labels[label].base_label in allowed, (start, type_, end)


def test_the_table_of_modules_is_the_one_held() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Layout")[1].split("## Recipes")[0]
    rows = re.findall(r"^\| (`[\w`, ]+`) \| [^|]+ \|$", text, re.MULTILINE)
    assert [tuple(re.findall(r"\w+", row)) for row in rows] == list(RANKS)


def test_every_dependency_has_a_reason() -> None:
    page = (DOCS / "reference" / "dependencies.md").read_text(encoding="utf-8")
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for requirement in declared:
        name = re.split(r"[<>=]", requirement)[0]
        assert re.search(rf"^\| .*`{name}`.* \| \w", page, re.MULTILINE), requirement


def test_every_file_of_rules_is_in_the_reference() -> None:
    files = {path.stem for path in PACKAGE_DATA.glob("*.csv")} - {"checks", "sichuan-areas"}
    assert files == RULE_FILES.keys()


def test_the_number_of_checks_is_right() -> None:
    page = (DOCS / "reference" / "questions.md").read_text(encoding="utf-8")
    assert re.findall(r"of the (\d+) checks", page) == [str(len(rules("checks")))]
