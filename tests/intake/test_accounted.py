"""Nothing that was delivered goes missing without a word: what came of each file, in deliveries of a few rows."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from delivering import Take
from spoiling import ODS_ERROR, ods, within, workbook

from mp_eval import evaluate
from mp_eval import workspace as places
from mp_eval.delivered import Place
from mp_eval.faults import Fault, Reason
from mp_eval.intake import clean, excel
from mp_eval.intake.clean import Taken
from mp_eval.intake.pseudonyms import PseudonymError, pseudonymise
from mp_eval.intake.read import excel_as_text
from mp_eval.present import inventory
from mp_eval.workspace import Disclosure

FORMATS = Path(__file__).parent / "formats"  # .xls made by xlwt 1.3.0, .xlsb by hand: nothing in the tests writes them
TALKS = ["Inwoner", "Datum gesprek", "Soort gesprek"]
TALK = "Inwoner;Datum gesprek;Soort gesprek\n"
TRAJECTORY = "Status;Inwoner;Aanbieder;Begindatum;Einddatum;Reden einde;Kosten;Opmerking\n"


def of(delivery: Taken, file: str, sheet: str = "") -> Place:
    (found,) = [place for place in delivery.account if (place.file, place.sheet) == (file, sheet)]
    return found


def table(delivery: Taken, name: str) -> pd.DataFrame:
    """A table with residents as they were delivered."""
    who = delivery.people.set_index("mark")["identifier"]
    return delivery.tables[name].assign(resident=delivery.tables[name]["resident"].astype("str").map(who))


def left(place: Place) -> dict[str, list[int]]:
    """The rows that were left out, without the header."""
    rows = {kind: [n for a, b in found for n in range(a, b + 1)] for kind, found in place.left.items()}
    assert place.rows == place.used + sum(map(len, rows.values()))
    return {kind: numbers for kind, numbers in rows.items() if kind != "header" or len(numbers) > 1}


@pytest.mark.parametrize("empty", ["", "?", "NULL", "(leeg)", "(blank)", "n.v.t.", "Onbekend"])
def test_what_programs_write_for_an_empty_cell_is_no_provider(take: Take, empty: str) -> None:
    delivery = take({"trajecten.csv": f"Inwoner;Aanbieder;Begindatum\na1;{empty};01-02-2024\na2;De Brug;01-02-2024\n"})
    assert table(delivery, "trajectories")["provider"].dropna().tolist() == ["De Brug"]


# Which rows are records.

COMPLETE = {
    "a dash for the activity": ("activiteiten.csv", "Activiteit;Inwoner;Begindatum\n", "-;VS1;01-02-2024\n"),
    "dots for the activity": ("activiteiten.csv", "Activiteit;Inwoner;Begindatum\n", "…;VS1;01-02-2024\n"),
    "a number sign": ("activiteiten.csv", "Nr;Inwoner;Begindatum\n", "#;VS1;01-02-2024\n"),
    "a status that ends": ("trajecten.csv", TRAJECTORY, "Einde traject;VS1;De Brug;01-02-2024;;;;\n"),
    "a status that selects": ("trajecten.csv", TRAJECTORY, "Selectie gestart;VS1;De Brug;01-02-2024;;;;\n"),
    "a provider called so": ("trajecten.csv", "Aanbieder;Inwoner;Begindatum\n", "Totaal Welzijn BV;VS1;01-02-2024\n"),
    "a source": ("trajecten.csv", "Bron;Inwoner;Begindatum\n", "Bronregistratie;VS1;01-02-2024\n"),
    "a word of the header": ("trajecten.csv", "Status;Inwoner;Begindatum\n", "Status;VS1;01-02-2024\n"),
    "a pseudonym that begins so": ("trajecten.csv", "Inwoner;Begindatum\n", "bron12;01-02-2024\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("times", [1, 60], ids=["by record", "by column"])
def test_a_row_with_all_required_cells_is_a_record(take: Take, name: str, times: int) -> None:
    file, header, row = COMPLETE[name]
    rows = [row.replace("2024", str(1960 + n)) for n in range(times)]
    found = of(take({file: header + "".join(rows)}, '[intake.activities]\nmissing = ["…"]\n'), file)
    assert (found.used, left(found)) == (times, {})


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ("---;---;---\nVS1;01-02-2024;intake\n", {"blank": [2]}),
        ("VS1;01-02-2024;intake\n\n-;;\n", {"blank": [3, 4]}),
        ("VS1;01-02-2024;intake\nTotaal;1;1\n", {"total": [3]}),
        ("VS1;01-02-2024;intake\nAfgedrukt op 20-06-2024;;\n", {"footer": [3]}),
        (f"VS1;01-02-2024;intake\n{TALK}VS1;02-02-2024;intake\n", {"header": [1, 3]}),
        ("VS1;01-02-2024;intake\nVS1;01-02-2024;intake\n", {"double": [3]}),
    ],
)
def test_what_holds_no_record_is_listed(take: Take, rows: str, kinds: dict[str, list[int]]) -> None:
    assert left(of(take({"gesprekken.csv": TALK + rows}), "gesprekken.csv")) == kinds


def test_titles_above_the_header_are_listed(take: Take) -> None:
    delivery = take({"gesprekken.csv": f"Lijst\n\n{TALK}VS1;01-02-2024;intake\n"})
    assert left(of(delivery, "gesprekken.csv")) == {"blank": [2], "title": [1]}


# Files, sheets and folders.


def quarters(*names: str, hidden: str = "") -> bytes:
    """A workbook with a talk on each of these sheets, and one with a remark."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    for n, name in enumerate(names, 1):
        sheet = book.add_worksheet(name)
        for r, cells in enumerate([TALKS, ["VS1", f"{n:02}-02-2024", "intake"]]):
            sheet.write_row(r, 0, cells)
        if name == hidden:
            sheet.hide()
    book.add_worksheet("Toelichting").write(0, 0, "Let op")
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("file", "sheets"),
    [
        ("map.xlsx", ("Gesprekken", "Q2", "Q3", "Q4")),
        ("gesprekken.xlsx", ("Q1", "Q2")),
        ("map.xlsx", ("Gesprekken jan", "Gesprekken feb")),
    ],
)
def test_sheets_with_the_same_columns_are_one_table(take: Take, file: str, sheets: tuple[str, ...]) -> None:
    delivery = take({file: quarters(*sheets)}, holding="gesprekken")
    assert len(delivery.tables["conversations"]) == len(sheets)
    beside = of(delivery, file, "Toelichting")
    assert (beside.why, beside.rows) == ("other_columns", 1)
    assert inventory.outcome(beside).startswith("niet gelezen (1 rij), want de naam zegt niet")
    assert inventory.outcome(beside, counts=False).startswith("niet gelezen, want de naam zegt niet")


