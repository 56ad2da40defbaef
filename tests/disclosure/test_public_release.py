"""A release of the bundled deliveries as it goes out to everybody: searched and attacked as a reader would."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from commands import mp_eval

from mp_eval import delivered, ledger, tidy
from mp_eval import evaluation as evaluations
from mp_eval import workspace as places
from mp_eval.disclosure.earlier import STANDING, TOLD
from mp_eval.evaluate import evaluate, memory_of
from mp_eval.evaluation import Evaluation
from mp_eval.facts import Facts
from mp_eval.measures import outlook
from mp_eval.periods import WHOLE
from mp_eval.present import figures, protection, report, sentences, tables
from mp_eval.present import reconciliation as judged
from mp_eval.publish import datafiles, gates, inspection, place, review, third_reading
from mp_eval.publish.gates import Secrets
from mp_eval.publish.release import Site
from mp_eval.released import manifest
from mp_eval.steps import Refused
from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.mark.long
@pytest.mark.parametrize("threshold", [10, 20])
def test_a_release_comes_out_at_any_threshold(
    tmp_path: Path, copy_workspace: Callable[[Path], Workspace], threshold: int
) -> None:
    """What the register gives away whatever is hidden keeps no release back; it is accounted for."""
    copy_workspace(tmp_path)
    settings = tmp_path / places.SETTINGS_FILE
    text = settings.read_text(encoding="utf-8").replace("internal = true", "internal = false")
    settings.write_text(text.replace("threshold = 5\n", f"threshold = {threshold}\n"), encoding="utf-8")
    done = mp_eval("run", workspace=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "output" / "verantwoording.html").read_text(encoding="utf-8")
    assert f"van 1 tot en met {threshold - 1} worden niet getoond" in page
    known = evaluations.load(places.find(tmp_path)).known
    assert not known or "Afgeschermd, maar eerder gepubliceerd" in page
    assert ("2024", "outflow", "", "", "") in known or threshold == 10


@pytest.fixture(scope="module")
def found(public: Workspace) -> Evaluation:
    return evaluations.load(public)


def test_no_attack_succeeds_over_the_whole_output(public: Workspace, found: Evaluation) -> None:
    days = {p.id: (p,) for p in public.periods} | {WHOLE: public.whole}
    assert gates.attack_output(public.output, threshold=5, days=days, figures=found.figures) == []


@pytest.mark.long  # of a few counts: in `test_earlier`
def test_one_late_first_conversation_changes_no_number_of_the_next(
    public: Workspace, found: Evaluation, tmp_path: Path
) -> None:
    """More than a hundred numbers would differ by one, and together describe the resident."""
    root = shutil.copytree(public.root, tmp_path / "after")
    talks, note = (root / "data" / "raw" / "2024" / name for name in ("gesprekken.csv", "source.toml"))
    lines = talks.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    lines.remove(next(line for line in lines if "-11-2024;eerste gesprek" in line))
    talks.write_text("".join(lines), encoding="utf-8")
    note.write_text(note.read_text(encoding="utf-8").partition("[sha256]")[0], encoding="utf-8")
    after = evaluate(places.find(root))
    before, now = (made.measures[~made.measures["measure"].isin(outlook.MEASURES)] for made in (found, after))
    told = before["status"].isin(("final", "provisional"))
    kept = [*tidy.KEY, *gates.NUMBERS, "status"]
    pd.testing.assert_frame_equal(before.loc[told, kept], now.loc[told, kept])
    assert after.key == found.key  # of which all pages are made
    first, then = (
        [pd.read_parquet(made.workspace.processed / evaluations.FOLDER / name) for name in (ledger.TRUE, ledger.SHOWN)]
        for made in (found, after)
    )
    is_other = (first[0]["value"] != then[0]["value"]).fillna(False) & first[1]["status"].isin(TOLD)
    assert is_other.any()
    site, released = Site(after.workspace, memory_of(after.workspace), []), manifest(public.output)["release"]
    assert site.before == [released]
    assert site.others(released) == []  # so the page of releases, too, is as it was
    assert set(then[1].loc[is_other, "status"]) == {STANDING}


@pytest.mark.long
def test_who_signs_is_told_what_lies_within_each_other(public: Workspace) -> None:
    """Who was activated in the first period is nearly its whole cohort, which no definition says."""
    lines = review.told(public)
    assert re.match(r"Openbare uitgave \w{12}: drempel 5, methode hide", lines[0])
    assert [line.partition(":")[0].strip() for line in lines[1:4]] == ["2022-2023", "2023-2024", "2024"]
    assert not any("Had een jaar" in line for line in lines)
    start = next(n for n, line in enumerate(lines) if line.startswith("Derde lezing"))
    assert any("cohort" in line and "(2022-2023)" in line for line in lines[start:])


def test_an_internal_release_is_nothing_to_sign_for(evaluated: Workspace) -> None:
    with pytest.raises(Refused, match="internal = false"):
        review.told(evaluated)


def test_no_file_of_the_output_holds_a_resident(public: Workspace) -> None:
    tables = [pd.read_parquet(p) for p in sorted(public.processed.glob("*/*.parquet"))]
    tables = [t for t in tables if "resident" in t]
    residents = frozenset(pd.concat(pd.read_parquet(p) for p in public.processed.glob("*/marks.parquet"))["identifier"])
    rows = frozenset().union(*(gates.rows_of_persons(t) for t in tables))
    files = [p for p in public.output.rglob("*") if p.is_file()]
    assert rows
    assert residents
    assert len(files) > 5
    for path in files:
        assert gates.check_file(path, root=public.root, secrets=Secrets(residents, rows)) == []


def test_what_leaves_few_by_the_definitions_keeps_a_release_back(
    public: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if all of it were shown."""
    folder = tmp_path / "uitgave"
    folder.mkdir()
    shutil.copy(public.output / gates.TABLE, folder)
    assert inspection.inspect(public, folder, [gates.TABLE]) == []
    true = pd.read_parquet(public.processed / evaluations.FOLDER / ledger.TRUE)
    monkeypatch.setattr(third_reading, "_told", lambda _: true)
    monkeypatch.setattr(gates, "attack_output", lambda *_, **__: [])  # which finds nothing in this file
    reasons = inspection.inspect(public, folder, [gates.TABLE])
    assert len(reasons) > 100
    assert {reason.partition(":")[0] for reason in reasons} == {"metingen.csv toont samen wie er weinig zijn"}


