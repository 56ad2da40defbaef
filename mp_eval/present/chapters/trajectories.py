"""Which trajectories were bought: how many began, ran and ended, why, how long they took and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...measures.trajectories import END_REASONS, LEAST, UNRECORDED
from ...tidy import HIDDEN, Hidden
from ..absence import absent
from ..checks import adds_up, judged, untold
from ..drawing.bar_charts import bars
from ..drawing.shapes import BLUE, GREY
from ..elements import Absent, Answer, Check, Checks, Figure, Headline, Remark, Table
from ..findings import largest
from ..wording import MARK, capital, category, counted, day_in_words, listed, number, word

COUNTS = ("trajectories_started", "trajectories_ended", "trajectories_running")


@dataclass(frozen=True)
class Stock:
    """The period whose delivery tells what ran, and on which two days; the union of periods has none of its own."""

    period: str
    opening: str
    closing: str

    @property
    def days(self) -> tuple[date, date]:
        return date.fromisoformat(self.opening), date.fromisoformat(self.closing)


def answer(evaluation: Evaluation, period: str) -> Answer:
    """How many trajectories began and ended, how many ran at the end, and with which providers."""
    if missing := absent(evaluation, period, *COUNTS):
        return Answer((missing.text,))
    started, ended = (_count(evaluation, period, m) for m in COUNTS[:2])
    said = [
        f"Over {evaluation.wording(period)} {_verb(started, 'begon', 'begonnen')} **{_trajectories(started)}** en "
        f"{_verb(ended, 'eindigde', 'eindigden')} er {_pronoun(ended)}."
    ]
    said += [_by_provider(evaluation, period, started), _running(evaluation, period)]
    return Answer(tuple(s for s in said if s))


def headline(evaluation: Evaluation, period: str) -> Headline | Absent:
    """Begun, ended and running at the end."""
    if missing := absent(evaluation, period, *COUNTS):
        return missing
    started, ended = (_count(evaluation, period, m) for m in COUNTS[:2])
    items = [(number(started), word("measure", COUNTS[0]), ""), (number(ended), word("measure", COUNTS[1]), "")]
    if stock := stock_of(evaluation, period):
        items.append((number(_ran(evaluation, stock)), word("measure", COUNTS[2]), f"op {day_in_words(stock.days[1])}"))
    return Headline(tuple(items))


def providers(evaluation: Evaluation, period: str) -> Table | Absent:
    """By provider: running before the period, begun, ended, running at its end."""
    if missing := absent(evaluation, period, *COUNTS):
        return missing
    stock = stock_of(evaluation, period)
    rows = [_bridge(evaluation, period, stock, name) for name in names(evaluation, period)]
    rows.append(_bridge(evaluation, period, stock, ""))
    columns = ["Aanbieder", "Liepen al", "Begonnen", "Beëindigd", "Lopen nog"]
    if stock is None:
        columns, rows = [columns[0], *columns[2:4]], [[r[0], *r[2:4]] for r in rows]
    elif stock.period != period:  # what ran before that period is no start of all periods
        columns, rows = [columns[0], *columns[2:]], [[r[0], *r[2:]] for r in rows]
    return Table(
        "Trajecten naar aanbieder",
        columns,
        rows,
        unit="trajecten",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
        note=_dated(evaluation, period, stock),
    )


def started_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """Trajectories that began, by provider: provider, trajectories; missing where that may not be shown."""
    found = names(evaluation, period)
    values = [_count(evaluation, period, "trajectories_started", name) for name in found]
    counts = [float("nan") if isinstance(v, Hidden) else v for v in values]
    return pd.DataFrame({"provider": [_name(n) for n in found], "trajectories": counts})


def started(evaluation: Evaluation, period: str) -> Figure | Remark | Absent:
    """The trajectories that began as bars, a bar a provider; a sentence when none began."""
    if missing := absent(evaluation, period, "trajectories_started"):
        return missing
    data, when = started_data(evaluation, period), evaluation.wording(period)
    if data["trajectories"].eq(0).all():
        return Remark(f"Over {when} begon geen traject; er is dus niets te tekenen.")
    shown = [HIDDEN if pd.isna(v) else v for v in data["trajectories"]]
    rows = [[p, number(v)] for p, v in zip(data["provider"], shown, strict=True)]
    said = [
        f"{p} {word('hidden', 'aloud') if isinstance(v, Hidden) else number(v)}"
        for p, v in zip(data["provider"], shown, strict=True)
    ]
    colours = [GREY if p == capital(word("category", UNRECORDED)) else BLUE for p in data["provider"]]
    return Figure(
        bars(data["provider"], data["trajectories"], colours=colours),
        f"Staafdiagram van begonnen trajecten naar aanbieder over {when}: {listed(said)}.",
        f"Begonnen trajecten naar aanbieder, {when} (aantal trajecten).",
        Table(f"Begonnen trajecten, {when}", ["Aanbieder", "Trajecten"], rows, numbers=frozenset({"Trajecten"})),
        largest("De meeste begonnen bij", data["provider"], data["trajectories"]),
    )


def reasons(evaluation: Evaluation, period: str) -> Table | Remark | Absent:
    """Ended trajectories by provider and each reason that there was; a sentence when none ended."""
    if missing := absent(evaluation, period, "trajectories_ended"):
        return missing
    if _count(evaluation, period, "trajectories_ended") == 0:
        return Remark(f"Over {evaluation.wording(period)} eindigde geen traject.")
    found = names(evaluation, period)
    told = [r for r in END_REASONS if _at(evaluation, period, "end_reason", r) != 0]

    def cells(provider: str) -> list[str]:
        crossed = "provider>end_reason" if provider else "end_reason"
        values = [_at(evaluation, period, crossed, f"{provider}>{r}" if provider else r) for r in told]
        return [*map(number, values), number(_count(evaluation, period, "trajectories_ended", provider))]

    rows = [[_name(name), *cells(name)] for name in found] + [["Totaal", *cells("")]]
    columns = ["Aanbieder", *(capital(word("category", r)) for r in told), "Totaal"]
    return Table(
        "Beëindigde trajecten naar reden",
        columns,
        rows,
        unit="trajecten",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
    )


def durations(evaluation: Evaluation, period: str) -> Table | Remark | Absent:
    """How long ended trajectories took, by provider; a sentence when there are too few of all together."""
    if missing := absent(evaluation, period, "trajectory_duration"):
        return missing
    total = _statistic(evaluation, period, "trajectory_duration", "")
    if total["status"] == "undefined":
        return Remark(f"Er eindigden minder dan {LEAST} trajecten; over zo weinig wordt geen duur gegeven.")
    rows = [
        [_name(name) if name else "Alle aanbieders", *_duration(evaluation, period, name)]
        for name in [*names(evaluation, period), ""]
    ]
    columns = ["Aanbieder", "Beëindigd", "Mediaan", "Middelste helft"]
    few = f"‘–’ betekent: minder dan {LEAST} trajecten. " if any("–" in row for row in rows) else ""
    return Table(
        "Hoe lang trajecten duurden",
        columns,
        rows,
        unit="maanden; beëindigd in trajecten",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
        note=f"{few}Trajecten die nog lopen staan hier niet bij"
        f"{'; hieronder tellen zij mee' if evaluation.is_internal else ''}.",
    )


def lasting(evaluation: Evaluation, period: str) -> Remark | Absent:
    """How long all trajectories take, also those that run on, beside the duration of the ended ones."""
    if missing := absent(evaluation, period, "trajectory_lasting"):
        return missing
    found = tidy.pick(evaluation.measures, period=period, measure="trajectory_lasting")
    if found.empty or found["status"].iloc[-1] == "hidden":
        return Remark(word("hidden", "lasting"))
    row = found.iloc[-1]
    there, ended = float(row["denominator"]), float(row["numerator"])
    if pd.isna(row["value"]):
        why = "het zijn er te weinig" if there < LEAST else "er zijn er nog te weinig geëindigd"
        return Remark(f"Hoe lang alle trajecten samen duren, ook die nog lopen, is niet te zeggen: {why}.")
    median = _statistic(evaluation, period, "trajectory_duration", "")["value"]
    beside = "" if pd.isna(median) else f"; van de beëindigde alleen is dat {number(float(median))}"
    ran = "dat {} liep, is" if there == 1 else "die {} liepen, zijn"
    which = f"{counted(there, 'traject', 'trajecten')} {ran.format(f'in {evaluation.wording(period)}')}"
    return Remark(
        f"Van de {which} er op de laatste dag van de gegevens {number(ended)} geëindigd. Tellen ook de andere mee, zo "
        f"lang als zij al duren, dan is de helft voorbij na "
        f"{counted(float(row['value']), 'maand', 'maanden')}{beside}."
    )


def costs(evaluation: Evaluation, period: str) -> Table | Remark | Absent:
    """What the trajectories that began cost, by provider, and of how many that is known."""
    if missing := absent(evaluation, period, "trajectory_cost", "trajectories_priced"):
        return missing
    if _count(evaluation, period, "trajectories_started") == 0:
        return Remark(_without_costs(evaluation, period))
    rows = [
        [_name(name) if name else "Totaal", *_cost(evaluation, period, name)]
        for name in [*names(evaluation, period), ""]
    ]
    columns = ["Aanbieder", "Begonnen", "Met bedrag", "Gemiddeld", "Samen"]
    return Table(
        "Wat trajecten kosten",
        columns,
        rows,
        unit="trajecten en euro",
        numbers=frozenset(columns[1:]),
        totals=frozenset({len(rows) - 1}),
        note="Bedragen zoals aangeleverd, van de trajecten die in de periode begonnen. Gemiddeld en samen gaan over de "
        "trajecten met een bedrag. Elk bedrag is afgerond op hele euro’s; de som kan daarom een euro schelen.",
    )


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """The bridge from the start of the period to its end, and providers and reasons against their totals."""
    if missing := absent(evaluation, period, *COUNTS):
        return missing
    made = []
    stock = stock_of(evaluation, period)
    if stock:
        parts = [_ran(evaluation, stock, at_start=True), *(_count(evaluation, stock.period, m) for m in COUNTS[:2])]
        made.append(_bridged(evaluation, stock, [*parts, _ran(evaluation, stock)]))
    for measure, breakdown, name in (
        ("trajectories_started", "provider", "Begonnen trajecten naar aanbieder"),
        ("trajectories_ended", "provider", "Beëindigde trajecten naar aanbieder"),
        ("trajectories_ended", "end_reason", "Beëindigde trajecten naar reden"),
    ):
        rows = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
        values = [tidy.number(rows, period, measure, breakdown, c) for c in rows["category"]]
        made.append(adds_up(evaluation, name, values, _count(evaluation, period, measure)))
    return Checks(tuple(made))


def stock_of(evaluation: Evaluation, period: str) -> Stock | None:
    """What tells of running trajectories: the period's own delivery, or for all together the last one that does."""
    found = tidy.pick(evaluation.measures, measure="trajectories_running", breakdown="")
    found = found[found["status"] != "not_delivered"]
    own = found[found["period"] == period]
    rows = own if len(own) or period in evaluation.received else found
    if rows.empty:
        return None
    last = rows.loc[rows["as_of"].idxmax(), "period"] if len(rows) else period
    days = rows.loc[rows["period"] == last, "as_of"]
    return Stock(last, days.min(), days.max())


