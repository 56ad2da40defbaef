"""Who writes about a heading, a table or a figure can point at it, and cite it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from mp_eval.publish.linked import linked, title
from mp_eval.workspace import Workspace


@pytest.fixture(scope="module", params=["2024/geactiveerd.html", "index.html", "verantwoording.html"])
def page(request: pytest.FixtureRequest, released: Workspace) -> BeautifulSoup:
    return BeautifulSoup(Path(released.output / request.param).read_text(encoding="utf-8"), "html.parser")


def test_each_heading_table_and_figure_with_a_place_has_a_link_to_itself(page: BeautifulSoup) -> None:
    places = {e["id"] for e in page.select("main :is(h2, h3, caption, figure)[id]")}
    assert {a["href"][1:] for a in page.select("main a.self")} == places
    assert len(page.select("figure.chart")) == len(page.select("figure.chart[id]"))


def test_a_link_to_itself_is_named_after_it_and_changes_no_text(page: BeautifulSoup) -> None:
    links = page.select("a.self")
    assert all(a["aria-label"].startswith("Verwijzing naar ‘") and not a.get_text() for a in links)
    assert len({a["href"] for a in links}) == len(links)


def test_a_table_is_cited_with_its_title_period_day_and_mark(released: Workspace) -> None:
    made = BeautifulSoup((released.output / "2024/gesproken.html").read_text(encoding="utf-8"), "html.parser")
    cited = [p.get_text() for p in made.select("main .cite")]
    captions = [c.get_text() for c in made.select("main caption .title")]
    assert [c.partition("‘")[2].partition("’")[0] for c in cited] == [c for c in captions if any(c in x for x in cited)]
    assert "(2024), gegevens tot en met 15-07-2025, kenmerk " in cited[0]
    foot = made.select_one("footer").get_text(" ", strip=True)
    assert "Zo verwijst u hiernaar: Gemeente Rijswijk, ‘Hoeveel inwoners zijn gesproken?’ (2024)" in foot


def test_what_has_no_place_gets_no_link() -> None:
    html = "<h2>Zonder</h2><table><caption>Ook</caption></table><figure class='chart'></figure>"
    assert linked(html) == html
    assert title(html) == ""


def test_a_name_with_signs_stays_in_its_attribute() -> None:
    made = BeautifulSoup(linked('<h3 id="a">Meer &lt;dan "5"&gt;</h3>'), "html.parser")
    assert made.a["aria-label"] == 'Verwijzing naar ‘Meer <dan "5">’'
