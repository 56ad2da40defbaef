"""Notebooks by hand, and both ways to run them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from runs import Run, notebook

from mp_eval.execute.local import Local
from mp_eval.execute.notebook import Failure, Job, Limits, execute, verdict

STAGES = (("papermill", "mp_eval.execute.engine", "mp_eval.execute.shell:warm"),)


@pytest.fixture(scope="session")
def pools() -> Iterator[dict[str, Local]]:
    os.environ.pop("PYTEST_CURRENT_TEST")  # a kernel that sees it does not listen to its own stdout
    found = {engine: Local(at_once=2, stages=STAGES, engine=engine) for engine in ("fork", "kernel")}
    for pool in found.values():
        pool.submit(os.getpid).result()
    yield found
    for pool in found.values():
        pool.shutdown(cancel_futures=True)


@pytest.fixture(params=["fork", "kernel"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def run(tmp_path: Path, pools: dict[str, Local], engine: str) -> Run:
    """Runs code cells as a notebook, to `built.ipynb`, and judges what became of it."""

    def run(*sources: str, cell: int = 60, whole: int = 120, memory: int = 0, **parameters: object) -> Failure | None:
        path = notebook(tmp_path / "01-proef.ipynb", *sources)
        target = tmp_path / "built" / "built.ipynb"
        job = Job(path, parameters, target, Limits(cell, whole, memory), tmp_path, engine=engine)
        future = pools[engine].submit(execute, job)
        return verdict(job, future.exception())

    return run