def names(evaluation: Evaluation, period: str) -> list[str]:
    """The providers, in the order of the alphabet, what was not recorded last."""
    found = tidy.pick(evaluation.measures, period=period, measure="trajectories_started", breakdown="provider")
    return list(dict.fromkeys(found["category"]))


def _running(evaluation: Evaluation, period: str) -> str:
    stock = stock_of(evaluation, period)
    if stock is None:
        return ""
    value = _ran(evaluation, stock)
    day = day_in_words(stock.days[1])
    if isinstance(value, float) and value == 0:
        return f"Op {day} liep er geen traject."
    return f"Op {day} {_verb(value, 'liep', 'liepen')} er nog {_trajectories(value)}."


def _by_provider(evaluation: Evaluation, period: str, total: float | Hidden) -> str:
    """Who most of the trajectories that began were bought from."""
    counts = {n: _count(evaluation, period, "trajectories_started", n) for n in names(evaluation, period)}
    shown = {n: v for n, v in counts.items() if isinstance(v, float)}
    if isinstance(total, Hidden) or len(shown) < len(counts) or total == 0:
        return ""
    with_some = [n for n, v in shown.items() if v and n != UNRECORDED]
    if len(with_some) == 1 and shown[with_some[0]] == total:
        return f"Alles wat begon, is ingekocht bij {with_some[0]}."
    parts = [f"{n} ({number(shown[n])})" for n in sorted(with_some, key=lambda n: -shown[n])]
    unrecorded = shown.get(UNRECORDED)
    rest = f"; van {number(unrecorded)} is de aanbieder niet vastgelegd" if unrecorded else ""
    return f"Wat begon, is ingekocht bij {listed(parts)}{rest}." if parts else ""


