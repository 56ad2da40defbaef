"""SPSS files: the cases as rows of text, with the words that a code stands for. Needs `pip install 'mp-eval[spss]'`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    label too, for the settings to say that it is not known; where it has none it is a blank.

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
    header = [n if table.accepts(n) else about.column_names_to_labels[n] or n for n in cases]
    columns = []
    for name in cases:
        labels, missing = about.variable_value_labels.get(name, {}), about.missing_ranges.get(name, ())
        columns.append([_typed(v, labels, missing, date_format, decimal) for v in cases[name].tolist()])
    return [(0, header), *((n, list(cells)) for n, cells in enumerate(zip(*columns, strict=True), 1))]


def _typed(
    value: Any, labels: Mapping[Any, str], missing: Iterable[Mapping[str, Any]], date_format: str, decimal: str
) -> str:
    if value is None or value != value:  # of a number that is missing SPSS says that it is none
        return ""
    if not isinstance(value, (date, datetime)) and value in labels:
        return labels[value].strip()
    if any(type(value) is type(some["lo"]) and some["lo"] <= value <= some["hi"] for some in missing):
        return ""
    return as_typed(value, date_format, decimal)
