"""What many tests begin with: workspaces to spoil, releases to look at, cells to run."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import edges
import elsewhere
import pytest
from commands import mp_eval
from delivering import SETTINGS, SOURCE, Take
from hypothesis import HealthCheck, settings
from runs import Run, notebook

from mp_eval import evaluation as evaluations
from mp_eval import lock, tidy
from mp_eval import workspace as places
from mp_eval.evaluate import evaluate
from mp_eval.evaluation import Evaluation
from mp_eval.execute.local import Local
from mp_eval.execute.notebook import Failure, Job, Limits, execute, verdict
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.intake.clean import Taken
from mp_eval.intake.contract import Contract
from mp_eval.workspace import Municipality, Settings, Workspace

Once = Callable[[str, Callable[[Path], object]], Path]

STAGES = (("papermill", "mp_eval.execute.engine", "mp_eval.execute.shell:warm"),)
ROOT = Path(__file__).resolve().parent.parent
# A busy machine is no fault of an example. In CI nothing is remembered, so that a seed alone says what was drawn.
SHORT = 25
for profile, examples in {"short": SHORT, "long": 100}.items():
    settings.register_profile(
        profile,
        deadline=None,
        max_examples=examples,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
        **({"database": None} if os.environ.get("CI") else {}),
    )
settings.load_profile("short")  # `make test-long` names the other
WAITING, QUICK = "tests/execute", ("mp_eval", "tests/measures", "tests/present")
CHAPTER, OVERVIEW = "03-geactiveerd.ipynb", "10-perioden-naast-elkaar.ipynb"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First what waits for the clock, beside which `run_all.py` has something to do; last the files that are quick.

    With a long file last, one worker would be at it while the other has nothing left.
    """
    items.sort(key=lambda item: item.nodeid.startswith(QUICK) - item.nodeid.startswith(WAITING))


@pytest.fixture(scope="session")
def copy_workspace() -> Callable[[Path], Workspace]:
    """Copies evaluation.toml and data/raw to a folder, and opens it as a workspace."""

    def copy(folder: Path) -> Workspace:
        shutil.copy(ROOT / places.SETTINGS_FILE, folder)
        shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
        return places.find(folder)

    return copy


@pytest.fixture
def workspace(tmp_path: Path, copy_workspace: Callable[[Path], Workspace]) -> Workspace:
    return copy_workspace(tmp_path)


