"""The command as its users meet it: exit codes, Dutch words, and nothing lost when something is wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psutil
import pytest
from commands import mp_eval
from conftest import files

from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def again(little: Workspace, tmp_path: Path) -> Path:
    """A copy of a workspace that has been run, to spoil and run again."""
    return Path(shutil.copytree(little.root, tmp_path / "again"))


def spoil(root: Path, old: str, new: str, *, period: str = "2024", file: str = "gesprekken.csv") -> None:
    """Change a file and forget its hash, so that the change itself is what is wrong."""
    path, note = root / "data/raw" / period / file, root / "data/raw" / period / "source.toml"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig", newline="")
    note.write_text(note.read_text(encoding="utf-8").partition("[sha256]")[0], encoding="utf-8")


def test_check_says_what_is_in_order_and_writes_nothing(workspace: Workspace) -> None:
    before = files(workspace.root)
    done = mp_eval("check", workspace=workspace.root)
    assert (done.returncode, files(workspace.root)) == (0, before)
    assert "Periode 2024: in orde. 13.023 rijen geleverd, 1 niet gebruikt, 13.022 gebruikt" in done.stdout
    assert "565 van 741 gesprekken vallen in de periode\n" in done.stdout


def test_check_doubts_a_delivery_that_is_mostly_of_other_days(workspace: Workspace) -> None:
    """The files of 2024, which also tell of 2025, in the folder of 2025."""
    mp_eval("new-period", "2025", "--start", "2025-01-01", "--end", "2026-01-01", workspace=workspace.root)
    shutil.copytree(workspace.root / "data/raw/2024", workspace.root / "data/raw/2025", dirs_exist_ok=True)
    done = mp_eval("check", "2025", workspace=workspace.root)
    assert "176 van 741 gesprekken vallen in de periode; ligt hier de levering van deze periode?" in done.stdout


def test_check_lists_the_faults_of_every_period_and_ends_with_one(workspace: Workspace) -> None:
    spoil(workspace.root, "eerste gesprek", "kennismaken", period="2023-2024")
    spoil(workspace.root, "voortgangsgesprek", "bellen")
    done = mp_eval("check", workspace=workspace.root)
    assert done.returncode == 1
    assert "data/raw/2023-2024/gesprekken.csv, rij" in done.stderr
    assert "data/raw/2024/gesprekken.csv, rij" in done.stderr


def test_a_faulty_period_leaves_the_release_as_it_was(again: Path) -> None:
    before = files(again / "output"), files(again / "data/processed/2024")
    spoil(again, "eerste gesprek", "kennismaken")
    done = mp_eval("run", workspace=again)
    assert (done.returncode, files(again / "data/processed/2024")) == (1, before[1])
    assert files(again / "output") == before[0]
    assert "Er is geen nieuwe uitgave: wat in output stond, staat er nog" in done.stderr
    assert "2024/geactiveerd.html, alle-perioden/" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "2019"), "onbekende periode ‘2019’"),
        (("run", "-p", "periode=2024"), "onbekende parameter: periode"),
        (("run", "-p", "decimals=veel"), "moet een geheel getal zonder punten zijn"),
        (("new-period", "2024", "--start", "2025-01-01", "--end", "2026-01-01"), "nog niet gebruikt"),
        (("new-period", "2025", "--start", "2026-01-01", "--end", "2025-01-01"), "een dag na start"),
        (("new-period", '20"25', "--start", "2025-01-01", "--end", "2026-01-01"), 'id ‘20"25’: geef kleine letters'),
        (("pseudonymise", "evaluation.toml", "--out", "uit"), "zeg wat eruit moet"),
        (("pseudonymise", "evaluation.toml", "--column", "BSN", "--out", "uit"), "horen bij elkaar"),
        (("synthesise",), "--seed"),
        (("check", "--workspace", "nergens"), "geen evaluation.toml"),
    ],
)
def test_wrong_use_ends_with_two_and_says_why(workspace: Workspace, words: tuple[str, ...], said: str) -> None:
    before = files(workspace.root)
    done = mp_eval(*words, workspace=workspace.root)
    assert (done.returncode, said in done.stderr, files(workspace.root)) == (2, True, before)
    assert "verbeter evaluation.toml" not in done.stderr


def test_a_wrong_setting_ends_with_one_and_names_it(workspace: Workspace) -> None:
    settings = workspace.root / "evaluation.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("jobs = 2", 'jobs = "twee"'), encoding="utf-8")
    done = mp_eval("run", workspace=workspace.root)
    assert (done.returncode, "instelling ‘run.jobs’" in done.stderr) == (1, True)


def test_all_that_is_wrong_beside_the_deliveries_is_told_in_one_go(workspace: Workspace) -> None:
    """Types and names in the settings, the ambitions and the register: none waits for another to be mended."""
    settings = workspace.root / "evaluation.toml"
    text = settings.read_text(encoding="utf-8").replace("jobs = 2", 'jobs = "twee"')
    text += """
