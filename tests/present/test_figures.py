"""Figures: what is drawn is what was measured, and the drawing says so in words too."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from evaluations import BEFORE, YEAR, claim, evaluation

from mp_eval.evaluation import Evaluation
from mp_eval.present import figures
from mp_eval.present.drawing.paint import DARK
from mp_eval.present.elements import Figure
from mp_eval.tidy import ACTIVITIES, number

NOBODY = evaluation()
SOME = evaluation(spoken="abcd", activated="a", figures=[claim()], periods=[BEFORE, YEAR])


def test_the_bars_are_the_measures(committed: Evaluation) -> None:
    measured = [number(committed.measures, "2024", "activated", "activity", a) for a in ACTIVITIES]
    assert figures.activities_data(committed, "2024")["residents"].tolist() == measured == [5, 20, 13, 0, 12, 0]


def test_the_points_are_the_measures(committed: Evaluation) -> None:
    periods = ("2022-2023", "2023-2024", "2024", "alle-perioden")
    measured = [number(committed.measures, p, "cohort_activation_rate") for p in periods]
    assert figures.rates_data(committed)["value"].tolist() == measured


def test_the_points_have_the_intervals_of_their_shares(committed: Evaluation) -> None:
    last = figures.rates_data(committed).set_index("period").loc["2024", ["low", "high"]]
    assert last.tolist() == pytest.approx([0.2554, 0.3923], abs=1e-3)  # Wilson, 56 of 175


def test_the_table_below_the_bars_is_what_they_show(committed: Evaluation) -> None:
    assert [row[1] for row in figures.activities(committed, "2024").data.rows] == ["5", "20", "13", "0", "12", "0"]


def test_the_words_name_the_highest_bar(committed: Evaluation) -> None:
    assert "De langste staaf is vrijwilligerswerk." in figures.activities(committed, "2024").alt


def test_the_words_name_every_point(committed: Evaluation) -> None:
    assert "2024 32,0% en alle perioden 36,9%" in figures.rates(committed).alt


def test_the_words_name_what_was_published(committed: Evaluation) -> None:
    assert figures.rates(committed).alt.endswith("De streeplijn staat bij 30%.")


def test_without_a_claim_there_is_no_line_to_name() -> None:
    assert "streeplijn" not in figures.rates(NOBODY).alt


DRAWN: dict[str, Callable[[Evaluation], Figure]] = {
    "activities": lambda e: figures.activities(e, "2024"),
    "rates": figures.rates,
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("made", [NOBODY, SOME], ids=["nobody", "some"])
def test_the_same_data_give_the_same_bytes(draw: Callable[[Evaluation], Figure], made: Evaluation) -> None:
    assert draw(made).drawing == draw(made).drawing


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_other_data_give_another_drawing(draw: Callable[[Evaluation], Figure]) -> None:
    one, other = draw(NOBODY).drawing, draw(SOME).drawing
    assert all(getattr(one, form) != getattr(other, form) for form in ("svg", "narrow", "png"))


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_drawing_holds_no_date_of_its_making(draw: Callable[[Evaluation], Figure]) -> None:
    made = draw(SOME).drawing
    assert not [b for b in (b"dc:date", b"tEXt", b"Software") if b in made.svg + made.narrow + made.png]


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_a_figure_says_nothing_about_missing_values_in_code(draw: Callable[[Evaluation], Figure]) -> None:
    assert not any(code in repr(draw(NOBODY)) for code in ("nan", "None", "<NA>"))


def test_a_period_with_nobody_says_so() -> None:
    assert figures.activities(NOBODY, "2024").alt.endswith("over 2024: er is niemand actief geworden.")


def test_a_share_of_nobody_is_said_not_to_exist() -> None:
    alt = figures.rates(NOBODY).alt
    assert alt.endswith("naar periode: 2024 niet te berekenen en alle perioden niet te berekenen.")


def test_a_share_of_nobody_is_a_dash_in_the_table() -> None:
    assert figures.rates(NOBODY).data.rows[0] == ["2024", "–", "–", "–"]


def test_who_was_not_spoken_to_is_not_in_the_share() -> None:
    """Of one spoken to one became active, whatever others did; Wilson's interval of 1 of 1 begins at 20.7%."""
    assert figures.rates(evaluation(spoken="a", activated="abc")).data.rows[0] == ["2024", "100,0%", "20,7%", "100,0%"]


def test_a_figure_on_a_page_has_its_words_and_its_table() -> None:
    html = figures.activities(SOME, "2024")._repr_html_()
    assert ('alt="Staafdiagram' in html, html.count("<table>")) == (True, 1)


def test_a_phone_gets_its_own_drawing_and_the_reader_hears_it_once() -> None:
    html = figures.rates(SOME)._repr_html_()
    assert (html.count("<source media="), html.count(" alt=")) == (1, 1)
    assert b'width="244.8pt"' in figures.rates(SOME).drawing.narrow


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_every_colour_of_a_drawing_has_one_for_the_dark(draw: Callable[[Evaluation], Figure]) -> None:
    drawn = draw(SOME).drawing.svg.rpartition(b"</style>")[2]
    assert {c.decode() for c in re.findall(rb"#[0-9a-f]{6}", drawn)} <= set(DARK)


def test_a_figure_is_titled_with_its_finding() -> None:
    html = figures.activities(SOME, "2024")._repr_html_()
    assert '<p class="finding">De grootste groep: vrijwilligerswerk (1).</p>' in html


def test_of_a_single_number_the_table_alone_is_shown() -> None:
    made = figures.activities(SOME, "2024")
    alone = replace(made, data=replace(made.data, rows=made.data.rows[:1]))
    assert [tag in alone._repr_html_() for tag in ("<figure", "<img", "<table>")] == [False, False, True]
