"""Commands about deliveries: a period for them, whether they are in order, what is expected of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .ask import astray, beside, faults_of, known, open_workspace, refuse, tell, workspace_option
from .front import main

if TYPE_CHECKING:
    import pandas as pd

    from ..delivered import Place
    from ..intake.contract import Contract
    from ..periods import Period


@main.command()
@click.argument("periods", nargs=-1, metavar="[PERIODE...]")
@workspace_option
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
    from .. import ambitions, delivered, facts, stages
    from ..faults import FaultsFound
    from ..intake import clean, contract, mappings
    from ..intake.published import read_register
    from ..measures import Scope, contradicted
    from ..present import contradictions, inventory, whole_from
    from ..present.wording import number

    where = open_workspace(workspace)
    chosen = known(where, periods)
    faulty = False
    if faults_of(contract.read, where) or faults_of(stages.check_breaks, where):
        refuse(beside(where))
    agreed = contract.read(where)
    try:
        click.echo(f"Gepubliceerde cijfers: {len(read_register(where, agreed))} in orde.")
    except FaultsFound as error:
        faulty = True
        tell(error.faults, title="De gepubliceerde cijfers zijn niet in orde")
    try:
        noted = ambitions.read(where)
        click.echo("Ambities: geen bestand." if noted is None else f"Ambities: {len(noted)} in orde.")
    except FaultsFound as error:
        faulty = True
        tell(error.faults, title="De ambities zijn niet in orde")
    try:
        click.echo(
            "Notitie aan de raad: in orde."
            if facts.read(where) != facts.NONE
            else "Notitie aan de raad: niets ingevuld."
        )
    except FaultsFound as error:
        faulty = True
        tell(error.faults, title="Wat in de notitie aan de raad komt, is niet in orde")
    for line in astray(where):
        click.echo(line)
    for name in chosen:
        if not where.has_records(where.period(name)):
            click.echo(f"Periode {name}: zonder levering (records = false).")
            continue
        names = [path.name for path in delivered.files(where, where.period(name))]
        for line in mappings.hints(names, {table.use for table in agreed.tables.values()}):
            click.echo(f"Periode {name}: {line}")
        try:
            delivery = clean.take_in(where, agreed, where.period(name))
            counts = delivery.counts[["delivered", "refused", "kept", "corrected"]].sum()
            click.echo(
                f"Periode {name}: in orde. {number(counts['delivered'])} rijen geleverd, "
                f"{number(counts['refused'])} niet gebruikt, {number(counts['kept'])} gebruikt; "
                f"gecorrigeerde cellen: {number(counts['corrected'])}."
            )
            if delivery.source.extracted < where.period(name).end - timedelta(days=1):
                click.echo(
                    f"  De uitdraai is van {delivery.source.extracted:%d-%m-%Y}, voor het einde van de periode "
                    f"({where.period(name).dates()}): wat daarna nog gebeurt, ontbreekt."
                )
            if told := _within(where.period(name), delivery.tables.get("conversations")):
                click.echo(f"  {told}")
            if told := inventory.providers(delivery.tables.get("trajectories")):
                click.echo(f"  {told}")
            scope = Scope(name, (where.period(name),), delivery.source.extracted)
            if "benefits" in delivery.tables:
                click.echo(f"  {whole_from.line(delivery.tables['benefits'], delivery.source)}")
                for told in (
                    whole_from.together(delivery.tables["benefits"], delivery.source),
                    whole_from.lacking(delivery.tables["benefits"]),
                ):
                    if told:
                        click.echo(f"  {told}")
            for line in mappings.unsure(where.settings.intake, delivery.tables):
                click.echo(f"  {line}")
            for line in contradictions.lines(contradicted(delivery.tables, scope)):
                click.echo(f"  {line}")
            account = delivery.account
        except clean.Refused as error:
            faulty, account = True, error.account
            tell(error.faults, title=f"Periode {name} is niet in orde")
        for line in (*_in_doubt(agreed, account), *inventory.lines(account)):
            click.echo(f"  {line}")
    sys.exit(1 if faulty else 0)


def _in_doubt(agreed: Contract, account: Iterable[Place]) -> Iterator[str]:
    """What was chosen by a name that holds the words of several tables."""
    for place in account:
        name = next((n for n in (place.sheet, Path(place.file).stem) if agreed.tables_of(n)), "")
        if others := agreed.also_in(name):
            taken, also = (", ".join(t.title for t in some) for some in (agreed.tables_of(name), others))
            told = f"‘{name}’ is opgevat als {taken}; in de naam staat ook een woord van {also}"
            yield f"{told}. Klopt dat niet, geef het een andere naam"


def _within(period: Period, conversations: pd.DataFrame | None) -> str:
    """How many conversations are of the period's days: last year's file in this year's folder is no fault by itself."""
    from ..measures.scope import Scope
    from ..present.wording import number

    if conversations is None or conversations.empty:
        return ""
    count = int(Scope(period.key, (period,), period.end).contains(conversations["date"]).sum())
    doubt = "; ligt hier de levering van deze periode?" if 2 * count < len(conversations) else ""
    return f"{number(count)} van {number(len(conversations))} gesprekken vallen in de periode{doubt}"


@main.command()
@click.argument(
    "files", metavar="BESTAND...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--column", default="", metavar="KOLOM", help="De kolom met het burgerservicenummer of een ander nummer.")
@click.option(
    "--key-file", type=click.Path(dir_okay=False, path_type=Path), help="Bij --column: de sleutel, buiten de werkmap."
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
    key_file: Path | None,
    new_key: bool,
    drop: Sequence[str],
    year: Sequence[str],
    out: Path,
) -> None:
    """Haal uit elk BESTAND (CSV of Excel) wat naar een inwoner leidt.

    Van --column wordt elk nummer een pseudoniem dat in elke periode hetzelfde is, van --year blijft het jaar, en --drop
    verdwijnt. Noem in één opdracht alles wat eruit moet.
    """
    from ..intake import excel, pseudonyms, read
    from ..workspace import NoWorkspace, find

    if not (column or drop or year):
        raise click.UsageError("zeg wat eruit moet: --column met --key-file, --year of --drop")
    if bool(column) != bool(key_file):
        raise click.UsageError("--column en --key-file horen bij elkaar")
    try:
        root = find(key_file.resolve().parent).root if key_file else None
    except NoWorkspace:
        root = None
    targets = [out / f"{path.stem}.csv" for path in files]
    for target in targets:
        if target.exists() or targets.count(target) > 1:
            raise click.UsageError(f"{target} bestaat al of komt twee keer voor; kies een andere map of naam")
    try:
        key = pseudonyms.read_key(key_file, workspace=root, create=new_key) if key_file else b""
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
@workspace_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Bestand; anders op het scherm.")
@click.option(
    "--changes", nargs=2, type=click.IntRange(1, 9999), metavar="JAAR JAAR", help="Wat er tussen twee jaren verandert."
)
@click.option("--koppelingen", "is_known", is_flag=True, help="Welke bestanden uit andere systemen bekend zijn.")
def dictionary(workspace: Path | None, out: Path | None, changes: tuple[int, int] | None, is_known: bool) -> None:
    """Toon het datawoordenboek: welke bestanden, kolommen en woorden worden verwacht, en met welke instellingen.

    Het contract heeft jaren: een code geldt voor rijen van een dag waarop zij van kracht was.
    """
    from ..faults import FaultsFound
    from ..intake import contract, mappings, years
    from ..intake import dictionary as made

    try:
        agreed = contract.read(open_workspace(workspace))
    except FaultsFound as error:
        refuse(error.faults)
    text = f"{years.changes(agreed, *changes)}\n" if changes else made.dictionary(agreed)
    text = mappings.document() if is_known else text
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8", newline="\n")
    else:
        click.echo(text, nl=False)
