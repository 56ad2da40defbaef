"""Commands that make the pages of the deliveries, and tell what they would do and what they did."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .ask import known, open_workspace, read_pairs, tell, wanted, workspace_option
from .front import main

if TYPE_CHECKING:
    from ..publish.leaves import Leaf
    from ..publish.release import Pool, Report
    from ..workspace import Workspace

NOT_SIGNED = (
    "{name} staat niet in deze openbare uitgave: het is geen notebook van mp-eval, en niemand heeft ervoor getekend.\n"
    "Het kan aantallen tonen die niet zijn afgeschermd. Lees zijn pagina's in een interne uitgave (internal = true).\n"
    "Staat er niets in dat niet openbaar mag, zet dan in evaluation.toml onder [disclosure.signed]:\n"
    '"{name}" = "{mark}"'
)
FEW = 8  # pages that a message names one by one
MORE = {"levering": "leveringen", "metingen": "metingen", "notebook": "notebooks"}
MORE |= {"pagina": "pagina's", "werkboek": "werkboeken"}
MANY = 4  # steps of one kind from which a plan counts them


def _cluster_options(command: Any) -> Any:
    for name, help_ in (
        ("--tls-key", "De sleutel van deze computer voor het cluster."),
        ("--tls-cert", "Het certificaat van deze computer voor het cluster."),
        ("--tls-ca", "Het certificaat van wie de certificaten uitgaf."),
    ):
        command = click.option(name, type=click.Path(exists=True, dir_okay=False, path_type=Path), help=help_)(command)
    return click.option("--cluster", metavar="TLS://...", help="Reken op meer computers samen; zie de README.")(command)


@main.command()
@click.argument("periods", nargs=-1, metavar="[PERIODE...]")
@workspace_option
@click.option("--workspaces", metavar="PATROON", help="Alle werkmappen die aan een patroon voldoen: 'gemeenten/*'.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="AANTAL", help="Hoeveel notebooks tegelijk (anders: evaluation.toml)."
)
@click.option(
    "--engine",
    type=click.Choice(["fork", "kernel"]),
    default="fork",
    help="fork is het snelst, waar het kan; kernel werkt overal.",
)
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAAM=WAARDE", help="Parameter van een notebook.")
@_cluster_options
def run(
    periods: tuple[str, ...],
    workspace: Path | None,
    workspaces: str | None,
    jobs: int | None,
    engine: str,
    given: tuple[str, ...],
    **cluster: Any,
) -> None:
    """Maak wat er nog niet is of veranderd is, en zet de nieuwe uitgave in één keer op haar plaats.

    Met PERIODE worden alleen de notebooks van die perioden gedraaid, en die van andere perioden als hun cijfers erdoor
    veranderen. De uitgave komt er pas als alle pagina's bij zijn.
    """
    from ..publish import unchanged

    with _stopping():
        if workspaces:
            from .. import many

            if periods or workspace:
                raise click.UsageError("geef --workspaces zonder PERIODE en zonder --workspace")
            places = _matching(workspaces)
            with _pool(jobs or 2, engine, **cluster) as pool:
                code = _tell_many(many.run_all(places, read_pairs(given), pool=pool), len(places))
            sys.exit(code)
        where, pairs = open_workspace(workspace), read_pairs(given)
        chosen = known(where, periods)
        if cluster["cluster"] is None and unchanged.is_so(where, pairs):
            click.echo(_nothing(where))
            return
        with _pool(jobs or where.settings.run.jobs, engine, **cluster) as pool:
            if not (where.output / "manifest.json").exists():
                pool.warm()  # it will be needed
            report = _run_one(where, wanted(where, pairs), chosen, pool, pairs)
        code = 1 if report is None or not report.is_whole or _lacks(report, periods) else 0
        sys.exit(code)


@main.command()
@workspace_option
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAAM=WAARDE", help="Parameter van een notebook.")
@click.option("--alles", "is_long", is_flag=True, help="Noem elke stap, ook als het er veel zijn.")
def plan(workspace: Path | None, given: tuple[str, ...], is_long: bool) -> None:
    """Zeg wat `mp-eval run` zou doen, en waarom; doe niets."""
    from .. import evaluate
    from ..publish import leaves, release

    where = open_workspace(workspace)
    digests = evaluate.memory_of(where)
    found = release.plan(where, digests, wanted(where, read_pairs(given)))
    instead = leaves.replaced(where, digests)
    digests.save()
    for own, bundled in instead.items():
        click.echo(f"{own} neemt de plaats in van {bundled} van mp-eval.")
    click.echo("\n".join(found if is_long else _in_a_screen(found)) or "Niets te doen: alles is bij.")


@main.command()
@click.argument("old", metavar="[OUD]", default="vorige")
@click.argument("new", metavar="[NIEUW]", default="nu")
@workspace_option
def diff(old: str, new: str, workspace: Path | None) -> None:
    """Toon welke cijfers verschillen tussen twee uitgaven, de grootste verschillen eerst.

    OUD en NIEUW zijn nummers of namen uit output/releases, `nu` of `vorige` (de uitgave voor deze).
    """
    from ..publish import differences

    where = open_workspace(workspace)
    try:
        click.echo(differences.told(where, old, new))
    except differences.NoRelease as error:
        raise click.UsageError(str(error)) from None


def _in_a_screen(found: Sequence[str]) -> list[str]:
    """The lines of a plan; many of one kind as one, with the reason of the first.

    >>> _in_a_screen(["gegevens: is nieuw", *(f"pagina {n}: volgt op notebook {n}" for n in range(4))])
    ['gegevens: is nieuw', "4 pagina's: volgt op notebook 0, enzovoort"]
    """
    kinds = [line.partition(" ")[0] for line in found]
    lines: list[str] = []
    for kind in dict.fromkeys(kinds):
        of_kind = [line for line, other in zip(found, kinds, strict=True) if other == kind]
        if len(of_kind) < MANY or kind not in MORE:
            lines += of_kind
            continue
        reasons = [line.partition(": ")[2] for line in of_kind]
        others = ", enzovoort" if len(set(reasons)) > 1 else ""
        lines.append(f"{len(of_kind)} {MORE[kind]}: {reasons[0]}{others}")
    return lines


def _run_one(
    where: Workspace, wanted: Sequence[Leaf], chosen: Sequence[str], pool: Pool, given: Mapping[str, str]
) -> Report | None:
    """What came of it; None when another run is at work."""
    from .. import lock
    from ..progress import Bar
    from ..publish import release, unchanged

    with Bar() as bar:
        try:
            report = release.run(where, wanted, chosen, pool=pool, progress=bar)
        except lock.Busy as error:
            click.echo(f"\n{error}", err=True)
            return None
    if report.seen:
        unchanged.note(where, given, report.seen)
    for period, faults in report.faulty.items():
        tell(faults, title=f"Periode {period} kan niet worden gemaakt; wat er stond, blijft staan")
    for period in report.awaited:
        if period in report.refused:
            tell(report.refused[period], title=f"Periode {period} wacht op een levering zonder fouten")
        else:
            click.echo(f"\nPeriode {period} wacht op bestanden in {where.relative(where.raw / period)}.", err=True)
    if report.faults:
        tell(report.faults, title="Er kan niets worden gemaakt")
    for failure in report.failures:
        click.echo(f"\n{failure}", err=True)
    for name, mark in report.unsigned.items():
        click.echo(f"\n{NOT_SIGNED.format(name=name, mark=mark)}", err=True)
    if report.apart:
        apart = where.relative(where.scratch / "intern" / "bestanden")
        click.echo(f"\nNiet in deze uitgave, nu in {apart}: {', '.join(report.apart)}", err=True)
    click.echo(_in_words(report, where), err=not report.is_whole)
    return report


def _lacks(report: Report, named: Sequence[str]) -> bool:
    """Whether a period is awaited that was named; without names, whether one was delivered with faults."""
    return any(period in report.awaited for period in named) if named else bool(report.refused)


def _around(where: Workspace) -> int:
    """How many pages stand around the chapters, and are made with every release."""
    from ..released import manifest

    return sum(name.endswith(".html") and "/" not in name for name in manifest(where.output).get("files", ()))


def _in_words(report: Report, where: Workspace) -> str:
    index = where.output / "index.html"
    count = len(report.made) + (_around(where) if report.is_placed else 0)
    pages = "1 pagina" if count == 1 else f"{count} pagina's"
    if report.is_placed and not report.made:
        return f"De uitgave is opnieuw samengesteld; alle pagina's waren al gemaakt. Begin bij {index}"
    if report.is_placed:
        return f"Gemaakt: {pages}. Begin bij {index}"
    if report.is_whole:
        return _nothing(where)
    made = f"Gemaakt en bewaard voor de volgende keer: {pages}. " if report.made else ""
    named = ", ".join(report.left) if len(report.left) <= FEW else f"{len(report.left)} pagina's"
    left = f" Nog niet bij: {named}." if report.left else ""
    if report.is_half_placed:
        return f"\n{made}De nieuwe uitgave staat voor een deel in output. Start mp-eval run opnieuw, dan komt de rest."
    return f"\n{made}Er is geen nieuwe uitgave: wat in output stond, staat er nog.{left}"


def _nothing(where: Workspace) -> str:
    return f"Niets te doen: alles is bij. Begin bij {where.output / 'index.html'}"


def _tell_many(reports: Iterable[tuple[Path, Report | str]], count: int) -> int:
    """A line a workspace as each is ready, its faults below it; 1 when any of them is not whole."""
    wrong = 0
    for number, (root, report) in enumerate(reports, start=1):
        name = f"[{number}/{count}] {root.name}"
        if isinstance(report, str):
            wrong += 1
            click.echo(f"{name}: {report}", err=True)
        elif report.is_whole and not report.refused:
            click.echo(f"{name}: {_made(report)}")
        else:
            wrong += 1
            missed = "half geplaatst" if report.is_half_placed else "geen nieuwe uitgave"
            click.echo(f"{name}: {_made(report) if report.is_whole else missed}", err=True)
            wrongly = [*report.faulty.values(), *report.refused.values()]
            for fault in [*report.faults, *(f for faults in wrongly for f in faults)]:
                click.echo(f"  {fault}", err=True)
            for failure in report.failures:
                click.echo(f"  {failure}", err=True)
    click.echo(f"{count - wrong} van {count} werkmappen bij.")
    return 1 if wrong else 0


def _made(report: Report) -> str:
    missing = [*report.awaited, *report.unsigned]
    without = f", zonder {', '.join(missing)}" if missing else ""
    return f"{'gemaakt' if report.is_placed else 'was al bij'}{without}"


def _pool(jobs: int, engine: str, cluster: str | None, tls_ca: Path, tls_cert: Path, tls_key: Path) -> Any:
    """Where the work is done: this machine, or the workers of a cluster."""
    from ..publish.release import STAGES

    if cluster is None:
        from ..execute.local import Local

        return Local(at_once=jobs, stages=STAGES, engine=engine)
    from ..execute.cluster import Cluster, ClusterError

    try:
        return Cluster(cluster, ca=tls_ca, cert=tls_cert, key=tls_key, stages=STAGES, engine=engine)
    except ClusterError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def _stopping() -> Iterator[None]:
    """Ctrl-C ends everything at once, in words."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(
            "\nGestopt. Wat klaar is, hoeft niet opnieuw; een uitgave die half is geplaatst, maakt de volgende run af.",
            err=True,
        )
        sys.exit(130)


def _matching(pattern: str) -> list[Path]:
    import glob

    from ..workspace import SETTINGS_FILE

    found = sorted({Path(name).resolve() for name in glob.glob(pattern) if (Path(name) / SETTINGS_FILE).is_file()})  # noqa: PTH207  # a pattern may be absolute
    if not found:
        raise click.UsageError(f"geen map met {SETTINGS_FILE} voldoet aan {pattern}")
    return found
