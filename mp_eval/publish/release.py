"""A release: every page and data file, built in steps, and put in its place in one move when all of it is whole.

What could not be made keeps the release that was there as it is; what was made is kept for the next run. Nothing
heavy is imported here: the work is done in other processes, and when there is none, a run ends at once.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Protocol

from .. import __version__, delivered, evaluate, ledger, lock
from ..digests import Digests, of
from ..execute.calls import call
from ..execute.forks import Died
from ..execute.notebook import Job, Limits, execute, verdict
from ..faults import Fault, Reason, refused
from ..periods import WHOLE
from ..released import MANIFEST, manifest
from ..steps import Refused, Step, write
from ..workspace import Run, Workspace
from . import place, rule, signed, versions, warmed
from .leaves import Leaf, workbook_of

BUILT, FAILED = "built", "mislukt"
REFUSED = "geweigerd.json"  # the release that the last gate kept back, and why
CANNOT = "uitgave: kan niet worden gemaakt: "
DATA = "metingen.csv"
PICTURES = (".svg", ".png")
OUTCOME = "de uitkomst"
SHOWN = 5  # lines of a refusal
TOGETHER = 8  # pages that one process makes: the first takes it twice as long as each that follows
RUNNING = ("mp_eval.execute.shell", "mp_eval.execute.engine", "mp_eval.execute.notebook")
BUILD, INSPECTION, DIFFERENCES = (f"mp_eval.publish.{name}" for name in ("build", "inspection", "differences"))
EVALUATION = "mp_eval.evaluation"
# What a fork finds imported, stage by stage: the evaluation begins after the first of these, notebooks after the next.
STEPS = ("mp_eval.stages", "mp_eval.present.inventory")
TO_EVALUATE = (("pandas", "pyarrow.dataset", "pyarrow.parquet", *STEPS, *warmed.EVALUATION),)
TO_RUN = (
    # In small pieces: between two of them the evaluation's calls are served. Whatever these bring in comes again below.
    ("jupyter_client", "nbclient.client", "nbformat.validator", "requests", "papermill.iorw", "papermill.execute"),
    ("papermill", "mp_eval.execute.engine", "mp_eval.execute.shell", "mp_eval.execute.shell:warm"),
    ("matplotlib.colors", "matplotlib.backend_bases", "matplotlib.image"),
    (
        "mp_eval.present.tables",
        "mp_eval.present.figures",
        "mp_eval.present.drawing.paint:warm",
        "mp_eval.present.chapters:warm",
    ),
    warmed.NOTEBOOKS,
)
TO_PUBLISH = (
    ("bs4", "bleach", "nbconvert.filters", "nbconvert.exporters.html"),
    ("mp_eval.publish.build", "mp_eval.publish.build:warm", "mp_eval.publish.frame:warm"),
    ("mp_eval.publish.datafiles", "mp_eval.publish.workbook", "mp_eval.publish.inspection"),
    warmed.PAGES,
)
STAGES = (*TO_EVALUATE, *TO_RUN, *TO_PUBLISH)
EVALUABLE, RUNNABLE = len(TO_EVALUATE), len(TO_EVALUATE) + len(TO_RUN)


class Pool(Protocol):
    """Where work is done: an executor, as `mp_eval.execute.local.Local` or `mp_eval.execute.cluster.Cluster`."""

    engine: str

    @property
    def at_once(self) -> int: ...
    def warm(self) -> object: ...
    def prepare(self, fn: Any, /, *args: Any) -> None: ...
    def submit(self, fn: Any, /, *args: Any) -> Future[Any]: ...
    def after(self, stages: int, fn: Any, /, *args: Any) -> Future[Any]: ...
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...


class Progress:
    """What a run tells while it goes on; this one keeps silent."""

    def say(self, text: str) -> None:
        """A line about a delivery that was read."""

    def expect(self, count: int) -> None:
        """So many pieces of work are to come."""

    def done(self, name: str) -> None:
        """One of them has ended."""


@dataclass
class Report:
    """What a run made and what it could not make, in words.

    Attributes
    ----------
    faulty, faults
        What is wrong with the delivery of each period, and with what all periods share.
    awaited
        The periods that the release is made without (see `evaluate.Outcome`), and what is wrong with their deliveries.
    made
        The pages that were made.
    left
        The pages that are not as they should be.
    apart
        Files of somebody else in `output` that did not go with an internal release into a public one.
    unsigned
        The own notebooks that a public release is made without, with the mark to sign for each.
    is_half_placed
        Whether files of two releases stand beside each other in `output`, until the next start.
    is_placed
        Whether there is a new release; without one and without anything left, there was nothing to do.
    seen
        When there was nothing to do: the state of every file that told so.
    """

    faulty: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    awaited: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    made: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    unsigned: Mapping[str, str] = field(default_factory=dict)
    is_half_placed: bool = False
    is_placed: bool = False
    seen: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not (self.faulty or self.faults or self.failures or self.left)

    @property
    def refused(self) -> dict[str, tuple[Fault, ...]]:
        """Of the periods that are awaited, those of which something was delivered: with faults."""
        nothing = Reason.NO_DELIVERY
        return {p: faults for p, faults in self.awaited.items() if any(f.reason is not nothing for f in faults)}


@dataclass(frozen=True, eq=False)
class Making:
    """A page in the making: the step that runs its notebook, and the one that makes a page of what came out."""

    leaf: Leaf
    notebook: Step
    page: Step

    @property
    def has_other_figures(self) -> bool:
        """Whether the notebook ran before and what it tells of is different now."""
        before = self.notebook.kept.get("inputs", {}).get(OUTCOME)
        return before is not None and before != self.notebook.inputs[OUTCOME]


@dataclass(frozen=True, eq=False)
class FileMaking:
    """Files in the making that are no page: the step, the function of `build` that does it, and on what."""

    period: str  # '' for all periods
    step: Step
    work: str
    arguments: tuple[object, ...] = ()


class Site:
    """All pages that there should be, as steps. What depends on the evaluation is known once that is up to date.

    `without` are periods whose deliveries have faults.
    """

    def __init__(
        self, workspace: Workspace, digests: Digests, wanted: Sequence[Leaf], *, without: Container[str] = ()
    ) -> None:
        self.workspace, self.digests = workspace, digests
        self.unsigned = signed.unsigned(workspace, digests, [leaf.notebook for leaf in wanted])
        self.wanted = [x for x in wanted if x.period not in workspace.awaited and x.notebook.name not in self.unsigned]
        self._evaluated = [task.step for task in evaluate.tasks(workspace, digests, without=without)]
        self.waiting = [step for step in self._evaluated if step.reason(digests)]
        self.parts = {} if self.waiting else evaluate.parts(workspace)
        self._periods = [p for p in workspace.periods if p.id not in without]
        self._makings: dict[str, Making] = {}

    @cached_property
    def around(self) -> dict[str, str]:
        """What every page depends on besides its own outcome: where it links to, and who must not be named."""
        with_records = [p for p in self._periods if self.workspace.has_records(p)]
        told = {} if self.waiting else {p.id: delivered.read(self.workspace, p) for p in with_records}
        people = {f"de inwoners van {p}": t.people for p, t in told.items()}
        return {
            **people,
            "de lijst van pagina's": of([x.href for x in self.wanted]),
            "de perioden": of([(p.id, p.iso) for p in self.workspace.periods]),
        }

    def making(self, leaf: Leaf) -> Making:
        """The two steps of a page, as things were when it was first asked or `look_again` was called."""
        if leaf.href not in self._makings:
            self._makings[leaf.href] = self._making(leaf)
        return self._makings[leaf.href]

    def look_again(self) -> None:
        """Something has been made: digest it anew."""
        self._makings.clear()
        self.digests.forget()

    def _making(self, leaf: Leaf) -> Making:
        built = self.workspace.scratch / BUILT / leaf.href
        part = {OUTCOME: self.parts.get(leaf.period, "")}
        inputs = {
            leaf.notebook.name: self.digests.notebook(leaf.notebook),
            **{f"parameter {k}": repr(v) for k, v in leaf.parameters.items()},
            **part,
            **self.digests.code(leaf.notebook, *RUNNING, without=evaluate.SEPARATE),
        }
        before = tuple(step.name for step in self.waiting)
        notebook = Step(f"notebook {leaf.href}", built.with_suffix(".ipynb"), inputs, before)
        after = before or ((notebook.name,) if notebook.reason(self.digests) else ())
        shown = {
            "het uitgevoerde notebook": self.digests.file(notebook.result),
            "de naam van het notebook": leaf.notebook.name,
            **part,
            **self.around,
            **self._code,
        }
        return Making(leaf, notebook, Step(f"pagina {leaf.href}", built, {} if after else shown, after))

    @cached_property
    def files(self) -> list[FileMaking]:
        """The steps that make the data files and the workbooks."""
        before, built = tuple(step.name for step in self.waiting), self.workspace.scratch / BUILT

        def step(name: str, target: str, period: str) -> Step:
            return Step(name, built / target, {OUTCOME: self.parts.get(period, ""), **self._code}, before)

        periods = dict.fromkeys(leaf.period for leaf in self.wanted)
        return [
            FileMaking("", step("gegevens", DATA, ""), "data"),
            *(FileMaking(p, step(f"werkboek {p or WHOLE}", workbook_of(p), p), "workbook", (p,)) for p in periods),
        ]

    def steps(self) -> Iterator[Step]:
        """Every step of the release in order."""
        yield from self.waiting
        for leaf in self.wanted:
            making = self.making(leaf)
            yield from (making.notebook, making.page)
        yield from (making.step for making in self.files)

    @property
    def made_of(self) -> str:
        """The digest of all that the release is put together from."""
        pages = [self.making(leaf).page.result for leaf in self.wanted]
        cards = [[self.digests.file(p), self.digests.file(p.with_suffix(".json"))] for p in pages]
        files = [self.digests.file(path) for path in self.made_files]
        awaited = [(p.iso, is_empty) for p, is_empty in delivered.awaited(self.workspace)]
        return of([self.parts.get("", ""), cards, files, self._code, self.around, awaited])

    @property
    def inspected_by(self) -> str:
        """The digest of all that decides what the last gate looks for: tables, settings, the place, the code."""
        tables = [[step.name, dict(step.kept["results"])] for step in self._evaluated]
        settings = replace(self.workspace.settings, run=Run())
        return of([tables, repr(settings), str(self.workspace.root), self._code])

    @property
    def pictures(self) -> list[Path]:
        """What the steps of the pages made beside them for readers: their figures."""
        steps = [self.making(leaf).page for leaf in self.wanted]
        names = [(step, name) for step in steps for name in step.kept.get("results", {})]
        return [step.result.with_name(name) for step, name in names if name.endswith(PICTURES)]

    @property
    def made_files(self) -> list[Path]:
        """What the steps of the data files and the workbooks made."""
        steps = [making.step for making in self.files]
        return [step.result.with_name(name) for step in steps for name in step.kept.get("results", {})]

    def is_placed(self) -> bool:
        """Whether what is in `output` is what these pages and data files make, byte for byte."""
        said = manifest(self.workspace.output)
        files = said.get("files", {})
        output = self.workspace.output
        is_same = said.get("made_of") == self.made_of and said.get("protected_with") == self.others(said["release"])
        return is_same and all(self.digests.file(output / name) == digest for name, digest in files.items())

    @property
    def refusal(self) -> str:
        """Why the last gate kept back a release of exactly this; '' when it did not."""
        try:
            said = json.loads((self.workspace.scratch / REFUSED).read_text(encoding="utf-8"))
            return str(said["why"]) if said["of"] == self._whole else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def refuse(self, why: str) -> None:
        """Keep why the last gate kept this back: another run would find the same."""
        write(self.workspace.scratch / REFUSED, json.dumps({"of": self._whole, "why": why}) + "\n")

    @property
    def _whole(self) -> str:
        """The digest of all that a release is made of and looked through by."""
        return of([self.made_of, self.inspected_by, self.before])

    @property
    def before(self) -> list[str]:
        """The public releases that this one is protected together with, by name.

        Each once: how often records changed that a release does not tell of, is not told.
        """
        if self.workspace.settings.disclosure.internal:
            return []
        known = ledger.before(self.workspace, evaluate.protected_of(self._evaluated[-1]))
        return list(dict.fromkeys(str(entry.said["release"]) for entry in known))

    def others(self, release: str) -> list[str]:
        """Of `before` those that are another release than this one: what each of them tells is public."""
        return [name for name in self.before if name != release]

    def enter(self, release: str) -> Path | None:
        """Let the ledger have what this release tells; the folder there, or None when it has that already.

        Of an internal release it has nothing.
        """
        workspace, protect = self.workspace, self._evaluated[-1]
        if workspace.settings.disclosure.internal:
            return None
        days = {p.id: (p,) for p in workspace.periods} | {WHOLE: workspace.whole}
        known = {p: delivered.read(workspace, p) for p in workspace.periods if workspace.has_records(p)}
        said = {
            "release": release,
            "delivered": {p.id: dict(told.files) for p, told in known.items()},
            "until": max((told.source.extracted.isoformat() for told in known.values()), default=""),
            "rule": rule.of(workspace.settings.disclosure),
            "made_of": evaluate.protected_of(protect),
            "days": {key: [[p.start.isoformat(), p.end.isoformat()] for p in pieces] for key, pieces in days.items()},
        }
        tables = [protect.result.with_name(name) for name in (ledger.TRUE, ledger.SHOWN)]
        return ledger.enter(workspace, said, *tables)

    @property
    def seen(self) -> dict[str, list[int]]:
        """The state of every file that told that there is nothing to do: also of the records, and of the manifest."""
        records = [step.record for step in (*self._evaluated, *self.steps())]
        for path in (*records, self.workspace.output / MANIFEST):
            self.digests.file(path)
        return self.digests.seen

    @cached_property
    def _code(self) -> dict[str, str]:
        return _code(self.digests)


def _code(digests: Digests) -> dict[str, str]:
    """All code and every version that a page or a file is made by, or tells of."""
    told = {"de versie": versions.library(), **{f"pakket {k}": v for k, v in versions.packages()}}
    return {**digests.code(BUILD, INSPECTION, without=evaluate.SEPARATE), **told}


def _look_ahead(digests: Digests, wanted: Sequence[Leaf]) -> None:
    """Digest the code of pages and notebooks already, while the warm process has its imports to do."""
    _code(digests)
    for leaf in wanted:
        digests.code(leaf.notebook, *RUNNING, without=evaluate.SEPARATE)


def plan(workspace: Workspace, digests: Digests, wanted: Sequence[Leaf]) -> list[str]:
    """What a run would do and why, a sentence each; empty when everything is as it should be."""
    try:
        place.check(workspace)
        rule.check(workspace)
    except Refused as error:
        return [f"{CANNOT}{error}"]
    site = Site(workspace.without(evaluate.not_delivered(workspace)), digests, wanted)
    found = [f"{step.name}: {reason}" for step in site.steps() if (reason := step.reason(digests))]
    if not found and (refusal := site.refusal):
        return [f"{CANNOT}{refusal}"]
    if found or not site.is_placed():
        why = "er is werk voor" if found else "output is niet wat er gemaakt is"
        found.append(f"uitgave: {why}")
    return found + [f"{name}: niet in de openbare uitgave, want niemand tekende ervoor" for name in site.unsigned]


def run(
    workspace: Workspace,
    wanted: Sequence[Leaf],
    chosen: Sequence[str],
    *,
    pool: Pool,
    progress: Progress | None = None,
) -> Report:
    """Bring everything up to date and place a release of all pages `wanted`.

    Only notebooks of the periods `chosen`, and those about all periods, are run; and of another period those whose
    figures are no longer what they were, for a delivery may tell of days of an earlier period too.

    Raises
    ------
    lock.Busy
        When another run is at work in this workspace.
    """
    report = Report()
    with lock.hold(workspace):
        digests = evaluate.memory_of(workspace)
        try:
            place.settle(workspace)
            place.check(workspace)
            rule.check(workspace)
            given = (*workspace.raw.rglob("*"), *workspace.notebooks.glob("*.ipynb"))
            if not manifest(workspace.output) or digests.is_another(given):
                pool.warm()  # while it is found out what there is to do
                _look_ahead(digests, wanted)
            _run(workspace, digests, wanted, chosen, report, pool, progress or Progress())
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)  # before what they were writing is cleared
            raise
        except Refused as error:
            report.failures.append(str(error))
        except OSError as error:
            report.failures.append(_told(error))
        except (BrokenExecutor, CancelledError, Died) as error:
            why = "een rekenproces is gestopt, misschien door gebrek aan geheugen" if isinstance(error, Died) else error
            report.failures.append(f"De run is afgebroken: {why}. Start opnieuw; wat klaar is, blijft klaar.")
        finally:
            digests.save()
        report.is_half_placed = place.is_half_done(workspace)
    return report


def _run(
    workspace: Workspace,
    digests: Digests,
    wanted: Sequence[Leaf],
    chosen: Sequence[str],
    report: Report,
    pool: Pool,
    progress: Progress,
) -> None:
    outcome = evaluate.bring_up_to_date(
        workspace, digests, submit=partial(pool.after, EVALUABLE), progress=progress.say
    )
    report.faulty, report.awaited, report.faults = dict(outcome.faulty), dict(outcome.awaited), outcome.faults
    if outcome.faults:
        report.left = [leaf.href for leaf in wanted]
        return
    workspace = workspace.without(outcome.awaited)
    site = Site(workspace, digests, wanted, without=outcome.faulty)
    report.unsigned = site.unsigned
    if site.waiting:
        report.failures.append("De invoer is veranderd terwijl hij werd gelezen. Start opnieuw.")
        report.left = [leaf.href for leaf in wanted]
        return
    possible = [x for x in site.wanted if (x.period not in outcome.faulty if x.period else not outcome.faulty)]
    was_anything_done = _Work(site, report, pool, progress).do(possible, chosen, has_data=not outcome.faulty)
    if was_anything_done or outcome.faulty:
        digests.forget()
        site = Site(workspace, digests, wanted)
    makings = [site.making(leaf) for leaf in site.wanted]
    report.left = [m.leaf.href for m in makings if m.notebook.reason(digests) or m.page.reason(digests)]
    if not report.left:
        report.left = [making.step.result.name for making in site.files if making.step.reason(digests)]
    if report.is_whole and site.is_placed():
        site.enter(manifest(workspace.output)["release"])  # what it tells holds of other records too
        report.seen = {} if report.awaited or report.unsigned else site.seen  # what is waited for is told each time
    elif report.is_whole:
        _place(site, report, pool)


class _Work:
    """The notebooks that have to run and the pages that have to be made: some in a process, when no process is idle."""

    def __init__(self, site: Site, report: Report, pool: Pool, progress: Progress) -> None:
        self._site, self._report, self._idle_pool, self._progress = site, report, pool, progress
        self._running: dict[Future[Any], Callable[[Future[Any]], None]] = {}
        self._ready: list[Making] = []  # whose pages can be made

    @cached_property
    def _pool(self) -> Pool:
        """Where the work is done: before the first of it, the evaluation is read once for all that needs it."""
        self._idle_pool.prepare(call, EVALUATION, "hold", self._site.workspace)
        return self._idle_pool

    def do(self, leaves: Sequence[Leaf], chosen: Sequence[str], *, has_data: bool) -> bool:
        """Do all that has to be done; whether there was anything."""
        for leaf in leaves:
            self._begin(leaf, is_chosen=not leaf.period or leaf.period in chosen)
        for making in self._site.files:
            is_possible = making.period in self._site.parts if making.period else has_data
            if is_possible and making.step.reason(self._site.digests):
                self._make(making.step, making.work, *making.arguments)
        is_something = bool(self._running or self._ready)
        self._progress.expect(len(self._running) + len(self._ready))
        try:
            self._make_pages()
            while self._running:
                for future in wait(self._running, return_when=FIRST_COMPLETED).done:
                    self._running.pop(future)(future)
                self._make_pages()
        except OSError:  # nobody may come in before the others have ended
            wait(self._running)
            raise
        return is_something

    def _begin(self, leaf: Leaf, *, is_chosen: bool) -> None:
        making = self._site.making(leaf)
        if making.notebook.reason(self._site.digests):
            if not (is_chosen or making.has_other_figures):
                return
            job = _job(self._site, making, self._pool.engine)
            self._running[self._pool.after(RUNNABLE, execute, job)] = partial(self._ran, making, job)
        elif making.page.reason(self._site.digests):
            self._ready.append(making)

    def _ran(self, making: Making, job: Job, future: Future[Any]) -> None:
        """A notebook has run: its page can be made, or tell what went wrong."""
        href = making.leaf.href
        if failure := verdict(job, future.exception()):
            self._report.failures.append(f"{failure}{_keep(job.target, href, self._site.workspace)}")
            return self._progress.done(href)
        making.notebook.done()
        self._site.look_again()
        making = self._site.making(making.leaf)
        if making.page.reason(self._site.digests):
            return self._ready.append(making)
        return self._progress.done(href)

    def _make_pages(self) -> None:
        """Make the pages that are ready: shared among the processes that are idle, or once there are enough for one."""
        while self._ready:
            idle = self._idle_pool.at_once - len(self._running)
            if idle <= 0 and len(self._ready) < TOGETHER:
                return
            count = min(TOGETHER, math.ceil(len(self._ready) / max(1, idle)))
            self._make_together(self._ready[:count])
            del self._ready[:count]

    def _make_together(self, makings: Sequence[Making]) -> None:
        jobs = [(making.page.result, making.leaf, making.notebook.result) for making in makings]
        hrefs = [leaf.href for leaf in self._site.wanted]
        future = self._pool.submit(call, BUILD, "make_pages", self._site.workspace, jobs, hrefs)
        self._running[future] = partial(self._made_together, makings)

    def _made_together(self, makings: Sequence[Making], future: Future[Any]) -> None:
        error = future.exception()
        if error and len(makings) > 1 and not isinstance(error, OSError | BrokenExecutor | CancelledError):
            for making in makings:  # which of them it was is not known
                self._make_together([making])
            return
        outcomes = [error] * len(makings) if error else future.result()
        faults = []
        for making, outcome in zip(makings, outcomes, strict=True):
            try:
                self._made(making.page, outcome)
            except OSError as fault:  # the others of this process are not lost with it
                faults.append(fault)
        if faults:
            raise faults[0]

    def _make(self, step: Step, work: str, *arguments: object) -> None:
        future = self._pool.submit(call, BUILD, work, self._site.workspace, step.result, *arguments)
        self._running[future] = partial(self._made_alone, step)

    def _made_alone(self, step: Step, future: Future[Any]) -> None:
        self._made(step, future.exception() or future.result())

    def _made(self, step: Step, outcome: Any) -> None:
        """Note what a step made, or what went wrong: the exception."""
        name = step.result.relative_to(self._site.workspace.scratch / BUILT).as_posix()
        if not isinstance(outcome, BaseException):
            step.done(*outcome)
            self._report.made += [name] if name.endswith(".html") else []
        elif isinstance(outcome, Refused):
            kept = _keep(step.result.with_suffix(".ipynb"), name, self._site.workspace)
            self._report.failures.append(f"{name}: {_not_published(outcome)}{kept}")
        else:
            told = _told(outcome) if isinstance(outcome, OSError) else f"{type(outcome).__name__}: {outcome}"
            self._report.failures.append(f"{name}: {told}")
        self._progress.done(name)


def _job(site: Site, making: Making, engine: str) -> Job:
    settings = site.workspace.settings.run
    return Job(
        notebook=making.leaf.notebook,
        parameters=making.leaf.parameters,
        target=making.notebook.result,
        limits=Limits(settings.cell_seconds, settings.notebook_seconds, settings.memory_mb),
        root=site.workspace.root,
        part=f"{making.leaf.period}={site.parts[making.leaf.period]}",
        engine=engine,
    )


def _place(site: Site, report: Report, pool: Pool) -> None:
    """Put all of it together beside `output` and let it take its place."""
    workspace = site.workspace
    results = [site.making(leaf).page.result for leaf in site.wanted]
    built, new = workspace.scratch / BUILT, workspace.scratch / place.NEW
    cards = [result.with_suffix(".json") for result in results]
    sizes = {path.relative_to(built).as_posix(): path.stat().st_size for path in site.made_files}
    internal = workspace.settings.disclosure.internal
    is_comparable = internal or not place.is_internal(workspace.output)
    least = 0 if internal else workspace.settings.disclosure.threshold
    since = pool.submit(call, DIFFERENCES, "since", workspace.output, built, least) if is_comparable else None
    changes = since.result() if since else None
    try:
        pages = pool.submit(call, BUILD, "landing", workspace, cards, sizes, changes).result()
    except Refused as error:
        report.failures.append(_not_published(error))
        return
    entered = None
    try:
        for path in (*results, *site.pictures, *site.made_files):
            _copy(path, new / path.relative_to(built))
        for name, html in pages.items():
            write(new / name, html)
        mark = of(place.files(new))[:12]
        others = site.others(mark)
        for name, html in pool.submit(call, BUILD, "releases_page", workspace, mark, others).result().items():
            write(new / name, html)
        files = place.files(new)
        said = {
            "release": mark,
            "made_with": __version__,
            "made_of": site.made_of,
            "internal": internal,
            "rule": rule.of(workspace.settings.disclosure),
            "protected_with": others,
            "changes": changes,
            "files": files,
        }
        write(new / MANIFEST, json.dumps(said, indent=1) + "\n")
        apart = place.carry_over(workspace, workspace.output, new, is_public=not internal)
        inspected = pool.submit(call, INSPECTION, "inspect", workspace, new, sorted(files), site.inspected_by)
        if reasons := inspected.result():
            why = _not_published(Refused("\n".join(reasons)))
            report.failures.append(why)
            site.refuse(why)
            return place.settle(workspace)
        report.apart = apart
        entered = site.enter(mark)  # before anybody can see it
        place.place(workspace, new)
        report.is_placed = True
    except Refused as error:
        report.failures.append(_not_published(error))
        place.settle(workspace)
    except OSError as error:
        report.failures.append(
            f"De uitgave kan niet worden geplaatst: {_told(error)} Staat er een bestand uit output open? Sluit het."
        )
        if entered and not place.is_half_done(workspace):  # then nobody has seen it
            shutil.rmtree(entered, ignore_errors=True)
        with suppress(OSError):
            place.settle(workspace)
    site.digests.forget()


def _not_published(error: Refused) -> str:
    """One failure, however many lines it has: each line once, and the first of them."""
    lines = list(dict.fromkeys(str(error).splitlines())) or ["zonder reden"]
    more = [f"en nog {len(lines) - SHOWN} regels"] if len(lines) > SHOWN else []
    return "\n    ".join([f"niet gepubliceerd: {lines[0]}", *lines[1:SHOWN], *more])


def _told(error: OSError) -> str:
    """A fault of the disk in words, without a path."""
    name = Path(str(error.filename or "")).name
    return f"Schrijven of lezen lukt niet: {name or 'een bestand'} {refused(error)}."


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _keep(notebook: Path, href: str, workspace: Workspace) -> str:
    """Keep a notebook that did not become a page, for whoever must repair it; returns a line that says where."""
    if not notebook.is_file():
        return ""
    target = workspace.scratch / FAILED / f"{href.removesuffix('.html').replace('/', '-')}.ipynb"
    _copy(notebook, target)
    return f"\n    bewaard: {workspace.relative(target)}"
