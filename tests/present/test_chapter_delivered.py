"""The chapter on what was delivered: what came, how complete and fresh it is, and nothing of rows in public."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from evaluations import BEFORE, SOURCE, YEAR, evaluation

from mp_eval import tidy
from mp_eval.disclosure import intake
from mp_eval.evaluation import Evaluation, Received
from mp_eval.intake.clean import COUNTS
from mp_eval.measures.contradictions import CONTRADICTIONS
from mp_eval.periods import WHOLE
from mp_eval.present import contradictions
from mp_eval.present.chapters import delivered
from mp_eval.present.elements import Absent
from mp_eval.workspace import Disclosure, Municipality, PeriodSetting, Settings, Workspace

COUNTED = [("conversations", 20, 5, 15, 1, 3, 2, 0, 12, 9), ("residents", 10, 0, 10, 0, 0, 0, 0, 10, 10)]
FUNCTIONS = [
    delivered.answer,
    delivered.headline,
    delivered.deliveries,
    delivered.freshness,
    delivered.coverage,
    delivered.late,
    delivered.checks,
]
EVERY = pytest.mark.parametrize("make", FUNCTIONS, ids=lambda f: f.__name__)
NOTE = "2024-01-01/2024-07-01 2024-10-15"


def made(*rows: dict[str, object], extracted: date = date(2025, 7, 15), internal: bool = True) -> Evaluation:
    """An evaluation of 2024 with these measures and two delivered tables."""
    setting = PeriodSetting("2024", YEAR.start, YEAR.end)
    settings = Settings(Municipality("Elders"), (setting,), disclosure=Disclosure(internal=internal))
    counts = pd.DataFrame(COUNTED, columns=COUNTS)
    received = Received(replace(SOURCE, extracted=extracted), {}, counts if internal else intake.hide(counts))
    table = tidy.table([dict(row) for row in rows])
    empty = evaluation().reconciliation
    return Evaluation(Workspace(Path("nowhere"), settings), table, empty, (), {"2024": received})


def share(measure: str, above: int, below: int, **rest: object) -> dict[str, object]:
    return tidy.row("2024", measure, above / below, numerator=above, denominator=below, **rest)


def late(table: str, count: int, of: int, gone: int = 0) -> list[dict[str, object]]:
    label = {"breakdown": "table", "category": table} if table else {}
    return [
        tidy.row("2024", "late_records", count, denominator=of, note=NOTE, **label),
        tidy.row("2024", "withdrawn_records", gone, denominator=of - count + gone, note=NOTE, **label),
    ]


SHARES = [share("coverage_of_first_conversation", 3, 4), share("coverage_of_ladder_step", 2, 2)]
LATE = [*late("conversations", 9, 376, 1), *late("", 9, 376, 1)]
FULL = made(*SHARES, tidy.row("2024", "days_to_extraction", 196), *LATE)


def test_rows_are_told_apart() -> None:
    table = delivered.deliveries(FULL, "2024")
    assert table.columns == ["Gegeven", "Geleverd", "Dubbel", "Zonder gegevens", "Gebruikt", "Gecorrigeerd"]
    assert table.rows[:2] == [["Inwoners", "10", "0", "0", "10", "0"], ["Gesprekken", "20", "3", "2", "15", "1"]]


def test_a_table_that_did_not_come_is_named() -> None:
    table = delivered.deliveries(FULL, "2024")
    assert ["Caseload", "niet geleverd", "–", "–", "–", "–"] in table.rows
    assert "caseload" in repr(delivered.answer(FULL, "2024")).partition("Niet geleverd:")[2]


def test_in_public_no_rows_are_told() -> None:
    public = made(*SHARES, internal=False)
    assert delivered.deliveries(public, "2024").rows[:2] == [["Inwoners", "ja"], ["Gesprekken", "ja"]]
    assert ["Caseload", "nee"] in delivered.deliveries(public, "2024").rows
    assert delivered.checks(public, "2024").checks[0].holds is None
    assert not re.search(r"\b(20|15|10)\b", repr(delivered.deliveries(public, "2024")))


def test_in_public_late_records_are_a_sentence() -> None:
    hidden = [{**row, "value": None, "denominator": None, "note": "", "status": "hidden"} for row in LATE]
    found = delivered.late(made(*hidden, internal=False), "2024")
    assert isinstance(found, Absent)
    assert not re.search(r"\d", found.text)
    assert "registratie" not in repr(delivered.answer(made(*SHARES, *hidden, internal=False), "2024"))


def test_late_records_are_told_with_their_days_and_the_earlier_delivery() -> None:
    table = delivered.late(FULL, "2024")
    compared = "01-01-2024 t/m 30-06-2024, tegen de levering van 15-10-2024"
    assert [str(row[0]) for row in table.rows] == [f"Gesprekken [{compared}]", f"Totaal [{compared}]"]
    assert (list(table.rows[0][1:]), table.totals) == (["9", "376", "1"], {1})


@pytest.mark.parametrize(
    ("count", "said"), [(9, "kwamen er 9 registraties"), (1, "kwam er 1 registratie"), (0, "geen")]
)
def test_the_answer_says_what_came_late(count: int, said: str) -> None:
    assert said in repr(delivered.answer(made(*SHARES, *late("", count, 376)), "2024"))


UNKNOWN = {"breakdown": "contradiction", "category": "newcomer_unknown"}
AGREED = {"breakdown": "contradiction", "category": "first_twice"}
AGAINST = [
    tidy.row("2024", "contradictions", 68, denominator=186, **UNKNOWN),
    tidy.row("2024", "contradictions", 0, denominator=175, **AGREED),
    tidy.row("2024", "contradictions", None, status="not_delivered", **{**AGREED, "category": "guided_unregistered"}),
]


def test_contradictions_are_told_with_their_places_and_what_rests_on_them() -> None:
    table = contradictions.table(made(*AGAINST), "2024")
    assert table.rows == [
        [
            "Uitkering begonnen, en niet bij de inwoners",
            "uitkeringen en inwoners",
            "68",
            "186",
            "nieuwe instroom; wie op een datum een uitkering heeft",
        ],
        ["Meer dan één eerste gesprek", "gesprekken", "0", "175", "gesproken inwoners, in elke periode opnieuw"],
    ]


def test_check_says_the_contradictions_that_there_are() -> None:
    (line,) = contradictions.lines(made(*AGAINST).measures)
    assert line.startswith("Tegenspraak (uitkeringen en inwoners): 68 van 186 inwoners: uitkering begonnen")


def test_in_public_contradictions_are_a_sentence() -> None:
    hidden = [{**row, "value": None, "denominator": None, "status": "hidden"} for row in AGAINST[:2]]
    found = contradictions.table(made(*hidden, internal=False), "2024")
    assert isinstance(found, Absent)
    assert not re.search(r"\d", found.text)


def test_every_contradiction_says_where_it_is_and_what_rests_on_it() -> None:
    assert contradictions.PLACES.keys() == CONTRADICTIONS.keys()


def test_without_an_earlier_delivery_late_is_a_sentence() -> None:
    assert delivered.late(made(*SHARES), "2024") == Absent("Er is geen eerdere levering die over dezelfde dagen gaat.")


@pytest.mark.parametrize(("extracted", "word"), [(date(2025, 4, 2), "voorlopig"), (date(2025, 4, 3), "definitief")])
def test_three_months_after_the_period_numbers_are_final(extracted: date, word: str) -> None:
    found = made(*SHARES, tidy.row("2024", "days_to_extraction", 92), extracted=extracted)
    assert delivered.freshness(found, "2024").rows[0][3] == word
    assert word in repr(delivered.answer(found, "2024"))


@pytest.mark.parametrize(
    ("extracted", "said"),
    [
        (date(2024, 12, 31), ""),
        (date(2024, 12, 30), "De periode was nog niet voorbij: de laatste dag staat er niet in."),
        (date(2024, 11, 30), "De periode was nog niet voorbij: de laatste 31 dagen staan er niet in."),
    ],
)
def test_a_delivery_before_the_end_of_its_period_says_so(extracted: date, said: str) -> None:
    days = (extracted - date(2024, 12, 31)).days
    found = made(*SHARES, tidy.row("2024", "days_to_extraction", days), extracted=extracted)
    text = repr(delivered.answer(found, "2024"))
    assert "voorlopig" in text
    assert said in text
    assert ("nog niet voorbij" in text) is bool(said)
    assert ("Dagen onder nul" in delivered.freshness(found, "2024").note) is bool(said)


def of_both(first: date, then: date) -> str:
    """What is said of the deliveries of 2023-2024 and of 2024, each up to this day."""
    both = evaluation(periods=(BEFORE, YEAR))
    days = {"2023-2024": first, "2024": then}
    received = {k: replace(r, source=replace(SOURCE, extracted=days[k])) for k, r in both.received.items()}
    return " ".join(delivered._fresh(replace(both, received=received), WHOLE))


def test_of_all_periods_provisional_deliveries_are_told_together() -> None:
    names = "juni 2023 tot juli 2024 en 2024"
    text = of_both(date(2024, 8, 1), date(2025, 2, 1))
    assert f"De leveringen over {names} zijn voorlopig: zij kwamen binnen drie maanden na de periode." in text
    text = of_both(date(2024, 8, 1), date(2024, 8, 1))
    assert "De levering over juni 2023 tot juli 2024 is voorlopig: zij kwam binnen drie maanden" in text
    assert "De levering over 2024 is voorlopig: zij kwam voordat de periode voorbij was" in text
    assert f"De leveringen over {names} zijn voorlopig: zij kwamen voordat" in of_both(*[date(2024, 6, 1)] * 2)
    assert "voorlopig" not in of_both(*[date(2025, 7, 15)] * 2)


def test_what_is_known_is_told_with_of_how_many() -> None:
    assert [row[1:] for row in delivered.coverage(FULL, "2024").rows] == [
        ["3", "4", "75,0%"],
        ["2", "2", "100,0%"],
        ["–", "–", "–"],
    ]


def test_the_answer_names_what_is_least_known() -> None:
    assert "Van de inwoners in gesprek staat bij 75,0%" in repr(delivered.answer(FULL, "2024"))


def test_nothing_is_called_least_known_when_a_share_is_hidden() -> None:
    hidden = tidy.row("2024", "coverage_of_ladder_step", None, status="hidden")
    assert "75,0%" not in repr(delivered.answer(made(SHARES[0], hidden), "2024"))
    assert delivered.coverage(made(SHARES[0], hidden), "2024").rows[1][1:] == ["x", "x", "x"]
    assert delivered.headline(made(SHARES[0], hidden), "2024").items[1][::2] == ("x", "")


def test_what_is_known_of_everybody_is_said_so() -> None:
    full = made(share("coverage_of_first_conversation", 4, 4), SHARES[1])
    said = "Steeds bekend: bij inwoners in gesprek het eerste gesprek en bij gesproken inwoners een trede."
    assert said in repr(delivered.answer(full, "2024"))


def test_a_share_of_nobody_is_a_dash() -> None:
    nobody = tidy.row("2024", "coverage_of_ladder_step", None, numerator=0, denominator=0, status="undefined")
    assert delivered.coverage(made(SHARES[0], nobody), "2024").rows[1][1:] == ["0", "0", "–"]
    assert len(delivered.headline(made(SHARES[0], nobody), "2024").items) == 1


def test_the_reasons_that_other_chapters_count_are_shown_when_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    with_reason = replace(tidy.MEASURES["outflow"], breakdowns={"reason": "parts"})
    monkeypatch.setattr(tidy, "MEASURES", {**tidy.MEASURES, "outflow": with_reason})
    rows = [tidy.row("2024", "outflow", 10), tidy.row("2024", "outflow", 2, breakdown="reason", category="unrecorded")]
    assert delivered.coverage(made(*SHARES, *rows), "2024").rows[-1][1:] == ["8", "10", "80,0%"]
    hidden = {**rows[1], "value": None, "status": "hidden"}
    assert delivered.coverage(made(*SHARES, rows[0], hidden), "2024").rows[-1][1:] == ["x", "10", "x"]


def test_rows_in_and_out_are_summed() -> None:
    check = delivered.checks(FULL, "2024").checks[0]
    assert (check.holds, check.text) == (True, "Rijen over 2024: 3 + 2 + 25 = 30; geleverd zijn er 30.")


def test_what_the_earlier_delivery_held_follows_from_this_one() -> None:
    check = delivered.checks(FULL, "2024").checks[1]
    assert check.holds
    assert "376 nu − 9 later binnengekomen + 1 er niet meer = 368" in check.text
    frame = FULL.measures.copy()
    frame.loc[(frame["measure"] == "withdrawn_records") & (frame["breakdown"] == ""), "value"] = 0
    assert delivered.checks(replace(FULL, measures=frame), "2024").checks[1].holds is False


def test_a_row_that_got_lost_is_seen() -> None:
    counts = pd.DataFrame(COUNTED, columns=COUNTS).assign(kept=[14, 10])
    lost = replace(FULL, received={"2024": replace(FULL.received["2024"], counts=counts)})
    assert delivered.checks(lost, "2024").checks[0].holds is False


@EVERY
def test_without_a_delivery_one_sentence(make: Callable) -> None:
    assert repr(make(replace(made(), received={}), "2024")) == "Over deze periode zijn geen gegevens geleverd."


@EVERY
def test_nothing_shows_how_the_code_says_missing(make: Callable) -> None:
    for some in (FULL, made(), made(internal=False)):
        assert not re.search(r"\b(nan|None|NA|inf|HIDDEN)\b|<NA>", repr(make(some, "2024")))


@EVERY
def test_the_union_has_a_row_for_each_delivery(make: Callable, committed: Evaluation) -> None:
    assert repr(make(committed, WHOLE))
    assert len(delivered.freshness(committed, WHOLE).rows) == len(delivered.deliveries(committed, WHOLE).rows) == 3


def test_nine_conversations_of_2024_came_after_the_earlier_delivery(committed: Evaluation) -> None:
    assert delivered.late(committed, "2024").rows[0][1] == "9"
