"""The audit log: what it keeps, and that verification finds every alteration."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest

from graph_service.audit.entries import AuditEvent, AuditRecord, AuditSubject
from graph_service.audit.log import AnchoredHead, AuditAnchor, AuditFilter, AuditLog
from graph_service.audit.verification import AuditFaultKind, verify_log
from graph_service.errors import AuditLogFailed

TOWN, NEXT_TOWN = "513431100", "513431101"


def record(number: int, *areas: str) -> AuditRecord:
    subject = AuditSubject("Person", f"P{number}", areas)
    return AuditRecord("wang", AuditEvent.READ, "persons", "核对", areas, (subject,), ("health",), 1)


@pytest.fixture
def audit_log(tmp_path: Path) -> Iterator[AuditLog]:
    opened = AuditLog(tmp_path / "audit.sqlite", AuditAnchor(tmp_path / "elsewhere.txt"))
    for number in range(1, 7):
        opened.append(record(number, TOWN if number % 2 else NEXT_TOWN))
    yield opened
    opened.close()


def faults(audit_log: AuditLog, noted_head: AnchoredHead | None = None) -> list[tuple[int, AuditFaultKind]]:
    return [(fault.number, fault.kind) for fault in verify_log(audit_log, noted_head).faults]


def alter(path: Path, *statements: str) -> None:
    """Change the file as somebody could who has it, past its triggers."""
    with sqlite3.connect(path) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)


def test_a_log_that_nobody_touched_is_confirmed(audit_log: AuditLog) -> None:
    result = verify_log(audit_log)
    assert (result.count, result.anchored_count, result.faults) == (6, 6, ())


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (
            ["UPDATE entry SET content = replace(content, 'wang', 'zhao') WHERE number = 3"],
            [(3, AuditFaultKind.ALTERED)],
        ),
        (
            ["DELETE FROM entry WHERE number = 3"],
            [(3, AuditFaultKind.MISSING)],
        ),
        (
            ["UPDATE entry SET number = -number WHERE number IN (2, 3)", "UPDATE entry SET number = 5 + number WHERE number < 0"],
            [(2, AuditFaultKind.MOVED), (2, AuditFaultKind.REPLACED), (3, AuditFaultKind.MOVED), (3, AuditFaultKind.REPLACED)],
        ),
        (
            ["DELETE FROM entry WHERE number > 4"],
            [(5, AuditFaultKind.CUT), (6, AuditFaultKind.CUT)],
        ),
        (
            ["UPDATE entry SET digest = zeroblob(32) WHERE number = 6"],
            [(6, AuditFaultKind.ALTERED), (6, AuditFaultKind.REPLACED)],
        ),
        (
            ["UPDATE entry_area SET area = '99' WHERE number = 2"],
            [(2, AuditFaultKind.AREAS_ALTERED)],
        ),
        (
            ["UPDATE entry SET content = '[]' WHERE number = 1"],
            [(1, AuditFaultKind.AREAS_ALTERED), (1, AuditFaultKind.MOVED)],
        ),
    ],
    ids=["edited", "removed", "swapped", "cut", "digest-changed", "areas-changed", "overwritten"],
)  # fmt: skip
def test_every_alteration_is_found(
    audit_log: AuditLog, tmp_path: Path, statements: list[str], expected: list[tuple[int, AuditFaultKind]]
) -> None:
    alter(tmp_path / "audit.sqlite", *statements)
    found = faults(audit_log)
    assert [fault for fault in expected if fault not in found] == [], found


def test_a_log_that_was_written_anew_differs_from_its_anchor(audit_log: AuditLog, tmp_path: Path) -> None:
    forged = AuditLog(tmp_path / "forged.sqlite", AuditAnchor(tmp_path / "forged.txt"))
    for number in range(1, 7):
        forged.append(record(number, TOWN))
    forged.anchor = audit_log.anchor
    assert [number for number, kind in faults(forged) if kind is AuditFaultKind.REPLACED] == [1, 2, 3, 4, 5, 6]
    forged.close()


def test_a_head_that_was_noted_elsewhere_finds_a_log_and_anchor_cut_together(
    audit_log: AuditLog, tmp_path: Path
) -> None:
    head = verify_log(audit_log)
    alter(tmp_path / "audit.sqlite", "DELETE FROM entry WHERE number > 4", "DELETE FROM entry_area WHERE number > 4")
    anchor = tmp_path / "elsewhere.txt"
    anchor.write_text("".join(anchor.read_text().splitlines(keepends=True)[:4]))
    assert faults(audit_log) == []
    assert faults(audit_log, AnchoredHead(head.count, head.digest)) == [(6, AuditFaultKind.CUT)]


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET digest = zeroblob(32)", "DELETE FROM entry", "DELETE FROM entry_area"]
)
def test_the_file_itself_refuses_changes(audit_log: AuditLog, tmp_path: Path, statement: str) -> None:
    assert audit_log.count_entries(("",)) == 6
    with (
        sqlite3.connect(tmp_path / "audit.sqlite") as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)


def test_log_and_anchor_are_for_their_owner_only(audit_log: AuditLog, tmp_path: Path) -> None:
    assert audit_log.count_entries(("",)) == 6
    for name in ("audit.sqlite", "elsewhere.txt"):
        assert S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_several_writers_make_one_chain(audit_log: AuditLog, tmp_path: Path) -> None:
    others = [AuditLog(tmp_path / "audit.sqlite", audit_log.anchor) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: others[number % 3].append(record(number, TOWN)), range(60)))
    assert verify_log(audit_log).count == 66
    assert faults(audit_log) == []
    for each in others:
        each.close()


def test_an_anchor_that_cannot_be_written_is_an_error(audit_log: AuditLog, tmp_path: Path) -> None:
    audit_log.anchor = AuditAnchor(tmp_path / "missing" / "anchor.txt")
    with pytest.raises(AuditLogFailed):
        audit_log.append(record(7, TOWN))


@pytest.mark.parametrize(
    ("areas", "filter_", "numbers"),
    [
        (("",), AuditFilter(), [6, 5, 4, 3, 2, 1]),
        ((TOWN,), AuditFilter(), [5, 3, 1]),
        (("5134",), AuditFilter(), [6, 5, 4, 3, 2, 1]),
        (("513431100200",), AuditFilter(), []),
        ((), AuditFilter(), []),
        (("",), AuditFilter(user="zhao"), []),
        (("",), AuditFilter(events=(AuditEvent.QUERY,)), []),
    ],
)
def test_entries_are_listed_by_area_and_filter(
    audit_log: AuditLog, areas: tuple[str, ...], filter_: AuditFilter, numbers: list[int]
) -> None:
    assert [entry.number for entry in audit_log.list_entries(areas, filter_)] == numbers
    assert audit_log.count_entries(areas, filter_) == len(numbers)
    assert [entry.number for entry in audit_log.list_entries(areas, filter_, before=4)] == [n for n in numbers if n < 4]
