"""A delivery taken in: the same bytes each time, one resident once, corrections counted."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from spoiling import without_hashes, workbook

from mp_eval import delivered, stages
from mp_eval.faults import FaultsFound, Reason
from mp_eval.intake import clean, marks
from mp_eval.intake import contract as contracts
from mp_eval.intake.clean import Taken
from mp_eval.intake.coded import blank
from mp_eval.intake.contract import Contract
from mp_eval.workspace import Workspace


@pytest.fixture
def taken(workspace: Workspace, contract: Contract) -> Callable[[str], Taken]:
    return lambda period: clean.take_in(workspace, contract, workspace.period(period))


@pytest.fixture(scope="module")
def committed_so(tmp_path_factory: pytest.TempPathFactory, copy_workspace: Callable[[Path], Workspace]) -> Workspace:
    return copy_workspace(tmp_path_factory.mktemp("committed"))


@pytest.fixture(scope="module")
def whole(committed_so: Workspace) -> Callable[[str], Taken]:
    """Takes in a committed delivery, once. Nobody changes it."""
    contract = contracts.read(committed_so)
    return cache(lambda period: clean.take_in(committed_so, contract, committed_so.period(period)))


def processed(workspace: Workspace) -> dict[str, bytes]:
    return {p.relative_to(workspace.processed).as_posix(): p.read_bytes() for p in workspace.processed.rglob("*.*")}


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def stored(workspace: Workspace, take: Callable[[str], Taken]) -> dict[str, bytes]:
    for period in workspace.periods:
        clean.store(take(period.id), workspace)
    return processed(workspace)


def test_the_same_delivery_gives_the_same_bytes(
    workspace: Workspace, taken: Callable[[str], Taken], committed_so: Workspace, whole: Callable[[str], Taken]
) -> None:
    for path in sorted(workspace.raw.glob("*/*"), reverse=True):  # made again, in another order and at another time
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert stored(workspace, taken) == stored(committed_so, whole)


def test_storing_again_leaves_nothing_else(workspace: Workspace, whole: Callable[[str], Taken]) -> None:
    assert stored(workspace, whole) == stored(workspace, whole)


def test_delivered_is_refused_plus_kept(whole: Callable[[str], Taken]) -> None:
    counts = pd.concat([whole(p).counts for p in ("2022-2023", "2023-2024", "2024")])
    assert (counts["delivered"] == counts["refused"] + counts["kept"]).all()


def test_refused_is_duplicates_and_what_holds_no_record(whole: Callable[[str], Taken]) -> None:
    counts = whole("2023-2024").counts.set_index("table")
    refused = counts[["refused", "duplicates", "not_records"]][counts["refused"] > 0].T.to_dict("list")
    assert refused == {"conversations": [3, 3, 0], "activities": [1, 0, 1], "trajectories": [1, 0, 1]}


def test_a_resident_delivered_twice_is_one(
    workspace: Workspace, taken: Callable[[str], Taken], whole: Callable[[str], Taken]
) -> None:
    before = whole("2024").tables["residents"]
    without_hashes(workspace.raw)
    path = workspace.raw / "2024" / "inwoners.csv"
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[5])
    after = taken("2024")
    assert (after.counts.set_index("table").at["residents", "duplicates"], len(after.tables["residents"])) == (
        1,
        len(before),
    )


def test_a_correction_is_applied(whole: Callable[[str], Taken]) -> None:
    assert whole("2023-2024").tables["conversations"]["date"].dt.year.max() == 2024


def test_a_correction_is_counted(whole: Callable[[str], Taken]) -> None:
    counts = whole("2023-2024").counts.set_index("table")["corrected"]
    assert counts[counts > 0].to_dict() == {"conversations": 1}


def test_a_correction_that_the_source_has_caught_up_with_stops_the_run(
    workspace: Workspace, taken: Callable[[str], Taken]
) -> None:
    without_hashes(workspace.raw)
    path = workspace.raw / "2023-2024" / "gesprekken.csv"
    path.write_bytes(path.read_bytes().replace(b"-2032", b"-2023"))
    with pytest.raises(FaultsFound) as error:
        taken("2023-2024")
    assert [f.reason for f in error.value.faults] == [Reason.STALE_CORRECTION]


def test_a_correction_of_a_row_that_was_cut_off_is_not_called_stale(
    workspace: Workspace, taken: Callable[[str], Taken]
) -> None:
    without_hashes(workspace.raw)
    path = workspace.raw / "2023-2024" / "gesprekken.csv"
    path.write_bytes(re.sub(rb"-2032;.*", b"-2032", path.read_bytes()))
    with pytest.raises(FaultsFound) as error:
        taken("2023-2024")
    assert [f.reason for f in error.value.faults] == [Reason.SHORT_ROW]


def test_a_table_on_a_sheet_that_cannot_be_read_is_not_called_missing(
    workspace: Workspace, taken: Callable[[str], Taken]
) -> None:
    without_hashes(workspace.raw)
    (workspace.raw / "2024" / "gesprekken.csv").unlink()
    (workspace.raw / "2024" / "map1.xlsx").write_bytes(workbook({"Gesprekken": [["x"]]}))
    with pytest.raises(FaultsFound) as error:
        taken("2024")
    assert [f.reason for f in error.value.faults] == [Reason.NO_HEADER]


def test_the_order_of_the_rows_makes_no_difference(
    workspace: Workspace, taken: Callable[[str], Taken], whole: Callable[[str], Taken]
) -> None:
    before = whole("2024").tables["conversations"]
    without_hashes(workspace.raw)
    path = workspace.raw / "2024" / "gesprekken.csv"
    header, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + b"".join(reversed(rows)))
    pd.testing.assert_frame_equal(taken("2024").tables["conversations"], before)


def test_load_gives_back_what_was_stored(workspace: Workspace, whole: Callable[[str], Taken]) -> None:
    delivery = whole("2024")
    clean.store(delivery, workspace)
    loaded = clean.load(workspace, delivery.period)
    assert loaded is not None
    for name in ("period", "source", "files", "account"):
        assert getattr(loaded, name) == getattr(delivery, name)
    pd.testing.assert_frame_equal(loaded.counts, delivery.counts)
    assert list(loaded.tables) == list(delivery.tables)
    for name, table in delivery.tables.items():
        pd.testing.assert_frame_equal(loaded.tables[name], table)


def test_columns_without_a_value_come_back_with_their_type(tmp_path: Path) -> None:
    types = ("Int64", "Float64", "boolean", "datetime64[us]", "category")
    for rows in (0, 3):
        none = pd.DataFrame({name: blank(name, rows) for name in types})
        table = none.assign(**{f"filled {name}": none[name] for name in types})
        if rows:
            table["filled Int64"] = pd.array([1, None, 3], dtype="Int64")
        clean._store(table, tmp_path / "table.parquet")
        pd.testing.assert_frame_equal(clean._loaded(tmp_path / "table.parquet"), table)


@pytest.mark.parametrize(("extracted", "provisional"), [(date(2025, 4, 2), True), (date(2025, 4, 3), False)])
def test_a_delivery_is_provisional_for_three_months(
    whole: Callable[[str], Taken], extracted: date, provisional: bool
) -> None:
    delivery = whole("2024")
    source = replace(delivery.source, extracted=extracted)
    assert source.is_provisional(delivery.period) is provisional


def test_no_delivered_identifier_goes_past_intake(workspace: Workspace, whole: Callable[[str], Taken]) -> None:
    stored = clean.store(whole("2024"), workspace).parent
    with (workspace.raw / "2024" / "inwoners.csv").open(encoding="utf-8-sig") as file:
        delivered_as = {line.partition(";")[0] for line in file} - {"Inwoner"}
    files = {path.name: path.read_bytes() for path in stored.iterdir()}
    back = pd.read_parquet(stored / delivered.MARKS)
    assert set(back["identifier"]) >= delivered_as
    del files[delivered.MARKS]
    assert len(files) > 5
    assert not [name for name, data in files.items() if any(i.encode() in data for i in list(delivered_as)[::50])]


def test_a_person_has_the_same_mark_in_every_period_and_another_has_another(whole: Callable[[str], Taken]) -> None:
    """Whatever else a delivery holds, in whatever order; so a later one changes no mark."""
    first, second = (whole(period).people.set_index("identifier")["mark"] for period in ("2023-2024", "2024"))
    both = first.index.intersection(second.index)
    assert len(both) > 100
    pd.testing.assert_series_equal(first[both], second[both])
    together = pd.concat([first, second]).drop_duplicates()
    assert len(together) == len(first.index.union(second.index))
    assert together.str.fullmatch(marks.SHAPE.pattern).all()


def test_two_residents_with_one_mark_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chance is one in thirty million, so the hash is made to give one number to all."""
    tables = {n: pd.DataFrame({"resident": pd.Series([n], dtype="category")}) for n in ("A1", "B2")}
    assert len(marks.marked(tables)[1]) == 2
    monkeypatch.setattr(marks, "hash_array", lambda texts, **_: pd.Series(7, texts).to_numpy("uint64"))
    with pytest.raises(ValueError, match="twee inwoners krijgen hetzelfde merkteken"):
        marks.marked(tables)


def test_a_mark_that_stands_for_another_resident_in_another_delivery_is_refused(workspace: Workspace) -> None:
    """The list of each delivery is right by itself; together they would count two residents as one."""
    first, second = workspace.periods[:2]
    for period, names in ((first, ["A1", "B2"]), (second, ["A1", "C3"])):
        folder = workspace.processed / period.id
        folder.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"mark": ["qzxa", "qzxb"], "identifier": names}).to_parquet(folder / delivered.MARKS)
    stages._check_marks(workspace, [first])
    with pytest.raises(FaultsFound) as error:
        stages._check_marks(workspace, [first, second])
    assert [f.reason for f in error.value.faults] == [Reason.SAME_MARK]
    assert not any(name in str(error.value) for name in ("A1", "B2", "C3", "qzx"))


def test_a_delivery_in_which_two_residents_get_one_mark_is_refused(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "hash_array", lambda texts, **_: pd.Series(7, texts).to_numpy("uint64"))
    with pytest.raises(clean.Refused, match="twee inwoners krijgen hetzelfde merkteken"):
        clean.take_in(workspace, contracts.read(workspace), workspace.periods[0])