@pytest.mark.parametrize("wrong", ["Q1", "Q3"])
def test_a_sheet_that_lacks_a_column_is_not_set_aside(take: Take, wrong: str) -> None:
    sheets: dict[str, list[list[object]]] = {
        f"Q{n}": [[*TALKS], ["VS1", f"0{n}-02-2024", "intake"]] for n in range(1, 5)
    }
    sheets[wrong][0][1] = "Dat. gesprek"
    with pytest.raises(clean.Refused) as error:
        take({"gesprekken.xlsx": workbook(sheets)})
    assert (Reason.OTHER_COLUMNS, "Q3") in {(f.reason, f.sheet) for f in error.value.faults}
    assert (Reason.MISSING_COLUMN, wrong) in {(f.reason, f.sheet) for f in error.value.faults}
    assert not any(place.why for place in error.value.account)


def test_a_run_tells_what_was_not_read(take: Take, tmp_path: Path) -> None:
    clean.store(take({"gesprekken.xlsx": quarters("Q1", "Q2", hidden="Q2")}), where := places.find(tmp_path))
    public = replace(where, settings=replace(where.settings, disclosure=Disclosure(internal=False)))
    lines = list(evaluate._told(public, "2024"))
    assert [line.partition(",")[0] for line in lines] == ["2024: gelezen"] + 2 * ["  gesprekken.xlsx"]
    assert [line.partition("niet gelezen, want het blad is ")[2][:9] for line in lines][1] == "verborgen"


def test_a_hidden_sheet_is_not_read_and_is_told(take: Take) -> None:
    delivery = take({"gesprekken.xlsx": quarters("Q1", "Q2", hidden="Q2")})
    assert (len(delivery.tables["conversations"]), of(delivery, "gesprekken.xlsx", "Q2").why) == (1, "hidden")


