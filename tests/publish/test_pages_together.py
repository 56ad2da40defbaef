"""Pages that are made together: each is told of for itself, whatever becomes of the others and of their process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mp_eval.execute.forks import Died
from mp_eval.publish import release
from mp_eval.publish.leaves import Leaf
from mp_eval.steps import Refused

Become = Callable[[str], Any]  # what becomes of a page, by its name; what it raises ends the process


@dataclass
class Pool:
    """Makes pages at once and here, and remembers how many in each process."""

    become: Become
    at_once: int
    engine: str = "fork"
    sizes: list[int] = field(default_factory=list)

    def prepare(self, fn: Any, *arguments: Any) -> None:
        """Nothing is read here."""

    def submit(self, fn: Any, module: str, name: str, workspace: Any, jobs: list[Any], hrefs: list[str]) -> Future[Any]:
        assert name == "make_pages"
        self.sizes.append(len(jobs))
        future: Future[Any] = Future()
        try:
            future.set_result([self.become(result.stem) for result, _, _ in jobs])
        except Exception as error:
            future.set_exception(error)
        return future


@dataclass
class Due:
    """A page that has to be made; a disk may be full when it is noted that it was."""

    result: Path
    fault: OSError | None = None
    is_done: bool = False

    def reason(self, digests: object) -> str:
        return "is nog niet gemaakt"

    def done(self, *also: Path) -> None:
        if self.fault:
            raise self.fault
        self.is_done = True


@dataclass
class Made:
    report: release.Report
    sizes: list[int]
    expected: int
    told: list[str]
    done: list[str]


@dataclass
class Pages:
    folder: Path
    count: int
    at_once: int = 2
    full_at: str = ""
    made: Made | None = None

    def make(self, become: Become) -> Made:
        built = self.folder / release.BUILT
        steps: list[Any] = [
            Due(built / f"p{n}.html", OSError(28, "vol") if f"p{n}" == self.full_at else None)
            for n in range(self.count)
        ]
        leaves = [Leaf(self.folder / f"{n}.ipynb", "2024", {}) for n in range(self.count)]
        notebook: Any = SimpleNamespace(reason=lambda digests: "", result=self.folder / "x.ipynb")
        makings: dict[Any, Any] = {
            leaf.notebook: release.Making(leaf, notebook, step) for leaf, step in zip(leaves, steps, strict=True)
        }
        site: Any = SimpleNamespace(
            workspace=SimpleNamespace(scratch=self.folder),
            digests=None,
            wanted=leaves,
            files=[],
            making=lambda leaf: makings[leaf.notebook],
        )
        pool: Any = Pool(become, self.at_once)
        counted: list[int] = []
        told: list[str] = []
        progress: Any = SimpleNamespace(expect=counted.append, done=told.append)
        report = release.Report()
        self.made = Made(report, pool.sizes, 0, told, [])
        try:
            assert release._Work(site, report, pool, progress).do(leaves, ["2024"], has_data=True)
        finally:
            self.made.expected = sum(counted)
            self.made.done = [step.result.stem for step in steps if step.is_done]
        return self.made


def test_a_page_that_is_refused_takes_no_other_with_it(tmp_path: Path) -> None:
    made = Pages(tmp_path, 4, at_once=1).make(lambda page: Refused("een reden") if page == "p1" else [])
    assert made.sizes == [4]
    assert made.done == ["p0", "p2", "p3"]
    assert made.report.made == ["p0.html", "p2.html", "p3.html"]
    assert made.report.failures == ["p1.html: niet gepubliceerd: een reden"]
    assert (made.expected, sorted(made.told)) == (4, ["p0.html", "p1.html", "p2.html", "p3.html"])


def test_a_refusal_of_many_lines_is_one_failure(tmp_path: Path) -> None:
    lines = ["cel 2 schreef naar stderr: geen letter", *["geen letter"] * 90, *map(str, range(9))]
    made = Pages(tmp_path, 4, at_once=1).make(lambda page: Refused("\n".join(lines)) if page == "p1" else [])
    (failure,) = made.report.failures
    assert failure.splitlines() == [
        "p1.html: niet gepubliceerd: cel 2 schreef naar stderr: geen letter",
        "    geen letter",
        "    0",
        "    1",
        "    2",
        "    en nog 6 regels",
    ]


def test_a_refusal_without_a_word_is_still_a_failure(tmp_path: Path) -> None:
    made = Pages(tmp_path, 4, at_once=1).make(lambda page: Refused("") if page == "p1" else [])
    assert made.report.failures == ["p1.html: niet gepubliceerd: zonder reden"]


def test_of_a_process_that_dies_each_page_gets_one_of_its_own(tmp_path: Path) -> None:
    def become(page: str) -> list[Path]:
        if page == "p2":
            raise Died(-9)
        return []

    made = Pages(tmp_path, 4, at_once=1).make(become)
    assert made.sizes == [4, 1, 1, 1, 1]
    assert made.done == ["p0", "p1", "p3"]
    assert [line.split(":")[0] for line in made.report.failures] == ["p2.html"]
    assert (made.expected, sorted(made.told)) == (4, ["p0.html", "p1.html", "p2.html", "p3.html"])


def test_when_all_processes_are_gone_nothing_is_tried_again(tmp_path: Path) -> None:
    def become(page: str) -> None:
        raise BrokenExecutor("gestopt")

    made = Pages(tmp_path, 3, at_once=1).make(become)
    assert (made.sizes, made.done, len(made.report.failures)) == ([3], [], 3)


@pytest.mark.parametrize(
    ("count", "at_once", "sizes"),
    [(9, 1, [8, 1]), (4, 2, [2, 2]), (4, 4, [1, 1, 1, 1]), (3, 8, [1, 1, 1]), (1, 2, [1])],
)
def test_pages_are_shared_among_the_processes_that_there_are(
    tmp_path: Path, count: int, at_once: int, sizes: list[int]
) -> None:
    made = Pages(tmp_path, count, at_once).make(lambda page: [])
    assert made.sizes == sizes
    assert len(made.done) == made.expected == count


def test_a_full_disk_is_told_after_the_others_of_the_process_were_noted(tmp_path: Path) -> None:
    pages = Pages(tmp_path, 4, at_once=1, full_at="p0")
    with pytest.raises(OSError, match="vol"):
        pages.make(lambda page: [])
    assert pages.made is not None
    assert pages.made.done == ["p1", "p2", "p3"]
