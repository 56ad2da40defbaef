"""The work of each step before the notebooks. Each reads what earlier steps kept, and writes its own result.

A function gets the workspace and the file to write, and returns what else it wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from . import ambitions, delivered, evaluation, ledger, tidy
from . import measures as chapters
from .disclosure import earlier, rules
from .disclosure.protect import protect as hide
from .faults import Fault, FaultsFound, Reason, listed
from .intake import clean, contract, marks, published
from .ledger import Entry
from .measures import Scope, costs, outlook
from .measures import published as published_measures
from .periods import WHOLE, Period, are_covered
from .reconcile import Recomputed, reconcile
from .register import Figure, periods_of
from .steps import write
from .workspace import SETTINGS_FILE, Workspace


def publish(workspace: Workspace, result: Path) -> Iterable[Path]:
    """The register's figures, typed."""
    figures = published.read_register(workspace, contract.read(workspace))
    _store(evaluation.to_table(figures), result)
    return ()


def note_ambitions(workspace: Workspace, result: Path) -> Iterable[Path]:
    """The ambitions that the municipality keeps, checked."""
    write(result, ambitions.to_json(ambitions.read(workspace)))
    return ()


def take_in(workspace: Workspace, result: Path, period: Period) -> Iterable[Path]:
    """A period's delivery as typed tables."""
    delivery = clean.take_in(workspace, contract.read(workspace), period)
    clean.store(delivery, workspace)
    return [result.with_name(name) for name in (delivered.MARKS, *(f"{name}.parquet" for name in delivery.tables))]


def measure(workspace: Workspace, result: Path, period: Period) -> Iterable[Path]:
    """The measures of a period, from its own delivery."""
    delivery = clean.load(workspace, period)
    _store(chapters.measure(delivery.tables, scope_of(workspace, period, delivery)), result)
    return ()


def measure_published(workspace: Workspace, result: Path, period: Period) -> Iterable[Path]:
    """What is known of a period without records, from what was published."""
    _store(tidy.table(published_measures.measure(_figures(workspace), _unrecorded(period.id, (period,)))), result)
    return ()


def measure_whole(workspace: Workspace, result: Path, periods: Sequence[Period]) -> Iterable[Path]:
    """What only all deliveries together can tell."""
    deliveries = [clean.load(workspace, p) for p in periods]
    _check_marks(workspace, periods)
    _store(whole(workspace, deliveries, periods), result)
    return ()


def whole(
    workspace: Workspace, deliveries: Sequence[clean.Delivery], periods: Sequence[Period], *, withheld: bool = True
) -> pd.DataFrame:
    """What only all deliveries together can tell.

    Of the whole, when none is missing; of the register's periods; and of each period what came late in its delivery.
    What of these no public release has may be left out.
    """
    parts = []
    if any(not workspace.has_records(p) for p in workspace.periods):
        scope = _unrecorded(WHOLE, workspace.whole)
        parts.append(tidy.table(published_measures.measure(_figures(workspace), scope)))
    if deliveries:
        identities = {t.name: t.identity for t in contract.read(workspace).delivered}
        by_extraction = sorted(deliveries, key=lambda d: d.source.extracted)
        in_order = [(d.tables, scope_of(workspace, d.period, d)) for d in by_extraction]
        pooled = chapters.pool(chapters.without_corrected(in_order, identities), identities)
        last = max(deliveries, key=lambda d: d.source.extracted)
        told = [(d.tables, scope_of(workspace, d.period, d)) for d in deliveries]
        parts += [chapters.measure_late(told, identities)] if withheld else []
        if len(deliveries) == len(workspace.periods):
            scope = replace(scope_of(workspace, last.period, last), key=WHOLE, pieces=workspace.whole)
            parts.append(chapters.measure_whole(pooled, scope, workspace.periods, withheld=withheld))
        parts += _across(workspace, deliveries, pooled, withheld=withheld)
        for period in _only_published(workspace, periods):
            if are_covered(period, [d.source.recorded(d.period) for d in deliveries]):
                measured = chapters.measure(pooled, scope_of(workspace, period, last), stocks=False, cohorts=False)
                parts.append(_asked(measured, _figures(workspace), period))
    return pd.concat(parts, ignore_index=True) if parts else tidy.table([])


