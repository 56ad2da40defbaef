"""The pages in a real browser: accessible, complete without a network, no wider than a phone, whole on paper.

A page is loaded once in each form that it is looked at in; the tests judge what was seen there.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import long
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from mp_eval.workspace import Workspace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {"runOnly": STANDARDS, "resultTypes": ["violations"]}  # what is in order is not described: three times as fast
SCREENS = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]
# Of each kind of page one, at which a short run looks on one screen; every page on each takes minutes.
KINDS = ("index.html", "verantwoording.html", "2024/geactiveerd.html", "in-eenvoudige-taal.html", "begrippen.html")
MM = 96 / 25.4  # pixels
SHEET = (174 * MM, 257 * MM)  # what the margins leave of A4
UNCUT = "figure, .table:not(.long), .prose table, tr, .answer, .headline, .check, .card, .timeline, .definition, p"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="there is no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(released: Workspace) -> dict[str, str]:
    """Every page of the release: its name and its address."""
    found = sorted(released.output.rglob("*.html"))
    return {p.relative_to(released.output).as_posix(): p.as_uri() for p in found if "releases" not in p.parts}


@dataclass(frozen=True)
class Seen:
    """What a browser finds on a page on a screen, with everything unfolded."""

    violations: list[tuple[str, str]]
    overflowing: list[str]
    has_every_image: bool
    keyboard: tuple[str, bool, str]  # what the first Tab comes to, whether that is in view, where Enter leads
    asked: list[str]  # addresses
    said: list[str]  # in the console


@pytest.fixture(
    scope="module",
    params=[*SCREENS, *(long((*screen, "every-page")) for screen in SCREENS)],
    ids=lambda screen: "-".join(map(str, screen)),
)
def seen(request: pytest.FixtureRequest, browser: Browser, pages: dict[str, str]) -> dict[str, Seen]:
    width, scheme, *whole = request.param
    wanted = pages if whole else KINDS[SCREENS.index(request.param) :: len(SCREENS)]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    found = {name: _look(context, pages[name]) for name in wanted}
    context.close()
    return found


def _look(context: BrowserContext, address: str) -> Seen:
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.className")
    is_in_view = page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    leads_to = page.evaluate("document.activeElement.id")
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    violations = Axe().run(page, options=ASKED).response["violations"]
    seen = Seen(
        violations=[(v["id"], v["nodes"][0]["html"][:200]) for v in violations],
        overflowing=page.evaluate(_OVERFLOWING),
        has_every_image=page.evaluate("Array.from(document.images).every(i => i.complete && i.naturalWidth > 0)"),
        keyboard=(focused, is_in_view, leads_to),
        asked=asked,
        said=said,
    )
    page.close()
    return seen


@dataclass(frozen=True)
class Printed:
    """What a browser finds on a page that is laid out as on a sheet of A4, between its margins."""

    uncut: list[tuple[str, str, float]]  # what must stay whole: element, its `break-inside`, its height
    heads: list[str]  # how the head of each table is shown
    letters: set[str]  # how large they are on the page, and what is said in parts of that
    overflowing: list[str]
    heights_of_the_screens_own: list[float]
    heights_of_numbers: list[float]
    sheets: set[tuple[int, int]]  # in points


@pytest.fixture(scope="module", params=["a page of each kind", long("every page")])
def printed(request: pytest.FixtureRequest, browser: Browser, pages: dict[str, str]) -> dict[str, Printed]:
    context = browser.new_context(viewport={"width": int(SHEET[0]), "height": int(SHEET[1])}, offline=True)
    page = context.new_page()
    page.emulate_media(media="print")
    wanted = pages if request.param == "every page" else KINDS
    found = {name: _print(page, pages[name]) for name in wanted}
    context.close()
    return found


def _print(page: Page, address: str) -> Printed:
    page.goto(address)
    uncut = page.evaluate(
        """uncut => Array.from(document.querySelectorAll(uncut), element =>
            [element.className || element.tagName, getComputedStyle(element).breakInside,
             element.getBoundingClientRect().height])""",
        UNCUT,
    )
    heads = page.evaluate("Array.from(document.querySelectorAll('thead'), e => getComputedStyle(e).display)")
    letters = page.evaluate("[document.documentElement, document.body].map(e => getComputedStyle(e).fontSize)")
    overflowing = page.evaluate(_OVERFLOWING)
    heights = "selected => Array.from(document.querySelectorAll(selected), e => e.getBoundingClientRect().height)"
    own = page.evaluate(heights, "nav, .skip, details.code")
    numbers = page.evaluate(heights, "figure + details table")
    pdf = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    sheets = {(round(float(width)), round(float(height))) for width, height in sizes}
    return Printed(uncut, heads, set(letters), overflowing, own, numbers, sheets)


def test_every_page_is_accessible(seen: dict[str, Seen]) -> None:
    assert {name: s.violations for name, s in seen.items() if s.violations} == {}


def test_every_page_is_complete_without_a_network(seen: dict[str, Seen], pages: dict[str, str]) -> None:
    assert [name for name, s in seen.items() if not s.has_every_image] == []
    for name, s in seen.items():
        asked = [url.partition("#")[0] for url in s.asked if not url.startswith("data:")]
        assert (asked, s.said) == ([pages[name]], []), name


def test_no_page_is_wider_than_the_screen(seen: dict[str, Seen]) -> None:
    assert {name: s.overflowing for name, s in seen.items() if s.overflowing} == {}


def test_the_keyboard_begins_at_the_skip_link_and_it_leads_to_the_content(seen: dict[str, Seen]) -> None:
    assert {s.keyboard for s in seen.values()} == {("skip", True, "inhoud")}


def test_a_wide_table_on_a_phone_is_cards_that_still_say_their_columns(browser: Browser, pages: dict[str, str]) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(pages["2024/geactiveerd.html"])
    labels = page.evaluate("""Array.from(document.querySelectorAll('.wide td:not(.prose)'), td =>
        [getComputedStyle(td).display, getComputedStyle(td, '::before').content.includes(td.dataset.label)])""")
    page.close()
    assert labels
    assert {tuple(label) for label in labels} == {("flex", True)}


def test_a_table_that_is_cards_is_a_table_for_who_hears_it(browser: Browser, pages: dict[str, str]) -> None:
    """Without a word of what its elements are, which browsers used to forget of a table that is laid out otherwise."""
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(pages["2024/geactiveerd.html"])
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    roles = {"table": "table", "tr": "row", "tbody th": "rowheader", "thead th": "columnheader", "td": "cell"}
    written = page.evaluate("names => names.map(name => document.querySelectorAll(name).length)", list(roles))
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    heard = [node["role"]["value"] for node in nodes if not node["ignored"]]
    page.close()
    assert [heard.count(role) + heard.count(f"grid{role}") for role in roles.values()] == written


def test_beside_a_page_its_chapters_are_in_view_on_a_small_laptop(browser: Browser, pages: dict[str, str]) -> None:
    page = browser.new_page(viewport={"width": 1366, "height": 650})
    page.goto(pages["2024/geactiveerd.html"])
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    page.evaluate("window.scrollTo(0, document.querySelector('.content').getBoundingClientRect().top + 400)")
    boxes = page.evaluate("""Array.from(document.querySelectorAll('.toc[aria-label^=Hoofdstukken] li'), li =>
        [li.getBoundingClientRect().top, li.getBoundingClientRect().bottom])""")
    page.close()
    assert len(boxes) == 9
    assert all(top >= 0 and bottom <= 650 for top, bottom in boxes)


def test_dark_and_light_figures_differ(browser: Browser, pages: dict[str, str]) -> None:
    shots = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(pages["2024/geactiveerd.html"])
        shots.append(page.locator("figure img").first.screenshot())
        page.close()
    assert shots[0] != shots[1]


def test_nothing_that_must_not_be_cut_is_taller_than_a_sheet(printed: dict[str, Printed]) -> None:
    for name, p in printed.items():
        assert [u for u in p.uncut if u[1] != "avoid" or u[2] > SHEET[1]] == [], name


def test_on_paper_heads_of_tables_return_and_only_the_paper_is_used(printed: dict[str, Printed]) -> None:
    for name, p in printed.items():
        assert set(p.heads) <= {"table-header-group"}, name
        assert p.overflowing == [], name
        assert set(p.heights_of_the_screens_own) == {0}, name


def test_the_numbers_of_a_figure_are_on_paper_too(printed: dict[str, Printed]) -> None:
    assert printed["2024/geactiveerd.html"].heights_of_numbers[0] > 50


def test_on_paper_what_is_said_beside_a_number_is_not_larger_than_the_text(printed: dict[str, Printed]) -> None:
    assert {name: p.letters for name, p in printed.items() if len(p.letters) > 1} == {}


def test_a_printed_page_is_a4(printed: dict[str, Printed]) -> None:
    assert {name: p.sheets for name, p in printed.items() if p.sheets != {(595, 842)}} == {}


@pytest.mark.parametrize(("width", "room"), [(1280, 900), (320, 2 * 568)])
def test_what_came_of_it_what_does_not_hold_and_what_to_decide_are_told_at_once(
    browser: Browser, pages: dict[str, str], width: int, room: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 568})
    page.goto(pages["index.html"])
    told = page.evaluate("""Array.from(document.querySelectorAll('.points li'), li =>
        [li.querySelector('h3').textContent, li.getBoundingClientRect().bottom])""")
    page.close()
    asked = ["Wat kwam ervan?", "Welke gepubliceerde cijfers kloppen niet?", "Wat is er te beslissen?"]
    assert [label for label, bottom in told if bottom <= room][:3] == asked


@pytest.mark.parametrize(
    ("name", "apart", "most"),
    [("index.html", ".site > section:not(.council), footer", 2), ("in-eenvoudige-taal.html", "none", 1)],
)
def test_what_is_told_in_short_fits_so_many_sheets(
    browser: Browser, pages: dict[str, str], name: str, apart: str, most: int
) -> None:
    page = browser.new_page()
    page.goto(pages[name])
    page.evaluate("apart => document.querySelectorAll(apart).forEach(e => e.remove())", apart)
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    page.close()
    assert len(sheets) == most


_OVERFLOWING = """
    document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    Array.from(document.querySelectorAll('body *'))
        .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(e => `${e.tagName}.${e.className}`).slice(0, 5)
"""
