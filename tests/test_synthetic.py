"""The synthetic deliveries: rebuilt from their seed, and in agreement with the published counts, counted by hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from conftest import Once

from mp_eval import evaluation as evaluations
from mp_eval import tidy
from mp_eval import workspace as places
from mp_eval.evaluate import evaluate
from mp_eval.evaluation import Evaluation
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.measures.leaving import sources
from mp_eval.present.chapters import assumed, caseload, outlook
from mp_eval.synthetic import REPORT, synthesise
from mp_eval.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
SEED = 2024  # of the committed deliveries
UNTIL_JULY = (date(2022, 9, 1), date(2024, 7, 1))
YEAR_2024 = (date(2024, 1, 1), date(2025, 1, 1))
FIRST_YEAR = (date(2022, 9, 1), date(2023, 6, 1))
SECOND_YEAR = (date(2023, 6, 1), date(2024, 7, 1))
ROSE, STAYED, FELL, NEVER_MEASURED = 84, 274, 33, 35  # on the ladder, of who was measured more than once
DERIVED = 252  # in guidance by the conversations: eleven ends of 241 + 11 were not recorded
PACE = 0.052  # of a hundred in guidance five leave in a month
SHARES = [0.6, 0.38, 0.18]  # still on benefit after one, three and nine years
ROW = ["informal_care", "volunteering", "day_activity", "trajectory", "self_directed"]


def contents(raw: Path) -> dict[str, bytes]:
    return {p.relative_to(raw).as_posix(): p.read_bytes() for p in sorted(raw.glob("*/*"))}


@pytest.fixture(scope="module")
def deliveries() -> list[dict[str, pd.DataFrame]]:
    """The tables of each period, in their order."""
    workspace = places.find(ROOT)
    return [dict(clean.take_in(workspace, contracts.read(workspace), p).tables) for p in workspace.periods]


@pytest.fixture(scope="module")
def pool(deliveries: list[dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """All deliveries in one: the tables of every period, with what several of them hold once."""
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


def test_another_seed_gives_other_people_in_the_files_that_are_told(tmp_path: Path) -> None:
    told = synthesise(tmp_path, seed=SEED + 1)
    other, committed = contents(tmp_path), contents(ROOT / "data" / "raw")
    assert sorted(told) == sorted(tmp_path.glob("*/*"))
    assert [name for name, data in other.items() if data == committed[name]] == []


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


def of_kind(pool: dict[str, pd.DataFrame], kind: str) -> pd.DataFrame:
    return pool["outflow"][pool["outflow"]["kind"] == kind]


@pytest.fixture(scope="module")
def returned(pool: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each benefit that ended and began again: resident, date of outflow, days until the new one."""
    left = of_kind(pool, "outflow").drop_duplicates(["resident", "date"])
    spells = left.merge(pool["benefits"].drop_duplicates(["resident", "start"]), on="resident")
    days = (spells["start"] - spells["date"]).dt.days
    return spells.assign(days=days)[days >= 0]


@pytest.mark.parametrize(("kind", "count"), [("outflow", 12), ("wsp_referral", 10)])
def test_ten_were_referred_and_ten_and_two_who_came_back_left_in_2024(
    pool: dict[str, pd.DataFrame], kind: str, count: int
) -> None:
    assert len(people(of_kind(pool, kind), YEAR_2024)) == count


@pytest.mark.parametrize("period", [FIRST_YEAR, SECOND_YEAR, YEAR_2024])
def test_two_of_each_period_were_back_within_a_month(
    returned: pd.DataFrame, spoken: pd.DataFrame, period: tuple[date, date]
) -> None:
    back = within(returned, period)
    assert (len(back), back["days"].between(5, 30).all()) == (2, True)
    assert set(back["resident"]) <= set(spoken["resident"])


def test_who_came_back_is_on_benefit(deliveries: list[dict[str, pd.DataFrame]], returned: pd.DataFrame) -> None:
    residents = deliveries[-1]["residents"]
    back = residents[residents["resident"].isin(returned["resident"])]
    assert (len(back), back["benefit_end"].notna().sum()) == (6, 0)


@pytest.mark.parametrize(("period", "count"), [(FIRST_YEAR, 9), (SECOND_YEAR, 12), (YEAR_2024, 14)])
def test_part_time_contracts_of_who_stays_on_benefit(
    pool: dict[str, pd.DataFrame], spoken: pd.DataFrame, period: tuple[date, date], count: int
) -> None:
    working = people(of_kind(pool, "part_time_contract"), period)
    assert len(working) == count
    assert working <= set(spoken["resident"])
    assert not working & set(of_kind(pool, "outflow")["resident"])


def test_the_last_measurement_is_the_step_of_the_last_delivery(deliveries: list[dict[str, pd.DataFrame]]) -> None:
    last = deliveries[-1]["ladder"].sort_values("date").astype({"resident": "str"}).groupby("resident")["step"].last()
    steps = deliveries[-1]["residents"].astype({"resident": "str"}).set_index("resident")["ladder_step"]
    assert last.tolist() == steps[last.index].tolist()


