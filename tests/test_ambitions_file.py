"""The file of ambitions: read strictly, kept as it was, judged by its target."""

from __future__ import annotations

from datetime import date

import pytest

from mp_eval import ambitions
from mp_eval.ambitions import Indicator
from mp_eval.faults import FaultsFound
from mp_eval.periods import parse
from mp_eval.workspace import Municipality, Settings, Workspace

ONE = """
[[ambition]]
id = "een"
title = "Kort"
text = "De ambitie."
document = "Nota"
set_on = 2024-12-04
start = 2024-01-01
end = 2026-01-01
state = "loopt"
as_of = 2025-07-15
"""
INDICATOR = '[ambition.indicator]\nmeasure = "outflow"\ntarget = 10\n'


@pytest.fixture
def place(tmp_path):
    (tmp_path / "data" / "raw").mkdir(parents=True)
    return Workspace(tmp_path, Settings(Municipality("Elders")))


def keep(place: Workspace, text: str) -> tuple[ambitions.Ambition, ...] | None:
    place.ambitions.write_text(text, encoding="utf-8")
    return ambitions.read(place)


def test_without_a_file_there_are_none(place: Workspace) -> None:
    assert ambitions.read(place) is None


def test_a_file_without_ambitions_has_none(place: Workspace) -> None:
    assert keep(place, "") == ()


def test_an_ambition_is_read_with_its_indicator(place: Workspace) -> None:
    (found,) = keep(place, ONE + INDICATOR)
    assert (found.id, found.as_of, found.indicator) == ("een", date(2025, 7, 15), Indicator("outflow", target=10.0))


@pytest.mark.parametrize("text", [ONE, ONE + INDICATOR, ""])
def test_what_is_kept_is_read_back(place: Workspace, text: str) -> None:
    found = keep(place, text)
    assert ambitions.from_json(ambitions.to_json(found)) == found
    assert ambitions.from_json(ambitions.to_json(None)) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (ONE.replace('state = "loopt"', 'state = "bezig"'), r"ambition\[1\]\.state"),
        (ONE.replace("end = 2026-01-01", "end = 2024-01-01"), r"ambition\[1\]\.end"),
        (ONE + ONE, r"ambition\[2\]\.id"),
        (ONE.replace('text = "De ambitie."', 'text = " "'), r"ambition\[1\]\.text"),
        (ONE.replace('title = "Kort"\n', ""), r"ambition\[1\]\.title"),
        (ONE + 'doel = "iets"\n', r"ambition\[1\]\.doel"),
        (ONE.replace("2025-07-15", '"15 juli"'), r"ambition\[1\]\.as_of"),
        (ONE + INDICATOR + 'comparison = "gelijk aan"\n', r"ambition\[1\]\.indicator\.comparison"),
        (ONE + INDICATOR.replace("10", '"tien"'), r"ambition\[1\]\.indicator\.target"),
    ],
)
def test_a_fault_names_its_key(place: Workspace, text: str, key: str) -> None:
    with pytest.raises(FaultsFound, match=f"ambities.toml, instelling ‘{key}’"):
        keep(place, text)


def test_all_faults_come_out_at_once(place: Workspace) -> None:
    wrong = ONE.replace('"loopt"', '"bezig"').replace("2025-07-15", '"15 juli"').replace("2026-01-01", "2023-01-01")
    with pytest.raises(FaultsFound) as error:
        keep(place, wrong + INDICATOR + 'comparison = "gelijk aan"\n' + ONE.replace("title", "titel") + ONE)
    assert {f.column for f in error.value.faults} == {
        "ambition[1].state",
        "ambition[1].as_of",
        "ambition[1].end",
        "ambition[1].indicator.comparison",
        "ambition[2].id",
        "ambition[2].titel",
        "ambition[2].title",
        "ambition[3].id",
    }


def test_a_wrong_word_is_shown_as_it_stands(place: Workspace) -> None:
    with pytest.raises(FaultsFound, match=r"(?s)gevonden: ‘bezig met Jan’.*verwacht: een van: niet begonnen"):
        keep(place, ONE.replace('"loopt"', '"bezig met Jan"'))


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("[[ambition", 1, "een kop wordt niet gesloten"),
        (ONE + "owner = De gemeente\n", 12, "een tekst staat tussen aanhalingstekens"),
        (ONE + 'state = "klaar"\n', 12, "deze naam staat er al"),
    ],
)
def test_a_file_that_is_no_toml_is_told_in_dutch_with_its_line(
    place: Workspace, text: str, line: int, why: str
) -> None:
    with pytest.raises(FaultsFound, match=rf"(?s)ambities\.toml, regel {line}: .*{why}.*verbeter ambities\.toml"):
        keep(place, text)


def test_a_measure_that_does_not_exist_is_no_fault_of_the_file(place: Workspace) -> None:
    (found,) = keep(place, ONE + INDICATOR.replace("outflow", "geluk"))
    assert found.indicator is not None


@pytest.mark.parametrize(
    ("comparison", "value", "is_met"),
    [("ten minste", 10, True), ("ten minste", 9.9, False), ("ten hoogste", 10, True), ("ten hoogste", 10.1, False)],
)
def test_a_target_is_met_on_its_own_side_and_on_the_number_itself(comparison: str, value: float, is_met: bool) -> None:
    assert Indicator("outflow", target=10, comparison=comparison).is_met(value) is is_met


def test_without_a_target_there_is_nothing_to_meet() -> None:
    with pytest.raises(ValueError, match="no target"):
        Indicator("outflow").is_met(1)


@pytest.mark.parametrize(("period", "is_about"), [("2023", False), ("2024", True), ("2025", True), ("2026", False)])
def test_an_ambition_is_about_the_days_that_it_shares(place: Workspace, period: str, is_about: bool) -> None:
    (found,) = keep(place, ONE)
    assert found.is_about([parse(period)]) is is_about
