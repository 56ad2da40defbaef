"""Words that are not for readers: of files, settings, methods and of how it is made; they have pages of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from mp_eval.present.wording import words
from mp_eval.workspace import Workspace

NOT_FOR_READERS = re.compile(
    r"uitdraai|Wilson|Aalen|Kaplan|sha256|\w+\.toml|data/raw|\[\[?\w+[.\]]|bootstrap|kwantiel|censur|\bNaN\b|p-waarde"
    r"|[vo][ae][nr] één periode|de afgeschermde metingen",
    re.IGNORECASE,
)
THEIR_OWN = {"begrippen.html", "verantwoording.html"}
# What is told to who has the files, on their screen; and on the page of the account.
FOR_OTHERS = {"whole", "account", "not_read", "reason", "hidden", "no_paper"}


def test_no_page_uses_a_word_that_is_not_for_readers(released: Workspace) -> None:
    found = {
        path.relative_to(released.output).as_posix(): sorted(set(NOT_FOR_READERS.findall(_read(path))))
        for path in released.output.rglob("*.html")
        if path.name not in THEIR_OWN
    }
    assert {page: used for page, used in found.items() if used} == {}


def _read(path: Path) -> str:
    """What is read on a page; what is opened below a table is for who checks it."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for element in soup.select("details.code, style"):
        element.decompose()
    return soup.get_text(" ")


@pytest.mark.parametrize("section", sorted(words().keys() - FOR_OTHERS))
def test_no_sentence_that_may_come_on_a_page_does(section: str) -> None:
    found = {key: NOT_FOR_READERS.findall(text) for key, text in words()[section].items()}
    assert {key: used for key, used in found.items() if used} == {}


@pytest.mark.parametrize(
    "text", ["op de dag van de uitdraai", "het interval (Wilson)", "in evaluation.toml", "[costs.x]"]
)
def test_the_list_finds_what_it_is_for(text: str) -> None:
    assert NOT_FOR_READERS.search(text)


@pytest.mark.parametrize("text", ["in meer dan één periode", "[in te vullen", "de periode van 2024"])
def test_the_list_leaves_plain_words(text: str) -> None:
    assert not NOT_FOR_READERS.search(text)
