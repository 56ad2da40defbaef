"""The one tidy table, and the catalogue of what it can hold.

One row a measure: one number with what it counts, of which period, in which breakdown and category, out of how
many, between which bounds, on which basis. Every table, figure, sentence and comparison is a selection of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

import pandas as pd

from . import programme
from .lookup import index

COLUMNS: Mapping[str, str] = {
    "period": "str",  # Period.key
    "measure": "str",  # a key of MEASURES
    "breakdown": "str",  # '' for a total, else a key of MEASURES[...].breakdowns
    "category": "str",  # '' for a total
    "value": "Float64",  # a count, or a share between 0 and 1
    "numerator": "Float64",
    "denominator": "Float64",
    "low": "Float64",  # bounds: of chance for a share, of what can be known for a count
    "high": "Float64",
    "unit": "str",
    "basis": "str",  # records | published
    "as_of": "str",  # ISO date: the stock's date, or the day up to which the records go
    "status": "str",  # final | provisional | undefined | not_delivered | hidden
    "note": "str",
}
KEY = ["period", "measure", "breakdown", "category", "as_of"]
ACTIVITIES = (*programme.ACTIVITIES, programme.UNRECORDED)
VARIANTS = ("gross", "net", "without_trajectory")
CONVERSATIONS = ("first", "progress", "closing")
STATUSES = ("final", "provisional", "undefined", "not_delivered", "hidden")


class Hidden(Enum):
    """What stands for a number that may not be shown: neither a number, nor *not measured*."""

    HIDDEN = "hidden"

    def __bool__(self) -> bool:
        """Refused: `value or 0` would print a zero where something is hidden."""
        raise TypeError("a hidden number is neither true nor false; compare it with tidy.HIDDEN")


HIDDEN = Hidden.HIDDEN
WINDOW, YEARS, COHORT, REMAINING = "window", "years", "cohort", "remaining"
COUNTS = ("persons", "events", "stock", "cohort")  # kinds of measures whose numbers count residents or rows
FOLLOWED = (WINDOW, YEARS)  # sides of a crossing of which the categories hold each other: see `Measure.kind`, *cohort*
Value = float | Hidden | None
Label = tuple[str, str, str]  # measure, breakdown, category; a category `*` is each category, the same on both sides


@dataclass(frozen=True)
class Measure:
    """What a measure counts and how it may be added up.

    `kind` is *persons* (distinct residents: periods that overlap may not be added), *events* (may be added over
    disjoint periods), *stock* (on a date, never added over time), *rate* (a count a month or a consultant), *share*
    (numerator over denominator), *statistic* (minimum, median, maximum, a mean with the sum as its numerator, or a
    curve; of as many residents, or as many of `denominator` in the same category, as the denominator says) or *cohort*
    (who began in certain years: a category says which, so it is the same count whenever it was delivered, but for the
    category `remaining`). The side `cohort` is one year, `window` is years in a row and holds those within it, and who
    is counted after more `years` was counted after fewer.
    `breakdowns` says of each how its categories relate to the total: *parts* (each counted in exactly one), *cover*
    (each in at least one), *some* (each in at most one), *beside* (each in at most one, but counted of another table
    than the total, so that a few may not be in it) or *variants* (not additive). In a breakdown `a>b` each
    category `x>y` is the crossing of two breakdowns, and `a` and `b` are its margins.

    The categories of a `moving` breakdown do not mean the same in a longer period (`""`: nor does the total); those
    of a `calendar` breakdown are months (`2024-01`) or quarters (`2024-Q1`), which mean the same in every period that
    holds them, and that of a quarter is told once all of it can be known. A share
    `of_the_same` counts people of its denominator, and its numerator is no row of its own. What is not
    `of_residents` needs no protection. The breakdowns that are `withheld` (`""`: the total) are told in no public
    release at all: rows of a delivery, stocks that lead from one period to the next, reasons that two counts share.
    What is `growing` is counted up to the extraction: several periods, each from its own delivery, may count less
    than all of them later. What is both `growing` and `moving` is only comparable between periods with the same
    extraction. A curve is a statistic whose numerator and denominator are rows of the same category; it is not
    shown without those, nor without the measures `beside` it, and in public at its `milestones` alone.
    A share that is a `ratio` is of a numerator that need not be among its denominator: it has no interval of chance.
    `needs` are the delivered tables without which it is not measured.
    A share is of the denominator's total, or in the breakdowns of `per` of the denominator's category in the breakdown
    that is named there (`below`).
    """

    unit: str
    kind: str
    breakdowns: Mapping[str, str]
    numerator: str = ""
    denominator: str = ""
    moving: frozenset[str] = frozenset()
    calendar: frozenset[str] = frozenset()
    of_the_same: bool = False
    ratio: bool = False
    of_residents: bool = True
    withheld: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    growing: bool = False
    beside: tuple[str, ...] = ()
    milestones: tuple[str, ...] = ()
    per: Mapping[str, str] = field(default_factory=dict)

    def below(self, breakdown: str, category: str) -> tuple[str, str]:
        """Breakdown and category of the denominator in this breakdown and category.

        >>> MEASURES["still_on_benefit"].below("sex>window>years", "man>2016-2020>3")
        ('sex>window', 'man>2016-2020')
        >>> MEASURES["activation_rate"].below("variant", "net")
        ('', '')
        """
        if self.kind == "statistic" and breakdown not in self.per:
            return (breakdown, category) if breakdown in MEASURES[self.denominator].breakdowns else ("", "")
        kept = self.per.get(breakdown, "")
        words = dict(zip(breakdown.split(">"), category.split(">"), strict=True)) if kept else {}
        return kept, ">".join(words[side] for side in kept.split(">")) if kept else ""

    @property
    def is_of_cohorts(self) -> bool:
        return "cohort" in (self.kind, MEASURES[self.denominator].kind if self.denominator else "")

    @property
    def is_of_a_date(self) -> bool:
        return "stock" in (self.kind, MEASURES[self.denominator].kind if self.denominator else "")


def _windows(more: str = "") -> dict[str, str]:
    """Pooled cohorts, in total and by what is known of who began; the groups are parts of each window."""
    groups = ("reason", "household", "sex", "age", "age>sex")
    return {f"window{more}": "variants", **{f"{group}>window{more}": "parts" for group in groups}}


_PICTURE = ("residents", "conversations", "client_picture")
_GUIDANCE = ("residents", "conversations", "outflow", "caseload")
_TALKS, _STARTS = ("conversations",), ("conversations", "activities", "trajectories")
_PEOPLE, _LEAVERS = ("conversations", "residents"), ("outflow", "residents")
_GROUPS, _AGES, _INFLOW = ("caseload",), ("conversations", "residents"), ("conversations", "benefits")
IN_TIME = ("had_time", "activated_in_time")  # by months that there were, and by the quarter of the first conversation
MILESTONES = ("3", "6", "12", "18", "24")  # months
_BOUGHT, _LEFT, _STEPPED = ("trajectories",), ("outflow",), ("conversations", "ladder")
_INDICATORS, _REGISTER = ("client_picture",), ("benefits",)
_QUARTER = frozenset({"start_quarter"})
_ALL_OF_TABLES = frozenset({"", "table"})
MEASURES: Mapping[str, Measure] = {
    # What was delivered
    "days_to_extraction": Measure("days", "stock", {}, of_residents=False),
    "coverage_of_first_conversation": Measure(
        "share", "share", {}, denominator="in_conversation", of_the_same=True, needs=_PEOPLE, growing=True
    ),
    "coverage_of_ladder_step": Measure(
        "share", "share", {}, denominator="spoken", of_the_same=True, needs=_PEOPLE, growing=True
    ),
    "coverage_of_benefit_end": Measure("share", "share", {}, denominator="outflow", of_the_same=True, needs=_LEAVERS),
    "late_records": Measure("records", "events", {"table": "parts"}, of_residents=False, withheld=_ALL_OF_TABLES),
    "withdrawn_records": Measure("records", "events", {"table": "parts"}, of_residents=False, withheld=_ALL_OF_TABLES),
    "contradictions": Measure(
        "persons",
        "events",
        {"contradiction": "variants"},
        of_residents=False,  # they are faults of a delivery, and withheld whatever they count
        withheld=frozenset({"contradiction"}),
    ),
    # Who was spoken to
    "spoken": Measure(
        "persons",
        "persons",
        {"month": "parts", "times_counted": "parts"},
        moving=frozenset({"times_counted"}),
        calendar=frozenset({"month"}),
        needs=_TALKS,
    ),
    "in_conversation": Measure(
        "persons", "persons", {"familiarity": "parts"}, moving=frozenset({"familiarity"}), needs=_TALKS
    ),
    "conversations": Measure(
        "conversations", "events", {"kind": "parts", "month": "parts"}, calendar=frozenset({"month"}), needs=_TALKS
    ),
    "spoken_per_month": Measure("persons a month", "rate", {}, "spoken", needs=_TALKS),
    "spoken_per_consultant_month": Measure("persons a month", "rate", {}, "spoken", needs=_TALKS),
    "conversations_per_month": Measure("conversations a month", "rate", {}, "conversations", needs=_TALKS),
    # Who was activated
    "activated": Measure(
        "persons",
        "persons",
        {"activity": "cover", "variant": "variants", "times_counted": "parts"},
        moving=frozenset({"times_counted"}),
        needs=_STARTS,
    ),
    "activities_started": Measure("activities", "events", {"activity": "parts"}, needs=_STARTS),
    "activated_per_month": Measure("persons a month", "rate", {}, "activated", needs=_STARTS),
    "activation_rate": Measure(
        "share", "share", {"variant": "variants"}, "activated", "spoken", ratio=True, needs=_STARTS
    ),
    "cohort_activation_rate": Measure(
        "share",
        "share",
        {"variant": "variants"},
        "activated",
        "spoken",
        of_the_same=True,
        needs=_STARTS,
        growing=True,
    ),
    "cohort": Measure(
        "persons", "persons", {"at_start": "parts", "start_quarter": "parts"}, calendar=_QUARTER, needs=_STARTS
    ),
    **{
        name: Measure(
            "persons",
            "persons",
            {"months": "variants", "start_quarter": "some"},
            calendar=_QUARTER,
            needs=_STARTS,
            growing=True,
        )
        for name in IN_TIME
    },
    "timely_activation_rate": Measure(
        "share",
        "share",
        {"months": "variants", "start_quarter": "variants"},
        "activated_in_time",
        "had_time",
        needs=_STARTS,
        per={"months": "months", "start_quarter": "start_quarter"},
    ),
    "activated_within": Measure("persons", "persons", {"months": "variants"}, needs=_STARTS, growing=True),
    "left_within": Measure("persons", "persons", {"months": "variants"}, needs=_STARTS, growing=True),
    "still_followed": Measure("persons", "persons", {"months": "variants"}, needs=_STARTS, growing=True),
    "activation_incidence": Measure(
        "share",
        "statistic",
        {"months": "variants"},
        "activated_within",
        "still_followed",
        needs=_STARTS,
        beside=("left_within",),
        milestones=MILESTONES,
    ),
    "outflow_incidence": Measure(
        "share",
        "statistic",
        {"months": "variants"},
        "left_within",
        "still_followed",
        needs=_STARTS,
        beside=("activated_within",),
        milestones=MILESTONES,
    ),
    "on_route": Measure("persons", "persons", {"route": "parts"}, needs=(*_STARTS, "residents"), growing=True),
    "route_recorded": Measure("persons", "persons", {"route": "some"}, needs=(*_STARTS, "residents"), growing=True),
    "activity_lasting": Measure(
        "share",
        "statistic",
        {"months": "variants", "activity>months": "variants"},
        of_residents=False,  # few began of each kind, and fewer are followed: told in no public release
        withheld=frozenset({"months", "activity>months"}),
        needs=_STARTS,
    ),
    "self_directed_started": Measure("activities", "events", {"referred_to": "parts"}, needs=("activities",)),
    # From half-year to half-year
    **{
        name: Measure(
            unit,
            "statistic",
            {"measure>half_year": "variants"},
            of_residents=False,  # counts of other stretches than the periods, of which nothing is known beside them
            withheld=frozenset({"measure>half_year"}),
        )
        for name, unit in (("half_year_rate", "number a month"), ("half_year_share", "share"))
    },
    # Trajectories
    "trajectories_started": Measure("trajectories", "events", {"provider": "parts"}, needs=_BOUGHT),
    "trajectories_ended": Measure(
        "trajectories",
        "events",
        {"provider": "parts", "end_reason": "parts", "provider>end_reason": "parts"},
        needs=_BOUGHT,
    ),
    "trajectories_running": Measure(
        "trajectories", "stock", {"provider": "parts"}, needs=_BOUGHT, withheld=frozenset({"", "provider"})
    ),
    "trajectory_duration": Measure(
        "months", "statistic", {"provider": "variants"}, denominator="trajectories_ended", needs=_BOUGHT
    ),
    "trajectory_lasting": Measure(  # of its numerator and denominator how many run on would follow
        "months", "statistic", {}, needs=_BOUGHT, of_residents=False, withheld=frozenset({""})
    ),
    "trajectories_priced": Measure("trajectories", "events", {"provider": "parts"}, needs=_BOUGHT),
    "trajectory_cost": Measure(
        "euros", "statistic", {"provider": "variants"}, denominator="trajectories_priced", needs=_BOUGHT
    ),
    "trajectory_cost_by_day": Measure(  # of as many as ran, which leads from one period to the next
        "euros", "statistic", {}, of_residents=False, withheld=frozenset({""}), needs=_BOUGHT
    ),
    # Up the ladder and out of the benefit
    "outflow": Measure("persons", "persons", {"reason": "parts"}, needs=_LEFT),
    "wsp_referral": Measure("persons", "persons", {}, needs=_LEFT),
    "outflow_per_month": Measure("persons a month", "rate", {}, "outflow", needs=_LEFT),
    "outflow_to_work": Measure("persons", "persons", {}, needs=_LEFT),
    # Of who left in one period and had the other in the next, only both together know
    "outflow_with_wsp": Measure("persons", "persons", {}, needs=_LEFT, growing=True),
    "outflow_with_part_time": Measure("persons", "persons", {}, needs=_LEFT, growing=True),
    "part_time_contract": Measure("persons", "persons", {}, needs=_LEFT),
    "re_entries": Measure("persons", "persons", {}, needs=_LEFT),
    "ladder_followed": Measure(
        "persons", "persons", {"measured": "parts"}, moving=frozenset({"measured"}), needs=_STEPPED, growing=True
    ),
    "ladder_moves": Measure(
        "persons",
        "persons",
        {"from": "parts", "to": "parts", "from>to": "parts", "direction": "parts"},
        moving=frozenset({"", "from", "to", "from>to", "direction"}),  # who is known to have moved changes with time
        needs=_STEPPED,
        growing=True,
    ),
    "ladder_move_rate": Measure(
        "share", "share", {"direction": "variants"}, "ladder_moves", "ladder_moves", needs=_STEPPED
    ),
    "programme_population": Measure(
        "persons", "persons", {"begin": "parts"}, moving=frozenset({"begin"}), needs=("conversations", "outflow")
    ),
    "programme_outflow_rate": Measure(
        "share", "share", {}, "", "programme_population", of_the_same=True, needs=("conversations", "outflow")
    ),
    "benefit_population": Measure(
        "persons", "persons", {"begin": "parts"}, moving=frozenset({"begin"}), needs=("benefits",)
    ),
    "benefit_outflow": Measure("persons", "persons", {}, needs=("benefits",)),
    "benefit_outflow_rate": Measure("share", "share", {}, "benefit_outflow", "benefit_population", needs=("benefits",)),
    # The caseload
    "on_benefit": Measure("persons", "stock", {"group": "beside", "filled_by": "beside"}),
    "consultants": Measure("consultants", "stock", {}, of_residents=False),
    "group_share": Measure(
        "share", "share", {"group": "variants"}, "on_benefit", "on_benefit", ratio=True, needs=_GROUPS
    ),
    "in_group": Measure("persons", "stock", {"group": "some", "group>duration": "parts"}, needs=_GROUPS),
    "months_in_group": Measure("months", "statistic", {"group": "variants"}, "", "in_group", needs=_GROUPS),
    "caseload_per_consultant": Measure(
        "persons a consultant",
        "rate",
        {"group": "variants"},
        "on_benefit",
        needs=_GROUPS,
    ),
    "in_programme": Measure(
        "persons",
        "persons",
        {"entry": "parts", "end": "parts"},
        moving=frozenset({"entry", "end"}),
        needs=_TALKS,
    ),
    "joined_programme": Measure("persons", "events", {}, needs=_TALKS),  # each resident joins and leaves once at most
    "left_programme": Measure("persons", "events", {"reason": "parts"}, needs=_TALKS, withheld=frozenset({"reason"})),
    "derived_caseload": Measure("persons", "stock", {"registered": "parts"}, needs=_TALKS),
    "derived_year_before": Measure("persons", "stock", {}, needs=_TALKS, withheld=frozenset({""})),
    "spoken_on_benefit": Measure("persons", "persons", {"benefit_age": "parts"}, needs=_AGES),
    "benefit_age_share": Measure(
        "share", "share", {"benefit_age": "variants"}, "spoken_on_benefit", "spoken_on_benefit", needs=_AGES
    ),
    "months_to_first_talk": Measure("months", "statistic", {}, "", "spoken_on_benefit", needs=_AGES),
    "newcomers": Measure("persons", "persons", {}, needs=_INFLOW),
    "newcomers_followed": Measure("persons", "persons", {}, needs=_INFLOW, growing=True),
    "newcomers_reached": Measure("share", "share", {}, "", "newcomers_followed", of_the_same=True, needs=_INFLOW),
    # The client picture and the benefit register
    "in_picture": Measure("persons", "stock", {"step": "parts", "filler": "parts"}, needs=_INDICATORS),
    "picture_filled": Measure(
        "share",
        "share",
        {"indicator": "variants", "indicator>step": "parts", "indicator>filler": "parts"},
        "in_picture",
        "in_picture",
        of_the_same=True,
        per={"indicator": "", "indicator>step": "step", "indicator>filler": "filler"},
        needs=_INDICATORS,
    ),
    "running_benefits": Measure(
        "persons", "stock", dict.fromkeys(("age", "sex", "household", "reason"), "parts"), needs=_REGISTER
    ),
    "running_share": Measure(
        "share",
        "share",
        dict.fromkeys(("age", "sex", "household", "reason"), "parts"),
        "running_benefits",
        "running_benefits",
        needs=_REGISTER,
    ),
    "benefits_started": Measure("benefits", "cohort", {"cohort": "parts", **_windows()}, needs=_REGISTER),
    "still_on_benefit": Measure(
        "share",
        "share",
        {"cohort>years": "parts", **_windows(">years")},
        "benefits_started",
        "benefits_started",
        of_the_same=True,
        per={"cohort>years": "cohort", **{f"{window}>years": window for window in _windows()}},
        needs=_REGISTER,
    ),
    # Ambitions
    "on_lowest_steps": Measure("persons", "stock", {"view": "parts"}, needs=_PICTURE),
    "in_view_rate": Measure(
        "share", "share", {}, "on_lowest_steps", "on_lowest_steps", of_the_same=True, needs=_PICTURE
    ),
    # The outlook
    "started_guidance": Measure("persons", "stock", {}, needs=_GROUPS),
    "unrecorded_leaving": Measure(
        "share a month",
        "statistic",
        {"registered": "variants"},
        "derived_caseload",
        "derived_caseload",
        per={"registered": ""},
        needs=_TALKS,
    ),
    "guided_months": Measure("months", "statistic", {}, needs=_GUIDANCE),
    "low_step_inflow": Measure("persons", "persons", {}, needs=_GUIDANCE),
    "low_step_inflow_per_month": Measure("persons a month", "rate", {}, "low_step_inflow", needs=_GUIDANCE),
    **{
        name: Measure(unit, "statistic", dict.fromkeys(breakdowns, "variants"), of_residents=False, needs=_GUIDANCE)
        for name, unit, breakdowns in (
            ("months_to_help_ready", "months", ("consultants",)),
            ("wait_of_newcomer", "months", ("consultants",)),
            ("guided_after_year", "persons", ()),
            ("caseload_path", "persons", ("consultants>month",)),
            ("waiting_path", "persons", ("consultants>month", "consultants>assumption>end")),
            ("share_reached", "share", ("consultants", "consultants>assumption>end")),
        )
    },
    **{
        name: Measure(unit, "statistic", {}, of_residents=False, needs=_GUIDANCE)
        for name, unit in (
            ("assumed_leaving", "share a month"),
            ("assumed_inflow", "persons a month"),
            ("assumed_able", "share"),
            ("assumed_ready", "share a year"),
            ("assumed_caseload", "persons a consultant"),
        )
    },
    # Does it make a difference? Told in no public release but for the grounds, which count nobody
    **{
        name: Measure(
            unit,
            "statistic",
            dict.fromkeys(breakdowns, "variants"),
            of_residents=False,
            withheld=frozenset({"", *breakdowns}),
            needs=_INFLOW,
        )
        for name, unit, breakdowns in (
            ("compared", "persons", ("compared",)),
            ("compared_risk", "share", ("outcome>months>compared",)),
            ("compared_difference", "share", ("outcome>months",)),
            ("compared_months_off", "months", ("compared",)),
            ("compared_balance", "spreads", ("trait>weighing",)),
        )
    },
    "comparison_ground": Measure("yes or no", "statistic", {"ground": "variants"}, of_residents=False, needs=_INFLOW),
    # What it costs: made of what is shown
    "consultant_months": Measure("months", "statistic", {}, of_residents=False),
    **{
        name: Measure(unit, "statistic", dict.fromkeys(breakdowns, "variants"), of_residents=False)
        for name, unit, breakdowns in (
            ("programme_cost", "euros", ("cost",)),
            ("cost_per_resident", "euros", ("per",)),
            ("break_even_months", "months", ("benefit",)),
            ("benefit_avoided", "euros", ("benefit",)),
        )
    },
}

# The breakdowns (``: the total) of which a page shows a number large: these are hidden last for the sake of others.
LARGE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "coverage_of_first_conversation",
            "coverage_of_ladder_step",
            "coverage_of_benefit_end",
            "spoken",
            "spoken_per_month",
            "spoken_per_consultant_month",
            "conversations",
            "conversations_per_month",
            "activated",
            "activated_per_month",
            "cohort_activation_rate",
            "trajectories_started",
            "trajectories_ended",
            "outflow",
            "outflow_per_month",
            "wsp_referral",
            "joined_programme",
            "left_programme",
            "running_benefits",
        ),
        frozenset({""}),
    ),
    **dict.fromkeys(IN_TIME, frozenset({"", "months"})),
    "ladder_moves": frozenset({"", "direction"}),
    "on_benefit": frozenset({"", "group"}),
    "caseload_per_consultant": frozenset({"group"}),
    "in_programme": frozenset({"end"}),
    "still_on_benefit": frozenset({"window>years"}),
}

# What readers know from the definitions, beside how a breakdown adds up; for a share: of its numerator. Labels that
# count the same things, and labels whose sum is at most that of others. The difference is itself a count, named here.
SAME: Sequence[tuple[Label, Label]] = (
    (("in_view_rate", "", ""), ("on_lowest_steps", "view", "in_view")),
    (("activated", "variant", "gross"), ("activated", "", "")),
    (("in_conversation", "familiarity", "new"), ("spoken", "", "")),
    (("cohort_activation_rate", "variant", "gross"), ("cohort_activation_rate", "", "")),
    (("cohort", "", ""), ("spoken", "", "")),
    (("on_route", "", ""), ("spoken", "", "")),
    (("had_time", "months", "6"), ("had_time", "", "")),
    (("activated_in_time", "months", "6"), ("activated_in_time", "", "")),
    (("self_directed_started", "", ""), ("activities_started", "activity", "self_directed")),
    # Up the ladder and out of the benefit
    (("ladder_followed", "", ""), ("spoken", "", "")),
    (("ladder_moves", "", ""), ("ladder_followed", "measured", "measured_twice")),
    (("programme_population", "", ""), ("in_programme", "", "")),
    (("programme_population", "begin", "started_before"), ("in_programme", "entry", "opening")),
    (("programme_population", "begin", "started_within"), ("joined_programme", "", "")),
    # The caseload
    (("in_programme", "entry", "joined"), ("joined_programme", "", "")),
    (("in_programme", "end", "left"), ("left_programme", "", "")),
    # The client picture and the benefit register
    (("in_picture", "filler", "external_bureau"), ("on_benefit", "filled_by", "external_bureau")),
)
# Labels that count the same of two tables, as far as these do not contradict each other.
BELIEVED_SAME: Sequence[tuple[Label, Label]] = ((("running_benefits", "", ""), ("on_benefit", "", "")),)
# Labels that go by one word on a page. A reader takes them for one number; where they are two, AT_MOST tells the rest.
SAME_WORD: Sequence[tuple[Label, Label]] = (
    (("programme_outflow_rate", "", ""), ("outflow", "", "")),  # uitgestroomd
    (("benefit_population", "begin", "started_within"), ("newcomers", "", "")),  # in de periode begonnen
)
# Residents by why they left, which may be another reason in a longer period.
BY_REASON = frozenset({"outflow_to_work"})
# A breakdown by month, and one by quarter of the same: the months of a quarter sum to it.
QUARTERS: tuple[tuple[str, str], tuple[str, str]] = (("spoken", "month"), ("cohort", "start_quarter"))
# Labels of who is there when a period begins, and when it ends: of one day they count the same. Some have no end.
STANDINGS: Sequence[tuple[Label, Label | None]] = (
    (("in_programme", "entry", "opening"), ("in_programme", "end", "stayed")),
    (("benefit_population", "begin", "started_before"), None),
)
_FOLLOWED: Label = ("cohort", "at_start", "not_yet_active")
# What can be known of the cohort after so many months; the rest is too recent.
_OUTCOMES: Mapping[str, Sequence[Label]] = {
    "0": [_FOLLOWED],
    **{m: [(name, "months", m) for name in ("activated_within", "left_within", "still_followed")] for m in MILESTONES},
}
# Who had so many months and is known not to have left in them.
_SEEN_IN_TIME: Mapping[str, Sequence[Label]] = {
    m: [("activated_in_time", "months", m), ("still_followed", "months", m)] for m in ("6", "12")
}
_TO_WORK: list[Label] = [("outflow", "reason", "cbs_11"), ("outflow", "reason", "cbs_13")]
_NO_STEP: Label = ("in_picture", "step", "unknown")
_BY_CONSULTANTS: list[Label] = [
    ("on_benefit", "filled_by", f"{whose}_consultant") for whose in ("participation", "work", "integration")
]
AtMost = tuple[Sequence[Label], Sequence[Label], str]
AT_MOST: Sequence[AtMost] = (
    ([("activated", "variant", "net")], [("activated", "", "")], "only what was there before"),
    ([("activated", "variant", "without_trajectory")], [("activated", "", "")], "only a trajectory"),
    (
        [("activated", "", "")],
        [("activated", "variant", "without_trajectory"), ("activated", "activity", "trajectory")],
        "a trajectory and more",
    ),
    ([("activated", "activity", "*")], [("activities_started", "activity", "*")], "started again"),
    ([("activated", "", "")], [("activities_started", "", "")], "started more"),
    # What was delivered
    ([("spoken", "", "")], [("coverage_of_first_conversation", "", "")], "first spoken to before"),
    (
        [("ladder_followed", "measured", "measured_once"), ("ladder_followed", "measured", "measured_twice")],
        [("coverage_of_ladder_step", "", "")],
        "a step from before, or from the table of residents alone",
    ),
    # Who was spoken to
    ([("spoken", "month", "*")], [("conversations", "month", "*")], "talked on in the month"),
    ([("spoken", "", "")], [("conversations", "kind", "first")], "first more than once"),
    ([("in_conversation", "", "")], [("conversations", "", "")], "talked again"),
    (
        [("in_conversation", "familiarity", "known")],
        [("conversations", "kind", "progress"), ("conversations", "kind", "closing")],
        "talked on",
    ),
    (
        [("cohort_activation_rate", "variant", "net")],
        [("cohort_activation_rate", "", "")],
        "only what was there before",
    ),
    (
        [("cohort_activation_rate", "variant", "without_trajectory")],
        [("cohort_activation_rate", "", "")],
        "only a trajectory",
    ),
    # The caseload
    ([("left_programme", "reason", "to_wsp")], [("wsp_referral", "", "")], "referred, and not known to the programme"),
    ([("left_programme", "reason", "closed")], [("conversations", "kind", "closing")], "left in another way"),
    ([("in_group", "group", "*")], [("on_benefit", "group", "*")], "not known since when"),
    ([("started_guidance", "", "")], [("in_group", "group", "caseload")], "began before the period, or after it"),
    ([("derived_caseload", "registered", "*")], [("on_benefit", "group", "*")], "in the group and not spoken to"),
    ([("joined_programme", "", "")], [("spoken", "", "")], "first spoken to before"),
    ([("spoken_on_benefit", "", "")], [("spoken", "", "")], "not known since when on benefit"),
    ([("newcomers_followed", "", "")], [("newcomers", "", "")], "too early to tell"),
    ([("newcomers", "", "")], [("benefit_population", "", "")], "began before"),
    (
        [("spoken_on_benefit", "", "")],
        [("benefit_population", "", "")],
        "on benefit and not spoken to for the first time",
    ),
    ([("on_lowest_steps", "", "")], [("on_benefit", "", "")], "on a higher step, or on none"),
    # The client picture: consultants are those of the three departments, and a step is filled in or unknown
    (_BY_CONSULTANTS, [("in_picture", "filler", "consultants")], "no such consultant"),
    ([("in_picture", "filler", "consultants")], _BY_CONSULTANTS, "by others"),
    ([("picture_filled", "indicator", "ladder_step"), _NO_STEP], [("in_picture", "", "")], "neither"),
    ([("in_picture", "", "")], [("picture_filled", "indicator", "ladder_step"), _NO_STEP], "both"),
    ([("benefit_population", "begin", "started_within")], [("newcomers", "", "")], "left in the period, and came back"),
    # The cohort: who was activated or left within so many months, and who had so many
    ([("had_time", "start_quarter", "*")], [("cohort", "start_quarter", "*")], "active before"),
    ([("activated_in_time", "months", "*")], [("had_time", "months", "*")], "not in time"),
    ([("activated_in_time", "start_quarter", "*")], [("had_time", "start_quarter", "*")], "not in time"),
    ([("activated_in_time", "months", "*")], [("activated_within", "months", "*")], "soon, of who is too recent"),
    ([("had_time", "months", "3")], [_FOLLOWED], "too recent"),
    *(
        ([("activated_within", "months", m)], [("cohort_activation_rate", "variant", "net")], "later")
        for m in MILESTONES
    ),
    (
        [("cohort_activation_rate", "", "")],
        [("cohort_activation_rate", "variant", "net"), ("cohort", "at_start", "active_before")],
        "active before, and net",
    ),
    *(
        ([(m, "months", a)], [(m, "months", b)], "between two milestones")
        for first, second in pairwise(MILESTONES)
        for m, a, b in (
            ("activated_within", first, second),
            ("left_within", first, second),
            ("still_followed", second, first),
            ("had_time", second, first),
        )
    ),
    *(
        (_OUTCOMES[a], _OUTCOMES[b], "followed too short between two milestones")
        for b, a in pairwise(("0", *MILESTONES))
    ),
    *(([("had_time", "months", m)], _OUTCOMES[m], "something happened, though too recent") for m in MILESTONES),
    *(([("still_followed", "months", m)], [("had_time", "months", m)], "happened in time") for m in MILESTONES),
    *((seen, [("had_time", "months", m)], "left in time") for m, seen in _SEEN_IN_TIME.items()),
    *(
        ([("had_time", "months", m)], [*seen, ("left_within", "months", m)], "left soon, of who is too recent")
        for m, seen in _SEEN_IN_TIME.items()
    ),
    (
        [("activated_in_time", "months", "6"), ("had_time", "months", "12")],
        [("activated_in_time", "months", "12"), ("had_time", "months", "6")],
        "activated between 6 and 12 months, or not yet and too recent",
    ),
    ([("route_recorded", "route", "*")], [("on_route", "route", "*")], "nothing recorded"),
    # Trajectories
    ([("trajectories_started", "", "")], [("activities_started", "activity", "trajectory")], "noted as an activity"),
    ([("trajectories_priced", "", "")], [("trajectories_started", "", "")], "without a price"),
    ([("trajectories_priced", "provider", "*")], [("trajectories_started", "provider", "*")], "without a price"),
    # Out of the benefit: work is the sum of its reasons
    ([("outflow_to_work", "", "")], _TO_WORK, "not to work"),
    (_TO_WORK, [("outflow_to_work", "", "")], "to other work"),
    ([("outflow_with_wsp", "", "")], [("outflow", "", "")], "out without a referral"),
    ([("outflow_with_wsp", "", "")], [("wsp_referral", "", "")], "referred and not out"),
    ([("outflow_with_part_time", "", "")], [("outflow", "", "")], "out without a contract"),
    ([("outflow_with_part_time", "", "")], [("part_time_contract", "", "")], "a contract and not out"),
    ([("benefit_outflow", "", "")], [("benefit_population", "", "")], "stayed on benefit"),
)
# What readers take to hold, though it is counted of tables that may contradict each other: it is protected and attacked
# as far as it does.
BELIEVED: Sequence[AtMost] = (
    # What is bought was not there before, unless the table of activities says so of one
    ([("activated", "activity", "trajectory")], [("activated", "variant", "net")], "anew, without a trajectory"),
    *(
        ([(m, "", "")], [(m, "variant", "net"), (m, "variant", "without_trajectory")], "anew, and an activity")
        for m in ("activated", "cohort_activation_rate")
    ),
    # Who left, by the outflow, by the ends of benefits in the table of residents, by the register of benefits
    (
        [("left_programme", "reason", "out_of_benefit")],
        [("outflow", "", "")],
        "left the benefit, not from here",
    ),
    ([("programme_outflow_rate", "", "")], [("outflow", "", "")], "left the benefit, not from the programme"),
    ([("outflow", "", "")], [("benefit_outflow", "", "")], "out and not of the programme"),
    (
        [("left_programme", "", "")],
        [("outflow", "", ""), ("wsp_referral", "", ""), ("conversations", "kind", "closing")],
        "more than one way out",
    ),
    (
        [("outflow", "", ""), ("wsp_referral", "", "")],
        [("left_programme", "", "")],
        "closed alone",
    ),
    # Who came, by the table of residents and by the register of benefits
    ([("low_step_inflow", "", "")], [("newcomers", "", "")], "on a higher step"),
    (
        [("low_step_inflow", "", ""), ("low_step_inflow", "", " uncertain")],
        [("newcomers", "", "")],
        "known to be higher",
    ),
    # What was planned and recorded is an activity, unless a referral fits the path
    ([("route_recorded", "route", "*")], [("cohort_activation_rate", "", "")], "active, and not as planned"),
    # Two years on benefit at a first conversation began before the period, unless that is longer
    (
        [("spoken_on_benefit", "benefit_age", "from_24")],
        [("benefit_population", "begin", "started_before")],
        "on benefit before, and not spoken to",
    ),
    # Who is first spoken to joins, unless there was a first conversation before
    ([("spoken", "", "")], [("joined_programme", "", "")], "first spoken to again"),
    # Who was active already, by what began before the conversation; in the rate only where it is recorded
    *(
        (
            [("activated_within", "months", m), ("cohort", "at_start", "active_before")],
            [("cohort_activation_rate", "", "")],
            "later, or not said to be active",
        )
        for m in MILESTONES
    ),
)


def at_most(kinds: Iterable[str], moves: Iterable[str]) -> Sequence[AtMost]:
    """`AT_MOST`, and what follows from these kinds of activity and moves on the ladder: a municipality chooses both.

    >>> [why for _, _, why in at_most(["volunteering", "trajectory"], ["step_1>step_2"])][-4:]
    ['another activity', 'more than one activity', 'other moves', 'no such move']
    """
    own: list[Label] = [("activated", "activity", kind) for kind in kinds if kind != programme.TRAJECTORY]
    active: list[Label] = [("activated", "variant", "without_trajectory")]
    found: list[AtMost] = [*AT_MOST, *(([label], active, "another activity") for label in own)]
    found += [(active, own, "more than one activity")] if own else []
    for direction, labels in _directed(moves).items():
        up: list[Label] = [("ladder_moves", "direction", direction)]
        found += [(up, labels, "other moves"), (labels, up, "no such move")]
    return found


def _directed(moves: Iterable[str]) -> dict[str, list[Label]]:
    """The moves of each direction: a direction is the sum of its moves."""
    found: dict[str, list[Label]] = {}
    for move in moves:
        first, last = (int(step.removeprefix("step_")) for step in move.split(">"))
        direction = "moved_up" if last > first else "moved_down" if last < first else "moved_same"
        found.setdefault(direction, []).append(("ladder_moves", "from>to", move))
    return found


# A stock on the day before a period and on its last, and what came and went in between.
BRIDGES: Sequence[tuple[str, str, str]] = (("trajectories_running", "trajectories_started", "trajectories_ended"),)


def row(period: str, measure: str, value: float | None, **rest: object) -> dict[str, object]:
    """One row as a dict; the unit follows from the measure, `basis` defaults to records, `status` to final.

    Raises
    ------
    ValueError
        When the measure, its breakdown, the status or a column is not in the catalogue.
    """
    if unknown := set(rest) - set(COLUMNS):
        raise ValueError(f"no such column in the tidy table: {sorted(unknown)}")
    if measure not in MEASURES:
        raise ValueError(f"no such measure: {measure!r}")
    if (breakdown := rest.get("breakdown", "")) and breakdown not in MEASURES[measure].breakdowns:
        raise ValueError(f"{measure!r} has no breakdown {breakdown!r}")
    if (status := rest.get("status", "final")) not in STATUSES:
        raise ValueError(f"no such status: {status!r}")
    defaults = {name: "" if kind == "str" else None for name, kind in COLUMNS.items()}
    fixed = {"period": period, "measure": measure, "value": value, "unit": MEASURES[measure].unit}
    return {**defaults, "basis": "records", "status": "final", **fixed, **rest}


def table(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as a typed table in a fixed order of columns.

    Raises
    ------
    ValueError
        When two rows have the same key (`KEY`).

    Examples
    --------
    >>> table([row("2024", "spoken", 175)])[["period", "measure", "value", "unit"]].values.tolist()
    [['2024', 'spoken', 175.0, 'persons']]
    """
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(dict(COLUMNS))
    if (twice := frame.duplicated(KEY)).any():
        raise ValueError(f"measured twice: {frame.loc[twice, KEY].iloc[0].tolist()}")
    return frame


