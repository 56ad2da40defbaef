"""SPSS files: the cases as rows of text, with the words that a code stands for. Needs `pip install 'mp-eval[spss]'`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .contract import Table
from .excel import LockedError, UnreadableError, as_typed
from .text import Rows

SUFFIX = ".sav"
LOCKED = b"ENCRYPTEDSAV"  # what a file with a password begins with, after its first eight bytes


def rows(path: Path, table: Table, *, date_format: str, decimal: str) -> Rows:
    """The header, numbered 0, and the cases, numbered as SPSS does; a code that has a label is its label.

    A variable that the table does not know by its name is called by its label. What was declared missing keeps its
    label too: that a value is not known is for the settings to say.

    Raises
    ------
    UnreadableError
        When pyreadstat is not there, or the file is none of SPSS; a `LockedError` when it has a password.
    """
    with path.open("rb") as file:
        if file.read(8 + len(LOCKED))[8:] == LOCKED:
            raise LockedError("er zit een wachtwoord op")
    try:
        import pyreadstat
    except ImportError:
        raise UnreadableError("voor SPSS is nodig: pip install 'mp-eval[spss]'; of sla het op als .xlsx") from None
    try:
        cases, about = pyreadstat.read_sav(path, user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError):
        raise UnreadableError from None
    labels: Mapping[str, Mapping[Any, str]] = about.variable_value_labels
    columns = [[_typed(v, labels.get(name, {}), date_format, decimal) for v in cases[name].tolist()] for name in cases]
    header = [n if table.accepts(n) else about.column_names_to_labels[n] or n for n in cases]
    return [(0, header), *((n, list(cells)) for n, cells in enumerate(zip(*columns, strict=True), 1))]


def _typed(value: object, labels: Mapping[Any, str], date_format: str, decimal: str) -> str:
    if value is None or value != value:  # of a number that is missing SPSS says that it is none
        return ""
    if not isinstance(value, (date, datetime)) and value in labels:
        return labels[value].strip()
    return as_typed(value, date_format, decimal)
