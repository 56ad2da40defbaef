"""The chapter about the caseload: right for some, one and nobody, for what is hidden and for what was not delivered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from contracted import completed
from evaluations import AS_OF, BEFORE, SOURCE, YEAR

from mp_eval import measures, tidy
from mp_eval.evaluation import Evaluation, Received
from mp_eval.intake.clean import COUNTS
from mp_eval.measures import WHOLE, Scope
from mp_eval.present.chapters import caseload, outlook
from mp_eval.present.elements import Absent
from mp_eval.reconcile import Recomputed, reconcile
from mp_eval.register import Figure
from mp_eval.workspace import Municipality, PeriodSetting, Settings, Workspace

DATES = ("date", "start", "end", "benefit_start", "benefit_end", "as_of", "since")
Rows = dict[str, list[dict[str, str | None]]]
COLUMNS = {
    "conversations": ["resident", "date", "kind"],
    "outflow": ["resident", "date", "kind"],
    "residents": ["resident", "benefit_start", "benefit_end"],
    "benefits": ["resident", "start", "end"],
    "caseload": ["resident", "as_of", "group", "since"],
}
OPTIONAL = {"residents": ["ladder_step"], "benefits": ["birth_year", "sex", "household", "inflow_reason"]}


def tables(**rows: list[tuple[str | None, ...]]) -> dict[str, pd.DataFrame]:
    """Tables of these rows, typed as the intake types them."""
    return completed({name: pd.DataFrame(found, columns=COLUMNS[name]) for name, found in rows.items()})


def evaluation(
    delivered: dict[str, pd.DataFrame], *, staff: float = 2, figures: tuple[Figure, ...] = (), whole: bool = False
) -> Evaluation:
    """An evaluation of 2024 with this delivery; with `whole` also of the period before, which delivered no caseload."""
    periods = (BEFORE, YEAR) if whole else (YEAR,)
    settings = Settings(Municipality("Elders"), tuple(PeriodSetting(p.id, p.start, p.end, staff) for p in periods))
    workspace = Workspace(Path("nowhere"), settings)
    without = {n: t for n, t in delivered.items() if n != "caseload"}
    parts = []
    for period in periods:
        own = delivered if period is YEAR else without
        scope = Scope(period.id, (period,), AS_OF, staff=workspace.staff)
        parts += [measures.measure(own, scope), measures.measure_across(delivered, own, scope)]
    if whole:
        scope = Scope(WHOLE, workspace.whole, AS_OF)
        parts += [measures.measure_whole(delivered, scope, periods), measures.measure_across(delivered, {}, scope)]
    measured = pd.concat(parts, ignore_index=True)
    lines = reconcile(figures, Recomputed(measured, {p: p.id for p in periods}))
    received = {p.id: Received(SOURCE, {}, pd.DataFrame(columns=COUNTS)) for p in periods}
    return Evaluation(workspace, measured, lines, figures, received)


def hide(made: Evaluation, *names: str) -> Evaluation:
    """The same with all rows of these measures hidden; public, as they would be."""
    measured = made.measures.copy()
    gone = measured["measure"].isin(names) & (measured["status"] != "not_delivered")
    measured.loc[gone, ["value", "numerator", "denominator", "low", "high"]] = pd.NA
    measured.loc[gone, "status"] = "hidden"
    settings = replace(made.workspace.settings, disclosure=replace(made.workspace.settings.disclosure, internal=False))
    return replace(made, measures=measured, workspace=replace(made.workspace, settings=settings))


DAY = AS_OF.isoformat()
SOME = tables(
    conversations=[
        ("a", "2023-09-01", "first"),
        ("b", "2024-03-01", "first"),
        ("c", "2024-03-01", "first"),
        ("c", "2024-09-02", "closing"),
        ("d", "2024-04-01", "first"),
        ("e", "2024-04-01", "first"),
    ],
    outflow=[("d", "2024-08-01", "outflow"), ("a", "2025-03-03", "wsp_referral")],
    residents=[(r, "2024-01-15", None) for r in "abcdefgh"],
    benefits=[(r, "2024-01-15", None) for r in "bcdef"],
    caseload=[
        ("b", DAY, "caseload", "2024-03-01"),
        ("a", DAY, "caseload", "2023-09-01"),
        ("f", DAY, "ready", "2025-05-15"),
        ("g", DAY, "later", None),
    ],
)
ONE = tables(
    conversations=[("a", "2024-03-01", "first"), ("a", "2024-09-02", "closing")],
    outflow=[],
    residents=[("a", "2024-01-15", None)],
    benefits=[("a", "2024-01-15", None)],
    caseload=[("a", DAY, "caseload", "2025-07-01"), ("b", DAY, "ready", "2025-07-01")],
)
NOBODY = tables(conversations=[], outflow=[], residents=[], benefits=[], caseload=[])
TALKS = tables(conversations=[("a", "2024-03-01", "first")])
MINE = sorted({m for chapter in (*measures.STOCKS, *measures.ACROSS) for m in chapter.MEASURES})
MADE = {
    "some": evaluation(SOME),
    "one": evaluation(ONE),
    "nobody": evaluation(NOBODY),
    "only conversations": evaluation(TALKS),
    "no consultants": evaluation(SOME, staff=0),
    "hidden": hide(evaluation(SOME), *MINE, *measures.priority.MEASURES, *measures.newcomers.MEASURES),
    "left is hidden": hide(evaluation(SOME), "left_programme"),
}
SAID: dict[str, Callable[..., Any]] = {
    name: getattr(caseload, name)
    for name in (
        "answer", "headline", "groups_figure", "groups", "per_consultant", "durations", "bridge_figure", "bridge",
        "derived", "derived_why", "priority", "priority_said", "newcomers", "checks",
    )
}  # fmt: skip


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_nothing_shows_how_the_code_says_missing(made: Evaluation) -> None:
    said = {name: say(made, "2024") for name, say in SAID.items()}
    texts = {name: f"{block!r} {block._repr_html_()}" for name, block in said.items()}
    missing = r"\b(nan|None|NA|NaT|inf)\b|<NA>|HIDDEN"
    assert {name: found[0] for name, text in texts.items() if (found := re.search(missing, text))} == {}


def test_the_answer_says_how_full_and_who_came_and_left() -> None:
    assert repr(caseload.answer(MADE["some"], "2024")) == (
        "Op 15 juli 2025 zijn 2 inwoners in begeleiding: gemiddeld 1,0 per consulent. Daarnaast is 1 inwoner klaar "
        "voor begeleiding. Over 2024 kwamen er volgens de gesprekken 4 "
        "inwoners bij in het programma en vertrokken er 2."
    )


def test_one_resident_takes_singular_verbs() -> None:
    said = repr(caseload.answer(MADE["one"], "2024"))
    assert "is 1 inwoner in begeleiding" in said
    assert said.endswith("kwam er volgens de gesprekken 1 inwoner bij in het programma en vertrok er 1.")


def test_half_have_waited_longer_than_the_whole_months_that_passed() -> None:
    rows = _rows(SOME)
    two = tables(**{**rows, "caseload": [*rows["caseload"], ("h", DAY, "ready", "2025-04-20")]})
    assert "2 inwoners klaar voor begeleiding; de helft van hen al langer dan 2 maanden." in repr(
        caseload.answer(evaluation(two), "2024")  # 2,0 and 2,8 months: the middle is 2,4
    )


def test_of_one_resident_there_is_no_half() -> None:
    assert "helft" not in repr(caseload.answer(MADE["one"], "2024"))
    assert "helft" not in repr(caseload.priority_said(MADE["one"], "2024"))


@pytest.mark.parametrize(("median", "said"), [(2.7, "langer dan 2 maanden"), (2.0, "ten minste 2 maanden")])
def test_months_are_never_rounded_up(median: float, said: str) -> None:
    assert caseload._than(median) == f"al {said}"


def test_nobody_came_and_nobody_left() -> None:
    assert repr(caseload.answer(MADE["nobody"], "2024")).endswith(
        "kwamen er volgens de gesprekken geen inwoners bij in het programma; dat iemand vertrok, is niet vastgelegd."
    )


def test_what_is_hidden_is_said_to_be_so() -> None:
    said = repr(caseload.answer(MADE["hidden"], "2024"))
    assert "een afgeschermd aantal inwoners in begeleiding" in said
    assert not re.search(r"\b[0-9]+ inwoners?\b", said)


def test_without_a_caseload_the_answer_goes_on_with_the_balance() -> None:
    said = repr(caseload.answer(MADE["only conversations"], "2024"))
    assert said.startswith("Over deze periode is geen caseload geleverd")
    assert "1 inwoner bij" in said


def came(made: Evaluation, kept: int | None) -> Evaluation:
    """The same with a delivery that brought the caseload, with so many rows; in public their number is not told."""
    counts = pd.DataFrame({"table": ["caseload"], "kept": pd.array([kept], dtype="Int64")})
    return replace(made, received={k: replace(r, counts=counts) for k, r in made.received.items()})


@pytest.mark.parametrize("kept", [0, None])
def test_an_empty_caseload_is_told_as_delivered(kept: int | None) -> None:
    empty = came(MADE["nobody"], kept)
    assert repr(caseload.answer(empty, "2024")).startswith("De caseload over deze periode is geleverd, maar leeg")
    for name in ("groups", "durations", "derived", "per_consultant"):
        assert SAID[name](empty, "2024") == Absent("Hierover zijn geen cijfers: de caseload is geleverd, maar leeg.")
    for period in ("2024", WHOLE):
        assert repr(outlook.none(empty, period)).endswith("De caseload is geleverd, maar leeg.")


def test_a_caseload_that_is_not_empty_or_did_not_come_is_not_called_empty() -> None:
    for made in (came(MADE["only conversations"], 3), MADE["nobody"], came(MADE["some"], None)):
        said = (*(say(made, "2024") for say in SAID.values()), outlook.none(made, "2024"))
        assert "leeg" not in repr(said)


@pytest.mark.parametrize("name", ["groups", "groups_figure", "per_consultant", "durations", "derived", "newcomers"])
def test_what_was_not_delivered_is_absent(name: str) -> None:
    assert isinstance(SAID[name](MADE["only conversations"], "2024"), Absent)


def test_the_bars_of_the_balance_hang_together() -> None:
    data = caseload.bridge_data(MADE["some"], "2024")
    assert data["residents"].tolist() == [1, 4, 1, 0, 1, 3]  # a | b c d e | d | - | c | a b e
    assert data["start"].tolist() == [0, 1, 4, 4, 3, 0]


def test_a_hidden_step_has_no_length() -> None:
    assert caseload.bridge_data(MADE["left is hidden"], "2024")["residents"].isna().tolist() == [
        False, False, True, True, True, False,
    ]  # fmt: skip


def test_the_bars_are_those_of_the_stock_and_who_is_in_no_group() -> None:
    """8 on benefit, of whom 2 + 1 + 1 + 0 are in a group."""
    assert caseload.groups_data(MADE["some"], "2024")["residents"].tolist() == [2, 1, 1, 0, 4]
    assert caseload.groups_figure(MADE["some"], "2024").finding == (
        "Meer inwoners staan in geen van deze groepen (4) dan in welke groep ook."
    )


def test_the_groups_and_who_is_in_none_come_to_all_on_benefit() -> None:
    *groups, total = ((row[0], row[2], row[3]) for row in caseload.groups(MADE["some"], "2024").rows)
    assert groups[-1] == ("In geen van deze groepen", "4", "50,0%")
    assert sum(int(count) for _, count, _ in groups) == int(total[1]) == 8


def test_who_is_in_no_group_is_not_told_where_a_group_is_hidden() -> None:
    measures = MADE["some"].measures.copy()
    measures.loc[(measures["measure"] == "on_benefit") & (measures["category"] == "ready"), "status"] = "hidden"
    hidden = replace(MADE["some"], measures=measures)
    assert len(caseload.groups_data(hidden, "2024")) == 4
    assert len(caseload.groups(hidden, "2024").rows) == 5


def test_published_figures_of_the_day_stand_beside_the_groups() -> None:
    published = Figure("c", "Nota", 1, "Zo’n 2.", AS_OF, "on_benefit", "group", ("caseload",), 2, "about", "")
    other = replace(published, id="d", when=date(2025, 1, 1), value=9)
    rows = caseload.groups(evaluation(SOME, figures=(published, other)), "2024").rows
    assert list(rows[0]) == ["In begeleiding", "ongeveer 2", "2", "25,0%"]
    assert rows[1][1] == "–"


def test_all_periods_show_the_last_stock() -> None:
    made = evaluation(SOME, whole=True)
    assert caseload.groups(made, WHOLE).rows == caseload.groups(made, "2024").rows
    assert isinstance(caseload.groups(made, BEFORE.id), Absent)
    assert "−2" in repr(caseload.bridge(made, WHOLE))


def test_a_difference_between_derived_and_delivered_is_told_with_its_direction() -> None:
    more = evaluation(tables(**{**_rows(SOME), "caseload": [("b", DAY, "caseload", "2024-03-01")]}))
    assert "te hoog" in caseload.derived_why(more, "2024").text
    assert "even groot" in caseload.derived_why(MADE["some"], "2024").text
    assert "te laag" in caseload.derived_why(MADE["one"], "2024").text


def _rows(made: dict[str, pd.DataFrame]) -> dict[str, list[tuple[str | None, ...]]]:
    return {
        name: [
            tuple(None if pd.isna(v) else str(v) for v in row) for row in frame[COLUMNS[name]].itertuples(index=False)
        ]
        for name, frame in made.items()
    }


def test_newcomers_are_told_with_their_share() -> None:
    assert caseload.newcomers(MADE["some"], "2024").text == (
        "Over 2024 begon voor 5 inwoners een nieuwe uitkering. Van hen hadden 4 binnen een half jaar een eerste "
        "gesprek (80,0%)."
    )


def test_nobody_new_is_no_share() -> None:
    assert caseload.newcomers(MADE["nobody"], "2024").text == "Over 2024 begon voor niemand een nieuwe uitkering."


def test_without_records_what_was_published_is_shown_as_such() -> None:
    stock = {"breakdown": "group", "as_of": DAY, "basis": "published"}
    rows = [
        tidy.row("2024", "on_benefit", 241, category="caseload", **stock),
        tidy.row("2024", "on_benefit", None, low=135, high=145, category="ready", **stock),
    ]
    kinds = {"caseload": (241.0, "exact"), "ready": (140.0, "about")}
    figures = tuple(
        Figure(g, "Nota", 1, "", AS_OF, "on_benefit", "group", (g,), v, q, "") for g, (v, q) in kinds.items()
    )
    made = replace(MADE["nobody"], measures=tidy.table(rows), figures=figures, received={})
    assert [item[0] for item in caseload.headline(made, "2024").items] == ["241", "ongeveer 140"]
    assert caseload.groups(made, "2024").columns == ["Groep", "Gepubliceerd"]
    assert "Gepubliceerd is in begeleiding 241" in repr(caseload.answer(made, "2024"))
    assert isinstance(caseload.checks(made, "2024"), Absent)
    assert isinstance(caseload.durations(made, "2024"), Absent)


def test_every_sum_holds_and_is_shown() -> None:
    checks = caseload.checks(MADE["some"], "2024").checks
    assert [c.holds for c in checks] == [True] * 6
    assert checks[0].text == "Begin en erbij: 1 + 4 = 5; in de periode in het programma: 5."


def test_a_hidden_sum_is_not_judged() -> None:
    assert {c.holds for c in caseload.checks(MADE["hidden"], "2024").checks} == {None}


def test_in_short_a_hidden_group_is_told_to_be_hidden() -> None:
    said = caseload.in_short(MADE["hidden"], "2024")
    assert said.endswith("**een afgeschermd aantal inwoners klaar voor begeleiding**.")
