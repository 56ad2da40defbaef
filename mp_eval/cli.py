"""The command line: words and exit codes, nothing else. What it calls is imported when it is needed.

Exit code 0: done. 1: the data or a notebook has faults, all of them listed. 2: the command was used wrongly.
"""

from __future__ import annotations

import datetime
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from . import __version__

if TYPE_CHECKING:
    import pandas as pd

    from .faults import Fault
    from .periods import Period
    from .publish.leaves import Leaf
    from .publish.release import Pool, Report
    from .workspace import Workspace

DAY = click.DateTime(["%Y-%m-%d"])
NOT_SIGNED = (
    "{name} staat niet in deze openbare uitgave: het is geen notebook van mp-eval, en niemand heeft ervoor getekend.\n"
    "Het kan aantallen tonen die niet zijn afgeschermd. Lees zijn pagina's in een interne uitgave (internal = true).\n"
    "Staat er niets in dat niet openbaar mag, zet dan in evaluation.toml onder [disclosure.signed]:\n"
    '"{name}" = "{mark}"'
)
FEW = 8  # pages that a message names one by one


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mp-eval")
def main() -> None:
    """Evaluatie van maatschappelijke participatie: van leveringen naar pagina's voor de raad."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop as for Ctrl-C: nothing left behind
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not know every character
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _workspace_option(command: Any) -> Any:
    return click.option(
        "--workspace", type=click.Path(file_okay=False, path_type=Path), help="De werkmap, met evaluation.toml."
    )(command)


def _cluster_options(command: Any) -> Any:
    for name, help_ in (
        ("--tls-key", "De sleutel van deze computer voor het cluster."),
        ("--tls-cert", "Het certificaat van deze computer voor het cluster."),
        ("--tls-ca", "Het certificaat van wie de certificaten uitgaf."),
    ):
        command = click.option(name, type=click.Path(exists=True, dir_okay=False, path_type=Path), help=help_)(command)
    return click.option("--cluster", metavar="TLS://...", help="Reken op een dask-cluster, alleen met TLS.")(command)


@main.command()
@click.argument("periods", nargs=-1, metavar="[PERIODE...]")
@_workspace_option
@click.option("--workspaces", metavar="PATROON", help="Alle werkmappen die aan een patroon voldoen: 'gemeenten/*'.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Hoeveel notebooks tegelijk (anders: evaluation.toml).")
@click.option(
    "--engine",
    type=click.Choice(["fork", "kernel"]),
    default="fork",
    help="fork: één warm proces (waar dat kan); kernel: voor elk notebook een eigen rekenkern.",
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
    from .publish import unchanged

    with _stopping():
        if workspaces:
            from . import many

            if periods or workspace:
                raise click.UsageError("geef --workspaces zonder PERIODE en zonder --workspace")
            places = _matching(workspaces)
            with _pool(jobs or 2, engine, **cluster) as pool:
                code = _tell_many(many.run_all(places, _pairs(given), pool=pool), len(places))
            sys.exit(code)
        where, pairs = _find(workspace), _pairs(given)
        chosen = _known(where, periods)
        if cluster["cluster"] is None and unchanged.is_so(where, pairs):
            click.echo(_nothing(where))
            return
        with _pool(jobs or where.settings.run.jobs, engine, **cluster) as pool:
            if not (where.output / "manifest.json").exists():
                pool.warm()  # it will be needed
            report = _run_one(where, _wanted(where, pairs), chosen, pool, pairs)
        code = 1 if report is None or not report.is_whole or _lacks(report, periods) else 0
        sys.exit(code)


@main.command()
@_workspace_option
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAAM=WAARDE", help="Parameter van een notebook.")
def plan(workspace: Path | None, given: tuple[str, ...]) -> None:
    """Zeg wat `mp-eval run` zou doen, en waarom; doe niets."""
    from . import evaluate
    from .publish import release

    where = _find(workspace)
    digests = evaluate.memory_of(where)
    found = release.plan(where, digests, _wanted(where, _pairs(given)))
    digests.save()
    click.echo("\n".join(found) or "Niets te doen: alles is bij.")


@main.command()
@click.argument("old", metavar="[OUD]", default="vorige")
@click.argument("new", metavar="[NIEUW]", default="nu")
@_workspace_option
def diff(old: str, new: str, workspace: Path | None) -> None:
    """Toon welke cijfers verschillen tussen twee uitgaven, de grootste verschillen eerst.

    OUD en NIEUW zijn nummers of namen uit output/releases, `nu` of `vorige` (de uitgave voor deze).
    """
    from .publish import differences

    where = _find(workspace)
    try:
        click.echo(differences.told(where, old, new))
    except differences.NoRelease as error:
        raise click.UsageError(str(error)) from None


def _run_one(
    where: Workspace, wanted: Sequence[Leaf], chosen: Sequence[str], pool: Pool, given: Mapping[str, str]
) -> Report | None:
    """What came of it; None when another run is at work."""
    from . import lock
    from .progress import Bar
    from .publish import release, unchanged

    with Bar() as bar:
        try:
            report = release.run(where, wanted, chosen, pool=pool, progress=bar)
        except lock.Busy as error:
            click.echo(f"\n{error}", err=True)
            return None
    if report.seen:
        unchanged.note(where, given, report.seen)
    for period, faults in report.faulty.items():
        _tell(faults, title=f"Periode {period} kan niet worden gemaakt; wat er stond, blijft staan")
    for period in report.awaited:
        if period in report.refused:
            _tell(report.refused[period], title=f"Periode {period} wacht op een levering zonder fouten")
        else:
            click.echo(f"\nPeriode {period} wacht op bestanden in {where.relative(where.raw / period)}.", err=True)
    if report.faults:
        _tell(report.faults, title="Er kan niets worden gemaakt")
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


def _in_words(report: Report, where: Workspace) -> str:
    index = where.output / "index.html"
    pages = "1 pagina" if len(report.made) == 1 else f"{len(report.made)} pagina's"
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


@main.command()
@click.argument("periods", nargs=-1, metavar="[PERIODE...]")
@_workspace_option
def check(periods: tuple[str, ...], workspace: Path | None) -> None:
    """Controleer de leveringen van PERIODE (zonder: van alle perioden) en het register; schrijf niets.

    Van elke map, elk bestand en elk blad staat er of het is gelezen, en zo niet waarom. Van wat is gelezen: hoeveel
    rijen het heeft, hoeveel daarvan zijn gebruikt, en welke niet: leeg, titel, kop, totaalregel, voetregel, dubbel,
    niet gekozen (where), vervangen (last), samengevoegd (join) of met een fout, met de rijnummers van Excel. De som
    klopt altijd. Verborgen rijen en kolommen worden gelezen en gemeld, zoals Excel doet als het een blad als CSV
    opslaat; een verborgen blad wordt niet gelezen. Een fout in een cel (#N/B), een formule zonder uitkomst, een
    ingekort nummer (1,23457E+11) en een dag die ‘leeg’ betekent (01-01-1900) worden geweigerd.

    Wat gegevens van één levering tegen elkaar zeggen, staat er als ‘Tegenspraak’: van hoeveel inwoners, en welke
    cijfers erop rusten. Het houdt een levering niet tegen. Van een uitkeringenbestand staat er vanaf wanneer het
    iedereen bevat: volgens whole_from in source.toml, of afgeleid uit de datums.

    Welke kolommen, waarden en codes zijn aanvaard, staat in het datawoordenboek: `mp-eval dictionary`. Het commando
    eindigt met 0 als alles in orde is, en met 1 als er fouten zijn; die staan er allemaal, met wat te doen.
    """
    from . import ambitions, stages
    from .faults import FaultsFound
    from .intake import clean, contract
    from .intake.published import read_register
    from .measures import Scope, contradicted
    from .present import contradictions, inventory, whole_from

    where = _find(workspace)
    chosen = _known(where, periods)
    faulty = False
    if _faults(contract.read, where) or _faults(stages.check_breaks, where):
        _refuse(_beside(where))
    agreed = contract.read(where)
    try:
        click.echo(f"Gepubliceerde cijfers: {len(read_register(where, agreed))} in orde.")
    except FaultsFound as error:
        faulty = True
        _tell(error.faults, title="De gepubliceerde cijfers zijn niet in orde")
    try:
        noted = ambitions.read(where)
        click.echo("Ambities: geen bestand." if noted is None else f"Ambities: {len(noted)} in orde.")
    except FaultsFound as error:
        faulty = True
        _tell(error.faults, title="De ambities zijn niet in orde")
    for name in chosen:
        if not where.has_records(where.period(name)):
            click.echo(f"Periode {name}: zonder levering (records = false).")
            continue
        try:
            delivery = clean.take_in(where, agreed, where.period(name))
            counts = delivery.counts[["delivered", "refused", "kept", "corrected"]].sum()
            click.echo(
                f"Periode {name}: in orde. {counts['delivered']} rijen geleverd, {counts['refused']} niet gebruikt, "
                f"{counts['kept']} gebruikt; gecorrigeerde cellen: {counts['corrected']}."
            )
            if told := _within(where.period(name), delivery.tables.get("conversations")):
                click.echo(f"  {told}")
            scope = Scope(name, (where.period(name),), delivery.source.extracted)
            if "benefits" in delivery.tables:
                click.echo(f"  {whole_from.line(delivery.tables['benefits'], delivery.source)}")
            for line in contradictions.lines(contradicted(delivery.tables, scope)):
                click.echo(f"  {line}")
            account = delivery.account
        except clean.Refused as error:
            faulty, account = True, error.account
            _tell(error.faults, title=f"Periode {name} is niet in orde")
        for line in inventory.lines(account):
            click.echo(f"  {line}")
    sys.exit(1 if faulty else 0)


def _within(period: Period, conversations: pd.DataFrame | None) -> str:
    """How many conversations are of the period's days: last year's file in this year's folder is no fault by itself."""
    from .measures.scope import Scope

    if conversations is None or conversations.empty:
        return ""
    count = int(Scope(period.key, (period,), period.end).contains(conversations["date"]).sum())
    doubt = "; ligt hier de levering van deze periode?" if 2 * count < len(conversations) else ""
    return f"{count} van {len(conversations)} gesprekken vallen in de periode{doubt}"


@main.command("new-period")
@click.argument("name", metavar="ID")
@click.option("--start", type=DAY, required=True, help="Eerste dag, jjjj-mm-dd.")
@click.option("--end", type=DAY, required=True, help="De dag na de laatste dag, jjjj-mm-dd.")
@_workspace_option
def new_period(name: str, start: datetime.datetime, end: datetime.datetime, workspace: Path | None) -> None:
    """Voeg periode ID toe aan evaluation.toml en maak een map voor haar levering."""
    from .faults import FaultsFound
    from .intake import contract
    from .newperiod import NewPeriodError, add

    where = _find(workspace)
    try:
        period = add(where, name, start.date(), end.date())
        files = [t.files[0] for t in contract.read(where).delivered if t.required]
    except NewPeriodError as error:
        raise click.UsageError(str(error)) from None
    except FaultsFound as error:
        _refuse(error.faults)
    for other in where.periods:
        if shared := period.overlap(other):
            click.echo(
                f"Let op: deelt {shared.wording(inclusive=True)} met {other.id}; samen telt een inwoner één keer."
            )
    folder = where.relative(where.raw / name)
    click.echo(f"Periode {name}: {period.wording()} ({period.dates()}).")
    click.echo(f"1. Zet de bestanden in {folder}: ten minste {', '.join(files)}.")
    click.echo(f"2. Kijk {folder}/source.toml na, vooral de datum van de uitdraai.")
    click.echo(f"3. mp-eval run {name}")


@main.command()
@click.option("--seed", type=int, required=True, help="Dezelfde seed geeft dezelfde bestanden.")
@_workspace_option
def synthesise(seed: int, workspace: Path | None) -> None:
    """Maak verzonnen leveringen die aansluiten op de gepubliceerde cijfers."""
    from .synthetic import RealDelivery
    from .synthetic import synthesise as make

    where = _find(workspace)
    try:
        written = make(where.raw, seed=seed)
    except RealDelivery as error:
        raise click.UsageError(str(error)) from None
    click.echo("\n".join(where.relative(path) for path in written))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", required=True, help="De kolom met het burgerservicenummer of een ander nummer.")
@click.option(
    "--key-file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Sleutel, buiten de werkmap."
)
@click.option("--new-key", is_flag=True, help="Maak het sleutelbestand als het er nog niet is.")
@click.option("--drop", multiple=True, metavar="KOLOM", help="Kolom die moet verdwijnen, zoals een naam.")
@click.option("--year", multiple=True, metavar="KOLOM", help="Geboortedatum waarvan alleen het jaar blijft.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Map voor de nieuwe bestanden."
)
def pseudonymise(
    files: Sequence[Path],
    column: str,
    key_file: Path,
    new_key: bool,
    drop: Sequence[str],
    year: Sequence[str],
    out: Path,
) -> None:
    """Vervang in FILES (CSV of Excel) een nummer door een pseudoniem dat in elke periode hetzelfde is."""
    from .intake import excel, pseudonyms, read
    from .workspace import NoWorkspace, find

    try:
        root = find(key_file.resolve().parent).root
    except NoWorkspace:
        root = None
    targets = [out / f"{path.stem}.csv" for path in files]
    for target in targets:
        if target.exists() or targets.count(target) > 1:
            raise click.UsageError(f"{target} bestaat al of komt twee keer voor; kies een andere map of naam")
    try:
        key = pseudonyms.read_key(key_file, workspace=root, create=new_key)
        made = []
        for path in files:
            data = read.excel_as_text(path) if path.suffix.lower() in excel.SUFFIXES else path.read_bytes()
            made.append(pseudonyms.pseudonymise(data, key, column=column, drop=drop, year=year))
    except (pseudonyms.PseudonymError, excel.UnreadableError, OSError) as error:
        raise click.UsageError(str(error)) from None
    out.mkdir(parents=True, exist_ok=True)
    for target, data in zip(targets, made, strict=True):
        target.write_bytes(data)
        click.echo(str(target))


@main.command()
@click.argument("period", metavar="PERIODE")
@_workspace_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Bestand; anders notitie-PERIODE.docx.")
def note(period: str, workspace: Path | None, out: Path | None) -> None:
    """Schrijf de voortgangsnotitie over PERIODE als Word-document, om zelf af te maken."""
    from . import evaluate
    from .faults import FaultsFound
    from .publish.note import note as make

    where = _find(workspace)
    (name,) = _known(where, [period])
    target = out or where.root / f"notitie-{name}.docx"
    if target.exists():
        raise click.UsageError(f"{target.name} bestaat al, en daar kan al aan zijn geschreven; kies een andere --out")
    try:
        made = make(evaluate.evaluate(where), name)
    except FaultsFound as error:
        _refuse(error.faults)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made)
    click.echo(f"Geschreven: {target}. Wat tussen haken staat, vult u zelf in.")


