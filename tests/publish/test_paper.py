"""Pages of a release on paper: who hears a PDF is told what its pages tell, with the tags of PDF/UA-1."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from commands import mp_eval
from conftest import long, run_whole
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pdfs import Paper, Tag, words
from selectolax.lexbor import LexborHTMLParser

from mp_eval import workspace as places
from mp_eval.digests import sha256
from mp_eval.present.elements import Answer, Check, Checks, Figure, Headline, Status, Table
from mp_eval.present.wording import word
from mp_eval.present.wording import words as told
from mp_eval.publish import paper
from mp_eval.publish.frame import Frame, Link, Navigation
from mp_eval.publish.page import to_html
from mp_eval.publish.paper import assembled, browser, pages
from mp_eval.steps import Refused
from mp_eval.workspace import Workspace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="there is no Chromium on this machine"),
]
MARK = "Verzonnen gegevens. Er staat geen bestaande inwoner in."
MONTHS = [(f"maand {n}", str(n), "x" if n % 3 else "") for n in range(1, 61)]
LONG = Table(
    "Gesproken inwoners naar maand", ["Maand", "Gesproken", "Nieuw"], MONTHS, numbers=frozenset(["Gesproken", "Nieuw"])
)
WIDE = Table("Alle maanden naast elkaar", [f"Kolomnummer{n}" for n in range(24)], [[f"waarde{n}" for n in range(24)]])
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80"><text x="9" y="40">staaf</text>'
    b'<rect width="90" height="20"/></svg>'
)
DRAWN = Table("Starts", ["Soort", "Starts"], [["zorg", "x"], ["werk", "12"]])
FIGURE = Figure(SimpleNamespace(svg=PICTURE, narrow=PICTURE), "Staven van zorg en werk.", "Starts naar soort", DRAWN)
FIRST = [
    (
        "## Het antwoord in het kort",
        Answer(("Er zijn **12 inwoners** gesproken in een zin die te lang is voor een regel van papier.",)),
    ),
    ("", Headline((("x", "geactiveerde inwoners", "per maand"), ("12", "gesproken inwoners", "")))),
    ("## Hoe liep het van maand tot maand, en waarom loopt deze kop door op de volgende regel?", LONG),
    (
        "## Telt het op?",
        Checks((Check(True, "12 + 0 = 12."), Check(False, "1 + 1 = 3."), Check(None, "niet na te rekenen."))),
    ),
    ("Zie [de andere](02-gevolg.ipynb), [het web](https://example.org/) en [begrippen](../begrippen.html#a).", None),
    (r"Met $x^2 + \frac{a}{b}$ en een wortel.", None),
    ("| Leest | de metingen |\n|---|---|\n| Maakt | tabellen |", None),
]
SECOND = [
    ("## Wat kwam ervan?", FIGURE),
    (
        "## Hoe staat het ervoor?",
        Table("Ambities", ["Ambitie", "Stand"], [["een", Status("agrees", "loopt")], ["twee", "–"]]),
    ),
    ("## Alles", WIDE),
]


def page(title: str, cells: list[tuple[str, object]], href: str) -> str:
    """A page as a release has it, of texts and what follows each."""
    made = [new_markdown_cell(f"# {title}\n\nWat er is geteld.")]
    for text, shown in cells:
        made += [new_markdown_cell(text)] if text else []
        if shown is not None:
            output = new_output("display_data", data={"text/plain": repr(shown), "text/html": shown._repr_html_()})
            made.append(new_code_cell("geheim = 1", outputs=[output], execution_count=1))
    chapters = tuple(Link(name, name, name == href) for name in ("gesproken.html", "gevolg.html"))
    frame = Frame(
        title=title,
        subtitle="heel 2024",
        dates="01-01-2024 t/m 31-12-2024",
        marks=(MARK,),
        provenance=(("Periode", "heel 2024"), ("Gemaakt met", "mp-eval 0"), ("Kenmerk", title[:4])),
        municipality="Elders",
        navigation=Navigation(site=(Link("Overzicht", "../index.html"),), chapters=chapters),
        as_of="15-07-2025",
        page_of={"02-gevolg.ipynb": "gevolg.html"}.get,
    )
    return to_html(new_notebook(cells=made, metadata={"language_info": {"name": "python"}}), frame)


def release(output: Path, *, internal: bool) -> Path:
    """A release of two chapters of one period; the second by name is the first to read."""
    (output / "2024").mkdir(parents=True)
    chapters = {"2024/gesproken.html": page("Wie is gesproken?", FIRST, "gesproken.html")}
    chapters["2024/gevolg.html"] = page("En daarna?", SECOND, "gevolg.html")
    for href, html in chapters.items():
        (output / href).write_text(html, encoding="utf-8")
    said = {"release": "0a1b2c", "internal": internal, "files": {href: sha256(output / href) for href in chapters}}
    (output / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    return output


@pytest.fixture
def public(tmp_path: Path) -> Path:
    return release(tmp_path / "output", internal=False)


@pytest.fixture(scope="session")
def openly(once: Callable[..., Path], copy_workspace: Callable[[Path], Workspace]) -> Workspace:
    """As `released`, of a public release."""

    def make(folder: Path) -> None:
        settings = copy_workspace(folder).root / places.SETTINGS_FILE
        settings.write_text(settings.read_text("utf-8").replace("internal = true", "internal = false"), "utf-8")
        run_whole(folder)

    return places.find(once("openly", make))


@pytest.fixture(scope="session")
def printed(once: Callable[..., Path]) -> Path:
    """A public release and its PDF, which is made once."""

    def make(folder: Path) -> None:
        made = paper.make(
            release(folder / "output", internal=False), "2024", scratch=folder, program=Path(str(CHROMIUM))
        )
        (folder / "made.pdf").write_bytes(made)

    return once("printed", make)


@pytest.fixture(scope="session")
def made(printed: Path) -> Paper:
    return Paper((printed / "made.pdf").read_bytes())


@pytest.fixture
def shown(printed: Path) -> list[LexborHTMLParser]:
    """The pages in reading order."""
    return [LexborHTMLParser((printed / f"output/2024/{name}.html").read_text()) for name in ("gesproken", "gevolg")]


def _begins_whole(table: Tag) -> bool:
    """Whether what a table is called and its head stand on the sheet of its first row."""
    begin = [*table.all("Caption"), *table.all("TR")[:2]]
    return len({min(part.sheets) for part in begin if part.sheets}) == 1


def faults(made: Paper) -> list[object]:
    """What PDF/UA-1 forbids, as far as it can be seen in the file itself."""
    root, about = made.pdf.Root, made.pdf.open_metadata()
    named = {str(tag.attributes["/ID"]) for tag in made.root.all("TH") if tag.attributes["/ID"] is not None}
    headers = {str(name) for tag in made.root.all("TD", "TH") for name in tag.attributes.get("/Headers", ())}
    found = {
        "empty sheet": sorted(set(range(1, len(made.pdf.pages) + 1)) - made.root.sheets),
        "head without a row": [t.text for t in made.root.all("Table") if not _begins_whole(t)],
        "painted, not told and no artifact": made.untagged,
        "off the sheet": made.beyond,
        "marked": [] if root.MarkInfo.Marked else [root.MarkInfo],
        "language": [] if str(root.Lang) == "nl" else [root.Lang],
        "title shown": [] if root.ViewerPreferences.DisplayDocTitle else ["not"],
        "title": [] if about["dc:title"] == made.pdf.docinfo["/Title"] else [about.get("dc:title")],
        "part": [] if about["pdfuaid:part"] == "1" else [about.get("pdfuaid:part")],
        "order of the keyboard": [n for n, page in enumerate(made.pdf.pages) if page.get("/Tabs") != "/S"],
        "no alternative": [tag.kind for tag in made.root.all("Figure", "Formula") if not tag.alternative],
        "header of nothing": [tag.text for tag in made.root.all("TH") if "/Scope" not in tag.attributes],
        "header that is nowhere": sorted(headers - named),
        "table in which rows differ": [rows for rows in made.rows() if len({len(row) for row in rows}) != 1],
        "item without a body": [t.text for t in made.root.all("LI") if {k.kind for k in t.kids} - {"Lbl", "LBody"}],
        "link without a description": [link for link in made.links if not str(link.get("/Contents", ""))],
        "figure that is nowhere": [
            tag.alternative for tag in made.root.all("Figure") if not is_on_its_sheet(made, tag)
        ],
        "link that is not told": [link for link in made.links if "/StructParent" not in link],
    }
    return [(what, which) for what, which in found.items() if which]


def is_on_its_sheet(made: Paper, figure: Tag) -> bool:
    """Whether it says where it is, and that is on the one sheet on which it stands."""
    left, bottom, right, top = map(float, figure.attributes.get("/BBox", (0, 0, 0, 0)))
    (sheet,) = figure.sheets
    wide, high = map(float, made.pdf.pages[sheet - 1].MediaBox[2:])
    return figure.attributes.get("/O") == "/Layout" and 0 < left < right < wide and 0 < bottom < top < high


class TestPrinted:
    pytestmark = needs_browser

    def test_it_is_as_pdf_ua_wants_it(self, made: Paper) -> None:
        assert faults(made) == []

    def test_every_row_has_the_cells_that_its_page_has_and_they_say_the_same(
        self, made: Paper, shown: list[LexborHTMLParser]
    ) -> None:
        for tree in shown:
            for sign in tree.css('[aria-hidden="true"], .self'):
                sign.decompose()
        tables = [table for tree in shown for table in tree.css("table")]
        wanted = [[[words(cell.text()) for cell in row.css("th, td")] for row in t.css("tr")] for t in tables]
        assert made.rows() == wanted
        assert sum(cell == "" for row in wanted[0] for cell in row) == 20

    def test_every_hidden_number_is_heard(self, made: Paper, shown: list[LexborHTMLParser]) -> None:
        hidden = [span for tree in shown for span in tree.css(".visually-hidden") if span.text() == "afgeschermd"]
        heard = [tag for tag in made.root.all("Span") if tag.actual == "afgeschermd"]
        assert len(heard) == len(hidden) == 42

    def test_the_head_of_a_table_is_heard_once_on_however_many_sheets_it_stands(self, made: Paper) -> None:
        long = made.root.all("Table")[0]
        head = long.all("TR")[0]
        assert len(long.sheets) >= 2
        assert ([cell.text for cell in head.all("TH")], len(head.sheets)) == (["Maand", "Gesproken", "Nieuw"], 1)

    def test_a_check_is_heard_with_its_mark(self, made: Paper) -> None:
        said = [words(tag.text) for tag in made.root.all("P")]
        assert {"klopt: 12 + 0 = 12.", "klopt niet: 1 + 1 = 3.", "niet na te rekenen."} <= set(said)

    def test_a_figure_has_the_alternative_of_its_page(self, made: Paper) -> None:
        (figure,) = made.root.all("Figure")
        assert figure.alternative == "Staven van zorg en werk."
        left, bottom, right, top = map(float, figure.attributes["/BBox"])
        assert (round(right - left), round(top - bottom)) == (
            150,
            60,
        )  # of 200 by 80 pixels of 3/4 point

    def test_it_tells_nothing_that_its_pages_do_not(self, made: Paper, shown: list[LexborHTMLParser]) -> None:
        """But for the cover and the contents; where a line ends is a blank, and a formula is heard as it is typed."""
        around = made.root.kids[:2]
        blocks = [tag for tag in made.root.all("P", "H1", "H2", "TH", "TD", "Caption") if tag.kind]
        outside = {words(t.text) for part in around for t in part.all("P", "H1", "H2", "LBody")}
        said = {
            words(node.text())
            for tree in shown
            for node in tree.css("p, h1, h2, li, th, td, dt, dd, caption, figcaption")
        }
        checks = {f"{told()['paper'][name]} {text}" for name in ("holds", "does_not_hold") for text in said}
        assert {words(tag.text) for tag in blocks} - outside - said - checks == {
            "afgeschermd",
            "Met x^(2) + (a)/(b) en een wortel.",
        }
        cover = {"Gemeente Elders", "Maatschappelijke participatie", "Heel 2024", "01-01-2024 t/m 31-12-2024", MARK}
        cover |= {"Gegevens tot en met 15-07-2025", "Openbare uitgave"}
        cover |= {"Kenmerk van de uitgave: 0a1b2c. Gemaakt met mp-eval 0."}
        assert {words(tag.text) for tag in around[0].all("P", "H1", "LBody")} == cover

    def test_neither_code_nor_place_nor_moment_is_in_it(self, printed: Path, made: Paper) -> None:
        assert "geheim" not in made.root.text
        about = {str(key) for key in made.pdf.docinfo}
        assert about == {"/Title", "/Author"}
        strings = [str(link.A.URI) for link in made.links if "/A" in link]
        assert strings == ["https://example.org/"]
        plain = io.BytesIO()
        made.pdf.save(plain, qdf=True, static_id=True)
        assert [name for name in (b"file:", bytes(printed), b"Mozilla", b"Date") if name in plain.getvalue()] == []

    def test_bookmarks_and_contents_lead_to_the_sheets_of_the_headings(self, made: Paper) -> None:
        headings = [(words(tag.text), min(tag.sheets)) for tag in made.root.all("H1", "H2")]
        assert made.bookmarks == headings
        listed = [words(link.text) for link in made.root.kids[1].all("Link")]
        assert listed == [
            f"{title} {sheet}" for title, sheet in headings[2:-2]
        ]  # not what stands before, nor within the last

    def test_a_table_that_is_wider_than_a_sheet_lies_across(self, made: Paper) -> None:
        wide = next(tag for tag in made.root.all("Table") if "Kolomnummer23" in tag.text)
        sizes = {tuple(round(float(n)) for n in made.pdf.pages[n - 1].MediaBox[2:]) for n in wide.sheets}
        others = {tuple(round(float(n)) for n in page.MediaBox[2:]) for page in made.pdf.pages}
        assert (sizes, others) == ({(842, 595)}, {(595, 842), (842, 595)})

    def test_the_same_pages_give_the_same_bytes(self, printed: Path, tmp_path: Path) -> None:
        output = shutil.copytree(printed / "output", tmp_path / "elders" / "output")
        again = paper.make(output, "2024", scratch=tmp_path / "scratch", program=Path(str(CHROMIUM)))
        assert again == (printed / "made.pdf").read_bytes()
        assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.slow
class TestOfARelease:
    pytestmark = needs_browser

    @pytest.mark.parametrize(
        ("asked", "name"), [(["--kort"], "in-het-kort-intern.pdf"), long(["2024"], "evaluatie-2024-intern.pdf")]
    )
    def test_the_command_writes_beside_the_release(
        self, released: Workspace, tmp_path: Path, asked: list[str], name: str
    ) -> None:
        root = shutil.copytree(released.root, tmp_path / "werkmap", symlinks=True)
        before = {p for p in root.rglob("*") if p.is_file()}
        done = mp_eval("pdf", *asked, workspace=root)
        assert (done.returncode, done.stdout) == (0, f"Geschreven: {root / name}.\n"), done.stderr
        assert {p for p in root.rglob("*") if p.is_file()} - before == {root / name}
        written = Paper((root / name).read_bytes())
        assert faults(written) == []
        if asked == ["--kort"]:
            assert len(written.pdf.pages) == 2
        again = mp_eval("pdf", *asked, workspace=root)
        assert (again.returncode, "bestaat al" in again.stderr) == (2, True)

    @pytest.mark.long
    @pytest.mark.parametrize("period", ["2022-2023", "2023-2024", "2024", "alle-perioden"])
    @pytest.mark.parametrize("shown", ["all", "public"])
    def test_every_page_of_a_period_is_on_paper(
        self, released: Workspace, openly: Workspace, tmp_path: Path, period: str, shown: str
    ) -> None:
        output = (openly if shown == "public" else released).output
        bytes_ = paper.make(output, period, scratch=tmp_path, program=Path(str(CHROMIUM)))
        made, trees = Paper(bytes_), pages.read(output, period).trees
        hidden = [node for tree in trees.values() for node in tree.css("table .visually-hidden")]
        heard = [tag for cell in made.root.all("TD") for tag in cell.all("Span") if tag.actual == "afgeschermd"]
        assert len(heard) == sum(node.text() == "afgeschermd" for node in hidden)
        assert bool(heard) == (shown == "public")
        wanted = [
            node
            for tree in trees.values()
            for node in tree.css(".site>:not(.council), details.code, .prose:has(>#hoe-deze-pagina-is-gemaakt)")
        ]
        for node in wanted:
            node.decompose()
        rows = [
            [len(row.css("th, td")) for row in table.css("tr")]
            for tree in trees.values()
            for table in tree.css("table")
        ]
        assert faults(made) == []
        assert [[len(row) for row in table] for table in made.rows()] == rows
        assert [title for title, _ in made.bookmarks if title in {words(t.css("h1")[0].text()) for t in trees.values()}]
        assert paper.make(output, period, scratch=tmp_path, program=Path(str(CHROMIUM))) == bytes_


def test_links_lead_to_a_place_in_the_document_or_to_the_web_and_no_two_places_are_called_the_same(
    public: Path,
) -> None:
    html = assembled.document(pages.read(public, "2024"), {})
    tree = LexborHTMLParser(html)
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    led = {link.attributes["href"] for link in tree.css("a[href]")}
    assert {href for href in led if href[1:] not in ids} == {"https://example.org/"}
    assert [words(p.text()) for p in tree.css("p") if p.text().startswith("Zie")] == [
        "Zie de andere, het web en begrippen."
    ]


def test_chapters_are_in_the_order_in_which_they_are_read(public: Path) -> None:
    assert list(pages.read(public, "2024").trees) == ["2024/gesproken.html", "2024/gevolg.html"]


def test_the_name_says_that_it_is_not_for_the_public(tmp_path: Path, public: Path) -> None:
    internal = release(tmp_path / "intern", internal=True)
    assert paper.name_of(public, "2024") == "evaluatie-2024.pdf"
    assert paper.name_of(internal, "2024") == "evaluatie-2024-intern.pdf"
    assert paper.name_of(internal, paper.SHORT) == "in-het-kort-intern.pdf"
    assert "Interne uitgave" in assembled.document(pages.read(internal, "2024"), {})


def test_a_page_that_is_not_as_it_was_released_is_refused(public: Path) -> None:
    with (public / "2024/gevolg.html").open("a") as file:
        file.write("<p>1 inwoner</p>")
    with pytest.raises(Refused, match=r"^2024/gevolg\.html is niet zoals hij is uitgegeven"):
        paper.make(public, "2024", scratch=public, program=Path("geen"))


@pytest.mark.parametrize("period", ["2023", "alle-perioden"])
def test_what_the_release_does_not_have_is_refused(public: Path, period: str) -> None:
    with pytest.raises(Refused, match=re.escape(word("no_paper", "period").format(period=period))):
        paper.make(public, period, scratch=public, program=Path("geen"))


def test_without_a_release_there_is_no_pdf(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nog geen uitgave"):
        paper.make(tmp_path, "2024", scratch=tmp_path, program=Path("geen"))


def test_without_pikepdf_it_is_said_what_to_do(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    monkeypatch.delitem(sys.modules, "mp_eval.publish.paper.tagged", raising=False)
    monkeypatch.delattr(paper, "tagged", raising=False)
    with pytest.raises(Refused, match=re.escape("pip install 'mp-eval[pdf]'")):
        paper.make(public, "2024", scratch=public, program=Path("geen"))


@pytest.mark.parametrize(
    ("system", "variable", "place"),
    [
        ("win32", "PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("win32", "LOCALAPPDATA", "Google/Chrome/Application/chrome.exe"),
        ("darwin", "HOME", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("linux", "PATH", "microsoft-edge"),
    ],
)
def test_a_browser_is_found_where_each_system_has_it(tmp_path: Path, system: str, variable: str, place: str) -> None:
    program = tmp_path / place
    program.parent.mkdir(parents=True, exist_ok=True)
    program.touch(mode=0o755)
    assert browser.find(system, {"PATH": "", variable: str(tmp_path)}) == program


def test_where_there_is_no_browser_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Chrome, Edge of Chromium nodig"):
        browser.find("win32", {"PATH": str(tmp_path), "PROGRAMFILES": str(tmp_path)})


def program(folder: Path, script: str) -> Path:
    """A browser that does this."""
    path = folder / "browser"
    path.write_text(f"#!{sys.executable}\nimport os, subprocess, sys, time\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_browser_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    number = tmp_path / "kind"
    child = (
        f"child = subprocess.Popen(['sleep', '600']); open({str(number)!r}, 'w').write(str(child.pid)); time.sleep(600)"
    )
    with pytest.raises(Refused, match="na 3 seconden niet klaar en is gestopt"):
        browser.printed("<p>x</p>", program=program(tmp_path, child), scratch=tmp_path / "scratch", seconds=3)
    end = time.monotonic() + 10
    while psutil.pid_exists(int(number.read_text())) and time.monotonic() < end:
        time.sleep(0.05)
    assert not psutil.pid_exists(int(number.read_text()))
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("mode", [0o755, 0o644])
def test_a_browser_that_makes_nothing_or_cannot_be_started_is_named(tmp_path: Path, mode: int) -> None:
    nothing = program(tmp_path, "sys.exit(1)")
    nothing.chmod(mode)
    with pytest.raises(Refused, match=re.escape(f"{nothing} maakte geen PDF")):
        browser.printed("<p>x</p>", program=nothing, scratch=tmp_path)


@pytest.mark.parametrize("content", ["niets", "without tags"])
def test_a_print_that_cannot_be_heard_is_refused(public: Path, tmp_path: Path, content: str) -> None:
    pikepdf = pytest.importorskip("pikepdf", reason="needs pikepdf: pip install 'mp-eval[pdf]'")
    plain = tmp_path / "plain.pdf"
    plain.write_text(content)
    if content != "niets":
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(plain)
    find = "to = next(a.partition('=')[2] for a in sys.argv if a.startswith('--print-to-pdf='))"
    script = f"import shutil\n{find}\nshutil.copy({str(plain)!r}, to)"
    with pytest.raises(Refused, match="niet is voor te lezen"):
        paper.make(public, "2024", scratch=tmp_path / "scratch", program=program(tmp_path, script))


def test_without_a_browser_the_command_ends_in_words(tmp_path: Path, little: Workspace) -> None:
    root = shutil.copytree(little.root, tmp_path / "werkmap", symlinks=True)
    done = mp_eval("pdf", "2024", workspace=root, PATH=str(tmp_path))
    assert done.returncode == 1
    assert "Chrome, Edge of Chromium nodig" in done.stderr
    assert list(root.glob("*.pdf")) == []
