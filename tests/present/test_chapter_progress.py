"""The chapters on trajectories and on ladder and outflow: right for nobody, one, many, hidden and not delivered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from contracted import completed
from evaluations import AS_OF, SOURCE, YEAR

from mp_eval import measures as chapters
from mp_eval.evaluation import Evaluation, Received
from mp_eval.intake.clean import COUNTS
from mp_eval.measures import WHOLE, Scope
from mp_eval.present.chapters import ladder, outflow, trajectories
from mp_eval.present.elements import Absent, Figure, Remark, Table
from mp_eval.workspace import Municipality, PeriodSetting, Settings, Workspace

Rows = tuple[tuple[object, ...], ...]
DATES = ("date", "start", "end")


def frame(columns: str, rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    return pd.DataFrame([list(r) for r in rows], columns=columns.split())


def made(
    bought: Sequence[Sequence[object]] = (),
    left: Sequence[Sequence[object]] = (),
    spoken: str = "",
    steps: Sequence[Sequence[object]] = (),
) -> Evaluation:
    """An evaluation of 2024 by hand: trajectories, outflow, residents spoken to and their steps."""
    return _made(tuple(map(tuple, bought)), tuple(map(tuple, left)), spoken, tuple(map(tuple, steps)))


@cache
def _made(bought: Rows, left: Rows, spoken: str, steps: Rows) -> Evaluation:
    """Many tests begin with the same."""
    tables = {
        "trajectories": frame("resident provider start end end_reason cost", bought),
        "outflow": frame("resident date kind reason", left),
        "conversations": frame("resident date kind", [(r, "2024-02-01", "first") for r in spoken]),
        "ladder": frame("resident date step", steps),
        "benefits": frame(
            "resident start end birth_year sex household inflow_reason",
            [(r[0], "2020-01-01", r[1], None, None, None, None) for r in left if r[2] == "outflow"],
        ),
    }
    return of(tables)


def of(tables: dict[str, pd.DataFrame]) -> Evaluation:
    tables = completed(tables)
    settings = Settings(Municipality("Elders"), (PeriodSetting("2024", YEAR.start, YEAR.end),))
    workspace = Workspace(Path("nowhere"), settings)
    parts = [
        chapters.measure(tables, Scope("2024", (YEAR,), AS_OF)),
        chapters.measure_across(tables, tables, Scope("2024", (YEAR,), AS_OF)),
        chapters.measure_whole(tables, Scope(WHOLE, (YEAR,), AS_OF), [YEAR]),
    ]
    received = {"2024": Received(SOURCE, {}, pd.DataFrame(columns=COUNTS))}
    measured = pd.concat(parts, ignore_index=True)
    return Evaluation(workspace, measured, pd.DataFrame(), (), received)


def hide(evaluation: Evaluation, *measures: str) -> Evaluation:
    """As if these measures may not be shown; all of them when none is named."""
    shown = evaluation.measures.copy()
    gone = shown["measure"].isin(measures) if measures else shown["value"].notna()
    shown.loc[gone, ["value", "numerator", "denominator", "low", "high"]] = pd.NA
    shown.loc[gone, "status"] = "hidden"
    return replace(evaluation, measures=shown)


def run(resident: str, provider: str | None, start: str, end: str | None = None) -> tuple[object, ...]:
    return resident, provider, start, end, "other" if end else None, 1000.0


NOBODY = made()
ONE = made(
    [run("a", "Een", "2024-02-01")],
    [("a", "2024-05-01", "outflow", "11")],
    "a",
    [("a", "2024-02-01", 1), ("a", "2024-09-01", 2)],
)
MANY = made(
    [run(str(n), "Een", "2024-01-01", f"2024-0{n + 2}-01") for n in range(5)] + [run("x", None, "2023-01-01")],
    [
        ("a", "2024-05-01", "outflow", "11"),
        ("b", "2024-05-01", "outflow", None),
        ("b", "2024-04-01", "wsp_referral", None),
        ("c", "2024-04-01", "part_time_contract", None),
    ],
    "abc",
    [(r, day, step) for r in "abc" for day, step in (("2024-02-01", 2), ("2024-09-01", 3))],
)
ABSENT, HIDDEN = of({}), hide(MANY)
SAID: dict[str, Callable[[Evaluation, str], object]] = {
    f"{module.__name__.rpartition('.')[2]}.{name}": getattr(module, name)
    for module, names in (
        (trajectories, "answer headline providers started reasons durations costs checks"),
        (ladder, "coverage directions moves checks"),
        (outflow, "answer headline reasons beside referred part_time rates of_programme checks"),
    )
    for name in names.split()
}


@pytest.mark.parametrize("evaluation", [NOBODY, ONE, MANY, ABSENT, HIDDEN], ids=["0", "1", "many", "absent", "hidden"])
def test_nothing_shows_how_the_code_says_missing(evaluation: Evaluation) -> None:
    shown = {(name, period): say(evaluation, period) for name, say in SAID.items() for period in ("2024", WHOLE)}
    missing = r"\b(nan|None|NA|inf|[a-z]+_[a-z]+)\b|<NA>"
    assert {of: found[0] for of, block in shown.items() if (found := re.search(missing, repr(block)))} == {}
    assert [of for of, block in shown.items() if not block._repr_html_()] == []


@pytest.mark.parametrize("say", [s for n, s in SAID.items() if not n.endswith("answer")])
def test_what_was_not_delivered_is_said_in_one_sentence(say) -> None:
    assert isinstance(say(ABSENT, "2024"), Absent)


@pytest.mark.parametrize("say", [trajectories.checks, outflow.checks, ladder.checks])
@pytest.mark.parametrize("evaluation", [NOBODY, ONE, MANY])
def test_every_check_holds(say, evaluation: Evaluation) -> None:
    assert all(check.holds for check in say(evaluation, "2024").checks)


@pytest.mark.parametrize("say", [trajectories.checks, outflow.checks, ladder.checks])
def test_a_check_of_hidden_numbers_is_not_judged(say) -> None:
    assert {check.holds for check in say(HIDDEN, "2024").checks} == {None}


@pytest.mark.parametrize(
    ("evaluation", "sentence"),
    [
        (NOBODY, "Over 2024 begon geen traject en eindigde er geen. Op 31 december 2024 liep er geen traject."),
        (
            ONE,
            "Over 2024 begon 1 traject en eindigde er geen. Alles wat begon, is ingekocht bij Een. "
            "Op 31 december 2024 liep er nog 1 traject.",
        ),
        (
            MANY,
            "Over 2024 begonnen 5 trajecten en eindigden er 5. Alles wat begon, is ingekocht bij Een. "
            "Op 31 december 2024 liep er nog 1 traject.",
        ),
        (
            HIDDEN,
            "Over 2024 begon een afgeschermd aantal trajecten en eindigde er een afgeschermd aantal. "
            "Op 31 december 2024 liep er nog een afgeschermd aantal trajecten.",
        ),
    ],
)
def test_the_answer_on_trajectories(evaluation: Evaluation, sentence: str) -> None:
    assert repr(trajectories.answer(evaluation, "2024")) == sentence


def test_trajectories_of_which_no_provider_was_recorded_are_named_too() -> None:
    bought = [
        run(r, who, "2024-02-01") for r, who in zip("abcdef", ["Een", "Een", "Twee", None, None, None], strict=True)
    ]
    assert "Wat begon, is ingekocht bij Een (2) en Twee (1); van 3 is de aanbieder niet vastgelegd." in repr(
        trajectories.answer(made(bought), "2024")
    )


def test_together_the_running_trajectories_are_those_of_the_last_delivery() -> None:
    assert "Op 31 december 2024 liep er nog 1 traject." in repr(trajectories.answer(MANY, WHOLE))


def test_together_what_ran_before_the_last_period_is_left_out() -> None:
    found = trajectories.providers(MANY, WHOLE)
    assert isinstance(found, Table)
    assert list(found.columns) == ["Aanbieder", "Begonnen", "Beëindigd", "Lopen nog"]


def test_the_figure_of_trajectories_has_a_bar_a_provider() -> None:
    assert trajectories.started_data(MANY, "2024").values.tolist() == [["Een", 5.0], ["Niet vastgelegd", 0.0]]


def test_a_hidden_bar_is_missing() -> None:
    assert trajectories.started_data(HIDDEN, "2024")["trajectories"].isna().all()


def test_a_provider_that_is_named_as_a_code_keeps_its_name() -> None:
    table = trajectories.providers(made([run("a", "work", "2024-02-01")]), "2024")
    assert isinstance(table, Table)
    assert table.rows[0][0] == "work"


def test_the_duration_of_few_is_not_told() -> None:
    assert isinstance(trajectories.durations(ONE, "2024"), Remark)


@pytest.mark.parametrize(
    ("evaluation", "sentence"),
    [
        (
            NOBODY,
            "Over 2024 stroomden geen inwoners uit de uitkering. Er werden geen inwoners verwezen naar het "
            "werkgeversservicepunt (WSP). Van geen gesproken inwoner zijn er twee metingen op de participatieladder "
            "met ten minste 90 dagen ertussen.",
        ),
        (
            ONE,
            "Over 2024 stroomde 1 inwoner uit de uitkering, van wie 1 naar werk. Er werden geen inwoners verwezen naar "
            "het werkgeversservicepunt (WSP). Van 1 gesproken inwoner met twee metingen op de participatieladder kwam "
            "1 hoger te staan en niemand lager.",
        ),
        (
            MANY,
            "Over 2024 stroomden 2 inwoners uit de uitkering, van wie volgens de vastgelegde redenen 1 naar werk. Er "
            "werd 1 inwoner verwezen naar het werkgeversservicepunt (WSP). Van 3 gesproken inwoners met twee metingen "
            "op de participatieladder kwamen 3 hoger te staan en niemand lager.",
        ),
    ],
)
def test_the_answer_on_outflow(evaluation: Evaluation, sentence: str) -> None:
    assert repr(outflow.answer(evaluation, "2024")) == sentence


def test_without_a_ladder_the_rest_goes_on() -> None:
    tables = {"outflow": frame("resident date kind reason", [("a", "2024-05-01", "outflow", "11")])}
    found = of({**tables, "conversations": frame("resident date kind", [])})
    assert isinstance(ladder.moves(found, "2024"), Absent)
    assert "stroomde 1 inwoner uit" in repr(outflow.answer(found, "2024"))
    assert isinstance(outflow.reasons(found, "2024"), Table)


def test_without_a_register_the_share_of_all_benefits_is_not_known() -> None:
    tables = {"outflow": frame("resident date kind reason", [("a", "2024-05-01", "outflow", "11")])}
    talks = frame("resident date kind", [("a", "2024-02-01", "first"), ("b", "2024-02-01", "first")])
    found = of({**tables, "conversations": talks})
    assert isinstance(outflow.rates(found, "2024"), Absent)
    said = repr(outflow.of_programme(found, "2024"))
    assert "Over 2024 waren 2 inwoners in de aanpak; van hen uitgestroomd: 1. Daar staat geen aandeel bij" in said


def test_reasons_that_nobody_had_are_left_out() -> None:
    found = outflow.reasons(MANY, "2024")
    assert isinstance(found, Table)
    assert [row[1:] for row in found.rows] == [["CBS 11", "1"], ["–", "1"], ["", "2"], ["CBS 11, 13", "1"]]


def test_who_stayed_stands_between_brackets() -> None:
    found = ladder.moves(MANY, "2024")
    assert isinstance(found, Figure)
    assert found.data.rows[1] == ["Van trede 2", "0", "(0)", "3", "0", "0", "0", "3"]


def test_the_drawn_matrix_has_the_residents_of_the_table() -> None:
    assert ladder.matrix_data(MANY, "2024").loc[2, 3] == 3


def test_a_hidden_square_is_marked_and_not_drawn_as_nobody() -> None:
    drawn = ladder.moves(hide(MANY, "ladder_moves"), "2024")
    assert isinstance(drawn, Figure)
    assert "gestegen afgeschermd" in drawn.alt
    assert ladder.matrix_data(HIDDEN, "2024").isna().all(axis=None)
    assert drawn.caption.endswith("(aantal inwoners). Gearceerd is afgeschermd.")


@pytest.mark.parametrize(
    ("evaluation", "sentence"),
    [
        (NOBODY, "Over 2024 is niemand naar het WSP verwezen."),
        (MANY, "Van 1 verwezen inwoner stroomde 1 in dezelfde periode uit de uitkering."),
    ],
)
def test_referrals_are_set_beside_the_outflow(evaluation: Evaluation, sentence: str) -> None:
    assert repr(outflow.referred(evaluation, "2024")) == sentence


def test_part_time_work_is_set_beside_the_outflow() -> None:
    assert repr(outflow.part_time(MANY, "2024")) == (
        "1 inwoner kreeg een parttime contract. Daarvan stroomde niemand in dezelfde periode uit de uitkering."
    )
