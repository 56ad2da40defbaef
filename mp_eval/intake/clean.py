"""One period's delivery, from the files as they came to typed tables: all of it, or all of its faults.

`take_in` reads, `store` writes to `data/processed/PERIOD/`, `load` reads that back. Nothing is written when
anything is wrong. The same delivery gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .. import delivered
from ..delivered import SUMMARY, Source
from ..digests import sha256
from ..faults import Fault, FaultsFound, Reason
from ..periods import Period
from ..workspace import Workspace, read_toml
from . import check, codelists, corrections, marks, privacy, read
from .coded import category, coded
from .contract import Contract

SOURCE_NOTE = "source.toml"
PRIVATE = (Reason.BSN, Reason.NAME, Reason.BIRTH_DATE)
LOSE_ROWS = (Reason.ROW_WIDTH, Reason.SHORT_ROW, Reason.QUOTE)
S = TypeVar("S")
T = TypeVar("T")
COUNTS = ["table", "delivered", "refused", "kept", "corrected", "duplicates", "not_records"]


@dataclass(frozen=True)
class Delivery:
    """A period's typed tables, with what was counted in and out.

    In `tables` residents have marks (see `marks`), and `people` says whom each stands for; it is not loaded again.
    `counts` has one row a table: delivered = refused + kept, where refused are identical rows (`duplicates`) and
    rows that hold no record (`not_records`: totals, footers, repeated headers); `corrected` counts cells.
    """

    period: Period
    source: Source
    tables: Mapping[str, pd.DataFrame]
    counts: pd.DataFrame
    files: Mapping[str, str]  # file name -> sha256
    unused: tuple[str, ...] = ()  # delivered columns that the contract does not know, in words
    people: pd.DataFrame | None = field(default=None, compare=False)


def take_in(workspace: Workspace, contract: Contract, period: Period) -> Delivery:
    """Read and check all files of the period's delivery.

    Raises
    ------
    FaultsFound
        With every fault in every file, in the order of the files.
    """
    folder = workspace.raw / period.id
    where = workspace.relative(folder)
    if not folder.is_dir():
        raise FaultsFound([Fault(Reason.NO_DELIVERY, where)])
    source, faults = _source(folder, where)
    if source and source.extracted < period.start:
        expected = f"een dag op of na {period.start:%d-%m-%Y}, het begin van de periode"
        note = f"{where}/{SOURCE_NOTE}"
        faults.append(Fault(Reason.SOURCE_NOTE, note, column="extracted", expected=expected))
    paths = sorted(p for p in folder.iterdir() if p.is_file() and not delivered.IGNORED.fullmatch(p.name))
    extracted = source.extracted if source else None
    lists, paths = codelists.apart(paths, contract)
    files, sheets, wrong = _read(paths, contract, where, extracted)
    files = dict(sorted({**files, **{path.name: sha256(path) for path in lists}}.items()))
    faults += (_changed(source, files, where) if source else []) + wrong
    faults += _missing(sheets, contract, where, faults, source) + _twice(sheets)
    sheets, corrected, wrong = _corrected(sheets, folder, where, faults)
    faults += wrong
    sheets, wrong = codelists.apply(sheets, lists, where=where)
    faults += wrong
    tables, counts, wrong = _tables(sheets, corrected, extracted, faults)
    faults += wrong
    if faults or source is None:
        raise FaultsFound(sorted(_without_echoes(faults, sheets), key=lambda f: f.file))
    tables = {t.name: tables[t.name] for t in contract.delivered if t.name in tables}
    unused = tuple(column for sheet in sheets for column in check.unused(sheet))
    tables, people = marks.marked(tables)
    return Delivery(period, source, tables, counts, files, unused, people)


def store(delivery: Delivery, workspace: Workspace) -> Path:
    """Replace what was stored of this period; returns the summary, which holds a digest of every table."""
    folder = workspace.processed / delivery.period.id
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(parents=True)
    _each(lambda item: _store(item[1], fresh / f"{item[0]}.parquet"), list(delivery.tables.items()))
    if delivery.people is not None:
        _store(delivery.people, fresh / delivered.MARKS)
    told = {
        "source": asdict(delivery.source),
        "files": delivery.files,
        "tables": {name: sha256(fresh / f"{name}.parquet") for name in delivery.tables},
        "counts": delivery.counts.to_dict("records"),
        "unused": delivery.unused,
        "people": sha256(fresh / delivered.MARKS),
    }
    text = json.dumps(told, indent=1, ensure_ascii=False, default=date.isoformat)
    (fresh / SUMMARY).write_text(text + "\n", encoding="utf-8", newline="\n")
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return folder / SUMMARY


def load(workspace: Workspace, period: Period) -> Delivery:
    """What was stored of this period's delivery.

    Raises
    ------
    OSError
        When nothing was.
    """
    told = delivered.read(workspace, period)
    folder = workspace.processed / period.id
    loaded = _each(lambda name: _loaded(folder / f"{name}.parquet"), list(told.tables))
    tables = dict(zip(told.tables, loaded, strict=True))
    counts = pd.DataFrame(list(told.counts), columns=COUNTS)
    return Delivery(period, told.source, tables, counts, told.files, told.unused)


def _read(
    paths: Sequence[Path], contract: Contract, where: str, extracted: date | None
) -> tuple[dict[str, str], list[read.Sheet], list[Fault]]:
    """The digest of each file, the tables in them, and what is wrong with their frames or may not be in them.

    The largest file takes longest by far: it is begun first, and digests are made beside it.
    """

    def look(path: Path) -> tuple[list[read.Sheet], list[Fault], list[Fault]]:
        sheets, faults = read.read(path, contract, file=f"{where}/{path.name}")
        return sheets, faults, [f for sheet in sheets for f in privacy.check(sheet, extracted=extracted)]

    by_size = sorted(paths, key=lambda path: path.stat().st_size, reverse=True)
    with ThreadPoolExecutor(max_workers=2) as threads:
        looks = {path: threads.submit(look, path) for path in by_size}
        digests = {path: threads.submit(sha256, path) for path in by_size}
    found = [looks[path].result() for path in paths]
    faults = [f for _, wrong, _ in found for f in wrong] + [f for _, _, private in found for f in private]
    files = {path.name: digests[path].result() for path in paths}
    return files, [sheet for sheets, _, _ in found for sheet in sheets], faults


def _store(table: pd.DataFrame, path: Path) -> None:
    """One group of rows, so that each word is stored once; nothing reads the statistics."""
    table.to_parquet(path, index=False, row_group_size=max(1, len(table)), write_statistics=False)


def _loaded(path: Path) -> pd.DataFrame:
    """Words as they are stored: pandas would look at each once more, and forgets of what kind no words were."""
    table = pq.read_table(path)
    words = {f.name: _words(table[f.name]) for f in table.schema if pa.types.is_dictionary(f.type)}
    rest = table.drop_columns(list(words)).to_pandas()
    columns = {name: words[name] if name in words else rest[name] for name in table.column_names}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table)), copy=False)


def _words(column: pa.ChunkedArray) -> pd.Categorical:
    cells = column.combine_chunks()
    codes = cells.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return category(codes, pd.Index(pd.array(cells.dictionary, dtype="str")))


def _source(folder: Path, where: str) -> tuple[Source | None, list[Fault]]:
    path, file = folder / SOURCE_NOTE, f"{where}/{SOURCE_NOTE}"
    if not path.is_file():
        return None, [Fault(Reason.NO_SOURCE_NOTE, file)]
    try:
        return read_toml(Source, tomllib.loads(path.read_text(encoding="utf-8-sig")), file, Reason.SOURCE_NOTE), []
    except FaultsFound as error:
        return None, list(error.faults)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Fault(Reason.SOURCE_NOTE, file, found=(str(error),))]


def _changed(source: Source, files: Mapping[str, str], where: str) -> list[Fault]:
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


def _missing(
    sheets: Sequence[read.Sheet], contract: Contract, where: str, faults: Sequence[Fault], source: Source | None
) -> list[Fault]:
    """Required tables that no file holds; a file that could not be read is told already, and may hold one.

    What the source note says is not delivered may be missing, and may not be there.
    """
    held = {s.table.name for s in sheets}
    told = {t.name for f in faults for t in contract.delivered if t.matches(Path(f.file).stem) or t.matches(f.sheet)}
    wrong: list[Fault] = []
    without: set[str] = set()
    titles = ", ".join(t.title.lower() for t in contract.delivered)
    for name in source.not_delivered if source else ():
        meant = next((t for t in contract.delivered if name.casefold() == t.title.casefold()), None)
        if meant is None or meant.name in held:
            expected = f"alleen wat er niet is, met een naam uit: {titles}" if meant else f"een naam uit: {titles}"
            note = f"{where}/{SOURCE_NOTE}"
            wrong.append(Fault(Reason.SOURCE_NOTE, note, column="not_delivered", found=(name,), expected=expected))
        else:
            without.add(meant.name)
    return wrong + [
        Fault(Reason.MISSING_TABLE, where, expected=f"een bestand met ‘{t.files[0]}’ in de naam ({t.title})")
        for t in contract.delivered
        if t.required and t.name not in held | told | without
    ]


def _twice(sheets: Iterable[read.Sheet]) -> list[Fault]:
    places: dict[str, list[str]] = {}
    for sheet in sheets:
        places.setdefault(sheet.table.title, []).append(f"{sheet.file} {sheet.sheet}".strip())
    return [Fault(Reason.TWO_FILES, p[0], note=title, found=tuple(p)) for title, p in places.items() if len(p) > 1]


def _corrected(
    sheets: list[read.Sheet], folder: Path, where: str, faults: Sequence[Fault]
) -> tuple[list[read.Sheet], dict[str, int], list[Fault]]:
    try:
        listed = corrections.read(folder / corrections.FILE, file=f"{where}/{corrections.FILE}")
    except FaultsFound as error:
        return sheets, {}, list(error.faults)
    whole = {s.file for s in sheets} - {f.file for f in faults if f.reason in LOSE_ROWS}
    return corrections.apply(sheets, listed, where=where, unread={f.file for f in faults} - whole)


def _tables(
    sheets: Sequence[read.Sheet], corrected: Mapping[str, int], extracted: date | None, told: Sequence[Fault]
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, list[Fault]]:
    """Typed tables in the order of their keys, what was counted in and out, and every fault."""
    checked: list[tuple[read.Sheet, pd.DataFrame]] = []
    counts, faults = [], []
    judged = _each(lambda sheet: _judged(sheet, extracted), sheets)
    for sheet, (table, duplicates, wrong) in zip(sheets, judged, strict=True):
        faults += wrong
        aside = sum(sheet.skipped.values())
        checked.append((sheet, table))
        counts.append(
            {
                "table": sheet.table.name,
                "delivered": len(sheet.cells) + aside,
                "refused": duplicates + aside,
                "kept": len(table),
                "corrected": corrected.get(sheet.table.name, 0),
                "duplicates": duplicates,
                "not_records": aside,
            }
        )
    faults += _unknown_residents(checked, [*told, *faults])
    plain = _each(lambda found: check.typed(found[1]).reset_index(drop=True), checked)
    tidy = {sheet.table.name: table for (sheet, _), table in zip(checked, plain, strict=True)}
    return tidy, pd.DataFrame(counts, columns=COUNTS).sort_values("table", ignore_index=True), faults


def _judged(sheet: read.Sheet, extracted: date | None) -> tuple[pd.DataFrame, int, list[Fault]]:
    """The checked table without rows delivered twice, how many those were, and every fault."""
    table, faults = check.check(sheet, extracted=extracted)
    return (table, 0, faults) if faults else check.duplicate_keys(table, sheet)


def _each(work: Callable[[S], T], of: Sequence[S]) -> list[T]:
    """The work done of each, in their order, two at a time: what works on whole columns leaves Python's lock alone."""
    with ThreadPoolExecutor(max_workers=2) as threads:
        return list(threads.map(work, of))


