"""Licences of all that a running service has installed. `python -m tests.licences` prints the table of `docs/reference/dependencies.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "graph-service"
COPYLEFT = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public License", re.IGNORECASE)
"""Licences that no dependency of a running service may have."""
LESSER = re.compile(r"LGPL|Lesser General Public License", re.IGNORECASE)
LESSER_ACCEPTED: dict[str, str] = {}
"""Dependencies under the LGPL that were decided on, each with the reason."""


def runtime_distributions() -> dict[str, Distribution]:
    """Return the installed distributions that the project needs to run, by name, whatever needs them."""
    distributions: dict[str, Distribution] = {}
    waiting = list(_required(distribution(PROJECT)))
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in distributions:
            distributions[name] = distribution(name)
            waiting += _required(distributions[name])
    return dict(sorted(distributions.items()))


def _required(dist: Distribution) -> Iterator[str]:
    for text in dist.requires or ():
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def licence(dist: Distribution) -> str:
    """Return the licence of a distribution: its expression, else the names in its classifiers, else the first line of its text."""
    metadata = dist.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classifiers = [text for text in metadata.get_all("Classifier") or () if text.startswith("License :: ")]
    names = [text.rpartition(" :: ")[2] for text in classifiers]
    return ", ".join(names) or next(iter(metadata.get_all("License") or ()), "").partition("\n")[0].strip()


def rows() -> Iterator[str]:
    """Yield a row of the table for each distribution."""
    for name, dist in runtime_distributions().items():
        yield f"| `{name}` | {licence(dist)} |"


if __name__ == "__main__":
    print("\n".join(rows()))
