"""The pages around the chapters: every word is explained, every delivery and version accounted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from mp_eval import tidy
from mp_eval.evaluation import Evaluation
from mp_eval.periods import parse
from mp_eval.present import definitions as terms
from mp_eval.present.wording import definitions, words
from mp_eval.publish import account, around, versions
from mp_eval.publish import definitions as begrippen
from mp_eval.publish.frame import Frame
from mp_eval.publish.site import Entry
from mp_eval.register import Figure
from mp_eval.workspace import Disclosure

FRAME = Frame("Begrippen", municipality="Rijswijk")
MADE = [account.Made("2024: bereik", "period = 2024", "0123456789ab")]


@pytest.fixture(scope="module", params=["begrippen", "verantwoording"])
def soup(request: pytest.FixtureRequest, committed: Evaluation) -> BeautifulSoup:
    pages = {
        "begrippen": lambda: begrippen.page(committed, FRAME),
        "verantwoording": lambda: account.page(committed, FRAME, made=MADE),
    }
    return BeautifulSoup(pages[request.param](), "html.parser")


@pytest.fixture
def accounted(committed: Evaluation) -> str:
    return BeautifulSoup(account.page(committed, FRAME, made=MADE), "html.parser").get_text(" ")


def test_ids_are_unique_and_links_within_the_page_lead_somewhere(soup: BeautifulSoup) -> None:
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in soup.select("a[href^='#']")} <= set(ids)


def test_one_h1_and_every_table_has_its_caption(soup: BeautifulSoup) -> None:
    assert len(soup.select("h1")) == 1
    assert len(soup.select("table")) == len(soup.select("table > caption"))


def test_every_measure_has_a_word_a_meaning_and_a_unit() -> None:
    known = definitions()
    assert set(tidy.MEASURES) <= set(known["measure"]) & set(words()["measure"])
    assert {m.unit for m in tidy.MEASURES.values()} <= set(known["unit"])
    assert {m.kind for m in tidy.MEASURES.values()} <= set(known["kind"])
    assert {r for m in tidy.MEASURES.values() for r in m.breakdowns.values()} <= set(known["relation"])
    assert {b for m in tidy.MEASURES.values() for b in m.breakdowns} <= set(words()["breakdown"])


def test_every_status_has_a_word_and_a_meaning() -> None:
    assert (
        {*tidy.STATUSES, "hidden"}
        == set(definitions()["value_status"])
        == set(definitions()["value_status_definition"])
    )


def test_what_is_measured_is_defined_on_the_page_and_nothing_else(committed: Evaluation) -> None:
    page = BeautifulSoup(begrippen.page(committed, FRAME), "html.parser")
    found = {e["id"].removeprefix("maat-").replace("-", "_") for e in page.select("[id^=maat-]")}
    assert found == set(committed.measures["measure"])
    assert len(page.select(".definition")) == sum(len(c.terms) for c in terms.chapters(committed.measures))


def test_every_delivered_file_is_named_with_its_mark(accounted: str, committed: Evaluation) -> None:
    files = [item for received in committed.received.values() for item in received.files.items()]
    assert files
    assert [name for name, digest in files if not (name in accounted and digest[:16] in accounted)] == []


def test_the_account_names_the_versions_and_the_runs(accounted: str) -> None:
    assert all(version in accounted for _, version in versions.packages())
    assert "2024: bereik period = 2024 0123456789ab" in " ".join(accounted.split())


def test_the_account_says_whether_small_counts_are_in_it(committed: Evaluation) -> None:
    settings = replace(committed.workspace.settings, disclosure=Disclosure(internal=False))
    public = replace(committed, workspace=replace(committed.workspace, settings=settings))
    assert "niet openbaar worden" in account.page(committed, FRAME, made=MADE)
    assert "niet openbaar worden" not in account.page(public, FRAME, made=MADE)


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("hide", "van 1 tot en met 9 worden niet getoond"),
        ("round", "afgerond op vijftallen"),
        ("hide_and_round", "van 1 tot en met 9 worden niet getoond; daar staat een x. Alle andere"),
    ],
)
def test_the_account_tells_the_rule_that_was_followed(committed: Evaluation, method: str, said: str) -> None:
    disclosure = Disclosure(internal=False, threshold=10, method=method)
    settings = replace(committed.workspace.settings, disclosure=disclosure)
    public = replace(committed, workspace=replace(committed.workspace, settings=settings))
    page = account.page(public, FRAME, made=MADE)
    assert said in page
    assert ("niet getoond" in page) == (method != "round")
    assert "Wat een eerdere openbare uitgave toonde" in page


def test_what_follows_from_publications_is_accounted_for(committed: Evaluation) -> None:
    settings = replace(committed.workspace.settings, disclosure=Disclosure(internal=False))
    measures = committed.measures.copy()
    is_it = (measures["period"] == "2024") & (measures["measure"] == "conversations") & (measures["breakdown"] == "")
    measures.loc[is_it, ["value", "status"]] = [pd.NA, "hidden"]
    public = replace(
        committed,
        workspace=replace(committed.workspace, settings=settings),
        measures=measures,
        figures=(),
        reconciliation=committed.reconciliation.iloc[:0],
        known=(("2024", "conversations", "", "", ""),),
    )
    assert "volgt uit gepubliceerde cijfers" in account.page(public, FRAME, made=MADE)
    assert "volgt uit gepubliceerde" not in account.page(replace(public, known=()), FRAME, made=MADE)


def test_a_row_of_which_the_order_is_unclear_is_accounted_for(committed: Evaluation) -> None:
    settings = replace(committed.workspace.settings, disclosure=Disclosure(internal=False))
    measures = committed.measures.copy()
    is_it = (measures["period"] == "2024") & (measures["category"] == "informal_care")
    measures.loc[is_it, ["value", "status"]] = [pd.NA, "hidden"]
    unclear = Figure(
        "f",
        "Nota",
        1,
        "Vijf.",
        parse("2024"),
        "activated",
        "activity",
        ("volunteering", "informal_care"),
        5.0,
        "exact",
        "",
    )
    public = replace(
        committed,
        workspace=replace(committed.workspace, settings=settings),
        measures=measures,
        figures=(unclear,),
        reconciliation=committed.reconciliation.iloc[:0],
    )
    text = " ".join(BeautifulSoup(account.page(public, FRAME, made=MADE), "html.parser").get_text(" ").split())
    assert "vrijwilligerswerk of mantelzorg 2024 5 bij een van deze" in text.casefold()
    assert "Geen van de afgeschermde" not in text


def test_a_library_in_no_repository_has_no_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(versions, "PACKAGE", tmp_path)
    assert versions.commit() == ""
    versions.library.cache_clear()
    assert "commit" not in versions.library()
    versions.library.cache_clear()


def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert versions.commit() == ""


def card(period: str, chapter: str, *, is_whole: bool = False) -> around.Card:
    days = date(2024, 1, 1), date(2025, 1, 1)
    numbers = (("175", "gesproken", "per maand"),)
    page = f"{'alle-perioden' if is_whole else period}/{chapter}.html"
    entry = Entry(page, period, "2024", "dagen", *days, numbers, ("Let op.",), is_whole)
    return around.Card(entry, f"Hoe zit het met {chapter}?", "decimals = 1", "0123456789abcdef")


def test_a_card_is_read_as_it_was_written() -> None:
    one = card("2024", "bereik")
    assert around.from_json(around.to_json(one)) == one


def test_a_period_is_shown_once_with_all_its_chapters_and_its_workbook() -> None:
    cards = [card("Alle perioden", "aansluiting", is_whole=True), card("2024", "bereik"), card("2024", "ladder")]
    first, whole = around.entries(cards, {"2024/werkboek-2024.xlsx": 1000})
    assert [link.href for link in first.chapters] == ["2024/bereik.html", "2024/ladder.html"]
    assert [file.href for file in first.files] == ["2024/werkboek-2024.xlsx"]
    assert (whole.is_whole, whole.files) == (True, ())


def test_a_chapter_that_says_only_why_it_has_nothing_to_tell_stands_apart() -> None:
    (entry,) = around.entries([card("2024", "bereik"), replace(card("2024", "ladder"), has_numbers=False)], {})
    assert [link.href for link in entry.chapters] == ["2024/bereik.html"]
    assert [link.href for link in entry.empty] == ["2024/ladder.html"]


def test_the_account_lists_each_chapter_with_its_run() -> None:
    assert around.made([card("2024", "bereik")]) == [account.Made("2024: Bereik", "decimals = 1", "0123456789abcdef")]