def test_the_last_gate_finds_a_hidden_number_in_the_finished_files(
    public: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "attack_output", lambda *_, **__: [])  # of a number that stands there, nothing follows
    folder = tmp_path / "uitgave"
    (folder / "2022-2023").mkdir(parents=True)
    shutil.copy(public.output / "2022-2023/geactiveerd.html", folder / "2022-2023")
    ours = sorted(place.files(folder))
    assert inspection.inspect(public, folder, ours) == []
    true = pd.read_parquet(public.processed / "evaluation" / "2022-2023.parquet")
    care = tidy.pick(true, measure="activated", category="informal_care")["value"].iloc[0]
    page = folder / "2022-2023" / "geactiveerd.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}<tr><th>Mantelzorg</th><td>x</td><td>{care:.0f}</td></tr>", encoding="utf-8")
    assert inspection.inspect(public, folder, ours) == [f"{page.name} toont een afgeschermd aantal"]
    shutil.copy(public.output / "2022-2023" / page.name, page)
    measures = evaluations.load(public).measures
    measures.loc[measures.index[measures["status"] == "hidden"][0], "value"] = 7.0
    (folder / "metingen.csv").write_bytes(datafiles.csv(measures))
    assert "metingen.csv toont een afgeschermd aantal" in inspection.inspect(
        public, folder, sorted(place.files(folder))
    )


def test_a_page_says_x_and_never_how_small(public: Workspace) -> None:
    page = (public.output / "2022-2023" / "geactiveerd.html").read_text(encoding="utf-8")
    assert '<span aria-hidden="true">x</span><span class="visually-hidden">afgeschermd</span>' in page
    assert not re.search(r"minder dan \d|KLOPT NIET|<td[^>]*>\*", page)