@main.command()
@_workspace_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Bestand; anders op het scherm.")
@click.option("--changes", nargs=2, type=int, metavar="JAAR JAAR", help="Wat er tussen twee jaren verandert.")
def dictionary(workspace: Path | None, out: Path | None, changes: tuple[int, int] | None) -> None:
    """Toon het datawoordenboek: welke bestanden, kolommen en woorden worden verwacht, en met welke instellingen.

    Het contract heeft jaren: een code geldt voor rijen van een dag waarop zij van kracht was.
    """
    from .faults import FaultsFound
    from .intake import contract, years
    from .intake import dictionary as made

    try:
        agreed = contract.read(_find(workspace))
    except FaultsFound as error:
        _refuse(error.faults)
    text = f"{years.changes(agreed, *changes)}\n" if changes else made.dictionary(agreed)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="\n")
    else:
        click.echo(text, nl=False)


def _pool(jobs: int, engine: str, cluster: str | None, tls_ca: Path, tls_cert: Path, tls_key: Path) -> Any:
    """Where the work is done: this machine, or the workers of a cluster."""
    from .publish.release import STAGES

    if cluster is None:
        from .execute.local import Local

        return Local(at_once=jobs, stages=STAGES, engine=engine)
    from .execute.cluster import Cluster, ClusterError

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


