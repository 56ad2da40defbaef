"""Workspaces at the edge still make a whole report, which reads as a report."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import edges
import pytest
from commands import mp_eval
from conftest import long
from test_chosen import of_this_one

from mp_eval.workspace import Workspace

UNREADABLE = re.compile(r"\b(nan|NaN|None|inf|NaT|NA|null)\b|<NA>")
KINDS: dict[str, Callable[[Path], Workspace]] = {
    "register": edges.register_only,
    "nobody": edges.nobody,
    "nobody in a year": lambda at: edges.last_period(edges.nobody(at)),
    "one": edges.one_resident,
    "without trajectories": lambda at: edges.only(at, *(edges.HEADS.keys() - {"trajecten"})),
    "conversations": lambda at: edges.only(at, "inwoners", "gesprekken"),
    "benefits": lambda at: edges.only(at, "uitkeringen"),
}
SHORT = ("nobody in a year",)  # each is a run of every notebook


@pytest.fixture(scope="module", params=[kind if kind in SHORT else long(kind) for kind in KINDS])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The kind of workspace, and the visible text of every page that a run of it made."""
    workspace = KINDS[request.param](tmp_path_factory.mktemp("edge"))
    done = mp_eval("run", workspace=workspace.root)
    assert done.returncode == 0, done.stdout + done.stderr
    made = sorted(workspace.output.glob("*.html")) + sorted(workspace.output.glob("[!r]*/*.html"))
    return request.param, {p.relative_to(workspace.output).as_posix(): _text(p) for p in made}


def _text(path: Path) -> str:
    """What a reader sees of a page, without code and styles."""
    content = re.sub(
        r"(?s)<style.*?</style>|<details class=\"code.*?</details>|<pre.*?</pre>", " ", path.read_text("utf-8")
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def test_every_page_reads_right(pages: tuple[str, dict[str, str]]) -> None:
    found = {name: match[0] for name, text in pages[1].items() if (match := UNREADABLE.search(text))}
    assert not found


def test_no_page_tells_what_another_municipality_chose(pages: tuple[str, dict[str, str]]) -> None:
    kind, texts = pages
    found = {name: told for name, text in texts.items() if (told := [f for f in of_this_one() if f in text.casefold()])}
    assert bool(found) == (kind == "register")  # which has the settings of this repository; the others have none


@pytest.mark.long
def test_a_register_alone_tells_what_was_published(pages: tuple[str, dict[str, str]]) -> None:
    kind, texts = pages
    if kind != "register":
        pytest.skip("only of the workspace with nothing but a register")
    assert "175" in texts["2024/gesproken.html"]
    assert "ten minste 0 en ten hoogste 543" in texts["2022-2023/gesproken.html"]
