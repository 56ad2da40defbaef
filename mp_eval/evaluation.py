"""What a notebook has: protected measures, how they agree with what was published, and where they came from.

`current` gives it to a notebook. A notebook about one period gets what is of that period and nothing else, so that
its page depends on nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from . import ambitions, delivered, spoken, tidy
from . import workspace as places
from .ambitions import Ambition
from .delivered import Place, Source
from .digests import of, sha256
from .disclosure import intake, rules
from .faults import Fault, FaultsFound
from .periods import WHOLE, Period, parse
from .programme import Programme
from .register import Figure
from .steps import write
from .workspace import Run, Workspace

FOLDER, FIGURES, AMBITIONS = "evaluation", "figures.parquet", "ambitions.json"
MEASURES, RECONCILIATION, KNOWN = "measures.parquet", "reconciliation.parquet", "known.json"
PARTS = "parts.json"  # the keys of all parts, the mark of what they were worked out of, and which periods are awaited


@dataclass(frozen=True)
class Received:
    """What is told of a period's delivery: its source, its files, what was counted and what came of each file.

    `files` are digests by name; in public these are empty.
    """

    source: Source
    files: Mapping[str, str]
    counts: pd.DataFrame
    account: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """All that a notebook may use. `measures` is protected; nothing here is about one person.

    `known` are the hidden numbers (period, measure, breakdown, category, date of a stock) that earlier publications
    give away whatever is hidden here. `ambitions` is None when the municipality keeps no file of them.
    """

    workspace: Workspace
    measures: pd.DataFrame
    reconciliation: pd.DataFrame
    figures: tuple[Figure, ...]
    received: Mapping[str, Received]
    faulty: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)
    known: tuple[tuple[str, ...], ...] = ()
    ambitions: tuple[Ambition, ...] | None = ()
    _keys: Mapping[str, str] = field(default_factory=dict, init=False)  # those that were stored, so not of a `replace`

    def period(self, key: str) -> Period:
        """A period that could be evaluated.

        Raises
        ------
        KeyError
            When there is no such period.
        FaultsFound
            When its delivery has faults.
        """
        if key in self.faulty:
            raise FaultsFound(self.faulty[key])
        return self.workspace.period(key)

    @property
    def programme(self) -> Programme:
        """What the municipality chose of its programme."""
        return self.workspace.settings.programme

    @cached_property
    def whole(self) -> tuple[Period, ...]:
        """The union of all periods but those that are awaited.

        Raises
        ------
        FaultsFound
            When the delivery of any of them has faults: a total without it would be wrong.
        """
        if not self.is_whole:
            raise FaultsFound(f for p in self.workspace.periods for f in self.faulty.get(p.id, ()))
        return self.workspace.whole

    @property
    def is_whole(self) -> bool:
        """Whether every period could be evaluated that is not awaited."""
        return not any(p.id in self.faulty for p in self.workspace.periods)

    def days(self, key: str) -> tuple[Period, ...]:
        """The days of a period, or of all together (`WHOLE`), as pieces; raises as `period` and `whole` do."""
        return self.whole if key == WHOLE else (self.period(key),)

    def wording(self, key: str) -> str:
        """A period, or all together, as a report would call it."""
        return " en ".join(p.wording() for p in self.days(key))

    def deliveries(self, key: str) -> tuple[Received, ...]:
        """What was received for a period, or for all together."""
        return tuple(r for k, r in self.received.items() if key in (k, WHOLE, ""))

    def extracted(self, key: str) -> date:
        """The day up to which the records of a period go; its last day when there are none."""
        last = self.days(key)[-1].end - timedelta(days=1)
        return max((r.source.extracted for r in self.deliveries(key)), default=last)

    def known_days(self, key: str) -> tuple[Period, ...]:
        """The days of a period, or of all together, and those after it up to the day of the extraction."""
        *earlier, last = self.days(key)
        known = (self.extracted(key) or last.start) + timedelta(days=1)
        return (*earlier, Period(last.start, max(last.end, known)))

    def stock_days(self, key: str) -> set[str]:
        """The days (ISO) on which the delivery of a period counts who is on benefit; of all together those of each."""
        stocks = tidy.pick(self.measures, measure="on_benefit")
        keys = [p.id for p in self.workspace.periods] if key == WHOLE else [key]
        return {*stocks.loc[stocks["period"].isin(keys), "as_of"]}

    def of(self, key: str) -> Evaluation:
        """What is of this period alone: its measures, its delivery, and the published figures that are about it.

        See `period` for what it raises.
        """
        when = self.period(key)
        measured = tidy.pick(self.measures, period=key)
        about = {when.iso, *self.stock_days(key)}
        lines = self.reconciliation[self.reconciliation["when"].isin(about)]
        used = {name for names in lines["figures"] for name in names.split()}
        settings = self.workspace.settings
        own = tuple(p for p in settings.periods if p.id == key)
        about_it = replace(settings, periods=own, intake={}, run=Run())
        part = Evaluation(
            workspace=replace(self.workspace, settings=about_it, awaited=()),
            measures=measured.reset_index(drop=True),
            reconciliation=lines.reset_index(drop=True),
            figures=tuple(f for f in self.figures if f.id in used or _covers(f, when)),
            received={k: r for k, r in self.received.items() if k == key},
            ambitions=self.ambitions and tuple(a for a in self.ambitions if a.is_about(self.known_days(key))),
        )
        return part._with({"": self._keys[key]} if key in self._keys else {})

    @cached_property
    def key(self) -> str:
        """The digest of all that it holds: a page made of another evaluation with this key is the same page."""
        if "" in self._keys:
            return self._keys[""]
        frames = [self.measures, self.reconciliation]
        received = {
            k: [asdict(r.source), dict(r.files), r.counts.to_csv(), repr(r.account)] for k, r in self.received.items()
        }
        said = [repr(self.figures), received, self.known, repr(self.ambitions)]
        return of([_set(self.workspace), [f.to_csv(index=False) for f in frames], *said])

    def _with(self, keys: Mapping[str, str]) -> Evaluation:
        object.__setattr__(self, "_keys", keys)
        return self

    def times_counted(self, measure: str) -> list[float] | tidy.Hidden:
        """How many residents are counted in one, two, … of the periods; `tidy.HIDDEN` when any of it is."""
        times = range(1, len(self.workspace.periods) + 1)
        counts = [tidy.number(self.measures, WHOLE, measure, "times_counted", str(n)) for n in times]
        return tidy.all_shown([0.0 if c is None else c for c in counts])

    def too_few(self, count: float) -> bool:
        """Whether a count of residents that is worked out here, from numbers that are shown, may not be told."""
        settings = self.workspace.settings.disclosure
        return not settings.internal and rules.is_small(abs(count), threshold=settings.threshold)

    @property
    def is_rounded(self) -> bool:
        """Whether counts are shown as multiples of five, so that sums need not agree."""
        settings = self.workspace.settings.disclosure
        return not settings.internal and settings.method != "hide"

    @property
    def is_internal(self) -> bool:
        return self.workspace.settings.disclosure.internal


class InputChanged(Exception):
    """A file, a setting or the code changed while a run was going on: its pages would not agree."""


def current(period: str = "") -> Evaluation:
    """The evaluation of the workspace that a notebook runs in: of one period, or (without one, or `WHOLE`) of all.

    It is brought up to date first, unless a run has done so already.

    Raises
    ------
    InputChanged
        In a run of all pages, when the input is no longer what the run began with.
    KeyError
        When there is no such period, or when the page is about another one.
    FaultsFound
        When settings, contract, register or the period's delivery have faults.
    """
    workspace = places.find()
    about, is_run, key = os.environ.get(places.PART_VARIABLE, "").partition("=")
    if not is_run:
        from .evaluate import evaluate

        found = evaluate(workspace)
        return found.of(period) if period not in ("", WHOLE) else found
    found = load(workspace)
    found = found.of(about) if about else found
    if found.key != key:
        raise InputChanged("de invoer is veranderd tijdens het maken van de pagina's; start mp-eval run opnieuw")
    if period and about and period != about:
        raise KeyError(f"deze pagina gaat over {about}, niet over {period}")
    return found.of(period) if period not in ("", WHOLE) and not about else found


HELD = 4  # workspaces, which one warm process may serve in turn
_held: dict[str, Evaluation] = {}  # what was read beforehand, by its key


def hold(workspace: Workspace) -> None:
    """Read it before the forks that need it: the first time that each loads exactly this, it is there.

    It starts no thread.

    Raises
    ------
    OSError
        When none was stored.
    """
    if (found := load(workspace))._keys:
        _held[found.key] = found
    spoken.speak({})  # its words are spoken where it is loaded
    for key in [*_held][:-HELD]:
        del _held[key]


def load(workspace: Workspace, *, faulty: Mapping[str, tuple[Fault, ...]] | None = None) -> Evaluation:
    """The evaluation as it was stored. What its key is was stored too, and holds for exactly the same files.

    Raises
    ------
    OSError
        When none was.
    """
    awaited = _parts(workspace.processed / FOLDER).get("awaited", ())
    return _load(workspace.without(awaited), faulty or {})


def _load(workspace: Workspace, without: Mapping[str, tuple[Fault, ...]]) -> Evaluation:
    spoken.speak(workspace.settings.words, workspace.settings.municipality.language)
    folder = workspace.processed / FOLDER
    kept, mark = _parts(folder), _mark(workspace, without)
    keys = kept["keys"] if kept.get("mark") == mark else {}
    if keys and (held := _held.pop(keys[""], None)):
        return replace(held, workspace=workspace, faulty=without)._with(keys)
    found = Evaluation(
        workspace=workspace,
        measures=_table(folder / MEASURES),
        reconciliation=_table(folder / RECONCILIATION),
        figures=from_table(_table(folder / FIGURES)),
        received={
            p.id: _received(workspace, p) for p in workspace.periods if p.id not in without and workspace.has_records(p)
        },
        faulty=without,
        ambitions=_noted(folder / AMBITIONS, workspace),
        known=tuple(tuple(name) for name in json.loads((folder / KNOWN).read_text(encoding="utf-8"))),
    )
    is_of_these = mark == _mark(workspace, without)  # also when somebody wrote in between
    return found._with(keys) if is_of_these else found


def store_parts(workspace: Workspace, path: Path, periods: Iterable[Period]) -> None:
    """Keep the key of each of these periods and, under '', of everything; and which periods are awaited."""
    without: dict[str, tuple[Fault, ...]] = {p.id: () for p in workspace.periods if p not in periods}
    found = _load(workspace, without)
    keys = {p.id: found.of(p.id).key for p in periods} | {"": found.key}
    kept = {"mark": _mark(workspace, without), "keys": keys, "awaited": workspace.awaited}
    write(path, json.dumps(kept, indent=1) + "\n")


def _parts(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / PARTS).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _table(path: Path) -> pd.DataFrame:
    """A table as it was stored, read without a thread: a process that has more than one makes no sound fork."""
    with path.open("rb") as file:
        stored = pq.ParquetFile(pa.BufferReader(file.read()))
    return stored.read(use_threads=False).to_pandas(use_threads=False)


def _mark(workspace: Workspace, without: Container[str]) -> str:
    """The digest of the files and settings that an evaluation is read from."""
    folder = workspace.processed / FOLDER
    paths = [folder / name for name in (MEASURES, RECONCILIATION, FIGURES, AMBITIONS, KNOWN)]
    paths += [delivered.summary(workspace, p) for p in workspace.periods if p.id not in without]
    return of([_set(workspace), [sha256(path) if path.is_file() else "" for path in paths]])


def _set(workspace: Workspace) -> str:
    """The settings that a page may depend on, and which periods are awaited."""
    return repr((replace(workspace.settings, intake={}, run=Run()), workspace.awaited))


def to_table(figures: tuple[Figure, ...]) -> pd.DataFrame:
    """The register's figures as a table that can be stored; `from_table` reads it back."""
    rows = [
        {
            **asdict(f),
            "when": _iso(f.when),
            "compared": "" if f.compared is None else _iso(f.compared),
            "categories": "|".join(f.categories),
        }
        for f in figures
    ]
    kinds = dict.fromkeys(Figure.__dataclass_fields__, "str") | {
        "page": "Int64", "value": "Float64", "upper": "Float64", "is_percent": "bool"
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def from_table(table: pd.DataFrame) -> tuple[Figure, ...]:
    """The figures of `to_table`."""
    return tuple(_figure({k: None if pd.isna(v) else v for k, v in row.items()}) for row in table.to_dict("records"))


def _figure(row: dict[str, Any]) -> Figure:
    row["when"] = _moment(row["when"])
    row["compared"] = _moment(row["compared"]) if row["compared"] else None
    row["categories"] = tuple(row["categories"].split("|")) if row["categories"] else ()
    row["page"] = None if row["page"] is None else int(row["page"])
    return Figure(**row)


def _iso(when: Period | date) -> str:
    return when.iso if isinstance(when, Period) else when.isoformat()


def _moment(iso: str) -> Period | date:
    return parse(iso) if "/" in iso else date.fromisoformat(iso)


def _received(workspace: Workspace, period: Period) -> Received:
    """What is told of a delivery; in public without numbers and digests (see `intake`)."""
    told = delivered.read(workspace, period)
    counts = pd.DataFrame(list(told.counts))
    if workspace.settings.disclosure.internal:
        return Received(told.source, told.files, counts, told.account)
    account = intake.hide_account(told.account)
    source, files = intake.hide_source(told.source), intake.hide_files(told.files, account)
    return Received(source, files, intake.hide(counts), account)


def _noted(path: Path, workspace: Workspace) -> tuple[Ambition, ...] | None:
    """The ambitions; in public without a note that holds a number, which nothing protects."""
    found = ambitions.from_json(path.read_text(encoding="utf-8"))
    if found is None or workspace.settings.disclosure.internal:
        return found
    return tuple(replace(a, note="") if any(c.isdigit() for c in a.note) else a for a in found)


def _covers(figure: Figure, when: Period) -> bool:
    return isinstance(figure.when, Period) and figure.when.covers(when)
