"""From deliveries and register to protected measures: the whole way before the notebooks, one step after another.

Each step keeps its result in `data/processed/` and runs again only when something that it is made of has changed.
What decides that imports nothing heavy; the work itself is in `stages.py`, done here or in another process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from . import delivered, ledger, lock
from .delivered import Delivered
from .digests import PACKAGE, Digests, of
from .faults import Fault, FaultsFound, Reason, listed, named, with_points
from .periods import WHOLE, Period
from .released import holds
from .steps import Step
from .workspace import Run, Workspace

if TYPE_CHECKING:
    from .evaluation import Evaluation

FOLDER, FIGURES, AMBITIONS, PARTS = "evaluation", "figures.parquet", "ambitions.json", "parts.json"
MEMORY = "digests.json"
LEDGER = "het boek van openbare uitgaven"
PROTECTING = ("mp_eval.reconcile", "mp_eval.disclosure.protect", "mp_eval.evaluation", "mp_eval.measures.outlook")
MEASURING = ("mp_eval.measures", "mp_eval.intake.clean")
SEPARATE = ("mp_eval.evaluate", "mp_eval.stages")  # what these do has steps of its own
_BEGUN: dict[str, str] = {}
T = TypeVar("T")
Submit = Callable[..., "Future[Any]"]  # as `Executor.submit`


@dataclass(frozen=True, eq=False)
class Task:
    """A step, and the function of `stages` that does its work on these arguments."""

    step: Step
    work: str
    arguments: tuple[Any, ...] = ()
    about: str = ""  # the period whose delivery it takes in


@dataclass
class Outcome:
    """What could not be done: faults by period, and those that are of no period.

    A period that is `awaited` holds up no other: it is in no release yet, and nothing was delivered or it has faults.
    """

    faulty: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    awaited: dict[str, tuple[Fault, ...]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def evaluate(workspace: Workspace, *, progress: Callable[[str], None] = lambda text: None) -> Evaluation:
    """Bring everything up to date in this process and load it.

    Raises
    ------
    FaultsFound
        When contract or register have faults, or when real records may not be shown. A faulty delivery does not
        raise: its period is missing. Nor does one that is awaited: all together is then of the other periods.
    """
    from .evaluation import load

    with lock.turn(workspace):
        digests = memory_of(workspace)
        if _of_code(digests) != _begun_with(digests):
            raise OldCode("de code van mp-eval is veranderd sinds dit notebook begon; herstart de rekenkern")
        outcome = bring_up_to_date(workspace, digests, submit=_here, progress=progress)
        digests.save()
    if outcome.faults:
        raise FaultsFound(outcome.faults)
    return load(workspace, faulty={**outcome.faulty, **outcome.awaited})


class OldCode(Exception):
    """This process began with other code than there is now: what it made would be recorded as made by the new."""


def _begun_with(digests: Digests) -> str:
    """The digest of our code when this process first asked."""
    return _BEGUN.setdefault("code", _of_code(digests))


def _of_code(digests: Digests) -> str:
    return of({str(path): digests.module(path) for path in sorted(PACKAGE.rglob("*.py"))})


def memory_of(workspace: Workspace) -> Digests:
    """The digests of this workspace, as far as they are remembered."""
    return Digests(workspace.scratch / MEMORY)


def bring_up_to_date(
    workspace: Workspace,
    digests: Digests,
    *,
    submit: Submit,
    progress: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Run every step whose result does not hold, until all do or cannot.

    `submit` is that of an executor; `progress` is told of each delivery that was read.
    """
    outcome = Outcome(awaited=not_delivered(workspace))
    running: dict[Future[Any], Task] = {}
    started: set[str] = set()
    while True:
        present = workspace.without(outcome.awaited)
        for task in tasks(present, digests, without=outcome.faulty):
            if task.step.name not in started and not task.step.after and task.step.reason(digests):
                started.add(task.step.name)
                running[submit(_work, task, present)] = task
        if not running or outcome.faults:
            wait(running)
            return outcome
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            task = running.pop(future)
            if future.exception():
                wait(running)  # nobody may come in before the others have ended
            faults, told = future.result()
            _take_note(task, faults, outcome, workspace)
            for line in told:
                progress(line)
        digests.forget()


def not_delivered(workspace: Workspace) -> dict[str, tuple[Fault, ...]]:
    """The periods that are in no release and of which nothing was delivered; none when that is so of every period."""
    found: dict[str, tuple[Fault, ...]] = {
        p.id: (Fault(Reason.NO_DELIVERY, workspace.relative(workspace.raw / p.id)),)
        for p in workspace.periods
        if workspace.has_records(p) and delivered.is_empty(workspace, p) and not holds(workspace.output, p)
    }
    return found if len(found) < len(workspace.periods) else {}