@pytest.fixture
def contract(workspace: Workspace) -> Contract:
    return contracts.read(workspace)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes a folder once in a session, whichever worker asks first; the others wait for it. None changes it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name: str, make: Callable[[Path], object]) -> Path:
        folder, made = shared / name, shared / f"{name}.made"
        with lock.turn(Workspace(shared / f"{name}.turn", Settings(Municipality(name)))):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed
                folder.mkdir()
                make(folder)
                made.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def evaluated(once: Once, copy_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace of which the deliveries are measured and protected, without a page. Tests copy it."""
    return places.find(once("evaluated", lambda folder: evaluate(copy_workspace(folder))))


@pytest.fixture(scope="session")
def committed(evaluated: Workspace) -> Evaluation:
    """The evaluation of the committed deliveries."""
    return evaluations.load(evaluated)


@pytest.fixture(scope="session")
def speaking(once: Once) -> Evaluation:
    """The evaluation of a municipality in which conversations make a difference, and which may say so."""
    root = once("speaking", lambda folder: evaluate(elsewhere.municipality(folder, ratio=2.5)))
    return evaluations.load(places.find(root))


@pytest.fixture(scope="session")
def released(once: Once, evaluated: Workspace) -> Workspace:
    """A workspace of which every page has been made, by the command. Tests look at it; none changes it."""

    def make(folder: Path) -> None:
        run_whole(shutil.copytree(evaluated.root, folder, dirs_exist_ok=True))

    return places.find(once("released", make))


@pytest.fixture(scope="session")
def public(once: Once, evaluated: Workspace) -> Workspace:
    """As `released`, for everybody. Tests look at it; none changes it."""

    def make(folder: Path) -> None:
        settings = Path(shutil.copytree(evaluated.root, folder, dirs_exist_ok=True)) / places.SETTINGS_FILE
        text = settings.read_text(encoding="utf-8").replace("internal = true", "internal = false")
        settings.write_text(text, encoding="utf-8")
        run_whole(folder)

    return places.find(once("public", make))


@pytest.fixture(scope="session")
def little(once: Once) -> Workspace:
    """As `released`, of one resident and two notebooks: for what asks how a release is made, not what is in it."""

    def make(folder: Path) -> None:
        edges.little(folder)
        two_notebooks(folder)
        run_whole(folder)

    return places.find(once("little", make))


def dear(few: int) -> int:
    """How many made-up examples of what takes long: few in a short run, as many as of the others in a long one."""
    most = settings.default.max_examples
    return most if most > SHORT else few


def each(nth: int) -> int:
    """Of many cases in a row how far the next one is: a short run looks at each so many-th, a long one at all."""
    return 1 if settings.default.max_examples > SHORT else nth


def long(*values: object) -> object:
    """A case of a test that takes minutes with all others of its kind: only in `make test-long`."""
    return pytest.param(*values, marks=pytest.mark.long)


def run_whole(root: Path) -> None:
    """Run the workspace by the command, which must succeed."""
    done = mp_eval("run", workspace=root)
    assert done.returncode == 0, done.stderr


def two_notebooks(root: Path) -> Path:
    """Give the workspace notebooks of its own, one about a period and one about all alone; returns their folder."""
    folder = root / "notebooks"
    folder.mkdir(exist_ok=True)
    settings = root / places.SETTINGS_FILE
    text = settings.read_text(encoding="utf-8").replace("\nchapters = []\n", "\n")
    before, head, after = text.partition("[run]\n")
    settings.write_text(f"{before}{head or chr(10) + '[run]' + chr(10)}chapters = []\n{after}", encoding="utf-8")
    for name in (CHAPTER, OVERVIEW):
        shutil.copy(ROOT / "notebooks" / name, folder)
    return folder


@pytest.fixture
def made_up_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measures whose tables can have any shape, beside the real ones: two or three sides, and districts in regions."""
    sides = ("a", "b", "c", "a>b", "a>c", "b>c", "a>b>c")
    crossed = tidy.Measure("events", "events", dict.fromkeys(sides, "parts"))
    nested = tidy.Measure("events", "events", dict.fromkeys(("region", "district", "region>district"), "parts"))
    monkeypatch.setattr(tidy, "MEASURES", {**tidy.MEASURES, "crossed": crossed, "nested": nested})


def files(folder: Path) -> dict[str, str]:
    """Every file in the folder and below, with the digest of its bytes."""
    found = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


@pytest.fixture(scope="session")
def pools() -> Iterator[dict[str, Local]]:
    os.environ.pop("PYTEST_CURRENT_TEST")  # a kernel that sees it does not listen to its own stdout
    found = {engine: Local(at_once=2, stages=STAGES, engine=engine) for engine in ("fork", "kernel")}
    for pool in found.values():  # every process now: one that starts in a test would see that name again
        for begun in [pool.submit(os.getpid) for _ in range(2)]:
            begun.result()
    yield found
    for pool in found.values():
        pool.shutdown(cancel_futures=True)


@pytest.fixture(params=["fork", pytest.param("kernel", marks=pytest.mark.long)])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def run(tmp_path: Path, pools: dict[str, Local], engine: str) -> Run:
    """Runs code cells as a notebook, to `built.ipynb`, and judges what became of it."""

    def run(
        *sources: str, cell: int = 60, whole: int = 120, memory: int = 0, tags: Any = None, **parameters: object
    ) -> Failure | None:
        path = notebook(tmp_path / "01-proef.ipynb", *sources, tags=tags)
        target = tmp_path / "built" / "built.ipynb"
        job = Job(path, parameters, target, Limits(cell, whole, memory), tmp_path, engine=engine)
        future = pools[engine].submit(execute, job)
        return verdict(job, future.exception())

    return run


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Takes in a delivery of these files alone, with these settings; `holding` a table that no file is called by."""

    def take_in(files: dict[str, str | bytes], settings: str = "", holding: str = "") -> Taken:
        (tmp_path / places.SETTINGS_FILE).write_text(SETTINGS + settings, encoding="utf-8")
        folder = tmp_path / "data" / "raw" / "2024"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        names = " ".join([*files, holding])
        absent = [t for t in ("inwoners", "gesprekken", "activiteiten", "trajecten") if t not in names.casefold()]
        (folder / "source.toml").write_text(SOURCE.format(str(absent).replace("'", '"')), encoding="utf-8")
        where = places.find(tmp_path)
        return clean.take_in(where, contracts.read(where), where.period("2024"))

    return take_in
