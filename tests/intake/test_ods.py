"""An OpenDocument cell is what LibreOffice shows as its text: no drawing, no remark, and with its breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from spoiling import ODS_TEXT, ods, within

from mp_eval.intake import excel
from mp_eval.intake.excel import UnreadableError
from mp_eval.intake.read import excel_as_text

DRAW = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
SHAPE = f"<draw:custom-shape {DRAW}><text:p>A. Jansen</text:p></draw:custom-shape>"
BOX = f"<draw:frame {DRAW}><draw:text-box><text:p>A. Jansen</text:p></draw:text-box></draw:frame>"
REMARK = "<office:annotation><text:p>A. Jansen</text:p></office:annotation>"
TITLE = f'<draw:frame {DRAW}><svg:title xmlns:svg="s">A. Jansen</svg:title></draw:frame>'
FORM = '<form:button xmlns:form="f">A. Jansen</form:button>'
ZORG = "<text:p>zorg</text:p>"

SHOWN = {
    "a shape after it": (f"{ZORG}{SHAPE}", "zorg"),
    "a shape before it": (f"{SHAPE}{ZORG}", "zorg"),
    "shapes in a group": (f"<draw:g {DRAW}>{SHAPE}{SHAPE}</draw:g>{ZORG}", "zorg"),
    "a text box between": (f"{ZORG}{BOX}{ZORG}", "zorg\nzorg"),
    "a title of a picture": (f"{TITLE}{ZORG}", "zorg"),
    "a remark": (f"{REMARK}{ZORG}", "zorg"),
    "a remark in the text": (f"<text:p>zo{REMARK}rg</text:p>", "zorg"),
    "a shape in the text": (f"<text:p>zo{SHAPE}rg</text:p>", "zorg"),
    "what is of no drawing": (f"{FORM}{ZORG}", "zorg"),
    "a shape alone": (SHAPE, ""),
    "a line break": ("<text:p>zorg<text:line-break/>taxi</text:p>", "zorg\ntaxi"),
    "a tab": ("<text:p>zorg<text:tab/>taxi</text:p>", "zorg\ttaxi"),
    "blanks": ('<text:p>zorg<text:s text:c="2"/>taxi<text:tab/>x</text:p>', "zorg  taxi\tx"),
    "a break in a style": ("<text:p><text:span>zorg<text:line-break/></text:span>taxi</text:p>", "zorg\ntaxi"),
    "two lines": ("<text:p>zorg</text:p><text:p>taxi</text:p>", "zorg\ntaxi"),
    "what is said above it": (
        "<text:p><text:ruby><text:ruby-base>zorg</text:ruby-base><text:ruby-text>A.</text:ruby-text></text:ruby></text:p>",
        "zorg",
    ),
}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Where a file is made."""
    return tmp_path / "gesprekken.ods"


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("times", [1, 2])
def test_a_text_is_as_it_is_shown(rows: Path, name: str, times: int) -> None:
    inner, shown = SHOWN[name]
    kind = f'office:value-type="string" table:number-columns-repeated="{times}"'
    cell = f"<table:table-cell {kind}>{inner}</table:table-cell>"
    rows.write_bytes(within(ods("eerst;X;laatst"), ODS_TEXT.format("X"), cell))
    (page,) = excel.pages(rows)
    assert page.rows() == page.top(1) == [(1, ["eerst", *[shown] * times, "laatst"])]
    assert "Jansen" not in excel_as_text(rows).decode()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ('office:value-type="float" office:value="5"', "5"),
        ('office:value-type="date" office:date-value="2024-01-05"', "05-01-2024"),
        ('office:value-type="boolean" office:boolean-value="true"', "ja"),
        ('office:value-type="string" office:string-value="dag"', "dag"),
    ],
)
def test_a_drawing_changes_no_value(rows: Path, kind: str, shown: str) -> None:
    cell = f"<table:table-cell {kind}>{SHAPE}{ZORG}</table:table-cell>"
    rows.write_bytes(within(ods("X;laatst"), ODS_TEXT.format("X"), cell))
    assert excel.pages(rows)[0].rows() == [(1, [shown, "laatst"])]


TABLE = f'<table:table table:name="x"><table:table-row>{ODS_TEXT.format("A. Jansen")}</table:table-row></table:table>'
NESTED = {
    "below a text": (ODS_TEXT.format("X"), f"<table:table-cell>{ZORG}{TABLE}</table:table-cell>"),
    "in a cell": (ODS_TEXT.format("X"), f"<table:table-cell>{TABLE}</table:table-cell>"),
    "in a frame": (
        ODS_TEXT.format("X"),
        f"<table:table-cell><draw:frame {DRAW}>{TABLE}</draw:frame></table:table-cell>",
    ),
    "in a drawing on the sheet": (
        '"Gesprekken">',
        f'"Gesprekken"><table:shapes><draw:frame {DRAW}>{TABLE}</draw:frame></table:shapes>',
    ),
    "in a link": (
        "</office:spreadsheet>",
        f"<table:dde-links><table:dde-link>{TABLE}</table:dde-link></table:dde-links></office:spreadsheet>",
    ),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_table_that_is_no_sheet_is_refused(rows: Path, name: str) -> None:
    rows.write_bytes(within(ods("X;laatst"), *NESTED[name]))
    with pytest.raises(UnreadableError, match="staat nog een tabel"):
        excel.pages(rows)


def test_what_cannot_be_seen_through_is_refused(rows: Path) -> None:
    cell = f'<table:table-cell office:value-type="string">{SHAPE}&unknown;{ZORG}</table:table-cell>'
    rows.write_bytes(within(ods("X;laatst"), ODS_TEXT.format("X"), cell))
    with pytest.raises(UnreadableError):
        excel.pages(rows)