def _without_costs(evaluation: Evaluation, period: str) -> str:
    """Why there are no amounts where none began: what ran already is paid for all the same."""
    said, stock = f"Over {evaluation.wording(period)} begon geen traject", stock_of(evaluation, period)
    ran = _ran(evaluation, stock, at_start=True) if stock and stock.period == period else HIDDEN
    if ran == 0:
        return f"{said}, en bij het begin liep er ook geen."
    also = "" if isinstance(ran, Hidden) else f", maar {_verb(ran, 'liep', 'liepen')} er al {number(ran)}"
    return (
        f"{said}{also}. Een bedrag telt in de periode waarin het traject begon: wat trajecten in deze periode kostten, "
        "is hier niet te zien."
    )


def _bridge(evaluation: Evaluation, period: str, stock: Stock | None, name: str) -> list[str]:
    before, after = (
        (_ran(evaluation, stock, name, at_start=True), _ran(evaluation, stock, name)) if stock else (None, None)
    )
    flows = [_count(evaluation, period, m, name) for m in COUNTS[:2]]
    return [_name(name) if name else "Totaal", number(before), *map(number, flows), number(after)]


def _dated(evaluation: Evaluation, period: str, stock: Stock | None) -> str:
    if stock is None:
        return "Hoeveel trajecten er op een dag liepen, is niet bekend."
    opening, closing = map(day_in_words, stock.days)
    said = f"Lopen nog: aan het eind van {closing}."
    if stock.period == period:
        return f"Liepen al: aan het eind van {opening}. {said} Liepen al + begonnen − beëindigd = lopen nog."
    own = evaluation.wording(stock.period)
    return f"{said} Dat komt uit de levering over {own}; begonnen en beëindigd gaan over alle perioden."


