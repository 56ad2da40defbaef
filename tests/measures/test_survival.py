"""Durations: against numbers worked out by hand, and against statsmodels on the same residents."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from mp_eval.measures.survival import at, cumulative_incidence, kaplan_meier, months_between

RESIDENTS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=2, max_size=40)
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def drawn(seed: int, residents: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Durations with many ties, and what happened: 0, 1 or 2."""
    generator = np.random.default_rng(seed)
    return generator.integers(0, 30, residents), generator.choice(3, residents, p=[0.4, 0.35, 0.25])


def between(start: str | None, end: str | None) -> float:
    days = [pd.Series([d], dtype="datetime64[us]") for d in (start, end)]
    return float(months_between(*days).iloc[0])


def test_survival_of_six_residents_by_hand() -> None:
    curve = kaplan_meier([6, 6, 6, 7, 10, 10], [1, 1, 0, 1, 0, 0])
    assert curve["survival"].tolist() == pytest.approx([4 / 6, 4 / 6 * 2 / 3, 4 / 9])


def test_the_band_of_one_event_among_four_by_hand() -> None:
    first = kaplan_meier([1, 2, 3, 4], [1, 0, 0, 0]).iloc[0]
    spread = 1.959964 * np.sqrt(1 / 12) / np.log(0.75)
    assert (first["low"], first["high"]) == pytest.approx((0.75 ** np.exp(-spread), 0.75 ** np.exp(spread)))


@pytest.mark.parametrize("seed", range(3))
def test_survival_is_that_of_statsmodels(seed: int) -> None:
    durations, causes = drawn(seed)
    theirs, ours = SurvfuncRight(durations, causes > 0), kaplan_meier(durations, causes > 0)
    ours = ours[ours["events"] > 0]
    assert ours["survival"].tolist() == pytest.approx(theirs.surv_prob.tolist())
    assert ours["at_risk"].tolist() == theirs.n_risk.tolist()


@pytest.mark.parametrize("seed", range(3))
def test_the_band_of_survival_rests_on_the_standard_error_of_statsmodels(seed: int) -> None:
    durations, causes = drawn(seed)
    theirs, ours = SurvfuncRight(durations, causes > 0), kaplan_meier(durations, causes > 0)
    ours = ours[ours["events"] > 0].iloc[:-1]
    share, error = theirs.surv_prob[: len(ours)], theirs.surv_prob_se[: len(ours)]
    spread = 1.959964 * error / (share * np.log(share))
    assert ours["low"].tolist() == pytest.approx((share ** np.exp(-spread)).tolist(), abs=1e-6)


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_incidence_is_that_of_statsmodels(seed: int, cause: int) -> None:
    durations, causes = drawn(seed)
    theirs, ours = CumIncidenceRight(durations, causes), cumulative_incidence(durations, causes)
    assert ours["time"].tolist() == theirs.times.tolist()
    assert ours[f"incidence_{cause}"].tolist() == pytest.approx(theirs.cinc[cause - 1].tolist())


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_the_band_of_incidence_rests_on_the_standard_error_of_statsmodels(seed: int, cause: int) -> None:
    durations, causes = drawn(seed)
    theirs = CumIncidenceRight(durations, np.where(durations == 29, 0, causes))  # its error is nan once all are gone
    ours = cumulative_incidence(durations, np.where(durations == 29, 0, causes))
    has_begun = theirs.cinc[cause - 1] > 0
    share, error = theirs.cinc[cause - 1][has_begun], theirs.cinc_se[cause - 1][has_begun]
    spread = 1.959964 * error / (share * np.log(share))
    for name, sign in ((f"low_{cause}", -1), (f"high_{cause}", 1)):
        assert ours.loc[has_begun, name].tolist() == pytest.approx((share ** np.exp(sign * spread)).tolist(), abs=1e-6)


@given(RESIDENTS)
def test_what_happened_and_what_did_not_make_up_everybody(residents: list[tuple[int, int]]) -> None:
    durations, causes = np.array(residents).T
    incidence = cumulative_incidence(durations, causes, kinds=2)
    nothing = kaplan_meier(durations, causes > 0)["survival"]
    assert np.allclose(incidence["incidence_1"] + incidence["incidence_2"] + nothing, 1)


@given(RESIDENTS)
def test_a_band_lies_around_its_curve(residents: list[tuple[int, int]]) -> None:
    durations, causes = np.array(residents).T
    curve = cumulative_incidence(durations, causes).dropna()
    assert (curve["low_1"] <= curve["incidence_1"] + 1e-12).all()
    assert (curve["incidence_1"] <= curve["high_1"] + 1e-12).all()
    assert curve[["low_1", "high_1"]].stack().between(0, 1).all()


