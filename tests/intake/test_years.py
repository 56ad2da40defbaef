"""The contract has years: a code is checked by the day of its record."""

from __future__ import annotations

from dataclasses import fields

import pytest
from delivering import Take
from test_accounted import faults, table

from mp_eval.faults import Reason
from mp_eval.intake import contract as contracts
from mp_eval.intake.dictionary import SETTINGS, dictionary
from mp_eval.intake.years import changes
from mp_eval.workspace import TableMapping, Workspace

BENEFITS = "Inwoner;Begin uitkering;Einde uitkering;Reden beëindiging\n"
OUTFLOW = "Inwoner;Datum;Soort;Reden beëindiging\n"
NEW, OLD = ["05", "06", "07", "34", "35"], ["20", "99"]


def delivered(kind: str, day: str, code: str) -> dict[str, str | bytes]:
    if kind == "outflow":
        return {"uitstroom.csv": f"{OUTFLOW}VS1;{day};uitstroom;{code}\n"}
    return {"uitkeringen.csv": f"{BENEFITS}VS1;01-01-2008;{day};{code}\n"}


@pytest.mark.parametrize("kind", ["outflow", "benefits"])
@pytest.mark.parametrize("code", [*NEW, *OLD])
def test_a_code_is_read_on_a_day_on_which_it_is_in_force(take: Take, kind: str, code: str) -> None:
    before, after = "31-12-2012", "01-01-2013"
    right, wrong = (after, before) if code in NEW else (before, after)
    found = take(delivered(kind, right, code)).tables[kind]
    assert found["reason" if kind == "outflow" else "end_reason"].tolist() == [code]
    assert faults(take, delivered(kind, wrong, code)) == [(Reason.CODE_YEARS, (2,), (code,))]


@pytest.mark.parametrize("code", ["01", "98"])
@pytest.mark.parametrize("day", ["31-12-2012", "01-01-2013"])
def test_other_codes_are_always_in_force(take: Take, code: str, day: str) -> None:
    assert len(take(delivered("benefits", day, code)).tables["benefits"]) == 1


def test_a_benefit_that_runs_has_no_day_to_check_a_code_by(take: Take) -> None:
    """99 is ‘not applicable’, which systems give who is still there."""
    assert len(take(delivered("benefits", "", "99")).tables["benefits"]) == 1


def test_an_own_meaning_helps_where_a_code_is_no_longer_in_force(take: Take) -> None:
    own = '[intake.benefits.values]\nend_reason = { "99" = "98" }\n'
    assert take(delivered("benefits", "01-01-2024", "99"), own).tables["benefits"]["end_reason"].tolist() == ["98"]


def test_the_message_says_from_when_a_code_is_in_force(take: Take) -> None:
    with pytest.raises(Exception, match="verwacht: deze code op een dag vanaf 01-01-2013"):
        take(delivered("benefits", "31-12-2012", "05"))


def test_it_is_told_what_changed_between_two_years(workspace: Workspace) -> None:
    said = changes(contracts.read(workspace), 2012, 2013).splitlines()
    where = "Uitkeringen, Reden beëindiging (`benefits.end_reason`)"
    assert [line for line in said if line.startswith(where)] == [
        f"{where}: alleen in 2013: {', '.join(NEW)}",
        f"{where}: alleen in 2012: {', '.join(OLD)}",
    ]
    assert changes(contracts.read(workspace), 2013, 2024) == "Het contract van 2013 en dat van 2024 zijn hetzelfde."


def test_the_dictionary_tells_every_setting_and_every_accepted_word(workspace: Workspace) -> None:
    agreed = contracts.read(workspace)
    text = dictionary(agreed)
    assert {example.partition(" ")[0] for example in SETTINGS} == {f.name for f in fields(TableMapping)}
    columns = [column for each in agreed.tables.values() for column in each.columns]
    words = {w for c in columns for w in (*c.codes, *c.variants, *c.headers, *c.true, *c.false)}
    assert [word for word in sorted(words) if word not in text] == []
    assert "05 (vanaf 01-01-2013; ook: detentie)" in text


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("volledig afgerond", "completed"),
        ("voortijdig gestopt", "broken_off"),
        ("verhuizing, overlijden, detentie of zwangerschap", "circumstances"),
        ("Zwangerschap", "circumstances"),
        ("cliënt ziet af", "withdrew"),
    ],
)
def test_a_trajectory_ends_as_either_form_of_the_statistics_says(take: Take, word: str, code: str) -> None:
    rows = f"Inwoner;Aanbieder;Begindatum;Einddatum;Reden einde\nVS1;B;01-02-2024;01-03-2024;{word}\n"
    assert table(take({"trajecten.csv": rows}), "trajectories")["end_reason"].tolist() == [code]
