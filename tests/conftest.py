"""A workspace that a test may spoil: a copy of the settings and the deliveries."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from runs import Run, notebook

from mp_eval import tidy
from mp_eval import workspace as places
from mp_eval.execute.local import Local
from mp_eval.execute.notebook import Failure, Job, Limits, execute, verdict
from mp_eval.intake import contract as contracts
from mp_eval.intake.contract import Contract
from mp_eval.workspace import Workspace

STAGES = (("papermill", "mp_eval.execute.engine", "mp_eval.execute.shell:warm"),)
ROOT = Path(__file__).resolve().parent.parent
# A busy machine is no fault of an example. In CI nothing is remembered, so that a seed alone says what was drawn.
settings.register_profile(
    "mp-eval",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    **({"database": None} if os.environ.get("CI") else {}),
)
settings.load_profile("mp-eval")
CHAPTER, OVERVIEW = "03-geactiveerd.ipynb", "10-perioden-naast-elkaar.ipynb"


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
def released(tmp_path_factory: pytest.TempPathFactory, copy_workspace: Callable[[Path], Workspace]) -> Workspace:
    """A workspace of which every page has been made, by the command. Tests look at it; none changes it."""
    workspace = copy_workspace(tmp_path_factory.mktemp("release"))
    done = mp_eval("run", workspace=workspace.root)
    assert done.returncode == 0, done.stderr
    return workspace


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, copy_workspace: Callable[[Path], Workspace]) -> Workspace:
    """As `released`, of two notebooks: enough for what asks how a release is made, not what is in it."""
    workspace = copy_workspace(tmp_path_factory.mktemp("small"))
    two_notebooks(workspace.root)
    done = mp_eval("run", workspace=workspace.root)
    assert done.returncode == 0, done.stderr
    return workspace


def two_notebooks(root: Path) -> Path:
    """Give the workspace notebooks of its own, one about a period and one about all; returns their folder."""
    folder = root / "notebooks"
    folder.mkdir(exist_ok=True)
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


def mp_eval(*words: str, workspace: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, in the workspace."""
    return subprocess.run(
        [sys.executable, "-m", "mp_eval.cli", *words],
        cwd=workspace,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


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


@pytest.fixture(params=["fork", "kernel"])
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
