"""A release: which pages there are, made of which notebooks, and how they take the place of the old ones.

A notebook with a parameter `period` is a chapter of every period; one without is about all of them. Pages are built
apart; each moves to `output/` in one step when it is whole and has passed the gates, the landing page last. What
could not be made stays as it was, and the result says why.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import nbformat
import pandas as pd

from .. import __version__
from ..evaluate import Evaluation, key_of
from ..measures import WHOLE
from ..present import sentences
from ..workspace import Workspace
from . import execute, gates, parameters, site
from .page import Page, PageError, to_html

MANIFEST = "manifest.json"
FAILED = "mislukt"
LOCK = "lock"
STALE = "Niet vernieuwd. De levering is sinds deze pagina veranderd, of heeft nu fouten."
TITLE = "Maatschappelijke participatie"
INTRO = (
    "Hoeveel inwoners met een bijstandsuitkering zijn gesproken, wie van hen werd actief, en klopt dat met wat eerder "
    "is gepubliceerd? Elke periode heeft een pagina; één pagina gaat over alle perioden samen."
)


@dataclass(frozen=True, eq=False)
class Leaf:
    """One page to be made: a notebook with its parameters, and where in the site it goes."""

    notebook: Path
    period: str  # '' for all periods
    parameters: Mapping[str, object]

    @property
    def slug(self) -> str:
        return self.notebook.stem.partition("-")[2] or self.notebook.stem

    @property
    def href(self) -> str:
        return f"{self.period or WHOLE}/{self.slug}.html"


@dataclass
class Result:
    """What a run made and what it could not make, in words."""

    made: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def leaves(workspace: Workspace, periods: Sequence[str], given: Mapping[str, str]) -> list[Leaf]:
    """The pages of these periods and of all together, with the parameters that were typed for them.

    Raises
    ------
    ParameterError
        When a typed parameter is known to no notebook, or its value does not fit.
    """
    found: list[Leaf] = []
    used: set[str] = set()
    notebooks = sorted(workspace.notebooks.glob("[0-9]*.ipynb"))
    for notebook in notebooks:
        known = parameters.defaults(notebook)
        own = {k: parameters.parse(v, known[k]) for k, v in given.items() if k in known}
        used |= own.keys()
        if "period" in known:
            found += [Leaf(notebook, p, {**own, "period": p}) for p in periods]
        else:
            found.append(Leaf(notebook, "", own))
    if unknown := sorted(given.keys() - used):
        names = {n for notebook in notebooks for n in parameters.defaults(notebook)}
        raise parameters.ParameterError(f"onbekende parameter: {', '.join(unknown)}; wel: {', '.join(sorted(names))}")
    for leaf in found:
        parameters.check(leaf.notebook, leaf.parameters)
    return found


def publish(
    evaluation: Evaluation,
    wanted: Sequence[Leaf],
    *,
    jobs: int,
    progress: Callable[[str], None] = lambda text: None,
) -> Result:
    """Run the notebooks, make their pages and put each that is whole in its place.

    When the input is no longer what the evaluation was made of, nothing moves: the pages would not agree.

    Raises
    ------
    Busy
        When another run is making pages in this workspace.
    """
    workspace, result = evaluation.workspace, Result()
    with _alone(workspace), _scratch(workspace) as folder:
        tasks = {execute.Job(w.notebook, w.parameters, folder / f"{w.href}.ipynb"): w for w in wanted}
        limits = execute.Limits(workspace.settings.run.cell_seconds, workspace.settings.run.notebook_seconds)
        failures = execute.run(
            list(tasks),
            root=workspace.root,
            key=evaluation.key,
            limits=limits,
            at_once=jobs,
            done=lambda job, failure: progress(tasks[job].href),
        )
        result.failures += [f"{f}{_keep(f.job.target, workspace)}" for f in failures]
        if key_of(workspace) != evaluation.key:
            result.failures.append("De invoer is veranderd tijdens de run; er is niets vernieuwd. Start opnieuw.")
            return result
        failed = {f.job for f in failures}
        built = {leaf: job.target for job, leaf in tasks.items() if job not in failed}
        entries = _entries(workspace)
        pages = _pages(evaluation, built, entries.keys(), result)
        try:
            for leaf, html in pages.items():
                _put(workspace.output / leaf.href, html.encode("utf-8"))
                entries[leaf.href] = _Known(_entry(evaluation, leaf), _key(evaluation, leaf.href))
                result.made.append(leaf.href)
            _land(evaluation, entries, result)
        except OSError as error:
            result.failures.append(f"{error.filename}: kan niet worden geschreven ({error.strerror}); staat het open?")
    return result


@dataclass(frozen=True)
class _Known:
    """What the manifest says of a page: its card on the landing page, and the input that it was made of."""

    entry: site.Entry
    key: str


def _key(evaluation: Evaluation, href: str) -> str:
    """The input that a page would be made of now: of a period its delivery, of the whole everything; '' if faulty."""
    period = href.partition("/")[0]
    if period == WHOLE:
        return "" if evaluation.faulty else evaluation.key
    return evaluation.received[period].key if period in evaluation.received else ""


def _pages(evaluation: Evaluation, built: Mapping[Leaf, Path], known: Set[str], result: Result) -> dict[Leaf, str]:
    """The pages of these executed notebooks that pass the gates; they link to each other and to those `known`."""
    residents = _residents(evaluation)
    pages: dict[Leaf, str] = {}
    refused: dict[Leaf, list[str]] = {}
    for leaf, target in built.items():
        notebook = nbformat.read(target, as_version=4)
        try:
            html = to_html(notebook, _page(evaluation, leaf, notebook, known | {w.href for w in built}))
            reasons = gates.check(html, root=evaluation.workspace.root, residents=residents)
        except PageError as error:
            html, reasons = "", [str(error)]
        if reasons:
            refused[leaf] = reasons
        pages[leaf] = html
    for leaf, reasons in refused.items():
        kept = _keep(built[leaf], evaluation.workspace)
        result.failures += [f"{leaf.href}: niet gepubliceerd: {reason}{kept}" for reason in reasons]
    if refused:  # once more, without links to what does not come out
        return _pages(evaluation, {w: t for w, t in built.items() if w not in refused}, known, result)
    return pages


def _land(evaluation: Evaluation, entries: Mapping[str, _Known], result: Result) -> None:
    """The landing page and the data files, of the pages that are there; a page of older input says so on its card."""
    workspace = evaluation.workspace
    present = {h: k for h, k in entries.items() if (workspace.output / h).is_file()}
    if not present:
        return
    stale = {h for h, k in present.items() if k.key != _key(evaluation, h)}
    result.stale += sorted(stale)
    cards = [replace(k.entry, marks=(*k.entry.marks, *((STALE,) if h in stale else ()))) for h, k in present.items()]
    ordered = sorted(cards, key=lambda e: (e.is_whole, e.start, e.end, e.page))
    if not (result.failures or stale):
        _put(workspace.output / "metingen.csv", _csv(evaluation.measures))
        _put(workspace.output / "aansluiting.csv", _csv(evaluation.reconciliation))
    downloads = [
        ("Alle metingen (CSV)", "metingen.csv"),
        ("Aansluiting op gepubliceerde cijfers (CSV)", "aansluiting.csv"),
    ]
    html = site.index(
        ordered,
        municipality=workspace.settings.municipality.name,
        title=TITLE,
        intro=INTRO,
        marks=tuple(m for m in ordered[0].marks if all(m in e.marks for e in ordered)),
        downloads=tuple((t, h) for t, h in downloads if (workspace.output / h).is_file()),
        provenance=(("Gemaakt met", f"mp-eval {__version__}"),),
    )
    listing = {h: {**asdict(k.entry), "key": k.key} for h, k in sorted(present.items())}
    text = json.dumps(listing, indent=1, ensure_ascii=False, default=str)
    _put(workspace.output / MANIFEST, (text + "\n").encode("utf-8"))
    _put(workspace.output / site.PAGE, html.encode("utf-8"))


def _residents(evaluation: Evaluation) -> frozenset[str]:
    """Every pseudonym in the processed tables: what the gates look for."""
    tables = [evaluation.workspace.processed / period / "residents.parquet" for period in evaluation.received]
    return frozenset(r for path in tables for r in pd.read_parquet(path, columns=["resident"])["resident"])


def _page(evaluation: Evaluation, leaf: Leaf, notebook: nbformat.NotebookNode, there: Set[str]) -> Page:
    """What the page says of itself; it links to the pages that are `there`."""
    workspace = evaluation.workspace
    firsts = {p.id: Leaf(_chapter(workspace, of_period=True), p.id, {}) for p in workspace.periods}
    firsts["Alle perioden"] = Leaf(_chapter(workspace, of_period=False), "", {})
    links = [("Overzicht", "../index.html")]
    links += [(text, f"../{first.href}") for text, first in firsts.items() if first.href in there]
    question = notebook.cells[0].source.splitlines()[0].lstrip("# ").strip()
    when = [evaluation.period(leaf.period)] if leaf.period else list(evaluation.whole)
    return Page(
        name=f"../{leaf.href}",
        title=question,
        subtitle=" en ".join(p.wording() for p in when),
        dates=" en ".join(p.dates() for p in when),
        marks=sentences.marks(evaluation, leaf.period),
        provenance=tuple(_provenance(evaluation, leaf)),
        links=tuple(links),
        municipality=workspace.settings.municipality.name,
    )


def _chapter(workspace: Workspace, *, of_period: bool) -> Path:
    """The first chapter of a period, or of all periods: where the navigation leads."""
    notebooks = sorted(workspace.notebooks.glob("[0-9]*.ipynb"))
    return next(n for n in notebooks if ("period" in parameters.defaults(n)) == of_period)


def _provenance(evaluation: Evaluation, leaf: Leaf) -> Iterator[tuple[str, str]]:
    for period in [leaf.period] if leaf.period else list(evaluation.received):
        received = evaluation.received[period]
        yield f"Levering {period}", f"{received.source.producer}, opgevraagd {received.source.extracted:%d-%m-%Y}"
        files = ", ".join(f"{name} (sha256 {digest[:12]})" for name, digest in received.files.items())
        yield f"Bestanden {period}", files
    given = ", ".join(f"{k} = {v}" for k, v in leaf.parameters.items()) or "standaard"
    yield "Parameters", given
    yield "Gemaakt met", f"mp-eval {__version__}, notebook {leaf.notebook.name}"
    yield "Kenmerk van deze berekening", evaluation.key[:16]


def _entry(evaluation: Evaluation, leaf: Leaf) -> site.Entry:
    when = [evaluation.period(leaf.period)] if leaf.period else list(evaluation.whole)
    answer = sentences.answer(evaluation, leaf.period) if leaf.period else sentences.answer_whole(evaluation)
    return site.Entry(
        page=leaf.href,
        title=leaf.period or "Alle perioden",
        subtitle=" en ".join(p.wording() for p in when),
        dates=" en ".join(p.dates() for p in when),
        start=when[0].start,
        end=when[-1].end,
        headline=sentences.headline(evaluation, leaf.period or WHOLE).items,
        answer=repr(answer),
        marks=sentences.marks(evaluation, leaf.period),
        is_whole=not leaf.period,
    )


def _entries(workspace: Workspace) -> dict[str, _Known]:
    """What the last release said of its pages, without periods that are no longer evaluated."""
    known = {p.id for p in workspace.periods} | {WHOLE}
    entries = {}
    try:
        listing = json.loads((workspace.output / MANIFEST).read_text(encoding="utf-8"))
        for href, spec in listing.items():
            lists = {k: tuple(tuple(i) if isinstance(i, list) else i for i in spec[k]) for k in ("headline", "marks")}
            days = {k: date.fromisoformat(spec[k]) for k in ("start", "end")}
            key = spec.pop("key")
            if href.partition("/")[0] in known:
                entries[href] = _Known(site.Entry(**{**spec, **lists, **days}), key)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # none yet, or of another version: the pages made now are the ones that are known
    return entries


def _csv(frame: pd.DataFrame) -> bytes:
    """As Excel in the Netherlands opens it: semicolons, decimal commas, utf-8 with mark."""
    return frame.to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n").encode("utf-8-sig")


def _put(path: Path, data: bytes) -> None:
    """Write beside and move: a reader finds the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)


def _keep(notebook: Path, workspace: Workspace) -> str:
    """Keep a notebook that did not become a page, for whoever must repair it; returns a line that says where."""
    if not notebook.is_file():
        return ""
    folder = workspace.scratch / FAILED
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{notebook.parent.name}-{notebook.name.replace('.html.ipynb', '.ipynb')}"
    shutil.copyfile(notebook, target)
    return f"\n    bewaard: {workspace.relative(target)}"


class Busy(Exception):
    """Another run is making pages in this workspace."""


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace; the system lets go of it when this process ends, however it ends.

    Raises
    ------
    Busy
        When another run holds it.
    """
    workspace.scratch.mkdir(parents=True, exist_ok=True)
    with (workspace.scratch / LOCK).open("a") as file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy("in deze werkmap is al een run bezig; wacht tot die klaar is") from None
        for left in workspace.scratch.glob("run-*"):  # of a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def _scratch(workspace: Workspace) -> Iterator[Path]:
    """A folder of this run's own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=workspace.scratch))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
