"""A benefit register of other make, as another municipality's system exports it, with its code list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from mp_eval import workspace as places
from mp_eval.workspace import Workspace

SETTINGS = """
[municipality]
name = "Elders"

[disclosure]
internal = true

[[periods]]
id = "2018"
start = 2018-01-01
end = 2019-01-01

[intake.benefits]
files = ["SZDOS selectie traject bijstand"]
headers = { resident = ["Clientnummer"], inflow_reason = ["Oorzaak bijstandsafhankelijkheid"] }
values = { sex = { "1" = "man", "2" = "vrouw" }, household = { "Eenoudergezin" = "alleenstaande ouder" } }
missing = ["00000000"]
date_format = "%Y%m%d"
codes = { inflow_reason = { file = "codelijst oorzaken.xlsx", code = "Code", text = "Omschrijving" } }
"""
SOURCE = """
producer = "Sociale zaken"
extracted = 2019-05-03
synthetic = true
not_delivered = ["inwoners", "gesprekken", "activiteiten", "trajecten"]
"""
REGISTER, CODES = "2019-05-03 SZDOS selectie traject bijstand.xlsx", "codelijst oorzaken.xlsx"
HEADER = (
    "Dossiernr", "Clientnummer", "geboortejaar", "geslacht", "Startdatum periodiek algemeen",
    "Einddatum periodiek algemeen", "Omschrijving leefvorm", "Oorzaak bijstandsafhankelijkheid",
)  # fmt: skip
MEANINGS = {
    **{f"{n:02}": f"oorzaak {n}" for n in range(1, 32)},
    "AA": "statushouder",
}  # 32 codes: rows 3 to 34
MEANINGS |= {"04": "echtscheiding", "27": "einde WW"}
Row = Sequence[object]


def rows(count: int = 200, seed: int = 2019) -> list[Row]:
    """Benefits that began from 2010 on, most of which ended."""
    random = Random(seed)
    made: list[Row] = []
    for n in range(count):
        start = date(2010, 1, 1) + timedelta(days=random.randrange(3300))
        end = start + timedelta(days=random.randrange(30, 3000))
        code = random.choice(["27", "04", "AA", "4"])
        household = random.choice(["Alleenstaande", "Eenoudergezin", "Gehuwd"])
        ended = f"{end:%Y%m%d}" if end < date(2019, 5, 3) else "00000000"
        born = random.randrange(1955, 1995)
        made.append((5000 + n, f"c{n:05}", born, random.choice((1, 2)), f"{start:%Y%m%d}", ended, household, code))
    return made


def write_codes(path: Path, meanings: Mapping[str, str] | Sequence[tuple[str, str]] = MEANINGS) -> None:
    """Row 1 empty, header in row 2, codes as text, below them merged cells: print date, page number and time."""
    pairs = list(meanings.items()) if isinstance(meanings, Mapping) else list(meanings)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Blad1")
        sheet.write_row(1, 0, ["Code", "", "Omschrijving", "", "", ""])
        for n, (code, text) in enumerate(pairs, 2):
            sheet.write_string(n, 0, code)
            sheet.write_string(n, 2, text)
        below = len(pairs) + 2
        for column, bare in ((0, 43290), (2, 1), (4, 0.525)):
            sheet.merge_range(below, column, below, column + 1, "")
            sheet.write_number(below, column, bare)


def write_register(path: Path, found: Sequence[Row]) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Sheet1")
        for n, row in enumerate([HEADER, *found]):
            sheet.write_row(n, 0, row)


def elsewhere(folder: Path, found: Sequence[Row] | None = None) -> Workspace:
    """A workspace with this register and its code list, and nothing else of a delivery."""
    delivery = folder / "data" / "raw" / "2018"
    delivery.mkdir(parents=True)
    (folder / places.SETTINGS_FILE).write_text(SETTINGS, encoding="utf-8")
    (delivery / "source.toml").write_text(SOURCE, encoding="utf-8")
    write_register(delivery / REGISTER, rows() if found is None else found)
    write_codes(delivery / CODES)
    return places.find(folder)
