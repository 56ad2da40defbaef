"""The periods side by side: what changed from one to the next, and how far that may be chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pandas as pd

from ... import comparison, tidy
from ...comparison import Change, recorded_months
from ...evaluation import Evaluation
from ...measures import halves as halves_of
from ...periods import WHOLE, Period, half_years
from ..absence import absent
from ..elements import Absent, Explained, Remark, Row, Table
from ..wording import MARK, capital, counted, listed, number, percent, signed, word

# What is set side by side, in the order of the chapters: counts with their rates, then shares.
HEADLINES = (
    "spoken",
    "spoken_per_month",
    "spoken_per_consultant_month",
    "conversations",
    "conversations_per_month",
    "activated",
    "activated_per_month",
    "activation_rate",
    "cohort_activation_rate",
    "trajectories_started",
    "trajectories_ended",
    "trajectories_priced",
    "trajectory_cost",
    "ladder_moves",
    "outflow",
    "outflow_per_month",
    "outflow_to_work",
    "wsp_referral",
    "part_time_contract",
    "benefit_outflow",
    "benefit_outflow_rate",
    "guided_months",
    "joined_programme",
    "left_programme",
    "newcomers",
    "newcomers_reached",
    "low_step_inflow",
)
HALF_YEARLY = ("spoken_per_month", *halves_of.RATES, *halves_of.SHARES)
CHANGED = ["Maat", "Eerst", "Daarna", "Verschil", "95%-interval", "Let op"]


def side_by_side(evaluation: Evaluation, *, measures: Sequence[str] = HEADLINES, decimals: int = 1) -> Table:
    """Every one of the measures by period and of all together; what only published figures bound as an interval."""
    keys = [p.id for p in evaluation.workspace.periods] + [WHOLE]
    measured = set(evaluation.measures["measure"])
    rows = [
        [capital(word("measure", m)), *(_cell(evaluation, key, m, decimals) for key in keys)]
        for m in measures
        if m in measured
    ]
    columns = ["Maat", *(capital(p.wording()) for p in evaluation.workspace.periods), "Alle perioden"]
    return Table(
        "Aantallen en aandelen naar periode",
        columns,
        rows,
        unit="inwoners of trajecten, per maand, euro, of %",
        numbers=frozenset(columns[1:]),
        note=f"Alle perioden: elke inwoner telt één keer, dus dit is geen som. Een aantal per maand is te vergelijken "
        f"tussen perioden van verschillende lengte; een aantal niet{_nor(measured & {*measures})}.",
    )


def _nor(measured: set[str]) -> str:
    """Which shares are not comparable between periods of other lengths either: the longer, the larger."""
    grow = [word("measure", m) for m in comparison.OF_A_PERIOD if m in measured and m in HEADLINES]
    return f", en evenmin het {listed(grow)}" if grow else ""


def changes(evaluation: Evaluation, *, decimals: int = 1) -> Table | Remark:
    """Rates and shares from each period to the next, what changed most first, with what stands in the way."""
    periods = evaluation.workspace.periods
    if len(periods) < 2:
        return Remark("Er is maar één periode; er is niets om naast te leggen.")
    changed = _changes(evaluation)
    return Table(
        "Wat veranderde van de ene periode op de volgende",
        CHANGED,
        [_row(evaluation, change, decimals, periods) for change in changed],
        unit="per maand, of % en procentpunten",
        numbers=frozenset(CHANGED[1:5]),
        note=f"{beyond_chance(changed)} Waar perioden dagen delen, niet even lang zijn of gevolgd of anders "
        f"is geteld, is dat niet te zeggen. {_METHODS}",
    )


def biggest(evaluation: Evaluation) -> Remark:
    """In a sentence: what changed by more than chance, and what did not."""
    known = [c for c in _changes(evaluation) if c.difference is not None]
    judged = [c for c in known if c.is_judged]
    clear = [c for c in judged if c.is_beyond_chance]
    if not known:
        return Remark("Er zijn geen maten die in twee opeenvolgende perioden bekend zijn en getoond mogen worden.")
    if not judged:
        return Remark(f"Of iets meer veranderde dan door toeval, is niet te zeggen: {_NOT_JUDGED}.")
    if len(judged) == 1:
        which = "een" if clear else "geen"
        said = f"De ene vergelijking die te maken is, laat {which} verschil zien dat groter is dan toeval"
    else:
        many = number(len(clear)) if clear else "geen enkele"
        said = f"Van de {number(len(judged))} vergelijkingen {'laten' if len(clear) > 1 else 'laat'} er {many} een "
        said += "verschil zien dat groter is dan toeval, ook als meetelt dat het er zoveel zijn"
    if clear:
        words = [f"{word('measure', c.measure)} ({'meer' if (c.difference or 0) > 0 else 'minder'})" for c in clear[:3]]
        said += f". Het grootst: {listed(words)}"
    if left := len(known) - len(judged):
        others = counted(left, "ander verschil", "andere verschillen")
        said += f". Over {others} is dat niet te zeggen: {_NOT_JUDGED}"
    return Remark(f"{said}.")


_METHODS = (
    "Aandelen zijn vergeleken volgens Newcombe, aantallen per maand op dezelfde manier met de grenzen van Byar; "
    "gesprekken met dezelfde inwoner zijn daarbij één groep. "
    "Een verschil is berekend met meer cijfers achter de komma dan hier staan."
)
_NOT_JUDGED = (
    "de perioden delen dagen of zijn niet even lang of niet even lang gevolgd, er is anders geteld, of het is geen "
    "deel van een geheel"
)


@dataclass(frozen=True)
class FromBefore:
    """A measure of a period beside that of the period before, and what makes the two less alike than they seem."""

    change: Change
    before: Period
    remarks: tuple[str, ...]


def from_before(evaluation: Evaluation, period: str, measure: str) -> FromBefore | None:
    """How a share or a number a month of this period differs from the one before; None of the first period."""
    by = {p.key: p for p in evaluation.workspace.periods}
    after = evaluation.period(period)
    for change in _changes(evaluation):
        if (change.measure, change.after) == (measure, after.key):
            before = by[change.before]
            return FromBefore(change, before, tuple(_in_the_way(evaluation, change, before, after)))
    return None


def halves(evaluation: Evaluation, *, decimals: int = 1) -> Table | Remark | Absent:
    """The measures that can be told by half-year, side by side: equally long, and without shared days."""
    found = _by_half_year(evaluation)
    if isinstance(found, Remark | Absent):
        return found
    told, periods = found
    measured = set(told.measures["measure"])
    rows = [
        [capital(word("measure", m)), *(_cell(told, half.key, m, decimals) for half in periods)]
        for m in HALF_YEARLY
        if m in measured
    ]
    columns = ["Maat", *(capital(half.wording()) for half in periods)]
    return Table(
        "De halve jaren naast elkaar",
        columns,
        rows,
        unit="per maand, of %",
        numbers=frozenset(columns[1:]),
        note="Alleen halve jaren waarvan alle dagen zijn geleverd. Elk is geteld alsof het een eigen periode is.",
    )


def half_changes(evaluation: Evaluation, *, decimals: int = 1) -> Table | Remark | Absent:
    """Those measures from each half-year to the next, judged by how many comparisons there are."""
    found = _by_half_year(evaluation)
    if isinstance(found, Remark | Absent):
        return found
    told, periods = found
    breaks = {m: [b.date for b in told.workspace.settings.breaks if m in b.measures] for m in HALF_YEARLY}
    names = [m for m in HALF_YEARLY if m in set(told.measures["measure"])]
    changed = comparison.changes(told.measures, periods, names, breaks=breaks, touching=True)
    return Table(
        "Wat veranderde van het ene half jaar op het volgende",
        CHANGED,
        [_row(told, change, decimals, periods) for change in changed],
        unit="per maand, of % en procentpunten",
        numbers=frozenset(CHANGED[1:5]),
        note=f"{beyond_chance(changed)} {_METHODS}",
    )


def beyond_chance(changed: Sequence[Change]) -> str:
    """How many of the comparisons that can be judged are beyond chance, and where these stand in the table."""
    clear, judged = sum(c.is_beyond_chance for c in changed), sum(c.is_judged for c in changed)
    if not judged:
        return "Van geen vergelijking is te zeggen of zij groter is dan toeval."
    compared = counted(judged, "vergelijking", "vergelijkingen")
    said = f"Van {compared} {'zijn' if clear > 1 else 'is'} er {number(clear) if clear else 'geen'} groter dan toeval"
    said += ", ook als meetelt hoeveel er is vergeleken (methode van Holm)."
    return f"{said} Wat dat is, staat bovenaan." if clear else said


def _by_half_year(evaluation: Evaluation) -> tuple[Evaluation, list[Period]] | Remark | Absent:
    """The evaluation with half-years for periods; or why there are none to compare."""
    if missing := absent(evaluation, WHOLE, "spoken"):
        return missing
    periods = half_years(evaluation.whole, known=evaluation.extracted(WHOLE) + timedelta(days=1))
    if len(periods) < 2:
        return Remark("De perioden samen dekken nog geen twee hele halve jaren.")
    return replace(evaluation, measures=comparison.by_half_year(evaluation.measures, WHOLE, periods)), periods


def yearly_outflow(evaluation: Evaluation) -> Remark:
    """Whether residents left the benefit in every period, which the report says of every year."""
    found = {p.wording(): tidy.number(evaluation.measures, p.id, "outflow") for p in evaluation.workspace.periods}
    known = {when: value for when, value in found.items() if isinstance(value, float)}
    if len(known) < len(found):
        return Remark(
            "Of elk jaar inwoners uitstroomden, is niet te zeggen: niet van elke periode is het aantal bekend."
        )
    said = listed([f"{number(value)} in {when}" for when, value in known.items()])
    holds = "In elke periode stroomden" if all(known.values()) else "Niet in elke periode stroomden"
    return Remark(f"{holds} inwoners uit de uitkering: {said}.")


def _changes(evaluation: Evaluation) -> list[Change]:
    workspace = evaluation.workspace
    compared = [m for m in HEADLINES if tidy.MEASURES[m].kind in ("share", "rate")]
    if len({count for _, count in workspace.staff}) == 1:  # then it is the number a month once more
        compared.remove("spoken_per_consultant_month")
    breaks = {m: [b.date for b in workspace.settings.breaks if m in b.measures] for m in compared}
    return comparison.changes(evaluation.measures, workspace.periods, compared, breaks=breaks)


def _row(evaluation: Evaluation, change: Change, decimals: int, periods: Sequence[Period]) -> Row:
    by = {p.key: p for p in periods}
    before, after = by[change.before], by[change.after]
    is_share = tidy.MEASURES[change.measure].kind == "share"

    def shown(value: tidy.Value) -> str:
        return percent(value, decimals) if is_share else number(value, decimals)

    def gained(value: float) -> str:
        return signed(100 * value if is_share else value, decimals)

    is_hidden = tidy.HIDDEN in change.values
    gap = MARK if is_hidden else "–" if change.difference is None else gained(change.difference)
    interval = "–" if change.interval is None else " tot ".join(gained(x) for x in change.interval)
    name = capital(word("measure", change.measure))
    remarks = "; ".join(_in_the_way(evaluation, change, before, after)) or "–"
    when = f"{before.wording()} → {after.wording()}"
    return [Explained(name, when), *(shown(v) for v in change.values), gap, interval, remarks]


def _in_the_way(evaluation: Evaluation, change: Change, before: Period, after: Period) -> Iterator[str]:
    """What makes a comparison less than it seems: unequal time, shared days, provisional figures, a new definition."""
    first, then = (number(recorded_months(evaluation.measures, p)) for p in (before, after))
    if not change.is_alike and first != then:
        yield f"perioden van {first} en {then} maanden"
    if change.measure == comparison.FOLLOWED:
        yield from _followed(evaluation, before, after)
    if shared := before.overlap(after):
        yield f"overlap: {shared.wording(inclusive=True)}"
    rows = [tidy.pick(evaluation.measures, period=p.id, measure=change.measure, breakdown="") for p in (before, after)]
    if any((row["status"] == "provisional").any() for row in rows):
        yield "voorlopig"
    if any((row["basis"] == "published").any() for row in rows):
        yield "alleen gepubliceerd"
    for found in evaluation.workspace.settings.breaks:
        if change.measure in found.measures and before.start < found.date < after.end:
            yield found.text


def _followed(evaluation: Evaluation, before: Period, after: Period) -> Iterator[str]:
    """Until how long after their periods two cohorts were followed, when that differs."""
    days = [tidy.number(evaluation.measures, p.id, "days_to_extraction") for p in (before, after)]
    first, then = days
    if not isinstance(first, float) or not isinstance(then, float) or abs(first - then) <= comparison.FOLLOW_UP:
        return
    if first > 0 and then > 0:
        yield f"gevolgd tot {_days(first)} na de periode en tot {_days(then)}"
    else:
        yield f"gevolgd tot {_since_the_end(first)} en tot {_since_the_end(then)}"


def _since_the_end(days: float) -> str:
    if not days:
        return "het einde van de periode"
    return f"{_days(abs(days))} {'na de periode' if days > 0 else 'voor het einde van de periode'}"


def _days(days: float) -> str:
    return counted(days, "dag", "dagen")


def _cell(evaluation: Evaluation, period: str, measure: str, decimals: int) -> str:
    meaning = tidy.MEASURES[measure]
    places = {"share": decimals, "rate": 1}.get(meaning.kind, 0)
    form = percent if meaning.kind == "share" else number
    bounds = [form(b, places) for b in _bounds(evaluation, period, measure)]
    return " – ".join(dict.fromkeys(bounds)) or form(tidy.number(evaluation.measures, period, measure), places)


def _bounds(evaluation: Evaluation, period: str, measure: str) -> Sequence[float]:
    """Between which values a count lies, where no more was published or the records hold only a part of it."""
    found = tidy.last(evaluation.measures, period=period, measure=measure, breakdown="")
    is_count = tidy.MEASURES[measure].kind in ("persons", "events", "stock")
    if found is None or pd.isna(found["low"]) or pd.isna(found["high"]):
        return ()
    if not is_count and found["basis"] == "records":  # an interval of chance
        return ()
    return [float(found[c]) for c in ("low", "high")]