def _unknown_residents(checked: Sequence[tuple[read.Sheet, pd.DataFrame]], told: Sequence[Fault]) -> list[Fault]:
    """Rows about nobody in the residents' file, when that file is there and all its residents could be read."""
    known = pd.Index([], dtype="str")
    for sheet, table in checked:
        if sheet.table.name == "residents":
            if any(_hides_residents(f, sheet) for f in told):
                return []
            known = known.append(coded(table["resident"])[1])
    referring = [(s, t) for s, t in checked if s.table.refers_to_residents and len(known)]
    return [f for s, t in referring for f in check.unknown_residents(t, s, known)]


def _hides_residents(fault: Fault, sheet: read.Sheet) -> bool:
    if (fault.file, fault.sheet) != (sheet.file, sheet.sheet) or fault.reason is Reason.DUPLICATE_KEY:
        return False
    return fault.reason in LOSE_ROWS or sheet.table.column("resident").accepts(fault.column)


def _without_echoes(faults: Sequence[Fault], sheets: Sequence[read.Sheet]) -> list[Fault]:
    """The faults without those in the cells of a column that may not be delivered at all."""
    refused = {
        (s.file, s.sheet, c.title)
        for f in faults
        for s in sheets
        for c in s.table.columns
        if f.reason in PRIVATE and (f.file, f.sheet) == (s.file, s.sheet) and c.accepts(f.column)
    }
    return [f for f in faults if f.reason in PRIVATE or (f.file, f.sheet, f.column) not in refused]
