"""What slips into a delivery: a second table, notes, merged cells, codes with a sign, settings under another name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
from delivering import Take
from spoiling import ODS_TEXT, ods, within, workbook
from test_accounted import TALK, TRAJECTORY, left, of, table

from mp_eval.faults import FaultsFound, Reason
from mp_eval.intake import plain
from mp_eval.intake.clean import Refused

PEOPLE = "Inwoner;Begin uitkering;Trede\n"
PERSON = "P{n};01-01-2020;2\n"


def refused(take: Take, files: dict[str, str | bytes], settings: str = "") -> list[tuple[Reason, tuple[int, ...]]]:
    with pytest.raises(FaultsFound) as error:
        take(files, settings)
    return [(fault.reason, fault.rows) for fault in error.value.faults]


def merged(column: int, values: list[list[str]], *, first: int, last: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Trajecten")
        for n, row in enumerate(values):
            sheet.write_row(n, 0, row)
        sheet.merge_range(first, column, last, column, values[first][column])
    return out.getvalue()


@pytest.mark.parametrize("block", [64, 1 << 18])
def test_records_above_a_second_header_are_no_titles(take: Take, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(plain, "BLOCK", block)
    talks = "".join(f"P{n};0{n}-02-2024;eerste gesprek\n" for n in range(1, 5))
    again = "Inwoner;Datum gesprek;Soort gesprek;Trede bij gesprek\nP5;05-02-2024;eerste gesprek;3\n"
    assert refused(take, {"gesprekken.csv": TALK + talks + again}) == [(Reason.ROW_WIDTH, (6, 7))]


def test_a_title_above_the_header_may_name_columns(take: Take) -> None:
    made = take({"gesprekken.csv": "Inwoner;Datum gesprek;\n" + TALK + "P1;01-02-2024;eerste gesprek\n"})
    assert left(of(made, "gesprekken.csv")) == {"title": [1]}


@pytest.mark.parametrize(
    "note",
    ["Team Noord;;", "(30 rows affected);;", "Toegepaste filters: 2024;;", "Peildatum: 31-12-2024;;", ";;30 rijen"],
)
@pytest.mark.parametrize("place", [1, 2])
def test_a_sentence_by_itself_is_no_resident(take: Take, note: str, place: int) -> None:
    rows = [PERSON.format(n=n) for n in (1, 2)]
    rows.insert(place, f"{note}\n")
    if note.startswith(";;"):
        assert [reason for reason, _ in refused(take, {"inwoners.csv": PEOPLE + "".join(rows)})][:1] == [
            Reason.MISSING_VALUE
        ]
        return
    made = take({"inwoners.csv": PEOPLE + "".join(rows)})
    assert table(made, "residents")["resident"].tolist() == ["P1", "P2"]
    assert left(of(made, "inwoners.csv")) == {"footer": [place + 2]}


def test_a_pseudonym_by_itself_is_a_resident(take: Take) -> None:
    made = take({"inwoners.csv": PEOPLE + PERSON.format(n=1) + "P2;;\n"})
    assert len(made.tables["residents"]) == 2


def test_a_list_of_residents_alone_may_have_blanks_in_their_numbers(take: Take) -> None:
    assert len(take({"inwoners.csv": "Inwoner;Trede\nP 1;2\nP 2;\n"}).tables["residents"]) == 2


@pytest.mark.parametrize(("name", "kind"), [("Totaalzorg BV", None), ("Totaal: 3", "total"), ("Totaalbedrag", "total")])
def test_a_name_that_begins_as_a_total_is_none(take: Take, name: str, kind: str | None) -> None:
    files = {"trajecten.csv": f"Aanbieder;Inwoner;Begindatum;Kosten\nDe Brug;P1;01-02-2024;5\n{name};P2;;500\n"}
    if kind is None:
        assert refused(take, files) == [(Reason.MISSING_VALUE, (3,))]
    else:
        assert left(of(take(files), "trajecten.csv")) == {kind: [3]}


@pytest.mark.parametrize("code", ["-1", "<3", "1.1", "9/8"])
def test_a_sign_is_part_of_a_code(take: Take, code: str) -> None:
    files = {"uitstroom.csv": f"Inwoner;Datum;Soort;Reden\nP1;01-02-2024;uitstroom;{code}\n"}
    assert refused(take, files) == [(Reason.CATEGORY, (2,))]


@pytest.mark.parametrize("word", ["", "-", "onbekend"])
def test_a_municipality_says_what_nothing_means(take: Take, word: str) -> None:
    files = {"activiteiten.csv": f"Inwoner;Activiteit;Begindatum;Was al actief\nP1;{word};01-02-2024;nee\n"}
    settings = f'[intake.activities.values]\nactivity = {{ "{word}" = "dagbesteding" }}\n'
    assert take(files, settings).tables["activities"]["activity"].tolist() == ["day_activity"]


def test_a_municipalitys_own_header_goes_before_the_contracts(take: Take) -> None:
    files = {"inwoners.csv": "Inwoner;Begin uitkering;Participatieladder\nP1;01-01-2020;3\n"}
    made = take(files, '[intake.residents.headers]\nroute = ["Participatieladder"]\n')
    assert made.tables["residents"]["route"].tolist() == ["3"]
    assert made.tables["residents"]["ladder_step"].isna().all()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("where = { Status = ['Toegekend'] }", "#N/B"),
        ("join = ['Status']", "#N/B"),
        ("join = ['Status']", "1,23457E+11"),
    ],
)
def test_rows_are_not_chosen_or_joined_by_an_error(take: Take, setting: str, value: str) -> None:
    files = {
        "trajecten.csv": TRAJECTORY + "Toegekend;P1;De Brug;01-02-2024;;;;\n" + f"{value};P2;De Brug;01-02-2024;;;;\n"
    }
    reason = Reason.ERROR_CELL if value.startswith("#") else Reason.SHORTENED
    assert refused(take, files, f"[intake.trajectories]\n{setting}\n") == [(reason, (3,))]


def test_joined_rows_keep_what_one_of_them_says(take: Take) -> None:
    rows = "T1;P1;De Brug;01-02-2024;01-03-2024;;500;x\nT1;P1;;01-03-2024;01-04-2024;volledig afgerond;;x\n"
    made = take({"trajecten.csv": TRAJECTORY + rows}, '[intake.trajectories]\njoin = ["Status"]\n')
    (one,) = made.tables["trajectories"].to_dict("records")
    assert (one["provider"], one["cost"], f"{one['start']:%d-%m}", f"{one['end']:%d-%m}") == (
        "De Brug",
        500,
        "01-02",
        "01-04",
    )


def test_joined_rows_do_not_lose_an_amount(take: Take) -> None:
    rows = "T1;P1;De Brug;01-02-2024;01-03-2024;;500;\nT1;P1;De Brug;01-03-2024;;;700;\nT2;P2;De Brug;01-03-2024;;;9;\n"
    found = refused(take, {"trajecten.csv": TRAJECTORY + rows}, '[intake.trajectories]\njoin = ["Status"]\n')
    assert found == [(Reason.JOINED_AMOUNTS, (2, 3))]


def test_merged_cells_are_not_read_as_blanks(take: Take) -> None:
    rows = [["Inwoner", "Aanbieder", "Begindatum", "Notitie"]] + [
        [f"P{n}", "De Brug", "01-02-2024", "x"] for n in (1, 2, 3)
    ]
    assert refused(take, {"trajecten.xlsx": merged(1, rows, first=1, last=3)}) == [(Reason.MERGED, (3, 4))]
    assert (
        len(take({"trajecten.xlsx": merged(3, rows, first=1, last=3)}).tables["trajectories"]) == 3
    )  # nothing is done with it


def test_merged_cells_of_opendocument_are_not_read_as_blanks(take: Take) -> None:
    rows = ["P1;01-02-2024;intake;x", "P2;02-02-2024;;y", "P3;03-02-2024;voortgang;z"]
    book = ods(TALK.strip() + ";Notitie", *rows)
    for text, is_used in (("intake", True), ("x", False)):
        cell = ODS_TEXT.format(text)
        tall = within(book, cell, cell.replace("cell ", 'cell table:number-rows-spanned="2" '))
        found = refused(take, {"gesprekken.ods": tall})
        assert ((Reason.MERGED, (3,)) in found) is is_used
        assert (Reason.MISSING_VALUE, (3,)) in found


def test_letters_that_came_over_wrong_are_no_name_of_a_provider(take: Take) -> None:
    """Of a file in two encodings, and of a file that was read in the wrong one before it was saved."""
    row = "T{n};P1;{who};0{n}-02-2024;;;;\n"
    mixed = [row.format(n=1, who="Café De Brug").encode("utf-8"), row.format(n=2, who="Café Noord").encode("cp1252")]
    assert refused(take, {"trajecten.csv": TRAJECTORY.encode() + b"".join(mixed)}) == [(Reason.GARBLED, (2,))]
    twice = row.format(n=1, who="’t Café").encode("utf-8").decode("cp1252")
    assert refused(take, {"trajecten.csv": TRAJECTORY + twice}) == [(Reason.GARBLED, (2,))]
    sound = [row.format(n=n, who=who) for n, who in enumerate(("SÃO", "Câlin", "Â", "Brug €5", "’t Café"), 1)]
    assert len(take({"trajecten.csv": TRAJECTORY + "".join(sound)}).tables["trajectories"]) == 5


def test_a_sheet_whose_header_is_refused_is_in_the_account(take: Take) -> None:
    sheets = {
        "Gesprekken": [TALK.strip().split(";"), ["P1", "01-02-2024", "intake"]],
        "Trajecten": [["x", "y"], ["1", "2"]],
    }
    with pytest.raises(Refused) as error:
        take({"levering.xlsx": workbook(sheets)})
    assert (Reason.NO_HEADER, "Trajecten") in [(f.reason, f.sheet) for f in error.value.faults]
    assert [(p.sheet, p.why, p.rows) for p in error.value.account if p.file == "levering.xlsx"] == [
        ("Gesprekken", "", 2),
        ("Trajecten", "refused", 2),
    ]


@pytest.mark.parametrize("text", ["0.125", "0.500"])
def test_a_decimal_point_is_no_thousand(take: Take, text: str) -> None:
    files = {"trajecten.csv": f"Aanbieder;Inwoner;Begindatum;Kosten\nDe Brug;P1;01-02-2024;{text}\n"}
    assert refused(take, files) == [(Reason.NUMBER, (2,))]


@pytest.mark.parametrize("sign", ["\ufeff", "\u200b", "\u00ad"])
def test_a_sign_that_nobody_sees_makes_no_other_resident_or_provider(take: Take, sign: str) -> None:
    row = "Aanbieder;Inwoner;Begindatum\nDe Brug;P1;01-02-2024\n"
    assert refused(take, {"trajecten.csv": f"{row}De Brug{sign};P1;01-03-2024\n"}) == [(Reason.CONTROL, (3,))]
    assert refused(take, {"trajecten.csv": f"{row}De Brug;P{sign}1;01-03-2024\n"}) == [(Reason.CONTROL, (3,))]


@pytest.mark.parametrize("nothing", ["–", "--", "N/A", "..."])
def test_what_is_typed_for_nothing_is_no_provider(take: Take, nothing: str) -> None:
    files = {"trajecten.csv": f"Aanbieder;Inwoner;Begindatum\n{nothing};P1;01-02-2024\n"}
    assert take(files).tables["trajectories"]["provider"].isna().all()


@pytest.mark.parametrize("name", ["correcties.toml", "Corrections.toml", "bron.TOML"])
def test_settings_under_another_name_are_told(take: Take, name: str) -> None:
    files: dict[str, str | bytes] = {"gesprekken.csv": TALK + "P1;01-02-2024;eerste gesprek\n", name: ""}
    assert refused(take, files) == [(Reason.OTHER_SETTINGS, ())]


def test_a_correction_says_which_sheet_when_two_have_its_row(take: Take) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name in ("Gesprekken jan", "Gesprekken feb"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Inwoner", "Datum gesprek", "Soort gesprek"])
            sheet.write_row(1, 0, ["P1", "01-02-2024" if "feb" in name else "01-01-2024", "eerste gesprek"])
    note = '[[correction]]\nfile = "gesprekken.xlsx"\nrow = 2\ncolumn = "Inwoner"\nexpect = "P1"\n'
    note += 'value = "P2"\nreason = "x"\n'
    files: dict[str, str | bytes] = {"gesprekken.xlsx": out.getvalue(), "corrections.toml": note}
    assert refused(take, files) == [(Reason.STALE_CORRECTION, (2,))]
    files["corrections.toml"] = note + 'sheet = "Gesprekken feb"\n'
    assert sorted(table(take(files), "conversations")["resident"]) == ["P1", "P2"]


@pytest.mark.parametrize(
    ("told", "column"),
    [
        ("extracted = 2125-02-01", "extracted"),
        ("received = 2025-01-31", "received"),
        ("whole_from = 2025-02-02", "whole_from"),
    ],
)
def test_days_of_a_source_note_that_cannot_be(take: Take, tmp_path: Path, told: str, column: str) -> None:
    from mp_eval import workspace as places
    from mp_eval.intake import clean
    from mp_eval.intake import contract as contracts

    take({"gesprekken.csv": TALK + "P1;01-02-2024;eerste gesprek\n"})
    note = tmp_path / "data" / "raw" / "2024" / "source.toml"
    lines = [line for line in note.read_text(encoding="utf-8").splitlines() if not line.startswith(column)]
    note.write_text("\n".join([*lines, told]) + "\n", encoding="utf-8")
    where = places.find(tmp_path)
    with pytest.raises(FaultsFound) as error:
        clean.take_in(where, contracts.read(where), where.period("2024"))
    assert [(f.reason, f.column) for f in error.value.faults] == [(Reason.SOURCE_NOTE, column)]


def test_the_last_file_is_the_one_of_the_last_month(take: Take) -> None:
    one = "Inwoner;Begin uitkering;Einde uitkering\nP1;01-01-2020;{}\n"
    files = {"uitkeringen december 2024.csv": one.format("01-12-2024"), "uitkeringen januari 2024.csv": one.format("")}
    made = take(files, "[intake.benefits]\nlast = true\n")
    assert made.tables["benefits"]["end"].notna().all()


@pytest.mark.parametrize("lists", [{}, {"redenen.csv": "niets;hier\n1;2\n"}])
def test_a_name_is_not_shown_when_the_code_list_cannot_be_read(take: Take, lists: dict[str, str]) -> None:
    files = {"uitkeringen.csv": "Inwoner;Begin uitkering;Reden beëindiging\nP1;01-01-2020;Jan Jansen\n", **lists}
    settings = '[intake.benefits.codes.end_reason]\nfile = "redenen.csv"\ncode = "Code"\ntext = "Tekst"\n'
    with pytest.raises(FaultsFound) as error:
        take(files, settings)
    assert "Jan" not in str(error.value)


@pytest.mark.parametrize("tables", [1, 2])
def test_days_after_the_extraction_in_several_tables_make_its_day_doubtful(take: Take, tables: int) -> None:
    files = {
        "gesprekken.csv": TALK + "P1;01-03-2025;intake\nP2;02-03-2025;intake\n",
        "trajecten.csv": TRAJECTORY + "T1;P1;Brug;01-03-2025;;;;\nT2;P2;Brug;01-03-2025;;;;\n",
    }
    with pytest.raises(FaultsFound) as error:
        take(dict(list(files.items())[:tables]))
    doubted = [
        (f.column, f.found) for f in error.value.faults if f.reason is Reason.SOURCE_NOTE and f.column == "extracted"
    ]
    assert doubted == [("extracted", ("01-02-2025",))] * (tables - 1)
    assert [f.reason for f in error.value.faults].count(Reason.FUTURE) == tables


@pytest.mark.parametrize("count", [3, 60])
@pytest.mark.parametrize("end", ['zei "nee"', '"nee'])
def test_lines_that_a_stray_quote_swallows_are_told(take: Take, count: int, end: str) -> None:
    """In a column that is not used: what it swallows are other residents."""
    rows = [f"P{n};01-02-2024;intake;\n" for n in range(count)]
    swallowing = ['Q1;01-02-2024;intake;"ja\n', "Q2;01-02-2024;intake;x\n", f"Q3;01-02-2024;intake;{end}\n"]
    text = TALK.strip() + ";Notitie\n" + "".join([*rows, *swallowing, *rows])
    found = [reason for reason, _ in refused(take, {"gesprekken.csv": text})]
    assert found in ([Reason.SWALLOWED], [Reason.QUOTE])
    several = TALK.strip() + ";Notitie\n" + "".join([*rows, 'Q1;01-02-2024;intake;"ja; misschien\nlater"\n'])
    assert len(take({"gesprekken.csv": several}).tables["conversations"]) == count + 1


@pytest.mark.parametrize("who", ["K 1002", "WWB:1002"])
def test_a_number_with_a_blank_or_a_sign_is_a_resident(take: Take, who: str) -> None:
    made = take({"inwoners.csv": f"{PEOPLE}{who};;\nK 1003;;\n"})
    assert sorted(table(made, "residents")["resident"]) == sorted([who, "K 1003"])


@pytest.mark.parametrize("first", ["Gemiddelde", "Som", "som: 4"])
def test_other_words_of_totals_are_no_residents(take: Take, first: str) -> None:
    made = take({"inwoners.csv": f"{PEOPLE}P1;01-01-2020;2\nP2;01-01-2020;2\n{first};;4\n"})
    assert sorted(table(made, "residents")["resident"]) == ["P1", "P2"]
    assert left(of(made, "inwoners.csv")) == {"total": [4]}


@pytest.mark.parametrize("nobody", ["NA", "nan", "None"])
def test_what_programs_write_for_nobody_is_no_resident(take: Take, nobody: str) -> None:
    found = refused(take, {"gesprekken.csv": f"{TALK}P1;01-02-2024;intake\n{nobody};02-02-2024;intake\n"})
    assert found == [(Reason.MISSING_VALUE, (3,))]


@pytest.mark.parametrize("two", ["K\u00a01", "K\u20661", "K\ufe0f1", "K\u034f1", "K\u180e1", "K\u202f1"])
def test_identifiers_that_look_alike_are_not_two_residents(take: Take, two: str) -> None:
    found = refused(take, {"gesprekken.csv": f"{TALK}K 1;01-02-2024;intake\n{two};02-02-2024;intake\n"})
    assert found == [(Reason.CONTROL, (3,))]


@pytest.mark.parametrize(("amount", "settings"), [("1,250", ""), ("1.250", '[intake.trajectories]\ndecimal = "."\n')])
def test_what_may_be_a_thousand_is_not_taken_for_decimals(take: Take, amount: str, settings: str) -> None:
    row = f"T1;P1;Brug;01-02-2024;;;{amount};\n"
    assert refused(take, {"trajecten.csv": TRAJECTORY + row}, settings) == [(Reason.NUMBER, (2,))]


def test_three_decimals_of_a_number_of_excel_are_sure(take: Take) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Trajecten": [["Inwoner", "Aanbieder", "Begindatum", "Kosten"], ["P1", "Brug", "01-02-2024", 1.125]]
    }
    assert take({"trajecten.xlsx": workbook(sheets)}).tables["trajectories"]["cost"].tolist() == [1.125]


def test_a_year_in_a_cell_of_a_day_is_no_day_of_1905(take: Take) -> None:
    found = refused(take, {"inwoners.csv": f"{PEOPLE}P1;11-07-1905;2\nP2;01-01-1950;2\nP3;01-05-1925;2\n"})
    assert found == [(Reason.OLD_DAY, (2, 4))]


@pytest.mark.parametrize("error", ["#ERROR!", "#Error", "#MULTIVALUE"])
def test_errors_of_other_programs_are_errors(take: Take, error: str) -> None:
    found = refused(take, {"trajecten.csv": f"{TRAJECTORY}T1;P1;{error};01-02-2024;;;;\n"})
    assert found == [(Reason.ERROR_CELL, (2,))]


@pytest.mark.parametrize("put_in", ["J. de Vries", "Coach 06-12345678"])
def test_what_a_correction_puts_in_is_judged_as_what_was_delivered(take: Take, tmp_path: Path, put_in: str) -> None:
    rows = {"trajecten.csv": f"{TRAJECTORY}T1;P1;Brug;01-02-2024;;;;\n"}
    take(rows)
    told = (
        f'[[correction]]\nfile = "trajecten.csv"\nrow = 2\ncolumn = "Aanbieder"\nexpect = "Brug"\nvalue = "{put_in}"\n'
    )
    told += 'reason = "x"\n'
    assert refused(take, {**rows, "corrections.toml": told})[0][0] is Reason.PERSON


def test_whom_a_stray_quote_swallows_is_not_told_to_be_unknown(take: Take) -> None:
    people = PEOPLE.strip() + ';Notitie\nP1;01-01-2020;2;"ja\nP2;01-01-2020;2;x\nP3;01-01-2020;2;nee"\n'
    found = refused(take, {"inwoners.csv": people, "gesprekken.csv": TALK + "P2;01-02-2024;intake\n"})
    assert [reason for reason, _ in found] == [Reason.SWALLOWED]
