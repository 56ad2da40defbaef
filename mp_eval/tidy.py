"""The one tidy table, and the catalogue of what it can hold.

One row a measure: one number with what it counts, of which period, in which breakdown and category, out of how
many, between which bounds, on which basis. Every table, figure, sentence and comparison is a selection of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pandas as pd

from . import counted, programme
from .lookup import index
from .sets import Rows

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
By = Mapping[str, Rows] | Callable[[str], Rows]  # what the categories of a breakdown count


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
    What is `large` (breakdowns; `""`: the total) a page shows large, and it is hidden last for the sake of others.
    `counts` is the set of rows that it counts, of a share `of_the_same` its numerator; residents when that is its unit,
    else rows. A category of a breakdown counts those with that value in a column of that name, or what `by` says. From
    these follows what readers know of it beside others (`implied`).
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
    counts: Rows | None = None
    large: frozenset[str] = frozenset()
    by: Mapping[str, By] = field(default_factory=dict)

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
MILESTONES = counted.MILESTONES
_BOUGHT, _LEFT, _STEPPED = ("trajectories",), ("outflow",), ("conversations", "ladder")
_INDICATORS, _REGISTER = ("client_picture",), ("benefits",)
_QUARTER = frozenset({"start_quarter"})
_ALL_OF_TABLES, _TOTAL = frozenset({"", "table"}), frozenset({""})
MEASURES: Mapping[str, Measure] = {
    # What was delivered
    "days_to_extraction": Measure("days", "stock", {}, of_residents=False),
    "coverage_of_first_conversation": Measure(
        "share",
        "share",
        {},
        denominator="in_conversation",
        of_the_same=True,
        needs=_PEOPLE,
        growing=True,
        counts=counted.TALKED.meeting(counted.EVER.only(kind="first")),
        large=_TOTAL,
    ),
    "coverage_of_ladder_step": Measure(
        "share",
        "share",
        {},
        denominator="spoken",
        of_the_same=True,
        needs=_PEOPLE,
        growing=True,
        counts=counted.STEPPED,
        large=_TOTAL,
    ),
    "coverage_of_benefit_end": Measure(
        "share", "share", {}, denominator="outflow", of_the_same=True, needs=_LEAVERS, large=_TOTAL
    ),
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
        counts=counted.SPOKEN,
        by={"month": counted.spoken_in},
        large=_TOTAL,
    ),
    "in_conversation": Measure(
        "persons",
        "persons",
        {"familiarity": "parts"},
        moving=frozenset({"familiarity"}),
        needs=_TALKS,
        counts=counted.TALKED,
        by={"familiarity": {"new": counted.SPOKEN, "known": counted.TALKED.lacking(counted.FIRST)}},
    ),
    "conversations": Measure(
        "conversations",
        "events",
        {"kind": "parts", "month": "parts"},
        calendar=frozenset({"month"}),
        needs=_TALKS,
        counts=counted.TALKED,
        large=_TOTAL,
    ),
    "spoken_per_month": Measure("persons a month", "rate", {}, "spoken", needs=_TALKS, large=_TOTAL),
    "spoken_per_consultant_month": Measure("persons a month", "rate", {}, "spoken", needs=_TALKS, large=_TOTAL),
    "conversations_per_month": Measure(
        "conversations a month", "rate", {}, "conversations", needs=_TALKS, large=_TOTAL
    ),
    # Who was activated
    "activated": Measure(
        "persons",
        "persons",
        {"activity": "cover", "variant": "variants", "times_counted": "parts"},
        moving=frozenset({"times_counted"}),
        needs=_STARTS,
        counts=counted.STARTED,
        by=counted.VARIANTS,
        large=_TOTAL,
    ),
    "activities_started": Measure("activities", "events", {"activity": "parts"}, needs=_STARTS, counts=counted.STARTED),
    "activated_per_month": Measure("persons a month", "rate", {}, "activated", needs=_STARTS, large=_TOTAL),
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
        counts=counted.ACTIVE,
        by=counted.ACTIVE_VARIANTS,
        large=_TOTAL,
    ),
    "cohort": Measure(
        "persons",
        "persons",
        {"at_start": "parts", "start_quarter": "parts"},
        calendar=_QUARTER,
        needs=_STARTS,
        counts=counted.SPOKEN,
    ),
    **{
        name: Measure(
            "persons",
            "persons",
            {"months": "variants", "start_quarter": "some"},
            calendar=_QUARTER,
            needs=_STARTS,
            growing=True,
            counts=sets["6"],
            large=frozenset({"", "months"}),
            by={"months": sets},
        )
        for name, sets in zip(IN_TIME, (counted.TIME, counted.IN_TIME), strict=True)
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
    "activated_within": Measure(
        "persons",
        "persons",
        {"months": "variants"},
        needs=_STARTS,
        growing=True,
        by={"months": counted.ACTIVATED},
        counts=counted.NOT_YET,
    ),
    "left_within": Measure(
        "persons",
        "persons",
        {"months": "variants"},
        needs=_STARTS,
        growing=True,
        by={"months": counted.LEFT_BY},
        counts=counted.NOT_YET,
    ),
    "still_followed": Measure(
        "persons",
        "persons",
        {"months": "variants"},
        needs=_STARTS,
        growing=True,
        counts=counted.NOT_YET,
        by={"months": counted.STILL},
    ),
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
    "on_route": Measure(
        "persons", "persons", {"route": "parts"}, needs=(*_STARTS, "residents"), growing=True, counts=counted.SPOKEN
    ),
    "route_recorded": Measure(
        "persons",
        "persons",
        {"route": "some"},
        needs=(*_STARTS, "residents"),
        growing=True,
        counts=counted.SPOKEN.only(recorded="yes"),
    ),
    "activity_lasting": Measure(
        "share",
        "statistic",
        {"months": "variants", "activity>months": "variants"},
        of_residents=False,  # few began of each kind, and fewer are followed: told in no public release
        withheld=frozenset({"months", "activity>months"}),
        needs=_STARTS,
    ),
    "self_directed_started": Measure(
        "activities",
        "events",
        {"referred_to": "parts"},
        needs=("activities",),
        counts=counted.STARTED.only(activity="self_directed"),
    ),
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
    "trajectories_started": Measure(
        "trajectories", "events", {"provider": "parts"}, needs=_BOUGHT, counts=counted.BOUGHT, large=_TOTAL
    ),
    "trajectories_ended": Measure(
        "trajectories",
        "events",
        {"provider": "parts", "end_reason": "parts", "provider>end_reason": "parts"},
        needs=_BOUGHT,
        counts=Rows("ended trajectories"),
        large=_TOTAL,
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
    "trajectories_priced": Measure(
        "trajectories", "events", {"provider": "parts"}, needs=_BOUGHT, counts=counted.PRICED
    ),
    "trajectory_cost": Measure(
        "euros", "statistic", {"provider": "variants"}, denominator="trajectories_priced", needs=_BOUGHT
    ),
    "trajectory_cost_by_day": Measure(  # of as many as ran, which leads from one period to the next
        "euros", "statistic", {}, of_residents=False, withheld=frozenset({""}), needs=_BOUGHT
    ),
    # Up the ladder and out of the benefit
    "outflow": Measure("persons", "persons", {"reason": "parts"}, needs=_LEFT, counts=counted.GONE, large=_TOTAL),
    "wsp_referral": Measure("persons", "persons", {}, needs=_LEFT, counts=counted.REFERRED, large=_TOTAL),
    "outflow_per_month": Measure("persons a month", "rate", {}, "outflow", needs=_LEFT, large=_TOTAL),
    "outflow_to_work": Measure(
        "persons", "persons", {}, needs=_LEFT, counts=counted.GONE.only(reason=["cbs_11", "cbs_13"])
    ),
    # Of who left in one period and had the other in the next, only both together know
    "outflow_with_wsp": Measure(
        "persons", "persons", {}, needs=_LEFT, growing=True, counts=counted.GONE.meeting(counted.REFERRED)
    ),
    "outflow_with_part_time": Measure(
        "persons", "persons", {}, needs=_LEFT, growing=True, counts=counted.GONE.meeting(counted.CONTRACTED)
    ),
    "part_time_contract": Measure("persons", "persons", {}, needs=_LEFT, counts=counted.CONTRACTED),
    "re_entries": Measure("persons", "persons", {}, needs=_LEFT),
    "ladder_followed": Measure(
        "persons",
        "persons",
        {"measured": "parts"},
        moving=frozenset({"measured"}),
        needs=_STEPPED,
        growing=True,
        counts=counted.SPOKEN,
        by={
            "measured": {
                "measured_twice": counted.TWICE,
                "measured_once": counted.STEPPED.only(measured="measured_once"),
            }
        },
    ),
    "ladder_moves": Measure(
        "persons",
        "persons",
        {"from": "parts", "to": "parts", "from>to": "parts", "direction": "parts"},
        moving=frozenset({"", "from", "to", "from>to", "direction"}),  # who is known to have moved changes with time
        needs=_STEPPED,
        growing=True,
        counts=counted.TWICE,
        by={
            "from>to": {},
            "direction": {
                "moved_up": counted.TWICE.only(**{"from>to": [move for a, b, move in counted.MOVES if a < b]}),
                "moved_same": counted.TWICE.only(**{"from>to": [move for a, b, move in counted.MOVES if a == b]}),
                "moved_down": counted.TWICE.only(**{"from>to": [move for a, b, move in counted.MOVES if a > b]}),
            },
        },
        large=frozenset({"", "direction"}),
    ),
    "ladder_move_rate": Measure(
        "share", "share", {"direction": "variants"}, "ladder_moves", "ladder_moves", needs=_STEPPED
    ),
    "programme_population": Measure(
        "persons",
        "persons",
        {"begin": "parts"},
        moving=frozenset({"begin"}),
        needs=("conversations", "outflow"),
        counts=counted.STAYED,
        by={"begin": {"started_before": counted.STAYED.only(entry="opening"), "started_within": counted.JOINED}},
    ),
    "programme_outflow_rate": Measure(
        "share",
        "share",
        {},
        "",
        "programme_population",
        of_the_same=True,
        needs=("conversations", "outflow"),
        counts=counted.STAYED.only(end="left", benefit="ended"),
    ),
    "benefit_population": Measure(
        "persons",
        "persons",
        {"begin": "parts"},
        moving=frozenset({"begin"}),
        needs=("benefits",),
        counts=counted.PRESENT,
        by={"begin": {"started_within": counted.PRESENT.only(begin="started_within").meeting(counted.NEW)}},
    ),
    "benefit_outflow": Measure("persons", "persons", {}, needs=("benefits",), counts=counted.PRESENT.only(end="left")),
    "benefit_outflow_rate": Measure("share", "share", {}, "benefit_outflow", "benefit_population", needs=("benefits",)),
    # The caseload
    "on_benefit": Measure(
        "persons",
        "stock",
        {"group": "beside", "filled_by": "beside"},
        counts=counted.ON_BENEFIT,
        by={
            "group": lambda group: counted.GROUPED.only(group=group),
            "filled_by": lambda by: counted.PICTURED.only(filled_by=by),
        },
        large=frozenset({"", "group"}),
    ),
    "consultants": Measure("consultants", "stock", {}, of_residents=False),
    "group_share": Measure(
        "share", "share", {"group": "variants"}, "on_benefit", "on_benefit", ratio=True, needs=_GROUPS
    ),
    "in_group": Measure(
        "persons", "stock", {"group": "some", "group>duration": "parts"}, needs=_GROUPS, counts=counted.SINCE
    ),
    "months_in_group": Measure("months", "statistic", {"group": "variants"}, "", "in_group", needs=_GROUPS),
    "caseload_per_consultant": Measure(
        "persons a consultant", "rate", {"group": "variants"}, "on_benefit", needs=_GROUPS, large=frozenset({"group"})
    ),
    "in_programme": Measure(
        "persons",
        "persons",
        {"entry": "parts", "end": "parts"},
        moving=frozenset({"entry", "end"}),
        needs=_TALKS,
        counts=counted.STAYED,
        by={"entry": {"joined": counted.JOINED}},
        large=frozenset({"end"}),
    ),
    "joined_programme": Measure(
        "persons", "events", {}, needs=_TALKS, counts=counted.JOINED, large=_TOTAL
    ),  # each resident joins and leaves once at most
    "left_programme": Measure(
        "persons",
        "events",
        {"reason": "parts"},
        needs=_TALKS,
        withheld=frozenset({"reason"}),
        counts=counted.PARTED,
        by={
            "reason": {
                "to_wsp": counted.PARTED.only(reason="to_wsp").meeting(counted.REFERRED),
                "closed": counted.PARTED.only(reason="closed").meeting(counted.CLOSING),
            }
        },
        large=_TOTAL,
    ),
    "derived_caseload": Measure(
        "persons",
        "stock",
        {"registered": "parts"},
        needs=_TALKS,
        counts=Rows("stays on a day", once=True),
        by={
            "registered": lambda group: (
                Rows("stays on a day", once=True).only(registered=group).meeting(counted.GROUPED.only(group=group))
            )
        },
    ),
    "derived_year_before": Measure("persons", "stock", {}, needs=_TALKS, withheld=frozenset({""})),
    "spoken_on_benefit": Measure(
        "persons",
        "persons",
        {"benefit_age": "parts"},
        needs=_AGES,
        counts=counted.SPOKEN.only(benefit="running").meeting(counted.PRESENT),
    ),
    "benefit_age_share": Measure(
        "share", "share", {"benefit_age": "variants"}, "spoken_on_benefit", "spoken_on_benefit", needs=_AGES
    ),
    "months_to_first_talk": Measure("months", "statistic", {}, "", "spoken_on_benefit", needs=_AGES),
    "newcomers": Measure("persons", "persons", {}, needs=_INFLOW, counts=counted.NEW),
    "newcomers_followed": Measure(
        "persons", "persons", {}, needs=_INFLOW, growing=True, counts=counted.NEW.only(followed="yes")
    ),
    "newcomers_reached": Measure(
        "share",
        "share",
        {},
        "",
        "newcomers_followed",
        of_the_same=True,
        needs=_INFLOW,
        counts=counted.NEW.only(followed="yes", reached="yes"),
    ),
    # The client picture and the benefit register
    "in_picture": Measure(
        "persons",
        "stock",
        {"step": "parts", "filler": "parts"},
        needs=_INDICATORS,
        counts=counted.PICTURED,
        by={
            "filler": {
                "consultants": counted.PICTURED.only(
                    filled_by=[f"{whose}_consultant" for whose in ("participation", "work", "integration")]
                ),
                "external_bureau": counted.PICTURED.only(filled_by="external_bureau"),
            }
        },
    ),
    "picture_filled": Measure(
        "share",
        "share",
        {"indicator": "variants", "indicator>step": "parts", "indicator>filler": "parts"},
        "in_picture",
        "in_picture",
        of_the_same=True,
        per={"indicator": "", "indicator>step": "step", "indicator>filler": "filler"},
        needs=_INDICATORS,
        by={"indicator": {"ladder_step": counted.PICTURED.but(step="unknown")}},
        counts=counted.PICTURED,
    ),
    "running_benefits": Measure(
        "persons", "stock", dict.fromkeys(("age", "sex", "household", "reason"), "parts"), needs=_REGISTER, large=_TOTAL
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
        large=frozenset({"window>years"}),
    ),
    # Ambitions
    "on_lowest_steps": Measure("persons", "stock", {"view": "parts"}, needs=_PICTURE, counts=counted.LOWEST),
    "in_view_rate": Measure(
        "share",
        "share",
        {},
        "on_lowest_steps",
        "on_lowest_steps",
        of_the_same=True,
        needs=_PICTURE,
        counts=counted.LOWEST.only(view="in_view"),
    ),
    # The outlook
    "started_guidance": Measure(
        "persons", "stock", {}, needs=_GROUPS, counts=counted.SINCE.only(group="caseload", begun="within")
    ),
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


def last(measures: pd.DataFrame, **where: str) -> Mapping[str, Any] | None:
    """The last row in which every named column has the named value, by column; None when there is none.

    A page asks so for one row hundreds of times: a table of it takes ten times as long.

    >>> told = last(table([row("2024", "spoken", 175)]), measure="spoken")
    >>> told and (told["period"], told["value"])
    ('2024', 175.0)
    """
    return index(measures).last(where)


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
