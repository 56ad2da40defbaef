"""One period's delivery, from the files as they came to typed tables: all of it, or all of its faults.

`take_in` reads, `store` writes to `data/processed/PERIOD/`, `load` reads that back. Nothing is written when
anything is wrong. The same delivery gives the same bytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .. import delivered
from ..delivered import SUMMARY, Place, Source
from ..digests import sha256
from ..faults import Fault, FaultsFound, Reason, named
from ..periods import Period
from ..workspace import Workspace
from . import account, check, codelists, corrections, marks, privacy, read, source_note
from .aside import Aside, Why
from .chosen import choose
from .citizen import without_bsn
from .coded import blank, category, coded
from .contract import Contract
from .once import Part, once
from .rows import Left
from .succession import in_succession

TYPES = b"mp_eval.types"  # under which a stored table names its columns, those without a value too
LOSE_ROWS = (Reason.ROW_WIDTH, Reason.SHORT_ROW, Reason.QUOTE, Reason.SWALLOWED)
S = TypeVar("S")
T = TypeVar("T")
COUNTS = ["table", "delivered", "refused", "kept", "corrected", "duplicates", "not_records", "not_chosen"]
COUNTS += ["within", "residents"]  # of the rows that were kept


@dataclass(frozen=True)
class Delivery:
    """A period's typed tables, with what was counted in and out.

    In `tables` residents have marks (see `marks`).
    `counts` has one row a table: delivered = refused + kept, where refused are rows that stand for no row of their own
    (`duplicates`), rows that hold no record (`not_records`: totals, footers, repeated headers) and rows that the
    settings leave out (`not_chosen`); `corrected` counts cells, `within` kept rows of the period and `residents` whose
    those are. `account` tells of each file and sheet.
    """

    period: Period
    source: Source
    tables: Mapping[str, pd.DataFrame]
    counts: pd.DataFrame
    files: Mapping[str, str]  # file name -> sha256
    account: tuple[Place, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Taken(Delivery):
    """A delivery as it was taken in: `people` says whom each mark stands for, which is not loaded again."""

    people: pd.DataFrame


class Refused(FaultsFound):
    """A delivery with faults, and what came of each of its files up to there."""

    def __init__(self, faults: Iterable[Fault], account: Iterable[Place] = ()) -> None:
        super().__init__(faults)
        self.account = tuple(account)


def take_in(workspace: Workspace, contract: Contract, period: Period) -> Taken:
    """Read and check all files of the period's delivery.

    Raises
    ------
    Refused
        With every fault in every file, in the order of the files.
    """
    folder = workspace.raw / period.id
    where = workspace.relative(folder)
    if not folder.is_dir():
        raise Refused([Fault(Reason.NO_DELIVERY, where)])
    source, faults = source_note.read(folder, where)
    if source:
        faults += [
            Fault(Reason.SOURCE_NOTE, f"{where}/{source_note.NOTE}", column=column, expected=expected)
            for column, expected in source_note.impossible(source, period)
        ]
    paths = sorted((p for p in delivered.files(workspace, period) if p.suffix != ".toml"), key=in_succession)
    faults += [Fault(Reason.OTHER_SETTINGS, f"{where}/{name}") for name in source_note.other_settings(folder)]
    names = {p.name: without_bsn(p.name) for p in paths}
    faults += [Fault(Reason.FILE_NAME, where, found=(shown,)) for name, shown in names.items() if shown != name]
    extracted = source.extracted if source else None
    lists, paths = codelists.apart(paths, contract)
    files, sheets, wrong, aside = _read(paths, contract, where, extracted)
    files = dict(sorted({**files, **{path.name: sha256(path) for path in lists}}.items()))
    faults += (source_note.changed(source, files, where) if source else []) + wrong
    faults += _missing(sheets, contract, where, faults, source) + _unlike(sheets)
    delivered_so = sheets
    sheets, corrected, wrong = _corrected(sheets, folder, where, faults)
    faults += wrong
    faults += _put_in(sheets, delivered_so, extracted, faults)
    sheets, wrong = choose(sheets)
    faults += wrong
    chosen = sheets
    sheets, codes, wrong = codelists.apply(sheets, lists, where=where)
    faults += wrong
    faults += _put_in(sheets, chosen, extracted, faults)
    hashes = marks.Hashes()
    tables, left, wrong = _tables(sheets, extracted, faults, hashes)
    faults += wrong + source_note.too_early(wrong, extracted, f"{where}/{source_note.NOTE}")
    aside += [
        Aside(f"{where}/{p.name}", why=Why.FOLDER if p.is_dir() else Why.NOTE)
        for p in delivered.aside(workspace, period)
    ]
    asked = {*(sheet.file for sheet in codes), *(f.file for f in faults)}
    unasked = [f"{where}/{path.name}" for path in lists if f"{where}/{path.name}" not in asked]
    aside += [Aside(file, why=Why.NOT_NEEDED) for file in unasked]
    read_so = list(zip(sheets, corrected, left, strict=True))
    read_so += [(sheet, 0, {}) for sheet in codes]
    places = account.of(
        read_so, aside, faults, paths=[f"{where}/{path.name}" for path in (*paths, *lists)], where=where
    )
    if faults or source is None:
        raise Refused(sorted(_without_echoes(faults, sheets), key=lambda f: f.file), places)
    tables = {t.name: tables[t.name] for t in contract.delivered if t.name in tables}
    counts = pd.DataFrame(account.counts(places, tables, period), columns=COUNTS)
    try:
        tables, people = marks.marked(tables, hashes)
    except marks.SameMarkError:
        raise Refused([Fault(Reason.SAME_MARK, where)], places) from None
    return Taken(period, source, tables, counts, files, places, people=people)


def store(delivery: Taken, workspace: Workspace) -> Path:
    """Replace what was stored of this period; returns the summary, which holds a digest of every table."""
    folder = workspace.processed / delivery.period.id
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(parents=True)
    _each(lambda item: _store(item[1], fresh / f"{item[0]}.parquet"), list(delivery.tables.items()))
    # Each text is there once: nothing to make a dictionary of, and little to compress.
    delivery.people.to_parquet(
        fresh / delivered.MARKS, index=False, use_dictionary=False, compression=None, write_statistics=False
    )
    told = {
        "source": asdict(delivery.source),
        "files": delivery.files,
        "tables": {name: sha256(fresh / f"{name}.parquet") for name in delivery.tables},
        "counts": delivery.counts.to_dict("records"),
        "account": [vars(place) for place in delivery.account],  # as it is: a copy of all row numbers takes longer
        "people": sha256(fresh / delivered.MARKS),
    }
    text = json.dumps(told, ensure_ascii=False, default=date.isoformat)
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
    return Delivery(period, told.source, tables, counts, told.files, told.account)


def _read(
    paths: Sequence[Path], contract: Contract, where: str, extracted: date | None
) -> tuple[dict[str, str], list[read.Sheet], list[Fault], list[Aside]]:
    """The digest of each file, the tables in them, what is wrong with their frames or may not be in them, and what is
    not read.

    The largest file takes longest by far: it is begun first, and digests are made beside it.
    """

    def look(path: Path) -> tuple[read.Found, list[Fault]]:
        found = read.read(path, contract, file=f"{where}/{path.name}")
        return found, [f for sheet in found.sheets for f in privacy.check(sheet, extracted=extracted)]

    by_size = sorted(paths, key=lambda path: path.stat().st_size, reverse=True)
    with ThreadPoolExecutor(max_workers=2) as threads:
        looks = {path: threads.submit(look, path) for path in by_size}
        digests = {path: threads.submit(sha256, path) for path in by_size}
    found = [looks[path].result() for path in paths]
    private = dict.fromkeys(f for _, wrong in found for f in wrong)  # a file that holds two tables is looked at twice
    faults = [f for one, _ in found for f in one.faults] + list(private)
    files = {path.name: digests[path].result() for path in paths}
    return files, [s for one, _ in found for s in one.sheets], faults, [a for one, _ in found for a in one.aside]


def _store(table: pd.DataFrame, path: Path) -> None:
    """One group of rows, so that each word is stored once; nothing reads the statistics; lz4 is the fastest both ways.

    Of a column in which nothing is filled only the type is kept: millions of blanks take as long as millions of dates.
    """
    types = {name: str(column.dtype) for name, column in table.items()}
    empty = [name for name, column in table.items() if not column.notna().any()]
    stored = pa.Table.from_pandas(table.drop(columns=empty), preserve_index=False)
    stored = stored.replace_schema_metadata({**stored.schema.metadata, TYPES: json.dumps(types)})
    pq.write_table(stored, path, row_group_size=max(1, len(table)), write_statistics=False, compression="lz4")


def _loaded(path: Path) -> pd.DataFrame:
    """Words as they are stored: pandas would look at each once more, and forgets of what kind no words were."""
    table = pq.read_table(path)
    words = {f.name: _words(table[f.name]) for f in table.schema if pa.types.is_dictionary(f.type)}
    rest = table.drop_columns(list(words)).to_pandas()
    columns = {
        name: words[name] if name in words else rest[name] if name in rest else blank(dtype, len(table))
        for name, dtype in json.loads(table.schema.metadata[TYPES]).items()
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table)), copy=False)


def _words(column: pa.ChunkedArray) -> pd.Categorical:
    cells = column.combine_chunks()
    codes = cells.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return category(codes, pd.Index(pd.array(cells.dictionary, dtype="str")))


def _put_in(
    sheets: Iterable[read.Sheet], before: Sequence[read.Sheet], extracted: date | None, told: Sequence[Fault]
) -> list[Fault]:
    """Who is named in what corrections or code lists put in: that is judged as what was delivered."""
    changed = [sheet for sheet in sheets if not any(sheet.cells is one.cells for one in before)]
    return [f for sheet in changed for f in privacy.check(sheet, extracted=extracted) if f not in told]


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
    names = ", ".join(t.files[0] for t in contract.delivered)
    for name in source.not_delivered if source else ():
        meant = next((t for t in contract.delivered if t.is_called(name)), None)
        if meant is None or meant.name in held:
            expected = f"{'alleen wat er niet is, met' if meant else 'elk gegeven apart, met'} een naam uit: {names}"
            note = f"{where}/{source_note.NOTE}"
            wrong.append(Fault(Reason.SOURCE_NOTE, note, column="not_delivered", found=(name,), expected=expected))
        else:
            without.add(meant.name)
    lacking = [t for t in contract.delivered if t.required and t.name not in held | told | without]
    absent = [*(source.not_delivered if source and not wrong else ()), *(t.files[0] for t in lacking)]
    line = f"not_delivered = [{', '.join(json.dumps(name, ensure_ascii=False) for name in absent)}]"
    return wrong + [
        replace(
            Fault(Reason.MISSING_TABLE, where, expected=f"een bestand met ‘{t.files[0]}’ in de naam ({t.title})"),
            field=line,
        )
        for t in lacking
    ]


def _unlike(sheets: Iterable[read.Sheet]) -> list[Fault]:
    """Files and sheets of one table whose columns are not those of the first."""
    first: dict[str, read.Sheet] = {}
    faults = []
    for sheet in sheets:
        known = first.setdefault(sheet.table.name, sheet)
        fields, expected = (s.table.fields(s.cells.columns) for s in (sheet, known))
        if fields != expected:
            titles = [", ".join(c.title for c in sheet.table.columns if c.name in some) for some in (fields, expected)]
            fault = Fault(Reason.OTHER_COLUMNS, sheet.file, sheet.sheet, found=(titles[0],), note=sheet.table.title)
            like = f"{titles[1]}, zoals in {named(known.file, known.sheet)}"
            faults.append(replace(fault, expected=like, table=sheet.table.name))
    return faults


def _corrected(
    sheets: list[read.Sheet], folder: Path, where: str, faults: Sequence[Fault]
) -> tuple[list[read.Sheet], list[int], list[Fault]]:
    try:
        listed = corrections.read(folder / corrections.FILE, file=f"{where}/{corrections.FILE}")
    except FaultsFound as error:
        return sheets, [0] * len(sheets), list(error.faults)
    whole = {s.file for s in sheets} - {f.file for f in faults if f.reason in LOSE_ROWS}
    return corrections.apply(sheets, listed, where=where, unread={f.file for f in faults} - whole)


def _tables(
    sheets: Sequence[read.Sheet], extracted: date | None, told: Sequence[Fault], hashes: marks.Hashes
) -> tuple[dict[str, pd.DataFrame], list[Left], list[Fault]]:
    """Typed tables in the order of their keys, of each sheet the rows that are not in them, and every fault."""

    def look(sheet: read.Sheet) -> tuple[pd.DataFrame, list[Fault]]:
        table, wrong = check.check(sheet, extracted=extracted)
        if "resident" in table:
            hashes.of(coded(table["resident"])[1])  # here two tables are hashed at a time
        return table, wrong

    checked = _each(look, sheets)
    faults = [fault for _, wrong in checked for fault in wrong]
    parts = [Part(sheet, table) for sheet, (table, _) in zip(sheets, checked, strict=True)]
    of_table: dict[str, list[int]] = {}
    for n, sheet in enumerate(sheets):
        of_table.setdefault(sheet.table.name, []).append(n)
    unlike = {(f.file, f.sheet) for f in told if f.reason is Reason.OTHER_COLUMNS}
    sound = [
        numbers
        for numbers in of_table.values()
        if not any(checked[n][1] or (sheets[n].file, sheets[n].sheet) in unlike for n in numbers)
    ]
    united = _each(lambda numbers: _united([parts[n] for n in numbers]), sound)
    left: list[Left] = [{} for _ in sheets]
    for numbers, (_, out, wrong) in zip(sound, united, strict=True):
        faults += wrong
        for n, rows in zip(numbers, out, strict=True):
            left[n] = rows
    faults += _unknown_residents(parts, [*told, *faults], hashes)
    return (
        {sheets[numbers[0]].table.name: table for numbers, (table, _, _) in zip(sound, united, strict=True)},
        left,
        faults,
    )


def _united(parts: Sequence[Part]) -> tuple[pd.DataFrame, list[Left], list[Fault]]:
    table, left, faults = once(parts)
    return check.typed(table).reset_index(drop=True), left, faults


def _each(work: Callable[[S], T], of: Sequence[S]) -> list[T]:
    """The work done of each, in their order, two at a time: what works on whole columns leaves Python's lock alone."""
    with ThreadPoolExecutor(max_workers=2) as threads:
        return list(threads.map(work, of))


