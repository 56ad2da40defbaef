"""The chapter on who was spoken to: right for nobody, one, hidden months and months that are not over."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from contracted import completed
from evaluations import SOURCE, YEAR, evaluation

from mp_eval import measures
from mp_eval.evaluation import Evaluation, Received
from mp_eval.intake.clean import COUNTS
from mp_eval.measures import Scope
from mp_eval.periods import WHOLE
from mp_eval.present.chapters import reach
from mp_eval.present.elements import Absent
from mp_eval.workspace import Break, Disclosure, Municipality, PeriodSetting, Settings, Workspace

NOBODY, ONE = evaluation(), evaluation(spoken="a")
EVERY = pytest.mark.parametrize(
    "make", [reach.answer, reach.headline, reach.reach, reach.months, reach.checks], ids=lambda f: f.__name__
)


@cache
def spoken_on(*days: str, as_of: date = date(2025, 7, 15), consultants: float = 0) -> Evaluation:
    """A resident for each day, with a first conversation on it."""
    talks = pd.DataFrame({"resident": [f"r{n}" for n in range(len(days))], "date": list(days), "kind": "first"})
    tables = completed({"conversations": talks})
    settings = Settings(Municipality("Elders"), (PeriodSetting("2024", YEAR.start, YEAR.end, consultants),))
    workspace = Workspace(Path("nowhere"), settings)
    measured = measures.measure(tables, Scope("2024", (YEAR,), as_of, staff=workspace.staff), stocks=False)
    received = {"2024": Received(replace(SOURCE, extracted=as_of), {}, pd.DataFrame(columns=COUNTS))}
    return Evaluation(workspace, measured, NOBODY.reconciliation, (), received)


def hide(made: Evaluation, *months: str) -> Evaluation:
    """As a public release would, these months of first conversations."""
    frame = made.measures.copy()
    is_it = (frame["measure"] == "spoken") & frame["category"].isin(months)
    frame.loc[is_it, ["value", "numerator", "denominator"]] = pd.NA
    frame.loc[is_it, "status"] = "hidden"
    return replace(made, measures=frame)


def everything_hidden(made: Evaluation) -> Evaluation:
    frame = made.measures.copy()
    frame.loc[:, ["value", "numerator", "denominator", "low", "high"]] = pd.NA
    return replace(made, measures=frame.assign(status="hidden"))


YEAR_ROUND = [f"2024-{m:02}-10" for m in range(1, 13)]
UNEVEN = spoken_on(*YEAR_ROUND, "2024-03-11", "2024-06-11", consultants=3)


def test_the_answer_says_how_many_and_how_many_a_month() -> None:
    assert repr(reach.answer(UNEVEN, "2024")).startswith(
        "Over 2024 zijn 14 inwoners voor het eerst gesproken. "
        "Dat zijn er gemiddeld 1,2 per maand, of 0,4 per consulent per maand."
    )


def test_the_answer_names_the_months_with_most_and_not_ten_with_fewest() -> None:
    said = repr(reach.answer(UNEVEN, "2024"))
    assert "De meeste waren het er in maart 2024 en juni 2024 (2)." in said
    assert "de minste" not in said


def test_the_answer_names_the_month_with_fewest() -> None:
    some = spoken_on(*(d for d in YEAR_ROUND if d != "2024-08-10"), "2024-03-11")
    assert "De meeste waren het er in maart 2024 (2) en de minste in augustus 2024 (0)." in repr(
        reach.answer(some, "2024")
    )


def test_a_year_in_which_every_month_is_the_same() -> None:
    assert "In elke maand waren het er evenveel: 1." in repr(reach.answer(spoken_on(*YEAR_ROUND), "2024"))


def test_no_month_is_called_highest_when_one_is_hidden() -> None:
    said = repr(reach.answer(hide(UNEVEN, "2024-05"), "2024"))
    assert "meeste" not in said
    assert "14 inwoners" in said


def test_a_month_that_is_not_over_is_marked_and_compared_with_none() -> None:
    early = spoken_on("2024-01-10", "2024-01-11", "2024-02-10", as_of=date(2024, 2, 15))
    assert reach.months_data(early, "2024")["is_whole"].tolist() == [True, False]
    assert [row[0] for row in reach.months(early, "2024").data.rows] == ["Januari 2024", "Februari 2024 (deels)"]
    assert "Grijs is een maand" in reach.months(early, "2024").caption
    assert "minste" not in repr(reach.answer(early, "2024"))


def test_the_average_is_of_the_days_that_are_known() -> None:
    early = spoken_on("2024-01-10", "2024-01-11", "2024-02-10", as_of=date(2024, 1, 31))
    assert "gemiddeld 3,0 per maand" in repr(reach.answer(early, "2024"))


def test_the_months_of_the_figure_are_those_of_the_table() -> None:
    data = reach.months_data(UNEVEN, "2024")
    assert data["month"].tolist() == [f"2024-{m:02}" for m in range(1, 13)]
    assert data["spoken"].tolist() == [1, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1]
    assert reach.months(UNEVEN, "2024").data.rows[2] == ["Maart 2024", "2", "2"]


def test_a_hidden_month_is_said_to_be_hidden_and_its_sum_is_not_made() -> None:
    hidden = hide(UNEVEN, "2024-03", "2024-05")
    made = reach.months(hidden, "2024")
    assert [row[1] for row in made.data.rows[2:5]] == ["x", "1", "x"]
    assert "Afgeschermd: maart 2024 en mei 2024." in made.alt
    assert made.caption.endswith("Gearceerd is afgeschermd.")
    assert reach.checks(hidden, "2024").checks[0].holds is None


def test_the_alternative_text_tells_the_message_and_not_the_numbers_of_the_table_below() -> None:
    alt = reach.months(UNEVEN, "2024").alt
    assert alt.endswith(
        "over 2024. De meeste waren het er in maart 2024 en juni 2024 (2). Het gemiddelde is 1,2 per maand."
    )
    assert (
        "Januari 2024 0 en februari 2024 1."
        in reach.months(spoken_on("2024-02-01", as_of=date(2024, 2, 10)), "2024").alt
    )


def test_all_checks_hold() -> None:
    assert [c.holds for c in reach.checks(UNEVEN, "2024").checks] == [True] * 4


def test_a_total_that_is_not_the_sum_of_its_months_is_seen() -> None:
    frame = UNEVEN.measures.copy()
    frame.loc[(frame["measure"] == "spoken") & (frame["breakdown"] == ""), "value"] = 15
    assert reach.checks(replace(UNEVEN, measures=frame), "2024").checks[0].holds is False


def test_rounded_numbers_are_not_judged() -> None:
    settings = replace(UNEVEN.workspace.settings, disclosure=Disclosure(internal=False, method="round"))
    rounded = replace(UNEVEN, workspace=replace(UNEVEN.workspace, settings=settings))
    assert {c.holds for c in reach.checks(rounded, "2024").checks} == {None}


def test_nobody_is_geen() -> None:
    said = repr(reach.answer(NOBODY, "2024"))
    assert said.startswith("Over 2024 zijn geen inwoners voor het eerst gesproken.")
    assert said.endswith("In totaal zijn geen gesprekken gevoerd.")
    assert "per maand" not in said
    assert "evenveel" not in said
    assert "er is niemand voor het eerst gesproken" in reach.months(NOBODY, "2024").alt


def test_one_is_singular() -> None:
    said = repr(reach.answer(ONE, "2024"))
    assert said.startswith("Over 2024 is 1 inwoner voor het eerst gesproken.")
    assert said.endswith(
        "In totaal is 1 gesprek gevoerd, met 1 inwoner; van niemand van hen staat een eerder gesprek in de gegevens."
    )


def test_a_tile_of_one_is_singular() -> None:
    assert [label for _, label, _ in reach.headline(ONE, "2024").items] == ["gesproken inwoner", "gesprek"]
    assert [label for _, label, _ in reach.headline(NOBODY, "2024").items] == ["gesproken inwoners", "gesprekken"]


def test_without_consultants_there_is_no_tile_and_a_note() -> None:
    assert len(reach.headline(ONE, "2024").items) == 2
    assert "niet ingevuld" in reach.reach(ONE, "2024").note
    assert len(reach.headline(UNEVEN, "2024").items) == 3


@EVERY
@pytest.mark.parametrize("made", [NOBODY, ONE, UNEVEN, everything_hidden(UNEVEN)], ids=["0", "1", "many", "hidden"])
def test_nothing_shows_how_the_code_says_missing(make: Callable, made: Evaluation) -> None:
    assert not re.search(r"\b(nan|None|NA|inf|HIDDEN)\b|<NA>", repr(make(made, "2024")))


@EVERY
def test_what_is_hidden_shows_no_number(make: Callable) -> None:
    text = repr(make(everything_hidden(UNEVEN), "2024"))
    assert not re.search(r"\d", re.sub(r"\b2024\b|95%", "", text))


@EVERY
def test_without_conversations_one_sentence(make: Callable) -> None:
    gone = NOBODY.measures[~NOBODY.measures["measure"].isin(["spoken", "conversations", "in_conversation"])]
    made = make(replace(NOBODY, measures=gone), "2024")
    assert "nodig is de levering van gesprekken" in repr(made)
    assert isinstance(made, Absent) or make is reach.answer


@EVERY
def test_the_union_of_periods_reads_too(make: Callable) -> None:
    assert repr(make(ONE, WHOLE))


@pytest.mark.parametrize(
    ("first", "count", "labels"),
    [
        ("2024-01", 3, ["jan\n2024", "feb", "mrt"]),
        ("2023-06", 13, ["jul\n2023", "okt", "jan\n2024", "apr"]),
        ("2022-09", 28, ["sep\n2022", "jan\n2023", "jul", "jan\n2024", "jul"]),
        ("2024-05", 1, ["mei\n2024"]),
    ],
)
def test_the_axis_names_few_months_and_every_year(first: str, count: int, labels: list[str]) -> None:
    months = [str(m) for m in pd.period_range(first, periods=count, freq="M")]
    assert [text for _, text in reach._ticks(months)] == labels


def test_an_average_is_not_drawn_across_a_change_of_counting_or_of_consultants() -> None:
    assert "gemiddelde per maand" in reach.months(UNEVEN, "2024").caption
    changed = Break(date(2024, 7, 1), "eerste gesprekken tellen anders", ("spoken",))
    for breaks in ((changed,), (replace(changed, date=YEAR.start),), (replace(changed, measures=("activated",)),)):
        settings = replace(UNEVEN.workspace.settings, breaks=breaks)
        made = replace(UNEVEN, workspace=replace(UNEVEN.workspace, settings=settings))
        caption = reach.months(made, "2024").caption
        assert ("Een gemiddelde is niet getekend" in caption) == (breaks == (changed,))
        assert ("gemiddelde per maand" in caption) == (breaks != (changed,))
    more = PeriodSetting("2025", YEAR.end, date(2026, 1, 1), 4)
    settings = replace(UNEVEN.workspace.settings, periods=(*UNEVEN.workspace.settings.periods, more))
    whole = replace(UNEVEN, workspace=replace(UNEVEN.workspace, settings=settings))
    assert not reach._is_one_regime(whole, WHOLE)
    assert reach._is_one_regime(whole, "2024")
