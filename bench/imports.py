"""Import end to end, compared with plain `UNWIND … MERGE` of the same rows.

Plain: the rows are parsed and checked already; only its statements are timed: no versions, no history, no checks.
Import: the command as a separate process, from the files to the publication. Both on a fresh engine, one after the other.
Example: python -m bench.imports var/bench/register --repeat 3
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import orjson

from bench.engines import fresh_engine, parse_arguments
from bench.register import DAY
from graph_service.core.areas import bootstrap
from graph_service.domain.model import MODEL
from graph_service.domain.records import Target
from graph_service.features.imports.publish.import_run import BATCH_SIZE
from graph_service.features.imports.read.header_matching import match_tables
from graph_service.features.imports.read.mapping_rules import HeaderMapping
from graph_service.features.imports.validate.delivery_years import LatestYears, years_by_sheet
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.row_validation import TableValidator
from graph_service.platform.engine.client import Transaction
from graph_service.platform.readers.delivery import open_delivery
from graph_service.platform.store.graph import Store


def plain_statement(target: Target) -> str:
    """Return `UNWIND … MERGE` for a label or relationship, as anybody would write it; relationships are matched from the small end."""
    if not target.is_relationship:
        label = MODEL.labels[target.name]
        assignments = ", ".join(f"n.{name} = row.{name}" for name in label.stored_names())
        assignments = assignments or f"n.{label.key.name} = row.key"
        if label.owner:
            owner = MODEL.labels[label.owner]
            return (
                f"UNWIND $rows AS row MATCH (o:{owner.name} {{{owner.key.name}: row.key}}) "
                f"MERGE (o)<-[:OF]-(n:{label.name} {{{label.key.name}: row.year}}) SET {assignments}"
            )
        return f"UNWIND $rows AS row MERGE (n:{label.base_label or label.name} {{{label.key.name}: row.key}}) SET {assignments}"
    relationship = MODEL.relationships[target.name]
    ends = {"start": ("a", MODEL.labels[target.start]), "end": ("b", MODEL.labels[target.end])}
    order = ("start", "end") if relationship.smaller_end == "start" else ("end", "start")
    matches = " ".join(
        f"MATCH ({variable}:{label.name} {{{label.key.name}: row.{end}}})"
        for end, (variable, label) in ((end, ends[end]) for end in order)
    )
    key = ", ".join(f"{name}: row.{name}" for name in relationship.key)
    key = f" {{{key}}}" if key else ""
    pattern = f"(a)-[r:{target.name}{key}]->(b)" if order[0] == "start" else f"(b)<-[r:{target.name}{key}]-(a)"
    assignments = ", ".join(f"r.{name} = row.{name}" for name in ("since", "until", *relationship.stored_names()))
    return f"UNWIND $rows AS row {matches} MERGE {pattern} SET {assignments}"


def measure_plain(store: Store, folder: Path) -> tuple[float, int]:
    """Return (seconds in statements, nodes and relationships merged)."""
    store.prepare()
    bootstrap(store)
    tables, _ = match_tables(open_delivery([folder]).tables, MODEL, HeaderMapping())
    seconds, merged_count = 0.0, 0
    with KeyIndex() as keys, KeyIndex() as owners:
        latest_years = LatestYears(tables, years_by_sheet(tables), owners)
        for table in tables:
            for batch in TableValidator(table, store, keys, 2016, latest_years).batches(BATCH_SIZE):
                for target, versions in batch.versions_by_target.items():
                    text, rows = plain_statement(target), [version.record.to_parameters() for version in versions]
                    start = time.perf_counter()
                    store.write(partial(Transaction.run, text=text, parameters={"rows": rows}))
                    seconds += time.perf_counter() - start
                    merged_count += len(rows)
    return seconds, merged_count


def measure_import(environment: dict[str, str], folder: Path) -> tuple[float, int, int, float]:
    """Return (seconds, nodes and relationships made, rows, peak memory of the process in MB)."""
    command = [sys.executable, "-m", "graph_service", "import", str(folder), "--day", DAY, "--json"]
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        report = orjson.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    counts = report["counts"].values()
    return seconds, report["changed"], sum(c["rows"] for c in counts), usage.ru_maxrss / 1024


def main() -> None:
    arguments = parse_arguments(__doc__, 3)
    for kind in arguments.engines:
        ratios, peaks = [], []
        for turn in range(arguments.repeat):
            with fresh_engine(kind) as (store, _):
                plain_seconds, merged_count = measure_plain(store, arguments.folder)
            with fresh_engine(kind) as (store, environment):
                store.prepare()
                bootstrap(store)
                import_seconds, changed_count, rows, peak = measure_import(environment, arguments.folder)
            # Both are for the same rows; what an import creates is counted differently from what is merged.
            ratios.append(plain_seconds / import_seconds)
            peaks.append(peak)
            print(
                f"{kind} {turn + 1}: {rows:,} rows; plain {merged_count:,} merged in {plain_seconds:.1f} s; import {changed_count:,} made in {import_seconds:.1f} s; "
                f"ratio {ratios[-1]:.2f}; peak {peak:.0f} MB",
                flush=True,
            )
        print(
            f"{kind}: rate of import to plain: median {statistics.median(ratios):.2f}, {min(ratios):.2f}–{max(ratios):.2f}; peak {max(peaks):.0f} MB"
        )


if __name__ == "__main__":
    main()
