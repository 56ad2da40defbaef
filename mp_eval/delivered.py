"""What is known of a delivery without opening its tables: its files, its source note, what was counted in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .periods import Period
from .workspace import Workspace

LATE = 92  # days after the end of a period in which records of it still come in
SUMMARY = "delivery.json"
MARKS = "marks.parquet"  # the list that leads from marks back to residents; after intake only the gates read it
IGNORED = re.compile(r"(\..*|~\$.*|thumbs\.db|desktop\.ini|leesmij.*|readme.*|.*\.toml|.*\.md)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """Where a delivery came from: `extracted` is the day up to which the records go, `not_delivered` what is not there.

    A required table that is named there (by its title) is missing on purpose, and its chapters say so.
    """

    producer: str
    extracted: date
    synthetic: bool
    received: date | None = None
    note: str = ""
    sha256: Mapping[str, str] = field(default_factory=dict)
    not_delivered: tuple[str, ...] = ()

    def recorded(self, period: Period) -> Period:
        """The days of the period of which there are records: up to the extraction."""
        return Period(period.start, min(period.end, self.extracted + timedelta(days=1)))

    def is_provisional(self, period: Period) -> bool:
        """Taken from its source before three months after the period were over: late records are still to come."""
        return (self.extracted - period.end).days < LATE


@dataclass(frozen=True)
class Delivered:
    """What was told of a delivery that was taken in.

    Attributes
    ----------
    files, tables
        Digests, by the name of the delivered file and of the stored table.
    counts
        One row a table, as `clean.COUNTS` names its columns.
    unused
        Delivered columns that the contract does not know, in words.
    people
        The digest of the list of residents.
    """

    source: Source
    files: Mapping[str, str]
    tables: Mapping[str, str]
    counts: tuple[Mapping[str, Any], ...]
    unused: tuple[str, ...]
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
    days = {k: date.fromisoformat(given[k]) if given[k] else None for k in ("extracted", "received")}
    source = Source(**{**given, **days, "not_delivered": tuple(given["not_delivered"])})
    counts, unused = tuple(told["counts"]), tuple(told["unused"])
    return Delivered(source, told["files"], told["tables"], counts, unused, told["people"])


def files(workspace: Workspace, period: Period) -> list[Path]:
    """The files of a period's delivery: what was delivered, its source note and its corrections."""
    folder = workspace.raw / period.id
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(p for p in found if p.is_file() and (p.suffix == ".toml" or not IGNORED.fullmatch(p.name)))
