"""A release: every page there, each what the notebook said, the same bytes each time, no person in it."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import edges
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from commands import mp_eval
from conftest import files, long, two_notebooks

from mp_eval import lock
from mp_eval import workspace as places
from mp_eval.execute.parameters import ParameterError
from mp_eval.publish import unchanged
from mp_eval.publish.leaves import leaves
from mp_eval.released import MANIFEST, manifest
from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow
CHAPTERS = (
    "wat-is-aangeleverd",
    "gesproken",
    "geactiveerd",
    "trajecten",
    "doorstroom-en-uitstroom",
    "caseload",
    "klant-in-beeld",
    "ambities",
    "vooruitblik",
)
PERIODS = ("2022-2023", "2023-2024", "2024", "alle-perioden")
PAGES = {
    *(f"{period}/{chapter}.html" for period in PERIODS for chapter in CHAPTERS),
    *(
        f"alle-perioden/{chapter}.html"
        for chapter in ("perioden-naast-elkaar", "maakt-de-aanpak-verschil", "wat-kost-het")
    ),
    *(
        "index.html",
        "begrippen.html",
        "verantwoording.html",
        "in-eenvoudige-taal.html",
        "toegankelijkheid.html",
        "uitgaven.html",
    ),
}


def soup(workspace: Workspace, page: str) -> BeautifulSoup:
    return BeautifulSoup((workspace.output / page).read_text(encoding="utf-8"), "html.parser")


def test_there_is_a_page_for_each_period_and_one_over_all(released: Workspace) -> None:
    assert {name for name in files(released.output) if name.endswith(".html")} == PAGES


def test_every_link_within_the_site_leads_somewhere(released: Workspace) -> None:
    lost, without = {}, []
    for page in sorted(PAGES):
        here = (released.output / page).parent
        hrefs = sorted({a["href"] for a in soup(released, page).select("a:not(.file)")})
        without += [] if hrefs else [page]
        parts = [(h, (here / (h.partition("#")[0] or Path(page).name)).resolve(), h.partition("#")[2]) for h in hrefs]
        lost |= {(page, h): "page" for h, path, _ in parts if not path.is_file()}
        lost |= {(page, h): "place" for h, path, place in parts if path.is_file() and place and place not in _ids(path)}
    assert (lost, without) == ({}, [])


@cache
def _ids(page: Path) -> set[str]:
    """The places on a page that a link can lead to."""
    return set(re.findall(r'\sid="([^"]+)"', page.read_text(encoding="utf-8")))


def test_every_page_says_that_its_data_are_synthetic(released: Workspace) -> None:
    told = {page: soup(released, page).find("header").parent.get_text() for page in PAGES}
    assert [page for page, text in told.items() if "Verzonnen gegevens." not in text] == []


def test_no_resident_is_in_any_file_that_goes_out(released: Workspace) -> None:
    people = set(pd.read_parquet(released.processed / "2024" / "residents.parquet")["resident"])
    people |= set(pd.read_csv(released.raw / "2024" / "inwoners.csv", sep=";")["Inwoner"])
    texts = [text for p in released.output.rglob("*") if p.is_file() and p.suffix != ".png" for text in _texts(p)]
    assert len(people) == 2 * 1914
    assert not any(people & set(re.findall(r"\w+", text)) for text in texts)


def test_there_is_a_workbook_a_period_and_each_data_file_has_its_metadata(released: Workspace) -> None:
    found = {name for name in files(released.output) if not name.endswith((".html", "manifest.json", ".svg", ".png"))}
    keys = ("2022-2023", "2023-2024", "2024", "alle-perioden")
    tables = ("metingen.csv", "aansluiting.csv", "inname.csv", "begrippen.csv")
    assert found == {
        *(f"{key}/werkboek-{key}.xlsx" for key in keys),
        *tables,
        *(f"{name}-metadata.json" for name in tables),
    }


def test_a_first_release_tells_of_no_change_and_a_later_one_of_each(little: Workspace, tmp_path: Path) -> None:
    assert "Veranderd sinds" not in soup(little, "index.html").get_text()
    root = Path(shutil.copytree(little.root, tmp_path / "again"))
    path, note = root / "data/raw/2024/gesprekken.csv", root / "data/raw/2024/source.toml"
    head, _, *rest = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    path.write_text("".join([head, *rest]), encoding="utf-8")
    note.write_text(note.read_text(encoding="utf-8").partition("[sha256]")[0], encoding="utf-8")
    assert mp_eval("run", workspace=root).returncode == 0
    later = places.find(root)
    rows = soup(later, "index.html").select("#veranderd ~ .table tbody tr")
    assert ["Gesprekken (2024)", "2", "1", "−1"] in [[cell.get_text() for cell in row] for row in rows]
    before = files(later.output)
    (later.output / "index.html").unlink()
    assert mp_eval("run", workspace=root).returncode == 0
    assert files(later.output) == before


def _texts(path: Path) -> list[str]:
    if path.suffix != ".xlsx":
        return [path.read_text(encoding="utf-8")]
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]


def test_the_union_is_the_distinct_count_beside_what_the_figures_allow(released: Workspace) -> None:
    text = soup(released, "alle-perioden/perioden-naast-elkaar.html").find(class_="answer").get_text()
    assert "631 verschillende inwoners" in text
    assert "ten minste 543 en ten hoogste 718" in text


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        ("ten hoogste 17 inwoners in meer dan één periode", "boven de 700 uitkomt"),
        ("Voor 2024 apart is het 50 / 175 = 28,6%.", "meer dan 30% geactiveerd is"),
        ("12 + 70 + 12 + 42 + 13 = 149 van 197. De overige 48", "197 geactiveerd zijn"),
        ("5 + 20 + 13 + 12 = 50", "2024 5 20 13 12"),
        ("ontbreekt er geen waarde", "Over heel 2024 waren dit er uiteindelijk 50"),
        ("241 + 140 + 300 + 400 = 1.081 van 1.900", "Totaal betreft dit 1900 inwoners"),
        ("het document zegt niet welke", "2024 5 20 13 12"),
    ],
)
def test_each_finding_stands_with_the_sentence_it_comes_from(released: Workspace, finding: str, sentence: str) -> None:
    rows = soup(released, "alle-perioden/perioden-naast-elkaar.html").find_all("tr")
    assert any(finding in row.get_text() and sentence in row.get_text() for row in rows)


@pytest.mark.parametrize("which", ["little", long("released")])
def test_the_same_data_give_the_same_bytes_elsewhere(
    request: pytest.FixtureRequest, tmp_path: Path, copy_workspace: Callable[[Path], Workspace], which: str
) -> None:
    here: Workspace = request.getfixturevalue(which)
    other = (edges.little if which == "little" else copy_workspace)(tmp_path)
    if which == "little":
        two_notebooks(other.root)
    mp_eval("run", workspace=other.root, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="7")
    assert files(other.output) == files(here.output)
    for place_, zone in ((here, {}), (other, {"TZ": "Pacific/Auckland"})):
        done = mp_eval("note", "2024", "--out", str(tmp_path / f"{len(zone)}.docx"), workspace=place_.root, **zone)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "0.docx").read_bytes() == (tmp_path / "1.docx").read_bytes()


def test_nothing_half_written_is_left(released: Workspace) -> None:
    left = [p.name for folder in (released.scratch, released.processed) for p in folder.rglob("*")]
    assert [name for name in left if name.endswith((".new", ".old", ".journal"))] == []
    assert lock.HOLDER not in left


def test_a_parameter_that_no_notebook_has_is_refused(released: Workspace) -> None:
    with pytest.raises(ParameterError, match="onbekende parameter: decimalen"):
        leaves(released, ["2024"], {"decimalen": "2"})


def test_the_manifest_knows_every_file_and_its_digest(released: Workspace) -> None:
    found = files(released.output)
    del found[MANIFEST]
    assert manifest(released.output)["files"] == found


def test_a_run_with_nothing_changed_touches_nothing(released: Workspace) -> None:
    before = {p: p.stat().st_mtime_ns for p in released.root.rglob("*") if p.is_file() and p.name != lock.LOCK}
    done = mp_eval("run", workspace=released.root)
    after = {p: p.stat().st_mtime_ns for p in released.root.rglob("*") if p.is_file() and p.name != lock.LOCK}
    assert (done.returncode, "Niets te doen: alles is bij." in done.stdout) == (0, True)
    assert {p.name for p in after if after[p] != before.get(p)} <= {"digests.json", unchanged.MEMORY}


def test_input_that_changes_during_a_run_places_nothing(little: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(little.root, tmp_path / "again"))
    notebooks = root / "notebooks"
    note = root / "data/raw/2024/source.toml"
    path = notebooks / "03-geactiveerd.ipynb"
    change = f"import pathlib; p = pathlib.Path({str(note)!r}); p.write_text(p.read_text().replace('-01', '-02'))\\n"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("evaluation = current", f"{change}evaluation = current"), encoding="utf-8")
    before = files(root / "output")
    done = mp_eval("run", workspace=root)
    assert (done.returncode, files(root / "output")) == (1, before)
    assert "Er is geen nieuwe uitgave" in done.stderr


def test_what_was_changed_in_output_is_put_right(little: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(little.root, tmp_path / "again"))
    (root / "output/index.html").write_text("spoiled", encoding="utf-8")
    assert mp_eval("run", workspace=root).returncode == 0
    assert {k: v for k, v in files(root / "output").items() if "releases/" not in k} == files(little.output)


def test_a_manifest_of_another_version_is_no_obstacle(little: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(little.root, tmp_path / "again"))
    (root / "output/manifest.json").write_text('{"2024/x.html": {"title": 1}}', encoding="utf-8")
    assert mp_eval("run", workspace=root).returncode == 0
    assert {k: v for k, v in files(root / "output").items() if "releases/" not in k} == files(little.output)


def test_what_somebody_put_in_output_stays(little: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(little.root, tmp_path / "again"))
    (root / "output/eigen").mkdir()
    (root / "output/eigen/nota.txt").write_text("van ons", encoding="utf-8")
    (root / "output/index.html").unlink()
    assert mp_eval("run", workspace=root).returncode == 0
    assert (root / "output/eigen/nota.txt").read_text(encoding="utf-8") == "van ons"
    assert (root / "output/index.html").is_file()


def test_a_second_run_at_once_is_refused_told_who_is_at_work_and_leaves_the_first_alone(
    little: Workspace, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(little.root, tmp_path / "again"))
    before = files(root / "output")
    with lock.hold(places.find(root)):
        done = mp_eval("run", "2024", workspace=root)
    assert (done.returncode, files(root / "output")) == (1, before)
    assert f"al een run bezig (proces {os.getpid()} op " in done.stderr


def test_what_a_killed_run_left_behind_is_cleared(little: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(little.root, tmp_path / "again"))
    left = [root / ".mp-eval/built/.x.html.1.new", root / ".mp-eval/built/2024/x.journal"]
    for path in left:
        path.write_text("half", encoding="utf-8")
    (root / "data/processed/2024.new").mkdir()
    with lock.hold(places.find(root)):
        assert [p for p in [*left, root / "data/processed/2024.new"] if p.exists()] == []
