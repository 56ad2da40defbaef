"""What the page *Verantwoording* promises, sentence by sentence, each with the test that holds it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mp_eval import tidy
from mp_eval.present.protection import PARAGRAPHS
from mp_eval.present.wording import words

TESTS = Path(__file__).resolve().parents[1]
WHY = ""  # a sentence that only says why
SMALL = "disclosure/test_random.py::test_overlapping_periods"
ATTACKED = "disclosure/test_public_release.py::test_no_attack_succeeds_over_the_whole_output"
CHANGED = "disclosure/test_sequences.py::test_releases_after_each_other_tell_no_few_that_the_last_alone_would_not"
ROUNDED = "disclosure/test_suppress.py::test_rounding_goes_to_multiples_of_five_and_totals_from_true_totals"
NARROWED = "disclosure/test_earlier.py::test_a_rounded_number_does_not_flip_for_one_resident"
PROMISES = {
    "Aantallen van 1 tot en met {least} worden niet getoond.": "disclosure/test_bundled.py::"
    "test_no_small_count_is_shown",
    "In plaats daarvan staat een x, en in een figuur": "disclosure/test_public_release.py::"
    "test_a_figure_does_not_draw_what_is_hidden",
    "Nul wordt wel getoond.": "disclosure/test_bundled.py::test_every_zero_is_shown",
    "Met een aantal verdwijnt alles wat eruit volgt": "disclosure/test_suppress.py::"
    "test_a_share_and_a_rate_go_with_their_counts",
    "Wie weet dat in een gemeente vier inwoners in een groep": WHY,
    "Alleen de kleine aantallen weglaten helpt niet": "disclosure/test_attack.py::"
    "test_hiding_the_small_cells_alone_gives_all_of_them_away",
    "Daarom wordt de hele uitgave in één keer bekeken": SMALL,
    "In deze uitgave zijn {hidden} van de {all} afgeschermd.": "publish/test_around.py::"
    "test_the_account_tells_the_rule_that_was_followed",
    "Een deel daarvan is zelf groot": "disclosure/test_suppress.py::test_of_the_reports_own_row_two_cells_are_hidden",
    "Er is gezocht naar zo weinig mogelijk aantallen": "disclosure/test_suppress.py::"
    "test_small_tables_are_solved_to_the_optimum",
    "Wie alles uit deze uitgave en de eerdere publicaties combineert": "disclosure/test_bundled.py::"
    "test_no_attack_succeeds",
    "Welke andere aantallen daarvoor moeten verdwijnen is berekend": "disclosure/test_tauargus.py::"
    "test_ours_is_valid_and_hides_about_as_much",
    "Voordat de uitgave verscheen, is zij aangevallen: met alles wat erin staat is voor": ATTACKED,
    "Blijkt daaruit dat een aantal klein is": "disclosure/test_artefacts.py::"
    "test_what_was_published_earlier_keeps_no_release_back_but_what_follows_from_the_release_does",
    "Daarna is met de echte aantallen gezocht": "publish/test_third_reading.py::"
    "test_who_had_a_year_and_neither_became_active_in_it_nor_is_followed_still_left",
    "Wat iemand van elders weet, valt hier niet onder": WHY,
    "En heeft in een groep iedereen hetzelfde": WHY,
    "Wat een eerdere openbare uitgave toonde, blijft bekend.": CHANGED,
    "Daarom is deze uitgave samen met alle eerdere": CHANGED,
    "Is een getal door een late registratie": "disclosure/test_earlier.py::test_one_late_conversation_is_not_told",
    "Is het verschil groter": "disclosure/test_earlier.py::test_a_change_of_enough_is_told",
    "Welke getallen zo blijven staan": "disclosure/test_earlier.py::test_one_late_conversation_is_not_told",
    "Alle aantallen zijn afgerond op vijftallen": ROUNDED,
    "Delen tellen daarom niet altijd op": ROUNDED,
    "Aandelen en aantallen per maand zijn met afgeronde": "disclosure/test_statistics.py::"
    "test_a_rounded_number_cannot_be_had_by_dividing_the_sum_by_the_mean",
    "Aantallen van 1 tot en met {least} worden niet getoond; daar": "disclosure/test_suppress.py::"
    "test_one_to_seven_is_hidden_and_the_rest_rounded",
    "Alle andere aantallen zijn afgerond": "disclosure/test_suppress.py::"
    "test_one_to_seven_is_hidden_and_the_rest_rounded",
    "Door het afronden is een aantal niet precies bekend": NARROWED,
    "Dat geldt voor alle tabellen en alle perioden.": NARROWED,
    "Voordat de uitgave verscheen, is zij aangevallen: met alles wat erin staat, alle": CHANGED,
    "Zou dat zo zijn": CHANGED,
}
# README.md: what is told in no public release at all.
NEVER = {
    "late_records": "what came late",
    "withdrawn_records": "what came late",
    "contradictions": "contradicts itself",
    "trajectories_running": "running trajectories",
    "trajectory_lasting": "last and cost",
    "trajectory_cost_by_day": "last and cost",
    "activity_lasting": "how long activities last",
    "half_year_rate": "half-years",
    "half_year_share": "half-years",
    "left_programme": "residents left the programme",
    "derived_year_before": "a year before",
    **dict.fromkeys((m for m in tidy.MEASURES if m.startswith("compared")), "numbers of the comparison"),
}


def sentences() -> list[str]:
    said = {paragraph: words()["account"][paragraph] for kinds in PARAGRAPHS.values() for paragraph in kinds}
    return [sentence for text in said.values() for sentence in re.split(r"(?<=\.) (?=[A-Z])", text)]


@pytest.mark.parametrize("sentence", dict.fromkeys(sentences()))
def test_every_sentence_of_the_account_is_held_by_a_test(sentence: str) -> None:
    [where] = [test for begin, test in PROMISES.items() if sentence.startswith(begin)]
    file, _, name = where.partition("::")
    assert where == WHY or f"def {name}(" in (TESTS / file).read_text(encoding="utf-8")


def test_nothing_is_promised_that_no_account_says() -> None:
    assert [p for p in PROMISES if not any(s.startswith(p) for s in sentences())] == []


def test_what_no_public_release_tells_stands_in_the_readme() -> None:
    text = " ".join((TESTS.parent / "README.md").read_text(encoding="utf-8").split())
    assert NEVER.keys() == {name for name, meaning in tidy.MEASURES.items() if meaning.withheld}
    assert [phrase for phrase in NEVER.values() if phrase not in text] == []
