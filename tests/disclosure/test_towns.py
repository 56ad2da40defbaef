"""Public releases of made-up municipalities: they come out, and the third reading finds nothing that follows.

Their tables contradict each other as they like. That is no reason to keep a release back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import long
from people import Life, Place, agreeing, deliveries, place, town

from mp_eval import tidy
from mp_eval.disclosure import rules
from mp_eval.disclosure.protect import protect
from mp_eval.disclosure.relations import relate
from mp_eval.intake.marks import LETTERS
from mp_eval.periods import WHOLE, Period
from mp_eval.programme import Programme
from mp_eval.publish.third_reading import Left, derived, measured
from mp_eval.workspace import Disclosure

VILLAGE, MONTHS = 30, 28
THRESHOLDS = (3, 5, 10, 20)


def released(where: Place, lives: Iterable[Life], root: Path, threshold: int) -> tuple[list[Left], list[str]]:
    """What of the third reading of a release follows from the definitions; and the zeros that the release hides."""
    own = where.workspace(root)
    made = deliveries(where, {f"{n:04}{chr(LETTERS[n % len(LETTERS)])}": life for n, life in enumerate(lives)})
    true = measured(own, made)
    days = {p.id: (p,) for p in where.periods} | {WHOLE: own.whole}
    release = protect(true, settings=Disclosure(internal=False, threshold=threshold), days=days)
    found = derived(release.measures, true, relate(true, days=days), threshold)
    gone = release.true[release.measures["status"].eq("hidden")].to_dict("records")
    return found, [label(row) for row in gone if is_zero(row)]


def is_zero(row: Mapping[str, object]) -> bool:
    """Whether nobody is counted, in a row that a public release may have."""
    return row["value"] == 0 and tidy.MEASURES[str(row["measure"])].kind in tidy.COUNTS and not rules.is_withheld(row)


def label(row: Mapping[str, object]) -> str:
    return " / ".join(str(row[column]) for column in ("period", "measure", "breakdown", "category"))


def by_month(count: int) -> Place:
    """So many months after each other."""
    starts = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(count + 1)]
    periods = tuple(Period(*both, f"m{n:02}") for n, both in enumerate(pairwise(starts)))
    return Place(periods, {p.id: p.end + timedelta(days=30) for p in periods}, Programme())


@pytest.mark.parametrize("threshold", [3, *map(long, THRESHOLDS[1:])])
@pytest.mark.parametrize("seed", [5, *map(long, (0, 1, 2, 3, 4, 6, 7, 8, 9))])
def test_a_village_gets_its_release_whose_counts_leave_few_of_no_other(
    seed: int, threshold: int, tmp_path: Path
) -> None:
    lives = town(place(seed), VILLAGE, seed=seed).values()
    assert released(place(seed), lives, tmp_path, threshold) == ([], [])


@pytest.mark.parametrize(
    ("months", "count", "threshold"),
    [(2, 30, 5), *(long(3, 40, t) for t in THRESHOLDS), *(long(MONTHS, 500, t) for t in THRESHOLDS)],
)
def test_so_does_a_town_of_monthly_periods(months: int, count: int, threshold: int, tmp_path: Path) -> None:
    """Of residents who are first spoken to once: else each month has them, and all months together once."""
    lives = map(agreeing, town(by_month(months), count, seed=1).values())
    assert released(by_month(months), lives, tmp_path, threshold) == ([], [])
