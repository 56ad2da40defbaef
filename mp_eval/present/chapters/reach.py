"""How many residents were spoken to: in total, month by month, and a month of each consultant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pandas as pd

from ... import tidy
from ...evaluation import Evaluation
from ...periods import parse
from ...tidy import CONVERSATIONS, HIDDEN, Hidden
from ..absence import absent
from ..checks import adds_up
from ..drawing.bar_charts import columns
from ..drawing.paint import Drawing
from ..drawing.shapes import BLUE, GREY
from ..elements import Absent, Answer, Check, Checks, Figure, Headline, Table
from ..wording import are, capital, category, counted, listed, number, word

SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
ROOM = 14  # columns of a figure with their numbers on a phone
NAMED = 3  # months that a sentence names at most
PARTLY = " (deels)"


def answer(evaluation: Evaluation, period: str) -> Answer:
    """How many were spoken to, per month and per consultant, in which months most and fewest."""
    if missing := absent(evaluation, period, "spoken"):
        return Answer((missing.text,))
    spoken = _value(evaluation, period, "spoken")
    total = 0.0 if spoken is None else spoken
    residents = counted(total, "inwoner", "inwoners")
    said = [f"Over {evaluation.wording(period)} {are(total)} **{residents}** voor het eerst gesproken."]
    if total != 0:
        said += [_rates(evaluation, period), _extremes(evaluation, period)]
    said.append(_talked(evaluation, period))
    return Answer(tuple(s for s in said if s))


def headline(evaluation: Evaluation, period: str) -> Headline | Absent:
    """Residents and conversations with their rates."""
    if missing := absent(evaluation, period, "spoken"):
        return missing
    per_month, per_talk, each = (
        _value(evaluation, period, m)
        for m in ("spoken_per_month", "conversations_per_month", "spoken_per_consultant_month")
    )
    items = [
        (number(_value(evaluation, period, "spoken")), word("measure", "spoken"), _a_month(per_month)),
        (number(_value(evaluation, period, "conversations")), word("measure", "conversations"), _a_month(per_talk)),
    ]
    if each is not None:
        items.append((number(each, 1), "gesproken inwoners per consulent", "in een maand werk"))
    return Headline(tuple(items))


def reach(evaluation: Evaluation, period: str) -> Table | Absent:
    """Spoken residents, conversations by kind, and residents new and known; counts beside rates."""
    if missing := absent(evaluation, period, "spoken", "conversations"):
        return missing

    def value(measure: str, breakdown: str = "", category: str = "") -> tidy.Value:
        return tidy.number(evaluation.measures, period, measure, breakdown, category)

    rows = [
        ["Gesproken inwoners (eerste gesprek in de periode)", number(value("spoken"))],
        ["Gesproken inwoners per maand", number(value("spoken_per_month"), 1)],
        ["Gesproken inwoners per consulent per maand", number(value("spoken_per_consultant_month"), 1)],
        ["Inwoners met ten minste één gesprek", number(value("in_conversation"))],
        *(
            [f"waarvan {word('category', c)}", number(value("in_conversation", "familiarity", c))]
            for c in ("new", "known")
        ),
        ["Gesprekken", number(value("conversations"))],
        *([f"waarvan {word('category', k)}", number(value("conversations", "kind", k))] for k in CONVERSATIONS),
        ["Gesprekken per maand", number(value("conversations_per_month"), 1)],
    ]
    return Table(
        "Gesproken inwoners en gesprekken",
        ["Wat is geteld", "Aantal"],
        rows,
        unit="inwoners of gesprekken",
        numbers=frozenset({"Aantal"}),
        parts=frozenset({4, 5, 7, 8, 9}),
        note="Nieuw: het eerste gesprek viel in deze periode. Al bekend: wel een gesprek, maar niet het eerste."
        f"{_without_consultants(value('spoken_per_consultant_month'))}",
    )


def months_data(evaluation: Evaluation, period: str) -> pd.DataFrame:
    """The months in order: month, spoken, conversations (missing where hidden), is_whole.

    A month is whole when the period holds all of its days and the records go up to its end.
    """
    rows = tidy.pick(evaluation.measures, period=period, breakdown="month")
    months = sorted(rows.loc[rows["measure"] == "spoken", "category"])
    found = {
        measure: [tidy.number(rows, period, measure, "month", m) for m in months]
        for measure in ("spoken", "conversations")
    }
    columns = {m: [np.nan if isinstance(v, Hidden) or v is None else v for v in values] for m, values in found.items()}
    whole = [_is_whole(evaluation, period, m) for m in months]
    frame = pd.DataFrame({"month": months, **columns, "is_whole": whole})
    return frame.astype({"spoken": "float64", "conversations": "float64", "is_whole": "bool"})


def months(evaluation: Evaluation, period: str) -> Figure | Absent:
    """First conversations month by month, against their average."""
    if missing := absent(evaluation, period, "spoken"):
        return missing
    data, average = months_data(evaluation, period), _value(evaluation, period, "spoken_per_month")
    mean = average if isinstance(average, float) else None
    rows = [
        [_name(r.month, r.is_whole), number(_shown(r.spoken)), number(_shown(r.conversations))]
        for r in data.itertuples()
    ]
    columns = ["Maand", "Gesproken inwoners", "Gesprekken"]
    table = Table("Gesproken inwoners en gesprekken naar maand", columns, rows, numbers=frozenset(columns[1:]))
    caption = f"Voor het eerst gesproken inwoners naar maand, {evaluation.wording(period)} (aantal inwoners)."
    if mean is not None:
        caption += f" De streeplijn is het gemiddelde per maand: {number(mean, 1)}."
    if not data["is_whole"].all():
        caption += " Grijs is een maand die deels buiten de periode of de gegevens valt."
    if data["spoken"].isna().any():
        caption += f" Gearceerd is {word('hidden', 'spoken')}."
    alt = _alt(data, evaluation.wording(period), mean)
    return Figure(_columns(data, mean), alt, caption, table, _extremes(evaluation, period))


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """Months, kinds and new and known residents against their totals."""
    if missing := absent(evaluation, period, "spoken"):
        return missing
    return Checks(
        tuple(
            _adds_up(evaluation, period, name, measure, breakdown)
            for name, measure, breakdown in (
                ("Gesproken inwoners naar maand", "spoken", "month"),
                ("Gesprekken naar maand", "conversations", "month"),
                ("Gesprekken naar soort", "conversations", "kind"),
                ("Nieuwe en bekende inwoners", "in_conversation", "familiarity"),
            )
        )
    )


def _rates(evaluation: Evaluation, period: str) -> str:
    """How many a month, and a month of each consultant."""
    per_month, each = (_value(evaluation, period, m) for m in ("spoken_per_month", "spoken_per_consultant_month"))
    if not isinstance(per_month, float):
        return ""
    said = f"Dat zijn er gemiddeld **{number(per_month, 1)} per maand**"
    return f"{said}, of {number(each, 1)} per consulent per maand." if isinstance(each, float) else f"{said}."


def _extremes(evaluation: Evaluation, period: str) -> str:
    """The whole months with most and with fewest; nothing when one is hidden, for that may be one of them."""
    data = months_data(evaluation, period)
    whole = data[data["is_whole"]]
    if len(whole) < 2 or whole["spoken"].isna().any():
        return ""
    most, least = whole["spoken"].max(), whole["spoken"].min()
    if most == least:
        return f"In elke {'maand' if len(whole) == len(data) else 'hele maand'} waren het er evenveel: {number(most)}."
    parts = [
        f"{how} in {listed([category(m) for m in names])} ({number(value)})"
        for how, value in (("de meeste", most), ("de minste", least))
        if len(names := list(whole.loc[whole["spoken"] == value, "month"])) <= NAMED
    ]
    said = f"{' en '.join(_verbed(parts))}." if parts else ""
    return capital(said) if not said or len(whole) == len(data) else f"Van de hele maanden: {said}"


def _verbed(parts: list[str]) -> list[str]:
    first, *rest = parts
    return [first.replace(" in ", " waren het er in ", 1), *rest]


def _talked(evaluation: Evaluation, period: str) -> str:
    """All conversations, with how many residents, and how many of them were known already."""
    talks, people = (_value(evaluation, period, m) for m in ("conversations", "in_conversation"))
    known = tidy.number(evaluation.measures, period, "in_conversation", "familiarity", "known")
    if talks is None or people is None or known is None:
        return ""
    said = f"In totaal {are(talks)} {counted(talks, 'gesprek', 'gesprekken')} gevoerd"
    if talks == 0:
        return f"{said}."
    said += f", met {counted(people, 'inwoner', 'inwoners')}"
    if known == 0:
        return f"{said}; niemand van hen was al bekend."
    many = word("hidden", "count") if isinstance(known, Hidden) else number(known)
    return f"{said}; van hen {'was' if are(known) == 'is' else 'waren'} er {many} al bekend."


def _without_consultants(value: tidy.Value) -> str:
    if value is not None:
        return ""
    return " Per consulent is niet te berekenen: hoeveel consulenten er waren, is niet ingevuld."


def _a_month(rate: tidy.Value) -> str:
    return f"{number(rate, 1)} per maand" if isinstance(rate, float) else ""


def _is_whole(evaluation: Evaluation, period: str, month: str) -> bool:
    """Whether the period holds the month and the records go up to its last day."""
    days = parse(tidy.days_of(month))
    is_known = evaluation.extracted(period) >= days.end - timedelta(days=1)
    return is_known and any(piece.covers(days) for piece in evaluation.days(period))


def _name(month: str, is_whole: bool) -> str:
    return capital(category(month)) + ("" if is_whole else PARTLY)


def _columns(data: pd.DataFrame, mean: float | None) -> Drawing:
    """Standing bars, and a broken line at the average."""
    return columns(
        data["spoken"],
        ticks=list(_ticks(list(data["month"]))),
        colours=[BLUE if whole else GREY for whole in data["is_whole"]],
        level=None if mean is None else (mean, f"gemiddeld {number(mean, 1)}"),
    )


def _ticks(months: list[str]) -> Iterator[tuple[int, str]]:
    """Few enough labels for a phone; the year below the first of them and below each January."""
    step = 1 if len(months) <= 6 else 3 if len(months) <= ROOM else 6
    numbers = [int(month[5:]) for month in months]
    places = [n for n, number_ in enumerate(numbers) if (number_ - 1) % step == 0]
    if not places or places[0] > 1:
        places.insert(0, 0)
    for n in places:
        year = f"\n{months[n][:4]}" if n == places[0] or numbers[n] == 1 else ""
        yield n, SHORT[numbers[n] - 1] + year


def _alt(data: pd.DataFrame, when: str, mean: float | None) -> str:
    if not data["spoken"].isna().any() and data["spoken"].sum() == 0:
        return f"Staafdiagram van inwoners naar maand over {when}: er is niemand voor het eerst gesproken."
    parts = [
        f"{category(r.month)} {word('hidden', 'spoken') if pd.isna(r.spoken) else number(r.spoken)}"
        for r in data.itertuples()
    ]
    average = f" Het gemiddelde is {number(mean, 1)} per maand." if mean is not None else ""
    return f"Staafdiagram van voor het eerst gesproken inwoners naar maand over {when}: {listed(parts)}.{average}"


def _adds_up(evaluation: Evaluation, period: str, name: str, measure: str, breakdown: str) -> Check:
    """The parts, their sum and the total, so that a reader can do the sum."""
    rows = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
    values = [tidy.number(rows, period, measure, breakdown, c) for c in sorted(rows["category"], key=_order)]
    return adds_up(evaluation, name, values, _value(evaluation, period, measure))


def _order(code: str) -> tuple[int, str]:
    """Kinds in their own order, months by their date."""
    return (CONVERSATIONS.index(code) if code in CONVERSATIONS else 0, code)


def _shown(value: float) -> tidy.Value:
    return HIDDEN if pd.isna(value) else value


def _value(evaluation: Evaluation, period: str, measure: str) -> tidy.Value:
    return tidy.number(evaluation.measures, period, measure)
