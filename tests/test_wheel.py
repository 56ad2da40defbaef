"""The package as it is installed elsewhere: what it holds, and what somebody can do who has nothing but that.

It is built without a download and put into an environment of its own, outside the repository. What it depends on is
lent by the environment of the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LARGEST = {"whl": 1_000_000, "gz": 3_000_000}  # bytes; the sdist holds the deliveries and notebooks of the repository
PERIODS = ("2024", "2025", "alle-perioden")
# As somebody has them: a selection from GWS with a preamble, and the statistics as a flat table.
SZDOS = """Selectie: lopende en beeindigde dossiers
Clientnummer;geboortejaar;geslacht;Kode groep;Startdatum periodiek algemeen;Einddatum periodiek algemeen;\
Oorspronkelijke begindatum uitkeringsdossier;Omschrijving leefvorm;Oorzaak bijstandsafhankelijkheid
12464545;1970;2;02;20180504;20181231;20180504;Eenoudergezin;einde WW
12464545;1970;2;02;20190101;00000000;20180504;Eenoudergezin;einde WW
12464546;1985;1;02;20240201;20240930;20240201;Alleenstaande;echtscheiding
Totaal;;;;;;;;3
"""
BUS = """STATISTIEKCODE;BURGERSERVICENUMMER;GEBOORTEDATUM;GESLACHT;LEEFVORM;AANVANGSDATUM UITKERING PERSOON;\
EINDDATUM UITKERING PERSOON;REDEN BEËINDIGING UITKERING PERSOON
01;123456782;19700203;2;2;20180504;00000000;
01;111222333;19800506;1;1;20240504;20241001;11
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The folder with the wheel, the sdist, and an environment that has the wheel alone."""

    def make(folder: Path) -> None:
        script = "import hatchling.build as b, sys; b.build_sdist(sys.argv[1]); b.build_wheel(sys.argv[1])"
        subprocess.run([sys.executable, "-c", script, str(folder)], cwd=ROOT, check=True, capture_output=True)
        venv.create(folder / "env")
        (site,) = (folder / "env").glob("[Ll]ib/**/site-packages")
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            wheel.extractall(site)
        lent = next(path for path in sys.path if path.endswith("site-packages"))
        (site / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")

    return once("wheel", make)


def names(archive: Path) -> list[str]:
    if archive.suffix == ".whl":
        return zipfile.ZipFile(archive).namelist()
    with tarfile.open(archive) as sdist:
        return [name.partition("/")[2] for name in sdist.getnames()]


@pytest.fixture
def call(built: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command of the environment in a folder below `tmp_path`, and asks that it succeeds."""
    (python,) = (p for p in (built / "env").glob("*/python*") if p.stem == "python")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MP_EVAL", "PYTEST"))}

    def call(*words: str, at: str = ".", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(python), "-m", "mp_eval.cli", *words],
            cwd=tmp_path / at,
            capture_output=True,
            encoding="utf-8",
            env={**clean, "PYTHONUTF8": "1", **environment},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done

    return call


def test_the_wheel_holds_what_it_needs_and_no_more(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    held = names(wheel)
    tracked = subprocess.run(
        ["git", "ls-files", "mp_eval", "notebooks/*.ipynb"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    brought = {name if name.startswith("mp_eval/") else f"mp_eval/{name}" for name in tracked if name}
    others = {"mp_eval/datapackage.json", "mp_eval/aan-de-slag.md", "mp_eval/koppelingen.md"}
    installed = {name for name in held if ".dist-info/" not in name and ".data/" not in name}
    assert installed ^ (brought | others) == set()
    assert wheel.stat().st_size < LARGEST["whl"]


def test_the_sdist_holds_what_is_in_the_repository(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    assert set(names(sdist)) - set(listed.split("\0")) == {"PKG-INFO"}
    assert sdist.stat().st_size < LARGEST["gz"]


def test_nothing_of_the_repository_is_used(built: Path) -> None:
    (python,) = (p for p in (built / "env").glob("*/python*") if p.stem == "python")
    where = subprocess.run(
        [str(python), "-I", "-c", "import mp_eval; print(mp_eval.__file__)"], capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(built / "env"))


def begun(call: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, *settings: str) -> Path:
    """The folder for files of a new period in a new workspace of one chapter, as the start page tells it."""
    call("init", "evaluatie", "--naam", "Voorbeeldstad")
    path = tmp_path / "evaluatie" / "evaluation.toml"
    chosen = path.read_text(encoding="utf-8").replace("\n[run]\n", '\n[run]\nchapters = ["07"]\n')
    path.write_text("\n".join([chosen, "[intake.benefits]", *settings, ""]), encoding="utf-8")
    call("new-period", "2024", "--start", "01-01-2024", "--end", "01-01-2025", at="evaluatie")
    folder = tmp_path / "evaluatie" / "data" / "raw" / "2024"
    absent = 'not_delivered = ["inwoners", "gesprekken", "activiteiten", "trajecten"]\n'
    (folder / "source.toml").write_text((folder / "source.toml").read_text(encoding="utf-8") + absent, encoding="utf-8")
    return folder


@pytest.mark.long  # in the short run `test_begin` does so with the library of the repository
def test_from_nothing_to_the_chapter_of_a_selection(
    call: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """Init, new-period, a file dropped in, check, run, open, status."""
    own = 'values = { household = { "Alleenstaande" = "alleenstaande" } }'
    folder = begun(call, tmp_path, 'use = "szdos"', own)
    (folder / "SZDOS selectie.csv").write_text(SZDOS, encoding="cp1252")
    told = call("check", at="evaluatie").stdout
    assert ("in orde. 4 rijen geleverd" in told, "niet in het contract" in told) == (True, False)
    told = call("run", at="evaluatie").stdout
    page = tmp_path / "evaluatie" / "output" / "2024" / "klant-in-beeld.html"
    pages = len(list((tmp_path / "evaluatie" / "output").rglob("*.html")))
    assert f"Gemaakt: {pages} pagina's" in told
    assert f"Uitgave: {pages} pagina's" in call("status", at="evaluatie").stdout
    assert "Gemeente Voorbeeldstad" in page.read_text(encoding="utf-8")
    assert call("open", at="evaluatie", BROWSER="echo").stdout.splitlines()[0].endswith("/evaluatie/output/index.html")
    assert call("status", at="evaluatie").stdout.endswith("Volgende stap: mp-eval open\n")


@pytest.mark.long
def test_from_nothing_to_the_chapter_of_the_statistics(
    call: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    begun(call, tmp_path, 'use = "bus"')
    (tmp_path / "BUS 2024.csv").write_text(BUS, encoding="utf-8")
    hide = ("--column", "BURGERSERVICENUMMER", "--year", "GEBOORTEDATUM", "--new-key", "--key-file", "sleutel")
    call("pseudonymise", "BUS 2024.csv", *hide, "--out", "evaluatie/data/raw/2024")
    assert "in orde. 2 rijen geleverd" in call("check", at="evaluatie").stdout
    assert "Gemaakt: " in call("run", at="evaluatie").stdout


@pytest.mark.long
def test_every_page_of_a_made_up_municipality_comes_of_the_wheel_alone(
    call: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    call("init", "proef", "--naam", "Voorbeeldstad", "--voorbeeld")
    call("run", at="proef")
    made = {page.parent.name for page in (tmp_path / "proef" / "output").glob("*/*.html")}
    assert made == set(PERIODS)
    assert "Niets te doen" in call("run", at="proef").stdout
