"""What each chapter shows: its answer, tables and figures, as its notebook asks for them."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import suppress

from .. import wording


def warm() -> None:
    """Do once what every notebook would do first: import the chapters, and read the words of their readers."""
    for found in pkgutil.iter_modules(__path__, f"{__name__}."):
        with suppress(Exception):  # the notebook that needs it will tell, and the others go on
            importlib.import_module(found.name)
    wording.words()
    wording.definitions()
