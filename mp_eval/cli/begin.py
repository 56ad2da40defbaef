"""Commands to begin with: a workspace, its periods, and made-up deliveries to see what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import click

from .ask import DAY, known, open_workspace, refuse, workspace_option
from .front import main

INHABITANTS = 60_000  # of a municipality of which nothing is said


@main.command()
@click.argument("folder", metavar="MAP", type=click.Path(path_type=Path))
@click.option("--naam", "name", required=True, metavar="GEMEENTE", help="Hoe de gemeente heet.")
@click.option("--voorbeeld", "has_example", is_flag=True, help="Met verzonnen leveringen, om te zien wat eruit komt.")
@click.option(
    "--periode",
    "periods",
    nargs=3,
    type=(str, DAY, DAY),
    multiple=True,
    metavar="ID START EIND",
    help="Een periode: naam, eerste dag, de dag na de laatste dag. Mag vaker.",
)
@click.option(
    "--inwoners",
    "inhabitants",
    type=click.IntRange(1_000, 1_000_000),
    metavar="AANTAL",
    help="Bij --voorbeeld: hoeveel inwoners de gemeente ongeveer heeft (anders 60000).",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="GETAL",
    help="Hetzelfde getal, dezelfde verzonnen mensen.",
)
def init(
    folder: Path,
    name: str,
    has_example: bool,
    periods: Sequence[tuple[str, date, date]],
    inhabitants: int | None,
    seed: int | None,
) -> None:
    """Maak in MAP een werkmap voor een gemeente: instellingen, uitleg en plaats voor de bestanden."""
    from .. import begin
    from ..periods import Period

    if wrong := [key for key, start, end in periods if end <= start]:
        raise click.UsageError(f"periode {wrong[0]}: de laatste datum is de dag na de laatste dag, dus later dan start")
    asked = [Period(start, end, key) for key, start, end in periods]
    if not has_example and (inhabitants, seed) != (None, None):
        raise click.UsageError("--inwoners en --seed gaan over verzonnen leveringen: zet er --voorbeeld bij")
    example = begin.Example(inhabitants or INHABITANTS, 1 if seed is None else seed) if has_example else None
    try:
        made = begin.begin(folder, name, periods=asked, example=example)
    except begin.CannotBegin as error:
        raise click.UsageError(str(error)) from None
    click.echo(f"De werkmap van {made.settings.municipality.name} staat in {made.root}")
    click.echo(f'1. Ga erheen: cd "{folder}"')
    if example:
        click.echo("2. mp-eval run   (de leveringen zijn verzonnen)")
        click.echo("3. mp-eval open")
    else:
        click.echo("2. Open aan-de-slag.html in uw browser: daarin staan alle stappen.")
        click.echo("3. mp-eval status zegt steeds wat de volgende stap is.")


@main.command("new-period")
@click.argument("name", metavar="ID")
@click.option("--start", type=DAY, required=True, metavar="DAG", help="Eerste dag, zoals 2025-01-01 of 01-01-2025.")
@click.option("--end", type=DAY, required=True, metavar="DAG", help="De dag na de laatste dag.")
@workspace_option
def new_period(name: str, start: date, end: date, workspace: Path | None) -> None:
    """Voeg periode ID toe aan evaluation.toml en maak een map voor haar levering."""
    from ..faults import FaultsFound
    from ..intake import contract
    from ..newperiod import NewPeriodError, add

    where = open_workspace(workspace)
    try:
        period = add(where, name, start, end)
        files = [t.files[0] for t in contract.read(where).delivered if t.required]
    except NewPeriodError as error:
        raise click.UsageError(str(error)) from None
    except FaultsFound as error:
        refuse(error.faults)
    for other in where.periods:
        if shared := period.overlap(other):
            click.echo(
                f"Let op: deelt {shared.wording(inclusive=True)} met {other.id}; samen telt een inwoner één keer."
            )
    if (period.end + timedelta(days=1)).day == 1:
        click.echo(
            f"Let op: --end is de dag ná de laatste dag, dus {period.end:%d-%m-%Y} hoort er niet bij. "
            f"Hoort die dag erbij, zet dan end = {period.end + timedelta(days=1)} bij deze periode in evaluation.toml."
        )
    if period.end > date.today():
        click.echo(
            f"Let op: deze periode is op {period.end:%d-%m-%Y} pas voorbij. "
            "De cijfers gaan tot de dag van de uitdraai; wat daarna nog gebeurt, ontbreekt."
        )
    folder = where.relative(where.raw / name)
    click.echo(f"Periode {name}: {period.dates()}.")
    click.echo(f"1. Zet de bestanden in {folder}: ten minste {', '.join(files)}.")
    click.echo(f"2. Kijk {folder}/source.toml na, vooral de datum van de uitdraai.")
    click.echo(f"3. mp-eval run {name}")


@main.command()
@click.option("--seed", type=int, required=True, metavar="GETAL", help="Hetzelfde getal geeft dezelfde bestanden.")
@workspace_option
def synthesise(seed: int, workspace: Path | None) -> None:
    """Maak verzonnen leveringen voor alle perioden.

    In de werkmap die bij mp-eval hoort, sluiten zij aan op de gepubliceerde cijfers; elders op geen enkel cijfer.
    """
    from ..synthetic import RealDelivery
    from ..synthetic import synthesise as make
    from ..synthetic.plan import REPORT, plan

    where = open_workspace(workspace)
    known(where, ())
    is_reported = REPORT.recorded.keys() == {p.id for p in where.periods}
    chosen = REPORT if is_reported else plan(where.periods, INHABITANTS, name=where.settings.municipality.name)
    try:
        written = make(where.raw, seed=seed, plan=chosen)
    except RealDelivery as error:
        raise click.UsageError(str(error)) from None
    click.echo("\n".join(where.relative(path) for path in written))
