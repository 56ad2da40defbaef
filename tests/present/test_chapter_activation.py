"""What the chapter on activation says: of many, of one, of nobody, and where numbers may not be shown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest
from contracted import completed
from evaluations import AS_OF, YEAR, evaluation, without

from mp_eval import measures, tidy
from mp_eval.disclosure.protect import protect
from mp_eval.evaluation import Evaluation
from mp_eval.measures import Scope
from mp_eval.present.absence import absent
from mp_eval.present.chapters import activation
from mp_eval.present.elements import Absent, Figure, Table
from mp_eval.programme import Programme, Route
from mp_eval.workspace import Disclosure

SHOWN = {
    name: getattr(activation, name)
    for name in (
        "timely", "at_first_talk", "maturity", "quarters", "incidence", "followed", "routes", "referrals", "referred",
        "checks",
    )
}  # fmt: skip
CHOSEN = Programme(routes=(Route("doen"), Route("werken"), Route("door")), referrals=("bieb", "taalles"))
EVERY = pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)


@cache
@cache
def of(
    spoken: str, activated: str = "", *, as_of: date = AS_OF, threshold: int = 0, already: bool | None = False
) -> Evaluation:
    """Residents spoken to on 1 March 2024, of whom some became active a month later; with a threshold in public.

    `already` is what was delivered of whether they were so: None for nothing.
    """
    talks = pd.DataFrame({"resident": list(spoken), "date": pd.Timestamp("2024-03-01"), "kind": "first"})
    started = pd.DataFrame(
        {"resident": list(activated), "start": pd.Timestamp("2024-04-01"), "activity": "self_directed"}
    ).assign(already_active=pd.array([already] * len(activated), dtype="boolean"), referred_to="bieb")
    people = pd.DataFrame({"resident": list(spoken), "route": "1", "benefit_end": pd.NaT})
    tables = {
        "conversations": talks.astype({"resident": "str"}),
        "activities": started.astype({"resident": "str"}),
        "trajectories": pd.DataFrame({"resident": [], "start": []}).astype(
            {"resident": "str", "start": "datetime64[us]"}
        ),
        "residents": people.astype({"resident": "str", "benefit_end": "datetime64[us]"}),
    }
    made = measures.measure(completed(tables), Scope("2024", (YEAR,), as_of, programme=CHOSEN), stocks=False)
    found = evaluation()
    internal = Disclosure(internal=not threshold, threshold=threshold or 5)
    shown = protect(made, settings=internal, days={"2024": (YEAR,)}).measures
    settings = replace(found.workspace.settings, disclosure=internal, programme=CHOSEN)
    return replace(found, workspace=replace(found.workspace, settings=settings), measures=shown)


MANY, FEW = "abcdefghijklmnopqrstuvwxyz", "abc"


@EVERY
@pytest.mark.parametrize("key", ["2022-2023", "2023-2024", "2024", "alle-perioden"])
def test_every_period_reads_without_the_codes_of_missing(show, key: str, committed: Evaluation) -> None:
    assert not re.search(r"\b(nan|None|NA|inf)\b|<NA>", repr(show(committed, key)))


@EVERY
@pytest.mark.parametrize(("spoken", "activated"), [("", ""), ("a", ""), ("a", "a"), (MANY, MANY)])
def test_nobody_one_and_everybody_read_without_the_codes_of_missing(show, spoken: str, activated: str) -> None:
    assert not re.search(r"\b(nan|None|NA|inf)\b|<NA>", repr(show(of(spoken, activated), "2024")))


@EVERY
def test_what_is_not_delivered_is_said_in_one_sentence(show) -> None:
    nothing = of(MANY)
    without = nothing.measures.assign(value=pd.NA, status="not_delivered").astype(nothing.measures.dtypes)
    assert isinstance(show(replace(nothing, measures=without), "2024"), Absent)


@EVERY
def test_hidden_numbers_are_no_numbers_on_the_page(show) -> None:
    everything = of(MANY, FEW)
    hidden = everything.measures.assign(status="hidden")
    hidden[["value", "numerator", "denominator", "low", "high"]] = pd.NA
    text = repr(show(replace(everything, measures=hidden.astype(everything.measures.dtypes)), "2024"))
    assert not re.search(r"\b(nan|None|NA)\b", text)
    assert not re.search(r"\b(26|23)\b", text)  # spoken to, and not activated


def test_the_sentence_names_who_had_time_and_their_share() -> None:
    said = repr(activation.timely(of(MANY, MANY[:13]), "2024"))
    assert said.startswith("Van 26 inwoners die bij het eerste gesprek nog niet actief waren en 6 maanden de tijd")
    assert "hadden, zijn er 13 in die tijd actief geworden: 50,0%." in said


def test_one_resident_reads_as_one() -> None:
    said = repr(activation.timely(of("a", "a"), "2024"))
    assert "Van 1 inwoner die bij het eerste gesprek nog niet actief was en 6 maanden de tijd had, is er 1" in said


def test_when_nobody_had_time_that_is_said() -> None:
    said = repr(activation.timely(of(MANY, as_of=date(2024, 5, 1)), "2024"))
    assert "Over 6 maanden is nog niets te zeggen" in said


def test_a_hidden_number_is_called_so_in_the_sentence() -> None:
    said = repr(activation.timely(of(MANY, FEW, threshold=5), "2024"))
    assert "is er een afgeschermd aantal in die tijd actief geworden." in said


def test_a_quarter_that_is_too_young_has_no_number() -> None:
    made = activation.quarters(of(MANY, MANY[:8], as_of=date(2024, 9, 29)), "2024")
    assert isinstance(made, Table)
    assert list(made.rows[0]) == ["1e kwartaal 2024", "26", "nog te jong", "nog te jong", "nog te jong"]


def test_a_quarter_in_which_nobody_was_spoken_to_has_no_share() -> None:
    made = activation.quarters(of(MANY, MANY[:8]), "2024")
    assert isinstance(made, Table)
    assert list(made.rows[1]) == ["2e kwartaal 2024", "0", "0", "0", "–"]


def test_the_data_of_the_curve_are_those_of_the_months() -> None:
    data = activation.incidence_data(of(MANY, MANY[:13]), "2024")
    assert data.loc[data["months"] == 1, "activation_incidence_value"].item() == pytest.approx(0.5)
    assert data["months"].tolist() == list(range(17))  # followed from 1 March 2024 to 15 July 2025


def test_in_public_the_curve_has_its_milestones_alone() -> None:
    data = activation.incidence_data(of(MANY, MANY[:13], threshold=5), "2024")
    assert data["months"].tolist() == [0, 3, 6, 12]


@pytest.mark.parametrize("threshold", [0, 5])
def test_the_figure_tells_its_numbers_in_words(threshold: int) -> None:
    made = activation.incidence(of(MANY, MANY[:13], threshold=threshold), "2024")
    assert isinstance(made, Figure)
    assert made.alt.startswith("Het deel dat actief werd: na 3 maanden 50,0%")


def test_a_hidden_point_is_a_mark_in_the_table_and_not_drawn() -> None:
    few = of(MANY, MANY[:13], threshold=5)
    at = (few.measures["measure"] == "activation_incidence") & (few.measures["category"] == "6")
    shown = few.measures.copy()
    shown.loc[at, ["value", "numerator", "denominator", "low", "high"]] = pd.NA
    shown.loc[at, "status"] = "hidden"
    made = activation.incidence(replace(few, measures=shown), "2024")
    assert isinstance(made, Figure)
    assert made.data.rows[2][:3] == ["6", "x", "x"]
    assert "na 6 maanden afgeschermd" in made.alt


def test_with_rounded_counts_there_is_no_curve() -> None:
    found = of(MANY, MANY[:13], threshold=5)
    rounded = replace(found.workspace.settings, disclosure=Disclosure(internal=False, threshold=5, method="round"))
    without = found.measures[found.measures["measure"] != "activation_incidence"]
    made = activation.incidence(
        replace(found, measures=without, workspace=replace(found.workspace, settings=rounded)), "2024"
    )
    assert "vijftallen" in repr(made)


@pytest.mark.parametrize(("activated", "claim"), [(MANY[:8], "Dat is meer dan de helft."), ("", "Geen zelfzoeker")])
def test_whether_most_were_sent_to_one_place_is_worked_out(activated: str, claim: str) -> None:
    assert claim in repr(activation.referred(of(MANY, activated), "2024"))


def test_the_paths_add_up_to_who_was_spoken_to() -> None:
    made = activation.routes(of(MANY), "2024")
    assert isinstance(made, Table)
    assert [row[1] for row in made.rows] == ["26", "0", "0", "0", "26"]


def test_the_numbers_of_the_report_hold(committed: Evaluation) -> None:
    counts = [tidy.number(committed.measures, "2024", "cohort", *c) for c in ((), ("at_start", "not_yet_active"))]
    before = tidy.number(committed.measures, "2024", "cohort", "at_start", "active_before")
    assert counts[0] == 175
    assert counts[0] == counts[1] + before


def test_checks_fail_when_parts_do_not_add_up() -> None:
    found = of(MANY)
    wrong = found.measures.copy()
    wrong.loc[(wrong["measure"] == "cohort") & (wrong["category"] == "not_yet_active"), "value"] = 25
    assert "KLOPT NIET" in repr(activation.checks(replace(found, measures=wrong), "2024"))


@pytest.mark.parametrize("name", ["timely", "at_first_talk", "maturity", "quarters", "incidence", "followed"])
def test_nobody_is_said_not_to_be_active_yet_where_it_was_not_delivered_who_was(name: str) -> None:
    """A header with a slip of the keys is a column that is not there: all residents were told to be active not yet."""
    said = repr(SHOWN[name](of(MANY, "abcdef", already=None), "2024"))
    assert "Hierover zijn geen cijfers" in said
    assert "niet actief" not in said
    assert "Hierover zijn geen cijfers" not in repr(SHOWN[name](of(MANY, "abcdef"), "2024"))


def test_the_parts_of_a_cohort_are_not_checked_where_they_are_not_known() -> None:
    assert "nog niet actief" in repr(activation.checks(of(MANY, "abcdef"), "2024"))
    assert "nog niet actief" not in repr(activation.checks(of(MANY, "abcdef", already=None), "2024"))


def test_what_lacks_is_a_column_where_every_table_came_and_else_the_tables_that_did_not(committed: Evaluation) -> None:
    measures = committed.measures.copy()
    of_both = (measures["period"] == "2024") & measures["measure"].isin(["had_time", "ladder_followed"])
    measures.loc[of_both, "value"], measures.loc[of_both, "status"] = pd.NA, "not_delivered"
    lacking = replace(committed, measures=measures)
    assert repr(absent(lacking, "2024", "had_time")).endswith("is niet aangeleverd of niet ingevuld.")
    assert "nodig is de levering van treden, en die" in repr(
        absent(without(lacking, "ladder"), "2024", "ladder_followed")
    )
