"""Limits of the files that are read. All are far above the size of a register, and low enough for 512 MB of memory."""

MAX_COLUMNS = 1_000
MAX_ROWS = 1_048_576
MAX_SHEETS = 1_000
MAX_SHEET_NAME_LENGTH = 255
"""Maximum characters of a sheet's name; Excel allows 31."""
MAX_CELL_LENGTH = 1_000_000
"""Maximum characters of a cell."""
MAX_ROW_LENGTH = 4_000_000
"""Maximum characters of all cells of a row."""
MAX_SPOOL_BYTES = 2 * 1024**3
"""Maximum bytes on disk of a delivery's workbooks while they are read."""
MAX_MERGED_RANGES = 1_000_000
MAX_MEMORY_BYTES = 512 * 1024**2
"""Maximum bytes of address space of the process that reads workbooks."""
BASE_CPU_SECONDS = 60
"""Processor seconds of that process, plus a second for each `BYTES_PER_SECOND` of the files: honest ones need a tenth of it."""
BYTES_PER_SECOND = 100_000
WAIT_FACTOR = 20
"""Seconds of waiting for each processor second, for a loaded machine."""
