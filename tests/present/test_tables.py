"""Tables: read without seeing them, safe to show, and the same numbers as the measures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from evaluations import BEFORE, YEAR, claim, evaluation
from hypothesis import given
from hypothesis import strategies as st

from mp_eval.evaluation import Evaluation
from mp_eval.present import sentences, tables
from mp_eval.present.chapters import comparison, reach
from mp_eval.present.elements import Explained, Remark, Status, Table
from mp_eval.workspace import Disclosure

NOBODY = evaluation()
PERIOD: dict[str, Callable[[Evaluation], Table | Remark]] = {
    "deliveries": lambda e: tables.deliveries(e, "2024"),
    "reach": lambda e: reach.reach(e, "2024"),
    "activation": lambda e: tables.activation(e, "2024"),
    "activities": lambda e: tables.activities(e, "2024"),
    "reconciliation": lambda e: tables.reconciliation(e, period="2024"),
}
WHOLE: dict[str, Callable[[Evaluation], Table | Remark]] = {
    "periods": tables.periods,
    "all deliveries": tables.deliveries,
    "side by side": comparison.side_by_side,
    "times counted": tables.times_counted,
    "verdicts": tables.verdicts,
    "every claim": tables.reconciliation,
}
EVERY = pytest.mark.parametrize("make", (PERIOD | WHOLE).values(), ids=PERIOD | WHOLE)


@EVERY
def test_every_table_has_one_caption(make, committed: Evaluation) -> None:
    assert len(re.findall(r"<caption[^>]*><span class=\"title\">[^<]+</span>", make(committed).html())) == 1


@EVERY
def test_every_header_cell_says_what_it_heads(make, committed: Evaluation) -> None:
    headers = re.findall(r"<th\b[^>]*>", make(committed).html())
    assert all(re.search(r'scope="(col|row)"', th) for th in headers)


@EVERY
def test_every_row_has_a_header_of_its_own(make, committed: Evaluation) -> None:
    made = make(committed)
    assert made.html().count('scope="row"') == len(made.rows) > 0


@EVERY
def test_no_cell_is_empty(make, committed: Evaluation) -> None:
    assert all(str(cell).strip() for row in make(committed).rows for cell in row)


@EVERY
def test_no_cell_shows_how_the_code_says_missing(make) -> None:
    assert not re.search(r"\b(nan|None|NA|inf)\b|<NA>", repr(make(NOBODY)))


@pytest.mark.parametrize("page", [PERIOD, WHOLE], ids=["period", "whole"])
def test_no_two_tables_of_a_page_share_an_id(page, committed: Evaluation) -> None:
    ids = [make(committed).id for make in page.values()]
    assert len(set(ids)) == len(ids)


def test_an_id_is_used_where_it_is_told() -> None:
    wide = Table("A", list("abcd"), [list("1234")])
    assert wide.html(id="tabel-7").count('"tabel-7"') == 1


def test_a_wide_table_can_be_read_as_cards() -> None:
    soup = BeautifulSoup(Table("A", list("abcd"), [list("1234")]).html(), "html.parser")
    assert [td["data-label"] for td in soup.select("td")] == ["b", "c", "d"]
    assert not soup.select("[role], [tabindex]")


def test_three_columns_of_text_are_wide() -> None:
    assert Table("A", list("abc"), [list("xyz")]).is_wide


def test_a_table_longer_than_a_sheet_may_break_on_paper() -> None:
    quoted = [["a", Explained("b", quotes=("c",))]]
    assert [Table("A", ["x", "y"], quoted * n).is_long for n in (3, 4)] == [False, True]
    assert 'class="table long"' in Table("A", ["x"], [["1"]] * 23).html()


@given(st.text(min_size=1))
def test_an_id_is_a_plain_name_whatever_the_caption(caption: str) -> None:
    assert re.fullmatch(r"tabel-[a-z0-9-]*", Table(caption, ["x"], []).id)


MARKUP = "<script>alert('&')</script>"


@pytest.mark.parametrize(
    "table",
    [
        Table(MARKUP, ["x", "y"], [["a", "b"]]),
        Table("A", [MARKUP, "y"], [["a", "b"]]),
        Table("A", ["x", "y"], [[MARKUP, "b"]]),
        Table("A", ["x", "y"], [["a", MARKUP]]),
        Table("A", ["x", "y"], [["a", Explained(MARKUP)]]),
        Table("A", ["x", "y"], [["a", Explained("b", MARKUP)]]),
        Table("A", ["x", "y"], [["a", Explained("b", quotes=(MARKUP,))]]),
        Table("A", ["x", "y"], [["a", Status("agrees", MARKUP)]]),
        Table("A", ["x", "y"], [["a", "b"]], unit=MARKUP),
        Table("A", ["x", "y"], [["a", "b"]], note=MARKUP),
    ],
)
def test_markup_is_shown_and_not_run(table: Table) -> None:
    assert ("<script" in table.html(), "&lt;script&gt;" in table.html()) == (False, True)


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than"):
        Table("A", ["x", "y"], [["a"]]).html()


def test_plain_text_puts_numbers_to_the_right() -> None:
    table = Table("A", ["x", "n"], [["a", "1"], ["b", "100"]], unit="stuks", numbers=frozenset({"n"}))
    assert repr(table) == "A (stuks)\nx    n\na    1\nb  100"


def test_the_activities_have_a_total(committed: Evaluation) -> None:
    made = tables.activities(committed, "2024")
    assert (made.rows[-1], made.totals) == (["Totaal", "50", "50"], {6})


def test_the_rates_are_those_of_the_report(committed: Evaluation) -> None:
    assert tables.activation(committed, "2024").rows[0][1:] == ["50", "28,6%", "32,0%", "25,5% – 39,2%"]


def test_reach_is_that_of_the_report(committed: Evaluation) -> None:
    assert [row[1] for row in reach.reach(committed, "2024").rows[:2]] == ["175", "14,6"]


def test_side_by_side_ends_with_distinct_residents_not_a_sum(committed: Evaluation) -> None:
    assert comparison.side_by_side(committed).rows[0] == ["Gesproken inwoners", "231", "312", "175", "631"]


def test_who_counts_twice_explains_the_sum(committed: Evaluation) -> None:
    assert tables.times_counted(committed).rows[0] == ["Gesproken inwoners", "718", "87", "0", "631"]


def test_one_resident_by_whom_deliveries_differ_does_not_follow_from_the_row() -> None:
    """17 and 17 spoken to less 17 who count twice is 17; one of the deliveries counts 18."""
    made = evaluation(spoken="abcdefghijklmnopq", periods=(YEAR, BEFORE))
    measures = made.measures.copy()
    is_it = (measures["period"] == "2024") & (measures["measure"] == "spoken") & (measures["breakdown"] == "")
    measures.loc[is_it, "value"] = 18
    internal = replace(made, measures=measures)
    assert tables.times_counted(internal).rows[0][1:] == ["35", "17", "-1", "17"]
    assert "Het verschil van 1" in sentences.checks_whole(internal).checks[0].text
    settings = replace(made.workspace.settings, disclosure=Disclosure(internal=False))
    public = replace(internal, workspace=replace(made.workspace, settings=settings))
    assert tables.times_counted(public).rows[0][1:] == ["35", "x", "x", "17"]
    assert not re.search(r"\d", sentences.checks_whole(public).checks[0].text)


def test_a_register_without_figures_is_a_sentence() -> None:
    assert tables.reconciliation(NOBODY) == Remark("Er zijn geen gepubliceerde cijfers waarvoor deze vraag speelt.")


def test_a_period_without_published_figures_is_a_sentence() -> None:
    assert tables.reconciliation(NOBODY, period="2024") == Remark("Over 2024 is dit niet gepubliceerd.")


def test_a_period_within_published_days_says_over_which() -> None:
    longer = evaluation(figures=[claim(when="januari 2023 tot januari 2025")], periods=[YEAR])
    assert "wel over januari 2023 tot januari 2025" in tables.reconciliation(longer, period="2024").text


def test_a_quoted_sentence_keeps_its_signs() -> None:
    made = tables.reconciliation(evaluation(figures=[claim()]), period="2024")
    assert "Een &lt;zin&gt;." in made.html()


def test_a_page_of_the_document_is_named() -> None:
    assert "bladzijde 3" in repr(tables.reconciliation(evaluation(figures=[claim()]), period="2024"))