def test_a_subfolder_is_told(take: Take) -> None:
    delivery = take({"gesprekken.csv": TALK, "Q2/gesprekken.csv": TALK})
    assert of(delivery, "Q2").why == "folder"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gesprek met wethouder.pdf", "no_table"),
        ("brief.docx", "no_table"),
        ("bericht.msg", "no_table"),
        ("gesprekken.zip", "packed"),
        ("leesmij.txt", "note"),
        ("brief.txt", "no_table"),
    ],
)
def test_what_holds_no_table_is_named_and_stops_nothing(take: Take, name: str, why: str) -> None:
    assert of(take({"gesprekken.csv": TALK, name: "Geachte heer,\n\nHierbij de gegevens.\n"}), name).why == why


BOTH = '[intake.trajectories]\nfiles = ["SRG"]\n\n[intake.ladder]\nfiles = ["SRG"]\n'


def test_two_tables_can_be_asked_of_one_file(take: Take) -> None:
    text = "Inwoner;Begindatum;Aanbieder;Datum;Trede\nVS1;01-02-2024;De Brug;01-03-2024;2\n"
    delivery = take({"SRG 2024.csv": text}, BOTH, holding="trajecten")
    assert {name: len(table) for name, table in delivery.tables.items()} == {"trajectories": 1, "ladder": 1}
    assert [place.table for place in delivery.account] == ["trajectories", "ladder"]


def test_a_correction_reaches_both_tables_of_a_sheet(take: Take) -> None:
    files: dict[str, str | bytes] = {
        "SRG.csv": "Inwoner;Begindatum;Aanbieder;Datum;Trede\nVS1;01-02-2024;B;01-03-2024;2\n",
        "corrections.toml": '[[correction]]\nfile = "SRG.csv"\nrow = 2\ncolumn = "Inwoner"\nexpect = "VS1"\n'
        'value = "VS2"\nreason = "x"\n',
    }
    delivery = take(files, BOTH, holding="trajecten")
    assert [table(delivery, name)["resident"].tolist() for name in ("trajectories", "ladder")] == [["VS2"], ["VS2"]]
    assert [(place.table, place.corrected) for place in delivery.account] == [("trajectories", 1), ("ladder", 1)]


def test_a_correction_of_one_of_two_tables_is_counted_there_alone(take: Take) -> None:
    files: dict[str, str | bytes] = {
        "SRG.csv": "Inwoner;Begindatum;Aanbieder;Datum;Trede\nVS1;01-02-2024;B;01-03-2024;2\n",
        "corrections.toml": '[[correction]]\nfile = "SRG.csv"\nrow = 2\ncolumn = "Trede"\nexpect = "2"\n'
        'value = "3"\nreason = "x"\n',
    }
    delivery = take(files, BOTH, holding="trajecten")
    assert [(place.table, place.corrected) for place in delivery.account] == [("trajectories", 0), ("ladder", 1)]


@pytest.mark.parametrize(("row", "reason"), [("31-02-2024;;B", Reason.DATE), ("01-02-2024;01-01-2024;B", Reason.ORDER)])
def test_a_fault_of_one_of_two_tables_refuses_no_row_of_the_other(take: Take, row: str, reason: Reason) -> None:
    text = f"Inwoner;Begindatum;Einddatum;Aanbieder;Datum;Trede\nVS1;{row};01-03-2024;2\n"
    with pytest.raises(clean.Refused) as error:
        take({"SRG.csv": text}, BOTH, holding="trajecten")
    assert [f.reason for f in error.value.faults] == [reason]
    assert [(place.table, place.used) for place in error.value.account] == [("trajectories", 0), ("ladder", 1)]


# Several files of one table.

JANUARY, FEBRUARY = f"{TALK}VS1;05-01-2024;intake\n", f"{TALK}VS1;05-01-2024;intake\nVS2;05-02-2024;intake\n"
SRG = "Inwoner;Aanbieder;Begindatum;Einddatum\n"


def test_a_file_a_month_is_one_table_and_what_is_in_both_is_there_once(take: Take) -> None:
    delivery = take({"gesprekken 10.csv": FEBRUARY, "gesprekken 9.csv": JANUARY})
    assert len(delivery.tables["conversations"]) == 2
    assert left(of(delivery, "gesprekken 10.csv")) == {"double": [2]}


TWICE = {
    "trajecten 9.csv": f"{SRG}VS1;B;01-02-2024;\n",
    "trajecten 10.csv": f"{SRG}VS2;B;01-02-2024;\nVS1;B;01-02-2024;01-06-2024\n",
}


