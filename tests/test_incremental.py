"""Only what changed is done again, and what is then in `output` is what a run from nothing makes."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest
from commands import mp_eval
from conftest import ROOT, files, long

from mp_eval.publish import place
from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow
FIRST, WHOLE = "03-geactiveerd.ipynb", "10-perioden-naast-elkaar.ipynb"
OF_2023, OF_2024 = "2023/geactiveerd.html", "2024/geactiveerd.html"
OF_WHOLE = {"alle-perioden/geactiveerd.html", "alle-perioden/perioden-naast-elkaar.html"}


@dataclass(frozen=True)
class Place:
    """A workspace that a test may change; it may have a code base and packages of its own."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        own = [self.root / "packages", self.root / "code"]
        return {"PYTHONPATH": os.pathsep.join(map(str, own))} if own[1].exists() else {}

    def run(self) -> None:
        done = mp_eval("run", workspace=self.root, **self.environment)
        assert done.returncode == 0, done.stderr

    def plan(self, *words: str) -> str:
        return mp_eval("plan", *words, workspace=self.root, **self.environment).stdout

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_bytes().decode("utf-8")
        assert old in text, name
        path.write_bytes(text.replace(old, new, 1).encode("utf-8"))

    def output(self) -> dict[str, str]:
        found = files(self.root / "output")
        return {name: digest for name, digest in found.items() if not name.startswith(f"{place.RELEASES}/")}


@pytest.fixture(scope="module")
def with_code(tmp_path_factory: pytest.TempPathFactory, little: Workspace) -> Path:
    """As `little`, with code and a package of its own, which are those that made it."""
    root = Path(shutil.copytree(little.root, tmp_path_factory.mktemp("with_code") / "root"))
    shutil.copytree(ROOT / "mp_eval", root / "code" / "mp_eval")  # with what was compiled: these are the same files
    package(root, "babel", version("babel"))
    Place(root).run()  # no notebook: the code is the same
    return root


@pytest.fixture
def made(little: Workspace, tmp_path: Path) -> Place:
    return Place(Path(shutil.copytree(little.root, tmp_path / "made")))


@pytest.fixture
def own(with_code: Path, tmp_path: Path) -> Place:
    return Place(Path(shutil.copytree(with_code, tmp_path / "own")))


BESIDE = '"from mp_eval.evaluation', '"import naast\\n",\n    "from mp_eval.evaluation'


def package(root: Path, name: str, version: str) -> None:
    """Let a package say that it is of this version, whatever it is."""
    folder = root / "packages" / f"{name}-{version}.dist-info"
    for other in folder.parent.glob(f"{name}-*") if folder.parent.exists() else ():
        shutil.rmtree(other)
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (folder / "RECORD").write_text(f"{name}/__init__.py,,\n")


def add_cell(place: Place, name: str) -> None:
    path = place.root / "notebooks" / name
    content = json.loads(path.read_text(encoding="utf-8"))
    cell = {"cell_type": "markdown", "id": "nieuw", "metadata": {}, "source": ["Een zin erbij."]}
    content["cells"].append(cell)
    path.write_text(json.dumps(content), encoding="utf-8")


def change_a_delivery(place: Place, period: str = "2024") -> None:
    """Leave out the one first conversation."""
    place.edit(f"data/raw/{period}/gesprekken.csv", f"bewoner1;01-02-{period};eerste gesprek\n", "")


def correct_a_cell(place: Place) -> None:
    (place.root / "data/raw/2024/corrections.toml").write_text(
        '[[correction]]\nfile = "gesprekken.csv"\nrow = 2\ncolumn = "Soort gesprek"\n'
        'expect = "eerste gesprek"\nvalue = "voortgangsgesprek"\nreason = "proef"\n'
    )


