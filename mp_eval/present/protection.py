"""The account of what is hidden and why, for the page Verantwoording: computed, so that it is true of every run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .. import tidy
from ..disclosure import rules
from ..evaluation import Evaluation
from ..periods import WHOLE, Period, parse
from ..register import Figure
from .elements import Remark, Row, Table
from .wording import capital, category, counted, day, number, percent, word, words

PARAGRAPHS = {
    "hide": ("hide", "why", "hidden", "how", "attacked", "beyond", "before"),
    "round": ("round", "why_rounded", "attacked_rounded", "beyond", "before"),
    "hide_and_round": ("hide_and_round", "why_rounded", "hidden_rounded", "attacked_rounded", "beyond", "before"),
}


def account(evaluation: Evaluation) -> tuple[Remark, ...]:
    """What is hidden or rounded in this run, by which rule, and what a reader can still rely on; a paragraph each."""
    settings = evaluation.workspace.settings.disclosure
    if settings.internal:
        return (Remark(word("account", "internal")),)
    hidden = int((evaluation.measures["status"] == "hidden").sum())
    threshold = settings.threshold if settings.method == "hide" else max(rules.LEAST_ROUNDED, settings.threshold)
    said = {
        "least": number(threshold - 1),
        "threshold": number(settings.threshold),
        "hidden": counted(hidden, "meting", "metingen"),
        "all": number(len(evaluation.measures)),
    }
    return tuple(Remark(words()["account"][name].format(**said)) for name in PARAGRAPHS[settings.method])


def already_public(evaluation: Evaluation) -> Table | Remark:
    """The hidden numbers that earlier publications give or may give; what is out cannot be taken back."""
    hidden = evaluation.measures[evaluation.measures["status"] == "hidden"]
    if not len(hidden):
        return Remark(word("account", "nothing_hidden"))
    days = {p.id: p for p in evaluation.workspace.periods}
    rows: list[Row] = []
    told = set()
    for figure in evaluation.figures:
        if figure.value is None:
            continue
        same = tidy.pick(hidden, measure=figure.measure, breakdown=figure.breakdown)
        same = same[same["category"].isin(figure.categories or ("",))]
        about = [r for r in same.to_dict("records") if _is_about(figure, r["period"], r["as_of"], days)]
        if about:
            shown = percent if figure.is_share else number
            value = word("qualifier", figure.qualifier).format(value=shown(figure.value))
            if figure.is_ambiguous:
                value = word("account", "one_of_these").format(value=value)
            else:
                told |= {_key(r) for r in about}
            when = figure.when.wording() if isinstance(figure.when, Period) else day(figure.when)
            rows.append([_named(figure.measure, figure.breakdown, figure.categories), when, value])
    printed = {_key(r) for r in hidden.to_dict("records")}
    for key in evaluation.known:
        if key in printed and key not in told:
            period, measure, breakdown, category, as_of = key
            when = day(date.fromisoformat(as_of)) if as_of else _when(period, days)
            rows.append([_named(measure, breakdown, (category,)), when, word("account", "follows")])
    if not rows:
        return Remark(word("account", "nothing_public"))
    columns = ["Cijfer", "Waarover", "Eerder gepubliceerd"]
    return Table("Afgeschermd, maar eerder gepubliceerd", columns, rows, note=word("account", "public"))


def _is_about(figure: Figure, period: str, as_of: str, days: dict[str, Period]) -> bool:
    if not isinstance(figure.when, Period):
        return bool(as_of == figure.when.isoformat())
    return days.get(period) == figure.when or period == figure.when.iso


def _key(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """A hidden number as `Evaluation.known` names it: only a stock has its date in its name."""
    is_stock = tidy.MEASURES[row["measure"]].kind == "stock"
    return (*(row[column] for column in tidy.KEY[:-1]), row["as_of"] if is_stock else "")


def _named(measure: str, breakdown: str, categories: Sequence[str]) -> str:
    """The measure, and which category of it, or which ones it may be."""
    name = capital(word("measure", measure))
    return f"{name}: {' of '.join(category(c) for c in categories)}" if breakdown else name


def _when(period: str, days: dict[str, Period]) -> str:
    if period == WHOLE:
        return word("account", "whole")
    return (days[period] if period in days else parse(period)).wording()
