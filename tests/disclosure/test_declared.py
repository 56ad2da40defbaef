"""A measure takes one declaration and its words. What is declared is counted as the chapters' functions count it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from people import deliveries, place, town

from mp_eval import tidy
from mp_eval.measures import Scope, measure
from mp_eval.measures.declared import Counting

COUNTED = (
    "spoken",
    "in_conversation",
    "conversations",
    "activated",
    "activities_started",
    "outflow",
    "wsp_referral",
    "outflow_to_work",
    "outflow_with_wsp",
    "outflow_with_part_time",
    "part_time_contract",
)
UNTOLD = "times_counted"  # of all periods together


@pytest.mark.parametrize("seed", range(3))
def test_a_declaration_counts_what_the_chapters_count(seed: int) -> None:
    where = place(seed)
    made = deliveries(where, town(where, 60, seed=seed))[0]
    scope = Scope("p", (made.period,), where.extracted[made.period.id], programme=where.programme)
    chapters = measure(made.tables, scope, stocks=False)
    counting = Counting(made.tables, scope)
    rows = chapters[chapters["measure"].isin(COUNTED) & (chapters["status"] != "not_delivered")]
    rows = rows[rows["breakdown"] != UNTOLD]
    labels = [tuple(label) for label in rows[["measure", "breakdown", "category"]].itertuples(index=False)]
    assert {m for m, _, _ in labels} == {*COUNTED}
    assert [counting.count(label) for label in labels] == rows["value"].tolist()


DECLARATION = """
    "spoken_by_phone": Measure(
        "persons", "persons", {"month": "parts", "age": "parts"}, calendar=frozenset({"month"}), needs=_TALKS,
        counts=counted.SPOKEN.meeting(counted.FIRST.only(channel="phone")),
        by={"month": lambda month: counted.spoken_in(month).meeting(counted.FIRST.only(channel="phone"))},
    ),"""
WORDS = """
[spoken_by_phone]
word = "telefonisch gesproken inwoners"
means = "Gesproken inwoners die in de periode een eerste gesprek aan de telefoon hadden."
rule = "De eerste en de laatste dag van de periode tellen mee."
value = 0
"""
LINE = """        [capital(word("measure", "spoken_by_phone")), number(value("spoken_by_phone"))],
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What `invented.py` tells of a copy of mp_eval with this measure declared, its words, and its line in a table."""
    root = tmp_path_factory.mktemp("invented")
    shutil.copytree(ROOT / "mp_eval", root / "mp_eval")  # with what is compiled, so that only what is edited has to be
    edited = {
        "tidy.py": ('    # Who was activated\n    "activated": Measure(', DECLARATION[1:] + "\n"),
        "present/words/nl.measures.toml": ("# Who was activated\n[activated]", WORDS[1:] + "\n"),
        "present/chapters/reach.py": ('        [_say("row_month")', LINE),
    }
    for name, (before, added) in edited.items():
        path = root / "mp_eval" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, name
        path.write_text(text.replace(before, added + before), encoding="utf-8")
    paths = os.pathsep.join(map(str, (root, ROOT / "tests")))
    script = Path(__file__).with_name("invented.py")
    done = subprocess.run(
        [sys.executable, script], cwd=root, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_a_measure_that_is_declared_is_counted_by_month_and_age(told: dict[str, object]) -> None:
    assert told["counted"] == {
        "": 28,
        "2024-02": 8,
        "2024-03": 20,
        "under_27": 12,
        "27_to_44": 16,
    }


def test_it_stands_in_definitions_workbook_metadata_and_the_chapter(told: dict[str, object]) -> None:
    assert told["defined"] == "Telefonisch gesproken inwoners"
    assert "De eerste en de laatste dag van de periode tellen mee." in str(told["facts"])
    assert told["chapter"] == ["Telefonisch gesproken inwoners", "28"]
    assert told["workbook"] == ["Telefonisch gesproken inwoners", "Gesproken"]
    assert told["code"] == ["spoken_by_phone", "telefonisch gesproken inwoners"]


def test_it_is_protected_and_attacked(told: dict[str, object]) -> None:
    """Spoken are 31, by phone 28: the three others are a small count, which the one number of the two would tell."""
    assert told["naive"] == [["spoken", "spoken_by_phone"]]
    assert told["is_hidden"] is True
    assert told["attacked"] == []


def test_a_measure_of_which_nothing_is_declared_cannot_be_counted() -> None:
    where = place(0)
    made = deliveries(where, town(where, 1, seed=0))[0]
    counting = Counting(made.tables, Scope("p", (made.period,), where.extracted[made.period.id]))
    with pytest.raises(ValueError, match="not declared"):
        counting.count(("spoken_per_month", "", ""))
    assert "spoken_per_month" in tidy.MEASURES