def is_taken_in(workspace: Workspace, period: Period) -> bool:
    """Whether the delivery of a period was read as it lies there now, without a fault."""
    digests = memory_of(workspace)
    return not _take_in(workspace, digests, period).step.reason(digests)


def tasks(workspace: Workspace, digests: Digests, *, without: Container[str] = ()) -> list[Task]:
    """Every step in order; one that follows a step which has to run comes `after` it.

    `without` are periods whose deliveries have faults: what can be is evaluated without them.
    """
    register, kept = _register(workspace, digests), _ambitions(workspace, digests)
    periods = [p for p in workspace.periods if p.id not in without]
    taken_in = {p: _take_in(workspace, digests, p) for p in periods if workspace.has_records(p)}
    told = {p: delivered.read(workspace, p) for p, task in taken_in.items() if not task.step.reason(digests)}
    measured = [
        _measure(workspace, digests, p, told.get(p)) if p in taken_in else _measure_published(workspace, digests, p)
        for p in periods
    ]
    earlier = _after(digests, [register, *taken_in.values()])
    whole = _measure_whole(workspace, digests, told, after=earlier)
    earlier += _after(digests, [kept, *measured, whole])
    protect = _protect(workspace, digests, [register, kept, *taken_in.values(), *measured, whole], after=earlier)
    return [register, kept, *taken_in.values(), whole, *measured, protect]  # the whole takes longest: it goes first


def parts(workspace: Workspace) -> dict[str, str]:
    """The digest of what is known of each period, and under '' of everything: what pages are made of."""
    return dict(json.loads((workspace.processed / FOLDER / PARTS).read_text(encoding="utf-8"))["keys"])


def _after(digests: Digests, tasks: Iterable[Task]) -> tuple[str, ...]:
    return tuple(task.step.name for task in tasks if task.step.reason(digests))


def _register(workspace: Workspace, digests: Digests) -> Task:
    inputs = {
        "published.csv": digests.file(workspace.register),
        "het contract": digests.file(workspace.contract),
        "de instelling intake": _intake(workspace),
        **_code(digests, "mp_eval.intake.published"),
    }
    return Task(Step("gepubliceerde cijfers", workspace.processed / FOLDER / FIGURES, inputs), "publish")


def _ambitions(workspace: Workspace, digests: Digests) -> Task:
    inputs = {"ambities.toml": digests.file(workspace.ambitions), **_code(digests, "mp_eval.ambitions")}
    return Task(Step("ambities", workspace.processed / FOLDER / AMBITIONS, inputs), "note_ambitions")


def _take_in(workspace: Workspace, digests: Digests, period: Period) -> Task:
    inputs = {
        **{f"{period.id}/{path.name}": digests.file(path) for path in delivered.files(workspace, period)},
        "wat ernaast ligt": of([path.name for path in delivered.aside(workspace, period)]),
        "het contract": digests.file(workspace.contract),
        "de instelling intake": _intake(workspace),
        "de periode": period.iso,
        **_code(digests, "mp_eval.intake.clean"),
    }
    step = Step(f"levering {period.id}", delivered.summary(workspace, period), inputs)
    return Task(step, "take_in", (period,), about=period.id)


def _intake(workspace: Workspace) -> str:
    programme = workspace.settings.programme
    chosen = [list(programme.activities), programme.ladder_steps]
    return of([{k: asdict(v) for k, v in workspace.settings.intake.items()}, chosen])


def _measure(workspace: Workspace, digests: Digests, period: Period, told: Delivered | None) -> Task:
    step = Step(
        f"metingen {period.id}",
        workspace.processed / FOLDER / f"{period.id}.parquet",
        {**_set(workspace), "de periode": period.iso, **_tables(period, told), **_code(digests, *MEASURING)}
        if told
        else {},
        after=() if told else (f"levering {period.id}",),
    )
    return Task(step, "measure", (period,))


def _measure_published(workspace: Workspace, digests: Digests, period: Period) -> Task:
    register = _register(workspace, digests)
    inputs = {
        "de periode": period.iso,
        "de gepubliceerde cijfers": digests.file(register.step.result),
        **_code(digests, "mp_eval.measures.published", "mp_eval.evaluation"),
    }
    step = Step(
        f"metingen {period.id}",
        workspace.processed / FOLDER / f"{period.id}.parquet",
        inputs,
        _after(digests, [register]),
    )
    return Task(step, "measure_published", (period,))


def _measure_whole(
    workspace: Workspace, digests: Digests, told: Mapping[Period, Delivered], *, after: tuple[str, ...]
) -> Task:
    inputs = {
        **_set(workspace),
        "de perioden": of([(p.id, p.iso, workspace.has_records(p)) for p in workspace.periods]),
        "de gepubliceerde cijfers": digests.file(workspace.processed / FOLDER / FIGURES),
        "het contract": digests.file(workspace.contract),
        **{label: digest for period, given in told.items() for label, digest in _tables(period, given).items()},
        **{f"de lijst van merktekens van {period.id}": given.people for period, given in told.items()},
        **_code(digests, *MEASURING, "mp_eval.evaluation"),
    }
    step = Step(f"metingen {WHOLE}", workspace.processed / FOLDER / f"{WHOLE}.parquet", inputs, after)
    return Task(step, "measure_whole", (tuple(told),))


