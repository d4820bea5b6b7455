"""How large what is read may be. All are far above a register's, and low enough for 512 MB."""

MAX_COLUMNS = 1_000
MAX_ROWS = 1_048_576
MAX_SHEETS = 1_000
MAX_SHEET_NAME_LENGTH = 255
"""Characters of a sheet's name; Excel allows 31."""
MAX_CELL_LENGTH = 1_000_000
"""Characters."""
MAX_ROW_LENGTH = 4_000_000
"""Characters of all cells of a row."""
MAX_SPOOL_BYTES = 2 * 1024**3
"""Bytes on disk of a delivery's workbooks while they are read."""
MAX_MERGED_RANGES = 1_000_000
MAX_MEMORY_BYTES = 512 * 1024**2
"""Bytes of address space of the process that reads workbooks."""
BASE_CPU_SECONDS = 60
"""That process may use so much, and a second more for each `BYTES_A_SECOND` of the files: honest ones need a tenth of it."""
BYTES_PER_SECOND = 100_000
WAIT_FACTOR = 20
"""Of a loaded machine: seconds of waiting for each second of work."""
