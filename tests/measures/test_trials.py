"""Monthly trials: against other implementations, against registers of which the truth is known, and by symmetry."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import simulated
from simulated import PROGRAMME, STOP, Register
from statsmodels.stats.proportion import confint_proportions_2indep

from mp_eval.measures import compared, trials
from mp_eval.measures.survival import at, cumulative_incidence
from mp_eval.measures.trials import AWAY, ENDED, ENDS, WORK, Trials

SEEDS = range(6)


def of(spells: pd.DataFrame, **options: object) -> Trials:
    return Trials(spells, first=PROGRAMME, stop=STOP, **options)


@cache
def few(each: int = 60) -> pd.DataFrame:
    """Some residents of a register, so that each of them can be left out in turn."""
    spells = simulated.register(1, talks=40, level=3).spells
    there = spells[(spells["start"] < PROGRAMME) & (spells["end"] > PROGRAMME)]
    return pd.concat([there[np.isfinite(there["talk"])].head(each), there[np.isinf(there["talk"])].head(each)])


def shown() -> str:
    found = of(few())
    return repr((found.balance(), found.risk(12), found.months_off()))


def test_the_numbers_are_the_same_to_the_last_figure_on_another_make_of_processor() -> None:
    """Pages say by a digest what they are made of; OpenBLAS adds products up in another order on each make."""
    made = subprocess.run(
        [sys.executable, "-c", "import test_trials; print(test_trials.shown())"],
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_CORETYPE": "Prescott"},
        encoding="utf-8",
        capture_output=True,
        check=True,
    )
    assert made.stdout.strip() == shown()


@pytest.mark.parametrize("ends", [ENDS, [WORK], [AWAY]])
def test_the_risk_of_the_spoken_is_that_of_another_estimator(ends: Sequence[int]) -> None:
    found = of(few())
    rows, columns = np.nonzero(found.met)
    zero = found.zero[0, columns]
    ends_at, kinds = np.ceil(found.end[rows, 0] - zero), found.kind[rows, 0]
    is_seen = (ends_at <= STOP - zero) & (kinds > 0)
    cause = np.where(is_seen, np.where(np.isin(kinds, ends), 1, 2), 0)
    curve = cumulative_incidence(np.where(is_seen, ends_at, STOP - zero), cause, kinds=2)
    for months in (1, 12, 24):
        expected = at(curve, [months], start=0)["incidence_1"].iloc[0]
        assert found.risk(months, of=ends).spoken == pytest.approx(expected)


def test_the_error_is_that_of_leaving_each_resident_out() -> None:
    """Each is there ten times, so that leaving one out is nearly nothing."""
    some = few(20)
    copies = [some.assign(resident=some["resident"] * 10 + n) for n in range(10)]
    others = pd.concat(copies[1:])
    left_out = [of(pd.concat([others, copies[0].drop(index=n)])) for n in some.index]
    for ask in (lambda t: t.risk(12), lambda t: t.months_off(12)):
        sizes = np.array([ask(found).size for found in left_out])
        many = 10 * len(sizes)
        jackknife = (many - 1) * np.sqrt(sizes.var() / many)
        assert ask(of(pd.concat(copies))).error == pytest.approx(jackknife, rel=0.02)


def test_a_resident_who_is_there_twice_tells_nothing_twice() -> None:
    once, again = of(few()).risk(12), of(pd.concat([few(), few()])).risk(12)
    others = of(pd.concat([few(), few().assign(resident=lambda t: -1 - t["resident"])])).risk(12)
    assert again.size == pytest.approx(once.size)
    assert again.error == pytest.approx(once.error)
    assert others.error == pytest.approx(once.error / np.sqrt(2))


def test_the_order_of_the_rows_does_not_matter() -> None:
    one, other = of(few()).risk(12), of(few()[::-1]).risk(12)
    assert (other.size, other.low, other.high) == pytest.approx((one.size, one.low, one.high))


def test_the_interval_is_newcombes_where_the_arms_share_nobody() -> None:
    low, high = trials._newcombe((0.1, 0.2), ((trials.wilson(10, 100)), (trials.wilson(40, 200))), 0.0)
    wanted = confint_proportions_2indep(10, 100, 40, 200, method="newcomb")
    assert (low, high) == pytest.approx(wanted)


def test_a_class_is_compared_with_itself_alone() -> None:
    """Of two classes with other risks, and nothing that conversations do: without classes there is a difference."""
    rows = [(f"{c}{n}", talk, end) for c, talks, end in (("a", 8, 5.5), ("b", 2, np.inf)) for n in range(10)
            for talk in [0.5 if n < talks else np.inf]]  # fmt: skip
    spells = pd.DataFrame(rows, columns=["resident", "talk", "end"])
    spells = spells.assign(
        start=-5.0, kind=(spells["end"] < 9).astype(int), birth_year=-40.0, household=spells["resident"].str[0]
    )
    sorted_, crude = (Trials(spells, first=0, stop=14, last=1, is_crude=c).risk(12) for c in (False, True))
    assert (sorted_.spoken, sorted_.size) == pytest.approx((0.8, 0.0))
    assert crude.size == pytest.approx(0.8 - 0.2)


def test_who_has_nobody_alike_is_left_out_and_counted() -> None:
    alone = few().head(3).assign(household="other", talk=PROGRAMME + 0.5, end=np.inf, kind=0, start=PROGRAMME - 90.0)
    found = of(pd.concat([few(), alone.assign(resident=[-1, -2, -3])]))
    assert (found.unmet, found.spoken) == (of(few()).unmet + 3, of(few()).spoken)


def test_an_end_on_the_first_day_of_a_month_is_of_the_month_before() -> None:
    rows = [(4.0, 0.5), (np.inf, np.inf)]
    spells = pd.DataFrame(rows, columns=["end", "talk"]).assign(start=-5, birth_year=np.nan, household=None)
    found = Trials(spells.assign(resident=range(2), kind=[ENDED, 0]), first=0, stop=14, last=1)
    assert (found.risk(2).spoken, found.risk(3).spoken) == (0.0, 1.0)


def test_nothing_is_told_of_more_months_than_were_followed() -> None:
    assert np.isnan(of(few()).risk(40).size)


def test_what_is_a_difference_ever_against_never_is_none_in_trials() -> None:
    """Nothing that conversations do, and who is spoken to chosen by what is known: six registers."""
    made = [simulated.register(seed) for seed in SEEDS]
    assert all(_ever_against_never(found) < -12 for found in made)
    sizes = [of(found.spells).risk(12) for found in made]
    assert all(d.low < 0 < d.high for d in sizes)
    assert abs(np.mean([d.size for d in sizes])) < 0.01


def test_a_true_difference_is_found() -> None:
    found = simulated.register(1, ratio=2.5)
    difference = of(found.spells).risk(12)
    assert difference.low > 0.02
    assert difference.low * 100 < found.truth < difference.high * 100


@pytest.mark.long
def test_two_hundred_registers_where_nothing_is_made() -> None:
    """Hardly any bias, coverage between 92 and 99%, and fewer than 8% refused in vain."""
    naive, found, refused = [], [], []
    for seed in range(200):
        made = simulated.register(seed)
        main = of(made.spells)
        naive.append(_ever_against_never(made))
        found.append(main.risk(12))
        refused.append(any(compared.grounds(main).values()))
    assert abs(np.mean([d.size for d in found])) < 0.003
    assert 0.92 <= np.mean([d.low < 0 < d.high for d in found]) <= 0.99
    assert np.mean(refused) < 0.08
    assert np.mean(naive) < -15


@pytest.mark.long
def test_two_hundred_registers_with_a_ratio_of_one_and_a_half() -> None:
    made = [simulated.register(seed, ratio=1.5) for seed in range(200)]
    found = [of(r.spells).risk(12) for r in made]
    off = [d.size * 100 - r.truth for d, r in zip(found, made, strict=True)]
    assert abs(np.mean(off)) < 0.5
    assert 0.92 <= np.mean([d.low * 100 < r.truth < d.high * 100 for d, r in zip(found, made, strict=True)]) <= 0.99
    assert np.mean([d.low > 0 for d in found]) > 0.5


def _ever_against_never(made: Register) -> float:
    """The naive difference in points: whose benefit ended, among who was ever spoken to and who never was."""
    there = made.spells[(made.spells["start"] < STOP) & (made.spells["end"] > PROGRAMME)]
    ended, spoken = there["kind"].isin(ENDS), np.isfinite(there["talk"])
    return float(ended[spoken].mean() - ended[~spoken].mean()) * 100
