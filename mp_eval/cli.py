"""The command line: words and exit codes, nothing else. What it calls is imported when it is needed.

Exit code 0: done. 1: the data or a notebook has faults, all of them listed. 2: the command was used wrongly.
"""

from __future__ import annotations

import datetime
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from . import __version__

if TYPE_CHECKING:
    from .evaluate import Evaluation
    from .faults import Fault
    from .publish.release import Leaf, Result
    from .workspace import Workspace

DAY = click.DateTime(["%Y-%m-%d"])


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


@main.command()
@click.argument("periods", nargs=-1, metavar="[PERIODE...]")
@_workspace_option
@click.option("--jobs", type=click.IntRange(1, 64), help="Hoeveel notebooks tegelijk (anders: evaluation.toml).")
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAAM=WAARDE", help="Parameter van een notebook.")
def run(periods: tuple[str, ...], workspace: Path | None, jobs: int | None, given: tuple[str, ...]) -> None:
    """Maak de pagina's van PERIODE (zonder: van alle perioden) en van alle perioden samen."""
    from . import evaluate
    from .faults import FaultsFound
    from .publish import release
    from .publish.parameters import ParameterError

    where = _find(workspace)
    chosen = _known(where, periods)
    try:
        wanted = release.leaves(where, chosen, _pairs(given))
    except ParameterError as error:
        raise click.UsageError(str(error)) from None
    click.echo("Leveringen lezen en controleren", err=True)
    try:
        evaluation = evaluate.evaluate(where, progress=lambda text: click.echo(f"  {text}", err=True))
    except FaultsFound as error:
        _refuse(error.faults)
    for period, faults in evaluation.faulty.items():
        _tell(faults, title=f"Periode {period} kan niet worden gemaakt; wat er stond, blijft staan")
    possible = [
        leaf for leaf in wanted if (leaf.period not in evaluation.faulty if leaf.period else not evaluation.faulty)
    ]
    skipped = [leaf.href for leaf in wanted if leaf not in possible]
    result = _publish(evaluation, possible, jobs or where.settings.run.jobs)
    for failure in result.failures:
        click.echo(f"\n{failure}", err=True)
    if left := sorted({*skipped, *result.stale}):
        click.echo(f"\nNiet vernieuwd: {', '.join(left)}. De CSV-bestanden zijn ook gebleven zoals ze waren.", err=True)
    index = where.output / "index.html"
    if result.made:
        pages = "1 pagina" if len(result.made) == 1 else f"{len(result.made)} pagina's"
        click.echo(f"Gemaakt: {pages}. Begin bij {index}")
    sys.exit(1 if evaluation.faulty or result.failures else 0)


def _publish(evaluation: Evaluation, possible: Sequence[Leaf], jobs: int) -> Result:
    from tqdm import tqdm

    from .publish import release

    if not possible:
        return release.Result()
    with tqdm(total=len(possible), unit="pagina", desc="Pagina's", file=sys.stderr, disable=None) as bar:

        def progress(href: str) -> None:
            bar.set_postfix_str(href)
            bar.update()

        try:
            return release.publish(evaluation, possible, jobs=jobs, progress=progress)
        except release.Busy as error:
            return release.Result(failures=[str(error)])


@main.command()
@click.argument("periods", nargs=-1, metavar="[PERIODE...]")
@_workspace_option
def check(periods: tuple[str, ...], workspace: Path | None) -> None:
    """Controleer de leveringen van PERIODE (zonder: van alle perioden) en het register; schrijf niets."""
    from .faults import FaultsFound
    from .intake import clean, contract
    from .register import read_register

    where = _find(workspace)
    chosen = _known(where, periods)
    faulty = False
    try:
        agreed = contract.read(where)
    except FaultsFound as error:
        _refuse(error.faults)
    try:
        click.echo(f"Gepubliceerde cijfers: {len(read_register(where, agreed))} in orde.")
    except FaultsFound as error:
        faulty = True
        _tell(error.faults, title="De gepubliceerde cijfers zijn niet in orde")
    for name in chosen:
        try:
            delivery = clean.take_in(where, agreed, where.period(name))
            counts = delivery.counts[["delivered", "refused", "kept", "corrected"]].sum()
            click.echo(
                f"Periode {name}: in orde. {counts['delivered']} rijen geleverd, {counts['refused']} niet gebruikt, "
                f"{counts['kept']} gebruikt; gecorrigeerde cellen: {counts['corrected']}."
            )
            for column in delivery.unused:
                click.echo(f"  niet gebruikt: {column}")
        except FaultsFound as error:
            faulty = True
            _tell(error.faults, title=f"Periode {name} is niet in orde")
    sys.exit(1 if faulty else 0)


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
    from .intake import pseudonyms, read
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
            data = read.excel_as_text(path) if path.suffix.lower() in read.EXCEL else path.read_bytes()
            made.append(pseudonyms.pseudonymise(data, key, column=column, drop=drop, year=year))
    except (pseudonyms.PseudonymError, read.UnreadableError, OSError) as error:
        raise click.UsageError(str(error)) from None
    out.mkdir(parents=True, exist_ok=True)
    for target, data in zip(targets, made, strict=True):
        target.write_bytes(data)
        click.echo(str(target))


@main.command()
@_workspace_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Bestand; anders op het scherm.")
def dictionary(workspace: Path | None, out: Path | None) -> None:
    """Toon het datawoordenboek: welke bestanden en kolommen worden verwacht."""
    from .faults import FaultsFound
    from .intake import contract

    try:
        agreed = contract.read(_find(workspace))
    except FaultsFound as error:
        _refuse(error.faults)
    if out:
        contract.write_dictionary(agreed, out)
    else:
        click.echo(contract.dictionary(agreed), nl=False)


def _find(workspace: Path | None) -> Workspace:
    from .faults import FaultsFound
    from .workspace import SETTINGS_FILE, NoWorkspace, find

    if workspace is not None and not (workspace / SETTINGS_FILE).is_file():
        raise click.UsageError(f"in {workspace} staat geen {SETTINGS_FILE}")
    try:
        return find(workspace)
    except NoWorkspace as error:
        raise click.UsageError(str(error)) from None
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


def _refuse(faults: Sequence[Fault]) -> NoReturn:
    _tell(faults, title="Er kan niets worden gemaakt")
    sys.exit(1)


if __name__ == "__main__":
    main()
