"""The chapter of the outlook: it says what the model says, in words that fit its numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest
from evaluations import evaluation

from mp_eval import tidy
from mp_eval.evaluation import Evaluation
from mp_eval.measures import outlook as model
from mp_eval.measures.leaving import BALANCE
from mp_eval.present import modelled
from mp_eval.present.chapters import assumed, course
from mp_eval.present.chapters import outlook as chapter
from mp_eval.present.elements import Absent
from mp_eval.present.wording import number, percent
from mp_eval.workspace import Outlook

DAY = "2025-07-15"
SETTINGS = Outlook(runs=100, funding_end=date(2025, 12, 31))
SHOWN: list[Callable[[Evaluation, str], object]] = [
    lambda e, p: chapter.answer(e, p, consultants=3),
    lambda e, p: chapter.headline(e, p, consultants=3),
    lambda e, p: course.path(e, p, consultants=3),
    lambda e, p: assumed.sensitivity(e, p, consultants=3),
    *(chapter.basis, chapter.stock, chapter.shares, chapter.scenarios),
    *(assumed.assumptions, assumed.backtest, assumed.checks),
]


@cache
def ahead(
    *,
    caseload: float = 240,
    ready: float = 100,
    later: float = 50,
    left: float = 24,
    came: float = 60,
    derived: float | None = None,  # by itself what was delivered, so that the balance is believed
    long_: float | None = 170,  # in guidance for a year or longer
    before: float = 240,  # in the programme a year before, by the conversations
    hidden: str = "",
    staff: float = 3.0,
) -> Evaluation:
    groups = {"caseload": caseload, "ready": ready, "later": later}
    registered = {"breakdown": "registered", "category": "caseload"}
    unseen = 0.0001 if derived is None else 0.05

    def status(name: str) -> str:
        return "hidden" if name == hidden else "final"

    def row(measure: str, value: float, **rest: object) -> dict[str, object]:
        return tidy.row("2024", measure, value, **{"status": status(measure), **rest})

    rows = [row("on_benefit", v, breakdown="group", category=g, as_of=DAY, status=status(g)) for g, v in groups.items()]
    rows += [
        row("low_step_inflow", came),
        row("low_step_inflow_per_month", came / 12, numerator=came, denominator=12),
        row("derived_caseload", caseload if derived is None else derived),
        row("derived_year_before", before),
        row("derived_caseload", min(caseload, 228), **registered),
        row("started_guidance", 0.3 * caseload),
        row("unrecorded_leaving", unseen, low=0.8 * unseen, high=unseen / 0.8, **registered),
        *(
            row(m, v, breakdown=b, category=c)
            for (m, b, c), v in zip(BALANCE, (left, caseload or 1, caseload or 1), strict=True)
        ),
    ]
    if long_ is not None:
        rows.append(row("in_group", caseload, breakdown="group", category="caseload"))
        for category, value in (("from_12", long_ - 50), ("from_24", 50)):
            rows.append(row("in_group", value, breakdown="group>duration", category=f"caseload>{category}"))
    measured = tidy.table(rows)
    made = model.look_ahead(measured, settings=SETTINGS, staff={"2024": staff})
    found = evaluation()
    settings = replace(
        found.workspace.settings,
        outlook=SETTINGS,
        periods=tuple(replace(p, consultants=staff) for p in found.workspace.settings.periods),
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
    made = show(ahead(hidden="left_programme"), "2024")
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
    assert "Daarnaast zijn er geen inwoners klaar voor begeleiding." in text
    assert "van nog" not in text
    assert "wacht er niemand die nu al klaar is" in text
    one = repr(chapter.answer(ahead(ready=1, later=1), "2024", consultants=3))
    assert "is er 1 inwoner klaar voor begeleiding; van nog 1 inwoner wordt verwacht dat die later klaar is." in one


@pytest.mark.parametrize("consultants", [-2, 7, 2.5])
def test_a_number_that_was_not_computed_is_refused(some: Evaluation, consultants: float) -> None:
    with pytest.raises(ValueError, match="0 tot en met 6"):
        chapter.answer(some, "2024", consultants=consultants)


def test_a_page_speaks_of_as_many_consultants_as_there_were_or_of_as_few_as_are_enough(some: Evaluation) -> None:
    """Three is what one municipality has: another has ten, or has not said it."""
    assert "**Met 3 consulenten" in chapter.answer(some, "2024").sentences[1]
    short = [str(row[0]) for row in chapter.scenarios(some, "2024", in_short=True).rows]
    assert short == ["Geen consulenten", "3 consulenten", "5 consulenten"]
    ten = ahead(staff=10)
    assert "**Met 10 consulenten" in chapter.answer(ten, "2024").sentences[1]
    assert chapter.scenarios(ten, "2024").caption == "Wat 0 tot 13 consulenten kunnen dragen"
    unsaid = ahead(staff=0)
    least, _ = modelled.enough(unsaid, "2024")
    assert least is not None
    assert f"**Met {least} consulent" in chapter.answer(unsaid, "2024").sentences[1]


def test_no_number_of_the_model_stands_alone(some: Evaluation) -> None:
    """What is expected with none had no band, nor had the title of the figure: 22 of 0 to 161."""
    said = chapter.answer(some, "2024").sentences[4]
    row = tidy.pick(some.measures, measure="waiting_path", category="0>2027-12").iloc[-1]
    low, high = (number(float(row[end])) for end in ("low", "high"))
    assert f"inwoners op een eerste plaats (80%-band {low} tot {high})" in said
    finding = course.path(some, "2024").finding
    row = tidy.pick(some.measures, measure="waiting_path", category="3>2027-12").iloc[-1]
    value, low, high = (number(float(row[end])) for end in ("value", "low", "high"))
    assert f"wachten er eind 2027 {value} op een plaats ({low} tot {high})" in finding


def test_how_many_are_enough_is_not_laid_to_who_leaves_alone() -> None:
    """The band holds who comes and who becomes ready as well."""
    unsure = ahead(ready=140, came=90)
    assert modelled.enough(unsure, "2024") == (5, 6)
    assert "5 consulenten nodig, en 6 om het in negen van de tien doorgerekende verlopen te halen" in chapter.needed(
        unsure, "2024"
    )


def test_the_lines_are_the_measures(some: Evaluation) -> None:
    data = course.path_data(some, "2024", 4)
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
    months = course.path_data(some, "2024", 3)["month"].tolist()
    assert course._marks(some, months) == [(5.0, "einde van het geld\ngedoogjaar wet"), (17.0, "de wet geldt")]


def test_the_largest_swing_stands_first(some: Evaluation) -> None:
    rows = assumed.sensitivity(some, "2024", consultants=4).rows
    assert rows[0][0] == "Inwoners die één consulent begeleidt"
    assert len(rows) == len(model.ASSUMED)


def test_the_assumptions_tell_who_left_by_a_balance_that_fits(some: Evaluation) -> None:
    text = repr(assumed.assumptions(some, "2024"))
    assert "60 inwoners met een nieuwe uitkering" in text
    assert "Wie vertrok volgens de balans in het hoofdstuk over de caseload: 24 over 2024" in text
    assert "2.880 van allen samen" in text
    assert "Daarbij komt 0,01% per maand van wie vertrok zonder dat het is vastgelegd." in text
    assert "De balans sluit aan op de geleverde stand." in text


@pytest.fixture(scope="module")
def unlike() -> Evaluation:
    return ahead(derived=608)


def test_the_assumptions_tell_the_bounds_where_it_does_not(unlike: Evaluation) -> None:
    text = repr(assumed.assumptions(unlike, "2024"))
    assert "Laagst: van de 240 inwoners in begeleiding begonnen er 72 in 2024" in text
    assert "Hoogst: van de 608 inwoners die volgens de gesprekken in het programma zijn, zijn er nog 228" in text
    assert "Daarbij komen de 24 die over 2024 wel als vertrokken zijn vastgelegd." in text
    assert "zij sluit niet aan op de geleverde stand (608 en 240)" in text


def test_the_headline_names_both_ends_that_the_sources_allow(unlike: Evaluation) -> None:
    less, more = (
        tidy.number(unlike.measures, "2024", "share_reached", "consultants>assumption>end", f"3>assumed_leaving>{end}")
        for end in ("low", "high")
    )
    ends = f"{percent(less, 0)} tot {percent(more, 0)}"
    assert less < more
    assert chapter.headline(unlike, "2024", consultants=3).items[2][0] == ends
    said = repr(chapter.answer(unlike, "2024", consultants=3))
    assert f"Eind 2026 is {ends} bereikt van wie klaar is of dat later wordt" in said
    assert "elke maand 2,5% vertrekt" in said
    assert "als dat 5,7% is" in said


def test_with_one_source_the_headline_has_its_middle(some: Evaluation) -> None:
    share = tidy.number(some.measures, "2024", "share_reached", "consultants", "3")
    assert chapter.headline(some, "2024", consultants=3).items[2][0] == percent(share, 0)
    assert "bronnen" not in repr(chapter.answer(some, "2024", consultants=3))


@pytest.mark.parametrize(("long_", "said"), [(216, "binnen de band"), (239, "boven de band"), (150, "onder de band")])
def test_the_page_says_what_came_of_a_year_before(long_: float, said: str) -> None:
    """Of 240 of whom 0.83% leaves a month 217 are left after a year, give or take a few."""
    text = repr(assumed.backtest(ahead(long_=long_), "2024"))
    assert f"zijn er {long_:.0f} een jaar of langer in begeleiding. Dat ligt {said}" in text


def test_a_balance_that_fits_tells_how_many_there_were_a_year_before(unlike: Evaluation) -> None:
    """Of 320 of whom 0.83% leaves a month 290 are left after a year."""
    text = repr(assumed.backtest(ahead(before=320, long_=286), "2024"))
    assert "met de 320 inwoners die volgens de balans toen in het programma waren" in text
    assert "Dat ligt binnen de band." in text
    assert "of de caseload was toen groter" not in repr(assumed.backtest(ahead(before=320, long_=319), "2024"))
    assert "met een even volle caseload van 240" in repr(assumed.backtest(unlike, "2024"))


def test_a_year_before_is_not_told_of_what_is_hidden_or_not_known(some: Evaluation) -> None:
    assert "er is iets afgeschermd" in repr(assumed.backtest(ahead(hidden="in_group"), "2024"))
    unknown = repr(assumed.backtest(ahead(long_=None), "2024"))
    assert "niet van iedereen in begeleiding is bekend sinds wanneer" in unknown
    fewer = repr(assumed.backtest(ahead(before=100, long_=150), "2024"))
    assert "niet van iedereen die toen in begeleiding was, is een eerste gesprek geleverd" in fewer
    hidden = ahead(hidden="derived_year_before")
    assert "er is iets afgeschermd" in repr(assumed.backtest(hidden, "2024"))
    assert tidy.pick(hidden.measures, measure="guided_after_year")["status"].tolist() == ["hidden"]


def test_a_stock_of_which_nothing_tells_who_left_gets_no_outlook() -> None:
    rows = [tidy.row("2024", "on_benefit", 9, breakdown="group", category=g, as_of=DAY) for g in model.STOCK]
    without = replace(evaluation(), measures=tidy.table(rows))
    assert "is uit deze levering niet op te maken" in repr(chapter.answer(without, "2024", consultants=3))


def test_a_path_that_does_not_begin_with_the_stock_is_seen(some: Evaluation) -> None:
    wrong = some.measures.assign(value=some.measures["value"].where(some.measures["category"] != "0>2025-07", 7.0))
    first, second = assumed.checks(replace(some, measures=wrong), "2024").checks
    assert (first.holds, second.holds) == (False, True)
