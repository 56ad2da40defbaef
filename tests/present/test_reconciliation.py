"""The reconciliation in words: any register can be said, and the report's own lines read as they should."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from evaluations import evaluation
from hypothesis import given
from hypothesis import strategies as st

from mp_eval import tidy
from mp_eval.periods import Period, parse
from mp_eval.present import reconciliation
from mp_eval.present.reconciliation import Line
from mp_eval.reconcile import Recomputed, reconcile
from mp_eval.register import Figure

PERIODS = [parse(p) for p in ("2028", "2029", "juli 2028 tot juli 2029", "januari 2028 tot januari 2030")]
DAY = date(2030, 1, 1)
ACTIVITIES, GROUPS = ("volunteering", "day_activity", "trajectory"), ("caseload", "ready", "later")
EMPTY = evaluation()


def said(figures: list[Figure], records: Recomputed) -> list[Line]:
    lines = reconcile(figures, records)
    return reconciliation.lines(replace(EMPTY, figures=tuple(figures), reconciliation=lines))


def figure(id: str, when: Period | date, measure: str, value: float | None, qualifier: str = "exact", *categories: str):
    breakdown = ("group" if measure == "on_benefit" else "activity") if categories else ""
    return Figure(id, "Nota", None, "Een zin.", when, measure, breakdown, categories, value, qualifier, "")


@st.composite
def registers(draw: st.DrawFn) -> list[Figure]:
    """Up to eight figures about the same few days, so that many of them meet in one rule."""
    made = []
    for n in range(draw(st.integers(1, 8))):
        measure = draw(
            st.sampled_from(["spoken", "activated", "activated", "activation_rate", "on_benefit", "outflow"])
        )
        qualifier = draw(
            st.sampled_from(
                ["exact", "exact", "about", "more_than", "at_least", "almost", "less_than", "at_most", "blank"]
            )
        )
        names = {"activated": ACTIVITIES, "on_benefit": GROUPS}.get(measure, ())
        categories = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
        count = draw(st.integers(0, 60))
        value = None if qualifier == "blank" else count / 100 if measure == "activation_rate" else count
        when = DAY if measure == "on_benefit" else draw(st.sampled_from(PERIODS))
        one = figure(f"f{n}", when, measure, value, qualifier, *categories)
        made.append(of_a_nature(draw, one) if value and len(categories) < 2 else one)
    return made


def of_a_nature(draw: st.DrawFn, one: Figure) -> Figure:
    """The figure as it is, or as a target, a part of a total, or a change; its value is not zero."""
    nature = draw(st.sampled_from(["count", "count", "target", "part", "change"]))
    if nature == "part" and one.categories:
        return replace(one, nature=nature, value=(one.value or 0) / 100, is_percent=True)
    if nature == "change" and not one.is_share:
        is_percent = draw(st.booleans())
        value = draw(st.sampled_from([-1, 1])) * (one.value or 0) / (100 if is_percent else 1)
        since = date(2029, 1, 1) if one.when == DAY else parse("2027")
        return replace(one, nature=nature, value=value, compared=since, is_percent=is_percent)
    return replace(one, nature="target") if nature == "target" else one


@st.composite
def records(draw: st.DrawFn) -> Recomputed:
    """Records of some of the days: every measure, not every outcome delivered."""
    rows = []
    for period in draw(st.lists(st.sampled_from(PERIODS), unique=True)):
        numbers = st.integers(0, 60)
        rows += [tidy.row(period.key, m, draw(numbers)) for m in ("spoken", "activated")]
        rows += [tidy.row(period.key, "activated", draw(numbers), breakdown="activity", category=c) for c in ACTIVITIES]
        rows.append(tidy.row(period.key, "outflow", None, status="not_delivered"))
        rows.append(tidy.row(period.key, "activation_rate", None, status="undefined"))
    return Recomputed(tidy.table(rows), {p: p.key for p in PERIODS})


@given(registers(), records())
def test_whatever_a_register_holds_each_line_can_be_said(figures: list[Figure], found: Recomputed) -> None:
    for line in said(figures, found):
        assert not re.search(r"\b(nan|None|NA|inf)\b|<NA>|[{}]", f"{line}".replace("Line(", ""))


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        (
            [figure("t", PERIODS[3], "spoken", 80), figure("a", PERIODS[0], "spoken", 50),
             figure("b", PERIODS[1], "spoken", 40)],
            "Een inwoner kan in meer perioden zijn geteld. Het totaal ligt tussen 50 en 90; ‘80’ kan kloppen, maar "
            "volgt er niet uit.",
        ),
        (
            [figure("t", PERIODS[3], "spoken", 80, "more_than"), figure("a", PERIODS[0], "spoken", 50),
             figure("b", PERIODS[1], "spoken", 40)],
            "Een inwoner kan in meer perioden zijn geteld. Het totaal ligt tussen 50 en 90; ‘meer dan 80’ klopt alleen "
            "als ten hoogste 9 inwoners dubbel zijn geteld.",
        ),
        (
            [figure("t", PERIODS[0], "activated", 50), figure("a", PERIODS[0], "activated", 60, "exact", "trajectory"),
             figure("b", PERIODS[0], "activated", 5, "exact", "volunteering")],
            "60 + 5 = 65; één van de delen alleen is al meer dan het totaal van 50.",
        ),
        (
            [figure("t", DAY, "on_benefit", 1900), figure("a", DAY, "on_benefit", 241, "exact", "caseload"),
             figure("b", DAY, "on_benefit", 140, "about", "ready")],
            "241 + 140 = 381 van 1.900; een deel daarvan is afgerond. "
            "De overige ongeveer 1.519 zijn in geen van deze groepen genoemd.",
        ),
    ],
)  # fmt: skip
def test_a_line_says(figures: list[Figure], text: str) -> None:
    assert text in [line.text for line in said(figures, Recomputed(tidy.table([]), {}))]


def test_a_line_about_a_stock_has_its_date() -> None:
    (line,) = said([figure("t", DAY, "on_benefit", 1900)], Recomputed(tidy.table([]), {}))
    assert (line.when, line.found) == ("1 januari 2030", "–")


def test_a_row_is_shown_as_it_was_printed() -> None:
    row = [figure("a", PERIODS[0], "activated", 5, "exact", *ACTIVITIES[:2]),
           figure("b", PERIODS[0], "activated", None, "blank", *ACTIVITIES[:2])]  # fmt: skip
    assert [x.published for x in said(row, Recomputed(tidy.table([]), {}))] == ["5"]