def _wanted(workspace: Workspace, given: Mapping[str, str]) -> list[Leaf]:
    """The pages of all periods and of all together, with these parameters."""
    from .execute.parameters import ParameterError
    from .publish.leaves import leaves

    try:
        return leaves(workspace, _known(workspace, ()), given)
    except ParameterError as error:
        raise click.UsageError(str(error)) from None


def _matching(pattern: str) -> list[Path]:
    import glob

    from .workspace import SETTINGS_FILE

    found = sorted({Path(name).resolve() for name in glob.glob(pattern) if (Path(name) / SETTINGS_FILE).is_file()})  # noqa: PTH207  # a pattern may be absolute
    if not found:
        raise click.UsageError(f"geen map met {SETTINGS_FILE} voldoet aan {pattern}")
    return found


def _find(workspace: Path | None) -> Workspace:
    from .faults import FaultsFound
    from .workspace import SETTINGS_FILE, NoWorkspace, Unsettled, find

    if workspace is not None and not (workspace / SETTINGS_FILE).is_file():
        raise click.UsageError(f"in {workspace} staat geen {SETTINGS_FILE}")
    try:
        return find(workspace)
    except NoWorkspace as error:
        raise click.UsageError(str(error)) from None
    except Unsettled as error:
        _refuse([*error.faults, *_beside(error.workspace)])
    except FaultsFound as error:
        _refuse(error.faults)


