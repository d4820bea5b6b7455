"""The audit log: what it keeps, and that verification finds every alteration."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest

from graph_service.audit.entries import AuditEvent, AuditRecord, AuditSubject, RequestedRecord
from graph_service.audit.log import MAX_LATE_HEADS, AnchoredHead, AuditAnchor, AuditFilter, AuditLog
from graph_service.audit.verification import AuditFaultKind, verify_log
from graph_service.errors import AuditAnchorFailed, AuditLogFailed

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


def cut_log(folder: Path, last: int) -> None:
    with sqlite3.connect(folder / "audit.sqlite") as connection:
        for table in ("entry", "entry_area"):
            connection.execute(f"DROP TRIGGER {table}_DELETE")
            connection.execute(f"DELETE FROM {table} WHERE number > {last}")


def keep_lines(anchor: Path, *numbers: int) -> None:
    lines = anchor.read_text().splitlines(keepends=True)
    anchor.write_text("".join(lines[number - 1] for number in numbers))


def ranges(audit_log: AuditLog) -> list[tuple[int, int | None]]:
    result = verify_log(audit_log)
    assert {fault.kind for fault in result.faults} <= {AuditFaultKind.UNANCHORED}, result.faults
    return [(fault.number, fault.last) for fault in result.faults]


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ((), [(1, 6)]),
        ((6,), [(1, 5)]),
        ((1, 2, 3), [(4, 6)]),
        ((1, 3, 6), [(2, 2), (4, 5)]),
        ((1, 2, 3, 4, 5, 6), []),
    ],
    ids=["emptied", "begun-anew", "cut", "with-gaps", "whole"],
)
def test_an_entry_without_a_head_in_the_anchor_is_a_fault(
    audit_log: AuditLog, tmp_path: Path, kept: tuple[int, ...], expected: list[tuple[int, int]]
) -> None:
    keep_lines(tmp_path / "elsewhere.txt", *kept)
    assert ranges(audit_log) == expected


@pytest.mark.parametrize("is_named_anew", [False, True], ids=["deleted", "named-anew"])
def test_a_log_is_not_confirmed_by_an_anchor_that_begins_after_it(
    audit_log: AuditLog, tmp_path: Path, is_named_anew: bool
) -> None:
    cut_log(tmp_path, 4)
    (tmp_path / "elsewhere.txt").unlink()
    if is_named_anew:
        audit_log.anchor = AuditAnchor(tmp_path / "new.txt")
    assert ranges(audit_log) == [(1, 4)]
    audit_log.append(record(5, TOWN))
    assert ranges(audit_log) == [(1, 4)]
    reopened = AuditLog(tmp_path / "audit.sqlite", audit_log.anchor)
    reopened.append(record(6, TOWN))
    reopened.close()
    assert ranges(audit_log) == [(1, 4)]


def test_a_new_log_has_no_faults(tmp_path: Path) -> None:
    new = AuditLog(tmp_path / "audit.sqlite", AuditAnchor(tmp_path / "anchor.txt"))
    assert (verify_log(new).count, verify_log(new).faults) == (0, ())
    assert faults(new, AnchoredHead(6, bytes(32))) == [(6, AuditFaultKind.CUT)]
    new.close()


def test_an_anchor_is_moved_with_its_content(audit_log: AuditLog, tmp_path: Path) -> None:
    moved = tmp_path / "moved.txt"
    moved.write_bytes((tmp_path / "elsewhere.txt").read_bytes())
    audit_log.anchor = AuditAnchor(moved)
    audit_log.append(record(7, TOWN))
    assert (verify_log(audit_log).anchored_count, faults(audit_log)) == (7, [])


def test_a_head_that_its_writer_could_not_append_is_appended_by_the_next(
    audit_log: AuditLog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    anchor = tmp_path / "elsewhere.txt"
    whole = audit_log.anchor
    audit_log.anchor = AuditAnchor(tmp_path / "missing" / "anchor.txt")
    for _ in range(3):
        with pytest.raises(AuditAnchorFailed):
            audit_log.append(record(7, TOWN))
    # Nothing more is added while the anchor cannot be written.
    assert verify_log(audit_log).count == 7
    audit_log.anchor = whole
    audit_log.append(record(8, TOWN))
    assert (verify_log(audit_log).count, faults(audit_log)) == (8, [])
    assert "1 heads up to 7 were appended late" in caplog.text
    # A writer that was killed between two bytes of its line.
    anchor.write_text(anchor.read_text()[:-80])
    resumed = AuditLog(tmp_path / "audit.sqlite", whole)
    resumed.append(record(9, TOWN))
    assert (verify_log(resumed).count, faults(resumed)) == (9, [])
    resumed.close()


def test_a_long_gap_is_left_to_verification(tmp_path: Path) -> None:
    anchor = AuditAnchor(tmp_path / "anchor.txt")
    written = AuditLog(tmp_path / "audit.sqlite", anchor)
    for number in range(MAX_LATE_HEADS + 3):
        written.append(record(number, TOWN))
    written.close()
    keep_lines(anchor.path, 1, 2)
    resumed = AuditLog(tmp_path / "audit.sqlite", anchor)
    resumed.append(record(0, TOWN))
    assert ranges(resumed) == [(3, MAX_LATE_HEADS + 3)]
    resumed.close()


def test_a_wrong_line_of_the_anchor_stops_no_writer(audit_log: AuditLog, tmp_path: Path) -> None:
    with (tmp_path / "elsewhere.txt").open("a") as file:
        file.write(f"{10**30} {'0' * 64}\nno head\n")
    resumed = AuditLog(tmp_path / "audit.sqlite", audit_log.anchor)
    resumed.append(record(7, TOWN))
    assert faults(resumed) == []
    resumed.close()


@pytest.mark.parametrize(
    ("head", "expected"),
    [((6, bytes(32)), AuditFaultKind.REPLACED), ((7, bytes(32)), AuditFaultKind.CUT)],
    ids=["other-digest", "beyond"],
)
def test_a_wrong_head_of_the_caller_is_not_told_as_one_of_the_anchor(
    audit_log: AuditLog, head: tuple[int, bytes], expected: AuditFaultKind
) -> None:
    [fault] = verify_log(audit_log, AnchoredHead(*head)).faults
    assert (fault.number, fault.kind, fault.is_noted) == (head[0], expected, True)
    assert "--head" in fault.description


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
        (("513431100200",), AuditFilter(), [5, 3, 1]),
        (("513431199",), AuditFilter(), []),
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


@pytest.mark.parametrize(
    ("areas", "number", "listed"),
    [
        (("",), "P2", [2, 1]),
        (("51",), "P2", [2, 1]),
        ((TOWN,), "P2", [1]),
        ((NEXT_TOWN,), "P2", [2, 1]),
        (("",), "P3", [3]),
        (("51",), "P3", []),
        (("",), "P4", [4, 1]),
        ((TOWN,), "P4", []),
        ((TOWN, NEXT_TOWN), "P4", [4, 1]),
        (("",), "P", []),
        ((TOWN,), 'P"5\\\t。', [5]),
        ((TOWN,), "P6", [6]),
        ((NEXT_TOWN,), "P6", []),
        (("",), "persons", []),
        ((), "P2", []),
    ],
)
def test_entries_about_a_record_are_listed_where_they_show_it(
    tmp_path: Path, areas: tuple[str, ...], number: str, listed: list[int]
) -> None:
    """The first entry is about P2 in both towns and asks for P4, the second about P2 in the next town, the third about a record without an area,
    the fourth asks for P4 in both towns, the fifth is about a number that JSON escapes, and the last about a finding of P6."""
    audit_log = AuditLog(tmp_path / "audit.sqlite", AuditAnchor(tmp_path / "anchor.txt"))

    def add(subject: AuditSubject | None, requested: str, *entry_areas: str) -> None:
        requests = (RequestedRecord("personNo", requested),) if requested else ()
        audit_log.append(
            AuditRecord(
                "wang",
                AuditEvent.READ,
                "persons",
                areas=entry_areas,
                subjects=(subject,) if subject else (),
                requested=requests,
            )
        )

    add(AuditSubject("Person", "P2", (TOWN, NEXT_TOWN)), "P4", TOWN, NEXT_TOWN)
    add(AuditSubject("Person", "P2", (NEXT_TOWN,)), "", TOWN, NEXT_TOWN)
    add(AuditSubject("Fund", "P3", ()), "", TOWN)
    add(None, "P4", TOWN, NEXT_TOWN)
    add(AuditSubject("Problem", 'P"5\\\t。', (TOWN,)), "", TOWN)
    add(AuditSubject("Finding", "****!P6", (TOWN,)), "", TOWN)
    filter_ = AuditFilter(records=(number, f"****!{number}"))
    assert [entry.number for entry in audit_log.list_entries(areas, filter_)] == listed
    assert audit_log.count_entries(areas, filter_) == len(listed)
    audit_log.close()