def _protect(workspace: Workspace, digests: Digests, made: Sequence[Task], *, after: tuple[str, ...]) -> Task:
    settings = replace(workspace.settings, intake={}, run=Run())
    inputs = {
        **{f"het resultaat van {task.step.name}": digests.file(task.step.result) for task in made},
        "evaluation.toml": of(asdict(settings)),
        "de perioden die wachten op een levering": of(list(workspace.awaited)),
        **_code(digests, *PROTECTING),
    }
    periods = tuple(task.arguments[0] for task in made if task.work in ("measure", "measure_published"))
    before: tuple[ledger.Entry, ...] = ()
    if not settings.disclosure.internal:
        before = tuple(ledger.before(workspace, of(inputs)))
        inputs[LEDGER] = of([(entry.folder.name, digests.file(entry.folder / ledger.NOTE)) for entry in before])
    step = Step("afscherming en aansluiting", workspace.processed / FOLDER / PARTS, inputs, after)
    return Task(step, "protect", (periods, before))


def protected_of(step: Step) -> str:
    """What a protection was made of, but for the public releases before it."""
    return of({label: digest for label, digest in step.inputs.items() if label != LEDGER})


def _set(workspace: Workspace) -> dict[str, str]:
    """The settings that measures depend on."""
    return {
        "het aantal consulenten": of([(p.iso, count) for p, count in workspace.staff]),
        "de instelling programme": of(asdict(workspace.settings.programme)),
    }


def _tables(period: Period, told: Delivered) -> dict[str, str]:
    """What the measures use of a delivery."""
    tables = {f"tabel {name} van {period.id}": digest for name, digest in told.tables.items()}
    days = {"de datum van de uitdraai": told.source.extracted, "whole_from": told.source.whole_from}
    return {**tables, **{f"{name} van {period.id}": f"{day}" for name, day in days.items()}}


def _code(digests: Digests, *modules: str) -> dict[str, str]:
    """The code of a step and of what calls it; `pyarrow` is how pandas stores, though no module names it."""
    stages = PACKAGE / "stages.py"
    return {f"code {stages.name}": digests.module(stages), **digests.code(*modules, "pyarrow", without=SEPARATE)}


def _work(task: Task, workspace: Workspace) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """Do a step's work, wherever this is called; the faults that it found instead of a result, and what is to be told.

    What is told is put in words here, for these are heavy where there is nothing to do.
    """
    from . import stages

    try:
        also = getattr(stages, task.work)(workspace, task.step.result, *task.arguments)
    except FaultsFound as error:
        return tuple(error.faults), ()
    task.step.done(*also)
    return (), tuple(_told(workspace, task.about)) if task.about else ()


def _take_note(task: Task, faults: tuple[Fault, ...], outcome: Outcome, workspace: Workspace) -> None:
    if faults and task.about:
        _refused(task.about, faults, outcome, workspace)
    else:
        outcome.faults += faults


def _refused(period: str, faults: tuple[Fault, ...], outcome: Outcome, workspace: Workspace) -> None:
    """A released period stays as it was, and the release with it; another is awaited, as long as any is left."""
    if holds(workspace.output, workspace.period(period)):
        outcome.faulty[period] = faults
        return
    outcome.awaited[period] = faults
    if len(outcome.awaited) == len(workspace.periods):
        outcome.faulty, outcome.awaited = outcome.awaited, {}


def _told(workspace: Workspace, period: str) -> Iterator[str]:
    """Of a delivery that was read; how many rows there were only when the numbers need not be protected."""
    from .present import inventory

    told, counts = delivered.read(workspace, workspace.period(period)), workspace.settings.disclosure.internal
    used = with_points(sum(row["kept"] for row in told.counts))
    yield f"{period}: {used} rijen gebruikt" if counts else f"{period}: gelezen"
    for place in told.account:
        if place.unused:  # one of them may be a name that was not recognised
            many = "kolom" if len(place.unused) == 1 else "kolommen"
            columns = listed([f"‘{name}’" for name in place.unused])
            yield f"  {named(place.file, place.sheet)}: niet gebruikt: {many} {columns}"
        if place.why:
            yield f"  {inventory.name(place)}: {inventory.outcome(place, counts=counts)}"


def _here(fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
    """As an executor's `submit`, but at once and in this process."""
    future: Future[T] = Future()
    try:
        future.set_result(fn(*args, **kwargs))
    except Exception as error:
        future.set_exception(error)
    return future
