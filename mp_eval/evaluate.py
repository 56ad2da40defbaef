"""From deliveries and register to protected measures: the whole way before the notebooks, kept between runs.

`evaluate` does it, `current` gives a notebook the result and redoes it only when an input, a setting or the code
has changed. What it keeps lies in `data/processed/evaluation/` and holds no row about a person.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from . import measures as chapters
from . import tidy
from . import workspace as workspaces
from .disclosure.protect import protect
from .faults import Fault, FaultsFound
from .intake import clean, contract
from .intake.clean import Delivery
from .measures import WHOLE, Scope
from .periods import Period, are_covered
from .reconcile import Recomputed, reconcile
from .register import Figure, periods_of, read_register
from .workspace import PACKAGE, Workspace

FOLDER = "evaluation"


@dataclass(frozen=True)
class Received:
    """What is told of a period's delivery: its source, its files and what was counted in and out."""

    source: clean.Source
    files: Mapping[str, str]
    counts: pd.DataFrame
    is_provisional: bool
    key: str = ""  # of all that this period's pages depend on in its delivery


@dataclass(frozen=True)
class Evaluation:
    """All that a notebook may use. `measures` is protected; nothing here is about one person."""

    workspace: Workspace
    measures: pd.DataFrame
    reconciliation: pd.DataFrame
    figures: tuple[Figure, ...]
    received: Mapping[str, Received]
    faulty: Mapping[str, tuple[Fault, ...]]
    key: str

    def period(self, key: str) -> Period:
        """A period that could be evaluated.

        Raises
        ------
        KeyError
            When there is no such period.
        FaultsFound
            When its delivery has faults.
        """
        period = self.workspace.period(key)
        if key in self.faulty:
            raise FaultsFound(self.faulty[key])
        return period

    @cached_property
    def whole(self) -> tuple[Period, ...]:
        """The union of all periods.

        Raises
        ------
        FaultsFound
            When the delivery of any of them has faults: a total without it would be wrong.
        """
        if self.faulty:
            raise FaultsFound(f for faults in self.faulty.values() for f in faults)
        return self.workspace.whole

    def times_counted(self, measure: str) -> list[float]:
        """How many residents are counted in one, two, … of the periods."""
        times = range(1, len(self.workspace.periods) + 1)
        return [tidy.number(self.measures, WHOLE, measure, "times_counted", str(n)) or 0 for n in times]

    @property
    def is_internal(self) -> bool:
        return self.workspace.settings.disclosure.internal


class InputChanged(Exception):
    """A file, a setting or the code changed while a run was going on: its pages would not agree."""


def current() -> Evaluation:
    """The evaluation of the workspace that a notebook runs in, as stored when nothing has changed.

    Raises
    ------
    InputChanged
        In a run of all pages, when the input is no longer what the run began with.
    FaultsFound
        When settings, contract or register have faults. A faulty delivery does not raise: its period is missing.
    """
    workspace = workspaces.find()
    expected = os.environ.get(workspaces.KEY_VARIABLE)
    if expected and expected != key_of(workspace):
        raise InputChanged("de invoer is veranderd tijdens het maken van de pagina's; start mp-eval run opnieuw")
    return evaluate(workspace)


def evaluate(workspace: Workspace, *, progress: Callable[[str], None] = lambda text: None) -> Evaluation:
    """Take in what has changed, measure, reconcile, protect and store; see `current` for what it raises.

    `progress` is told of each delivery as it is read.
    """
    agreed = contract.read(workspace)
    figures = read_register(workspace, agreed)
    key = key_of(workspace)
    deliveries, faulty = take_in(workspace, agreed, progress=progress)
    if stored := _load(workspace, key):
        measured, lines = stored
    else:
        measured, lines = _measure(workspace, agreed, figures, deliveries)
        _store(workspace, key, measured, lines)
    received = {d.period.id: Received(d.source, d.files, d.counts, d.is_provisional, d.key) for d in deliveries}
    return Evaluation(workspace, measured, lines, figures, received, faulty, key)


