"""Who the residents with a benefit are: what the chapter shows, also of nobody and of what is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from contracted import completed

from mp_eval import measures, tidy
from mp_eval.evaluation import Evaluation, Received
from mp_eval.intake.clean import COUNTS, Source
from mp_eval.measures import WHOLE, Scope
from mp_eval.periods import Period
from mp_eval.present import whole_from
from mp_eval.present.chapters import population
from mp_eval.present.drawing.line_charts import DOTTED
from mp_eval.present.drawing.shapes import Stroke
from mp_eval.present.elements import Absent, Figure, Table
from mp_eval.present.wording import percent
from mp_eval.workspace import Municipality, PeriodSetting, Settings, Workspace

OLD, NEW = (Period(date(y, 1, 1), date(y + 1, 1, 1), str(y)) for y in (2019, 2020))
DAYS = {"2019": date(2020, 2, 1), "2020": date(2021, 2, 1)}
NUMBERS = ["value", "numerator", "denominator", "low", "high"]


def register(*rows: tuple[str, str | None, int, str, str]) -> pd.DataFrame:
    """Rows of start, end, birth year, sex, reason; a resident each."""
    frame = pd.DataFrame(list(rows), columns=["start", "end", "birth_year", "sex", "inflow_reason"])
    frame = frame.assign(resident=[f"r{n}" for n in range(len(rows))], household="single")
    kinds = {"start": "datetime64[us]", "end": "datetime64[us]", "birth_year": "Int64"}
    return frame.astype(kinds | dict.fromkeys(("resident", "sex", "household", "inflow_reason"), "str"))


SOME = register(
    ("2014-01-01", "2016-06-30", 1980, "man", "werk"),
    *[("2017-03-01", None, 1980, "man", "werk")] * 24,
    *[("2017-03-01", "2018-06-30", 1999, "woman", "einde WW")] * 22,
)
PICTURE = pd.DataFrame(
    [("r1", "external_bureau", "hbo", True, None), ("r2", "work_consultant", None, True, "good")],
    columns=["resident", "filled_by", "education", "obstacles", "language"],
).assign(as_of=pd.Timestamp(2021, 2, 1))
RESIDENTS = pd.DataFrame(
    [("r1", 2, 1980, "man", "single"), ("r2", None, 1980, "man", "single")],
    columns=["resident", "ladder_step", "birth_year", "sex", "household"],
).astype({"ladder_step": "Int64", "birth_year": "Int64"})


def evaluation(*, whole_from: date | None = date(2017, 1, 1), **tables: pd.DataFrame) -> Evaluation:
    """Two periods whose deliveries hold the same tables."""
    settings = Settings(Municipality("Elders"), tuple(PeriodSetting(p.key, p.start, p.end) for p in (OLD, NEW)))
    parts = [
        measures.measure(completed(tables), Scope(p.key, (p,), DAYS[p.key], whole_from=whole_from)) for p in (OLD, NEW)
    ]
    empty = pd.DataFrame(columns=COUNTS)
    source = Source("de afdeling", DAYS["2019"], synthetic=True, whole_from=whole_from)
    received = {key: Received(replace(source, extracted=day), {}, empty) for key, day in DAYS.items()}
    measured = pd.concat(parts, ignore_index=True)
    return Evaluation(Workspace(Path("nowhere"), settings), measured, pd.DataFrame(), (), received)


ALL = evaluation(benefits=SOME, client_picture=PICTURE, residents=RESIDENTS)
NOBODY = evaluation(benefits=SOME.iloc[:0])
NOTHING = evaluation()
ONE = evaluation(whole_from=None, benefits=SOME.iloc[1:2])


def hide(found: Evaluation) -> Evaluation:
    """Every number of the chapter hidden."""
    gone = found.measures["value"].notna()
    shown = found.measures.copy()
    shown.loc[gone, NUMBERS] = pd.NA
    shown.loc[gone, "status"] = "hidden"
    return replace(found, measures=shown)


HIDDEN = hide(ALL)
MADE = {
    "headline": population.headline,
    "moment": population.moment,
    "completeness": population.completeness,
    "by step": population.completeness_by_step,
    "composition": population.composition,
    "bars": lambda e, p: population.composition_figure(e, p, "age"),
    "lines": population.cohorts_figure,
    "cohorts": population.by_cohort,
    "group": lambda e, p: population.by_group(e, p, "reason"),
    "crossed": lambda e, p: population.by_group(e, p, "age>sex"),
    "group lines": lambda e, p: population.groups_figure(e, p, "sex"),
    "checks": population.checks,
}


def rows(table: object) -> dict[str, list[str]]:
    assert isinstance(table, Table)
    return {str(row[0]): [str(cell) for cell in row[1:]] for row in table.rows}


def test_a_cohort_that_is_too_young_is_a_blank_and_not_a_number() -> None:
    """On 1 February 2021 of 2017 three years are known."""
    assert rows(population.by_cohort(ALL, "2020"))["2017"] == ["46", "100,0%", "52,2%", "52,2%", "", ""]
    assert rows(population.by_cohort(ALL, "2019"))["2017"] == ["46", "100,0%", "52,2%", "", "", ""]


def test_a_line_has_no_point_where_nothing_is_known() -> None:
    data = population.cohorts_data(ALL, "2020")
    assert data.loc[data["cohort"] == "2017", "years"].tolist() == [0, 1, 2, 3]


def test_a_year_in_which_nobody_began_has_no_line() -> None:
    assert "2018" not in set(population.cohorts_data(ALL, "2020")["cohort"])


def test_a_group_has_the_denominator_of_each_column() -> None:
    found = rows(population.by_group(ALL, "2020", "reason"))
    assert found["Einde WW"] == ["22", "100,0%", "22", "0,0%"]
    assert found["Totaal"] == ["46", "100,0%", "46", "52,2%"]


def test_a_line_that_rests_on_few_is_thin_and_is_said_to_be() -> None:
    figure = population.groups_figure(evaluation(benefits=SOME.iloc[:-3]), "2020", "sex")  # 24 men, 19 women
    assert isinstance(figure, Figure)
    thin = [s for s in figure.drawing.wide.shapes if isinstance(s, Stroke) and s.dashes == DOTTED]
    assert len(thin) == 1
    assert figure.caption.endswith("rust zij op minder dan 20 begonnen uitkeringen.")
    every = population.groups_figure(ALL, "2020", "sex")
    assert isinstance(every, Figure)
    assert "dun" not in every.caption


def test_ages_and_sexes_are_crossed_in_words() -> None:
    found = rows(population.by_group(ALL, "2020", "age>sex"))
    assert list(found) == ["Jonger dan 27 jaar, vrouw", "27 tot en met 44 jaar, man", "Totaal"]


def test_the_bars_are_the_measures() -> None:
    data = population.composition_data(ALL, "2020", "reason")
    assert data.values.tolist() == [["Werk", 24.0]]


def test_the_answer_is_first_and_in_numbers() -> None:
    said = repr(population.answer(ALL, "2020"))
    assert said.startswith("Op 1 februari 2021 hebben 24 inwoners een lopende bijstandsuitkering.")
    assert "bij 1 is het ingevuld door een extern bureau" in said
    assert "In totaal is ingevuld: opleidingsniveau 50%, belemmeringen 100% en taalbeheersing 50%." in said
    assert said.endswith("Van de 46 uitkeringen die in 2017 begonnen, liep na 3 jaar nog 52%.")


def test_one_resident_has_a_benefit() -> None:
    assert "heeft 1 inwoner een lopende" in repr(population.answer(ONE, "2020"))


def test_nobody_is_said_in_words() -> None:
    assert (
        repr(population.answer(NOBODY, "2020"))
        == "Op 1 februari 2021 hebben geen inwoners een lopende bijstandsuitkering."
    )


def test_all_periods_together_show_the_last_delivery() -> None:
    assert repr(population.by_cohort(ALL, WHOLE)) == repr(population.by_cohort(ALL, "2020"))
    assert repr(population.moment(ALL, WHOLE)).startswith("Deze pagina toont de laatste levering: die over 2020.")


def test_the_picture_is_told_by_who_filled_it_in() -> None:
    found = rows(population.completeness(ALL, "2020"))
    assert found["Opleidingsniveau"] == ["1", "50,0%", "0,0%", "100,0%"]
    assert found["Inwoners in het klantbeeld"] == ["2", "", "1", "1"]


def test_a_step_that_is_not_known_has_a_column() -> None:
    table = population.completeness_by_step(ALL, "2020")
    assert isinstance(table, Table)
    assert list(table.columns) == ["Indicator", "Trede 2", "Onbekend"]


def test_the_parts_are_added_in_the_open() -> None:
    checks = population.checks(ALL, "2020")
    assert not isinstance(checks, Absent)
    assert [c.holds for c in checks.checks] == [True] * len(checks.checks)
    assert "Uitkeringen die begonnen in 2017 tot en met 2019: 46 + 0 + 0 = 46" in repr(checks)


def test_a_sum_that_does_not_hold_is_told() -> None:
    wrong = ALL.measures.copy()
    wrong.loc[(wrong["measure"] == "running_benefits") & (wrong["breakdown"] == "sex"), "value"] += 1
    checks = population.checks(replace(ALL, measures=wrong), "2020")
    assert "KLOPT NIET: Uitkeringen naar geslacht: 25 = 25; het totaal is 24." in repr(checks)


@pytest.mark.parametrize(
    "found", [ALL, NOBODY, NOTHING, ONE, HIDDEN], ids=["all", "nobody", "nothing", "one", "hidden"]
)
def test_whatever_there_is_it_can_be_read(found: Evaluation) -> None:
    texts = {(name, period): repr(make(found, period)) for name, make in MADE.items() for period in ("2020", WHOLE)}
    assert [of for of, text in texts.items() if not text] == []
    codes = ("nan", "None", "<NA>", "NaT", "Hidden")
    assert {of: text for of, text in texts.items() if any(code in text for code in codes)} == {}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_what_was_not_delivered_is_told_in_one_sentence(make) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(make(NOTHING, "2020"), Absent)


def test_without_ended_benefits_nothing_is_told_of_years() -> None:
    assert "nog geen cijfers" in repr(population.by_cohort(ONE, "2020"))


def test_hidden_numbers_are_marks_in_tables_and_words_in_sentences() -> None:
    assert rows(population.by_cohort(HIDDEN, "2020"))["2017"] == ["x", "x", "x", "x", "", ""]
    assert "een afgeschermd aantal inwoners" in repr(population.answer(HIDDEN, "2020"))
    figure = population.composition_figure(HIDDEN, "2020", "age")
    assert isinstance(figure, Figure)
    assert "27 tot en met 44 jaar afgeschermd" in figure.alt


def test_no_share_is_made_here() -> None:
    """Every percentage of the table of cohorts is a value of the tidy table."""
    shares = tidy.pick(ALL.measures, period="2020", measure="still_on_benefit", breakdown="cohort>years")
    told = [percent(float(v)) for v in shares["value"].dropna()]
    assert rows(population.by_cohort(ALL, "2020"))["2017"][1:4] == told


MANY = register(
    *[
        (f"{year}-{month:02}-01", f"{year + 1}-{month:02}-01", 1980, "man", "werk")
        for year in range(2012, 2019)
        for month in range(1, 13)
    ]
)


@pytest.mark.parametrize(
    ("benefits", "day", "sentence"),
    [
        (
            SOME,
            date(2017, 1, 1),
            "Volgens de bronvermelding bevat het uitkeringenbestand vanaf 1 januari 2017",
        ),
        (MANY, None, "Aangenomen is dat het uitkeringenbestand vanaf 2012 iedereen bevat"),
        (SOME.iloc[:25], None, "volgt niet uit zijn datums."),
    ],
)
def test_it_is_said_from_when_the_register_is_whole(benefits: pd.DataFrame, day: date | None, sentence: str) -> None:
    """On the page, by the command, and where there is no table in its place."""
    found = population.by_cohort(evaluation(benefits=benefits, whole_from=day), "2020")
    source = Source("de afdeling", DAYS["2020"], synthetic=True, whole_from=day)
    page, line = found.text if isinstance(found, Absent) else found.note, whole_from.line(benefits, source)
    assert sentence in page
    assert sentence in line
    assert ("whole_from in source.toml" in line, "whole_from" in page) == (day is None, False)


def test_rows_that_follow_each_other_are_told_to_be_one_benefit() -> None:
    rows = pd.DataFrame({"resident": ["a", "a", "b"], "start": ["2018-01-01", "2018-02-01", "2018-01-01"]})
    rows = rows.assign(end=["2018-01-31", None, None]).astype(dict.fromkeys(("start", "end"), "datetime64[us]"))
    source = Source("de afdeling", DAYS["2019"], synthetic=True)
    assert "De 3 rijen van het uitkeringenbestand tellen als 2 uitkeringen" in whole_from.together(rows, source)
    assert not whole_from.together(rows[1:], source)
