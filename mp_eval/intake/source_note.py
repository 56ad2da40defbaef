"""The note that comes with a delivery, `source.toml`: where it came from, and whether what it says can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from .. import strict
from ..delivered import Source
from ..faults import Fault, FaultsFound, Reason
from ..periods import Period
from . import corrections

NOTE = "source.toml"
LONGEST = 10  # years after a period in which its records may still be taken from their source


def read(folder: Path, where: str) -> tuple[Source | None, list[Fault]]:
    """The note in this folder, which messages call `where`; without one that can be read, why."""
    path, file = folder / NOTE, f"{where}/{NOTE}"
    if not path.is_file():
        return None, [Fault(Reason.NO_SOURCE_NOTE, file)]
    try:
        return strict.read(path, Source, file=file, reason=Reason.SOURCE_NOTE), []
    except FaultsFound as error:
        return None, list(error.faults)


def impossible(source: Source, period: Period) -> Iterator[tuple[str, str]]:
    """The days of a source note that cannot be, and what they should be."""
    if source.extracted < period.start:
        yield "extracted", f"een dag op of na {period.start:%d-%m-%Y}, het begin van de periode"
    if source.extracted.year > period.end.year + LONGEST:
        yield "extracted", f"een dag in of voor {period.end.year + LONGEST}: zo lang na de periode wordt niets geleverd"
    if source.received and source.received < source.extracted:
        yield "received", f"een dag op of na {source.extracted:%d-%m-%Y}, de dag van de uitdraai"
    if source.whole_from and source.whole_from > source.extracted:
        yield "whole_from", f"een dag op of voor {source.extracted:%d-%m-%Y}, de dag van de uitdraai"


def too_early(faults: Iterable[Fault], extracted: date | None, file: str) -> list[Fault]:
    """The day of the extraction itself is doubtful when several tables have days after it."""
    tables = {f.table for f in faults if f.reason is Reason.FUTURE and f.count > 1}  # one may be a slip of the keys
    if len(tables) < 2 or not extracted:
        return []
    expected = f"de dag van de uitdraai; in {len(tables)} tabellen staan dagen daarna"
    return [Fault(Reason.SOURCE_NOTE, file, column="extracted", found=(f"{extracted:%d-%m-%Y}",), expected=expected)]


def other_settings(folder: Path) -> list[str]:
    """Files of settings that have another name than those that are read, such as `correcties.toml`."""
    read_so = (NOTE, corrections.FILE)
    return sorted(p.name for p in folder.iterdir() if p.suffix.lower() == ".toml" and p.name not in read_so)


def changed(source: Source, files: Mapping[str, str], where: str) -> list[Fault]:
    """The files whose digest is not the one in the note."""
    return [
        Fault(
            Reason.CHANGED_FILE,
            f"{where}/{name}",
            found=(f"sha256 {files[name]}",) if name in files else (),
            expected=f"sha256 {digest}",
            note="" if name in files else "het is er niet meer",
        )
        for name, digest in source.sha256.items()
        if files.get(name) != digest.lower()
    ]
