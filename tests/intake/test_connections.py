"""One word lets in the file of a known system; what a municipality says itself goes before it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from commands import mp_eval

from mp_eval import workspace as places
from mp_eval.faults import FaultsFound, Reason
from mp_eval.intake import clean, mappings
from mp_eval.intake import contract as contracts

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "koppelingen.md"
PERIOD = '[municipality]\nname = "Elders"\n\n[[periods]]\nid = "2024"\nstart = 2024-01-01\nend = 2025-01-01\n\n'
NOTE = 'producer = "Elders"\nextracted = 2025-02-01\nsynthetic = true\nnot_delivered = '
REQUIRED = {
    "inwoners": "residents",
    "gesprekken": "conversations",
    "activiteiten": "activities",
    "trajecten": "trajectories",
}
# A system and a table: the file, what is in it, which table, and two of its columns as they are read.
EXAMPLES: dict[tuple[str, str], tuple[str, str, str, list[tuple[object, object]]]] = {
    ("bus", "benefits"): (
        "BUS 202412.csv",
        "STATISTIEKCODE;Inwoner;Geboortejaar;GESLACHT;LEEFVORM;AANVANGSDATUM UITKERING PERSOON;"
        "EINDDATUM UITKERING PERSOON;REDEN BEËINDIGING UITKERING PERSOON\n"
        "01;a1;1970;2;2;20180504;00000000;\n01;a2;1980;1;1;20190504;20240401;05\n12;a3;1980;1;1;20190504;00000000;\n",
        "benefits",
        [(pd.Timestamp(2018, 5, 4), None), (pd.Timestamp(2019, 5, 4), "05")],
    ),
    ("srg", "ladder"): (
        "SRG.txt",
        "Statistiekcode|Inwoner|Positie op de participatieladder|Begindatum positie op de participatieladder\n"
        "10|a1|2|20240104\n10|a2|3|20240204\n",
        "ladder",
        [(pd.Timestamp(2024, 1, 4), 2), (pd.Timestamp(2024, 2, 4), 3)],
    ),
    ("srg", "trajectories"): (
        "SRG 2024.csv",
        "Inwoner;Registratienummer voorziening;Type voorziening;Begindatum voorziening;Einddatum voorziening;"
        "Reden einde voorziening\n"
        "a1;V1;05;20230104;20240630;1\na1;V2;06;20230105;20240630;2\na1;V3;08;20230106;20240630;3\n"
        "a1;V4;08;20230107;00000000;\n",
        "trajectories",
        [
            (pd.Timestamp(2023, 1, 4), "completed"),
            (pd.Timestamp(2023, 1, 5), "broken_off"),
            (pd.Timestamp(2023, 1, 6), "circumstances"),
            (pd.Timestamp(2023, 1, 7), None),
        ],
    ),
    ("ggm", "benefits"): (
        "INKOMENSVOORZIENING.csv",
        "INKOMENSVOORZIENING_ID,CLIENT_ID,INGANGSDATUM,EINDDATUM,CBS_CODE\n"
        "1,105000,2018-05-04 00:00:00,NULL,NULL\n2,105001,2019-05-04 00:00:00,2024-04-01 00:00:00,32\n",
        "benefits",
        [(pd.Timestamp(2018, 5, 4), None), (pd.Timestamp(2019, 5, 4), "32")],
    ),
    ("szdos", "benefits"): (
        "SZDOS selectie.csv",
        "Clientnummer;geboortejaar;geslacht;Kode groep;Startdatum periodiek algemeen;Einddatum periodiek algemeen;"
        "Oorspronkelijke begindatum uitkeringsdossier;Omschrijving leefvorm;Oorzaak bijstandsafhankelijkheid\n"
        "12464545;1970;2;02;20180504;20181231;20180504;Eenoudergezin;einde WW\n"
        "12464545;1970;2;02;20190101;00000000;20180504;Eenoudergezin;einde WW\n"
        "12464546;1999;1;01;20190101;00000000;20190101;Eenoudergezin;einde WW\n",
        "benefits",
        [(pd.Timestamp(2018, 5, 4), None)],
    ),
    ("ggm", "trajectories"): (
        "REINTEGRATIEVOORZIENING.csv",
        "REINTEGRATIEVOORZIENING_ID,WERKZOEKENDE_ID,DATUMSTART,DATUMEINDE,OMSCHRIJVINGTYPE\n"
        "1,105000,2024-02-01,NULL,Jobcoach\n2,105001,2024-03-01 00:00:00,2024-06-30 00:00:00,Bureau Een\n",
        "trajectories",
        [(pd.Timestamp(2024, 2, 1), "Jobcoach"), (pd.Timestamp(2024, 3, 1), "Bureau Een")],
    ),
    ("ggm", "activities"): (
        "WERKZAAMHEDEN_ANDERS_DAN_IN_ARBEIDSVERHOUDING.csv",
        "WERKZOEKENDE_ID,CODE_MAATSCHAPPELIJKE_CONTEXT,DATUM_AANVANG_WERKZAAMHEDEN,DATUM_EINDE_WERKZAAMHEDEN,"
        "AANTALURENGEMIDDELDWEEK\n105000,WERKZAAMHEDEN_ALS_MANTELZORGER,2024-02-01,NULL,8.5\n"
        "105000,WERKZAAMHEDEN_ALS_ZELFSTANDIGE,2024-02-01,NULL,36\n"
        "105001,Werkzaamheden als vrijwilliger,2024-03-01,NULL,NULL\n",
        "activities",
        [(pd.Timestamp(2024, 2, 1), "informal_care"), (pd.Timestamp(2024, 3, 1), "volunteering")],
    ),
}
SHOWN = {
    ("srg", "ladder"): ("date", "step"),
    ("ggm", "activities"): ("start", "activity"),
    ("ggm", "trajectories"): ("start", "provider"),
}


def settings(use: str, table: str, *own: str) -> str:
    """What a municipality writes, with what it says itself."""
    return "\n".join([f'[intake.{table}]\nuse = "{use}"', *own]) + "\n"


def let_in(root: Path, name: str, text: str, own: str) -> Mapping[str, pd.DataFrame]:
    """The tables of a delivery of one file, with these settings."""
    folder = root / "data" / "raw" / "2024"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    absent = [title for title, table in REQUIRED.items() if f"[intake.{table}]" not in own]
    (folder / "source.toml").write_text(NOTE + str(absent).replace("'", '"') + "\n", encoding="utf-8")
    (root / places.SETTINGS_FILE).write_text(PERIOD + own, encoding="utf-8")
    workspace = places.find(root)
    return clean.take_in(workspace, contracts.read(workspace), workspace.period("2024")).tables


@pytest.mark.parametrize(("use", "name"), EXAMPLES)
def test_one_word_lets_the_file_in(tmp_path: Path, use: str, name: str) -> None:
    file, text, table, expected = EXAMPLES[use, name]
    taken = let_in(tmp_path, file, text, settings(use, name))[table]
    first, second = SHOWN.get((use, table), ("start", "end_reason"))
    rows = taken.sort_values(first)[[first, second]].astype("object")
    assert rows.where(rows.notna(), None).to_records(index=False).tolist() == expected


def test_every_table_of_every_system_has_its_file_here() -> None:
    assert set(EXAMPLES) == {(use, table) for use, system in mappings.known().items() for table in system.tables}


def test_what_is_not_sure_is_of_tables_that_are_brought_and_is_of_each() -> None:
    assert {use: set(s.unsure) for use, s in mappings.known().items()} == {
        use: set(s.tables) for use, s in mappings.known().items()
    }


def test_one_file_lets_in_both_of_its_tables(tmp_path: Path) -> None:
    """A provision and a position on the ladder stand in one row of the statistics."""
    header = "Inwoner;Type voorziening;Begindatum voorziening;Einddatum voorziening;Reden einde voorziening;"
    header += "Positie op de participatieladder;Begindatum positie op de participatieladder\n"
    text = f"{header}a1;05;20230104;20240630;1;2;20230104\n"
    taken = let_in(tmp_path, "SRG.csv", text, settings("srg", "ladder") + settings("srg", "trajectories"))
    assert {name: len(table) for name, table in taken.items()} == {"ladder": 1, "trajectories": 1}


def test_a_provision_is_told_in_words_and_an_unknown_code_stays_one(tmp_path: Path) -> None:
    file, text, table, _ = EXAMPLES["srg", "trajectories"]
    text = text.replace("a1;V4;08", "a1;V4;77")
    taken = let_in(tmp_path, file, text, settings("srg", "trajectories"))[table]
    assert taken.sort_values("start")["provider"].tolist() == [
        "beschut werk",
        "begeleiding op de werkkring of jobcoach",
        "andere voorziening bij een arbeidsbeperking",
        "77",
    ]


def test_twelve_files_of_a_month_are_one_benefit_as_the_last_of_them_says(tmp_path: Path) -> None:
    file, text, table, _ = EXAMPLES["bus", "benefits"]
    folder = tmp_path / "data" / "raw" / "2024"
    folder.mkdir(parents=True)
    (folder / "BUS 202411.csv").write_text(text.replace("20240401;05", "00000000;"), encoding="utf-8")
    taken = let_in(tmp_path, file, text, settings("bus", "benefits"))[table]
    assert taken["end_reason"].astype("object").where(taken["end"].notna(), None).tolist() == [None, "05"]


OWN = [  # what a municipality says itself, and how its file is otherwise
    ('headers = { start = ["Begin"] }', "AANVANGSDATUM UITKERING PERSOON", "Begin"),
    ('date_format = "%d%m%Y"', "20180504", "04052018"),
    ("where = { STATISTIEKCODE = [] }", "STATISTIEKCODE;", "Code;"),
    ("missing = []", ";00000000;", ";;"),
    ('where = { STATISTIEKCODE = ["1A"] }', "\n01;", "\n1A;"),
    ('files = ["SZW"]', "BUS", "SZW"),
    ('missing = ["99991231"]', "00000000", "99991231"),
    ('values = { sex = { "V" = "vrouw", "M" = "man" } }', ";1970;2;", ";1970;V;"),
]


@pytest.mark.parametrize(("own", "old", "new"), OWN, ids=[own.partition(" ")[0] + old for own, old, _ in OWN])
def test_a_line_of_the_municipality_goes_before_and_the_others_stay(
    tmp_path: Path, own: str, old: str, new: str
) -> None:
    file, text, table, _ = EXAMPLES["bus", "benefits"]
    row = "01;a1;1970;2;2;20180504;00000000;\n"
    text = text.partition("\n")[0] + "\n" + row
    assert old in file + text
    taken = let_in(tmp_path, file.replace(old, new), text.replace(old, new), settings("bus", "benefits", own))[table]
    (made,) = taken[["start", "sex", "household"]].to_dict("records")
    assert made == {"start": pd.Timestamp(2018, 5, 4), "sex": "woman", "household": "single_parent"}
    assert taken["end"].isna().all()


def test_a_selection_without_the_columns_of_the_example_goes_in_as_the_messages_say(tmp_path: Path) -> None:
    file, text, table, _ = EXAMPLES["szdos", "benefits"]
    for gone, other in (("Kode groep", "Soort"), ("Oorspronkelijke begindatum uitkeringsdossier", "Begin dossier")):
        text = text.replace(gone, other)
    with pytest.raises(FaultsFound) as error:
        let_in(tmp_path, file, text, settings("szdos", table))
    told = [f for f in error.value.faults if f.reason is Reason.NO_SUCH_HEADER]
    assert [f.note for f in told] == ['dat vraagt use = "szdos"'] * 2
    taken = let_in(tmp_path, file, text, settings("szdos", table, *(f.field for f in told)))[table]
    assert len(taken) == 3
    own = 'join = ["Clientnummer", "Begin dossier"]'  # the first one is called Inwoner since it was pseudonymised
    text = text.replace("Clientnummer", "Inwoner")
    assert len(let_in(tmp_path, file, text, settings("szdos", table, told[0].field, own))[table]) == 2


def test_what_a_system_sets_can_be_switched_off(tmp_path: Path) -> None:
    """Of two months that differ the last one holds, unless the municipality says that it does not."""
    file, text, table, _ = EXAMPLES["bus", "benefits"]
    folder = tmp_path / "data" / "raw" / "2024"
    folder.mkdir(parents=True)
    (folder / "BUS 202411.csv").write_text(text.replace(";2;2;", ";2;1;"), encoding="utf-8")
    with pytest.raises(FaultsFound, match="dezelfde sleutel"):
        let_in(tmp_path, file, text, settings("bus", table, "last = false"))


def test_what_may_not_be_delivered_is_told_with_one_command_and_not_as_lacking(tmp_path: Path) -> None:
    file, text, table, _ = EXAMPLES["bus", "benefits"]
    text = text.replace("Inwoner;Geboortejaar", "BURGERSERVICENUMMER;GEBOORTEDATUM").replace("BEËINDIGING", "EINDE")
    with pytest.raises(clean.Refused) as error:
        let_in(tmp_path, file, text, settings("bus", table))
    assert [f.reason for f in error.value.faults] == [Reason.BSN, Reason.BIRTH_DATE]
    made = '"BUS 202412.csv" --column BURGERSERVICENUMMER --key-file SLEUTEL --year GEBOORTEDATUM --out data/raw/2024'
    assert all(f"mp-eval pseudonymise {made}`" in str(f) for f in error.value.faults)
    (place,) = error.value.account
    assert place.unused == ("H in Excel",)
    assert place.lacking == (
        "Trede bij instroom (entry_step)",
        "Reden instroom (inflow_reason)",
        "Reden beëindiging (end_reason)",
    )


@pytest.mark.parametrize("name", ["uitstroom", "Doorstroom, uitstroom en parttime contracten", "doorstroom"])
def test_what_is_not_delivered_goes_by_any_of_its_names(tmp_path: Path, name: str) -> None:
    file, text, table, _ = EXAMPLES["bus", "benefits"]
    let_in(tmp_path, file, text, settings("bus", table))
    note = tmp_path / "data/raw/2024/source.toml"
    note.write_text(note.read_text(encoding="utf-8").replace('"inwoners"', f'"{name}", "inwoners"'), encoding="utf-8")
    workspace = places.find(tmp_path)
    clean.take_in(workspace, contracts.read(workspace), workspace.period("2024"))


@pytest.mark.parametrize(
    ("table", "use", "known"),
    [
        ("benefits", "suites", "een van: bus, ggm, szdos"),
        ("benefits", "srg", "een van: bus, ggm, szdos"),
        ("caseload", "bus", "geen: voor dit gegeven is er nog niets"),
    ],
)
def test_a_system_that_is_not_known_for_a_table_is_refused(tmp_path: Path, table: str, use: str, known: str) -> None:
    with pytest.raises(FaultsFound, match=known) as error:
        let_in(tmp_path, "BUS.csv", "", settings(use, table))
    assert [fault.column for fault in error.value.faults] == [f"intake.{table}.use"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("SZDOS selectie traject bijstand", "benefits"),
        ("SZDOS_trajecten", "benefits"),
        ("gesprekken szdossier", "conversations"),
        ("trajecten", "trajectories"),
    ],
)
def test_the_word_of_a_system_goes_before_another_in_the_name(tmp_path: Path, name: str, table: str) -> None:
    (tmp_path / places.SETTINGS_FILE).write_text(PERIOD + settings("szdos", "benefits"), encoding="utf-8")
    found = contracts.read(places.find(tmp_path)).table_of(name)
    assert found is not None
    assert found.name == table


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("inwoners met gesprekken", ["residents"]),
        ("inwoners met uitkering", []),
        ("trajecten en activiteiten 2024", ["trajectories"]),
        ("SZDOS uitkeringen gesprekken", []),
        ("overzicht", []),
    ],
)
def test_a_name_with_the_words_of_two_tables_is_in_doubt(tmp_path: Path, name: str, also: list[str]) -> None:
    (tmp_path / places.SETTINGS_FILE).write_text(PERIOD + settings("szdos", "benefits"), encoding="utf-8")
    assert [table.name for table in contracts.read(places.find(tmp_path)).also_in(name)] == also


def test_check_says_how_to_use_a_system_that_a_file_seems_to_be_of(tmp_path: Path) -> None:
    file, text, _, _ = EXAMPLES["szdos", "benefits"]
    with pytest.raises(FaultsFound):
        let_in(tmp_path, file, text, "")
    done = mp_eval("check", workspace=tmp_path)
    assert "onbekend welk gegeven dit bestand bevat (het lijkt een bestand dat mp-eval kent: zet use" in done.stderr
    told = done.stdout
    hint = 'lijkt een bestand dat mp-eval kent: zet use = "szdos" bij [intake.benefits] in evaluation.toml'
    assert f"Periode 2024: {file} {hint}\n" in told


def test_the_document_is_made_of_the_mappings_themselves() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == mappings.document()


def test_check_says_what_is_not_sure(tmp_path: Path) -> None:
    file, text, table, _ = EXAMPLES["bus", "benefits"]
    let_in(tmp_path, file, text, settings("bus", "benefits"))
    done = mp_eval("check", workspace=tmp_path)
    told = [line.strip() for line in done.stdout.splitlines() if "Niet zeker" in line]
    unsure = mappings.known()["bus"].unsure["benefits"]
    assert told == [f'Niet zeker bij [intake.{table}], use = "bus": {text}' for text in unsure]
