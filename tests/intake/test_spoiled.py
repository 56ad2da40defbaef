"""Spoiled deliveries, one fault each: exactly that fault is told, with its place and its remedy, and no person."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import ROOT, files
from spoiling import (
    BIRTHDAYS,
    BSNS,
    NAMES,
    SHORT_BSNS,
    Spoil,
    cell,
    changed_after_its_note,
    column,
    copied,
    excel,
    file,
    gone,
    locked,
    replaced,
    row,
    without_hashes,
    workbook,
)

from mp_eval import workspace as places
from mp_eval.faults import Fault, FaultsFound, Reason, typed
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts

BOOK = "activiteiten en trajecten.xlsx"
LONG = [["Inwoner", "Datum"], ["p", "1"]]
CORRECTION = '[[correction]]\nfile = "gesprekken.csv"\nrow = 2\ncolumn = "Soort gesprek"\nexpect = "x"\nvalue = "y"\n'

# What is done, which fault that is, where the message says it is, and a part of what it says.
CASES: dict[str, tuple[Spoil, Reason, str, str]] = {
    "no folder": (gone("."), Reason.NO_DELIVERY, "2024", "er is geen levering"),
    "no source note": (gone("source.toml"), Reason.NO_SOURCE_NOTE, "2024/source.toml", "mp-eval new-period"),
    "source note of a wrong type": (replaced("source.toml", "extracted = .*", 'extracted = "gisteren"'), Reason.SOURCE_NOTE, "2024/source.toml, instelling ‘extracted’", "een datum, zoals 2025-01-01"),
    "source note that is no TOML": (file("source.toml", "producer: Rijswijk"), Reason.SOURCE_NOTE, "2024/source.toml, regel 1", "na de naam hoort een =-teken"),
    "changed file": (changed_after_its_note("gesprekken.csv"), Reason.CHANGED_FILE, "2024/gesprekken.csv", "sha256"),
    "hash of no file": (replaced("source.toml", r"\Z", '[sha256]\n"x.csv" = "00"\n'), Reason.CHANGED_FILE, "2024/x.csv", "het is er niet meer"),
    "unknown file": (file("overzicht.csv", "a;b\n1;2\n"), Reason.UNKNOWN_FILE, "2024/overzicht.csv", "in de naam een van: inwoners"),
    "unknown sheets": (file("map1.xlsx", workbook({"Blad1": LONG, "Blad2": LONG})), Reason.UNKNOWN_FILE, "2024/map1.xlsx", "‘blad Blad1’, ‘blad Blad2’"),
    "many unknown sheets": (file("map1.xlsx", workbook({f"Blad{n}": LONG for n in range(1, 13)})), Reason.UNKNOWN_FILE, "2024/map1.xlsx", "‘blad Blad5’ en nog 7"),
    "other columns": (file("inwoners (2).csv", "Inwoner;Begin uitkering\nz9;01-02-2020\n"), Reason.OTHER_COLUMNS, "2024/inwoners (2).csv", "Inwoner, Begin uitkering, Einde uitkering"),
    "other columns on a sheet": (file("inwoners (2).xlsx", workbook({"Oud": [["Inwoner", "Begin uitkering"], ["z9", "01-02-2020"]]})), Reason.OTHER_COLUMNS, "2024/inwoners (2).xlsx, blad ‘Oud’", "dit blad hoort bij hetzelfde"),
    "missing table": (gone("gesprekken.csv"), Reason.MISSING_TABLE, "2024", "een bestand met ‘gesprekken’ in de naam"),
    "broken workbook": (file("uitstroom.xlsx", b"PK\x03\x04 broken"), Reason.UNREADABLE, "2024/uitstroom.xlsx", "sla het opnieuw op"),
    "workbook with a password": (file("uitstroom.xlsx", locked(".xlsx")), Reason.PASSWORD, "2024/uitstroom.xlsx", "Versleutelen met wachtwoord"),
    "workbook with macros and a password": (file("uitstroom.xlsm", locked(".xlsx")), Reason.PASSWORD, "2024/uitstroom.xlsm", "er zit een wachtwoord op"),
    "sheet of LibreOffice with a password": (file("uitstroom.ods", locked(".ods")), Reason.PASSWORD, "2024/uitstroom.ods", "Opslaan als"),
    "text that is called a workbook": (file("uitstroom.xls", b"Inwoner\tDatum\tSoort\na\t01-02-2024\tuitstroom\n"), Reason.UNREADABLE, "2024/uitstroom.xls", "een naam op .csv"),
    "a workbook that is called text": (file("gesprekken.csv", workbook({"Blad1": LONG})), Reason.UNREADABLE, "2024/gesprekken.csv", "een werkmap die .csv heet"),
    "binary text": (file("gesprekken.csv", b"Inwoner;\x00\x01\xff"), Reason.ENCODING, "2024/gesprekken.csv", "‘CSV UTF-8’"),
    "empty file": (file("gesprekken.csv", " \r\n"), Reason.EMPTY_FILE, "2024/gesprekken.csv", "alleen de kop"),
    "empty workbook": (file("uitstroom.xlsx", workbook({"Blad1": []})), Reason.EMPTY_FILE, "2024/uitstroom.xlsx", "alleen de kop"),
    "no header": (row("gesprekken.csv", 1, lambda _: "a;b;c"), Reason.NO_HEADER, "2024/gesprekken.csv", "Inwoner, Datum gesprek, Soort gesprek"),
    "no header on a sheet": (file(BOOK.replace("trajecten", "t"), workbook({"Trajecten": [["x"]]})), Reason.NO_HEADER, "2024/activiteiten en t.xlsx, blad ‘Trajecten’", "in één rij"),
    "missing column": (replaced("gesprekken.csv", "Soort gesprek", "Opmerking"), Reason.MISSING_COLUMN, "2024/gesprekken.csv, kolom ‘Soort gesprek’", "Soort gesprek | Soort | Gesprekssoort"),
    "missing column below a title": (row("gesprekken.csv", 1, lambda line: "Gesprekken van 2024\n\n" + line.replace("Soort gesprek", "Opmerking")), Reason.MISSING_COLUMN, "2024/gesprekken.csv, kolom ‘Soort gesprek’", "als kop is rij 3 genomen: Inwoner, Datum gesprek, Opmerking"),
    "missing column beside many": (replaced("klantbeeld.csv", "Inwoner", "Wie"), Reason.MISSING_COLUMN, "2024/klantbeeld.csv, kolom ‘Inwoner’", "als kop is rij 1 genomen: Wie, Peildatum, Ingevuld door, Opleidingsniveau, Belemmeringen en nog 1"),
    "missing column on a sheet": (excel(BOOK, "Trajecten", 1, 2, "Sinds"), Reason.MISSING_COLUMN, f"2024/{BOOK}, blad ‘Trajecten’, kolom ‘Begindatum’", "als kop is rij 1 genomen: "),
    "column twice": (column("gesprekken.csv", "Type gesprek", ["eerste gesprek"]), Reason.TWICE_COLUMN, "2024/gesprekken.csv, kolom ‘Type gesprek’", "haal één van de twee"),
    "row too wide": (row("gesprekken.csv", 7, lambda line: line + ";ja; maar"), Reason.ROW_WIDTH, "2024/gesprekken.csv, rij 7", "3 velden"),
    "many wrong dates": (column("gesprekken.csv", "Datum gesprek", [f"{n}-13-2024" for n in range(1, 13)]), Reason.DATE, "2024/gesprekken.csv, rij 2, 3, 4, 5, 6 en nog 736, kolom ‘Datum gesprek’", "‘5-13-2024’ en nog 7"),
    "resident in a row too wide": (row("inwoners.csv", 2, lambda line: line + ";ja"), Reason.ROW_WIDTH, "2024/inwoners.csv, rij 2", "8 velden"),
    "cut off": (row("klantbeeld.csv", -1, lambda line: line[:22]), Reason.SHORT_ROW, "2024/klantbeeld.csv, rij 1901", "opnieuw en volledig"),
    "open quote": (row("gesprekken.csv", 9, lambda line: line.replace(";", ';"', 1)), Reason.QUOTE, "2024/gesprekken.csv, rij 9", "aanhalingsteken"),
    "missing value": (cell("gesprekken.csv", 4, "Datum gesprek", ""), Reason.MISSING_VALUE, "2024/gesprekken.csv, rij 4, kolom ‘Datum gesprek’", "vul de waarde in"),
    "missing resident": (cell("inwoners.csv", 5, "Inwoner", "onbekend"), Reason.MISSING_VALUE, "2024/inwoners.csv, rij 5, kolom ‘Inwoner’", "vul de waarde in"),
    "error in a cell": (excel(BOOK, "Trajecten", 3, 3, "#N/A"), Reason.ERROR_CELL, f"2024/{BOOK}, blad ‘Trajecten’, rij 3, kolom ‘Einddatum’", "gevonden: ‘#N/A’"),
    "error in a required cell": (excel(BOOK, "Trajecten", 3, 2, "#REF!"), Reason.ERROR_CELL, f"2024/{BOOK}, blad ‘Trajecten’, rij 3, kolom ‘Begindatum’", "gevonden: ‘#REF!’"),
    "formula without a value": (excel(BOOK, "Trajecten", 3, 5, "=1+1"), Reason.ERROR_CELL, f"2024/{BOOK}, blad ‘Trajecten’, rij 3, kolom ‘Kosten’", "formule zonder uitkomst"),
    "error that became text": (cell("inwoners.csv", 8, "Leefvorm", "#N/B"), Reason.ERROR_CELL, "2024/inwoners.csv, rij 8, kolom ‘Leefvorm’", "gevonden: ‘#N/B’"),
    "column too narrow": (cell("inwoners.csv", 8, "Begin uitkering", "########"), Reason.ERROR_CELL, "2024/inwoners.csv, rij 8, kolom ‘Begin uitkering’", "gevonden: ‘########’"),
    "shortened number": (cell("inwoners.csv", 5, "Inwoner", "1,23457E+11"), Reason.SHORTENED, "2024/inwoners.csv, rij 5, kolom ‘Inwoner’", "Uit tekst/CSV"),
    "number with decimals": (cell("inwoners.csv", 5, "Inwoner", "123456789012.0"), Reason.SHORTENED, "2024/inwoners.csv, rij 5, kolom ‘Inwoner’", "ingekort"),
    "number that ends in zeros": (cell("inwoners.csv", 5, "Inwoner", "123456789012345000"), Reason.SHORTENED, "2024/inwoners.csv, rij 5, kolom ‘Inwoner’", "ingekort"),
    "first day of a spreadsheet": (cell("inwoners.csv", 5, "Einde uitkering", "01-01-1900"), Reason.NO_DAY, "2024/inwoners.csv, rij 5, kolom ‘Einde uitkering’", "noem hem dan bij [intake.residents] missing"),
    "last day that there is": (cell("inwoners.csv", 5, "Einde uitkering", "31-12-9999"), Reason.NO_DAY, "2024/inwoners.csv, rij 5, kolom ‘Einde uitkering’", "gevonden: ‘31-12-9999’"),
    "first day that there is": (cell("inwoners.csv", 5, "Begin uitkering", "01-01-0001"), Reason.NO_DAY, "2024/inwoners.csv, rij 5, kolom ‘Begin uitkering’", "‘geen datum’"),
    "no such day": (cell("gesprekken.csv", 3, "Datum gesprek", "31-02-2024"), Reason.DATE, "2024/gesprekken.csv, rij 3, kolom ‘Datum gesprek’", "gevonden: ‘31-02-2024’"),
    "ISO date": (cell("gesprekken.csv", 3, "Datum gesprek", "2024-01-31"), Reason.DATE, "2024/gesprekken.csv, rij 3, kolom ‘Datum gesprek’", "verwacht: dd-mm-jjjj"),
    "American date": (cell("gesprekken.csv", 3, "Datum gesprek", "01-31-2024"), Reason.DATE, "2024/gesprekken.csv, rij 3, kolom ‘Datum gesprek’", "‘01-31-2024’"),
    "day that is not known": (cell("gesprekken.csv", 3, "Datum gesprek", "00-01-2024"), Reason.DATE_PART, "2024/gesprekken.csv, rij 3, kolom ‘Datum gesprek’", "niet bekend (00)"),
    "time in another zone": (cell("gesprekken.csv", 3, "Datum gesprek", "31-01-2024T23:30:00Z"), Reason.DATE_ZONE, "2024/gesprekken.csv, rij 3, kolom ‘Datum gesprek’", "een andere dag"),
    "control character": (cell("trajecten.csv", 3, "Aanbieder", "De\x07Brug"), Reason.CONTROL, "2022-2023/trajecten.csv, rij 3, kolom ‘Aanbieder’", "stuurteken"),
    "year in a cell of a day": (cell("gesprekken.csv", 3, "Datum gesprek", "16-07-1905"), Reason.OLD_DAY, "2024/gesprekken.csv, rij 3, kolom ‘Datum gesprek’", "jaartal"),
    "garbled letters": (cell("trajecten.csv", 3, "Aanbieder", "CafÃ© De Brug"), Reason.GARBLED, "2022-2023/trajecten.csv, rij 3, kolom ‘Aanbieder’", "CSV UTF-8"),
    "year of two digits": (cell("caseload.csv", 3, "In groep sinds", "31-01-24"), Reason.DATE, "2024/caseload.csv, rij 3, kolom ‘In groep sinds’", "‘31-01-24’"),
    "number for a date": (cell("gesprekken.csv", 3, "Datum gesprek", "45296"), Reason.DATE_CELL, "2024/gesprekken.csv, rij 3, kolom ‘Datum gesprek’", "de opmaak Datum"),
    "number cell for a date": (excel(BOOK, "Activiteiten", 3, 2, 45296), Reason.DATE_CELL, f"2024/{BOOK}, blad ‘Activiteiten’, rij 3, kolom ‘Begindatum’", "‘45296’"),
    "after the extraction": (cell("gesprekken.csv", 6, "Datum gesprek", "16-07-2025"), Reason.FUTURE, "2024/gesprekken.csv, rij 6, kolom ‘Datum gesprek’", "op of voor 15-07-2025"),
    "decimal point": (cell("activiteiten.csv", 3, "Uren per week", "8.5"), Reason.NUMBER, "2023-2024/activiteiten.csv, rij 3, kolom ‘Uren per week’", "‘8.5’"),
    "number in words": (excel(BOOK, "Trajecten", 2, 5, "veel"), Reason.NUMBER, f"2024/{BOOK}, blad ‘Trajecten’, rij 2, kolom ‘Kosten’", "8,5 of 1.234,50"),
    "no integer": (cell("inwoners.csv", 8, "Trede", "3,5"), Reason.INTEGER, "2024/inwoners.csv, rij 8, kolom ‘Trede’", "een geheel getal van 1 tot en met 6"),
    "step 7": (cell("inwoners.csv", 8, "Trede", "7"), Reason.RANGE, "2024/inwoners.csv, rij 8, kolom ‘Trede’", "‘7’"),
    "negative cost": (excel(BOOK, "Trajecten", 2, 5, -12.5), Reason.RANGE, f"2024/{BOOK}, blad ‘Trajecten’, rij 2, kolom ‘Kosten’", "‘-12,5’"),
    "word unlike any other": (cell("gesprekken.csv", 3, "Soort gesprek", "xqzzy blorp"), Reason.CATEGORY, "2024/gesprekken.csv, rij 3, kolom ‘Soort gesprek’", "alleen de vorm)\n    gevonden: ‘aaaaa aaaaa’"),
    "misspelt category": (cell("gesprekken.csv", 3, "Soort gesprek", "Voortgangsgespek"), Reason.CATEGORY, "2024/gesprekken.csv, rij 3, kolom ‘Soort gesprek’", "is misschien ‘voortgangsgesprek’ bedoeld"),
    "no yes or no": (cell("klantbeeld.csv", 3, "Belemmeringen", "misschien"), Reason.BOOLEAN, "2024/klantbeeld.csv, rij 3, kolom ‘Belemmeringen’", "ja of nee"),
    "code of another time": (file("uitkeringen.csv", "Inwoner;Begin uitkering;Einde uitkering;Reden beëindiging\nz9;01-01-2010;01-02-2024;20\n"), Reason.CODE_YEARS, "2024/uitkeringen.csv, rij 2, kolom ‘Reden beëindiging’", "tot en met 31-12-2012"),
    "end before start": (cell("inwoners.csv", 4, "Einde uitkering", "01-01-1990"), Reason.ORDER, "2024/inwoners.csv, rij 4, kolom ‘Begin uitkering / Einde uitkering’", "beide datums"),
    "same key, other data": (row("inwoners.csv", -1, lambda line: f"{line}\n{line.rsplit(';', 2)[0]};6;"), Reason.DUPLICATE_KEY, "2024/inwoners.csv, rij 1915, 1916, kolom ‘Inwoner’", "één rij per sleutel"),
    "name among numbers": (file("uitkeringen.csv", "Inwoner;Begin uitkering\n" + "".join(f"K{n};01-01-2010\n" for n in range(10, 20)) + "Noord;01-01-2010\n"), Reason.NO_NUMBER, "2024/uitkeringen.csv, rij 12, kolom ‘Inwoner’", "gevonden: ‘Aaaaa’"),
    "unknown resident": (cell("gesprekken.csv", 5, "Inwoner", "p" + "a" * 16), Reason.UNKNOWN_RESIDENT, "2024/gesprekken.csv, rij 5, kolom ‘Inwoner’", "inwonersbestand"),
    "BSN for pseudonyms": (column("gesprekken.csv", "Inwoner", BSNS), Reason.BSN, "2024/gesprekken.csv, kolom ‘Inwoner’", "mp-eval pseudonymise"),
    "BSN of all residents": (column("inwoners.csv", "Inwoner", BSNS), Reason.BSN, "2024/inwoners.csv, kolom ‘Inwoner’", "mp-eval pseudonymise"),
    "BSN on a sheet": (file("uitstroom.xlsx", workbook({"Vertrokken": [["Inwoner", "Datum", "Soort", "BSN"], ["p222irudrvlhlw2ho", "01-02-2024", "uitstroom", "123456782"]]})), Reason.BSN, "2024/uitstroom.xlsx, blad ‘Vertrokken’, kolom ‘BSN’", "verwijder dit blad"),
    "BSN without leading zeros": (column("klantbeeld.csv", "Nummer", SHORT_BSNS), Reason.BSN, "2024/klantbeeld.csv, kolom ‘Nummer’", "verwijder dit bestand"),
    "BSN by its name": (column("caseload.csv", "Sofi-nummer", [""]), Reason.BSN, "2024/caseload.csv, kolom ‘Sofi-nummer’", "pseudoniemen"),
    "name by its name": (column("caseload.csv", "Naam", ["x"]), Reason.NAME, "2024/caseload.csv, kolom ‘Naam’", "--drop Naam"),
    "name of a client by its name": (column("caseload.csv", "Klantnaam", ["x"]), Reason.NAME, "2024/caseload.csv, kolom ‘Klantnaam’", "--drop Klantnaam"),
    "name by its shape": (column("gesprekken.csv", "Contact", NAMES), Reason.NAME, "2024/gesprekken.csv, kolom ‘Contact’", "lever dit niet aan"),
    "e-mail for a provider": (excel(BOOK, "Trajecten", 2, 1, "j.jansen@voorbeeld.nl"), Reason.PERSON, f"2024/{BOOK}, blad ‘Trajecten’, rij 2, kolom ‘Aanbieder’", "alleen de naam van de organisatie"),
    "BSN in the name of a file": (copied("gesprekken.csv", "gesprekken 123456782.csv"), Reason.FILE_NAME, "2024", "gevonden: ‘gesprekken *********.csv’"),
    "birth date by its name": (column("inwoners.csv", "Geb.datum", BIRTHDAYS), Reason.BIRTH_DATE, "2024/inwoners.csv, kolom ‘Geb.datum’", "--year Geb.datum"),
    "birth date for a year": (column("inwoners.csv", "Geboortejaar", BIRTHDAYS), Reason.BIRTH_DATE, "2024/inwoners.csv, kolom ‘Geboortejaar’", "alleen het geboortejaar"),
    "corrections that are no TOML": (file("corrections.toml", "[[correction"), Reason.CORRECTIONS, "2024/corrections.toml, regel 1", "een kop wordt niet gesloten"),
    "correction without a reason": (file("corrections.toml", CORRECTION), Reason.CORRECTIONS, "2024/corrections.toml, instelling ‘correction[1].reason’", "mag niet ontbreken"),
    "corrections under another name": (file("correcties.toml", CORRECTION), Reason.OTHER_SETTINGS, "2024/correcties.toml", "corrections.toml"),
    "stale correction": (file("corrections.toml", CORRECTION + 'reason = "r"'), Reason.STALE_CORRECTION, "2024/gesprekken.csv, rij 2, kolom ‘Soort gesprek’", "verwacht was ‘a’"),
}  # fmt: skip
AGAINST_RESIDENTS = (Reason.UNKNOWN_RESIDENT, Reason.OTHER_COLUMNS)  # of what is told by the residents' file
TOGETHER = (
    "source note of a wrong type", "unknown file", "broken workbook", "row too wide", "missing value", "no such day",
    "misspelt category", "unknown resident", "number cell for a date", "negative cost", "step 7", "end before start",
    "birth date by its name", "no yes or no", "BSN without leading zeros", "name by its name", "stale correction",
)  # fmt: skip
NOT_OF_A_DELIVERY = {
    Reason.NO_SUCH_HEADER,
    Reason.NOTHING_CHOSEN,
    Reason.REGISTER,
    Reason.SETTINGS,
    Reason.AMBITIONS,
    Reason.FACTS,  # test_facts
    Reason.CONTRACT,
    Reason.UNPROTECTED,
    Reason.SAME_MARK,  # test_clean
    Reason.JOINED_AMOUNTS,  # by a setting: test_strays
    Reason.MERGED,  # test_strays
    Reason.SWALLOWED,  # test_strays: by what stands in another column than those of the contract
}
OF_CODE_LISTS = {
    Reason.TWO_FILES,
    Reason.NO_CODE_LIST,
    Reason.CODE_COLUMNS,
    Reason.TWO_MEANINGS,
    Reason.UNKNOWN_CODE,
}  # test_codelists
PERSON = re.compile(r"\bp[a-z2-7]{16}\b|\b\d{8,9}\b|" + "|".join([*NAMES, *BIRTHDAYS]))


@dataclass(frozen=True)
class Run:
    """What came of taking in a spoiled delivery."""

    faults: tuple[Fault, ...]
    has_written: bool

    @property
    def text(self) -> str:
        return str(FaultsFound(self.faults))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Spoil a fresh copy in each of the named ways, and try to take it in and store it.

    What is spoiled is delivered, with the residents where they are asked for, and mostly nothing else.
    """

    def take_in(*names: str) -> Run:
        root = tmp_path_factory.mktemp("spoiled")
        period = CASES[names[0]][2].partition("/")[0].partition(",")[0]
        folder = root / "data" / "raw" / period
        shutil.copy(ROOT / places.SETTINGS_FILE, root)
        shutil.copytree(ROOT / "data" / "raw" / period, folder)
        shutil.copy(ROOT / "data" / "raw" / "datapackage.json", folder.parent)
        (root / "data" / "processed" / period).mkdir(parents=True)
        (root / "data" / "processed" / period / "residents.parquet").write_bytes(b"of an earlier run")
        without_hashes(folder.parent)
        whole = _contents(folder)
        for name in names:
            CASES[name][0](folder)
        _leave_out(whole, folder, are_known=any(CASES[name][1] in AGAINST_RESIDENTS for name in names))
        workspace = places.find(root)
        before = files(root)
        with pytest.raises(FaultsFound) as error:
            clean.store(clean.take_in(workspace, contracts.read(workspace), workspace.period(period)), workspace)
        return Run(error.value.faults, has_written=files(root) != before)

    return take_in


