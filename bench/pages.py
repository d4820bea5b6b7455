"""A question about one county in a small register and in a large one: its cost must not grow with the rest of the register.

Both engines of a kind run at once, and their questions take turns, so that a disturbance affects both.
The large register is imported once and kept. Example: python -m bench.pages var/bench/register --repeat 40
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.engines import fresh_engine, parse_arguments, persistent_engine
from bench.register import COUNTY, DATA, DAY
from graph_service.core.query_scope import QueryScope, versions
from graph_service.core.question import fetch_page
from graph_service.features import chains
from graph_service.features.chains.query import build_query
from graph_service.features.coverage.coverage_gaps import COVERAGE_GAPS
from graph_service.features.coverage.coverage_summary import COVERAGE_SUMMARY, NO_LIMIT
from graph_service.platform.store.graph import Store

Question = Callable[[Store, QueryScope], object]
QUESTIONS: dict[str, Question] = {
    "first page of gaps": lambda store, viewing: fetch_page(store, viewing, COVERAGE_GAPS, {}, first=50),
    "page of gaps in the middle": lambda store, viewing: fetch_page(
        store, viewing, COVERAGE_GAPS, {}, first=50, after=(f"{COUNTY}103200", "", 0)
    ),
    "summary by township": lambda store, viewing: fetch_page(
        store, viewing, COVERAGE_SUMMARY, {"by": "TOWNSHIP"}, first=NO_LIMIT
    ),
    "first page of a fund's chains": lambda store, viewing: chains.load_page(
        store, viewing, build_query(("Fund", "ZJ000")), first=50
    ),
}
WARM_UP_TURNS = 10


def ensure_imported(store: Store, environment: dict[str, str], files: Path) -> None:
    """Import the files, where the store is empty."""
    store.prepare()
    if not versions(store):
        command = [sys.executable, "-m", "graph_service", "import", str(files), "--day", DAY, "--json"]
        process = subprocess.run(command, env=environment, check=False, stdout=subprocess.PIPE, text=True)
        # 1: some rows were refused, as in the sample.
        assert process.returncode in (0, 1), process.stdout


def measure_seconds(question: Question, store: Store) -> float:
    viewing = QueryScope.resolve(store, COUNTY)
    start = time.perf_counter()
    question(store, viewing)
    return time.perf_counter() - start


def compare_engines(question: Question, small: Store, large: Store, repeat: int) -> str:
    """Return medians in ms, and the ratio of turns with its spread (quartiles)."""
    small_scope, large_scope = QueryScope.resolve(small, COUNTY), QueryScope.resolve(large, COUNTY)
    assert question(small, small_scope) == question(large, large_scope), "the county is the same in both"
    for _ in range(WARM_UP_TURNS):
        measure_seconds(question, small), measure_seconds(question, large)
    turns = [(measure_seconds(question, small), measure_seconds(question, large)) for _ in range(repeat)]
    low, middle, high = statistics.quantiles(
        [large_seconds / small_seconds for small_seconds, large_seconds in turns], n=4
    )
    small_ms, large_ms = (statistics.median(column) * 1000 for column in zip(*turns, strict=True))
    return f"small {small_ms:.1f} ms, large {large_ms:.1f} ms, ratio {middle:.2f} ({low:.2f}–{high:.2f})"


def main() -> None:
    arguments = parse_arguments(__doc__, 40)
    for kind in arguments.engines:
        with (
            fresh_engine(kind) as (small, small_environment),
            persistent_engine(kind, arguments.folder.parent / f"large-{kind}") as (large, large_environment),
        ):
            ensure_imported(small, small_environment, DATA / "sample-register.xlsx")
            ensure_imported(large, large_environment, arguments.folder)
            for name, question in QUESTIONS.items():
                print(f"{kind}: {name}: {compare_engines(question, small, large, arguments.repeat)}", flush=True)


if __name__ == "__main__":
    main()
