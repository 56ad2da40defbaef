"""The chapter of ambitions: each verdict, and what the page says when something is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from evaluations import YEAR, evaluation

from mp_eval import tidy
from mp_eval.ambitions import Ambition, Indicator
from mp_eval.evaluation import Evaluation
from mp_eval.present.chapters import ambitions as chapter
from mp_eval.present.elements import Absent

SPOKEN = Indicator("spoken", target=2)


def ambition(indicator: Indicator | None = None, **rest: object) -> Ambition:
    days = {"start": YEAR.start, "end": YEAR.end, "set_on": date(2023, 12, 1), "as_of": date(2025, 1, 1)}
    words = {"id": "een", "title": "Meer gesprekken", "text": "Meer inwoners spreken.", "document": "Nota"}
    return Ambition(**{**words, **days, "state": "loopt", "indicator": indicator, **rest})


def noted(*found: Ambition, spoken: str = "ab") -> Evaluation:
    return replace(evaluation(spoken=spoken), ambitions=found)


def judged(indicator: Indicator, **rest: object) -> tuple[str, object]:
    (found,) = chapter.judge(noted(ambition(indicator), **rest), "2024")
    return found.verdict, found.value


@pytest.mark.parametrize(
    ("indicator", "verdict", "value"),
    [
        (Indicator("spoken", target=2), "met", 2),
        (Indicator("spoken", target=3), "unmet", 2),
        (Indicator("spoken", target=1, comparison="ten hoogste"), "unmet", 2),
        (Indicator("spoken"), "no_target", 2),
        (Indicator("conversations", "kind", "progress", target=1), "unmet", 0),
        (Indicator("cohort_activation_rate", target=1), "unmet", 0),
        (Indicator("geluk", target=1), "immeasurable", None),
        (Indicator("spoken", "naar_kleur", "rood", target=1), "immeasurable", None),
        (Indicator("spoken", "times_counted", "9", target=1), "immeasurable", None),
        (Indicator("outflow", target=1), "immeasurable", None),  # the table was not delivered
    ],
)
def test_a_verdict(indicator: Indicator, verdict: str, value: object) -> None:
    assert judged(indicator) == (verdict, value)


def test_a_share_is_compared_as_a_percentage() -> None:
    everybody = replace(
        evaluation(spoken="ab", activated="ab"), ambitions=(ambition(Indicator("activation_rate", target=100)),)
    )
    (found,) = chapter.judge(everybody, "2024")
    assert (found.verdict, found.value) == ("met", 100)
    assert [str(c) for c in chapter.measured(everybody, "2024").rows[0]][2:] == ["ten minste 100%", "100%", "gehaald"]


def test_a_share_of_nobody_cannot_be_measured() -> None:
    assert judged(Indicator("activation_rate", target=30), spoken="") == ("immeasurable", None)


def test_a_hidden_number_gives_no_verdict_away() -> None:
    found = noted(ambition(SPOKEN))
    hidden = found.measures.assign(status="hidden", value=None).astype(found.measures.dtypes.to_dict())
    shown = replace(found, measures=hidden)
    (one,) = chapter.judge(shown, "2024")
    assert (one.verdict, one.value) == ("hidden", tidy.HIDDEN)
    row = [str(cell) for cell in chapter.measured(shown, "2024").rows[0]]
    assert row[3:] == ["x", "afgeschermd"]
    assert "Van 1 ambitie is de uitkomst afgeschermd." in repr(chapter.answer(shown, "2024"))


@pytest.mark.parametrize("show", [chapter.answer, chapter.headline, chapter.measured, chapter.states])
def test_without_a_file_or_without_ambitions_a_sentence_says_so(show) -> None:
    for found, said in ((None, "ambities.toml ontbreekt"), ((), "Voor 2024 staan er geen ambities")):
        made = show(replace(evaluation(), ambitions=found), "2024")
        assert isinstance(made, Absent)
        assert said in made.text


def test_the_answer_counts_what_was_met_and_how_all_stand() -> None:
    found = noted(ambition(SPOKEN), ambition(Indicator("spoken", target=9)), ambition(state="klaar"))
    text = repr(chapter.answer(found, "2024"))
    assert "gelden 3 ambities. Hoe zij ervoor staan volgens de gemeente: 2 lopen en 1 is klaar." in text
    assert "Van 2 ambities is de streefwaarde te meten; 1 daarvan is gehaald." in text


def test_the_answer_says_when_nothing_can_be_judged() -> None:
    assert "Van geen ervan is te meten of zij is gehaald" in repr(chapter.answer(noted(ambition()), "2024"))


@pytest.mark.parametrize(("set_on", "is_late"), [(date(2024, 12, 4), True), (YEAR.start, False)])
def test_an_ambition_that_was_set_afterwards_says_so(set_on: date, is_late: bool) -> None:
    text = repr(chapter.answer(noted(ambition(set_on=set_on)), "2024"))
    assert ("al voorbij was" in text) is is_late


def test_an_ambition_of_after_the_period_is_shown_when_the_records_reach_it() -> None:
    """The records go up to 15 July 2025."""
    near = ambition(start=date(2025, 7, 15), end=date(2026, 1, 1))
    far = ambition(start=date(2025, 7, 16), end=date(2026, 1, 1))
    assert len(chapter.states(noted(near, far), "2024").rows) == 1


def test_a_union_without_the_measure_shows_the_last_period_that_has_it() -> None:
    found = noted(ambition(Indicator("in_view_rate", target=50)))
    row = tidy.row("2024", "in_view_rate", 0.6, numerator=6, denominator=10)
    rows = found.measures[found.measures["measure"] != "in_view_rate"].to_dict("records")
    shown = replace(found, measures=tidy.table([*rows, row]))
    (one,) = chapter.judge(shown, "alle-perioden")
    assert (one.verdict, one.value, one.measured) == ("met", 60, "over 2024")


def test_a_stock_is_told_with_its_date_and_not_with_the_period() -> None:
    found = noted(ambition(Indicator("in_view_rate", target=50)), ambition(SPOKEN))
    row = tidy.row("2024", "in_view_rate", 0.6, numerator=6, denominator=10, as_of="2025-07-15")
    rows = found.measures[found.measures["measure"] != "in_view_rate"].to_dict("records")
    table = chapter.measured(replace(found, measures=tidy.table([*rows, row])), "2024")
    assert [str(r[1]).endswith("(stand op 15 juli 2025)") for r in table.rows] == [True, False]
    assert "gaat over 2024, of is de stand op de dag die erbij staat, niet" in table.note
    assert "stand op" not in chapter.measured(noted(ambition(SPOKEN)), "2024").note


def test_a_stock_for_each_consultant_is_of_a_date_too() -> None:
    assert chapter._is_of_a_date(tidy.MEASURES["caseload_per_consultant"])
    assert not chapter._is_of_a_date(tidy.MEASURES["spoken_per_month"])


@pytest.mark.parametrize(
    ("targets", "tile"),
    [
        ((None,), "– streefwaarden gehaald (er is geen streefwaarde te meten)"),
        ((9,), "0 streefwaarden gehaald (van 1 streefwaarde)"),
        ((2, 9), "1 streefwaarde gehaald (van 2 streefwaarden)"),
        ((1, 2), "2 streefwaarden gehaald (van 2 streefwaarden)"),
    ],
)
def test_the_tile_of_targets(targets: tuple[float | None, ...], tile: str) -> None:
    found = noted(*(ambition(Indicator("spoken", target=t)) for t in targets))
    assert repr(chapter.headline(found, "2024")).splitlines()[-1] == tile


def test_none_met_is_geen() -> None:
    text = repr(chapter.answer(noted(ambition(Indicator("spoken", target=9))), "2024"))
    assert "Van 1 ambitie is de streefwaarde te meten; geen daarvan is gehaald." in text


def test_the_lowest_steps_are_counted_out() -> None:
    counts = {"": 4, "in_view": 3, "out_of_view": 1}
    rows = [
        tidy.row("2024", "on_lowest_steps", v, breakdown="view" if c else "", category=c, as_of="2025-07-15")
        for c, v in counts.items()
    ]
    table = chapter.in_view(replace(evaluation(spoken="a"), measures=tidy.table(rows)), "2024")
    assert table.caption.endswith("15 juli 2025")
    assert [row[1] for row in table.rows] == ["4", "3", "1"]


def test_without_a_client_picture_a_sentence_says_what_is_needed() -> None:
    assert "klant in beeld" in repr(chapter.in_view(evaluation(spoken="a"), "2024"))
