"""Licences of the dependencies: none of a running service is GPL or AGPL, and the table of the documentation is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests import ROOT
from tests.contract.test_lock import LOCKED
from tests.licences import COPYLEFT, LESSER, LESSER_ACCEPTED, licence, rows, runtime_distributions

PAGE = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
ASSETS = ROOT / "graph_service" / "console" / "assets"
OWN_ASSETS = {"boot.css", "boot.js", "graphiql.html", "pages.css"}
LICENCE_CLASSES = [
    ("GPL-3.0-or-later", True, False), ("GNU Affero General Public License v3", True, False), ("AGPL-3.0-only", True, False),
    ("GNU General Public License v2 (GPLv2)", True, False), ("LGPL-2.1-or-later", False, True),
    ("GNU Lesser General Public License v2 or later (LGPLv2+)", False, True), ("MIT", False, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "is_copyleft", "is_lesser"), LICENCE_CLASSES)
def test_a_licence_is_recognized(text: str, is_copyleft: bool, is_lesser: bool) -> None:
    assert (bool(COPYLEFT.search(text)), bool(LESSER.search(text))) == (is_copyleft, is_lesser)


@pytest.mark.parametrize("name", runtime_distributions())
def test_a_dependency_has_a_licence_that_a_service_may_use(name: str) -> None:
    text = licence(runtime_distributions()[name])
    assert text
    assert not COPYLEFT.search(text)
    assert not LESSER.search(text) or LESSER_ACCEPTED.get(name)


def test_the_table_has_the_licence_of_every_dependency() -> None:
    """Require a row for each; a row more is of a package that another Python or system needs, which is locked too."""
    table = {
        row.split("`")[1]: row
        for row in re.findall(r"^\| `[\w.-]+` \| [^|]+ \|$", PAGE.split("## Licences")[1], re.MULTILINE)
    }
    expected = {row.split("`")[1]: row for row in rows()}
    assert {name: table.get(name) for name in expected} == expected, "python -m tests.licences"
    assert table.keys() - expected.keys() <= {canonicalize_name(name) for name in LOCKED}


def test_every_file_that_the_console_serves_is_ours_or_has_its_licence_beside_it() -> None:
    third_party = (ASSETS / "THIRD_PARTY.md").read_text(encoding="utf-8")
    listed = {
        name: line
        for line in third_party.splitlines()
        if line.startswith("|")
        for name in re.findall(r"`([\w.-]+\.(?:js|css))`", line)
    }
    served = {path.name for path in ASSETS.iterdir() if path.suffix in (".js", ".css", ".html")} - OWN_ASSETS
    assert served == listed.keys()
    for name, line in listed.items():
        licence_file = re.search(r"`(LICENSE-\w+)`", line)
        assert licence_file is not None, name
        assert Path(ASSETS / licence_file[1]).read_text(encoding="utf-8").startswith("MIT License")
