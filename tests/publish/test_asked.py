"""From a number on a page to what it counts and to its file, sheet and rows: opened once, followed once."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from openpyxl import load_workbook

from mp_eval import tidy
from mp_eval.disclosure import intake
from mp_eval.evaluation import Evaluation
from mp_eval.periods import WHOLE
from mp_eval.present.origin import origin
from mp_eval.present.wording import number as shown
from mp_eval.publish import asked
from mp_eval.workspace import Disclosure, Workspace

# Ten numbers: the page, the number as it is printed, and the file and sheet that it was counted from.
FOLLOWED = [
    ("2024/gesproken.html", "175", "gesprekken.csv", ""),
    ("2024/gesproken.html", "565", "gesprekken.csv", ""),
    ("2024/geactiveerd.html", "50", "activiteiten en trajecten.xlsx", "Activiteiten"),
    ("2024/geactiveerd.html", "20", "activiteiten en trajecten.xlsx", "Activiteiten"),
    ("2024/trajecten.html", "24", "activiteiten en trajecten.xlsx", "Trajecten"),
    ("2024/doorstroom-en-uitstroom.html", "10", "uitstroom.xlsx", ""),
    ("2024/doorstroom-en-uitstroom.html", "108", "activiteiten en trajecten.xlsx", "Treden"),
    ("2024/caseload.html", "241", "caseload.csv", ""),
    ("2024/klant-in-beeld.html", "1.900", "klantbeeld.csv", ""),
    ("2022-2023/gesproken.html", "231", "gesprekken.csv", ""),
]


@pytest.mark.parametrize(("page", "number", "file", "sheet"), FOLLOWED)
def test_a_number_is_followed_to_its_file_sheet_and_rows(
    released: Workspace, page: str, number: str, file: str, sheet: str
) -> None:
    soup = BeautifulSoup((released.output / page).read_text(encoding="utf-8"), "html.parser")
    opened = _behind(soup, number)  # one click
    (source,) = [li for li in opened.select(".sources li") if li.get_text().partition(": ")[2].startswith(file)][:1]
    told = source.get_text()
    assert (f"blad ‘{sheet}’" in told) == bool(sheet)
    period = page.partition("/")[0]
    assert f"({shown(_rows(released.raw / period / file, sheet))} rijen = " in told
    term = opened.select_one(".counted a")["href"]  # a second click
    target, _, place = str(term).partition("#")
    definitions = BeautifulSoup(
        (released.output / page).parent.joinpath(target).read_text(encoding="utf-8"), "html.parser"
    )
    assert definitions.find(id=place) is not None


def _behind(soup: BeautifulSoup, number: str) -> Tag:
    """What opens below the first place where a number stands by itself, in a cell or as a headline."""
    found = next(e for e in soup.select("td, .value, .headline strong") if e.get_text(strip=True) == number)
    return found.find_next("details", class_="code")


def _rows(path: Path, sheet: str) -> int:
    """The filled rows of a delivered file, by other readers than ours."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return sum(1 for _ in csv.reader(file))
    book = load_workbook(path, read_only=True)
    rows = book[sheet] if sheet else book.worksheets[0]
    return sum(any(cell is not None for cell in row) for row in rows.iter_rows(values_only=True))


def test_rows_of_the_period_become_residents(committed: Evaluation) -> None:
    """By hand from the delivery: its rows of 2024, and the distinct residents in them."""
    (told,) = origin(committed, "2024", ["conversations"]).sources
    path = committed.workspace.raw / "2024" / "gesprekken.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    day, who = head.index("Datum gesprek"), head.index("Inwoner")
    within = [row[who] for row in rows if row[day].endswith("2024")]
    assert told.endswith(f"In de periode: {len(within)} rijen van {len(Counter(within))} inwoners.")


def test_all_periods_together_tell_the_file_of_each(committed: Evaluation) -> None:
    told = origin(committed, WHOLE, ["spoken"]).sources
    assert [t.partition(":")[0] for t in told] == [f"Gesprekken, {p.wording()}" for p in committed.workspace.periods]


def test_what_was_explained_above_is_only_named(committed: Evaluation) -> None:
    first, second = origin(committed, "2024", ["spoken", "activated"], known={"spoken"}).counted
    assert (first.id, first.meaning) == ("maat-spoken", "")
    assert "De eerste en de laatste dag tellen mee" in second.meaning


def test_a_public_release_tells_the_file_and_neither_sheet_nor_rows(committed: Evaluation) -> None:
    settings = replace(committed.workspace.settings, disclosure=Disclosure(internal=False))
    received = {
        key: replace(r, counts=intake.hide(r.counts), account=intake.hide_account(r.account))
        for key, r in committed.received.items()
    }
    public = replace(committed, workspace=replace(committed.workspace, settings=settings), received=received)
    assert origin(public, "2024", ["outflow"]).sources == ("Doorstroom en uitstroom: uitstroom.xlsx.",)


def test_a_cell_names_the_measures_of_what_it_calls_and_no_other() -> None:
    names = asked.imports(["from mp_eval.present.chapters import trajectories, outflow as left"])
    assert asked.measures(["trajectories.checks(evaluation, period)"], names) == (
        "trajectories_started", "trajectories_ended", "trajectories_running",
    )  # fmt: skip
    assert asked.measures(["left.referred(evaluation, period)"], names) == (
        "wsp_referral", "outflow_with_wsp", "outflow",
    )  # fmt: skip
    assert asked.measures(["print(1)", "%time x", "unknown.f()"], names) == ()


@pytest.mark.parametrize(
    ("cell", "counted"),
    [
        ("caseload.groups_figure(evaluation, period)", ("on_benefit",)),  # whose hidden bars are told in words too
        ('population.composition_figure(evaluation, period, "age")', ("running_benefits",)),
        ("figures.activities(evaluation, period)", ("activated",)),
        ('tables.reconciliation(evaluation, period=period, measures=["outflow"])', ("outflow",)),  # by days of stocks
        ("from mp_eval.present import contradictions", ()),
    ],
)
def test_what_a_cell_is_told_by_is_not_what_it_counts(cell: str, counted: tuple[str, ...]) -> None:
    brought = ["from mp_eval.present import contradictions, figures, tables"]
    names = asked.imports([*brought, "from mp_eval.present.chapters import caseload, population"])
    assert asked.measures([cell], names) == counted


def test_an_own_cell_that_selects_by_itself_names_what_it_selects() -> None:
    cell = 'tidy.pick(evaluation.measures, measure="outflow")'
    assert asked.measures([cell], asked.imports(["import os\nfrom mp_eval import tidy"])) == ("outflow",)


def test_every_measure_that_is_named_is_one() -> None:
    assert tidy.MEASURES.keys() >= asked.MEANT
    assert {"spoken", "activated", "outflow"} <= asked.MEANT
