"""The register: every published figure as it was meant, and each contradiction a fault of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from mp_eval.evaluation import from_table, to_table
from mp_eval.faults import FaultsFound, Reason
from mp_eval.intake.contract import Contract
from mp_eval.intake.published import read_register
from mp_eval.periods import parse
from mp_eval.register import INFINITE, Figure, periods_of
from mp_eval.workspace import Workspace

UNTIL_JULY, YEAR = parse("september 2022 tot juli 2024"), parse("2024")
ALL, NOTE = parse("september 2022 tot januari 2025"), date(2025, 7, 15)
KINDS = ("informal_care", "volunteering", "day_activity", "trajectory", "self_directed")
# What the document says, read from it by hand: id, days or date, measure, categories, value, how exact.
SAID = [
    ("g1", UNTIL_JULY, "spoken", (), 543, "exact"),
    ("g2", YEAR, "spoken", (), 175, "exact"),
    ("g3", ALL, "spoken", (), 700, "more_than"),
    ("a1", UNTIL_JULY, "activated", (), 197, "exact"),
    ("a2", YEAR, "activated", (), 50, "exact"),
    ("a3", ALL, "activation_rate", (), 0.30, "more_than"),
    ("r1", YEAR, "activated", KINDS[0:2], 5, "exact"),
    ("r2", YEAR, "activated", KINDS[1:3], 20, "exact"),
    ("r3", YEAR, "activated", KINDS[2:4], 13, "exact"),
    ("r4", YEAR, "activated", KINDS[3:5], 12, "exact"),
    ("r5", YEAR, "activated", KINDS, None, "blank"),
    ("j1", UNTIL_JULY, "activated", KINDS[0:1], 12, "exact"),
    ("j2", UNTIL_JULY, "activated", KINDS[1:2], 70, "exact"),
    ("j3", UNTIL_JULY, "activated", KINDS[2:3], 12, "exact"),
    ("j4", UNTIL_JULY, "activated", KINDS[3:4], 42, "exact"),
    ("j5", UNTIL_JULY, "activated", KINDS[4:5], 13, "exact"),
    ("u1", YEAR, "outflow", (), 10, "exact"),
    ("w1", YEAR, "wsp_referral", (), 10, "exact"),
    ("c1", NOTE, "on_benefit", ("caseload",), 241, "exact"),
    ("c2", NOTE, "on_benefit", ("ready",), 140, "about"),
    ("c3", NOTE, "on_benefit", ("later",), 300, "about"),
    ("c4", NOTE, "on_benefit", ("not_soon",), 400, "about"),
    ("b1", NOTE, "on_benefit", (), 1900, "exact"),
    ("b2", NOTE, "on_benefit", ("external_bureau",), 700, "about"),
    ("k1", date(2025, 12, 31), "consultants", (), 3, "exact"),
]


def figure(value: float | None, qualifier: str, measure: str = "spoken") -> Figure:
    return Figure("x", "", None, "", YEAR, measure, "", (), value, qualifier, "")


def test_the_committed_register_holds_every_figure(workspace: Workspace, contract: Contract) -> None:
    read = read_register(workspace, contract)
    assert [(f.id, f.when, f.measure, f.categories, f.value, f.qualifier) for f in read] == SAID


def test_every_figure_has_its_sentence_and_document(workspace: Workspace, contract: Contract) -> None:
    assert all(f.sentence and f.document for f in read_register(workspace, contract))


def test_a_workspace_without_a_register_has_no_figures(workspace: Workspace, contract: Contract) -> None:
    workspace.register.unlink()
    assert read_register(workspace, contract) == ()


def test_a_contract_of_an_older_version_is_told_what_it_lacks(workspace: Workspace, contract: Contract) -> None:
    known = contract.tables["published"]
    older = replace(known, columns=tuple(column for column in known.columns if column.name != "compared"))
    with pytest.raises(FaultsFound) as error:
        read_register(workspace, replace(contract, tables={**contract.tables, "published": older}))
    assert [(f.reason, f.column, f.found) for f in error.value.faults] == [
        (Reason.CONTRACT, "published", ("compared",))
    ]


def test_periods_are_told_once_and_in_order(workspace: Workspace, contract: Contract) -> None:
    assert periods_of(read_register(workspace, contract)) == [UNTIL_JULY, ALL, YEAR]


@pytest.mark.parametrize(
    ("value", "qualifier", "measure", "bounds"),
    [
        (543, "exact", "spoken", (543, 543)),
        (140, "about", "spoken", (135, 145)),
        (300, "about", "spoken", (250, 350)),
        (1900, "about", "spoken", (1850, 1950)),
        (3, "about", "spoken", (2.5, 3.5)),
        (0, "about", "spoken", (-0.5, 0.5)),
        (700, "more_than", "spoken", (701, INFINITE)),
        (700, "at_least", "spoken", (700, INFINITE)),
        (None, "blank", "spoken", (0, INFINITE)),
        (0.30, "more_than", "activation_rate", (0.30, INFINITE)),
        (0.30, "at_least", "activation_rate", (0.30, INFINITE)),
        (0.30, "about", "activation_rate", (0.25, 0.35)),
        (0.05, "about", "activation_rate", (0.045, 0.055)),
        (0.30, "exact", "activation_rate", (0.295, 0.305)),  # printed as a whole percent
        (0.286, "exact", "activation_rate", (0.2855, 0.2865)),  # printed with a decimal
    ],
)
def test_the_bounds_of_each_qualifier(value, qualifier, measure, bounds) -> None:
    assert figure(value, qualifier, measure).bounds == pytest.approx(bounds)


@pytest.mark.parametrize("value", [134, 135, 145, 146])
def test_about_holds_up_to_half_its_last_digit(value: int) -> None:
    assert figure(140, "about").holds(value) == (135 <= value <= 145)


@pytest.mark.parametrize(("value", "holds"), [(700, False), (701, True)])
def test_more_than_leaves_out_the_number_itself(value: int, holds: bool) -> None:
    assert figure(700, "more_than").holds(value) is holds


def test_a_printed_percentage_holds_for_the_quotient_that_rounds_to_it() -> None:
    assert figure(0.286, "exact", "activation_rate").holds(50 / 175)


SENSELESS = [
    # what is wrong, the line that is spoiled, pattern, by what, the column that is told
    ("a period and a date", "g1", ";01-07-2024;;", ";01-07-2024;15-07-2025;", "Van"),
    ("neither period nor date", "g1", "01-09-2022;01-07-2024", ";", "Van"),
    ("a start without an end", "g1", "01-07-2024;;", ";;", "Van"),
    ("a stock over a period", "b1", ";;15-07-2025;", "01-01-2024;01-01-2025;;", "Peildatum"),
    ("an end on the start", "g2", "01-01-2024;01-01-2025", "01-01-2024;01-01-2024", "Tot"),
    ("a breakdown without a category", "j1", "activiteit;mantelzorg", "activiteit;", "Categorie"),
    ("a category without a breakdown", "j1", "activiteit;mantelzorg", ";mantelzorg", "Categorie"),
    ("a category outside its breakdown", "j1", "activiteit;mantelzorg", "activiteit;wandelen", "Categorie"),
    ("one of two categories outside it", "r1", "mantelzorg of", "wandelen of", "Categorie"),
    ("a breakdown of another measure", "j1", "activiteit;mantelzorg", "groep;later", "Uitsplitsing"),
    ("a blank with a value", "r5", "zelfzoekers;;inwoners", "zelfzoekers;7;inwoners", "Waarde"),
    ("no value and not called blank", "g1", ";543;", ";;", "Waarde"),
    ("percent on a count", "g1", "543;inwoners", "54;procent", "Eenheid"),
    ("a count on a share", "a3", "30;procent", "30;inwoners", "Eenheid"),
]


HEADER = (
    "Nummer;Document;Zin;Van;Tot;Peildatum;Maat;Uitsplitsing;Categorie;Waarde;Bovengrens;Eenheid;Nauwkeurigheid;Soort;"
    "Vergeleken met"
)
SAYS = {  # a statement, and what it is read as: nature, value, upper end, what it is compared with, whether in percent
    "the benefits fell by 7% in a year": (
        ";;31-12-2025;inwoners met een uitkering;;;-7;;procent;exact;verandering;31-12-2024",
        ("change", -0.07, None, date(2024, 12, 31), True),
    ),
    "12 more were spoken to than in 2023": (
        "01-01-2024;01-01-2025;;gesproken;;;12;;inwoners;exact;verandering;2023",
        ("change", 12, None, parse("2023"), False),
    ),
    "40% of the activated volunteer": (
        "01-01-2024;01-01-2025;;geactiveerd;activiteit;vrijwilligerswerk;40;;procent;ongeveer;deel van het totaal;",
        ("part", 0.40, None, None, True),
    ),
    "at least 250 are to be spoken to": (
        "01-01-2026;01-01-2027;;gesproken;;;250;;inwoners;ten minste;doel;",
        ("target", 250, None, None, False),
    ),
    "from 30 to 40 a year come in": (
        "01-01-2024;01-01-2025;;instroom;;;30;40;inwoners;tussen;telling;",
        ("count", 30, 40, None, False),
    ),
    "almost 40 trajectories began": (
        "01-01-2024;01-01-2025;;begonnen trajecten;;;40;;trajecten;bijna;;",
        ("count", 40, None, None, False),
    ),
    "fewer than 5 broke off": (
        "01-01-2024;01-01-2025;;beëindigde trajecten;reden einde;voortijdig gestopt;5;;trajecten;minder dan;;",
        ("count", 5, None, None, False),
    ),
}


def stated(workspace: Workspace, contract: Contract, line: str) -> Figure:
    """The one figure of a register with this line."""
    workspace.register.write_text(f"{HEADER}\nx1;Nota;Een zin;{line}\n", encoding="utf-8")
    (found,) = read_register(workspace, contract)
    return found


@pytest.mark.parametrize(("line", "meant"), SAYS.values(), ids=SAYS)
def test_the_register_holds_what_reports_say(workspace, contract, line: str, meant: tuple[object, ...]) -> None:
    found = stated(workspace, contract, line)
    assert (found.nature, found.value, found.upper, found.compared, found.is_percent) == meant
    assert from_table(to_table((found,))) == (found,)


UNSOUND = {
    "a change since nothing": (0, ";31-12-2024", ";", "Vergeleken met"),
    "a change since a later day": (0, ";31-12-2024", ";31-12-2026", "Vergeleken met"),
    "a change of a stock since a period": (0, ";31-12-2024", ";2023", "Vergeleken met"),
    "a change since no day": (0, ";31-12-2024", ";vroeger", "Vergeleken met"),
    "a comparison that is no change": (5, "bijna;;", "bijna;;2023", "Vergeleken met"),
    "a count below nothing": (5, ";40;", ";-40;", "Waarde"),
    "a part in numbers": (2, ";procent;", ";inwoners;", "Eenheid"),
    "a part of nothing": (2, "activiteit;vrijwilligerswerk", ";", "Uitsplitsing"),
    "a range without an end": (4, ";30;40;", ";30;;", "Bovengrens"),
    "a range upside down": (4, ";30;40;", ";40;30;", "Bovengrens"),
    "an end without a range": (5, ";40;;", ";40;50;", "Bovengrens"),
}


@pytest.mark.parametrize(("which", "text", "by", "column"), UNSOUND.values(), ids=UNSOUND)
def test_a_statement_that_cannot_be_is_one_fault(workspace, contract, which, text, by, column) -> None:
    line, _ = list(SAYS.values())[which]
    assert text in line
    with pytest.raises(FaultsFound) as found:
        stated(workspace, contract, line.replace(text, by, 1))
    assert [(f.reason, f.rows, f.column) for f in found.value.faults] == [(Reason.REGISTER, (2,), column)]


@pytest.fixture
def spoil(workspace: Workspace) -> Callable[[str, str, str], int]:
    """Replaces text in the line of one figure, and gives the number of its row."""

    def replace(id: str, text: str, by: str) -> int:
        lines = workspace.register.read_text(encoding="utf-8-sig").splitlines()
        (at,) = (n for n, line in enumerate(lines) if line.startswith(f"{id};"))
        assert text in lines[at]
        lines[at] = lines[at].replace(text, by, 1)
        workspace.register.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return at + 1

    return replace


@pytest.mark.parametrize(("id", "text", "by", "column"), [s[1:] for s in SENSELESS], ids=[s[0] for s in SENSELESS])
def test_a_senseless_row_is_one_fault_with_its_row_and_column(
    workspace: Workspace, contract: Contract, spoil: Callable[[str, str, str], int], id, text, by, column
) -> None:
    row = spoil(id, text, by)
    with pytest.raises(FaultsFound) as found:
        read_register(workspace, contract)
    told = [(f.reason, f.file, f.rows, f.column) for f in found.value.faults]
    assert told == [(Reason.REGISTER, "data/raw/published.csv", (row,), column)]


def test_a_number_given_to_two_figures_is_told_with_both_rows(workspace, contract, spoil) -> None:
    rows = (spoil("g1", "g1;", "g2;"), 3)
    with pytest.raises(FaultsFound, match=re.escape(f"rij {rows[0]}, {rows[1]}, kolom ‘Nummer’: dezelfde sleutel")):
        read_register(workspace, contract)


@pytest.mark.parametrize(("text", "by"), [("gesproken;;", "geluk;;"), (";exact;", ";misschien;")])
def test_a_word_that_the_register_does_not_know_is_told(workspace, contract, spoil, text, by) -> None:
    spoil("g1", text, by)
    with pytest.raises(FaultsFound, match="een waarde die niet in de lijst staat"):
        read_register(workspace, contract)


def test_an_end_before_the_start_is_told(workspace, contract, spoil) -> None:
    spoil("g2", "01-01-2024;01-01-2025", "01-01-2025;01-01-2024")
    with pytest.raises(FaultsFound, match="rij 3, kolom ‘Van / Tot’: het einde ligt voor het begin"):
        read_register(workspace, contract)


def test_what_was_found_is_shown_as_it_stands(workspace, contract, spoil) -> None:
    spoil("g1", ";exact;", ";Misschien, zegt De Boer;")
    with pytest.raises(FaultsFound, match="gevonden: ‘Misschien, zegt De Boer’"):
        read_register(workspace, contract)


@pytest.mark.parametrize(
    ("text", "by", "found"), [("01-01-2025", "31-02-2025", "31-02-2025"), (";gesproken;", ";gelukkig;", "gelukkig")]
)
def test_a_fault_of_form_hides_none_of_sense(workspace, contract, spoil, text, by, found) -> None:
    spoil("g1", "543;inwoners", "54;procent")
    spoil("g2", text, by)
    spoil("g2", ";exact;", ";leeg;")
    with pytest.raises(FaultsFound) as error:
        read_register(workspace, contract)
    told = [(f.reason is Reason.REGISTER, f.rows, f.column) for f in error.value.faults]
    assert (True, (2,), "Eenheid") in told
    assert (True, (3,), "Waarde") in told
    assert f"gevonden: ‘{found}’" in str(error.value)
    assert len(told) == 3


def test_every_contradiction_is_told_at_once(workspace, contract, spoil) -> None:
    spoil("g1", "543;inwoners", "54;procent")
    spoil("g2", "01-01-2024;01-01-2025", "01-01-2024;01-01-2024")
    with pytest.raises(FaultsFound) as found:
        read_register(workspace, contract)
    assert [f.rows for f in found.value.faults] == [(2,), (3,)]
