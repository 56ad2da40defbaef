"""Workspaces at the edge: nobody, one resident, tables that are not there, nothing but what was published."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from mp_eval import workspace as places
from mp_eval.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
PERIODS = (("2023", "2023-01-01", "2024-01-01"), ("2024", "2024-01-01", "2025-01-01"))
HEADS = {
    "inwoners": "Inwoner;Begin uitkering;Einde uitkering;Geboortejaar;Geslacht;Leefvorm;Trede;Pad",
    "gesprekken": "Inwoner;Datum gesprek;Soort gesprek",
    "activiteiten": "Inwoner;Activiteit;Begindatum;Einddatum;Was al actief;Uren per week;Verwezen naar",
    "trajecten": "Inwoner;Aanbieder;Begindatum;Einddatum;Reden einde;Kosten",
    "uitstroom": "Inwoner;Datum;Soort;Reden beëindiging",
    "treden": "Inwoner;Datum meting;Trede",
    "uitkeringen": "Inwoner;Begin uitkering;Einde uitkering;Geboortejaar;Geslacht;Leefvorm;Reden instroom;"
    "Reden beëindiging",
    "caseload": "Inwoner;Peildatum;Groep;In groep sinds",
    "klantbeeld": "Inwoner;Peildatum;Ingevuld door;Opleidingsniveau;Belemmeringen;Taalbeheersing",
}
ONE = {
    "inwoners": ["bewoner1;01-03-2023;;1980;vrouw;alleenstaande;2;1"],
    "gesprekken": ["bewoner1;{year}-02-01;eerste gesprek", "bewoner1;{year}-05-02;voortgangsgesprek"],
    "activiteiten": ["bewoner1;vrijwilligerswerk;{year}-03-01;;nee;4;"],
    "trajecten": ["bewoner1;Bureau Een;{year}-04-02;{year}-08-01;overig;1000,00"],
    "uitstroom": ["bewoner1;{year}-09-03;verwijzing werkgeversservicepunt;"],
    "treden": ["bewoner1;{year}-02-01;1", "bewoner1;{year}-11-01;2"],
    "uitkeringen": ["bewoner1;01-03-2023;;1980;vrouw;alleenstaande;einde WW;"],
    "caseload": ["bewoner1;{year}-12-31;in begeleiding;{year}-02-01"],
    "klantbeeld": ["bewoner1;{year}-12-31;participatieconsulent;hbo;ja;goed"],
}


def register_only(folder: Path) -> Workspace:
    """The three published periods, without a delivery of any."""
    (folder / "data" / "raw").mkdir(parents=True)
    for name in ("published.csv", "datapackage.json"):
        shutil.copy(ROOT / "data" / "raw" / name, folder / "data" / "raw")
    text = (ROOT / places.SETTINGS_FILE).read_text(encoding="utf-8")
    text = text.replace("\nconsultants = 3", "\nconsultants = 3\nrecords = false")
    (folder / places.SETTINGS_FILE).write_text(text, encoding="utf-8")
    return places.find(folder)


def nobody(folder: Path) -> Workspace:
    """Two periods of which every table was delivered and holds no row."""
    return _workspace(folder, lambda name, year: [])


def one_resident(folder: Path) -> Workspace:
    """Two periods with one and the same resident, who did everything."""
    return _workspace(folder, lambda name, year: [_dutch(line, year) for line in ONE[name]])


def everybody(folder: Path, identifiers: Sequence[str]) -> Workspace:
    """As `one_resident`, for as many residents as there are identifiers."""
    return _workspace(
        folder,
        lambda name, year: [_dutch(line, year).replace("bewoner1", i, 1) for i in identifiers for line in ONE[name]],
    )


def little(folder: Path) -> Workspace:
    """As `one_resident`, with the settings, the register and the ambitions of this repository: all that a run reads."""
    made = one_resident(folder)
    shutil.copy(ROOT / "data" / "raw" / "datapackage.json", made.raw)
    shutil.copy(ROOT / "data" / "raw" / "published.csv", made.raw)
    shutil.copy(ROOT / "data" / "raw" / "ambities.toml", made.raw)
    settings = (ROOT / places.SETTINGS_FILE).read_text(encoding="utf-8").partition("[[periods]]")[0]
    (folder / places.SETTINGS_FILE).write_text(settings + _periods(), encoding="utf-8")
    return places.find(folder)


def last_period(made: Workspace) -> Workspace:
    """The same workspace with the last of its periods alone."""
    path = made.root / places.SETTINGS_FILE
    settings, first, periods = path.read_text(encoding="utf-8").partition("[[periods]]")
    path.write_text(settings + first + periods.rpartition(first)[2], encoding="utf-8")
    for period in made.periods[:-1]:
        shutil.rmtree(made.raw / period.id, ignore_errors=True)
    return places.find(made.root)


def only(folder: Path, *names: str) -> Workspace:
    """As `one_resident`, but of each period only these tables were delivered."""
    made = one_resident(folder)
    titles = {
        "inwoners": "inwoners",
        "gesprekken": "gesprekken",
        "activiteiten": "activiteiten",
        "trajecten": "trajecten",
    }
    absent = [title for name, title in titles.items() if name not in names]
    for period, _, _ in PERIODS:
        at = made.raw / period
        for name in HEADS.keys() - set(names):
            (at / f"{name}.csv").unlink()
        note = at / "source.toml"
        listed = ", ".join(f'"{title}"' for title in absent)
        note.write_text(f"{note.read_text(encoding='utf-8')}not_delivered = [{listed}]\n", encoding="utf-8")
    return made


def _workspace(folder: Path, rows: Callable[[str, str], list[str]]) -> Workspace:
    for period, _, _ in PERIODS:
        at = folder / "data" / "raw" / period
        at.mkdir(parents=True)
        for name, head in HEADS.items():
            (at / f"{name}.csv").write_text("\n".join([head, *rows(name, period)]) + "\n", encoding="utf-8")
        extracted = f"{int(period) + 1}-06-01"
        source = f'producer = "verzonnen"\nextracted = {extracted}\nsynthetic = true\n'
        (at / "source.toml").write_text(source, encoding="utf-8")
    settings = '[municipality]\nname = "Nergenshuizen"\n\n'
    (folder / places.SETTINGS_FILE).write_text(settings + _periods(), encoding="utf-8")
    return places.find(folder)


def _periods() -> str:
    """The periods, as they are set."""
    told = [f'[[periods]]\nid = "{p}"\nstart = {start}\nend = {end}\nconsultants = 1\n' for p, start, end in PERIODS]
    return "\n".join(told)


def _dutch(line: str, year: str) -> str:
    """The days of a line, which are written as {year}-mm-dd, as a municipality writes them."""
    cells = [c.format(year=year) for c in line.split(";")]
    return ";".join("-".join(reversed(c.split("-"))) if c.startswith(f"{year}-") else c for c in cells)