def _check_marks(workspace: Workspace, periods: Sequence[Period]) -> None:
    """Refuse residents of different deliveries with the same mark: they would be counted as one."""
    paths = [delivered.summary(workspace, period).with_name(delivered.MARKS) for period in periods]
    if len(paths) > 1 and not marks.agree(map(pd.read_parquet, paths)):
        where = [workspace.relative(workspace.raw / p.id) for p in periods]
        raise FaultsFound([Fault(Reason.SAME_MARK, listed(where))])


def _across(
    workspace: Workspace,
    deliveries: Sequence[clean.Delivery],
    pooled: Mapping[str, pd.DataFrame],
    *,
    withheld: bool,
) -> Iterator[pd.DataFrame]:
    """What of each period, and of the whole, all deliveries tell; as far as they cover all days up to its end."""
    last = max((d.source for d in deliveries), key=lambda s: s.extracted)
    recorded, known = [d.source.recorded(d.period) for d in deliveries], last.extracted + timedelta(days=1)
    stretches: list[tuple[str, tuple[Period, ...], Mapping[str, pd.DataFrame]]]
    stretches = [(d.period.id, (d.period,), d.tables) for d in deliveries]
    if len(deliveries) == len(workspace.periods):
        stretches.append((WHOLE, workspace.whole, {}))
    for key, pieces, own in stretches:
        since = Period(workspace.whole[0].start, min(pieces[-1].end, known))
        if are_covered(since, recorded):
            provisional, programme = last.is_provisional(pieces[-1]), workspace.settings.programme
            scope = Scope(key, pieces, last.extracted, provisional, workspace.staff, programme=programme)
            yield chapters.measure_across(pooled, own, scope)
            if key == WHOLE and withheld:
                yield _compared(deliveries, pooled, scope)


def _compared(deliveries: Sequence[clean.Delivery], pooled: Mapping[str, pd.DataFrame], scope: Scope) -> pd.DataFrame:
    """All first conversations, beside the benefits of the last delivery that has them, as far as that one goes."""
    holding = [d for d in deliveries if "benefits" in d.tables]
    if not holding:
        return chapters.measure_compared(pooled, scope)
    last = max(holding, key=lambda d: d.source.extracted)
    tables = {**pooled, "benefits": last.tables["benefits"]}
    return chapters.measure_compared(tables, replace(scope, as_of=last.source.extracted))


def protect(workspace: Workspace, result: Path, periods: Sequence[Period], before: Sequence[Entry]) -> Iterable[Path]:
    """All measures, protected and reconciled with the register; and the digest of what each page is made of.

    They are protected together with the public releases `before`.
    The outlook and the costs are made of what is shown, so that they tell no more.
    """
    check_breaks(workspace)
    folder = result.parent
    frames = [pd.read_parquet(folder / f"{key}.parquet") for key in (*(p.id for p in periods), WHOLE)]
    measured = pd.concat(frames, ignore_index=True)
    figures = evaluation.from_table(pd.read_parquet(folder / evaluation.FIGURES))
    days = {p.id: (p,) for p in workspace.periods} | {WHOLE: workspace.whole}
    rule = workspace.settings.disclosure
    made = hide(measured, settings=rule, days=days, figures=figures, before=earlier.read(before))
    shown = _with_costs(_with_outlook(made.public, workspace, periods), workspace, days)
    keys = set(shown["period"])
    known = {p: p.id for p in periods}
    if WHOLE in keys and len(workspace.whole) == 1:
        known.setdefault(workspace.whole[0], WHOLE)
    known |= {p: p.iso for p in periods_of(figures) if p not in known and p.iso in keys}
    also = [folder / name for name in (evaluation.MEASURES, evaluation.RECONCILIATION, evaluation.KNOWN)]
    if not rule.internal:
        also += [folder / name for name in (ledger.TRUE, ledger.SHOWN)]  # what it will have of this release
        _store(made.true, also[-2])
        _store(made.measures, also[-1])
    _store(shown, also[0])
    _store(reconcile(figures, Recomputed(shown, known, rules.off(workspace.settings.disclosure))), also[1])
    write(also[2], json.dumps(made.known, indent=1) + "\n")
    evaluation.store_parts(workspace, result, periods)
    return also