CHANGES: dict[str, tuple[Callable[[Place], object], str]] = {
    "a delivered file": (change_a_delivery, r"2024/gesprekken\.csv is veranderd"),
    "a source note": (
        lambda p: p.edit("data/raw/2024/source.toml", "2025-06-01", "2025-06-02"),
        r"2024/source\.toml is veranderd",
    ),
    "a correction": (correct_a_cell, r"2024/corrections\.toml is nieuw"),
    "the contract": (
        lambda p: p.edit("data/raw/datapackage.json", '"Datum gesprek"', '"Datum  gesprek"'),
        "het contract is veranderd",
    ),
    "the register": (
        lambda p: p.edit("data/raw/published.csv", ";543;", ";544;"),
        r"published\.csv is veranderd",
    ),
    "a period": (
        lambda p: p.edit("evaluation.toml", "end = 2025-01-01", "end = 2024-12-01"),
        "de periode is veranderd",
    ),
    "an ambition": (
        lambda p: p.edit("data/raw/ambities.toml", 'state = "loopt"', 'state = "klaar"'),
        r"ambities\.toml is veranderd",
    ),
    "what the outlook assumes": (
        lambda p: p.edit("evaluation.toml", "caseload_per_consultant = 80", "caseload_per_consultant = 70"),
        r"evaluation\.toml is veranderd",
    ),
    "what the municipality chose": (
        lambda p: p.edit("evaluation.toml", '"een trede hoger en naar het WSP"', '"naar werk"'),
        "de instelling programme is veranderd",
    ),
    "the municipality": (lambda p: p.edit("evaluation.toml", "Rijswijk", "Elders"), r"evaluation\.toml is veranderd"),
    "what may be shown": (  # of one resident nothing may be public, however much is hidden
        lambda p: p.edit("evaluation.toml", "threshold = 5", "threshold = 6"),
        r"evaluation\.toml is veranderd",
    ),
    "how words are read": (
        lambda p: p.edit("evaluation.toml", "[[periods]]", '[intake.conversations]\nmissing = ["?"]\n\n[[periods]]'),
        "de instelling intake is veranderd",
    ),
    "an own word": (
        lambda p: p.edit("evaluation.toml", "[[periods]]", '[words]\ncaseload = "bij ons"\n\n[[periods]]'),
        r"evaluation\.toml is veranderd",
    ),
    "a notebook": (lambda p: add_cell(p, FIRST), f"{FIRST} is veranderd"),
    "a module beside a notebook": (
        lambda p: (
            (p.root / "notebooks/naast.py").write_text("woord = 1\n"),
            p.edit(f"notebooks/{WHOLE}", *BESIDE),
        ),
        f"{WHOLE} is veranderd",
    ),
    "a package beside a notebook": (
        lambda p: (
            (p.root / "notebooks/naast").mkdir(),
            (p.root / "notebooks/naast/__init__.py").write_text("woord = 1\n"),
            p.edit(f"notebooks/{WHOLE}", *BESIDE),
        ),
        f"{WHOLE} is veranderd",
    ),
    "how a delivery is judged": (
        lambda p: p.edit("code/mp_eval/delivered.py", "LATE = 92", "LATE = 900"),
        r"code mp_eval/delivered\.py is veranderd",
    ),
    "the name of a notebook": (
        lambda p: (p.root / "notebooks" / FIRST).rename(p.root / "notebooks" / f"04{FIRST[2:]}"),
        "is nieuw",
    ),
    "a measure": (
        lambda p: p.edit("code/mp_eval/measures/reach.py", "len(held)", "len(held) + 1"),
        r"code mp_eval/measures/reach\.py is veranderd",
    ),
    "a helper of a table": (
        lambda p: p.edit("code/mp_eval/present/tables.py", "Geleverd en gebruikt", "Geleverd en echt gebruikt"),
        r"code mp_eval/present/tables\.py is veranderd",
    ),
    "a word": (
        lambda p: p.edit("code/mp_eval/present/words/nl.toml", '"dagbesteding"', '"een bezigheid"'),
        r"code mp_eval/present/words/nl\.toml is veranderd",
    ),
    "the style of a page": (
        lambda p: p.edit("code/mp_eval/publish/template/mp-eval/style.css", "body", "main, body"),
        r"style\.css is veranderd",
    ),
    "how a notebook is run": (
        lambda p: p.edit("code/mp_eval/execute/shell.py", "SETTLE = 0.002", "SETTLE = 0.003"),
        r"code mp_eval/execute/shell\.py is veranderd",
    ),
    "a package": (lambda p: package(p.root, "babel", "0.1"), r"pakket babel was [\d.]+ en is 0\.1"),
}  # fmt: skip


UNSEEN = ("the contract", "how words are read", "how a notebook is run", "a package")  # a change that shows nowhere
OF_CODE = ("how a delivery is judged", "a measure", "a helper of a table", "a word", "the style of a page")
OF_CODE += ("how a notebook is run", "a package")
OF_DATA = tuple(kind for kind in CHANGES if kind not in OF_CODE)
SHORT = (*OF_DATA, "a measure", "a package")  # what is of code takes a new process each


@pytest.mark.parametrize("kinds", [SHORT, long([kind for kind in OF_CODE if kind not in SHORT])], ids=len)
def test_a_change_is_planned_and_its_reason_told(
    little: Workspace, with_code: Path, tmp_path: Path, kinds: Sequence[str]
) -> None:
    untold = {}
    for kind in kinds:
        change, reason = CHANGES[kind]
        made = Place(Path(shutil.copytree(with_code if kind in OF_CODE else little.root, tmp_path / kind)))
        change(made)
        if not re.search(reason, planned := made.plan()):
            untold[kind] = planned
    assert untold == {}


