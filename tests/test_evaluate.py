"""The whole way from deliveries to protected measures, on the committed data and on spoiled copies of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import edges
import pandas as pd
import psutil
import pytest
from conftest import ROOT

from mp_eval import evaluate as stage
from mp_eval import evaluation, tidy
from mp_eval import workspace as places
from mp_eval.disclosure import protect
from mp_eval.evaluate import evaluate
from mp_eval.evaluation import Evaluation, load
from mp_eval.execute import forks, kept
from mp_eval.faults import FaultsFound
from mp_eval.measures import WHOLE
from mp_eval.present import sentences
from mp_eval.released import MANIFEST
from mp_eval.steps import write
from mp_eval.tidy import number
from mp_eval.workspace import Workspace

PERSONAL = {"resident", "birth_year", "sex", "date", "start"}


@pytest.fixture
def workspace(evaluated: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the deliveries with all that was made of them, to spoil."""
    return places.find(Path(shutil.copytree(evaluated.root, tmp_path / "copy")))


@pytest.fixture
def one(little: Workspace, tmp_path: Path) -> Workspace:
    """A workspace of one resident, all of whose counts are small, with all that was measured."""
    return places.find(Path(shutil.copytree(little.root, tmp_path / "one", ignore=shutil.ignore_patterns("output"))))