def test_the_same_key_in_two_files_names_both_with_their_rows(take: Take) -> None:
    with pytest.raises(clean.Refused) as error:
        take(TWICE)
    found = {(Path(f.file).name, f.rows, Path(f.note).name) for f in error.value.faults}
    assert found == {("trajecten 9.csv", (2,), "trajecten 10.csv"), ("trajecten 10.csv", (3,), "trajecten 9.csv")}


def test_the_last_one_holds_when_the_settings_say_so(take: Take) -> None:
    delivery = take(TWICE, "[intake.trajectories]\nlast = true\n")
    ends = table(delivery, "trajectories").set_index("resident")["end"]
    assert (ends["VS1"], left(of(delivery, "trajecten 9.csv"))) == (pd.Timestamp(2024, 6, 1), {"replaced": [2]})


def test_a_fault_names_the_file_that_it_is_in(take: Take) -> None:
    with pytest.raises(clean.Refused) as error:
        take({"gesprekken 1.csv": JANUARY, "gesprekken 2.csv": f"{TALK}VS2;31-02-2024;intake\n"})
    assert [(Path(f.file).name, f.rows, f.reason) for f in error.value.faults] == [
        ("gesprekken 2.csv", (2,), Reason.DATE)
    ]
    assert [(place.file, place.used, place.count("refused")) for place in error.value.account] == [
        ("gesprekken 1.csv", 1, 0),
        ("gesprekken 2.csv", 0, 1),
    ]


BUS = "Clientnummer;STATISTIEKCODE;Begin;Oorspronkelijk;Einde\n"
CHOICE = """[intake.benefits]
files = ["BUS"]
headers = { resident = ["Clientnummer"], start = ["Begin"], end = ["Einde"] }
where = { STATISTIEKCODE = ["01"] }
"""


def test_rows_can_be_chosen_and_the_others_are_counted(take: Take) -> None:
    text = f"{BUS}a1;01;01-02-2020;x;\na2;1;01-02-2020;x;\na3;11;01-02-2020;x;\na4;;01-02-2020;x;\n"
    delivery = take({"BUS.csv": text}, CHOICE)
    assert table(delivery, "benefits")["resident"].tolist() == ["a1", "a2"]
    assert left(of(delivery, "BUS.csv")) == {"not_chosen": [4, 5]}
    assert delivery.counts[["delivered", "refused", "kept", "not_chosen"]].values.tolist() == [[4, 2, 2, 2]]


def test_a_choice_of_nothing_is_refused_and_no_rows_are_no_choice(take: Take) -> None:
    with pytest.raises(clean.Refused) as error:
        take({"BUS.csv": f"{BUS}a1;02;01-02-2020;x;\n"}, CHOICE)
    assert [(f.reason, f.expected) for f in error.value.faults] == [(Reason.NOTHING_CHOSEN, "STATISTIEKCODE = 01")]
    assert len(table(take({"BUS.csv": BUS}, CHOICE), "benefits")) == 0


def test_a_header_with_service_numbers_is_one_and_else_it_is_said_what_is_known_of_it(take: Take) -> None:
    with pytest.raises(clean.Refused) as error:
        take({"gesprekken.csv": "BSN;Contactdatum;Soort gesprek\n123456782;01-02-2024;intake\n"})
    found = [(f.reason, f.field) for f in error.value.faults]
    assert found == [(Reason.BSN, "--column BSN --key-file SLEUTEL"), (Reason.MISSING_COLUMN, "date")]
    with pytest.raises(clean.Refused) as error:
        take({"gesprekken.csv": "Overzicht\nKlant;Contactdatum;Soort gesprek\nk1;01-02-2024;intake\n"})
    assert [(f.reason, f.note) for f in error.value.faults] == [
        (Reason.NO_HEADER, "in rij 2 is alleen ‘Soort gesprek’ bekend")
    ]


def test_a_word_to_choose_by_that_is_in_no_file_is_told(take: Take) -> None:
    both = {"BUS 1.csv": f"{BUS}a1;02;01-02-2020;x;\n", "BUS 2.csv": f"{BUS}a2;1;01-02-2020;x;\n"}
    delivery = take(both, CHOICE.replace('["01"]', '["01", "02", "3", "4"]'))
    assert [of(delivery, file).nowhere for file in both] == [("STATISTIEKCODE = 3", "STATISTIEKCODE = 4"), ()]
    said = "gevraagd bij where, en nergens gevonden: ‘STATISTIEKCODE = 3’ en ‘STATISTIEKCODE = 4’"
    assert said in inventory.remarks(of(delivery, "BUS 1.csv"))