def take_in(
    workspace: Workspace, agreed: contract.Contract, *, progress: Callable[[str], None] = lambda text: None
) -> tuple[list[Delivery], dict[str, tuple[Fault, ...]]]:
    """The deliveries of the periods that have no faults, and the faults of the others. Stores what is new."""
    deliveries, faulty = [], {}
    for period in workspace.periods:
        try:
            delivery = clean.load(workspace, period)
            if delivery is None:
                delivery = clean.take_in(workspace, agreed, period)
                clean.store(delivery, workspace)
            deliveries.append(delivery)
            progress(f"{period.id}: {delivery.counts['kept'].sum()} rijen gebruikt")
            for column in delivery.unused:
                progress(f"  niet gebruikt: {column}")
        except FaultsFound as error:
            faulty[period.id] = error.faults
    return deliveries, faulty


def _measure(
    workspace: Workspace, agreed: contract.Contract, figures: Sequence[Figure], deliveries: Sequence[Delivery]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Protected measures of every period, of the whole and of the register's periods; and the reconciliation."""
    parts = [chapters.measure(d.tables, _scope(d.period, d)) for d in deliveries]
    known: dict[Period, str] = {d.period: d.period.id for d in deliveries}
    complete = len(deliveries) == len(workspace.periods)
    if deliveries:
        last = max(deliveries, key=lambda d: d.source.extracted)
        by_extraction = sorted(deliveries, key=lambda d: d.source.extracted)
        pooled = chapters.pool([d.tables for d in by_extraction], {t.name: t.identity for t in agreed.delivered})
        if complete:
            scope = Scope(WHOLE, workspace.whole, last.source.extracted, last.is_provisional)
            parts.append(chapters.measure_whole(pooled, scope, workspace.periods))
            if len(workspace.whole) == 1:
                known.setdefault(workspace.whole[0], WHOLE)
        for period in periods_of(figures):
            if period not in known and are_covered(period, [d.recorded for d in deliveries]):
                known[period] = period.iso
                parts.append(chapters.measure(pooled, _scope(period, last), stocks=False))
    measured = pd.concat(parts, ignore_index=True) if parts else tidy.table([])
    synthetic = all(d.source.synthetic for d in deliveries)
    protected = protect(measured, internal=workspace.settings.disclosure.internal, synthetic=synthetic)
    return protected, reconcile(figures, Recomputed(protected, known))


def _scope(period: Period, delivery: Delivery) -> Scope:
    return Scope(period.key, (period,), delivery.source.extracted, delivery.is_provisional)


def key_of(workspace: Workspace) -> str:
    """A hash of all that the evaluation depends on: every delivery, the register, the settings and the code."""
    digest = hashlib.sha256()
    for period in workspace.periods:
        digest.update(f"{period.id} {clean.key_of(workspace, period)}\n".encode())
    settings = workspace.root / workspaces.SETTINGS_FILE
    for path in (settings, workspace.register, *sorted(PACKAGE.rglob("*.py"))):
        if path.is_file():
            digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _store(workspace: Workspace, key: str, measured: pd.DataFrame, lines: pd.DataFrame) -> None:
    folder = workspace.processed / FOLDER
    fresh = folder.with_name(f"{FOLDER}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    measured.to_parquet(fresh / "measures.parquet", index=False)
    lines.to_parquet(fresh / "reconciliation.parquet", index=False)
    (fresh / "key.json").write_text(json.dumps({"key": key}) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _load(workspace: Workspace, key: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    folder = workspace.processed / FOLDER
    try:
        if json.loads((folder / "key.json").read_text(encoding="utf-8"))["key"] != key:
            return None
        return pd.read_parquet(folder / "measures.parquet"), pd.read_parquet(folder / "reconciliation.parquet")
    except (OSError, ValueError, KeyError):
        return None
