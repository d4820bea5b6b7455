"""The production set-up, as far as it can be tested without a container engine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph_service.config import Settings
from tests import ROOT, parts
from tests.conftest import left_out
from tests.patience import CAP_SECONDS


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    configuration = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return dict(configuration["services"])


def test_the_client_takes_it(tmp_path: Path) -> None:
    client = parts.compose_client()
    if client is None:
        left_out("docker-compose.yml by its client", "no `docker compose` here; Debian has it as docker-compose")
        return
    (tmp_path / "secrets").mkdir()
    for name in ("neo4j_password", "service_key"):
        (tmp_path / "secrets" / name).write_text("made-up-for-the-test", encoding="utf-8")
    for name in ("docker-compose.yml", "Dockerfile"):
        shutil.copy(ROOT / name, tmp_path)
    process = subprocess.run(
        [*client, "config"], cwd=tmp_path, capture_output=True, text=True, timeout=CAP_SECONDS, check=False
    )
    assert process.returncode == 0, process.stderr
    assert set(yaml.safe_load(process.stdout)["services"]) == {"neo4j", "service"}
    assert "made-up-for-the-test" not in process.stdout, "secrets stay in their files"


def test_every_service_is_watched_kept_and_restarted(services: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name, service in services.items():
        assert "healthcheck" in service or "HEALTHCHECK" in dockerfile, name
        assert service["volumes"], name
        assert service["restart"] == "unless-stopped", name
        assert "neo4j_password" in service["secrets"], name
        assert not [key for key in service["environment"] if "PASSWORD" in key and not key.endswith("_FILE")], name


def test_what_it_sets_is_a_setting(services: dict[str, Any]) -> None:
    setting_names = {field.alias for field in Settings.model_fields.values()}
    assert set(services["service"]["environment"]) <= setting_names
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"(GRAPH_SERVICE_\w+)=", dockerfile)) <= setting_names


def test_settings_of_production_come_from_the_host_and_are_unset_where_empty(
    services: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = services["service"]["environment"]
    optional_names = {name for name, value in environment.items() if value == f"${{{name}:-}}"}
    oidc_names = {field.alias for field in Settings.model_fields.values() if "_OIDC_" in str(field.alias)}
    assert optional_names >= oidc_names | {
        "GRAPH_SERVICE_APPROVAL",
        "GRAPH_SERVICE_AUDIT_ANCHOR",
        "GRAPH_SERVICE_DOCUMENTS",
        "GRAPH_SERVICE_ONLY_DOCUMENTS",
        "GRAPH_SERVICE_PUBLIC_URL",
    }
    for name in optional_names:
        monkeypatch.delenv(name, raising=False)
    defaults = Settings.model_validate({})
    for name in optional_names:
        monkeypatch.setenv(name, "")
    assert Settings.model_validate({}) == defaults


def test_anchor_and_manifests_lie_in_folders_of_their_own(services: dict[str, Any]) -> None:
    volumes = services["service"]["volumes"]
    assert "${GRAPH_SERVICE_ANCHOR_FOLDER:-service_anchor}:/anchor" in volumes
    assert "${GRAPH_SERVICE_DOCUMENTS_FOLDER:-./documents}:/documents:ro" in volumes
    assert "-o graph_service /anchor" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_only_the_service_is_reached_from_outside(services: dict[str, Any]) -> None:
    assert "ports" not in services["neo4j"]
    assert services["service"]["ports"] == ["${GRAPH_SERVICE_PUBLISH:-127.0.0.1:8000}:8000"]


def test_neo4j_is_the_version_that_the_tests_run(services: dict[str, Any]) -> None:
    from tests.servers.neo4j_server import VERSION

    assert services["neo4j"]["image"] == f"neo4j:{VERSION}-community"


def test_the_image_holds_what_the_package_needs() -> None:
    """Compare the files copied into the image with those that the wheel is built from."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for name in ("pyproject.toml", "README.md", "LICENSE", "schema.graphql", "cypher", "graph_service"):
        assert re.search(rf"^COPY .*\b{re.escape(name)}\b", dockerfile, re.MULTILINE), name