def _leave_out(whole: dict[Path, bytes], folder: Path, *, are_known: bool) -> None:
    """Of a delivery of which files were spoiled the others; its note says so. What is known of residents may stay."""
    now = _contents(folder)
    same = {path for path, content in whole.items() if now.get(path) == content}
    note, residents = folder / "source.toml", folder / "inwoners.csv"
    rest = same - {note, *([residents] if are_known else ())}
    if note not in same or all(path.suffix == ".toml" for path in now.keys() - same):
        return
    for path in rest:
        path.unlink()
    left = " ".join(path.name for path in now.keys() - rest)
    absent = [t for t in ("inwoners", "gesprekken", "activiteiten", "trajecten") if t in str(rest) and t not in left]
    head, table, hashes = note.read_text(encoding="utf-8").partition("[sha256]")
    note.write_text(f"{head}not_delivered = {json.dumps(absent)}\n{table}{hashes}", encoding="utf-8")


@pytest.fixture(scope="module")
def spoiled(run: Callable[..., Run]) -> dict[str, Run]:
    return {name: run(name) for name in CASES}


def test_exactly_the_one_fault_is_told_with_its_place(spoiled: dict[str, Run]) -> None:
    told = {name: [(f.reason, f.place()) for f in found.faults] for name, found in spoiled.items()}
    assert told == {name: [(reason, f"data/raw/{place}")] for name, (_, reason, place, _) in CASES.items()}


