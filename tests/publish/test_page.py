"""What a page promises: every result is on it, nothing that must not be is, and anyone can read it."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from mp_eval.publish import template
from mp_eval.publish.frame import Frame, Link, Navigation
from mp_eval.publish.page import PageError, to_html

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>'
TABLE = (
    '<div class="table" role="region" tabindex="0" aria-labelledby="bereik"><table><caption id="bereik">'
    '<span class="title">Bereik</span></caption><tbody><tr><th scope="row">mei</th><td class="number">175</td></tr>'
    "</tbody></table></div>"
)
PAGE = Frame(
    title="Maatschappelijke participatie",
    subtitle="juni 2023 tot juli 2024",
    dates="01-06-2023 t/m 30-06-2024",
    marks=("Synthetische gegevens: er staat niemand in", "Interne uitgave: niet openbaar maken"),
    provenance=(("Versie", "0.1.0"), ("Levering <a>", ("a & b", "c"))),
    municipality="Rijswijk",
    navigation=Navigation(
        site=(Link("Overzicht", "index.html"),),
        chapters=(Link("Bereik", "bereik.html"), Link("Ladder", "ladder.html", is_here=True)),
        periods=(Link("2023", "2023.html"), Link("2024", "2024.html", is_here=True)),
        before=Link("Bereik, 2024", "bereik.html"),
        data=(Link("Werkboek (Excel)", "2024.xlsx"),),
    ),
)


def cell(source: str, *outputs: NotebookNode, tags: tuple[str, ...] = ()) -> NotebookNode:
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def shows(metadata: dict[str, object] | None = None, **data: str) -> NotebookNode:
    types = {"html": "text/html", "md": "text/markdown", "svg": "image/svg+xml", "png": "image/png"}
    mime = {types.get(name, "text/plain"): value for name, value in data.items()}
    return new_output("display_data", mime, metadata=metadata or {})


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def notebook(*cells: NotebookNode) -> NotebookNode:
    question = new_markdown_cell("# Hoeveel inwoners zijn *gesproken*?\n\nUit het register.")
    return new_notebook(cells=[question, *cells], metadata={"language_info": {"name": "python"}})


FULL = notebook(
    cell("import pandas"),
    cell("period = '2024'", tags=("parameters",)),
    cell("period = '2023-2024'", tags=("injected-parameters",)),
    cell("answer()", shows(html='<div class="answer"><p>175 inwoners</p></div>', plain="<HTML>")),
    new_markdown_cell("## Bereik\n\nPer maand.\n\n### Méér & minder\n\n## Bereik\n\n## Inhoud"),
    cell("table()", shows(html=TABLE, plain="<HTML>"), shows(md="Dat is **65 procent**.", plain="<Markdown>")),
    cell(
        "draw()", shows({"image/svg+xml": {"alt": 'Een "blok"'}}, svg=SVG), shows({"alt": "Een punt"}, png="iVBO\nRw==")
    ),
    cell("count", shows(plain="1 < 2"), stream("rijen 113\n")),
    cell("secret_setup()", stream("verborgen"), tags=("hide-page",)),
    new_markdown_cell("verborgen zin", metadata={"tags": ["hide-page"]}),
)


@pytest.fixture(scope="module")
def html() -> str:
    return to_html(FULL, PAGE)


@pytest.fixture(scope="module")
def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_every_output_that_is_not_hidden_reaches_the_page(soup: BeautifulSoup) -> None:
    wanted = sum(len(c.get("outputs", ())) for c in FULL.cells if "hide-page" not in c.metadata.get("tags", ()))
    assert len(soup.select(".output")) == wanted == 7


def test_every_output_says_what_it_said(soup: BeautifulSoup) -> None:
    found = [" ".join(output.get_text(" ", strip=True).split()) for output in soup.select(".output")]
    assert found == ["175 inwoners", "Bereik mei 175", "Dat is 65 procent .", "", "", "1 < 2", "rijen 113"]


def test_images_keep_their_alternative_text_and_their_bytes(soup: BeautifulSoup) -> None:
    svg, png = soup.select(".output img")
    assert (svg["alt"], png["alt"]) == ('Een "blok"', "Een punt")
    assert png["src"] == "data:image/png;base64,iVBORw=="
    assert base64.b64decode(str(svg["src"]).partition(",")[2]).decode() == SVG


def test_markdown_in_an_output_is_rendered(soup: BeautifulSoup) -> None:
    assert soup.select_one(".output strong").get_text() == "65 procent"


def test_hidden_cells_are_gone(html: str) -> None:
    assert "verborgen" not in html
    assert "secret_setup" not in html


def test_the_question_is_the_only_h1(soup: BeautifulSoup) -> None:
    assert [h1.decode_contents() for h1 in soup.select("h1")] == ["Hoeveel inwoners zijn <em>gesproken</em>?"]


def test_language_title_and_landmarks(soup: BeautifulSoup) -> None:
    assert soup.html["lang"] == "nl"
    assert soup.title.get_text() == "Maatschappelijke participatie - juni 2023 tot juli 2024 - gemeente Rijswijk"
    assert [len(soup.select(name)) for name in ("header", "main", "footer")] == [1, 1, 1]
    assert soup.select_one("a.skip")["href"] == "#" + soup.main["id"]


def test_marks_stand_directly_under_the_heading_and_on_paper(soup: BeautifulSoup) -> None:
    assert [mark.get_text() for mark in soup.select(".hero + .marks li")] == list(PAGE.marks)
    assert "niet openbaar maken" in soup.style.get_text().partition("@top-left { content")[2]


def test_the_current_page_is_marked_in_the_navigation(soup: BeautifulSoup) -> None:
    assert [link["href"] for link in soup.select("[aria-current=page]")] == ["2024.html", "ladder.html"]


def test_a_page_leads_to_its_neighbours_and_its_figures(soup: BeautifulSoup) -> None:
    assert [link["href"] for link in soup.select(".onward a")] == ["bereik.html"]
    assert [link["href"] for link in soup.select("a[download]")] == ["2024.xlsx"]


def test_every_navigation_has_a_name_of_its_own(soup: BeautifulSoup) -> None:
    names = [nav["aria-label"] for nav in soup.select("nav")]
    assert len(names) == len(set(names)) == 6


def test_provenance_is_text_and_not_markup(soup: BeautifulSoup) -> None:
    assert [dt.get_text() for dt in soup.select("footer dt")] == ["Versie", "Levering <a>"]
    assert [dd.get_text() for dd in soup.select("footer dd")] == ["0.1.0", "a & b", "c"]


def test_contents_lists_every_h2_and_its_links_resolve(soup: BeautifulSoup) -> None:
    links = soup.select(".toc a[href^='#']")
    assert [link.get_text() for link in links] == ["Bereik", "Bereik", "Inhoud"]
    assert [soup.find(id=str(link["href"])[1:]).name for link in links] == ["h2", "h2", "h2"]
    assert "¶" not in soup.get_text()


def test_ids_are_unique_even_where_a_table_and_the_frame_took_the_name(soup: BeautifulSoup) -> None:
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {"bereik", "bereik-2", "bereik-3", "inhoud-2", "meer-minder"} <= set(ids)


def test_nothing_is_fetched_and_nothing_runs(soup: BeautifulSoup) -> None:
    assert not soup.select("script, link, iframe, object, embed, [style]")
    assert all(str(image["src"]).startswith("data:") for image in soup.select("img"))
    assert not [a for a in soup.select("a") if str(a["href"]).startswith(("http:", "https:", "//"))]
    assert "url(" not in soup.style.get_text()


def test_the_policy_allows_this_style_sheet_and_no_other(soup: BeautifulSoup) -> None:
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'")


def test_code_is_folded_below_what_it_made(soup: BeautifulSoup) -> None:
    folded = soup.select("details.code")
    assert "open" not in folded[0].attrs
    assert folded[0].find_previous_sibling("div")["class"] == ["output"]
    assert [len(fold.select("pre")) for fold in folded] == [4, 1, 1, 1]


def test_code_without_any_output_after_it_is_not_lost() -> None:
    assert "report_nothing" in to_html(notebook(cell("report_nothing()")), PAGE)


def test_the_same_notebook_gives_the_same_bytes_and_is_not_changed() -> None:
    one, other = notebook(cell("1", shows(plain="1"))), notebook(cell("1", shows(plain="1")))
    before = one.cells[0].source
    assert to_html(one, PAGE) == to_html(other, PAGE) == to_html(one, PAGE)
    assert one.cells[0].source == before


def test_a_page_without_figures_is_light(html: str) -> None:
    assert len(html.encode()) < 60_000


def test_a_markdown_table_has_scopes_classes_and_no_empty_header() -> None:
    source = "| a | b |\n|---|--:|\n| x | 1 |\n\n| | |\n|---|---|\n| Leest | cijfers |\n"
    soup = BeautifulSoup(to_html(notebook(new_markdown_cell(source)), PAGE), "html.parser")
    assert [(th["scope"], th["class"]) for th in soup.select("th")] == [("col", ["text"]), ("col", ["number"])]


@pytest.mark.parametrize(
    ("bad", "match"),
    [
        (
            cell("warn()", stream("UserWarning: let op", "stderr")),
            r"cel 2 \(‘warn\(\)’\) schreef naar stderr: UserWarning",
        ),
        (cell("warn()", stream("x", "stderr"), tags=("hide-page",)), "schreef naar stderr"),
        (
            cell("fail()", new_output("error", ename="KeyError", evalue="'id'", traceback=[])),
            r"cel 2 \(‘fail\(\)’\) mislukte met KeyError: 'id'",
        ),
        (
            cell("plot()", shows(svg=SVG, plain="<Figure>")),
            r"cel 2 \(‘plot\(\)’\) heeft een afbeelding \(image/svg\+xml\)",
        ),
        (cell("plot()", shows({"alt": "  "}, png="iVBORw==")), "zonder alternatieve tekst"),
        (cell("plot()", shows(html='<img src="data:image/png;base64,">')), "zonder alternatieve tekst"),
        (cell("js()", shows(html="<p>x</p><SCRIPT>1</SCRIPT>")), "script"),
        (cell("w", new_output("display_data", {"application/json": {}, "text/plain": "x"})), "application/json"),
        (new_raw_cell("<b>"), "van de soort raw"),
        (new_markdown_cell('<img src="data:image/png;base64,">'), "zonder alternatieve tekst"),
        (cell("plot()", shows(html='<img alt=" " src="data:image/png;base64,">')), "zonder alternatieve tekst"),
        (new_markdown_cell("![kaart](kaart.png)"), "buiten de pagina ligt: ‘kaart.png’"),
        (cell("twice()", shows(html=TABLE), shows(html=TABLE)), "2 elementen hebben de id ‘bereik’"),
        (new_markdown_cell("# Nog een vraag?"), "tweede kop van niveau 1: ‘Nog een vraag"),
    ],
)
def test_what_must_not_be_published_is_refused(bad: NotebookNode, match: str) -> None:
    with pytest.raises(PageError, match=match):
        to_html(notebook(bad), PAGE)


def test_a_cell_is_counted_as_its_reader_counts_it() -> None:
    given, bad = cell("n = 2", tags=("injected-parameters",)), cell("plot()", shows(svg=SVG, plain="x"))
    with pytest.raises(PageError, match=r"cel 2 \(‘plot\(\)’\)"):
        to_html(notebook(given, bad), PAGE)


def test_a_notebook_without_a_question_is_refused() -> None:
    with pytest.raises(PageError, match="moet beginnen met één kop van niveau 1"):
        to_html(new_notebook(cells=[new_markdown_cell("Geen vraag.")]), PAGE)


def test_text_cannot_leave_the_style_sheet() -> None:
    page = Frame("</style><b>", marks=("</style><b>",))
    soup = BeautifulSoup(to_html(notebook(), page), "html.parser")
    assert len(re.findall("</style", str(soup))) == 1
    assert not soup.select("b")


def summary(*cells: NotebookNode) -> BeautifulSoup:
    return BeautifulSoup(to_html(notebook(*cells), PAGE), "html.parser")


def test_the_section_with_the_answer_comes_before_the_contents() -> None:
    answer = cell("answer()", shows(html='<div class="answer"><p>175</p></div>'))
    page = summary(
        cell("import pandas"), new_markdown_cell("## Kort"), answer, cell("numbers()", shows(plain="1")),
        new_markdown_cell("## Lang"), cell("more()", shows(plain="2")),
    )  # fmt: skip
    first = page.select_one(".summary")
    assert [h2.get_text() for h2 in first.select("h2")] == ["Kort"]
    after = [nav["aria-label"] for nav in first.find_all_next("nav")]
    assert after[:2] == ["Hoofdstukken over juni 2023 tot juli 2024", "Op deze pagina"]
    assert (len(first.select(".output")), len(page.select(".output"))) == (2, 3)
    assert [len(fold.select("pre")) for fold in page.select("details.code")] == [3, 1]


def test_without_an_answer_there_is_no_summary_and_nothing_is_lost() -> None:
    page = summary(new_markdown_cell("## Kort"), cell("count", shows(plain="1")))
    assert (page.select(".summary"), len(page.select(".content .output"))) == ([], 1)


def test_the_paragraph_below_the_question_is_the_lead_and_the_rest_is_prose() -> None:
    first = new_markdown_cell("# Vraag?\n\nUit *het*\nregister.\n\n| | |\n|---|---|\n| Leest | cijfers |")
    page = BeautifulSoup(to_html(new_notebook(cells=[first]), PAGE), "html.parser")
    assert page.select_one(".hero .lead").decode_contents() == "Uit <em>het</em> register."
    assert [td.get_text() for td in page.select(".content td")] == ["Leest", "cijfers"]


def test_a_first_cell_without_a_paragraph_has_no_lead() -> None:
    page = BeautifulSoup(
        to_html(new_notebook(cells=[new_markdown_cell("# Vraag?\n\n- een\n- twee")]), PAGE), "html.parser"
    )
    assert (page.select(".lead"), len(page.select(".content li"))) == ([], 2)


def test_nbconvert_itself_makes_the_same_page(html: str) -> None:
    exporter = HTMLExporter(template_name=template.NAME, extra_template_basedirs=[str(template.FOLDER)])
    theirs, _ = exporter.from_notebook_node(FULL, resources={"page": PAGE})
    assert str(BeautifulSoup(html, "html.parser")).rstrip() == theirs.rstrip()


def test_a_page_does_not_depend_on_the_one_before_it(html: str) -> None:
    other = notebook(cell("x <- 1", stream("1\n")), new_markdown_cell("## Bereik"))
    other.metadata["language_info"] = {"name": "R", "pygments_lexer": "r"}
    assert "hl-r" in to_html(other, Frame("Iets anders"))
    assert to_html(FULL, PAGE) == html