def test_one_file_of_a_table_may_have_nothing_to_choose(take: Take) -> None:
    both = {"BUS 1.csv": f"{BUS}a1;02;01-02-2020;x;\n", "BUS 2.csv": f"{BUS}a2;01;01-02-2020;x;\n"}
    assert table(take(both, CHOICE), "benefits")["resident"].tolist() == ["a2"]


@pytest.mark.parametrize("setting", ["where", "join"])
def test_a_setting_that_names_no_column_is_refused(take: Take, setting: str) -> None:
    value = '{ Soort = ["1"] }' if setting == "where" else '["Soort"]'
    with pytest.raises(clean.Refused) as error:
        take(
            {"uitkeringen.csv": "Inwoner;Begin uitkering\na;01-02-2020\n"}, f"[intake.benefits]\n{setting} = {value}\n"
        )
    assert [(f.reason, f.column, f.found) for f in error.value.faults] == [
        (Reason.NO_SUCH_HEADER, f"intake.benefits.{setting}", ("Soort",))
    ]


@pytest.mark.parametrize(
    ("second", "end"),
    [("01-06-2021;x;31-12-2022", pd.Timestamp(2022, 12, 31)), ("01-06-2021;x;", pd.NaT)],
    ids=["ended", "running"],
)
def test_dossiers_can_be_joined(take: Take, second: str, end: object) -> None:
    text = f"{BUS}a;01;{second}\na;01;01-02-2020;x;31-05-2021\na;01;01-02-2024;y;\nb;01;01-02-2020;x;\n"
    delivery = take({"BUS.csv": text}, CHOICE + 'join = ["Clientnummer", "Oorspronkelijk"]\n')
    assert table(delivery, "benefits")[["resident", "start", "end"]].values.tolist() == [
        ["a", pd.Timestamp(2020, 2, 1), end],
        ["a", pd.Timestamp(2024, 2, 1), pd.NaT],
        ["b", pd.Timestamp(2020, 2, 1), pd.NaT],
    ]
    assert left(of(delivery, "BUS.csv")) == {"joined": [3]}


MONTHS = {
    "BUS 01.csv": f"{BUS}a;01;01-06-2021;x;\nb;01;01-02-2020;x;\na;01;01-02-2020;x;31-05-2021\n",
    "BUS 02.csv": f"{BUS}a;01;01-06-2021;x;15-02-2024\nb;01;01-02-2020;x;\n",
}
JOIN = f'{CHOICE}join = ["Clientnummer", "Oorspronkelijk"]\n'


def test_of_dossiers_in_two_months_the_last_file_holds_before_they_are_joined(take: Take) -> None:
    delivery = take(MONTHS, f"{JOIN}last = true\n")
    assert table(delivery, "benefits")[["resident", "start", "end"]].values.tolist() == [
        ["a", pd.Timestamp(2020, 2, 1), pd.Timestamp(2024, 2, 15)],
        ["b", pd.Timestamp(2020, 2, 1), pd.NaT],
    ]
    assert left(of(delivery, "BUS 01.csv")) == {"replaced": [2], "double": [3], "joined": [4]}
    assert left(of(delivery, "BUS 02.csv")) == {}


def test_a_month_that_contradicts_another_is_not_joined_with_it(take: Take) -> None:
    with pytest.raises(clean.Refused) as error:
        take(MONTHS, JOIN)
    assert {(f.reason, Path(f.file).name, f.rows) for f in error.value.faults} == {
        (Reason.DUPLICATE_KEY, "BUS 01.csv", (2,)),
        (Reason.DUPLICATE_KEY, "BUS 02.csv", (2,)),
    }


@pytest.mark.parametrize(("blank", "setting"), [("", ""), ("onbekend", ""), ("00000000", 'missing = ["00000000"]\n')])
def test_dossiers_with_a_blank_are_not_joined(take: Take, blank: str, setting: str) -> None:
    text = f"{BUS}a;01;01-02-2020;{blank};31-05-2021\na;01;01-02-2024;{blank};\n"
    delivery = take({"BUS.csv": text}, JOIN + setting)
    assert table(delivery, "benefits")["end"].tolist() == [pd.Timestamp(2021, 5, 31), pd.NaT]


def test_dossiers_of_two_persons_are_not_joined(take: Take) -> None:
    text = f"{BUS}a;01;01-02-2020;x;\nb;01;01-02-2020;x;\n"
    delivery = take({"BUS.csv": text}, f'{CHOICE}join = ["Oorspronkelijk"]\n')
    assert table(delivery, "benefits")["resident"].tolist() == ["a", "b"]


