"""The account closes: files made at random from a known truth, and read once more by other libraries.

Each delivery is some files of talks, with titles, blank rows, rows of dashes, totals, footers, repeated headers, errors
and hidden rows among the records, a table a file or a sheet. openpyxl and csv say what was in the files.
"""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import dear
from delivering import SETTINGS, SOURCE
from hypothesis import given, settings
from hypothesis import strategies as st
from test_accounted import TALKS

from mp_eval import workspace as places
from mp_eval.delivered import Place
from mp_eval.faults import Fault
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts

openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl, of the extra `test`")

WIDTH = 4  # the three columns of a talk, and one that the contract does not know
HEADER = [*TALKS, "Wijk"]
ABOVE = st.sampled_from([["Lijst"], [], ["Selectie: MP", "2024"], ["-"]])
RECORD = st.tuples(
    st.sampled_from(["VS1", "VS2", "VS3", "bron12", "-"]),
    st.integers(1, 28).map(lambda day: f"{day:02}-02-2024"),
    st.sampled_from(["intake", "voortgang"]),
    st.sampled_from(["", "4", "Totaal", "-", "#"]),
).map(list)
WITHOUT = st.sampled_from(
    [
        [],
        ["-"],
        ["---", "---", "---"],
        ["Totaal", "", "3"],
        ["", "Eindtotaal"],
        HEADER,
        ["Pagina 1"],
        ["Einde lijst"],
        ["", "", "", "x"],
    ]
)
ERROR = st.sampled_from(
    [["VS1", "#N/A", "intake"], ["#REF!", "05-02-2024", "intake"], ["VS1", "05-02-2024", "#DIV/0!"]]
)
BODY = st.lists(st.one_of(RECORD, RECORD, RECORD, WITHOUT, ERROR), max_size=8)
SHEET = st.tuples(st.lists(ABOVE, max_size=2), BODY, st.booleans()).map(lambda parts: Made(*parts))
FILES = st.lists(
    st.one_of(SHEET.map(lambda made: [made]), st.lists(SHEET, min_size=2, max_size=3)), min_size=1, max_size=3
)


@dataclass(frozen=True)
class Made:
    """A sheet or a text: the rows above its header, those below, and whether its third row is hidden."""

    above: list[list[str]]
    below: list[list[str]]
    hides: bool

    @property
    def rows(self) -> list[list[str]]:
        return [row + [""] * (WIDTH - len(row)) for row in (*self.above, HEADER, *self.below)]


@settings(max_examples=dear(12))
@given(files=FILES, as_text=st.booleans())
def test_every_row_and_every_filled_cell_is_accounted_for(files: list[list[Made]], as_text: bool) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "data" / "raw" / "2024"
        folder.mkdir(parents=True)
        raw: dict[tuple[str, str], list[list[str]]] = {}
        for n, sheets in enumerate(files):
            raw |= _written(folder, f"gesprekken {n}", sheets, as_text=as_text and len(sheets) == 1)
        (Path(root) / places.SETTINGS_FILE).write_text(f"{SETTINGS}[intake.conversations]\nlast = true\n")
        (folder / "source.toml").write_text(SOURCE.format('["inwoners", "activiteiten", "trajecten"]'))
        where = places.find(Path(root))
        faults: tuple[Fault, ...] = ()
        try:
            account = clean.take_in(where, contracts.read(where), where.period("2024")).account
        except clean.Refused as error:
            account, faults = error.account, error.faults
    assert {(place.file, place.sheet) for place in account} == set(raw)
    for place in account:
        _check(place, raw[place.file, place.sheet], faults)


def _check(place: Place, raw: list[list[str]], faults: tuple[Fault, ...]) -> None:
    """The sum closes; a row that is not used is listed once; and each filled cell was read, or is in a listed row."""
    listed = [n for found in place.left.values() for first, last in found for n in range(first, last + 1)]
    assert len(listed) == len(set(listed))
    assert place.rows == len(raw) == place.used + len(listed)
    told = {n for f in faults for n in f.rows if (Path(f.file).name, f.sheet) == (place.file, place.sheet)}
    no_record = _rows(place, "blank", "title", "header", "total", "footer")
    assert told <= _rows(place, "refused")
    assert place.cells == sum(bool(cell) for n, row in enumerate(raw, 1) if n not in no_record for cell in row)
    header = min(_rows(place, "header"))
    for n, row in enumerate(raw[header:], header + 1):
        is_record = row[0] not in ("", "-", "---", *HEADER) and row[1] not in ("", "---") and row[2] not in ("", "---")
        assert not (is_record and n in no_record), row
        if any(("#" in cell and "/" in cell) or cell == "#REF!" for cell in row):
            assert n in _rows(place, "refused")
    assert place.unused == ("Wijk",)


def _rows(place: Place, *kinds: str) -> set[int]:
    return {n for kind in kinds for first, last in place.left.get(kind, ()) for n in range(first, last + 1)}


def _written(folder: Path, name: str, sheets: list[Made], *, as_text: bool) -> dict[tuple[str, str], list[list[str]]]:
    """A file of these sheets, and what another library finds in it."""
    if as_text:
        path = folder / f"{name}.csv"
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";").writerows(sheets[0].rows)
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
        with path.open(encoding="utf-8", newline="") as file:
            return {(path.name, ""): [list(row) for row in csv.reader(file, delimiter=";")]}
    path = folder / f"{name}.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for n, made in enumerate(sheets):
        sheet = book.create_sheet(f"Gesprekken {n}")
        for r, cells in enumerate(made.rows, 1):
            for c, text in enumerate(cells, 1):
                if text:
                    cell = sheet.cell(r, c, text)
                    cell.data_type = "e" if text in ("#N/A", "#REF!", "#DIV/0!") else "s"
        if made.hides:
            sheet.row_dimensions[3].hidden = True
    book.save(path)
    return {(path.name, sheet.title): _read(sheet) for sheet in openpyxl.load_workbook(path)}


def _read(sheet: object) -> list[list[str]]:
    """The rows up to the last that holds something: what comes after it is in no file."""
    rows = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]  # type: ignore[attr-defined]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows
