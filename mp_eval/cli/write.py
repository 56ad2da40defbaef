"""Commands that write a document: the note to the council, and the pages on paper."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .ask import known, open_workspace, refuse, workspace_option
from .front import main

SHORT = "in-het-kort"


@main.command()
@click.argument("period", metavar="[PERIODE]", required=False)
@workspace_option
@click.option(
    "--kort", "is_short", is_flag=True, help="Zonder PERIODE: de twee pagina's voor de raad, over alles samen."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Bestand; anders notitie-PERIODE.docx.")
def note(period: str | None, workspace: Path | None, is_short: bool, out: Path | None) -> None:
    """Schrijf de voortgangsnotitie over PERIODE als Word-document, om zelf af te maken."""
    from .. import evaluate, facts
    from ..faults import FaultsFound
    from ..publish import note as word

    where = open_workspace(workspace)
    if is_short == bool(period):
        raise click.UsageError("noem één PERIODE, of geen en dan met --kort")
    name = SHORT if period is None else known(where, [period])[0]
    target = out or where.root / (f"{name}.docx" if is_short else f"notitie-{name}.docx")
    _free(target, "daar kan al aan zijn geschreven, dus kies een andere --out")
    try:
        found = evaluate.evaluate(where)
        made = word.in_short(found) if is_short else word.note(found, name, facts.read(where))
    except FaultsFound as error:
        refuse(error.faults)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made)
    asked = "" if is_short else " Wat tussen haken staat, vult u zelf in, of één keer in data/raw/notitie.toml."
    click.echo(f"Geschreven: {target}.{asked}")


@main.command()
@click.argument("period", metavar="[PERIODE]", required=False)
@workspace_option
@click.option("--kort", "is_short", is_flag=True, help="Zonder PERIODE: alleen de twee pagina's voor de raad.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Bestand; anders evaluatie-PERIODE.pdf.")
@click.option(
    "--browser",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Chrome, Edge of Chromium, als die niet wordt gevonden.",
)
def pdf(period: str | None, workspace: Path | None, is_short: bool, out: Path | None, browser: Path | None) -> None:
    """Zet de pagina's van de uitgave over PERIODE in één PDF, die ook is voor te lezen (PDF/UA).

    Zonder PERIODE die over alle perioden samen, met de begrippen en de verantwoording. Van een interne uitgave staat
    dat ook in de naam van het bestand.
    """
    from ..periods import WHOLE
    from ..publish import paper
    from ..steps import Refused, write

    where = open_workspace(workspace)
    if is_short and period:
        raise click.UsageError("noem een PERIODE, of geen en dan met --kort")
    name = SHORT if is_short else known(where, [period])[0] if period else WHOLE
    target = _free(out or where.root / paper.name_of(where.output, name), "haal het weg, of kies een andere --out")
    try:
        write(target, paper.make(where.output, name, scratch=where.scratch, program=browser))
    except Refused as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"Geschreven: {target}.")


def _free(target: Path, what_to_do: str) -> Path:
    """The file that is to be written, which is not there yet."""
    if target.exists():
        raise click.UsageError(f"{target.name} bestaat al; {what_to_do}")
    return target
