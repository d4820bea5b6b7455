"""requirements.lock: every dependency of the service in one version, within the declared range; and the ranges themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.licences import runtime_distributions
from tests.served_packages import served_packages

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


@pytest.mark.parametrize("text", DECLARED)
def test_a_range_has_both_ends_and_goes_no_further_than_the_next_major_release(text: str) -> None:
    """A later major release may break the service, and is admitted when the tests have passed with it."""
    requirement = Requirement(text)
    bounds = {specifier.operator: Version(specifier.version) for specifier in requirement.specifier}
    locked = Version(
        {canonicalize_name(name): version for name, version in LOCKED.items()}[canonicalize_name(requirement.name)]
    )
    if "==" not in bounds:
        assert bounds[">="] <= locked < bounds["<"] <= Version(str(locked.major + 1))


def test_all_that_is_installed_to_run_is_locked() -> None:
    assert runtime_distributions().keys() <= {canonicalize_name(name) for name in LOCKED}


def test_the_packages_that_the_console_serves_can_be_audited() -> None:
    assert served_packages().keys() == {"graphiql", "react", "react-dom"}


def test_the_image_is_built_with_these_versions() -> None:
    assert "-c requirements.lock" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
