"""Another language of the pages is another words' file: one chapter in English, from its question to its foot."""

from __future__ import annotations

import re
import tomllib
from html import unescape
from pathlib import Path
from string import Formatter

import edges
import nbformat
import pytest
from commands import mp_eval

from mp_eval import spoken
from mp_eval import workspace as places
from mp_eval.faults import FaultsFound
from mp_eval.present import wording

# Words of Dutch that no English sentence has; the names of delivered files are not words of ours.
DUTCH = re.compile(
    r"\b(de|het|een|van|en|voor|niet|zijn|bij|met|naar|wie|deze|dit|gesprek|gesprekken|inwoners?|gegevens|rijen?|t/m"
    r"|kenmerk|maand|periode|overzicht|begrippen|verwijzing|figuur)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"[\w-]+\.(csv|html|ipynb|xlsx)|#[\w-]+|verzonnen")


@pytest.fixture(autouse=True)
def dutch_again() -> object:
    yield
    spoken.speak({})


def words(language: str, kind: str = "") -> dict[str, dict[str, str]]:
    return tomllib.loads((wording.FOLDER / f"{language}{kind}.toml").read_text(encoding="utf-8"))


def read(page: Path) -> str:
    """All that a reader sees, hears or copies of a page, but for code."""
    html = page.read_text(encoding="utf-8")
    html = re.sub(r"<style.*?</style>|<pre.*?</pre>|src(set)?=\"[^\"]*\"|class=\"[^\"]*\"", " ", html, flags=re.DOTALL)
    said = re.findall(r'(?:alt|aria-label|title|content)="([^"]*)"', html)
    return NAMES.sub(" ", unescape(" ".join([re.sub(r"<[^>]+>", " ", html), *said])))


@pytest.mark.slow
def test_a_chapter_in_english_has_no_dutch(tmp_path: Path) -> None:
    root = edges.one_resident(tmp_path).root
    settings = root / places.SETTINGS_FILE
    text = settings.read_text(encoding="utf-8").replace("[municipality]\n", '[municipality]\nlanguage = "en"\n')
    settings.write_text(text + '\n[run]\nchapters = ["02"]\n', encoding="utf-8")
    done = mp_eval("run", workspace=root)
    assert done.returncode == 0, done.stderr
    page = root / "output/2024/gesproken.html"
    said = read(page)
    assert DUTCH.findall(said) == []
    assert '<html lang="en">' in page.read_text(encoding="utf-8")
    assert "In 2024 1 resident was spoken to for the first time." in re.sub(r"\s+", " ", said)
    whole = re.sub(r"\s+", " ", read(root / "output/alle-perioden/gesproken.html"))
    assert "January 2023 until January 2025" in whole
    around = ("in-eenvoudige-taal.html", "uitgaven.html", "toegankelijkheid.html")
    assert [(name, DUTCH.findall(read(root / "output" / name))) for name in around] == [(name, []) for name in around]


def test_every_word_of_a_language_is_one_that_is_asked_with_the_same_places() -> None:
    """A key that the Dutch file does not have is asked nowhere; a text fills in what the Dutch one does."""
    for kind in ("", ".measures"):
        dutch, english = words("nl", kind), words("en", kind)
        prose = english.pop("prose", {})
        assert [(s, key) for s, texts in english.items() for key in texts if key not in dutch.get(s, {})] == []
        pairs = [(dutch[s][key], text) for s, texts in english.items() for key, text in texts.items()]
        assert [pair for pair in pairs if fields(pair[0]) != fields(pair[1])] == []
        for name in prose:
            notebook, _, cell = name.partition(".")
            brought = nbformat.read(edges.ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4)
            assert cell in {c.id for c in brought.cells if c.cell_type == "markdown"}


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text)}


def test_what_a_language_lacks_is_dutch() -> None:
    spoken.speak({}, "en")
    assert (wording.word("measure", "spoken"), wording.word("measure", "activated")) == (
        "residents spoken to",
        "geactiveerde inwoners",
    )
    assert (wording.number(1234.5, 1), wording.percent(0.125)) == ("1,234.5", "12.5%")


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("2024", "2024"),
        ("juni 2023 tot juli 2024", "June 2023 until July 2024"),
        ("5 mei 2024 tot en met 6 juni 2024", "5 May 2024 through 6 June 2024"),
        ("2022 en 2024", "2022 and 2024"),
    ],
)
def test_a_period_is_told_in_the_language(dutch: str, english: str) -> None:
    spoken.speak({}, "en")
    assert wording.period(dutch) == english


def test_a_language_without_words_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / places.SETTINGS_FILE).write_text('[municipality]\nname = "X"\nlanguage = "fy"\n', encoding="utf-8")
    with pytest.raises(FaultsFound) as error:
        places.find(tmp_path)
    assert [(f.column, f.expected) for f in error.value.faults] == [
        ("municipality.language", "een taal waarvoor mp-eval woorden heeft: en, nl")
    ]
