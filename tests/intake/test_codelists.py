"""A benefit register of other make, with codes that a list in Excel explains, is let in by settings alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from registers import CODES, MEANINGS, REGISTER, elsewhere, rows, write_codes, write_register

from mp_eval import evaluate
from mp_eval import evaluation as evaluations
from mp_eval import workspace as places
from mp_eval.faults import Fault, FaultsFound, Reason
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.intake.clean import Delivery
from mp_eval.tidy import number, pick
from mp_eval.workspace import Workspace

ONE = (5001, "c00001", 1970, 2, "20170301", "00000000", "Eenoudergezin", "27")


def let_in(workspace: Workspace) -> Delivery:
    return clean.take_in(workspace, contracts.read(workspace), workspace.period("2018"))


def faults(workspace: Workspace) -> list[Fault]:
    with pytest.raises(FaultsFound) as error:
        let_in(workspace)
    return list(error.value.faults)


def coded(folder: Path, *codes: object) -> Workspace:
    """A register with these codes, a row each."""
    return elsewhere(folder, [(*ONE[:1], f"c{n:05}", *ONE[2:7], code) for n, code in enumerate(codes)])


def test_a_row_is_what_the_settings_make_of_it(tmp_path: Path) -> None:
    found = let_in(elsewhere(tmp_path, [ONE])).tables["benefits"]
    expected = [pd.Timestamp(2017, 3, 1), 1970, "woman", "single_parent", "einde WW"]
    columns = ["start", "birth_year", "sex", "household", "inflow_reason"]
    assert found[columns].iloc[0].tolist() == expected
    assert found["end"].isna().all()


@pytest.mark.parametrize(
    ("code", "text"), [("04", "echtscheiding"), ("4", "echtscheiding"), (4, "echtscheiding"), (" AA ", "statushouder")]
)
def test_codes_are_texts_that_may_have_lost_their_zeros(tmp_path: Path, code: object, text: str) -> None:
    assert let_in(coded(tmp_path, code)).tables["benefits"]["inflow_reason"].tolist() == [text]


def test_without_a_code_there_is_no_word(tmp_path: Path) -> None:
    found = let_in(coded(tmp_path, "", "n.v.t.", "27")).tables["benefits"]["inflow_reason"]
    assert found.isna().tolist() == [True, True, False]


def test_a_code_that_the_list_does_not_have_is_told_with_its_rows(tmp_path: Path) -> None:
    (fault,) = faults(coded(tmp_path, "27", "93", "AA", "93"))
    assert (fault.reason, fault.rows, fault.column) == (Reason.UNKNOWN_CODE, (3, 5), "Reden instroom")
    assert (fault.found, fault.file) == (("93",), f"data/raw/2018/{REGISTER}")


def test_a_name_in_the_column_of_codes_is_shown_by_its_shape(tmp_path: Path) -> None:
    assert faults(coded(tmp_path, "Jan"))[0].found == ("Aaa",)


def test_two_codes_that_differ_in_zeros_alone_are_not_guessed(tmp_path: Path) -> None:
    workspace = coded(tmp_path, "08", "008", "8")
    write_codes(workspace.raw / "2018" / CODES, {"08": "scheiding", "008": "einde WW"})
    (fault,) = faults(workspace)
    assert (fault.rows, fault.found) == ((4,), ("8",))


def test_a_code_list_that_is_not_there(tmp_path: Path) -> None:
    workspace = elsewhere(tmp_path)
    (workspace.raw / "2018" / CODES).unlink()
    assert [(f.reason, f.file) for f in faults(workspace)] == [(Reason.NO_CODE_LIST, "data/raw/2018")]


def test_a_code_list_with_other_columns(tmp_path: Path) -> None:
    elsewhere(tmp_path)
    text = (tmp_path / "evaluation.toml").read_text(encoding="utf-8").replace('text = "Omschrijving"', 'text = "Tekst"')
    (tmp_path / "evaluation.toml").write_text(text, encoding="utf-8")
    (fault,) = faults(places.find(tmp_path))
    assert (fault.reason, fault.expected) == (Reason.CODE_COLUMNS, "Code en Tekst")


def test_a_code_with_two_meanings(tmp_path: Path) -> None:
    workspace = elsewhere(tmp_path)
    write_codes(workspace.raw / "2018" / CODES, [*MEANINGS.items(), ("27", "einde WW"), ("04", "verhuizing")])
    (fault,) = faults(workspace)
    assert (fault.reason, fault.rows, fault.column) == (Reason.TWO_MEANINGS, (36,), "Code")
    assert fault.found == (f"04: {MEANINGS['04']}, verhuizing",)


@pytest.mark.parametrize(("code", "found"), [("27", []), ("99", [(Reason.UNKNOWN_CODE, (2,))])])
def test_a_code_without_a_meaning_is_unknown_where_it_is_used(
    tmp_path: Path, code: str, found: list[tuple[Reason, tuple[int, ...]]]
) -> None:
    workspace = coded(tmp_path, code)
    write_codes(workspace.raw / "2018" / CODES, {**MEANINGS, "99": ""})
    if found:
        assert [(f.reason, f.rows) for f in faults(workspace)] == found
    else:
        assert let_in(workspace).tables["benefits"]["inflow_reason"].tolist() == [MEANINGS[code]]


def test_two_code_lists_are_one_too_many(tmp_path: Path) -> None:
    workspace = elsewhere(tmp_path)
    write_codes(workspace.raw / "2018" / f"oude {CODES}")
    assert [f.reason for f in faults(workspace)] == [Reason.TWO_FILES]


def test_codes_of_a_column_that_does_not_exist_are_a_wrong_setting(tmp_path: Path) -> None:
    workspace = elsewhere(tmp_path)
    mapping = workspace.settings.intake["benefits"]
    wrong = replace(mapping, codes={"reason": next(iter(mapping.codes.values()))})
    bad = Workspace(tmp_path, replace(workspace.settings, intake={"benefits": wrong}))
    with pytest.raises(FaultsFound) as error:
        contracts.read(bad)
    assert [f.column for f in error.value.faults] == ["intake.benefits.codes.reason"]


def test_a_code_list_of_a_table_that_is_not_delivered_is_not_missed(tmp_path: Path) -> None:
    workspace = elsewhere(tmp_path)
    (workspace.raw / "2018" / REGISTER).unlink()
    assert [(place.file, place.why) for place in let_in(workspace).account] == [(CODES, "not_needed")]
    (workspace.raw / "2018" / CODES).unlink()
    assert let_in(workspace).tables == {}


def test_the_digest_of_the_code_list_is_kept(tmp_path: Path) -> None:
    assert set(let_in(elsewhere(tmp_path)).files) == {REGISTER, CODES}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace of which the register is measured. Tests copy it."""
    workspace = elsewhere(tmp_path_factory.mktemp("measured"))
    evaluate.evaluate(workspace)
    return workspace


