"""The settings: what does not fit is refused by its name, all of it at once; and where the workspace is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mp_eval import workspace as places
from mp_eval.faults import FaultsFound, Reason
from mp_eval.periods import parse
from mp_eval.workspace import NoWorkspace, Workspace

GOOD = '[municipality]\nname = "Rijswijk"\n'
PERIOD = '[[periods]]\nid = "{id}"\nstart = {start}\nend = {end}\n'


def period(id: str = "2024", start: str = "2024-01-01", end: str = "2025-01-01") -> str:
    return PERIOD.format(id=id, start=start, end=end)


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[str], list[str]]:
    """The keys that the settings in this text are refused for."""

    def read(text: str) -> list[str]:
        path = tmp_path / places.SETTINGS_FILE
        path.write_text(text, encoding="utf-8")
        with pytest.raises(FaultsFound) as error:
            places.read_settings(path)
        assert {f.reason for f in error.value.faults} == {Reason.SETTINGS}
        return [f.column for f in error.value.faults]

    return read


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (GOOD + "[run]\njob = 3\n", "run.job"),
        (GOOD + "colour = 1\n", "municipality.colour"),
        (GOOD + "[run]\njobs = true\n", "run.jobs"),
        (GOOD + '[run]\njobs = "2"\n', "run.jobs"),
        (GOOD + "[run]\njobs = 0\n", "run.jobs"),
        (GOOD + "[disclosure]\ninternal = 1\n", "disclosure.internal"),
        (GOOD + "[outlook]\ncaseload_range = [100, 60]\n", "outlook.caseload_range"),
        (GOOD + "[outlook]\ncaseload_range = [60, 80, 100]\n", "outlook.caseload_range"),
        (GOOD + "[outlook]\nnewcomers_share = [0.5, 1.1]\n", "outlook.newcomers_share"),
        (GOOD + "[outlook]\nlater_ready_share = [0, 1]\n", "outlook.later_ready_share"),
        (GOOD + "[outlook]\ncaseload_per_consultant = 0\n", "outlook.caseload_per_consultant"),
        (GOOD + "[outlook]\nruns = 1\n", "outlook.runs"),
        (GOOD + "[outlook]\nseed = -1\n", "outlook.seed"),
        (GOOD + "[outlook]\nyears = 11\n", "outlook.years"),
        (GOOD + '[outlook]\nfunding_end = "eind 2025"\n', "outlook.funding_end"),
        (GOOD + period(start="2024-01-01T00:00:00"), "periods[1].start"),
        (GOOD + period(end="2024-01-01"), "periods[1].end"),
        (GOOD + period(id="../2024"), "periods[1].id"),
        (GOOD + period(id="Heel 2024"), "periods[1].id"),
        (GOOD + period(id="releases"), "periods[1].id"),
        (GOOD + period(id="evaluation"), "periods[1].id"),
        (GOOD + period() + period(), "periods[2].id"),
        (GOOD + '[[periods]]\nid = "2024"\nstart = 2024-01-01\n', "periods[1].end"),
        (GOOD + '[intake.residents]\nfiles = "BSTND"\n', "intake.residents.files"),
        (GOOD + "[intake.residents]\nfiles = [1]\n", "intake.residents.files[1]"),
        (GOOD + '[intake.residents.headers]\nsex = "Gesl"\n', "intake.residents.headers.sex"),
        ("periods = 1\n" + GOOD, "periods"),
        ("", "municipality"),
        ("[municipality]\n", "municipality.name"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(refused: Callable[[str], list[str]], text: str, key: str) -> None:
    assert refused(text) == [key]


NO_TOML = [  # a line, and what is said of it
    ("[run", "een kop wordt niet gesloten"),
    ("[[periods]", "een kop wordt niet gesloten"),
    ("jobs", "na de naam hoort een =-teken"),
    ("jobs: 2", "na de naam hoort een =-teken"),
    ("jobs =", "na het =-teken hoort een waarde"),
    ("internal = ja", "na het =-teken hoort een waarde"),
    ("consultants = 2,5", "na de waarde staat nog iets"),
    ("start = 31-01-2025", "2025-01-31 voor een dag"),
    ("start = 2025-02-31", "deze dag bestaat niet"),
    ('name = "Rijswijk', "een aanhalingsteken wordt niet gesloten"),
    ("name = “Rijswijk”", "typ rechte"),
    ("name = ‘Rijswijk’", "typ rechte"),
    ("start = 2025–01–01", "een lang streepje"),
    ("jobs\u00a0= 2", "een vaste spatie"),
    ('name = "Rijswijk”', "typ rechte"),
    ('name = "C:\\map"', "tussen enkele aanhalingstekens"),
    ('files = ["a" "b"]', "ontbreekt een komma"),
    ("name = 1", "deze naam staat er al"),
    ("[municipality]", "deze naam staat er al"),
    ("= 1", "een regel als naam = waarde"),
]


@pytest.mark.parametrize(("line", "why"), NO_TOML, ids=[line for line, _ in NO_TOML])
def test_settings_that_are_no_toml_are_refused_in_dutch_with_the_line(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / places.SETTINGS_FILE).write_text(f"{GOOD}{line}\n[other]\n", encoding="utf-8")
    with pytest.raises(FaultsFound, match=f"evaluation.toml, regel 3: een instelling klopt niet .*{why}") as error:
        places.find(tmp_path)
    assert f"gevonden: ‘{line}’" in str(error.value)


def test_settings_that_are_not_in_utf_8_are_refused_with_the_line(tmp_path: Path) -> None:
    (tmp_path / places.SETTINGS_FILE).write_bytes(f"{GOOD}# één\n".encode("cp1252"))
    with pytest.raises(FaultsFound, match=r"evaluation\.toml, regel 3: .*codering UTF-8"):
        places.find(tmp_path)


def test_a_wrong_type_hides_no_wrong_value(refused: Callable[[str], list[str]]) -> None:
    text = "colour = 1\n[municipality]\n[run]\njobs = true\ncell_seconds = 0\n[disclosure]\nthreshold = 99\n"
    wrong = period(id="A", start='"1-1-2024"') + period(start='"1-1-2024"') + period(end="2023-01-01")
    expected = {"colour", "municipality.name", "run.jobs", "run.cell_seconds", "disclosure.threshold"}
    expected |= {"periods[1].id", "periods[1].start", "periods[2].start", "periods[3].id", "periods[3].end"}
    assert set(refused(text + wrong)) == expected


@pytest.mark.parametrize("name", ["run", "disclosure", "outlook", "municipality"])
def test_what_is_no_table_is_refused_once(refused: Callable[[str], list[str]], name: str) -> None:
    others = "" if name == "municipality" else GOOD
    assert refused(f"{name} = 1\n{others}") == [name]


def test_all_wrong_names_and_types_come_out_at_once(refused: Callable[[str], list[str]]) -> None:
    text = "[municipality]\n[run]\njob = 3\njobs = true\n" + period(start='"1-1-2024"') + "color = 1\n"
    expected = {"municipality.name", "run.job", "run.jobs", "periods[1].start", "periods[1].color"}
    assert set(refused(text)) == expected


def test_all_wrong_periods_come_out_at_once(refused: Callable[[str], list[str]]) -> None:
    text = GOOD + "[run]\njobs = 0\n" + period() + period(end="2023-01-01") + period(id="A")
    assert refused(text) == ["periods[2].id", "periods[2].end", "periods[3].id", "run.jobs"]


def test_the_message_says_what_was_found_and_expected(tmp_path: Path) -> None:
    (tmp_path / places.SETTINGS_FILE).write_text(GOOD + "[run]\njobs = true\n", encoding="utf-8")
    with pytest.raises(FaultsFound, match=r"(?s)instelling ‘run.jobs’.*gevonden: ‘true’.*verwacht: een geheel getal"):
        places.find(tmp_path)


def test_a_workspace_is_found_from_a_folder_below_it(workspace: Workspace) -> None:
    assert places.find(workspace.raw / "2024").root == workspace.root


def test_a_workspace_is_found_by_the_variable(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(places.VARIABLE, str(workspace.root))
    assert places.find().root == workspace.root


def test_where_there_is_no_workspace_the_message_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace, match=r"geen evaluation\.toml in .* geef --workspace MAP"):
        places.find(tmp_path)


def test_periods_come_in_the_order_of_their_start(workspace: Workspace) -> None:
    assert [p.id for p in workspace.periods] == ["2022-2023", "2023-2024", "2024"]


def test_the_whole_is_one_piece_when_no_day_is_left_out(workspace: Workspace) -> None:
    assert workspace.whole == (parse("september 2022 tot januari 2025"),)


def test_an_unknown_period_is_refused_with_those_that_exist(workspace: Workspace) -> None:
    with pytest.raises(KeyError, match=r"‘2023’; in evaluation\.toml staan: 2022-2023, 2023-2024, 2024"):
        workspace.period("2023")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("threshold = 2", "een getal van 3 tot en met 20"),
        ("threshold = 21", "een getal van 3 tot en met 20"),
        ('method = "mask"', "hide of round of hide_and_round"),
        ("threshold = true", "een geheel getal"),
    ],
)
def test_a_rule_for_small_counts_that_makes_no_sense_is_refused(line: str, expected: str) -> None:
    with pytest.raises(FaultsFound, match=expected):
        places.settings_from(f'[municipality]\nname = "Elders"\n[disclosure]\n{line}\n')