def test_the_first_measurement_is_at_the_first_conversation(
    pool: dict[str, pd.DataFrame], spoken: pd.DataFrame
) -> None:
    first = pool["ladder"].astype({"resident": "str"}).groupby("resident")["date"].min()
    talked = spoken.astype({"resident": "str"}).set_index("resident")["date"]
    assert first.tolist() == talked[first.index].tolist()


def test_some_rose_fewer_fell_and_some_were_never_measured(pool: dict[str, pd.DataFrame], spoken: pd.DataFrame) -> None:
    ladder = pool["ladder"].astype({"resident": "str"}).drop_duplicates(["resident", "date"]).sort_values("date")
    steps = ladder.groupby("resident")["step"]
    climbed = (steps.last() - steps.first())[steps.size() > 1]
    assert climbed.value_counts().to_dict() == {0: STAYED, 1: ROSE, -1: FELL}
    assert spoken["resident"].nunique() - len(steps) == NEVER_MEASURED


def test_path_of_about_nine_in_ten_who_were_spoken_to(deliveries: list[dict[str, pd.DataFrame]]) -> None:
    talks = deliveries[-1]["conversations"]
    residents = deliveries[-1]["residents"].set_index("resident")["route"]
    met = talks[talks["kind"] == "first"]["resident"].unique()
    assert 0.85 < residents[met].notna().mean() < 0.95


def test_nobody_has_a_path_before_being_spoken_to(
    deliveries: list[dict[str, pd.DataFrame]], spoken: pd.DataFrame
) -> None:
    residents = deliveries[-1]["residents"]
    assert set(residents[residents["route"].notna()]["resident"]) <= set(spoken["resident"])


def test_nineteen_hundred_benefits_are_running(deliveries: list[dict[str, pd.DataFrame]]) -> None:
    benefits = deliveries[-1]["benefits"]
    running = benefits[benefits["end"].isna()]
    assert (len(running), running["resident"].nunique()) == (1900, 1900)
    residents = deliveries[-1]["residents"]
    assert set(running["resident"]) == set(residents[residents["benefit_end"].isna()]["resident"])


def test_about_six_in_ten_are_still_on_benefit_after_a_year_and_one_in_five_after_nine(
    deliveries: list[dict[str, pd.DataFrame]],
) -> None:
    """Of those who began so long ago that it is known of all."""
    benefits = deliveries[-1]["benefits"].query("start >= '2015-01-01'")
    lasted = (benefits["end"].fillna(pd.Timestamp("2025-07-15")) - benefits["start"]).dt.days / 365.25
    shares = [round((lasted[benefits["start"] < f"{2025 - n}-07-01"] > n).mean(), 2) for n in (1, 3, 9)]
    assert shares == SHARES


def test_a_register_does_not_know_what_is_to_come(deliveries: list[dict[str, pd.DataFrame]]) -> None:
    for tables, extracted in zip(deliveries, ("2023-06-20", "2024-10-15", "2025-07-15"), strict=True):
        assert max(tables["benefits"]["start"].max(), tables["benefits"]["end"].max()) <= pd.Timestamp(extracted)
        assert tables["ladder"]["date"].max() <= pd.Timestamp(extracted)


def test_nine_conversations_were_recorded_late(deliveries: list[dict[str, pd.DataFrame]]) -> None:
    """The two last deliveries overlap in January-October 2024; the last knows nine that the one before should."""
    _, second, third = (
        {tuple(r) for r in t["conversations"].astype({"resident": "str"}).values.tolist()} for t in deliveries
    )
    late = {r for r in third - second if r[1] <= pd.Timestamp("2024-10-15")}
    assert (len(late), {r[2] for r in late}) == (9, {"progress"})
    assert all(pd.Timestamp("2024-02-01") <= r[1] < pd.Timestamp("2024-10-01") for r in late)


def test_caseload(pool: dict[str, pd.DataFrame]) -> None:
    groups = pool["caseload"].groupby("group")["resident"].nunique()
    assert groups.to_dict() == {"caseload": 241, "ready": 143, "later": 296, "not_soon": 404}


@pytest.fixture(scope="module")
def stays(pool: dict[str, pd.DataFrame], spoken: pd.DataFrame, returned: pd.DataFrame) -> pd.DataFrame:
    """Of each resident who was spoken to the first day in guidance, and the first without it, as far as recorded."""
    gone = [pool["conversations"].query("kind == 'closing'"), pool["outflow"].query("kind == 'wsp_referral'")]
    left = of_kind(pool, "outflow")
    gone.append(left[~left["resident"].isin(returned["resident"])])
    since = spoken.astype({"resident": "str"}).groupby("resident")["date"].min()
    until = pd.concat(gone).astype({"resident": "str"}).groupby("resident")["date"].min()
    return pd.DataFrame({"since": since, "until": until.reindex(since.index)})


