"""What counts as another module: what it does, not how it is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from mp_eval.digests import Digests

MODULE = '"""What it does."""\n\nimport json\n\nLIMIT = 5\n\n\ndef few(n: int) -> bool:\n    return n < LIMIT\n'


def module(folder: Path, text: str) -> str:
    path = folder / "naast.py"
    path.write_text(text, encoding="utf-8")
    return Digests(folder / "memory.json").module(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 5", "LIMIT = 5  # as the municipality agreed"),
        ("import json\n", "# to read settings\n\n\nimport json\n"),
        ("n < LIMIT", "(\n        n\n        < LIMIT\n    )"),
        ("import json\n", "import json\r\n"),
        ("LIMIT = 5", "LIMIT = 0x5"),
    ],
)
def test_a_remark_or_another_layout_is_the_same_module(tmp_path: Path, old: str, new: str) -> None:
    assert module(tmp_path, MODULE.replace(old, new, 1)) == module(tmp_path, MODULE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 5", "LIMIT = 6"),
        ("n < LIMIT", "n <= LIMIT"),
        ("import json", "import csv"),
        ("n: int", "n: float"),
        ("What it does", "What it did"),  # a docstring can be shown
        ("few", "many"),
        ("LIMIT = 5", "LIMIT = 5.0"),
        ("return n", "return (n"),  # no Python any more
    ],
)
def test_anything_that_is_run_or_can_be_shown_makes_another_module(tmp_path: Path, old: str, new: str) -> None:
    assert module(tmp_path, MODULE.replace(old, new)) != module(tmp_path, MODULE)


def test_what_is_no_python_is_the_same_only_to_the_byte(tmp_path: Path) -> None:
    assert module(tmp_path, "def (") == module(tmp_path, "def (") != module(tmp_path, "def (  # here")


def test_a_module_that_is_gone_has_no_digest(tmp_path: Path) -> None:
    assert Digests(tmp_path / "memory.json").module(tmp_path / "naast.py") == ""


def test_only_a_remembered_file_that_was_written_again_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mp_eval.digests.RECENT", -1)  # whatever was just written may be remembered
    known, unknown = tmp_path / "a.csv", tmp_path / "b.csv"
    known.write_text("1")
    unknown.write_text("1")
    digests = Digests(tmp_path / "memory.json")
    digests.file(known)
    assert not digests.is_another([known, unknown])
    known.write_text("22")
    assert digests.is_another([unknown, known])