def test_what_is_hidden_is_no_zero_and_no_dash(found: Evaluation) -> None:
    cells = {row[0]: row[1] for row in tables.activities(found, "2022-2023").rows}
    assert cells["Mantelzorg"] == "x"
    assert "afgeschermd" in repr(tables.activities(found, "2022-2023"))


def test_a_figure_does_not_draw_what_is_hidden(found: Evaluation) -> None:
    data = figures.activities_data(found, "2022-2023").set_index("activity")["residents"]
    assert pd.isna(data["Mantelzorg"])
    assert "mantelzorg afgeschermd" in figures.activities(found, "2022-2023").alt.casefold()


def test_a_sum_with_a_hidden_part_is_not_judged(found: Evaluation) -> None:
    judged = [c.holds for c in sentences.checks(found, "2022-2023").checks]
    assert None in judged
    assert False not in judged


def test_no_file_tells_how_many_rows_came(public: Workspace, found: Evaluation) -> None:
    """The rows less what was counted of them can be one resident."""
    assert tables.deliveries(found, "2024").columns == ["Gegeven"]
    assert [row[0] for row in tables.deliveries(found, "2024").rows]
    told = delivered.read(public, public.period("2024"))
    assert {row["kept"] for row in told.counts} - {0}
    assert found.received["2024"].counts.drop(columns="table").isna().all(axis=None)
    for page in public.output.rglob("*.html"):
        assert "Niet gebruikt" not in page.read_text(encoding="utf-8")
    for book in public.output.rglob("*.xlsx"):
        assert not any("Niet gebruikt" in part.text for part in gates.contents(book))


def test_the_account_says_which_rule_was_followed(found: Evaluation) -> None:
    said = " ".join(repr(r) for r in protection.account(found))
    assert "van 1 tot en met 4" in said
    assert repr(protection.already_public(found))


def test_the_finished_account_tells_what_is_hidden_and_what_was_published(public: Workspace) -> None:
    page = (public.output / "verantwoording.html").read_text(encoding="utf-8")
    assert "van 1 tot en met 4 worden niet getoond" in page
    assert "een ander aantal" in page
    assert "Wat een eerdere openbare uitgave toonde, blijft bekend" in page


def test_the_mark_is_read_aloud_wherever_a_number_stands_out(found: Evaluation) -> None:
    measures = found.measures.copy()
    is_it = (measures["measure"] == "spoken") & (measures["breakdown"] == "")
    is_it |= (measures["measure"] == "spoken_per_month") & (measures["breakdown"] == "")
    measures.loc[is_it, ["value", "status"]] = [pd.NA, "hidden"]
    hidden = replace(found, measures=measures)
    assert '<span class="visually-hidden">afgeschermd</span>' in sentences.headline(hidden, "2024")._repr_html_()
    blocks = [block for section in report.sections(hidden, "2024", Facts()) for block in section.blocks]
    said = " ".join(block for block in blocks if isinstance(block, str))
    assert "een afgeschermd aantal inwoners" in said
    assert "x per maand" not in said


def test_a_hidden_total_is_marked_in_the_reconciliation_and_not_called_missing(found: Evaluation) -> None:
    measures = found.measures.copy()
    is_it = measures["measure"].isin(["spoken", "activation_rate"]) & (measures["breakdown"] == "")
    measures.loc[is_it, ["value", "status"]] = [pd.NA, "hidden"]
    lines = found.reconciliation.copy()
    is_about = (lines["rule"] == "union") & (lines["measure"] == "spoken") | (lines["reason"] == "pooled")
    lines.loc[is_about, "found"] = pd.NA
    hidden = replace(found, measures=measures, reconciliation=lines)
    told = [*judged.lines(hidden, rule="union"), *judged.lines(hidden, rule="share")]
    places = [*lines.loc[lines["rule"] == "union"].index, *lines.loc[lines["rule"] == "share"].index]
    marked = {line.found for line, place in zip(told, places, strict=True) if is_about[place]}
    assert marked == {"x"}