def check_breaks(workspace: Workspace) -> None:
    """Refuse breaks of measures that there are none of.

    Raises
    ------
    FaultsFound
        With every such measure.
    """
    unknown = [m for found in workspace.settings.breaks for m in found.measures if m not in tidy.MEASURES]
    if unknown:
        expected = "een code uit begrippen.csv, zoals activated"
        fault = Fault(Reason.SETTINGS, SETTINGS_FILE, column="breaks.measures", found=tuple(unknown), expected=expected)
        raise FaultsFound([fault])


def _with_outlook(shown: pd.DataFrame, workspace: Workspace, periods: Sequence[Period]) -> pd.DataFrame:
    staff = {p.key: count for p, count in workspace.staff if p in periods}
    settings = workspace.settings
    first, stocks = settings.programme.newcomers_first, settings.programme.stocks
    ahead = outlook.look_ahead(shown, settings=settings.outlook, staff=staff, newcomers_first=first, stocks=stocks)
    return pd.concat([shown, ahead], ignore_index=True) if len(ahead) else shown


def _with_costs(shown: pd.DataFrame, workspace: Workspace, days: Mapping[str, Sequence[Period]]) -> pd.DataFrame:
    """Made of what is shown, so that costs tell no more; of each period of which records tell who was spoken to."""
    found = tidy.pick(shown, measure="spoken", breakdown="", basis="records")
    found = found[found["status"] != "not_delivered"]
    months = {}
    for key, as_of in zip(found["period"], found["as_of"], strict=True):
        if key in days:
            scope = Scope(key, tuple(days[key]), date.fromisoformat(as_of), staff=workspace.staff)
            months[key] = scope.consultant_months
    made = costs.reckon(shown, settings=workspace.settings.costs, months=months)
    return pd.concat([shown, made], ignore_index=True) if len(made) else shown


def _asked(measured: pd.DataFrame, figures: Sequence[Figure], period: Period) -> pd.DataFrame:
    """What the register asks of a period without a page: anything more could only be subtracted from other numbers."""
    asked = {(f.measure, f.breakdown) for f in figures if f.when == period}
    keep = [pair in asked for pair in zip(measured["measure"], measured["breakdown"], strict=True)]
    return measured[keep]


def _only_published(workspace: Workspace, periods: Sequence[Period]) -> list[Period]:
    """The periods that the register has figures of and that no delivery is about."""
    figures = _figures(workspace)
    unrecorded = [p for p in workspace.periods if not workspace.has_records(p)]
    own = {
        *periods,
        *unrecorded,
        *(workspace.whole if len(workspace.whole) == 1 and len(periods) == len(workspace.periods) else ()),
    }
    return [p for p in periods_of(figures) if p not in own]


def scope_of(workspace: Workspace, period: Period, delivery: clean.Delivery) -> Scope:
    provisional = delivery.source.is_provisional(delivery.period)
    source = delivery.source
    staff, programme = workspace.staff, workspace.settings.programme
    return Scope(period.key, (period,), source.extracted, provisional, staff, source.whole_from, programme)


def _unrecorded(key: str, pieces: Sequence[Period]) -> Scope:
    return Scope(key, tuple(pieces), pieces[-1].end - timedelta(days=1))


def _figures(workspace: Workspace) -> tuple[Figure, ...]:
    return evaluation.from_table(pd.read_parquet(workspace.processed / evaluation.FOLDER / evaluation.FIGURES))


def _store(table: pd.DataFrame, path: Path) -> None:
    write(path, table.to_parquet(index=False))
