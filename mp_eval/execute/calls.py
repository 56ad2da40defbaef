"""A function called by its name, so that whoever asks for the work need not import what does it."""

from __future__ import annotations

import importlib
from typing import Any


def call(module: str, name: str, /, *arguments: Any) -> Any:
    """Import the module, wherever this runs, and call its function.

    >>> call("math", "dist", (0, 0), (3, 4))
    5.0
    """
    return getattr(importlib.import_module(module), name)(*arguments)