def test_the_register_alone_gives_what_it_can_tell_and_nothing_else(measured: Workspace) -> None:
    found = evaluations.load(measured).measures
    own = pick(found, period="2018")
    told = own[own["status"] != "not_delivered"]
    of_its_chapter = {"running_benefits", "running_share", "benefits_started", "still_on_benefit"}
    of_its_turnover = {"benefit_population", "benefit_outflow", "benefit_outflow_rate"}
    assert set(told["measure"]) == {*of_its_chapter, *of_its_turnover, "days_to_extraction"}
    running = sum(row[5] == "00000000" for row in rows())
    assert number(found, "2018", "running_benefits") == running
    reasons = pick(own, measure="running_benefits", breakdown="reason")
    assert {"einde WW", "echtscheiding", "statushouder"} == set(reasons["category"])


def test_another_code_list_is_taken_in_again(measured: Workspace, tmp_path: Path) -> None:
    workspace = places.find(Path(shutil.copytree(measured.root, tmp_path / "again")))
    write_codes(workspace.raw / "2018" / CODES, {**MEANINGS, "27": "werk voorbij"})
    found = pick(evaluate.evaluate(workspace).measures, measure="running_benefits", breakdown="reason")
    assert "werk voorbij" in set(found["category"])


def test_the_footer_of_a_register_is_left_out_as_that_of_a_list(tmp_path: Path) -> None:
    workspace = elsewhere(tmp_path, [ONE])
    write_register(workspace.raw / "2018" / REGISTER, [ONE, ("Aantal", 1)])
    assert len(let_in(workspace).tables["benefits"]) == 1
