"""The template for everybody: nbconvert finds it by its name once the package is installed, and makes a whole page."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import long
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[2]
BUILD = "from hatchling.build import build_wheel, build_editable; import sys; print({build}(sys.argv[1]))"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["build_wheel", long("build_editable")])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installation of the package puts beside the library."""
    folder = tmp_path_factory.mktemp(request.param)
    script = BUILD.format(build=request.param)
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(folder / done.stdout.strip().splitlines()[-1]) as wheel:
        wheel.extractall(folder)
    return next(folder.glob("*.data/data"))


def nbconvert(notebook: nbformat.NotebookNode, installed: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    nbformat.write(notebook, folder / "vraag.ipynb")
    return subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", "--template", "mp-eval", "vraag.ipynb"],
        cwd=folder,
        env={**os.environ, "JUPYTER_PATH": str(installed / "share" / "jupyter"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nbconvert_makes_a_page_by_the_name_of_the_template(installed: Path, tmp_path: Path) -> None:
    output = new_output("execute_result", {"text/html": '<div class="answer"><p>5 &lt; 6</p></div>', "text/plain": "5"})
    code = new_code_cell("count(a < b)", outputs=[output], execution_count=1)
    cells = [new_markdown_cell("# Hoeveel & wie?\n\nDaarom."), new_markdown_cell("## Kort"), code]
    done = nbconvert(new_notebook(cells=cells), installed, tmp_path)
    assert done.returncode == 0, done.stderr
    page = BeautifulSoup((tmp_path / "vraag.html").read_text(encoding="utf-8"), "html.parser")
    assert (page.html["lang"], page.title.get_text(), page.h1.get_text()) == ("nl", *["Hoeveel & wie?"] * 2)
    assert page.select_one(".summary .answer").get_text() == "5 < 6"
    assert page.select_one("details.code pre").get_text().strip() == "count(a < b)"
    assert not page.select("script, link, .masthead strong, .marks, footer h2")


def test_nbconvert_refuses_what_a_page_must_not_hold(installed: Path, tmp_path: Path) -> None:
    image = new_output("display_data", {"image/png": "iVBORw==", "text/plain": "<Figure>"})
    cells = [new_markdown_cell("# Hoeveel?"), new_code_cell("draw()", outputs=[image])]
    done = nbconvert(new_notebook(cells=cells), installed, tmp_path)
    assert done.returncode != 0
    assert "zonder alternatieve tekst" in done.stderr
    assert not (tmp_path / "vraag.html").exists()
