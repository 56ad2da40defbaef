"""The workbook: numbers that are numbers, signs where there is none, and words for who cannot see it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from mp_eval.evaluation import Evaluation
from mp_eval.present import sheets as made_of
from mp_eval.present.sheets import LONGEST, Absent, Number, sheets
from mp_eval.present.wording import words
from mp_eval.publish.workbook import workbook
from mp_eval.workspace import Disclosure

HEADER = 2  # the row that names the columns


@pytest.fixture(scope="module", params=["2024", "2022-2023", ""])
def made(request: pytest.FixtureRequest, committed: Evaluation) -> bytes:
    return workbook(committed, request.param)


def read(made: bytes, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name(sheet).to_python()


def parts(made: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def test_a_number_is_a_number_and_a_day_a_day(committed: Evaluation) -> None:
    found = {row[0]: row[1:] for row in read(workbook(committed, "2024"), "Kerncijfers")[HEADER + 1 :]}
    assert found["Gesproken inwoners"][:2] == ["Gesproken", 175]
    assert found["Aandeel geactiveerd"][:2] == ["Geactiveerd", pytest.approx(50 / 175)]
    assert found["Gesproken inwoners"][7].isoformat() == "2025-07-15"


def test_every_table_has_a_sheet_and_every_sheet_a_link_in_the_contents(made: bytes) -> None:
    names = CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names
    found = parts(made)
    assert re.findall(r"location=\"'([^']+)'!A1\"", found["xl/worksheets/sheet2.xml"]) == names[2:]
    assert len([n for n in found if n.startswith("xl/tables/")]) == len(names) - 3  # the cover, contents and pictures


def test_the_contents_follow_the_chapters(made: bytes) -> None:
    chapters = [row[0] for row in read(made, "Inhoud")[HEADER + 1 :] if row[0]]
    order = [
        "Alle hoofdstukken",
        "Wat is aangeleverd",
        "Gesproken",
        "Geactiveerd",
        "Perioden naast elkaar",
        "Trajecten",
    ]
    order += ["Doorstroom en uitstroom", "Caseload", "Klant in beeld", "Ambities", "Vooruitblik"]
    order += ["Maakt de aanpak verschil", "Wat kost het", "Alle hoofdstukken"]
    assert chapters == [name for name in order if name in chapters]
    assert {"Gesproken", "Geactiveerd", "Trajecten"} < set(chapters)


def test_the_name_of_a_sheet_is_never_cut_off_and_none_is_there_twice() -> None:
    names = {
        made_of._tab(breakdown, chapter).casefold(): (chapter, breakdown)
        for chapter, measures in made_of._chapters()
        for breakdown in {b for measure in measures for b in made_of.MEASURES[measure].breakdowns}
    }
    assert [name for name in names if len(name) > LONGEST] == []
    assert len(names) == len(
        {(c, b) for c, ms in made_of._chapters() for m in ms for b in made_of.MEASURES[m].breakdowns}
    )
    assert not re.search(r"[\[\]:*?/\\]", "".join(names))


def test_a_name_that_is_too_long_for_a_tab_is_cut_and_told_from_another(
    committed: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = {
        "activity": "naar " + "wat zij doen of deden en hoe dat gaat",
        "route": "naar wat zij doen of deden en hoe anders",
    }
    monkeypatch.setitem(words(), "tab", {**words()["tab"], **long})
    names = [s.name for s in sheets(committed.of("2024"), "2024") if s.name.startswith("Geactiveerd naar wat zij")]
    assert names == ["Geactiveerd naar wat zij doen o", "Geactiveerd naar wat zij doe 2"]


def test_the_categories_of_a_sheet_are_one_list_and_each_side_has_a_column(committed: Evaluation) -> None:
    found = {s.name: s for s in sheets(committed.of("2024"), "2024")}
    reasons = {row[0] for row in found["Uitkering naar reden"].rows}
    assert reasons.isdisjoint({"Studie", "Verhuizing"})  # those are of who left, and these of who came
    path = found["Vooruit naar maand"]
    assert path.columns[:2] == ("Aantal consulenten", "Maand")
    assert path.rows[0][:2] == (Number(0.0, "key"), "Juli 2025")
    whole = {s.name: s for s in sheets(committed)}
    assert whole["Perioden naar half jaar"].rows[0][:2] == ("Gesprekken per maand", "Eerste helft van 2023")


def test_a_column_of_numbers_holds_no_text(made: bytes, committed: Evaluation) -> None:
    for sheet in (*sheets(committed.of("2024"), "2024"), *sheets(committed)):
        for column, cells in zip(sheet.columns, zip(*sheet.rows, strict=True), strict=True):
            kinds = {type(cell) for cell in cells} - {type(None)}
            assert kinds <= {Number, Absent} or not kinds & {Number, Absent}, (sheet.name, column)


def test_the_cover_warns_and_explains_what_is_empty(made: bytes) -> None:
    said = " ".join(str(cell) for row in read(made, "Omslag") for cell in row)
    assert "Verzonnen gegevens." in said
    assert "Een lege cel in een kolom met getallen is geen nul." in said
    assert "Kenmerk " in said


@pytest.mark.parametrize("method", ["hide", "round", "hide_and_round"])
def test_the_cover_says_whether_numbers_are_rounded(committed: Evaluation, method: str) -> None:
    settings = replace(committed.workspace.settings, disclosure=Disclosure(internal=False, method=method))
    public = replace(committed, workspace=replace(committed.workspace, settings=settings))
    said = " ".join(str(cell) for row in read(workbook(public, "2024"), "Omslag") for cell in row)
    assert ("onafgerond" in said) == (method == "hide")
    assert ("Afgerond op vijftallen." in said) == (method != "hide")


def test_headers_stay_in_sight_and_return_on_every_sheet_of_paper(made: bytes) -> None:
    found = parts(made)
    tables = [text for name, text in found.items() if name.startswith("xl/worksheets/sheet") and "<tablePart " in text]
    assert tables
    assert all('state="frozen"' in text and 'paperSize="9"' in text for text in tables)
    assert found["xl/workbook.xml"].count("_xlnm.Print_Titles") == len(tables) + 1  # the contents too


def test_every_picture_has_its_words(made: bytes) -> None:
    drawings = [text for name, text in parts(made).items() if name.startswith("xl/drawings/drawing")]
    assert all(re.search(r'<xdr:cNvPr [^>]*descr="(?:Staaf|Punt)diagram', text) for text in drawings)
    assert len(drawings) == 1


def test_a_hidden_value_is_an_empty_cell_with_its_reason_and_never_a_zero(committed: Evaluation) -> None:
    measures = committed.measures.copy()
    hidden = (measures["period"] == "2024") & (measures["category"] == "informal_care")
    measures.loc[hidden, ["value", "status"]] = [pd.NA, "hidden"]
    made = workbook(replace(committed, measures=measures), "2024")
    why = "afgeschermd: Geactiveerde inwoners en Begonnen activiteiten"
    assert ["Mantelzorg", "", "", why] in read(made, "Geactiveerd naar activiteit")


def test_what_was_not_delivered_is_empty_and_said_to_be_so(committed: Evaluation) -> None:
    made = workbook(committed, "2022-2023")
    found = {row[0]: (row[2], row[-1]) for row in read(made, "Kerncijfers")[HEADER + 1 :]}
    assert found["Inwoners met een uitkering"] == ("", "niet aangeleverd")
    whole = {row[0]: (row[1], row[-1]) for row in read(workbook(committed), "Perioden naast elkaar")[HEADER + 1 :]}
    assert whole["Inwoners met een uitkering"][0] == ""
    assert "niet aangeleverd: September 2022 tot juni 2023" in whole["Inwoners met een uitkering"][1]


def test_a_text_that_looks_like_a_formula_stays_a_text(committed: Evaluation) -> None:
    figures = tuple(replace(f, sentence="=1+1") for f in committed.figures)
    found = parts(workbook(replace(committed, figures=figures), "2024"))
    assert [name for name, text in found.items() if "<f>" in text] == []
    assert "=1+1" in found["xl/sharedStrings.xml"]


def test_every_number_of_the_period_is_in_it(committed: Evaluation) -> None:
    own = committed.measures[committed.measures["period"] == "2024"]
    numbers = [
        c.value for s in sheets(committed.of("2024"), "2024") for row in s.rows for c in row if isinstance(c, Number)
    ]
    assert set(own["value"].dropna()) <= set(numbers)


def test_no_number_has_a_tail_of_floating_point(made: bytes) -> None:
    """A balance of -7.4e-17 is none, and a share of 0.9999999999999999 is all."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    cells = [c for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for c in row]
    numbers = [cell for cell in cells if isinstance(cell, float)]
    assert len(numbers) > 500
    assert [n for n in numbers if n != round(n) and abs(n - round(n)) < 1e-11] == []


def test_the_same_evaluation_gives_the_same_bytes(committed: Evaluation) -> None:
    assert workbook(committed, "2024") == workbook(committed, "2024")


def test_an_unknown_period_is_refused(committed: Evaluation) -> None:
    with pytest.raises(KeyError, match="onbekende periode ‘2030’"):
        workbook(committed, "2030")


def test_a_difference_that_the_page_does_not_name_has_no_sheet(committed: Evaluation, speaking: Evaluation) -> None:
    told = ["Kans naar maanden en groep", "Verschil naar maanden"]
    assert [s.name for s in sheets(speaking) if s.name in told] == told
    assert [s.name for s in sheets(committed) if s.name in told] == []
    assert "Verschil naar grond" in {s.name for s in sheets(committed)}
