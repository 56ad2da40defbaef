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
from ..wording import period as period_told

ROOM = 14  # columns of a figure with their numbers on a phone
NAMED = 3  # months that a sentence names at most


def answer(evaluation: Evaluation, period: str) -> Answer:
    """How many were spoken to, per month and per consultant, in which months most and fewest."""
    if missing := absent(evaluation, period, "spoken"):
        return Answer((missing.text,))
    spoken = _value(evaluation, period, "spoken")
    total = 0.0 if spoken is None else spoken
    when, residents = _when(evaluation, period), _residents(total)
    said = [_say("spoken", when=when, are=are(total), residents=residents)]
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
        items.append((number(each, 1), _say("each"), _say("in_work")))
    return Headline(tuple(items))


def reach(evaluation: Evaluation, period: str) -> Table | Absent:
    """Spoken residents, conversations by kind, and residents new and known; counts beside rates."""
    if missing := absent(evaluation, period, "spoken", "conversations"):
        return missing

    def value(measure: str, breakdown: str = "", category: str = "") -> tidy.Value:
        return tidy.number(evaluation.measures, period, measure, breakdown, category)

    rows = [
        [_say("row_spoken"), number(value("spoken"))],
        [_say("row_month"), number(value("spoken_per_month"), 1)],
        [_say("row_each"), number(value("spoken_per_consultant_month"), 1)],
        [_say("row_people"), number(value("in_conversation"))],
        *(
            [_say("row_of", what=word("category", c)), number(value("in_conversation", "familiarity", c))]
            for c in ("new", "known")
        ),
        [_say("row_talks"), number(value("conversations"))],
        *([_say("row_of", what=word("category", k)), number(value("conversations", "kind", k))] for k in CONVERSATIONS),
        [_say("row_talks_month"), number(value("conversations_per_month"), 1)],
    ]
    without = "" if value("spoken_per_consultant_month") is not None else _say("no_staff")
    return Table(
        _say("caption"),
        [_say("what"), _say("count")],
        rows,
        unit=_say("unit"),
        numbers=frozenset({_say("count")}),
        parts=frozenset({4, 5, 7, 8, 9}),
        note=_say("note") + without,
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
    is_one = _is_one_regime(evaluation, period)
    mean = average if isinstance(average, float) and is_one else None
    rows = [
        [_name(r.month, r.is_whole), number(_shown(r.spoken)), number(_shown(r.conversations))]
        for r in data.itertuples()
    ]
    columns = [_say("column_month"), _say("column_spoken"), _say("column_talks")]
    table = Table(_say("months"), columns, rows, numbers=frozenset(columns[1:]))
    caption = _say("figure", when=_when(evaluation, period))
    if mean is not None:
        caption += _say("figure_mean", mean=number(mean, 1))
    caption += "" if is_one else _say("figure_changed")
    if not data["is_whole"].all():
        caption += _say("figure_grey")
    if data["spoken"].isna().any():
        caption += _say("figure_hidden", hidden=word("hidden", "aloud"))
    finding = _extremes(evaluation, period)
    return Figure(_columns(data, mean), _alt(data, _when(evaluation, period), mean, finding), caption, table, finding)


def checks(evaluation: Evaluation, period: str) -> Checks | Absent:
    """Months, kinds and new and known residents against their totals."""
    if missing := absent(evaluation, period, "spoken"):
        return missing
    return Checks(
        tuple(
            _adds_up(evaluation, period, _say(name), measure, breakdown)
            for name, measure, breakdown in (
                ("check_spoken", "spoken", "month"),
                ("check_talks", "conversations", "month"),
                ("check_kinds", "conversations", "kind"),
                ("check_people", "in_conversation", "familiarity"),
            )
        )
    )


def _rates(evaluation: Evaluation, period: str) -> str:
    """How many a month, and a month of each consultant."""
    per_month, each = (_value(evaluation, period, m) for m in ("spoken_per_month", "spoken_per_consultant_month"))
    if not isinstance(per_month, float):
        return ""
    if isinstance(each, float):
        return _say("rates_each", rate=number(per_month, 1), each=number(each, 1))
    return _say("rates", rate=number(per_month, 1))


def _extremes(evaluation: Evaluation, period: str) -> str:
    """The whole months with most and with fewest; nothing when one is hidden, for that may be one of them."""
    data = months_data(evaluation, period)
    whole = data[data["is_whole"]]
    if len(whole) < 2 or whole["spoken"].isna().any():
        return ""
    most, least = whole["spoken"].max(), whole["spoken"].min()
    if most == least:
        each = _say("month" if len(whole) == len(data) else "whole_month")
        return _say("all_alike", month=each, count=number(most))
    parts: list[str] = []
    for how, value in (("most", most), ("least", least)):
        names = list(whole.loc[whole["spoken"] == value, "month"])
        if len(names) <= NAMED:
            first = "_alone" if how == "least" and not parts else ""
            parts.append(_say(how + first, months=listed([category(m) for m in names]), count=number(value)))
    said = f"{listed(parts)}." if parts else ""
    return capital(said) if not said or len(whole) == len(data) else _say("of_whole", said=said)


def _talked(evaluation: Evaluation, period: str) -> str:
    """All conversations, with how many residents, and how many of them were known already."""
    talks, people = (_value(evaluation, period, m) for m in ("conversations", "in_conversation"))
    known = tidy.number(evaluation.measures, period, "in_conversation", "familiarity", "known")
    if talks is None or people is None or known is None:
        return ""
    held = {"are": are(talks), "talks": _counted(talks, "conversation")}
    if talks == 0:
        return _say("talks", **held)
    held["residents"] = _residents(people)
    if known == 0:
        return _say("talks_new", **held)
    many = word("hidden", "count") if isinstance(known, Hidden) else number(known)
    were = word("grammar", "was" if isinstance(known, Hidden) or known == 1 else "were")
    return _say("talks_known", **held, were=were, known=many)


def _a_month(rate: tidy.Value) -> str:
    return _say("a_month", rate=number(rate, 1)) if isinstance(rate, float) else ""


def _is_whole(evaluation: Evaluation, period: str, month: str) -> bool:
    """Whether the period holds the month and the records go up to its last day."""
    days = parse(tidy.days_of(month))
    is_known = evaluation.extracted(period) >= days.end - timedelta(days=1)
    return is_known and any(piece.covers(days) for piece in evaluation.days(period))


def _name(month: str, is_whole: bool) -> str:
    return capital(category(month)) + ("" if is_whole else word("grammar", "partly"))


def _columns(data: pd.DataFrame, mean: float | None) -> Drawing:
    """Standing bars, and a broken line at the average."""
    return columns(
        data["spoken"],
        ticks=list(_ticks(list(data["month"]))),
        colours=[BLUE if whole else GREY for whole in data["is_whole"]],
        level=None if mean is None else (mean, _say("level", mean=number(mean, 1))),
    )


def _is_one_regime(evaluation: Evaluation, period: str) -> bool:
    """Whether all its months are alike: as many consultants, and residents spoken to counted in one way."""
    days, settings = evaluation.days(period), evaluation.workspace.settings
    staff = {count for when, count in evaluation.workspace.staff if any(when.overlap(piece) for piece in days)}
    breaks = [b.date for b in settings.breaks if {"spoken", "spoken_per_month"} & set(b.measures)]
    return len(staff - {0}) <= 1 and not any(piece.start < day < piece.end for piece in days for day in breaks)


def _ticks(months: list[str]) -> Iterator[tuple[int, str]]:
    """Few enough labels for a phone; the year below the first of them and below each January."""
    step = 1 if len(months) <= 6 else 3 if len(months) <= ROOM else 6
    numbers = [int(month[5:]) for month in months]
    places = [n for n, number_ in enumerate(numbers) if (number_ - 1) % step == 0]
    if not places or places[0] > 1:
        places.insert(0, 0)
    for n in places:
        year = f"\n{months[n][:4]}" if n == places[0] or numbers[n] == 1 else ""
        yield n, word("grammar", f"short_{numbers[n]}") + year


def _alt(data: pd.DataFrame, when: str, mean: float | None, finding: str) -> str:
    """What the chart says; its numbers, which the table below it has, only where there is nothing else to say."""
    if not data["spoken"].isna().any() and data["spoken"].sum() == 0:
        return _say("alt_none", when=when)
    hidden = [category(month) for month in data.loc[data["spoken"].isna(), "month"]]
    parts = [f"{category(r.month)} {number(_shown(r.spoken))}" for r in data.itertuples()]
    said = finding or (_say("alt_hidden", months=listed(hidden)) if hidden else f"{capital(listed(parts))}.")
    average = _say("alt_mean", mean=number(mean, 1)) if mean is not None else ""
    return _say("alt", when=when, said=said) + average


def _adds_up(evaluation: Evaluation, period: str, name: str, measure: str, breakdown: str) -> Check:
    """The parts, their sum and the total, so that a reader can do the sum."""
    rows = tidy.pick(evaluation.measures, period=period, measure=measure, breakdown=breakdown)
    values = [tidy.number(rows, period, measure, breakdown, c) for c in sorted(rows["category"], key=_order)]
    return adds_up(evaluation, name, values, _value(evaluation, period, measure))


def _order(code: str) -> tuple[int, str]:
    """Kinds in their own order, months by their date."""
    return (CONVERSATIONS.index(code) if code in CONVERSATIONS else 0, code)


def _say(key: str, **told: str) -> str:
    """A text of this chapter."""
    return word("reach", key).format(**told)


def _when(evaluation: Evaluation, key: str) -> str:
    return period_told(evaluation.wording(key))


def _residents(count: float | Hidden) -> str:
    return _counted(count, "resident")


def _counted(count: float | Hidden, what: str) -> str:
    return counted(count, word("grammar", what), word("grammar", f"{what}s"))


def _shown(value: float) -> tidy.Value:
    return HIDDEN if pd.isna(value) else value


def _value(evaluation: Evaluation, period: str, measure: str) -> tidy.Value:
    return tidy.number(evaluation.measures, period, measure)