def test_the_last_file_holds_but_one_that_contradicts_itself_is_refused(take: Take) -> None:
    both = {**TWICE, "trajecten 11.csv": f"{SRG}VS2;B;01-02-2024;01-03-2024\nVS2;B;01-02-2024;02-03-2024\n"}
    with pytest.raises(clean.Refused) as error:
        take(both, "[intake.trajectories]\nlast = true\n")
    assert [(f.reason, Path(f.file).name, f.rows) for f in error.value.faults] == [
        (Reason.DUPLICATE_KEY, "trajecten 11.csv", (2, 3))
    ]


# Kinds of files.

EXPECTED = [["VS1", pd.Timestamp(2024, 1, 5)], ["VS2", pd.Timestamp(2024, 1, 6)]]


@pytest.mark.parametrize("suffix", ["xls", "xlsb", "ods", "txt"])
def test_other_kinds_of_files_are_taken_in(take: Take, suffix: str) -> None:
    rows = [";".join(TALKS), "VS1;05-01-2024;intake", "VS2;06-01-2024;intake"]
    made: dict[str, str | bytes] = {"ods": ods(*rows), "txt": "\n".join(rows).replace(";", "|")}
    name = f"gesprekken.{suffix}"
    delivery = take({name: made[suffix] if suffix in made else (FORMATS / name).read_bytes()})
    assert table(delivery, "conversations")[["resident", "date"]].values.tolist() == EXPECTED
    assert of(delivery, name, "" if suffix == "txt" else "Gesprekken").sees_all is (suffix in made)


