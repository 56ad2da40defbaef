"""The gates find what must not go out, and say so without repeating it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mp_eval.publish import gates

ROOT = Path("/data/gemeente")
PEOPLE = frozenset({"pabcdefgh2345672", "4711", "kl-998877"})


@pytest.mark.parametrize("canary", ["pabcdefgh2345672", "kl-998877", "KL-998877", "qzx5apq7wbov75i5"])
def test_an_identifier_or_a_mark_keeps_the_page_back(canary: str) -> None:
    (reason,) = gates.check(f"<td>{canary}</td>", root=ROOT, residents=PEOPLE)
    assert canary not in reason


@pytest.mark.parametrize(
    "leak",
    [
        f"{ROOT}/data/raw",
        "/home/jan/werk/x.csv",
        r"C:\Users\jan\x.csv",
        "Traceback (most recent call last)",
        "UserWarning: let op",
    ],
)
def test_a_path_or_a_complaint_keeps_the_page_back(leak: str) -> None:
    assert gates.check(f"<p>{leak}</p>", root=ROOT, residents=PEOPLE)


@pytest.mark.parametrize("clean", ["<p>4711 inwoners</p>", '<a href="../2024/x.html">2024</a>', "data/raw/2024"])
def test_what_a_page_needs_may_go_out(clean: str) -> None:
    assert gates.check(clean, root=ROOT, residents=PEOPLE) == []


@pytest.mark.parametrize("leak", ["&#112;abcdefgh2345672", "<p>o&#39;hara-1</p>", "/data/gemeente&#x2F;data"])
def test_what_is_written_as_a_reference_is_seen_as_it_is_read(leak: str) -> None:
    assert gates.check(leak, root=Path("/data/gemeente/data"), residents=PEOPLE | {"o'hara-1"})


@pytest.mark.parametrize(
    "html",
    [
        '<img alt="gesproken: 4">',
        "<img ALT = 'Gesproken: 4'>",
        "<table><tr><td>gesproken</td><td>4</td></tr></table>",
        "<TABLE><TR><TH>gesproken</TH><TD class='number'>4</TD></TR></TABLE>",
    ],
)
def test_a_hidden_number_beside_its_label_keeps_the_page_back_however_it_is_written(tmp_path: Path, html: str) -> None:
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    secrets = gates.Secrets(hidden=frozenset({("gesproken", "4")}))
    assert gates.check_file(tmp_path / "page.html", root=ROOT, secrets=secrets)
    assert not gates.check_file(tmp_path / "page.html", root=ROOT, secrets=gates.Secrets())
