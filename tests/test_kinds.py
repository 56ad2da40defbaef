"""Kinds of activity and steps of the ladder as a municipality has them: from the delivery to pages and workbook."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import edges
import pandas as pd
import pytest
from commands import mp_eval
from disclosure.releases import hidden_by, narrowed
from openpyxl import load_workbook

from mp_eval import spoken, tidy
from mp_eval import workspace as places
from mp_eval.evaluation import Evaluation
from mp_eval.faults import FaultsFound
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.measures import activities, caseload, ladder, lasting, outlook
from mp_eval.measures.scope import Scope
from mp_eval.periods import parse
from mp_eval.present.wording import category
from mp_eval.programme import Programme
from mp_eval.workspace import Workspace

YEAR = parse("2024-01-01/2025-01-01")
CHOSEN = Programme(activities=("volunteering", "taalmaatje"), ladder_steps=5)
SETTING = '\n[programme]\nactivities = ["volunteering", "taalmaatje"]\nladder_steps = 5\n'


def chosen(folder: Path, setting: str = SETTING, *, kind: str = "taalmaatje", step: int = 5) -> Workspace:
    """A workspace of one resident with this activity, on this step, and these settings."""
    root = edges.one_resident(folder).root
    settings = root / places.SETTINGS_FILE
    settings.write_text(settings.read_text(encoding="utf-8") + setting, encoding="utf-8")
    for year in ("2023", "2024"):
        for name, old, new in (
            ("activiteiten", "vrijwilligerswerk", kind),
            ("treden", f"01-11-{year};2", f"01-11-{year};{step}"),
        ):
            path = root / "data/raw" / year / f"{name}.csv"
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")
    return places.find(root)


def taken_in(workspace: Workspace) -> dict[str, pd.DataFrame]:
    return dict(clean.take_in(workspace, contracts.read(workspace), workspace.period("2024")).tables)


@pytest.mark.parametrize(("kind", "code"), [("Taal-maatje", "taalmaatje"), ("vrijwilliger", "volunteering")])
def test_an_own_kind_is_read_as_a_brought_one_is(tmp_path: Path, kind: str, code: str) -> None:
    assert taken_in(chosen(tmp_path, kind=kind))["activities"]["activity"].tolist() == [code]


def test_an_own_kind_may_be_called_otherwise_in_the_files(tmp_path: Path) -> None:
    values = '\n[intake.activities.values]\nactivity = { TM = "taalmaatje" }\n'
    assert taken_in(chosen(tmp_path, SETTING + values, kind="TM"))["activities"]["activity"].tolist() == ["taalmaatje"]


@pytest.mark.parametrize(("kind", "step", "column"), [("mantelzorg", 5, "Activiteit"), ("taalmaatje", 6, "Trede")])
def test_what_was_not_chosen_is_refused(tmp_path: Path, kind: str, step: int, column: str) -> None:
    with pytest.raises(FaultsFound) as error:
        taken_in(chosen(tmp_path, kind=kind, step=step))
    assert [fault.column for fault in error.value.faults] == [column]


def test_every_step_that_is_delivered_is_one_of_the_ladder(tmp_path: Path) -> None:
    tables = contracts.read(chosen(tmp_path)).tables.values()
    highest = {(t.name, c.name): c.maximum for t in tables for c in t.columns if c.name.endswith("step")}
    assert len(highest) == 4
    assert set(highest.values()) == {5}


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ('activities = ["mantelzorg"]', "programme.activities"),
        ('activities = ["a", "A"]', "programme.activities"),
        ('activities = ["a>b"]', "programme.activities"),
        ('activities = ["unrecorded"]', "programme.activities"),
        ("ladder_steps = 1", "programme.ladder_steps"),
        ("ladder_steps = 7", "programme.ladder_steps"),
        ('routes = [{ name = "x", fitting = ["taalmaatje"] }]', "programme.routes[1].fitting"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_by_its_name(tmp_path: Path, setting: str, name: str) -> None:
    with pytest.raises(FaultsFound) as error:
        contracts.read(chosen(tmp_path, f"\n[programme]\n{setting}\n"))
    assert [fault.column for fault in error.value.faults] == [name]


def test_own_kinds_are_counted_in_their_order_and_no_other_is() -> None:
    """Two volunteers, of whom one has a language buddy too; one trajectory; one start without a kind."""
    days = pd.to_datetime(["2024-02-01"] * 4)
    kinds = ["volunteering", "volunteering", "taalmaatje", None]
    starts = pd.DataFrame({"resident": ["a", "b", "b", "c"], "activity": kinds, "start": days, "end": pd.NaT})
    bought = pd.DataFrame({"resident": ["d"], "start": days[:1], "end": pd.NaT})
    tables = {"activities": starts.assign(already_active=False), "trajectories": bought}
    scope = Scope("2024", (YEAR,), YEAR.end, programme=CHOSEN)
    rows = [r for r in activities.measure(tables, scope) if r["measure"] == "activated"]
    counted = {r["category"]: r["value"] for r in rows}
    assert list(counted.items()) == [("volunteering", 2), ("taalmaatje", 1), ("trajectory", 1), ("unrecorded", 1)]
    assert lasting.lasting_kinds(CHOSEN) == ("volunteering", "taalmaatje", "unrecorded")


def test_a_ladder_of_five_steps_has_five_and_twenty_five_moves() -> None:
    day = pd.Timestamp(2024, 2, 1)
    talks = pd.DataFrame({"resident": ["a"], "date": [day], "kind": ["first"]})
    steps = pd.DataFrame({"resident": ["a", "a"], "date": [day, pd.Timestamp(2024, 9, 1)], "step": [1, 5]})
    scope = Scope("2024", (YEAR,), YEAR.end, programme=CHOSEN)
    rows = [
        r for r in ladder.measure({"conversations": talks, "ladder": steps}, scope) if r["measure"] == "ladder_moves"
    ]
    moves = {r["category"]: r["value"] for r in rows if r.get("breakdown") == "from>to"}
    assert (len(moves), {move for move, count in moves.items() if count}) == (25, {"step_1>step_5"})


def test_a_few_with_an_own_kind_cannot_be_worked_out() -> None:
    """Twelve volunteers and two with a language buddy, fourteen with either: nobody has both, so the total tells."""
    rows = [tidy.row("2024", "activated", 14), tidy.row("2024", "activated", 14, breakdown="variant", category="gross")]
    rows += [tidy.row("2024", "activated", 14, breakdown="variant", category="without_trajectory")]
    for kind, count in {"volunteering": 12, "taalmaatje": 2, "trajectory": 0, "unrecorded": 0}.items():
        rows.append(tidy.row("2024", "activated", count, breakdown="activity", category=kind))
    table, days = tidy.table(rows), {"2024": (YEAR,)}
    alone = narrowed(hidden_by(table, 5, days, shields=False), table, 5, days)
    assert (alone != [], narrowed(hidden_by(table, 5, days), table, 5, days)) == (True, [])


@pytest.mark.parametrize(
    ("code", "text"),
    [("caselaod", "x"), ("caseload", " "), ("caseload", "a>b"), ("caseload", "Later"), ("later", "a\tb")],
)
def test_a_word_that_cannot_be_is_refused_by_its_name(tmp_path: Path, code: str, text: str) -> None:
    root = edges.one_resident(tmp_path).root
    settings = root / places.SETTINGS_FILE
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n[words]\n{code} = '{text}'\n", encoding="utf-8")
    with pytest.raises(FaultsFound) as error:
        places.find(root)
    assert [fault.column for fault in error.value.faults] == [f"words.{code}"]


def test_own_words_go_before_until_another_municipality_speaks() -> None:
    spoken.speak({"step_1": "niveau 1"})
    own = category("step_1>step_2")
    spoken.speak({})
    assert (own, category("step_1>step_2")) == ("niveau 1 → trede 2", "trede 1 → trede 2")


GROUPED = '\n[programme]\ngroups = ["caseload", "taalklas", "later"]\n'


def grouped(folder: Path, setting: str = GROUPED, group: str = "taalklas") -> Workspace:
    """A workspace of one resident, in this group of the caseload."""
    root = edges.one_resident(folder).root
    settings = root / places.SETTINGS_FILE
    settings.write_text(settings.read_text(encoding="utf-8") + setting, encoding="utf-8")
    for year in ("2023", "2024"):
        path = root / "data/raw" / year / "caseload.csv"
        text = path.read_text(encoding="utf-8")
        assert ";in begeleiding;" in text
        path.write_text(text.replace(";in begeleiding;", f";{group};"), encoding="utf-8")
    return places.find(root)


@pytest.mark.parametrize(("group", "code"), [("Taal-klas", "taalklas"), ("in begeleiding", "caseload")])
def test_an_own_group_is_read_as_a_brought_one_is(tmp_path: Path, group: str, code: str) -> None:
    assert taken_in(grouped(tmp_path, group=group))["caseload"]["group"].tolist() == [code]


def test_a_group_that_was_not_chosen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultsFound) as error:
        taken_in(grouped(tmp_path, group="klaar voor begeleiding"))
    (fault,) = error.value.faults
    assert (fault.column, fault.expected) == ("Groep", "in begeleiding | later | taalklas")


@pytest.mark.parametrize(
    "groups", ['["taalklas"]', '["caseload", "caseload"]', '["caseload", "left"]', '["caseload", "klaar"]', "[1]"]
)
def test_groups_that_cannot_be_are_refused_by_their_name(tmp_path: Path, groups: str) -> None:
    """Without who is guided; one twice; a code of something else; a word that a brought group has."""
    with pytest.raises(FaultsFound) as error:
        contracts.read(grouped(tmp_path, f"\n[programme]\ngroups = {groups}\n"))
    assert [str(fault.column).partition("[")[0] for fault in error.value.faults] == ["programme.groups"]


def test_own_groups_are_counted_and_timed_in_their_order() -> None:
    """Two guided, one of them since a year; one in the language class, since half a year; nobody later."""
    days = pd.to_datetime(["2024-01-01", None, "2024-07-01"])
    stock = pd.DataFrame({"resident": ["a", "b", "c"], "group": ["caseload", "caseload", "taalklas"], "since": days})
    programme = Programme(groups=("caseload", "taalklas", "later"))
    scope = Scope("2024", (YEAR,), YEAR.end, programme=programme)
    rows = caseload.measure({"caseload": stock.assign(as_of=pd.Timestamp(2025, 1, 1))}, scope)
    counts = {(r["measure"], r["category"]): r["value"] for r in rows if r.get("breakdown") == "group"}
    told = {
        name: [counts[name, g] for g in programme.stocks if (name, g) in counts] for name in ("on_benefit", "in_group")
    }
    assert told == {"on_benefit": [2, 1, 0], "in_group": [1, 1]}


def test_a_few_in_an_own_group_cannot_be_worked_out() -> None:
    """Of sixteen who are guided by the conversations fourteen are registered so, and two in the language class."""
    rows = [tidy.row("2024", "derived_caseload", 16, as_of="2024-12-31")]
    for group, count in {"caseload": 14, "taalklas": 2, "later": 0, "unregistered": 0}.items():
        named = {"category": group, "as_of": "2024-12-31"}
        rows.append(tidy.row("2024", "derived_caseload", count, breakdown="registered", **named))
        rows.append(tidy.row("2024", "on_benefit", count, breakdown="group", **named))
    table, days = tidy.table(rows), {"2024": (YEAR,)}
    alone = narrowed(hidden_by(table, 5, days, shields=False), table, 5, days)
    assert (alone != [], narrowed(hidden_by(table, 5, days), table, 5, days)) == (True, [])


def test_without_a_group_that_waits_the_model_starts_with_nobody_waiting(committed: Evaluation) -> None:
    """What it is made of otherwise is that of the bundled deliveries."""
    settings, stocks = committed.workspace.settings.outlook, ("caseload", "taalklas")
    ahead = outlook.look_ahead(committed.measures, settings=settings, staff={"2024": 3.0}, stocks=stocks)
    first = tidy.pick(ahead, measure="waiting_path").iloc[0]["value"]
    assert (first, len(tidy.pick(ahead, measure="caseload_path")) > 0) == (0, True)


OWN = {"caseload": "bij het wijkteam", "ready": "op de wachtlijst", "step": "het niveau", "steps": "niveaus"}
OWN |= {"ladder": "werkladder"}
BROUGHT = re.compile(r"\b(treden?(?!\.csv)|participatieladder|in begeleiding|klaar voor begeleiding)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one resident in one period, where kinds, steps, groups and words are the municipality's own."""
    words = "".join(f'{code} = "{word}"\n' for code, word in OWN.items())
    setting = SETTING + 'groups = ["caseload", "taalklas", "ready"]\n' + f"\n[words]\n{words}"
    chapters = '\n[run]\nchapters = ["01", "03", "05", "06", "07", "08", "09"]\n'
    root = edges.last_period(chosen(tmp_path_factory.mktemp("own"), chapters + setting)).root
    done = mp_eval("run", workspace=root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.mark.slow
def test_own_kinds_steps_groups_and_words_come_to_pages_in_every_sentence(of_its_own: Path) -> None:
    """No page says a word that the municipality has another for; but for the names of its files."""
    pages = {p.stem: p.read_text(encoding="utf-8") for p in (of_its_own / "output").rglob("*.html")}
    assert {name: found[0] for name, text in pages.items() if (found := BROUGHT.search(text))} == {}
    full, ladder_page = pages["caseload"], pages["doorstroom-en-uitstroom"]
    assert ("1 inwoner bij het wijkteam</strong>" in full, '<th scope="row">Taalklas</th>' in full) == (True, True)
    assert "op welk niveau van de werkladder" in ladder_page
    assert ("Van niveau 5" in ladder_page, "Van niveau 6" in ladder_page) == (True, False)
    active = pages["geactiveerd"]
    assert ('<th scope="row">Taalmaatje</th>' in active, "Dagbesteding" in active) == (True, False)


@pytest.mark.slow
def test_own_kinds_groups_and_words_come_to_the_workbook_and_the_files(of_its_own: Path) -> None:
    book = load_workbook(of_its_own / "output/2024/werkboek-2024.xlsx", read_only=True)
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    book.close()
    assert {"Taalklas", "Bij het wijkteam", "Taalmaatje"} <= cells
    told = (of_its_own / "output/begrippen.csv").read_text(encoding="utf-8").replace(";", ",")
    assert "category,caseload,bij het wijkteam," in told


@pytest.mark.long  # that it is planned, in `test_incremental`
@pytest.mark.slow
def test_a_changed_word_makes_the_pages_anew(of_its_own: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(of_its_own, tmp_path / "again"))
    settings = root / places.SETTINGS_FILE
    text = settings.read_text(encoding="utf-8").replace("bij het wijkteam", "bij ons")
    settings.write_text(re.sub("chapters = .*", 'chapters = ["06"]', text), encoding="utf-8")
    assert mp_eval("run", workspace=root).returncode == 0
    page = (root / "output/2024/caseload.html").read_text(encoding="utf-8").casefold()
    assert ("bij ons" in page, "bij het wijkteam" in page) == (True, False)
