"""What is known of a delivery without opening its tables: its files, its source note, what was counted in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .periods import Period
from .workspace import Workspace

LATE = 92  # days after the end of a period in which records of it still come in
SUMMARY = "delivery.json"
MARKS = "marks.parquet"  # the list that leads from marks back to residents; after intake only the gates read it
SYSTEM = re.compile(r"\..*|~\$.*|thumbs\.db|desktop\.ini|__macosx", re.IGNORECASE)
NOTE = re.compile(r"leesmij.*|readme.*|.*\.md", re.IGNORECASE)
TABLE = re.compile(r"[^.~].*\.(csv|xlsx?|xlsb|ods|sav)", re.IGNORECASE)
IGNORED = re.compile(rf"{SYSTEM.pattern}|{NOTE.pattern}|.*\.toml", re.IGNORECASE)


Ranges = tuple[tuple[int, int], ...]  # the first and last of each stretch of row numbers


@dataclass(frozen=True)
class Source:
    """Where a delivery came from: `extracted` is the day up to which the records go, `not_delivered` what is not there.

    A required table that is named there (as a file of it may be) is missing on purpose, and its chapters say so. From
    the day `whole_from` on the register of benefits holds everybody whose benefit began, also who has left.
    """

    producer: str
    extracted: date
    synthetic: bool
    received: date | None = None
    note: str = ""
    sha256: Mapping[str, str] = field(default_factory=dict)
    not_delivered: tuple[str, ...] = ()
    whole_from: date | None = None

    def recorded(self, period: Period) -> Period:
        """The days of the period of which there are records: up to the extraction."""
        return Period(period.start, min(period.end, self.extracted + timedelta(days=1)))

    def is_provisional(self, period: Period) -> bool:
        """Taken from its source before three months after the period were over: late records are still to come."""
        return (self.extracted - period.end).days < LATE


# Tables that list events, each with the day of it: of these a row is of a period or not.
EVENTS = {
    "conversations": "date",
    "activities": "start",
    "trajectories": "start",
    "outflow": "date",
    "ladder": "date",
}


@dataclass(frozen=True)
class Place:
    """What came of a file, a sheet or a folder of a delivery.

    Attributes
    ----------
    table
        The table that was read from it; '' when it was not read, and then `why` says why not (`intake.account.Why`).
    rows, used, left
        All its rows, those of the table, and the others by kind (`intake.rows.Kind`) as first and last of each stretch
        of row numbers. `rows` is `used` and all that are `left`; of a sheet that was not read, those with something.
    cells, corrected
        Filled cells in rows that hold a record, and how many of them were corrected.
    hidden_rows, hidden_columns
        What is read though it is hidden: rows as in `left`, columns by their letters.
    sees_all
        Whether errors in cells and hidden parts would have been seen in this kind of file.
    times
        Dates that have a time, of which only the day is used.
    unused
        Columns that the contract does not know, as a message may name them.
    lacking
        Columns of the contract that may be missing and are, where some are not known: one may go by another name.
    nowhere
        What rows were to be chosen by (`where` in the settings) and stands in no row.
    """

    file: str
    sheet: str = ""
    table: str = ""
    why: str = ""
    rows: int = 0
    used: int = 0
    cells: int = 0
    corrected: int = 0
    left: Mapping[str, Ranges] = field(default_factory=dict)
    hidden_rows: Ranges = ()
    hidden_columns: tuple[str, ...] = ()
    sees_all: bool = True
    times: int = 0
    unused: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()

    def count(self, *kinds: str) -> int:
        """How many rows were left out, of these kinds or of all."""
        return sum(last - first + 1 for kind in kinds or self.left for first, last in self.left.get(kind, ()))


@dataclass(frozen=True)
class Delivered:
    """What was told of a delivery that was taken in.

    Attributes
    ----------
    files, tables
        Digests, by the name of the delivered file and of the stored table.
    counts
        One row a table, as `clean.COUNTS` names its columns.
    account
        What came of each file, sheet and folder.
    people
        The digest of the list of residents.
    """

    source: Source
    files: Mapping[str, str]
    tables: Mapping[str, str]
    counts: tuple[Mapping[str, Any], ...]
    account: tuple[Place, ...]
    people: str


def summary(workspace: Workspace, period: Period) -> Path:
    """Where it is told what was taken in of a period's delivery; the tables lie beside it."""
    return workspace.processed / period.id / SUMMARY


def read(workspace: Workspace, period: Period) -> Delivered:
    """What was told of the delivery when it was taken in.

    Raises
    ------
    OSError
        When none was.
    """
    told = json.loads(summary(workspace, period).read_text(encoding="utf-8"))
    given = told["source"]
    days = {k: date.fromisoformat(given[k]) if given[k] else None for k in ("extracted", "received", "whole_from")}
    source = Source(**{**given, **days, "not_delivered": tuple(given["not_delivered"])})
    counts = tuple(told["counts"])
    account = tuple(_place(place) for place in told["account"])
    return Delivered(source, told["files"], told["tables"], counts, account, told["people"])


def _place(stored: Mapping[str, Any]) -> Place:
    """A place as it was stored."""
    place = Place(**stored)
    return replace(
        place,
        left={kind: _ranges(found) for kind, found in place.left.items()},
        hidden_rows=_ranges(place.hidden_rows),
        hidden_columns=tuple(place.hidden_columns),
        unused=tuple(place.unused),
        lacking=tuple(place.lacking),
        nowhere=tuple(place.nowhere),
    )


def _ranges(stored: Iterable[Iterable[int]]) -> Ranges:
    return tuple(map(tuple, stored))  # type: ignore[arg-type]  # pairs, of which there may be very many


def files(workspace: Workspace, period: Period) -> list[Path]:
    """The files of a period's delivery: what was delivered, its source note and its corrections."""
    folder = workspace.raw / period.id
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(p for p in found if p.is_file() and (p.suffix == ".toml" or not IGNORED.fullmatch(p.name)))


def is_empty(workspace: Workspace, period: Period) -> bool:
    """Whether nothing was delivered yet: there is no folder, or no more in it than notes."""
    return all(path.suffix == ".toml" for path in files(workspace, period))


def awaited(workspace: Workspace) -> list[tuple[Period, bool]]:
    """The periods whose delivery is awaited, and of each whether nothing came yet; else it came with faults."""
    return [(p, is_empty(workspace, p)) for p in workspace.every_period if p.id in workspace.awaited]


def astray(workspace: Workspace) -> list[Path]:
    """What lies where no delivery is read: files and folders beside the folders of the periods, tables further up."""
    kept = workspace.register, workspace.ambitions, workspace.facts, workspace.contract
    known = {*kept, *(workspace.raw / p.id for p in workspace.every_period)}
    ours = re.compile(rf"{SYSTEM.pattern}|{NOTE.pattern}", re.IGNORECASE)
    beside = [p for p in workspace.raw.glob("*") if p not in known and not ours.fullmatch(p.name)]
    above = [
        p for folder in (workspace.raw.parent, workspace.root) for p in folder.glob("*") if TABLE.fullmatch(p.name)
    ]
    return sorted(beside) + sorted(above)


def aside(workspace: Workspace, period: Period) -> list[Path]:
    """What lies beside the files of a delivery and is told of: its folders and its notes; not what a system leaves."""
    folder = workspace.raw / period.id
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(p for p in found if not SYSTEM.fullmatch(p.name) and (p.is_dir() or NOTE.fullmatch(p.name)))