def pick(measures: pd.DataFrame, **where: str) -> pd.DataFrame:
    """The rows in which every named column has the named value."""
    return index(measures).pick(where)


def number(measures: pd.DataFrame, period: str, measure: str, breakdown: str = "", category: str = "") -> Value:
    """The one value with this meaning; `HIDDEN` when it may not be shown, None when there is none.

    There is none when it was not measured or is undefined.

    >>> number(table([row("2024", "spoken", None, status="hidden")]), "2024", "spoken")
    <Hidden.HIDDEN: 'hidden'>
    """
    found = index(measures)
    rows = found.rows({"period": period, "measure": measure, "breakdown": breakdown, "category": category})
    if not rows:
        return None
    if found.column("status")[rows[-1]] == "hidden":
        return HIDDEN
    value = found.column("value")[rows[-1]]
    return None if pd.isna(value) else float(value)


def count(measures: pd.DataFrame, period: str, measure: str, breakdown: str = "", category: str = "") -> float | Hidden:
    """As `number`, where nothing measured is nobody.

    >>> count(table([]), "2024", "spoken")
    0.0
    """
    value = number(measures, period, measure, breakdown, category)
    return 0.0 if value is None else value


def quarter_of(month: str) -> str:
    """The quarter that holds a month, as a category.

    >>> quarter_of("2024-02"), quarter_of("2024-12")
    ('2024-Q1', '2024-Q4')
    """
    year, number = month.split("-")
    return f"{year}-Q{(int(number) + 2) // 3}"


def days_of(category: str) -> str:
    """The days of a month or quarter that is a category, as an ISO interval.

    >>> days_of("2024-12"), days_of("2024-Q1")
    ('2024-12-01/2025-01-01', '2024-01-01/2024-04-01')
    """
    year, name = category.split("-")
    length = 3 if name.startswith("Q") else 1
    first = (int(name.removeprefix("Q")) - 1) * length + 1
    last = first + length
    return f"{year}-{first:02}-01/{int(year) + last // 13}-{(last - 1) % 12 + 1:02}-01"


def all_shown(values: Sequence[float | Hidden]) -> list[float] | Hidden:
    """The values, or `HIDDEN` when one of them is: what is made of them may then not be shown either.

    >>> all_shown([1.0, 2.0]), all_shown([1.0, HIDDEN])
    ([1.0, 2.0], <Hidden.HIDDEN: 'hidden'>)
    """
    shown = [v for v in values if not isinstance(v, Hidden)]
    return shown if len(shown) == len(values) else HIDDEN
