"""Canary residents: put into every kind of file that goes out, they are found there."""

from __future__ import annotations

import base64
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from docx import Document
from releases import hidden_by, report_row

from mp_eval import tidy
from mp_eval.disclosure.attack import Seen
from mp_eval.periods import parse
from mp_eval.publish import gates
from mp_eval.publish.gates import Secrets
from mp_eval.register import Figure

ROOT = Path("/data/gemeente")
CANARY = "pabcdefgh2345672"
STORY = frozenset({"2024-03-12", "volunteering", "8"})
SECRETS = Secrets(frozenset({CANARY}), frozenset({STORY}), frozenset({("mantelzorg", "5")}))


def written(folder: Path, name: str, text: str) -> Path:
    """The text in a file of this kind, where it would stand."""
    path = folder / name
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            for n, cell in enumerate(text.split(";")):
                book.add_worksheet().write_string(0, 0, cell) if n == 0 else book.worksheets()[0].write_string(
                    0, n, cell
                )
    elif path.suffix == ".docx":
        with zipfile.ZipFile(path, "w") as parts:
            parts.writestr("word/document.xml", f"<w:t>{text}</w:t>")
    elif path.suffix == ".ipynb":
        output = {"output_type": "stream", "name": "stdout", "text": [text + "\n"]}
        path.write_text(json.dumps({"cells": [{"cell_type": "code", "outputs": [output]}], "metadata": {}}))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.ipynb", "a.csv", "a.json", "a.log", "a.xlsx", "a.docx"])
def test_a_canary_is_found_in_every_kind_of_file(tmp_path: Path, name: str) -> None:
    (reason,) = gates.check_file(written(tmp_path, name, CANARY), root=ROOT, secrets=SECRETS)
    assert CANARY not in reason


def test_a_canary_is_found_in_a_drawing_within_a_page(tmp_path: Path) -> None:
    image = base64.b64encode(f"<svg><title>{CANARY}</title></svg>".encode()).decode()
    page = written(tmp_path, "a.html", f'<img alt="" src="data:image/svg+xml;base64,{image}">')
    assert gates.check_file(page, root=ROOT, secrets=SECRETS)


def test_a_canary_is_found_in_the_metadata_of_a_notebook(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": {"papermill": {"parameters": {"who": CANARY}}}}))
    assert gates.check_file(path, root=ROOT, secrets=SECRETS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<tr><td>12-03-2024</td><td>volunteering</td><td>8</td></tr>"),
        ("a.csv", "2024-03-12;volunteering;8"),
        ("a.ipynb", "0  2024-03-12  volunteering  8"),
    ],
)
def test_the_row_of_a_person_is_found_without_the_pseudonym(tmp_path: Path, name: str, text: str) -> None:
    (reason,) = gates.check_file(written(tmp_path, name, text), root=ROOT, secrets=SECRETS)
    assert "rij van één inwoner" in reason


@pytest.mark.parametrize("leak", [f"{ROOT}/data/raw", "/home/jan/werk/x.csv", "UserWarning: let op"])
@pytest.mark.parametrize("name", ["a.csv", "a.log", "a.xlsx"])
def test_a_path_or_a_warning_is_found(tmp_path: Path, name: str, leak: str) -> None:
    assert gates.check_file(written(tmp_path, name, leak), root=ROOT, secrets=SECRETS)


@pytest.mark.parametrize(
    "text", ["<tr><th>Mantelzorg</th><td>5</td></tr>", '<img alt="Staafdiagram. Mantelzorg 5 en dagbesteding 13.">']
)
def test_a_hidden_number_beside_its_label_is_found(tmp_path: Path, text: str) -> None:
    assert gates.check_file(written(tmp_path, "a.html", text), root=ROOT, secrets=SECRETS)


