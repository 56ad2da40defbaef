"""A period that was never delivered, or whose first delivery has faults, holds up no other."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import edges
import pytest
from commands import mp_eval
from conftest import files, two_notebooks

from mp_eval import evaluate, released, tidy
from mp_eval import workspace as places
from mp_eval.evaluation import Evaluation
from mp_eval.faults import FaultsFound
from mp_eval.periods import WHOLE
from mp_eval.workspace import Workspace

NEW = ("new-period", "2025", "--start", "2025-01-01", "--end", "2026-01-01")
FAULTY = "data/raw/2025/gesprekken.csv"


@pytest.fixture
def again(little: Workspace, tmp_path: Path) -> Path:
    """A released workspace with 2023 and 2024, to which 2025 is added."""
    root = Path(shutil.copytree(little.root, tmp_path / "copy"))
    assert mp_eval(*NEW, workspace=root).returncode == 0
    return root


def deliver(root: Path, period: str = "2025", *, is_faulty: bool = False) -> None:
    """The files of 2024, as those of another year."""
    for path in (root / "data/raw/2024").iterdir():
        text = path.read_text(encoding="utf-8").replace("2025", "2026").replace("2024", period)
        (root / "data/raw" / period / path.name).write_text(text, encoding="utf-8")
    if is_faulty:
        (root / "data/raw" / period / "gesprekken.csv").write_text("geen kop\n", encoding="utf-8")


def read(root: Path, page: str = "index.html") -> str:
    text = re.sub(r"<[^>]+>", " ", (root / "output" / page).read_text(encoding="utf-8"))
    return " ".join(html.unescape(text).split())


def pages(root: Path) -> set[str]:
    return {name.partition("/")[0] for name in released.manifest(root / "output")["files"] if "/" in name}


def test_an_empty_period_or_a_first_delivery_with_faults_holds_up_no_other_until_it_is_in_order(again: Path) -> None:
    """New-period, files with faults, then of the least that there must be: the way of an analyst in January 2026."""
    note = (again / "data/raw/2025/source.toml").read_text(encoding="utf-8")
    done = mp_eval("run", "2024", workspace=again)
    assert (done.returncode, pages(again)) == (0, {"2023", "2024", WHOLE}), done.stderr
    assert "Periode 2025 wacht op bestanden in data/raw/2025." in done.stderr
    assert "2025 wacht op bestanden." in read(again)
    assert "Zonder 2025." in read(again, f"{WHOLE}/perioden-naast-elkaar.html")
    assert "Zonder 2025." not in read(again, "2024/geactiveerd.html")
    assert mp_eval("plan", workspace=again).stdout == "Niets te doen: alles is bij.\n"
    assert [mp_eval("run", *words, workspace=again).returncode for words in ((), ("2025",))] == [0, 1]
    deliver(again, is_faulty=True)
    done = mp_eval("run", "2024", workspace=again)
    assert (done.returncode, pages(again)) == (0, {"2023", "2024", WHOLE}), done.stderr
    assert "Periode 2025 wacht op een levering zonder fouten" in done.stderr
    assert FAULTY in done.stderr
    assert "2025 wacht op een levering zonder fouten." in read(again)
    assert "gesprekken.csv: " not in read(again)
    before = files(again / "output")
    once_more = mp_eval("run", workspace=again)
    assert (once_more.returncode, FAULTY in once_more.stderr, files(again / "output")) == (1, True, before)
    for path in (again / "data/raw/2025").glob("*.csv"):
        path.unlink()
    (again / "data/raw/2025/source.toml").write_text(note, encoding="utf-8")
    talks = ["a;05-02-2025;eerste gesprek", "b;11-03-2025;eerste gesprek", "a;07-04-2025;voortgangsgesprek"]
    rows = {
        "inwoners": ["Inwoner", "a", "b"],
        "gesprekken": ["Inwoner;Datum gesprek;Soort gesprek", *talks],
        "activiteiten": ["Inwoner;Activiteit;Begindatum", "a;vrijwilligerswerk;01-03-2025"],
        "trajecten": ["Inwoner;Begindatum"],
    }
    for name, lines in rows.items():
        (again / "data/raw/2025" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = mp_eval("run", "2025", workspace=again)
    assert (done.returncode, pages(again)) == (0, {"2023", "2024", "2025", WHOLE}), done.stderr
    assert "wacht op" not in read(again)
    assert "Zonder 2025." not in read(again, f"{WHOLE}/perioden-naast-elkaar.html")
    told = read(again, "2025/geactiveerd.html")
    assert "Over 2025 zijn 2 inwoners gesproken en is 1 inwoner actief geworden." in told
    assert "Interne uitgave" in told
    assert "2025/geactiveerd.html" in (again / "output/index.html").read_text(encoding="utf-8")


def test_a_faulty_delivery_of_a_released_period_keeps_the_release(again: Path) -> None:
    """Also for who has no more than the release and the deliveries."""
    before = files(again / "output")
    shutil.rmtree(again / "data/processed/2024")
    (again / "data/raw/2024/gesprekken.csv").write_text("geen kop\n", encoding="utf-8")
    done = mp_eval("run", "2023", workspace=again)
    assert (done.returncode, files(again / "output")) == (1, before)
    assert "Periode 2024 kan niet worden gemaakt; wat er stond, blijft staan" in done.stderr


@pytest.mark.long  # of a register, and a period that waits for its files: in `test_signed`
def test_a_public_release_is_made_without_a_period_that_waits(tmp_path: Path) -> None:
    """Of one resident one period comes out; of two in a row the last gate lets nothing through."""
    root = edges.little(tmp_path).root
    two_notebooks(root)
    (root / "data/raw/2023/gesprekken.csv").write_text("geen kop\n", encoding="utf-8")
    settings = root / places.SETTINGS_FILE
    settings.write_text(settings.read_text("utf-8").replace("internal = true", "internal = false"), encoding="utf-8")
    done = mp_eval("run", "2024", workspace=root)
    assert (done.returncode, released.manifest(root / "output").get("internal")) == (0, False), done.stderr
    assert "2023 wacht op een levering zonder fouten." in read(root)


def test_nothing_is_made_when_every_period_waits(tmp_path: Path) -> None:
    root = edges.one_resident(tmp_path).root
    two_notebooks(root)
    for period, kept in (("2023", "gesprekken.csv"), ("2024", "")):
        for path in (root / "data/raw" / period).iterdir():
            if path.name not in (kept, "source.toml"):
                path.unlink()
    done = mp_eval("run", workspace=root)
    assert (done.returncode, (root / "output/index.html").exists()) == (1, False)
    assert "data/raw/2023: een verplicht gegeven is niet aangeleverd" in done.stderr
    assert "data/raw/2024: er is geen levering" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def gap(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Of three periods, of which the middle one has no files."""
    root = tmp_path_factory.mktemp("gap")
    edges.little(root)
    mp_eval(*NEW, workspace=root)
    deliver(root)
    for path in (root / "data/raw/2024").glob("*.csv"):
        path.unlink()
    return evaluate.evaluate(places.find(root))


def test_all_together_is_of_the_periods_around_the_one_that_waits(gap: Evaluation) -> None:
    assert gap.wording(WHOLE) == "2023 en 2025"
    assert tidy.number(gap.measures, WHOLE, "spoken") == 1
    assert set(gap.received) == {"2023", "2025"}


def test_a_notebook_about_a_period_that_waits_says_what_is_wrong(gap: Evaluation) -> None:
    with pytest.raises(FaultsFound, match="data/raw/2024: er is geen levering"):
        gap.of("2024")
