"""The command line: words and exit codes, nothing else. What it calls is imported when it is needed.

Exit code 0: done. 1: the data or a notebook has faults, all of them listed. 2: the command was used wrongly.
"""

from __future__ import annotations

from . import begin, deliver, look, make, write
from .dutch import name_parts
from .front import main

name_parts(main)

__all__ = ["begin", "deliver", "look", "main", "make", "write"]