def _unknown_residents(checked: Sequence[Part], told: Sequence[Fault], hashes: marks.Hashes) -> list[Fault]:
    """Rows about nobody in the residents' file, when that file is there and all its residents could be read."""
    known: list[pd.Index] = []
    for sheet, table in checked:
        if sheet.table.name == "residents":
            if any(_hides_residents(f, sheet) for f in told):
                return []
            known.append(coded(table["resident"])[1])
    others = [(s, t) for s, t in checked if s.table.name != "residents" and any(map(len, known))]
    return [f for s, t in others for f in check.unknown_residents(t, s, known, hashes)]


def _hides_residents(fault: Fault, sheet: read.Sheet) -> bool:
    if (fault.file, fault.sheet) != (sheet.file, sheet.sheet) or fault.reason is Reason.DUPLICATE_KEY:
        return False
    return fault.reason in LOSE_ROWS or sheet.table.column("resident").accepts(fault.column)


def _without_echoes(faults: Sequence[Fault], sheets: Sequence[read.Sheet]) -> list[Fault]:
    """The faults without those in the cells of a column that may not be delivered at all, or of what is made of it."""
    made = {(f.file, f.sheet, privacy.MADE_OF[f.reason]) for f in faults if f.reason in privacy.MADE_OF}
    faults = [f for f in faults if f.reason is not Reason.MISSING_COLUMN or (f.file, f.sheet, f.field) not in made]
    refused = {
        (s.file, s.sheet, c.title)
        for f in faults
        for s in sheets
        for c in s.table.columns
        if f.reason in privacy.OPTIONS and (f.file, f.sheet) == (s.file, s.sheet) and c.accepts(f.column)
    }
    return [f for f in faults if f.reason in privacy.OPTIONS or (f.file, f.sheet, f.column) not in refused]