@given(RESIDENTS)
def test_without_censoring_the_incidence_is_a_share(residents: list[tuple[int, int]]) -> None:
    durations, causes = np.array(residents).T
    causes = np.maximum(causes, 1)
    curve = at(cumulative_incidence(durations, causes, kinds=2), [6], start=0).iloc[0]
    assert curve["incidence_1"] == pytest.approx(np.mean((durations <= 6) & (causes == 1)))


def test_when_all_have_left_rounding_gives_no_band() -> None:
    curve = cumulative_incidence([0, 0, 0, 1, 1, 2, 2], [1] * 7)
    assert curve["incidence_1"].iloc[-1] == pytest.approx(1)
    assert curve[["low_1", "high_1"]].isna().all(axis=1).tolist() == [False, False, True]


def test_with_one_cause_the_incidence_is_what_survival_leaves() -> None:
    durations, causes = drawn(7)
    incidence = cumulative_incidence(durations, causes > 0)["incidence_1"]
    assert np.allclose(incidence, 1 - kaplan_meier(durations, causes > 0)["survival"])


def test_an_event_comes_before_the_end_of_following_on_the_same_day() -> None:
    assert kaplan_meier([5, 5], [1, 0])["survival"].tolist() == [0.5]


def test_a_cause_that_never_occurs_has_an_incidence_of_nothing() -> None:
    assert cumulative_incidence([1, 2], [1, 0], kinds=2)["incidence_2"].tolist() == [0, 0]


def test_nobody_gives_an_empty_curve_that_still_has_a_start() -> None:
    curve = cumulative_incidence([], [], kinds=2)
    assert at(curve, [0, 6], start=0)[["at_risk", "incidence_1"]].values.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("event", [0, 1])
def test_one_resident_has_no_band(event: int) -> None:
    assert kaplan_meier([3], [event])[["low", "high"]].isna().all(axis=None)


def test_everybody_at_once_leaves_nobody() -> None:
    assert kaplan_meier([3, 3, 3], [1, 1, 1])["survival"].tolist() == [0]


@pytest.mark.parametrize("wrong", [-1.0, float("nan")])
def test_a_duration_that_is_none_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="missing or negative"):
        kaplan_meier([1.0, wrong], [1, 0])


def test_lists_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="2 durations and 1 causes"):
        kaplan_meier([1, 2], [1])


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2024-01-15", "2024-01-15", 0),
        ("2024-01-15", "2024-07-15", 6),
        ("2024-01-31", "2024-02-29", 1),
        ("2024-08-31", "2025-02-28", 6),
        ("2024-01-01", "2024-01-16", 15 / 31),
        ("2024-03-01", "2024-02-01", -1),
    ],
)
def test_months_are_those_of_the_calendar(start: str, end: str, months: float) -> None:
    assert between(start, end) == pytest.approx(months)


@pytest.mark.parametrize(("start", "end"), [(None, "2024-01-01"), ("2024-01-01", None)])
def test_months_of_an_unknown_day_are_unknown(start: str | None, end: str | None) -> None:
    assert np.isnan(between(start, end))


@given(DAYS, st.integers(0, 2000), st.integers(0, 30))
def test_within_so_many_months_is_what_the_calendar_says(start: date, days: int, months: int) -> None:
    end = start + timedelta(days=days)
    is_within = pd.Timestamp(end) <= pd.Timestamp(start) + pd.DateOffset(months=months)
    assert (between(start.isoformat(), end.isoformat()) <= months) == is_within


@given(DAYS, st.integers(0, 1500))
def test_a_day_later_is_longer(start: date, days: int) -> None:
    ends = [(start + timedelta(days=d)).isoformat() for d in (days, days + 1)]
    assert between(start.isoformat(), ends[0]) < between(start.isoformat(), ends[1])


@pytest.mark.parametrize("seed", range(5))
def test_survival_with_delayed_entry_is_that_of_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    entries = random.integers(0, 4, 40).astype(float)
    durations = entries + random.integers(1, 9, 40)
    happened = random.uniform(size=40) < 0.6
    theirs, ours = SurvfuncRight(durations, happened, entry=entries), kaplan_meier(durations, happened, entries=entries)
    at = ours[ours["events"] > 0].set_index("time")["survival"]
    expected = dict(zip(theirs.surv_times, theirs.surv_prob, strict=True))
    assert {t: s for t, s in at.items() if t in expected} == pytest.approx(
        {t: expected[t] for t in at.index if t in expected}
    )


def test_who_entered_later_was_not_at_risk_before() -> None:
    curve = kaplan_meier([2, 3, 5], [1, 1, 0], entries=[0, 2, 0])
    assert curve["at_risk"].tolist() == [2, 2, 1]  # the second was not followed at 2
    assert curve["survival"].tolist() == [0.5, 0.25, 0.25]
