"""A table of a page as a file: what it says, as a spreadsheet reads it, and searched like any other file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from mp_eval.publish import gates
from mp_eval.publish.linked import linked
from mp_eval.publish.table_files import address, texts
from mp_eval.workspace import Workspace

CAPTION = '<caption id="tabel-wie"><span class="title">Wie &amp; wat</span></caption>'


def rows(*cells: str) -> list[list[str]]:
    """The rows of the file of a table with one row of these cells."""
    table = f"<table><tr>{''.join(cells)}</tr></table>"
    (text,) = texts(f'<a href="{address(table)}">')
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.203", "1203"),
        ("1.234.567,8", "1234567,8"),
        ("\N{MINUS SIGN}7,9", "-7,9"),
        ("28,6%", "28,6%"),
        ("1.000 tot 2.000", "1.000 tot 2.000"),
        ("15.07", "15.07"),
        ("=1+1", "'=1+1"),
        ("@Work", "'@Work"),
        ('De "Brug"; Zuid', 'De "Brug"; Zuid'),
        ("a<br>b", "a b"),
        ("Café ’t Hof & Zn.", "Café ’t Hof & Zn."),
        ('<span aria-hidden="true">x</span><span class="visually-hidden">afgeschermd</span>', "x"),
        ("–", "–"),
        ("", ""),
    ],
)
def test_a_cell_is_what_the_page_says_as_a_spreadsheet_reads_it(cell: str, expected: str) -> None:
    assert rows("<th>Rij</th>", f"<td>{cell}</td>") == [["Rij", expected]]


def test_a_cell_over_columns_leaves_the_others_their_place() -> None:
    assert rows('<th colspan="2">Samen</th>', "<td>3</td>") == [["Samen", "", "3"]]


def test_each_table_is_taken_along_by_a_link_with_a_name_of_its_own() -> None:
    page = f'<div class="table wide">\n<table class="x">\n{CAPTION}<tr><th>Wie</th><td>5</td></tr></table></div>'
    made = LexborHTMLParser(linked(page, with_files=True))
    (link,) = made.css("a.file")
    assert link.attributes["download"] == "tabel-wie.csv"
    assert link.attributes["aria-label"] == "CSV van ‘Wie & wat’"
    assert texts(made.html or "") == ["Wie;5\n"]
    assert not LexborHTMLParser(linked(page)).css("a.file")
    sentences = page.replace("<td>5</td>", '<td class="prose">Dat klopt.</td>')
    assert not LexborHTMLParser(linked(sentences, with_files=True)).css("a.file")


@pytest.mark.parametrize("who", ["qzx5apq7wbov75i5", "José Müller 7"])
def test_what_is_in_such_a_file_is_searched_as_in_any_other(tmp_path: Path, who: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f'<a href="{address(f"<table><tr><td>{who}</td></tr></table>")}">CSV</a>', encoding="utf-8")
    secrets = gates.Secrets(frozenset({who}), frozenset(), frozenset({("mantelzorg", "5")}))
    assert any("noemt 1 inwoner" in reason for reason in gates.check_file(path, root=tmp_path, secrets=secrets))
    row = "<table><tr><th>Mantelzorg</th><td>5</td></tr></table>"
    path.write_text(f'<a href="{address(row)}">CSV</a>', encoding="utf-8")
    assert gates.check_file(path, root=tmp_path, secrets=secrets) == ["a.html toont een afgeschermd aantal"]


def test_every_row_of_a_table_of_a_page_is_in_its_file(released: Workspace) -> None:
    count = 0
    for path in sorted(released.output.glob("*/*.html")):
        page = LexborHTMLParser(path.read_text(encoding="utf-8"))
        for link in page.css("a.file"):
            table = link.parent.css_first("table")  # type: ignore[union-attr]
            assert table.css_first("caption").attributes["id"] == link.attributes["download"].removesuffix(".csv")
            (text,) = texts(f'"{link.attributes["href"]}"')
            made = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
            assert len(made) == len(table.css("tr")), path.name
            assert len({len(row) for row in made}) == 1, path.name
            count += 1
    assert count > 100
