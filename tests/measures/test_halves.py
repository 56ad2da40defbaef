"""Half-years: counted as the chapters count a period, and what is of one resident is one cluster."""

from __future__ import annotations

import math

import pytest
from frames import activities, conversations, scope, trajectories

from mp_eval.comparison import Z
from mp_eval.measures import halves

TABLES = {
    "conversations": conversations(
        ("a", "2024-01-01", "first"),
        ("a", "2024-02-01", "progress"),
        ("a", "2024-03-01", "progress"),
        ("b", "2024-06-30", "first"),
        ("c", "2024-07-01", "first"),
        ("c", "2025-01-01", "progress"),  # in no half-year of these days
    ),
    "activities": activities(("a", "volunteering", "2024-06-30", False), ("b", "volunteering", "2025-01-01", False)),
    "trajectories": trajectories(("c", "2024-12-31")),
}


def test_a_half_year_is_counted_as_a_period_of_its_own() -> None:
    """Of four conversations three are of one resident: their number varies by 3² + 1² and not by 4."""
    rows = list(halves.measure(TABLES, scope()))
    rates, shares = (
        {r["category"]: (r["numerator"], r["denominator"]) for r in rows if r["measure"] == name}
        for name in halves.MEASURES
    )
    assert rates == {
        "conversations_per_month>2024-H1": (4, 6),
        "conversations_per_month>2024-H2": (1, 6),
        "activated_per_month>2024-H1": (1, 6),
        "activated_per_month>2024-H2": (1, 6),
    }
    assert shares == {"timely_activation_rate>2024-H1": (1, 2), "timely_activation_rate>2024-H2": (1, 1)}
    low = next(r["low"] for r in rows if r["category"] == "conversations_per_month>2024-H1")
    assert low == pytest.approx(4 / 6 / math.exp(Z * 10**0.5 / 4))
