"""How large what is read may be. All are far above a register's, and low enough for 512 MB."""

MOST_COLUMNS = 1_000
MOST_ROWS = 1_048_576
MOST_SHEETS = 1_000
LONGEST_NAME = 255
"""Characters of a sheet's name; Excel allows 31."""
LARGEST_CELL = 1_000_000
"""Characters."""
LARGEST_ROW = 4_000_000
"""Characters of all cells of a row."""
LARGEST_SPOOL = 2 * 1024**3
"""Bytes on disk of a delivery's workbooks while they are read."""
MOST_MERGED = 1_000_000
MEMORY = 512 * 1024**2
"""Bytes of address space of the process that reads workbooks."""
CPU_SECONDS = 60
"""That process may use so much, and a second more for each `BYTES_A_SECOND` of the files: honest ones need a tenth of it."""
BYTES_A_SECOND = 100_000
WAIT_FACTOR = 20
"""Of a loaded machine: seconds of waiting for each second of work."""
