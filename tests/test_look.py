"""How it stands and what the next step is; the pages in a browser, what can be named, tidying up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import edges
import pytest
from commands import mp_eval
from conftest import files
from runs import notebook

from mp_eval import evaluate
from mp_eval import workspace as places
from mp_eval.begin import begin
from mp_eval.publish import release
from mp_eval.publish.leaves import leaves
from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow
YEAR = ("2024", "--start", "2024-01-01", "--end", "2025-01-01")


@pytest.fixture
def again(little: Workspace, tmp_path: Path) -> Path:
    """A copy of a workspace that has been run."""
    return Path(shutil.copytree(little.root, tmp_path / "again"))


def next_step(root: Path) -> str:
    done = mp_eval("status", workspace=root)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].removeprefix("Volgende stap: ")


def test_the_next_step_leads_from_nothing_to_a_release(tmp_path: Path) -> None:
    root = begin(tmp_path / "x", "Voorbeeldstad").root
    assert next_step(root) == "mp-eval new-period 2026 --start 01-01-2026 --end 01-01-2027"
    mp_eval("new-period", *YEAR, workspace=root)
    assert next_step(root) == "zet de bestanden in data/raw/2024, en dan mp-eval check"
    talks = root / "data/raw/2024/gesprekken.csv"
    talks.write_text("Inwoner;Datum gesprek;Soort gesprek\na;05-02-2024;kennismaken\n", encoding="utf-8")
    assert next_step(root) == "mp-eval check 2024"
    edges.only(tmp_path / "edge", "gesprekken")
    shutil.copytree(tmp_path / "edge/data/raw/2024", root / "data/raw/2024", dirs_exist_ok=True)
    assert next_step(root) == "mp-eval run"


def test_what_lies_where_no_delivery_is_read_is_told(tmp_path: Path) -> None:
    root = begin(tmp_path / "x", "Voorbeeldstad").root
    added = mp_eval("new-period", "2024", "--start", "2024-01-01", "--end", "2024-12-31", workspace=root)
    assert "dus 31-12-2024 hoort er niet bij. Hoort die dag erbij, zet dan end = 2025-01-01" in added.stdout
    for place in ("gesprekken 123456782.csv", "data/treden.xlsx", "data/raw/inwoners.csv", "data/raw/oud/x.csv"):
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_text("Inwoner\n", encoding="utf-8")
    there = "data/raw/inwoners.csv, data/raw/oud, data/treden.xlsx, gesprekken *********.csv"
    said = f"{there}. Hoort het bij een levering, zet het in data/raw/2024.\n"
    assert all(said in mp_eval(command, workspace=root).stdout for command in ("status", "check"))


def test_of_what_is_made_the_next_step_is_to_open_it(again: Path) -> None:
    assert mp_eval("run", workspace=again).returncode == 0  # elsewhere than where it was made
    assert next_step(again) == "mp-eval open"
    said = mp_eval("status", workspace=again).stdout
    assert "2024: 01-01-2024 t/m 31-12-2024; 9 bestanden, in orde\n" in said
    assert f"pagina's, intern; begin bij {again / 'output/index.html'}\n" in said
    talks = again / "data/raw/2024/gesprekken.csv"
    talks.write_text(talks.read_text(encoding="utf-8") + "bewoner1;01-04-2024;bellen\n", encoding="utf-8")
    assert next_step(again) == "mp-eval check 2024"


def test_without_output_the_next_run_places_again_what_was_made(again: Path) -> None:
    assert mp_eval("run", workspace=again).returncode == 0
    shutil.rmtree(again / "output")
    said = mp_eval("run", workspace=again).stdout
    assert "De uitgave is opnieuw samengesteld; alle pagina's waren al gemaakt. Begin bij " in said
    assert (again / "output/index.html").is_file()


def test_a_run_that_would_be_refused_again_is_not_the_next_step(again: Path) -> None:
    """What the last gate kept back is kept back until something changes."""
    assert mp_eval("run", workspace=again).returncode == 0
    shutil.rmtree(again / "output")
    where = places.find(again)
    release.Site(where, evaluate.memory_of(where), leaves(where, [p.id for p in where.periods], {})).refuse("te klein")
    said = "los op wat een uitgave tegenhoudt, en dan mp-eval run; kan niet worden gemaakt: te klein"
    assert next_step(again) == said
    assert mp_eval("plan", workspace=again).stdout == "uitgave: kan niet worden gemaakt: te klein\n"
    settings = again / "evaluation.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\n[words]\nready = "wacht"\n', encoding="utf-8")
    assert next_step(again) == "mp-eval run"


def test_what_is_wrong_beside_the_deliveries_is_checked_first(again: Path) -> None:
    ambitions = again / "data/raw/ambities.toml"
    ambitions.write_text(ambitions.read_text(encoding="utf-8") + "\n[[ambition]]\nx = 1\n", encoding="utf-8")
    assert next_step(again).startswith("mp-eval check; er is iets mis met de instellingen, de ambities of")


def test_a_rule_that_may_not_be_is_told_as_what_holds_a_release_up(again: Path) -> None:
    """The release in output is public, and the ledger is gone."""
    settings, manifest = again / "evaluation.toml", again / "output/manifest.json"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("internal = true", "internal = false"), encoding="utf-8")
    said = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**said, "rule": [5, "hide"]}), encoding="utf-8")
    assert next_step(again).startswith("los op wat een uitgave tegenhoudt, en dan mp-eval run; kan niet worden gemaakt")


def test_the_browser_is_given_the_landing_page(again: Path) -> None:
    page = again / "output/index.html"
    shown = mp_eval("open", workspace=again, BROWSER="echo").stdout.splitlines()
    assert shown == [page.as_uri(), str(page)]


def test_without_a_browser_the_path_is_said(again: Path) -> None:
    done = mp_eval("open", workspace=again, BROWSER="", DISPLAY="", WAYLAND_DISPLAY="", PATH="")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, str(again / "output/index.html"))


def test_without_a_release_there_is_nothing_to_open(tmp_path: Path) -> None:
    done = mp_eval("open", workspace=begin(tmp_path / "x", "Voorbeeldstad").root)
    assert (done.returncode, "er is nog geen uitgave" in done.stderr) == (2, True)


def test_what_can_be_named_is_listed(again: Path) -> None:
    own = notebook(again / "notebooks" / "03b-eigen.ipynb", "1")
    other = notebook(again / "notebooks" / "10-anders.ipynb", "1")
    (again / "notebooks" / "10-perioden-naast-elkaar.ipynb").unlink()
    settings = again / "evaluation.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("chapters = []", 'chapters = ["02", "10"]'), encoding="utf-8")
    said = mp_eval("list", workspace=again).stdout
    chapters = [line.strip() for line in said.partition("Hoofdstukken\n")[2].partition("Uitgaven")[0].splitlines()]
    assert chapters == [
        "02-gesproken.ipynb",
        "03-geactiveerd.ipynb (eigen)",
        f"{own.name} (eigen)",
        f"{other.name} (eigen, in plaats van 10-perioden-naast-elkaar.ipynb)",
    ]
    assert "  2023: 01-01-2023 t/m 31-12-2023\n" in said
    told = mp_eval("plan", workspace=again).stdout
    assert f"{other.name} neemt de plaats in van 10-perioden-naast-elkaar.ipynb van mp-eval.\n" in told


def test_a_chapter_that_there_is_not_is_refused(again: Path) -> None:
    settings = again / "evaluation.toml"
    text = settings.read_text(encoding="utf-8").replace("chapters = []", 'chapters = ["02", "77"]')
    settings.write_text(text, encoding="utf-8")
    done = mp_eval("run", workspace=again)
    assert (done.returncode, "run.chapters noemt 77; mp-eval brengt: 01, 02" in done.stderr) == (2, True)


def test_own_notebooks_stand_beside_those_that_are_brought(tmp_path: Path) -> None:
    """Of what a run would do: every chapter and the own one, in its place."""
    root = edges.one_resident(tmp_path).root
    (root / "notebooks").mkdir()
    notebook(root / "notebooks" / "03b-eigen.ipynb", "1")
    lines = mp_eval("plan", "--alles", workspace=root).stdout.splitlines()
    pages = [line.partition("/")[2].partition(".")[0] for line in lines if line.startswith("notebook alle-perioden/")]
    brought = list((edges.ROOT / "notebooks").glob("[0-9]*.ipynb"))
    assert (len(pages), pages[2:5]) == (len(brought) + 1, ["geactiveerd", "eigen", "trajecten"])
    short = mp_eval("plan", workspace=root).stdout.splitlines()
    assert (len(short) < 20, any(" notebooks: volgt op " in line for line in short)) == (True, True)


def test_what_can_be_made_again_goes_and_the_rest_stays(again: Path) -> None:
    kept = again / ".mp-eval" / "intern" / "bestanden" / "van-een-collega.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("van mij", encoding="utf-8")
    before = files(again)
    done = mp_eval("clean", workspace=again)
    gone = set(before) - set(files(again))
    assert (done.returncode, "Opgeruimd: " in done.stdout, bool(gone)) == (0, True, True)
    assert {name.split("/")[0] for name in gone} == {".mp-eval", "data"}
    assert [name for name in gone if not name.startswith((".mp-eval/", "data/processed/"))] == []
    assert kept.read_text(encoding="utf-8") == "van mij"
    assert "levering 2024: " in mp_eval("plan", workspace=again).stdout


def test_nothing_is_tidied_while_a_run_is_at_work(again: Path) -> None:
    from mp_eval import lock
    from mp_eval import workspace as places

    before = files(again)
    with lock.hold(places.find(again)):
        done = mp_eval("clean", workspace=again)
    assert (done.returncode, "al een run bezig" in done.stderr) == (1, True)
    assert set(before) - set(files(again)) == set()