def in_a_row(path: Path, cells: list[str | int]) -> Path:
    """A row of a table in a file of this kind, as the programs that make it write it."""
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet("Omslag").write_string(0, 0, "Omslag")
            book.add_worksheet("Cijfers").write_row(3, 0, cells)
    elif path.suffix == ".docx":
        word = Document()
        for cell, text in zip(word.add_table(1, len(cells)).rows[0].cells, cells, strict=True):
            cell.text = str(text)
        word.save(str(path))
    elif path.suffix == ".html":
        path.write_text(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>", encoding="utf-8")
    else:
        path.write_text(";".join(map(str, cells)), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["a.html", "a.xlsx", "a.csv"])
def test_a_hidden_number_of_a_crossing_is_found_behind_its_sides(tmp_path: Path, name: str) -> None:
    """Where each side has a column, as in the workbook, and where both stand in one cell."""
    secrets = replace(SECRETS, hidden=frozenset({("man → 2016-2020 → 3", "4")}))
    for row, is_told in (
        (["Man", "2016-2020", "3", 7, 4], True),
        (["Uitkering", "Man", "2016-2020", 3, 4], True),
        (["Man → 2016-2020 → 3", 4], True),
        (["Man", "2016-2020", "5", 7, 4], False),
        (["Man", "2016-2020", "3", 7, ""], False),
    ):
        assert bool(gates.check_file(in_a_row(tmp_path / name, row), root=ROOT, secrets=secrets)) is is_told


@pytest.mark.parametrize("name", ["a.html", "a.xlsx", "a.docx", "a.csv"])
def test_a_hidden_number_is_found_anywhere_in_the_row_of_its_label(tmp_path: Path, name: str) -> None:
    for row in (["Mantelzorg", 8, 5, 12], ["2024", "mantelzorg", "x", 5], ["waarvan mantelzorg", 5]):
        (reason,) = gates.check_file(in_a_row(tmp_path / name, row), root=ROOT, secrets=SECRETS)
        assert reason == f"{name} toont een afgeschermd aantal"
    for row in (["Mantelzorg", 8, "x", 15], ["5", "Mantelzorg", "x"], ["Dagbesteding", 5, 5]):
        assert gates.check_file(in_a_row(tmp_path / name, row), root=ROOT, secrets=SECRETS) == []


@pytest.mark.parametrize(
    "text",
    [
        "<tr><th>Mantelzorg</th><td>x</td></tr>",
        '<img alt="Mantelzorg 50 en dagbesteding 5.">',
        "<tr><td>12-03-2024</td><td>31-12-2024</td><td>9,5</td></tr>",
    ],
)
def test_what_may_go_out_goes_out(tmp_path: Path, text: str) -> None:
    assert gates.check_file(written(tmp_path, "a.html", text), root=ROOT, secrets=SECRETS) == []


def test_what_cannot_be_searched_does_not_go_out(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(ValueError, match=r"a\.pdf"):
        gates.check_file(tmp_path / "a.pdf", root=ROOT, secrets=SECRETS)


def csv(shown: pd.DataFrame, folder: Path) -> Path:
    shown.to_csv(folder / "metingen.csv", sep=";", decimal=",", index=False, encoding="utf-8-sig")
    return folder


def test_the_finished_file_is_attacked(tmp_path: Path) -> None:
    """Hidden alone, the 4 of 49 follows from the total; with another it does not."""
    table = report_row()
    table.loc[table["category"] == "informal_care", "value"] = 4
    table.loc[table["breakdown"] == "", "value"] = 49
    alone, shielded = (hidden_by(table, 5, {}, shields=s) for s in (False, True))
    assert gates.attack_output(csv(alone, tmp_path), threshold=5, days={}) == [
        "uit te rekenen: ‘Begonnen activiteiten: mantelzorg’ (2024)"
    ]
    assert gates.attack_output(csv(shielded, tmp_path), threshold=5, days={}) == []


def test_a_number_left_in_a_hidden_row_is_found(tmp_path: Path) -> None:
    rows = [tidy.row("2024", "spoken", None, denominator=3, status="hidden")]
    assert gates.attack_output(csv(tidy.table(rows), tmp_path), threshold=5, days={})


def test_what_was_published_earlier_keeps_no_release_back_but_what_follows_from_the_release_does(
    tmp_path: Path,
) -> None:
    """Of 40 starts 30 and the published 6 make the 4; with the 30 hidden too only the published 6 is left."""
    published = Figure(
        "f", "Nota", 1, "Zes.", parse("2024"), "activities_started", "activity", ("x",), 6.0, "exact", ""
    )
    figures = [replace(published, categories=("volunteering",))]
    counts = {"informal_care": None, "volunteering": None, "day_activity": 30}

    def reasons(counts: dict[str, float | None]) -> list[str]:
        rows = [tidy.row("2024", "activities_started", 40)]
        for category, value in counts.items():
            status = "hidden" if value is None else "final"
            rows.append(
                tidy.row("2024", "activities_started", value, breakdown="activity", category=category, status=status)
            )
        year = {"2024": [parse("2024")]}
        return gates.attack_output(csv(tidy.table(rows), tmp_path), threshold=10, days=year, figures=figures)

    assert reasons(counts) == ["uit te rekenen: ‘Begonnen activiteiten: mantelzorg’ (2024)"]
    assert reasons({**counts, "day_activity": None}) == []


def test_what_a_reader_would_conclude_wrongly_keeps_no_release_back(tmp_path: Path) -> None:
    """The total stands from before; 2 would be left for who does not know, and there are 8."""
    kinds = {"first": 30, "progress": 18, "closing": 8}
    true = [tidy.row("2024", "conversations", v, breakdown="kind", category=c) for c, v in kinds.items()]
    shown = [*true[:2], {**true[2], "value": None, "status": "hidden"}]
    tables = [
        tidy.table([tidy.row("2024", "conversations", total), *rows]) for total, rows in ((50, shown), (56, true))
    ]
    folder = csv(tables[0], tmp_path)
    assert gates.attack_output(folder, threshold=5, days={}) == [
        "uit te rekenen: ‘Gesprekken: afsluitend gesprek’ (2024)"
    ]
    assert gates.attack_output(folder, threshold=5, days={}, true=[Seen(tables[1], {})]) == []
