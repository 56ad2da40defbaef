"""The three paths: what was planned beside what was recorded; and where the self-directed were sent."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import Tables, activities, delivery, first, scope, trajectories, value

from mp_eval.measures import activities as kinds
from mp_eval.measures import routes
from mp_eval.tidy import table


def on_paths(tables: Tables, **planned: str | None) -> Tables:
    """Residents by letter with their path."""
    frame = pd.DataFrame({"resident": list(planned), "route": list(planned.values())})
    return {**tables, "residents": frame.astype({"resident": "str"}).assign(route=frame["route"].astype("category"))}


def referred(*residents: str, on: str = "2024-05-01") -> pd.DataFrame:
    """A referral to the WSP of each."""
    return pd.DataFrame({"resident": list(residents), "date": pd.Timestamp(on), "kind": "wsp_referral"})


FOUR = on_paths(
    delivery(
        first("a", "b", "c", "d"),
        activities(("a", "volunteering", "2024-04-01", False), ("b", "volunteering", "2024-04-01", False)),
        trajectories(("b", "2024-06-01")),
    ),
    a="route_1",
    b="route_2",
    c="route_3",
    d=None,
    e="route_1",  # never spoken to
)


def recorded(tables: Tables, route: str) -> object:
    return value(routes.measure(tables, scope()), "route_recorded", route)


@pytest.mark.parametrize("route", ["route_1", "route_2", "route_3", "unrecorded"])
def test_each_resident_who_was_spoken_to_is_on_one_path(route: str) -> None:
    assert value(routes.measure(FOUR, scope()), "on_route", route) == 1


def test_the_paths_make_up_the_cohort() -> None:
    assert value(routes.measure(FOUR, scope()), "on_route") == 4


@pytest.mark.parametrize(("route", "count"), [("route_1", 1), ("route_2", 1), ("route_3", 1)])
def test_what_fits_a_path_is_recorded(route: str, count: int) -> None:
    assert recorded({**FOUR, "outflow": referred("c", "a")}, route) == count


def test_what_fits_another_path_does_not_count() -> None:
    tables = on_paths(delivery(first("a"), instruments=trajectories(("a", "2024-06-01"))), a="route_1")
    assert recorded(tables, "route_1") == 0


@pytest.mark.parametrize(("already", "count"), [(True, 1), (False, 0)])
def test_what_was_there_before_counts_when_it_was_said_so(already: bool, count: int) -> None:
    started = activities(("a", "informal_care", "2020-01-01", already))
    assert recorded(on_paths(delivery(first("a"), started), a="route_1"), "route_1") == count


def test_a_referral_before_the_conversation_does_not_count() -> None:
    tables = on_paths(delivery(first("a", on="2024-06-01")), a="route_3")
    assert recorded({**tables, "outflow": referred("a")}, "route_3") == 0


def test_without_referrals_the_third_path_is_not_delivered() -> None:
    rows = routes.measure(FOUR, scope())
    assert value(rows, "route_recorded", "route_3", "status") == "not_delivered"


@pytest.mark.parametrize("without", ["column", "values"])
def test_without_paths_nothing_is_delivered(without: str) -> None:
    tables = on_paths(delivery(first("a")), a=None)
    if without == "column":
        tables["residents"] = tables["residents"].drop(columns="route")
    assert set(table(routes.measure(tables, scope()))["status"]) == {"not_delivered"}


def sent(*places: str | None) -> Tables:
    """A self-directed activity for each place that its resident was sent to."""
    rows = [(str(n), "self_directed", "2024-04-01", False) for n in range(len(places))]
    other = ("z", "volunteering", "2024-04-01", False)
    started = activities(*rows, other).assign(referred_to=pd.array([*places, "library"], dtype="str"))
    return delivery(started=started)


@pytest.mark.parametrize(
    ("category", "count"), [("", 4), ("library", 2), ("elsewhere", 1), ("not_referred", 1), ("language_course", 0)]
)
def test_self_directed_activities_by_where_they_led(category: str, count: int) -> None:
    rows = kinds.measure(sent("library", "library", "other", None), scope())
    assert value(rows, "self_directed_started", category) == count


def test_when_nobody_said_where_it_is_not_delivered() -> None:
    tables = sent("library")
    tables["activities"] = tables["activities"].assign(referred_to=pd.array([None, None], dtype="str"))
    assert value(kinds.measure(tables, scope()), "self_directed_started", column="status") == "not_delivered"


def test_where_nobody_went_alone_there_is_nobody() -> None:
    assert value(kinds.measure(sent(), scope()), "self_directed_started") == 0
