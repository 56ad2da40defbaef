"""Residents are found wherever a reader or a program finds text; ordinary numbers and words keep nothing back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import edges
import pytest
import xlsxwriter
from commands import mp_eval
from conftest import long
from docx import Document
from PIL import Image, PngImagePlugin

from mp_eval import workspace as places
from mp_eval.publish import gates, persons
from mp_eval.publish.gates import Secrets
from mp_eval.workspace import Workspace

Fill = Callable[[xlsxwriter.Workbook], object]
ROOT = Path("/data/gemeente")
MARK, CLIENT = "qzx5apq7wbov75i5", "12464545"
CANARIES = (MARK, CLIENT, "kl-998877", "KL-998877", "O'Hara-77")
SECRETS = Secrets(frozenset({CLIENT, "kl-998877", "O'Hara-77"}))
ORDINARY = [*map(str, range(1, 501)), *(f"{a}{n}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for n in range(1, 100))]
ORDINARY += ["2024", "100000", "105000", "2023-2024", "01-02-2024", "202401", "r"]
WORDS = ["wonen", "overig"]  # among numbers they are refused when they are taken in


def book(plant: Callable[[str], Fill]) -> Callable[[Path, str], None]:
    def make(path: Path, canary: str) -> None:
        with xlsxwriter.Workbook(path) as made:
            made.add_worksheet("Omslag").write_string(0, 0, "Omslag")
            plant(canary)(made)

    return make


def picture(text: str) -> bytes:
    kept, buffer = PngImagePlugin.PngInfo(), io.BytesIO()
    kept.add_text("Title", text)
    Image.new("1", (1, 1)).save(buffer, "png", pnginfo=kept)
    return buffer.getvalue()


def document(where: str) -> Callable[[Path, str], None]:
    def make(path: Path, canary: str) -> None:
        made = Document()
        if where == "runs":
            paragraph = made.add_paragraph()
            for letter in canary:
                paragraph.add_run(letter).bold = letter.isdigit()
        elif where == "property":
            made.core_properties.keywords = canary
        else:
            made.add_picture(io.BytesIO(picture("x")))
            made.inline_shapes[0]._inline.docPr.set("descr", canary)
        made.save(str(path))

    return make


def embedded(path: Path, canary: str) -> None:
    """A document with a workbook in it, as Word keeps a table that was pasted from Excel."""
    book(lambda c: lambda b: b.worksheets()[0].write_string(6, 1, c))(path.with_suffix(".xlsx"), canary)
    document("picture")(path, "x")
    with zipfile.ZipFile(path, "a") as made:
        made.write(path.with_suffix(".xlsx"), "word/embeddings/tabel.xlsx")


def page(template: str) -> Callable[[Path, str], object]:
    return lambda path, canary: path.write_text(template.replace("CANARY", canary), encoding="utf-8")


def part(name: str, template: str) -> Callable[[Path, str], None]:
    """A workbook or a document of one part."""

    def make(path: Path, canary: str) -> None:
        with zipfile.ZipFile(path, "w") as made:
            made.writestr(name, template.replace("CANARY", canary))

    return make


def in_pieces(path: Path, canary: str) -> None:
    path.write_text(f"<p>{canary[:3]}<b class='x'>{canary[3:]}</b></p>", encoding="utf-8")


def rich(canary: str) -> Fill:
    return lambda b: b.worksheets()[0].write_rich_string(0, 0, canary[:2], b.add_format({"bold": 1}), canary[2:])


def drawn(canary: str) -> Fill:
    options = {"image_data": io.BytesIO(picture("x")), "description": canary}
    return lambda b: b.worksheets()[0].insert_image(0, 0, "a.png", options)


def noted(canary: str) -> Fill:
    return lambda b: b.worksheets()[0].write_comment(0, 0, canary)


def about(canary: str) -> Fill:
    return lambda b: b.set_properties({"keywords": canary})


# The file, how the canary gets into it, and where the refusal says that it is.
PLANTS: dict[str, tuple[str, Callable[[Path, str], object], str]] = {
    "text": ("a.html", page("<p>een\nCANARY</p>"), "regel 2"),
    "text in pieces": ("a.html", in_pieces, "regel 1"),
    "alternative text": ("a.html", page('<img alt="CANARY" src="x.png">'), "regel 1"),
    "label": ("a.html", page('<a aria-label="naar CANARY" href="#">hier</a>'), "regel 1"),
    "link": ("a.html", page('<a href="zoek.html?wie=CANARY">hier</a>'), "regel 1"),
    "metadata of a page": ("a.html", page('<meta name="x" content="CANARY">'), "regel 1"),
    "comment": ("a.html", page("<!-- CANARY -->"), "regel 1"),
    "script": ("a.html", page('<script>var wie = "CANARY";</script>'), "regel 1"),
    "title of a drawing": ("a.svg", page("<svg><title>CANARY</title></svg>"), "regel 1"),
    "cell": ("a.xlsx", book(lambda c: lambda b: b.worksheets()[0].write_string(6, 1, c)), "blad ‘Omslag’, cel B7"),
    "rich text": ("a.xlsx", book(rich), "blad ‘Omslag’"),
    "note at a cell": ("a.xlsx", book(noted), "xl/comments1.xml"),
    "name of a sheet": ("a.xlsx", book(lambda c: lambda b: b.add_worksheet(c)), ""),
    "property of a workbook": ("a.xlsx", book(about), "docProps/core.xml"),
    "picture in a workbook": ("a.xlsx", book(drawn), "xl/drawings/drawing1.xml"),
    "document": ("a.docx", document("runs"), "word/document.xml"),
    "workbook in a document": ("a.docx", embedded, "word/embeddings/tabel.xlsx: blad ‘Omslag’"),
    "text in two bytes": ("a.csv", lambda path, c: path.write_text(f"a;b\n1;{c}\n", encoding="utf-16"), "regel 2"),
    "property of a document": ("a.docx", document("property"), "docProps/core.xml"),
    "picture in a document": ("a.docx", document("picture"), "word/document.xml"),
    "row of a table": ("metingen.csv", page("a;b\n1;CANARY\n"), "regel 2"),
    "row with commas": ("a.csv", page("CANARY,2024-01-01,ja\n"), "regel 1"),
    "row of two": ("a.csv", page("Inwoner,Aantal\nCANARY,3\n"), "regel 2"),
    "between commas": ("a.csv", page("a,b,c\n3,CANARY,5\n"), "regel 2"),
    "list of numbers": ("a.log", page("gelezen: [CANARY,12464547]"), "regel 1"),
    "record of a pivot table": ("a.xlsx", part("xl/records.xml", '<r><n v="CANARY"/></r>'), "xl/records.xml"),
    "filter": ("a.xlsx", part("xl/table1.xml", '<filters><filter val="CANARY"/></filters>'), "xl/table1.xml"),
    "field of a document": ("a.docx", part("word/a.xml", '<w:fldSimple w:instr="IF CANARY"/>'), "word/a.xml"),
    "metadata of a table": ("a.csv-metadata.json", page('{"a": [{"b": "CANARY"}]}'), "regel 1"),
    "notebook": ("a.ipynb", page('{"cells": [], "metadata": {"who": ["CANARY", "x"]}}'), "regel"),
    "log": ("a.log", page("begonnen\ngelezen: CANARY\n"), "regel 2"),
    "picture": ("a.png", lambda path, canary: path.write_bytes(picture(canary)), "regel 1"),
}  # fmt: skip


# What an identifier looks like is one thing and where it stands another: of workbooks and documents, which take long,
# a short run looks for a mark and for a number in other letters than it was delivered in.
PLANTED = [
    (plant, canary)
    if canary in (MARK, "KL-998877") or Path(PLANTS[plant][0]).suffix not in (".xlsx", ".docx")
    else long(plant, canary)
    for plant in PLANTS
    for canary in CANARIES
]


@pytest.mark.parametrize(("plant", "canary"), PLANTED)
def test_a_canary_is_found_wherever_it_is_planted(tmp_path: Path, plant: str, canary: str) -> None:
    name, put, where = PLANTS[plant]
    put(tmp_path / name, canary)
    (reason,) = gates.check_file(tmp_path / name, root=ROOT, secrets=SECRETS)
    assert reason.startswith(f"{name} noemt 1 inwoner bij nummer of merkteken")
    assert where in reason
    assert canary.lower() not in reason.lower()


UNREADABLE: dict[str, tuple[str, bytes]] = {
    "two bytes a letter and no mark": ("a.csv", CLIENT.encode("utf-16-le")),
    "four bytes a letter": ("a.csv", CLIENT.encode("utf-32")),
    "no zip": ("a.xlsx", b"PK\x03\x04"),
    "a workbook with a password": ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1")),
    "no picture": ("a.png", b"GIF"),
    "no picture in a page": ("a.html", b'<img src="data:image/png;base64,AAAA">'),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / UNREADABLE[name][0]
    path.write_bytes(UNREADABLE[name][1])
    with pytest.raises(ValueError):  # noqa: PT011  # whatever its words
        gates.check_file(path, root=ROOT, secrets=SECRETS)


def test_a_part_that_is_neither_text_nor_picture_is_refused(tmp_path: Path) -> None:
    part("word/ole.bin", f"\0{CLIENT}")(tmp_path / "a.docx", "")
    with pytest.raises(ValueError, match="binary"):
        gates.check_file(tmp_path / "a.docx", root=ROOT, secrets=SECRETS)


def test_a_canary_in_the_name_of_a_file_is_found_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / f"inwoner_{CLIENT}.csv").write_text("a;b")
    (reason,) = gates.check_file(tmp_path / f"inwoner_{CLIENT}.csv", root=ROOT, secrets=SECRETS)
    assert CLIENT not in reason
    assert "in zijn naam" in reason


def test_a_canary_in_the_name_of_a_folder_or_an_empty_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{CLIENT}.keep").touch()
    (tmp_path / "a.csv").write_text("a;b")
    empty, within = tmp_path / f"{CLIENT}.keep", tmp_path / "a.csv"
    assert gates.check_file(empty, root=ROOT, secrets=SECRETS)
    assert gates.check_file(within, name=f"kl-998877/{within.name}", root=ROOT, secrets=SECRETS)
    assert gates.check_file(within, name=f"2024/{within.name}", root=ROOT, secrets=SECRETS) == []


def test_a_refusal_says_how_many(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{CLIENT}\n{CLIENT}\nkl-998877\n{MARK}")
    (reason,) = gates.check_file(tmp_path / "a.csv", root=ROOT, secrets=SECRETS)
    assert reason == "a.csv noemt 3 inwoners bij nummer of merkteken: regel 1 en elders"


@pytest.mark.parametrize("text", ['<p style="--wie: CANARY">', '<path d="CANARY"/>', '<p width="CANARY">'])
def test_a_mark_is_found_even_where_nobody_reads(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_text(text.replace("CANARY", MARK))
    part("a.xml", text.replace("CANARY", MARK))(tmp_path / "a.xlsx", "")
    for name in ("a.html", "a.xlsx"):
        assert gates.check_file(tmp_path / name, root=ROOT, secrets=SECRETS)


@pytest.mark.parametrize("text", ["12.464.545", "12464545.0", "12464545,0", "12464545,10:30", "12464545,01/02/2024"])
def test_a_number_is_found_as_programs_write_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_text(f"<td>{text}</td>")
    assert gates.check_file(tmp_path / "a.html", root=ROOT, secrets=SECRETS)


@pytest.mark.parametrize("who", ["søren-å1", "иваниванович", "łódź998877"])
def test_an_identifier_of_other_letters_is_found_and_no_piece_of_a_word_is(who: str) -> None:
    known = frozenset({who, "kl-998877"})
    assert list(persons.found(f"<td>{who.upper()}</td>", known, markup="html")) == [who]
    assert persons.found(f"<td>é{who} {who}é</td>", known, markup="html") == {}


def test_the_place_of_the_first_does_not_depend_on_chance() -> None:
    many = [f"kl-{n:06}" for n in range(40)]
    assert list(persons.found("\n".join(many), frozenset(many))) == many


@pytest.mark.parametrize(
    "text",
    [
        '<path d="M 12464545 3"/>',
        '<svg width="12464545"><rect x="12464545"/></svg>',
        "<td>12464545,5</td>",
        "<td>0.12464545</td>",
        "<td>112464545</td>",
        "<td>-12464545,25</td>",
        "1;12464545,5;0,12464545",
        "<td>12.464.545,50</td>",
        "qzx en verder",
    ],
)
def test_what_is_no_identifier_goes_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.html").write_text(text)
    assert gates.check_file(tmp_path / "a.html", root=ROOT, secrets=SECRETS) == []


def test_the_digest_of_a_style_that_looks_like_a_mark_goes_out() -> None:
    digest = "sha256-+QheoNO1g0/d3t7QZxBQmiAfgR6k6JZ3pZ1fJ4/6c7o="
    page = f'<meta http-equiv="Content-Security-Policy" content="style-src &#39;{digest}&#39;"><p>{{}}</p>'
    assert gates.check(page.format("50"), root=ROOT, residents=frozenset()) == []
    for shown in ("qzxbqmiafgr6k6jz", digest):  # of a page's policy alone the digest is not read
        assert gates.check(page.format(shown), root=ROOT, residents=frozenset()) != []


def test_a_measure_in_a_workbook_goes_out(tmp_path: Path) -> None:
    part("a.xml", '<a:ext cx="12464545" cy="12464545"/><w:pgSz w:w="12464545"/>')(tmp_path / "a.xlsx", "")
    assert gates.check_file(tmp_path / "a.xlsx", root=ROOT, secrets=SECRETS) == []


def test_ordinary_numbers_and_words_keep_no_file_of_a_release_back(released: Workspace) -> None:
    secrets = Secrets(frozenset([*ORDINARY, *WORDS]))
    files = [p for p in released.output.rglob("*") if p.is_file()]
    assert len(files) > 40
    assert [r for p in files for r in gates.check_file(p, root=released.root, secrets=secrets)] == []


@pytest.mark.long
@pytest.mark.parametrize("internal", ["true", "false"])
def test_a_delivery_with_ordinary_identifiers_is_released(tmp_path: Path, internal: str) -> None:
    workspace = edges.everybody(tmp_path, ORDINARY)
    with (workspace.root / places.SETTINGS_FILE).open("a", encoding="utf-8") as settings:
        settings.write(f"\n[disclosure]\ninternal = {internal}\n")
    done = mp_eval("run", workspace=workspace.root)
    assert done.returncode == 0, done.stderr
