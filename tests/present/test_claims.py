"""What says *dus*, *geen*, *niemand* or *alle* says it only where it holds: each beside a case where it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from evaluations import BEFORE, YEAR, claim, evaluation
from test_chapter_activation import MANY
from test_chapter_activation import of as activated
from test_chapter_costs import with_costs
from test_chapter_delivered import made as delivered_alone
from test_chapter_delivered import share
from test_chapter_progress import hide, made, run
from test_chapter_reach import spoken_on

from mp_eval import tidy
from mp_eval.comparison import Change
from mp_eval.evaluation import Evaluation
from mp_eval.measures.scope import wilson
from mp_eval.measures.trajectories import LEAST
from mp_eval.periods import WHOLE
from mp_eval.present import reconciliation, sentences, tables
from mp_eval.present.chapters import (
    activation,
    ambitions,
    caseload,
    comparable,
    comparison,
    costs,
    delivered,
    ladder,
    outflow,
    population,
    reach,
    trajectories,
)
from mp_eval.present.wording import definitions, words

RAN = [run("a", "Een", "2023-05-01"), run("b", "Twee", "2023-06-01", "2024-03-31")]


@pytest.mark.parametrize(
    ("evaluation", "sentence"),
    [
        (made(), "Over 2024 begon geen traject, en bij het begin liep er ook geen."),
        (
            made(RAN),
            "Over 2024 begon geen traject, maar liepen er al 2. Een bedrag telt in de periode waarin het traject "
            "begon: wat trajecten in deze periode kostten, is hier niet te zien.",
        ),
        (
            hide(made(RAN), "trajectories_running"),
            "Over 2024 begon geen traject. Een bedrag telt in de periode waarin het traject begon: wat trajecten in "
            "deze periode kostten, is hier niet te zien.",
        ),
    ],
    ids=["none ran", "two ran", "not told"],
)
def test_there_are_no_costs_only_where_no_trajectory_ran(evaluation, sentence: str) -> None:
    assert repr(trajectories.costs(evaluation, "2024")) == sentence


def test_of_all_periods_together_no_trajectory_is_said_not_to_have_run() -> None:
    assert "liep er ook geen" not in repr(trajectories.costs(made(RAN), WHOLE))


def test_who_was_measured_twice_in_a_month_is_not_said_to_be_measured_once() -> None:
    soon = made(spoken="a", steps=[("a", "2024-02-01", 1), ("a", "2024-03-01", 2)])
    said = "Van geen gesproken inwoner zijn er twee metingen op de participatieladder met ten minste 90 dagen ertussen."
    assert ladder.sentence(soon, "2024") == said
    assert repr(ladder.moves(soon, "2024")) == said


def test_who_fell_is_named_beside_who_rose() -> None:
    steps = [(r, d, s) for r, d, s in (("a", "2024-02-01", 3), ("a", "2024-09-01", 2), ("b", "2024-02-01", 1))]
    fell = made(spoken="ab", steps=[*steps, ("b", "2024-09-01", 1)])
    assert ladder.sentence(fell, "2024") == (
        "Van 2 gesproken inwoners met twee metingen op de participatieladder kwam **niemand** hoger te staan en **1** "
        "lager."
    )
    assert outflow.headline(fell, "2024").items[2] == ("0", "hoger op de ladder", "van 2 inwoners; lager: 1")


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (("02", "03"), "uit de uitkering, van wie niemand naar werk."),
        (("11", None), "uit de uitkering, van wie volgens de vastgelegde redenen 1 naar werk."),
        ((None, "02"), "uit de uitkering, van wie volgens de vastgelegde redenen niemand naar werk."),
        ((None, None), "stroomden 2 inwoners uit de uitkering. Er"),
    ],
)
def test_nobody_went_to_work_only_where_every_reason_is_known(reasons: tuple[str | None, ...], said: str) -> None:
    left = [(r, "2024-05-01", "outflow", reason) for r, reason in zip("ab", reasons, strict=True)]
    assert said in repr(outflow.answer(made(left=left), "2024"))


def test_part_time_contracts_and_referrals_are_missing_of_the_period_alone() -> None:
    before = made(left=[("a", "2023-05-01", "part_time_contract", None), ("a", "2023-05-01", "wsp_referral", None)])
    assert repr(outflow.part_time(before, "2024")) == "Over 2024 zijn geen parttime contracten vastgelegd."
    assert repr(outflow.referred(before, "2024")) == "Over 2024 is niemand naar het WSP verwezen."


def test_a_month_that_is_partly_in_the_records_is_not_every_month() -> None:
    days = [f"2024-{m:02}-10" for m in range(1, 6)]
    half = spoken_on(*days, "2024-06-01", "2024-06-02", as_of=date(2024, 6, 15))
    assert "In elke hele maand waren het er evenveel: 1." in repr(reach.answer(half, "2024"))
    more = spoken_on(*days, "2024-03-11", as_of=date(2024, 6, 15))
    assert "Van de hele maanden: de meeste waren het er in maart 2024 (2)." in repr(reach.answer(more, "2024"))


def test_who_was_active_already_is_not_said_to_be_followed_too_short() -> None:
    early = activated("abc", as_of=date(2024, 4, 1))
    assert repr(activation.timely(early, "2024")).count("niemand kon al zo lang worden gevolgd") == 2
    nobody = activated("")
    assert repr(activation.timely(nobody, "2024")).count("geen gesproken inwoners die nog niet actief waren") == 2


def test_what_was_not_delivered_is_not_said_to_be_known() -> None:
    full = share("coverage_of_first_conversation", 4, 4)
    missing = tidy.row("2024", "coverage_of_ladder_step", None, status="not_delivered")
    said = repr(delivered.answer(delivered_alone(full, missing), "2024"))
    assert "Steeds bekend: bij inwoners in gesprek het eerste gesprek." in said


def test_each_verdict_says_what_it_rests_on() -> None:
    """One word for what follows from the papers and for what agrees with the records was read as one thing."""
    said = [{reconciliation.in_words(g, status) for status in reconciliation.ORDER} for g in reconciliation.GROUNDS]
    assert not said[0] & said[1]
    in_columns = words()["short_verdict"]
    assert in_columns.keys() == words()["verdict"].keys()
    assert len(set(in_columns.values())) == len(in_columns)
    rules = [rule for rules in reconciliation.GROUNDS.values() for rule in rules]
    assert sorted(rules) == sorted(words()["rule"])
    assert {reconciliation.verdict(r, "agrees") for r in ("recomputed", "placement")} == {"klopt met de gegevens"}
    assert {reconciliation.verdict(r, "agrees") for r in ("union", "share", "parts")} == {"volgt uit de papieren"}


def test_each_published_figure_is_one_row_with_two_verdicts(committed: Evaluation) -> None:
    found = reconciliation.claims(committed)
    published = [x for x in found if x.is_published]
    row = [f for f in committed.figures if f.is_ambiguous]  # is one row as it was printed
    assert len(published) == len(committed.figures) - len(row) + 1
    by = {(x.subject, x.when): x for x in published}
    over_700 = by["Gesproken inwoners", "september 2022 tot januari 2025"]
    assert (over_700.published, over_700.papers, over_700.records) == ("meer dan 700", "interval", "differs")
    whole = ("september 2022 tot juli 2024", "15 juli 2025")
    rests = [by["Geactiveerde inwoners", whole[0]], by["Inwoners met een uitkering", whole[1]]]
    assert [x.papers for x in rests] == ["interval", "interval"]  # 149 of 197, and 1,081 of 1,900: one rule
    assert by["Geactiveerde inwoners", "2024"].papers == "agrees"  # 5 + 20 + 13 + 12 = 50


def test_what_was_said_of_all_is_judged_of_all(committed: Evaluation) -> None:
    over_30 = [x for x in reconciliation.claims(committed) if x.published == "meer dan 30,0%"]
    assert [(x.when, x.papers, x.records) for x in over_30] == [
        ("september 2022 tot januari 2025", "interval", "agrees")
    ]
    assert "Voor 2024 apart is het 50 / 175 = 28,6%." in over_30[0].texts
    assert not any(x.published == "meer dan 30,0%" for x in reconciliation.claims(committed.of("2024"), period="2024"))


def test_each_figure_counts_once_under_each_ground(committed: Evaluation) -> None:
    rows = [[str(cell) for cell in row] for row in tables.verdicts(committed).rows]
    at = [n for n, row in enumerate(rows) if row[0].startswith("Samen")]
    sums = [sum(int(row[1]) for row in rows[start:end]) for start, end in ((0, at[0]), (at[0] + 1, at[1]))]
    assert sums == [int(rows[n][1]) for n in at] == [21, 21]
    assert "Van 21 gepubliceerde cijfers kloppen er 19 met de gegevens; 1 wijkt ervan af" in repr(
        sentences.answer_whole(committed)
    ).replace("**", "")


@pytest.mark.parametrize(
    ("stem", "of"),
    [("uitgestroom", {"outflow"}), ("gesproken", {"spoken"}), ("geactiveerd", {"activated", "cohort"})],
)
def test_a_word_for_a_count_is_of_one_count(stem: str, of: set[str]) -> None:
    """10 and 314 were both *uitgestroomd* on one page, 175 and 274 both *gesproken*."""
    named = {m for m, text in words()["measure"].items() if stem in text}
    counted = named & {m for m, meaning in tidy.MEASURES.items() if meaning.kind in ("persons", "events", "stock")}
    assert {m for m in counted if not m.startswith(tuple(of)) and m not in OF_THE_SAME} == set()


# Counts of some of the same residents, as their words say.
OF_THE_SAME = ("ladder_followed", "spoken_on_benefit", "activated_in_time", "activated_within")


def test_the_share_of_the_programme_stands_beside_no_other() -> None:
    """Of 2,345 on benefit 13.4% left and of 604 in the programme 1.7%: another source, and another way to come in."""
    left = made(left=[("a", "2024-05-01", "outflow", "11")], spoken="ab")
    assert [str(row[0]) for row in outflow.rates(left, "2024").rows] == ["Alle inwoners met een uitkering"]
    said = repr(outflow.of_programme(left, "2024"))
    assert "%" not in said
    assert "van hen uitgestroomd: 1. Daar staat geen aandeel bij" in said
    assert "programme_outflow_rate" not in comparison.HEADLINES


def test_the_definitions_have_the_numbers_of_the_code() -> None:
    known = definitions()["measure"]
    assert LEAST == 10
    assert "Alleen bij tien trajecten of meer" in known["trajectory_duration"]


def test_a_claim_about_all_periods_is_not_judged_on_one_of_them(committed: Evaluation) -> None:
    assert "De uitspraak" not in repr(sentences.answer(committed, "2024"))


def test_who_was_active_already_is_not_said_to_have_become_active(committed: Evaluation) -> None:
    """Of 175 first spoken to in 2024 56 are in the share; 13 of them were active before."""
    assert "voor het eerst is gesproken, was of werd 32,0% actief" in repr(sentences.answer(committed, "2024"))
    assert sentences.headline(committed, "2024").items[2][1] == "van de gesproken inwoners was of werd actief"
    assert "actief werd of het al was" in tables.activation(committed, "2024").note
    assert "zoals gepubliceerd" not in str(tables.activation(committed, "2024").rows)  # it is no word for a count


def test_who_became_active_is_not_said_to_be_so_still() -> None:
    """How many activities last is another table: after twelve months a part of them has ended."""
    finding = activation.incidence(activated(MANY, MANY[:13]), "2024").finding
    assert finding == "Na 12 maanden was 50,0% actief geworden."


def test_an_interval_of_chance_is_around_a_proportion_alone(committed: Evaluation) -> None:
    shares = [m for m, meaning in tidy.MEASURES.items() if meaning.kind == "share"]
    found = committed.measures.dropna(subset=["low", "high"])
    counted = found[found["measure"].isin(shares)].drop_duplicates("measure")
    assert not {m for m in counted["measure"] if tidy.MEASURES[m].ratio}
    for row in counted.to_dict("records"):
        assert (row["low"], row["high"]) == pytest.approx(wilson(row["numerator"], row["denominator"])), row["measure"]


@pytest.mark.parametrize(
    ("bought", "why"),
    [
        ([run("a", "Een", "2024-01-01")] * 3, "het zijn er te weinig."),
        ([run(str(n), "Een", "2024-01-01") for n in range(LEAST)], "er zijn er nog te weinig geëindigd."),
    ],
)
def test_trajectories_are_few_only_where_they_are(bought, why: str) -> None:
    assert repr(trajectories.lasting(made(bought), "2024")).endswith(why)


def test_something_is_beyond_chance_only_where_it_is() -> None:
    sure = Change("spoken_per_month", "a", "b", (1.0, 9.0), 8.0, (7.0, 9.0), 8.0)
    assert comparison.beyond_chance([]) == "Van geen vergelijking is te zeggen of zij groter is dan toeval."
    assert comparison.beyond_chance([sure]).startswith("Van 1 vergelijking is er geen groter dan toeval, ook als")
    assert "ovenaan" not in comparison.beyond_chance([sure])
    clear = [replace(sure, is_beyond_chance=True)] * 2
    assert comparison.beyond_chance([*clear, sure]).startswith("Van 3 vergelijkingen zijn er 2 groter dan toeval")
    assert comparison.beyond_chance(clear).endswith("Wat dat is, staat bovenaan.")
    assert "ovenaan" not in comparison.changes(evaluation(spoken="ab", periods=(BEFORE, YEAR))).note  # they share days


def test_other_figures_stand_alone_only_where_there_are_others() -> None:
    """Two that are held against each other, and none beside."""
    both = (claim(0.5), claim(0.5))
    assert "op zichzelf" not in " ".join(sentences.verdicts(evaluation(spoken="ab", activated="a", figures=both)))
    assert "op zichzelf" in " ".join(sentences.verdicts(evaluation(spoken="ab", activated="a", figures=both[:1])))


def test_where_none_began_what_ran_already_is_in_the_costs(committed: Evaluation) -> None:
    """It is the upper end of what is said: *er begon geen traject* beside it would leave it unexplained."""
    found = committed.measures
    begun = found["measure"].isin(["trajectories_started", "trajectories_priced"]) & (found["breakdown"] == "")
    none_began = replace(committed, measures=found.assign(value=found["value"].mask(begun, 0)))
    said = repr(costs.answer(with_costs(none_began, committed.workspace.settings.costs)))
    assert "kostte de aanpak 672.000 tot 805.211 euro: 84 maanden consulent, en trajecten die al liepen." in said


def test_a_share_that_grows_with_its_period_is_not_laid_beside_another_without_a_word(committed: Evaluation) -> None:
    """13.1% in 9 months, 15.9% in 13, 29.9% in 28."""
    note = comparison.side_by_side(committed).note
    assert f"een aantal niet, en evenmin het {words()['measure']['benefit_outflow_rate']}." in note
    without = committed.measures["measure"] != "benefit_outflow_rate"
    assert "evenmin" not in comparison.side_by_side(replace(committed, measures=committed.measures[without])).note


def test_costs_per_resident_say_that_the_residents_are_others(committed: Evaluation) -> None:
    assert "hoeft niet te zijn gesproken" in costs.each(committed).note


def test_spoken_on_one_page_and_on_another_is_explained_where_it_differs(committed: Evaluation) -> None:
    """662 with those of after 2024, and 631 on every other page."""
    note = comparable.people(committed).note
    assert "Hier staan 662 gesproken inwoners, over de perioden samen 631: ook wie ervoor of erna" in note
    measures = committed.measures.copy()
    whole = (measures["period"] == WHOLE) & (measures["measure"] == "spoken") & (measures["breakdown"] == "")
    measures.loc[whole, "value"] = 662
    assert "Hier staan" not in comparable.people(replace(committed, measures=measures)).note


def test_what_the_bounds_of_a_number_are_is_said_of_each_kind(committed: Evaluation) -> None:
    """One word for a band of the model, a quartile, a way of counting and an interval of chance."""
    bounded = set(committed.measures.dropna(subset=["low"])["measure"])
    meaning, said = definitions()["measure"], definitions()["column"]["low"]
    assert all(
        word in said for word in ("aandeel", "kans", "verschil", "aantal per maand", "mediaan", "model", "kosten")
    )
    chance = {"half_year_rate", "half_year_share", "compared_months_off", "unrecorded_leaving"}
    told = {m for m in bounded if "methode van" in meaning[m] or meaning[m].startswith("Model")} | chance
    others = {m for m in bounded - told if tidy.MEASURES[m].kind == "statistic"}
    assert others == {"trajectory_duration", "programme_cost", "cost_per_resident", "break_even_months"}


def test_what_a_municipality_need_not_have_is_named_where_it_is(committed: Evaluation) -> None:
    """703 of 1,900 pictures came from a bureau; the shares that follow are of all, which *daarvan* left open."""
    said = repr(population.answer(committed, "2024"))
    assert (
        "In het klantbeeld staan 1.900 inwoners; bij 703 is het ingevuld door een extern bureau. In totaal is" in said
    )
    without = committed.measures["category"] != "external_bureau"
    assert "bureau" not in repr(population.answer(replace(committed, measures=committed.measures[without]), "2024"))


def test_a_finding_rests_on_no_thin_part_of_the_line(committed: Evaluation) -> None:
    """At 18 months 8 of 2024 are still followed, at 12 months more than twenty."""
    assert activation.incidence(committed, "2024").finding.startswith("Na 12 maanden")


def test_two_shares_after_as_many_months_say_why_they_differ(committed: Evaluation) -> None:
    said = repr(activation.two_shares(committed, "2024"))
    assert "Na 12 maanden staat de lijn op 26,6% en de tabel erboven op 21,4%." in said
    assert "alleen over de 84 inwoners die al zo lang geleden zijn gesproken; de lijn over alle 162" in said
    assert "Na 6 maanden" not in said  # 25.3% in both
    assert "hetzelfde" in repr(activation.two_shares(activated(MANY, MANY[:13]), "2024"))


def test_of_two_shares_that_are_hidden_nothing_is_said_to_be_the_same(committed: Evaluation) -> None:
    gone = committed.measures["breakdown"].eq("months")
    measures = committed.measures.assign(status=committed.measures["status"].mask(gone, "hidden"))
    said = repr(activation.two_shares(replace(committed, measures=measures), "2024"))
    assert (said.count("hetzelfde"), "geen getal" in said) == (0, True)


def test_what_another_page_measures_is_measured_of_an_ambition_too(committed: Evaluation) -> None:
    """*Iedereen in beeld* was 100% by who filled a row in; *meteen begeleiden* was not measured, beside 0 of 186."""
    judged = {j.indicator.measure: (j.verdict, round(j.value, 1)) for j in ambitions.judge(committed, "2024")}
    assert judged["in_view_rate"] == ("unmet_so_far", 75.4)  # 865 of 1,147
    assert judged["newcomers_reached"] == ("no_target", 0.0)
    assert "had niemand binnen een half jaar een eerste gesprek (0,0%)" in repr(caseload.newcomers(committed, "2024"))
