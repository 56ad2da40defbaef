"""A release: every page there, each what the notebook said, the same bytes each time, no person in it."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import mp_eval

from mp_eval import evaluate
from mp_eval import workspace as places
from mp_eval.publish import release
from mp_eval.publish.parameters import ParameterError
from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow
PAGES = {
    "2022-2023/gesproken-en-geactiveerd.html",
    "2023-2024/gesproken-en-geactiveerd.html",
    "2024/gesproken-en-geactiveerd.html",
    "alle-perioden/perioden-en-aansluiting.html",
    "index.html",
}


def files(folder: Path) -> dict[str, str]:
    found = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


def soup(workspace: Workspace, page: str) -> BeautifulSoup:
    return BeautifulSoup((workspace.output / page).read_text(encoding="utf-8"), "html.parser")


def test_there_is_a_page_for_each_period_and_one_over_all(released: Workspace) -> None:
    assert {name for name in files(released.output) if name.endswith(".html")} == PAGES


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_link_within_the_site_leads_somewhere(released: Workspace, page: str) -> None:
    here = (released.output / page).parent
    hrefs = [a["href"] for a in soup(released, page).find_all("a") if not a["href"].startswith("#")]
    assert hrefs
    assert [h for h in hrefs if not (here / h).resolve().is_file()] == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_says_that_its_data_are_synthetic(released: Workspace, page: str) -> None:
    assert "Verzonnen gegevens." in soup(released, page).find("header").parent.get_text()


def test_no_pseudonym_is_in_any_file_that_goes_out(released: Workspace) -> None:
    people = set(pd.read_parquet(released.processed / "2024" / "residents.parquet")["resident"])
    texts = [p.read_text(encoding="utf-8") for p in released.output.rglob("*") if p.is_file()]
    assert len(people) == 1914
    assert not any(people & set(re.findall(r"\w+", text)) for text in texts)


def test_the_union_is_the_distinct_count_beside_what_the_figures_allow(released: Workspace) -> None:
    text = soup(released, "alle-perioden/perioden-en-aansluiting.html").find(class_="answer").get_text()
    assert "631 verschillende inwoners" in text
    assert "ten minste 543 en ten hoogste 718" in text


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        ("ten hoogste 17 inwoners in meer dan één periode", "boven de 700 uitkomt"),
        ("50 / 175 = 28,6%: voor deze periode apart klopt het niet", "meer dan 30% geactiveerd is"),
        ("12 + 70 + 12 + 42 + 13 = 149, het totaal is 197", "197 geactiveerd zijn"),
        ("5 + 20 + 13 + 12 = 50", "2024 5 20 13 12"),
        ("Er ontbreekt dus geen waarde", "Over heel 2024 waren dit er uiteindelijk 50"),
        ("241 + 140 + 300 + 400 = 1.081 van 1.900", "Totaal betreft dit 1900 inwoners"),
        ("het document zegt niet welke", "2024 5 20 13 12"),
    ],
)
def test_each_finding_stands_with_the_sentence_it_comes_from(released: Workspace, finding: str, sentence: str) -> None:
    rows = soup(released, "alle-perioden/perioden-en-aansluiting.html").find_all("tr")
    assert any(finding in row.get_text() and sentence in row.get_text() for row in rows)


def test_the_same_data_give_the_same_bytes_elsewhere(
    released: Workspace, tmp_path: Path, copy_workspace: Callable[[Path], Workspace]
) -> None:
    other = copy_workspace(tmp_path)
    mp_eval("run", workspace=other.root, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="7")
    assert files(other.output) == files(released.output)


def test_nothing_is_left_in_the_scratch_folder(released: Workspace) -> None:
    assert [path.name for path in released.scratch.iterdir()] == [release.LOCK]


def test_a_parameter_that_no_notebook_has_is_refused(released: Workspace) -> None:
    with pytest.raises(ParameterError, match="onbekende parameter: decimalen"):
        release.leaves(released, ["2024"], {"decimalen": "2"})


def test_a_page_of_older_input_says_so_on_its_card(released: Workspace, tmp_path: Path) -> None:
    """One period's delivery changes and only another is run: its page stays, and nobody is left to think it is new."""
    root = Path(shutil.copytree(released.root, tmp_path / "again"))
    note = root / "data/raw/2022-2023/source.toml"
    note.write_text(note.read_text(encoding="utf-8").replace("2023-06-20", "2023-06-21"), encoding="utf-8")
    before = files(root / "output")
    done = mp_eval("run", "2024", workspace=root)
    cards = BeautifulSoup((root / "output/index.html").read_text(encoding="utf-8"), "html.parser").find_all("article")
    assert ["Niet vernieuwd." in card.get_text() for card in cards] == [True, False, False, False]
    assert "Niet vernieuwd: 2022-2023/gesproken-en-geactiveerd.html" in done.stderr
    assert files(root / "output")["metingen.csv"] == before["metingen.csv"]


def test_input_that_changes_during_a_run_renews_nothing(released: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(released.root, tmp_path / "again"))
    before, workspace = files(root / "output"), places.find(root)
    evaluation = evaluate.evaluate(workspace)
    note = root / "data/raw/2024/source.toml"
    note.write_text(note.read_text(encoding="utf-8").replace("2025-07-15", "2025-07-16"), encoding="utf-8")
    result = release.publish(evaluation, release.leaves(workspace, ["2024"], {}), jobs=2)
    assert (result.made, files(root / "output")) == ([], before)
    assert "de invoer is veranderd tijdens het maken van de pagina's" in result.failures[0]


def test_a_manifest_of_another_version_is_no_obstacle(released: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(released.root, tmp_path / "again"))
    (root / "output/manifest.json").write_text('{"2024/x.html": {"title": 1}}', encoding="utf-8")
    assert mp_eval("run", workspace=root).returncode == 0
    assert set(files(root / "output")) == set(files(released.output))


def test_a_second_run_at_once_is_refused_and_leaves_the_first_alone(released: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(released.root, tmp_path / "again"))
    before = files(root / "output")
    with release._alone(places.find(root)):
        done = mp_eval("run", "2024", workspace=root)
    assert (done.returncode, "al een run bezig" in done.stderr, files(root / "output")) == (1, True, before)


def test_what_a_killed_run_left_behind_is_cleared(released: Workspace, tmp_path: Path) -> None:
    root = Path(shutil.copytree(released.root, tmp_path / "again"))
    (root / ".mp-eval" / "run-gone").mkdir()
    with release._alone(places.find(root)):
        assert not (root / ".mp-eval" / "run-gone").exists()
