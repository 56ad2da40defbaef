"""The rows of the outlook's model as its chapter reads them: of which period they are, its months, what is missing."""

from __future__ import annotations

from datetime import date

import pandas as pd

from .. import tidy
from ..evaluation import Evaluation
from ..measures.leaving import Source, sources
from ..measures.outlook import MODELLED, STOCK
from ..periods import MONTHS, WHOLE
from ..tidy import Hidden
from .absence import came_empty
from .elements import Absent
from .wording import counted, percent, word

BAND = "80% van de doorgerekende verlopen"
AS_MANY = -1  # consultants: as many as there were


def source(evaluation: Evaluation, period: str) -> str:
    """The period whose outlook is shown: this one, or of a union the last that has one; '' when none has."""
    held = set(tidy.pick(evaluation.measures, measure=MODELLED[0])["period"])
    keys = [p.id for p in evaluation.workspace.periods] if period == WHOLE else [period]
    return next((k for k in reversed(keys) if k in held), "")


def none(evaluation: Evaluation, period: str) -> Absent | None:
    """The sentence for when there is no outlook, or when it may not be shown; else None."""
    key = source(evaluation, period)
    if not key and not evaluation.deliveries(period):
        return Absent(word("absent", "records"))
    if not key:
        groups = tidy.pick(evaluation.measures, measure="on_benefit", breakdown="group", basis="records")
        has_stock = len(groups if period == WHOLE else tidy.pick(groups, period=period)) > 0
        is_empty = not has_stock and came_empty(evaluation, period, "caseload")
        why = "outlook_leaving" if has_stock else "outlook_empty" if is_empty else "outlook"
        return Absent(word("absent", why))
    rows = tidy.pick(evaluation.measures, period=key, measure=MODELLED[0])
    is_hidden = (rows["status"] == "hidden").any() or isinstance(_sources(evaluation, key), Hidden)
    return Absent(word("absent", "outlook_hidden")) if is_hidden else None


def chosen(evaluation: Evaluation, period: str, consultants: int = AS_MANY) -> tuple[str, int]:
    """The period whose outlook it is, and the number of consultants that it is told of first.

    As many as there were in it; where that is not known, the least that are enough.

    Raises
    ------
    ValueError
        When there is no scenario for the number that is asked.
    """
    key = source(evaluation, period)
    numbers = numbers_of(evaluation, key)
    if consultants == AS_MANY:
        there_were = round({p.key: n for p, n in evaluation.workspace.staff}.get(key, 0))
        least = enough(evaluation, key)[0]
        return key, there_were or (numbers[-1] if least is None else least)
    if consultants not in numbers:
        raise ValueError(f"consultants = {consultants}: er is gerekend met 0 tot en met {numbers[-1]} consulenten")
    return key, consultants


def numbers_of(evaluation: Evaluation, key: str) -> list[int]:
    """The numbers of consultants that the model was run for."""
    rows = tidy.pick(evaluation.measures, period=key, measure=MODELLED[0], breakdown="consultants")
    return sorted(map(int, rows["category"]))


def enough(evaluation: Evaluation, key: str) -> tuple[int | None, int | None]:
    """The least number with which all who were ready are guided by the end of next year: in the middle, and surely."""
    last = months_of(evaluation, key).index(f"{next_year(evaluation, key)}-12")
    found = {n: modelled(evaluation, key, MODELLED[0], str(n)) for n in numbers_of(evaluation, key)}
    least, surely = (
        next((n for n, ends in found.items() if (m := ends[at]) is not None and m <= last), None) for at in (0, 2)
    )
    return least, surely


def months_of(evaluation: Evaluation, key: str) -> list[str]:
    rows = tidy.pick(evaluation.measures, period=key, measure="caseload_path")
    return [c.partition(">")[2] for c in rows["category"] if c.startswith("0>")]