[intake.people]
files = ["x"]

[intake.trajectories]
files = "SRG"
headers = { begin = ["Begin"], start = 3 }

[[breaks]]
date = 2024-01-01
text = "x"
measures = ["nothing"]
"""
    settings.write_text(text, encoding="utf-8")
    for path, old, new in ((workspace.ambitions, 'state = "', 'state = "x'), (workspace.register, ";543;", ";veel;")):
        path.write_text(path.read_text(encoding="utf-8-sig").replace(old, new, 1), encoding="utf-8")
    done = mp_eval("check", workspace=workspace.root)
    said = (
        *("run.jobs", "intake.people", "intake.trajectories.files", "intake.trajectories.headers.start"),
        *("intake.trajectories.headers.begin", "breaks.measures", "ambities.toml", "published.csv"),
    )
    assert (done.returncode, [name for name in said if name not in done.stderr]) == (1, [])


def test_a_new_period_says_what_to_do_then(workspace: Workspace) -> None:
    """That it then is a release, see `test_awaited`."""
    added = mp_eval("new-period", "2025", "--start", "2025-01-01", "--end", "2026-01-01", workspace=workspace.root)
    assert (added.returncode, "mp-eval run 2025" in added.stdout) == (0, True)
    assert "--end is de dag" not in added.stdout


def test_a_run_of_a_period_leaves_what_was_edited_of_another(again: Path) -> None:
    """Only of other figures a page of another period is made: an edited notebook waits for its turn."""
    path, page = again / "notebooks/03-geactiveerd.ipynb", "2024/geactiveerd.html"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][-1]["source"].append("\n\nEen zin erbij.")
    path.write_text(json.dumps(content), encoding="utf-8")
    before = files(again / "output")
    done = mp_eval("run", "2024", workspace=again)
    assert (done.returncode, files(again / "output")) == (1, before)
    assert done.stderr.splitlines()[-1].endswith("Nog niet bij: 2023/geactiveerd.html.")
    assert "Een zin erbij." in (again / ".mp-eval/built" / page).read_text(encoding="utf-8")


def test_a_new_period_keeps_the_comments_of_the_settings(workspace: Workspace) -> None:
    before = (workspace.root / "evaluation.toml").read_text(encoding="utf-8")
    mp_eval("new-period", "2025", "--start", "2025-01-01", "--end", "2026-01-01", workspace=workspace.root)
    assert (workspace.root / "evaluation.toml").read_text(encoding="utf-8").startswith(before.rstrip())


def test_a_kernel_killed_halfway_leaves_the_old_page_and_says_where(again: Path) -> None:
    notebooks, note = again / "notebooks", again / "kernel"
    path = notebooks / "03-geactiveerd.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = next(c for c in content["cells"] if c["id"] == "activering")
    cell["source"] = [
        "import os, pathlib, time\n",
        'if period == "2024":  # the page of all periods, of the same notebook, goes on\n',
        f"    pathlib.Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(90)",
    ]
    path.write_text(json.dumps(content), encoding="utf-8")
    before = files(again / "output")
    command = [sys.executable, "-m", "mp_eval.cli", "run", "2024"]
    with subprocess.Popen(command, cwd=again, stderr=subprocess.PIPE, text=True, encoding="utf-8") as running:
        _wait(lambda: note.exists() and note.read_text() != "", seconds=60)
        psutil.Process(int(note.read_text())).kill()
        _, said = running.communicate(timeout=60)
    after = files(again / "output")
    page = "2024/geactiveerd.html"
    position = [c["id"] for c in content["cells"]].index("activering") + 1
    assert (running.returncode, after[page]) == (1, before[page])
    assert f"afgebroken bij cel {position} (‘import os" in said
    assert "de rekenkern is gestopt" in said


def test_help_is_there_without_a_workspace(tmp_path: Path) -> None:
    assert mp_eval("--help", workspace=tmp_path).returncode == 0


def test_synthesise_does_not_touch_real_records(workspace: Workspace) -> None:
    note = workspace.raw / "2024" / "source.toml"
    note.write_text(note.read_text(encoding="utf-8").replace("synthetic = true", "synthetic = false"), encoding="utf-8")
    before = files(workspace.root)
    done = mp_eval("synthesise", "--seed", "1", workspace=workspace.root)
    assert (done.returncode, files(workspace.root)) == (2, before)


def test_pseudonymise_makes_a_file_that_check_accepts(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "gesprekken.csv"
    source.write_text(
        "BSN;Naam;Datum gesprek;Soort gesprek\n123456782;Jansen, P.;01-02-2024;intake\n", encoding="utf-8"
    )
    key = tmp_path.parent / f"{tmp_path.name}.key"
    words = ["--column", "BSN", "--drop", "Naam", "--key-file", str(key), "--new-key", "--out", str(tmp_path / "uit")]
    done = mp_eval("pseudonymise", str(source), *words, workspace=workspace.root)
    assert done.returncode == 0, done.stderr
    made = (tmp_path / "uit" / "gesprekken.csv").read_text(encoding="utf-8-sig")
    assert made.startswith("Inwoner;Datum gesprek;Soort gesprek\n")
    assert "123456782" not in made + done.stdout + done.stderr


def test_the_source_note_of_a_new_period_guesses_no_day_that_is_still_to_come(workspace: Workspace) -> None:
    start = date.today() - timedelta(days=10)
    end = start + timedelta(days=365)
    added = mp_eval("new-period", "nu", "--start", str(start), "--end", str(end), workspace=workspace.root)
    assert f"deze periode is op {end:%d-%m-%Y} pas voorbij" in added.stdout
    assert f"extracted = {date.today()}" in (workspace.raw / "nu" / "source.toml").read_text(encoding="utf-8")


def test_a_note_is_written_once_and_never_over_what_somebody_wrote(again: Path) -> None:
    done = mp_eval("note", "2024", workspace=again)
    assert (done.returncode, "notitie-2024.docx" in done.stdout) == (0, True)
    made = (again / "notitie-2024.docx").read_bytes()
    second = mp_eval("note", "2024", workspace=again)
    assert (second.returncode, (again / "notitie-2024.docx").read_bytes()) == (2, made)
    assert "bestaat al" in second.stderr


def test_the_two_pages_for_the_council_are_of_no_one_period(again: Path) -> None:
    done = mp_eval("note", "--kort", workspace=again)
    assert (done.returncode, (again / "in-het-kort.docx").exists()) == (0, True)
    for words in ((), ("2024", "--kort")):
        refused = mp_eval("note", *words, workspace=again)
        assert (refused.returncode, "noem één PERIODE, of geen en dan met --kort" in refused.stderr) == (2, True)


def test_a_note_about_an_unknown_period_is_refused(again: Path) -> None:
    done = mp_eval("note", "2030", workspace=again)
    assert (done.returncode, "onbekende periode ‘2030’" in done.stderr) == (2, True)


def test_a_note_about_a_faulty_delivery_is_refused(again: Path) -> None:
    spoil(again, "01-", "31-02-")
    done = mp_eval("note", "2024", workspace=again)
    assert (done.returncode, (again / "notitie-2024.docx").exists()) == (1, False)


def _wait(ready: Callable[[], bool], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_a_key_inside_the_workspace_is_refused_wherever_the_output_goes(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "gesprekken.csv"
    source.write_text("BSN;Datum gesprek\n123456782;01-02-2024\n", encoding="utf-8")
    key = workspace.root / "sleutel.txt"
    words = ["--column", "BSN", "--key-file", str(key), "--new-key", "--out", str(tmp_path.parent / "elders")]
    done = mp_eval("pseudonymise", str(source), *words, workspace=workspace.root)
    assert (done.returncode, key.exists()) == (2, False)


def test_two_files_of_one_name_are_not_written_over_each_other(workspace: Workspace, tmp_path: Path) -> None:
    sources = [tmp_path / folder / "gesprekken.csv" for folder in ("een", "twee")]
    for source in sources:
        source.parent.mkdir()
        source.write_text("BSN;Datum gesprek\n123456782;01-02-2024\n", encoding="utf-8")
    key = tmp_path.parent / f"{tmp_path.name}.key"
    words = ["--column", "BSN", "--key-file", str(key), "--new-key", "--out", str(tmp_path / "uit")]
    done = mp_eval("pseudonymise", *map(str, sources), *words, workspace=workspace.root)
    assert (done.returncode, (tmp_path / "uit").exists()) == (2, False)


def test_a_column_that_is_not_used_is_named(workspace: Workspace) -> None:
    spoil(workspace.root, "Soort gesprek", "Soort gesprek;Kleur")
    path = workspace.raw / "2024" / "gesprekken.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], *(f"{line};rood" for line in lines[1:])]) + "\n", encoding="utf-8")
    done = mp_eval("check", "2024", workspace=workspace.root)
    assert (done.returncode, "niet gebruikt, want niet in het contract: kolom ‘Kleur’" in done.stdout) == (0, True)
    assert "niet gevonden (mag): kolom ‘Trede bij het gesprek (step)’" in done.stdout  # which may be what was called so
