"""Of which days the number of an ambition is, and between what it lies where the source holds only a part."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from ... import tidy
from ...ambitions import Ambition
from ...evaluation import Evaluation
from ...periods import WHOLE

ONE_DAY = timedelta(days=1)


def period_of(evaluation: Evaluation, period: str, known: set[str], ambition: Ambition | None = None) -> str:
    """The period itself; of a union the last period that has the measure, if there is one of the ambition's days.

    What begins before the ambition, or ends after it, tells nothing of it.
    """
    since, until = (ambition.start, ambition.end) if ambition else (date.min, date.max)
    days = evaluation.days(WHOLE)
    if period != WHOLE or (WHOLE in known and days[0].start >= since and days[-1].end <= until):
        return period
    held = [p for p in reversed(evaluation.workspace.periods) if p.id in known]
    begun = [p for p in held if p.start >= since]
    within = [p for p in begun if p.end <= until]
    return next((p.id for p in (*within, *begun, *held)), period)


def measured_days(evaluation: Evaluation, key: str, own: pd.DataFrame, meaning: tidy.Measure) -> tuple[date, date]:
    """The first and last day that a number is about: one day of a stock, else those of its period with records."""
    if is_of_a_date(meaning) and own["as_of"].iloc[-1]:
        return (day := date.fromisoformat(own["as_of"].iloc[-1])), day
    days, known = evaluation.days(key), evaluation.extracted(key)
    last = days[-1].end - ONE_DAY
    return days[0].start, min(last, known) if known else last


def outside(ambition: Ambition, first: date, last: date) -> str:
    """Why a number is not of the ambition: of days before it, or of a stretch that goes on after it. '' when it is."""
    if first < ambition.start:
        return f"het getal gaat {'over een dag' if first == last else 'ook over dagen'} voordat de ambitie gold"
    return "het getal gaat ook over dagen nadat de ambitie gold" if first < last and last >= ambition.end else ""


def bounds(measures: pd.DataFrame, own: pd.DataFrame, meaning: tidy.Measure, value: float) -> tuple[float, float]:
    """Between what a count lies of which the source holds only a part, or a share of such a count; else the value."""
    row = own.iloc[-1]
    if meaning.of_the_same and not row["breakdown"]:
        of = tidy.pick(measures, period=row["period"], measure=meaning.denominator, breakdown="")
        unsure = 0.0 if of.empty else unknown(of.iloc[-1])
        met, all_ = float(row["numerator"]), float(row["denominator"])
        return 100 * met / (all_ + unsure), 100 * (met + unsure) / (all_ + unsure)
    if meaning.kind not in ("persons", "events", "stock") or row[["low", "high"]].isna().any():
        return value, value
    return float(row["low"]), float(row["high"])


def is_of_a_date(meaning: tidy.Measure) -> bool:
    """Whether it is a stock, or a stock for each of something."""
    return meaning.is_of_a_date or bool(meaning.numerator and tidy.MEASURES[meaning.numerator].kind == "stock")


def unknown(row: pd.Series) -> float:
    """How many more a count may be than it is known to be."""
    return 0.0 if row[["low", "high"]].isna().any() else float(row["high"] - row["low"])
