"""Commands that look at what there is: how it stands, the pages in a browser, what can be named; and tidying up."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .ask import astray, beside, chapters_of, open_workspace, wanted, workspace_option
from .front import main

if TYPE_CHECKING:
    from ..periods import Period
    from ..workspace import Workspace

NO_PERIOD = "mp-eval new-period 2026 --start 01-01-2026 --end 01-01-2027"
NO_RELEASE = "er is nog geen uitgave; mp-eval status zegt wat de volgende stap is"


@main.command()
@workspace_option
def status(workspace: Path | None) -> None:
    """Zeg hoe het ervoor staat: perioden, leveringen, fouten, de uitgave, en wat de volgende stap is."""
    where = open_workspace(workspace)
    stands = {p.id: _stands(where, p) for p in where.periods}
    click.echo(f"Gemeente {where.settings.municipality.name}, in {where.root}")
    for period in where.periods:
        click.echo(f"  {period.id}: {period.dates()}; {stands[period.id]}")
    for line in astray(where):
        click.echo(line)
    click.echo(f"Uitgave: {_release(where)}")
    click.echo(f"Volgende stap: {_next(where, stands)}")


@main.command("open")
@workspace_option
def open_(workspace: Path | None) -> None:
    """Open de uitgave in de browser; zonder browser staat hier waar zij is."""
    import webbrowser

    page = open_workspace(workspace).output / "index.html"
    if not page.is_file():
        raise click.UsageError(NO_RELEASE)
    if not webbrowser.open(page.as_uri()):
        click.echo("Er is geen browser gevonden. Open zelf:")
    click.echo(str(page))


@main.command("list")
@workspace_option
def list_(workspace: Path | None) -> None:
    """Noem wat er is: perioden, hoofdstukken en uitgaven, zoals andere opdrachten ze noemen."""
    from ..publish import place

    where = open_workspace(workspace)
    click.echo("\n".join(["Perioden", *(f"  {p.id}: {p.dates()}" for p in where.periods)]))
    click.echo("\n".join(["Hoofdstukken", *(f"  {line}" for line in _chapters(where))]))
    click.echo("\n".join(["Uitgaven", f"  nu: {_release(where)}", *(f"  {p.name}" for p in place.earlier(where))]))


@main.command()
@workspace_option
def review(workspace: Path | None) -> None:
    """Loop de openbare uitgave na, voor wie ervoor tekent. Wat hier staat, is niet voor lezers.

    Van elke periode: hoeveel er is afgeschermd, en het kleinste aantal dat er staat. Welke kleine groepen allemaal
    hetzelfde hebben. En een derde lezing, die geen definitie kent: zij meet van groepen inwoners apart, en noemt
    getoonde aantallen die zo in elkaar liggen dat er maar enkele inwoners overblijven.
    """
    from ..publish import review as reviews
    from ..steps import Refused

    try:
        click.echo("\n".join(reviews.told(open_workspace(workspace))))
    except Refused as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@main.command()
@workspace_option
def clean(workspace: Path | None) -> None:
    """Ruim op wat mp-eval opnieuw kan maken. De leveringen, de instellingen en de uitgaven blijven."""
    from .. import lock

    where = open_workspace(workspace)
    try:
        with lock.hold(where):
            freed = sum(_cleared(path) for path in _again(where))
    except lock.Busy as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"Opgeruimd: {freed / 1e6:.1f} MB. De volgende mp-eval run maakt alles opnieuw.".replace(".", ",", 1))


def _stands(where: Workspace, period: Period) -> str:
    """What is to be said of a period's delivery."""
    from .. import delivered, evaluate

    if not where.has_records(period):
        return "zonder levering, uit wat eerder is gepubliceerd"
    if delivered.is_empty(where, period):
        return f"wacht op bestanden in {where.relative(where.raw / period.id)}"
    count = sum(path.suffix != ".toml" for path in delivered.files(where, period))
    files = "1 bestand" if count == 1 else f"{count} bestanden"
    if evaluate.is_taken_in(where, period):
        return f"{files}, in orde"
    found = _faults(where, period)
    wrong = f"{found} {'fout' if found == 1 else 'fouten'}" if found else "in orde"
    return f"{files}, {wrong}"


def _faults(where: Workspace, period: Period) -> int:
    """How many faults the delivery has, or the settings that it is read by."""
    from ..faults import FaultsFound
    from ..intake import clean, contract

    try:
        clean.take_in(where, contract.read(where), period)
    except FaultsFound as error:
        return len(error.faults)
    return 0


def _release(where: Workspace) -> str:
    from ..released import manifest

    said = manifest(where.output)
    pages = sum(name.endswith(".html") for name in said.get("files", ()))
    if not pages:
        return "nog geen"
    kind = "openbaar" if said.get("rule") else "intern"
    return f"{pages} pagina's, {kind}; begin bij {where.output / 'index.html'}"


def _next(where: Workspace, stands: Mapping[str, str]) -> str:
    """What to do now; the first of these that is still to do."""
    from ..publish import release

    if not stands:
        return NO_PERIOD
    if wrong := [period for period, told in stands.items() if told.endswith(("fout", "fouten"))]:
        return f"mp-eval check {wrong[0]}"
    waiting = [period for period, told in stands.items() if told.startswith("wacht")]
    if len(waiting) == len(stands):
        return f"zet de bestanden in {where.relative(where.raw / waiting[0])}, en dan mp-eval check"
    if beside(where):
        return "mp-eval check; er is iets mis met de instellingen, de ambities of de gepubliceerde cijfers"
    work = _work(where)
    if work and work[0].startswith(release.CANNOT):
        return f"los op wat een uitgave tegenhoudt, en dan mp-eval run; {work[0].removeprefix('uitgave: ')}"
    return "mp-eval run" if work else "mp-eval open"


def _work(where: Workspace) -> list[str]:
    """What a run would do."""
    from .. import evaluate
    from ..publish import release, unchanged

    return [] if unchanged.is_so(where, {}) else release.plan(where, evaluate.memory_of(where), wanted(where, {}))


def _chapters(where: Workspace) -> Iterator[str]:
    from .. import evaluate
    from ..publish import leaves

    instead = leaves.replaced(where, evaluate.memory_of(where))
    for path in chapters_of(where):
        own = path.parent == where.notebooks and path.parent != where.bundled_notebooks
        of = f" (eigen, in plaats van {instead[path.name]})" if path.name in instead else " (eigen)" if own else ""
        yield f"{path.name}{of}"


def _again(where: Workspace) -> Iterator[Path]:
    """What the next run makes again: of its own folder all but what was kept for somebody, and the typed tables."""
    from .. import lock
    from ..publish import place

    for folder in (where.scratch, where.processed):
        if folder.is_dir():
            yield from (p for p in folder.iterdir() if p.name not in (place.INTERNAL, lock.LOCK, ".gitkeep"))


def _cleared(path: Path) -> int:
    """Remove a file or a folder; how many bytes it held."""
    held = [p for p in (path, *path.rglob("*")) if p.is_file() and not p.is_symlink()]
    size = sum(p.stat().st_size for p in held)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return size
