"""A parameter is known, and of its type, before a kernel starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from mp_eval.execute import parameters
from mp_eval.execute.parameters import ParameterError

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
PERIOD = NOTEBOOKS / "03-geactiveerd.ipynb"


def test_the_defaults_are_read_from_the_parameters_cell() -> None:
    assert parameters.defaults(PERIOD) == {"period": "2024", "decimals": 1}


def test_known_parameters_of_the_right_type_pass() -> None:
    parameters.check(PERIOD, {"period": "2023-2024", "decimals": 0})


def test_a_misspelt_parameter_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(ParameterError, match="geen parameter ‘periode’; bedoeld is misschien ‘period’"):
        parameters.check(PERIOD, {"periode": "2025"})


@pytest.mark.parametrize("value", ["1", 1.0, True])
def test_a_value_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(ParameterError, match="‘decimals’ moet een geheel getal zijn"):
        parameters.check(PERIOD, {"decimals": value})


def test_every_wrong_parameter_is_named_at_once() -> None:
    with pytest.raises(ParameterError) as refused:
        parameters.check(PERIOD, {"periode": "2025", "decimals": "1"})
    assert len(str(refused.value).splitlines()) == 2


def test_a_period_that_looks_like_a_number_stays_text() -> None:
    assert parameters.parse("007", "2024") == "007"


@pytest.mark.parametrize(
    "text", ["<<<<<<< HEAD", "[]", '{"cells": [{"metadata": {"tags": ["parameters"]}, "source": ["n = f(1)"]}]}']
)
def test_what_is_no_notebook_with_plain_parameters_is_told_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "01-x.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"01-x\.ipynb is geen leesbaar notebook"):
        parameters.defaults(path)
