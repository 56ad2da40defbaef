"""Stands in for another system, in a Python that has this folder on its path: see `tests/test_elsewhere.py`.

`LOCKED` names a file that another program has open, as Excel does on Windows; with `NO_FORK` there is no fork.
"""

from __future__ import annotations

import builtins
import io
import os
from typing import Any

LOCKED, NO_FORK = os.environ.get("LOCKED"), os.environ.get("NO_FORK")
_open = io.open


def _held(file: Any, *rest: Any, **named: Any) -> Any:
    if str(file).endswith(str(LOCKED)):
        raise PermissionError(13, "Permission denied", str(file))
    return _open(file, *rest, **named)


if LOCKED:
    builtins.open = io.open = _held  # type: ignore[assignment]
if NO_FORK:
    del os.fork
