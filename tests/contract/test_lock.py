"""requirements.lock: every dependency of the service in one version, within the declared range."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
LOCKED = dict(
    line.split("==")
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


@pytest.mark.parametrize("text", DECLARED)
def test_a_dependency_is_locked_within_its_range(text: str) -> None:
    requirement = Requirement(text)
    versions = {canonicalize_name(name): version for name, version in LOCKED.items()}
    assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])


def test_the_image_is_built_with_these_versions() -> None:
    assert "-c requirements.lock" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
