"""Any notebook as a page: what others wrote is shown whole and stays in its place, or is refused with what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from selectolax.lexbor import LexborHTMLParser, LexborNode
from traitlets.config import Config

from mp_eval.publish import gates, template
from mp_eval.publish.foreign.markup import Foreign
from mp_eval.publish.foreign.unfit import Unfit
from mp_eval.publish.frame import Frame
from mp_eval.publish.navigation import of_chapter, pages_of
from mp_eval.publish.page import PageError, to_html
from mp_eval.publish.template.prose import Prose

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
FRAME = Frame("Vraag?", page_of=pages_of("2024/a.html", ["2024/a.html", "2024/ladder.html", "alle-perioden/b.html"]))
PIXEL = "data:image/png;base64,iVBORw=="
ALSO = "zo ook dit"


def shows(html: str = "", **kinds: str) -> NotebookNode:
    """A cell with one output."""
    names = {"latex": "text/latex", "md": "text/markdown", "png": "image/png", "plain": "text/plain"}
    data = {names[kind]: value for kind, value in kinds.items()} | ({"text/html": html} if html else {})
    return new_code_cell("show()", outputs=[new_output("display_data", data, metadata={"alt": "Een punt"})])


def prints(text: str, name: str = "stdout") -> NotebookNode:
    return new_code_cell("print(text)", outputs=[new_output("stream", name=name, text=text)])


def notebook(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell("# Vraag?\n\nDaarom."), *cells, new_markdown_cell(ALSO)])


def page(*cells: NotebookNode) -> LexborHTMLParser:
    """The page as a browser reads it."""
    return LexborHTMLParser(to_html(notebook(*cells), FRAME))


def words(nodes: Iterable[LexborNode]) -> list[str]:
    return [" ".join(node.text().split()) for node in nodes]


def refusal(*cells: NotebookNode) -> str:
    with pytest.raises(PageError) as caught:
        page(*cells)
    return str(caught.value)


def offenders(cases: Sequence[str | NotebookNode], wanted: str) -> list[object]:
    """The cases that are not refused with these words, in prose and in an output; each names its cell."""
    found: list[object] = []
    for case in cases:
        for cell in [shows(case), new_markdown_cell(case)] if isinstance(case, str) else [case]:
            try:
                page(cell)
                found.append((case, "shown"))
            except PageError as error:
                if not re.search(rf"^cel 2 \(‘[^’]*’\) .*{wanted}", str(error), re.DOTALL):
                    found.append((case, str(error)))
    return found


STAYING = [
    "<p>een</p></div></main>",
    "<p>een</p></body></html>",
    "een</table></details></figure></ul>",
    "<div><b>een",
    "<ul><li>een<li>twee",
    "<table><tr><td>een<td>twee",
    "<details><summary>een</summary><div><p>twee",
    "<td>een</td>",
]


def test_what_is_open_or_ends_too_much_stays_in_its_place() -> None:
    for html in STAYING:
        for cell in (shows(html), new_markdown_cell(html)):
            made = page(cell)
            assert [n.parent.tag for n in made.css("main, footer")] == ["body", "body"], html
            assert words(made.css("main .content > .prose"))[-1] == ALSO, html
            assert "een" in words(made.css(".content > :first-child"))[0], html


def test_what_swallows_the_rest_of_the_page_is_refused() -> None:
    cases = [
        "<p>een</p><!-- twee",
        "<textarea>",
        "<noembed>",
        "<math><mtext><style>",
        "<![CDATA[ een",
        "<?php een",
        "<title>",
        "<plaintext>",
        "<xmp>",
        "<template>",
        "<!--",
    ]
    cells = [
        shows('<a href="b.html>een'),
        shows("een <b class='x"),
        shows("een <a href=b.html"),
        shows("een <i class=b"),
    ]  # text, in prose
    assert offenders([*cases, *cells], "‘<[^’]*’ zonder einde") == []


def test_a_remark_is_for_who_reads_the_source() -> None:
    made = page(shows("<p>een<!-- geheim --></p>"), new_markdown_cell("drie <!-- vier --> vijf"))
    assert (words(made.css(".output")), words(made.css(".prose"))) == (["een"], ["drie vijf", ALSO])
    assert "geheim" not in str(made.html)


def test_an_address_outside_the_page_is_refused_however_it_is_written() -> None:
    cases = [
        "<img src='kaart.png' alt='kaart'>", "<img src=kaart.png alt=kaart>", '<img SRC="kaart.png" alt="kaart">',
        '<IMG alt="1 > 0" src="https://x.nl/k.png">', f'<img alt="k" src="{PIXEL}" srcset="k.png 2x">',
        f'<picture><source srcset="{PIXEL} 1x, //x.nl/k.png 2x"><img alt="k" src="{PIXEL}"></picture>',
        '<img alt="k" src="file:///k.png">', '<img alt="k" src="data:text/html,x">', '<img alt="k" src="&#104;ttp://x.nl">',
    ]  # fmt: skip
    assert offenders(cases, "(?:die buiten de pagina ligt: ‘.*|dat een pagina niet toont)") == []
    assert "‘kaart.png’; teken haar in een cel" in refusal(new_markdown_cell("![kaart](kaart.png)"))


def test_what_is_fetched_from_outside_is_refused() -> None:
    cases = [
        '<iframe src="https://x.nl"></iframe>', "<iframe srcdoc='<p>x'></iframe>", '<video poster="k.png"></video>',
        '<audio src="a.mp3"></audio>', '<video><source src="a.mp4"></video>', "<portal src=//x.nl></portal>",
        '<object data="k.svg"></object>', '<embed src="k.svg">',
        '<link rel="stylesheet" href="s.css">', '<meta http-equiv="refresh" content="0;url=//x.nl">',
        '<base href="//x.nl/">',
        '<track src="k.vtt">',
    ]  # fmt: skip
    assert offenders(cases, "iets van buiten de pagina") == []


def test_what_asks_something_or_does_something_is_refused() -> None:
    asks = ["<form><p>een</p></form>", "<button>een</button>", '<input value="een">', "<label>een</label>"]
    assert offenders(asks, "om in te vullen of op te drukken") == []
    asks = ["<dialog open>een</dialog>", "<select><option>een</select>"]
    assert offenders(asks, "om in te vullen of op te drukken") == []
    does = [
        '<details ontoggle="x()"><summary>een</summary></details>',
        '<p onclick="x()">een</p>',
        "<p ONCLICK=x()>een</p>",
        f'<img alt="k" src="{PIXEL}" onerror="x()">',
    ]
    assert offenders(does, "een pagina voert niets uit") == []
    assert (
        offenders(
            ["<script>x()</script>", "<SCRIPT src=x>\n</SCRIPT>", "<p><script type=text/plain>a</script>"], "script"
        )
        == []
    )
    assert (
        offenders(
            ['<body onload="x()"><p>een</p>', '<html onclick="x()"><p>een', '<frameset onload="x()">'], "hele webpagina"
        )
        == []
    )
    assert offenders(["<svg><rect/></svg>", "<svg onload=x()>", "<canvas></canvas>"], "een tekening") == []


def test_an_attribute_that_a_page_does_not_have_is_refused() -> None:
    cases = [
        '<a href="https://x.nl" ping="https://y.nl">een</a>', '<table background="k.png"><tr><td>een</table>',
        '<blockquote cite="https://x.nl">een</blockquote>', "<p contenteditable>een</p>", "<p autofocus>een</p>",
        "<p accesskey=x>een</p>", "<p tabindex=5>een</p>", '<math href="javascript:x()"><mi>x</mi></math>',
    ]  # fmt: skip
    assert offenders(cases, "dat een pagina niet toont") == []


def test_a_link_that_leads_nowhere_is_refused() -> None:
    cases = [
        '<a href="javascript:x()">een</a>', "<a href=' JavaScript:x()'>een</a>", '<a href="data:text/html,x">een</a>',
        '<a href="file:///c:/x.csv">een</a>', '<a href="C:\\map\\x.csv">een</a>', '<a href="/home/x.csv">een</a>',
        '<a href="//x.nl">een</a>', '<a href="&#x6A;avascript:x()">een</a>', '<a href="java\nscript:x()">een</a>',
        "[een](vbscript:x)",
    ]  # fmt: skip
    shown = [case for case in cases if not case.startswith("[")]
    assert offenders(shown, "een koppeling die nergens op uitkomt") == []
    assert "nergens op uitkomt" in refusal(new_markdown_cell(cases[-1]))


def test_a_link_to_a_notebook_leads_to_its_page() -> None:
    links = (
        "[a](05-ladder.ipynb) [b](05-ladder.ipynb#kop) [c](./05-ladder.ipynb) <a href='10-b.ipynb'>d</a> [e](b.html)"
    )
    made = page(new_markdown_cell(links), shows('<a href="05-ladder.ipynb">f</a>'))
    found = [a.attributes["href"] for a in made.css(".content a")]
    same = "ladder.html"
    assert found == [same, f"{same}#kop", same, "../alle-perioden/b.html", "b.html", same]


def test_a_link_to_a_notebook_without_a_page_is_refused() -> None:
    cases = [
        '<a href="12-weg.ipynb">een</a>',
        '<a href="map/12-weg%2Eipynb">een</a>',
        '<a href="12-weg.IPYNB#kop">een</a>',
        '<a href="12-weg.ipynb?x=1">een</a>',
    ]
    assert offenders(cases, "verwijst naar een notebook") == []


def test_names_with_blanks_and_signs_are_addresses_that_work() -> None:
    here = "2024/wat # en wie?.html"
    navigation = of_chapter(
        here, [here, "2024/100% b.html"], names={"2024": "2024"}, data={"2024/w 1.xlsx": "Werkboek"}
    )
    assert [link.href for link in navigation.chapters] == ["wat%20%23%20en%20wie%3F.html", "100%25%20b.html"]
    assert [link.is_here for link in navigation.chapters] == [True, False]
    assert (navigation.data[0].href, navigation.after.href) == ("w%201.xlsx", "100%25%20b.html")
    assert pages_of("2024/a.html", [here])("03-wat # en wie?.ipynb") == "wat%20%23%20en%20wie%3F.html"


def test_headings_of_outputs_and_of_raw_markup_are_headings_of_the_page() -> None:
    cells = [
        shows("<h2>Uit <i>een</i> uitvoer</h2>"), new_markdown_cell("<h2>Ruw</h2>\n\n## Gewoon"), shows(md="## Gewoon"),
        shows("<h2 id='eigen'>Eigen</h2>"),
    ]  # fmt: skip
    made = page(*cells)
    links = [a.attributes["href"] for a in made.css(".toc a")]
    assert links == ["#uit-een-uitvoer", "#ruw", "#gewoon", "#gewoon-2", "#eigen"]
    assert all(len(made.css(f"main h2{link}")) == 1 for link in links)


def test_a_second_question_is_refused_wherever_it_stands() -> None:
    assert (
        offenders(["<h1>Nog een?</h1>", "<H1 class=x>Nog een?", "<div><h1>Nog een?</h1></div>"], "‘Nog een\\?’") == []
    )
    assert "‘Nog een?’; gebruik niveau 2" in refusal(shows(md="# Nog een?"))


def test_elements_with_one_id_name_their_cells() -> None:
    cases = [('<p id="a">x</p>', "<b id='a'>x</b>"), ("<p id=a>x</p>", "<p ID=a>x</p>")]
    for one, other in cases:
        assert "2 elementen hebben de id ‘a’ (cel 2 (‘show()’) en cel 3 (‘show()’))" in refusal(
            shows(one), shows(other)
        )
    assert "‘inhoud’ (cel 2" in refusal(shows('<p id="inhoud">x</p>'))


def test_lines_may_end_as_on_any_system() -> None:
    for end in ("\r\n", "\r"):
        source = end.join(["# Vraag?", "", "De lead.", "", "| a | b |", "|---|---|", "| c | d |", "", "## Kop"])
        made = LexborHTMLParser(
            to_html(new_notebook(cells=[new_markdown_cell(source), shows(f"<p>een{end}twee</p>")]), FRAME)
        )
        assert words(made.css(".lead, .content td, .toc a")) == ["De lead.", "Kop", "c", "d"]
        assert "\r" not in str(made.html)


def test_a_terminal_is_shown_as_it_was_seen() -> None:
    said = "10%\r100%\n\x1b[31mrood\x1b[0m \x1b[1;42mvet\x1b[0m \x1b[38;2;1;2;3mblauw\x1b[0m xy\bz"
    made = page(prints(said), shows(plain="\x1b[4mlijn\x1b[0m"))
    assert words(made.css(".output pre")) == ["100% rood vet blauw xz", "lijn"]
    found = [span.attributes["class"] for span in made.css(".output pre span")]
    assert found[:2] + found[3:] == ["ansi-red-fg", "ansi-green-bg ansi-bold", "ansi-underline"]
    assert f".{found[2]}.{found[2]}{{color:rgb(1,2,3)}}" in made.css_first("style").text()
    assert ".ansi-red-fg" in made.css_first("style").text()
    assert "ansi" not in to_html(notebook(prints("gewoon")), FRAME)


def test_what_steers_a_screen_is_left_out_and_told() -> None:
    cells = [
        prints("\x1b]8;;https://x.nl\x1b\\koppeling\x1b]8;;\x1b\\ \x1b[2K\x07"), new_markdown_cell("pro\x00za \x0b"),
        shows("<p>a\x1b[31mb\ud800c</p>"), new_code_cell("x = 1 \x0c\x7f"), prints("niets"),
        prints("van \u202e321\u202c naar"),  # which is read as 123
    ]  # fmt: skip
    made = page(*cells)
    said = words(made.css(".output pre, .output p:not(.note), .prose p"))
    assert said[:5] == ["koppeling", "proza", "abc", "niets", "van 321 naar"]
    told = [re.sub(r"\D", "", note) for note in words(made.css(".output .note"))]
    assert told == ["4", "2", "2", "2", "2"]


def test_formulas_are_shown_without_a_script() -> None:
    cells = [
        new_markdown_cell("Het is $\\frac{1}{2}$, en $5 en $6 zijn bedragen.\n\n$$x_1 \\leq 3$$"),
        new_markdown_cell("\\begin{equation}\\sqrt{x}\\end{equation}"),
        shows(latex="$\\displaystyle x^{2}$"), shows(latex="$$\\bar{x} \\pm 1{,}96$$"), shows(md="Dus $a$."),
    ]  # fmt: skip
    made = page(*cells)
    assert words(made.css("math")) == ["12", "x1≤3", "x", "x2", "x¯±1,96", "a"]
    assert len(made.css("main mfrac, main msub, main msqrt, main msup, main mover")) == 5
    assert "$5 en $6 zijn bedragen" in made.text()
    assert not made.css("script")


def test_a_formula_that_would_be_printed_as_a_command_is_refused() -> None:
    wrong = [
        "\\onbekend{x}",
        "x^{2",
        "\\begin{aligned}a&=b\\end{aligned}",
        "\\href{javascript:x}{y}",
        "x}",
        "{",
        "\\left( x",
    ]
    cases = [new_markdown_cell(f"$${tex}$$") for tex in wrong] + [shows(latex=f"${tex}$") for tex in wrong]
    assert offenders(cases, "(?:een formule die niet getoond kan worden: ‘|met ‘href’)") == []


def attached(source: str, **files: dict[str, str]) -> NotebookNode:
    return new_markdown_cell(
        source, attachments={name.replace("_", " ") + ".png": kinds for name, kinds in files.items()}
    )


def test_attachments_are_shown() -> None:
    cells = [
        attached("![een](attachment:a.png)", a={"image/png": "iVBO\nRw=="}),
        attached("![twee](<attachment:b c.png>)", b_c={"image/jpeg": "/9j/"}),
        attached('<img src="attachment:d.png" alt="drie" width="40">', d={"image/svg+xml": "PHN2Zy8+"}),
    ]
    images = page(*cells).css(".prose img")
    assert [(image.attributes["alt"], image.attributes["src"]) for image in images] == [
        ("een", PIXEL), ("twee", "data:image/jpeg;base64,/9j/"), ("drie", "data:image/svg+xml;base64,PHN2Zy8+")
    ]  # fmt: skip


def test_an_attachment_that_is_not_there_is_refused() -> None:
    cases = [
        attached("![een](attachment:weg.png)", a={"image/png": "iVBORw=="}),
        attached("![een](attachment:a.png)", a={"text/html": "<p>"}),
        attached('<img alt="een" src="attachment:">'),
    ]
    assert offenders(cases, "een bijlage die niet in de cel zit") == []
    assert "alternatieve tekst" in refusal(attached("![](attachment:a.png)", a={"image/png": "iVBORw=="}))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, ["een()", "twee()", "drie()"]),
        ({"HTMLExporter": {"exclude_input": True}}, []),
        ({"TagRemovePreprocessor": {"enabled": True, "remove_input_tags": {"stil"}}}, ["een()", "drie()"]),
        ({"TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": {"stil"}}}, ["een()", "drie()"]),
    ],
)
def test_what_nbconvert_is_asked_to_leave_out_is_left_out(asked: dict[str, object], left: list[str]) -> None:
    quiet = {"tags": ["stil"]}
    cells = [new_code_cell("een()"), new_code_cell("twee()", metadata=quiet), new_code_cell("drie()")]
    config = Config({name: dict(value) for name, value in asked.items()})
    exporter = HTMLExporter(config=config, template_name=template.NAME, extra_template_basedirs=[str(template.FOLDER)])
    html, _ = exporter.from_notebook_node(notebook(*cells))
    assert words(LexborHTMLParser(html).css("details.code pre")) == left


TABLE = pd.DataFrame({"jaar": ["2023", "2024"], "inwoners": [1203, 543], "deel": [0.5, None]})


def test_a_table_of_pandas_says_what_its_headers_are_of() -> None:
    deep = TABLE.set_index(["jaar", "inwoners"])
    deep.columns = pd.MultiIndex.from_product([["groep"], deep.columns])
    wide = pd.DataFrame([range(30)] * 2)
    for table in (TABLE, deep, wide, TABLE.T):
        made = page(shows(table._repr_html_()))
        heads = made.css(".output th")
        assert all(words([th])[0] and th.attributes["scope"] in ("col", "colgroup", "row", "rowgroup") for th in heads)
        assert words(made.css(".output tbody td")) == words(LexborHTMLParser(table._repr_html_()).css("tbody td"))
        assert not made.css(".output [style], .output style, .output [border]")
    assert words(page(shows(pd.DataFrame([range(99)]).T._repr_html_())).css(".output p")) == ["99 rijen en 1 kolommen"]


def test_numbers_in_a_table_of_pandas_stand_to_the_right() -> None:
    cells = page(shows(TABLE._repr_html_())).css(".output td.number")
    assert words(cells) == ["2023", "1203", "0.5", "2024", "543", "NaN"]


def test_a_table_by_hand_gets_scopes_too() -> None:
    made = page(shows("<table><tr><th></th><th>a</th></tr><tr><th>b</th><td>1</td></tr></table>"))
    assert [(words([th])[0], th.attributes["scope"]) for th in made.css("th")] == [("a", "col"), ("b", "row")]


def styled() -> str:
    styler = TABLE.style.highlight_max(subset=["inwoners"]).bar(subset=["deel"]).set_caption("Bereik")
    return str(styler.set_table_styles([{"selector": "th", "props": "font-style: italic"}]).to_html())


def test_a_styler_gives_the_same_bytes_each_time_and_keeps_its_looks() -> None:
    one, other = styled(), styled()
    assert one != other
    assert to_html(notebook(shows(one)), FRAME) == to_html(notebook(shows(other)), FRAME)
    made = page(shows(one), shows(one))
    assert [table.attributes["id"] for table in made.css(".output table")] == ["T1", "T2"]
    css = made.css_first("style").text()
    assert "#T2_row0_col1{background-color:yellow}" in css
    assert "#T1 th{font-style:italic}" in css
    assert "linear-gradient(90deg" in css


def test_looks_are_taken_over_as_rules_that_the_policy_allows() -> None:
    made = page(
        shows('<p style="color:red">a</p><p style="COLOR: red;">b</p>'),
        new_markdown_cell('<b style="padding:1px">c</b>'),
    )
    first, second = (p.attributes["class"] for p in made.css(".output p"))
    assert first == second
    assert f".{first}.{first}{{color:red}}" in made.css_first("style").text()
    assert len(made.css(".output .paper")) == 1
    assert not made.css("[style]")


def test_looks_that_fetch_hide_or_move_are_refused() -> None:
    said = [
        "background:url(//x.nl)",
        "background:URL('k.png')",
        "display:none",
        "position:fixed",
        "content:'x'",
        "color:red}p{",
    ]
    said += ["background:image-set('k.png' 1x)", "width:\\75 rl(k.png)", "visibility:hidden"]
    cases = [f'<p style="{css}">een</p>' for css in said]
    cases += [f"<style>{css}</style><p id=a>een</p>" for css in ("@import 'x';", "body{color:red}", "#b p{color:red}")]
    cases += [
        "<style>#a{background:url(k.png)}</style><p id=a>een</p>",
        "<style>@media print{#a{color:red}}</style><p id=a>",
    ]
    assert offenders(cases, "opmaak die een pagina niet overneemt") == []


def test_an_output_that_is_too_large_is_refused_with_its_size() -> None:
    assert (
        offenders([prints("x" * 10**8)], "heeft 100 MB uitvoer, en een pagina toont er van één cel hoogstens 10;") == []
    )
    several = new_code_cell("show()", outputs=[output for _ in range(3) for output in shows("x" * 4 * 10**6).outputs])
    assert offenders([shows("x" * 12 * 10**6), shows(png="x" * 12 * 10**6), several], "heeft 12 MB uitvoer") == []


def test_a_font_that_is_not_there_is_one_message() -> None:
    missing = "findfont: Font family 'Corbel' not found.\n" * 40
    said = refusal(prints(missing, "stderr"), prints(missing, "stderr"))
    assert said.count("findfont") == 1
    assert said.startswith(
        "cel 2 (‘print(text)’) schreef naar stderr: findfont: Font family 'Corbel' not found. (40 keer);"
    )
    assert said.endswith("(ook cel 3)")


def test_every_cell_that_is_refused_is_named_at_once() -> None:
    said = refusal(shows("<script>1</script>"), shows("<p>goed</p>"), new_markdown_cell("[x](javascript:x)"))
    assert [line.partition(" (")[0] for line in said.splitlines()] == ["cel 2", "cel 4"]


def test_an_alternative_text_is_found_wherever_it_stands() -> None:
    made = page(shows(f'<img title="1 > 0" alt="een" src="{PIXEL}"><IMG SRC="{PIXEL}" ALT=twee>'))
    assert [image.attributes["alt"] for image in made.css(".output img")] == ["een", "twee"]
    cases = [f'<img title="alt=x" src="{PIXEL}">', f"<img src='{PIXEL}' alt>", f'<img alt="&nbsp;" src="{PIXEL}">']
    assert offenders(cases, "zonder alternatieve tekst") == []


def test_a_hidden_number_is_found_however_its_row_was_written(tmp_path: Path) -> None:
    html = to_html(notebook(shows("<table><tr><td>gesproken<td>4")), FRAME)
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    secrets = gates.Secrets(hidden=frozenset({("gesproken", "4")}))
    assert gates.check_file(tmp_path / "page.html", root=tmp_path, secrets=secrets)


def test_what_our_own_notebooks_show_is_not_changed_by_a_byte() -> None:
    shown = []
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            shown += [
                "".join(o["data"]["text/html"]) for o in cell.get("outputs", ()) if "text/html" in o.get("data", {})
            ]
    assert len(shown) > 100
    assert [html for html in shown if fitted(html) != html] == []


def fitted(html: str) -> str:
    return Foreign(Prose(taken=set()).name).fit(html).html


PIECES = (
    "a", "<b>", "</b>", "<p>", "</p>", "<div>", "</div>", "</main>", "<table>", "<tr>", "<td>", "</table>", "<ul>",
    "<li>", "<pre>", "</pre>", "<!--", "-->", "<a>", "</a>", "<i>", "</i>", "<br>", "<h2>", "</h2>", "<details>",
    "<summary>", "<textarea>", "<script>", "</script>", "<style>", "</style>", "<svg>", "<math>", "<mi>", "&lt;",
    "&", '"',
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_shown_is_complete_and_ends_nothing(html: str) -> None:
    try:
        shown = fitted(html)
    except Unfit:
        return
    around = LexborHTMLParser(f"<main><section>{shown}</section><p id='na'></p></main>")
    assert [node.parent.tag for node in around.css("#na, section")] == ["main", "main"]
    assert around.css_first("section").inner_html == LexborHTMLParser(shown, is_fragment=True).html
