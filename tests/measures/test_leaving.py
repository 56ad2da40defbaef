"""How fast residents leave guidance: by hand, and of random caseloads of which the rate is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import long
from frames import scope

from mp_eval import tidy
from mp_eval.measures import leaving, outlook
from mp_eval.workspace import Outlook

DAY = pd.Timestamp("2025-07-15")
SETTINGS = Outlook(runs=200, seed=7)


def test_half_left_after_ten_months_is_seven_percent_a_month() -> None:
    rate, *_ = leaving.current_status(np.full(8, 10.0), np.array([True, False] * 4))
    assert rate == pytest.approx(np.log(2) / 10)


def test_two_ages_by_hand() -> None:
    """One of two left after 10 months, both after 20. With x = exp(10 rate): 10/(x-1) + 40/(x²-1) = 10, so x = 3."""
    rate, *_ = leaving.current_status(np.array([10.0, 10.0, 20.0, 20.0]), np.array([True, False, True, True]))
    assert rate == pytest.approx(np.log(3) / 10)


@pytest.mark.parametrize("has_left", [np.array([False, False]), np.array([True, True])])
def test_where_nobody_or_everybody_left_there_is_still_a_rate(has_left: np.ndarray) -> None:
    found = leaving.current_status(np.array([10.0, 20.0]), has_left)
    assert np.isfinite(found).all()
    assert found[0] <= found[2]


def test_of_nobody_there_is_no_rate() -> None:
    nobody = pd.Series([], dtype="datetime64[us]")
    assert leaving.unrecorded(nobody, pd.Series([], dtype="bool"), DAY, scope())["status"] == "undefined"


def known(rate: float, recorded: float, random: np.random.Generator) -> tuple[pd.DataFrame, int]:
    """What is shown of a full caseload of 240 that lost `rate` of its residents a month, and who was there a year ago.

    Of who left, the share `recorded` is known to have; the programme began 36 months before the day of the stock.
    """
    places, began = 240, [np.full(240, 36.0)]
    ended = [began[0] - random.exponential(1 / rate, places)]
    while (ended[-1] > 0).any():  # each place that comes free is taken at once
        began.append(ended[-1][ended[-1] > 0])
        ended.append(began[-1] - random.exponential(1 / rate, len(began[-1])))
    began, ended = np.concatenate(began), np.concatenate(ended)
    is_guided, is_seen = ended <= 0, random.uniform(size=len(ended)) < recorded
    is_derived = is_guided | ~is_seen
    left = int((is_seen & (ended > 0) & (ended <= 12)).sum())
    before, after = (int(((began > day) & (~is_seen | (ended <= day))).sum()) for day in (12, 0))
    value, low, high = leaving.current_status(began[is_derived].clip(min=0.03), ~is_guided[is_derived])
    label = {"breakdown": "registered", "category": "caseload"}
    groups = {"breakdown": "group", "as_of": "2025-01-01"}
    counts = {"caseload": places, "ready": 100, "later": 50}
    rows = [
        *(tidy.row("2024", "on_benefit", v, category=g, **groups) for g, v in counts.items()),
        tidy.row("2024", "derived_caseload", int(is_derived.sum())),
        tidy.row("2024", "derived_year_before", before),
        tidy.row("2024", "started_guidance", int((is_guided & (began <= 12)).sum())),
        tidy.row("2024", "unrecorded_leaving", value, low=low, high=high, **label),
        tidy.row("2024", "low_step_inflow", 60),
        tidy.row("2024", "low_step_inflow_per_month", 5.0, numerator=60, denominator=12),
        *(
            tidy.row("2024", m, v, breakdown=b, category=c)
            for (m, b, c), v in zip(leaving.BALANCE, (left, before, after), strict=True)
        ),
    ]
    return tidy.table(rows), int((is_guided & (began > 12)).sum())


@pytest.mark.parametrize(("rate", "caseloads"), [(0.045, 40), long(0.02, 400), long(0.045, 400)])
@pytest.mark.parametrize("recorded", [1.0, 0.0, 0.5])
def test_the_model_begun_a_year_before_covers_what_came(rate: float, caseloads: int, recorded: float) -> None:
    """At least as often as its band says, but for three standard errors of so many caseloads."""
    random, held = np.random.default_rng(11), 0
    for _ in range(caseloads):
        rows, came = known(rate, recorded, random)
        model = outlook._Model("2024", outlook._known(rows, "2024", 3, SETTINGS.derived_within), SETTINGS)
        row = model._after_a_year()
        held += row["low"] <= came <= row["high"]
    assert held / caseloads > 0.8 - 3 * (0.8 * 0.2 / caseloads) ** 0.5


def test_where_every_end_is_recorded_derived_and_delivered_agree() -> None:
    rows, _ = known(0.045, 1.0, np.random.default_rng(3))
    found = leaving.sources(rows, "2024", months=12, within=0.1)
    assert [source.name for source in found] == ["balance"]
    assert found[0].rate == pytest.approx(0.045, rel=0.25)


def test_where_none_is_the_rate_lies_between_the_bounds() -> None:
    rows, _ = known(0.045, 0.0, np.random.default_rng(3))
    low, high = leaving.sources(rows, "2024", months=12, within=0.1)
    assert (low.name, high.name) == ("starts", "status")
    assert low.rate < 0.045 < high.rate * 1.1
