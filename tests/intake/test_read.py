"""Reading: the same table whatever surrounds it, with the row numbers of the editor, and nothing lost uncounted."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spoiling import workbook

from mp_eval.faults import Fault
from mp_eval.intake import check, read
from mp_eval.intake.contract import Contract
from mp_eval.intake.read import Sheet

HEADER = ["Inwoner", "Datum gesprek", "Soort gesprek"]
ROWS = [["café-1", "05-01-2024", "eerste gesprek"], ["b", "06-01-2024", "voortgangsgesprek"]]
EXPECTED = {2: ROWS[0], 3: ROWS[1]}
Reader = Callable[..., Sheet]


@pytest.fixture
def sheet(tmp_path: Path, contract: Contract) -> Reader:
    """Reads a file with this content; its name says which table it holds, and its frame is sound."""

    def read_it(data: bytes | str, name: str = "gesprekken.csv") -> Sheet:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        (found,), faults, _ = read.read(path, contract, file=name)
        assert faults == []
        return found

    return read_it


def cells(sheet: Sheet) -> dict[int, list[str]]:
    return dict(zip(sheet.cells.index, sheet.cells.to_numpy().tolist(), strict=True))


def left(sheet: Sheet) -> dict[str, int]:
    """How many rows were left out, by kind, without blank ones and the header itself."""
    counts = {**{kind: len(rows) for kind, rows in sheet.left.items()}, "blank": 0}
    counts["header"] -= 1
    return {kind: count for kind, count in counts.items() if count}


def text(separator: str = ";", rows: list[list[str]] = ROWS) -> str:
    return "".join(separator.join(r) + "\r\n" for r in [HEADER, *rows])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separator_and_encoding_make_no_difference(sheet: Reader, separator: str, encoding: str) -> None:
    assert cells(sheet(text(separator).encode(encoding))) == EXPECTED


def test_excel_makes_no_difference(sheet: Reader) -> None:
    rows = [[r[0], datetime.strptime(r[1], "%d-%m-%Y"), r[2]] for r in ROWS]
    assert cells(sheet(workbook({"Blad1": [HEADER, *rows]}), "gesprekken.xlsx")) == EXPECTED


def test_header_is_found_below_a_preamble(sheet: Reader) -> None:
    assert cells(sheet("Selectie: MP;Datum\r\nUitgedraaid op 20-06-2023\r\n\r\n" + text())) == {5: ROWS[0], 6: ROWS[1]}


def test_upper_row_of_a_header_of_two_rows_is_left_out(sheet: Reader) -> None:
    assert cells(sheet("Wie;Wat;\r\n" + text())) == {3: ROWS[0], 4: ROWS[1]}


def test_a_row_is_numbered_by_the_line_on_which_it_begins(sheet: Reader) -> None:
    data = 'Inwoner;"Datum\ngesprek";Soort gesprek\n"a\nb";05-01-2024;intake\nc;06-01-2024;intake\n'
    assert list(sheet(data).cells.index) == [3, 5]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Totaal;;2\r\n", "total"),
        (";Eindtotaal: 2;\r\n", "total"),
        ("Inwoner;Datum gesprek;Soort gesprek\r\n", "header"),
        ("Pagina 1 van 1\r\n", "footer"),
        ("\r\n\r\nAfgedrukt op 20-06-2023;;\r\n\r\n", "footer"),
        ("Aantal records: 2\r\n", "footer"),
    ],
)
def test_what_holds_no_record_is_left_out_and_counted(sheet: Reader, line: str, kind: str) -> None:
    found = sheet(text() + line)
    assert (cells(found), left(found)) == (EXPECTED, {kind: 1})


def test_a_footer_may_fill_two_of_four_cells(sheet: Reader) -> None:
    rows = "".join(f"{';'.join(r)};\n" for r in [HEADER, *ROWS]).replace("gesprek;\n", "gesprek;Meer\n", 1)
    assert left(sheet(rows + "Afgedrukt op;20-06-2023\n")) == {"footer": 1}


def test_a_footer_in_the_middle_is_no_footer(sheet: Reader) -> None:
    assert 2 in cells(sheet(text(rows=[["Pagina 1", "", ""], *ROWS])))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*ROWS, ["Totaal", "", "2"], HEADER, ["Subtotaal mei", "", ""], ["Pagina 2", "", ""]])))
def test_every_row_is_kept_or_counted(sheet: Reader, rows: list[list[str]]) -> None:
    found = sheet(text(rows=rows))
    assert len(found.cells) + sum(left(found).values()) == len(rows)


@pytest.mark.parametrize("footer", [["3", ""], ["20-06-2023", 3]])
def test_a_merged_last_row_of_bare_numbers_is_a_footer(sheet: Reader, footer: list[object]) -> None:
    found = sheet(merged([*[[*r, "x", "y"] for r in [HEADER, *ROWS]]], footer), "gesprekken.xlsx")
    assert (list(found.cells.index), left(found)) == ([2, 3], {"footer": 1})


def test_a_last_record_with_a_merged_cell_is_a_record(sheet: Reader) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    for n, row in enumerate([[*HEADER, *"abcdef"], *ROWS]):
        page.write_row(n, 0, row)
    page.merge_range(2, 3, 2, 4, "over twee kolommen")
    book.close()
    assert list(sheet(buffer.getvalue(), "gesprekken.xlsx").cells.index) == [2, 3]


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (date(2024, 1, 5), "05-01-2024"),
        (datetime(2024, 1, 5, 13, 30), "05-01-2024 13:30"),
        (8.0, "8"),
        (8.5, "8,5"),
        (1234.5, "1234,5"),
        (True, "ja"),
        (False, "nee"),
        ("  x ", "x"),
    ],
)
def test_an_excel_cell_becomes_what_an_analyst_would_type(sheet: Reader, value: object, typed: str) -> None:
    found = sheet(workbook({"Blad1": [HEADER, ["a", value, "intake"]]}), "gesprekken.xlsx")
    assert found.cells["Datum gesprek"].tolist() == [typed]


def test_rows_of_a_sheet_that_begins_lower_keep_their_numbers(sheet: Reader) -> None:
    found = sheet(workbook({"Blad1": [[], [], [], HEADER, *ROWS]}), "gesprekken.xlsx")
    assert list(found.cells.index) == [5, 6]


@pytest.mark.parametrize(
    ("name", "header", "row", "column", "code"),
    [
        ("activiteiten.csv", "Inwoner;Activiteit;Begindatum", "a;{};05-01-2024", "activity", "self_directed"),
        ("uitstroom.csv", "Inwoner;Soort;Datum", "a;{};05-01-2024", "kind", "wsp_referral"),
    ],
)
def test_spellings_of_a_category_are_one(
    sheet: Reader, name: str, header: str, row: str, column: str, code: str
) -> None:
    spelled = {
        "self_directed": ["zelfzoekers", "Zelf zoekers", "zelf-zoeker"],
        "wsp_referral": ["WSP", "werkgeverservicepunt", "Verwijzing werkgeversservicepunt"],
    }
    table, faults = check.check(sheet("\n".join([header, *map(row.format, spelled[code])]) + "\n", name))
    assert (set(table[column]), faults) == ({code}, list[Fault]())


def test_the_longest_word_in_a_file_name_decides(contract: Contract) -> None:
    table = contract.table_of("Export inwoners caseload 2024")
    assert (table and table.name) == "residents"


def test_digits_tell_file_names_apart(contract: Contract) -> None:
    assert contract.table_of("4711") is None


def merged(rows: list[list[str]], footer: list[object]) -> bytes:
    """A workbook with these rows and then a row whose first cell is merged over three columns."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    for n, cells in enumerate(rows):
        sheet.write_row(n, 0, cells)
    sheet.merge_range(len(rows), 0, len(rows), 2, footer[0])
    sheet.write(len(rows), 3, footer[1])
    book.close()
    return buffer.getvalue()


def test_a_record_whose_first_cell_begins_with_totaal_is_a_record(contract: Contract, tmp_path: Path) -> None:
    path = tmp_path / "trajecten.csv"
    path.write_text("Aanbieder;Inwoner;Begindatum\nTotaal Welzijn BV;k1;01-02-2024\nTotaal;;1\n", encoding="utf-8")
    (sheet,), *_ = read.read(path, contract, file="trajecten.csv")
    assert (len(sheet.cells), sheet.left["total"]) == (1, (3,))
