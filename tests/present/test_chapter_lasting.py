"""Activities that last: a row a kind that began, and a sentence where it may not be told."""

from __future__ import annotations

from dataclasses import replace

from mp_eval import tidy
from mp_eval.evaluation import Evaluation
from mp_eval.present.chapters import lasting
from mp_eval.present.elements import Absent, Table
from mp_eval.workspace import Disclosure


def test_each_kind_that_began_is_a_row_and_they_sum_to_all(committed: Evaluation) -> None:
    found = lasting.shares(committed, "2023-2024")
    assert isinstance(found, Table)
    *kinds, total = [int(str(row[1])) for row in found.rows]
    assert sum(kinds) == total > 50
    assert min(kinds) > 0
    assert all(str(cell).endswith("%") or str(cell) == "–" for row in found.rows for cell in row[2:4])


def test_in_public_it_says_why_there_is_none(committed: Evaluation) -> None:
    settings = replace(committed.workspace.settings, disclosure=Disclosure(internal=False))
    public = replace(committed, workspace=replace(committed.workspace, settings=settings))
    assert isinstance(lasting.shares(public, "2023-2024"), Absent)


def test_fewer_that_began_than_in_the_table_above_it_is_explained(committed: Evaluation) -> None:
    """50 activities began in 2024, and 39 here: the others were there before, or are trajectories."""
    found = lasting.shares(committed, "2024")
    assert isinstance(found, Table)
    assert str(found.rows[-1][1]) == "39"
    assert tidy.number(committed.measures, "2024", "activities_started") == 50
    assert found.note.startswith("Begonnen: zonder wat er bij het eerste gesprek al was, en zonder trajecten; daarom")
