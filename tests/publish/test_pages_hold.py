"""What a browser's checker does not see, on every page of a release: names, words, links, results that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup, NavigableString

from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow
HEAVIEST = 150_000  # bytes of a page, its figures left out
ENGLISH = {
    "the", "and", "with", "from", "this", "that", "are", "none", "true", "false", "null", "nan", "inf", "page", "pages",
    "previous", "next", "figure", "total", "residents", "spoken", "activated", "share", "unknown", "warning", "error",
    "provided", "description", "image", "loading", "contents", "undefined", "hidden", "measure", "value", "low", "high",
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(released: Workspace) -> dict[str, BeautifulSoup]:
    found = {p.relative_to(released.output).as_posix(): p for p in sorted(released.output.rglob("*.html"))}
    return {name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for name, path in found.items()}


def chapters(released: Workspace) -> Iterator[tuple[str, Path]]:
    """Each page that was made of a notebook, with that notebook as it ran."""
    for path in sorted(released.scratch.rglob("*.ipynb")):
        name = f"{path.parent.name}/{path.stem}.html"
        if (released.output / name).is_file():
            yield name, path


def test_the_site_has_its_pages(pages: dict[str, BeautifulSoup]) -> None:
    assert {"index.html", "begrippen.html", "verantwoording.html"} <= set(pages)
    assert len(pages) >= 7


def told(path: Path) -> tuple[list[nbformat.NotebookNode], list[nbformat.NotebookNode]]:
    """The cells of a notebook that its page tells, and those that it leaves out.

    A section that shows only why there is nothing to show is left out; an answer that says only that, says it once.
    """
    visible = [c for c in nbformat.read(path, as_version=4).cells if "hide-page" not in c.metadata.get("tags", ())]
    starts = [n for n, c in enumerate(visible) if c.cell_type == "markdown" and re.match(r"\s*##+\s", c.source)]
    (above, answer), rest = ([visible[a:b] for a, b in pairwise([0, *starts[:2]])], starts[1:])
    kept, gone = [*above], []
    for section in (answer, *(visible[a:b] for a, b in pairwise([*rest, len(visible)]))):
        showing = [c for c in section if c.get("outputs")]
        if not showing or any(has_content(c) for c in showing):
            kept += section
        elif section is answer:
            kept += [section[0], showing[0]]
            gone += [c for c in section[1:] if c is not showing[0]]
        else:
            gone += section
    return kept, gone


def has_content(cell: nbformat.NotebookNode) -> bool:
    return any('<p class="absent">' not in o.get("data", {}).get("text/html", "") for o in cell.get("outputs", ()))


def test_every_output_of_every_notebook_is_on_its_page(released: Workspace, pages: dict[str, BeautifulSoup]) -> None:
    """But for the sections that show only why there is nothing to show: of those nothing is lost."""
    found = dict(chapters(released))
    assert set(found) == {name for name in pages if "/" in name}
    for name, path in found.items():
        cells, gone = told(path)
        assert not any(map(has_content, gone)), name
        outputs = [output for cell in cells for output in cell.get("outputs", ())]
        assert len(outputs) == len(pages[name].select(".output")), name
        assert len(outputs) > 5 or gone, name
        shown = [BeautifulSoup(o.data["text/html"], "html.parser").get_text(" ", strip=True) for o in outputs]
        assert [e.get_text(" ", strip=True) for e in pages[name].select(".output")] == shown, name


def test_an_answer_that_says_only_why_not_says_it_once(pages: dict[str, BeautifulSoup]) -> None:
    without = [name for name, page in pages.items() if "/" in name and page.select_one(".output > p.absent")]
    answers = {name: pages[name].select(".output")[0].select("p.absent") for name in without}
    assert answers["2022-2023/ambities.html"]
    assert [n for n, absent in answers.items() if absent and len(pages[n].select("p.absent")) > 1] == []


def test_every_code_cell_is_folded_on_its_page(released: Workspace, pages: dict[str, BeautifulSoup]) -> None:
    """Each as it was written, but for those of the sections that are left out."""
    for name, path in chapters(released):
        cells = [c.source.strip() for c in told(path)[0] if c.cell_type == "code" and c.source.strip()]
        folded = [pre.get_text().strip() for pre in pages[name].select("details.code pre")]
        assert sorted(folded) == sorted(cells), name


def test_one_h1_and_no_level_is_skipped(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        levels = [int(heading.name[1]) for heading in page.find_all(re.compile(r"^h[1-6]$"))]
        assert levels.count(1) == 1 == levels[0], name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name


def test_titles_differ_and_say_which_period(pages: dict[str, BeautifulSoup]) -> None:
    titles = [page.title.get_text() for page in pages.values()]
    assert len(titles) == len(set(titles))


def test_every_table_has_caption_and_scope_and_says_its_unit_or_needs_none(pages: dict[str, BeautifulSoup]) -> None:
    tables = [(name, table) for name, page in pages.items() for table in page.select("table:has(thead)")]
    assert len(tables) > 30
    assert [name for name, t in tables if not t.caption or not t.caption.get_text(strip=True)] == []
    assert [
        (name, str(th)) for name, t in tables for th in t.find_all("th") if th.get("scope") not in ("col", "row")
    ] == []
    for name, table in tables:
        assert len({len(row.find_all(["th", "td"])) for row in table.find_all("tr")}) == 1, name


def test_no_table_is_called_as_a_heading_and_its_names_begin_as_such(pages: dict[str, BeautifulSoup]) -> None:
    """Names of files and programs are as they are, and a part begins with *waarvan*."""
    called, small, dashes = [], [], []
    for name, page in pages.items():
        headings = {h.find(string=True) for h in page.select("main h1, main h2, main h3")}
        called += [(name, t.get_text()) for t in page.select("caption .title") if t.get_text() in headings]
        if name == "verantwoording.html":
            continue
        heads = [th.find(string=True) or "" for th in page.select("thead th, tbody th")]
        small += [(name, h) for h in heads if h[:1].islower() and not re.match(r"waarvan |.*\.(csv|xlsx)", h)]
        dashes += [(name, td.get_text()) for td in page.select("td.number") if re.match(r"-\d", td.get_text())]
    assert (called, small, dashes) == ([], [], [])


def test_every_figure_has_words_a_caption_and_its_numbers(pages: dict[str, BeautifulSoup]) -> None:
    figures = [(name, figure) for name, page in pages.items() for figure in page.select("figure")]
    assert len(figures) >= 4
    for name, figure in figures:
        alt = figure.img["alt"]
        assert len(alt) > 40, name
        assert re.search(r"\d", alt), name
        assert figure.figcaption.get_text(strip=True), name
        assert figure.find_next_sibling().select_one("details.data > .table caption"), name
    assert sum(len(page.select("img")) for page in pages.values()) == len(figures)


def test_links_of_one_name_lead_to_one_place(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        places: dict[str, set[str]] = {}
        for a in page.select("a[href]"):
            places.setdefault(a.get("aria-label") or " ".join(a.get_text().split()), set()).add(str(a["href"]))
        assert {text: hrefs for text, hrefs in places.items() if len(hrefs) > 1} == {}, name


def test_no_more_stops_for_the_keyboard_than_links_and_what_unfolds(pages: dict[str, BeautifulSoup]) -> None:
    """What scrolls holds the link to itself, so it needs no stop of its own."""
    assert {
        name: page.select("[tabindex]:not(main)") for name, page in pages.items() if page.select("[tabindex]:not(main)")
    } == {}


def test_every_link_and_every_download_leads_somewhere(released: Workspace, pages: dict[str, BeautifulSoup]) -> None:
    links = [(name, str(a["href"])) for name, page in pages.items() for a in page.select("a[href]:not(.file)")]
    ids = {name: {str(element["id"]) for element in page.find_all(id=True)} for name, page in pages.items()}
    assert [link for link in links if not _leads(released.output.resolve(), ids, *link)] == []


def test_every_page_can_be_reached_from_the_landing_page(released: Workspace, pages: dict[str, BeautifulSoup]) -> None:
    seen, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        links = [str(a["href"]).partition("#")[0] for a in pages[name].select("a[href]")] if name in pages else []
        root = released.output.resolve()
        waiting += [((root / name).parent / link).resolve().relative_to(root).as_posix() for link in links if link]
    assert set(pages) <= seen
    files = {p.relative_to(released.output).as_posix() for p in released.output.rglob("*") if p.is_file()}
    machine = {name for name in files if name == "manifest.json" or name.endswith("-metadata.json")}
    assert {name for name in files - machine - seen if not name.startswith("releases/")} == set()


def test_ids_are_unique_and_every_reference_resolves(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        ids = [element["id"] for element in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), name
        assert {e["aria-labelledby"] for e in page.select("[aria-labelledby]")} <= set(ids), name


def test_every_navigation_has_a_name_of_its_own(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        names = [nav.get("aria-label") for nav in page.select("nav")]
        assert all(names), name
        assert len(names) == len(set(names)), name


def test_no_english_is_left(pages: dict[str, BeautifulSoup]) -> None:
    left = {(name, word) for name, page in pages.items() for word in ENGLISH & set(_words(page))}
    assert left == set()


def test_a_page_is_light_without_its_figures(released: Workspace, pages: dict[str, BeautifulSoup]) -> None:
    for name in pages:
        html = (released.output / name).read_text(encoding="utf-8")
        assert len(re.sub(r"data:image/[^\"]+", "", html).encode()) < HEAVIEST, name


def test_nothing_on_a_page_runs_or_is_fetched(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        assert not page.select("script, link, iframe, object, embed, form, [style], [onclick], [src^='http']"), name
        policy = page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
        assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-"), name


def test_every_page_says_where_it_came_from(pages: dict[str, BeautifulSoup]) -> None:
    for name, page in pages.items():
        labels = {dt.get_text() for dt in page.select("footer dt")}
        assert {"Gemaakt met", "Kenmerk"} <= labels, name
        if "/" in name:
            assert {"Periode", "Parameters"} <= labels, name
            assert any(label.startswith("Levering") for label in labels), name


def _leads(root: Path, ids: dict[str, set[str]], name: str, href: str) -> bool:
    """Whether the file is there, and the place in it."""
    path, _, anchor = href.partition("#")
    target = ((root / name).parent / path).resolve() if path else root / name
    return target.is_file() and (not anchor or anchor in ids.get(target.relative_to(root).as_posix(), ()))


def _words(page: BeautifulSoup) -> Iterator[str]:
    """Every word that is read or heard; not code, and not what a user or a package chose to call something."""
    for tag in page.select("pre, code, style, footer dd, #versies ~ *, #uitkomsten ~ * td"):
        tag.extract()
    texts = [t for t in page.find_all(string=True) if isinstance(t, NavigableString)]
    texts += [str(e[a]) for a in ("alt", "title", "aria-label", "data-label") for e in page.find_all(attrs={a: True})]
    for text in texts:
        yield from re.findall(r"[a-zà-ÿ]+", text.lower())
