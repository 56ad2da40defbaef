"""The pages in a real browser: accessible, complete without a network, no wider than a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

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
PAGES = [
    "index.html",
    "2022-2023/gesproken-en-geactiveerd.html",
    "2024/gesproken-en-geactiveerd.html",
    "alle-perioden/perioden-en-aansluiting.html",
]

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


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")], ids=lambda p: f"{p[0]}-{p[1]}")
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible_complete_and_fits(screen: Page, released: Workspace, page: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    screen.on("request", lambda request: asked.append(request.url))
    screen.on("console", lambda message: said.append(message.text))
    address = (released.output / page).as_uri()
    screen.goto(address)
    for details in screen.locator("details").all():
        details.evaluate("element => element.open = true")
    violations = Axe().run(screen, options={"runOnly": STANDARDS}).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in violations] == []
    assert [url for url in asked if not url.startswith(("data:", address))] == []
    assert said == []
    assert screen.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_every_image_is_drawn(browser: Browser, released: Workspace) -> None:
    page = browser.new_page()
    page.goto((released.output / PAGES[2]).as_uri())
    widths = page.evaluate("Array.from(document.images, image => image.naturalWidth)")
    page.close()
    assert widths
    assert min(widths) > 0
