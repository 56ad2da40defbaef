"""Every page of the site leads to its neighbours, to the same question elsewhere, and back to the top."""

from __future__ import annotations

from mp_eval.publish.frame import Link
from mp_eval.publish.navigation import of_chapter, of_site

NAMES = {"2023": "2023", "2024": "Juni 2023 tot juli 2024", "alle-perioden": "Alle perioden"}
HREFS = ["2023/bereik.html", "2024/bereik.html", "2024/ladder.html", "alle-perioden/aansluiting.html"]


def texts(links: tuple[Link, ...]) -> list[str]:
    return [link.text for link in links]


def test_a_chapter_knows_its_period_and_its_neighbours() -> None:
    found = of_chapter("2024/ladder.html", HREFS, names=NAMES, data={"2024/werkboek.xlsx": "Werkboek"})
    assert found.chapters == (Link("Bereik", "bereik.html"), Link("Ladder", "ladder.html", is_here=True))
    assert found.before == Link("Bereik, juni 2023 tot juli 2024", "bereik.html")
    assert found.after == Link("Aansluiting, alle perioden", "../alle-perioden/aansluiting.html")
    assert found.data == (Link("Werkboek", "werkboek.xlsx"),)


def test_another_period_leads_to_the_same_chapter_or_else_to_its_first() -> None:
    bereik = of_chapter("2024/bereik.html", HREFS, names=NAMES, data={})
    assert [link.href for link in bereik.periods] == [
        "../2023/bereik.html", "bereik.html", "../alle-perioden/aansluiting.html",
    ]  # fmt: skip
    ladder = of_chapter("2024/ladder.html", HREFS, names=NAMES, data={})
    assert ladder.periods[0] == Link("2023", "../2023/bereik.html")
    assert texts(ladder.periods) == list(NAMES.values())


def test_reading_goes_by_period_whatever_the_order_of_the_pages() -> None:
    jumbled = [HREFS[3], HREFS[1], HREFS[0], HREFS[2]]
    assert of_chapter(HREFS[1], jumbled, names=NAMES, data={}) == of_chapter(HREFS[1], HREFS, names=NAMES, data={})


def test_the_first_has_nothing_before_and_the_last_nothing_after() -> None:
    assert of_chapter(HREFS[0], HREFS, names=NAMES, data={}).before is None
    assert of_chapter(HREFS[-1], HREFS, names=NAMES, data={}).after is None


def test_a_period_without_pages_is_no_way() -> None:
    assert texts(of_chapter("2023/bereik.html", HREFS[:1], names=NAMES, data={}).periods) == ["2023"]


def test_the_pages_of_the_site_mark_themselves() -> None:
    assert [(link.href, link.is_here) for link in of_site("begrippen.html").site] == [
        ("index.html", False), ("begrippen.html", True), ("verantwoording.html", False),
    ]  # fmt: skip
