"""An own notebook is in a public release only when somebody signed for it as it is."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import edges
import nbformat
import pytest
from commands import mp_eval
from conftest import two_notebooks
from runs import notebook

from mp_eval import workspace as places
from mp_eval.digests import Digests
from mp_eval.publish import signed
from mp_eval.released import manifest
from mp_eval.workspace import Disclosure, Municipality, Settings, Workspace

ROOT = Path(__file__).resolve().parents[2]
OWN = "11-eigen.ipynb"


def workspace(root: Path, **disclosure: object) -> Workspace:
    return Workspace(
        root, Settings(Municipality("Elders"), disclosure=replace(Disclosure(internal=False), **disclosure))
    )


def unsigned(root: Path, **disclosure: object) -> dict[str, str]:
    return signed.unsigned(workspace(root, **disclosure), Digests(root / "digests.json"), sorted(root.glob("*.ipynb")))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    for name in ("ene", "andere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "deel.py").write_text("x = 1\n")
    (tmp_path / "naast.py").write_text("x = 1\n")
    return notebook(tmp_path / OWN, "period = ''", "import andere.deel, ene.deel, naast\nnaast.x")


def test_every_notebook_that_mp_eval_brings_says_so() -> None:
    digests = Digests(Path("nowhere"))
    assert [p.name for p in sorted((ROOT / "notebooks").glob("*.ipynb")) if not signed.is_ours(p, digests)] == []


def test_one_with_another_cell_is_an_own_one(tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / "notebooks/03-geactiveerd.ipynb", tmp_path))
    assert unsigned(tmp_path) == {}
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][-1]["source"] = "open('data/processed')"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert list(unsigned(tmp_path)) == [path.name]


def test_what_it_showed_when_it_last_ran_is_no_change_of_it(tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / "notebooks/03-geactiveerd.ipynb", tmp_path))
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        cell.update(outputs=[], execution_count=None) if cell["cell_type"] == "code" else None
    path.write_text(json.dumps(content), encoding="utf-8")
    assert unsigned(tmp_path) == {}


def test_it_waits_for_a_signature_in_public_alone(own: Path) -> None:
    assert unsigned(own.parent, internal=True) == {}
    assert unsigned(own.parent, signed=unsigned(own.parent)) == {}
    assert list(unsigned(own.parent, signed={OWN: "0" * signed.LONG})) == [OWN]


@pytest.mark.parametrize("changed", [OWN, "naast.py", "ene/deel.py", "andere/deel.py"])
def test_a_signature_is_of_the_notebook_and_of_what_lies_beside_it_as_they_were(own: Path, changed: str) -> None:
    before = unsigned(own.parent)
    path = own.parent / changed
    path.write_text(path.read_text(encoding="utf-8").replace("x", "y"), encoding="utf-8")
    assert unsigned(own.parent, signed=before) != {}


def test_a_public_release_is_made_without_it_and_says_how_to_sign(tmp_path: Path) -> None:
    """And without a period that waits for its files."""
    root = edges.last_period(edges.register_only(tmp_path)).root
    settings = root / places.SETTINGS_FILE
    public = settings.read_text(encoding="utf-8").replace("internal = true", "internal = false")
    settings.write_text(public, encoding="utf-8")
    path = notebook(two_notebooks(root) / OWN, "period = ''", "print('eigen')")
    content = nbformat.read(path, as_version=4)
    content.cells.insert(0, nbformat.v4.new_markdown_cell("# Wat is eigen?"))
    nbformat.write(content, path)
    mp_eval("new-period", "2025", "--start", "2025-01-01", "--end", "2026-01-01", workspace=root)
    public = settings.read_text(encoding="utf-8")
    done = mp_eval("run", workspace=root)
    assert (done.returncode, list((root / "output").rglob("eigen.html"))) == (0, []), done.stderr
    assert manifest(root / "output")["internal"] is False
    assert "2025 wacht op bestanden." in (root / "output/index.html").read_text(encoding="utf-8")
    line = next(line for line in done.stderr.splitlines() if line.startswith(f'"{OWN}" = '))
    settings.write_text(public + f"\n[disclosure.signed]\n{line}\n", encoding="utf-8")
    done = mp_eval("run", workspace=root)
    assert (done.returncode, OWN in done.stderr) == (0, False), done.stderr
    assert len(list((root / "output").rglob("eigen.html"))) == 2