def in_guidance(stays: pd.DataFrame, day: str) -> set[str]:
    when = pd.Timestamp(day)
    return set(stays.index[(stays["since"] <= when) & ~(stays["until"] <= when)])


def test_the_conversations_tell_nearly_who_is_in_guidance(pool: dict[str, pd.DataFrame], stays: pd.DataFrame) -> None:
    delivered = set(pool["caseload"].query("group == 'caseload'")["resident"].astype("str"))
    derived = in_guidance(stays, "2025-07-15")
    assert (len(derived), len(delivered), len(delivered - derived)) == (DERIVED, 241, 0)
    assert DERIVED <= 1.1 * 241  # near enough to be believed


def test_guidance_ends_in_every_half_year_at_about_the_same_pace(stays: pd.DataFrame) -> None:
    """Who left over the months that residents were there, counted day by day: within three standard errors."""
    for start, end in pairwise(pd.to_datetime(["2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01", "2025-01-01"])):
        left = int(stays["until"].between(start, end, inclusive="left").sum())
        last = stays["until"].fillna(end).clip(upper=end)
        months = (last - stays["since"].clip(lower=start)).dt.days.clip(lower=0).sum() / (365.25 / 12)
        assert abs(left / months - PACE) < 3 * left**0.5 / months


def test_nobody_is_spoken_to_after_guidance_has_ended(pool: dict[str, pd.DataFrame]) -> None:
    talks = pool["conversations"].astype({"resident": "str"})
    closed = talks[talks["kind"] == "closing"].groupby("resident")["date"].min()
    after = talks["date"] > talks["resident"].map(closed)
    assert talks.loc[after, "kind"].tolist() == []


@pytest.fixture(scope="module")
def unrecorded(once: Once, copy_workspace: Callable[[Path], Workspace]) -> Evaluation:
    """The same people, of whom nobody wrote down that guidance had ended."""

    def make(folder: Path) -> None:
        raw = copy_workspace(folder).root / "data" / "raw"
        for period in REPORT.recorded:
            shutil.rmtree(raw / period)
        synthesise(raw, seed=SEED, plan=replace(REPORT, unrecorded=1.0))
        evaluate(places.find(folder))

    return evaluations.load(places.find(once("unrecorded", make)))


def leaving_of(evaluation: Evaluation) -> tuple[list[str], list[float]]:
    found = sources(evaluation.measures, "2024", months=12, within=0.1)
    assert not isinstance(found, tidy.Hidden)
    return [source.name for source in found], [source.rate for source in found]


def test_where_no_end_was_recorded_the_outlook_leaves_the_balance_alone(
    committed: Evaluation, unrecorded: Evaluation
) -> None:
    """The people are the same: what the balance told of them lies between the bounds that take its place, or by chance
    a little above them (who left in one year is one draw), and within their band."""
    known, [rate] = leaving_of(committed)
    bounds, [least, most] = leaving_of(unrecorded)
    assert (known, bounds) == (["balance"], ["starts", "status"])
    assert tidy.number(unrecorded.measures, "2024", "derived_caseload") > 2 * 241
    left = tidy.number(committed.measures, "2024", "left_programme")
    assert least < rate
    assert rate * (1 - 1.96 / left**0.5) < most
    reached, band = (
        tidy.pick(e.measures, measure="share_reached", category="3").iloc[0] for e in (committed, unrecorded)
    )
    assert band["low"] < reached["value"] < band["high"]
    single, both = (outlook.headline(e, "2024", consultants=3).items[2][0] for e in (committed, unrecorded))
    assert re.fullmatch(r"\d+%", single)
    assert re.fullmatch(r"\d+% tot \d+%", both)
    assert "zij sluit niet aan op de geleverde stand" in repr(assumed.assumptions(unrecorded, "2024"))
    assert "de balans sluit niet aan" in repr(caseload.derived_why(unrecorded, "2024"))


def test_where_ends_are_recorded_the_outlook_fits_the_delivered_caseload(committed: Evaluation) -> None:
    """At least as many left as came and stayed; and a year before the model tells who is there now."""
    _, [rate] = leaving_of(committed)
    assert rate > tidy.number(committed.measures, "2024", "started_guidance") / (241 * 12)
    assert "Dat ligt binnen de band." in repr(assumed.backtest(committed, "2024"))
    assert "de balans sluit aan" in repr(caseload.derived_why(committed, "2024"))


def test_client_pictures(pool: dict[str, pd.DataFrame]) -> None:
    assert pool["client_picture"]["resident"].nunique() == 1900


def test_client_pictures_by_the_bureau(pool: dict[str, pd.DataFrame]) -> None:
    pictures = pool["client_picture"]
    assert pictures[pictures["filled_by"] == "external_bureau"]["resident"].nunique() == 703


def test_nobody_is_spoken_to_before_the_benefit(pool: dict[str, pd.DataFrame], spoken: pd.DataFrame) -> None:
    starts = pool["residents"].drop_duplicates("resident").set_index("resident")["benefit_start"]
    assert (spoken["date"] > spoken["resident"].map(starts)).all()
