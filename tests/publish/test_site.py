"""The landing page: each period, what it shares with another, and a link that leads somewhere."""

from __future__ import annotations

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup

from mp_eval.publish.site import Entry, index


def entry(title: str, start: date, end: date, *, is_whole: bool = False, marks: tuple[str, ...] = ()) -> Entry:
    headline = (("175", "inwoners gesproken", "14,6 per maand"), ("113", "geactiveerd", ""))
    answer = "Van de 175 inwoners begonnen er 113."
    return Entry(f"{title}.html", title, "wording", "dates", start, end, headline, answer, marks, is_whole)


FIRST = entry("2022-2023", date(2022, 9, 1), date(2023, 6, 1))
SECOND = entry("2023-2024", date(2023, 6, 1), date(2024, 7, 1))
THIRD = entry("2024", date(2024, 1, 1), date(2025, 1, 1), marks=("Levering onvolledig",))
WHOLE = entry("alle-perioden", date(2022, 9, 1), date(2025, 1, 1), is_whole=True)


def landing(*entries: Entry) -> str:
    return index(
        entries,
        municipality="Rijswijk",
        title="Evaluatie",
        intro="Eerst.\n\nDan < later.",
        marks=("Interne uitgave: niet openbaar maken",),
        downloads=(("Werkboek (Excel)", "cijfers.xlsx"),),
        provenance=(("Versie", "0.1.0"),),
    )


@pytest.fixture(scope="module")
def soup() -> BeautifulSoup:
    return BeautifulSoup(landing(FIRST, SECOND, THIRD, WHOLE), "html.parser")


def test_overlap_is_said_in_words_once_and_not_for_the_whole(soup: BeautifulSoup) -> None:
    sentences = [item.get_text() for item in soup.select(".overlaps li")]
    assert sentences == ["2023-2024 en 2024 delen januari 2024 tot en met juni 2024."]


def test_overlap_is_drawn_on_both_bars(soup: BeautifulSoup) -> None:
    rows = soup.select(".timeline li")
    assert [len(row.select(".shared")) for row in rows] == [0, 1, 1, 0]


def test_bars_stand_on_a_scale_of_whole_years(soup: BeautifulSoup) -> None:
    css = soup.style.get_text()
    assert [year.get_text() for year in soup.select(".year")] == ["2022", "2023", "2024"]
    assert ".period-1 .bar{left:22.222%;width:25.000%}" in css  # months 8 to 17 of 36
    assert ".period-3 .shared-1{left:66.667%;width:16.667%}" in css  # months 24 to 30 of 36


def test_periods_that_only_touch_share_nothing() -> None:
    assert "Geen twee perioden delen een maand." in landing(FIRST, SECOND)


def test_every_period_has_a_card_with_its_figures(soup: BeautifulSoup) -> None:
    cards = soup.select("article")
    assert [card.h3.a["href"] for card in cards] == [e.page for e in (FIRST, SECOND, THIRD, WHOLE)]
    assert [value.get_text() for value in cards[0].select(".value")] == ["175", "113"]
    assert cards[2].select_one(".marks").get_text(strip=True) == "Levering onvolledig"


def test_one_h1_language_title_and_marks(soup: BeautifulSoup) -> None:
    assert [h1.get_text() for h1 in soup.select("h1")] == ["Evaluatie"]
    assert (soup.html["lang"], soup.title.get_text()) == ("nl", "Evaluatie - Rijswijk")
    assert [mark.get_text() for mark in soup.select(".hero + .marks li")] == ["Interne uitgave: niet openbaar maken"]
    assert [text.get_text() for text in soup.select(".intro")] == ["Eerst.", "Dan < later."]


def test_downloads_and_navigation_are_relative_and_nothing_runs(soup: BeautifulSoup) -> None:
    assert soup.select_one(".downloads a")["href"] == "cijfers.xlsx"
    assert not [a for a in soup.select("a") if re.match(r"(?:[a-z]+:)?//", str(a["href"]))]
    assert not soup.select("script, link, img, [style]")
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_the_same_entries_give_the_same_bytes() -> None:
    assert landing(FIRST, SECOND) == landing(FIRST, SECOND)


def test_a_site_without_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one page"):
        landing()
