"""How much of a spreadsheet is taken, and what the process that reads it may use.

A file beyond a limit is refused, never cut short. The process imports this before anything else.
"""

from typing import NamedTuple

MEGABYTE = 1024 * 1024


class Size(NamedTuple):
    """The most that is taken of one kind of file."""

    megabytes: int
    rows: int  # of all its sheets together


WORKBOOK = Size(megabytes=20, rows=200_000)
TEXT = Size(megabytes=50, rows=500_000)
COLUMNS = 256
LINES = 2_000_000  # of a text file, the empty ones at its end too

# Of the archive that an .xlsx is. Sheets shrink to a tenth or a twentieth, bombs to a thousandth.
MEMBERS = 2_000
UNPACKED = 256 * MEGABYTE
RATIO = 100
SMALL = 4 * MEGABYTE  # unpacked; the ratio of something small means nothing

# Of the process. The fullest honest file takes half of the memory, and a fifth of the time.
MEMORY = 640 * MEGABYTE
OUTPUT = 256 * MEGABYTE
PROCESSOR_SECONDS = 20
SECONDS = 60  # by the clock: a loaded machine is slow
