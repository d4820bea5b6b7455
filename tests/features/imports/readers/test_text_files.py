"""Text files: no quotation mark hides a row, and no row is read under the wrong headers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.delivery import open_delivery


def read(path: Path, text: str, encoding: str = "utf-8") -> list[tuple[str, list[object]]]:
    """Return (fault, cells) of each row of a text file."""
    path.write_bytes(text.encode(encoding))
    (table,) = open_delivery([path]).tables
    return [(row.fault, list(row.cells)) for row in table.rows()]


HEAD = "户编号,村编码,户主,人数,备注"
GOOD = ("", ["H9", "513", "乙", "2", None])


@pytest.mark.parametrize(
    "line",
    [
        'H1,513,"甲,3,贫困',
        '"H1,513,甲,3,贫困',
        'H1,513,甲,3,"贫困',
        'H1,513,"甲"乙,3,贫困',
        'H1,"513,甲",3,贫困',
        'H1,513,甲,3,"贫困\nH2,513,乙,2,"',
        'H1,513,甲,3,"贫困\nH2,513,乙,2,"好"',
        'H1,513,"甲\nH2",乙,2,x,y',
    ],
)
def test_a_lone_or_late_quotation_mark_refuses_its_row_alone(tmp_path: Path, line: str) -> None:
    rows = read(tmp_path / "a.csv", f"{HEAD}\nH8,513,甲,1,\n{line}\nH9,513,乙,2,\n")
    assert ("CSV_QUOTE", [line.split("\n")[0]]) in rows
    assert rows[-1] == GOOD
    assert len(rows) == 4 + line.count("\n")


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('H1,513,甲,3,"第一行\n第二行"', ["H1", "513", "甲", "3", "第一行\n第二行"]),
        ('H1,513,"甲\n乙",3,x', ["H1", "513", "甲\n乙", "3", "x"]),
        ('H1,513,甲,3,"一,二\n三,四\n\n五"', ["H1", "513", "甲", "3", "一,二\n三,四\n\n五"]),
        ('"H1","513","甲","3","说""好""了"', ["H1", "513", "甲", "3", '说"好"了']),
        ('H1,513,"甲\n乙","3\n","x\ny"', ["H1", "513", "甲\n乙", "3", "x\ny"]),
        ('H1,513,5" 管,3,x', ["H1", "513", '5" 管', "3", "x"]),
        ('="H1",513,甲,3,x', ['="H1"', "513", "甲", "3", "x"]),
        ('"H1" ,513,甲,3,x', ["H1", "513", "甲", "3", "x"]),
        ("H1,513,甲,3", ["H1", "513", "甲", "3"]),
        ("H1,513,甲,3,说；好|了", ["H1", "513", "甲", "3", "说；好|了"]),
    ],
)
def test_what_is_quoted_rightly_is_read(tmp_path: Path, line: str, cells: list[object]) -> None:
    rows = read(tmp_path / "a.csv", f"{HEAD}\nH8,513,甲,1,\n{line}\nH9,513,乙,2,\n")
    assert rows[2:] == [("", cells), GOOD]


def test_blank_cells_too_many_are_a_shifted_row_unless_all_rows_have_them(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", f"{HEAD}\nH8,513,甲,1,\nH1,513,甲,3,x,,,\nH9,513,乙,2,\n")
    assert [fault for fault, _ in rows[2:]] == ["ROW_WIDTH", ""], "1,200 in two cells"
    rows = read(tmp_path / "b.csv", f"{HEAD}\nH8,513,甲,1,,,\nH1,513,甲,3,x,,\nH9,513,乙,2,,,\n")
    assert [fault for fault, _ in rows[1:]] == ["", "", ""]


def test_the_upper_row_of_a_header_may_end_before_the_lower_one(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", "户编号,年度,户主姓名,收入（元）,\n,,,工资性收入,转移性收入\nH1,2016,甲,100,200\n")
    assert rows[2] == ("", ["H1", "2016", "甲", "100", "200"])


@pytest.mark.parametrize(
    "line",
    [
        "H1,513,甲,3,贫困,多",
        "H1,513,甲,乙,3,贫困",
        "H1;513;甲;3;贫困",
        "H1，513，甲，3，贫困",
        "H1,513,甲;3;贫困",
        "H1\t513\t甲\t3\t贫困",
    ],
)
def test_a_row_whose_values_would_stand_under_other_headers_is_refused(tmp_path: Path, line: str) -> None:
    rows = read(tmp_path / "a.csv", f"登记表\n{HEAD}\n{line}\nH8,513,甲,1,\nH9,513,乙,2,\n")
    assert rows[2] == ("ROW_WIDTH", [line])
    assert [fault for fault, _ in rows] == ["", "", "ROW_WIDTH", "", ""]


@pytest.mark.parametrize("mark", [",", "，", "\t", ";", "|"])
def test_the_separator_is_the_one_of_the_first_lines(tmp_path: Path, mark: str) -> None:
    text = "\n".join(["登记表,样例", mark.join(["户编号", "姓名", "说明"]), mark.join(["H1", "甲", '"a,b;c|d"'])])
    assert read(tmp_path / "a.txt", text)[1:] == [("", ["户编号", "姓名", "说明"]), ("", ["H1", "甲", "a,b;c|d"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"])
def test_line_ends_may_be_mixed(tmp_path: Path, encoding: str) -> None:
    text = "户编号,姓名\r\nH1,甲\rH2,乙\n\nH3,\ufeff丙".replace("\ufeff", "" if encoding == "gb18030" else "\ufeff")
    rows = read(tmp_path / "a.csv", ("\ufeff" if encoding.startswith("utf-16") else "") + text, encoding)
    assert [cells for _, cells in rows] == [["户编号", "姓名"], ["H1", "甲"], ["H2", "乙"], ["H3", "丙"]]


def test_headers_over_several_lines_are_read(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.csv", '户编号,"收入\n(元)",姓名\nH1,5,甲\nH2,6,乙\n')
    assert [cells for _, cells in rows] == [["户编号", "收入\n(元)", "姓名"], ["H1", "5", "甲"], ["H2", "6", "乙"]]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("户编号,姓名\nH1,甲\n".encode()[:-2], "is truncated"),
        ("户编号,姓名\nH1,甲\n".encode("gb18030")[:-2], "is truncated"),
        ("户编号,姓名\nH1,甲".encode("utf-16")[:-1], "is truncated"),
        ("户编号\n甲\n".encode() + b"\xff\xff\n", "near line 3"),
        ("\ufeff户编号\n甲\n".encode() + b"\xff\xff\n", "near line 3"),
        ("户编号,姓名\nH1,甲\0\n".encode(), "line 2 contains a NUL"),
        ("户编号,姓名\nH1,甲\n".encode("utf-16-le"), "NUL"),
        (b"," * 3_000_000, "has more than 1,000,000 characters"),
        (b"a" * 1_000_001 + b"\nb\n", "has more than 1,000,000 characters"),
        (b"a," * 1_500 + b"\n", "1,500 columns"),
    ],
)
def test_a_text_file_that_cannot_be_read_says_where(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(FileUnreadable) as caught:
        open_delivery([tmp_path / "a.csv"])
    assert says in caught.value.message_en


ROWS = st.lists(
    st.lists(st.sampled_from(["甲", "2016", "x y", "", "3.5"]), min_size=1, max_size=4), min_size=1, max_size=12
)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells how much memory a process took")
def test_a_file_of_a_million_cells_a_row_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("\n".join([("甲," * 400_000)[:-1]] * 30), encoding="utf-8")
    script = (
        "import re, sys; from pathlib import Path; from graph_service.platform.readers.text_tables import detect_dialect\n"
        "from graph_service.errors import FileUnreadable\n"
        "try: detect_dialect(Path(sys.argv[1]), 'utf-8')\n"
        "except FileUnreadable as error: print('400,000' in str(error))\n"
        "print(int(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]) < 400_000)"
    )
    completed = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert completed.stdout.split() == ["True", "True"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    ROWS, st.integers(2, 6), st.lists(st.tuples(st.integers(0, 200), st.sampled_from(['"', '""', '"x'])), max_size=5)
)
def test_marks_thrown_in_anywhere_swallow_no_row(
    tmp_path: Path, rows: list[list[str]], width: int, insertions: list[tuple[int, str]]
) -> None:
    header = ",".join(f"列{'甲乙丙丁戊己'[index]}" for index in range(width))
    lines = [",".join([f"H{index}", *(row * width)[: width - 2], f"尾{index}"]) for index, row in enumerate(rows)]
    body = "\n".join(lines)
    for position, mark in insertions:
        position %= len(body) + 1
        body = body[:position] + mark + body[position:]
    texts = [str(cells) for _, cells in read(tmp_path / "a.csv", f"{header}\n{body}\n")[1:]]
    assert len(texts) == len(lines)
    assert all(f"尾{index}" in text.replace('"', "").replace("x", "") for index, text in enumerate(texts))
