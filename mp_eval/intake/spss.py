"""SPSS files: the cases as rows of text, with the words that a code stands for. Needs `pip install 'mp-eval[spss]'`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .contract import Table
from .excel import LockedError, UnreadableError, as_typed
from .text import Rows

SUFFIX = ".sav"
LOCKED = b"ENCRYPTEDSAV"  # what a file with a password begins with, after its first eight bytes
BEGINNING = datetime(1582, 10, 14)  # SPSS counts the seconds from here
# By the name of a variable's format, without its width. pyreadstat 1.3.7 would give the first days as seconds, and of
# the hours what they are more than a day (36 hours as 12:00): see findings/pyreadstat-hours-beyond-a-day.sh.
DAYS = {"DATE", "ADATE", "EDATE", "JDATE", "SDATE", "MOYR", "QYR", "WKYR", "DATETIME", "YMDHMS"}
HOURS = {"TIME", "DTIME", "MTIME"}


def rows(path: Path, table: Table, *, date_format: str, decimal: str) -> Rows:
    """The header, numbered 0, and the cases, numbered as SPSS does; a code that has a label is its label.

    A variable that the table does not know by its name is called by its label. A time or a duration is its number of
    hours. What was declared missing keeps its
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
        cases, about = pyreadstat.read_sav(path, user_missing=True, disable_datetime_conversion=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError):
        raise UnreadableError from None
    header = [n if table.accepts(n) else about.column_names_to_labels[n] or n for n in cases]
    columns = []
    for name in cases:
        labels, missing = about.variable_value_labels.get(name, {}), about.missing_ranges.get(name, ())
        kind = about.original_variable_types[name].rstrip("0123456789.")
        columns.append([_typed(v, kind, labels, missing, date_format, decimal) for v in cases[name].tolist()])
    return [(0, header), *((n, list(cells)) for n, cells in enumerate(zip(*columns, strict=True), 1))]


def _typed(
    value: Any,
    kind: str,
    labels: Mapping[Any, str],
    missing: Iterable[Mapping[str, Any]],
    date_format: str,
    decimal: str,
) -> str:
    if value is None or value != value:  # of a number that is missing SPSS says that it is none
        return ""
    if value in labels:
        return labels[value].strip()
    if any(type(value) is type(some["lo"]) and some["lo"] <= value <= some["hi"] for some in missing):
        return ""
    if kind in DAYS:
        with suppress(OverflowError):  # of a number that is no day it is left to the checks to say so
            value = BEGINNING + timedelta(seconds=value)
    elif kind in HOURS:
        value = timedelta(seconds=value)
    return as_typed(value, date_format, decimal)
