"""Import end to end against plain `UNWIND … MERGE` of the same rows.

Plain: the rows are parsed and checked already; only its statements are timed: no versions, no history, no checks.
Import: the command as a process of its own, from the files to the publication. Both on a fresh engine, one after the other.
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
from graph_service.core.recording.record_versions import Target
from graph_service.domain.model import MODEL
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
    """`UNWIND … MERGE` for a label or relationship, as anybody would write it; relationships from the small end."""
    if len(target) == 1:
        label = MODEL.labels[target[0]]
        at = 2 if label.owner else 1
        sets = (
            ", ".join(f"n.{name} = row[{at + i}]" for i, name in enumerate(label.stored_names()))
            or f"n.{label.key.name} = row[0]"
        )
        if label.owner:
            owner = MODEL.labels[label.owner]
            return (
                f"UNWIND $rows AS row MATCH (o:{owner.name} {{{owner.key.name}: row[0]}}) "
                f"MERGE (o)<-[:OF]-(n:{label.name} {{{label.key.name}: row[1]}}) SET {sets}"
            )
        return f"UNWIND $rows AS row MERGE (n:{label.base_label or label.name} {{{label.key.name}: row[0]}}) SET {sets}"
    relationship = MODEL.relationships[target[0]]
    names = ("since", "until", *relationship.stored_names())
    ends = {"start": ("a", MODEL.labels[target[1]], 0), "end": ("b", MODEL.labels[target[2]], 1)}
    order = ("start", "end") if relationship.smaller_end == "start" else ("end", "start")
    matches = " ".join(
        f"MATCH ({v}:{label.name} {{{label.key.name}: row[{at}]}})" for v, label, at in (ends[e] for e in order)
    )
    key = ", ".join(f"{name}: row[{2 + names.index(name)}]" for name in relationship.key)
    key = f" {{{key}}}" if key else ""
    near = f"(a)-[r:{target[0]}{key}]->(b)" if order[0] == "start" else f"(b)<-[r:{target[0]}{key}]-(a)"
    sets = ", ".join(f"r.{name} = row[{2 + i}]" for i, name in enumerate(names))
    return f"UNWIND $rows AS row {matches} MERGE {near} SET {sets}"


def measure_plain(store: Store, folder: Path) -> tuple[float, int]:
    """(seconds in statements, nodes and relationships merged)."""
    store.prepare()
    bootstrap(store)
    matched, _ = match_tables(open_delivery([folder]).tables, MODEL, HeaderMapping())
    spent, merged = 0.0, 0
    with KeyIndex() as keys, KeyIndex() as owners:
        last = LatestYears(matched, years_by_sheet(matched), owners)
        for one in matched:
            for batch in TableValidator(one, store, keys, 2016, last).batches(BATCH_SIZE):
                for target, versions in batch.versions_by_target.items():
                    text, rows = plain_statement(target), [[*v.leading_values, *v.stored_values] for v in versions]
                    began = time.perf_counter()
                    store.write(partial(Transaction.run, text=text, parameters={"rows": rows}))
                    spent += time.perf_counter() - began
                    merged += len(rows)
    return spent, merged


def measure_import(environment: dict[str, str], folder: Path) -> tuple[float, int, int, float]:
    """(seconds, nodes and relationships made, rows, peak memory of the process in MB)."""
    command = [sys.executable, "-m", "graph_service", "import", str(folder), "--day", DAY, "--json"]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        report = orjson.loads(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    counts = report["counts"].values()
    return seconds, report["changed"], sum(c["rows"] for c in counts), usage.ru_maxrss / 1024


def main() -> None:
    given = parse_arguments(__doc__, 3)
    for kind in given.engines:
        ratios, memory = [], []
        for turn in range(given.repeat):
            with fresh_engine(kind) as (store, _):
                spent, merged = measure_plain(store, given.folder)
            with fresh_engine(kind) as (store, environment):
                store.prepare()
                bootstrap(store)
                seconds, made, rows, peak = measure_import(environment, given.folder)
            # Both for the same rows; what an import makes anew is counted otherwise than what is merged.
            ratios.append(spent / seconds)
            memory.append(peak)
            print(
                f"{kind} {turn + 1}: {rows:,} rows; plain {merged:,} merged in {spent:.1f} s; import {made:,} made in {seconds:.1f} s; "
                f"ratio {ratios[-1]:.2f}; peak {peak:.0f} MB",
                flush=True,
            )
        print(
            f"{kind}: rate of import to plain: median {statistics.median(ratios):.2f}, {min(ratios):.2f}–{max(ratios):.2f}; peak {max(memory):.0f} MB"
        )


if __name__ == "__main__":
    main()
