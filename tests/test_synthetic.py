"""The synthetic deliveries: rebuilt from their seed, and in agreement with the published counts, counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from mp_eval import workspace as places
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.synthetic import synthesise

ROOT = Path(__file__).resolve().parent.parent
SEED = 2024  # of the committed deliveries
UNTIL_JULY = (date(2022, 9, 1), date(2024, 7, 1))
YEAR_2024 = (date(2024, 1, 1), date(2025, 1, 1))
ROW = ["informal_care", "volunteering", "day_activity", "trajectory", "self_directed"]


def contents(raw: Path) -> dict[str, bytes]:
    return {p.relative_to(raw).as_posix(): p.read_bytes() for p in sorted(raw.glob("*/*"))}


@pytest.fixture(scope="module")
def pool() -> dict[str, pd.DataFrame]:
    """All deliveries in one: the tables of every period, with what several of them hold once."""
    workspace = places.find(ROOT)
    deliveries = [clean.take_in(workspace, contracts.read(workspace), p).tables for p in workspace.periods]
    names = {name for tables in deliveries for name in tables}
    return {n: pd.concat([t[n] for t in deliveries if n in t], ignore_index=True) for n in names}


@pytest.fixture(scope="module")
def spoken(pool: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each first conversation."""
    talks = pool["conversations"]
    return talks[talks["kind"] == "first"].drop_duplicates(["resident", "date"])


@pytest.fixture(scope="module")
def started(pool: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each activity or trajectory that began, with the kind of activity (missing: not recorded)."""
    trajectories = pool["trajectories"].assign(activity="trajectory")
    both = pd.concat([t[["resident", "activity", "start"]] for t in (pool["activities"], trajectories)])
    return both.drop_duplicates().rename(columns={"start": "date"})


def within(table: pd.DataFrame, period: tuple[date, date]) -> pd.DataFrame:
    start, end = map(pd.Timestamp, period)
    return table[(table["date"] >= start) & (table["date"] < end)]


def people(table: pd.DataFrame, period: tuple[date, date]) -> set[str]:
    return set(within(table, period)["resident"])


def row(started: pd.DataFrame, period: tuple[date, date]) -> list[int]:
    """Residents with each kind of activity, in the order of the report's table."""
    kinds = within(started, period).groupby("activity")["resident"].nunique()
    return [int(kinds.get(kind, 0)) for kind in ROW]


def test_the_committed_deliveries_are_rebuilt_from_their_seed(tmp_path: Path) -> None:
    synthesise(tmp_path, seed=SEED)
    assert contents(tmp_path) == contents(ROOT / "data" / "raw")


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    synthesise(tmp_path, seed=SEED + 1)
    other, committed = contents(tmp_path), contents(ROOT / "data" / "raw")
    assert not any(data == committed[name] for name, data in other.items())


def test_the_files_written_are_told(tmp_path: Path) -> None:
    assert sorted(synthesise(tmp_path, seed=1)) == sorted(tmp_path.glob("*/*"))


def test_spoken_to_until_july_2024(spoken: pd.DataFrame) -> None:
    assert len(people(spoken, UNTIL_JULY)) == 543


def test_spoken_to_in_2024(spoken: pd.DataFrame) -> None:
    assert len(people(spoken, YEAR_2024)) == 175


def test_spoken_to_in_both_published_periods(spoken: pd.DataFrame) -> None:
    assert len(people(spoken, UNTIL_JULY) & people(spoken, YEAR_2024)) == 87


def test_activated_until_july_2024(started: pd.DataFrame) -> None:
    assert len(people(started, UNTIL_JULY)) == 197


def test_activated_in_2024(started: pd.DataFrame) -> None:
    assert len(people(started, YEAR_2024)) == 50


def test_activity_row_until_july_2024(started: pd.DataFrame) -> None:
    assert row(started, UNTIL_JULY) == [12, 70, 12, 42, 13]


def test_activity_not_recorded_until_july_2024(started: pd.DataFrame) -> None:
    assert len(people(started[started["activity"].isna()], UNTIL_JULY)) == 48


def test_activity_row_of_2024(started: pd.DataFrame) -> None:
    assert row(started, YEAR_2024) == [5, 20, 13, 0, 12]


@pytest.mark.parametrize("kind", ["outflow", "wsp_referral"])
def test_ten_left_and_ten_were_referred_in_2024(pool: dict[str, pd.DataFrame], kind: str) -> None:
    outflow = pool["outflow"]
    assert len(people(outflow[outflow["kind"] == kind], YEAR_2024)) == 10


def test_caseload(pool: dict[str, pd.DataFrame]) -> None:
    groups = pool["caseload"].groupby("group")["resident"].nunique()
    assert groups.to_dict() == {"caseload": 241, "ready": 143, "later": 296, "not_soon": 404}


def test_client_pictures(pool: dict[str, pd.DataFrame]) -> None:
    assert pool["client_picture"]["resident"].nunique() == 1900


def test_client_pictures_by_the_bureau(pool: dict[str, pd.DataFrame]) -> None:
    pictures = pool["client_picture"]
    assert pictures[pictures["filled_by"] == "external_bureau"]["resident"].nunique() == 703


def test_nobody_is_spoken_to_before_the_benefit(pool: dict[str, pd.DataFrame], spoken: pd.DataFrame) -> None:
    starts = pool["residents"].drop_duplicates("resident").set_index("resident")["benefit_start"]
    assert (spoken["date"] > spoken["resident"].map(starts)).all()