def edit(path: Path, text: str, by: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert text in content
    path.write_text(content.replace(text, by), encoding="utf-8")


def again(workspace: Workspace) -> Evaluation:
    """Evaluated as a new run does it, with the settings read anew."""
    return evaluate(places.find(workspace.root))


def make_real(workspace: Workspace) -> None:
    for note in workspace.raw.glob("*/source.toml"):
        edit(note, "synthetic = true", "synthetic = false")


def residents_counted(measures: pd.DataFrame) -> pd.DataFrame:
    """The rows that count residents: all in persons but what the model reckons from the protected rows."""
    persons = measures[measures["unit"] == "persons"]
    reckoned = persons["measure"].isin(["caseload_path", "waiting_path"])
    assert not any(tidy.MEASURES[m].of_residents for m in persons.loc[reckoned, "measure"])
    return persons[~reckoned]


def make_public(workspace: Workspace) -> None:
    edit(workspace.root / places.SETTINGS_FILE, "internal = true", "internal = false")


@pytest.mark.parametrize(
    ("period", "measure", "value"),
    [
        ("2024", "spoken", 175),
        ("2024", "activated", 50),
        ("2024", "outflow", 10),
        ("2024", "on_benefit", 1900),
        ("2022-09-01/2024-07-01", "spoken", 543),
        ("2022-09-01/2024-07-01", "activated", 197),
        (WHOLE, "spoken", 631),  # 543 + 175 less the 87 in both
        (WHOLE, "activated", 223),
    ],
)
def test_the_committed_data_give_the_published_figures(committed, period, measure, value) -> None:
    assert number(committed.measures, period, measure) == value


def test_residents_in_two_periods_are_counted_once(committed: Evaluation) -> None:
    assert committed.times_counted("spoken") == [544, 87, 0]


def test_over_700_is_not_what_the_records_say(committed: Evaluation) -> None:
    lines = committed.reconciliation
    found = lines[(lines["figures"] == "g3") & (lines["rule"] == "recomputed")].iloc[0]
    assert (found["status"], found["found"], found["difference"]) == ("differs", 631, -69)


def test_only_trajectories_fit_the_blank(committed: Evaluation) -> None:
    found = committed.reconciliation[committed.reconciliation["rule"] == "placement"].iloc[0]
    assert (found["status"], found["found"], found["detail"]) == ("agrees", 1, "trajectory")


def test_stocks_are_those_of_the_last_delivery_only(committed: Evaluation) -> None:
    assert number(committed.measures, WHOLE, "on_benefit") is None


def test_nothing_in_it_is_about_one_person(committed: Evaluation) -> None:
    assert PERSONAL.isdisjoint(committed.measures.columns)


def test_it_cannot_be_changed(committed: Evaluation) -> None:
    with pytest.raises(FrozenInstanceError):
        committed.key = "other"


def test_the_keys_that_were_stored_are_those_that_its_content_gives(committed: Evaluation) -> None:
    stored = load(committed.workspace)
    parts = [stored, *(stored.of(p.id) for p in committed.workspace.periods)]
    assert [part.key for part in parts] == [replace(part).key for part in parts]


@pytest.mark.parametrize("name", ["measures.parquet", "figures.parquet", "known.json", "evaluation.toml"])
def test_a_stored_key_is_not_that_of_another_content(workspace: Workspace, committed: Evaluation, name: str) -> None:
    root = workspace.root
    if name.endswith(".parquet"):
        path = root / "data/processed/evaluation" / name
        pd.read_parquet(path).iloc[1:].to_parquet(path)
    elif name == "known.json":
        (root / "data/processed/evaluation" / name).write_text('[["2024", "spoken", "", "", ""]]')
    else:
        edit(root / name, "Rijswijk", "Elders")
    found = load(places.find(root))
    assert found.key == replace(found).key != committed.key


def test_what_is_held_is_what_would_be_read_and_is_given_once(committed: Evaluation, monkeypatch) -> None:
    monkeypatch.setattr(evaluation, "_held", {})
    evaluation.hold(committed.workspace)
    monkeypatch.setattr(evaluation, "_table", lambda path: pytest.fail("read again"))
    held = load(committed.workspace)
    assert (held.key, held.of("2024").key) == (committed.key, committed.of("2024").key)
    assert replace(held).key == committed.key
    with pytest.raises(pytest.fail.Exception):
        load(committed.workspace)


def test_what_is_held_is_not_given_for_another_content(workspace: Workspace, monkeypatch) -> None:
    monkeypatch.setattr(evaluation, "_held", {})
    evaluation.hold(workspace)
    path = workspace.processed / "evaluation" / "measures.parquet"
    shorter = pd.read_parquet(path).iloc[1:]
    shorter.to_parquet(path)
    assert len(load(workspace).measures) == len(shorter)


def threads_of_parent() -> int:
    return psutil.Process(os.getppid()).num_threads()


def held_of(key: str) -> str:
    return evaluation._held[key].key


@pytest.mark.skipif(not kept.IS_POSSIBLE, reason="this system has no fork")
def test_a_process_that_holds_it_has_no_thread_more(committed: Evaluation) -> None:
    with forks.Forks(stages=(("mp_eval.evaluation",),)) as pool:
        before = pool.submit(threads_of_parent).result()
        pool.prepare(evaluation.hold, committed.workspace)
        assert pool.submit(held_of, committed.key).result() == committed.key
        assert pool.submit(threads_of_parent).result() == before


LIGHT = """
import sys
from functools import partial
from pathlib import Path
from mp_eval import evaluate, workspace
from mp_eval.execute.local import Local
from mp_eval.publish.release import EVALUABLE, TO_EVALUATE
where = workspace.find(Path(sys.argv[1]))
with Local(at_once=2, stages=TO_EVALUATE) as pool:
    submit = partial(pool.after, EVALUABLE)
    outcome = evaluate.bring_up_to_date(where, evaluate.memory_of(where), submit=submit, progress=print)
print(outcome.faults, sorted({"pandas", "numpy", "pyarrow", "babel"} & sys.modules.keys()))
"""


def test_what_is_told_of_a_delivery_is_put_in_words_where_it_is_read(one: Workspace) -> None:
    (one.raw / "2024" / "brief.txt").write_text("Geachte lezer", encoding="utf-8")
    command = [sys.executable, "-c", LIGHT, str(one.root)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    assert "brief.txt: niet gelezen" in done.stdout
    assert done.stdout.splitlines()[-1] == "() []"


def test_nothing_is_done_again_when_nothing_changed(workspace: Workspace, monkeypatch) -> None:
    monkeypatch.setattr(stage, "_work", lambda *_: pytest.fail("done again"))
    again(workspace)


def test_a_damaged_store_is_made_anew_as_it_was(workspace: Workspace, committed: Evaluation) -> None:
    for name in ("measures", "reconciliation"):
        (workspace.processed / stage.FOLDER / f"{name}.parquet").write_bytes(b"PAR1")
    made = again(workspace)
    pd.testing.assert_frame_equal(made.measures, committed.measures)
    pd.testing.assert_frame_equal(made.reconciliation, committed.reconciliation)


def test_a_change_in_the_register_is_reconciled(workspace: Workspace) -> None:
    edit(workspace.register, "gesproken;;;543;", "gesproken;;;544;")
    assert again(workspace).reconciliation["status"].iloc[0] == "differs"


def test_a_change_in_the_settings_is_measured(one: Workspace) -> None:
    """One resident in a year of twelve months, and then in one of eleven."""
    before = again(one)
    edit(one.root / places.SETTINGS_FILE, "end = 2025-01-01", "end = 2024-12-01")
    both = [number(found.measures, "2024", "spoken_per_month") for found in (before, again(one))]
    assert both == pytest.approx([1 / 12, 1 / 11])


@pytest.fixture(scope="module")
def without_2023(tmp_path_factory: pytest.TempPathFactory, evaluated: Workspace) -> Evaluation:
    """A delivery has faults, of a period of which there is a release."""
    workspace = places.find(shutil.copytree(evaluated.root, tmp_path_factory.mktemp("without") / "root"))
    (workspace.raw / "2022-2023" / "gesprekken.csv").unlink()
    write(workspace.output / MANIFEST, '{"files": {"2022-2023/gesproken.html": ""}}')
    return evaluate(workspace)


def test_a_faulty_delivery_leaves_the_others_measured(without_2023: Evaluation) -> None:
    assert number(without_2023.measures, "2024", "spoken") == 175


def test_a_faulty_delivery_is_told_with_its_period(without_2023: Evaluation) -> None:
    assert without_2023.faulty.keys() == {"2022-2023"}


def test_a_faulty_period_cannot_be_had(without_2023: Evaluation) -> None:
    with pytest.raises(FaultsFound, match=r"gesprekken\.csv: het bestand is veranderd"):
        without_2023.period("2022-2023")


def test_there_is_no_total_without_a_period(without_2023: Evaluation) -> None:
    with pytest.raises(FaultsFound, match="2022-2023"):
        _ = without_2023.whole


def test_no_total_was_measured_without_a_period(without_2023: Evaluation) -> None:
    assert WHOLE not in set(without_2023.measures["period"])


def test_figures_about_days_that_are_missing_cannot_be_tested(without_2023: Evaluation) -> None:
    assert without_2023.reconciliation["reason"].iloc[0] == "no_records"  # g1, from September 2022


def test_a_repaired_delivery_is_taken_in(one: Workspace) -> None:
    path = one.raw / "2023" / "gesprekken.csv"
    content = path.read_bytes()
    path.write_text("geen kop")
    assert again(one).faulty.keys() == {"2023"}
    path.write_bytes(content)
    assert again(one).faulty == {}


def test_an_unknown_period_is_refused(committed: Evaluation) -> None:
    with pytest.raises(KeyError, match="onbekende periode ‘2019’"):
        committed.period("2019")


def test_what_would_give_a_count_away_is_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last gate: an attack that still succeeds when all is hidden keeps the release back."""
    one = edges.last_period(edges.little(tmp_path))
    make_public(one)
    monkeypatch.setattr(
        protect._Gate, "find", lambda gate, shown: {frozenset({(("2024", "spoken", "", "", ""), 1.0)}): None}
    )
    with pytest.raises(FaultsFound, match="een klein aantal uit te rekenen"):
        again(one)
    assert not (one.processed / stage.FOLDER / "measures.parquet").exists()


def test_real_records_pass_internally_and_every_page_says_so_and_are_protected_when_made_public(one: Workspace) -> None:
    """Of one period: of one resident in two periods nothing can be public."""
    make_real(edges.last_period(one))
    internal = again(one)
    assert [mark.split(".")[0] for mark in sentences.marks(internal, "2024")] == ["Interne uitgave"]
    assert residents_counted(internal.measures)["value"].between(1, 4).any()
    make_public(one)
    counts = residents_counted(again(one).measures)
    assert not counts["value"].between(1, 4).any()
    assert (counts["status"] == "hidden").any()


@pytest.mark.long
def test_invented_records_pass_in_public_and_every_page_says_so(workspace: Workspace) -> None:
    make_public(workspace)
    assert [mark.split(".")[0] for mark in sentences.marks(again(workspace), "2024")] == ["Verzonnen gegevens"]


def test_early_records_are_marked_provisional(committed: Evaluation) -> None:
    assert any(mark.startswith("Voorlopige cijfers") for mark in sentences.marks(committed, "2022-2023"))


def test_two_notebooks_opened_at_once_wait_for_each_other(tmp_path: Path) -> None:
    one = edges.last_period(edges.little(tmp_path))
    program = "from mp_eval.evaluation import current; print(len(current().measures))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    both = [
        subprocess.Popen(command, cwd=one.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300) for process in both]
    assert said[0] == said[1]
    assert [process.returncode for process in both] == [0, 0]


def test_a_process_that_began_with_other_code_is_told_to_begin_again(workspace: Workspace, monkeypatch) -> None:
    again(workspace)
    monkeypatch.setitem(stage._BEGUN, "code", "of before a change")
    with pytest.raises(stage.OldCode, match="herstart de rekenkern"):
        again(workspace)
