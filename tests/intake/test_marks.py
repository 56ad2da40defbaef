"""A resident's mark follows from the identifier alone, whatever stands beside it, and no two have the same."""

import pandas as pd
from conftest import dear
from hypothesis import given, settings
from hypothesis import strategies as st

from mp_eval.intake.marks import SHAPE, marked

identifiers = st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=1, max_size=12, unique=True)


def _marks(names: list[str]) -> dict[str, str]:
    _, people = marked({"conversations": pd.DataFrame({"resident": pd.Series(names, dtype="category")})})
    return dict(zip(people["identifier"], people["mark"], strict=True))


@settings(max_examples=dear(12))
@given(identifiers)
def test_a_mark_is_of_the_identifier_and_not_of_its_company(names: list[str]) -> None:
    together = _marks(names)
    assert {name: mark for name in names for mark in _marks([name]).values()} == together
    assert all(SHAPE.fullmatch(mark) for mark in together.values())


def test_identifiers_that_differ_in_one_sign_length_or_trailing_zero_have_other_marks() -> None:
    alike = ["a" * n for n in range(1, 40)] + ["a" * n + "\0" for n in range(40)] + ["a" * n + "b" for n in range(40)]
    alike += ["é" * n for n in range(1, 20)] + [str(n) for n in range(10_000)] + [f"{n:08}X" for n in range(10_000)]
    assert len(set(_marks(alike).values())) == len(alike)
