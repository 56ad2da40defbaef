"""Each figure of a page as a file beside it: it stands alone, with what it shows, of when, of whom and its marks."""

from __future__ import annotations

import base64
import io
import re

from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from mp_eval.present.drawing import again
from mp_eval.present.drawing.bar_charts import bars
from mp_eval.present.drawing.shapes import Words
from mp_eval.present.elements import Figure, Table
from mp_eval.publish.figure_files import beside
from mp_eval.publish.frame import Frame
from mp_eval.publish.linked import linked
from mp_eval.workspace import Workspace

FRAME = Frame(
    "Wie?", "2024", as_of="15-07-2025", municipality="Elders", marks=("Interne uitgave. Niet openbaar maken.",)
)


def test_a_figure_gets_a_link_to_each_of_its_files() -> None:
    table = Table("Wie het waren", ["Wie", "Aantal"], [["a", "5"], ["b", "7"]])
    figure = Figure(bars(["a", "b"], [5, 7]), "Staafdiagram", "Wie het waren, 2024 (inwoners).", table, "De meeste: b.")
    html, files = beside(linked(figure._repr_html_()), FRAME, "wie")
    links = LexborHTMLParser(html).css("figcaption a.picture")
    assert [link.attributes["href"] for link in links] == list(files) == [
        "wie-figuur-wie-het-waren.svg",
        "wie-figuur-wie-het-waren.png",
    ]  # fmt: skip
    assert [link.attributes["aria-label"] for link in links] == ["SVG van ‘Wie het waren’", "PNG van ‘Wie het waren’"]
    said = " ".join(re.findall(r"<text[^>]*>([^<]*)<", files["wie-figuur-wie-het-waren.svg"].decode()))
    for text in (
        "De meeste: b.",
        "Wie het waren, 2024 (inwoners).",
        "Gemeente Elders",
        "15-07-2025",
        "Interne uitgave",
    ):
        assert text in said
    with Image.open(io.BytesIO(files["wie-figuur-wie-het-waren.png"])) as picture:
        assert picture.size > (1200, 200)
    assert beside(linked(figure._repr_html_()), FRAME, "wie") == (html, files)


def test_each_figure_of_a_release_has_its_files_and_no_colour_of_a_dark_page(released: Workspace) -> None:
    count = 0
    for path in sorted(released.output.glob("*/*.html")):
        page = LexborHTMLParser(path.read_text(encoding="utf-8"))
        for figure in page.css("figure.chart"):
            links = [str(link.attributes["href"]) for link in figure.css("a.picture")]
            assert [(path.parent / link).is_file() for link in links] == [True, True], path.name
            svg = (path.parent / links[0]).read_text(encoding="utf-8")
            assert "prefers-color-scheme" not in svg
            inner = again.read(base64.b64decode(str(figure.css_first("img").attributes["src"]).partition(",")[2]))
            texts = [shape.text for shape in inner.shapes if isinstance(shape, Words)]
            told = again.read(svg.encode())
            assert {*texts} <= {shape.text for shape in told.shapes if isinstance(shape, Words)}
            count += 1
    assert count > 20