def test_spss_is_taken_in_with_the_words_of_its_codes(take: Take, tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat", reason="needs pyreadstat: pip install 'mp-eval[spss]'")
    cases = pd.DataFrame(
        {"Inwoner": ["VS1", "VS2"], "V2": [date(2024, 1, 5), date(2024, 1, 6)], "Soort": [1.0, 2.0], "V4": [9.0, None]}
    )
    pyreadstat.write_sav(
        cases,
        tmp_path / "cases.sav",
        column_labels=["Wie", "Datum gesprek", "Soort gesprek", "Wijk"],
        variable_value_labels={"Soort": {1: "intake", 2: "eindgesprek"}},
    )
    delivery = take({"gesprekken.sav": (tmp_path / "cases.sav").read_bytes()})
    found = table(delivery, "conversations")
    assert found[["resident", "date"]].values.tolist() == EXPECTED
    assert found["kind"].tolist() == ["first", "closing"]
    assert of(delivery, "gesprekken.sav").unused == ("Wijk",)


def test_what_spss_holds_for_missing_is_a_blank(take: Take, tmp_path: Path) -> None:
    """Declared so without a label, as a value and as a stretch; with a label it is for the settings to say."""
    pyreadstat = pytest.importorskip("pyreadstat", reason="needs pyreadstat: pip install 'mp-eval[spss]'")
    day = [date(2020, 1, 1)] * 4
    cases = pd.DataFrame({"Inwoner": ["VS1", "VS2", "VS3", "VS4"], "Begin": day, "Trede": [2.0, 8.0, 9.0, 3.0]})
    titles = ["Inwoner", "Begin uitkering", "Trede"]
    missing = {"Trede": [9, {"lo": 7, "hi": 8}]}
    write = partial(pyreadstat.write_sav, cases, tmp_path / "cases.sav", column_labels=titles, missing_ranges=missing)
    write()
    found = table(take({"inwoners.sav": (tmp_path / "cases.sav").read_bytes()}), "residents")
    assert found["ladder_step"].astype("Float64").fillna(0).tolist() == [2, 0, 0, 3]
    labels = {"Trede": {9: "wil niet zeggen"}}
    write(variable_value_labels=labels)
    assert faults(take, {"inwoners.sav": (tmp_path / "cases.sav").read_bytes()})[0][1:] == ((3,), ("aaa aaaa aaaaaa",))


def test_days_and_hours_of_spss_are_what_its_user_sees(take: Take, tmp_path: Path) -> None:
    """A day that shows its month alone is a day, and no hours are lost (pyreadstat 1.3.7: seconds, and 36 as 12)."""
    pyreadstat = pytest.importorskip("pyreadstat", reason="needs pyreadstat: pip install 'mp-eval[spss]'")
    since = [float((date(2024, month, 1) - date(1582, 10, 14)).days * 86400) for month in (2, 3)]
    cases = pd.DataFrame(
        {"Inwoner": ["VS1", "VS2"], "Activiteit": "vrijwilligerswerk", "Begin": since, "Uren": [36 * 3600.0, 90 * 60.0]}
    )
    pyreadstat.write_sav(
        cases,
        tmp_path / "cases.sav",
        column_labels=["Inwoner", "Activiteit", "Begindatum", "Uren per week"],
        variable_format={"Begin": "MOYR8", "Uren": "TIME5"},
    )
    found = table(take({"activiteiten.sav": (tmp_path / "cases.sav").read_bytes()}), "activities")
    assert found["start"].dt.strftime("%Y-%m-%d").tolist() == ["2024-02-01", "2024-03-01"]
    assert found["hours"].tolist() == [36, 1.5]


def test_hours_of_a_workbook_are_what_its_user_sees(take: Take) -> None:
    """Cells that show 36:00, 8:30 and 7.5."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Activiteiten")
        shown = {name: book.add_format({"num_format": name}) for name in ("[h]:mm", "h:mm", "General")}
        sheet.write_row(0, 0, ["Inwoner", "Activiteit", "Begindatum", "Uren per week"])
        for row, (form, value) in enumerate(zip(shown, (1.5, 8.5 / 24, 7.5), strict=True), 1):
            sheet.write_row(row, 0, [f"VS{row}", "vrijwilligerswerk", "01-02-2024"])
            sheet.write_number(row, 3, value, shown[form])
    found = table(take({"activiteiten.xlsx": buffer.getvalue()}), "activities")
    assert found["hours"].tolist() == [36, 8.5, 7.5]


def test_without_pyreadstat_it_is_said_what_to_do(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(clean.Refused, match=r"pip install 'mp-eval\[spss\]'"):
        take({"gesprekken.sav": b"$FL2"})


def test_an_spss_file_with_a_password_is_said_to_have_one(take: Take) -> None:
    """Its first bytes tell, as PSPP describes them; pyreadstat only says that it cannot read it."""
    head = bytes.fromhex("1c00000000000000") + b"ENCRYPTEDSAV" + bytes.fromhex("15000000") + bytes(12)
    assert faults(take, {"gesprekken.sav": head + bytes(range(256))}) == [(Reason.PASSWORD, (), ())]


# What a reader of values does not see.


def hidden_parts() -> bytes:
    """A talk in a hidden row, one in a row without height, and a hidden column."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Gesprekken")
    for r, cells in enumerate([[*TALKS, "Wijk"], *([f"VS{n}", "05-01-2024", "intake", "4"] for n in range(4))]):
        sheet.write_row(r, 0, cells)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_row(3, 0)
    sheet.set_column(3, 9, None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def test_hidden_rows_and_columns_are_read_and_told(take: Take) -> None:
    found = of(take({"map.xlsx": hidden_parts()}, holding="gesprekken"), "map.xlsx", "Gesprekken")
    assert (found.used, found.hidden_rows, found.hidden_columns) == (4, ((3, 4),), ("D",))


def test_a_row_that_is_filtered_out_is_told_in_ods_too(take: Take) -> None:
    delivery = take({"gesprekken.ods": ods(";".join(TALKS), "VS1;05-01-2024;intake", "!VS2;06-01-2024;intake")})
    assert (len(delivery.tables["conversations"]), of(delivery, "gesprekken.ods", "Gesprekken").hidden_rows) == (
        2,
        ((3, 3),),
    )


def faults(take: Take, files: dict[str, str | bytes]) -> list[tuple[Reason, tuple[int, ...], tuple[str, ...]]]:
    with pytest.raises(clean.Refused) as error:
        take(files)
    assert all(isinstance(f, Fault) for f in error.value.faults)
    return [(f.reason, f.rows, f.found) for f in error.value.faults]


def test_an_error_in_ods_is_refused(take: Take) -> None:
    found = faults(take, {"gesprekken.ods": ods(";".join(TALKS), "VS1;#N/A;intake")})
    assert found == [(Reason.ERROR_CELL, (2,), ("#N/A",))]


@pytest.mark.parametrize("around", ["office:annotation", "draw:custom-shape xmlns:draw='d'"])
@pytest.mark.parametrize("shown", ["#N/A", ""])
def test_a_remark_on_a_cell_hides_no_error_and_is_not_read(take: Take, around: str, shown: str) -> None:
    note = f"<{around}><text:p>A. Jansen: bel haar eerst</text:p></{around.split()[0]}>"
    kind = 'office:value-type="string" calcext:value-type="error"' if shown else ""
    cell = f'<table:table-cell table:formula="of:=NA()" {kind}>{note}<text:p>{shown}</text:p></table:table-cell>'
    sheet = ods(";".join(TALKS), "VS1;#N/A;intake")
    found = faults(take, {"gesprekken.ods": within(sheet, ODS_ERROR, cell)})
    assert found == [(Reason.ERROR_CELL, (2,), (shown or "#formule zonder uitkomst",))]


def test_an_error_in_two_cells_that_are_told_as_one_is_in_both(take: Take) -> None:
    sheet = ods(";".join(TALKS), "VS1;#N/A")
    twice = '<table:table-cell table:formula="of:=NA()" table:number-columns-repeated="2"></table:table-cell>'
    found = faults(take, {"gesprekken.ods": within(sheet, ODS_ERROR, twice)})
    assert found == 2 * [(Reason.ERROR_CELL, (2,), ("#formule zonder uitkomst",))]


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "#DIV/0!", "=NOW()"])
def test_an_error_is_refused_in_any_column_that_is_used(take: Take, value: str) -> None:
    rows: list[list[object]] = [["Inwoner", "Begindatum", "Aanbieder", "Einddatum"], ["VS1", "05-01-2024", "B", value]]
    shown = "#formule zonder uitkomst" if value[0] == "=" else value
    assert faults(take, {"trajecten.xlsx": workbook({"Blad1": rows})}) == [(Reason.ERROR_CELL, (2,), (shown,))]


