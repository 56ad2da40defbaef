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
from mp_eval.present.sheets import Number, sheets
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
    assert found["Gesproken inwoners"][0] == 175
    assert found["Aandeel geactiveerd"][:1] == [pytest.approx(50 / 175)]
    assert found["Gesproken inwoners"][6].isoformat() == "2025-07-15"


def test_every_table_has_a_sheet_and_every_sheet_a_link_on_the_cover(made: bytes) -> None:
    names = CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names
    found = parts(made)
    assert [n for n in names if len(n) > 31] == []
    assert re.findall(r"location=\"'([^']+)'!A1\"", found["xl/worksheets/sheet1.xml"]) == names[1:]
    assert len([n for n in found if n.startswith("xl/tables/")]) == len(names) - 2  # the cover and the pictures


def test_the_cover_warns_and_explains_the_signs(made: bytes) -> None:
    said = " ".join(str(cell) for row in read(made, "Omslag") for cell in row)
    assert "Verzonnen gegevens." in said
    assert "x afgeschermd" in said
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
    assert found["xl/workbook.xml"].count("_xlnm.Print_Titles") == len(tables)


def test_every_picture_has_its_words(made: bytes) -> None:
    drawings = [text for name, text in parts(made).items() if name.startswith("xl/drawings/drawing")]
    assert all(re.search(r'<xdr:cNvPr [^>]*descr="(?:Staaf|Punt)diagram', text) for text in drawings)
    assert len(drawings) == 1


def test_a_hidden_value_is_a_sign_everywhere_and_never_a_zero(committed: Evaluation) -> None:
    measures = committed.measures.copy()
    hidden = (measures["period"] == "2024") & (measures["category"] == "informal_care")
    measures.loc[hidden, ["value", "status"]] = [pd.NA, "hidden"]
    made = workbook(replace(committed, measures=measures), "2024")
    assert ["Mantelzorg", "x", "x"] in read(made, "Naar activiteit")


def test_what_was_not_delivered_is_a_dash(committed: Evaluation) -> None:
    found = {row[0]: row[1] for row in read(workbook(committed, "2022-2023"), "Kerncijfers")[HEADER + 1 :]}
    assert found["Inwoners met een uitkering"] == "–"


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
