"""The chapter of the outlook: it says what the model says, in words that fit its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from evaluations import evaluation

from mp_eval import tidy
from mp_eval.evaluation import Evaluation
from mp_eval.measures import outlook as model
from mp_eval.present.chapters import outlook as chapter
from mp_eval.present.elements import Absent
from mp_eval.workspace import Outlook

DAY = "2025-07-15"
SETTINGS = Outlook(runs=100, funding_end=date(2025, 12, 31))
SHOWN: list[Callable[[Evaluation, str], object]] = [
    lambda e, p: chapter.answer(e, p, consultants=3),
    lambda e, p: chapter.headline(e, p, consultants=3),
    lambda e, p: chapter.path(e, p, consultants=3),
    lambda e, p: chapter.sensitivity(e, p, consultants=3),
    *(chapter.basis, chapter.stock, chapter.shares, chapter.scenarios, chapter.assumptions, chapter.checks),
]


def ahead(
    *,
    caseload: float = 240,
    ready: float = 100,
    later: float = 50,
    left: float = 24,
    came: float = 60,
    hidden: str = "",
    balance: tuple[float, float, float] | None = None,
) -> Evaluation:
    groups = {"caseload": caseload, "ready": ready, "later": later}

    def status(name: str) -> str:
        return "hidden" if name == hidden else "final"

    rows = [
        tidy.row("2024", "on_benefit", v, breakdown="group", category=g, as_of=DAY, status=status(g))
        for g, v in groups.items()
    ]
    rows += [tidy.row("2024", m, left / 2, status=status(m)) for m in model.LEAVING]
    rows.append(tidy.row("2024", "guided_months", 10 * caseload, denominator=caseload))
    rows.append(tidy.row("2024", "low_step_inflow", came))
    rows.append(tidy.row("2024", "low_step_inflow_per_month", came / 12, numerator=came, denominator=12))
    rows += [
        tidy.row("2024", m, v, breakdown=b, category=c)
        for (m, b, c), v in zip(model.BALANCE, balance or (), strict=False)
    ]
    measured = tidy.table(rows)
    made = model.look_ahead(measured, settings=SETTINGS, staff={"2024": 3})
    found = evaluation()
    settings = replace(
        found.workspace.settings,
        outlook=SETTINGS,
        periods=tuple(replace(p, consultants=3.0) for p in found.workspace.settings.periods),
    )
    workspace = replace(found.workspace, settings=settings)
    return replace(found, workspace=workspace, measures=pd.concat([measured, made], ignore_index=True))


@pytest.fixture(scope="module")
def some() -> Evaluation:
    return ahead()


@pytest.mark.parametrize("show", SHOWN)
def test_without_a_stock_a_sentence_says_so(show) -> None:
    made = show(evaluation(spoken="ab"), "2024")
    assert isinstance(made, Absent)
    assert "die stand is over deze periode niet geleverd" in made.text


@pytest.mark.parametrize("show", SHOWN)
def test_a_hidden_number_hides_all(show) -> None:
    made = show(ahead(hidden="outflow"), "2024")
    assert isinstance(made, Absent)
    assert "afgeschermd" in made.text


@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize(
    "stock",
    [
        {"caseload": 0, "ready": 1, "later": 0, "left": 2, "came": 0},
        {"caseload": 1, "ready": 1, "later": 0, "left": 1, "came": 1},
        {"caseload": 240, "ready": 0, "later": 0},
    ],
)
def test_nobody_and_one_resident_read_right(show, stock: dict[str, float]) -> None:
    text = repr(show(ahead(**stock), "2024"))
    assert "nan" not in text.lower().replace("financi", "")
    assert "None" not in text


@pytest.mark.parametrize("show", SHOWN)
def test_all_periods_show_the_last_that_has_an_outlook(show, some: Evaluation) -> None:
    assert repr(show(some, "alle-perioden")) == repr(show(some, "2024"))


def test_the_answer_says_from_when_and_that_it_is_a_model(some: Evaluation) -> None:
    text = repr(chapter.answer(some, "2024", consultants=3))
    assert "Met 3 consulenten vanaf januari 2026" in text
    assert text.endswith("Dit is een model met aannames en geen voorspelling.")


def test_without_the_end_of_the_funding_the_scenario_begins_at_once(some: Evaluation) -> None:
    settings = replace(some.workspace.settings, outlook=replace(SETTINGS, funding_end=None))
    now = replace(some, workspace=replace(some.workspace, settings=settings))
    assert "vanaf augustus 2025" in repr(chapter.answer(now, "2024", consultants=3))


def test_the_least_number_that_is_enough_is_the_first_in_the_table(some: Evaluation) -> None:
    helped = [row[1] for row in chapter.scenarios(some, "2024").rows]
    enough = next(n for n, cell in enumerate(helped) if str(cell).startswith(("januari 2026", "februari 2026")))
    assert f"zijn naar verwachting {enough} consulenten nodig" in repr(chapter.answer(some, "2024", consultants=3))


def test_when_all_are_placed_before_the_funding_ends_the_answer_says_that() -> None:
    text = repr(chapter.answer(ahead(caseload=200, ready=5, left=400, came=0), "2024", consultants=3))
    assert "al begeleiding voordat het geld voor de consulenten eindigt" in text
    assert "nodig" not in text


def test_who_is_not_there_is_not_told() -> None:
    text = repr(chapter.answer(ahead(ready=0, later=0), "2024", consultants=3))
    assert "Daarnaast zijn er geen inwoners klaar om te beginnen." in text
    assert "van nog" not in text
    assert "wacht er niemand die nu al klaar is" in text
    one = repr(chapter.answer(ahead(ready=1, later=1), "2024", consultants=3))
    assert "is er 1 inwoner klaar om te beginnen; van nog 1 inwoner wordt verwacht dat die later klaar is." in one


@pytest.mark.parametrize("consultants", [-1, 7, 2.5])
def test_a_number_that_was_not_computed_is_refused(some: Evaluation, consultants: float) -> None:
    with pytest.raises(ValueError, match="0 tot en met 6"):
        chapter.answer(some, "2024", consultants=consultants)


def test_the_lines_are_the_measures(some: Evaluation) -> None:
    data = chapter.path_data(some, "2024", 4)
    rows = tidy.pick(some.measures, measure="waiting_path", breakdown="consultants>month")
    rows = rows[rows["category"].str.startswith("4>")]
    assert data["waiting"].tolist() == rows["value"].tolist()
    assert data["waiting_high"].tolist() == rows["high"].tolist()
    assert data["month"].iloc[[0, -1]].tolist() == ["2025-07", "2027-12"]


def test_the_bars_are_the_measures(some: Evaluation) -> None:
    data = chapter.shares_data(some, "2024")
    assert (
        data["value"].tolist()
        == tidy.pick(some.measures, measure="share_reached", breakdown="consultants")["value"].tolist()
    )


def test_marks_of_one_day_share_a_line(some: Evaluation) -> None:
    months = chapter.path_data(some, "2024", 3)["month"].tolist()
    assert chapter._marks(some, months) == [(5.0, "einde van het geld\ngedoogjaar wet"), (17.0, "de wet geldt")]


def test_the_largest_swing_stands_first(some: Evaluation) -> None:
    rows = chapter.sensitivity(some, "2024", consultants=4).rows
    assert rows[0][0] == "Inwoners die één consulent begeleidt"
    assert len(rows) == len(model.ASSUMED)


def test_the_assumptions_tell_what_was_counted(some: Evaluation) -> None:
    text = repr(chapter.assumptions(some, "2024"))
    assert "24 keer uitstroom of verwijzing naar het WSP" in text
    assert "60 inwoners met een nieuwe uitkering" in text
    assert "De balans van wie in het programma kwam en vertrok is niet bekend of is afgeschermd" in text


def test_the_assumptions_tell_who_left_by_the_balance() -> None:
    text = repr(chapter.assumptions(ahead(balance=(30, 180, 220)), "2024"))
    assert "Wie vertrok volgens de balans in het hoofdstuk over de caseload: 30 over 2024" in text
    assert "2.400 van allen samen" in text
    assert "WSP" not in text


def test_a_path_that_does_not_begin_with_the_stock_is_seen(some: Evaluation) -> None:
    wrong = some.measures.assign(value=some.measures["value"].where(some.measures["category"] != "0>2025-07", 7.0))
    first, second = chapter.checks(replace(some, measures=wrong), "2024").checks
    assert (first.holds, second.holds) == (False, True)
