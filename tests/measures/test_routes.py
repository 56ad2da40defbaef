"""The paths that were set: what was planned beside what was recorded; and where the self-directed were sent."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from frames import Tables, activities, delivery, first, trajectories, value
from frames import scope as plain

from mp_eval.measures import activities as kinds
from mp_eval.measures import routes
from mp_eval.measures.scope import Scope
from mp_eval.programme import Programme, Route
from mp_eval.tidy import table

CHOSEN = Programme(
    routes=(
        Route("doen", ("volunteering", "informal_care")),
        Route("werken", ("trajectory", "day_activity")),
        Route("door", ("wsp_referral",)),
    ),
    referrals=("Bieb", "taalles"),
)
NAMES = {"1": "pad 1: doen", "2": "pad 2: werken", "3": "pad 3: door", "unrecorded": "unrecorded"}


def scope(programme: Programme = CHOSEN) -> Scope:
    return replace(plain(), programme=programme)


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
    a="1",
    b="2",
    c="3",
    d=None,
    e="1",  # never spoken to
)


def recorded(tables: Tables, route: str) -> object:
    return value(routes.measure(tables, scope()), "route_recorded", NAMES[route])


@pytest.mark.parametrize("route", list(NAMES))
def test_each_resident_who_was_spoken_to_is_on_one_path(route: str) -> None:
    assert value(routes.measure(FOUR, scope()), "on_route", NAMES[route]) == 1


def test_the_paths_make_up_the_cohort() -> None:
    assert value(routes.measure(FOUR, scope()), "on_route") == 4


@pytest.mark.parametrize(("route", "count"), [("1", 1), ("2", 1), ("3", 1)])
def test_what_fits_a_path_is_recorded(route: str, count: int) -> None:
    assert recorded({**FOUR, "outflow": referred("c", "a")}, route) == count


def test_what_fits_another_path_does_not_count() -> None:
    tables = on_paths(delivery(first("a"), instruments=trajectories(("a", "2024-06-01"))), a="1")
    assert recorded(tables, "1") == 0


@pytest.mark.parametrize(("already", "count"), [(True, 1), (False, 0)])
def test_what_was_there_before_counts_when_it_was_said_so(already: bool, count: int) -> None:
    started = activities(("a", "informal_care", "2020-01-01", already))
    assert recorded(on_paths(delivery(first("a"), started), a="1"), "1") == count


def test_a_referral_before_the_conversation_does_not_count() -> None:
    tables = on_paths(delivery(first("a", on="2024-06-01")), a="3")
    assert recorded({**tables, "outflow": referred("a")}, "3") == 0


def test_without_referrals_the_third_path_is_not_delivered() -> None:
    rows = routes.measure(FOUR, scope())
    assert value(rows, "route_recorded", NAMES["3"], "status") == "not_delivered"


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
    started = activities(*rows, other).assign(referred_to=pd.array([*places, "Bieb"], dtype="str"))
    return delivery(started=started)


@pytest.mark.parametrize(
    ("category", "count"), [("", 4), ("Bieb", 2), ("elsewhere", 1), ("not_referred", 1), ("taalles", 0)]
)
def test_self_directed_activities_by_where_they_led(category: str, count: int) -> None:
    rows = kinds.measure(sent("Bieb", "bieb", "iets anders", None), scope())
    assert value(rows, "self_directed_started", category) == count


def test_when_nobody_said_where_it_is_not_delivered() -> None:
    tables = sent("Bieb")
    tables["activities"] = tables["activities"].assign(referred_to=pd.array([None, None], dtype="str"))
    assert value(kinds.measure(tables, scope()), "self_directed_started", column="status") == "not_delivered"


def test_where_nobody_went_alone_there_is_nobody() -> None:
    assert value(kinds.measure(sent(), scope()), "self_directed_started") == 0


def test_what_fits_a_path_may_be_a_referral_too() -> None:
    both = Programme(routes=(Route("werk", ("trajectory", "wsp_referral")),))
    tables = on_paths(delivery(first("a", "b"), instruments=trajectories(("a", "2024-06-01"))), a="1", b="1")
    rows = routes.measure({**tables, "outflow": referred("b")}, scope(both))
    assert value(rows, "route_recorded", "pad 1: werk") == 2


def test_a_number_that_is_no_path_of_the_programme_is_not_recorded() -> None:
    rows = routes.measure(on_paths(delivery(first("a")), a="9"), scope())
    assert value(rows, "on_route", "unrecorded") == 1


def test_what_was_not_set_is_not_counted() -> None:
    assert routes.measure(FOUR, scope(Programme())) == []
    counted = {row["measure"] for row in kinds.measure(sent("Bieb"), scope(Programme()))}
    assert "self_directed_started" not in counted