def test_a_formula_with_an_empty_text_is_a_blank(take: Take) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Inwoner", "Begindatum", "Einddatum"])
    sheet.write_row(1, 0, ["VS1", "05-01-2024"])
    sheet.write_formula(1, 2, '=IF(A2="x",1,"")', value="")
    book.close()
    data = io.BytesIO()
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(data, "w") as out:  # as Excel stores it
        for name in made.namelist():
            out.writestr(name, made.read(name).replace(b'<c r="C2"><f>', b'<c r="C2" t="str"><f>'))
    assert take({"trajecten.xlsx": data.getvalue()}).tables["trajectories"]["end"].isna().all()


def test_numbers_of_a_spreadsheet_with_more_digits_than_it_keeps_are_refused(take: Take) -> None:
    rows: list[list[object]] = [
        TALKS,
        [1.23457e17, "05-01-2024", "intake"],
        [12345678901234567, "05-01-2024", "intake"],
    ]
    assert [f[:2] for f in faults(take, {"gesprekken.xlsx": workbook({"Blad1": rows})})] == [(Reason.SHORTENED, (2, 3))]


def test_a_day_that_means_none_is_missing_when_the_settings_say_so(take: Take) -> None:
    text = "Inwoner;Begin uitkering;Einde uitkering\na;01-02-2020;01-01-1900\n"
    delivery = take({"uitkeringen.csv": text}, '[intake.benefits]\nmissing = ["01-01-1900"]\n')
    assert delivery.tables["benefits"]["end"].isna().all()


# Pseudonyms.


@pytest.mark.parametrize(
    ("value", "message"), [("#N/A", "in rij 3 staat een fout"), ("=A1", "in rij 3 staat een fout")]
)
def test_a_person_that_is_an_error_gets_no_pseudonym(tmp_path: Path, value: str, message: str) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(workbook({"Blad1": [["BSN", "Soort"], ["123456782", "x"], [value, "y"]]}))
    with pytest.raises(PseudonymError, match=message):
        pseudonymise(excel_as_text(path), b"k" * 32, column="BSN")


def test_a_shortened_number_gets_no_pseudonym() -> None:
    with pytest.raises(PseudonymError, match=r"in rij 2, 3 staat een nummer dat een rekenblad heeft ingekort"):
        pseudonymise(b"BSN;Soort\n1,23457E+08;x\n123456782.0;y\n", b"k" * 32, column="BSN")


def test_of_several_sheets_only_visible_ones_count_for_a_pseudonym(tmp_path: Path) -> None:
    path = tmp_path / "lijst.xlsx"
    path.write_bytes(quarters("Q1", "Q2", hidden="Q2"))
    with pytest.raises(excel.UnreadableError, match="heeft 2 gevulde bladen"):  # Q1 and Toelichting
        excel_as_text(path)