def _duration(evaluation: Evaluation, period: str, name: str) -> Sequence[str]:
    row = _statistic(evaluation, period, "trajectory_duration", name)
    count = number(_count(evaluation, period, "trajectories_ended", name))
    if row["status"] == "hidden":
        return count, MARK, MARK
    if row["status"] == "undefined":
        return count, "–", "–"
    low, middle, high = (number(float(row[c])) for c in ("low", "value", "high"))
    return count, middle, f"{low} – {high}"


def _cost(evaluation: Evaluation, period: str, name: str) -> Sequence[str]:
    row = _statistic(evaluation, period, "trajectory_cost", name)
    counts = [number(_count(evaluation, period, m, name)) for m in ("trajectories_started", "trajectories_priced")]
    if row["status"] == "hidden":
        return *counts, MARK, MARK
    if row["status"] == "undefined":
        return *counts, "–", "–"
    return *counts, number(float(row["value"])), number(float(row["numerator"]))


def _statistic(evaluation: Evaluation, period: str, measure: str, name: str) -> pd.Series:
    label = {"breakdown": "provider" if name else "", "category": name}
    return tidy.pick(evaluation.measures, period=period, measure=measure, **label).iloc[-1]


def _count(evaluation: Evaluation, period: str, measure: str, name: str = "") -> float | Hidden:
    return tidy.count(evaluation.measures, period, measure, "provider" if name else "", name)


def _at(evaluation: Evaluation, period: str, breakdown: str, label: str) -> tidy.Value:
    return tidy.number(evaluation.measures, period, "trajectories_ended", breakdown, label)


def _ran(evaluation: Evaluation, stock: Stock, name: str = "", *, at_start: bool = False) -> float | Hidden:
    """How many trajectories ran at the end of the day before the period, or of its last day."""
    day = stock.opening if at_start else stock.closing
    on_the_day = tidy.pick(evaluation.measures, period=stock.period, as_of=day)
    return tidy.count(on_the_day, stock.period, "trajectories_running", "provider" if name else "", name)


def _bridged(evaluation: Evaluation, stock: Stock, values: Sequence[float | Hidden]) -> Check:
    known = tidy.all_shown(values)
    opening, closing = map(day_in_words, stock.days)
    name = f"Van {opening} tot en met {closing}"
    if isinstance(known, Hidden):
        return untold(name)
    before, came, went, after = known
    text = (
        f"{name}: {number(before)} liepen al + {number(came)} begonnen − {number(went)} beëindigd = "
        f"{number(before + came - went)}; er lopen er nog {number(after)}."
    )
    return judged(evaluation, before + came - went == after, text)


def _name(provider: str) -> str:
    """A provider as it was delivered."""
    return capital(category(UNRECORDED)) if provider == UNRECORDED else provider


def _trajectories(value: float | Hidden) -> str:
    return "geen traject" if not isinstance(value, Hidden) and value == 0 else counted(value, "traject", "trajecten")


def _pronoun(value: float | Hidden) -> str:
    if isinstance(value, Hidden):
        return word("hidden", "count")
    return "geen" if value == 0 else number(value)


def _verb(value: float | Hidden, singular: str, plural: str) -> str:
    return singular if isinstance(value, Hidden) or value in (0, 1) else plural
