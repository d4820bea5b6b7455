"""The npm packages that the console serves, with their versions. `python -m tests.served_packages` prints them as a `package.json`."""

from __future__ import annotations

import json
import re

from tests import ROOT

THIRD_PARTY = ROOT / "graph_service" / "console" / "assets" / "THIRD_PARTY.md"


def served_packages() -> dict[str, str]:
    """Return version by package, from the table beside the files."""
    return dict(
        re.findall(r"^\| `[^|]*` \| `([\w@/.-]+)` (\d[\w.-]*)", THIRD_PARTY.read_text(encoding="utf-8"), re.MULTILINE)
    )


if __name__ == "__main__":
    print(
        json.dumps(
            {"name": "console", "version": "0.0.0", "private": True, "dependencies": served_packages()}, indent=2
        )
    )
