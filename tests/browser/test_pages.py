"""The pages in a real browser: accessible, complete without a network, no wider than a phone, whole on paper."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

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
MM = 96 / 25.4  # pixels
SHEET = (174 * MM, 257 * MM)  # what the margins leave of A4
UNCUT = (
    "figure:not(.long), figure picture, .table:not(.long), .prose table, tr, .answer, .headline, .check, .card, "
    ".timeline, .definition"
)

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


@pytest.fixture(scope="module", params=SCREENS, ids=[f"{width}-{scheme}" for width, scheme in SCREENS])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Iterator[Page]:
    """A page laid out as on a sheet of A4, between its margins."""
    context = browser.new_context(viewport={"width": int(SHEET[0]), "height": int(SHEET[1])}, offline=True)
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def test_every_page_is_accessible(screen: Page, pages: dict[str, str]) -> None:
    axe, found = Axe(), {}
    for name, address in pages.items():
        screen.goto(address)
        _unfold(screen)
        violations = axe.run(screen, options=ASKED).response["violations"]
        found[name] = [(v["id"], v["nodes"][0]["html"][:200]) for v in violations]
    assert {name: said for name, said in found.items() if said} == {}


def test_every_page_is_complete_without_a_network(screen: Page, pages: dict[str, str]) -> None:
    asked: list[str] = []
    said: list[str] = []
    screen.on("request", lambda request: asked.append(request.url))
    screen.on("console", lambda message: said.append(message.text))
    for address in pages.values():
        screen.goto(address)
        _unfold(screen)
        assert screen.evaluate("Array.from(document.images).every(image => image.complete && image.naturalWidth > 0)")
    assert [url for url in asked if not url.startswith(("data:", *pages.values()))] == []
    assert len([url for url in asked if url.startswith("file:")]) == len(pages)
    assert said == []


def test_no_page_is_wider_than_the_screen(screen: Page, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        screen.goto(address)
        _unfold(screen)
        assert screen.evaluate(_OVERFLOWING) == [], name


def test_a_wide_table_on_a_phone_is_cards_that_still_say_their_columns(browser: Browser, pages: dict[str, str]) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900})
    page.goto(pages["2024/geactiveerd.html"])
    labels = page.evaluate("""Array.from(document.querySelectorAll('.wide td:not(.prose)'), td =>
        [getComputedStyle(td).display, getComputedStyle(td, '::before').content.includes(td.dataset.label)])""")
    page.close()
    assert labels
    assert {tuple(label) for label in labels} == {("flex", True)}


def test_the_keyboard_begins_at_the_skip_link_and_it_leads_to_the_content(
    browser: Browser, pages: dict[str, str]
) -> None:
    page = browser.new_page()
    for name, address in pages.items():
        page.goto(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", name
        assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0"), name
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "inhoud", name
    page.close()


def test_dark_and_light_figures_differ(browser: Browser, pages: dict[str, str]) -> None:
    shots = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(pages["2024/geactiveerd.html"])
        shots.append(page.locator("figure img").first.screenshot())
        page.close()
    assert shots[0] != shots[1]


def test_nothing_that_must_not_be_cut_is_taller_than_a_sheet(paper: Page, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        paper.goto(address)
        found = paper.evaluate(
            """uncut => Array.from(document.querySelectorAll(uncut), element =>
                [element.className || element.tagName, getComputedStyle(element).breakInside,
                 element.getBoundingClientRect().height])""",
            UNCUT,
        )
        assert [f for f in found if f[1] != "avoid" or f[2] > SHEET[1]] == [], name


def test_on_paper_heads_of_tables_return_and_only_the_paper_is_used(paper: Page, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        paper.goto(address)
        displays = paper.evaluate("Array.from(document.querySelectorAll('thead'), e => getComputedStyle(e).display)")
        assert set(displays) <= {"table-header-group"}, name
        assert paper.evaluate(_OVERFLOWING) == [], name
        hidden = paper.evaluate("""Array.from(document.querySelectorAll('nav, .skip, details.code'),
            e => e.getBoundingClientRect().height)""")
        assert set(hidden) == {0}, name


def test_the_numbers_of_a_figure_are_on_paper_too(paper: Page, pages: dict[str, str]) -> None:
    paper.goto(pages["alle-perioden/perioden-naast-elkaar.html"])
    assert paper.evaluate("document.querySelector('figure table').getBoundingClientRect().height") > 50


def test_a_printed_page_is_a4(browser: Browser, pages: dict[str, str], tmp_path: Path) -> None:
    page = browser.new_page()
    for name, address in pages.items():
        page.goto(address)
        pdf = page.pdf(prefer_css_page_size=True)
        sizes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)}
        assert {(round(width), round(height)) for width, height in sizes} == {(595, 842)}, name
    page.close()


_OVERFLOWING = """
    document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
    Array.from(document.querySelectorAll('body *'))
        .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map(e => `${e.tagName}.${e.className}`).slice(0, 5)
"""


def _unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
