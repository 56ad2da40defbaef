"""What the command says is Dutch whatever the locale, and no argument ends in a traceback."""

from __future__ import annotations

import ast
import contextlib
import re
import shlex
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner
from commands import mp_eval
from conftest import files
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.begin import begin
from mp_eval.cli import main
from mp_eval.cli.dutch import WORDS

FOLDER = WORDS / "nl" / "LC_MESSAGES"
LONG = "x" * 5000
# Lines of words that could be anything, where another thing is expected.
ODD = r"""
''
--
-
--onbekend
-p
-p =
-p a
-p period=2024
LANG
NO_UTF8
--workspace
--workspace ''
--workspace nergens
--workspace LANG
--workspace bestand
--workspaces [
--workspaces ''
--workspaces LANG
--jobs 0
--jobs veel
--jobs 999999999999999999999999999999
--engine stoom
--cluster x
--cluster tls://
--tls-key nergens
--out bestand/x
--out LANG
--out .
--changes 2012
--changes a b
--changes 0 -1
--seed x
--seed -1
--naam ''
--naam x --periode a b c
x --naam 'a	b'
bestand --naam x
bestand/x --naam x
LANG --naam x
x --naam x --inwoners 1
x --naam x --periode 2024 01-01-2025 01-01-2024
2025 --start 30-02-2025 --end 01-03-2025
2025 --start 0001-01-01 --end 9999-12-31
2025 --start 1-1-25 --end x
con --start 2025-01-01 --end 2026-01-01
index --start 2025-01-01 --end 2026-01-01
../x --start 2025-01-01 --end 2026-01-01
2019
2019 2020 2021
nu vorige
1 2
-1
bestand
bestand --column x --key-file sleutel --out uit
bestand --column x --key-file LANG --out uit
bestand --column x --key-file bestand/x --new-key --out bestand
"""
PLACES = {"LANG": LONG, "NO_UTF8": "\udce9"}


def odd() -> list[list[str]]:
    return [[PLACES.get(word, word) for word in shlex.split(line)] for line in ODD.strip().splitlines()]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without a period, so that no argument leads to work."""
    made = begin(tmp_path_factory.mktemp("woorden") / "x", "Voorbeeldstad").root
    (made / "bestand").write_text("a;b\n1;2\n", encoding="utf-8")
    return made


def messages_of_click() -> set[str]:
    """Every message that click's source asks a translation of."""
    found = set()
    for path in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                found |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def test_click_says_nothing_that_has_no_dutch() -> None:
    with (FOLDER / "messages.po").open("rb") as file:
        known = {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file) if m.string}
    assert messages_of_click() - known == set()


def test_what_is_read_is_what_was_written() -> None:
    with (FOLDER / "messages.po").open("rb") as text, (FOLDER / "messages.mo").open("rb") as compiled:
        written, read = read_po(text, locale="nl"), read_mo(compiled)
    assert said(written) == said(read)


def test_a_message_keeps_the_places_that_are_filled_in() -> None:
    with (FOLDER / "messages.po").open("rb") as file:
        assert [error for message in read_po(file, locale="nl") for error in message.check()] == []


def said(catalog: Catalog) -> list[tuple[list[str], list[str]]]:
    """Each message with its Dutch, singular before plural."""
    texts = ((m.id, m.string) for m in catalog if m.id)
    return sorted(tuple([t] if isinstance(t, str) else list(t) for t in pair) for pair in texts)


@pytest.mark.parametrize("locale", ["C", "en_US.UTF-8"])
def test_the_command_is_dutch_in_every_locale(tmp_path: Path, locale: str) -> None:
    done = mp_eval("run", "--jobs", "veel", workspace=tmp_path, LANG=locale, LC_ALL=locale, LANGUAGE="en")
    assert "Dit kan niet bij '--jobs': 'veel' is geen getal" in done.stderr


@pytest.mark.parametrize("command", sorted(main.commands))
def test_help_has_no_word_of_english(root: Path, command: str) -> None:
    with contextlib.chdir(root):
        text = CliRunner().invoke(main, [command, "--help"], prog_name="mp-eval").output
    english = ("Usage", "Options", "Show", "INTEGER", "TEXT", "FILE", "DIRECTORY", "DATETIME", "required", "default")
    assert text.startswith("Gebruik: mp-eval")
    assert [word for word in english if word in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(main.commands))
def test_no_argument_ends_in_a_traceback_or_writes_anything(root: Path, command: str) -> None:
    """The workspace has no period, so there is nothing to make."""
    before = files(root)
    wrong = []
    for words in odd():
        with contextlib.chdir(root):
            done = CliRunner().invoke(main, [command, *words])
        is_told = isinstance(done.exception, SystemExit | None) and "Traceback" not in done.output
        if done.exit_code not in (0, 1, 2) or not is_told or (done.exit_code and not done.stderr):
            wrong.append((words, done.exit_code, done.output[-300:]))
    assert wrong == []
    if command != "init":  # which may make another workspace
        assert {name for name, data in files(root).items() if before.get(name) != data} <= {".mp-eval/lock"}


def arguments() -> st.SearchStrategy[list[str]]:
    """A command with options of its own or of another, and anything at all between them."""
    options = {
        option for command in main.commands.values() for p in command.params for option in p.opts if "-" in option
    }
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
    told = sorted({word for words in odd() for word in words} | {"2025", "2025-01-01", "bestand", "uit", "sleutel"})
    word = st.one_of(st.sampled_from(sorted(options)), st.sampled_from(told), anything)
    return st.tuples(st.sampled_from(sorted(main.commands)), st.lists(word, max_size=7)).map(lambda c: [c[0], *c[1]])


@given(words=arguments())
def test_whatever_is_typed_is_answered_in_dutch(root: Path, words: list[str]) -> None:
    with contextlib.chdir(root):
        done = CliRunner().invoke(main, words)
    english = re.search(
        r"Traceback|Error|Usage|Invalid|Missing|No such|Try |Got unexpected|does not exist", done.output
    )
    assert (type(done.exception) in (type(None), SystemExit), english) == (True, None), done.output
    assert done.exit_code == 0 or (done.exit_code in (1, 2) and done.output.strip())


def test_a_day_may_be_written_in_both_ways(tmp_path: Path) -> None:
    for name, start in (("a", "2025-01-02"), ("b", "02-01-2025")):
        made = begin(tmp_path / name, "Voorbeeldstad").root
        mp_eval("new-period", "2025", "--start", start, "--end", "2026-01-01", workspace=made)
    assert (tmp_path / "a/evaluation.toml").read_text() == (tmp_path / "b/evaluation.toml").read_text()


@pytest.mark.parametrize(
    ("day", "said"),
    [("30-02-2025", "deze dag bestaat niet"), ("1-1-25", "schrijf een dag als"), ("9999-12-31", "1900")],
)
def test_a_day_that_cannot_be_is_said_to_be_so(root: Path, day: str, said: str) -> None:
    done = mp_eval("new-period", "2025", "--start", day, "--end", "2026-01-01", workspace=root)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
