"""The landing page: each period, what it shares with another, and a link that leads somewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup

from mp_eval.present.council import Point, Topic
from mp_eval.publish.frame import Frame, Link
from mp_eval.publish.navigation import of_site
from mp_eval.publish.site import Change, Entry, File, index
from mp_eval.workspace import Revision


def entry(title: str, start: date, end: date, *, is_whole: bool = False, marks: tuple[str, ...] = ()) -> Entry:
    headline = (("175", "inwoners gesproken", "14,6 per maand"), ("113", "geactiveerd", ""))
    page, days = f"{title}/a.html", f"dagen van {title}"
    chapters = (Link("Vraag een?", page), Link("Vraag twee?", f"{title}/b.html"))
    files = (File("Werkboek", f"{title}/werkboek.xlsx", 34_567),)
    points = ("Op 1 mei is **1 inwoner** in begeleiding.",)
    empty = (Link("Vraag zonder cijfers?", f"{title}/c.html"),)
    return Entry(page, title, days, "dates", start, end, headline, marks, is_whole, chapters, empty, files, points)


FIRST = entry("2022-2023", date(2022, 9, 1), date(2023, 6, 1))
SECOND = entry("2023-2024", date(2023, 6, 1), date(2024, 7, 1))
THIRD = entry("2024", date(2024, 1, 1), date(2025, 1, 1), marks=("Levering onvolledig",))
WHOLE = entry("alle-perioden", date(2022, 9, 1), date(2025, 1, 1), is_whole=True)


def test_what_was_corrected_is_told_the_last_first() -> None:
    revisions = (Revision(date(2026, 3, 1), "te hoog."), Revision(date(2026, 9, 1), "te <laag>."))
    soup = BeautifulSoup(index([FIRST, WHOLE], Frame("Evaluatie"), revisions=revisions), "html.parser")
    told = [li.get_text() for li in soup.find(id="hersteld").parent.select("li")]
    assert told == ["Sinds 1 september 2026: te <laag>.", "Sinds 1 maart 2026: te hoog."]
    assert "hersteld" not in landing(FIRST, WHOLE).casefold()


def landing(*entries: Entry, changes: tuple[Change, ...] | None = None) -> str:
    marks = ("Interne uitgave: niet openbaar maken",)
    frame = Frame("Evaluatie", marks=marks, municipality="Rijswijk", navigation=of_site("index.html"))
    return index(
        entries,
        frame,
        points=(Point("Het zijn er **<5**.", "a", "2024", "Wat kwam ervan?"), Point("Elders.", "weg", "2024", "En?")),
        topics=(Topic("done", (Point("Over **2024** zijn er 175 gesproken.", "b", "2024"),)),),
        files=(File("Alle metingen", "metingen.csv", 400, "Eén rij per meting."),),
        changes=changes,
    )


@pytest.fixture(scope="module")
def soup() -> BeautifulSoup:
    return BeautifulSoup(landing(FIRST, SECOND, THIRD, WHOLE), "html.parser")


def test_overlap_is_said_in_words_once_and_not_for_the_whole(soup: BeautifulSoup) -> None:
    said = soup.select_one(".overlaps").get_text()
    assert re.findall("delen [^.]+", said) == ["delen januari 2024 tot en met juni 2024"]
    assert "‘Dagen van 2023-2024’ en ‘Dagen van 2024’ delen" in said


def test_overlap_is_drawn_on_both_bars(soup: BeautifulSoup) -> None:
    rows = soup.select(".timeline li")
    assert [len(row.select(".shared")) for row in rows] == [0, 1, 1, 0]


def test_bars_stand_on_a_scale_of_whole_years(soup: BeautifulSoup) -> None:
    css = soup.style.get_text()
    assert [year.get_text() for year in soup.select(".year")] == ["2022", "2023", "2024"]
    assert ".period-1 .bar{left:22.222%;width:25.000%}" in css  # months 8 to 17 of 36
    assert ".period-3 .shared-1{left:66.667%;width:16.667%}" in css  # months 24 to 30 of 36
    assert ".band-1{left:66.667%;width:16.667%}" in css
    assert len(soup.select(".band")) == 1


def test_periods_that_only_touch_share_nothing() -> None:
    assert "Geen twee perioden delen een maand." in landing(FIRST, SECOND)


def test_of_one_period_it_is_not_said_that_it_shares_nothing() -> None:
    assert "Geen twee perioden" not in landing(FIRST, WHOLE)


def test_every_period_has_a_card_with_its_figures(soup: BeautifulSoup) -> None:
    cards = soup.select("article")
    assert [card.select_one(".links a")["href"] for card in cards] == [e.page for e in (FIRST, SECOND, THIRD, WHOLE)]
    assert [card.h3.get_text() for card in cards[2:]] == ["Dagen van 2024", "alle-perioden"]
    own = [link.get_text() for link in cards[0].select(".links a")]
    assert own == [f"{name} Dagen van 2022-2023" for name in ("Vraag een?", "Vraag twee?", "Werkboek")]
    assert [value.get_text() for value in cards[0].select(".value")] == ["175", "113"]
    assert cards[2].select_one(".marks").get_text(strip=True) == "Levering onvolledig"


def test_the_main_points_come_first_and_each_leads_to_its_chapter_if_that_is_there(soup: BeautifulSoup) -> None:
    first, *rest = soup.select("main section")
    assert [h3.get_text() for h3 in first.select("h3")] == ["Wat kwam ervan?", "En?"]
    assert first.select_one("strong").get_text() == "<5"
    assert [(a["href"], a.get_text()) for a in first.select("li a")] == [("2024/a.html", "A, dagen van 2024")]
    assert [section.h2.get_text() for section in rest[:2]] == ["Wat is er gedaan?", "De perioden"]


def test_a_period_leads_to_its_main_points_on_the_page(soup: BeautifulSoup) -> None:
    targets = [link["href"][1:] for link in soup.select(".timeline a")]
    assert [soup.find(id=target).h3.get_text() for target in targets[:3]] == [
        "Dagen van 2022-2023", "Dagen van 2023-2024", "Dagen van 2024",
    ]  # fmt: skip
    assert soup.find(id=targets[2]).select_one(".point").get_text() == "Op 1 mei is 1 inwoner in begeleiding."
    assert soup.find(id=targets[3]).name == "h2"


def test_a_chapter_without_numbers_is_said_to_be_so_and_is_not_among_the_others(soup: BeautifulSoup) -> None:
    card = soup.find(id="periode-2024")
    assert "Zonder cijfers" in [h4.get_text() for h4 in card.select("h4")]
    assert [link["href"] for link in card.select(".empty a")] == ["2024/c.html"]
    assert "2024/c.html" not in [link["href"] for link in card.select(".links a")]


def test_links_to_different_places_have_different_texts(soup: BeautifulSoup) -> None:
    leads: dict[str, set[str]] = {}
    for link in soup.select("main a"):
        leads.setdefault(link.get_text(), set()).add(str(link["href"]).partition("#")[0])
    assert {text: places for text, places in leads.items() if len(places) > 1} == {}


def test_a_hidden_number_on_a_card_is_read_aloud() -> None:
    hidden = replace(FIRST, headline=(("x", "inwoners gesproken", ""),))
    (value,) = BeautifulSoup(landing(hidden), "html.parser").select(".headline .value")
    assert value.select_one("[aria-hidden]").get_text() == "x"
    assert value.select_one(".visually-hidden").get_text() == "afgeschermd"


def test_one_h1_language_title_and_marks(soup: BeautifulSoup) -> None:
    assert [h1.get_text() for h1 in soup.select("h1")] == ["Evaluatie"]
    assert (soup.html["lang"], soup.title.get_text()) == ("nl", "Evaluatie - gemeente Rijswijk")
    assert [mark.get_text() for mark in soup.select(".hero + .marks li")] == ["Interne uitgave: niet openbaar maken"]


def test_downloads_and_navigation_are_relative_and_nothing_runs(soup: BeautifulSoup) -> None:
    assert [a["href"] for a in soup.select(".files a[download]")] == ["metingen.csv"]
    assert not [a for a in soup.select("a") if re.match(r"(?:[a-z]+:)?//", str(a["href"]))]
    assert not soup.select("script, link, img, [style]")
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_a_file_tells_its_kind_and_size(soup: BeautifulSoup) -> None:
    assert [text.get_text() for text in soup.select(".card .size")] == ["(Excel, 35 kB)"] * 4
    assert soup.select_one(".files .size").get_text() == "(CSV, 1 kB)"


def test_what_changed_is_a_table_and_no_change_is_said() -> None:
    one = (Change("Gesproken inwoners, 2024", "171", "175", "+4 <ruim>"),)
    table = BeautifulSoup(landing(FIRST, changes=one), "html.parser").table
    assert [cell.get_text() for cell in table.tbody.find_all(["th", "td"])] == [
        "Gesproken inwoners, 2024", "171", "175", "+4 <ruim>",
    ]  # fmt: skip
    assert [len(table.select(f"[scope={scope}]")) for scope in ("col", "row")] == [4, 1]
    assert "Geen enkel cijfer is anders dan in de vorige uitgave." in landing(FIRST, changes=())


def test_many_changes_are_counted_and_the_first_are_shown() -> None:
    many = tuple(Change(f"Cijfer {n}", "1", "2", "+1") for n in range(20))
    soup = BeautifulSoup(landing(FIRST, changes=many), "html.parser")
    assert len(soup.select("tbody tr")) == 15
    assert "En nog 5 andere" in soup.get_text()


def test_a_first_release_compares_with_nothing() -> None:
    assert "vorige uitgave" not in landing(FIRST)


def test_the_same_entries_give_the_same_bytes() -> None:
    assert landing(FIRST, SECOND) == landing(FIRST, SECOND)


def test_a_site_without_a_page_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one page"):
        landing()