@pytest.mark.parametrize(
    "kinds",
    [
        ("a delivered file",),
        long(("a delivered file", "a measure")),
        *(long((kind,)) for kind in CHANGES if kind != "a delivered file"),
    ],
    ids=" and ".join,
)
def test_after_a_change_everything_is_as_from_nothing(request: pytest.FixtureRequest, kinds: Sequence[str]) -> None:
    """A changed delivery runs what is about its days and no other: nothing of an earlier period is told by 2024."""
    made: Place = request.getfixturevalue("made" if set(kinds) <= set(OF_DATA) else "own")
    before = made.output()
    earlier = shutil.copytree(made.root / "output", made.root / "earlier")
    for kind in kinds:
        CHANGES[kind][0](made)
    found = ran(made)
    assert found == {OF_2024, *OF_WHOLE} or kinds != ("a delivered file",)
    incremental = made.output()
    for folder in ("output", ".mp-eval", "data/processed"):
        shutil.rmtree(made.root / folder)
    earlier.rename(made.root / "output")  # what changed since is told on the landing page
    made.run()
    assert made.output() == incremental
    assert (before != incremental) or set(kinds) <= set(UNSEEN)


def test_with_nothing_changed_nothing_is_planned(made: Place) -> None:
    assert made.plan() == "Niets te doen: alles is bij.\n"


def test_a_remark_or_another_layout_in_a_module_is_no_change(own: Place) -> None:
    own.edit("code/mp_eval/measures/reach.py", "len(held)", "(\n        len(held)  # who is held\n    )")
    own.edit("code/mp_eval/stages.py", "import json", "# What stages need\n\nimport json")
    assert own.plan() == "Niets te doen: alles is bij.\n"


def test_times_alone_are_no_change(made: Place) -> None:
    for path in made.root.rglob("*"):
        os.utime(path, (1, 1))
    assert made.plan() == "Niets te doen: alles is bij.\n"


def test_what_a_notebook_showed_when_it_last_ran_is_no_change(made: Place) -> None:
    path = made.root / "notebooks" / FIRST
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    path.write_text(json.dumps(content), encoding="utf-8")
    assert made.plan() == "Niets te doen: alles is bij.\n"


def ran(made: Place) -> set[str]:
    """The pages whose notebooks ran in the run that is now done."""
    stamps = {p: p.stat().st_mtime_ns for p in (made.root / ".mp-eval/built").rglob("*.ipynb")}
    made.run()
    return {
        p.relative_to(made.root / ".mp-eval/built").with_suffix(".html").as_posix()
        for p, before in stamps.items()
        if p.stat().st_mtime_ns != before
    }


def test_a_changed_notebook_runs_and_no_other(made: Place) -> None:
    add_cell(made, WHOLE)
    assert ran(made) == {f"alle-perioden/{WHOLE[3:]}".replace("ipynb", "html")}


@pytest.mark.long
def test_a_changed_delivery_runs_the_later_period_that_begins_with_who_it_brought(made: Place) -> None:
    """The balance of 2024 begins with who was spoken to before: told by the delivery of 2023."""
    change_a_delivery(made, "2023")
    assert ran(made) == {OF_2023, OF_2024, *OF_WHOLE}


def test_a_changed_style_runs_no_notebook(own: Place) -> None:
    own.edit("code/mp_eval/publish/template/mp-eval/style.css", "body", "main, body")
    kinds = {line.partition(" ")[0] for line in own.plan("--alles").splitlines()}
    assert ("pagina" in kinds, "notebook" in kinds) == (True, False)


@pytest.mark.long
def test_a_remark_on_a_figure_runs_what_shows_it_and_no_other(made: Place) -> None:
    """It is on a figure of no period with a page: what is about all periods shows it."""
    made.edit("data/raw/published.csv", "Middelen tot en met december 2025.", "Middelen tot 2026.")
    assert ran(made) == OF_WHOLE


def test_more_at_once_or_more_patience_runs_nothing(made: Place) -> None:
    made.edit("evaluation.toml", "cell_seconds = 120", "cell_seconds = 240")
    assert made.plan() == "Niets te doen: alles is bij.\n"


@pytest.mark.long
def test_a_damaged_result_is_made_again(made: Place) -> None:
    before = made.output()
    (made.root / "data/processed/evaluation/measures.parquet").write_bytes(b"PAR1")
    (made.root / ".mp-eval/built" / OF_2024).unlink()
    (made.root / "output" / OF_2023).write_text("")
    made.run()
    assert made.output() == before


def test_a_lost_memory_costs_time_and_nothing_else(made: Place) -> None:
    (made.root / ".mp-eval/digests.json").write_text("{")
    assert made.plan() == "Niets te doen: alles is bij.\n"
