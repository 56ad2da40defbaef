"""A parameter is known, and of its type, before a kernel starts."""

from __future__ import annotations

import json
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
    with pytest.raises(ParameterError, match=r"‘decimals’ \(cel 3\) moet een geheel getal zonder punten zijn"):
        parameters.check(PERIOD, {"decimals": value})


def test_every_wrong_parameter_is_named_at_once() -> None:
    with pytest.raises(ParameterError) as refused:
        parameters.check(PERIOD, {"periode": "2025", "decimals": "1"})
    assert len(str(refused.value).splitlines()) == 2


def test_a_period_that_looks_like_a_number_stays_text() -> None:
    assert parameters.parse("007", "2024") == "007"


def made(path: Path, source: str) -> Path:
    """A notebook whose third cell holds its parameters."""
    cells = [{"metadata": {}, "source": []}] * 2 + [{"metadata": {"tags": ["parameters"]}, "source": [source]}]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


@pytest.mark.parametrize("text", ["<<<<<<< HEAD", "[]", '{"cells": [{"source": 1}, 2]}'])
def test_what_is_no_notebook_is_told_by_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "01-x.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"01-x\.ipynb is geen leesbaar notebook"):
        parameters.defaults(path)


@pytest.mark.parametrize(
    "line", ["n = f(1)", "n = 24 * 60", "n += 1", "a, b = (1, 2)", "n = f'{m}'", "n = [x]", "d['a'] = 1"]
)
def test_a_parameter_that_is_worked_out_is_refused_with_its_cell(tmp_path: Path, line: str) -> None:
    with pytest.raises(ParameterError) as refused:
        parameters.defaults(made(tmp_path / "01-x.ipynb", f"m = 1\n{line}"))
    assert str(refused.value).startswith(f"01-x.ipynb: cel 3 (‘{line}’) rekent een parameter uit.")


@pytest.mark.parametrize("default", ["None", "[2023, 2024]", "(1, 2)", "{'a': 1}", "b'x'"])
def test_a_parameter_without_a_kind_of_its_own_may_be_there_and_is_not_given(tmp_path: Path, default: str) -> None:
    path = made(tmp_path / "01-x.ipynb", f"n = {default}")
    parameters.check(path, parameters.defaults(path))
    with pytest.raises(ParameterError) as refused:
        parameters.check(path, {"n": "5"})
    assert str(refused.value).startswith(f"01-x.ipynb: parameter ‘n’ (cel 3) is {default} en kan niet worden gegeven")


@pytest.mark.parametrize(
    "text", ["1.000", "-1.000", "12.500", "1.000.000", "1.000,5", "1_000", "nan", "inf", "1e3", "", "1 000"]
)
def test_what_may_be_another_number_is_not_taken_for_one(tmp_path: Path, text: str) -> None:
    path = made(tmp_path / "01-x.ipynb", "getal = 1.5\nheel = 1")
    for name, default in parameters.defaults(path).items():
        with pytest.raises(ParameterError, match=rf"‘{name}’ \(cel 3\) moet een .*getal zonder punten.*; dit is "):
            parameters.check(path, {name: parameters.parse(text, default)})


@pytest.mark.parametrize(
    ("text", "value"), [("2,5", 2.5), ("2.5", 2.5), ("-0,125", -0.125), ("0.125", 0.125), ("1000", 1000.0)]
)
def test_a_number_is_read_with_a_comma_or_a_point(text: str, value: float) -> None:
    assert parameters.parse(text, 1.5) == value
