"""How long protection takes: made-up tables, the bundled deliveries, and the same deliveries in 28 periods of a month.

    python benchmarks/disclosure.py

Prints, for each, how many cells there are, are small and are hidden, the bound on how many must be, and seconds of
processor; of the bundled deliveries also which large figures are hidden.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd

from mp_eval import evaluation, stages, tidy, workspace
from mp_eval import measures as chapters
from mp_eval.disclosure import rules
from mp_eval.disclosure.protect import Protected, protect
from mp_eval.disclosure.relations import relate
from mp_eval.disclosure.suppress import suppress
from mp_eval.intake import clean, contract
from mp_eval.periods import WHOLE, Period
from mp_eval.register import Figure
from mp_eval.tidy import Measure
from mp_eval.workspace import Disclosure

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Disclosure(internal=False, threshold=5)
SIDES = {"area": 8, "age": 6, "reason": 7, "duration": 5}
CROSSED = Measure("events", "events", {"row": "parts", "column": "parts", "row>column": "parts"})
Release = tuple[pd.DataFrame, Mapping[str, Sequence[Period]], Sequence[Figure]]
LINKED = Measure("events", "events", {**dict.fromkeys(SIDES, "parts"), "area>age": "parts"})
MEASURES = {**tidy.MEASURES, "crossed": CROSSED, "linked": LINKED}


def crossed(rows: int, columns: int, *, seed: int) -> pd.DataFrame:
    """One table with its margins, about one in six of its cells small."""
    counts = np.random.default_rng(seed).negative_binomial(1.2, 0.06, (rows, columns))
    made = [tidy.row("2024", "crossed", int(counts.sum()))]
    made += _side("2024", "crossed", "row", counts.sum(axis=1))
    made += _side("2024", "crossed", "column", counts.sum(axis=0))
    made += _side("2024", "crossed", "row>column", counts)
    return tidy.table(made)


def linked(*, seed: int) -> tuple[pd.DataFrame, Mapping[str, tuple[Period, ...]]]:
    """Twenty periods that nest (quarters, halves, years and all), each with five tables that share margins."""
    days = dict(_stretches())
    quarters = [k for k in days if "k" in k]
    rng = np.random.default_rng(seed)
    chance = [rng.dirichlet(np.full(n, 1.5)) for n in SIDES.values()]
    joint = chance[0]
    for side in chance[1:]:
        joint = np.multiply.outer(joint, side)
    counts = {q: rng.multinomial(int(rng.integers(120, 260)), joint.ravel()).reshape(joint.shape) for q in quarters}
    made = []
    for key, (period,) in days.items():
        within = sum(counts[q] for q in quarters if period.covers(days[q][0]))
        made.append(tidy.row(key, "linked", int(within.sum())))
        for n, side in enumerate(SIDES):
            others = tuple(axis for axis in range(len(SIDES)) if axis != n)
            made += _side(key, "linked", side, within.sum(axis=others))
        made += _side(key, "linked", "area>age", within.sum(axis=(2, 3)))
    return tidy.table(made), days


def _side(period: str, measure: str, breakdown: str, counts: np.ndarray) -> list[dict[str, object]]:
    return [
        tidy.row(period, measure, int(v), breakdown=breakdown, category=">".join(map(str, place)))
        for place, v in np.ndenumerate(counts)
    ]


def _stretches() -> Iterator[tuple[str, tuple[Period, ...]]]:
    for year in (2022, 2023, 2024):
        starts = [date(year, month, 1) for month in (1, 4, 7, 10)] + [date(year + 1, 1, 1)]
        for n in range(4):
            yield f"{year}-k{n + 1}", (Period(starts[n], starts[n + 1]),)
        yield f"{year}-h1", (Period(starts[0], starts[2]),)
        yield f"{year}", (Period(starts[0], starts[4]),)
    yield "alle-perioden", (Period(date(2022, 1, 1), date(2025, 1, 1)),)
    yield "2022-2023", (Period(date(2022, 1, 1), date(2024, 1, 1)),)


def bundled(root: Path) -> tuple[Release, Release]:
    """The bundled deliveries in their own periods; and pooled, each month of them a period."""
    shutil.copy(ROOT / workspace.SETTINGS_FILE, root)
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    found = workspace.find(root)
    folder = found.processed / evaluation.FOLDER
    stages.publish(found, folder / evaluation.FIGURES)
    for period in found.periods:
        stages.take_in(found, folder / "taken.json", period)
        stages.measure(found, folder / f"{period.id}.parquet", period)
    stages.measure_whole(found, folder / f"{WHOLE}.parquet", found.periods)
    keys = [*(p.id for p in found.periods), WHOLE]
    measures = pd.concat([pd.read_parquet(folder / f"{key}.parquet") for key in keys], ignore_index=True)
    days = {p.id: (p,) for p in found.periods} | {WHOLE: found.whole}
    figures = evaluation.from_table(pd.read_parquet(folder / evaluation.FIGURES))
    return (measures, days, figures), (*_by_month(found), figures)


def _by_month(found: workspace.Workspace) -> tuple[pd.DataFrame, Mapping[str, Sequence[Period]]]:
    deliveries = sorted((clean.load(found, p) for p in found.periods), key=lambda d: d.source.extracted)
    identities = {t.name: t.identity for t in contract.read(found).delivered}
    pooled = chapters.pool([d.tables for d in deliveries], identities)
    (whole,), known = found.whole, deliveries[-1].source.extracted
    starts = [d.date() for d in pd.date_range(whole.start, whole.end, freq="MS")]
    months = [Period(start, end, f"{start:%Y-%m}") for start, end in pairwise(starts)]
    made = []
    for month in months:
        scope = chapters.Scope(month.id, (month,), known, staff=found.staff)
        made.append(chapters.measure(pooled, scope, stocks=False))
        made.append(chapters.measure_across(pooled, pooled, scope))
    scope = chapters.Scope(WHOLE, found.whole, known, staff=found.staff)
    made += [chapters.measure_whole(pooled, scope, months), chapters.measure_across(pooled, {}, scope)]
    return pd.concat(made, ignore_index=True), {m.id: (m,) for m in months} | {WHOLE: found.whole}


def main() -> int:
    with mock.patch.object(tidy, "MEASURES", MEASURES):
        table = crossed(40, 20, seed=1)
        start = time.process_time()
        pattern = suppress(relate(table, days={}), threshold=SETTINGS.threshold)
        _say("40 x 20 with margins", table, len(pattern.shields), pattern.bound, start)
        table, days = linked(seed=1)
        tables = table.groupby(["period", "breakdown"]).ngroups - table["period"].nunique()
        _protect(f"{tables} linked tables, attacked", (table, days, ()))
    with tempfile.TemporaryDirectory() as folder:
        own, by_month = bundled(Path(folder))
    _large(_protect("bundled deliveries", own))
    _protect("bundled deliveries by month", by_month)
    return 0


def _protect(name: str, release: Release) -> Protected:
    table, days, figures = release
    start = time.process_time()
    made = protect(table, settings=SETTINGS, days=days, figures=figures)
    _say(name, table, made.shields, made.bound, start)
    return made


def _say(name: str, table: pd.DataFrame, shields: int, bound: int, start: float) -> None:
    seconds = time.process_time() - start
    small = int(((table["value"] >= 1) & (table["value"] < SETTINGS.threshold)).sum())
    counts = f"{len(table)} rows, {small} small, {shields} cells hidden for them (at least {bound})"
    print(f"{name}: {counts}, {seconds:.1f} s of processor", flush=True)


def _large(made: Protected) -> None:
    """The large figures that are hidden for the sake of small counts."""
    rows = made.true[made.measures["status"].eq("hidden") & made.true["value"].ge(SETTINGS.threshold)].to_dict(
        "records"
    )
    for row in rows:
        if rules.rank(row) > 1 and tidy.MEASURES[row["measure"]].kind in tidy.COUNTS and not rules.is_withheld(row):
            label = " ".join(filter(None, (row[c] for c in ("period", "measure", "breakdown", "category"))))
            print(f"  hidden of what is large: {label}, {row['value']:.0f}")


if __name__ == "__main__":
    sys.exit(main())
