"""Text that is no JSON or TOML: each language says in its own words what is wrong, and where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph_service.domain.model import MODEL
from graph_service.errors import GraphServiceError
from graph_service.exports.table_request import parse_table_request
from graph_service.exports.tables import get_table
from graph_service.features.imports.read.mapping_file import load_mapping
from graph_service.graphql.http.graphql_requests import parse_json
from graph_service.graphql.trusted_documents import load_trusted_documents
from tests.languages import assert_own_language

BROKEN = '{\n  "a": x}'


def read_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text(BROKEN)
    load_trusted_documents([folder / "manifest.json"])


def read_mapping(folder: Path) -> None:
    (folder / "mapping.toml").write_text("a = 1\nb = x\n")
    load_mapping(folder / "mapping.toml", MODEL)


@pytest.mark.parametrize(
    ("read", "place"),
    [
        pytest.param(lambda _: parse_json(BROKEN.encode()), "第 2 行第 8 列", id="body"),
        pytest.param(
            lambda _: parse_table_request(get_table("households"), [("where", BROKEN)]), "第 2 行第 8 列", id="export"
        ),
        pytest.param(read_manifest, "第 2 行第 8 列", id="manifest"),
        pytest.param(read_mapping, "line 2", id="mapping"),
    ],
)
def test_each_language_says_where_the_text_is_wrong(tmp_path: Path, read: Callable[[Path], object], place: str) -> None:
    with pytest.raises(GraphServiceError) as raised:
        read(tmp_path)
    assert_own_language(raised.value)
    assert place in raised.value.message_zh
    assert "line 2" in raised.value.message_en
