"""The chapter of ambitions: each verdict, and what the page says when something is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from evaluations import YEAR, evaluation

from mp_eval import tidy
from mp_eval.ambitions import Ambition, Indicator
from mp_eval.evaluation import Evaluation
from mp_eval.periods import WHOLE, Period
from mp_eval.present.chapters import ambition_days
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
    assert "Van 1 ambitie is de streefwaarde te meten: 1 afgeschermd." in repr(chapter.answer(shown, "2024"))


@pytest.mark.parametrize("show", [chapter.answer, chapter.headline, chapter.measured, chapter.states])
def test_without_a_file_or_without_ambitions_a_sentence_says_so(show) -> None:
    for found, said in ((None, "geen ambities vastgelegd"), ((), "Voor 2024 zijn geen ambities")):
        made = show(replace(evaluation(), ambitions=found), "2024")
        assert isinstance(made, Absent)
        assert said in made.text


def test_the_answer_counts_what_was_met_and_how_all_stand() -> None:
    found = noted(ambition(SPOKEN), ambition(Indicator("spoken", target=9)), ambition(state="klaar"))
    text = repr(chapter.answer(found, "2024"))
    assert "gelden 3 ambities. Hoe zij ervoor staan volgens de gemeente: 2 lopen en 1 is klaar." in text
    assert "Van 2 ambities is de streefwaarde te meten: 1 gehaald en 1 niet gehaald." in text


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
    assert ambition_days.is_of_a_date(tidy.MEASURES["caseload_per_consultant"])
    assert not ambition_days.is_of_a_date(tidy.MEASURES["spoken_per_month"])


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


def on(
    first: tuple[int, int, int], end: tuple[int, int, int], target: float | None = 2, **rest: object
) -> tuple[str, str]:
    """The verdict on two residents spoken to in 2024 of an ambition for these days, and why there is none."""
    days = {"start": date(*first), "end": date(*end)}
    (found,) = chapter.judge(noted(ambition(Indicator("spoken", target=target), **days)), "2024")
    return found.verdict, found.reason


@pytest.mark.parametrize(
    ("first", "end", "target", "verdict"),
    [
        ((2024, 1, 1), (2025, 1, 1), 2, "met"),
        ((2024, 1, 1), (2026, 1, 1), 2, "met_so_far"),  # a target of two years on its first
        ((2024, 1, 1), (2026, 1, 1), 3, "unmet_so_far"),
        ((2024, 1, 1), (2025, 1, 1), 3, "unmet"),
        ((2023, 6, 1), (2025, 1, 1), 3, "unmet"),
        ((2024, 2, 1), (2025, 1, 1), 2, "immeasurable"),  # a part of the year before it began
        ((2025, 1, 1), (2026, 1, 1), 2, "immeasurable"),
        ((2024, 1, 1), (2024, 7, 1), 2, "immeasurable"),  # a target of half a year on a whole one
    ],
)
def test_an_ambition_is_judged_on_its_own_days(first, end, target: float, verdict: str) -> None:
    assert on(first, end, target)[0] == verdict


def test_why_a_number_is_not_of_the_ambition_is_said() -> None:
    assert on((2024, 2, 1), (2025, 1, 1))[1] == "het getal gaat ook over dagen voordat de ambitie gold"
    assert on((2024, 1, 1), (2024, 7, 1))[1] == "het getal gaat ook over dagen nadat de ambitie gold"
    assert on((2025, 1, 1), (2026, 1, 1), None)[0] == "immeasurable"


def test_what_still_runs_is_not_called_met() -> None:
    running = noted(ambition(SPOKEN, end=date(2026, 1, 1)))
    said = repr(chapter.answer(running, "2024"))
    assert "1 loopt" in said
    assert "Van 1 ambitie is de streefwaarde te meten: 1 tot nu toe gehaald." in said
    assert repr(chapter.headline(running, "2024")).endswith("1 streefwaarde tot nu toe gehaald (van 1 streefwaarde)")


@pytest.mark.parametrize(("as_of", "verdict"), [("2024-03-01", "immeasurable"), ("2024-12-31", "met")])
def test_a_stock_of_before_the_ambition_tells_nothing_of_it(as_of: str, verdict: str) -> None:
    found = noted(ambition(Indicator("in_view_rate", target=50), start=date(2024, 6, 1)))
    row = tidy.row("2024", "in_view_rate", 0.6, numerator=6, denominator=10, as_of=as_of)
    rows = found.measures[found.measures["measure"] != "in_view_rate"].to_dict("records")
    (one,) = chapter.judge(replace(found, measures=tidy.table([*rows, row])), "2024")
    assert one.verdict == verdict


@pytest.mark.parametrize(("target", "verdict"), [(67, "met"), (100, "immeasurable"), (136, "unmet")])
def test_a_count_that_is_a_bound_is_judged_as_far_as_it_goes(target: float, verdict: str) -> None:
    found = noted(ambition(Indicator("low_step_inflow", target=target)))
    row = tidy.row("2024", "low_step_inflow", 67, low=67, high=135)
    rows = found.measures[found.measures["measure"] != "low_step_inflow"].to_dict("records")
    (one,) = chapter.judge(replace(found, measures=tidy.table([*rows, row])), "2024")
    assert one.verdict == verdict
    assert one.reason == ("het zijn er tussen 67 en 135" if verdict == "immeasurable" else "")


@pytest.mark.parametrize(("target", "verdict"), [(100, "immeasurable"), (75, "met"), (76, "immeasurable")])
def test_a_share_of_a_count_that_is_a_bound_is_judged_as_far_as_it_goes(target: float, verdict: str) -> None:
    """All 12 of whom the step is known are in view; of 4 others it is not, so that 12 to 16 of 16 are."""
    found = noted(ambition(Indicator("in_view_rate", target=target)))
    rows = found.measures[~found.measures["measure"].isin(["in_view_rate", "on_lowest_steps"])].to_dict("records")
    rows.append(tidy.row("2024", "in_view_rate", 1.0, numerator=12, denominator=12))
    rows.append(tidy.row("2024", "on_lowest_steps", 12, low=12, high=16, as_of="2024-12-31"))
    shown = replace(found, measures=tidy.table(rows))
    (one,) = chapter.judge(shown, "2024")
    assert one.verdict == verdict
    assert one.reason == ("het ligt tussen 75% en 100%" if verdict == "immeasurable" else "")
    note = chapter.in_view(shown, "2024").note
    assert note == "Van 4 andere inwoners met een uitkering is de trede niet bekend."


def test_what_was_met_in_its_own_days_is_met_on_the_page_of_all() -> None:
    """Of all periods together the number is of days after it too: the page of 2024 said *gehaald* beside it."""
    before = Period(date(2023, 1, 1), date(2024, 1, 1), "2023")
    of_2023 = ambition(Indicator("spoken", target=0), start=before.start, end=before.end)
    made = replace(evaluation(spoken="ab", periods=(before, YEAR)), ambitions=(of_2023, ambition(SPOKEN)))
    assert [(j.verdict, j.measured) for j in chapter.judge(made, WHOLE)] == [("met", "over 2023"), ("met", "over 2024")]


def test_an_ambition_whose_days_are_over_does_not_hold_any_more() -> None:
    """The records go up to 15 July 2025, and nobody noted that it is done."""
    over, holds = ambition(), ambition(end=date(2026, 1, 1))
    assert chapter.without_target(noted(over, holds), "2024") == (1, 1)
    assert chapter.headline(noted(holds), "2024").items[0] == (
        "1", "ambitie", "2024 en de tijd daarna tot en met 15 juli 2025"
    )  # fmt: skip


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
