"""The test suite: `unit` needs no engine, `features` mirrors the package, `contract` tests the promises made to clients."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE_DATA = ROOT / "graph_service" / "data"
DATA = Path(__file__).parent / "data"