def test_message_says_what_was_expected_or_found(spoiled: dict[str, Run]) -> None:
    assert {name: found.text for name, found in spoiled.items() if CASES[name][3] not in found.text} == {}


def test_message_ends_with_the_remedy(spoiled: dict[str, Run]) -> None:
    remedies = {name: remedy_of(found.faults[-1]) for name, found in spoiled.items()}
    ends = {
        name: found.text for name, found in spoiled.items() if not found.text.endswith(f"herstel:  {remedies[name]}")
    }
    assert ends == {}
    assert [name for name, found in spoiled.items() if found.faults[-1].table and "TABEL" in found.text] == []


def remedy_of(last: Fault) -> str:
    remedy = last.reason.value[1]
    if last.table:  # the setting, as evaluation.toml calls it
        remedy = remedy.replace("TABEL", last.table)
    if last.field:  # the column, as it is called there or in a command
        remedy = remedy.replace("KOLOM", last.field)
    folder, _, file = last.file.rpartition("/")
    remedy = remedy.replace("BESTAND", typed(file)).replace("MAP", folder)
    return remedy.replace("dit bestand", "dit blad") if last.sheet else remedy


def test_a_remedy_names_the_setting_as_it_is_called_there() -> None:
    fault = Fault(Reason.CATEGORY, "gesprekken.csv", rows=(3,), table="conversations", field="kind")
    assert "bij kind in [intake.conversations.values] in evaluation.toml, zoals: kind = {" in str(fault)


def test_message_names_no_person(spoiled: dict[str, Run]) -> None:
    assert {name: person[0] for name, found in spoiled.items() if (person := PERSON.search(found.text))} == {}


def test_nothing_is_written(spoiled: dict[str, Run]) -> None:
    assert [name for name, found in spoiled.items() if found.has_written] == []


def test_every_fault_of_a_delivery_has_its_case() -> None:
    assert {reason for _, reason, _, _ in CASES.values()} == set(Reason) - NOT_OF_A_DELIVERY - OF_CODE_LISTS


def test_all_faults_come_out_in_one_run(run: Callable[..., Run]) -> None:
    expected = {(CASES[name][1], f"data/raw/{CASES[name][2]}") for name in TOGETHER}
    assert {(f.reason, f.place()) for f in run(*TOGETHER).faults} == expected


def test_faults_come_in_the_order_of_the_files(run: Callable[..., Run]) -> None:
    files = [f.file for f in run(*TOGETHER).faults]
    assert files == sorted(files)


def _contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