def _known(workspace: Workspace, periods: Sequence[str]) -> list[str]:
    for name in periods:
        try:
            workspace.period(name)
        except KeyError as error:
            raise click.UsageError(error.args[0]) from None
    if not workspace.periods:
        raise click.UsageError("er staat nog geen periode in evaluation.toml; begin met `mp-eval new-period`")
    return list(dict.fromkeys(periods)) or [p.id for p in workspace.periods]


def _pairs(given: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name == "period":
            raise click.UsageError(f"‘{text}’: schrijf -p naam=waarde; de periode staat los achter `mp-eval run`")
        pairs[name.strip()] = value.strip()
    return pairs


def _tell(faults: Sequence[Fault], *, title: str) -> None:
    count = sum(f.count for f in faults)
    click.echo(f"\n{title}: {len(faults)} {'fout' if len(faults) == 1 else 'fouten'}", err=True, nl=False)
    click.echo(f", samen op {count} plaatsen.\n" if count > len(faults) else ".\n", err=True)
    for fault in faults:
        click.echo(f"{fault}\n", err=True)


def _beside(where: Workspace) -> list[Fault]:
    """What is wrong with settings that name a table, column or measure, with the ambitions and with the register."""
    from . import ambitions, stages
    from .intake import contract
    from .intake.published import read_register

    plain = replace(where, settings=replace(where.settings, intake={}))

    def register(where: Workspace) -> None:
        read_register(where, contract.read(plain))

    looks = contract.read, stages.check_breaks, ambitions.read, register
    return list(dict.fromkeys(fault for look in looks for fault in _faults(look, where)))


def _faults(look: Callable[[Workspace], object], where: Workspace) -> tuple[Fault, ...]:
    from .faults import FaultsFound

    try:
        look(where)
    except FaultsFound as error:
        return error.faults
    return ()


def _refuse(faults: Sequence[Fault]) -> NoReturn:
    _tell(faults, title="Er kan niets worden gemaakt")
    sys.exit(1)


if __name__ == "__main__":
    main()