def month_at(evaluation: Evaluation, key: str, months: float) -> str:
    """So many whole months after the first of the model, in words."""
    year, month = map(int, months_of(evaluation, key)[0].split("-"))
    later = month - 1 + int(months)
    return month_in_words(f"{year + later // 12}-{later % 12 + 1:02d}")


def month_in_words(month: str) -> str:
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def day_of(evaluation: Evaluation, key: str) -> date:
    return date.fromisoformat(tidy.pick(evaluation.measures, period=key, measure=MODELLED[0])["as_of"].iloc[-1])


def begins(evaluation: Evaluation, key: str) -> str:
    """The month from which the number of consultants is that of the scenario."""
    end, day = evaluation.workspace.settings.outlook.funding_end, day_of(evaluation, key)
    staff = {p.key: n for p, n in evaluation.workspace.staff}
    months = months_of(evaluation, key)
    if end is None or end <= day or not staff.get(key):
        return month_in_words(months[1])
    return month_in_words(f"{end.year + end.month // 12}-{end.month % 12 + 1:02d}")


def next_year(evaluation: Evaluation, key: str) -> str:
    return str(day_of(evaluation, key).year + 1)


def stock_of(evaluation: Evaluation, key: str) -> dict[str, float]:
    chosen = evaluation.programme.stocks
    values = {g: tidy.number(evaluation.measures, key, "on_benefit", "group", g) if g in chosen else 0.0 for g in STOCK}
    return {g: v for g, v in values.items() if isinstance(v, float)}


def modelled(evaluation: Evaluation, key: str, measure: str, consultants: str) -> tuple[float | None, ...]:
    """Value, low and high of a measure of the model; none where it is not reached."""
    rows = tidy.pick(evaluation.measures, period=key, measure=measure, breakdown="consultants", category=consultants)
    return tuple(plain(rows[c].iloc[-1]) for c in ("value", "low", "high"))


def on_path(evaluation: Evaluation, key: str, measure: str, category: str) -> float | None:
    value = tidy.number(evaluation.measures, key, measure, "consultants>month", category)
    return None if isinstance(value, Hidden) else value


def band_on_path(evaluation: Evaluation, key: str, category: str) -> tuple[float | None, ...]:
    """How many wait at the end of a month, with the band."""
    rows = tidy.pick(
        evaluation.measures, period=key, measure="waiting_path", breakdown="consultants>month", category=category
    )
    return tuple(plain(rows[c].iloc[-1]) for c in ("value", "low", "high"))


def on_swing(evaluation: Evaluation, key: str, measure: str, category: str) -> float | None:
    value = tidy.number(evaluation.measures, key, measure, "consultants>assumption>end", category)
    return None if isinstance(value, Hidden) else value


def plain(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]


def people(consultants: float) -> str:
    return counted(consultants, "consulent", "consulenten")


def total(evaluation: Evaluation, key: str, measure: str) -> float:
    """A total that the outlook is made of; it is shown, or there would be no outlook."""
    value = tidy.number(evaluation.measures, key, measure)
    assert isinstance(value, float)
    return value


def sources_of(evaluation: Evaluation, key: str) -> tuple[Source, ...]:
    """What tells how fast residents leave; it is shown, or there would be no outlook."""
    found = _sources(evaluation, key)
    assert not isinstance(found, Hidden)
    return found


def _sources(evaluation: Evaluation, key: str) -> tuple[Source, ...] | Hidden:
    months = tidy.pick(evaluation.measures, period=key, measure="low_step_inflow_per_month")["denominator"].iloc[-1]
    if pd.isna(months):
        return tidy.HIDDEN
    within = evaluation.workspace.settings.outlook.derived_within
    return sources(evaluation.measures, key, months=float(months), within=within)


def leaving_ends(evaluation: Evaluation, key: str) -> tuple[str, str]:
    """Which share leaves in a month: the least and the most that is taken into account."""
    row = tidy.pick(evaluation.measures, period=key, measure="assumed_leaving").iloc[-1]
    return percent(float(row["low"])), percent(float(row["high"]))
